package sim

import (
	"cmp"
	"fmt"
	"slices"
)

// actKinds are cases of what people and machines do to the Internet. They are
// drawn from what is done, whatever an examiner may ask.
var actKinds = []kind{
	{"curfew", 5, true, (*Player).drawCurfew},
	{"country stops", 4, true, (*Player).drawCountryStops},
	{"country refuses", 5, true, (*Player).drawCountryRefuses},
	{"country cut off", 3, true, (*Player).drawCountryCut},
	{"access router", 5, true, (*Player).drawAccessRouter},
	{"filter above the provider", 5, true, (*Player).drawUpstreamFilter},
	{"invalid by RPKI", 6, true, (*Player).drawInvalid},
	{"depeering", 4, true, (*Player).drawDepeering},
	{"exchange", 4, true, (*Player).drawExchange},
	{"point of presence", 4, true, (*Player).drawPresence},
	{"cable", 4, true, (*Player).drawCable},
	{"move of provider", 7, true, (*Player).drawMove},
	{"move of the upstream", 5, true, (*Player).drawUpstreamMove},
	{"standby fails", 6, true, (*Player).drawStandby},
	{"standby of the upstream fails", 4, true, (*Player).drawUpstreamStandby},
	{"selective", 4, true, (*Player).drawSelective},
	{"aggregate of the provider", 3, true, (*Player).drawAggregate},
	{"aggregate of the origin", 3, true, (*Player).drawOwnAggregate},
	{"de-aggregation", 2, true, (*Player).drawDeaggregate},
	{"emergency prefix", 4, true, (*Player).drawEmergency},
	{"hijack about an outage", 5, true, (*Player).drawHijackAbout},
	{"one of several origins", 3, true, (*Player).drawSeveralOrigins},
	{"one prefix", 3, true, (*Player).drawOnePrefix},
	{"damping", 4, true, (*Player).drawDamping},
	{"stuck routes return", 4, true, (*Player).drawReturn},
	{"clocks and restarts", 4, true, (*Player).drawClocks},
	{"siblings", 4, true, (*Player).drawSiblings},
	{"IPv6", 5, true, (*Player).drawSix},
	{"black hole", 1, true, (*Player).drawBlackHole},
	{"busy night", 6, true, (*Player).drawBusy},
}

// spell is a break that lasts, from and until seconds after the act.
type spell struct {
	from, until int64
	b           Break
}

// Ends of time, for spells.
const (
	always int64 = -1 << 40
	never  int64 = 1 << 40
)

// schedule turns spells into a base and steps.
func schedule(spells []spell) (base []Break, steps []Step) {
	var at []int64
	for _, s := range spells {
		for _, t := range []int64{s.from, s.until} {
			if t != always && t != never {
				at = append(at, t)
			}
		}
	}
	slices.Sort(at)
	in := func(t int64) []Break {
		var out []Break
		for _, s := range spells {
			if s.from <= t && t < s.until {
				out = append(out, s.b)
			}
		}
		return out
	}
	for _, t := range slices.Compact(at) {
		steps = append(steps, Step{After: t, Breaks: in(t)})
	}
	return in(always), steps
}

func (c *Case) plan(spells ...spell) bool {
	c.Base, c.Steps = schedule(spells)
	return true
}

// onlyTo is an origin's, or a network's, announcing to one of its neighbours
// alone.
func (p *Player) onlyTo(as, to uint32, wide bool) Break {
	i, _ := p.w.g.Index(as)
	b := Break{Kind: Export, A: as, Towards: Some, Wide: wide}
	for _, n := range p.w.g.adj[p.w.g.off[3*i]:p.w.g.off[3*i+3]] {
		// Its customers go on hearing of it.
		if x := p.w.g.asn[n]; x != to && (p.w.g.kin(i, n) != customer || to == 0) {
			b.Neighbours = append(b.Neighbours, x)
		}
	}
	slices.Sort(b.Neighbours)
	return b
}

// asns are the numbers of ASes.
func (p *Player) asns(is []int32) []uint32 {
	out := make([]uint32, len(is))
	for k, i := range is {
		out[k] = p.w.g.asn[i]
	}
	return out
}

func (p *Player) index(as uint32) int32 {
	i, _ := p.w.g.Index(as)
	return i
}

// stopping lets networks cease to announce what is theirs.
func stopping(as []uint32) []Break {
	out := make([]Break, len(as))
	for k, a := range as {
		out[k] = Break{Kind: OriginStops, A: a, Wide: true}
	}
	return out
}

// drawCurfew orders all customers of the subject's gateway to stop announcing. The
// gateway stays up with its own prefixes.
func (p *Player) drawCurfew(c *Case, d *dice) bool {
	g, ok := p.only()
	if !ok {
		return false
	}
	cs := p.asns(p.w.g.customers(p.index(g)))
	if len(cs) < 3 || len(cs) > 300 {
		return false
	}
	c.Note = fmt.Sprintf("all %d customers of AS%d are told to stop announcing", len(cs), g)
	return c.at(0, stopping(cs)...)
}

// drawCountryStops orders all operators of the subject's country to stop.
func (p *Player) drawCountryStops(c *Case, d *dice) bool {
	country := p.w.Who.Country[c.Origin]
	in := p.w.Who.In(country)
	if len(in) < 5 || len(in) > 3000 {
		return false
	}
	c.Note = fmt.Sprintf("all %d networks of %s stop announcing", len(in), country)
	if d.chance(0.5) {
		c.Several = true
		p.askOthers(c, d, in, func(as uint32) []Step { return []Step{{Breaks: stopping([]uint32{as})}} })
	}
	return c.at(0, stopping(in)...)
}

// askOthers lets the question be about a few more networks, each with steps of its
// own.
func (p *Player) askOthers(c *Case, d *dice, in []uint32, steps func(as uint32) []Step) {
	in = slices.Clone(in)
	shuffle(d, in)
	for _, as := range in {
		if len(c.Beside) == 6 {
			return
		}
		if as != c.Origin && len(p.w.g.customers(p.index(as))) <= 5 {
			n := 10 * (1 + len(c.Beside))
			c.Beside = append(c.Beside, Line{Prefixes: slash24(n, n+1+d.below(2)), By: []uint32{as}, Steps: steps(as), Asked: true})
		}
	}
}

// drawCountryRefuses asks all networks of a country, wherever they stand, to refuse
// the subject's routes.
func (p *Player) drawCountryRefuses(c *Case, d *dice) bool {
	as := p.crossed(3)
	if len(as) == 0 {
		return false
	}
	country := p.w.Who.Country[pick(d, as)]
	if g, ok := p.only(); ok && d.chance(0.5) {
		country = p.w.Who.Country[g]
	}
	in := p.w.Who.In(country)
	if country == "" || len(in) < 3 {
		return false
	}
	var bs []Break
	for _, a := range in {
		if a != c.Origin {
			bs = append(bs, Break{Kind: Import, A: a})
		}
	}
	c.Several = true
	c.Note = fmt.Sprintf("all %d networks of %s refuse the routes", len(bs), country)
	c.Steps = append(c.Steps, Step{Breaks: bs, Spread: int64(d.below(20))})
	return true
}

// border lists the links of a country with others.
func (p *Player) border(country string) []Break {
	w := p.w
	var out []Break
	for _, a := range w.Who.In(country) {
		i := p.index(a)
		for _, n := range w.g.adj[w.g.off[3*i]:w.g.off[3*i+3]] {
			if b := w.g.asn[n]; w.Who.Country[b] != country {
				out = append(out, Break{Kind: Adjacency, A: b, B: a, Wide: true})
			}
		}
	}
	return out
}

// drawCountryCut cuts all links of the subject's country with others, at once or
// one after the other.
func (p *Player) drawCountryCut(c *Case, d *dice) bool {
	country := p.w.Who.Country[c.Origin]
	in := p.w.Who.In(country)
	if country == "" || len(in) < 4 || len(in) > 1500 {
		return false
	}
	links := p.border(country)
	if len(links) == 0 || len(links) > 3000 {
		return false
	}
	slices.SortFunc(links, func(a, b Break) int { return cmp.Or(cmp.Compare(a.B, b.B), cmp.Compare(a.A, b.A)) })
	c.Several = true
	stages, gap := 1, int64(0)
	if d.chance(0.5) {
		stages, gap = 2+d.below(2), int64(10+d.below(140))
	}
	c.Note = fmt.Sprintf("all %d links of %s are cut in %d stages %d s apart", len(links), country, stages, gap)
	for s := range stages {
		c.at(int64(s)*gap, links[:len(links)*(s+1)/stages]...)
	}
	if d.chance(0.6) {
		p.askOthers(c, d, in, func(uint32) []Step { return c.Steps })
	}
	return true
}

// drawAccessRouter lets an access router of the gateway die with the links of some
// customers.
func (p *Player) drawAccessRouter(c *Case, d *dice) bool {
	g, ok := p.only()
	if !ok {
		return false
	}
	cs := p.asns(p.w.g.customers(p.index(g)))
	if len(cs) < 3 {
		return false
	}
	shuffle(d, cs)
	bs := []Break{{Kind: Adjacency, A: g, B: c.Origin, Wide: true}}
	for _, x := range cs[:min(len(cs)-1, 2+d.below(15))] {
		if x != c.Origin {
			bs = append(bs, Break{Kind: Adjacency, A: g, B: x, Wide: true})
		}
	}
	c.Note = fmt.Sprintf("an access router of AS%d dies with the links of %d customers", g, len(bs))
	return c.at(0, bs...)
}

// drawUpstreamFilter lets everybody above the provider refuse its customer's
// routes within seconds, as if a prefix list had been forgotten.
func (p *Player) drawUpstreamFilter(c *Case, d *dice) bool {
	g, ok := p.only()
	if !ok {
		return false
	}
	above := p.asns(p.w.g.providers(p.index(g)))
	if len(above) == 0 {
		return false
	}
	if peers := p.asns(p.w.g.peers(p.index(g))); d.chance(0.7) {
		above = append(above, peers...)
	}
	var bs []Break
	for _, u := range above {
		bs = append(bs, Break{Kind: Import, A: u, Neighbours: []uint32{g}})
	}
	shuffle(d, bs)
	c.Several = len(bs) > 1
	c.Note = fmt.Sprintf("%d networks above AS%d refuse the routes within seconds", len(bs), g)
	half := len(bs) / 2
	if half > 0 && d.chance(0.5) {
		c.at(0, bs[:half]...)
		return c.at(int64(1+d.below(5)), bs...)
	}
	return c.at(0, bs...)
}

// drawInvalid lets the prefix become invalid by a new ROA: networks that validate
// the origin drop it, within minutes. Large networks mostly do; the direct
// providers mostly have an exception or do not.
func (p *Player) drawInvalid(c *Case, d *dice) bool {
	w := p.w
	direct := map[uint32]bool{c.Origin: true}
	for _, n := range p.observed() {
		if d.chance(0.7) {
			direct[n] = true
		}
	}
	large, others := 0.5+0.4*d.float(), 0.3*d.float()
	var bs []Break
	for i := range int32(w.g.Len()) {
		as, n := w.g.asn[i], len(w.g.customers(i))
		if n < 5 && !slices.Contains(p.vantageAS, as) {
			continue
		}
		rate := others
		if w.Who.Large[as] {
			rate = large
		}
		if !direct[as] && d.chance(rate) {
			bs = append(bs, Break{Kind: Import, A: as})
		}
	}
	c.Several = true
	c.Note = fmt.Sprintf("invalid by RPKI; %d networks validate", len(bs))
	c.Steps = append(c.Steps, Step{Breaks: bs, Spread: int64(20 + d.below(500))})
	return len(bs) > 0
}

// peerings lists the links between peers on the vantages' paths: the network, and
// the peer that it passes the routes to.
func (p *Player) peerings() []Session {
	var out []Session
	for k := range p.w.Vantages {
		x := p.before.path(k)
		for j := 0; j+1 < len(x); j++ {
			if p.w.g.kin(p.index(x[j+1]), p.index(x[j])) == peer {
				out = append(out, Session{x[j+1], x[j]})
			}
		}
	}
	slices.SortFunc(out, func(a, b Session) int { return cmp.Or(cmp.Compare(a.Near, b.Near), cmp.Compare(a.Far, b.Far)) })
	return slices.Compact(out)
}

// drawDepeering ends the peering of two networks, or of one with several.
func (p *Player) drawDepeering(c *Case, d *dice) bool {
	ss := p.peerings()
	if len(ss) == 0 {
		return false
	}
	s := pick(d, ss)
	bs := []Break{{Kind: Adjacency, A: s.Far, B: s.Near, Wide: true}}
	if d.chance(0.4) {
		for _, x := range ss {
			if x.Near == s.Near && x.Far != s.Far && d.chance(0.7) {
				bs = append(bs, Break{Kind: Adjacency, A: x.Far, B: x.Near, Wide: true})
			}
		}
	}
	c.Note = fmt.Sprintf("AS%d ends %d peerings", s.Near, len(bs))
	return c.at(0, bs...)
}

// drawExchange lets an exchange fail, or its route server: the peerings among its
// members.
func (p *Player) drawExchange(c *Case, d *dice) bool {
	ss := p.peerings()
	if len(ss) == 0 {
		return false
	}
	s := pick(d, ss)
	members := []uint32{s.Near, s.Far}
	for _, of := range []uint32{s.Near, s.Far} {
		ps := p.asns(p.w.g.peers(p.index(of)))
		shuffle(d, ps)
		members = append(members, ps[:min(len(ps), 3+d.below(15))]...)
	}
	slices.Sort(members)
	members = slices.Compact(members)
	share, what := 1.0, "an exchange"
	if d.chance(0.5) {
		share, what = 0.6, "a route server"
	}
	bs := []Break{{Kind: Adjacency, A: s.Far, B: s.Near, Wide: true}}
	for i, a := range members {
		for _, b := range members[:i] {
			if p.w.g.kin(p.index(a), p.index(b)) == peer && d.chance(share) {
				bs = append(bs, Break{Kind: Adjacency, A: a, B: b, Wide: true})
			}
		}
	}
	c.Several = true
	c.Note = fmt.Sprintf("%s of %d networks fails, with %d peerings", what, len(members), len(bs))
	return c.at(0, bs...)
}

// drawPresence lets a point of presence of a network fail, with several of its
// links.
func (p *Player) drawPresence(c *Case, d *dice) bool {
	as := p.crossed(3)
	if g, ok := p.only(); ok {
		as = append(as, g)
	}
	if len(as) == 0 {
		return false
	}
	z := pick(d, as)
	i := p.index(z)
	ns := p.asns(p.w.g.adj[p.w.g.off[3*i]:p.w.g.off[3*i+3]])
	if len(ns) < 4 {
		return false
	}
	share := 0.1 + 0.5*d.float()
	var bs []Break
	for _, n := range ns {
		if len(bs) < 400 && d.chance(share) {
			bs = append(bs, Break{Kind: Adjacency, A: z, B: n, Wide: true})
		}
	}
	if to := p.towards(z); len(to) > 0 {
		bs = append(bs, Break{Kind: Adjacency, A: pick(d, to), B: z, Wide: true})
	}
	c.Note = fmt.Sprintf("a point of presence of AS%d fails with %d of %d links", z, len(bs), len(ns))
	return c.at(0, bs...)
}

// drawCable lets a cable fail that carries many of a country's links.
func (p *Player) drawCable(c *Case, d *dice) bool {
	country := p.w.Who.Country[c.Origin]
	if as := p.crossed(3); len(as) > 0 && d.chance(0.5) {
		country = p.w.Who.Country[pick(d, as)]
	}
	if in := p.w.Who.In(country); country == "" || len(in) < 3 || len(in) > 1500 {
		return false
	}
	share := 0.3 + 0.6*d.float()
	bs := slices.DeleteFunc(p.border(country), func(Break) bool { return !d.chance(share) })
	if len(bs) == 0 || len(bs) > 3000 {
		return false
	}
	c.Several = true
	c.Note = fmt.Sprintf("a cable fails with %d links of %s", len(bs), country)
	return c.at(0, bs...)
}

// drawSiblings lets two networks of one operator refuse together.
func (p *Player) drawSiblings(c *Case, d *dice) bool {
	ns := p.observed()
	from := c.Origin
	if len(ns) == 1 && ns[0] != c.Origin {
		from = ns[0]
		ns = p.towards(from)
	}
	if len(ns) != 2 {
		return false
	}
	c.Siblings = append(c.Siblings, [2]uint32{ns[0], ns[1]})
	c.Note = fmt.Sprintf("AS%d and AS%d, of one operator, refuse together what AS%d passes to them", ns[0], ns[1], from)
	var bs []Break
	for _, n := range ns {
		bs = append(bs, Break{Kind: Import, A: n, Neighbours: []uint32{from}})
	}
	return c.at(0, bs...)
}

// drawSix lets something happen to IPv6 prefixes, which have sessions of their own.
func (p *Player) drawSix(c *Case, d *dice) bool {
	one := []func(*Player, *Case, *dice) bool{(*Player).drawOnlyAdjacency, (*Player).drawOnlyImport, (*Player).drawOnlyNode, (*Player).drawOrigin,
		(*Player).drawAccessRouter, (*Player).drawMove, (*Player).drawUpperNode, (*Player).drawInvalid}
	if !pick(d, one)(p, c, d) {
		return false
	}
	c.Six = true
	for i := range c.Prefixes {
		c.Own = append(c.Own, prefix6Of(i))
	}
	return true
}

// drawBlackHole drops the traffic and leaves the routes.
func (p *Player) drawBlackHole(c *Case, d *dice) bool {
	c.Note = "traffic is dropped, the routes stay"
	return c.at(0)
}

// drawBusy lets unrelated things happen within hours or minutes of a total loss.
func (p *Player) drawBusy(c *Case, d *dice) bool {
	one := []func(*Player, *Case, *dice) bool{(*Player).drawOnlyAdjacency, (*Player).drawOnlyImport, (*Player).drawOnlyNode, (*Player).drawOrigin,
		(*Player).drawAccessRouter, (*Player).drawToCustomers}
	x := &Case{Origin: c.Origin}
	if !pick(d, one)(p, x, d) {
		return false
	}
	var spells []spell
	for _, b := range x.Truth() {
		spells = append(spells, spell{0, never, b})
	}
	c.Note = "beside it, and unrelated:"
	for range 1 + d.below(3) {
		y := &Case{Origin: c.Origin}
		other := []func(*Player, *Case, *dice) bool{(*Player).drawUpperAdjacency, (*Player).drawUpperNode, (*Player).drawDepeering, (*Player).drawPresence, (*Player).drawExchange}
		if !pick(d, other)(p, y, d) {
			continue
		}
		at := int64(d.below(4500)) - 4000
		until := at + 60 + int64(d.below(3000))
		if at > -120 || until > 0 && d.chance(0.5) {
			until = never
		}
		for _, b := range y.Truth() {
			if b.Kind != NodeDown || !slices.Contains(p.vantageAS, b.A) {
				spells = append(spells, spell{at, until, b})
			}
		}
		c.Note += fmt.Sprintf(" from %+d s %d breaks;", at, len(y.Truth()))
	}
	c.Several = true
	return c.plan(spells...)
}
