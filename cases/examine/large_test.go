package examine

import (
	"fmt"
	"testing"

	"constat/internal/mrttest"
)

// BenchmarkCountry examines a country of many prefixes under covering routes,
// seen by many peers, that goes dark and comes back several times.
func BenchmarkCountry(b *testing.B) {
	const peers, waves = 50, 4
	w := newWorld(b)
	w.keeps("rrc00", 0, 3600)
	var covers, prefixes []string
	for i := range 20 {
		covers = append(covers, fmt.Sprintf("10.%d.0.0/16", i))
		for j := range 100 {
			prefixes = append(prefixes, fmt.Sprintf("10.%d.%d.0/24", i, j))
		}
	}
	for i := range peers {
		p := mrttest.P(fmt.Sprintf("192.0.2.%d", i+1), uint32(64600+i))
		for s := 0; s < len(prefixes); s += 200 {
			w.announce(1, own, p, prefixes[s:s+200]...)
		}
		w.announce(1, own, p, covers...)
		for n := range waves {
			at := float64(300 + 600*n + i%11)
			for s := 0; s < len(prefixes); s += 200 {
				w.withdraw(at+float64(s/200), p, prefixes[s:s+200]...)
				w.announce(at+300+float64(s/200), own, p, prefixes[s:s+200]...)
			}
			w.withdraw(at+30, p, covers...)
			w.announce(at+330, own, p, covers...)
		}
	}
	dir := w.write()
	for b.Loop() {
		f, _ := ask(b, asked{subject: "AS64496", from: 0, until: 3600, specs: []string{dir}})
		if len(f.Outages) == 0 {
			b.Fatal("no outage")
		}
	}
}
