package press

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A tok is a word, a number, a mark, or – in a sentence – a whole quotation.
type tok struct {
	from, to int32 // bytes of the text; of a quotation: its inside
	kind     byte  // one of those below
	low      string
	cap      bool // begins with a capital
	caps     bool // is in capitals throughout
	inv      bool // French: a pronoun hung on behind its verb (dit-il, a-t-on)
	// of a quotation: its marks and its inside among the paragraph's tokens
	outFrom, outTo int32
	in0, in1       int32
}

const (
	word   = 'w'
	number = 'n'
	mark   = 'p'
	quote  = 'q' // a mark of quotation; in sentences, a quotation
)

// hung are the pronouns that French hangs on behind a verb.
var hung = map[string]bool{"il": true, "elle": true, "on": true, "ils": true, "elles": true, "je": true, "nous": true, "vous": true, "ce": true}

// lex splits a paragraph into tokens.
func lex(text string, from, to int, dst []tok) []tok {
	for i := from; i < to; {
		c := text[i]
		switch {
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
			i++
			continue
		case c >= '0' && c <= '9':
			j := i + 1
			for j < to && (text[j] >= '0' && text[j] <= '9' || j+1 < to && strings.IndexByte(".,:", text[j]) >= 0 && text[j+1] >= '0' && text[j+1] <= '9') {
				j++
			}
			// "4th", "2G", "1er"
			for j < to && (text[j] >= 'a' && text[j] <= 'z' || text[j] >= 'A' && text[j] <= 'Z') {
				j++
			}
			dst = append(dst, tok{from: int32(i), to: int32(j), kind: number, low: strings.ToLower(text[i:j])})
			i = j
			continue
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:to])
		}
		switch {
		case letter(r):
			j, caps := i, true
			hyphen := -1
			for j < to {
				r, n := rune(text[j]), 1
				if r >= utf8.RuneSelf {
					r, n = utf8.DecodeRuneInString(text[j:to])
				}
				if letter(r) || unicode.Is(unicode.Mn, r) || r >= '0' && r <= '9' {
					caps = caps && !unicode.IsLower(r)
					j += n
					continue
				}
				if (r == '-' || r == '\u2011' || r == '&') && j+n < to && j > i {
					if next, _ := utf8.DecodeRuneInString(text[j+n : to]); letter(next) || next >= '0' && next <= '9' {
						if hyphen < 0 {
							hyphen = j
						}
						j += n
						continue
					}
				}
				if apostrophe(r) && j+n < to && j > i {
					next, _ := utf8.DecodeRuneInString(text[j+n : to])
					if elides(text[i:j]) && (letter(next) || strings.ContainsRune("«“\"‘", next)) {
						j += n
						break
					}
					if letter(next) && !possessive(text, j+n, to) {
						j += n // didn't, aujourd'hui, O'Brien
						continue
					}
				}
				if r == '.' && j+1 < to && j > i && dotted(text, i, j, to) {
					j += n // U.S., a.m.
					continue
				}
				break
			}
			dst = appendWord(dst, text, i, j, hyphen, caps)
			i = j
		case apostrophe(r) && i+n < to && possessive(text, i+n, to) && len(dst) > 0 && dst[len(dst)-1].to == int32(i):
			dst = append(dst, tok{from: int32(i), to: int32(i + n + 1), kind: word, low: "'s"})
			i += n + 1
		case (apostrophe(r) || r == '`') && strings.HasPrefix(text[i+n:to], text[i:i+n]) && !(strings.HasPrefix(text[i+2*n:to], text[i:i+n]) && len(dst) > 0 && dst[len(dst)-1].to == int32(i)):
			// Two single marks stand for a double one, as typewriters and old wires
			// write it: ''so''.
			dst = append(dst, tok{from: int32(i), to: int32(i + 2*n), kind: quote, low: "\""})
			i += 2 * n
		case strings.ContainsRune("\"“”„‟«»‹›‘’'", r):
			dst = append(dst, tok{from: int32(i), to: int32(i + n), kind: quote, low: text[i : i+n]})
			i += n
		case unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || unicode.Is(unicode.Cc, r):
			i += n
		default:
			j := i + n
			for (r == '.' || r == '-' || r == '!' || r == '?') && j < to && text[j] == byte(r) {
				j++
			}
			low := text[i:j]
			switch {
			case r == '—' || r == '–' || low == "--", low == "-" && i > from && text[i-1] == ' ' && j < to && text[j] == ' ' && len(dst) > 0 && dst[len(dst)-1].kind != number:
				low = "–"
			case r == '…' || strings.HasPrefix(low, ".."):
				low = "…"
			case r == '!' || r == '?':
				low = string(r)
			}
			dst = append(dst, tok{from: int32(i), to: int32(j), kind: mark, low: low})
			i = j
		}
	}
	return dst
}

// appendWord splits French verbs from the pronouns hung on to them.
func appendWord(dst []tok, text string, i, j, hyphen int, caps bool) []tok {
	first, _ := utf8.DecodeRuneInString(text[i:j])
	t := tok{from: int32(i), to: int32(j), kind: word, low: lower(text[i:j]), cap: unicode.IsUpper(first), caps: caps && j-i > 1}
	if hyphen > 0 && !t.caps {
		if k := strings.LastIndexByte(t.low, '-'); k > 0 && len(t.low) == j-i && hung[t.low[k+1:]] {
			stem := strings.TrimSuffix(t.low[:k], "-t")
			v := t
			v.to, v.low = int32(i+len(stem)), stem
			p := t
			p.from, p.low, p.cap, p.inv = int32(i+k+1), t.low[k+1:], false, true
			if stem == "t" && len(dst) > 0 {
				return append(dst, p) // "a t-il ajouté", as many write it
			}
			return append(dst, v, p)
		}
	}
	if k := strings.LastIndexByte(t.low, '\''); k > 0 && leaning[t.low[k:]] && strings.HasSuffix(text[i:j], text[j-len(t.low)+k+1:j]) {
		// English "they've", "he'll": pronoun and helper
		v := t
		v.to, v.low = t.to-int32(len(t.low)-k-1), t.low[:k]
		v.to -= int32(len(lastRune(text[i:v.to])))
		v.caps = v.caps && k > 1
		return append(dst, v, tok{from: v.to, to: t.to, kind: word, low: t.low[k:]})
	}
	return append(dst, t)
}

// leaning are helpers that English hangs on to a pronoun.
var leaning = words("'ll 've 're 'd 'm")

// lastRune is the last character of a text, an apostrophe of whatever kind.
func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// elides says whether a word of French ends here before a vowel.
func elides(s string) bool {
	switch len(s) {
	case 1:
		return strings.ContainsAny(s, "ldjmtsncLDJMTSNC")
	case 2:
		return s == "qu" || s == "Qu" || s == "QU"
	}
	switch strings.ToLower(s) {
	case "lorsqu", "puisqu", "quoiqu", "jusqu", "quelqu", "presqu":
		return true
	}
	return false
}

// possessive says whether an English "s" stands alone behind an apostrophe.
func possessive(text string, i, to int) bool {
	if text[i] != 's' && text[i] != 'S' {
		return false
	}
	if i+1 >= to {
		return true
	}
	r, _ := utf8.DecodeRuneInString(text[i+1 : to])
	return !letter(r) && !(r >= '0' && r <= '9')
}

// dotted says whether the stop at j belongs to initials: single letters with
// stops between them.
func dotted(text string, i, j, to int) bool {
	if j-i > 1 && text[j-2] != '.' {
		return false
	}
	if j-i == 1 && !(j+1 < to && letterByte(text[j+1])) {
		return false
	}
	// the letter behind must be single as well, or this is the last stop
	if j+1 < to && letterByte(text[j+1]) {
		return j+2 >= to || !letterByte(text[j+2])
	}
	return true
}

func letterByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// lower folds case and the apostrophe.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf {
			return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(s), "’", "'"), "ʼ", "'")
		}
	}
	return s
}

// pairQuotes finds the outermost quotations of a paragraph: the tokens of
// their marks. The closing one is len(ts) where the paragraph ends first, as
// where a quotation runs over several paragraphs.
func pairQuotes(text string, ts []tok) [][2]int {
	type open struct {
		at    int
		class byte
	}
	var stack []open
	var out [][2]int
	put := func(a, b int) {
		if b-a > 1 {
			out = append(out, [2]int{a, b})
		}
	}
	// closeTo pops everything down to and with stack[i].
	closeTo := func(i, at int) {
		o := stack[i]
		stack = stack[:i]
		if len(stack) == 0 {
			put(o.at, at)
		}
	}
	find := func(class byte) int {
		for i := len(stack) - 1; i >= 0; i-- {
			if stack[i].class == class {
				return i
			}
		}
		return -1
	}
	for i := range ts {
		if ts[i].kind != quote {
			continue
		}
		before, after := around(text, ts, i)
		opens := (before == ' ' || strings.ContainsRune("([–—-:'’«“", before)) && after != ' '
		var class byte
		var isOpen bool
		switch ts[i].low {
		case "«", "‹":
			class, isOpen = 'g', true
			if find('g') >= 0 && before != ' ' && (after == ' ' || after == ',' || after == '.') {
				isOpen = false // a closing mark turned round: « roule bien«
			}
			if find('g') >= 0 && i == 0 {
				continue
			}
		case "»", "›":
			class = 'g'
		case "“", "„", "‟":
			class, isOpen = 'd', true
			if find('d') >= 0 && before != ' ' && (after == ' ' || strings.ContainsRune(".,;:!?)", after)) {
				isOpen = false // “ at both ends
			}
		case "”":
			class = 'd'
		case "\"":
			class = 's'
			k := find('s')
			stop := strings.ContainsRune(",;:.)", after)
			opens = opens && !stop // « est-ce là ? ", s'est-il exclamé »
			closes := (before != ' ' || stop) && (after == ' ' || strings.ContainsRune(".,;:!?)»”", after))
			switch {
			case k < 0:
				isOpen = !closes || opens
				if d := find('d'); d >= 0 && closes && !opens && (ts[i].to-ts[i].from > 1 || !strings.Contains(text[ts[i].to:ts[len(ts)-1].to], "”")) {
					closeTo(d, i) // “so’’, “so"
					continue
				}
				if closes && !opens {
					continue // an inch, or the end of what nobody opened
				}
			case opens && !closes && before == ' ' && nests(text, ts, i):
				isOpen = true // "in pieces or "mash", they must …"
			case opens && !closes && before == ' ':
				// It opens while one is open: that one was never closed.
				closeTo(k, i)
				isOpen = true
			}
		case "‘", "'", "’":
			class = 'a'
			k := find('a')
			switch {
			case k >= 0 && !letter(after) && before != ' ':
			case k < 0 && ts[i].low != "’" && (before == ' ' || strings.ContainsRune("(“\"«", before)) && letter(after) && closesLater(text, ts, i):
				isOpen = true
			default:
				continue
			}
		}
		if isOpen {
			stack = append(stack, open{i, class})
			if len(stack) > 8 { // nobody nests so deep; the first is taken to have ended
				closeTo(0, i)
			}
			continue
		}
		if k := find(class); k >= 0 {
			closeTo(k, i)
		} else if class == 'd' && find('g') < 0 {
			if k := find('s'); k >= 0 {
				closeTo(k, i)
			}
		}
	}
	if len(stack) > 0 {
		put(stack[0].at, len(ts))
	}
	return out
}

// nests says whether a straight mark at i that opens inside a quotation begins one within it:
// both are closed before another two open. Where the outer one was forgotten, the mark behind
// the inner one's end opens again.
func nests(text string, ts []tok, i int) bool {
	depth := 2
	for j, n := i+1, 0; j < len(ts) && j < i+120 && n < 8; j++ {
		if ts[j].kind != quote || ts[j].low != "\"" {
			continue
		}
		n++
		before, after := around(text, ts, j)
		switch {
		case before == ' ' && after == ' ':
			return false
		case before == ' ' || strings.ContainsRune("([–—-:'’", before):
			depth++
		default:
			depth--
		}
		if depth == 0 || depth > 3 {
			return depth == 0
		}
	}
	return false
}

// closesLater looks for the end of a quotation in single marks, not far away:
// without one the mark is an apostrophe.
func closesLater(text string, ts []tok, i int) bool {
	for j := i + 1; j < len(ts) && j < i+150; j++ {
		if ts[j].kind == quote && (ts[j].low == "'" || ts[j].low == "’") {
			if before, after := around(text, ts, j); before != ' ' && !letter(after) {
				return true
			}
		}
	}
	return false
}

// around gives the characters at both sides of a token; a blank for any space
// and for the ends.
func around(text string, ts []tok, i int) (before, after rune) {
	before, _ = utf8.DecodeLastRuneInString(text[:ts[i].from])
	after, _ = utf8.DecodeRuneInString(text[ts[i].to:])
	if before == utf8.RuneError || unicode.IsSpace(before) {
		before = ' '
	}
	if after == utf8.RuneError || unicode.IsSpace(after) {
		after = ' '
	}
	return before, after
}
