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
	if c.v.lemma == "évoquer" && t.l.code == "fr" && t.l.det[t.low(k)] {
		return t.is(k+1, "implication", "responsabilité", "hypothèse", "piste", "possibilité", "éventualité", "menace", "risque", "participation")
	}
	return t.l.code == "fr" && c.v.lemma == "parler" && t.is(k, "un", "une") && (grave[t.low(k+1)] || grave[t.low(k+2)])
}

// accredited says whether the phrase a … k names somebody who serves "auprès de" others: "la
// mission suisse auprès de l'Union".
func (t *sent) accredited(a, k int) bool {
	return t.find(a, k, "mission", "représentant", "représentante", "représentation", "ambassadeur", "ambassadrice", "ambassade", "délégation", "observateur", "observatrice", "nonce", "conseiller", "conseillère", "avocat", "avocate", "ministre", "secrétaire", "envoyé") >= 0
}

// shiftsBlame says whether what is rejected is put on somebody else, which answers nothing:
// "rejetant la responsabilité de la panne sur l'organisateur".
func (t *sent) shiftsBlame(a, b int) bool {
	return t.is(a, "la", "toute") && t.is(a+1, "responsabilité", "faute") && t.find(a+2, b, "sur") > 0
}

// namedQuote says whether a French phrase is an article and a name in marks: les « gilets verts ».
func (t *sent) namedQuote(a, b int) bool {
	return t.l.code == "fr" && a >= 0 && b == a+2 && b <= len(t.s) && t.is(a, "les", "le", "la") && t.isQuote(b-1) && t.s[b-1].in1-t.s[b-1].in0 < 4
}

// authored names who made a document that speaks and is told of without its author: "« … »,
// peut-on lire dans un tweet", "ajoute le communiqué".
func (r *reader) authored(t *sent, f *found, a, b int, read bool) {
	if !written[t.low(b-1)] && t.find(a, b, "communiqué", "texte", "tweet", "message", "note", "lettre", "document", "déclaration", "courrier", "publication") < 0 || f.sp.Name != "" || !t.documentHead(a, b) || b-a > 3 || t.hasCap(a+1, b) || t.find(a, b, "de", "d'", "du", "des") >= 0 {
		return
	}
	var m *mention
	switch {
	case r.document.m != nil && r.document.sentence >= r.sentence-3 && r.document.sentence < r.sentence:
		m = r.document.m
	case read && t.is(a, "un", "une") && r.topic != nil && r.topic.sentence >= r.sentence-1:
		m = r.topic
	}
	if m == nil || t.x.nouns[m.head].role == "document" || m.sp.As == unnamedSpeaker || m.sp.As == f.sp.As {
		return
	}
	if f.sp.Name = m.sp.Name; f.sp.Name == "" {
		f.sp.Name = m.sp.As
	}
	if f.sp.Role == statement.Other {
		f.sp.Role = m.sp.Role
	}
	f.m.sp = f.sp
}

// noVerdict says whether the word at i is no verb of this sentence that could judge.
func (t *sent) noVerdict(i int) bool {
	return !t.l.be[t.low(i)] && !t.is(i, "relève", "relèvent", "tient", "tiennent", "tissu", "ramassis", "série", "monceau", "suite")
}

// surnamed says whether a name ends in a surname as it stands.
func surnamed(name, surname string) bool {
	return strings.HasSuffix(name, " "+surname)
}

// pourBehind says whether ", pour" at i gives whose view a quotation in front of it is, at the end of
// the sentence: « … », pour la députée Ida Roux.
func (t *sent) pourBehind(i int) bool {
	if i < 2 || !t.is(i, "pour") || !t.is(i-1, ",") || !t.isQuote(i-2) {
		return false
	}
	e := i + 1
	for e < len(t.s) && !t.is(e, ".", "!", "…") {
		if t.isQuote(e) || t.groupAt[e] >= 0 || t.infinitive(e) || t.isMark(e) && !t.is(e, ",") {
			return false
		}
		e++
	}
	b := i + 1
	for b < e && !t.is(b, ",") {
		b++
	}
	r := t.roleIn(i+1, b)
	return b > i+1 && (t.l.det[t.low(i+1)] && (r == "official" || r == "expert" || r == "person" || r == "body" || r == "company") || t.namesOnly(i+1, b) && b > i+2)
}

// inquiries are nouns of what finds something out; those who lead one too.
var inquiries = words("enquête enquêtes enquêteurs investigation investigations audit expertise expertises inspection vérification vérifications analyse analyses commission rapport experts examen contrôle")

// proving are participles and infinitives of what an inquiry did not do when it clears somebody.
var proving = words("établi démontré prouvé relevé décelé trouvé identifié confirmé révélé établir démontrer prouver relever déceler trouver identifier confirmer")

// findings finds what French tells without a verb of speech: an inquiry that clears ("L'enquête n'a pas
// établi de lien"), what somebody sees in something ("L'opposition y voit une fraude").
func (t *sent) findings() {
	if t.l.code != "fr" {
		return
	}
	for i := 1; i+1 < len(t.s); i++ {
		g := t.groupAt[i]
		if g < 0 || t.groups[g].a != i {
			continue
		}
		cl := t.clauseOf(i)
		if cl == nil || cl.kind != mainClause || cl.group != int(g) || t.unreal(cl) {
			continue
		}
		subj, appos := t.subjectOf(cl)
		if subj[0] >= subj[1] || t.l.pron[t.low(subj[0])] {
			continue
		}
		switch e := t.clauseEnd(i); {
		case t.seesIn(i) && t.l.det[t.low(t.groups[g].b)] && (t.roleIn(subj[0], subj[1]) != "" || t.namesOnly(subj[0], subj[1])):
			v := &verb{lemma: "voir", kind: statement.Assertion, flags: "o"}
			c := &cue{a: i, b: t.groups[g].b, at: t.groups[g].head, how: active, v: v, kind: v.kind, subj: subj, appos: appos, from: subj[0], fixed: true, ready: true}
			if t.right(c, t.groups[g].b, e) {
				t.cues = append(t.cues, c)
			}
		case t.clears(i, subj, e):
			v := &verb{lemma: "établir", kind: statement.Denial, flags: "o"}
			t.cues = append(t.cues, &cue{a: i, b: t.groups[g].b, at: t.groups[g].head, how: active, v: v, kind: v.kind, subj: subj, appos: appos, from: subj[0], fixed: true, ready: true, whole: true, content: [][2]int{{i, e}}})
		}
	}
}

// seesIn says whether the verb group at i is "y voit".
func (t *sent) seesIn(i int) bool {
	return t.is(i, "y") && t.is(i+1, "voit", "voient", "voyait", "voyaient") || t.is(i, "y") && t.l.have[t.low(i+1)] && t.is(i+2, "vu")
}

// clears says whether an inquiry with the verb group at i found nothing against somebody.
func (t *sent) clears(i int, subj [2]int, e int) bool {
	if !t.is(i, "n'", "ne") || !t.is(i+2, "pas", "jamais") && !t.is(i+1, "permet", "permettent") || !inquiries[t.low(subj[0]+1)] && !(subj[1] > subj[0]+2 && inquiries[t.low(subj[0]+2)]) {
		return false
	}
	for k := i + 2; k < e && k < i+9 && !t.isMark(k); k++ {
		if proving[t.low(k)] {
			for j := k + 1; j < e && j < k+8 && !t.isMark(j); j++ {
				if negated[t.low(j)] || t.x.claims["claim"][t.low(j)] || t.x.claims["event"][t.low(j)] || t.is(j, "que", "qu'", "implication", "responsabilité", "faute", "irrégularité", "irrégularités", "culpabilité") {
					return true
				}
			}
			return false
		}
	}
	return false
}

// countsMany gives a French subject the word of number in front of it, and reports whether it may
// speak: "plus de huit habitants sur dix", but not the end of "l'annonce de la vente, d'une très
// courte avance".
func (t *sent) countsMany(c *cue) bool {
	a := c.subj[0]
	if t.l.code != "fr" || !t.is(a, "de", "d'") || c.subj[1] <= a+1 {
		return true
	}
	if t.is(a-1, "plus", "moins", "près") {
		c.subj[0], c.from = a-1, min(c.from, a-1)
		return true
	}
	return !t.is(a, "d'") || !t.is(a+1, "un", "une")
}

// pourWho says whether a relative clause at k ends at a comma and the view of whom it describes
// follows: "Pour la société qui gère la digue, il n'y a aucun problème".
func (t *sent) pourWho(k int) bool {
	e := t.nextComma(k)
	return e > 0 && e < k+14 && t.hasGroup(k, e) && t.hasGroup(e, min(e+10, len(t.s)))
}
