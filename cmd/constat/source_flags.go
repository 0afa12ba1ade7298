package main

import (
	"context"

	"constat/observe"
	"constat/source"
)

// sourceFlags say where the records are.
type sourceFlags struct {
	Source    []string `placeholder:"S" help:"A file, folder, glob or archive (ris, routeviews, ris:rrc00,rrc21); default: both archives."`
	Collector string   `placeholder:"NAME" help:"The collector of files that lie in no archive's layout (default: their folder's name)."`
	Cache     string   `placeholder:"DIR" help:"Where fetched files are kept." type:"path"`
	Offline   bool     `help:"Use the cache alone."`
}

func (s *sourceFlags) open(ctx context.Context, st *streams, q observe.Interval) (*source.Set, error) {
	return source.Open(ctx, s.Source, q, source.Options{Collector: s.Collector, Cache: s.Cache, Offline: s.Offline})
}
