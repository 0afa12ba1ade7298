package live

import (
	"sync/atomic"
	"unsafe"

	"constat/internal/hugepage"
)

// chunks is an array that grows by pieces which never move, so that it may be read
// while it grows. An index is handed to readers through an atomic value, after what
// it names was written.
type chunks[T any] struct {
	dir  atomic.Pointer[[]*[chunkLen]T]
	room []T // of pieces to come
}

const (
	chunkBits = 13
	chunkLen  = 1 << chunkBits
	chunkMask = chunkLen - 1
)

// at returns the place of an index below what was grown to.
func (c *chunks[T]) at(i uint32) *T { return &(*c.dir.Load())[i>>chunkBits][i&chunkMask] }

// len is how many elements there is room for.
func (c *chunks[T]) len() int { return len(*c.dir.Load()) * chunkLen }

// grow makes room for n elements. Only one goroutine may grow at a time.
func (c *chunks[T]) grow(n uint32) {
	var d []*[chunkLen]T
	if p := c.dir.Load(); p != nil {
		d = *p
	}
	if int(n) <= len(d)*chunkLen {
		return
	}
	d = append(make([]*[chunkLen]T, 0, len(d)+len(d)/8+8), d...)
	for len(d)*chunkLen < int(n) {
		if len(c.room) == 0 {
			c.room = pieces[T](len(d))
		}
		d = append(d, (*[chunkLen]T)(c.room))
		c.room = c.room[chunkLen:]
	}
	c.dir.Store(&d)
}

// pieces makes room for more pieces if there are some: if many, for several at a time, in
// large pages.
func pieces[T any](are int) []T {
	var t T
	n := 1
	for are >= 4*n && n*chunkLen*int(unsafe.Sizeof(t)) < 4*hugepage.Page {
		n *= 2
	}
	return hugepage.Make[T](n * chunkLen)
}

// mix spreads a key over 64 bits (the finaliser of splitmix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
