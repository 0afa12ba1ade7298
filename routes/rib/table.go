package rib

import (
	"net/netip"
	"slices"
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
	Record int64

	// Of a large subject there are millions of routes, nearly all of one step, so
	// they lie in blocks of memory without pointers.
	routes [][]route // blocks of routeBlock, in order of appearance
	n      int
	at     [][]uint32 // places in routes, and one, by prefix and peer; nil where nobody spoke of the prefix
	more   []moreOf   // of routes that have more than fits
	index  map[netip.Prefix]int
}

// idPath is one of the routes that a peer sends for a prefix; without ADD-PATH
// there is one with ID 0.
type idPath struct {
	id   uint32
	path PathID
}

// route is the history of one pair of peer and prefix. What it consists of is told by
// [Table.steps] and [Table.held].
type route struct {
	step         [1]RouteStep
	info         [1]StepInfo
	hold         [1]idPath
	peer, prefix int32
	next         int32  // the next reset of the peer to apply
	more         uint32 // place in Table.more, and one; 0 if all is here
	steps, holds uint8  // how many are here
}

// moreOf is a route of more than one step or held with more than one path ID.
type moreOf struct {
	steps []RouteStep
	infos []StepInfo // of each step
	held  []idPath
}

const routeBlock = 512

// NewTable returns a table for the given peers and prefixes.
func NewTable(peers []Peer, prefixes []netip.Prefix) *Table {
	t := &Table{Peers: peers, Prefixes: prefixes, at: make([][]uint32, len(prefixes)), index: make(map[netip.Prefix]int, len(prefixes))}
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
	t.drop(r, id)
	t.hold(r, len(t.held(r)), idPath{id, path})
	t.set(r, RouteStep{at, RouteHeld, path})
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
	begin := t.begin(r)
	if began < begin { // inside a table transfer: said and taken back
		gone = RouteAbsent
	}
	switch t.state(r) {
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
		t.drop(r, id)
		if held := t.held(r); len(held) > 0 {
			t.set(r, RouteStep{at, RouteHeld, held[len(held)-1].path})
			return
		}
		t.set(r, RouteStep{at, gone, NoPath})
	}
}

// Snapshot says that a peer's table held a prefix. It tells only what was not
// known: where updates have spoken they are nearer to the event.
func (t *Table) Snapshot(at int64, peer, prefix int, id uint32, path PathID) {
	r, eff, ok := t.route(at, peer, prefix)
	if !ok {
		return
	}
	switch t.state(r) {
	case RouteUnknown, RouteAbsent:
		t.dropAll(r)
		t.hold(r, 0, idPath{id, path})
		t.set(r, RouteStep{eff, RouteHeld, path})
	case RouteHeld:
		held := t.held(r)
		for i := range held {
			if held[i].id == id {
				if held[i].path == NoPath {
					held[i].path = path
				}
				return
			}
		}
		// It stands behind what the peer last said.
		t.hold(r, 0, idPath{id, path})
	}
}

// route returns the pair's history caught up to second at, and the second from
// which a message of that second counts: the end of the reset that it lies in, if it
// lies in one. It returns false if the message counts for nothing, because another
// cause of the same reset begins after it. Example: a session is down from 100 to
// 110 and its table is transferred from 105 to 120. A route announced at 103 is
// unknown again at 105; one announced at 107 counts from 120.
func (t *Table) route(at int64, peer, prefix int) (*route, int64, bool) {
	r := t.find(peer, prefix)
	if r == nil {
		r = t.add(peer, prefix)
	}
	eff := t.catchUp(r, at)
	if eff > at && r.next > 0 {
		for _, c := range t.Peers[peer].Resets[r.next-1].Causes {
			if c > at {
				return r, eff, false
			}
		}
	}
	return r, max(eff, t.last(r)), true // within one file time may step back
}

// catchUp applies the resets and snapshots that lie before second at, and
// returns at or the end of the reset it lies in.
func (t *Table) catchUp(r *route, at int64) int64 {
	p := &t.Peers[r.peer]
	for int(r.next) < len(p.Resets) && p.Resets[r.next].From <= at {
		z := p.Resets[r.next]
		t.absent(r, p, z.From)
		if t.state(r) != RouteUnknown {
			t.setBy(r, RouteStep{max(z.From, t.last(r)), RouteUnknown, NoPath}, 0)
		}
		t.dropAll(r)
		r.next++
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
	if t.state(r) != RouteUnknown {
		return
	}
	if s, ok := firstIn(p.snapshots(t.Prefixes[r.prefix]), max(t.begin(r), t.last(r)), at); ok {
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

func (t *Table) nth(i uint32) *route { return &t.routes[i/routeBlock][i%routeBlock] }

// find returns the history of a pair; nil if the peer never spoke of the prefix.
func (t *Table) find(peer, prefix int) *route {
	if prefix < 0 || peer < 0 {
		return nil // not one that it follows
	}
	if at := t.at[prefix]; at != nil && at[peer] != 0 {
		return t.nth(at[peer] - 1)
	}
	return nil
}

func (t *Table) add(peer, prefix int) *route {
	if t.at[prefix] == nil {
		t.at[prefix] = make([]uint32, len(t.Peers))
	}
	if t.n%routeBlock == 0 {
		t.routes = append(t.routes, make([]route, routeBlock))
	}
	t.n++
	t.at[prefix][peer] = uint32(t.n)
	r := t.nth(uint32(t.n - 1))
	r.peer, r.prefix = int32(peer), int32(prefix)
	return r
}

func (t *Table) steps(r *route) []RouteStep {
	if r.more != 0 {
		return t.more[r.more-1].steps
	}
	return r.step[:r.steps:r.steps]
}

func (t *Table) infos(r *route) []StepInfo {
	if r.more != 0 {
		return t.more[r.more-1].infos
	}
	return r.info[:r.steps:r.steps]
}

// held are the routes that the peer sends now, the last one said last.
func (t *Table) held(r *route) []idPath {
	if r.more != 0 {
		return t.more[r.more-1].held
	}
	return r.hold[:r.holds:r.holds]
}

// extend makes room for more than one of anything.
func (t *Table) extend(r *route) *moreOf {
	if r.more == 0 {
		t.more = append(t.more, moreOf{steps: slices.Clone(t.steps(r)), infos: slices.Clone(t.infos(r)), held: slices.Clone(t.held(r))})
		r.more = uint32(len(t.more))
	}
	return &t.more[r.more-1]
}

// hold puts one of the held routes before the ith.
func (t *Table) hold(r *route, i int, h idPath) {
	if r.more == 0 && r.holds == 0 {
		r.hold[0], r.holds = h, 1
		return
	}
	m := t.extend(r)
	m.held = slices.Insert(m.held, i, h)
}

func (t *Table) drop(r *route, id uint32) {
	i := slices.IndexFunc(t.held(r), func(h idPath) bool { return h.id == id })
	switch {
	case i < 0:
	case r.more != 0:
		m := &t.more[r.more-1]
		m.held = slices.Delete(m.held, i, i+1)
	default:
		r.holds = 0
	}
}

func (t *Table) dropAll(r *route) {
	if r.more != 0 {
		m := &t.more[r.more-1]
		m.held = m.held[:0]
	}
	r.holds = 0
}

func (t *Table) state(r *route) RouteState {
	if s := t.steps(r); len(s) > 0 {
		return s[len(s)-1].State
	}
	return RouteUnknown
}

func (t *Table) last(r *route) int64 {
	if s := t.steps(r); len(s) > 0 {
		return s[len(s)-1].At
	}
	return -1 << 62
}

// set appends a step that the record at hand tells of.
func (t *Table) set(r *route, s RouteStep) { t.setBy(r, s, t.Record) }

// setBy appends a step. If several messages come within a second, the last one stands.
func (t *Table) setBy(r *route, s RouteStep, record int64) {
	info := StepInfo{s.At, record}
	if r.more == 0 {
		if r.steps > 0 && r.step[0].At >= s.At {
			r.steps = 0
		}
		switch {
		case r.steps == 0:
			r.step[0], r.info[0], r.steps = s, info, 1
			return
		case r.step[0].State == s.State && r.step[0].Path == s.Path:
			r.info[0] = info
			return
		}
	}
	m := t.extend(r)
	n := len(m.steps)
	for n > 0 && m.steps[n-1].At >= s.At {
		n--
	}
	m.steps, m.infos = m.steps[:n], m.infos[:n]
	if n > 0 && m.steps[n-1].State == s.State && m.steps[n-1].Path == s.Path {
		m.infos[n-1] = info
		return
	}
	m.steps, m.infos = append(m.steps, s), append(m.infos, info)
}

// Finish applies the resets up to second end after which nothing was said.
func (t *Table) Finish(end int64) {
	for i := range t.n {
		r := t.nth(uint32(i))
		t.catchUp(r, max(end, t.last(r)))
	}
}

// Carriers returns the peers that ever spoke of a prefix, sorted.
func (t *Table) Carriers(prefix int) []int {
	ps := make([]int, 0, len(t.at[prefix]))
	for p, i := range t.at[prefix] {
		if i != 0 {
			ps = append(ps, p)
		}
	}
	return ps
}

// Steps returns the history of a pair; nil if the peer never spoke of it.
func (t *Table) Steps(peer, prefix int) []RouteStep {
	if r := t.find(peer, prefix); r != nil {
		return t.steps(r)
	}
	return nil
}

// Infos returns where the steps of a pair were read, one for each.
func (t *Table) Infos(peer, prefix int) []StepInfo {
	if r := t.find(peer, prefix); r != nil {
		return t.infos(r)
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
