package rib

import (
	"encoding/binary"
	"slices"
)

// How the histories of a table lie in memory. There are millions of routes in a large
// subject, and few histories: most of an origin's prefixes have one at each peer. So a
// route is a [cell] that names its history, and a history is stored once: as its last
// step and the name of what was before. Who is told something new gets another one, and
// what nobody has any more is let go of.
//
// A prefix that comes and goes all day has a history like no other. From [ownFrom] steps
// on such a one is packed into some bytes a step ([log]).

// cell is the route of one pair of peer and prefix.
type cell struct {
	past uint32 // its history, see [pasts]; 0 if the peer never spoke of the prefix
	told uint32 // the records that told of its held steps; 0: none, or they are in the log
}

// isLog is set in the name of a history that is a log.
const isLog = 1 << 31

// ownFrom is how long a history is that is kept as a log if no other route has it.
const ownFrom = 8

// past is a history as it stands: its last step, and what a [Table] has to know to go on.
type past struct {
	step  RouteStep
	heard int64  // when the last step was said again
	below uint32 // the history without the last step; 0 if there is no other
	held  uint32 // see [pasts.heldOf]
	next  int32  // the next reset of the peer to apply
	n     int32  // steps
}

// telling is the records that told of the held steps of a history, the last one first.
type telling struct {
	record int64
	below  uint32
}

// pasts are the histories of a table.
type pasts struct {
	steps shared[past]
	told  shared[telling]
	logs  []log
	lists [][]idPath // routes held under several path IDs
	list  map[string]uint32
	key   []byte
}

// shared keeps values that several have, each once, as long as somebody has it.
type shared[T comparable] struct {
	blocks [][]sharedValue[T]
	n      uint32   // names given, the free ones too; 0 is none
	heads  []uint32 // by hash: a name; len is a power of two
	free   uint32
	live   int
}

type sharedValue[T comparable] struct {
	value T
	hash  uint32
	users uint32
	next  uint32 // of those with the same hash, or of the free ones
}

const sharedBlock = 1024

func (s *shared[T]) at(name uint32) *sharedValue[T] {
	return &s.blocks[name/sharedBlock][name%sharedBlock]
}

// take names a value and counts one more user of it. It is fresh if nobody had it.
func (s *shared[T]) take(v T, hash uint32) (name uint32, fresh bool) {
	if len(s.heads) > 0 {
		for i := s.heads[hash&uint32(len(s.heads)-1)]; i != 0; {
			x := s.at(i)
			if x.hash == hash && x.value == v {
				x.users++
				return i, false
			}
			i = x.next
		}
	}
	if s.live >= len(s.heads) {
		s.grow()
	}
	if name = s.free; name != 0 {
		s.free = s.at(name).next
	} else {
		s.n++
		name = s.n
		if int(name/sharedBlock) >= len(s.blocks) {
			s.blocks = append(s.blocks, make([]sharedValue[T], sharedBlock))
		}
	}
	s.live++
	h := &s.heads[hash&uint32(len(s.heads)-1)]
	*s.at(name) = sharedValue[T]{value: v, hash: hash, users: 1, next: *h}
	*h = name
	return name, true
}

func (s *shared[T]) grow() {
	s.heads = make([]uint32, max(64, 2*len(s.heads)))
	for name := uint32(1); name <= s.n; name++ {
		if x := s.at(name); x.users > 0 {
			h := &s.heads[x.hash&uint32(len(s.heads)-1)]
			x.next, *h = *h, name
		}
	}
}

// drop counts one user less, and reports whether that was the last one.
func (s *shared[T]) drop(name uint32) bool {
	x := s.at(name)
	if x.users--; x.users > 0 {
		return false
	}
	h := &s.heads[x.hash&uint32(len(s.heads)-1)]
	for *h != name {
		h = &s.at(*h).next
	}
	*h = x.next
	x.next, s.free = s.free, name
	s.live--
	return true
}

// mix spreads a number over a hash.
func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

func (p *past) hash() uint32 {
	h := mix(mix(uint64(p.step.At), uint64(p.heard)), uint64(p.below)<<32|uint64(p.held))
	h = mix(h, uint64(uint32(p.step.Path))<<32|uint64(uint32(p.next)))
	return uint32(mix(h, uint64(p.step.State)<<32|uint64(uint32(p.n))) >> 16)
}

func (x *telling) hash() uint32 { return uint32(mix(mix(1, uint64(x.record)), uint64(x.below)) >> 16) }

func (s *pasts) take(p past) uint32 {
	name, fresh := s.steps.take(p, p.hash())
	if fresh && p.below != 0 {
		s.steps.at(p.below).users++
	}
	return name
}

func (s *pasts) drop(name uint32) {
	for name != 0 && s.steps.drop(name) {
		name = s.steps.at(name).value.below
	}
}

func (s *pasts) takeTold(x telling) uint32 {
	name, fresh := s.told.take(x, x.hash())
	if fresh && x.below != 0 {
		s.told.at(x.below).users++
	}
	return name
}

func (s *pasts) dropTold(name uint32) {
	for name != 0 && s.told.drop(name) {
		name = s.told.at(name).value.below
	}
}

// Lists of held routes that need no list: none, and the one of the last step, said
// without a path ID.
const (
	heldNone uint32 = iota
	heldLast
	heldLists
)

// heldOf names the routes that a peer sends for a prefix, whose last step is of a path.
func (s *pasts) heldOf(held []idPath, last PathID) uint32 {
	switch {
	case len(held) == 0:
		return heldNone
	case len(held) == 1 && held[0] == idPath{0, last}:
		return heldLast
	}
	s.key = s.key[:0]
	for _, h := range held {
		s.key = binary.LittleEndian.AppendUint32(s.key, h.id)
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(h.path))
	}
	name, ok := s.list[string(s.key)]
	if !ok {
		if s.list == nil {
			s.list = map[string]uint32{}
		}
		name = heldLists + uint32(len(s.lists))
		s.list[string(s.key)] = name
		s.lists = append(s.lists, slices.Clone(held))
	}
	return name
}

// route is the history that is being told of, taken out of its cell: changed in place,
// and put back by [Table.store].
type route struct {
	peer, prefix int32
	changed      bool
	log          *log // nil if it is shared
	n            int32
	step         RouteStep // the last one; n is 0 if there is none
	heard        int64     // of the last step
	record       int64     // of the last step, if it is held
	next         int32
	held         []idPath // the routes that the peer sends now, the last one said last
	// Of a shared one, the steps and records before the last step. The route is a user
	// of them.
	below, told uint32
}

func (r *route) state() RouteState {
	if r.n == 0 {
		return RouteUnknown
	}
	return r.step.State
}

func (r *route) last() int64 {
	if r.n == 0 {
		return -1 << 62
	}
	return r.step.At
}

// hold puts one of the held routes before the ith.
func (r *route) hold(i int, h idPath) {
	r.held, r.changed = slices.Insert(r.held, i, h), true
}

func (r *route) drop(id uint32) {
	if i := slices.IndexFunc(r.held, func(h idPath) bool { return h.id == id }); i >= 0 {
		r.held, r.changed = slices.Delete(r.held, i, i+1), true
	}
}

func (r *route) dropAll() {
	if len(r.held) > 0 {
		r.held, r.changed = r.held[:0], true
	}
}

// load takes up the history of a pair.
func (t *Table) load(peer, prefix int) *route {
	r, s, c := &t.now, &t.past, t.at[prefix][peer]
	*r = route{peer: int32(peer), prefix: int32(prefix), held: r.held[:0]}
	switch {
	case c.past == 0:
	case c.past&isLog != 0:
		l := &s.logs[c.past&^isLog]
		r.log, r.n, r.next = l, l.n, l.next
		r.step, r.heard, r.record = l.last.step, l.last.heard, l.last.record
		r.held = append(r.held, l.held...)
	default:
		p := &s.steps.at(c.past).value
		r.n, r.step, r.heard, r.next = p.n, p.step, p.heard, p.next
		s.stand(r, p.below, c.told)
		switch p.held {
		case heldNone:
		case heldLast:
			r.held = append(r.held, idPath{0, p.step.Path})
		default:
			r.held = append(r.held, s.lists[p.held-heldLists]...)
		}
	}
	return r
}

// stand makes of a name for all records one for those before the last step, and makes the
// route their user.
func (s *pasts) stand(r *route, below, told uint32) {
	if r.below = below; below != 0 {
		s.steps.at(below).users++
	}
	r.told = told
	if r.n > 0 && r.step.State == RouteHeld {
		x := s.told.at(told).value
		r.record, r.told = x.record, x.below
	}
	if r.told != 0 {
		s.told.at(r.told).users++
	}
}

// leave ends that.
func (s *pasts) leave(r *route) {
	s.drop(r.below)
	s.dropTold(r.told)
	r.below, r.told = 0, 0
}

// now is the history as it stands.
func (s *pasts) now(r *route) past {
	p := past{below: r.below, held: s.heldOf(r.held, r.step.Path), next: r.next, n: r.n}
	if r.n > 0 {
		p.step, p.heard = r.step, r.heard
	}
	return p
}

// records names those of all steps, and counts the caller as a user.
func (s *pasts) records(r *route) uint32 {
	if r.n > 0 && r.step.State == RouteHeld {
		return s.takeTold(telling{r.record, r.told})
	}
	if r.told != 0 {
		s.told.at(r.told).users++
	}
	return r.told
}

// push puts a step behind the last one.
func (t *Table) push(r *route, st RouteStep, record int64) {
	switch s := &t.past; {
	case r.n == 0:
	case r.log != nil:
		r.log.last = logStep{r.step, r.heard, r.record}
		r.log.push()
	default:
		// What held stands for goes on with the last step; of those before it nobody
		// asks.
		p := past{step: r.step, heard: r.heard, below: r.below, next: -1, n: r.n}
		below, told := s.take(p), s.records(r)
		s.leave(r)
		r.below, r.told = below, told
	}
	r.n++
	r.step, r.heard, r.record = st, st.At, record
}

// pop takes the last step away.
func (t *Table) pop(r *route) {
	r.n--
	switch s := &t.past; {
	case r.n == 0 && r.log != nil:
		r.log.empty()
	case r.log != nil:
		r.log.pop()
		r.step, r.heard, r.record = r.log.last.step, r.log.last.heard, r.log.last.record
	case r.n > 0:
		was, told := r.below, r.told
		p := s.steps.at(was).value
		r.step, r.heard = p.step, p.heard
		s.stand(r, p.below, told)
		s.drop(was)
		s.dropTold(told)
	}
}

// store puts the history back into its cell.
func (t *Table) store(r *route) {
	s, c := &t.past, &t.at[r.prefix][r.peer]
	if !r.changed && c.past != 0 {
		s.leave(r)
		return
	}
	t.read.forget()
	if r.log == nil && r.n > ownFrom && c.past != 0 && s.steps.at(c.past).users == 1 {
		s.unshare(r)
		s.drop(c.past)
		s.dropTold(c.told)
		*c = cell{past: isLog | uint32(len(s.logs)-1)}
	}
	if l := r.log; l != nil {
		l.last, l.n, l.next = logStep{r.step, r.heard, r.record}, r.n, r.next
		l.held = append(l.held[:0], r.held...)
		return
	}
	was := *c
	*c = cell{s.take(s.now(r)), s.records(r)}
	s.leave(r)
	s.drop(was.past)
	s.dropTold(was.told)
}

// unshare makes a log of the history.
func (s *pasts) unshare(r *route) {
	steps, heard := s.walk(r.below, r.n-1)
	records := s.tellings(steps, r.told)
	s.logs = append(s.logs, log{})
	l := &s.logs[len(s.logs)-1]
	for i, st := range steps {
		l.last = logStep{st, heard[i], records[i]}
		l.push()
	}
	s.leave(r)
	r.log = l
}

// walk lists the steps of a shared history of n.
func (s *pasts) walk(name uint32, n int32) (steps []RouteStep, heard []int64) {
	steps, heard = make([]RouteStep, n), make([]int64, n)
	for i := n - 1; i >= 0; i-- {
		p := &s.steps.at(name).value
		steps[i], heard[i], name = p.step, p.heard, p.below
	}
	return steps, heard
}

// tellings lists the record of each step, 0 for those that are not held.
func (s *pasts) tellings(steps []RouteStep, told uint32) []int64 {
	records := make([]int64, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].State == RouteHeld {
			x := &s.told.at(told).value
			records[i], told = x.record, x.below
		}
	}
	return records
}

// reader keeps histories that were read lately, as they are asked for again and again.
type reader struct {
	of  map[uint32]reading // by the name of the history
	sum int                // how much is kept
	// What [Table.Around] returns lies here.
	steps []RouteStep
	heard []int64
}

type reading struct {
	steps   []RouteStep
	heard   []int64
	records []int64 // of a log
}

// readMost bounds what is kept, in steps.
const readMost = 1 << 17

func (d *reader) forget() {
	if d.sum > 0 {
		clear(d.of)
		d.sum = 0
	}
}

// Reader returns the same table for one more goroutine to read, as a table keeps what was
// read of it lately. Nothing is to be told to either meanwhile.
func (t *Table) Reader() *Table {
	c := *t
	c.now, c.read = route{}, reader{}
	return &c
}

// history reads the history of a pair.
func (t *Table) history(peer, prefix int) reading {
	if prefix < 0 || peer < 0 || t.at[prefix] == nil {
		return reading{} // not one that it follows, or never spoken of
	}
	name := t.at[prefix][peer].past
	if name == 0 {
		return reading{}
	}
	if x, ok := t.read.of[name]; ok {
		return x
	}
	var x reading
	if name&isLog != 0 {
		x.steps, x.heard, x.records = t.past.logs[name&^isLog].all()
	} else {
		n := t.past.steps.at(name).value.n
		if n == 0 {
			return reading{}
		}
		x.steps, x.heard = t.past.walk(name, n)
	}
	if t.read.sum > readMost {
		t.read.forget()
	}
	if t.read.of == nil {
		t.read.of = map[uint32]reading{}
	}
	t.read.of[name] = x
	t.read.sum += len(x.steps) + 2
	return x
}

// Steps returns the history of a pair; nil if the peer never spoke of it. It is not to
// be changed.
func (t *Table) Steps(peer, prefix int) []RouteStep { return t.history(peer, prefix).steps }

// Heard returns for each step of a pair when a held route was last said again: one
// announced anew with the same path makes no step, but is fresh.
func (t *Table) Heard(peer, prefix int) []int64 { return t.history(peer, prefix).heard }

// Around returns a part of the history of a pair, with when its held routes were last said
// again: the steps from before a second, or from the first one on, up to the last one at or
// before another. If first is false, at least one of them lies before from. It reports false
// if the history is so short that [Table.Steps] is no more work. What it returns is not to be
// changed, and is valid until the next call.
func (t *Table) Around(peer, prefix int, from, until int64) (steps []RouteStep, heard []int64, first, ok bool) {
	name := t.Name(peer, prefix)
	if name&isLog == 0 {
		return nil, nil, false, false
	}
	d := &t.read
	d.steps, d.heard, first = t.past.logs[name&^isLog].around(d.steps[:0], d.heard[:0], from, until)
	return d.steps, d.heard, first, true
}

// RecordOf is [Table.Record] at the time when the route of a held step was last said; 0
// for steps that no record made.
func (t *Table) RecordOf(peer, prefix, step int) int64 {
	x := t.history(peer, prefix)
	if step >= len(x.steps) || x.steps[step].State != RouteHeld {
		return 0
	}
	if x.records != nil {
		return x.records[step]
	}
	told := t.at[prefix][peer].told
	for i := len(x.steps) - 1; i > step; i-- {
		if x.steps[i].State == RouteHeld {
			told = t.past.told.at(told).value.below
		}
	}
	return t.past.told.at(told).value.record
}

// Name names the history of a pair: two routes of one name have the same steps, heard at
// the same times. It is 0 if the peer never spoke of the prefix. Equal histories may
// have several names.
func (t *Table) Name(peer, prefix int) uint32 {
	if prefix < 0 || t.at[prefix] == nil {
		return 0
	}
	return t.at[prefix][peer].past
}

// Alike gives for each prefix the first one that has the same histories by name at the
// same peers, which may be itself.
func (t *Table) Alike() []int {
	out := make([]int, len(t.at))
	first := map[uint64][]int{}
	for prefix, row := range t.at {
		sum := uint64(len(row))
		for _, c := range row {
			sum = mix(sum, uint64(c.past))
		}
		out[prefix] = prefix
		for _, k := range first[sum] {
			if slices.EqualFunc(row, t.at[k], func(a, b cell) bool { return a.past == b.past }) {
				out[prefix] = k
				break
			}
		}
		if out[prefix] == prefix {
			first[sum] = append(first[sum], prefix)
		}
	}
	return out
}
