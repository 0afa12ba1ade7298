package live

import (
	"context"
	"slices"

	"constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"

	"golang.org/x/sync/errgroup"
)

// leaveCopies leaves out the updates that unpack to what another collector's do, and finds
// the peers that are in the same session as one of another collector. Tables that unpack
// to the same are left out before ([source.Set.WithoutCopies]).
func (x *loading) leaveCopies(ctx context.Context) error {
	if copied := scan.Repacked(x.Set, x.scans); len(copied) > 0 {
		var kept []*scan.Scan
		for i, s := range x.scans {
			if _, is := copied[i]; !is {
				kept = append(kept, s)
			} else if x.Set.Files[i].Kind != source.RIB {
				x.of-- // it is not read again
			}
		}
		before := len(x.Set.Absent)
		x.Set, x.scans = x.Set.Without(copied, source.UnpacksTo), kept
		x.told(x.Set.Absent[before:])
	}
	if len(x.Set.Collectors()) < 2 {
		return nil
	}
	w, err := x.watch()
	if err != nil {
		return err
	}
	// Of a copy whose updates were left out nothing but a table may remain.
	if _, copies := w.Originals(); len(copies) == 0 && len(x.Set.Partly) == 0 {
		return nil
	}
	// With the tables it is seen which peers that no update names are the same too.
	if err := x.scanTables(ctx); err != nil {
		return err
	}
	x.copies = map[vantage.Peer]bool{}
	for _, tables := range []bool{false, true} {
		if tables {
			if w, err = x.watch(); err != nil {
				return err
			}
		}
		_, copies := w.Originals()
		for _, p := range copies {
			x.copies[p] = true
		}
	}
	x.told(scan.Sessions(w))
	for i := range x.scans {
		if x.Set.Files[i].Kind == source.RIB {
			x.scans[i] = nil // it is made again when the table is fed
		}
	}
	return nil
}

// watch is what was scanned up to now, with the copies marked.
func (x *loading) watch() (*vantage.Watch, error) { return scan.Join(x.Set, x.scans) }

// scanTables scans tables before they are fed, which is done only if there are copies.
func (x *loading) scanTables(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(x.Workers)
	for i := range x.Set.Files {
		if x.Set.Files[i].Kind == source.RIB {
			x.of++
			g.Go(func() (err error) {
				x.scans[i], err = x.scan(gctx, i, nil, nil)
				return err
			})
		}
	}
	return g.Wait()
}

func (x *loading) told(what []source.Skipped) {
	if x.Copied != nil {
		x.Copied(what)
	}
}

// originals are a collector's peers that are no copies.
func (x *loading) originals(c *vantage.Collector) []vantage.PeerWatch {
	if x.copies == nil {
		return c.Peers
	}
	return slices.DeleteFunc(slices.Clone(c.Peers), func(p vantage.PeerWatch) bool {
		return x.copies[vantage.Peer{Collector: c.Name, Addr: p.Peer, AS: p.AS}]
	})
}
