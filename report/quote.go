package report

import (
	"constat/judge/finding"
	"constat/report/document"
)

// newQuote is the first paragraph of the answer with its source; nil if the page
// is of no case, or the hash of its findings is not known. It is made of the findings
// alone, so it stays the same for as long as they do: whoever prints it can be held to a
// case, and the case to its hash.
func newQuote(p *printer, c *facts, o Options) *document.Quote {
	top, _ := lead(p, c)
	if o.CaseName == "" || o.Findings == "" || len(top) == 0 {
		return nil
	}
	q := &document.Quote{Heading: p.t("quote"), Note: p.t("quote.note"), Words: p.text(top[0])}
	// Of a series the first paragraph says how often, the second what the largest
	// was and how sure that is. That routes stayed is not quoted without what it
	// leaves open.
	series := c.f.Answer == finding.AnswerOutage && c.head != nil && c.event == nil && !c.dominant
	if all := answer(p, c); (series || c.f.Answer == finding.AnswerStayed || c.f.Answer == finding.AnswerUndecided) && len(all) > 1 {
		q.Words += " " + p.text(all[1])
	}
	if _, ok := c.note(finding.NoteReconstruction); ok { // nobody is to quote it as history
		q.Words = p.t("band.short") + " " + q.Words
	}
	a := []any{"case", clip(o.CaseName, 80), "title", p.title(c), "span", p.span(), "hash", clip(o.Findings, 64)}
	q.Source = p.t("quote.source", a...)
	if s := c.f.Verdict.Standard; s.Name != "" {
		q.Source += " " + p.t("quote.standard", "standard", clip(s.Name, 40), "sha", clip(s.SHA256, 64))
	}
	if o.Case != nil && o.Case.Log != nil && len(o.Case.Log.Entries) > 0 {
		l := o.Case.Log
		q.Source += " " + p.t("quote.log", "day", p.day(l.Entries[len(l.Entries)-1].Time.Std()), "root", clip(l.Root, 64))
	}
	return q
}
