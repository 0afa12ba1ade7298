package cause

import (
	"cmp"
	"encoding/binary"
	"slices"

	"constat/proof"
)

// Result is what may be said about one loss.
type Result struct {
	Level proof.Level
	// Rival is set where what was seen is no cut: Observer, Replaced or
	// Renumbered in the first member of Class.
	Rival bool
	// Total says that the loss was total within the noise of the standard.
	Total bool
	// Region is where the routes stopped, at the level of the verdict; empty
	// where nothing is claimed. Acts says what else would explain it: by
	// networks, by countries, by a rule.
	Region Region
	Acts   []Acts
	// Class is what the verdict names: hypotheses that nobody who was watching
	// could tell apart. Named has the members of all classes that are not set
	// aside, Class among them; where the level is established, of all that are
	// not excluded, and these are Class.
	Class []Hypothesis
	Named []Hypothesis
	// Points has the members of Class to which the vantages inside a network
	// point: those they contradict least. It is empty where they say nothing,
	// or speak against all alike. Too few to decide, they indicate at most.
	Points []Hypothesis
	// Pairs counts the pairs of breaks far apart that predict the same as
	// Class; they belong to it.
	Pairs []Hypothesis
	// Classes is how many classes there are a priori, by baselines and vantages
	// alone; Left how many of them are not excluded; NamedClasses how many are
	// not set aside.
	Classes, Left, NamedClasses int

	Weighed  []Weighed // the hypotheses that matter to a reader, nearest first
	Demands  []Demand
	Reasons  []string // why the level is not higher, as keys
	Settle   []Settle
	Screened bool  // far controls told vantages from the blind
	Blind    []int // vantages that lost their far controls too

	Vantages, Lost, Kept, Moved int // live vantages with a baseline, by state
	FactWitnesses               int
	PlaceWitnesses              int
	Inferred                    bool
	Collectors                  int
}

// Demand is one line of the standard beside what was found.
type Demand struct {
	What     string  `json:"what"`
	Demanded float64 `json:"demanded"`
	Found    float64 `json:"found"`
	Met      bool    `json:"met"`
}

// Settle is a further vantage and what it would tell: which members of the
// class remain if it lost the routes, and which if it kept them.
type Settle struct {
	AS   uint32       `json:"as"`
	Lost []Hypothesis `json:"lost"`
	Kept []Hypothesis `json:"kept"`
}

// Reasons why a verdict is not higher.
const (
	FewFacts      = "few fact witnesses"
	FewPlaces     = "few place witnesses"
	NotTotal      = "not a total loss"
	ManyClasses   = "several classes remain"
	NothingFits   = "no hypothesis fits"
	OneCollector  = "one collector"
	InferredOnly  = "inferred baselines"
	NotScreened   = "no far controls"
	NoBaseline    = "no baselines"
	Fresh         = "routes announced after convergence"
	Fragile       = "one vantage, collector or transit network decides"
	ResetOfPeers  = "peers or collectors were reset"
	OtherRoutes   = "other routes stand in"
	OtherPrefixes = "other prefixes were announced instead"
)

// rivalShare is the share of losses beyond which a rival that is no cut
// explains them.
const rivalShare = 0.5

// farLeast is how many far controls a vantage must carry to be one.
const farLeast = 3

// Examine weighs one loss under a standard.
func Examine(in Input, std proof.Standard) Result {
	var r Result
	live, lostAll, blindLost := screen(&in, &r)
	w := &weighing{in: &in, std: std, units: units(&in, live)}
	w.prepare()
	w.count(&r)

	// Rivals that are no cut come first: under them nothing was cut.
	switch {
	case lostAll > 0 && float64(blindLost) >= rivalShare*float64(lostAll),
		lostAll > 0 && float64(in.ObserverResets) >= rivalShare*float64(lostAll):
		w.rival(&r, Observer, ResetOfPeers)
		return r
	case in.LostSights > 0 && float64(in.ReplacedMore+in.ReplacedLess+in.ReplacedOrigin) >= rivalShare*float64(in.LostSights):
		w.rival(&r, Replaced, OtherRoutes)
		return r
	case len(in.Renumbered) > 0 && 2*len(in.Renumbered) >= len(in.Subject):
		w.rival(&r, Renumbered, OtherPrefixes)
		return r
	}
	if len(w.units) == 0 || w.gone.count() == 0 {
		r.Reasons = append(r.Reasons, NoBaseline)
		return r
	}

	var singles []*Weighed
	for _, b := range w.candidates() {
		z := w.weigh(Single(b))
		w.test(z)
		singles = append(singles, z)
	}
	for _, z := range singles {
		if !z.Excluded || w.trunk[z.Parts[0][0].A] {
			w.testControls(z, live)
		}
	}
	all := singles
	for i, h := range w.joints(singles) {
		z := w.weigh(h)
		z.some = i > 0
		w.test(z)
		all = append(all, z)
	}
	var left, named []*Weighed
	for _, z := range all {
		if !z.Excluded {
			left = append(left, z)
		}
		if !z.Aside {
			named = append(named, z)
			r.Named = append(r.Named, z.Hypothesis)
		}
	}
	r.Weighed = w.show(all)
	if len(named) == 0 {
		r.Reasons = append(r.Reasons, NothingFits)
		return r
	}
	lead := w.lead(named)
	var class []*Weighed
	for _, z := range named {
		if w.sameClass(lead, z, live) {
			class = append(class, z)
			r.Class = append(r.Class, z.Hypothesis)
		}
	}
	r.Class, r.Named, r.Points = w.withNarrower(r.Class), w.withNarrower(r.Named), w.withNarrower(w.points(class))
	r.Classes = w.classes(all, live)
	r.Left = w.classes(left, live)
	r.NamedClasses = w.classes(slices.DeleteFunc(slices.Clone(named), func(z *Weighed) bool { return z.some }), live)
	if r.Total {
		r.Pairs = w.pairs(singles, lead.x)
	}
	w.verdict(&r, lead, class, left)
	r.Settle = w.settle(r.Class)
	return r
}

// screen tells vantages from the blind by their far controls: one that carries
// few of them is no vantage, one that lost them at the same moment is blind.
func screen(in *Input, r *Result) (live []bool, lostAll, blindLost int) {
	live = make([]bool, len(in.Vantages))
	had, lost := make([]int, len(in.Vantages)), make([]int, len(in.Vantages))
	sights := make([][]*Sight, len(in.Vantages))
	for i := range in.Far {
		for j := range in.Far[i].Sights {
			s := &in.Far[i].Sights[j]
			if len(s.Baseline) > 0 && s.State != Unseen {
				had[s.Vantage]++
				sights[s.Vantage] = append(sights[s.Vantage], s)
				if s.State == Gone {
					lost[s.Vantage]++
				}
			}
		}
	}
	most := 0
	for _, h := range had {
		most = max(most, h)
	}
	r.Screened = most >= farLeast
	least := min(farLeast, most)
	subject := make([]bool, len(in.Vantages))
	for _, p := range in.Subject {
		for _, s := range p.Sights {
			if s.State == Gone && len(s.Baseline) > 0 {
				subject[s.Vantage] = true
			}
		}
	}
	for v := range live {
		blind := lost[v] >= 2 && 2*lost[v] >= had[v] && !behindOne(sights[v])
		live[v] = had[v] >= least && !blind
		if subject[v] {
			lostAll++
			if blind {
				blindLost++
			}
		}
		if blind {
			r.Blind = append(r.Blind, v)
		}
	}
	return live, lostAll, blindLost
}

// behindOne says whether one network explains which far controls a vantage lost:
// all that it lost crossed it, and nothing that it kept did. Then the vantage
// was watching, and a network beyond it went.
func behindOne(sights []*Sight) bool {
	var common map[uint32]bool
	for _, s := range sights {
		if s.State != Gone {
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
	kept := false
	for _, s := range sights {
		if s.State == Gone {
			continue
		}
		kept = true
		for _, a := range s.Now {
			delete(common, a)
		}
	}
	return kept && len(common) > 0
}

// count fills what was seen.
func (w *weighing) count(r *Result) {
	state := map[int]State{}
	collectors := map[string]bool{}
	for _, u := range w.units {
		s, ok := state[u.vantage]
		switch {
		case !ok:
			state[u.vantage] = u.state
		case s == Gone && u.state != Gone: // it still holds something
			state[u.vantage] = u.state
		}
		r.Inferred = r.Inferred || u.inferred
		if u.state == Gone {
			collectors[w.in.Vantages[u.vantage].Collector] = true
		}
	}
	as := map[uint32]bool{}
	for v, s := range state {
		switch s {
		case Gone:
			r.Lost++
			if a := w.in.Vantages[v].AS; a != 0 {
				as[a] = true
			}
		case Kept:
			r.Kept++
		default:
			r.Moved++
		}
	}
	r.Vantages = len(state)
	r.FactWitnesses = len(as)
	r.Collectors = len(collectors)
	n, g := len(w.units), w.gone.count()
	share := 0.0
	if n > 0 {
		share = float64(g) / float64(n)
	}
	fresh := 0
	for _, u := range w.units {
		if u.fresh {
			fresh++
		}
	}
	r.Total = g > 0 && share >= w.std.CarrierShare && fresh == 0 && !w.zombie.beyond(n, n-g)
}

// rival names something that is no cut.
func (w *weighing) rival(r *Result, k Kind, why string) {
	r.Rival = true
	h := Single(Break{Kind: k})
	r.Class, r.Named = []Hypothesis{h}, []Hypothesis{h}
	r.Reasons = append(r.Reasons, why)
	r.Level = proof.Indicated
}

// wideKnown says whether controls can tell a wide break from a narrow one.
func (w *weighing) wideKnown(z *Weighed, live []bool) bool {
	if z.Joint() || !z.Parts[0][0].Wide {
		return false
	}
	if z.known == 0 {
		z.known = -1
		if w.voted(z.Parts[0][0], live) {
			z.known = 1
		}
	}
	return z.known > 0
}

func (w *weighing) voted(b Break, live []bool) bool {
	for _, x := range w.nearAt(b.A, live) {
		if b.Crosses(w.in.Near[x.control].Sights[x.sight].Baseline) {
			return true
		}
	}
	return false
}

// classes counts the classes among hypotheses.
func (w *weighing) classes(all []*Weighed, live []bool) int {
	var seen []*Weighed
	alike := map[string]bool{} // crossing sets of those seen, and whether their scope is known
	var key []byte
	for _, z := range all {
		key = append(key[:0], byte(b2i(w.wideKnown(z, live))))
		for _, x := range z.x {
			key = binary.LittleEndian.AppendUint64(key, x)
		}
		if alike[string(key)] || slices.ContainsFunc(seen, func(s *Weighed) bool { return w.sameClass(s, z, live) }) {
			continue
		}
		seen = append(seen, z)
		alike[string(key)] = true
	}
	return len(seen)
}

// lead is the hypothesis with the fewest contradictions; of several the one
// that most baselines cross, and then the nearest to the origin.
func (w *weighing) lead(left []*Weighed) *Weighed {
	best := left[0]
	score := func(z *Weighed) int {
		return w.gone.minus(z.x) + z.across.count() + z.fresh.count() + len(z.ControlsLost)
	}
	for _, z := range left[1:] {
		if c := cmp.Or(cmp.Compare(score(z), score(best)), cmp.Compare(best.n, z.n)); c < 0 {
			best = z
		}
	}
	return best
}

// points are the members of a class that are contradicted least, if not all are
// alike. Members of one class differ only where vantages inside a network speak.
func (w *weighing) points(class []*Weighed) []Hypothesis {
	least, most := -1, 0
	count := func(z *Weighed) int { return w.gone.minus(z.x) + z.across.count() }
	for _, z := range class {
		n := count(z)
		if least < 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	if least == most {
		return nil
	}
	var out []Hypothesis
	for _, z := range class {
		if count(z) == least {
			out = append(out, z.Hypothesis)
		}
	}
	return out
}

// sameClass says whether two hypotheses cannot be told apart: every baseline
// that crosses one crosses the other, save those of vantages inside the network
// where they differ, when these are too few to decide and not all that there
// are; and no control tells their scopes apart.
func (w *weighing) sameClass(a, b *Weighed, live []bool) bool {
	if a == b {
		return true
	}
	if w.wideKnown(a, live) != w.wideKnown(b, live) {
		return false
	}
	most := 2 * w.inside * max(len(a.Parts), len(b.Parts))
	if d := a.n - b.n; d > most || -d > most {
		return false
	}
	// That all neighbours stopped and that some did are not one thing to say.
	d := a.x.differ(b.x)
	if d > 0 && (a.some || b.some) {
		return false
	}
	if d == 0 || d > most || a.x.and(b.x) == 0 {
		return d == 0
	}
	at := append(a.ases(), b.ases()...)
	for i := range a.x.either(b.x) {
		if !slices.Contains(at, w.units[i].path[0]) {
			return false
		}
	}
	return true
}

// places are the place witnesses of a class: the distinct neighbours, on the
// vantages' side, of its outermost member among the routes that were lost. A
// vantage inside that member is its own. Each part of a joint break has
// witnesses of its own. For every unit it gives which of them it is, or -1.
func (w *weighing) places(class []*Weighed) (of []int, n int) {
	outermost := -1
	for _, z := range class {
		if z.Joint() && !z.some {
			index := map[place]int{}
			of = make([]int, len(w.units))
			for i := range of {
				of[i] = -1
			}
			for _, part := range z.Parts {
				w.placesOf(slices.MaxFunc(part, func(a, b Break) int { return cmp.Compare(w.depth(a), w.depth(b)) }), of, index)
			}
			return of, len(index)
		}
		if !z.Joint() {
			outermost = max(outermost, w.depth(z.Parts[0][0]))
		}
	}
	for _, z := range class {
		if b := z.Parts[0][0]; !z.Joint() && w.depth(b) == outermost {
			index := map[place]int{}
			o := make([]int, len(w.units))
			for i := range o {
				o[i] = -1
			}
			w.placesOf(b, o, index)
			if of == nil || len(index) > n {
				of, n = o, len(index)
			}
		}
	}
	return of, n
}

// place is a neighbour of a network, or a vantage inside it.
type place struct {
	as      uint32
	vantage int // 0 for a neighbour; else one more than its index
}

// placesOf numbers the places through which a break's losses were seen.
func (w *weighing) placesOf(b Break, of []int, index map[place]int) {
	for i := range w.units {
		u := &w.units[i]
		if u.state != Gone || !b.Crosses(u.path) {
			continue
		}
		p := place{}
		switch j := slices.Index(u.path, b.A); {
		case j == 0:
			p = place{u.path[0], 1 + u.vantage}
		case j > 0:
			p = place{u.path[j-1], 0}
		default:
			continue
		}
		k, ok := index[p]
		if !ok {
			k = len(index)
			index[p] = k
		}
		of[i] = k
	}
}

// weakest is the least number of place witnesses when any one thing is left
// out.
func (w *weighing) weakest(of []int, n int) int {
	if n == 0 {
		return 0
	}
	units := make([]int, n)
	for _, k := range of {
		if k >= 0 {
			units[k]++
		}
	}
	least := n
	gone := make([]int, n)
	for _, list := range [][]omission{w.alone, w.groups} {
		for _, l := range list {
			clear(gone)
			left := n
			for i := range l.set.each {
				if k := of[i]; k >= 0 {
					if gone[k]++; gone[k] == units[k] {
						left--
					}
				}
			}
			least = min(least, left)
		}
	}
	return least
}

// depth is how far from the origin a break lies on the baselines that cross it.
func (w *weighing) depth(b Break) int {
	if b.Kind == Origin {
		return 0
	}
	return w.depths[b.A]
}

// verdict sets the level, and says what is missing for a higher one.
func (w *weighing) verdict(r *Result, lead *Weighed, class, left []*Weighed) {
	of, places := w.places(class)
	r.PlaceWitnesses = places
	n, g := len(w.units), w.gone.count()
	demand := func(what string, demanded, found float64, met bool, why string) {
		r.Demands = append(r.Demands, Demand{what, demanded, found, met})
		if !met && why != "" && !slices.Contains(r.Reasons, why) {
			r.Reasons = append(r.Reasons, why)
		}
	}
	demand("fact witnesses", float64(w.std.FactWitnesses), float64(r.FactWitnesses), r.FactWitnesses >= w.std.FactWitnesses, FewFacts)
	demand("place witnesses", float64(w.std.PlaceWitnesses), float64(r.PlaceWitnesses), r.PlaceWitnesses >= w.std.PlaceWitnesses, FewPlaces)
	why := NotTotal
	if slices.ContainsFunc(w.units, func(u unit) bool { return u.fresh }) {
		why = Fresh
	}
	demand("share lost", w.std.CarrierShare, float64(g)/float64(n), r.Total, why)
	one := len(left) == len(class)
	for _, z := range left {
		one = one && slices.Contains(class, z)
	}
	demand("classes left", 1, float64(r.Left), one, ManyClasses)
	collectors := map[string]bool{}
	for _, u := range w.units {
		collectors[w.in.Vantages[u.vantage].Collector] = true
	}
	least := max(2, w.std.Collectors)
	demand("collectors", float64(least), float64(len(collectors)), len(collectors) >= least, OneCollector)
	inferred := 0
	for _, u := range w.units {
		if u.inferred {
			inferred++
		}
	}
	demand("inferred baselines", 0, float64(inferred), inferred == 0, InferredOnly)
	screened := 0.0
	if r.Screened {
		screened = 1
	}
	demand("far controls", 1, screened, r.Screened, NotScreened)
	// Exclusions are robust one by one; the witnesses must be too.
	weakest := w.weakest(of, places)
	stable := weakest >= max(1, w.std.PlaceWitnesses-1)
	demand("place witnesses with any one thing left out", float64(max(1, w.std.PlaceWitnesses-1)), float64(weakest), stable, Fragile)

	all := true
	for _, d := range r.Demands {
		all = all && d.Met
	}
	switch {
	case all:
		r.Level = proof.Established
	case r.FactWitnesses >= 2 && r.NamedClasses <= mostNamed:
		r.Level = proof.Indicated
	}
}

// mostNamed is how many classes a verdict may name together and still point
// anywhere.
const mostNamed = 3

// settle proposes further vantages, in networks on observed paths that have
// none, and what each outcome would leave of the class.
func (w *weighing) settle(class []Hypothesis) []Settle {
	out := []Settle{}
	have := map[uint32]bool{}
	for _, u := range w.units {
		have[u.path[0]] = true
	}
	tried := map[uint32]bool{}
	for _, u := range w.units {
		for j := 1; j < len(u.path)-1; j++ {
			a := u.path[j]
			if have[a] || tried[a] {
				continue
			}
			tried[a] = true
			s := Settle{AS: a}
			for _, h := range class {
				if h.Crosses(u.path[j:]) {
					s.Lost = append(s.Lost, h)
				} else {
					s.Kept = append(s.Kept, h)
				}
			}
			if len(s.Lost) > 0 && len(s.Kept) > 0 {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Settle) int { return cmp.Compare(a.AS, b.AS) })
	return out
}

// shown is how many excluded hypotheses a reader is given.
const shown = 40

// show keeps what matters to a reader: all that is not excluded, and of the
// excluded those nearest to the origin.
func (w *weighing) show(all []*Weighed) []Weighed {
	var out []Weighed
	n := 0
	for _, z := range all {
		if z.Excluded {
			if n++; n > shown {
				continue
			}
		}
		w.fill(z)
		out = append(out, *z)
	}
	return out
}
