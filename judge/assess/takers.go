package assess

import (
	"cmp"
	"slices"
	"sort"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
)

// mostTakers is how many networks are named whose routes stood where those lost had been.
const mostTakers = 8

// takers lists the networks whose routes stood at a second at the vantages that had lost a
// route of an outage: to the same prefix, or to a less specific that came with the loss. Of
// each it is told at how many vantages, since when at the first and until when at the last.
//
// Example: at 09:47 41 of the 42 peers that lost 91.108.56.0/23 of AS62014 hold it with
// AS62041 as its origin, the first since 09:24:53.
func (e *evidence) takers(in outage.Input, o outage.Outage, at int64) []finding.OtherRoute {
	type key struct {
		prefix int
		origin uint32
	}
	found := map[key]*stand{}
	for _, k := range o.Prefixes {
		i := e.Table.Index(in.Prefixes[k].Prefix)
		covers := e.coversOf(in.Prefixes[k].Prefix)
		for _, c := range in.Prefixes[k].Carriers {
			lost := lostSince(c, at)
			if lost < 0 {
				continue
			}
			for _, q := range append([]int{i}, covers...) {
				if e.coverAt(c.Peer, q, at) != coverOthers || q != i && !e.cameWith(c.Peer, q, at, lost) {
					continue
				}
				origin, from, until, record := e.held(c.Peer, q, at)
				if origin == 0 {
					continue
				}
				x := found[key{q, origin}]
				if x == nil {
					x = &stand{peers: map[int]bool{}, from: from, record: record}
					found[key{q, origin}] = x
				}
				if from < x.from {
					x.from, x.record = from, record
				}
				x.peers[c.Peer], x.until = true, max(x.until, until)
				break // the most specific is the one that is used
			}
		}
	}
	var out []finding.OtherRoute
	for k, x := range found {
		r := finding.OtherRoute{Kind: finding.ReplacedBy, Prefix: e.Table.Prefixes[k.prefix], Origin: k.origin, Peers: len(x.peers),
			From: moment.Unix(x.from, 0), Until: moment.Unix(x.until, 0)}
		r.Exhibit, r.Offset = e.Locate(x.record)
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b finding.OtherRoute) int {
		return cmp.Or(cmp.Compare(b.Peers, a.Peers), a.Prefix.Compare(b.Prefix), cmp.Compare(a.Origin, b.Origin))
	})
	return out[:min(len(out), mostTakers)]
}

// lostSince is since when a carrier is without a route at a second; −1 if it is not.
func lostSince(c outage.Carrier, at int64) int64 {
	k := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].At > at }) - 1
	since := int64(-1)
	for ; k >= 0 && (c.Steps[k].State == outage.Lost || c.Steps[k].State == outage.Replaced); k-- {
		since = c.Steps[k].At
	}
	return since
}

// held tells whose route a peer holds at a second, from when to when, and a record that
// announced it; the origin is 0 if it is not certain.
func (e *evidence) held(peer, prefix int, at int64) (origin uint32, from, until, record int64) {
	steps := e.Table.Steps(peer, prefix)
	of := func(s rib.RouteStep) uint32 {
		if s.State != rib.RouteHeld {
			return 0
		}
		if o := rib.Origins(e.Table.Paths.Path(s.Path)); len(o) == 1 {
			return o[0]
		}
		return 0
	}
	k := sort.Search(len(steps), func(i int) bool { return steps[i].At > at }) - 1
	if k < 0 {
		return 0, 0, 0, 0
	}
	if origin = of(steps[k]); origin == 0 {
		return 0, 0, 0, 0
	}
	until = e.end
	for n := k + 1; n < len(steps); n++ {
		if of(steps[n]) != origin {
			until = min(e.end, steps[n].At)
			break
		}
	}
	for k > 0 && of(steps[k-1]) == origin {
		k--
	}
	return origin, steps[k].At, until, e.Table.RecordOf(peer, prefix, k)
}
