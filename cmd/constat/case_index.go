package main

import (
	"context"
	"path/filepath"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/internal/locale"
	"constat/internal/worded"
	"constat/report"
)

type caseIndexCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	langFlag
}

// Help says what the page is.
func (*caseIndexCmd) Help() string {
	return `The page lists the examinations with their findings, the reports, the log and how to
check all of it. It is no part of what is signed, is not packed, and speaks of the entries
that the log had. constat case conclude writes it too; constat verify says if it is not what
the case gives.

Example:

  constat case index cases/night --lang fr`
}

// Run writes the page of a case that holds.
func (c *caseIndexCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	r, err := audit.Case(ctx, c.Case, audit.Options{})
	if err != nil {
		return worded.Errorf("%s does not hold, and no page is written of it: %w", c.Case, err)
	}
	return writeIndex(s, r, c.Case, lang)
}

// writeIndex writes the page of a case that was checked.
func writeIndex(s *streams, r *audit.Report, dir string, lang report.Lang) error {
	if err := r.WriteIndex(dir, lang); err != nil {
		return err
	}
	s.note("what is in the case: %s", filepath.Join(dir, caselog.IndexName))
	return nil
}
