package outage

import (
	"cmp"
	"slices"
	"sort"
)

// NotBack counts what was not seen to come back after an outage whose return is dated by
// the median peer. Of routes that were gone at the trough, Gone are those that nobody held
// again and that are gone where the data end; Unseen are those of whose peers nothing is
// known there. Peers have routes of the first kind.
//
// Example: 40 peers lose a prefix at 12:30 and 22 have it again at 13:00. That it returned
// at 13:00 is so of them; the 18 others lack it to the end of the data.
type NotBack struct {
	Of, Gone, Unseen, Peers int
}

// left measures it; the zero value if everything came back.
func (f *finder) left(o *Outage) (l NotBack) {
	without := map[int]bool{}
	for _, g := range f.groups(o.Prefixes) {
		for _, c := range f.in.Prefixes[g.prefix].Carriers {
			k := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > o.trough })
			if k == 0 || !c.Steps[k-1].State.gone() {
				continue
			}
			l.Of += g.n
			last := c.Steps[k-1].State
			for ; k < len(c.Steps) && c.Steps[k].At < f.in.End && !last.holds(); k++ {
				last = c.Steps[k].State
			}
			switch {
			case last.gone():
				l.Gone += g.n
				without[c.Peer] = true
			case !last.holds():
				l.Unseen += g.n
			}
		}
	}
	if l.Gone+l.Unseen == 0 {
		return NotBack{}
	}
	l.Peers = len(without)
	return l
}

// Bare is the time of an outage in which nothing stood in any more, or not yet, for
// what another origin's routes replaced at other times of it: from its first second to
// behind its last, in so many seconds. Stood are routes that stood all the same, few
// enough to be stuck: one in twenty.
//
// Example: AS2 takes a prefix of AS1 over at 12:30 and withdraws it at 13:00; AS1 has it
// again at 13:30. From 13:00 to 13:30 nobody has a route to it.
type Bare struct {
	From, Until, Seconds int64
	Times                int
	Stood, Of            int
}

// bare measures it in [from, until); nil if no more than stuck routes were replaced, or something always stood.
func (f *finder) bare(o *Outage, from, until int64) *Bare {
	type level struct {
		at                 int64
		n, stood, replaced int
	}
	now := level{at: from}
	var all []level
	peers := map[int]bool{}
	count := func(l *level, s State, n int) {
		if s.counted() {
			l.n += n
			if s != Lost {
				l.stood += n
			}
			if s == Replaced {
				l.replaced += n
			}
		}
	}
	for _, g := range f.groups(o.Prefixes) {
		for _, c := range f.in.Prefixes[g.prefix].Carriers {
			k := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > from })
			was := None
			if k > 0 {
				was = c.Steps[k-1].State
			}
			count(&now, was, g.n)
			if was.counted() {
				peers[c.Peer] = true
			}
			for ; k < len(c.Steps) && c.Steps[k].At < until; k++ {
				l := level{at: c.Steps[k].At}
				count(&l, was, -g.n)
				was = c.Steps[k].State
				count(&l, was, g.n)
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b level) int { return cmp.Compare(a.at, b.at) })
	levels := []level{now}
	for _, l := range all {
		last := &levels[len(levels)-1]
		if last.at != l.at {
			levels = append(levels, level{l.at, last.n, last.stood, last.replaced})
			last = &levels[len(levels)-1]
		}
		last.n += l.n
		last.stood += l.stood
		last.replaced += l.replaced
	}
	if !slices.ContainsFunc(levels, func(l level) bool { return zombiePart*l.replaced > l.n }) {
		return nil
	}
	var b *Bare
	open := false
	for i, l := range levels {
		allowed := 0
		if len(peers) >= zombieFrom {
			allowed = l.n / zombiePart
		}
		end := until
		if i+1 < len(levels) {
			end = levels[i+1].at
		}
		if l.n < 2 || l.stood > allowed || end <= l.at || b != nil && l.stood > b.Stood {
			open = false
			continue
		}
		if b == nil || l.stood < b.Stood {
			b, open = &Bare{From: l.at, Stood: l.stood, Of: l.n}, false
		}
		if !open {
			b.Times++
		}
		open = true
		b.Seconds += end - l.at
		b.Until = end
	}
	return b
}
