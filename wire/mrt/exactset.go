package mrt

import (
	"fmt"
	"net/netip"
)

// exactSet answers whether a prefix, as it stands in NLRI, is one of a set. Unlike
// those of a [prefixSet], which have to tell what lies in one, its bits are about the
// whole prefix, so that neighbours of a prefix are turned away as quickly as
// anything else.
type exactSet struct {
	bits []uint64 // nil if the set is empty
	v4   map[key4]struct{}
	v6   map[key6]struct{}
}

func (s *exactSet) build(prefixes []netip.Prefix) error {
	if len(prefixes) == 0 {
		return nil
	}
	s.bits = make([]uint64, hashSize/64)
	s.v4, s.v6 = map[key4]struct{}{}, map[key6]struct{}{}
	for _, p := range prefixes {
		if !p.IsValid() {
			return fmt.Errorf("prefix %v is not valid", p)
		}
		p = p.Masked()
		var h uint32
		if a := p.Addr(); a.Is4() {
			b := a.As4()
			k := load4(b[:], p.Bits())
			s.v4[k], h = struct{}{}, k.sum()
		} else {
			b := a.As16()
			k := load6(b[:], p.Bits())
			s.v6[k], h = struct{}{}, k.sum()
		}
		s.bits[h>>6] |= 1 << (h & 63)
	}
	return nil
}

func (k key4) sum() uint32 { return (k.addr ^ uint32(k.bits)) * 0x9e3779b1 >> 16 }
func (k key6) sum() uint32 {
	return uint32((k.hi ^ k.lo*0x9e3779b97f4a7c15 ^ uint64(k.bits)) * 0xd6e8feb86659fd93 >> 48)
}

func (s *exactSet) match4(raw []byte, bits int) bool {
	k := load4(raw, bits)
	if h := k.sum(); s.bits[h>>6]>>(h&63)&1 == 0 {
		return false
	}
	_, ok := s.v4[k]
	return ok
}

func (s *exactSet) match6(raw []byte, bits int) bool {
	k := load6(raw, bits)
	if h := k.sum(); s.bits[h>>6]>>(h&63)&1 == 0 {
		return false
	}
	_, ok := s.v6[k]
	return ok
}

// matchesAny reports whether any prefix of a list that can be walked is in the set.
func (s *exactSet) matchesAny(b []byte, afi uint16, addPath bool) bool {
	if s.bits == nil || afi == 1 && len(s.v4) == 0 || afi != 1 && len(s.v6) == 0 {
		return false
	}
	skip := 0
	if addPath {
		skip = 4
	}
	for i := skip; i < len(b); {
		bits, from := int(b[i]), i+1
		to := from + (bits+7)>>3
		i = to + skip
		if afi == 1 && s.match4(b[from:to], bits) || afi != 1 && s.match6(b[from:to], bits) {
			return true
		}
	}
	return false
}
