// Package state answers what was announced at a moment: which prefixes, by whom, how
// many peers carried them, and through which networks.
//
// It promises the rules of package live: only peers that were watching count, and a peer
// whose table is not known whole and that says nothing of a prefix is not counted among
// those that do not have it. Rows stand in the order of their prefixes, so that the same
// tables give the same bytes. It measures and judges nothing.
package state

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/vantage"
)

// Query says which prefixes are wanted. Conditions that are given must all hold; the
// values of one are alternatives. The zero Query wants all.
type Query struct {
	// Prefixes wants these, what lies within them, and of those that have neither the
	// nearest that covers them.
	Prefixes []netip.Prefix
	ASes     []uint32       // origins
	Subject  *atlas.Subject // of a country
	Through  []uint32       // some route of a peer that is watching crosses one of these
}

// Answer is the state of the wanted prefixes.
type Answer struct {
	At       moment.Time // of what was read last
	Peers    int
	Watching int // of them
	Full4    int // peers whose whole table is known and is a full one
	Full6    int
	Known    int // prefixes in all
	Rows     []Row
	Watch    *vantage.Watch
	// Behind are the holes behind which peers watch now of which no whole table is known since: what they
	// held until then, and have not spoken of since, is unknown. Unheld prefixes were told of, and
	// no peer that is watching is known to hold them.
	Behind []Hole
	Unheld int
}

// Hole is a time in which nobody looked at a collector, or not at some of its peers.
type Hole struct {
	Collector   string
	From, Until moment.Time
	Reason      string // a word of package vantage
	Peers       int    // that are behind it
}

// behind lists the holes behind which peers are whose table is not known since.
func behind(s *live.State, peers []live.PeerInfo) []Hole {
	last := map[vantage.Peer]vantage.Blind{}
	for _, b := range s.Ledger() {
		if p := (vantage.Peer{Collector: b.Collector, Addr: *b.Peer, AS: b.AS}); b.Forget && !live.Lasts(b) && b.Until > last[p].Until {
			last[p] = b
		}
	}
	n := map[Hole]int{}
	for _, p := range peers {
		b, is := last[p.Peer]
		// A session that came up told its table.
		if is && p.Watching && !p.Whole4 && !p.Whole6 && b.Reason != vantage.SessionDown && b.Reason != vantage.TableTransfer {
			n[Hole{Collector: b.Collector, From: b.From, Until: b.Until, Reason: b.Reason}]++
		}
	}
	var out []Hole
	for h, k := range n {
		h.Peers = k
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hole) int {
		return cmp.Or(cmp.Compare(a.Collector, b.Collector), cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// Row is one prefix.
type Row struct {
	Prefix  netip.Prefix
	Origins []uint32 // rising; several if peers differ, or a route ends in a set
	Held    int      // peers that are watching and hold it
	Known   int      // of so many of which it is known whether they do
	// Through are the networks next to the origin, by how many peers' routes pass
	// them. A peer that is next to the origin itself is counted under its own, and one
	// that holds several paths (RFC 7911) under each.
	Through []Via
	Unread  int // peers that hold it by a path that could not be read
}

// Via is a network and how many peers' routes pass it.
type Via struct {
	AS    uint32
	Peers int
}

// Find answers a query.
func Find(s *live.State, w *vantage.Watch, q Query) *Answer {
	v := s.View()
	f := &finder{v: v, holds: make([]int, v.NumPeers()), carried: make([]int, v.NumPeers())}
	a := &Answer{At: v.At(), Peers: v.NumPeers(), Known: v.NumPrefixes(), Watch: w}
	for id := range live.PeerID(v.NumPeers()) {
		p := v.Peer(id)
		f.peers = append(f.peers, p)
		if p.Watching {
			a.Watching++
		}
		if p.Full4 {
			a.Full4++
		}
		if p.Full6 {
			a.Full6++
		}
	}
	if a.Behind = behind(s, f.peers); len(a.Behind) > 0 {
		for _, id := range v.Sorted() {
			if held, _ := v.Visibility(id); held == 0 {
				a.Unheld++
			}
		}
	}
	var crossing live.NodeSet
	if len(q.Through) > 0 {
		crossing = v.Crossing(q.Through...)
	}
	for _, id := range f.within(q.Prefixes) {
		if held, _ := v.Visibility(id); held == 0 && len(q.Prefixes) == 0 {
			continue
		}
		r := f.row(id)
		if len(q.ASes) > 0 && !slices.ContainsFunc(q.ASes, func(as uint32) bool { return slices.Contains(r.Origins, as) }) {
			continue
		}
		if q.Subject != nil && !slices.ContainsFunc(append([]uint32{0}, r.Origins...), func(o uint32) bool { return q.Subject.Match(r.Prefix, o) }) {
			continue
		}
		if crossing != nil && !f.crosses(id, crossing, q.Through) {
			continue
		}
		a.Rows = append(a.Rows, r)
	}
	return a
}

type finder struct {
	v     *live.View
	peers []live.PeerInfo
	// Of the prefix at hand: who holds it and who carried it, by the number of the row.
	holds, carried []int
	n              int
	one            [1]live.Route
}

// within lists the prefixes that are asked for, in order.
func (f *finder) within(asked []netip.Prefix) []live.PrefixID {
	all := f.v.Sorted()
	if len(asked) == 0 {
		return all
	}
	var out []live.PrefixID
	for _, p := range asked {
		n := len(out)
		i, _ := slices.BinarySearchFunc(all, p, func(id live.PrefixID, p netip.Prefix) int {
			q := f.v.Prefix(id)
			return cmp.Or(q.Addr().Compare(p.Addr()), cmp.Compare(q.Bits(), p.Bits()))
		})
		for ; i < len(all) && p.Contains(f.v.Prefix(all[i]).Addr()); i++ {
			out = append(out, all[i])
		}
		for bits := p.Bits() - 1; bits > 0 && len(out) == n; bits-- {
			if id, ok := f.v.Find(netip.PrefixFrom(p.Addr(), bits).Masked()); ok {
				out = append(out, id)
			}
		}
	}
	slices.SortFunc(out, func(a, b live.PrefixID) int {
		x, y := f.v.Prefix(a), f.v.Prefix(b)
		return cmp.Or(x.Addr().Compare(y.Addr()), cmp.Compare(x.Bits(), y.Bits()))
	})
	return slices.Compact(out)
}

// crosses reports whether some peer's route to a prefix passes one of the networks.
func (f *finder) crosses(q live.PrefixID, set live.NodeSet, ases []uint32) bool {
	for p := range f.v.Holders(q) {
		for _, r := range f.routes(p, q) {
			if set.Has(r.Node()) || slices.Contains(ases, f.peers[p].AS) && r.Node() != 0 {
				return true
			}
		}
	}
	return false
}

// routes are the routes of a peer to a prefix: nearly always one.
func (f *finder) routes(p live.PeerID, q live.PrefixID) []live.Route {
	r, _ := f.v.Route(p, q)
	if r.Others() {
		return f.v.Paths(p, q)
	}
	return append(f.one[:0], r)
}

// next is the network next to the origin on a peer's route; 0 if it is a set, or if the
// peer is the origin.
func (f *finder) next(p live.PeerID, r live.Route, origin live.Node) uint32 {
	n := r.Node()
	switch {
	case n != origin:
		for f.v.Parent(n) != origin {
			n = f.v.Parent(n)
		}
		return f.v.AS(n)
	case r.Own():
		return f.peers[p].AS
	}
	return 0
}

func (f *finder) row(q live.PrefixID) Row {
	v := f.v
	r := Row{Prefix: v.Prefix(q)}
	via := map[uint32]int{}
	f.n++
	for p := range v.Holders(q) {
		f.holds[p] = f.n
		r.Held++
		var next []uint32
		unread := false
		for _, route := range f.routes(p, q) {
			n := route.Node()
			if n == 0 {
				unread = true
				continue
			}
			origin := v.Origin(n)
			if set := v.SetOf(origin); set != nil {
				r.Origins = append(r.Origins, set...)
			} else {
				r.Origins = append(r.Origins, v.AS(origin))
			}
			if as := f.next(p, route, origin); as != 0 && !slices.Contains(next, as) {
				next = append(next, as)
				via[as]++
			}
		}
		if unread {
			r.Unread++
		}
		if len(r.Origins) > 64 {
			slices.Sort(r.Origins)
			r.Origins = slices.Compact(r.Origins)
		}
	}
	slices.Sort(r.Origins)
	r.Origins = slices.Compact(r.Origins)
	r.Known = r.Held
	for p := range v.Carriers(q) {
		f.carried[p] = f.n
	}
	for id := range f.peers {
		p := &f.peers[id]
		whole := p.Whole4
		if r.Prefix.Addr().Is6() {
			whole = p.Whole6
		}
		if p.Watching && f.holds[id] != f.n && (whole || f.carried[id] == f.n) {
			r.Known++
		}
	}
	for as, n := range via {
		r.Through = append(r.Through, Via{as, n})
	}
	slices.SortFunc(r.Through, func(a, b Via) int { return cmp.Or(cmp.Compare(b.Peers, a.Peers), cmp.Compare(a.AS, b.AS)) })
	return r
}
