package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"constat/internal/fetch"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/source"
)

// agent is how Constat introduces itself to archives.
const agent = "constat (routing outage examiner)"

// sourceFlags are the flags of every verb that reads records. Embed it, and set
// withoutSource to a sentence that says what is read if --source is not given.
type sourceFlags struct {
	Source    []string `sep:"none" short:"s" help:"File, folder, glob, - for standard input, or archive (ris, routeviews, ris:rrc00,rrc21) of records. May be repeated. ${withoutSource}" placeholder:"S"`
	Collector string   `help:"Collector of files that lie in no archive's layout. Default: the name of their folder." placeholder:"NAME"`
	Cache     string   `help:"Folder for what is fetched from archives. Default: constat in the user's cache folder." placeholder:"DIR" type:"path"`
	patienceFlag
	Offline bool `help:"Use the cache alone."`

	bare, early bool // see [source.Options]
	once        bool // files with the same bytes are read once

	shown map[string]string // what is called by another name than that of its file
}

// lists is where to look up registrations, with what --atlas names.
func (f *sourceFlags) lists(folder string) lists {
	return lists{folder, f.Cache, f.Offline, f.Patience}
}

// patienceFlag bounds the waiting for a server. Embed it.
type patienceFlag struct {
	Patience time.Duration `default:"1m" placeholder:"D" help:"Give a file up of which next to nothing has come for so long (default 1m)."`
}

// stdinName is what standard input is called as a file of a case, and its collector
// unless --collector names it.
const stdinName = "stdin"

// spool writes what is no file into one: standard input (- or /dev/stdin) and pipes
// (<(zcat f) of a shell). A source may be read more than once.
func (f *sourceFlags) spool(ctx context.Context, s *streams) error {
	for i, spec := range f.Source {
		in, name := os.Stdin, stdinName
		if spec != "-" && spec != "/dev/stdin" {
			// Of a pipe that has a name in a folder nobody knows whether anybody writes into it.
			if fi, err := os.Stat(spec); err != nil || fi.Mode()&os.ModeNamedPipe == 0 || filepath.Dir(spec) != "/dev/fd" {
				continue
			}
			pipe, err := os.Open(spec)
			if err != nil {
				return err
			}
			defer pipe.Close()
			in, name = pipe, "pipe-"+filepath.Base(spec)
		} else if term.IsTerminal(int(in.Fd())) {
			return usage("--source %s: standard input is a terminal; records are meant", spec)
		}
		dir, err := os.MkdirTemp("", "constat-*")
		if err != nil {
			return err
		}
		s.atEnd = append(s.atEnd, func() { os.RemoveAll(dir) })
		// Its folder names its collector.
		path := filepath.Join(dir, name, name)
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, interruptible{ctx, in})
		if err := errors.Join(err, out.Close()); err != nil {
			return fmt.Errorf("--source %s: %w", spec, err)
		}
		f.Source[i] = path
		if f.shown == nil {
			f.shown = map[string]string{}
		}
		f.shown[path] = spec
	}
	return nil
}

// interruptible reads until a context ends.
type interruptible struct {
	ctx context.Context
	in  io.Reader
}

func (r interruptible) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(b)
}

// open finds the files for a question, fetching what archives have of them.
func (f *sourceFlags) open(ctx context.Context, s *streams, q moment.Interval) (*source.Set, error) {
	if err := f.spool(ctx, s); err != nil {
		return nil, err
	}
	cache, err := cacheFolder(f.Cache)
	if err != nil {
		return nil, err
	}
	p := newProgress(s)
	defer p.close()
	set, err := source.Open(ctx, f.Source, q, source.Options{
		Collector: f.Collector,
		Cache:     cache,
		Offline:   f.Offline,
		Bare:      f.bare,
		Early:     f.early,
		Shown:     f.shown,
		Checking:  p.Checking,
		Client:    &fetch.Client{Agent: agent, Progress: p, Patience: f.Patience},
	})
	if errors.Is(err, source.ErrUsage) {
		return nil, &exitError{exitUsage, err}
	}
	if err != nil {
		return nil, err
	}
	if f.once {
		set = set.WithoutCopies(ctx)
	}
	tell(s, "not read", set.Skipped)
	tell(s, "outside the question", set.Outside)
	tell(s, "no part of the watch", set.Absent)
	alike := folder{said: s.said}
	for _, f := range set.Files {
		if f.Note != "" {
			alike.say(s.err, f.Note, f.Collector+" "+f.Name, s.said.line("%s %s: %s", f.Collector, f.Name, s.said.Text(f.Note)))
		}
	}
	alike.end(s.err, "constat: ")
	return set, nil
}

// notOfWatch is what was seen to be no part of the watch when the files were read.
type notOfWatch []source.Skipped

func (l *notOfWatch) add(list []source.Skipped) { *l = append(*l, list...) }

// tell says so, once no progress is shown.
func (l *notOfWatch) tell(s *streams) { tell(s, "no part of the watch", *l) }

// tell says in a line for each reason what was not taken.
func tell(s *streams, what string, list []source.Skipped) {
	var reasons []string
	names, twice := map[string][]string{}, map[string]int{}
	for _, x := range list {
		if names[x.Reason] == nil {
			reasons = append(reasons, x.Reason)
		}
		if slices.Contains(names[x.Reason], x.Name) {
			twice[x.Reason]++ // several collectors have files of one name
			continue
		}
		names[x.Reason] = append(names[x.Reason], x.Name)
	}
	for _, r := range reasons {
		n := names[r]
		shown, rest := n, twice[r]
		if len(n)+rest > 4 {
			shown, rest = n[:min(3, len(n))], rest+max(0, len(n)-3)
		}
		more := worded.Phrasef("")
		if rest > 0 {
			more = worded.Phrasef(" and %d more", rest)
		}
		s.note("%s: %s%s: %s", s.said.Text(what), strings.Join(shown, ", "), more, s.said.Text(r))
	}
}
