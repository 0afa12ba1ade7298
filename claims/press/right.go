package press

import (
	"strings"

	"constat/claims/statement"
)

// objectFits says whether the noun phrase at k may be what was denied, doubted,
// and so on: it must name a claim, or be told in marks.
func (t *sent) objectFits(v *verb, k, hi int) bool {
	if !v.has('k') {
		return true
	}
	if t.admits(v, k, hi) {
		return true
	}
	if t.is(k, "le") && t.is(k+1, "fait") && t.is(k+2, "que", "qu'") {
		return true // "conteste le fait que le pont ait cédé"
	}
	if v.lemma == "shoot" && !t.claimIn(k, min(k+5, hi)) {
		return false // "shot down a drone"
	}
	if t.l.code == "en" && t.is(k, "nothing") {
		return false // "denied nothing"
	}
	if v.lemma == "deny" && t.misdeed(k, hi) {
		return true
	}
	if t.l.code == "en" {
		q := k
		for t.adverb(q) || t.is(q, "ever") {
			q++
		}
		if t.isWord(q) && strings.HasSuffix(t.low(q), "ing") && len(t.low(q)) > 4 {
			return true
		}
	}
	for e, n := k, 0; e < hi && e < k+6 && t.isWord(e) && n == 0; e++ {
		if t.l.prep[t.low(e)] && e > k {
			w := t.low(e - 1)
			if v.kind == statement.Denial && v.lemma != "deny" && v.lemma != "nier" && wished[w] {
				return false // "rejected a demand for money following the attack"
			}
			if (v.lemma == "deny" || v.lemma == "démentir" || v.lemma == "nier") && t.is(e, "of", "de", "du", "des", "d'") && t.l.det[t.low(k)] && (endsIn(w, "ing", "tion", "sion", "ment", "age", "ture") || t.is(e-1, "sale", "theft", "murder", "vente", "vol", "meurtre", "achat")) {
				return true // "denied the opening of the dam"
			}
			n++
		}
	}
	e := k
	for e < hi && e < k+14 && !t.is(e, ",", ";", ".", ":") && !t.is(e, "following", "after", "amid", "during", "lors", "après") && (t.groupAt[e] < 0 || e == k) {
		if t.isQuote(e) {
			return true
		}
		e++
	}
	return t.claimIn(k, e) || t.is(k, "what") || t.is(k, "ce") && t.is(k+1, "que", "qu'") || t.is(k, "any", "all", "tout", "toute", "tous", "toutes") && v.has('z')
}

// outletLead reads an outlet's name that begins at k, article and all.
func (t *sent) outletLead(k, hi int) int {
	for e := min(hi, k+t.x.longest+1); e > k; e-- {
		if t.x.outlets[lower(t.textOf(k, e))] {
			return e
		}
	}
	return 0
}

// ownClause says whether a clause that the cue's verb takes begins at k: a
// subject and its verb, with no noun phrase as the object before.
func (t *sent) ownClause(c *cue, k, hi int) bool {
	for i := k; i < hi && i < k+14 && !t.isMark(i); i++ {
		if g := t.groupAt[i]; g >= 0 {
			cl := t.clauseOf(i)
			return cl != nil && cl.kind == contentClause && !t.l.sub[t.low(i-1)] && t.find(k, i, "that", "who", "which") < 0
		}
	}
	return false
}

// contentStart finds where the clause that was said begins behind circumstances:
// "said on Facebook he received a call".
func (t *sent) contentStart(c *cue, k, hi int) int {
	for i := k + 2; i < hi && i < k+12; i++ {
		if t.isMark(i) && !t.is(i, ",") || t.groupAt[i] >= 0 {
			return -1
		}
		w := t.low(i)
		if !(t.l.pron[w] || t.l.first[w] || w == "there" || t.l.det[w] && w != "all") || t.l.prep[t.low(i-1)] || t.l.det[t.low(i-1)] || t.is(i-1, "and", "or") {
			continue
		}
		for j := i + 1; j < hi && j < i+10 && !t.isMark(j); j++ {
			if t.groupAt[j] >= 0 {
				return i
			}
			if t.l.prep[t.low(j)] && j == i+1 {
				break
			}
		}
	}
	return -1
}

// clauseAhead says whether a clause of its own, with a verb, stands from k on.
func (t *sent) clauseAhead(k, hi int) bool {
	for i := k; i < hi && i < k+60; i++ {
		if t.isQuote(i) {
			return true
		}
		if t.groupAt[i] >= 0 {
			if c := t.clauseOf(i); c != nil && (c.kind == contentClause || c.kind == mainClause && c.a >= k && c.beside == 0 || c.kind == relativeClause && c.a < k) {
				return true
			}
		}
		if t.is(i, ";") {
			return false
		}
	}
	return false
}

// right puts the content at k … hi, less what belongs to the end.
func (t *sent) right(c *cue, k, hi int) bool {
	e := hi
	for i := k; i < hi; i++ {
		if t.l.code == "en" && t.is(i, "–") && t.closesDash(k, i) {
			continue
		}
		if t.is(i, ";") || i > k && (t.reporter(i, hi) || t.freshDet(i) || t.withholds(i) || t.afterClaim(c, i)) {
			e = i
			break
		}
	}
	// A verb of the clause that the cue's own hangs on ends it: "affirmant que le
	// pont « tiendra » a rassuré", "who claims to have … shared".
	if own := t.clauseOf(c.at); own != nil && (own.kind == relativeClause || c.how == gerund) {
		for i := k + 1; i < e; i++ {
			if g := t.groupAt[i]; g >= 0 && t.groups[g].a == i {
				if cl := t.clauseOf(i); cl != nil && cl.kind != contentClause && cl.a < min(own.a+1, c.a) && cl.group == int(g) && (!t.isMark(i-1) || t.l.code == "fr" && own.kind == relativeClause && t.is(i-1, ",")) {
					e = i
					break
				}
			}
		}
	}
	if own := t.clauseOf(c.at); t.l.code == "en" && own != nil && own.b > k && own.b < e && (t.is(own.b, ",") || t.is(own.b-1, ",")) && (own.kind == relativeClause || own.kind == timeClause && own.front && !t.is(own.a, "as") || own.kind == participle && c.how == gerund) && t.verbAfter(own) {
		e = own.b // "The judges who ruled that it could stay, for instance, said"
	}
	if t.l.code == "fr" && c.how == active && !c.left {
		for i := k + 2; i+3 < e; i++ {
			if t.is(i, ",") && t.is(i+1, "mais", "et") && t.standsAlone(c, k, i+2, e) {
				e = i
				break
			}
		}
		for i := k + 1; i+1 < e; i++ {
			if t.is(i, "et", "mais") && t.goesOn(c, i+1) {
				e = i
				break
			}
		}
	}
	for e > k && t.isMark(e-1) && !t.is(e-1, ")", "]", "%", "$", "€") {
		e--
	}
	for k < e && t.isMark(k) && !t.is(k, "(", "[", "$") {
		k++
	}
	if k >= e {
		return false
	}
	c.content = append(c.content, [2]int{k, e})
	if c.said == [2]int{} {
		c.said = [2]int{c.b, k}
	}
	// Direct only where the words are all in marks.
	c.direct = true
	for i := k; i < e; i++ {
		if !t.isQuote(i) {
			c.direct = false
		}
	}
	if c.direct && e-k > 1 {
		c.content = c.content[:len(c.content)-1]
		for i := k; i < e; i++ {
			c.content = append(c.content, [2]int{i, i + 1})
		}
	}
	return true
}

// goesOn says whether a verb of speech at i, behind "et", goes with the cue's own
// verb and not with what was told: see sameTense.
func (t *sent) goesOn(c *cue, i int) bool {
	g := t.groupAt[i]
	if g < 0 || t.groups[g].a != i || !t.groups[g].speech(t) {
		return false
	}
	cl := t.clauseOf(i)
	return cl != nil && cl.beside > 0 && cl.group == int(g) && cl.kind == contentClause && t.sameTense(c, cl)
}

// phrase takes a noun phrase at k for what was denied, condemned, claimed: it ends
// at a comma, at a clause of time and at the next verb.
func (t *sent) phraseRight(c *cue, k, hi int) bool {
	e := k + 1
	for e < hi {
		if q := t.pastTimeThat(e); q > 0 && c.v.kind == statement.Denial {
			return t.right(c, k, hi) // "the claim on Tuesday that"
		}
		if c.v.kind == statement.Denial && t.inChannel(e, hi) && !t.thatAhead(e, hi) {
			break
		}
		if x := t.listEnd(c.b, e, hi); x > e {
			e = x
			continue
		}
		if q := t.dashedAside(e, hi); q > e && t.is(q+1, "that") && c.v.kind == statement.Denial && t.claimIn(k, e) {
			c.content = append(c.content, [2]int{k, e})
			c.said = [2]int{c.b, k}
			return t.right(c, q+1, hi) // "dismissed suggestions – first made by a paper – that he had lied"
		}
		if t.is(e, ",", ";", ":", "–") || t.is(e, "comme") && !t.quoteAhead(e, 3) || t.isTime(e) && !t.timeOwns(e) && !t.l.prep[t.low(e-1)] && !(t.l.code == "en" && t.l.det[t.low(e-1)]) && !t.dated(e, hi) {
			break
		}
		if t.circumstanceAt(e) {
			break
		}
		if t.is(e, "that", "que", "qu'") && t.claimGoesOn(c, k, e) {
			// "denied reports that …": the whole clause
			return t.right(c, k, hi)
		}
		if t.is(e, "and", "et", "but", "mais") && t.groupAhead(e+1, 8) {
			break
		}
		e++
	}
	return t.right(c, k, e)
}

// circumstanceAt says whether a clause of time or condition, or what stands for one, begins at e.
func (t *sent) circumstanceAt(e int) bool {
	if cl := t.clauseOf(e); cl != nil && cl.a == e && (cl.kind == timeClause || cl.kind == beforeClause || cl.kind == conditionClause) {
		return true
	}
	return t.is(e, "lorsque", "lorsqu'", "quand", "when", "after", "while", "alors", "tandis", "après", "amid", "during", "lors", "pendant")
}

// reporter says whether what begins at i is the reporter's, behind what was told:
// a remark, a circumstance, another verb of the same subject.
func (t *sent) reporter(i, hi int) bool {
	switch {
	case t.is(i, ","):
		k := i + 1
		switch {
		case remarks[t.low(k)], t.is(k, "ce") && t.is(k+1, "que", "qu'"):
			return true
		case t.is(k, "while", "amid", "following", "whereas") || t.is(k, "as", "after") && t.clauseAfter(k) || t.is(k, "even") && t.is(k+1, "as", "though"):
			return true
		case t.is(k, "alors", "tandis") && t.is(k+1, "que", "qu'") || t.is(k, "même") && t.is(k+1, "si") || t.is(k, "bien") && t.is(k+1, "que", "qu'") || t.is(k, "après", "lors") || t.is(k, "sur") && t.is(k+1, "fond") || t.is(k, "sans") && t.infinitiveNear(k+1):
			return true
		case t.l.det[t.low(k)] && t.x.claims["claim"][t.low(k+1)] && t.is(k+2, "that", "which", "que", "qu'"):
			return true // ", a claim that experts dispute"
		case t.superlative(i), t.l.code == "fr" && t.is(k, "contrairement") && t.is(k+1, "à", "au", "aux"), t.is(k, "which", "something") && t.deniedSoon(k+1):
			return true // ", which Moscow denies"
		case t.is(k, "and", "but") && t.later(k+1, hi), t.is(k, "which", "who") && t.saysIn(k+1, hi):
			return true
		case t.is(k, "although", "though", "but") && (t.is(k+1, "it") && t.is(k+2, "is", "was", "remains", "remained") && t.find(k+3, min(k+6, hi), "clear", "unclear") > 0):
			return true
		case t.is(k, "and", "but") && t.is(k+1, "it") && t.is(k+2, "was", "is", "remains", "remained") && t.find(k, min(k+7, hi), "clear", "unclear") > 0:
			return true
		}
		// ", mais étudie des solutions": the subject of the outer verb
		if cl := t.clauseOf(k); cl != nil && cl.a == i && cl.kind == mainClause && cl.beside > 0 && cl.group >= 0 {
			return true
		}
	case t.is(i, "and", "but") && t.isQuote(i-1) && t.later(i+1, hi):
		return true // "untrue," and in September, it sued
	case t.is(i, "when") && t.is(i+1, "asked", "pressed", "questioned", "challenged"):
		return true
	case t.is(i, "but") && t.is(i+1, "has", "have") && t.perfectBefore(i) && t.find(max(0, i-30), i, "will", "would") > 0:
		return true // "has said he will reopen the road but has named no day"
	case t.is(i, "but") && t.is(i+1, "has", "have", "had") && (t.is(i+2, "not", "yet", "been", "so", "n't", "declined", "refused", "given", "offered", "provided") || t.is(i+2, "never")) && !t.is(i-1, ",") && t.perfectBefore(i):
		return true // "has said he will call a poll but has not set a date"
	case t.is(i, "–"):
		// A dash that nothing closes.
		return t.find(i+1, hi, "–") < 0 && !t.l.rel[t.low(i+1)]
	}
	return false
}

// remarks are participles by which a reporter comments on what was said.
var remarks = words("leading forcing drawing signalling signaling suggesting marking underscoring underlining raising prompting fuelling fueling echoing contradicting signalisant signalant marquant montrant suscitant laissant confirmant qualifiant traitant accusant dénonçant exhortant fustigeant saluant contredisant relançant provoquant visant pointant mettant renvoyant refusant rappelant évoquant ignoring referring pointing dashing sparking triggering paving ending stoking rebuking chiding scolding")

// quoteRight takes a quotation at k that is what was said; what follows it
// without a stop makes it a part of reported speech.
func (t *sent) quoteRight(c *cue, k, hi int) bool {
	if k+1 >= hi || t.isMark(k+1) || t.isQuote(k+1) {
		c.content = append(c.content, [2]int{k, k + 1})
		c.direct = true
		c.said = [2]int{c.b, k}
		for q := k + 1; q < hi && (t.isQuote(q) || t.isMark(q)); q++ {
			if t.isQuote(q) {
				c.content = append(c.content, [2]int{q, q + 1})
			}
		}
		return true
	}
	return t.right(c, k, hi)
}

// skipAside steps over times and adverbs, and over insertions between commas.
func (t *sent) skipAside(k, hi int) int {
	for k < hi {
		switch {
		case t.l.code == "fr" && t.aside(k) > 0 && !(t.isWord(k) && t.l.pron[t.low(k)]):
			k += t.aside(k)
		case t.l.code == "fr" && t.is(k, "en", "dès", "ce", "cette") && (t.isTime(k+1) || monthsFR[t.low(k+1)] || k+1 < hi && t.s[k+1].kind == number && !t.isTime(k)):
			k += 2 // "avait démenti en mars toute intrusion"
		case t.pastWhom(k, hi) > k:
			k = t.pastWhom(k, hi)
		case t.earlyNoun(k):
			return k // "said early analysis did not show"
		case t.isTime(k) && !t.timeOwns(k), t.adverb(k) && !t.is(k, "not", "never", "ne", "n'", "pas", "jamais"):
			k++
		case t.dashedAside(k, hi) > k && t.l.code == "en":
			k = t.dashedAside(k, hi) + 1 // "said – and he repeated it – that"
		case t.is(k, ","):
			e := k + 1
			for e < hi && !t.isMark(e) && !t.isQuote(e) {
				e++
			}
			if e < hi && t.is(e, ",") && e-k < 14 && t.beginsInsert(k+1, e) {
				k = e + 1
				continue
			}
			return k
		default:
			return k
		}
	}
	return k
}

// rightQ takes what somebody is said to call something, if a quotation or a word of
// falsity is in it; what follows behind a comma is the reporter's.
func (t *sent) rightQ(c *cue, k, hi int) bool {
	quoted := t.farQuote(c, k, hi)
	for q := k; quoted < 0 && q < hi && q < k+16; q++ {
		if t.isQuote(q) {
			quoted = q
			break
		}
		if t.is(q, ";", ":") || t.is(q, ",") && q > k+8 {
			break
		}
	}
	judged := t.judged(k, min(hi, k+14)) && !(t.l.code == "fr" && t.is(k, "que", "qu'"))
	if t.find(c.b, k+1, "itself", "themselves", "himself", "herself") >= 0 {
		return false // a name it gives itself
	}
	if quoted >= 0 {
		if in := t.inside(quoted, 1); len(in) > 0 && t.x.nouns[in[0].low].role == "source" {
			return false // "en évoquant une « source proche du dossier »"
		}
	}
	if c.v.lemma == "appeler" && t.findNear(c.b, 12, "à", "au", "aux") > 0 {
		return false
	}
	if quoted < 0 && !judged && !(c.v.lemma == "décrire" && t.findNear(k, 10, "comme") > k) && !t.describedAs(c, k) && !t.speaksOf(c, k) {
		return false
	}
	if judged {
		c.kind = statement.Denial
	}
	e := max(quoted, k)
	for e < hi && !t.is(e, ",", "–") {
		e++
	}
	for e+1 < hi && t.is(e, ",") && t.isQuote(e+1) {
		e += 2
		for e < hi && !t.is(e, ",", "–") {
			e++
		}
	}
	for q := max(quoted, k) + 1; q < e; q++ {
		if t.is(q, "et", "mais", "and", "but") && q+1 < len(t.s) && t.groupAt[q+1] >= 0 && t.groups[t.groupAt[q+1]].speech(t) {
			e = q
			break
		}
		if t.l.code == "fr" && t.is(q, "et") && quoted >= 0 && anyForm(t.forms(q+1), func(f form) bool { return f.part }) && q+2 < e && t.l.det[t.low(q+2)] {
			e = q // "a parlé d'un « acte délibéré » et convoqué l'ambassadeur"
			break
		}
		if t.isTime(q) && quoted >= 0 || t.is(q, "after", "during", "when", "lors", "après", "pendant", "avant") || t.is(q, "in", "dans", "sur", "at", "on", "devant") && quoted >= 0 {
			e = q
			break
		}
	}
	return t.right(c, k, e)
}

func (t *sent) rightEN(c *cue, hi int) bool {
	v, k := c.v, t.skipAside(c.b, hi)
	if v.kind == statement.Denial && t.is(k, "on", "in", "late", "early") && t.isTime(k+1) && !t.isTime(k) {
		k = t.skipAside(k+1, hi) // "denied on Sunday having paid"
	}
	if k >= hi || t.refusedThen(c) || t.ruling(c, k) || v.lemma == "post" && t.l.det[t.low(k)] && !t.is(k, "that") || v.lemma == "add" && t.is(k, "to") {
		return false
	}
	if q := t.pastTimes(c, k, hi); q > k {
		c.said = [2]int{c.b, q}
		return t.right(c, q+1, hi)
	}
	quoteAt := func(k int) bool {
		return t.isQuote(k) || t.is(k, ",", ":", "–") && t.isQuote(k+1)
	}
	if v.lemma == "warn" && t.findNear(k, 7, "against") > k {
		c.kind = statement.Request
		return t.right(c, k, hi)
	}
	if v.lemma == "claim" && v.particle == "" && c.how == active && t.claimsAttack(k, hi) {
		c.kind = statement.Claim // "claimed two of the attacks"
		return t.phraseRight(c, k, hi)
	}
	if v.has('Q') {
		return t.rightQ(c, k, hi)
	}
	if v.has('q') && !v.has('c') {
		if quoteAt(k) {
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		}
		// "shouted across the chamber: …"
		for q := k; q < hi && q < k+14; q++ {
			if t.is(q, ":") && t.isQuote(q+1) {
				return t.quoteRight(c, q+1, hi)
			}
		}
		return false
	}
	if v.lemma == "ask" && t.is(k, "about") && !t.quoteAhead(k, 8) {
		return false
	}
	if v.kind == statement.Question {
		if t.is(k, "whether", "if", "why", "how", "what", "when", "where", "who", "which") {
			return t.right(c, k, hi)
		}
		if quoteAt(k) {
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		}
		if q := t.findNear(k, 8, "whether", "why", "how", "what", "who"); q > k && !t.is(q-1, "about", "on", "of") {
			return t.right(c, q, hi)
		}
		return false
	}
	if v.has('r') && !t.is(k, "that") && !quoteAt(k) && !(t.l.prep[t.low(k)] && !t.isTime(k)) {
		// whom it was said to
		if v.kind == statement.Request {
			to := -1
			for q := k; q < hi && q < k+25; q++ {
				if (t.is(q, "to") && !(v.lemma == "direct" && (t.l.det[t.low(q+1)] || t.l.poss[t.low(q+1)])) || t.is(q, "that") || t.is(q, "for") && oneOf(v.lemma, "ask", "press", "beg", "implore")) && q > k {
					to = q
					break
				}
				if quoteAt(q) || t.is(q, "why", "whether", "how", "what", "if", "about", "when") {
					break
				}
			}
			if to >= 0 {
				c.said = [2]int{c.b, to}
				return t.right(c, k, hi)
			}
			if v.lemma == "urge" && urged[t.low(k)] {
				return t.phraseRight(c, k, hi)
			}
			if q := k; v.lemma != "ask" && !t.isMark(q) {
				return false
			}
		}
		r := k
		if x, y := t.outletAt(k + b2i(t.l.det[t.low(k)])); y > x {
			r = y
		} else if y := t.outletLead(k, hi); y > k {
			r = y
		}
		x, y := 0, 0
		if r > k {
			r, x, y = t.programme(k, r, hi)
		}
		switch {
		case r > k:
		case t.l.pron[t.low(k)] || t.l.first[t.low(k)] || t.is(k, "him", "her", "them", "reporters", "journalists", "parliament", "lawmakers", "investors", "staff"):
			r++
		default:
			if t.l.det[t.low(k)] {
				r++
			}
			for r < hi && t.isWord(r) && (r == k || !t.l.det[t.low(r)] && !t.l.pron[t.low(r)] && !t.l.prep[t.low(r)] || t.is(r, "of")) && !t.is(r, "that") && !t.isTime(r) && r < k+8 {
				r++
			}
		}
		if y > x {
			c.outlets = append(c.outlets, [2]int{x, y})
		} else if r > k && t.outletRange(k, r) {
			c.outlets = append(c.outlets, [2]int{k, r})
		}
		if r < hi && t.is(r, "briefing", "conference", "meeting", "hearing") && r > k {
			r++ // "told a press briefing that"
			c.outlets = nil
		}
		k = t.skipAside(r, hi)
		if k < hi && t.l.prep[t.low(k)] {
			if q := t.findThat(k, hi); q >= 0 {
				k = q
			}
		}
		switch {
		case t.is(k, "that"):
			c.said = [2]int{c.b, k}
			return t.right(c, k+1, hi)
		case quoteAt(k):
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		case t.isWord(k) && k > r-1 && k < hi && !t.l.prep[t.low(k)] && !t.is(k, "to", "about", "and", "of"):
			return t.right(c, k, hi)
		}
		return false
	}
	if quoteAt(k) && (v.has('c') || v.has('i')) {
		return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
	}
	if t.is(k, "that") && v.has('c') {
		return t.right(c, k+b2i(!t.thatNoun(v, k, hi) && !t.thatIs(k)), hi)
	}
	if t.is(k, "how", "why") && v.kind == statement.Assertion && oneOf(v.lemma, "explain", "recall", "reveal", "disclose", "recount", "relate") {
		return t.right(c, k, hi)
	}
	if t.is(k, "whether", "if") && (v.kind == statement.Doubt) {
		return t.right(c, k, hi)
	}
	if v.has('i') && v.kind == statement.Assertion && t.is(k, "not", "never") && t.is(k+1, "to") && t.is(k+2, "have", "be") {
		c.kind = statement.Denial // "claimed not to have stolen the barrels"
		return t.right(c, k, hi)
	}
	if v.has('i') && t.is(k, "to") && k+1 < hi {
		return t.right(c, k, hi)
	}
	if t.is(k, ":") && v.has('c') {
		return t.right(c, k+1, hi)
	}
	if t.l.prep[t.low(k)] && !t.isTime(k) && !(t.is(k, "as") && v.kind == statement.Denial) || t.is(k, ",") {
		if v.has('c') || v.has('i') {
			// Circumstances, then "that", or a quotation behind a comma.
			if q := t.findThat(k, hi); q >= 0 {
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			for q := k; q < hi && q < k+25; q++ {
				if t.is(q, ":", ",") && t.isQuote(q+1) && !t.is(k, ",") {
					t.relay(c, k, q)
					return t.quoteRight(c, q+1, hi)
				}
				if t.is(q, ":") && q+2 < hi {
					return t.right(c, q+1, hi)
				}
			}
		}
		if v.particle != "" && v.has('o') && !t.is(k, ",") || t.is(k, "against") && v.lemma == "advise" {
			return t.right(c, k, hi)
		}
		if v.kind == statement.Request && v.has('o') && (t.is(k, "for", "to") && (v.lemma == "appeal" || v.lemma == "ask" || v.lemma == "press")) {
			if v.lemma == "appeal" && t.pleases(k, hi) {
				return false
			}
			return t.right(c, k, hi)
		}
		if (v.has('b') || v.has('c')) && !t.is(k, ",") {
			// "said in Geneva the talks failed", "said on Facebook he received"
			if q := t.contentStart(c, k, hi); q > 0 {
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q, hi)
			}
		}
		if v.has('b') && t.is(k, "about", "at", "on", "in", "by", "no", "from", "after", "before", "since", "until", "over", "under", "within") && t.finiteIn(k+1, hi) {
			return t.right(c, k, hi)
		}
		return false
	}
	if t.isMark(k) {
		return false
	}
	if v.has('b') && k+1 < hi && !t.is(k, "and", "but", "as", "so", "to", "when", "while") && t.clauseAhead(k, t.relativeEnd(c, hi)) {
		return t.right(c, k, hi)
	}
	if t.plainSaying(v, k, hi) {
		return t.right(c, k, hi)
	}
	if v.has('o') && v.kind == statement.Denial && t.is(k, "as") {
		return t.right(c, k, hi) // "dismissed as fantasy reports that"
	}
	if v.has('c') && !v.has('b') && k+1 < hi && !unclaused[v.lemma] && (t.l.det[t.low(k)] || t.l.pron[t.low(k)] || t.s[k].cap || v.lemma == "deny" && t.isWord(k) && !t.l.prep[t.low(k)] && !endsIn(t.low(k), "ing")) && t.groupAt[c.at] >= 0 && t.groups[t.groupAt[c.at]].bare && t.ownClause(c, k, hi) {
		return t.right(c, k, hi) // "conceded the line was down", "denied he was driving"
	}
	if e := t.dismissedAs(c, k, hi); e > 0 {
		c.kind = statement.Assertion
		return t.right(c, k, e)
	}
	if (v.has('o') || v.particle != "") && !t.objectFits(v, k, hi) && !t.deniedThing(c, k, hi) || v.has('t') && t.find(k, min(hi, k+24), "to") < 0 || v.has('u') && !t.putsBlame(v, k, hi) {
		return false
	}
	if v.lemma == "report" && c.how == active && t.eventAt(c, k, hi) {
		return t.phraseRight(c, k, hi)
	}
	if v.particle != "" && v.has('o') && k < hi || v.has('o') && !t.is(k, "to", "as", "and", "but", "when", "if", "so", "how", "why") {
		if v.kind == statement.Request && v.has('r') && v.lemma == "ask" && t.is(k, "why", "whether", "how", "what", "about", "questions") {
			return false
		}
		if cl := t.clauseOf(c.at); v.kind == statement.Denial || v.kind == statement.Condemnation || v.kind == statement.Claim || v.kind == statement.Doubt || cl != nil && cl.kind == relativeClause {
			return t.phraseRight(c, k, hi)
		}
		return t.right(c, k, hi)
	}
	if v.has('i') && v.has('r') {
		if q := t.find(k, min(hi, k+20), "to"); q > k {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	if v.kind == statement.Request && v.has('i') && !v.has('r') {
		if q := t.find(k, min(hi, k+20), "to"); q > k {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	return false
}

func (t *sent) finiteIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.finite(i) || t.isWord(i) && endsIn(t.s[i].low, "ed") && t.groupAt[i] >= 0 {
			return true
		}
	}
	return false
}

// findThat looks for the "that" that opens what was said, past circumstances.
func (t *sent) findThat(k, hi int) int {
	for q := k; q < hi && q < k+30; q++ {
		if t.isQuote(q) || t.is(q, ":", ";") {
			return -1
		}
		if t.is(q, "that") {
			if t.l.code == "en" && q > k && t.is(q-1, "and", "but") && t.hasGroup(k, q) {
				return -1 // "informed him of the flood after it began and that …": of an outer verb
			}
			if q+1 < hi && t.finite(q+1) && q > k && !t.is(q-1, ",") {
				continue // "in a letter that was sent"
			}
			if t.l.code == "en" && t.is(k, ",") && t.l.conj[t.low(k+1)] && t.find(k+1, q, ",") < 0 {
				return -1 // "…, she says, but the council disregards that right"
			}
			return q
		}
	}
	return -1
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// monthsFR are months, which findTimes takes for a time only beside a day or a year.
var monthsFR = words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
