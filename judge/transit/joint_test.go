package transit

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestBothFamilies compares the cuts of both families together with all sets, on random
// small tables: a set does it if it has a network of each path of either family. Paths are
// taken as they were told, not from the tree.
func TestBothFamilies(t *testing.T) {
	larger := 0
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 8))
		s := newTold()
		nets := 3 + r.IntN(6)
		for i := range 2 + r.IntN(6) {
			as := 100 + uint32(r.IntN(6))
			p := s.peer("rrc00", as)
			for _, pre := range []string{"10.0.0.0/24", "10.0.1.0/24", "2001:db8::/48", "2001:db8:1::/48"} {
				if r.IntN(4) == 0 && i > 0 {
					continue
				}
				path := fmt.Sprint(as)
				for _, h := range r.Perm(nets)[:1+r.IntN(min(nets, 3))] {
					path += fmt.Sprintf(" %d", 1+h)
				}
				s.route(p, pre, path+" 200")
			}
		}
		res := Assess(NewTable(s), s.origin(200), Who{}, nil, Options{})
		if len(res.Both) == 0 {
			t.Fatal("both families are seen, and nothing is said of both")
		}
		var ases []uint32 // bits of the oracle's sets
		var masks []uint32
		for _, path := range s.paths {
			m := uint32(0)
			for _, h := range path[1 : len(path)-1] { // who looks is not asked
				as := h.(uint32)
				i := slices.Index(ases, as)
				if i < 0 {
					i = len(ases)
					ases = append(ases, as)
				}
				m |= 1 << i
			}
			masks = append(masks, m)
		}
		does := func(set uint32) bool {
			return !slices.ContainsFunc(masks, func(m uint32) bool { return m&set == 0 })
		}
		cut := *res.Cut(Networks, true)
		for i := range cut.Sets {
			if cut.Sets[i].Share != nil {
				t.Fatal("a set of both families has a share")
			}
			cut.Sets[i].Members = slices.Clone(cut.Sets[i].Members)
			for k, m := range cut.Sets[i].Members {
				var as uint32
				fmt.Sscan(strings.TrimPrefix(m, "AS"), &as)
				cut.Sets[i].Members[k] = fmt.Sprint(slices.Index(ases, as))
			}
		}
		if len(ases) > 14 {
			continue
		}
		checkCut(t, fmt.Sprint("seed ", seed), cut, len(ases), does)
		for _, f := range res.Families {
			if o := f.Cut(Networks, true); o.Exact() && cut.Exact() && o.Upper > cut.Upper {
				t.Fatalf("seed %d: both take %d, %s alone %d", seed, cut.Upper, f.Family, o.Upper)
			} else if o.Upper < cut.Upper {
				larger++
			}
		}
	}
	if larger < 100 {
		t.Errorf("in %d families alone it takes fewer than in both: the test is too weak", larger)
	}
}

// TestOneOfEach is the plain case: each family has a network of its own, and a list changes
// nothing about it.
func TestOneOfEach(t *testing.T) {
	s := newTold()
	for i := range uint32(4) {
		p := s.peer("rrc00", 100+i)
		s.route(p, "198.51.100.0/24", fmt.Sprintf("%d 10 1", 100+i))
		s.route(p, "2001:db8::/32", fmt.Sprintf("%d 20 1", 100+i))
	}
	r := Assess(NewTable(s), s.origin(1), Who{}, nil, Options{})
	if c := r.Cut(Networks, true); c == nil || c.Upper != 2 || !c.Exact() || !slices.Equal(c.Sets[0].Members, []string{"AS10", "AS20"}) {
		t.Errorf("%+v", c)
	}
	if n := r.Families[0].Cut(Networks, true); n.Upper != 1 {
		t.Errorf("%+v", n)
	}
}

// TestNextToItInOne: a vantage network that is next to the subject and on nobody's path in
// IPv4 is left out there; in IPv6 others go over it, and it counts.
func TestNextToItInOne(t *testing.T) {
	s := newTold()
	a, b := s.peer("rrc00", 100), s.peer("rrc00", 101)
	s.route(a, "198.51.100.0/24", "100 1")
	s.route(b, "198.51.100.0/24", "101 10 1")
	s.route(a, "2001:db8::/32", "100 1")
	s.route(b, "2001:db8::/32", "101 100 1")
	r := Assess(NewTable(s), s.origin(1), Who{}, nil, Options{})
	if c := r.Cut(Networks, true); c == nil || c.Upper != 2 || !slices.Equal(c.Sets[0].Members, []string{"AS10", "AS100"}) && !slices.Equal(c.Sets[0].Members, []string{"AS100", "AS10"}) && !slices.Equal(c.Sets[0].Members, []string{"AS100", "AS101"}) {
		t.Errorf("%+v", c)
	}
}

// TestSetOnTheWay: a set inside a path is no network of its own: not next to the subject,
// not alone, and told with all its members.
func TestSetOnTheWay(t *testing.T) {
	s := newTold()
	for i := range uint32(4) {
		s.route(s.peer("rrc00", 100+i), "198.51.100.0/24", fmt.Sprintf("%d 10 {30,20} 1", 100+i))
	}
	r := Assess(NewTable(s), s.origin(1), Who{}, nil, Options{})
	f := r.Families[0]
	if len(f.Ways) != 1 {
		t.Fatalf("%+v", f.Ways)
	}
	if w := f.Ways[0]; w.Frontier != 1 || w.First != 0 || !slices.Equal(w.FirstSet, []uint32{20, 30}) || w.Second != 10 || w.SecondSet != nil {
		t.Errorf("%+v", w)
	}
	for _, c := range f.Cuts {
		for _, x := range c.Sets {
			if !slices.Equal(x.Members, []string{"AS10"}) {
				t.Errorf("%+v", x)
			}
		}
	}
	// An origin that is a set with the subject in it stands for the subject.
	s = newTold()
	for i := range uint32(3) {
		s.route(s.peer("rrc00", 100+i), "198.51.100.0/24", fmt.Sprintf("%d 10 {9,99}", 100+i))
	}
	r = Assess(NewTable(s), s.origin(9), Who{}, nil, Options{})
	if w := r.Families[0].Ways[0]; w.Frontier != 0 || !slices.Equal(w.FrontierSet, []uint32{9, 99}) || w.First != 10 {
		t.Errorf("%+v", w)
	}
}

// TestVantageOnOthersPaths: who looks is named if the paths of others cross it, on its own
// paths too, next to the subject or not; on nobody else's path it is not asked. One more
// witness that agrees takes nothing away.
func TestVantageOnOthersPaths(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths []string // the first word is the vantage network
		want  []string
	}{
		{"one more that agrees", []string{"10 20 1", "100 10 21 1", "101 10 22 1"}, []string{"AS10"}},
		{"the same way", []string{"10 20 1", "100 10 20 1", "101 10 20 1"}, []string{"AS20", "AS10"}},
		{"two of them over each other", []string{"10 11 20 1", "11 10 21 1", "100 10 22 1"}, []string{"AS10"}},
		{"on its own alone", []string{"10 20 1", "100 20 1", "101 20 1"}, []string{"AS20"}},
		{"two routers of it, one of them behind the other's neighbour", []string{"10 20 1", "10 21 1", "100 10 20 1"}, []string{"AS10"}},
		{"no network of its own", []string{"64512 20 1", "100 64512 20 1", "101 64512 20 1"}, []string{"AS20"}},
	} {
		s := newTold()
		for _, p := range c.paths {
			s.route(s.peer("rrc00", asOf(strings.Fields(p)[0])), "198.51.100.0/24", p)
		}
		r := Assess(NewTable(s), s.origin(1), Who{}, nil, Options{})
		cut := r.Cut(Networks, true)
		var got []string
		for _, x := range cut.Sets {
			got = append(got, x.Members[0])
			if *x.Share != 1 {
				t.Errorf("%s: %v carries %v", c.name, x.Members, *x.Share)
			}
		}
		if cut.Upper != 1 || !cut.Exact() || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v", c.name, cut)
		}
		if len(c.want) != len(r.Could) {
			t.Errorf("%s: %+v", c.name, r.Could)
		}
	}
}
