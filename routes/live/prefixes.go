package live

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"

	"constat/internal/hugepage"
)

// PrefixID numbers a prefix, of either family, from 0 in the order in which they were
// first seen.
type PrefixID uint32

// NoPrefix is no prefix.
const NoPrefix = ^PrefixID(0)

// key is a prefix. The address of IPv4 is the upper half of hi; length has v6Flag for
// IPv6.
type key struct {
	hi, lo uint64
	length uint16
}

const v6Flag = 0x100

func keyOf(p netip.Prefix) key {
	if p.Addr().Is4() {
		a := p.Addr().As4()
		return key{uint64(binary.BigEndian.Uint32(a[:])) << 32, 0, uint16(p.Bits())}
	}
	a := p.Addr().As16()
	return key{binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(a[8:]), uint16(p.Bits()) | v6Flag}
}

func (k key) v6() bool  { return k.length&v6Flag != 0 }
func (k key) bits() int { return int(k.length &^ v6Flag) }

func (k key) prefix() netip.Prefix {
	if !k.v6() {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], uint32(k.hi>>32))
		return netip.PrefixFrom(netip.AddrFrom4(a), k.bits())
	}
	var a [16]byte
	binary.BigEndian.PutUint64(a[:], k.hi)
	binary.BigEndian.PutUint64(a[8:], k.lo)
	return netip.PrefixFrom(netip.AddrFrom16(a), k.bits())
}

func (k key) hash() uint64 { return mix(mix(k.hi^uint64(k.length)) + k.lo) }

// entry is what is kept of a prefix beside its routes.
type entry struct {
	key
	group  uint16
	origin atomic.Uint32 // of the route that was announced last; 0 if not known
}

// prefixes numbers prefixes.
type prefixes struct {
	list  chunks[entry]
	slots atomic.Pointer[[]uint64] // id + 1, and slotTag of its hash
	count atomic.Uint32
	mu    sync.Mutex
}

func (x *prefixes) init() {
	s := make([]uint64, 1<<10)
	x.slots.Store(&s)
}

// slotOf is where the search for a hash begins.
func slotOf(slots []uint64, h uint64) uint32 { return uint32(h) & uint32(len(slots)-1) }

// slotTag are the bits of a slot that it has of the hash: so places of other prefixes are
// passed without looking at them.
const slotTag = ^uint64(1<<32 - 1)

// guess returns the prefix that a hash is likely of, of which nothing but slots is
// looked at; NoPrefix if there is none.
func (x *prefixes) guess(slots []uint64, h uint64) PrefixID {
	mask := uint32(len(slots) - 1)
	for i := uint32(h) & mask; ; i = (i + 1) & mask {
		s := atomic.LoadUint64(&slots[i])
		if s == 0 || (s^h)&slotTag == 0 {
			return PrefixID(uint32(s) - 1)
		}
	}
}

func (x *prefixes) find(slots []uint64, k key) (id PrefixID, at uint32, ok bool) {
	return x.search(slots, k, k.hash())
}

// search is find for a key whose hash is known.
func (x *prefixes) search(slots []uint64, k key, h uint64) (id PrefixID, at uint32, ok bool) {
	mask := uint32(len(slots) - 1)
	for i := uint32(h) & mask; ; i = (i + 1) & mask {
		s := atomic.LoadUint64(&slots[i])
		if s == 0 {
			return NoPrefix, i, false
		}
		if (s^h)&slotTag == 0 && x.list.at(uint32(s)-1).key == k {
			return PrefixID(uint32(s) - 1), i, true
		}
	}
}

// id returns the number of a prefix; with new, which prepares its place, it is added
// if it is not there.
func (x *prefixes) id(k key, prepare func(PrefixID)) PrefixID {
	h := k.hash()
	if id, _, ok := x.search(*x.slots.Load(), k, h); ok {
		return id
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.add(k, h, prepare)
}

// add is id for a prefix that was not found a moment ago, with the lock held.
func (x *prefixes) add(k key, h uint64, prepare func(PrefixID)) PrefixID {
	slots := *x.slots.Load()
	id, at, ok := x.search(slots, k, h)
	if ok {
		return id
	}
	n := x.count.Load()
	if uint64(n+1)*3 > uint64(len(slots))*2 {
		slots = x.rehash(2 * len(slots))
		_, at, _ = x.search(slots, k, h)
	}
	x.list.grow(n + 1)
	x.list.at(n).key = k
	prepare(PrefixID(n))
	x.count.Store(n + 1)
	atomic.StoreUint64(&slots[at], h&slotTag|uint64(n+1))
	return PrefixID(n)
}

func (x *prefixes) rehash(n int) []uint64 {
	slots := hugepage.Make[uint64](n)
	mask := uint32(n - 1)
	for id := range x.count.Load() {
		h := x.list.at(id).hash()
		i := uint32(h) & mask
		for slots[i] != 0 {
			i = (i + 1) & mask
		}
		slots[i] = h&slotTag | uint64(id+1)
	}
	x.slots.Store(&slots)
	return slots
}
