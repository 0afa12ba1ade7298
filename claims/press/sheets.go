package press

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/claims/statement"
)

// sheets mends text that was taken from printed pages, as pdftotext writes it:
// heads, feet and page numbers are cut, a paragraph that a page's end parts is
// joined, and so are the two halves of a hyphenated word. A text without page
// breaks and without hyphens at line ends stays as it is.
func sheets(s *source) *source {
	return unhyphen(unpage(s))
}

// line is a line of a text, without its end.
type line struct {
	from, to int // trimmed
	next     int
}

func splitLines(text string) []line {
	var out []line
	for i := 0; i < len(text); {
		j := strings.IndexByte(text[i:], '\n')
		next := len(text)
		if j >= 0 {
			next = i + j + 1
		} else {
			j = len(text) - i
		}
		a, b := i, i+j
		for a < b && (text[a] == ' ' || text[a] == '\t' || text[a] == '\r' || text[a] == '\f') {
			a++
		}
		for b > a && (text[b-1] == ' ' || text[b-1] == '\t' || text[b-1] == '\r' || text[b-1] == '\f') {
			b--
		}
		out = append(out, line{a, b, next})
		i = next
	}
	return out
}

// pageNumber finds a line that is the number of a page.
var pageNumber = onUse(`^(?i)[-–—\s]*(page|p\.|seite)?\s*\d{1,4}(\s*(/|of|sur|de|von)\s*\d{1,4})?[-–—\s]*$`)

// alike gives a line with its digits alike: "The Gazette 3" and "The Gazette 4".
func alikeLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}

// unpage cuts what stands at the head and foot of pages.
func unpage(s *source) *source {
	text := s.text
	if strings.IndexByte(text, '\f') < 0 {
		return s
	}
	ls := splitLines(text)
	edge, breaks, times, pages := edges(text, ls)
	w := weave(s)
	var cut []statement.Span
	begun := 0 // below, of what has not been written
	for i := 0; i < len(ls); {
		if !edge[i] && !breaks[i] {
			i++
			continue
		}
		// From the foot of a page to below the head of the next.
		j, last, broke := i, i, false
		for ; j < len(ls); j++ {
			l := text[ls[j].from:ls[j].to]
			broke = broke || breaks[j]
			switch {
			case l == "":
				continue
			case edge[j] && (pageNumber().MatchString(l) || times[alikeLine(l)] > 1 && times[alikeLine(l)]*2 >= pages && runeLen(l) < 120):
				cut = append(cut, statement.Span{From: s.pos(ls[j].from), To: s.end(ls[j].to)})
				last = j + 1
				continue
			}
			break
		}
		if last == i && !broke {
			i++
			continue
		}
		a, b := begun, len(text)
		if j < len(ls) {
			b = ls[j].from
		}
		for k := i - 1; k >= 0 && ls[k].to > begun; k-- {
			if ls[k].from < ls[k].to {
				a = max(a, ls[k].to)
				break
			}
		}
		w.keep(begun, a)
		if a > 0 && b < len(text) && b > a {
			w.put(seam(text[:a], text[b:]), a, b-a)
		}
		begun = b
		i = max(j, i+1)
	}
	w.keep(begun, len(text))
	out := w.source()
	out.cut = append(out.cut, cut...)
	return out
}

// edges marks the lines next to a page break, three on either side, blank ones
// aside, and the lines with which a page begins; it counts lines that are alike
// but for their digits, and pages.
func edges(text string, ls []line) (edge, breaks []bool, times map[string]int, pages int) {
	edge, breaks = make([]bool, len(ls)), make([]bool, len(ls))
	from := 0
	for i := range ls {
		start := 0
		if i > 0 {
			start = ls[i-1].next
		}
		breaks[i] = i > 0 && strings.IndexByte(text[start:max(start, ls[i].from)], '\f') >= 0 || ls[i].from >= ls[i].to && strings.IndexByte(text[start:ls[i].next], '\f') >= 0
	}
	times, pages = map[string]int{}, 1
	mark := func(i int) {
		if !edge[i] {
			edge[i] = true
			times[alikeLine(text[ls[i].from:ls[i].to])]++
		}
	}
	sides := func(a, b int) { // of the page whose lines are a to b
		for n, i := 0, a; i < b && n < 3; i++ {
			if ls[i].from < ls[i].to {
				mark(i)
				n++
			}
		}
		for n, i := 0, b-1; i >= a && n < 3; i-- {
			if ls[i].from < ls[i].to {
				mark(i)
				n++
			}
		}
	}
	for i := range ls {
		if breaks[i] {
			sides(from, i)
			from = i
			pages++
		}
	}
	sides(from, len(ls))
	return edge, breaks, times, pages
}

// seam is what parts the text of two pages: nothing but a line end where the
// sentence goes on.
func seam(above, below string) string {
	last, _ := utf8.DecodeLastRuneInString(above)
	first, _ := utf8.DecodeRuneInString(below)
	if strings.ContainsRune(".!?…»”\":", last) || !unicode.IsLower(first) && !unicode.IsLower(last) && last != ',' && last != '-' {
		return "\n\n"
	}
	return "\n"
}

// part is where a word is parted at a line's end: the hyphen, and where it goes on.
type part struct{ at, to int }

// hyphens finds them.
func hyphens(text string) (parts []part) {
	for i := 0; i < len(text); {
		k := strings.IndexByte(text[i:], '\n')
		if k < 0 {
			break
		}
		k += i
		i = k + 1
		h := k
		for h > 0 && (text[h-1] == '\r' || text[h-1] == ' ') {
			h--
		}
		if h < 2 || text[h-1] != '-' && !strings.HasSuffix(text[:h], "\u2010") {
			continue
		}
		hyphen := h - 1
		if text[h-1] != '-' {
			hyphen = h - len("\u2010")
		}
		j := i
		for j < len(text) && (text[j] == ' ' || text[j] == '\t') {
			j++
		}
		before, _ := utf8.DecodeLastRuneInString(text[:hyphen])
		after, _ := utf8.DecodeRuneInString(text[j:])
		if unicode.IsLetter(before) && unicode.IsLower(after) {
			parts = append(parts, part{hyphen, j})
		}
	}
	return parts
}

// unhyphen joins words that are parted at the end of a line. A hyphen stays if
// the text has the word with it elsewhere, or both halves as words of their own.
func unhyphen(s *source) *source {
	text := s.text
	parts := hyphens(text)
	if len(parts) == 0 {
		return s
	}
	known := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		known[lower(w)] = true
	}
	w, done := weave(s), 0
	for _, p := range parts {
		a, b := p.at, p.to
		for a > done && a > p.at-60 {
			r, n := utf8.DecodeLastRuneInString(text[:a])
			if !unicode.IsLetter(r) && r != '-' {
				break
			}
			a -= n
		}
		for b < len(text) && b < p.to+60 {
			r, n := utf8.DecodeRuneInString(text[b:])
			if !unicode.IsLetter(r) && r != '-' {
				break
			}
			b += n
		}
		left, right := lower(text[a:p.at]), lower(text[p.to:b])
		keeps := !known[left+right] && (known[left+"-"+right] || known[left] && known[right] && len(left) > 2 && len(right) > 2)
		w.keep(done, p.at)
		if keeps {
			w.keep(p.at, p.at+1)
		}
		done = p.to
	}
	w.keep(done, len(text))
	return w.source()
}
