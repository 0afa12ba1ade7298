package press

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"constat/claims/statement"
)

// unseen are characters that a reader does not see and a rule must not: soft
// hyphens, blanks without width, joiners, marks of direction.
func unseen(r rune) bool {
	switch r {
	case 0xad, 0x34f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// ligatures are letters that a PDF's text has in one.
var ligatures = map[rune]string{'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st"}

// normal gives a text in Unicode's composed form (NFC), without unseen
// characters and ligatures. Example: "de\u0301menti" of a Mac is "démenti".
func normal(s *source) *source {
	odd := func(r rune) bool { return r >= 0xad && (unseen(r) || ligatures[r] != "") }
	if strings.IndexFunc(s.text, odd) >= 0 {
		w, done := weave(s), 0
		for i := 0; i < len(s.text); {
			r, n := utf8.DecodeRuneInString(s.text[i:])
			if odd(r) {
				w.keep(done, i)
				w.put(ligatures[r], i, n)
				done = i + n
			}
			i += n
		}
		w.keep(done, len(s.text))
		s = w.source()
	}
	if norm.NFC.IsNormalString(s.text) {
		return s
	}
	w := weave(s)
	for i := 0; i < len(s.text); {
		n := norm.NFC.QuickSpanString(s.text[i:])
		w.keep(i, i+n)
		if i += n; i == len(s.text) {
			break
		}
		n = norm.NFC.NextBoundaryInString(s.text[i:], true)
		if n <= 0 {
			n = len(s.text) - i
		}
		w.put(norm.NFC.String(s.text[i:i+n]), i, n)
		i += n
	}
	return w.source()
}

// Document is a document as it is read, to find out what it has at a place.
type Document struct{ src *source }

// OpenDocument reads a document as [Read] does, whatever its language.
func OpenDocument(data []byte) (*Document, error) {
	if len(data) > MaxText {
		return nil, ErrTooLong
	}
	if err := notText(data); err != nil {
		return nil, err
	}
	return &Document{open(data)}, nil
}

// At gives the words at places of the document: bytes of it as it was given.
// What [Read] proposes has just these words.
func (d *Document) At(places []statement.Span) string {
	var words []string
	for _, p := range places {
		a, b := d.src.back(p.From), d.src.back(p.To)
		if a < b {
			words = append(words, clean(d.src.text[a:b]))
		}
	}
	return strings.Join(words, " […] ")
}

// open makes the text that is read of the bytes of a document.
func open(data []byte) *source {
	s := decode(data)
	if isHTML(s.text) {
		return normal(takeApart(s).article())
	}
	return sheets(normal(s))
}
