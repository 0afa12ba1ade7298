package press

import "constat/claims/statement"

// negated are nouns whose absence denies: there is no evidence, no role.
var negated = words(`evidence proof proofs indication indications sign signs basis foundation role part involvement link links connection reason truth
	knowledge instruction instructions attack interference intention intent intrusion breach order orders responsibility confirmation record records trace such
	preuve preuves indice indices indication élément éléments rôle lien liens implication fondement raison vérité connaissance instruction instructions consigne
	attaque ingérence intention intrusion ordre responsabilité confirmation trace tel telle`)

// falsity are words by which something is called untrue.
var falsity = words(`false untrue baseless unfounded groundless fabricated fabrication fabrications lie lies nonsense absurd rubbish fiction slander smear bogus incorrect wrong
	inaccurate hoax ludicrous preposterous faux fausse fausses infondé infondée infondés infondées mensonge mensonges mensonger mensongère inventé inventée inventés absurde calomnie
	calomnies fantaisiste fantaisistes erroné erronée erronées inexact inexacte infox ridicule`)

// irregular are pasts and participles that do not end in -ed.
var irregular = words("cut lost had did gave took made went sent said been saw done told put shut broke ran knew got came left wrote spoke found felt held kept paid heard met sold built bought led fell hit stole stolen given taken seen known gone spoken written")

// wavering are words that find something unproven without denying it.
var wavering = words("flimsy unconvincing unconvinced inconclusive insufficient sceptical skeptical sceptique sceptiques dubitatif dubitative insuffisant insuffisante insuffisants insuffisantes doubtful douteux douteuse unproven perplexe")

// judge decides what the speaker does, from the verb and from what is said.
// The rules are in docs/reading.md: a denial says that something did not
// happen or is not so.
func (t *sent) judge(kind statement.Kind, ts []tok, l *language) statement.Kind {
	if kind != statement.Assertion && kind != statement.Announcement {
		return kind
	}
	q := &sent{l: l, x: t.x, text: t.text, s: ts}
	// Only the main clause of the first two sentences speaks.
	sentences, sub := 0, false
	depth := 0
	for i := 0; i < len(ts) && i < 80; i++ {
		w := q.low(i)
		if q.is(i, ".", "!", "?", ";") {
			sentences++
			sub = false
			if sentences == 2 {
				break
			}
			continue
		}
		if q.is(i, "(") {
			depth++
		}
		if q.is(i, ")") {
			depth--
		}
		if i > 2 && depth == 0 && (l.rel[w] && !q.is(i, "that") || q.is(i, "because", "if", "si", "parce", "puisque", "since", "unless", "while", "when", "quand", "lorsque", "que", "qu'", "without", "sans", "whether") && !q.is(i-1, "ne", "n'")) {
			sub = true
		}
		if q.is(i, ",") && sub && i+1 < len(ts) && (l.pron[q.low(i+1)] || l.first[q.low(i+1)] || q.is(i+1, "and", "but", "et", "mais")) {
			sub = false
		}
		if sub {
			if kind == statement.Assertion && q.is(i, "sans", "without") && q.denies(i) {
				return statement.Denial
			}
			continue
		}
		if kind == statement.Assertion && q.denies(i) {
			return statement.Denial
		}
	}
	if kind == statement.Assertion {
		for i := 0; i < len(ts) && i < 20; i++ {
			if wavering[q.low(i)] && !q.is(i-1, "not", "pas", "moins") {
				return statement.Doubt
			}
			if i > 2 && l.sub[q.low(i)] {
				break
			}
		}
	}
	if kind == statement.Assertion && q.asks() {
		return statement.Request
	}
	return kind
}

// denies says whether the token begins what makes a sentence deny.
func (t *sent) denies(i int) bool {
	w := t.low(i)
	if falsity[w] && !t.is(i-1, "not", "pas", "a", "the", "nothing") || falsity[w] && t.is(i-1, "a", "pure") && t.is(i, "lie", "fabrication", "hoax", "fiction", "smear") {
		if t.is(i, "wrong", "faux", "fausse", "false", "incorrect") && i+1 < len(t.s) && t.isWord(i+1) && t.is(i-1, "a", "the", "un", "de", "une", "des", "something", "went", "gone", "go") {
			return false
		}
		if t.is(i, "wrong") && t.is(i-1, "something", "went", "gone", "go", "what", "anything") {
			return false
		}
		return true
	}
	near := func(from, n int, ok func(int) bool) bool {
		for k := from; k < from+n && k < len(t.s); k++ {
			if t.isMark(k) && !t.is(k, ",") {
				return false
			}
			if ok(k) {
				return true
			}
			if k > from && (t.l.rel[t.low(k)] || t.is(k, "que", "qu'", "that")) {
				return false
			}
		}
		return false
	}
	if t.l.code == "en" {
		switch w {
		case "no":
			if t.is(i+1, "longer", "one", "matter", "doubt", "less", "more", "wonder", "choice") && !t.is(i+1, "one") {
				return false
			}
			if near(i+1, 4, func(k int) bool { return negated[t.low(k)] }) {
				return true
			}
			// "No vessel had anchored": the subject of a past verb.
			return near(i+1, 6, func(k int) bool {
				return t.is(k, "was", "were", "had", "has", "have") || k > i+1 && endsIn(t.low(k), "ed")
			}) && !near(i+1, 6, func(k int) bool { return t.l.modal[t.low(k)] && !t.is(k, "did", "to") })
		case "without":
			return t.is(i+1, "foundation", "basis", "merit", "substance") || t.is(i+1, "any") && t.is(i+2, "foundation", "basis", "merit", "substance")
		case "none", "nobody", "neither":
			return near(i+1, 5, func(k int) bool {
				return t.is(k, "was", "were", "had", "has", "have", "did") || k > i && (endsIn(t.low(k), "ed") || irregular[t.low(k)])
			}) && !near(i+1, 6, func(k int) bool { return t.is(k, "can", "could", "will", "would", "should", "may", "might") })
		case "nothing":
			return t.is(i+1, "to") && t.is(i+2, "do") || t.is(i+1, "of") && t.is(i+2, "the", "that") || near(i+1, 4, func(k int) bool { return t.is(k, "happened", "was", "were", "leaked", "true") })
		case "never":
			if t.is(i-1, "will", "would", "can", "could", "may") {
				return false
			}
			return near(i+1, 2, func(k int) bool { return endsIn(t.low(k), "ed", "en") || irregular[t.low(k)] })
		case "not", "didn't", "hasn't", "haven't", "hadn't", "wasn't", "weren't", "don't", "doesn't", "isn't", "aren't", "n't":
			if t.is(i-2, "or") || t.is(i+1, "only", "just", "yet", "until", "enough", "always", "necessarily") || t.is(i-1, "if", "whether", "or", "why", "to") {
				return false
			}
			if near(i+1, 5, func(k int) bool { return negated[t.low(k)] && !t.is(k, "such", "reason") }) {
				return true
			}
			if t.is(i+1, "true", "correct", "accurate", "responsible", "involved", "behind", "aware", "behind", "so", "case") || t.is(i+1, "the") && t.is(i+2, "case") || t.is(i+1, "a") && t.is(i+2, "hack", "cyberattack", "hacker") {
				return true
			}
			if w == "not" {
				if p := t.low(i - 1); p == "did" || p == "had" || p == "has" || p == "have" || p == "was" || p == "were" || p == "been" {
					return true
				}
				if t.is(i-1, "is", "are") && t.is(i-2, "it", "this", "that") {
					return true
				}
				return t.is(i-1, "do", "does", "am") && t.is(i+1, "know", "have")
			}
			return w == "didn't" || w == "hasn't" || w == "haven't" || w == "hadn't" || w == "wasn't" || w == "weren't" || w == "isn't" && t.is(i-1, "it", "this", "that", "there") || w == "don't" && t.is(i+1, "know", "have", "see") && t.is(i+1, "know")
		}
		return false
	}
	switch w {
	case "ne", "n'":
		if near(i+1, 2, func(k int) bool { return t.l.modal[t.low(k)] || endsIn(t.low(k), "ra", "ront", "rait", "raient") }) {
			return false
		}
		before := false
		for k := i - 1; k >= 0 && k > i-8; k-- {
			before = before || t.is(k, "aucun", "aucune", "rien", "personne", "nul", "nulle", "jamais")
			if t.isMark(k) {
				break
			}
		}
		if before {
			return true
		}
		neg := -1
		for k := i + 1; k < len(t.s) && k < i+9 && !t.is(k, ".", ";"); k++ {
			if t.is(k, "pas", "jamais", "aucun", "aucune", "rien", "nullement", "aucunement", "point", "nul", "ni", "plus") {
				neg = k
				break
			}
			if t.is(k, "que", "qu'") {
				return false
			}
		}
		if neg < 0 {
			return t.is(i+1, "être")
		}
		if t.is(i+1, "est", "était", "sont", "étaient") && t.is(neg+1, "derrière", "nous", "eux", "informé", "informés", "informée", "concerné", "concernés", "concernée", "mêlé", "mêlée", "mêlés") {
			return true
		}
		if t.is(neg, "aucun", "aucune", "nullement", "aucunement") || t.is(neg, "rien") && t.is(neg-1, "pour") {
			return true
		}
		if neg == i+1 && (t.is(i, "ne") || t.is(i, "n'")) { // an infinitive: "ne rien savoir", "ne pas avoir reçu"
			return true
		}
		if t.is(i+1, "être", "avoir") {
			return true
		}
		if near(i+1, 10, func(k int) bool { return k > neg && negated[t.low(k)] }) {
			return true
		}
		if t.is(neg+1, "vrai", "exact", "responsable", "responsables", "impliqué", "impliquée", "impliqués", "coupable", "cas", "au") || t.is(neg+1, "le") && t.is(neg+2, "cas") {
			return true
		}
		// a past: helper, negation, participle
		if t.l.have[t.low(i+1)] || t.l.be[t.low(i+1)] || t.is(i+1, "y") && t.l.have[t.low(i+2)] {
			past := t.is(i+1, "était", "étaient", "étions", "étais") && t.l.be[t.low(i+1)]
			return past || near(neg+1, 3, func(k int) bool {
				return endsIn(t.low(k), "é", "ée", "és", "ées", "uit", "rit", "nu", "nue") || t.is(k, "eu", "été", "fait", "dit", "vu", "su", "reçu", "pris", "mis", "lu", "joué")
			}) || t.is(i+1, "est") && t.is(i-1, "ce", "c'", "cela") || t.is(i+1, "y")
		}
		return t.is(i+1, "s'", "agit") && near(i+1, 3, func(k int) bool { return t.is(k, "agit", "agissait") }) || t.is(i-1, "ce") || t.is(i+1, "existe", "repose", "reposent", "sait", "savons", "sais", "dispose")
	case "pas":
		// "pas de preuves", spoken; "rien à voir"
		return i == 0 && t.is(i+1, "de", "d'") && negated[t.low(i+2)]
	case "rien":
		return t.is(i+1, "à") && t.is(i+2, "voir")
	case "sans", "dénué", "dénuée", "dénués", "dénuées":
		return t.is(i+1, "fondement") || t.is(i+1, "de", "tout", "aucun") && near(i+1, 4, func(k int) bool { return t.is(k, "fondement", "sens", "preuve", "preuves") })
	case "invention", "affabulation", "affabulations":
		return t.is(i-1, "pure", "une", "d'", "de") || t.is(i+1, "pure")
	case "aucun", "aucune":
		return i == 0 && negated[t.low(i+1)]
	}
	return false
}

// asks says whether an indirect sentence asks for something: what somebody
// should do.
func (t *sent) asks() bool {
	for i := 0; i < len(t.s) && i < 14; i++ {
		if t.l.sub[t.low(i)] && i > 0 {
			return false
		}
		if t.is(i, "should", "must", "doivent", "devraient", "devrait", "doit") && i > 0 && !t.is(i-1, "we", "they", "i", "nous", "je", "on") && !t.is(i+1, "avoir", "be", "être") && !(t.is(i+1, "have") && (endsIn(t.low(i+2), "ed", "en", "wn", "one") || t.is(i+2, "been", "done"))) {
			return true
		}
		if t.is(i, "faut") && t.is(i-1, "il") && !t.is(i+1, "dire", "reconnaître") {
			return true
		}
		if i == 0 && t.l.code == "fr" && t.is(i, "que") && !t.is(i+1, "ce") {
			return true // "Que la direction vienne s'expliquer !"
		}
	}
	return false
}
