package transit

import (
	"cmp"
	"slices"
)

// Way is one way out of a subject: its outermost network on a path, and the next two
// outward. A number is 0 if there is none: no network of the subject (a foreign one
// announces its addresses), or nothing comes between and the vantage.
type Way struct {
	Frontier uint32 `json:"frontier"`
	First    uint32 `json:"first"`
	Second   uint32 `json:"second"`
	// Share is the part of the subject's weight that goes this way, as a mean over the
	// vantage networks that have routes to it.
	Share    float64 `json:"share"`
	Vantages int     `json:"vantages"` // vantage networks at which it was seen
}

// end is what is held at a node of the local tree, by vantages outside the subject.
type end struct {
	share float64
	last  uint32 // the vantage network that was counted last
	many  int32  // vantage networks
}

// way is one of them while it is counted.
type way struct {
	share float64
	who   map[uint32]bool // vantage networks
}

// sight is everything that peers show of one scope in one family.
type sight struct {
	fam     Family
	l       *local
	scores  *scores
	ends    []end
	ways    map[[3]int32]*way
	peers   int     // that hold any route of the scope
	nets    int     // vantage networks among them, outside the subject
	within  int     // and inside it
	partial bool    // no peer is known to send a full table: shares are of all
	seen    []bool  // of a prefix read: some peer holds it
	voices  float64 // vantage networks that shares are means of
	total   int     // routes that belong to the scope
	read    *reading

	weight  []float64 // of a node, of the router at hand; -1 if it was not touched
	touched []held
	used    []bool // of a node: a route of the scope ends there
}

// look reads one family of a scope.
func look(t *Table, s *Scope, fam Family) *sight {
	l := newLocal(t, s)
	x := &sight{fam: fam, l: l, ways: map[[3]int32]*way{}}
	x.scores = &scores{l: x.l}
	x.read = newReading(t, s, fam)
	if len(x.read.ids) == 0 {
		return x
	}
	x.seen = make([]bool, len(x.read.ids))
	defer l.choose(len(x.read.ids))()
	peers := make([]Peer, t.NumPeers())
	full := false
	for i := range peers {
		peers[i] = t.Peer(i)
		full = full || peers[i].Full[fam]
	}
	x.partial = !full
	for _, g := range groups(peers, func(int, Peer) bool { return true }) {
		x.group(g, peers)
	}
	if x.voices > 0 {
		for i := range x.ends {
			x.ends[i].share /= x.voices
		}
		for _, w := range x.ways {
			w.share /= x.voices
		}
	}
	return x
}

// group reads the peers of one AS. Shares are of those that send full tables; of the
// others only the ways that they show count.
func (x *sight) group(g []int, peers []Peer) {
	as := peers[g[0]].AS
	inside := x.l.scope.Inside(as)
	var shares []routerShare
	counted, reached := 0, false
	for _, p := range g {
		counts := x.partial || peers[p].Full[x.fam]
		if counts {
			counted++
		}
		total := 0.0
		some := false
		x.read.routes(x.l, p, func(i int, node int32, own bool, w float64) {
			x.total++
			some, x.seen[i] = true, true
			for len(x.weight) < len(x.l.nodes) {
				x.weight = append(x.weight, -1)
			}
			if x.weight[node] < 0 {
				x.weight[node] = 0
				x.touched = append(x.touched, held{node, own})
				for len(x.used) < len(x.l.nodes) {
					x.used = append(x.used, false)
				}
				x.used[node] = true
			}
			x.weight[node] += w
			total += w
		})
		r := routerShare{total: total, counts: counts}
		for _, h := range x.touched {
			w := x.weight[h.node]
			x.weight[h.node] = -1
			o := uint32(0)
			if h.own {
				o = as
			}
			if counts {
				x.scores.add(h.node, o, w)
			}
			if !inside {
				r.at = append(r.at, nodeShare{x.l.end(h.node, o), w})
			}
		}
		x.touched = x.touched[:0]
		if counts {
			x.scores.grow()
			x.scores.router(total)
		}
		if some {
			x.peers++
			reached = true
			shares = append(shares, r)
		}
	}
	if counted > 0 {
		x.scores.peer(counted)
	}
	switch {
	case !reached:
	case inside:
		x.within++
	default:
		x.nets++
		x.vantage(as, shares)
	}
}

// held is a node that a router's routes end at.
type held struct {
	node int32
	own  bool
}

type nodeShare struct {
	end    int32
	weight float64
}

type routerShare struct {
	total  float64
	counts bool
	at     []nodeShare
}

// vantage adds what the routers of one vantage network hold.
func (x *sight) vantage(as uint32, shares []routerShare) {
	for len(x.ends) < len(x.l.nodes) {
		x.ends = append(x.ends, end{})
	}
	reach := 0
	for _, r := range shares {
		if r.total > 0 && r.counts {
			reach++
		}
	}
	if reach > 0 {
		x.voices++
	}
	for _, r := range shares {
		for _, n := range r.at {
			part := 0.0
			if r.total > 0 && r.counts {
				part = n.weight / r.total / float64(reach)
			}
			x.ends[n.end].count(as, part)
			d := &x.l.nodes[n.end]
			key := [3]int32{d.gate, d.first, d.second}
			w := x.ways[key]
			if w == nil {
				w = &way{who: map[uint32]bool{}}
				x.ways[key] = w
			}
			w.who[as] = true
			w.share += part
		}
	}
}

func (e *end) count(as uint32, part float64) {
	if e.many == 0 || e.last != as {
		e.many++
		e.last = as
	}
	e.share += part
}

// waysOut are the ways, the largest first.
func (x *sight) waysOut() []Way {
	name := func(net int32) uint32 {
		if net < 0 {
			return 0
		}
		return x.l.ases[net]
	}
	out := []Way{}
	for k, e := range x.ways {
		out = append(out, Way{name(k[0]), name(k[1]), name(k[2]), tidy(e.share), len(e.who)})
	}
	slices.SortFunc(out, func(a, b Way) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(b.Vantages, a.Vantages), cmp.Compare(a.Frontier, b.Frontier),
			cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
	return out
}
