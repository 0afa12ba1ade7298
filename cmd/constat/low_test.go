package main

import (
	"os"
	"path/filepath"
	"testing"

	"constat/routes/source"
)

// TestRecordingAbove: a recording's note goes with the files that it lists, and
// with no others that happen to lie below it.
func TestRecordingAbove(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	set := func(names ...string) *source.Set {
		s := &source.Set{}
		for _, n := range names {
			s.Files = append(s.Files, source.File{Path: filepath.Join(dir, filepath.FromSlash(n))})
		}
		return s
	}
	write("constat-recording.json", `{"note":"reconstruction","title":"A night"}`)
	mine, other := "lab00/2014.12/updates.20141221.1200.gz", "rrc00/2014.12/updates.20141221.1200.gz"
	for _, c := range []struct {
		sums  string
		files []string
		want  int
	}{
		{"", []string{mine}, 0},
		{"00  " + mine + "\n", []string{mine}, 1},
		{"00  " + mine + "\n", []string{other}, 0},
		{"00  " + mine + "\n", []string{other, mine}, 1},
		{"", []string{"beside.gz"}, 1},
	} {
		write("SHA256SUMS", c.sums)
		n, err := recordingNotes(set(c.files...))
		if err != nil || len(n) != c.want {
			t.Errorf("%q, %v: %v %v", c.sums, c.files, n, err)
		}
	}
}
