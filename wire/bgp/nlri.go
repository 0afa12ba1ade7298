package bgp

import (
	"encoding/binary"
	"net/netip"
)

// NLRI is a list of prefixes as an UPDATE carries it (RFC 4271 §4.3): a view
// on its bytes. With AddPath every prefix is preceded by a four-byte path
// identifier (RFC 7911 §3).
type NLRI struct {
	Bytes   []byte
	AFI     uint16
	SAFI    uint8
	AddPath bool
}

// MaxBits is the longest prefix of the list's family: 32 or 128.
func (n NLRI) MaxBits() int {
	if n.AFI == AFIv6 {
		return 128
	}
	return 32
}

// Shape is what a walk over the lengths of an [NLRI] finds.
type Shape struct {
	Count  int // prefixes read
	Zeros  int // of those with length 0, the default route
	Good   int // bytes up to the first that cannot be read
	Reason string
	Got    int // the length that cannot be, where Reason is about one
	// Cut says that the list merely ends too early: what came before is good.
	Cut bool
}

// OK reports whether the list ends where its bytes end.
func (s Shape) OK() bool { return s.Reason == "" }

// Walk reads the lengths alone, which is the cheapest way to know whether the
// list can be read.
func (n NLRI) Walk() Shape {
	var s Shape
	b, limit := n.Bytes, byte(n.MaxBits())
	skip := 1
	if n.AddPath {
		skip = 5
	}
	i := 0
	for i < len(b) {
		if len(b)-i < skip {
			s.Good, s.Reason, s.Cut = i, "path identifier or length cut short", true
			return s
		}
		bits := b[i+skip-1]
		if bits > limit {
			s.Good, s.Reason, s.Got = i, "prefix length is impossible", int(bits)
			return s
		}
		next := i + skip + (int(bits)+7)>>3
		if next > len(b) {
			s.Good, s.Reason, s.Got, s.Cut = i, "prefix cut short", int(bits), true
			return s
		}
		if bits == 0 {
			s.Zeros++
		}
		s.Count++
		i = next
	}
	s.Good = i
	return s
}

// Next decodes the first prefix. It returns the rest of the bytes; false at
// the end or where they make no sense. Bits of the last byte that are not part
// of the prefix are cleared, as their value is irrelevant (RFC 4271 §4.3).
func (n NLRI) Next(b []byte) (p netip.Prefix, pathID uint32, rest []byte, ok bool) {
	if n.AddPath {
		if len(b) < 5 {
			return netip.Prefix{}, 0, nil, false
		}
		pathID = be32(b)
		b = b[4:]
	}
	if len(b) == 0 {
		return netip.Prefix{}, 0, nil, false
	}
	bits := int(b[0])
	size := (bits + 7) >> 3
	if bits > n.MaxBits() || 1+size > len(b) {
		return netip.Prefix{}, 0, nil, false
	}
	return MakePrefix(b[1:1+size], bits, n.AFI), pathID, b[1+size:], true
}

// MakePrefix builds a prefix from the (bits+7)/8 bytes that NLRI keeps of it,
// clearing what is beyond its length. bits must not exceed the family's.
func MakePrefix(b []byte, bits int, afi uint16) netip.Prefix {
	if afi == AFIv6 {
		var a [16]byte
		copy(a[:], b)
		if r := bits & 7; r != 0 {
			a[bits>>3] &= 0xff << (8 - r)
		}
		return netip.PrefixFrom(netip.AddrFrom16(a), bits)
	}
	return MakePrefix4(b, bits)
}

// MakePrefix4 is [MakePrefix] for IPv4.
func MakePrefix4(b []byte, bits int) netip.Prefix {
	var v uint32
	switch {
	case len(b) == 3:
		v = uint32(be16(b))<<16 | uint32(b[2])<<8
	case len(b) >= 4:
		v = be32(b)
	case len(b) == 2:
		v = uint32(be16(b)) << 16
	case len(b) == 1:
		v = uint32(b[0]) << 24
	}
	v &= uint32(^uint64(0) << (32 - bits))
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], v)
	return netip.PrefixFrom(netip.AddrFrom4(a), bits)
}
