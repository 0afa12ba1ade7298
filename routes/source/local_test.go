package source

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"constat/internal/realdata"
	"constat/moment"
)

// at reads "2010-02-27 16:05".
func at(t testing.TB, s string) moment.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return moment.FromTime(v)
}

func span(t testing.TB, from, until string) moment.Interval {
	return moment.Interval{From: at(t, from), Until: at(t, until)}
}

// show puts a set into lines that a test can compare.
func show(s *Set) []string {
	var out []string
	hm := func(t moment.Time) string {
		if t == 0 {
			return "-"
		}
		return t.Std().Format("02T15:04")
	}
	for _, f := range s.Files {
		out = append(out, strings.Join([]string{f.Collector, f.Kind.String(), hm(f.Start), hm(f.End), f.Name}, " "))
	}
	for _, h := range s.Missing {
		out = append(out, strings.Join([]string{"hole", h.Collector, hm(h.From), hm(h.Until), h.Reason, h.Detail}, " "))
	}
	for _, o := range s.Outside {
		out = append(out, "outside "+o.Name+": "+o.Reason)
	}
	for _, o := range s.Skipped {
		out = append(out, "skipped "+o.Name+": "+o.Reason)
	}
	for _, o := range s.Absent {
		out = append(out, "absent "+o.Name+": "+o.Reason)
	}
	return out
}

func open(t testing.TB, q moment.Interval, opts Options, specs ...string) *Set {
	t.Helper()
	s, err := Open(context.Background(), specs, q, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestChileHole(t *testing.T) {
	s := open(t, span(t, "2010-02-27 16:00", "2010-02-27 16:15"), Options{}, realdata.Path(t, "mrt/ris/rrc15"))
	want := []string{
		"rrc15 updates 27T16:00 27T16:05 updates.20100227.1600.gz",
		"rrc15 updates 27T16:10 27T16:15 updates.20100227.1610.gz",
		"hole rrc15 27T16:05 27T16:10 file not given not among the files given",
	}
	if d := cmp.Diff(want, show(s)); d != "" {
		t.Error(d)
	}
	if c := s.Cadence["rrc15"]; c.Updates != 5*time.Minute || c.RIB != 8*time.Hour {
		t.Errorf("cadence %v", c)
	}
}

func TestLocalTimeInName(t *testing.T) {
	s := open(t, span(t, "1999-09-03 08:45", "1999-09-03 08:50"), Options{}, realdata.Path(t, "mrt/ris/rrc00"))
	if len(s.Files) != 1 || s.Files[0].Name != "updates.19990903.1041.gz" || s.Files[0].Start.Std().Format(time.TimeOnly) != "08:41:39" || s.Files[0].Note == "" {
		t.Errorf("%+v", s.Files)
	}
	if len(s.Missing) != 0 {
		t.Errorf("holes where the file covers the question: %v", s.Missing)
	}
	// The same hours in local time are another question, which no file covers.
	s = open(t, span(t, "1999-09-03 10:45", "1999-09-03 10:50"), Options{}, realdata.Path(t, "mrt/ris/rrc00"))
	if len(s.Files) != 0 || len(s.Missing) != 1 {
		t.Errorf("%q", show(s))
	}
}

func TestUnknownNames(t *testing.T) {
	s := open(t, span(t, "2015-10-23 02:00", "2015-10-23 02:10"), Options{}, realdata.Path(t, "mrt/bgpdump-suite/input/updates.et-header.2015.gz"))
	want := []string{"input updates 23T02:01 - updates.et-header.2015.gz"}
	if d := cmp.Diff(want, show(s)); d != "" {
		t.Error(d)
	}
	s = open(t, span(t, "2015-10-23 02:00", "2015-10-23 02:10"), Options{Collector: "rrc99"}, realdata.Path(t, "mrt/bgpdump-suite/input/updates.et-header.2015.gz"))
	if s.Files[0].Collector != "rrc99" {
		t.Errorf("collector %q", s.Files[0].Collector)
	}
	_, err := Open(context.Background(), []string{realdata.Path(t, "registry/state_owned_ases.csv")}, span(t, "2015-10-23 02:00", "2015-10-23 02:10"), Options{})
	if !errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), "text in none of the forms that are read") {
		t.Errorf("a file that is not MRT: %v", err)
	}
}

// touch makes empty files.
func touch(t testing.TB, dir string, names ...string) {
	t.Helper()
	for _, n := range names {
		p := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLayouts(t *testing.T) {
	for path, want := range map[string][2]string{
		"/x/rrc15/2010.02/updates.20100227.1600.gz":                                   {"rrc15", "ris"},
		"/x/rrc15/updates.20100227.1600.gz":                                           {"rrc15", "ris"},
		"/x/route-views.sydney/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2":     {"route-views.sydney", "routeviews"},
		"/x/route-views2/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2":                  {"route-views2", "routeviews"},
		"/x/archive.routeviews.org/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2": {"route-views2", "routeviews"},
		"/x/cache/routeviews/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2":       {"route-views2", "routeviews"},
		"/bgpdata/2014.12/RIBS/rib.20141222.1600.bz2":                                 {"route-views2", "routeviews"},
		"/x/pit.scl/bgpdata/2024.01/RIBS/rib.20240122.1600.bz2":                       {"pit.scl", "routeviews"},
		"/x/route-views4/updates.20141222.1600.bz2":                                   {"route-views4", "routeviews"},
		"/x/mydata/updates.20141222.1600.bz2":                                         {"mydata", ""},
		"/x/mydata/2014.12/updates.20141222.1600.bz2":                                 {"mydata", ""},
		"/updates.20141222.1600.bz2":                                                  {"", ""},
	} {
		c, a := collectorOf(filepath.FromSlash(path))
		if got := [2]string{c, a}; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestNamesOfCollectors: names that name their collector go before the folder
// and before --collector; such files of several collectors may lie in one folder.
func TestNamesOfCollectors(t *testing.T) {
	for name, want := range map[string]string{
		"ris.rrc06.updates.1427846400.gz":                                 "updates 2015-04-01T00:00:00Z rrc06 ris",
		"ris.rrc06.ribs.1427846400.gz":                                    "rib 2015-04-01T00:00:00Z rrc06 ris",
		"routeviews.route-views.sydney.updates.1427846400.bz2":            "updates 2015-04-01T00:00:00Z route-views.sydney routeviews",
		"routeviews.route-views2.ribs.1427846400":                         "rib 2015-04-01T00:00:00Z route-views2 routeviews",
		"route-collector.ams.pch.net-mrt-bgp-updates-2014-12-22-16-05.gz": "updates 2014-12-22T16:05:00Z route-collector.ams.pch.net ",
		"updates.20141222.1605.gz":                                        "updates 2014-12-22T16:05:00Z  ",
		"rib.20141222.1600.bz2":                                           "rib 2014-12-22T16:00:00Z  ",
		"ris.rrc06.tables.1427846400.gz":                                  "",
		"other.rrc06.updates.1427846400.gz":                               "",
		"route-collector.ams.pch.net-mrt-bgp-updates-2014-13-22-16-05.gz": "",
		"route-collector.ams.pch.net-ipv4_bgp_routes.2014.12.22.gz":       "",
	} {
		n, ok := parseName(name)
		got := ""
		if ok {
			got = fmt.Sprintf("%s %s %s %s", n.kind, n.start, n.collector, n.archive)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	dir := t.TempDir()
	touch(t, dir, "all/ris.rrc00.updates.1427846400.gz", "all/ris.rrc06.updates.1427846400.gz", "all/ris.rrc06.updates.1427846700.gz", "all/ris.rrc06.updates.1427847300.gz")
	from := moment.Unix(1427846400, 0)
	set, err := Open(t.Context(), []string{filepath.Join(dir, "all")}, moment.Interval{From: from, Until: from + 1200*moment.Second}, Options{Collector: "mine"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(set.Collectors()); got != "[rrc00 rrc06]" {
		t.Errorf("collectors %s", got)
	}
	hole := false
	for _, h := range set.Missing {
		hole = hole || h.Collector == "rrc06" && h.From == from+600*moment.Second && h.Until == from+900*moment.Second
	}
	if !hole {
		t.Errorf("missing %v: the file between is not among them", set.Missing)
	}
}

// TestFirstRecordOfOtherTypes: what stands before the first record that tells
// what a file holds is no reason to pass it over.
func TestFirstRecordOfOtherTypes(t *testing.T) {
	record := func(typ uint16, body int) []byte {
		b := binary.BigEndian.AppendUint32(nil, 1427846400)
		b = binary.BigEndian.AppendUint16(b, typ)
		b = binary.BigEndian.AppendUint16(b, 4)
		return append(binary.BigEndian.AppendUint32(b, uint32(body)), make([]byte, body)...)
	}
	for name, c := range map[string]struct {
		data []byte
		kind Kind
		ok   bool
	}{
		"updates":                  {record(16, 40), Updates, true},
		"START, then updates":      {slices.Concat(record(1, 0), record(16, 40)), Updates, true},
		"unknown, then a table":    {slices.Concat(record(64, 5), record(65, 0), record(13, 40)), RIB, true},
		"START and DIE alone":      {slices.Concat(record(1, 0), record(2, 0)), Unknown, true},
		"OSPF, cut short":          {record(11, 50)[:30], Unknown, true},
		"unknown alone":            {record(64, 5), Unknown, false},
		"no record":                {[]byte("a text that is long enough to be a header"), Unknown, false},
		"nothing":                  {nil, Unknown, false},
		"unknown, and a wrong end": {record(64, 50)[:30], Unknown, false},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		first, kind, err := firstRecord(path)
		if kind != c.kind || (err == nil) != c.ok || c.ok && first != moment.Unix(1427846400, 0) {
			t.Errorf("%s: %s, %s, %v", name, first, kind, err)
		}
	}
}

func TestSnapshotAndLead(t *testing.T) {
	dir := t.TempDir()
	touch(t, dir, "rrc00/2014.12/bview.20141222.0000.gz", "rrc00/2014.12/bview.20141222.0800.gz", "rrc00/2014.12/bview.20141222.1600.gz")
	for h := 7; h < 10; h++ {
		for m := 0; m < 60; m += 5 {
			if h == 8 && m == 30 || h == 9 && (m == 5 || m == 10) {
				continue // missing
			}
			touch(t, dir, "rrc00/2014.12/updates.20141222."+time.Date(2014, 12, 22, h, m, 0, 0, time.UTC).Format("1504")+".gz")
		}
	}
	s := open(t, span(t, "2014-12-22 09:02", "2014-12-22 09:30"), Options{}, dir)
	got := show(s)
	if got[0] != "rrc00 rib 22T08:00 - bview.20141222.0800.gz" || got[1] != "rrc00 updates 22T07:05 22T07:10 updates.20141222.0705.gz" {
		t.Errorf("begins with %q", got[:2])
	}
	var holes, outside []string
	for _, l := range got {
		if strings.HasPrefix(l, "hole") {
			holes = append(holes, l)
		}
		if strings.HasPrefix(l, "outside") {
			outside = append(outside, l)
		}
	}
	if d := cmp.Diff([]string{
		"hole rrc00 22T08:30 22T08:35 file not given not among the files given",
		"hole rrc00 22T09:05 22T09:15 file not given not among the files given",
	}, holes); d != "" {
		t.Error(d)
	}
	// One file of 7 h, more than two hours before, 6 after 9:30, and two snapshots: nothing is dropped in silence.
	if len(outside) != 1+6+2 {
		t.Errorf("%d outside: %q", len(outside), outside)
	}

	// Without the snapshots, the unbroken run before the question leads up to it.
	s = open(t, span(t, "2014-12-22 08:45", "2014-12-22 09:00"), Options{}, filepath.Join(dir, "rrc00/2014.12/updates.*"))
	if f := s.Files[0]; f.Name != "updates.20141222.0835.gz" {
		t.Errorf("the lead begins with %s", f.Name)
	}
}

func TestOffGrid(t *testing.T) {
	// RouteViews' rotation begins when its daemon does.
	dir := t.TempDir()
	for _, m := range []string{"0111", "0126", "0141", "0156", "0226", "0241"} {
		touch(t, dir, "route-views.isc/updates.20070211."+m+".bz2")
	}
	s := open(t, span(t, "2007-02-11 01:30", "2007-02-11 02:45"), Options{}, dir)
	got := strings.Join(show(s), "\n")
	if !strings.Contains(got, "hole route-views.isc 11T02:11 11T02:26 file not given") || strings.Count(got, "hole") != 1 {
		t.Error(got)
	}
}

// evening are the names of a collector that is late to begin a file every two hours, as those of
// route-views2 on 24 February 2008 are.
var evening = []string{"1807", "1824", "1839", "1854", "1909", "1924", "1939", "1954", "2009", "2026", "2041", "2056", "2111", "2126", "2141", "2156"}

// TestLateFiles: a file that begins late is no file that is missing, whatever its folder is called; one
// that is taken away is, and two are.
func TestLateFiles(t *testing.T) {
	q := span(t, "2008-02-24 18:30", "2008-02-24 22:00")
	for _, archive := range []string{"routeviews", ""} {
		ask := func(without ...string) choice {
			var files []File
			for _, m := range evening {
				if !slices.Contains(without, m) {
					files = append(files, File{Name: "updates.20080224." + m + ".bz2", Collector: "route-views2", Archive: archive, Kind: Updates,
						Start: at(t, "2008-02-24 "+m[:2]+":"+m[2:])})
				}
			}
			return choose(files, q, before{}, NotGiven, "")
		}
		got := ask()
		ends := map[string]string{}
		for _, f := range got.keep {
			ends[f.Start.Std().Format("1504")] = f.End.Std().Format("1504")
		}
		if len(got.missing) > 0 || len(got.keep) != len(evening) || ends["1807"] != "1824" || ends["1824"] != "1839" || ends["2009"] != "2026" || ends["2026"] != "2041" {
			t.Errorf("%q: %v, missing %v", archive, ends, got.missing)
		}
		for i, m := range evening {
			want := 1
			if m == "1807" { // it ends before the question
				want = 0
			}
			if got := ask(m).missing; len(got) != want {
				t.Errorf("%q without %s: %v", archive, m, got)
			}
			for _, n := range evening[i+1:] {
				want := 1 // of two that follow each other the hole is one
				if i > 0 && evening[i+1] != n {
					want = 2
				}
				if got := ask(m, n).missing; len(got) != want {
					t.Errorf("%q without %s and %s: %v", archive, m, n, got)
				}
			}
		}
	}
	// One minute more or less is the clock, and more than a third of a step is no file that is late.
	for names, want := range map[string]int{"1340 1355 1411 1426 1441": 0, "1340 1355 1415 1430 1445": 0, "1340 1355 1416 1431 1446": 1, "1340 1355 1425 1440": 1} {
		dir := t.TempDir()
		for _, m := range strings.Fields(names) {
			touch(t, dir, "route-views2/updates.20050301."+m+".bz2")
		}
		if s := open(t, span(t, "2005-03-01 13:45", "2005-03-01 14:40"), Options{}, dir); len(s.Missing) != want {
			t.Errorf("%s: %v", names, s.Missing)
		}
	}
}

func TestCadenceOfNoArchive(t *testing.T) {
	dir := t.TempDir()
	for _, m := range []string{"0100", "0110", "0120", "0150"} {
		touch(t, dir, "mine/updates.20200101."+m)
	}
	s := open(t, span(t, "2020-01-01 01:00", "2020-01-01 02:00"), Options{}, dir)
	got := strings.Join(show(s), "\n")
	if !strings.Contains(got, "hole mine 01T01:30 01T01:50") || strings.Count(got, "hole") != 1 {
		t.Error(got)
	}
	// Two files tell no cadence, and nothing is expected.
	dir = t.TempDir()
	touch(t, dir, "mine/updates.20200101.0100", "mine/updates.20200101.0150")
	if s := open(t, span(t, "2020-01-01 01:00", "2020-01-01 02:00"), Options{}, dir); len(s.Missing) != 0 || len(s.Files) != 2 {
		t.Error(show(s))
	}
}

func TestWrongSpecs(t *testing.T) {
	dir := t.TempDir()
	q := span(t, "2020-01-01 01:00", "2020-01-01 02:00")
	touch(t, dir, "a/rrcx/updates.20200101.0100", "b/rrcx/updates.20200101.0100", "empty/.hidden")
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not MRT at all, just text"), 0o666); err != nil {
		t.Fatal(err)
	}
	for spec, want := range map[string]string{
		filepath.Join(dir, "nothing"):   "no such file",
		filepath.Join(dir, "no*thing"):  "nothing matches",
		filepath.Join(dir, "empty"):     "no file in it",
		filepath.Join(dir, "notes.txt"): "text in none of the forms that are read; its first line is \"not MRT at all, just text\"",
		filepath.Join(dir, "[a"):        "syntax error",
		filepath.Join(dir, "?"):         "two files",
		"ris:rrc00,linx":                `"linx" is no name of a collector`,
		"ris:route-views2":              "route-views2 is a collector of routeviews: routeviews:route-views2",
		"ripe":                          "the archives are ris, routeviews",
	} {
		_, err := Open(context.Background(), []string{spec}, q, Options{Cache: dir})
		if !errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", spec, err, want)
		}
	}
	if _, err := Open(context.Background(), []string{dir}, moment.Interval{From: q.Until, Until: q.From}, Options{}); !errors.Is(err, ErrUsage) {
		t.Errorf("until before from: %v", err)
	}
	// A file among records that is none is skipped and named.
	one := filepath.Join(dir, "a", "rrcx", "updates.20200101.0100")
	if err := os.WriteFile(filepath.Join(dir, "a", "README"), []byte("about these files"), 0o666); err != nil {
		t.Fatal(err)
	}
	touch(t, dir, "a/rrcx/nothing.bin", "a/rrcx/updates.20200101.0105.gz.part")
	want := []string{
		"rrcx updates 01T01:00 - updates.20200101.0100",
		"skipped README: text in none of the forms that are read; its first line is \"about these files\"",
		"skipped nothing.bin: empty",
		"skipped updates.20200101.0105.gz.part: left by an unfinished transfer",
	}
	// Named twice, read once.
	if d := cmp.Diff(want, show(open(t, q, Options{}, filepath.Join(dir, "a"), one))); d != "" {
		t.Error(d)
	}
}

// TestOtherYears: a folder of many collectors and years makes nobody blind of
// whom it has nothing from that day.
func TestOtherYears(t *testing.T) {
	dir := t.TempDir()
	touch(t, dir, "rrc00/updates.20141222.0100.gz", "rrc01/updates.20101222.0100.gz", "rrc03/updates.20141222.0900.gz")
	q := span(t, "2014-12-22 01:00", "2014-12-22 01:05")
	want := []string{
		"rrc00 updates 22T01:00 22T01:05 updates.20141222.0100.gz",
		"hole rrc03 22T01:00 22T01:05 file not given not among the files given",
		"outside updates.20101222.0100.gz: ends before the updates that lead up to the question",
		"outside updates.20141222.0900.gz: begins after the question",
		"absent rrc01: no file of that day was given",
	}
	if d := cmp.Diff(want, show(open(t, q, Options{}, dir))); d != "" {
		t.Error(d)
	}
	// Where there is nothing of that day at all, nobody was watching.
	s := open(t, q, Options{}, filepath.Join(dir, "rrc01"))
	if len(s.Files) != 0 || len(s.Missing) != 1 || len(s.Absent) != 0 {
		t.Error(show(s))
	}
}

// TestRecordingsOwnFiles: what describes a recording is passed over in its
// folder without a word, and nowhere else.
func TestRecordingsOwnFiles(t *testing.T) {
	dir := t.TempDir()
	put := func(names ...string) {
		t.Helper()
		for _, n := range names {
			p := filepath.Join(dir, filepath.FromSlash(n))
			if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p, []byte("AS64500\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("rec/SHA256SUMS", "rec/constat-recording.json", "rec/scenario.lab", "rec/subject.txt", "rec/lab00/2010.02/updates.20100227.1600.gz",
		"rec/lab00/subject.txt", "mine/lab01/subject.txt", "mine/lab01/updates.20100227.1600.gz")
	got := show(open(t, span(t, "2010-02-27 16:00", "2010-02-27 16:05"), Options{}, dir))
	var skipped []string
	for _, l := range got {
		if strings.HasPrefix(l, "skipped") {
			skipped = append(skipped, l)
		}
	}
	want := []string{"skipped subject.txt: text in none of the forms that are read; its first line is \"AS64500\"", "skipped subject.txt: text in none of the forms that are read; its first line is \"AS64500\""}
	if d := cmp.Diff(want, skipped); d != "" {
		t.Error(d)
	}
}
