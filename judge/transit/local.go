package transit

import (
	"cmp"
	"fmt"
	"slices"
)

// local is the part of the path tree that one scope's routes use, with numbers of its
// own: nodes from 0 in the order in which they were met, a parent before its
// children, and networks from 0.
type local struct {
	t     *Table
	scope *Scope
	nodes []lnode
	// where finds the node here of a node of the state, from 1; many finds it in a scope
	// that has so much that an array for all nodes of the state costs less.
	where map[uint32]int32
	many  []int32
	noted []uint32          // the nodes that many has
	sets  map[int32][]int32 // members of nodes that are sets
	// places are sets of ASes that stand in a place of a way ([lnode.gate]), each once.
	places  [][]uint32
	placeOf map[string]int32
	ases    []uint32
	index   map[uint32]int32 // AS → network here
	in      []bool           // of a network: the subject's own
	// kids are the children of nodes inside the subject, by parent and network: a
	// vantage that hears the subject directly stands there too, although the state has
	// no node for it.
	kids map[[2]int32]int32
}

// lnode is one node.
type lnode struct {
	parent int32 // -1 at the origin
	net    int32 // network; -1 for a set, whose members are in local.sets
	root   int32 // the node of the origin
	// gate is the outermost network of the subject on the path, first and second the
	// next two outward; -1 if there is none, firstSet and below if a set stands there.
	gate, first, second int32
}

// firstSet stands for the first set of local.places, firstSet-1 for the second, and so on.
const firstSet = -2

// setPlace is what stands for a set in a place of a way.
func (l *local) setPlace(set []int32) int32 {
	var ases []uint32
	for _, m := range set {
		ases = append(ases, l.ases[m])
	}
	slices.Sort(ases)
	ases = slices.Compact(ases)
	key := fmt.Sprint(ases)
	if _, ok := l.placeOf[key]; !ok {
		if l.placeOf == nil {
			l.placeOf = map[string]int32{}
		}
		l.placeOf[key] = firstSet - int32(len(l.places))
		l.places = append(l.places, ases)
	}
	return l.placeOf[key]
}

func newLocal(t *Table, s *Scope) *local {
	return &local{t: t, scope: s, where: map[uint32]int32{}, index: map[uint32]int32{}, kids: map[[2]int32]int32{}, sets: map[int32][]int32{}}
}

// network numbers an AS.
func (l *local) network(as uint32) int32 {
	i, ok := l.index[as]
	if !ok {
		i = int32(len(l.ases))
		l.index[as] = i
		l.ases = append(l.ases, as)
		l.in = append(l.in, l.scope.Inside(as))
	}
	return i
}

// node numbers a node of the state, those towards its origin first.
func (l *local) node(n uint32) int32 {
	if l.many != nil {
		if i := l.many[n]; i > 0 {
			return i - 1
		}
	} else if i, ok := l.where[n]; ok {
		return i - 1
	}
	as, up := l.t.Node(n)
	x := lnode{parent: -1, net: -1, gate: -1, first: -1, second: -1}
	var set []int32
	if up != 0 {
		x.parent = l.node(up)
	}
	if as != 0 {
		x.net = l.network(as)
		if i, ok := l.kids[[2]int32{x.parent, x.net}]; ok {
			l.found(n, i)
			return i
		}
	} else {
		for _, m := range l.t.Members(n) {
			set = append(set, l.network(m))
		}
	}
	i := l.put(x, set)
	l.found(n, i)
	return i
}

// found notes where a node of the state is.
func (l *local) found(n uint32, i int32) {
	if l.many != nil {
		l.many[n] = i + 1
		l.noted = append(l.noted, n)
		return
	}
	l.where[n] = i + 1
}

// choose chooses how nodes are found, for a scope of so many prefixes. What it returns
// gives the array back.
func (l *local) choose(prefixes int) (release func()) {
	if prefixes*l.t.NumPeers() < l.t.NumNodes()/8 {
		return func() {}
	}
	l.many = l.t.array()
	return func() {
		for _, n := range l.noted {
			l.many[n] = 0
		}
		l.t.give(l.many)
		l.many, l.noted = nil, nil
	}
}

// put adds a node, with where its path leaves the subject.
func (l *local) put(x lnode, set []int32) int32 {
	i := int32(len(l.nodes))
	l.nodes = append(l.nodes, x)
	p := &l.nodes[i]
	at := p.net
	if len(set) > 0 {
		l.sets[i] = set
		at = l.setPlace(set)
	}
	if p.root = i; p.parent >= 0 {
		p.root = l.nodes[p.parent].root
	}
	switch {
	case l.inside(i), p.parent < 0 && p.net < 0 && l.some(set):
		p.gate = at
	case p.parent < 0:
		p.first = at
	default:
		up := &l.nodes[p.parent]
		p.gate, p.first, p.second = up.gate, up.first, up.second
		if p.first == -1 {
			p.first = at
		} else if p.second == -1 {
			p.second = at
		}
	}
	if p.net >= 0 && p.parent >= 0 && l.inside(p.parent) {
		l.kids[[2]int32{p.parent, p.net}] = i
	}
	return i
}

// end is the node at which a route of a peer ends: that of the peer itself if it
// hears the subject directly, else the outermost node that the state has (but see
// [sight.own]).
func (l *local) end(node int32, own uint32) int32 {
	if own == 0 || !l.inside(node) {
		return node
	}
	net := l.network(own)
	if i, ok := l.kids[[2]int32{node, net}]; ok {
		return i
	}
	return l.put(lnode{parent: node, net: net, gate: -1, first: -1, second: -1}, nil)
}

// inside reports whether a node is one of the subject's own networks; a set is if
// all of its members are.
func (l *local) inside(i int32) bool {
	n := &l.nodes[i]
	if n.net >= 0 {
		return l.in[n.net]
	}
	set := l.sets[i]
	for _, m := range set {
		if !l.in[m] {
			return false
		}
	}
	return len(set) > 0
}

// some reports whether a set has a network of the subject's own.
//
// Example: AS9's addresses are announced as {9,99}: the set stands where AS9 would.
func (l *local) some(set []int32) bool {
	return slices.ContainsFunc(set, func(m int32) bool { return l.in[m] })
}

// ownOf are the members of a set of origins that are the subject's own; all if none
// is.
func (l *local) ownOf(set []int32) []int32 {
	var out []int32
	for _, m := range set {
		if l.in[m] {
			out = append(out, m)
		}
	}
	if out == nil {
		return set
	}
	return out
}

// belongs is the part of a route that belongs to the scope: all or nothing, but of a
// route whose origin is a set only its members that belong.
func (l *local) belongs(prefix uint32, i int32) float64 {
	root := l.nodes[i].root
	r := &l.nodes[root]
	if r.net >= 0 {
		if l.scope.Belongs(prefix, l.ases[r.net]) {
			return 1
		}
		return 0
	}
	n, set := 0, l.sets[root]
	for _, m := range set {
		if l.scope.Belongs(prefix, l.ases[m]) {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n) / float64(len(set))
}

// reading is the prefixes of one family that a scope has to look at: its own, and in
// IPv4 all more specific ones, which take addresses away.
type reading struct {
	ids   []uint32
	own   []bool  // of an id: it is on the scope
	sure  []bool  // and whoever originates it belongs
	cover []int32 // place of the nearest shorter prefix that is read; -1
	size  []float64
	acc   []float64
	dst   []Route
	fam   Family
}

func newReading(t *Table, s *Scope, fam Family) *reading {
	r := &reading{fam: fam}
	places := make([]uint32, 0, len(s.Prefixes))
	for _, id := range s.Prefixes {
		if p := t.Prefix(id); FamilyOf(p) == fam && p.Bits() > 0 {
			places = append(places, t.place[id])
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	next := uint32(0)
	k := 0
	add := func(place uint32, own bool) {
		id := t.order[place]
		sure := own
		if own {
			os := t.Origins(id)
			sure = len(os) > 0 && !slices.ContainsFunc(os, func(o uint32) bool { return !s.Belongs(id, o) })
		}
		r.ids, r.own, r.sure = append(r.ids, id), append(r.own, own), append(r.sure, sure)
		r.size = append(r.size, sizeOf(t.Prefix(id)))
	}
	for _, p := range places {
		if p < next {
			continue // inside what was read
		}
		end := p + 1
		if fam == V4 {
			end = t.end[p]
		}
		for q := p; q < end; q++ {
			own := k < len(places) && places[k] == q
			if own {
				k++
			}
			add(q, own)
		}
		next = end
	}
	r.cover = make([]int32, len(r.ids))
	var open []int32
	for i, id := range r.ids {
		p := t.Prefix(id)
		for len(open) > 0 && !covers(t.Prefix(r.ids[open[len(open)-1]]), p) {
			open = open[:len(open)-1]
		}
		r.cover[i] = -1
		if len(open) > 0 {
			r.cover[i] = open[len(open)-1]
		}
		open = append(open, int32(i))
	}
	r.acc, r.dst = make([]float64, len(r.ids)), make([]Route, len(r.ids))
	return r
}

// routes calls do with each route of a peer that belongs to the scope, and its weight:
// the addresses of its prefix less those of more specific ones that the same peer
// holds, whoever originates them. Several routes to a prefix share its weight out
// equally: which of them the peer uses is not known.
//
// Example: a peer holds 192.0.2.0/23 of X and 192.0.2.0/24 of Y. X weighs 256.
func (r *reading) routes(l *local, peer int, do func(i int, node int32, own bool, weight float64)) {
	l.t.Fill(peer, r.ids, r.dst)
	clear(r.acc)
	for i := len(r.ids) - 1; i >= 0; i-- {
		weight, give := r.size[i], r.acc[i]
		held := r.dst[i] != 0
		if r.fam == V4 {
			if held {
				weight, give = r.size[i]-r.acc[i], r.size[i]
			}
			if c := r.cover[i]; c >= 0 {
				r.acc[c] += give
			}
		}
		if !held || !r.own[i] {
			continue
		}
		one := [1]Route{r.dst[i]}
		routes := one[:]
		if one[0].Others() {
			routes = l.t.Routes(peer, r.ids[i])
		}
		for _, x := range routes {
			n, part := l.node(x.Node()), 1.0
			if !r.sure[i] {
				if part = l.belongs(r.ids[i], n); part == 0 {
					continue
				}
			}
			do(i, n, x.Own(), weight*part/float64(len(routes)))
		}
	}
}

// groups are the peers by AS, in rising order of the AS, then of the peer.
func groups(peers []Peer, take func(i int, p Peer) bool) [][]int {
	var all []int
	for i, p := range peers {
		if take(i, p) {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(peers[a].AS, peers[b].AS) })
	var out [][]int
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && peers[all[j]].AS == peers[all[i]].AS {
			j++
		}
		out = append(out, all[i:j])
		i = j
	}
	return out
}
