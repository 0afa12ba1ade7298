package cause

import (
	"cmp"
	"slices"
)

// search looks for explanations: sets of actors, each of which stops the routes
// on any of its sessions that are not alive, such that all lost units but a few
// are stopped. One violates the region if more than a tenth of the lost units
// stop first outside it.
type search struct {
	*net
	slack int // lost units that need no explanation
	tenth int // so many may stop outside

	// Of the actors at hand: what they stop outside, what they stop inside, and
	// of the first what can no longer be stopped there, since each of its
	// possible last paths is stopped inside.
	u0, in, kept bitset
	mark         []int32 // scratch: sessions seen in this call
	marked       int32
	pick         []int32
}

func newSearch(w *net, slack int) *search {
	return &search{net: w, slack: slack, tenth: w.n / 10, u0: newBitset(w.n), in: newBitset(w.n), kept: newBitset(w.n), mark: make([]int32, len(w.sess))}
}

func (s *search) need() int { return s.n - s.slack }

// feasible reports whether a set of actors together explains the loss and
// violates the region. Outside they stop all that they can. What is then left
// they must stop inside, on sessions on whose far side few of the others lie:
// these must go on outside to be stopped there. imports limits what they can do
// to refusing what they are passed.
func (s *search) feasible(actors []int, imports map[uint32]bool) bool {
	s.marked++
	s.u0.clear()
	s.pick = s.pick[:0]
	for _, a := range actors {
		for _, x := range s.actors[a].sess {
			if s.mark[x] == s.marked || s.alive[x] || imports != nil && !imports[s.sess[x].Far] {
				continue
			}
			s.mark[x] = s.marked
			if s.in_[x] {
				s.pick = append(s.pick, x)
			} else {
				s.u0.add(s.cross[x])
			}
		}
	}
	outside := s.u0.count()
	if outside <= s.tenth {
		return false
	}
	if outside >= s.need() {
		return true
	}
	// Inside: first what costs nothing, then what stops the most of the rest
	// for each unit that it takes away from outside.
	s.in.clear()
	s.kept.clear()
	for {
		best, gain, cost := -1, 0, 0
		for i, x := range s.pick {
			if x < 0 {
				continue
			}
			g, c := 0, 0
			for k, v := range s.cross[x] {
				g += popcount(v &^ s.in[k] &^ s.u0[k])
				c += popcount(s.only[x][k] & s.u0[k] &^ s.kept[k])
			}
			if g > 0 && (best < 0 || g*max(1, cost*64) > gain*max(1, c*64)) {
				best, gain, cost = i, g, c
			}
		}
		if best < 0 {
			return false
		}
		s.in.add(s.cross[s.pick[best]])
		s.kept.add(s.only[s.pick[best]])
		s.pick[best] = -1
		if s.u0.minus(s.kept) <= s.tenth {
			return false
		}
		if s.u0.either(s.in) >= s.need() {
			return true
		}
	}
}

// violation finds an explanation with fewer than k actors that violates the
// region; nil if there is none.
func (s *search) violation(k int) []int {
	need := s.need()
	var order []int
	most := 0
	for a := range s.actors {
		if c := s.actors[a].all.count(); c > 0 {
			order = append(order, a)
			most = max(most, c)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.actors[b].all.count(), s.actors[a].all.count()), cmp.Compare(s.actors[a].depth, s.actors[b].depth), cmp.Compare(s.actors[a].operator, s.actors[b].operator))
	})
	count := make([]int, len(order))
	out := make([]int, len(order))
	for i, a := range order {
		count[i], out[i] = s.actors[a].all.count(), s.actors[a].out.count()
	}
	for m := 1; m < k; m++ {
		set := make([]int, 0, m)
		cov := []bitset{newBitset(s.n)}
		outs := []bitset{newBitset(s.n)}
		for range m {
			cov, outs = append(cov, newBitset(s.n)), append(outs, newBitset(s.n))
		}
		// Outside actors that stop much are few, so that of three at least one
		// must stop a good share of what is to be stopped outside.
		var try func(from, have int) bool
		try = func(from, have int) bool {
			left := m - len(set)
			for i := from; i < len(order); i++ {
				if have+left*count[i] < need {
					return false // those that follow stop no more
				}
				a := order[i]
				d := len(set)
				copy(cov[d+1], cov[d])
				cov[d+1].add(s.actors[a].all)
				copy(outs[d+1], outs[d])
				outs[d+1].add(s.actors[a].out)
				c := cov[d+1].count()
				if left == 1 {
					if c < need || outs[d+1].count() <= s.tenth {
						continue
					}
					if s.feasible(append(set, a), nil) {
						set = append(set, a)
						return true
					}
					continue
				}
				set = append(set, a)
				if try(i+1, c) {
					return true
				}
				set = set[:d]
			}
			return false
		}
		if try(0, 0) {
			return set
		}
	}
	return nil
}

// together lists the actors with a network of a set.
func (s *search) together(has func(as uint32) bool) []int {
	var out []int
	for a := range s.actors {
		if slices.ContainsFunc(s.actors[a].as, has) {
			out = append(out, a)
		}
	}
	return out
}

// countries lists the countries of the actors, the unknown ones as one under "".
func (s *search) countries() []string {
	set := map[string]bool{}
	for a := range s.actors {
		for _, as := range s.actors[a].as {
			set[s.net.in.Country[as]] = true
		}
	}
	out := make([]string, 0, len(set))
	for c := range set {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

func (s *search) countryActors(c string) []int {
	return s.together(func(as uint32) bool { return s.net.in.Country[as] == c })
}

// ruleActors are the large networks, and what each may refuse.
func (s *search) ruleActors() []int {
	return s.together(func(as uint32) bool { return s.net.in.Large[as] })
}

// demands is what a claim must stand against.
type demands struct {
	networks  int // every violating explanation needs at least so many operators
	countries int // … or the networks of so many countries
	rule      bool
}

// violates finds an explanation that a claim must stand against and that
// violates the region.
func (s *search) violates(d demands) []int {
	if v := s.violation(d.networks); v != nil {
		return v
	}
	if d.countries >= 2 {
		cs := s.countries()
		for i, c := range cs {
			if as := s.countryActors(c); s.feasible(as, nil) {
				return as
			}
			if d.countries < 3 {
				continue
			}
			for _, e := range cs[i+1:] {
				if as := append(s.countryActors(c), s.countryActors(e)...); s.feasible(as, nil) {
					return as
				}
			}
		}
	}
	if d.rule && len(s.net.in.Large) > 0 {
		if as := s.ruleActors(); s.feasible(as, s.net.in.Large) {
			return as
		}
	}
	return nil
}

// grow opens networks until no explanation violates the region, and closes what
// is not needed. It returns false if nothing but the networks of vantages is left
// to open.
func (s *search) grow(d demands) bool {
	var open []int
	s.setRegion(nil)
	for {
		v := s.violates(d)
		if v == nil {
			break
		}
		best := -1
		for _, a := range v {
			x := &s.actors[a]
			if x.vantage || slices.Contains(open, a) || x.out.count() == 0 {
				continue
			}
			if best < 0 {
				best = a
				continue
			}
			y := &s.actors[best]
			if c := cmp.Or(cmp.Compare(y.out.count(), x.out.count()), cmp.Compare(x.depth, y.depth), cmp.Compare(x.operator, y.operator)); c < 0 {
				best = a
			}
		}
		if best < 0 {
			return false
		}
		open = append(open, best)
		s.setRegion(open)
	}
	// Close what is not needed, the farthest first.
	order := slices.Clone(open)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.actors[b].depth, s.actors[a].depth) })
	for _, a := range order {
		if s.onTheWay(a, open) {
			continue // the routes to others that are open run through it
		}
		rest := slices.DeleteFunc(slices.Clone(open), func(x int) bool { return x == a })
		s.setRegion(rest)
		if s.violates(d) == nil {
			open = rest
		}
	}
	s.setRegion(open)
	s.widen()
	return true
}

// onTheWay reports whether another opened actor lies beyond one on a lost path.
func (s *search) onTheWay(a int, open []int) bool {
	opened := map[uint32]bool{}
	for _, x := range open {
		if x != a {
			for _, as := range s.actors[x].as {
				opened[as] = true
			}
		}
	}
	for i := range s.paths {
		for _, ids := range s.paths[i] {
			passed := false
			for _, x := range ids {
				passed = passed || slices.Contains(s.actors[a].as, s.sess[x].Near)
				if passed && opened[s.sess[x].Far] {
					return true
				}
			}
		}
	}
	return false
}

// fewest gives an explanation outside the region with few actors, found by
// taking again and again the one that stops the most of what is left; nil if no
// number of them explains the loss. join says which actors act as one.
func (s *search) fewest(join [][]int) []int {
	left := newBitset(s.n)
	for i := range s.n {
		left.set(i)
	}
	cover := make([]bitset, len(join))
	for i, as := range join {
		cover[i] = newBitset(s.n)
		for _, a := range as {
			cover[i].add(s.actors[a].out)
		}
	}
	var out []int
	for left.count() > s.slack {
		best, most := -1, 0
		for i := range cover {
			if c := cover[i].and(left); c > most {
				best, most = i, c
			}
		}
		if best < 0 {
			return nil
		}
		left.drop(cover[best])
		out = append(out, best)
	}
	return out
}

// name adds the networks of actors to those of an explanation. The networks of the
// country of several origins, which act as one, are named by it.
func (s *search) name(to *Acts, actors []int) {
	for _, a := range actors {
		if s.home != "" && s.actors[a].operator == 1<<32 {
			to.In = append(to.In, s.home)
			continue
		}
		to.Who = append(to.Who, s.actors[a].as...)
	}
}

// acts says how few acts outside the region would explain the same.
func (s *search) acts(d demands) []Acts {
	var out []Acts
	single := make([][]int, len(s.actors))
	for a := range s.actors {
		single[a] = []int{a}
	}
	n := Acts{By: "networks", AtLeast: d.networks}
	if d.networks == 0 { // nothing was demanded: look for the fewest
		n.AtLeast = 4
		for k := 2; k <= 4; k++ {
			if v := s.violation(k); v != nil {
				n.AtLeast, n.Found = k-1, k-1
				s.name(&n, v)
				break
			}
		}
	}
	if f := s.fewest(single); n.Found == 0 && f != nil {
		n.Found = len(f)
		s.name(&n, f[:min(len(f), mostNamed)])
	}
	if m := s.mixed(); len(m) > 0 && (n.Found == 0 || len(m) < n.Found) {
		n.Found, n.Who, n.In = len(m), nil, nil
		s.name(&n, m[:min(len(m), mostNamed)])
	}
	out = append(out, n)

	c := Acts{By: "countries"}
	if len(s.net.in.Country) > 0 {
		names := s.countries()
		c.AtLeast = max(1, d.countries)
		if d.countries < 2 { // only printed: how many are enough is looked up
			c.AtLeast = 2
			for _, x := range names {
				if s.feasible(s.countryActors(x), nil) {
					c.AtLeast, c.Found, c.In = 1, 1, []string{x}
					break
				}
			}
		}
		if c.Found == 0 {
			join := make([][]int, len(names))
			for i, x := range names {
				join[i] = s.countryActors(x)
			}
			if f := s.fewest(join); f != nil {
				c.Found = len(f)
				for _, i := range f[:min(len(f), mostNamed)] {
					c.In = append(c.In, names[i])
				}
			}
		}
	}
	out = append(out, c)

	r := Acts{By: "rule"}
	if len(s.net.in.Large) > 0 {
		r.AtLeast = 2
		if s.feasible(s.ruleActors(), s.net.in.Large) {
			r.AtLeast, r.Found = 1, 1
		}
	}
	return append(out, r)
}

// mostNamed is how many networks of an explanation a reader is given.
const mostNamed = 12

// mixed looks for a small explanation with one actor inside: it stops what it
// can without stopping what the outside actors are to stop.
func (s *search) mixed() []int {
	outside := make([]int, 0, len(s.actors))
	for a := range s.actors {
		if s.actors[a].out.count() > 0 {
			outside = append(outside, a)
		}
	}
	slices.SortFunc(outside, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.actors[b].out.count(), s.actors[a].out.count()), cmp.Compare(s.actors[a].operator, s.actors[b].operator))
	})
	var best []int
	for a := range s.actors {
		if s.actors[a].depth == 0 || s.actors[a].all.count()-s.actors[a].out.count() == 0 {
			continue // an origin that stops is no other explanation
		}
		// Add outside actors until more than a tenth stop there and the rest is
		// explained.
		set := []int{a}
		for _, o := range outside {
			if o == a {
				continue
			}
			set = append(set, o)
			if best != nil && len(set) >= len(best) {
				break
			}
			if s.feasible(set, nil) {
				best = slices.Clone(set)
				break
			}
			if len(set) > mostNamed {
				break
			}
		}
	}
	return best
}
