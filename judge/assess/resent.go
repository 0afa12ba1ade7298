package assess

import (
	"cmp"
	"slices"

	"constat/judge/outage"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// A peer that held a route when it stopped being watched, and is without it when it is watched
// again, has lost it at a moment that nobody saw. It is no loss by the definitions of an outage,
// which need one that was seen, and it is nothing that stayed. Example: all sessions of 40 peers
// break at 12:29:50, are up at 12:33 and send whole tables without 192.0.2.0/24, until it is
// announced at 13:10: for 37 minutes 40 networks are known not to have it. Nor did it stay if it had been lost before: the
// outage ends where sight of it ends, and what tables lack behind that is told beside it.

// afterAll is after every second.
const afterAll = int64(1) << 62

// resent are the times from the end of each whole table that a peer sent when its session came
// up until it is not watched again: what it does not tell of in them, its table was without.
// Whole is a table of nine tenths of the largest that any complete snapshot has of the peer; if
// no snapshot lists it, nobody knows.
func (e *evidence) resent() map[vantage.Peer][]outage.Span {
	if e.Rules < 2 || e.Watch == nil {
		return nil
	}
	out := map[vantage.Peer][]outage.Span{}
	for i := range e.Watch.Collectors {
		c := &e.Watch.Collectors[i]
		size := map[vantage.Peer]int64{}
		for k := range c.Files {
			f := &c.Files[k]
			if f.Truncated || !f.Whole() {
				continue
			}
			for _, t := range f.Tables {
				p := vantage.Peer{Collector: c.Name, Addr: t.Peer, AS: t.AS}
				size[p] = max(size[p], t.V4+t.V6)
			}
		}
		for k := range c.Peers {
			w := &c.Peers[k]
			p := vantage.Peer{Collector: c.Name, Addr: w.Peer, AS: w.AS}
			if n := size[p]; n > 0 && len(w.Transfers) > 0 {
				if spans := afterTransfers(w.Transfers, n, e.Ledger.Resets(p)); len(spans) > 0 {
					out[p] = spans
				}
			}
		}
	}
	return out
}

// burstStart is how many announcements of a dense burst are not counted as distinct prefixes.
const burstStart = 100

// afterTransfers are the times between resets before which a table of a size was sent whole.
func afterTransfers(transfers []vantage.Transfer, size int64, resets []vantage.Reset) []outage.Span {
	var out []outage.Span
	for i, r := range resets {
		if !slices.ContainsFunc(transfers, func(t vantage.Transfer) bool {
			n := t.Announced
			if t.Distinct > 0 {
				n = t.Distinct + burstStart
			}
			until := t.Until.Ceil().Sec()
			whole := t.Opened && 10*n >= 9*size || t.Since != nil && (t.EndOfRIB && 2*n >= size || 10*n >= 9*size)
			return whole && r.From <= t.From.Sec() && until <= r.Until && r.Until-until <= 1
		}) {
			continue // or it was not watched in something that went on
		}
		until := afterAll
		if i+1 < len(resets) {
			until = resets[i+1].From
		}
		out = append(out, outage.Span{From: r.Until, Until: until})
	}
	return out
}

// lack is a time in which a peer is known to be without a route that nobody saw it lose there:
// [outage.Missing], or [outage.Without] if it had lost it before.
type lack struct {
	outage.Span
	as outage.State
}

// lacksOf are the times in which complete tables speak against a route.
func lacksOf(lacks []rib.Lack) []lack {
	var out []lack
	for _, l := range lacks {
		until := l.Until
		if until == 0 {
			until = afterAll
		}
		out = append(out, lack{outage.Span{From: l.From, Until: until}, outage.Missing})
	}
	return out
}

// backWithout are the times in which a peer, which held the route to a prefix or had lost it when it was
// last watched, is watched again and known to be without it, and without anything that stands in:
// by a complete table, or by the whole table that it sent. May says that there would be such
// times if nothing stood in, which may be otherwise for a prefix of the same history.
func (e *evidence) backWithout(peer, prefix int, own []ownStep, resent []outage.Span, covers []int, more *tiles, cache map[int][]carriage) (out []lack, may bool) {
	if e.Rules < 2 {
		return nil, false
	}
	pieces := e.unspoken(peer, prefix, own, resent)
	if len(pieces) == 0 {
		return nil, false
	}
	// Whether anything stands in is judged as if it had been lost there.
	var as []ownStep
	k := 0
	for i, s := range own {
		until := afterAll
		if i+1 < len(own) {
			until = own[i+1].at
		}
		as = append(as, s)
		for ; k < len(pieces) && pieces[k].From < until; k++ {
			as = append(as, ownStep{at: pieces[k].From, state: outage.Lost}, ownStep{at: pieces[k].Until, state: s.state})
		}
	}
	as = slices.DeleteFunc(as, func(s ownStep) bool { return s.at >= afterAll })
	// Of two of one second the later stands.
	slices.SortStableFunc(as, func(a, b ownStep) int { return cmp.Compare(a.at, b.at) })
	as = lastOfSecond(as, pieces)
	judged := e.withCovers(peer, prefix, as, covers, more, cache)
	k = 0
	for i, s := range judged {
		until := afterAll
		if i+1 < len(judged) {
			until = judged[i+1].at
		}
		for k < len(pieces) && pieces[k].Until <= s.at {
			k++
		}
		for j := k; j < len(pieces) && pieces[j].From < until; j++ {
			if p := pieces[j]; s.state == outage.Lost || s.state == outage.Replaced && p.as == outage.Without {
				out = append(out, lack{outage.Span{From: max(s.at, p.From), Until: min(until, p.Until)}, p.as})
			}
		}
	}
	return out, true
}

// lastOfSecond leaves one step of each second: that of a piece that begins there, or else the
// step that was there before pieces were put in.
func lastOfSecond(steps []ownStep, pieces []lack) []ownStep {
	begins := map[int64]bool{}
	for _, p := range pieces {
		begins[p.From] = true
	}
	var out []ownStep
	for _, s := range steps {
		n := len(out)
		switch {
		case n == 0 || out[n-1].at < s.at:
			out = append(out, s)
		case begins[s.at]:
			if s.state == outage.Lost {
				out[n-1] = s
			}
		default:
			out[n-1] = s // the end of a piece comes before the step that ends it
		}
	}
	return out
}

// unspoken are the times in which nothing was told of a route that was held or lost when it was last
// known, though the peer's table was: it was without it. If it had been lost, another's route may be there.
func (e *evidence) unspoken(peer, prefix int, own []ownStep, resent []outage.Span) []lack {
	var out []lack
	was := outage.None // when it was last known: held, lost, or neither
	as := func() outage.State {
		if was == outage.Held {
			return outage.Missing
		}
		return outage.Without
	}
	for i, s := range own {
		until := afterAll
		if i+1 < len(own) {
			until = own[i+1].at
		}
		switch s.state {
		case outage.Unknown:
			if was == outage.None || e.stateAt(peer, prefix, s.at) != rib.RouteUnknown {
				continue
			}
			for _, r := range resent {
				from, until := max(r.From, s.at), min(r.Until, until)
				if from <= s.at || from >= until || e.stateAt(peer, prefix, from) != rib.RouteUnknown {
					continue
				}
				// A route may stand there of which only its withdrawal tells, and not whose it was.
				until = min(until, e.takenFrom(peer, prefix, from))
				out = append(out, lack{outage.Span{From: from, Until: until}, as()})
			}
		case outage.Absent:
			behind, now := i > 0 && own[i-1].state == outage.Unknown, e.stateAt(peer, prefix, s.at)
			switch {
			case was == outage.Lost && behind && (now == rib.RouteAbsent || now == rib.RouteHeld):
				out = append(out, lack{outage.Span{From: s.at, Until: until}, outage.Without})
			case was == outage.Held && behind && now == rib.RouteAbsent:
				taken := min(until, e.takenFrom(peer, prefix, s.at))
				if taken != until {
					was = outage.None // another's route stands there
				}
				out = append(out, lack{outage.Span{From: s.at, Until: taken}, outage.Missing})
			default:
				was = outage.None
			}
		case outage.Held:
			was = outage.Held
		case outage.Lost, outage.Replaced:
			was = outage.Lost
		default:
			was = outage.None
		}
	}
	return out
}

// stateAt is the state of a peer's route at a second.
func (e *evidence) stateAt(peer, prefix int, at int64) rib.RouteState {
	state := rib.RouteUnknown
	for _, s := range e.Table.Steps(peer, prefix) {
		if s.At > at {
			break
		}
		state = s.State
	}
	return state
}

// takenFrom is when a peer came to hold a route to a prefix, whoever's, after a second.
func (e *evidence) takenFrom(peer, prefix int, at int64) int64 {
	for _, s := range e.Table.Steps(peer, prefix) {
		if s.At > at && s.State == rib.RouteHeld {
			return s.At
		}
	}
	return afterAll
}
