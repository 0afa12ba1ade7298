package outage

import (
	"cmp"
	"slices"
	"sort"
)

// withTotal fills what is measured at a total loss: a peer that holds nothing
// of the scope at the trough's start, but for stuck routes, speaks; its loss is
// its last up to then, its return its first at or after the trough's end.
func (f *finder) withTotal(o *Outage, e *entry, of []int, sight *scopeSight) {
	first, last := e.totals[0], e.totals[len(e.totals)-1]
	stuck := map[int32]bool{}
	for _, t := range e.totals {
		o.Total = append(o.Total, t.Span)
		for _, k := range t.stuck {
			stuck[k] = true
			o.Zombies = append(o.Zombies, sight.carrier(k).Peer)
		}
	}
	slices.Sort(o.Zombies)
	o.Zombies = slices.Compact(o.Zombies)
	o.trough, o.Routes = first.From, first.routes
	touched := map[int]bool{}
	for _, p := range e.parts {
		touched[p.prefix] = true
	}
	o.Prefixes = f.outAt(of, first.From)
	for _, p := range o.Prefixes {
		touched[p] = true
	}
	o.Touched = len(touched)
	for peer := range sight.byPeer {
		if sight.view(peer, nil, f.in.End).at(first.From).counted > 0 {
			o.Carried++
		}
		v := sight.view(peer, stuck, f.in.End)
		if s := v.at(first.From); s.counted == 0 || s.held > 0 {
			continue
		}
		lost := v.lastLoss(first.From)
		if !lost.Seen {
			continue
		}
		t := Tick{Peer: peer, Lost: lost}
		t.Back, t.why = v.firstReturn(last.Until, f.in.End)
		if !last.Ended && t.why == Seen {
			// Sight of the scope as a whole ended before this return.
			t.Back, t.why = Moment{last.Until, false}, Blind
		}
		o.Ticks = append(o.Ticks, t)
	}
}

// goneRun is an interval in which one peer had lost one prefix. What was lost
// before a time of blindness and is still lost after it is not lost again.
// There may be a million of them.
type goneRun struct {
	lost, end int64
	seen      bool // that it came back at the end
	why       Censor
}

// peerRun is one of a peer.
type peerRun struct {
	peer int
	goneRun
}

func (r *goneRun) back() Moment { return Moment{r.end, r.seen} }

// gone lists the intervals in which the carriers of a prefix had lost it. A prefix that
// goes often is asked about often.
func (f *finder) gone(prefix int) [][]goneRun {
	if f.runs == nil {
		f.runs = make([][][]goneRun, len(f.in.Prefixes))
	}
	prefix = f.like[prefix]
	if f.runs[prefix] == nil {
		of := f.in.Prefixes[prefix].Carriers
		f.runs[prefix] = make([][]goneRun, 0, len(of))
		for _, c := range of {
			f.scratch = goneRuns(f.scratch[:0], c, f.in.End)
			f.runs[prefix] = append(f.runs[prefix], slices.Clone(f.scratch))
		}
	}
	return f.runs[prefix]
}

// goneRuns appends those of a carrier whose beginning was a loss.
func goneRuns(runs []goneRun, c Carrier, end int64) []goneRun {
	open, knew := false, None
	for _, s := range c.Steps {
		if s.At >= end {
			break
		}
		switch {
		case s.State.gone() && !knew.gone():
			open = true
			runs = append(runs, goneRun{lost: s.At, end: end, why: EndOfData})
		case !s.State.gone() && open:
			open = false
			r := &runs[len(runs)-1]
			r.end, r.seen, r.why = s.At, s.State.holds(), Seen
			if !s.State.holds() {
				r.why = Blind
			}
		}
		if !s.State.blank() && s.State != Without {
			knew = s.State
		}
	}
	return runs
}

// at returns the carrier's state at second t.
func (c Carrier) at(t int64) State {
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > t })
	if i == 0 {
		return None
	}
	return c.Steps[i-1].State
}

// window is the trough of an entry without a total, [from, until), and the
// prefixes that were out for at least half of it: prefixes that merely flap
// meanwhile do not tell when the outage began and ended.
//
// The trough runs from the first to the last second at which nine tenths of the
// most prefixes that were ever out at once are out. Where no prefix is out for
// half of that, it is the time in which those out at its first second all are.
func window(parts []part) trough {
	from, until, core := int64(0), int64(0), map[int]bool{}
	var edges []int64
	for _, p := range parts {
		edges = append(edges, p.From, p.until)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	going, coming := map[int64]int{}, map[int64]int{}
	for _, p := range parts {
		going[p.From]++
		coming[p.until]++
	}
	most, now := 0, 0
	for _, t := range edges {
		now += going[t] - coming[t]
		most = max(most, now)
	}
	now = 0
	began := false
	for i, t := range edges {
		now += going[t] - coming[t]
		if 10*now < troughTenths*most || now == 0 {
			continue
		}
		if !began {
			from, began = t, true
		}
		until = edges[i+1] // something is out, so that its end is to come
	}
	out := map[int]int64{}
	for _, p := range parts {
		if d := min(p.until, until) - max(p.From, from); d > 0 {
			out[p.prefix] += d
		}
	}
	for p, d := range out {
		if 2*d >= until-from {
			core[p] = true
		}
	}
	if len(core) > 0 {
		return trough{from, until, core}
	}
	for _, p := range parts {
		if p.From <= from && p.until > from {
			core[p.prefix] = true
			until = min(until, p.until)
		}
	}
	return trough{from, until, core}
}

// withoutTotal fills what is measured otherwise: each peer's last loss and
// first return among the prefixes that are out through the trough. Of a prefix
// that a peer lost several times, the loss is the one that the trough begins
// with, and the return the last one.
func (f *finder) withoutTotal(o *Outage, parts []part, at trough) {
	from, until, core := at.from, at.until, at.core
	touched := map[int]bool{}
	runs := f.peerRuns[:0]                   // one for each prefix and peer that lost it
	carried := make([]bool, len(f.in.Peers)) // by peer
	// The parts of a prefix as one: what it lost in a short return between
	// them is the same outage.
	whole := map[int]part{}
	for _, p := range parts {
		touched[p.prefix] = true
		if !core[p.prefix] || p.From >= until || p.until <= from {
			continue
		}
		w, ok := whole[p.prefix]
		if !ok {
			w = p
		}
		w.From, w.until = min(w.From, p.From), max(w.until, p.until)
		whole[p.prefix] = w
	}
	seen := map[part]bool{} // prefixes that share their carriers are asked once for one time
	for _, p := range whole {
		o.Prefixes = append(o.Prefixes, p.prefix)
		p.prefix = f.like[p.prefix]
		p.span = span{Span: Span{From: p.From}, until: p.until} // what matters of it here
		if seen[p] {
			continue
		}
		seen[p] = true
		gone := f.gone(p.prefix)
		for i, c := range f.in.Prefixes[p.prefix].Carriers {
			if !carried[c.Peer] && c.counts(p.From, p.until) {
				carried[c.Peer] = true
				o.Carried++
			}
			within := runsWithin(gone[i], max(p.From, from), min(p.until, until))
			if len(within) == 0 {
				continue
			}
			one := within[len(within)-1]
			one.lost = within[0].lost
			for _, r := range within[1:] {
				if r.lost <= from {
					one.lost = r.lost
				}
			}
			runs = append(runs, peerRun{c.Peer, one})
		}
	}
	slices.Sort(o.Prefixes)
	o.Touched = len(touched)
	slices.SortFunc(runs, func(a, b peerRun) int { return cmp.Or(cmp.Compare(a.peer, b.peer), cmp.Compare(a.end, b.end)) })
	f.peerRuns = runs
	for len(runs) > 0 {
		n := slices.IndexFunc(runs, func(r peerRun) bool { return r.peer != runs[0].peer })
		if n < 0 {
			n = len(runs)
		}
		rs := runs[:n]
		runs = runs[n:]
		t := Tick{Peer: rs[0].peer}
		for _, r := range rs {
			if !t.Lost.Seen || r.lost > t.Lost.At {
				t.Lost = Moment{r.lost, true}
			}
		}
		t.Back, t.why = Moment{f.in.End, false}, EndOfData
		for _, r := range rs {
			if r.end < t.Lost.At {
				continue
			}
			if r.why == Seen {
				t.Back, t.why = r.back(), Seen
				break
			}
			if r.why == Blind {
				t.Back, t.why = r.back(), Blind
			}
		}
		o.Ticks = append(o.Ticks, t)
	}
	o.trough, o.Routes = f.deepest(o.Prefixes, from, until)
}

// deepest is the first second of [from, until) at which the most routes of some
// prefixes are gone.
func (f *finder) deepest(of []int, from, until int64) (at int64, most Routes) {
	for i, l := range f.levels(of, from, until) {
		if i == 0 || l.lost > most.Lost {
			at, most = l.at, Routes{Lost: l.lost, Of: l.of}
		}
	}
	return at, most
}

// runsWithin are those of rising, disjoint runs that have a second in [from, until).
func runsWithin(runs []goneRun, from, until int64) []goneRun {
	i := sort.Search(len(runs), func(i int) bool { return runs[i].end > from })
	n := sort.Search(len(runs)-i, func(n int) bool { return runs[i+n].lost >= until })
	return runs[i : i+n]
}

// counts reports whether the carrier was watching and known to carry the prefix at
// some second of [from, until).
func (c Carrier) counts(from, until int64) bool {
	if c.at(from).counted() {
		return true
	}
	for _, s := range c.Steps[sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > from }):] {
		if s.At >= until {
			break
		}
		if s.State.counted() {
			return true
		}
	}
	return false
}

// finish derives what follows from the ticks.
func (f *finder) finish(o *Outage, e *entry) {
	from, end, how := e.end()
	o.From, o.Until = from, Moment{end, how == returned}
	slices.SortFunc(o.Ticks, func(a, b Tick) int {
		return cmp.Or(cmp.Compare(a.Lost.At, b.Lost.At), cmp.Compare(a.Peer, b.Peer))
	})
	var lost, back []Moment
	var as asCount
	anyBlind, anyUnseen := false, false
	for _, t := range o.Ticks {
		lost, back = append(lost, t.Lost), append(back, t.Back)
		as.add(f.in.Peers[t.Peer].AS, 1)
		anyBlind = anyBlind || t.why == Blind
		anyUnseen = anyUnseen || t.why != Seen
	}
	o.ASes = len(as.n)
	o.Onset, o.Recovery = moments(lost), moments(back)
	o.Duration = -1
	if o.Onset.Median.Seen && o.Recovery.Median.Seen {
		o.Duration = o.Recovery.Median.At - o.Onset.Median.At
	}
	switch {
	case how == stillOut:
		o.Censored = EndOfData
	case how == unseen || anyBlind:
		o.Censored = Blind
	case anyUnseen:
		o.Censored = EndOfData
	}
}

// moments sorts what was not seen last and takes the first, the lower middle
// and the last.
func moments(ms []Moment) Moments {
	if len(ms) == 0 {
		return Moments{}
	}
	ms = slices.Clone(ms)
	slices.SortStableFunc(ms, func(a, b Moment) int {
		if a.Seen != b.Seen {
			if a.Seen {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.At, b.At)
	})
	return Moments{ms[0], ms[(len(ms)-1)/2], ms[len(ms)-1]}
}
