package build

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"constat/wire/mrt"
)

// Objects cuts a text into the JSON objects that stand in it one behind the other,
// however they are laid out: one a line, pretty-printed over several lines, or as the
// members of lists, on one line or on many. It keeps one object at a time.
//
// Where objects stand a line each, the end of a line ends one that is cut. An object over
// several lines that is cut ends where a line begins with a brace that cannot belong to
// it, or that stands no deeper than its own.
type Objects struct {
	r      io.Reader
	buf    []byte
	at, n  int // buf[at:n] is unread
	err    error
	offset int64 // of the object at hand
	next   int64 // of the byte behind it
	line   int64 // in which next stands, from 1
	first  int64 // line of the object at hand

	lists  int  // that are open around the objects
	layout int  // of the objects so far
	indent int  // of the line at hand, up to its first byte that is no blank
	begun  bool // the line at hand has one
	done   bool
	item   []byte
	length int64
}

// layouts.
const (
	unknownLayout = iota
	eachALine
	overLines
)

// NewObjects reads objects from r.
func NewObjects(r io.Reader) *Objects {
	return &Objects{r: r, buf: make([]byte, 64<<10), line: 1}
}

// Offset is where the object at hand begins.
func (o *Objects) Offset() int64 { return o.offset }

// Damage is that the object at hand could not be read.
func (o *Objects) Damage(err error) *mrt.Damage {
	return &mrt.Damage{Offset: o.offset, Line: o.first, Length: o.length, Reason: err.Error(), Resumable: true, Err: err}
}

// fill reads more; false if there is no more.
func (o *Objects) fill() bool {
	for range 100 {
		if o.at < o.n {
			return true
		}
		if o.err != nil {
			return false
		}
		o.at = 0
		o.n, o.err = o.r.Read(o.buf)
	}
	if o.at < o.n {
		return true
	}
	o.err = io.ErrNoProgress
	return false
}

// take takes a byte that fill has shown.
func (o *Objects) take() byte {
	c := o.buf[o.at]
	o.at++
	o.next++
	switch {
	case c == '\n':
		o.line++
		o.indent, o.begun = 0, false
	case o.begun:
	case c == ' ' || c == '\t' || c == '\r':
		o.indent++
	default:
		o.begun = true
	}
	return c
}

// Next returns the next object, valid until the next call, or what stands where one
// should be: whoever decodes it will say so. [io.EOF] is behind the last. Another error
// is a [*mrt.Damage].
func (o *Objects) Next() ([]byte, error) {
	if o.done {
		return nil, io.EOF
	}
	for o.fill() {
		o.offset, o.first = o.next, o.line
		switch c := o.take(); c {
		case ' ', '\t', '\r', '\n', ',', 0xef, 0xbb, 0xbf: // the last three are a byte order mark
		case '[':
			o.lists++
		case ']':
			o.lists--
		case '{':
			return o.object()
		default:
			return o.other(c), nil
		}
	}
	return nil, o.end()
}

// other reads what is no object, to the end of its line. What is kept of it is enough to
// see that.
func (o *Objects) other(c byte) []byte {
	o.item = append(o.item[:0], c)
	last := c
	for o.fill() && o.buf[o.at] != '\n' {
		c := o.take()
		if len(o.item) < 64 {
			o.item = append(o.item, c)
		}
		if c != ' ' && c != '\t' && c != '\r' {
			last = c
		}
	}
	if last == ']' {
		o.lists-- // as far as can be told
	}
	o.length = o.next - o.offset
	return o.item
}

// end tells what the text ends with.
func (o *Objects) end() error {
	o.done = true
	o.offset, o.first, o.length = o.next, o.line, 0
	switch {
	case o.err != io.EOF:
		return o.stopped()
	case o.lists > 0:
		return &mrt.Damage{Offset: o.next, Line: o.line, Err: io.ErrUnexpectedEOF,
			Reason: "the list is not closed: it was cut, or was still being written"}
	}
	return io.EOF
}

// stopped is that the bytes ended in the middle, at the object at hand.
func (o *Objects) stopped() *mrt.Damage {
	reason := "reading stopped: " + o.err.Error()
	if errors.Is(o.err, io.ErrUnexpectedEOF) {
		reason = "the compressed stream is truncated: " + o.err.Error()
	}
	return &mrt.Damage{Offset: o.offset, Line: o.first, Length: o.length, Reason: reason, Err: o.err}
}

// inside is where in an object the reading is.
type inside struct {
	own           int  // indentation of its first line
	depth         int  // of braces and brackets
	text, escaped bool // in a string, and behind a backslash in it
	last          byte // that is no blank and in no string
	lines         bool // it goes over several
	deeper        bool // one of them is indented more than its first
}

// step takes the next byte of the object.
func (i *inside) step(c byte) {
	switch {
	case i.escaped:
		i.escaped = false
		return
	case i.text:
		i.escaped = c == '\\'
		i.text = c != '"'
		return
	}
	switch c {
	case ' ', '\t', '\r':
		return
	case '\n':
		i.lines = true
		return
	case '"':
		i.text = true
	case '{', '[':
		i.depth++
	case '}', ']':
		i.depth--
	}
	i.last = c
}

// another reports whether a brace that begins a line begins another object, so that the
// one at hand is cut.
func (i *inside) another(indent int) bool {
	return !i.text && i.lines && (i.last != ':' && i.last != '[' && i.last != ',' || indent < i.own || indent == i.own && i.deeper)
}

// object reads the object whose brace was taken.
func (o *Objects) object() ([]byte, error) {
	o.item = append(o.item[:0], '{')
	in := inside{own: o.indent, depth: 1, last: '{'}
	long := false
	for o.fill() {
		c := o.buf[o.at]
		if c == '\n' && (in.text || o.layout == eachALine) {
			o.skip(in.own)
			return o.given(long)
		}
		if c == '{' && !o.begun && in.another(o.indent) {
			return o.given(long)
		}
		o.take()
		in.deeper = in.deeper || o.begun && in.lines && o.indent > in.own
		if long = long || len(o.item) >= MaxLine; !long {
			o.item = append(o.item, c)
		}
		if in.step(c); in.depth > 0 {
			continue
		}
		if o.layout == unknownLayout {
			o.layout = eachALine
			if in.lines {
				o.layout = overLines
			}
		}
		return o.given(long)
	}
	o.length = o.next - o.offset
	if o.err != io.EOF {
		o.done = true
		return nil, o.stopped()
	}
	return o.given(long) // whose end is missing
}

// skip passes over the rest of an object that goes over lines and is cut in a text: to a
// line that begins with a brace no deeper than its own.
func (o *Objects) skip(own int) {
	if o.layout != overLines {
		return
	}
	for o.fill() {
		if o.buf[o.at] == '{' && !o.begun && o.indent <= own {
			return
		}
		o.take()
	}
}

func (o *Objects) given(long bool) ([]byte, error) {
	o.length = o.next - o.offset
	if long {
		return nil, o.Damage(fmt.Errorf("longer than %d bytes, which no message of this format is", MaxLine))
	}
	return bytes.TrimRight(o.item, " \t\r\n,"), nil
}
