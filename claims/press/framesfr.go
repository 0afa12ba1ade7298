package press

import "constat/claims/statement"

// Frames that are of French alone.

// admitted are nouns of what somebody admits; behind "un" and "des" their endings will do.
var admitted = words("geste gestes faille failles défaut défauts lacune lacunes bavure bavures dérapage dérapages maladresse maladresses retard retards faute fautes torts perte pertes dette dettes faiblesse faiblesses imprudence mensonge mensonges fuite fuites manque manques excès oubli oublis impuissance incident incidents bug bugs")

// admits says whether a verb of admitting has somebody's failing as its object at k, and
// no person or country that is recognised.
func (t *sent) admits(v *verb, k, hi int) bool {
	if t.l.code != "fr" || !oneOf(v.lemma, "reconnaître", "admettre", "avouer", "concéder") || !t.l.det[t.low(k)] {
		return false
	}
	for i := k + 1; i < hi && i < k+4; i++ {
		w := t.low(i)
		if t.l.prep[w] || t.isMark(i) {
			return false
		}
		if admitted[w] {
			return true
		}
		if t.is(k, "un", "une", "des", "certains", "certaines", "plusieurs", "quelques", "son", "sa", "ses", "leur", "leurs") && !t.s[i].cap && t.x.nouns[w].role == "" && endsIn(w, "tion", "tions", "age", "ances", "ences", "esse", "sion", "sions") {
			return true
		}
	}
	return false
}

// markedVerb reads a verb of blame or denial that stands alone in marks: "ont
// « condamné » les violences".
func (t *sent) markedVerb(i int, g group, in []tok) *cue {
	if t.l.code != "fr" || len(in) == 0 || int(t.s[i].in1-t.s[i].in0) > 3 || !t.l.have[t.low(g.head)] {
		return nil
	}
	last := in[len(in)-1]
	for _, f := range t.l.verbs[last.low] {
		if f.part && f.v.particle == "" && (f.v.kind == statement.Denial || f.v.kind == statement.Condemnation) {
			return &cue{a: g.a, b: i + 1, at: g.head, v: f.v, kind: f.v.kind, how: active}
		}
	}
	return nil
}

// fixedNouns are nouns of what bears words that nobody says: a title, a slogan.
var fixedNouns = words("titre titres sous-titre intitulé slogan slogans devise hashtag surnom nom noms thème sujet panneau inscription mention étiquette objet libellé phrase mot mots expression formule question image photo résultat verdict bilan conséquence exemple preuve objectif but mission règle principe consigne loi lois décret mesure mesures réforme projet sigle acronyme structure phénomène assertion assertions citation extrait clé clés leçon leçons mensonge raison cause problème solution question étape point points chiffre")

// bearsWords says whether the head of a phrase is such a noun.
func (t *sent) bearsWords(a, b int) bool {
	for i := a; i < b; i++ {
		if i > a && t.l.prep[t.low(i)] {
			return false
		}
		if fixedNouns[t.low(i)] {
			return true
		}
	}
	return false
}

// persists says whether words before a colon at i are a set phrase of who keeps to what
// follows: "n'en démord pas :", "persiste et signe :". It gives the verb's token.
func (t *sent) persists(i int) int {
	switch {
	case t.is(i-1, "pas") && t.is(i-2, "démord", "démordent", "démordait"):
		return i - 2
	case t.is(i-1, "signe", "signent") && t.is(i-2, "et") && t.is(i-3, "persiste", "persistent"):
		return i - 3
	}
	return 0
}

// saidSo takes the sentence before for what a relative clause points at: "C'est ce qu'il
// a déclaré samedi".
func (t *sent) saidSo(c *cue) bool {
	cl := t.clauseOf(c.at)
	if t.l.code != "fr" || cl == nil || c.how != active || !c.v.has('c') || !t.is(cl.a, "que", "qu'") || !t.is(cl.a-1, "ce") || cl.a > 5 {
		return false
	}
	if !t.pointsBack(c) || t.find(c.b, len(t.s), "que", "qu'", ":") >= 0 || t.quoteAhead(0, len(t.s)) {
		return false
	}
	c.before, c.left, c.content, c.said = true, true, [][2]int{{0, 1}}, [2]int{c.b, len(t.s)}
	return true
}

// pointsBack says whether a cue's clause hangs on "C'est ce que" or "Voilà ce que" at the
// head of the sentence.
func (t *sent) pointsBack(c *cue) bool {
	k := b2i(t.is(0, "et", "mais"))
	return t.is(k, "c'") && t.is(k+1, "est") && t.is(k+2, "ce") && c.a <= k+6 || t.is(k, "voilà") && t.is(k+1, "ce") && c.a <= k+5
}

// superlative says whether what stands behind a comma at i is the reporter's measure of
// what was told: ", dans l'offensive la plus large depuis deux ans".
func (t *sent) superlative(i int) bool {
	if t.l.code != "fr" || !t.is(i+1, "dans", "lors", "au") {
		return false
	}
	for k := i + 2; k < i+8 && k+1 < len(t.s); k++ {
		if t.is(k, "le", "la", "les") && t.is(k+1, "plus", "pire", "moins") {
			return true
		}
	}
	return false
}

// nickname says whether "dit" at k calls somebody so between commas: "le général Sadek,
// dit « le Lynx », assure".
func (t *sent) nickname(k int) bool {
	if !t.is(k, "dit", "dite", "dits", "dites") || !t.is(k-1, ",") || !t.isWord(k-2) || !t.s[k-2].cap && !t.is(k-2, ")") {
		return false
	}
	e := k + 1
	if t.isQuote(e) {
		e++
	} else {
		for e < len(t.s) && t.isWord(e) && (t.s[e].cap || t.l.det[t.low(e)]) {
			e++
		}
	}
	return e > k+1 && t.is(e, ",") && e+1 < len(t.s) && t.isWord(e+1) && !t.l.det[t.low(e+1)] && !t.s[e+1].cap
}

// toldUpTo gives what somebody tells that ends at token e.
func (t *sent) toldUpTo(e int) (int, int) {
	for _, d := range t.cues {
		if n := len(d.content); n > 0 && d.content[n-1][1] == e && !d.left {
			return d.content[n-1][0], e
		}
	}
	return 0, 0
}

// writtenIn reads "La panne est due à un orage, est-il précisé dans un communiqué de
// l'opérateur" at "est".
func (t *sent) writtenIn(i int) bool {
	if !t.is(i, "est", "était") || i < 3 || i+3 >= len(t.s) || !t.s[i+1].inv || !t.is(i+1, "il") || !written[t.low(i+2)] || !t.is(i-1, ",", "–") && !t.isQuote(i-1) {
		return false
	}
	k := i + 3
	for t.isTime(k) || t.adverb(k) {
		k++
	}
	if !t.is(k, "dans", "sur", "par", "chez", "à", "au", "auprès") {
		return false
	}
	a, b := t.core(k+1, t.phraseEnd(k+1))
	if a >= b {
		return false
	}
	end := i
	for end > 0 && t.is(end-1, ",", "–") {
		end--
	}
	c := &cue{a: i, b: i + 3, at: i, how: noone, v: &verb{kind: statement.Assertion, lemma: "préciser"}, kind: statement.Assertion, from: i, end: b, left: true, subj: [2]int{a, b}, content: [][2]int{{t.trimLead(0, end), end}}}
	c.direct = end == 1 && t.isQuote(0)
	t.cues = append(t.cues, c)
	return true
}

// toldTo finds where what was told begins behind whom it was told to, or how: "a déclaré
// au juge avoir payé", "expliquent comment la rançon fut versée"; 0: neither.
func (t *sent) toldTo(v *verb, k, hi int) int {
	if v.kind != statement.Assertion || v.particle != "" || !v.has('c') {
		return 0
	}
	if t.is(k, "comment", "pourquoi") && oneOf(v.lemma, "expliquer", "raconter", "révéler", "détailler", "rappeler", "relater", "préciser", "décrire") {
		return k
	}
	if !v.has('i') || !t.is(k, "à", "au", "aux", "devant", "dans", "sur", "lors", "par", "via") {
		return 0
	}
	for q := k + 1; q < hi && q < k+9 && (t.isWord(q) || t.isQuote(q)) && t.groupAt[q] < 0; q++ {
		if t.isQuote(q) {
			if t.infinitiveIn(q) || t.insideIs(q, "avoir", "être", "ne") {
				return q // "a déclaré dans un communiqué « avoir pris des mesures »"
			}
			break
		}
		if t.is(q, "avoir", "être", "vouloir", "pouvoir", "ne") && t.isWord(q-1) && !t.l.prep[t.low(q-1)] && (t.infinitiveNear(q) || t.is(q, "avoir")) {
			return q
		}
	}
	return 0
}

// pastPlace steps over where or before whom something was denied or admitted, if what it
// was follows: "a rejeté sur la chaîne toute idée de censure", "a reconnu devant la presse
// un manque". It gives k otherwise.
func (t *sent) pastPlace(v *verb, k, hi int) int {
	if !t.l.prep[t.low(k)] || v.particle != "" || v.kind == statement.Request {
		return k
	}
	for q := k + 2; q < hi && q < k+12 && (t.isWord(q) || t.s[q].kind == number) && t.groupAt[q] < 0; q++ {
		if p := t.low(q - 1); (t.l.det[t.low(q)] || t.is(q, "tout", "toute")) && !t.l.prep[t.low(q)] && !t.l.prep[p] && !t.l.det[p] && !t.l.poss[p] && (t.claimIn(q, min(hi, q+6)) && v.kind != statement.Assertion || t.admits(v, q, hi)) {
			return q
		}
	}
	return k
}

// dated says whether a time at e belongs to a participle in front of it, so that the
// phrase goes on: "le projet présenté mercredi par le ministre".
func (t *sent) dated(e, hi int) bool {
	if t.l.code != "fr" || e < 1 || !t.isWord(e-1) || !endsIn(t.low(e-1), "é", "ée", "és", "ées", "ue", "us", "ues", "ise", "ises") || t.l.have[t.low(e-2)] || t.l.be[t.low(e-2)] {
		return false
	}
	for e < hi && t.isTime(e) {
		e++
	}
	return e < hi && t.is(e, "par", "à", "dans", "sur", "contre", "en", "au", "aux", "de", "lors")
}

// forWhom reads "…, Anne Kerval, pour qui « le doute n'est plus permis »": what stands
// behind "pour qui" is the words of whom it hangs on.
func (t *sent) forWhom() {
	if t.l.code != "fr" {
		return
	}
	for i := 2; i+2 < len(t.s); i++ {
		if !t.is(i, "pour", "selon") || !t.is(i+1, "qui", "lequel", "laquelle", "lesquels", "lesquelles") || !t.is(i-1, ",") {
			continue
		}
		c := &cue{a: i, b: i + 2, at: i, how: accord, v: &verb{lemma: "selon", kind: statement.Assertion}, kind: statement.Assertion, from: i - 1, end: i + 2, said: [2]int{i, i + 2}}
		for _, d := range t.cues {
			if len(d.content) == 0 || d.how == noone {
				continue
			}
			if d.subj[1] == i-1 || d.appos[1] == i-1 {
				c.subj, c.appos, c.pron = d.subj, d.appos, d.pron
			}
		}
		if c.subj[1] == 0 {
			a := i - 1
			for a > 0 && a > i-10 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] {
				a--
			}
			if a, b := t.core(a, i-1); a < b && (t.roleIn(a, b) != "" || t.namesOnly(a, b)) {
				c.subj = [2]int{a, b}
			}
		}
		e := t.clauseEnd(i + 2)
		if c.subj[1] == 0 || e <= i+3 && !t.isQuote(i+2) {
			continue
		}
		c.content, c.direct = [][2]int{{i + 2, e}}, e == i+3 && t.isQuote(i+2)
		for _, d := range t.cues {
			for k := range d.content {
				if r := &d.content[k]; r[0] < i-1 && r[1] > i-1 {
					r[1] = i - 1
				}
			}
		}
		t.cues = append(t.cues, c)
		return
	}
}

// insideIs says whether the first word of the quotation at q is one of those given.
func (t *sent) insideIs(q int, w ...string) bool {
	in := t.inside(q, 1)
	return len(in) > 0 && oneOf(in[0].low, w...)
}

// ledBy are adjectives and the like between an article and a noun that is spelt as a verb:
// "une cyber attaque", "sa sixième visite".
var ledBy = words("cyber grande grand vaste nouvelle nouveau première premier dernière dernier violente violent longue long forte fort simple double autre énorme petite petit lourde vive même brève seconde deuxième prochaine prochain véritable large jeune vieille belle bonne mauvaise haute basse telle seule unique importante triple contre auto télé vidéo")

// nounLed says whether the word at k, spelt as a verb, is a noun behind an article and an
// adjective.
func (t *sent) nounLed(k int) bool {
	w := t.low(k - 1)
	if fs := t.l.verbs[t.low(k)]; fs != nil && !anyForm(fs, func(f form) bool { return f.v.has('n') }) {
		return false // "Un autre affirme"
	}
	return k > 1 && t.isWord(k-1) && (ledBy[w] || endsIn(w, "ième")) && (t.l.det[t.low(k-2)] || t.l.poss[t.low(k-2)] || t.is(k-2, "d'", "de", "du", "des", "au"))
}

// farQuote finds the quotation at the end of "qualifiant son rival, Omar Sadek, chef de
// l'armée, de « criminel »"; -1: there is none.
func (t *sent) farQuote(c *cue, k, hi int) int {
	if c.v.lemma == "describe" && c.how == active {
		for q := k; q < hi && q < k+45 && !t.is(q, ";", ":"); q++ {
			if t.isQuote(q) && (t.is(q-1, "as") || t.is(q-2, "as") && t.l.det[t.low(q-1)]) {
				return q
			}
		}
		return -1
	}
	if !oneOf(c.v.lemma, "qualifier", "traiter") {
		return -1
	}
	for q := k; q < hi && q < k+45 && !t.is(q, ";", ":"); q++ {
		if t.isQuote(q) && t.is(q-1, "de", "d'") {
			return q
		}
		if t.groupAt[q] >= 0 && q > k+16 {
			break
		}
	}
	return -1
}

// chargeStart ends the phrase a … e of an agent where the charge begins: "accusé par la Cour
// des comptes d'avoir tardé".
func (t *sent) chargeStart(a, e int) int {
	for i := a + 1; i < e && t.l.code == "fr"; i++ {
		if t.is(i, "de", "d'") && (t.infinitiveNear(i+1) || t.is(i+1, "avoir", "être")) {
			return i
		}
	}
	return e
}

// freshDet says whether a sentence begins at i though no mark stands before it, as behind a
// headline in the text: "dément toute coupure La présidence a démenti".
func (t *sent) freshDet(i int) bool {
	return t.l.code == "fr" && i+1 < len(t.s) && t.s[i].cap && t.is(i, "la", "le", "les", "l'", "une", "un", "des", "selon", "dans", "depuis") && t.isWord(i-1) && !t.s[i-1].cap && !t.l.prep[t.low(i-1)] && !t.l.det[t.low(i-1)] && !t.l.sub[t.low(i-1)] && !t.l.conj[t.low(i-1)] && t.isWord(i+1) && !t.s[i+1].cap
}

// takesClaims says whether a verb of denial has a pronoun in front for claims that the
// sentence names: "Ces accusations, le ministre les a balayées".
func (t *sent) takesClaims(c *cue) bool {
	if t.l.code != "fr" || c.v.kind != statement.Denial || c.v.particle != "" {
		return false
	}
	for k := max(c.a-1, 0); k < c.at; k++ {
		if t.is(k, "l'", "les", "la", "le") && !t.s[k].cap && (k+1 == c.at || t.groupAt[k+1] >= 0) {
			return t.claimIn(0, k) || t.is(c.b, "en") && t.is(c.b+1, "bloc") || t.find(max(c.a-1, 0), c.b+1, "fermement", "catégoriquement", "formellement", "vigoureusement", "vivement", "aussitôt") >= 0
		}
	}
	return false
}

// passiveFR reads "il a été annoncé que", "il est reproché".
func (t *sent) passiveFR(i, start int, f form) *cue {
	if !t.is(start-1, "il") && !(start < i && t.is(start, "il")) {
		return nil
	}
	for k := i + 1; k < len(t.s) && k < i+12 && !t.is(k, ",", ":"); k++ {
		if t.is(k, "que", "qu'") {
			return &cue{a: start, b: i + 1, v: f.v, how: noone, unnamed: true, written: written[t.low(i)], kind: f.v.kind, from: start - 1, content: [][2]int{{k + 1, t.clauseEnd(k + 1)}}, said: [2]int{i + 1, k}}
		}
	}
	return nil
}
