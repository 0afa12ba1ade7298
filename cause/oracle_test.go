package cause

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"constat/proof"
)

// The oracle answers by counting everything anew for each single thing left out.
// It shares with the examiner the candidates, the trunk and the chance of noise.

// someWorld draws a loss: vantages whose paths meet in a few transit networks,
// states and controls by chance.
func someWorld(r *rand.Rand) Input {
	in := Input{Origin: 1, Onset: 1000, Converged: 1180, Trough: 1300}
	vantages := 3 + r.IntN(40)
	for v := range vantages {
		in.Vantages = append(in.Vantages, Vantage{Name: fmt.Sprint("v", v), Collector: fmt.Sprint("c", r.IntN(1+vantages/6)), AS: 1000 + uint32(v)})
	}
	transit := func() uint32 { return 20 + uint32(r.IntN(6)) }
	path := func(v int, origin uint32) Path {
		p := Path{in.Vantages[v].AS}
		if r.IntN(8) == 0 {
			p[0] = transit() // a vantage inside a transit network
		}
		for range 1 + r.IntN(3) {
			if t := transit(); !slices.Contains(p, t) {
				p = append(p, t)
			}
		}
		return append(p, origin)
	}
	broken := transit()
	sights := func(origin uint32, gone, kept int) []Sight {
		var out []Sight
		for v := range vantages {
			if r.IntN(10) == 0 {
				continue
			}
			s := Sight{Vantage: v, Baseline: path(v, origin), Since: 500}
			lose := kept
			if slices.Contains(s.Baseline, broken) {
				lose = gone
			}
			switch {
			case r.IntN(100) < lose:
				s.State, s.Lost = Gone, 1000
			case r.IntN(4) == 0:
				s.State, s.Now, s.Since = Moved, path(v, origin), 1000+int64(r.IntN(300))
			default:
				s.State, s.Now = Kept, s.Baseline
			}
			out = append(out, s)
		}
		return out
	}
	for i := range 1 + r.IntN(2) {
		in.Subject = append(in.Subject, Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, byte(i), 0}), 24), 1, sights(1, 95, r.IntN(4)*r.IntN(30))})
	}
	gone := []int{2, 50, 98}[r.IntN(3)]
	for i := range r.IntN(16) {
		o := 500 + uint32(r.IntN(10))
		in.Near = append(in.Near, Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 24), o, sights(o, gone, 2)})
	}
	return in
}

type oracle struct {
	*weighing
	live []bool
}

// without lists the sets of units that go when one thing does.
func (o *oracle) without() (alone, groups [][]int) {
	vantages, collectors, networks := map[int][]int{}, map[string][]int{}, map[uint32][]int{}
	for i, u := range o.units {
		vantages[u.vantage] = append(vantages[u.vantage], i)
		c := o.in.Vantages[u.vantage].Collector
		collectors[c] = append(collectors[c], i)
		for _, a := range append(slices.Clone(u.path), u.now...) {
			if !o.trunk[a] && !slices.Contains(networks[a], i) {
				networks[a] = append(networks[a], i)
			}
		}
	}
	for _, k := range sortedKeys(vantages) {
		alone = append(alone, vantages[k])
	}
	if len(collectors) > 1 {
		for _, k := range sortedKeys(collectors) {
			groups = append(groups, collectors[k])
		}
	}
	for _, k := range sortedKeys(networks) {
		groups = append(groups, networks[k])
	}
	return alone, groups
}

// robust takes what is evidence and what is tried as questions.
func (o *oracle) robust(evidence, trial func(*unit) bool, rate float64, without [][]int) bool {
	for _, out := range append([][]int{nil}, without...) {
		n, k := 0, 0
		for i := range o.units {
			if slices.Contains(out, i) {
				continue
			}
			if trial(&o.units[i]) {
				n++
			}
			if evidence(&o.units[i]) {
				k++
			}
		}
		if k == 0 || rate > 0 && tail(n, k, rate) >= o.std.Noise.Alpha {
			return false
		}
	}
	return true
}

// byUnits says what the units make of a hypothesis.
func (o *oracle) byUnits(h Hypothesis) (aside, excluded bool) {
	alone, groups := o.without()
	all := append(slices.Clone(alone), groups...)
	crosses := func(u *unit) bool { return h.Crosses(u.path) }
	across := func(u *unit) bool { return len(u.now) > 0 && h.Crosses(u.now) }
	outside := func(u *unit) bool { return u.state == Gone && !crosses(u) }
	beside := func(u *unit) bool { return !crosses(u) }
	either := func(u *unit) bool { return crosses(u) || across(u) }
	fresh := func(u *unit) bool { return across(u) && u.fresh }
	noise := o.std.Noise
	kept := o.robust(across, either, noise.Zombie, all) || o.robust(fresh, either, 0, all)
	return kept || o.robust(outside, beside, noise.Churn, alone), kept || o.robust(outside, beside, noise.Churn, all)
}

// byControls says whether controls that stayed speak against a break of
// everything: 0 not at all, 1 whatever single vantage is left out, 2 whatever
// single thing is.
func (o *oracle) byControls(b Break) (stay []int, how int) {
	type sight struct {
		control int
		*Sight
	}
	var mine []sight
	for i := range o.in.Near {
		for j := range o.in.Near[i].Sights {
			if s := &o.in.Near[i].Sights[j]; o.live[s.Vantage] && b.Crosses(s.Baseline) {
				mine = append(mine, sight{i, s})
			}
		}
	}
	enough := func(least int, out func(sight) bool) bool {
		keep, lost := map[int]int{}, map[int]int{}
		for _, s := range mine {
			switch {
			case out(s):
			case s.State != Gone && b.Crosses(s.Now):
				keep[s.control]++
			default:
				lost[s.control]++
			}
		}
		stayed, all := map[uint32]bool{}, map[uint32]bool{}
		stay = nil
		for c := range o.in.Near {
			if keep[c]+lost[c] > 0 {
				all[o.in.Near[c].Origin] = true
			}
			if keep[c] > lost[c] {
				stayed[o.in.Near[c].Origin] = true
				stay = append(stay, c)
			}
		}
		k, n := len(stayed), len(all)
		return k >= least && k > 0 && tail(n, k, o.std.Noise.Zombie) < o.std.Noise.Alpha && 2*k > n
	}
	vantages, collectors, networks := map[int]bool{}, map[string]bool{}, map[uint32]bool{}
	for _, s := range mine {
		vantages[s.Vantage] = true
		collectors[o.in.Vantages[s.Vantage].Collector] = true
		for _, a := range s.Baseline[:slices.Index(s.Baseline, b.A)] {
			if !o.trunk[a] {
				networks[a] = true
			}
		}
	}
	least, robust := max(1, o.std.NearControls-1), true
	for v := range vantages {
		robust = robust && (len(vantages) < 2 || enough(least, func(s sight) bool { return s.Vantage == v }))
	}
	if robust {
		how = 1
	}
	for c := range collectors {
		robust = robust && (len(collectors) < 2 || enough(least, func(s sight) bool { return o.in.Vantages[s.Vantage].Collector == c }))
	}
	for a := range networks {
		robust = robust && (len(networks) < 2 || enough(least, func(s sight) bool { return slices.Contains(s.Baseline, a) }))
	}
	if robust {
		how = 2
	}
	if !enough(o.std.NearControls, func(sight) bool { return false }) {
		how = 0
	}
	return stay, how
}

// classes counts by comparing each with each.
func (o *oracle) classes(all []*Weighed) int {
	known := func(z *Weighed) bool {
		return !z.Joint() && z.Parts[0][0].Wide && slices.ContainsFunc(o.in.Near, func(p Prefix) bool {
			return slices.ContainsFunc(p.Sights, func(s Sight) bool { return o.live[s.Vantage] && z.Parts[0][0].Crosses(s.Baseline) })
		})
	}
	begin := map[uint32]int{}
	for _, u := range o.units {
		begin[u.path[0]]++
	}
	inside := 0
	for _, n := range begin {
		inside = max(inside, n)
	}
	same := func(a, b *Weighed) bool {
		at := append(a.ases(), b.ases()...)
		d, elsewhere, common := 0, false, false
		for _, u := range o.units {
			common = common || a.Crosses(u.path) && b.Crosses(u.path)
			if a.Crosses(u.path) != b.Crosses(u.path) {
				d++
				elsewhere = elsewhere || !slices.Contains(at, u.path[0])
			}
		}
		return known(a) == known(b) && (d == 0 || common && !a.some && !b.some && !elsewhere && d <= 2*inside*max(len(a.Parts), len(b.Parts)))
	}
	var seen []*Weighed
	for _, z := range all {
		if !slices.ContainsFunc(seen, func(s *Weighed) bool { return s == z || same(s, z) }) {
			seen = append(seen, z)
		}
	}
	return len(seen)
}

// TestAgainstOracle weighs random losses both ways.
func TestAgainstOracle(t *testing.T) {
	std := proof.Clear()
	met := map[string]int{}
	for seed := range uint64(120) {
		in := someWorld(rand.New(rand.NewPCG(seed, 1)))
		live := make([]bool, len(in.Vantages))
		for v := range live {
			live[v] = v%9 != 4
		}
		w := &weighing{in: &in, std: std, units: units(&in, live)}
		w.prepare()
		if w.gone.count() == 0 {
			continue
		}
		o := &oracle{w, live}
		var all []*Weighed
		for _, b := range w.candidates() {
			z := w.weigh(Single(b))
			w.test(z)
			if aside, excluded := o.byUnits(z.Hypothesis); z.Aside != aside || z.Excluded != excluded {
				t.Errorf("seed %d: %s: set aside %t, excluded %t; the oracle says %t, %t", seed, b, z.Aside, z.Excluded, aside, excluded)
			}
			met[fmt.Sprint("units ", z.Aside, z.Excluded)]++
			if b.Wide {
				stay, how := o.byControls(b)
				c := &Weighed{Hypothesis: z.Hypothesis}
				w.controlsStayed(c, w.acrossOf(b, live))
				if got := b2i(c.Aside) + b2i(c.Excluded); got != how || !slices.Equal(c.ControlsSurvive, stay) {
					t.Errorf("seed %d: %s: controls %v say %d; the oracle %v, %d", seed, b, c.ControlsSurvive, got, stay, how)
				}
				met[fmt.Sprint("controls ", how)]++
			}
			all = append(all, z)
		}
		for i, h := range w.joints(all) {
			z := w.weigh(h)
			z.some = i > 0
			all = append(all, z)
		}
		if got, want := w.classes(all, live), o.classes(all); got != want {
			t.Errorf("seed %d: %d classes of %d; the oracle counts %d", seed, got, len(all), want)
		}
	}
	for _, k := range []string{"units false false", "units true false", "units true true", "controls 0", "controls 1", "controls 2"} {
		if met[k] == 0 {
			t.Errorf("no world had %q: %v", k, met)
		}
	}
}
