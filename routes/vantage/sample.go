package vantage

import (
	"slices"

	"constat/moment"
)

// Sample is some of what a peer announced and withdrew in a slot of [MarkLength]: that with
// the smallest sums.
type Sample struct {
	Slot int64
	// Elems has in its upper half the sum of an element, in the lower its second; in
	// order, each once. If there are sampleMost, there may be more with larger sums.
	Elems []uint64
}

// sampleMost is how many elements are kept of a peer and slot. A peer that says ten thousand things in
// five minutes is told by them as well as by all.
const sampleMost = 32

// Add notes an element.
func (s *Sample) Add(e uint64) {
	n := len(s.Elems)
	if n == sampleMost && e >= s.Elems[n-1] {
		return
	}
	i, has := slices.BinarySearch(s.Elems, e)
	if has {
		return
	}
	if n == sampleMost {
		s.Elems = s.Elems[:n-1]
	}
	s.Elems = slices.Insert(s.Elems, i, e)
}

// Join adds what another has of the same slot.
func (s *Sample) Join(o *Sample) {
	for _, e := range o.Elems {
		s.Add(e)
	}
}

// within are the elements of a time that are below a bound.
func (s *Sample) within(in moment.Interval, bound uint64) (out []uint64) {
	from, until := in.From.Sec(), in.Until.Sec()
	for _, e := range s.Elems {
		if sec := int64(uint32(e)); e < bound && sec >= from && sec < until {
			out = append(out, e)
		}
	}
	return out
}

// accord is how many elements two samples have of one another in a time: of, of those of the one
// that has fewer; met, of which the other has them.
func accord(a, b []Sample, in moment.Interval) (of, met int) {
	var na, nb int
	count := func(x, y *Sample) {
		bound := min(x.bound(), y.bound())
		p, q := x.within(in, bound), y.within(in, bound)
		na, nb = na+len(p), nb+len(q)
		for _, e := range p {
			if _, is := slices.BinarySearch(q, e); is {
				met++
			}
		}
	}
	var none Sample
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case j == len(b) || i < len(a) && a[i].Slot < b[j].Slot:
			count(&a[i], &none)
			i++
		case i == len(a) || b[j].Slot < a[i].Slot:
			count(&none, &b[j])
			j++
		default:
			count(&a[i], &b[j])
			i, j = i+1, j+1
		}
	}
	return min(na, nb), met
}

// bound is up to where a sample has everything.
func (s *Sample) bound() uint64 {
	if n := len(s.Elems); n == sampleMost {
		return s.Elems[n-1] + 1
	}
	return ^uint64(0)
}

// agree reports whether so many elements of two sessions are the same that they are one.
func agree(of, met int) bool { return of >= leastSame && alike(of, met) }

// alike leaves room for a record that one of two forms lacks, or for a moment that one rounds.
func alike(of, met int) bool { return 20*met >= 19*of }
