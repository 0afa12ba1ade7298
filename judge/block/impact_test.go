package block

import (
	"net/netip"
	"slices"
	"testing"

	"constat/judge/relation"
)

var somePrefix = netip.MustParsePrefix("203.0.113.0/24")

// asked is an input of one prefix: a route for each vantage, whose AS is the path's first.
func asked(at uint32, paths ...[]uint32) *Input {
	in := &Input{Target: "x", At: []uint32{at}}
	for i, p := range paths {
		in.Vantages = append(in.Vantages, Vantage{Name: string(rune('a' + i)), AS: p[0]})
		in.Routes = append(in.Routes, Route{Vantage: i, Prefix: somePrefix, Path: p})
	}
	return in
}

// TestBesides: a vantage that holds two routes (ADD-PATH) goes on over the other.
func TestBesides(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1})
	if a := Predict(in); len(a) != 1 || !a[0].Basis.Loses() {
		t.Fatalf("%+v", a)
	}
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{100, 20, 1}, Past: Also})
	a := Predict(in)
	if len(a) != 1 || a[0].Basis != SeenNow || !slices.Equal(a[0].Path, []uint32{100, 20, 1}) {
		t.Errorf("%+v", a)
	}
	in.At = []uint32{10, 20}
	if a := Predict(in); len(a) != 1 || !a[0].Basis.Loses() {
		t.Errorf("%+v", a)
	}
	if im := Assess(in); !slices.Equal(im.On, in.At) || im.Prefixes[0].Held != 1 || slices.Contains(im.Warnings, WarnOffPath) {
		t.Errorf("%+v", im)
	}
}

// TestTakenBackItself: what a vantage held before is a way that was seen; what it took back itself,
// of several (ADD-PATH), it cannot go now, and somebody else may.
func TestTakenBackItself(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{200, 10, 1})
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{100, 20, 1}, Past: Before, Back: true})
	in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: otherPrefix, Path: []uint32{200, 20, 1}}) // the link is in use
	first := func() Basis {
		t.Helper()
		for _, a := range Predict(in) {
			if a.Vantage == 0 && a.Prefix == somePrefix {
				return a.Basis
			}
		}
		t.Fatal("nothing is said of it")
		return 0
	}
	if b := first(); b != SeenBefore {
		t.Errorf("%v", b)
	}
	in.Routes[2].GivenUp = true
	if b := first(); b != NotKnown {
		t.Errorf("%v", b)
	}
	// The relations leave ways, and firm is none of them for whoever gave one up.
	var links []relation.Link
	for _, up := range []uint32{10, 20, 30, 40, 50} {
		links = append(links, relation.Link{A: up, B: 1}, relation.Link{A: up, B: 100})
	}
	in.Graph = NewGraph(links)
	if b := first(); b != ThinPolicy {
		t.Errorf("%v", b)
	}
	in.Routes = in.Routes[:2]
	if b := first(); b != ByPolicy {
		t.Errorf("%v", b)
	}
}

// TestSeenThoughNotListed: a network on the way that holds another path passes it to its
// customer, whether or not the list has the link that this path leads over; to a peer
// only what it has from a customer.
func TestSeenThoughNotListed(t *testing.T) {
	t.Parallel()
	paths := [][]uint32{{300, 20, 10, 1}, {200, 20, 1}, {400, 10, 1}}
	for _, c := range []struct {
		links []relation.Link
		want  Basis
	}{
		{[]relation.Link{{A: 20, B: 300}, {A: 10, B: 1}, {A: 10, B: 400}, {A: 10, B: 20, Peer: true}}, SeenNow},
		{[]relation.Link{{A: 20, B: 300, Peer: true}, {A: 10, B: 1}, {A: 10, B: 400}, {A: 10, B: 20, Peer: true}}, Doubtful},
		{[]relation.Link{{A: 20, B: 300, Peer: true}, {A: 10, B: 1}, {A: 20, B: 1}, {A: 10, B: 400}}, SeenNow},
	} {
		in := asked(10, paths...)
		in.Graph = NewGraph(c.links)
		if a := Predict(in); a[0].Basis != c.want {
			t.Errorf("%v: %s, not %s", c.links, a[0].Basis, c.want)
		}
	}
}

// TestUnheld: of a prefix that nobody who is watching holds nothing is said, and no filter
// has it; the blind vantages are named.
func TestUnheld(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{200, 10, 1})
	for i := range in.Routes {
		in.Routes[i].Past = Before
	}
	in.Vantages[0].Blind, in.Vantages[0].Since = "session down", "2014-12-22T00:00:00Z"
	in.Lacks = []Lack{{1, somePrefix}}
	im := Assess(in)
	if o := im.Prefixes[0]; o.Result != Unheld || o.Blind != 1 || o.Held+o.Cut+o.Lost+o.Found+o.Unknown != 0 || !slices.Equal(o.Origins, []uint32{1}) {
		t.Errorf("%+v", o)
	}
	if !im.Unheld() || !im.Empty() || len(im.Filtered()) != 0 || im.LeftOut[0].Why != LeftUnheld || len(im.Blind) != 1 || im.Blind[0].Held != 1 {
		t.Errorf("%+v", im)
	}
	for _, w := range []string{WarnBlind, WarnUnheld} {
		if !slices.Contains(im.Warnings, w) {
			t.Errorf("%s is not said: %v", w, im.Warnings)
		}
	}
}

// TestLacking: whoever lost a session is not known to lack what it had; whoever took the
// route back is.
func TestLacking(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{200, 20, 1}, []uint32{300, 30, 1})
	in.At = nil
	for v, path := range [][]uint32{{100, 10}, {200, 20}, {300, 30}} {
		for k := range 4 {
			in.Controls = append(in.Controls, Route{Vantage: v, Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(k), 0, 0}), 16), Path: append(slices.Clone(path), 900)})
		}
	}
	in.Routes[0].Past, in.Routes[1].Past = Before, Before
	in.Lacks = []Lack{{0, somePrefix}}
	d := Detect(in)
	if h := d.Prefixes[0]; h.Hold != 1 || h.Lack != 1 || h.Unknown != 1 {
		t.Errorf("%+v", h)
	}
	if len(d.Suspects) != 1 || !slices.Contains(d.Suspects[0].Networks, 10) || slices.Contains(d.Suspects[0].Networks, 20) {
		t.Errorf("%+v", d.Suspects)
	}
}

// TestLeftOut: what is in no filter, and why.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	for prefix, why := range map[string]string{
		"203.0.113.0/24": "", "198.18.0.0/15": "", "2001:db8::/32": "", "2000::/3": "", "0.0.0.0/0": LeftDefault, "::/0": LeftDefault, "127.0.0.0/8": LeftSpecial,
		"127.0.0.1/32": LeftSpecial, "96.0.0.0/3": LeftSpecial, "10.1.0.0/16": LeftSpecial, "172.31.0.0/16": LeftSpecial, "172.32.0.0/16": "", "100.64.0.0/10": LeftSpecial,
		"224.0.0.0/8": LeftSpecial, "255.255.255.255/32": LeftSpecial, "fe80::/10": LeftSpecial, "ff00::/8": LeftSpecial, "::1/128": LeftSpecial, "fd00::/8": LeftSpecial, "::ffff:0:0/96": LeftMapped,
	} {
		in := asked(10, []uint32{100, 10, 1})
		in.Routes[0].Prefix = netip.MustParsePrefix(prefix)
		im := Assess(in)
		got := ""
		if len(im.LeftOut) > 0 {
			got = im.LeftOut[0].Why
		}
		if got != why || (len(im.Filtered()) == 0) != (why != "") {
			t.Errorf("%s: %q, not %q", prefix, got, why)
		}
	}
	in := asked(1, []uint32{100, 10, 1})
	if im := Assess(in); len(im.LeftOut) != 1 || im.LeftOut[0].Why != LeftOwn {
		t.Errorf("%+v", im.LeftOut)
	}
}

// TestGivenUp: a path that a network held before is no firm way if it holds now what it
// would take only without it.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		now   []uint32 // of AS20, itself a vantage
		links []relation.Link
		firm  bool
		open  bool
	}{
		{"a peer's instead of its customer's", []uint32{20, 10, 1}, []relation.Link{{A: 20, B: 1}, {A: 10, B: 1}, {A: 10, B: 20, Peer: true}, {A: 20, B: 300}, {A: 10, B: 300}}, false, false},
		{"no relations, a longer one", []uint32{20, 10, 1}, nil, false, true},
		{"a customer's instead of its provider's", []uint32{20, 10, 1}, []relation.Link{{A: 1, B: 20}, {A: 10, B: 1}, {A: 20, B: 10}, {A: 20, B: 300}, {A: 10, B: 300}}, false, false},
	} {
		in := asked(10, []uint32{300, 10, 1}, c.now)
		in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{300, 20, 1}, Past: Before}, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{20, 1}, Past: Before})
		if c.links != nil {
			in.Graph = NewGraph(c.links)
		}
		for _, a := range Predict(in) {
			if a.Basis.Firm() != c.firm || a.Basis.Open() != c.open {
				t.Errorf("%s: %s at vantage %d", c.name, a.Basis, a.Vantage)
			}
		}
	}
}

// TestLeftForLike: a path that a network left for another that is as good is no firm way, as
// it mostly had to leave it; if it went back to what it had held before, the other was a
// stand-in and may be again; and what it left for a better one it can have again.
func TestLeftForLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		past [][]uint32 // of AS300, in order
		now  []uint32
		want Basis
	}{
		{"left for its equal", [][]uint32{{300, 20, 1}}, []uint32{300, 10, 1}, SeenThin},
		{"left by the network before the applier", [][]uint32{{300, 30, 20, 1}}, []uint32{300, 30, 10, 1}, SeenThin},
		{"left for its equal, from a third", [][]uint32{{300, 40, 1}, {300, 20, 1}}, []uint32{300, 10, 1}, SeenThin},
		{"went back", [][]uint32{{300, 10, 1}, {300, 20, 1}}, []uint32{300, 10, 1}, SeenBefore},
		{"the network before the applier went back", [][]uint32{{300, 30, 10, 1}, {300, 30, 20, 1}}, []uint32{300, 30, 10, 1}, SeenBefore},
		{"held again afterwards", [][]uint32{{300, 20, 1}, {300, 10, 1}, {300, 40, 1}}, []uint32{300, 10, 1}, SeenThin},
		{"left for a better one", [][]uint32{{300, 30, 20, 1}}, []uint32{300, 10, 1}, SeenBefore},
	} {
		in := asked(10, []uint32{400, 20, 1}) // the link is in use
		in.Vantages = append(in.Vantages, Vantage{Name: "like", AS: 300})
		for _, path := range c.past {
			in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: somePrefix, Path: path, Past: Before})
		}
		in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: somePrefix, Path: c.now})
		MarkBack(in.Routes)
		for _, a := range Predict(in) {
			if a.Vantage == 1 && a.Basis != c.want {
				t.Errorf("%s: %s over %v", c.name, a.Basis, a.Path)
			}
		}
	}
}

// TestFellAndCameBack: a vantage whose session fell and came back without its table is not
// silently left out: what it holds is not known, unless it told, or sends a full table.
func TestFellAndCameBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Input)
		want   int
	}{
		"told nothing since": {func(*Input) {}, 1},
		"took it back":       {func(in *Input) { in.Lacks = []Lack{{1, somePrefix}} }, 0},
		"holds it again": {func(in *Input) {
			in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{400, 10, 1}})
		}, 0},
		"a full table":    {func(in *Input) { in.Vantages[1].Whole[0] = true }, 0},
		"ended otherwise": {func(in *Input) { in.Routes[1].Blind = false }, 0},
		"held before that": {func(in *Input) {
			in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{400, 30, 1}, Past: Before})
		}, 0},
	} {
		in := asked(10, []uint32{300, 10, 1})
		in.Vantages = append(in.Vantages, Vantage{Name: "fell", AS: 400, Fell: "session-down", FellAt: "then"})
		in.Routes = append(in.Routes, Route{Vantage: 1, Prefix: somePrefix, Path: []uint32{400, 10, 1}, Past: Before, Blind: true})
		c.change(in)
		im := Assess(in)
		if im.Prefixes[0].Blind != c.want || len(im.Blind) != c.want || slices.Contains(im.Warnings, WarnBlind) != (c.want > 0) {
			t.Errorf("%s: %+v %v", name, im.Blind, im.Warnings)
		}
		if c.want > 0 && (!im.Blind[0].Again || im.Blind[0].Reason != "session-down" || im.Blind[0].Since != "then" || im.Blind[0].Held != 1) {
			t.Errorf("%s: %+v", name, im.Blind)
		}
	}
}

// TestCriticalOutside: what is critical is named too if it is only hit beside the target.
func TestCriticalOutside(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1})
	in.Others = []Route{{Prefix: netip.MustParsePrefix("203.0.113.128/25"), Path: []uint32{100, 10, 2}}, {Prefix: somePrefix, Path: []uint32{100, 10, 5}}, {Prefix: netip.MustParsePrefix("203.0.112.0/22"), Path: []uint32{100, 10, 6}}}
	in.Shared = map[uint32]int{8: 1}
	in.Critical = []Critical{{AS: 2, Name: "inside"}, {AS: 5, Name: "same"}, {AS: 6, Name: "covers, and is not hit"}, {AS: 8, Name: "in a set"}, {AS: 9, Name: "elsewhere"}}
	var names []string
	for _, x := range Assess(in).Critical {
		names = append(names, x.Name)
	}
	if !slices.Equal(names, []string{"in a set", "inside", "same"}) {
		t.Errorf("%q", names)
	}
}

// TestGateOfSet: the neighbour of origins that stand in a set is the network before the set.
func TestGateOfSet(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10}, []uint32{300, 20})
	for i := range in.Routes {
		in.Routes[i].Origins = []uint32{1, 7}
	}
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{100, 20}, Origins: []uint32{1, 7}, Past: Before})
	im := Assess(in)
	if w := im.Prefixes[0].Ways; len(w) != 1 || w[0].Through != 20 || !slices.Equal(w[0].Example, []uint32{100, 20, 0}) {
		t.Errorf("%+v", w)
	}
	if f := im.Flow.Before; f[0].First != 10 && f[0].First != 20 {
		t.Errorf("%+v", f)
	}
}
