package transit

import (
	"cmp"
	"maps"
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
	// vantage networks that have routes to it; null if none that has a share
	// does: it is not known then.
	Share    *float64 `json:"share"`
	Vantages int      `json:"vantages"` // vantage networks at which it was seen
	// FrontierSet, FirstSet and SecondSet are the members of an AS_SET that stands in that
	// place; the number is 0 then. Which of them is on the way is not known.
	FrontierSet []uint32 `json:"frontier_set,omitempty"`
	FirstSet    []uint32 `json:"first_set,omitempty"`
	SecondSet   []uint32 `json:"second_set,omitempty"`
	// By are these networks, rising; the first dozen.
	By []uint32 `json:"by"`
}

// listedBy is how many vantage networks of a way are named.
const listedBy = 12

// end is what is held at a node of the local tree, by vantages outside the subject.
type end struct {
	share float64
	last  uint32 // the vantage network that was counted last
	who   uint32 // the numbers of all vantage networks, joined by XOR: of one alone its own
	many  int32  // vantage networks
	// direct says that no network stands between the subject and who looked here.
	direct bool
	// ahead says that the node is the vantage network itself, in front of a path on which
	// others stand too ([sight.own]).
	ahead bool
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
	peers   int      // that hold any route of the scope
	nets    int      // vantage networks among them, outside the subject
	within  int      // and inside it
	partial bool     // no peer is known to send a full table: shares are of all
	seen    []bool   // of a prefix read: some peer holds it
	voices  float64  // vantage networks that shares are means of
	total   int      // routes that belong to the scope
	seers   []uint32 // vantage networks, outside and inside
	outside []uint32 // vantage networks outside
	// direct are the vantage networks outside that are connected with the subject
	// themselves, and on nobody else's path: asked to refuse, they would cut off
	// themselves. Of onlyDirect of them nothing else was seen.
	direct     []uint32
	onlyDirect int
	apart      []bool // of a network: it is one of them
	// heardDirectly are vantage networks at which nobody stands between on some path,
	// heardElse those at which somebody does on some.
	heardDirectly, heardElse []uint32
	// crossed are the vantage networks that a path of another vantage network crosses.
	crossed map[uint32]bool
	read    *reading

	weight  []float64 // of a node, of the router at hand; -1 if it was not touched
	touched []held
	used    []bool // of a node: a route of the scope ends there
}

// look reads one family of a scope.
func look(t *Table, s *Scope, fam Family) *sight { return heard(t, s, fam, true) }

// heard reads one family of a scope; without cuts only what hegemony needs is sure.
func heard(t *Table, s *Scope, fam Family, cuts bool) *sight {
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
	gs := groups(peers, func(int, Peer) bool { return true })
	for _, g := range gs {
		x.group(g, peers)
	}
	if cuts {
		x.cross()
		for _, g := range gs {
			if as := peers[g[0]].AS; x.crossed[as] && slices.Contains(x.heardElse, as) {
				x.own(g, peers)
			}
		}
		x.separate()
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
	shares, counted := x.hold(g, peers, x.scores)
	if counted > 0 {
		x.scores.peer(counted)
	}
	x.peers += len(shares)
	switch {
	case len(shares) == 0:
	case x.l.scope.Inside(as):
		x.within++
		x.seers = append(x.seers, as)
	default:
		x.nets++
		x.seers, x.outside = append(x.seers, as), append(x.outside, as)
		x.vantage(as, shares)
	}
}

// hold reads what the peers of one AS hold, of those that hold anything, and how many of
// them count for shares. If there are scores, they are added to, and all is counted.
func (x *sight) hold(g []int, peers []Peer, scores *scores) (shares []routerShare, counted int) {
	as := peers[g[0]].AS
	inside := x.l.scope.Inside(as)
	for _, p := range g {
		counts := x.partial || peers[p].Full[x.fam]
		if counts {
			counted++
		}
		total := 0.0
		some := false
		x.read.routes(x.l, p, func(i int, node int32, own bool, w float64) {
			if scores != nil {
				x.total++
			}
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
			if counts && scores != nil {
				scores.add(h.node, o, w)
			}
			if !inside {
				r.at = append(r.at, nodeShare{x.l.end(h.node, o), w, x.l.inside(h.node), h.own})
			}
		}
		x.touched = x.touched[:0]
		if counts && scores != nil {
			scores.grow()
			scores.router(total)
		}
		if some {
			shares = append(shares, r)
		}
	}
	return shares, counted
}

// cross finds the vantage networks outside that a path of another vantage network crosses.
func (x *sight) cross() {
	const several = 1<<32 - 1
	beyond := make([]uint32, len(x.ends)) // whose the ends at a node or over it are
	join := func(i int32, as uint32) {
		if beyond[i] == 0 {
			beyond[i] = as
		} else if beyond[i] != as {
			beyond[i] = several
		}
	}
	looks := map[uint32]bool{}
	for _, as := range x.outside {
		looks[as] = true
	}
	x.crossed = map[uint32]bool{}
	for i := len(x.ends) - 1; i >= 0; i-- {
		e, n := &x.ends[i], &x.l.nodes[i]
		if e.many > 1 {
			join(int32(i), several)
		} else if e.many == 1 {
			join(int32(i), e.who)
		}
		if beyond[i] == 0 {
			continue
		}
		if n.net >= 0 && beyond[i] != x.l.ases[n.net] && looks[x.l.ases[n.net]] {
			x.crossed[x.l.ases[n.net]] = true
		}
		if n.parent >= 0 {
			join(n.parent, beyond[i])
		}
	}
}

// own lets the paths of a vantage network end at itself: others are reached through it, so
// its refusal hits them, and its own paths too. Of a network on nobody else's path it would
// hit nobody else, so the paths of that one end before it.
//
// Example: AS10's path is 10 20 1, the paths of four others are 100 10 21 1 and so on: AS10
// alone is on all five.
func (x *sight) own(g []int, peers []Peer) {
	as := peers[g[0]].AS
	shares, _ := x.hold(g, peers, nil)
	reach := voices(shares)
	part := map[int32]float64{}
	var from []int32
	for _, r := range shares {
		for _, n := range r.at {
			if !n.own || n.direct {
				continue // at itself already, or not on its path
			}
			if _, ok := part[n.end]; !ok {
				from = append(from, n.end)
			}
			part[n.end] += r.part(n.weight, reach)
		}
	}
	net := x.l.network(as)
	for _, i := range from {
		to := x.l.put(lnode{parent: i, net: net, gate: -1, first: -1, second: -1}, nil)
		for len(x.ends) < len(x.l.nodes) {
			x.ends = append(x.ends, end{})
		}
		x.ends[to] = end{share: part[i], last: as, who: as, many: 1, ahead: true}
		x.ends[i].leave(as, part[i])
	}
}

// separate finds the vantage networks that are connected with the subject themselves and
// that no path of another vantage network crosses.
func (x *sight) separate() {
	x.apart = make([]bool, len(x.l.ases))
	for _, as := range x.heardDirectly {
		if x.crossed[as] {
			continue
		}
		x.direct = append(x.direct, as)
		if !slices.Contains(x.heardElse, as) {
			x.onlyDirect++
		}
		if i, ok := x.l.index[as]; ok {
			x.apart[i] = true
		}
	}
}

// keepProviders takes those who look and stand next to the subject back among those who
// could be asked, if a list of relations has them as a provider of any of the subject's
// networks, on a path or not: they carry its routes to others, of whom nobody looks.
//
// Example: the one vantage network is the sole provider. Its refusal cuts everybody off.
func (x *sight) keepProviders(graphs []*Graph, s *Scope) {
	if len(x.direct) == 0 {
		return
	}
	carries := map[uint32]bool{}
	for _, as := range x.direct {
		for _, g := range graphs {
			carries[as] = carries[as] || g.carries(as, s.Inside)
		}
	}
	x.direct = slices.DeleteFunc(x.direct, func(as uint32) bool {
		if !carries[as] {
			return false
		}
		if !slices.Contains(x.heardElse, as) {
			x.onlyDirect--
		}
		if i, ok := x.l.index[as]; ok {
			x.apart[i] = false
		}
		return true
	})
}

// held is a node that a router's routes end at.
type held struct {
	node int32
	own  bool
}

type nodeShare struct {
	end    int32
	weight float64
	direct bool // nobody stands between the router and the subject
	own    bool // the router's own network is in front of the path
}

type routerShare struct {
	total  float64
	counts bool
	at     []nodeShare
}

// part is the share of a weight among so many routers.
func (r *routerShare) part(weight float64, routers int) float64 {
	if r.total > 0 && r.counts {
		return weight / r.total / float64(routers)
	}
	return 0
}

// voices are the routers that shares are means of.
func voices(shares []routerShare) (n int) {
	for _, r := range shares {
		if r.total > 0 && r.counts {
			n++
		}
	}
	return n
}

// vantage adds what the routers of one vantage network hold.
func (x *sight) vantage(as uint32, shares []routerShare) {
	for len(x.ends) < len(x.l.nodes) {
		x.ends = append(x.ends, end{})
	}
	reach, direct, other := voices(shares), false, false
	if reach > 0 {
		x.voices++
	}
	for _, r := range shares {
		for _, n := range r.at {
			part := r.part(n.weight, reach)
			x.ends[n.end].count(as, part)
			if n.direct {
				x.ends[n.end].direct = true
				direct = true
			} else {
				other = true
			}
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
	if direct {
		x.heardDirectly = append(x.heardDirectly, as)
	}
	if other {
		x.heardElse = append(x.heardElse, as)
	}
}

func (e *end) count(as uint32, part float64) {
	if e.many == 0 || e.last != as {
		e.many++
		e.last = as
		e.who ^= as
	}
	e.share += part
}

// leave takes back what one vantage network holds here.
func (e *end) leave(as uint32, part float64) {
	e.who ^= as
	if e.many--; e.many == 0 {
		*e = end{}
		return
	}
	e.share = max(0, e.share-part)
}

// waysOut are the ways, the largest first.
func (x *sight) waysOut() []Way {
	name := func(net int32) (as uint32, set []uint32) {
		switch {
		case net >= 0:
			as = x.l.ases[net]
		case net <= firstSet:
			set = x.l.places[firstSet-net]
		}
		return as, set
	}
	out := []Way{}
	for k, e := range x.ways {
		by := slices.Sorted(maps.Keys(e.who))
		w := Way{Share: x.known(e.share), Vantages: len(e.who), By: by[:min(len(by), listedBy)]}
		w.Frontier, w.FrontierSet = name(k[0])
		w.First, w.FirstSet = name(k[1])
		w.Second, w.SecondSet = name(k[2])
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b Way) int {
		return cmp.Or(cmp.Compare(part(b.Share), part(a.Share)), cmp.Compare(b.Vantages, a.Vantages), cmp.Compare(a.Frontier, b.Frontier),
			cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second), slices.Compare(a.FrontierSet, b.FrontierSet),
			slices.Compare(a.FirstSet, b.FirstSet), slices.Compare(a.SecondSet, b.SecondSet))
	})
	return out
}

// known is a share as answers have it; nil if no network has one.
func (x *sight) known(share float64) *float64 {
	if x.voices == 0 {
		return nil
	}
	share = tidy(share)
	return &share
}

// part is a share as a number; 0 if it is not known.
func part(share *float64) float64 {
	if share == nil {
		return 0
	}
	return *share
}
