package block

import (
	"cmp"
	"net/netip"
	"slices"
)

// Drawn is an announcement that takes packets to the target's addresses elsewhere: another
// network's of the same prefix, or of one within it. A blackhole looks so, and so do a
// takeover and a network that has the addresses by right.
type Drawn struct {
	Prefix   netip.Prefix `json:"prefix"`
	AS       uint32       `json:"as"`
	Vantages int          `json:"vantages"` // that hold it
	// Around is the target's prefix that has it, and Of who announces that: most vantages'
	// origin.
	Around netip.Prefix `json:"around"`
	Of     uint32       `json:"of"`
}

// tooLong says whether most networks take no route to a prefix because of its length, so that
// nothing follows from its lacking. Example: a provider's blackhole of one address.
func tooLong(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() > 24
	}
	return p.Bits() > 48
}

// drawn lists what is announced within the target's prefixes by other networks than those that
// announce these: by prefix, then by number. Whoever most vantages have as the origin of a
// prefix of the target counts as its own; of as many the smaller number. The members of a set at the end
// of a route announce it together, and networks that the question names are all the target's.
func drawn(in *Input) []Drawn {
	type announced struct {
		prefix netip.Prefix
		as     uint32
	}
	n := map[announced]map[int]bool{}
	own := map[netip.Prefix]uint32{}
	type pair struct {
		prefix netip.Prefix
		a, b   uint32
	}
	together := map[pair]bool{} // in a set
	named := func(as uint32) bool {
		_, ok := slices.BinarySearch(in.Named, as)
		return ok
	}
	note := func(r *Route) {
		if r.Past != Now && r.Past != Also {
			return
		}
		for _, as := range r.origins() {
			for _, b := range r.Origins {
				together[pair{r.Prefix, as, b}] = true
			}
			k := announced{r.Prefix, as}
			if n[k] == nil {
				n[k] = map[int]bool{}
			}
			n[k][r.Vantage] = true
		}
	}
	for i := range in.Routes {
		note(&in.Routes[i])
	}
	for k, v := range n {
		as, ok := own[k.prefix]
		if m := len(n[announced{k.prefix, as}]); !ok || len(v) > m || len(v) == m && k.as < as {
			own[k.prefix] = k.as
		}
	}
	for i := range in.Others {
		note(&in.Others[i])
	}
	out := []Drawn{}
	for k, v := range n {
		// The target's longest prefix around it that another announces.
		for bits := k.prefix.Bits(); bits > 0; bits-- {
			p := netip.PrefixFrom(k.prefix.Addr(), bits).Masked()
			of, ok := own[p]
			if !ok {
				continue
			}
			if of != k.as && !together[pair{p, of, k.as}] && !together[pair{k.prefix, of, k.as}] && !(named(of) && named(k.as)) {
				out = append(out, Drawn{k.prefix, k.as, len(v), p, of})
				break
			}
			if p == k.prefix {
				continue // who announces it may be another than who announces what is around it
			}
			break
		}
	}
	slices.SortFunc(out, func(a, b Drawn) int { return cmp.Or(compare(a.Prefix, b.Prefix), cmp.Compare(a.AS, b.AS)) })
	return out
}
