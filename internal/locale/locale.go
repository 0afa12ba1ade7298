// Package locale words what the program says to people, in the languages that
// lie in its folder words: a folder a language, of TOML files that a translator
// can edit and that no Go file knows by name. docs/design/locale.md tells how
// to add one.
//
// It promises that only the language asked for is read, that the same message
// with the same values gives the same bytes, and that a message without words
// is seen ("[answer.total]") and never silently left out. It knows nothing of
// what a message means.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"constat/internal/tomlfile"
)

// Lang is a language by its code in ISO 639, such as "en".
type Lang string

// Default is the language that is used if none is asked for. Every text that a
// file brings along has to have it, and a text that lacks another language
// falls back to it.
const Default Lang = "en"

//go:embed words
var box embed.FS

// shelf is one language, read when it is first asked for.
type shelf struct {
	format func() (*Format, error)
	words  func() (*Words, error)
}

// shelves are the folders of words that come with the program. Listing them reads no file, so that a
// program that says nothing pays for no language.
var shelves = sync.OnceValue(func() map[Lang]*shelf {
	out := map[Lang]*shelf{}
	dirs, err := box.ReadDir("words")
	if err != nil {
		panic("locale: the words that come with the program are damaged: " + err.Error()) // a test reads them
	}
	for _, d := range dirs {
		if l := Lang(d.Name()); d.IsDir() {
			format := sync.OnceValues(func() (*Format, error) { return readFormat(l) })
			out[l] = &shelf{format, sync.OnceValues(func() (*Words, error) { return read(l, format) })}
		}
	}
	return out
})

// All lists the languages there are: the default first, then by their codes.
func All() []Lang {
	out := slices.Sorted(maps.Keys(shelves()))
	if i := slices.Index(out, Default); i > 0 {
		out = slices.Insert(slices.Delete(out, i, i+1), 0, Default)
	}
	return out
}

// Codes lists the languages there are for a message to people: "en, de, fr".
func Codes() string {
	var out []string
	for _, l := range All() {
		out = append(out, string(l))
	}
	return strings.Join(out, ", ")
}

// Parse reads a language as people and environments write it: "en", "en-GB",
// "en_GB.UTF-8".
func Parse(s string) (Lang, error) {
	code := s
	if i := strings.IndexAny(s, "-_"); i >= 0 {
		code = s[:i]
	}
	if _, ok := shelves()[Lang(code)]; ok {
		return Lang(code), nil
	}
	return "", fmt.Errorf("language %.40q: not one of %s", s, Codes())
}

// Of gives the words of a language.
func Of(l Lang) (*Words, error) {
	s, ok := shelves()[l]
	if !ok {
		return nil, fmt.Errorf("language %.40q: not one of %s", string(l), Codes())
	}
	return s.words()
}

// Must gives the words of a language that is known to be there. An unknown one
// gives those of the default: words are no reason to fail.
func Must(l Lang) *Words {
	w, err := Of(l)
	if err != nil && l != Default {
		return Must(Default)
	}
	if err != nil {
		panic(err) // a test reads all of them
	}
	return w
}

// FormatOf gives how a language writes dates and numbers, and its name, without
// reading its words.
func FormatOf(l Lang) (*Format, error) {
	s, ok := shelves()[l]
	if !ok {
		return nil, fmt.Errorf("language %.40q: not one of %s", string(l), Codes())
	}
	return s.format()
}

// Files that are not lists of messages.
const (
	formatFile = "format.toml"
	textsFile  = "texts.toml"
)

// Files of [Sentences].
const (
	HelpFile   = "help.toml"   // help of the command line
	ErrorsFile = "errors.toml" // errors, notes and progress, by their formats
)

// sentenceFiles are all of them.
var sentenceFiles = []string{HelpFile, ErrorsFile}

// Sentences are translations of what stands in the default language in the program's
// own code, by the text there: help, and messages of errors. They are read apart from
// the words, since hardly a run needs both.
type Sentences map[string]string

// Of gives a translation; of what has none the text itself.
func (s Sentences) Of(text string) string {
	if t, ok := s[text]; ok {
		return t
	}
	return text
}

// SentencesOf reads a file of a language. The default has none: its text is in the code.
func SentencesOf(l Lang, file string) (Sentences, error) {
	if l == Default {
		return nil, nil
	}
	if _, ok := shelves()[l]; !ok {
		return nil, fmt.Errorf("language %.40q: not one of %s", string(l), Codes())
	}
	name := path.Join("words", string(l), file)
	b, err := box.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	tree, err := tomlfile.Tree(b)
	if err != nil {
		return nil, fmt.Errorf("locale: %s: %w", name, err)
	}
	out := Sentences{}
	for k, v := range tree {
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("locale: %s: %q is not a text", name, k)
		}
		out[k] = s
	}
	return out, nil
}

// read reads all files of a language but its format.
func read(l Lang, format func() (*Format, error)) (*Words, error) {
	f, err := format()
	if err != nil {
		return nil, err
	}
	tag := language.Make(string(l))
	w := &Words{Lang: l, Format: f, tag: tag, messages: map[string]message{}, texts: map[string]string{},
		regions: sync.OnceValue(func() display.Namer { return display.Regions(tag) })}
	dir := path.Join("words", string(l))
	files, err := fs.ReadDir(box, dir)
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	for _, x := range files {
		name := path.Join(dir, x.Name())
		if x.Name() == formatFile || slices.Contains(sentenceFiles, x.Name()) || path.Ext(name) != ".toml" {
			continue
		}
		if err := w.add(name, x.Name() == textsFile); err != nil {
			return nil, fmt.Errorf("locale: %s: %w", name, err)
		}
	}
	return w, nil
}

// add reads one file of messages or of texts.
func (w *Words) add(name string, texts bool) error {
	b, err := box.ReadFile(name)
	if err != nil {
		return err
	}
	tree, err := tomlfile.Tree(b)
	if err != nil {
		return err
	}
	for k, v := range tree {
		if texts {
			s, ok := v.(string)
			if !ok {
				return fmt.Errorf("%q is not a text", k)
			}
			w.texts[k] = s
			continue
		}
		if _, ok := w.messages[k]; ok {
			return fmt.Errorf("%q is in another file as well", k)
		}
		m, err := newMessage(v)
		if err != nil {
			return fmt.Errorf("%q: %w", k, err)
		}
		w.messages[k] = m
	}
	return nil
}
