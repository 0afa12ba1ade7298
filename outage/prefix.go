package outage

import (
	"cmp"
	"slices"
)

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
	in  Input
	out [][]span // per prefix
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
	slices.SortStableFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.carrier, b.carrier))
	})
	return all
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
	for p := range f.in.Prefixes {
		f.out[p] = f.prefixOut(p)
	}
}

// prefixOut finds the intervals in which prefix p is out: at most half of its
// carriers hold it and carriers in at least two ASes have lost it. Intervals
// less than joinGap apart are joined, but never across blindness.
func (f *finder) prefixOut(p int) []span {
	cs := f.in.Prefixes[p].Carriers
	all := changes(cs, f.in.End)
	now := make([]State, len(cs))
	var n, holding int
	var lost asCount
	apply := func(c int, s State) {
		as := f.in.Peers[cs[c].Peer].AS
		if old := now[c]; old.counted() {
			n--
			if old.holds() {
				holding--
			}
			if old.gone() {
				lost.add(as, -1)
			}
		}
		now[c] = s
		if s.counted() {
			n++
			if s.holds() {
				holding++
			}
			if s.gone() {
				lost.add(as, 1)
			}
		}
	}
	isOut := func() bool { return n >= 2 && 2*holding <= n && len(lost.n) >= 2 }

	var spans []span
	open := false
	var from int64
	for i := 0; i < len(all); {
		t := all[i].at
		j := i
		// Would it still be out if those that stop watching now had kept
		// what they were last seen to have?
		var went []change
		for ; j < len(all) && all[j].at == t; j++ {
			c := all[j]
			if open && now[c.carrier].counted() && !c.state.counted() {
				went = append(went, change{t, c.carrier, now[c.carrier]})
			}
			apply(c.carrier, c.state)
		}
		i = j
		switch is := isOut(); {
		case is && !open:
			open, from = true, t
		case !is && open:
			open = false
			how := returned
			if len(went) > 0 {
				for k, w := range went {
					became := now[w.carrier]
					apply(w.carrier, w.state)
					went[k].state = became
				}
				if isOut() {
					how = unseen
				}
				for _, w := range went {
					apply(w.carrier, w.state)
				}
			}
			spans = append(spans, span{Span{from, t, how == returned}, t, how})
		}
	}
	if open {
		spans = append(spans, span{Span{from, f.in.End, false}, f.in.End, stillOut})
	}
	return join(spans)
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
