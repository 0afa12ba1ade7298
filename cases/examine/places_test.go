package examine

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"constat/wire/bgp"
)

// What has to do with a prefix that was noted is never denied; and of prefixes that lie nowhere
// near, nearly none is taken for one that has.
func TestPlaces(t *testing.T) {
	s := testSpool(t)
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		draw := func() netip.Prefix {
			b := []byte{byte(10 + r.IntN(3)), byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))}
			return bgp.MakePrefix(b, 9+r.IntN(24), bgp.AFIv4)
		}
		var noted, asked []netip.Prefix
		pl := new(places)
		for range r.IntN(200) {
			p := draw()
			noted = append(noted, p)
			a := p.Addr().As4()
			pl.addList(append([]byte{byte(p.Bits())}, a[:(p.Bits()+7)/8]...))
		}
		h := shelf{s: s}
		if err := pl.put(&h); err != nil {
			t.Fatal(err)
		}
		if err := h.done(); err != nil {
			t.Fatal(err)
		}
		if pl.any || pl.bits != [len(pl.bits)]uint64{} {
			t.Fatal("it is not empty")
		}
		for range 300 {
			asked = append(asked, draw())
		}
		wrong := 0
		for _, q := range asked {
			want := false
			for _, p := range noted {
				want = want || p.Overlaps(q)
			}
			got, err := placesHold(h.reader(), []netip.Prefix{q})
			if err != nil {
				t.Fatal(err)
			}
			if want && !got {
				t.Fatalf("seed %d: %v is denied, and there are %v", seed, q, noted)
			}
			if got && !want {
				wrong++
			}
		}
		if wrong > len(asked)/4 {
			t.Errorf("seed %d: %d of %d have nothing to do with what is there", seed, wrong, len(asked))
		}
		if got, err := placesHold(h.reader(), []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}); got || err != nil {
			t.Errorf("seed %d: %v, %v", seed, got, err)
		}
	}
}
