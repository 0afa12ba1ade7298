package press

import (
	"strings"

	"constat/claims/statement"
)

// Denials in frames that are of French alone: whoever defends themselves, clefts, nouns
// that deny, claims that cannot be proved.

// pleaded are the words behind a verb that are all of what it says: "plaider non
// coupable", "clamer son innocence".
var pleaded = words("non_coupable son_innocence leur_innocence fin_aux_rumeurs fin_à_la_rumeur court_aux_rumeurs court_à_la_rumeur toute_responsabilité toute_accusation")

// pleadsWhole takes a verb of pleading with its words for what was said, whatever follows:
// "a clamé son innocence tout au long du procès".
func (t *sent) pleadsWhole(c *cue, hi int) bool {
	if t.l.code != "fr" || !pleaded[c.v.particle] {
		return false
	}
	a := c.a
	if c.v.particle == "son_innocence" || c.v.particle == "leur_innocence" {
		a = c.b - 2
	}
	c.content, c.said, c.whole = [][2]int{{a, c.b}}, [2]int{c.b, hi}, true
	return true
}

// defends says whether a verb is "s'en défendre", which denies what the sentence before
// says of somebody; a quotation behind it gives the words: "La maire s'en défend : « … »".
func (t *sent) defends(c *cue) bool {
	if t.l.code != "fr" || c.v.lemma != "défendre" || c.how != active {
		return false
	}
	for k := max(c.a-2, 0); k < c.at; k++ {
		if t.is(k, "en") && t.is(k-1, "s'", "se") {
			return true
		}
	}
	return false
}

// befalls are stems of inner states, perceptions and what happens to somebody: that these were not is an assertion
// and answers no charge. For example: "je n'avais pas réalisé", "nous n'avons jamais souffert".
var befalls = []string{"réalis", "souffer", "imagin", "ressent", "sent", "aim", "ador", "détest", "connu", "connai", "vécu", "viv", "entend", "appri", "oubli", "remarqu", "constat", "observ", "dout", "espér", "attend", "craint", "aperç", "hésit", "abandonn", "renonc", "quitt", "retrouv", "trouv", "obten", "dorm", "mang", "lu", "écout", "regard", "grandi", "crois", "os", "prév", "anticip", "assist", "progress", "parven", "arriv", "réuss", "échou", "pu", "profit", "bénéfici", "rêv", "envisag", "tromp", "regrett", "attein", "dépass", "amélior", "chang", "évolu", "chois", "mesur", "dimension", "appréci", "interess", "intéress", "vers", "march", "fonctionn", "gagn", "perd", "termin", "épargn", "soign", "guér", "marqu", "jou", "dispos", "bris", "baiss", "vot", "fum", "bu", "entraîn", "appren", "prépar", "rejoin", "rejoi", "emmen", "visit", "voyag", "étudi", "travaill"}

// befallen says whether a French participle is of what befalls somebody, or of what is felt
// or found out.
func befallen(w string) bool {
	if w == "sentencié" || w == "marchandé" || w == "versé" || w == "versée" || w == "versés" {
		return false
	}
	return anyStem(w, befalls) && endsIn(w, "é", "ée", "és", "ées", "i", "ie", "is", "ies", "u", "ue", "us", "ues", "ert", "erte", "erts", "ertes", "aint")
}

// stateOf says whether the negation at i is of a state or passive of the speaker's:
// "nous ne sommes pas traités avec respect".
func (t *sent) stateOf(i int) bool {
	if !t.is(i, "ne", "n'") {
		return false
	}
	k := i + 1
	for k < len(t.s) && (clitic[t.low(k)] || t.is(k, "y", "en")) {
		if t.is(k, "me", "m'", "se", "s'", "nous") {
			return false // "nous ne nous sommes pas rendus"
		}
		k++
	}
	if !t.is(k, "suis", "sommes", "étais", "étions") {
		return false
	}
	for k++; k < len(t.s) && (t.is(k, "pas", "jamais", "plus", "en", "rien", "aucunement", "nullement") || t.adverb(k)); k++ {
	}
	return !movedFR[t.low(k)] && !t.is(k, "au", "à", "pour") && !t.x.claims["claim"][t.low(k+1)]
}

// unproved says whether the word at i says that a charge cannot be shown: "l'accusation ne
// peut être établie", "les faits ne sont pas avérés".
func (t *sent) unproved(i int) bool {
	if t.l.code != "fr" || !t.is(i, "établi", "établie", "établis", "établies", "prouvé", "prouvée", "prouvés", "prouvées", "démontré", "démontrée", "démontrés", "démontrées", "avéré", "avérée", "avérés", "avérées", "étayé", "étayée", "étayés", "étayées", "retenu", "retenue", "retenus", "retenues", "constitué", "constituée", "caractérisé", "caractérisée", "recevable", "recevables", "crédible", "crédibles") {
		return false
	}
	if !t.negBefore(i, 6) {
		return false
	}
	for k := 0; k < i; k++ {
		if charges[t.low(k)] || t.is(k, "charge", "charges", "reproche", "reproches", "soupçons", "grief", "griefs", "faits", "infraction", "infractions") {
			return t.l.det[t.low(k-1)] || k == 0
		}
	}
	return false
}

// cleft says whether the "que" in front of a clause belongs to "c'est … que", so that the
// clause is the main one: "c'est pour cette raison que le liquidateur nie".
func (t *sent) cleft(k int) bool {
	if t.l.code != "fr" || !t.is(k, "que", "qu'") {
		return false
	}
	for i := k - 1; i > 0 && i > k-14 && !t.isMark(i) && !t.isQuote(i); i-- {
		if t.is(i, "est", "était", "sera") && t.is(i-1, "c'", "ce", "n'") {
			return t.l.prep[t.low(i+1)] || t.is(i+1, "ainsi", "donc", "alors", "aussi", "seulement", "pas") || t.isTime(i+1)
		}
		if t.groupAt[i] >= 0 {
			return false
		}
	}
	return false
}

// strangeOrder says whether "ajoute-t-il" at the verb has its own noun in front and a noun
// phrase for its object, so that nothing is told: "Ainsi le ministère ajoute-t-il une
// perle à sa collection".
func (t *sent) strangeOrder(c *cue) bool {
	if t.l.code != "fr" || !c.inverted || !c.pron || c.direct {
		return false
	}
	k := c.a - 1
	return t.isWord(k) && !t.isQuote(k) && (t.x.nouns[t.low(k)].role != "" || t.s[k].cap || k > 0 && t.l.det[t.low(k-1)]) && c.end < len(t.s) && t.l.det[t.low(c.end)] && statement.Kind(c.kind) == statement.Assertion
}

// hadBefore says whether a helper stands before a participle at i with an aside between them:
// "a d'ailleurs publié".
func (t *sent) hadBefore(i int) bool {
	return t.helperAfar(i) > 0
}

// helperAfar gives that helper's token; 0: there is none.
func (t *sent) helperAfar(i int) int {
	for k := i - 1; k > 0 && k > i-5 && !t.isMark(k); k-- {
		if t.is(k, "a", "ont", "avait", "avaient") && t.is(k+1, "d'", "par", "de", "en", "quant", "à") {
			return k
		}
	}
	return 0
}

// lies are nouns of falsity, which give a verdict only as a predicate or alone.
var lies = words("mensonge mensonges calomnie calomnies affabulation affabulations fable fables propagande intox désinformation manipulation manipulations fantasme fantasmes")

// groundlessQuote says whether the quotation at i calls what it names a charge without
// grounds: ce qu'elle appelle « des allégations sans fondement ».
func (t *sent) groundlessQuote(i int) bool {
	in := t.inside(i, 9)
	q := &sent{l: t.l, x: t.x, text: t.text, s: in}
	charge := false
	for k := range in {
		charge = charge || charges[in[k].low] || in[k].low == "campagne"
		if charge && (t.x.claims["false"][in[k].low] || t.x.claims["weak"][in[k].low] || q.is(k, "sans") && q.is(k+1, "preuve", "preuves", "fondement", "fondements", "base")) {
			return true
		}
	}
	return false
}

// answersBack says whether a denial in a relative clause within what somebody tells answers
// a claim by pointing at it, so that it is its subject's own: "appartenait à un marchand
// qui a démenti cette allégation".
func (t *sent) answersBack(c *cue) bool {
	if t.l.code != "fr" || c.kind != statement.Denial || c.pron || c.how != active || len(c.content) == 0 {
		return false
	}
	cl := t.clauseOf(c.at)
	k := c.content[0][0]
	return cl != nil && cl.kind == relativeClause && t.is(cl.a, "qui", "lequel", "laquelle") && (c.whole || t.is(k, "ces", "cette", "ce", "cet", "tout", "toute"))
}

// relativeBefore gives the relative clause that "et qui" joins: "le président, qui refuse et
// qui déclare"; nil: the clause stands alone.
func (t *sent) relativeBefore(cl *clause) *clause {
	if t.l.code != "fr" || !t.is(cl.a, "qui") || !t.is(cl.a-1, "et", "mais") {
		return nil
	}
	var q *clause
	for k := range t.clauses {
		if d := &t.clauses[k]; d.kind == relativeClause && d.a < cl.a-1 && t.is(d.a, "qui") && d.ante[1] > d.ante[0] {
			q = d
		}
	}
	return q
}

// calling are stems of verbs by which somebody calls something untrue.
var calling = []string{"jug", "estim", "trouv", "considér", "considèr", "qualifi", "dénonc", "tien", "rejet", "réfut", "démen", "ni", "dit", "appel", "parl", "jugeons", "accus", "stigmatis", "fustig", "condamn"}

// ascribed says whether a word of falsity at i merely describes a noun in front of it, so
// that nothing is called untrue: "la base fallacieuse et infondée des sanctions".
func (t *sent) ascribed(i int) bool {
	if i < 3 || t.beBefore(i, 8) || t.pointsBefore(i) || !endsIn(t.low(i), "é", "ée", "és", "ées", "eux", "euse", "euses", "er", "ers", "ère", "ères", "act", "acte", "acts", "actes") {
		return false
	}
	k := i - 1
	for k > 0 && (t.is(k, "et", "ou") || t.adverb(k) || t.x.claims["false"][t.low(k)] || t.x.claims["weak"][t.low(k)]) {
		k--
	}
	if !t.isWord(k) || t.l.det[t.low(k)] || t.l.prep[t.low(k)] || t.groupAt != nil && k < len(t.groupAt) && t.groupAt[k] >= 0 {
		return false
	}
	for j := 0; j < k; j++ {
		if anyStem(t.low(j), calling) {
			return false
		}
	}
	return t.l.det[t.low(k-1)] || t.l.det[t.low(k-2)]
}

// cutDenied ends what was denied before a remark of the reporter's or a saying of somebody's
// own: "nie avoir blessé sa femme, disant que …", "réfute les reproches de Morel, qui
// prétend que", "a nié qu'il était parti malgré l'annonce de son agent".
func (t *sent) cutDenied(c *cue) {
	if c.v.kind != statement.Denial || c.how == passive || c.left || c.direct || c.whole || len(c.content) != 1 {
		return
	}
	r := &c.content[0]
	for i := r[0] + 2; i+1 < r[1]; i++ {
		if t.isQuote(i) || t.is(i, ";") {
			return
		}
		if t.deniedUpTo(i, r[0]) {
			r[1] = i
			return
		}
	}
}

// deniedUpTo says whether a remark of the reporter's or another saying begins at i, behind
// what is denied from a on.
func (t *sent) deniedUpTo(i, a int) bool {
	if b := i + b2i(t.is(i, "tout")); t.is(b, "en") && t.tellsBy(b+1) {
		return true
	}
	switch {
	case t.is(i, ",") && t.is(i+1, "et"):
		return t.infinitiveNear(a) && t.isWord(i+2) && !t.l.det[t.low(i+2)] && !t.l.prep[t.low(i+2)] && !t.l.pron[t.low(i+2)] && !t.adverb(i+2) && !t.infinitive(i+2)
	case t.is(i, ","):
		return t.tellsBy(i + 1)
	case t.is(i, "qui"):
		return t.l.verbs[t.low(i+1)] != nil && t.findNear(i+2, 3, "que", "qu'") > 0 && !t.is(i-1, ",")
	}
	return t.is(i, "malgré")
}

// tellsBy says whether a participle of saying with its "que" begins at i.
func (t *sent) tellsBy(i int) bool {
	return t.isWord(i) && endsIn(t.low(i), "ant") && t.l.verbs[t.low(i)] != nil && t.findNear(i+1, 5, "que", "qu'") > 0
}

// wholeFR says whether what stands behind "de" in the phrase a … e only says of what its
// head is, so that a relative clause belongs to the head: "les professionnels de la santé
// qui affirment".
func (t *sent) wholeFR(a, e int) bool {
	if t.l.code != "fr" || !t.l.det[t.low(a)] || t.hasCap(a+1, e) {
		return false
	}
	k := t.findNear(a+1, e-a-1, "de", "du", "des", "d'")
	return k > a+1 && k < e-1 && t.roleIn(k+1, e) == "" && t.roleIn(a, k) == "" && endsIn(t.low(k-1), "s", "x") && t.is(a, "les", "des", "ces", "plusieurs", "certains", "quelques", "deux", "trois")
}

// pastAgent gives where whoever did something begins behind a passive or a participle, so
// that what was done to is no part of them: "un chiffre contesté par le ministère, qui".
func (t *sent) pastAgent(a, e int) int {
	if t.l.code != "fr" {
		return a
	}
	for k := e - 2; k > a; k-- {
		if t.is(k, "par") && t.isWord(k-1) && endsIn(t.low(k-1), "é", "ée", "és", "ées", "i", "ie", "is", "ies", "ue", "ues", "us", "te", "tes", "t") && (t.l.det[t.low(k+1)] || t.s[k+1].cap) {
			return k + 1
		}
	}
	return a
}

// noDenial are verbs by which nobody denies, whatever is negated or called untrue behind them:
// who fears not to be ready answers no charge, and who admits an error denies none.
var noDenial = words("craindre redouter regretter penser croire espérer supposer soupçonner reconnaître admettre avouer concéder confesser déplorer reprocher accuser")

// infinitiveDenied says whether "ne" at i at the head of what is told negates an infinitive of
// an act: "ne pas avoir reçu", not "ne pas pouvoir" or "n'avoir reçu que huit flacons".
func (t *sent) infinitiveDenied(i int) bool {
	k := i + 1
	pas := false
	for k < len(t.s) && k < i+6 && !t.infinitive(k) && !t.is(k, "avoir", "être") && !t.isQuote(k) {
		pas = pas || t.is(k, "pas", "jamais", "rien", "plus", "nullement", "aucunement")
		k++
	}
	if !t.infinitive(k) && !t.is(k, "avoir", "être") {
		return false
	}
	if t.is(k, "pouvoir", "vouloir", "devoir", "comprendre", "voir", "parvenir", "réussir", "souhaiter", "croire", "penser", "regretter", "craindre", "disposer") || t.is(k, "être") && t.is(k+1, "en", "sûr", "sûre", "certain", "certaine", "opposé", "opposée", "favorable", "satisfait", "satisfaite", "convaincu", "prêt", "prête", "inquiet", "inquiète", "surpris", "surprise") || t.is(k, "avoir") && (befallen(t.low(k+1)) || t.is(k+1, "besoin", "peur", "envie", "le", "les", "de") && !t.is(k+2, "lien", "liens", "rôle", "responsabilité")) {
		return false
	}
	for j := k + 1; j < len(t.s) && j < k+6 && !t.isMark(j); j++ {
		pas = pas || t.is(j, "pas", "aucun", "aucune", "rien", "jamais", "ni")
		if !pas && t.is(j, "que", "qu'") {
			return false
		}
	}
	return true
}

// touches says whether "rien à voir" at i is said of somebody or of a charge: "nous n'avons
// rien à voir", "cette décision n'a rien à voir"; a comparison is of anything: "vendre ici n'a
// rien à voir avec vendre là-bas".
func (t *sent) touches(i int) bool {
	for k := i - 1; k >= 0 && k > i-14 && !t.is(k, ".", ";", ":"); k-- {
		w := t.low(k)
		if t.l.first[w] || t.l.poss[w] || t.l.pron[w] || t.is(k, "ce", "cet", "cette", "ces", "cela", "ça", "c'") || t.isWord(k) && t.s[k].cap && (k > 0 && !t.l.prep[t.low(k-1)] || k == 0 && t.s[1].cap) || t.x.claims["claim"][w] || t.x.claims["event"][w] || t.x.claims["own"][w] || k < 3 && t.x.nouns[w].role != "" && t.l.det[t.low(k-1)] {
			return true
		}
	}
	return i < 3
}

// namedByClaim says whether a participle tells what a claim in front of it says, so that it is
// part of what is denied: "a démenti les informations faisant état de discriminations".
func (t *sent) namedByClaim(c *cue) bool {
	if t.l.code != "fr" || c.how != gerund || c.a < 2 || t.is(c.a, "en", "tout") || !t.x.claims["claim"][t.low(c.a-1)] || len(c.content) == 0 {
		return false
	}
	for _, d := range t.cues {
		if n := len(d.content); d != c && d.kind == statement.Denial && n > 0 && d.content[n-1][1] == c.a && !d.left {
			d.content[n-1][1] = c.content[len(c.content)-1][1]
			return true
		}
	}
	return false
}

// forPrincipal says whether who speaks does so for somebody, whom the negation at i is about by
// name, title or pronoun: « M. Steyn n'a jamais versé un centime », his lawyer says.
func (t *sent) forPrincipal(i int, sp statement.Speaker) bool {
	as := lower(sp.As)
	if i < 1 || i > 9 || !pleads(sp) && !strings.Contains(as, "porte-parole") && !strings.Contains(as, "entourage") && !strings.Contains(as, "famille") && !strings.Contains(as, "défense") {
		return false
	}
	return t.is(0, "m", "m.", "mme", "mr", "il", "elle", "ils", "elles") || t.isWord(0) && t.s[0].cap && !t.l.det[t.low(0)] && t.isWord(1) && t.s[1].cap || t.l.poss[t.low(0)] && t.is(1, "client", "cliente", "clients", "mari", "fils", "frère", "fille")
}
