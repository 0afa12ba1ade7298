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
	across  bitset
	fresh   bitset
	refuted bool // by controls, whatever the units say
	known   int8 // whether controls tell its scope: 1 yes, -1 no, 0 not asked
}

// weighing is one examination at work.
type weighing struct {
	in    *Input
	std   proof.Standard
	units []unit
	all   bitset
	gone  bitset
	trunk map[uint32]bool
	leave []bitset // what may be left out, one at a time: vantages first
	alone int      // how many of them are single vantages

	zombie, churn, none critical

	onTrunk map[uint32][]vote // of each near control, at each network of the trunk
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
	for i, u := range w.units {
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
	if s.Vantage {
		for _, v := range sortedKeys(byVantage) {
			w.leave = append(w.leave, byVantage[v])
		}
	}
	w.alone = len(w.leave)
	if s.Collector && len(byCollector) > 1 {
		for _, c := range sortedKeys(byCollector) {
			w.leave = append(w.leave, byCollector[c])
		}
	}
	if s.Transit {
		for _, a := range sortedKeys(byAS) {
			if !w.trunk[a] {
				w.leave = append(w.leave, byAS[a])
			}
		}
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
	for i, u := range w.units {
		if b.Crosses(u.path) {
			x.set(i)
		}
	}
	return x
}

// weigh computes what the units say of a hypothesis.
func (w *weighing) weigh(h Hypothesis) *Weighed {
	n := len(w.units)
	z := &Weighed{Hypothesis: h, x: newBitset(n), across: newBitset(n), fresh: newBitset(n)}
	for i := range w.units {
		u := &w.units[i]
		if h.Crosses(u.path) {
			z.x.set(i)
		}
		if len(u.now) > 0 && h.Crosses(u.now) {
			z.across.set(i)
			if u.fresh {
				z.fresh.set(i)
			}
		}
	}
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
		aside            []bitset
	}{
		// A stuck network keeps a whole branch alive, so a kept route sets
		// nothing aside that one network could have faked.
		{"gone outside", outside, others, &w.churn, w.leave[:w.alone]},
		{"kept across", z.across, crossed, &w.zombie, w.leave},
		{"fresh across", z.fresh, crossed, &w.none, w.leave},
	} {
		if !z.Aside && w.robust(t.evidence, t.trials, t.noise, t.aside) {
			z.Aside, z.By = true, t.by
		}
		if w.robust(t.evidence, t.trials, t.noise, w.leave) {
			z.Excluded, z.By = true, t.by
			return
		}
	}
}

// fill lists the vantages that contradict, for the reader.
func (w *weighing) fill(z *Weighed) {
	z.Crossing = z.x.count()
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
	for i, u := range w.units {
		if b.has(i) && (len(out) == 0 || out[len(out)-1] != u.vantage) {
			out = append(out, u.vantage)
		}
	}
	return out
}

// robust says whether evidence, units out of trials that noise of a rate makes,
// is beyond noise with everything in and with any single thing of leave left
// out.
func (w *weighing) robust(evidence, trials bitset, noise *critical, leave []bitset) bool {
	n, k := trials.count(), evidence.count()
	if !noise.beyond(n, k) {
		return false
	}
	for _, l := range leave {
		if out := evidence.and(l); out > 0 && !noise.beyond(n-trials.and(l), k-out) {
			return false
		}
	}
	return true
}

// candidates lists every single break on a baseline route, nearest to the
// origin first.
func (w *weighing) candidates() []Break {
	type at struct {
		b     Break
		depth int
	}
	seen := map[string]int{}
	var out []at
	add := func(b Break, depth int) {
		k := b.String()
		if b.Wide {
			k += "/wide"
		}
		if i, ok := seen[k]; ok {
			out[i].depth = min(out[i].depth, depth)
			return
		}
		seen[k] = len(out)
		out = append(out, at{b, depth})
	}
	// Collect networks and links first; naming each break once is what costs.
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
// withheld the routes: those behind which most units changed. All of them would
// be transit-export, one alone is an adjacency.
func (w *weighing) exports() []Break {
	type tally struct{ changed, kept int }
	by := map[uint64]*tally{}
	next := map[uint32]map[uint32]bool{}
	for i := range w.units {
		u := &w.units[i]
		for j := 0; j+2 < len(u.path); j++ {
			k := edge(u.path[j], u.path[j+1])
			t := by[k]
			if t == nil {
				t = &tally{}
				by[k] = t
			}
			if next[u.path[j+1]] == nil {
				next[u.path[j+1]] = map[uint32]bool{}
			}
			next[u.path[j+1]][u.path[j]] = true
			if len(u.now) > 0 && (Break{Kind: Adjacency, A: u.path[j], B: u.path[j+1]}).Crosses(u.now) {
				t.kept++
			} else {
				t.changed++
			}
		}
	}
	var out []Break
	for _, a := range sortedKeys(next) {
		var s []uint32
		for _, n := range sortedKeys(next[a]) {
			if t := by[edge(n, a)]; t.changed > t.kept {
				s = append(s, n)
			}
		}
		if len(s) >= 2 && len(s) < len(next[a]) {
			out = append(out, Break{Kind: ExportTo, A: a, S: s})
		}
	}
	return out
}

// joint is the hypothesis that all observed neighbours of the origin stopped
// together; ok is false where there is only one. What cannot be told from a
// neighbour's own break is part of it, breaks of everything included unless
// controls exclude them.
func (w *weighing) joint(singles []*Weighed) (Hypothesis, bool) {
	ns := w.neighbours(w.all)
	if len(ns) < 2 {
		return Hypothesis{}, false
	}
	var h Hypothesis
	for _, n := range ns {
		x := w.crossing(Break{Kind: Adjacency, A: n, B: w.in.Origin})
		var part []Break
		for _, z := range singles {
			if b := z.Parts[0][0]; z.x.equal(x) && b.Kind != Origin && !z.refuted {
				part = append(part, b)
			}
		}
		if len(part) == 0 { // controls refute all that could be meant
			return Hypothesis{}, false
		}
		h.Parts = append(h.Parts, part)
	}
	return h, true
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
