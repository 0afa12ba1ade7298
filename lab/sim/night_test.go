package sim

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

func smallWorld(t testing.TB) *World {
	t.Helper()
	w, err := NewWorld(Setting{Graph: Generate(3000, 1), Odd: 0.1, Seed: 1, Vantages: 60, Placement: 1})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestSameSeed plays each kind twice, with players that did other things in
// between, and wants the same night.
func TestSameSeed(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it plays each kind of night on two Internets")
	}
	w := smallWorld(t)
	a, b := w.Player(false), smallWorld(t).Player(false)
	for i, kind := range Kinds() {
		seed := uint64(1000 + i)
		play := func(p *Player) *Night {
			c, err := p.Draw(seed, kind, UsualConditions)
			if err != nil {
				t.Fatal(err)
			}
			n, err := p.Play(c)
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			return n
		}
		x := play(a)
		for range i {
			if c, err := b.Draw(uint64(7*i), "", UsualConditions); err == nil {
				b.Play(c)
			}
		}
		y := play(b)
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s: the same seed gives two nights", kind)
		}
	}
}

// TestNight checks what was seen against what was broken, in fair weather.
func TestNight(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	p := w.Player(false)
	for i, kind := range Kinds() {
		for j := range 5 {
			c, err := p.Draw(uint64(100*i+j), kind, Conditions{})
			if err != nil {
				t.Fatal(err)
			}
			n, err := p.Play(c)
			if err != nil {
				t.Fatal(err)
			}
			if len(n.Near) == 0 || len(n.Far) == 0 {
				t.Errorf("%s %d: %d near and %d far controls", kind, c.Seed, len(n.Near), len(n.Far))
			}
			for _, x := range slices.Concat(n.Subject, n.Beside, n.Near, n.Far) {
				for _, r := range x.Routes {
					if err := plausible(w, n, x, r); err != nil {
						t.Fatalf("%s %d: %v %+v: %v", kind, c.Seed, x.Prefix, r, err)
					}
				}
			}
			if kind == "origin" || kind == "all adjacencies" || kind == "all providers refuse" {
				for _, x := range n.Subject {
					for _, r := range x.Routes {
						v := w.Vantages[r.Vantage]
						held := holds(r, n.First+troughAfter)
						_, stopped := n.Stop(0, r.Vantage, n.First+troughAfter)
						if v.AS != c.Origin && v.Feed != StaleFeed && (held.State == Present || !stopped && held.State == Absent && r.Steps[0].Path != nil) {
							t.Errorf("%s %d, %v: AS%d has %+v, stopped %t", kind, c.Seed, c.Truth(), v.AS, held, stopped)
						}
					}
				}
			}
		}
	}
}

func holds(r Route, at int64) Held {
	var out Held
	for _, s := range r.Steps {
		if s.At <= at {
			out = s
		}
	}
	return out
}

func plausible(w *World, n *Night, x Prefix, r Route) error {
	last := int64(0)
	for i, s := range r.Steps {
		if i == 0 && s.At != n.From+n.Case.Skew[w.Vantages[r.Vantage].Collector] {
			return fmt.Errorf("begins at %d, the night at %d", s.At, n.From)
		}
		if s.At <= last {
			return fmt.Errorf("two steps in a second, or backward")
		}
		last = s.At
		if s.State != Present && s.Path != nil || s.State == Present && s.Path == nil && !n.Case.NoSnapshot {
			return fmt.Errorf("state and path disagree")
		}
		if len(s.Path) > 0 && s.Path[0] != w.Vantages[r.Vantage].AS {
			return fmt.Errorf("a path from elsewhere")
		}
	}
	return nil
}

func BenchmarkPlay(b *testing.B) {
	for _, vs := range []int{60, 200, 500} {
		b.Run(fmt.Sprint(vs), func(b *testing.B) {
			w, err := NewWorld(Setting{Graph: real2015(b), Odd: 0.1, Seed: 1, Vantages: vs, Placement: 1})
			if err != nil {
				b.Fatal(err)
			}
			p := w.Player(false)
			near, sights := 0, 0
			for i := range 20 {
				if c, err := p.Draw(uint64(100000+i), "", UsualConditions); err == nil {
					p.Play(c)
				}
			}
			b.ReportAllocs()
			b.ResetTimer()
			start := time.Now()
			for i := range b.N {
				c, err := p.Draw(uint64(i), "", UsualConditions)
				if err != nil {
					continue
				}
				n, err := p.Play(c)
				if err != nil {
					continue
				}
				near += len(n.Near)
				sights += len(p.routes)
			}
			b.ReportMetric(float64(near)/float64(b.N), "near/op")
			b.ReportMetric(float64(sights)/float64(b.N), "sights/op")
			b.ReportMetric(float64(b.N)/time.Since(start).Hours(), "cases/h")
		})
	}
}
