package block

import (
	"math/rand/v2"
	"slices"
	"testing"

	"constat/judge/relation"
)

// valleyFree reports whether there is any valley-free path, in the slow way: all
// simple paths are walked.
func valleyFree(links []relation.Link, from, to uint32, refuse, keep map[uint32]bool) bool {
	rel := func(u, v uint32) (up, side, down bool) {
		for _, l := range links {
			switch {
			case l.Peer && (l.A == u && l.B == v || l.A == v && l.B == u):
				side = true
			case !l.Peer && l.A == v && l.B == u:
				up = true
			case !l.Peer && l.A == u && l.B == v:
				down = true
			}
		}
		return
	}
	var all []uint32
	for _, l := range links {
		all = append(all, l.A, l.B)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	// The route travels from the origin to the vantage: up, across, down.
	var walk func(at uint32, down bool, seen []uint32) bool
	walk = func(at uint32, down bool, seen []uint32) bool {
		if at == to {
			return true
		}
		if keep[at] && at != from {
			return false
		}
		for _, v := range all {
			if slices.Contains(seen, v) || refuse[v] {
				continue
			}
			up, side, d := rel(at, v)
			next := append(slices.Clone(seen), v)
			if d && walk(v, true, next) || !down && side && walk(v, true, next) || !down && up && walk(v, false, next) {
				return true
			}
		}
		return false
	}
	return walk(from, false, []uint32{from})
}

// TestRoutesAreValleyFree: whoever has a route has a valley-free path and the other
// way round, on small random graphs whose providers make no ring, with networks that
// refuse and networks that keep.
func TestRoutesAreValleyFree(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	for range 400 {
		n := 4 + r.IntN(5)
		var links []relation.Link
		for b := 2; b <= n; b++ {
			for a := 1; a < b; a++ {
				switch r.IntN(4) {
				case 0:
					links = append(links, relation.Link{A: uint32(a), B: uint32(b)})
				case 1:
					links = append(links, relation.Link{A: uint32(a), B: uint32(b), Peer: true})
				}
			}
		}
		if len(links) == 0 {
			continue
		}
		refuse, keep := map[uint32]bool{}, map[uint32]bool{}
		from := uint32(1 + r.IntN(n))
		for range r.IntN(3) {
			if x := uint32(1 + r.IntN(n)); x != from {
				refuse[x] = true
			}
			if x := uint32(1 + r.IntN(n)); x != from {
				keep[x] = true
			}
		}
		g := NewGraph(links)
		w := g.routes([]uint32{from}, func(i int32) bool { return refuse[g.ASes[i]] }, func(i int32) bool { return keep[g.ASes[i]] })
		for v := uint32(1); int(v) <= n; v++ {
			if !g.Has(v) || !g.Has(from) {
				continue
			}
			p := w.path(v)
			if want := valleyFree(links, from, v, refuse, keep); (p != nil) != want {
				t.Fatalf("%v, from AS%d, refuse %v, keep %v: AS%d has %v, a way exists: %v", links, from, refuse, keep, v, p, want)
			}
			if p != nil && (p[0] != v || p[len(p)-1] != from || len(slices.Compact(slices.Sorted(slices.Values(p)))) != len(p)) {
				t.Fatalf("%v is no path from AS%d to AS%d", p, v, from)
			}
		}
	}
}
