package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"constat/internal/fetch"
	"constat/observe"
	"constat/source"
)

// agent is how Constat introduces itself to archives.
const agent = "constat (routing outage examiner)"

// sourceFlags are the flags of every verb that reads records. Embed it.
type sourceFlags struct {
	Source    []string `sep:"none" short:"s" help:"File, folder, glob or archive (ris, routeviews, ris:rrc00,rrc21) of records. May be repeated. Default: both archives." placeholder:"S"`
	Collector string   `help:"Collector of files that lie in no archive's layout. Default: the name of their folder." placeholder:"NAME"`
	Cache     string   `help:"Folder for what is fetched from archives. Default: constat in the user's cache folder." placeholder:"DIR" type:"path"`
	Offline   bool     `help:"Use the cache alone."`
}

// open finds the files for a question, fetching what archives have of them.
func (f *sourceFlags) open(ctx context.Context, s *streams, q observe.Interval) (*source.Set, error) {
	cache := f.Cache
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("%w; --cache names a folder for what is fetched", err)
		}
		cache = filepath.Join(dir, "constat")
	}
	p := newProgress(s.err)
	defer p.close()
	set, err := source.Open(ctx, f.Source, q, source.Options{
		Collector: f.Collector,
		Cache:     cache,
		Offline:   f.Offline,
		Client:    &fetch.Client{Agent: agent, Progress: p},
	})
	if errors.Is(err, source.ErrUsage) {
		return nil, &exitError{exitUsage, err}
	}
	return set, err
}
