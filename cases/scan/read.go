package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"

	"constat/internal/decompress"
	"constat/internal/worded"
	"constat/routes/atlas"
	"constat/routes/rib"
	filescan "constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"

	"golang.org/x/sync/errgroup"
)

// MaxEvents bounds what is kept of updates, at twenty bytes each.
const MaxEvents = 100_000_000

// file is one file, and what is kept of it.
type file struct {
	*source.File
	scan     *filescan.Scan
	scanned  bool // it was read once
	peers    []named
	byPeer   map[named]uint16
	prefixes []netip.Prefix // those that have no place in seen yet: the next local numbers
	byPrefix numbers
	paths    rib.Paths
	events   []event
	told     int // of them, those that were noted

	// Of the element before: what it has in common with the next is looked up once.
	last    named
	lastID  uint16
	seq     uint64
	path    []uint32
	pathID  rib.PathID
	peerIdx []int    // among all, by local number; filled when all was read
	seen    []uint32 // places in scanner.all, by local number
}

// named is a peer as records name it.
type named struct {
	addr netip.Addr
	as   uint32
}

// event is one element.
type event struct {
	at     uint32 // second
	prefix uint32
	path   rib.PathID
	id     uint32 // path identifier
	from   uint32 // of a table's entry, the second at which the collector learned it
	peer   uint16
	kind   mrt.ElemKind

	refused bool // an announcement that is treated as a withdrawal
}

// seen is a prefix that records speak of.
type seen struct {
	prefix    netip.Prefix
	origins   []uint32
	announced bool
	withdrawn bool
	lost      []loser // who has withdrawn it, and not announced it again
	candidate bool    // two networks had lost it at a time
	index     int     // in the table; −1 if it is not followed
}

type loser struct {
	peer int
	as   uint32
}

// scanner is a scan in the making.
type scanner struct {
	Request
	files    []*file
	byPrefix numbers
	all      []seen // in no order that means anything
	wanted   []wanted
	lengths  [2][129]bool // of prefixes, by family
	watch    *vantage.Watch
	ledger   vantage.Ledger
	table    *rib.Table
	index    *vantage.PeerIndex
	events   int
	broad    [][2]bool                   // peers of the table that tell of much, by family
	found    []map[netip.Prefix][]uint32 // origins that tables told

	mu       sync.Mutex
	done, of int
}

// wanted is what is looked into: an origin with all its prefixes, or one prefix.
type wanted struct {
	as       uint32
	prefix   netip.Prefix
	prefixes []netip.Prefix // sorted
}

// rooms are where the events of files are gathered while their number is not known.
var rooms sync.Pool // of *[]event

// read reads updates, chooses what is looked into, and then reads tables, which are
// much larger, for that alone.
func (x *scanner) read(ctx context.Context) error {
	for i := range x.Sources.Files {
		x.of++
		if x.Sources.Files[i].Kind == source.RIB {
			x.of++
		}
	}
	if err := x.each(ctx, false, func(ctx context.Context, f *file) (err error) {
		room, ok := rooms.Get().(*[]event)
		if !ok {
			room = new([]event)
		}
		f.events = (*room)[:0]
		if f.scan, err = x.scanFile(ctx, f, f.update); err != nil {
			return err
		}
		*room, f.events = f.events, slices.Clone(f.events) // of the size that it has
		rooms.Put(room)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.number(f)
		return nil
	}); err != nil {
		return err
	}
	x.leaveCopies()
	x.candidates()
	origins := x.origins()
	// Of a prefix that is only withdrawn, the tables alone say whose it is.
	if err := x.each(ctx, true, func(ctx context.Context, f *file) (err error) {
		t := &tableReader{x: x, f: f, origins: origins}
		f.scan, err = x.scanFile(ctx, f, t.elem)
		return errors.Join(err, t.join())
	}); err != nil {
		return err
	}
	x.leaveCopies()
	for _, f := range x.files { // a file of both kinds
		if f != nil {
			x.number(f)
		}
	}
	x.choose()
	follow := x.followed()
	if err := x.each(ctx, true, func(ctx context.Context, f *file) error { return x.entries(ctx, f, follow) }); err != nil {
		return err
	}
	x.adopt()
	return nil
}

// leaveCopies leaves out the files that were read and unpack to what one of another
// collector does.
func (x *scanner) leaveCopies() {
	scans := make([]*filescan.Scan, len(x.files))
	for i, f := range x.files {
		if f != nil {
			scans[i] = f.scan
		}
	}
	copied := filescan.Repacked(x.Sources, scans)
	if len(copied) == 0 {
		return
	}
	var kept []*file
	for i, f := range x.files {
		if _, is := copied[i]; !is {
			kept = append(kept, f)
			continue
		}
		// What it says of prefixes was noted, and is what the other says.
		x.events -= f.told
		if f.Kind == source.RIB {
			x.of-- // it is not read for its routes
		}
	}
	before := len(x.Sources.Absent)
	x.Sources, x.files = x.Sources.Without(copied, source.UnpacksTo), kept
	x.told(x.Sources.Absent[before:])
}

// withoutEvents leaves out what peers said.
func (x *scanner) withoutEvents(peers []vantage.Peer) {
	if len(peers) == 0 {
		return
	}
	for _, f := range x.files {
		if f == nil {
			continue
		}
		n := len(f.events)
		f.events = slices.DeleteFunc(f.events, func(e event) bool {
			p := f.peers[e.peer]
			return slices.Contains(peers, vantage.Peer{Collector: f.Collector, Addr: p.addr, AS: p.as})
		})
		x.events -= n - len(f.events)
	}
}

func (x *scanner) told(what []source.Skipped) {
	if x.Copied != nil && len(what) > 0 {
		x.Copied(what)
	}
}

// each opens the files of a kind, some at once.
func (x *scanner) each(ctx context.Context, tables bool, read func(context.Context, *file) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(x.Workers)
	var chosen []int
	for i := range x.Sources.Files {
		if (x.Sources.Files[i].Kind == source.RIB) != tables {
			continue
		}
		chosen = append(chosen, i)
		if x.files[i] == nil {
			x.files[i] = &file{File: &x.Sources.Files[i], byPeer: map[named]uint16{}, byPrefix: newNumbers()}
		}
	}
	// All are made before the first is read: whoever has read one looks at all.
	for _, i := range chosen {
		g.Go(func() error {
			if err := read(gctx, x.files[i]); err != nil {
				return err
			}
			x.mu.Lock()
			defer x.mu.Unlock()
			x.files[i].scanned = true
			kept := 0
			for _, f := range x.files {
				if f != nil && f.scanned {
					kept += len(f.events)
				}
			}
			if kept > MaxEvents {
				return worded.Errorf("more than %d announcements and withdrawals: scan a shorter time, or fewer collectors, at once", MaxEvents)
			}
			x.done++
			if x.Done != nil {
				x.Done(x.files[i].Name, x.done, x.of)
			}
			return nil
		})
	}
	return g.Wait()
}

// scanFile reads a file whole, for the account of who was watching and for elem.
func (x *scanner) scanFile(ctx context.Context, f *file, elem func(*mrt.Elem)) (*filescan.Scan, error) {
	in := filescan.Of(f.File)
	in.Content = true
	until := x.Until
	entry, list := filescan.Each(elem)
	in.Entry = func(e *mrt.Elem) {
		if e.SAFI != 2 && !e.Local && e.Time < until {
			entry(e)
		}
	}
	in.List = func(e *mrt.Elem, l bgp.NLRI) {
		if e.SAFI != 2 && !e.Local && e.Time < until {
			list(e, l)
		}
	}
	return filescan.Read(ctx, in)
}

// update keeps an element of updates.
func (f *file) update(e *mrt.Elem) {
	path := rib.NoPath
	if e.Kind != mrt.Withdraw {
		if f.seq != e.AttrSeq() {
			f.seq = e.AttrSeq()
			f.path = rib.RoutePath(f.path[:0], e, e.PeerAS)
			f.pathID = f.paths.ID(f.path)
		}
		path = f.pathID
	}
	q, ok := f.byPrefix.of(e.Prefix)
	if !ok {
		q = uint32(len(f.seen) + len(f.prefixes))
		f.byPrefix.put(e.Prefix, q)
		f.prefixes = append(f.prefixes, e.Prefix)
	}
	f.events = append(f.events, event{uint32(e.Time.Sec()), q, path, e.PathID, uint32(e.Originated.Sec()), f.peer(e), e.Kind, e.Malformed})
}

// originPart is the end of a path made by [rib.RoutePath] that says whose the route is: all
// that outages are found by, unless several networks announce the addresses. A route that moves
// to another path of the same origin then makes no step.
func originPart(path []uint32) []uint32 {
	n := len(path)
	if n > 1 && path[n-1] == 0 { // it ends in a set, between two zeros
		return path[slices.Index(path, 0):]
	}
	return path[n-1:]
}

func (f *file) peer(e *mrt.Elem) uint16 {
	n := named{e.PeerAddr, e.PeerAS}
	if n == f.last && len(f.peers) > 0 {
		return f.lastID
	}
	id, ok := f.byPeer[n]
	if !ok {
		id = uint16(len(f.peers)) // package routes/scan refuses a file with more peers than fit
		f.byPeer[n] = id
		f.peers = append(f.peers, n)
	}
	f.last, f.lastID = n, id
	return id
}

// number gives the prefixes of a file their places among all, notes what its new events
// say of them, and forgets what the file itself knew.
func (x *scanner) number(f *file) {
	for _, p := range f.prefixes {
		f.seen = append(f.seen, x.see(p))
	}
	f.prefixes, f.byPrefix = nil, newNumbers()
	for _, e := range f.events[f.told:] {
		s := &x.all[f.seen[e.prefix]]
		if e.kind == mrt.Withdraw {
			s.withdrawn = true
			continue
		}
		s.announced = true
		s.from(rib.Origins(f.paths.Path(e.path)))
	}
	x.events += len(f.events) - f.told
	f.told = len(f.events)
	f.paths.Forget()
	f.seq, f.pathID = 0, rib.NoPath
}

// see returns the place of a prefix among all.
func (x *scanner) see(p netip.Prefix) uint32 {
	i, ok := x.byPrefix.of(p)
	if !ok {
		i = uint32(len(x.all))
		x.byPrefix.put(p, i)
		x.all = append(x.all, seen{prefix: p, index: -1})
		x.lengths[family(p)][p.Bits()] = true
	}
	return i
}

// known returns what was seen of a prefix; nil if nothing.
func (x *scanner) known(p netip.Prefix) *seen {
	if i, ok := x.byPrefix.of(p); ok {
		return &x.all[i]
	}
	return nil
}

// from notes origins of a prefix. An origin that names nobody is none, so that a prefix
// without another is looked into by itself. Example: a path that ends in AS23456, as
// routers without 32-bit AS numbers wrote them.
func (s *seen) from(origins []uint32) {
	for _, o := range origins {
		if atlas.Names(o) && !slices.Contains(s.origins, o) {
			s.origins = append(s.origins, o)
		}
	}
}

// merged calls f with all events kept, in order of time; those of a collector in the
// order in which its files have them.
func (x *scanner) merged(f func(*file, *event)) {
	type cursor struct {
		files []*file
		at    int
	}
	by := map[string]*cursor{}
	var names []string
	for _, fl := range x.files {
		if fl == nil || len(fl.events) == 0 {
			continue
		}
		c := by[fl.Collector]
		if c == nil {
			c = &cursor{}
			by[fl.Collector] = c
			names = append(names, fl.Collector)
		}
		c.files = append(c.files, fl)
	}
	slices.Sort(names)
	for _, c := range by {
		slices.SortStableFunc(c.files, func(a, b *file) int {
			// A table comes before the updates that begin with it.
			return cmp.Or(cmp.Compare(a.events[0].at, b.events[0].at), cmp.Compare(a.Kind, b.Kind))
		})
	}
	for {
		var next *cursor
		for _, n := range names {
			c := by[n]
			if len(c.files) == 0 {
				continue
			}
			if next == nil || c.files[0].events[c.at].at < next.files[0].events[next.at].at {
				next = c
			}
		}
		if next == nil {
			return
		}
		fl := next.files[0]
		second := fl.events[next.at].at
		for next.at < len(fl.events) && fl.events[next.at].at <= second {
			f(fl, &fl.events[next.at])
			next.at++
		}
		if next.at == len(fl.events) {
			next.files, next.at = next.files[1:], 0
		}
	}
}

// candidates marks the prefixes that two networks had lost at a time. What an outage is
// takes more, and never less.
func (x *scanner) candidates() {
	peers := map[vantage.Peer]int{}
	for _, f := range x.files {
		if f == nil {
			continue
		}
		f.peerIdx = f.peerIdx[:0]
		for _, n := range f.peers {
			v := vantage.Peer{Collector: f.Collector, Addr: n.addr, AS: n.as}
			if _, ok := peers[v]; !ok {
				peers[v] = len(peers)
			}
			f.peerIdx = append(f.peerIdx, peers[v])
		}
	}
	x.merged(func(f *file, e *event) {
		s := &x.all[f.seen[e.prefix]]
		if e.kind != mrt.Withdraw && len(s.lost) == 0 || s.candidate || s.prefix.Bits() == 0 {
			return // the default route is nobody's addresses
		}
		p := f.peerIdx[e.peer]
		i := slices.IndexFunc(s.lost, func(l loser) bool { return l.peer == p })
		switch {
		case e.kind == mrt.Withdraw && i < 0:
			s.lost = append(s.lost, loser{p, f.peers[e.peer].as})
			for _, l := range s.lost {
				if l.as != s.lost[0].as {
					s.candidate, s.lost = true, nil
					break
				}
			}
		case e.kind != mrt.Withdraw && i >= 0:
			s.lost = slices.Delete(s.lost, i, i+1)
		}
	})
}

// origins are those of candidates.
func (x *scanner) origins() map[uint32]bool {
	out := map[uint32]bool{}
	for i := range x.all {
		if s := &x.all[i]; s.candidate {
			for _, o := range s.origins {
				out[o] = true
			}
		}
	}
	return out
}

// tableReader reads a table for whose prefixes are, of candidates and of the origins
// that candidates have.
type tableReader struct {
	x       *scanner
	f       *file
	origins map[uint32]bool
	path    []uint32
	found   map[netip.Prefix][]uint32
	// Of the record at hand.
	prefix    netip.Prefix
	candidate bool
}

func (t *tableReader) elem(e *mrt.Elem) {
	if e.Kind != mrt.RIBEntry {
		t.f.update(e) // a file of both kinds
		return
	}
	if e.Prefix != t.prefix {
		t.prefix = e.Prefix
		s := t.x.known(e.Prefix) // nobody writes to it meanwhile
		t.candidate = s != nil && s.candidate
	}
	t.path = rib.RoutePath(t.path[:0], e, e.PeerAS)
	for _, o := range rib.Origins(t.path) {
		if !t.candidate && !t.origins[o] || slices.Contains(t.found[e.Prefix], o) {
			continue
		}
		if t.found == nil {
			t.found = map[netip.Prefix][]uint32{}
		}
		t.found[e.Prefix] = append(t.found[e.Prefix], o)
	}
}

// join makes what was found known to all, once the file was read; with a lock, and not
// before other tables were read, as they look at what is known.
func (t *tableReader) join() error {
	t.x.mu.Lock()
	defer t.x.mu.Unlock()
	t.x.found = append(t.x.found, t.found)
	return nil
}

// joined makes one account of all collectors.
func joined(set *source.Set, files []*file) (*vantage.Watch, error) {
	scans := make([]*filescan.Scan, len(files))
	for i, f := range files {
		if f != nil {
			scans[i] = f.scan
		}
	}
	return filescan.Join(set, scans)
}

// entries keeps the entries of a table for prefixes that are followed.
func (x *scanner) entries(ctx context.Context, f *file, follow *mrt.Filter) error {
	if follow == nil {
		return nil
	}
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	d, err := decompress.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	defer d.Close()
	rd := f.Records(d)
	var w mrt.Walker
	w.SetFilter(follow)
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := rd.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			var damage *mrt.Damage
			if errors.As(err, &damage) { // it was counted when the file was scanned
				continue
			}
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		w.Start(&rec)
		for w.Next() {
			e := w.Elem()
			if e.Kind == mrt.RIBEntry && e.SAFI != 2 && e.Time < x.Until {
				f.update(e)
			}
		}
	}
}
