package assess

import (
	"net/netip"
	"slices"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/vantage"
)

// verdict draws the propositions from what was measured and weighed.
func (e *evidence) verdict(f *finding.Findings) finding.Verdict {
	v := finding.Verdict{Standard: e.Declared, Propositions: []finding.Proposition{}}
	add := func(p finding.Proposition) {
		orEmpty(&p.Class)
		v.Propositions = append(v.Propositions, p)
	}
	for i := range f.Cause {
		c := &f.Cause[i]
		o := &f.Outages[c.Outage]
		at := i
		say := func(key string, level proof.Level, class []place.Hypothesis) finding.Proposition {
			q := finding.Proposition{Key: key, Level: level, Cause: &at, Class: class}
			if o.Scope == outage.ScopeOrigin.String() { // else it is the subject that was lost, whoever announced it last
				q.Origin = c.Origin
			}
			return q
		}
		fact, enough := proof.NotEstablished, e.witnesses(o) >= e.Standard.FactWitnesses
		few := !o.Partial && o.Witnesses.Few()
		collectors := map[string]bool{}
		for _, t := range o.Peers {
			collectors[vantage.HostOf(t.Collector)] = true
		}
		switch {
		case enough && len(collectors) >= e.Standard.Collectors && !few:
			fact = proof.Established
		case o.Witnesses.ASes >= 2:
			fact = proof.Indicated
		}
		if c.Rival {
			switch c.Class[0].Parts[0][0].Kind {
			case place.Observer:
				add(say(finding.PropObserver, c.Level, c.Class))
			case place.Replaced:
				add(say(finding.PropReplaced, c.Level, c.Class))
			default:
				add(say(finding.PropRenumber, c.Level, c.Class))
			}
			continue
		}
		unseen := e.unseen[c.Outage] && fact >= proof.Indicated
		if unseen {
			fact = proof.Indicated
		}
		lost := say(finding.PropOutage, fact, nil)
		lost.FewFullFeeds = !unseen && !enough && o.Witnesses.ASes >= e.Standard.FactWitnesses
		lost.UnseenBefore = unseen
		if few && !unseen && enough && len(collectors) >= e.Standard.Collectors {
			lost.Untold = o.Witnesses.Untold()
		}
		add(lost)
		if len(o.Total) > 0 {
			total := totalLevel(fact, o.Witnesses)
			if few {
				total = proof.NotEstablished
			}
			add(say(finding.PropTotal, total, nil))
		}
		add(say(finding.PropPlace, c.Level, c.Class))
		if len(c.Class) > 1 {
			add(say(finding.PropMember, proof.NotEstablished, c.Class))
		}
		for _, h := range c.Hypotheses {
			if h.Excluded {
				add(finding.Proposition{Key: finding.PropNode, Level: proof.Excluded, Cause: &at, Class: []place.Hypothesis{h.Hypothesis}, Network: h.Parts[0][0].A})
			}
		}
	}
	e.standIns(f, add)
	if len(f.Outages) == 0 {
		e.observers(f, add)
	}
	if len(f.Cause) > 0 {
		add(finding.Proposition{Key: finding.PropAuthor, Level: proof.NotEstablished})
	}
	return v
}

// totalLevel is how far it goes that a loss was total: not at all if somebody who held on
// announced the route when paths had long stopped being explored, since what is stuck is not
// announced; and not far if two did so on the way down, by a way that may be another.
func totalLevel(fact proof.Level, w finding.Witnesses) proof.Level {
	switch {
	case w.Late > 0:
		return proof.NotEstablished
	case len(w.Renewed) > 1:
		return min(fact, proof.Indicated)
	}
	return fact
}

// witnesses counts the distinct networks whose loss establishes an outage. Peers
// known to tell a part of their routes only do not count: a route that they
// withdraw may have moved to a neighbour of whose routes they do not tell. If the
// loss was not total, so that it may be a reroute, only peers known to tell all of
// their routes count.
func (e *evidence) witnesses(o *finding.Outage) int {
	full, partial := e.feeds()
	return networks(o.Peers, func(p vantage.Peer) bool { return !partial[p] && (len(o.Total) > 0 || full[p]) })
}

// networks counts the distinct networks among peers.
func networks(ticks []finding.Tick, of func(vantage.Peer) bool) int {
	as := map[uint32]bool{}
	for _, t := range ticks {
		if t.AS != 0 && of(vantage.Peer{Collector: t.Collector, Addr: t.Peer, AS: t.AS}) {
			as[t.AS] = true
		}
	}
	return len(as)
}

type addProposition func(finding.Proposition)

// standIns names the prefixes that were withdrawn while another route stood in for
// them at most of their carriers: they were not cut. A prefix that was out as well
// is left out, whatever stood in for it at other times. Carriers of which it is unknown whether
// they had that route may have lost it: if they are half of all, nothing is established, and
// if they are more than those of which it is known, nothing is said.
func (e *evidence) standIns(f *finding.Findings, add addProposition) {
	out := map[string]bool{}
	for _, o := range f.Outages {
		if o.Scope == outage.ScopePrefix.String() {
			out[o.Name] = true
		}
	}
	for _, way := range []struct {
		name string
		of   func(finding.Prefix) int
	}{
		{finding.StandInLess, func(p finding.Prefix) int { return coveredBy(p, false) }},
		{finding.StandInMore, func(p finding.Prefix) int { return coveredBy(p, true) }},
		{finding.StandInOrigin, func(p finding.Prefix) int { return p.Replaced }},
	} {
		var prefixes []netip.Prefix
		level := proof.NotEstablished
		for _, p := range f.Subject.Prefixes {
			n := way.of(p)
			if n == 0 || 2*n < p.Carriers-p.Unknown || out[p.Prefix.String()] || e.Rules >= 2 && n < p.Unknown {
				continue
			}
			prefixes = append(prefixes, p.Prefix)
			l := proof.Indicated
			if n >= e.Standard.FactWitnesses && hosts(f.Watch.Collectors) >= e.Standard.Collectors && (e.Rules < 2 || 2*n >= p.Carriers) {
				l = proof.Established
			}
			if len(prefixes) == 1 || l < level {
				level = l // the weakest speaks for all
			}
		}
		if len(prefixes) > 0 {
			add(finding.Proposition{Key: finding.PropReplaced, Level: level, Class: []place.Hypothesis{place.Single(place.Break{Kind: place.Replaced})},
				StandIn: way.name, Prefixes: prefixes})
		}
	}
}

// coveredBy is the number of peers at which a prefix was covered, if more
// specifics did that, or if a less specific did and no more specifics.
func coveredBy(p finding.Prefix, more bool) int {
	is := slices.ContainsFunc(p.StandIns, func(s finding.OtherRoute) bool {
		return s.Kind == finding.CoveredBy && s.Prefix.Bits() > p.Prefix.Bits()
	})
	if is != more {
		return 0
	}
	return p.Covered
}

// observers says that the watching broke off, and nothing else, if no route was lost
// and at least half of the carriers had their session reset.
func (e *evidence) observers(f *finding.Findings, add addProposition) {
	reset, back := 0, 0
	for _, r := range f.Strip {
		if slices.ContainsFunc(f.Watch.Blind, func(b finding.Blind) bool {
			return b.Collector == r.Collector && b.Peer != nil && *b.Peer == r.Peer &&
				(b.Reason == finding.SessionDown || b.Reason == finding.TableTransfer)
		}) {
			reset++
			if n := len(r.Runs); n > 0 && (r.Runs[n-1].State == finding.Seen || r.Runs[n-1].Held > 0) && (e.Rules < 2 || cameBack(r, f.Watch.Blind)) {
				back++
			}
		}
	}
	if reset == 0 || 2*reset < len(f.Strip) {
		return
	}
	// That nothing was cut is known only if the routes came back with the
	// sessions, and nobody was seen to lose them.
	gone := slices.ContainsFunc(f.Timeline.Steps, func(s finding.Step) bool { return s.Gone > 0 })
	if 10*back < 9*reset || gone {
		return
	}
	// Nor if they came back without them, where a loss may have begun that nobody saw.
	if e.Rules >= 2 && f.Below != nil && f.Below.Doubt {
		return
	}
	level := proof.Indicated
	if reset >= e.Standard.FactWitnesses {
		level = proof.Established
	}
	add(finding.Proposition{Key: finding.PropObserver, Level: level, Class: []place.Hypothesis{place.Single(place.Break{Kind: place.Observer})},
		Reset: reset, Carriers: len(f.Strip)})
}

// cameBack reports whether nine tenths of the routes that a peer had before each reset were
// back within [waveOf] seconds of its end: if they came later, it is not known that they
// stood meanwhile. Where it is not watched in that time, or not seen to the second, it does
// not say no.
func cameBack(r finding.Row, blind []finding.Blind) bool {
	if !r.Exact {
		return true
	}
	of := func(b finding.Blind) bool { return b.Collector == r.Collector && (b.Peer == nil || *b.Peer == r.Peer) }
	for _, b := range blind {
		if !of(b) || b.Reason != finding.SessionDown && b.Reason != finding.TableTransfer {
			continue
		}
		soon := b.Until + waveOf*moment.Second
		if slices.ContainsFunc(blind, func(c finding.Blind) bool { return of(c) && c.From > b.From && c.From <= soon && c.Until > b.Until }) {
			continue
		}
		before, back := 0, 0
		for i, x := range r.Runs {
			if x.At < b.From && x.Held > 0 {
				before = x.Held
			}
			if x.At <= soon && (i+1 == len(r.Runs) || r.Runs[i+1].At > b.Until) {
				back = max(back, x.Held)
			}
		}
		if 10*back < 9*before {
			return false
		}
	}
	return true
}

// hosts is of how many collectors there are accounts: an answer about one is not another.
func hosts(names []string) int {
	of := map[string]bool{}
	for _, n := range names {
		of[vantage.HostOf(n)] = true
	}
	return len(of)
}
