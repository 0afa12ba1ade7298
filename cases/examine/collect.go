package examine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"constat/cases/caselog"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/routes/atlas"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// collect reads the sources whole, for who was watching, which prefixes belong to
// the subject and the records that bear on these, and those sources again of which
// records turn out to be needed that were not kept ([keeper]). Where there was a
// loss it reads them twice more: for controls, and for what became of them.
// It returns the scope of the case.
func collect(ctx context.Context, r *Request, w *caselog.Writer) (*scope, error) {
	files := r.Sources.Files
	scans := make([]*scan.Scan, len(files))
	keepers := make([]*keeper, len(files))
	own, err := newFound(r.Subject)
	if err != nil {
		return nil, err
	}
	spool, err := newSpool(w.Dir())
	if err != nil {
		return nil, err
	}
	defer spool.close()
	steps, all := 0, 2*len(files)
	var mu sync.Mutex
	done := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		steps++
		if r.Done != nil {
			r.Done(name, steps, all)
		}
	}

	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	for i := range files {
		g.Go(func() error {
			f := &files[i]
			s, k, err := r.scan(gctx, f, own, spool)
			if err != nil {
				return err
			}
			scans[i], keepers[i] = s, k
			done(f.Name)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}

	files, scans, keepers = r.leaveCopies(files, scans, keepers)
	prefixes := own.sorted()
	want, err := newWanted(r, prefixes, nil)
	if err != nil {
		return nil, err
	}
	if err := extractAll(ctx, r, w, scans, keepers, false, want, own, done); err != nil {
		return nil, err
	}
	sealed, err := w.Seal()
	if err != nil {
		return nil, err
	}
	watch, err := scan.Join(r.Sources, scans)
	if err != nil {
		return nil, err
	}
	b, err := encode(watch)
	if err != nil {
		return nil, err
	}
	if err := w.WriteFile(WatchName, b); err != nil {
		return nil, err
	}
	if err := r.writeQuestion(w, watch, own, false, nil); err != nil {
		return nil, err
	}

	// Controls are chosen only where a loss has to be explained.
	ev, err := loadWith(ctx, w.Dir(), &scope{sealed: &caselog.Manifest{Format: sealed.Format, Exhibits: slices.Clone(sealed.Exhibits)}})
	if err != nil {
		return nil, err
	}
	if ev.Holdings, err = r.holdings(ev); err != nil {
		return nil, err
	}
	held := ev.Holdings
	of := scopeOf(ev)
	c := &controls{Format: ControlsFormat, Near: []nearControl{}, Far: []netip.Prefix{}}
	first, lost := outage.First(assess.Input(ev))
	if lost {
		all += 2 * len(files)
		if c, err = choose(ctx, r, ev, keepers, first, done); err != nil {
			return nil, err
		}
	}
	if len(c.Near)+len(c.Far) == 0 { // the case has all that it comes to have, and that was followed
		of.table = ev.Table
		for i := range files {
			if lost {
				done(files[i].Name)
			}
		}
	} else {
		if want, err = newWanted(r, prefixes, c); err != nil {
			return nil, err
		}
		if err := w.Reset(); err != nil {
			return nil, err
		}
		if err := extractAll(ctx, r, w, scans, keepers, true, want, own, done); err != nil {
			return nil, err
		}
		if sealed, err = w.Seal(); err != nil {
			return nil, err
		}
	}
	of.sealed = sealed
	if err := r.writeQuestion(w, watch, own, true, held); err != nil {
		return nil, err
	}
	if b, err = encode(c); err != nil {
		return nil, err
	}
	return of, w.WriteFile(ControlsName, b)
}

// scan reads a source whole, and keeps of it what bears on what is known to be the subject's.
func (r *Request) scan(ctx context.Context, f *source.File, own *found, spool *spool) (*scan.Scan, *keeper, error) {
	mine := own.local()
	k := newKeeper(spool, mine, r.Until, own.known.Load())
	if k.opened = r.opened; k.opened != nil {
		k.opened(f.Name)
	}
	in := scan.Of(f)
	in.Records = func(rd io.Reader) scan.Records { return k.source(f, rd) }
	in.Entry, in.List, in.Message, in.Record = k.entry, k.list, k.message, k.record
	s, err := scan.Read(ctx, in)
	k.leave()
	if err == nil {
		err = k.finish()
	}
	if err == nil {
		err = s.Shelve(spool.put)
	}
	if err == nil {
		err = own.join(mine)
	}
	return s, k, err
}

// leaveCopies leaves out the files whose bytes another collector's has: the same file
// is one file, under whatever name it came.
func (r *Request) leaveCopies(files []source.File, scans []*scan.Scan, keepers []*keeper) ([]source.File, []*scan.Scan, []*keeper) {
	copied := scan.Copies(r.Sources, scans)
	if len(copied) == 0 {
		return files, scans, keepers
	}
	var keptScans []*scan.Scan
	var keptKeepers []*keeper
	var pairs []string
	for i := range files {
		k, is := copied[i]
		if !is {
			keptScans, keptKeepers = append(keptScans, scans[i]), append(keptKeepers, keepers[i])
			continue
		}
		pairs = append(pairs, files[i].Collector+" = "+files[k].Collector)
		if r.Copied != nil {
			r.Copied(files[i], files[k])
		}
	}
	slices.Sort(pairs)
	r.Notes = addCopies(r.Notes, slices.Compact(pairs))
	r.Sources = r.Sources.Without(copied, source.BytesOf)
	return r.Sources.Files, keptScans, keptKeepers
}

// writeQuestion writes question.json with the names of all networks met and,
// once the controls are chosen, with who acts through them.
func (r *Request) writeQuestion(w *caselog.Writer, watch *vantage.Watch, own *found, actors bool, held []atlas.Holding) error {
	q := question{Format: QuestionFormat, Rules: assess.Rules, Holdings: held, Subject: r.Subject, Notes: r.Notes, Networks: map[string]string{},
		Standard: finding.Standard{Name: r.Standard.Name, SHA256: r.StandardHash},
		Question: finding.Question{Subject: r.Asked, From: r.From, Until: r.Until}}
	if r.GroupsText != nil {
		sum := sha256.Sum256(r.GroupsText)
		q.Groups = &groupsOf{r.GroupsFile, hex.EncodeToString(sum[:])}
	}
	if q.Notes == nil {
		q.Notes = []finding.Note{}
	}
	if r.Atlas != nil {
		q.NamesOf = r.Atlas.NamesOf()
		for _, c := range watch.Collectors {
			for _, p := range c.Peers {
				own.name(p.AS)
			}
		}
		if actors {
			if err := r.addActors(&q, slices.Sorted(maps.Keys(own.names))); err != nil {
				return err
			}
		}
		names := maps.Clone(own.names)
		for _, o := range r.Subject.Origins {
			names[o] = true
		}
		for _, as := range slices.Sorted(maps.Keys(names)) {
			if n, ok := r.Atlas.Name(as); ok {
				q.Networks[strconv.FormatUint(uint64(as), 10)] = n
			}
		}
	}
	b, err := encode(q)
	if err != nil {
		return err
	}
	return w.WriteFile(QuestionName, b)
}

// found gathers the prefixes of the subject and the ASes to be named.
type found struct {
	subject  *atlas.Subject
	mu       sync.Mutex
	prefixes map[netip.Prefix]bool
	names    map[uint32]bool
	known    atomic.Pointer[known] // what the files read by now told
}

func newFound(s *atlas.Subject) (*found, error) {
	f := &found{subject: s, prefixes: map[netip.Prefix]bool{}, names: map[uint32]bool{}}
	return f, f.tell()
}

// tell makes known what was found, once it is complete: other goroutines read it
// from then on.
func (f *found) tell() error {
	k := &known{prefixes: maps.Clone(f.prefixes)}
	all := f.sorted()
	if f.subject.Kind == atlas.KindPrefix {
		all = append(all, f.subject.Blocks...)
	}
	if len(all) > 0 {
		var err error
		if k.near, err = mrt.NewFilter(mrt.FilterSpec{Prefixes: all, Match: mrt.MatchAny}); err != nil {
			return err
		}
	}
	f.known.Store(k)
	return nil
}

// local is one file's share of it, used by one goroutine.
type local struct {
	of       *found
	prefixes map[netip.Prefix]bool
	list     []netip.Prefix // the same in the order in which they were found
	origins  map[uint32]bool
	bits     uint64 // of their last six, so that most others are turned away
	blocks   bool
	seq      uint64
	may      []uint32 // who may have originated the routes of seq
	is       bool
}

func (f *found) local() *local {
	l := &local{of: f, prefixes: map[netip.Prefix]bool{}, origins: map[uint32]bool{}, blocks: len(f.subject.Blocks) > 0}
	for _, o := range f.subject.Origins {
		l.origins[o] = true
		l.bits |= 1 << (o & 63)
	}
	return l
}

// route notes a prefix that belongs to the subject.
func (l *local) route(e *mrt.Elem) {
	if l.mayBe(e) {
		l.prefix(e.Prefix)
	}
}

// routes is route for the prefixes of a list.
func (l *local) routes(e *mrt.Elem, n bgp.NLRI) {
	if !l.mayBe(e) {
		return
	}
	for rest := n.Bytes; len(rest) > 0; {
		var p netip.Prefix
		p, _, rest, _ = n.Next(rest)
		l.prefix(p)
	}
}

// mayBe reports whether prefixes with the path of an element may be the subject's.
// Most routes are told by their origin, which the elements of an update share.
func (l *local) mayBe(e *mrt.Elem) bool {
	if s := e.AttrSeq(); s != l.seq {
		l.seq = s
		l.may = originsOf(l.may[:0], e)
		l.is = false
		for _, o := range l.may {
			l.is = l.is || l.origins[o]
		}
	}
	return l.is || l.blocks
}

// announced is routes for the announcements of a plain message.
func (l *local) announced(m *scan.Message) {
	o := m.Origin()
	if !l.blocks && (l.bits>>(o&63)&1 == 0 || !l.origins[o]) {
		return
	}
	l.seq = 0 // of no walker
	l.may = append(l.may[:0], o)
	for b := m.Announced; len(b) > 0; {
		n := int(b[0])
		raw := b[1 : 1+(n+7)>>3]
		b = b[1+len(raw):]
		l.prefix(bgp.MakePrefix4(raw, n))
	}
}

func (l *local) prefix(p netip.Prefix) {
	if !l.prefixes[p] && len(l.of.subject.Matching(p, l.may)) > 0 {
		l.prefixes[p] = true
		l.list = append(l.list, p)
	}
}

// originsOf appends the ASes one of which originated a route: the last of its
// path, all of the set that the path ends in, or the peer's own if the path is
// empty. It is the AS 0 if the path cannot be read.
func originsOf(dst []uint32, e *mrt.Elem) []uint32 {
	if o, ok := e.OriginAS(); ok {
		return append(dst, o)
	}
	p := e.Path()
	switch {
	case !p.IsValid():
		return append(dst, 0)
	case p.Empty():
		return append(dst, e.PeerAS)
	}
	if n := len(dst); len(p.AppendOrigins(dst)) > n {
		return p.AppendOrigins(dst)
	}
	return append(dst, 0)
}

func (f *found) join(l *local) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.prefixes)
	for _, p := range l.list {
		f.prefixes[p] = true
	}
	if len(f.prefixes) == n {
		return nil
	}
	return f.tell()
}

func (f *found) sorted() []netip.Prefix {
	return slices.SortedFunc(maps.Keys(f.prefixes), netip.Prefix.Compare)
}

func (f *found) name(as uint32) {
	if as != 0 {
		f.names[as] = true
	}
}

// newWanted makes the filter of what goes into the exhibits: the subject's prefixes
// with what covers them or lies inside them, and the controls as they are. It is nil
// if nothing does.
func newWanted(r *Request, prefixes []netip.Prefix, c *controls) (*mrt.Filter, error) {
	f := mrt.FilterSpec{Prefixes: wantedOf(r, prefixes), Match: mrt.MatchAny, Until: r.Until, Kinds: mrt.Announcements | mrt.Withdrawals | mrt.RIBEntries}
	if c != nil {
		f.Also = slices.Clone(c.Far)
		for _, n := range c.Near {
			f.Also = append(f.Also, n.Prefix)
		}
	}
	if len(f.Prefixes)+len(f.Also) == 0 {
		return nil, nil
	}
	return mrt.NewFilter(f)
}

// wantedOf are the prefixes with which all that has to do with the subject has to do.
func wantedOf(r *Request, prefixes []netip.Prefix) []netip.Prefix {
	if r.Subject.Kind == atlas.KindPrefix {
		// The asked block itself, for the covering routes of a block that
		// nobody announced.
		return append(slices.Clone(prefixes), r.Subject.Blocks...)
	}
	return prefixes
}

// extractAll copies what is wanted of every source: of what was kept of it as bearing on the
// subject; or, with controls, of all that it holds.
func extractAll(ctx context.Context, r *Request, w *caselog.Writer, scans []*scan.Scan, keepers []*keeper, whole bool, want *mrt.Filter, own *found, done func(string)) error {
	if want == nil {
		for _, f := range r.Sources.Files {
			done(f.Name)
		}
		return nil
	}
	files := r.Sources.Files
	near := wantedOf(r, own.sorted())
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Workers)
	exhibits := make([]*caselog.ExhibitWriter, len(files))
	for i := range files {
		exhibits[i] = w.Exhibit(files[i].Collector, files[i].Name)
	}
	for i := range files {
		g.Go(func() error {
			x := exhibits[i]
			defer x.Discard()
			err := func() error {
				if !whole {
					all, err := keepers[i].has(want, near, len(own.prefixes))
					if err != nil {
						return err
					}
					if all {
						return extract(gctx, keepers[i].records(), want, x, own)
					}
				}
				rd, c, err := keepers[i].open(&files[i])
				if err != nil {
					return err
				}
				defer c.Close()
				return extract(gctx, rd, want, x, own)
			}()
			if err != nil {
				return fmt.Errorf("%s: %w", files[i].Name, err)
			}
			done(files[i].Name)
			return x.Close(scans[i].File.SHA256)
		})
	}
	return g.Wait()
}

// extract copies the records that a filter lets through, each snapshot's behind
// the peer index table that they need.
func extract(ctx context.Context, rd scan.Records, want *mrt.Filter, x *caselog.ExhibitWriter, own *found) error {
	e := extractor{want: want, x: x, names: map[uint32]bool{}}
	e.w.SetFilter(want)
	r := newMessages(ctx, rd)
	for {
		m, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if !m.has(want) {
			continue
		}
		rec := r.record()
		if m.isPlain && e.plain.Parse(m.body, m.as4) {
			err = e.message(m, rec)
		} else {
			err = e.record(rec)
		}
		if err != nil {
			return err
		}
	}
	own.mu.Lock()
	for as := range e.names {
		own.name(as)
	}
	own.mu.Unlock()
	return nil
}

// extractor copies records of one file.
type extractor struct {
	want    *mrt.Filter
	x       *caselog.ExhibitWriter
	w       mrt.Walker
	plain   bgp.Plain
	names   map[uint32]bool
	recent  [1024]uint32 // names that are there, by their last digits
	path    []uint32
	index   []byte // the peer index table that the next table record needs
	indexAt int64
}

// name notes the networks of the path.
func (e *extractor) name() {
	for _, as := range e.path {
		if r := &e.recent[as%uint32(len(e.recent))]; *r != as {
			*r, e.names[as] = as, true
		}
	}
}

// message copies the record of a plain message that has a prefix that is wanted.
func (e *extractor) message(m *message, rec *mrt.Record) error {
	if !e.want.InTime(m.time) {
		return nil
	}
	if isWanted(e.want, e.plain.Announced) {
		e.path = e.plain.AppendPath(e.path[:0])
		e.name()
	}
	return e.x.Add(rec.Offset, rec.Raw)
}

// record copies any record that has something that is wanted.
func (e *extractor) record(rec *mrt.Record) error {
	found := false
	kind, _ := e.w.Start(rec)
	var seq uint64
	for e.w.Next() {
		found = true
		el := e.w.Elem()
		if el.Kind == mrt.Withdraw || el.AttrSeq() == seq {
			continue
		}
		seq = el.AttrSeq()
		e.path = el.AppendPath(e.path[:0])
		e.name()
	}
	if kind == mrt.KindPeerIndex {
		e.index, e.indexAt = slices.Clone(rec.Raw), rec.Offset
		return nil
	}
	if !found {
		return nil
	}
	if kind == mrt.KindRIB && e.index != nil {
		if err := e.x.Add(e.indexAt, e.index); err != nil {
			return err
		}
		e.index = nil
	}
	return e.x.Add(rec.Offset, rec.Raw)
}
