package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"constat/internal/decompress"
	"constat/lab/gen"
	"constat/moment"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// labGenCmd makes large inputs for benchmarks.
type labGenCmd struct {
	Kind     string `arg:"" enum:"table,updates" help:"What to make: table (a RIB snapshot) or updates."`
	Like     string `required:"" placeholder:"FILE" help:"A real MRT file whose path attributes are laid out again and again."`
	V4       int    `name:"v4" default:"1000000" placeholder:"N" help:"IPv4 prefixes (default ${default})."`
	V6       int    `name:"v6" default:"220000" placeholder:"N" help:"IPv6 prefixes (default ${default})."`
	Peers    int    `default:"40" placeholder:"N" help:"Peers (default ${default})."`
	Elements int    `default:"949000" placeholder:"N" help:"Elements of updates (default ${default}); a table has what its peers carry."`
	Seed     uint64 `default:"1" placeholder:"N" help:"Same seed, same bytes (default ${default})."`
	Start    string `default:"2026-01-01T00:00:00Z" placeholder:"T" help:"Time of the snapshot or the first update (default ${default})."`
	Pack     string `enum:"plain,gzip,zstd" default:"plain" help:"plain, gzip or zstd (default ${default})."`
	Output   string `short:"o" placeholder:"FILE" help:"Where to write; standard output if not given."`
}

func (c *labGenCmd) Run(s *streams) (err error) {
	start, err := moment.ParseTime(c.Start)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	pool, err := readPool(c.Like)
	if err != nil {
		return err
	}
	out := s.out
	if c.Output != "" {
		f, ferr := os.Create(c.Output)
		if ferr != nil {
			return ferr
		}
		out = f
		defer func() {
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				os.Remove(c.Output) // half a file would pass for a truncated one
			}
		}()
	}
	b := bufio.NewWriterSize(out, 1<<20)
	var w io.WriteCloser
	switch c.Pack {
	case "gzip":
		w = gzip.NewWriter(b)
	case "zstd":
		if w, err = zstd.NewWriter(b, zstd.WithEncoderConcurrency(1)); err != nil {
			return err
		}
	default:
		w = nopCloser{b}
	}
	shape := gen.Shape{Seed: c.Seed, V4: c.V4, V6: c.V6, Peers: c.Peers, Start: start, Elements: c.Elements}
	var st gen.Stats
	if c.Kind == "table" {
		st, err = gen.Table(w, pool, shape)
	} else {
		st, err = gen.Updates(w, pool, shape)
	}
	if err = errors.Join(err, w.Close(), b.Flush()); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%d records, %d elements, %d bytes before packing, attributes of %d announcements\n",
		st.Records, st.Elements, st.Bytes, pool.Len())
	return nil
}

func readPool(name string) (*gen.Pool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer d.Close()
	pool, err := gen.ReadPool(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return pool, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
