package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type atlasCmd struct {
	Update atlasUpdateCmd `cmd:"" help:"Fetch the registries' delegations and the AS names for a day."`
}

type atlasUpdateCmd struct {
	Date string `required:"" help:"Day, as in 2014-12-22." placeholder:"DATE"`
	Dir  string `help:"Folder to write to (default: delegations-DATE)." placeholder:"DIR" type:"path"`
}

func (c *atlasUpdateCmd) Run(ctx context.Context, s *streams) error {
	if _, err := parseDay(c.Date); err != nil {
		return &exitError{exitUsage, err}
	}
	return errors.New("atlas update: not written yet")
}

// parseDay reads a day in UTC.
func parseDay(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("day %q: not in the form 2014-12-22", s)
}
