package proof

import (
	"strings"
	"sync"
	"unicode"

	"constat/internal/locale"
)

// forms are the words that state a likelihood, those that state a confidence,
// and the terms that hold one of them and state neither, of all languages:
// lower case, no accents, single spaces. The word "likelihood" itself is none: a
// likelihood ratio is a number about evidence.
var forms = sync.OnceValue(func() (f struct{ likelihood, confidence, terms []string }) {
	for _, l := range locale.All() {
		if x, err := locale.FormatOf(l); err == nil { // a test reads them all
			f.likelihood = append(f.likelihood, x.Judging.Likelihood...)
			f.confidence = append(f.confidence, x.Judging.Confidence...)
			f.terms = append(f.terms, x.Judging.Terms...)
		}
	}
	return f
})

// Mixes reports whether a sentence, in any language there is, states a
// likelihood and a confidence together, which ICD 203 forbids: readers take the one for the
// other. It errs on the side of alarm: a sentence that merely quotes both
// words is caught as well.
func Mixes(sentence string) bool {
	f := Fold(sentence)
	for _, t := range forms().terms {
		f = strings.ReplaceAll(f, " "+t+" ", " | ")
	}
	return holds(f, forms().likelihood) && holds(f, forms().confidence)
}

func holds(folded string, words []string) bool {
	for _, w := range words {
		if strings.Contains(folded, " "+w+" ") {
			return true
		}
	}
	return false
}

// Mixed gives the sentences of a text that [Mixes] objects to. A sentence ends
// at a full stop, question or exclamation mark before a space and a capital,
// or at a line's end followed by an empty line.
func Mixed(text string) []string {
	var bad []string
	for _, s := range sentences(text) {
		if Mixes(s) {
			bad = append(bad, s)
		}
	}
	return bad
}

func sentences(text string) []string {
	var out []string
	rs := []rune(text)
	start := 0
	cut := func(end int) {
		if s := strings.TrimSpace(string(rs[start:end])); s != "" {
			out = append(out, s)
		}
		start = end
	}
	for i, r := range rs {
		switch {
		case r == '\n' && i+1 < len(rs) && rs[i+1] == '\n':
			cut(i)
		case r == '.' || r == '!' || r == '?' || r == '…':
			j := i + 1
			for j < len(rs) && strings.ContainsRune("\"'”’»)\u00a0", rs[j]) {
				j++
			}
			k := j
			for k < len(rs) && unicode.IsSpace(rs[k]) {
				k++
			}
			if k > i+1 && k < len(rs) && (unicode.IsUpper(rs[k]) || strings.ContainsRune("«“\"", rs[k])) {
				cut(j)
			}
		}
	}
	cut(len(rs))
	return out
}

// Fold gives lower case without accents, every run of what is no letter and no
// digit as one space, and a space at both ends.
func Fold(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	space := true
	for _, r := range s {
		if r >= 0x300 && r <= 0x36f { // a combining accent belongs to its letter
			continue
		}
		r = unicode.ToLower(r)
		if p, ok := plain[r]; ok {
			r = p
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
			space = false
		} else if !space {
			b.WriteByte(' ')
			space = true
		}
	}
	if !space {
		b.WriteByte(' ')
	}
	return b.String()
}

var plain = map[rune]rune{
	'à': 'a', 'â': 'a', 'ä': 'a', 'ç': 'c', 'é': 'e', 'è': 'e', 'ê': 'e', 'ë': 'e',
	'î': 'i', 'ï': 'i', 'ô': 'o', 'ö': 'o', 'ù': 'u', 'û': 'u', 'ü': 'u',
}
