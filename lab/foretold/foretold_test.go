package foretold

import (
	"bytes"
	"math"
	"testing"

	"constat/judge/block"
	"constat/judge/relation"
	"constat/lab/sim"
)

// links of a simulated graph.
func links(g *sim.Graph) []relation.Link {
	var out []relation.Link
	for _, l := range g.Relations() {
		out = append(out, relation.Link{A: l.A, B: l.B, Peer: l.Peer})
	}
	return out
}

// TestExact: where all relations are known and everybody keeps to the rules, every
// answer is right.
func TestExact(t *testing.T) {
	t.Parallel()
	g := sim.Generate(2000, 3)
	n := 400
	if testing.Short() {
		n = 60
	}
	got, err := Run(t.Context(), Options{Graph: g, Links: links(g), N: n, Vantages: 40, Odd: 0, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims := 0
	for b, c := range got.Cells[Whole] {
		claims += c.Claims
		if c.Right != c.Claims {
			t.Errorf("%s: %d of %d right", block.Basis(b), c.Right, c.Claims)
		}
	}
	for what, c := range got.Prefixes[Whole] {
		if c.Right != c.Claims {
			t.Errorf("%s: %d of %d prefixes right", what, c.Right, c.Claims)
		}
	}
	if c := got.Through[Whole]; float64(c.Right) < 0.5*float64(c.Claims) {
		t.Errorf("the neighbour was named rightly in %d of %d", c.Right, c.Claims)
	}
	if got.Cells[Whole][block.NoWay].Claims == 0 || got.Cells[Whole][block.ByPolicy].Claims == 0 || got.Cells[Whole][block.SeenBefore].Claims == 0 || claims < 20*n {
		t.Errorf("too little was asked: %+v", got.Cells[Whole])
	}
	t.Log(text(t, got))
}

// TestPrecision: with a tenth of the networks breaking the rules, and relations that
// are known in part, what is said of ways and of losses holds as the docs state it.
func TestPrecision(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: hundreds of blocks")
	}
	g := sim.Generate(4000, 5)
	got, err := Run(t.Context(), Options{Graph: g, Links: links(g), N: 400, Vantages: 60, Odd: 0.1, Seed: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(text(t, got))
	for k := range kinds {
		lost, found := got.Firm(k)
		for what, c := range map[string]Cell{"lost": lost, "found": found} {
			if float64(c.Right) < 0.95*float64(c.Claims) {
				t.Errorf("relations %s: %s: %d of %d right", k, what, c.Right, c.Claims)
			}
		}
	}
	if lost, found := got.Firm(Usual); lost.Claims < 1000 || found.Claims < 1000 {
		t.Errorf("too little is said firmly: %+v %+v", lost, found)
	}
	// Who blocks is detected if it was seen before; of targets that nobody blocks hardly
	// anybody is suspected.
	if c := got.Partial[0]; c.Claims < 50 || float64(c.Right) < 0.95*float64(c.Claims) {
		t.Errorf("detected with what was held before: %d of %d", c.Right, c.Claims)
	}
	if c := got.Partial[1]; float64(c.Right) < 0.55*float64(c.Claims) {
		t.Errorf("detected by tables alone: %d of %d", c.Right, c.Claims)
	}
	if c := got.Quiet; float64(c.Right) < 0.98*float64(c.Claims) {
		t.Errorf("nobody blocks, and nobody is suspected: %d of %d", c.Right, c.Claims)
	}
	// What is thin is stated as right in about four of five.
	c := got.Cells[Usual][block.ThinPolicy]
	if share := float64(c.Right) / float64(c.Claims); c.Claims < 100 || share < 0.7 || share > 0.98 {
		t.Errorf("thin ways: right in %.2f of %d; about 0.8 is stated", share, c.Claims)
	}
	// Without relations a loss is said if every path that was seen is cut.
	if c := got.Cells[None][block.ThinNoWay]; c.Claims < 100 || float64(c.Right) < 0.9*float64(c.Claims) {
		t.Errorf("losses without relations: %d of %d", c.Right, c.Claims)
	}
	again, err := Run(t.Context(), Options{Graph: g, Links: links(g), N: 20, Vantages: 60, Odd: 0.1, Seed: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := Run(t.Context(), Options{Graph: g, Links: links(g), N: 20, Vantages: 60, Odd: 0.1, Seed: 2}, nil)
	if err != nil || text(t, again) != text(t, twice) {
		t.Errorf("the same seed gave another table (%v)", err)
	}
}

func text(t *testing.T, x *Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestInterval: answers about one block are one voice: ten blocks that are wholly right or
// wholly wrong say no more than ten answers, however many answers they have.
func TestInterval(t *testing.T) {
	t.Parallel()
	var many, few, all Cell
	for i := range 10 {
		right := i % 2
		many.add(60, 60*right)
		few.add(1, right)
		all.add(60, 60)
	}
	p, from, until := many.Interval()
	q, a, b := few.Interval()
	if p != 0.5 || p != q || math.Abs(from-a) > 1e-12 || math.Abs(until-b) > 1e-12 || until-from < 0.5 {
		t.Errorf("%v (%v to %v), and %v (%v to %v)", p, from, until, q, a, b)
	}
	if p, from, until := all.Interval(); p != 1 || math.Abs(from-0.7) > 1e-12 || until != 1 {
		t.Errorf("all right: %v (%v to %v)", p, from, until)
	}
	all.add(0, 0)
	if all.Claims != 600 || len(all.blocks) != 10 {
		t.Errorf("%+v", all)
	}
}
