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
}

// pastOf is the past at one collector. It belongs to the collector's goroutine.
type pastOf struct {
	p      *Past
	f      *Feeder
	follow map[netip.Prefix]PrefixID   // as records write them
	open   map[PeerID]map[PrefixID]int // index into spells
	spells []spell
	seq    uint64 // of the attributes that path was read from
	of     PeerID
	path   []uint32
}

type spell struct {
	peer         PeerID
	prefix       PrefixID
	route        Route
	since, until moment.Time
	older, blind bool
}

// at begins the past of a collector; of a nil Past it is nil.
func (p *Past) at(f *Feeder) *pastOf {
	if p == nil {
		return nil
	}
	x := &pastOf{p: p, f: f, follow: map[netip.Prefix]PrefixID{}, open: map[PeerID]map[PrefixID]int{}}
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
	r, has, watching := x.f.look(id, q)
	if watching {
		x.turn(id, q, r, has, e.Time, e.Kind == mrt.RIBEntry)
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

// turn says what a peer holds from a moment on.
func (x *pastOf) turn(id PeerID, q PrefixID, r Route, has bool, at moment.Time, older bool) {
	if i, ok := x.open[id][q]; ok {
		s := &x.spells[i]
		if has && s.route == r {
			s.older = s.older || older
			return
		}
		s.until = at
		delete(x.open[id], q)
	}
	if !has {
		return
	}
	if x.open[id] == nil {
		x.open[id] = map[PrefixID]int{}
	}
	x.open[id][q] = len(x.spells)
	x.spells = append(x.spells, spell{peer: id, prefix: q, route: r, since: at, older: older})
}

// blind says that from a moment on nothing is known of a peer.
func (x *pastOf) blind(id PeerID, at moment.Time) {
	if x == nil {
		return
	}
	for _, i := range x.open[id] {
		s := &x.spells[i]
		s.until, s.blind = max(at, s.since), true
	}
	delete(x.open, id)
}

// resume says that a peer watches again, from a moment on.
func (x *pastOf) resume(id PeerID, at moment.Time) {
	if x == nil {
		return
	}
	for _, q := range x.follow {
		if r, has, _ := x.f.look(id, q); has {
			x.turn(id, q, r, true, at, true)
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

// look returns the route of a peer of the feeder's to a prefix, and whether the peer is
// watching, with all that the feeder was told put in.
func (f *Feeder) look(id PeerID, q PrefixID) (r Route, has, watching bool) {
	if !f.inside {
		defer f.leave()
	}
	f.enter()
	f.settle()
	p := f.s.peers[id]
	x := p.row.find(&f.s.arena, q)
	if x == nil {
		return 0, false, p.watching
	}
	if *x&manyFlag == 0 {
		return Route(*x), true, p.watching
	}
	l := *f.s.lists.all.at(*x &^ manyFlag)
	return l[len(l)-1].route, true, p.watching
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
				Since: s.since, Until: s.until, Older: s.older, Blind: s.blind})
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
