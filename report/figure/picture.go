// Package figure draws the figures of a report. Values come in – histories, moments,
// paths of networks, and the words that the caller chose – and paths, boxes in percent
// and SVG go out.
//
// It promises that what is drawn adds up, that neither a loss nor blindness is ever too
// short to be seen, and the same bytes for the same values. It words nothing itself,
// opens nothing, and escapes every text that it writes into SVG.
package figure

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/internal/plain"
	"constat/judge/finding"
)

// Figures that can stand alone are those whose text is few words: time against
// routes. The others live from their tables and from the page around them.
const (
	svgWide = 960
	svgEdge = 30
	svgPlot = svgWide - 2*svgEdge
)

// Picture is a figure that stands alone, in light colours, and grows downwards: a
// picture travels without its page, so title, key and source are in it.
type Picture struct {
	b     strings.Builder
	y     int
	title string
}

// NewPicture begins a picture with what must be known before it is looked at; "" if
// nothing must.
func NewPicture(warning string) *Picture {
	d := &Picture{y: svgEdge - 8}
	if warning != "" {
		d.words(warning, 12, "#434a52", "")
		d.y += 6
	}
	return d
}

// SVG is the whole picture, with what stands below it.
func (d *Picture) SVG(source ...string) string {
	d.y += 10
	for _, s := range source {
		d.words(s, 11, "#616871", "")
	}
	high := d.y + 14
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="Arial, Helvetica, sans-serif">
<title>%s</title>
<defs><pattern id="unknown" width="5.66" height="5.66" patternUnits="userSpaceOnUse"><path d="M0 5.66L5.66 0M-1 1L1 -1M4.66 6.66L6.66 4.66" stroke="#7c776c" fill="none"/></pattern></defs>
<rect width="%d" height="%d" fill="#fff"/>
%s</svg>
`, svgWide, high, svgWide, high, esc(d.title), svgWide, high, d.b.String())
}

func esc(s string) string { return html.EscapeString(s) }

// words writes text over as many lines as it needs. A character is taken to be
// 0.55 of the size wide, which holds for the fonts that are asked for.
func (d *Picture) words(s string, size int, colour, weight string) {
	most := int(float64(svgPlot) / (0.55 * float64(size)))
	var lines []string
	for _, word := range strings.Fields(plain.Short(s, 2000)) { // a control character would be no XML
		if n := len(lines); n > 0 && utf8.RuneCountInString(lines[n-1])+1+utf8.RuneCountInString(word) <= most {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	if weight != "" {
		weight = ` font-weight="` + weight + `"`
	}
	for _, l := range lines {
		d.y += size + 4
		fmt.Fprintf(&d.b, `<text x="%d" y="%d" font-size="%d" fill="%s"%s>%s</text>`+"\n", svgEdge, d.y, size, colour, weight, esc(l))
	}
}

func (d *Picture) head(title, sub string) {
	d.title = plain.Short(title, 400)
	d.words(title, 18, "#16191d", "bold")
	d.words(sub, 13, "#434a52", "")
}

// Key is the words of a figure's states, by state.
type Key map[string]string

// key is one line of swatches with their words.
func (d *Picture) key(words Key, states ...string) {
	d.y += 10
	x := float64(svgEdge)
	for _, state := range states {
		fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="12" fill="%s"/>`, Fixed(x), d.y, paint(state))
		switch state {
		case finding.Part:
			fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="6" fill="%s"/>`, Fixed(x), d.y, paint(finding.Gone))
		case finding.Unknown:
			fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="12" fill="none" stroke="#7c776c"/>`, Fixed(x), d.y)
		}
		fmt.Fprintf(&d.b, `<text x="%s" y="%d" font-size="12" fill="#434a52">%s</text>`+"\n", Fixed(x+26), d.y+10, esc(words[state]))
		x += 26 + 6.8*float64(utf8.RuneCountInString(words[state])) + 22
	}
	d.y += 18
}

// paint is how a state is filled.
func paint(state string) string {
	switch state {
	case finding.Gone:
		return "#16191d"
	case finding.Unknown:
		return "url(#unknown)"
	}
	return "#7792ad"
}

// number reads back what the page writes as a share in percent.
func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0
	}
	return v
}

// hatch draws what is unknown over a plot that begins at x and y.
func (d *Picture) hatch(bs []Box, x, y, wide, high float64) {
	for _, b := range bs {
		left, top := x+number(b.Left)*wide/100, y+number(b.Top)*high/100
		w, h := max(number(b.Width)*wide/100, 0.003*wide), max(number(b.Height)*high/100, 3)
		points := []string{"0 0", "100% 0", "100% 100%", "0 100%"}
		if b.Shape != "" {
			points = strings.Split(b.Shape, ",")
		}
		var path strings.Builder
		for i, pt := range points {
			px, py, _ := strings.Cut(strings.ReplaceAll(pt, "%", ""), " ")
			cmd := "L"
			if i == 0 {
				cmd = "M"
			}
			fmt.Fprintf(&path, "%s%s %s", cmd, Fixed(left+number(px)*w/100), Fixed(top+number(py)*h/100))
		}
		for _, fill := range []string{"#fff", "url(#unknown)"} {
			fmt.Fprintf(&d.b, `<path d="%sz" fill="%s" stroke="#7c776c"/>`, path.String(), fill)
		}
		d.b.WriteByte('\n')
	}
}

// axis writes the marks of time under a plot.
func (d *Picture) axis(ts []Tick, x, wide float64) {
	for _, t := range ts {
		at := x + number(t.Left)*wide/100
		fmt.Fprintf(&d.b, `<path d="M%s %dv6" stroke="#8f8b82"/><text x="%s" y="%d" font-size="12" fill="#434a52">`, Fixed(at), d.y, Fixed(at+4), d.y+14)
		if t.Strong != "" {
			fmt.Fprintf(&d.b, `<tspan font-weight="bold">%s</tspan>`, esc(t.Strong))
		}
		fmt.Fprintf(&d.b, "%s</text>\n", esc(t.Text))
	}
	d.y += 18
}

// plot is an area that the paths of a page, 1000 wide and high units high, are
// stretched over.
func (d *Picture) plot(units, high int, gone, seen string) {
	fmt.Fprintf(&d.b, `<svg x="%d" y="%d" width="%d" height="%d" viewBox="0 0 1000 %d" preserveAspectRatio="none"><path fill="%s" d="%s"/>`, svgEdge, d.y, svgPlot, high, units, paint(finding.Gone), gone)
	if seen != "" {
		fmt.Fprintf(&d.b, `<path fill="%s" d="%s"/>`, paint(finding.Seen), seen)
	}
	d.b.WriteString("</svg>\n")
}

const plotHigh = 200

// Timeline draws what was seen over time.
func (d *Picture) Timeline(t *Timeline, words Key) {
	d.head(t.Title, t.Sub+". "+t.Height)
	d.key(words, finding.Seen, finding.Gone, finding.Unknown)
	d.y += 22
	for _, b := range t.Brackets {
		x, w := svgEdge+number(b.Left)*svgPlot/100, number(b.Width)*svgPlot/100
		stroke, weight := "1", ""
		if b.Head {
			stroke, weight = "2", ` font-weight="bold"`
		}
		fmt.Fprintf(&d.b, `<path d="M%s %dv-5h%sv5" fill="none" stroke="#16191d" stroke-width="%s"/>`, Fixed(x), d.y-3, Fixed(w), stroke)
		if b.Text != "" {
			anchor, at := "middle", x+w/2
			switch b.Side {
			case "l":
				anchor, at = "end", x+w
			case "r":
				anchor, at = "start", x
			}
			fmt.Fprintf(&d.b, `<text x="%s" y="%d" font-size="12" fill="#16191d" text-anchor="%s"%s>%s</text>`, Fixed(at), d.y-12, anchor, weight, esc(b.Text))
		}
		d.b.WriteByte('\n')
	}
	d.plot(t.High, plotHigh, fmt.Sprintf("M0 0H1000V%dH0z", t.High), t.Seen)
	d.hatch(t.Blind, svgEdge, float64(d.y), svgPlot, plotHigh)
	d.y += plotHigh
	d.axis(t.Ticks, svgEdge, svgPlot)
}

// Country draws what of a country stood over time.
func (d *Picture) Country(t *Country, words Key) {
	d.head(t.Title, t.Sub+" "+t.Height)
	d.key(words, finding.Seen, finding.Gone)
	d.y += 18
	for _, m := range t.Marks {
		x := svgEdge + number(m.Left)*svgPlot/100
		anchor, at := "start", x+4
		if m.Side == "l" {
			anchor, at = "end", x-4
		}
		fmt.Fprintf(&d.b, `<path d="M%s %dv-14" stroke="#16191d"/><text x="%s" y="%d" font-size="12" font-weight="bold" text-anchor="%s">%s</text>`+"\n", Fixed(x), d.y-2, Fixed(at), d.y-5, anchor, esc(m.Text))
	}
	d.plot(t.High, plotHigh, fmt.Sprintf("M0 0H1000V%dH0z", t.High), t.Seen)
	d.y += plotHigh
	d.axis(t.Ticks, svgEdge, svgPlot)
}

// Strip draws what each peer held.
func (d *Picture) Strip(t *Strip, words Key) {
	d.head(t.Title, t.Sub)
	d.key(words, finding.Seen, finding.Part, finding.Gone, finding.Unknown)
	const label, row = 230, 9
	x, wide := float64(svgEdge+label), float64(svgPlot-label)
	for _, g := range t.Groups {
		high := max(g.Rows*row, 14)
		name := g.Name
		if g.Network != "" {
			name += " " + g.Network
		}
		fmt.Fprintf(&d.b, `<text x="%d" y="%d" font-size="11" fill="#16191d">%s <tspan fill="#616871">%s</tspan></text>`+"\n", svgEdge, d.y+11, esc(plain.Short(name, 24)), esc(g.Note))
		fmt.Fprintf(&d.b, `<svg x="%s" y="%d" width="%s" height="%d" viewBox="0 0 1000 %d" preserveAspectRatio="none"><path fill="%s" d="M0 0H1000V%dH0z"/>`, Fixed(x), d.y, Fixed(wide), high, g.High(), paint(finding.Seen), g.High())
		if g.Gone != "" {
			fmt.Fprintf(&d.b, `<path fill="%s" d="%s"/>`, paint(finding.Gone), g.Gone)
		}
		if g.Gaps != "" {
			fmt.Fprintf(&d.b, `<path fill="none" stroke="#fff" vector-effect="non-scaling-stroke" d="%s"/>`, g.Gaps)
		}
		d.b.WriteString("</svg>\n")
		d.hatch(g.Blind, x, float64(d.y), wide, float64(high))
		d.y += high + 5
	}
	d.axis(t.Ticks, x, wide)
}
