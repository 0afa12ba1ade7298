package transit

import "slices"

// joint are the sights of several families as one: a set of networks hits its paths if it
// hits those of each family. Shares are those of each family by itself, and mean nothing
// together.
func joint(sights []*sight) *sight {
	out := &sight{l: &local{sets: map[int32][]int32{}}}
	looks := map[uint32]bool{} // of a vantage network: it shows more than that it is next to the subject
	for _, x := range sights {
		nodes, nets := int32(len(out.l.nodes)), int32(len(out.l.ases))
		// A network has a number for each family: one that is next to the subject and on
		// nobody's path is left out there, and can be asked in the other.
		out.l.ases, out.apart = append(out.l.ases, x.l.ases...), append(out.apart, x.apart...)
		for _, n := range x.l.nodes {
			if n.parent >= 0 {
				n.parent += nodes
			}
			if n.net >= 0 {
				n.net += nets
			}
			out.l.nodes = append(out.l.nodes, n)
		}
		out.ends = append(out.ends, x.ends...)
		for len(out.ends) < len(out.l.nodes) {
			out.ends = append(out.ends, end{})
		}
		for len(out.apart) < len(out.l.ases) {
			out.apart = append(out.apart, false)
		}
		for _, as := range x.outside {
			direct := slices.Contains(x.direct, as) && !slices.Contains(x.heardElse, as)
			looks[as] = looks[as] || !direct
		}
	}
	for _, more := range looks {
		if out.nets++; !more {
			out.onlyDirect++
		}
	}
	return out
}

// both finds the cuts of both families together, if ways were seen in both.
func (r *Result) both(sights []*sight, s *Scope, who Who) {
	var with []*sight
	for _, x := range sights {
		if x.nets > 0 {
			with = append(with, x)
		}
	}
	if len(with) < 2 {
		return
	}
	x := joint(with)
	// If all who looked at one family are next to the subject, nobody can be asked there.
	open := slices.ContainsFunc(with, func(x *sight) bool { return x.nets == x.onlyDirect })
	for _, c := range colourings(s, who) {
		cut := Cut{Lower: 1, Upper: -1, Sets: []Set{}}
		if !open {
			cut = newWalk(x, x.colour(c)).cut()
		}
		for i := range cut.Sets {
			cut.Sets[i].Share = nil
		}
		r.Both = append(r.Both, Joint{By: c.by, Abroad: c.abroad, Cut: cut})
	}
}
