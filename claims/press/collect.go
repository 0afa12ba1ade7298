package press

import (
	"slices"
	"time"

	"constat/claims/statement"
	"constat/moment"
)

// collect turns the cues of a sentence into statements.
func (r *reader) collect(t *sent, p *para, pi int) {
	off := t.anonymity()
	outer := -1
	var outerCue *cue
	for _, c := range t.cues {
		if c.how == noone && c.unnamed && len(t.cues) > 1 && c.v.kind == statement.Assertion && (oneOf(c.v.lemma, "aurait", "auraient", "reportedly", "allegedly", "supposedly") || t.toldBy(c)) {
			continue
		}
		if c.within != nil && len(c.within.content) > 0 {
			continue // told by whoever the sentence ends with
		}
		if c.nested && outer >= 0 && !t.strong(c) && !t.answered(outerCue, c) && !t.answersBack(c) {
			// "said that he doubted": what he does is doubt.
			if o := r.out[outer]; c.pron && outerCue != nil && len(outerCue.content) > 0 && c.subj[0] <= outerCue.content[0][0]+1 && (c.kind == statement.Doubt || c.kind == statement.Denial || c.kind == statement.Request) {
				o.kind = c.kind
			}
			continue
		}
		if c.nested && outerCue != nil && t.l.code == "en" && (t.noSign(outerCue, c) || t.ofDenied(outerCue, c)) {
			continue
		}
		f := &found{para: pi, kind: c.kind, through: -1, attached: true}
		f.cue[0], f.cue[1] = t.bounds(c.a, c.b)
		if c.how == colon {
			f.cue = [2]int{int(t.s[c.a].from), int(t.s[c.a].to)}
		}
		n, quotes := 0, 0
		for _, span := range c.content {
			from, to := t.bounds(span[0], span[1])
			if c.inner > 0 {
				from = int(t.all[int(t.s[span[0]].in0)+c.inner].from)
			}
			if to <= from {
				continue
			}
			f.pieces = append(f.pieces, [2]int{from, to})
			for i := span[0]; i < span[1]; i++ {
				if t.isQuote(i) {
					quotes++
					f.toks = append(f.toks, p.ts[t.s[i].in0:t.s[i].in1]...)
				} else {
					if t.isWord(i) || t.s[i].kind == number {
						n++
					}
					f.toks = append(f.toks, t.s[i])
				}
			}
		}
		if len(f.pieces) == 0 || n+quotes == 0 || noComment(f.toks) {
			continue
		}
		if c.before {
			// "Cela a été annoncé par la porte-parole": the sentence before.
			if r.last == nil || r.lastPara != pi || c.how == active && r.l.code == "fr" && r.spokeIn == r.sentence-1 && t.is(0, "c'", "voilà", "et", "mais") {
				continue
			}
			f.pieces, f.toks, n, quotes = [][2]int{{int(r.last[0].from), int(r.last[len(r.last)-1].to)}}, slices.Clone(r.last), len(r.last), 0
		}
		f.direct, f.mixed = quotes > 0 && n == 0, quotes > 0 && n > 0
		if !f.direct && n < 2 && !((c.v.has('o') || c.v.lemma == "report" && t.l.code == "en") && n > 0) && quotes == 0 {
			continue
		}
		switch {
		case c.unnamed && c.written && r.document.m != nil && r.document.sentence >= r.sentence-2:
			f.giveTo(r.document.m)
			f.m.para = pi
		case c.unnamed:
			f.sp = statement.Speaker{As: unnamedSpeaker, Role: statement.Other}
		default:
			if !r.who(t, c, f, pi) {
				continue
			}
		}
		if off && c.how != noone && !c.nested {
			f.off = true
			switch f.sp.Role {
			case statement.Official:
				f.sp.Role = statement.AnonymousOfficial
			case statement.Other:
				if f.sp.Name == "" {
					f.sp.Role = statement.Source
				}
			}
		}
		for _, o := range c.outlets {
			if s := t.outletText(o[0], o[1]); s != "" && !slices.Contains(f.outlets, s) {
				f.outlets = append(f.outlets, s)
			}
		}
		f.lang = r.l
		if f.direct {
			f.lang = r.langOf(r.l, r.src.text[f.pieces[0][0]:f.pieces[0][1]])
		}
		in := *t
		in.l = f.lang
		j := in.judge(c.kind, f.toks, f.sp, f.direct)
		f.kind, f.negative = j.kind, j.negative
		if f.kind == statement.Denial && t.l.code == "en" && c.v.lemma == "accuse" && c.how != passive {
			f.kind = statement.Assertion // "accusing him of an “artful smear”"
		}
		if f.kind == statement.Denial && t.l.code == "fr" && noDenial[c.v.lemma] {
			f.kind, f.negative = c.kind, true
		}
		if f.kind == statement.Denial && t.l.code == "fr" && orderedNot(f.toks) {
			switch {
			case c.v.kind == statement.Announcement, c.v.kind == statement.Request:
				f.kind, f.negative = c.v.kind, true
			case f.toks[0].low == "de" && oneOf(c.v.lemma, "dire", "écrire", "répéter", "suggérer", "répondre"):
				f.kind, f.negative = statement.Request, true
			}
		}
		if f.direct && t.l.code == "fr" && f.kind == statement.Assertion && saysOnlyNo(f.toks) {
			f.kind, f.negative = statement.Denial, false
		}
		if c.v.lemma == "plaider" && len(f.toks) > 1 && f.toks[0].low == "non" && f.toks[1].low == "coupable" {
			f.kind, f.negative = statement.Denial, false
		}
		if f.negative && t.retorts(c) {
			f.kind, f.negative = statement.Denial, false
		}
		if c.v.lemma == "claim" && f.kind == statement.Assertion && boasts(f.toks) {
			f.kind = statement.Claim
		}
		inCharge := f.sp.Role == statement.Official || f.sp.Role == statement.Company || f.sp.Role == statement.AnonymousOfficial
		if f.kind == statement.Assertion && !f.negative && inCharge && (!f.direct && c.how == active && t.promises(c) || f.direct && promised(f.toks)) {
			f.kind = statement.Announcement
		}
		f.said, f.about = r.times(t, c)
		if c.nested && outer >= 0 {
			f.through = outer
		}
		r.out = append(r.out, f)
		if r.kept += len(f.toks); r.overfull() {
			return
		}
		if !c.nested {
			outer, outerCue = len(r.out)-1, c
		}
		if f.direct && f.sp.Role == statement.Outlet {
			r.within(t, c, p, pi, len(r.out)-1)
		} else if f.direct {
			r.denialsQuoted(t, c, f, p, pi)
		}
		if f.m != nil {
			f.m.fromSaid, f.m.sentence, f.m.subject = true, r.sentence, !c.nested
			r.mem.add(f.m)
		}
	}
}

// promised says whether quoted words say in their first sentence what will be done.
func promised(ts []tok) bool {
	for i := 0; i+1 < len(ts) && i < 18; i++ {
		switch ts[i].low {
		case ".", "!", "?", "if", "when", "si", "that", "who", "which", "que", "qui":
			return false
		case "will", "'ll":
			return deeds[ts[i+1].low]
		}
	}
	return false
}

// deeds are verbs of what those in charge do.
var deeds = words("work keep continue take make investigate look provide supply send launch hold open close restore repair meet respond support help build pay review consider ensure announce publish act appeal fight expose impose lift extend deploy withdraw increase invest conduct cooperate seek")

// struckBy are participles of what a group boasts of: "claims to have stolen".
var struckBy = words("stolen hacked breached attacked bombed killed carried shot sunk destroyed taken planted leaked infiltrated compromised downed obtained seized set")

// boasts says whether words are a deed that a group takes on itself: "to have stolen the
// files", "they breached the servers".
func boasts(ts []tok) bool {
	if len(ts) < 3 {
		return false
	}
	i := 0
	switch ts[0].low {
	case "to":
		return ts[1].low == "have" && struckBy[ts[2].low]
	case "that":
		i = 1
	}
	if w := ts[i].low; w != "they" && w != "it" && w != "he" && w != "she" {
		return false
	}
	i++
	if ts[i].low == "had" || ts[i].low == "have" {
		i++
	}
	return i < len(ts) && (struckBy[ts[i].low] || ts[i].low == "broke")
}

// noComment says whether words are a refusal to say anything.
func noComment(ts []tok) bool {
	return unableToComment(ts) || len(ts) <= 4 && len(ts) >= 2 && (ts[0].low == "no" && ts[1].low == "comment" || len(ts) > 2 && ts[0].low == "pas" && (ts[2].low == "commentaire" || ts[2].low == "commentaires"))
}

// toldBy says whether another cue tells what this one does.
func (t *sent) toldBy(c *cue) bool {
	for _, d := range t.cues {
		if d != c && d.how != noone && t.inContent(d, c.a) {
			return true
		}
	}
	return false
}

// promises says whether reported speech says what will be done: its main verb
// is to come. Whoever is in charge announces it by saying so.
func (t *sent) promises(c *cue) bool {
	k := c.content[0]
	for i := k[0]; i < k[1] && i < k[0]+16; i++ {
		if t.l.sub[t.low(i)] && i > k[0] || t.is(i, "if", "si", "not", "ne", "n'", "may", "might", "could") {
			return false
		}
		if t.is(i, "will", "would") && !t.is(i+1, "have", "not", "need", "take", "never") {
			return t.isWord(i + 1)
		}
		if t.l.code == "fr" && t.is(i, "sera", "seront", "serait", "seraient") {
			return t.isWord(i+1) && endsIn(t.low(i+1), "é", "ée", "és", "ées") || t.is(i+1, "mis", "mise", "remis")
		}
	}
	return false
}

// within reads what an outlet is quoted with: an agency's words are mostly
// somebody else's.
func (r *reader) within(t *sent, c *cue, p *para, pi, through int) {
	r.inQuoted(t, c, p, pi, through, func(in *sent, d *cue) bool {
		return in.headRole(d.subj[0], d.subj[1]) != "" && !in.documentIn(d.subj[0], d.subj[1])
	}, []string{r.out[through].sp.Label()})
}

// inQuoted reads what is told within the quotations of a cue, as far as keep says, as told by
// whoever is quoted; it gives how many statements there are.
func (r *reader) inQuoted(t *sent, c *cue, p *para, pi, through int, keep func(*sent, *cue) bool, outlets []string) int {
	n := 0
	for _, k := range c.content {
		if k[1]-k[0] != 1 || !t.isQuote(k[0]) {
			continue
		}
		q := &para{from: p.from, to: p.to, ts: slices.Clone(p.ts[t.s[k[0]].in0:t.s[k[0]].in1])}
		for _, st := range sentences(r.src.text, q, pi, r.l) {
			in := &sent{l: r.l, x: r.x, text: r.src.text, s: st.s, all: q.ts}
			in.mark(r.day)
			in.attribute()
			in.cites()
			in.cues = slices.DeleteFunc(in.cues, func(c *cue) bool {
				return c.pron || c.unnamed || !keep(in, c)
			})
			at := len(r.out)
			r.collect(in, q, pi)
			for _, f := range r.out[at:] {
				if f.through < 0 {
					f.through = through
				}
				f.outlets = append(slices.Clone(outlets), f.outlets...)
				n++
			}
		}
	}
	return n
}

// denialsQuoted reads what a French quotation tells that somebody else denies: « Le maire nie
// tout », dit Rose Kern. Who is quoted does not deny it.
func (r *reader) denialsQuoted(t *sent, c *cue, f *found, p *para, pi int) {
	if t.l.code != "fr" || f.lang != r.l || len(f.toks) > 120 || speaksFor(f.sp) || !slices.ContainsFunc(f.toks, func(k tok) bool {
		return anyForm(t.l.verbs[k.low], func(f form) bool { return f.v.kind == statement.Denial && (f.fin || f.part) })
	}) {
		return
	}
	kind := f.kind
	n := r.inQuoted(t, c, p, pi, len(r.out)-1, func(in *sent, d *cue) bool {
		return d.kind == statement.Denial && d.v.kind == statement.Denial && d.how == active && !d.nested && in.human(d.subj[0], d.subj[1])
	}, nil)
	if n > 0 && kind == statement.Denial && !t.l.first[f.toks[0].low] {
		f.kind, f.negative = statement.Assertion, false
	}
}

// speaksFor says whether somebody may well deny in the name of another: an office, an embassy,
// a company, a lawyer.
func speaksFor(sp statement.Speaker) bool {
	return sp.Role == statement.Official || sp.Role == statement.Company || sp.Role == statement.AnonymousOfficial || pleads(sp) || sp.For != ""
}

// unnamedSpeaker is who speaks where the text gives nobody.
const unnamedSpeaker = "unknown"

// who fills in the speaker of a cue.
func (r *reader) who(t *sent, c *cue, f *found, pi int) bool {
	a, b := c.subj[0], c.subj[1]
	if c.again {
		for k := len(r.out) - 1; k >= 0 && r.out[k].para >= pi-1; k-- {
			if g := r.out[k]; g.through < 0 && g.m != nil {
				f.sp, f.m, f.off, f.speaker = g.sp, g.m, g.off, slices.Clone(g.speaker)
				return true
			}
		}
		return false
	}
	if c.floor {
		return r.takesFloor(f, pi)
	}
	from, to := t.bounds(a, b)
	f.speaker = [][2]int{{from, to}}
	if c.pron {
		return r.whoByPronoun(t, c, f, pi)
	}
	if x, y := t.maker(a, b); x < y && t.documentHead(a, b) {
		a, b = x, y // "un communiqué de l'établissement"
		from, to = t.bounds(a, b)
		f.speaker = [][2]int{{from, to}}
	}
	f.sp, f.m = t.describe(a, b, c.appos, &r.mem, pi)
	if t.l.code == "en" {
		r.roleEN(t, c, f)
	} else {
		r.authored(t, f, a, b, c.how == noone)
	}
	r.remember(f.sp.Name, f.sp.Role)
	if t.l.poss[t.low(a)] || c.appos[1] > c.appos[0] && t.l.poss[t.low(c.appos[0])] {
		if old := r.mem.find(func(m *mention) bool {
			return m.fromSaid && m.para >= pi-1 && m.thing && !m.person && m.sp.Role != statement.Outlet
		}); old != nil {
			f.sp.For = old.sp.Label()
			if f.sp.Role == statement.Official && old.sp.Role == statement.Company || old.sp.Role == statement.Company && f.sp.Role == statement.Other && !f.m.thing {
				f.sp.Role = statement.Company
			}
			f.m.sp = f.sp
		}
	}
	return f.sp.As != "?"
}

// whoByPronoun fills in the speaker of a cue whose subject is a pronoun.
func (r *reader) whoByPronoun(t *sent, c *cue, f *found, pi int) bool {
	a, b := c.subj[0], c.subj[1]
	m := r.answers(t, c)
	if m == nil {
		m = r.itself(t, c, pi)
	}
	if c.written {
		if m = r.document.m; m == nil || r.document.sentence < r.sentence-2 {
			return false
		}
	}
	if m == nil {
		m = r.standsFor(t, c, pi)
	}
	if m == nil {
		f.sp = statement.Speaker{As: t.textOf(a, b), Role: statement.Other}
		f.m = &mention{sp: f.sp, person: true, thing: true, para: pi, plural: t.is(a, "ils", "elles", "they", "eux")}
		return true
	}
	f.sp = m.sp
	cp := *m
	cp.para = pi
	f.m = &cp
	if m.span.To > m.span.From {
		f.speaker = append(f.speaker, [2]int{int(m.span.From), int(m.span.To)})
	}
	return true
}

// strong says whether what a nested clause tells is surely somebody's saying.
func (t *sent) strong(c *cue) bool {
	if c.pron || c.v.has('l') || c.how == gerund {
		return false
	}
	a, b := c.subj[0], c.subj[1]
	if t.roleIn(a, b) != "" {
		return true
	}
	for i := a; i < b; i++ {
		if t.isWord(i) && t.s[i].cap && i > 0 {
			return true
		}
	}
	return false
}

// outletText is an outlet's name without the article and what describes it.
func (t *sent) outletText(a, b int) string {
	for a < b && t.l.det[t.low(a)] && !t.x.outlets[lower(t.textOf(a, b))] && !t.x.outlets[t.low(a)+" "+t.low(a+1)] {
		a++
	}
	return t.textOf(a, b)
}

// anonymity says whether a sentence says that somebody would not be named, or
// had no leave to speak.
func (t *sent) anonymity() bool {
	for i := range t.s {
		switch {
		case t.is(i, "anonymity", "anonymously", "anonymat", "anonymement"):
			return true
		case t.is(i, "named", "identified", "quoted", "nommé", "nommée", "nommés", "nommées", "cité", "citée", "cités", "citées", "identifié", "identifiée", "identifiés") && t.find(max(0, i-7), i, "not", "declined", "refused", "refuse", "pas", "refusé", "unwilling") >= 0 && t.find(max(0, i-3), i, "be", "être") >= 0:
			return true
		case t.is(i, "unnamed", "anonymous", "unidentified", "anonyme", "anonymes") && t.find(max(0, i-4), i, "stay", "remain", "be", "rester", "demeurer") >= 0:
			return true
		case t.is(i, "name", "names", "nom", "noms", "identity", "identité") && (t.is(i+1, "was", "were") && t.is(i+2, "withheld", "not") || t.find(max(0, i-5), i, "refused", "declined", "withheld", "refuse", "refusé", "donner", "without", "sans") >= 0 && t.find(max(0, i-5), i, "give", "giving", "using", "disclose", "donner", "révéler", "dévoiler") >= 0):
			return true
		case t.is(i, "background") && t.is(i-1, "on") && t.find(max(0, i-3), i, "speaking", "spoke") >= 0:
			return true
		case t.is(i, "authorised", "authorized", "autorisé", "autorisée", "autorisés", "habilité", "habilités") && t.find(max(0, i-5), i, "not", "pas", "n't", "wasn't", "weren't") >= 0 && t.find(i, min(len(t.s), i+5), "speak", "talk", "discuss", "comment", "parler", "s'exprimer", "exprimer", "commenter", "disclose") >= 0:
			return true
		case t.is(i, "record") && t.is(i-1, "the") && t.is(i-2, "off"):
			return true
		}
	}
	return false
}

// times resolves when something was said, and which time it speaks of.
func (r *reader) times(t *sent, c *cue) (said, about *moment.Interval) {
	var outside, inside [][2]int
	inside = c.content
	// Outside: its own clause without the content, and no other's content.
	free := func(i int) bool {
		for _, d := range t.cues {
			for _, k := range d.content {
				if i >= k[0] && i < k[1] {
					return false
				}
			}
		}
		return true
	}
	if c.how != noone {
		for _, w := range t.times {
			switch {
			case w.a >= c.said[0] && w.b <= c.said[1] && !w.since:
				outside = append(outside, [2]int{w.a, w.b})
			case free(w.a) && !w.since:
				outside = append(outside, [2]int{w.a, w.b})
			case c.nested && w.a >= min(c.subj[0], c.from) && w.b <= c.content[0][0]:
				outside = append(outside, [2]int{w.a, w.b})
			}
		}
		// Of several the one nearest to the verb.
		slices.SortStableFunc(outside, func(p, q [2]int) int { return abs(p[0]-c.a) - abs(q[0]-c.a) })
		if len(outside) > 0 {
			said = r.timeIn(t, t.times, outside[:1], false)
			if said != nil {
				said.Until = min(said.Until, r.published.Until)
				if said.Until <= said.From {
					said = nil
				}
			}
		}
	}
	var rest []when
	for _, w := range t.times {
		if len(outside) == 0 || w.a != outside[0][0] {
			rest = append(rest, w)
		}
	}
	return said, r.timeIn(t, rest, inside, true)
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

// timeIn is the first time in any of the ranges, as an interval.
func (r *reader) timeIn(t *sent, ws []when, ranges [][2]int, content bool) *moment.Interval {
	for _, w := range ws {
		for _, k := range ranges {
			if w.a < k[0] || w.a >= k[1] {
				continue
			}
			var in []*time.Location
			if content {
				in = zonesIn(t, k[0], k[1], nil)
			}
			if in == nil {
				in = zonesIn(t, 0, len(t.s), r.day.Location())
			}
			i := w.interval(r.day, in, content && t.future(k[0], k[1]))
			return &i
		}
	}
	return nil
}

// future says whether a clause speaks of what is to come.
func (t *sent) future(a, b int) bool {
	for i := a; i < b; i++ {
		w := t.low(i)
		if t.is(i, "will", "would", "shall", "won't", "tomorrow", "demain", "until", "prochain", "prochaine", "d'ici", "next", "sera", "seront", "serait", "seraient", "aura", "auront", "fera", "feront", "pourra", "ira") || t.l.code == "fr" && t.isWord(i) && !t.s[i].cap && endsIn(w, "era", "ira", "eront", "iront", "erait", "iraient", "eraient") {
			return true
		}
	}
	return false
}
