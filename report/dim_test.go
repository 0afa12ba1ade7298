package report

import (
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

// TestDimmest: the share that is unknown is that which holds for half of the time, and the
// largest is told with its own; a second of almost everything is no hour of it.
func TestDimmest(t *testing.T) {
	at := func(s int) moment.Time { return moment.Unix(int64(1e9+s), 0) }
	for name, c := range map[string]struct {
		steps       []int // second and unknown of 50, in turn
		from, until int
		share, most float64
		mostAt, of  int
	}{
		"one second of 48, then 10":    {[]int{0, 0, 100, 48, 101, 17, 130, 10, 3000, 0}, 100, 3000, 0.2, 0.96, 100, 1},
		"one share":                    {[]int{0, 0, 100, 10, 400, 0}, 100, 400, 0.2, 0.2, 100, 300},
		"to the end":                   {[]int{0, 0, 100, 10}, 100, 3600, 0.2, 0.2, 100, 3500},
		"half of the time, and more":   {[]int{0, 10, 100, 20, 250, 30, 400, 0}, 0, 400, 0.4, 0.6, 250, 150},
		"too short":                    {[]int{0, 0, 100, 10, 130, 0}, 0, 0, 0, 0, 0, 0},
		"too few":                      {[]int{0, 0, 100, 4, 1300, 0}, 0, 0, 0, 0, 0, 0},
		"long and less before a burst": {[]int{0, 0, 100, 10, 1300, 0, 1400, 45, 1470, 0}, 100, 1300, 0.2, 0.2, 100, 1200},
	} {
		f := &finding.Findings{}
		f.Question.Until = at(3600)
		f.Timeline.Height = 50
		for i := 0; i < len(c.steps); i += 2 {
			f.Timeline.Steps = append(f.Timeline.Steps, finding.Step{At: at(c.steps[i]), Seen: 50 - c.steps[i+1], Unknown: c.steps[i+1]})
		}
		d, ok := dimmest(f)
		if ok != (c.until > 0) {
			t.Errorf("%s: %v", name, ok)
			continue
		}
		if want := (dim{at(c.from), at(c.until), c.share, c.most, at(c.mostAt), moment.Time(c.of) * moment.Second}); ok && d != want {
			t.Errorf("%s: %+v, want %+v", name, d, want)
		}
	}
}
