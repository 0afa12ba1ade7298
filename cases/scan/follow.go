package scan

import (
	"maps"
	"net/netip"
	"slices"

	"constat/routes/rib"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// choose decides what is looked into: every origin of a candidate with all its
// prefixes, and candidates whose origin nothing tells.
func (x *scanner) choose() {
	for _, found := range x.found {
		for p, origins := range found {
			s := &x.all[x.see(p)]
			s.announced = true
			s.from(origins)
		}
	}
	x.found = nil
	x.wanted = nil
	origins := x.origins()
	of := map[uint32][]netip.Prefix{}
	for i := range x.all {
		s := &x.all[i]
		for _, o := range s.origins {
			if origins[o] && s.prefix.Bits() > 0 {
				of[o] = append(of[o], s.prefix)
			}
		}
		if s.candidate && len(s.origins) == 0 {
			x.wanted = append(x.wanted, wanted{prefix: s.prefix, prefixes: []netip.Prefix{s.prefix}})
		}
	}
	for o, ps := range of {
		slices.SortFunc(ps, netip.Prefix.Compare)
		x.wanted = append(x.wanted, wanted{as: o, prefixes: ps})
	}
	slices.SortFunc(x.wanted, func(a, b wanted) int {
		if a.as != b.as {
			return int(int64(a.as) - int64(b.as))
		}
		return a.prefix.Compare(b.prefix)
	})
}

// adopt adds what tables told: the prefixes of which updates do not speak.
func (x *scanner) adopt() {
	for _, f := range x.files {
		if f != nil {
			x.number(f)
		}
	}
	x.choose()
}

// followed is a filter of the prefixes that are looked into, of what covers them, and of
// all that their origins announce; nil if there is nothing to look into.
func (x *scanner) followed() *mrt.Filter {
	var all []netip.Prefix
	var origins []uint32
	for _, w := range x.wanted {
		all = append(all, w.prefixes...)
		if w.as != 0 {
			origins = append(origins, w.as)
		}
	}
	if len(all) == 0 {
		return nil
	}
	f, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: all, Match: mrt.MatchExact | mrt.MatchLess, Origins: origins, Either: true, Kinds: mrt.RIBEntries})
	if err != nil {
		return nil // prefixes of records are prefixes
	}
	return f
}

// coversOf lists the announced less specifics of prefixes, sorted. Those of a prefix that
// nobody lost decide nothing.
func (x *scanner) coversOf(prefixes []netip.Prefix) []netip.Prefix {
	out := map[netip.Prefix]bool{}
	for _, p := range prefixes {
		if s := x.known(p); s == nil || !s.withdrawn && len(s.origins) < 2 {
			continue
		}
		for n := 1; n < p.Bits(); n++ { // the default route covers nothing
			if !x.lengths[family(p)][n] {
				continue
			}
			q := netip.PrefixFrom(p.Addr(), n).Masked()
			if s := x.known(q); s != nil && s.announced {
				out[q] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(out), netip.Prefix.Compare)
}

// contested marks, of sorted prefixes, those that several networks announced, or to whose
// addresses another network announced a less specific one, and these: whose such a prefix is
// is told by the ways of its routes, too. Example: 208.65.153.0/24 of AS17557 is taken up by AS36561 at 20:07, and at 21:06 a peer first tells of
// 208.65.152.0/22 by the path 5056 1239 36561. AS1239 is a peer too and told nothing of it: it stood before.
func (x *scanner) contested(prefixes []netip.Prefix) []bool {
	out := make([]bool, len(prefixes))
	var covers []uint32
	for i, p := range prefixes {
		s := x.known(p)
		covers = covers[:0]
		several := len(s.origins) > 1
		for n := 1; n < p.Bits(); n++ {
			if !x.lengths[family(p)][n] {
				continue
			}
			at, ok := x.byPrefix.of(netip.PrefixFrom(p.Addr(), n).Masked())
			if !ok || x.all[at].index < 0 {
				continue
			}
			c := &x.all[at]
			covers = append(covers, at)
			several = several || slices.ContainsFunc(c.origins, func(o uint32) bool { return !slices.Contains(s.origins, o) })
		}
		if !several {
			continue
		}
		out[i] = true
		for _, at := range covers {
			out[x.all[at].index] = true
		}
	}
	return out
}

// follow makes the histories of the routes to all prefixes that are looked into, and to
// what covers them.
func (x *scanner) follow() {
	var prefixes []netip.Prefix
	for _, w := range x.wanted {
		prefixes = append(prefixes, w.prefixes...)
		prefixes = append(prefixes, x.coversOf(w.prefixes)...)
	}
	slices.SortFunc(prefixes, netip.Prefix.Compare)
	prefixes = slices.Compact(prefixes)
	for i, p := range prefixes {
		x.all[x.see(p)].index = i
	}
	contested := x.contested(prefixes)
	var peers []rib.Peer
	peers, x.index = rib.TablePeers(x.watch, x.ledger)
	x.table = rib.NewTable(peers, prefixes)
	x.table.Unrepeated = true
	var paths [2]map[*file][]rib.PathID // by the end, and whole
	for i := range paths {
		paths[i] = map[*file][]rib.PathID{}
	}
	whose := map[*file][]int{}
	for _, f := range x.files {
		if f == nil {
			continue
		}
		for _, n := range f.peers {
			e := mrt.Elem{PeerAddr: n.addr, PeerAS: n.as}
			i, ok := x.index.Of(f.Collector, &e)
			if !ok {
				i = -1
			}
			whose[f] = append(whose[f], i)
		}
	}
	path := func(f *file, id rib.PathID, whole bool) rib.PathID {
		if id == rib.NoPath {
			return id
		}
		k := 0
		if whole {
			k = 1
		}
		of := paths[k][f]
		if of == nil {
			of = slices.Repeat([]rib.PathID{rib.NoPath}, f.paths.Len())
			paths[k][f] = of
		}
		if of[id] == rib.NoPath {
			p := f.paths.Path(id)
			if !whole {
				p = originPart(p)
			}
			of[id] = x.table.Paths.ID(p)
		}
		return of[id]
	}
	x.merged(func(f *file, e *event) {
		q := x.all[f.seen[e.prefix]].index
		peer := whose[f][e.peer]
		if q < 0 || peer < 0 {
			return
		}
		switch at := int64(e.at); e.kind {
		case mrt.Announce:
			x.table.Announce(at, peer, q, e.id, path(f, e.path, contested[q]))
		case mrt.Withdraw:
			if e.refused {
				x.table.Refused(at, peer, q, e.id)
				return
			}
			x.table.Withdraw(at, peer, q, e.id)
		case mrt.RIBEntry:
			x.table.Snapshot(at, peer, q, e.id, path(f, e.path, contested[q]), int64(e.from))
		}
	})
	x.table.Finish(x.Until.SecUp())
	x.measure()
	for _, f := range x.files {
		if f != nil {
			f.events, f.byPrefix = nil, numbers{}
		}
	}
}

// broadPart: a peer tells of much if it speaks of at least one in so many of the lost
// prefixes of which the peer of its collector speaks that tells most.
const broadPart = 3

// measure finds the peers that tell of much, by family. They are counted as peers that
// would have told of a loss: one of them that says nothing may still hold the route.
func (x *scanner) measure() {
	told := make([][2]int, len(x.table.Peers))
	for i := range x.all {
		if s := &x.all[i]; s.candidate && s.index >= 0 {
			for _, p := range x.table.Carriers(s.index) {
				told[p][family(s.prefix)]++
			}
		}
	}
	most := map[string][2]int{}
	for i, p := range x.table.Peers {
		m := most[p.Collector]
		for f := range m {
			m[f] = max(m[f], told[i][f])
		}
		most[p.Collector] = m
	}
	x.broad = make([][2]bool, len(told))
	for i, p := range x.table.Peers {
		for f, n := range told[i] {
			x.broad[i][f] = n > 0 && n*broadPart >= most[p.Collector][f]
		}
	}
}

func family(p netip.Prefix) int {
	if p.Addr().Is4() {
		return 0
	}
	return 1
}

// watchers is how many peers tell of much of a family and were watching at a second.
func (x *scanner) watchers(f int, at int64) int {
	n := 0
	for i, p := range x.table.Peers {
		if x.broad[i][f] && !slices.ContainsFunc(p.Resets, func(z vantage.Reset) bool { return z.From <= at && at < z.Until }) {
			n++
		}
	}
	return n
}
