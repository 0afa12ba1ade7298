package assess

import (
	"cmp"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/moment"
)

// belowOf puts what lies below the rules of an outage in the terms of findings.json; nil if
// nothing does. Of prefixes that no two networks were ever known to carry nothing is said.
func (e *evidence) belowOf(prefixes []outage.Prefix, b outage.Below) *finding.Below {
	out := &finding.Below{Losses: b.Losses, Peers: b.Peers, Networks: b.Networks, Prefixes: b.Prefixes, Most: b.Most, Of: b.Of,
		Short: finding.Short{Losses: b.Short, Seconds: b.ShortSeconds, Longest: b.ShortLongest}, Unshown: []finding.Unshown{}}
	if b.Most > 0 {
		at := moment.Unix(b.MostAt, 0)
		out.MostAt = &at
	}
	like := map[*outage.Carrier]int{} // prefixes that share their carriers
	for _, p := range prefixes {
		if len(p.Carriers) > 0 {
			like[&p.Carriers[0]]++
		}
	}
	var all []outage.Unshown
	n := map[int]int{} // by prefix
	for _, x := range b.Unshown {
		p := prefixes[x.Prefix]
		if _, ok := n[x.Prefix]; !ok {
			n[x.Prefix] = 0
			if len(e.watchedTimes(p)) > 0 {
				n[x.Prefix] = like[&p.Carriers[0]]
			}
		}
		if n[x.Prefix] > 0 {
			all = append(all, x)
		}
	}
	for _, why := range []outage.Why{outage.LookedAway, outage.Open, outage.Unlisted, outage.Perhaps} {
		out.Unshown = append(out.Unshown, together(all, n, why)...)
	}
	slices.SortStableFunc(out.Unshown, func(a, b finding.Unshown) int { return cmp.Compare(a.From, b.From) })
	for _, x := range out.Unshown {
		out.Doubt = out.Doubt || x.Doubt
	}
	if out.UnshownOf = len(out.Unshown); out.UnshownOf > finding.UnshownMost {
		out.Unshown = out.Unshown[:finding.UnshownMost]
	}
	if b.Most == 0 && len(out.Unshown) == 0 {
		return nil
	}
	return out
}

// doubtsOf are the times beside outages in which a loss may have begun that nobody saw. What else
// lies below the rules is not told beside outages: it is counted with their losses.
func doubtsOf(b outage.Below) outage.Below {
	var out outage.Below
	for _, x := range b.Unshown {
		if x.Recent {
			out.Unshown = append(out.Unshown, x)
		}
	}
	return out
}

// undecided counts of each operator the prefixes of which it is not known at some time whether
// they stayed.
func (e *evidence) undecided(of []finding.Operator, prefixes []outage.Prefix, b outage.Below) {
	doubt := map[*outage.Carrier]bool{} // prefixes that are alike share their carriers
	for _, x := range doubtsOf(b).Unshown {
		if p := prefixes[x.Prefix]; len(e.watchedTimes(p)) > 0 {
			doubt[&p.Carriers[0]] = true
		}
	}
	n := map[uint32]int{}
	for _, p := range prefixes {
		if len(p.Carriers) > 0 && doubt[&p.Carriers[0]] {
			for _, o := range p.Origins {
				n[o]++
			}
		}
	}
	for i := range of {
		of[i].Undecided = n[of[i].AS]
	}
}

// Below tells what lies below the rules of the outages of an [Input], of which b is what
// [outage.FindSubject] gave; nil if nothing does.
func Below(ev *Evidence, in outage.Input, b outage.Below) *finding.Below {
	return prepare(ev).belowOf(in.Prefixes, b)
}

// together joins the times of prefixes that overlap; n is how many are alike to each.
func together(all []outage.Unshown, n map[int]int, why outage.Why) []finding.Unshown {
	var of []outage.Unshown
	for _, x := range all {
		if x.Why == why {
			of = append(of, x)
		}
	}
	slices.SortStableFunc(of, func(a, b outage.Unshown) int { return cmp.Compare(a.From, b.From) })
	var out []finding.Unshown
	for i := 0; i < len(of); {
		u := finding.Unshown{From: moment.Unix(of[i].From, 0), Why: whyOf[why]}
		until := of[i].Until
		var edges []edge
		for ; i < len(of) && of[i].From <= until; i++ {
			x := of[i]
			until = max(until, x.Until)
			edges = append(edges, edge{x.From, n[x.Prefix]}, edge{x.Until, -n[x.Prefix]})
			u.Doubt = u.Doubt || x.Recent
			if a, b := x.Without*max(u.Watching, 1), u.Without*x.Watching; a > b || a == b && x.Watching > u.Watching {
				u.Without, u.Watching, u.Away = x.Without, x.Watching, x.Away
			}
		}
		u.Until, u.Prefixes = moment.Unix(until, 0), highest(edges)
		out = append(out, u)
	}
	return out
}

var whyOf = map[outage.Why]string{outage.LookedAway: finding.UnshownLeft, outage.Open: finding.UnshownOpen, outage.Unlisted: finding.UnshownUnlisted, outage.Perhaps: finding.UnshownPerhaps}

// highest is the most that edges add up to.
func highest(edges []edge) int {
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.d, b.d)) })
	n, most := 0, 0
	for _, x := range edges {
		n += x.d
		most = max(most, n)
	}
	return most
}

// unshownOf are the times of a prefix in which nobody knows whether it stayed, by the first
// of the carriers that it shares.
func unshownOf(prefixes []outage.Prefix, b outage.Below) map[*outage.Carrier][]edge {
	out := map[*outage.Carrier][]edge{}
	for _, x := range b.Unshown {
		c := &prefixes[x.Prefix].Carriers[0]
		out[c] = append(out[c], edge{x.From, 1}, edge{x.Until, -1})
	}
	return out
}

// without takes times away from others.
func without(spans []outage.Span, edges []edge) []outage.Span {
	if len(edges) == 0 {
		return spans
	}
	all := slices.Clone(edges)
	for i := range all {
		all[i].d *= -2
	}
	return sweep(append(all, edgesOf(spans)...), 1)
}
