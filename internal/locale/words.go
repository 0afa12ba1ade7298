package locale

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Words are the words of one language.
type Words struct {
	Lang   Lang
	Format *Format

	tag      language.Tag
	messages map[string]message
	texts    map[string]string // translations of sentences that files bring along, by the sentence in the default language
	regions  func() display.Namer
}

// message is a message with its variants by plural class ("one"), by form
// ("dat"), and by both ("dat.one"). The text that stands if nothing else fits is
// the one of class "other" without a form.
type message struct {
	text     string
	variants map[string]string
	plural   bool
}

// classes are the names of the plural classes, as the Unicode CLDR has them.
// Any other name in a message is that of a form.
var classes = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func isClass(s string) bool {
	for _, c := range classes {
		if c == s {
			return true
		}
	}
	return false
}

func newMessage(v any) (message, error) {
	m := message{}
	switch v := v.(type) {
	case string:
		m.text = v
		return m, nil
	case map[string]any:
		m.variants = map[string]string{}
		if err := m.put("", v); err != nil {
			return m, err
		}
	default:
		return m, fmt.Errorf("%T is no message", v)
	}
	text, ok := m.variants["other"]
	if !ok {
		return m, fmt.Errorf("it has no variant other")
	}
	m.text = text
	return m, nil
}

func (m *message) put(form string, v map[string]any) error {
	for k, x := range v {
		switch x := x.(type) {
		case string:
			m.plural = m.plural || isClass(k) && k != "other"
			if form != "" {
				k = form + "." + k
			}
			m.variants[k] = x
		case map[string]any:
			if form != "" || isClass(k) {
				return fmt.Errorf("%q holds a table; a form holds classes, and a class holds a text", k)
			}
			if err := m.put(k, x); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%q is neither a text nor a table", k)
		}
	}
	return nil
}

// Has reports whether a key has words.
func (w *Words) Has(key string) bool {
	_, ok := w.messages[key]
	return ok
}

// Keys lists all keys in order.
func (w *Words) Keys() []string { return slices.Sorted(maps.Keys(w.messages)) }

// Variants lists the texts of a message by the names of their variants; the
// one of a message without variants is called "other".
func (w *Words) Variants(key string) map[string]string {
	m, ok := w.messages[key]
	if !ok {
		return nil
	}
	if m.variants == nil {
		return map[string]string{"other": m.text}
	}
	return maps.Clone(m.variants)
}

// Class is the plural class of a number: of 1 in English "one", of 0 "other".
func (w *Words) Class(n int64) string {
	if n < 0 {
		n = -n
	}
	return classes[plural.Cardinal.MatchPlural(w.tag, int(n), 0, 0, 0, 0)]
}

// None stands for a message that does not depend on a number.
const None int64 = -1

// pick gives the variant of a message for a number and a form. A form that a
// message does not have is the plain one: "in {networks:dat}" asks for the
// dative, and a word that has none stands as it is.
func (w *Words) pick(key string, n int64, form string) string {
	m, ok := w.messages[key]
	if !ok {
		return "[" + key + "]"
	}
	if m.variants == nil {
		return m.text
	}
	class := "other"
	if n != None && m.plural {
		class = w.Class(n)
	}
	if form != "" {
		for _, k := range []string{form + "." + class, form + ".other", form} {
			if s, ok := m.variants[k]; ok {
				return s
			}
		}
	}
	if s, ok := m.variants[class]; ok {
		return s
	}
	return m.text
}

// Args pairs the names of a message's placeholders with their values.
type Args []any

// Formed is a value that can be put in a form: "4 Netze", and in the dative
// "4 Netzen".
type Formed interface{ In(form string) string }

// Value writes a value in a form; most values have one form alone.
func Value(v any, form string) string {
	if f, ok := v.(Formed); ok {
		return f.In(form)
	}
	return fmt.Sprint(v)
}

// T words a message.
func (w *Words) T(key string, a ...any) string { return w.TN(key, None, a...) }

// TN words a message in the variant for n.
func (w *Words) TN(key string, n int64, a ...any) string { return w.in(key, n, "", a) }

func (w *Words) in(key string, n int64, form string, a Args) string {
	var b strings.Builder
	Expand(w.pick(key, n, form), a, Writer{
		Text:  func(s string) { b.WriteString(s) },
		Mark:  func(string, bool) {},
		Value: func(v any, form string) { b.WriteString(Value(v, form)) },
	})
	return b.String()
}

// Message is the text of a message before its values are put in.
func (w *Words) Message(key string, n int64) string { return w.pick(key, n, "") }

// Phrase is a message with its values that goes into another message, which may
// ask for a form of it.
type Phrase struct {
	w   *Words
	key string
	n   int64
	a   Args
}

// Phrase makes a phrase in the variant for n.
func (w *Words) Phrase(key string, n int64, a ...any) Phrase { return Phrase{w, key, n, a} }

// In words the phrase in a form.
func (p Phrase) In(form string) string {
	if p.w == nil {
		return ""
	}
	return p.w.in(p.key, p.n, form, p.a)
}

func (p Phrase) String() string { return p.In("") }

// Writer takes the parts of a message.
type Writer struct {
	Text  func(string)
	Mark  func(tag string, open bool)
	Value func(v any, form string)
}

// Expand walks a message: {name} and {name:form} are replaced by a value,
// **strong** and `code` are marked. Values are never searched for marks or
// placeholders. A value that ends a sentence with a mark of its own, such as a name that
// was shortened to "NTT Ameri…" or that is "Level 3, Inc.", takes the full stop behind it.
func Expand(m string, a Args, to Writer) {
	var strong, code, stopped bool
	for m != "" {
		switch {
		case strings.HasPrefix(m, "**"):
			strong = !strong
			to.Mark("strong", strong)
			m = m[2:]
		case m[0] == '`':
			code = !code
			to.Mark("code", code)
			m = m[1:]
		case m[0] == '{':
			name, rest, _ := strings.Cut(m[1:], "}")
			name, form, _ := strings.Cut(name, ":")
			m = rest
			for i := 0; i+1 < len(a); i += 2 {
				if a[i] == name {
					to.Value(a[i+1], form)
					stopped = ends(Value(a[i+1], form))
				}
			}
		case stopped && m[0] == '.' && !strings.HasPrefix(m, ".."):
			m, stopped = m[1:], false
		default:
			stopped = false
			i := strings.IndexAny(m[1:], "*`{") + 1
			if i == 0 {
				i = len(m)
			}
			to.Text(m[:i])
			m = m[i:]
		}
	}
}

// Stop ends a sentence: with a full stop, unless a mark of its own ends it.
func Stop(s string) string {
	if s == "" || ends(s) {
		return s
	}
	return s + "."
}

// ends reports whether a text ends as a sentence does.
func ends(s string) bool {
	s = strings.TrimRight(s, "\u00a0»”\"'")
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "…")
}

// And joins a few words: "a, b and c".
func (w *Words) And(s []string) string { return w.join("and", s) }

// Or joins a few words: "a, b or c".
func (w *Words) Or(s []string) string { return w.join("or", s) }

func (w *Words) join(key string, s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	return w.T(key, "most", strings.Join(s[:len(s)-1], ", "), "last", s[len(s)-1])
}

// Country is the name of a country by its code in ISO 3166; "" if there is
// none.
func (w *Words) Country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 {
		return ""
	}
	return w.regions().Name(r)
}
