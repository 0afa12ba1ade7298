package conduct

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/claims/evidence"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
)

func load(t testing.TB, name string) *Code {
	t.Helper()
	c, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// say writes demands one a line: rule, kind, what, whether met.
func say(ds []Demand) string {
	var out []string
	for _, d := range ds {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %v", d.Rule, d.Kind, d.What, d.Met)))
	}
	return strings.Join(out, "\n")
}

// traced is a trace of two facilities, one of a state-owned operator, and one
// address that stands nowhere.
func traced() *trace.Trace {
	at := moment.Unix(0, 0)
	net := func(as uint32, owners ...atlas.Owner) []trace.Network {
		return []trace.Network{{AS: as, Owners: owners}}
	}
	return &trace.Trace{
		Facilities: []trace.Facility{
			{Address: netip.MustParseAddr("8.8.8.8"), At: &at, Origins: net(64500)},
			{Address: netip.MustParseAddr("9.9.9.9"), At: &at, Origins: net(64501, atlas.Owner{Country: "NO"})},
			{Address: netip.MustParseAddr("10.0.0.1"), At: &at, Special: "private", Origins: net(64999)},
		},
		Countries: []trace.Country{{Code: "JP"}, {Code: ""}},
	}
}

func TestTraced(t *testing.T) {
	f := &Facts{}
	f.Traced(traced())
	if got := fmt.Sprint(f.True); got != "map[facilities:[AS64500 AS64501] state-owned:[AS64501] territory:[JP]]" {
		t.Error(got)
	}
	c := load(t, "un-gge-2015")
	f.Document("notice-AS64500.txt", 10)
	f.Document("notice-AS64501.txt", 0) // empty: none was given
	f.Document("inbox/Context.md", 5)
	want := `13b section statements false
13b section context true
13b section consequences false
13b caution  false
13c notice AS64500 true
13c notice AS64501 false
13c caution  false`
	ds := c.Demanded(f)
	if got := say(ds); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := say(Missing(ds)); got != "13b section statements false\n13b section consequences false\n13c notice AS64501 false" {
		t.Error(got)
	}
	if n := len(Cautions(ds)); n != 2 {
		t.Errorf("%d cautions", n)
	}
	for _, d := range Missing(ds) {
		for l, want := range map[proof.Lang]string{"en": d.What, "fr": d.What} {
			if s := d.Say(l); !strings.Contains(s, want) || !strings.Contains(s, "A/70/174") || strings.Contains(s, "%!") || strings.Contains(s, "\n") {
				t.Errorf("%s: %s", l, s)
			}
		}
	}
	if s := Missing(ds)[2].Say("en"); !strings.Contains(s, "notice-AS64501.txt") {
		t.Error(s)
	}
}

func TestExamined(t *testing.T) {
	total := []finding.Span{{}}
	x := &finding.Findings{Subject: finding.Subject{Kind: "country"}, Question: finding.Question{Subject: "KP"},
		Outages: []finding.Outage{{Scope: "subject", Name: "KP", Total: total}, {Scope: "origin", Name: "AS131279"}}}
	hyp := func(as uint32) []place.Hypothesis {
		return []place.Hypothesis{{Parts: [][]place.Break{{{A: as}, {A: as, B: as + 1}}}}}
	}
	x.Verdict.Propositions = []finding.Proposition{
		{Key: finding.PropPlace, Level: proof.Indicated, Class: hyp(64500)},
		{Key: finding.PropPlace, Level: proof.NotEstablished, Class: hyp(64700)},
		{Key: finding.PropMember, Level: proof.Established, Class: hyp(64800)},
	}
	f := &Facts{}
	f.Examined(x)
	if got := fmt.Sprint(f.True); got != "map[country-cut:[KP] outage:[origin AS131279 subject KP] place:[AS64500 AS64501]]" {
		t.Error(got)
	}
	if !f.Sections[SectionExamination] {
		t.Error("the examination is no section")
	}
	x.Outages[0].Total = nil
	f = &Facts{}
	if f.Examined(x); f.True[FactCountryCut] != nil {
		t.Error("a country that was not gone at once is taken for cut")
	}
	// A network that stayed engages nothing.
	f = &Facts{}
	f.Examined(&finding.Findings{Answer: finding.AnswerStayed})
	for _, n := range Names() {
		if ds := load(t, n).Demanded(f); len(ds) != 0 {
			t.Errorf("%s: %s", n, say(ds))
		}
	}
}

func TestSaidAndWeighed(t *testing.T) {
	act := &statement.Act{What: "attack", By: "somebody"}
	r := &statement.Register{Statements: []statement.Statement{
		{ID: "a", Kind: statement.Assertion, Proposition: statement.Proposition{Act: act}},
		{ID: "b", Kind: statement.Assertion, Proposition: statement.Proposition{Act: &statement.Act{What: "attack"}}}, // accuses nobody
		{ID: "c", Kind: statement.Denial, Proposition: statement.Proposition{Act: act}},
		{ID: "d", Kind: statement.Request, Proposition: statement.Proposition{Act: act}},
		{ID: "e", Kind: statement.Announcement, Proposition: statement.Proposition{Act: act}},
	}}
	f := &Facts{}
	f.Said(r)
	f.Weighed(&evidence.Weighing{Lead: -1}) // nobody rated: no evidence
	if got := fmt.Sprint(f.True); got != "map[accusation:[a] announcement:[e] request:[d] statement:[a b c d e]]" {
		t.Error(got)
	}
	f.Weighed(&evidence.Weighing{Lead: -1, Contradiction: true, Raters: []evidence.Rater{{}}})
	f.Weighed(&evidence.Weighing{Lead: 0, Raters: []evidence.Rater{{}}, Hypotheses: []evidence.Weighed{{Letter: "A"}}})
	if _, ok := f.True[FactDisagreement]; !ok || f.True[FactConclusion][0] != "A" || !f.Sections[SectionEvidence] {
		t.Errorf("%+v", f)
	}
	ids := map[string]bool{}
	for _, n := range Names() {
		for _, d := range load(t, n).Demanded(f) {
			ids[d.Code+" "+d.Rule] = true
		}
	}
	for _, want := range []string{"un-gge-2015 13b", "un-gge-2015 13f", "un-gge-2015 13h", "un-gge-2015 28f", "sco-2015 peace", "sco-2015 interference", "sco-2015 disputes"} {
		if !ids[want] {
			t.Errorf("%s is not engaged", want)
		}
	}
	if ids["un-gge-2015 13c"] || ids["sco-2015 rights"] {
		t.Errorf("engaged without reason: %v", ids)
	}
}

// TestDocument: what was measured nobody can write, what there is none of can
// be said.
func TestDocument(t *testing.T) {
	f := &Facts{}
	for _, n := range []string{"examination.md", "trace.md", "evidence.md", "contexts.md", "notice-AS.txt", "notice-AS12x.txt", "notice-AS00012.fr.txt", "replies"} {
		f.Document(n, 1)
	}
	if fmt.Sprint(f.Sections, f.Notices) != "map[evidence:true replies:true] map[AS12:true]" {
		t.Error(f.Sections, f.Notices)
	}
}

// TestShipped: every code that ships is read, names its sources, and every fact
// and section that there is has a use.
func TestShipped(t *testing.T) {
	engaged := map[string]bool{}
	for _, n := range Names() {
		c := load(t, n)
		if c.Name != n {
			t.Errorf("%s calls itself %q", n, c.Name)
		}
		for _, r := range c.Rules {
			if !strings.HasPrefix(r.Source, map[string]string{"un-gge-2015": "A/70/174", "sco-2015": "A/69/723"}[n]) {
				t.Errorf("%s %s: source %q", n, r.ID, r.Source)
			}
			for _, all := range r.Engaged {
				for _, f := range all {
					engaged[f] = true
				}
			}
			for _, d := range r.Demands {
				if strings.Contains(d.Text["fr"], " :") || strings.Contains(d.Text["fr"], " ;") {
					t.Errorf("%s %s: a plain space before a colon in %q", n, r.ID, d.Text["fr"])
				}
			}
		}
	}
	for _, want := range []string{"13b", "13c", "13f"} {
		if !slices.ContainsFunc(load(t, "un-gge-2015").Rules, func(r Rule) bool { return r.ID == want && r.Quote != "" }) {
			t.Errorf("no rule %s with its words", want)
		}
	}
	if _, err := Load("nato"); err == nil || !strings.Contains(err.Error(), "un-gge-2015, sco-2015") {
		t.Error(err)
	}
}

const mine = `format = "constat-code/1"
name = "mine"
title = { en = "Mine", fr = "Le mien" }
status = { en = "A test.", fr = "Un essai." }

[[rule]]
id = "one"
source = "a document"
engaged = [["outage", "request"], ["evidence"]]
text = { en = "x", fr = "y" }

[[rule.demand]]
kind = "section"
what = "context"
text = { en = "x", fr = "y" }

[[rule.demand]]
kind = "notice"
what = "place"
text = { en = "x", fr = "y" }
`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(mine))
	if err != nil {
		t.Fatal(err)
	}
	// All facts of one set are needed, one set is enough.
	for _, x := range []struct {
		facts string
		want  int
	}{{"outage", 0}, {"request", 0}, {"outage request", 1}, {"evidence", 1}, {"evidence place", 2}, {"place", 0}} {
		f := &Facts{}
		for _, s := range strings.Fields(x.facts) {
			f.is(s, "AS1")
		}
		if ds := c.Demanded(f); len(ds) != x.want {
			t.Errorf("%s: %s", x.facts, say(ds))
		}
	}
	for _, x := range []struct{ old, new, want string }{
		{"constat-code/1", "constat-code/2", `this program reads "constat-code/1"`},
		{`name = "mine"`, `name = "My Code"`, "name = "},
		{`title = { en = "Mine", fr = "Le mien" }`, `title = { fr = "Le mien" }`, "title.en is missing"},
		{`title = { en = "Mine", fr = "Le mien" }`, `title = { en = "Mine", xx = "?" }`, "title.xx is in a language that this program does not have"},
		{`id = "one"`, ``, "rule 1: id"},
		{`source = "a document"`, ``, "rule one: source has 0 characters"},
		{`"outage", "request"`, `"outrage"`, `engaged by "outrage", which is no fact`},
		{`engaged = [["outage", "request"], ["evidence"]]`, `engaged = []`, "engaged has 0 sets"},
		{`["evidence"]`, `[]`, "a set of 0 facts"},
		{`kind = "section"`, `kind = "wish"`, `kind = "wish"`},
		{`kind = "section"`, `kind = "caution"`, "a caution has no what"},
		{`what = "context"`, `what = "contempt"`, `section "contempt"`},
		{`what = "place"`, `what = "outage"`, `notice to the networks of "outage"`},
		{`what = "place"`, `who = "place"`, "no code has the key rule.demand.who (line 19)"},
		{`text = { en = "x", fr = "y" }`, `text = { en = "Likely, with high confidence.", fr = "y" }`, "puts likelihood and confidence in one sentence"},
		{`[[rule]]`, `[[rule]`, "line "},
		{"x", "x\u202e", "one line of printable text"},
	} {
		text := strings.Replace(mine, x.old, x.new, 1)
		if x.old == "x" {
			text = strings.Replace(mine, `en = "x"`, "en = \"x\u202e\"", 1)
		}
		if text == mine {
			t.Errorf("%q is not in the file: this case tests nothing", x.old)
			continue
		}
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrCode) || !strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want one line with %q", x.new, err, x.want)
		}
	}
	if _, err := Parse([]byte(mine + mine[strings.Index(mine, "[[rule]]"):])); err == nil || !strings.Contains(err.Error(), "rule one is there twice") {
		t.Error(err)
	}
	if _, err := Parse(make([]byte, MaxSize+1)); err == nil {
		t.Error("a file too large is read")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(mine))
	for _, n := range Names() {
		b, _ := Source(n)
		f.Add(b)
	}
	all := &Facts{}
	for k := range facts {
		all.is(k, "AS1", "AS2")
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 16<<10 {
			return
		}
		c, err := Parse(b)
		if err != nil {
			if !errors.Is(err, ErrCode) {
				t.Fatalf("a refusal that is not ErrCode: %v", err)
			}
			return
		}
		for _, d := range c.Demanded(all) {
			if d.Source == "" || len(d.By) == 0 {
				t.Fatalf("%+v", d)
			}
			if d.Kind != KindCaution && (d.Say("en") == "" || d.Say("fr") == "") {
				t.Fatalf("%+v", d)
			}
		}
		if len(c.Demanded(&Facts{})) != 0 {
			t.Fatal("an empty case is asked for something")
		}
	})
}
