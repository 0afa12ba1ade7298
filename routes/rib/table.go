package rib

import (
	"net/netip"
	"slices"
	"sort"

	"constat/routes/vantage"
)

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
	room []uint32 // for the next of them
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
	if cap(p.room)-len(p.room) < len(path) {
		p.room = make([]uint32, 0, max(len(path), pathRoom))
	}
	n := len(p.room)
	p.room = append(p.room, path...)
	p.list = append(p.list, p.room[n:len(p.room):len(p.room)])
	return id
}

// pathRoom is how many networks of paths are given room at once.
const pathRoom = 1 << 10

// Forget lets go of what finds the numbers of paths. They stay, but a path that is told
// again gets another number.
func (p *Paths) Forget() { p.ids, p.key = nil, nil }

// Len returns how many numbers were given.
func (p *Paths) Len() int { return len(p.list) }

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
	Resets []vantage.Reset
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
	// Unrepeated says that nobody will ask when a route was said again: then [Table.Heard]
	// may tell when it was said first. Half of all announcements say what was said before.
	Unrepeated bool

	at    [][]cell // routes by prefix and peer; nil where nobody spoke of the prefix
	past  pasts
	now   route                 // the one that is being told of
	open  map[[2]int32][]openID // of pairs that were told of with path IDs: see openID
	more  map[[2]int32]int64    // of pairs, when more was said than their steps tell
	empty map[[2]int32]bool     // pairs of which the peer withdrew twice what it never held
	index map[netip.Prefix]int
	dues  []due               // tables that are yet to come, in order of time
	lacks map[[2]int32][]Lack // by peer and prefix
	read  reader
}

// idPath is one of the routes that a peer sends for a prefix; without ADD-PATH
// there is one with ID 0.
type idPath struct {
	id   uint32
	path PathID
}

// openID is a path ID (RFC 7911) with which a peer sent a route, and which it has not
// withdrawn since: known across a time in which nobody was watching, so that the
// withdrawal of another ID does not speak for it.
type openID struct {
	id   uint32
	told int64 // when it was last sent
}

// NewTable returns a table for the given peers and prefixes.
func NewTable(peers []Peer, prefixes []netip.Prefix) *Table {
	t := &Table{Peers: peers, Prefixes: prefixes, at: make([][]cell, len(prefixes)), index: make(map[netip.Prefix]int, len(prefixes))}
	for i, p := range prefixes {
		t.index[p] = i
	}
	t.schedule()
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
	t.passed(at)
	t.spoken(at, peer, prefix, false)
	if t.Unrepeated && id == 0 && t.stands(at, peer, prefix, path) {
		if _, ok := t.open[[2]int32{int32(peer), int32(prefix)}]; !ok {
			return
		}
	}
	r, at, ok := t.route(at, peer, prefix)
	if ok {
		t.ids(r, id, at, true)
		r.drop(id)
		r.hold(len(r.held), idPath{id, path})
		t.set(r, RouteStep{at, RouteHeld, path})
	}
	t.store(r)
}

// stands reports whether a route without a path ID is held as it is announced, so that the
// announcement changes nothing but when it was last heard.
func (t *Table) stands(at int64, peer, prefix int, path PathID) bool {
	if t.at[prefix] == nil {
		return false
	}
	step, next, one := RouteStep{}, int32(0), false
	switch c := t.at[prefix][peer]; {
	case c.past == 0:
		return false
	case c.past&isLog != 0:
		l := &t.past.logs[c.past&^isLog]
		step, next, one = l.last.step, l.next, len(l.held) == 1 && l.held[0] == idPath{0, path}
	default:
		p := &t.past.steps.at(c.past).value
		step, next, one = p.step, p.next, p.held == heldLast
	}
	z := t.Peers[peer].Resets
	return one && step.State == RouteHeld && step.Path == path && (int(next) >= len(z) || z[next].From > at)
}

// Withdraw says that a peer withdrew a prefix. What a peer withdraws it must
// have carried since the last moment at which it was unknown – unless it withdraws
// it once more with nothing between: then it withdraws what it does not carry, and the
// first time showed nothing either. Of one that is seen to do so with many prefixes,
// no withdrawal alone shows that it carried anything ([Table.Finish]).
func (t *Table) Withdraw(at int64, peer, prefix int, id uint32) {
	t.passed(at)
	t.spoken(at, peer, prefix, true)
	began := at
	r, at, ok := t.route(at, peer, prefix)
	if ok {
		t.withdraw(r, began, at, id)
	}
	t.store(r)
}

// Refused says that a peer announced a prefix with attributes so malformed that whoever
// hears it treats it as withdrawn (RFC 7606). A withdrawal after it is not the second
// one in a row.
func (t *Table) Refused(at int64, peer, prefix int, id uint32) {
	t.announced(at, int32(peer), int32(prefix))
	t.Withdraw(at, peer, prefix, id)
}

// announced notes that the peer said more of the prefix at a second than its steps tell.
func (t *Table) announced(at int64, peer, prefix int32) {
	if t.more == nil {
		t.more = map[[2]int32]int64{}
	}
	t.more[[2]int32{peer, prefix}] = at
}

// between reports whether a peer may have announced a prefix since the withdrawal that is
// its last step, though no step says so.
func (t *Table) between(r *route) bool {
	k := [2]int32{r.peer, r.prefix}
	if _, many := t.open[k]; many {
		return true
	}
	at, ok := t.more[k]
	return ok && at >= r.last()
}

func (t *Table) withdraw(r *route, began, at int64, id uint32) {
	gone := RouteWithdrawn
	begin := t.begin(r)
	inside := began < begin // a table transfer: said and taken back
	if inside {
		gone = RouteAbsent
	}
	if t.others(r, id, at) {
		gone = RouteUnknown
	}
	switch r.state() {
	case RouteUnknown:
		if from := max(begin, r.last()); from < at && !inside {
			t.setBy(r, RouteStep{from, RouteHeld, NoPath}, 0)
		}
		if r.n > 0 || gone != RouteUnknown {
			t.set(r, RouteStep{at, gone, NoPath})
		}
	case RouteHeld:
		if r.step.At >= at {
			t.announced(at, r.peer, r.prefix) // of what comes and goes in a second no step is left that says so
		}
		r.drop(id)
		if n := len(r.held); n > 0 {
			t.set(r, RouteStep{at, RouteHeld, r.held[n-1].path})
			return
		}
		t.set(r, RouteStep{at, gone, NoPath})
	case RouteWithdrawn:
		if !t.between(r) && !inside && at > r.last() {
			t.doubt(r)
		}
	}
}

// byWithdrawal reports whether nothing but a withdrawal shows that a route was held: it
// came first, or the step before says so.
func byWithdrawal(n int32, before RouteStep, record int64) bool {
	return n == 0 || before.State == RouteUnknown || before.State == RouteHeld && before.Path == NoPath && record == 0
}

// doubt takes back what the withdrawal that is the last step was taken to show, since
// another one followed it: that the route was held before. That it is not held now is
// true all the same.
func (t *Table) doubt(r *route) {
	last, heard, record := r.step, r.heard, r.record
	r.changed = true
	t.pop(r)
	if !byWithdrawal(r.n, r.step, r.record) {
		t.push(r, last, record)
		r.heard = heard
		return
	}
	if r.n > 0 && r.step.State == RouteHeld {
		t.pop(r)
	}
	t.setBy(r, RouteStep{last.At, RouteAbsent, NoPath}, 0)
	if t.empty == nil {
		t.empty = map[[2]int32]bool{}
	}
	t.empty[[2]int32{r.peer, r.prefix}] = true
}

// ids keeps of a path ID that it was sent, or that it was withdrawn. Without IDs all is
// said of the one route that there is.
func (t *Table) ids(r *route, id uint32, at int64, sent bool) []openID {
	k := [2]int32{r.peer, r.prefix}
	l, ok := t.open[k]
	if id == 0 && !ok {
		return nil
	}
	if t.open == nil {
		t.open = map[[2]int32][]openID{}
	}
	l = slices.DeleteFunc(l, func(o openID) bool { return o.id == id || id == 0 })
	if sent && id != 0 {
		l = append(l, openID{id, at})
	}
	t.open[k] = l
	return l
}

// others notes that a path ID is withdrawn, and reports whether the peer may still have
// another one, which was sent before a time in which nobody was watching.
func (t *Table) others(r *route, id uint32, at int64) bool {
	snapshots := t.Peers[r.peer].snapshots(t.Prefixes[r.prefix])
	return slices.ContainsFunc(t.ids(r, id, at, false), func(o openID) bool {
		_, missed := firstIn(snapshots, o.told+1, at)
		return !missed
	})
}

// Snapshot says that a peer's table held a prefix, which its collector had learned at second
// learned (0: the table does not say). It tells only what was not known: where updates have
// spoken they are nearer to the event. A route learned before the peer was watched, and not
// spoken of since, stood all that time.
//
// Example: the updates begin at 12:00 and do not speak of the prefix; the table of 13:20 has
// it, learned at 10:50. It was held from 12:00 on, and not only from 13:20.
func (t *Table) Snapshot(at int64, peer, prefix int, id uint32, path PathID, learned int64) {
	t.passed(at)
	t.spoken(at, peer, prefix, false)
	t.list(at, peer, prefix)
	r, eff, ok := t.route(at, peer, prefix)
	if ok {
		t.ids(r, id, eff, true)
		if from := max(t.begin(r), r.last()); learned > 0 && learned <= from && r.state() == RouteUnknown {
			eff = min(eff, from)
		}
		t.snapshot(r, eff, id, path)
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
	t.passed(end)
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
	t.disbelieve()
	for i := range t.past.logs {
		t.past.logs[i].clip()
	}
}

// A peer withdraws what it does not carry if it was seen to do so with emptyLeast
// prefixes, and with one in emptyPart of those that nothing but its withdrawals speak
// of. Routers of old did: on 22 July 2002 two of the peers of RIS rrc05 with 576 of 869
// prefixes and with 88 of 233, and the third, as all of rrc15 in 2010, with none.
const (
	emptyLeast = 2
	emptyPart  = 10
)

// disbelieve takes back that peers carried what only their withdrawals speak of, if they
// withdraw what they do not carry.
func (t *Table) disbelieve() {
	count := make([]int, len(t.Peers))
	for k := range t.empty {
		count[k[0]]++
	}
	for peer, n := range count {
		if n < emptyLeast {
			continue
		}
		var alone []int // prefixes that only a withdrawal speaks of
		for prefix := range t.at {
			if slices.ContainsFunc(t.byWithdrawals(peer, prefix), func(b bool) bool { return b }) {
				alone = append(alone, prefix)
			}
		}
		if n*emptyPart < n+len(alone) {
			continue
		}
		for _, prefix := range alone {
			t.takeBack(peer, prefix)
		}
	}
}

// byWithdrawals tells of each step of a pair whether it is a withdrawal that alone shows
// that the route was held before.
func (t *Table) byWithdrawals(peer, prefix int) []bool {
	steps := t.Steps(peer, prefix)
	out := make([]bool, len(steps))
	for i, s := range steps {
		if s.State != RouteWithdrawn {
			continue
		}
		before, record := RouteStep{}, int64(0)
		if i > 0 {
			before, record = steps[i-1], t.RecordOf(peer, prefix, i-1)
		}
		out[i] = byWithdrawal(int32(i), before, record)
	}
	return out
}

// takeBack makes a pair's history one in which withdrawals alone show nothing of what was
// before them.
func (t *Table) takeBack(peer, prefix int) {
	alone := t.byWithdrawals(peer, prefix)
	steps, heard := t.Steps(peer, prefix), t.Heard(peer, prefix)
	records := make([]int64, len(steps))
	for i := range steps {
		records[i] = t.RecordOf(peer, prefix, i)
	}
	r := t.load(peer, prefix)
	for r.n > 0 {
		t.pop(r)
	}
	r.changed = true
	for i, s := range steps {
		if i+1 < len(steps) && alone[i+1] && s.State == RouteHeld {
			continue
		}
		if alone[i] {
			s.State = RouteAbsent
		}
		if r.n > 0 && r.step.State == s.State && r.step.Path == s.Path {
			continue
		}
		t.push(r, s, records[i])
		r.heard = heard[i]
	}
	t.store(r)
}

// Spoke reports whether a peer ever spoke of a prefix.
func (t *Table) Spoke(peer, prefix int) bool {
	return t.at[prefix] != nil && t.at[prefix][peer].past != 0
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
	if name := t.Name(peer, prefix); name&isLog != 0 { // a long history is not taken apart for one second
		if s, ok := t.past.logs[name&^isLog].until(at); ok {
			return s
		}
	} else {
		steps := t.Steps(peer, prefix)
		if i := sort.Search(len(steps), func(i int) bool { return steps[i].At > at }); i > 0 {
			return steps[i-1]
		}
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
