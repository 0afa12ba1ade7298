package score

import (
	"fmt"
	"math"
	"slices"

	"constat/cause"
	"constat/lab/sim"
	"constat/proof"
)

// ideal is what an examiner could tell who saw what routing did and no noise:
// the single breaks that he could not exclude. It is worked out by trying each
// of them on each route, one after the other.
//
// strict excludes what any one vantage contradicts. The other asks what the
// standard asks: more contradictions than its noise would make, still when any
// one vantage, collector or transit network is left out.
type ideal struct {
	Strict, Standard int
}

// route is one vantage and prefix of a night without noise.
type route struct {
	vantage     int
	base, final []uint32
	parts       []int // what it can be left out with
}

// suspect is a single break as tried here.
type suspect struct {
	kind uint8
	a, b uint32
	wide bool
}

const (
	susOrigin uint8 = iota
	susAdjacency
	susImport
	susExport
	susNode
)

func (s suspect) on(path []uint32) bool {
	n := len(path)
	if n == 0 {
		return false
	}
	switch s.kind {
	case susOrigin:
		return path[n-1] == s.a
	case susAdjacency:
		for i := 0; i+1 < n; i++ {
			if path[i] == s.a && path[i+1] == s.b {
				return true
			}
		}
		return false
	}
	i := slices.Index(path[:n-1], s.a)
	if s.kind == susExport {
		return i > 0
	}
	return i >= 0
}

// idealOf tries all single breaks.
func (j *judge) idealOf(std proof.Standard) ideal {
	rs, parts := j.routes()
	all := map[suspect]bool{{kind: susOrigin, a: j.night.Case.Origin}: true}
	for _, r := range rs {
		for i := 0; i+1 < len(r.base); i++ {
			a, b := r.base[i], r.base[i+1]
			all[suspect{susAdjacency, a, b, false}], all[suspect{susAdjacency, a, b, true}] = true, true
			all[suspect{kind: susImport, a: a}], all[suspect{kind: susNode, a: a, wide: true}] = true, true
			if i > 0 {
				all[suspect{kind: susExport, a: a}] = true
			}
		}
	}
	var out ideal
	outside, others := newSample(parts), newSample(parts)
	across, own := newSample(parts), newSample(parts)
	for s := range all {
		for _, x := range []*sample{outside, others, across, own} {
			x.clear()
		}
		for i := range rs {
			r := &rs[i]
			if s.on(r.base) {
				own.add(r)
			} else {
				others.add(r)
				if len(r.final) == 0 {
					outside.add(r)
				}
			}
			if s.on(r.final) {
				across.add(r)
			}
		}
		if outside.n+across.n > 0 && (j.beyond(outside, others, std.Noise.Churn, std.Noise.Alpha) || j.beyond(across, own, std.Noise.Zombie, std.Noise.Alpha)) {
			continue
		}
		if s.wide && j.controlsStay(s, std) {
			continue
		}
		out.Standard++
		if outside.n+across.n == 0 {
			out.Strict++
		}
	}
	return out
}

// routes lists what honest vantages would have seen, each path of a vantage
// once, and numbers what a route can be left out with: its vantage, its
// collector, each network on it that is not on the trunk – what every lost
// route shares.
func (j *judge) routes() ([]route, int) {
	n := j.night
	var rs []route
	for _, p := range n.Subject {
		for _, s := range p.Sights {
			if len(s.Baseline) == 0 || s.State == sim.Unseen || j.world.Vantages[s.Vantage].Feed == sim.StaleFeed {
				continue
			}
			if _, reset := slices.BinarySearch(n.Case.Resets, s.Vantage); reset {
				continue
			}
			// A vantage has one path to an origin, whatever the prefix.
			if k, had := slices.BinarySearchFunc(rs, s.Vantage, func(r route, v int) int { return r.vantage - v }); !had {
				f := s.Final
				if len(f) > 0 && f[len(f)-1] != n.Case.Origin {
					f = nil
				}
				rs = slices.Insert(rs, k, route{vantage: s.Vantage, base: s.Baseline, final: f})
			}
		}
	}
	trunk, gone := map[uint32]int{}, 0
	for _, r := range rs {
		if len(r.final) == 0 {
			gone++
			for _, as := range r.base {
				trunk[as]++
			}
		}
	}
	ids := map[string]int{}
	number := func(key string) int {
		if _, ok := ids[key]; !ok {
			ids[key] = len(ids)
		}
		return ids[key]
	}
	networks := map[uint32]int{}
	for i := range rs {
		r := &rs[i]
		r.parts = append(r.parts, number(fmt.Sprint("v", r.vantage)))
		if j.collectors > 1 {
			r.parts = append(r.parts, number("c"+j.world.Vantages[r.vantage].Collector))
		}
		for _, as := range r.base {
			if gone > 0 && trunk[as] == gone {
				continue
			}
			if _, ok := networks[as]; !ok {
				networks[as] = number(fmt.Sprint("a", as))
			}
			r.parts = append(r.parts, networks[as])
		}
	}
	return rs, len(ids)
}

// sample counts routes, and for each thing that could be left out those that
// would go with it.
type sample struct {
	n     int
	with  []int
	parts []int // those counted
}

func newSample(parts int) *sample { return &sample{with: make([]int, parts)} }

func (x *sample) clear() {
	for _, p := range x.parts {
		x.with[p] = 0
	}
	x.n, x.parts = 0, x.parts[:0]
}

func (x *sample) add(r *route) {
	x.n++
	for _, p := range r.parts {
		if x.with[p] == 0 {
			x.parts = append(x.parts, p)
		}
		x.with[p]++
	}
}

// beyond says whether evidence out of trials is more than noise of a rate makes,
// and still is when any one thing is left out.
func (j *judge) beyond(evidence, trials *sample, rate, alpha float64) bool {
	if evidence.n == 0 || evidence.n < j.critical(trials.n, rate, alpha) {
		return false
	}
	for _, p := range evidence.parts {
		if evidence.n-evidence.with[p] < j.critical(trials.n-trials.with[p], rate, alpha) {
			return false
		}
	}
	return true
}

// critical is the least k that n trials of a rate exceed with a chance under
// alpha only.
func (j *judge) critical(n int, rate, alpha float64) int {
	t := j.criticals[rate]
	for len(t) <= n {
		k := 0
		if m := len(t); m > 0 {
			k = t[m-1] // it never falls
		}
		for binomialTail(len(t), k, rate) >= alpha {
			k++
		}
		t = append(t, k)
	}
	j.criticals[rate] = t
	return t[n]
}

// controlsStay says whether as many near controls as the standard asks for run
// across a break of everything and were not touched by what truly broke.
func (j *judge) controlsStay(s suspect, std proof.Standard) bool {
	origins := map[uint32]bool{}
	for _, p := range j.night.Near {
		cross, hit := 0, 0
		for _, x := range p.Sights {
			if !s.on(x.Baseline) {
				continue
			}
			cross++
			for _, t := range j.night.Case.Truth() {
				if t.Wide && j.crosses(t, x.Baseline) {
					hit++
					break
				}
			}
		}
		if cross > 0 && 2*hit < cross {
			origins[p.Origin] = true
		}
	}
	return len(origins) >= std.NearControls
}

// binomialTail is the chance of at least k of n at a rate, summed in the plain
// way with logarithms.
func binomialTail(n, k int, rate float64) float64 {
	if k <= 0 {
		return 1
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(a - b - c + float64(i)*math.Log(rate) + float64(n-i)*math.Log1p(-rate))
	}
	return sum
}

// singles counts the single breaks among hypotheses.
func singles(hs []cause.Hypothesis) int {
	n := 0
	for _, h := range hs {
		if !h.Joint() && h.Parts[0][0].Kind != cause.ExportTo {
			n++
		}
	}
	return n
}
