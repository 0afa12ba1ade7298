package locale

import (
	"maps"
	"slices"
)

// Text is a text that a file brings along, in the languages that it has.
type Text map[Lang]string

// In gives the text in a language. If the file lacks that language, the words
// of the language may translate the sentence (texts.toml); otherwise it stands
// in the language it has, marked as such: "[en] balance of probabilities".
func (t Text) In(l Lang) string {
	if s := t[l]; s != "" {
		return s
	}
	from := Default
	if t[from] == "" {
		for _, x := range slices.Sorted(maps.Keys(t)) {
			if t[x] != "" {
				from = x
				break
			}
		}
	}
	if t[from] == "" {
		return ""
	}
	if w, err := Of(l); err == nil && from == Default {
		if s, ok := w.texts[t[from]]; ok {
			return s
		}
	}
	return "[" + string(from) + "] " + t[from]
}

// Langs lists the languages of a text: those there are in their order, then any
// other.
func (t Text) Langs() []Lang {
	var out []Lang
	for _, l := range All() {
		if _, ok := t[l]; ok {
			out = append(out, l)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// Texts gives the translations of a language by the sentences that they are of.
func (w *Words) Texts() map[string]string { return maps.Clone(w.texts) }
