package text

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/wire/mrt"
)

// dump writes a file as bgpdump -m would, and returns the damage met.
func dump(t testing.TB, path string) ([]byte, []error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var (
		out  []byte
		errs []error
		w    mrt.Walker
		b    Bgpdump
	)
	r := mrt.NewReader(d)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return out, errs
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		w.Record(rec)
		for w.Next() {
			out = b.Append(out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			errs = append(errs, err)
		}
	}
}

// TestBgpdumpSuite: the text of the ten files of bgpdump's own suite.
func TestBgpdumpSuite(t *testing.T) {
	in := realdata.Glob(t, "mrt/bgpdump-suite/input/*.gz")
	if len(in) != 10 {
		t.Fatalf("%d files in the suite, want 10", len(in))
	}
	for _, path := range in {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			got, errs := dump(t, path)
			f, err := os.Open(realdata.Path(t, "mrt/bgpdump-suite/expected/"+name+".bgp.gz"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			z, err := gzip.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			want, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			diffLines(t, got, want)
			for _, err := range errs {
				t.Log(err)
			}
		})
	}
}

// diffLines fails with the first line in which two texts differ.
func diffLines(t *testing.T, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	g, w := bufio.NewScanner(bytes.NewReader(got)), bufio.NewScanner(bytes.NewReader(want))
	g.Buffer(nil, 1<<20)
	w.Buffer(nil, 1<<20)
	for n := 1; ; n++ {
		gok, wok := g.Scan(), w.Scan()
		if !gok || !wok || g.Text() != w.Text() {
			t.Fatalf("line %d:\n got %s\nwant %s\n(%d and %d lines)", n, g.Text(), w.Text(),
				strings.Count(string(got), "\n"), strings.Count(string(want), "\n"))
		}
	}
}
