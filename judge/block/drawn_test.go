package block

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
)

// TestDrawn: what another network announces of the target's addresses is listed, whichever
// list the route is in; the origin's own more specific is not, nor is anybody suspected for
// what is longer than networks take.
func TestDrawn(t *testing.T) {
	p16, p17, p32 := netip.MustParsePrefix("20.0.0.0/16"), netip.MustParsePrefix("20.0.128.0/17"), netip.MustParsePrefix("20.0.0.5/32")
	in := &Input{Target: "x"}
	for v := range 8 {
		in.Vantages = append(in.Vantages, Vantage{Name: fmt.Sprint(v), AS: uint32(100 + v), Whole: [2]bool{true, true}})
		for k := range 5 {
			in.Controls = append(in.Controls, Route{Vantage: v, Prefix: netip.MustParsePrefix(fmt.Sprintf("11.%d.0.0/16", k)), Path: []uint32{uint32(100 + v), 10, 20, uint32(900 + k)}})
		}
		in.Routes = append(in.Routes, Route{Vantage: v, Prefix: p16, Path: []uint32{uint32(100 + v), 10, 20, 1}})
		if v < 4 {
			in.Routes = append(in.Routes, Route{Vantage: v, Prefix: p32, Path: []uint32{uint32(100 + v), 10, 20, 1}})
			in.Others = append(in.Others, Route{Vantage: v, Prefix: p17, Path: []uint32{uint32(100 + v), 10}})
		}
	}
	in.Routes = append(in.Routes, Route{Vantage: 7, Prefix: p17, Path: []uint32{107, 30, 1}, Past: Before})
	d := Detect(in)
	if want := []Drawn{{p17, 10, 4, p16, 1}}; !slices.Equal(d.Drawn, want) {
		t.Errorf("drawn %v, want %v", d.Drawn, want)
	}
	if len(d.Suspects) != 0 {
		t.Errorf("suspects %v", d.Suspects)
	}
	for _, h := range d.Prefixes {
		if h.Long != (h.Prefix == p32) || h.Prefix == p32 && (h.Lack != 0 || h.Unknown != 4) {
			t.Errorf("%+v", h)
		}
	}
	// Another that announces the very prefix: who has fewer vantages draws.
	in.Routes[0].Path = []uint32{100, 666}
	if d := Detect(in).Drawn; len(d) == 0 || d[0] != (Drawn{p16, 666, 1, p16, 1}) {
		t.Errorf("drawn %v", d)
	}
}

// TestDetectNoPast: that nobody had a route before is said only if something earlier was seen.
func TestDetectNoPast(t *testing.T) {
	t.Parallel()
	in := asked(10, []uint32{100, 10, 1}, []uint32{300, 20, 1})
	if d := Detect(in); !d.NoPast {
		t.Error("a past, of one moment")
	}
	in.Routes = append(in.Routes, Route{Vantage: 0, Prefix: somePrefix, Path: []uint32{100, 20, 1}, Past: Before})
	if d := Detect(in); d.NoPast {
		t.Error("no past, though a route was held before")
	}
}
