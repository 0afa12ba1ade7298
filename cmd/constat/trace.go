package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"constat/claims/indicator"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/internal/regular"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

type traceCmd struct {
	Indicators  string `arg:"" help:"CSV, STIX 2.1 bundle or event of MISP that names addresses." type:"path"`
	At          string `placeholder:"T" help:"Moment for addresses that have none of their own: RFC 3339 or shorter; UTC when it names no zone."`
	Atlas       string `placeholder:"DIR" help:"Folder of delegation files, origin tables, AS names, relations." type:"path"`
	sourceFlags `embed:"" set:"withoutSource=Default: none, and origins are those of the atlas."`
	JSON        bool   `name:"json" help:"Print JSON (docs/formats/trace.md)."`
	Lang        string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language: ${languages}. ${languageHelp}"`
}

// Help is shown by --help.
func (*traceCmd) Help() string {
	return `Examples:

  constat trace addresses.csv --at 2014-12-01 --atlas registry/
  constat trace bundle.json --atlas registry/ --source ris:rrc00 --json

Routing data is read only where --source is given; otherwise origins are from
the origin tables in the atlas, and whether an address was routed is unknown.
Countries are those of registration, from the registries' delegations alone.

The place of a machine is not its user.`
}

// Run says where the facilities of an attack stood.
func (c *traceCmd) Run(ctx context.Context, s *streams) error {
	r := trace.Request{}
	if c.At != "" {
		at, err := moment.ParseTime(c.At)
		if err != nil {
			return usage("--at: %w", err)
		}
		r.At = &at
	}
	data, err := readBounded(c.Indicators, indicator.MaxSize)
	if err != nil {
		return err
	}
	if r.Indicators, err = indicator.Read(filepath.Base(c.Indicators), data); err != nil {
		return err
	}
	if r.Atlas, err = atlas.Open(c.Atlas); err != nil {
		return err
	}
	if len(c.Source) > 0 {
		r.Sources = func(ctx context.Context, q moment.Interval) (*source.Set, error) { return c.open(ctx, s, q) }
		bar := newBar(s, "reading")
		defer bar.done()
		r.Done = bar.step
	}
	t, err := trace.Run(ctx, r)
	var no *trace.ErrNoTime
	if errors.As(err, &no) {
		return usage("%s: %w; --at gives one", c.Indicators, err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		b, err := t.Encode()
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	}
	return t.Text(s.text(), locale.Lang(c.Lang))
}

// readBounded reads a whole file that may not be larger than most.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if int64(len(b)) > most {
		return nil, worded.Errorf("%s: larger than the %d bytes that are read of such a file", path, most)
	}
	return b, nil
}
