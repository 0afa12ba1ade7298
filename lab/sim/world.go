package sim

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"sync"
)

// Feed is what a vantage shows its collector.
type Feed uint8

// Kinds of feeds.
const (
	FullFeed     Feed = iota
	CustomerFeed      // its own and its customers' routes only
	PartialFeed       // some prefixes and not others
	StaleFeed         // what it had long ago, whatever happens
)

func (f Feed) String() string { return [...]string{"full", "customers", "partial", "stale"}[f] }

// Shares of vantages by feed, and how many prefixes of ten a partial one shows.
const (
	customerFeeds = 0.10
	partialFeeds  = 0.12
	staleFeeds    = 0.02
	// Most stale feeds fall silent, which is how they are found out.
	staleSilent  = 0.75
	partialShows = 0.5
	// A quarter of the ASes that feed a collector feed another one too.
	feedsTwice = 0.08
	// Of vantages, how many have the address of another one at their collector.
	sharedAddress = 0.02
)

// Vantage is a peer of a collector.
type Vantage struct {
	Collector string
	Addr      netip.Addr
	AS        uint32
	Feed      Feed
	// Silent is a stale feed that has stopped talking: it is known not to be
	// watching.
	Silent bool
	node   int32
}

// Name is the collector and the address.
func (v Vantage) Name() string { return v.Collector + " " + v.Addr.String() }

// Setting is what a world is made of.
type Setting struct {
	Graph *Graph
	// Odd is the share of networks that break the rules.
	Odd  float64
	Seed uint64
	// Vantages is how many; Placement draws where. Or At names their ASes.
	Vantages  int
	Placement uint64
	At        []uint32
	// Country says where networks are registered; without it, it is drawn.
	Country map[uint32]string
}

// World is an Internet with vantages. It is read-only but for what it has
// computed once and keeps, and may be shared by players.
type World struct {
	g        *Graph
	m        *Manners
	push     *Graph
	Vantages []Vantage
	Who      *Who
	seed     uint64
	pool     []int32 // origins from which controls are taken first

	mu   sync.Mutex
	kept map[int32]*view
	most int
}

// poolSize is how many origins are candidates for controls in every case of a
// world; more are looked for around the subject.
const poolSize = 120

// NewWorld places the vantages: at random, the better connected an AS the more
// likely, as with the peers of public collectors.
func NewWorld(s Setting) (*World, error) {
	w := &World{g: s.Graph, m: NewManners(s.Graph, s.Odd, s.Seed), seed: s.Seed, kept: map[int32]*view{}}
	w.Who = newWho(s.Graph, s.Country, s.Seed)
	for _, p := range w.m.sibs {
		w.Who.join(w.g.asn[p.from], w.g.asn[p.to])
	}
	if s.At != nil {
		for k, as := range s.At {
			i, ok := w.g.Index(as)
			if !ok {
				return nil, fmt.Errorf("vantage %d: AS%d is not in the graph", k+1, as)
			}
			w.place(i, len(s.At), s.Placement)
		}
	} else {
		if s.Vantages < 1 || s.Vantages > w.g.Len()/2 {
			return nil, fmt.Errorf("%d vantages: want 1 to %d, half the ASes of the graph", s.Vantages, w.g.Len()/2)
		}
		w.draw(s.Vantages, s.Placement)
	}
	asked := make([]int32, len(w.Vantages))
	for k, v := range w.Vantages {
		asked[k] = v.node
	}
	w.push = restrict(w.m, asked)
	d := newDice(s.Seed, s.Placement, 0x706f6f6c)
	for range min(poolSize, w.g.Len()/4) {
		w.pool = append(w.pool, int32(d.below(w.g.Len())))
	}
	slices.Sort(w.pool)
	w.pool = slices.Compact(w.pool)
	// About 64 MB of routes, whatever the number of vantages.
	w.most = 3_000_000 / len(w.Vantages)
	return w, nil
}

func (w *World) draw(n int, placement uint64) {
	d := newDice(placement, 0x76616e74)
	// The weight is the degree to the power 0.7: in 2015 the ten ASes with the
	// highest degree fed a collector, one in a hundred of the others did.
	sum := make([]float64, w.g.Len()+1)
	for i := range int32(w.g.Len()) {
		sum[i+1] = sum[i] + math.Pow(float64(w.g.degree(i)), 0.7)
	}
	has := map[int32]bool{}
	for len(w.Vantages) < n {
		x := d.float() * sum[len(sum)-1]
		i, _ := slices.BinarySearchFunc(sum, x, func(a, b float64) int {
			if a <= b {
				return -1
			}
			return 1
		})
		v := int32(i - 1)
		if has[v] && !d.chance(feedsTwice) {
			continue
		}
		has[v] = true
		w.place(v, n, placement)
	}
}

// place adds a vantage. A collector has about 25 of them.
func (w *World) place(i int32, n int, placement uint64) {
	k := len(w.Vantages)
	d := newDice(placement, 0x66656564, uint64(k))
	v := Vantage{AS: w.g.asn[i], node: i, Addr: netip.AddrFrom4([4]byte{198, 18, byte(k >> 8), byte(k)})}
	v.Collector = fmt.Sprintf("rrc%02d", d.below(max(2, n/25)))
	if d.chance(sharedAddress) {
		// Some peers have several sessions from one address, each with an AS of
		// its own.
		for _, x := range w.Vantages {
			if x.Collector == v.Collector && x.AS != v.AS {
				v.Addr = x.Addr
				break
			}
		}
	}
	switch x := d.float(); {
	case x < customerFeeds:
		v.Feed = CustomerFeed
	case x < customerFeeds+partialFeeds:
		v.Feed = PartialFeed
	case x < customerFeeds+partialFeeds+staleFeeds:
		v.Feed, v.Silent = StaleFeed, d.chance(staleSilent)
	}
	w.Vantages = append(w.Vantages, v)
}

// Graph is the graph of the world.
func (w *World) Graph() *Graph { return w.g }

// view is the routes of all vantages to one origin, before feeds hide any.
type view struct {
	origin  int32
	settled bool
	off     []uint32
	asns    []uint32
	class   []class
}

// path is the route of a vantage; nil if it has none.
func (v *view) path(k int) []uint32 {
	if v.off[k] == v.off[k+1] {
		return nil
	}
	return v.asns[v.off[k]:v.off[k+1]:v.off[k+1]]
}

// read takes a view off a router.
func (w *World) read(s *Router, v *view) {
	v.off, v.asns, v.class = v.off[:0], v.asns[:0], v.class[:0]
	for _, x := range w.Vantages {
		v.off = append(v.off, uint32(len(v.asns)))
		v.asns = s.AppendPath(v.asns, x.node)
		v.class = append(v.class, s.r[x.node].class)
	}
	v.off = append(v.off, uint32(len(v.asns)))
}

// quiet is the view of an origin when nothing is broken; computed once.
func (p *Player) quiet(origin int32) *view {
	w := p.w
	w.mu.Lock()
	v := w.kept[origin]
	w.mu.Unlock()
	if v != nil {
		return v
	}
	v = &view{origin: origin}
	if p.s.Run([]Announce{{AS: origin}}, nil, nil) == nil {
		v.settled = true
		w.read(p.s, v)
		v.asns = slices.Clip(v.asns)
	}
	w.mu.Lock()
	if len(w.kept) >= w.most {
		for k := range w.kept { // whichever: it can be computed again
			delete(w.kept, k)
			break
		}
	}
	w.kept[origin] = v
	w.mu.Unlock()
	return v
}

// shows says whether a vantage shows its route to a prefix.
func (w *World) shows(k int, c class, prefix int) bool {
	switch w.Vantages[k].Feed {
	case CustomerFeed:
		return c <= fromCustomer
	case PartialFeed:
		return unit(mix(w.seed, 0x70617274, uint64(k), uint64(prefix))) < partialShows
	}
	return c != none
}
