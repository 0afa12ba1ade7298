package block

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

// TestWithout: of random blocks of a /24 and a /120 exactly the addresses are left that the
// others do not hold.
func TestWithout(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		base, whole := netip.MustParseAddr("192.0.2.0"), 32
		if r.IntN(2) == 0 {
			base, whole = netip.MustParseAddr("2001:db8::"), 128
		}
		some := func(n int) (out []netip.Prefix) {
			for range r.IntN(n) {
				b := base.AsSlice()
				b[len(b)-1] = byte(r.IntN(256))
				a, _ := netip.AddrFromSlice(b)
				out = append(out, netip.PrefixFrom(a, whole-8+r.IntN(9)).Masked())
			}
			return out
		}
		ps, cut := some(6), some(6)
		got := Without(ps, cut)
		has := func(ps []netip.Prefix, a netip.Addr) bool {
			for _, p := range ps {
				if p.Contains(a) {
					return true
				}
			}
			return false
		}
		for i := range 256 {
			b := base.AsSlice()
			b[len(b)-1] = byte(i)
			a, _ := netip.AddrFromSlice(b)
			if want := has(ps, a) && !has(cut, a); has(got, a) != want {
				t.Fatalf("%v without %v is %v: %s %v", ps, cut, got, a, !want)
			}
		}
	}
}
