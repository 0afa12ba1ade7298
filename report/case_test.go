package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"constat/claims/conduct"
	"constat/claims/evidence"
	"constat/claims/standing"
	"constat/claims/statement"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
)

// findings are those of a case of the tests.
func findings(t *testing.T, name string) *finding.Findings {
	t.Helper()
	for _, c := range cases {
		if c.name == name {
			return c.make()
		}
	}
	t.Fatalf("no case %s", name)
	return nil
}

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

const register = `constat-statements/1

statement a-request
speaker: officials of the administration
for: United States
role: anonymous official
record: off
outlets: Evening Paper
kind: request
form: indirect
said: 2014-12-18/2014-12-19
published: 2014-12-24/2014-12-25
learned: 2014-12-26T09:00:00Z
words: China was asked to block access to routers and servers in China.
lang: en
act: block
act by: China
grade: C3
document: evening.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement b-overload
speaker: a staff member
role: staff
outlets: An Agency
kind: assertion
form: indirect
said: 2014-12-21T16:00:00Z/2014-12-22T16:00:00Z
published: 2014-12-23/2014-12-24
learned: 2014-12-26T09:00:00Z
words: The network was overloaded, said a staff member of the operator.
lang: en
act: overload
grade: D3
document: agency.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement c-gone
speaker: its director
name: Jane Example
for: Example Research
role: expert
record: on
kind: assertion
form: direct
said: 2014-12-22T20:40:00Z/2014-12-22T20:41:00Z
published: 2014-12-22/2014-12-23
learned: 2014-12-26T09:00:00Z
about: 2014-12-22T16:00:00Z/2014-12-22T20:40:00Z
words: All four networks are gone.
lang: en
act: outage
grade: B1
document: blog.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement d-denial
speaker: the spokesman
for: China
role: official
record: on
outlets: Un Journal < An Agency
kind: denial
form: direct
said: 2014-12-23T07:00:00Z/2014-12-23T09:00:00Z
published: 2014-12-23/2014-12-25
learned: 2014-12-26T09:00:00Z
about: 2014-12-22T16:15:00Z/2014-12-23T01:46:00Z
words: Ce genre de déclaration est sans fondement.
lang: fr
gist: reports that it cut the link have no basis
hypothesis: transit-import(AS4837)
hypothesis: transit-export(AS4837)
act: cut
act by: China
grade: A6
document: article.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement e-node
speaker: Somebody <b>bold</b>
role: other
kind: assertion
form: indirect
said: 2014-12-22T22:00:00Z/2014-12-22T22:30:00Z
published: 2014-12-22/2014-12-24
learned: 2014-12-26T09:00:00Z
about: 2014-12-22T16:15:00Z/2014-12-23T01:46:00Z
words: The carrier as a whole was down.
lang: en
hypothesis: node(AS4837) for everything
grade: E5
document: forum.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement f-relabelled
speaker: an unnamed Chinese official
for: China
role: anonymous official
outlets: Another Paper < An Agency
kind: assertion
form: indirect
published: 2014-12-23/2014-12-24
learned: 2014-12-26T09:00:00Z
words: The network was overloaded, said an unnamed Chinese official.
lang: en
act: overload
repeats: b-overload
grade: E3
document: paper.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z

statement g-later
speaker: the commission
for: North Korea
role: official
record: on
kind: assertion
form: indirect
said: 2014-12-27/2014-12-28
published: 2014-12-27/2014-12-28
learned: 2014-12-28T09:00:00Z
about: 2014-12-27/2014-12-28
words: The United States are behind it.
lang: en
hypothesis: origin(AS131279)
grade: A6
document: later.txt
sha256: DIGEST
accepted by: A. Person
accepted at: 2014-12-28T10:00:00Z
`

const rated = `format = "constat-evidence/1"
question = "How did they get in?"
hypothesis = [ { id = "a", text = "By a message." }, { id = "b", text = "With help from <i>inside</i>." } ]
item = [ { id = "mail", grade = "B2", source = "the company", text = "A message was kept." }, { id = "badge", grade = "A1", source = "the guards", text = "Nobody was in the building." } ]
rating = [
  { item = "mail", by = "A. Analyst", of = { a = "C", b = "II" } },
  { item = "badge", by = "A. Analyst", of = { a = "N", b = "I" } },
  { item = "mail", by = "C. Contrary", of = { a = "I", b = "C" }, why = "It was planted." },
]
`

var unworded = regexp.MustCompile(`\[[a-z]+(\.[a-z0-9]+)+\]|\{[a-z]+\}|<nil>|%!|\x{202e}`)

// caseOptions are the options of a page inside a case.
func caseOptions(t *testing.T, f *finding.Findings, l Lang) Options {
	t.Helper()
	o := options(l)
	ss, err := statement.ParseText([]byte(strings.ReplaceAll(register, "DIGEST", digest)))
	if err != nil {
		t.Fatal(err)
	}
	k := &Case{Question: "Who was in a position to cut these networks?"}
	for i, b := range standing.Of(f, ss) {
		if err := ss[i].Validate(); err != nil {
			t.Fatal(err)
		}
		k.Statements = append(k.Statements, Statement{Statement: ss[i], Entry: 3, Beside: b})
	}
	k.Contradictions, k.Relabelled, k.Drifts = statement.Contradictions(ss), statement.Relabelled(ss), statement.Drifts(ss)
	k.Replies = []Reply{
		{Party: "ministry.example/spokesman", For: "the ministry", Entry: 4, At: ts("2014-12-24T10:00:00Z"), Name: "words.txt", Text: "We had no part in it.\n\nNor would we."},
		{Party: "ministry.example/spokesman", Entry: 6, At: ts("2014-12-24T11:00:00Z"), Dissent: true, Size: 5, Text: "The recording is a <i>reconstruction</i>.\u202e"},
	}
	k.Log = &Log{Origin: "constat/case/" + digest, Size: 8, Root: "bm90IGEgcm9vdCBoYXNoIG5vdCBhIHJvb3QgaGFzaC4=", Examiner: "examiner.example",
		Cosignatures: []Cosignature{{Party: "ministry.example/spokesman", Size: 5, At: ts("2014-12-24T10:30:00Z")}},
		Unknown:      []UnknownKey{{Where: "acts/00005-cosignature/x.note", Name: "stranger.example", ID: "0badf00d"}}}
	for i, kind := range []string{"opened", "asked", "examined", "statement", "party", "cosignature", "dissent", "document"} {
		k.Log.Entries = append(k.Log.Entries, LogEntry{int64(i), ts("2014-12-24T10:00:00Z"), kind, "what it is"})
	}
	k.Others = []OtherExamination{{Entry: 2, Asked: "AS22351", Answer: finding.AnswerStayed, Href: "../00002-examined/x/report.html"}}
	var tr trace.Trace
	if err := json.Unmarshal([]byte(`{"format":"constat-trace/1","indicators":{"file":"addresses.csv","form":"csv"},
		"lists":{"delegations":["delegated-ripencc of 2014-06-30"],"absent":["arin"]},
		"facilities":[{"address":"192.0.2.7","at":"2014-11-24T00:00:00Z","ports":["8000"],"holders":[{"country":"IT","list":"delegated-ripencc of 2014-06-30"}],"prefix":"192.0.2.0/24","origins":[{"as":64500,"name":"Example"}],"routed":{"state":"unknown"}},
			{"address":"198.51.100.9","at":"2014-11-24T00:00:00Z","holders":[],"origins":[],"routed":{"state":"unknown"}}],
		"countries":[{"code":"IT","addresses":1,"operators":[{"as":64500,"name":"Example","addresses":1}]},{"code":"","addresses":1,"operators":[{"as":0,"addresses":1}]}]}`), &tr); err != nil {
		t.Fatal(err)
	}
	tr.Caution = trace.PlaceIsNotUser()
	k.Traces = []Trace{{7, &tr}}
	e, err := evidence.Parse([]byte(rated))
	if err != nil {
		t.Fatal(err)
	}
	w, err := evidence.Weigh(e, proof.Clear())
	if err != nil {
		t.Fatal(err)
	}
	code, err := conduct.Load("un-gge-2015")
	if err != nil {
		t.Fatal(err)
	}
	var facts conduct.Facts
	facts.Examined(f)
	facts.Document("context.md", 7)
	k.Codes = []Code{{code.Name, code.Title, code.Status, 7, code.Demanded(&facts)}}
	k.Documents = []Document{{conduct.SectionContext, "context.md", 7, "What went <b>before</b>."}}
	k.Evidence = []Evidence{{[]int64{7}, w, proof.Clear()}}
	o.Case = k
	return o
}

func renderCase(t *testing.T, l Lang) (string, *finding.Findings, Options) {
	t.Helper()
	f := findings(t, "night")
	o := caseOptions(t, f, l)
	var b, again bytes.Buffer
	if err := HTML(&b, f, o); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&again, f, o); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("two runs differ: %v", err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, "case."+string(l)+".html"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s: %d bytes", l, b.Len())
	return b.String(), f, o
}

func TestCase(t *testing.T) {
	for _, l := range locale.All() {
		page, f, o := renderCase(t, l)
		doc := parse(t, page)
		ids := map[string]bool{}
		for _, n := range find(doc, "", "", "") {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: id %s twice", l, id)
				}
				ids[id] = true
			}
		}
		for _, n := range find(doc, "a", "", "") {
			if h := attr(n, "href"); strings.HasPrefix(h, "#") && !ids[h[1:]] {
				t.Errorf("%s: %s leads nowhere", l, h)
			}
		}
		for _, id := range []string{"statements", "trace", "evidence", "codes", "log", "s1", "s7", "t-statements", "t-trace", "t-countries", "t-evidence", "t-log"} {
			if !ids[id] {
				t.Errorf("%s: no #%s", l, id)
			}
		}
		for i, x := range o.Case.Statements {
			rows := find(doc, "tr", fmt.Sprintf("s%d", i+1), "")
			if len(rows) != 1 || len(find(rows[0], "td", "", standWords[x.Beside.Standing])) != 1 {
				t.Errorf("%s: statement %d does not stand as %s", l, i+1, x.Beside.Standing)
			}
		}
		var sum bytes.Buffer
		if err := writeCaseSummary(&sum, f, o.Case, l); err != nil {
			t.Fatal(err)
		}
		golden(t, "case."+string(l)+".txt", sum.Bytes())
		for _, s := range []string{page[strings.Index(page, "</style>"):], sum.String()} {
			if m := unworded.FindString(s); m != "" {
				t.Errorf("%s: %q reached the reader", l, m)
			}
		}
		if strings.Contains(page, "<b>bold") || strings.Contains(page, "<i>recon") || strings.Contains(page, "<b>before") {
			t.Errorf("%s: what others wrote is not escaped", l)
		}
		for _, s := range map[Lang][]string{English: {"Not established", "the raters contradict each other", "names nobody as author"},
			French: {"Non établi", "les évaluateurs se contredisent", "ne désigne personne comme auteur"}}[l] {
			if !strings.Contains(page, s) {
				t.Errorf("%s: the evidence does not say %q", l, s)
			}
		}
		if w := locale.Must(l); strings.Contains(page, w.T("weigh.col.grade")+" "+w.T("weigh.col.rater")) {
			t.Errorf("%s: the matrix is there twice", l)
		}
		if m := proof.Mixed(text(parse(t, page[strings.Index(page, "<main>"):]))); len(m) > 0 {
			t.Errorf("%s: likelihood and confidence in one sentence: %q", l, m)
		}
	}
}

// TestDenial: the sentence of the house stands where it applies, and nowhere
// else.
func TestDenial(t *testing.T) {
	page, f, o := renderCase(t, English)
	const sentence = "A denial by a party whose network lies where nothing is told apart is"
	if n := strings.Count(page, sentence); n != 2 { // over the table, and in the row
		t.Errorf("it stands there %d times", n)
	}
	for i := range o.Case.Statements {
		o.Case.Statements[i].Proposition.Act = nil // whose network it is nobody says
	}
	var b bytes.Buffer
	if err := HTML(&b, f, o); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), sentence) {
		t.Error("it stands where it does not apply")
	}
	if !strings.Contains(b.String(), "one of those that no route tells apart") {
		t.Error("no reason is given")
	}
}

// TestEmptyCase: a case that adds nothing adds no section, and outside a case
// the page is what it was.
func TestEmptyCase(t *testing.T) {
	f := findings(t, "night")
	o := options(English)
	var without, with bytes.Buffer
	if err := HTML(&without, f, o); err != nil {
		t.Fatal(err)
	}
	o.Case = &Case{}
	if err := HTML(&with, f, o); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"statements", "trace", "evidence", "codes", "log"} {
		if strings.Contains(with.String(), `id="`+id+`"`) || strings.Contains(with.String(), `href="#`+id+`"`) {
			t.Errorf("an empty section %s", id)
		}
	}
	if strings.Contains(without.String(), ".stm") {
		t.Error("a page outside a case carries the style of one")
	}
}

// TestStandingsAreWorded: every standing and reason that finding gives has
// words and a mark of its own.
func TestStandingsAreWorded(t *testing.T) {
	p, err := newPrinter(English, &finding.Findings{Question: finding.Question{Until: moment.Second}})
	if err != nil {
		t.Fatal(err)
	}
	for _, why := range []string{standing.WhyHolds, standing.WhyExcluded, standing.WhyInseparable, standing.WhyOpen, standing.WhyInside, standing.WhyBeyond, standing.WhyMeasured,
		standing.WhyStayed, standing.WhyUndecided, standing.WhyShort, standing.WhyBegun, standing.WhyNoClaim, standing.WhyUnknown, standing.WhyLacked, standing.WhyAct, standing.WhyAsked, standing.WhySpeech, standing.WhyNothing, standing.WhyOutside, standing.WhyBefore, standing.WhyAnother, standing.WhyUnseen, standing.WhyPartial, standing.WhyNone} {
		if w := whyWords(p, &Statement{Beside: standing.Beside{Why: why}}); w == why || strings.HasPrefix(w, "[") {
			t.Errorf("%q has no words", why)
		}
	}
	var marks []string
	for _, s := range standOrder {
		if standWords[s] == "" || standSigns[s] == "" || slices.Contains(marks, standWords[s]) {
			t.Errorf("%q has no mark of its own", s)
		}
		marks = append(marks, standWords[s])
	}
}
