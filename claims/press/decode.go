package press

import (
	"bytes"
	"encoding/binary"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"constat/claims/statement"
)

// source is a text in UTF-8 and where its bytes stood in what it was made from.
// Each step of the way (decoding, HTML, normal form, pages) is a source over
// the one before, so that a place in the text leads back to the bytes given.
type source struct {
	text string
	enc  string // "UTF-8", "windows-1252", "iso-8859-15", "UTF-16LE", "UTF-16BE"
	// at maps bytes of text to bytes below: a run begins at text byte t and
	// byte o below, and goes on byte by byte, or with the whole of its text
	// standing for n bytes. What no run covers was taken out.
	at    []run
	under *source          // nil: the bytes given
	cut   []statement.Span // bytes given that were left out on the way
	page  *page            // of HTML
}

type run struct {
	t, o int
	n    int // 0: byte by byte; else the run's text stands for n bytes
}

// runAt is the run that a text offset lies in, -1 before the first.
func (s *source) runAt(t int) int {
	return sort.Search(len(s.at), func(i int) bool { return s.at[i].t > t }) - 1
}

// pos gives the byte, of those given, at which a text offset begins.
func (s *source) pos(t int) int64 {
	for ; s != nil; s = s.under {
		i := s.runAt(t)
		if i < 0 {
			continue
		}
		r := s.at[i]
		if r.n > 0 && t > r.t {
			t = r.o + r.n // inside a character of the text: its end
		} else {
			t = r.o + t - r.t
		}
	}
	return int64(t)
}

// end gives the byte behind the last one that the text before an offset stands
// for. Example: a page head taken out behind a word is behind its end.
func (s *source) end(t int) int64 {
	for ; s != nil && t > 0; s = s.under {
		i := s.runAt(t - 1)
		if i < 0 {
			continue
		}
		if r := s.at[i]; r.n > 0 {
			t = r.o + r.n
		} else {
			t = r.o + t - r.t
		}
	}
	return int64(t)
}

// back gives the text offset of a byte given: the inverse of pos and end.
func (s *source) back(o int64) int {
	t := int(o)
	if s.under != nil {
		t = s.under.back(o)
	}
	i := sort.Search(len(s.at), func(i int) bool { return s.at[i].o > t }) - 1
	if i < 0 {
		return 0
	}
	r, next := s.at[i], len(s.text)
	if i+1 < len(s.at) {
		next = s.at[i+1].t
	}
	switch {
	case t == r.o:
		return r.t
	case r.n > 0:
		return next
	}
	return min(r.t+t-r.o, next)
}

// weaver writes a source over another.
type weaver struct {
	from *source
	b    strings.Builder
	at   []run
}

func weave(from *source) *weaver {
	w := &weaver{from: from}
	w.b.Grow(len(from.text))
	return w
}

// keep writes a piece of the text below as it is.
func (w *weaver) keep(a, b int) {
	if b <= a {
		return
	}
	if n := len(w.at); n == 0 || w.at[n-1].n > 0 || w.at[n-1].o+w.b.Len()-w.at[n-1].t != a {
		w.at = append(w.at, run{w.b.Len(), a, 0})
	}
	w.b.WriteString(w.from.text[a:b])
}

// put writes text that stands for n bytes below; n is at least one.
func (w *weaver) put(s string, a, n int) {
	if s == "" {
		return
	}
	w.at = append(w.at, run{w.b.Len(), a, n})
	w.b.WriteString(s)
}

func (w *weaver) source() *source {
	w.at = append(w.at, run{w.b.Len(), len(w.from.text), 0})
	return &source{text: w.b.String(), enc: w.from.enc, at: w.at, under: w.from, cut: w.from.cut, page: w.from.page}
}

// decode makes UTF-8 of a text in whatever encoding newspapers' texts come in.
// A mark at the beginning decides; then UTF-8 if it is valid, or nearly so;
// else Windows-1252, of which Latin-1's letters are a part. NUL becomes a
// blank, and what cannot be read a replacement mark.
func decode(data []byte) *source {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decode16(data, 2, binary.LittleEndian, "UTF-16LE")
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decode16(data, 2, binary.BigEndian, "UTF-16BE")
	}
	skip := 0
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		skip = 3
	}
	body := data[skip:]
	if utf8.Valid(body) {
		s := &source{text: string(body), enc: "UTF-8", at: []run{{0, skip, 0}}}
		if strings.IndexByte(s.text, 0) >= 0 {
			s.text = strings.ReplaceAll(s.text, "\x00", " ")
		}
		return s
	}
	good, bad := 0, 0
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	s := &source{enc: "UTF-8"}
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	wide := skip == 0 && bad > good // single bytes that are letters
	table := charmap.Windows1252
	if wide {
		s.enc = "windows-1252"
		if latin9().Match(body[:min(len(body), 2048)]) {
			table, s.enc = charmap.ISO8859_15, "iso-8859-15"
		}
	}
	plain := false
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if wide && body[i] >= 0x80 {
			r, n = table.DecodeByte(body[i]), 1
		}
		if r == 0 {
			r = ' '
		}
		same := utf8.RuneLen(r) == n
		switch {
		case same && !plain:
			s.at = append(s.at, run{b.Len(), skip + i, 0})
		case !same:
			s.at = append(s.at, run{b.Len(), skip + i, n})
		}
		plain = same
		b.WriteRune(r)
		i += n
	}
	s.text = b.String()
	s.at = append(s.at, run{b.Len(), len(data), 0})
	return s
}

// latin9 finds a page that says that it is in ISO 8859-15, which has œ and €
// where Windows-1252 has other marks.
var latin9 = onUse(`(?i)charset\s*=\s*["']?(iso-?8859-15|latin-?9)`)

func decode16(data []byte, i int, order binary.ByteOrder, enc string) *source {
	s := &source{enc: enc}
	var b strings.Builder
	for i < len(data) {
		if i+1 == len(data) { // half a character
			s.at = append(s.at, run{b.Len(), i, 1})
			b.WriteRune(utf8.RuneError)
			break
		}
		r, n := rune(order.Uint16(data[i:])), 2
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(data) {
				low = rune(order.Uint16(data[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				n = 4
			}
		}
		if r == 0 {
			r = ' '
		}
		s.at = append(s.at, run{b.Len(), i, n})
		b.WriteRune(r)
		i += n
	}
	s.text = b.String()
	s.at = append(s.at, run{b.Len(), len(data), 0})
	return s
}
