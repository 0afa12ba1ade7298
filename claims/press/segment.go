package press

import (
	"regexp"
	"strings"
	"sync"

	"constat/claims/statement"
	"constat/moment"
)

// para is a paragraph: a range of the text, and what its tokens are.
type para struct {
	from, to int
	ts       []tok
	// label is the name before the colon of an interview's line; it stands at
	// labelAt, the words begin at body. A paragraph without one of its own may have
	// that of the paragraph before.
	label         string
	labelAt, body int
	turn          byte // without labels: 'q' a question, 'a' an answer
	lead          bool // a dateline was taken off
	// of the dateline
	place, outlet string
	lang          *language
	tick          *moment.Interval // of a line of a ticker
	foreign       string           // code of the language, if it is one that is not read
}

// junk are lines that a site puts between paragraphs: advertising, sharing,
// subscriptions, links. They are matched against the whole line, folded.
var junk = onUse(`^(\W*)(` + strings.Join([]string{
	`publicités?`, `pub`, `annonces?`, `sponsorisé.*`, `contenu sponsorisé.*`, `article sponsorisé`, `advertisements?`, `advert(ising)?`, `ads?`, `sponsored( content| by .*)?`, `promoted( content)?`,
	`la suite après (la|cette) publicité`, `article continues (after|below).*`, `story continues.*`, `continue reading.*`, `scroll (down )?(for|to) .*`,
	`(à )?lire (aussi|également|la suite|plus|notre).*`, `a lire( aussi| également)?.*`, `voir (aussi|également).*`, `en savoir plus.*`, `sur le même (sujet|thème).*`, `à voir.*`,
	`read (more|also|next|the full .*)\b.*`, `see also\b.*`, `more (on this|from|stories)\b.*`, `related( articles?| stories| topics?| content)?(:.*)?`, `recommended( for you)?.*`, `most read.*`, `les plus lus.*`, `you may also like.*`,
	`(share|partager|partagez|tweeter|tweet|pin it|email|e-mail|imprimer|print|envoyer)( (this|cet?|sur|on|l'|via|par)\b.*)?`, `share\s*(facebook|twitter).*`, `facebook|twitter|whatsapp|linkedin|reddit|instagram|telegram`,
	`(follow|suivez)( us|-nous|-moi| me)\b.*`, `(subscribe|sign up|log in|register|abonnez-vous|s'abonner|inscrivez-vous|se connecter|je m'abonne)\b.{0,80}`, `(our |notre )?newsletters?.{0,60}`,
	`(\d+ )?(comments?|commentaires?)( \(\d+\))?`, `(leave|post) a comment`, `laisser un commentaire`, `tags? ?:.*`, `mots[- ]clés? ?:.*`, `(photo|image|crédit|credits?|copyright|©).{0,80}`, `(click|cliquez|tap) (here|ici)\b.*`,
	`(cookie|nous utilisons des cookies|we use cookies).*`, `(watch|regarder|vidéo|video|écouter|listen) ?:.*`, `(back to|retour (à|en)) .{0,40}`, `(mis à jour|updated|publié|published|posté|posted) (le|on|at|à|il y a|\d).{0,60}`, `\d+ (min|minutes?)( de lecture| read)?`,
}, "|") + `)\W*$`)

// isJunk says whether a line is such a one; longer lines are text.
func isJunk(line string) bool {
	if len(line) > 200 {
		return false
	}
	return junk().MatchString(lower(line))
}

var hashtagLine = onUse(`^\s*([#@][\pL\pN_]+[\s,]*)+$`)

// paragraphs splits a text at empty lines, and at line ends where the lines
// are paragraphs themselves; what is junk is left out and listed.
func paragraphs(text string) (ps []para, dropped [][2]int) {
	start, end := -1, 0
	each := linesAlone(text)
	flush := func() {
		for start >= 0 {
			to := end
			if end-start > longestPara {
				to = cutPara(text, start)
			}
			ps = append(ps, para{from: start, to: to})
			if start = to; to == end {
				start = -1
			}
		}
	}
	for i := 0; i < len(text) && len(ps)+len(dropped) <= maxParas; {
		j := strings.IndexByte(text[i:], '\n')
		next := len(text)
		if j >= 0 {
			next = i + j + 1
		} else {
			j = len(text) - i
		}
		// A lone CR ends a line too, as old Macs had it.
		if k := strings.IndexByte(text[i:i+j], '\r'); k >= 0 && k < j-1 {
			j, next = k, i+k+1
		}
		a, b := i, i+j
		line := strings.TrimSpace(text[a:b])
		switch {
		case line == "":
			flush()
		case isJunk(line) || hashtagLine().MatchString(line):
			flush()
			off := a + strings.Index(text[a:b], line)
			dropped = append(dropped, [2]int{off, off + len(line)})
		default:
			off := a + strings.Index(text[a:b], line)
			if start >= 0 && (each || ownLine(text[start:end], line)) {
				flush()
			}
			if start < 0 {
				start = off
			}
			end = off + len(line)
		}
		i = next
	}
	flush()
	return ps, dropped
}

// linesAlone says whether every line of a text is a paragraph: two in three end as a
// sentence does, where of wrapped text one in ten would.
func linesAlone(text string) bool {
	lines, stops := 0, 0
	for s := range strings.Lines(text) {
		if s = strings.TrimRight(s, " \t\r\n\u00a0"); s == "" {
			continue
		}
		lines++
		for _, e := range []string{".", "!", "?", "»", "\"", "”", "…", "’’", "''", ".)"} {
			if strings.HasSuffix(s, e) {
				stops++
				break
			}
		}
	}
	return lines >= 6 && 3*stops >= 2*lines
}

// longestPara, in bytes, keeps what is in memory at a time small: a text in one
// line is cut, behind a sentence if there is one.
const longestPara = 1 << 16

func cutPara(text string, from int) int {
	to := from + longestPara
	s := text[to-longestPara/4 : to]
	k := strings.LastIndex(s, ". ")
	if k < 0 {
		k = strings.LastIndexByte(s, ' ')
	}
	if k >= 0 {
		return to - len(s) + k + 1
	}
	for !utf8Start(text[to]) {
		to--
	}
	return to
}

// ownLine says whether a line begins a paragraph although no empty line stands
// before it: the one above ends a sentence well before the margin of wrapped
// text or far behind it, or the new one begins with a mark of speech.
func ownLine(above, line string) bool {
	if i := strings.LastIndexByte(above, '\n'); i >= 0 {
		above = above[i+1:]
	}
	above = strings.TrimSpace(above)
	if m := dateline().FindStringSubmatchIndex(line[:min(len(line), 160)]); m != nil && m[0] == 0 && m[6] >= 0 {
		return true // a headline stands above
	}
	if labelOf(line) != "" || bulletEnd(line) > 0 || tick().MatchString(line[:min(len(line), 60)]) {
		return true
	}
	stops := strings.HasSuffix(above, ".") || strings.HasSuffix(above, "!") || strings.HasSuffix(above, "?") || strings.HasSuffix(above, "»") ||
		strings.HasSuffix(above, "\"") || strings.HasSuffix(above, "”") || strings.HasSuffix(above, "…")
	n := runeLen(above)
	return stops && (n < 60 || n > 110) || n < 30
}

var label = onUse(`^(?:\*\*)?([QAR]|Question|Answer|Réponse|\p{Lu}[\pL'’.-]*(?: \p{Lu}[\pL'’.-]*| (?:de|du|des|of|van|von|al|el|le|la|d'|and|et) \p{Lu}[\pL'’.-]*){0,3})\s?(?:\*\*)?[:.](?:\*\*)? +\S`)

// labelOf gives the speaker's label of a line of an interview, "" if it has
// none. "Q." needs the stop; names need the colon.
func labelOf(line string) string {
	if c := strings.IndexByte(line, ':'); c < 0 || c > 60 {
		if len(line) < 3 || line[1] != '.' {
			return ""
		}
	}
	m := label().FindStringSubmatchIndex(line)
	if m == nil {
		return ""
	}
	l := line[m[2]:m[3]]
	rest := strings.TrimLeft(line[m[3]:], " *\u00a0")
	if len(l) > 1 && !strings.HasPrefix(rest, ":") {
		return ""
	}
	return l
}

var dateline = onUse(`^\W{0,2}((?:\p{Lu}[\p{Lu}'’.-]+)(?:[ ,/]+\p{Lu}[\p{Lu}'’.-]+){0,4})((?:, ?(?:\d{1,2} )?[\pL]{3,9}\.?(?: \d{1,2})?(?:,? \d{4})?)?)\s*(?:[\[(]([^)\]\n]{2,40})[)\]])?\s*(?:--|[-—–:])\s*`)

var agencyLead = onUse(`^\((AFP|AP|Reuters|Xinhua|Belga|ATS|dpa|[A-Z]{2,6})\)\s*(?:--|[-—–])\s*`)

// placeLead is a place in brackets in front of a sentence, as some papers print it: "(Genève) Le …".
var placeLead = onUse(`^\((\p{Lu}[\p{Ll}’'-]+(?:[ -]\p{Lu}[\p{Ll}’'-]+){0,2})\)\s+(?:[-—–]+\s*)?([\p{Lu}«"“])`)

// takeDateline cuts "PÉKIN (AFP) - " off the beginning of a paragraph.
func (p *para) takeDateline(text string) {
	s := text[p.from:p.to]
	if m := dateline().FindStringSubmatchIndex(s[:min(len(s), 160)]); m != nil && m[1] < len(s) && m[0] == 0 {
		name := s[m[2]:m[3]]
		if runeLen(name) < 4 || m[6] < 0 && strings.HasSuffix(strings.TrimSpace(s[:m[1]]), ":") && strings.Count(name, " ") > 1 {
			return // a cry in capitals
		}
		p.place = name
		if m[6] >= 0 {
			p.outlet = s[m[6]:m[7]]
		}
		p.from += m[1]
		p.lead = true
	} else if m := placeLead().FindStringSubmatchIndex(s[:min(len(s), 80)]); m != nil {
		p.place = s[m[2]:m[3]]
		p.from += m[4]
		p.lead = true
	} else if m := agencyLead().FindStringSubmatchIndex(s); m != nil && m[1] < len(s) {
		p.outlet = s[m[2]:m[3]]
		p.from += m[1]
		p.lead = true
	}
}

// stopsNot are words whose stop does not end a sentence.
var stopsNot = words("mr mrs ms dr prof st gen lt col sgt capt sen rep gov pres m mm mme mlle me jr sr no vs etc e.g i.e inc corp co ltd jan feb mar apr jun jul aug sep sept oct nov dec u.s u.n u.k a.m p.m fig vol approx dept est ft hon rev mgr av bd cf art n° p pp éd janv févr déc")

// longestSentence, in tokens, keeps the work on a text without stops linear.
const longestSentence = 500

// sentence is a range of a paragraph's tokens, quotations taken as one.
type sentence struct {
	s    []tok
	para int
	// alone says that it is nothing but quotations.
	alone bool
}

// sentences splits a paragraph. A quotation is one token; a stop inside it
// ends the sentence around only where nothing goes on with it.
func sentences(text string, p *para, pi int, l *language) []sentence {
	quotes := pairQuotes(text, p.ts)
	var items []tok
	next := 0
	for i := 0; i < len(p.ts); i++ {
		if next < len(quotes) && quotes[next][0] == i {
			a, b := i, quotes[next][1]
			next++
			behind := b
			if next < len(quotes) && quotes[next][0] == b {
				behind = b - 1 // one that was never closed ends where the next begins
			}
			if l.code == "fr" {
				if j, k := incise(l, p.ts[a+1:b]); j > 0 {
					j, k = a+1+j, a+1+k
					items = append(items, tok{kind: quote, in0: int32(a + 1), in1: int32(j), outFrom: p.ts[a].from, from: p.ts[a+1].from, to: p.ts[j-1].to, outTo: p.ts[j-1].to})
					items = append(items, p.ts[j:k+1]...)
					if b > k+1 {
						q := tok{kind: quote, in0: int32(k + 1), in1: int32(b), outFrom: p.ts[k+1].from, from: p.ts[k+1].from, to: p.ts[b-1].to, outTo: p.ts[b-1].to}
						items = append(items, q)
					}
					i = behind
					continue
				}
			}
			q := tok{kind: quote, in0: int32(a + 1), in1: int32(b), outFrom: p.ts[a].from, from: p.ts[a+1].from, to: p.ts[b-1].to, outTo: p.ts[b-1].to}
			if b < len(p.ts) && behind == b {
				q.outTo = p.ts[b].to
			}
			items = append(items, q)
			i = behind
			continue
		}
		if p.ts[i].kind == quote {
			if l.code == "en" && i > 0 && possessed(p.ts[i-1], p.ts[i]) {
				items = append(items, tok{from: p.ts[i].from, to: p.ts[i].to, kind: word, low: "'s"})
			}
			continue // unpaired
		}
		if p.ts[i].low == "#" || p.ts[i].low == "•" || p.ts[i].low == "*" || p.ts[i].low == "_" {
			continue
		}
		if p.ts[i].low == "." && l.code == "en" && len(items) > 0 && i+1 < len(p.ts) && p.ts[i+1].kind == number {
			if last := &items[len(items)-1]; last.low == "no" && last.to == p.ts[i].from && last.cap {
				last.low = "no." // "the No. 2 Liberal"
				continue
			}
		}
		items = append(items, p.ts[i])
	}
	var out []sentence
	start := 0
	cut := func(end int) {
		if end > start {
			st := sentence{s: items[start:end:end], para: pi, alone: true}
			has := false
			for i := range st.s {
				if st.s[i].kind == word || st.s[i].kind == number {
					st.alone = false
				}
				has = has || st.s[i].kind == quote
			}
			if !st.alone || has {
				st.alone = st.alone && has
				out = append(out, st)
			}
		}
		start = end
	}
	for i := range items {
		t := &items[i]
		if i-start >= longestSentence {
			cut(i)
		}
		switch {
		case t.kind == mark && (t.low == "." || t.low == "!" || t.low == "?" || t.low == "…"):
			if i+1 < len(items) {
				n := &items[i+1]
				glued := n.kind != quote && n.from == t.to && t.low == "."
				if glued && n.kind != mark && !(l.code == "fr" && n.kind == word && n.cap && !n.caps && i > 0 && items[i-1].kind == word && (!items[i-1].cap || !items[i-1].caps && runeLen(items[i-1].low) > 3) && l.spared[n.low]) {
					continue // example.org, but not "ne diffuse plus.Les lignes"
				}
				if t.low == "." && i > 0 && items[i-1].kind == word && (stopsNot[items[i-1].low] && items[i-1].low != "no" && !(items[i-1].low == "est" && l.code == "fr") || runeLen(items[i-1].low) == 1 && items[i-1].cap && !items[i-1].inv) && items[i-1].to == t.from {
					if !(i+1 < len(items) && items[i+1].kind == quote) || len(items[i-1].low) == 1 {
						continue
					}
				}
				if n.kind == word && !n.cap || n.kind == mark && n.low == "," {
					continue
				}
				if t.low == "!" && n.low == "(" && i > start && items[i-1].cap && items[i-1].to == t.from {
					continue // "En Marche! (Onwards!) confirmed"
				}
				if n.kind == mark && n.low == ")" && n.from == t.to && i+2 < len(items) && (items[i+2].kind == word && !items[i+2].cap || items[i+2].low == ",") {
					continue // "Anna Lee (I-Vt.) said"
				}
			}
			cut(i + 1)
		case t.kind == quote && i+1 < len(items) && closed(text, t):
			// The stop stands inside the marks.
			n := &items[i+1]
			switch {
			case n.kind == quote:
				cut(i + 1)
			case n.kind == word && n.cap && !speaks(l, items[i+1:], t, text):
				cut(i + 1)
			}
		}
	}
	cut(len(items))
	return out
}

// incise finds an attribution inside a quotation, as French puts it: « La
// mesure, a-t-il poursuivi, est provisoire ». It gives its two commas.
func incise(l *language, ts []tok) (int, int) {
	for j := 1; j+2 < len(ts); j++ {
		if ts[j].low != "," && ts[j].low != "–" {
			continue
		}
		i, aux := j+1, false
		if (l.have[ts[i].low] || ts[i].low == "s'" || ts[i].low == "est") && i+2 < len(ts) {
			aux = true
			for i++; i+1 < len(ts) && (ts[i].inv || l.be[ts[i].low]); i++ {
			}
		}
		ok := false
		for _, f := range l.verbs[ts[i].low] {
			if f.v.kind != statement.Assertion && f.v.kind != statement.Announcement {
				continue
			}
			ok = ok || aux && f.part || !aux && f.fin && !f.v.has('Q') || !aux && f.fin && i+1 < len(ts) && ts[i+1].inv
		}
		if !ok {
			continue
		}
		inv := false
		for k := i + 1; k < len(ts) && k < i+12 && ts[k].kind != quote; k++ {
			inv = inv || ts[k].inv
			if ts[k].low == "," || ts[k].low == "–" || ts[k].low == "." && k+1 < len(ts) && ts[k-1].kind == word && ts[k-1].to == ts[k].from && !stopsNot[ts[k-1].low] {
				named := k > i+1 && (l.det[ts[i+1].low] || ts[i+1].cap)
				if aux && k > i+1 && l.verbs[ts[i].low] != nil {
					for n := i + 2; n < k; n++ {
						named = named || ts[n].cap && ts[n-1].kind == word && ts[n-1].low != "l'" // "a expliqué d'emblée dans sa plaidoirie Me Leh"
					}
				}
				if inv || named || aux && (ts[j+2].inv) {
					if named && !inv && ts[k].low == "," {
						k = apposed(l, ts, j, k)
					}
					return j, k
				}
				break
			}
		}
	}
	return 0, 0
}

// apposed moves the end of an attribution inside a quotation to the stop behind it,
// where what stands between has no verb and the words in front of it are complete:
// « On ne cédera pas, a lancé le délégué, Paul Serre, sous les bravos. Il faut … »
func apposed(l *language, ts []tok, j, k int) int {
	verb := func(i int) bool {
		w := ts[i].low
		if l.have[w] || l.be[w] || l.modal[w] || endsIn(w, "era", "ront", "ait", "aient", "ons") {
			return true
		}
		return anyForm(l.verbs[w], func(f form) bool { return f.fin }) || anyForm(l.common[w], func(f form) bool { return f.fin })
	}
	complete := false
	for i := max(0, j-20); i < j; i++ {
		complete = complete || ts[i].kind == word && verb(i)
	}
	if !complete {
		return k
	}
	for i := k + 1; i+1 < len(ts) && i < k+14; i++ {
		switch {
		case ts[i].kind == quote || ts[i].kind == word && verb(i):
			return k
		case ts[i].low == "." && ts[i-1].kind == word && !stopsNot[ts[i-1].low]:
			if ts[i+1].cap || ts[i+1].kind == number {
				return i
			}
			return k
		}
	}
	return k
}

// closed says whether a quotation ends with the end of a sentence.
func closed(text string, q *tok) bool {
	in := strings.TrimRight(text[q.from:q.to], " \u00a0\u202f")
	return strings.HasSuffix(in, ".") || strings.HasSuffix(in, "!") || strings.HasSuffix(in, "?") || strings.HasSuffix(in, "…")
}

// speaks says whether what follows a question or a cry is who uttered it:
// "Why?" Smith asked.
func speaks(l *language, s []tok, q *tok, text string) bool {
	if strings.HasSuffix(strings.TrimRight(text[q.from:q.to], " \u00a0"), ".") {
		return false
	}
	for i := 0; i < len(s) && i < 6; i++ {
		if s[i].kind != word {
			return false
		}
		for _, f := range l.verbs[s[i].low] {
			if f.fin && i > 0 {
				return i+1 >= len(s) || s[i+1].kind == mark
			}
		}
	}
	return false
}

// onUse compiles an expression when it is first used: these are large, and most
// verbs never read an article.
func onUse(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// possessed says whether a mark that no quotation has is the possessive of a plural:
// "the companies' lines".
func possessed(w, m tok) bool {
	return w.kind == word && w.to == m.from && strings.HasSuffix(w.low, "s") && (m.low == "'" || m.low == "’")
}
