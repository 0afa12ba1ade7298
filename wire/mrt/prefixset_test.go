package mrt

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"constat/wire/bgp"
)

// TestMatchesAny: looking through a whole list says what its prefixes say one
// by one.
func TestMatchesAny(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	random := func(afi uint16) netip.Prefix {
		// Few different bytes, so that prefixes cover one another.
		var a [16]byte
		for i := range a {
			a[i] = byte(rnd.IntN(3))
		}
		if afi == bgp.AFIv4 {
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(a[:])), rnd.IntN(33)).Masked()
		}
		return netip.PrefixFrom(netip.AddrFrom16(a), rnd.IntN(129)).Masked()
	}
	found := 0
	for range 20000 {
		afi := uint16(1 + rnd.IntN(2))
		var s prefixSet
		var set []netip.Prefix
		for range rnd.IntN(4) {
			set = append(set, random(uint16(1+rnd.IntN(2))))
		}
		if err := s.build(set, Match(1+rnd.IntN(int(MatchAny)))); err != nil {
			t.Fatal(err)
		}
		addPath := rnd.IntN(2) == 0
		var list []byte
		want := false
		for range rnd.IntN(5) {
			p := random(afi)
			if addPath {
				list = append(list, 0, 0, byte(rnd.IntN(256)), 7)
			}
			raw := p.Addr().AsSlice()[:(p.Bits()+7)/8]
			list = append(append(list, byte(p.Bits())), raw...)
			if afi == bgp.AFIv4 {
				want = want || s.match4(raw, p.Bits())
			} else {
				want = want || s.match6(raw, p.Bits())
			}
		}
		if got := s.matchesAny(list, afi, addPath); got != want {
			t.Fatalf("set %v, list %x (path identifiers %v): %v, one by one %v", set, list, addPath, got, want)
		}
		if want {
			found++
		}
	}
	if found < 1000 {
		t.Fatalf("only %d lists matched", found)
	}
}
