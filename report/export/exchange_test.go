package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"constat/internal/locale"
	"constat/judge/finding"
)

var update = flag.Bool("update", false, "write the golden files")

var languages = locale.All()

// writers are the three exports.
var writers = []struct {
	name, ext string
	write     func(*Case, Options) ([]byte, error)
}{{"stix", "stix.json", STIX}, {"claimreview", "claimreview.json", ClaimReview}, {"markdown", "md", Markdown}}

func TestGolden(t *testing.T) {
	for _, l := range languages {
		for _, w := range writers {
			for name, c := range map[string]*Case{"night": madeCase(t, night(t)), "undecided": Alone("undecided", Examination{SHA256: madeFinding, Findings: undecided(t)}, nil)} {
				if name == "undecided" && w.name == "claimreview" {
					continue // nobody said anything
				}
				file := filepath.Join("testdata", name+"."+string(l)+"."+w.ext)
				got, err := w.write(c, Options{Lang: l})
				if err != nil {
					t.Fatal(err)
				}
				if again, err := w.write(c, Options{Lang: l}); err != nil || !bytes.Equal(got, again) {
					t.Errorf("%s: the same case gives other bytes (%v)", file, err)
				}
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatalf("%v; -update writes it", err)
				}
				if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); d != "" {
					t.Errorf("%s (-want +got; where report words it anew, -update writes it):\n%s", file, d)
				}
			}
		}
	}
}

// TestAnything exports what the types can hold and looks whether what comes out
// keeps our rules: never a panic, always a valid bundle, one of the bytes.
func TestAnything(t *testing.T) { rapid.Check(t, exportsAnything) }

func FuzzExport(f *testing.F) { f.Fuzz(rapid.MakeFuzz(exportsAnything)) }

func exportsAnything(t *rapid.T) {
	c := anyCase(t)
	o := Options{Lang: rapid.SampledFrom(languages).Draw(t, "lang"), URL: rapid.SampledFrom([]string{"", "https://example.org/r"}).Draw(t, "url")}
	b, err := STIX(c, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := keepsRules(b); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	opinions := bytes.Count(b, []byte(`"type": "opinion"`))
	switch b, err = ClaimReview(c, o); {
	case errors.Is(err, ErrReconstruction):
		if opinions > 0 || !slices.ContainsFunc(c.Examinations, func(x Examination) bool { return x.reconstruction() != nil }) {
			t.Fatalf("%v, and %d opinions", err, opinions)
		}
	case err != nil:
		t.Fatal(err)
	default:
		if err := reviewsKeepRules(b); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
	}
	if b, err = Markdown(c, o); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(b) || bytes.ContainsAny(b, "\x00\r") || strings.Contains(outsideCode(string(b)), "</script>") {
		t.Fatalf("markdown holds what no page should:\n%q", b)
	}
	if err := tablesAreWhole(string(b)); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
}

func TestUUID(t *testing.T) {
	// The first two are given by the specification and by other tools; the last
	// is RFC 9562's example of version 5.
	for _, c := range []struct{ want, got string }{
		{"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", sco("ipv4-addr", "value", "198.51.100.3")},
		{"autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff", sco("autonomous-system", "number", uint32(15139))},
		{"2ed6657d-e927-568b-95e1-2665a8aea6a2", mustUUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8").name("www.example.com").String()},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	if scoSpace == ownSpace {
		t.Error("our objects share the namespace of observables")
	}
}

// objects reads a bundle back.
func objects(t *testing.T, b []byte) []map[string]any {
	t.Helper()
	if err := keepsRules(b); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	var doc struct{ Objects []map[string]any }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Objects
}

func TestSTIXStandings(t *testing.T) {
	b, err := STIX(madeCase(t, night(t)), Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	ids := map[string]string{} // statement notes, by id of the object
	all := objects(t, b)
	for _, o := range all {
		if ls, _ := o["labels"].([]any); len(ls) == 2 && ls[0] == "statement" {
			ids[o["id"].(string)] = ls[1].(string)
		}
	}
	for _, o := range all {
		if ls, _ := o["labels"].([]any); len(ls) == 2 && ls[0] == "standing" {
			of := ids[o["object_refs"].([]any)[0].(string)]
			got[of] = o["type"].(string) + " " + ls[1].(string)
			if o["type"] == "opinion" {
				got[of] += " " + o["opinion"].(string)
			}
		}
	}
	// An opinion is about correctness. What routes cannot test, and what is
	// about another time, gets none.
	want := map[string]string{
		"ministry-denial": "opinion neither-refuted-nor-confirmed neutral",
		"reports-outage":  "opinion supported agree",
		"carrier-down":    "opinion contradicted disagree",
		"asks-block":      "note not-testable-by-routing-data",
		"week-after":      "note about-another-interval",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestSTIXAbstains: an abstention is said in text, has no confidence, and names
// nobody.
func TestSTIXAbstains(t *testing.T) {
	for _, l := range languages {
		abstained := voiceOf(l).say("abstain")
		for name, c := range map[string]struct {
			f    *finding.Findings
			want bool
		}{"established": {night(t), false}, "not established": {undecided(t), true}} {
			b, err := STIX(Alone("x", Examination{Findings: c.f}, nil), Options{Lang: l})
			if err != nil {
				t.Fatal(err)
			}
			var noted, reported bool
			for _, o := range objects(t, b) {
				if o["type"] == "note" && o["content"] == abstained {
					noted = true
				}
				if text, _ := o["description"].(string); o["type"] == "report" && strings.Contains(text, abstained) {
					reported = true
				}
			}
			if noted != c.want || reported != c.want {
				t.Errorf("%s, %s: abstention in a note %v, in the report %v; want %v", name, l, noted, reported, c.want)
			}
			if strings.Contains(string(b), "attributed") {
				t.Errorf("%s, %s: something is attributed", name, l)
			}
		}
	}
}

func TestSTIXCountry(t *testing.T) {
	for _, kind := range []string{"country", "file"} {
		f := night(t)
		f.Subject.Kind = kind
		b, err := STIX(Alone("x", Examination{Findings: f}, nil), Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, o := range objects(t, b) {
			if o["type"] == "location" {
				n++
				if o["country"] != "KP" || !strings.Contains(o["description"].(string), "not where a machine stands") {
					t.Errorf("location %v", o)
				}
			}
		}
		if want := map[string]int{"country": 1, "file": 0}[kind]; n != want {
			t.Errorf("a subject that is a %s has %d locations, want %d", kind, n, want)
		}
	}
}

// TestSTIXGrows: what is added to a case leaves the objects that were there
// before as they were, under the same identifiers.
func TestSTIXGrows(t *testing.T) {
	c := madeCase(t, night(t))
	all, last := c.Statements, len(c.Statements)-1
	c.Statements = all[:last]
	before, err := STIX(c, Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	c.Statements, c.Published = all, c.Published+86400*1_000_000
	after, err := STIX(c, Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	for _, o := range objects(t, after) {
		now[o["id"].(string)] = true
	}
	for _, o := range objects(t, before) {
		if !now[o["id"].(string)] && o["type"] != "report" {
			t.Errorf("%s is another object now", o["id"])
		}
	}
}

// TestRules: the rules that everything above relies on refuse what they should.
func TestRules(t *testing.T) {
	good, err := STIX(madeCase(t, night(t)), Options{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if err := keepsRules(good); err != nil {
		t.Fatal(err)
	}
	of := func(doc map[string]any, typ string) map[string]any {
		for _, x := range doc["objects"].([]any) {
			if o := x.(map[string]any); o["type"] == typ {
				return o
			}
		}
		t.Fatalf("no %s", typ)
		return nil
	}
	for name, spoil := range map[string]func(map[string]any){
		"no property that is required": func(d map[string]any) { delete(of(d, "note"), "content") },
		"an attribution":               func(d map[string]any) { of(d, "relationship")["relationship_type"] = "attributed-to" },
		"a relationship of other ends": func(d map[string]any) {
			r := of(d, "relationship")
			r["source_ref"], r["target_ref"] = r["target_ref"], r["source_ref"]
		},
		"a threat actor": func(d map[string]any) {
			o := of(d, "identity")
			o["type"], o["id"] = "threat-actor", strings.Replace(o["id"].(string), "identity", "threat-actor", 1)
		},
		"a reference to nothing": func(d map[string]any) {
			of(d, "opinion")["object_refs"] = []any{"note--28bb3599-77cd-5a82-a950-b5bc3caf07c4"}
		},
		"a time without milliseconds":      func(d map[string]any) { of(d, "report")["published"] = "2015-01-09T17:00:00Z" },
		"a word of no vocabulary":          func(d map[string]any) { of(d, "opinion")["opinion"] = "undetermined" },
		"an unknown property":              func(d map[string]any) { of(d, "note")["likelihood"] = "likely" },
		"an empty list":                    func(d map[string]any) { of(d, "note")["object_refs"] = []any{} },
		"a null":                           func(d map[string]any) { of(d, "note")["abstract"] = nil },
		"an observable's id of ours":       func(d map[string]any) { of(d, "ipv4-addr")["value"] = "192.0.2.0/24" },
		"confidence in an opinion":         func(d map[string]any) { of(d, "opinion")["confidence"] = 85 },
		"confidence off the scale":         func(d map[string]any) { of(d, "note")["confidence"] = 99 },
		"a version 4 id":                   func(d map[string]any) { of(d, "note")["id"] = "note--28bb3599-77cd-4a82-a950-b5bc3caf07c4" },
		"observed data without observable": func(d map[string]any) { of(d, "observed-data")["object_refs"] = []any{of(d, "note")["id"]} },
		"the last before the first":        func(d map[string]any) { of(d, "observed-data")["last_observed"] = "2000-01-01T00:00:00.000Z" },
		"nobody said not who":              func(d map[string]any) { of(d, "report")["description"] = "It was them." },
		"a bundle with a version":          func(d map[string]any) { d["spec_version"] = "2.1" },
	} {
		var doc map[string]any
		if err := json.Unmarshal(good, &doc); err != nil {
			t.Fatal(err)
		}
		spoil(doc)
		b, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if keepsRules(b) == nil {
			t.Errorf("%s keeps the rules", name)
		}
	}
}

// TestDays: a day of any place is written as the date it had there.
func TestDays(t *testing.T) {
	for _, c := range []struct{ from, until, want string }{
		{"2014-12-22T16:00Z", "2014-12-23T16:00Z", "2014-12-23"}, // Beijing
		{"2014-12-23T05:00Z", "2014-12-24T05:00Z", "2014-12-23"}, // Washington
		{"2014-12-23T00:00Z", "2014-12-24T00:00Z", "2014-12-23"},
		{"2014-12-23T00:00Z", "2014-12-26T00:00Z", ""},
		{"2014-12-23T10:00Z", "2014-12-23T11:00Z", ""},
	} {
		i := said(t)[0].Published
		i.From, i.Until = at(t, c.from), at(t, c.until)
		if got, _ := dayOf(i); got != c.want {
			t.Errorf("%s/%s is %q, want %q", c.from, c.until, got, c.want)
		}
	}
}
