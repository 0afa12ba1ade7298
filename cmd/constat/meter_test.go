package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMeter: the line says how far it is, holds nothing that a server chose but
// as an escape, and is gone at the end.
func TestMeter(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "tty"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := &meter{f: f}
	m.draw("fetching", 5, 10, ", 1.0 kB x.gz: \x1b[2Jno\n")
	m.draw("fetching", 6, 10, "") // too soon
	m.drawn = time.Time{}
	m.draw("fetching", 99, 10, "")
	m.clear()
	m.clear()
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	half, all := strings.Repeat("=", 15)+strings.Repeat("-", 15), strings.Repeat("=", 30)
	want := "\rfetching [" + half + "] 5 of 10 files, 1.0 kB x.gz: \\u001b[2Jno\\n\x1b[K\rfetching [" + all + "] 99 of 10 files\x1b[K\r\x1b[K"
	if string(b) != want {
		t.Errorf("%q, want %q", b, want)
	}
}
