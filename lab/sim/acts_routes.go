package sim

import (
	"fmt"
	"net/netip"
	"slices"
)

// slash24 are the prefixes from one index to before another one.
func slash24(from, to int) []netip.Prefix {
	var out []netip.Prefix
	for i := from; i < to; i++ {
		out = append(out, prefixOf(i))
	}
	return out
}

// distances are how long before the failure something moved, in seconds: from
// before anybody has converged to before the files begin.
var distances = []int64{5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 960, 1200, 2400, 3600, 6000, 20_000, 200_000}

// failing is one way in which what a network passes to its neighbour fails.
func failing(d *dice, near, far uint32) Break {
	switch d.below(4) {
	case 0:
		return Break{Kind: Import, A: far, Neighbours: []uint32{near}}
	case 1:
		return Break{Kind: Export, A: far}
	case 2:
		return Break{Kind: NodeDown, A: far, Wide: true}
	}
	return Break{Kind: Adjacency, A: far, B: near, Wide: d.chance(0.5)}
}

// twoProviders draws two providers of a network.
func (p *Player) twoProviders(as uint32, d *dice) (a, b uint32, ok bool) {
	ps := p.asns(p.w.g.providers(p.index(as)))
	if len(ps) < 2 {
		return 0, 0, false
	}
	shuffle(d, ps)
	return ps[0], ps[1], true
}

// move lets a network announce to one provider, then to another one, and then what
// it passes to that one fails.
func (p *Player) move(c *Case, d *dice, as uint32, wide bool) bool {
	a, b, ok := p.twoProviders(as, d)
	if !ok {
		return false
	}
	before := pick(d, distances)
	overlap := int64(0)
	if d.chance(0.3) {
		overlap = min(before-1, int64(d.below(60)))
	}
	f := failing(d, as, b)
	c.Note = fmt.Sprintf("AS%d moved from AS%d to AS%d %d s before; then %v", as, a, b, before, f)
	toA, toB := p.onlyTo(as, a, wide), p.onlyTo(as, b, wide)
	if overlap > 0 {
		// Both for a while: to neither of the others.
		both := toA
		both.Neighbours = slices.DeleteFunc(slices.Clone(toA.Neighbours), func(x uint32) bool { return x == b })
		return c.plan(spell{always, -before, toA}, spell{-before, overlap - before, both}, spell{overlap - before, never, toB}, spell{0, never, f})
	}
	return c.plan(spell{always, -before, toA}, spell{-before, never, toB}, spell{0, never, f})
}

// drawMove moves the origin to another provider, which then fails.
func (p *Player) drawMove(c *Case, d *dice) bool { return p.move(c, d, c.Origin, false) }

// drawUpstreamMove moves the only provider to another upstream.
func (p *Player) drawUpstreamMove(c *Case, d *dice) bool {
	g, ok := p.only()
	return ok && g != c.Origin && p.move(c, d, g, d.chance(0.5))
}

// drawStandby lets the primary link fail and a standby take over, which then
// fails too. The standby was announced with prepending all the time, or is only
// announced when the primary is gone.
func (p *Player) drawStandby(c *Case, d *dice) bool { return p.standby(c, d, c.Origin) }

// drawUpstreamStandby is the same one level up: of the only provider.
func (p *Player) drawUpstreamStandby(c *Case, d *dice) bool {
	g, ok := p.only()
	return ok && g != c.Origin && p.standby(c, d, g)
}

func (p *Player) standby(c *Case, d *dice, as uint32) bool {
	a, b, ok := p.twoProviders(as, d)
	if !ok {
		return false
	}
	before := pick(d, distances)
	first, then := Break{Kind: Adjacency, A: a, B: as, Wide: d.chance(0.5)}, failing(d, as, b)
	toA, toB := p.onlyTo(as, a, false), p.onlyTo(as, b, false)
	both := toA
	both.Neighbours = slices.DeleteFunc(slices.Clone(toA.Neighbours), func(x uint32) bool { return x == b })
	if as == c.Origin && d.chance(0.5) {
		c.Prepend = map[uint32]int{b: 3 + d.below(4)}
		c.Note = fmt.Sprintf("the link to AS%d failed %d s before, the standby over AS%d took over; then %v", a, before, b, then)
		return c.plan(spell{always, never, both}, spell{-before, never, first}, spell{0, never, then})
	}
	c.Prepend = nil
	gap := min(before-1, int64(1+d.below(60)))
	c.Note = fmt.Sprintf("the link to AS%d failed %d s before, AS%d was announced to %d s later; then %v", a, before, b, gap, then)
	return c.plan(spell{always, gap - before, toA}, spell{gap - before, never, toB}, spell{-before, never, first}, spell{0, never, then})
}

// drawSelective announces some prefixes over one provider and others over another
// one; the first fails.
func (p *Player) drawSelective(c *Case, d *dice) bool {
	a, b, ok := p.twoProviders(c.Origin, d)
	if !ok {
		return false
	}
	f := failing(d, c.Origin, a)
	c.Note = fmt.Sprintf("some prefixes are announced to AS%d alone, others to AS%d; then %v", a, b, f)
	other := Line{Prefixes: slash24(10, 11+d.below(3)), By: []uint32{c.Origin}}
	other.Base, other.Steps = schedule([]spell{{always, never, p.onlyTo(c.Origin, b, false)}, {0, never, f}})
	c.Beside = append(c.Beside, other)
	return c.plan(spell{always, never, p.onlyTo(c.Origin, a, false)}, spell{0, never, f})
}

// drawAggregate lets the provider announce an aggregate over the customer's
// prefixes all day; then the link is cut.
func (p *Player) drawAggregate(c *Case, d *dice) bool {
	g, ok := p.only()
	if !ok || g == c.Origin {
		return false
	}
	f := Break{Kind: Adjacency, A: g, B: c.Origin, Wide: d.chance(0.5)}
	if d.chance(0.4) {
		f = Break{Kind: Import, A: g, Neighbours: []uint32{c.Origin}}
	}
	c.Note = fmt.Sprintf("AS%d announces %v over the prefixes; then %v", g, coverOf(), f)
	c.Beside = append(c.Beside, Line{Prefixes: []netip.Prefix{coverOf()}, By: []uint32{g}, Stays: true})
	return c.at(0, f)
}

// drawOwnAggregate lets the origin announce an aggregate beside its prefixes; then
// both are lost, or the more specific ones are filtered.
func (p *Player) drawOwnAggregate(c *Case, d *dice) bool {
	g, ok := p.only()
	if !ok || g == c.Origin {
		return false
	}
	f := failing(d, c.Origin, g)
	l := Line{Prefixes: []netip.Prefix{coverOf()}, By: []uint32{c.Origin}, Prepend: c.Prepend}
	if d.chance(0.6) {
		l.Steps = []Step{{Breaks: []Break{f}}}
	} else {
		f = Break{Kind: Import, A: g, Neighbours: []uint32{c.Origin}}
		c.NoCut = Replaced
	}
	c.Note = fmt.Sprintf("the origin announces %v too; then %v", coverOf(), f)
	c.Beside = append(c.Beside, l)
	return c.at(0, f)
}

// drawDeaggregate lets the origin announce four /24s, and a minute later withdraw
// the prefix over them.
func (p *Player) drawDeaggregate(c *Case, d *dice) bool {
	c.Own, c.Prefixes, c.NoCut, c.Stays = []netip.Prefix{coverOf()}, 1, Replaced, true
	before := int64(20 + d.below(300))
	c.Note = fmt.Sprintf("%v is split into four, and withdrawn %d s later", coverOf(), before)
	l := c.later(-before, slash24(0, 4)...)
	l.Stays = true
	c.Beside = append(c.Beside, l)
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

// drawEmergency lets the only provider fail, and the origin announce another prefix
// over another one a minute later.
func (p *Player) drawEmergency(c *Case, d *dice) bool {
	a, b, ok := p.twoProviders(c.Origin, d)
	if !ok {
		return false
	}
	c.Prefixes = 1
	f := failing(d, c.Origin, a)
	after := int64(40 + d.below(200))
	c.Note = fmt.Sprintf("%v; %d s later another prefix is announced over AS%d", f, after, b)
	l := Line{Prefixes: slash24(10, 11), By: []uint32{c.Origin}}
	l.Base, l.Steps = schedule([]spell{{always, after, Break{Kind: OriginStops, A: c.Origin}}, {after, never, p.onlyTo(c.Origin, b, false)}, {0, never, f}})
	c.Beside = append(c.Beside, l)
	return c.plan(spell{always, never, p.onlyTo(c.Origin, a, false)}, spell{0, never, f})
}

// drawHijackAbout lets somebody announce the prefixes before a cut, in it, or from
// before it on.
func (p *Player) drawHijackAbout(c *Case, d *dice) bool {
	g, ok := p.only()
	by := p.w.g.asn[d.below(p.w.g.Len())]
	if !ok || by == c.Origin || by == g {
		return false
	}
	f := failing(d, c.Origin, g)
	from, until := int64(100+d.below(300)), int64(500+d.below(300))
	switch d.below(4) {
	case 0:
		from, until = -1800+int64(d.below(600)), -900+int64(d.below(600))
	case 1:
		from, until = -30-int64(d.below(600)), 30+int64(d.below(700))
	case 2:
		// It ends as the routes come back.
		from, until = int64(600+d.below(200)), recoveryAfter-20
	}
	c.Note = fmt.Sprintf("%v; AS%d announces the prefixes too from %+d s to %+d s", f, by, from, until)
	c.plan(spell{0, never, f}, spell{from, until, Break{Kind: OriginStops, A: by}})
	// The spell of the hijacker only makes steps.
	for i := range c.Steps {
		s := &c.Steps[i]
		if s.After >= from && s.After < until {
			s.Breaks = slices.DeleteFunc(slices.Clone(s.Breaks), func(x Break) bool { return x.A == by })
			s.By = []uint32{c.Origin, by}
		}
	}
	return true
}

// drawSeveralOrigins lets one of two networks that announce the prefixes stop, as
// with an address served from several places.
func (p *Player) drawSeveralOrigins(c *Case, d *dice) bool {
	by := p.w.g.asn[d.below(p.w.g.Len())]
	if by == c.Origin {
		return false
	}
	c.Also, c.NoCut = []uint32{by}, Replaced
	c.Note = fmt.Sprintf("AS%d and AS%d announce the prefixes; the first stops", c.Origin, by)
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

// drawOnePrefix loses one prefix of several: it was that of a customer with a
// private number, which the origin does not show.
func (p *Player) drawOnePrefix(c *Case, d *dice) bool {
	c.Prefixes = 1
	c.Note = "a customer with a private AS number is gone; other prefixes of the origin stay"
	c.Beside = append(c.Beside, Line{Prefixes: slash24(10, 11+d.below(3)), By: []uint32{c.Origin}, Prepend: c.Prepend})
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

// drawDamping lets the origin flap; when it is back, networks that damp flapping
// routes suppress it.
func (p *Player) drawDamping(c *Case, d *dice) bool {
	var spells []spell
	stop := Break{Kind: OriginStops, A: c.Origin}
	for i := range 3 + d.below(4) {
		from := -int64(i+1)*(60+int64(d.below(60))) - 30
		spells = append(spells, spell{from, from + 5 + int64(d.below(25)), stop})
	}
	back := int64(5 + d.below(25))
	spells = append(spells, spell{0, back, stop})
	damp := 0
	for _, n := range p.observed() {
		if n != c.Origin && d.chance(0.6) {
			spells = append(spells, spell{back, never, Break{Kind: Import, A: n, Neighbours: []uint32{c.Origin}}})
			damp++
		} else {
			for _, u := range p.towards(n) {
				if d.chance(0.3) {
					spells = append(spells, spell{back, never, Break{Kind: Import, A: u, Neighbours: []uint32{n}}})
					damp++
				}
			}
		}
	}
	c.Several = damp > 1
	c.Note = fmt.Sprintf("the origin flaps, and %d networks suppress it then", damp)
	return damp > 0 && c.plan(spells...)
}

// drawReturn lets the routes be cut, and some transit networks announce what they
// still held some minutes later, when sessions come back.
func (p *Player) drawReturn(c *Case, d *dice) bool {
	as := p.crossed(1)
	as = slices.DeleteFunc(as, func(a uint32) bool { return slices.Contains(p.observed(), a) })
	if len(as) < 2 {
		return false
	}
	shuffle(d, as)
	as = as[:min(len(as), 2+d.below(2))]
	slices.Sort(as)
	b := Break{Kind: OriginStops, A: c.Origin}
	if g, ok := p.only(); ok && d.chance(0.5) {
		b = failing(d, c.Origin, g)
	}
	after := int64(120 + d.below(500))
	c.Note = fmt.Sprintf("%v; %v announce what they held %d s later", b, as, after)
	c.at(0, b)
	c.Steps = append(c.Steps, Step{After: after, Breaks: []Break{b}, Revive: as})
	return true
}

// drawClocks cuts something while clocks of collectors are wrong and one of them
// restarts, with or without a word in its log.
func (p *Player) drawClocks(c *Case, d *dice) bool {
	one := []func(*Player, *Case, *dice) bool{(*Player).drawOnlyAdjacency, (*Player).drawOnlyImport, (*Player).drawOrigin, (*Player).drawUpperNode, (*Player).drawAllAdjacencies}
	if !pick(d, one)(p, c, d) {
		return false
	}
	var cols []string
	for _, v := range p.w.Vantages {
		cols = append(cols, v.Collector)
	}
	slices.Sort(cols)
	cols = slices.Compact(cols)
	c.Skew = map[string]int64{pick(d, cols): int64(d.below(121)) - 60}
	c.Note = fmt.Sprintf("clocks are off by %v", c.Skew)
	if d.chance(0.6) {
		col := pick(d, cols)
		c.Resets, c.ResetAfter = nil, int64(d.below(120))-60
		c.Reset = Noted
		if d.chance(0.5) {
			c.Reset = Unlogged
		}
		for k, v := range p.w.Vantages {
			if v.Collector == col {
				c.Resets = append(c.Resets, k)
			}
		}
		c.Note += fmt.Sprintf("; %s restarts %+d s from the act (%v)", col, c.ResetAfter, c.Reset)
	}
	if d.chance(0.4) {
		c.Renamed = map[int]uint32{}
		for range 1 + d.below(3) {
			k := d.below(len(p.w.Vantages))
			if !p.w.Vantages[k].Silent && len(p.w.g.peers(p.w.Vantages[k].node)) > 0 {
				c.Renamed[k] = p.w.g.asn[pick(d, p.w.g.peers(p.w.Vantages[k].node))]
			}
		}
		c.Note += fmt.Sprintf("; %d peers come back with another AS", len(c.Renamed))
	}
	return true
}
