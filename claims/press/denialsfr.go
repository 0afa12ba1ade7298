package press

import "constat/claims/statement"

// Denials in frames that are of French alone: whoever defends themselves, clefts, nouns
// that deny, claims that cannot be proved.

// pleaded are the words behind a verb that are all of what it says: "plaider non
// coupable", "clamer son innocence".
var pleaded = words("non_coupable son_innocence leur_innocence")

// pleads takes a verb of pleading with its words for what was said, whatever follows:
// "a clamé son innocence tout au long du procès".
func (t *sent) pleadsWhole(c *cue, hi int) bool {
	if t.l.code != "fr" || !pleaded[c.v.particle] {
		return false
	}
	a := c.b - 1
	if c.v.particle != "non_coupable" {
		a--
	} else {
		a = c.a
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

// inner states, perceptions and what befalls somebody: that these were not is an assertion
// and answers no charge. For example: "je n'avais pas réalisé", "nous n'avons jamais souffert".
var befalls = []string{"réalis", "souffer", "imagin", "ressent", "sent", "aim", "ador", "détest", "connu", "connai", "vécu", "viv", "entend", "appri", "oubli", "remarqu", "constat", "observ", "dout", "espér", "attend", "craint", "aperç", "hésit", "abandonn", "renonc", "quitt", "retrouv", "trouv", "obten", "dorm", "mang", "lu", "écout", "regard", "grandi", "crois", "os", "prév", "anticip", "assist", "progress", "parven", "arriv", "réuss", "échou", "pu", "profit", "bénéfici", "rêv", "envisag", "tromp", "regrett", "attein", "dépass", "amélior", "chang", "évolu", "chois", "mesur", "dimension", "appréci", "interess", "intéress", "vers", "march", "fonctionn", "gagn", "perd", "termin", "épargn", "soign", "guér", "marqu", "jou", "dispos", "bris", "baiss"}

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
	for k := i - 1; k > 0 && k > i-5 && !t.isMark(k); k-- {
		if t.is(k, "a", "ont", "avait", "avaient") {
			return t.is(k+1, "d'", "par", "de", "en", "quant", "à")
		}
	}
	return false
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
