package main

import (
	"context"
	"fmt"
	"time"

	"constat/lab"
)

// labCmd holds the verbs that make recordings and inputs with known truth.
type labCmd struct {
	Gen    labGenCmd    `cmd:"" help:"Make a large table dump or updates out of the attributes of a real file."`
	Play   labRunCmd    `cmd:"" name:"run" help:"Play a scenario on real routers and write its recording (root, BIRD)."`
	Ratios labRatiosCmd `cmd:"" help:"Recompute the ratios behind ordered or spontaneous from a list of labelled outages."`
	Score  labScoreCmd  `cmd:"" help:"Examine simulated outages with known culprits, and count."`
}

type labRunCmd struct {
	Scenario string `arg:"" help:"Scenario: a file, or the name of one in the box (night-2014 is the demo's)."`
	Out      string `placeholder:"DIR" help:"Folder to write the recording to."`
	Force    bool   `help:"Replace a recording that is there."`
	Check    bool   `help:"Only read the scenario and say whether it can be played."`
}

func (c *labRunCmd) Run(ctx context.Context, s *streams) error {
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
	if err := lab.Requirements(); err != nil {
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
	fmt.Fprintf(s.out, "%s: recorded by %d routers (%s) in %.0f s; written to %s\n", sc.Name, len(rec.Routers), rec.Software[0], rec.PlayedS, c.Out)
	for _, x := range rec.Settled {
		fmt.Fprintf(s.out, "median %s over %d peers: %s\n", x.What, x.Peers, x.Median.Format(time.RFC3339))
	}
	return nil
}
