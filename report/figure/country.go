package figure

import (
	"strconv"

	"constat/moment"
)

// Country shows how much of a country's address space stood over time, with its
// stages.
type Country struct {
	Title, Sub, Label, Height string
	High                      int
	Seen                      string // path of what stands, from the bottom
	Marks                     []Stage
	Ticks                     []Tick
}

// Stage is the beginning of one stage or of several that are too near each
// other to be told apart: "2–4".
type Stage struct{ Left, Text, Side string }

// Out is how much was out for a while.
type Out struct {
	From, Until moment.Time
	Size        int64
}

// NewCountry draws what of a size stands. What is out is never drawn as nothing.
func NewCountry(s Scale, of int64, course []Out) Country {
	const high = 1000
	stands := make([]int, Columns)
	for i := range stands {
		stands[i] = high
	}
	for _, x := range course {
		if x.Until <= x.From {
			continue
		}
		height := int(high - min(x.Size, of)*high/of)
		if height == high && x.Size > 0 {
			height = high - 1
		}
		first, last := s.Columns(x.From, x.Until)
		for k := first; k <= last; k++ {
			stands[k] = min(stands[k], height)
		}
	}
	return Country{High: high, Seen: Skyline(Columns, high, func(i int) int { return stands[i] })}
}

// markGap is how near, as a share of the plot's width, two marks may stand on
// the narrowest screen.
const markGap = 0.045

// Stages puts a number where each stage begins; numbers that would touch
// become one mark.
func Stages(begins []moment.Time, s Scale) []Stage {
	var out []Stage
	for i := 0; i < len(begins); {
		j := i + 1
		for j < len(begins) && s.Share(begins[j])-s.Share(begins[j-1]) < markGap {
			j++
		}
		m := Stage{Left: s.Percent(begins[i]), Text: strconv.Itoa(i + 1)}
		if j > i+1 {
			m.Text += "–" + strconv.Itoa(j)
		}
		if s.Share(begins[i]) > 0.9 {
			m.Side = "l"
		}
		out = append(out, m)
		i = j
	}
	return out
}
