package assess

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	"constat/judge/finding"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// Whose a prefix is that two networks announced is told by who stood in the tables long
// before, by the registries' delegations, and by how the two are related. What was
// another's before the subject announced it is not judged as the subject's: that the
// subject stops announcing it is no outage of the subject.
//
// Example: AS18101 announces 34 prefixes of other networks at 07:08 and stops at 21:13.
// It lost nothing that was its own.

// known reports whether it is known that a holder stood before.
func known(stood string) bool {
	return stood == finding.HolderBefore || stood == finding.HolderInferred
}

// setsAside reports whether what the subject announced is not judged as its own because
// of an announcement. Same is true if both announced the same addresses: a less specific
// of another alone is what every second customer's provider has.
func (e *evidence) setsAside(o *finding.OtherOrigin, c, holder *claim, same bool) bool {
	if explained(o) {
		return false
	}
	theirs := o.Delegated != nil && o.Delegated.Holder && !o.Delegated.Origin
	ours := o.Delegated != nil && o.Delegated.Origin && !o.Delegated.Holder
	wave := o.Began == finding.OtherWave || o.Began == finding.OtherUnknown && e.fewAtOnce(c)
	switch {
	case !o.Subject && o.Holder.Subject:
		// Another took the prefix up that was delegated to it, and not to the subject.
		return ours && o.Prefix == o.Holder.Prefix && o.Began != finding.OtherStood
	case !o.Subject:
		// Within a prefix that was asked about, a stranger's.
		gone := o.Holder.Stood == finding.HolderGone && o.Holder.Table != nil && o.Began == finding.OtherNew
		return !ours && e.Subject.MatchOtherOrigin(o.Prefix) && o.Prefix != o.Holder.Prefix && (known(o.Holder.Stood) || gone)
	case ours:
		return false
	case known(o.Holder.Stood), e.wasAway(o, c, holder):
		return (same || theirs) && (o.Began == finding.OtherNew || wave && same)
	case theirs:
		return same
	}
	if !same || !undecided(o) {
		return false
	}
	if e.gaveWay(c) {
		e.gave[o.Prefix] = true
		return true
	}
	return wave && c.from() >= e.start
}

// gaveWay reports whether no table has what the subject announced, another network's announcement of the same
// prefix was in sight before half of those who let the subject's go for good had done so, and most of these, in two networks, then had the
// other's. It may be the end of a hijack, or a victim's routes that are hijacked: both look the same.
//
// Example: no table; at 18:47 AS17557 is first seen to announce 208.65.153.0/24, at 20:07 AS36561, and until 20:30 half of
// the peers have changed from the first to the second. Had AS36561 come when all had withdrawn the route of AS17557, that
// would have been lost before.
func (e *evidence) gaveWay(c *claim) bool {
	if slices.ContainsFunc(c.starts, func(s start) bool { return s.sight == listed }) {
		return false
	}
	var ends []int64
	for _, end := range c.ends {
		if end >= 0 {
			ends = append(ends, end)
		}
	}
	if len(ends) == 0 {
		return false
	}
	slices.Sort(ends)
	half := ends[(len(ends)-1)/2]
	return slices.ContainsFunc(e.claims(c.prefix), func(x *claim) bool {
		if x.from() > half || !e.sides(e.Table.Prefixes[c.prefix], c.origin, x.origin) {
			return false
		}
		to := 0
		networks := map[uint32]bool{}
		for peer, end := range c.ends {
			if end >= 0 && e.heldAgain(x, peer, end) {
				to++
				if as := e.Table.Peers[peer].AS; as != 0 {
					networks[as] = true
				}
			}
		}
		return 2*to > len(ends) && len(networks) >= 2
	})
}

// wasAway reports whether the holder of a prefix was out when another began to announce it, and came back: it had stood in a
// table, the other is known not to have been there, and the holder's routes are there again later. What stood meanwhile
// took the place of a route that was not given up.
//
// Example: AS396001 stands in the tables of 12:00, and is out from 12:30 to 13:10. AS2666 announces its prefix, or a
// /24 of it, at 12:40 and stops at 12:50 or at 13:40: no outage of AS2666. Had AS396001 not come back, AS2666 might have
// taken the prefix over.
func (e *evidence) wasAway(o *finding.OtherOrigin, c, holder *claim) bool {
	return o.Subject && o.Relation == "" && o.Began == finding.OtherNew && o.Holder.Stood == finding.HolderGone && o.Holder.Table != nil &&
		holder.heldIn(c.from(), e.end) && e.heldBehind(holder, c.from())
}

// heldAgain reports whether a peer has a claim's route after a second.
func (e *evidence) heldAgain(c *claim, peer int, after int64) bool {
	return slices.ContainsFunc(e.Table.Steps(peer, c.prefix), func(s rib.RouteStep) bool {
		o := rib.Origins(e.Table.Paths.Path(s.Path))
		return s.At >= after && e.claimed(s, o) && o[0] == c.origin
	})
}

// explained reports whether what an origin announces of another's is its own by what is known of the two: it
// stood there before, they are related, or the lists delegate the prefix to the holder of both.
//
// Example: AS1 and AS2 are of one holder, and AS1 takes 10.0.0.0/22 over from AS2. That it is then
// withdrawn is an outage of AS1.
func explained(o *finding.OtherOrigin) bool {
	return o.Own != nil || o.Relation != "" || o.Delegated != nil && o.Delegated.Origin && o.Delegated.Holder
}

// bornWithin reports whether a more specific prefix came, and nothing of it had been there,
// while another's less specific stood, which went on when it had ended, or is not known to have ended: its
// addresses were routed before it and after it, and its end took no route from them. So it is if the less
// specific was out when the other ended, and came back later: it had not been given up. What a
// customer or a sibling of the holder announces is its own all the same, and may be cut off behind
// the less specific.
//
// Example: tables of 12:00 lack 185.10.1.0/24, and AS396001 stands there with
// 185.10.0.0/22. AS2666 announces the /24 at 12:30 and withdraws it at 13:00; or the provider
// of AS396001 does, with a /32, to have an attack on it thrown away. That the /22 is out from 12:45 to 13:20 is
// the loss of AS396001.
func (e *evidence) bornWithin(o *finding.OtherOrigin, c, holder *claim) bool {
	if !o.Subject && !e.Subject.MatchOtherOrigin(o.Prefix) || o.Own != nil || o.Began != finding.OtherNew ||
		o.Holder.Prefix == o.Prefix || !known(o.Holder.Stood) && !e.wasAway(o, c, holder) || o.Relation != "" && o.Relation != finding.RelationProvider {
		return false
	}
	if o.Delegated != nil && o.Delegated.Origin {
		return false // its own, or of one holder with the other
	}
	last := int64(0)
	for _, h := range c.holds {
		last = max(last, h.until)
	}
	return holder.heldIn(min(last, e.end-1), last+waveOf) || e.mayStand(holder, min(last, e.end-1)) || e.heldBehind(holder, last)
}

// heldBehind reports whether two networks have a claim's route again behind a second.
func (e *evidence) heldBehind(c *claim, after int64) bool {
	return e.networksOf(c.starts, func(s start) bool { return e.heldAgain(c, s.peer, after) }) >= 2
}

// isStranger reports whether a network that is none of a country's by the lists is a stranger to
// addresses of the country, and no operator of it: its announcement began while or after that
// of another stood, and no relation of the two is known. Who stood in the tables, or was seen
// first, may have leased them.
//
// Example: all operators of a country lose their prefixes at 12:30, and at 12:35 a network
// of another country announces one of these. That is not the operator's return, and
// that it ends at 13:40 is no outage of the country.
func (e *evidence) isStranger(o *finding.OtherOrigin, c *claim) bool {
	wave := o.Began == finding.OtherWave || o.Began == finding.OtherUnknown && e.fewAtOnce(c)
	if o.Subject || o.Own != nil || o.Relation != "" || o.Began != finding.OtherNew && !wave || !e.Subject.FromCountry(o.Prefix) {
		return false
	}
	d := o.Delegated
	switch {
	case d != nil && d.Origin:
		return false
	case d != nil && d.Holder:
		return true
	}
	return known(o.Holder.Stood) || o.Holder.Stood == finding.HolderGone && (o.Holder.Table != nil || o.Began == finding.OtherNew)
}

// undecided reports whether nothing says whose a prefix was that the subject announced: no
// table has either of the two, and neither was seen long before the other.
func undecided(o *finding.OtherOrigin) bool {
	return o.Subject && o.Holder.Table == nil && (o.Holder.Stood == finding.HolderSeen || o.Holder.Stood == finding.HolderUnknown) &&
		(o.Delegated == nil || !o.Delegated.Holder)
}

// decided drops the announcements of the subject of which nothing says whose the
// prefix was, unless most of its prefixes are known to have been others', and all of them
// were announced by others, too: then there is no reason to take the rest for its own.
//
// Example: of 34 prefixes that AS18101 announces, all within a day and each beside
// another network, 29 are known to have been others' before.
//
// Nor is one dropped that another's took the place of ([evidence.gaveWay]), or if a collector has a hole after it began, for whatever reason: what is missing might tell. Example: AS17557 announces 208.65.153.0/24 at 18:47, AS36561
// at 20:07, and one file of that evening is lost. That AS17557 stops at 21:01 is no outage of it.
func (e *evidence) decided(all []finding.OtherOrigin) []finding.OtherOrigin {
	theirs, told := map[netip.Prefix]bool{}, map[netip.Prefix]bool{}
	for i := range all {
		if o := &all[i]; o.Subject && o.Aside {
			told[o.Prefix] = true
			if !undecided(o) {
				theirs[o.Prefix] = true
			}
		}
	}
	if len(told) == len(e.Prefixes) && 2*len(theirs) > len(told) {
		return all
	}
	return slices.DeleteFunc(all, func(o finding.OtherOrigin) bool {
		return o.Aside && undecided(&o) && !e.gave[o.Prefix] && !slices.ContainsFunc(e.Ledger.Blind, func(b vantage.Blind) bool {
			return b.Peer == nil && b.Forget && b.From >= *o.From.First && b.From.Sec() < e.end
		})
	})
}

// fewAtOnce reports whether an announcement came into sight at one network alone, and
// there at once: too few for a wave, and a beginning all the same.
func (e *evidence) fewAtOnce(c *claim) bool {
	first := c.from()
	return e.networksOf(c.starts, func(start) bool { return true }) < 2 &&
		!slices.ContainsFunc(c.starts, func(s start) bool { return s.sight == listed || s.at > first+waveOf })
}

// delegated says to the holder of which of two networks a prefix was delegated, by the
// most specific block of the lists; nil if they do not say.
func (e *evidence) delegated(p netip.Prefix, origin, holder uint32) *finding.Delegated {
	var out *finding.Delegated
	for _, h := range e.Holdings {
		if h.Block.Bits() > p.Bits() || !h.Block.Contains(p.Addr()) || out != nil && h.Block.Bits() < out.Block.Bits() {
			continue
		}
		out = &finding.Delegated{Block: h.Block, List: h.List, Origin: slices.Contains(h.ASes, origin), Holder: slices.Contains(h.ASes, holder)}
	}
	return out
}

// setAside takes the prefixes that are not judged as the subject's off its list. They
// stay among those that are followed, as what others announced.
func (e *evidence) setAside() {
	by := map[netip.Prefix][]uint32{} // the origins whose announcement of a prefix is set aside
	for i := range e.announced {
		o := &e.announced[i]
		switch {
		case o.Stranger:
			by[o.Prefix] = append(by[o.Prefix], o.Origin)
			if e.strangers == nil {
				e.strangers = map[netip.Prefix][]uint32{}
			}
			e.strangers[o.Prefix] = append(e.strangers[o.Prefix], o.Origin)
		case !o.Aside:
		case o.Holder.Subject && !o.Subject && o.Delegated != nil && o.Delegated.Origin && !o.Delegated.Holder:
			by[o.Prefix] = append(by[o.Prefix], o.Holder.Origin)
		default:
			by[o.Prefix] = append(by[o.Prefix], o.Origin)
		}
	}
	if len(by) == 0 {
		return
	}
	e.aside = map[netip.Prefix]bool{}
	var own []netip.Prefix
	inside := slices.Clone(e.Inside)
	for _, p := range e.Prefixes {
		if of, ok := by[p]; ok && !slices.ContainsFunc(e.Origins[p], func(o uint32) bool { return !slices.Contains(of, o) }) {
			e.aside[p] = true
			inside = append(inside, p)
			continue
		}
		own = append(own, p)
	}
	slices.SortFunc(inside, netip.Prefix.Compare)
	e.Prefixes, e.Inside = own, inside
	e.withoutStrangers()
}

// withoutStrangers takes strangers off the origins of the prefixes that stay on the list.
func (e *evidence) withoutStrangers() {
	if len(e.strangers) == 0 {
		return
	}
	e.Origins = maps.Clone(e.Origins)
	for p, of := range e.strangers {
		if !e.aside[p] {
			e.Origins[p] = slices.DeleteFunc(slices.Clone(e.Origins[p]), func(o uint32) bool { return slices.Contains(of, o) })
		}
	}
}

// strange reports whether a route to a prefix is a stranger's.
func (e *evidence) strange(p netip.Prefix, path []uint32) bool {
	of, ok := e.strangers[p]
	if !ok {
		return false
	}
	origins := rib.Origins(path)
	return len(origins) > 0 && !slices.ContainsFunc(origins, func(o uint32) bool { return !slices.Contains(of, o) })
}

// class puts prefixes of the subject into classes: of two of one class, two routes with the
// same origin are the subject's, or none is. A prefix to which there are strangers, or that
// several networks announce, is like no other.
func (e *evidence) class(p netip.Prefix) int {
	i := e.Table.Index(p)
	if _, ok := e.strangers[p]; ok || e.mixed[i] {
		return -2 - i
	}
	return e.Subject.Class(p)
}

// Contested lists the prefixes that several networks announced, the subject or others,
// and those networks: what the registries' lists are asked about.
func Contested(ev *Evidence) (prefixes []netip.Prefix, networks []uint32) {
	for _, o := range prepare(ev).announced {
		prefixes = append(prefixes, o.Prefix)
		networks = append(networks, o.Origin, o.Holder.Origin)
	}
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int { return cmp.Or(a.Addr().Compare(b.Addr()), a.Bits()-b.Bits()) })
	slices.Sort(networks)
	return slices.Compact(prefixes), slices.Compact(networks)
}
