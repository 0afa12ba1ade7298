package scan

import (
	"slices"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
)

// sampled notes some of what a peer said, those with the smallest sums, so that the same session can be
// told in another form: text has no bytes to compare, whole seconds alone, and names no
// address of the collector.
//
// An element is its second, whether it announces or withdraws, and its prefix. Whoever heard it, and in
// whatever form it was written, draws the same, as the choice is by its sum.
type sampled []vantage.Sample

// add notes the prefixes of a list.
func (s *sampled) add(l bgp.NLRI, announced bool, t moment.Time) {
	sec := t.Sec()
	at := s.slot(sec / vantage.MarkLength)
	seed := fnv(fnvBegin, byte(sec))
	for k := 8; k < 40; k += 8 {
		seed = fnv(seed, byte(sec>>k))
	}
	if announced {
		seed = fnv(seed, 1)
	}
	for b := l.Bytes; len(b) > 0; {
		p, _, rest, ok := l.Next(b)
		if !ok {
			return
		}
		b = rest
		h := seed
		for _, x := range p.Addr().AsSlice() {
			h = fnv(h, x)
		}
		h = fnv(h, byte(p.Bits()))
		h ^= h >> 29
		h *= 0xbf58476d1ce4e5b9
		h ^= h >> 32
		at.Add(h<<32 | uint64(uint32(sec)))
	}
}

// slot returns the sample of a slot; of what comes in order it is the last.
func (s *sampled) slot(n int64) *vantage.Sample {
	for i := len(*s) - 1; i >= 0; i-- {
		switch at := &(*s)[i]; {
		case at.Slot == n:
			return at
		case at.Slot < n:
			*s = slices.Insert(*s, i+1, vantage.Sample{Slot: n})
			return &(*s)[i+1]
		}
	}
	*s = slices.Insert(*s, 0, vantage.Sample{Slot: n})
	return &(*s)[0]
}

// join adds what another file has.
func (s *sampled) join(o sampled) {
	for i := range o {
		s.slot(o[i].Slot).Join(&o[i])
	}
}
