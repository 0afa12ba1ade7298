package rib

import (
	"net/netip"
	"sort"

	"constat/routes/vantage"
)

// Reset is an interval in which a peer was not watching, and at whose start
// everything known of its routes becomes unknown: a hole in the data, a session
// down, a table transfer, or several that overlap. What is announced inside it
// counts from its end, unless another of its causes begins after.
type Reset struct {
	From, Until int64
	Causes      []int64 // the seconds at which its causes begin
}

// RouteState is what is known of one peer's route to one prefix.
type RouteState uint8

// States of a route at one peer.
const (
	RouteUnknown RouteState = iota
	RouteAbsent             // a snapshot of the peer's table does not have it
	RouteHeld
	RouteWithdrawn
)

// RouteStep holds from second At until the next step.
type RouteStep struct {
	At    int64
	State RouteState
	Path  PathID // set only when State is RouteHeld
}

// PathID names an interned AS path. NoPath stands for a route known only by
// its withdrawal.
type PathID int32

// NoPath is the path of a route that was only seen to be withdrawn.
const NoPath PathID = -1

// Paths interns AS paths.
type Paths struct {
	ids  map[string]PathID
	list [][]uint32
	key  []byte
}

// ID returns the number of a path; the path is copied.
func (p *Paths) ID(path []uint32) PathID {
	p.key = p.key[:0]
	for _, a := range path {
		p.key = append(p.key, byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
	}
	if id, ok := p.ids[string(p.key)]; ok {
		return id
	}
	if p.ids == nil {
		p.ids = map[string]PathID{}
	}
	id := PathID(len(p.list))
	p.ids[string(p.key)] = id
	p.list = append(p.list, append([]uint32(nil), path...))
	return id
}

// Path returns the path of a number; nil for NoPath.
func (p *Paths) Path(id PathID) []uint32 {
	if id < 0 {
		return nil
	}
	return p.list[id]
}

// Peer is one peer as the table knows it. Resets and Snapshots are in rising
// order; Resets do not overlap.
type Peer struct {
	vantage.Peer
	Begin  int64 // the first second of its collector's data
	Resets []Reset
	// Snapshots are the seconds at which a complete snapshot listed this
	// peer's table, by family: what was not in it was not carried.
	Snapshots4, Snapshots6 []int64
}

func (p *Peer) snapshots(q netip.Prefix) []int64 {
	if q.Addr().Is4() {
		return p.Snapshots4
	}
	return p.Snapshots6
}

// Table follows the routes of a fixed list of prefixes. Feed it in order of
// time; state is judged at the end of each whole second. It is for one goroutine; for
// more to read it there is [Table.Reader].
type Table struct {
	Peers    []Peer
	Prefixes []netip.Prefix
	Paths    Paths
	// Record names the record that is being fed; what it says is kept with it.
	Record int64

	at    [][]cell // routes by prefix and peer; nil where nobody spoke of the prefix
	past  pasts
	now   route // the one that is being told of
	index map[netip.Prefix]int
	read  reader
}

// idPath is one of the routes that a peer sends for a prefix; without ADD-PATH
// there is one with ID 0.
type idPath struct {
	id   uint32
	path PathID
}

// NewTable returns a table for the given peers and prefixes.
func NewTable(peers []Peer, prefixes []netip.Prefix) *Table {
	t := &Table{Peers: peers, Prefixes: prefixes, at: make([][]cell, len(prefixes)), index: make(map[netip.Prefix]int, len(prefixes))}
	for i, p := range prefixes {
		t.index[p] = i
	}
	return t
}

// Index returns the place of a prefix in Prefixes; −1 if the table does not
// follow it.
func (t *Table) Index(p netip.Prefix) int {
	if i, ok := t.index[p]; ok {
		return i
	}
	return -1
}

// Announce says that a peer announced a prefix. Without ADD-PATH id is 0.
func (t *Table) Announce(at int64, peer, prefix int, id uint32, path PathID) {
	r, at, ok := t.route(at, peer, prefix)
	if ok {
		r.drop(id)
		r.hold(len(r.held), idPath{id, path})
		t.set(r, RouteStep{at, RouteHeld, path})
	}
	t.store(r)
}

// Withdraw says that a peer withdrew a prefix. What a peer withdraws it must
// have carried since the last moment at which it was unknown.
func (t *Table) Withdraw(at int64, peer, prefix int, id uint32) {
	began := at
	r, at, ok := t.route(at, peer, prefix)
	if ok {
		t.withdraw(r, began, at, id)
	}
	t.store(r)
}

func (t *Table) withdraw(r *route, began, at int64, id uint32) {
	gone := RouteWithdrawn
	begin := t.begin(r)
	if began < begin { // inside a table transfer: said and taken back
		gone = RouteAbsent
	}
	switch r.state() {
	case RouteUnknown:
		if gone == RouteAbsent {
			t.set(r, RouteStep{at, gone, NoPath})
			return
		}
		if begin < at {
			t.setBy(r, RouteStep{begin, RouteHeld, NoPath}, 0)
		}
		t.set(r, RouteStep{at, RouteWithdrawn, NoPath})
	case RouteHeld:
		r.drop(id)
		if n := len(r.held); n > 0 {
			t.set(r, RouteStep{at, RouteHeld, r.held[n-1].path})
			return
		}
		t.set(r, RouteStep{at, gone, NoPath})
	}
}

// Snapshot says that a peer's table held a prefix. It tells only what was not
// known: where updates have spoken they are nearer to the event.
func (t *Table) Snapshot(at int64, peer, prefix int, id uint32, path PathID) {
	r, at, ok := t.route(at, peer, prefix)
	if ok {
		t.snapshot(r, at, id, path)
	}
	t.store(r)
}

func (t *Table) snapshot(r *route, at int64, id uint32, path PathID) {
	switch r.state() {
	case RouteUnknown, RouteAbsent:
		r.dropAll()
		r.hold(0, idPath{id, path})
		t.set(r, RouteStep{at, RouteHeld, path})
	case RouteHeld:
		for i := range r.held {
			if h := &r.held[i]; h.id == id {
				if h.path == NoPath {
					h.path, r.changed = path, true
				}
				return
			}
		}
		// It stands behind what the peer last said.
		r.hold(0, idPath{id, path})
	}
}

// route takes up the pair's history, caught up to second at, and returns it with the
// second from which a message of that second counts: the end of the reset that it lies
// in, if it lies in one. It returns false if the message counts for nothing, because
// another cause of the same reset begins after it. Example: a session is down from 100
// to 110 and its table is transferred from 105 to 120. A route announced at 103 is
// unknown again at 105; one announced at 107 counts from 120. [Table.store] puts the
// history back.
func (t *Table) route(at int64, peer, prefix int) (*route, int64, bool) {
	if t.at[prefix] == nil {
		t.at[prefix] = make([]cell, len(t.Peers))
	}
	r := t.load(peer, prefix)
	eff := t.catchUp(r, at)
	if eff > at && r.next > 0 {
		for _, c := range t.Peers[peer].Resets[r.next-1].Causes {
			if c > at {
				return r, eff, false
			}
		}
	}
	return r, max(eff, r.last()), true // within one file time may step back
}

// catchUp applies the resets and snapshots that lie before second at, and
// returns at or the end of the reset it lies in.
func (t *Table) catchUp(r *route, at int64) int64 {
	p := &t.Peers[r.peer]
	for int(r.next) < len(p.Resets) && p.Resets[r.next].From <= at {
		z := p.Resets[r.next]
		t.absent(r, p, z.From)
		if r.state() != RouteUnknown {
			t.setBy(r, RouteStep{max(z.From, r.last()), RouteUnknown, NoPath}, 0)
		}
		r.dropAll()
		r.next++
		r.changed = true
	}
	t.absent(r, p, at)
	return max(at, t.begin(r))
}

// begin is since when the present knowledge could reach back.
func (t *Table) begin(r *route) int64 {
	p := &t.Peers[r.peer]
	if r.next == 0 {
		return p.Begin
	}
	return p.Resets[r.next-1].Until
}

// absent notes that a snapshot before second at did not list the prefix.
func (t *Table) absent(r *route, p *Peer, at int64) {
	if r.state() != RouteUnknown {
		return
	}
	if s, ok := firstIn(p.snapshots(t.Prefixes[r.prefix]), max(t.begin(r), r.last()), at); ok {
		t.setBy(r, RouteStep{s, RouteAbsent, NoPath}, 0)
	}
}

// firstIn returns the first of rising numbers in [from, before).
func firstIn(s []int64, from, before int64) (int64, bool) {
	i := sort.Search(len(s), func(i int) bool { return s[i] >= from })
	if i < len(s) && s[i] < before {
		return s[i], true
	}
	return 0, false
}

// set appends a step that the record at hand tells of.
func (t *Table) set(r *route, s RouteStep) { t.setBy(r, s, t.Record) }

// setBy appends a step. If several messages come within a second, the last one stands.
func (t *Table) setBy(r *route, s RouteStep, record int64) {
	r.changed = true
	for r.n > 0 && r.step.At >= s.At {
		t.pop(r)
	}
	if r.n > 0 && r.step.State == s.State && r.step.Path == s.Path {
		r.heard, r.record = s.At, record
		return
	}
	t.push(r, s, record)
}

// Finish applies the resets up to second end after which nothing was said.
func (t *Table) Finish(end int64) {
	for prefix, row := range t.at {
		for peer := range row {
			if row[peer].past == 0 {
				continue
			}
			r := t.load(peer, prefix)
			t.catchUp(r, max(end, r.last()))
			t.store(r)
		}
	}
}

// Carriers returns the peers that ever spoke of a prefix, sorted.
func (t *Table) Carriers(prefix int) []int {
	if t.at[prefix] == nil {
		return nil
	}
	ps := make([]int, 0, len(t.at[prefix]))
	for p, c := range t.at[prefix] {
		if c.past != 0 {
			ps = append(ps, p)
		}
	}
	return ps
}

// At returns what is known of a pair at second at, also where the peer never
// spoke of the prefix: absent if a snapshot says so.
func (t *Table) At(peer, prefix int, at int64) RouteStep {
	steps := t.Steps(peer, prefix)
	i := sort.Search(len(steps), func(i int) bool { return steps[i].At > at })
	if i > 0 {
		return steps[i-1]
	}
	p := &t.Peers[peer]
	begin := p.Begin
	for _, z := range p.Resets {
		if z.From <= at {
			begin = z.Until
		}
	}
	if s, ok := firstIn(p.snapshots(t.Prefixes[prefix]), begin, at+1); ok {
		return RouteStep{s, RouteAbsent, NoPath}
	}
	return RouteStep{At: begin, State: RouteUnknown, Path: NoPath}
}
