package block

import (
	"net/netip"
	"slices"
	"testing"
)

var otherPrefix = netip.MustParsePrefix("198.51.100.0/24")

// TestSeenThin: a way that was seen before is firm only while somebody holds any of the
// target's routes over the neighbour that it leads through. Example: all vantages change
// from AS20 to AS10 in a second; whether the link to AS20 still stands nobody can say.
func TestSeenThin(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{300, 10, 1}, []uint32{400, 10, 1})
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{300, 20, 1}, Past: Before, Back: true}, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{400, 20, 1}, Past: Before, Back: true})
	for _, a := range Predict(in) {
		if a.Basis != SeenThin || a.Basis.Firm() || !a.Basis.Finds() {
			t.Errorf("vantage %d: %s", a.Vantage, a.Basis)
		}
	}
	in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: otherPrefix, Path: []uint32{400, 20, 1}})
	for _, a := range Predict(in) {
		if a.Prefix == somePrefix && a.Basis != SeenBefore {
			t.Errorf("the link is in use, vantage %d: %s", a.Vantage, a.Basis)
		}
	}
}

// TestNeighbourTookItBack: a network that is watched and took a path back has none to pass on.
func TestNeighbourTookItBack(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{300, 10, 1})
	in.Vantages = append(in.Vantages, Vantage{Name: "b", AS: 20})
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{300, 20, 1}, Past: Before}, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{20, 1}, Past: Before})
	in.Lacks = []Lack{{1, somePrefix}}
	if a := Predict(in); a[0].Basis.Finds() {
		t.Errorf("%s over %v", a[0].Basis, a[0].Path)
	}
}

// TestWithheldAtHome: what a network that withholds keeps for itself is nobody else's way.
func TestWithheldAtHome(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{10, 1}, []uint32{100, 10, 1})
	in.Direction = Out
	if a := Predict(in); a[0].Basis != Untouched || !a[1].Basis.Loses() {
		t.Errorf("%+v", a)
	}
	in = asked(10, []uint32{10, 5, 1}, []uint32{100, 10, 5, 1}, []uint32{5, 1})
	in.Direction = Out
	if a := Predict(in); a[2].Basis != Untouched || a[1].Basis != NotKnown {
		t.Errorf("%+v", a)
	}
}

// TestConfusableOfBoth: no act at one of two networks that block shows what both do, if
// vantages hold a route over each.
func TestConfusableOfBoth(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{101, 10, 1}, []uint32{102, 10, 1}, []uint32{103, 10, 1})
	in.At = []uint32{10, 20}
	for i := range 4 {
		in.Routes = append(in.Routes, Route{Vantage: i, Prefix: somePrefix, Path: []uint32{uint32(100 + i), 20, 1}, Past: Also})
		for k := range 60 {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{11, byte(k), 0, 0}), 16)
			over := []uint32{10, 20, 30}[k%3]
			in.Controls = append(in.Controls, Route{Vantage: i, Prefix: p, Path: []uint32{uint32(100 + i), over, uint32(900 + k)}})
		}
	}
	im := Assess(in)
	if len(im.Confusable.Places) == 0 {
		t.Fatalf("%+v", im.Confusable)
	}
	for _, h := range im.Confusable.Places {
		for _, part := range h.Parts {
			for _, b := range part {
				if len(h.Parts) == 1 && len(part) == 1 && (b.A == 10 || b.A == 20) {
					t.Errorf("%s alone", b)
				}
			}
		}
	}
	if im.Confusable.Vantages != 4 {
		t.Errorf("%d vantages", im.Confusable.Vantages)
	}
}

// TestOwnHit: what an applier announces itself is in no filter, and what address filters
// would hit of it is named.
func TestOwnHit(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{101, 10, 1})
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: otherPrefix, Path: []uint32{100, 10, 1}})
	in.Others = []Route{{Vantage: 1, Prefix: otherPrefix, Path: []uint32{101, 10}}, {Vantage: 0, Prefix: netip.MustParsePrefix("203.0.113.128/25"), Path: []uint32{100, 10}},
		{Vantage: 0, Prefix: netip.MustParsePrefix("203.0.112.0/22"), Path: []uint32{100, 10}}}
	im := Assess(in)
	if len(im.LeftOut) != 1 || im.LeftOut[0] != (LeftOut{otherPrefix, LeftOwn}) {
		t.Errorf("left out: %+v", im.LeftOut)
	}
	if own := im.OwnHit(); len(own) != 1 || !slices.Contains(im.Warnings, WarnOwnHit) {
		t.Errorf("own: %+v, %q", own, im.Warnings)
	}
	if c := im.Covering(); len(c) != 1 {
		t.Errorf("covering: %+v", c)
	}
}

// TestLeftOutHitsNobody: what no filter has of the target hits no route of others, and what
// lies in it alone neither; only measures that are written are told.
func TestLeftOutHitsNobody(t *testing.T) {
	t.Parallel()
	moas, apart := netip.MustParsePrefix("20.3.0.0/16"), netip.MustParsePrefix("198.18.0.0/15")
	for _, c := range []struct {
		name     string
		others   []Route
		match    string
		is       string
		hit      []string
		measures []string
	}{
		{"announced by the applier too", []Route{{Vantage: 1, Prefix: moas, Path: []uint32{101, 10}}}, "", "same", []string{}, []string{Exact, Addresses}},
		{"inside that", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("20.3.1.0/24"), Path: []uint32{101, 7}}}, "", "inside", []string{}, []string{Exact, Addresses}},
		{"inside what filters have", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("203.0.113.0/25"), Path: []uint32{101, 7}}}, "", "inside", []string{Inside, Addresses}, []string{Exact, Addresses}},
		{"the applier's own inside what filters have", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("203.0.113.0/25"), Path: []uint32{101, 10}}}, "", "inside", []string{Inside, Addresses}, []string{Exact}},
		{"that, and everything inside is asked for", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("203.0.113.0/25"), Path: []uint32{101, 10}}}, MatchWithin, "inside", []string{Inside, Addresses}, nil},
		{"over it", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("203.0.0.0/16"), Path: []uint32{101, 7}}}, MatchWithin, "covers", []string{}, []string{Inside, Addresses}},
		{"the same prefix of others", []Route{{Vantage: 1, Prefix: netip.MustParsePrefix("203.0.113.0/24"), Path: []uint32{101, 7}}}, "", "same", []string{Exact, Inside, Addresses}, []string{Exact, Addresses}},
		{"over what no filter has", []Route{{Vantage: 1, Prefix: apart, Path: []uint32{101, 10}}}, "", "covers", []string{}, []string{Exact, Addresses}},
	} {
		in := asked(10, []uint32{100, 10, 1}, []uint32{101, 10, 1})
		in.Match = c.match
		in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: moas, Path: []uint32{100, 10, 1}}, Route{Vantage: 1, Prefix: moas, Path: []uint32{101, 10}})
		in.Others = c.others
		im := Assess(in)
		if r := im.Collateral.Routes; len(r) != 1 || r[0].Is != c.is || !slices.Equal(r[0].Hit, c.hit) {
			t.Errorf("%s: %+v", c.name, r)
		}
		if got := im.Measures(); !slices.Equal(got, c.measures) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	// Struck addresses are in no packet filter, but a list of everything inside stops the
	// applier's own route there all the same.
	in := asked(10, []uint32{100, 10, 1})
	in.Match, in.Struck = MatchWithin, []netip.Prefix{netip.MustParsePrefix("203.0.113.128/25")}
	in.Others = []Route{{Vantage: 0, Prefix: netip.MustParsePrefix("203.0.113.128/25"), Path: []uint32{100, 10}}}
	if got := Assess(in); len(got.OwnHit()) != 1 || got.Measures() != nil {
		t.Errorf("%+v", got.Collateral.Routes)
	}
}

// TestSetsInside: of paths with a set in front of others no place is asked.
func TestSetsInside(t *testing.T) {
	t.Parallel()
	im := Assess(asked(10, []uint32{100, 10, 0, 1}, []uint32{101, 10, 0, 1}))
	if len(im.Confusable.Places) > 0 || !slices.Contains(im.Confusable.Reasons, ReasonSets) || im.Confusable.Vantages != 2 {
		t.Errorf("%+v", im.Confusable)
	}
}

// TestKept: what no filter has is not said to be cut, unless a filter by origin stops it.
func TestKept(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1})
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: netip.MustParsePrefix("127.0.0.0/8"), Path: []uint32{100, 10, 1}})
	im := Assess(in)
	if got := im.Totals(); got[Lost] != 1 || got[Kept] != 1 || im.Vantages[0].Lost != 1 {
		t.Errorf("%v %+v", got, im.Vantages)
	}
	in.ByOrigin = []uint32{1}
	if got := Assess(in).Totals(); got[Lost] != 2 || got[Kept] != 0 {
		t.Errorf("by origin: %v", got)
	}
}

// TestBesideCritical: what a filter by origin stops of the target's networks is named, the
// critical too.
func TestBesideCritical(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1})
	root := netip.MustParsePrefix("198.41.0.0/24")
	in.ByOrigin, in.Beside = []uint32{1}, map[uint32][]netip.Prefix{1: {root}}
	in.Critical = []Critical{{Prefix: netip.MustParsePrefix("198.41.0.4/32"), Name: "a root", Never: true}}
	im := Assess(in)
	if len(im.Critical) != 1 || !im.Critical[0].Never || len(im.Collateral.Beside) != 1 || im.Collateral.Beside[0].Routes[0] != root {
		t.Errorf("%+v %+v", im.Critical, im.Collateral.Beside)
	}
}

// TestStruck: what a subject file strikes no filter by address hits.
func TestStruck(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1})
	struck := netip.MustParsePrefix("203.0.113.128/25")
	in.Struck = []netip.Prefix{struck}
	in.Others = []Route{{Vantage: 0, Prefix: struck, Path: []uint32{100, 10, 5}}}
	if r := Assess(in).Collateral.Routes; len(r) != 1 || !slices.Equal(r[0].Hit, []string{Inside}) {
		t.Errorf("%+v", r)
	}
}

// TestNamesNobody: two networks that paths write as AS_TRANS are not one.
func TestNamesNobody(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 23456, 10, 1}, []uint32{200, 23456, 20, 1})
	if a := Predict(in); a[0].Basis.Finds() {
		t.Errorf("%s over %v", a[0].Basis, a[0].Path)
	}
}

// TestDetectBesides: those who lack a prefix may be behind a neighbour over which only
// others of the origin's are held.
func TestDetectBesides(t *testing.T) {
	t.Parallel()
	in := asked(10)
	in.At = nil
	for i := range 8 {
		over := uint32(10)
		if i >= 4 {
			over = 20
			in.Routes = append(in.Routes, Route{Vantage: i, Prefix: somePrefix, Path: []uint32{uint32(100 + i), 20, 1}})
		}
		in.Vantages = append(in.Vantages, Vantage{Name: string(rune('a' + i)), AS: uint32(100 + i), Whole: [2]bool{true, true}})
		in.Routes = append(in.Routes, Route{Vantage: i, Prefix: otherPrefix, Path: []uint32{uint32(100 + i), over, 1}})
		for k := range 5 {
			in.Controls = append(in.Controls, Route{Vantage: i, Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{11, byte(k), 0, 0}), 16), Path: []uint32{uint32(100 + i), over, 900}})
		}
	}
	d := Detect(in)
	if len(d.Suspects) != 1 || !slices.Equal(d.Suspects[0].Networks, []uint32{10}) || d.Suspects[0].Lack != 4 {
		t.Errorf("%+v", d.Suspects)
	}
}

// TestFresh: a path that is held for less than five minutes is no firm way, and one that was tried is none
// while routes move. What stood for longer, or was in a table, is.
func TestFresh(t *testing.T) {
	t.Parallel()
	ask := func(fresh int, second ...Route) Basis {
		in := asked(10, []uint32{100, 10, 1}, []uint32{200, 10, 1}, []uint32{300, 20, 1}, []uint32{400, 20, 1})
		for i := range in.Routes {
			in.Routes[i].Fresh = i >= len(in.Routes)-fresh
		}
		in.Routes = append(in.Routes, second...)
		return Predict(in)[0].Basis
	}
	held := func(past Past, fresh bool) Route {
		return Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{100, 20, 1}, Past: past, Fresh: fresh, Back: past != Also}
	}
	for _, c := range []struct {
		fresh  int
		second Route
		want   Basis
	}{
		{0, held(Also, false), SeenNow},
		{1, held(Also, false), SeenNow},
		{0, held(Explored, false), WasExplored},
		{1, held(Explored, false), WasExplored}, // one network alone has a new path
		{2, held(Explored, false), SeenThin},
		{2, held(Before, false), SeenBefore},
	} {
		if got := ask(c.fresh, c.second); got != c.want {
			t.Errorf("%d fresh, %v: %s, want %s", c.fresh, c.second.Past, got, c.want)
		}
	}
	// A network on the way that is a vantage too holds the other path, for long or not.
	for fresh, want := range map[bool]Basis{false: SeenNow, true: SeenThin} {
		in := asked(10, []uint32{100, 50, 10, 1}, []uint32{50, 20, 1})
		in.Routes[1].Fresh = fresh
		if got := Predict(in)[0].Basis; got != want {
			t.Errorf("fresh %v: %s, want %s", fresh, got, want)
		}
	}
}
