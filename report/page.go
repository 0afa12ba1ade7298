package report

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/report/document"
)

// Limits of tables. What is beyond a limit is counted, never just left out.
const (
	shownRows    = 12  // in sight; the rest of a table is folded away
	tableRows    = 60  // of a folded table of one line a thing
	reasonsShown = 6   // why the subject is what it is, in sight if there are many
	hashShown    = 6   // lines that end in a hash, in sight
	hashRows     = 16  // and with those folded away
	subjectCap   = 300 // prefixes of the subject list
)

// glanceWords is how many characters stand beside the key figures, so that
// figure 1 follows on the same screen and the same sheet. The first paragraph
// stands there however long it is.
const (
	glanceWords = 900
	glanceSmall = 420 // what goes with the answer stands there only as long as the answer is short
)

// glance is how many paragraphs of the answer stand before figure 1.
func glance(all []document.Lead) int {
	size := 0
	for i, a := range all {
		size += utf8.RuneCountInString(a.Text.String())
		if i > 0 && (size > glanceWords || a.Small && size > glanceSmall) {
			return i
		}
	}
	return len(all)
}

// long reports whether a folded table of n rows stays folded on paper.
func long(n int) bool { return n > shownRows }

func (p *printer) more(n int64) string { return p.count("more", n) }

// New words findings as a document.
func New(f *finding.Findings, o Options) (*document.Document, error) {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return nil, err
	}
	return newDocument(p, gather(f), o), nil
}

func newDocument(p *printer, c *facts, o Options) *document.Document {
	d := &document.Document{Lang: p.lang, Title: p.title(c), Headline: p.headline(c), Case: o.CaseName, Language: p.w.Format.Name, InCase: o.Case != nil}
	if o.Case != nil {
		d.Opened = clip(o.Case.Title, 120)
		if o.Case.Question != "" {
			d.Why = p.h("case.asked", "question", clip(o.Case.Question, 400))
		}
	}
	for _, x := range o.Others {
		if f, err := locale.FormatOf(x.Lang); err == nil {
			d.Editions = append(d.Editions, document.Edition{Lang: x.Lang, File: x.File, Name: f.Link})
		}
	}
	if n, ok := c.note(finding.NoteReconstruction); ok {
		d.Band = p.prose(p.note(n))
	}
	of := p.ofSubject()
	if p.f.Subject.Kind == "file" { // what was asked for, also of which nothing was seen
		of = p.t("subject.of.file", "subject", p.subject())
	}
	d.Asked = p.h("asked", "of", of, "span", p.span())
	d.Foot = []string{p.t("foot")}
	if len(d.Band) == 0 { // records made in a laboratory are nobody's archive
		if s := credits(p, c.f.Watch.Collectors); s != "" {
			d.Foot = append(d.Foot, s)
		}
	}
	section := func(id, heading string, blocks []document.Block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, document.Section{ID: id, Heading: p.t(heading), Blocks: blocks, Apart: id == "how", Page: id == "evidence" || id == "codes"})
		}
	}
	country, paths := drawCountry(p, c), drawPaths(p, c)
	id := "answer"
	if len(c.f.Verdict.Propositions) > 0 {
		id = "verdict"
	}
	section(id, "h."+id, firstSection(p, c, o, country))
	section("country", "h.country", countrySection(p, c))
	section("timeline", "h.timeline", timelineSection(p, c, o, country == nil))
	section("who", "h.who", stripSection(p, c))
	heading := "h.paths"
	if paths != nil && len(paths.In)+len(paths.Open)+len(paths.Out) > 0 {
		heading = "h.paths.stopped"
	}
	section("paths", heading, pathSection(p, paths))
	section("hypotheses", "h.hypotheses", hypothesesSection(p, c))
	section("settle", "h.settle", settleSection(p, c))
	section("how", "h.how", howSection(p, c))
	if k := o.Case; k != nil {
		section("statements", "h.statements", statementsSection(p, c, k))
		section("trace", "h.trace", traceSection(p, k))
		section("evidence", "h.evidence", evidenceSection(p, k))
		section("codes", "h.codes", codesSection(p, k))
	}
	section("outages", "h.outages", outagesSection(p, c, o))
	section("operators", "h.operators", operatorsSection(p, c))
	section("blind", "h.blind", blindSection(p, c))
	section("subject", "h.subject", subjectSection(p, c))
	section("check", "h.check", checkSection(p, c, o))
	if o.Case != nil {
		section("log", "h.log", logSection(p, o.Case))
	}
	return d
}

func hasTimeline(c *facts) bool {
	return c.f.Timeline.Height > 0 && c.f.Question.Until > c.f.Question.From
}

// firstSection is the answer and, if anything may be concluded, the verdict. Figure 1
// stands in it: that of a country or, for other subjects, the timeline.
func firstSection(p *printer, c *facts, o Options, country *document.Country) []document.Block {
	a := document.Answer{Keys: keyFigures(p, c), Quote: newQuote(p, c, o)}
	top, rest := lead(p, c)
	for i, s := range slices.Concat(top, rest) {
		a.Paras = append(a.Paras, document.Lead{Text: p.prose(s), Small: i >= len(top)})
	}
	a.Glance = glance(a.Paras)
	if country != nil {
		a.Figures = append(a.Figures, country)
	} else if hasTimeline(c) {
		a.Figures = append(a.Figures, drawTimeline(p, c, o))
	}
	out := []document.Block{a}
	if len(c.f.Verdict.Propositions) > 0 {
		if v := verdicts(p, c); len(v) > 0 {
			out = append(out, v)
		}
		out = append(out, standardBlocks(p, c)...)
		if l, ok := lossesFold(p, c); ok {
			out = append(out, l)
		}
	}
	if ns := notes(p, c); len(ns) > 0 {
		l := document.List{Heading: p.t("notes")}
		for _, s := range ns {
			l.Items = append(l.Items, p.prose(s))
		}
		out = append(out, l)
	}
	return out
}

// timelineSection is when it was: the timeline, if it does not stand first, and outages
// magnified.
func timelineSection(p *printer, c *facts, o Options, first bool) []document.Block {
	if !hasTimeline(c) {
		return nil
	}
	out := []document.Block{document.Para{Text: p.h("timeline.text"), Where: document.OnPage}}
	if !first {
		out = append(out, drawTimeline(p, c, o))
	}
	if c.head != nil {
		if m := magnifyAll(p, c); len(m) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// magnifyAll magnifies the headline outage and, folded away, up to three others
// of the whole subject, the longest ones; one where the headline outage is far
// longer than any other.
func magnifyAll(p *printer, c *facts) document.Magnified {
	var out document.Magnified
	if m := magnify(p, c.head, "fig-magnified", true); m != nil {
		out = append(out, *m)
	}
	rest := slices.DeleteFunc(slices.Clone(c.whole), func(o *finding.Outage) bool { return o == c.head })
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(c.length(b), c.length(a)) })
	most := 3
	if c.dominant { // the others are small beside it; the table has them all
		most = 1
	}
	rest = rest[:min(len(rest), most)]
	slices.SortStableFunc(rest, func(a, b *finding.Outage) int { return cmp.Compare(a.From, b.From) })
	for i, o := range rest {
		letter := string(rune('a' + i))
		if m := magnify(p, o, "fig-magnified-"+letter, false); m != nil && len(out) > 0 {
			m.Title = p.at(onset(o)).Text + ". " + m.Title
			out = append(out, *m)
		}
	}
	return out
}
