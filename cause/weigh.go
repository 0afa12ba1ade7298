package cause

import (
	"cmp"
	"slices"

	"constat/proof"
)

// Weighed is a hypothesis with what speaks against it. Counts are of units: a
// vantage and the prefixes that it had on one path.
type Weighed struct {
	Hypothesis
	// Excluded says that it is contradicted beyond noise whatever single thing
	// is left out; Aside, that it is so whatever single vantage is.
	Excluded bool `json:"excluded"`
	Aside    bool `json:"aside"`
	// By says what excludes it, or sets it aside: "gone outside", "kept across", "fresh
	// across", "controls survive", "controls lost". Empty where nothing does.
	By string `json:"by,omitempty"`

	Crossing        int   `json:"crossing"`         // units whose baseline crosses it
	GoneOutside     []int `json:"gone_outside"`     // vantages that lost a route which avoids it
	KeptAcross      []int `json:"kept_across"`      // vantages that hold a route across it
	FreshAcross     []int `json:"fresh_across"`     // of them, announced after convergence
	ControlsSurvive []int `json:"controls_survive"` // near controls across it that stayed
	ControlsLost    []int `json:"controls_lost"`    // near controls beside it that went

	x       bitset
	n       int // units in x
	across  bitset
	fresh   bitset
	some    bool // a joint of some neighbours, not of all
	refuted bool // by controls, whatever the units say
	known   int8 // whether controls tell its scope: 1 yes, -1 no, 0 not asked
}

// weighing is one examination at work.
type weighing struct {
	in         *Input
	std        proof.Standard
	units      []unit
	all        bitset
	gone       bitset
	trunk      map[uint32]bool
	byAS       map[uint32]bitset      // units with a network on their baseline or now
	near       map[uint32][]nearSight // see nearAt
	nearOrigin []int                  // of each near control, the first control of its origin

	// What may be left out, one at a time: single vantages, and collectors and
	// transit networks; of each the largest first.
	alone, groups []omission

	zombie, churn, none critical

	onTrunk map[uint32][]vote // of each near control, at each network of the trunk
	depths  map[uint32]int    // of each network, the farthest from the origin
	inside  int               // the most units that begin in one network
}

// omission is what goes when one thing is left out.
type omission struct {
	set  bitset
	size int
}

func edge(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// prepare computes the sets that every test uses.
func (w *weighing) prepare() {
	n := len(w.units)
	noise := w.std.Noise
	w.zombie, w.churn, w.none = critical{rate: noise.Zombie, alpha: noise.Alpha}, critical{rate: noise.Churn, alpha: noise.Alpha}, critical{}
	w.all, w.gone = newBitset(n), newBitset(n)
	byVantage := map[int]bitset{}
	byCollector := map[string]bitset{}
	byAS := map[uint32]bitset{}
	w.byAS = byAS
	w.depths = map[uint32]int{}
	begin := map[uint32]int{}
	for i, u := range w.units {
		for j, a := range u.path {
			w.depths[a] = max(w.depths[a], len(u.path)-1-j)
		}
		begin[u.path[0]]++
		w.inside = max(w.inside, begin[u.path[0]])
		w.all.set(i)
		if u.state == Gone {
			w.gone.set(i)
		}
		put(byVantage, u.vantage, i, n)
		put(byCollector, w.in.Vantages[u.vantage].Collector, i, n)
		for _, p := range []Path{u.path, u.now} {
			for _, a := range p {
				put(byAS, a, i, n)
			}
		}
	}
	// The trunk is what all losses share, and the neighbours through which
	// the origin was lost: leaving those out would leave out the question.
	w.trunk = map[uint32]bool{w.in.Origin: true}
	for a := range byAS {
		if w.crossing(Break{Kind: Node, A: a}).and(w.gone) == w.gone.count() && w.gone.count() > 0 {
			w.trunk[a] = true
		}
	}
	for _, a := range w.neighbours(w.gone) {
		w.trunk[a] = true
	}
	s := w.std.Sensitivity
	leave := func(to *[]omission, b bitset) { *to = append(*to, omission{b, b.count()}) }
	if s.Vantage {
		for _, v := range sortedKeys(byVantage) {
			leave(&w.alone, byVantage[v])
		}
	}
	if s.Collector && len(byCollector) > 1 {
		for _, c := range sortedKeys(byCollector) {
			leave(&w.groups, byCollector[c])
		}
	}
	if s.Transit {
		for _, a := range sortedKeys(byAS) {
			if !w.trunk[a] {
				leave(&w.groups, byAS[a])
			}
		}
	}
	for _, l := range [][]omission{w.alone, w.groups} {
		slices.SortStableFunc(l, func(a, b omission) int { return cmp.Compare(b.size, a.size) })
	}
}

func put[K comparable](m map[K]bitset, k K, i, n int) {
	b := m[k]
	if b == nil {
		b = newBitset(n)
		m[k] = b
	}
	b.set(i)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// neighbours lists the origin's neighbours on the baselines of a set of units.
func (w *weighing) neighbours(of bitset) []uint32 {
	seen := map[uint32]bool{}
	for i, u := range w.units {
		if of.has(i) && len(u.path) > 1 {
			seen[u.path[len(u.path)-2]] = true
		}
	}
	return sortedKeys(seen)
}

func (w *weighing) crossing(b Break) bitset {
	x := newBitset(len(w.units))
	for i := range w.byAS[b.A].each {
		if b.Crosses(w.units[i].path) {
			x.set(i)
		}
	}
	return x
}

// weigh computes what the units say of a hypothesis. Its first breaks speak for
// its parts, see [Hypothesis.Crosses].
func (w *weighing) weigh(h Hypothesis) *Weighed {
	n := len(w.units)
	z := &Weighed{Hypothesis: h, x: newBitset(n), across: newBitset(n), fresh: newBitset(n)}
	for _, part := range h.Parts {
		b := part[0]
		for i := range w.byAS[b.A].each {
			u := &w.units[i]
			if b.Crosses(u.path) {
				z.x.set(i)
			}
			if len(u.now) > 0 && b.Crosses(u.now) {
				z.across.set(i)
				if u.fresh {
					z.fresh.set(i)
				}
			}
		}
	}
	z.n = z.x.count()
	return z
}

// test decides whether the units exclude the hypothesis: what contradicts it
// must be beyond noise, and stay so whatever single thing is left out.
func (w *weighing) test(z *Weighed) {
	outside := w.gone.without(z.x)
	others := w.all.without(z.x)
	crossed := z.x.union(z.across)
	for _, t := range []struct {
		by               string
		evidence, trials bitset
		noise            *critical
		groups           bool // to set it aside, leave groups out too
	}{
		// A stuck network keeps a whole branch alive, so a kept route sets
		// nothing aside that one network could have faked.
		{"gone outside", outside, others, &w.churn, false},
		{"kept across", z.across, crossed, &w.zombie, true},
		{"fresh across", z.fresh, crossed, &w.none, true},
	} {
		if !w.robust(t.evidence, t.trials, t.noise, t.groups) {
			continue
		}
		if !z.Aside {
			z.Aside, z.By = true, t.by
		}
		if t.groups || w.robust(t.evidence, t.trials, t.noise, true) {
			z.Excluded, z.By = true, t.by
			return
		}
	}
}

// fill lists the vantages that contradict, for the reader.
func (w *weighing) fill(z *Weighed) {
	z.Crossing = z.n
	z.GoneOutside = w.vantages(w.gone.without(z.x))
	z.KeptAcross = w.vantages(z.across.without(z.fresh))
	z.FreshAcross = w.vantages(z.fresh)
	if z.ControlsSurvive == nil {
		z.ControlsSurvive = []int{}
	}
	if z.ControlsLost == nil {
		z.ControlsLost = []int{}
	}
}

func (w *weighing) vantages(b bitset) []int {
	out := []int{}
	for i := range b.each {
		if u := &w.units[i]; len(out) == 0 || out[len(out)-1] != u.vantage {
			out = append(out, u.vantage)
		}
	}
	return out
}

// robust says whether evidence, units out of trials that noise of a rate makes,
// is beyond noise with everything in and with any single vantage left out; with
// groups, any collector and transit network too.
func (w *weighing) robust(evidence, trials bitset, noise *critical, groups bool) bool {
	k := evidence.count()
	if k == 0 {
		return false
	}
	n := trials.count()
	least := noise.of(n)
	if k < least {
		return false
	}
	lists := [...][]omission{w.alone, w.groups}
	for _, list := range lists[:1+b2i(groups)] {
		for _, l := range list {
			// Fewer trials never need more evidence, so what leaves enough for
			// all of them is enough, and so is what follows: it is smaller.
			if k-l.size >= least {
				break
			}
			out := evidence.and(l.set)
			if k-out < least && k-out < noise.of(n-trials.and(l.set)) {
				return false
			}
		}
	}
	return true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// candidates lists every single break on a baseline route, nearest to the
// origin first.
func (w *weighing) candidates() []Break {
	type at struct {
		b     Break
		depth int
	}
	var out []at
	add := func(b Break, depth int) { out = append(out, at{b, depth}) }
	depthAS, depthLink := map[uint32]int{}, map[uint64]int{}
	inside := map[uint32]bool{}
	for i := range w.units {
		p := w.units[i].path
		for j := 0; j < len(p)-1; j++ {
			d := len(p) - 1 - j
			if old, ok := depthAS[p[j]]; !ok || d < old {
				depthAS[p[j]] = d
			}
			if old, ok := depthLink[edge(p[j], p[j+1])]; !ok || d < old {
				depthLink[edge(p[j], p[j+1])] = d
			}
			if j > 0 {
				inside[p[j]] = true
			}
		}
	}
	add(Break{Kind: Origin, A: w.in.Origin}, 0)
	for _, l := range sortedKeys(depthLink) {
		d := 4*depthLink[l] - 3
		a, b := uint32(l>>32), uint32(l)
		add(Break{Kind: Adjacency, A: a, B: b}, d)
		add(Break{Kind: Adjacency, A: a, B: b, Wide: true}, d)
	}
	for _, a := range sortedKeys(depthAS) {
		d := 4*depthAS[a] - 2
		add(Break{Kind: Import, A: a}, d)
		if inside[a] {
			add(Break{Kind: Export, A: a}, d+1)
		}
		add(Break{Kind: Node, A: a, Wide: true}, d)
	}
	for _, b := range w.exports() {
		add(b, 4*depthAS[b.A]-1)
	}
	slices.SortStableFunc(out, func(a, b at) int { return cmp.Or(cmp.Compare(a.depth, b.depth), a.b.Compare(b.b)) })
	bs := make([]Break, len(out))
	for i, x := range out {
		bs[i] = x.b
	}
	return bs
}

// exports proposes, for each network, the neighbours from which it may have
// withheld the routes: those behind which most units changed, and of these those
// behind which more changed than churn explains. All of them would be
// transit-export, one alone is an adjacency. And what stayed behind the others
// must be beyond zombies, whatever one thing is left out: otherwise the sets
// would fit noise.
func (w *weighing) exports() []Break {
	type side struct{ changed, kept, all bitset }
	n := len(w.units)
	next := map[uint32]map[uint32]*side{}
	for i := range w.units {
		u := &w.units[i]
		for j := 0; j+2 < len(u.path); j++ {
			a, from := u.path[j+1], u.path[j]
			if next[a] == nil {
				next[a] = map[uint32]*side{}
			}
			s := next[a][from]
			if s == nil {
				s = &side{newBitset(n), newBitset(n), newBitset(n)}
				next[a][from] = s
			}
			s.all.set(i)
			if len(u.now) > 0 && (Break{Kind: Adjacency, A: from, B: a}).Crosses(u.now) {
				s.kept.set(i)
			} else {
				s.changed.set(i)
			}
		}
	}
	var out []Break
	for _, a := range sortedKeys(next) {
		if len(next[a]) < 3 {
			continue
		}
		var sets [2][]uint32 // by majority; of these, beyond churn
		for _, from := range sortedKeys(next[a]) {
			x := next[a][from]
			if changed := x.changed.count(); changed > x.kept.count() {
				sets[0] = append(sets[0], from)
				if w.churn.beyond(x.all.count(), changed) {
					sets[1] = append(sets[1], from)
				}
			}
		}
		if len(sets[1]) == len(sets[0]) {
			sets[1] = nil
		}
		for _, s := range sets {
			if len(s) < 2 || len(s) == len(next[a]) {
				continue
			}
			kept, all := newBitset(n), newBitset(n)
			for from, x := range next[a] {
				if _, in := slices.BinarySearch(s, from); !in {
					kept, all = kept.union(x.kept), all.union(x.all)
				}
			}
			// One network may be all that the others hang on: then it is not
			// left out, and a stuck one is for the tests of the rest to see.
			if w.robust(kept, all, &w.zombie, false) {
				out = append(out, Break{Kind: ExportTo, A: a, S: s})
			}
		}
	}
	return out
}

// joints are the hypotheses that several observed neighbours of the origin
// stopped together: all of them first, then all of them but one. What cannot be
// told from a neighbour's own break is part of it, breaks of everything
// included unless controls exclude them. A neighbour that may be left out has no
// losses of its own that count, and then nobody can be sure that all stopped.
func (w *weighing) joints(singles []*Weighed) []Hypothesis {
	ns := w.neighbours(w.all)
	if len(ns) < 2 {
		return nil
	}
	parts := make([][]Break, len(ns))
	for i, n := range ns {
		x := w.crossing(Break{Kind: Adjacency, A: n, B: w.in.Origin})
		for _, z := range singles {
			if b := z.Parts[0][0]; b.Kind != Origin && !z.refuted && w.alike(z.x, x, b.A, n) {
				parts[i] = append(parts[i], b)
				if x, ok := w.narrower(b); ok {
					parts[i] = append(parts[i], x)
				}
			}
		}
		if len(parts[i]) == 0 { // controls refute all that could be meant
			return nil
		}
	}
	out := []Hypothesis{{Parts: parts}}
	if len(ns) > 2 {
		for i := range ns {
			out = append(out, Hypothesis{Parts: slices.Delete(slices.Clone(parts), i, i+1)})
		}
	}
	return out
}

// narrower is the refusal beside a transit-export that nobody can tell from it,
// and that claims less: towards those neighbours behind which more changed than
// churn makes; where they are fewer than two, towards those behind which most
// changed. Of other neighbours, seen by few or by nobody, it says nothing.
func (w *weighing) narrower(b Break) (Break, bool) {
	if b.Kind != Export {
		return Break{}, false
	}
	type count struct{ changed, all int }
	behind := map[uint32]count{}
	for i := range w.byAS[b.A].each {
		u := &w.units[i]
		j := slices.Index(u.path, b.A)
		if j < 1 || j == len(u.path)-1 {
			continue
		}
		c := behind[u.path[j-1]]
		c.all++
		if len(u.now) == 0 || !(Break{Kind: Adjacency, A: u.path[j-1], B: b.A}).Crosses(u.now) {
			c.changed++
		}
		behind[u.path[j-1]] = c
	}
	all := sortedKeys(behind)
	most := slices.DeleteFunc(slices.Clone(all), func(n uint32) bool { return 2*behind[n].changed <= behind[n].all })
	sure := slices.DeleteFunc(slices.Clone(most), func(n uint32) bool { return !w.churn.beyond(behind[n].all, behind[n].changed) })
	for _, s := range [][]uint32{sure, most, all} {
		if len(s) >= 2 {
			return Break{Kind: ExportTo, A: b.A, S: s}, true
		}
	}
	return Break{}, false // its one neighbour is an adjacency
}

// withNarrower adds to single transit-exports what cannot be told from them.
func (w *weighing) withNarrower(hs []Hypothesis) []Hypothesis {
	var out []Hypothesis
	for _, h := range hs {
		out = append(out, h)
		if h.Joint() {
			continue
		}
		b, ok := w.narrower(h.Parts[0][0])
		if ok && !slices.ContainsFunc(hs, func(x Hypothesis) bool { return !x.Joint() && x.Has(b) }) {
			out = append(out, Single(b))
		}
	}
	return out
}

// alike says whether two crossing sets are the same but for units of vantages
// inside one of two networks. Sets with nothing in common are not: each may be
// all that was seen of a place of its own.
func (w *weighing) alike(x, y bitset, a, b uint32) bool {
	if d := x.differ(y); d == 0 || d > 2*w.inside || x.and(y) == 0 {
		return d == 0
	}
	for i := range x.either(y) {
		if first := w.units[i].path[0]; first != a && first != b {
			return false
		}
	}
	return true
}

// pairs lists the pairs of single breaks, neither of which is met by all units,
// that together are: of networks far apart, so the last to be thought of, but
// they predict the same. Only the largest crossing sets are paired.
func (w *weighing) pairs(singles []*Weighed, x bitset) []Hypothesis {
	var sets []bitset
	var parts [][]Break
	for _, z := range singles {
		b := z.Parts[0][0]
		if b.Wide || b.Kind == ExportTo || z.x.minus(x) > 0 || z.x.equal(x) || z.x.count() == 0 {
			continue
		}
		k := slices.IndexFunc(sets, func(s bitset) bool { return s.equal(z.x) })
		if k < 0 {
			k = len(sets)
			sets, parts = append(sets, z.x), append(parts, nil)
		}
		parts[k] = append(parts[k], b)
	}
	var largest []int
	for i, s := range sets {
		inner := false
		for j, t := range sets {
			if i != j && s.minus(t) == 0 {
				inner = true
				break
			}
		}
		if !inner {
			largest = append(largest, i)
		}
	}
	var out []Hypothesis
	for n, i := range largest {
		for _, j := range largest[n+1:] {
			if sets[i].union(sets[j]).equal(x) {
				out = append(out, Hypothesis{Parts: [][]Break{parts[i], parts[j]}})
			}
		}
	}
	return out
}
