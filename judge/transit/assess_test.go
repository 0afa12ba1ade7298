package transit

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"constat/judge/relation"
	"constat/moment"
)

// land is a country of the networks 1 to 9, of which others are reached over 10 and up.
func (s *told) land() *Scope {
	inside := func(as uint32) bool { return as < 10 }
	sc := &Scope{Whole: true, Inside: inside, Belongs: func(_, o uint32) bool { return inside(o) }}
	for i := range s.prefixes {
		sc.Prefixes = append(sc.Prefixes, uint32(i))
	}
	return sc
}

func TestClass(t *testing.T) {
	for n, want := range map[int]string{0: NoClass, 1: Severe, 2: Severe, 3: Significant, 9: Significant, 10: Low, 40: Low, 41: Resistant} {
		if got := Class(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestAssessCountry: a country of three origins behind two frontier networks, one of
// which a single vantage shows; a path that leaves, comes back and leaves again; a
// vantage inside; a peer without a full table.
func TestAssessCountry(t *testing.T) {
	s := newTold()
	for i := range uint32(4) {
		p := s.peer("rrc00", 100+i)
		s.route(p, "198.51.100.0/24", fmt.Sprintf("%d 20 1 3", 100+i))
		s.route(p, "203.0.113.0/25", fmt.Sprintf("%d 20 1", 100+i))
	}
	s.route(s.peer("rrc00", 104), "203.0.113.0/25", "104 21 2 1")
	s.route(4, "198.51.100.0/24", "104 20 1 30 4 3") // through 30 abroad and home again
	s.route(s.peer("rrc00", 5), "198.51.100.0/24", "5 6 3")
	s.route(s.peer("rrc01", 105), "203.0.113.0/25", "105 22 1")
	s.peers[6].Full = [2]bool{}
	s.route(0, "192.0.2.0/24", "100 20 40")
	links := []relation.Link{{A: 20, B: 1}, {A: 21, B: 2}, {A: 22, B: 1}, {A: 23, B: 1, Peer: true}, {A: 1, B: 3}, {A: 24, B: 3}}
	core := []uint32{50, 51, 52, 53}
	for _, c := range core {
		for _, as := range []uint32{20, 21, 22, 24} {
			links = append(links, relation.Link{A: c, B: as})
		}
	}
	g := NewGraph("list", links, core)
	r := Assess(NewTable(s), s.land(), Who{Country: func(as uint32) string { return map[uint32]string{20: "SE", 21: "NO", 22: "SE", 24: "SE"}[as] }}, []*Graph{g}, Options{Origins: true})
	if !slices.Equal(r.Origins, []uint32{1, 3}) || !slices.Equal(r.Inside, []uint32{1, 2, 3, 4, 6}) {
		t.Errorf("origins %v, inside %v", r.Origins, r.Inside)
	}
	f := r.Frontier
	if f.Count != 2 || f.Class != Severe || f.Sure != Severe || f.Networks[0] != (FrontierNetwork{1, 6}) || f.Networks[1] != (FrontierNetwork{2, 1}) || f.Listed[0] != 3 {
		t.Errorf("%+v", f)
	}
	if len(r.Families) != 1 {
		t.Fatalf("%d families", len(r.Families))
	}
	x := r.Families[0]
	if x.Prefixes != 2 || x.Space != 384 || x.Peers != 7 || x.Vantages != 6 || x.Within != 1 || x.Full != 6 || x.Partial {
		t.Errorf("%+v", x)
	}
	// Four of five vantages that count send all over 1 and 20; the fifth a third over 2 and 21.
	if w := x.Ways[0]; w.Frontier != 1 || w.First != 20 || w.Second != 0 || !near(*w.Share, (4+2./3)/5) || w.Vantages != 5 {
		t.Errorf("%+v", x.Ways)
	}
	cut := func(by string, abroad bool) Observed {
		i := slices.IndexFunc(x.Cuts, func(o Observed) bool { return o.By == by && o.Abroad == abroad })
		return x.Cuts[i]
	}
	// 1 is on every path that leaves but for those of 104, which 3 and 2 hand out: 1 is there too.
	if o := cut(Networks, false); !o.Exact() || o.Upper != 1 || o.Sets[0].Members[0] != "AS1" || o.OneVantage {
		t.Errorf("%+v", o)
	}
	if o := cut(Networks, true); !o.Exact() || o.Upper != 3 || o.OneVantage != true {
		t.Errorf("%+v", o)
	}
	if o := cut(Countries, true); !o.Exact() || o.Upper != 2 || !slices.Equal(o.Sets[0].Members, []string{"NO", "SE"}) && !slices.Equal(o.Sets[0].Members, []string{"SE", "NO"}) {
		t.Errorf("%+v", o)
	}
	// By the list 20, 22 and 24 lead up from the origins 1 and 3, and 23 is a peer without providers.
	if c := r.Graphs[0].Cuts; len(c) != 5 || c[2].By != Networks || !c[2].Abroad || c[2].Upper != 3 || !slices.Equal(c[2].Sets[0].Members, []string{"AS20", "AS22", "AS24"}) || c[4].Upper != 1 {
		t.Errorf("%+v", r.Graphs[0])
	}
	want := []Possible{{24, 3, Provider, []string{"list"}}, {23, 1, PeerOf, []string{"list"}}}
	if !reflect.DeepEqual(r.Possible, want) {
		t.Errorf("%+v", r.Possible)
	}
	if r.Could[0].AS != 1 || !slices.Equal(r.Could[0].Observed, []string{"ipv4"}) || !r.Could[0].Direct {
		t.Errorf("%+v", r.Could)
	}
	sum := 0.0
	for _, w := range x.Ways {
		sum += *w.Share
	}
	if !near(sum, 1) {
		t.Errorf("the ways carry %v", sum)
	}
	if len(r.CountryHegemony) == 0 || r.CountryHegemony[0].AS != 20 {
		t.Errorf("%+v", r.CountryHegemony)
	}
}

// TestNobodySaw: nothing outside shows a route, so nothing is said of ways out.
func TestNobodySaw(t *testing.T) {
	s := newTold()
	s.route(s.peer("rrc00", 5), "198.51.100.0/24", "5 6 3")
	r := Assess(NewTable(s), s.land(), Who{}, nil, Options{})
	if len(r.Families) != 1 || r.Families[0].Vantages != 0 || len(r.Families[0].Cuts) != 0 || r.Frontier.Class != NoClass || len(r.Could) != 0 {
		t.Errorf("%+v", r)
	}
	r = Assess(NewTable(s), s.origin(77), Who{}, nil, Options{})
	if len(r.Families) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestCTI is CAIDA's definition by hand: below the peak, over the distance.
func TestCTI(t *testing.T) {
	s := newTold()
	// 30 hands down to 20, 20 to 10, 10 to 3; 40 and 30 are peers. From 101 the first step
	// is up to 30.
	s.route(s.peer("rrc00", 100), "198.51.100.0/24", "100 40 30 20 10 3")
	s.route(s.peer("rrc00", 101), "198.51.100.0/24", "101 30 20 10 3")
	s.route(s.peer("rrc00", 102), "198.51.100.0/24", "102 50 3") // no link that the list has
	g := NewGraph("list", []relation.Link{{A: 30, B: 20}, {A: 20, B: 10}, {A: 10, B: 3}, {A: 40, B: 30, Peer: true}, {A: 30, B: 101}}, nil)
	r := Assess(NewTable(s), s.origin(3), Who{}, []*Graph{g}, Options{})
	got := map[uint32]float64{}
	for _, c := range r.CTI {
		got[c.AS] = c.Value
	}
	if len(got) != 3 || !near(got[10], 2./3) || !near(got[20], 2./3/2) || !near(got[30], 2./3/3) {
		t.Errorf("%v", got)
	}
}

// TestOrder: neither the order of peers nor that of prefixes changes an answer.
func TestOrder(t *testing.T) {
	make := func(turn int) string {
		s := newTold()
		for i := range 6 {
			k := uint32((i + turn) % 6)
			p := s.peer("rrc00", 100+k)
			for j := range 4 {
				n := (j + turn) % 4
				s.route(p, fmt.Sprintf("10.%d.0.0/16", n), fmt.Sprintf("%d %d %d %d", 100+k, 20+(k+uint32(n))%3, 1+n%2, 3+n))
			}
		}
		r := Assess(NewTable(s), s.land(), Who{}, []*Graph{NewGraph("l", []relation.Link{{A: 20, B: 1}, {A: 21, B: 2}, {A: 22, B: 1}, {A: 1, B: 3}, {A: 2, B: 4}}, nil)}, Options{Origins: true})
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for turn := range 6 {
		if a, b := make(0), make(turn); a != b {
			t.Fatalf("turned by %d:\n%s\n%s", turn, a, b)
		}
	}
}

// TestCountryHegemony: a network of others that announces a piece of a country's block is
// none of the country's origins.
func TestCountryHegemony(t *testing.T) {
	s := newTold()
	for i := range uint32(4) {
		p := s.peer("rrc00", 100+i)
		s.route(p, "20.0.0.0/16", fmt.Sprintf("%d 10 1", 100+i))
		s.route(p, "20.1.0.0/16", fmt.Sprintf("%d 11 2", 100+i))
		s.route(p, "20.0.1.0/24", fmt.Sprintf("%d 12 9", 100+i))
	}
	country := func(as ...uint32) *Scope {
		sc := &Scope{Whole: true, Belongs: func(uint32, uint32) bool { return true }, Inside: func(a uint32) bool { return slices.Contains(as, a) }}
		for i := range s.prefixes {
			sc.Prefixes = append(sc.Prefixes, uint32(i))
		}
		return sc
	}
	value := func(r *Result, as uint32) float64 {
		for _, h := range r.CountryHegemony {
			if h.AS == as {
				return h.Value
			}
		}
		return 0
	}
	r := Assess(NewTable(s), country(1, 2), Who{}, nil, Options{Origins: true})
	if value(r, 10) != 0.5 || value(r, 11) != 0.5 || value(r, 12) != 0 {
		t.Errorf("%+v", r.CountryHegemony)
	}
	r = Assess(NewTable(s), country(), Who{}, nil, Options{Origins: true}) // of which nothing is announced by its own
	if v := value(r, 12); v < 0.33 || v > 0.34 {
		t.Errorf("%+v", r.CountryHegemony)
	}
}

func TestSince(t *testing.T) {
	build := func(via string) *Result {
		s := newTold()
		for i := range uint32(3) {
			s.route(s.peer("rrc00", 100+i), "198.51.100.0/24", fmt.Sprintf("%d %s 1", 100+i, via))
		}
		r := Assess(NewTable(s), s.land(), Who{}, nil, Options{})
		r.Subject = "XX"
		return r
	}
	old, now := &Answer{Format: Format, At: moment.Unix(1e9, 0), Watching: []uint32{100, 101, 102}, Subjects: []*Result{build("20")}}, &Answer{At: moment.Unix(2e9, 0), Watching: []uint32{100, 101, 102}, Subjects: []*Result{build("21")}}
	b, err := old.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := now.Since(read); err != nil {
		t.Fatal(err)
	}
	c := now.Changes[0]
	if !slices.Equal(c.New, []uint32{21}) || !slices.Equal(c.Gone, []uint32{20}) || *c.Class != Severe || c.Cut.Upper != 1 || len(c.Moved) != 2 ||
		c.Moved[0] != (Movement{AS: 20, Family: "ipv4", Before: 1}) || c.Moved[1] != (Movement{AS: 21, Family: "ipv4", Now: 1}) || c.Before != "2001-09-09T01:46:40Z" {
		t.Errorf("%+v", c)
	}
	// Of those who showed AS20 not all are watching; or the ways are too many to be listed.
	for _, x := range []struct {
		watching     []uint32
		more         int
		gone, unseen []uint32
	}{
		{[]uint32{102}, 0, nil, []uint32{20}},
		{[]uint32{100, 101, 102, 103}, 0, []uint32{20}, nil},
		{[]uint32{7}, 0, nil, []uint32{20}},
		{nil, 0, nil, []uint32{20}},
		{[]uint32{100, 101, 102}, 1, nil, []uint32{20}},
	} {
		r := build("21")
		r.Families[0].MoreWays = x.more
		a := &Answer{At: moment.Unix(2e9, 0), Watching: x.watching, Subjects: []*Result{r}}
		if err := a.Since(read); err != nil {
			t.Fatal(err)
		}
		if c := a.Changes[0]; !slices.Equal(c.Gone, x.gone) || !slices.Equal(c.Unseen, x.unseen) || !slices.Equal(c.New, []uint32{21}) {
			t.Errorf("%+v: gone %v, unseen %v, new %v", x, c.Gone, c.Unseen, c.New)
		}
	}
	// Of those who show AS21 now nobody, or one, was watching then.
	for _, x := range []struct{ then, fresh, alone []uint32 }{
		{[]uint32{7}, nil, []uint32{21}},
		{[]uint32{7, 101}, []uint32{21}, nil},
	} {
		read.Watching = x.then
		a := &Answer{At: moment.Unix(2e9, 0), Watching: []uint32{100, 101, 102}, Subjects: []*Result{build("21")}}
		if err := a.Since(read); err != nil {
			t.Fatal(err)
		}
		if c := a.Changes[0]; !slices.Equal(c.New, x.fresh) || !slices.Equal(c.FreshAlone, x.alone) || c.Comparable() {
			t.Errorf("%v: new %v, by new ones alone %v", x.then, c.New, c.FreshAlone)
		}
	}
	// A number that names no single network is neither new nor gone.
	read.Watching = []uint32{100, 101, 102}
	a := &Answer{At: moment.Unix(2e9, 0), Watching: []uint32{100, 101, 102}, Subjects: []*Result{build("64512")}}
	if err := a.Since(read); err != nil || len(a.Changes[0].New) != 0 || !slices.Equal(a.Changes[0].Gone, []uint32{20}) {
		t.Errorf("%+v, %v", a.Changes[0], err)
	}
	if err := (&Answer{At: moment.Unix(2e9, 0)}).Since(read); err == nil {
		t.Error("no common subject")
	}
	if err := (&Answer{At: moment.Unix(1e9-1, 0), Subjects: read.Subjects}).Since(read); err == nil || !strings.Contains(err.Error(), "later than") {
		t.Errorf("a later answer is taken for an earlier one: %v", err)
	}
	for _, bad := range []string{"", "{}", `{"format":"constat-findings/2"}`, "[]"} {
		if _, err := Decode([]byte(bad)); err == nil || !strings.Contains(err.Error(), "no answer of constat chokepoints --json") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestRank: fewer frontier networks come first.
func TestRank(t *testing.T) {
	share := func(x float64) *float64 { return &x }
	r := func(name string, frontier, lower int, most float64) *Result {
		return &Result{Subject: name, Frontier: &Frontier{Count: frontier}, Families: []InFamily{{Vantages: 3, Cuts: []Observed{{By: Networks, Cut: Cut{Lower: lower, Upper: lower}, Best: []Set{{Members: []string{"AS1"}, Share: share(most)}}}}}}}
	}
	all := []*Result{r("E", 0, 1, 1), r("D", 3, 1, 1), r("B", 1, 2, .4), r("C", 2, 1, 1), r("A", 1, 2, .9), r("a", 1, 1, .1)}
	slices.SortFunc(all, Compare)
	var got []string
	for _, x := range all {
		got = append(got, x.Subject)
	}
	if strings.Join(got, "") != "aABCDE" {
		t.Error(got)
	}
	named := map[uint32]bool{}
	var members []string
	all[0].Name(func(as uint32) { named[as] = true }, func(m string) { members = append(members, m) })
	if len(slices.Collect(maps.Keys(named))) != 0 || !slices.Equal(members, []string{"AS1"}) {
		t.Error(named, members)
	}
}

// TestMovementsOfClippedLists: of a network that a list leaves out it is known that it had no
// more than the last one.
func TestMovementsOfClippedLists(t *testing.T) {
	list := func(n int, last float64, more ...Hegemony) []Hegemony {
		out := slices.Clone(more)
		for i := len(more); i < n; i++ {
			out = append(out, Hegemony{AS: uint32(1000 + i), Hegemony: last})
		}
		return out
	}
	old := list(listedNetworks, 0.02)
	got := movements(old, list(listedNetworks, 0.02, Hegemony{AS: 1, Hegemony: 0.4}, Hegemony{AS: 2, Hegemony: 0.025}), "ipv4")
	if len(got) != 1 || got[0] != (Movement{AS: 1, Family: "ipv4", Before: 0.02, Now: 0.4, BeforeMost: true}) {
		t.Errorf("%+v", got)
	}
	if got = movements(list(listedNetworks, 0.02, Hegemony{AS: 1, Hegemony: 0.4}), old, "ipv4"); len(got) != 1 || !got[0].NowMost || got[0].Now != 0.02 {
		t.Errorf("%+v", got)
	}
	// Whole lists: what is not there has none.
	if got = movements(list(10, 0.02), list(9, 0.02), "ipv4"); len(got) != 1 || got[0].NowMost || got[0].Now != 0 {
		t.Errorf("%+v", got)
	}
	if got = movements(list(10, 0.02), list(9, 0.02, Hegemony{AS: 3, Hegemony: 0.03}), "ipv4"); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}
