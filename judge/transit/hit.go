package transit

import (
	"cmp"
	"math"
	"slices"
)

// Bounds of the searches, so that a subject of thousands of networks costs no more
// than its answer is worth.
const (
	exactSets  = 3   // sets up to this size are searched for exactly
	shownSets  = 12  // sets of one size that are kept
	greedyMost = 400 // larger sets are not looked for
	topColours = 64  // of which shares of sets are computed

	// A search may look at so many sets, and at so many nodes in all; then it is given up
	// and the number stays open. Searches that mean something stay far below: five
	// networks on a path make 155 sets of up to three.
	searchSets  = 20_000
	searchLeast = 400
	searchNodes = 200_000_000
)

// Set is a set of networks, operators or countries whose refusal does something.
type Set struct {
	Members []string `json:"members"`
	// Share is the part of the subject's weight that crosses one of them, as a mean over
	// the vantage networks; null of a graph, which has no weights,
	// and if no network sends a full table that has the subject.
	Share *float64 `json:"share"`
}

// Cut is how few have to refuse to cut the subject off.
type Cut struct {
	// Lower and Upper are bounds of the smallest number; equal if it is known exactly.
	// Upper is -1 if no set does it, or none of the sizes that were looked for.
	Lower int `json:"lower"`
	Upper int `json:"upper"`
	// Sets are the smallest sets if the number is exact and at most three; otherwise one
	// set of Upper members. More counts those that are left out.
	Sets []Set `json:"sets"`
	More int   `json:"more"`
	// OneVantage says that a smaller number would do but for what a single vantage
	// network shows, or that a single one was watching; of more than three, that this
	// cannot be excluded.
	OneVantage bool `json:"one_vantage"`
}

// Exact reports whether the number is known.
func (c *Cut) Exact() bool { return c.Upper >= 0 && c.Lower == c.Upper }

// colouring gives each network of a local tree a colour from 1 on, 0 if it cannot be
// asked to refuse: networks themselves, operators or countries.
type colouring struct {
	of    []int32 // by network
	names []string
}

// walk is the local tree with ends and a colouring, to be hit.
type walk struct {
	x    *sight
	c    *colouring
	ends []int32 // nodes at which somebody holds a route, those nearest the origin first
	hops []int32
	hit  []bool
	set  []bool // of a colour: it is in the set that was marked last
}

func newWalk(x *sight, c *colouring) *walk {
	w := &walk{x: x, c: c, hops: make([]int32, len(x.l.nodes)), hit: make([]bool, len(x.l.nodes)), set: make([]bool, len(c.names)+1)}
	for i := range x.l.nodes {
		if p := x.l.nodes[i].parent; p >= 0 {
			w.hops[i] = w.hops[p] + 1
		}
	}
	for i := range x.ends {
		// Of who is next to the subject nobody but the subject could be asked.
		if e := &x.ends[i]; e.many > 0 && !(e.direct && len(w.path(int32(i))) == 0) {
			w.ends = append(w.ends, int32(i))
		}
	}
	w.ends = w.nearest(w.ends)
	return w
}

// nearest orders nodes, which rise, by their distance from the origin.
func (w *walk) nearest(nodes []int32) []int32 {
	var at []int // where the nodes of a distance begin
	for _, n := range nodes {
		for int(w.hops[n])+1 >= len(at) {
			at = append(at, 0)
		}
		at[w.hops[n]+1]++
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	out := make([]int32, len(nodes))
	for _, n := range nodes {
		out[at[w.hops[n]]] = n
		at[w.hops[n]]++
	}
	return out
}

// colours are the colours of a node; of a set it has those of no member, since any of
// them may not be on the way.
func (w *walk) colour(i int32) int32 {
	if n := w.x.l.nodes[i].net; n >= 0 {
		return w.c.of[n]
	}
	return 0
}

// path are the distinct colours on a node's path, from the origin outward.
func (w *walk) path(i int32) []int32 {
	var out []int32
	for ; i >= 0; i = w.x.l.nodes[i].parent {
		if c := w.colour(i); c != 0 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	slices.Reverse(out)
	return out
}

// mark notes which nodes a set hits.
func (w *walk) mark(set []int32) {
	clear(w.set)
	for _, c := range set {
		w.set[c] = true
	}
	for i := range w.x.l.nodes {
		h := w.set[w.colour(int32(i))] // no set has the colour 0
		if p := w.x.l.nodes[i].parent; p >= 0 && w.hit[p] {
			h = true
		}
		w.hit[i] = h
	}
}

// minimal leaves out the ends whose path goes on from another end: what hits that
// one hits them too.
func (w *walk) minimal() []int32 {
	is := make([]bool, len(w.x.l.nodes)) // an end, or beyond one
	at := make([]bool, len(w.x.l.nodes))
	for _, e := range w.ends {
		at[e] = true
	}
	var out []int32
	for n := range w.x.l.nodes { // parents come before their children
		i := int32(n)
		p := w.x.l.nodes[i].parent
		beyond := p >= 0 && is[p]
		is[i] = beyond || at[i]
		if at[i] && !beyond {
			out = append(out, i)
		}
	}
	return w.nearest(out)
}

// search finds all sets of exactly size members that hit the ends, by branching on the
// colours of a path that is not hit. With excuse, ends of one vantage network may be
// left: then the first set found is enough. It returns false if it was given up.
func (w *walk) search(ends []int32, size int, excuse bool) (found [][]int32, whole bool) {
	seen := map[[exactSets]int32]bool{}
	left := min(searchSets, max(searchLeast, searchNodes/max(1, len(w.hit))))
	var rec func(set []int32, excused uint32)
	rec = func(set []int32, excused uint32) {
		if left--; left < 0 || excuse && len(found) > 0 {
			return
		}
		k := [exactSets]int32{}
		copy(k[:], slices.Sorted(slices.Values(set)))
		w.mark(set)
		open := int32(-1)
		for _, e := range ends {
			if !w.hit[e] && !(excused != 0 && w.x.ends[e].many == 1 && w.x.ends[e].who == excused) {
				open = e
				break
			}
		}
		if open < 0 {
			if !seen[k] {
				seen[k] = true
				found = append(found, slices.Clone(set))
			}
			return
		}
		if e := &w.x.ends[open]; excuse && excused == 0 && e.many == 1 {
			rec(set, e.who)
		}
		if len(set) == size {
			return
		}
		for _, c := range w.path(open) {
			if !slices.Contains(set, c) {
				rec(append(slices.Clone(set), c), excused)
			}
		}
	}
	rec(nil, 0)
	return found, left >= 0
}

// oneVantage reports whether fewer than size would do but for what one vantage network
// shows; also if that search was given up.
func (w *walk) oneVantage(size int) bool {
	if w.nets() < 2 {
		return true
	}
	found, whole := w.search(w.ends, size-1, true)
	return len(found) > 0 || !whole
}

// nets are the vantage networks whose paths have to be hit.
func (w *walk) nets() int { return w.x.nets - w.x.onlyDirect }

// cut finds how few colours hit all ends.
func (w *walk) cut() Cut {
	out := Cut{Upper: -1, Sets: []Set{}}
	if len(w.ends) == 0 {
		return out
	}
	least := w.minimal()
	// Paths that share no colour need one each.
	used, single := map[int32]bool{}, false // single: one vantage network alone shows one of them
	for _, e := range least {
		p := w.path(e)
		if len(p) == 0 {
			out.Lower = 1 // and nobody can
			return out
		}
		if !slices.ContainsFunc(p, func(c int32) bool { return used[c] }) {
			out.Lower++
			single = single || w.x.ends[e].many == 1
			for _, c := range p {
				used[c] = true
			}
		}
	}
	for size := out.Lower; size <= exactSets; size++ {
		sets, whole := w.search(least, size, false)
		if len(sets) > 0 && whole {
			out.Lower, out.Upper = size, size
			out.add(w, sets)
			out.OneVantage = w.oneVantage(size)
			return out
		}
		if !whole {
			break
		}
		out.Lower = size + 1
	}
	if set := w.greedy(least); set != nil {
		out.Upper = len(set)
		out.add(w, [][]int32{set})
		out.OneVantage = w.nets() < 2 || single && out.Exact()
	}
	return out
}

// greedy takes the colour that hits the most of what is left, and leaves out in the
// end what is not needed; nil if that takes more than greedyMost.
func (w *walk) greedy(ends []int32) []int32 {
	paths := make([][]int32, len(ends))
	on := make([][]int32, len(w.c.names)+1) // ends that have a colour
	left := make([]int32, len(w.c.names)+1) // how many of them are not hit
	for i, e := range ends {
		paths[i] = w.path(e)
		for _, c := range paths[i] {
			on[c] = append(on[c], int32(i))
			left[c]++
		}
	}
	hit := make([]int32, len(ends)) // by how many of the set
	var set []int32
	for open := len(ends); open > 0; {
		if len(set) == greedyMost {
			return nil
		}
		best := int32(0)
		for c := range left {
			if left[c] > left[best] {
				best = int32(c)
			}
		}
		set = append(set, best)
		for _, i := range on[best] {
			if hit[i]++; hit[i] == 1 {
				open--
				for _, c := range paths[i] {
					left[c]--
				}
			}
		}
	}
	return slices.DeleteFunc(set, func(c int32) bool {
		if slices.ContainsFunc(on[c], func(i int32) bool { return hit[i] < 2 }) {
			return false
		}
		for _, i := range on[c] {
			hit[i]--
		}
		return true
	})
}

// add names sets, the one that carries most first.
func (c *Cut) add(w *walk, sets [][]int32) {
	wanted := make([]bool, len(w.c.names)+1)
	for _, s := range sets {
		w.mark(s)
		share := 0.0
		for i := range w.x.ends {
			if w.hit[i] {
				share += w.x.ends[i].share
			}
		}
		n := Set{Share: w.x.known(share)}
		for _, m := range s {
			wanted[m] = true
			n.Members = append(n.Members, w.c.names[m-1])
		}
		c.Sets = append(c.Sets, n)
	}
	// All of them carry everything. What each carries as a network that passes routes on
	// differs: of sets alike, the one nearest the subject is what people mean.
	slices.SortStableFunc(c.Sets, func(a, b Set) int { return slices.Compare(a.Members, b.Members) })
	rank := map[string]int32{}
	for i := range w.x.l.nodes {
		if m := w.colour(int32(i)); m != 0 {
			if r, ok := rank[w.c.names[m-1]]; (!ok || w.hops[i] < r) && wanted[m] {
				rank[w.c.names[m-1]] = w.hops[i]
			}
		}
	}
	far := func(s Set) (n int32) {
		for _, m := range s.Members {
			n += rank[m]
		}
		return n
	}
	slices.SortStableFunc(c.Sets, func(a, b Set) int { return cmp.Compare(far(a), far(b)) })
	if len(c.Sets) > shownSets {
		c.More = len(c.Sets) - shownSets
		c.Sets = c.Sets[:shownSets]
	}
}

// best finds, of sets of up to three members, those that the most weight crosses.
// Exact is false if a member beyond the largest topColours could do better.
func (w *walk) best() (sets []Set, exact bool) {
	share := w.shares()
	var top []int32
	for c := range share {
		if share[c] > 0 {
			top = append(top, int32(c))
		}
	}
	slices.SortFunc(top, func(a, b int32) int { return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b)) })
	next := 0.0
	if len(top) > topColours {
		next = share[top[topColours]]
		top = top[:topColours]
	}
	bit := make([]uint64, len(w.c.names)+1)
	for i, c := range top {
		bit[c] = 1 << i
	}
	sums := map[uint64]float64{}
	on := make([]uint64, len(w.x.l.nodes)) // the colours on a node's path
	for i := range w.x.l.nodes {
		on[i] = bit[w.colour(int32(i))]
		if p := w.x.l.nodes[i].parent; p >= 0 {
			on[i] |= on[p]
		}
	}
	for _, e := range w.ends {
		sums[on[e]] += w.x.ends[e].share
	}
	masks := make([]uint64, 0, len(sums))
	for m := range sums {
		masks = append(masks, m)
	}
	slices.Sort(masks)
	over := func(set uint64) (s float64) {
		for _, m := range masks {
			if m&set != 0 {
				s += sums[m]
			}
		}
		return s
	}
	exact = true
	var have uint64
	had := []float64{0} // the most that sets of each size carry
	for size := 1; size <= exactSets && size <= len(top); size++ {
		set, most := bestSet(top, share, size, over)
		// A set with strangers has at most what its other members have, and theirs.
		for n := 1; n <= size; n++ {
			if had[size-n]+float64(n)*next > most+1e-12 {
				exact = false
			}
		}
		if most <= had[size-1]+1e-12 {
			break
		}
		have, had = set, append(had, most)
		shown := tidy(most)
		s := Set{Share: &shown}
		for i, c := range top {
			if have&(1<<i) != 0 {
				s.Members = append(s.Members, w.c.names[c-1])
			}
		}
		sets = append(sets, s)
	}
	return sets, exact
}

// shares are what crosses each colour.
func (w *walk) shares() []float64 {
	nodes := w.x.l.nodes
	beyond := make([]float64, len(nodes)) // what is held at a node or over it
	for _, e := range w.ends {
		beyond[e] = w.x.ends[e].share
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if p := nodes[i].parent; p >= 0 {
			beyond[p] += beyond[i]
		}
	}
	out := make([]float64, len(w.c.names)+1)
	for i := range nodes {
		c := w.colour(int32(i))
		if c == 0 {
			continue
		}
		p := nodes[i].parent
		for p >= 0 && w.colour(p) != c {
			p = nodes[p].parent
		}
		if p < 0 { // the first of its colour: what crosses another behind it crosses this one too
			out[c] += beyond[i]
		}
	}
	return out
}

// tidy rounds away what adding up parts of one leaves behind: 1 is 1.
func tidy(x float64) float64 { return math.Round(x*1e12) / 1e12 }

// bestSet tries the sets of one size, leaving out those whose members' shares do not
// add up to what was found.
func bestSet(top []int32, share []float64, size int, over func(uint64) float64) (best uint64, most float64) {
	var rec func(from int, set uint64, sum float64, left int)
	most = -1
	rec = func(from int, set uint64, sum float64, left int) {
		if left == 0 {
			if s := over(set); s > most+1e-12 {
				best, most = set, s
			}
			return
		}
		for i := from; i < len(top); i++ {
			if sum+float64(left)*share[top[i]] <= most {
				return // the shares only fall from here
			}
			rec(i+1, set|1<<i, sum+share[top[i]], left-1)
		}
	}
	rec(0, 0, 0, size)
	return best, most
}
