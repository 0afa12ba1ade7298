package live

import (
	"math/bits"
	"sync/atomic"

	"constat/internal/hugepage"
)

// matrix says of each prefix which peers hold it and which carried it, a bit for each
// peer's column. Columns are given out anew when a peer forgets, so that forgetting is
// one step; those given back are wiped together when they are needed.
type matrix struct {
	words int                        // of a set
	rows  atomic.Pointer[[][]uint64] // for each matrixRows prefixes: held, carried, held, carried, …
	watch []uint64                   // columns of peers that are watching
	next  int                        // first column never used
	dirty []int                      // columns given back
	clean []int                      // and wiped

	room    []uint64 // of pieces to come
	roomFor int      // words of a set
}

const (
	matrixBits = 10
	matrixRows = 1 << matrixBits
)

func (m *matrix) init() {
	m.words = 1
	m.watch = make([]uint64, 1)
	m.rows.Store(&[][]uint64{})
}

// grow makes room for n prefixes; one goroutine at a time.
func (m *matrix) grow(n uint32) {
	d := *m.rows.Load()
	if int(n) <= len(d)*matrixRows {
		return
	}
	d = append(make([][]uint64, 0, len(d)+len(d)/8+8), d...)
	for len(d)*matrixRows < int(n) {
		d = append(d, m.piece(len(d), m.words))
	}
	m.rows.Store(&d)
}

// piece makes room for matrixRows prefixes with sets of so many words, if there are some
// pieces: if many, for several at a time, in large pages.
func (m *matrix) piece(are, words int) []uint64 {
	size := matrixRows * 2 * words
	if len(m.room) < size || m.roomFor != words {
		n := 1
		for are >= 4*n && n*size*8 < 4*hugepage.Page {
			n *= 2
		}
		m.room, m.roomFor = hugepage.Make[uint64](n*size), words
	}
	p := m.room[:size:size]
	m.room = m.room[size:]
	return p
}

// sets returns both sets of a prefix.
func (m *matrix) sets(q PrefixID) (held, carried []uint64) {
	w := m.words
	r := (*m.rows.Load())[q>>matrixBits]
	at := int(q&(matrixRows-1)) * 2 * w
	return r[at : at+w : at+w], r[at+w : at+2*w : at+2*w]
}

// column gives out an empty column. Nobody else may use the matrix.
func (m *matrix) column() int {
	if len(m.clean) == 0 && len(m.dirty) >= 64 {
		m.wipe()
	}
	if n := len(m.clean); n > 0 {
		c := m.clean[n-1]
		m.clean = m.clean[:n-1]
		return c
	}
	if m.next == 64*m.words {
		m.widen()
	}
	m.next++
	return m.next - 1
}

// wipe empties all columns that were given back, in one pass.
func (m *matrix) wipe() {
	mask := make([]uint64, m.words)
	for _, c := range m.dirty {
		mask[c>>6] |= 1 << (c & 63)
	}
	for _, r := range *m.rows.Load() {
		for at := 0; at < len(r); at += m.words {
			for i, x := range mask {
				r[at+i] &^= x
			}
		}
	}
	m.clean, m.dirty = append(m.clean, m.dirty...), m.dirty[:0]
}

// widen makes room for 64 more columns.
func (m *matrix) widen() {
	w := m.words + 1
	d := make([][]uint64, len(*m.rows.Load()))
	for i, r := range *m.rows.Load() {
		d[i] = m.piece(i, w)
		for k := range 2 * matrixRows {
			copy(d[i][k*w:], r[k*m.words:(k+1)*m.words])
		}
	}
	m.words = w
	m.watch = append(m.watch, 0)
	m.rows.Store(&d)
}

// give takes a column back.
func (m *matrix) give(c int) {
	m.watching(c, false)
	m.dirty = append(m.dirty, c)
}

func (m *matrix) watching(c int, yes bool) {
	if yes {
		m.watch[c>>6] |= 1 << (c & 63)
	} else {
		m.watch[c>>6] &^= 1 << (c & 63)
	}
}

// put sets a bit of a set that others may be writing too, and reports whether it was
// not set.
func put(set []uint64, c int) bool {
	p, bit := &set[c>>6], uint64(1)<<(c&63)
	if atomic.LoadUint64(p)&bit != 0 {
		return false
	}
	atomic.OrUint64(p, bit)
	return true
}

// drop clears a bit.
func drop(set []uint64, c int) { atomic.AndUint64(&set[c>>6], ^(uint64(1) << (c & 63))) }

func has(set []uint64, c int) bool { return atomic.LoadUint64(&set[c>>6])>>(c&63)&1 != 0 }

// count is how many of the set's columns are watching.
func (m *matrix) count(set []uint64) int {
	n := 0
	for i, w := range m.watch {
		n += bits.OnesCount64(set[i] & w)
	}
	return n
}
