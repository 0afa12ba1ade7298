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
	// By family and length first, so that routes of one length lie together.
	in := slices.Clone(ps)
	for i := range in {
		in[i] = in[i].Masked()
	}
	slices.SortFunc(in, func(a, b netip.Prefix) int {
		return cmp.Or(cmp.Compare(a.Addr().BitLen(), b.Addr().BitLen()), cmp.Compare(a.Bits(), b.Bits()), a.Addr().Compare(b.Addr()))
	})
	var out []Range
	for len(in) > 0 {
		bits, long := in[0].Bits(), in[0].Addr().BitLen()
		n := 0
		for n < len(in) && in[n].Bits() == bits && in[n].Addr().BitLen() == long {
			n++
		}
		for _, p := range fold(in[:n]) {
			out = append(out, Range{p, bits, bits})
		}
		in = in[n:]
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

// Join tells, of each of n routes in order, the lines of a list in order that it is
// on; both are walked through once.
func Join(list []Range, n int, route func(int) netip.Prefix, on func(i, line int)) {
	var open []int // lines whose blocks hold the current address, the widest first
	next := 0
	for i := range n {
		p := route(i)
		for ; next < len(list) && compare(list[next].Prefix, p) <= 0; next++ {
			for len(open) > 0 && !contains(list[open[len(open)-1]].Prefix, list[next].Prefix) {
				open = open[:len(open)-1]
			}
			open = append(open, next)
		}
		for len(open) > 0 && !list[open[len(open)-1]].Prefix.Contains(p.Addr()) {
			open = open[:len(open)-1]
		}
		for _, l := range open {
			if list[l].Has(p) {
				on(i, l)
			}
		}
	}
}
