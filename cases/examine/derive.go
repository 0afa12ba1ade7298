package examine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/netip"
	"slices"

	"constat/cases/caselog"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/rib"
	"constat/routes/source"
	"constat/wire/mrt"
)

// evidence is a case as the derivation sees it.
type evidence struct {
	dir      string
	q        *question
	watch    *rib.Watch
	manifest *caselog.Manifest
	ledger   rib.Ledger
	// Who told its whole table, and who is known to have told a part of it. What
	// the latter withdraw may be a route that they now have from somebody of whom
	// they do not tell.
	full, partial map[moment.Peer]bool
	standard      proof.Standard
	groups        *atlas.Groups // nil: none given
	controls      controls

	subject []netip.Prefix                   // the subject's prefixes, sorted
	origins map[netip.Prefix]map[uint32]bool // origins seen announcing them
	cover   map[netip.Prefix]bool            // less specifics of them that anybody announced
	learned map[uint32]bool                  // origins of the subject's prefixes within its blocks
	table   *rib.Table
	index   map[netip.Prefix]int // prefixes of the table
	peers   *rib.PeerIndex
	start   int64 // of the question, in whole seconds
	end     int64
}

// derive computes the findings from the case in dir alone.
func derive(ctx context.Context, dir string) (*finding.Findings, error) {
	e, err := load(ctx, dir)
	if err != nil {
		return nil, err
	}
	return e.findings(), nil
}

// load reads a case and follows its routes.
func load(ctx context.Context, dir string) (*evidence, error) {
	e := &evidence{dir: dir, origins: map[netip.Prefix]map[uint32]bool{}, cover: map[netip.Prefix]bool{}, learned: map[uint32]bool{}}
	var err error
	if e.q, err = readQuestion(dir); err != nil {
		return nil, err
	}
	if e.watch, err = readWatch(dir); err != nil {
		return nil, err
	}
	if e.manifest, err = caselog.ReadManifest(dir); err != nil {
		return nil, err
	}
	if err := e.readStandard(); err != nil {
		return nil, err
	}
	if err := e.readGroups(); err != nil {
		return nil, err
	}
	if err := readJSON(dir, ControlsName, ControlsFormat, &e.controls, &e.controls.Format); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	e.start, e.end = e.q.Question.From.Sec(), secCeil(e.q.Question.Until)
	e.full, e.partial = e.watch.Feeds()
	e.ledger = e.watch.Ledger(moment.Interval{From: e.q.Question.From, Until: e.q.Question.Until})
	if err := e.resolve(ctx); err != nil {
		return nil, err
	}
	if err := e.follow(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// readStandard reads the standard of proof, which must be the one declared.
func (e *evidence) readStandard() error {
	b, err := caselog.ReadFile(e.dir, StandardName)
	if err != nil {
		return fmt.Errorf("not a whole case: %w", err)
	}
	s, hash, err := proof.Parse(b)
	if err != nil {
		return fmt.Errorf("%s: %w", StandardName, err)
	}
	if hash != e.q.Standard.SHA256 {
		return fmt.Errorf("%s is not the standard that was declared: its SHA-256 is %s, declared is %s", StandardName, hash, e.q.Standard.SHA256)
	}
	e.standard = s
	return nil
}

func secCeil(t moment.Time) int64 {
	if t.Micro() > 0 {
		return t.Sec() + 1
	}
	return t.Sec()
}

// exhibit gives the records of one exhibit in stored order. An exhibit is never
// packed.
type exhibit struct {
	f  io.Closer
	x  *caselog.Exhibit
	rd *mrt.Reader
	w  mrt.Walker

	offset int64 // of the record at hand
	n      int   // records given
}

func (e *evidence) open(x *caselog.Exhibit) (*exhibit, error) {
	f, err := x.Open(e.dir)
	if err != nil {
		return nil, fmt.Errorf("exhibit %s: %w", x.Name, err)
	}
	return &exhibit{f: f, x: x, rd: mrt.NewReader(f)}, nil
}

// Next decodes the next record; its elements are then read from the walker.
func (x *exhibit) Next() (*exhibit, moment.Time, error) {
	rec, err := x.rd.Next()
	var damage *mrt.Damage
	switch {
	case errors.As(err, &damage):
		return nil, 0, fmt.Errorf("record %d: %w", x.n+1, damage)
	case err == io.EOF && x.n < len(x.x.Records):
		return nil, 0, fmt.Errorf("it ends after %d of the %d records that the manifest lists", x.n, len(x.x.Records))
	case err != nil:
		return nil, 0, err
	case x.n >= len(x.x.Records) || int64(len(rec.Raw)) != x.x.Records[x.n][1]:
		return nil, 0, fmt.Errorf("record %d is not the one that the manifest lists", x.n+1)
	}
	x.n++
	x.w.Record(rec)
	x.offset = rec.Offset
	return x, rec.Time, nil
}

func (x *exhibit) Close() error {
	return x.f.Close()
}

// resolve finds which prefixes the subject comes to, under which origins, and
// which less specifics of them were announced by anybody.
func (e *evidence) resolve(ctx context.Context) error {
	s := e.q.Subject
	own := map[netip.Prefix]bool{}
	announced := map[netip.Prefix]bool{}
	until := e.q.Question.Until
	var may []uint32 // who may have originated the route at hand
	for i := range e.manifest.Exhibits {
		x, err := e.open(&e.manifest.Exhibits[i])
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
				return fmt.Errorf("exhibit %s: %w", e.manifest.Exhibits[i].Name, err)
			}
			for x.w.Next() {
				el := x.w.Elem()
				if el.SAFI == 2 || el.Local || at >= until || el.Kind != mrt.Announce && el.Kind != mrt.RIBEntry {
					continue
				}
				announced[el.Prefix] = true
				may = originsOf(may[:0], el)
				for _, origin := range matching(s, el.Prefix, may) {
					own[el.Prefix] = true
					if e.origins[el.Prefix] == nil {
						e.origins[el.Prefix] = map[uint32]bool{}
					}
					if origin != 0 {
						e.origins[el.Prefix][origin] = true
						if s.MatchOtherOrigin(el.Prefix) {
							e.learned[origin] = true
						}
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
	e.subject = slices.SortedFunc(maps.Keys(own), comparePrefix)
	for _, p := range e.subject {
		for n := 1; n < p.Bits(); n++ { // the default route covers nothing
			if q := netip.PrefixFrom(p.Addr(), n).Masked(); announced[q] {
				e.cover[q] = true
			}
		}
	}
	return nil
}

// follow feeds the records, in order of time, to a table of the subject's
// prefixes and of what covers them.
func (e *evidence) follow(ctx context.Context) error {
	peers, index := e.watch.TablePeers(e.ledger)
	e.peers = index
	prefixes := slices.Clone(e.subject)
	more := map[netip.Prefix]bool{}
	for _, n := range e.controls.Near {
		more[n.Prefix] = true
	}
	for _, p := range e.controls.Far {
		more[p] = true
	}
	for q := range e.cover {
		more[q] = true
	}
	for q := range more {
		if _, ok := slices.BinarySearchFunc(e.subject, q, comparePrefix); !ok {
			prefixes = append(prefixes, q)
		}
	}
	slices.SortFunc(prefixes, comparePrefix)
	e.index = map[netip.Prefix]int{}
	for i, p := range prefixes {
		e.index[p] = i
	}
	e.table = rib.NewTable(peers, prefixes)

	firsts := map[[2]string]moment.Time{}
	for _, c := range e.watch.Collectors {
		for _, f := range c.Files {
			if f.First != nil {
				firsts[[2]string{c.Name, f.SHA256}] = *f.First
			}
		}
	}
	var in []source.Input[*exhibit]
	for i := range e.manifest.Exhibits {
		x := &e.manifest.Exhibits[i]
		in = append(in, source.Input[*exhibit]{Collector: x.Source.Collector, File: x.Name,
			Start: firsts[[2]string{x.Source.Collector, x.Source.SHA256}],
			Open:  func() (source.Iterator[*exhibit], error) { return e.open(x) }})
	}
	byName := map[string]int{}
	for i := range e.manifest.Exhibits {
		byName[e.manifest.Exhibits[i].Name] = i
	}
	m := source.Merge(in)
	defer m.Close()
	feed := e.table.Feed()
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		x, at, from, err := m.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if at >= e.q.Question.Until {
			continue
		}
		e.table.Record = recordID(byName[from.File], x.offset)
		feed.Record()
		for x.w.Next() {
			el := x.w.Elem()
			p, ok := e.index[el.Prefix]
			if !ok || el.SAFI == 2 || el.Local {
				continue
			}
			peer, ok := e.peers.Of(from.Collector, el)
			if !ok {
				return fmt.Errorf("%s does not know the peer %s AS%d of %s, which an exhibit has", WatchName, el.PeerAddr, el.PeerAS, from.Collector)
			}
			feed.Apply(at.Sec(), peer, p, el)
		}
	}
	e.table.Finish(e.end)
	return nil
}

// recordID names a record of an exhibit in one number; 0 names none.
func recordID(exhibit int, offset int64) int64 { return int64(exhibit+1)<<40 | offset }

// record takes the number apart.
func (e *evidence) record(id int64) (exhibit string, offset int64) {
	if i := int(id>>40) - 1; i >= 0 && i < len(e.manifest.Exhibits) {
		return e.manifest.Exhibits[i].Name, id & (1<<40 - 1)
	}
	return "", 0
}

// pathOrigin is the origin of a path made by [rib.RoutePath]; 0 where it is not
// certain.
func pathOrigin(path []uint32) uint32 {
	if len(path) == 0 {
		return 0
	}
	return path[len(path)-1]
}

// peersOf are the outage package's peers: the table's, in the same order.
func (e *evidence) outagePeers() []outage.Peer {
	ps := make([]outage.Peer, len(e.table.Peers))
	for i, p := range e.table.Peers {
		ps[i] = outage.Peer{Peer: p.Peer, AS: p.AS}
	}
	return ps
}
