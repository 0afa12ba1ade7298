package press

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"constat/claims/statement"
)

// TestOutside holds that another reader's proposals are taken if the document
// has their words, and refused with the reason if it has not.
func TestOutside(t *testing.T) {
	article := "The mayor, Paul Serre, said that the bridge\nwas safe. “We did\u00a0not close it,” he said.\n\nLe préfet Éric Fénelon l'a démenti."
	sum := sha256.Sum256([]byte(article))
	list := func(ps ...string) []byte {
		return []byte(`{"format": "constat-outside/1", "reader": "a model, 3", "sha256": "` + hex.EncodeToString(sum[:]) + `", "proposals": [` + strings.Join(ps, ",") + `]}`)
	}
	o := Options{Published: someDay, Name: "a.txt"}
	r, err := Outside([]byte(article), list(
		`{"words": ["the bridge was safe"], "speaker": {"as": "The mayor, Paul Serre", "name": "Paul Serre", "role": "official"}, "kind": "assertion", "form": "indirect", "lang": "en"}`,
		`{"words": ["We did\u00a0not close it"], "speaker": {"as": "he", "name": "Paul Serre", "role": "official"}, "kind": "denial", "form": "direct"}`,
		`{"words": ["the bridge was unsafe"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "lang": "en"}`,
		`{"words": ["ridge was safe"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "lang": "en"}`,
		`{"words": ["the bridge was safe"], "speaker": {"as": "The governor", "role": "official"}, "kind": "assertion", "lang": "en"}`,
		`{"words": ["the bridge was safe"], "speaker": {"as": "The mayor", "role": "king"}, "kind": "assertion", "lang": "en"}`,
		`{"words": ["the bridge was safe"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "sure": {"so": 0.9}}`,
		`{"words": "the bridge was safe", "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion"}`,
		`{"words": ["was safe", "the bridge"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "lang": "en"}`,
		`{"words": ["l'a de\u0301menti"], "speaker": {"as": "Le préfet Éric Fénelon", "role": "official"}, "kind": "denial", "lang": "fr"}`,
		`{"words": ["the bridge was safe"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "lang": "en", "said": {"from": "2031-06-01T00:00:00Z", "until": "2031-06-02T00:00:00Z"}}`,
	), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Proposals {
		got = append(got, s.Speaker.As+": "+s.Words)
		if s.Read.Reader != "a model, 3" || s.Accepted != nil {
			t.Errorf("%+v", s)
		}
	}
	if want := "The mayor, Paul Serre: the bridge was safe; he: We did\u00a0not close it; Le préfet Éric Fénelon: l'a démenti"; strings.Join(got, "; ") != want {
		t.Errorf("%q; want %q", got, want)
	}
	leadsBack(t, []byte(article), r.Proposals)
	reasons := map[int]string{3: "not in the text", 4: "not in the text", 5: `calls nobody "The governor"`, 6: "king", 7: "sure", 8: "words", 9: "not in the text", 11: "before it is said"}
	if len(r.Refused) != len(reasons) {
		t.Errorf("refused: %+v", r.Refused)
	}
	for _, x := range r.Refused {
		if !strings.Contains(x.Why, reasons[x.Number]) || reasons[x.Number] == "" {
			t.Errorf("%d: %s; want %q", x.Number, x.Why, reasons[x.Number])
		}
	}
	// They are accepted as the reader's own are, and do not collide with them.
	own, err := Read([]byte(article), o)
	if err != nil {
		t.Fatal(err)
	}
	reg := &statement.Register{Format: statement.Format}
	for _, ps := range [][]statement.Statement{own.Proposals, r.Proposals} {
		var ids []string
		for _, p := range ps {
			ids = append(ids, p.ID)
		}
		ss, err := statement.Accept(ps, ids, "A. Person", at(t, "2031-06-01"), nil)
		if err == nil {
			err = reg.Add(ss...)
		}
		if err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{
		``, `[]`, `{"format": "constat-outside/2", "reader": "x", "proposals": []}`, `{"format": "constat-outside/1", "proposals": []}`, `{"format": "constat-outside/1", "reader": "x", "proposals": [], "more": 1}`,
		`{"format": "constat-outside/1", "reader": "x", "reader": "y", "proposals": []}`, `{"format": "constat-outside/1", "reader": "x", "proposals": []} {}`, `{"format": "constat-outside/1", "reader": "x", "proposals": [`,
		`{"format": "constat-outside/1", "reader": "x", "sha256": "00", "proposals": []}`, `{"format": "constat-outside/1", "reader": " ", "proposals": []}`,
	} {
		if _, err := Outside([]byte(article), []byte(bad), o); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestScoreOutside holds that what this reader proposes, given back as another's,
// scores the same by every measure.
func TestScoreOutside(t *testing.T) {
	dir := os.DirFS("testdata/gold")
	own, err := Score(dir, ByRead)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Score(dir, func(name string, article []byte, g *Gold) ([]statement.Statement, error) {
		ps, err := ByRead(name, article, g)
		if err != nil {
			return nil, err
		}
		d, err := OpenDocument(article)
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		for i, p := range ps {
			var words []string
			for _, w := range p.Read.Words {
				words = append(words, fmt.Sprintf("%q", d.At([]statement.Span{w})))
			}
			as := d.At(p.Read.Speaker[:min(1, len(p.Read.Speaker))])
			if as == "" {
				as = unnamedSpeaker
			}
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"words": [%s], "speaker": {"as": %q, "name": %q, "role": %q}, "kind": %q, "form": %q, "lang": %q, "negative": %v}`,
				strings.Join(words, ","), as, p.Speaker.Name, p.Speaker.Role, p.Kind, p.Form, p.Lang, p.Negative)
		}
		return ByOutside(func(string) ([]byte, error) {
			return []byte(`{"format": "constat-outside/1", "reader": "x", "proposals": [` + b.String() + `]}`), nil
		})(name, article, g)
	})
	if err != nil {
		t.Fatal(err)
	}
	everything := func(*ArticleScore) bool { return true }
	a, b := Sum(own, everything), Sum(other, everything)
	// Words may stand in an article twice, and a pronoun alone says less than
	// whom it stands for; all the rest is the same.
	if a.Gold != b.Gold || abs(a.Proposed-b.Proposed) > 2 || b.Tracker[0].Recall.N < a.Tracker[0].Recall.N-2 || b.Exact.Recall.N < a.Exact.Recall.N-2 || a.Exact.Recall.Of != b.Exact.Recall.Of {
		t.Errorf("own %+v\nas another's %+v", a, b)
	}
}

// TestWilson holds intervals that are published in textbooks, and the ends.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		s         Share
		low, high float64
	}{{Share{61, 66}, .8346, .9671}, {Share{0, 10}, 0, .2775}, {Share{10, 10}, .7225, 1}, {Share{0, 0}, 0, 1}, {Share{50, 100}, .4038, .5962}} {
		low, high := c.s.Wilson()
		if d := max(low-c.low, c.low-low, high-c.high, c.high-high); d > .0006 {
			t.Errorf("%+v: %.4f to %.4f; want %.4f to %.4f", c.s, low, high, c.low, c.high)
		}
	}
}

// TestMeasures counts a small case by hand, by all three measures.
func TestMeasures(t *testing.T) {
	text := "Ada Quine said that the bridge was safe. The mayor denied that he had closed it. The guards were asleep, a source told the Gazette."
	gold := &Gold{Lang: "en", Published: someDay}
	p := func(words string) [2]int { k := strings.Index(text, words); return [2]int{k, k + len(words)} }
	gold.Lines = []GoldLine{
		{Kind: statement.Assertion, Form: statement.Indirect, Speaker: "Ada Quine", Role: statement.Other, Pieces: [][2]int{p("the bridge was safe")}},
		{Kind: statement.Denial, Form: statement.Indirect, Speaker: "the mayor", Role: statement.Official, Pieces: [][2]int{p("he had closed it")}},
		{Kind: statement.Assertion, Form: statement.Indirect, Speaker: "a source", Role: statement.Source, Pieces: [][2]int{p("The guards were asleep")}, Outlets: []string{"the Gazette"}},
	}
	prop := func(as string, kind statement.Kind, words string, outlets ...string) statement.Statement {
		at := p(words)
		return statement.Statement{Speaker: statement.Speaker{As: as, Role: statement.Other}, Kind: kind, Form: statement.Indirect, Words: words, Outlets: outlets,
			Read: &statement.ReadFrom{Words: []statement.Span{{From: int64(at[0]), To: int64(at[1])}}}}
	}
	s := compare(gold, []statement.Statement{
		prop("Ada Quine", statement.Denial, "the bridge was safe."),                // right, another kind, a stop too many
		prop("Ada Quine", statement.Denial, "he had closed it"),                    // another party's words
		prop("it", statement.Assertion, "were asleep"),                             // nobody; a part of the words
		prop("a source", statement.Assertion, "The guards were asleep", "Gazette"), // right
	}, text)
	tl := s.Tally
	for _, c := range []struct {
		what string
		got  Share
		want Share
	}{
		{"precision", Share{tl.Right, tl.Proposed}, Share{2, 4}}, {"recall", Share{tl.Found, tl.Gold}, Share{2, 3}}, {"kind", tl.Kind, Share{1, 2}}, {"denials found", tl.DenialFound, Share{0, 1}},
		{"denials right", tl.DenialRight, Share{0, 2}}, {"misattributed", tl.Misattributed, Share{1, 4}}, {"nobody", tl.NoSpeaker, Share{1, 4}}, {"outlets", tl.Outlet, Share{1, 1}},
		{"tracker .3 recall", tl.Tracker[0].Recall, Share{3, 3}}, {"tracker .3 precision", tl.Tracker[0].Precision, Share{3, 4}}, {"tracker .3 speaker", tl.Tracker[0].Speaker, Share{2, 3}},
		{"exact precision", tl.Exact.Precision, Share{3, 4}}, {"exact recall", tl.Exact.Recall, Share{3, 3}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v; want %v", c.what, c.got, c.want)
		}
	}
}

// TestGoldJSON holds the JSON form of gold, with what only it can say.
func TestGoldJSON(t *testing.T) {
	text := "Le préfet dément."
	ok := `{"format": "constat-gold/2", "published": "2031-05-14", "zone": "Europe/Paris", "lang": "fr", "part": "held", "statements": [{"kind": "denial", "kind_also": ["assertion"], "form": "indirect", "speaker": "Le préfet", "role": "official", "role_also": ["other"],
	"words": ["dément"], "at": [[11, 18]], "at_also": [[[0, 18]]], "negative": false, "optional": true, "outlets": ["Le Quai"], "said": "2031-05-13"}]}`
	g, err := ParseGoldJSON([]byte(ok), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	l := g.Lines[0]
	if !g.HeldOut || g.Lang != "fr" || !l.Optional || l.AlsoKinds[0] != statement.Assertion || l.AlsoPieces[0][0] != [2]int{0, 18} || l.Said.Format(time.DateOnly) != "2031-05-13" || l.Outlets[0] != "Le Quai" {
		t.Errorf("%+v", g)
	}
	for _, r := range [][2]string{{"[[11, 18]]", "[[11, 17]]"}, {"[[11, 18]]", "[[11, 99]]"}, {"[[11, 18]]", "[]"}, {`"denial"`, `"lie"`}, {"gold/2", "gold/9"}, {"Europe/Paris", "Mars"}, {"2031-05-13", "yesterday"}} {
		if _, err := ParseGoldJSON([]byte(strings.Replace(ok, r[0], r[1], 1)), []byte(text)); err == nil {
			t.Errorf("%s for %s is taken", r[1], r[0])
		}
	}
}

// TestStandoff holds that PolNeAR's form is read, its characters being bytes here.
func TestStandoff(t *testing.T) {
	text := "“Été” was here, Ada Quine said. It rained."
	ann := "T1\tSource 16 25\tAda Quine\nT2\tCue 26 30\tsaid\nT3\tContent 0 5;6 14\t“Été” was here\nT4\tAttribution 26 30\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n#1\tAnnotatorNotes T1\tx\n"
	all, err := Score(fstest.MapFS{
		"text/x_2016-10-12_a.txt":              {Data: []byte(text)},
		"attributions/x_2016-10-12_a_4b22.ann": {Data: []byte(ann)},
		"attributions/x_2016-10-12_a_ffff.ann": {Data: []byte("T1\tbroken")},
	}, ByRead)
	if err != nil {
		t.Fatal(err)
	}
	if s := all[0].Tally; s.Gold != 1 || s.Found != 1 || s.Exact.Recall != (Share{1, 1}) || s.Tracker[1].Speaker != (Share{1, 1}) {
		t.Errorf("%+v", s)
	}
	for _, bad := range []string{"T1\tSource 16 99\tx", "T1\tSource 5 5\tx", "T1\tSource\tx"} {
		if _, err := parseStandoff("x_2016-10-12_a", []byte(bad), []byte(text)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// FuzzOutside holds that no list of proposals does harm, and that what is taken
// is valid and stands in the document.
func FuzzOutside(f *testing.F) {
	article := "The mayor, Paul Serre, said that the bridge was safe. « Non », a dit le préfet."
	f.Add([]byte(`{"format": "constat-outside/1", "reader": "x", "proposals": [{"words": ["the bridge was safe"], "speaker": {"as": "The mayor", "role": "official"}, "kind": "assertion", "lang": "en"}]}`), article)
	f.Add([]byte(`{"format": "constat-outside/1", "reader": "x", "sha256": "", "proposals": [{"words": ["Non", "préfet"], "speaker": {"as": "unknown", "role": "other"}, "kind": "denial", "said": null}]}`), "<html><p>"+article)
	f.Fuzz(func(t *testing.T, list []byte, text string) {
		r, err := Outside([]byte(text), list, Options{Published: someDay, Name: "x"})
		if err != nil {
			return
		}
		checkReading(t, []byte(text), r)
	})
}
