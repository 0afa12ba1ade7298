package live

import "math/bits"

// block is one peer's routes to 256 prefixes with consecutive numbers: which it has,
// and their values without gaps.
type block struct {
	has   [4]uint64
	run   uint32 // in the arena; means nothing if class is 0
	n     uint16 // routes
	class uint8
	many  uint8 // at least one route is a list; it is never counted down
}

const blockLen = 256

// rank is how many routes of the block come before place i.
func (b *block) rank(i uint32) int {
	r := bits.OnesCount64(b.has[i>>6] & (1<<(i&63) - 1))
	switch i >> 6 {
	case 3:
		r += bits.OnesCount64(b.has[2])
		fallthrough
	case 2:
		r += bits.OnesCount64(b.has[1])
		fallthrough
	case 1:
		r += bits.OnesCount64(b.has[0])
	}
	return r
}

// row is one peer's routes.
type row struct{ blocks []block }

// find returns the place of the value at a prefix; nil if there is none. It is valid
// until the row changes.
func (w *row) find(a *arena, q PrefixID) *uint32 {
	k, i := uint32(q)/blockLen, uint32(q)%blockLen
	if int(k) >= len(w.blocks) {
		return nil
	}
	b := &w.blocks[k]
	if b.has[i>>6]>>(i&63)&1 == 0 {
		return nil
	}
	return &a.run(b.run, b.n)[b.rank(i)]
}

// insert adds a value at a prefix that has none.
func (w *row) insert(a *arena, q PrefixID, v uint32) {
	k, i := uint32(q)/blockLen, uint32(q)%blockLen
	if int(k) >= len(w.blocks) {
		w.extend(int(k) + 1)
	}
	b := &w.blocks[k]
	if b.n == classes[b.class] {
		w.widen(a, k)
	}
	at := b.rank(i)
	b.has[i>>6] |= 1 << (i & 63)
	b.n++
	run := a.run(b.run, b.n)
	if at+1 < len(run) {
		copy(run[at+1:], run[at:])
	}
	run[at] = v
}

// merge adds values at places of block k that have none. The values are by place.
func (w *row) merge(a *arena, k uint32, places *[blockLen / 64]uint64, values *[blockLen]uint32) {
	more := 0
	for _, x := range places {
		more += bits.OnesCount64(x)
	}
	if more == 0 {
		return
	}
	if int(k) >= len(w.blocks) {
		w.extend(int(k) + 1)
	}
	b := &w.blocks[k]
	n := b.n + uint16(more)
	var from []uint32
	if b.n > 0 {
		from = a.run(b.run, b.n)
	}
	old, was := b.run, b.class
	if n > classes[was] {
		b.class = classOf[(n+unit-1)/unit]
		b.run = a.take(b.class)
	}
	to := a.run(b.run, n)
	// From the last to the first, so that it may be done in place.
	i, j := int(n), len(from)
	for word := len(places) - 1; word >= 0; word-- {
		add := places[word]
		for x := b.has[word] | add; x != 0; {
			at := 63 - bits.LeadingZeros64(x)
			x &^= 1 << at
			i--
			if add>>at&1 != 0 {
				to[i] = values[64*word+at]
			} else {
				j--
				to[i] = from[j]
			}
		}
		b.has[word] |= add
	}
	b.n = n
	if b.class != was {
		a.give(was, old)
	}
}

// listed says that a value at a prefix is a list.
func (w *row) listed(q PrefixID) { w.blocks[uint32(q)/blockLen].many = 1 }

// extend makes room for n blocks, and for a few more, as the next will be wanted soon: a
// table comes in the order of its prefixes. Doubling would waste half of it.
func (w *row) extend(n int) {
	if n > cap(w.blocks) {
		w.blocks = append(make([]block, 0, n+n/16+16), w.blocks...)
	}
	w.blocks = w.blocks[:n]
}

// widen gives block k a longer run. A block whose neighbour before it is full is
// expected to become so too: a table comes in the order of its prefixes.
func (w *row) widen(a *arena, k uint32) {
	b := &w.blocks[k]
	class := b.class + 1
	if b.n == 0 && k > 0 {
		if before := w.blocks[k-1].n; before > 8 {
			class = classOf[(before+unit-1)/unit]
		}
	}
	run := a.take(class)
	if b.class != 0 {
		copy(a.run(run, b.n), a.run(b.run, b.n))
		a.give(b.class, b.run)
	}
	b.run, b.class = run, class
}

// cut removes the value at a prefix.
func (w *row) cut(a *arena, q PrefixID) (was uint32, had bool) {
	k, i := uint32(q)/blockLen, uint32(q)%blockLen
	if int(k) >= len(w.blocks) {
		return 0, false
	}
	b := &w.blocks[k]
	if b.has[i>>6]>>(i&63)&1 == 0 {
		return 0, false
	}
	run := a.run(b.run, b.n)
	at := b.rank(i)
	was = run[at]
	copy(run[at:], run[at+1:])
	b.has[i>>6] &^= 1 << (i & 63)
	b.n--
	if b.n == 0 {
		a.give(b.class, b.run)
		b.class, b.many = 0, 0
	}
	return was, true
}
