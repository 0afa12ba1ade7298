package live

import (
	"net/netip"
	"sync/atomic"

	"constat/wire/mrt"
)

// An update touches a prefix, two sets and a row that nobody has touched for long: each
// costs waiting for memory, one after another. So a feeder keeps some updates, and
// before it applies them looks at all their places, one kind of place after another:
// then it waits for many at once.

// queued is how many updates are kept.
const queued = 64

// change is an announcement or a withdrawal that was not applied.
type change struct {
	kind   mrt.ElemKind
	id     PeerID
	path   uint32
	r      Route
	origin uint32
	prefix netip.Prefix
	key    key
	slot   uint32
	q      PrefixID // NoPrefix if it was not found at a glance
}

// hear applies what a peer says of a prefix, at the latest when anybody looks.
func (f *Feeder) hear(kind mrt.ElemKind, id PeerID, prefix netip.Prefix, origin, path uint32, r Route) {
	if kind != mrt.RIBEntry {
		f.settled(id)
		if f.queue = append(f.queue, change{kind: kind, id: id, path: path, r: r, origin: origin, prefix: prefix}); len(f.queue) == queued {
			f.drain()
		}
		return
	}
	if len(f.queue) > 0 {
		f.drain()
	}
	q := f.prefix(prefix, origin)
	f.origin(q, origin)
	if path == 0 {
		f.gather(id, f.s.peers[id], q, r)
		return
	}
	f.settled(id)
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
			f.withdraw(p, q, u.path)
		}
	}
	f.queue = f.queue[:0]
}

// glance finds the places of the updates that are kept, without changing anything.
func (f *Feeder) glance() {
	s := f.s
	slots := *s.prefixes.slots.Load()
	mask := uint32(len(slots) - 1)
	for i := range f.queue {
		u := &f.queue[i]
		u.key = keyOf(u.prefix)
		u.slot = atomic.LoadUint32(&slots[uint32(u.key.hash())&mask])
	}
	for i := range f.queue {
		u := &f.queue[i]
		u.q = NoPrefix
		if u.slot != 0 && s.prefixes.list.at(u.slot-1).key == u.key {
			u.q = PrefixID(u.slot - 1)
		}
	}
	seen := uint64(0)
	for i := range f.queue {
		u := &f.queue[i]
		if u.q == NoPrefix {
			continue
		}
		p := s.peers[u.id]
		held, carried := s.matrix.sets(u.q)
		w := p.column >> 6
		seen += atomic.LoadUint64(&held[w]) + atomic.LoadUint64(&carried[w])
		if k := uint32(u.q) / blockLen; int(k) < len(p.row.blocks) {
			seen += p.row.blocks[k].has[0] + uint64(p.row.blocks[k].n)
		}
	}
	for i := range f.queue {
		u := &f.queue[i]
		if u.q == NoPrefix {
			continue
		}
		if at := s.peers[u.id].row.find(&s.arena, u.q); at != nil {
			seen += uint64(*at)
		}
	}
	f.seen = seen
}
