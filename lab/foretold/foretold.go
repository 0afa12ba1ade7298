// Package foretold holds what judge/block says of blocks against what happens: random
// blocks in a simulated Internet whose routes are computed before and after, under
// unusual manners, and with relations that are known wholly, in part, wrongly or not
// at all. It promises the same table for the same seed. It shares nothing with the
// judge but the values that it is given: the simulator propagates routes by itself.
package foretold

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"text/tabwriter"

	"constat/judge/block"
	"constat/judge/relation"
	"constat/lab/sim"
)

// Knowledge is what the judge is told of the relations.
type Knowledge int

// Kinds of knowledge.
const (
	Whole  Knowledge = iota // every relation, as it is
	Usual                   // as public lists have them: see Miss and Wrong
	Others                  // another list, given from outside
	None
	kinds
)

var knowledge = [...]string{"whole", "in part", "another list", "none"}

func (k Knowledge) String() string { return knowledge[k] }

// Shares of relations that a public list misses or has wrong. Peerings are what
// collectors hardly see.
const (
	missPeers     = 0.30
	missCustomers = 0.03
	wrong         = 0.02
)

// Options say what is played.
type Options struct {
	Graph    *sim.Graph
	Links    []relation.Link // the graph's relations
	Other    []relation.Link // another list of the same Internet; nil: none
	N        int             // blocks
	Vantages int
	Odd      float64 // share of networks that break the usual rules
	Seed     uint64
}

// Cell counts claims of one kind, and how many were right. Claims about one block stand
// and fall together, so that intervals are over blocks.
type Cell struct {
	Claims, Right int
	blocks        []Cell // by block; only of cells that have intervals
}

// add counts claims about one block.
func (c *Cell) add(claims, right int) {
	if claims == 0 {
		return
	}
	c.Claims, c.Right = c.Claims+claims, c.Right+right
	c.blocks = append(c.blocks, Cell{Claims: claims, Right: right})
}

// Interval is the share that was right with its interval of 95 %, over blocks: that of a
// ratio of sums, or three blocks of all if every claim was right, or none (the rule of
// three).
func (c Cell) Interval() (share, from, until float64) {
	n := float64(len(c.blocks))
	if c.Claims == 0 || n < 2 {
		return 0, 0, 1
	}
	p := float64(c.Right) / float64(c.Claims)
	sum := 0.0
	for _, b := range c.blocks {
		d := float64(b.Right) - p*float64(b.Claims)
		sum += d * d
	}
	e := 1.96 * math.Sqrt(sum*n/(n-1)) / float64(c.Claims)
	least := min(1, 3/n)
	switch {
	case c.Right == c.Claims:
		return p, 1 - least, 1
	case c.Right == 0:
		return p, 0, least
	}
	return p, max(0, p-e), min(1, p+e)
}

// Table is the count by knowledge and basis.
type Table struct {
	Cells [kinds][block.Bases]Cell
	// Prefixes count whole outcomes: "lost" and "elsewhere" for all vantages.
	Prefixes [kinds]map[string]*Cell
	Blocks   int
	// Unsettled are blocks under which the simulated routes did not come to rest.
	Unsettled int
	Through   [kinds]Cell // ways found of which the neighbour of the origin was named
	// Grades has of each grade how often a route was held, or lost if that was said, and
	// Taken, of ways, how often the route came over the neighbour that was named.
	Grades, Taken [kinds][block.Bases]Cell
	// Partial counts blocks that some vantages lose, and of which the first suspects
	// have an applier among them: with what was held before, and with tables alone.
	Partial [2]Cell
	// Suspects is how many networks these sets have in all.
	Suspects [2]int
	// Quiet counts targets that nobody blocks, right if nobody is suspected.
	Quiet Cell
}

// Run plays blocks.
func Run(ctx context.Context, o Options, done func(n, of int)) (*Table, error) {
	if o.N < 1 || o.Vantages < 1 || o.Vantages > o.Graph.Len()/2 {
		return nil, fmt.Errorf("%d blocks at %d vantages: want at least one of each, and vantages at no more than half the networks", o.N, o.Vantages)
	}
	t := &Table{}
	for k := range t.Prefixes {
		t.Prefixes[k] = map[string]*Cell{}
	}
	p := newPlayer(o)
	for i := range o.N {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.one(t); err != nil {
			return nil, err
		}
		if done != nil {
			done(i+1, o.N)
		}
	}
	return t, nil
}

type player struct {
	o        Options
	r        *rand.Rand
	router   *sim.Router
	vantages []int32
	graphs   [kinds]*block.Graph
}

func newPlayer(o Options) *player {
	p := &player{o: o, r: rand.New(rand.NewPCG(o.Seed, 0x666f7265))}
	p.router = sim.NewRouter(sim.NewManners(o.Graph, o.Odd, o.Seed))
	// Of a few drawn the one with the most customers: large networks feed collectors.
	has := map[int32]bool{}
	for len(p.vantages) < o.Vantages {
		best := int32(p.r.IntN(o.Graph.Len()))
		for range 3 {
			if x := int32(p.r.IntN(o.Graph.Len())); len(o.Graph.Customers(o.Graph.AS(x))) > len(o.Graph.Customers(o.Graph.AS(best))) {
				best = x
			}
		}
		if !has[best] {
			has[best] = true
			p.vantages = append(p.vantages, best)
		}
	}
	p.graphs[Whole] = block.NewGraph(o.Links)
	var part []relation.Link
	for _, l := range o.Links {
		x := p.r.Float64()
		switch {
		case l.Peer && x < missPeers, !l.Peer && x < missCustomers:
		case x > 1-wrong:
			l.Peer = !l.Peer
			part = append(part, l)
		default:
			part = append(part, l)
		}
	}
	p.graphs[Usual] = block.NewGraph(part)
	if o.Other != nil {
		p.graphs[Others] = block.NewGraph(o.Other)
	}
	return p
}

// theTarget is the prefix of every block.
var theTarget = netip.MustParsePrefix("192.0.2.0/24")

// one plays one block.
func (p *player) one(t *Table) error {
	g := p.o.Graph
	var paths [][]uint32
	origin := int32(0)
	for range 200 { // until somebody sees a path through somebody
		origin = int32(p.r.IntN(g.Len()))
		var err error
		if paths, err = p.paths(origin, nil); err == nil && len(transits(paths, g.AS(origin))) > 0 {
			break
		}
	}
	on := transits(paths, g.AS(origin))
	if len(on) == 0 {
		return errors.New("no network is between the vantages and anybody")
	}
	in := &block.Input{Target: "x", Direction: block.Direction(p.r.IntN(3))}
	for range 1 + p.r.IntN(3) {
		in.At = append(in.At, on[p.r.IntN(len(on))])
	}
	slices.Sort(in.At)
	in.At = slices.Compact(in.At)
	for _, v := range p.vantages {
		in.Vantages = append(in.Vantages, block.Vantage{Name: fmt.Sprint(v), AS: g.AS(v)})
	}
	add := func(paths [][]uint32, past block.Past) {
		for i, path := range paths {
			if path != nil {
				// The refusal ended, and who had moved went back.
				in.Routes = append(in.Routes, block.Route{Vantage: i, Prefix: theTarget, Path: path, Past: past, Back: past != block.Now})
			}
		}
	}
	add(paths, block.Now)
	// What was held before some other link failed, and what was tried.
	for _, x := range []struct {
		past   block.Past
		chance float64
	}{{block.Before, 0.5}, {block.Explored, 0.3}} {
		if p.r.Float64() > x.chance {
			continue
		}
		a := on[p.r.IntN(len(on))]
		if before, err := p.paths(origin, []sim.Break{{Kind: sim.Import, A: a}}); err == nil {
			add(before, x.past)
		}
	}
	var breaks []sim.Break
	for _, a := range in.At {
		b := sim.Break{Kind: sim.Import, A: a}
		if in.Direction == block.Out {
			b.Kind = sim.Export
		}
		breaks = append(breaks, b)
	}
	after, err := p.paths(origin, breaks)
	if errors.Is(err, sim.ErrUnsettled) {
		t.Unsettled++
		return nil
	}
	if err != nil {
		return err
	}
	t.Blocks++
	if err := p.detect(t, in, paths, after); err != nil {
		return err
	}
	for k := range kinds {
		if k == Others && p.graphs[k] == nil {
			continue
		}
		in.Graph, in.Old = p.graphs[k], k == Others
		p.count(t, k, in, after)
	}
	return nil
}

// came reports whether what is said of a route came: that it is held, or that it is lost.
func came(a block.Answer, after [][]uint32) bool {
	return (after[a.Vantage] != nil) != (a.Basis.Loses() || a.Basis == block.Doubtful)
}

// grade counts what is said of one block by its grade, and the ways by whether they were
// taken.
func (t *Table) grade(k Knowledge, answers []block.Answer, after [][]uint32) {
	var grades, taken [block.Bases]Cell
	for _, a := range answers {
		g, w := &grades[a.Basis], &taken[a.Basis]
		g.Claims++
		if came(a, after) && a.Basis != block.NotKnown {
			g.Right++
		}
		if !a.Basis.Finds() || len(a.Path) < 2 {
			continue
		}
		w.Claims++
		if real := after[a.Vantage]; len(real) > 1 && real[len(real)-2] == a.Path[len(a.Path)-2] {
			w.Right++
		}
	}
	for b := range grades {
		t.Grades[k][b].add(grades[b].Claims, grades[b].Right)
		t.Taken[k][b].add(taken[b].Claims, taken[b].Right)
	}
}

// count holds what is said against what happened.
func (p *player) count(t *Table, k Knowledge, in *block.Input, after [][]uint32) {
	whole := map[string]bool{"lost": true, "elsewhere": true}
	cut := false
	answers := block.Predict(in)
	t.grade(k, answers, after)
	for _, a := range answers {
		c := &t.Cells[k][a.Basis]
		c.Claims++
		has := after[a.Vantage] != nil
		if came(a, after) && a.Basis != block.NotKnown {
			c.Right++
		}
		if a.Basis.Finds() && has && len(a.Path) > 1 {
			w := &t.Through[k]
			w.Claims++
			if real := after[a.Vantage]; len(real) > 1 && real[len(real)-2] == a.Path[len(a.Path)-2] {
				w.Right++
			}
		}
		cut = cut || a.Basis != block.Untouched
		whole["lost"] = whole["lost"] && a.Basis.Loses()
		whole["elsewhere"] = whole["elsewhere"] && !a.Basis.Loses() && !a.Basis.Open()
	}
	if !cut {
		return
	}
	all, none := true, true
	for _, r := range in.Routes {
		if r.Past == block.Now {
			all = all && after[r.Vantage] != nil
			none = none && after[r.Vantage] == nil
		}
	}
	for what, said := range whole {
		if !said {
			continue
		}
		c := t.Prefixes[k][what]
		if c == nil {
			c = &Cell{}
			t.Prefixes[k][what] = c
		}
		c.Claims++
		if what == "lost" && none || what == "elsewhere" && all {
			c.Right++
		}
	}
}

// watching is how many routes of others each vantage shows besides the target's.
const watching = 12

// others are routes of others at all vantages: of customers of the origin's
// neighbours, and at random.
func (p *player) others(in *block.Input, before [][]uint32) (*block.Input, error) {
	d := &block.Input{Target: in.Target, Vantages: slices.Clone(in.Vantages)}
	for i := range d.Vantages {
		d.Vantages[i].Whole[0] = true
	}
	var origins []int32
	for _, path := range before {
		if len(path) < 2 {
			continue
		}
		for _, c := range p.o.Graph.Customers(path[len(path)-2]) {
			if i, ok := p.o.Graph.Index(c); ok && c != path[len(path)-1] && !slices.Contains(origins, i) && len(origins) < watching {
				origins = append(origins, i)
			}
		}
	}
	for len(origins) < 2*watching {
		origins = append(origins, int32(p.r.IntN(p.o.Graph.Len())))
	}
	for k, o := range origins {
		paths, err := p.paths(o, nil)
		if errors.Is(err, sim.ErrUnsettled) {
			continue
		}
		if err != nil {
			return nil, err
		}
		prefix := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(k), 0, 0}), 16)
		for i, path := range paths {
			if path != nil {
				d.Controls = append(d.Controls, block.Route{Vantage: i, Prefix: prefix, Path: path})
			}
		}
	}
	return d, nil
}

// detect asks, of the routes during the block, who seems to block.
func (p *player) detect(t *Table, in *block.Input, before, after [][]uint32) error {
	d, err := p.others(in, before)
	if err != nil {
		return err
	}
	now := func(paths [][]uint32) {
		d.Routes = nil
		for i, path := range paths {
			if path != nil {
				d.Routes = append(d.Routes, block.Route{Vantage: i, Prefix: theTarget, Path: path})
			}
		}
	}
	now(before)
	t.Quiet.Claims++
	if len(block.Detect(d).Suspects) == 0 {
		t.Quiet.Right++
	}
	lost, held := 0, 0
	for i := range before {
		if before[i] != nil && after[i] == nil {
			lost++
		}
		if after[i] != nil {
			held++
		}
	}
	if lost == 0 || held == 0 {
		return nil // nothing to see, or an outage
	}
	for k := range t.Partial {
		now(after)
		if k == 0 {
			for i, path := range before {
				if path != nil && after[i] == nil {
					d.Routes = append(d.Routes, block.Route{Vantage: i, Prefix: theTarget, Path: path, Past: block.Before})
				}
			}
		}
		t.Partial[k].Claims++
		if s := block.Detect(d).Suspects; len(s) > 0 {
			t.Suspects[k] += len(s[0].Networks)
			if slices.ContainsFunc(s[0].Networks, func(as uint32) bool { return slices.Contains(in.At, as) }) {
				t.Partial[k].Right++
			}
		}
	}
	return nil
}

// paths are the vantages' paths to an origin; nil of one that has none.
func (p *player) paths(origin int32, breaks []sim.Break) ([][]uint32, error) {
	if err := p.router.Run([]sim.Announce{{AS: origin}}, breaks, nil); err != nil {
		return nil, err
	}
	out := make([][]uint32, len(p.vantages))
	for i, v := range p.vantages {
		if p.router.Has(v) {
			out[i] = p.router.AppendPath(nil, v)
		}
	}
	return out, nil
}

// transits are the networks between vantages and the origin, vantages' own left out,
// as often as they stand on a path: the ones that most cross are drawn most.
func transits(paths [][]uint32, origin uint32) []uint32 {
	var out []uint32
	for _, p := range paths {
		for i := 1; i < len(p)-1; i++ {
			out = append(out, p[i])
		}
		if len(p) == 2 && p[1] == origin {
			out = append(out, p[0]) // a vantage next to it
		}
	}
	return out
}

// Firm sums what is said firmly of routes that are cut: losses and ways.
func (t *Table) Firm(k Knowledge) (lost, found Cell) {
	for i, c := range t.Cells[k] {
		b := block.Basis(i)
		switch {
		case !b.Firm():
		case b.Loses():
			lost.Claims, lost.Right = lost.Claims+c.Claims, lost.Right+c.Right
		case b.Finds():
			found.Claims, found.Right = found.Claims+c.Claims, found.Right+c.Right
		}
	}
	return lost, found
}

// Write prints the table.
func (t *Table) Write(w io.Writer) error {
	fmt.Fprintf(w, "%d blocks, %d left out since their routes did not come to rest\n\n", t.Blocks, t.Unsettled)
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "relations known\t")
	for b := block.Untouched; b <= block.NotKnown; b++ {
		fmt.Fprintf(tw, "%s\t", b)
	}
	fmt.Fprintln(tw, "firm losses\tfirm ways\tall lost\tall found\tthrough\t")
	for k := range kinds {
		some := false
		for _, c := range t.Cells[k] {
			some = some || c.Claims > 0
		}
		if !some {
			continue
		}
		fmt.Fprintf(tw, "%s\t", k)
		for b := block.Untouched; b <= block.NotKnown; b++ {
			fmt.Fprintf(tw, "%s\t", t.Cells[k][b].text(b == block.NotKnown))
		}
		lost, found := t.Firm(k)
		fmt.Fprintf(tw, "%s\t%s\t", lost.text(false), found.text(false))
		for _, c := range []*Cell{t.Prefixes[k]["lost"], t.Prefixes[k]["elsewhere"], &t.Through[k]} {
			if c == nil {
				c = &Cell{}
			}
			fmt.Fprintf(tw, "%s\t", c.text(false))
		}
		fmt.Fprintln(tw)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if err := t.grades(w); err != nil {
		return err
	}
	fmt.Fprintf(w, "\ndetected, with what was held before: an applier is among the first suspects in %s partial losses, sets of %s networks\n", t.Partial[0].text(false), mean(t.Suspects[0], t.Partial[0].Claims))
	fmt.Fprintf(w, "detected, with tables alone:          an applier is among the first suspects in %s partial losses, sets of %s networks\n", t.Partial[1].text(false), mean(t.Suspects[1], t.Partial[1].Claims))
	_, err := fmt.Fprintf(w, "nobody blocks, and nobody is suspected: %s targets\n", t.Quiet.text(false))
	return err
}

// grades prints each grade with its intervals.
func (t *Table) grades(w io.Writer) error {
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "relations known\tgrade\tblocks\tanswers\tright (95 %, over blocks)\tover the neighbour named")
	for k := range kinds {
		for b := block.Untouched + 1; b < block.NotKnown; b++ {
			c := t.Grades[k][b]
			if c.Claims == 0 {
				continue
			}
			fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%s\t%s\n", k, b, len(c.blocks), c.Claims, c.interval(), t.Taken[k][b].interval())
		}
	}
	return tw.Flush()
}

func (c Cell) interval() string {
	if c.Claims == 0 {
		return "-"
	}
	p, from, until := c.Interval()
	return fmt.Sprintf("%.3f (%.3f-%.3f)", p, from, until)
}

func mean(sum, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", float64(sum)/float64(n))
}

// text is the share that was right, of how many claims.
func (c Cell) text(countOnly bool) string {
	switch {
	case c.Claims == 0:
		return "-"
	case countOnly:
		return fmt.Sprint(c.Claims)
	}
	return fmt.Sprintf("%.4f of %d", float64(c.Right)/float64(c.Claims), c.Claims)
}
