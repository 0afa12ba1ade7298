package examine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"constat/atlas"
	"constat/casefile"
	"constat/finding"
	"constat/internal/decompress"
	"constat/observe"
	"constat/rib"
	"constat/source"
	"constat/wire/mrt"
)

// collect reads the sources twice: once whole, for who was watching and which
// prefixes belong to the subject, and once through a filter, for the records
// that bear on those prefixes.
func collect(ctx context.Context, r *Request, w *casefile.Writer) error {
	files := r.Sources.Files
	scans := make([]*rib.Scan, len(files))
	own := &found{subject: r.Subject, names: map[uint32]bool{}}
	steps, of := 0, 2*len(files)
	var mu sync.Mutex
	done := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		steps++
		if r.Done != nil {
			r.Done(name, steps, of)
		}
	}

	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	for i := range files {
		g.Go(func() error {
			f := &files[i]
			mine := own.local()
			s, err := rib.ScanFile(gctx, rib.ScanInput{Name: f.Name, Kind: kindName(f.Kind), Start: f.Start, End: slotEnd(f),
				Open: func() (io.ReadCloser, error) { return f.Open() }, Route: mine.route})
			if err != nil {
				return err
			}
			scans[i] = s
			own.join(mine)
			done(f.Name)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}

	prefixes := own.sorted()
	wanted := prefixes
	if r.Subject.Kind == atlas.KindPrefix {
		// The asked block itself, for the covering routes of a block that
		// nobody announced.
		wanted = append(slices.Clone(prefixes), r.Subject.Blocks...)
	}
	if len(wanted) > 0 {
		filter, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: wanted, Match: mrt.MatchAny, Until: r.Until,
			Kinds: mrt.Announcements | mrt.Withdrawals | mrt.RIBEntries})
		if err != nil {
			return err
		}
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(r.Workers)
		exhibits := make([]*casefile.ExhibitWriter, len(files))
		for i := range files {
			exhibits[i] = w.Exhibit(files[i].Collector, files[i].Name)
		}
		for i := range files {
			g.Go(func() error {
				x := exhibits[i]
				defer x.Discard()
				if err := extract(gctx, &files[i], filter, x, own); err != nil {
					return fmt.Errorf("%s: %w", files[i].Name, err)
				}
				done(files[i].Name)
				return x.Close(scans[i].File.SHA256)
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	if _, err := w.Seal(); err != nil {
		return err
	}
	watch := joinWatch(r.Sources, scans)
	b, err := encode(watch)
	if err != nil {
		return err
	}
	if err := w.WriteFile(WatchName, b); err != nil {
		return err
	}
	q := question{Format: QuestionFormat, Subject: r.Subject, Notes: r.Notes, Networks: map[string]string{},
		Question: finding.Question{Subject: r.Asked, From: r.From, Until: r.Until}}
	if q.Notes == nil {
		q.Notes = []finding.Note{}
	}
	if r.Atlas != nil {
		q.NamesOf = r.Atlas.NamesOf()
		for _, c := range watch.Collectors {
			for _, p := range c.Peers {
				own.name(p.LastAS())
			}
		}
		for _, o := range r.Subject.Origins {
			own.name(o)
		}
		for _, as := range slices.Sorted(maps.Keys(own.names)) {
			if n, ok := r.Atlas.Name(as); ok {
				q.Networks[strconv.FormatUint(uint64(as), 10)] = n
			}
		}
	}
	if b, err = encode(q); err != nil {
		return err
	}
	return w.WriteFile(QuestionName, b)
}

func kindName(k source.Kind) string {
	switch k {
	case source.Updates:
		return "updates"
	case source.RIB:
		return "rib"
	}
	return ""
}

// slotEnd is the end of the nominal slot, or its start where there is none.
func slotEnd(f *source.File) observe.Time {
	if f.End == 0 {
		return f.Start
	}
	return f.End
}

// joinWatch makes one account of all collectors.
func joinWatch(set *source.Set, scans []*rib.Scan) *rib.Watch {
	w := &rib.Watch{Format: rib.WatchFormat, Collectors: []rib.Collector{}}
	for _, c := range set.Collectors() {
		var of []*rib.Scan
		for i, f := range set.Files {
			if f.Collector == c {
				of = append(of, scans[i])
			}
		}
		var missing []observe.Interval
		for _, h := range set.Missing {
			if h.Collector == c {
				missing = append(missing, observe.Interval{From: h.From, Until: h.Until})
			}
		}
		w.Collectors = append(w.Collectors, rib.Join(c, int64(set.Cadence[c].Updates/time.Second), missing, of))
	}
	return w
}

// found gathers the prefixes of the subject and the ASes to be named.
type found struct {
	subject  *atlas.Subject
	mu       sync.Mutex
	prefixes map[netip.Prefix]bool
	names    map[uint32]bool
}

// local is one file's share of it, used by one goroutine.
type local struct {
	of       *found
	prefixes map[netip.Prefix]bool
	origins  map[uint32]bool
	blocks   bool
	seq      uint64
	origin   uint32
	is       bool
}

func (f *found) local() *local {
	l := &local{of: f, prefixes: map[netip.Prefix]bool{}, origins: map[uint32]bool{}, blocks: len(f.subject.Blocks) > 0}
	for _, o := range f.subject.Origins {
		l.origins[o] = true
	}
	return l
}

// route notes a prefix that belongs to the subject. Most routes are told by
// their origin, which the elements of an update share.
func (l *local) route(e *mrt.Elem) {
	if s := e.AttrSeq(); s != l.seq {
		l.seq = s
		l.origin, _ = originOf(e)
		l.is = l.origins[l.origin]
	}
	if (l.is || l.blocks) && !l.prefixes[e.Prefix] && l.of.subject.Match(e.Prefix, l.origin) {
		l.prefixes[e.Prefix] = true
	}
}

// originOf is the AS that originated a route; the peer's own where the path is
// empty. A path that ends in a set has none.
func originOf(e *mrt.Elem) (uint32, bool) {
	if o, ok := e.OriginAS(); ok {
		return o, true
	}
	var buf [16]uint32
	if len(e.AppendPath(buf[:0])) == 0 {
		return e.PeerAS, true
	}
	return 0, false
}

func (f *found) join(l *local) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.prefixes == nil {
		f.prefixes = map[netip.Prefix]bool{}
	}
	for p := range l.prefixes {
		f.prefixes[p] = true
	}
}

func (f *found) sorted() []netip.Prefix {
	return slices.SortedFunc(maps.Keys(f.prefixes), comparePrefix)
}

// comparePrefix orders by address, then the shorter first.
func comparePrefix(a, b netip.Prefix) int {
	if c := a.Addr().Compare(b.Addr()); c != 0 {
		return c
	}
	return a.Bits() - b.Bits()
}

func (f *found) name(as uint32) {
	if as != 0 {
		f.names[as] = true
	}
}

// extract copies the records that the filter lets through.
func extract(ctx context.Context, f *source.File, filter *mrt.Filter, x *casefile.ExhibitWriter, own *found) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	d, err := decompress.NewReader(in)
	if err != nil {
		return err
	}
	defer d.Close()
	rd := mrt.NewReader(d)
	var w mrt.Walker
	w.SetFilter(filter)
	names := map[uint32]bool{}
	var path []uint32
	var index []byte // the peer index table that the next table record needs
	var indexAt int64
	var seq uint64
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := rd.Next()
		if err == io.EOF {
			break
		}
		var damage *mrt.Damage
		if errors.As(err, &damage) {
			continue // counted when the file was scanned
		}
		if err != nil {
			return err
		}
		kind, _ := w.Record(rec)
		if kind == mrt.KindPeerIndex {
			index, indexAt = slices.Clone(rec.Raw), rec.Offset
			continue
		}
		wanted := false
		for w.Next() {
			wanted = true
			e := w.Elem()
			if e.Kind == mrt.Withdraw || e.AttrSeq() == seq {
				continue
			}
			seq = e.AttrSeq()
			path = e.AppendPath(path[:0])
			for _, as := range path {
				names[as] = true
			}
		}
		if !wanted {
			continue
		}
		if kind == mrt.KindRIB && index != nil {
			if err := x.Add(indexAt, index); err != nil {
				return err
			}
			index = nil
		}
		if err := x.Add(rec.Offset, rec.Raw); err != nil {
			return err
		}
	}
	own.mu.Lock()
	for as := range names {
		own.name(as)
	}
	own.mu.Unlock()
	return nil
}
