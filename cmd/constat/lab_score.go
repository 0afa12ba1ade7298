package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"constat/judge/proof"
	"constat/lab/score"
	"constat/lab/sim"
	"constat/routes/atlas"
)

type labScoreCmd struct {
	Graph       string   `placeholder:"FILE" help:"AS relationships in CAIDA's serial-1 form, plain or gzip (default: a generated graph)." type:"path"`
	Delegations string   `placeholder:"DIR" help:"Folder with delegations of the registries, which say where networks are (default: countries are drawn)." type:"path"`
	Size        int      `default:"12000" help:"ASes of the generated graph."`
	Vantages    []int    `default:"60,200,500" help:"How many vantages; each number has its share of the cases."`
	N           int      `default:"3000" help:"Cases."`
	Seed        uint64   `default:"1" help:"Of the generated graph, placements and cases."`
	Placements  []uint64 `placeholder:"SEED,…" help:"Seeds of the vantages' placements (default: one for each thousand cases)."`
	Odd         float64  `default:"0.1" help:"Share of networks that break the usual rules of routing."`
	Zombies     *float64 `placeholder:"X" help:"Share of withdrawals that never arrive (default: 0.02, and 0.06 in foul weather)."`
	Churn       *float64 `placeholder:"X" help:"Share of routes lost or changed for reasons of their own (default: 0.01, and 0.04)."`
	Stuck       *float64 `placeholder:"X" help:"Share of cases with a frozen transit network (default: 0.05, and 0.3)."`
	Standard    string   `default:"clear" placeholder:"FILE|NAME" help:"Standard of proof."`
	Kind        string   `placeholder:"KIND" help:"Only cases of this kind, or all acts, or all (single) breaks."`
	Files       int      `default:"0" help:"Write so many nights as files too, as collectors would, and examine them from these."`
	Keep        string   `placeholder:"DIR" help:"Keep these files and their cases here." type:"path"`
	Recordings  string   `placeholder:"DIR" help:"Examine every recording of real routers below this folder too." type:"path"`
	Outside     int      `default:"0" help:"Play so many worlds of each family of events that outsiders thought of, as files, instead of nights on a graph."`
	Family      []string `placeholder:"FAMILY,…" sep:"," help:"With --outside, only these families."`
	Case        string   `placeholder:"NAME" help:"Print one case in full, by the name that the score gives it."`
	List        string   `placeholder:"FAULT" help:"Name all cases that are: abstained, missed, falsely indicated, falsely accused."`
	JSON        bool     `name:"json" help:"Print every outcome as JSON, one a line."`
}

// foul is how much worse than usual the second half of a score is.
var foul = sim.Conditions{Zombie: 3 * sim.UsualConditions.Zombie, Churn: 4 * sim.UsualConditions.Churn, Stuck: 0.3}

// Run plays simulated cases with known culprits and prints the score.
func (c *labScoreCmd) Run(ctx context.Context, s *streams) error {
	o := score.Options{Vantages: c.Vantages, N: c.N, Seed: c.Seed, Placements: c.Placements, Odd: c.Odd, Kind: c.Kind, Conditions: sim.UsualConditions}
	given := c.Zombies != nil || c.Churn != nil || c.Stuck != nil
	for p, v := range map[*float64]*float64{&o.Conditions.Zombie: c.Zombies, &o.Conditions.Churn: c.Churn, &o.Conditions.Stuck: c.Stuck} {
		if v != nil {
			*p = *v
		}
	}
	var err error
	var hash string
	if o.Standard, hash, err = proof.Load(c.Standard); err != nil {
		return usage("%w", err)
	}
	if c.Outside != 0 || len(c.Family) > 0 {
		return c.outside(ctx, s, o.Standard, hash)
	}
	graph, err := c.world(&o)
	if err != nil {
		return err
	}
	if c.Case != "" {
		lines, err := score.One(o, c.Case)
		if errors.Is(err, score.ErrOptions) {
			return usage("%w", err)
		}
		if err != nil {
			return err
		}
		for _, l := range lines {
			fmt.Fprintln(s.out, l)
		}
		return nil
	}
	if err := o.Validate(); err != nil {
		return usage("%w", err)
	}
	o.Progress = everyTenSeconds(s.err, "cases")
	if !c.JSON {
		fmt.Fprintf(s.out, "%d cases on %s, %v vantages, standard %s (%.12s)\n", c.N, graph, c.Vantages, o.Standard.Name, hash)
	}
	if err := c.play(ctx, s, o, false); err != nil {
		return err
	}
	if c.Recordings != "" && !c.JSON {
		if err := c.recordings(ctx, s, o.Standard); err != nil {
			return err
		}
	}
	if c.Files > 0 && !c.JSON {
		if err := c.files(ctx, s, o); err != nil {
			return err
		}
	}
	if given {
		return nil
	}
	o.Conditions, o.N = foul, max(1, c.N/2)
	return c.play(ctx, s, o, true)
}

// world opens or generates the graph, and names it.
func (c *labScoreCmd) world(o *score.Options) (string, error) {
	graph := fmt.Sprintf("a generated graph of %d ASes, seed %d", c.Size, c.Seed)
	if c.Graph != "" {
		var err error
		if o.Graph, err = sim.OpenGraph(c.Graph); err != nil {
			return "", usage("--graph: %w", err)
		}
		graph = fmt.Sprintf("a graph of %d ASes", o.Graph.Len())
	} else {
		if c.Size < 50 || c.Size > 200_000 {
			return "", usage("--size %d: want 50 to 200000", c.Size)
		}
		o.Graph = sim.Generate(c.Size, c.Seed)
	}
	if c.Delegations != "" {
		a, err := atlas.Open(c.Delegations)
		if err != nil {
			return "", usage("--delegations: %w", err)
		}
		who, err := a.Actors(o.Graph.ASNs())
		if err != nil {
			return "", err
		}
		if o.Country = who.Countries; len(o.Country) == 0 {
			return "", usage("--delegations %s: no country of any AS of the graph", c.Delegations)
		}
	}
	return graph, nil
}

func (c *labScoreCmd) play(ctx context.Context, s *streams, o score.Options, hard bool) error {
	x, err := score.Run(ctx, o)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		for i := range x.Outcomes {
			if err := e.Encode(&x.Outcomes[i]); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprintf(s.out, "\nZombies %v, churn %v, stuck transit in %v of the cases\n\n", o.Conditions.Zombie, o.Conditions.Churn, o.Conditions.Stuck)
	if err := score.WriteGoals(s.out, x.Goals(hard)); err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	if err := x.WriteKinds(s.out); err != nil {
		return err
	}
	for _, f := range []score.Fault{score.FalselyAccused, score.FalselyPointed, score.Missed, score.Abstained} {
		w := x.Worst(f)
		if len(w) == 0 || f != score.FalselyAccused && c.List != f.String() {
			continue
		}
		fmt.Fprintf(s.out, "\n%s (see one with --case):\n", f)
		for _, y := range w {
			fmt.Fprintf(s.out, "  %s  %s: %v; named %v, %d of %d stopped outside; %v\n", y.Name, y.Kind, y.Truth, y.Region, y.Outside, y.Stopped, y.Reasons)
		}
	}
	if w := x.FalseExclusions(); len(w) > 0 {
		fmt.Fprintln(s.out, "\nfalsely excluded (see one with --case):")
		for _, y := range w {
			fmt.Fprintf(s.out, "  %s  %s: %v; excluded %v\n", y.Name, y.Kind, y.Truth, y.FalselyExcluded)
		}
	}
	return nil
}

// files examines nights from files of their own.
func (c *labScoreCmd) files(ctx context.Context, s *streams, o score.Options) error {
	dir, keep := c.Keep, c.Keep != ""
	if !keep {
		var err error
		if dir, err = os.MkdirTemp("", "constat-nights-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	xs, err := score.Files(ctx, o, c.Files, dir, keep)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	if err := score.WriteGoals(s.out, score.FileGoals(xs)); err != nil {
		return err
	}
	for _, x := range xs {
		if x.Trouble != "" || x.Expected != x.Found && !x.Brief || x.FileLevel != "" && !x.Agrees {
			fmt.Fprintf(s.out, "  %s  %s: outage expected %t, found %t; on files %q, on observations %q %s\n", x.Name, x.Kind, x.Expected, x.Found, x.FileLevel, x.Level, x.Trouble)
		}
	}
	return nil
}

// outside plays events that outsiders thought of. The case of an outcome is named by family
// and seed: --family NAME --seed SEED --outside 1 --keep DIR keeps its files.
func (c *labScoreCmd) outside(ctx context.Context, s *streams, std proof.Standard, hash string) error {
	o := score.OutsideOptions{Families: c.Family, N: c.Outside, Seed: c.Seed, Standard: std, Dir: c.Keep, Keep: c.Keep != ""}
	if !c.JSON {
		fmt.Fprintf(s.out, "%d worlds of each family, from seed %d, standard %s (%.12s)\n\n", c.Outside, c.Seed, std.Name, hash)
	}
	o.Progress = everyTenSeconds(s.err, "worlds")
	xs, err := score.Outside(ctx, o)
	if errors.Is(err, score.ErrOptions) {
		return usage("%w", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		for i := range xs {
			if err := e.Encode(&xs[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := score.WriteOutside(s.out, xs); err != nil {
		return err
	}
	for _, x := range xs {
		for _, f := range x.False {
			fmt.Fprintf(s.out, "  %s, seed %d, %s (%s): %s: %s\n", x.Family, x.Seed, x.Asked, x.Answer, f.Kind, f.Text)
		}
		if x.Trouble != "" {
			fmt.Fprintf(s.out, "  %s, seed %d, %s: not examined: %s\n", x.Family, x.Seed, x.Asked, x.Trouble)
		}
	}
	return nil
}

// recordings examines what real routers played.
func (c *labScoreCmd) recordings(ctx context.Context, s *streams, std proof.Standard) error {
	xs, err := score.Recordings(ctx, c.Recordings, std)
	if errors.Is(err, score.ErrOptions) {
		return usage("--recordings: %w", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	return score.WriteRecordings(s.out, xs)
}

// everyTenSeconds says how many of what are done, so often at the most; several goroutines may call it.
func everyTenSeconds(w io.Writer, what string) func(done, of int) {
	var mu sync.Mutex
	last := time.Now()
	return func(done, of int) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(last) > 10*time.Second {
			last = now
			fmt.Fprintf(w, "constat: %d of %d %s\n", done, of, what)
		}
	}
}
