package cause

import (
	"slices"
	"testing"

	"constat/judge/proof"
)

// beyond is a prefix of others that every vantage had over the same network next to it as the
// subject, and not over its provider; it goes where gone says, and when.
func (w *world) beyond(i int, gone func(v int) bool, at int64) Prefix {
	c := Prefix{Prefix: v4(500 + i), Origin: uint32(7000 + i)}
	for v, p := range w.paths {
		x := Sight{Vantage: v, Baseline: Path{p[0], p[1], 600, c.Origin}, State: Kept, Now: Path{p[0], p[1], 600, c.Origin}}
		if gone(v) {
			x.State, x.Now, x.Lost = Gone, nil, at
		}
		c.Sights = append(c.Sights, x)
	}
	return c
}

// TestLostElsewhere: what others lost in the same minutes over the same networks, and never
// over the places where one act would explain the subject's losses, speaks against these.
func TestLostElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		n    int // prefixes of others
		gone func(v, i int) bool
		at   int64
		tell bool
	}{
		"all of it goes":                 {8, func(int, int) bool { return true }, 10_005, true},
		"half of it goes":                {8, func(_, i int) bool { return i%2 == 0 }, 10_005, true},
		"a quarter of it goes":           {8, func(_, i int) bool { return i%4 == 0 }, 10_005, false},
		"all of it goes an hour before":  {8, func(int, int) bool { return true }, 6400, false},
		"it goes at a third of them":     {8, func(v, _ int) bool { return v%3 == 0 }, 10_005, false},
		"too few prefixes say anything":  {3, func(int, int) bool { return true }, 10_005, false},
		"nothing of it goes":             {8, func(int, int) bool { return false }, 10_005, false},
		"all of it goes at most of them": {8, func(v, _ int) bool { return v%8 != 0 }, 10_005, true},
	} {
		w := newWorld(t, 16, 2).lose(nil)
		for i := range c.n {
			w.Near = append(w.Near, w.beyond(i, func(v int) bool { return c.gone(v, i) }, c.at))
		}
		r := w.examine()
		if told := len(r.Elsewhere.At) > 0; told != c.tell {
			t.Errorf("%s: told %v, %+v", name, told, r.Elsewhere)
		}
		if !c.tell {
			if r.Level != proof.Established || len(r.Class) == 0 || slices.Contains(r.Reasons, LostElsewhere) {
				t.Errorf("%s: %v, %v, %v", name, r.Level, r.Class, r.Reasons)
			}
			continue
		}
		if r.Level != proof.NotEstablished || len(r.Class) > 0 || len(r.Region.Networks) > 0 || !slices.Contains(r.Reasons, LostElsewhere) {
			t.Errorf("%s: %v inside %v, %v, %v", name, r.Level, r.Region.Networks, r.Class, r.Reasons)
		}
		if !slices.Equal(r.Elsewhere.At, []uint32{origin, provider}) || r.Elsewhere.Prefixes == 0 || r.Elsewhere.Routes > r.Elsewhere.Of || 2*r.Elsewhere.Routes < r.Elsewhere.Of {
			t.Errorf("%s: %+v", name, r.Elsewhere)
		}
	}
}
