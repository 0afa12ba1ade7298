package sim

import "math"

// mix makes one number out of several, so that whatever is drawn depends on
// what it is drawn for and on nothing that was drawn before. It is the finaliser
// of SplitMix64 (Steele, Lea, Flood 2014) folded over its arguments.
func mix(xs ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, x := range xs {
		h = mix1(h ^ x)
	}
	return h
}

func mix1(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// unit maps a hash to [0, 1).
func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// dice is a small random source: the sequence of SplitMix64.
type dice struct{ s uint64 }

func newDice(xs ...uint64) *dice { return &dice{mix(xs...)} }

func (d *dice) next() uint64 {
	d.s += 0x9e3779b97f4a7c15
	return mix1(d.s)
}

func (d *dice) float() float64        { return unit(d.next()) }
func (d *dice) chance(p float64) bool { return d.float() < p }

// below draws from 0 to n-1; n must be positive. Its bias, under n/2^32, is of
// no account here.
func (d *dice) below(n int) int { return int(d.next() >> 32 * uint64(n) >> 32) }

// skewed draws a positive number with the given median, log-normal.
func (d *dice) skewed(median, sigma float64) float64 {
	// Box and Muller.
	u, v := 1-d.float(), d.float()
	return median * math.Exp(sigma*math.Sqrt(-2*math.Log(u))*math.Cos(2*math.Pi*v))
}

// pick draws one of a slice that is not empty.
func pick[T any](d *dice, s []T) T { return s[d.below(len(s))] }

// shuffle orders a slice at random.
func shuffle[T any](d *dice, s []T) {
	for i := len(s) - 1; i > 0; i-- {
		j := d.below(i + 1)
		s[i], s[j] = s[j], s[i]
	}
}
