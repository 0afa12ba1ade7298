package cause

import (
	"cmp"
	"net/netip"
	"slices"
)

// unit is what one vantage saw of the prefixes that it had on one path: the
// smallest thing that speaks on its own.
type unit struct {
	vantage   int
	path      Path   // the baseline; nil if none was seen before the loss
	also      []Path // other paths that may have been the last
	explored  []Path // paths held for a moment on the way down
	usual     Path
	changed   int64
	inferred  bool
	displaced bool // most of its prefixes were taken over by another origin
	state     State
	now       Path
	fresh     bool // now was announced after convergence
	lost      int64
	weight    int // prefixes
}

// family is 0 for IPv4 and 1 for IPv6.
func family(p netip.Prefix) int { return b2i(p.Addr().Is6()) }

// units gathers the sights of live vantages. Prefixes with the same baseline
// at a vantage are one unit, whose state is that of most of them.
func units(in *Input, live [2][]bool) []unit {
	type key struct {
		vantage int
		path    string
	}
	type gather struct {
		unit
		n         [4]int
		displaced int
		now       map[string]int
		ways      map[string]unit
	}
	all := map[key]*gather{}
	var order []key
	for _, p := range in.Subject {
		for _, s := range p.Sights {
			if s.State == Unseen || !live[family(p.Prefix)][s.Vantage] {
				continue
			}
			k := key{s.Vantage, pathKey(s.Baseline)}
			if s.Baseline == nil {
				k.path = "\x00" + pathKey(s.Now) // each way of its own
			}
			g := all[k]
			if g == nil {
				g = &gather{unit: unit{vantage: s.Vantage, path: s.Baseline, usual: s.Usual, changed: s.Changed}}
				all[k] = g
				order = append(order, k)
			}
			g.weight++
			g.inferred = g.inferred || s.Inferred
			g.n[s.State]++
			g.displaced += b2i(s.State == Gone && s.Displaced)
			g.lost = max(g.lost, s.Lost)
			for _, a := range s.Also {
				g.also = appendPath(g.also, a)
			}
			for _, h := range s.Explored {
				g.explored = appendPath(g.explored, h.Path)
			}
			if s.State == Kept || s.State == Moved {
				if g.now == nil {
					g.now, g.ways = map[string]int{}, map[string]unit{}
				}
				w := pathKey(s.Now)
				g.now[w]++
				u, ok := g.ways[w]
				g.ways[w] = unit{now: s.Now, fresh: s.Since > in.Converged || ok && u.fresh}
			}
		}
	}
	out := make([]unit, 0, len(order))
	for _, k := range order {
		g := all[k]
		u := g.unit
		switch {
		case g.n[Gone] > g.n[Kept]+g.n[Moved]:
			u.state = Gone
			u.displaced = 2*g.displaced > g.n[Gone]
		default:
			u.state = Kept
			if g.n[Moved] > g.n[Kept] {
				u.state = Moved
			}
			best := ""
			for w, n := range g.now {
				if best == "" || n > g.now[best] || n == g.now[best] && w < best {
					best = w
				}
			}
			u.now, u.fresh = g.ways[best].now, g.ways[best].fresh
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b unit) int {
		return cmp.Or(cmp.Compare(a.vantage, b.vantage), slices.Compare(a.path, b.path), slices.Compare(a.now, b.now))
	})
	return out
}

// appendPath adds a path that is not there yet.
func appendPath(to []Path, p Path) []Path {
	if slices.ContainsFunc(to, func(q Path) bool { return slices.Equal(p, q) }) {
		return to
	}
	return append(to, p)
}

// screened is what the far controls say of the vantages, by family.
type screened struct {
	live  [2][]bool
	few   [2][]bool // too few far controls are known of the vantage
	any   bool      // at least one vantage carries enough far controls
	blind []int     // vantages that lost most of their far controls
	// sudden are those of them that lost nearly all of five or more in the minutes
	// in which they lost the subject, as a session does that breaks off.
	sudden []int
	// beyond says that most of these lost them behind one network that they
	// share: it failed, and nobody was reset.
	beyond bool
	// wholeCollector says that nearly all of them are nearly all vantages of some
	// collectors: a network that fails does not know who feeds which.
	wholeCollector bool
}

// farLeast is how many far controls a vantage must carry, of the family of the
// lost routes and in the same session, to be one that could be asked.
const farLeast = 3

// suddenFor is how far from the subject's loss, in seconds, far controls are lost
// with it.
const suddenFor = 180

// screen tells vantages from the blind by their far controls: one that carries
// few of the family is no vantage for it, and one that lost more than half of
// them at the same moment is blind.
func screen(in *Input) screened {
	var s screened
	n := len(in.Vantages)
	blind := make([]bool, n)
	common := map[int]map[uint32]bool{}
	sudden := map[int]bool{}
	for f := range s.live {
		s.live[f], s.few[f] = make([]bool, n), make([]bool, n)
		had, lost := make([]int, n), make([]int, n)
		sights := make([][]*Sight, n)
		for i := range in.Far {
			if family(in.Far[i].Prefix) != f {
				continue
			}
			for j := range in.Far[i].Sights {
				x := &in.Far[i].Sights[j]
				if len(x.Baseline) > 0 && x.State != Unseen {
					had[x.Vantage]++
					lost[x.Vantage] += b2i(x.State == Gone)
					sights[x.Vantage] = append(sights[x.Vantage], x)
				}
			}
		}
		for v := range n {
			if had[v] < farLeast {
				s.few[f][v] = true
				continue
			}
			s.any = true
			if 2*lost[v] > had[v] && !behindOne(sights[v]) {
				blind[v] = true
				common[v] = commonOf(sights[v])
				at := 0
				for _, x := range sights[v] {
					at += b2i(x.State == Gone && x.Lost >= in.Onset-suddenFor && x.Lost <= in.Onset+suddenFor)
				}
				sudden[v] = sudden[v] || had[v] >= 5 && 10*at >= 9*had[v]
				continue
			}
			s.live[f][v] = true
		}
	}
	share := map[uint32]map[uint32]bool{} // network → ASes of blind vantages all of whose lost controls crossed it
	for v, b := range blind {
		if !b {
			continue
		}
		s.blind = append(s.blind, v)
		if sudden[v] {
			s.sudden = append(s.sudden, v)
		}
		for a := range common[v] {
			if share[a] == nil {
				share[a] = map[uint32]bool{}
			}
			share[a][in.Vantages[v].AS] = true
		}
	}
	as := map[uint32]bool{}
	for _, v := range s.blind {
		as[in.Vantages[v].AS] = true
	}
	for _, of := range share {
		s.beyond = s.beyond || len(of) >= 2 && 2*len(of) >= len(as)
	}
	of, broke := map[string]int{}, map[string]int{}
	for v := range in.Vantages {
		if blind[v] || s.live[0][v] || s.live[1][v] {
			of[in.Vantages[v].Collector]++
		}
		broke[in.Vantages[v].Collector] += b2i(blind[v])
	}
	whole := 0
	for c, n := range broke {
		if n >= 3 && 10*n >= 9*of[c] {
			whole += n
		}
	}
	s.wholeCollector = whole > 0 && 10*whole >= 9*len(s.blind)
	// One vantage, or several in one network: its own may have failed.
	s.beyond = s.beyond || len(as) == 1
	return s
}

// commonOf lists the networks, the vantage's own and no origin, that every lost
// control of a vantage crossed. A vantage inside a network that failed lost its
// own with it.
func commonOf(sights []*Sight) map[uint32]bool {
	var common map[uint32]bool
	for _, s := range sights {
		if s.State != Gone || len(s.Baseline) < 2 {
			continue
		}
		here := map[uint32]bool{}
		for _, a := range s.Baseline[:len(s.Baseline)-1] {
			if common == nil || common[a] {
				here[a] = true
			}
		}
		common = here
	}
	return common
}

// behindOne reports whether one network explains which far controls a vantage
// lost: all that it lost crossed it, and nothing that it kept does. Then the
// vantage was watching, and a network beyond it went.
func behindOne(sights []*Sight) bool {
	var common map[uint32]bool
	kept := false
	for _, s := range sights {
		if s.State != Gone {
			kept = true
			continue
		}
		here := map[uint32]bool{}
		for _, a := range s.Baseline[1 : len(s.Baseline)-min(1, len(s.Baseline)-1)] {
			if common == nil || common[a] {
				here[a] = true
			}
		}
		common = here
	}
	for _, s := range sights {
		if s.State != Gone {
			for _, a := range s.Now {
				delete(common, a)
			}
		}
	}
	return kept && len(common) > 0
}
