package press

import (
	"slices"

	"constat/claims/statement"
)

// French attributions that need no list of verbs, or none of their own clause.

// asSaid gives where the speaker begins of a comparison that names who says the same, at i:
// "comme le souligne la maire", "comme l'a rappelé mardi le préfet", "ainsi que l'a fait
// remarquer Ida Morel"; 0: there is none.
func (t *sent) asSaid(i int) int {
	k := i + 1
	switch {
	case t.is(i, "comme"):
	case t.is(i, "ainsi") && t.is(k, "que"):
		k++
	default:
		return 0
	}
	if !t.is(k, "le", "l'") || i > 0 && !t.isMark(i-1) && !t.l.conj[t.low(i-1)] && !t.is(i-1, "que", "qu'", "car") {
		return 0
	}
	k = t.saidVerb(k + 1)
	if k == 0 {
		return 0
	}
	k = t.lightly(k)
	e := t.phraseEnd(k)
	if e <= k || t.l.pron[t.low(k)] || t.l.first[t.low(k)] || !(t.l.det[t.low(k)] || t.l.poss[t.low(k)] || t.s[k].cap || t.is(k, "bon", "plusieurs", "certains", "certaines", "nombre", "de")) {
		return 0
	}
	if t.find(k, e, "nom", "titre", "dicton", "proverbe", "adage", "tableau", "graphique", "image", "carte", "exemple", "cas") >= 0 || t.roleIn(k, e) == "" && !t.hasCap(k, e) && !t.s[k].caps {
		return 0
	}
	return k
}

// lightly passes adverbs and times behind k, one by one or as set phrases.
func (t *sent) lightly(k int) int {
	for k < len(t.s) {
		switch {
		case t.isTime(k), t.adverb(k), t.is(k, "également", "si", "bien", "très", "encore", "souvent", "aussi", "déjà", "lui-même", "elle-même", "récemment"):
			k++
		case t.is(k, "par") && t.is(k+1, "ailleurs", "exemple"), t.is(k, "à") && t.is(k+1, "raison"):
			k += 2
		case t.is(k, "à") && t.is(k+1, "juste") && t.is(k+2, "titre"):
			k += 3
		default:
			return k
		}
	}
	return k
}

// saidVerb passes a verb of saying at k, with its helper: "souligne", "a également rappelé",
// "avait fait remarquer"; 0: there is none.
func (t *sent) saidVerb(k int) int {
	aux := t.is(k, "a", "ont", "avait", "avaient")
	k = t.lightly(k + b2i(aux))
	if t.is(k, "fait", "font", "faisait", "faisaient") {
		if k = t.lightly(k + 1); t.is(k, "remarquer", "observer", "valoir", "savoir") {
			return k + 1
		}
		return 0
	}
	if !anyForm(t.l.verbs[t.low(k)], func(f form) bool {
		return f.v.particle == "" && (f.v.kind == statement.Assertion || f.v.kind == statement.Announcement) && f.v.has('c') && !f.v.has('l') && (aux && f.part || !aux && f.fin)
	}) {
		return 0
	}
	return k + 1
}

// saidWhere gives where the speaker at a ends before the place or the occasion: "comme l'écrit
// Ida Morel dans son livre", "le souligne Jan Holm sur X".
func (t *sent) saidWhere(a, e int) int {
	for k := a + 1; k < e; k++ {
		if t.is(k, "sur", "dans", "depuis", "lors", "devant", "auprès", "après", "avant", "-", "—") || t.is(k, "à") && t.is(k+1, "la", "l'") && t.is(k+2, "fin", "tribune", "télévision", "radio", "antenne", "occasion", "suite") || t.is(k, "en") && t.s[k-1].cap {
			return k
		}
	}
	return e
}

// without takes the cues of verbs in a range away: another holds them.
func (t *sent) without(a, b int) {
	t.cues = slices.DeleteFunc(t.cues, func(c *cue) bool { return c.at >= a && c.at < b && c.how != accord })
}

// strangers makes cues of verbs that no list holds where only an attribution can stand:
// behind a quotation, with a pronoun hung on or a subject behind: « … », renchérit-elle ;
// « … », a réprimandé le préfet ; « … » ont questionné les avocats.
func (t *sent) strangers() {
	if t.l.code != "fr" {
		return
	}
	for q := range t.s {
		if !t.isQuote(q) || q+2 >= len(t.s) {
			continue
		}
		j := q + 1
		if t.is(j, ",") {
			j++
		} else if !t.quoteClosesWith(q, '?') && !t.quoteClosesWith(q, '!') && !t.quoteClosesWith(q, ',') {
			continue
		}
		c := t.stranger(j)
		if n := t.s[q].in1 - t.s[q].in0; c == nil || n < 3 || n < 6 && q > 0 && !t.isMark(q-1) || t.l.prep[t.low(q-1)] && !t.isMark(q-1) || !t.s[c.b-1].inv && !t.s[min(c.a+1, len(t.s)-1)].inv && n < 4 {
			continue
		}
		if slices.ContainsFunc(t.cues, func(d *cue) bool { return d.a < c.b && d.b > j }) {
			continue
		}
		t.cues = append(t.cues, c)
	}
}

// stranger reads such a verb at j; nil: there is none.
func (t *sent) stranger(j int) *cue {
	k := j
	self := t.is(k, "s'", "se")
	if self {
		k++
	}
	aux := t.l.have[t.low(k)] && !self || self && t.l.be[t.low(k)]
	inv, ok := false, true
	if aux {
		k, inv, ok = t.hungOn(k + 1)
		k = t.lightly(k)
	}
	if !ok || !t.strangeWord(k, aux) {
		return nil
	}
	b := k + 1
	if !aux {
		b, inv, ok = t.hungOn(b)
	}
	if !ok || !inv && !t.subjectAt(b, aux || anyForm(t.l.common[t.low(k)], func(f form) bool { return f.fin })) {
		return nil
	}
	return &cue{a: j, b: b, at: k, how: active, v: &verb{lemma: "lancer", kind: statement.Assertion, flags: "q"}, kind: statement.Assertion}
}

// hungOn passes a pronoun of the third person hung on at k; ok is false for another.
func (t *sent) hungOn(k int) (end int, inv, ok bool) {
	for ; k < len(t.s) && t.s[k].inv; k++ {
		if !t.is(k, "il", "elle", "ils", "elles", "t") {
			return k, inv, false
		}
		inv = true
	}
	return k, inv, true
}

// strangeWord says whether the word at k may be a verb that is no helper and in no list of
// speech; behind a helper it must look like a participle.
func (t *sent) strangeWord(k int, aux bool) bool {
	w := t.low(k)
	if !t.isWord(k) || t.s[k].cap || runeLen(w) < 4 || t.l.be[w] || t.l.have[w] || t.l.modal[w] || t.l.prep[w] {
		return false
	}
	if aux {
		return endsIn(w, "é", "és", "ée", "ées", "i", "is", "it", "u", "us", "ert")
	}
	return t.l.verbs[w] == nil
}

// subjectAt says whether somebody stands at b, behind what is known as a verb.
func (t *sent) subjectAt(b int, known bool) bool {
	if !known || !t.l.det[t.low(b)] && !(t.isWord(b) && t.s[b].cap) {
		return false
	}
	e := t.phraseEnd(b)
	return t.roleIn(b, e) != "" || t.hasCap(b, e)
}

// pastMood passes what stands between commas behind an inverted verb, before its subject:
// "résume, dépité, Jan Holm", "tempère, pour sa part, le préfet".
func (t *sent) pastMood(k int) int {
	if !t.is(k, ",") {
		return k
	}
	e := t.find(k+1, min(k+8, len(t.s)), ",")
	if e <= k+1 || e+1 >= len(t.s) || t.hasGroup(k+1, e) || t.s[k+1].cap || !(t.l.det[t.low(e+1)] || t.s[e+1].cap) {
		return k
	}
	for i := k + 1; i < e; i++ {
		if t.isQuote(i) || t.isMark(i) || t.l.det[t.low(i)] && i == k+1 {
			return k
		}
	}
	return e + 1
}

// announcedBy gives where the words of a pronoun's attribution begin behind a colon, if the
// sentence in front is the reporter's and has the same subject: "Le maire a vivement réagi : ces
// feux sont criminels, a-t-il dit"; 0: there is none.
func (t *sent) announcedBy(c *cue, a, end int) int {
	if t.l.code != "fr" || !c.pron || !c.inverted {
		return 0
	}
	k := t.find(a, end, ":")
	if k < a+3 || k+2 >= end || !t.hasGroup(a, k) || !t.hasGroup(k+1, end) && !t.quoteAhead(k+1, end-k-1) || t.quoteAhead(a, k-a) {
		return 0
	}
	if x, y := t.topic(0, len(t.s)); y <= x || x < a || y > k {
		return 0
	}
	return k + 1
}

// orderedNot says whether what stands at i is an infinitive not to do something: "de ne pas
// fermer", "à ne rien garder": an order or a promise, which denies nothing.
func orderedNot(ts []tok) bool {
	i := b2i(len(ts) > 3 && (ts[0].low == "de" || ts[0].low == "à"))
	return len(ts) > 3 && (ts[i].low == "ne" || ts[i].low == "n'") && (ts[i+1].low == "pas" || ts[i+1].low == "rien" || ts[i+1].low == "plus" || ts[i+1].low == "jamais")
}
