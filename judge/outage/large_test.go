package outage

import (
	"net/netip"
	"testing"

	"constat/routes/vantage"
)

// country is what a large country may look like: many prefixes of many origins,
// many peers, several waves in which all of them go and come back.
func country(prefixes, peers, waves int) Input {
	in := Input{Name: "S", Start: 0, End: 100_000}
	for i := range peers {
		in.Peers = append(in.Peers, Peer{vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}, uint32(64500 + i)})
	}
	for p := range prefixes {
		origin := uint32(1 + p/10)
		if p%10 == 0 {
			in.Origins = append(in.Origins, origin)
		}
		x := Prefix{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(p >> 8), byte(p), 0}), 24), Origins: []uint32{origin}}
		for i := range peers {
			c := Carrier{Peer: i, Steps: []Step{{0, Held}}}
			for w := range waves {
				at := int64(1000 + w*3000 + p%200 + i%7)
				c.Steps = append(c.Steps, Step{at, Lost}, Step{at + 1000, Held})
			}
			x.Carriers = append(x.Carriers, c)
		}
		in.Prefixes = append(in.Prefixes, x)
	}
	return in
}

// TestLargeCountry: one outage a wave, of the whole country, of each origin and
// of each prefix.
func TestLargeCountry(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: thousands of prefixes")
	}
	const prefixes, waves = 3000, 4
	n := map[Scope]int{}
	for _, o := range Find(country(prefixes, 20, waves)) {
		n[o.Scope]++
		if o.Scope == ScopeSubject && (len(o.Total) != 1 || len(o.Prefixes) != prefixes) {
			t.Errorf("%s", describe(Input{}, o, false))
		}
	}
	if n[ScopeSubject] != waves || n[ScopeOrigin] != waves*prefixes/10 || n[ScopePrefix] != waves*prefixes {
		t.Errorf("outages %v", n)
	}
}

func BenchmarkCountry(b *testing.B) {
	in := country(10_000, 50, 6)
	for b.Loop() {
		Find(in)
	}
}
