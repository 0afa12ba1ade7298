package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
)

// TestWithoutCopies: a file in two folders is one file; another of the same size is not.
func TestWithoutCopies(t *testing.T) {
	at := moment.Unix(1_700_000_100, 0)
	file := func(as uint32) []byte {
		f := &mrttest.File{}
		f.Announce(at, mrttest.P("192.0.2.1", as), []uint32{as, 65001}, "198.51.100.0/24")
		return f.Bytes()
	}
	dir := t.TempDir()
	empty := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name, "updates."+(at+moment.Unix(300, 0)).Std().Format("20060102.1504")+".gz"), []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"rrc80": file(64500), "rrc99": file(64500), "rrc81": file(64501)} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "updates."+at.Std().Format("20060102.1504")), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	empty("rrc80")
	empty("rrc81")
	if !bytes.Equal(file(64500), file(64500)) || len(file(64500)) != len(file(64501)) {
		t.Fatal("the files are not what the test needs")
	}
	set, err := Open(t.Context(), []string{dir}, moment.Interval{From: at, Until: at + moment.Unix(600, 0)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	one := set.WithoutCopies(t.Context())
	if got := strings.Join(one.Collectors(), " "); got != "rrc80 rrc81" || len(one.Files) != 4 || len(set.Files) != 5 {
		t.Errorf("%s, %d files of %d", got, len(one.Files), len(set.Files))
	}
	if n := len(one.Absent); n == 0 || !strings.Contains(one.Absent[n-1].Reason, "its bytes are those of rrc80 updates.") {
		t.Errorf("%+v", one.Absent)
	}
	for _, h := range one.Missing {
		if h.Collector == "rrc99" {
			t.Errorf("a hole of a collector that was never heard: %+v", h)
		}
	}
	if again := one.WithoutCopies(t.Context()); again != one {
		t.Error("a set without copies is another set")
	}
}
