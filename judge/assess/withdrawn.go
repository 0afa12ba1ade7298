package assess

import (
	"slices"

	"constat/judge/outage"
	"constat/routes/rib"
)

// What nothing but a withdrawal shows. After a time without files, or if no table was read, a peer
// withdraws a route of which nobody was told: that it had one is known, and not whose it was. It
// counts for a network only if the last that is known of the peer's route is that network's, or if no
// other network is known to have announced the prefix.
//
// Example: the tables of 12:00 have 10.0.0.0/22 of AS1 everywhere, and the file of 12:10 is missing. All
// peers withdraw it at 12:30, and AS2 announces it at 13:00, for the first time. It was AS1 that
// lost it: AS2 was not there.

// steps is the history of a pair. A route that only its withdrawal shows has the path that the
// peer had last, if that stood when the peer was last watched.
func (e *evidence) steps(peer, prefix int) []rib.RouteStep {
	steps := e.Table.Steps(peer, prefix)
	var out []rib.RouteStep
	for k, s := range steps {
		if s.State != rib.RouteHeld || s.Path != rib.NoPath {
			continue
		}
		if path := lastPath(steps, k); path != rib.NoPath {
			if out == nil {
				out = slices.Clone(steps)
			}
			out[k].Path = path
		}
	}
	if out == nil {
		return steps
	}
	return out
}

// lastPath is the path of the route that stood when the peer of a history was last watched before
// a step; none if there was no route then, or none that was told of.
func lastPath(steps []rib.RouteStep, k int) rib.PathID {
	for k--; k >= 0 && steps[k].State == rib.RouteUnknown; k-- {
	}
	if k < 0 || steps[k].State != rib.RouteHeld {
		return rib.NoPath
	}
	return steps[k].Path
}

// firstSeen is when a route to a prefix was first seen, of the subject and of others.
type firstSeen struct{ ours, others int64 }

// perhapsOurs reports whether a route of which nothing is known but that it was withdrawn at a second
// may be taken for the subject's: of a prefix that others are seen to announce, too, the subject
// alone must have been seen with it before, or, if nobody was, be the first that is seen with it after; then it is
// indicated at most ([evidence.unseenBefore]).
//
// Example: no table. Forty peers withdraw 10.0.0.0/22 at 12:37, AS1 announces it at 12:57, and at 13:40 one peer has
// AS2's route for ten seconds. That is no reason to say nothing of the twenty minutes.
func (e *evidence) perhapsOurs(prefix int, at int64) bool {
	if !e.mixed[prefix] {
		return true
	}
	seen, ok := e.seen[prefix]
	if !ok {
		seen = e.seenFirst(prefix)
		if e.seen == nil {
			e.seen = map[int]firstSeen{}
		}
		e.seen[prefix] = seen
	}
	return seen.ours < seen.others && at <= seen.others
}

// isOurs reports whether a step of a history ([evidence.steps]) is a route of the subject.
func (e *evidence) isOurs(prefix int, steps []rib.RouteStep, k int) bool {
	s := steps[k]
	if s.State != rib.RouteHeld || s.Path == rib.NoPath && k+1 < len(steps) && !e.perhapsOurs(prefix, steps[k+1].At) {
		return false
	}
	return e.oursAt(e.Table.Prefixes[prefix], s.Path)
}

// withdrew reports whether what a step withdraws was the subject's. A route that is withdrawn before
// anything else is known of it was carried before. One that had been of others of a set
// since a second (0: it had not), and for long, is theirs.
func (e *evidence) withdrew(peer, prefix int, steps []rib.RouteStep, k int, ours bool, left int64) bool {
	switch {
	case ours:
		ours = left == 0 || steps[k].At <= left+cameWithin
	case k == 0 || steps[k-1].State == rib.RouteUnknown:
		ours = e.withdrewOurs(steps, k, prefix)
	}
	return ours && !e.goesBack(peer, prefix, k)
}

// withdrewOurs reports whether what a step withdraws, and was unknown until then, may be taken for the
// subject's.
func (e *evidence) withdrewOurs(steps []rib.RouteStep, k, prefix int) bool {
	if path := lastPath(steps, k); path != rib.NoPath {
		return e.oursAt(e.Table.Prefixes[prefix], path)
	}
	return e.perhapsOurs(prefix, steps[k].At)
}

// unseenBefore reports whether of most of the prefixes of a loss nobody is seen to have had a route of the subject
// before it, or within [waveOf] seconds of its beginning, in which paths are explored and what is back in no
// time is seen again: that routes were withdrawn is then all that is known. Of addresses that were asked about it does not
// matter whose the routes were.
//
// Example: no table. All peers withdraw 10.0.0.0/22 at 12:30, and at 13:00 AS1 announces it, which nobody else is ever
// seen to do. It may have been another's until 12:30.
func (e *evidence) unseenBefore(in outage.Input, o outage.Outage) bool {
	n := 0
	for _, i := range o.Prefixes {
		p := in.Prefixes[i].Prefix
		if k := e.Table.Index(p); k >= 0 && !e.Subject.MatchOtherOrigin(p) && e.seenFirst(k).ours > o.From+waveOf {
			n++
		}
	}
	return 2*n > len(o.Prefixes)
}

func (e *evidence) seenFirst(prefix int) firstSeen {
	p := e.Table.Prefixes[prefix]
	seen := firstSeen{afterAll, afterAll}
	for _, peer := range e.Table.Carriers(prefix) {
		for _, s := range e.Table.Steps(peer, prefix) {
			path := e.Table.Paths.Path(s.Path)
			switch {
			case s.State != rib.RouteHeld || s.At >= e.end || len(rib.Origins(path)) == 0:
			case e.ours(p, path):
				seen.ours = min(seen.ours, s.At)
			default:
				seen.others = min(seen.others, s.At)
			}
		}
	}
	return seen
}
