package svgpng

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/vector"
)

// hatch is a pattern of diagonal lines, rising to the right, a step apart along both
// axes: what an SVG pattern of one such line and its corners comes to.
type hatch struct {
	colour color.RGBA
	step   float64
}

// defs reads the patterns.
func (d *drawing) defs() error {
	for {
		t, err := d.dec.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Local != "pattern" {
				return fmt.Errorf("<%s>: only patterns are known here", t.Name.Local)
			}
			if err := d.pattern(t); err != nil {
				return fmt.Errorf("<pattern>: %w", err)
			}
		}
	}
}

func (d *drawing) pattern(e xml.StartElement) error {
	m, err := attrs(e, "id", "width", "height", "patternUnits")
	if err != nil {
		return err
	}
	n, err := numbers(m, "width", "height")
	if err != nil {
		return err
	}
	if m["patternUnits"] != "userSpaceOnUse" || n[0] != n[1] || !(n[0] > 0) {
		return errors.New("only squares in the units of the picture are known here")
	}
	h := hatch{step: n[0]}
	for {
		t, err := d.dec.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if d.hatch == nil {
				d.hatch = map[string]hatch{}
			}
			d.hatch[m["id"]] = h
			return nil
		case xml.StartElement:
			a, err := attrs(t, "d", "stroke", "fill")
			if err != nil {
				return err
			}
			lines, err := parsePath(a["d"])
			if err != nil {
				return err
			}
			c, err := d.paintOf(a["stroke"], "none")
			if err != nil {
				return err
			}
			if t.Name.Local != "path" || a["fill"] != "none" || c.none || c.hatch != nil || !diagonal(lines, h.step) {
				return errors.New("only a path of lines from the lower left to the upper right is known here")
			}
			h.colour = c.colour
			if err := d.dec.Skip(); err != nil {
				return err
			}
		}
	}
}

// diagonal reports whether each line goes up as far as it goes right and the lines repeat
// with a step along the axes.
func diagonal(lines []line, step float64) bool {
	for _, l := range lines {
		if len(l.points) != 2 {
			return false
		}
		a, b := l.points[0], l.points[1]
		if math.Abs(a.x+a.y-b.x-b.y) > 1e-9 {
			return false
		}
		if r := math.Abs(math.Remainder(a.x+a.y, step)); r > 1e-9 {
			return false
		}
	}
	return len(lines) > 0
}

// cover is how much of the pixel whose centre is at x, y such lines cover, 0 to 255, at a
// scale. Lines are one unit wide.
func (h *hatch) cover(x, y, scale float64) uint8 {
	off := math.Abs(math.Remainder(x+y, h.step*scale)) / math.Sqrt2 // from the middle of the nearest line
	return uint8(255 * max(0, min(1, scale/2-off+0.5)))
}

func (d *drawing) rect(e xml.StartElement) error {
	m, err := attrs(e, "x", "y", "width", "height", "fill", "stroke")
	if err != nil {
		return err
	}
	n, err := numbers(m, "x", "y", "width", "height")
	if err != nil {
		return err
	}
	x, y, w, h := n[0], n[1], n[2], n[3]
	if err := d.shape([]line{{points: []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, closed: true}}, m); err != nil {
		return err
	}
	return d.dec.Skip()
}

func (d *drawing) path(e xml.StartElement) error {
	m, err := attrs(e, "d", "fill", "stroke", "stroke-width", "vector-effect")
	if err != nil {
		return err
	}
	lines, err := parsePath(m["d"])
	if err != nil {
		return err
	}
	if err := d.shape(lines, m); err != nil {
		return err
	}
	return d.dec.Skip()
}

// shape fills lines and draws along them.
func (d *drawing) shape(lines []line, m map[string]string) error {
	f := &d.frames[len(d.frames)-1]
	fill, err := d.paintOf(m["fill"], "#000")
	if err != nil {
		return err
	}
	stroke, err := d.paintOf(m["stroke"], "none")
	if err != nil {
		return err
	}
	wide := 1.0
	if s, ok := m["stroke-width"]; ok {
		if wide, err = number(s); err != nil {
			return err
		}
	}
	if !stroke.none && f.sx != f.sy && m["vector-effect"] != "non-scaling-stroke" {
		return errors.New("a line in a stretched view needs vector-effect non-scaling-stroke")
	}
	var all [][]point
	for _, l := range lines {
		var ps []point
		for _, p := range l.points {
			ps = append(ps, f.at(p.x, p.y))
		}
		all = append(all, ps)
	}
	if !fill.none {
		d.fill(all, fill, f.clip)
	}
	if stroke.none {
		return nil
	}
	half := wide * d.scale / 2
	for i, ps := range all {
		d.stroke(ps, lines[i].closed, half, stroke, f.clip)
	}
	return nil
}

// stroke draws lines of straight parts: each part is a rectangle, longer by half the width
// where another part joins, which makes the corners of right angles whole.
func (d *drawing) stroke(ps []point, closed bool, half float64, p paint, clip image.Rectangle) {
	if closed && len(ps) > 1 {
		ps = append(ps[:len(ps):len(ps)], ps[0])
	}
	var quads [][]point
	for i := 1; i < len(ps); i++ {
		a, b := ps[i-1], ps[i]
		long := math.Hypot(b.x-a.x, b.y-a.y)
		if long == 0 {
			continue
		}
		ux, uy := (b.x-a.x)/long*half, (b.y-a.y)/long*half
		if closed || i > 1 {
			a.x, a.y = a.x-ux, a.y-uy
		}
		if closed || i < len(ps)-1 {
			b.x, b.y = b.x+ux, b.y+uy
		}
		quads = append(quads, []point{{a.x - uy, a.y + ux}, {a.x + uy, a.y - ux}, {b.x + uy, b.y - ux}, {b.x - uy, b.y + ux}})
	}
	// All turn the same way, so that they may overlap and be filled at once.
	d.fill(quads, p, clip)
}

// fill fills what polygons enclose.
func (d *drawing) fill(polygons [][]point, p paint, clip image.Rectangle) {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, ps := range polygons {
		for _, q := range ps {
			lo, hi = point{min(lo.x, q.x), min(lo.y, q.y)}, point{max(hi.x, q.x), max(hi.y, q.y)}
		}
	}
	if !(lo.x <= hi.x) {
		return
	}
	box := pixels(lo, hi).Intersect(clip)
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	// Beyond the box nothing is seen; far coordinates would cost the rasterizer time.
	at := func(q point) (float32, float32) {
		return float32(max(-4, min(q.x-float64(box.Min.X), float64(box.Dx()+4)))), float32(max(-4, min(q.y-float64(box.Min.Y), float64(box.Dy()+4))))
	}
	for _, ps := range polygons {
		for i, q := range ps {
			if x, y := at(q); i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	r.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	colour := p.colour
	if p.hatch != nil {
		colour = p.hatch.colour
		for y := range box.Dy() {
			row := mask.Pix[y*mask.Stride:][:box.Dx()]
			for x := range row {
				if row[x] != 0 {
					row[x] = uint8(int(row[x]) * int(p.hatch.cover(float64(box.Min.X+x)+0.5, float64(box.Min.Y+y)+0.5, d.scale)) / 255)
				}
			}
		}
	}
	draw.DrawMask(d.img, box, image.NewUniform(colour), image.Point{}, mask, image.Point{}, draw.Over)
}

// line is a part of a path: points joined by straight lines.
type line struct {
	points []point
	closed bool
}

// parsePath reads the data of a path of straight lines, SVG 1.1 §8.3: M, L, H, V and Z,
// absolute or relative.
func parsePath(s string) ([]line, error) {
	var lines []line
	var at, start point
	var cmd byte
	for s = strings.TrimLeft(s, " ,\n\t\r"); s != ""; s = strings.TrimLeft(s, " ,\n\t\r") {
		fresh := false
		if c := s[0]; c >= 'A' && c <= 'z' {
			cmd, s, fresh = c, s[1:], true
		}
		if cmd == 'Z' || cmd == 'z' {
			if !fresh || len(lines) == 0 {
				return nil, fmt.Errorf("path data %.30q: a command was expected", s)
			}
			lines[len(lines)-1].closed = true
			at, cmd = start, 'z'
			continue
		}
		var v [2]float64
		many := 2
		switch cmd {
		case 'H', 'h', 'V', 'v':
			many = 1
		case 'M', 'm', 'L', 'l':
		default:
			return nil, fmt.Errorf("path data: command %q is not known here", cmd)
		}
		for i := range many {
			s = strings.TrimLeft(s, " ,\n\t\r")
			n := numberEnd(s)
			x, err := number(s[:n])
			if err != nil {
				return nil, fmt.Errorf("path data: %w", err)
			}
			v[i], s = x, s[n:]
		}
		switch cmd {
		case 'M', 'L':
			at = point{v[0], v[1]}
		case 'm', 'l':
			at = point{at.x + v[0], at.y + v[1]}
		case 'H':
			at.x = v[0]
		case 'h':
			at.x += v[0]
		case 'V':
			at.y = v[0]
		case 'v':
			at.y += v[0]
		}
		if math.Abs(at.x) > 1e13 || math.Abs(at.y) > 1e13 {
			return nil, errors.New("path data: a point beyond every picture")
		}
		if cmd == 'M' || cmd == 'm' {
			start = at
			lines = append(lines, line{points: []point{at}})
			cmd-- // further pairs are lines: L is the letter before M
			continue
		}
		if len(lines) == 0 {
			return nil, errors.New("path data: it begins without M")
		}
		if lines[len(lines)-1].closed {
			lines = append(lines, line{points: []point{start}})
		}
		l := &lines[len(lines)-1]
		l.points = append(l.points, at)
	}
	return lines, nil
}

// numberEnd is where a number at the head of s ends.
func numberEnd(s string) int {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for dot := false; i < len(s); i++ {
		if s[i] == '.' && !dot {
			dot = true
		} else if s[i] < '0' || s[i] > '9' {
			break
		}
	}
	return i
}
