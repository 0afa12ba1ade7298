package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
)

func hours(a, b int64) *moment.Interval {
	return &moment.Interval{From: moment.Unix(a*3600, 0), Until: moment.Unix(b*3600, 0)}
}

// TestNameAnswers: answers are one collector's where what is watched does not
// depend on the prefix.
func TestNameAnswers(t *testing.T) {
	updates := func(r, part string, a, b int64) File {
		return File{Kind: Updates, Part: part, resource: r, Asked: hours(a, b)}
	}
	state := func(r, part string, a int64) File {
		f := File{Kind: RIB, Part: part, resource: r, Asked: hours(a, a)}
		f.Asked.Until += moment.Second
		return f
	}
	for _, c := range []struct {
		what string
		in   []File
		want string
	}{
		{"one time", []File{updates("a", "rrc00", 10, 20), updates("b", "rrc01", 10, 20)}, "[ripestat-rrc00 ripestat-rrc01]"},
		{"two times", []File{updates("a", "rrc00", 10, 20), updates("b", "rrc00", 11, 20)}, "[ripestat-rrc00 ripestat-2-rrc00]"},
		{"in any order", []File{updates("b", "rrc00", 11, 20), updates("a", "rrc00", 10, 20)}, "[ripestat-2-rrc00 ripestat-rrc00]"},
		{"one time in two pages", []File{updates("a", "rrc00", 10, 20), updates("b", "rrc00", 10, 15), updates("b", "rrc00", 15, 20)}, "[ripestat-rrc00 ripestat-rrc00 ripestat-rrc00]"},
		{"two pages with a hole", []File{updates("a", "rrc00", 10, 20), updates("b", "rrc00", 10, 14), updates("b", "rrc00", 15, 20)}, "[ripestat-2-rrc00 ripestat-rrc00 ripestat-rrc00]"},
		{"a state of what was asked", []File{updates("a", "rrc00", 10, 20), state("a", "rrc00", 12)}, "[ripestat-rrc00 ripestat-rrc00]"},
		{"a state of something else", []File{updates("a", "rrc00", 10, 20), state("b", "rrc00", 12)}, "[ripestat-rrc00 ripestat-2-rrc00]"},
		{"states alone", []File{state("b", "rrc00", 12), state("a", "rrc00", 13)}, "[ripestat-rrc00 ripestat-2-rrc00]"},
	} {
		nameAnswers(c.in)
		var got []string
		for _, f := range c.in {
			got = append(got, f.Collector)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", c.what, got, c.want)
		}
	}
}

// TestMRTNames: which names are believed without looking into the file.
func TestMRTNames(t *testing.T) {
	for name, want := range map[string]bool{
		"updates.20100227.1600.gz": true, "bview.20000111.0032.gz": true, "rib.20140523.0600.bz2": true, "updates.20100227.1600": true,
		"updates.20100227.1600.mrt": true, "updates.20100227.1600.mrt.zst": true, "ris.rrc06.updates.1427846400.gz": true,
		"route-collector.ams.pch.net-mrt-bgp-updates-2014-12-22-16-00.gz": true, "dump.mrt": true, "dump": true,
		"updates.20100227.1600.txt": false, "updates.20100227.1600.json.gz": false, "updates.20020722.2238.gz.bgp.gz": false, "traffic-00.pcap": false,
	} {
		if mrtName.MatchString(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}

// TestHolds: what a file is does not depend on its name, and a file of several
// collectors is one for each.
func TestHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rrc15")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	reader := "U|W|1583064000.000000|ris|rrc06|||64501|192.0.2.1|10.0.0.0/24||||||\nU|W|1583064060.500000|routeviews|route-views2|||64502|192.0.2.2|10.0.0.0/24||||||\n"
	answer := `{"data":{"resource":"10.0.0.0/24","query_starttime":"2020-03-01T12:00:00","query_endtime":"2020-03-01T13:00:00","updates":[{"timestamp":"2020-03-01T12:10:00","type":"W","attrs":{"source_id":"04-192.0.2.1","target_prefix":"10.0.0.0/24"}}]}}`
	made := string(new(mrttest.File).Keepalive(moment.Unix(1583064000, 0), mrttest.P("192.0.2.1", 64500)).Bytes())
	for _, c := range []struct{ name, text, want, why string }{
		{"updates.20200301.1200.txt", "BGP4MP|1583064007|W|192.0.2.1|64501|10.0.0.0/24\n", "[rrc15 ris bgpdump -m text updates 2020-03-01T12:00:00Z 1970-01-01T00:00:00Z]", ""},
		{"odd", "BGP4MP|1583064007|W|192.0.2.1|64501|10.0.0.0/24\n", "[rrc15 ris bgpdump -m text updates 2020-03-01T12:00:07Z 2020-03-01T12:00:08Z]", ""},
		{"table", "TABLE_DUMP2|1583064007|B|192.0.2.1|64501|10.0.0.0/24|1|IGP|192.0.2.1|0|0||NAG||\n", "[rrc15 ris bgpdump -m text rib 2020-03-01T12:00:07Z 1970-01-01T00:00:00Z]", ""},
		{"reader", reader, "[route-views2  bgpreader text updates 2020-03-01T12:01:00.500000Z 2020-03-01T12:01:01Z rrc06  bgpreader text updates 2020-03-01T12:00:00Z 2020-03-01T12:00:01Z]", ""},
		{"answer", answer, "[rrc04  RIPEstat bgp-updates updates 2020-03-01T12:00:00Z 2020-03-01T13:00:00Z]", ""},
		{"empty", `{"data_call_name":"bgplay","data":{"resource":"AS1","query_starttime":"2020-03-01T12:00:00","query_endtime":"2020-03-01T13:00:00","initial_state":[],"events":[]}}`, "", "RIPEstat bgplay without a route: no peer is known to have spoken of what was asked for"},
		{"half", `{"data_call_name":"bgplay","data":{"resource":"AS1","events":[]}}`, "", "offset 65: the answer has no list \"initial_state\": what it would have said is unknown"},
		{"glass", `{"data_call_name":"looking-glass","data":{}}`, "", "offset 0: an answer of RIPEstat to the data call looking-glass, which is not read: those are bgp-updates, bgplay and bgp-state"},
		{"notes", "nothing", "", `text in none of the forms that are read; its first line is "nothing"`},
		{"noise", "\x00\x01nothing", "", errNotMRT.Error()},
		{"made.first-part", made, "[rrc15 ris  updates 2020-03-01T12:00:00Z 1970-01-01T00:00:00Z]", ""},
	} {
		p := filepath.Join(dir, c.name)
		if err := os.WriteFile(p, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		files, why, err := holds(p, Options{})
		if err != nil || why != c.why {
			t.Errorf("%s: %q, %v, want %q", c.name, why, err, c.why)
		}
		var got []string
		for _, f := range files {
			got = append(got, fmt.Sprint(f.Collector, " ", f.Archive, " ", f.Format, " ", f.Kind, " ", f.Start, " ", f.End))
		}
		if slices.Sort(got); c.why == "" && fmt.Sprint(got) != c.want {
			t.Errorf("%s:\n%v, want\n%v", c.name, got, c.want)
		}
	}
}
