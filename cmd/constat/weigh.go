package main

import (
	"context"
	"errors"
	"fmt"

	"constat/claims/evidence"
	"constat/internal/locale"
)

type weighCmd struct {
	Evidence []string `arg:"" help:"Files of evidence (docs/formats/evidence.md); several of one question are put together." type:"path"`
	standardFlag
	JSON bool   `name:"json" help:"Print JSON (constat-weighing/1)."`
	Lang string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language: ${languages}. ${languageHelp}"`
}

// Run weighs competing hypotheses under a standard of proof.
func (c *weighCmd) Run(_ context.Context, s *streams) error {
	standard, err := c.load()
	if err != nil {
		return err
	}
	var files []*evidence.Matrix
	for _, path := range c.Evidence {
		b, err := readBounded(path, evidence.MaxSize)
		if err != nil {
			return err
		}
		e, err := evidence.Parse(b)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		files = append(files, e)
	}
	e, err := evidence.Join(files...)
	if err != nil {
		return err
	}
	w, err := evidence.Weigh(e, standard.Standard)
	if errors.Is(err, evidence.ErrNoAnalysts) {
		return usage("%w; docs/standards.md says what it must hold", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		b, err := w.Encode()
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	}
	return w.Text(s.text(), standard.Standard, locale.Lang(c.Lang))
}
