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

// nearSight is one live vantage's view of a near control.
type nearSight struct{ control, sight int32 }

// nearAt lists the near controls that live vantages had across a network, control
// by control.
func (w *weighing) nearAt(as uint32, live []bool) []nearSight {
	if w.near == nil {
		w.near = map[uint32][]nearSight{}
		for i := range w.in.Near {
			sights := w.in.Near[i].Sights
			for j := range sights {
				s := &sights[j]
				if s.State == Unseen || len(s.Baseline) == 0 || !live[s.Vantage] {
					continue
				}
				x := nearSight{int32(i), int32(j)}
				for _, a := range s.Baseline[:len(s.Baseline)-1] {
					if _, ok := w.depths[a]; !ok {
						continue // no break of the subject's routes is there
					}
					if l := w.near[a]; len(l) == 0 || l[len(l)-1] != x {
						w.near[a] = append(l, x)
					}
				}
			}
		}
	}
	return w.near[as]
}

// acrossOf lists the live vantages and near controls across a break, control by
// control.
func (w *weighing) acrossOf(b Break, live []bool) []across {
	at := w.nearAt(b.A, live)
	out := make([]across, 0, len(at))
	for _, x := range at {
		s := &w.in.Near[x.control].Sights[x.sight]
		if b.Crosses(s.Baseline) {
			out = append(out, across{int(x.control), s.Vantage, s.Baseline, s.State != Gone && b.Crosses(s.Now)})
		}
	}
	return out
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
	t := w.newTally(mine)
	for c := range t.keep {
		if t.vote(c) == stayed {
			z.ControlsSurvive = append(z.ControlsSurvive, c)
		}
	}
	enough := func(least int) bool { return t.stay >= least && w.zombie.beyond(t.all, t.stay) && 2*t.stay > t.all }
	if !enough(w.std.NearControls) {
		return
	}
	// One vantage, collector or transit network fewer must not matter.
	least := max(1, w.std.NearControls-1)
	matters := func(drops [][]int32) bool {
		return slices.ContainsFunc(drops, func(drop []int32) bool {
			t.change(mine, drop, -1)
			ok := enough(least)
			t.change(mine, drop, 1)
			return !ok
		})
	}
	single, rest := w.drops(mine, z.Parts[0][0])
	if matters(single) {
		return
	}
	if !z.Aside {
		z.Aside = true
		if z.By == "" {
			z.By = "controls survive"
		}
	}
	if matters(rest) {
		return
	}
	z.refuted = true
	if !z.Excluded {
		z.Excluded, z.By = true, "controls survive"
	}
}

// tally keeps the votes of near controls while vantages are left out and put
// back, and counts the distinct origins behind them.
type tally struct {
	keep, lost []int // by control: its vantages
	origin     []int // of each control
	n          [][2]int
	stay, all  int // origins with a control that stayed; with one that says anything
}

func (w *weighing) newTally(mine []across) *tally {
	c := len(w.in.Near)
	if w.nearOrigin == nil {
		for i := range w.in.Near { // the first control of an origin stands for it
			w.nearOrigin = append(w.nearOrigin, slices.IndexFunc(w.in.Near, func(p Prefix) bool { return p.Origin == w.in.Near[i].Origin }))
		}
	}
	t := &tally{keep: make([]int, c), lost: make([]int, c), origin: w.nearOrigin, n: make([][2]int, c)}
	for i := range mine {
		if mine[i].kept {
			t.keep[mine[i].control]++
		} else {
			t.lost[mine[i].control]++
		}
	}
	for c := range t.keep {
		t.count(c, 1)
	}
	return t
}

// vote is that of a control, by the majority of its vantages.
func (t *tally) vote(control int) vote {
	switch {
	case t.keep[control] > t.lost[control]:
		return stayed
	case t.lost[control] > 0:
		return went
	}
	return silent
}

// count enters a control's vote under its origin, or takes it out.
func (t *tally) count(control, by int) {
	n := &t.n[t.origin[control]]
	stay, all := n[0] > 0, n[0]+n[1] > 0
	switch t.vote(control) {
	case stayed:
		n[0] += by
	case went:
		n[1] += by
	}
	t.stay += b2i(n[0] > 0) - b2i(stay)
	t.all += b2i(n[0]+n[1] > 0) - b2i(all)
}

// change leaves sights out, or puts them back.
func (t *tally) change(mine []across, sights []int32, by int) {
	for _, i := range sights {
		x := &mine[i]
		t.count(x.control, -1)
		if x.kept {
			t.keep[x.control] += by
		} else {
			t.lost[x.control] += by
		}
		t.count(x.control, 1)
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
		// Nothing crosses a network that is down. Where more stayed than zombies
		// leave, those that went were lost beyond it, to another break perhaps.
		if w.zombie.beyond(n, w.origins(stay)) {
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
	t := w.newTally(w.acrossOf(Break{Kind: Node, A: a}, live))
	for i := range v {
		v[i] = t.vote(i)
	}
	if w.onTrunk == nil {
		w.onTrunk = map[uint32][]vote{}
	}
	w.onTrunk[a] = v
	return v
}

// drops lists the single things that may be left out of the controls' sights, as
// the sights that go with them: vantages, and what stands for many of them.
func (w *weighing) drops(mine []across, b Break) (single, rest [][]int32) {
	s := w.std.Sensitivity
	if s.Vantage {
		if by := group(mine, func(x *across) int { return x.vantage }); len(by) > 1 {
			single = by
		}
	}
	if s.Collector {
		if by := group(mine, func(x *across) string { return w.in.Vantages[x.vantage].Collector }); len(by) > 1 {
			rest = by
		}
	}
	if s.Transit {
		// Those on the vantages' side of the break, wherever else they stand.
		transits := map[uint32][]int32{}
		for i := range mine {
			for _, a := range mine[i].path {
				if a == b.A {
					break
				}
				if !w.trunk[a] {
					transits[a] = nil
				}
			}
		}
		if len(transits) > 1 {
			for i := range mine {
				for _, a := range mine[i].path {
					if l, ok := transits[a]; ok && (len(l) == 0 || l[len(l)-1] != int32(i)) {
						transits[a] = append(l, int32(i))
					}
				}
			}
			for _, l := range transits { // whether any matters; in no order
				rest = append(rest, l)
			}
		}
	}
	return single, rest
}

// group sorts sights by what they have in common.
func group[K comparable](mine []across, of func(*across) K) [][]int32 {
	index := map[K]int{}
	var out [][]int32
	for i := range mine {
		k := of(&mine[i])
		g, ok := index[k]
		if !ok {
			g = len(out)
			index[k] = g
			out = append(out, nil)
		}
		out[g] = append(out[g], int32(i))
	}
	return out
}
