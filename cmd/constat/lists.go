package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/internal/fetch"
	"constat/internal/worded"
	"constat/routes/atlas"
)

// cacheFolder is where fetched files are kept.
func cacheFolder(said string) (string, error) {
	if said != "" {
		return said, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", worded.Errorf("%w; --cache names a folder for what is fetched", err)
	}
	return filepath.Join(dir, "constat"), nil
}

// lists is where to find out who is registered where.
type lists struct {
	folder   string // --atlas; empty: a country's lists are fetched
	cache    string // --cache
	offline  bool
	patience time.Duration
}

// resolve says what a subject stands for on a day; on no day in particular (the
// zero time) by the newest lists. A country without --atlas has the lists of the day
// fetched into the cache.
func (l lists) resolve(ctx context.Context, s *streams, asked string, day time.Time) (*atlas.Atlas, *atlas.Subject, error) {
	a, subs, err := l.resolveAll(ctx, s, []string{asked}, day)
	if err != nil {
		return nil, nil, err
	}
	return a, subs[0], nil
}

// resolveAll does it for several subjects, of which the lists are read once.
func (l lists) resolveAll(ctx context.Context, s *streams, asked []string, day time.Time) (*atlas.Atlas, []*atlas.Subject, error) {
	a, err := atlas.Open(l.folder)
	if err != nil {
		return nil, nil, err
	}
	on := func(a *atlas.Atlas) *atlas.Atlas {
		if day.IsZero() {
			return a
		}
		return a.At(day)
	}
	fetched := false
	var subs []*atlas.Subject
	var missing []string
	for _, word := range asked {
		sub, err := resolve(on(a), word)
		if l.folder == "" && !fetched && errors.Is(err, atlas.ErrNoLists) {
			var absent []string
			if a, absent, err = l.fetch(ctx, s, day); err != nil {
				return nil, nil, worded.Errorf("subject %s: %w", word, err)
			}
			fetched = true
			for _, x := range absent {
				s.note("not covered: %s", s.said.Text(x))
			}
			sub, err = resolve(on(a), word)
		}
		if err != nil {
			return nil, nil, err
		}
		for _, x := range sub.Absent {
			if !slices.Contains(missing, x) {
				missing = append(missing, x)
			}
		}
		subs = append(subs, sub)
	}
	if len(missing) > 0 && !fetched {
		s.note("not covered: what %s delegated; no such list was given", strings.Join(missing, ", "))
	}
	return a, subs, nil
}

// fetch opens the lists of a day in the cache, and names them and the registries
// that have none.
func (l lists) fetch(ctx context.Context, s *streams, day time.Time) (*atlas.Atlas, []string, error) {
	now := time.Now().UTC()
	if day.IsZero() || day.After(now) {
		day = now
	}
	day = day.UTC().Truncate(24 * time.Hour)
	cache, err := cacheFolder(l.cache)
	if err != nil {
		return nil, nil, err
	}
	p := newProgress(s)
	dir, absent, err := atlas.Cached(ctx, day, cache, l.offline, &fetch.Client{Agent: agent, Progress: p, Patience: l.patience})
	p.close()
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	update := fmt.Sprintf("constat atlas update --date %s --dir %s", day.Format(time.DateOnly), quoted(dir))
	switch {
	case errors.Is(err, atlas.ErrNotCached):
		return nil, nil, worded.Errorf("a country is what the registries delegated to it, and with --offline there is %w; with a network, `%s` fetches the lists, or --atlas names a folder of them", err, update)
	case err != nil:
		return nil, nil, worded.Errorf("a country is what the registries delegated to it, no --atlas names a folder of their lists, and those of %s are not all to be had: %w. `%s` fetches them too, and --offline takes what the cache has",
			day.Format(time.DateOnly), err, update)
	}
	a, err := atlas.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	var have []string
	for _, x := range a.Lists() {
		have = append(have, x.String())
	}
	names := worded.Phrasef("no AS names")
	if n := a.NamesOf(); n != "" {
		names = worded.Phrasef("AS names: %s", n)
	}
	s.note("registered on %s by %s; %s; kept in %s", day.Format(time.DateOnly), strings.Join(have, ", "), names, dir)
	return a, absent, nil
}

// quoted is a word for a shell, in quotes if it needs them.
func quoted(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:+,@%=", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
