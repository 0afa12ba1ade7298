// Package document is a report as values: headings, prose of spans, tables with cells,
// folds, quotations and figures, in one language. Package report makes documents from
// findings; packages html, plain and export render them.
//
// A document has no markup: what a span stands for is said by its fields, so that each
// renderer writes it in its own way and none has to read another's marks back. Example:
// the level of a verdict is a span with the word that the reader sees ("indicated") and
// with proof.Indicated as its value; an export finds the value, in whatever language the
// word is.
//
// It decides nothing, words nothing, and opens nothing.
package document

import (
	"net/netip"
	"strings"

	"constat/internal/locale"
	"constat/judge/proof"
	"constat/moment"
)

// Document is one report.
type Document struct {
	Lang     locale.Lang
	Language string    // its name in itself
	Title    string    // in a line
	Headline Text      // the same as a heading
	Case     string    // name of the folder that it is of; empty outside one
	Opened   string    // what the case was called when it was opened; empty outside one
	Editions []Edition // the same in other languages
	InCase   bool      // it has what a case adds
	Band     Text      // the warning of a reconstruction; empty otherwise
	Why      Text      // what the case was opened for
	Asked    Text      // what was asked
	Sections []Section
	Foot     []string // sentences
}

// Edition is the same document in another language.
type Edition struct {
	Lang       locale.Lang
	File, Name string
}

// Section is a part with a heading; ID is its address.
type Section struct {
	ID, Heading string
	Apart       bool // it speaks of something else than the rest
	Page        bool // only pages have it
	Blocks      []Block
}

// Text is a run of spans.
type Text []Span

// Span is words of one look.
type Span struct {
	Text   string
	Strong bool   // stressed
	Bold   bool   // stands out without being stressed, as a number that is looked for
	Code   bool   // as programs write it
	Whole  bool   // does not break at the end of a line
	To     string // where it leads: "#s3" within the document, else a file beside it
	Of     Value  // what the words stand for; nil if they are only words
}

// Value is what a span stands for.
type Value interface{ value() }

// Values of spans. Of a record of an exhibit the offset is in the uncompressed file.
type (
	// Level is a level of proof.
	Level proof.Level
	// AS is a network by its number.
	AS uint32
	// Moment is a moment.
	Moment moment.Time
	// Prefix is a prefix.
	Prefix netip.Prefix
	// Record is a record of an exhibit.
	Record struct {
		Exhibit string
		Offset  int64
	}
)

func (Level) value()  {}
func (AS) value()     {}
func (Moment) value() {}
func (Prefix) value() {}
func (Record) value() {}

// String is the words of a span. It lets a span be a value of a message.
func (s Span) String() string { return s.Text }

// String is the text without looks.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Message words a message of a language, in the variant for n, with its looks. Values that
// are spans or texts keep theirs.
func Message(w *locale.Words, key string, n int64, a ...any) Text {
	var out Text
	var strong, code bool
	add := func(s Span) {
		s.Strong, s.Code = s.Strong || strong, s.Code || code
		out = append(out, s)
	}
	locale.Expand(w.Message(key, n), a, locale.Writer{
		Text: func(s string) { add(Span{Text: s}) },
		Mark: func(tag string, open bool) {
			if tag == "strong" {
				strong = open
			} else {
				code = open
			}
		},
		Value: func(v any, form string) {
			switch v := v.(type) {
			case Text:
				for _, s := range v {
					add(s)
				}
			case Span:
				add(v)
			default:
				add(Span{Text: locale.Value(v, form)})
			}
		},
	})
	return out.Joined()
}

// Plain is words and nothing else; no text for none.
func Plain(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Text: s}}
}

// Plains are several.
func Plains(ss []string) []Text {
	var out []Text
	for _, s := range ss {
		out = append(out, Plain(s))
	}
	return out
}

// Sentences joins texts with a blank; what is empty is left out.
func Sentences(ts ...Text) Text {
	var out Text
	for _, t := range ts {
		if len(t) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, Span{Text: " "})
		}
		out = append(out, t...)
	}
	return out.Joined()
}

// Joined joins neighbours of one look into one span.
func (t Text) Joined() Text {
	var out Text
	for _, s := range t {
		if s.Text == "" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].sameLook(s) {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	return out
}

func (s Span) sameLook(t Span) bool {
	return s.Of == nil && t.Of == nil && s.Strong == t.Strong && s.Bold == t.Bold && s.Code == t.Code && s.Whole == t.Whole && s.To == t.To
}
