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
	cross, over := map[suspect][]int32{}, map[suspect][]int32{}
	for i := range rs {
		each(rs[i].base, func(s suspect) { cross[s] = append(cross[s], int32(i)) })
	}
	for i := range rs {
		each(rs[i].final, func(s suspect) {
			if _, ok := cross[s]; ok {
				over[s] = append(over[s], int32(i))
			}
		})
	}
	// Of all routes, and of those that were lost, how many go with each part.
	all, gone := newSample(parts), newSample(parts)
	for i := range rs {
		all.add(&rs[i])
		if len(rs[i].final) == 0 {
			gone.add(&rs[i])
		}
	}
	slices.SortFunc(gone.parts, func(a, b int) int { return gone.with[b] - gone.with[a] })
	var out ideal
	in, goneIn, across := newSample(parts), newSample(parts), newSample(parts)
	for s, x := range cross {
		in.clear()
		goneIn.clear()
		across.clear()
		for _, i := range x {
			in.add(&rs[i])
			if len(rs[i].final) == 0 {
				goneIn.add(&rs[i])
			}
		}
		for _, i := range over[s] {
			across.add(&rs[i])
		}
		outside := gone.n - goneIn.n
		if j.lostOutside(all, gone, in, goneIn, std) || j.beyond(across, in, std.Noise.Zombie, std.Noise.Alpha) {
			continue
		}
		if s.wide && j.controlsStay(s, std) {
			continue
		}
		out.Standard++
		if outside+across.n == 0 {
			out.Strict++
		}
	}
	return out
}

// each names the single breaks that a path crosses.
func each(path []uint32, do func(suspect)) {
	for i := 0; i+1 < len(path); i++ {
		a, b := path[i], path[i+1]
		do(suspect{susAdjacency, a, b, false})
		do(suspect{susAdjacency, a, b, true})
		do(suspect{kind: susImport, a: a})
		do(suspect{kind: susNode, a: a, wide: true})
		if i > 0 {
			do(suspect{kind: susExport, a: a})
		}
	}
	if n := len(path); n > 0 {
		do(suspect{kind: susOrigin, a: path[n-1]})
	}
}

// lostOutside says whether more was lost outside a break than churn makes, and
// still is when any one thing is left out. in are the routes across the break.
func (j *judge) lostOutside(all, gone, in, goneIn *sample, std proof.Standard) bool {
	rate, alpha := std.Noise.Churn, std.Noise.Alpha
	k, n := gone.n-goneIn.n, all.n-in.n
	most := j.critical(n, rate, alpha)
	if k == 0 || k < most {
		return false
	}
	for _, p := range gone.parts {
		if k-gone.with[p] >= most {
			return true // so it is for all that follow
		}
		with := gone.with[p] - goneIn.with[p]
		if with > 0 && k-with < j.critical(n-(all.with[p]-in.with[p]), rate, alpha) {
			return false
		}
	}
	return true
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
