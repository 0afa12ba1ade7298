package assess

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"constat/judge/outage"
)

func stepAt(steps []outage.Step, t int64) outage.State {
	s := outage.None
	for _, x := range steps {
		if x.At <= t {
			s = x.State
		}
	}
	return s
}

func tallyAt(hs [][]outage.Step, t int64) tally {
	var n tally
	for _, h := range hs {
		n.add(stepAt(h, t), 1)
	}
	return n
}

// TestSeries compares the points of a series with a count at every second.
func TestSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const start, end = 10, 60
		var hs [][]outage.Step
		all := &heap{}
		for range rapid.IntRange(0, 5).Draw(t, "histories") {
			at, was := int64(0), outage.None
			var h []outage.Step
			for range rapid.IntRange(0, 6).Draw(t, "steps") {
				at += rapid.Int64Range(1, 25).Draw(t, "after")
				if s := outage.State(rapid.IntRange(1, 6).Draw(t, "state")); s != was {
					h = append(h, outage.Step{At: at, State: s})
					was = s
				}
			}
			if len(h) == 0 {
				continue // no carrier
			}
			n := rapid.IntRange(1, 3).Draw(t, "routes")
			all.add(h, n)
			for range n {
				hs = append(hs, h)
			}
		}
		ps := series(all, start, end)
		for sec := int64(start); sec < end; sec++ {
			now := ps[0]
			for _, p := range ps {
				if p.at <= sec {
					now = p
				}
			}
			want := tallyAt(hs, sec)
			if now.tally != want || want.seen+want.gone+want.unknown != len(hs) {
				t.Fatalf("second %d: %+v, want %+v; histories %v", sec, now.tally, want, hs)
			}
		}
		if ps[0].at != start || ps[len(ps)-1].at >= end {
			t.Fatalf("points from %d to %d", ps[0].at, ps[len(ps)-1].at)
		}
	})
}

// TestThin: where there are too many points each bin shows the moment at which
// least was seen, so that no outage is too short to be drawn.
func TestThin(t *testing.T) {
	const start, end = 0, 100_000
	var ps []point
	for at := int64(0); at < end; at += 10 {
		p := point{at, tally{seen: 100}}
		if at == 33_330 || at == 77_770 {
			p.tally = tally{seen: 3, gone: 90, unknown: 7}
		} else if at%20 == 0 {
			p.tally = tally{seen: 99, gone: 1}
		}
		ps = append(ps, p)
	}
	out, exact := thin(ps, timelineSteps, start, end)
	if exact || len(out) > bins {
		t.Fatalf("%d points, exact %v", len(out), exact)
	}
	dips := 0
	for i, p := range out {
		if p.seen == 3 {
			dips++
		}
		if i > 0 && (p.at <= out[i-1].at || p.tally == out[i-1].tally) {
			t.Errorf("point %+v after %+v", p, out[i-1])
		}
	}
	if dips != 2 || out[0].at != start {
		t.Errorf("%d of 2 dips are drawn; the first point is %+v", dips, out[0])
	}
	if out, exact := thin(ps[:timelineSteps], timelineSteps, start, end); !exact || len(out) != timelineSteps {
		t.Errorf("what is short enough stays as it is: %d points, exact %v", len(out), exact)
	}
	// A question shorter than the bins.
	var short []point
	for i := range int64(3000) {
		short = append(short, point{i % 500, tally{seen: int(i)}})
	}
	slices.SortStableFunc(short, func(a, b point) int { return int(a.at - b.at) })
	if out, _ := thin(short, timelineSteps, 0, 500); len(out) > 500 {
		t.Errorf("%d points in 500 seconds", len(out))
	}
}
