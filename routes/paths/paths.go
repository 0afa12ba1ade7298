// Package paths follows, through tables and updates, the AS paths of the routes
// that somebody asks for: what each peer holds at one moment, and what it held
// before and for how long.
//
// It promises that routes are followed in the order of time over all files, that a
// route which a later table of the peer does not have is not held, and that what
// could not be read is counted. It keeps no more than what is asked for, and is no
// state of everything. It does not follow sessions: of a peer whose session ended
// it has the routes until a table or an update says otherwise. It judges nothing.
package paths

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"

	"constat/moment"
	"constat/routes/rib"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"

	"golang.org/x/sync/errgroup"
)

// Held is one route while a peer held it.
type Held struct {
	Peer   int // index into Read's peers
	Prefix netip.Prefix
	// Path is as [rib.RoutePath] writes it: the vantage's side first, sets between
	// zeros.
	Path  []uint32
	Since moment.Time // of a route that a table had first: the table's time
	Until moment.Time // 0: still held at the end
	Table bool        // a table had it
}

// File is one file that was read.
type File struct {
	Collector, Name, SHA256, Kind string
	Unread                        int64 // records that could not be read
}

// Read is what was followed.
type Read struct {
	Peers []vantage.Peer
	Held  []Held // by prefix, peer and time
	Files []File
	// Whole gives, of each peer, whether it is known to send a full table of IPv4
	// and of IPv6: three quarters of the largest of the collector's snapshots.
	Whole [][2]bool
	// Unknown counts routes whose paths could not be read.
	Unknown int
	At      moment.Time // the last record that was taken in
	// Hops are the next hops and own addresses of the peers of some networks.
	Hops []netip.Addr
}

// Want says which routes are followed.
type Want struct {
	// Keep is asked of every announcement and table entry, and of withdrawals with
	// no path; the path is the callee's to look at only. It is called from several
	// goroutines at once.
	Keep func(peer vantage.Peer, p netip.Prefix, path []uint32) bool
	// Hops reports whether the next hops of a network's own sessions are wanted. Nil:
	// of none.
	Hops func(as uint32) bool
	// Until ends the following; 0: with the last record.
	Until moment.Time
	Done  func(file string, done, of int) // may be nil
}

// event is what one element says of a route that is followed.
type event struct {
	at       moment.Time
	file     int
	seq      int
	peer     int
	prefix   netip.Prefix
	path     []uint32 // nil: withdrawn
	table    bool
	snapshot bool // the peer's table ended, which began at from: what it does not have is not held
	from     moment.Time
}

// mostHops bounds the addresses that are kept: a few thousand next hops are a whole
// exchange's.
const mostHops = 4096

// Follow reads a set of files.
func Follow(ctx context.Context, set *source.Set, w Want) (*Read, error) {
	out := &Read{}
	readers := make([]*reader, len(set.Files))
	scans := make([]*rib.Scan, len(set.Files))
	var mu sync.Mutex
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range set.Files {
		g.Go(func() error {
			f := &set.Files[i]
			r := &reader{w: &w, file: i, collector: f.Collector, peers: map[vantage.Peer]int{}, followed: map[key]bool{}, hops: map[netip.Addr]bool{}, tables: map[int]moment.Time{}}
			in := scan.Input(f)
			in.Entry, in.List = rib.Each(r.elem)
			s, err := rib.ScanFile(gctx, in)
			if err != nil {
				return err
			}
			r.end()
			mu.Lock()
			defer mu.Unlock()
			readers[i], scans[i] = r, s
			if done++; w.Done != nil {
				w.Done(f.Name, done, len(set.Files))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	number := map[vantage.Peer]int{}
	for _, r := range readers {
		for p := range r.peers {
			number[p] = 0
		}
	}
	for p := range number {
		out.Peers = append(out.Peers, p)
	}
	slices.SortFunc(out.Peers, vantage.Peer.Compare)
	for i, p := range out.Peers {
		number[p] = i
	}
	var events []event
	hops := map[netip.Addr]bool{}
	for _, r := range readers {
		local := make([]int, len(r.peers))
		for p, i := range r.peers {
			local[i] = number[p]
		}
		for _, e := range r.events {
			e.peer = local[e.peer]
			events = append(events, e)
		}
		for a := range r.hops {
			hops[a] = true
		}
		out.Unknown += r.unknown
		out.At = max(out.At, r.last)
		r.events = nil
	}
	for a := range hops {
		out.Hops = append(out.Hops, a)
	}
	slices.SortFunc(out.Hops, netip.Addr.Compare)
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.file, b.file), cmp.Compare(a.seq, b.seq))
	})
	out.Held = replay(events)
	for i, s := range scans {
		f := File{Collector: set.Files[i].Collector, Name: s.File.Name, SHA256: s.File.SHA256, Kind: s.File.Kind}
		for _, u := range s.File.Unread {
			f.Unread += u.Count
		}
		out.Files = append(out.Files, f)
	}
	out.whole(set, scans)
	return out, nil
}

// key is one route.
type key struct {
	peer   int
	prefix netip.Prefix
}

// reader takes what is wanted out of one file.
type reader struct {
	w         *Want
	file      int
	collector string
	peers     map[vantage.Peer]int
	followed  map[key]bool
	hops      map[netip.Addr]bool
	events    []event
	unknown   int
	last      moment.Time
	buf       []uint32
	tables    map[int]moment.Time // peers that this file has a table of, and when it began
}

func (r *reader) peer(p vantage.Peer) int {
	i, ok := r.peers[p]
	if !ok {
		i = len(r.peers)
		r.peers[p] = i
	}
	return i
}

func (r *reader) elem(e *mrt.Elem) {
	if r.w.Until != 0 && e.Time > r.w.Until {
		return
	}
	r.last = max(r.last, e.Time)
	if e.Local || e.SAFI == 2 || !e.Prefix.IsValid() {
		return
	}
	p := vantage.Peer{Collector: r.collector, Addr: e.PeerAddr, AS: e.PeerAS}
	switch e.Kind {
	case mrt.Withdraw:
		if pfx := e.Prefix.Masked(); r.w.Keep(p, pfx, nil) {
			r.add(event{at: e.Time, peer: r.peer(p), prefix: pfx})
		}
	case mrt.Announce, mrt.RIBEntry:
		r.buf = rib.RoutePath(r.buf[:0], e, e.PeerAS)
		if rib.PathUnread(r.buf) {
			r.unknown++
			return
		}
		if r.w.Hops != nil && r.w.Hops(e.PeerAS) && len(r.hops) < mostHops {
			r.hops[e.PeerAddr] = true
			if h := e.NextHop(); h.IsValid() {
				r.hops[h] = true
			}
		}
		if e.Kind == mrt.RIBEntry {
			if i := r.peer(p); r.tables[i] == 0 {
				r.tables[i] = e.Time
			}
		}
		pfx := e.Prefix.Masked()
		i := -1
		if n, ok := r.peers[p]; ok {
			i = n
		}
		if !r.w.Keep(p, pfx, r.buf) && (i < 0 || !r.followed[key{i, pfx}]) {
			return
		}
		i = r.peer(p)
		r.followed[key{i, pfx}] = true
		r.add(event{at: e.Time, peer: i, prefix: pfx, path: slices.Clone(r.buf), table: e.Kind == mrt.RIBEntry})
	}
}

// end closes the tables of the file.
func (r *reader) end() {
	for i := range len(r.peers) {
		if from, ok := r.tables[i]; ok {
			r.add(event{at: r.last, peer: i, snapshot: true, from: from})
		}
	}
}

func (r *reader) add(e event) {
	e.file, e.seq = r.file, len(r.events)
	r.events = append(r.events, e)
}

// replay makes of events what was held. Withdrawals of routes that nobody follows
// end nothing.
func replay(events []event) []Held {
	open := map[key]int{}
	told := map[key]int{} // the file that spoke of it last, from 1
	var out []Held
	for _, e := range events {
		k := key{e.peer, e.prefix}
		if e.snapshot {
			for k, i := range open {
				if k.peer == e.peer && told[k] != e.file+1 && out[i].Since < e.from {
					out[i].Until = e.from
					delete(open, k)
				}
			}
			continue
		}
		told[k] = e.file + 1
		i, held := open[k]
		switch {
		case e.path == nil && held:
			out[i].Until = e.at
			delete(open, k)
		case e.path == nil:
		case held && slices.Equal(out[i].Path, e.path):
			out[i].Table = out[i].Table || e.table
		default:
			if held {
				out[i].Until = e.at
			}
			open[k] = len(out)
			out = append(out, Held{Peer: e.peer, Prefix: e.prefix, Path: e.path, Since: e.at, Table: e.table})
		}
	}
	slices.SortStableFunc(out, func(a, b Held) int {
		return cmp.Or(a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Prefix.Bits(), b.Prefix.Bits()), cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.Since, b.Since))
	})
	return out
}

// whole says who sends full tables.
func (r *Read) whole(set *source.Set, scans []*rib.Scan) {
	size := map[vantage.Peer][2]int64{}
	largest := map[string][2]int64{}
	for i, s := range scans {
		c := set.Files[i].Collector
		for _, t := range s.File.Tables {
			p := vantage.Peer{Collector: c, Addr: t.Peer, AS: t.AS}
			x, l := size[p], largest[c]
			size[p] = [2]int64{max(x[0], t.V4), max(x[1], t.V6)}
			largest[c] = [2]int64{max(l[0], t.V4), max(l[1], t.V6)}
		}
	}
	r.Whole = make([][2]bool, len(r.Peers))
	for i, p := range r.Peers {
		for f := range 2 {
			n, l := size[p][f], largest[p.Collector][f]
			r.Whole[i][f] = n > 0 && 4*n >= 3*l
		}
	}
}

// ErrNothing is a source in which no wanted route was found.
var ErrNothing = errors.New("no route of it was found")

// Describe says which files were read, for messages: "rrc15 updates.20100227.1600
// and 3 more".
func (r *Read) Describe() string {
	var names []string
	for _, f := range r.Files {
		names = append(names, strings.TrimSpace(f.Collector+" "+f.Name))
	}
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", len(names)-3)
	}
	return strings.Join(names, ", ")
}
