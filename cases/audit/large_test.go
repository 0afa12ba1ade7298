//go:build unix

package audit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/internal/mrttest"
	"constat/moment"
)

// TestLargeCase measures a case of 10,000 entries and 1 GB of exhibits, and
// prints the figures of docs/performance-case.md. It runs with CONSTAT_LARGE=1
// and needs 2.5 GB of disk.
func TestLargeCase(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") == "" {
		t.Skip("set CONSTAT_LARGE=1")
	}
	const examinations, exhibitBytes, entries = 10, 100 << 20, 10_000
	d := open(t, noisy(t, exhibitBytes))
	r := d.request()
	var err error
	if r.Sources, err = d.set(d.src); err != nil {
		t.Fatal(err)
	}
	r.Dir = filepath.Join(t.TempDir(), "AS64496")
	began := time.Now()
	f, err := examine.Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("examined %d MB in %.1f s: %s", exhibitBytes>>20, time.Since(began).Seconds(), f.Answer)

	d.measureAdd("at 1 entry")
	for range examinations {
		asked := AskedData{Subject: r.Asked, From: r.From, Until: r.Until}
		if err := d.add(caselog.KindAsked, asked, nil); err != nil {
			t.Fatal(err)
		}
		l, err := caselog.ReadLog(d.Dir())
		if err != nil {
			t.Fatal(err)
		}
		n := l.Checkpoint.Size - 1
		if err := d.add(caselog.KindExamined, ExaminedData{Asked: n, Folder: "AS64496", Answer: f.Answer}, func(a *caselog.Act) error {
			dir, err := a.Folder()
			if err != nil {
				return err
			}
			if err := os.CopyFS(filepath.Join(dir, "AS64496"), os.DirFS(r.Dir)); err != nil {
				return err
			}
			return a.Include("AS64496", Role)
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, upTo := range []int64{1000, entries - 30} {
		d.fill(upTo)
		d.measureAdd(fmt.Sprint("at ", upTo, " entries"))
	}

	// In turns, and in processor time too: the machine may have other work.
	var rep *Report
	steps := []struct {
		what string
		do   func()
	}{
		{"hashing every file", func() { hashAll(t, d.Dir()) }},
		{"examining 10 times again", func() {
			dirs, _ := filepath.Glob(filepath.Join(d.Dir(), "acts", "*-examined", "AS64496"))
			if len(dirs) != examinations {
				t.Fatalf("%d examinations", len(dirs))
			}
			for _, dir := range dirs {
				if _, err := examine.Recompute(context.Background(), dir); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"caselog.Check, examining nothing", func() {
			if _, err := caselog.Check(context.Background(), d.Dir(), caselog.CheckOptions{}); err != nil {
				t.Fatal(err)
			}
		}},
		{"constat verify", func() {
			if rep, err = Case(context.Background(), d.Dir(), Options{}); err != nil {
				t.Fatal(err)
			}
		}},
	}
	wall, cpu := make([]time.Duration, len(steps)), make([]time.Duration, len(steps))
	for round := range 3 {
		for i, s := range steps {
			runtime.GC()
			w, c := time.Now(), processorTime(t)
			s.do()
			took, used := time.Since(w), processorTime(t)-c
			if round == 0 || took < wall[i] {
				wall[i] = took
			}
			if round == 0 || used < cpu[i] {
				cpu[i] = used
			}
		}
	}
	for i, s := range steps {
		t.Logf("%-34s best of 3: %6.2f s, %6.2f s of processors", s.what, wall[i].Seconds(), cpu[i].Seconds())
	}
	t.Logf("verifying / (hashing + examining again): %.2f, in processor time %.2f",
		float64(wall[3])/float64(wall[0]+wall[1]), float64(cpu[3])/float64(cpu[0]+cpu[1]))
	t.Logf("%d entries, %d files, %d bytes", rep.Checkpoint.Size, rep.Files, rep.Bytes)
	if rep.Checkpoint.Size < entries || rep.Bytes < 1<<30 || len(rep.Examinations) != examinations {
		t.Error("the case is smaller than it should be")
	}
}

// noisy is an archive whose outage lies in so many bytes of chatter about the
// subject.
func noisy(t testing.TB, size int) string {
	dir := world(t)
	noon := moment.FromTime(time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC))
	name := filepath.Join(dir, "rrc00", "2020.03", "updates.20200301.1205")
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	first := new(mrttest.File).Keepalive(noon+300*moment.Second, mrttest.P("192.0.2.99", 64599)).Len()
	f := new(mrttest.File).Raw(old[:first]...)
	chatter := new(mrttest.File)
	p := mrttest.P("192.0.2.1", 64501)
	at := noon + 301*moment.Second
	for chatter.Len() < 1<<20 {
		chatter.Announce(at, p, []uint32{p.AS, 64510, 64520, 64530, 64496}, "10.0.0.0/24")
		chatter.Announce(at, p, []uint32{p.AS, 64511, 64521, 64530, 64496}, "10.0.1.0/24")
	}
	for f.Len() < size {
		f.Raw(chatter.Bytes()...)
	}
	f.Raw(old[first:]...)
	if err := os.WriteFile(name, f.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fill adds small documents until the log has so many entries.
func (d *desk) fill(upTo int64) {
	d.Helper()
	l, err := caselog.ReadLog(d.Dir())
	if err != nil {
		d.Fatal(err)
	}
	for n := l.Checkpoint.Size; n < upTo; {
		var acts []*caselog.Act
		for ; n < upTo && len(acts) < 100; n++ {
			a, err := d.NewAct(caselog.KindDocument, d.from)
			if err != nil {
				d.Fatal(err)
			}
			if err := a.WriteFile("note.txt", "", fmt.Appendf(nil, "This is document %d.\n", n)); err != nil {
				d.Fatal(err)
			}
			acts = append(acts, a)
		}
		if _, _, err := d.Add(context.Background(), d.key, acts...); err != nil {
			d.Fatal(err)
		}
	}
}

// measureAdd prints what an entry with one small file costs.
func (d *desk) measureAdd(what string) {
	d.Helper()
	var took []time.Duration
	for i := range 30 {
		began := time.Now()
		if err := d.add(caselog.KindDocument, nil, func(a *caselog.Act) error { return a.WriteFile("x.txt", "", fmt.Append(nil, i)) }); err != nil {
			d.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	d.Logf("adding an entry %-18s median %.1f ms (best %.1f, worst %.1f)", what, ms(took[15]), ms(took[0]), ms(took[29]))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// hashAll does nothing but hash, with as many files at once as verifying does.
func hashAll(t testing.TB, dir string) {
	g := errgroup.Group{}
	g.SetLimit(runtime.GOMAXPROCS(0))
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			g.Go(func() error {
				f, err := os.Open(p)
				if err != nil {
					return err
				}
				defer f.Close()
				_, err = io.Copy(sha256.New(), f)
				return err
			})
		}
		return err
	})
	if err == nil {
		err = g.Wait()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func processorTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
