package report

import (
	"slices"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/moment"
)

// What is said of several outages, and of what an outage of several peers and prefixes
// leaves when its median is told.

// seriesProse tells several outages of which none is far larger than the others. They have
// one measure, that of the list below: total ones from median to median, others from the
// first prefix out until none is.
func seriesProse(p *printer, c *facts) para {
	total := c.allTotal()
	key, of := "answer.series.part", p.ofSubject()
	begin, long := func(o *finding.Outage) moment.Time { return o.From }, c.span
	if total {
		key, of = "answer.series.total", p.ofHeard(of, c.head.Lost.Of)
		begin, long = onset, c.length
	}
	from := begin(c.whole[0])
	lo, hi := long(c.whole[0]), long(c.whole[0])
	open, until, several := false, moment.Time(0), false
	for _, o := range c.whole {
		from = min(from, begin(o))
		lo, hi = min(lo, long(o)), max(hi, long(o))
		several = several || o.Lost.Of > 1
		switch {
		case ended(o) == nil || o.Until == nil:
			open = true
		case total:
			until = max(until, c.back(o))
		default:
			until = max(until, *o.Until)
		}
	}
	part := ""
	if k, n := c.seriesOf(); !total && n > 0 {
		key = "answer.series.some"
		part = p.t("what.part", "k", p.between2(k), "n", p.n(int64(n)), "of", p.ofHeard(p.ofSubject(), n))
	}
	if open {
		key += ".open"
	}
	out := say(key, int64(len(c.whole)), "what", part, "from", p.at(from), "until", p.then(until, from), "of", of, "n", p.n(int64(len(c.whole))),
		"range", p.wordsBetween(int64(lo/moment.Second), int64(hi/moment.Second)))
	if open && until > 0 {
		out = append(out, say("answer.series.last", locale.None, "until", p.then(until, from))...)
	}
	if several && !total {
		out = append(out, say("answer.series.measure", locale.None)...)
	}
	return out
}

// seriesOf is of how many prefixes each outage of a series was, the fewest and the most, of
// n; none if any of them was of all, or the number of prefixes changed.
//
// Example: 40 outages, each of 1 of 277 prefixes, are no outages of a network.
func (c *facts) seriesOf() (k [2]int64, n int) {
	for i, o := range c.whole {
		x := int64(max(o.Lost.Prefixes, o.Lost.Touched))
		if i == 0 {
			k, n = [2]int64{x, x}, o.Lost.Of
		}
		k[0], k[1] = min(k[0], x), max(k[1], x)
		if o.Lost.Of != n || x >= int64(n) {
			return k, 0
		}
	}
	return k, n
}

// between2 is a number, or two with what lies between.
func (p *printer) between2(k [2]int64) string {
	if k[0] == k[1] {
		return p.n(k[0])
	}
	return p.t("range", "least", p.n(k[0]), "most", p.n(k[1]))
}

// deeperProse tells of a series what the headline outage does not show of its depth: that all
// was gone at once or, if it never was, that another of its outages took more prefixes.
func deeperProse(p *printer, c *facts) para {
	h := c.head
	if c.totalsTold() {
		spans, sum := c.totals()
		n := int64(len(spans))
		return say("answer.deeper.total", n, "n", p.n(n), "of", p.ofHeard(p.ofSubject(), h.Lost.Of), "from", p.at(spans[0].From), "until", p.until(*spans[n-1].Until, spans[0].From), "length", p.words(sum))
	}
	if h.Scope != "subject" || len(h.Total) > 0 || !c.dominant && c.allTotal() {
		return nil
	}
	var most *finding.Outage
	for _, o := range c.whole {
		if o != h && o.Lost.Prefixes > h.Lost.Prefixes && (most == nil || o.Lost.Prefixes > most.Lost.Prefixes) {
			most = o
		}
	}
	if most == nil {
		return nil
	}
	key := "answer.deeper.most"
	if c.dominant { // no others are told of before
		key = "answer.deeper.other"
	}
	return say(key, int64(most.Lost.Prefixes), "k", p.n(int64(most.Lost.Prefixes)), "of", p.n(int64(most.Lost.Of)), "at", p.at(onset(most)))
}

// largerProse tells the loss of one prefix that is larger by addresses and time than the headline
// outage: of losses that run into one another the least of time and the most of prefixes are told, and
// what was gone for long is not seen among them. Example: 150 /24s flap for seconds each, and a /22 is
// gone for 20 minutes.
func largerProse(p *printer, c *facts) para {
	h := c.head
	var most *finding.Outage
	told := c.product(h, h)
	if ragged(h) { // what was gone for longer is not in the time that is told
		told = min(told, c.told(h))
	}
	for _, o := range c.others {
		if o.Scope == "prefix" && !o.Partial && h.Scope != "prefix" && c.product(h, o) > told && (most == nil || c.product(h, o) > c.product(h, most)) {
			most = o
		}
	}
	if most == nil {
		return nil
	}
	key := "answer.larger"
	if ended(most) == nil {
		key = "answer.larger.open"
	}
	return say(key, locale.None, "prefix", clip(most.Name, 60), "from", p.at(onset(most)), "length", p.words(int64(c.length(most)/moment.Second)))
}

// touchedProse tells that much more went out in the headline outage than what it is measured by. Example: ten
// /24s are gone for three minutes, and a /20 that went with them for fifty.
func touchedProse(p *printer, c *facts) para {
	l := c.head.Lost
	if c.head.Scope != "subject" || l.Touched < 2*l.Prefixes || l.Touched > l.Of {
		return nil
	}
	return say("answer.touched", int64(l.Touched), "n", p.n(int64(l.Touched)), "of", p.n(int64(l.Of)))
}

// besideHead counts the outages beside one that is far larger than they: which began
// before it, while it lasted and after.
func besideHead(p *printer, c *facts) (out []para) {
	if !c.dominant {
		return nil
	}
	before, during, after := "answer.before", "answer.during", "answer.after"
	if len(deeperProse(p, c)) > 0 { // what took more prefixes is not called smaller
		before, during, after = "answer.before.other", "answer.during.other", "answer.after.other"
	}
	if n := int64(c.before); n > 0 {
		out = append(out, say(before, n, "n", p.n(n), "first", p.at(onset(c.whole[0]))))
	}
	if n := int64(c.during); n > 0 {
		out = append(out, say(during, n, "n", p.n(n)))
	}
	if n := int64(c.after); n > 0 {
		out = append(out, say(after, n, "n", p.n(n)))
	}
	return out
}

// leftPart is the share of the routes from which on it is told in the answer that they did not
// come back, or late: what fewer do may be stuck or wavering.
const leftPart = 20

// leftProse tells which part of what was gone was not back, or much later, where the
// median is what dates the return.
func leftProse(p *printer, c *facts, o *finding.Outage) (out para) {
	if o.Recovery == nil || o.Recovery.Median == nil {
		return nil
	}
	k := int64(o.Lost.Prefixes)
	if l := o.Left; l != nil && leftPart*l.Gone > l.Routes {
		out = say("left.gone", k, "n", p.n(int64(l.Gone)), "of", p.n(int64(l.Routes)), "end", p.then(c.f.Question.Until, onset(o)))
	}
	if l := o.Left; l != nil && leftPart*l.Unseen > l.Routes {
		out = append(out, say("left.unseen", k, "n", p.n(int64(l.Unseen)), "of", p.n(int64(l.Routes)))...)
	}
	if o.Gone != nil && len(out) == 0 { // its edges are told
		return nil
	}
	late, last := 0, moment.Time(0)
	for _, t := range o.Peers {
		if t.Back != nil && *t.Back-*o.Recovery.Median > wholeSlack {
			late++
			last = max(last, *t.Back)
		}
	}
	if leftPart*late > len(o.Peers) {
		out = append(out, say("left.late", k, "n", p.n(int64(late)), "of", p.n(int64(len(o.Peers))), "last", p.then(last, onset(o)))...)
	}
	return out
}

// leftWords is what did not come back in a few words.
func (p *printer) leftWords(l *finding.Left) string {
	return p.t("left.short", "n", p.n(int64(l.Gone)), "of", p.n(int64(l.Routes)))
}

// wholeWords is the time from an outage's first prefix out until none is, before another
// measure of it.
func (p *printer) wholeWords(o *finding.Outage) string {
	return p.t("sum.list.whole", "from", p.stamp(o.From), "until", p.untilStamp(o.From, o.Until), "whole", p.exact(int64((*o.Until-o.From)/moment.Second)))
}

// bareProse says when others' routes did not stand in. If a less specific of another network
// stood, nobody knows whether the addresses were served, and it is left out.
func bareProse(p *printer, c *facts) para {
	b := c.bare(c.head)
	if b == nil {
		return nil
	}
	key := "bare"
	if b.Stood > 0 {
		key = "bare.most"
	}
	return say(key, int64(b.Times), "n", p.n(int64(b.Times)), "from", p.at(b.From), "until", p.until(b.Until, b.From), "length", p.words(b.Seconds),
		"stood", p.n(int64(b.Stood)), "of", p.n(int64(b.Routes)))
}

// bare is the time of an outage in which nothing stood in for it; nil if there was none, or if a
// less specific route of another network stood all the time.
func (c *facts) bare(o *finding.Outage) *finding.Bare {
	if o == nil || slices.ContainsFunc(c.f.Subject.Prefixes, func(x finding.Prefix) bool { return x.Standing > 0 }) {
		return nil
	}
	return o.Bare
}
