package chokepoints

import (
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"constat/routes/atlas"
)

// TestHeld: what an index finds of a subject is what looking at all prefixes finds.
func TestHeld(t *testing.T) {
	found := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 5))
		block := func() netip.Prefix {
			b := [4]byte{10, byte(r.IntN(4)), byte(r.IntN(256)), 0}
			if r.IntN(4) == 0 {
				var six [16]byte
				copy(six[:], []byte{0x20, 0x01, 0xd, 0xb8, byte(r.IntN(2)), byte(r.IntN(256))})
				return netip.PrefixFrom(netip.AddrFrom16(six), 28+r.IntN(20)).Masked()
			}
			return netip.PrefixFrom(netip.AddrFrom4(b), 8+r.IntN(18)).Masked()
		}
		var all []netip.Prefix
		var origins [][]uint32
		for range 60 {
			p := block()
			if r.IntN(30) == 0 {
				p = netip.PrefixFrom(p.Addr(), 0).Masked()
			}
			if slices.Contains(all, p) {
				continue
			}
			var os []uint32
			for range r.IntN(3) {
				os = append(os, uint32(1+r.IntN(8)))
			}
			slices.Sort(os)
			all, origins = append(all, p), append(origins, slices.Compact(os))
		}
		sub := &atlas.Subject{}
		for range r.IntN(4) {
			sub.Origins = append(sub.Origins, uint32(1+r.IntN(8)))
		}
		slices.Sort(sub.Origins)
		sub.Origins = slices.Compact(sub.Origins)
		for range r.IntN(4) {
			b := block()
			if !slices.ContainsFunc(sub.Blocks, b.Overlaps) {
				sub.Blocks = append(sub.Blocks, b)
			}
		}
		slices.SortFunc(sub.Blocks, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
		if r.IntN(2) == 0 {
			sub.Strike.Blocks = []netip.Prefix{block()}
			sub.Strike.Origins = []uint32{uint32(1 + r.IntN(8))}
		}
		prefix := func(q uint32) netip.Prefix { return all[q] }
		a, who := newHeld(prefix, origins, 1).of(sub)
		b, same := newHeld(prefix, origins, 100).of(sub)
		if !slices.Equal(a, b) || !maps.Equal(who, same) {
			t.Fatalf("seed %d: %v and %v, by %v and %v", seed, a, b, who, same)
		}
		found += len(a)
	}
	if found < 1000 {
		t.Errorf("%d found: the cases are too thin", found)
	}
}
