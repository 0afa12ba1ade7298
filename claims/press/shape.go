package press

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"constat/claims/statement"
	"constat/moment"
)

// Shapes are ways in which a text gives words to somebody without a verb of
// speech: posts of social networks, lists under a name, lines of a ticker.

// voice is a stretch of text that its shape gives to somebody.
type voice struct {
	who    [2]int   // bytes that name the speaker
	as     string   // what the text calls them, if that is no phrase: "@harbour"
	words  [][2]int // bytes
	cue    [2]int
	date   [2]int // bytes of a date that belongs to it
	said   *moment.Interval
	outlet string
	unsure string
}

// speak makes a statement of a voice.
func (r *reader) speak(p *para, pi int, v voice) *found {
	text := r.src.text
	f := &found{para: pi, direct: true, kind: statement.Assertion, through: -1, attached: true, lang: r.l, cue: v.cue, said: v.said, unsure: v.unsure}
	for _, w := range v.words {
		w[0], w[1] = trimBytes(text, w[0], w[1])
		if ts := lex(text, w[0], w[1], nil); len(ts) > 0 {
			f.pieces = append(f.pieces, w)
			f.toks = append(f.toks, ts...)
		}
	}
	n := 0
	for i := range f.toks {
		n += b2i(f.toks[i].kind == word)
	}
	if n < 2 {
		return nil
	}
	f.lang = r.langOf(r.l, text[f.pieces[0][0]:f.pieces[0][1]])
	t := &sent{l: f.lang, x: r.x, text: text, s: f.toks}
	switch {
	case v.who[1] > v.who[0]:
		who := &sent{l: r.l, x: r.x, text: text, s: lex(text, v.who[0], v.who[1], nil)}
		who.mark(r.day)
		f.sp, f.m = who.describe(0, len(who.s), [2]int{}, &r.mem, pi)
		f.speaker = [][2]int{v.who}
		f.m.fromSaid = true
		r.mem.add(f.m)
	default:
		f.sp = statement.Speaker{As: v.as, Role: statement.Other}
	}
	j := t.judge(statement.Assertion, f.toks, f.sp, true)
	f.kind, f.negative = j.kind, j.negative
	f.about = r.timeIn(t, findTimes(f.lang, f.toks, r.day), [][2]int{{0, len(f.toks)}}, true)
	if v.date[1] > v.date[0] {
		ts := lex(text, v.date[0], v.date[1], nil)
		d := &sent{l: r.l, x: r.x, text: text, s: ts}
		f.said = r.timeIn(d, findTimes(r.l, ts, r.day), [][2]int{{0, len(ts)}}, false)
		if f.said != nil && f.said.Until > r.published.Until {
			f.said.Until = r.published.Until
			if f.said.Until <= f.said.From {
				f.said = nil
			}
		}
	}
	if v.outlet != "" {
		f.outlets = []string{v.outlet}
	}
	r.out = append(r.out, f)
	r.kept += len(f.toks)
	return f
}

// trimBytes takes blanks, marks of quotation around the whole, and addresses of
// pages off a stretch of words.
func trimBytes(text string, a, b int) (int, int) {
	for {
		s := text[a:b]
		t := strings.TrimRight(s, " \n\r\t\u00a0\u202f")
		if k := strings.LastIndexAny(t, " \n\u00a0"); k >= 0 || strings.Contains(t, "://") {
			last := t[k+1:]
			if strings.Contains(last, "://") || strings.HasPrefix(last, "pic.twitter.com/") || strings.HasPrefix(last, "t.co/") {
				t = t[:k+1]
			}
		}
		if t == s {
			break
		}
		b = a + len(t)
	}
	for a < b && strings.ContainsRune(" \n\r\t", rune(text[a])) {
		a++
	}
	for _, m := range [][2]string{{"“", "”"}, {"«", "»"}, {"\"", "\""}} {
		in := text[a:b]
		if strings.HasPrefix(in, m[0]) && strings.HasSuffix(in, m[1]) && strings.Count(in, m[0]) <= 2 && len(in) > len(m[0])+len(m[1]) && strings.Index(in[len(m[0]):], m[1]) == len(in)-len(m[0])-len(m[1]) {
			a, b = a+len(m[0]), b-len(m[1])
			for a < b && (text[a] == ' ' || strings.HasPrefix(text[a:b], "\u00a0")) {
				a += 1 + b2i(text[a] != ' ')
			}
			for a < b && (text[b-1] == ' ' || strings.HasSuffix(text[a:b], "\u00a0")) {
				b -= 1 + b2i(text[b-1] != ' ')
			}
		}
	}
	return a, b
}

var (
	// "Ada Quine (@aquine) 14 May 2031: …", "Ada Quine @aquine · 14 mai : …"
	postHead = onUse(`^(?:[•–—-]\s+)?(\p{Lu}[^\n@:()"“«]{1,60}?)\s*\(?(@[\pL\pN_]{1,30})\)?\s*(?:(?:on|sur|via)\s+(\p{Lu}\pL+)\s*)?(?:[·•,–—|-]?\s*\(?([^\n:@()"“«]{3,40}?)\)?)?\s?:\s+`)
	// "@harbour: …"
	postBare = onUse(`^(?:[•–—-]\s+)?(@[\pL\pN_]{1,30})\s*(?:\(([^\n()]{3,40})\)|[·,–—-]\s*([^\n:@]{3,40}?))?\s?:\s+`)
	// "RT @harbour: …"
	repost = onUse(`^RT\s+(@[\pL\pN_]{1,30})\s?:?\s+`)
	// "… — Ada Quine (@aquine) May 14, 2031"
	postTail = onUse(`(?:^|\s)(?:—|–|--)\s*(\p{Lu}[^\n@()—–]{1,80}?)\s*\((@[\pL\pN_]{1,30})\)\s*([^\n]{0,60})$`)
	// “…” — Ada Quine, mayor
	signed = onUse(`^((?:“[^“”]{10,}”|«[^«»]{10,}»|"[^"]{10,}"))\s*(?:—|–|--|-)\s*(\p{Lu}[^\n—–"“«.]{2,100}?)\.?$`)
)

// mayQuote reports whether a text may begin with a quotation mark: by its first
// byte, which the marks beyond ASCII share with other marks and with no letter of
// the two languages.
func mayQuote(s string) bool {
	return s != "" && (s[0] == '"' || s[0] == 0xe2 || s[0] == 0xc2)
}

// post reads a paragraph that is a post of a social network, or a quotation
// with a name behind a dash.
func (r *reader) post(p *para, pi int) bool {
	text := r.src.text
	s := text[p.from:p.to]
	if !strings.Contains(s, "@") {
		if mayQuote(s) {
			if m := signed().FindStringSubmatchIndex(s); m != nil {
				return r.speak(p, pi, voice{who: shift(p.from, m[4], m[5]), words: [][2]int{shift(p.from, m[2], m[3])}, cue: shift(p.from, m[3], m[4])}) != nil
			}
		}
		return false
	}
	head := s[:min(len(s), 300)]
	v := voice{outlet: "Twitter"}
	from := 0
	if m := postHead().FindStringSubmatchIndex(head); m != nil {
		v.who, v.cue, from = shift(p.from, m[2], m[3]), shift(p.from, m[4], m[5]), m[1]
		if m[6] >= 0 {
			v.outlet = s[m[6]:m[7]]
		}
		if m[8] >= 0 {
			v.date = shift(p.from, m[8], m[9])
		}
	} else if m := postBare().FindStringSubmatchIndex(head); m != nil {
		v.as, v.cue, from = s[m[2]:m[3]], shift(p.from, m[2], m[3]), m[1]
		for _, k := range []int{4, 6} {
			if m[k] >= 0 {
				v.date = shift(p.from, m[k], m[k+1])
			}
		}
	} else if !repost().MatchString(head) {
		return r.tail(p, pi)
	}
	// What is passed on is the words of whoever wrote them first.
	if m := repost().FindStringSubmatchIndex(s[from:min(len(s), from+100)]); m != nil {
		if who := strings.TrimSpace(text[v.who[0]:v.who[1]]); who != "" {
			v.outlet = who
		}
		v.as, v.cue, v.who = s[from+m[2]:from+m[3]], shift(p.from, from, from+m[1]), [2]int{}
		v.date = [2]int{}
		from += m[1]
	}
	v.words = [][2]int{{p.from + from, p.to}}
	return r.speak(p, pi, v) != nil
}

// tail reads a post as pages embed it: its words, a dash, who wrote it, when.
// The words may stand in the paragraphs before.
func (r *reader) tail(p *para, pi int) bool {
	s := r.src.text[p.from:p.to]
	from := max(0, len(s)-250)
	for from > 0 && s[from]&0xc0 == 0x80 {
		from--
	}
	m := postTail().FindStringSubmatchIndex(s[from:])
	if m == nil {
		return false
	}
	v := voice{who: shift(p.from+from, m[2], m[3]), cue: shift(p.from+from, m[4], m[5]), date: shift(p.from+from, m[6], m[7]), outlet: "Twitter"}
	if strings.TrimSpace(s[:from+m[0]]) != "" {
		v.words = [][2]int{{p.from, p.from + from + m[0]}}
	} else if pi > 0 && r.ps[pi-1].foreign == "" {
		// The paragraphs before have been read as prose: take back what they gave.
		first := r.postFrom(pi)
		for len(r.out) > 0 && r.out[len(r.out)-1].para >= first {
			r.out = r.out[:len(r.out)-1]
		}
		for k := first; k < pi; k++ {
			if b := &r.ps[k]; k == first || !linkOnly(r.src.text[b.from:b.to]) {
				v.words = append(v.words, [2]int{b.from, b.to})
			}
		}
	}
	return len(v.words) > 0 && r.speak(p, pi, v) != nil
}

// postFrom is the paragraph in which a post begins that is signed in paragraph pi alone:
// the one before, or one of the four before that begins with a sign as posts do, "ℹ️ …".
func (r *reader) postFrom(pi int) int {
	for k := pi - 1; k >= 0 && k > pi-5 && r.ps[k].foreign == ""; k-- {
		b := &r.ps[k]
		s := r.src.text[b.from:b.to]
		if len(s) > 600 {
			break
		}
		if c, _ := utf8.DecodeRuneInString(s); (unicode.Is(unicode.So, c) || c == 'ℹ') && !linkOnly(s) {
			return k
		}
	}
	return pi - 1
}

// linkOnly says whether a paragraph is no more than a word or two and the address of a page.
func linkOnly(s string) bool {
	f := strings.Fields(s)
	last := ""
	if len(f) > 0 {
		last = f[len(f)-1]
	}
	return len(f) <= 5 && strings.Contains(last, ".") && strings.Contains(last, "/")
}

func shift(by, a, b int) [2]int { return [2]int{by + a, by + b} }

// tick begins a line of a ticker: "14:32", "[14h32]", "9.15 a.m. GMT –".
var tick = onUse(`^(?i)\[?(\d{1,2})(?::|h|\.|\x{202f}h\x{202f}| h )(\d{2})(?::\d{2})?\s?(am|pm|a\.m\.|p\.m\.)?\s?(GMT|UTC|BST|CET|CEST|EST|EDT|MSK)?\]?(?:\s*[-–—:|·]\s*|\s+|$)`)

var zoneHours = map[string]int{"GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "MSK": 3}

// ticks finds the lines of a live ticker and takes their times off: at least
// three paragraphs must begin with one. What a line tells was said in the half
// hour before its time, or at it.
func (r *reader) ticks() {
	n := 0
	for i := range r.ps {
		n += b2i(tick().MatchString(r.line(i)))
	}
	if n < 3 {
		return
	}
	var now *moment.Interval
	for i := range r.ps {
		p := &r.ps[i]
		if m := tick().FindStringSubmatch(r.line(i)); m != nil {
			hour, _ := strconv.Atoi(m[1])
			minute, _ := strconv.Atoi(m[2])
			switch strings.ToLower(m[3]) {
			case "pm", "p.m.":
				hour = hour%12 + 12
			case "am", "a.m.":
				hour %= 12
			}
			if hour < 24 && minute < 60 {
				zone := r.day.Location()
				if h, ok := zoneHours[strings.ToUpper(m[4])]; ok {
					zone = time.FixedZone(m[4], h*3600)
				}
				at := time.Date(r.day.Year(), r.day.Month(), r.day.Day(), hour, minute, 0, 0, zone)
				now = &moment.Interval{From: moment.FromTime(at.Add(-30 * time.Minute)), Until: moment.FromTime(at.Add(time.Minute))}
				p.from += len(m[0])
			}
		}
		p.tick = now
	}
}

func (r *reader) line(i int) string {
	s := r.src.text[r.ps[i].from:r.ps[i].to]
	return s[:min(len(s), 60)]
}

// bullet begins an item of a list.
var bullet = onUse(`^(?:[•‣▪·*–—-]|\d{1,2}[.)]|[a-z]\))\s+\S`)

func bulletEnd(s string) int {
	m := bullet().FindStringIndex(s[:min(len(s), 20)])
	if m == nil {
		return 0
	}
	return strings.LastIndexAny(s[:m[1]-1], " \t\u00a0") + 1
}

// lists are nouns of what somebody sets out in points.
var lists = words("points point demands demand conditions reasons arguments proposals claims findings questions remarks observations accusations allegations measures steps requests commitments pledges exigences demandes conditions raisons arguments propositions constats affirmations reproches accusations mesures engagements remarques questions éléments observations revendications griefs")

// points reads a list that a sentence gives to somebody: "The mayor made three
// points:". It gives the number of paragraphs that it took.
func (r *reader) points(pi int) int {
	text := r.src.text
	p := &r.ps[pi]
	end := strings.TrimRight(text[p.from:p.to], " \u00a0\u202f")
	if !strings.HasSuffix(end, ":") {
		return 0
	}
	n := 0
	for pi+1+n < len(r.ps) && r.ps[pi+1+n].foreign == "" && bulletEnd(text[r.ps[pi+1+n].from:r.ps[pi+1+n].to]) > 0 {
		n++
	}
	if n < 2 {
		return 0
	}
	p.ts = lex(text, p.from, p.to, nil)
	defer func() { p.ts = nil }()
	sts := sentences(text, p, pi, r.l)
	if len(sts) == 0 {
		return 0
	}
	t := &sent{l: r.l, x: r.x, text: text, s: sts[len(sts)-1].s}
	t.mark(r.day)
	t.parse()
	says := false
	for i := range t.s {
		says = says || lists[t.low(i)]
		for _, f := range t.l.verbs[t.low(i)] {
			says = says || f.fin || f.part
		}
	}
	a, b := t.leading(0, len(t.s))
	for k := a + 1; k < b; k++ {
		if _, verb := t.groupFrom(k); verb {
			b = k
		}
	}
	if !says || b <= a || t.l.first[t.low(a)] || t.is(a, "here", "there", "these", "this", "it", "voici", "voilà", "ce", "c'") {
		return 0
	}
	from, to := t.bounds(a, b)
	var who voice
	who.who, who.cue = [2]int{from, to}, [2]int{to, p.from + len(end)}
	if t.l.pron[t.low(a)] && b-a == 1 {
		m := r.mem.find(func(m *mention) bool { return m.fromSaid || m.person || m.thing })
		if m == nil {
			return 0
		}
		who.as = m.sp.As
	}
	if len(sts) > 1 { // what stands before the list is read as ever
		cut := *p
		cut.to = int(sts[len(sts)-2].s[len(sts[len(sts)-2].s)-1].to)
		cut.ts = lex(text, cut.from, cut.to, nil)
		r.paragraph(&cut, pi)
	}
	for k := pi + 1; k <= pi+n; k++ {
		q := &r.ps[k]
		v := who
		v.words = [][2]int{{q.from + bulletEnd(text[q.from:q.to]), q.to}}
		if f := r.speak(q, k, v); f != nil && v.as != "" {
			if m := r.mem.find(func(m *mention) bool { return m.fromSaid || m.person || m.thing }); m != nil {
				f.sp, f.m = m.sp, m
			}
		}
	}
	return n + 1
}
