package chokepoints

import (
	"cmp"
	"net/netip"
	"slices"
	"sort"

	"constat/routes/atlas"
)

// held finds, of many subjects one after the other, the prefixes of a state of which a route
// may belong to one, without looking at all prefixes for each.
type held struct {
	prefix   func(q uint32) netip.Prefix
	origins  [][]uint32
	few      bool                // so few subjects that all prefixes are looked at for each
	byOrigin map[uint32][]uint32 // prefixes of an origin, rising
	order    []uint32            // prefixes by address, shorter ones first, IPv4 first; as they come for few
}

// manySubjects is from how many subjects on an index costs less than to look at all
// prefixes for each.
const manySubjects = 4

func newHeld(prefix func(q uint32) netip.Prefix, origins [][]uint32, subjects int) *held {
	h := &held{prefix: prefix, origins: origins, few: subjects < manySubjects, byOrigin: map[uint32][]uint32{}}
	for q, origins := range origins {
		if prefix(uint32(q)).Bits() == 0 || len(origins) == 0 {
			continue
		}
		h.order = append(h.order, uint32(q))
		if h.few {
			continue
		}
		for _, o := range origins {
			h.byOrigin[o] = append(h.byOrigin[o], uint32(q))
		}
	}
	if !h.few {
		slices.SortFunc(h.order, func(a, b uint32) int {
			p, q := prefix(a), prefix(b)
			return cmp.Or(p.Addr().Compare(q.Addr()), cmp.Compare(p.Bits(), q.Bits()))
		})
	}
	return h
}

// of gives the prefixes of which a route belongs to a subject, rising, and who originates
// these routes.
func (h *held) of(sub *atlas.Subject) (prefixes []uint32, origins map[uint32]bool) {
	origins = map[uint32]bool{}
	add := func(q uint32) {
		some := false
		for _, o := range h.origins[q] {
			if sub.Match(h.prefix(q), o) {
				some, origins[o] = true, true
			}
		}
		if some {
			prefixes = append(prefixes, q)
		}
	}
	if h.few {
		for _, q := range h.order {
			add(q)
		}
		return prefixes, origins
	}
	for _, o := range sub.Origins {
		for _, q := range h.byOrigin[o] {
			add(q)
		}
	}
	for _, b := range sub.Blocks {
		for _, q := range h.within(b) {
			add(q)
		}
	}
	slices.Sort(prefixes)
	return slices.Compact(prefixes), origins
}

// within are the prefixes inside a block.
func (h *held) within(b netip.Prefix) []uint32 {
	from := sort.Search(len(h.order), func(i int) bool {
		p := h.prefix(h.order[i])
		return cmp.Or(p.Addr().Compare(b.Addr()), cmp.Compare(p.Bits(), b.Bits())) >= 0
	})
	to := from
	for to < len(h.order) && b.Contains(h.prefix(h.order[to]).Addr()) {
		to++
	}
	return h.order[from:to]
}
