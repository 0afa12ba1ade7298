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

// StepInfo is where a step was read, and when it was last said again: a route
// announced anew with the same path makes no step, but is fresh.
type StepInfo struct {
	Heard  int64 // second
	Record int64 // Table.Record at that time; 0 for steps that no record made
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
// time; state is judged at the end of each whole second.
type Table struct {
	Peers    []Peer
	Prefixes []netip.Prefix
	Paths    Paths
	// Record names the record that is being fed; what it says is kept with it.
	Record   int64
	routes   map[pair]*route
	byPrefix [][]int // peers that have a route object, per prefix, in order of appearance
	index    map[netip.Prefix]int
}

type pair struct{ peer, prefix int32 }

// idPath is one of the routes that a peer sends for a prefix; without ADD-PATH
// there is one with ID 0.
type idPath struct {
	id   uint32
	path PathID
}

// route is the history of one pair of peer and prefix.
type route struct {
	steps []RouteStep
	infos []StepInfo // of each step
	held  []idPath
	next  int   // the next reset of the peer to apply
	begin int64 // since when the present knowledge could reach back
}

// NewTable returns a table for the given peers and prefixes.
func NewTable(peers []Peer, prefixes []netip.Prefix) *Table {
	t := &Table{Peers: peers, Prefixes: prefixes, routes: map[pair]*route{}, byPrefix: make([][]int, len(prefixes)), index: make(map[netip.Prefix]int, len(prefixes))}
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
	if !ok {
		return
	}
	for i := range r.held {
		if r.held[i].id == id {
			r.held = append(r.held[:i], r.held[i+1:]...)
			break
		}
	}
	r.held = append(r.held, idPath{id, path})
	r.set(RouteStep{at, RouteHeld, path}, t.Record)
}

// Withdraw says that a peer withdrew a prefix. What a peer withdraws it must
// have carried since the last moment at which it was unknown.
func (t *Table) Withdraw(at int64, peer, prefix int, id uint32) {
	began := at
	r, at, ok := t.route(at, peer, prefix)
	if !ok {
		return
	}
	gone := RouteWithdrawn
	if began < r.begin { // inside a table transfer: said and taken back
		gone = RouteAbsent
	}
	switch r.state() {
	case RouteUnknown:
		if gone == RouteAbsent {
			r.set(RouteStep{at, gone, NoPath}, t.Record)
			return
		}
		if r.begin < at {
			r.set(RouteStep{r.begin, RouteHeld, NoPath}, 0)
		}
		r.set(RouteStep{at, RouteWithdrawn, NoPath}, t.Record)
	case RouteHeld:
		for i := range r.held {
			if r.held[i].id == id {
				r.held = append(r.held[:i], r.held[i+1:]...)
				break
			}
		}
		if n := len(r.held); n > 0 {
			r.set(RouteStep{at, RouteHeld, r.held[n-1].path}, t.Record)
			return
		}
		r.set(RouteStep{at, gone, NoPath}, t.Record)
	}
}

// Snapshot says that a peer's table held a prefix. It tells only what was not
// known: where updates have spoken they are nearer to the event.
func (t *Table) Snapshot(at int64, peer, prefix int, id uint32, path PathID) {
	r, eff, ok := t.route(at, peer, prefix)
	if !ok {
		return
	}
	switch r.state() {
	case RouteUnknown, RouteAbsent:
		r.held = append(r.held[:0], idPath{id, path})
		r.set(RouteStep{eff, RouteHeld, path}, t.Record)
	case RouteHeld:
		for i := range r.held {
			if r.held[i].id == id {
				if r.held[i].path == NoPath {
					r.held[i].path = path
				}
				return
			}
		}
		// It stands behind what the peer last said.
		r.held = append([]idPath{{id, path}}, r.held...)
	}
}

// route returns the pair's history caught up to second at, and the second from
// which a message of that second counts: the end of the reset that it lies in, if it
// lies in one. It returns false if the message counts for nothing, because another
// cause of the same reset begins after it. Example: a session is down from 100 to
// 110 and its table is transferred from 105 to 120. A route announced at 103 is
// unknown again at 105; one announced at 107 counts from 120.
func (t *Table) route(at int64, peer, prefix int) (*route, int64, bool) {
	k := pair{int32(peer), int32(prefix)}
	r := t.routes[k]
	if r == nil {
		r = &route{begin: t.Peers[peer].Begin}
		t.routes[k] = r
		t.byPrefix[prefix] = append(t.byPrefix[prefix], peer)
	}
	eff := t.catchUp(r, peer, prefix, at)
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
func (t *Table) catchUp(r *route, peer, prefix int, at int64) int64 {
	p := &t.Peers[peer]
	for r.next < len(p.Resets) && p.Resets[r.next].From <= at {
		z := p.Resets[r.next]
		r.next++
		t.absent(r, p, prefix, z.From)
		if r.state() != RouteUnknown {
			r.set(RouteStep{max(z.From, r.last()), RouteUnknown, NoPath}, 0)
		}
		r.held = r.held[:0]
		r.begin = z.Until
	}
	t.absent(r, p, prefix, at)
	return max(at, r.begin)
}

// absent notes that a snapshot before second at did not list the prefix.
func (t *Table) absent(r *route, p *Peer, prefix int, at int64) {
	if r.state() != RouteUnknown {
		return
	}
	if s, ok := firstIn(p.snapshots(t.Prefixes[prefix]), max(r.begin, r.last()), at); ok {
		r.set(RouteStep{s, RouteAbsent, NoPath}, 0)
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

func (r *route) state() RouteState {
	if len(r.steps) == 0 {
		return RouteUnknown
	}
	return r.steps[len(r.steps)-1].State
}

func (r *route) last() int64 {
	if len(r.steps) == 0 {
		return -1 << 62
	}
	return r.steps[len(r.steps)-1].At
}

// set appends a step. If several messages come within a second, the last one stands.
func (r *route) set(s RouteStep, record int64) {
	for n := len(r.steps); n > 0 && r.steps[n-1].At >= s.At; n-- {
		r.steps, r.infos = r.steps[:n-1], r.infos[:n-1]
	}
	info := StepInfo{s.At, record}
	if n := len(r.steps); n > 0 && r.steps[n-1].State == s.State && r.steps[n-1].Path == s.Path {
		r.infos[n-1] = info
		return
	}
	r.steps, r.infos = append(r.steps, s), append(r.infos, info)
}

// Finish applies the resets up to second end after which nothing was said.
func (t *Table) Finish(end int64) {
	for k, r := range t.routes {
		t.catchUp(r, int(k.peer), int(k.prefix), max(end, r.last()))
	}
}

// Carriers returns the peers that ever spoke of a prefix, sorted.
func (t *Table) Carriers(prefix int) []int {
	ps := append([]int(nil), t.byPrefix[prefix]...)
	sort.Ints(ps)
	return ps
}

// Steps returns the history of a pair; nil if the peer never spoke of it.
func (t *Table) Steps(peer, prefix int) []RouteStep {
	if r := t.routes[pair{int32(peer), int32(prefix)}]; r != nil {
		return r.steps
	}
	return nil
}

// Infos returns where the steps of a pair were read, one for each.
func (t *Table) Infos(peer, prefix int) []StepInfo {
	if r := t.routes[pair{int32(peer), int32(prefix)}]; r != nil {
		return r.infos
	}
	return nil
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
