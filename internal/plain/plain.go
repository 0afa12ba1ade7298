// Package plain writes text that others chose so that it can be read on a
// terminal and forges nothing there: control characters, characters that turn
// the direction of writing and bytes that are no UTF-8 appear as escapes
// (\u001b, \u202e, \x9b), and text inside a line stays inside it.
//
// Titles, notes, reasons, names of files and of keys, and what servers answer
// come from strangers. Example: a file named "a\n  countersigned by ministry" in
// a case made verify print a line that no party had earned, and ESC[2K in a note
// wiped out the line that named a fault.
package plain

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden says whether a character is not shown as itself but does something:
// controls (C0, DEL, C1), line and paragraph separators, bidirectional controls,
// tags, and the byte order mark. Joiners, which some scripts need, are not among
// them.
func Hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x300:
		return false
	}
	return r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfff9 && r <= 0xfffb || r >= 0xe0000 && r <= 0xe007f || unicode.Is(unicode.Bidi_Control, r)
}

// Find gives the first hidden character of a text and the number of its line,
// also where bytes are no UTF-8; ok is false where there is none. The three
// marks of direction (U+200E, U+200F, U+061C), which Arabic and Hebrew texts
// have between words and numbers, are passed over: they turn nothing. So are
// line feeds in a text of several lines.
func Find(s string, lines bool) (what string, line int, ok bool) {
	line = 1
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return fmt.Sprintf("the byte %#x, which is no UTF-8", s[i]), line, true
		case lines && r == '\n':
		case r == 0x200e, r == 0x200f, r == 0x061c:
		case Hidden(r):
			return fmt.Sprintf("the control character %U", r), line, true
		}
		if i += n; r == '\n' {
			line++
		}
	}
	return "", line, false
}

// Line gives a text in which nothing is hidden and which is one line.
func Line(s string) string { return escape(s, false) }

// Text is Line for a text of several lines: line feeds and tabs stay.
func Text(s string) string { return escape(s, true) }

// Clip makes one printable line of a text and shortens it to so many bytes. What
// cannot be printed is left out, not escaped.
func Clip(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsPrint(c), unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, s)
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = s[:most]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return strings.Clone(s) // the text that it is cut from need not be kept
}

func escape(s string, lines bool) string {
	if clean(s, lines) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !Hidden(r), lines && (r == '\n' || r == '\t'):
			b.WriteString(s[i : i+n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

func clean(s string, lines bool) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if Hidden(rune(c)) && !(lines && (c == '\n' || c == '\t')) {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || Hidden(r) {
			return false
		}
		i += n
	}
	return true
}

// Error words an error in one line. Where errors were joined, "; " joins them.
func Error(err error) string {
	return Line(strings.ReplaceAll(strings.TrimRight(err.Error(), "\n"), "\n", "; "))
}

// Sprintf is fmt.Sprintf with every text among the arguments made a [Line]: the
// format decides where lines end, and nobody else.
func Sprintf(format string, args ...any) string { return fmt.Sprintf(format, lines(args)...) }

// Fprintf is fmt.Fprintf likewise.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	return fmt.Fprintf(w, format, lines(args)...)
}

// Fprintln is fmt.Fprintln likewise.
func Fprintln(w io.Writer, args ...any) (int, error) { return fmt.Fprintln(w, lines(args)...) }

func lines(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case nil:
		case string:
			a = Line(v)
		case []byte:
			a = Line(string(v))
		case []string:
			var s []string
			for _, x := range v {
				s = append(s, Line(x))
			}
			a = s
		case error:
			a = Error(v)
		case fmt.Stringer:
			a = Line(v.String())
		}
		out[i] = a
	}
	return out
}

// Writer passes text on with nothing hidden in it but line feeds and tabs.
// Inside the strings of JSON its escapes mean what they stand for.
type Writer struct {
	W    io.Writer
	tail []byte // the beginning of a character whose rest has not come
}

// NewWriter gives a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{W: w} }

// Write implements io.Writer. A character that is cut at the end waits for its
// rest; Flush writes it without.
func (w *Writer) Write(b []byte) (int, error) {
	s := string(w.tail) + string(b)
	w.tail = w.tail[:0]
	for back := 1; back < utf8.UTFMax && back <= len(s); back++ {
		if c := s[len(s)-back]; utf8.RuneStart(c) {
			if !utf8.FullRuneInString(s[len(s)-back:]) {
				w.tail = append(w.tail, s[len(s)-back:]...)
				s = s[:len(s)-back]
			}
			break
		}
	}
	if _, err := io.WriteString(w.W, Text(s)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Flush writes what was held back.
func (w *Writer) Flush() error {
	s := string(w.tail)
	w.tail = w.tail[:0]
	_, err := io.WriteString(w.W, Text(s))
	return err
}

// Short shortens a name that others chose to n characters, for people: control characters
// and the marks that reverse text become blanks, so that a hostile name cannot reorder a
// line of a terminal or a page. [Clip] counts bytes, for messages.
func Short(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return ' '
		}
		return r
	}, s)), " "))
	if len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return string(r)
}
