package cause

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"constat/judge/place"
	"constat/judge/proof"
)

// world is a loss in the making: vantages with a path to the origin each, and
// controls of others that all of them have.
type world struct {
	Input
	t     *testing.T
	paths []Path
}

const (
	origin   = 100
	provider = 200
)

func v4(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{20, byte(i >> 8), byte(i), 0}), 24)
}

// newWorld places vantages behind as many networks above the provider as given,
// some behind each, on two collectors. The networks are registered in two
// countries, and none is large.
func newWorld(t *testing.T, uppers, each int) *world {
	w := &world{t: t}
	w.Origin, w.Onset, w.Converged, w.Trough = origin, 10_000, 10_200, 10_600
	w.Country = map[uint32]string{origin: "KP", provider: "CN"}
	w.Large = map[uint32]bool{}
	for u := range uppers {
		upper := uint32(300 + u)
		w.Country[upper] = []string{"US", "DE", "JP"}[u%3]
		for range each {
			n := len(w.paths)
			as := uint32(1000 + n)
			w.Country[as] = []string{"US", "DE", "JP", "FR", "GB"}[n%5]
			w.Vantages = append(w.Vantages, Vantage{Name: fmt.Sprint("v", n), Collector: []string{"rrc00", "rrc01"}[n%2], AS: as})
			w.paths = append(w.paths, Path{as, upper, provider, origin})
		}
	}
	w.Subject = []Prefix{{Prefix: v4(1), Origin: origin}}
	for i := range 6 {
		w.Far = append(w.Far, w.control(v4(100+i), uint32(5000+i), 9000))
	}
	return w
}

// control is a prefix of others that every vantage keeps, across some networks.
func (w *world) control(p netip.Prefix, of uint32, across ...uint32) Prefix {
	c := Prefix{Prefix: p, Origin: of}
	for v := range w.Vantages {
		x := append(Path{w.Vantages[v].AS}, across...)
		if of != across[len(across)-1] {
			x = append(x, of)
		}
		c.Sights = append(c.Sights, Sight{Vantage: v, Baseline: x, Now: x, State: Kept})
	}
	return c
}

// lose gives what every vantage saw: those for which keeps is true still hold
// their path.
func (w *world) lose(keeps func(v int, p Path) bool) *world {
	for v, p := range w.paths {
		s := Sight{Vantage: v, Baseline: p, State: Gone, Lost: 10_000}
		if keeps != nil && keeps(v, p) {
			s = Sight{Vantage: v, Baseline: p, Now: p, State: Kept, Since: 9_000}
		}
		w.Subject[0].Sights = append(w.Subject[0].Sights, s)
	}
	return w
}

// otherFamily are IPv6 prefixes of the origin, lost everywhere on other paths: behind
// a provider of their own.
func (w *world) otherFamily(n int) []Prefix {
	var out []Prefix
	for i := range n {
		p := Prefix{Prefix: netip.MustParsePrefix(fmt.Sprintf("2001:db8:%d::/48", i)), Origin: origin}
		for v := range w.Vantages {
			p.Sights = append(p.Sights, Sight{Vantage: v, Baseline: Path{w.Vantages[v].AS, 777, 778, origin}, State: Gone, Lost: 10_000})
		}
		out = append(out, p)
	}
	return out
}

// TestFamilies: a place is claimed for all routes or for none. IPv6 routes of which no
// far control is known are weighed nowhere.
func TestFamilies(t *testing.T) {
	w := newWorld(t, 16, 2).lose(nil)
	if r := w.examine(); r.Level != proof.Established {
		t.Fatalf("IPv4 alone: %v, %v", r.Level, r.Reasons)
	}
	w.Subject = append(w.Subject, w.otherFamily(4)...)
	if r := w.examine(); r.Level != proof.NotEstablished || len(r.Region.Networks) > 0 {
		t.Errorf("without far controls of IPv6: %v inside %v", r.Level, r.Region.Networks)
	}
	for i := range 4 {
		c := w.control(netip.MustParsePrefix(fmt.Sprintf("2001:db8:ff%d::/48", i)), uint32(6000+i), 9000)
		w.Far = append(w.Far, c)
	}
	r := w.examine()
	for _, u := range []uint32{provider, 778} {
		if r.Level != proof.NotEstablished && !slices.Contains(r.Region.Networks, u) && !slices.Contains(r.Region.Networks, origin) {
			t.Errorf("both families: %v inside %v, and not AS%d", r.Level, r.Region.Networks, u)
		}
	}
}

func (w *world) examine() Result {
	w.t.Helper()
	return Examine(w.Input, proof.Clear())
}

func (r *Result) places() []string {
	var out []string
	for _, h := range r.Class {
		out = append(out, h.String())
	}
	return out
}

func (r *Result) by(what string) Acts {
	for _, a := range r.Acts {
		if a.By == what {
			return a
		}
	}
	return Acts{}
}

func TestTotalLoss(t *testing.T) {
	r := newWorld(t, 16, 2).lose(nil).examine()
	if r.Level != proof.Established || !r.Total || r.Lost != 32 {
		t.Fatalf("level %v, total %t, lost %d; reasons %v", r.Level, r.Total, r.Lost, r.Reasons)
	}
	if want := []uint32{origin, provider}; !slices.Equal(r.Region.Networks, want) {
		t.Errorf("region %v, want %v", r.Region.Networks, want)
	}
	if r.Region.Has(place.Session{Near: 300, Far: 1000}) || !r.Region.Has(place.Session{Near: provider, Far: 315}) {
		t.Error("what the provider passes on is inside, what its neighbours pass on is not")
	}
	want := []string{"origin(AS100)", "node(AS100)", "adjacency(AS200, AS100)", "transit-import(AS200)", "transit-export(AS200)", "node(AS200)"}
	got := r.places()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("places %v, want %v", got, want)
	}
	if a := r.by("networks"); a.AtLeast != 3 || a.Found < 3 {
		t.Errorf("by networks: %+v", a)
	}
}

// TestAbstains wants no claim, however well one place fits.
func TestAbstains(t *testing.T) {
	for name, c := range map[string]struct {
		w   *world
		why string
	}{
		"seven vantages":  {newWorld(t, 7, 1).lose(nil), FewVantages},
		"no far controls": {func() *world { w := newWorld(t, 16, 2).lose(nil); w.Far = nil; return w }(), NotScreened},
		"far controls of the other family": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			for i := range w.Far {
				w.Far[i].Prefix = netip.MustParsePrefix(fmt.Sprintf("2001:db8:%d::/48", i))
			}
			return w
		}(), FamilyUnscreened},
		"all were displaced": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			for i := range w.Subject[0].Sights {
				w.Subject[0].Sights[i].Displaced = true
			}
			return w
		}(), AllDisplaced},
		"all were displaced, and there were no far controls": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			w.Far = nil
			for i := range w.Subject[0].Sights {
				w.Subject[0].Sights[i].Displaced = true
			}
			return w
		}(), AllDisplaced},
		"nearly all were displaced, and there were no far controls": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			w.Far = nil
			for i := range w.Subject[0].Sights[1:] {
				w.Subject[0].Sights[i+1].Displaced = true
			}
			return w
		}(), OtherRoutes},
		"no route known before": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			for i := range w.Subject[0].Sights {
				w.Subject[0].Sights[i] = Sight{Vantage: i, State: Moved, Now: w.paths[i]}
			}
			return w
		}(), NoBaseline},
		"most were displaced by another origin": {func() *world {
			w := newWorld(t, 16, 2).lose(nil)
			for i := range w.Subject[0].Sights[:20] {
				w.Subject[0].Sights[i].Displaced = true
			}
			return w
		}(), OtherRoutes},
		"a part, scattered over all": {newWorld(t, 16, 2).lose(func(v int, _ Path) bool { return v%2 == 0 }), Scattered},
	} {
		r := c.w.examine()
		if r.Level != proof.NotEstablished || r.Rival || !slices.Contains(r.Reasons, c.why) {
			t.Errorf("%s: level %v, rival %t, reasons %v; want %q", name, r.Level, r.Rival, r.Reasons, c.why)
		}
		if len(r.Class) > 0 || len(r.Region.Networks) > 0 {
			t.Errorf("%s: names %v and %v", name, r.Region.Networks, r.places())
		}
	}
}

// TestIndicated wants a claim that lacks one demand of the standard.
func TestIndicated(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		why    string
	}{
		"countries unknown":      {func(w *world) { w.Country = nil }, CountriesUnknown},
		"large networks unknown": {func(w *world) { w.Large = nil }, RuleUnknown},
		"one collector": {func(w *world) {
			for i := range w.Vantages {
				w.Vantages[i].Collector = "rrc00"
			}
		}, OneCollector},
		"inferred baselines": {func(w *world) {
			for i := range w.Subject[0].Sights {
				w.Subject[0].Sights[i].Inferred = true
			}
		}, InferredOnly},
		"all above the provider are of one country": {func(w *world) {
			for as := range w.Country {
				if as >= 300 {
					w.Country[as] = "US"
				}
			}
		}, OneCountry},
		"all above the provider would follow one rule": {func(w *world) {
			for i := range w.Vantages { // refused by the networks above those that the provider serves
				p := w.paths[i]
				long := Path{p[0], 400 + uint32(i)/2, p[1], provider, origin}
				w.Subject[0].Sights[i].Baseline = long
				w.Large[long[1]] = true
			}
		}, OneRule},
	} {
		w := newWorld(t, 16, 2).lose(nil)
		c.change(w)
		r := w.examine()
		if r.Level != proof.Indicated || r.Rival || !slices.Contains(r.Reasons, c.why) {
			t.Errorf("%s: level %v, reasons %v; want indicated, %q", name, r.Level, r.Reasons, c.why)
		}
		if !slices.Contains(r.Region.Networks, provider) {
			t.Errorf("%s: region %v", name, r.Region.Networks)
		}
	}
}

// TestTwoUppers: with two networks above the provider, both refusing explains
// the same, so that what they pass on lies inside.
func TestTwoUppers(t *testing.T) {
	w := newWorld(t, 2, 16).lose(nil)
	r := w.examine()
	if r.Level == proof.NotEstablished {
		return // nothing narrower stands
	}
	for _, as := range []uint32{origin, provider, 300, 301} {
		if !slices.Contains(r.Region.Networks, as) {
			t.Errorf("region %v lacks AS%d: AS300 and AS301 refusing together is two acts, not three", r.Region.Networks, as)
		}
	}
}

// TestSiblings: siblings act as one operator.
func TestSiblings(t *testing.T) {
	w := newWorld(t, 4, 8).lose(nil)
	alone := w.examine()
	w.Operator = map[uint32]uint32{300: 300, 301: 300, 302: 302, 303: 302}
	joined := w.examine()
	if len(joined.Region.Networks) <= len(alone.Region.Networks) && joined.Level != proof.NotEstablished {
		t.Errorf("four networks of two operators: region %v; of four: %v", joined.Region.Networks, alone.Region.Networks)
	}
}

// TestDownForEverything: a network's own prefixes speak for it, and nothing
// narrower is ever excluded.
func TestDownForEverything(t *testing.T) {
	w := newWorld(t, 16, 2).lose(nil)
	w.Near = []Prefix{w.control(v4(50), provider, 300, provider)}
	for i := range w.Near[0].Sights {
		x := Path{w.Vantages[i].AS, w.paths[i][1], provider}
		w.Near[0].Sights[i].Baseline, w.Near[0].Sights[i].Now = x, x
	}
	r := w.examine()
	for _, z := range r.Weighed {
		if b := z.Parts[0][0]; z.Excluded != (b.Kind == place.Node && b.A == provider) {
			t.Errorf("%v: excluded %t", b, z.Excluded)
		}
	}
	if slices.Contains(r.places(), "node(AS200)") || !slices.Contains(r.places(), "transit-export(AS200)") {
		t.Errorf("places %v", r.places())
	}
	// A network that was down and is up again was down: what left it and came
	// back, or was gone meanwhile, says nothing.
	for _, back := range []func(*Sight){
		func(s *Sight) { s.Broken = true },
		func(s *Sight) { s.Between = []Path{{s.Now[0], 77, 300}} },
	} {
		for i := range w.Near[0].Sights {
			s := &w.Near[0].Sights[i]
			s.Broken, s.Between = false, nil
			back(s)
		}
		if r := w.examine(); slices.ContainsFunc(r.Weighed, func(z Weighed) bool { return z.Excluded }) {
			t.Error("a network is excluded by what came back to it")
		}
	}
	for i := range w.Near[0].Sights {
		s := &w.Near[0].Sights[i]
		s.Broken, s.Between = false, nil
	}
	// Two vantages are too few, and those that lost it too outvote them.
	for i := range w.Near[0].Sights {
		if i >= 2 {
			w.Near[0].Sights[i].State, w.Near[0].Sights[i].Now = Gone, nil
		}
	}
	if r := w.examine(); slices.ContainsFunc(r.Weighed, func(z Weighed) bool { return z.Excluded }) {
		t.Error("a network was excluded by two of 32 vantages")
	}
}

// TestPartial: a partial loss is placed only where one session, or all that one
// network passes on, explains it and nothing passes there.
func TestPartial(t *testing.T) {
	// The provider has a second customer of its routes, AS250, through which
	// half of the vantages go on.
	w := newWorld(t, 48, 2)
	for v := range w.paths {
		if v%2 == 0 {
			w.paths[v] = Path{w.paths[v][0], w.paths[v][1], 250, origin}
		}
	}
	w.Country[250] = "CN"
	r := w.lose(func(_ int, p Path) bool { return slices.Contains(p, 250) }).examine()
	if r.Total || r.Level == proof.NotEstablished {
		t.Fatalf("total %t, level %v, reasons %v", r.Total, r.Level, r.Reasons)
	}
	if !slices.Contains(r.Region.Networks, provider) {
		t.Errorf("region %v", r.Region.Networks)
	}
	if slices.Contains(r.places(), "origin(AS100)") {
		t.Error("the origin went on announcing to AS250")
	}
}

// TestMovedSecondsBefore: vantages showed a path over a standby for a moment,
// over a session that stood on no baseline: the standby is inside, and no single
// place is named.
func TestMovedSecondsBefore(t *testing.T) {
	w := newWorld(t, 16, 2).lose(nil)
	w.Country[250] = "CN"
	for i := range w.Subject[0].Sights {
		s := &w.Subject[0].Sights[i]
		if i%3 == 0 {
			s.Explored = []Hop{{9_998, Path{s.Baseline[0], s.Baseline[1], 250, origin}}}
		}
	}
	r := w.examine()
	if !slices.Contains(r.Region.Networks, 250) {
		t.Errorf("region %v does not hold the standby", r.Region.Networks)
	}
	if len(r.Class) > 0 {
		t.Errorf("places %v are named after a move", r.places())
	}
}

// TestZombies: what a few vantages, or one frozen network, keep says nothing.
func TestZombies(t *testing.T) {
	one := newWorld(t, 16, 2).lose(func(v int, _ Path) bool { return v == 5 }).examine()
	if one.Level != proof.Established || !slices.Contains(one.places(), "origin(AS100)") {
		t.Errorf("a vantage that kept its route: %v, %v, %v", one.Level, one.places(), one.Reasons)
	}
	w := newWorld(t, 16, 2).lose(func(_ int, p Path) bool { return p[1] == 303 })
	sc := screen(&w.Input)
	n := newNet(&w.Input, sc, units(&w.Input, sc.live), proof.Clear().Noise)
	if n.alive[n.id[place.Session{Near: origin, Far: provider}]] {
		t.Error("one network that keeps all its routes makes the session to the provider alive")
	}
}

// TestObserver: vantages that lost everything are blind; a reset is named only if
// nobody that was watching lost the routes too.
func TestObserver(t *testing.T) {
	blind := func(w *world, of func(v int) bool) {
		for i := range w.Far {
			for v := range w.Far[i].Sights {
				if of(v) {
					w.Far[i].Sights[v].State, w.Far[i].Sights[v].Now, w.Far[i].Sights[v].Lost = Gone, nil, 10_010
					// Behind networks that they do not share.
					w.Far[i].Sights[v].Baseline = Path{w.Vantages[v].AS, uint32(7000 + 10*v + i), uint32(5000 + i)}
				}
			}
		}
	}
	w := newWorld(t, 16, 2).lose(func(v int, _ Path) bool { return v%2 == 1 })
	blind(w, func(v int) bool { return v%2 == 0 })
	if r := w.examine(); !r.Rival || r.Class[0].Parts[0][0].Kind != place.Observer || r.Level != proof.Indicated {
		t.Errorf("a collector that lost everything: rival %t, %v, %v", r.Rival, r.Level, r.Reasons)
	}
	w = newWorld(t, 16, 2).lose(nil)
	blind(w, func(v int) bool { return v%2 == 0 })
	if r := w.examine(); r.Rival || len(r.Blind) != 16 || r.Lost != 16 {
		t.Errorf("a cut beside a reset: rival %t, %d blind, %d lost", r.Rival, len(r.Blind), r.Lost)
	}
	// Controls that went an hour before tell nothing of a reset now.
	w = newWorld(t, 16, 2).lose(func(v int, _ Path) bool { return v%2 == 1 })
	blind(w, func(v int) bool { return v%2 == 0 })
	for i := range w.Far {
		for v := range w.Far[i].Sights {
			w.Far[i].Sights[v].Lost = 6_000
		}
	}
	if r := w.examine(); r.Rival {
		t.Errorf("controls lost an hour before: rival, %v", r.Reasons)
	}
	// All blind vantages lost their controls behind one network: it failed, and
	// nobody was reset.
	w = newWorld(t, 16, 2).lose(func(v int, _ Path) bool { return v >= 16 })
	blind(w, func(v int) bool { return v < 16 })
	for i := range w.Far {
		for v := range 16 {
			w.Far[i].Sights[v].Baseline = Path{w.Vantages[v].AS, 7000, uint32(5000 + i)}
		}
	}
	if r := w.examine(); r.Rival || !slices.Contains(r.Reasons, NetworkBeyond) {
		t.Errorf("a network beyond the vantages: rival %t, %v", r.Rival, r.Reasons)
	}
}

// TestCountry: of several origins of one country that stop together, its
// networks act as one.
func TestCountry(t *testing.T) {
	w := newWorld(t, 16, 2)
	w.Origin = 0
	w.Subject = nil
	for o := range 4 {
		as := uint32(100 + o)
		w.Country[as] = "KP"
		p := Prefix{Prefix: v4(1 + o), Origin: as}
		for v, path := range w.paths {
			gate := uint32(210 + o%2)
			w.Country[gate] = "KP"
			p.Sights = append(p.Sights, Sight{Vantage: v, Baseline: Path{path[0], path[1], gate, as}, State: Gone, Lost: 10_000})
		}
		w.Subject = append(w.Subject, p)
	}
	r := w.examine()
	if r.Home != "KP" || r.Level == proof.NotEstablished {
		t.Fatalf("home %q, level %v, reasons %v", r.Home, r.Level, r.Reasons)
	}
	for _, as := range []uint32{100, 101, 102, 103, 210, 211} {
		if !slices.Contains(r.Region.Networks, as) {
			t.Errorf("region %v lacks AS%d", r.Region.Networks, as)
		}
	}
}

// TestRenumbered: other prefixes of the origin speak against a cut only if the
// caller found the evidence.
func TestRenumbered(t *testing.T) {
	w := newWorld(t, 16, 2).lose(nil)
	w.Renumbered = []netip.Prefix{v4(9)}
	if r := w.examine(); !r.Rival || r.Class[0].Parts[0][0].Kind != place.Renumbered || r.Level != proof.Indicated {
		t.Errorf("rival %t, %v", r.Rival, r.Level)
	}
}

// TestSame wants the same result whatever the order of what is given.
func TestSame(t *testing.T) {
	a := newWorld(t, 6, 5).lose(func(v int, _ Path) bool { return v == 3 })
	b := newWorld(t, 6, 5).lose(func(v int, _ Path) bool { return v == 3 })
	slices.Reverse(b.Subject[0].Sights)
	slices.Reverse(b.Far)
	x, y := a.examine(), b.examine()
	if fmt.Sprintf("%+v", x) != fmt.Sprintf("%+v", y) {
		t.Errorf("%+v\n%+v", x, y)
	}
}

func TestTail(t *testing.T) {
	// P(at least 2 of 10 at 3 %), P(at least 3 of 3 at 3 %), by hand.
	if x := tail(10, 2, 0.03); x < 0.0344 || x > 0.0346 {
		t.Error(x)
	}
	if x := tail(3, 3, 0.03); x < 2.6e-5 || x > 2.8e-5 {
		t.Error(x)
	}
	if noise(0, 0.005, 0.001) != 0 || noise(200, 0.005, 0.001) != 5 {
		t.Error(noise(200, 0.005, 0.001))
	}
}
