package cause

// vote is what one near control says of one break: whether most of the vantages
// that had it across the break still have it across.
type vote uint8

const (
	silent vote = iota
	stayed
	went
)

// crossVote asks a control about a break; left out units are those whose
// vantage or path the function says to drop.
func crossVote(p *Prefix, b Break, live []bool, drop func(*Sight) bool) vote {
	keep, lost := 0, 0
	for i := range p.Sights {
		s := &p.Sights[i]
		if s.State == Unseen || len(s.Baseline) == 0 || !live[s.Vantage] || !b.Crosses(s.Baseline) || drop != nil && drop(s) {
			continue
		}
		if s.State != Gone && b.Crosses(s.Now) {
			keep++
		} else {
			lost++
		}
	}
	switch {
	case keep+lost == 0:
		return silent
	case keep > lost:
		return stayed
	}
	return went
}

// controls asks all near controls about a break.
func (w *weighing) controls(b Break, live []bool, drop func(*Sight) bool) (stay, gone []int) {
	for i := range w.in.Near {
		switch crossVote(&w.in.Near[i], b, live, drop) {
		case stayed:
			stay = append(stay, i)
		case went:
			gone = append(gone, i)
		}
	}
	return stay, gone
}

// origins counts the distinct origins of controls: prefixes of one network are
// one control.
func (w *weighing) origins(of []int) int {
	seen := map[uint32]bool{}
	for _, i := range of {
		seen[w.in.Near[i].Origin] = true
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
	if b.Wide {
		w.controlsStayed(z, b, live)
	}
	w.controlsWent(z, b, live)
}

// controlsStayed excludes a break of everything by controls across it that
// stayed.
func (w *weighing) controlsStayed(z *Weighed, b Break, live []bool) {
	stay, gone := w.controls(b, live, nil)
	z.ControlsSurvive = stay
	enough := func(stay, gone []int, least int) bool {
		k, n := w.origins(stay), w.origins(append(append([]int(nil), stay...), gone...))
		return k >= least && tail(n, k, w.std.Noise.Zombie) < w.std.Noise.Alpha && 2*k > n
	}
	if !enough(stay, gone, w.std.NearControls) {
		return
	}
	// One vantage, collector or transit network fewer must not matter.
	least := max(1, w.std.NearControls-1)
	single, rest := w.drops(b)
	for _, drop := range single {
		if s, g := w.controls(b, live, drop); !enough(s, g, least) {
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
		if s, g := w.controls(b, live, drop); !enough(s, g, least) {
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
func (w *weighing) controlsWent(z *Weighed, b Break, live []bool) {
	for _, a := range sortedKeys(w.trunk) {
		if a == w.in.Origin {
			continue
		}
		var stay, gone []int
		for i := range w.in.Near {
			p := &w.in.Near[i]
			if b.Wide && crossVote(p, b, live, nil) != silent {
				continue
			}
			switch crossVote(p, Break{Kind: Node, A: a}, live, nil) {
			case stayed:
				stay = append(stay, i)
			case went:
				gone = append(gone, i)
			}
		}
		k, n := w.origins(gone), w.origins(append(append([]int(nil), stay...), gone...))
		few := n < 2*w.std.NearControls && (k < n || k <= w.std.NearControls)
		if k < w.std.NearControls || few || 2*k <= n || tail(n, k-1, w.std.Noise.Churn) >= w.std.Noise.Alpha {
			continue
		}
		z.ControlsLost, z.refuted = gone, true
		if !z.Excluded {
			z.Excluded, z.Aside, z.By = true, true, "controls lost"
		}
		return
	}
}

// drops lists the single things that may be left out of the controls' sights:
// vantages, and what stands for many of them.
func (w *weighing) drops(b Break) (single, rest []func(*Sight) bool) {
	s := w.std.Sensitivity
	vantages, collectors, transits := map[int]bool{}, map[string]bool{}, map[uint32]bool{}
	for i := range w.in.Near {
		for j := range w.in.Near[i].Sights {
			x := &w.in.Near[i].Sights[j]
			if x.State == Unseen || !b.Crosses(x.Baseline) {
				continue
			}
			vantages[x.Vantage] = true
			collectors[w.in.Vantages[x.Vantage].Collector] = true
			for _, a := range x.Baseline {
				if a == b.A {
					break
				}
				if !w.trunk[a] {
					transits[a] = true
				}
			}
		}
	}
	if s.Vantage && len(vantages) > 1 {
		for _, v := range sortedKeys(vantages) {
			single = append(single, func(x *Sight) bool { return x.Vantage == v })
		}
	}
	if s.Collector && len(collectors) > 1 {
		for _, c := range sortedKeys(collectors) {
			rest = append(rest, func(x *Sight) bool { return w.in.Vantages[x.Vantage].Collector == c })
		}
	}
	if s.Transit && len(transits) > 1 {
		for _, a := range sortedKeys(transits) {
			rest = append(rest, func(x *Sight) bool {
				for _, p := range x.Baseline {
					if p == a {
						return true
					}
				}
				return false
			})
		}
	}
	return single, rest
}
