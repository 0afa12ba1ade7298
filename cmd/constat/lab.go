package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"constat/lab"
)

// labCmd holds the verbs that make recordings and inputs with known truth.
type labCmd struct {
	Gen    labGenCmd    `cmd:"" help:"Make a large table dump or updates out of the attributes of a real file."`
	Play   labRunCmd    `cmd:"" name:"run" help:"Play a scenario on real routers and write its recording (root, BIRD; FRR for some)."`
	Ratios labRatiosCmd `cmd:"" help:"Recompute the ratios behind ordered or spontaneous from a list of labelled outages."`
	Score  labScoreCmd  `cmd:"" help:"Examine simulated outages with known culprits, and count."`
	Blocks labBlocksCmd `cmd:"" help:"Play random blocks in the simulator, and count how much of what is said of them is right."`
	langFlag
}

type labRunCmd struct {
	Scenario string `arg:"" optional:"" help:"Scenario: a file, or the name of one in the box (night-2014 is the demo's)."`
	All      bool   `help:"Play all scenarios in the box but the demo's; each recording gets a folder of its own in --out. Those that are there are left alone, or replaced with --force."`
	Jobs     int    `default:"2" help:"With --all: how many are played at a time."`
	Out      string `placeholder:"DIR" help:"Folder to write the recording to."`
	Force    bool   `help:"Replace a recording that is there."`
	Check    bool   `help:"Only read the scenario and say whether it can be played."`
}

func (c *labRunCmd) Run(ctx context.Context, s *streams) error {
	switch {
	case c.All && c.Scenario != "":
		return usage("lab run: either --all or a scenario")
	case !c.All && c.Scenario == "":
		return usage("lab run: the scenario is missing; in the box are %s", strings.Join(lab.Scenarios(), ", "))
	case c.All && c.Jobs < 1:
		return usage("lab run: --jobs %d: at least one is needed", c.Jobs)
	case c.All:
		return c.all(ctx, s)
	}
	sc, err := lab.Load(c.Scenario)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if c.Check {
		fmt.Fprintf(s.out, "%s can be played: %d routers, %d collectors, %d scripted events between %s and %s\n", sc.Name,
			len(sc.Routers), len(sc.Collectors), len(sc.Script), sc.From.Format(time.RFC3339), sc.Until.Format(time.RFC3339))
		return nil
	}
	if c.Out == "" {
		return &exitError{exitUsage, fmt.Errorf("lab run: --out is missing: the folder to write the recording to")}
	}
	if err := lab.Requirements(sc); err != nil {
		return err
	}
	last := time.Now()
	fmt.Fprintf(s.err, "constat: %s: starting %d routers and %d collectors\n", sc.Name, len(sc.Routers), len(sc.Collectors))
	rec, err := lab.Run(ctx, sc, lab.Options{Out: c.Out, Force: c.Force, Progress: func(done, of int, what string) {
		if done == 0 || time.Since(last) > 10*time.Second {
			last = time.Now()
			fmt.Fprintf(s.err, "constat: %d of %d: %s\n", done, of, what)
		}
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: recorded by %d routers (%s) in %.0f s; written to %s\n", sc.Name, len(rec.Routers), strings.Join(rec.Software, ", "), rec.PlayedS, c.Out)
	for _, x := range rec.Settled {
		fmt.Fprintf(s.out, "median %s over %d peers: %s\n", x.What, x.Peers, x.Median.Format(time.RFC3339))
	}
	return nil
}

// all plays every scenario of the box.
func (c *labRunCmd) all(ctx context.Context, s *streams) error {
	names := lab.Recorded()
	if c.Check {
		for _, n := range names {
			if _, err := lab.Load(n); err != nil {
				return &exitError{exitUsage, err}
			}
		}
		fmt.Fprintf(s.out, "%d scenarios can be played\n", len(names))
		return nil
	}
	if c.Out == "" {
		return usage("lab run --all: --out is missing: the folder to write the recordings to")
	}
	return lab.RunAll(ctx, names, c.Jobs, lab.Options{Out: c.Out, Force: c.Force}, func(o lab.Outcome) {
		switch {
		case o.Err != nil:
			fmt.Fprintf(s.err, "constat: %s: %v\n", o.Scenario, o.Err)
		case o.Recording == nil:
			fmt.Fprintf(s.out, "%s: there already\n", o.Scenario)
		default:
			fmt.Fprintf(s.out, "%s: recorded in %.0f s\n", o.Scenario, o.Took.Seconds())
		}
	})
}
