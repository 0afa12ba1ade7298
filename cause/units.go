package cause

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// bitset is a set of units.
type bitset []uint64

func newBitset(n int) bitset         { return make(bitset, (n+63)/64) }
func (b bitset) set(i int)           { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int) bool      { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) equal(c bitset) bool { return slices.Equal(b, c) }

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

// differ counts the units in one of the two alone.
func (b bitset) differ(c bitset) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w ^ c[i])
	}
	return n
}

// without returns the units in b but not in c.
func (b bitset) without(c bitset) bitset {
	out := make(bitset, len(b))
	for i, w := range b {
		out[i] = w &^ c[i]
	}
	return out
}

func (b bitset) union(c bitset) bitset {
	out := make(bitset, len(b))
	for i, w := range b {
		out[i] = w | c[i]
	}
	return out
}

// each yields the units, in order.
func (b bitset) each(yield func(int) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(64*i + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// either yields the units in one of the two alone.
func (b bitset) either(c bitset) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i, w := range b {
			for w ^= c[i]; w != 0; w &= w - 1 {
				if !yield(64*i + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// unit is what one vantage saw of the prefixes that it had on one path: the
// smallest thing that speaks on its own.
type unit struct {
	vantage  int
	path     Path // the baseline
	inferred bool
	state    State
	now      Path
	fresh    bool // now was announced after convergence
	lost     int64
	weight   int // prefixes
}

// units gathers the sights of live vantages. Prefixes with the same baseline
// at a vantage are one unit, whose state is that of most of them.
func units(in *Input, live []bool) []unit {
	type key struct {
		vantage int
		path    string
	}
	type gather struct {
		unit
		n    [4]int
		now  map[string]int
		ways map[string]unit
	}
	all := map[key]*gather{}
	var order []key
	var buf []byte
	name := func(p Path) string {
		buf = buf[:0]
		for _, a := range p {
			buf = append(buf, byte(a>>24), byte(a>>16), byte(a>>8), byte(a))
		}
		return string(buf)
	}
	for _, p := range in.Subject {
		for _, s := range p.Sights {
			if len(s.Baseline) == 0 || s.State == Unseen || !live[s.Vantage] {
				continue
			}
			k := key{s.Vantage, name(s.Baseline)}
			g := all[k]
			if g == nil {
				g = &gather{unit: unit{vantage: s.Vantage, path: s.Baseline}}
				all[k] = g
				order = append(order, k)
			}
			g.weight++
			g.inferred = g.inferred || s.Inferred
			g.n[s.State]++
			g.lost = max(g.lost, s.Lost)
			if s.State == Kept || s.State == Moved {
				if g.now == nil {
					g.now, g.ways = map[string]int{}, map[string]unit{}
				}
				w := name(s.Now)
				g.now[w]++
				u, ok := g.ways[w]
				fresh := s.Since > in.Converged
				g.ways[w] = unit{now: s.Now, fresh: fresh || ok && u.fresh}
			}
		}
	}
	out := make([]unit, 0, len(order))
	for _, k := range order {
		g := all[k]
		u := g.unit
		switch {
		case g.n[Gone] > g.n[Kept]+g.n[Moved]:
			u.state = Gone
		default:
			u.state = Kept
			if g.n[Moved] > g.n[Kept] {
				u.state = Moved
			}
			best := ""
			for w, n := range g.now {
				if best == "" || n > g.now[best] || n == g.now[best] && w < best {
					best = w
				}
			}
			u.now, u.fresh = g.ways[best].now, g.ways[best].fresh
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b unit) int {
		return cmp.Or(cmp.Compare(a.vantage, b.vantage), slices.Compare(a.path, b.path))
	})
	return out
}

// tail is the chance of at least k successes in n trials of rate p.
func tail(n, k int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	// 1 − P(fewer than k), summed from the smaller side.
	term := math.Pow(1-p, float64(n))
	sum := 0.0
	for i := 0; i < k; i++ {
		sum += term
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
	}
	return max(0, 1-sum)
}

// critical knows, for a rate of noise, how many of n trials are beyond it.
type critical struct {
	rate, alpha float64
	least       []int // by n; 0: not computed yet
}

// beyond says whether k of n is less likely than alpha under noise alone.
// Without noise anything is.
func (c *critical) beyond(n, k int) bool { return k > 0 && k >= c.of(n) }

// of is the least k of n that is beyond noise. It never falls as n grows.
func (c *critical) of(n int) int {
	if c.rate == 0 {
		return 1
	}
	for len(c.least) <= n {
		c.least = append(c.least, 0)
	}
	if c.least[n] == 0 {
		m := 1
		for m <= n && tail(n, m, c.rate) >= c.alpha {
			m++
		}
		c.least[n] = m
	}
	return c.least[n]
}
