package cause

import (
	"math/rand/v2"
	"testing"

	"constat/judge/proof"
)

// TestSearchOracle compares the search for explanations with trying everything:
// each set of operators, and of each set every choice of its sessions.
func TestSearchOracle(t *testing.T) {
	found, none := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := randomSearch(r)
		for k := 2; k <= 3; k++ {
			v := s.violation(k)
			want := bruteViolation(s, k)
			switch {
			case want && v == nil:
				t.Fatalf("seed %d, fewer than %d operators: an explanation was missed; region %v, paths %v", seed, k, s.region(), s.paths)
			case v != nil && len(v) >= k:
				t.Fatalf("seed %d: %d operators, asked for fewer than %d", seed, len(v), k)
			case v != nil && !bruteFeasible(s, v):
				t.Fatalf("seed %d: %v explain nothing that violates the region", seed, v)
			case want:
				found++
			default:
				none++
			}
		}
	}
	if found < 50 || none < 50 {
		t.Errorf("%d with an explanation and %d without: the cases say little", found, none)
	}
}

// TestGrowStands wants a grown region to stand against everything that was
// demanded, found by trying everything.
func TestGrowStands(t *testing.T) {
	t.Parallel()
	grown := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 8))
		s := randomSearch(r)
		if !s.grow(demands{networks: 3}) {
			continue
		}
		grown++
		if bruteViolation(s, 3) {
			t.Fatalf("seed %d: the grown region %v does not stand", seed, s.region())
		}
	}
	if grown < 50 {
		t.Errorf("only %d regions were grown", grown)
	}
}

// randomSearch is a small loss: a handful of networks in rows above an origin,
// ten to fourteen vantages at their top, and some region.
func randomSearch(r *rand.Rand) *search {
	in := &Input{}
	n := 10 + r.IntN(5)
	// Rows: provider(s) 1, upstreams 2, transit 3.
	row := func(k int) uint32 {
		width := []int{1 + r.IntN(2), 2 + r.IntN(2), 2 + r.IntN(3)}[k]
		return uint32(10*(k+1) + r.IntN(width))
	}
	var us []unit
	for v := range n {
		p := Path{uint32(1000 + v)}
		for k := 2; k >= 0; k-- {
			if k == 0 || r.IntN(4) > 0 {
				p = append(p, row(k))
			}
		}
		p = append(p, 1)
		in.Vantages = append(in.Vantages, Vantage{AS: p[0]})
		us = append(us, unit{vantage: v, path: p, state: Gone})
	}
	in.Subject = []Prefix{{Origin: 1}}
	w := newNet(in, screened{}, us, proof.Clear().Noise)
	for i := range w.sess { // routes still pass here and there
		w.alive[i] = r.IntN(12) == 0
	}
	for a := range w.actors {
		x := &w.actors[a]
		x.all.clear()
		for _, s := range x.sess {
			if !w.alive[s] {
				x.all.add(w.cross[s])
			}
		}
	}
	s := newSearch(w, r.IntN(2))
	var open []int
	for range r.IntN(3) {
		open = append(open, r.IntN(len(w.actors)))
	}
	s.setRegion(open)
	return s
}

// bruteViolation tries every set of fewer than k operators.
func bruteViolation(s *search, k int) bool {
	for a := range s.actors {
		if bruteFeasible(s, []int{a}) {
			return true
		}
		for b := a + 1; k > 2 && b < len(s.actors); b++ {
			if bruteFeasible(s, []int{a, b}) {
				return true
			}
		}
	}
	return false
}

// bruteFeasible tries every choice of sessions of some operators: whether one
// stops all lost units but the slack, more than a tenth of all of them first
// outside the region. What lies outside is blocked in any case: it stops only
// those that nothing nearer the origin stops.
func bruteFeasible(s *search, actors []int) bool {
	var inside []int32
	blocked := map[int32]bool{}
	for _, a := range actors {
		for _, x := range s.actors[a].sess {
			switch {
			case s.alive[x] || blocked[x]:
			case s.in_[x]:
				inside = append(inside, x)
			default:
				blocked[x] = true
			}
		}
	}
	if len(inside) > 14 {
		inside = inside[:14]
	}
	for choice := range 1 << len(inside) {
		for i, x := range inside {
			delete(blocked, x)
			if choice>>i&1 == 1 {
				blocked[x] = true
			}
		}
		stopped, outside := 0, 0
		for i := range s.paths {
			for _, x := range s.paths[i][0] { // from the origin outward
				if blocked[x] {
					stopped++
					if !s.in_[x] {
						outside++
					}
					break
				}
			}
		}
		if stopped >= s.need() && outside > s.tenth {
			return true
		}
	}
	return false
}
