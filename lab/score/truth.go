package score

import (
	"slices"

	"constat/cause"
	"constat/lab/sim"
)

// place says whether a break that the examiner names is one that happened: the
// same network or adjacency, the same way of breaking, the same scope. Where
// the truth can be said in two ways – an AS that refuses its neighbour's routes
// and a session that drops them – both are true.
func (j *judge) happened(b cause.Break, t sim.Break) bool {
	link := func(x, y uint32) bool {
		return b.Kind == cause.Adjacency && !b.Wide && (b.A == x && b.B == y || b.A == y && b.B == x)
	}
	switch t.Kind {
	case sim.OriginStops:
		return b.Kind == cause.Origin && b.A == t.A
	case sim.Adjacency:
		return b.Kind == cause.Adjacency && b.Wide == t.Wide && (b.A == t.A && b.B == t.B || b.A == t.B && b.B == t.A)
	case sim.NodeDown:
		return b.Kind == cause.Node && b.A == t.A
	case sim.Import:
		return b.Kind == cause.Import && b.A == t.A || len(t.Neighbours) == 1 && link(t.A, t.Neighbours[0])
	case sim.Export:
		switch b.Kind {
		case cause.Export:
			// To nobody, as far as anybody could see: no neighbour to which
			// it went on passing them has a vantage behind it.
			return b.A == t.A && !slices.ContainsFunc(j.towards(t.A), func(n uint32) bool { return !j.withheld(t, n) })
		case cause.ExportTo:
			return b.A == t.A && !slices.ContainsFunc(b.S, func(n uint32) bool { return !j.withheld(t, n) })
		case cause.Adjacency:
			return !b.Wide && (b.A == t.A && j.withheld(t, b.B) || b.B == t.A && j.withheld(t, b.A))
		}
	}
	return false
}

// withheld says whether an export refused a neighbour.
func (j *judge) withheld(t sim.Break, n uint32) bool {
	switch t.Towards {
	case sim.Some:
		return slices.Contains(t.Neighbours, n)
	case sim.NotCustomers:
		return !j.graph.IsCustomer(n, t.A)
	}
	return true
}

// towards lists the neighbours through which baselines left a network.
func (j *judge) towards(as uint32) []uint32 {
	var out []uint32
	for _, p := range j.night.Subject {
		for _, s := range p.Sights {
			if k := slices.Index(s.Baseline, as); k > 0 {
				out = append(out, s.Baseline[k-1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// covers says which of the true breaks a hypothesis names, and whether each of
// its parts names one.
func (j *judge) covers(h cause.Hypothesis) (which []bool, whole bool) {
	truth := j.night.Case.Truth()
	which, whole = make([]bool, len(truth)), len(h.Parts) > 0
	for _, part := range h.Parts {
		ok := false
		for _, b := range part {
			for i, t := range truth {
				if j.happened(b, t) {
					which[i], ok = true, true
				}
			}
		}
		whole = whole && ok
	}
	return which, whole
}

// verity is how a set of hypotheses stands to the truth.
type verity uint8

const (
	untrue verity = iota // no member is made of true breaks
	oneOf                // a member is, but it is not all that broke
	whole                // a member is all that broke
)

func (j *judge) verity(hs []cause.Hypothesis) verity {
	best := untrue
	for _, h := range hs {
		which, ok := j.covers(h)
		if !ok {
			continue
		}
		v := whole
		for i, w := range which {
			if !w && j.mattered(i) {
				v = oneOf
			}
		}
		best = max(best, v)
	}
	return best
}

// mattered says whether a true break crosses a baseline that no other true
// break crosses: else nobody could have seen that it happened too.
func (j *judge) mattered(i int) bool {
	truth := j.night.Case.Truth()
	for _, p := range j.night.Subject {
		for _, s := range p.Sights {
			if len(s.Baseline) == 0 || !j.crosses(truth[i], s.Baseline) {
				continue
			}
			alone := true
			for k, t := range truth {
				alone = alone && (k == i || !j.crosses(t, s.Baseline))
			}
			if alone {
				return true
			}
		}
	}
	return false
}

// crosses says whether a route needed what a true break broke.
func (j *judge) crosses(t sim.Break, path []uint32) bool {
	for k, as := range path {
		last := k == len(path)-1
		switch t.Kind {
		case sim.OriginStops:
			if last && as == t.A {
				return true
			}
		case sim.NodeDown:
			if as == t.A {
				return true
			}
		case sim.Adjacency:
			if !last && (as == t.A && path[k+1] == t.B || as == t.B && path[k+1] == t.A) {
				return true
			}
		case sim.Import:
			if !last && as == t.A && (len(t.Neighbours) == 0 || slices.Contains(t.Neighbours, path[k+1])) {
				return true
			}
		case sim.Export:
			if k > 0 && as == t.A && j.withheld(t, path[k-1]) {
				return true
			}
		}
	}
	return false
}
