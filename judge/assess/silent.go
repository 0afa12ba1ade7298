package assess

import (
	"constat/judge/outage"
	"constat/routes/vantage"
)

// tellsPart is how much of what the most talkative peer of its collector says a peer must say
// to be one that would tell of a loss: one in tellsPart.
const tellsPart = 3

// tellers are the peers, by their place in the table, that would tell if they lost a route of a
// family, and of which no snapshot tells what they have: IPv4, IPv6.
func (e *evidence) tellers() [2][]int {
	if e.would != nil {
		return *e.would
	}
	e.would = new([2][]int)
	most := map[string]int64{}
	said := map[vantage.Peer]int64{}
	for i := range e.Watch.Collectors {
		c := &e.Watch.Collectors[i]
		for _, f := range c.Files {
			if f.Asked != nil { // an answer: who is silent in it was not asked about
				return *e.would
			}
		}
		for _, p := range c.Peers {
			if p.CopyOf != "" {
				continue
			}
			n := p.Announced + p.Withdrawn
			said[vantage.Peer{Collector: c.Name, Addr: p.Peer, AS: p.AS}] = n
			most[c.Name] = max(most[c.Name], n)
		}
	}
	for i := range e.Table.Peers {
		p := &e.Table.Peers[i]
		if n := said[p.Peer]; n == 0 || tellsPart*n < most[p.Collector] {
			continue
		}
		for family, listed := range [2][]int64{p.Snapshots4, p.Snapshots6} {
			if len(listed) == 0 && e.speaks(i, family) {
				e.would[family] = append(e.would[family], i)
			}
		}
	}
	return *e.would
}

// speaks reports whether a peer tells of a family: its session runs over it, or it spoke of a
// prefix of it that is followed.
func (e *evidence) speaks(peer, family int) bool {
	if familyOf(e.Table.Peers[peer].Addr.Unmap().Is4()) == family {
		return true
	}
	for q, p := range e.Table.Prefixes {
		if familyOf(p.Addr().Is4()) == family && e.Table.Spoke(peer, q) {
			return true
		}
	}
	return false
}

func familyOf(four bool) int {
	if four {
		return 0
	}
	return 1
}

// silent counts the peers that were watching when an outage is measured, would tell of it, and
// had never spoken of most of what was lost by then. A peer that keeps its route has nothing to say, and nor
// has one that never had it: without a snapshot nobody knows which of the two it is.
//
// Example: no snapshot; forty peers watch, four withdraw the prefix at 13:00 and announce it again at 13:20. It
// was lost by four of four that speak of it, or by four of forty.
func (e *evidence) silent(in outage.Input, o outage.Outage) int {
	var lost [2][]int
	for _, i := range o.Prefixes {
		p := in.Prefixes[i].Prefix
		f := familyOf(p.Addr().Is4())
		lost[f] = append(lost[f], e.Table.Index(p))
	}
	family := familyOf(len(lost[0]) >= len(lost[1])) // that of which more was lost
	n, at := 0, o.Trough()
	for _, peer := range e.tellers()[family] {
		spoke := 0
		for _, q := range lost[family] {
			if e.Table.Spoke(peer, q) && e.Table.Steps(peer, q)[0].At <= at {
				spoke++
			}
		}
		if 2*spoke < len(lost[family]) && e.watches(peer, at) {
			n++
		}
	}
	return n
}

// watches reports whether a peer was watching at a second.
func (e *evidence) watches(peer int, at int64) bool {
	p := &e.Table.Peers[peer]
	within := func(rs []vantage.Reset) bool {
		for _, r := range rs {
			if r.From <= at && at < r.Until {
				return true
			}
		}
		return false
	}
	return p.Begin <= at && !within(p.Resets) && !within(e.Ledger.Pauses(p.Peer))
}
