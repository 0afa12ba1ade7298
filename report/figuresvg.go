package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"constat/judge/finding"
)

// Figures that can stand alone are those whose text is few words: time against
// routes. The others live from their tables and from the page around them.
const (
	svgWide = 960
	svgEdge = 30
	svgPlot = svgWide - 2*svgEdge
)

// NoFigure says that a page has no figure of a number that can stand alone.
type NoFigure struct {
	N   int
	Has []int // the numbers of those it has
}

func (e *NoFigure) Error() string {
	var has []string
	for _, n := range e.Has {
		has = append(has, strconv.Itoa(n))
	}
	if len(has) == 0 {
		return "this report has no figure that can stand alone"
	}
	return fmt.Sprintf("figure %d is none that can stand alone; of this report these can: %s", e.N, strings.Join(has, ", "))
}

// FigureSVG writes a figure of the page as a picture of its own, by the number that
// it has there, in light colours. Title, key and source are in the picture, and so is
// the warning of a reconstruction: a picture travels without its page.
func FigureSVG(w io.Writer, f *finding.Findings, o Options, n int) error {
	p, err := newPrinter(o.Lang, f)
	if err != nil {
		return err
	}
	c := gather(f)
	g := newPage(p, c, o)
	d := &svgDrawing{}
	draw := map[int]func(){}
	var has []int
	add := func(id string, there bool, do func()) {
		if there {
			k := g.Figure(id)
			has, draw[k] = append(has, k), do
		}
	}
	add("country", g.Country != nil && g.Country.Plot != nil, func() { d.country(p, g.Country.Plot) })
	add("timeline", g.Timeline != nil, func() { d.timeline(p, g.Timeline) })
	add("who", g.Strip != nil, func() { d.strip(p, g.Strip) })
	do := draw[n]
	if do == nil {
		return &NoFigure{n, has}
	}
	d.y = svgEdge - 8
	if g.Band != "" {
		d.words(rich(g.Band).String(), 12, "#434a52", "")
		d.y += 6
	}
	do()
	d.y += 10
	if g.Quote != nil {
		d.words(g.Quote.Source, 11, "#616871", "")
	} else {
		d.words("Constat. "+g.Title, 11, "#616871", "")
	}
	if g.Credits != "" {
		d.words(g.Credits, 11, "#616871", "")
	}
	high := d.y + 14
	_, err = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="Arial, Helvetica, sans-serif">
<title>%s</title>
<defs><pattern id="unknown" width="5.66" height="5.66" patternUnits="userSpaceOnUse"><path d="M0 5.66L5.66 0M-1 1L1 -1M4.66 6.66L6.66 4.66" stroke="#7c776c" fill="none"/></pattern></defs>
<rect width="%d" height="%d" fill="#fff"/>
%s</svg>
`, svgWide, high, svgWide, high, esc(d.title), svgWide, high, d.b.String())
	if err != nil {
		return fmt.Errorf("report: figure: %w", err)
	}
	return nil
}

// svgDrawing is a picture that grows downwards.
type svgDrawing struct {
	b     strings.Builder
	y     int
	title string
}

// words writes text over as many lines as it needs. A character is taken to be
// 0.55 of the size wide, which holds for the fonts that are asked for.
func (d *svgDrawing) words(s string, size int, colour, weight string) {
	most := int(float64(svgPlot) / (0.55 * float64(size)))
	var lines []string
	for _, word := range strings.Fields(clip(s, 2000)) { // a control character would be no XML
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

func (d *svgDrawing) head(title, sub string) {
	d.title = clip(title, 400)
	d.words(title, 18, "#16191d", "bold")
	d.words(sub, 13, "#434a52", "")
}

// key is one line of swatches with their words.
func (d *svgDrawing) key(items ...[2]string) {
	d.y += 10
	x := float64(svgEdge)
	for _, it := range items {
		fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="12" fill="%s"/>`, fixed(x), d.y, paint(it[0]))
		switch it[0] {
		case finding.Part:
			fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="6" fill="%s"/>`, fixed(x), d.y, paint(finding.Gone))
		case finding.Unknown:
			fmt.Fprintf(&d.b, `<rect x="%s" y="%d" width="20" height="12" fill="none" stroke="#7c776c"/>`, fixed(x), d.y)
		}
		fmt.Fprintf(&d.b, `<text x="%s" y="%d" font-size="12" fill="#434a52">%s</text>`+"\n", fixed(x+26), d.y+10, esc(it[1]))
		x += 26 + 6.8*float64(utf8.RuneCountInString(it[1])) + 22
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
func (d *svgDrawing) hatch(bs []box, x, y, wide, high float64) {
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
			fmt.Fprintf(&path, "%s%s %s", cmd, fixed(left+number(px)*w/100), fixed(top+number(py)*h/100))
		}
		for _, fill := range []string{"#fff", "url(#unknown)"} {
			fmt.Fprintf(&d.b, `<path d="%sz" fill="%s" stroke="#7c776c"/>`, path.String(), fill)
		}
		d.b.WriteByte('\n')
	}
}

// axis writes the marks of time under a plot.
func (d *svgDrawing) axis(ts []tickMark, x, wide float64) {
	for _, t := range ts {
		at := x + number(t.Left)*wide/100
		fmt.Fprintf(&d.b, `<path d="M%s %dv6" stroke="#8f8b82"/><text x="%s" y="%d" font-size="12" fill="#434a52">`, fixed(at), d.y, fixed(at+4), d.y+14)
		if t.Strong != "" {
			fmt.Fprintf(&d.b, `<tspan font-weight="bold">%s</tspan>`, esc(t.Strong))
		}
		fmt.Fprintf(&d.b, "%s</text>\n", esc(t.Text))
	}
	d.y += 18
}

// plot is an area that the paths of a page, 1000 wide and high units high, are
// stretched over.
func (d *svgDrawing) plot(units, high int, gone, seen string) {
	fmt.Fprintf(&d.b, `<svg x="%d" y="%d" width="%d" height="%d" viewBox="0 0 1000 %d" preserveAspectRatio="none"><path fill="%s" d="%s"/>`, svgEdge, d.y, svgPlot, high, units, paint(finding.Gone), gone)
	if seen != "" {
		fmt.Fprintf(&d.b, `<path fill="%s" d="%s"/>`, paint(finding.Seen), seen)
	}
	d.b.WriteString("</svg>\n")
}

const plotHigh = 200

func (d *svgDrawing) timeline(p *printer, t *timelineFigure) {
	d.head(t.Title, t.Sub+". "+t.Height)
	d.key([2]string{finding.Seen, p.t("state.seen")}, [2]string{finding.Gone, p.t("state.gone")}, [2]string{finding.Unknown, p.t("state.unknown")})
	d.y += 22
	for _, b := range t.Brackets {
		x, w := svgEdge+number(b.Left)*svgPlot/100, number(b.Width)*svgPlot/100
		stroke, weight := "1", ""
		if b.Head {
			stroke, weight = "2", ` font-weight="bold"`
		}
		fmt.Fprintf(&d.b, `<path d="M%s %dv-5h%sv5" fill="none" stroke="#16191d" stroke-width="%s"/>`, fixed(x), d.y-3, fixed(w), stroke)
		if b.Text != "" {
			anchor, at := "middle", x+w/2
			switch b.Side {
			case "l":
				anchor, at = "end", x+w
			case "r":
				anchor, at = "start", x
			}
			fmt.Fprintf(&d.b, `<text x="%s" y="%d" font-size="12" fill="#16191d" text-anchor="%s"%s>%s</text>`, fixed(at), d.y-12, anchor, weight, esc(b.Text))
		}
		d.b.WriteByte('\n')
	}
	d.plot(t.High, plotHigh, fmt.Sprintf("M0 0H1000V%dH0z", t.High), t.Seen)
	d.hatch(t.Blind, svgEdge, float64(d.y), svgPlot, plotHigh)
	d.y += plotHigh
	d.axis(t.Ticks, svgEdge, svgPlot)
}

func (d *svgDrawing) country(p *printer, t *countryPlot) {
	d.head(t.Title, t.Sub+" "+t.Height)
	d.key([2]string{finding.Seen, t.SeenKey}, [2]string{finding.Gone, p.t("country.key.out")})
	d.y += 18
	for _, m := range t.Marks {
		x := svgEdge + number(m.Left)*svgPlot/100
		anchor, at := "start", x+4
		if m.Side == "l" {
			anchor, at = "end", x-4
		}
		fmt.Fprintf(&d.b, `<path d="M%s %dv-14" stroke="#16191d"/><text x="%s" y="%d" font-size="12" font-weight="bold" text-anchor="%s">%s</text>`+"\n", fixed(x), d.y-2, fixed(at), d.y-5, anchor, esc(m.Text))
	}
	d.plot(t.High, plotHigh, fmt.Sprintf("M0 0H1000V%dH0z", t.High), t.Seen)
	d.y += plotHigh
	d.axis(t.Ticks, svgEdge, svgPlot)
}

func (d *svgDrawing) strip(p *printer, t *stripFigure) {
	d.head(t.Title, t.Sub)
	d.key([2]string{finding.Seen, p.t("strip.seen")}, [2]string{finding.Part, p.t("strip.part")}, [2]string{finding.Gone, p.t("strip.gone")}, [2]string{finding.Unknown, p.t("state.blind")})
	const label, row = 230, 9
	x, wide := float64(svgEdge+label), float64(svgPlot-label)
	for _, g := range t.Groups {
		high := max(g.Rows*row, 14)
		name := g.Name
		if g.Network != "" {
			name += " " + g.Network
		}
		fmt.Fprintf(&d.b, `<text x="%d" y="%d" font-size="11" fill="#16191d">%s <tspan fill="#616871">%s</tspan></text>`+"\n", svgEdge, d.y+11, esc(clip(name, 24)), esc(g.Note))
		fmt.Fprintf(&d.b, `<svg x="%s" y="%d" width="%s" height="%d" viewBox="0 0 1000 %d" preserveAspectRatio="none"><path fill="%s" d="M0 0H1000V%dH0z"/>`, fixed(x), d.y, fixed(wide), high, g.High(), paint(finding.Seen), g.High())
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
