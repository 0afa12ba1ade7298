package report

import (
	"unicode/utf8"

	"constat/judge/finding"
	"constat/moment"
)

type timelineFigure struct {
	Title, Sub, Label, Height, Note string
	High                            int
	Seen                            string // path of what is seen, from the bottom
	Blind                           []box
	Edge                            string // lower edges of the hatches that are no boxes
	Brackets                        []bracket
	Marks                           []mark
	Ticks                           []tickMark
	Rows                            []timelineRow
	RowsCaption                     string
}

type bracket struct {
	Left, Width string
	Text        string
	Head, Wide  bool
	Side        string // "", "l" or "r": the text starts or ends at the bracket near an edge
}

type mark struct{ Letter, Href, Left, Label, Side string }

type timelineRow struct{ At, Seen, Gone, Unknown string }

func drawTimeline(p *printer, c *facts, magnified bool) *timelineFigure {
	q, tl := c.f.Question, &c.f.Timeline
	s := scale{q.From, q.Until}
	cols, high := timelineColumns(tl, q)
	t := &timelineFigure{
		Title: timelineTitle(p, c), Sub: p.t("timeline.sub", "days", p.days(q.From, lastMoment(q))),
		Height: p.count("unit.route", int64(tl.Height)), High: high,
		Seen:  skyline(len(cols), high, func(i int) int { return cols[i].seen }),
		Ticks: p.ticks(s, 6),
	}
	t.Blind, t.Edge = hatches(cols, high)
	least := cell{seen: tl.Height}
	var at moment.Time
	most := 0
	eachStep(tl, q, func(from, _ moment.Time, x cell) {
		if x.seen < least.seen {
			least, at = x, from
		}
		most = max(most, x.unknown)
	})
	t.Label = p.t("timeline.label", "height", t.Height, "least", p.n(int64(least.seen)), "unknown", p.n(int64(most)))
	if at > 0 {
		t.Label += " " + p.t("timeline.label.at", "least", p.n(int64(least.seen)), "at", p.at(at))
	}
	if !tl.Exact {
		t.Note = p.t("timeline.inexact")
	}
	t.Brackets = brackets(p, c, s)
	if h := c.head; h != nil && magnified {
		a := mark{"A", "#fig-magnified-onset", s.percent(onset(h)), p.t("timeline.mark.onset"), ""}
		t.Marks = append(t.Marks, a)
		if h.Recovery != nil && h.Recovery.Median != nil {
			b := mark{"B", "#fig-magnified-recovery", s.percent(*h.Recovery.Median), p.t("timeline.mark.recovery"), ""}
			if s.share(*h.Recovery.Median)-s.share(onset(h)) < 0.06 { // side by side, not one over the other
				t.Marks[0].Side, b.Side = "l", "r"
			}
			t.Marks = append(t.Marks, b)
		}
	}
	t.Rows, t.RowsCaption = timelineRows(p, c)
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
		case !c.dominant:
			return p.tn("timeline.title.outages", int64(len(c.whole)), "n", p.n(int64(len(c.whole))))
		}
		length := p.brief(int64(c.length(c.head) / moment.Second))
		if len(c.head.Total) == 0 {
			key := "timeline.title.part"
			if c.head.DurationS == nil {
				key += ".open"
			}
			return p.tn(key, int64(c.head.Lost.Prefixes), "length", length, "k", p.n(int64(c.head.Lost.Prefixes)), "n", p.n(int64(c.head.Lost.Of)))
		}
		if c.head.DurationS == nil {
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
		return p.t("timeline.title.stayed")
	}
	return p.t("timeline.title")
}

// brackets stand above the outages. Labels that would meet are left out, the
// headline's never.
func brackets(p *printer, c *facts, s scale) []bracket {
	if c.head == nil {
		return nil
	}
	var out []bracket
	type label struct{ mid, half float64 }
	var labelled []label
	place := func(o *finding.Outage, headline bool) {
		from := onset(o)
		until := c.end(nil, o)
		if o.Recovery != nil && o.Recovery.Median != nil {
			until = *o.Recovery.Median
		}
		b := bracket{Left: s.percent(from), Width: s.width(from, until), Head: headline}
		text := p.brief(int64(c.length(o) / moment.Second))
		if o.DurationS == nil {
			text = "≥" + nbsp + text
		}
		// A character takes about 2.6 % of the narrowest screen, a strong one 3 %.
		half := 0.013
		if headline {
			half = 0.015
		}
		l := label{(s.share(from) + s.share(until)) / 2, float64(utf8.RuneCountInString(text)) * half}
		clear := true
		for _, x := range labelled {
			clear = clear && max(l.mid-x.mid, x.mid-l.mid) > l.half+x.half
		}
		if clear && (headline || len(c.whole) <= 8) {
			b.Text = text
			switch {
			case l.mid < 0.12:
				b.Side = "r"
			case l.mid > 0.88:
				b.Side = "l"
			}
			labelled = append(labelled, l)
		}
		out = append(out, b)
	}
	place(c.head, true)
	if c.dominant && c.before >= 3 { // the instability before, as one
		first, last := onset(c.whole[0]), c.head.From
		b := bracket{Left: s.percent(first), Width: s.width(first, last-(s.until-s.from)/300), Wide: true}
		if w := s.share(last) - s.share(first); w > 0.2 {
			b.Text = p.tn("timeline.instability", int64(c.before), "n", p.n(int64(c.before)))
		}
		out = append(out, b)
	}
	for i, o := range c.whole {
		if o == c.head || c.dominant && c.before >= 3 && o.From < c.head.From || i >= 60 {
			continue
		}
		place(o, false)
	}
	return out
}

// timelineRows is the table beside the timeline: every step while they are
// few, else the worst step of equal intervals. Each row adds up.
func timelineRows(p *printer, c *facts) ([]timelineRow, string) {
	q, tl := c.f.Question, &c.f.Timeline
	row := func(at moment.Time, x cell) timelineRow {
		return timelineRow{p.stamp(at), p.n(int64(x.seen)), p.n(int64(x.gone)), p.n(int64(x.unknown))}
	}
	var out []timelineRow
	if len(tl.Steps) < tableRows {
		eachStep(tl, q, func(from, _ moment.Time, x cell) { out = append(out, row(from, x)) })
		return out, p.t("timeline.rows", "day", p.days(q.From, lastMoment(q)))
	}
	step := tickSteps[len(tickSteps)-1]
	for _, t := range tickSteps {
		if (q.Until-q.From)/t <= 48 {
			step = t
			break
		}
	}
	var cur moment.Time = -1
	var worst cell
	flush := func() {
		if cur >= 0 {
			out = append(out, row(max(cur, q.From), worst))
		}
	}
	eachStep(tl, q, func(from, until moment.Time, x cell) {
		for b := from / step * step; b < until; b += step {
			if b != cur {
				flush()
				cur, worst = b, x
			} else if x.seen < worst.seen || x.seen == worst.seen && x.gone > worst.gone {
				worst = x
			}
		}
	})
	flush()
	return out, p.t("timeline.rows.worst", "step", p.brief(int64(step/moment.Second)), "day", p.days(q.From, lastMoment(q)))
}
