package live

import (
	"cmp"
	"iter"
	"math/bits"
	"net/netip"
	"slices"
	"sync"

	"constat/moment"
	"constat/routes/vantage"
)

// View reads a state. It is valid while nothing is fed, and may be read by several
// goroutines. What it computes of the whole state it computes once, when it is first
// asked for.
type View struct {
	s       *State
	peers   []*peer
	columns []PeerID // whose a column is; −1 if nobody's

	order  func() []PrefixID
	covers func() []PrefixID
	roots  func() []Node
	full   func() [][2]bool
	byAS   func() map[uint32][]PrefixID
}

// View returns a view of the state.
func (s *State) View() *View {
	defer s.still()()
	s.show(true)
	v := &View{s: s, peers: slices.Clone(s.peers), columns: make([]PeerID, 64*s.matrix.words)}
	for i := range v.columns {
		v.columns[i] = -1
	}
	for i, p := range v.peers {
		v.columns[p.column] = PeerID(i)
	}
	v.order = sync.OnceValue(v.sort)
	v.covers = sync.OnceValue(v.cover)
	v.roots = sync.OnceValue(v.root)
	v.full = sync.OnceValue(v.feeds)
	v.byAS = sync.OnceValue(v.index)
	return v
}

// At is the time of what was fed last.
func (v *View) At() moment.Time { return v.s.at }

// PeerInfo is what is known of one peer.
type PeerInfo struct {
	vantage.Peer
	Watching bool
	Since    moment.Time // from when its present routes are known; 0 if always
	// Whole4 and Whole6 say that its table of the family is known whole.
	Whole4, Whole6 bool
	// Full4 and Full6 say that it is a full feed: its table is known whole and has at
	// least three quarters of the largest of its family at its collector.
	Full4, Full6 bool
	Held4, Held6 int // prefixes
	// Lacks says that its session fell, or sight of it was lost, and that since then it has told less than half of what
	// it held before: that it holds nothing else is not known.
	Lacks bool
}

// NumPeers is how many peers there are.
func (v *View) NumPeers() int { return len(v.peers) }

// Peer returns what is known of a peer.
func (v *View) Peer(id PeerID) PeerInfo {
	p := v.peers[id]
	full := v.full()[id]
	return PeerInfo{Peer: p.Peer, Watching: p.watching, Since: p.since, Whole4: p.whole[v4], Whole6: p.whole[v6],
		Full4: full[v4], Full6: full[v6], Held4: int(p.held[v4]), Held6: int(p.held[v6]), Lacks: p.watching && p.lacks()}
}

func (v *View) feeds() [][2]bool {
	type at struct {
		collector string
		family    int
	}
	most := map[at]uint32{}
	for _, p := range v.peers {
		for f := range 2 {
			if p.watching && p.whole[f] {
				k := at{p.Collector, f}
				most[k] = max(most[k], p.held[f])
			}
		}
	}
	out := make([][2]bool, len(v.peers))
	for i, p := range v.peers {
		for f := range 2 {
			m := most[at{p.Collector, f}]
			out[i][f] = p.watching && p.whole[f] && m > 0 && 4*uint64(p.held[f]) >= 3*uint64(m)
		}
	}
	return out
}

// NumPrefixes is how many prefixes were ever seen.
func (v *View) NumPrefixes() int { return int(v.s.prefixes.count.Load()) }

func (v *View) entry(q PrefixID) *entry { return v.s.prefixes.list.at(uint32(q)) }

// Prefix returns a prefix.
func (v *View) Prefix(q PrefixID) netip.Prefix { return v.entry(q).prefix() }

// Find returns the number of a prefix, if it was ever seen.
func (v *View) Find(p netip.Prefix) (PrefixID, bool) {
	id, _, ok := v.s.prefixes.find(*v.s.prefixes.slots.Load(), keyOf(p))
	return id, ok
}

// Group returns the group that the options gave a prefix.
func (v *View) Group(q PrefixID) uint16 { return v.entry(q).group }

// Weight is the size of a prefix, without regard to others: addresses of IPv4, or /48s
// of IPv6, of which it has at least one. A /0 of IPv6 has 2^48.
func (v *View) Weight(q PrefixID) uint64 {
	k := v.entry(q)
	switch {
	case !k.v6():
		return 1 << (32 - k.bits())
	case k.bits() >= 48:
		return 1
	}
	return 1 << (48 - k.bits())
}

// Sorted returns all prefixes: IPv4 first, by address, the shorter of two first. It is
// the view's own.
func (v *View) Sorted() []PrefixID { return v.order() }

func (v *View) sort() []PrefixID {
	out := make([]PrefixID, v.NumPrefixes())
	for i := range out {
		out[i] = PrefixID(i)
	}
	slices.SortFunc(out, func(a, b PrefixID) int {
		x, y := v.entry(a), v.entry(b)
		return cmp.Or(cmp.Compare(x.length&v6Flag, y.length&v6Flag), cmp.Compare(x.hi, y.hi), cmp.Compare(x.lo, y.lo), cmp.Compare(x.length, y.length))
	})
	return out
}

// Covers returns for each prefix the nearest of the state that covers it; [NoPrefix] if
// none does. A peer need not hold it. It is the view's own.
func (v *View) Covers() []PrefixID { return v.covers() }

func (v *View) cover() []PrefixID {
	out := make([]PrefixID, v.NumPrefixes())
	var open []PrefixID
	for _, q := range v.Sorted() {
		x := v.entry(q)
		for len(open) > 0 && !v.entry(open[len(open)-1]).contains(x.key) {
			open = open[:len(open)-1]
		}
		out[q] = NoPrefix
		if len(open) > 0 {
			out[q] = open[len(open)-1]
		}
		open = append(open, q)
	}
	return out
}

// contains reports whether k covers another prefix of its family, or is it.
func (k key) contains(x key) bool {
	if k.length&v6Flag != x.length&v6Flag || k.bits() > x.bits() {
		return false
	}
	n := k.bits()
	if n <= 64 {
		return (k.hi^x.hi)&^(1<<(64-n)-1) == 0
	}
	return k.hi == x.hi && (k.lo^x.lo)&^(1<<(128-n)-1) == 0
}

// sets are those who hold a prefix and those who carried it.
func (v *View) sets(q PrefixID) (held, carried []uint64) {
	v.s.fillSets()
	return v.s.matrix.sets(q)
}

// Visibility counts the peers that are watching: how many carried the prefix in their
// present session, and how many of these hold it.
func (v *View) Visibility(q PrefixID) (held, carriers int) {
	h, c := v.sets(q)
	return v.s.matrix.count(h), v.s.matrix.count(c)
}

// Holders gives the peers that are watching and hold a prefix, by rising column, which
// is in no order that means anything.
func (v *View) Holders(q PrefixID) iter.Seq[PeerID] {
	h, _ := v.sets(q)
	return v.watching(h)
}

// Carriers gives the peers that are watching and carried a prefix in their present
// session.
func (v *View) Carriers(q PrefixID) iter.Seq[PeerID] {
	_, c := v.sets(q)
	return v.watching(c)
}

func (v *View) watching(set []uint64) iter.Seq[PeerID] {
	return func(yield func(PeerID) bool) {
		for i, x := range set {
			for x &= v.s.matrix.watch[i]; x != 0; x &= x - 1 {
				if !yield(v.columns[64*i+bits.TrailingZeros64(x)]) {
					return
				}
			}
		}
	}
}

// Counts are routes of the peers that are watching: how many pairs of a peer and a
// prefix were carried in the present sessions, and how many of these are held.
type Counts struct{ Held, Carried int64 }

// GroupVisibility counts the routes to a group's prefixes, IPv4 and IPv6 apart. It
// costs a step a peer.
func (v *View) GroupVisibility(g uint16) (ipv4, ipv6 Counts) {
	for _, p := range v.peers {
		if !p.watching || int(g) >= len(p.groups) {
			continue
		}
		c := &p.groups[g]
		ipv4.Held += int64(c.held[v4])
		ipv4.Carried += int64(c.carried[v4])
		ipv6.Held += int64(c.held[v6])
		ipv6.Carried += int64(c.carried[v6])
	}
	return ipv4, ipv6
}

// PrefixesOf returns the prefixes whose route that was told last has this origin, in
// the order of [View.Sorted]. It is the view's own.
func (v *View) PrefixesOf(origin uint32) []PrefixID { return v.byAS()[origin] }

func (v *View) index() map[uint32][]PrefixID {
	out := map[uint32][]PrefixID{}
	for _, q := range v.Sorted() {
		if as := v.entry(q).origin.Load(); as != 0 {
			out[as] = append(out[as], q)
		}
	}
	return out
}

// OriginVisibility counts the routes to the prefixes of an origin ([View.PrefixesOf]).
func (v *View) OriginVisibility(origin uint32) (ipv4, ipv6 Counts) {
	for _, q := range v.PrefixesOf(origin) {
		c := &ipv4
		if v.entry(q).v6() {
			c = &ipv6
		}
		h, n := v.Visibility(q)
		c.Held += int64(h)
		c.Carried += int64(n)
	}
	return ipv4, ipv6
}

// Origins returns the networks from which the prefix comes by the routes of the peers
// that are watching, rising; several if they differ, or if routes end in a set.
func (v *View) Origins(q PrefixID) []uint32 {
	var out []uint32
	last := Node(0)
	for p := range v.Holders(q) {
		one, _ := v.Route(p, q)
		all := [1]Route{one}
		rs := all[:]
		if one.Others() {
			rs = v.Paths(p, q)
		}
		for _, r := range rs {
			if r.Node() == 0 {
				continue
			}
			n := v.Origin(r.Node())
			if n == last {
				continue
			}
			last = n
			if set := v.SetOf(n); set != nil {
				out = append(out, set...)
			} else {
				out = append(out, v.AS(n))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NumNodes is how many nodes there are: 1 to NumNodes.
func (v *View) NumNodes() int { return int(v.s.tree.count.Load()) }

// AS returns the network that a node names; 0 if it is a set.
func (v *View) AS(n Node) uint32 {
	x := v.s.tree.nodes.at(uint32(n))
	if x.parent&setFlag != 0 {
		return 0
	}
	return x.as
}

// SetOf returns the members of a node that is a set, rising; nil if it is not.
func (v *View) SetOf(n Node) []uint32 {
	x := v.s.tree.nodes.at(uint32(n))
	if x.parent&setFlag == 0 {
		return nil
	}
	return v.s.tree.sets[x.as]
}

// Parent returns the node one hop nearer to the origin; 0 at the origin. It is smaller
// than n.
func (v *View) Parent(n Node) Node { return Node(v.s.tree.nodes.at(uint32(n)).parent &^ setFlag) }

// Origin returns the node of the origin.
func (v *View) Origin(n Node) Node { return v.roots()[n] }

func (v *View) root() []Node {
	out := make([]Node, v.NumNodes()+1)
	for n := Node(1); int(n) < len(out); n++ {
		out[n] = n
		if p := v.Parent(n); p != 0 {
			out[n] = out[p]
		}
	}
	return out
}

// NodeSet is a set of nodes.
type NodeSet []uint64

// Has reports whether a node is in the set.
func (s NodeSet) Has(n Node) bool { return s[n>>6]>>(n&63)&1 != 0 }

// Crossing returns the nodes on whose path one of some networks stands, also as a
// member of a set: one pass over all nodes. The peers' own networks are no nodes: if one
// of them is asked for, its peers' routes with [Route.Own] cross it too.
func (v *View) Crossing(as ...uint32) NodeSet {
	out := make(NodeSet, v.NumNodes()/64+1)
	for n := Node(1); int(n) <= v.NumNodes(); n++ {
		x := v.s.tree.nodes.at(uint32(n))
		p := Node(x.parent &^ setFlag)
		in := out.Has(p)
		if !in && x.parent&setFlag == 0 {
			in = slices.Contains(as, x.as)
		} else if !in {
			in = slices.ContainsFunc(v.s.tree.sets[x.as], func(m uint32) bool { return slices.Contains(as, m) })
		}
		if in {
			out[n>>6] |= 1 << (n & 63)
		}
	}
	return out
}

// Row gives the prefixes that a peer holds, by rising number, each with its route; the
// one that was announced last if the peer sends several ([Route.Others]). A peer that is not watching
// has those that are known of it all the same.
func (v *View) Row(id PeerID) iter.Seq2[PrefixID, Route] {
	p := v.peers[id]
	return func(yield func(PrefixID, Route) bool) {
		for k := range p.row.blocks {
			b := &p.row.blocks[k]
			if b.n == 0 {
				continue
			}
			run := v.s.arena.run(b.run, b.n)
			for i, x := range b.has {
				base := PrefixID(k*blockLen + 64*i)
				for ; x != 0; x &= x - 1 {
					r := run[0]
					run = run[1:]
					if !yield(base+PrefixID(bits.TrailingZeros64(x)), v.one(r)) {
						return
					}
				}
			}
		}
	}
}

// one is the route of a value in a row.
func (v *View) one(x uint32) Route {
	if x&manyFlag == 0 {
		return Route(x)
	}
	l := *v.s.lists.all.at(x &^ manyFlag)
	r := l[len(l)-1].route
	for _, o := range l[:len(l)-1] {
		if o.route != r {
			return r | otherFlag
		}
	}
	return r
}

// Route returns the route of a peer to a prefix, as [View.Row] does.
func (v *View) Route(id PeerID, q PrefixID) (Route, bool) {
	x := v.peers[id].row.find(&v.s.arena, q)
	if x == nil {
		return 0, false
	}
	return v.one(*x), true
}

// Routes returns all routes of a peer to a prefix; the one announced last is the last.
func (v *View) Routes(id PeerID, q PrefixID) []Route {
	x := v.peers[id].row.find(&v.s.arena, q)
	if x == nil {
		return nil
	}
	if *x&manyFlag == 0 {
		return []Route{Route(*x)}
	}
	var out []Route
	for _, r := range *v.s.lists.all.at(*x &^ manyFlag) {
		out = append(out, r.route)
	}
	return out
}

// Paths returns the routes of a peer to a prefix, each path once: of a peer that sends
// several (RFC 7911) all of them, in the order in which they were announced.
func (v *View) Paths(id PeerID, q PrefixID) []Route {
	out := v.Routes(id, q)
	for i := 0; i < len(out); {
		if slices.Contains(out[:i], out[i]) {
			out = slices.Delete(out, i, i+1)
		} else {
			i++
		}
	}
	return out
}

// AppendPath appends the networks of a peer's route, from the peer to the origin. A set
// is its members in a row, between two zeros. Nothing is appended if the path is not
// known.
func (v *View) AppendPath(dst []uint32, id PeerID, r Route) []uint32 {
	if r.Own() {
		dst = append(dst, v.peers[id].AS)
	}
	for n := r.Node(); n != 0; n = v.Parent(n) {
		if set := v.SetOf(n); set != nil {
			dst = append(append(append(dst, 0), set...), 0)
		} else {
			dst = append(dst, v.AS(n))
		}
	}
	return dst
}
