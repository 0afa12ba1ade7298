package examine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"constat/cases/caselog"
	"constat/cases/page"
	"constat/internal/mrttest"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
	"constat/routes/vantage"
)

// busy is a world with something of everything: two collectors, a snapshot, a
// hole, a session reset, an outage.
func busy(t testing.TB) *world {
	w := newWorld(t)
	w.keeps("rrc00", -300, 1200)
	w.keeps("rrc01", -300, 1200)
	w.lacks("rrc01", 300)
	w.snapshot(-300, own, three, "10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16")
	w.dark(100, 200, own, three, "10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16")
	for i, p := range three {
		w.on("rrc01", 1, func(f *mrttest.File, t moment.Time) {
			f.Announce(t, p, []uint32{p.AS, own}, "10.0.0.0/24", "10.0.1.0/24")
		})
		w.on("rrc01", 700+float64(i), func(f *mrttest.File, t moment.Time) { f.Withdraw(t, p, "10.0.1.0/24") })
	}
	w.on("rrc00", 800, func(f *mrttest.File, t moment.Time) { f.State(t, pA, 6, 1) })
	return w
}

// tree reads all files of a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameTree(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%s: %s differs", what, n)
		}
	}
	for n := range got {
		if _, ok := want[n]; !ok {
			t.Errorf("%s: %s is new", what, n)
		}
	}
}

// TestSameBytes: the same question over the same sources gives the same bytes,
// whatever the number of cores and wherever the files lie.
func TestSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same examination many times")
	}
	dir := busy(t).write()
	q := asked{subject: "AS64496", from: 0, until: 1200, specs: []string{dir}, workers: 1}
	_, first := ask(t, q)
	want := tree(t, first)
	if len(want) < 6 {
		t.Fatalf("the case holds only %d files", len(want))
	}
	again := func(what string, q asked) {
		t.Helper()
		_, dir := ask(t, q)
		sameTree(t, what, tree(t, dir), want)
	}
	q.workers = 8
	again("eight workers", q)
	old := runtime.GOMAXPROCS(1)
	again("one processor", q)
	runtime.GOMAXPROCS(old)

	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	q.specs = []string{moved}
	again("in another folder", q)
	q.specs = []string{filepath.Join(moved, "rrc01"), filepath.Join(moved, "rrc00", "2020.03", "updates.*"), filepath.Join(moved, "rrc00", "2020.03", "bview.*")}
	again("in another order", q)
	for n, b := range want {
		if strings.Contains(b, moved) || strings.Contains(b, dir) {
			t.Errorf("%s holds a path of the machine", n)
		}
	}
}

func TestAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: many examinations of one source")
	}
	dir := busy(t).write()
	build := func(t *testing.T) string {
		_, c := ask(t, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{dir}})
		return c
	}
	edit := func(t *testing.T, name, from, to string) {
		t.Helper()
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n := bytes.Replace(b, []byte(from), []byte(to), 1)
		if bytes.Equal(n, b) {
			t.Fatalf("%s does not hold %q", name, from)
		}
		if err := os.WriteFile(name, n, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const exhibit = "rrc00.updates.20200301.1200.mrt"
	refused := func(t *testing.T, c, why string) {
		t.Helper()
		_, _, err := Again(context.Background(), c)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("error %v, want one that says %q", err, why)
		}
		var d *Difference
		if errors.As(err, &d) {
			t.Errorf("recomputed all the same: %v", err)
		}
	}
	t.Run("sources gone", func(t *testing.T) {
		own := busy(t).write()
		_, c := ask(t, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{own}})
		if err := os.RemoveAll(own); err != nil {
			t.Fatal(err)
		}
		before := tree(t, c)
		b, _, err := Again(context.Background(), c)
		if err != nil || string(b) != before[FindingsName] {
			t.Errorf("not the same bytes: %v", err)
		}
		sameTree(t, "it writes nothing", tree(t, c), before)
	})
	t.Run("exhibit removed", func(t *testing.T) {
		c := build(t)
		if err := os.Remove(filepath.Join(c, caselog.ExhibitDir, exhibit)); err != nil {
			t.Fatal(err)
		}
		refused(t, c, "exhibit "+exhibit+" is missing")
	})
	t.Run("exhibit altered", func(t *testing.T) {
		c := build(t)
		name := filepath.Join(c, caselog.ExhibitDir, exhibit)
		b, _ := os.ReadFile(name)
		b[3]++
		os.WriteFile(name, b, 0o666)
		refused(t, c, "exhibit "+exhibit+" is not what the manifest lists")
	})
	t.Run("exhibit shortened", func(t *testing.T) {
		c := build(t)
		name := filepath.Join(c, caselog.ExhibitDir, exhibit)
		b, _ := os.ReadFile(name)
		os.WriteFile(name, b[:len(b)-1], 0o666)
		refused(t, c, "exhibit "+exhibit+" is not what the manifest lists")
	})
	t.Run("exhibit added", func(t *testing.T) {
		c := build(t)
		os.WriteFile(filepath.Join(c, caselog.ExhibitDir, "rrc99.updates.mrt"), nil, 0o666)
		refused(t, c, "exhibit rrc99.updates.mrt is in the case but not in the manifest")
	})
	t.Run("exhibit struck from the manifest too", func(t *testing.T) {
		// The digests agree; what it showed is then missing from the findings.
		c := build(t)
		os.Remove(filepath.Join(c, caselog.ExhibitDir, exhibit))
		b, _ := os.ReadFile(filepath.Join(c, caselog.ManifestName))
		var keep []string
		for _, l := range strings.SplitAfter(string(b), "\n") {
			if !strings.Contains(l, `"name":"`+exhibit) {
				keep = append(keep, l)
			}
		}
		os.WriteFile(filepath.Join(c, caselog.ManifestName), []byte(strings.Join(keep, "")), 0o666)
		_, _, err := Again(context.Background(), c)
		var d *Difference
		if !errors.As(err, &d) {
			t.Errorf("error %v, want a difference", err)
		}
	})
	t.Run("watch altered", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, WatchName), `"new": 1`, `"new": 6`) // the session never fell
		_, f, err := Again(context.Background(), c)
		var d *Difference
		if !errors.As(err, &d) || f == nil || d.Line == 0 {
			t.Errorf("error %v, want a difference", err)
		}
	})
	t.Run("peer struck from the watch", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, WatchName), `"peer": "192.0.2.1",
     "as": 64501,
     "first"`, `"peer": "192.0.2.77",
     "as": 64501,
     "first"`)
		refused(t, c, "does not know the peer 192.0.2.1 AS64501 of rrc00")
	})
	t.Run("findings altered", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, FindingsName), `"duration_s": 100`, `"duration_s": 101`)
		_, _, err := Again(context.Background(), c)
		var d *Difference
		if !errors.As(err, &d) {
			t.Fatalf("error %v, want a difference", err)
		}
		b, _ := os.ReadFile(filepath.Join(c, FindingsName))
		if l := strings.Split(string(b), "\n")[d.Line-1]; !strings.Contains(l, "101") {
			t.Errorf("line %d is %q", d.Line, l)
		}
	})
	t.Run("other rules", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, FindingsName), `"duration_s": 100`, `"duration_s": 101`)
		was := fmt.Sprintf(`"rules": %d`, assess.Rules)
		for _, by := range []struct{ rules, says string }{
			{was, "case and program have the same rules"},
			{`"rules": 99999`, "made by newer rules: its own are 99999"},
			{`"rules": 0`, "its own are older than their numbers"},
			{`"rules": -1`, "rules are numbered from 1"},
		} {
			if by.rules != was {
				edit(t, filepath.Join(c, QuestionName), was, by.rules)
			}
			if _, _, err := Again(context.Background(), c); err == nil || !strings.Contains(err.Error(), by.says) {
				t.Errorf("%s: error %v, want one that says %q", by.rules, err, by.says)
			}
			was = by.rules
		}
	})
	t.Run("question altered", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, QuestionName), `"until": "2020-03-01T12:20:00Z"`, `"until": "2020-03-01T11:20:00Z"`)
		refused(t, c, "ends before it begins")
	})
	t.Run("another format", func(t *testing.T) {
		c := build(t)
		edit(t, filepath.Join(c, WatchName), vantage.WatchFormat, "constat-watch/9")
		refused(t, c, `"constat-watch/9" is not "`+vantage.WatchFormat+`"`)
	})
	t.Run("no case", func(t *testing.T) {
		refused(t, t.TempDir(), "not a case")
	})
}

// TestNothingHalfWritten: whatever goes wrong, the case is there whole or not
// at all, and nothing is left beside it.
func TestNothingHalfWritten(t *testing.T) {
	dir := busy(t).write()
	run := func(t *testing.T, ctx context.Context, c string, done func(string, int, int)) error {
		t.Helper()
		s, err := (&atlas.Atlas{}).Resolve("AS64496")
		if err != nil {
			t.Fatal(err)
		}
		set, err := source.Open(ctx, []string{dir}, moment.Interval{From: at(0), Until: at(1200)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(ctx, Request{Asked: "AS64496", Subject: s, From: at(0), Until: at(1200), Sources: set, Dir: c, Extra: page.Writer("en"), Done: done})
		return err
	}
	left := func(t *testing.T, parent string) {
		t.Helper()
		es, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			t.Errorf("%s is left", e.Name())
		}
	}
	for _, stop := range []int{1, 5, 9, 10} {
		parent := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		err := run(t, ctx, filepath.Join(parent, "case"), func(_ string, n, of int) {
			if n >= min(stop, of) {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d steps: %v", stop, err)
		}
		left(t, parent)
	}
	t.Run("file that goes away", func(t *testing.T) {
		parent := t.TempDir()
		s, _ := (&atlas.Atlas{}).Resolve("AS64496")
		set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: at(0), Until: at(1200)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		set.Files[0].Path = filepath.Join(dir, "gone")
		_, err = Run(context.Background(), Request{Asked: "AS64496", Subject: s, From: at(0), Until: at(1200), Sources: set, Dir: filepath.Join(parent, "case"), Extra: page.Writer("en")})
		if err == nil {
			t.Error("no error")
		}
		left(t, parent)
	})
	t.Run("what was handed in", func(t *testing.T) {
		// It is written before the case appears, with the name that the folder
		// will have; if it fails, there is no case.
		s, _ := (&atlas.Atlas{}).Resolve("AS64496")
		set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: at(0), Until: at(1200)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		parent := t.TempDir()
		c := filepath.Join(parent, "case")
		refused := errors.New("refused")
		r := Request{Asked: "AS64496", Subject: s, From: at(0), Until: at(1200), Sources: set, Dir: c + "/"}
		r.Extra = func(in, name string, f *finding.Findings) error {
			if _, err := os.Stat(filepath.Join(in, FindingsName)); err != nil || in == c || name != "case" || len(f.Outages) == 0 {
				t.Errorf("%s of %s: %d outages, %v", in, name, len(f.Outages), err)
			}
			return refused
		}
		if _, err := Run(context.Background(), r); !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		left(t, parent)
		r.Extra = func(in, _ string, _ *finding.Findings) error {
			return os.WriteFile(filepath.Join(in, "more.txt"), []byte("more"), 0o666)
		}
		if _, err := Run(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		files := tree(t, c)
		if _, page := files[page.Name]; page || files["more.txt"] != "more" || files[FindingsName] == "" {
			t.Error("the case has not what was handed in, or a page that nobody asked for")
		}
	})
	t.Run("case there already", func(t *testing.T) {
		c := filepath.Join(t.TempDir(), "case")
		if err := run(t, context.Background(), c, nil); err != nil {
			t.Fatal(err)
		}
		before := tree(t, filepath.Dir(c))
		if err := run(t, context.Background(), c, nil); !errors.Is(err, caselog.ErrExists) {
			t.Errorf("error %v", err)
		}
		sameTree(t, "the case", tree(t, filepath.Dir(c)), before)
	})
}
