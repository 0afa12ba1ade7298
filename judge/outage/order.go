package outage

import (
	"cmp"
	"math/bits"
	"slices"
)

// byTime puts what happened in order of time; what happened in one second stays in the order
// it had. It sorts numbers made of a second and a place, which takes a third of the time
// that it takes to sort what is large itself. Example: 30,000 steps of the routes of a network
// that came and went all day.
func byTime[T any](all []T, at func(*T) int64) []T {
	if len(all) < 2 {
		return all
	}
	first, last, sorted := at(&all[0]), at(&all[0]), true
	for i, was := 1, first; i < len(all); i++ {
		t := at(&all[i])
		first, last = min(first, t), max(last, t)
		sorted, was = sorted && was <= t, t
	}
	if sorted {
		return all
	}
	places := bits.Len(uint(len(all) - 1))
	if len(all) <= fewByTime || bits.Len64(uint64(last)-uint64(first))+places > 64 {
		slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(at(&a), at(&b)) })
		return all
	}
	keys := make([]uint64, len(all))
	for i := range all {
		keys[i] = (uint64(at(&all[i]))-uint64(first))<<places | uint64(i)
	}
	slices.Sort(keys)
	out := make([]T, len(all))
	for i, k := range keys {
		out[i] = all[k&(1<<places-1)]
	}
	return out
}

// fewByTime are sorted where they are.
const fewByTime = 12
