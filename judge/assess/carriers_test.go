package assess

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// slowCarriers judges every second for itself: whose a route is, whether a
// less specific stands in for it, and whether the peer was watching.
func slowCarriers(e *evidence, begin int64) map[string][]outage.State {
	out := map[string][]outage.State{}
	for _, p := range e.Prefixes {
		for peer := range e.Table.Peers {
			var states []outage.State
			known, ours, carried, gone, lost := false, false, false, false, int64(0)
			var back slowWithout
			var had slowUsual
			was := rib.RouteUnknown
			for t := begin; t < e.end; t++ {
				r := e.Table.At(peer, e.Table.Index(p), t)
				st, bare := outage.Absent, false
				switch r.State {
				case rib.RouteUnknown:
					had.mine, had.other, had.otherBefore = 0, 0, 0
					ours, st = false, outage.None
					if known {
						st = outage.Unknown
					}
				case rib.RouteHeld:
					mine := slowMine(e, peer, e.Table.Index(p), t, begin)
					bare = r.Path == rib.NoPath && !mine && slowLast(e, peer, e.Table.Index(p), t, begin) == rib.NoPath
					if was == rib.RouteUnknown {
						had.first, had.listed = mine, e.listed(peer, t) && !bare
					}
					switch {
					case bare:
						if ours, st = false, outage.None; known {
							st = outage.Unknown
						}
					case mine:
						ours, st = true, outage.Held
						had.mine++
						had.otherBefore = had.other
					case ours && (had.otherBefore == 0 || !had.usual()):
						st = outage.Replaced
						had.other++
					default:
						if ours && gone && !slowElsewhere(e, e.Table.Index(p), t, begin) {
							st = outage.Replaced
							had.other++
							break
						}
						if ours && gone { // that is a return, for five minutes
							had.back = t + 300
						}
						if t < had.back {
							st = outage.Held
						}
						ours = false
						had.other++
					}
				case rib.RouteWithdrawn:
					if was == rib.RouteUnknown {
						had.listed = false
						ours = slowMine(e, peer, e.Table.Index(p), t, begin)
					}
					// Who takes the usual route up within a minute of withdrawing lost nothing.
					for back := t + 1; ours && was != rib.RouteWithdrawn && back < e.end && back <= t+60; back++ {
						n := e.Table.At(peer, e.Table.Index(p), back)
						if n.State == rib.RouteWithdrawn {
							continue
						}
						other := n.State == rib.RouteHeld && !slowMine(e, peer, e.Table.Index(p), back, begin)
						if other && had.otherBefore > 0 && had.usual() {
							ours = false
						}
						break
					}
					if ours {
						st = outage.Lost
					}
				}
				lacks := back.is(e, peer, r.State, st, t)
				known = known || r.State != rib.RouteUnknown && !bare
				was = r.State
				if st != outage.Held || ours {
					had.back = 0
				}
				if st == outage.Lost || st == outage.Replaced {
					if !gone {
						lost = t
					}
					gone = true
					st = slowCover(e, peer, p, st, t, lost, begin)
				} else {
					gone = false
				}
				switch is := slowCover(e, peer, p, outage.Lost, t, back.since, begin); {
				case lacks == outage.Missing && is == outage.Lost, lacks == outage.Without && (is == outage.Lost || is == outage.Replaced):
					st = lacks
				}
				carried = carried || st >= outage.Held
				states = append(states, st)
			}
			if !carried {
				continue
			}
			unpaused := slices.Clone(states)
			for _, v := range e.Ledger.Pauses(e.Table.Peers[peer].Peer) {
				for t := max(v.From, begin); t < min(v.Until, e.end); t++ {
					states[t-begin] = outage.None
					if v.From > begin && unpaused[v.From-begin-1] != outage.None {
						states[t-begin] = outage.Unknown
					}
				}
			}
			if slices.ContainsFunc(states, func(s outage.State) bool { return s >= outage.Held }) {
				out[fmt.Sprintf("%s %d", p, peer)] = states
			}
		}
	}
	return out
}

// slowLast is the path that a peer was last known to hold before a time in which nothing is known, or in
// which nothing but a withdrawal shows that it had a route.
func slowLast(e *evidence, peer, prefix int, t, begin int64) rib.PathID {
	bare := func() bool {
		r := e.Table.At(peer, prefix, t)
		return r.State == rib.RouteHeld && r.Path == rib.NoPath
	}
	if !bare() {
		t-- // the withdrawal itself
	}
	for t > begin && (bare() || e.Table.At(peer, prefix, t).State == rib.RouteUnknown) {
		t--
	}
	if r := e.Table.At(peer, prefix, t); t >= begin && r.State == rib.RouteHeld {
		return r.Path
	}
	return rib.NoPath
}

// slowMine reports whether the route that a peer holds at a second, or withdraws then, is the subject's: by its
// path, or if it has none by the last one, or else if the subject alone was seen with the prefix
// until it was withdrawn, or nobody was and the subject is first after that.
func slowMine(e *evidence, peer, prefix int, t, begin int64) bool {
	r := e.Table.At(peer, prefix, t)
	path := r.Path
	if r.State != rib.RouteHeld || path == rib.NoPath {
		path = slowLast(e, peer, prefix, t, begin)
	}
	if path != rib.NoPath {
		return e.Subject.HasOrigin(pathOrigin(e.Table.Paths.Path(path)))
	}
	for r = e.Table.At(peer, prefix, t); t < e.end && r.State == rib.RouteHeld && r.Path == rib.NoPath; r = e.Table.At(peer, prefix, t) {
		t++
	}
	origins, before, next := map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{} // next: of the first second after
	for s := begin; s < e.end; s++ {
		now := map[uint32]bool{}
		for other := range e.Table.Peers {
			if r := e.Table.At(other, prefix, s); r.State == rib.RouteHeld && r.Path != rib.NoPath {
				now[pathOrigin(e.Table.Paths.Path(r.Path))] = true
			}
		}
		for o := range now {
			origins[o] = true
			if s < t {
				before[o] = true
			}
		}
		if s >= t && len(next) == 0 {
			next = now
		}
	}
	if len(before) == 0 {
		before = next
	}
	return len(origins) < 2 || before[own] && len(before) == 1
}

// slowElsewhere reports whether the subject's route is held by two networks, and by more than
// one in twenty of those that had it, in the five minutes from a second on.
func slowElsewhere(e *evidence, prefix int, at, begin int64) bool {
	networks := map[uint32]bool{}
	now, ever := 0, 0
	for peer := range e.Table.Peers {
		held, had := false, false
		for t := begin; t < min(at+300, e.end); t++ {
			r := e.Table.At(peer, prefix, t)
			if r.State == rib.RouteHeld && slowMine(e, peer, prefix, t, begin) {
				had = true
				held = held || t >= at
			}
		}
		if had {
			ever++
		}
		if held {
			now++
			networks[e.Table.Peers[peer].AS] = true
		}
	}
	return len(networks) > 1 && 20*now > ever
}

// slowWithout follows whether a peer is watched again and without the route that it held, or had lost,
// when it was last watched.
type slowWithout struct {
	was    outage.State // when it was last known: held, lost or neither
	lacks  bool         // at the second before
	before outage.State
	since  int64
}

func (w *slowWithout) is(e *evidence, peer int, r rib.RouteState, st outage.State, t int64) outage.State {
	lacks := false
	switch {
	case st == outage.Unknown && r == rib.RouteUnknown:
		for _, c := range e.Watch.Collectors {
			for _, q := range c.Peers {
				for _, tr := range q.Transfers {
					lacks = lacks || w.was != outage.None && q.Peer == e.Table.Peers[peer].Addr && t >= tr.Until.Sec()
				}
			}
		}
	case st == outage.Absent && (r == rib.RouteAbsent || r == rib.RouteHeld && w.was == outage.Lost):
		lacks = w.was != outage.None && w.before == outage.Unknown || w.lacks
	case st == outage.Absent && r == rib.RouteWithdrawn:
		lacks = w.lacks && w.before == outage.Absent
	}
	if lacks && !w.lacks {
		w.since = t
	}
	if w.lacks, w.before = lacks, st; st != outage.Unknown && !lacks {
		switch w.was = outage.None; st {
		case outage.Held, outage.Lost:
			w.was = st
		case outage.Replaced:
			w.was = outage.Lost
		}
	}
	switch {
	case !lacks:
		return outage.None
	case w.was == outage.Lost:
		return outage.Without
	}
	return outage.Missing
}

// slowUsual is what a peer has had since it was last unknown, in seconds.
type slowUsual struct {
	mine, other, otherBefore int64 // the last: before mine was held last
	back                     int64 // until then it counts as one that returned
	first, listed            bool  // the first was mine; a table had it
}

// usual reports whether the other's is the route that the peer usually has.
func (h slowUsual) usual() bool {
	if h.listed && !h.first {
		return h.mine < 3600 || h.mine < h.otherBefore
	}
	return h.otherBefore >= 3600 && h.otherBefore >= h.mine
}

// slowCover reads the definitions address by address: a withdrawn route is
// covered if the peer holds a less specific of the subject, or if each of its
// addresses lies in a more specific of the subject that the peer holds. lost is
// the second at which the peer lost it.
func slowCover(e *evidence, peer int, p netip.Prefix, st outage.State, t, lost, begin int64) outage.State {
	covered, came, unknown := false, st == outage.Replaced, false
	// ours says that a peer holds a route of the subject to another prefix.
	ours := func(peer, q int, t int64) (held, mine bool) {
		r := e.Table.At(peer, q, t)
		if r.State != rib.RouteHeld {
			return false, false
		}
		if r.Path == rib.NoPath {
			return true, slices.Contains(e.Prefixes, e.Table.Prefixes[q])
		}
		return true, !e.aside[e.Table.Prefixes[q]] && e.Subject.HasOrigin(pathOrigin(e.Table.Paths.Path(r.Path)))
	}
	perhaps := func(i int) bool { // unknown here, and carried by somebody, or here when it was last known
		if e.Table.At(peer, i, t).State != rib.RouteUnknown {
			return false
		}
		for other := range e.Table.Peers {
			if _, mine := ours(other, i, t); other != peer && mine {
				return true
			}
		}
		s := t
		for s >= 0 && e.Table.At(peer, i, s).State == rib.RouteUnknown {
			s--
		}
		_, mine := ours(peer, i, s)
		return s >= 0 && mine
	}
	for q := range e.cover {
		if q.Bits() >= p.Bits() || !q.Contains(p.Addr()) || q.Bits() == 0 {
			continue
		}
		i := e.Table.Index(q)
		held, mine := ours(peer, i, t)
		covered = covered || mine
		unknown = unknown || perhaps(i)
		if held && !mine {
			// It came with the loss if it was known not to be there at some
			// second from a minute before the loss on, and has stood since.
			s := t
			for s > begin {
				if held, mine := ours(peer, i, s-1); !held || mine {
					break
				}
				s--
			}
			if s > begin && e.Table.At(peer, i, s-1).State != rib.RouteUnknown && s >= lost-60 {
				came = true
			}
		}
	}
	all, some := true, true // of the addresses, here the last byte of a /22's /24s
	for a := p.Addr(); p.Contains(a); a = nextBlock(a) {
		here, maybe := false, false
		for _, q := range e.Prefixes {
			if q.Bits() > p.Bits() && q.Contains(a) {
				_, mine := ours(peer, e.Table.Index(q), t)
				here = here || mine
				maybe = maybe || perhaps(e.Table.Index(q))
			}
		}
		all, some = all && here, some && (here || maybe)
	}
	switch {
	case covered || all:
		return outage.Covered
	case unknown || some:
		return outage.Hidden
	case came:
		return outage.Replaced
	}
	return outage.Lost
}

// nextBlock is the next /26: no prefix of the test is longer.
func nextBlock(a netip.Addr) netip.Addr {
	b := a.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	n += 64
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func describeTable(e *evidence) string {
	var b strings.Builder
	for i, p := range e.Table.Peers {
		fmt.Fprintf(&b, "peer %d: resets %v snapshots %v pauses %v\n", i, p.Resets, p.Snapshots4, e.Ledger.Pauses(p.Peer))
		for j, q := range e.Table.Prefixes {
			fmt.Fprintf(&b, "  %s: %v\n", q, e.Table.Steps(i, j))
		}
	}
	return b.String()
}

const own, other = 64496, 64499

// TestCarriersAgainstSlow compares the histories that are made of steps with
// those of every second.
func TestCarriersAgainstSlow(t *testing.T) {
	pick := mrttest.Prefixes("10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/22", "10.0.0.0/16", "0.0.0.0/0",
		"10.0.0.0/25", "10.0.0.128/25", "10.0.0.128/26", "10.0.0.192/26", "10.0.2.0/23")
	rapid.Check(t, func(t *rapid.T) {
		const begin, end = 0, 160
		ev := &Evidence{Rules: Rules, Question: finding.Question{From: moment.Unix(20, 0), Until: moment.Unix(end, 0)}, Watch: &vantage.Watch{},
			Subject: &atlas.Subject{Name: "AS64496", Kind: atlas.KindAS, Origins: []uint32{own}}}
		ev.Prefixes = slices.Clone(pick[:2])
		if rapid.Bool().Draw(t, "the /22 is the subject's") {
			ev.Prefixes = append(ev.Prefixes, pick[2])
		}
		if rapid.Bool().Draw(t, "more specifics are the subject's") {
			ev.Prefixes = append(ev.Prefixes, pick[5:]...)
		}
		slices.SortFunc(ev.Prefixes, netip.Prefix.Compare)
		for _, p := range ev.Prefixes {
			for _, q := range pick {
				if q.Bits() > 0 && q.Bits() < p.Bits() && q.Contains(p.Addr()) {
					ev.Covers = append(ev.Covers, q)
				}
			}
		}
		all := slices.Clone(pick)
		slices.SortFunc(all, netip.Prefix.Compare)
		watch := vantage.Collector{Name: "rrc00", Files: []vantage.File{{}}}
		var peers []rib.Peer
		for i := range rapid.IntRange(1, 3).Draw(t, "peers") {
			p := rib.Peer{Peer: vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), AS: uint32(64500 + i)}}
			if rapid.IntRange(0, 2).Draw(t, "reset") == 0 {
				from := rapid.Int64Range(0, end).Draw(t, "from")
				p.Resets = []vantage.Reset{{From: from, Until: from + rapid.Int64Range(1, 10).Draw(t, "for"), Causes: []int64{from}}}
				if a := p.Addr; rapid.Bool().Draw(t, "sends its table") {
					in := moment.Interval{From: moment.Unix(from, 0), Until: moment.Unix(p.Resets[0].Until, 0)}
					ev.Ledger.Blind = append(ev.Ledger.Blind, vantage.Blind{Collector: "rrc00", Peer: &a, AS: p.AS, Reason: vantage.TableTransfer, Forget: true,
						From: in.From, Until: in.Until})
					watch.Files[0].Tables = append(watch.Files[0].Tables, vantage.TableSize{Peer: a, AS: p.AS, V4: 10})
					watch.Peers = append(watch.Peers, vantage.PeerWatch{Peer: a, AS: p.AS,
						Transfers: []vantage.Transfer{{From: in.From, Until: in.Until, Announced: 9, Opened: true}}})
				}
			}
			if rapid.IntRange(0, 2).Draw(t, "snapshot") == 0 {
				p.Snapshots4 = []int64{rapid.Int64Range(0, end).Draw(t, "snapshot at")}
			}
			if rapid.IntRange(0, 2).Draw(t, "pause") == 0 {
				from := rapid.Int64Range(0, end).Draw(t, "pause at")
				a := p.Addr
				ev.Ledger.Blind = append(ev.Ledger.Blind, vantage.Blind{Collector: "rrc00", Peer: &a, AS: p.AS, Reason: vantage.Stale,
					From: moment.Unix(from, 0), Until: moment.Unix(from+rapid.Int64Range(1, 15).Draw(t, "pause for"), 0)})
			}
			peers = append(peers, p)
		}
		ev.Watch.Collectors = []vantage.Collector{watch}
		ev.Table = rib.NewTable(peers, all)
		mine, others := ev.Table.Paths.ID([]uint32{1, own}), ev.Table.Paths.ID([]uint32{1, other})
		at := int64(begin)
		for at < end {
			peer, prefix := rapid.IntRange(0, len(peers)-1).Draw(t, "peer"), rapid.IntRange(0, len(all)-1).Draw(t, "prefix")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0, 1:
				ev.Table.Announce(at, peer, prefix, 0, mine)
			case 2:
				ev.Table.Announce(at, peer, prefix, 0, others)
			default:
				ev.Table.Withdraw(at, peer, prefix, 0)
			}
			at += rapid.Int64Range(0, 6).Draw(t, "step")
		}
		ev.Table.Finish(end)
		e := prepare(ev)
		want := slowCarriers(e, begin)
		got := map[string][]outage.State{}
		hs, _ := e.carriers()
		for _, p := range hs {
			for _, c := range p.Carriers {
				states := make([]outage.State, end-begin)
				for i, s := range c.Steps {
					if i > 0 && (s.At <= c.Steps[i-1].At || s.State == c.Steps[i-1].State) {
						t.Fatalf("%s at peer %d: steps %v do not rise or repeat", p.Prefix, c.Peer, c.Steps)
					}
					for x := s.At; x < end; x++ {
						states[x-begin] = s.State
					}
				}
				got[fmt.Sprintf("%s %d", p.Prefix, c.Peer)] = states
			}
		}
		for k := range want {
			if !slices.Equal(got[k], want[k]) {
				t.Fatalf("%s:\ngot  %v\nwant %v\n%s", k, got[k], want[k], describeTable(e))
			}
		}
		for k := range got {
			if _, ok := want[k]; !ok {
				t.Fatalf("%s is no carrier: %v", k, got[k])
			}
		}
	})
}
