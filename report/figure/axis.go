package figure

import (
	"time"

	"constat/moment"
)

// Tick is one mark of a time axis.
type Tick struct {
	Left         string
	Strong, Text string // a date in strong type, then the rest; both may be empty
	Day          bool
	Wide         bool // the text is dropped on narrow screens
}

const (
	minute = 60 * moment.Second
	hour   = 60 * minute
	day    = 24 * hour
)

var tickSteps = []moment.Time{
	moment.Second, 2 * moment.Second, 5 * moment.Second, 10 * moment.Second, 20 * moment.Second, 30 * moment.Second,
	minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
	hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
	day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 364 * day, 3640 * day,
}

// Dates writes the dates of an axis in the reader's language.
type Dates struct {
	Short  func(time.Time) string // "22 Dec"
	OneDay bool                   // the question lies within one day: no mark needs its date
}

// Step is the shortest round length of which at most most fit into a span.
func Step(span moment.Time, most int) moment.Time {
	for _, t := range tickSteps {
		if int64(span/t) <= int64(most) {
			return t
		}
	}
	return tickSteps[len(tickSteps)-1]
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// Ticks marks an axis at round moments, at most most of them. Labels that
// would run over the right edge are left out.
func Ticks(s Scale, most int, d Dates) []Tick {
	if s.Until <= s.From {
		return nil
	}
	step := Step(s.Until-s.From, most)
	t := s.From / step * step
	if t < s.From {
		t += step
	}
	var out []Tick
	var last moment.Time
	midnights := s.Until/day > s.From/day
	for i := 0; t <= s.Until && i < 40; i, t = i+1, t+step {
		m := Tick{Left: s.Percent(t), Wide: i%2 == 1}
		newDay := i == 0 || !sameDay(t.Std(), last.Std())
		switch {
		case s.Share(t) > 0.88 && step < day || s.Share(t) > 0.93:
		case step >= day || newDay && t%day == 0:
			m.Strong, m.Day = d.Short(t.Std()), true
		case newDay && !d.OneDay && step >= minute:
			m.Strong, m.Text, m.Day = d.Short(t.Std()), " "+t.Std().Format("15:04"), true
		case step >= minute:
			m.Text = t.Std().Format("15:04")
		case i == 0 || t%minute == 0:
			m.Text = t.Std().Format("15:04:05")
		default:
			m.Text = t.Std().Format(":05")
		}
		m.Day = m.Day || t%day == 0
		if midnights && i > 0 && step < day { // narrow screens keep the days
			m.Wide = !m.Day
		}
		out = append(out, m)
		last = t
	}
	return out
}

// Around rounds [a, b] outward to a step that suits it, with some air.
func Around(a, b moment.Time) Scale {
	span := max(b-a, 2*moment.Second)
	air := span / 12
	a, b = a-air, b+air
	step := moment.Second
	for _, t := range tickSteps {
		if t > span/8 {
			break
		}
		step = t
	}
	from := a / step * step
	until := (b + step - 1) / step * step
	return Scale{from, until}
}
