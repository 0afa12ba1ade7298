package sim

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// Conditions are the weather of a world: what happens without anybody breaking
// anything.
type Conditions struct {
	Zombie float64 `json:"zombie"` // share of withdrawals that never arrive
	Churn  float64 `json:"churn"`  // share of routes lost or changed in the same minutes
	Stuck  float64 `json:"stuck"`  // share of cases in which a transit AS is frozen
}

// UsualConditions are usual rates: 1.8 % of IPv4 and 2.7 % of IPv6 withdrawals are missed; the
// others are guesses on the high side.
var UsualConditions = Conditions{Zombie: 0.02, Churn: 0.01, Stuck: 0.05}

// Reset is how it shows that the session of a vantage broke off.
type Reset uint8

// Kinds of resets.
const (
	Silent    Reset = iota // all routes of the vantage go, and nobody says why
	Noted                  // the collector notes it
	Unwatched              // what became of the routes is known to be unknown
	Unlogged               // the collector restarts, and tables are sent again, without a word of it
)

func (r Reset) String() string {
	return [...]string{"silent", "noted", "unwatched", "unlogged"}[r]
}

// Step is a moment at which something changes.
type Step struct {
	After  int64   // seconds after the act; below zero, before it
	Breaks []Break // those in force from then on
	// By lists who announces from then on; nil: whom the line names. Only the
	// routes of the line's first count as its own.
	By []uint32
	// Spread is how many seconds the networks that act take, each its own.
	Spread int64
	// Revive lists networks that pass on from now what they held at first.
	Revive []uint32
}

// Line is prefixes that are announced alike.
type Line struct {
	Prefixes []netip.Prefix
	By       []uint32
	Prepend  map[uint32]int
	Base     []Break // in force before the first step
	Steps    []Step  // in the order of time
	// Stays says that nothing is mended afterwards; otherwise the state before
	// the act comes back.
	Stays bool
	// Asked says that the question is about these prefixes too.
	Asked bool
}

// NoCut is what a loss is that is no cut.
type NoCut uint8

// What happened instead of a cut.
const (
	Cut        NoCut = iota
	Watching         // collectors or peers broke off
	Replaced         // another route stands in
	Renumbered       // the origin announces other prefixes instead
)

// Case is a subject and what happens to it, with its truth.
type Case struct {
	Seed       uint64
	Kind       string // as drawn, see Kinds
	Note       string // what happened, in a few words
	Origin     uint32
	Prefixes   int
	Own        []netip.Prefix // instead of as many /24s as Prefixes says
	Six        bool           // about IPv6, and sessions carry one family each, but for some
	Also       []uint32       // other networks that announce the prefixes too
	Prepend    map[uint32]int // towards neighbours
	Base       []Break        // in force before the first step
	Steps      []Step         // in the order of time
	Stays      bool
	Several    bool   // several acts, each of which some vantages lost the routes by
	Beside     []Line // other prefixes of the origin or over the same addresses
	NoCut      NoCut
	Resets     []int // vantages whose sessions are reset
	Reset      Reset // how that was seen
	ResetAfter int64
	Skew       map[string]int64 // how far the clocks of collectors are ahead
	Renamed    map[int]uint32   // vantages that come back from a reset with another AS
	Siblings   [][2]uint32      // networks of one operator, beside those of the world
	Stuck      []uint32
	NoSnapshot bool // baselines are known only from what came back
	Conditions Conditions
}

// before lists the breaks that were in force just before the act.
func (c *Case) before() []Break {
	out := c.Base
	for _, s := range c.Steps {
		if s.After < 0 {
			out = s.Breaks
		}
	}
	return out
}

// Asked is the origin that the question is about; 0 if it is about several.
func (c *Case) Asked() uint32 {
	for _, l := range c.Beside {
		if l.Asked && l.By[0] != c.Origin {
			return 0
		}
	}
	return c.Origin
}

// Withdrew reports whether an origin itself ceased to announce over a session, in
// or after the act: it stopped, or withheld its routes from that neighbour.
func (c *Case) Withdrew(s Session) bool {
	for _, st := range c.Steps {
		for _, b := range st.Breaks {
			if st.After < 0 || b.A != s.Near {
				continue
			}
			if b.Kind == OriginStops || b.Kind == Export && b.A == c.Origin && (b.Towards != Some || slices.Contains(b.Neighbours, s.Far)) {
				return true
			}
		}
	}
	return false
}

// Truth lists what was broken in the end.
func (c *Case) Truth() []Break {
	if len(c.Steps) == 0 {
		return nil
	}
	return c.Steps[len(c.Steps)-1].Breaks
}

// kind is a kind of case.
type kind struct {
	name   string
	weight int
	act    bool // drawn from what people and machines do, not from single breaks
	draw   func(*Player, *Case, *dice) bool
}

// breakKinds are cases of single breaks and of pairs.
var breakKinds = []kind{
	{"origin", 12, false, (*Player).drawOrigin},
	{"only adjacency", 8, false, (*Player).drawOnlyAdjacency},
	{"all adjacencies", 5, false, (*Player).drawAllAdjacencies},
	{"only provider imports", 6, false, (*Player).drawOnlyImport},
	{"only provider exports", 5, false, (*Player).drawOnlyExport},
	{"only provider down", 6, false, (*Player).drawOnlyNode},
	{"all providers refuse", 5, false, (*Player).drawAllImports},
	{"to customers only", 5, false, (*Player).drawToCustomers},
	{"to all but some", 6, false, (*Player).drawToSome},
	{"one adjacency", 5, false, (*Player).drawOneAdjacency},
	{"one provider imports", 4, false, (*Player).drawOneImport},
	{"upper adjacency", 6, false, (*Player).drawUpperAdjacency},
	{"upper network down", 5, false, (*Player).drawUpperNode},
	{"upper import or export", 5, false, (*Player).drawUpperPolicy},
	{"two breaks", 5, false, (*Player).drawTwo},
	{"refusal and upper failure", 3, false, (*Player).drawRefusalAndUpper},
	{"observer", 5, false, (*Player).drawObserver},
	{"hijack", 2, false, (*Player).drawHijack},
	{"more specific", 2, false, (*Player).drawMore},
	{"less specific", 2, false, (*Player).drawLess},
	{"renumbered", 2, false, (*Player).drawRenumbered},
	{"nothing", 2, false, (*Player).drawNothing},
}

func allKinds() []kind { return append(slices.Clone(breakKinds), actKinds...) }

// Kinds names the kinds of case in the order of the score.
func Kinds() []string {
	var out []string
	for _, k := range allKinds() {
		out = append(out, k.name)
	}
	return out
}

// The names of all kinds that are acts, and of all that are single breaks.
const (
	AllActs   = "acts"
	AllBreaks = "breaks"
)

// IsAct reports whether a kind is an act.
func IsAct(name string) bool {
	return slices.ContainsFunc(actKinds, func(k kind) bool { return k.name == name })
}

// Down reports whether a network was down for everything at some time in or after
// the act: dead, or cut off from all its neighbours.
func (p *Player) Down(c *Case, as uint32) bool {
	for _, st := range c.Steps {
		links := map[uint32]bool{}
		for _, b := range st.Breaks {
			switch {
			case st.After < 0 || !b.Wide:
			case b.Kind == NodeDown && b.A == as:
				return true
			case b.Kind == Adjacency && b.A == as:
				links[b.B] = true
			case b.Kind == Adjacency && b.B == as:
				links[b.A] = true
			}
		}
		if i, ok := p.w.g.Index(as); ok && len(links) > 0 && len(links) >= p.w.g.degree(i) {
			return true
		}
	}
	return false
}

// ErrNoCase is a world in which a kind of case cannot be found.
var ErrNoCase = errors.New("no subject for it in this world")

// drawKind draws a kind among those that a name allows.
func drawKind(d *dice, name string) (kind, bool) {
	var among []kind
	sum := 0
	for _, k := range allKinds() {
		if name == "" || name == k.name || name == AllActs && k.act || name == AllBreaks && !k.act {
			among = append(among, k)
			sum += k.weight
		}
	}
	if sum == 0 {
		return kind{}, false
	}
	x := d.below(sum)
	for _, k := range among {
		if x < k.weight {
			return k, true
		}
		x -= k.weight
	}
	return kind{}, false
}

// KindOf is the kind that [Player.Draw] draws of a seed and a name.
func KindOf(seed uint64, name string) string {
	k, _ := drawKind(newDice(seed, 0x63617365), name)
	return k.name
}

// Draw makes the case of a seed: of a kind, or of all acts or breaks, or of any if
// the name is empty.
func (p *Player) Draw(seed uint64, name string, c Conditions) (*Case, error) {
	d := newDice(seed, 0x63617365)
	what, ok := drawKind(d, name)
	if !ok {
		return nil, fmt.Errorf("%q is no kind of case; there are %q", name, Kinds())
	}
	for range 300 {
		o := int32(d.below(p.w.g.Len()))
		// Of networks with many customers fewer are lost than there are
		// vantages behind them; they would fill the score with non-events.
		if len(p.w.g.customers(o)) > 20 {
			continue
		}
		x := &Case{Seed: seed, Kind: what.name, Origin: p.w.g.asn[o], Prefixes: 1 + d.below(4), Conditions: c}
		if ps := p.w.g.providers(o); len(ps) > 1 && d.chance(0.15) {
			x.Prepend = map[uint32]int{p.w.g.asn[pick(d, ps)]: 1 + d.below(4)}
		}
		if p.base(x) != nil {
			continue
		}
		if p.seen() < 6 || !what.draw(p, x, d) {
			continue
		}
		if len(x.before()) > 0 && (p.base(x) != nil || p.seen() < 6) {
			continue
		}
		if d.chance(c.Stuck) {
			p.drawStuck(x, d)
		}
		if x.Kind != "observer" && d.chance(0.06) {
			p.resetSome(x, d)
		}
		x.NoSnapshot = d.chance(0.05)
		return x, nil
	}
	return nil, fmt.Errorf("seed %d, %s: %w", seed, what.name, ErrNoCase)
}

// seen counts the vantages with a route to the subject.
func (p *Player) seen() int {
	n := 0
	for k := range p.w.Vantages {
		if p.before.class[k] != none {
			n++
		}
	}
	return n
}

// observed lists the origin's neighbours on the vantages' routes.
func (p *Player) observed() []uint32 {
	var out []uint32
	for k := range p.w.Vantages {
		if x := p.before.path(k); len(x) > 1 {
			out = append(out, x[len(x)-2])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// crossed lists the ASes on the vantages' routes other than the origin, that
// have a vantage behind them or in them, by how far they are from the origin.
func (p *Player) crossed(least int) []uint32 {
	n := map[uint32]int{}
	var out []uint32
	for k := range p.w.Vantages {
		x := p.before.path(k)
		for j := 1; j < len(x)-1; j++ {
			if n[x[j]]++; n[x[j]] == least {
				out = append(out, x[j])
			}
		}
	}
	slices.Sort(out)
	return out
}

func (c *Case) at(after int64, bs ...Break) bool {
	c.Steps = append(c.Steps, Step{After: after, Breaks: bs})
	return true
}

func (p *Player) drawOrigin(c *Case, d *dice) bool {
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

// only is the one neighbour through which the subject is seen.
func (p *Player) only() (uint32, bool) {
	if ns := p.observed(); len(ns) == 1 {
		return ns[0], true
	}
	return 0, false
}

func (p *Player) drawOnlyAdjacency(c *Case, d *dice) bool {
	n, ok := p.only()
	return ok && c.at(0, Break{Kind: Adjacency, A: n, B: c.Origin, Wide: d.chance(0.5)})
}

// staggered is zero, or up to a minute and a half.
func staggered(d *dice) int64 {
	if d.chance(0.5) {
		return 0
	}
	return int64(20 + d.below(70))
}

// together breaks one thing after another, or all at once.
func (c *Case) together(d *dice, bs []Break) bool {
	c.Several = len(bs) > 1
	by := staggered(d)
	if by == 0 {
		return c.at(0, bs...)
	}
	shuffle(d, bs)
	for k := range bs {
		c.at(int64(k)*by, slices.Clone(bs[:k+1])...)
	}
	return true
}

func (p *Player) drawAllAdjacencies(c *Case, d *dice) bool {
	if ns := p.observed(); len(ns) < 2 || len(ns) > 4 {
		return false
	}
	o, _ := p.w.g.Index(c.Origin)
	wide := d.chance(0.5)
	var bs []Break
	for _, ns := range [][]int32{p.w.g.providers(o), p.w.g.peers(o), p.w.g.customers(o)} {
		for _, n := range ns {
			bs = append(bs, Break{Kind: Adjacency, A: p.w.g.asn[n], B: c.Origin, Wide: wide})
		}
	}
	return len(bs) <= 6 && c.together(d, bs)
}

func (p *Player) drawOnlyImport(c *Case, d *dice) bool {
	n, ok := p.only()
	return ok && c.at(0, Break{Kind: Import, A: n})
}

func (p *Player) drawOnlyExport(c *Case, d *dice) bool {
	n, ok := p.only()
	return ok && c.at(0, Break{Kind: Export, A: n})
}

func (p *Player) drawOnlyNode(c *Case, d *dice) bool {
	n, ok := p.only()
	return ok && c.at(0, Break{Kind: NodeDown, A: n, Wide: true})
}

func (p *Player) drawAllImports(c *Case, d *dice) bool {
	if ns := p.observed(); len(ns) < 2 || len(ns) > 4 {
		return false
	}
	o, _ := p.w.g.Index(c.Origin)
	var bs []Break
	for _, ns := range [][]int32{p.w.g.providers(o), p.w.g.peers(o), p.w.g.customers(o)} {
		for _, n := range ns {
			bs = append(bs, Break{Kind: Import, A: p.w.g.asn[n], Neighbours: []uint32{c.Origin}})
		}
	}
	return len(bs) <= 6 && c.together(d, bs)
}

func (p *Player) drawToCustomers(c *Case, d *dice) bool {
	n := pick(d, p.observed())
	if d.chance(0.3) {
		as := p.crossed(3)
		if len(as) == 0 {
			return false
		}
		n = pick(d, as)
	}
	if n == c.Origin {
		return false
	}
	return c.at(0, Break{Kind: Export, A: n, Towards: NotCustomers})
}

// towards lists the neighbours to which an AS passes the subject's routes, as
// the vantages see it.
func (p *Player) towards(as uint32) []uint32 {
	var out []uint32
	for k := range p.w.Vantages {
		if x := p.before.path(k); len(x) > 1 {
			if j := slices.Index(x, as); j > 0 {
				out = append(out, x[j-1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *Player) drawToSome(c *Case, d *dice) bool {
	n := c.Origin
	if !d.chance(0.15) {
		as := p.crossed(3)
		if len(as) == 0 {
			return false
		}
		n = pick(d, as)
	}
	to := p.towards(n)
	if len(to) < 2 {
		return false
	}
	shuffle(d, to)
	to = to[:1+d.below(len(to)-1)]
	slices.Sort(to)
	return c.at(0, Break{Kind: Export, A: n, Towards: Some, Neighbours: slices.Clone(to)})
}

func (p *Player) drawOneAdjacency(c *Case, d *dice) bool {
	ns := p.observed()
	return len(ns) > 1 && c.at(0, Break{Kind: Adjacency, A: pick(d, ns), B: c.Origin, Wide: d.chance(0.5)})
}

func (p *Player) drawOneImport(c *Case, d *dice) bool {
	ns := p.observed()
	return len(ns) > 1 && c.at(0, Break{Kind: Import, A: pick(d, ns), Neighbours: []uint32{c.Origin}})
}

func (p *Player) drawUpperAdjacency(c *Case, d *dice) bool {
	as := p.crossed(3)
	if len(as) == 0 {
		return false
	}
	b := pick(d, as)
	return c.at(0, Break{Kind: Adjacency, A: pick(d, p.towards(b)), B: b, Wide: d.chance(0.7)})
}

func (p *Player) drawUpperNode(c *Case, d *dice) bool {
	as := p.crossed(3)
	return len(as) > 0 && c.at(0, Break{Kind: NodeDown, A: pick(d, as), Wide: true})
}

func (p *Player) drawUpperPolicy(c *Case, d *dice) bool {
	as := p.crossed(3)
	return len(as) > 0 && c.at(0, Break{Kind: BreakKind(int(Import) + d.below(2)), A: pick(d, as)})
}

func (p *Player) drawTwo(c *Case, d *dice) bool {
	one := []func(*Player, *Case, *dice) bool{(*Player).drawToCustomers, (*Player).drawToSome, (*Player).drawOneAdjacency,
		(*Player).drawOneImport, (*Player).drawUpperAdjacency, (*Player).drawUpperNode, (*Player).drawUpperPolicy, (*Player).drawOrigin,
		(*Player).drawOnlyAdjacency, (*Player).drawOnlyImport}
	var bs []Break
	for tries := 0; len(bs) < 2 && tries < 20; tries++ {
		x := &Case{Origin: c.Origin}
		if !pick(d, one)(p, x, d) {
			continue
		}
		b := x.Truth()[0]
		if len(bs) == 1 && b.String() == bs[0].String() {
			continue
		}
		bs = append(bs, b)
	}
	return len(bs) == 2 && c.together(d, bs)
}

// drawRefusalAndUpper lets one provider refuse while a network upstream of
// another fails for everyone.
func (p *Player) drawRefusalAndUpper(c *Case, d *dice) bool {
	ns := p.observed()
	if len(ns) < 2 {
		return false
	}
	shuffle(d, ns)
	up := p.towards(ns[1])
	up = slices.DeleteFunc(up, func(a uint32) bool { return a == ns[0] || slices.Contains(p.vantageAS, a) })
	if len(up) == 0 {
		return false
	}
	return c.together(d, []Break{{Kind: Import, A: ns[0], Neighbours: []uint32{c.Origin}}, {Kind: NodeDown, A: pick(d, up), Wide: true}})
}

func (p *Player) drawObserver(c *Case, d *dice) bool {
	c.at(0)
	c.NoCut, c.Reset = Watching, Reset(d.below(4))
	if d.chance(0.6) {
		// One collector, or all but one.
		col := p.w.Vantages[d.below(len(p.w.Vantages))].Collector
		all := d.chance(0.3)
		for k, v := range p.w.Vantages {
			if (v.Collector == col) != all {
				c.Resets = append(c.Resets, k)
			}
		}
		return len(c.Resets) > 0
	}
	share := 0.2 + 0.8*d.float()
	for k := range p.w.Vantages {
		if d.chance(share) {
			c.Resets = append(c.Resets, k)
		}
	}
	return len(c.Resets) > 0
}

// resetSome resets a collector, or a few peers, in the minute of the break.
func (p *Player) resetSome(c *Case, d *dice) {
	c.Reset, c.ResetAfter = Reset(d.below(4)), int64(d.below(60)-30)
	col := ""
	if d.chance(0.5) {
		col = p.w.Vantages[d.below(len(p.w.Vantages))].Collector
	}
	for k, v := range p.w.Vantages {
		if col == v.Collector || col == "" && d.chance(0.05) {
			c.Resets = append(c.Resets, k)
		}
	}
}

func (p *Player) drawHijack(c *Case, d *dice) bool {
	c.NoCut = Replaced
	by := p.w.g.asn[d.below(p.w.g.Len())]
	c.Steps = append(c.Steps, Step{By: []uint32{c.Origin, by}})
	return by != c.Origin
}

// later is a line that begins to be announced some seconds after the act.
func (c *Case) later(after int64, qs ...netip.Prefix) Line {
	return Line{Prefixes: qs, By: []uint32{c.Origin}, Prepend: c.Prepend, Base: []Break{{Kind: OriginStops, A: c.Origin}}, Steps: []Step{{After: after}}}
}

func (p *Player) drawMore(c *Case, d *dice) bool {
	c.NoCut = Replaced
	var qs []netip.Prefix
	for i := range c.Prefixes {
		a := prefixOf(i).Addr().As4()
		qs = append(qs, netip.PrefixFrom(netip.AddrFrom4(a), 25))
		a[3] = 128
		qs = append(qs, netip.PrefixFrom(netip.AddrFrom4(a), 25))
	}
	c.Beside = append(c.Beside, c.later(15, qs...))
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

func (p *Player) drawLess(c *Case, d *dice) bool {
	c.NoCut = Replaced
	c.Beside = append(c.Beside, Line{Prefixes: []netip.Prefix{coverOf()}, By: []uint32{c.Origin}, Prepend: c.Prepend, Stays: true})
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

// coverOf is the prefix over all of the subject's.
func coverOf() netip.Prefix { return netip.PrefixFrom(prefixOf(0).Addr(), 22) }

func (p *Player) drawRenumbered(c *Case, d *dice) bool {
	c.NoCut, c.Stays = Renumbered, true
	var qs []netip.Prefix
	for i := range c.Prefixes {
		qs = append(qs, netip.PrefixFrom(netip.AddrFrom4([4]byte{19, 0, byte(i), 0}), 24))
	}
	l := c.later(15, qs...)
	l.Stays = true
	c.Beside = append(c.Beside, l)
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

func (p *Player) drawNothing(c *Case, d *dice) bool { return c.at(0) }

// drawStuck freezes a transit AS on the vantages' routes.
func (p *Player) drawStuck(c *Case, d *dice) {
	as := p.crossed(1)
	if len(as) == 0 {
		return
	}
	c.Stuck = []uint32{pick(d, as)}
}
