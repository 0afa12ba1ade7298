package main

import (
	"bytes"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"constat/cases/examine"
	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
	"constat/wire/mrt"
)

func TestVersion(t *testing.T) {
	for _, tt := range []struct{ name, answer, want string }{
		{"igzip", "igzip command line interface 2.30.0\n", "igzip command line interface 2.30.0"},
		{"lbzip2", "lbzip2 version 2.5\nCopyright (C) 2011\n", "lbzip2 version 2.5"},
		{"bgpdump", "2026-11-23 06:20:00 [info] logging to syslog\nbgpdump version 1.6.2\nUsage: ...\n", "bgpdump version 1.6.2"},
		{"other", "1.0\n", "other: 1.0"},
		{"silent", "", "silent: does not say its version"},
	} {
		if got := version(tt.name, tt.answer); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func TestMedian(t *testing.T) {
	if got := median([]time.Duration{5, 1, 9}); got != 5 {
		t.Errorf("got %d", got)
	}
}

// The program on gobgp's library must find what Constat finds, or the
// comparison is of different things.
func TestGobgpFindsTheSame(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "mrt/ris/rrc04/2022.02/updates.20220209.1035.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	pool, err := gen.ReadPool(d)
	if err != nil {
		t.Fatal(err)
	}
	prefix := netip.MustParsePrefix("175.45.176.0/22")
	filter, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: []netip.Prefix{prefix}})
	if err != nil {
		t.Fatal(err)
	}
	shape := gen.Shape{V4: 300, V6: 100, Peers: 20, Elements: 10_000, Start: startTime}
	for name, write := range map[string]func(io.Writer, *gen.Pool, gen.Shape) (gen.Stats, error){"table": gen.Table, "updates": gen.Updates} {
		var b, out bytes.Buffer
		if _, err := write(&b, pool, shape); err != nil {
			t.Fatal(err)
		}
		if err := gobgp(bytes.NewReader(b.Bytes()), prefix, &out); err != nil {
			t.Fatal(err)
		}
		want := 0
		var w mrt.Walker
		w.SetFilter(filter)
		r := mrt.NewReader(&b)
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			w.Record(rec)
			for w.Next() {
				want++
			}
		}
		if got := bytes.Count(out.Bytes(), []byte("\n")); got != want || want == 0 {
			t.Errorf("%s: gobgp finds %d, Constat %d", name, got, want)
		}
	}
}

// The archive that examinations are measured on has one loss, of one prefix.
func TestMakeArchive(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "mrt/ris/rrc04/2022.02/updates.20220209.1035.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	pool, err := gen.ReadPool(d)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	a, err := makeArchive(t.Context(), dir, pool, 1, 300)
	if err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(t.Context(), []string{dir}, moment.Interval{From: a.from, Until: a.until}, source.Options{Collector: "bench"})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Files) != 4 || len(set.Missing) != 0 {
		t.Errorf("%d files, %d holes", len(set.Files), len(set.Missing))
	}
	for q, want := range map[string]int{stays: 0, goes: 1} {
		an, err := atlas.Open("")
		if err != nil {
			t.Fatal(err)
		}
		s, err := an.At(a.from.Std()).Resolve(q)
		if err != nil {
			t.Fatal(err)
		}
		found, err := examine.Run(t.Context(), examine.Request{Asked: q, Subject: s, Atlas: an, From: a.from, Until: a.until, Sources: set,
			Dir: filepath.Join(t.TempDir(), "case")})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, o := range found.Outages {
			if o.Scope == "subject" {
				got++
			}
		}
		if got != want {
			t.Errorf("%s: %d outages, want %d", q, got, want)
		}
	}
}
