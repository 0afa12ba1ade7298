package examine

import (
	"encoding/binary"
	"io"
	"net/netip"
	"sync"
)

// places are where in the space of IPv4 addresses prefixes lie, as bits for blocks of 4,096
// addresses. They tell of a file that was read whether it may hold records of a prefix that was
// not known then. Most files of a collector speak of ten thousands of prefixes, so to note each
// costs more than to read a few of them twice: what lies in one block with a prefix that turns
// out to be the subject's has its file read again.
type places struct {
	bits [1 << placeBits / 64]uint64
	any  bool
}

const placeBits = 20

var allPlaces = sync.Pool{New: func() any { return new(places) }}

// addList adds the prefixes of a plain list.
func (s *places) addList(b []byte) {
	s.any = true
	for i := 0; i < len(b); {
		n := int(b[i])
		raw := b[i+1 : i+1+(n+7)>>3]
		i += 1 + len(raw)
		if n >= placeBits {
			at := uint32(raw[0])<<12 | uint32(raw[1])<<4 | uint32(raw[2])>>4
			s.bits[at>>6] |= 1 << (at & 63)
			continue
		}
		var a [4]byte
		copy(a[:], raw)
		s.each(binary.BigEndian.Uint32(a[:]), n, func(w *uint64, bits uint64) bool {
			*w |= bits
			return false
		})
	}
}

// each calls f for the words in which a prefix lies, with its bits there, until f says yes.
func (s *places) each(addr uint32, n int, f func(w *uint64, bits uint64) bool) bool {
	n = min(n, placeBits)
	from := addr >> (32 - n) << (placeBits - n)
	until := from + 1<<(placeBits-n)
	for at := from; at < until; at = at&^63 + 64 {
		bits := ^uint64(0) << (at & 63)
		if end := at&^63 + 64; end > until {
			bits &= 1<<(until&63) - 1
		}
		if f(&s.bits[at>>6], bits) {
			return true
		}
	}
	return false
}

// has reports whether a prefix may be one of those that were added, lie inside one or cover one.
func (s *places) has(p netip.Prefix) bool {
	if !p.Addr().Is4() {
		return false
	}
	a := p.Addr().As4()
	return s.each(binary.BigEndian.Uint32(a[:]), p.Bits(), func(w *uint64, bits uint64) bool { return *w&bits != 0 })
}

// placeEntry is how long a word is on disk: its number and itself.
const placeEntry = 2 + 8

// put writes all words that have bits, and empties it.
func (s *places) put(h *shelf) error {
	if !s.any {
		return nil
	}
	for i, w := range s.bits {
		if w == 0 {
			continue
		}
		var b [placeEntry]byte
		binary.LittleEndian.PutUint16(b[:], uint16(i))
		binary.LittleEndian.PutUint64(b[2:], w)
		if _, err := h.Write(b[:]); err != nil {
			return err
		}
	}
	*s = places{}
	return nil
}

// placesHold reports whether any of the prefixes may have to do with what lies in places that were put on disk.
func placesHold(r io.Reader, prefixes []netip.Prefix) (bool, error) {
	s := allPlaces.Get().(*places)
	defer func() {
		*s = places{}
		allPlaces.Put(s)
	}()
	all, err := io.ReadAll(r)
	if err != nil || len(all) == 0 {
		return false, err
	}
	for ; len(all) >= placeEntry; all = all[placeEntry:] {
		s.bits[binary.LittleEndian.Uint16(all)%uint16(len(s.bits))] = binary.LittleEndian.Uint64(all[2:])
	}
	for _, p := range prefixes {
		if s.has(p) {
			return true, nil
		}
	}
	return false, nil
}
