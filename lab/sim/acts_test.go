package sim

import (
	"maps"
	"slices"
	"testing"
)

// askSessions finds a stop in the slow and obvious way: in a state that the oracle
// found, it asks session after session, from the origin outward, whether a route of
// the origin is offered over it.
func askSessions(o *oracle, path []uint32, origin uint32) (Session, bool) {
	at := func(as uint32) int32 { i, _ := o.m.g.Index(as); return i }
	for i := len(path) - 1; i > 0; i-- {
		r, ok := o.offered(at(path[i]), at(path[i-1]))
		if !ok || r.path[len(r.path)-1] != at(origin) {
			return Session{path[i], path[i-1]}, true
		}
	}
	return Session{}, false
}

// TestStopsAgainstOracle plays every kind on small Internets in which everybody
// follows the rules, so that there is one state, and asks every session.
func TestStopsAgainstOracle(t *testing.T) {
	t.Parallel()
	stops := map[string]int{}
	for seed := range uint64(6) {
		w, err := NewWorld(Setting{Graph: Generate(220, seed), Seed: seed, Vantages: 40, Placement: seed})
		if err != nil {
			t.Fatal(err)
		}
		p := w.Player(false)
		for _, kind := range Kinds() {
			c, err := p.Draw(seed, kind, Conditions{})
			if err != nil {
				continue // not every small Internet has a subject for every kind
			}
			n, err := p.Play(c)
			if err != nil {
				t.Fatal(err)
			}
			for l, line := range c.lines() {
				states := []*oracle{}
				solve := func(by []uint32, bs []Break) {
					o := &oracle{m: w.m, ann: p.announce(by, line.Prepend), breaks: bs}
					if !o.solve() {
						t.Fatalf("%s %d: the oracle does not settle", kind, seed)
					}
					states = append(states, o)
				}
				solve(line.By, line.Base)
				for _, st := range line.Steps {
					if len(st.Revive) > 0 {
						break // stuck routes are no state of rest
					}
					solve(cmpOr(st.By, line.By), st.Breaks)
				}
				path := func(o *oracle, k int) []uint32 {
					var out []uint32
					for _, i := range o.routes[w.Vantages[k].node].path {
						out = append(out, w.g.asn[i])
					}
					return out
				}
				mine := func(x []uint32) bool { return len(x) > 0 && x[len(x)-1] == line.By[0] }
				for k := range w.Vantages {
					if w.Vantages[k].AS == line.By[0] {
						continue // the origin itself: no session lies before it
					}
					for j := 1; j < len(states); j++ {
						st := line.Steps[j-1]
						if j < len(line.Steps) && line.Steps[j].After-st.After < 2*longestDelay+st.Spread+30 {
							continue // the next step may overtake it
						}
						was := slices.ContainsFunc(states[:j], func(o *oracle) bool { return mine(path(o, k)) })
						now := mine(path(states[j], k))
						x, stopped := n.Stop(l, k, n.First+st.After+longestDelay+30+st.Spread)
						switch {
						case stopped == (was && !now):
						case was && !now && path(states[j], k) != nil:
							continue // it has the route of another origin, and may be offered its own still
						case j > 1 && !mine(path(states[j-1], k)):
							continue // it may never have shown the route before
						default:
							t.Fatalf("%s %d, AS%d at step %d: stopped %t, had a route %t, has %t", kind, seed, w.Vantages[k].AS, j, stopped, was, now)
						}
						if !stopped || x.At != n.First+st.After {
							continue
						}
						if !slices.ContainsFunc(states[:j], func(o *oracle) bool { return slices.Equal(path(o, k), x.Path) }) {
							t.Fatalf("%s %d, AS%d: its last path %v is of no state before step %d", kind, seed, w.Vantages[k].AS, x.Path, j)
						}
						want, ok := askSessions(states[j], x.Path, line.By[0])
						if !ok || want != x.Session {
							t.Fatalf("%s %d, AS%d on %v: stopped at %v, the oracle says %v", kind, seed, w.Vantages[k].AS, x.Path, x.Session, want)
						}
						stops[kind]++
					}
				}
			}
		}
	}
	t.Log(stops)
	for _, k := range Kinds() {
		if stops[k] == 0 && !slices.Contains([]string{"nothing", "observer", "black hole"}, k) {
			t.Errorf("%s: no stop was compared", k)
		}
	}
}

func cmpOr(a, b []uint32) []uint32 {
	if a != nil {
		return a
	}
	return b
}

// smallTown is an Internet that fits on a page. AS1 to AS4 are customers of the
// gateway AS5; AS5 is a customer of AS11 and AS12, and AS1 of AS6 too. AS11 and AS6
// are customers of AS10, AS12 of AS20; AS10 and AS20 are peers. AS30 to AS35 watch:
// AS30, AS31, AS34 below AS10, AS32, AS33, AS35 below AS20.
func smallTown(t *testing.T) (*World, *Player) {
	t.Helper()
	g, err := NewGraph([]Relation{{5, 1, false}, {5, 2, false}, {5, 3, false}, {5, 4, false}, {6, 1, false}, {11, 5, false}, {12, 5, false},
		{10, 11, false}, {10, 6, false}, {20, 12, false}, {10, 20, true},
		{10, 30, false}, {10, 31, false}, {10, 34, false}, {20, 32, false}, {20, 33, false}, {20, 35, false}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWorld(Setting{Graph: g, Seed: 1, At: []uint32{30, 31, 32, 33, 34, 35}, Placement: 3,
		Country: map[uint32]string{1: "AA", 2: "AA", 3: "AA", 4: "AA", 5: "AA", 6: "BB", 10: "CC", 20: "CC", 11: "BB", 12: "BB"}})
	if err != nil {
		t.Fatal(err)
	}
	for k := range w.Vantages {
		w.Vantages[k].Feed, w.Vantages[k].Silent = FullFeed, false
	}
	return w, w.Player(false)
}

// TestStopsByHand plays acts in the small town, where the stops are known.
func TestStopsByHand(t *testing.T) {
	// The origin announces to AS5 alone, but for the moves.
	alone := func(p *Player) spell { return spell{always, never, p.onlyTo(1, 5, false)} }
	all := func(s Session) map[uint32]Session {
		return map[uint32]Session{30: s, 31: s, 32: s, 33: s, 34: s, 35: s}
	}
	two := func(a, b Session) map[uint32]Session {
		return map[uint32]Session{30: a, 31: a, 34: a, 32: b, 33: b, 35: b}
	}
	for name, x := range map[string]struct {
		plan func(p *Player, c *Case) // breaks and steps
		want map[uint32]Session       // by the vantage's AS
	}{
		"curfew of all customers": {func(p *Player, c *Case) {
			c.plan(alone(p), spell{0, never, stopping([]uint32{1})[0]}, spell{0, never, stopping([]uint32{2})[0]})
		}, all(Session{1, 5})},
		"access router": {func(p *Player, c *Case) {
			c.plan(alone(p), spell{0, never, Break{Kind: Adjacency, A: 5, B: 1, Wide: true}}, spell{0, never, Break{Kind: Adjacency, A: 5, B: 2, Wide: true}})
		}, all(Session{1, 5})},
		"all above the provider refuse": {func(p *Player, c *Case) {
			c.plan(alone(p), spell{0, never, Break{Kind: Import, A: 11, Neighbours: []uint32{5}}}, spell{2, never, Break{Kind: Import, A: 12, Neighbours: []uint32{5}}})
		}, two(Session{5, 11}, Session{5, 12})},
		"a country refuses": {func(p *Player, c *Case) {
			c.plan(alone(p), spell{0, never, Break{Kind: Import, A: 10}}, spell{0, never, Break{Kind: Import, A: 20}})
		}, two(Session{11, 10}, Session{12, 20})},
		"one validating network of two, the other goes round": {func(p *Player, c *Case) {
			// AS20 has the route from its customer still, and AS10 takes none.
			c.plan(alone(p), spell{0, never, Break{Kind: Import, A: 10}})
		}, map[uint32]Session{30: {11, 10}, 31: {11, 10}, 34: {11, 10}}},
		"moved to AS6 an hour before, then AS6 keeps the routes": {func(p *Player, c *Case) {
			c.plan(spell{always, -3600, p.onlyTo(1, 5, false)}, spell{-3600, never, p.onlyTo(1, 6, false)}, spell{0, never, Break{Kind: Export, A: 6}})
		}, all(Session{6, 10})},
		"the upstream moved two minutes before, then its link is cut": {func(p *Player, c *Case) {
			c.plan(alone(p), spell{always, -240, p.onlyTo(5, 11, false)}, spell{-240, never, p.onlyTo(5, 12, false)}, spell{0, never, Break{Kind: Adjacency, A: 12, B: 5}})
		}, all(Session{5, 12})},
		"the standby takes over and fails an hour later": {func(p *Player, c *Case) {
			c.plan(spell{always, never, p.onlyTo(1, 0, false)}, spell{0, never, Break{}})
			c.Prepend = map[uint32]int{6: 4}
			c.plan(spell{-3600, never, Break{Kind: Adjacency, A: 5, B: 1}}, spell{0, never, Break{Kind: Adjacency, A: 6, B: 1}})
		}, all(Session{1, 6})},
		"the border of the country is cut": {func(p *Player, c *Case) {
			for _, b := range p.border("AA") {
				c.Steps = append(c.Steps, Step{})
				c.Steps[0].Breaks = append(c.Steps[0].Breaks, b)
			}
			c.Steps = c.Steps[:1]
		}, two(Session{1, 6}, Session{5, 12})},
	} {
		w, p := smallTown(t)
		c := &Case{Seed: 9, Kind: name, Origin: 1, Prefixes: 1}
		x.plan(p, c)
		n, err := p.Play(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := map[uint32]Session{}
		for k, v := range w.Vantages {
			if s, ok := n.Stop(0, k, n.First+troughAfter); ok {
				got[v.AS] = s.Session
			}
		}
		if !maps.Equal(got, x.want) {
			t.Errorf("%s: stopped at %v, want %v", name, got, x.want)
		}
		// What is seen agrees: those that stopped hold nothing, the others a route.
		for _, r := range n.Subject[0].Routes {
			_, stopped := x.want[w.Vantages[r.Vantage].AS]
			if h := holds(r, n.First+troughAfter); (h.State == Absent) != stopped {
				t.Errorf("%s: AS%d holds %+v, stopped %t", name, w.Vantages[r.Vantage].AS, h, stopped)
			}
		}
	}
}
