package cause

import (
	"math"
	"math/bits"
)

// bitset is a set of units.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }
func (b bitset) set(i int)   { b[i/64] |= 1 << (i % 64) }
func (b bitset) unset(i int) { b[i/64] &^= 1 << (i % 64) }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// and counts the units in both.
func (b bitset) and(c bitset) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w & c[i])
	}
	return n
}

// minus counts the units in b but not in c.
func (b bitset) minus(c bitset) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w &^ c[i])
	}
	return n
}

// either counts the units in at least one of the two.
func (b bitset) either(c bitset) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w | c[i])
	}
	return n
}

// add puts all units of c into b.
func (b bitset) add(c bitset) {
	for i := range b {
		b[i] |= c[i]
	}
}

// drop takes all units of c out of b.
func (b bitset) drop(c bitset) {
	for i := range b {
		b[i] &^= c[i]
	}
}

func (b bitset) clear() {
	for i := range b {
		b[i] = 0
	}
}

func (b bitset) clone() bitset {
	out := make(bitset, len(b))
	copy(out, b)
	return out
}

// tail is the chance of at least k successes in n trials of rate p.
func tail(n, k int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n || p <= 0 {
		return 0
	}
	// 1 − P(fewer than k), summed from the smaller side.
	term := math.Pow(1-p, float64(n))
	sum := 0.0
	for i := range k {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return max(0, 1-sum)
}

// noise is the least q such that more than q of n at a rate are rarer than alpha.
func noise(n int, rate, alpha float64) int {
	q := 0
	for q < n && tail(n, q+1, rate) > alpha {
		q++
	}
	return q
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func popcount(v uint64) int { return bits.OnesCount64(v) }
