package trace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"sort"
	"sync"

	"golang.org/x/sync/errgroup"

	"constat/internal/decompress"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// together is how far apart two moments may lie to be answered in one reading
// of the sources.
const together = 6 * 3600 * moment.Second

// leastAbsent is how many peers must be known to have no route, while none has
// one, before an address is said not to have been routed.
const leastAbsent = 2

// routing is what routing data says about addresses at moments.
type routing struct {
	sources map[[2]string]Source
	missing int
	seen    map[key]*seen
}

// seen is what the peers had for an address at a moment.
type seen struct {
	routes []peerRoute
	absent int // peers that are known to have none
	silent int // peers that were not watching, or of which too little is known
}

// peerRoute is one peer's most specific route for the address.
type peerRoute struct {
	peer   vantage.Peer
	as     uint32
	prefix netip.Prefix
	path   []uint32 // empty: not known; ends in 0 where the origin is a set
}

// follow reads routing data for the moments of the items, in as few passes as
// their spread allows.
func follow(ctx context.Context, r *Request, keys []key) (*routing, error) {
	out := &routing{sources: map[[2]string]Source{}, seen: map[key]*seen{}}
	keys = slices.Clone(keys)
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.at, b.at), a.addr.Compare(b.addr)) })
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n].at-keys[n-1].at <= together {
			n++
		}
		q := moment.Interval{From: keys[0].at, Until: keys[n-1].at + moment.Second}
		set, err := r.Sources(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, h := range set.Missing {
			out.missing += max(1, h.Files)
		}
		if err := out.pass(ctx, r, set, q, keys[:n]); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return out, nil
}

// pass answers the moments in q from one set of files.
func (o *routing) pass(ctx context.Context, r *Request, set *source.Set, q moment.Interval, keys []key) error {
	var addrs []netip.Addr
	for _, k := range keys {
		addrs = append(addrs, k.addr)
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	addrs = slices.Compact(addrs)

	scans := make([]*scan.Scan, len(set.Files))
	found := map[netip.Prefix]bool{}
	var mu sync.Mutex
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range set.Files {
		g.Go(func() error {
			f := &set.Files[i]
			mine := covering{addrs: addrs, seen: map[netip.Prefix]bool{}}
			in := scan.Of(f)
			in.Route = mine.route
			s, err := scan.Read(gctx, in)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			scans[i] = s
			maps.Copy(found, mine.seen)
			if done++; r.Done != nil {
				r.Done(f.Name, done, 2*len(set.Files))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, f := range set.Files {
		o.sources[[2]string{f.Collector, scans[i].File.SHA256}] = Source{f.Collector, f.Name, scans[i].File.SHA256}
	}
	watch, err := scan.Join(set, scans)
	if err != nil {
		return err
	}

	prefixes := slices.SortedFunc(maps.Keys(found), func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), a.Bits()-b.Bits())
	})
	p := &pass{watch: watch, ledger: watch.Ledger(q), prefixes: map[netip.Prefix]int{}}
	p.full, _ = watch.Feeds()
	if err := p.feed(ctx, set, q, prefixes, addrs, func(name string) {
		if done++; r.Done != nil {
			r.Done(name, done, 2*len(set.Files))
		}
	}); err != nil {
		return err
	}
	for _, k := range keys {
		o.seen[k] = p.at(k)
	}
	return nil
}

// covering gathers the prefixes of routes that cover addresses.
type covering struct {
	addrs []netip.Addr // sorted
	seen  map[netip.Prefix]bool
}

func (c *covering) route(e *mrt.Elem) {
	p := e.Prefix
	if p.Bits() == 0 { // the default route says nothing about an address
		return
	}
	i := sort.Search(len(c.addrs), func(i int) bool { return c.addrs[i].Compare(p.Addr()) >= 0 })
	if i < len(c.addrs) && p.Contains(c.addrs[i]) && !c.seen[p] {
		c.seen[p] = true
	}
}

// pass is one reading: the table of the covering prefixes and of the addresses
// themselves, whose absence tells that a peer's table is known.
type pass struct {
	watch    *vantage.Watch
	ledger   vantage.Ledger
	full     map[vantage.Peer]bool
	table    *rib.Table
	index    *vantage.PeerIndex
	prefixes map[netip.Prefix]int
	pauses   []([]vantage.Reset)
	// announced is how many of the table's prefixes somebody announced; the
	// addresses themselves come behind them.
	announced int
}

func (p *pass) feed(ctx context.Context, set *source.Set, q moment.Interval, prefixes []netip.Prefix, addrs []netip.Addr, step func(string)) error {
	peers, index := rib.TablePeers(p.watch, p.ledger)
	p.index = index
	for i := range peers {
		p.pauses = append(p.pauses, p.ledger.Pauses(peers[i].Peer))
	}
	list := slices.Clone(prefixes)
	p.announced = len(prefixes)
	for _, a := range addrs {
		if h := netip.PrefixFrom(a, a.BitLen()); !slices.Contains(prefixes, h) {
			list = append(list, h)
		}
	}
	for i, x := range list {
		p.prefixes[x] = i
	}
	p.table = rib.NewTable(peers, list)

	filter, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: list, Match: mrt.MatchExact, Until: q.Until,
		Kinds: mrt.Announcements | mrt.Withdrawals | mrt.RIBEntries})
	if err != nil {
		return err
	}
	var in []source.Input[*record]
	for i := range set.Files {
		f := &set.Files[i]
		in = append(in, source.Input[*record]{Collector: f.Collector, File: f.Name, Start: f.Start,
			Open: func() (source.Iterator[*record], error) { return openRecords(f, filter, step) }})
	}
	m := source.Merge(in)
	defer m.Close()
	to := p.table.Feed()
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rec, at, from, err := m.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		to.Record()
		for e := rec.first(); e != nil; e = rec.more() {
			i, ok := p.prefixes[e.Prefix]
			peer, known := p.index.Of(from.Collector, e)
			if !ok || !known || e.SAFI == 2 || e.Local {
				continue
			}
			to.Apply(at.Sec(), peer, i, e)
		}
	}
	p.table.Finish(q.Until.Sec() + 1)
	return nil
}

// at is what the peers had for an address at a moment.
func (p *pass) at(k key) *seen {
	s := &seen{}
	sec := k.at.Sec()
	host := netip.PrefixFrom(k.addr, k.addr.BitLen())
	var cover []int // most specific first
	for bits := k.addr.BitLen(); bits > 0; bits-- {
		if i, ok := p.prefixes[netip.PrefixFrom(k.addr, bits).Masked()]; ok && i < p.announced {
			cover = append(cover, i)
		}
	}
	carried := map[int]bool{} // what any watching peer holds
	for n := range p.table.Peers {
		for _, i := range cover {
			if !carried[i] && p.watching(n, sec) && p.table.At(n, i, sec).State == rib.RouteHeld {
				carried[i] = true
			}
		}
	}
	for n := range p.table.Peers {
		peer := &p.table.Peers[n]
		if !p.watching(n, sec) {
			s.silent++
			continue
		}
		had := false
		for _, i := range cover {
			step := p.table.At(n, i, sec)
			if step.State != rib.RouteHeld {
				continue
			}
			s.routes = append(s.routes, peerRoute{peer.Peer, peer.AS, p.table.Prefixes[i], p.table.Paths.Path(step.Path)})
			had = true
			break
		}
		if had {
			continue
		}
		// None is known where the peer withdrew what it had, or where its whole
		// table is known, and it is not unknown whether it holds something else
		// that covers the address and that others hold.
		none := p.full[peer.Peer] && p.table.At(n, p.prefixes[host], sec).State == rib.RouteAbsent
		for _, i := range cover {
			none = none || p.table.At(n, i, sec).State == rib.RouteWithdrawn
		}
		for _, i := range cover {
			none = none && (!carried[i] || p.table.At(n, i, sec).State != rib.RouteUnknown)
		}
		if none {
			s.absent++
		} else {
			s.silent++
		}
	}
	return s
}

func (p *pass) watching(peer int, sec int64) bool {
	for _, list := range [][]vantage.Reset{p.table.Peers[peer].Resets, p.pauses[peer]} {
		for _, r := range list {
			if r.From <= sec && sec < r.Until {
				return false
			}
		}
	}
	return true
}

// record is one record whose first matching element was found.
type record struct {
	w    mrt.Walker
	rec  mrt.Record
	rd   scan.Records
	d    io.Closer
	in   io.Closer
	name string
	step func(string)
}

func openRecords(f *source.File, filter *mrt.Filter, step func(string)) (*record, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	d, err := decompress.NewReader(in)
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	r := &record{rd: scan.Steady(f.Records(d), scan.Of(f)), d: d, in: in, name: f.Name, step: step}
	r.w.SetFilter(filter)
	return r, nil
}

// Next finds the next record with an element that is wanted. Damage was counted
// when the file was scanned.
func (r *record) Next() (*record, moment.Time, error) {
	for {
		if err := r.rd.ReadRecord(&r.rec); err != nil {
			if _, ok := errors.AsType[*mrt.Damage](err); ok {
				continue
			}
			return nil, 0, err
		}
		r.w.Start(&r.rec)
		if r.w.Next() {
			return r, r.rec.Time, nil
		}
	}
}

func (r *record) first() *mrt.Elem { return r.w.Elem() }

func (r *record) more() *mrt.Elem {
	if r.w.Next() {
		return r.w.Elem()
	}
	return nil
}

// Close closes the file.
func (r *record) Close() error {
	r.step(r.name)
	return errors.Join(r.d.Close(), r.in.Close())
}
