package press

import (
	"strings"

	"constat/claims/statement"
)

// What French news articles showed: circumstances between a verb and what it tells,
// words of falsity that judge nothing, clauses in which somebody breaks in.

// pastWhom gives where the phrase of whom a French verb was said to ends at k: "auprès
// du journal"; k if there is none.
func (t *sent) pastWhom(k, hi int) int {
	if t.l.code != "fr" || !t.is(k, "auprès") || !t.is(k+1, "de", "du", "des", "d'") {
		return k
	}
	e := min(t.phraseEnd(k+2), hi)
	for i := k + 2; i < e; i++ {
		if i > k+3 && (t.l.det[t.low(i)] && !t.l.prep[t.low(i-1)] || t.l.poss[t.low(i)]) {
			return i // "a démenti auprès de l'AFP ces informations"
		}
	}
	return e
}

// leadTime says whether a phrase at a only says when: "plus tôt dans la journée", "quelques
// heures après", "un peu plus tard".
func (t *sent) leadTime(a int) bool {
	if t.l.code != "fr" {
		return false
	}
	if t.is(a, "un") && t.is(a+1, "peu") {
		a += 2
	} else if t.is(a, "quelques", "plusieurs") || t.s[a].kind == number {
		if !t.is(a+1, "minutes", "heures", "jours", "semaines", "mois", "années", "ans", "instants") {
			return false
		}
		a += 2
		return t.is(a, "plus") && t.is(a+1, "tôt", "tard") || t.is(a, "après", "avant", "auparavant", "durant", "plus")
	}
	return t.is(a, "plus") && t.is(a+1, "tôt", "tard") || t.is(a, "peu") && t.is(a+1, "après", "avant")
}

// reachedAt are words behind which false news is only what something is about or does to
// somebody: "une loi contre les fausses informations".
var reachedAt = words("victime victimes cible cibles objet face")

// aboutFalse says whether a word of falsity at i, in front of its noun, belongs to what
// something is about and judges no charge: "une enquête sur ces fausses accusations".
func (t *sent) aboutFalse(i int) bool {
	if t.l.code != "fr" {
		return false
	}
	k := i - 1
	for k >= 0 && (t.l.det[t.low(k)] && !t.l.prep[t.low(k)] || t.l.poss[t.low(k)] || t.adverb(k)) {
		k--
	}
	if t.l.prep[t.low(k)] && !t.is(k-1, "agit", "agissait", "agisse") && !t.is(k, "par", "avec", "malgré", "outre") {
		return !reachedAt[t.low(k-1)]
	}
	return t.imperative()
}

// imperative says whether words tell others what to do: "Ne relayez plus ces rumeurs".
func (t *sent) imperative() bool {
	if t.l.code != "fr" {
		return false
	}
	k := b2i(t.is(0, "ne", "n'"))
	for t.is(k, "le", "la", "les", "l'", "en", "y") {
		k++
	}
	return k < len(t.s) && t.isWord(k) && endsIn(t.low(k), "ez") && !t.is(k, "chez", "assez", "nez", "rez") && t.s[k].kind == word && !t.is(k+1, "vous")
}

// comparesOwn says whether "rien à voir" at i compares what is the speaker's with another's:
// "son projet n'a rien à voir avec le nôtre".
func (t *sent) comparesOwn(i int) bool {
	if t.l.code != "fr" || !t.is(i+3, "avec") {
		return false
	}
	k := i + 4
	return t.is(k, "le", "la", "les") && t.is(k+1, "nôtre", "nôtres", "sien", "sienne", "siens", "siennes", "mien", "mienne", "vôtre", "leur", "leurs") || t.is(k, "celui", "celle", "ceux", "celles")
}

// declines says whether a claim is refused at i: "nous n'acceptons pas ces accusations", "sa
// ferme opposition aux accusations".
func (t *sent) declines(i int) bool {
	switch {
	case t.is(i, "acceptons", "accepte", "acceptent", "accepterons", "acceptera", "accepter", "tolérons", "cautionnons", "admettons"):
		return t.negBefore(i, 5) && t.claimIn(i+1, i+5) && !t.is(i-1, "pour")
	case t.is(i, "opposition", "désaccord"):
		return t.is(i+1, "à", "aux", "au", "avec") && t.claimIn(i+2, i+4)
	}
	return false
}

// peoples are adjectives of countries that no ending tells.
var peoples = words("russe suisse belge turc turque grec grecque serbe slovaque tchèque bulgare danois danoise suédois suédoise chinois chinoise arabe malgache")

// demonym says whether a word ends as of countries and peoples do, which name whom somebody serves.
func demonym(w string) bool {
	return endsIn(w, "ais", "aise", "ois", "oise", "ien", "ienne", "éen", "éenne", "ain", "aine", "gnol", "gnole", "mand", "mande") || peoples[w]
}

// forCountry says whether the subject in front of a negation at i is the government of whom an
// embassy or a mission of the same country speaks: "Le gouvernement suisse n'a jamais participé …",
// says "la Mission suisse".
func (t *sent) forCountry(i int, sp statement.Speaker) bool {
	as := " " + lower(sp.As) + " "
	if i < 2 || i > 8 || !t.is(1, "gouvernement", "armée", "état", "pays", "pouvoir", "police") {
		return false
	}
	for k := 2; k < i; k++ {
		if w := t.low(k); demonym(w) && (strings.Contains(as, " "+w+" ") || strings.Contains(as, " "+w+"e ") || strings.Contains(as, " "+w+"ne ")) {
			return true
		}
	}
	return false
}

// lightLead says whether nothing but small words stands in a range in front of an attribution
// that breaks in: "Mais, prévient la mairie, « … »".
func (t *sent) lightLead(a, b int) bool {
	n := 0
	for i := a; i < b; i++ {
		w := t.low(i)
		switch {
		case t.isQuote(i), t.groupAt[i] >= 0:
			return false
		case t.isMark(i), t.isTime(i):
		case t.l.conj[w], t.adverb(i), t.is(i, "mais", "or", "aussi", "ainsi", "enfin", "surtout", "car", "donc", "bref", "certes", "pire", "reste", "puis"):
			n++
		default:
			return false
		}
	}
	return n > 0 && n < 4
}

// breaksIn takes what follows an inverted attribution whose sentence begins with small words or
// with a condition: "Aussi, explique la régie, « … »", "Si le courant est revenu, a indiqué la
// régie, des travaux se poursuivent".
func (t *sent) breaksIn(c *cue, lo, hi int) bool {
	if t.l.code != "fr" || !c.inverted || !t.is(c.a-1, ",") || !t.is(c.end, ",") || c.end+2 >= hi || !(c.v.has('c') || c.v.has('q')) || c.v.has('Q') {
		return false
	}
	if t.lightLead(lo, c.a-1) {
		if t.isQuote(c.end + 1) {
			return t.quoteRight(c, c.end+1, hi)
		}
		return t.hasGroup(c.end+1, hi) && !t.beginsInsert(c.end+1, hi) && t.right(c, c.end+1, hi)
	}
	if lo == 0 && t.is(0, "si", "s'", "lorsque", "lorsqu'", "quand", "puisque", "même", "alors", "tandis", "bien") && t.find(1, c.a-1, ",") < 0 && t.hasGroup(1, c.a-1) && t.hasGroup(c.end+1, hi) && !t.l.rel[t.low(c.end+1)] {
		c.content = append(c.content, [2]int{0, c.a - 1}, [2]int{c.end + 1, t.clauseEnd(hi)})
		c.left, c.said = true, [2]int{c.b, c.end}
		return true
	}
	return false
}

// namedOutlet says whether the quotation at q is the name of the outlet in front of it: "au
// journal « Le Quai »".
func (t *sent) namedOutlet(q int) bool {
	return t.l.code == "fr" && t.isQuote(q) && t.x.nouns[t.low(q-1)].role == "outlet" && t.s[q].in1-t.s[q].in0 < 7
}

// tellsHow gives where "comment" opens what somebody tells: "a raconté au Quai comment …"; 0: nowhere.
func (t *sent) tellsHow(v *verb, k, hi int) int {
	if !oneOf(v.lemma, "raconter", "expliquer", "détailler", "relater", "révéler", "dévoiler", "décrire") {
		return 0
	}
	for q := k; q < hi && q < k+10 && !t.isQuote(q) && !t.isMark(q) && t.groupAt[q] < 0; q++ {
		if t.is(q, "comment", "combien", "pourquoi") {
			return q
		}
	}
	return 0
}

// couldSee reads "ont pu constater que" at its infinitive i.
func (t *sent) couldSee(i int, c *cue) bool {
	if !oneOf(c.v.lemma, "constater", "observer", "confirmer", "vérifier") || !t.is(i-1, "pu") || !t.is(i+1, "que", "qu'") {
		return false
	}
	start, have, _, _, neg := t.helpers(i - 1)
	if !have || neg {
		return false
	}
	c.a, c.at = start, i-1
	return true
}

// manySources are nouns behind which "de sources" is what they are of: "un réseau de sources".
var manySources = words("réseau réseaux nombre liste listes dizaine dizaines multitude variété diversité protection absence pluralité vérification croisement anonymat citation majorité cas secret")

// courtRejects says whether a recourse was rejected, by a court or by whomever: an act and no answer.
func (t *sent) courtRejects(c *cue) bool {
	return c.how == passive && c.v.lemma == "rejeter" && len(c.content) > 0 && anyWord(t.s[c.content[0][0]:c.content[0][1]], ballots)
}

// falselyCalled says whether what is denounced is called untrue in front: "dénonce comme
// « mensongères » les informations du Quai".
func (t *sent) falselyCalled(c *cue) bool {
	if t.l.code != "fr" || len(c.content) == 0 || !t.is(c.content[0][0], "comme") {
		return false
	}
	a := c.content[0][0] + 1
	return t.judged(a, min(a+3, c.content[0][1])) || t.isQuote(a) && len(t.inside(a, 4)) > 0 && t.judged(a, c.content[0][1])
}

// listGoesOn says whether what stands between the commas at k and e is the first of a list that
// is a subject: "Selon la préfète, des écoles, des mairies et deux gares ont fermé".
func (t *sent) listGoesOn(k, e int) bool {
	if t.l.code != "fr" || !t.is(k+1, "des", "de", "d'", "du") && !(t.l.det[t.low(k+1)] || t.s[k+1].kind == number) || t.hasGroup(k+1, e) || t.roleIn(k+1, e) == "official" {
		return false
	}
	for i := e + 1; i < len(t.s) && i < e+24 && !t.isQuote(i) && !t.is(i, ":", ";"); i++ {
		if t.groupAt[i] >= 0 {
			return false
		}
		if t.is(i, "et", "ou") && (t.is(e+1, "des", "du", "de") || t.is(k+1, "des") && t.l.det[t.low(e+1)]) {
			return t.hasGroup(i, min(i+16, len(t.s)))
		}
	}
	return false
}

// counted says whether a figure stands in what a verb of counting has behind it: a virus that
// "chiffre les données" counts nothing.
func (t *sent) counted(k, hi int) bool {
	for i := k; i < hi && i < k+14; i++ {
		if t.s[i].kind == number || numbers[t.low(i)] > 1 || t.is(i, "milliers", "centaines", "dizaines", "millions", "milliards") {
			return true
		}
	}
	return t.is(k, "à")
}

// grave are nouns by which somebody judges what happened when they speak of it: "parle d'une
// décision regrettable".
var grave = words("décision acte attaque erreur scandale honte sabotage provocation ingérence agression crime mascarade manœuvre catastrophe tragédie incident panne accident censure violation atteinte dérive complot farce menace situation problème échec trahison humiliation coup-bas tentative opération coïncidence coupure défaillance")

// speaksOf says whether a verb of speaking judges what happened by a noun.
func (t *sent) speaksOf(c *cue, k int) bool {
	return t.l.code == "fr" && c.v.lemma == "parler" && t.is(k, "un", "une") && (grave[t.low(k+1)] || grave[t.low(k+2)])
}

// accredited says whether the phrase a … k names somebody who serves "auprès de" others: "la
// mission suisse auprès de l'Union".
func (t *sent) accredited(a, k int) bool {
	return t.find(a, k, "mission", "représentant", "représentante", "représentation", "ambassadeur", "ambassadrice", "ambassade", "délégation", "observateur", "observatrice", "nonce", "conseiller", "conseillère", "avocat", "avocate", "ministre", "secrétaire", "envoyé") >= 0
}
