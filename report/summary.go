package report

import (
	"slices"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// summaryOutages is how many outages the summary lists.
const summaryOutages = 12

// brief gathers a summary.
type brief struct{ document.Summary }

// part begins a part.
func (b *brief) part() { b.Summary = append(b.Summary, nil) }

func (b *brief) add(l document.Line) {
	if len(b.Summary) == 0 {
		b.part()
	}
	p := &b.Summary[len(b.Summary)-1]
	*p = append(*p, l)
}

func (b *brief) title(s string)  { b.add(document.Line{Text: document.Plain(s), Title: true}) }
func (b *brief) words(s string)  { b.add(document.Line{Text: document.Plain(s)}) }
func (b *brief) item(s string)   { b.add(document.Line{Text: document.Plain(s), Depth: 1}) }
func (b *brief) whole(s string)  { b.add(document.Line{Text: document.Plain(s), Depth: 1, Whole: true}) }
func (b *brief) bullet(s string) { b.add(document.Line{Text: document.Plain(s), Bullet: true}) }

func (b *brief) labelled(label, s string) {
	b.add(document.Line{Text: document.Plain(s), Label: label})
}

// para is a part of one paragraph.
func (b *brief) para(t document.Text) {
	b.part()
	b.add(document.Line{Text: t})
}

// Summary words the answer in short, as a person can quote it: the headline, the band
// of a reconstruction, the answer in the words of the page, the key figures, the
// outages of the whole subject, and what the reader must keep in mind.
func Summary(f *finding.Findings, lang Lang) (document.Summary, error) {
	p, err := newPrinter(lang, f)
	if err != nil {
		return nil, err
	}
	b := &brief{}
	summarise(b, p, gather(f))
	return b.Summary, nil
}

// VerdictSummary words only what a [Summary] says of the verdict: whose it is, and how far
// the evidence goes for each proposition; without propositions, the answer.
func VerdictSummary(f *finding.Findings, lang Lang) (document.Summary, error) {
	p, err := newPrinter(lang, f)
	if err != nil {
		return nil, err
	}
	b, c := &brief{}, gather(f)
	b.title(p.title(c))
	if len(verdicts(p, c)) > 0 {
		summariseVerdict(b, p, c)
	} else {
		top, _ := lead(p, c)
		for _, s := range top {
			b.para(p.prose(s))
		}
	}
	return b.Summary, nil
}

func summarise(b *brief, p *printer, c *facts) {
	b.title(p.title(c))
	if n, ok := c.note(finding.NoteReconstruction); ok {
		b.para(p.prose(p.note(n)))
	}
	top, rest := lead(p, c)
	for _, s := range slices.Concat(top, rest) {
		b.para(p.prose(s))
	}
	b.part()
	for _, k := range keyFigures(p, c) {
		b.labelled(k.Label, k.Value+" – "+k.Note)
	}
	summariseVerdict(b, p, c)
	if c.event != nil {
		summariseCountry(b, p, c)
	} else if len(c.whole) > 1 {
		b.part()
		show := c.largest(c.whole, summaryOutages)
		if len(show) < len(c.whole) {
			b.words(p.t("sum.outages.largest", "k", p.n(int64(len(show))), "n", p.n(int64(len(c.whole)))))
		} else {
			b.words(p.t("sum.outages"))
		}
		for _, o := range show {
			b.item(outageLine(p, o))
		}
	}
	if n := len(c.partial) + c.foldedPartial; n > 1 || n > 0 && c.f.Answer == finding.AnswerOutage {
		b.part()
		b.words(p.t("sum.partial"))
		show := c.largest(c.partial, summaryOutages)
		for _, o := range show {
			b.item(p.outageName(o) + p.t("colon") + outageLine(p, o))
		}
		if len(show) < n {
			b.whole(p.more(int64(n - len(show))))
		}
	}
	if ns := notes(p, c); len(ns) > 0 {
		b.part()
		for _, s := range ns {
			b.add(document.Line{Text: p.prose(s), Bullet: true})
		}
	}
}

// laterStamp is a moment after another that was just written.
func (p *printer) laterStamp(from, t moment.Time) string { return p.untilStamp(from, &t) }

// outageLine is one outage in a line: from its first prefix out until none is
// out, then the medians over the peers.
func outageLine(p *printer, o *finding.Outage) string {
	if o.Gone != nil {
		return lapseLine(p, o)
	}
	a := []any{"from", p.stamp(o.From), "until", p.untilStamp(o.From, o.Until), "onset", p.laterStamp(o.From, onset(o)),
		"lost", p.of(int64(o.Lost.Prefixes), int64(o.Lost.Of)), "witnesses", p.witnesses(o)}
	if o.DurationS == nil || o.Recovery == nil || o.Recovery.Median == nil {
		return p.t("sum.list.open", append(a, "why", p.censored(o))...)
	}
	line := p.t("sum.list", append(a, "recovery", p.untilStamp(onset(o), o.Recovery.Median), "length", p.exact(*lasted(o)))...)
	if ragged(o) && o.Until != nil {
		line = p.t("sum.list.ragged", append(a, "recovery", p.untilStamp(onset(o), o.Recovery.Median), "length", p.exact(*lasted(o)),
			"whole", p.exact(int64((*o.Until-o.From)/moment.Second)))...)
	}
	switch {
	case o.Left != nil && o.Left.Gone > 0:
		line += p.t("semicolon") + p.leftWords(o.Left)
	case o.Recovery.Last == nil && o.Censored != nil:
		line += p.t("semicolon") + p.hidden(o)
	}
	return line
}

// hidden says why the last return of an outage was not seen though others were:
// whoever saw those was watching.
func (p *printer) hidden(o *finding.Outage) string {
	if o.Censored != nil && *o.Censored == finding.EndOfData {
		return p.t("sum.hidden.end")
	}
	return p.t("sum.hidden")
}

// summariseVerdict words the propositions on the headline loss by level.
func summariseVerdict(b *brief, p *printer, c *facts) {
	vs := verdicts(p, c)
	if len(vs) == 0 {
		return
	}
	s := c.f.Verdict.Standard
	b.part()
	b.words(p.t("sum.verdict", "name", clip(s.Name, 40), "sha", clip(s.SHA256, 16)))
	for _, v := range vs {
		b.add(document.Line{Text: document.Text{{Text: v.Title, Of: document.Level(v.Level)}}, Depth: 1, Whole: true})
		for _, l := range v.Lines {
			b.add(document.Line{Text: l, Depth: 1, Bullet: true})
		}
		if v.More != "" {
			b.add(document.Line{Text: document.Plain(v.More), Depth: 2})
		}
	}
}

// witnesses is how many of the peers that carried what an outage took lost it.
func (p *printer) witnesses(o *finding.Outage) string {
	lost, _ := o.LostBy()
	return p.of(int64(lost), int64(o.Witnesses.Carried))
}
