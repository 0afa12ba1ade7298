package main

import (
	"context"
	"fmt"

	"constat/internal/plain"
	"constat/judge/relation"
	"constat/lab/foretold"
	"constat/lab/sim"
	"constat/routes/atlas"
)

type labBlocksCmd struct {
	Graph    string  `placeholder:"FILE" help:"AS relationships in CAIDA's serial-1 form that the routes follow (default: a generated graph)." type:"path"`
	Other    string  `placeholder:"FILE" help:"Another list of relations, such as one of another year, that the judge is told as well." type:"path"`
	Size     int     `default:"12000" help:"ASes of the generated graph."`
	Vantages int     `default:"60" help:"How many vantages."`
	N        int     `default:"400" help:"Blocks."`
	Seed     uint64  `default:"1" help:"Of the generated graph, placement and blocks."`
	Odd      float64 `default:"0.1" help:"Share of networks that break the usual rules of routing."`
}

// Run plays random blocks in the simulator and prints how much of what constat block
// says of them was right.
func (c *labBlocksCmd) Run(ctx context.Context, s *streams) error {
	o := foretold.Options{N: c.N, Vantages: c.Vantages, Odd: c.Odd, Seed: c.Seed}
	what := fmt.Sprintf("a generated graph of %d networks, seed %d", c.Size, c.Seed)
	var err error
	if c.Graph != "" {
		if o.Graph, err = sim.OpenGraph(c.Graph); err != nil {
			return usage("--graph: %w", err)
		}
		what = fmt.Sprintf("a graph of %d networks", o.Graph.Len())
	} else {
		if c.Size < 50 || c.Size > 200_000 {
			return usage("--size %d: want 50 to 200000", c.Size)
		}
		o.Graph = sim.Generate(c.Size, c.Seed)
	}
	for _, l := range o.Graph.Relations() {
		o.Links = append(o.Links, relation.Link{A: l.A, B: l.B, Peer: l.Peer})
	}
	if c.Other != "" {
		l, err := atlas.OpenRelations(c.Other)
		if err != nil {
			return usage("--other: %w", err)
		}
		o.Other = l.Links
	}
	bar := newBar(s, "playing")
	t, err := foretold.Run(ctx, o, func(n, of int) { bar.step("", n, of) })
	bar.done()
	if err != nil {
		return usage("%w", err)
	}
	plain.Fprintf(s.out, "%s, %d vantages, %g of the networks breaking the rules\n", what, c.Vantages, c.Odd)
	return t.Write(s.out)
}
