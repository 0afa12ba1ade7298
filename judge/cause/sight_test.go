package cause

import (
	"slices"
	"testing"
)

// TestSight reads histories around a loss whose first vantage lost the routes at
// second 10,000.
func TestSight(t *testing.T) {
	const first, trough = 10_000, 11_000
	l := Loss{First: first, Converged: first + 200, Trough: trough}
	p1, p2, p3 := Path{9, 1, 100}, Path{9, 2, 100}, Path{9, 3, 100}
	held := func(at int64, p Path) Held { return Held{At: at, State: Present, Path: p, Heard: at} }
	none := func(at int64) Held { return Held{At: at, State: Absent} }
	dark := func(at int64) Held { return Held{At: at, State: Unknown} }
	for name, c := range map[string]struct {
		steps []Held
		want  Sight
		says  bool
	}{
		"stood and went": {[]Held{held(1000, p1), none(10_005)}, Sight{Baseline: p1, State: Gone, Lost: 10_005}, true},
		"explored for three seconds": {[]Held{held(1000, p1), held(10_002, p2), none(10_005)},
			Sight{Baseline: p1, State: Gone, Lost: 10_005, Explored: []Hop{{10_002, p2}}}, true},
		"explored for a while: nobody can tell which was the last": {[]Held{held(1000, p1), held(10_002, p2), none(10_040)},
			Sight{Baseline: p1, State: Gone, Lost: 10_040, Also: []Path{p2}}, true},
		"moved sixteen minutes before": {[]Held{held(1000, p1), held(9_040, p2), none(10_005)},
			Sight{Baseline: p2, State: Gone, Lost: 10_005, Usual: p1, Changed: 9_040}, true},
		"moved a minute before": {[]Held{held(1000, p1), held(9_940, p2), none(10_005)},
			Sight{Baseline: p1, State: Gone, Lost: 10_005, Also: []Path{p2}}, true},
		"in place when the first lost theirs, however short": {[]Held{held(1000, p1), held(9_995, p2), none(10_005)},
			Sight{Baseline: p1, State: Gone, Lost: 10_005, Also: []Path{p2}}, true},
		"never stood for long": {[]Held{none(9_000), held(9_930, p1), held(9_990, p2), none(10_005)},
			Sight{Baseline: p1, Inferred: true, State: Gone, Lost: 10_005, Also: []Path{p2}}, true},
		"watched before a hole alone": {[]Held{held(1000, p1), dark(1001), held(10_003, p2), none(10_006)},
			Sight{Baseline: p1, Inferred: true, State: Gone, Lost: 10_006, Explored: []Hop{{10_003, p2}}}, true},
		"withdrawn, never told before; the first path after stands in": {[]Held{{At: 10_004, State: Present}, none(10_005), held(20_000, p3)},
			Sight{Baseline: p3, Inferred: true, State: Gone, Lost: 10_005}, true},
		"kept":                           {[]Held{held(1000, p1)}, Sight{Baseline: p1, State: Kept, Now: p1, Since: 1000}, true},
		"moved and stayed":               {[]Held{held(1000, p1), held(10_050, p2)}, Sight{Baseline: p1, State: Moved, Now: p2, Since: 10_050, Between: []Path{p1}}, true},
		"away and back":                  {[]Held{held(1000, p1), held(10_050, p2), held(10_500, p1)}, Sight{Baseline: p1, State: Kept, Now: p1, Since: 10_500, Between: []Path{p2}}, true},
		"away and back before":           {[]Held{held(1000, p1), held(9_850, p2), held(9_990, p1)}, Sight{Baseline: p2, Also: []Path{p1}, Usual: p1, Changed: 9850, State: Moved, Now: p1, Since: 9_990}, true},
		"lost and back":                  {[]Held{held(1000, p1), none(10_005), held(10_900, p1)}, Sight{Baseline: p1, State: Kept, Now: p1, Since: 10_900, Broken: true}, true},
		"not watching":                   {[]Held{held(1000, p1), dark(10_500)}, Sight{Baseline: p1, State: Unseen}, true},
		"new since":                      {[]Held{none(1000), held(10_500, p1)}, Sight{State: Moved, Now: p1, Since: 10_500, Broken: true}, true},
		"lost two hours before":          {[]Held{held(1000, p1), none(2000)}, Sight{}, false},
		"never held":                     {[]Held{none(1000)}, Sight{}, false},
		"nothing known yet":              {[]Held{held(12_000, p1)}, Sight{}, false},
		"displaced":                      {[]Held{held(1000, p1), {At: 10_005, State: Absent, Displaced: true}}, Sight{Baseline: p1, State: Gone, Lost: 10_005, Displaced: true}, true},
		"unknown, then another origin's": {[]Held{dark(1000), {At: 10_005, State: Absent, Displaced: true}, held(20_000, p1)}, Sight{}, false},
		"held, not watched, then gone":   {[]Held{held(1000, p1), dark(9_000), none(10_005)}, Sight{Baseline: p1, Inferred: true, State: Gone}, true},
		"withdrawn, then hidden":         {[]Held{held(1000, p1), none(10_005), {At: 10_300, State: Absent, Displaced: true}}, Sight{Baseline: p1, State: Gone, Lost: 10_005}, true},
	} {
		got, ok := l.Sight(7, c.steps)
		if ok != c.says {
			t.Errorf("%s: says something is %t", name, ok)
			continue
		}
		if !ok {
			continue
		}
		want := c.want
		if got.Vantage != 7 || !slices.Equal(got.Baseline, want.Baseline) || got.Inferred != want.Inferred || got.State != want.State ||
			!slices.Equal(got.Now, want.Now) || got.Since != want.Since || got.Lost != want.Lost || got.Displaced != want.Displaced ||
			got.Broken != want.Broken || !slices.EqualFunc(got.Between, want.Between, equalPaths) ||
			!slices.Equal(got.Usual, want.Usual) || got.Changed != want.Changed || !slices.EqualFunc(got.Also, want.Also, equalPaths) ||
			!slices.EqualFunc(got.Explored, want.Explored, func(a, b Hop) bool { return a.At == b.At && equalPaths(a.Path, b.Path) }) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
}

func equalPaths(a, b Path) bool { return slices.Equal(a, b) }
