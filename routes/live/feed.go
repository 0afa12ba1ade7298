package live

import (
	"net/netip"
	"sync"

	"constat/wire/mrt"
)

// Feeder feeds a state. It belongs to one goroutine; several may feed a state at
// once, each other peers: as long as a feeder is open, nobody else feeds a peer of its.
//
// It keeps some of what it is told, because it costs less to apply it together. Whoever
// looks at the state finds it there.
type Feeder struct {
	s      *State
	mu     sync.Mutex // held while feeding; the state takes it to be alone
	inside bool       // it is held, and the feeder's own goroutine knows
	in     interner

	last   netip.Prefix // looked up last
	lastID PrefixID
	has    bool

	second int64 // of what is told

	queue []change  // see queue.go
	want  []uintptr // of memory that will be needed

	pending []pending // see pend.go
	told    []toldEntry

	lanes   []*lane // by peer; see gather.go
	windows [windows]window
	recent  int // the window used last
	columns []*lane
	fresh   [][blockLen / 64]uint64 // by column: what was not known
}

// Feeder returns another feeder of the state. Give it back with [Feeder.Close].
func (s *State) Feeder() *Feeder {
	f := &Feeder{s: s}
	s.mu.Lock()
	if s.tree.late {
		s.tree.index()
	}
	s.fillSets()
	f.in = interner{t: s.tree}
	s.feeders = append(s.feeders, f)
	s.mu.Unlock()
	return f
}

// Close ends the feeder.
func (f *Feeder) Close() {
	defer f.s.hold()() // releases this feeder too, which is not in the list then
	for i, g := range f.s.feeders {
		if g == f {
			f.s.feeders = append(f.s.feeders[:i:i], f.s.feeders[i+1:]...)
			f.mu.Unlock()
			break
		}
	}
	f.lanes, f.columns, f.fresh = nil, nil, nil
}

// Full returns how many routes were taken without their path because the tree had no
// room: it holds 134 million nodes.
func (f *Feeder) Full() int64 { return f.in.full }

// Apply applies an announcement, a withdrawal or a table's entry of a peer. Others
// change nothing, nor do multicast routes.
func (f *Feeder) Apply(id PeerID, e *mrt.Elem) {
	f.enter()
	f.apply(id, e)
	f.leave()
}

// enter takes the lock, if the feeder does not have it: for many elements once.
func (f *Feeder) enter() {
	if !f.inside {
		f.mu.Lock()
		f.inside = true
	}
}

// leave gives the lock back. Whoever calls the state must not have it.
func (f *Feeder) leave() {
	if f.inside {
		f.inside = false
		f.mu.Unlock()
	}
}

func (f *Feeder) apply(id PeerID, e *mrt.Elem) {
	if e.SAFI == 2 || e.Kind != mrt.Announce && e.Kind != mrt.Withdraw && e.Kind != mrt.RIBEntry {
		return
	}
	p := f.s.peers[id]
	var r Route
	var origin uint32
	if e.Kind != mrt.Withdraw {
		r, origin = f.in.route(e.Path(), p.AS, &p.memo)
	}
	if e.Kind == mrt.Withdraw {
		f.second = e.Time.Sec()
	}
	f.hear(e.Kind, id, e.Prefix, origin, e.PathID, r)
}

// origin notes the origin of a route that was told.
func (f *Feeder) origin(q PrefixID, as uint32) {
	if p := &f.s.prefixes.list.at(uint32(q)).origin; as != 0 && p.Load() != as {
		p.Store(as)
	}
}

// prefix returns the number of a prefix. Tables and updates name one several times
// in a row.
func (f *Feeder) prefix(p netip.Prefix, origin uint32) PrefixID {
	if f.has && p == f.last {
		return f.lastID
	}
	s := f.s
	k := keyOf(p)
	if f.has {
		// A table that is told again, or by another collector, comes in the same order.
		if q := f.lastID + 1; uint32(q) < s.prefixes.count.Load() && s.prefixes.list.at(uint32(q)).key == k {
			f.last, f.lastID = p, q
			return q
		}
	}
	id := s.prefixes.id(k, func(q PrefixID) { f.prepare(q, p, origin) })
	f.last, f.lastID, f.has = p, id, true
	return id
}

func (f *Feeder) announce(p *peer, q PrefixID, id uint32, r Route) {
	s := f.s
	at := p.row.find(&s.arena, q)
	switch {
	case at == nil:
		f.hold(p, q, id, r)
	case *at&manyFlag != 0:
		l := s.lists.all.at(*at &^ manyFlag)
		*l = announce(*l, idRoute{id, r})
	case id == 0:
		*at = uint32(r)
	default:
		*at = s.lists.add(idRoute{0, Route(*at)}, idRoute{id, r}) | manyFlag
		p.row.listed(q)
	}
}

// hold adds a route to a prefix that the peer does not hold.
func (f *Feeder) hold(p *peer, q PrefixID, id uint32, r Route) {
	s := f.s
	v := uint32(r)
	if id != 0 {
		v = s.lists.add(idRoute{id, r}) | manyFlag
	}
	p.row.insert(&s.arena, q, v)
	if id != 0 {
		p.row.listed(q)
	}
	held, carried := s.matrix.sets(q)
	put(held, p.column)
	if len(p.alone.at) > 0 {
		p.alone.announced(q)
	}
	e := s.prefixes.list.at(uint32(q))
	fam := v4
	if e.v6() {
		fam = v6
	}
	p.held[fam]++
	if p.groups != nil {
		p.groups[e.group].held[fam]++
	}
	if put(carried, p.column) {
		p.carried[fam]++
		if p.groups != nil {
			p.groups[e.group].carried[fam]++
		}
	}
}

// entry applies an entry of a snapshot. It tells only what was not known: where
// updates have spoken they are nearer to the event.
func (f *Feeder) entry(p *peer, q PrefixID, id uint32, r Route) {
	s := f.s
	at := p.row.find(&s.arena, q)
	switch {
	case at == nil:
		if _, carried := s.matrix.sets(q); !has(carried, p.column) && !p.alone.has(q) {
			f.hold(p, q, id, r)
		}
	case *at&manyFlag != 0:
		l := s.lists.all.at(*at &^ manyFlag)
		for _, x := range *l {
			if x.id == id {
				return
			}
		}
		*l = append([]idRoute{{id, r}}, *l...) // behind what the peer last said
	case id != 0:
		*at = s.lists.add(idRoute{id, r}, idRoute{0, Route(*at)}) | manyFlag
		p.row.listed(q)
	}
}

func (f *Feeder) withdraw(p *peer, q PrefixID, id uint32, second int64) {
	s := f.s
	held, carried := s.matrix.sets(q)
	e := s.prefixes.list.at(uint32(q))
	fam := v4
	if e.v6() {
		fam = v6
	}
	at := p.row.find(&s.arena, q)
	if at == nil {
		// What a peer withdraws it must have carried, unless its whole table is known
		// or it is being sent: then it was said and taken back. Of one path among
		// several (RFC 7911) that says nothing: others may stand that were announced
		// before anybody was watching. What it withdraws twice see alone.
		if id == 0 && !p.sending && (p.alone.has(q) || !p.whole[fam] && !has(carried, p.column)) {
			if p.alone.withdrawn(q, second) {
				s.carry(p, q, false)
			}
		}
		return
	}
	if *at&manyFlag != 0 {
		i := *at &^ manyFlag
		l := s.lists.all.at(i)
		for k, x := range *l {
			if x.id == id {
				*l = append((*l)[:k], (*l)[k+1:]...)
				break
			}
		}
		if len(*l) > 0 {
			return
		}
		s.lists.drop(i)
	} else if id != 0 {
		return
	}
	p.row.cut(&s.arena, q)
	drop(held, p.column)
	p.held[fam]--
	if p.groups != nil {
		p.groups[e.group].held[fam]--
	}
	if p.sending {
		drop(carried, p.column)
		p.carried[fam]--
		if p.groups != nil {
			p.groups[e.group].carried[fam]--
		}
	}
}
