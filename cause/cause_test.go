package cause

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/proof"
)

// world builds an input from lines such as
//
//	v1@c1 gone 10 20 1
//	v2@c1 kept 11 20 1
//	v3@c2 moved 12 20 1 > 12 30 1
//	near 5.0.0.0/24 v1 kept 10 20 5
//	far 9.0.0.0/24 v1 kept 10 40 9
//
// A line's last number is the origin. "fresh" stands for kept or moved with an
// announcement after convergence.
func world(t *testing.T, text string) Input {
	t.Helper()
	in := Input{Onset: 1000, Converged: 1180, Trough: 1300}
	index := map[string]int{}
	vantage := func(name string) int {
		if i, ok := index[name]; ok {
			return i
		}
		_, c, _ := strings.Cut(name, "@")
		index[name] = len(in.Vantages)
		in.Vantages = append(in.Vantages, Vantage{Name: name, Collector: c})
		return index[name]
	}
	path := func(s string) Path {
		var p Path
		for _, f := range strings.Fields(s) {
			var n uint32
			if _, err := fmt.Sscan(f, &n); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			p = append(p, n)
		}
		return p
	}
	sight := func(f []string) Sight {
		s := Sight{Vantage: vantage(f[0]), Since: 500}
		base, now, _ := strings.Cut(strings.Join(f[2:], " "), ">")
		s.Baseline = path(base)
		in.Vantages[s.Vantage].AS = s.Baseline[0]
		switch f[1] {
		case "gone":
			s.State, s.Lost = Gone, 1000
		case "kept":
			s.State, s.Now = Kept, s.Baseline
		case "moved":
			s.State, s.Now, s.Since = Moved, path(now), 1010
		case "fresh":
			s.State, s.Now, s.Since = Kept, s.Baseline, 1250
			if now != "" {
				s.State, s.Now = Moved, path(now)
			}
		default:
			t.Fatalf("state %q", f[1])
		}
		return s
	}
	group := map[string]int{}
	subject := Prefix{Prefix: netip.MustParsePrefix("192.0.2.0/24")}
	for _, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[0] == "near" || f[0] == "far":
			to := &in.Near
			if f[0] == "far" {
				to = &in.Far
			}
			k := f[0] + f[1]
			if _, ok := group[k]; !ok {
				group[k] = len(*to)
				*to = append(*to, Prefix{Prefix: netip.MustParsePrefix(f[1])})
			}
			p := &(*to)[group[k]]
			s := sight(f[2:])
			p.Origin = s.Baseline[len(s.Baseline)-1]
			p.Sights = append(p.Sights, s)
		default:
			s := sight(f)
			in.Origin = s.Baseline[len(s.Baseline)-1]
			subject.Sights = append(subject.Sights, s)
		}
	}
	subject.Origin = in.Origin
	in.Subject = []Prefix{subject}
	return in
}

// farControls gives every vantage of the text three controls that stayed.
func farControls(text string) string {
	var b strings.Builder
	b.WriteString(text)
	seen := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) < 3 || !strings.Contains(f[0], "@") || seen[f[0]] {
			continue
		}
		seen[f[0]] = true
		for i := range 3 {
			fmt.Fprintf(&b, "far 9.0.%d.0/24 %s kept %s 9000 900%d\n", i, f[0], f[2], i)
		}
	}
	return b.String()
}

func names(hs []Hypothesis) string {
	var out []string
	for _, h := range hs {
		out = append(out, h.String())
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

const oneProvider = `
v1@c1 gone 10 20 1
v2@c1 gone 11 20 1
v3@c1 gone 12 20 1
v4@c2 gone 13 20 1
v5@c2 gone 14 20 1
v6@c2 gone 15 20 1
`

const twoProviders = `
v1@c1 gone 10 20 1
v2@c1 gone 11 20 1
v3@c1 gone 12 20 1
v4@c2 gone 13 20 1
v5@c2 gone 14 20 1
v6@c2 gone 15 20 1
w1@c1 gone 16 30 1
w2@c1 gone 17 30 1
w3@c1 gone 18 30 1
w4@c2 gone 19 30 1
w5@c2 gone 21 30 1
w6@c2 gone 22 30 1
`

const customersStayed = `
near 5.0.0.0/24 v1@c1 kept 10 20 5
near 5.0.0.0/24 v4@c2 kept 13 20 5
near 6.0.0.0/24 v2@c1 kept 11 20 6
near 6.0.0.0/24 v5@c2 kept 14 20 6
near 7.0.0.0/24 v3@c1 kept 12 20 7
near 7.0.0.0/24 v6@c2 kept 15 20 7
near 8.0.0.0/24 v1@c1 kept 10 20 8
near 8.0.0.0/24 v6@c2 kept 15 20 8
`

const customersGone = `
near 5.0.0.0/24 v1@c1 gone 10 20 5
near 5.0.0.0/24 v4@c2 gone 13 20 5
near 6.0.0.0/24 v2@c1 gone 11 20 6
near 6.0.0.0/24 v5@c2 gone 14 20 6
near 7.0.0.0/24 v3@c1 gone 12 20 7
near 7.0.0.0/24 v6@c2 gone 15 20 7
near 8.0.0.0/24 v1@c1 gone 10 20 8
near 8.0.0.0/24 v6@c2 gone 15 20 8
`

// inseparable is what one provider leaves: nobody outside can tell these apart.
const inseparable = "adjacency(AS20, AS1); adjacency(AS20, AS1) for everything; export(AS20, {AS10, AS11, AS12, AS13, AS14, AS15}); origin(AS1); transit-export(AS20); transit-import(AS20)"

const withoutExport = "adjacency(AS20, AS1); adjacency(AS20, AS1) for everything; origin(AS1); transit-import(AS20)"

const frozenBranch = `
v1@c1 gone 10 20 1
v2@c1 gone 11 20 1
v3@c2 gone 12 20 1
v4@c2 gone 13 20 1
z1@c1 kept 14 30 20 1
z2@c1 kept 15 30 20 1
z3@c2 kept 16 30 20 1
z4@c2 kept 17 30 20 1
`

// TestNamed checks that the true break is never set aside where one stuck
// network or one vantage could explain what speaks against it.
func TestNamed(t *testing.T) {
	for _, c := range []struct{ name, world, truth string }{
		{"frozen branch", farControls(frozenBranch) + customersStayed, "origin(AS1)"},
		{"refused to some", farControls(frozenBranch) + customersStayed, "export(AS20, {AS10, AS11, AS12, AS13})"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Examine(world(t, c.world), proof.Clear())
			if got := names(r.Named); !strings.Contains(got, c.truth) {
				t.Errorf("named %s\nlacks %s", got, c.truth)
			}
			if r.Level == proof.Established {
				t.Errorf("established %s", names(r.Class))
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name, world string
		level       proof.Level
		class       string
	}{
		{"one provider, its other customers stayed", farControls(oneProvider) + customersStayed, proof.Established, inseparable},
		{"one provider, its other customers went too", farControls(oneProvider) + customersGone, proof.Established, "node(AS20)"},
		{"two providers drop it together", farControls(twoProviders), proof.Established,
			"adjacency(AS20, AS1) or adjacency(AS20, AS1) for everything or transit-import(AS20) or node(AS20) or transit-export(AS20) or export(AS20, {AS10, AS11, AS12, AS13, AS14, AS15}), and " +
				"adjacency(AS30, AS1) or adjacency(AS30, AS1) for everything or transit-import(AS30) or node(AS30) or transit-export(AS30) or export(AS30, {AS16, AS17, AS18, AS19, AS21, AS22}); origin(AS1)"},
		{"the origin stops and a frozen network keeps its whole branch", farControls(frozenBranch) + customersStayed, proof.NotEstablished, ""},
		{"a zombie inside the provider is all that speaks for export", farControls(oneProvider+"i@c1 kept 20 1\n") + customersStayed, proof.Indicated, inseparable},
		{"many vantages inside the provider lost it too", farControls(oneProvider+"i@c1 gone 20 1\nj@c2 gone 20 1\nk@c1 gone 20 1\nl@c2 gone 20 1\nm@c1 gone 20 1\nn@c2 gone 20 1\n") + customersStayed, proof.Established, withoutExport},
		{"one vantage in another's network", "v1@c1 gone 10 20 1\n", proof.NotEstablished, ""},
		{"everything stays but one vantage", farControls(`
v1@c1 gone 10 20 1
v2@c1 kept 11 20 1
v3@c1 kept 12 20 1
v4@c2 kept 13 20 1
v5@c2 kept 14 20 1
`), proof.NotEstablished, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Examine(world(t, c.world), proof.Clear())
			if r.Level != c.level {
				t.Errorf("level %s, want %s; reasons %v; demands %+v", r.Level, c.level, r.Reasons, r.Demands)
			}
			if got := names(r.Class); c.class != "" && got != c.class {
				t.Errorf("class\n got %s\nwant %s", got, c.class)
			}
		})
	}
}

// TestMended are the false accusations that simulations found, in small.
func TestMended(t *testing.T) {
	// A provider withholds the routes from all but its customers. The one
	// vantage behind a customer, AS12, lost them for a reason of its own.
	var churned strings.Builder
	for v := range 6 {
		fmt.Fprintf(&churned, "v%d@c%d gone %d %d 20 1\n", v, v%2, 100+v, 10+v%2)
	}
	churned.WriteString("v6@c1 gone 106 12 20 1\n")

	// AS20 refuses, and a network on the way of most controls fails: ten went,
	// five stayed.
	var mixed strings.Builder
	mixed.WriteString(oneProvider)
	for c := range 15 {
		state := "gone"
		if c < 5 {
			state = "kept"
		}
		for v := 1; v <= 6; v++ {
			fmt.Fprintf(&mixed, "near 5.%d.0.0/24 v%d@c%d %s %d 20 %d\n", c, v, 1+v/4, state, 9+v, 500+c)
		}
	}

	// An origin withholds from five neighbours, of which four have one vantage
	// each, inside them.
	var lone strings.Builder
	for v := range 12 {
		fmt.Fprintf(&lone, "v%d@c%d gone %d %d 20 1\n", v, v%2, 100+v, 10+v%6)
	}
	lone.WriteString("w@c0 gone 30 1\nx@c1 gone 40 1\ny@c0 gone 50 1\nz@c1 gone 60 1\n")

	for _, c := range []struct {
		name, world string
		named       string // one of the hypotheses that must be named
		joint       bool   // or: one of several breaks must be
	}{
		{"a customer's one vantage lost the route for a reason of its own", farControls(churned.String()) + customersStayed, "export(AS20, {AS10, AS11})", false},
		{"controls went to another break", farControls(mixed.String()), "transit-import(AS20)", false},
		{"neighbours with one vantage each, inside them", farControls(lone.String()), "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Examine(world(t, c.world), proof.Clear())
			if got := names(r.Named); !strings.Contains(got, c.named) {
				t.Errorf("named %s\nlacks %s", got, c.named)
			}
			if c.joint && !slices.ContainsFunc(r.Class, func(h Hypothesis) bool { return len(h.Parts) == 5 }) {
				t.Errorf("no joint break of five neighbours in %s", names(r.Class))
			}
		})
	}
}
