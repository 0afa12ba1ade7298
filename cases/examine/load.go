package examine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"slices"

	"golang.org/x/sync/errgroup"

	"constat/cases/caselog"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/rib"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// loader reads a case.
type loader struct {
	dir      string
	q        *question
	manifest *caselog.Manifest
	ev       assess.Evidence
	copies   map[vantage.Peer]bool // peers that another collector's files have too
}

// load reads a case and follows its routes, as the evidence that findings are
// computed from. It reads nothing but the case.
func load(ctx context.Context, dir string) (*assess.Evidence, error) {
	return loadWith(ctx, dir, &scope{})
}

// scope is what records tell of a subject without being followed: see [assess.Evidence].
type scope struct {
	known                    bool // what follows is
	prefixes, covers, inside []netip.Prefix
	origins                  map[netip.Prefix][]uint32

	// sealed is the manifest if it was written a moment ago: it may list a million records, and
	// need not be read for what is held against it. Nil if it is to be read.
	sealed *caselog.Manifest
	// table has the routes if they were followed from the exhibits as they are. Nil if they are
	// to be followed.
	table *rib.Table
}

func scopeOf(ev *assess.Evidence) *scope {
	return &scope{known: true, prefixes: ev.Prefixes, covers: ev.Covers, inside: ev.Inside, origins: ev.Origins}
}

// loadWith is load of a case whose scope is known: with the records of controls a case has
// the same as without them, because all that have to do with the subject are in it from the
// start. If it is not, the exhibits are read for it.
func loadWith(ctx context.Context, dir string, of *scope) (*assess.Evidence, error) {
	l := &loader{dir: dir, manifest: of.sealed}
	of.sealed = nil // it is emptied below
	var err error
	if l.q, err = readQuestion(dir); err != nil {
		return nil, err
	}
	q := l.q
	l.ev = assess.Evidence{Question: q.Question, Subject: q.Subject, Notes: q.Notes, Declared: q.Standard, Rules: q.Rules, Networks: q.Networks, NamesOf: q.NamesOf,
		Country: q.countryOf(), Operator: q.operatorOf(), Large: q.largeASes(), Customers: q.customersOf(), Holdings: q.Holdings, Locate: l.locate}
	if l.ev.Watch, err = readWatch(dir); err != nil {
		return nil, err
	}
	l.dropCopies()
	if l.manifest == nil {
		if l.manifest, err = caselog.ReadManifest(dir); err != nil {
			return nil, err
		}
	}
	if l.ev.Standard, err = readStandard(dir, q); err != nil {
		return nil, err
	}
	if err := l.readGroups(); err != nil {
		return nil, err
	}
	var c controls
	if err := readJSON(dir, ControlsName, ControlsFormat, &c, &c.Format); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, n := range c.Near {
		l.ev.Near = append(l.ev.Near, n.Prefix)
	}
	l.ev.Far = c.Far
	l.ev.Ledger = l.ev.Watch.Ledger(moment.Interval{From: q.Question.From, Until: q.Question.Until})
	if of.known {
		l.ev.Prefixes, l.ev.Covers, l.ev.Inside, l.ev.Origins = of.prefixes, of.covers, of.inside, of.origins
	} else if err := l.resolve(ctx); err != nil {
		return nil, err
	}
	if l.ev.Table = of.table; l.ev.Table == nil {
		if err := l.follow(ctx); err != nil {
			return nil, err
		}
	}
	for i := range l.manifest.Exhibits {
		l.manifest.Exhibits[i].Records = caselog.Records{} // there may be millions, and nobody asks any more
	}
	return &l.ev, nil
}

// dropCopies leaves out peers that were heard at another collector with the same
// records: they are one witness.
func (l *loader) dropCopies() {
	all := l.ev.Watch
	w, copies := all.Originals()
	if len(copies) == 0 {
		return
	}
	l.ev.Watch, l.copies = w, map[vantage.Peer]bool{}
	for _, p := range copies {
		l.copies[p] = true
	}
	l.ev.Notes = addCopies(l.ev.Notes, all.CopiesOf())
}

// addCopies adds pairs of collectors to the note of copies.
func addCopies(notes []finding.Note, pairs []string) []finding.Note {
	notes = slices.Clone(notes)
	for i := range notes {
		if notes[i].Key == finding.NoteCopies {
			notes[i].Files = slices.Compact(slices.Sorted(slices.Values(slices.Concat(notes[i].Files, pairs))))
			return notes
		}
	}
	return append(notes, finding.Note{Key: finding.NoteCopies, Files: pairs})
}

// readStandard reads the standard of proof, which must be the one declared, under its
// own name.
func readStandard(dir string, q *question) (proof.Standard, error) {
	b, err := caselog.ReadFile(dir, StandardName)
	if err != nil {
		return proof.Standard{}, fmt.Errorf("not a whole case: %w", err)
	}
	s, hash, err := proof.Parse(b)
	if err != nil {
		return s, fmt.Errorf("%s: %w", StandardName, err)
	}
	if hash != q.Standard.SHA256 {
		return s, fmt.Errorf("%s is not the standard that was declared: its SHA-256 is %s, declared is %s", StandardName, hash, q.Standard.SHA256)
	}
	if s.Name != q.Standard.Name {
		return s, fmt.Errorf("%s: it declares a standard of proof named %q, and %s is named %q", QuestionName, q.Standard.Name, StandardName, s.Name)
	}
	return s, nil
}

// readGroups reads the grouping file, which must be the one that was given.
func (l *loader) readGroups() error {
	if l.q.Groups == nil {
		return nil
	}
	b, err := caselog.ReadFile(l.dir, GroupsName)
	if err != nil {
		return fmt.Errorf("not a whole case: %w", err)
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != l.q.Groups.SHA256 {
		return fmt.Errorf("%s is not the grouping file that was given: its SHA-256 is %s, given was %s", GroupsName, got, l.q.Groups.SHA256)
	}
	if l.ev.Groups, err = atlas.ParseGroups(b); err != nil {
		return fmt.Errorf("%s: %w", GroupsName, err)
	}
	return nil
}

// exhibit gives the records of one exhibit in stored order. An exhibit is never
// packed.
type exhibit struct {
	f   io.Closer
	of  caselog.Cursor // of those that the manifest lists
	all int            // how many these are
	rd  *mrt.Reader
	w   mrt.Walker
	rec mrt.Record // the one at hand
	n   int        // records given

	message message
	plain   bgp.Plain
	isPlain bool // it is plain, and was not put to the walker
}

// walk puts the record to the walker whatever it is.
func (x *exhibit) walk() *mrt.Walker {
	if x.isPlain {
		x.w.Start(&x.rec)
	}
	return &x.w
}

func (l *loader) open(i int) (*exhibit, error) {
	x := &l.manifest.Exhibits[i]
	f, err := x.Open(l.dir)
	if err != nil {
		return nil, fmt.Errorf("exhibit %s: %w", x.Name, err)
	}
	return &exhibit{f: f, of: x.Records.Cursor(), all: x.Records.Len(), rd: mrt.NewReader(f)}, nil
}

// Next decodes the next record; its elements are then read from the walker, or if it is
// plain from plain.
func (x *exhibit) Next() (*exhibit, moment.Time, error) {
	err := x.rd.ReadRecord(&x.rec)
	switch {
	case err != nil && isDamage(err):
		return nil, 0, fmt.Errorf("record %d: %w", x.n+1, err)
	case err == io.EOF && x.n < x.all:
		return nil, 0, fmt.Errorf("it ends after %d of the %d records that the manifest lists", x.n, x.all)
	case err != nil:
		return nil, 0, err
	}
	if _, length, ok := x.of.Next(); !ok || int64(len(x.rec.Raw)) != length {
		return nil, 0, fmt.Errorf("record %d is not the one that the manifest lists", x.n+1)
	}
	x.n++
	x.message.of(&x.rec)
	if x.isPlain = x.message.isPlain && x.plain.Parse(x.message.body, x.message.as4) && len(x.plain.Withdrawn)+len(x.plain.Announced) > 0; !x.isPlain {
		x.w.Start(&x.rec)
	}
	return x, x.rec.Time, nil
}

func isDamage(err error) bool {
	_, ok := errors.AsType[*mrt.Damage](err)
	return ok
}

func (x *exhibit) Close() error {
	return x.f.Close()
}

// resolve finds which prefixes the subject comes to, under which origins, and
// which less specifics of them were announced by anybody.
func (l *loader) resolve(ctx context.Context) error {
	s := l.q.Subject
	own := map[netip.Prefix]bool{}
	origins := map[netip.Prefix]map[uint32]bool{}
	announced := map[netip.Prefix]bool{}
	until := l.q.Question.Until
	var may []uint32 // who may have originated the route at hand
	type told struct {
		prefix netip.Prefix
		origin uint32
	}
	known := map[told]bool{} // routes of which this was looked at
	for i := range l.manifest.Exhibits {
		x, err := l.open(i)
		if err != nil {
			return err
		}
		for {
			if ctx.Err() != nil {
				x.Close()
				return ctx.Err()
			}
			_, at, err := x.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				x.Close()
				return fmt.Errorf("exhibit %s: %w", l.manifest.Exhibits[i].Name, err)
			}
			if at >= until || x.isPlain && len(x.plain.Announced) == 0 {
				continue
			}
			for w := x.walk(); w.Next(); {
				el := w.Elem()
				if el.SAFI == 2 || el.Local || el.Kind != mrt.Announce && el.Kind != mrt.RIBEntry {
					continue
				}
				may = originsOf(may[:0], el)
				if len(may) == 1 {
					k := told{el.Prefix, may[0]}
					if known[k] {
						continue
					}
					known[k] = true
				}
				announced[el.Prefix] = true
				for _, origin := range s.Matching(el.Prefix, may) {
					own[el.Prefix] = true
					if origins[el.Prefix] == nil {
						origins[el.Prefix] = map[uint32]bool{}
					}
					if origin != 0 {
						origins[el.Prefix][origin] = true
					}
				}
			}
		}
		x.Close()
	}
	if s.Kind == atlas.KindPrefix && len(own) == 0 {
		// What was asked about stays on the list, also where nobody carried it.
		for _, b := range s.Blocks {
			own[b] = true
		}
	}
	l.ev.Prefixes = slices.SortedFunc(maps.Keys(own), netip.Prefix.Compare)
	l.ev.Origins = map[netip.Prefix][]uint32{}
	for p, of := range origins {
		l.ev.Origins[p] = slices.Sorted(maps.Keys(of))
	}
	covers := map[netip.Prefix]bool{}
	for _, p := range l.ev.Prefixes {
		for n := 1; n < p.Bits(); n++ { // the default route covers nothing
			if q := netip.PrefixFrom(p.Addr(), n).Masked(); announced[q] {
				covers[q] = true
			}
		}
	}
	l.ev.Covers = slices.SortedFunc(maps.Keys(covers), netip.Prefix.Compare)
	l.ev.Inside = inside(own, announced)
	return nil
}

// leastInside is how short a prefix of the subject may be and still have what others
// announce within it looked at. Example: who announces 0.0.0.0/1 by mistake holds
// half of the Internet, and no more than a mistake follows from it.
const leastInside = 8

// inside lists what was announced within the subject's prefixes and is not the
// subject's, sorted.
func inside(own, announced map[netip.Prefix]bool) []netip.Prefix {
	var out []netip.Prefix
	for q := range announced {
		if own[q] {
			continue
		}
		for n := leastInside; n < q.Bits(); n++ {
			if own[netip.PrefixFrom(q.Addr(), n).Masked()] {
				out = append(out, q)
				break
			}
		}
	}
	slices.SortFunc(out, netip.Prefix.Compare)
	return out
}

// follow feeds the records, in order of time, to a table of the subject's
// prefixes and of what covers them.
func (l *loader) follow(ctx context.Context) error {
	peers, peerOf := rib.TablePeers(l.ev.Watch, l.ev.Ledger)
	prefixes := slices.Clone(l.ev.Prefixes)
	more := map[netip.Prefix]bool{}
	for _, q := range slices.Concat(l.ev.Near, l.ev.Far, l.ev.Covers, l.ev.Inside) {
		more[q] = true
	}
	for q := range more {
		if _, ok := slices.BinarySearchFunc(l.ev.Prefixes, q, netip.Prefix.Compare); !ok {
			prefixes = append(prefixes, q)
		}
	}
	slices.SortFunc(prefixes, netip.Prefix.Compare)
	l.ev.Table = rib.NewTable(peers, prefixes)

	firsts := map[[2]string]moment.Time{}
	for _, c := range l.ev.Watch.Collectors {
		for _, f := range c.Files {
			if f.First != nil {
				firsts[[2]string{c.Name, f.SHA256}] = *f.First
			}
		}
	}
	var in []source.Input[*exhibit]
	for i := range l.manifest.Exhibits {
		x := &l.manifest.Exhibits[i]
		in = append(in, source.Input[*exhibit]{Collector: x.Source.Collector, File: x.Name,
			Start: firsts[[2]string{x.Source.Collector, x.Source.SHA256}],
			Open:  func() (source.Iterator[*exhibit], error) { return l.open(i) }})
	}
	byName := map[string]int{}
	for i := range l.manifest.Exhibits {
		byName[l.manifest.Exhibits[i].Name] = i
	}
	feed := l.ev.Table.Feed()
	batches, free := make(chan *rib.Batch, followAhead), make(chan *rib.Batch, followAhead)
	for range followAhead {
		free <- new(rib.Batch)
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(batches)
		return l.decode(gctx, in, byName, peerOf, free, batches)
	})
	for b := range batches {
		feed.Batch(b)
		b.Reset()
		free <- b
	}
	if err := g.Wait(); err != nil {
		return err
	}
	l.ev.Table.Finish(l.q.Question.Until.SecUp())
	return nil
}

// recordID names a record of an exhibit in one number; 0 names none.
func recordID(exhibit int, offset int64) int64 { return int64(exhibit+1)<<40 | offset }

// locate takes the number apart.
func (l *loader) locate(id int64) (exhibit string, offset int64) {
	if i := int(id>>40) - 1; i >= 0 && i < len(l.manifest.Exhibits) {
		return l.manifest.Exhibits[i].Name, id & (1<<40 - 1)
	}
	return "", 0
}
