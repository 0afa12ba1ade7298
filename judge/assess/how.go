package assess

import (
	"slices"
	"sort"

	"constat/internal/zones"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/judge/timing"
	"constat/moment"
	"constat/routes/atlas"
)

// mostDescribed is how many outages of the subject are described; the largest
// and longest of them.
const mostDescribed = 6

// how describes how the subject went dark, apart from where.
func (e *evidence) how(in outage.Input, found []outage.Outage) []finding.How {
	var of []int
	for i, o := range found {
		if o.Scope == outage.ScopeSubject && !o.Partial {
			of = append(of, i)
		}
	}
	sort.SliceStable(of, func(i, j int) bool {
		a, b := found[of[i]], found[of[j]]
		if len(a.Prefixes) != len(b.Prefixes) {
			return len(a.Prefixes) > len(b.Prefixes)
		}
		return a.Lasted() > b.Lasted()
	})
	of = of[:min(len(of), mostDescribed)]
	slices.Sort(of)
	out := []finding.How{}
	for _, i := range of {
		a := timing.Describe(e.darkInput(in, found, found[i]))
		orEmpty(&a.Order)
		orEmpty(&a.Local)
		orEmpty(&a.Signs)
		out = append(out, finding.How{Outage: i, Account: a})
	}
	return out
}

func (e *evidence) darkInput(in outage.Input, found []outage.Outage, o outage.Outage) timing.Input {
	d := timing.Input{Onset: o.From, Duration: o.Lasted(), WatchedFrom: e.end, Admitted: e.Standard.Timing,
		Restamped: slices.ContainsFunc(e.Notes, func(n finding.Note) bool { return n.Key == finding.NoteReconstruction })}
	if o.Onset.Median.Seen {
		d.Onset = o.Onset.Median.At
	}
	for _, b := range e.Ledger.Begin {
		d.WatchedFrom = min(d.WatchedFrom, b.Sec())
	}
	if e.Rules >= 2 {
		d.Holes = e.holes(d.WatchedFrom)
	}
	for _, x := range found {
		switch {
		case x.Partial:
		case x.Scope == outage.ScopeOrigin && overlap(x, o) && x.Onset.Median.Seen:
			d.Origins = wentOnce(d.Origins, timing.Origin{AS: x.Origin, At: x.Onset.Median.At, Prefixes: len(x.Prefixes)})
		case x.Scope == outage.ScopeSubject && x.From < o.From:
			l := timing.Loss{From: x.From}
			if x.Until.Seen {
				l.Until = x.Until.At
			}
			d.Before = append(d.Before, l)
			at := x.From
			if x.Onset.Median.Seen {
				at = x.Onset.Median.At
			}
			d.Earlier = append(d.Earlier, at)
		}
	}
	lost := map[int][]int64{}
	for _, i := range o.Prefixes {
		for _, c := range in.Prefixes[i].Carriers {
			for k, s := range c.Steps {
				if s.State == outage.Lost && s.At >= o.From-3600 && s.At <= o.Trough() &&
					(k+1 == len(c.Steps) || c.Steps[k+1].At > o.Trough()) {
					lost[c.Peer] = append(lost[c.Peer], s.At)
				}
			}
		}
	}
	for _, t := range o.Ticks {
		if ls := lost[t.Peer]; len(ls) > 0 {
			d.Peers = append(d.Peers, timing.Peer{Name: in.Peers[t.Peer].Peer.String(), Losses: ls})
		}
	}
	if e.Subject.Kind == atlas.KindCountry {
		d.Country = e.Subject.Name
		for _, z := range zones.At(e.Subject.Name, moment.Unix(d.Onset, 0).Std()) {
			d.Offsets = append(d.Offsets, timing.Offset{Zone: z.Zone, Seconds: z.Seconds})
		}
	}
	return d
}

// wentOnce adds an origin's outage to those that stand for each origin: of several of one origin
// the one of most prefixes, of equals the first.
//
// Example: a network loses two prefixes at 12:41 and five others at 12:43. It is one network.
func wentOnce(all []timing.Origin, o timing.Origin) []timing.Origin {
	i := slices.IndexFunc(all, func(x timing.Origin) bool { return x.AS == o.AS })
	switch {
	case i < 0:
		return append(all, o)
	case o.Prefixes > all[i].Prefixes || o.Prefixes == all[i].Prefixes && o.At < all[i].At:
		all[i] = o
	}
	return all
}

// holes are the times from a second on in which every collector is in a hole of its files, or
// has not begun.
func (e *evidence) holes(from int64) []timing.Hole {
	var all []edge
	for i, c := range e.Watch.Collectors {
		var off []edge
		if i < len(e.Ledger.Begin) {
			off = append(off, edge{from, 1}, edge{e.Ledger.Begin[i].Sec(), -1})
		}
		for _, b := range e.Ledger.Blind {
			if b.Collector == c.Name && b.Peer == nil && b.Forget {
				off = append(off, edge{b.From.Sec(), 1}, edge{b.Until.SecUp(), -1})
			}
		}
		all = append(all, edgesOf(sweep(off, 1))...)
	}
	if len(e.Watch.Collectors) == 0 {
		return nil
	}
	var out []timing.Hole
	for _, s := range sweep(all, len(e.Watch.Collectors)) {
		out = append(out, timing.Hole{From: max(s.From, from), Until: s.Until})
	}
	return out
}

// overlap reports whether two outages share a moment.
func overlap(a, b outage.Outage) bool {
	return a.From < max(b.Until.At, b.From+1) && b.From < max(a.Until.At, a.From+1)
}
