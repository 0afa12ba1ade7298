package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/report/plain"
)

var update = flag.Bool("update", false, "write the golden files")
var keep = flag.String("keep", "", "folder to write the pages of all cases to")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the difference\n%s", path, got)
	}
}

func TestSummary(t *testing.T) {
	for _, c := range cases {
		for _, l := range locale.All() {
			var b bytes.Buffer
			if err := writeSummary(&b, c.make(), l); err != nil {
				t.Fatal(err)
			}
			golden(t, c.name+"."+string(l)+".txt", b.Bytes())
			for line := range bytes.Lines(b.Bytes()) {
				if n := utf8.RuneCount(bytes.TrimSpace(line)); n > plain.Columns {
					t.Errorf("%s %s: a line of %d columns: %s", c.name, l, n, line)
				}
			}
		}
	}
}

func TestHTMLSameBytes(t *testing.T) {
	for _, c := range cases {
		for _, l := range locale.All() {
			var a, b bytes.Buffer
			if err := HTML(&a, c.make(), options(l)); err != nil {
				t.Fatal(err)
			}
			if err := HTML(&b, c.make(), options(l)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%s %s: two runs differ", c.name, l)
			}
			t.Logf("%s %s: %d bytes", c.name, l, a.Len())
			if *keep != "" {
				if err := os.WriteFile(filepath.Join(*keep, c.name+"."+string(l)+".html"), a.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
