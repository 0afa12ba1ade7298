package report

import (
	"slices"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// countrySection shows the headline event of a subject of several operators in its
// stages and groups. Its figure, how much was out over time, stands first on the page.
func countrySection(p *printer, c *facts) []document.Block {
	e := c.event
	if e == nil {
		return nil
	}
	text := p.h("country.text")
	if e.Of.Snapshot != nil {
		text = document.Sentences(text, p.h("country.snapshot", "at", p.at(*e.Of.Snapshot)))
	}
	out := []document.Block{document.Para{Text: text}}
	table := func(t document.Table, left int) {
		if len(t.Rows) == 0 {
			return
		}
		out = append(out, t)
		if left > 0 {
			out = append(out, document.Para{Text: document.Plain(p.more(int64(left))), Style: document.Aside})
		}
	}
	if len(e.Stages) > 1 {
		t := stageTable(p, e)
		table(t, len(e.Stages)-len(t.Rows))
	}
	t := groupTable(p, e)
	table(t, len(e.Groups)-len(t.Rows))
	return out
}

func stageTable(p *printer, e *finding.Event) document.Table {
	n := int64(len(e.Stages))
	t := document.Table{Name: "stages", Numbered: true, Caption: document.Plain(p.tn("country.stages.caption", n, "n", p.n(n))),
		Columns: document.Numbers(document.Columns(p.t("col.stage"), p.t("col.from"), p.t("col.latest"), p.t("col.none"), p.t("col.operators"), p.t("col.prefixes"), p.t("col.space")), 1, 2, 3, 4, 5, 6)}
	t.Columns[6].Joins = true
	for i, x := range e.Stages[:min(len(e.Stages), 4*shownRows)] {
		until := "–"
		if x.Until != nil {
			until = p.untilStamp(x.From, x.Until)
		}
		t.Rows = append(t.Rows, document.Row{Cells: document.Cells(p.t("country.stage.name", "n", i+1), p.stamp(x.From), p.untilStamp(x.From, &x.Latest), until,
			p.n(int64(len(x.Operators))), p.n(int64(x.Lost.Prefixes)), p.addresses(x.Lost))})
	}
	return t
}

func groupTable(p *printer, e *finding.Event) document.Table {
	t := document.Table{Name: "groups", Numbered: true, Caption: document.Plain(p.t("country.groups.caption")),
		Columns: document.Numbers(document.Columns(p.t("col.group"), p.t("col.operators"), p.t("col.most"), p.t("col.worst")), 1, 2, 3)}
	for i := range e.Groups[:min(len(e.Groups), tableRows)] {
		g := &e.Groups[i]
		at := "–"
		if g.At != nil {
			at = p.stamp(*g.At)
		}
		cells := document.Cells(p.groupName(g), p.n(int64(g.Operators)), p.t("key.of", "k", p.n(int64(g.Lost.Prefixes)), "n", p.n(int64(g.Of.Prefixes))), at)
		cells[2].Note = p.sizeOf(g.Lost, g.Of)
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}

// addresses is a size in addresses and /48s, "–" if it has none.
func (p *printer) addresses(s finding.Size) string {
	if s.V4+s.V6 == 0 {
		return "–"
	}
	return p.size(s)
}

// drawCountry draws what of the event's base stands and what is out: IPv4
// addresses or, if none were out, IPv6 /48s.
func drawCountry(p *printer, c *facts) *document.Country {
	e := c.event
	if e == nil {
		return nil
	}
	of, out, title, unit := e.Of.V4, func(s finding.Size) int64 { return s.V4 }, "country.title.v4", "country.axis.v4"
	if e.Trough.Lost.V4 == 0 {
		of, out, title, unit = e.Of.V6, func(s finding.Size) int64 { return s.V6 }, "country.title.v6", "country.axis.v6"
	}
	if of <= 0 || len(e.Course) == 0 {
		return nil
	}
	s := figure.Around(e.From, c.eventEnd(e))
	// Beyond the question nothing is known, so nothing is drawn.
	q := c.f.Question
	s = figure.Scale{From: max(s.From, min(q.From, e.From)), Until: min(s.Until, q.Until)}
	var course []figure.Out
	for i, x := range e.Course {
		y := figure.Out{From: x.At, Until: c.eventEnd(e), Size: out(x.Out)}
		if i+1 < len(e.Course) {
			y.Until = e.Course[i+1].At
		}
		course = append(course, y)
	}
	t := &document.Country{Country: figure.NewCountry(s, of, course)}
	t.Ticks = p.ticks(s, 6)
	var begins []moment.Time
	for _, x := range e.Stages {
		begins = append(begins, x.From)
	}
	t.Marks = figure.Stages(begins, s)
	most, share := out(e.Trough.Lost), p.percent(float64(out(e.Trough.Lost))/float64(of))
	t.Title = p.t(heardKey(title, e), "share", share, "k", p.n(most), "n", p.n(of), "at", p.stamp(e.Trough.At))
	t.SeenKey = p.t("country.key.seen")
	if heard(e) {
		t.SeenKey = p.t("country.key.seenheard")
	}
	t.Sub = p.t("country.sub", "unit", capital(p.t(unit)), "days", p.days(e.From, c.eventEnd(e)))
	t.Height = p.n(of) + nbsp + p.t(unit)
	t.Label = p.t("country.label", "n", p.n(of), "k", p.n(most), "at", p.at(e.Trough.At))
	if !e.Exact {
		t.Note = p.t("country.inexact")
	}
	t.Numbers = document.Table{Dense: true, Anchor: "nco", Caption: document.Plain(p.t("country.rows", "days", p.days(e.From, c.eventEnd(e)))),
		Columns: document.Columns(p.t("col.at"), p.t("col.prefixes"), p.t("col.space"))}
	for i, x := range e.Course {
		if i == tableRows {
			t.Numbers.More = p.more(int64(len(e.Course) - i))
			break
		}
		t.Numbers.Rows = append(t.Numbers.Rows, document.Row{Cells: document.Cells(p.stamp(x.At), p.n(int64(x.Out.Prefixes)), p.addresses(x.Out))})
	}
	return t
}

// operatorsSection is a country's table by origin AS, the largest loss of address space
// first.
func operatorsSection(p *printer, c *facts) []document.Block {
	if len(c.f.Operators) < 2 {
		return nil
	}
	ops := sortOperators(c.f.Operators)
	lost := len(slices.DeleteFunc(slices.Clone(ops), func(o finding.Operator) bool { return o.Outages == 0 }))
	t := document.Table{Name: "operators", Numbered: true, Caption: document.Plain(p.tn("operators.caption", int64(lost), "n", p.n(int64(lost)), "of", p.n(int64(len(ops))))),
		Folded:  &document.Folded{},
		Columns: document.Numbers(document.Columns(p.t("col.operator"), p.t("col.largest"), p.t("col.fromuntil"), p.t("col.longest"), p.t("col.outages")), 1, 2, 3, 4)}
	for i := range ops[:min(len(ops), mostOperators)] {
		o := &ops[i]
		r := struct{ Lost, Size, Times, Longest string }{Times: "–", Longest: "–", Lost: p.t("key.of", "k", p.n(0), "n", p.n(int64(o.Prefixes)))}
		if o.Outages > 0 {
			r.Lost, r.Size = p.operatorLost(o)
			if o.LongestS != nil {
				r.Longest = p.exact(*o.LongestS)
			}
			if o.Open {
				r.Longest = p.t("operators.open")
			}
			if s := p.operatorTimes(o); s != "" {
				r.Times = s
			}
		}
		cells := document.Cells(p.as(o.AS), r.Lost, r.Times, r.Longest, p.n(int64(o.Outages)))
		cells[1].Note = r.Size
		if o.Country != "" {
			cells[0].Note = p.t("country.registered", "code", clip(o.Country, 2))
		}
		if n := int64(o.HandedOver); n > 0 {
			cells[2].Note = p.tn("country.handed", n, "n", p.n(n))
		}
		split(&t, i, len(ops), mostOperators-shownRows, document.Row{Cells: cells})
	}
	p.folded(&t, "operators.rest", len(ops))
	text := p.h("operators.text")
	if slices.ContainsFunc(ops, func(o finding.Operator) bool { return o.HandedOver > 0 }) {
		text = document.Sentences(text, p.h("country.handed.text", "of", p.ofSubject()))
	}
	return []document.Block{document.Para{Text: text}, t}
}

// mostOperators is how many operators the table lists.
const mostOperators = 400
