package transit

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"constat/judge/relation"
)

// smallest finds, of all sets of colours, the smallest that does something, and all of
// them of that size; -1 if none does.
func smallest(colours int, does func(set uint32) bool) (size int, sets []uint32) {
	size = -1
	for set := range uint32(1) << colours {
		if n := bits.OnesCount32(set); size >= 0 && n > size || !does(set) {
			continue
		} else if n < size || size < 0 {
			size, sets = n, nil
		}
		sets = append(sets, set)
	}
	return size, sets
}

func checkCut(t *testing.T, what string, c Cut, colours int, does func(uint32) bool) (exact bool) {
	t.Helper()
	size, sets := smallest(colours, does)
	if size < 0 {
		if c.Upper >= 0 {
			t.Fatalf("%s: nobody can, but %+v", what, c)
		}
		return false
	}
	if c.Upper < 0 || c.Lower > size || c.Upper < size {
		t.Fatalf("%s: the smallest set has %d, but %+v", what, size, c)
	}
	if size <= exactSets && !c.Exact() {
		t.Fatalf("%s: %d is not said to be exact: %+v", what, size, c)
	}
	for _, s := range c.Sets {
		var set uint32
		for _, m := range s.Members {
			var n int
			fmt.Sscan(m, &n)
			set |= 1 << n
		}
		if !does(set) || bits.OnesCount32(set) != c.Upper {
			t.Fatalf("%s: %v does not do it, or is not %d", what, s.Members, c.Upper)
		}
	}
	if size <= exactSets && len(c.Sets)+c.More != len(sets) {
		t.Fatalf("%s: %d sets of %d, there are %d", what, len(c.Sets)+c.More, size, len(sets))
	}
	return c.Exact()
}

// TestObservedCut compares with all sets on random small tables.
func TestObservedCut(t *testing.T) {
	exact, larger := 0, 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := newTold()
		nets := 4 + r.IntN(6)
		for range 1 + r.IntN(14) {
			as := 100 + uint32(r.IntN(10))
			p := s.peer("rrc00", as)
			for _, pre := range []string{"10.0.0.0/24", "10.0.1.0/24"} {
				path := fmt.Sprint(as)
				for _, h := range r.Perm(nets)[:r.IntN(min(nets, 4))] {
					path += fmt.Sprintf(" %d", 1+h)
				}
				if h := 100 + uint32(r.IntN(10)); h != as && r.IntN(6) == 0 { // over another vantage
					path += fmt.Sprintf(" %d", h)
				}
				s.route(p, pre, path+" 200")
			}
		}
		x := look(NewTable(s), s.origin(200), V4)
		// Networks 1… have colours 0…; vantages' own those behind them. Of coloured networks
		// two share one now and then.
		group := 1 + int(seed%2)
		colour := func(as uint32) int {
			switch {
			case as == 200:
				return -1
			case as >= 100:
				return (nets+1)/group + int(as-100)
			}
			return int(as-1) / group
		}
		colours := (nets+1)/group + 10
		c := &colouring{}
		for i := range colours {
			c.names = append(c.names, fmt.Sprint(i))
		}
		for _, as := range x.l.ases {
			c.of = append(c.of, int32(colour(as)+1))
			if s.apart(as) {
				c.of[len(c.of)-1] = 0
			}
		}
		var paths []uint32
		for _, p := range s.paths {
			if m := s.mask(p, colour); m != 0 || len(p) != 2 {
				paths = append(paths, m)
			}
		}
		for as := range uint32(200) {
			if slices.Contains(x.direct, as) != s.apart(as) {
				t.Fatalf("seed %d: AS%d among those apart, %v", seed, as, x.direct)
			}
		}
		got := newWalk(x, c).cut()
		if len(paths) == 0 { // everybody is next to it
			if got.Upper >= 0 || got.Lower != 0 {
				t.Fatalf("seed %d: nobody stands between, but %+v", seed, got)
			}
			continue
		}
		if checkCut(t, fmt.Sprintf("seed %d", seed), got, colours, func(set uint32) bool {
			return !slices.ContainsFunc(paths, func(p uint32) bool { return p&set == 0 })
		}) {
			exact++
		}
		if got.Lower > exactSets {
			larger++
		}
		oneVantage(t, seed, s, got, colour, colours)
		bestSets(t, seed, s, x, c, colour)
	}
	if exact < 500 || larger < 20 {
		t.Errorf("%d exact, %d beyond what is enumerated", exact, larger)
	}
}

// apart reports whether a vantage network hears 200 directly and stands on no path of
// another.
func (s *told) apart(as uint32) bool {
	heard := false
	for k, p := range s.paths {
		if s.peers[k[0]].AS == as {
			heard = heard || len(p) == 2
		} else if slices.Contains(p, any(as)) {
			return false
		}
	}
	return heard
}

// mask are the colours of a path: that without the vantage's own network, unless the path
// of another vantage network crosses it.
func (s *told) mask(p []any, colour func(uint32) int) (m uint32) {
	for i, h := range p {
		if as := h.(uint32); as != 200 && (i > 0 || s.carries(as)) {
			m |= 1 << colour(as)
		}
	}
	return m
}

// carries reports whether the path of another vantage network crosses one.
func (s *told) carries(as uint32) bool {
	for k, p := range s.paths {
		if s.peers[k[0]].AS != as && slices.Contains(p, any(as)) {
			return true
		}
	}
	return false
}

// oneVantage: a vantage network decides if a smaller set does without its paths.
func oneVantage(t *testing.T, seed uint64, s *told, got Cut, colour func(uint32) int, colours int) {
	t.Helper()
	if !got.Exact() {
		return
	}
	want := false
	nets := map[uint32]bool{}
	for _, p := range s.peers {
		nets[p.AS] = true
	}
	for as := range nets {
		var paths []uint32
		for k, p := range s.paths {
			if s.peers[k[0]].AS == as {
				continue
			}
			if m := s.mask(p, colour); m != 0 || len(p) != 2 {
				paths = append(paths, m)
			}
		}
		n, _ := smallest(colours, func(set uint32) bool {
			return !slices.ContainsFunc(paths, func(p uint32) bool { return p&set == 0 })
		})
		want = want || n < got.Upper
	}
	if got.Upper > exactSets && !want {
		return // of so many it is said if it cannot be excluded
	}
	if got.OneVantage != want {
		t.Fatalf("seed %d: one vantage decides: %v, want %v", seed, got.OneVantage, want)
	}
}

// bestSets compares the sets that carry most with all sets.
func bestSets(t *testing.T, seed uint64, s *told, x *sight, c *colouring, colour func(uint32) int) {
	t.Helper()
	w := newWalk(x, c)
	sets, exact := w.best()
	if !exact {
		t.Fatalf("seed %d: few networks, and not exact", seed)
	}
	for i, set := range sets {
		most := 0.0
		for m := range uint32(1) << len(c.names) {
			if bits.OnesCount32(m) != i+1 {
				continue
			}
			share, n := 0.0, 0.0
			for _, g := range groups(s.peers, func(int, Peer) bool { return true }) {
				n++
				for _, p := range g {
					for k, path := range s.paths {
						if k[0] != p {
							continue
						}
						if m&s.mask(path, colour) != 0 {
							share += 0.5 / float64(len(g))
						}
					}
				}
			}
			most = max(most, share/n)
		}
		if !near(*set.Share, most) {
			t.Fatalf("seed %d: the best set of %d carries %v, not %v", seed, i+1, most, *set.Share)
		}
		if seed > 100 {
			break
		}
	}
}

// randomGraph makes relations without circles of providers: a provider has the lower
// number.
func randomGraph(r *rand.Rand, n int) []relation.Link {
	var links []relation.Link
	for b := 1; b < n; b++ {
		for a := range b {
			switch r.IntN(7) {
			case 0, 1:
				links = append(links, relation.Link{A: uint32(a), B: uint32(b)})
			case 2:
				links = append(links, relation.Link{A: uint32(a), B: uint32(b), Peer: true})
			}
		}
	}
	return links
}

// valleyFree are the sets of networks of all paths from one to any of others; what a
// path reaches it ends at.
func valleyFree(links []relation.Link, from uint32, to map[uint32]bool) []uint32 {
	var out []uint32
	var walk func(at uint32, set uint32, fell bool)
	walk = func(at, set uint32, fell bool) {
		set |= 1 << at
		if to[at] {
			out = append(out, set)
			return
		}
		for _, l := range links {
			a, b := l.A, l.B
			for range 2 {
				if a == at && set&(1<<b) == 0 {
					switch {
					case l.Peer && !fell:
						walk(b, set, true)
					case !l.Peer && l.B == at && !fell: // b is its provider
						walk(b, set, false)
					case !l.Peer && l.A == at: // b is its customer
						walk(b, set, true)
					}
				}
				a, b = b, a
			}
		}
	}
	walk(from, 0, false)
	return out
}

// TestGraphCut compares with all sets over all paths of random small graphs: to what
// has no providers, and to any networks.
func TestGraphCut(t *testing.T) {
	apart, exact, beyond, none := 0, 0, 0, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 5 + r.IntN(7)
		links := randomGraph(r, n)
		g := NewGraph("random", links, nil)
		from := uint32(n - 1)
		to := map[uint32]bool{}
		if seed%2 == 0 {
			for _, c := range g.Core() {
				to[c] = true
			}
		} else {
			for range 1 + r.IntN(4) {
				to[uint32(r.IntN(n))] = true
			}
		}
		group := 1 + int(seed/2%2)
		colour := func(as uint32) int { return int(as) / group }
		if g.at(from) < 0 || to[from] {
			continue
		}
		at := map[int32]bool{}
		for as := range to {
			if i := g.at(as); i >= 0 {
				at[i] = true
			}
		}
		q := &reach{cone: g.newCone([]int32{g.at(from)}, at)}
		colours := (n + group - 1) / group
		for i := range colours {
			q.names = append(q.names, fmt.Sprint(i))
		}
		// The subject and its group cannot refuse; neither can what is not numbered.
		for _, i := range q.nets {
			c := int32(colour(g.ases[i]) + 1)
			if colour(g.ases[i]) == colour(from) {
				c = 0
			}
			q.colour = append(q.colour, c)
		}
		var paths []uint32
		for _, p := range valleyFree(links, from, to) {
			var m uint32
			for as := range uint32(n) {
				if p&(1<<as) != 0 && colour(as) != colour(from) {
					m |= 1 << colour(as)
				}
			}
			paths = append(paths, m)
		}
		if len(paths) == 0 {
			if len(q.start) != 0 {
				t.Fatalf("seed %d: a path that is none", seed)
			}
			none++
			continue
		}
		what := fmt.Sprintf("seed %d, groups of %d", seed, group)
		does := func(set uint32) bool {
			return !slices.ContainsFunc(paths, func(p uint32) bool { return p&set == 0 })
		}
		if group == 1 {
			b := q.flow()
			size, _ := smallest(colours, does)
			switch {
			case size < 0 && b.upper < 0:
			case b.lower > size || b.upper < size:
				t.Fatalf("%s: flow %+v, the smallest set has %d", what, b, size)
			case b.lower < b.upper:
				apart++
			case seed%2 == 0 && b.lower != size:
				t.Fatalf("%s: to the core the flow is exact, but %+v for %d", what, b, size)
			}
			if size > exactSets {
				beyond++
			}
		}
		if checkCut(t, what, q.cut(group == 1), colours, does) {
			exact++
		}
	}
	if apart < 3 || exact < 1000 || beyond < 10 || none < 5 {
		t.Errorf("the cases are too easy: %d with bounds apart, %d exact, %d beyond three, %d without a path", apart, exact, beyond, none)
	}
}

// TestLongPaths: paths of hundreds of networks, which somebody may make up, cost a bounded
// search, and the number stays open.
func TestLongPaths(t *testing.T) {
	s := newTold()
	for i := range 4 {
		path := ""
		for j := range 250 {
			path += fmt.Sprint(" ", 1000*(i+1)+j)
		}
		s.route(s.peer("rrc00", uint32(100+i)), "10.0.0.0/24", fmt.Sprintf("%d%s 7", 100+i, path))
		s.route(s.peer("rrc00", uint32(110+i)), "10.0.0.0/24", fmt.Sprintf("%d%s 7", 110+i, fmt.Sprintf(" %d %d", 1000*(i%3+1)+1, 1000*(i+1)+2)))
	}
	r := Assess(NewTable(s), s.origin(7), Who{}, nil, Options{})
	c := r.Cut(Networks, true)
	if c.Lower < 3 || c.Upper < c.Lower {
		t.Errorf("%+v", c)
	}
	var links []relation.Link
	for i := range 3 {
		for j := range 300 {
			links = append(links, relation.Link{A: uint32(1000*(i+1) + j + 1), B: uint32(1000*(i+1) + j)})
		}
		links = append(links, relation.Link{A: uint32(1000 * (i + 1)), B: 7}, relation.Link{A: 1, B: uint32(1000*(i+1) + 300)}, relation.Link{A: 2, B: uint32(1000*(i+1) + 300)}, relation.Link{A: 3, B: uint32(1000*(i+1) + 300)}, relation.Link{A: 4, B: uint32(1000*(i+1) + 300)})
	}
	r = Assess(NewTable(s), s.origin(7), Who{Operator: func(as uint32) string { return fmt.Sprint("O", as) }}, []*Graph{NewGraph("long", links, []uint32{1, 2, 3, 4})}, Options{})
	for _, q := range r.Graphs[0].Cuts {
		if q.By == Networks && (!q.Exact() || q.Upper != 3 || len(q.Sets) == 0) {
			t.Errorf("%+v", q)
		}
		if q.By == Operators && (q.Lower > 3 || q.Upper < 3) {
			t.Errorf("%+v", q)
		}
	}
}

// TestFlowIsNoLowerBound is the example of the comment: v is climbed to on one path and
// fallen to on another.
func TestFlowIsNoLowerBound(t *testing.T) {
	// 9 has the providers 1 (which is 5's customer) and 2; 5 is 2's customer too. From 5 up
	// to 8; from 2 over its peer 6 down … both cross 5.
	links := []relation.Link{{A: 5, B: 1}, {A: 1, B: 9}, {A: 2, B: 9}, {A: 2, B: 5}, {A: 5, B: 7}, {A: 8, B: 5}}
	g := NewGraph("example", links, nil)
	q := &reach{cone: g.newCone([]int32{g.at(9)}, map[int32]bool{g.at(7): true, g.at(8): true})}
	for _, i := range q.nets {
		c := i + 1
		if g.ases[i] == 9 {
			c = 0
		}
		q.colour = append(q.colour, c)
	}
	for _, as := range g.ases {
		q.names = append(q.names, fmt.Sprint(as))
	}
	b := q.flow()
	if b.lower != 1 || b.upper != 2 {
		t.Errorf("the flow of 2 should bound the number by 1 and 2: %+v", b)
	}
	c := q.cut(true)
	if !c.Exact() || c.Upper != 1 || len(c.Sets) != 1 || c.Sets[0].Members[0] != "5" {
		t.Errorf("%+v", c)
	}
}
