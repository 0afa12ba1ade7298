package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/judge/transit"
)

// The flow diagram: the subject, its outermost networks, the next networks outside,
// everybody else; widths are shares of address space. It is drawn twice, for wide pages
// and for narrow ones, where names of networks would not fit.

// flowFigure is the figure of one family.
type flowFigure struct {
	ID, Title, Sub, Label string
	Wide, Narrow          flowDrawing
}

// flowDrawing is one drawing.
type flowDrawing struct {
	Width, Height int
	Links         []flowLink
	Nodes         []flowNode
}

type flowLink struct {
	Path  string
	Width string
}

type flowNode struct {
	X, Y, W, H string
	TX, TY     string
	End        bool // the text ends at TX
	Name, Note string
}

const (
	flowNodes = 7    // networks in a column; the rest is joined
	flowLeast = 0.01 // of a network that has a bar of its own
)

// flowBar is a bar of a column.
type flowBar struct {
	as    uint32 // 0: others, or none
	rest  int    // how many are joined in it
	share float64
	y, h  float64
	in    float64 // filled on its left and its right
	out   float64
}

// flowLane is the part that goes from a bar to one of the next column.
type flowLane struct {
	a, b  int
	share float64
}

// flow makes the figure of a family; nil without ways.
func (c *chokes) flow(r *transit.Result, f *transit.InFamily) *flowFigure {
	pick := func(w transit.Way) [2]uint32 { return [2]uint32{w.First, w.Second} }
	if r.Frontier != nil {
		pick = func(w transit.Way) [2]uint32 { return [2]uint32{w.Frontier, w.First} }
	}
	sum := 0.0
	share := map[[2]uint32]float64{}
	for _, w := range f.Ways {
		share[pick(w)] += w.Share
		sum += w.Share
	}
	if sum <= 0 {
		return nil
	}
	cols := [2][]flowBar{}
	var at [2]map[uint32]int
	for k := range 2 {
		by := map[uint32]float64{}
		for key, s := range share {
			by[key[k]] += s
		}
		cols[k], at[k] = flowColumn(by)
	}
	lanes := map[[2]int]float64{}
	for key, s := range share {
		lanes[[2]int{at[0][key[0]], at[1][key[1]]}] += s
	}
	if r.Frontier == nil {
		// The two columns are networks of others; a way that ends at the first is heard directly.
		for i := range cols[1] {
			if cols[1][i].as == 0 && cols[1][i].rest <= 1 {
				cols[1][i].rest = 0
			}
		}
	}
	fig := &flowFigure{ID: "fig-flow-" + f.Family, Label: c.t("choke.fig.label"),
		Sub: c.t("choke.fig.sub", "family", c.t("choke.family."+f.Family), "vantages", c.count("choke.vantages", int64(f.Vantages)))}
	k := 0
	if len(cols[0]) == 1 && r.Frontier != nil {
		k = 1 // that everything leaves through the only network there is says nothing
	}
	top := cols[k][0]
	if top.as == 0 && len(cols[k]) > 1 {
		top = cols[k][1]
	}
	fig.Title = c.t("choke.fig", "share", c.percent(top.share/sum), "who", c.flowName(&top, r, k))
	draw := func(wide, high, gap, least, size float64, columns [4]float64, full bool) flowDrawing {
		return c.drawFlow(r, f, cols, lanes, sum, flowSizes{wide, high, gap, least, size, columns, full})
	}
	fig.Wide = draw(872, 236, 12, 34, 9, [4]float64{0, 250, 540, 863}, true)
	fig.Narrow = draw(340, 240, 10, 30, 7, [4]float64{0, 84, 200, 333}, false)
	return fig
}

// flowColumn are the bars of a column, the largest first, and in which bar a network is.
func flowColumn(by map[uint32]float64) ([]flowBar, map[uint32]int) {
	var bars []flowBar
	for as, s := range by {
		bars = append(bars, flowBar{as: as, share: s})
	}
	slices.SortFunc(bars, func(a, b flowBar) int { return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.as, b.as)) })
	at := map[uint32]int{}
	rest := flowBar{}
	var out []flowBar
	for i, b := range bars {
		if b.as == 0 || len(bars) <= flowNodes || i < flowNodes-1 && b.share >= flowLeast {
			at[b.as] = len(out)
			out = append(out, b)
			continue
		}
		at[b.as] = -1
		rest.rest++
		rest.share += b.share
	}
	if rest.rest > 0 {
		for as, i := range at {
			if i < 0 {
				at[as] = len(out)
			}
		}
		out = append(out, rest)
	}
	return out, at
}

type flowSizes struct {
	wide, high, gap, least, bar float64
	columns                     [4]float64
	full                        bool
}

// drawFlow places bars and lanes.
func (c *chokes) drawFlow(r *transit.Result, f *transit.InFamily, from [2][]flowBar, lanes map[[2]int]float64, sum float64, z flowSizes) flowDrawing {
	cols := [4][]flowBar{{{share: sum}}, slices.Clone(from[0]), slices.Clone(from[1]), {{share: sum}}}
	scale := z.high / sum
	most := 0.0
	var heights [4]float64
	for k := range cols {
		for i := range cols[k] {
			b := &cols[k][i]
			b.h = max(b.share*scale, 1)
			heights[k] += max(b.h, z.least)
		}
		heights[k] += z.gap * float64(len(cols[k])-1)
		most = max(most, heights[k])
	}
	most = math.Ceil(most)
	for k := range cols {
		y := (most - heights[k]) / 2
		for i := range cols[k] {
			b := &cols[k][i]
			room := max(b.h, z.least)
			b.y = y + (room-b.h)/2
			y += room + z.gap
		}
	}
	d := flowDrawing{Width: int(z.wide), Height: int(most)}
	link := func(k, i, j int, share float64) {
		a, b := &cols[k][i], &cols[k+1][j]
		h := share * scale
		x0, x1 := z.columns[k]+z.bar, z.columns[k+1]
		y0, y1 := a.y+a.out+h/2, b.y+b.in+h/2
		a.out += h
		b.in += h
		m := (x0 + x1) / 2
		d.Links = append(d.Links, flowLink{fmt.Sprintf("M%s %sC%s %s %s %s %s %s", coord(x0), coord(y0), coord(m), coord(y0), coord(m), coord(y1), coord(x1), coord(y1)), coord(max(h, .6))})
	}
	for i := range cols[1] {
		link(0, 0, i, cols[1][i].share)
	}
	var all []flowLane
	for k, s := range lanes {
		all = append(all, flowLane{k[0], k[1], s})
	}
	slices.SortFunc(all, func(x, y flowLane) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	for _, l := range all {
		link(1, l.a, l.b, l.share)
	}
	for i := range cols[2] {
		link(2, i, 0, cols[2][i].share)
	}
	for k := range cols {
		for i := range cols[k] {
			b := &cols[k][i]
			n := flowNode{X: coord(z.columns[k]), Y: coord(b.y), W: coord(z.bar), H: coord(b.h)}
			n.TX, n.TY = coord(z.columns[k]+z.bar+6), coord(b.y+b.h/2-3)
			if k == 3 {
				n.TX, n.TY, n.End = coord(z.columns[k]-6), coord(b.y+14), true
			}
			n.Name, n.Note = c.flowText(b, r, f, k, sum, z.full)
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// flowName is what a bar is called in a sentence.
func (c *chokes) flowName(b *flowBar, r *transit.Result, col int) string {
	switch {
	case b.as != 0:
		return c.net(b.as)
	case b.rest > 0:
		return c.count("choke.rest", int64(b.rest))
	case col == 0 && r.Frontier != nil:
		return c.t("choke.foreign")
	}
	return c.t("choke.direct")
}

// flowText are the two lines beside a bar; on narrow pages numbers stand for names.
func (c *chokes) flowText(b *flowBar, r *transit.Result, f *transit.InFamily, col int, sum float64, full bool) (name, note string) {
	switch {
	case col == 0:
		name = c.name(r)
		if !full {
			name = r.Subject
		}
		return clip(name, 28), c.count("choke.origins", int64(len(r.Origins)))
	case col == 3:
		return c.t("choke.everybody"), c.count("choke.peers", int64(f.Peers))
	case b.as == 0:
		name = c.flowName(b, r, col-1)
		if !full && utf8.RuneCountInString(name) > 16 {
			name = clip(name, 16)
		}
		return name, c.percent(b.share / sum)
	}
	name, note = short(b.as), c.percent(b.share/sum)
	if n := c.who[b.as]; n != nil && full {
		var parts []string
		if w := plainName(n.Name); w != "" {
			parts = append(parts, clip(w, 20))
		}
		if n.Country != "" {
			parts = append(parts, n.Country)
		}
		for _, s := range n.State[:min(len(n.State), 1)] {
			parts = append(parts, c.owned(s.Country, n.Country))
		}
		note = strings.Join(append(parts, note), " · ")
	}
	return name, note
}

// coord writes a coordinate.
func coord(v float64) string {
	s := fmt.Sprintf("%.1f", v)
	return strings.TrimSuffix(s, ".0")
}

// SVG is the drawing as inline SVG. All text in it is escaped.
func (d flowDrawing) SVG(label, class string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="fw %s" viewBox="0 0 %d %d" role="img" aria-label="%s">`, class, d.Width, d.Height, template.HTMLEscapeString(label))
	for _, l := range d.Links {
		fmt.Fprintf(&b, `<path class="fl" d="%s" stroke-width="%s"/>`, l.Path, l.Width)
	}
	for _, n := range d.Nodes {
		fmt.Fprintf(&b, `<rect class="fb" x="%s" y="%s" width="%s" height="%s"/>`, n.X, n.Y, n.W, n.H)
	}
	for _, n := range d.Nodes {
		anchor := ""
		if n.End {
			anchor = ` text-anchor="end"`
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s"%s><tspan class="t1">%s</tspan><tspan class="t2" x="%s" dy="1.25em">%s</tspan></text>`,
			n.TX, n.TY, anchor, template.HTMLEscapeString(n.Name), n.TX, template.HTMLEscapeString(n.Note))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}
