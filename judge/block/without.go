package block

import (
	"net/netip"
	"slices"
)

// Without gives blocks of exactly the addresses of some that others do not hold,
// aggregated. Example: 192.0.2.0/24 without 192.0.2.64/26 is 192.0.2.0/26 and
// 192.0.2.128/25.
func Without(ps, cut []netip.Prefix) []netip.Prefix {
	var out []netip.Prefix
	var take func(p netip.Prefix, cut []netip.Prefix)
	take = func(p netip.Prefix, cut []netip.Prefix) {
		var in []netip.Prefix
		for _, c := range cut {
			switch {
			case contains(c, p):
				return
			case contains(p, c):
				in = append(in, c)
			}
		}
		if len(in) == 0 {
			out = append(out, p)
			return
		}
		n := p.Bits() + 1
		low := netip.PrefixFrom(p.Addr(), n)
		take(low, in)
		b := p.Addr().AsSlice()
		b[(n-1)/8] |= 0x80 >> ((n - 1) % 8)
		high, _ := netip.AddrFromSlice(b)
		take(netip.PrefixFrom(high, n), in)
	}
	cut = Aggregate(cut)
	for _, p := range Aggregate(ps) {
		take(p, slices.DeleteFunc(slices.Clone(cut), func(c netip.Prefix) bool { return !c.Overlaps(p) }))
	}
	return Aggregate(out)
}
