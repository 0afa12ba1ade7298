package live

import (
	"net/netip"
	"unsafe"

	"constat/internal/prefetch"
	"constat/wire/mrt"
)

// An update touches a prefix, two sets and a row that nobody has touched for long: each
// costs waiting for memory, one after another. So a feeder keeps some updates, and
// before it applies them asks for the memory of all their places, one kind of place after
// another: then it waits for many at once.

// queued is how many updates are kept.
const queued = 128

// change is an announcement or a withdrawal that was not applied.
type change struct {
	kind   mrt.ElemKind
	id     PeerID
	path   uint32
	second int64
	r      Route
	origin uint32
	prefix netip.Prefix
	key    key
	hash   uint64
	q      PrefixID // NoPrefix if it was not found at a glance
}

// hear applies what a peer says of a prefix, at the latest when anybody looks.
func (f *Feeder) hear(kind mrt.ElemKind, id PeerID, prefix netip.Prefix, origin, path uint32, r Route) {
	if kind != mrt.RIBEntry {
		f.settled(id)
		if f.queue = append(f.queue, change{kind: kind, id: id, path: path, second: f.second, r: r, origin: origin, prefix: prefix}); len(f.queue) == queued {
			f.drain()
		}
		return
	}
	if len(f.queue) > 0 {
		f.drain()
	}
	if path == 0 {
		f.pend(id, prefix, origin, r)
		return
	}
	f.settled(id)
	q := f.prefix(prefix, origin)
	f.origin(q, origin)
	f.entry(f.s.peers[id], q, path, r)
}

// drain applies the updates that are kept, in their order.
func (f *Feeder) drain() {
	if len(f.queue) > 4 {
		f.glance()
	} else {
		for i := range f.queue {
			f.queue[i].q = NoPrefix
		}
	}
	for i := range f.queue {
		u := &f.queue[i]
		q := u.q
		if q == NoPrefix {
			q = f.prefix(u.prefix, u.origin)
		}
		f.origin(q, u.origin)
		if p := f.s.peers[u.id]; u.kind == mrt.Announce {
			f.announce(p, q, u.path, u.r)
		} else {
			f.withdraw(p, q, u.path, u.second)
		}
	}
	f.queue = f.queue[:0]
}

// glance finds the places of the updates that are kept, without changing anything, and
// asks for the memory that applying them will need.
func (f *Feeder) glance() {
	s := f.s
	slots := *s.prefixes.slots.Load()
	f.want = f.want[:0]
	for i := range f.queue {
		u := &f.queue[i]
		u.key = keyOf(u.prefix)
		if i > 0 && u.key == f.queue[i-1].key {
			u.hash = f.queue[i-1].hash
			continue
		}
		u.hash = u.key.hash()
		f.need(unsafe.Pointer(&slots[slotOf(slots, u.hash)]))
	}
	prefetch.All(f.want)
	f.want = f.want[:0]
	for i := range f.queue {
		u := &f.queue[i]
		u.q = s.prefixes.guess(slots, u.hash)
		if u.q == NoPrefix {
			continue
		}
		p := s.peers[u.id]
		held, carried := s.matrix.sets(u.q)
		w := p.column >> 6
		f.need(unsafe.Pointer(s.prefixes.list.at(uint32(u.q))))
		f.need(unsafe.Pointer(&held[w]))
		f.need(unsafe.Pointer(&carried[w]))
		if k := uint32(u.q) / blockLen; int(k) < len(p.row.blocks) {
			b := &p.row.blocks[k]
			f.need(unsafe.Pointer(b))
			f.need(unsafe.Pointer(&b.many))
		}
	}
	prefetch.All(f.want)
	f.want = f.want[:0]
	for i := range f.queue {
		u := &f.queue[i]
		if u.q == NoPrefix {
			continue
		}
		if s.prefixes.list.at(uint32(u.q)).key != u.key {
			u.q = NoPrefix
			continue
		}
		if at := s.peers[u.id].row.find(&s.arena, u.q); at != nil {
			f.need(unsafe.Pointer(at))
		}
	}
	prefetch.All(f.want)
}

// need notes an address for [prefetch.All].
func (f *Feeder) need(p unsafe.Pointer) { f.want = append(f.want, uintptr(p)) }
