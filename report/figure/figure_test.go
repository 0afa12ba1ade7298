package figure

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

// TestColumns: what is drawn adds up, and neither loss nor blindness is ever
// too short to be drawn.
func TestColumns(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	for range 400 {
		q := finding.Question{From: 0, Until: moment.Time(1+rnd.Intn(1000000)) * moment.Second}
		tl := finding.Timeline{Height: 1 + rnd.Intn(60)}
		at := moment.Time(0)
		var gone, unknown bool
		for at < q.Until {
			s := finding.Step{At: at}
			switch rnd.Intn(4) {
			case 0:
				s.Gone = rnd.Intn(tl.Height + 1)
			case 1:
				s.Unknown = rnd.Intn(tl.Height + 1)
			case 2:
				s.Gone = rnd.Intn(tl.Height + 1)
				s.Unknown = rnd.Intn(tl.Height + 1 - s.Gone)
			}
			s.Seen = tl.Height - s.Gone - s.Unknown
			gone, unknown = gone || s.Gone > 0, unknown || s.Unknown > 0
			tl.Steps = append(tl.Steps, s)
			at += moment.Time(1+rnd.Intn(int(q.Until/moment.Second))) * moment.Second / moment.Time(1+rnd.Intn(200))
			at++
		}
		cols, high := TimelineColumns(&tl, q)
		var drawnGone, drawnUnknown bool
		for i, c := range cols {
			if c.Seen < 0 || c.Gone < 0 || c.Unknown < 0 || c.Seen+c.Gone+c.Unknown != high {
				t.Fatalf("column %d is %+v of %d", i, c, high)
			}
			drawnGone, drawnUnknown = drawnGone || c.Gone > 0, drawnUnknown || c.Unknown > 0
		}
		if gone != drawnGone || unknown != drawnUnknown {
			t.Fatalf("gone %v drawn %v, unknown %v drawn %v", gone, drawnGone, unknown, drawnUnknown)
		}
	}
}

// TestFlappingIsNoBar: what is down for a second in every half minute of a day is drawn as
// a comb; what is down all the time, or once, is not.
func TestFlappingIsNoBar(t *testing.T) {
	q := finding.Question{From: 0, Until: day}
	flap := finding.Timeline{Height: 40, Steps: []finding.Step{{At: 0, Seen: 40}}}
	for at := day / 4; at < day/2; at += 29 * moment.Second {
		flap.Steps = append(flap.Steps, finding.Step{At: at, Gone: 40}, finding.Step{At: at + moment.Second, Seen: 40})
	}
	once := finding.Timeline{Height: 40, Steps: []finding.Step{{At: 0, Seen: 40}, {At: day / 4, Gone: 40}, {At: day / 2, Seen: 40}}}
	for _, x := range []struct {
		tl        *finding.Timeline
		low, high bool
	}{{&flap, true, true}, {&once, true, false}} {
		cols, _ := TimelineColumns(x.tl, q)
		low, high := false, false
		for _, c := range cols[Columns*3/10 : Columns*4/10] {
			low, high = low || c.Seen == 0, high || c.Gone == 0
		}
		if low != x.low || high != x.high {
			t.Errorf("down %v, up %v; want %v, %v", low, high, x.low, x.high)
		}
	}
}

// TestRowColumns: a row shows each state it was in, however short.
func TestRowColumns(t *testing.T) {
	q := finding.Question{From: 0, Until: 10 * day}
	for _, x := range []struct {
		name string
		runs []finding.Run
	}{
		{"a second gone", []finding.Run{{At: 0, State: finding.Seen}, {At: 5 * day, State: finding.Gone}, {At: 5*day + moment.Second, State: finding.Seen}}},
		{"a second blind in a long loss", []finding.Run{{At: 0, State: finding.Gone}, {At: 5 * day, State: finding.Unknown}, {At: 5*day + moment.Second, State: finding.Gone}}},
		{"a second gone in long blindness", []finding.Run{{At: 0, State: finding.Unknown}, {At: 5 * day, State: finding.Gone}, {At: 5*day + moment.Second, State: finding.Unknown}}},
		{"blind at the very end", []finding.Run{{At: 0, State: finding.Seen}, {At: 10*day - 1, State: finding.Unknown}}},
	} {
		want := map[string]bool{}
		for _, r := range x.runs {
			want[r.State] = true
		}
		got := map[string]bool{}
		for _, c := range rowColumns(&finding.Row{Routes: 4, Runs: x.runs}, q) {
			got[c.state] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: drawn %v, want %v", x.name, got, want)
		}
	}
}

// TestOutlineIsConvex: an outline for one mark, for a row of them, for a heap.
func TestOutlineIsConvex(t *testing.T) {
	for _, ps := range [][][2]float64{{{1, 1}}, {{1, 1}, {1, 9}, {1, 5}}, {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {5, 5}}, {{3, 3}, {3, 3}}} {
		d := outline(ps, 2)
		if strings.Contains(d, "NaN") || !strings.HasPrefix(d, "M") || !strings.HasSuffix(d, "z") {
			t.Errorf("%v: %s", ps, d)
		}
	}
	if d := outline([][2]float64{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {5, 5}}, 2); strings.Count(d, "L") != 4 {
		t.Errorf("a square has the outline %s", d)
	}
}

// TestFlowColumn joins what is small, and loses nothing.
func TestFlowColumn(t *testing.T) {
	by := map[uint32]float64{0: .001}
	sum := .001
	for i := range uint32(30) {
		by[i+1] = 1 / float64(i+2)
		sum += by[i+1]
	}
	bars, at := flowColumn(by)
	got, rest := 0.0, 0
	for _, b := range bars {
		got += b.Share
		rest += b.Rest
	}
	if len(bars) != flowNodes+1 || rest != 30-(flowNodes-1) || got < sum-1e-9 || got > sum+1e-9 || len(at) != 31 {
		t.Errorf("%d bars, %d joined, %v of %v", len(bars), rest, got, sum)
	}
	for as, i := range at {
		if b := bars[i]; b.AS != as && b.Rest == 0 {
			t.Errorf("AS%d is in bar %d", as, i)
		}
	}
}

// Marks of stages never lie over one another.
func TestStageMarks(t *testing.T) {
	s := Scale{0, 1000 * moment.Second}
	var begins []moment.Time
	for _, at := range []int64{100, 130, 160, 400, 950} {
		begins = append(begins, moment.Unix(at, 0))
	}
	got := Stages(begins, s)
	want := []Stage{{"10", "1–3", ""}, {"40", "4", ""}, {"95", "5", "l"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("mark %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}
