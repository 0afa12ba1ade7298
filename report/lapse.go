package report

import (
	"slices"
	"strings"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
)

// What is said of an outage that was not in one piece: docs/definitions.md, "In one
// piece". All sentences, tables and figures take its beginning, end and length from
// onset, ended and length.

// wholeSlack is how far the medians may lie from the edges of a total for the two
// to be told as one.
const wholeSlack = 60 * moment.Second

// inPiece reports whether an outage may be told as gone from all from its onset to its end:
// one time in which all lacked it makes up at least half of that, and lies at most a
// minute from its edges.
func (c *facts) inPiece(o *finding.Outage) bool {
	if o.Gone != nil && (o.Gone.Losses > 1 || ended(o) != nil) {
		return false
	}
	if len(o.Total) > 1 {
		return false
	}
	if len(o.Total) == 1 && c.fills(o, o.Total[0]) {
		return true
	}
	t, ok := c.together(o)
	return ok && c.fills(o, t)
}

// together is the time in which each of the prefixes that an outage is of, those that are out when it is
// measured, was lost in total by its own outage; false if that is not known of each of them.
func (c *facts) together(o *finding.Outage) (finding.Span, bool) {
	var t finding.Span
	of := c.partsOf(o)
	for i, x := range of {
		k := slices.IndexFunc(x.Total, func(s finding.Span) bool { return s.From < c.end(nil, o) && c.end(s.Until, x) > o.From })
		if k < 0 || len(x.Total) > 1 {
			return t, false
		}
		y := x.Total[k]
		if i == 0 {
			t = y
			continue
		}
		t.From = max(t.From, y.From)
		if t.Until == nil || y.Until != nil && *y.Until < *t.Until {
			t.Until = y.Until
		}
	}
	return t, len(of) > 0 && (t.Until == nil || *t.Until > t.From)
}

// partsOf are the outages of the single prefixes that an outage of several took: those that are out
// at the second at which it is measured or, if these are more than it lost, those of them that last at
// least half as long; none if these are not as many.
func (c *facts) partsOf(o *finding.Outage) (out []*finding.Outage) {
	if o.Scope == "prefix" {
		return nil
	}
	for _, x := range c.others {
		if x.Scope == "prefix" && x.From <= o.Trough && c.end(nil, x) > o.Trough {
			out = append(out, x)
		}
	}
	if len(out) > o.Lost.Prefixes {
		out = slices.DeleteFunc(out, func(x *finding.Outage) bool { return 2*c.length(x) < c.length(o) })
	}
	if len(out) != o.Lost.Prefixes {
		return nil
	}
	return out
}

// fills reports whether a time in which all lacked it makes up an outage.
func (c *facts) fills(o *finding.Outage, t finding.Span) bool {
	from := onset(o)
	if t.From-from > wholeSlack {
		return false
	}
	until := ended(o)
	if until == nil {
		return c.end(t.Until, o) >= c.end(nil, o)
	}
	end := c.end(t.Until, o)
	return *until-end <= wholeSlack && 2*(min(end, *until)-max(t.From, from)) >= *until-from
}

// ended is when an outage was over, in the words of a report: at the median peer's
// return or, if it was not in one piece, when less than half of it was out. Nil if
// that was not seen.
func ended(o *finding.Outage) *moment.Time {
	switch {
	case o.Gone != nil:
		return o.Gone.Until
	case o.DurationS == nil || o.Recovery == nil:
		return nil
	}
	return o.Recovery.Median
}

// lasted is how long an outage's routes were gone, in whole seconds; nil if its end was
// not seen.
func lasted(o *finding.Outage) *int64 {
	until := ended(o)
	switch {
	case until == nil:
		return nil
	case o.Gone != nil:
		return &o.Gone.Seconds
	}
	s := max(0, int64((*until-onset(o))/moment.Second))
	return &s
}

// flaps reports whether an outage came and went.
func flaps(o *finding.Outage) bool { return o != nil && o.Gone != nil && o.Gone.Losses > 1 }

// lapseProse tells the headline outage where it was not in one piece.
func lapseProse(p *printer, c *facts, k int64) para {
	h := c.head
	g := h.Gone
	if g == nil { // of an older format: nothing but the medians and the totals is known
		return append(partLead(p, c, k), append(append(togetherProse(p, c, k), backProse(p, c, k, onset(h))...), leftProse(p, c, h)...)...)
	}
	var out para
	until := c.end(g.Until, h)
	if flaps(h) {
		key := "lapse.flap"
		if !c.dominant {
			key = "lapse.flap.longest"
		}
		out = say(key, k, "from", p.at(g.From), "until", p.until(until, g.From), "what", p.whatLost(h), "n", p.n(int64(g.Losses)),
			"length", p.words(g.Seconds), "share", p.percent(float64(g.Seconds)/max(1, float64((until-g.From)/moment.Second))))
		if l, ok := c.level(); ok {
			out = append(out, say("lapse.level", locale.None, "level", p.level(l))...)
		}
		r := c.reach(h)
		out = append(out, say("lapse.gone", k, "networks", p.counted("unit.network", int64(r.networks)), "at", p.collectors(r.collectors))...)
	} else {
		out = partLead(p, c, k)
	}
	out = append(out, togetherProse(p, c, k)...)
	switch {
	case ended(h) == nil:
		out = append(out, openProse(p, c, k)...)
	case !flaps(h):
		out = append(out, say("lapse.back", k, "back", p.then(until, g.From), "length", p.words(g.Seconds))...)
	}
	return append(append(out, edgesProse(p, h)...), leftProse(p, c, h)...)
}

// partLead begins what is told of an outage that was not gone from all.
func partLead(p *printer, c *facts, k int64) para {
	h := c.head
	r := c.reach(h)
	key := "answer.part"
	a := []any{"onset", p.at(onset(h)), "what", p.whatLost(h), "networks", p.counted("unit.network", int64(r.networks)), "at", p.collectors(r.collectors)}
	if !c.dominant {
		key += ".longest"
	}
	if h.Gone != nil && k > 1 { // not all of them at that moment
		key = "lapse.part"
		if !c.dominant {
			key = "lapse.part.longest"
		}
		out := say(key, locale.None, a...)
		if l, ok := c.level(); ok {
			out = append(out, say("lapse.level", locale.None, "level", p.level(l))...)
		}
		return out
	}
	if l, ok := c.level(); ok {
		return say(key+".level", k, append(a, "level", p.level(l))...)
	}
	return say(key, k, a...)
}

// togetherProse says how long all lacked it together, or how many did at the most.
func togetherProse(p *printer, c *facts, k int64) para {
	h, g := c.head, c.head.Gone
	sum := int64(0)
	for _, t := range h.Total {
		sum += int64((c.end(t.Until, h) - t.From) / moment.Second)
	}
	switch {
	case c.outlasted(h) && g != nil:
		return say("lapse.together", k, "length", p.words(g.Together))
	case len(h.Total) == 1:
		key := "lapse.total"
		if k > 1 {
			key = "lapse.total.several"
		}
		t := h.Total[0]
		return say(key, locale.None, "from", p.at(t.From), "until", p.until(c.end(t.Until, h), t.From), "length", p.words(sum), "reach", p.reachWords(c.reach(h), k))
	case len(h.Total) > 1:
		return say("lapse.together", k, "length", p.words(sum))
	case g == nil:
		return nil
	case g.Together > 0:
		return say("lapse.together", k, "length", p.words(g.Together))
	}
	key := "lapse.never"
	if g.Fewest == g.Most {
		key = "lapse.same"
	}
	return say(key, k, "fewest", p.n(int64(g.Fewest)), "most", p.n(int64(g.Most)), "of", p.n(int64(g.Of)), "when", p.then(g.MostAt, g.From))
}

// openProse says what is known of a return that half of the peers were not seen to have.
func openProse(p *printer, c *facts, k int64) para {
	h, g := c.head, c.head.Gone
	var out para
	switch {
	case h.Censored != nil && *h.Censored == finding.BlindEnd:
		if g.BackBy == nil {
			return say("answer.open.blind", k, "until", p.then(c.end(nil, h), g.From))
		}
		out = say("lapse.blind", k, "until", p.then(c.end(nil, h), g.From))
		out = append(out, say("lapse.backby", k, "back", p.then(*g.BackBy, g.From), "length", p.words(int64((*g.BackBy-g.From)/moment.Second)))...)
		if a := g.Again; a != nil {
			out = append(out, say("lapse.held", locale.None, "n", p.n(int64(a.Routes)), "of", p.n(int64(a.Of)))...)
		}
		return out
	case g.Again != nil && 2*g.Again.Routes < g.Again.Of:
		a := g.Again
		return say("lapse.again", k, "n", p.n(int64(a.Routes)), "of", p.n(int64(a.Of)), "since", p.until(a.Since, g.From), "end", p.then(c.end(nil, h), g.From))
	case flaps(h) && g.Until == nil:
		return say("lapse.flap.open", k)
	}
	return say("answer.open.end", k, "until", p.at(c.end(nil, h)))
}

// edgesProse tells the first loss and the last return where they lie far from the
// time in which half was gone.
func edgesProse(p *printer, o *finding.Outage) para {
	g := o.Gone
	if g.Until == nil || o.Onset.First == nil || o.Recovery == nil || o.Recovery.Last == nil {
		return nil
	}
	first, last := *o.Onset.First, *o.Recovery.Last
	if o.Until != nil {
		first, last = min(first, o.From), max(last, *o.Until)
	}
	if g.From-first <= wholeSlack && last-*g.Until <= wholeSlack {
		return nil
	}
	return say("lapse.edges", locale.None, "first", p.then(first, g.From), "last", p.then(last, g.From))
}

// stoppedProse says how many had carried what was lost, of which it was not known any more, or whose
// complete tables were without it, and how many never spoke of it.
func stoppedProse(p *printer, o *finding.Outage) (out para) {
	tell := func(key, several string, n int) {
		if n <= 0 {
			return
		}
		if o.Lost.Prefixes > 1 {
			key = several
		}
		out = append(out, say(key, int64(n), "n", p.n(int64(n)))...)
	}
	tell("lapse.unlisted", "lapse.unlisted.prefixes", o.Witnesses.Unlisted)
	tell("lapse.stopped", "lapse.stopped.prefixes", o.Witnesses.Stopped-o.Witnesses.Unlisted)
	tell("lapse.silent", "lapse.silent.prefixes", o.Witnesses.Silent)
	return out
}

// newWayProse says that routes came back through a network that was never seen next
// to their origin before: so does a route that somebody forged.
func newWayProse(p *printer, c *facts) para {
	h := c.head
	if h == nil || h.Paths == nil || h.Recovery == nil {
		return nil
	}
	type way struct{ next, origin uint32 }
	of := func(x finding.Path) (way, bool) {
		n := len(x.Path)
		if n < 2 {
			return way{}, false
		}
		return way{x.Path[n-2], x.Path[n-1]}, true
	}
	known := map[way]bool{}
	origins := map[uint32]bool{}
	for _, list := range [][]finding.Path{h.Paths.Before, h.Paths.Trough, c.f.Learned} {
		for _, x := range list {
			if w, ok := of(x); ok && !x.Inferred {
				known[w], origins[w.origin] = true, true
			}
		}
	}
	var next []uint32
	var origin uint32
	fresh, all := 0, 0
	for _, x := range h.Paths.After {
		w, ok := of(x)
		all += x.Routes
		if !ok || known[w] || !origins[w.origin] || origin != 0 && origin != w.origin {
			continue
		}
		fresh, origin = fresh+x.Routes, w.origin
		if !slices.Contains(next, w.next) {
			next = append(next, w.next)
		}
	}
	if 2*fresh < all || fresh == 0 {
		return nil
	}
	key := "lapse.newway"
	if fresh < all {
		key = "lapse.newway.part"
	}
	slices.Sort(next)
	var names []string
	for _, as := range next[:min(len(next), 4)] {
		names = append(names, p.as(as))
	}
	who := p.is(origin)
	return append(say(key, int64(len(next)), "as", strings.Join(names, ", "), "origin", who, "share", p.percent(float64(fresh)/float64(all))),
		say("lapse.newway.what", locale.None, "origin", who)...)
}

// lapseFigure is how long an outage lasted that was not in one piece.
func lapseFigure(p *printer, c *facts, k keyFigure, least, most string) keyFigure {
	h, g := c.head, c.head.Gone
	n := int64(g.Losses)
	k.Value = p.brief(g.Seconds)
	switch {
	case g.Until != nil:
		k.Note = p.tn("lapse.key", n, "n", p.n(n), "from", p.stamp(g.From), "until", p.untilStamp(g.From, g.Until), "least", least, "most", most)
	case g.BackBy != nil:
		k.Value += " – " + p.brief(int64((*g.BackBy-g.From)/moment.Second))
		k.Note = p.t("lapse.key.backby", "from", p.stamp(g.From), "until", p.untilStamp(g.From, g.BackBy), "why", p.censored(h))
	default:
		k.Value = "≥" + nbsp + k.Value
		k.Note = p.tn("lapse.key.open", n, "n", p.n(n), "from", p.stamp(g.From), "least", least, "why", p.censored(h))
	}
	return k
}

// lapseLine is an outage in a line that was not in one piece.
func lapseLine(p *printer, o *finding.Outage) string {
	g := o.Gone
	n := int64(g.Losses)
	a := []any{"n", p.n(n), "from", p.stamp(g.From), "until", p.untilStamp(g.From, g.Until), "length", p.exact(g.Seconds),
		"lost", p.of(int64(o.Lost.Prefixes), int64(o.Lost.Of)), "witnesses", p.witnesses(o)}
	if g.Until == nil {
		return p.tn("lapse.list.open", n, append(a, "why", p.censored(o))...)
	}
	line := p.tn("lapse.list", n, a...)
	if o.Until != nil && (g.From-o.From > wholeSlack || *o.Until-*g.Until > wholeSlack) {
		line = p.wholeWords(o) + line
	}
	return line
}

// totalWords words a total loss that was not one with the outage it is of, or all total losses of the
// subject, if these are told together; nil if it is neither.
func (p *printer) totalWords(c *facts, o *finding.Outage, all bool) para {
	if o == nil || len(o.Total) == 0 || c.inPiece(o) && !all {
		return nil
	}
	spans, sum := c.totals()
	if !all {
		spans, sum = slices.Clone(o.Total), 0
		for i := range spans {
			spans[i].Until = new(c.end(spans[i].Until, o))
			sum += int64((*spans[i].Until - spans[i].From) / moment.Second)
		}
	}
	n := int64(len(spans))
	a := []any{"n", p.n(n), "from", p.at(spans[0].From), "until", p.until(*spans[n-1].Until, spans[0].From), "length", p.words(sum)}
	if n == 1 {
		return say("lapse.prop.total", locale.None, a...)
	}
	return say("lapse.prop.totals", n, a...)
}
