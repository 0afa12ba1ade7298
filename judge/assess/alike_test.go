package assess

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// alone judges each route of each prefix for itself, and gives every prefix carriers
// of its own.
func alone(e *evidence) (outage.Input, []aside) {
	var prefixes []outage.Prefix
	var notes []aside
	for at, p := range e.Prefixes {
		op := outage.Prefix{Prefix: p, Origins: slices.Clone(e.Origins[p]), Carriers: []outage.Carrier{}}
		note := aside{map[int]seenAs{}, map[standKey]*stand{}}
		i := e.Table.Index(p)
		for _, peer := range e.Table.Carriers(i) {
			own := e.own(peer, i)
			steps := e.withCovers(peer, i, own, e.coversOf(p), e.tilesOf(at), map[int][]carriage{})
			without, _ := e.backWithout(peer, i, own, e.resent()[e.Table.Peers[peer].Peer], e.coversOf(p), e.tilesOf(at), map[int][]carriage{})
			plain := paused(unlisted(plain(steps), without, isUnspoken), e.Ledger.Pauses(e.Table.Peers[peer].Peer))
			if !slices.ContainsFunc(plain, func(s outage.Step) bool { return s.State >= outage.Held && s.At < e.end }) {
				continue
			}
			if n := e.note(peer, steps, note.stands); n != (seenAs{}) {
				note.peers[peer] = n
			}
			op.Carriers = append(op.Carriers, outage.Carrier{Peer: peer, Steps: slices.Clone(plain)})
		}
		prefixes, notes = append(prefixes, op), append(notes, note)
	}
	return outage.Input{Start: e.start, End: e.end, Name: e.Subject.Name, Peers: e.outagePeers(), Prefixes: prefixes, Origins: e.scopes()}, notes
}

// drawAlike is a scene of prefixes most of which have one history at each peer, in the
// classes that a draw puts them in.
func drawAlike(draw func(n int) int) *scene {
	pick := []string{"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.1.0.0/24", "10.1.1.0/24", "10.2.0.0/24", "10.2.0.0/25", "10.2.0.128/25"}
	pick = pick[:3+draw(len(pick)-2)]
	peers := 4 + draw(7)
	s := newScene(peers, 7200, pick...).controlled()
	if draw(3) == 0 {
		s.noTables()
	}
	if draw(4) == 0 {
		s.small = draw(peers)
	}
	covers := []string{"10.1.0.0/16", "10.0.0.0/22"}
	for _, c := range covers {
		if draw(3) == 0 {
			s.cover(c)
			s.held([]uint32{own, other}[draw(2)], c, all(1+draw(peers))...)
		}
	}
	if draw(4) == 0 {
		s.within("10.0.0.64/26")
		s.announce(int64(draw(7000)), other, "10.0.0.64/26", all(peers)...)
	}
	for range draw(3) {
		from := int64(draw(7000))
		peer := draw(peers+1) - 1
		s.off(from, from+1+int64(draw(600)), "rrc00", peer, []string{vantage.SessionDown, vantage.Stale}[draw(2)])
		s.blind[len(s.blind)-1].Forget = draw(2) == 0
	}
	class := map[string]int{}
	for _, p := range pick {
		class[p] = draw(3)
	}
	for _, p := range pick {
		s.held(own, p, all(peers)...)
	}
	at := int64(0)
	for range draw(10) {
		at += int64(draw(900))
		origin := []uint32{own, own, own, other}[draw(4)]
		of, what := draw(3), draw(3)
		step := draw(20)
		for i := range peers {
			if draw(12) == 0 {
				continue
			}
			for _, p := range pick {
				switch {
				case class[p] != of && of > 0:
				case what > 0:
					s.withdraw(at+int64(i*step), p, i)
				default:
					s.announce(at+int64(i*step), origin, p, i)
				}
			}
		}
		if what > 0 && draw(3) > 0 { // it comes back
			at += int64(60 + draw(900))
			for i := range peers {
				for _, p := range pick {
					if class[p] == of || of == 0 {
						s.announce(at+int64(i*step), own, p, i)
					}
				}
			}
		}
		at += int64(peers * step)
	}
	for p, c := range class { // here and there one has a history of its own
		if c == 2 && draw(6) == 0 {
			s.withdraw(int64(draw(7000)), p, draw(peers))
		}
	}
	return s
}

// againstAlone compares all that is found, to the byte.
func againstAlone(t testing.TB, s *scene, seen map[string]int) {
	t.Helper()
	e := prepare(s.evidence(t))
	shared, _ := e.input()
	first := map[*outage.Carrier]netip.Prefix{}
	for _, p := range shared.Prefixes {
		if len(p.Carriers) == 0 {
			continue
		}
		if _, ok := first[&p.Carriers[0]]; ok {
			seen["shared"]++
		}
		first[&p.Carriers[0]] = p.Prefix
	}
	f := e.findings()
	for _, o := range f.Outages {
		seen[o.Scope]++
		if len(o.Total) > 0 {
			seen["total"]++
		}
		if o.Partial {
			seen["partial"]++
		}
	}
	for _, c := range f.Cause {
		seen[fmt.Sprintf("near %v", len(c.Near) > 0)]++
	}
	for _, p := range f.Subject.Prefixes {
		seen["replaced"] += p.Replaced
		seen["covered"] += p.Covered
		seen["unknown"] += p.Unknown
	}
	seen["others"] += len(f.Others)
	eachRoute(t, e, shared, outage.Find(shared))
	e = prepare(s.evidence(t))
	want := e.findingsOf(alone(e))
	if a, b := encoded(t, f), encoded(t, want); !bytes.Equal(a, b) {
		i := 0
		for i < len(a) && i < len(b) && a[i] == b[i] {
			i++
		}
		t.Fatalf("together:\n%s\nalone:\n%s", a[max(0, i-600):min(len(a), i+200)], b[max(0, i-600):min(len(b), i+200)])
	}
}

func encoded(t testing.TB, f *finding.Findings) []byte {
	t.Helper()
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAlike: prefixes that are alike, judged together, are judged as each would be alone.
func TestAlike(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		againstAlone(t, drawAlike(r.IntN), seen)
	}
	for _, what := range []string{"shared", "subject", "origin", "prefix", "total", "partial", "near true", "replaced", "covered", "unknown", "others"} {
		if seen[what] == 0 {
			t.Errorf("no scene had: %s", what)
		}
	}
	t.Log(seen)
}

// FuzzAlike draws scenes from bytes. Maps are gone through in any order, so that the same
// bytes take other ways: run it with -fuzzminimizetime 1x, or it minimises for ever.
func FuzzAlike(f *testing.F) {
	f.Add([]byte("some prefixes of one history"))
	f.Fuzz(func(t *testing.T, b []byte) {
		i := 0
		againstAlone(t, drawAlike(func(n int) int {
			if len(b) == 0 {
				return 0
			}
			i++
			return (int(b[i%len(b)]) + i/len(b)) % n
		}), map[string]int{})
	})
}

// eachRoute holds what is counted by history against a count of each route.
func eachRoute(t testing.TB, e *evidence, in outage.Input, found []outage.Outage) {
	t.Helper()
	var learned pathCount
	for _, p := range e.Prefixes {
		i := e.Table.Index(p)
		for _, peer := range e.Table.Carriers(i) {
			steps := e.Table.Steps(peer, i)
			if k := slices.IndexFunc(steps, func(s rib.RouteStep) bool {
				return s.State == rib.RouteHeld && s.Path != rib.NoPath && s.At < e.end
			}); k >= 0 {
				learned.add(steps[k].Path, peer, false, 1)
			}
		}
	}
	same(t, "learned", e.learnedPaths(), e.list(learned))
	for _, o := range found {
		if o.Scope != outage.ScopeSubject {
			continue
		}
		var trough pathCount
		for _, p := range in.Prefixes {
			i := e.Table.Index(p.Prefix)
			for _, c := range p.Carriers {
				if s := e.Table.At(c.Peer, i, o.Trough()); s.State == rib.RouteHeld && s.Path != rib.NoPath && e.oursAt(p.Prefix, s.Path) {
					trough.add(s.Path, c.Peer, false, 1)
				}
			}
		}
		same(t, "paths at the trough", e.paths(in, o).Trough, e.list(trough))
	}
	w := who{e: e, of: map[int][]uint32{}, byName: map[uint32][]uint32{}}
	for _, p := range slices.Concat(e.Prefixes, e.Inside) {
		i := e.Table.Index(p)
		above := append([]int{i}, e.heldBy(p)...)
		stands := false
		for _, c := range e.claims(i) {
			holder, _ := e.holderOf(c, c.from(), above, e.claims)
			stands = stands || holder != nil
		}
		if got := w.twoSides(p, above); got != stands {
			t.Fatalf("%s: two sides: %v, want %v", p, got, stands)
		}
	}
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); a != b {
		t.Fatalf("%s:\n%s\nwant\n%s", what, a, b)
	}
}
