package cause

import (
	"cmp"
	"slices"

	"constat/judge/place"
)

// Weighed is a place with what speaks against it.
type Weighed struct {
	place.Hypothesis
	// Excluded says that other prefixes refute it: of a network down for
	// everything only. Nothing narrower is ever excluded.
	Excluded bool `json:"excluded"`
	// By says what excludes it: "controls-survive". Empty if nothing does.
	By       string `json:"by,omitempty"`
	Crossing int    `json:"crossing"` // units whose last path crosses it
	// ControlsSurvive and ControlsLost are near controls across it that most of
	// three or more vantages still had at the trough, or had lost.
	ControlsSurvive []int `json:"controls_survive"`
	ControlsLost    []int `json:"controls_lost"`
}

// single lists the places where one act suffices to explain all losses but the
// noise, the nearest to the origin first. Routes must no longer pass over any of
// the sessions that the act would have stopped. Example: AS4837 "passes the routes
// to nobody" is no such place if AS1239 still has them from AS4837.
func (w *net) single(need int, total bool) []place.Break {
	type at struct {
		b     place.Break
		depth int
	}
	var out []at
	add := func(b place.Break, depth int) { out = append(out, at{b, depth}) }
	from, to := map[uint32][]int32{}, map[uint32][]int32{}
	depth := map[uint32]int{}
	for i := range w.paths {
		for _, ids := range w.paths[i] {
			for j, s := range ids {
				x := w.sess[s]
				for as, d := range map[uint32]int{x.Near: j, x.Far: j + 1} {
					if old, ok := depth[as]; !ok || d < old {
						depth[as] = d
					}
				}
			}
		}
	}
	for s, x := range w.sess {
		from[x.Near] = append(from[x.Near], int32(s))
		to[x.Far] = append(to[x.Far], int32(s))
	}
	// A lost unit is explained if each of its possible last paths runs over one
	// of the sessions; and if the routes had just moved, so must nearly all paths
	// that were seen after the move.
	set := make([]bool, len(w.sess))
	crosses := func(ids []int32) bool { return slices.ContainsFunc(ids, func(s int32) bool { return set[s] }) }
	cover := func(ss []int32) (n int, free bool, open []int32) {
		free = true
		for _, s := range ss {
			if w.alive[s] {
				free = false
				continue
			}
			open = append(open, s)
			set[s] = true
		}
		defer func() {
			for _, s := range open {
				set[s] = false
			}
		}()
		for i := range w.paths {
			all := true
			for _, ids := range w.paths[i] {
				all = all && crosses(ids)
			}
			n += b2i(all)
		}
		moved := 0
		for _, p := range w.moved {
			for j := 0; j+1 < len(p); j++ {
				if id, ok := w.id[place.Session{Near: p[j+1], Far: p[j]}]; ok && set[id] {
					moved++
					break
				}
			}
		}
		if 10*moved < 9*len(w.moved) {
			n = 0
		}
		return n, free, open
	}
	// If there are several origins, none of them stops what the others announce.
	origins := map[uint32]bool{}
	for _, p := range w.in.Subject {
		origins[p.Origin] = true
	}
	if len(origins) > 1 {
		origins = nil
	}
	for _, as := range sortedKeys(depth) {
		d := 4 * depth[as]
		// What it passes on, and what it is passed.
		if w.actors[w.by[w.operatorOf(as)]].all.count() < need {
			continue
		}
		n, free, open := cover(from[as])
		if n >= need {
			switch {
			case origins[as] && free && !w.goes[as]:
				add(place.Break{Kind: place.Origin, A: as}, d)
			case free && len(open) > 1 && !w.goes[as]:
				add(place.Break{Kind: place.TransitExport, A: as}, d+1)
			case len(open) > 1:
				var s []uint32
				for _, x := range open {
					s = append(s, w.sess[x].Far)
				}
				slices.Sort(s)
				add(place.Break{Kind: place.Export, A: as, S: slices.Compact(s)}, d+1)
			case !origins[as] && free && total && !w.goes[as]:
				add(place.Break{Kind: place.TransitExport, A: as}, d+1)
			}
		}
		if n, free, _ := cover(to[as]); n >= need && free && !origins[as] {
			add(place.Break{Kind: place.TransitImport, A: as}, d-1)
		}
		if n, free, _ := cover(append(slices.Clone(from[as]), to[as]...)); n >= need && free && !w.goes[as] {
			add(place.Break{Kind: place.Node, A: as, Wide: true}, d)
		}
	}
	for s, x := range w.sess {
		if w.alive[s] || w.cross[s].count() < need {
			continue
		}
		if n, _, _ := cover([]int32{int32(s)}); n >= need {
			add(place.Break{Kind: place.Adjacency, A: x.Far, B: x.Near}, 4*depth[x.Near]+2)
		}
	}
	slices.SortStableFunc(out, func(a, b at) int { return cmp.Or(cmp.Compare(a.depth, b.depth), a.b.Compare(b.b)) })
	bs := make([]place.Break, len(out))
	for i, x := range out {
		bs[i] = x.b
	}
	return bs
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// weigh asks, of each place, how many lost units crossed it, and of each network
// that may have been down for everything, what became of other prefixes across
// it, its own first.
func (w *net) weigh(places []place.Break, least int) []Weighed {
	out := []Weighed{}
	for _, b := range places {
		z := Weighed{Hypothesis: place.Single(b), ControlsSurvive: []int{}, ControlsLost: []int{}}
		for _, i := range w.lost {
			z.Crossing += b2i(b.Crosses(w.units[i].path))
		}
		if b.Kind == place.Node {
			w.controls(&z, b.A, least)
		}
		out = append(out, z)
	}
	return out
}

// controls excludes that a network was down for everything, by another prefix
// that stayed, or is freshly announced, across it at most of so many
// networks of vantages (the standard's near controls, three under clear) that were
// watching. A prefix of its own counts as one across it. What stayed behind one network
// alone excludes nothing if others had routes across it too: see [ways].
func (w *net) controls(z *Weighed, as uint32, least int) {
	on := func(p Path) bool { return slices.Contains(p[min(1, len(p)):], as) } // a vantage inside it proves nothing
	type sharers struct {                                                      // prefixes of one family that share their sights
		of     *Sight
		family int
	}
	known := map[sharers]*[]int{}
	ways := newWays(w, as, least)
	for i := range w.in.Near {
		c := &w.in.Near[i]
		if len(c.Sights) == 0 {
			continue
		}
		same := sharers{&c.Sights[0], family(c.Prefix)}
		if list, ok := known[same]; ok {
			if list != nil {
				*list = append(*list, i)
			}
			continue
		}
		known[same] = nil
		live := w.live[family(c.Prefix)]
		stay, all := map[uint32]bool{}, map[uint32]bool{}
		ways.begin()
		for j := range c.Sights {
			s := &c.Sights[j]
			if s.State == Unseen || !live[s.Vantage] {
				continue
			}
			v := w.in.Vantages[s.Vantage].AS
			now := (s.State == Kept || s.State == Moved) && on(s.Now)
			fresh := now && s.Since > w.in.Converged
			if had := len(s.Baseline) > 0 && on(s.Baseline); had || fresh {
				all[v] = true
				ways.add(v, s)
				// A route that left it and came back says nothing of the moment of
				// the loss: the network may have been down, and be up again.
				away := func(p Path) bool { return !on(p) }
				if now && (!had || !s.Broken && !slices.ContainsFunc(s.Between, away)) {
					stay[v] = true
				}
			}
		}
		switch n, k := len(all), len(stay); {
		case n < least:
		case 2*k > n && tail(n, k, w.zombie) < w.alpha:
			z.ControlsSurvive, known[same] = append(z.ControlsSurvive, i), &z.ControlsSurvive
			ways.survives(w, all, stay, least)
		case 2*k < n:
			z.ControlsLost, known[same] = append(z.ControlsLost, i), &z.ControlsLost
		}
	}
	if len(z.ControlsSurvive) > 0 && !ways.restOnOne() {
		z.Excluded, z.By = true, "controls-survive"
	}
}
