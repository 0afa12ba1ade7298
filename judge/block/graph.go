package block

import "slices"

// Link is one line of a list of relations: A is a provider of B, or they are peers.
type Link struct {
	A, B uint32
	Peer bool
}

// Graph is a graph of relations. It is read-only once made.
type Graph struct {
	asn            []uint32
	up, side, down [][]int32 // providers, peers and customers, by index, ascending
}

// NewGraph makes a graph of a list. A network that is its own neighbour is left
// out, and a link that is there twice is one.
func NewGraph(links []Link) *Graph {
	g := &Graph{}
	for _, l := range links {
		g.asn = append(g.asn, l.A, l.B)
	}
	slices.Sort(g.asn)
	g.asn = slices.Clip(slices.Compact(g.asn))
	n := len(g.asn)
	g.up, g.side, g.down = make([][]int32, n), make([][]int32, n), make([][]int32, n)
	for _, l := range links {
		a, b := g.at(l.A), g.at(l.B)
		switch {
		case a == b:
		case l.Peer:
			g.side[a], g.side[b] = append(g.side[a], b), append(g.side[b], a)
		default:
			g.down[a], g.up[b] = append(g.down[a], b), append(g.up[b], a)
		}
	}
	for i := range n {
		for _, s := range []*[]int32{&g.up[i], &g.side[i], &g.down[i]} {
			slices.Sort(*s)
			*s = slices.Compact(*s)
		}
	}
	return g
}

func (g *Graph) at(as uint32) int32 {
	if i, ok := slices.BinarySearch(g.asn, as); ok {
		return int32(i)
	}
	return -1
}

// Has reports whether the graph knows a network.
func (g *Graph) Has(as uint32) bool { return g != nil && g.at(as) >= 0 }

// Where a network has its route from, in the order in which it prefers them (Gao
// and Rexford 2001).
const (
	own uint8 = iota
	fromCustomer
	fromPeer
	fromProvider
	none
)

// ways are the routes of everybody to some origins, if everybody prefers customers'
// routes to peers' and these to providers', the shortest of them, the lowest
// neighbour; and passes to peers and providers its own and its customers' routes
// alone. Whoever has a route here has a valley-free path, and the other way round.
type ways struct {
	g      *Graph
	next   []int32
	length []int32
	class  []uint8
}

// routes computes them. A network of refuse takes the routes from nobody; one of
// keep passes them to nobody.
func (g *Graph) routes(origins []uint32, refuse, keep func(int32) bool) *ways {
	n := len(g.asn)
	w := &ways{g, make([]int32, n), make([]int32, n), make([]uint8, n)}
	for i := range n {
		w.next[i], w.class[i] = -1, none
	}
	var levels [][]int32
	put := func(l, i int32) {
		for int(l) >= len(levels) {
			levels = append(levels, nil)
		}
		levels[l] = append(levels[l], i)
	}
	for _, o := range origins {
		if i := g.at(o); i >= 0 && w.class[i] == none {
			w.class[i] = own
			put(0, i)
		}
	}
	offer := func(u, v int32, class uint8) bool {
		l := w.length[u] + 1
		better := class < w.class[v] || class == w.class[v] && (l < w.length[v] || l == w.length[v] && u < w.next[v])
		if !better || refuse(v) || keep(u) && w.class[u] != own {
			return false
		}
		again := w.class[v] == class && w.length[v] == l
		w.class[v], w.length[v], w.next[v] = class, l, u
		return !again
	}
	var have []int32
	for l := 0; l < len(levels); l++ { // up
		for k := 0; k < len(levels[l]); k++ {
			u := levels[l][k]
			if int(w.length[u]) != l {
				continue
			}
			have = append(have, u)
			for _, p := range g.up[u] {
				if offer(u, p, fromCustomer) {
					put(w.length[p], p)
				}
			}
		}
	}
	for _, u := range have { // across
		for _, p := range g.side[u] {
			offer(u, p, fromPeer)
		}
	}
	levels = nil
	for i := range int32(n) {
		if w.class[i] != none {
			put(w.length[i], i)
		}
	}
	for l := 0; l < len(levels); l++ { // down
		for k := 0; k < len(levels[l]); k++ {
			u := levels[l][k]
			if int(w.length[u]) != l {
				continue
			}
			for _, c := range g.down[u] {
				if offer(u, c, fromProvider) {
					put(w.length[c], c)
				}
			}
		}
	}
	return w
}

// path gives the path from a network to the origin; nil if it has none or is not in
// the graph.
func (w *ways) path(as uint32) []uint32 {
	i := w.g.at(as)
	if i < 0 || w.class[i] == none {
		return nil
	}
	var out []uint32
	for i >= 0 {
		out = append(out, w.g.asn[i])
		i = w.next[i]
	}
	return out
}
