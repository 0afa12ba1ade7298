package cause

import "slices"

// vote is what one near control says of one break: whether most of the vantages
// that had it across the break still have it across.
type vote uint8

const (
	silent vote = iota
	stayed
	went
)

// across is one vantage that had a near control across a break.
type across struct {
	control, vantage int
	path             Path
	kept             bool // it still has it across
}

// acrossOf lists the live vantages and near controls across a break, control by
// control.
func (w *weighing) acrossOf(b Break, live []bool) []across {
	var out []across
	for i := range w.in.Near {
		p := &w.in.Near[i]
		for j := range p.Sights {
			s := &p.Sights[j]
			if s.State == Unseen || len(s.Baseline) == 0 || !live[s.Vantage] || !b.Crosses(s.Baseline) {
				continue
			}
			out = append(out, across{i, s.Vantage, s.Baseline, s.State != Gone && b.Crosses(s.Now)})
		}
	}
	return out
}

// votes lets the controls vote, each by the majority of its vantages, but for
// those that are left out.
func votes(all []across, leave func(*across) bool) (stay, gone []int) {
	for i := 0; i < len(all); {
		c := all[i].control
		keep, lost := 0, 0
		for ; i < len(all) && all[i].control == c; i++ {
			switch {
			case leave != nil && leave(&all[i]):
			case all[i].kept:
				keep++
			default:
				lost++
			}
		}
		switch {
		case keep > lost:
			stay = append(stay, c)
		case lost > 0:
			gone = append(gone, c)
		}
	}
	return stay, gone
}

// origins counts the distinct origins of controls: prefixes of one network are
// one control.
func (w *weighing) origins(lists ...[]int) int {
	var seen []uint32
	for _, l := range lists {
		for _, i := range l {
			if o := w.in.Near[i].Origin; !slices.Contains(seen, o) {
				seen = append(seen, o)
			}
		}
	}
	return len(seen)
}

// testControls lets near controls exclude a hypothesis: one of everything that
// crosses by controls that stayed, one of the subject's routes alone by controls
// that went with it.
func (w *weighing) testControls(z *Weighed, live []bool) {
	if len(w.in.Near) == 0 || z.Joint() {
		return
	}
	b := z.Parts[0][0]
	var mine []across
	if b.Wide {
		mine = w.acrossOf(b, live)
		w.controlsStayed(z, mine)
	}
	w.controlsWent(z, mine, live)
}

// controlsStayed excludes a break of everything by controls across it that
// stayed.
func (w *weighing) controlsStayed(z *Weighed, mine []across) {
	stay, gone := votes(mine, nil)
	z.ControlsSurvive = stay
	enough := func(stay, gone []int, least int) bool {
		k, n := w.origins(stay), w.origins(stay, gone)
		return k >= least && w.zombie.beyond(n, k) && 2*k > n
	}
	if !enough(stay, gone, w.std.NearControls) {
		return
	}
	// One vantage, collector or transit network fewer must not matter.
	least := max(1, w.std.NearControls-1)
	single, rest := w.drops(mine, z.Parts[0][0])
	for _, drop := range single {
		if s, g := votes(mine, drop); !enough(s, g, least) {
			return
		}
	}
	if !z.Aside {
		z.Aside = true
		if z.By == "" {
			z.By = "controls survive"
		}
	}
	for _, drop := range rest {
		if s, g := votes(mine, drop); !enough(s, g, least) {
			return
		}
	}
	z.refuted = true
	if !z.Excluded {
		z.Excluded, z.By = true, "controls survive"
	}
}

// controlsWent excludes a break by controls that it does not touch and that
// went with the subject: where most of what crosses a network on the trunk went,
// a break nearer to the origin, or of the subject's routes alone, is not what
// happened.
func (w *weighing) controlsWent(z *Weighed, mine []across, live []bool) {
	touched := make([]bool, len(w.in.Near))
	for i := range mine {
		touched[mine[i].control] = true
	}
	for _, a := range sortedKeys(w.trunk) {
		if a == w.in.Origin {
			continue
		}
		var stay, gone []int
		for i, v := range w.trunkVotes(a, live) {
			switch {
			case touched[i]:
			case v == stayed:
				stay = append(stay, i)
			case v == went:
				gone = append(gone, i)
			}
		}
		k, n := w.origins(gone), w.origins(stay, gone)
		few := n < 2*w.std.NearControls && (k < n || k <= w.std.NearControls)
		if k < w.std.NearControls || few || 2*k <= n || !w.churn.beyond(n, k-1) {
			continue
		}
		z.ControlsLost, z.refuted = gone, true
		if !z.Excluded {
			z.Excluded, z.Aside, z.By = true, true, "controls lost"
		}
		return
	}
}

// trunkVotes are the votes of all near controls at a network of the trunk.
func (w *weighing) trunkVotes(a uint32, live []bool) []vote {
	if v, ok := w.onTrunk[a]; ok {
		return v
	}
	v := make([]vote, len(w.in.Near))
	stay, gone := votes(w.acrossOf(Break{Kind: Node, A: a}, live), nil)
	for _, i := range stay {
		v[i] = stayed
	}
	for _, i := range gone {
		v[i] = went
	}
	if w.onTrunk == nil {
		w.onTrunk = map[uint32][]vote{}
	}
	w.onTrunk[a] = v
	return v
}

// drops lists the single things that may be left out of the controls' sights:
// vantages, and what stands for many of them.
func (w *weighing) drops(mine []across, b Break) (single, rest []func(*across) bool) {
	s := w.std.Sensitivity
	vantages, collectors, transits := map[int]bool{}, map[string]bool{}, map[uint32]bool{}
	for i := range mine {
		x := &mine[i]
		vantages[x.vantage] = true
		collectors[w.in.Vantages[x.vantage].Collector] = true
		for _, a := range x.path {
			if a == b.A {
				break
			}
			if !w.trunk[a] {
				transits[a] = true
			}
		}
	}
	if s.Vantage && len(vantages) > 1 {
		for _, v := range sortedKeys(vantages) {
			single = append(single, func(x *across) bool { return x.vantage == v })
		}
	}
	if s.Collector && len(collectors) > 1 {
		for _, c := range sortedKeys(collectors) {
			rest = append(rest, func(x *across) bool { return w.in.Vantages[x.vantage].Collector == c })
		}
	}
	if s.Transit && len(transits) > 1 {
		for _, a := range sortedKeys(transits) {
			rest = append(rest, func(x *across) bool { return slices.Contains(x.path, a) })
		}
	}
	return single, rest
}
