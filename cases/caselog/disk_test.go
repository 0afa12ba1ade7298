package caselog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/durable"
)

var errDisk = errors.New("no space left on device")

// failing makes the disk fail at a step, or from it on, and counts the steps.
func failing(t *testing.T, at int, forEver bool) *int {
	n := 0
	durable.Fail = func(what, name string) error {
		n++
		if n == at || forEver && n > at {
			return fmt.Errorf("%s %s: %w", what, filepath.Base(name), errDisk)
		}
		return nil
	}
	t.Cleanup(func() { durable.Fail = nil })
	return &n
}

// TestDiskFails: an act on a disk that is full or broken at any step is in the
// log or is not, and its error says so; the case holds at once, and the next act,
// of another kind, succeeds and leaves nothing over.
func TestDiskFails(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a disk that fails at each step")
	}
	base := open(t)
	// At the edge of a tile, where the steps are most.
	var acts []*Act
	for range 254 {
		acts = append(acts, &Act{Kind: KindDocument, Time: noon, dir: base.dir})
	}
	if _, _, err := base.Add(context.Background(), base.key, acts...); err != nil {
		t.Fatal(err)
	}
	for _, forEver := range []bool{false, true} {
		written, kept := 0, 0
		for step := 1; ; step++ {
			d := base.copy()
			var a [2]*Act
			for i := range a {
				var err error
				if a[i], err = d.NewAct(KindDocument, noon); err != nil {
					t.Fatal(err)
				}
				if err := a[i].WriteFile("a.txt", "", []byte("words")); err != nil {
					t.Fatal(err)
				}
			}
			n := failing(t, step, forEver)
			_, _, err := d.Add(context.Background(), d.key, a[:]...)
			durable.Fail = nil
			for i := range a {
				a[i].Discard()
			}
			got := d.must(CheckOptions{})
			if len(got.Leftover) > 0 {
				kept++
			}
			switch {
			case *n < step: // it came to its end before
				if err != nil || step < 15 {
					t.Fatalf("after %d steps: %v", *n, err)
				}
				t.Logf("%d steps, %d times written although flushing failed, %d times something was left", step-1, written, kept)
				if written == 0 || forEver == (kept == 0) {
					t.Errorf("the failures prove little")
				}
			case err == nil:
				// The folder was flushed on the second try.
				written++
				if got.Checkpoint.Size != 257 {
					t.Errorf("step %d: acknowledged and not written", step)
				}
			case !errors.Is(err, errDisk):
				t.Errorf("step %d: %v", step, err)
			case strings.Contains(err.Error(), "the entry was written"):
				written++
				if got.Checkpoint.Size != 257 {
					t.Errorf("step %d: %v, and it was not", step, err)
				}
			case got.Checkpoint.Size != 255:
				t.Errorf("step %d: written, and the error is: %v", step, err)
			}
			d.add(KindEvidence, nil, "after.txt=after")
			if l := d.must(CheckOptions{}).Leftover; len(l) > 0 {
				t.Errorf("step %d: left over: %v", step, l)
			}
			if *n < step {
				break
			}
		}
	}
}

// TestPlanted: what somebody puts where acts write is a fault, an act moves it
// out of the way without losing a byte, and the case holds from then on.
func TestPlanted(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a case for each thing planted, each on disk")
	}
	for _, c := range []struct {
		name, want string
		plant      func(*testing.T, *desk)
	}{
		{"a verdict behind the end", "acts/00001-verdict: it lies in the case, and the log, which ends with entry 0,", func(t *testing.T, d *desk) {
			os.MkdirAll(d.path("acts/00001-verdict"), 0o777)
			d.write("acts/00001-verdict/report.html", []byte("all is well"))
		}},
		{"the very folder of the next act", "acts/00001-document: it lies in the case", func(t *testing.T, d *desk) {
			os.MkdirAll(d.path("acts/00001-document"), 0o777)
			d.write("acts/00001-document/a.txt", []byte("all is well"))
		}},
		{"a file for a folder", "acts/00001-document: it lies in the case", func(t *testing.T, d *desk) {
			d.write("acts/00001-document", []byte("all is well"))
		}},
		{"a link for a folder", "acts/00001-document: it lies in the case", func(t *testing.T, d *desk) {
			os.Symlink(t.TempDir(), d.path("acts/00001-document"))
		}},
		{"a file in unfinished", "unfinished/report.html: it lies in the case", func(t *testing.T, d *desk) {
			os.MkdirAll(d.path("unfinished"), 0o777)
			d.write("unfinished/report.html", []byte("all is well"))
		}},
		{"a pipe for an act's folder", "unfinished/act-1: it lies in the case", func(t *testing.T, d *desk) {
			if mkfifo == nil {
				t.Skip("no pipes here")
			}
			os.MkdirAll(d.path("unfinished"), 0o777)
			if err := mkfifo(d.path("unfinished/act-1"), 0o666); err != nil {
				t.Fatal(err)
			}
		}},
		{"a tile that no log of this size has", "log/tile/0/000.p/9: it lies in the case", func(t *testing.T, d *desk) {
			d.write("log/tile/0/000.p/9", []byte("all is well"))
		}},
		{"a tile of more entries than there are", "log/tile/entries/000.p/9: it lies in the case", func(t *testing.T, d *desk) {
			d.write("log/tile/entries/000.p/9", []byte("all is well"))
		}},
		{"a full tile of entries", "log/tile/entries/000: it lies in the case", func(t *testing.T, d *desk) {
			d.write("log/tile/entries/000", []byte("all is well"))
		}},
		{"a folder for a wider tile of entries", "log/tile/entries/000.p/200: it lies in the case", func(t *testing.T, d *desk) {
			os.MkdirAll(d.path("log/tile/entries/000.p/200"), 0o777)
		}},
		{"a link for a tile of entries", "log/tile/entries/000.p/3: it is no ordinary file (L---------), and the log does not have it", func(t *testing.T, d *desk) {
			os.Symlink("1", d.path("log/tile/entries/000.p/3"))
		}},
		{"a folder for the next tile", "log/tile/0/000.p/2: it lies in the case", func(t *testing.T, d *desk) {
			os.MkdirAll(d.path("log/tile/0/000.p/2"), 0o777)
		}},
		{"a file in the making", "log/.tmp-1: it lies in the case", func(t *testing.T, d *desk) {
			d.write("log/.tmp-1", []byte("all is well"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t)
			c.plant(t, d)
			if _, err := d.check(CheckOptions{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("verified: %v", err)
			}
			d.add(KindDocument, nil, "a.txt=words")
			a := d.must(CheckOptions{})
			if len(a.Leftover) != 2 || !strings.HasPrefix(a.Leftover[1], "unfinished/set-aside-") {
				t.Errorf("left over: %v", a.Leftover)
			}
			kept := 0
			filepath.Walk(d.path(unfinishedDir), func(p string, fi os.FileInfo, err error) error {
				if err == nil && fi.Mode().IsRegular() {
					if b, _ := os.ReadFile(p); string(b) == "all is well" {
						kept++
					}
				}
				return nil
			})
			if want := !strings.Contains(c.name, "link") && !strings.Contains(c.name, "pipe") && !strings.Contains(c.name, "a folder for"); want != (kept == 1) {
				t.Errorf("of what was there, %d files are left", kept)
			}
			for range 12 { // past the number that was planted
				d.add(KindEvidence, nil, "b.txt=more")
			}
			d.must(CheckOptions{})
		})
	}
}

// TestTileGone: a log whose first tile is not there is a damaged log, and no folder without one.
func TestTileGone(t *testing.T) {
	d := open(t)
	d.add(KindDocument, nil, "a.txt=words")
	if err := os.Remove(d.path("log/tile/entries/000.p/2")); err != nil {
		t.Fatal(err)
	}
	_, err := d.check(CheckOptions{})
	if err == nil || errors.Is(err, ErrNoLog) || !strings.HasPrefix(err.Error(), "log/tile/entries/000.p/2: it is missing") {
		t.Errorf("verified: %v", err)
	}
}

// TestCutLog: a log that was rolled back to an earlier checkpoint is a fault,
// and an act on it loses none of the entries that were logged behind it.
func TestCutLog(t *testing.T) {
	d := open(t)
	before := map[string][]byte{}
	for _, p := range []string{CheckpointName, "log/tile/0/000.p/1", "log/tile/entries/000.p/1"} {
		before[p] = d.read(p)
	}
	d.add(KindDocument, nil, "a.txt=the reply")
	for p, b := range before {
		d.write(p, b)
	}
	if _, err := d.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), "the log was cut off") {
		t.Errorf("verified: %v", err)
	}
	d.add(KindEvidence, nil, "b.txt=more")
	d.must(CheckOptions{})
	m, _ := filepath.Glob(d.path("unfinished/set-aside-*/*-acts-00001-document/a.txt"))
	if len(m) != 1 {
		t.Errorf("the reply is gone")
	}
}

// TestTornFolders: a case does not follow links out of itself when it writes.
func TestTornFolders(t *testing.T) {
	for _, name := range []string{actsDir, unfinishedDir} {
		d := open(t)
		out := t.TempDir()
		os.RemoveAll(d.path(name))
		if err := os.Symlink(out, d.path(name)); err != nil {
			t.Fatal(err)
		}
		a, err := d.NewAct(KindDocument, noon)
		if err == nil {
			err = a.WriteFile("a.txt", "", []byte("words"))
		}
		if err == nil {
			_, _, err = d.Add(context.Background(), d.key, a)
			a.Discard()
		}
		if err == nil || !strings.Contains(err.Error(), "is no folder") {
			t.Errorf("%s is a link: %v", name, err)
		}
		if es, _ := os.ReadDir(out); len(es) > 0 {
			t.Errorf("%s is a link, and written was %v", name, es)
		}
	}
}

// TestOpenWhileWriting: a case is opened also if an act replaces the tile that
// opening it is about to read.
func TestOpenWhileWriting(t *testing.T) {
	d := open(t)
	defer func() { found = func() {} }()
	n := 0
	found = func() {
		if n++; n == 1 {
			d.add(KindEvidence, nil)
		}
	}
	if _, err := Open(d.dir); err != nil || n != 2 {
		t.Errorf("looked %d times: %v", n, err)
	}
}
