package press

import (
	"slices"
	"strings"
	"unicode"

	"constat/claims/statement"
)

// read reads the text from its beginning to its end.
func (r *reader) read() {
	text := r.src.text
	main := r.l
	defer func() { r.l = main }()
	r.ticks()
	r.asked = -1
	r.interviews()
	for i := range r.ps {
		p := &r.ps[i]
		if p.label == "" && p.turn == 0 {
			p.takeDateline(text)
		}
	}
	r.issuer = r.release()
	told := 0
	for i := 0; i < len(r.ps); {
		if at := r.ps[i].from; r.o.Progress != nil && at-told > 1<<16 {
			told = at
			r.o.Progress(at, len(text))
		}
		if r.l = r.ps[i].lang; r.l == nil {
			r.l = main
		}
		i += r.readAt(i)
		if r.overfull() {
			return
		}
	}
}

// readAt reads a paragraph, or as many as one shape takes; it gives how many.
func (r *reader) readAt(i int) int {
	text, p := r.src.text, &r.ps[i]
	switch {
	case p.foreign != "", p.turn == 'q', p.from >= p.to:
		return 1
	case p.turn == 'a':
		r.reply(p, i)
		return 1
	case p.label != "" && r.askers[p.label]:
		return 1
	case p.label != "":
		p.ts = lex(text, p.body, p.to, nil)
		r.lexed += len(p.ts)
		r.answer(p, i)
		p.ts = nil
		return 1
	}
	if n := r.points(i); n > 0 {
		return n
	}
	if n := r.block(i); n > 0 {
		return n
	}
	if r.post(p, i) {
		return 1
	}
	p.ts = lex(text, p.from, p.to, nil)
	r.lexed += len(p.ts)
	at := len(r.out)
	r.paragraph(p, i)
	if r.issuer.is && i < r.issuer.until {
		r.ownWords(p, i, at)
	}
	r.replies(p, i, at)
	if p.tick != nil {
		for _, f := range r.out[at:] {
			if f.said == nil && f.through < 0 {
				said := *p.tick
				if said.Until = min(said.Until, r.published.Until); said.From < said.Until {
					f.said = &said
				}
			}
		}
	}
	p.ts = nil
	return 1
}

// capsLabel is a name in capitals before a colon, a stop or a dash.
var capsLabel = onUse(`^(?:\*\*)?(\p{Lu}[\p{Lu}'’-]+(?: \p{Lu}[\p{Lu}'’.-]+){0,3})(?:\*\*)?(?:\s?:|\.\s?[-–—]|\.|\s[-–—])(?:\*\*)?\s+\S`)

// capsLine is such a name on a line of its own.
var capsLine = onUse(`^(?:\*\*)?(\p{Lu}[\p{Lu}'’-]+(?: \p{Lu}[\p{Lu}'’.-]+){1,3})(?:\*\*)?\s?:?$`)

// labelled is a label of a paragraph: where it stands, and where the words begin.
type labelled struct {
	label    string
	at, body int
}

// interviews looks for lines that begin with names of speakers, and for
// questions and answers by turns.
func (r *reader) interviews() {
	text := r.src.text
	labels := make([]labelled, len(r.ps))
	n, most, short, all, asks := 0, 0, 0, map[string]int{}, map[string]int{}
	for i := range r.ps {
		p := &r.ps[i]
		s := text[p.from:p.to]
		l, at, body := labelIn(s, i+1 < len(r.ps))
		if l == "" {
			continue
		}
		labels[i] = labelled{l, p.from + at, p.from + body}
		n++
		if body < len(s) && few(s[body:]) {
			short++
		}
		all[l]++
		most = max(most, all[l])
		if strings.HasSuffix(strings.TrimRight(s, " \u00a0\u202f*"), "?") {
			asks[l]++
		}
	}
	if short*2 > n || !(n >= 3 && n*3 >= len(r.ps) || most >= 3 && n*5 >= len(r.ps)) || most < 2 && len(all) == n && n*2 < len(r.ps) {
		r.turns()
		return
	}
	r.askers = map[string]bool{}
	for l, k := range all {
		if l == "Q" || l == "Question" || outletName().MatchString(l) || r.x.outlets[lower(l)] || k > 1 && asks[l] == k {
			r.askers[l] = true
		}
	}
	delete(r.askers, "A")
	delete(r.askers, "R")
	r.spread(labels, all)
}

// spread gives each paragraph of an interview its label, or that of the one before.
func (r *reader) spread(labels []labelled, all map[string]int) {
	text := r.src.text
	last := len(labels)
	for last > 0 && labels[last-1].label == "" {
		last--
	}
	for i := range r.ps {
		p := &r.ps[i]
		switch x := labels[i]; {
		case x.label != "":
			p.label, p.labelAt, p.body = x.label, x.at, x.body
		case i > 0 && r.ps[i-1].label != "" && (i < last && all[r.ps[i-1].label] > 1 || r.ps[i-1].body == r.ps[i-1].to):
			// An answer of several paragraphs, if another label follows; or the label
			// has a line of its own.
			if s := text[p.from:p.to]; len(s) > 2 && s[0] == 'Q' && s[1] >= 'A' && s[1] <= 'Z' && all["A"] > 1 {
				p.turn = 'q' // a question whose label lost its stop
				continue
			}
			p.label, p.labelAt, p.body = r.ps[i-1].label, r.ps[i-1].labelAt, p.from
		}
	}
}

// labelIn finds the label of a paragraph: its text, where it stands, and where the
// words begin. One on a line of its own needs a paragraph behind it.
func labelIn(s string, more bool) (l string, at, body int) {
	if l = labelOf(s); l != "" {
		at = strings.Index(s, l)
		return l, at, at + len(l) + strings.IndexAny(s[at+len(l):], ":.") + 1
	}
	if m := capsLabel().FindStringSubmatchIndex(s[:min(len(s), 100)]); m != nil {
		body = m[1] - 1
		for body > 0 && !utf8Start(s[body]) {
			body--
		}
		return s[m[2]:m[3]], m[2], body
	}
	if m := capsLine().FindStringSubmatchIndex(s[:min(len(s), 80)]); m != nil && len(s) < 80 && more {
		return s[m[2]:m[3]], m[2], len(s)
	}
	return "", 0, 0
}

// few says that there are less than four words: "Clinton: 547." is a table.
func few(s string) bool {
	n := 0
	for _, f := range strings.Fields(s[:min(len(s), 200)]) {
		n += b2i(strings.IndexFunc(f, unicode.IsLetter) >= 0)
	}
	return n < 4
}

func utf8Start(c byte) bool { return c&0xc0 != 0x80 }

// turns finds an interview without labels: three questions or more, each with
// an answer behind it, in which somebody speaks of himself.
func (r *reader) turns() {
	text := r.src.text
	asks, answers, self := 0, 0, 0
	is := make([]bool, len(r.ps))
	for i := range r.ps {
		s := strings.TrimRight(text[r.ps[i].from:r.ps[i].to], " \u00a0\u202f*")
		is[i] = strings.HasSuffix(s, "?") && len(s) < 500 && !mayQuote(s) || strings.HasSuffix(s, "?") && len(s) < 500 && bulletEnd(s) > 0
		asks += b2i(is[i])
	}
	if asks < 3 || asks*8 < len(r.ps) {
		return
	}
	first := slices.Index(is, true)
	for i := first; i+1 < len(r.ps); i++ {
		if !is[i] || is[i+1] {
			continue
		}
		answers++
		if c := r.firstPerson(text[r.ps[i+1].from:r.ps[i+1].to]); c {
			self++
		}
	}
	if answers < 3 || self*2 < answers {
		return
	}
	r.asked = first
	lastAsk := first
	for i := range is {
		if is[i] {
			lastAsk = i
		}
	}
	for i := first; i < len(r.ps); i++ {
		switch {
		case is[i]:
			r.ps[i].turn = 'q'
		case i <= lastAsk+1:
			r.ps[i].turn = 'a'
		case bulletEnd(text[r.ps[i].from:r.ps[i].to]) > 0:
			r.ps[i].turn = 'a'
		default:
			return
		}
	}
}

// firstPerson says whether somebody speaks of himself, or says yes or no.
func (r *reader) firstPerson(s string) bool {
	for i, t := range lex(s, 0, min(len(s), 1500), nil) {
		switch t.low {
		case "i", "we", "my", "our", "je", "j'", "nous", "notre", "nos", "mon", "ma", "mes", "me", "i'm", "we're", "m'":
			return true
		case "yes", "no", "oui", "non":
			if i < 2 {
				return true
			}
		}
	}
	return false
}

// reply takes an answer without a label as the words of whoever the text before
// the questions named last.
func (r *reader) reply(p *para, pi int) {
	v := voice{words: [][2]int{{p.from + bulletEnd(r.src.text[p.from:p.to]), p.to}}}
	m := r.mem.find(func(m *mention) bool { return m.person && m.name != "" })
	if m == nil {
		v.as, v.unsure = unnamedSpeaker, "an answer in an interview; the text does not name who gave it"
	}
	f := r.speak(p, pi, v)
	if f != nil && m != nil {
		f.sp, f.m = m.sp, m
		if m.span.To > m.span.From {
			f.speaker = [][2]int{{int(m.span.From), int(m.span.To)}}
		}
	}
}

// answer takes a whole paragraph as the words of the one it is labelled with.
func (r *reader) answer(p *para, pi int) {
	if len(p.ts) == 0 {
		return
	}
	f := &found{para: pi, direct: true, kind: statement.Assertion, through: -1, attached: true}
	f.pieces = [][2]int{{int(p.ts[0].from), int(p.ts[len(p.ts)-1].to)}}
	if p.labelAt >= p.from {
		f.cue = [2]int{p.from, p.body}
	}
	t := &sent{l: r.l, x: r.x, text: r.src.text, s: p.ts}
	if len(p.label) == 1 || p.label == "Answer" || p.label == "Réponse" {
		if m := r.mem.find(func(m *mention) bool { return m.name != "" && m.person }); m != nil {
			f.sp, f.m = m.sp, m
		} else {
			f.sp = statement.Speaker{As: p.label, Role: statement.Other}
			f.unsure = "an answer in an interview; the text does not name who gave it"
		}
	} else {
		s := lex(r.src.text, p.labelAt, p.labelAt+len(p.label), nil)
		lt := &sent{l: r.l, x: r.x, text: r.src.text, s: s}
		f.sp, f.m = lt.describe(0, len(s), [2]int{}, &r.mem, pi)
		r.spell(f)
	}
	f.speaker = [][2]int{{p.labelAt, p.labelAt + len(p.label)}}
	if f.m != nil && f.m.span.To > 0 && f.m.span.From != int64(p.labelAt) {
		f.speaker = append(f.speaker, [2]int{int(f.m.span.From), int(f.m.span.To)})
	}
	j := t.judge(statement.Assertion, p.ts, f.sp, true)
	f.kind, f.negative = j.kind, j.negative
	f.about = r.timeIn(t, findTimes(r.l, p.ts, r.day), [][2]int{{0, len(p.ts)}}, true)
	f.lang = r.l
	r.out = append(r.out, f)
}

// spell gives a label in capitals the spelling of the person of that name whom
// the text has named: "PAUL SERRE" is Paul Serre.
func (r *reader) spell(f *found) {
	if strings.ToUpper(f.sp.As) != f.sp.As {
		return
	}
	want := nameWords(f.sp.As)
	m := r.mem.find(func(m *mention) bool {
		have := nameWords(m.sp.Name)
		for _, w := range want {
			if !slices.Contains(have, w) {
				return false
			}
		}
		return m.person && len(want) > 0
	})
	if m != nil {
		f.sp, f.m = m.sp, m
		return
	}
	if len(want) > 1 && f.sp.Name == "" {
		// Nobody introduces it: a name all the same.
		f.sp.Name = titled(f.sp.As)
	}
}

// titled writes a name in capitals as names are written.
func titled(s string) string {
	up := true
	return strings.Map(func(c rune) rune {
		if up {
			up = !unicode.IsLetter(c)
			return c
		}
		up = !unicode.IsLetter(c)
		return unicode.ToLower(c)
	}, s)
}

// issuer is who speaks of himself as "we" in a press release.
type issuer struct {
	is    bool   // it is a press release
	acts  bool   // only what "nous" does by saying so counts (blockfr.go)
	who   [2]int // bytes that name who issued it
	house bool   // nothing but "we" tells so
	until int    // the paragraph in which it tells about them, and no more of the matter
}

var (
	releaseHead = onUse(`^(?i)(?:for immediate release|pour diffusion immédiate|(?:official |joint )?(?:press|media|news) (?:release|statement|advisory)|communiqué(?: de presse| officiel)?|(?:official |joint |public )?statement (?:by|from|of|on)\b|déclaration (?:de|du|des|d')|mise au point|droit de réponse)`)
	releaseOf   = onUse(`^(?i:(?:official |joint )?(?:press|media|news) (?:release|statement)|communiqué(?: de presse| officiel)?|(?:official |joint |public )?statement|déclaration|mise au point)\s*(?:[:–—|-]\s*|(?i:by|from|of|de la|de l['’]|du|des|de|d['’])\s*)(?:(?i:the|la|le|l['’])\s*)?(\p{Lu}[\pL\pN&'’. -]{1,60}?)(?:\s*(?:[,:–—|(\n]|\bon\b|\bsur\b|announces|annonce|$))`)
	nameRelease = onUse(`^(\p{Lu}[\pL\pN&'’. -]{1,50}?)\s*(?:[:–—|,-]\s*)?(?i:press release|press statement|media statement|official statement|communiqué(?: de presse)?)\W*$`)
	aboutFoot   = onUse(`^(?i:about|à propos|a propos)\s+(?i:de la |de l['’]|du |des |de |d['’]|the )?(\p{Lu}[\pL\pN&'’. -]{1,60}?)(?:\s*[:.–—\n]|$)`)
	teamFoot    = onUse(`^(?:(?i:the)\s+(\p{Lu}[\pL\pN&'’. -]{1,50}?)\s+(?i:team|management|board)|(\p{Lu}[\pL\pN&'’.-]{1,30}(?: \p{Lu}[\pL\pN&'’.-]{1,30}){0,2})\s+Team|(?i:l['’]équipe|la direction)(?:\s+(?i:de la|de l['’]|du|des|de|d['’]))?\s*(\p{Lu}[\pL\pN&'’. -]{1,50}))\W*$`)
	contactFoot = onUse(`^(?i)(?:(?:press|media) contacts?|contacts? (?:presse|médias?)|service (?:de )?presse|###|-\s?ends\s?-|notes to editors)`)
)

// release finds out whether a text is a press release, and who issued it: its
// head or its foot must say that it is one.
func (r *reader) release() issuer {
	text := r.src.text
	out := issuer{until: len(r.ps)}
	name := func(p *para, m []int) {
		if m == nil {
			return
		}
		for k := 2; k+1 < len(m); k += 2 {
			if m[k] >= 0 && out.who[1] == 0 && lower(text[p.from+m[k]:p.from+m[k+1]]) != "presse" {
				out.who = shift(p.from, m[k], m[k+1])
			}
		}
	}
	for i := range r.ps {
		p := &r.ps[i]
		s := text[p.from:min(p.to, p.from+300)]
		switch {
		case i < 6:
			h := releaseHead().MatchString(s)
			n := nameRelease().FindStringSubmatchIndex(s)
			out.is = out.is || h || n != nil
			name(p, releaseOf().FindStringSubmatchIndex(s))
			name(p, n)
		case i < len(r.ps)-8:
			continue
		}
		if i > 0 && i >= len(r.ps)-8 && p.to-p.from < 1500 {
			about := aboutFoot().FindStringSubmatchIndex(s)
			team := teamFoot().FindStringSubmatchIndex(s)
			out.is = out.is || about != nil || team != nil || contactFoot().MatchString(s)
			name(p, about)
			if about != nil {
				out.until = min(out.until, i)
			}
			name(p, team)
		}
	}
	if !out.is && r.askers == nil && r.asked < 0 && r.houseVoice() {
		out.is, out.house = true, true
	}
	if !out.is && r.l.code == "fr" && r.askers == nil && r.asked < 0 {
		out.who, out.is = r.houseFR()
	}
	if !out.is || r.askers != nil || r.asked >= 0 {
		return issuer{}
	}
	return out
}

// ownWords takes the sentences of a press release that speak of "we" as the
// words of who issued it. Those that hold a statement already are left alone.
func (r *reader) ownWords(p *para, pi, at int) {
	for _, st := range sentences(r.src.text, p, pi, r.l) {
		t := &sent{l: r.l, x: r.x, text: r.src.text, s: st.s}
		we := -1
		for i := range t.s {
			if t.is(i, "we", "nous") || i == 0 && t.is(i, "our", "notre", "nos") {
				we = i
				break
			}
		}
		if we < 0 || st.alone || r.issuer.house && !t.houseSays(we) || r.issuer.acts && !t.performs(we) {
			continue
		}
		from, to := t.bounds(t.ownStart(we), len(t.s))
		k := at // where it goes, in the order of the text
		taken := false
		for j := at; j < len(r.out); j++ {
			for _, x := range r.out[j].pieces {
				taken = taken || x[0] < to && x[1] > from
			}
			if len(r.out[j].pieces) > 0 && r.out[j].pieces[0][0] < from {
				k = j + 1
			}
		}
		if taken {
			continue
		}
		v := voice{who: r.issuer.who, words: [][2]int{{from, to}}, cue: [2]int{int(t.s[we].from), int(t.s[we].to)}}
		if v.who[1] == 0 {
			v.as, v.unsure = strings.TrimSpace(r.src.text[t.s[we].from:t.s[we].to]), "a press release in the first person; the text does not name who issued it"
		}
		f := r.speak(p, pi, v)
		if f == nil {
			continue
		}
		if f.sp.Role == statement.Other && v.unsure == "" && f.m != nil && (!f.m.person || r.houseName(f.sp.As)) {
			f.sp.Role = statement.Company
			if f.m.person {
				f.sp.Name = ""
			}
		}
		f.kind = t.ownKind(we, f.kind)
		r.out = r.out[:len(r.out)-1]
		r.insert(k, f)
	}
}
