package mrt

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// prefixSet answers whether a prefix, as it stands in NLRI, is one of a set,
// inside one or covering one. A table of bits, one for each value of the
// leading bits, turns nearly everything away at once; what is left is a binary
// search in sorted keys.
type prefixSet struct {
	match Match
	v4    keySet[key4]
	v6    keySet[key6]
}

func (s *prefixSet) build(prefixes []netip.Prefix, m Match) error {
	s.match = m
	for _, p := range prefixes {
		if !p.IsValid() {
			return fmt.Errorf("prefix %v is not valid", p)
		}
		p = p.Masked()
		if a := p.Addr(); a.Is4() {
			b := a.As4()
			s.v4.keys = append(s.v4.keys, load4(b[:], p.Bits()))
		} else {
			b := a.As16()
			s.v6.keys = append(s.v6.keys, load6(b[:], p.Bits()))
		}
	}
	s.v4.build()
	s.v6.build()
	return nil
}

// match4 takes the bytes that NLRI keeps of an IPv4 prefix.
func (s *prefixSet) match4(raw []byte, bits int) bool {
	if s.v4.bits == nil {
		return false
	}
	k := load4(raw, bits)
	if bits >= hashBits4 {
		if h := k.hash(); s.v4.bits[h>>6]>>(h&63)&1 == 0 {
			return false
		}
	}
	return s.v4.find(k, s.match)
}

// match6 takes the bytes that NLRI keeps of an IPv6 prefix.
func (s *prefixSet) match6(raw []byte, bits int) bool {
	if s.v6.bits == nil {
		return false
	}
	k := load6(raw, bits)
	if bits >= hashBits6 {
		if h := k.hash(); s.v6.bits[h>>6]>>(h&63)&1 == 0 {
			return false
		}
	}
	return s.v6.find(k, s.match)
}

// matchesAny reports whether any prefix of a list that can be walked matches.
// Most are turned away by their first bytes, without making a key of them.
func (s *prefixSet) matchesAny(b []byte, afi uint16, addPath bool) bool {
	skip, table := 0, s.v4.bits
	if addPath {
		skip = 4
	}
	if afi != 1 {
		table = s.v6.bits
	}
	if len(table) != hashSize/64 {
		return false // the set has none of the family
	}
	for i := skip; i < len(b); {
		bits, from := int(b[i]), i+1
		to := from + (bits+7)>>3
		i = to + skip
		if afi == 1 {
			if bits >= hashBits4 {
				h := uint(b[from])<<8 | uint(b[from+1])
				if table[h>>6]>>(h&63)&1 == 0 {
					continue
				}
			}
			if s.match4(b[from:to], bits) {
				return true
			}
			continue
		}
		if bits >= hashBits6 {
			h := hash6(binary.BigEndian.Uint32(b[from:]))
			if table[h>>6]>>(h&63)&1 == 0 {
				continue
			}
		}
		if s.match6(b[from:to], bits) {
			return true
		}
	}
	return false
}

// The leading bits that the table of bits is about. IPv6 networks differ
// within the first 32; these are folded to 16.
const (
	hashBits4 = 16
	hashBits6 = 32
	hashSize  = 1 << 16
)

// key is a prefix in a form that compares quickly.
type key[K any] interface {
	comparable
	// less orders by address, then by length.
	less(K) bool
	// covers reports whether it is K or covers it.
	covers(K) bool
	hash() uint32
	// spread is the range of hash values of addresses under it; whole says
	// that it is too short to have a range.
	spread() (from, to uint32, whole bool)
}

// keySet is a set of prefixes of one family.
type keySet[K key[K]] struct {
	keys []K // sorted
	tops []K // those that no other covers, sorted
	bits []uint64
}

func (s *keySet[K]) build() {
	if len(s.keys) == 0 {
		return
	}
	slices.SortFunc(s.keys, func(a, b K) int {
		switch {
		case a.less(b):
			return -1
		case b.less(a):
			return 1
		}
		return 0
	})
	s.keys = slices.Compact(s.keys)
	for _, k := range s.keys {
		if n := len(s.tops); n == 0 || !s.tops[n-1].covers(k) {
			s.tops = append(s.tops, k)
		}
	}
	s.bits = make([]uint64, hashSize/64)
	for _, k := range s.tops {
		from, to, whole := k.spread()
		if whole {
			for i := range s.bits {
				s.bits[i] = ^uint64(0)
			}
			break
		}
		for h := from; h <= to; h++ {
			s.bits[h>>6] |= 1 << (h & 63)
		}
	}
}

// seek returns the first place in keys that is not before k.
func seek[K key[K]](keys []K, k K) int {
	lo, hi := 0, len(keys)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if keys[mid].less(k) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (s *keySet[K]) find(k K, m Match) bool {
	i := seek(s.keys, k)
	exact := i < len(s.keys) && s.keys[i] == k
	if exact && m&MatchExact != 0 {
		return true
	}
	if m&MatchLess != 0 {
		j := i
		if exact {
			j++
		}
		// Whatever k covers sorts right behind it.
		if j < len(s.keys) && k.covers(s.keys[j]) {
			return true
		}
	}
	if m&MatchMore != 0 {
		// The tops do not overlap: only the last one not after k can cover it.
		j := seek(s.tops, k)
		if j < len(s.tops) && s.tops[j] == k {
			return false // the top is k itself
		}
		return j > 0 && s.tops[j-1].covers(k)
	}
	return false
}

// key4 is an IPv4 prefix.
type key4 struct {
	addr uint32
	bits uint8
}

func load4(raw []byte, bits int) key4 {
	var a uint32
	switch n := (bits + 7) >> 3; n {
	case 4:
		a = uint32(raw[3]) | uint32(raw[2])<<8 | uint32(raw[1])<<16 | uint32(raw[0])<<24
	case 3:
		a = uint32(raw[2])<<8 | uint32(raw[1])<<16 | uint32(raw[0])<<24
	case 2:
		a = uint32(raw[1])<<16 | uint32(raw[0])<<24
	case 1:
		a = uint32(raw[0]) << 24
	}
	return key4{a & mask32(bits), uint8(bits)}
}

func mask32(bits int) uint32 { return uint32(^uint64(0) << (32 - bits)) }

func (k key4) less(o key4) bool { return k.addr < o.addr || k.addr == o.addr && k.bits < o.bits }
func (k key4) covers(o key4) bool {
	return k.bits <= o.bits && o.addr&mask32(int(k.bits)) == k.addr
}
func (k key4) hash() uint32 { return k.addr >> (32 - hashBits4) }
func (k key4) spread() (from, to uint32, whole bool) {
	if k.bits == 0 {
		return 0, 0, true
	}
	from = k.hash()
	if k.bits >= hashBits4 {
		return from, from, false
	}
	return from, from + 1<<(hashBits4-k.bits) - 1, false
}

// key6 is an IPv6 prefix.
type key6 struct {
	hi, lo uint64
	bits   uint8
}

func load6(raw []byte, bits int) key6 {
	var b [16]byte
	copy(b[:], raw[:(bits+7)>>3])
	hm, lm := mask128(bits)
	return key6{binary.BigEndian.Uint64(b[:]) & hm, binary.BigEndian.Uint64(b[8:]) & lm, uint8(bits)}
}

func mask128(bits int) (hi, lo uint64) {
	if bits <= 64 {
		return ^uint64(0) << (64 - bits), 0
	}
	return ^uint64(0), ^uint64(0) << (128 - bits)
}

func (k key6) less(o key6) bool {
	if k.hi != o.hi {
		return k.hi < o.hi
	}
	return k.lo < o.lo || k.lo == o.lo && k.bits < o.bits
}

func (k key6) covers(o key6) bool {
	hm, lm := mask128(int(k.bits))
	return k.bits <= o.bits && o.hi&hm == k.hi && o.lo&lm == k.lo
}

func (k key6) hash() uint32 { return hash6(uint32(k.hi >> 32)) }

func hash6(h uint32) uint32 { return (h*0x9E3779B1 ^ h) >> 16 & (hashSize - 1) }

func (k key6) spread() (from, to uint32, whole bool) {
	if k.bits < hashBits6 {
		return 0, 0, true
	}
	h := k.hash()
	return h, h, false
}
