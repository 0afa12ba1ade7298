package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/internal/durable"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/worded"
)

type packCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"The file to write. Default: constat-case-ID.tar.zst."`
	langFlag
}

// Run packs a case that is intact; it does not compute its findings again.
func (c *packCmd) Run(ctx context.Context, s *streams) error {
	a, err := caselog.Check(ctx, c.Case, caselog.CheckOptions{})
	if caselog.IsFault(err) {
		return worded.Errorf("not packed, since %s does not hold: %w", c.Case, err)
	}
	if err != nil {
		return err
	}
	out := c.Out
	if out == "" {
		out = "constat-case-" + a.ID() + ".tar.zst"
	}
	if _, err := os.Lstat(out); err == nil {
		return worded.Errorf("%s is there already: choose another -o", out)
	}
	if err := outsideCases(out); err != nil {
		return err
	}
	f, err := caselog.PackFile(filepath.Dir(out))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close() // not before it has its name: it is held until then
	if err := errors.Join(a.Pack(ctx, f), f.Chmod(0o644), f.Sync()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), out); err != nil {
		return err
	}
	if err := durable.SyncDir(filepath.Dir(out)); err != nil {
		return err
	}
	for _, p := range a.Leftover {
		s.note("not packed: %s, which is no part of the case", p)
	}
	_, err = plain.Fprintln(s.out, out)
	return err
}

type unpackCmd struct {
	File string `arg:"" type:"existingfile" help:"A packed case."`
	Dir  string `arg:"" type:"path" help:"Folder to make."`
	limitFlags
	langFlag
}

func (c *unpackCmd) Run(ctx context.Context, s *streams) error {
	if err := outsideCases(c.Dir); err != nil {
		return err
	}
	f, err := regular.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := caselog.Unpack(ctx, f, c.Dir, c.limits()); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	s.note("unpacked to %s; constat verify checks it", c.Dir)
	return nil
}

type countersignCmd struct {
	Case string `arg:"" help:"The case, or a packed one."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the countersignature. Default: NAME-countersigns-SIZE.note."`
	Seen string `placeholder:"DIR" type:"path" help:"Folder in which is kept what this key has countersigned; another state of the same case is refused. Default: NAME.seen beside the key."`
	keyFlag
	timeFlag
	againstFlags
	limitFlags
	langFlag
}

// Run verifies before it signs.
func (c *countersignCmd) Run(ctx context.Context, s *streams) error {
	return c.keyFlag.sign(ctx, s, c.Case, c.Out, "countersigns", &c.againstFlags, &c.limitFlags,
		func(l *caselog.Log, k *caselog.Key) ([]byte, error) {
			at, err := c.at()
			if err != nil {
				return nil, err
			}
			seen, err := c.seen(c.Seen)
			if err != nil {
				return nil, err
			}
			b, err := l.Witness(ctx, k, at, seen)
			if caselog.IsFault(err) {
				return nil, worded.Errorf("not signed: %w; keep both, they prove it", err)
			}
			return b, err
		})
}

type dissentCmd struct {
	Case   string `arg:"" help:"The case, or a packed one."`
	Reason string `required:"" placeholder:"FILE" type:"existingfile" help:"Why: plain text in UTF-8."`
	Out    string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the dissent. Default: NAME-dissents-SIZE.note."`
	keyFlag
	timeFlag
	againstFlags
	limitFlags
	langFlag
}

func (c *dissentCmd) Run(ctx context.Context, s *streams) error {
	reason, err := readSmall(c.Reason)
	if err != nil {
		return err
	}
	return c.keyFlag.sign(ctx, s, c.Case, c.Out, "dissents", &c.againstFlags, &c.limitFlags,
		func(l *caselog.Log, k *caselog.Key) ([]byte, error) {
			at, err := c.at()
			if err != nil {
				return nil, err
			}
			return l.Dissent(k, reason, at)
		})
}

// sign verifies a case and writes what a party says of it.
func (f *keyFlag) sign(ctx context.Context, s *streams, name, out, verb string, against *againstFlags, limits *limitFlags,
	do func(*caselog.Log, *caselog.Key) ([]byte, error)) error {
	o, err := against.options()
	if err != nil {
		return err
	}
	dir, done, err := limits.unpacked(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return worded.Errorf("%s: there is no such case", name)
	}
	if err != nil {
		return err
	}
	defer done()
	k, err := f.load(s.said, dir)
	if err != nil {
		return err
	}
	r, err := audit.Case(ctx, dir, audit.Options{CheckOptions: o})
	if caselog.IsFault(err) {
		return worded.Errorf("not signed, since %s does not hold: %w", name, err)
	}
	if err != nil {
		return err
	}
	b, err := do(r.Log, k)
	if err != nil {
		return err
	}
	if out == "" {
		out = fmt.Sprintf("%s-%s-%d.note", caselog.SafeName(k.Public().Name), verb, r.Checkpoint.Size)
	}
	return writeNew(s, out, b, fmt.Sprintf("for the examiner to add (constat case add), and for you to keep: %s", verb))
}
