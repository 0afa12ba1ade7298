package press

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// tongue is a language that texts come in. Only English and French are read;
// the others are known in order to be refused by name.
type tongue struct {
	code, name string
	letters    string // that few other languages have
}

// tongues is what lexicon/languages.txt says: the languages, and which of them
// have a word.
type tongues struct {
	all  []tongue
	of   map[string][]int // word → languages
	own  [2]wordSet       // small words of English, of French
	have map[rune][]int   // letter → languages
	ends map[string][]int // ending → languages
}

var theTongues = sync.OnceValue(func() *tongues {
	x := &tongues{of: map[string][]int{}, have: map[rune][]int{}, ends: map[string][]int{}}
	for line := range lines("languages") {
		f := strings.SplitN(line, "|", 5)
		k := len(x.all)
		x.all = append(x.all, tongue{f[0], f[1], f[2]})
		put := func(m map[string][]int, w string) {
			if !slices.Contains(m[w], k) {
				m[w] = append(m[w], k)
			}
		}
		for _, w := range strings.Fields(f[4]) {
			put(x.of, w)
		}
		if k < len(x.own) {
			x.own[k] = words(f[4])
		}
		for _, w := range strings.Fields(f[3]) {
			put(x.ends, w)
		}
		if l := theLexicon().langs[f[0]]; l != nil {
			// What the reader knows of the language tells it as well.
			for _, m := range []map[string][]form{l.verbs, l.common} {
				for w := range m {
					if len(w) > 3 {
						put(x.of, w)
					}
				}
			}
		}
		for _, r := range f[2] {
			x.have[r] = append(x.have[r], k)
		}
	}
	return x
})

type script struct {
	table      *unicode.RangeTable
	code, name string
}

// scripts names languages by the letters they are written with.
var scripts = []script{
	{unicode.Arabic, "ar", "Arabic or Persian"}, {unicode.Cyrillic, "ru", "Russian or another language in Cyrillic letters"}, {unicode.Hiragana, "ja", "Japanese"}, {unicode.Katakana, "ja", "Japanese"},
	{unicode.Han, "zh", "Chinese"}, {unicode.Hangul, "ko", "Korean"}, {unicode.Greek, "el", "Greek"}, {unicode.Hebrew, "he", "Hebrew"}, {unicode.Devanagari, "hi", "Hindi or another language in Devanagari letters"},
	{unicode.Bengali, "bn", "Bengali"}, {unicode.Thai, "th", "Thai"}, {unicode.Armenian, "hy", "Armenian"}, {unicode.Georgian, "ka", "Georgian"}, {unicode.Ethiopic, "am", "Amharic or Tigrinya"},
	{unicode.Tamil, "ta", "Tamil"}, {unicode.Telugu, "te", "Telugu"}, {unicode.Gujarati, "gu", "Gujarati"}, {unicode.Gurmukhi, "pa", "Punjabi"}, {unicode.Sinhala, "si", "Sinhala"}, {unicode.Myanmar, "my", "Burmese"}, {unicode.Khmer, "km", "Khmer"}, {unicode.Lao, "lo", "Lao"},
}

// unnamedTongue is a language that is none of those known.
const unnamedTongue = "und"

// count is what a stretch of text says of its language.
type count struct {
	words    int       // in Latin letters
	capitals int       // of these, that begin with one
	small    [2]int    // small words of English, of French
	hits     []float64 // per language of theTongues
	strange  int       // words with letters that neither English nor French has
	alien    []int     // small words of each that English and French have not
	spell    []int     // letters per script
	letter   int       // in other scripts
}

func (c *count) add(d *count) {
	if c.hits == nil {
		c.hits, c.alien, c.spell = make([]float64, len(d.hits)), make([]int, len(d.alien)), make([]int, len(d.spell))
	}
	c.small[0], c.small[1] = c.small[0]+d.small[0], c.small[1]+d.small[1]
	c.capitals, c.strange = c.capitals+d.capitals, c.strange+d.strange
	for i, h := range d.alien {
		c.alien[i] += h
	}
	c.words, c.letter = c.words+d.words, c.letter+d.letter
	for i, h := range d.hits {
		c.hits[i] += h
	}
	for i, h := range d.spell {
		c.spell[i] += h
	}
}

// countTongues counts small words and letters. A word that several languages
// have says less of each; a letter says half of a word.
func countTongues(text string) *count {
	x := theTongues()
	c := &count{hits: make([]float64, len(x.all)), alien: make([]int, len(x.all)), spell: make([]int, len(scripts))}
	tell := func(of []int, weight float64) {
		for _, k := range of {
			c.hits[k] += weight / float64(len(of))
		}
	}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case latin(r):
			w, marks := x.word(text[i:])
			c.words++
			n = len(w)
			c.capitals += b2i(unicode.IsUpper(r))
			c.strange += b2i(!unicode.IsUpper(r) && strings.IndexFunc(w, strange) >= 0)
			w = lower(w)
			tell(x.of[w], 1)
			if of := x.of[w]; len(of) > 0 && of[0] > 1 {
				for _, k := range of {
					c.alien[k]++
				}
			}
			tell(marks, .5)
			tell(x.ending(w), .5)
			for k := range c.small {
				c.small[k] += b2i(x.own[k][w])
			}
		case r == '¿' || r == '¡':
			tell(x.have[r], 1)
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			if s := slices.IndexFunc(scripts, func(s script) bool { return unicode.Is(s.table, r) }); s >= 0 {
				c.spell[s]++
				c.letter++
			}
		}
		i += n
	}
	return c
}

// strange says that neither English nor French writes a letter in its own words.
func strange(r rune) bool {
	return r >= utf8.RuneSelf && unicode.IsLetter(r) && !strings.ContainsRune("àâæçéèêëîïôœùûüÿöäñ", unicode.ToLower(r))
}

func latin(r rune) bool {
	if r < utf8.RuneSelf {
		return letterByte(byte(r))
	}
	return unicode.Is(unicode.Latin, r)
}

// word gives the word that a text begins with, and the languages of its last
// telling letter unless it may be a name. An elided word ends at its
// apostrophe: "l'", "dell'".
func (x *tongues) word(text string) (w string, marks []int) {
	first, _ := utf8.DecodeRuneInString(text)
	j := 0
	for j < len(text) {
		r, n := rune(text[j]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[j:])
		}
		switch {
		case latin(r):
			if of := x.have[r]; of != nil {
				marks = of
			}
		case unicode.Is(unicode.Mn, r):
		case r == '-' || apostrophe(r):
			if apostrophe(r) && x.of[lower(text[:j+n])] != nil {
				j += n
				goto end
			}
			if next, _ := utf8.DecodeRuneInString(text[j+n:]); !latin(next) {
				goto end
			}
		default:
			goto end
		}
		j += n
	}
end:
	if unicode.IsUpper(first) {
		marks = nil
	}
	return text[:j], marks
}

// ending gives the languages of a longer word's longest known ending.
func (x *tongues) ending(w string) []int {
	for n := 6; n > 1; n-- {
		if len(w) > n+2 {
			if of := x.ends[w[len(w)-n:]]; of != nil {
				return of
			}
		}
	}
	return nil
}

// verdict says which language a count speaks for: "en", "fr", another, or ""
// if there is too little to tell by.
func (c *count) verdict() string {
	if c.letter > 3*c.words && c.letter > 3 {
		best := 0
		for s := range c.spell {
			if c.spell[s] > c.spell[best] {
				best = s
			}
		}
		if scripts[best].code == "zh" && c.spell[2]+c.spell[3] > c.spell[best]/20 {
			return "ja"
		}
		return scripts[best].code
	}
	if c.words == 0 {
		return ""
	}
	own, other := 0, -1
	if c.hits[1] > c.hits[0] {
		own = 1
	}
	for k := 2; k < len(c.hits); k++ {
		if other < 0 || c.hits[k] > c.hits[other] {
			other = k
		}
	}
	x := theTongues()
	switch {
	case c.hits[other] > c.hits[own]:
		return x.all[other].code
	case c.words >= 12 && c.small[own]*8 < c.words:
		return unnamedTongue
	case c.hits[own] == 0:
		return ""
	}
	return x.all[own].code
}

// tongueName is a language's name in English.
func tongueName(code string) string {
	for _, t := range theTongues().all {
		if t.code == code {
			return t.name
		}
	}
	for _, s := range scripts {
		if s.code == code {
			return s.name
		}
	}
	return "a language that is neither English nor French"
}

// Foreign is a stretch of a text in a language that is not read.
type Foreign struct {
	Lang  string `json:"lang"` // ISO 639, "und": none of those known
	From  int64  `json:"from"` // bytes of the document
	To    int64  `json:"to"`
	Words int    `json:"words"`
}

// Name is the language's name in English.
func (f *Foreign) Name() string { return tongueName(f.Lang) }

// ForeignError refuses a text in a language that is not read.
type ForeignError struct{ Lang string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("it is in %s; only English and French are read: give a translation, or what another reader finds in it as --proposals", tongueName(e.Lang))
}

// sayTongues tells the language of each paragraph, and refuses a text that is
// mostly in another than those read.
func (r *reader) sayTongues() error {
	if l := r.x.langs[r.o.Lang]; l != nil {
		r.l = l
		return nil // whoever says the language has the last word
	}
	all, mine := countTongues(""), countTongues("") // of all paragraphs; of those that are read
	type told struct {
		code   string // "": nothing tells
		clear  bool   // in one of English and French
		strong bool   // in none of them
		words  int
	}
	each := make([]told, len(r.ps))
	words := map[string]int{}
	plain := 0 // words in paragraphs that are plainly English or French
	for i := range r.ps {
		text := r.src.text[r.ps[i].from:r.ps[i].to]
		c := countTongues(text)
		full := c
		if out := outsideMarks(text); len(out) < len(text) {
			// Who quotes English in French writes French.
			if d := countTongues(out); d.words >= 4 && max(d.small[0], d.small[1]) > 0 {
				c = d
			}
		}
		all.add(full)
		code := c.verdict()
		if r.x.langs[code] == nil && !c.sure() {
			code = ""
		}
		each[i] = told{code, r.x.langs[code] != nil && c.clear(code), c.strong(), full.words + full.letter}
		words[code] += full.words + full.letter/3
		if each[i].clear {
			plain += full.words
		}
		if code == "" || r.x.langs[code] != nil {
			mine.add(full)
		}
	}
	main := "en"
	if words["fr"] > words["en"] || words["fr"] == words["en"] && all.small[1] > all.small[0] {
		main = "fr"
	}
	r.l = r.x.langs[main]
	if err := refuseTongue(all, mine, words, plain); err != nil {
		return err
	}
	last, away := r.l, false
	for i := range r.ps {
		p, l := &r.ps[i], r.x.langs[each[i].code]
		// A headline alone in a text is not taken for Italian; a passage is.
		away = l == nil && each[i].code != "" && (each[i].strong || away)
		switch {
		case away:
			p.foreign = each[i].code
			r.foreign = append(r.foreign, Foreign{Lang: p.foreign, From: r.src.pos(p.from), To: r.src.end(p.to), Words: each[i].words})
			continue
		case l == r.l, l != nil && each[i].clear:
			last = l
		case each[i].words > 8:
			last = r.l // longer, and still nothing tells: as the text
		}
		// A short line goes with the one before it.
		p.lang = last
	}
	return nil
}

// outsideMarks is a text without what stands between marks of quotation.
func outsideMarks(text string) string {
	if !strings.ContainsAny(text, "“«\"„") {
		return text
	}
	var b strings.Builder
	open := rune(0)
	for _, r := range text {
		switch {
		case open == 0 && (r == '“' || r == '«' || r == '"' || r == '„'):
			open = r
			b.WriteByte(' ')
		case open == 0:
			b.WriteRune(r)
		case r == '”' || r == '»' || r == '"' && open == '"' || r == '“' && open == '„':
			open = 0
		}
	}
	return b.String()
}

// refuseTongue refuses a text of which less than a third is plainly in English or
// French, and one in which too little tells.
func refuseTongue(all, mine *count, words map[string]int, plain int) error {
	most, foreign := "", 0
	for code, n := range words {
		if code == "" || code == "en" || code == "fr" {
			continue
		}
		foreign += n
		if most == "" || n > words[most] || n == words[most] && code < most {
			most = code
		}
	}
	own := words["en"] + words["fr"]
	total := own + foreign + words[""]
	switch whole := all.verdict(); {
	case whole == "en" || whole == "fr":
		if own*4 < foreign {
			return &ForeignError{most}
		}
		if all.words < 60 && mine.close() {
			return ErrTongue
		}
	case whole == "" || whole == unnamedTongue && all.words < 20:
		if plain == 0 {
			return ErrTongue
		}
	case plain*3 < total || all.words < 60: // of a short text a paragraph alone says little
		return &ForeignError{whole}
	}
	return nil
}

// close says that another language is nearly as near as English and French.
func (c *count) close() bool {
	own, other := max(c.hits[0], c.hits[1]), 0.0
	for _, h := range c.hits[2:] {
		other = max(other, h)
	}
	odd := c.strange + slices.Max(c.alien)
	return own < 1.25*other || odd >= 2 && odd*2 > max(c.small[0], c.small[1])
}

// sure says whether a paragraph is so plainly in a foreign language that it is
// left out: one name or a title of a work is not enough.
func (c *count) sure() bool {
	if c.letter > 3*c.words {
		return c.letter > 8
	}
	if c.words < 6 {
		return false
	}
	own, other := max(c.hits[0], c.hits[1]), 0.0
	for _, h := range c.hits[2:] {
		other = max(other, h)
	}
	return other > 1.3*own+.5 && other > .08*float64(c.words) || c.words >= 12 && max(c.small[0], c.small[1])*8 < c.words
}

// strong says that of a paragraph which stands in a text of another language.
// Example: a list of names has few small words of any.
func (c *count) strong() bool {
	if c.letter > 3*c.words {
		return c.letter > 8
	}
	own, other := max(c.hits[0], c.hits[1]), 0.0
	for _, h := range c.hits[2:] {
		other = max(other, h)
	}
	most := slices.Max(c.alien)
	if most >= 3 && most*6 >= c.words && most > max(c.small[0], c.small[1]) {
		return true
	}
	return c.words >= 8 && other > 2*own+1.2 && other > .1*float64(c.words) || c.words >= 30 && max(c.small[0], c.small[1])*12 < c.words && c.capitals*2 < c.words
}

// clear says whether a paragraph is plainly in that one of English and French.
func (c *count) clear(code string) bool {
	a, b := c.small[0], c.small[1]
	if code == "fr" {
		a, b = b, a
	}
	return a >= 2 && a > 2*b
}

// langOf is the language of words quoted in a text: the other of the two if they
// are plainly in it, else the one around.
func (r *reader) langOf(around *language, text string) *language {
	c := countTongues(text)
	for k, code := range [...]string{"en", "fr"} {
		if c.small[k] >= 3 && c.clear(code) {
			return r.x.langs[code]
		}
	}
	return around
}
