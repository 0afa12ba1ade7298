package examine

import (
	"net/netip"
	"slices"

	"constat/outage"
	"constat/rib"
)

// seenAs is what happened to one carrier of one prefix inside the question,
// beyond what the steps say.
type seenAs struct{ covered, replaced, unknown bool }

// histories turns what the table knows of the subject's prefixes into what the
// definitions of an outage judge: whose route it is, whether a less specific
// stands in for it, and whether the peer was watching.
func (e *evidence) histories() ([]outage.Prefix, []map[int]seenAs) {
	veils := make([][]rib.Reset, len(e.table.Peers))
	for i, p := range e.table.Peers {
		veils[i] = e.ledger.Veils(p.Peer)
	}
	carried := map[int][]carriage{} // of covering prefixes: who holds it, when
	var out []outage.Prefix
	var notes []map[int]seenAs
	for _, p := range e.subject {
		op := outage.Prefix{Prefix: p}
		for o := range e.origins[p] {
			op.Origins = append(op.Origins, o)
		}
		slices.Sort(op.Origins)
		note := map[int]seenAs{}
		i := e.index[p]
		covers := e.coversOf(p)
		for _, peer := range e.table.Carriers(i) {
			steps := e.own(peer, i)
			if len(covers) > 0 {
				steps = e.withCovers(peer, steps, covers, carried)
			}
			plain, n := e.plain(steps)
			plain = veil(plain, veils[peer])
			ever := false
			for _, s := range plain {
				ever = ever || s.State >= outage.Held && s.At < e.end
			}
			if !ever {
				continue
			}
			note[peer] = n
			op.Carriers = append(op.Carriers, outage.Carrier{Peer: peer, Steps: plain})
		}
		out = append(out, op)
		notes = append(notes, note)
	}
	return out, notes
}

// ownStep is a step of a route under the subject's eyes. Clouded marks a route
// that is unknown only because its covering route is.
type ownStep struct {
	at      int64
	state   outage.State
	clouded bool
}

// own classifies the history of one pair: held by the subject, or taken over by
// another origin. A peer that never held it for the subject is no carrier.
func (e *evidence) own(peer, prefix int) []ownStep {
	p := e.table.Prefixes[prefix]
	var out []ownStep
	ours := false // held for the subject since it was last unknown
	was := rib.RouteUnknown
	for _, s := range e.table.Steps(peer, prefix) {
		var st outage.State
		switch s.State {
		case rib.RouteUnknown:
			st = outage.Unknown
			if len(out) == 0 {
				st = outage.None
			}
			ours = false
		case rib.RouteAbsent:
			st = outage.Absent
		case rib.RouteHeld:
			switch {
			case s.Path == rib.NoPath || e.ours(p, e.table.Paths.Path(s.Path)):
				st, ours = outage.Held, true
			case ours:
				st = outage.Replaced
			default:
				st = outage.Absent
			}
		case rib.RouteWithdrawn:
			// What is withdrawn in the first second of sight was carried
			// before, as is what a withdrawal speaks back to.
			ours = ours || was == rib.RouteUnknown
			st = outage.Lost
			if !ours {
				st = outage.Absent
			}
		}
		was = s.State
		if n := len(out); n > 0 && out[n-1].state == st {
			continue
		}
		out = append(out, ownStep{at: s.At, state: st})
	}
	return out
}

// ours says whether a route to a prefix of the subject is the subject's: always
// where the addresses themselves are the subject, else by origin. Where the
// origin is a set, one of the subject's in it is enough.
func (e *evidence) ours(p netip.Prefix, path []uint32) bool {
	s := e.q.Subject
	if s.Match(p, pathOrigin(path)) {
		return true
	}
	if n := len(path); n > 1 && path[n-1] == 0 {
		return s.Match(p, path[n-2])
	}
	return false
}

// coversOf lists the announced less specifics of a prefix, as indices.
func (e *evidence) coversOf(p netip.Prefix) []int {
	var out []int
	for n := p.Bits() - 1; n >= 1; n-- {
		if q := netip.PrefixFrom(p.Addr(), n).Masked(); e.cover[q] {
			out = append(out, e.index[q])
		}
	}
	return out
}

// coverState is what a peer has of a covering prefix.
type coverState uint8

const (
	coverUnknown coverState = iota
	coverNone               // known not to hold it
	coverOurs               // holds it, from an origin of the subject
	coverOthers             // holds it, from another
)

// coverAt judges a covering route at one peer and second.
func (e *evidence) coverAt(peer, q int, at int64) coverState {
	s := e.table.At(peer, q, at)
	switch s.State {
	case rib.RouteUnknown:
		return coverUnknown
	case rib.RouteHeld:
		if e.coverOurs(e.table.Prefixes[q], s.Path) {
			return coverOurs
		}
		return coverOthers
	}
	return coverNone
}

// coverOurs says whether a covering route is from an origin of the subject:
// one of its origins, one that announces its prefixes within its blocks, or
// anything within its blocks.
func (e *evidence) coverOurs(q netip.Prefix, id rib.PathID) bool {
	if id == rib.NoPath {
		_, is := slices.BinarySearchFunc(e.subject, q, comparePrefix)
		return is
	}
	path := e.table.Paths.Path(id)
	if e.ours(q, path) {
		return true
	}
	return e.learned[pathOrigin(path)]
}

// carriage is one interval in which one peer holds a covering route of the
// subject's.
type carriage struct {
	peer        int
	from, until int64
}

// carriages lists who holds a covering prefix of the subject's, and when.
func (e *evidence) carriages(q int, cache map[int][]carriage) []carriage {
	if c, ok := cache[q]; ok {
		return c
	}
	var out []carriage
	for _, peer := range e.table.Carriers(q) {
		steps := e.table.Steps(peer, q)
		for i, s := range steps {
			if s.State != rib.RouteHeld || !e.coverOurs(e.table.Prefixes[q], s.Path) {
				continue
			}
			until := e.end
			if i+1 < len(steps) {
				until = steps[i+1].At
			}
			out = append(out, carriage{peer, s.At, until})
		}
	}
	cache[q] = out
	return out
}

// withCovers judges withdrawn routes by the covering routes at the same peer.
func (e *evidence) withCovers(peer int, steps []ownStep, covers []int, cache map[int][]carriage) []ownStep {
	times := map[int64]bool{}
	for _, s := range steps {
		times[s.at] = true
	}
	gone := slices.ContainsFunc(steps, func(s ownStep) bool { return s.state == outage.Lost || s.state == outage.Replaced })
	if !gone {
		return steps
	}
	// What a peer never spoke of becomes known by its snapshots, and unknown
	// again by its resets.
	for _, at := range slices.Concat(e.table.Peers[peer].Snapshots4, e.table.Peers[peer].Snapshots6) {
		times[at] = true
	}
	for _, z := range e.table.Peers[peer].Resets {
		times[z.From], times[z.Until] = true, true
	}
	for _, q := range covers {
		for _, s := range e.table.Steps(peer, q) {
			times[s.At] = true
		}
		for _, c := range e.carriages(q, cache) {
			if c.peer != peer {
				times[c.from], times[c.until] = true, true
			}
		}
	}
	order := make([]int64, 0, len(times))
	for t := range times {
		order = append(order, t)
	}
	slices.Sort(order)
	var out []ownStep
	i := -1
	for _, t := range order {
		for i+1 < len(steps) && steps[i+1].at <= t {
			i++
		}
		if i < 0 || t >= e.end {
			continue
		}
		s := ownStep{at: t, state: steps[i].state}
		if s.state == outage.Lost || s.state == outage.Replaced {
			s = e.judge(peer, s, covers, cache)
		}
		if n := len(out); n > 0 && out[n-1].state == s.state && out[n-1].clouded == s.clouded {
			continue
		}
		out = append(out, s)
	}
	return out
}

// judge decides one moment of a withdrawn route.
func (e *evidence) judge(peer int, s ownStep, covers []int, cache map[int][]carriage) ownStep {
	unknown := false
	for _, q := range covers {
		switch e.coverAt(peer, q, s.at) {
		case coverOurs:
			s.state = outage.Covered
			return s
		case coverOthers:
			s.state = outage.Replaced
		case coverUnknown:
			for _, c := range e.carriages(q, cache) {
				if c.peer != peer && c.from <= s.at && s.at < c.until {
					unknown = true
					break
				}
			}
		}
	}
	if unknown {
		s.state, s.clouded = outage.Unknown, true
	}
	return s
}

// plain drops what the definitions do not need, and notes what was seen inside
// the question.
func (e *evidence) plain(steps []ownStep) ([]outage.Step, seenAs) {
	var out []outage.Step
	var n seenAs
	for i, s := range steps {
		until := e.end
		if i+1 < len(steps) {
			until = steps[i+1].at
		}
		if until > e.start && s.at < e.end {
			n.covered = n.covered || s.state == outage.Covered
			n.replaced = n.replaced || s.state == outage.Replaced
			n.unknown = n.unknown || s.clouded
		}
		if k := len(out); k > 0 && out[k-1].State == s.state {
			continue
		}
		out = append(out, outage.Step{At: s.at, State: s.state})
	}
	return out, n
}

// veil makes a history unknown while the peer was not watching; what was known
// stands again after.
func veil(steps []outage.Step, veils []rib.Reset) []outage.Step {
	for _, v := range veils {
		var out []outage.Step
		now, after := outage.None, outage.None
		put := func(at int64, s outage.State) {
			if k := len(out); k > 0 && out[k-1].State == s {
				return
			}
			out = append(out, outage.Step{At: at, State: s})
		}
		begun, ended := false, false
		begin := func() {
			if !begun {
				begun = true
				if now != outage.None {
					put(v.From, outage.Unknown)
				}
			}
		}
		finish := func() {
			if !ended {
				ended = true
				if after != outage.None {
					put(v.Until, after)
				}
			}
		}
		for _, s := range steps {
			switch {
			case s.At < v.From:
				now, after = s.State, s.State
				put(s.At, s.State)
			case s.At < v.Until:
				begin()
				after = s.State
			default:
				begin()
				if s.At > v.Until {
					finish()
				}
				ended = true
				put(s.At, s.State)
			}
		}
		begin()
		finish()
		steps = out
	}
	return steps
}
