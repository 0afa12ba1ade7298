package cause

import (
	"math/rand/v2"
	"reflect"
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

// drawHistory makes a history of few paths that comes and goes, with holes.
func drawHistory(r *rand.Rand, n int, end int64) []Held {
	paths := []Path{{9, 1, 100}, {9, 2, 100}, {9, 3, 100}, {9, 1, 100}, nil}
	var out []Held
	at := int64(1000)
	for range n {
		h := Held{At: at}
		switch r.IntN(6) {
		case 0:
		case 1, 2:
			h.State, h.Displaced = Absent, r.IntN(4) == 0
		default:
			h.State, h.Path = Present, paths[r.IntN(len(paths))]
			h.Heard = at + r.Int64N(50)
		}
		out = append(out, h)
		at += 1 + []int64{r.Int64N(10), r.Int64N(200), r.Int64N(4000), r.Int64N(100_000)}[r.IntN(4)]
		if at > end {
			break
		}
	}
	return out
}

// holdPart reads a sight from every part of a history from which that may be done, and
// holds those of which it is sure against that of the whole.
func holdPart(t *testing.T, l Loss, steps []Held) (sure int) {
	t.Helper()
	want, says := l.Sight(7, steps)
	k := 0
	for k < len(steps) && steps[k].At <= l.Trough {
		k++
	}
	for _, whole := range []bool{true, false} {
		for at := int64(0); at <= int64(len(steps)); at++ {
			from := 0
			if !whole {
				if int(at) == len(steps) {
					break
				}
				if from = Cut(steps[:k], steps[at].At); from == 0 {
					continue
				}
			} else if at > 0 {
				break
			}
			for _, until := range []int{k, len(steps)} {
				got, ok, is := l.SightOf(7, steps[from:until], whole)
				if !is {
					continue
				}
				if sure++; ok != says || ok && !reflect.DeepEqual(got, want) {
					t.Fatalf("from step %d to %d of %+v around %+v:\n%+v, %v, want\n%+v, %v", from, until, steps, l, got, ok, want, says)
				}
			}
		}
	}
	return sure
}

// A part of a history of which the reader is sure says what the whole says.
func TestSightOfPart(t *testing.T) {
	sure := 0
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 5))
		steps := drawHistory(r, 2+r.IntN(40), 400_000)
		first := 1000 + r.Int64N(steps[len(steps)-1].At)
		sure += holdPart(t, Loss{First: first, Converged: first + 200, Trough: first + r.Int64N(3000)}, steps)
	}
	if sure < 20_000 {
		t.Errorf("sure only %d times", sure)
	}
}

func FuzzSightOfPart(f *testing.F) {
	f.Add([]byte{2, 0, 1, 200, 1, 3, 3, 100, 2, 0, 9, 1, 4, 255, 255, 1}, uint32(90_000), uint16(600))
	f.Fuzz(func(t *testing.T, b []byte, first uint32, trough uint16) {
		paths := []Path{{9, 1, 100}, {9, 2, 100}, {9, 1}, nil}
		var steps []Held
		at := int64(1000)
		for ; len(b) >= 2 && len(steps) < 60; b = b[2:] {
			h := Held{At: at, State: HeldState(b[0] % 3)}
			if h.State == Present {
				h.Path, h.Heard = paths[b[0]>>2%4], at
			}
			steps = append(steps, h)
			at += 1 + int64(b[1])*int64(b[1])
		}
		l := Loss{First: int64(first) % 2_000_000, Trough: int64(first)%2_000_000 + int64(trough)}
		l.Converged = l.First
		holdPart(t, l, steps)
	})
}
