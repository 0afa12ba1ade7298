package block

import "constat/judge/relation"

// Graph is a graph of relations, in which routes are computed.
type Graph struct{ *relation.Graph }

// NewGraph makes a graph of a list.
func NewGraph(links []relation.Link) *Graph { return &Graph{relation.New(links)} }

// Has reports whether the graph knows a network.
func (g *Graph) Has(as uint32) bool { return g != nil && g.Graph.Has(as) }

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
	n := len(g.ASes)
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
		if i := g.At(o); i >= 0 && w.class[i] == none {
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
			for _, p := range g.Up[u] {
				if offer(u, p, fromCustomer) {
					put(w.length[p], p)
				}
			}
		}
	}
	for _, u := range have { // across
		for _, p := range g.Side[u] {
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
			for _, c := range g.Down[u] {
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
	i := w.g.At(as)
	if i < 0 || w.class[i] == none {
		return nil
	}
	var out []uint32
	for i >= 0 {
		out = append(out, w.g.ASes[i])
		i = w.next[i]
	}
	return out
}
