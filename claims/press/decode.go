package press

import (
	"bytes"
	"encoding/binary"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// source is a text in UTF-8 and where its bytes stood in the original.
type source struct {
	text string
	enc  string // "UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE"
	// at maps bytes of text to bytes of the original: a run begins at text
	// byte t and original byte o, and goes on byte by byte (step 1), or with
	// the whole of its text bytes standing for n original bytes.
	at []run
}

type run struct {
	t, o int
	n    int // 0: byte by byte; else the run's text stands for n bytes
}

// pos gives the original offset of a text offset.
func (s *source) pos(t int) int64 {
	i := sort.Search(len(s.at), func(i int) bool { return s.at[i].t > t }) - 1
	if i < 0 {
		return int64(t)
	}
	r := s.at[i]
	if r.n > 0 && t > r.t {
		// Inside a character of the text: its end in the original.
		return int64(r.o + r.n)
	}
	return int64(r.o + t - r.t)
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
	if wide {
		s.enc = "windows-1252"
	}
	plain := false
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if wide && body[i] >= 0x80 {
			r, n = charmap.Windows1252.DecodeByte(body[i]), 1
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
