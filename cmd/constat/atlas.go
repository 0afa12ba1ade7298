package main

import (
	"context"
	"text/tabwriter"
	"time"

	"constat/internal/fetch"
	"constat/internal/plain"
	"constat/internal/worded"
	"constat/routes/atlas"
)

type atlasCmd struct {
	Update atlasUpdateCmd `cmd:"" help:"Fetch the registries' delegations and the AS names for a day."`
}

type atlasUpdateCmd struct {
	Date string `required:"" help:"Day, as in 2014-12-22." placeholder:"DATE"`
	Dir  string `help:"Folder to write to. Default: delegated-DATE." placeholder:"DIR"`
	patienceFlag
	langFlag
}

func (c *atlasUpdateCmd) Run(ctx context.Context, s *streams) error {
	day, err := parseDay(c.Date)
	if err != nil {
		return usage("--date: %w", err)
	}
	if day.After(time.Now()) {
		return usage("--date: day %s is yet to come", c.Date)
	}
	dir := c.Dir
	if dir == "" {
		dir = "delegated-" + day.Format(time.DateOnly)
	}
	p := newProgress(s)
	got, absent, err := atlas.Update(ctx, day, dir, &fetch.Client{Agent: agent, Progress: p, Patience: c.Patience})
	p.close()
	w := tabwriter.NewWriter(s.text(), 0, 8, 2, ' ', 0)
	for _, f := range got {
		note := s.said.Text(f.Note)
		if !f.New {
			note = s.said.Text("already there")
		}
		plain.Fprintf(w, "%s\t%s\t%s\t%s\n", s.said.Text(f.What), f.Date, f.File, note)
	}
	if werr := w.Flush(); werr != nil {
		return werr
	}
	for _, a := range absent {
		format, args := s.said.Format("not covered: %s", []any{s.said.Text(a)})
		plain.Fprintf(s.err, format+"\n", args...)
	}
	return err
}

// parseDay reads a day in UTC.
func parseDay(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, worded.Errorf("day %q: not in the form 2014-12-22", s)
}
