package sim

import "slices"

// largeFrom is how many customers make a network large.
const largeFrom = 100

// Who says who is who in a world: where networks are registered, which belong to
// one operator, and which are large. It is read-only.
type Who struct {
	Country map[uint32]string
	// Operator gives networks of one operator the same number, the lowest of
	// theirs; a network that is not in it is alone.
	Operator map[uint32]uint32
	Large    map[uint32]bool
	// in lists the networks of each country, ascending.
	in map[string][]uint32
}

// countries is how many there are in a world whose countries are drawn.
const countries = 40

// Shares of networks: in the country of one of their providers; with a sibling.
const (
	atHome     = 0.8
	haveFamily = 0.05
)

// newWho draws countries and operators, unless a table of countries is given. A
// network is mostly where one of its providers is; some countries are much
// larger than others. One network in twenty has a sibling among its neighbours.
func newWho(g *Graph, given map[uint32]string, seed uint64) *Who {
	w := &Who{Country: given, Operator: map[uint32]uint32{}, Large: map[uint32]bool{}, in: map[string][]uint32{}}
	if given == nil {
		w.Country = drawCountries(g, seed)
	}
	for i := range int32(g.Len()) {
		as := g.asn[i]
		if c := w.Country[as]; c != "" {
			w.in[c] = append(w.in[c], as)
		}
		if len(g.customers(i)) >= largeFrom {
			w.Large[as] = true
		}
		d := newDice(seed, 0x66616d69, uint64(as))
		if g.degree(i) > 0 && d.chance(haveFamily) {
			w.join(as, g.asn[g.adj[int(g.off[3*i])+d.below(g.degree(i))]])
		}
	}
	return w
}

// join makes two networks siblings unless one of them has a sibling already.
func (w *Who) join(a, b uint32) {
	if a == b || w.Operator[a] != 0 || w.Operator[b] != 0 {
		return
	}
	w.Operator[a], w.Operator[b] = min(a, b), min(a, b)
}

func drawCountries(g *Graph, seed uint64) map[uint32]string {
	out := make(map[uint32]string, g.Len())
	at := make([]int, g.Len())
	order := make([]int32, g.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(g.depth[a]) - int(g.depth[b]) })
	for _, i := range order {
		d := newDice(seed, 0x636f756e, uint64(g.asn[i]))
		if ps := g.providers(i); len(ps) > 0 && d.chance(atHome) {
			at[i] = at[pick(d, ps)]
		} else {
			// The square makes the first countries the largest.
			x := d.float()
			at[i] = int(x * x * countries)
		}
		out[g.asn[i]] = countryCode(at[i])
	}
	return out
}

// countryCode is one of the codes that ISO 3166 leaves to its users, XA to XZ and
// QM to QZ, so that nobody takes a drawn country for a real one.
func countryCode(i int) string {
	if i < 26 {
		return "X" + string(rune('A'+i))
	}
	return "Q" + string(rune('M'+i-26))
}

// In lists the networks of a country.
func (w *Who) In(country string) []uint32 { return w.in[country] }
