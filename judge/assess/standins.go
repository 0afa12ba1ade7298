package assess

import (
	"cmp"
	"slices"
	"sort"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
	"constat/routes/rib"
)

// mostStands is how many stand-ins of one prefix are listed, those at most
// peers first: a /8 may be covered by thousands of more specifics.
const mostStands = 64

// standKey is a route that stands in for another, or that may.
type standKey struct {
	kind   string
	prefix int // of the table
	origin uint32
}

// stand is at which peers and when it did, with the record of the first.
type stand struct {
	peers       map[int]bool
	from, until int64
	record      int64
}

// note gathers what was seen of one carrier inside the question.
func (e *evidence) note(peer int, steps []ownStep, stands map[standKey]*stand) seenAs {
	var n seenAs
	for i, s := range steps {
		until := e.end
		if i+1 < len(steps) {
			until = steps[i+1].at
		}
		if until <= e.start || s.at >= e.end {
			continue
		}
		kind := ""
		switch {
		case s.state == outage.Covered:
			n.covered, kind = true, finding.CoveredBy
		case s.state == outage.Replaced:
			n.replaced, kind = true, finding.ReplacedBy
		case s.perhaps:
			n.unknown, kind = true, finding.PerhapsBy
		case s.standing:
			n.standing, kind = true, finding.LostUnder
		}
		for _, q := range s.by {
			who := peer
			if kind == finding.PerhapsBy { // others carry it
				who = e.anyHolder(q, s.at)
			}
			origin, record := e.routeAt(who, q, s.at)
			k := standKey{kind, q, origin}
			x := stands[k]
			from, until := max(s.at, e.start), min(until, e.end)
			if x == nil {
				x = &stand{peers: map[int]bool{}, from: from, until: until, record: record}
				stands[k] = x
			}
			if from < x.from {
				x.from, x.record = from, record
			}
			x.peers[peer], x.until = true, max(x.until, until)
		}
	}
	return n
}

// anyHolder is a peer that holds a prefix for the subject at a second; −1 if
// none does.
func (e *evidence) anyHolder(q int, at int64) int {
	for _, peer := range e.Table.Carriers(q) {
		if e.coverAt(peer, q, at) == coverOurs {
			return peer
		}
	}
	return -1
}

// routeAt gives the origin of a route held at a second, 0 if that is not
// certain, and the record that announced it.
func (e *evidence) routeAt(peer, q int, at int64) (origin uint32, record int64) {
	if peer < 0 {
		return 0, 0
	}
	steps := e.Table.Steps(peer, q)
	k := sort.Search(len(steps), func(i int) bool { return steps[i].At > at }) - 1
	if k < 0 || steps[k].State != rib.RouteHeld {
		return 0, 0
	}
	return pathOrigin(e.Table.Paths.Path(steps[k].Path)), e.Table.RecordOf(peer, q, k)
}

// standInsOf lists the routes that stood in for a prefix, or that may have.
func (e *evidence) standInsOf(n aside) []finding.OtherRoute {
	out := []finding.OtherRoute{}
	for k, x := range n.stands {
		s := finding.OtherRoute{Kind: k.kind, Prefix: e.Table.Prefixes[k.prefix], Origin: k.origin, Peers: len(x.peers),
			From: moment.Unix(x.from, 0), Until: moment.Unix(x.until, 0)}
		s.Exhibit, s.Offset = e.Locate(x.record)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b finding.OtherRoute) int {
		return cmp.Or(cmp.Compare(b.Peers, a.Peers), cmp.Compare(a.Kind, b.Kind), a.Prefix.Compare(b.Prefix), cmp.Compare(a.Origin, b.Origin))
	})
	return out[:min(len(out), mostStands)]
}
