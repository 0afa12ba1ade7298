package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// The flow diagram: the subject, its outermost networks, the next networks outside,
// everybody else; widths are shares of address space. It is drawn twice, for wide pages
// and for narrow ones, where names of networks would not fit.

// Flow is the figure of one family.
type Flow struct {
	ID, Title, Sub, Label string
	Wide, Narrow          FlowDrawing
}

// FlowDrawing is one drawing.
type FlowDrawing struct {
	Width, Height int
	Links         []string // paths
	Gone          []string // those of them over which nothing goes any more
	Nodes         []FlowNode
}

// FlowNode is a bar of a drawing with its words.
type FlowNode struct {
	X, Y, W, H string
	TX, TY     string
	End        bool // the text ends at TX
	Name, Note string
}

const (
	flowNodes = 7    // networks in a column; the rest is joined
	flowLeast = 0.01 // of a network that has a bar of its own
)

// FlowBar is a bar of a column.
type FlowBar struct {
	AS    uint32 // 0: others, or none
	Rest  int    // how many are joined in it
	Share float64
	y, h  float64
	in    float64 // filled on its left and its right
	out   float64
}

// flowLane is the part that goes from a bar to one of the next column.
type flowLane struct {
	a, b  int
	share float64
}

// FlowText words a bar of a column, the subject's being 0: a name and a note. Where
// there is little room, full is false.
type FlowText func(b FlowBar, column int, full bool) (name, note string)

// Flows is how much goes which way: from one network to the next.
type Flows struct {
	Columns [2][]FlowBar
	Sum     float64
	Gone    func(as uint32) bool // of a bar of the first column: nothing goes over it; may be nil
	lanes   map[[2]int]float64
}

// NewFlows adds up ways by their two networks.
func NewFlows(share map[[2]uint32]float64) *Flows {
	f := &Flows{lanes: map[[2]int]float64{}}
	var at [2]map[uint32]int
	for k := range 2 {
		by := map[uint32]float64{}
		for key, s := range share {
			by[key[k]] += s
		}
		f.Columns[k], at[k] = flowColumn(by)
	}
	for key, s := range share {
		f.lanes[[2]int{at[0][key[0]], at[1][key[1]]}] += s
	}
	return f
}

// Draw draws the flows for wide pages and for narrow ones.
func (f *Flows) Draw(text FlowText) (wide, narrow FlowDrawing) {
	wide = drawFlow(text, f.Columns, f.lanes, f.Sum, flowSizes{872, 236, 12, 34, 9, [4]float64{0, 250, 540, 863}, true}, f.Gone)
	narrow = drawFlow(text, f.Columns, f.lanes, f.Sum, flowSizes{340, 240, 10, 30, 7, [4]float64{0, 84, 200, 333}, false}, f.Gone)
	return wide, narrow
}

// flowColumn are the bars of a column, the largest first, and in which bar a network is.
func flowColumn(by map[uint32]float64) ([]FlowBar, map[uint32]int) {
	var bars []FlowBar
	for as, s := range by {
		bars = append(bars, FlowBar{AS: as, Share: s})
	}
	slices.SortFunc(bars, func(a, b FlowBar) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.AS, b.AS)) })
	at := map[uint32]int{}
	rest := FlowBar{}
	var out []FlowBar
	for i, b := range bars {
		if b.AS == 0 || len(bars) <= flowNodes || i < flowNodes-1 && b.Share >= flowLeast {
			at[b.AS] = len(out)
			out = append(out, b)
			continue
		}
		at[b.AS] = -1
		rest.Rest++
		rest.Share += b.Share
	}
	if rest.Rest > 0 {
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
func drawFlow(text FlowText, from [2][]FlowBar, lanes map[[2]int]float64, sum float64, z flowSizes, gone func(uint32) bool) FlowDrawing {
	cols := [4][]FlowBar{{{Share: sum}}, slices.Clone(from[0]), slices.Clone(from[1]), {{Share: sum}}}
	scale := z.high / sum
	most := 0.0
	var heights [4]float64
	for k := range cols {
		for i := range cols[k] {
			b := &cols[k][i]
			b.h = max(b.Share*scale, 1)
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
	d := FlowDrawing{Width: int(z.wide), Height: int(most)}
	if gone == nil {
		gone = func(uint32) bool { return false }
	}
	link := func(k, i, j int, share float64, gone bool) {
		a, b := &cols[k][i], &cols[k+1][j]
		h := share * scale
		x0, x1 := z.columns[k]+z.bar, z.columns[k+1]
		y0, y1 := a.y+a.out, b.y+b.in
		a.out += h
		b.in += h
		// A band between two curves: a stroke of that width would stand out at steep turns.
		m, low := coord((x0+x1)/2), max(h, .6)
		path := fmt.Sprintf("M%s %sC%s %s %s %s %s %sV%sC%s %s %s %s %s %sz", coord(x0), coord(y0), m, coord(y0), m, coord(y1), coord(x1), coord(y1),
			coord(y1+low), m, coord(y1+low), m, coord(y0+low), coord(x0), coord(y0+low))
		if gone {
			d.Gone = append(d.Gone, path)
		} else {
			d.Links = append(d.Links, path)
		}
	}
	var away [2]map[int]bool
	for k := range away {
		away[k] = map[int]bool{}
		for i, b := range from[k] {
			away[k][i] = b.Rest == 0 && gone(b.AS)
		}
	}
	for i := range cols[1] {
		link(0, 0, i, cols[1][i].Share, away[0][i])
	}
	var all []flowLane
	for k, s := range lanes {
		all = append(all, flowLane{k[0], k[1], s})
	}
	slices.SortFunc(all, func(x, y flowLane) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	for _, l := range all {
		link(1, l.a, l.b, l.share, away[0][l.a])
	}
	for i := range cols[2] {
		link(2, i, 0, cols[2][i].Share, away[1][i])
	}
	for k := range cols {
		for i := range cols[k] {
			b := &cols[k][i]
			n := FlowNode{X: coord(z.columns[k]), Y: coord(b.y), W: coord(z.bar), H: coord(b.h)}
			n.TX, n.TY = coord(z.columns[k]+z.bar+6), coord(b.y+b.h/2-3)
			if k == 3 {
				n.TX, n.TY, n.End = coord(z.columns[k]-6), coord(b.y+14), true
			}
			n.Name, n.Note = text(*b, k, z.full)
			d.Nodes = append(d.Nodes, n)
		}
	}
	return d
}

// Part is a share of all, without what adding up leaves behind: all is 100 %.
func Part(share, all float64) float64 { return math.Round(share/all*1e9) / 1e9 }

// coord writes a coordinate.
func coord(v float64) string {
	s := fmt.Sprintf("%.1f", v)
	return strings.TrimSuffix(s, ".0")
}

// SVG is the drawing as inline SVG. All text in it is escaped.
func (d FlowDrawing) SVG(label, class string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="fw %s" viewBox="0 0 %d %d" role="img" aria-label="%s">`, class, d.Width, d.Height, esc(label))
	for _, l := range d.Links {
		fmt.Fprintf(&b, `<path class="fl" d="%s"/>`, l)
	}
	for _, l := range d.Gone {
		fmt.Fprintf(&b, `<path class="fg" d="%s"/>`, l)
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
			n.TX, n.TY, anchor, esc(n.Name), n.TX, esc(n.Note))
	}
	b.WriteString("</svg>")
	return b.String()
}
