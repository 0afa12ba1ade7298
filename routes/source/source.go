// Package source turns what a person names – files, folders, globs, the public
// archives by collector and time – into an ordered list of files of records,
// and says what is missing from it.
//
// It promises that nothing is passed over in silence: a file that the cadence
// of a collector expects and that is not there is a [Hole], a file that lies
// outside the question is in [Set.Outside], one that holds no records is in
// [Set.Skipped], a collector that was not recording is in [Set.Absent], each
// with a reason. An archive that does not have a file makes a hole; a server
// that does not answer makes an error that says which files are missing and
// how to go on. Files of an archive appear in the cache whole or not at all.
//
// Names are hints: they give the nominal slot of a file, while what a file
// covers is measured from its records by whoever reads it. The package reads no
// records beyond the first of a file, decodes nothing, and decides nothing
// about routes. Files of other formats than MRT are read once whole, for whose
// they are and of what time.
package source

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"constat/internal/fetch"
	"constat/internal/worded"
	"constat/moment"
)

// Kind says what a file holds.
type Kind uint8

// Kinds of files.
const (
	Unknown Kind = iota // neither name nor first record tell
	RIB                 // a snapshot of a collector's table
	Updates             // changes
)

func (k Kind) String() string {
	switch k {
	case RIB:
		return "rib"
	case Updates:
		return "updates"
	}
	return "unknown"
}

// File is one file of records.
type File struct {
	Name      string // base name
	Path      string // where it lies on this machine
	Collector string
	Archive   string // "ris" or "routeviews" if its layout tells; else empty
	Kind      Kind
	// Start and End are the nominal slot: the moment in the file's name and,
	// for updates, the moment plus the cadence. Where the name tells nothing or
	// contradicts the records, Start is the time of the first record. End is
	// zero if the cadence is unknown, and for snapshots.
	Start, End moment.Time
	Size       int64  // bytes as stored
	slack      int64  // of a listing: how far off Size may be
	URL        string // where it was fetched from; empty for local files
	Note       string // what is odd about it, in words; empty if nothing is

	// Format is what it holds if not MRT, and Part the collector as the file names
	// it, if it speaks of several: then there is a File for each of them.
	Format, Part string
	// Asked and Scope are of an answer: the time it was asked of, and the prefixes
	// or AS numbers. It speaks of nothing else.
	Asked *moment.Interval
	Scope []string

	resource string // of an answer, as it was asked for
	guessed  bool   // Start is from the records
	dir      string // of the archive, with a slash at its end
}

// Reasons of holes: three different things, of which only the last says something
// about the archive.
const (
	NotGiven    = "file not given"          // the local files that were given do not cover it
	NotCached   = "file not in the cache"   // offline, and it was never fetched
	NotArchived = "file not in the archive" // the archive's listing has none
)

// Hole is an interval for which a collector's updates should be there and are
// not. Consecutive missing files are one hole. It is whole: it may begin before
// the question and end after it.
type Hole struct {
	Collector   string
	From, Until moment.Time
	Files       int    // how many files are missing; 0 if their number is unknown
	Reason      string // NotGiven, NotCached or NotArchived
	Detail      string // why, as in "not in the archive's listing"
}

// Skipped is something that was named or found and is not read.
type Skipped struct {
	Name   string // a file, or a collector
	Reason string
}

// Cadence is how often a collector begins a new file; zero where unknown.
type Cadence struct {
	Updates, RIB time.Duration
}

// Set is what was found.
type Set struct {
	Files   []File             // sorted by collector, kind (snapshots first), start, name
	Missing []Hole             // sorted by collector and time
	Outside []Skipped          // local files that lie outside the question
	Skipped []Skipped          // local files that hold no records
	Absent  []Skipped          // collectors that were not recording, or of which nothing is known
	Cadence map[string]Cadence // by collector
	// Partly are the collectors of which files were left out ([Set.Without]), each with
	// that whose files they are: {"rrc99", "rrc80"}.
	Partly map[[2]string]bool
}

// Collectors returns the collectors that have a file or a hole, sorted.
func (s *Set) Collectors() []string {
	var out []string
	for _, f := range s.Files {
		out = append(out, f.Collector)
	}
	for _, h := range s.Missing {
		out = append(out, h.Collector)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Options say how to open.
type Options struct {
	// Collector is whose the files are that lie in no archive's layout;
	// default: the name of their folder.
	Collector string
	// Cache is the folder of fetched files. It is needed for archives only.
	Cache string
	// Offline uses the cache alone.
	Offline bool
	// Bare takes of an archive the updates of the question alone: no table
	// before it, and nothing that leads up to it.
	Bare bool
	// Early takes the updates too that end where the snapshot before the question
	// begins: what a snapshot tells is older than the time of its file, and updates are
	// nearer to the event. Example: a route that is withdrawn ten seconds before eight
	// o'clock stands in the snapshot of eight o'clock.
	Early bool
	// URLs override where the archives "ris" and "routeviews" are.
	URLs map[string]string
	// Shown is what a spec is called in errors, if not by its own name: standard input
	// lies in a temporary file.
	Shown map[string]string
	// Checking is told how many of the cached files that nobody has unpacked yet were
	// checked, one call at a time; may be nil.
	Checking func(done, of int)
	// Client fetches; nil for a default one.
	Client *fetch.Client
}

// ErrUsage is wrapped by errors about the specs themselves.
var ErrUsage = errors.New("wrong source")

type usage struct{ error }

func (usage) Is(target error) bool { return target == ErrUsage }
func (u usage) Unwrap() error      { return u.error }

// Open finds the files for a question. A spec is a file, a folder (with all
// below it), a glob, or an archive: "ris", "routeviews", "ris:rrc00,rrc21"; no
// specs stand for both archives. A folder that is named like an archive is
// given as ./ris.
//
// What is taken of each collector: the last snapshot at or before the
// question's start and the updates from it to the question's end; without a
// snapshot, the unbroken run of updates that leads up to the question, at most
// eight hours of it; and the snapshots inside the question, of an archive only
// those that follow a hole or have no baseline before them. Of files that were given also
// the unbroken run of updates that leads up to that snapshot, from two hours before the question
// at most, with the snapshots in it, but not with [Options.Early].
func Open(ctx context.Context, specs []string, q moment.Interval, opts Options) (*Set, error) {
	if q.Until <= q.From {
		return nil, usage{worded.Errorf("source: the question ends at %v, not after its start %v", q.Until, q.From)}
	}
	if len(specs) == 0 {
		specs = []string{"ris", "routeviews"}
	}
	var local []string
	wanted := map[string][]string{} // archive → collectors; none named: all
	var archives []*archive
	for _, spec := range specs {
		a, names, err := parseArchive(spec)
		switch {
		case err != nil:
			return nil, usage{err}
		case a == nil:
			local = append(local, spec)
			continue
		}
		if _, twice := wanted[a.name]; !twice {
			archives = append(archives, a)
			wanted[a.name] = names
		} else if had := wanted[a.name]; len(had) == 0 || len(names) == 0 {
			wanted[a.name] = nil
		} else {
			wanted[a.name] = append(had, names...)
		}
	}
	s := &Set{Cadence: map[string]Cadence{}}
	if len(local) > 0 {
		if err := s.openLocal(local, q, opts); err != nil {
			return nil, err
		}
	}
	if len(archives) > 0 {
		if err := s.openArchives(ctx, archives, wanted, q, opts); err != nil {
			return nil, err
		}
	}
	if err := s.checkTwins(); err != nil {
		return nil, err
	}
	s.sort()
	return s, nil
}

// Begins lists the tables of archives with which what is read of a collector begins, less than two hours before a
// question: of files that were given so much before it is read. What was lost before such a table, and came back
// later, is not seen to have been lost.
func (s *Set) Begins(q moment.Interval) []string {
	first, early := map[string]File{}, map[string]bool{}
	for _, f := range s.Files {
		if had, ok := first[f.Collector]; f.Kind == RIB && f.URL != "" && f.Start <= q.From && (!ok || f.Start < had.Start) {
			first[f.Collector] = f
		}
	}
	for _, f := range s.Files {
		t, ok := first[f.Collector]
		early[f.Collector] = early[f.Collector] || !ok || t.Start <= q.From-dur(givenLead) || f.Kind == Updates && f.End > 0 && f.End <= t.Start
	}
	var out []string
	for c, f := range first {
		if !early[c] {
			out = append(out, c+" "+f.Name)
		}
	}
	slices.Sort(out)
	return out
}

// checkTwins refuses two files that claim to be the same one of the same
// collector: read together they would count everything twice.
func (s *Set) checkTwins() error {
	seen := map[[2]string]string{}
	for _, f := range s.Files {
		id := [2]string{f.Collector, f.Name}
		if before, ok := seen[id]; ok {
			return usage{worded.Errorf("source: two files %s of the collector %s: %s and %s; give one of them, "+
				"or keep them in folders named after their collectors", f.Name, f.Collector, before, f.Path)}
		}
		seen[id] = f.Path
	}
	return nil
}

func (s *Set) sort() {
	slices.SortFunc(s.Files, func(a, b File) int {
		return cmp.Or(strings.Compare(a.Collector, b.Collector), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Start, b.Start), strings.Compare(a.Name, b.Name))
	})
	slices.SortFunc(s.Missing, func(a, b Hole) int {
		return cmp.Or(strings.Compare(a.Collector, b.Collector), cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
	byName := func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Reason, b.Reason))
	}
	slices.SortFunc(s.Outside, byName)
	slices.SortFunc(s.Skipped, byName)
	slices.SortFunc(s.Absent, byName)
}
