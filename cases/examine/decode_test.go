package examine

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"constat/routes/rib"
	"constat/wire/bgp"
)

// Prefixes of messages are found where the table has them, and no others.
func TestPlainIndex(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 5))
		draw := func() ([]byte, int) {
			n := 1 + r.IntN(32)
			b := []byte{byte(10 + r.IntN(2)), byte(r.IntN(3)), byte(r.IntN(256)), byte(r.IntN(256))}
			return b[:(n+7)/8], n // with bits beyond the length, as some send them
		}
		var prefixes []netip.Prefix
		in := map[netip.Prefix]bool{netip.MustParsePrefix("2001:db8::/32"): true, netip.MustParsePrefix("0.0.0.0/0"): true}
		for range r.IntN(300) {
			raw, n := draw()
			in[bgp.MakePrefix4(raw, n)] = true
		}
		for p := range in {
			prefixes = append(prefixes, p)
		}
		table := rib.NewTable(nil, prefixes)
		x := newPlainIndex(table)
		for range 500 {
			raw, n := draw()
			if got, want := x.find(raw, n), table.Index(bgp.MakePrefix4(raw, n)); got != want {
				t.Fatalf("seed %d: %x/%d is at %d, not at %d", seed, raw, n, want, got)
			}
		}
		for _, p := range prefixes {
			if a := p.Addr(); a.Is4() && p.Bits() > 0 {
				b := a.As4()
				if got := x.find(b[:(p.Bits()+7)/8], p.Bits()); got != table.Index(p) {
					t.Fatalf("seed %d: %v is at %d, not at %d", seed, p, table.Index(p), got)
				}
			}
		}
	}
}
