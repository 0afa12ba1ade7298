package outage_test

import (
	"fmt"
	"net/netip"

	"constat/judge/outage"
	"constat/routes/vantage"
)

// Three peers in three networks carry a prefix. All lose it within five seconds and
// have it back a minute later. The outage begins when half of them have lost it.
func ExampleFind() {
	in := outage.Input{Start: 0, End: 200, Name: "AS64500", Origins: []uint32{64500},
		Prefixes: []outage.Prefix{{Prefix: netip.MustParsePrefix("203.0.113.0/24"), Origins: []uint32{64500}}}}
	for i, lost := range []int64{100, 102, 105} {
		in.Peers = append(in.Peers, outage.Peer{
			Peer: vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), AS: 64496 + uint32(i)},
			AS:   64496 + uint32(i),
		})
		in.Prefixes[0].Carriers = append(in.Prefixes[0].Carriers, outage.Carrier{Peer: i, Steps: []outage.Step{
			{At: 0, State: outage.Held}, {At: lost, State: outage.Lost}, {At: lost + 60, State: outage.Held},
		}})
	}
	for _, o := range outage.Find(in) {
		fmt.Printf("%v from %d to %d, median onset %d, %d s\n", o.Scope, o.From, o.Until.At, o.Onset.Median.At, o.Duration)
		for _, t := range o.Total {
			fmt.Printf("  nobody had it from %d to %d\n", t.From, t.Until)
		}
	}
	// Output:
	// subject from 102 to 162, median onset 102, 60 s
	//   nobody had it from 105 to 160
	// origin from 102 to 162, median onset 102, 60 s
	//   nobody had it from 105 to 160
	// prefix from 102 to 162, median onset 102, 60 s
	//   nobody had it from 105 to 160
}
