package main

import (
	"context"
	"errors"
	"os"

	"constat/moment"
	"constat/routes/source"
)

// files are the files that the arguments stand for, in the order in which they
// are printed: that of the arguments, and within a folder, a glob or an archive
// that of collectors and names.
func (c *catCmd) files(ctx context.Context, s *streams) ([]string, error) {
	var out []string
	var skipped []source.Skipped
	for _, spec := range c.Files {
		if spec == "-" {
			out = append(out, spec)
			continue
		}
		info, here := os.Stat(spec)
		if here == nil && !info.IsDir() { // a pipe too
			out = append(out, spec)
			continue
		}
		archive, err := source.IsArchive(spec)
		switch {
		case archive && here != nil: // a folder that is named like an archive is a folder
			found, err := c.fetched(ctx, s, spec)
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
			continue
		case err != nil && here != nil:
			return nil, &exitError{exitUsage, err}
		}
		found, passed, err := source.List(spec)
		switch {
		case errors.Is(err, os.ErrNotExist):
			found = []string{spec} // which is said in its turn, and keeps nothing from the others
		case errors.Is(err, source.ErrUsage):
			return nil, &exitError{exitUsage, err}
		case err != nil:
			return nil, err
		}
		out = append(out, found...)
		skipped = append(skipped, passed...)
	}
	tell(s, "not read", skipped)
	return out, nil
}

// fetched are the updates that an archive has between --from and --until, on
// this machine. What is missing of them is said.
func (c *catCmd) fetched(ctx context.Context, s *streams, spec string) ([]string, error) {
	if c.From == nil || c.Until == nil {
		return nil, usage("%s is an archive of decades: --from and --until say what of it is meant", spec)
	}
	flags := sourceFlags{Source: []string{spec}, Cache: c.Cache, patienceFlag: c.patienceFlag, Offline: c.Offline, bare: true}
	set, err := flags.open(ctx, s, moment.Interval{From: c.From.Time, Until: c.Until.Time})
	if err != nil {
		return nil, err
	}
	for _, h := range set.Missing {
		s.note("%s: %s, %v to %v", h.Collector, s.said.Text(string(h.Reason)), h.From, h.Until)
	}
	var out []string
	for _, f := range set.Files {
		out = append(out, f.Path)
	}
	return out, nil
}
