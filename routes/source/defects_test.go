package source

import (
	"testing"

	"constat/moment"
)

// TestDefects: a known fault is told of the files that have it and of no others.
func TestDefects(t *testing.T) {
	at := func(s string) moment.Time {
		m, err := moment.ParseTime(s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	file := func(collector string, kind Kind, from, until string) File {
		return File{Collector: collector, Kind: kind, Start: at(from), End: at(until)}
	}
	for _, c := range []struct {
		f    File
		want string
	}{
		{file("rrc12", Updates, "2026-02-10T18:45", "2026-02-10T18:50"), ""},
		{file("rrc12", Updates, "2026-02-10T18:50", "2026-02-10T18:55"), "states"},
		{file("rrc12", Updates, "2026-02-10T21:45", "2026-02-10T21:50"), ""},
		{file("rrc12", RIB, "2026-02-10T19:00", "2026-02-10T19:00"), ""},
		{file("rrc11", Updates, "2026-02-10T18:50", "2026-02-10T18:55"), ""},
		{file("rrc10", Updates, "2025-04-15T13:00", "2025-04-15T13:05"), "flood"},
		{file("rrc00", RIB, "2024-03-01T08:00", "2024-03-01T08:00"), "stuck"},
		{file("rrc00", Updates, "2024-03-01T08:00", "2024-03-01T08:05"), ""},
		{file("rrc00", RIB, "2025-05-10T00:00", "2025-05-10T00:00"), ""},
	} {
		got := ""
		ds, err := (&Set{Files: []File{c.f}}).Defects()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ds {
			got += d.What
		}
		if got != c.want {
			t.Errorf("%s %v %s: %q, want %q", c.f.Collector, c.f.Kind, c.f.Start, got, c.want)
		}
	}
}

// TestParseDefects: an entry that says too little is refused.
func TestParseDefects(t *testing.T) {
	whole := "[[defect]]\ncollector = \"rrc00\"\nfrom = 2024-01-01T00:00:00Z\nuntil = 2024-01-02T00:00:00Z\ntables = true\nwhat = \"stuck\"\nsource = \"a list\"\n"
	if ds, err := parseDefects([]byte(whole)); err != nil || len(ds) != 1 || ds[0].Where() != "rrc00, 2024-01-01 00:00 – 2024-01-02 00:00 UTC" {
		t.Errorf("%v, %v", ds, err)
	}
	for _, b := range []string{
		"[[defect]]\ncollector = \"rrc00\"\n",
		"[[defect]]\ncollector = \"rrc00\"\nfrom = 2024-01-02T00:00:00Z\nuntil = 2024-01-01T00:00:00Z\ntables = true\nwhat = \"stuck\"\nsource = \"a list\"\n",
		whole + "peer = \"rrc00\"\n",
		whole + "colector = \"rrc00\"\n",
	} {
		if _, err := parseDefects([]byte(b)); err == nil {
			t.Errorf("taken: %q", b)
		}
	}
}
