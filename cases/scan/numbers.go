package scan

import (
	"encoding/binary"
	"net/netip"
)

// numbers are those of prefixes. IPv4, of which nearly all elements are, is found by a
// number of eight bytes, in a third of the time.
type numbers struct {
	v4  map[uint64]uint32
	all map[netip.Prefix]uint32 // all others
}

func newNumbers() numbers { return numbers{map[uint64]uint32{}, map[netip.Prefix]uint32{}} }

func v4Key(p netip.Prefix) uint64 {
	a := p.Addr().As4()
	return uint64(binary.BigEndian.Uint32(a[:]))<<8 | uint64(p.Bits())
}

func (n *numbers) of(p netip.Prefix) (uint32, bool) {
	if p.Addr().Is4() {
		i, ok := n.v4[v4Key(p)]
		return i, ok
	}
	i, ok := n.all[p]
	return i, ok
}

func (n *numbers) put(p netip.Prefix, i uint32) {
	if p.Addr().Is4() {
		n.v4[v4Key(p)] = i
		return
	}
	n.all[p] = i
}
