package press

import "constat/claims/statement"

// What a French verb of speech tells, to its right.

func (t *sent) rightFR(c *cue, hi int) bool {
	v, k := c.v, t.skipAside(c.b, hi)
	if t.pleadsWhole(c, hi) || t.contrary(c) {
		return true
	}
	if k >= hi {
		return false
	}
	quoteAt := func(k int) bool {
		return t.isQuote(k) || t.is(k, ",", ":", "–") && t.isQuote(k+1)
	}
	if v.lemma == "chiffrer" && !t.counted(k, hi) {
		return false
	}
	if t.namesLie(v, k, hi) {
		c.kind = statement.Denial
		return t.right(c, k-b2i(v.lemma == "parler"), hi)
	}
	if t.likensTo(v, k, hi) {
		return t.right(c, k-b2i(v.has('Q')), hi)
	}
	if v.has('Q') {
		return t.rightQ(c, k, hi)
	}
	if quoteAt(k) && (v.has('c') || v.has('q') || v.has('i')) && !(v.has('o') && !v.has('c')) {
		return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
	}
	if v.has('q') && !v.has('c') {
		for q := k; q < hi && q < k+20; q++ {
			if t.is(q, ":") && t.isQuote(q+1) {
				t.relay(c, k, q)
				return t.quoteRight(c, q+1, hi)
			}
		}
		return false
	}
	if v.kind == statement.Question && (!(t.is(k, "si", "s'", "pourquoi", "comment", "où", "quand", "qui", "quel", "quelle", "quels", "quelles", "combien") || t.is(k, "ce") && t.is(k+1, "qui", "que", "qu'")) && !quoteAt(k)) {
		if q := t.findNear(k, 12, "si", "pourquoi", "comment", "quand", "quel", "quelle"); q > k && (t.is(k, "à", "au", "aux") || t.isMark(q-1)) {
			return t.right(c, q, hi)
		}
		return false
	} else if v.kind == statement.Question && !quoteAt(k) {
		return t.right(c, k, hi)
	}
	if v.has('c') && !(t.is(k, "ne", "n'") && (t.infinitiveNear(k) || t.is(k+1, "avoir", "être"))) {
		for q := k; q < hi && q < k+25; q++ {
			if t.namedOutlet(q) {
				continue // "a déclaré au journal « Le Quai » que"
			}
			if t.isQuote(q) {
				if in := t.inside(q, 1); len(in) > 0 && (in[0].low == "que" || in[0].low == "qu'") {
					t.relay(c, k, q)
					return t.quoteRight(c, q, hi) // "en indiquant au public « qu'elle … »"
				}
				if t.is(q-1, ":", ",") {
					t.relay(c, k, q)
					return t.quoteRight(c, q, hi)
				}
				if !t.is(q-1, "d'", "l'", "de", "la", "le") {
					break
				}
			}
			if t.is(q, ":") {
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			if t.is(q, ";") || q > k && t.is(q, "qui", "dont") && !t.is(q-1, ",", "ce") {
				break // "répond à Amnesty qui a affirmé que"
			}
			if t.is(q, "que", "qu'") && !(t.is(q-1, "ainsi") && q-1 > c.b) && !t.is(q-1, "alors", "tandis", "bien", "parce", "lors", "dès", "après", "avant", "tel", "telle", "autant", "même", "ce", "plus", "moins", "celui", "celle") {
				if v.kind == statement.Denial && t.is(q-1, ",") {
					break // "a démenti ces informations, qu'il qualifie de …"
				}
				if q > k && v.has('o') && !t.l.prep[t.low(k)] && !t.l.prep[t.low(c.b)] && !t.is(k, ",") && !t.isTime(k) {
					break // the object comes first; "que" is a relative's
				}
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			if q > k && (v.has('o') || v.has('i')) && t.finite(q) || v.kind == statement.Request && t.is(q, "de", "d'", "à") && t.infinitiveNear(q+1) {
				break
			}
		}
	}
	if q := t.tellsHow(v, k, hi); q > 0 {
		c.said = [2]int{c.b, q}
		return t.right(c, q, hi)
	}
	if q := t.toldTo(v, k, hi); q > 0 {
		c.said = [2]int{c.b, q}
		t.relay(c, k, q)
		return t.right(c, q, hi)
	}
	if v.has('i') || v.has('c') && v.kind == statement.Assertion {
		q := k
		for t.is(q, "ne", "n'", "pas", "plus", "guère", "y", "en", "se", "s'", "l'", "la", "le", "les", "lui", "leur", "rien", "jamais", "de", "d'", "tout") && q < hi {
			q++
		}
		if t.infinitive(q) || q > k && t.isQuote(q) && t.infinitiveIn(q) {
			return t.right(c, k, hi) // "a indiqué se « rabattre sur la radio »"
		}
	}
	if v.has('a') {
		if t.is(k, "à", "au", "aux") {
			return t.right(c, k, hi)
		}
		for q := k; q < hi && q < k+40; q++ {
			if t.is(q, "à", "au", "aux", "de", "d'") && q > k && (t.infinitiveNear(q+1) || t.isQuote(q+1)) {
				c.said = [2]int{c.b, q}
				if t.is(k, "sur", "dans", "lors", "via", "devant") {
					k = q // "appelant sur Europe 1 à"
				}
				return t.right(c, k, hi)
			}
			if t.is(q, "à", "au", "aux") && q > k && t.findNear(q+1, 3, "retenue", "calme", "vigilance", "prudence", "dialogue", "patience", "mobilisation", "grève", "unité", "responsabilité", "boycott", "démission", "désescalade", "apaisement", "solidarité") > q {
				return t.right(c, k, hi) // "a exhorté les parties à la retenue"
			}
			if e := t.nextComma(q + 1); t.is(q, ",") && e > 0 && (e < q+9 && t.beginsInsert(q+1, e) && !t.hasGroup(q+1, e) || e < q+20 && t.is(q+1, "qui", "dont", "lequel", "laquelle")) {
				q = e // "appellent la population, parmi laquelle les soldats, à se retourner"
				continue
			}
			if t.isQuote(q) || t.is(q, ",") {
				break
			}
		}
		return false
	}
	if v.has('d') {
		q := t.findDe(k, hi)
		if q >= 0 {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	if v.kind == statement.Condemnation && v.particle == "" && t.is(k, "que", "qu'") {
		c.said = [2]int{c.b, k}
		return t.right(c, k+1, hi) // "déplore que l'arbitre n'ait pas vu la faute"
	}
	if v.has('o') || v.particle != "" && v.kind == statement.Request {
		k = t.pastPlace(v, k, hi)
		if v.kind == statement.Denial && v.has('z') && (t.is(k, "sans", "dans", "auprès", "sur", "lors", "devant", "via", "par", "depuis", "avec", "malgré", "pour", "après", "avant") || t.is(k-1, "après", "avant")) {
			return false // "a démenti dans un message": the verb alone
		}
		if t.isMark(k) || !t.objectFits(v, k, hi) || t.suffers(v, k, hi) || t.onOffer(v, k, hi) || t.likens(c, k, hi) || t.endangers(v, k, hi) {
			return false
		}
		if oneOf(v.lemma, "imputer", "attribuer", "reprocher", "évaluer", "chiffrer") && t.is(k, "à", "au", "aux") {
			return t.right(c, k, hi)
		}
		if v.kind == statement.Threat && t.findNear(k, 16, "de", "d'") < 0 {
			return false
		}
		if v.kind == statement.Condemnation && !t.condemns(c, k, hi) || !v.has('i') && t.infinitive(k) || t.is(k, "en", "y") {
			return false
		}
		if (v.lemma == "ordonner" || v.lemma == "demander" || v.lemma == "réclamer") && t.find(k, min(hi, k+3), "arrestation", "détention", "incarcération") >= 0 {
			return false
		}
		if v.lemma == "accuser" && t.find(k, min(hi, k+3), "baisse", "recul", "perte", "pertes", "retard", "déficit", "coup", "réception", "hausse") >= 0 {
			return false
		}
		if v.kind == statement.Denial || v.kind == statement.Condemnation || v.kind == statement.Claim || v.kind == statement.Doubt {
			return t.phraseRight(c, k, hi)
		}
		if t.is(k, "par", "lors", "dans", "pour", "comme", "devant", "avec", "sur", "qui", "et") && v.particle == "" {
			return false
		}
		if t.is(k, "à", "au", "aux") && v.kind != statement.Request && v.lemma != "répondre" {
			return false
		}
		return t.right(c, k, hi)
	}
	return false
}

// condemns tells blame from what a court does: "a condamné le capitaine à deux
// ans de prison".
func (t *sent) condemns(c *cue, k, hi int) bool {
	if c.v.lemma != "condamner" && c.v.lemma != "condemn" {
		return true
	}
	if t.find(c.subj[0], c.subj[1], "tribunal", "cour", "court", "justice", "juge", "judge", "juges") >= 0 {
		return false
	}
	for q := k; q < hi && q < k+14; q++ {
		if t.is(q, "à", "to") && (q+1 < len(t.s) && t.s[q+1].kind == number || numbers[t.low(q+1)] > 0 || t.is(q+1, "mort", "death", "payer", "verser", "perpétuité", "life")) {
			return false
		}
	}
	return true
}

// infinitive guesses at an infinitive by its ending.
func (t *sent) infinitive(i int) bool {
	w := t.low(i)
	if endsIn(w, "re") && !anyForm(t.forms(i), func(f form) bool { return f.inf }) && w != "être" {
		return false // "la voiture"
	}
	return t.isWord(i) && !t.s[i].cap && (w == "être" || endsIn(w, "er", "ir", "re") || w == "dire" || w == "voir") && t.x.nouns[w].role == "" && w != "entre" && w != "autre" && w != "notre" && w != "hier" && w != "contre" && w != "ministre" && w != "février"
}

// infinitiveIn says whether a quotation begins with an infinitive.
func (t *sent) infinitiveIn(q int) bool {
	in := t.inside(q, 1)
	return len(in) > 0 && in[0].kind == word && endsIn(in[0].low, "er", "ir", "re")
}

func (t *sent) infinitiveNear(i int) bool {
	for k := i; k < i+5; k++ {
		if t.infinitive(k) {
			return true
		}
		if !t.is(k, "ne", "n'", "pas", "y", "en", "se", "s'", "l'", "la", "le", "les", "lui", "leur", "plus") {
			return false
		}
	}
	return false
}

// findDe looks for "de" with an infinitive, or with a noun phrase directly.
func (t *sent) findDe(k, hi int) int {
	for q := k; q < hi && q < k+25; q++ {
		if t.isQuote(q) || t.is(q, ";", ":") {
			return -1
		}
		if q > k && t.is(q, "de", "d'") && t.isQuote(q+1) && t.infinitiveIn(q+1) {
			return q
		}
		if t.is(q, "de", "d'") && t.infinitiveNear(q+1) || q == k && t.is(q, "de", "du", "des", "d'") {
			return q
		}
	}
	return -1
}
