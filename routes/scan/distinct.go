package scan

import (
	"math/bits"
	"net/netip"
	"slices"

	"constat/wire/bgp"
)

// distinct estimates how many distinct prefixes were added, by linear counting in
// whole numbers, so that every machine gets the same estimate. Few are kept as a list,
// many as a bitmap of half a megabyte: a burst of two thousand prefixes takes eight
// kilobytes, and a day of them is no matter.
type distinct struct {
	list  []uint32 // positions, each once, in any order
	index []uint32 // of the list by position: a place in it and one; len is a power of two, or 0 if it is to be made
	words []uint64 // instead of the list, of bitmapBits
}

const (
	bitmapBits = 1 << 22
	listMost   = 1 << 15 // positions in a list, before it is a bitmap
	indexLeast = 1 << 9
)

// The sum is FNV's over the sixteen bytes of an address and the length of the
// prefix. Of an IPv4 address the first twelve are always the same.
const (
	fnvBegin  = uint64(14695981039346656037)
	fnvPrime  = uint64(1099511628211)
	fnvMapped = uint64(0x540b81da1cc1b60b) // of ten zeros and two bytes of ones
)

func fnv(h uint64, b byte) uint64 { return (h ^ uint64(b)) * fnvPrime }

// position is where a prefix falls.
func position(q netip.Prefix) uint32 {
	a := q.Addr().As16()
	return positionOf(a[:], fnvBegin, q.Bits())
}

func positionOf(a []byte, h uint64, n int) uint32 {
	for _, x := range a {
		h = fnv(h, x)
	}
	h = fnv(h, byte(n))
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	return uint32(h % bitmapBits)
}

func (d *distinct) add(q netip.Prefix) { d.set(position(q)) }

// addList adds the prefixes of a list but for the first few.
func (d *distinct) addList(l bgp.NLRI, skip int) {
	b := l.Bytes
	for len(b) > 0 {
		if l.AddPath {
			b = b[4:]
		}
		n := int(b[0])
		raw := b[1 : 1+(n+7)>>3]
		b = b[1+len(raw):]
		if skip > 0 {
			skip--
			continue
		}
		var a [16]byte
		copy(a[:], raw)
		if len(raw) > 0 && n&7 != 0 {
			a[len(raw)-1] &= 0xff << (8 - n&7) // what is beyond its length is no part of it
		}
		if l.AFI == bgp.AFIv4 {
			d.set(positionOf(a[:4], fnvMapped, n))
		} else {
			d.set(positionOf(a[:], fnvBegin, n))
		}
	}
}

func (d *distinct) set(i uint32) {
	if d.words != nil {
		d.words[i/64] |= 1 << (i % 64)
		return
	}
	if 2*len(d.list) >= len(d.index) {
		d.grow()
	}
	for k := d.home(i); ; k++ {
		at := &d.index[k&uint32(len(d.index)-1)]
		if *at == 0 {
			d.list = append(d.list, i)
			*at = uint32(len(d.list))
			break
		}
		if d.list[*at-1] == i {
			return
		}
	}
	if len(d.list) >= listMost {
		d.words = make([]uint64, bitmapBits/64)
		for _, i := range d.list {
			d.words[i/64] |= 1 << (i % 64)
		}
		d.list, d.index = nil, nil
	}
}

// home is where the search in the index begins.
func (d *distinct) home(i uint32) uint32 { return i * 0x9e3779b1 >> 7 }

// grow makes room in the index. Memory that it has is used again.
func (d *distinct) grow() {
	n := max(indexLeast, 1<<bits.Len(uint(4*len(d.list))))
	if n <= cap(d.index) {
		d.index = d.index[:n]
		clear(d.index)
	} else {
		d.index = make([]uint32, n)
	}
	for j, i := range d.list {
		k := d.home(i)
		for d.index[k&uint32(n-1)] != 0 {
			k++
		}
		d.index[k&uint32(n-1)] = uint32(j + 1)
	}
}

// reset empties it for another burst, and keeps the memory of a list.
func (d *distinct) reset() { d.list, d.index, d.words = d.list[:0], d.index[:0], nil }

// shrink gives back what it has grown into and does not need.
func (d *distinct) shrink() { d.list, d.index = slices.Clip(slices.Clone(d.list)), nil }

func (d *distinct) clone() *distinct {
	return &distinct{list: slices.Clone(d.list), words: slices.Clone(d.words)}
}

func (d *distinct) join(o *distinct) {
	for _, i := range o.list {
		d.set(i)
	}
	if o.words == nil {
		return
	}
	if d.words == nil {
		list := d.list
		d.list, d.index, d.words = nil, nil, slices.Clone(o.words)
		for _, i := range list {
			d.set(i)
		}
		return
	}
	for i, w := range o.words {
		d.words[i] |= w
	}
}

// count returns −m·ln(1−p/m) for p positions of m, by the first terms of its
// series: p + p²/2m + p³/3m² + p⁴/4m³.
func (d *distinct) count() int64 {
	p := int64(len(d.list))
	for _, w := range d.words {
		p += int64(bits.OnesCount64(w))
	}
	const m = bitmapBits
	p2 := p * p / m
	p3 := p2 * p / m
	p4 := p3 * p / m
	return p + p2/2 + p3/3 + p4/4
}
