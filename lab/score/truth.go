package score

import (
	"constat/judge/cause"
	"constat/judge/place"
	"constat/lab/sim"
)

// outsideShare is the share of the vantages that lost the routes which may have
// lost them elsewhere than where a claim says; noise makes as much.
const outsideShare = 0.1

// stops are where the routes of the vantages that were seen to lose them stopped,
// each vantage by each line of announcements. Vantages that only noise took the
// routes from are not among them.
func stops(n *sim.Night, l *loss, r *reader) map[int][]sim.Stop {
	out := map[int][]sim.Stop{}
	for _, i := range l.subject {
		p := &n.Subject[i]
		for _, h := range p.Routes {
			if !l.lost[h.Vantage] || !r.gone(held(h.Steps, l.trough), p.Origin) {
				continue
			}
			// What is seen to be gone was lost by then; a clock may be wrong.
			if s, ok := n.Stop(p.Line, h.Vantage, l.trough-n.Skew(h.Vantage)); ok && len(out[h.Vantage]) == 0 {
				out[h.Vantage] = append(out[h.Vantage], s)
			}
		}
	}
	return out
}

// outside counts the vantages of which a stop lies where in says no.
func outside(stops map[int][]sim.Stop, in func(sim.Session) bool) int {
	n := 0
	for _, ss := range stops {
		for _, s := range ss {
			if !in(s.Session) {
				n++
				break
			}
		}
	}
	return n
}

// falseShare reports whether so many vantages outside of all make a claim false.
func falseShare(outside, all int) bool {
	return all == 0 || float64(outside) > outsideShare*float64(all)
}

// inRegion is the test of a region: what its networks pass on.
func inRegion(r *cause.Region) func(sim.Session) bool {
	in := make(map[uint32]bool, len(r.Networks))
	for _, as := range r.Networks {
		in[as] = true
	}
	return func(s sim.Session) bool { return in[s.Near] }
}

// inPlaces is the test of the places of hypotheses, all of them together.
func inPlaces(hs []place.Hypothesis) func(sim.Session) bool {
	return func(s sim.Session) bool {
		for _, h := range hs {
			for _, part := range h.Parts {
				for _, b := range part {
					if inPlace(b, s) {
						return true
					}
				}
			}
		}
		return false
	}
}

// inPlace reports whether a session is one of a place: an origin has all that
// leave it, an import all that reach the network, a network both.
func inPlace(b place.Break, s sim.Session) bool {
	switch b.Kind {
	case place.Origin, place.TransitExport:
		return s.Near == b.A
	case place.TransitImport:
		return s.Far == b.A
	case place.Node:
		return s.Near == b.A || s.Far == b.A
	case place.Adjacency:
		return s.Near == b.A && s.Far == b.B || s.Near == b.B && s.Far == b.A
	case place.Export:
		if s.Near == b.A {
			for _, x := range b.S {
				if x == s.Far {
					return true
				}
			}
		}
	}
	return false
}
