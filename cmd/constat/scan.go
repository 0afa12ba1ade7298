package main

import (
	"context"
	"strings"

	"constat/cases/scan"
	"constat/internal/locale"
	"constat/routes/atlas"
)

type scanCmd struct {
	spanFlags
	sourceFlags `embed:"" set:"withoutSource=Default: both archives."`
	Atlas       string `placeholder:"DIR" help:"Folder of delegation files and AS names: countries and names are told with it." type:"path"`
	Top         int    `default:"20" placeholder:"N" help:"How many networks are printed (default ${default}; 0 for all)."`
	JSON        bool   `name:"json" help:"Print JSON (docs/formats/scan.md), with all of them."`
	Lang        string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language: ${languages}. ${languageHelp}"`
}

// Help is shown by --help.
func (*scanCmd) Help() string {
	return `Finds what went down in the files of a time without being told a subject, and
prints for each network the command that examines it.

Examples:

  constat scan --from 2010-02-27T16:00 --for 15m --source ris:rrc15
  constat scan --from 2022-02-09T10:35 --for 10m --source ./rrc04 --atlas delegated-2022-02-09

A loss is one that peers in two networks saw. What is behind a hole in the files,
a lost session or a table transfer is unknown, and no loss.`
}

// scanRoom is how far the heap may grow at least. Judging hundreds of networks one after
// the other makes some hundred megabytes of garbage: with half the room a tenth of the
// time goes to collecting it.
const scanRoom = 56 << 20

// Run scans.
func (c *scanCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	if c.From == "" || c.Until == "" && c.For == "" {
		return usage("scan needs --from and --until or --for")
	}
	if c.Top < 0 {
		return usage("--top %d is no number of networks", c.Top)
	}
	q, err := c.span()
	if err != nil {
		return err
	}
	r := scan.Request{From: q.From, Until: q.Until}
	if c.Atlas != "" {
		if r.Atlas, err = atlas.Open(c.Atlas); err != nil {
			return err
		}
		r.Atlas = r.Atlas.At(q.From.Std())
	}
	c.once = true
	if r.Sources, err = c.open(ctx, s, q); err != nil {
		return err
	}
	least.Store(scanRoom)
	bar := newBar(s, "reading")
	r.Done = bar.step
	var left notOfWatch
	r.Copied = left.add
	found, err := scan.Run(ctx, r)
	bar.done()
	left.tell(s)
	if err != nil {
		return err
	}
	if c.JSON {
		b, err := found.Encode(c.examine)
		if err != nil {
			return err
		}
		if _, err := s.out.Write(b); err != nil {
			return err
		}
	} else {
		top := c.Top
		if top == 0 {
			top = len(found.Losses)
		}
		if err := found.Text(s.text(), scan.Printing{Lang: lang, Top: top, Examine: c.examine}); err != nil {
			return err
		}
	}
	if len(found.Losses) == 0 && !found.Watched() {
		return &exitError{code: exitNobody}
	}
	return nil
}

// examine is the command that examines a subject over the same files and time.
func (c *scanCmd) examine(subject string) string {
	words := []string{"constat", "examine", subject, "--from", c.From}
	if c.Until != "" {
		words = append(words, "--until", c.Until)
	} else {
		words = append(words, "--for", c.For)
	}
	for _, x := range c.Source {
		words = append(words, "--source", x)
	}
	for _, x := range [][2]string{{"--collector", c.Collector}, {"--cache", c.Cache}, {"--atlas", c.Atlas}} {
		if x[1] != "" {
			words = append(words, x[0], x[1])
		}
	}
	if c.Offline {
		words = append(words, "--offline")
	}
	for i, w := range words {
		words[i] = quoted(w)
	}
	return strings.Join(words, " ")
}
