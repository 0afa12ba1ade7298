// Package wording compares what was said, word by word: whether two names are
// the same but for case and accents, whether two texts share the words that carry
// their message, and which words one has that the other lacks.
//
// It promises the same answer for the same texts, in linear time but for [Diff],
// whose work is bounded. It knows French and English endings and no meaning: a
// sentence and its denial can be alike.
package wording

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// AlikeFrom is the least similarity at which two texts are taken for one that
// was passed on. Two sentences that share the subject but not the message reach
// about a half, a sentence and its translation back about two thirds.
const AlikeFrom = 0.6

// Fold makes words comparable: lower case, without accents, blanks as one.
func Fold(s string) string { return strings.Join(Words(s), " ") }

// Words splits a text into words without case, accents, punctuation and
// marks of quotation.
func Words(s string) []string {
	var b strings.Builder
	var out []string
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			flush()
		}
	}
	flush()
	return out
}

// Bag is the words of a text that carry its message, with their number.
type Bag struct {
	count map[string]int
	n     int
}

// Count counts the words of a text that carry its message.
func Count(s string) Bag {
	b := Bag{count: map[string]int{}}
	for _, w := range Words(s) {
		if len(w) < 3 || slices.Contains(lightWords, w) {
			continue
		}
		b.count[stem(w)]++
		b.n++
	}
	return b
}

// Alike is the share of words in common (Dice's coefficient), 0 to 1. Fewer
// than three words are too few to tell.
func (b Bag) Alike(c Bag) float64 {
	if b.n < 3 || c.n < 3 || 2*min(b.n, c.n) < int(AlikeFrom*float64(b.n+c.n)) {
		return 0
	}
	if len(c.count) < len(b.count) {
		b, c = c, b
	}
	common := 0
	for w, n := range b.count {
		common += min(n, c.count[w])
	}
	return Ratio(common, b.n, c.n)
}

// Repeats reports whether one of two texts says again what the other said: they
// share three words that carry it, and most of the shorter.
func (b Bag) Repeats(c Bag) bool {
	if b.n < 3 || c.n < 3 {
		return false
	}
	common := 0
	for w, n := range b.count {
		common += min(n, c.count[w])
	}
	return common >= 3 && float64(common) >= .6*float64(min(b.n, c.n))
}

// Ratio is the share of what two sequences have in common, of a and b words: 0
// to 1 (Dice's coefficient).
func Ratio(common, a, b int) float64 {
	if a+b == 0 {
		return 1
	}
	return 2 * float64(common) / float64(a+b)
}

// stem cuts what inflection adds in French and English; it only has to be the
// same for the same word, not right.
func stem(w string) string {
	for _, end := range []string{"ements", "ement", "ations", "ation", "ingly", "ings", "ing", "aient", "ait", "ees", "ee", "ies", "ed", "es", "er", "ly", "s", "e", "x"} {
		if x, ok := strings.CutSuffix(w, end); ok && len(x) >= 4 {
			return x
		}
	}
	return w
}

// lightWords carry grammar, not the message; folded, three letters and more.
var lightWords = strings.Fields(`
	the and that this with from have has had was were are been being will would could should may might for not but its his her their
	they them she him who whom which what when where while than then there here into onto over under about after before also any all
	les des une que qui quoi dont est ont aux sur par pour pas plus dans son ses leur leurs cette ces cet avait avaient etait etaient
	ete etre avoir sont mais donc car lui elle elles ils nous vous avec sans sous entre comme tout tous toute toutes ainsi alors
	said says say dit declare affirme indique ajoute added according selon
`)

// Diff sets two sequences of words side by side: what only the first has, what
// only the second has, and how many they share in order. Beyond a bound on the
// work – of this pair, or of all pairs, which work counts – the order no longer
// counts.
func Diff(a, b []string, work *int) (gone, added []string, common int) {
	gone, added = []string{}, []string{}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b, common = a[1:], b[1:], common+1
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b, common = a[:len(a)-1], b[:len(b)-1], common+1
	}
	const most, mostOfAll = 4 << 20, 256 << 20 // cells of the table
	if *work += len(a) * len(b); len(a)*len(b) > most || *work > mostOfAll {
		left := map[string]int{}
		for _, w := range b {
			left[w]++
		}
		for _, w := range a {
			if left[w] > 0 {
				left[w]--
				common++
			} else {
				gone = append(gone, w)
			}
		}
		for _, w := range b {
			if left[w] > 0 {
				left[w]--
				added = append(added, w)
			}
		}
		return gone, added, common
	}
	// longest[i][j] is the longest common subsequence of a[i:] and b[j:].
	w := len(b) + 1
	longest := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*w+j] = longest[(i+1)*w+j+1] + 1
			} else {
				longest[i*w+j] = max(longest[(i+1)*w+j], longest[i*w+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			i, j, common = i+1, j+1, common+1
		case longest[(i+1)*w+j] >= longest[i*w+j+1]:
			gone = append(gone, a[i])
			i++
		default:
			added = append(added, b[j])
			j++
		}
	}
	return append(gone, a[i:]...), append(added, b[j:]...), common
}
