package live

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"

	"constat/moment"
	"constat/routes/rib"
	"constat/wire/mrt"
)

// Past keeps, of the prefixes that somebody asks for, which routes each peer held
// while a state was loaded, and from when to when ([Loading.Past]). What a peer holds
// and whether that is known is the state's own answer after each record: Past adds the
// times, and follows nothing by itself. One Past belongs to one loading.
type Past struct {
	// Keep chooses prefixes. It is asked of announcements and table entries, with the
	// path as [rib.RoutePath] writes it, which is the callee's to look at only. A
	// prefix that was chosen once at a collector is followed there from then on.
	// Several goroutines may ask at once.
	Keep func(p netip.Prefix, path []uint32) bool
	// Each, if not nil, is called with every announcement and table entry that was
	// applied. Several goroutines may call it at once.
	Each func(*mrt.Elem)

	mu    sync.Mutex
	parts []*pastOf
}

// Spell is the time in which a peer held one route.
type Spell struct {
	Peer   PeerID
	Prefix netip.Prefix
	// Path is as [View.AppendPath] writes it; empty if it is not known.
	Path  []uint32
	Since moment.Time
	Until moment.Time // 0: it is still held
	// Older says that the route may have been held before Since: a table had it first,
	// or the peer began to watch with it.
	Older bool
	// Blind says that it ended because nothing was known of the peer any more.
	Blind bool
	// GivenUp says that the peer sends several routes to a prefix (RFC 7911) and took this
	// one back itself, by its identifier: if it could still go this way, it would say so.
	GivenUp bool
	// Beside says that it is held beside one that was announced later.
	Beside bool
}

// pastOf is the past at one collector. It belongs to the collector's goroutine.
type pastOf struct {
	p      *Past
	f      *Feeder
	follow map[netip.Prefix]PrefixID     // as records write them
	open   map[PeerID]map[PrefixID][]int // indices into spells, one for each path identifier
	held   []idRoute                     // what is held at the moment
	spells []spell
	seq    uint64 // of the attributes that path was read from
	of     PeerID
	path   []uint32
}

type spell struct {
	peer         PeerID
	prefix       PrefixID
	route        Route
	id           uint32 // path identifier; 0: none
	since, until moment.Time
	older, blind bool
	up, beside   bool // given up; beside another
}

// at begins the past of a collector; of a nil Past it is nil.
func (p *Past) at(f *Feeder) *pastOf {
	if p == nil {
		return nil
	}
	x := &pastOf{p: p, f: f, follow: map[netip.Prefix]PrefixID{}, open: map[PeerID]map[PrefixID][]int{}}
	p.mu.Lock()
	p.parts = append(p.parts, x)
	p.mu.Unlock()
	return x
}

// file says that another file begins: numbers of attributes begin anew.
func (x *pastOf) file() {
	if x != nil {
		x.seq = 0
	}
}

// note looks at an element that was applied.
func (x *pastOf) note(id PeerID, e *mrt.Elem) {
	if x == nil || e.SAFI == 2 || e.Kind != mrt.Announce && e.Kind != mrt.Withdraw && e.Kind != mrt.RIBEntry {
		return
	}
	told := e.Kind != mrt.Withdraw
	if told && x.p.Each != nil {
		x.p.Each(e)
	}
	q, ok := x.follow[e.Prefix]
	if !ok {
		if !told || !x.p.Keep(e.Prefix.Masked(), x.pathOf(id, e)) {
			return
		}
		q = x.f.number(e.Prefix)
		x.follow[e.Prefix] = q
	}
	var watching bool
	if x.held, watching = x.f.look(id, q, x.held[:0]); watching {
		x.turn(id, q, e)
	}
}

// pathOf is the path of an element; the elements of one record share it.
func (x *pastOf) pathOf(id PeerID, e *mrt.Elem) []uint32 {
	if seq := e.AttrSeq(); seq == 0 || seq != x.seq || id != x.of {
		x.path = rib.RoutePath(x.path[:0], e, e.PeerAS)
		x.seq, x.of = seq, id
	}
	return x.path
}

// turn says that a peer holds what x.held has since it said something.
func (x *pastOf) turn(id PeerID, q PrefixID, e *mrt.Elem) {
	x.change(id, q, e.Time, e.Kind == mrt.RIBEntry, func(s *spell) bool {
		return e.Kind == mrt.Withdraw && s.id != 0 && s.id == e.PathID
	})
}

// change says that a peer holds from a moment on what x.held has; givenUp reports whether a route that ends is one that the peer took back.
func (x *pastOf) change(id PeerID, q PrefixID, at moment.Time, older bool, givenUp func(*spell) bool) {
	was := x.open[id][q]
	var now []int
	for i, r := range x.held {
		k := slices.IndexFunc(was, func(n int) bool { return x.spells[n].id == r.id && x.spells[n].route == r.route })
		n := len(x.spells)
		if k < 0 {
			x.spells = append(x.spells, spell{peer: id, prefix: q, route: r.route, id: r.id, since: at, older: older})
		} else {
			n = was[k]
			was = slices.Delete(was, k, k+1)
			x.spells[n].older = x.spells[n].older || older
		}
		x.spells[n].beside = i+1 < len(x.held)
		now = append(now, n)
	}
	for _, n := range was {
		s := &x.spells[n]
		s.until, s.beside = at, false
		s.up = givenUp(s) && !slices.ContainsFunc(x.held, func(r idRoute) bool { return r.route == s.route })
	}
	if x.open[id] == nil {
		x.open[id] = map[PrefixID][]int{}
	}
	if len(now) == 0 {
		delete(x.open[id], q)
		return
	}
	x.open[id][q] = now
}

// blind says that from a moment on nothing is known of a peer.
func (x *pastOf) blind(id PeerID, at moment.Time) {
	if x == nil {
		return
	}
	for _, open := range x.open[id] {
		for _, i := range open {
			s := &x.spells[i]
			s.until, s.blind, s.beside = max(at, s.since), true, false
		}
	}
	delete(x.open, id)
}

// resume says that a peer watches again, from a moment on.
func (x *pastOf) resume(id PeerID, at moment.Time) {
	if x == nil {
		return
	}
	for _, q := range x.follow {
		if x.held, _ = x.f.look(id, q, x.held[:0]); len(x.held) > 0 {
			x.change(id, q, at, true, func(*spell) bool { return false })
		}
	}
}

// number returns the number of a prefix that something was told of.
func (f *Feeder) number(p netip.Prefix) PrefixID {
	if !f.inside {
		defer f.leave()
	}
	f.enter()
	f.settle()
	return f.prefix(p, 0)
}

// look appends the routes of a peer of the feeder's to a prefix, the one announced last at
// the end, and returns whether the peer is watching, with all that the feeder was told put in.
func (f *Feeder) look(id PeerID, q PrefixID, to []idRoute) (rs []idRoute, watching bool) {
	if !f.inside {
		defer f.leave()
	}
	f.enter()
	f.settle()
	p := f.s.peers[id]
	switch x := p.row.find(&f.s.arena, q); {
	case x == nil:
		return to, p.watching
	case *x&manyFlag == 0:
		return append(to, idRoute{0, Route(*x)}), p.watching
	default:
		return append(to, *f.s.lists.all.at(*x &^ manyFlag)...), p.watching
	}
}

// Followed returns the prefixes that were chosen, IPv4 first, by address.
func (p *Past) Followed(v *View) []netip.Prefix {
	var out []netip.Prefix
	for _, x := range p.parts {
		for _, q := range x.follow {
			out = append(out, v.Prefix(q))
		}
	}
	slices.SortFunc(out, comparePrefixes)
	return slices.Compact(out)
}

// Spells returns what was held, by prefix, name of the peer and time. The view must be of
// the state that was loaded, before its nodes are compacted.
func (p *Past) Spells(v *View) []Spell {
	var out []Spell
	for _, x := range p.parts {
		for _, s := range x.spells {
			out = append(out, Spell{Peer: s.peer, Prefix: v.Prefix(s.prefix), Path: v.AppendPath(nil, s.peer, s.route),
				Since: s.since, Until: s.until, Older: s.older, Blind: s.blind, GivenUp: s.up, Beside: s.beside})
		}
	}
	slices.SortStableFunc(out, func(a, b Spell) int {
		return cmp.Or(comparePrefixes(a.Prefix, b.Prefix), v.peers[a.Peer].Compare(v.peers[b.Peer].Peer), cmp.Compare(a.Since, b.Since))
	})
	return out
}

func comparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}
