package outage

import (
	"cmp"
	"net/netip"
	"slices"
)

// Size counts IPv4 addresses and IPv6 /48s. The two are never added up.
type Size struct{ V4, V6 int64 }

// Sizer measures outages of one input.
type Sizer struct {
	in    Input
	order []int // prefixes by address, then the shorter first
	place []int // of each prefix in order
}

// NewSizer returns a Sizer of the outages that [Find] finds in the input.
func NewSizer(in Input) *Sizer {
	z := &Sizer{in: in, order: make([]int, len(in.Prefixes)), place: make([]int, len(in.Prefixes))}
	for i := range z.order {
		z.order[i] = i
	}
	slices.SortStableFunc(z.order, func(a, b int) int {
		p, q := in.Prefixes[a].Prefix, in.Prefixes[b].Prefix
		return cmp.Or(p.Addr().Compare(q.Addr()), cmp.Compare(p.Bits(), q.Bits()))
	})
	for at, i := range z.order {
		z.place[i] = at
	}
	return z
}

// All is the size of all prefixes together.
func (z *Sizer) All() Size { return z.size(z.order, nil) }

// SizeOf is the size of some prefixes of an input together.
func SizeOf(in Input, prefixes []int) Size { return (&Sizer{in: in}).size(prefixes, nil) }

// Of is the size of the prefixes lost, without the addresses of more specific
// prefixes that were not and that more than half of their carriers held at the
// trough: those had a route. A /48 of which any part is lost counts. Of a
// partial loss it is the size of its prefixes.
func (z *Sizer) Of(o Outage) Size {
	if o.Partial {
		return z.size(o.Prefixes, nil)
	}
	lost := map[int]bool{}
	for _, i := range o.Prefixes {
		lost[i] = true
	}
	had := map[int]bool{}
	for _, i := range o.Prefixes {
		p := z.in.Prefixes[i].Prefix
		for at := z.place[i] + 1; at < len(z.order); at++ {
			q := z.order[at]
			if !p.Contains(z.in.Prefixes[q].Prefix.Addr()) {
				break
			}
			if _, known := had[q]; !known && !lost[q] {
				had[q] = z.held(q, o.Trough())
			}
		}
	}
	var kept []int
	for q, is := range had {
		if is {
			kept = append(kept, q)
		}
	}
	return z.size(o.Prefixes, kept)
}

// held says that more than half of a prefix's carriers, and at least two, hold
// it.
func (z *Sizer) held(q int, t int64) bool {
	n, held := 0, 0
	for _, c := range z.in.Prefixes[q].Carriers {
		if s := c.at(t); s.counted() {
			n++
			if s == Held {
				held++
			}
		}
	}
	return held >= 2 && 2*held > n
}

// stretch is a range of addresses, both ends in it: IPv4 addresses, or the first
// 64 bits of IPv6 addresses.
type stretch struct{ from, until uint64 }

func (z *Sizer) size(of, but []int) Size {
	var n Size
	for _, s := range z.without(of, but, true) {
		n.V4 += int64(s.until - s.from + 1)
	}
	next := uint64(0) // the first /48 that is not counted yet
	for _, s := range z.without(of, but, false) {
		from, until := max(s.from>>16, next), s.until>>16
		if from <= until {
			n.V6 += int64(until - from + 1)
			next = until + 1
		}
	}
	return n
}

// without is the union of prefixes of one family less that of others, in order.
func (z *Sizer) without(of, but []int, v4 bool) []stretch {
	rest := z.union(of, v4)
	if len(but) == 0 {
		return rest
	}
	var out []stretch
	cut := z.union(but, v4)
	for _, s := range rest {
		for _, c := range cut {
			if c.until < s.from || c.from > s.until {
				continue
			}
			if c.from > s.from {
				out = append(out, stretch{s.from, c.from - 1})
			}
			if s.from = c.until + 1; s.from > s.until || s.from == 0 {
				s.from, s.until = 1, 0 // nothing of it is left
				break
			}
		}
		if s.from <= s.until {
			out = append(out, s)
		}
	}
	return out
}

func (z *Sizer) union(of []int, v4 bool) []stretch {
	var all []stretch
	for _, i := range of {
		if p := z.in.Prefixes[i].Prefix; p.Addr().Is4() == v4 {
			all = append(all, stretchOf(p))
		}
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.until, a.until)) })
	var out []stretch
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].until {
			out[n-1].until = max(out[n-1].until, s.until)
			continue
		}
		out = append(out, s)
	}
	return out
}

func stretchOf(p netip.Prefix) stretch {
	var first uint64
	bits := 64
	if p.Addr().Is4() {
		b := p.Masked().Addr().As4()
		first, bits = uint64(b[0])<<24|uint64(b[1])<<16|uint64(b[2])<<8|uint64(b[3]), 32
	} else {
		b := p.Masked().Addr().As16()
		for _, x := range b[:8] {
			first = first<<8 | uint64(x)
		}
	}
	host := max(bits-p.Bits(), 0)
	if host == 64 {
		return stretch{0, ^uint64(0)}
	}
	return stretch{first, first + 1<<host - 1}
}
