package outage

import (
	"cmp"
	"slices"
	"sort"
)

// withTotal fills what is measured at a total loss: a peer that holds nothing
// of the scope at the trough's start speaks; its loss is its last up to then,
// its return its first at or after the trough's end.
func (f *finder) withTotal(o *Outage, e *entry, of []int, views map[int]*peerView) {
	first, last := e.totals[0], e.totals[len(e.totals)-1]
	for _, t := range e.totals {
		o.Total = append(o.Total, t.Span)
		o.Zombies = append(o.Zombies, t.zombies...)
	}
	slices.Sort(o.Zombies)
	o.Zombies = slices.Compact(o.Zombies)
	for _, p := range of {
		for _, s := range f.out[p] {
			if s.From <= first.From && (s.until > first.From || s.ended == stillOut) {
				o.Prefixes = append(o.Prefixes, p)
				break
			}
		}
	}
	for p, v := range views {
		s := v.at(first.From)
		if s.counted == 0 {
			continue
		}
		o.Carried++
		if s.held > 0 {
			continue
		}
		lost := v.lastLoss(first.From)
		if !lost.Seen {
			continue
		}
		t := Tick{Peer: p, Lost: lost}
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
type goneRun struct {
	lost int64
	back Moment
	why  Censor
}

// goneRuns lists those whose beginning was a loss.
func goneRuns(c Carrier, end int64) []goneRun {
	var runs []goneRun
	open, knew := false, None
	for _, s := range c.Steps {
		if s.At >= end {
			break
		}
		switch {
		case s.State.gone() && !knew.gone():
			open = true
			runs = append(runs, goneRun{s.At, Moment{end, false}, EndOfData})
		case !s.State.gone() && open:
			open = false
			r := &runs[len(runs)-1]
			r.back, r.why = Moment{s.At, s.State.holds()}, Seen
			if !s.State.holds() {
				r.why = Blind
			}
		}
		if s.State != Unknown {
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

// withoutTotal fills what is measured otherwise: each peer's last loss and
// first return among the entry's prefixes.
func (f *finder) withoutTotal(o *Outage, parts []part) {
	runs := map[int][]goneRun{}
	carried := map[int]bool{}
	for _, p := range parts {
		for _, c := range f.in.Prefixes[p.prefix].Carriers {
			if c.at(p.From).counted() {
				carried[c.Peer] = true
			}
			for _, r := range goneRuns(c, f.in.End) {
				if r.lost < p.until && r.back.At > p.From {
					runs[c.Peer] = append(runs[c.Peer], r)
				}
			}
		}
	}
	o.Carried = len(carried)
	for peer, rs := range runs {
		t := Tick{Peer: peer}
		for _, r := range rs {
			if !t.Lost.Seen || r.lost > t.Lost.At {
				t.Lost = Moment{r.lost, true}
			}
		}
		sort.Slice(rs, func(i, j int) bool { return rs[i].back.At < rs[j].back.At })
		t.Back, t.why = Moment{f.in.End, false}, EndOfData
		for _, r := range rs {
			if r.back.At < t.Lost.At {
				continue
			}
			if r.why == Seen {
				t.Back, t.why = r.back, Seen
				break
			}
			if r.why == Blind {
				t.Back, t.why = r.back, Blind
			}
		}
		o.Ticks = append(o.Ticks, t)
	}
}

// finish derives what follows from the ticks.
func (f *finder) finish(o *Outage, s span) {
	slices.SortFunc(o.Ticks, func(a, b Tick) int {
		return cmp.Or(cmp.Compare(a.Lost.At, b.Lost.At), cmp.Compare(a.Peer, b.Peer))
	})
	o.Until = Moment{s.until, s.ended == returned}
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
	case s.ended == stillOut:
		o.Censored = EndOfData
	case s.ended == unseen || anyBlind:
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
