// Package worded makes errors and short phrases whose words can be said in another
// language. They keep the format and the values that they were made of, beside the text
// in the language of the code; whoever shows them ([Tongue.Say]) looks up the format,
// and puts the values into its translation.
//
// It promises that Error and String are what fmt.Errorf and fmt.Sprintf give, so that
// nothing changes for whoever knows of no other language, and that [errors.Is] and
// [errors.As] find what an error wraps. Nothing is lost for want of a translation: what
// has none is said as the code has it, with what it wraps translated inside it.
//
// It knows no language and holds no translations; they are internal/locale's.
package worded

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Worded is what can be said in another language: a format and its values.
type Worded interface {
	Worded() (format string, args []any)
}

// worded is an error with its format.
type worded struct {
	format string
	args   []any
	err    error
}

func (e *worded) Error() string           { return e.err.Error() }
func (e *worded) Unwrap() error           { return e.err }
func (e *worded) Worded() (string, []any) { return e.format, e.args }

// Errorf is fmt.Errorf for an error whose words can be those of another language.
func Errorf(format string, args ...any) error {
	return &worded{format, args, fmt.Errorf(format, args...)}
}

// Phrase is a part of a message that is worded by itself: "and 3 more".
type Phrase struct {
	format string
	args   []any
}

// Phrasef makes a phrase.
func Phrasef(format string, args ...any) Phrase { return Phrase{format, args} }

func (p Phrase) String() string {
	return fmt.Sprintf(p.format, p.args...) //nolint:govet // its format is that of Phrasef
}

// Worded is the phrase's format and its values.
func (p Phrase) Worded() (string, []any) { return p.format, p.args }

// Tongue says things in a language.
type Tongue struct {
	// Of gives the translation of a text or a format; ok is false if it has none. nil is
	// the language of the code.
	Of func(source string) (translation string, ok bool)

	// Foreign are formats of messages of which only the text is handed on, as libraries
	// do: "unknown flag %s". A verb stands for any text that is not empty; the first
	// format that fits counts.
	Foreign []string
}

// Say gives the text of an error, of a phrase, or of any other value.
func (t *Tongue) Say(x any) string {
	err, isErr := x.(error)
	if t == nil || t.Of == nil {
		if isErr {
			return err.Error()
		}
		return fmt.Sprint(x)
	}
	if w, ok := x.(Worded); ok {
		if s, ok := t.format(w.Worded()); ok {
			return s
		}
	}
	if isErr {
		return t.err(err)
	}
	return fmt.Sprint(x)
}

// Format gives a format and values for it in the language: those of the code if there
// is no translation. Values that can be said in the language are.
func (t *Tongue) Format(format string, args []any) (string, []any) {
	if t == nil || t.Of == nil {
		return format, args
	}
	to, ok := t.Of(format)
	if !ok {
		to = format
	}
	said := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case error:
			said[i] = text(t.Say(a))
		case Worded:
			said[i] = t.Say(a)
		default:
			said[i] = a
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(to, "%w", "%v"), "]w", "]v"), said
}

// text is what an error said in a language.
type text string

func (e text) Error() string { return string(e) }

// format words a format; ok is false if it has no translation.
func (t *Tongue) format(format string, args []any) (string, bool) {
	if _, ok := t.Of(format); !ok {
		return "", false
	}
	to, said := t.Format(format, args)
	return fmt.Sprintf(to, said...), true
}

// err words an error that has no format with a translation.
func (t *Tongue) err(err error) string {
	said := err.Error()
	if to, ok := t.Of(said); ok {
		return to
	}
	if p, ok := err.(*fs.PathError); ok { //nolint:errorlint // this one and not one that it wraps
		if s, ok := t.format(p.Op+" %s: %w", []any{p.Path, p.Err}); ok {
			return s
		}
	}
	switch inner := wrapped(err); len(inner) {
	case 0:
		return t.Text(said)
	case 1: // as a rule at the end
		return replace(said, strings.LastIndex(said, inner[0].Error()), inner[0].Error(), t.Say(inner[0]))
	default: // one after the other
		done := 0
		for _, in := range inner {
			was, is := in.Error(), t.Say(in)
			if i := strings.Index(said[done:], was); i >= 0 {
				said = replace(said, done+i, was, is)
				done += i + len(is)
			}
		}
		return said
	}
}

// replace puts a text in the place of another that stands at a place, if it does.
func replace(text string, at int, was, is string) string {
	if at < 0 || was == "" {
		return text
	}
	return text[:at] + is + text[at+len(was):]
}

// wrapped are the errors within an error: those that it wraps, and of one with a format
// those among its values too.
func wrapped(err error) []error {
	var out []error
	if w, ok := err.(Worded); ok {
		_, args := w.Worded()
		for _, a := range args {
			if e, ok := a.(error); ok {
				out = append(out, e)
			}
		}
		return out
	}
	if w, ok := err.(interface{ Unwrap() []error }); ok {
		return w.Unwrap()
	}
	if in := errors.Unwrap(err); in != nil {
		return []error{in}
	}
	return nil
}

// Text words a message of which there is only the text: as it is, or by the first foreign
// format that it has the form of.
func (t *Tongue) Text(said string) string {
	if t == nil || t.Of == nil {
		return said
	}
	if to, ok := t.Of(said); ok {
		return to
	}
	for _, f := range t.Foreign {
		to, ok := t.Of(f)
		m := match(f, said)
		if !ok || m == nil {
			continue
		}
		var args []any
		for _, part := range m {
			args = append(args, t.Text(part)) // shorter than the text
		}
		return fmt.Sprintf(verb.ReplaceAllString(to, "${1}s"), args...)
	}
	return said
}

var verb = regexp.MustCompile(`(%(?:\[[0-9]\])?)[a-z]`)

// match gives the parts of a text that stand at the verbs of a format; nil if it has not
// the format's form.
func match(format, said string) []string {
	for i, piece := range verb.Split(format, -1) {
		if i == 0 && !strings.HasPrefix(said, piece) || !strings.Contains(said, piece) {
			return nil // as a rule, and cheaper than the pattern
		}
	}
	pattern := verb.ReplaceAllString(regexp.QuoteMeta(format), "(.+?)")
	m := regexp.MustCompile("(?s)^" + pattern + "$").FindStringSubmatch(said)
	if m == nil {
		return nil
	}
	return m[1:]
}
