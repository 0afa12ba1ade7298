package sim

import (
	"errors"
	"fmt"
	"slices"
)

// Conditions are the weather of a world: what happens without anybody breaking
// anything.
type Conditions struct {
	Zombie float64 `json:"zombie"` // share of withdrawals that never arrive
	Churn  float64 `json:"churn"`  // share of routes lost or changed in the same minutes
	Stuck  float64 `json:"stuck"`  // share of cases in which a transit AS is frozen
}

// Usual rates: 1.8 % of IPv4 and 2.7 % of IPv6 withdrawals are missed; the
// others are guesses on the high side.
var UsualConditions = Conditions{Zombie: 0.02, Churn: 0.01, Stuck: 0.05}

// Forgery is a route that stands in for the subject's.
type Forgery uint8

const (
	Nothing      Forgery = iota
	OtherOrigin          // By announces the same prefix
	MoreSpecific         // the prefixes give way to more specific ones
	LessSpecific         // the prefixes give way to a covering one
	NewPrefixes          // the origin announces other prefixes instead
)

func (f Forgery) String() string {
	return [...]string{"nothing", "other origin", "more specific", "less specific", "renumbered"}[f]
}

// Reset is how the reset of a session shows.
type Reset uint8

const (
	Silent  Reset = iota // all routes of the vantage go, and nobody says why
	Noted                // all routes go, and the session is known to have been reset
	Unknown              // what became of the routes is known to be unknown
)

func (r Reset) String() string { return [...]string{"silent", "noted", "unknown"}[r] }

// Step is a moment at which something breaks. Breaks are those in force from
// then on.
type Step struct {
	After  int64 // seconds after the first
	Breaks []Break
}

// Case is a subject and what happens to it, with its truth.
type Case struct {
	Seed       uint64
	Kind       string // as drawn, see Kinds
	Origin     uint32
	Prefixes   int
	Prepend    map[uint32]int // towards neighbours
	Steps      []Step
	Forged     Forgery
	By         uint32
	Resets     []int // vantages whose sessions are reset at the first step
	Reset      Reset // how that was seen
	Stuck      []uint32
	NoSnapshot bool // baselines are known only from what came back
	Conditions Conditions
}

// Truth lists what was broken in the end.
func (c *Case) Truth() []Break {
	if len(c.Steps) == 0 {
		return nil
	}
	return c.Steps[len(c.Steps)-1].Breaks
}

// The kinds of case that are drawn, with how many of a hundred.
var kinds = []struct {
	name   string
	weight int
	total  bool // meant to lose every route
	draw   func(*Player, *Case, *dice) bool
}{
	{"origin", 12, true, (*Player).drawOrigin},
	{"only adjacency", 8, true, (*Player).drawOnlyAdjacency},
	{"all adjacencies", 5, true, (*Player).drawAllAdjacencies},
	{"only provider imports", 6, true, (*Player).drawOnlyImport},
	{"only provider exports", 5, true, (*Player).drawOnlyExport},
	{"only provider down", 6, true, (*Player).drawOnlyNode},
	{"all providers refuse", 5, true, (*Player).drawAllImports},
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

// Kinds names the kinds of case in the order of the score.
func Kinds() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.name)
	}
	return out
}

// MeantTotal says whether a kind is meant to lose every route.
func MeantTotal(kind string) bool {
	for _, k := range kinds {
		if k.name == kind {
			return k.total
		}
	}
	return false
}

// ErrNoCase is a world in which a kind of case cannot be found.
var ErrNoCase = errors.New("no subject for it in this world")

// Draw makes the case of a seed. kind may be empty for any.
func (p *Player) Draw(seed uint64, kind string, c Conditions) (*Case, error) {
	d := newDice(seed, 0x63617365)
	draw := func(*Player, *Case, *dice) bool { return false }
	if kind == "" {
		sum := 0
		for _, k := range kinds {
			sum += k.weight
		}
		x := d.below(sum)
		for _, k := range kinds {
			if x < k.weight {
				kind = k.name
				break
			}
			x -= k.weight
		}
	}
	found := false
	for _, k := range kinds {
		if k.name == kind {
			draw, found = k.draw, true
		}
	}
	if !found {
		return nil, fmt.Errorf("%q is no kind of case; there are %q", kind, Kinds())
	}
	for range 300 {
		o := int32(d.below(p.w.g.Len()))
		// Of networks with many customers fewer are lost than there are
		// vantages behind them; they would fill the score with non-events.
		if len(p.w.g.customers(o)) > 20 {
			continue
		}
		x := &Case{Seed: seed, Kind: kind, Origin: p.w.g.asn[o], Prefixes: 1 + d.below(4), Conditions: c}
		if ps := p.w.g.providers(o); len(ps) > 1 && d.chance(0.15) {
			x.Prepend = map[uint32]int{p.w.g.asn[pick(d, ps)]: 1 + d.below(4)}
		}
		if p.base(x) != nil {
			continue
		}
		if p.seen() < 6 || !draw(p, x, d) {
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
	return nil, fmt.Errorf("seed %d, %s: %w", seed, kind, ErrNoCase)
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
	c.Steps = append(c.Steps, Step{after, bs})
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
	c.Reset = Reset(d.below(3))
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
	c.Reset = Reset(d.below(3))
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
	c.Forged = OtherOrigin
	c.By = p.w.g.asn[d.below(p.w.g.Len())]
	return c.By != c.Origin && c.at(0)
}

func (p *Player) drawMore(c *Case, d *dice) bool {
	c.Forged, c.By = MoreSpecific, c.Origin
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

func (p *Player) drawLess(c *Case, d *dice) bool {
	c.Forged, c.By = LessSpecific, c.Origin
	return c.at(0, Break{Kind: OriginStops, A: c.Origin})
}

func (p *Player) drawRenumbered(c *Case, d *dice) bool {
	c.Forged = NewPrefixes
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
