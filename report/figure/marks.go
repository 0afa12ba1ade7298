package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"constat/judge/place"
)

// candidate is a break break drawn on the path graph.
type candidate struct {
	number int
	group  Standing
	x, y   float64
}

// Sizes of marks, in units of the graph.
const (
	markRadius = 9.0
	markAir    = 15.0 // from the centre of a mark to the outline of the class
	markOthers = 8    // marks beside those of the class
)

// candidates places the numbers of the table of hypotheses on the graph: all of
// the class, then what is not set aside, then of the excluded those nearest to
// the origin.
func (g *Graph) candidates() {
	rows := g.rows
	type spot struct {
		row   *Break
		layer int
		xy    [2]float64
	}
	var others []spot
	for i := range rows {
		r := &rows[i]
		if len(r.Places) == 0 {
			continue
		}
		for j, y := range r.Places {
			if j > 0 && r.Group != InClass {
				break
			}
			for _, a := range g.anchors(y, r.Group) {
				if r.Group == InClass {
					g.marks = append(g.marks, candidate{r.Number, r.Group, a[0], a[1]})
				} else {
					others = append(others, spot{r, g.layerAt(y.A), a})
				}
			}
		}
	}
	slices.SortStableFunc(others, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.row.Group, b.row.Group), cmp.Compare(a.layer, b.layer))
	})
	g.spread()
	class := hull(g.classPoints())
	n := 0
	for _, o := range others {
		if n == markOthers {
			break
		}
		m := candidate{o.row.Number, o.row.Group, o.xy[0], o.xy[1]}
		if g.crowded(m) || within(class, [2]float64{m.x, m.y}, markAir+markRadius) { // the table has it; a heap of numbers says nothing
			continue
		}
		g.marks = append(g.marks, m)
		n++
	}
}

func (g *Graph) layerAt(as uint32) int {
	if n := g.at(as); n != nil {
		return n.layer
	}
	return graphDepth
}

// at is the network's own node, nil if it has none.
func (g *Graph) at(as uint32) *graphNode {
	for _, n := range g.nodes {
		if len(n.ases) == 1 && n.ases[0] == as {
			return n
		}
	}
	return nil
}

// InClass says whether a break of the class lies in the network.
func (g *Graph) inClass(n *graphNode) bool {
	return len(n.ases) == 1 && slices.ContainsFunc(g.rows, func(r Break) bool {
		return r.Group == InClass && slices.ContainsFunc(r.Places, func(x place.Place) bool { return x.Joint == nil && x.Kind != place.Adjacency && x.A == n.ases[0] })
	})
}

// link is how many control routes ran between the networks of two nodes, and
// how many still do; nil stands for the peers as from, and for the origins of
// the controls as to.
func (g *Graph) link(from, to *graphNode) (before, kept int) {
	in := func(n *graphNode, as uint32) bool {
		return n == nil && as == 0 || n != nil && slices.Contains(n.ases, as)
	}
	for _, l := range g.links {
		if in(from, l.A) && in(to, l.B) {
			before, kept = before+l.Before, kept+l.Kept
		}
	}
	return before, kept
}

// placeOthers makes room beside the origin for those of the control routes, if
// some leave the picture just above it.
func (g *Graph) placeOthers() {
	if len(g.layers) < 2 || len(g.layers[0]) != 1 || !g.inClass(g.layers[0][0]) {
		return
	}
	for _, n := range g.layers[1] {
		if before, _ := g.link(n, nil); before > 0 {
			o := g.layers[0][0]
			g.others = &graphNode{x: 182, y: o.y, w: 112, h: o.h}
			return
		}
	}
}

// Controls is how many control routes there were before, and how many were left; ok is
// false if none is drawn.
func (g *Graph) Controls() (all, left int, ok bool) {
	if g.others == nil {
		return 0, 0, false
	}
	for _, n := range g.layers[1] {
		before, kept := g.link(n, nil)
		all, left = all+before, left+kept
	}
	return all, left, true
}

// drawControls draws the control routes: thin, beside the subject's, dotted
// where none is left. After the recovery nobody read them.
func (g *Graph) drawControls(b *strings.Builder, lines *strokes, panel int, words string) {
	if g.others == nil {
		return
	}
	thin := func(from, to *graphNode, x1, y1, x2, y2 float64) {
		before, kept := g.link(from, to)
		switch {
		case before == 0 || panel > 1:
		case panel == 1 && kept == 0:
			lines.line(` class="ctl off"`, x1, y1, x2, y2)
		default:
			lines.line(` class="ctl"`, x1, y1, x2, y2)
		}
	}
	for _, e := range g.edges {
		to := g.nodes[e.to]
		if e.from == topNode {
			thin(nil, to, to.cx(), 32, to.cx(), to.y)
		} else if from := g.nodes[e.from]; from.y < to.y {
			thin(from, to, from.cx(), from.y+from.h, to.cx(), to.y)
		}
	}
	o := g.others
	for _, n := range g.layers[1] {
		thin(n, nil, n.cx(), n.y+n.h, min(max(n.cx(), o.x+8), o.x+o.w-8), o.y)
	}
	class := "nd"
	if panel == 2 {
		class = "nd idle"
	}
	middle := Fixed(o.x + o.w/2)
	fmt.Fprintf(b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/><text x="%s" y="%s">%s</text><text class="s" x="%s" y="%s">%s</text>`,
		class, Fixed(o.x), Fixed(o.y), Fixed(o.w), Fixed(o.h), middle, Fixed(o.y+19), esc(g.words.Controls), middle, Fixed(o.y+36), esc(words))
}

// anchors are where a place lies on the graph; none if it is not drawn.
func (g *Graph) anchors(x place.Place, group Standing) [][2]float64 {
	var out [][2]float64
	if x.Joint != nil {
		for _, part := range x.Joint {
			for _, b := range part {
				if b.Kind == place.Adjacency {
					if a, ok := g.along(b.A, b.B, 0.6); ok {
						out = append(out, a)
					}
					break
				}
			}
		}
		return out
	}
	n := g.at(x.A)
	if n == nil {
		return nil
	}
	left, inset := n.x, 3.0
	switch {
	case n.port > 0:
		left, inset = n.px(), 12
	case !n.named: // a low box is all number: beside it
		inset = -4
	}
	switch x.Kind {
	case place.Origin:
		if n.port == 0 { // at a corner, where no word is covered
			return [][2]float64{{left, n.y + n.h}}
		}
		return [][2]float64{{left, n.y + n.h/2}}
	case place.Adjacency:
		t := 0.5
		if group != InClass || !g.roots[x.B] {
			t = 0.3 // links that meet in one network are apart at their upper ends
		}
		if a, ok := g.along(x.A, x.B, t); ok {
			return [][2]float64{a}
		}
		return nil
	case place.TransitImport:
		return [][2]float64{{left, n.y + n.h - inset}}
	case place.TransitExport, place.Export:
		return [][2]float64{{left, n.y + inset}}
	case place.Node:
		if !n.named { // a low box is all number: above it
			return [][2]float64{{n.x + n.w, n.y - markRadius - 1}}
		}
		return [][2]float64{{n.x + n.w, n.y}}
	}
	return nil
}

// along is the point of the edge from a down to b at the share t of its way.
func (g *Graph) along(a, b uint32, t float64) (at [2]float64, ok bool) {
	from, to := g.at(a), g.at(b)
	if from == nil || to == nil || from.y >= to.y {
		return at, false
	}
	if !slices.ContainsFunc(g.edges, func(e *graphEdge) bool { return e.from == from.id && e.to == to.id }) {
		return at, false
	}
	x1, y1, x2, y2 := from.px(), from.y+from.h, to.px(), to.y
	mid := (y1 + y2) / 2
	s := 1 - t
	bend := func(p, q, r, z float64) float64 { return s*s*s*p + 3*s*s*t*q + 3*s*t*t*r + t*t*t*z }
	return [2]float64{bend(x1, x1, x2, x2), bend(y1, mid+8, mid-8, y2)}, true
}

// spread moves marks of the class that would cover each other apart.
func (g *Graph) spread() {
	for i := range g.marks {
		for range 6 {
			m := g.marks[i]
			if !slices.ContainsFunc(g.marks[:i], func(o candidate) bool { return math.Hypot(o.x-m.x, o.y-m.y) < 2*markRadius+1 }) {
				break
			}
			g.marks[i].x += 2*markRadius + 2
		}
	}
}

func (g *Graph) crowded(m candidate) bool {
	return slices.ContainsFunc(g.marks, func(o candidate) bool { return math.Hypot(o.x-m.x, o.y-m.y) < 2*markRadius+2 })
}

// Numbers are the numbers drawn of a group.
func (g *Graph) Numbers(group Standing) []string {
	var out []string
	for _, m := range g.marks {
		if s := strconv.Itoa(m.number); m.group == group && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Undrawn reports whether some numbers are drawn, and others had no place.
func (g *Graph) Undrawn() bool {
	return len(g.marks) > 0 && slices.ContainsFunc(g.rows, func(r Break) bool {
		return !slices.ContainsFunc(g.marks, func(m candidate) bool { return m.number == r.Number })
	})
}

// drawMarks draws the outline of the class and the numbers.
func (g *Graph) drawMarks(b *strings.Builder) {
	class := g.classPoints()
	outlines := [][][2]float64{class}
	if g.holdsOthers(class) { // one outline would take in what is not of the class
		outlines = nil
		for _, x := range class {
			outlines = append(outlines, [][2]float64{x})
		}
	}
	for _, ps := range outlines {
		if len(ps) > 0 {
			d := outline(ps, markAir)
			fmt.Fprintf(b, `<path class="lens u" d="%s"/><path class="lens" d="%s"/>`, d, d)
		}
	}
	for _, m := range g.marks {
		class := [...]string{InClass: "mi", IsOpen: "mo", IsExcluded: "mx"}[m.group]
		x, y := Fixed(m.x), Fixed(m.y)
		fmt.Fprintf(b, `<g class="%s"><circle cx="%s" cy="%s" r="%s"/>`, class, x, y, Fixed(markRadius))
		if m.group == IsExcluded {
			fmt.Fprintf(b, `<path d="M%s %sl5.5-5.5M%s %sl-5.5 5.5"/>`, Fixed(m.x-10.5), Fixed(m.y+10.5), Fixed(m.x+10.5), Fixed(m.y-10.5))
		}
		fmt.Fprintf(b, `<text x="%s" y="%s">%s</text></g>`, x, Fixed(m.y+4), strconv.Itoa(m.number))
	}
}

// classPoints are the places of the class's marks.
func (g *Graph) classPoints() [][2]float64 {
	var out [][2]float64
	for _, m := range g.marks {
		if m.group == InClass {
			out = append(out, [2]float64{m.x, m.y})
		}
	}
	return out
}

// holdsOthers says whether the outline of the class would hold the middle of a
// network in which no break of the class lies.
func (g *Graph) holdsOthers(class [][2]float64) bool {
	return slices.ContainsFunc(g.nodes, func(n *graphNode) bool {
		return !g.inClass(n) && within(hull(class), [2]float64{n.x + n.w/2, n.y + n.h/2}, markAir)
	})
}

// within says whether a point lies in a convex hull, or nearer to it than air.
func within(hull [][2]float64, x [2]float64, air float64) bool {
	if len(hull) == 0 {
		return false
	}
	inside := len(hull) > 2
	for i, a := range hull {
		z := hull[(i+1)%len(hull)]
		if turn(a, z, x) < 0 {
			inside = false
		}
		// How far the point is from this side.
		dx, dy := z[0]-a[0], z[1]-a[1]
		t := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			t = min(1, max(0, ((x[0]-a[0])*dx+(x[1]-a[1])*dy)/l))
		}
		if math.Hypot(a[0]+t*dx-x[0], a[1]+t*dy-x[1]) < air {
			return true
		}
	}
	return inside
}

// turn is positive where the way from a over b to c turns clockwise on a screen.
func turn(a, b, c [2]float64) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

// hull is the convex hull of points, clockwise on a screen.
func hull(ps [][2]float64) [][2]float64 {
	ps = slices.Clone(ps)
	slices.SortFunc(ps, func(a, b [2]float64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	ps = slices.Compact(ps)
	if len(ps) < 2 {
		return ps
	}
	var out [][2]float64
	for range 2 { // there and back
		start := len(out)
		for _, q := range ps {
			for len(out)-start >= 2 && turn(out[len(out)-2], out[len(out)-1], q) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, q)
		}
		out = out[:len(out)-1]
		slices.Reverse(ps)
	}
	return out
}

// outline is the convex hull of points, r away from them all around.
func outline(ps [][2]float64, r float64) string {
	h := hull(ps)
	if len(h) == 1 {
		x, y := h[0][0], h[0][1]
		return fmt.Sprintf("M%s %sa%s %s 0 1 1 %s 0a%s %s 0 1 1 %s 0z", Fixed(x-r), Fixed(y), Fixed(r), Fixed(r), Fixed(2*r), Fixed(r), Fixed(r), Fixed(-2*r))
	}
	var b strings.Builder
	side := func(a, z [2]float64) (from, to string) { // r outward
		l := math.Hypot(z[0]-a[0], z[1]-a[1])
		nx, ny := (z[1]-a[1])/l*r, -(z[0]-a[0])/l*r
		return Fixed(a[0]+nx) + " " + Fixed(a[1]+ny), Fixed(z[0]+nx) + " " + Fixed(z[1]+ny)
	}
	arc := fmt.Sprintf("A%s %s 0 0 1 ", Fixed(r), Fixed(r))
	first, _ := side(h[0], h[1])
	b.WriteString("M" + first)
	for i, a := range h {
		from, to := side(a, h[(i+1)%len(h)])
		if i > 0 {
			b.WriteString(arc + from)
		}
		b.WriteString("L" + to)
	}
	b.WriteString(arc + first + "z")
	return b.String()
}
