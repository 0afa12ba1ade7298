package export

import (
	"net/netip"
	"slices"
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

// An outage's observed data refer to what was lost in it, not to what was lost in another that ran
// beside it.
func TestTouchedOfOverlapping(t *testing.T) {
	clock := func(hour, minute int64) moment.Time { return moment.Unix(hour*3600+minute*60, 0) }
	until := func(hour, minute int64) *moment.Time { u := clock(hour, minute); return &u }
	f := &finding.Findings{}
	for i, p := range []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"} {
		f.Subject.Prefixes = append(f.Subject.Prefixes, finding.Prefix{Prefix: netip.MustParsePrefix(p), Origins: []uint32{64496 + uint32(i/2)}})
	}
	of := func(n int) finding.Lost { return finding.Lost{Prefixes: n, Touched: n, Of: 4} }
	f.Outages = []finding.Outage{
		0: {Scope: "subject", Name: "UA", From: clock(12, 32), Lost: of(1)},
		1: {Scope: "subject", Name: "UA", From: clock(13, 13), Until: until(13, 15), Lost: of(2)},
		2: {Scope: "subject", Name: "UA", From: clock(14, 0), Until: until(14, 20), Lost: of(4), Total: []finding.Span{{From: clock(14, 10), Until: until(14, 15)}}},
		3: {Scope: "subject", Name: "UA", From: clock(12, 50), Until: until(13, 30), Partial: true, Lost: of(1)},
		4: {Scope: "origin", Name: "AS64497", From: clock(13, 13), Until: until(13, 15), Lost: finding.Lost{Prefixes: 2, Touched: 2, Of: 2}},
		5: {Scope: "origin", Name: "AS64496", From: clock(12, 32), Lost: finding.Lost{Prefixes: 1, Touched: 1, Of: 2}},
		6: {Scope: "prefix", Name: "192.0.2.0/24", From: clock(12, 32)},
		7: {Scope: "prefix", Name: "203.0.113.0/24", From: clock(13, 13), Until: until(13, 15)},
		8: {Scope: "prefix", Name: "2001:db8::/32", From: clock(13, 14), Until: until(13, 15)},
		9: {Scope: "prefix", Name: "198.51.100.0/24", From: clock(12, 50), Until: until(13, 30), Partial: true},
	}
	ofPrefix := map[string][]*finding.Outage{}
	for i := range f.Outages {
		if o := &f.Outages[i]; o.Scope == "prefix" {
			ofPrefix[o.Name] = append(ofPrefix[o.Name], o)
		}
	}
	for i, want := range [][]string{
		0: {"192.0.2.0/24"},
		1: {"203.0.113.0/24", "2001:db8::/32"},
		2: {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"},
		3: {"198.51.100.0/24"},
		4: {"203.0.113.0/24", "2001:db8::/32"},
		5: {"192.0.2.0/24"},
		6: {"192.0.2.0/24"},
	} {
		s := &stix{have: map[string]bool{}}
		var got []string
		for _, id := range s.touched(f, &f.Outages[i], ofPrefix) {
			for _, o := range s.objects {
				if o.ID == id {
					got = append(got, o.Value)
				}
			}
		}
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("outage %d refers to %v, want %v", i, got, want)
		}
	}
}
