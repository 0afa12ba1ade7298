package figure

import (
	"unicode/utf8"

	"constat/moment"
)

// Timeline shows how many routes were seen, gone and unknown over time.
type Timeline struct {
	Title, Sub, Label, Height, Note string
	High                            int
	Seen                            string // path of what is seen, from the bottom
	Blind                           []Box
	Edge                            string // lower edges of the hatches that are no boxes
	Brackets                        []Bracket
	Marks                           []Mark
	Ticks                           []Tick
}

// Bracket stands above one outage, or above several as one.
type Bracket struct {
	Left, Width string
	Text        string
	Head, Wide  bool
	Side        string // "", "l" or "r": the text starts or ends at the bracket near an edge
}

// Mark is a letter of the magnified figures.
type Mark struct{ Letter, Href, Left, Label, Side string }

// Span is what a bracket stands above.
type Span struct {
	From, Until moment.Time
	Text        string // "" for one without a label
	Head        bool   // the headline: its label is never left out
	Many        bool   // several as one: it keeps clear of what follows, and its label needs room
}

// Brackets places brackets above spans. Labels that would meet one that was placed
// before are left out, the headline's never.
func Brackets(spans []Span, s Scale) []Bracket {
	type label struct{ mid, half float64 }
	var labelled []label
	var out []Bracket
	for _, x := range spans {
		if x.Many {
			b := Bracket{Left: s.Percent(x.From), Width: s.Width(x.From, x.Until-(s.Until-s.From)/300), Wide: true}
			if s.Share(x.Until)-s.Share(x.From) > 0.2 {
				b.Text = x.Text
			}
			out = append(out, b)
			continue
		}
		b := Bracket{Left: s.Percent(x.From), Width: s.Width(x.From, x.Until), Head: x.Head}
		// A character takes about 2.6 % of the narrowest screen, a strong one 3 %.
		half := 0.013
		if x.Head {
			half = 0.015
		}
		l := label{(s.Share(x.From) + s.Share(x.Until)) / 2, float64(utf8.RuneCountInString(x.Text)) * half}
		clear := x.Text != ""
		for _, y := range labelled {
			clear = clear && max(l.mid-y.mid, y.mid-l.mid) > l.half+y.half
		}
		if clear {
			b.Text = x.Text
			switch {
			case l.mid < 0.12:
				b.Side = "r"
			case l.mid > 0.88:
				b.Side = "l"
			}
			labelled = append(labelled, l)
		}
		out = append(out, b)
	}
	return out
}
