package press

import "constat/claims/statement"

// invert finds a subject behind its verb: "said the minister", "a déclaré à la
// presse leur commandant". What was said must stand before.
func (t *sent) invert(c *cue) bool {
	k := c.b
	if t.l.code == "en" && (c.v.lemma == "tell" || t.l.have[t.low(c.a)] && t.is(c.a-1, ",") && !t.isQuote(c.a-2)) || k >= len(t.s) {
		return false
	}
	if t.l.code == "fr" && (c.v.kind == statement.Denial || t.pointsBack(c)) && t.is(c.a-1, "que", "qu'") && c.how == active {
		// "des accusations que réfute la société", "ce que dément l'intéressé"
	} else if c.a > 0 && !t.isQuote(c.a-1) && !t.is(c.a-1, ",", "–", ")") && !(t.isTime(c.a-1) || t.adverb(c.a-1)) && !t.headlineTail(c) {
		return false
	}
	for t.adverb(k) || t.isTime(k) {
		k++
	}
	if t.l.code == "fr" && t.is(k, ",") && t.is(k+1, "à", "au", "aux", "dans", "lors", "devant", "depuis", "en", "sur") {
		// "a dit hier, à Norville, l'ambassadeur Jan Vok"
		if e := t.find(k+1, min(k+9, len(t.s)), ","); e > k && !t.hasGroup(k+1, e) {
			k = e + 1
		}
	}
	if n := t.aside(k); n > 0 && !t.l.pron[t.low(k)] {
		k += n
	}
	if t.l.code == "fr" && (t.isQuote(c.a-1) || t.is(c.a-1, ",") && t.isQuote(c.a-2)) {
		k = t.pastMood(k)
	}
	if t.l.code == "fr" && t.is(k, "à", "au", "aux", "devant", "lors", "dans", "sur", "auprès", "en") {
		// whom it was said to, or where, before who said it
		k++
		for t.l.det[t.low(k)] || t.is(k, "de", "d'") {
			k++
		}
		k = t.pastAddressee(k)
		for t.l.prep[t.low(k)] && !t.is(k, "de", "d'", "du", "des") || t.aside(k) > 0 {
			// "a martelé à plusieurs reprises devant la presse la préfète"
			if n := t.aside(k); n > 0 {
				k += n
				continue
			}
			k++
			for t.l.det[t.low(k)] {
				k++
			}
			k = t.pastAddressee(k)
		}
		if t.is(k, ",") {
			k++
		}
	}
	if t.l.code == "en" && t.is(k, "him", "her", "them", "me", "us", "whether", "if", "why", "how") {
		return false // ", asked him about it": no inversion
	}
	if t.l.pron[t.low(k)] && t.l.code == "en" {
		if t.clauseAt(k) && !t.isQuote(c.a-1) {
			return false
		}
		c.subj, c.pron = [2]int{k, k + 1}, true
		c.inverted, c.end, c.from = true, k+1, c.a
		return true
	}
	a := k
	named := false
	for k < len(t.s) {
		w := t.low(k)
		switch {
		case t.isMark(k) && !t.is(k, "&", "/", "'", "’") || t.isQuote(k) || t.isTime(k) || t.l.sub[w] || t.finite(k):
			if t.is(k, ".") && k+1 < len(t.s) && t.s[k].from == t.s[k-1].to && (stopsNot[t.low(k-1)] || t.s[k-1].cap && runeLen(t.low(k-1)) == 1 && t.s[k+1].cap) {
				k++
				continue
			}
			goto done
		case t.l.code == "en" && t.l.prep[w] && w != "of" && w != "for" && w != "from" && w != "at" && w != "in":
			goto done
		case t.l.code == "en" && (w == "at" || w == "in" || w == "from" || w == "for") && (!(k+1 < len(t.s)) || k == a || !t.isWord(k+1) || !t.s[k+1].cap && !t.is(k+1, "the", "charge")):
			goto done
		case t.l.code == "en" && (w == "at" || w == "in") && named:
			goto done
		case t.l.code == "fr" && (w == "auprès" && !t.accredited(a, k) || w == "citant") && k > a:
			goto done
		case t.l.code == "fr" && t.l.prep[w] && w != "de" && w != "d'" && w != "du" && w != "des" && w != "en" && w != "à":
			goto done
		case t.l.code == "fr" && (w == "à" || w == "au" || w == "aux") && (t.outletNear(k+1) || w == "à" && k > a+1 && k+2 < len(t.s) && t.is(k+1, "la", "le", "l'") && t.s[k+2].cap && !t.s[k-1].cap):
			goto done
		case t.l.code == "fr" && (w == "à" || w == "au" || w == "aux") && !(t.isWord(k+1) && (t.s[k+1].cap || t.is(k+1, "l'") && t.is(k+2, "université", "école", "institut")) && !named):
			goto done
		case t.l.code == "fr" && w == "en" && !t.is(k+1, "chef", "poste", "charge", "relations", "sécurité", "droit"):
			goto done
		}
		named = named || t.s[k].cap && !t.l.spared[w] && t.x.places[w].code == ""
		k++
	}
done:
	a, e := t.core(a, k)
	if a >= e || t.l.first[t.low(a)] && !t.s[a].caps || t.l.code == "fr" && (t.infinitive(a) || t.is(a, "avoir")) {
		return false
	}
	if t.l.code == "en" && e < len(t.s) && t.groupAt[e] >= 0 && !t.isQuote(c.a-1) {
		return false // "said the message was": a clause
	}
	c.subj, c.inverted, c.end, c.from = [2]int{a, e}, true, e, c.a
	// ", chief scientist at Dane Research," belongs to it.
	if t.is(e, ",") {
		b := e + 1
		for b < len(t.s) && !t.isMark(b) && !t.isQuote(b) {
			b++
		}
		if b > e+1 && !t.beginsInsert(e+1, b) && t.phrase(e+1, b) && !t.speechIn(e+1, b) && !t.l.conj[t.low(e+1)] && (b >= len(t.s) || t.isMark(b)) {
			c.appos, c.end = [2]int{e + 1, b}, b
			if t.l.code == "en" && t.is(b, ",") && t.is(b+1, "a", "an", "the") {
				// "founder of Navalis, a maker of locks"
				x := b + 1
				for x < len(t.s) && !t.isMark(x) && !t.isQuote(x) && t.groupAt[x] < 0 {
					x++
				}
				if x >= len(t.s)-1 && (x >= len(t.s) || t.is(x, ".")) {
					c.end = x
				}
			}
		} else if b > e+1 && t.s[e+1].kind == number {
			c.end = b
		}
	}
	return t.speaker(c)
}
