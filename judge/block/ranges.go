package block

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
)

// Range is one line of a list of routes: all prefixes within Prefix that are from
// Ge to Le bits long. A list of routes is not a set of addresses. Example: four
// routes 175.45.176.0/24 to 175.45.179.0/24 are 175.45.176.0/22 from 24 to 24; the
// line 175.45.176.0/22 alone stands for one route that nobody announces, and
// 175.45.176.0/22 from 22 to 24 for seven.
type Range struct {
	Prefix netip.Prefix
	Ge, Le int
}

// Exact reports whether the line stands for its prefix alone.
func (r Range) Exact() bool { return r.Ge == r.Prefix.Bits() && r.Le == r.Ge }

// Has reports whether a route is on the line.
func (r Range) Has(p netip.Prefix) bool {
	return p.Bits() >= r.Ge && p.Bits() <= r.Le && contains(r.Prefix, p)
}

// String is the line in the notation of most routers, "192.0.2.0/24 ge 25 le 26".
func (r Range) String() string {
	s := r.Prefix.String()
	if r.Exact() {
		return s
	}
	if r.Ge > r.Prefix.Bits() {
		s += " ge " + strconv.Itoa(r.Ge)
	}
	return s + " le " + strconv.Itoa(r.Le)
}

// Routes returns lines that stand for exactly the given routes, not one more and
// not one less. Routes of one length that fill a block become one line, and lines
// of one block with lengths that follow each other become one. The answer is
// exact; it is short, but not always the shortest.
func Routes(ps []netip.Prefix) []Range {
	by := map[[2]int][]netip.Prefix{}
	for _, p := range ps {
		p = p.Masked()
		k := [2]int{p.Addr().BitLen(), p.Bits()}
		by[k] = append(by[k], p)
	}
	var out []Range
	for k, same := range by {
		for _, p := range Aggregate(same) {
			out = append(out, Range{p, k[1], k[1]})
		}
	}
	return mergeLengths(out)
}

// Within returns lines that stand for every route all of whose addresses are
// among the given ones, whatever its length. Example: of 192.0.2.0/25 and
// 192.0.2.128/25 the route 192.0.2.0/24 is one too.
func Within(ps []netip.Prefix) []Range {
	var out []Range
	for _, p := range Aggregate(ps) {
		out = append(out, Range{p, p.Bits(), p.Addr().BitLen()})
	}
	return out
}

// mergeLengths joins lines of one block with lengths that follow each other.
func mergeLengths(in []Range) []Range {
	slices.SortFunc(in, func(a, b Range) int { return cmp.Or(compare(a.Prefix, b.Prefix), cmp.Compare(a.Ge, b.Ge)) })
	out := in[:0]
	for _, r := range in {
		if n := len(out); n > 0 && out[n-1].Prefix == r.Prefix && out[n-1].Le+1 == r.Ge {
			out[n-1].Le = r.Le
			continue
		}
		out = append(out, r)
	}
	return out
}

// Matches returns those of the routes that are on a line of the list, in the order
// given. The lines are looked up by their blocks.
func Matches(list []Range, routes []netip.Prefix) []netip.Prefix {
	ix := NewIndex(list)
	var out []netip.Prefix
	for _, p := range routes {
		if ix.Has(p) {
			out = append(out, p)
		}
	}
	return out
}

// Index answers whether a route is on a list, in as many steps as it has bits.
type Index struct {
	lines map[netip.Prefix][]Range
}

// NewIndex makes an index of a list.
func NewIndex(list []Range) *Index {
	ix := &Index{map[netip.Prefix][]Range{}}
	for _, r := range list {
		ix.lines[r.Prefix] = append(ix.lines[r.Prefix], r)
	}
	return ix
}

// Has reports whether a route is on the list.
func (ix *Index) Has(p netip.Prefix) bool {
	for n := p.Bits(); n >= 0; n-- {
		for _, r := range ix.lines[netip.PrefixFrom(p.Addr(), n).Masked()] {
			if r.Has(p) {
				return true
			}
		}
	}
	return false
}
