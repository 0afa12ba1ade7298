package atlas

import (
	"math/bits"
	"net/netip"
	"slices"
	"sort"
)

// rangeToCIDRs returns the fewest prefixes that make up the n IPv4 addresses
// from start on. Delegations count addresses, and a count need not be a power
// of two nor start on its boundary: 768 addresses are a /23 and a /24.
func rangeToCIDRs(start uint32, n uint64) []netip.Prefix {
	var out []netip.Prefix
	at, end := uint64(start), uint64(start)+n
	for at < end {
		size := 32
		if at != 0 {
			size = bits.TrailingZeros32(uint32(at))
		}
		for uint64(1)<<size > end-at {
			size--
		}
		a := uint32(at)
		out = append(out, netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(a >> 24), byte(a >> 16), byte(a >> 8), byte(a)}), 32-size))
		at += uint64(1) << size
	}
	return out
}

// comparePrefix orders IPv4 before IPv6, then by address, then the shorter
// prefix (the larger block) first.
func comparePrefix(a, b netip.Prefix) int {
	if c := a.Addr().Compare(b.Addr()); c != 0 { // compares the families first
		return c
	}
	return a.Bits() - b.Bits()
}

// aggregate sorts ps and returns the fewest prefixes that hold the same
// addresses. It uses the memory of ps.
func aggregate(ps []netip.Prefix) []netip.Prefix {
	slices.SortFunc(ps, comparePrefix)
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && contains(out[n-1], p) {
			continue
		}
		out = append(out, p)
		// Two halves make a whole, as often as that happens.
		for len(out) >= 2 {
			a, b := out[len(out)-2], out[len(out)-1]
			if a.Bits() != b.Bits() || a.Bits() == 0 || a.Addr().Is4() != b.Addr().Is4() {
				break
			}
			up := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
			if up.Addr() != a.Addr() || !up.Contains(b.Addr()) {
				break
			}
			out = append(out[:len(out)-2], up)
		}
	}
	return out
}

// contains reports whether p lies within b (or is b).
func contains(b, p netip.Prefix) bool {
	return b.Addr().Is4() == p.Addr().Is4() && b.Bits() <= p.Bits() && b.Contains(p.Addr())
}

// subtract returns the blocks without the addresses of cut. Both are
// aggregated; so is the result.
func subtract(blocks, cut []netip.Prefix) []netip.Prefix {
	if len(cut) == 0 {
		return blocks
	}
	var out []netip.Prefix
	for _, b := range blocks {
		out = without(out, b, cut)
	}
	return aggregate(out)
}

func without(out []netip.Prefix, b netip.Prefix, cut []netip.Prefix) []netip.Prefix {
	// Of cut, which is sorted, those within b follow each other; one that holds
	// b comes right before them.
	i := sort.Search(len(cut), func(i int) bool { return comparePrefix(cut[i], b) >= 0 })
	if i > 0 && contains(cut[i-1], b) || i < len(cut) && cut[i] == b {
		return out
	}
	n := i
	for n < len(cut) && contains(b, cut[n]) {
		n++
	}
	if n == i {
		return append(out, b)
	}
	lo, hi := halves(b)
	return without(without(out, lo, cut[i:n]), hi, cut[i:n])
}

// halves splits b, which is longer than a host prefix can be: something lies
// strictly within it.
func halves(b netip.Prefix) (lo, hi netip.Prefix) {
	raw := b.Addr().AsSlice()
	n := b.Bits()
	raw[n/8] |= 0x80 >> (n % 8)
	upper, _ := netip.AddrFromSlice(raw)
	return netip.PrefixFrom(b.Addr(), n+1), netip.PrefixFrom(upper, n+1)
}

// within reports whether p lies within one of the aggregated blocks.
func within(blocks []netip.Prefix, p netip.Prefix) bool {
	i := sort.Search(len(blocks), func(i int) bool { return comparePrefix(blocks[i], p) > 0 })
	return i > 0 && contains(blocks[i-1], p)
}
