package outage

import "slices"

// ending says how a prefix's outage ended.
type ending uint8

const (
	stillOut ending = iota // at the end of the data
	returned               // more than half hold it again
	unseen                 // carriers stopped watching
)

// span is one outage of one prefix.
type span struct {
	Span
	until int64 // where sight ended, returned or not
	ended ending
}

// part is a prefix's outage as a member of an entry.
type part struct {
	prefix int
	span
}

type finder struct {
	in       Input
	like     []int         // of each prefix the first one that shares its carriers
	out      [][]span      // per prefix
	raw      [][]span      // per prefix that flaps: the same before near ones are joined
	part     [][]span      // per prefix: lost by some, at no moment by half
	seconds  []level       // memory of [finder.levels]
	runs     [][][]goneRun // per prefix and carrier, of those that were asked for
	scratch  []goneRun
	peerRuns []peerRun
	below    Below
	lacked   []bool // by peer: see [Below.Peers]
}

// newFinder finds the outages of prefixes, and what lies below their rules.
func newFinder(in Input) *finder {
	f := &finder{in: in, like: make([]int, len(in.Prefixes)), lacked: make([]bool, len(in.Peers))}
	first := map[*Carrier]int{}
	for i, p := range in.Prefixes {
		f.like[i] = i
		if n := len(p.Carriers); n > 0 {
			// The same list, or one that ends elsewhere.
			if k, ok := first[&p.Carriers[0]]; ok && len(in.Prefixes[k].Carriers) == n {
				f.like[i] = k
			} else {
				first[&p.Carriers[0]] = i
			}
		}
	}
	f.prefixOutages()
	return f
}

// likes is prefixes that share their carriers.
type likes struct{ prefix, n int } // the first of them, and how many

// groups lists some prefixes by the carriers that they share, in order of appearance.
func (f *finder) groups(of []int) []likes {
	var out []likes
	at := map[int]int{}
	for _, p := range of {
		i, ok := at[f.like[p]]
		if !ok {
			i = len(out)
			at[f.like[p]] = i
			out = append(out, likes{prefix: f.like[p]})
		}
		out[i].n++
	}
	return out
}

// change is one step of one of several carriers.
type change struct {
	at      int64
	carrier int
	state   State
}

// changes merges the steps of carriers in order of time. Steps at or after end
// are left out.
func changes(cs []Carrier, end int64) []change {
	n := 0
	for _, c := range cs {
		n += len(c.Steps)
	}
	all := make([]change, 0, n)
	for i, c := range cs {
		for _, s := range c.Steps {
			if s.At < end {
				all = append(all, change{s.At, i, s.State})
			}
		}
	}
	return byTime(all, func(c *change) int64 { return c.at })
}

// asCount counts distinct ASes; an unknown AS (0) is nobody's witness.
type asCount struct {
	n map[uint32]int
}

func (a *asCount) add(as uint32, d int) {
	if as == 0 {
		return
	}
	if a.n == nil {
		a.n = map[uint32]int{}
	}
	a.n[as] += d
	if a.n[as] == 0 {
		delete(a.n, as)
	}
}

func (f *finder) prefixOutages() {
	f.out = make([][]span, len(f.in.Prefixes))
	f.part = make([][]span, len(f.in.Prefixes))
	f.raw = make([][]span, len(f.in.Prefixes))
	n := make([]int, len(f.in.Prefixes))
	for _, like := range f.like {
		n[like]++
	}
	for p := range f.in.Prefixes {
		if like := f.like[p]; like < p {
			f.out[p], f.part[p], f.raw[p] = f.out[like], f.part[like], f.raw[like]
			continue
		}
		f.out[p], f.part[p], f.raw[p] = f.prefixOut(likes{p, n[p]})
	}
	f.lacking()
}

// poll counts the carriers of one prefix by what is seen of them.
type poll struct {
	n, holding, gone int
	away             int     // not counted: of whom it was known once
	missing          int     // of these, those whose tables are without it
	unlisted         asCount // their networks
	without          int     // not counted, nor away: behind a time of which nothing is known they are still without it
	still            asCount // their networks
	hidden           int     // not counted: withdrawn by them, and perhaps another route has its addresses
	hiding           asCount // their networks
	lost             asCount // of those that have lost it
}

func (v *poll) count(s State, as uint32, d int) {
	if s.blank() {
		v.away += d
	}
	switch s {
	case Missing:
		v.missing += d
		v.unlisted.add(as, d)
	case Without:
		v.without += d
		v.still.add(as, d)
	}
	if s == Hidden {
		v.hidden += d
		v.hiding.add(as, d)
	}
	if !s.counted() {
		return
	}
	v.n += d
	if s.holds() {
		v.holding += d
	}
	if s.gone() {
		v.gone += d
		v.lost.add(as, d)
	}
}

// out says that the prefix is out: at most half of its carriers hold it and
// carriers in at least two ASes have lost it.
func (v *poll) out() bool { return v.n >= 2 && 2*v.holding <= v.n && len(v.lost.n) >= 2 }

// outBy says that fewer than half hold it, with those counted as having lost it that withdrew it, whatever
// may stand in at them.
func (v *poll) outBy() bool {
	return v.n+v.hidden >= 2 && 2*v.holding < v.n+v.hidden && networks(v.lost, v.hiding) >= 2
}

// outStill says that it is out, with those counted as having lost it that are still without it, or whose tables are.
func (v *poll) outStill() bool {
	n := v.n + v.missing + v.without
	return n >= 2 && 2*v.holding <= n && networks(v.lost, v.unlisted, v.still) >= 2
}

// networks counts the distinct ASes of several counts.
func networks(of ...asCount) int {
	n := 0
	for i, c := range of {
		for as := range c.n {
			if !slices.ContainsFunc(of[:i], func(x asCount) bool { return x.n[as] > 0 }) {
				n++
			}
		}
	}
	return n
}

// hurt says that carriers in at least two ASes have lost it, more than stuck or
// wavering routes explain. What is out is hurt.
func (v *poll) hurt() bool { return v.n >= 2 && partialPart*v.gone > v.n && len(v.lost.n) >= 2 }

// hurtBy is hurt with those counted whose networks are more.
func (v *poll) hurtBy(more asCount) bool {
	return v.n >= 2 && partialPart*v.gone > v.n && networks(v.lost, more) >= 2
}

// episodes follows one condition over time.
type episodes struct {
	open  bool
	from  int64
	spans []span
}

// step judges second t. With those that stop watching at t as they were last seen the
// condition would be was: if it ends and that still holds, nobody saw it end. It begins
// only at a second at which a carrier is seen to have lost the prefix, and only if it
// holds with them too: otherwise it holds because others look away, and nothing happened.
func (x *episodes) step(t int64, is, was, lost bool) {
	switch {
	case is && !x.open && lost && was:
		x.open, x.from = true, t
	case !is && x.open:
		x.open = false
		how := returned
		if was {
			how = unseen
		}
		x.spans = append(x.spans, span{Span{x.from, t, how == returned}, t, how})
	}
}

func (x *episodes) close(end int64) []span {
	if x.open {
		x.spans = append(x.spans, span{Span{x.from, end, false}, end, stillOut})
	}
	return join(x.spans)
}

// prefixOut finds the intervals in which prefixes that are alike are out, and those in which
// they are lost by some and never out. Intervals less than joinGap apart are joined,
// but never across blindness; raw has the first kind as they were before, if any were
// joined.
func (f *finder) prefixOut(like likes) (out, part, raw []span) {
	cs := f.in.Prefixes[like.prefix].Carriers
	all := changes(cs, f.in.End)
	now := make([]State, len(cs))
	var v poll
	apply := func(c int, s State) {
		as := f.in.Peers[cs[c].Peer].AS
		v.count(now[c], as, -1)
		now[c] = s
		v.count(s, as, 1)
	}
	outs, hurts := episodes{}, episodes{}
	var went []change
	under := below{start: f.in.Start, end: f.in.End, lacked: make([]bool, len(cs))}
	for i := 0; i < len(all); {
		t, lost := all[i].at, false
		if t > f.in.Start {
			under.begin(now)
		}
		went = went[:0]
		for ; i < len(all) && all[i].at == t; i++ {
			c := all[i]
			if c.state.gone() && !now[c.carrier].gone() {
				lost = true
				under.lacks(c.carrier, t)
			}
			if c.state == Hidden && now[c.carrier].holds() {
				under.hid = t
			}
			if now[c.carrier].counted() && !c.state.counted() {
				went = append(went, change{t, c.carrier, now[c.carrier]})
			}
			apply(c.carrier, c.state)
		}
		isOut, isHurt := v.out(), v.hurt()
		wasOut, wasHurt := isOut, isHurt
		if len(went) > 0 && (outs.open != isOut || hurts.open != isHurt) {
			for k, w := range went {
				became := now[w.carrier]
				apply(w.carrier, w.state)
				went[k].state = became
			}
			wasOut, wasHurt = v.out(), v.hurt()
			for _, w := range went {
				apply(w.carrier, w.state)
			}
		}
		outs.step(t, isOut, wasOut, lost)
		hurt := hurts.open
		hurts.step(t, isHurt, wasHurt, lost)
		next := f.in.End
		if i < len(all) {
			next = all[i].at
		}
		under.step(t, next, &v, outs.open, hurts.open, hurt && !hurts.open && wasHurt)
	}
	out = outs.close(f.in.End)
	if len(outs.spans) > len(out) {
		raw = outs.spans
	}
	i := 0
	parts := hurts.close(f.in.End)
	f.leave(&under, like, now, parts, out)
	for _, s := range parts {
		for i < len(out) && out[i].until <= s.From {
			i++
		}
		if i < len(out) && out[i].From < s.until || s.until-s.From < partialLeast {
			continue // its shoulders belong to the outage
		}
		part = append(part, s)
	}
	return out, part, raw
}

// join makes one of outages less than joinGap apart.
func join(spans []span) []span {
	var out []span
	for _, s := range spans {
		if k := len(out) - 1; k >= 0 && out[k].ended == returned && s.From-out[k].until < joinGap {
			s.From = out[k].From
			out[k] = s
			continue
		}
		out = append(out, s)
	}
	return out
}
