package ripestat

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
	"constat/wire/mrt/text"
)

// lines prints what is read, damage among it.
func lines(t *testing.T, in []byte, collector string) string {
	t.Helper()
	r := build.NewRecords(NewReader(bytes.NewReader(in), collector), collector)
	var w mrt.Walker
	form := text.Line{Untold: text.Untold{Origin: true, NextHop: true}}
	var out []byte
	for n := 0; ; n++ {
		rec, err := r.Next()
		if err == io.EOF {
			return string(out)
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			out = fmt.Appendf(out, "! %v\n", d)
			continue
		}
		if err != nil || n > 1_000_000 {
			t.Fatal(n, err)
		}
		w.Record(rec)
		for w.Next() {
			out = form.Append(out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			out = fmt.Appendf(out, "! %v\n", err)
		}
	}
}

// In the shape of the service's answers.
const (
	updates = `{"messages": [], "data_call_name": "bgp-updates", "status": "ok", "data": {"resource": "175.45.176.0/22", "query_starttime": "2014-12-22T16:00:00", "query_endtime": "2014-12-23T02:00:00", "updates": [
{"seq": 1, "timestamp": "2014-12-22T16:15:07", "type": "A", "attrs": {"source_id": "00-192.0.2.1", "target_prefix": "175.45.176.0/24", "path": [64500, 4837, 131279], "community": ["64500:7", "64500:1:2"]}},
{"seq": 2, "timestamp": 1419264908, "type": "W", "attrs": {"source_id": "12-2001:db8::1", "target_prefix": "2001:db8:1::/48"}},
{"seq": 3, "timestamp": "2014-12-22T16:15:09", "type": "A", "attrs": {"source_id": "00-192.0.2.1", "target_prefix": "175.45.177.0/24", "path": [64500, [1, 2]], "community": []}}
], "nr_updates": 3}}`
	play = `{"data_call_name": "bgplay", "data": {"resource": "131279", "query_starttime": "2014-12-22T16:00:00", "query_endtime": "2014-12-22T17:00:00", "initial_state": [
{"target_prefix": "175.45.177.0/24", "source_id": "00-192.0.2.1", "path": [64500, 131279], "community": []},
{"target_prefix": "175.45.176.0/24", "source_id": "00-192.0.2.1", "path": [64500, 131279], "community": []},
{"target_prefix": "175.45.176.0/24", "source_id": "12-192.0.2.2", "path": [64502, 131279], "community": []}],
"events": [{"seq": 1, "timestamp": "2014-12-22T16:15:07", "type": "W", "attrs": {"source_id": "00-192.0.2.1", "target_prefix": "175.45.176.0/24"}}],
"nodes": [], "sources": [{"id": "00-192.0.2.1", "as_number": 64500, "ip": "192.0.2.1", "rrc": "00"}, {"id": "12-192.0.2.2", "as_number": 64502}], "targets": [{"prefix": "175.45.176.0/24"}, {"prefix": "175.45.177.0/24"}]}}`
	state = `{"data_call_name": "bgp-state", "data": {"resource": "175.45.176.0/24", "timestamp": "2014-12-22T16:00:00", "bgp_state": [{"target_prefix": "175.45.176.0/24", "source_id": "00-192.0.2.1", "path": [64500, 131279], "community": ["no-export"]}], "nr_routes": 1}}`
)

// TestTwice: what is there twice says two things, and what is not there says
// nothing; neither is passed over. An empty list of events before the true one had
// hidden them all.
func TestTwice(t *testing.T) {
	for _, c := range []struct{ in, from, to, want, not string }{
		{play, `"events": [`, `"events": [], "events": [`, `! offset 513: the member "events" of the answer is there twice`, "rib"},
		{play, `"data": {`, `"data": {}, "data": {`, `the member "data" of the answer is there twice`, "rib"},
		{play, `"query_endtime"`, `"Query_EndTime": 0, "query_endtime"`, `the member "query_endtime" of the answer is there twice`, "rib"},
		{play, `"events"`, `"Events"`, `the answer has no list "events"`, "withdraw"},
		{play, `"initial_state"`, `"initial"`, `the answer has no list "initial_state"`, "rib"},
		{updates, `"updates": [`, `"up": [`, `the answer has no list "updates"`, "announce"},
		{state, `"bgp_state": [`, `"state": [`, `the answer has no list "bgp_state"`, "rib"},
		{play, `"path": [64502, 131279]`, `"path": [64502, 131279], "path": []`, `the member "path" is there twice`, "192.0.2.2"},
		{updates, `"type": "W"`, `"type": "W", "attrs": {}`, `the member "attrs" is there twice`, "withdraw"},
		{play, `{"id": "12-192.0.2.2", "as_number": 64502}`, `{"id": "00-192.0.2.1", "as_number": 64502}`, `the source "00-192.0.2.1" is named twice, of AS64500 and of AS64502`, "192.0.2.1 AS64500"},
	} {
		if !strings.Contains(c.in, c.from) {
			t.Fatal(c.from)
		}
		got := lines(t, []byte(strings.Replace(c.in, c.from, c.to, 1)), "")
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s:\n%s\nwant %q, and no %q", c.to, got, c.want, c.not)
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ in, collector, want, call, asked, scope string }{
		{updates, "", `2014-12-22T16:15:07Z announce 192.0.2.1 AS0 175.45.176.0/24 path 64500 4837 131279 communities 64500:7 large 64500:1:2
2014-12-22T16:15:08Z withdraw 2001:db8::1 AS0 2001:db8:1::/48
2014-12-22T16:15:09Z announce 192.0.2.1 AS0 175.45.177.0/24 path 64500 {1,2}
`, Updates, "2014-12-22T16:00:00Z/2014-12-23T02:00:00Z", "175.45.176.0/22 []"},
		{updates, "rrc12", "2014-12-22T16:15:08Z withdraw 2001:db8::1 AS0 2001:db8:1::/48\n", Updates, "2014-12-22T16:00:00Z/2014-12-23T02:00:00Z", "175.45.176.0/22 []"},
		{play, "", `2014-12-22T16:00:00Z rib 192.0.2.1 AS64500 175.45.176.0/24 path 64500 131279
2014-12-22T16:00:00Z rib 192.0.2.2 AS64502 175.45.176.0/24 path 64502 131279
2014-12-22T16:00:00Z rib 192.0.2.1 AS64500 175.45.177.0/24 path 64500 131279
2014-12-22T16:15:07Z withdraw 192.0.2.1 AS64500 175.45.176.0/24
`, Play, "2014-12-22T16:00:00Z/2014-12-22T17:00:00Z", "131279 [175.45.176.0/24 175.45.177.0/24]"},
		{play, "rrc12", "2014-12-22T16:00:00Z rib 192.0.2.2 AS64502 175.45.176.0/24 path 64502 131279\n", Play, "2014-12-22T16:00:00Z/2014-12-22T17:00:00Z", "131279 [175.45.176.0/24 175.45.177.0/24]"},
		{state, "", "2014-12-22T16:00:00Z rib 192.0.2.1 AS0 175.45.176.0/24 path 64500 131279 communities 65535:65281\n", State, "2014-12-22T16:00:00Z/2014-12-22T16:00:01Z", "175.45.176.0/24 []"},
	} {
		if !Recognise([]byte(c.in)) {
			t.Errorf("not recognised: %.60s", c.in)
		}
		if got := lines(t, []byte(c.in), c.collector); got != c.want {
			t.Errorf("%s of %q:\n%s\nwant\n%s", c.call, c.collector, got, c.want)
		}
		a, err := NewReader(strings.NewReader(c.in), c.collector).Answer()
		if err != nil || a.Call != c.call || a.Asked == nil || a.Asked.String() != c.asked || fmt.Sprint(a.Resource, " ", a.Targets) != c.scope {
			t.Errorf("%+v, %v", a, err)
		}
	}
}

// TestDamage: what cannot be read is said, once, and keeps nothing else.
func TestDamage(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`"A", "attrs": {"source_id": "00-192.0.2.1", "target_prefix": "175.45.176.0/24"`, `"B", "attrs": {"source_id": "00-192.0.2.1", "target_prefix": "175.45.176.0/24"`, `type "B" is neither A nor W`},
		{`"12-2001:db8::1"`, `"router"`, `source "router" names no collector and peer`},
		{`"12-2001:db8::1"`, `"12-fe80::1%e"`, "names no collector and peer"},
		{`2001:db8:1::/48`, `2001:db8:1::`, `prefix "2001:db8:1::"`},
		{`1419264908`, `"noon"`, `timestamp "noon" is none`},
		{`[64500, 4837, 131279]`, `[64500, "x"]`, "is no AS number"},
		{`"64500:7"`, `"7"`, `community "7"`},
		{`"seq": 2, "timestamp"`, `"seq": 2 "timestamp"`, "not an update"},
	} {
		in := strings.Replace(updates, c.from, c.to, 1)
		if in == updates {
			t.Fatalf("%q is not there", c.from)
		}
		got := lines(t, []byte(in), "")
		if strings.Count(got, "\n") != 3 || strings.Count(got, "! offset ") != 1 || !strings.Contains(got, c.want) {
			t.Errorf("%s:\n%s", c.want, got)
		}
	}
	for in, want := range map[string]string{
		`{"data_call_name": "looking-glass", "data": {"rrcs": []}}`: "the data call looking-glass, which is not read",
		`{"data_call_name": 3}`: "to no data call that is read",
		`{"data_call_name": "bgp-state", "data": {"bgp_state": [{}]}}`: "a table whose time the answer does not say",
		`{"data_call_name": "bgp-state"`:                               "truncated",
	} {
		if got := lines(t, []byte(in), ""); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestForms: what Windows and jq make of an answer says the same, and what cannot be
// read is refused in words that say what to keep.
func TestForms(t *testing.T) {
	for _, in := range []string{updates, play, state} {
		var a struct{ Data json.RawMessage }
		if err := json.Unmarshal([]byte(in), &a); err != nil {
			t.Fatal(err)
		}
		var pretty, short bytes.Buffer
		if json.Indent(&pretty, []byte(in), "", "    ") != nil || json.Compact(&short, a.Data) != nil {
			t.Fatal(in)
		}
		want := lines(t, []byte(in), "")
		for name, form := range map[string]string{
			"pretty":          pretty.String(),
			"CRLF":            strings.ReplaceAll(pretty.String(), "\n", "\r\n"),
			"byte order mark": "\ufeff" + in,
			"blank at end":    in + "\r\n\n",
			"data alone":      string(a.Data),
			"data, short":     "\ufeff" + short.String() + "\n",
		} {
			if !Recognise([]byte(form)) {
				t.Errorf("%s is not recognised: %.60s", name, form)
			}
			if got := lines(t, []byte(form), ""); got != want {
				t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
			}
			x, err := NewReader(strings.NewReader(form), "").Answer()
			if err != nil || x.Asked == nil {
				t.Errorf("%s: %+v %v", name, x, err)
			}
		}
		if got := lines(t, []byte(in+"\n"+in), ""); got != want+fmt.Sprintf("! offset %d: something else stands behind the answer and is not read: each answer has to be in a file of its own\n", len(in)+1) {
			t.Errorf("twice:\n%s", got)
		}
		if got := lines(t, []byte("["+in+","+in+"]"), ""); !Recognise([]byte("["+in)) || !strings.HasPrefix(got, "! offset 0: a list of answers of RIPEstat: each has to be in a file") {
			t.Errorf("list: %s", got)
		}
	}
	var a struct {
		Data struct{ Updates json.RawMessage }
	}
	if err := json.Unmarshal([]byte(updates), &a); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, a.Data.Updates, ""); !Recognise(a.Data.Updates) || !strings.HasPrefix(got, "! offset 0: a list out of an answer of RIPEstat") {
		t.Errorf("updates alone: %s", got)
	}
}

// TestTruncated: of an answer that ends anywhere, what stands before the end is
// read, and that it ends there is said.
func TestTruncated(t *testing.T) {
	whole := lines(t, []byte(updates), "")
	for n := strings.Index(updates, "updates"); n < len(updates); n++ {
		got := lines(t, []byte(updates[:n]), "")
		body, ok := strings.CutSuffix(got, fmt.Sprintf("! offset %d: the answer is truncated: it ends inside its JSON\n", n))
		if !ok || !strings.HasPrefix(whole, body) {
			t.Fatalf("%d bytes:\n%s", n, got)
		}
		if n == len(updates)-1 && body != whole {
			t.Fatalf("everything but the last brace:\n%s", got)
		}
	}
}

// TestReal holds the reader against encoding/json on real answers: as many
// elements of each collector, and none that cannot be read.
func TestReal(t *testing.T) {
	for _, p := range realdata.Glob(t, "events/telegram-2026-06-16/*_full.json.gz", "events/telegram-2026-06-16/bgp_state*", "events/ripestat/bgplay*", "events/ripestat/sample-bgp*") {
		f, err := os.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		var a struct {
			Data struct {
				Updates, Events []struct {
					Type  string
					Attrs struct {
						Source string `json:"source_id"`
					}
				}
				Initial []struct {
					Source string `json:"source_id"`
				} `json:"initial_state"`
				State []struct {
					Source string `json:"source_id"`
				} `json:"bgp_state"`
			}
		}
		if err := json.Unmarshal(b, &a); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for _, u := range append(a.Data.Updates, a.Data.Events...) {
			want[u.Attrs.Source[:2]]++
		}
		for _, s := range append(a.Data.Initial, a.Data.State...) {
			want[s.Source[:2]]++
		}
		total := 0
		for rrc, n := range want {
			got := lines(t, b, "rrc"+rrc)
			if k := strings.Count(got, "\n"); k != n || strings.Contains(got, "!") {
				t.Errorf("%s, rrc%s: %d lines, want %d", p, rrc, k, n)
			}
			total += n
		}
		if k := strings.Count(lines(t, b, ""), "\n"); k != total {
			t.Errorf("%s: %d lines, want %d", p, k, total)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{updates, play, state} {
		f.Add([]byte(s))
		f.Add([]byte(s[:len(s)/2]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		lines(t, b, "")
		lines(t, b, "rrc00")
	})
}
