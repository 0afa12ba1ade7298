package rib

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAround holds a long history against its steps, and parts of it against the whole, while
// steps are added and taken back.
func TestAround(t *testing.T) {
	parts := 0
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 3))
		l, at := new(log), int64(1_200_000_000)
		var plain []logStep
		for range 2000 {
			switch {
			case r.IntN(400) == 0:
				for l.n > 0 && r.IntN(300) > 0 {
					plain = plain[:len(plain)-1]
					if l.n--; l.n == 0 {
						l.empty()
					} else {
						l.pop()
					}
				}
				at = l.last.step.At
			default:
				if l.n > 0 {
					l.push()
				}
				at += 1 + r.Int64N(300)
				l.n++
				s := RouteStep{at, RouteState(r.IntN(4)), NoPath}
				l.last = logStep{step: s, heard: at}
				if s.State == RouteHeld {
					l.last.step.Path, l.last.heard, l.last.record = PathID(r.IntN(5)), at+r.Int64N(2)*r.Int64N(20), r.Int64N(1<<50)
					if n := len(plain); n > 1 && r.IntN(2) == 0 {
						l.last.record = plain[n-1].record
					}
				}
				plain = append(plain, l.last)
			}
			if r.IntN(50) > 0 {
				continue
			}
			l.clip()
			steps, heard, records := l.all()
			for i, s := range plain {
				if len(steps) != len(plain) || (logStep{steps[i], heard[i], records[i]}) != s {
					t.Fatalf("%v, %v, %v are not %v", steps, heard, records, plain)
				}
			}
			from := 1_200_000_000 + r.Int64N(600_000)
			until := from + r.Int64N(300_000)
			got, gotHeard, first := l.around(nil, nil, from, until)
			end := len(steps)
			for end > 0 && steps[end-1].At > until {
				end--
			}
			if len(got) > end || !slices.Equal(got, steps[end-len(got):end]) || !slices.Equal(gotHeard, heard[end-len(got):end]) || first && len(got) < end {
				t.Fatalf("from %d to %d: %v, first %v; all are %v", from, until, got, first, steps)
			}
			for _, sec := range []int64{from, until, at, 0} {
				i := len(steps)
				for i > 0 && steps[i-1].At > sec {
					i--
				}
				if s, ok := l.until(sec); ok != (i > 0) || ok && s != steps[i-1] {
					t.Fatalf("at %d: %v, %v; all are %v", sec, s, ok, steps)
				}
			}
			if !first {
				if parts++; len(got) < 2 || got[1].At > from {
					t.Fatalf("from %d to %d: %v begin too late", from, until, got)
				}
			}
		}
	}
	if parts < 100 {
		t.Errorf("only %d parts", parts)
	}
}
