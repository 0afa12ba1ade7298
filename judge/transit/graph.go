package transit

import (
	"cmp"
	"slices"

	"constat/judge/relation"
)

// Graph is the graph of a list of relations, with its core.
type Graph struct {
	Name string // of the list, with its date
	of   *relation.Graph
	ases []uint32
	up   [][]int32 // providers, by place in ases
	peer [][]int32
	down [][]int32 // customers
	core []int32
}

// coreCustomers is how many customers a network without providers has to have to be
// counted to the core, unless the list names the core itself.
const coreCustomers = 100

// NewGraph makes a graph. The core is given by
// the list, or it is the networks without a provider that have at least a hundred
// customers; without such, those that have customers.
func NewGraph(name string, links []relation.Link, core []uint32) *Graph {
	of := relation.New(links)
	g := &Graph{Name: name, of: of, ases: of.ASes, up: of.Up, peer: of.Side, down: of.Down}
	for _, as := range core {
		if i := g.at(as); i >= 0 {
			g.core = append(g.core, i)
		}
	}
	for _, least := range []int{coreCustomers, 1} {
		if len(g.core) > 0 {
			break
		}
		for i := range g.ases {
			if len(g.up[i]) == 0 && len(g.down[i]) >= least {
				g.core = append(g.core, int32(i))
			}
		}
	}
	slices.Sort(g.core)
	g.core = slices.Compact(g.core)
	return g
}

func (g *Graph) at(as uint32) int32 {
	return g.of.At(as)
}

// Core are the networks that the graph has no provider of, or those the list names:
// whoever reaches one of them reaches everybody.
func (g *Graph) Core() []uint32 {
	out := []uint32{}
	for _, i := range g.core {
		out = append(out, g.ases[i])
	}
	return out
}

// Relations of a neighbour to a network.
const (
	Provider = "provider"
	PeerOf   = "peer"
	Customer = "customer"
)

// Neighbour is a network that a list has as connected with another.
type Neighbour struct {
	AS, Of   uint32
	Relation string
}

// Neighbours are those of networks that are not among them, sorted.
func (g *Graph) Neighbours(of []uint32, inside func(uint32) bool) []Neighbour {
	var out []Neighbour
	for _, as := range of {
		i := g.at(as)
		if i < 0 {
			continue
		}
		for k, list := range [][]int32{g.up[i], g.peer[i], g.down[i]} {
			for _, j := range list {
				if !inside(g.ases[j]) {
					out = append(out, Neighbour{g.ases[j], as, [...]string{Provider, PeerOf, Customer}[k]})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Neighbour) int { return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.AS, b.AS)) })
	return out
}

// carries reports whether a network is a provider of one that is inside.
func (g *Graph) carries(as uint32, inside func(uint32) bool) bool {
	i := g.at(as)
	return i >= 0 && slices.ContainsFunc(g.down[i], func(j int32) bool { return inside(g.ases[j]) })
}

// Steps of a path that keeps to customers and providers: up to providers, at most
// once across to a peer, down to customers. climbing is the first part.
const (
	climbing = 0
	falling  = 1
)

// next calls do with where a route goes on from a network in a state.
func (g *Graph) next(i int32, state int32, do func(j int32, state int32)) {
	if state == climbing {
		for _, j := range g.up[i] {
			do(j, climbing)
		}
		for _, j := range g.peer[i] {
			do(j, falling)
		}
	}
	for _, j := range g.down[i] {
		do(j, falling)
	}
}

// cone is the part of a graph's two layers through which routes of some networks get
// to others: each network stands in it up to twice, once as it is climbed to and once as
// it is fallen to; one that has to be reached stands once, and nothing goes on from it.
type cone struct {
	nets  []int32   // of a node: its network in the graph
	next  [][]int32 // where routes go on
	start []int32
	end   []bool
}

// newCone finds what lies on any path from some networks to others.
func (g *Graph) newCone(from []int32, to map[int32]bool) *cone {
	type key [2]int32
	id := func(i, state int32) key {
		if to[i] {
			return key{i, -1}
		}
		return key{i, state}
	}
	seen := map[key]int32{}
	var all []key
	var back [][]int32
	visit := func(k key) int32 {
		n, had := seen[k]
		if !had {
			n = int32(len(all))
			seen[k] = n
			all, back = append(all, k), append(back, nil)
		}
		return n
	}
	var start []int32
	for _, i := range from {
		start = append(start, visit(id(i, climbing)))
	}
	// To networks without providers nobody falls but by the one step across.
	top := true
	for i := range to {
		top = top && len(g.up[i]) == 0
	}
	for n := int32(0); int(n) < len(all); n++ {
		k := all[n]
		if k[1] < 0 {
			continue
		}
		g.next(k[0], k[1], func(j, state int32) {
			if top && state == falling && !to[j] {
				return
			}
			m := visit(id(j, state))
			back[m] = append(back[m], n)
		})
	}
	on := make([]int32, len(all)) // number in the cone, from 1
	var queue []int32
	for n, k := range all {
		if k[1] < 0 {
			on[n] = 1
			queue = append(queue, int32(n))
		}
	}
	for q := 0; q < len(queue); q++ {
		for _, m := range back[queue[q]] {
			if on[m] == 0 {
				on[m] = 1
				queue = append(queue, m)
			}
		}
	}
	c := &cone{}
	for n, k := range all {
		if on[n] != 0 {
			c.nets, c.end = append(c.nets, k[0]), append(c.end, k[1] < 0)
			on[n] = int32(len(c.nets))
		}
	}
	c.next = make([][]int32, len(c.nets))
	for n, bs := range back {
		for _, b := range bs {
			if on[n] != 0 && on[b] != 0 {
				c.next[on[b]-1] = append(c.next[on[b]-1], on[n]-1)
			}
		}
	}
	for _, n := range start {
		if on[n] != 0 {
			c.start = append(c.start, on[n]-1)
		}
	}
	slices.Sort(c.start)
	c.start = slices.Compact(c.start)
	return c
}

// reach asks a cone who has to refuse. colour is that of a node, from 1; 0 if it
// cannot refuse.
type reach struct {
	*cone
	colour []int32
	names  []string // of the colours
	prev   []int32
	queue  []int32
}

// open finds the shortest path that no colour of the set blocks, from the subject
// outward; nil if there is none.
func (r *reach) open(set []int32) []int32 {
	if r.prev == nil {
		r.prev = make([]int32, len(r.nets))
	}
	clear(r.prev)
	r.queue = r.queue[:0]
	free := func(n, from int32) {
		if r.prev[n] == 0 && (r.colour[n] == 0 || !slices.Contains(set, r.colour[n])) {
			r.prev[n] = from
			r.queue = append(r.queue, n)
		}
	}
	for _, n := range r.start {
		free(n, -1)
	}
	for q := 0; q < len(r.queue); q++ {
		n := r.queue[q]
		if r.end[n] {
			var path []int32
			for m := n; ; m = r.prev[m] - 1 {
				path = append(path, m)
				if r.prev[m] < 0 {
					break
				}
			}
			slices.Reverse(path)
			return path
		}
		for _, m := range r.next[n] {
			free(m, n+1)
		}
	}
	return nil
}

// search finds all sets of up to size colours that leave no path open, by branching
// on the colours of an open one. It returns false if it was given up.
func (r *reach) search(size int) (found [][]int32, whole bool) {
	left := min(searchSets, max(searchLeast, searchNodes/max(1, len(r.nets))))
	seen := map[[exactSets]int32]bool{}
	var rec func(set []int32)
	rec = func(set []int32) {
		k := [exactSets]int32{}
		copy(k[:], slices.Sorted(slices.Values(set)))
		if seen[k] {
			return
		}
		seen[k] = true
		if left--; left < 0 {
			return
		}
		path := r.open(set)
		if path == nil {
			found = append(found, set)
			return
		}
		if len(set) == size {
			return
		}
		for _, n := range path {
			if c := r.colour[n]; c != 0 && !slices.Contains(set, c) {
				rec(append(slices.Clone(set), c))
			}
		}
	}
	rec(nil)
	return found, left >= 0
}

// greedy blocks one open path after the other by the colour that most of the cone has,
// and leaves out in the end what is not needed; nil if nobody can.
func (r *reach) greedy() []int32 {
	count := make([]int, len(r.names)+1)
	for _, c := range r.colour {
		count[c]++
	}
	var set []int32
	for path := r.open(set); path != nil; path = r.open(set) {
		best := int32(0)
		for _, n := range path {
			if c := r.colour[n]; c != 0 && (best == 0 || count[c] > count[best]) {
				best = c
			}
		}
		if best == 0 || len(set) == greedyMost {
			return nil
		}
		set = append(set, best)
	}
	for i := len(set) - 1; i >= 0; i-- {
		if rest := slices.Delete(slices.Clone(set), i, i+1); r.open(rest) == nil {
			set = rest
		}
	}
	return set
}

// cut finds how few colours leave no path open. With single, each network has a colour
// of its own, and the flow bounds the number.
func (r *reach) cut(single bool) Cut {
	out := Cut{Upper: -1, Sets: []Set{}}
	if len(r.start) == 0 {
		return out // the graph has no path at all
	}
	var set []int32
	if single {
		b := r.flow()
		out.Lower, out.Upper, set = b.lower, b.upper, b.set
	} else {
		if set = r.greedy(); set != nil {
			out.Upper = len(set)
		}
		out.Lower = 1
	}
	if out.Upper < 0 {
		return out
	}
	for size := out.Lower; size <= exactSets && size <= out.Upper; size++ {
		sets, whole := r.search(size)
		if len(sets) > 0 && (whole || out.Exact()) {
			out.Lower, out.Upper = size, size
			r.name(&out, sets)
			return out
		}
		if !whole {
			break
		}
		out.Lower = size + 1
	}
	r.name(&out, [][]int32{set})
	return out
}

// name writes sets with the names of their members, those nearest the subject first.
func (r *reach) name(c *Cut, sets [][]int32) {
	rank := map[int32]int{}
	if r.open(nil) != nil { // leaves its queue behind, and more than that is not needed
		for d, n := range r.queue {
			if _, had := rank[r.colour[n]]; !had {
				rank[r.colour[n]] = d
			}
		}
	}
	far := func(s []int32) (n int) {
		for _, m := range s {
			if d, ok := rank[m]; ok {
				n += d
			} else {
				n += len(r.nets)
			}
		}
		return n
	}
	slices.SortStableFunc(sets, func(a, b []int32) int {
		return cmp.Or(cmp.Compare(far(a), far(b)), slices.Compare(a, b))
	})
	for _, s := range sets[:min(len(sets), shownSets)] {
		var n Set
		for _, m := range s {
			n.Members = append(n.Members, r.names[m-1])
		}
		c.Sets = append(c.Sets, n)
	}
	c.More = len(sets) - len(c.Sets)
}
