package report

import (
	"cmp"
	"slices"

	"constat/internal/locale"
	"constat/judge/finding"
)

// taker is a network whose routes stood where those of the subject had been.
type taker struct {
	origin uint32
	finding.OtherRoute
}

// takersOf gathers routes that stood in by their networks, those at most vantages first. A
// network that had several prefixes had them at as many vantages as the one that most had.
func takersOf(routes []finding.OtherRoute) []taker {
	var out []taker
	for _, r := range routes {
		if r.Kind != finding.ReplacedBy || r.Origin == 0 {
			continue
		}
		i := slices.IndexFunc(out, func(t taker) bool { return t.origin == r.Origin })
		if i < 0 {
			out = append(out, taker{r.Origin, r})
			continue
		}
		out[i].Peers = max(out[i].Peers, r.Peers)
		out[i].From, out[i].Until = min(out[i].From, r.From), max(out[i].Until, r.Until)
	}
	slices.SortStableFunc(out, func(a, b taker) int { return cmp.Compare(b.Peers, a.Peers) })
	return out
}

// takersProse names the networks whose routes took the place of those of a network; nil if
// nobody's did.
func takersProse(p *printer, routes []finding.OtherRoute, of uint32) para {
	all := takersOf(routes)
	if len(all) == 0 {
		return nil
	}
	if len(all) > 1 {
		var names []string
		for _, t := range all[:min(len(all), mostGroups)] {
			names = append(names, p.t("taken.item", "as", p.as(t.origin), "vantages", p.counted("unit.vantage", int64(t.Peers)), "from", p.then(t.From, all[0].From)))
		}
		if n := int64(len(all) - len(names)); n > 0 {
			names = append(names, p.count("place.more", n))
		}
		return append(say("taken.several", locale.None, "list", p.and(names), "from", p.at(all[0].From)), siblingProse(p, all, of)...)
	}
	t := all[0]
	key := "taken"
	if t.Until >= p.f.Question.Until {
		key = "taken.open"
	}
	s := say(key, locale.None, "as", p.is(t.origin), "vantages", p.counted("unit.vantage", int64(t.Peers)), "from", p.at(t.From), "until", p.then(t.Until, t.From))
	if key == "taken" {
		s = append(s, laterProse(p, t)...)
	}
	return append(append(s, allOfTaker(p, t)...), siblingProse(p, all, of)...)
}

// laterProse says until when routes of a taker stood in that was told to have been let go.
//
// Example: AS1 takes a prefix of AS2 over at 12:30, all lose it at 13:00, and have it of AS1 again
// from 13:30 on.
func laterProse(p *printer, t taker) para {
	last := t.Until
	for _, x := range p.f.Subject.Prefixes {
		for _, r := range x.StandIns {
			if r.Kind == finding.ReplacedBy && r.Origin == t.origin && r.Prefix == t.Prefix {
				last = max(last, r.Until)
			}
		}
	}
	switch {
	case last <= t.Until:
		return nil
	case last >= p.f.Question.Until:
		return say("taken.later.open", locale.None)
	}
	return say("taken.later", locale.None, "until", p.then(last, t.From))
}

// allOfTaker says how many had a route of a taker in all, also of those that had not lost
// anything.
func allOfTaker(p *printer, t taker) para {
	i := slices.IndexFunc(p.f.Others, func(o finding.OtherOrigin) bool { return o.Origin == t.origin && o.Prefix == t.Prefix })
	if i < 0 {
		return nil
	}
	o := &p.f.Others[i]
	if o.From.First == nil || o.Peers <= t.Peers {
		return nil
	}
	until := p.t("others.until.open")
	if o.Until.Last != nil {
		until = p.t("others.until", "until", p.then(*o.Until.Last, *o.From.First))
	}
	return say("taken.all", locale.None, "peers", p.counted("unit.peer", int64(o.Peers)), "networks", p.counted("unit.network", int64(o.Networks)),
		"prefix", ofPrefix(o.Prefix), "from", p.at(*o.From.First), "until", until)
}

// siblingProse says of networks that took a place which of them are of one organisation with
// the network whose it was.
func siblingProse(p *printer, all []taker, of uint32) para {
	for _, t := range all {
		if slices.ContainsFunc(p.f.Others, func(o finding.OtherOrigin) bool {
			return o.Relation == finding.RelationSibling && (o.Origin == t.origin && o.Holder.Origin == of || o.Origin == of && o.Holder.Origin == t.origin)
		}) {
			return say("taken.sibling", locale.None, "as", p.is(t.origin), "of", p.is(of))
		}
	}
	return nil
}

// takersLine is the same for a line of the verdict.
func takersLine(p *printer, x *finding.Cause) para {
	all := takersOf(x.Takers)
	if len(all) == 0 {
		return nil
	}
	return say("taken.line", locale.None, "as", p.is(all[0].origin), "vantages", p.counted("unit.vantage", int64(all[0].Peers)))
}

// only is the one origin of the subject, 0 if it has several.
func (c *facts) only() uint32 {
	if len(c.f.Subject.Origins) == 1 {
		return c.f.Subject.Origins[0]
	}
	return 0
}

// stoodInProse says in one sentence beside the headline loss whose routes took the place of
// those lost, if they did at half or more of the peers that lost them.
func stoodInProse(p *printer, c *facts) para {
	if c.cause < 0 || c.causeOutage(c.cause) == nil || c.head == nil {
		return nil
	}
	x, o := &c.f.Cause[c.cause], c.causeOutage(c.cause)
	all := takersOf(x.Takers)
	if o.From != c.head.From || c.end(nil, o) != c.end(nil, c.head) || len(all) == 0 || 2*all[0].Peers < o.Witnesses.Lost {
		return nil
	}
	return takersLine(p, x)
}

// standInRoutes are the routes that stood in for some prefixes of the subject.
func standInRoutes(f *finding.Findings, q finding.Proposition) []finding.OtherRoute {
	var out []finding.OtherRoute
	for i := range f.Subject.Prefixes {
		if x := &f.Subject.Prefixes[i]; slices.Contains(q.Prefixes, x.Prefix) {
			out = append(out, x.StandIns...)
		}
	}
	return out
}
