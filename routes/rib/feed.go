package rib

import (
	"slices"

	"constat/routes/vantage"
	"constat/wire/mrt"
)

// TablePeers lists every peer of the watch as a table follows it, with the
// snapshots that tell what it lacks, and where each stands in the list.
func TablePeers(w *vantage.Watch, l vantage.Ledger) ([]Peer, *vantage.PeerIndex) {
	var peers []Peer
	for i := range w.Collectors {
		c := &w.Collectors[i]
		for j := range c.Peers {
			p := Peer{Peer: vantage.Peer{Collector: c.Name, Addr: c.Peers[j].Peer, AS: c.Peers[j].AS}, Begin: l.Begin[i].Sec()}
			p.Resets = l.Resets(p.Peer)
			for k := range c.Files {
				f := &c.Files[k]
				if f.Kind != "rib" || f.Truncated || f.Last == nil || !f.Whole() {
					continue
				}
				for _, t := range f.Tables {
					if t.Peer != p.Addr || t.AS != p.AS {
						continue
					}
					if t.V4 > 0 {
						p.Snapshots4 = append(p.Snapshots4, f.Last.Sec())
					}
					if t.V6 > 0 {
						p.Snapshots6 = append(p.Snapshots6, f.Last.Sec())
					}
				}
			}
			slices.Sort(p.Snapshots4)
			slices.Sort(p.Snapshots6)
			peers = append(peers, p)
		}
	}
	return peers, w.Index()
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
		f.path = RoutePath(f.path[:0], e, f.table.Peers[peer].AS)
		f.id = f.table.Paths.ID(f.path)
	}
	switch e.Kind {
	case mrt.Announce:
		f.table.Announce(at, peer, prefix, e.PathID, f.id)
	case mrt.Withdraw:
		if e.Malformed {
			f.table.Refused(at, peer, prefix, e.PathID)
			return
		}
		f.table.Withdraw(at, peer, prefix, e.PathID)
	case mrt.RIBEntry:
		f.table.Snapshot(at, peer, prefix, e.PathID, f.id, e.Originated.Sec())
	}
}

// RoutePath appends the AS path of a route of a peer of the given AS, prepending
// removed. An empty path is the peer's own route: its AS. If the path ends in a
// set of several ASes, the set stands between two zeros, so that nobody takes one
// of its members for the origin ([Origins]). If the path cannot be read, or holds
// the AS number 0, it is one zero: where the route leads is not known.
func RoutePath(dst []uint32, e *mrt.Elem, peer uint32) []uint32 {
	start := len(dst)
	dst = e.AppendPath(dst)
	switch {
	case slices.Contains(dst[start:], 0), len(dst) == start && !e.Path().IsValid():
		return append(dst[:start], 0)
	case len(dst) == start:
		return append(dst, peer)
	}
	if _, sure := e.OriginAS(); sure {
		return dst[:start+len(slices.Compact(dst[start:]))]
	}
	var buf [8]uint32
	set := e.Path().AppendOrigins(buf[:0])
	if len(set) < 2 {
		return dst[:start+len(slices.Compact(dst[start:]))]
	}
	// Confederations, which may stand behind the set, are the inside of an AS.
	i := len(dst) - len(set)
	for i > start && !slices.Equal(dst[i:i+len(set)], set) {
		i--
	}
	line := slices.Compact(dst[start:i])
	dst = append(dst[:start+len(line)], 0)
	return append(append(dst, set...), 0)
}

// Origins returns the ASes one of which originated the route of a path made by
// [RoutePath]: one, or those of the set in which it ends; none if the path is
// not known.
func Origins(path []uint32) []uint32 {
	n := len(path)
	switch {
	case n == 0 || n == 1 && path[0] == 0:
		return nil
	case path[n-1] != 0:
		return path[n-1:]
	}
	return path[slices.Index(path, 0)+1 : n-1]
}

// PathUnread reports whether a path made by [RoutePath] is of a route of which no
// more is known than that it was there.
func PathUnread(path []uint32) bool { return len(path) == 1 && path[0] == 0 }
