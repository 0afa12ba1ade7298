package press

import (
	"strings"

	"constat/claims/statement"
)

// accordContent takes the clause that "according to" is about: what follows
// at a sentence's beginning, else what stands before.
func (t *sent) accordContent(i int) bool {
	c := t.cues[i]
	first := true
	for k := 0; k < c.a; k++ {
		if !t.isMark(k) && !t.isTime(k) && !t.l.conj[t.low(k)] && !t.adverb(k) {
			first = false
		}
	}
	first = first || t.freshAccord(c.a) || t.butAccording(c)
	if t.l.code == "fr" && !first && t.is(0, "si", "lorsque", "quand", "puisque", "même", "bien") && t.is(c.a-1, ",") && t.find(0, c.a-1, ",") < 0 && t.is(c.end, ",") {
		first = true // "Si le pont tient, selon la préfète, il faudra le surveiller"
	}
	if !first && c.a <= 6 && t.is(c.a-1, ",") && t.find(0, c.a-1, ",") < 0 {
		first = true // "En effet, selon …"
		for k := 0; k < c.a; k++ {
			if t.finite(k) || t.isQuote(k) {
				first = false
			}
		}
		if c.a > 4 && !t.l.prep[t.low(0)] || t.l.code == "fr" && t.l.det[t.low(0)] && t.claimIn(1, c.a-1) {
			first = false
		}
	}
	front := [2]int{}
	if t.l.code == "fr" && !first && t.l.prep[t.low(0)] && c.a > 3 && c.a < 25 && t.is(c.a-1, ",") && t.is(c.end, ",") && !t.hasGroup(0, c.a) && !t.quoteAhead(0, c.a) && t.hasGroup(c.end+1, len(t.s)) && t.cues[0] == c {
		front, first = [2]int{0, c.a - 1}, true // "Avec dix ports par district, selon la préfète, la côte …"
	}
	if !first && t.l.code == "en" && t.is(c.a-1, "and", "but") && c.end < len(t.s) && t.isWord(c.end) && c.end == c.subj[1] && !t.s[c.end].cap && c.end+2 < len(t.s) {
		if _, y := t.nameBeforeVerb(c.subj[0], len(t.s)); y == c.end {
			return t.right(c, c.end, len(t.s)) // "and according to HarbourWire comes via a firm"
		}
	}
	if first {
		k := c.end
		if cl := t.clauseOf(k); t.l.code == "fr" && cl != nil && cl.kind == relativeClause && cl.a == k && t.is(cl.b, ",") {
			k = cl.b // "Selon la radio qui a révélé l'affaire, …"
		}
		// Insertions and a name in apposition, each between commas.
		for t.is(k, ",") {
			e := k + 1
			depth := 0
			for e < len(t.s) && !(t.is(e, ",") && depth == 0) {
				if t.is(e, "(") {
					depth++
				} else if t.is(e, ")") {
					depth--
				}
				e++
			}
			if e >= len(t.s) || e-k > 25 || t.listGoesOn(k, e) || t.l.code == "fr" && t.is(k+1, "des", "du", "de", "d'") && t.hasGroup(k+1, e) {
				break
			}
			if t.beginsInsert(k+1, e) && !t.l.pron[t.low(k+1)] && !t.isQuote(k+1) {
				if t.is(k+1, "who", "qui", "which") {
					// A clause of its own may hold a source: "qui cite …".
					if q := t.find(k+1, e, "cite", "cites", "quotes", "cited", "quoted"); q > 0 && q+1 < e {
						c.outlets = append(c.outlets, c.subj)
						a, b := t.core(q+1, e)
						c.subj, c.appos = [2]int{a, b}, [2]int{}
					}
				}
				k = e
				continue
			}
			if r := t.roleIn(k+1, e); t.phrase(k+1, e) && !t.hasGroup(k+1, e) && t.namesOnly(c.subj[0], c.subj[1]) && t.x.places[t.low(c.subj[0])].code == "" && c.subj[1]-c.subj[0] > 1 && (r == "official" || r == "expert" || r == "person" || r == "company") && c.appos == [2]int{} {
				c.appos = [2]int{k + 1, e}
				k = e
				continue
			}
			if t.l.code == "fr" && t.bareOffice(c, k+1, e) {
				c.appos = [2]int{k + 1, e}
				k = e
				continue
			}
			if t.l.code == "fr" && t.s[k+1].cap && t.otherThan(c, e) {
				break
			}
			if t.phrase(k+1, e) && t.s[k+1].cap && t.namesOnly(k+1, e) {
				c.appos = [2]int{k + 1, e}
				k = e
				continue
			}
			break
		}
		if t.is(k, ":") && t.isQuote(k+1) && k == c.end && t.is(c.a, "comme", "ainsi") {
			return t.right(c, k+1, len(t.s))
		}
		if !t.is(k, ",") && !t.isQuote(k) && k == c.end {
			// No comma: the phrase ended at a verb or not at all.
			return false
		}
		ok := t.right(c, k+b2i(t.is(k, ",")), len(t.s))
		if ok && front[1] > 0 {
			c.content, c.direct = append([][2]int{front}, c.content...), false
		}
		return ok
	}
	// Behind what it is about; said by somebody named there already, it is
	// the outlet's.
	start := 0
	for k := range t.clauses {
		if cl := &t.clauses[k]; cl.kind == mainClause && cl.a > start && cl.a < c.a-2 && t.is(cl.a, ",") && t.is(cl.a+1, "and", "but", "et", "mais") && cl.beside == 0 {
			start = cl.a
		}
	}
	for j := i - 1; j >= 0; j-- {
		d := t.cues[j]
		if len(d.content) > 0 && d.how != noone {
			if start > d.a && !d.left {
				// ", and by noon half had passed, according to": a sentence of its own
				for k := range d.content {
					d.content[k][1] = min(d.content[k][1], start)
				}
				continue
			}
			if t.outletRange(c.subj[0], c.subj[1]) || t.stateMedia(c.subj[0], c.subj[1]) {
				d.outlets = append(d.outlets, c.subj)
				for k := range d.content {
					if r := &d.content[k]; r[0] < c.a && r[1] > c.a {
						r[1] = c.a
						for r[1] > r[0] && t.isMark(r[1]-1) {
							r[1]--
						}
					}
				}
				if t.l.code == "fr" && t.is(c.a-1, ",") && t.endsAt(c.end) {
					d.limit = c.a - 1
				}
				return false
			}
			if d.content[len(d.content)-1][1] > c.a || !d.left {
				return false
			}
		}
	}
	if c.pron && !(t.is(c.a-1, ",", "–") && t.owner[c.a] == t.owner[0]) {
		return false // "des liens qui, selon elles, leur permettaient"
	}
	lo := 0
	for _, d := range t.cues[:i] {
		if d.how != noone && start > d.a {
			lo = start
		}
	}
	for _, d := range t.cues[:i] {
		if d.how != noone && !(start > d.a) {
			lo = max(lo, d.b)
			if d.inverted && d.left && t.l.code == "fr" {
				lo = max(lo, d.end)
			}
		}
	}
	// Within a clause of its own: "ce qui a pu permettre, d'après l'opposition".
	if cl := t.clauseOf(c.a - 2); cl != nil && cl.kind == relativeClause && t.is(cl.a-1, "ce") && t.is(cl.a-2, ",") {
		lo = max(lo, cl.a-1)
	}
	end := c.a
	for end > lo && (t.is(end-1, ",", "–", "appris", "apprend", "auprès") || t.s[end-1].inv || t.is(end-1, "a") && t.s[end].inv) {
		end-- // "…, a-t-on appris de source judiciaire"
	}
	if t.l.code == "fr" && end > lo+2 && t.is(end-1, "toujours", "encore") && t.is(end-2, ",") {
		end -= 2 // "L'objectif est, toujours d'après la régie, …"
	}
	a := t.trimLead(lo, end)
	if end-a < 1 || end-a < 3 && !t.isQuote(a) && !t.isQuote(end-1) {
		return false
	}
	if t.is(c.end, ",") {
		e := c.end + 1
		for e < len(t.s) && !t.isMark(e) && !t.isQuote(e) {
			e++
		}
		if e > c.end+1 && t.namesOnly(c.end+1, e) {
			c.appos = [2]int{c.end + 1, e}
			c.end = e
		}
	}
	c.left = true
	if end-a == 1 {
		c.direct = true
	}
	c.content = append(c.content, [2]int{a, end})
	if t.is(c.end, ":") && t.isQuote(c.end+1) {
		c.content = append(c.content, [2]int{c.end + 1, c.end + 2})
		return true
	}
	if !t.isMark(c.a-1) && t.l.prep[t.low(c.end)] && c.end+2 < len(t.s) {
		c.content = append(c.content, [2]int{c.end, t.clauseEnd(len(t.s))})
		return true
	}
	if t.is(c.end, ",") && !c.direct && (c.end+3 < len(t.s) || t.isQuote(c.end+1)) && !t.l.conj[t.low(c.end+1)] && (t.finite(end-1) || t.infinitive(end-1) || !t.beginsInsert(c.end+1, len(t.s)) && t.lowersOn(c.end+1)) {
		c.content = append(c.content, [2]int{c.end + 1, t.clauseEnd(len(t.s))})
	}
	return true
}

// bareOffice says whether a … e behind somebody's name is an office without an article: "Selon
// la pédiatre Ida Morel, titulaire de la chaire d'hygiène, le lait est sûr".
func (t *sent) bareOffice(c *cue, a, e int) bool {
	if c.appos != [2]int{} || !t.hasCap(c.subj[0]+1, c.subj[1]) || t.documentIn(c.subj[0], c.subj[1]) || e-a < 2 || !t.isWord(a) || t.s[a].cap || !t.phrase(a, e) || t.hasGroup(a, e) {
		return false
	}
	w := t.low(a)
	if t.l.det[w] || t.l.prep[w] || t.l.pron[w] || t.l.poss[w] || t.adverb(a) || endsIn(w, "ant") || t.find(a+1, e, "de", "d'", "du", "des", "à", "au", "chez", "en") < 0 {
		return false
	}
	return t.hasGroup(e+1, len(t.s)) || t.isQuote(e+1)
}

// otherThan says whether a name behind "selon …," that ends at e begins what is told: a body or
// a document has no name, and "Jan Holm, 33 ans, aurait" goes on as a subject does.
func (t *sent) otherThan(c *cue, e int) bool {
	a, b := c.subj[0], c.subj[1]
	r := t.roleIn(a, b)
	return t.documentIn(a, b) && r != "outlet" || r == "body" || t.s[e+1].kind == number && t.is(e+2, "ans")
}

// hasGroup says whether a verb group stands in a range.
func (t *sent) hasGroup(a, b int) bool {
	for i := a; i < b && i < len(t.s); i++ {
		if t.groupAt[i] >= 0 {
			return true
		}
	}
	return false
}

// lowersOn says whether what follows an insertion goes on with a verb.
func (t *sent) lowersOn(i int) bool {
	for k := i; k < i+3; k++ {
		if t.finite(k) {
			return true
		}
	}
	return false
}

// namesOnly says whether a phrase is a name: words with capitals and what
// binds them.
func (t *sent) namesOnly(a, b int) bool {
	n := 0
	for i := a; i < b; i++ {
		w := t.low(i)
		switch {
		case t.isWord(i) && t.s[i].cap:
			n++
		case strings.HasSuffix(w, "'") || t.is(i, "de", "du", "of", "von", "van", "al", "el", "la", "le", "ben", "bin", ".", "d'", "me", "m"):
		default:
			return false
		}
	}
	return n > 0
}

// according finds "according to", "selon", "d'après" and what follows.
func (t *sent) according() {
	for i := 0; i < len(t.s); i++ {
		var k int
		kind := statement.Assertion
		switch {
		case t.l.code == "en" && t.is(i, "according") && t.is(i+1, "to"):
			k = i + 2
		case t.l.code == "en" && t.is(i, "as") && t.is(i+1, "per") && i == 0:
			k = i + 2
		case t.l.code == "en" && t.is(i, "per") && i == 0 && i+1 < len(t.s) && t.s[i+1].cap:
			k = i + 1
		case t.l.code == "en" && t.is(i, "reportedly", "allegedly", "supposedly") && t.cueless() && (t.groupAt[i] >= 0 || i+1 < len(t.s) && t.groupAt[i+1] >= 0):
			t.hearsay(i)
			continue
		case i == 0 && (t.is(i, "à") && t.is(i+1, "ses", "leurs") && t.is(i+2, "yeux") || t.is(i, "in") && t.is(i+1, "his", "her", "their", "its") && t.is(i+2, "view", "opinion")):
			t.cues = append(t.cues, &cue{a: i, b: i + 1, how: accord, v: &verb{kind: kind, lemma: t.low(i)}, subj: [2]int{i + 1, i + 2}, end: i + 3, from: i, kind: kind, pron: true})
			i += 2
			continue
		case t.l.code == "fr" && t.is(i, "selon") && !t.is(i+1, "que", "qu'", "laquelle", "lequel", "lesquelles", "lesquels", "toute") && !t.variesBy(i) && !(t.l.poss[t.low(i+1)] && t.is(i+2, "dires", "propres", "mots", "termes")):
			k = i + 1
		case t.l.code == "fr" && t.is(i, "d'") && t.is(i+1, "après") && !t.is(i+2, "-"):
			k = i + 2
		case t.l.code == "fr" && t.is(i, "d'après"):
			k = i + 1
		case t.l.code == "fr" && t.is(i, "de") && t.is(i+1, "source", "sources") && !t.is(i+2, "d'", "de") && !manySources[t.low(i-1)]:
			k = i + 1
		case t.l.code == "fr" && i == 0 && t.is(i, "pour") && (t.pourName(i+1) || t.is(i+1, "lui", "elle", "eux", "elles") && t.is(i+2, ",")):
			k = i + 1
		case t.l.code == "fr" && t.pourBehind(i):
			k = i + 1
		case t.l.code == "fr" && t.viewOf(i) > 0:
			k = t.viewOf(i)
		case t.l.code == "fr" && t.asSaid(i) > 0:
			k = t.asSaid(i)
			t.without(i, k)
		case t.l.code == "fr" && t.is(i, "lit", "lisait") && i+1 < len(t.s) && t.s[i+1].inv && t.is(i+1, "on") && t.readHere(i):
			continue
		case t.l.code == "fr" && t.writtenIn(i):
			continue
		case t.l.code == "fr" && t.is(i, "lire") && i > 0 && (t.s[i-1].inv || t.is(i-1, "y")) && t.readHere(i):
			continue
		case t.l.code == "fr" && t.is(i, "aurait", "auraient") && t.cueless() && !t.question && !t.si(i) && !t.supposed(i):
			t.hearsay(i)
			continue
		default:
			continue
		}
		e := k
		for e < len(t.s) && !t.is(e, ",", ";", "–", ":", "(", ")") && !(t.is(e, ".") && !(e > k && (stopsNot[t.low(e-1)] || t.s[e-1].cap && runeLen(t.low(e-1)) == 1))) && !t.isQuote(e) && !(t.finite(e) && e > k) {
			e++
		}
		e = t.paperBehind(k, t.accordRelative(k, e))
		if t.l.code == "fr" && e > k+1 && (t.l.pron[t.low(k)] || t.is(k, "lui", "eux", "elles")) && !t.is(k+1, "et") {
			e = k + 1
		}
		if t.isQuote(e) && e > k && t.x.nouns[t.low(e-1)].role == "outlet" && t.s[e].in1-t.s[e].in0 < 7 {
			e++ // "selon le journal « Le Quai »"
		}
		if e == k || e-k > 25 {
			continue
		}
		if i > 0 && !t.isMark(i-1) && !t.isQuote(i-1) && t.l.code == "fr" {
			// "Il s'agirait selon le ministre Paul Serre d'un accident"
			for q := e - 2; q > k; q-- {
				if t.s[q].cap && t.l.prep[t.low(q+1)] && t.s[q-1].cap {
					e = q + 1
					break
				}
			}
		}
		if x, y := t.nameBeforeVerb(k, e); y > x && y < e && t.l.code == "en" {
			e = y // "according to HarbourWire comes via a firm"
		}
		end := e
		for e > k && (t.isTime(e-1) || t.isMark(e-1)) {
			e--
		}
		if !t.is(end, ",") {
			end = e
		}
		if t.l.code == "fr" && t.is(i, "comme", "ainsi") {
			e = t.saidWhere(k, e)
		}
		a, b := t.core(k, e)
		if b-a == 1 && i > 0 && (t.l.pron[t.low(a)] || t.is(a, "lui", "eux", "elles", "him", "her", "them")) && !t.isMark(i-1) && !t.isMark(b) && (!t.isQuote(i-1) || t.l.code == "fr" && b < len(t.s)) {
			continue // "touchant selon eux « les cours »"
		}
		if a >= b || t.dependsOn(a, b) || t.is(a, "plan", "plans", "moi", "me", "us") || t.l.code == "fr" && t.is(a, "nos", "notre", "mes", "mon", "nous", "vous") {
			continue
		}
		c := &cue{a: i, b: k, how: accord, v: &verb{kind: kind, lemma: t.low(i)}, subj: [2]int{a, b}, end: end, from: i, kind: kind}
		if b-a == 1 && (t.l.pron[t.low(a)] || t.is(a, "lui", "eux", "him", "her", "them")) {
			c.pron = true
		}
		t.cues = append(t.cues, c)
		i = e - 1
	}
}

// nameBeforeVerb gives the single name at k, if a word in small letters with the form of
// an English verb in -s follows it.
func (t *sent) nameBeforeVerb(k, e int) (int, int) {
	y := k
	for y < e && t.isWord(y) && t.s[y].cap {
		y++
	}
	if y == k || y+1 >= e || !t.isWord(y) || t.s[y].cap || !anyForm(t.forms(y), func(f form) bool { return f.fin }) && !t.is(y, "comes", "came", "is", "was", "has", "had", "belongs", "contains", "stems") {
		return 0, 0
	}
	return k, y
}

// viewOf reads phrases that mean "according to", and gives where whose view it is
// begins: "aux yeux de", "aux dires de", "de l'avis de", "de l'aveu même de", "à en
// croire", "si l'on en croit"; 0: there is none at i.
func (t *sent) viewOf(i int) int {
	k := 0
	switch {
	case t.is(i, "aux") && t.is(i+1, "yeux", "dires"):
		k = i + 2
	case t.is(i, "de") && t.is(i+1, "l'") && t.is(i+2, "avis", "aveu"):
		k = i + 3
		if t.is(k, "même", "général") {
			k++
		}
	case t.is(i, "à") && t.is(i+1, "en") && t.is(i+2, "croire"):
		return i + 3
	case t.is(i, "si") && t.is(i+1, "l'") && t.is(i+2, "on") && t.is(i+3, "en") && t.is(i+4, "croit"):
		return i + 5
	default:
		return 0
	}
	switch {
	case t.is(k, "de", "d'"):
		return k + 1
	case t.is(k, "du", "des"):
		return k + 1
	}
	return 0
}

// readHere reads "« … », peut-on lire dans le communiqué".
func (t *sent) readHere(i int) bool {
	k := i - 1
	for k > 0 && !t.isQuote(k) {
		if k--; k < i-6 {
			return false
		}
	}
	if !t.isQuote(k) {
		return false
	}
	if i+1 < len(t.s) && t.s[i+1].inv {
		i++
	}
	c := &cue{a: k + 1, b: i + 1, how: noone, v: &verb{kind: statement.Assertion, lemma: "lire"}, kind: statement.Assertion, from: k, unnamed: true, direct: true, left: true, content: [][2]int{{k, k + 1}}}
	for t.isTime(i + 1) {
		i++ // "lit-on lundi dans une tribune"
	}
	if t.is(i+1, "dans", "sur") {
		if a, b := t.core(i+2, t.phraseEnd(i+2)); a < b {
			c.subj, c.unnamed = [2]int{a, b}, false
		}
	}
	t.cues = append(t.cues, c)
	return true
}

// cueless says that no verb of speech was found in the sentence.
func (t *sent) cueless() bool { return len(t.cues) == 0 }

// si says whether a conditional depends on a condition: then it is no hearsay.
func (t *sent) si(i int) bool {
	for k := range t.s {
		if t.is(k, "si", "s'") && (k == 0 || !t.is(k+1, "est", "était")) && !t.is(k-1, "même") || t.is(k, "sans") && k < i {
			return true
		}
	}
	return t.l.first[t.low(i-1)] || t.is(i-1, "on")
}

// pourName says whether "pour" at a sentence's head names whose view follows.
func (t *sent) pourName(k int) bool {
	if t.is(k, "sa", "leur", "son") && t.is(k+1, "défense", "part", "sécurité", "compte") {
		return false
	}
	role, name := false, false
	for ; k < len(t.s) && !t.isMark(k); k++ {
		if t.l.rel[t.low(k)] {
			return role && !name && t.pourWho(k)
		}
		if t.groupAt[k] >= 0 || t.isTime(k) || t.infinitive(k) || t.is(k, "partie", "plupart", "majorité", "ensemble", "fois", "saison", "raison", "raisons", "cause") {
			return false
		}
		r := t.x.nouns[t.low(k)].role
		role = role || r == "expert" || r == "official" || r == "person" || r == "body" || r == "company" || r == "other" && k > 1
		if t.s[k].cap {
			name = true
			if t.x.places[t.low(k)].code == "" && t.isWord(k+1) && t.s[k+1].cap {
				role = true
			}
		}
	}
	if !t.is(k, ",") {
		return false
	}
	if role {
		return true
	}
	if name {
		// "Pour la Zembla, ces reproches sont sans fondement."
		for i := k; i < len(t.s) && i < k+25; i++ {
			if t.x.claims["claim"][t.low(i)] || t.untrue(i) {
				return true
			}
		}
	}
	return false
}

// hearsay makes the sentence's clause a statement of nobody named.
func (t *sent) hearsay(i int) {
	a := t.clauseStart(i)
	e := i
	for e < len(t.s) && !t.is(e, ";") && !(t.is(e, ",") && t.is(e+1, "and", "but", "et", "mais") && !(t.l.code == "en" && t.is(e+1, "and") && e > i && !t.hasGroup(e+1, len(t.s)))) {
		e++
	}
	for e > a && t.isMark(e-1) {
		e--
	}
	t.cues = append(t.cues, &cue{a: i, b: i + 1, how: noone, unnamed: true, kind: statement.Assertion, v: &verb{kind: statement.Assertion, lemma: t.low(i)}, content: [][2]int{{a, e}}, from: a})
}
