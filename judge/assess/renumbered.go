package assess

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
)

// What it takes to say that an origin renumbered, in seconds.
const (
	renumberSight = 600  // it was known not to announce the new prefixes for so long …
	renumberEarly = 600  // … they began at most so long before the first loss …
	renumberLate  = 30   // … or so long after the median loss …
	renumberGone  = 3600 // … and the old ones were not seen to return for so long
)

// renumbered lists prefixes that the origin began to announce with the loss and
// instead of what was lost; none unless all of this was seen:
//   - carriers in at least two networks knew for ten minutes that they did not
//     have the new prefix, and nobody was seen to have it in that time. What may
//     have stood unseen is not new: without a snapshot nothing is;
//   - it began at most ten minutes before the first loss, and not later than half
//     a minute after the median one – what is announced later is an answer to
//     the loss, such as an emergency prefix over another provider –, and at the
//     trough most of its carriers hold it;
//   - it does not overlap what was lost;
//   - all such prefixes together are at least half as large as what was lost, in
//     a family of which something was lost;
//   - what was lost did not return in the data, which go on for an hour.
//
// first is the second of the first loss.
func (e *evidence) renumbered(in outage.Input, o outage.Outage, first int64) []netip.Prefix {
	var out []netip.Prefix
	for _, n := range e.renumberedTo(in, o, first) {
		out = append(out, in.Prefixes[n.prefix].Prefix)
	}
	return out
}

// newPrefix is a prefix that began, as index into the input, with who says so.
type newPrefix struct {
	prefix int
	peers  []int
	from   int64 // when the first of them had it
}

func (e *evidence) renumberedTo(in outage.Input, o outage.Outage, first int64) []newPrefix {
	if o.Until.Seen || o.Censored == outage.Blind || o.Recovery.First.Seen || in.End-first < renumberGone {
		return nil
	}
	last := first
	if o.Onset.Median.Seen {
		last = o.Onset.Median.At
	}
	gone := map[int]bool{}
	for _, i := range o.Prefixes {
		gone[i] = true
	}
	var out []newPrefix
	for i, p := range in.Prefixes {
		if gone[i] || !slices.Contains(p.Origins, o.Origin) || slices.ContainsFunc(o.Prefixes, func(g int) bool { return in.Prefixes[g].Prefix.Overlaps(p.Prefix) }) {
			continue
		}
		if n, ok := e.beganWith(in, i, o, first-renumberEarly, last+renumberLate); ok {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return nil
	}
	all := outage.Outage{Partial: true} // the size of the prefixes as they are
	for _, n := range out {
		all.Prefixes = append(all.Prefixes, n.prefix)
	}
	sizes := outage.NewSizer(in)
	was, is := sizes.Of(o), sizes.Of(all)
	if !(was.V4 > 0 && 2*is.V4 >= was.V4) && !(was.V6 > 0 && 2*is.V6 >= was.V6) {
		return nil
	}
	return out
}

// beganWith reports whether a prefix began to be announced in [from, until].
func (e *evidence) beganWith(in outage.Input, i int, o outage.Outage, from, until int64) (newPrefix, bool) {
	n := newPrefix{prefix: i}
	networks := map[uint32]bool{}
	counted, held := 0, 0
	for _, c := range in.Prefixes[i].Carriers {
		switch stateAt(c, o.Trough()) {
		case outage.Held:
			held++
			counted++
		case outage.Covered, outage.Lost, outage.Replaced:
			counted++
		}
		began, since, sight := int64(-1), int64(0), false
		for k, s := range c.Steps {
			if s.State == outage.Held && began < 0 && s.At >= from {
				began = s.At
				// What it knew before, without a pause.
				sight = k > 0 && slices.Contains([]outage.State{outage.Absent, outage.Without, outage.Lost}, c.Steps[k-1].State)
				if sight {
					since = c.Steps[k-1].At
				}
			}
			end := in.End
			if k+1 < len(c.Steps) {
				end = c.Steps[k+1].At
			}
			if (s.State == outage.Held || s.State == outage.Covered) && s.At < from && end > from-renumberSight {
				return n, false // somebody had it
			}
		}
		if began < 0 || began > until || !sight || began-since < renumberSight {
			continue
		}
		if as := in.Peers[c.Peer].AS; as != 0 {
			networks[as] = true
		}
		if len(n.peers) == 0 || began < n.from {
			n.from = began
		}
		n.peers = append(n.peers, c.Peer)
	}
	return n, len(networks) >= 2 && 2*held > counted
}

// began tells the prefixes that an origin renumbered to, with a record of each.
func (e *evidence) began(in outage.Input, o outage.Outage) []finding.OtherRoute {
	first := o.From
	if o.Onset.First.Seen {
		first = min(first, o.Onset.First.At)
	}
	out := []finding.OtherRoute{}
	for _, n := range e.renumberedTo(in, o, first) {
		s := finding.OtherRoute{Kind: finding.BeganWith, Prefix: in.Prefixes[n.prefix].Prefix, Peers: len(n.peers), From: moment.Unix(n.from, 0), Until: moment.Unix(in.End, 0)}
		_, record := e.routeAt(n.peers[0], e.Table.Index(s.Prefix), o.Trough())
		s.Origin = o.Origin
		s.Exhibit, s.Offset = e.Locate(record)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b finding.OtherRoute) int {
		return cmp.Or(cmp.Compare(b.Peers, a.Peers), a.Prefix.Compare(b.Prefix))
	})
	return out
}
