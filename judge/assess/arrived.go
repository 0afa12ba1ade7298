package assess

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// A prefix that nobody had when the data begin, and that came into sight at most of its
// carriers at once, did not stay: it arrived. What came more slowly did not stay either while
// at least half of those who had it at some time are known not to have had it. Where the tables lacked it, it is known to
// be new there; where none was read, it may have stood unspoken, and then no more is
// said than when it was first seen.
//
// Example: no table; at 18:47:57 AS17557 is first seen to announce 208.65.153.0/24, and
// within two minutes 42 peers have it, which had told of other routes since 18:24.

// arrived lists the prefixes of the subject that arrived, at once or not. Without a table only if all that
// were carried did: a route that changed its way looks the same, and of a network with
// hundreds of prefixes some always do.
func (e *evidence) arrived(prefixes []outage.Prefix) []finding.Arrival {
	var out []finding.Arrival
	carried, unknown := 0, 0
	for _, p := range prefixes {
		if !e.vouchedFor(p) {
			continue
		}
		carried++
		a, ok := e.arrival(p)
		if !ok || a.Began == finding.OtherWave { // behind a hole nothing tells that it is new, though tables before it lack it
			if slow, is := e.slowArrival(p); is {
				a, ok = slow, true
			}
		}
		if !ok {
			continue
		}
		if a.Began == finding.OtherWave {
			unknown++
		}
		out = append(out, a)
	}
	if unknown > 0 && len(out) < carried {
		out = slices.DeleteFunc(out, func(a finding.Arrival) bool { return a.Began == finding.OtherWave })
	}
	slices.SortStableFunc(out, func(a, b finding.Arrival) int {
		return cmp.Or(cmp.Compare(*a.From.First, *b.From.First), a.Prefix.Compare(b.Prefix))
	})
	return out
}

// vouchedFor reports whether carriers of a prefix in two networks had it in the question.
func (e *evidence) vouchedFor(p outage.Prefix) bool {
	one := uint32(0)
	for _, c := range p.Carriers {
		as := e.Table.Peers[c.Peer].AS
		switch {
		case as == 0 || as == one || !e.inQuestion(c):
		case one != 0:
			return true
		default:
			one = as
		}
	}
	return false
}

// arrival tells of a prefix when its carriers first had it, if two thirds of them came to
// have it within one wave, and nobody is known to have had it before.
func (e *evidence) arrival(p outage.Prefix) (finding.Arrival, bool) {
	starts, fresh := e.firstSeen(p)
	if len(starts) == 0 {
		return finding.Arrival{}, false
	}
	first := starts[0]
	wave := func(s start) bool { return s.at <= first.at+waveOf }
	in := 0
	for _, s := range starts {
		if wave(s) && (s.sight == anew || e.watchedBefore(s.peer, first.at)) {
			in++
		}
	}
	if 3*in < 2*len(starts) || e.networksOf(starts, wave) < 2 {
		return finding.Arrival{}, false
	}
	a := finding.Arrival{Prefix: p.Prefix, Origin: e.originOf(p, starts), Began: finding.OtherNew, Peers: len(starts),
		Networks: e.networksOf(starts, func(start) bool { return true })}
	if 3*fresh < 2*len(starts) {
		if !e.lastsFrom(p.Prefix, starts) {
			return finding.Arrival{}, false
		}
		a.Began = finding.OtherWave
	} else {
		a.Table = e.lacking(p.Prefix, starts)
	}
	at := make([]int64, len(starts))
	for j, s := range starts {
		at[j] = s.at
		if s.record != 0 && a.Exhibit == "" {
			a.Exhibit, a.Offset = e.Locate(s.record)
		}
	}
	a.From = momentsOf(at, 0)
	a.Within, a.Holder = e.stoodAround(p.Prefix, first.at-1)
	return a, true
}

// slowArrival tells of a prefix that came to its carriers at whatever speed, or behind a hole, how long
// at least half of them are known not to have had it. Some may have had it all the time.
func (e *evidence) slowArrival(p outage.Prefix) (finding.Arrival, bool) {
	not := e.notYet(p)
	if len(not) == 0 {
		return finding.Arrival{}, false
	}
	half := moment.Unix(not[len(not)-1].Until, 0)
	a := finding.Arrival{Prefix: p.Prefix, Began: finding.ArrivalSpread, Half: &half}
	var starts []start
	seen := true // the first of them came to have it
	for _, c := range p.Carriers {
		if !e.inQuestion(c) {
			continue
		}
		k := slices.IndexFunc(c.Steps, func(s outage.Step) bool { return s.State >= outage.Held })
		seen = seen && c.Steps[k].State == outage.Held && c.Steps[k].At > not[0].From
		starts = append(starts, start{peer: c.Peer, at: c.Steps[k].At})
	}
	slices.SortStableFunc(starts, func(a, b start) int { return cmp.Compare(a.at, b.at) })
	at := make([]int64, len(starts))
	for i, s := range starts {
		at[i] = s.at
	}
	a.From, a.Peers, a.Networks = momentsOf(at, 0), len(starts), e.networksOf(starts, func(start) bool { return true })
	a.Origin = e.originOf(p, starts)
	if seen {
		a.Began, a.Table = finding.OtherNew, e.lacking(p.Prefix, starts)
	}
	return a, true
}

// lastsFrom reports whether two thirds of those who came to have a prefix have it when its wave
// is over. What stood unspoken and is withdrawn comes into sight by that: peers try other
// ways for a minute or two before they withdraw it, too.
//
// Example: a beacon that is withdrawn at 06:00:00, in files of 05:00 on without a table: 44
// peers announce it from 06:00:01 on, and have withdrawn it by 06:03.
func (e *evidence) lastsFrom(p netip.Prefix, starts []start) bool {
	i, lasts := e.Table.Index(p), 0
	for _, s := range starts {
		if t := e.Table.At(s.peer, i, starts[0].at+waveOf); s.at > starts[0].at+waveOf || t.State == rib.RouteHeld && e.oursAt(p, t.Path) {
			lasts++
		}
	}
	return 3*lasts >= 2*len(starts)
}

// firstSeen is when the carriers of a prefix were first seen to have it, in order of time;
// so many of them were known not to have it before. None, if somebody had it before anything
// else is known, or if most took it over from another network: that is told as what it is
// ([evidence.others]).
func (e *evidence) firstSeen(p outage.Prefix) (starts []start, fresh int) {
	i, took := e.Table.Index(p.Prefix), 0
	for _, c := range p.Carriers {
		if !e.inQuestion(c) {
			continue
		}
		steps := e.steps(c.Peer, i)
		k := e.firstOwn(i, steps)
		if k == len(steps) || steps[k].At >= e.end {
			continue
		}
		if steps[k].State == rib.RouteWithdrawn || e.listed(c.Peer, steps[k].At) {
			return nil, 0
		}
		s := start{peer: c.Peer, at: steps[k].At, sight: told, record: e.Table.RecordOf(c.Peer, i, k)}
		switch {
		case k > 0 && steps[k-1].State == rib.RouteHeld:
			s.sight = anew
			took++
		case k > 0 && steps[k-1].State != rib.RouteUnknown:
			s.sight = anew
			fresh++
		}
		starts = append(starts, s)
	}
	if 2*took > len(starts) {
		return nil, 0
	}
	slices.SortStableFunc(starts, func(a, b start) int { return cmp.Compare(a.at, b.at) })
	return starts, fresh
}

// firstOwn is the first step that tells of a route of the subject: who asks about a network asks
// about its routes, who asks about a prefix, about all. A withdrawal tells of one, too, unless
// another's was held.
func (e *evidence) firstOwn(prefix int, steps []rib.RouteStep) int {
	for k, s := range steps {
		switch {
		case e.isOurs(prefix, steps, k):
			return k
		case s.State == rib.RouteWithdrawn && (k == 0 || steps[k-1].State != rib.RouteHeld) && e.withdrewOurs(steps, k, prefix):
			return k
		}
	}
	return len(steps)
}

// originOf is the network that announced a prefix as more than half of its carriers first
// had it; 0 if there is none.
func (e *evidence) originOf(p outage.Prefix, starts []start) uint32 {
	by := map[uint32]int{}
	for _, s := range starts {
		if o := rib.Origins(e.Table.Paths.Path(e.Table.At(s.peer, e.Table.Index(p.Prefix), s.at).Path)); len(o) == 1 {
			if by[o[0]]++; 2*by[o[0]] > len(starts) {
				return o[0]
			}
		}
	}
	return 0
}

// stoodAround is the most specific less specific of a prefix that two networks held at a
// second, and who announced it as most of them had it; none, if there was none, or of no
// one network.
func (e *evidence) stoodAround(p netip.Prefix, at int64) (netip.Prefix, uint32) {
	for _, q := range e.heldBy(p) {
		var held []start
		by := map[uint32]int{}
		for _, peer := range e.Table.Carriers(q) {
			s := e.Table.At(peer, q, at)
			if s.State != rib.RouteHeld {
				continue
			}
			held = append(held, start{peer: peer})
			if o := rib.Origins(e.Table.Paths.Path(s.Path)); len(o) == 1 {
				by[o[0]]++
			}
		}
		if e.networksOf(held, func(start) bool { return true }) < 2 {
			continue
		}
		for o, n := range by {
			if 2*n > len(held) {
				return e.Table.Prefixes[q], o
			}
		}
	}
	return netip.Prefix{}, 0
}

// watchedBefore reports whether a peer was telling its routes for some minutes before a
// second: what it then announced it may have announced before, and did not.
func (e *evidence) watchedBefore(peer int, at int64) bool {
	p := e.Table.Peers[peer]
	if slices.ContainsFunc(p.Resets, func(z vantage.Reset) bool { return z.Until > at-waveOf && z.From <= at }) {
		return false
	}
	for _, c := range e.Watch.Collectors {
		for _, w := range c.Peers {
			if c.Name == p.Collector && w.Peer == p.Addr && (w.AS == p.AS || p.AS == 0 || w.AS == 0) {
				return w.First.Sec() <= at-waveOf
			}
		}
	}
	return false
}

// lacking is when the last table before an arrival was read that lacks a prefix.
func (e *evidence) lacking(p netip.Prefix, starts []start) *moment.Time {
	last := int64(-1)
	for _, s := range starts {
		of := e.Table.Peers[s.peer].Snapshots4
		if p.Addr().Is6() {
			of = e.Table.Peers[s.peer].Snapshots6
		}
		for _, t := range of {
			if t < starts[0].at {
				last = max(last, t)
			}
		}
	}
	if last < 0 {
		return nil
	}
	t := moment.Unix(last, 0)
	return &t
}
