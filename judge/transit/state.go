package transit

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
)

// Route is one peer's route: a node of the state's path tree, whether the peer's own AS
// stands in front of it, and whether the peer has other routes too. 0 is no route, or a
// route that is not known. Nodes have 30 bits.
type Route uint32

const others = 1 << 31

// MakeRoute joins a node (from 1) with whether the peer's own AS comes before it.
func MakeRoute(node uint32, own bool) Route {
	r := Route(node << 1)
	if own {
		r |= 1
	}
	return r
}

// WithOthers says that the peer has other routes to the prefix too.
func (r Route) WithOthers() Route { return r | others }

// Others reports whether the peer has other routes to the prefix too ([State.Routes]).
func (r Route) Others() bool { return r&others != 0 }

// Node is the node of the tree; 0 if there is no route.
func (r Route) Node() uint32 { return uint32(r &^ others >> 1) }

// Own reports whether the peer's AS stands before the node and is no part of it.
func (r Route) Own() bool { return r&1 != 0 }

// Peer is one peer of a collector.
type Peer struct {
	Name string // "rrc00 192.0.2.1"
	AS   uint32
	// Full reports whether the peer is known to send a full table, of IPv4 and of
	// IPv6; only then does a prefix that it lacks mean something.
	Full [2]bool
}

// State is what all peers hold at one moment. Peers and prefixes are numbered from
// 0, nodes from 1.
//
// A node is an AS on the way from an origin outward: its parent is the next AS
// towards the origin, 0 at the origin. Prepending and loops are removed: no AS stands
// twice on a path. A node that stands for a set of ASes has AS 0 and members.
type State interface {
	NumPeers() int
	Peer(i int) Peer
	NumPrefixes() int
	Prefix(i uint32) netip.Prefix
	// Origins are the ASes that originate a prefix at any peer, those of sets too.
	Origins(prefix uint32) []uint32
	NumNodes() int
	Node(n uint32) (as, parent uint32)
	Members(n uint32) []uint32
	// Fill puts a peer's route of each prefix into dst, which is as long. Of a peer that
	// sends several (RFC 7911), Routes has all those whose path is known.
	Fill(peer int, prefixes []uint32, dst []Route)
	Routes(peer int, prefix uint32) []Route
}

// Table is a state with what all scopes need of it: the order of its prefixes.
type Table struct {
	State
	order []uint32 // prefixes: IPv4 first, by address, shorter first
	end   []uint32 // of a place in order: behind the last prefix that lies within it
	place []uint32 // of a prefix in order

	mu     sync.Mutex
	arrays [][]int32 // of all nodes, all zero, for those who look at much
}

// array takes an array of all nodes, all zero; give gives it back so.
func (t *Table) array() []int32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.arrays); n > 0 {
		a := t.arrays[n-1]
		t.arrays = t.arrays[:n-1]
		return a
	}
	return make([]int32, t.NumNodes()+1)
}

func (t *Table) give(a []int32) {
	t.mu.Lock()
	t.arrays = append(t.arrays, a)
	t.mu.Unlock()
}

// NewTable prepares a state.
func NewTable(s State) *Table {
	n := s.NumPrefixes()
	t := &Table{State: s, order: make([]uint32, n), end: make([]uint32, n), place: make([]uint32, n)}
	for i := range t.order {
		t.order[i] = uint32(i)
	}
	slices.SortFunc(t.order, func(a, b uint32) int {
		p, q := s.Prefix(a), s.Prefix(b)
		if x, y := p.Addr().Is6(), q.Addr().Is6(); x != y {
			if y {
				return -1
			}
			return 1
		}
		return cmp.Or(p.Addr().Compare(q.Addr()), p.Bits()-q.Bits())
	})
	var open []int
	for i, id := range t.order {
		t.place[id] = uint32(i)
		p := s.Prefix(id)
		for len(open) > 0 && !covers(s.Prefix(t.order[open[len(open)-1]]), p) {
			t.end[open[len(open)-1]] = uint32(i)
			open = open[:len(open)-1]
		}
		open = append(open, i)
	}
	for _, i := range open {
		t.end[i] = uint32(n)
	}
	return t
}

// covers reports whether p holds all of q, both masked.
func covers(p, q netip.Prefix) bool {
	return p.Bits() <= q.Bits() && p.Addr().Is6() == q.Addr().Is6() && p.Contains(q.Addr())
}

// Family is an address family.
type Family int

// The families. They are never added up.
const (
	V4 Family = iota
	V6
)

func (f Family) String() string { return [...]string{"ipv4", "ipv6"}[f] }

// FamilyOf is the family of a prefix.
func FamilyOf(p netip.Prefix) Family {
	if p.Addr().Is6() {
		return V6
	}
	return V4
}

// Scope is a subject: which routes belong to it, and which networks are its own.
type Scope struct {
	Prefixes []uint32 // of which a route may belong
	// Belongs reports whether a route belongs, by its prefix and its origin.
	Belongs func(prefix, origin uint32) bool
	// Inside reports whether a network is the subject's own: of a country, whether it
	// is registered there; of an AS, whether it is that AS.
	Inside func(as uint32) bool
	// Whole says that the subject is more than a network: its own networks are then
	// among those that could cut it off.
	Whole bool
}

// sizeOf is the weight of a prefix that nobody has more specific routes of: IPv4
// addresses; 1 in IPv6.
func sizeOf(p netip.Prefix) float64 {
	if p.Addr().Is6() {
		return 1
	}
	return float64(uint64(1) << (32 - p.Bits()))
}

// space is the address space that prefixes in order cover, without double counting: IPv4
// addresses or IPv6 /48s, at least one each.
func (t *Table) space(ids []uint32) int64 {
	var sum int64
	var last netip.Prefix
	for _, id := range ids {
		p := t.Prefix(id)
		if p.Addr().Is6() && p.Bits() > 48 {
			p = netip.PrefixFrom(p.Addr(), 48).Masked()
		}
		if last.IsValid() && covers(last, p) {
			continue
		}
		last = p
		bits := 32
		if p.Addr().Is6() {
			bits = 48
		}
		sum += int64(1) << max(bits-p.Bits(), 0)
	}
	return sum
}
