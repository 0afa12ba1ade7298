package report

import (
	"cmp"
	"slices"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/vantage"
)

// reach says from how many of those that had carried the routes they were gone.
type reach struct {
	all           bool // from all of them
	lost, carried int  // peers
	networks      int  // distinct networks of those that lost them
	untold        bool // others had carried them before, or may have, and nobody knows whether they did then
	collectors    int  // distinct collectors of those
}

// reach counts who lost the routes of an outage. That all who had carried them lacked
// them is said only if they did at one and the same time: at its first total. Of a part of the prefixes
// that is known only if it is known of each of them: its own outage then lies within
// this one.
func (c *facts) reach(o *finding.Outage) reach {
	lost, ases := o.LostBy()
	r := reach{lost: lost, carried: o.Witnesses.Carried, networks: ases, untold: o.Witnesses.Stopped+o.Witnesses.Silent > 0}
	at := map[string]bool{}
	as := map[uint32]bool{}
	count := func(o *finding.Outage) {
		held := o.KeptSome()
		for _, t := range o.Peers {
			if t.Lost != nil && !held[finding.PeerName{Collector: t.Collector, Peer: t.Peer}] {
				at[vantage.HostOf(t.Collector)] = true
				as[t.AS] = true
			}
		}
	}
	count(o)
	switch {
	case o.Scope != "prefix" && o.Lost.Prefixes < o.Lost.Of && (len(o.Total) == 0 || c.outlasted(o)):
		if _, ok := c.together(o); !ok {
			break
		}
		clear(as)
		clear(at)
		r.all = true
		for _, x := range c.partsOf(o) {
			r.all = r.all && x.Witnesses.Lost > 0 && x.Witnesses.Lost == x.Witnesses.Carried
			count(x)
		}
		if !r.all {
			clear(as)
			clear(at)
			count(o)
		}
	default:
		r.all = len(o.Total) > 0 && lost > 0 && lost == o.Witnesses.Carried
	}
	if len(as) > 0 {
		r.networks = len(as)
	}
	r.collectors = len(at)
	return r
}

// reachWords ends the sentence "… were gone from": k is the number of prefixes.
func (p *printer) reachWords(r reach, k int64) string {
	at := p.collectors(r.collectors)
	nets := p.counted("unit.network", int64(r.networks))
	switch {
	case r.all && r.untold:
		return p.tn("lapse.reach", k, "networks", nets, "at", at)
	case r.all && r.networks == 2:
		return p.tn("reach.both", k, "at", at)
	case r.all:
		return p.tn("reach.all", k, "networks", nets, "at", at)
	case r.lost > r.carried: // a whole that is smaller than its part is wrong
		return p.tn("reach.lost", k, "peers", p.counted("unit.peer", int64(r.lost)), "networks", nets, "at", at)
	}
	return p.tn("reach.some", k, "lost", p.n(int64(r.lost)), "carried", p.counted("unit.peer", int64(r.carried)), "networks", nets, "at", at)
}

// collectors words at how many collectors; "" if that is not known.
func (p *printer) collectors(n int) string {
	if n == 0 {
		return ""
	}
	return p.count("reach.at", int64(n))
}

// level is how far it is established that the headline outage happened; false
// if no proposition says so of it. Where not all of those that carried the routes are said to
// have lost them, it is not that of a total loss. Example: gone from 38 of 40 peers is established,
// and that the other two held no more than noise is not.
func (c *facts) level() (proof.Level, bool) {
	h := c.head
	if h == nil {
		return 0, false
	}
	keys := []string{finding.PropTotal, finding.PropOutage}
	if !c.reach(h).all {
		slices.Reverse(keys)
	}
	for _, key := range keys {
		if key == finding.PropTotal && len(h.Total) == 0 {
			continue
		}
		for _, q := range c.f.Verdict.Propositions {
			switch {
			case q.Key != key:
			case q.Cause == nil:
				return q.Level, true
			case *q.Cause == c.cause && c.cause >= 0 && c.origins() == 1 && c.within(c.cause):
				return q.Level, true
			}
		}
	}
	return 0, false
}

// within reports whether a weighed loss lies in the headline outage.
func (c *facts) within(i int) bool {
	o := c.causeOutage(i)
	return o != nil && c.head != nil && o.From < c.end(nil, c.head) && c.end(nil, o) > c.head.From
}

// product is the address space of an outage times its duration, in the unit in
// which another is measured: IPv4 addresses, IPv6 /48s if that lost none, and
// prefixes if it lost neither. Of an outage that is measured by its worst, at least that of one
// of its prefixes for all of its time.
func (c *facts) product(unit, o *finding.Outage) float64 {
	n := inUnit(unit, o)
	product := n * max(1, float64(c.length(o)/moment.Second))
	if ragged(o) && o.Until != nil {
		product = max(product, n/float64(max(1, o.Lost.Prefixes))*float64(c.span(o)/moment.Second))
	}
	return product
}

// told is the same of what is told of it: of its length alone.
func (c *facts) told(o *finding.Outage) float64 {
	return inUnit(o, o) * max(1, float64(c.length(o)/moment.Second))
}

// inUnit is the space of an outage in the unit in which another is measured.
func inUnit(unit, o *finding.Outage) float64 {
	switch {
	case unit.Lost.V4 > 0:
		return float64(o.Lost.V4)
	case unit.Lost.V6 > 0:
		return float64(o.Lost.V6)
	}
	return float64(o.Lost.Prefixes)
}

// larger orders outages by address space times duration: IPv4 addresses first,
// then IPv6 /48s, then prefixes, as the two kinds of addresses are never added
// up.
func (c *facts) larger(a, b *finding.Outage) int {
	product := func(o *finding.Outage, n int64) float64 {
		return float64(n) * max(1, float64(c.length(o)/moment.Second))
	}
	return cmp.Or(cmp.Compare(product(b, b.Lost.V4), product(a, a.Lost.V4)), cmp.Compare(product(b, b.Lost.V6), product(a, a.Lost.V6)),
		cmp.Compare(product(b, int64(b.Lost.Prefixes)), product(a, int64(a.Lost.Prefixes))))
}

// largest are at most n outages of those given, the largest by address space
// times duration, in their own order.
func (c *facts) largest(all []*finding.Outage, n int) []*finding.Outage {
	if len(all) <= n {
		return all
	}
	order := slices.Clone(all)
	slices.SortStableFunc(order, c.larger)
	keep := map[*finding.Outage]bool{}
	for _, o := range order[:n] {
		keep[o] = true
	}
	var out []*finding.Outage
	for _, o := range all {
		if keep[o] {
			out = append(out, o)
		}
	}
	return out
}
