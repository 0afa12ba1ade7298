package live

import (
	"net/netip"
	"unsafe"

	"constat/internal/prefetch"
)

// A prefix that a table tells lies somewhere: to find it costs waiting for memory, and a new
// one a lock that other feeders want too. So the entries of some prefixes are kept as
// they come, and then all these prefixes are looked up together: their places are asked
// for at once, and the lock is taken once for those that are new.

// pended is how many prefixes are kept, and pendedEntries about how many entries.
const (
	pended        = 128
	pendedEntries = 1 << 13
)

// pending is a prefix with entries of a table that are not gathered yet.
type pending struct {
	prefix        netip.Prefix
	first, origin uint32 // of its first entry, and the last one that is known
	to            int    // its entries end here
	key           key
	hash          uint64
	q             PrefixID
}

// toldEntry is an entry of a table, by the peer it is of.
type toldEntry struct {
	id PeerID
	r  Route
}

// pend keeps an entry of a table until some prefixes are looked up together.
func (f *Feeder) pend(id PeerID, prefix netip.Prefix, origin uint32, r Route) {
	n := len(f.pending)
	if n == 0 || f.pending[n-1].prefix != prefix {
		if n == pended || len(f.told) >= pendedEntries {
			f.resolve()
		}
		f.pending = append(f.pending, pending{prefix: prefix, first: origin})
		n = len(f.pending)
	}
	f.told = append(f.told, toldEntry{id, r})
	p := &f.pending[n-1]
	if p.to = len(f.told); origin != 0 {
		p.origin = origin
	}
}

// resolve looks up the prefixes that are kept, and gathers their entries.
func (f *Feeder) resolve() {
	if len(f.pending) == 0 {
		return
	}
	f.lookUp()
	from := 0
	for i := range f.pending {
		p := &f.pending[i]
		f.origin(p.q, p.origin)
		n := f.window(p.q)
		for _, e := range f.told[from:p.to] {
			f.gather(n, e.id, p.q, e.r)
		}
		from = p.to
	}
	last := &f.pending[len(f.pending)-1]
	f.last, f.lastID, f.has = last.prefix, last.q, true
	f.pending, f.told = f.pending[:0], f.told[:0]
}

// lookUp gives the prefixes that are kept their numbers.
func (f *Feeder) lookUp() {
	x := &f.s.prefixes
	all := f.pending
	// A table that is told again, or by another collector, comes in the same order.
	i := 0
	next, n := PrefixID(0), PrefixID(x.count.Load())
	if f.has {
		next = f.lastID
		if f.last != all[0].prefix {
			next++
		}
	}
	for ; f.has && i < len(all) && next < n; i++ {
		p := &all[i]
		if p.key = keyOf(p.prefix); x.list.at(uint32(next)).key != p.key {
			break
		}
		p.q = next
		next++
	}
	all = all[i:]
	if len(all) == 0 {
		return
	}
	slots := *x.slots.Load()
	f.want = f.want[:0]
	for i := range all {
		p := &all[i]
		p.key = keyOf(p.prefix)
		p.hash = p.key.hash()
		f.need(unsafe.Pointer(&slots[slotOf(slots, p.hash)]))
	}
	prefetch.All(f.want)
	f.want = f.want[:0]
	for i := range all {
		p := &all[i]
		if p.q = x.guess(slots, p.hash); p.q != NoPrefix {
			f.need(unsafe.Pointer(x.list.at(uint32(p.q))))
		}
	}
	prefetch.All(f.want)
	news := false
	for i := range all {
		p := &all[i]
		if p.q != NoPrefix && x.list.at(uint32(p.q)).key != p.key {
			p.q, _, _ = x.search(slots, p.key, p.hash)
		}
		news = news || p.q == NoPrefix
	}
	if !news {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range all {
		if p := &all[i]; p.q == NoPrefix {
			p.q = x.add(p.key, p.hash, func(q PrefixID) { f.prepare(q, p.prefix, p.first) })
		}
	}
}

// prepare makes the place of a new prefix, whose first route has an origin.
func (f *Feeder) prepare(q PrefixID, p netip.Prefix, origin uint32) {
	s := f.s
	s.matrix.grow(uint32(q) + 1)
	if s.opts.Group != nil {
		s.prefixes.list.at(uint32(q)).group = s.opts.Group(p, origin)
	}
}
