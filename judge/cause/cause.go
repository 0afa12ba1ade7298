package cause

import (
	"cmp"
	"math"
	"slices"

	"constat/judge/place"
	"constat/judge/proof"
)

// Result is what may be said about one loss.
type Result struct {
	// Level is how far the claim goes: that the routes stopped inside Region,
	// or, of a rival, that nothing was cut.
	Level proof.Level
	// Rival is set if what was seen is no cut: place.Observer, place.Replaced or
	// place.Renumbered in the one member of Class.
	Rival bool
	// Total says that the loss was total within the noise of the standard.
	Total bool
	// Region is where the routes stopped; empty if nothing is claimed. Acts says
	// what else would explain the loss: by networks, by countries, by a rule.
	Region Region
	Acts   []Acts
	// Home is the country of most of several origins: that all its networks act
	// is taken as one act. Empty for one origin.
	Home string
	// Class has the places where one act suffices, inside the region: each
	// explains all losses but the noise. They are indicated at most.
	Class []place.Hypothesis
	// Weighed has the places of Class and the networks that were asked whether
	// they were down for everything, nearest to the origin first.
	Weighed []Weighed
	Demands []Demand
	Reasons []string // why the level is not higher, as keys
	Settle  []Settle

	Screened bool  // far controls told vantages from the blind
	Blind    []int // vantages that lost their far controls too

	// Live vantages with a baseline, by state; Displaced are those of Lost to
	// which another origin's route came without a withdrawal: they are not
	// counted in the weighing.
	Vantages, Lost, Kept, Moved, Displaced int
	// Noise is how many of the lost may have been lost to something else.
	Noise         int
	FactWitnesses int // distinct networks among the lost
	// PlaceWitnesses are the distinct networks next beyond the region through
	// which the losses were seen.
	PlaceWitnesses int
	// Leave and Inside count the lost whose last path goes on outside the region
	// and lies wholly inside it.
	Leave, Inside int
	Inferred      int // lost without a stable baseline that was seen
	// Changed counts the lost whose paths had changed before the loss, since
	// ChangedAt (the median).
	Changed    int
	ChangedAt  int64
	Collectors int
	// Elsewhere is what the places leave unexplained; zero if there is nothing.
	Elsewhere Elsewhere
}

// Demand is one line of the standard beside what was found.
type Demand struct {
	What     string  `json:"what"`
	Demanded float64 `json:"demanded"`
	Found    float64 `json:"found"`
	Met      bool    `json:"met"`
}

// Settle is a further vantage and what it would tell: which places where one act
// suffices remain if it lost the routes, and which if it kept them.
type Settle struct {
	AS   uint32             `json:"as"`
	Lost []place.Hypothesis `json:"lost"`
	Kept []place.Hypothesis `json:"kept"`
}

// What a standard demands, by [Demand.What]; docs/formats/findings.md says of each
// what Demanded and Found count.
const (
	DemandVantages    = "vantages-that-lost"            // vantages that lost the routes, and more of them than noise leaves
	DemandSingleAct   = "single-act"                    // 1: an act of one network explains all of it
	DemandNoOtherActs = "no-other-acts"                 // 1: acts outside the region do not explain as much
	DemandDisplaced   = "displaced-by-another-origin"   // at the most: vantages to which another origin's routes came instead
	DemandOnePlace    = "one-place-of-a-partial-loss"   // 1: all of a partial loss ran through one place
	DemandNetworks    = "networks-acting-together"      // networks that would have to act together to explain it otherwise
	DemandCountries   = "countries-acting-together"     // countries of such networks
	DemandRule        = "rule-of-large-networks"        // 1: a rule that all large networks apply does not explain it
	DemandFacts       = "fact-witnesses"                // networks that lost the routes
	DemandCollectors  = "collectors"                    // collectors that cover it
	DemandInferred    = "inferred-baselines"            // at the most: routes before the loss that had to be inferred
	DemandPlaces      = "place-witnesses"               // distinct neighbours of the region through which the loss was seen
	DemandLeaveOneOut = "place-witnesses-leave-one-out" // of these, with any one vantage, collector or transit network left out
	DemandElsewhere   = "losses-elsewhere"              // 1: an act inside the region explains what was lost elsewhere in the same minutes, too; only where none does
	// Demanded in findings of format 1 alone.
	DemandFarControls = "far-controls"
)

// Reasons why a verdict is not higher.
const (
	FewFacts         = "few-fact-witnesses"
	FewPlaces        = "few-place-witnesses"
	Fragile          = "one-collector-or-transit-decides"
	FewVantages      = "few-vantages"
	NoSingleAct      = "no-single-act"
	NothingGrows     = "other-acts-explain-it"
	Scattered        = "partial-without-one-place"
	OneCollector     = "one-collector"
	InferredOnly     = "inferred-baselines"
	NotScreened      = "no-far-controls"
	FamilyUnscreened = "no-far-controls-of-one-family"
	NoBaseline       = "no-baselines"
	CountriesUnknown = "countries-unknown"
	OneCountry       = "one-country"
	RuleUnknown      = "large-networks-unknown"
	OneRule          = "one-rule"
	NetworkBeyond    = "network-beyond-failed"
	ResetOfPeers     = "peers-or-collectors-reset"
	OtherRoutes      = "other-routes-stand-in"
	AllDisplaced     = "no-vantage-without-a-route"
	OtherPrefixes    = "other-prefixes-announced"
	LostElsewhere    = "losses-elsewhere-unexplained"
	ManyUntold       = "many-untold"
)

// tooFewControls reports whether more than a tenth of the losses are of a family of
// which too few far controls are known, at most of those that lost it. These losses
// are weighed nowhere, so that no place may be claimed for all. Example: an IPv4
// prefix behind one provider and four IPv6 prefixes behind another, of which nobody
// else's IPv6 routes are in the files: the place of the IPv4 prefix is not that of
// the routes.
func tooFewControls(in *Input, sc screened) bool {
	var gone, few [2]int
	for i := range in.Subject {
		f := family(in.Subject[i].Prefix)
		for j := range in.Subject[i].Sights {
			if x := &in.Subject[i].Sights[j]; x.State == Gone {
				gone[f]++
				few[f] += b2i(sc.few[f][x.Vantage])
			}
		}
	}
	unheard := 0
	for f := range gone {
		if 2*few[f] > gone[f] {
			unheard += gone[f]
		}
	}
	return 10*unheard > gone[0]+gone[1]
}

// spread is how long it took from the first twentieth of some losses to the last,
// in seconds.
func spread(us []unit, of func(*unit) bool) int64 {
	var at []int64
	for i := range us {
		if u := &us[i]; u.state == Gone && u.lost != 0 && of(u) {
			at = append(at, u.lost)
		}
	}
	if len(at) == 0 {
		return 0
	}
	slices.Sort(at)
	return at[(len(at)-1)*19/20] - at[len(at)/20]
}

// rivalShare is the share of losses beyond which a rival that is no cut
// explains them.
const rivalShare = 0.5

// oneWave is how long, in seconds, one act takes to be seen by nearly everybody:
// a minute and a half of exploration, and peers that send in batches.
const oneWave = 180

// Noise among the lost, whatever the standard: the share lost in the same
// minutes for reasons of their own.
const (
	lossShare = 0.05
	leastLost = 8 // vantages that lost the routes, and as many that leave the region
)

// Examine weighs one loss under a standard.
func Examine(in Input, std proof.Standard) Result {
	var r Result
	sc := screen(&in)
	r.Screened, r.Blind = sc.any, sc.blind
	w := newNet(&in, sc, units(&in, sc.live), std.Noise)
	w.count(std, &r)
	q := noise(r.Vantages, w.loss, w.alpha)
	churn := int(math.Ceil(lossShare * float64(w.n)))
	w.slack, w.few = max(churn, q), w.n-churn
	// Of several origins a vantage counts as often as it had paths.
	r.Noise = w.slack
	if w.n > r.Lost {
		r.Noise = (w.slack*r.Lost + w.n - 1) / w.n
	}
	if w.rival(&r) {
		return r
	}
	switch {
	case !r.Screened:
		r.why(NotScreened)
		// What needs no controls is told all the same.
		switch gone, displaced := displacement(&in); {
		case gone > 0 && displaced == gone:
			r.why(AllDisplaced)
		case displaced > 0 && 10*displaced >= 9*gone:
			r.why(OtherRoutes)
		}
		return r
	case tooFewControls(&in, sc):
		r.why(FamilyUnscreened)
		return r
	case w.n == 0 && r.Displaced > 0 && r.Displaced == r.Lost:
		r.why(AllDisplaced)
		return r
	case w.n == 0:
		r.why(NoBaseline)
		return r
	}
	demand(&r, DemandVantages, leastLost, float64(w.n), w.n >= leastLost && w.n >= 3*q && w.n > w.slack, FewVantages)
	places := w.single(w.few, r.Total)
	if !r.Demands[0].Met {
		r.Weighed = w.weigh(places, std.NearControls)
		return r
	}
	w.claim(&r, std, places)
	if r.Level != proof.NotEstablished {
		r.Elsewhere = w.elsewhere(places)
		places = r.heed(places)
	}
	r.Weighed = w.weigh(places, std.NearControls)
	if r.Level != proof.NotEstablished {
		// If the routes had just moved, or went in more than one wave, several
		// things broke: no single act explains the loss.
		for _, b := range places {
			if len(w.moved) > 0 || w.spread > oneWave {
				break
			}
			if !slices.ContainsFunc(r.Weighed, func(z Weighed) bool { return z.Excluded && z.Parts[0][0].Same(b) }) {
				r.Class = append(r.Class, place.Single(b))
			}
		}
		r.Settle = w.settle(r.Class)
	}
	return r
}

// displacement counts the lost routes, at vantages watching or not, and those of
// them whose place another origin's took. Example: two networks of one operator
// announce the same prefix, and peers change from the one to the other: all of them
// are displaced, and nobody was without a route.
func displacement(in *Input) (gone, displaced int) {
	for _, p := range in.Subject {
		for _, s := range p.Sights {
			if s.State == Gone && len(s.Baseline) > 0 {
				gone++
				displaced += b2i(s.Displaced)
			}
		}
	}
	return gone, displaced
}

func (r *Result) why(reason string) {
	if !slices.Contains(r.Reasons, reason) {
		r.Reasons = append(r.Reasons, reason)
	}
}

func demand(r *Result, what string, demanded, found float64, met bool, why string) bool {
	r.Demands = append(r.Demands, Demand{what, demanded, found, met})
	if !met {
		r.why(why)
	}
	return met
}

// zombieRate is a high estimate of the share of withdrawn routes that stay: half
// again the rate of the standard, of the family that has more of them.
func zombieRate(in *Input, n proof.Noise) float64 {
	v6 := slices.ContainsFunc(in.Subject, func(p Prefix) bool { return family(p.Prefix) == 1 })
	return 1.5 * n.ZombieRate(v6)
}

// count fills what was seen.
func (w *net) count(std proof.Standard, r *Result) {
	in, us := w.in, w.units
	state := map[int]State{}
	displaced := map[int]bool{}
	collectors := map[string]bool{}
	var changed []int64
	moved := map[int]bool{} // vantages whose paths had changed
	for i := range us {
		u := &us[i]
		if u.path == nil {
			continue
		}
		s, ok := state[u.vantage]
		if !ok || s == Gone && u.state != Gone { // it still holds something
			state[u.vantage] = u.state
		}
		if u.state != Gone {
			continue
		}
		collectors[in.Vantages[u.vantage].Collector] = true
		if u.displaced {
			displaced[u.vantage] = true
			continue
		}
		r.Inferred += b2i(u.inferred)
		if u.usual != nil && !moved[u.vantage] {
			moved[u.vantage] = true
			changed = append(changed, u.changed)
		}
	}
	as := map[uint32]bool{}
	for v, s := range state {
		switch s {
		case Gone:
			r.Lost++
			r.Displaced += b2i(displaced[v])
			if a := in.Vantages[v].AS; a != 0 {
				as[a] = true
			}
		case Kept:
			r.Kept++
		default:
			r.Moved++
		}
	}
	r.Vantages, r.FactWitnesses, r.Collectors = len(state), len(as), len(collectors)
	slices.Sort(changed)
	if r.Changed = len(changed); r.Changed > 0 {
		r.ChangedAt = changed[(len(changed)-1)/2]
	}
	// What stays is no more than zombies leave; a stuck route that is announced
	// again is one too.
	r.Total = w.had > w.held && float64(w.had-w.held) >= std.CarrierShare*float64(w.had) && w.held <= noise(w.had, w.zombie, w.alpha)
}

// rival names something that is no cut, if there is positive evidence for it
// and none for a cut.
func (w *net) rival(r *Result) bool {
	in, sc := w.in, &w.screened
	name := func(k place.Kind, why string) bool {
		h := place.Single(place.Break{Kind: k})
		r.Rival, r.Class, r.Level = true, []place.Hypothesis{h}, proof.Indicated
		r.why(why)
		return true
	}
	// Vantages that lost the routes, live or blind.
	lostAll, lostBlind := map[int]bool{}, map[int]bool{}
	for _, p := range in.Subject {
		for _, s := range p.Sights {
			if s.State == Gone && len(s.Baseline) > 0 {
				lostAll[s.Vantage] = true
				if slices.Contains(sc.sudden, s.Vantage) {
					lostBlind[s.Vantage] = true
				}
			}
		}
	}
	if n := len(lostAll); n > 0 && len(lostBlind)+in.ObserverResets > 0 {
		// A cut beside a reset is both: if vantages that were watching lost the
		// routes too, beyond noise, it is weighed by these.
		watching := w.n > w.slack && w.n >= 2
		reset := float64(in.ObserverResets) >= rivalShare*float64(n)
		silent := float64(len(lostBlind)) >= rivalShare*float64(n)
		switch {
		case watching:
		case reset, silent && !sc.beyond && sc.wholeCollector:
			return name(place.Observer, ResetOfPeers)
		case silent:
			r.why(NetworkBeyond)
		}
	}
	// Another origin's routes displaced those of the subject: no cut if they stood
	// for as long as the loss lasted, the subject's own still pass on the paths
	// that they had, and all that was displaced went in one wave. Routes that
	// moved, or a second wave, may hide a cut behind the other origin's routes.
	if r.Displaced > 0 && float64(r.Displaced) >= rivalShare*float64(r.Lost) {
		passes := w.held >= 3 && tail(w.had, w.held, w.zombie) < w.alpha
		still := w.n == 0 && r.Moved <= noise(r.Vantages, 2*w.loss, w.alpha)
		if in.Replaced && passes && still && spread(w.units, func(u *unit) bool { return u.displaced }) <= oneWave {
			return name(place.Replaced, OtherRoutes)
		}
		r.why(OtherRoutes)
	}
	if len(in.Renumbered) > 0 && 2*len(in.Renumbered) >= len(in.Subject) {
		return name(place.Renumbered, OtherPrefixes)
	}
	return false
}

// claim grows the region and sets the level.
func (w *net) claim(r *Result, std proof.Standard, places []place.Break) {
	s := newSearch(w, w.slack+1) // any one vantage may be left out
	d := demands{networks: std.Acts.Networks, countries: std.Acts.Countries, rule: std.Acts.Rule}
	known := demands{networks: d.networks, countries: d.countries, rule: d.rule}
	if len(w.in.Country) == 0 {
		known.countries = 0
	}
	r.Home = w.home
	wide := func() bool { // enough vantages look at the region from outside
		r.Leave, r.Inside = w.leave()
		return r.Leave >= leastLost && 4*r.Inside <= 3*w.n
	}
	// Without the demands on countries and rules a place may still be indicated.
	full := s.grow(known)
	full = full && wide()
	ok := full
	if !full && (known.countries > 0 || known.rule) {
		ok = s.grow(demands{networks: d.networks})
		ok = ok && wide()
	}
	// One network alone, or all networks of the country of several origins.
	own := -1
	if w.home != "" {
		own = w.by[1<<32]
	}
	one := len(places) > 0 || own >= 0 && w.actors[own].all.count() >= w.few
	enough := demand(r, DemandSingleAct, 1, float64(b2i(one)), one, NoSingleAct)
	enough = demand(r, DemandNoOtherActs, 1, float64(b2i(ok)), ok, NothingGrows) && enough
	enough = demand(r, DemandDisplaced, float64(r.Lost/10), float64(r.Displaced), 10*r.Displaced <= r.Lost, OtherRoutes) && enough
	if !r.Total {
		// A rule that spreads over minutes is applied at many places.
		// Nor can so few have lost it that the noise is more than a tenth of them:
		// ten edge networks that each refuse look like one network above them.
		one := (w.onePlace(w.few) || own >= 0) && w.spread <= oneWave && 10*w.slack <= w.n
		enough = demand(r, DemandOnePlace, 1, float64(b2i(one)), one, Scattered) && enough
	}
	if !enough {
		// What else explains it, outside the places where one act suffices.
		var open []int
		if own >= 0 {
			open = append(open, own)
		}
		for _, b := range places {
			if a := w.by[w.operatorOf(b.A)]; b.Kind != place.Adjacency && !slices.Contains(open, a) {
				open = append(open, a)
			}
		}
		w.setRegion(open)
		r.Leave, r.Inside = w.leave()
		r.Acts = s.acts(demands{})
		return
	}
	said := demands{networks: d.networks}
	if full {
		said.countries = known.countries
	}
	r.Acts = s.acts(said)
	demand(r, DemandNetworks, float64(d.networks), float64(d.networks), true, "")
	if d.countries > 0 {
		switch {
		case known.countries == 0:
			demand(r, DemandCountries, float64(d.countries), 0, false, CountriesUnknown)
		default:
			demand(r, DemandCountries, float64(d.countries), float64(b2i(full)*d.countries), full, OneCountry)
		}
	}
	if d.rule {
		switch {
		case w.in.Large == nil:
			demand(r, DemandRule, 1, 0, false, RuleUnknown)
		default:
			demand(r, DemandRule, 1, float64(b2i(full)), full, OneRule)
		}
	}
	s.sensitive(r, std)
	demand(r, DemandFacts, float64(std.FactWitnesses), float64(r.FactWitnesses), r.FactWitnesses >= std.FactWitnesses, FewFacts)
	least := max(2, std.Collectors)
	demand(r, DemandCollectors, float64(least), float64(r.Collectors), r.Collectors >= least, OneCollector)
	demand(r, DemandInferred, float64(w.slack), float64(r.Inferred), r.Inferred <= w.slack, InferredOnly)

	r.Region = w.region()
	r.Level = proof.Established
	for _, x := range r.Demands {
		if !x.Met {
			r.Level = proof.Indicated
		}
	}
}

// sensitive demands witnesses beyond the region, and most of them still when any
// one collector or network is left out.
func (s *search) sensitive(r *Result, std proof.Standard) {
	n, least := s.witnesses(std.Sensitivity.Collector && r.Collectors > 1, std.Sensitivity.Transit)
	r.PlaceWitnesses = n
	demand(r, DemandPlaces, float64(std.PlaceWitnesses), float64(n), n >= std.PlaceWitnesses, FewPlaces)
	want := max(1, std.PlaceWitnesses-1)
	demand(r, DemandLeaveOneOut, float64(want), float64(least), least >= want, Fragile)
}

// onePlace reports whether a partial loss has one place: a session, or all that
// one network passes on, through which at least so many lost the routes, and
// over which nothing says that routes still pass. A network that still passes them
// to some neighbours is no such place. Example: half of a provider's neighbours
// refuse the route because its origin is invalid; that they all stand behind that
// provider is chance.
func (w *net) onePlace(need int) bool {
	for s := range w.sess {
		if !w.weak[s] && w.cross[s].count() >= need {
			return true
		}
	}
	exports := map[uint32]bitset{}
	for s, x := range w.sess {
		if w.passes[x.Near] {
			continue
		}
		b := exports[x.Near]
		if b == nil {
			b = newBitset(w.n)
			exports[x.Near] = b
		}
		b.add(w.cross[s])
	}
	for _, b := range exports {
		if b.count() >= need {
			return true
		}
	}
	return false
}

// settle proposes further vantages, in networks on observed paths that have
// none, and what each outcome would leave of the places.
func (w *net) settle(class []place.Hypothesis) []Settle {
	out := []Settle{}
	have := map[uint32]bool{}
	for i := range w.units {
		if u := &w.units[i]; u.path != nil {
			have[u.path[0]] = true
		}
	}
	tried := map[uint32]bool{}
	for _, i := range w.lost {
		p := w.units[i].path
		for j := 1; j < len(p)-1; j++ {
			a := p[j]
			if have[a] || tried[a] {
				continue
			}
			tried[a] = true
			s := Settle{AS: a}
			for _, h := range class {
				if h.Crosses(p[j:]) {
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
