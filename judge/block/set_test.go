package block

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
)

// TestMembersOnce: networks that stand in a set at the end of a route announce the prefix together. None of
// them takes its packets from the others, it is one prefix of their country, and who stands in no route
// alone is told as a member of the set.
func TestMembersOnce(t *testing.T) {
	p24, q24, wide := netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("198.51.101.0/24"), netip.MustParsePrefix("198.51.0.0/16")
	in := &Input{Target: "AS20, AS30", At: []uint32{10}, Named: []uint32{20, 30}, Countries: map[uint32]string{20: "FR", 30: "FR", 40: "DE"},
		Behind: map[uint32]int{40: 2, 50: 1}, Shared: map[uint32]int{40: 1}}
	for v := range 4 {
		as := uint32(100 + v)
		in.Vantages = append(in.Vantages, Vantage{Name: fmt.Sprint(v), AS: as, Whole: [2]bool{true, true}})
		in.Routes = append(in.Routes, Route{Vantage: v, Prefix: p24, Path: []uint32{as, 10}, Origins: []uint32{20, 30, 40}},
			Route{Vantage: v, Prefix: q24, Path: []uint32{as, 10, 20}}, Route{Vantage: v, Prefix: wide, Path: []uint32{as, 10, 30}})
	}
	in.Routes[1] = Route{Vantage: 0, Prefix: q24, Path: []uint32{100, 10}, Origins: []uint32{20, 40}}
	im := Assess(in)
	for i, want := range []string{"[30] []", "[20 30 40] [20 30 40]", "[20 40] [40]"} {
		if got := fmt.Sprint(im.Prefixes[i].Origins, im.Prefixes[i].Set); got != want {
			t.Errorf("%s: %s, want %s", im.Prefixes[i].Prefix, got, want)
		}
	}
	if want := []Count{{"FR", 3}, {"DE", 2}}; !slices.Equal(im.Collateral.Countries, want) {
		t.Errorf("countries %v, want %v", im.Collateral.Countries, want)
	}
	if b := im.Collateral.OnlyBehind(); len(b) != 1 || b[0].AS != 50 {
		t.Errorf("behind, and not in a set: %v", b)
	}
	in.Controls = nil
	if d := Detect(in).Drawn; !slices.Equal(d, []Drawn{{q24, 40, 1, wide, 30}}) {
		t.Errorf("drawn %v", d) // AS40 is none of the target's, and stands there in no set with AS30
	}
	// What the question does not name stays another's.
	in.Named = nil
	if d := Detect(in).Drawn; len(d) != 2 {
		t.Errorf("drawn %v", d)
	}
}
