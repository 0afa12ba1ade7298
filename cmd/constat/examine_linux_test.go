package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"constat/internal/mrttest"
	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
)

// TestFullDisk examines onto a disk that is full.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=32k"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("a small disk cannot be mounted (%v), and CI must try one", err)
		}
		t.Skipf("a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	src := t.TempDir()
	if err := writeArchive(src); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("constat", "examine", "AS64496", "--from", "2020-03-01T12:00", "--until", "2020-03-01T12:10",
		"--source", src, "--case", filepath.Join(disk, "case")).CombinedOutput()
	if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != exitFailed || !strings.Contains(string(out), "no space left") {
		t.Errorf("%v\n%s", err, out)
	}
	noLeftovers(t, disk)
}

// TestLargeInput examines an input of more than a hundred megabytes in less
// than 300 MB of memory (complaint 9: gigabytes for two hours of updates).
func TestLargeInput(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") != "1" {
		t.Skip("CONSTAT_LARGE=1 examines a large input")
	}
	like, err := os.Open(realdata.Path(t, "mrt/routeviews/updates.20220119.1645.first-6s.et.mrt"))
	if err != nil {
		t.Fatal(err)
	}
	defer like.Close()
	pool, err := gen.ReadPool(like)
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(t.TempDir(), "rrc00")
	if err := os.Mkdir(src, 0o777); err != nil {
		t.Fatal(err)
	}
	var size int64
	write := func(name string, do func(io.Writer, *gen.Pool, gen.Shape) (gen.Stats, error), s gen.Shape) {
		f, err := os.Create(filepath.Join(src, name))
		if err != nil {
			t.Fatal(err)
		}
		st, err := do(f, pool, s)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		size += st.Bytes
	}
	shape := gen.Shape{Seed: 1, V4: 80_000, V6: 10_000, Peers: 20, Start: noon, Elements: 400_000}
	write("bview.20200301.1200", gen.Table, shape)
	write("updates.20200301.1200", gen.Updates, shape)
	shape.Start += 900 * moment.Second
	write("updates.20200301.1215", gen.Updates, shape)
	if size < 100<<20 {
		t.Fatalf("the input has only %d bytes", size)
	}
	work := t.TempDir()
	cmd := exec.Command("constat", "examine", "175.45.176.0/22", "--from", "2020-03-01T12:00", "--until", "2020-03-01T12:30", "--source", src, "--case", filepath.Join(work, "case"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// On Linux in units of 1,024 bytes.
	if mb := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10; mb >= 300 {
		t.Errorf("%d MB of memory for %d MB of input", mb, size>>20)
	} else {
		t.Logf("%d MB of memory for %d MB of input", mb, size>>20)
	}
}

// TestLargeSubject examines an origin of 60,000 prefixes at 300 peers, a tenth of which
// go and come back, in less than 2 GB of memory.
func TestLargeSubject(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") != "1" {
		t.Skip("CONSTAT_LARGE=1 examines 18 million routes")
	}
	const prefixes, peers = 60_000, 300
	src := filepath.Join(t.TempDir(), "rrc00")
	if err := os.Mkdir(src, 0o777); err != nil {
		t.Fatal(err)
	}
	var who []mrttest.Peer
	var entries []mrttest.Entry
	for i := range peers {
		p := mrttest.P(fmt.Sprintf("198.18.%d.%d", i/250, i%250+1), uint32(64600+i))
		who = append(who, p)
		entries = append(entries, mrttest.Entry{Peer: i, Path: []uint32{p.AS, uint32(64530 + i%12), 64510, 64496}})
	}
	name := func(i int) string { return fmt.Sprintf("%d.%d.%d.0/24", 20+(i>>16), i>>8&255, i&255) }
	f, err := os.Create(filepath.Join(src, "bview.20200301.1200"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(m *mrttest.File) {
		if _, err := f.Write(m.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	put(new(mrttest.File).PeerIndex(noon, who...))
	for i := range prefixes {
		put(new(mrttest.File).RIB(noon, name(i), entries...))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var lost []string
	for i := 0; i < prefixes; i += 10 {
		lost = append(lost, name(i))
	}
	for slot := range 4 {
		var m mrttest.File
		at := noon + moment.Time(300*slot)*moment.Second
		for i, p := range who {
			m.Keepalive(at+moment.Second, p)
			for of := range slices.Chunk(lost, 500) {
				switch slot {
				case 1:
					m.Withdraw(at+moment.Time(i%50)*moment.Second, p, of...)
				case 2:
					m.Announce(at+moment.Time(i%50)*moment.Second, p, entries[i].Path, of...)
				}
			}
			m.Keepalive(at+299*moment.Second, p)
		}
		if err := os.WriteFile(filepath.Join(src, fmt.Sprintf("updates.20200301.12%02d", 5*slot)), m.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	work := t.TempDir()
	cmd := exec.Command("constat", "examine", "AS64496", "--from", "2020-03-01T12:01", "--until", "2020-03-01T12:20", "--source", src, "--case", filepath.Join(work, "case"))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "6,000 of 60,000 prefixes of AS64496 were gone") {
		t.Fatalf("%v\n%s", err, out)
	}
	if mb := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10; mb >= 2000 {
		t.Errorf("%d MB of memory", mb)
	} else {
		t.Logf("%d MB of memory", mb)
	}
}
