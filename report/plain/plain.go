// Package plain writes the summary of a report for a terminal, in as many columns as it
// has.
//
// It promises that no line is wider than the terminal but for a word that is, that lines
// break at ordinary spaces only, and that the words are the same at every width. It words
// nothing and knows no colours: what is on a terminal can be pasted into a letter.
package plain

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/report/document"
)

// A summary has Columns columns, or as few as a terminal has, down to Least. With fewer
// than columnsBeside a label stands above its text and not beside it.
const (
	Columns       = 80
	Least         = 20
	columnsBeside = 60
)

// Write writes a summary for a terminal of so many columns; 0 stands for [Columns].
func Write(w io.Writer, s document.Summary, columns int) error {
	if columns <= 0 || columns > Columns {
		columns = Columns
	}
	b := &screen{columns: max(columns, Least)}
	for i, part := range s {
		if i > 0 {
			fmt.Fprintln(b)
		}
		b.part(part)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	return nil
}

// screen is what a summary is written on.
type screen struct {
	bytes.Buffer
	columns int
}

func (w *screen) part(p document.Part) {
	wide := 0
	for _, l := range p {
		wide = max(wide, utf8.RuneCountInString(l.Label))
	}
	for _, l := range p {
		text := l.Text.String()
		in := strings.Repeat("  ", l.Depth)
		switch {
		case l.Label != "":
			w.labelled(l.Label, wide, text)
		case l.Whole, l.Title && utf8.RuneCountInString(in+text) <= w.columns:
			fmt.Fprintln(w, in+text)
		case l.Title:
			w.wrap(in+text, "", "")
		case l.Bullet:
			w.wrap(text, in+"- ", in+"  ")
		case l.Depth == 1:
			w.wrap(text, "  ", "    ")
		default:
			w.wrap(text, in, in)
		}
	}
}

// labelled writes text beside its label, in a column behind the widest label, or
// below it on a narrow screen.
func (w *screen) labelled(label string, wide int, text string) {
	if w.columns < columnsBeside {
		w.wrap(label, "  ", "  ")
		w.wrap(text, "    ", "    ")
		return
	}
	w.wrap(text, "  "+label+strings.Repeat(" ", wide-utf8.RuneCountInString(label)+2), strings.Repeat(" ", wide+4))
}

// spaces that must not break are written as ordinary ones, as terminals and clipboards
// know them best.
var spaces = strings.NewReplacer(locale.NBSP, " ", "\u202f", " ")

// wrap writes text in lines of at most the screen's width, breaking at ordinary
// spaces only.
func (w *screen) wrap(text, first, rest string) {
	line, empty := first, true
	for word := range strings.SplitSeq(text, " ") {
		word = spaces.Replace(word)
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > w.columns {
			fmt.Fprintln(w, strings.TrimRight(line, " "))
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}
