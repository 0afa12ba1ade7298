package sim

import (
	"cmp"
	"slices"
)

// How many controls a case has.
const (
	nearEach = 8
	nearCore = 16 // of networks within two steps of the origin
	nearMost = 100
	nearOwn  = 24 // networks whose own prefixes are taken
	farMost  = 40
)

// controls chooses prefixes of others as an examiner would who has the tables
// of the vantages and nothing else: near ones until each AS that the subject's
// routes cross has its number of them, as far as there are; far ones that avoid
// the networks within two steps of the origin and meet as few as possible of the
// others that many of its routes cross.
func (p *Player) controls(c *Case) (near, far []*view) {
	w := p.w
	type crossing struct {
		as   int32
		n    int // vantages
		dist int // from the origin, the least
	}
	at := map[int32]*crossing{}
	routes := 0
	for k := range w.Vantages {
		x := p.before.path(k)
		if len(x) > 0 {
			routes++
		}
		for j := 0; j < len(x)-1; j++ {
			i, _ := w.g.Index(x[j])
			cr := at[i]
			if cr == nil {
				cr = &crossing{as: i, dist: len(x)}
				at[i] = cr
			}
			cr.n++
			cr.dist = min(cr.dist, len(x)-1-j)
		}
	}
	all := make([]*crossing, 0, len(at))
	for _, cr := range at {
		all = append(all, cr)
	}
	slices.SortFunc(all, func(a, b *crossing) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.dist, b.dist), cmp.Compare(a.as, b.as))
	})
	used := map[int32]bool{p.before.origin: true}
	for _, l := range c.Beside {
		for _, as := range l.By {
			if i, ok := w.g.Index(as); ok && l.Asked {
				used[i] = true
			}
		}
	}
	pool := make([]*view, 0, len(w.pool))
	for _, o := range w.pool {
		if v := p.quiet(o); v.settled && !used[o] {
			pool = append(pool, v)
		}
	}
	have := map[int32]int{} // AS → near controls that cross it
	take := func(v *view) {
		used[v.origin] = true
		near = append(near, v)
		seen := map[uint32]bool{}
		for k := range w.Vantages {
			x := v.path(k)
			for _, as := range x[:max(0, len(x)-1)] {
				if !seen[as] {
					seen[as] = true
					i, _ := w.g.Index(as)
					have[i]++
				}
			}
		}
	}
	crosses := func(v *view, as uint32) bool {
		n := 0
		for k := range w.Vantages {
			if x := v.path(k); slices.Contains(x[:max(0, len(x)-1)], as) {
				if n++; n == 2 {
					return true
				}
			}
		}
		return false
	}
	// A network's own prefixes speak for it best.
	for _, cr := range all {
		if len(near) < nearOwn && !used[cr.as] && (cr.dist <= 2 || 10*cr.n >= routes) {
			if v := p.quiet(cr.as); v.settled {
				take(v)
			}
		}
	}
	for _, cr := range all {
		if len(near) >= nearMost || cr.n < 2 && cr.dist > 1 {
			continue
		}
		as := w.g.asn[cr.as]
		want := nearEach
		if cr.dist <= 2 {
			want = nearCore
		}
		// Its customers' first: they are what is in the tables of a network
		// near the origin.
		cs := slices.Clone(w.g.customers(cr.as))
		shuffle(newDice(uint64(as), 0x6e656172), cs)
		if len(cs) > 2*want {
			cs = cs[:2*want]
		}
		for _, o := range cs {
			if have[cr.as] >= want || len(near) >= nearMost {
				break
			}
			if !used[o] {
				if v := p.quiet(o); v.settled && crosses(v, as) {
					take(v)
				}
			}
		}
		for _, v := range pool {
			if have[cr.as] >= want || len(near) >= nearMost {
				break
			}
			if !used[v.origin] && crosses(v, as) {
				take(v)
			}
		}
	}
	zone := map[uint32]bool{}
	for _, cr := range all {
		if 10*cr.n >= routes && cr.n >= 2 || cr.dist <= 2 && cr.n >= 2 {
			zone[w.g.asn[cr.as]] = true
		}
	}
	type meeting struct {
		v *view
		n int
	}
	var ms []meeting
	for _, v := range pool {
		if used[v.origin] {
			continue
		}
		m := meeting{v: v}
		for k := range w.Vantages {
			if slices.ContainsFunc(v.path(k), func(as uint32) bool { return zone[as] }) {
				m.n++
			}
		}
		ms = append(ms, m)
	}
	slices.SortStableFunc(ms, func(a, b meeting) int { return cmp.Compare(a.n, b.n) })
	for _, m := range ms {
		if len(far) == farMost {
			break
		}
		far = append(far, m.v)
	}
	return near, far
}
