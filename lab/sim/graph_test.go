package sim

import (
	"errors"
	"strings"
	"testing"

	"constat/internal/realdata"
)

func TestReadGraph(t *testing.T) {
	g, err := ReadGraph(strings.NewReader("# comment\n4837|131279|-1\n\n3356|4837|0|bgp\n"))
	if err != nil {
		t.Fatal(err)
	}
	i, _ := g.Index(4837)
	if g.Len() != 3 || len(g.customers(i)) != 1 || len(g.peers(i)) != 1 || len(g.providers(i)) != 0 {
		t.Errorf("read %d ASes; AS4837 has %v, %v, %v", g.Len(), g.customers(i), g.peers(i), g.providers(i))
	}
	for _, c := range []struct {
		text, want string
		is         error
	}{
		{"1|2", "line 1", ErrRelation},
		{"1|2|-1\n1|x|0", "line 2", ErrRelation},
		{"1|2|1", "neither", ErrRelation},
		{"1|1|0", "differ", ErrRelation},
		{"1|2|-1\n2|1|0", "AS1 and AS2 are related twice", ErrRelation},
		{"1|2|-1\n2|3|-1\n3|1|-1\n3|4|-1\n5|1|-1", "customer of the one before", ErrCycle},
		{"", "no relations", nil},
	} {
		_, err := ReadGraph(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%q: %v, want one that says %q", c.text, err, c.want)
		}
	}
}

func TestGenerate(t *testing.T) {
	a, b := Generate(3000, 7), Generate(3000, 7)
	if a.Len() != 3000 || len(a.adj) != len(b.adj) {
		t.Fatalf("%d ASes, %d and %d relations", a.Len(), len(a.adj), len(b.adj))
	}
	for i := range a.adj {
		if a.adj[i] != b.adj[i] {
			t.Fatal("the same seed makes two graphs")
		}
	}
	if c := Generate(3000, 8); len(c.adj) == len(a.adj) {
		t.Error("another seed makes as many relations")
	}
	// Everybody hears of everybody.
	s := NewRouter(Usual(a))
	for _, o := range []int32{0, 1500, 2999} {
		if err := s.Run([]Announce{{AS: o}}, nil, nil); err != nil {
			t.Fatal(err)
		}
		for i := range int32(a.Len()) {
			if !s.Has(i) {
				t.Fatalf("AS%d does not hear of AS%d", a.AS(i), a.AS(o))
			}
		}
	}
}

func real2015(t testing.TB) *Graph {
	g, err := OpenGraph(realdata.Path(t, "relations/20150201.as-rel.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRealGraph(t *testing.T) {
	g := real2015(t)
	if g.Len() != 49755 {
		t.Errorf("%d ASes, want 49755", g.Len())
	}
	s := NewRouter(NewManners(g, 0.1, 1))
	o, _ := g.Index(131279)
	if err := s.Run([]Announce{{AS: o}}, nil, nil); err != nil {
		t.Fatal(err)
	}
	deaf := 0
	for i := range int32(g.Len()) {
		if !s.Has(i) {
			deaf++
			continue
		}
		p := s.AppendPath(nil, i)
		if len(p) > 1 && p[len(p)-2] != 4837 {
			t.Fatalf("%v does not pass AS4837", p)
		}
	}
	if deaf > g.Len()/50 {
		t.Errorf("%d ASes do not hear of AS131279", deaf)
	}
}

func BenchmarkPropagate(b *testing.B) {
	for _, c := range []struct {
		name  string
		share float64
		only  int
	}{{"whole", 0, 0}, {"whole, a tenth odd", 0.1, 0}, {"200 vantages, a tenth odd", 0.1, 200}} {
		b.Run(c.name, func(b *testing.B) {
			g := real2015(b)
			m := NewManners(g, c.share, 1)
			s := NewRouter(m)
			d := newDice(1)
			if c.only > 0 {
				var asked []int32
				for range c.only {
					asked = append(asked, g.adj[d.below(len(g.adj))])
				}
				s = newRouter(m, restrict(m, asked))
			}
			unsettled := 0
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if s.Run([]Announce{{AS: int32(d.below(g.Len()))}}, nil, nil) != nil {
					unsettled++
				}
			}
			b.ReportMetric(float64(unsettled)/float64(b.N), "unsettled/op")
		})
	}
}
