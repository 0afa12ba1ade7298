package assess

import (
	"cmp"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
)

// edge is a moment at which something begins (+1) or ends (−1).
type edge struct {
	at int64
	d  int
}

// sweep returns the times at which edges add up to at least least.
func sweep(edges []edge, least int) []outage.Span {
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var out []outage.Span
	n, open := 0, false
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at == at; i++ {
			n += edges[i].d
		}
		switch is := n >= least; {
		case is && !open:
			open, out = true, append(out, outage.Span{From: at})
		case !is && open:
			open, out[len(out)-1].Until = false, at
		}
	}
	return out
}

func edgesOf(spans []outage.Span) []edge {
	var out []edge
	for _, s := range spans {
		out = append(out, edge{s.From, 1}, edge{s.Until, -1})
	}
	return out
}

// absentTimes are the times of the question in which carriers of a prefix in two networks
// watched and are known not to have it, and never to have had it by then. A carrier that
// lost a route is counted as one that watched it ([evidence.watchedTimes]).
func (e *evidence) absentTimes(p outage.Prefix) []outage.Span {
	byNetwork := map[uint32][]edge{}
	for _, c := range p.Carriers {
		as := e.Table.Peers[c.Peer].AS
		for i, s := range c.Steps {
			until := e.end
			if i+1 < len(c.Steps) {
				until = c.Steps[i+1].At
			}
			if from, until := max(s.At, e.start), min(until, e.end); s.State == outage.Absent && as != 0 && from < until {
				byNetwork[as] = append(byNetwork[as], edge{from, 1}, edge{until, -1})
			}
		}
	}
	var all []edge
	for _, edges := range byNetwork {
		all = append(all, edgesOf(sweep(edges, 1))...)
	}
	return sweep(all, 2)
}

// notYet are the times of the question in which at least half of the peers that are ever known to
// carry a prefix in it are known not to have it, and never to have had it by then: it has not come
// yet, so that it cannot stay. It is half as in the rule of an outage: what at most half hold is
// not there.
//
// Example: tables of 12:00 lack it, and it comes to forty peers from 12:40 to 13:00, to one after the other: it
// is there from 12:50 on, when the twenty-first has it.
func (e *evidence) notYet(p outage.Prefix) []outage.Span {
	if e.Rules < 3 {
		return nil
	}
	var absent []edge
	n, tables := 0, false
	for _, c := range p.Carriers {
		if !e.inQuestion(c) {
			continue
		}
		n++
		peer := e.Table.Peers[c.Peer]
		tables = tables || len(peer.Snapshots4)+len(peer.Snapshots6) > 0
		for i, s := range c.Steps {
			if s.State >= outage.Held {
				break // what it is without from here on, it had: behind a hole another's route may stand there
			}
			until := e.end
			if i+1 < len(c.Steps) {
				until = c.Steps[i+1].At
			}
			if from, until := max(s.At, e.start), min(until, e.end); s.State == outage.Absent && from < until {
				absent = append(absent, edge{from, 1}, edge{until, -1})
			}
		}
	}
	if len(absent) == 0 {
		return nil
	}
	out := sweep(absent, max(2, (n+1)/2))
	if len(out) > 0 && out[0].From > e.start && !tables {
		return nil // another's route stood there for a time, and what was before nobody knows
	}
	return out
}

// absent is how many seconds it is known of all prefixes that were ever watched that they
// were there, or were not there yet, beside those that were watched.
func (e *evidence) absent(prefixes []outage.Prefix, watched []finding.Span, unshown map[*outage.Carrier][]edge) int64 {
	var all []edge
	n := 0
	some := slices.ContainsFunc(prefixes, func(p outage.Prefix) bool { return len(e.notYet(p)) > 0 })
	for _, p := range prefixes {
		there := e.watchedTimes(p)
		if len(there) == 0 {
			continue
		}
		n++
		known := e.absentTimes(p)
		if some { // the others stood
			there = without(there, unshown[&p.Carriers[0]])
			known = sweep(slices.Concat(edgesOf(known), edgesOf(e.notYet(p)), edgesOf(there)), 1)
		}
		all = append(all, edgesOf(known)...)
	}
	if n == 0 {
		return 0
	}
	sum := int64(0)
	for _, s := range sweep(all, n) {
		sum += s.Until - s.From
		for _, w := range watched {
			sum -= max(0, min(s.Until, w.Until.Sec())-max(s.From, w.From.Sec()))
		}
	}
	return sum
}

// watchedTimes are the times of the question in which a prefix has carriers in
// two networks, in whole seconds.
func (e *evidence) watchedTimes(p outage.Prefix) []outage.Span {
	byNetwork := map[uint32][]edge{}
	for _, c := range p.Carriers {
		as := e.Table.Peers[c.Peer].AS
		if as == 0 {
			continue
		}
		for i, s := range c.Steps {
			until := e.end
			if i+1 < len(c.Steps) {
				until = c.Steps[i+1].At
			}
			from, until := max(s.At, e.start), min(until, e.end)
			if s.State >= outage.Held && from < until {
				byNetwork[as] = append(byNetwork[as], edge{from, 1}, edge{until, -1})
			}
		}
	}
	var all []edge
	for _, edges := range byNetwork {
		all = append(all, edgesOf(sweep(edges, 1))...)
	}
	return sweep(all, 2)
}

// watched says how much of the question was watched, and of each prefix. A
// prefix and those inside it count as one, watched while any of them is: what is
// announced in pieces was watched before as a whole. What is unshown of a prefix was not
// watched, nor what had not come yet ([evidence.notYet]).
func (e *evidence) watched(prefixes []outage.Prefix, of []finding.Prefix, unshown map[*outage.Carrier][]edge) finding.Watched {
	w := finding.Watched{Of: e.end - e.start, Spans: []finding.Span{}}
	var all []edge
	blocks := 0                                  // that were ever watched
	known := map[*outage.Carrier][]outage.Span{} // by the list of carriers, which prefixes share
	times := func(p outage.Prefix) []outage.Span {
		if len(p.Carriers) == 0 {
			return nil
		}
		spans, ok := known[&p.Carriers[0]]
		if !ok {
			spans = without(e.watchedTimes(p), append(edgesOf(e.notYet(p)), unshown[&p.Carriers[0]]...))
			known[&p.Carriers[0]] = spans
		}
		return spans
	}
	for i := 0; i < len(prefixes); {
		whole := prefixes[i].Prefix // in order of address, so that what is inside follows
		var inside []edge
		for ; i < len(prefixes) && whole.Contains(prefixes[i].Prefix.Addr()); i++ {
			spans := times(prefixes[i])
			for _, s := range spans {
				of[i].WatchedS += s.Until - s.From
			}
			inside = append(inside, edgesOf(spans)...)
		}
		if len(inside) > 0 {
			blocks++
			all = append(all, edgesOf(sweep(inside, 1))...)
		}
	}
	for _, s := range sweep(all, max(1, (blocks+1)/2)) {
		until := moment.Unix(s.Until, 0)
		w.Seconds += s.Until - s.From
		w.Spans = append(w.Spans, finding.Span{From: moment.Unix(s.From, 0), Until: &until})
	}
	if w.Seconds < w.Of {
		w.Absent = e.absent(prefixes, w.Spans, unshown)
	}
	return w
}

// head is the largest of the subject's outages, or of its partial losses where
// it has no other.
func (e *evidence) head(found []outage.Outage, sizes *outage.Sizer) *int {
	weight := e.weight(sizes)
	var best *int
	var most float64
	partial := true
	for i, o := range found {
		if o.Scope != outage.ScopeSubject || o.Partial && !partial {
			continue
		}
		if w := weight(o); best == nil || partial && !o.Partial || w > most {
			at := i
			best, most, partial = &at, w, o.Partial
		}
	}
	return best
}

// weight weighs outages: by the share of the subject's address space and how long it
// was gone. IPv4 and IPv6 are never added up; the larger share counts.
func (e *evidence) weight(sizes *outage.Sizer) func(outage.Outage) float64 {
	all := sizes.All()
	share := func(part, of int64) float64 {
		if of == 0 {
			return 0
		}
		return float64(part) / float64(of)
	}
	return func(o outage.Outage) float64 {
		n := sizes.Of(o)
		from, until := o.From, e.end
		if o.Onset.Median.Seen {
			from = o.Onset.Median.At
		}
		switch {
		case o.Recovery.Median.Seen:
			until = o.Recovery.Median.At
		case o.Until.Seen || o.Censored == outage.Blind:
			until = o.Until.At
		}
		long := until - from
		if o.Gone != nil { // what flaps is not gone in between
			long = o.Gone.Seconds
		}
		return max(share(n.V4, all.V4), share(n.V6, all.V6)) * float64(max(long, 1))
	}
}
