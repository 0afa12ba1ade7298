package svgpng

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// fonts are parsed once.
var fonts = sync.OnceValues(func() (f [2]*sfnt.Font, err error) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		if f[i], err = opentype.Parse(ttf); err != nil {
			return f, err
		}
	}
	return f, nil
})

// faces draws letters; its buffer is shared by all of a picture.
type faces struct{ buf sfnt.Buffer }

// run is a part of a text that looks alike.
type run struct {
	s    string
	bold bool
	fill paint
}

// text draws one line of text.
func (d *drawing) text(e xml.StartElement) error {
	m, err := attrs(e, "x", "y", "font-size", "fill", "font-weight", "text-anchor")
	if err != nil {
		return err
	}
	n, err := numbers(m, "x", "y", "font-size")
	if err != nil {
		return err
	}
	f := &d.frames[len(d.frames)-1]
	if f.sx != f.sy {
		return errors.New("text in a stretched view")
	}
	if !(n[2] > 0 && n[2] <= 1000) {
		return errors.New("font-size: want more than 0, and 1000 at most")
	}
	runs, err := d.runs(m)
	if err != nil {
		return err
	}
	size := n[2] * f.sx
	wide, err := d.faces.wide(runs, size)
	if err != nil {
		return err
	}
	at := f.at(n[0], n[1])
	narrow := 1.0
	if most := float64(f.clip.Max.X) - at.x; m["text-anchor"] == "" && most > 0 && wide > most {
		narrow, wide = most/wide, most
	}
	switch m["text-anchor"] {
	case "", "start":
	case "middle":
		at.x -= wide / 2
	case "end":
		at.x -= wide
	default:
		return fmt.Errorf("text-anchor %.40q is not known here", m["text-anchor"])
	}
	for _, r := range runs {
		if r.fill.none || r.fill.hatch != nil {
			return errors.New("text wants a colour")
		}
		if at.x, err = d.letters(r, at, size, narrow, f.clip); err != nil {
			return err
		}
	}
	return nil
}

// runs reads a text's characters to its end. Spaces are as SVG 1.1 §10.15 has them: any
// number is one, and there is none at the ends.
func (d *drawing) runs(m map[string]string) ([]run, error) {
	look := func(m map[string]string, out *run) (run, error) {
		r := run{}
		if out != nil {
			r = *out
		}
		if s, ok := m["fill"]; ok || out == nil {
			var err error
			if r.fill, err = d.paintOf(s, "#000"); err != nil {
				return r, err
			}
		}
		switch m["font-weight"] {
		case "":
		case "bold":
			r.bold = true
		default:
			return r, fmt.Errorf("font-weight %.40q is not known here", m["font-weight"])
		}
		return r, nil
	}
	base, err := look(m, nil)
	if err != nil {
		return nil, err
	}
	in := base
	var out []run
	space := true // nothing, or a space, stands before
	for deep := 0; ; {
		t, err := d.dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "tspan" || deep > 0 {
				return nil, fmt.Errorf("<%s> is not known here", t.Name.Local)
			}
			a, err := attrs(t, "fill", "font-weight")
			if err != nil {
				return nil, err
			}
			if in, err = look(a, &base); err != nil {
				return nil, err
			}
			deep++
		case xml.EndElement:
			if deep > 0 {
				deep, in = deep-1, base
				continue
			}
			if n := len(out); n > 0 {
				out[n-1].s = strings.TrimSuffix(out[n-1].s, " ")
			}
			return out, nil
		case xml.CharData:
			r := in
			for _, c := range string(t) {
				switch c {
				case ' ', '\t', '\n', '\r':
					if !space {
						r.s += " "
					}
					space = true
				default:
					r.s += string(c)
					space = false
				}
			}
			out = append(out, r)
		}
	}
}

// wide is how wide runs come out, in pixels.
func (f *faces) wide(runs []run, size float64) (float64, error) {
	ttf, err := fonts()
	if err != nil {
		return 0, err
	}
	var sum float64
	for _, r := range runs {
		err := f.glyphs(ttf[weight(r.bold)], r.s, size, func(_ sfnt.GlyphIndex, dx float64) error { sum += dx; return nil })
		if err != nil {
			return 0, err
		}
	}
	return sum, nil
}

func weight(bold bool) int {
	if bold {
		return 1
	}
	return 0
}

// unit is the size at which letters are loaded, in pixels for the height of the font: so
// large that what is lost by whole 64ths does not show.
const unit = 1024

// glyphs gives each letter of a text and how far it is to the next, in pixels.
func (f *faces) glyphs(ttf *sfnt.Font, s string, size float64, do func(g sfnt.GlyphIndex, dx float64) error) error {
	before, first := sfnt.GlyphIndex(0), true
	for _, c := range s {
		g, err := ttf.GlyphIndex(&f.buf, c)
		if err != nil {
			return err
		}
		if !first {
			k, err := ttf.Kern(&f.buf, before, g, fixed.I(unit), font.HintingNone)
			if err == nil && k != 0 {
				if err := do(0, float64(k)/64*size/unit); err != nil {
					return err
				}
			}
		}
		a, err := ttf.GlyphAdvance(&f.buf, g, fixed.I(unit), font.HintingNone)
		if err != nil {
			return err
		}
		if err := do(g+1, float64(a)/64*size/unit); err != nil { // 0 is kerning alone
			return err
		}
		before, first = g, false
	}
	return nil
}

// letters draws a run whose base line begins at a point, and gives where it ends.
func (d *drawing) letters(r run, at point, size, narrow float64, clip image.Rectangle) (float64, error) {
	ttf, err := fonts()
	if err != nil {
		return 0, err
	}
	face := ttf[weight(r.bold)]
	var polygons []segments
	x := at.x
	err = d.faces.glyphs(face, r.s, size, func(g sfnt.GlyphIndex, dx float64) error {
		if g > 0 {
			shape, err := face.LoadGlyph(&d.faces.buf, g-1, fixed.I(unit), nil)
			if err != nil {
				return err
			}
			polygons = append(polygons, segments{append(sfnt.Segments(nil), shape...), x})
		}
		x += dx * narrow
		return nil
	})
	if err != nil {
		return 0, err
	}
	box := pixels(point{at.x - size, at.y - 1.2*size}, point{x + size, at.y + 0.5*size}).Intersect(clip)
	if box.Empty() {
		return x, nil
	}
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, p := range polygons {
		to := func(q fixed.Point26_6) (float32, float32) {
			px, py := p.x+float64(q.X)/64*size/unit*narrow, at.y+float64(q.Y)/64*size/unit
			return float32(max(-4, min(px-float64(box.Min.X), float64(box.Dx()+4)))), float32(max(-4, min(py-float64(box.Min.Y), float64(box.Dy()+4))))
		}
		open := false
		for _, s := range p.s {
			ax, ay := to(s.Args[0])
			bx, by := to(s.Args[1])
			cx, cy := to(s.Args[2])
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if open {
					z.ClosePath()
				}
				z.MoveTo(ax, ay)
				open = true
			case sfnt.SegmentOpLineTo:
				z.LineTo(ax, ay)
			case sfnt.SegmentOpQuadTo:
				z.QuadTo(ax, ay, bx, by)
			case sfnt.SegmentOpCubeTo:
				z.CubeTo(ax, ay, bx, by, cx, cy)
			}
		}
		if open {
			z.ClosePath()
		}
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	draw.DrawMask(d.img, box, image.NewUniform(r.fill.colour), image.Point{}, mask, image.Point{}, draw.Over)
	return x, nil
}

// segments are a letter's outline, and where it stands.
type segments struct {
	s sfnt.Segments
	x float64
}
