package assess

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"

	"constat/judge/outage"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// cameWithin is how many seconds before a peer lost a route another origin's less
// specific may have come and still be said to have come with the loss. A route that
// stood for longer replaces nothing. Example: 10.0.0.0/16 of AS2 comes at 12:00:00,
// and 10.0.0.0/24 of AS1 is withdrawn at 12:00:40: replaced. The /16 was there an
// hour before: the /24 is lost, and whether its addresses were served is unknown.
const cameWithin = 60

// seenAs is what happened to one carrier of one prefix inside the question beyond
// what the steps say. Standing is true if the prefix was lost under a less specific
// of another origin that stood before.
type seenAs struct{ covered, replaced, unknown, standing bool }

// aside is what is noted of one prefix beside its states: what happened at each
// peer, and which other routes its states rest on.
type aside struct {
	peers  map[int]seenAs // nothing of those that are not in it
	stands map[standKey]*stand
}

// carriers turns the routes of the subject's prefixes into the histories that the
// definitions of an outage judge: whose route it is, whether a less specific or
// more specifics stand in for it, and whether the peer was watching. A peer that
// was never seen to carry a prefix for the subject is left out.
func (e *evidence) carriers() ([]outage.Prefix, []aside) {
	pauses := make([][]vantage.Reset, len(e.Table.Peers))
	for i, p := range e.Table.Peers {
		pauses[i] = e.Ledger.Pauses(p.Peer)
	}
	carried := map[int][]carriage{} // of other prefixes: when anybody holds them
	resent := e.resent()
	var out []outage.Prefix
	var notes []aside
	like := newLikeness(len(e.Table.Peers))
	for at, p := range e.Prefixes {
		op := outage.Prefix{Prefix: p, Origins: slices.Clone(e.Origins[p])}
		note := aside{map[int]seenAs{}, map[standKey]*stand{}}
		i, class := e.Table.Index(p), e.class(p)
		covers := e.coversOf(p)
		more := e.tilesOf(at)
		like.begin()
		for _, peer := range e.Table.Carriers(i) {
			name := historyName{e.Table.Name(peer, i), class}
			if lacks := e.Table.Lacks(peer, i); len(lacks) > 0 && !e.coveredAt(peer, covers, lacks) {
				own := e.own(peer, i)
				steps := plain(e.withCovers(peer, i, own, covers, more, carried))
				without, _ := e.backWithout(peer, i, own, resent[e.Table.Peers[peer].Peer], covers, more, carried)
				if h := like.history(e.ever(paused(unlisted(unlisted(steps, without, isUnspoken), lacksOf(lacks), isHeld), pauses[peer]))); h.steps != nil {
					like.carrier(peer, h)
				}
				continue
			}
			h, ok := like.known(peer, name)
			if !ok || h.lost && (len(covers) > 0 || more != nil) {
				own := e.own(peer, i)
				steps := e.withCovers(peer, i, own, covers, more, carried)
				without, may := e.backWithout(peer, i, own, resent[e.Table.Peers[peer].Peer], covers, more, carried)
				h = like.history(e.ever(paused(unlisted(plain(steps), without, isUnspoken), pauses[peer])))
				if h.steps != nil {
					if n := e.note(peer, steps, note.stands); n != (seenAs{}) {
						note.peers[peer] = n
					}
				}
				// What rests on other prefixes is no other prefix's, and nor is what is
				// noted of it.
				h.lost = may || slices.ContainsFunc(own, func(s ownStep) bool { return s.state == outage.Lost })
				replaced := slices.ContainsFunc(own, func(s ownStep) bool { return s.state == outage.Replaced || s.again })
				if !replaced && (!h.lost || len(covers) == 0 && more == nil) {
					like.note(peer, name, h)
				}
			}
			if h.steps != nil {
				like.carrier(peer, h)
			}
		}
		op.Carriers = like.carriers()
		if len(op.Origins) > 1 {
			holders := e.holders(i)
			if op.Shared = len(holders) > 1; !op.Shared {
				for o := range holders {
					op.Only = o
				}
			}
		}
		out = append(out, op)
		notes = append(notes, note)
	}
	return out, notes
}

// coveredAt reports whether the peer holds a less specific of the subject where tables begin
// to speak against the route: then its addresses stand all the same.
func (e *evidence) coveredAt(peer int, covers []int, lacks []rib.Lack) bool {
	return slices.ContainsFunc(lacks, func(l rib.Lack) bool {
		return slices.ContainsFunc(covers, func(q int) bool { return e.coverAt(peer, q, l.From) == coverOurs })
	})
}

func isHeld(s outage.State) bool     { return s == outage.Held }
func isUnspoken(s outage.State) bool { return s == outage.Unknown || s == outage.Absent }

// unlisted makes of what a peer holds, or does not speak of, what it lacks while its complete tables
// speak against it.
func unlisted(steps []outage.Step, lacks []lack, of func(outage.State) bool) []outage.Step {
	if len(lacks) == 0 {
		return steps
	}
	var out []outage.Step
	put := func(at int64, s outage.State) {
		if n := len(out); n > 0 && out[n-1].At == at {
			out = out[:n-1]
		}
		if n := len(out); n == 0 || out[n-1].State != s {
			out = append(out, outage.Step{At: at, State: s})
		}
	}
	k := 0
	for i, s := range steps {
		until := afterAll
		if i+1 < len(steps) {
			until = steps[i+1].At
		}
		put(s.At, s.State)
		for k < len(lacks) && lacks[k].Until <= s.At {
			k++
		}
		for j := k; j < len(lacks) && lacks[j].From < until && of(s.State); j++ {
			put(max(s.At, lacks[j].From), lacks[j].as)
			if lacks[j].Until < until {
				put(lacks[j].Until, s.State)
			}
		}
	}
	return out
}

// holders are the origins of the subject whose routes to a prefix carriers had, as far as paths
// end in one network: those of the time that was asked about, and the last of each carrier
// before it, as an outage may have begun with the end of that.
func (e *evidence) holders(prefix int) map[uint32]bool {
	p := e.Table.Prefixes[prefix]
	all := map[uint32]bool{}
	for _, peer := range e.Table.Carriers(prefix) {
		before := uint32(0)
		for _, s := range e.steps(peer, prefix) {
			if s.State != rib.RouteHeld || s.Path == rib.NoPath || s.At >= e.end {
				continue
			}
			o := rib.Origins(e.Table.Paths.Path(s.Path))
			switch {
			case len(o) != 1 || !e.oursAt(p, s.Path):
			case s.At <= e.start:
				before = o[0]
			default:
				all[o[0]] = true
			}
		}
		if before != 0 {
			all[before] = true
		}
	}
	return all
}

// handedOver names the origins of the subject from which a carrier's route to a prefix changed, in
// the time that was asked about, to another origin of the subject.
func (e *evidence) handedOver(prefix int) []uint32 {
	p := e.Table.Prefixes[prefix]
	var out []uint32
	for _, peer := range e.Table.Carriers(prefix) {
		var last uint32
		steps := e.steps(peer, prefix)
		for k, s := range steps {
			if s.State != rib.RouteHeld || s.Path == rib.NoPath || k+1 < len(steps) && steps[k+1].At <= e.start || s.At >= e.end {
				continue
			}
			o := rib.Origins(e.Table.Paths.Path(s.Path))
			if len(o) != 1 || !e.oursAt(p, s.Path) {
				continue
			}
			if last != 0 && last != o[0] && !slices.Contains(out, last) {
				out = append(out, last)
			}
			last = o[0]
		}
	}
	return out
}

// ever returns a history if the peer was a carrier in it, else nil.
func (e *evidence) ever(steps []outage.Step) []outage.Step {
	if slices.ContainsFunc(steps, func(s outage.Step) bool { return s.State >= outage.Held && s.At < e.end }) {
		return steps
	}
	return nil
}

// ownStep is a step of a peer's route to a prefix, judged by whose route it is.
// Perhaps is true if the route is unknown only because another prefix is. Example:
// a peer withdraws 10.0.0.0/24, and nobody knows whether it holds the subject's
// 10.0.0.0/16, which others carry. Standing is true if the route is lost under
// another origin's less specific that stood before. Again is true if a loss is over as the peer
// has its usual route again, and others the subject's. By are the other prefixes, as
// places in the table, by which it is covered, replaced, unknown or standing.
type ownStep struct {
	at                int64
	state             outage.State
	perhaps, standing bool
	again             bool
	by                []int
}

// own judges the history of one pair of a peer and a prefix by whose route it is:
// the subject's, or one that another origin took over from it.
func (e *evidence) own(peer, prefix int) []ownStep {
	var out []ownStep
	ours := false    // held for the subject since it was last unknown
	var set []uint32 // origins of the last route of the subject: several if it ended in a set
	left := int64(0) // since when the routes are of others of that set
	back := int64(0) // until then a peer that went back counts as one that returned
	steps := e.steps(peer, prefix)
	for k, s := range steps {
		var st outage.State
		again := false
		if back > 0 && back <= s.At {
			if back < s.At {
				out = append(out, ownStep{at: back, state: outage.Absent})
			}
			back = 0
		}
		switch s.State {
		case rib.RouteUnknown:
			st, ours = unknownAfter(out), false
		case rib.RouteAbsent:
			st = outage.Absent
		case rib.RouteHeld:
			switch mine := e.isOurs(prefix, steps, k); {
			case !mine && s.Path == rib.NoPath:
				st, ours = unknownAfter(out), false
			case mine:
				st, ours, set, left = outage.Held, true, rib.Origins(e.Table.Paths.Path(s.Path)), 0
			case ours && e.ofSet(set, s.Path):
				// The aggregate goes on with other contributors: whether the
				// subject is behind it is no longer told. Example: {100, 27742,
				// 27867} becomes {27867}.
				if st = outage.Unknown; left == 0 {
					left = s.At
				}
			case ours && !e.wentBack(peer, prefix, k):
				st = outage.Replaced
			default:
				if n := len(out); n > 0 && (out[n-1].state == outage.Lost || out[n-1].state == outage.Replaced) {
					// It had lost it, and has again what it had before. Another's route is no
					// return of the subject's: the loss is over only if the subject's routes are there elsewhere.
					if !e.elsewhere(prefix, s.At) {
						st = outage.Replaced
						break
					}
					back, again = s.At+waveOf, true
				}
				st, ours = outage.Absent, false
				if s.At < back {
					st = outage.Held
				}
			}
		case rib.RouteWithdrawn:
			ours = e.withdrew(peer, prefix, steps, k, ours, left)
			st = outage.Lost
			if !ours {
				st = outage.Absent
			}
		}
		if st != outage.Held || ours {
			back = 0
		}
		if n := len(out); n > 0 && out[n-1].state == st {
			continue
		}
		out = append(out, ownStep{at: s.At, state: st, again: again})
	}
	if back > 0 && back < e.end {
		out = append(out, ownStep{at: back, state: outage.Absent})
	}
	return out
}

// ofSet reports whether a path ends in networks of a set that was there before.
func (e *evidence) ofSet(set []uint32, path rib.PathID) bool {
	return len(set) > 1 && slices.ContainsFunc(rib.Origins(e.Table.Paths.Path(path)), func(o uint32) bool { return slices.Contains(set, o) })
}

// unknownAfter is the state of what is unknown after some steps: none before the first.
func unknownAfter(steps []ownStep) outage.State {
	if len(steps) == 0 {
		return outage.None
	}
	return outage.Unknown
}

// elsewhere reports whether the subject's route to a prefix stands at a second, or comes within
// [waveOf] seconds: at two networks, and at more than one in twenty of the peers that ever had it, as
// fewer may be stuck routes.
//
// Example: AS2 announces a prefix of AS1 while AS1 is out, and withdraws it at 12:50. At 13:10
// the peers have the route of AS1 again, which they usually have. AS2 did not return.
func (e *evidence) elsewhere(prefix int, at int64) bool {
	networks := map[uint32]bool{}
	held, had := 0, 0
	for _, peer := range e.Table.Carriers(prefix) {
		steps := e.steps(peer, prefix)
		ever, now := false, false
		for k, s := range steps {
			if s.At >= min(e.end, at+waveOf) {
				break
			}
			if e.isOurs(prefix, steps, k) {
				ever = true
				now = now || k+1 == len(steps) || steps[k+1].At > at
			}
		}
		if ever {
			had++
		}
		if now {
			held++
			networks[e.Table.Peers[peer].AS] = true
		}
	}
	return len(networks) >= 2 && 20*held > had
}

// goesBack reports whether a peer that withdraws the subject's route takes the other's up within
// [cameWithin] seconds to which it goes back: see [evidence.wentBack].
func (e *evidence) goesBack(peer, prefix, step int) bool {
	steps := e.steps(peer, prefix)
	k := step + 1
	for k < len(steps) && steps[k].State == rib.RouteWithdrawn {
		k++
	}
	return k < len(steps) && steps[k].State == rib.RouteHeld && steps[k].At <= steps[step].At+cameWithin && steps[k].At < e.end &&
		!e.isOurs(prefix, steps, k) && e.wentBack(peer, prefix, k)
}

// wentBack reports whether the route of another origin that stands at a peer from a step on is
// the usual one there, to which the peer went back from the subject's: it had it before, and for
// longer, or since before anything else was known. To have the subject's no more
// is then what was so before, and no loss.
//
// Example: three networks announce one prefix, and each peer has the nearest. For half an
// hour the peers of the first have the second's route, and then the first's again. That the
// second lost them is not said.
func (e *evidence) wentBack(peer, prefix, step int) bool {
	steps := e.steps(peer, prefix)
	other := rib.Origins(e.Table.Paths.Path(steps[step].Path))
	last := step - 1 // with the subject's
	for last >= 0 && !e.isOurs(prefix, steps, last) {
		last--
	}
	begin := max(0, last)
	for begin > 0 && steps[begin-1].State != rib.RouteUnknown {
		begin--
	}
	theirs, ours := int64(0), int64(0)
	of := func(k int) (their, our bool) {
		if steps[k].State != rib.RouteHeld {
			return false, false
		}
		our = e.isOurs(prefix, steps, k)
		return !our && slices.Equal(rib.Origins(e.Table.Paths.Path(steps[k].Path)), other), our
	}
	for k := begin; k <= last; k++ {
		switch their, our := of(k); {
		case their:
			theirs += steps[k+1].At - steps[k].At
		case our:
			ours += steps[k+1].At - steps[k].At
		}
	}
	if theirs == 0 {
		return false
	}
	if e.listed(peer, steps[begin].At) {
		switch their, our := of(begin); {
		case their:
			return ours < max(longBefore, theirs)
		case our:
			return theirs >= max(longBefore, ours)
		}
	}
	return theirs >= max(longBefore, ours)
}

// oursAt is ours of a path of the table. A route of which no more is known than
// that it was there, or was withdrawn, is taken for the subject's.
func (e *evidence) oursAt(p netip.Prefix, id rib.PathID) bool {
	path := e.Table.Paths.Path(id)
	return id == rib.NoPath || rib.PathUnread(path) || e.ours(p, path)
}

// ours reports whether a route to a prefix of the subject is the subject's: always
// if the addresses themselves are the subject, else by origin. If the path ends in
// a set, one origin of the subject in it is enough.
func (e *evidence) ours(p netip.Prefix, path []uint32) bool {
	if e.aside[p] || e.strange(p, path) || e.only != 0 && !slices.Contains(rib.Origins(path), e.only) {
		return false
	}
	if e.Subject.Match(p, 0) {
		return true
	}
	return len(e.Subject.Matching(p, rib.Origins(path))) > 0
}

// coversOf lists the announced less specifics of a prefix, as indices.
func (e *evidence) coversOf(p netip.Prefix) []int {
	var out []int
	for n := p.Bits() - 1; n >= 1; n-- {
		if q := netip.PrefixFrom(p.Addr(), n).Masked(); e.cover[q] {
			out = append(out, e.Table.Index(q))
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
	s := e.Table.At(peer, q, at)
	switch s.State {
	case rib.RouteUnknown:
		return coverUnknown
	case rib.RouteHeld:
		switch {
		case e.coverOurs(e.Table.Prefixes[q], s.Path):
			return coverOurs
		case rib.PathUnread(e.Table.Paths.Path(s.Path)):
			return coverUnknown // whose route it is is not known
		}
		return coverOthers
	}
	return coverNone
}

// coverOurs reports whether a covering route is from an origin of the subject:
// one of its origins, one that announces its prefixes within its blocks, or
// anything within its blocks.
func (e *evidence) coverOurs(q netip.Prefix, id rib.PathID) bool {
	if id == rib.NoPath {
		_, is := slices.BinarySearchFunc(e.Prefixes, q, netip.Prefix.Compare)
		return is
	}
	path := e.Table.Paths.Path(id)
	if e.ours(q, path) {
		return true
	}
	return e.only == 0 && !e.strange(q, path) && slices.ContainsFunc(rib.Origins(path), func(o uint32) bool { return e.learned[o] })
}

// carriage is one interval in which somebody holds a route of the subject's to
// a prefix that may stand in for another.
type carriage struct {
	peer        int // who begins it
	from, until int64
}

// carriages lists when anybody holds a prefix for the subject, in order.
func (e *evidence) carriages(q int, cache map[int][]carriage) []carriage {
	if c, ok := cache[q]; ok {
		return c
	}
	var all []carriage
	for _, peer := range e.Table.Carriers(q) {
		steps := e.Table.Steps(peer, q)
		for i, s := range steps {
			if s.State != rib.RouteHeld || !e.coverOurs(e.Table.Prefixes[q], s.Path) {
				continue
			}
			until := e.end
			if i+1 < len(steps) {
				until = steps[i+1].At
			}
			all = append(all, carriage{peer, s.At, until})
		}
	}
	slices.SortStableFunc(all, func(a, b carriage) int { return cmp.Compare(a.from, b.from) })
	var out []carriage
	for _, c := range all {
		if n := len(out); n > 0 && c.from <= out[n-1].until {
			out[n-1].until = max(out[n-1].until, c.until)
			continue
		}
		out = append(out, c)
	}
	cache[q] = out
	return out
}

// carried reports whether a carriage is in force at a second.
func carried(cs []carriage, at int64) bool {
	i := sort.Search(len(cs), func(i int) bool { return cs[i].until > at })
	return i < len(cs) && cs[i].from <= at
}

// lastHad reports whether a peer of which it is not known may hold a prefix for the subject
// at a second: somebody holds it then, or the peer did when it was last known. A withdrawal
// since then would have been told.
//
// Example: all have a /22 and a /24 of it by the tables of 12:00, no file of 12:30 is there, and
// the /24 is withdrawn at 13:00. Nobody has spoken of the /22 since the hole; it stands, as far
// as anybody knows.
func (e *evidence) lastHad(peer, q int, at int64, cache map[int][]carriage) bool {
	if carried(e.carriages(q, cache), at) {
		return true
	}
	steps := e.Table.Steps(peer, q)
	k := sort.Search(len(steps), func(i int) bool { return steps[i].At > at }) - 1
	for k >= 0 && steps[k].State == rib.RouteUnknown {
		k--
	}
	return k >= 0 && steps[k].State == rib.RouteHeld && e.coverOurs(e.Table.Prefixes[q], steps[k].Path)
}

// withCovers judges withdrawn routes by the less and more specific routes at the
// same peer.
func (e *evidence) withCovers(peer, prefix int, steps []ownStep, covers []int, more *tiles, cache map[int][]carriage) []ownStep {
	if !slices.ContainsFunc(steps, func(s ownStep) bool { return s.state == outage.Lost || s.state == outage.Replaced }) {
		return steps
	}
	order := e.times[:0]
	for _, s := range steps {
		order = append(order, s.at)
	}
	others := covers
	if more != nil {
		others = append(slices.Clone(covers), more.leaves...)
	}
	if len(others) > 0 {
		// What a peer never spoke of becomes known by its snapshots, and unknown
		// again by its resets.
		order = append(append(order, e.Table.Peers[peer].Snapshots4...), e.Table.Peers[peer].Snapshots6...)
		for _, z := range e.Table.Peers[peer].Resets {
			order = append(order, z.From, z.Until)
		}
	}
	for _, q := range others {
		for _, s := range e.Table.Steps(peer, q) {
			order = append(order, s.At)
		}
		for _, c := range e.carriages(q, cache) {
			order = append(order, c.from, c.until)
		}
	}
	slices.Sort(order)
	e.times = order
	order = slices.Compact(order)
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
			lost := i // when the peer lost it
			for lost > 0 && (steps[lost-1].state == outage.Lost || steps[lost-1].state == outage.Replaced) {
				lost--
			}
			s = e.judge(peer, prefix, s, steps[lost].at, covers, more, cache)
		}
		if n := len(out); n > 0 && out[n-1].state == s.state && out[n-1].perhaps == s.perhaps &&
			out[n-1].standing == s.standing && slices.Equal(out[n-1].by, s.by) {
			continue
		}
		out = append(out, s)
	}
	return out
}

// judge decides one moment of a withdrawn route, which was lost at a second.
func (e *evidence) judge(peer, prefix int, s ownStep, lost int64, covers []int, more *tiles, cache map[int][]carriage) ownStep {
	var unknown, came, stood []int
	if s.state == outage.Replaced {
		came = append(came, prefix)
	}
	for _, q := range covers {
		switch e.coverAt(peer, q, s.at) {
		case coverOurs:
			return ownStep{at: s.at, state: outage.Covered, by: []int{q}}
		case coverOthers:
			if e.cameWith(peer, q, s.at, lost) {
				came = append(came, q)
			} else {
				stood = append(stood, q)
			}
		case coverUnknown:
			if e.lastHad(peer, q, s.at, cache) {
				unknown = append(unknown, q)
			}
		}
	}
	if more != nil {
		switch by, all := more.cover(func(q int) tile {
			switch e.coverAt(peer, q, s.at) {
			case coverOurs:
				return tileHeld
			case coverUnknown:
				if e.lastHad(peer, q, s.at, cache) {
					return tileUnknown
				}
			}
			return tileGone
		}); all {
		case tileHeld:
			return ownStep{at: s.at, state: outage.Covered, by: by}
		case tileUnknown:
			unknown = append(unknown, by...)
		}
	}
	switch {
	case len(unknown) > 0:
		return ownStep{at: s.at, state: outage.Hidden, perhaps: true, by: unknown}
	case len(came) > 0:
		return ownStep{at: s.at, state: outage.Replaced, by: came}
	case len(stood) > 0:
		return ownStep{at: s.at, state: outage.Lost, standing: true, by: stood}
	}
	return s
}

// cameWith reports whether the route of another origin that a peer holds at a
// second came with the loss of a more specific: the peer was known not to have it,
// and it came at most cameWithin before the loss. A route that may have stood
// unseen did not come.
func (e *evidence) cameWith(peer, q int, at, lost int64) bool {
	steps := e.Table.Steps(peer, q)
	k := sort.Search(len(steps), func(i int) bool { return steps[i].At > at }) - 1
	others := func(s rib.RouteStep) bool {
		return s.State == rib.RouteHeld && !e.coverOurs(e.Table.Prefixes[q], s.Path)
	}
	for k > 0 && others(steps[k-1]) {
		k--
	}
	return k > 0 && steps[k-1].State != rib.RouteUnknown && steps[k].At >= lost-cameWithin
}

// plain drops what the definitions of an outage do not need.
func plain(steps []ownStep) []outage.Step {
	var out []outage.Step
	for _, s := range steps {
		if k := len(out); k > 0 && out[k-1].State == s.state {
			continue
		}
		out = append(out, outage.Step{At: s.at, State: s.state})
	}
	return out
}

// paused makes a history unknown while the peer was not watching; what was known
// before stands again after. Example: a peer is silent for an hour beyond its
// habit, and then goes on with the session that it had.
func paused(steps []outage.Step, pauses []vantage.Reset) []outage.Step {
	for _, v := range pauses {
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
