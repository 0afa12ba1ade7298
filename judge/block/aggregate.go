package block

import (
	"cmp"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
)

// Aggregate returns the least list of blocks that holds exactly the addresses of
// the given ones, IPv4 before IPv6, in order. The maximal aligned blocks inside a
// set of addresses are in every list of blocks that covers it exactly, so that the
// answer is the only shortest one. Example: 192.0.2.0/25, 192.0.2.128/25 and
// 192.0.2.64/26 are 192.0.2.0/24. Host bits are cut off: whoever must not accept
// them asks [Check] before. The list given is left as it is.
func Aggregate(ps []netip.Prefix) []netip.Prefix {
	in := make([]netip.Prefix, len(ps))
	for i, p := range ps {
		in[i] = p.Masked()
	}
	slices.SortFunc(in, compare)
	return fold(in)
}

// fold aggregates blocks that are in order, in their own place.
func fold(in []netip.Prefix) []netip.Prefix {
	out := in[:0] // never longer than what was read
	for _, p := range in {
		if n := len(out); n > 0 && contains(out[n-1], p) {
			continue
		}
		out = append(out, p)
		for n := len(out); n > 1; n = len(out) {
			up, ok := joined(out[n-2], out[n-1])
			if !ok {
				break
			}
			out = append(out[:n-2], up)
		}
	}
	return out
}

// Compare orders prefixes as lists are ordered: by family, address and length, so
// that a block comes before what lies inside it.
func Compare(a, b netip.Prefix) int { return compare(a, b) }

// compare orders by family, address and length.
func compare(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// contains reports whether every address of q is one of p's.
func contains(p, q netip.Prefix) bool { return p.Bits() <= q.Bits() && p.Contains(q.Addr()) }

// joined returns the block that two neighbours of one size make up.
func joined(a, b netip.Prefix) (netip.Prefix, bool) {
	if a.Bits() != b.Bits() || a.Bits() == 0 || a.Addr().Is4() != b.Addr().Is4() || a == b {
		return netip.Prefix{}, false
	}
	up := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
	return up, up.Addr() == a.Addr() && up.Contains(b.Addr())
}

// Largest returns the k largest of disjoint blocks, in order, and the others. As
// the blocks are disjoint, no other k of them hold more addresses, and none of
// them an address too many. Of blocks of one size the first are kept. An IPv6 /64
// weighs as much as one IPv4 address; k below one keeps all.
func Largest(blocks []netip.Prefix, k int) (kept, left []netip.Prefix) {
	if k < 1 || len(blocks) <= k {
		return blocks, nil
	}
	by := slices.Clone(blocks)
	slices.SortFunc(by, func(a, b netip.Prefix) int { return cmp.Or(cmp.Compare(free(b), free(a)), compare(a, b)) })
	kept, left = slices.Clone(by[:k]), slices.Clone(by[k:])
	slices.SortFunc(kept, compare)
	slices.SortFunc(left, compare)
	return kept, left
}

// free is the number of a block's free bits; of IPv6 those of its first half, since
// a /64 is the least that anybody has.
func free(p netip.Prefix) int {
	if p.Addr().Is4() {
		return 32 - p.Bits()
	}
	return 64 - p.Bits()
}

// Size counts addresses of disjoint blocks: IPv4 addresses, and IPv6 /48s with
// what is longer counted as a part of one.
type Size struct {
	V4 uint64
	V6 *big.Rat
}

// SizeOf counts the addresses of disjoint blocks, such as those that [Aggregate]
// returns.
func SizeOf(blocks []netip.Prefix) Size {
	s := Size{V6: new(big.Rat)}
	for _, p := range blocks {
		if p.Addr().Is4() {
			s.V4 += 1 << (32 - p.Bits())
			continue
		}
		n := new(big.Rat)
		if p.Bits() <= 48 {
			n.SetInt(new(big.Int).Lsh(big.NewInt(1), uint(48-p.Bits())))
		} else {
			n.SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), uint(p.Bits()-48)))
		}
		s.V6.Add(s.V6, n)
	}
	return s
}

// String says both sizes, as in "1024 IPv4 addresses, 16 IPv6 /48".
func (s Size) String() string {
	v6 := s.V6.FloatString(2)
	if s.V6.IsInt() {
		v6 = s.V6.Num().String()
	}
	return fmt.Sprintf("%d IPv4 addresses, %s IPv6 /48", s.V4, v6)
}

// Check names the first thing about a list of blocks that must be mended before
// anything is made of it: host bits, a block of no family, an IPv4 address in
// IPv6's clothes. Overlaps are no error: see [Overlaps].
func Check(ps []netip.Prefix) error {
	for i, p := range ps {
		switch {
		case !p.IsValid():
			return fmt.Errorf("block %d is no prefix", i+1)
		case p.Addr().Is4In6():
			return fmt.Errorf("block %d, %s: an IPv4 address written as IPv6; write it as IPv4", i+1, p)
		case p.Masked() != p:
			return fmt.Errorf("block %d, %s: host bits are set; the block is %s", i+1, p, p.Masked())
		}
	}
	return nil
}

// Overlaps returns the blocks of a list that another of it holds, in order, each
// behind the largest that holds it; the same block twice is one of them.
func Overlaps(ps []netip.Prefix) [][2]netip.Prefix {
	in := slices.Clone(ps)
	slices.SortFunc(in, compare)
	var out [][2]netip.Prefix
	var top netip.Prefix
	for _, p := range in {
		if top.IsValid() && contains(top, p) {
			out = append(out, [2]netip.Prefix{top, p})
			continue
		}
		top = p
	}
	return out
}
