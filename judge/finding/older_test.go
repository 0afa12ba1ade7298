package finding

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/internal/locale"
)

// kept reads findings that the program wrote when their format was its own: of
// examinations of the laboratory's recordings, and the kept cases of package examine.
func kept(t testing.TB, format string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob("../../cases/examine/testdata/case-*/findings.json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, n := range append(names, cases...) {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(n) == ".gz" {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if b, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if FormatOf(b) == format {
			out[n] = b
		}
	}
	if len(out) == 0 {
		t.Fatalf("no findings of %s are kept", format)
	}
	return out
}

func decode(t testing.TB, b []byte) *Findings {
	t.Helper()
	f, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// again writes findings in a format.
func again(t testing.TB, f *Findings, format string) []byte {
	t.Helper()
	f.Format = format
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// firstDifference names the line in which two texts begin to differ.
func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + " / " + y[i]
		}
	}
	return "the end"
}

// TestFormat2 holds the promise to cases of format 2: their findings are read, and
// written to the same bytes, also if they were of format 3 in between.
func TestFormat2(t *testing.T) {
	for n, b := range kept(t, Format2) {
		f := decode(t, b)
		if f.Format != Format2 {
			t.Errorf("%s: read as of format %q", n, f.Format)
		}
		if got := again(t, f, Format2); !bytes.Equal(got, b) {
			t.Errorf("%s: written again it differs: %s", n, firstDifference(got, b))
		}
		three := again(t, f, Format)
		g := decode(t, three)
		if got := again(t, g, Format); !bytes.Equal(got, three) {
			t.Errorf("%s: in format 3 it is not the same again: %s", n, firstDifference(got, three))
		}
		if got := again(t, g, Format2); !bytes.Equal(got, b) {
			t.Errorf("%s: by way of format 3 it differs: %s", n, firstDifference(got, b))
		}
	}
}

// TestFormat3: what is kept of format 3 is read and written to the same bytes, and is
// what the same findings of format 2, which an older program computed, come to.
func TestFormat3(t *testing.T) {
	two := kept(t, Format2)
	pairs := 0
	for n, b := range kept(t, Format) {
		if got := again(t, decode(t, b), Format); !bytes.Equal(got, b) {
			t.Errorf("%s: written again it differs: %s", n, firstDifference(got, b))
		}
		was, ok := two[strings.NewReplacer("format3-", "format2-", "case-3", "case-2").Replace(n)]
		if !ok {
			continue
		}
		pairs++
		if got := again(t, decode(t, was), Format); !bytes.Equal(got, b) {
			t.Errorf("%s: from format 2 it is something else: %s", n, firstDifference(got, b))
		}
	}
	if pairs != 12 {
		t.Errorf("%d pairs", pairs)
	}
}

func TestFormat1(t *testing.T) {
	for n, b := range kept(t, Format1) {
		f := decode(t, b)
		if f.Format != Format1 || len(f.Outages) == 0 || f.Verdict.Propositions[0].Origin != 64496 {
			t.Errorf("%s: read as %+v", n, f)
		}
		if b, err := f.Encode(); err == nil {
			t.Errorf("%s: written as %.40s", n, b)
		}
	}
}

// TestDecodeRefuses: what names no format that is known, or two.
func TestDecodeRefuses(t *testing.T) {
	for b, want := range map[string]string{
		``:                                "unexpected end of JSON input",
		`[]`:                              "cannot unmarshal",
		`{}`:                              `format "" is none of`,
		`{"format":1}`:                    "cannot unmarshal",
		`{"format":"constat-findings/4"}`: `format "constat-findings/4" is none of`,
		`{"format":"constat-findings/3"`:  "unexpected end of JSON input",
		`{"format":"constat-findings/2"`:  "unexpected end of JSON input",
		`{"answer":"stayed","format":"constat-findings/2","Format":"constat-findings/3"}`: "they name two formats",
		`{"format":"constat-findings/2","notes":[{"key":[]}]}`:                            "notes: json: cannot unmarshal",
		`{"format":"constat-findings/2","verdict":{"propositions":[{"level":"sure"}]}}`:   `level "sure"`,
	} {
		if f, err := Decode([]byte(b)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v, want %q", b, f, err, want)
		}
	}
}

// free are the members whose texts are the data's, or for people: names, times,
// prefixes and addresses, digests, what a reader of files said. All else are
// identifiers.
var free = regexp.MustCompile(`\.(name|names_of|what|text|note|title|collector|collectors|zone|` +
	`registry|list|country|countries|group|grouping|file|files|formats|exhibit|source|sha256|other|who|in)$`)

var (
	identifier = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	format     = regexp.MustCompile(`^constat-findings/\d$`)
)

// sentences calls say for each text of a JSON value that is no identifier and is
// where one must be.
func sentences(path string, v any, say func(path, text string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if path == ".subject" && k == "networks" {
				continue // names by number
			}
			if !regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`).MatchString(k) {
				say(path, k)
			}
			sentences(path+"."+k, x, say)
		}
	case []any:
		for _, x := range v {
			sentences(path, x, say)
		}
	case string:
		_, notTime := time.Parse(time.RFC3339, v)
		_, notDay := time.Parse(time.DateOnly, v)
		_, notPrefix := netip.ParsePrefix(v)
		_, notAddr := netip.ParseAddr(v)
		if v == "" || notTime == nil || notDay == nil || notPrefix == nil || notAddr == nil || format.MatchString(v) || identifier.MatchString(v) ||
			path == ".question.subject" || path == ".watch.unread.reason" || free.MatchString(path) {
			return
		}
		say(path, v)
	}
}

// TestNoSentenceIsAKey: in format 3 every text that is not the data's own is an
// identifier, also if the findings were read from an older format.
func TestNoSentenceIsAKey(t *testing.T) {
	all := kept(t, Format)
	for _, older := range []string{Format1, Format2} {
		for n, b := range kept(t, older) {
			all[n] = again(t, decode(t, b), Format)
		}
	}
	for n, b := range all {
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		sentences("", v, func(path, text string) { t.Errorf("%s: %s is %q", n, path, text) })
	}
	// It would find one.
	found := 0
	for _, b := range kept(t, Format2) {
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		sentences("", v, func(string, string) { found++ })
	}
	if found < 20 {
		t.Errorf("%d sentences were found in format 2", found)
	}
}

var allWords = map[string]words{
	"answers": answersOf2, "blindness": blindnessOf2, "censors": censorsOf2, "levels": levelsOf2, "reasons": reasonsOf2, "demands": demandsOf2,
	"excluders": excludersOf2, "offs": offsOf2, "shapes": shapesOf2, "clocks": clocksOf2, "sides": sidesOf2, "signs": signsOf2, "whys": whysOf2,
	"notes": notesOf2, "stand-ins": standInsOf2,
}

// TestWordsAreOneToOne: two texts never share an identifier, nor is one the text of
// another, so that a file can be written in its own format again.
func TestWordsAreOneToOne(t *testing.T) {
	for name, w := range allWords {
		ids := map[string]string{}
		for text, id := range w {
			if was, ok := ids[id]; ok {
				t.Errorf("%s: %q and %q are both %q", name, was, text, id)
			}
			ids[id] = text
			if !identifier.MatchString(id) || w.id(text) != id || w.former(id) != text {
				t.Errorf("%s: %q is %q, and that is %q", name, text, id, w.former(id))
			}
		}
		for text := range w {
			if was, ok := ids[text]; ok && was != text {
				t.Errorf("%s: %q is a text, and the identifier of %q", name, text, was)
			}
		}
	}
}

// TestIdentifiersAreDocumented: the lists of docs/formats/findings.md have them all.
func TestIdentifiersAreDocumented(t *testing.T) {
	b, err := os.ReadFile("../../docs/formats/findings.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range allWords {
		for _, id := range w {
			if !bytes.Contains(b, []byte("`"+id+"`")) {
				t.Errorf("%s: %q is not documented", name, id)
			}
		}
	}
	for _, id := range []string{AnswerOutage, AnswerPartial, AnswerStayed, Stale, EndOfData, BlindEnd, PropOutage, PropTotal, PropPlace, PropNode, PropMember, PropObserver,
		PropReplaced, PropRenumber, PropAuthor, PropOther, NoteOther, OnListAsked, OnListDelegated, OnListByHand, OnListStruck, OnListOther} {
		if !bytes.Contains(b, []byte("`"+id+"`")) {
			t.Errorf("%q is not documented", id)
		}
	}
}

// TestNotes: what formats 1 and 2 have, and what it is read as.
func TestNotes(t *testing.T) {
	for _, c := range []struct {
		key  string
		args []string
		want string
	}{
		{"reconstruction", []string{"A night"}, `{"key":"reconstruction","title":"A night"}`},
		{"one collector", []string{"rrc15"}, `{"key":"one-collector","collector":"rrc15"}`},
		{"stale lists", []string{"RIPE NCC 2014-06-30", "APNIC 2014-06-30"},
			`{"key":"stale-lists","lists":[{"registry":"RIPE NCC","date":"2014-06-30"},{"registry":"APNIC","date":"2014-06-30"}]}`},
		{"no snapshot", []string{}, `{"key":"no-snapshot"}`},
		{"answers", []string{"RIPEstat bgplay"}, `{"key":"answers","formats":["RIPEstat bgplay"]}`},
		{"not mrt", []string{"RIS Live JSON"}, `{"key":"not-mrt","formats":["RIS Live JSON"]}`},
		{"order", []string{"a b.json", "c"}, `{"key":"order","files":["a b.json","c"]}`},
		{"as from paths", []string{}, `{"key":"as-from-paths"}`},
		{"as from paths", []string{"rrc00 192.0.2.1 AS64501", "rrc 01 2001:db8::1 AS1"},
			`{"key":"as-from-paths","peers":[{"collector":"rrc00","peer":"192.0.2.1","as":64501},{"collector":"rrc 01","peer":"2001:db8::1","as":1}]}`},
		{"as unknown", []string{"rrc00 192.0.2.1"}, `{"key":"as-unknown","peers":[{"collector":"rrc00","peer":"192.0.2.1"}]}`},
		{"inferred", []string{}, `{"key":"inferred"}`},
		{"defect.stuck", []string{"rrc00 2a00:1e68:112::1 AS42861, 2023-08-22 00:00 – 2025-05-10 00:00 UTC", "RIPE NCC"},
			`{"key":"defect-stuck","defect":{"collector":"rrc00","peer":"2a00:1e68:112::1","as":42861,"from":"2023-08-22T00:00:00Z","until":"2025-05-10T00:00:00Z","source":"RIPE NCC"}}`},
		{"defect.flood", []string{"rrc10, 2025-04-15 12:25 – 2025-04-15 13:55 UTC", "RIPE NCC"},
			`{"key":"defect-flood","defect":{"collector":"rrc10","from":"2025-04-15T12:25:00Z","until":"2025-04-15T13:55:00Z","source":"RIPE NCC"}}`},
		// What is of no known form is kept as it is.
		{"a note of one's own", []string{"a", "b"}, `{"key":"other","other":["a note of one's own","a","b"]}`},
		{"one collector", []string{}, `{"key":"other","other":["one collector"]}`},
		{"one collector", []string{"a", "b"}, `{"key":"other","other":["one collector","a","b"]}`},
		{"one-collector", []string{"a"}, `{"key":"other","other":["one-collector","a"]}`},
		{"no snapshot", []string{"why"}, `{"key":"other","other":["no snapshot","why"]}`},
		{"as unknown", []string{"rrc00 192.0.2.01"}, `{"key":"as-unknown","peers":[{"collector":"rrc00 192.0.2.01"}]}`},
		{"as from paths", []string{"rrc00 192.0.2.1 AS064501"}, `{"key":"other","other":["as from paths","rrc00 192.0.2.1 AS064501"]}`},
		{"defect.flood", []string{"rrc10, yesterday", "RIPE NCC"}, `{"key":"other","other":["defect.flood","rrc10, yesterday","RIPE NCC"]}`},
		{"other", []string{"a"}, `{"key":"other","other":["other","a"]}`},
		{"", []string{}, `{"key":"other","other":[""]}`},
	} {
		n := NewNote(c.key, c.args)
		b, err := json.Marshal(n)
		if err != nil || string(b) != c.want {
			t.Errorf("%s %q is %s, want %s (%v)", c.key, c.args, b, c.want, err)
		}
		if key, args := n.older(); key != c.key || !slices.Equal(args, c.args) || n.Name() != c.key {
			t.Errorf("%s %q came back as %s %q", c.key, c.args, key, args)
		}
	}
}

// TestPropositions: the same of what may be said, of a case of one origin, lost
// alone (0), and with others (1).
func TestPropositions(t *testing.T) {
	for was, want := range map[string]string{
		`{"key":"outage","level":"not established","cause":0,"class":[],"args":["AS64496"]}`:                    `{"key":"outage","level":"not-established","cause":0,"class":[],"origin":64496}`,
		`{"key":"outage","level":"indicated","cause":0,"class":[],"args":["AS64496","few full feeds"]}`:         `{"key":"outage","level":"indicated","cause":0,"class":[],"origin":64496,"few_full_feeds":true}`,
		`{"key":"outage","level":"indicated","cause":1,"class":[],"args":["the country","few full feeds"]}`:     `{"key":"outage","level":"indicated","cause":1,"class":[],"few_full_feeds":true}`,
		`{"key":"total","level":"established","cause":1,"class":[],"args":["the country"]}`:                     `{"key":"total","level":"established","cause":1,"class":[]}`,
		`{"key":"node","level":"excluded","cause":0,"class":[],"args":["AS4837"]}`:                              `{"key":"node","level":"excluded","cause":0,"class":[],"network":4837}`,
		`{"key":"elsewhere","level":"indicated","cause":0,"class":[],"args":["AS64496"]}`:                       `{"key":"elsewhere","level":"indicated","cause":0,"class":[],"origin":64496}`,
		`{"key":"observer","level":"established","cause":null,"class":[],"args":["4","6"]}`:                     `{"key":"observer","level":"established","cause":null,"class":[],"reset":4,"carriers":6}`,
		`{"key":"observer","level":"established","cause":0,"class":[],"args":["AS64496"]}`:                      `{"key":"observer","level":"established","cause":0,"class":[],"origin":64496}`,
		`{"key":"replaced","level":"indicated","cause":null,"class":[],"args":["less specific","10.0.0.0/24"]}`: `{"key":"replaced","level":"indicated","cause":null,"class":[],"stand_in":"less-specific","prefixes":["10.0.0.0/24"]}`,
		`{"key":"replaced","level":"indicated","cause":0,"class":[],"args":["AS64496"]}`:                        `{"key":"replaced","level":"indicated","cause":0,"class":[],"origin":64496}`,
		`{"key":"author","level":"not established","cause":null,"class":[],"args":[]}`:                          `{"key":"author","level":"not-established","cause":null,"class":[]}`,
		// What is of no known form is kept as it is.
		`{"key":"author","level":"not established","cause":null,"class":[],"args":["AS1"]}`:             `{"key":"other","level":"not-established","cause":null,"class":[],"other":["author","AS1"]}`,
		`{"key":"outage","level":"indicated","cause":0,"class":[],"args":["AS064496"]}`:                 `{"key":"other","level":"indicated","cause":0,"class":[],"other":["outage","AS064496"]}`,
		`{"key":"outage","level":"indicated","cause":1,"class":[],"args":["another country"]}`:          `{"key":"other","level":"indicated","cause":1,"class":[],"other":["outage","another country"]}`,
		`{"key":"outage","level":"indicated","cause":7,"class":[],"args":["the country"]}`:              `{"key":"other","level":"indicated","cause":7,"class":[],"other":["outage","the country"]}`,
		`{"key":"observer","level":"established","cause":null,"class":[],"args":["4","0"]}`:             `{"key":"other","level":"established","cause":null,"class":[],"other":["observer","4","0"]}`,
		`{"key":"replaced","level":"indicated","cause":null,"class":[],"args":["other origin","10/8"]}`: `{"key":"other","level":"indicated","cause":null,"class":[],"other":["replaced","other origin","10/8"]}`,
	} {
		up := &older{subject: "the country", origins: []uint32{64496, 0}}
		got, err := convert(json.RawMessage(was), shape{whole: (*older).proposition}, up)
		if err != nil || string(got) != want {
			t.Errorf("%s\n is %s,\nwant %s (%v)", was, got, want, err)
			continue
		}
		up.down = true
		if back, err := convert(got, shape{whole: (*older).proposition}, up); err != nil || string(back) != was {
			t.Errorf("%s\ncame back as %s (%v)", was, back, err)
		}
	}
}

// TestReasons: what is on a subject's list, and why.
func TestReasons(t *testing.T) {
	for was, want := range map[string]string{
		`{"what":"AS131279","reason":"asked for"}`: `{"as":131279,"kind":"asked"}`,
		`{"what":"175.45.176.0/22","reason":"delegated to KP by APNIC on 2009-12-21 (delegated-apnic-latest of 2014-06-30)"}`: `{"block":"175.45.176.0/22","kind":"delegated","country":"KP","registry":"APNIC","date":"2009-12-21","list":"delegated-apnic-latest","list_date":"2014-06-30"}`,
		`{"what":"2001:db8::/32","reason":"delegated to FR by RIPE NCC (a of b (undated))"}`:                                  `{"block":"2001:db8::/32","kind":"delegated","country":"FR","registry":"RIPE NCC","list":"a of b"}`,
		`{"what":"AS0131279","reason":"struck by hand: not in use"}`:                                                          `{"what":"AS0131279","kind":"struck","note":"not in use"}`,
		`{"what":"10.0.0.1/8","reason":"because"}`:                                                                            `{"block":"10.0.0.1/8","kind":"other","text":"because"}`,
	} {
		up := &older{}
		got, err := convert(json.RawMessage(was), shape{whole: (*older).reason}, up)
		if err != nil || string(got) != want {
			t.Errorf("%s\n is %s,\nwant %s (%v)", was, got, want, err)
			continue
		}
		up.down = true
		if back, err := convert(got, shape{whole: (*older).reason}, up); err != nil || string(back) != was {
			t.Errorf("%s\ncame back as %s (%v)", was, back, err)
		}
	}
}

func TestBlindness(t *testing.T) {
	for reason, want := range map[string]string{"file not in the cache": FileNotCached, "stale": Stale, "session down": SessionDown, "": MissingFile, "the dog ate it": MissingFile} {
		if got := Blindness(reason); got != want {
			t.Errorf("%q is %q, want %q", reason, got, want)
		}
	}
}

// TestPeerNames: "collector address" in formats 1 and 2.
func TestPeerNames(t *testing.T) {
	for was, want := range map[string]string{
		`"rrc00 192.0.2.1"`:    `{"collector":"rrc00","peer":"192.0.2.1"}`,
		`"rrc 00 2001:db8::1"`: `{"collector":"rrc 00","peer":"2001:db8::1"}`,
		`" 192.0.2.1"`:         `{"collector":"","peer":"192.0.2.1"}`,
		`"rrc00 192.0.2.01"`:   `{"collector":"rrc00 192.0.2.01"}`,
		`"rrc00 2001:DB8::1"`:  `{"collector":"rrc00 2001:DB8::1"}`,
		`"192.0.2.1"`:          `{"collector":"192.0.2.1"}`,
		`""`:                   `{"collector":""}`,
		`"rrc00 fe80::1%eth0"`: `{"collector":"rrc00","peer":"fe80::1%eth0"}`,
	} {
		x := &older{}
		got, err := convert(json.RawMessage(was), shape{whole: (*older).peer}, x)
		if err != nil || string(got) != want {
			t.Errorf("%s is %s, want %s (%v)", was, got, want, err)
			continue
		}
		x.down = true
		if back, err := convert(got, shape{whole: (*older).peer}, x); err != nil || string(back) != was {
			t.Errorf("%s came back as %s (%v)", was, back, err)
		}
	}
}

// TestIdentifiersAreWorded: in every language, but what findings of format 1 alone
// have and what is printed as a name.
func TestIdentifiersAreWorded(t *testing.T) {
	old := []string{"share-lost", "classes-left", "not-a-total-loss", "several-classes-remain", "no-hypothesis-fits", "announced-after-convergence", "one-vantage-collector-or-transit-decides"}
	for _, l := range locale.All() {
		w := locale.Must(l)
		for prefix, ids := range map[string]words{"log.answer.": answersOf2, "reason.": blindnessOf2, "level.": levelsOf2, "why.": reasonsOf2, "demand.": demandsOf2,
			"how.order.": shapesOf2, "how.for.": sidesOf2, "how.v.": signsOf2, "how.why.": whysOf2, "note.": notesOf2} {
			for _, id := range ids {
				if !w.Has(prefix+id) && !slices.Contains(old, id) {
					t.Errorf("%s: nothing words %s%s", l, prefix, id)
				}
			}
		}
	}
}

// TestWritten: what other files cite, they cite as findings.json has it.
func TestWritten(t *testing.T) {
	for _, b := range kept(t, Format2) {
		f := decode(t, b)
		f.Answer = AnswerNoClaim
		v, err := f.WrittenVerdict()
		if err != nil || !bytes.Contains(v, []byte(`"args":`)) || bytes.Contains(v, []byte("not-established")) || f.WrittenAnswer() != "no claim" || f.WrittenCensor(EndOfData) != "end of data" {
			t.Errorf("%s, %.80s, %v", f.WrittenAnswer(), v, err)
		}
		f.Format = Format
		v, err = f.WrittenVerdict()
		if err != nil || bytes.Contains(v, []byte(`"args":`)) || f.WrittenAnswer() != "no-claim" || f.WrittenCensor(EndOfData) != "end-of-data" {
			t.Errorf("%s, %.80s, %v", f.WrittenAnswer(), v, err)
		}
	}
}

// FuzzDecode: whatever is read is written to the same bytes once it was written, and
// nothing makes the reader panic.
func FuzzDecode(f *testing.F) {
	for _, format := range []string{Format1, Format2, Format} {
		for _, b := range kept(f, format) {
			if len(b) < 20_000 {
				f.Add(b)
			}
		}
	}
	f.Add([]byte(`{"format":"constat-findings/2","notes":[[{"key":1}],null,{"args":null}],"answer":["no claim"],"verdict":{"propositions":[{"key":"node","level":"excluded","args":["AS0"]}]}}`))
	f.Add([]byte(`{"format":"constat-findings/2","verdict":{"pRopositions":[{"key":"node","level":"excluded","args":["AS0"]}]}}`))
	f.Add([]byte(`{"format":"constat-findings/2","subject":{"reasons":["x",{"what":"AS1"}],"prefixes":[{"prefix":"10.0.0.0/8","reasons":[1]}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Decode(b)
		if err != nil || x.Format == Format1 {
			return
		}
		one, err := x.Encode()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		y, err := Decode(one)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		two, err := y.Encode()
		if err != nil || !bytes.Equal(one, two) {
			t.Fatalf("not the same again: %s (%v)", firstDifference(one, two), err)
		}
	})
}
