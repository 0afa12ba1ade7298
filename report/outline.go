package report

import (
	"fmt"
	"strings"

	"constat/judge/finding"
	"constat/report/document"
)

// Outline is a document for other forms than pages and terminals, with what of it they
// take one by one, so that they say the same numbers in the same words.
type Outline struct {
	*document.Document
	Sections []document.Flat

	Answer  []document.Text    // the prose of the first section
	Verdict []document.Verdict // what may be said of the headline loss, by level
	Losses  []string           // the other losses that were weighed, a sentence each
	Outages []string           // of each outage of the findings, in their order: times, length, loss
	Notes   []document.Text    // what the reader must keep in mind
	Others  []document.Text    // of the answer, what tells of announcements of the same addresses by several networks

	p *printer
	c *facts
}

// StatementWords are the words of the page for one statement.
type StatementWords struct {
	Who, WhoNote string // the speaker; role, for whom, on the record or not, through whom
	Does         string // what the speaker does with which proposition
	Stand, Why   string // where it stands beside the findings, and the reason, a sentence
}

// Statement words a statement that was set beside these findings.
func (o *Outline) Statement(x *Statement) StatementWords {
	l := statementLineOf(o.p, o.c, x, 0)
	return StatementWords{l.Who, l.WhoNote, l.Does, l.Stand, strings.TrimSpace(l.Why + " " + l.Extra)}
}

// NewOutline words findings as an outline.
func NewOutline(f *finding.Findings, o Options) (*Outline, error) {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return nil, err
	}
	c := gather(f)
	d := newDocument(p, c, o)
	out := &Outline{Document: d, Sections: d.Flat(), p: p, c: c}
	top, rest := lead(p, c)
	for _, s := range append(top[:len(top):len(top)], rest...) {
		out.Answer = append(out.Answer, p.prose(s))
	}
	for _, s := range othersProse(p, c) {
		out.Others = append(out.Others, p.prose(s))
	}
	for _, s := range notes(p, c) {
		out.Notes = append(out.Notes, p.prose(s))
	}
	if len(f.Verdict.Propositions) > 0 {
		out.Verdict = verdicts(p, c)
		for _, l := range weighedLosses(p, c) {
			out.Losses = append(out.Losses, fmt.Sprintf("%s, %s: %s. %s: %s. %s: %s.", l.At, l.Who, l.Level, p.t("col.places"), l.Size, p.t("col.why"), l.Why))
		}
	}
	for i := range f.Outages {
		out.Outages = append(out.Outages, outageLine(p, &f.Outages[i]))
	}
	return out, nil
}
