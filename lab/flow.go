package lab

import (
	"net/netip"
	"slices"
)

// flow says where the routes of one prefix are supposed to go, by the rules
// that the routers are configured with: what each has selected and what it has
// told each neighbour, once everybody has come to rest. It follows a script
// step by step, because a router that stands still keeps what it had.
//
// It is no simulation of a router: ties are broken by the order of the routers,
// and nothing takes time. Where a session carries a route and where it does not
// depends on neither.
type flow struct {
	m      *model
	prefix netip.Prefix
	from   []ASN // whose announcements count; nil: everybody's
	up     []bool
	best   map[ASN]flowRoute
	told   map[[2]ASN]flowRoute // by who tells whom
	near   map[ASN][]int        // indices of a router's links
	// suppressed are sessions whose far end ignores the route for reasons of
	// its own.
	suppressed [][2]ASN
}

// flowRoute is a route as a router has it: the path begins with whoever told
// it and is empty for its own.
type flowRoute struct {
	path []ASN
	kind Kind  // what the neighbour is that told it; Customers for its own
	tags []own // only of and tag are set
}

func (r flowRoute) origin(me ASN) ASN {
	if len(r.path) == 0 {
		return me
	}
	return r.path[len(r.path)-1]
}

func newFlow(m *model, prefix netip.Prefix, from []ASN) *flow {
	f := &flow{m: m, prefix: prefix, from: from, up: make([]bool, len(m.s.Links)), best: map[ASN]flowRoute{}, told: map[[2]ASN]flowRoute{}, near: map[ASN][]int{}}
	for i, l := range m.s.Links {
		f.near[l.A] = append(f.near[l.A], i)
		f.near[l.B] = append(f.near[l.B], i)
	}
	f.settle()
	return f
}

func (l Link) other(as ASN) ASN {
	if l.A == as {
		return l.B
	}
	return l.A
}

// settle brings everybody to rest after the model has changed.
func (f *flow) settle() {
	for i, l := range f.m.s.Links {
		a, b := f.m.routers[l.A].run, f.m.routers[l.B].run
		switch {
		case !f.m.plugged[i] || f.m.lossy[i] > 0 || a == stopped || b == stopped:
			f.up[i] = false
		case a == running && b == running:
			f.up[i] = true
		} // else it stays: nobody has said that it is over
		for _, x := range [][2]ASN{{l.A, l.B}, {l.B, l.A}} {
			kept := l.Graceful && f.m.plugged[i] && f.m.routers[x[0]].run == stopped
			if !f.up[i] && !kept {
				delete(f.told, x)
			}
		}
	}
	// The rules of Gao and Rexford come to rest; the bound is for scripts that
	// break them.
	for range 4 * len(f.m.s.Routers) {
		changed := false
		for _, r := range f.m.s.Routers {
			changed = f.select1(r.AS) || changed
		}
		if !changed {
			return
		}
	}
}

// select1 has one router choose, and tell its neighbours; it reports whether
// anything came of it.
func (f *flow) select1(as ASN) bool {
	st := f.m.routers[as]
	switch st.run {
	case frozen:
		return false
	case stopped:
		_, had := f.best[as]
		delete(f.best, as)
		return had
	}
	b, ok := f.choose(as)
	was, had := f.best[as]
	changed := ok != had || ok && !slices.Equal(b.path, was.path)
	if ok {
		f.best[as] = b
	} else {
		delete(f.best, as)
	}
	for _, i := range f.near[as] {
		to := f.m.s.Links[i].other(as)
		key := [2]ASN{as, to}
		was, had := f.told[key]
		r, say := flowRoute{}, ok && f.up[i]
		if say {
			r, say = f.tells(as, b, f.m.s.Links[i].kindOf(as), to)
		}
		if say != had || say && !slices.Equal(r.path, was.path) {
			changed = true
		}
		if say {
			f.told[key] = r
		} else {
			delete(f.told, key)
		}
	}
	return changed
}

func (f *flow) choose(as ASN) (best flowRoute, ok bool) {
	st := f.m.routers[as]
	if i := st.find(f.prefix); i >= 0 && (f.from == nil || slices.Contains(f.from, as)) {
		return flowRoute{kind: Customers, tags: []own{st.owns[i]}}, true
	}
	for _, i := range f.near[as] {
		l := f.m.s.Links[i]
		r, heard := f.told[[2]ASN{l.other(as), as}]
		if !heard || slices.Contains(r.path, as) || slices.Contains(f.suppressed, [2]ASN{l.other(as), as}) || f.bars(st.refuses, as, l.other(as), l.kindOf(as), r) {
			continue
		}
		r.kind = l.kindOf(as)
		if !ok || prefFor[r.kind] > prefFor[best.kind] || prefFor[r.kind] == prefFor[best.kind] && len(r.path) < len(best.path) {
			best, ok = r, true
		}
	}
	return best, ok
}

// tells is what a router says to a neighbour, or to a collector, about the
// route that it has selected.
func (f *flow) tells(as ASN, b flowRoute, kind Kind, to ASN) (flowRoute, bool) {
	r, _ := f.m.s.router(as)
	if kind != Customers && !r.RouteServer && prefFor[b.kind] < prefFor[Customers] {
		return flowRoute{}, false
	}
	if len(b.path) > 0 && r.Blackhole != 0 && b.kind == Customers && slices.ContainsFunc(b.tags, func(o own) bool {
		return o.of == as && o.tag == r.Blackhole || o.of == 65535 && o.tag == 666
	}) {
		return flowRoute{}, false
	}
	if f.bars(f.m.routers[as].withholds, as, to, kind, b) {
		return flowRoute{}, false
	}
	out := flowRoute{tags: b.tags}
	if !r.RouteServer {
		out.path = append(out.path, as)
		if i := f.m.routers[as].find(f.prefix); len(b.path) == 0 && i >= 0 {
			for range f.m.routers[as].owns[i].prepend {
				out.path = append(out.path, as)
			}
		}
	}
	out.path = append(out.path, b.path...)
	return out, true
}

// bars reports whether a policy of a router stops a route from or to a
// neighbour.
func (f *flow) bars(ps []policy, me, other ASN, kind Kind, r flowRoute) bool {
	return slices.ContainsFunc(ps, func(p policy) bool {
		switch {
		case p.whom.AS != 0 && p.whom.AS != other, p.whom.AS == 0 && p.whom.Kind != Anybody && p.whom.Kind != kind:
			return false
		case p.what.Origin != 0:
			return p.what.Origin == r.origin(me)
		}
		return slices.Contains(p.what.Prefixes, f.prefix)
	})
}

// holds is the path that a peer tells a collector, the peer first.
func (f *flow) holds(as ASN, c *Collector) ([]ASN, bool) {
	b, ok := f.best[as]
	if !ok || slices.Contains(c.Partial, as) && prefFor[b.kind] < prefFor[Customers] {
		return nil, false
	}
	r, ok := f.tells(as, b, Customers, c.AS)
	return r.path, ok
}

// passes reports whether a route of the prefix goes from one network to the
// next: over a session of their own, or over a route server between them, which
// stands in no path.
func (f *flow) passes(near, far ASN) bool {
	if f.carries(near, far) {
		return true
	}
	for _, r := range f.m.s.Routers {
		if !r.RouteServer || !f.carries(near, r.AS) || !f.carries(r.AS, far) {
			continue
		}
		if t := f.told[[2]ASN{r.AS, far}]; len(t.path) > 0 && t.path[0] == near {
			return true
		}
	}
	return false
}

// carries is passes for one session.
func (f *flow) carries(near, far ASN) bool {
	i := f.m.s.link(near, far)
	if i < 0 || !f.up[i] {
		return false // what is kept after a session's end is not passed
	}
	r, ok := f.told[[2]ASN{near, far}]
	return ok && !slices.Contains(r.path, far) && !slices.Contains(f.suppressed, [2]ASN{near, far}) && !f.bars(f.m.routers[far].refuses, far, near, f.m.s.Links[i].kindOf(far), r)
}

// announced reports whether an origin gives the prefix to somebody: it runs,
// and there is a neighbour, plugged in or not, from which it does not withhold
// it.
func (f *flow) announced(origin ASN) bool {
	st := f.m.routers[origin]
	if st == nil || st.run == stopped || st.find(f.prefix) < 0 {
		return false
	}
	for _, i := range f.near[origin] {
		l := f.m.s.Links[i]
		if !f.bars(st.withholds, origin, l.other(origin), l.kindOf(origin), flowRoute{kind: Customers}) && (f.m.plugged[i] || !l.Down) {
			return true
		}
	}
	return false
}

// down reports whether a network is down for everything: its router has lost
// its process, or every cable of it is out.
func (m *model) down(as ASN) bool {
	if m.routers[as].run == stopped {
		return true
	}
	any := false
	for i, l := range m.s.Links {
		if l.A == as || l.B == as {
			any = any || m.plugged[i] && m.lossy[i] == 0
		}
	}
	return !any
}
