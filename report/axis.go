package report

import "constat/moment"

// tickMark is one mark of a time axis.
type tickMark struct {
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

// ticks marks an axis at round moments, at most most of them. Labels that
// would run over the right edge are left out.
func (p *printer) ticks(s scale, most int) []tickMark {
	if s.until <= s.from {
		return nil
	}
	step := tickSteps[len(tickSteps)-1]
	for _, t := range tickSteps {
		if int64((s.until-s.from)/t) <= int64(most) {
			step = t
			break
		}
	}
	t := s.from / step * step
	if t < s.from {
		t += step
	}
	var out []tickMark
	var last moment.Time
	midnights := s.until/day > s.from/day
	for i := 0; t <= s.until && i < 40; i, t = i+1, t+step {
		m := tickMark{Left: s.percent(t), Wide: i%2 == 1}
		newDay := i == 0 || !sameDay(t.Std(), last.Std())
		switch {
		case s.share(t) > 0.88 && step < day || s.share(t) > 0.93:
		case step >= day || newDay && t%day == 0:
			m.Strong, m.Day = p.dayShort(t.Std()), true
		case newDay && !p.oneDay && step >= minute:
			m.Strong, m.Text, m.Day = p.dayShort(t.Std()), " "+t.Std().Format("15:04"), true
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

// axis rounds [a, b] outward to a step that suits it, with some air.
func axis(a, b moment.Time) scale {
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
	return scale{from, until}
}
