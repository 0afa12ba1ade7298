package zones

import (
	"testing"
	"time"
)

func TestEveryZoneLoads(t *testing.T) {
	if n := len(byCode()); n < 240 {
		t.Fatalf("%d countries", n)
	}
	for cc, zs := range byCode() {
		if len(cc) != 2 {
			t.Errorf("%q is no country code", cc)
		}
		for _, z := range zs {
			if _, err := time.LoadLocation(z); err != nil {
				t.Errorf("%s: %v", cc, err)
			}
		}
	}
}

// TestAt has clocks that are easily got wrong: North Korea's moved by half an
// hour between August 2015 and May 2018, Nepal's are at three quarters, and
// Iran's and Syria's changed with the seasons.
func TestAt(t *testing.T) {
	for _, c := range []struct {
		cc, at string
		want   []int
	}{
		{"KP", "2014-12-22T16:15:00Z", []int{9 * 3600}},
		{"KP", "2017-10-01T09:00:00Z", []int{8*3600 + 1800}},
		{"kp", "2018-06-01T00:00:00Z", []int{9 * 3600}},
		{"NP", "2020-01-01T00:00:00Z", []int{5*3600 + 2700}},
		{"IR", "2019-11-16T14:00:00Z", []int{3*3600 + 1800}},
		{"IR", "2019-07-16T14:00:00Z", []int{4*3600 + 1800}},
		{"SY", "2018-05-27T23:00:00Z", []int{3 * 3600}},
		{"SY", "2012-11-29T10:26:00Z", []int{2 * 3600}},
		{"CD", "2020-01-01T00:00:00Z", []int{3600, 7200}},
		{"XX", "2020-01-01T00:00:00Z", nil},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		got := At(c.cc, at)
		ok := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			ok = ok && got[i].Seconds == c.want[i]
		}
		if !ok {
			t.Errorf("At(%s, %s) = %v; want %v", c.cc, c.at, got, c.want)
		}
	}
	if n := len(Of("RU")); n < 10 {
		t.Errorf("Russia has %d zones", n)
	}
}
