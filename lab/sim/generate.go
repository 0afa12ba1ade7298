package sim

import "math"

// DefaultSize is how many ASes a generated graph has unless asked otherwise: a
// quarter of the Internet of 2015.
const DefaultSize = 12_000

// Shares of ASes by their number of providers, from the first up, and of
// transit ASes, and peerings for each relation of a customer: those of CAIDA's
// serial-1 graph of February 2015 (49,755 ASes), rounded.
var providersShare = []float64{0.40, 0.41, 0.11, 0.04, 0.02, 0.01, 0.01}

const (
	transitShare  = 0.15
	peeringsShare = 0.94
	topNetworks   = 14
)

// Generate makes a graph of n ASes (at least 50) in the shape of the Internet:
// a clique of networks without providers, customers attached to who has
// customers already, few providers each, peerings among the well connected and
// their AS numbers in no order.
func Generate(n int, seed uint64) *Graph {
	n = max(n, 50)
	d := newDice(seed, 0x67726170)
	// AS numbers tell nothing about rank. They are drawn without 0 and with gaps.
	number := make([]uint32, n)
	for i := range number {
		number[i] = uint32(i*5+1) + uint32(d.below(4)) + 100
	}
	shuffle(d, number)

	top := min(topNetworks, n/4)
	transit := max(top+1, int(float64(n)*transitShare))
	var rel []Relation
	related := map[uint64]bool{}
	add := func(a, b int, isPeer bool) bool {
		k := uint64(min(a, b))<<32 | uint64(max(a, b))
		if a == b || related[k] {
			return false
		}
		related[k] = true
		rel = append(rel, Relation{number[a], number[b], isPeer})
		return true
	}
	for a := range top {
		for b := range a {
			add(a, b, true)
		}
	}
	// Tickets hold a provider once for each customer, and once for itself.
	tickets := make([]int32, 0, 4*n)
	for i := range top {
		tickets = append(tickets, int32(i), int32(i), int32(i))
	}
	for i := top; i < n; i++ {
		want, x := 1, d.float()
		for want < len(providersShare) && x >= providersShare[want-1] {
			x -= providersShare[want-1]
			want++
		}
		for tries := 0; want > 0 && tries < 50; tries++ {
			p := int(pick(d, tickets))
			if p < i && add(p, i, false) {
				tickets = append(tickets, int32(p))
				want--
			}
		}
		if i < transit {
			tickets = append(tickets, int32(i))
		}
	}
	customers := len(rel) - top*(top-1)/2
	// Peers meet where many are: rank decides, with a long tail down to stubs.
	want := int(float64(customers)*peeringsShare) - top*(top-1)/2
	draw := func() int {
		if d.chance(0.75) {
			return top + int(float64(transit-top)*math.Pow(d.float(), 2.2))
		}
		return transit + int(float64(n-transit)*math.Pow(d.float(), 1.5))
	}
	for tries := 0; want > 0 && tries < 40*n; tries++ {
		a, b := draw(), draw()
		if a < n && b < n && add(a, b, true) {
			want--
		}
	}
	g, err := NewGraph(rel)
	if err != nil {
		// Providers come before their customers, and no pair is drawn twice.
		panic("sim: generated graph: " + err.Error())
	}
	return g
}
