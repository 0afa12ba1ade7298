package sim

// Manners say which networks break the usual rules, and how. They belong to a
// graph and are read-only once made.
//
//   - partial transit: a provider gives a customer its own and its customers'
//     routes only; or it keeps a customer's routes for its other customers
//   - leaks: a network passes what it has from peers and providers on to a peer
//     or provider, for one in [leakEvery] of all origins
//   - preference: shortest whatever the neighbour is, peers before customers, or
//     one favourite neighbour before all
//   - siblings: two peers that pass everything to each other
type Manners struct {
	g    *Graph
	seed uint64
	// taste is how each AS ranks routes.
	taste []taste
	fav   map[int32]int32
	// odd is, for ASes with an unusual way of passing routes on, an index into
	// lists, else 0.
	odd   []int32
	lists [][]oddEdge
	// tasters, leakers and siblings are the ASes whose state the three phases
	// of propagation get wrong.
	tasters []int32
	leaks   []oddPair
	sibs    []oddPair
}

type taste uint8

const (
	usual taste = iota
	flat
	peersFirst
	favourite
)

// oddEdge is how an AS passes routes on to one neighbour.
type oddEdge struct {
	to int32
	as uint8
}

type oddPair struct{ from, to int32 }

const (
	withholds uint8 = 1 << iota // to a customer: own and customers' routes only
	kept                        // the receiver keeps them for its customers
	leaking
	sibling
)

// leakEvery makes leaks as rare as they are: with 290 leaking networks on the
// graph of 2015, one origin in seven is leaked by somebody. A leak that reaches
// a provider draws half of the Internet, for customers' routes come first.
const leakEvery = 2048

// largest is the degree above which an AS only ever gives partial transit: that
// one of the hundred largest networks prefers its providers would turn half of
// the Internet round, which nobody has seen.
const largest = 100

// Usual are the manners of an Internet in which everybody follows the rules.
func Usual(g *Graph) *Manners {
	return &Manners{g: g, taste: make([]taste, g.Len()), odd: make([]int32, g.Len()), lists: make([][]oddEdge, 1), fav: map[int32]int32{}}
}

// NewManners lets a share of the networks break the rules.
func NewManners(g *Graph, share float64, seed uint64) *Manners {
	m := Usual(g)
	m.seed = seed
	for i := range int32(g.Len()) {
		d := newDice(seed, 0x6d616e6e, uint64(g.asn[i]))
		if !d.chance(share) {
			continue
		}
		cs, ps, up := g.customers(i), g.peers(i), g.providers(i)
		x := d.float()
		if len(cs) == 0 && x < 0.9 {
			// How a network without customers prefers routes touches nobody
			// but itself.
			x = 0.35 + x/0.9*0.45
		}
		if g.degree(i) > largest {
			x *= 0.35
		}
		switch {
		case x < 0.20 && len(cs) > 0:
			for _, c := range cs {
				if d.chance(0.2) {
					m.addEdge(i, c, withholds)
				}
			}
		case x < 0.35 && len(cs) > 0:
			for _, c := range cs {
				if d.chance(0.2) {
					m.addEdge(c, i, kept)
				}
			}
		case x < 0.50:
			m.setTaste(i, flat)
		case x < 0.62:
			m.setTaste(i, peersFirst)
		case x < 0.80:
			if n := g.degree(i); n > 0 {
				m.setTaste(i, favourite)
				m.fav[i] = g.adj[int(g.off[3*i])+d.below(n)]
			}
		case x < 0.97:
			var to []int32
			if len(up) > 1 || len(up) == 1 && len(ps) > 0 {
				to = append(to, up...)
			}
			if len(up) > 0 {
				to = append(to, ps...)
			}
			if len(to) > 0 {
				m.addEdge(i, pick(d, to), leaking)
			}
		default:
			if len(ps) > 0 && len(cs) > 0 {
				s := pick(d, ps)
				m.addEdge(i, s, sibling)
				m.addEdge(s, i, sibling)
			}
		}
	}
	return m
}

func (m *Manners) setTaste(i int32, t taste) {
	m.taste[i] = t
	m.tasters = append(m.tasters, i)
}

func (m *Manners) addEdge(from, to int32, as uint8) {
	if m.odd[from] == 0 {
		m.odd[from] = int32(len(m.lists))
		m.lists = append(m.lists, nil)
	}
	l := &m.lists[m.odd[from]]
	switch as {
	case leaking:
		m.leaks = append(m.leaks, oddPair{from, to})
	case sibling:
		m.sibs = append(m.sibs, oddPair{from, to})
	}
	for k := range *l {
		if (*l)[k].to == to {
			(*l)[k].as |= as
			return
		}
	}
	*l = append(*l, oddEdge{to, as})
}

// edge is how u passes routes on to v.
func (m *Manners) edge(u, v int32) uint8 {
	if m.odd[u] == 0 {
		return 0
	}
	for _, e := range m.lists[m.odd[u]] {
		if e.to == v {
			return e.as
		}
	}
	return 0
}

// leaksFor says whether a leaking AS leaks the routes to an origin.
func (m *Manners) leaksFor(u, origin int32) bool {
	return mix(m.seed, 0x6c65616b, uint64(m.g.asn[u]), uint64(m.g.asn[origin]))%leakEvery == 0
}

// preference is the first thing that u looks at in a route: lower is better.
func (m *Manners) preference(u int32, c class, next int32) uint8 {
	switch m.taste[u] {
	case flat:
		return 0
	case peersFirst:
		if c == fromPeer {
			return 0
		}
		return uint8(c)
	case favourite:
		if m.fav[u] == next {
			return 0
		}
	}
	return uint8(c)
}
