package rib

import (
	"slices"

	"constat/observe"
	"constat/wire/mrt"
)

// TablePeers lists every peer of the watch as a table follows it, with the
// snapshots that tell what it lacks, and where each stands in the list.
func (w *Watch) TablePeers(l Ledger) ([]Peer, map[observe.Peer]int) {
	var peers []Peer
	index := map[observe.Peer]int{}
	for i := range w.Collectors {
		c := &w.Collectors[i]
		for j := range c.Peers {
			p := Peer{Peer: observe.Peer{Collector: c.Name, Addr: c.Peers[j].Peer}, AS: c.Peers[j].LastAS(), Begin: l.Begin[i].Sec()}
			p.Resets = l.Resets(p.Peer)
			for _, f := range c.Files {
				// What could not be read of a snapshot may be what it seems to lack.
				if f.Kind != "rib" || f.Truncated || f.Last == nil || len(f.Unread) > 0 {
					continue
				}
				for _, t := range f.Tables {
					if t.Peer == p.Addr && t.V4 > 0 {
						p.Snapshots4 = append(p.Snapshots4, f.Last.Sec())
					}
					if t.Peer == p.Addr && t.V6 > 0 {
						p.Snapshots6 = append(p.Snapshots6, f.Last.Sec())
					}
				}
			}
			slices.Sort(p.Snapshots4)
			slices.Sort(p.Snapshots6)
			index[p.Peer] = len(peers)
			peers = append(peers, p)
		}
	}
	return peers, index
}

// Feed applies the elements of records to a table, in order of time. The path
// that the elements of a record share is looked up once.
type Feed struct {
	table *Table
	path  []uint32
	seq   uint64
	id    PathID
}

// Feed begins to feed a table.
func (t *Table) Feed() *Feed { return &Feed{table: t} }

// Record says that the next elements are another record's.
func (f *Feed) Record() { f.seq = 0 }

// Apply applies one element, at a second, to a peer's state of a prefix.
func (f *Feed) Apply(at int64, peer, prefix int, e *mrt.Elem) {
	if e.Kind != mrt.Withdraw && f.seq != e.AttrSeq() {
		f.seq = e.AttrSeq()
		f.path = RoutePath(f.path[:0], e)
		f.id = f.table.Paths.ID(f.path)
	}
	switch e.Kind {
	case mrt.Announce:
		f.table.Announce(at, peer, prefix, e.PathID, f.id)
	case mrt.Withdraw:
		f.table.Withdraw(at, peer, prefix, e.PathID)
	case mrt.RIBEntry:
		f.table.Snapshot(at, peer, prefix, e.PathID, f.id)
	}
}

// RoutePath appends the AS path of a route, prepending removed. The path of a
// route without one is the peer's AS. A path that ends in a set gets a 0 behind
// it, so that nobody takes the set's last member for its origin.
func RoutePath(dst []uint32, e *mrt.Elem) []uint32 {
	dst = e.AppendPath(dst)
	if len(dst) == 0 {
		return append(dst, e.PeerAS)
	}
	_, sure := e.OriginAS()
	dst = slices.Compact(dst)
	if !sure {
		dst = append(dst, 0)
	}
	return dst
}
