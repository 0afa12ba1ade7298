package transit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// The oracle computes AS hegemony from lists of paths, as slowly and as literally as
// it can, in both forms that IHR has: as its document writes it, and as its program
// computes it. Where they differ is in how the routers of a peer AS are averaged.
type formula int

const (
	written    formula = iota
	programmed         // peers_count[scope][asn]: only routers at which the network appears
)

// oracleBC is the score of each network at one router: the weight of the scope's
// prefixes whose path has it, over the weight of all of them.
func (s *told) oracleBC(peer int, scope uint32) map[uint32]float64 {
	weight := func(i int) float64 {
		p := s.prefixes[i]
		if p.Addr().Is6() {
			return 1
		}
		w := math.Pow(2, float64(32-p.Bits()))
		for j, q := range s.prefixes {
			if _, held := s.paths[[2]int{peer, j}]; held && j != i && p.Bits() < q.Bits() && p.Overlaps(q) {
				// Only the largest of those within count: they hold the others.
				top := true
				for k, r := range s.prefixes {
					if _, held := s.paths[[2]int{peer, k}]; held && k != i && k != j && p.Bits() < r.Bits() && r.Bits() < q.Bits() && r.Overlaps(q) {
						top = false
					}
				}
				if top {
					w -= math.Pow(2, float64(32-q.Bits()))
				}
			}
		}
		return w
	}
	sum, total := map[uint32]float64{}, 0.0
	for i := range s.prefixes {
		path := s.paths[[2]int{peer, i}]
		if len(path) == 0 || s.prefixes[i].Bits() == 0 {
			continue
		}
		part := 0.0
		switch o := path[len(path)-1].(type) {
		case uint32:
			if o == scope {
				part = 1
			}
		case []uint32:
			if slices.Contains(o, scope) {
				part = 1 / float64(len(o))
			}
		}
		if part == 0 {
			continue
		}
		w := weight(i) * part
		total += w
		for _, h := range path[:len(path)-1] {
			switch h := h.(type) {
			case uint32:
				sum[h] += w
			case []uint32:
				for _, m := range h {
					sum[m] += w / float64(len(h))
				}
			}
		}
		sum[scope] += w
	}
	for a := range sum {
		sum[a] /= total
	}
	if total == 0 {
		return nil
	}
	return sum
}

func trimMean(v []float64) float64 {
	slices.Sort(v)
	cut := int(0.1 * float64(len(v)))
	v = v[cut : len(v)-cut]
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// oracle is the hegemony of all networks for an AS.
func (s *told) oracle(scope uint32, f formula, sparse bool) map[uint32]float64 {
	perAS := map[uint32]map[string][]map[uint32]float64{} // peer AS → collector → scores of its routers
	reach := map[uint32]bool{}
	for i, p := range s.peers {
		bc := s.oracleBC(i, scope)
		if bc != nil {
			reach[p.AS] = true
		}
		c, _, _ := strings.Cut(p.Name, " ")
		if perAS[p.AS] == nil {
			perAS[p.AS] = map[string][]map[uint32]float64{}
		}
		perAS[p.AS][c] = append(perAS[p.AS][c], bc)
	}
	all := map[uint32]bool{}
	for _, cs := range perAS {
		for _, rs := range cs {
			for _, r := range rs {
				for a := range r {
					all[a] = true
				}
			}
		}
	}
	out := map[uint32]float64{}
	for a := range all {
		var values []float64
		for peerAS, cs := range perAS {
			if sparse && !reach[peerAS] {
				continue
			}
			var sum, n float64
			for _, rs := range cs {
				var s1, n1 float64
				for _, r := range rs {
					if x, ok := r[a]; ok || f == written {
						s1 += x
						n1++
					}
				}
				switch {
				case f == written:
					sum, n = sum+s1, n+n1
				case n1 > 0:
					sum, n = sum+s1/n1, n+1
				}
			}
			if n > 0 {
				sum /= n
			}
			values = append(values, sum)
		}
		if h := trimMean(values); h != 0 {
			out[a] = h
		}
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// TestIHRExamples are the five pictures of IHR's description of AS hegemony
// (InternetHealthReport/as-hegemony, docs/AS_HEGEMONY.md), to 1e-9.
func TestIHRExamples(t *testing.T) {
	type want map[string]float64
	check := func(t *testing.T, s *told, scope string, w want) {
		t.Helper()
		x := look(NewTable(s), s.origin(asOf(scope)), V4)
		got := map[uint32]float64{}
		for _, h := range x.scores.result() {
			got[h.AS] = h.Hegemony
		}
		oracle := s.oracle(asOf(scope), written, false)
		for a, v := range w {
			if !near(got[asOf(a)], v) || !near(oracle[asOf(a)], v) {
				t.Errorf("%s for %s: %v, the oracle says %v, the picture %v", a, scope, got[asOf(a)], oracle[asOf(a)], v)
			}
		}
	}
	t.Run("split-weights", func(t *testing.T) {
		s := newTold()
		p := s.peer("rrc00", asOf("A"))
		s.route(p, "1.1.0.0/22", "A B C X")
		s.route(p, "1.1.1.0/24", "A B C Y")
		for _, scope := range []string{"X", "Y"} {
			check(t, s, scope, want{scope: 1, "C": 1, "B": 1, "A": 1})
		}
		x := look(NewTable(s), s.origin(asOf("X")), V4)
		weigh := 0.0
		x.read.routes(x.l, 0, func(_ int, _ int32, _ bool, w float64) { weigh += w })
		if weigh != 768 {
			t.Errorf("X weighs %v", weigh)
		}
	})
	// The peer of these pictures is a router that none of the networks belongs to: its
	// paths begin with A, D or F.
	atoms := func(s *told, p int) {
		s.route(p, "1.1.0.0/22", "A B C X")
		s.route(p, "1.1.4.0/22", "D B C X")
		s.route(p, "1.1.8.0/22", "F E C X")
	}
	t.Run("multiple-atoms", func(t *testing.T) {
		s := newTold()
		atoms(s, s.peer("rrc00", 1))
		check(t, s, "X", want{"X": 1, "C": 1, "B": 2048. / 3072, "E": 1024. / 3072, "A": 1024. / 3072, "D": 1024. / 3072, "F": 1024. / 3072})
	})
	t.Run("combined", func(t *testing.T) {
		s := newTold()
		p := s.peer("rrc00", 1)
		atoms(s, p)
		s.route(p, "1.1.1.0/24", "A B C Y")
		check(t, s, "X", want{"X": 1, "C": 1, "B": 1792. / 2816, "E": 1024. / 2816, "A": 768. / 2816, "D": 1024. / 2816, "F": 1024. / 2816})
		check(t, s, "Y", want{"Y": 1, "C": 1, "B": 1, "A": 1})
	})
	average := func(collector2 string) *told {
		s := newTold()
		atoms(s, s.peer("rrc00", 1))
		p := s.peer(collector2, 1)
		s.route(p, "1.1.0.0/22", "A B C X")
		s.route(p, "1.1.4.0/22", "D E C X")
		s.route(p, "1.1.8.0/22", "F G H X")
		return s
	}
	t.Run("average", func(t *testing.T) {
		s := average("rrc00")
		check(t, s, "X", want{"X": 1, "C": 2560. / 3072, "H": 512. / 3072, "B": 1536. / 3072, "E": 1024. / 3072, "G": 512. / 3072,
			"A": 1024. / 3072, "D": 1024. / 3072, "F": 1024. / 3072})
		// IHR's program makes of the same picture 1/3 for H and G, which the picture has at 1/6.
		for _, c := range []string{"rrc00", "rrc01"} {
			got := average(c).oracle(asOf("X"), programmed, false)
			if !near(got[asOf("H")], 1./3) || !near(got[asOf("C")], 5./6) {
				t.Errorf("as programmed, %s: H %v, C %v", c, got[asOf("H")], got[asOf("C")])
			}
		}
	})
	t.Run("hegemony", func(t *testing.T) {
		s := newTold()
		for i := range uint32(10) {
			via := [...]string{"10 1", "10 1", "10 1", "10 1", "11 1", "11 1", "11 1", "2", "12 3", "3"}[i]
			s.route(s.peer("rrc00", 100+i), "1.1.0.0/22", fmt.Sprintf("%d %s X", 100+i, via))
		}
		check(t, s, "X", want{"X": 1, "1": 6. / 8, "10": 3. / 8, "11": 2. / 8, "2": 0, "3": 1. / 8, "12": 0})
	})
}

// TestFormulasDiffer is the example that tells the two formulas apart: of two peer ASes
// with two routers each, one sees H at one of its routers, of four the same.
func TestFormulasDiffer(t *testing.T) {
	s := newTold()
	for i := range uint32(2) {
		a, b := s.peer("rrc00", 100+i), s.peer("rrc00", 100+i)
		via := "5 X"
		if i == 0 {
			via = "H X"
		}
		s.route(a, "1.1.0.0/22", fmt.Sprintf("%d %s", 100+i, via))
		s.route(b, "1.1.0.0/22", fmt.Sprintf("%d 5 X", 100+i))
	}
	x := look(NewTable(s), s.origin(asOf("X")), V4)
	for _, h := range x.scores.result() {
		if h.AS == asOf("H") && !near(h.Hegemony, 0.25) {
			t.Errorf("as written H has 0.25, not %v", h.Hegemony)
		}
	}
	if w, p := s.oracle(asOf("X"), written, false)[asOf("H")], s.oracle(asOf("X"), programmed, false)[asOf("H")]; !near(w, 0.25) || !near(p, 0.5) {
		t.Errorf("written %v, programmed %v", w, p)
	}
}

// TestHegemonyOracle compares with the oracle on random tables: several routers of one
// AS, peers without a route, more specific prefixes of others, sets, both families.
func TestHegemonyOracle(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := newTold()
		prefixes := []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.3.0/24", "10.128.0.0/9", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "2001:db8:1::/48", "::/0"}
		for range 1 + r.IntN(14) {
			as := 100 + uint32(r.IntN(8))
			p := s.peer(fmt.Sprintf("rrc%02d", r.IntN(2)), as)
			for _, pre := range prefixes {
				if r.IntN(4) == 0 {
					continue
				}
				path := fmt.Sprint(as)
				for _, h := range r.Perm(6)[:r.IntN(4)] {
					if r.IntN(12) == 0 {
						path += fmt.Sprintf(" {%d,%d}", 20+h, 30+h)
					} else {
						path += fmt.Sprintf(" %d", 10+h)
					}
				}
				if r.IntN(8) == 0 {
					path += " {1,2,3}"
				} else {
					path += fmt.Sprintf(" %d", 1+r.IntN(3))
				}
				s.route(p, pre, path)
			}
		}
		for scope := range uint32(4) {
			for fam := range Family(2) {
				one := *s
				one.paths = map[[2]int][]any{}
				for k, v := range s.paths {
					if FamilyOf(s.prefixes[k[1]]) == fam {
						one.paths[k] = v
					}
				}
				x := look(NewTable(s), s.origin(scope), fam)
				got := map[uint32]Hegemony{}
				for _, h := range x.scores.result() {
					got[h.AS] = h
				}
				for _, sparse := range []bool{false, true} {
					want := one.oracle(scope, written, sparse)
					for a := range uint32(200) {
						g := got[a].Hegemony
						if sparse {
							g = got[a].Sparse
						}
						if !near(g, want[a]) {
							t.Fatalf("seed %d, scope %d, %v, sparse %v: AS%d has %v, the oracle says %v", seed, scope, fam, sparse, a, g, want[a])
						}
					}
				}
			}
		}
	}
}

// TestSpace counts unions.
func TestSpace(t *testing.T) {
	s := newTold()
	for _, p := range []string{"10.0.0.0/24", "10.0.0.0/25", "10.0.2.0/24", "2001:db8::/47", "2001:db8:1:1::/64", "2001:db8:5:1::/64", "2001:db8:5:2::/64"} {
		s.prefixes = append(s.prefixes, netip.MustParsePrefix(p))
	}
	tab := NewTable(s)
	if v4, v6 := tab.space(tab.order[:3]), tab.space(tab.order[3:]); v4 != 512 || v6 != 3 {
		t.Errorf("%d addresses, %d /48s", v4, v6)
	}
}
