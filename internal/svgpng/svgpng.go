// Package svgpng draws a picture in SVG as PNG.
//
// It is for places that take no SVG, such as most editors' systems and messengers. It
// knows the part of SVG 1.1 of which this project's figures are made, and no more: svg
// (also within another, with a viewBox), rect, path of straight lines, text with tspan,
// and one kind of pattern, diagonal lines. Anything else is an error that names it: a
// picture from which something was left out would be a false one.
//
// Letters are those of the Go fonts, which travel with the program: Latin, Greek and
// Cyrillic. A character that they lack is drawn as a box. A line of text that would leave
// the picture on the right is drawn narrower, so that it ends at the edge: who laid it
// out cannot know how wide the letters are.
//
// It promises the same pixels for the same SVG on one version of Go and of the fonts, no
// panic on any input, and no picture beyond [MostPixels]. It is no browser: no style
// sheets, no curves, no images, no links.
package svgpng

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"
)

// MostPixels bounds a picture: 64 million pixels are 256 MB while it is drawn.
const MostPixels = 64 << 20

// Encode draws svg, scale pixels for each of its units, and writes it to w.
func Encode(w io.Writer, svg []byte, scale float64) error {
	img, err := Draw(svg, scale)
	if err != nil {
		return err
	}
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("svgpng: %w", err)
	}
	return nil
}

// Draw draws svg, scale pixels for each of its units.
func Draw(svg []byte, scale float64) (*image.RGBA, error) {
	if !(scale > 0) || math.IsInf(scale, 0) {
		return nil, fmt.Errorf("svgpng: a scale of %v: want more than 0", scale)
	}
	d := &drawing{dec: xml.NewDecoder(bytes.NewReader(svg)), scale: scale}
	if err := d.run(); err != nil {
		return nil, fmt.Errorf("svgpng: byte %d: %w", d.dec.InputOffset(), err)
	}
	return d.img, nil
}

// frame maps the coordinates of an element to pixels.
type frame struct {
	sx, sy, tx, ty float64
	clip           image.Rectangle
}

func (f *frame) at(x, y float64) point { return point{f.tx + x*f.sx, f.ty + y*f.sy} }

type point struct{ x, y float64 }

type drawing struct {
	dec    *xml.Decoder
	scale  float64
	img    *image.RGBA
	frames []frame // of the svg elements that are open
	hatch  map[string]hatch
	faces  faces
}

func (d *drawing) run() error {
	for {
		t, err := d.dec.Token()
		if errors.Is(err, io.EOF) {
			if d.img == nil {
				return errors.New("there is no svg element")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := d.open(t); err != nil {
				return fmt.Errorf("<%s>: %w", t.Name.Local, err)
			}
		case xml.EndElement: // only of svg: the others are read to their ends when they open
			d.frames = d.frames[:len(d.frames)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("there is text outside a text element")
			}
		}
	}
}

func (d *drawing) open(e xml.StartElement) error {
	if e.Name.Local != "svg" && len(d.frames) == 0 {
		return errors.New("it stands outside an svg element")
	}
	switch e.Name.Local {
	case "svg":
		if len(d.frames) == 0 {
			return d.root(e)
		}
		return d.inner(e)
	case "title":
		return d.dec.Skip()
	case "defs":
		return d.defs()
	case "rect":
		return d.rect(e)
	case "path":
		return d.path(e)
	case "text":
		return d.text(e)
	}
	return errors.New("no such element is known here")
}

// attrs are an element's attributes, which must all be among the known.
func attrs(e xml.StartElement, known ...string) (map[string]string, error) {
	m := map[string]string{}
	for _, a := range e.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		found := false
		for _, k := range known {
			found = found || k == a.Name.Local
		}
		if !found {
			return nil, fmt.Errorf("no attribute %s is known here", a.Name.Local)
		}
		m[a.Name.Local] = a.Value
	}
	return m, nil
}

// numbers reads attributes that are numbers; one that is absent is 0.
func numbers(m map[string]string, names ...string) ([]float64, error) {
	out := make([]float64, len(names))
	for i, n := range names {
		s, ok := m[n]
		if !ok {
			continue
		}
		v, err := number(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n, err)
		}
		out[i] = v
	}
	return out, nil
}

// number reads a number below a trillion: a plot of address space has its units.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(v) < 1e12) {
		return 0, fmt.Errorf("%.40q is no number below a trillion", s)
	}
	return v, nil
}

// viewBox reads the width and the height of a viewBox that begins at 0 0.
func viewBox(s string) (w, h float64, err error) {
	f := strings.Fields(s)
	if len(f) != 4 || f[0] != "0" || f[1] != "0" {
		return 0, 0, fmt.Errorf("viewBox %.60q: want 0 0 WIDTH HEIGHT", s)
	}
	if w, err = number(f[2]); err == nil {
		h, err = number(f[3])
	}
	if err == nil && !(w > 0 && h > 0) {
		err = fmt.Errorf("viewBox %.60q is empty", s)
	}
	return w, h, err
}

func (d *drawing) root(e xml.StartElement) error {
	if d.img != nil {
		return errors.New("a second picture")
	}
	m, err := attrs(e, "width", "height", "viewBox", "role", "font-family")
	if err != nil {
		return err
	}
	n, err := numbers(m, "width", "height")
	if err != nil {
		return err
	}
	w, h, err := viewBox(m["viewBox"])
	if err != nil {
		return err
	}
	if w != n[0] || h != n[1] {
		return errors.New("width and height are not those of the viewBox")
	}
	pw, ph := math.Ceil(w*d.scale), math.Ceil(h*d.scale)
	if pw*ph > MostPixels {
		return fmt.Errorf("%v × %v pixels are more than %d: choose a smaller scale", pw, ph, MostPixels)
	}
	d.img = image.NewRGBA(image.Rect(0, 0, int(pw), int(ph)))
	draw.Draw(d.img, d.img.Rect, image.White, image.Point{}, draw.Src)
	d.frames = append(d.frames, frame{sx: d.scale, sy: d.scale, clip: d.img.Rect})
	return nil
}

// inner opens a svg within another: a view that is stretched over a rectangle.
func (d *drawing) inner(e xml.StartElement) error {
	m, err := attrs(e, "x", "y", "width", "height", "viewBox", "preserveAspectRatio")
	if err != nil {
		return err
	}
	if m["preserveAspectRatio"] != "none" {
		return errors.New("only preserveAspectRatio none is known here")
	}
	n, err := numbers(m, "x", "y", "width", "height")
	if err != nil {
		return err
	}
	w, h, err := viewBox(m["viewBox"])
	if err != nil {
		return err
	}
	if len(d.frames) > 8 {
		return errors.New("svg within svg within svg, and so on, nine deep")
	}
	out := &d.frames[len(d.frames)-1]
	a, b := out.at(n[0], n[1]), out.at(n[0]+n[2], n[1]+n[3])
	in := frame{sx: out.sx * n[2] / w, sy: out.sy * n[3] / h, tx: a.x, ty: a.y, clip: pixels(a, b).Intersect(out.clip)}
	d.frames = append(d.frames, in)
	return nil
}

// pixels are the pixels that a rectangle touches.
func pixels(a, b point) image.Rectangle {
	low := func(v float64) int { return int(math.Floor(max(-1, min(v, 1<<20)))) }
	high := func(v float64) int { return int(math.Ceil(max(-1, min(v, 1<<20)))) }
	return image.Rect(low(min(a.x, b.x)), low(min(a.y, b.y)), high(max(a.x, b.x)), high(max(a.y, b.y)))
}

// paint is what a shape is filled or drawn with.
type paint struct {
	colour color.RGBA
	hatch  *hatch // of these lines, on nothing
	none   bool
}

// paintOf reads a colour such as #16191d or #fff, url(#name) of a pattern, or none; an
// absent one is what SVG takes for it.
func (d *drawing) paintOf(s, absent string) (paint, error) {
	if s == "" {
		s = absent
	}
	if s == "none" {
		return paint{none: true}, nil
	}
	if id, ok := strings.CutPrefix(s, "url(#"); ok {
		if h, ok := d.hatch[strings.TrimSuffix(id, ")")]; ok {
			return paint{hatch: &h}, nil
		}
		return paint{}, fmt.Errorf("no pattern %.40q stands before it", s)
	}
	hex, ok := strings.CutPrefix(s, "#")
	if ok && len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	if !ok || len(hex) != 6 || err != nil {
		return paint{}, fmt.Errorf("%.40q is no colour such as #16191d", s)
	}
	return paint{colour: color.RGBA{byte(v >> 16), byte(v >> 8), byte(v), 255}}, nil
}
