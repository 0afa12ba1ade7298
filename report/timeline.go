package report

import (
	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
	"constat/report/figure"
)

// drawTimeline is the figure of what was seen over time, with the statements of a case.
func drawTimeline(p *printer, c *facts, o Options) *document.Timeline {
	q, tl := c.f.Question, &c.f.Timeline
	s := figure.Scale{From: q.From, Until: q.Until}
	cols, high := figure.TimelineColumns(tl, q)
	t := &document.Timeline{Timeline: figure.Timeline{
		Title: p.beforeTitle(c, timelineTitle(p, c)), Sub: p.t("timeline.sub", "days", p.days(q.From, lastMoment(q))),
		Height: p.count("unit.route", int64(tl.Height)), High: high,
		Seen:  figure.Skyline(len(cols), high, func(i int) int { return cols[i].Seen }),
		Ticks: p.ticks(s, 6),
	}}
	t.Blind, t.Edge = figure.Hatches(cols, high)
	least := figure.Cell{Seen: tl.Height}
	var at moment.Time
	most := 0
	figure.EachStep(tl, q, func(from, _ moment.Time, x figure.Cell) {
		if x.Seen < least.Seen {
			least, at = x, from
		}
		most = max(most, x.Unknown)
	})
	t.Label = p.t("timeline.label", "height", t.Height, "least", p.n(int64(least.Seen)), "unknown", p.n(int64(most)))
	if at > 0 {
		t.Label += " " + p.t("timeline.label.at", "least", p.n(int64(least.Seen)), "at", p.at(at))
	}
	if !tl.Exact {
		t.Note = p.t("timeline.inexact")
	}
	t.Brackets = brackets(p, c, s)
	if h := c.head; h != nil && magnified(h) {
		a := figure.Mark{Letter: "A", Href: "#fig-magnified-onset", Left: s.Percent(onset(h)), Label: p.t("timeline.mark.onset")}
		t.Marks = append(t.Marks, a)
		if until := ended(h); until != nil && h.Recovery != nil {
			b := figure.Mark{Letter: "B", Href: "#fig-magnified-recovery", Left: s.Percent(*until), Label: p.t("timeline.mark.recovery")}
			if s.Share(*until)-s.Share(onset(h)) < 0.06 { // side by side, not one over the other
				t.Marks[0].Side, b.Side = "l", "r"
			}
			t.Marks = append(t.Marks, b)
		}
	}
	t.Numbers = timelineNumbers(p, c)
	t.Said = drawSaid(p, c, o.Case)
	return t
}

func timelineTitle(p *printer, c *facts) string {
	switch c.f.Answer {
	case finding.AnswerOutage:
		if c.head == nil {
			return p.t("timeline.title")
		}
		switch {
		case !c.dominant && c.allTotal():
			return p.tn("timeline.title.series", int64(len(c.whole)), "n", p.n(int64(len(c.whole))))
		case !c.dominant && len(c.whole) > 0:
			if k, n := c.seriesOf(); n > 0 {
				return p.tn("timeline.title.outages.some", int64(len(c.whole)), "n", p.n(int64(len(c.whole))), "k", p.between2(k), "of", p.n(int64(n)))
			}
			return p.tn("timeline.title.outages", int64(len(c.whole)), "n", p.n(int64(len(c.whole))))
		}
		length := p.brief(int64(c.length(c.head) / moment.Second))
		if n := c.head.Gone; flaps(c.head) {
			return p.tn("lapse.title", int64(n.Losses), "n", p.n(int64(n.Losses)), "length", length)
		}
		if len(c.head.Total) == 0 || c.outlasted(c.head) {
			key := "timeline.title.part"
			if ended(c.head) == nil {
				key += ".open"
			}
			return p.tn(key, int64(c.head.Lost.Prefixes), "length", length, "k", p.n(int64(c.head.Lost.Prefixes)), "n", p.n(int64(c.head.Lost.Of)))
		}
		if !c.inPiece(c.head) { // nobody had it for a part of that time alone
			return p.tn("timeline.title.outages", 1, "n", p.n(1))
		}
		if ended(c.head) == nil {
			return p.t("timeline.title.open", "length", length)
		}
		if c.before > 0 {
			return p.tn("timeline.title.before", int64(c.before), "length", length, "n", p.n(int64(c.before)))
		}
		return p.t("timeline.title.one", "length", length)
	case finding.AnswerPartial:
		if c.head != nil {
			return p.tn("timeline.title.partial", int64(c.head.Lost.Prefixes), "k", p.n(int64(c.head.Lost.Prefixes)), "n", p.n(int64(c.head.Lost.Of)))
		}
	case finding.AnswerStayed:
		if c.allArrived() {
			return arrivedTitle(p, c)
		}
		if c.arrivedLate() > 0 { // these did not
			return p.t("timeline.title")
		}
		return p.t("timeline.title.stayed")
	}
	return p.t("timeline.title")
}

// brackets stand above the outages. Of many only the headline has a label.
func brackets(p *printer, c *facts, s figure.Scale) []figure.Bracket {
	if c.head == nil {
		return nil
	}
	var spans []figure.Span
	add := func(o *finding.Outage, headline bool) {
		x := figure.Span{From: onset(o), Until: c.end(nil, o), Head: headline}
		if until := ended(o); until != nil {
			x.Until = *until
		}
		if headline || len(c.whole) <= 8 {
			x.Text = p.brief(int64(c.length(o) / moment.Second))
			switch {
			case flaps(o):
				x.Text = p.tn("lapse.title", int64(o.Gone.Losses), "n", p.n(int64(o.Gone.Losses)), "length", x.Text)
			case ended(o) == nil:
				x.Text = "≥" + nbsp + x.Text
			}
		}
		spans = append(spans, x)
	}
	add(c.head, true)
	if c.dominant && c.before >= 3 { // the instability before, as one
		spans = append(spans, figure.Span{From: onset(c.whole[0]), Until: c.head.From, Many: true,
			Text: p.tn("timeline.instability", int64(c.before), "n", p.n(int64(c.before)))})
	}
	for i, o := range c.whole {
		if o == c.head || c.dominant && c.before >= 3 && o.From < c.head.From || i >= 60 {
			continue
		}
		add(o, false)
	}
	return figure.Brackets(spans, s)
}

// timelineNumbers is the table beside the timeline: every step while they are
// few, else the worst step of equal intervals. Each row adds up.
func timelineNumbers(p *printer, c *facts) document.Table {
	q, tl := c.f.Question, &c.f.Timeline
	out := document.Table{Dense: true, Anchor: "n1", Columns: document.Columns(p.t("col.at"), p.t("col.seen"), p.t("col.gone"), p.t("col.unknown"))}
	row := func(at moment.Time, x figure.Cell) {
		out.Rows = append(out.Rows, document.Row{Cells: document.Cells(p.stamp(at), p.n(int64(x.Seen)), p.n(int64(x.Gone)), p.n(int64(x.Unknown)))})
	}
	if len(tl.Steps) < tableRows {
		figure.EachStep(tl, q, func(from, _ moment.Time, x figure.Cell) { row(from, x) })
		out.Caption = document.Plain(p.t("timeline.rows", "day", p.days(q.From, lastMoment(q))))
		return out
	}
	step := figure.Step(q.Until-q.From, 48)
	var cur moment.Time = -1
	var worst figure.Cell
	flush := func() {
		if cur >= 0 {
			row(max(cur, q.From), worst)
		}
	}
	figure.EachStep(tl, q, func(from, until moment.Time, x figure.Cell) {
		for b := from / step * step; b < until; b += step {
			if b != cur {
				flush()
				cur, worst = b, x
			} else if x.Seen < worst.Seen || x.Seen == worst.Seen && x.Gone > worst.Gone {
				worst = x
			}
		}
	})
	flush()
	out.Caption = document.Plain(p.t("timeline.rows.worst", "step", p.brief(int64(step/moment.Second)), "day", p.days(q.From, lastMoment(q))))
	return out
}
