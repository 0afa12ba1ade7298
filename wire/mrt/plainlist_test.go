package mrt

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"constat/wire/bgp"
)

// What a filter says of a plain list is what it says of any list.
func TestMatchPlain(t *testing.T) {
	matched, all := 0, 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		draw := func() netip.Prefix {
			return bgp.MakePrefix([]byte{byte(10 + r.IntN(2)), byte(r.IntN(4)), byte(r.IntN(256)), byte(r.IntN(256))}, 4+r.IntN(29), bgp.AFIv4)
		}
		spec := FilterSpec{Match: []Match{0, MatchExact, MatchAny, MatchLess | MatchExact}[r.IntN(4)]}
		for range r.IntN(4) {
			spec.Prefixes = append(spec.Prefixes, draw())
		}
		for range r.IntN(20) {
			spec.Also = append(spec.Also, draw())
		}
		f, err := NewFilter(spec)
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			var b []byte
			for range r.IntN(4) {
				p := draw()
				if len(spec.Also) > 0 && r.IntN(4) == 0 {
					p = spec.Also[r.IntN(len(spec.Also))]
				}
				a := p.Addr().As4()
				b = append(append(b, byte(p.Bits())), a[:(p.Bits()+7)/8]...)
			}
			want := f.MatchList(bgp.NLRI{Bytes: b, AFI: bgp.AFIv4, SAFI: bgp.SAFIUnicast})
			if got := f.MatchPlain(b); got != want {
				t.Fatalf("seed %d: %x is let through: %v, and %v as any list, by %+v", seed, b, got, want, spec)
			}
			if all++; want {
				matched++
			}
		}
	}
	if matched < all/10 || matched > all*9/10 {
		t.Errorf("%d of %d were let through", matched, all)
	}
}
