// Package export writes findings, and the statements beside them, in the
// forms that others work with: STIX 2.1 bundles for those who share threat
// intelligence, schema.org ClaimReview for fact-checkers and search engines,
// Markdown for newsrooms and issue trackers (docs/formats/exchange.md).
//
// It promises the same bytes for the same case and options (no clock, no
// chance: times are the case's, identifiers are digests of what they name),
// the numbers and the words of the report, and that nothing gets firmer on the
// way out: an abstention stays one and is said in text, nobody is ever the
// target of an attribution, no network is called a threat actor, and a number
// stands only where it means what its standard says.
//
// It measures nothing and decides nothing, reads and writes no file, and is
// one-way: an export is a copy to work with, not evidence. What can be checked
// is the case.
package export

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/judge/finding"
	"constat/moment"
	"constat/report"
)

// Case is what is exported.
type Case struct {
	// Name is the name of the case's folder, never its path.
	Name string
	// Log names a case with a log, for ever; empty for a single examination.
	Log      string
	Entries  int64
	Title    string
	Question string
	Examiner string // name of the key that signs the log; empty where nobody signed
	// Opened and Published are the times of the opening and of what is
	// published: the newest examination or verdict. A single examination has
	// neither, and its findings hold no clock: [Alone] says what stands in.
	Opened, Published moment.Time
	// Dated says that Published is a time at which somebody published, and not
	// one that stands in for it.
	Dated bool

	Standard     finding.Standard
	Examinations []Examination
	Statements   []Statement
	Replies      []report.Reply // what parties signed
	Traces       []report.Trace // where an attack's facilities stood

	// Unchecked says that nobody computed the findings again from what they were
	// computed from: the exports say so, and nothing is rated by them.
	Unchecked bool
}

// Reasons for which no rating is written of what somebody said.
var (
	ErrReconstruction = errors.New("the records are a reconstruction (a recording of the laboratory): what is said of a real event is neither supported nor contradicted by it, so no rating is published")
	ErrUnchecked      = errors.New("these findings were not computed again from their exhibits, so no rating is published by them")
)

// unrated is why an examination rates nothing that somebody said; nil if it does.
func (c *Case) unrated(exam int) error {
	switch {
	case c.Examinations[exam].reconstruction() != nil:
		return ErrReconstruction
	case c.Unchecked:
		return ErrUnchecked
	}
	return nil
}

// reconstruction is the note of an examination that its records are one; nil if they
// are not said to be.
func (x *Examination) reconstruction() *finding.Note {
	for i := range x.Findings.Notes {
		if n := &x.Findings.Notes[i]; n.Key == finding.NoteReconstruction {
			return n
		}
	}
	return nil
}

// Examination is one examination of a case.
type Examination struct {
	Folder   string // name for commands: from the folder that holds the case
	Inside   string // the same from the case's folder; empty for a single examination
	SHA256   string // of findings.json
	At       moment.Time
	Findings *finding.Findings
	Exhibits []report.Exhibit
	Atlas    bool // see [report.Options]
	// Older says that today's rules find otherwise than those by which it was computed, and in
	// what, in the language of the export; empty if they do not, or if that was not asked.
	Older string
}

// Statement is a statement of the case's register.
type Statement struct {
	statement.Statement
	Entry int64       // of the case's log
	At    moment.Time // when it entered the case
}

// Alone makes a case of a single examination. The end of its question stands in
// for the times that it does not have: no finding is older.
func Alone(name string, x Examination, ss []statement.Statement) *Case {
	q := x.Findings.Question
	x.At, x.Folder = q.Until, name
	c := &Case{Name: name, Opened: q.Until, Published: q.Until, Standard: x.Findings.Verdict.Standard, Examinations: []Examination{x}}
	for _, s := range ss {
		c.Statements = append(c.Statements, Statement{Statement: s, At: q.Until})
	}
	return c
}

// Options say how a case is exported.
type Options struct {
	Lang report.Lang
	// URL is where the report will stand; without it no address is written.
	URL string
	// Figure is the number that a figure has in the report, for [SVG].
	Figure int
}

// SVG draws one figure of the report of an examination as a picture of its own.
func SVG(c *Case, o Options) ([]byte, error) {
	if len(c.Examinations) != 1 {
		return nil, ErrSeveral
	}
	x := &c.Examinations[0]
	var b bytes.Buffer
	err := report.FigureSVG(&b, x.Findings, report.Options{Lang: o.Lang, CaseName: x.Folder, Findings: x.SHA256, Exhibits: x.Exhibits, Atlas: x.Atlas}, o.Figure)
	if err == nil && c.Unchecked {
		fmt.Fprintf(&b, "<!-- %s -->\n", voiceOf(o.Lang).say("unchecked"))
	}
	return b.Bytes(), err
}

// ErrSeveral says that one examination has to be named.
var ErrSeveral = errors.New("a figure is of one examination, and the case holds several: give the folder of one")

// outlines words the examinations, each with the statements that are held
// against it.
func (c *Case) outlines(lang report.Lang, rs []review) ([]*report.Outline, error) {
	var out []*report.Outline
	for i := range c.Examinations {
		x := &c.Examinations[i]
		o := report.Options{Lang: lang, CaseName: x.Folder, Findings: x.SHA256, Exhibits: x.Exhibits, Atlas: x.Atlas, Case: &report.Case{Folder: cmp.Or(x.Inside, ".")}}
		for _, r := range rs {
			if r.exam == i {
				o.Case.Statements = append(o.Case.Statements, *r.words())
			}
		}
		if i == 0 {
			ss, _ := statement.Comparable(c.statements())
			x := statement.Between(ss, statement.MaxPairs)
			o.Case.Contradictions, o.Case.Relabelled, o.Case.Drifts, o.Case.PairsLeft = x.Contradictions, x.Relabelled, x.Drifts, x.Left.Sum()
			o.Case.Replies, o.Case.Traces = c.Replies, c.Traces
		}
		if c.Log == "" && len(c.Statements) == 0 {
			o.Case = nil // an examination and nothing else
		}
		y, err := report.NewOutline(x.Findings, o)
		if err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
		out = append(out, y)
	}
	return out, nil
}

func (c *Case) statements() []statement.Statement {
	ss := make([]statement.Statement, len(c.Statements))
	for i := range c.Statements {
		ss[i] = c.Statements[i].Statement
	}
	return ss
}

// review is a statement held against one examination.
type review struct {
	standing.Beside
	statement *Statement
	exam      int
}

// words is the review as report words it.
func (r *review) words() *report.Statement {
	return &report.Statement{Statement: r.statement.Statement, Entry: r.statement.Entry, Beside: r.Beside}
}

// reviews holds every statement against every examination that is about the
// time it speaks of; where none is, against the first.
func (c *Case) reviews() []review {
	if len(c.Examinations) == 0 {
		return nil
	}
	ss := c.statements()
	beside := make([][]standing.Beside, len(c.Examinations))
	for i := range c.Examinations {
		beside[i] = standing.Of(c.Examinations[i].Findings, ss)
	}
	var out []review
	for s := range ss {
		against := standing.Against(beside, s)
		if len(against) == 0 {
			against = []int{0} // it says that the statement is about another time
		}
		for _, i := range against {
			out = append(out, review{beside[i][s], &c.Statements[s], i})
		}
	}
	slices.SortStableFunc(out, func(a, b review) int {
		return cmp.Or(cmp.Compare(begin(a.statement), begin(b.statement)), cmp.Compare(a.statement.ID, b.statement.ID))
	})
	return out
}

// Held is where the exports say that a statement stands beside one examination of the
// case, by its index.
type Held struct {
	ID          string
	Examination int
	Standing    standing.Standing
}

// Held lists where the exports say that statements stand.
func (c *Case) Held() []Held {
	var out []Held
	for _, r := range c.reviews() {
		out = append(out, Held{r.statement.ID, r.exam, r.Standing})
	}
	return out
}

// begin is when a statement was made, as far as that is known.
func begin(s *Statement) moment.Time {
	if s.Said != nil {
		return s.Said.From
	}
	return s.Published.From
}
