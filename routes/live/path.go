package live

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unsafe"

	"constat/internal/prefetch"
	"constat/wire/bgp"
)

// Route is one peer's route to a prefix: a node, and whether the peer's own AS stands
// in front of it.
type Route uint32

const (
	ownFlag   = 1 << 27
	otherFlag = 1 << 28 // of a route that a view gives: the peer has others
	manyFlag  = 1 << 31 // in rows alone: the rest is the number of a list
	routeMask = ownFlag | maxNodes
)

// Node returns the path without the peer's own AS in front.
func (r Route) Node() Node { return Node(r & maxNodes) }

// Own reports whether the peer's own AS stands in front of the node. It is no part of
// the tree, as it would make a leaf for each peer and path. It is false if the path
// does not begin with the peer's AS, as those of route servers, or is nothing else.
func (r Route) Own() bool { return r&ownFlag != 0 }

// Others reports whether the peer sends other routes to the prefix too (RFC 7911), by
// other paths: [View.Paths] has them all. A route of which a view says so stands for
// none of its own.
func (r Route) Others() bool { return r&otherFlag != 0 }

// pathMemo is what was made of the path that was looked at last. Neighbours in a
// table tend to have one.
type pathMemo struct {
	raw    []byte
	size   int
	route  Route
	origin uint32
}

// interner makes routes of paths. It has storage of its own: one for a goroutine.
type interner struct {
	t     *tree
	hops  []hop
	full  int64 // paths that found no room in the tree
	o     *origin
	chain [16]step // of the sequence that was looked up last, from its origin, o
	depth int
	table []uint32  // of o, as it was when it was last looked at
	want  []uintptr // of memory that will be needed
	wide  []byte    // a sequence with AS numbers of four bytes
}

// hop is one network of a path, or the number of a set.
type hop struct {
	as  uint32
	set bool
}

// route returns the route of a path that a peer of some AS (0: not known) announced,
// and its origin; 0 if that is not known or is a set.
//
// Prepending is one hop. A set of several networks is one hop, wherever it stands: its
// members have no order, so that no two of them are neighbours. Confederation segments
// are the inside of an AS and are left out (RFC 5065 §5.3). AS_TRANS stays what it is:
// some network whose number did not fit (RFC 6793). An empty path is the peer's own
// route. If the path cannot be read or holds the AS number 0, it is not known.
//
// A network that stands on a path twice is reached where it stands first, as no router
// takes a route that has passed its own network: what stands between was written there
// to keep others from taking the route. Example: `64510 64501 3356 64501`, told by
// AS64499, is AS64501 warding off AS3356, which carries nothing of it; the path is
// `64499 64510 64501`.
func (in *interner) route(p bgp.Path, peerAS uint32, m *pathMemo) (Route, uint32) {
	raw, size := p.Bytes()
	if size != 0 && size == m.size && bytes.Equal(raw, m.raw) {
		return m.route, m.origin
	}
	r, origin := in.look(p, raw, size, peerAS)
	m.raw, m.size, m.route, m.origin = append(m.raw[:0], raw...), size, r, origin
	return r, origin
}

func (in *interner) look(p bgp.Path, raw []byte, size int, peerAS uint32) (Route, uint32) {
	switch {
	case size == 0:
		return 0, 0
	case size == 4 && len(raw) > 2 && raw[0] == bgp.SegSequence && len(raw) == 2+4*int(raw[1]):
		return in.sequence(raw[2:], peerAS)
	case size == 2 && len(raw) > 2 && raw[0] == bgp.SegSequence && len(raw) == 2+2*int(raw[1]):
		in.wide = in.wide[:0]
		for i := 2; i < len(raw); i += 2 {
			in.wide = append(in.wide, 0, 0, raw[i], raw[i+1])
		}
		return in.sequence(in.wide, peerAS)
	}
	ok := in.collect(p)
	if !ok {
		return 0, 0
	}
	if len(in.hops) == 0 {
		if peerAS == 0 {
			return 0, 0
		}
		in.hops = append(in.hops, hop{as: peerAS})
	}
	in.hops = withoutLoops(in.hops)
	return in.reach(peerAS)
}

// reach returns the route of the hops, and its origin.
func (in *interner) reach(peerAS uint32) (Route, uint32) {
	own := Route(0)
	if first := in.hops[0]; len(in.hops) > 1 && !first.set && first.as == peerAS && peerAS != 0 {
		in.hops, own = in.hops[1:], ownFlag
	}
	at := in.climb()
	if at == 0 {
		in.full++
		return 0, 0
	}
	origin := in.hops[len(in.hops)-1]
	if origin.set {
		origin.as = 0
	}
	return own | Route(at), origin.as
}

// climb returns the node of the hops; 0 if there is no room for it.
func (in *interner) climb() uint32 {
	var o *origin
	at := uint32(0)
	for _, h := range slices.Backward(in.hops) {
		flag := uint32(0)
		if h.set {
			flag = setFlag
		}
		if o == nil {
			if o = in.t.origin(h.as, flag); o == nil {
				return 0
			}
			at = o.id
			continue
		}
		if at = in.t.child(o, h.as, at|flag, nodeHash(h.as, at|flag)); at == 0 {
			return 0
		}
	}
	return at
}

// sequence is look for the shape that nearly all paths have: one sequence.
func (in *interner) sequence(b []byte, peerAS uint32) (Route, uint32) {
	origin := binary.BigEndian.Uint32(b[len(b)-4:])
	if origin == 0 {
		return 0, 0
	}
	own := Route(0)
	if peerAS != 0 {
		i := 0
		for i < len(b) && binary.BigEndian.Uint32(b[i:]) == peerAS {
			i += 4
		}
		if i > 0 && i < len(b) {
			b, own = b[i:], ownFlag
		} else if i > 0 {
			b = b[:4]
		}
	}
	again := false                   // the peer's AS stands on the rest of its path once more
	for i := 0; i < len(b); i += 4 { // before anything of it is kept
		as := binary.BigEndian.Uint32(b[i:])
		if as == 0 {
			return 0, 0
		}
		again = again || as == peerAS && own != 0
	}
	if again {
		return in.slowly(b, peerAS, true)
	}
	at, plain := in.follow(b, origin)
	if !plain {
		return in.slowly(b, peerAS, own != 0)
	}
	if at == 0 {
		in.full++
		return 0, 0
	}
	return own | Route(at), origin
}

// slowly is sequence for a path that may have a loop, in front of which the peer's own AS
// may have stood.
func (in *interner) slowly(b []byte, peerAS uint32, own bool) (Route, uint32) {
	in.hops = in.hops[:0]
	if own {
		in.hop(hop{as: peerAS})
	}
	for i := 0; i < len(b); i += 4 {
		in.hop(hop{as: binary.BigEndian.Uint32(b[i:])})
	}
	in.hops = withoutLoops(in.hops)
	return in.reach(peerAS)
}

// withoutLoops leaves out what stands between a hop and the same hop nearer to the
// origin, beginning at the origin.
func withoutLoops(hops []hop) []hop {
	from := len(hops) // hops from here on are kept
	for _, h := range slices.Backward(hops) {
		if k := slices.Index(hops[from:], h); k >= 0 {
			from += k
			continue
		}
		from--
		hops[from] = h
	}
	return hops[from:]
}

// follow returns the node of a sequence, from its origin up; 0 if there is no room. It
// stops where a network stands again, or the chain ends: the path is not plain then. Paths that are told one after another tend to have their ends in common: as far as
// they do, nothing is looked up.
func (in *interner) follow(b []byte, origin uint32) (node uint32, plain bool) {
	if in.depth == 0 || in.chain[0].as != origin {
		o := in.t.origin(origin, 0)
		if o == nil {
			return 0, true
		}
		in.o, in.chain[0], in.depth = o, step{origin, o.id}, 1
		in.warm()
	}
	at, n := in.chain[0], 1
	for i := len(b) - 8; i >= 0; i -= 4 {
		as := binary.BigEndian.Uint32(b[i:])
		if as == at.as {
			continue
		}
		if n < in.depth && in.chain[n].as == as {
			at = in.chain[n]
			n++
			continue
		}
		if n == len(in.chain) {
			return 0, false
		}
		for _, s := range in.chain[:n] {
			if s.as == as {
				return 0, false
			}
		}
		at = step{as, in.child(as, at.id)}
		if at.id == 0 {
			return 0, true
		}
		in.chain[n] = at
		n++
		in.depth = n
	}
	return at.id, true
}

// child is that of the tree, on the way to the origin at hand.
func (in *interner) child(as, parent uint32) uint32 {
	h := nodeHash(as, parent)
	if len(in.table) > 0 {
		if id, _ := in.t.find(in.table, h, as, parent); id != 0 {
			return id
		}
	}
	id := in.t.add(in.o, as, parent, h)
	in.table = in.o.places()
	return id
}

// warmMost is how large the part of the tree behind an origin may be that is asked for
// whole, in lines of the cache.
const warmMost = 32

// warm asks for the memory of what is behind the origin at hand, if it is little: paths
// are looked up hop by hop, and each hop would wait. Nodes behind an origin tend to have
// been made one after another.
func (in *interner) warm() {
	in.table = in.o.places()
	lines := (len(in.table) + 15) / 16
	if lines == 0 || lines > warmMost {
		return
	}
	in.want = in.want[:0]
	for i := 0; i < len(in.table); i += 16 {
		in.want = append(in.want, uintptr(unsafe.Pointer(&in.table[i])))
	}
	for id, end := in.o.id, min(in.t.count.Load(), in.o.id+8*warmMost); lines >= 0 && id <= end; id += 8 {
		in.want = append(in.want, uintptr(unsafe.Pointer(in.t.nodes.at(id))))
		lines--
	}
	prefetch.All(in.want)
}

// step is a network of the path that was followed last, and its node.
type step struct{ as, id uint32 }

// collect fills hops from any path; false if the path is not known.
func (in *interner) collect(p bgp.Path) bool {
	in.hops = in.hops[:0]
	if p.Check() != nil {
		return false
	}
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return true
		}
		rest = r
		switch s.Type {
		case bgp.SegSequence:
			for i := range s.Len() {
				if s.At(i) == 0 {
					return false
				}
				in.hop(hop{as: s.At(i)})
			}
		case bgp.SegSet:
			var buf [16]uint32
			members := buf[:0]
			for i := range s.Len() {
				members = append(members, s.At(i))
			}
			slices.Sort(members)
			members = slices.Compact(members)
			switch {
			case len(members) == 0:
			case members[0] == 0:
				return false
			case len(members) == 1:
				in.hop(hop{as: members[0]})
			default:
				in.hop(hop{in.t.set(members), true})
			}
		}
	}
}

func (in *interner) hop(h hop) {
	if n := len(in.hops); n == 0 || in.hops[n-1] != h {
		in.hops = append(in.hops, h)
	}
}
