package report

import (
	"slices"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
)

// One rule says what the total losses are: the times in which nothing of the whole subject had a route,
// of all its outages. Text and verdict take them from here, so that they cannot disagree.
//
// A headline outage that was total in one piece is told by itself, and so are its total and
// the smaller outages beside it. Of any other the totals are told together: how often, for how long
// in all, from the first to the last.

// totals are these times in order, with how long they are in all, in seconds. What was not seen to end
// ends where sight of it does.
func (c *facts) totals() (spans []finding.Span, sum int64) {
	for _, o := range c.whole {
		for _, t := range o.Total {
			t.Until = new(c.end(t.Until, o))
			spans = append(spans, t)
			sum += int64((*t.Until - t.From) / moment.Second)
		}
	}
	slices.SortFunc(spans, func(a, b finding.Span) int { return int(min(1, max(-1, a.From-b.From))) })
	return spans, sum
}

// byTotal reports whether an outage is told as a total one in one piece.
func (c *facts) byTotal(o *finding.Outage) bool {
	return len(o.Total) == 1 && c.inPiece(o) && c.fills(o, o.Total[0])
}

// totalsTold reports whether the totals of all outages are told beside the headline one: others have any, or its
// own are no measure of it, and it is not told as a total.
func (c *facts) totalsTold() bool {
	h := c.head
	if h == nil || h.Scope != "subject" || c.byTotal(h) || !c.dominant && c.allTotal() {
		return false
	}
	return slices.ContainsFunc(c.whole, func(o *finding.Outage) bool {
		return len(o.Total) > 0 && (o != h || c.outlasted(o))
	})
}

// outlasted reports whether what an outage took was gone from all for longer than nothing of the subject had
// a route: its totals ended as another prefix came or, in the midst of it, came back.
func (c *facts) outlasted(o *finding.Outage) bool {
	if len(o.Total) == 0 {
		return false
	}
	sum := int64(0)
	for _, t := range o.Total {
		sum += int64((c.end(t.Until, o) - t.From) / moment.Second)
	}
	if o.Gone != nil {
		return o.Gone.Together > sum
	}
	return c.inPiece(o) && !c.byTotal(o)
}

// totalShown is the proposition that all losses were total, of several the one that goes the least far;
// -1 if they are not told together.
func (c *facts) totalShown() int {
	if !c.totalsTold() || c.origins() != 1 {
		return -1
	}
	best, level := -1, proof.Level(0)
	for i, q := range c.f.Verdict.Propositions {
		if q.Key == finding.PropTotal && q.Cause != nil && (best < 0 || q.Level < level) {
			best, level = i, q.Level
		}
	}
	return best
}
