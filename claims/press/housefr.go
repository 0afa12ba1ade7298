package press

import "strings"

// A French text in which a body speaks of itself as "nous" though neither head nor foot
// calls it a release. Its heading names the body; the text below does without marks.

// spokenAs are verbs of "nous" by which a body does something by saying so, beside those
// that lists hold.
var spokenAs = words("suggérons regrettons déplorons protestons rappelons soulignons confirmons espérons souhaitons attendons saluons invitons insistons maintenons réaffirmons restons considérons estimons refusons présentons remercions réclamons tenons voulons")

// acting says whether "nous" at we does something by saying so, or tells what it has
// decided: "nous regrettons", "nous avons décidé".
func (t *sent) acting(we int) bool {
	k := we + 1
	for t.is(k, "ne", "n'", "le", "la", "les", "l'", "en", "y") {
		k++
	}
	if t.is(k, "avons") {
		return t.find(k+1, min(k+4, len(t.s)), "décidé", "demandé", "saisi", "porté", "déposé", "engagé", "choisi", "alerté", "interpellé") > 0
	}
	return spokenAs[t.low(k)] || endsIn(t.low(k), "ons") && t.ownKind(we, "") != ""
}

// houseFR gives the bytes of who says "nous" throughout a French text: at least two of its
// sentences do something by saying so, hardly anybody else is quoted, and its heading, its
// first sentence or its signature names a body.
func (r *reader) houseFR() (who [2]int, ok bool) {
	acts, others := 0, 0
	for i := range r.ps {
		p := &r.ps[i]
		s := r.src.text[p.from:p.to]
		if p.foreign != "" || !strings.Contains(s, "ous ") && !mayQuote(s) {
			continue
		}
		q := &para{from: p.from, to: p.to, ts: lex(r.src.text, p.from, p.to, nil)}
		r.lexed += len(q.ts)
		for _, st := range sentences(r.src.text, q, i, r.l) {
			t := &sent{l: r.l, x: r.x, text: r.src.text, s: st.s, all: q.ts}
			for k := range t.s {
				switch {
				case t.isQuote(k):
					others += b2i(t.s[k].in1-t.s[k].in0 > 5)
				case t.is(k, "nous") && (k == 0 || !t.l.prep[t.low(k-1)]):
					acts += b2i(t.acting(k))
				}
			}
		}
	}
	if acts < 2 || others*3 > acts {
		return
	}
	for i := 0; i < len(r.ps) && i < 4; i++ {
		if who, ok = r.bodyNamed(&r.ps[i], i, i == 0 || r.heading(&r.ps[i])); ok {
			return
		}
	}
	for i := len(r.ps) - 1; i > 3 && i >= len(r.ps)-3; i-- {
		if who, ok = r.bodyNamed(&r.ps[i], i, r.heading(&r.ps[i])); ok {
			return
		}
	}
	return who, false
}

// heading says whether a paragraph is short and ends in no stop.
func (r *reader) heading(p *para) bool {
	s := strings.TrimRight(r.src.text[p.from:p.to], " \u00a0\u202f*")
	return len(s) < 220 && s != "" && strings.IndexByte(".!?:;,", s[len(s)-1]) < 0
}

// collective are nouns of bodies that say "nous".
var collective = words("syndicat association collectif ligue union fédération confédération coordination comité amicale fondation mouvement parti ong conseil intersyndicale section société entreprise groupe régie compagnie bureau ordre chambre organisation réseau centre club institut coalition alliance direction équipe mutuelle coopérative guilde corporation rédaction observatoire front rassemblement forum")

// bodyNamed gives the bytes of the body that a heading names, or that is the subject of
// the first sentence below it.
func (r *reader) bodyNamed(p *para, pi int, head bool) (who [2]int, ok bool) {
	q := &para{from: p.from, to: p.to, ts: lex(r.src.text, p.from, p.to, nil)}
	for _, st := range sentences(r.src.text, q, pi, r.l) {
		t := &sent{l: r.l, x: r.x, text: r.src.text, s: st.s, all: q.ts}
		t.mark(r.day)
		t.parse()
		a, b := t.topic(0, len(t.s))
		if b > a && !t.collectiveAt(a, b) {
			b = a
		}
		for i := 0; head && i < len(t.s) && a >= b; i++ {
			if e := t.bodyEnd(i); e > i && t.collectiveAt(i, e) {
				a, b = i+b2i(t.is(i, "du", "des")), e
			}
		}
		if a < b {
			x, y := t.bounds(a, b)
			return [2]int{x, y}, y > x
		}
		if !head {
			return // the first sentence alone
		}
	}
	return
}

// bodyEnd gives the end of a phrase with a capital or an article that begins at i.
func (t *sent) bodyEnd(i int) int {
	if !t.isWord(i) || !t.s[i].cap && !t.l.det[t.low(i)] && !t.is(i-1, "de", "d'", "du", "des", "au", "aux") || t.is(i-1, "contre", "à", "sur") {
		return 0
	}
	e := i
	for e < len(t.s) && e < i+14 && t.isWord(e) && t.groupAt[e] < 0 && !t.is(e, "ne", "n'", "se", "s'") && !t.l.rel[t.low(e)] && !t.l.sub[t.low(e)] && (e == i || !t.l.prep[t.low(e)] || t.is(e, "de", "d'", "du", "des", "pour")) {
		e++
	}
	return e
}

// collectiveAt says whether a phrase has a body as its first noun: one that the list
// holds, with a name or what it is of behind it, or a company by its name alone.
func (t *sent) collectiveAt(a, b int) bool {
	k := a
	for k < b && (t.l.det[t.low(k)] || t.is(k, "de", "d'")) {
		k++
	}
	if k >= b {
		return false
	}
	if collective[t.low(k)] {
		return t.find(k+1, min(k+4, b), "de", "d'", "du", "des", "pour") > 0 || t.hasCap(k+1, b) || t.s[k].cap && k > 0
	}
	return t.s[k].cap && (k > 0 && t.is(k-1, "de", "d'") && b == k+1 && t.x.places[t.low(k)].code == "" && t.x.given[t.low(k)] == 0 && t.answerOf(k-1) || t.s[k].caps && runeLen(t.low(k)) > 1 && runeLen(t.low(k)) < 7 && b <= k+2)
}

// answerOf says whether "de" at i follows a noun of what is issued: "la réponse de Novatel".
func (t *sent) answerOf(i int) bool {
	return t.is(i-1, "réponse", "communiqué", "déclaration", "position", "message", "réaction", "point", "lettre", "appel", "excuses", "annonce")
}

// resolved says whether what "nous" at we say is that something will be done: "nous avons
// décidé de", "nous rouvrirons".
func (t *sent) resolved(we int) bool {
	k := we + 1
	for t.is(k, "leur", "lui", "le", "la", "les", "l'", "vous", "y", "en") {
		k++
	}
	if t.is(k, "avons") {
		return t.find(k+1, min(k+4, len(t.s)), "décidé", "choisi", "résolu") > 0
	}
	return endsIn(t.low(k), "erons", "irons", "drons", "trons") && !t.is(k, "rencontrons", "montrons", "démontrons", "espérons", "considérons", "admirons", "désirons", "tirons", "serons", "verrons", "entrons", "rentrons")
}
