package press

import (
	"strings"

	"constat/claims/statement"
)

// What a French cue proves to be once all cues of its sentence are known: who speaks,
// where the words end, whether it tells anything at all.

// reviseFR looks over the cues of a French sentence.
func (t *sent) reviseFR() {
	kept := t.cues[:0]
	for _, c := range t.cues {
		if t.toldNothing(c) || t.namedByClaim(c) {
			continue
		}
		t.ownSubject(c)
		t.behindFront(c)
		t.endsEarly(c)
		t.cutDenied(c)
		if t.defends(c) {
			c.kind = statement.Denial
		}
		if k := t.stampEnd(); k > 0 && c.left && len(c.content) > 0 && c.content[0][0] < k && k < c.content[0][1] {
			c.content[0][0] = k
		}
		if c.v.lemma == "rejeter" && len(c.content) == 1 && t.shiftsBlame(c.content[0][0], c.content[0][1]) {
			c.kind = statement.Assertion
		}
		if c.v.kind == statement.Condemnation && (t.groundless(c) || t.falselyCalled(c)) {
			c.kind = statement.Denial
		}
		kept = append(kept, c)
	}
	t.cues = kept
}

// court are words for those whose orders are acts.
var court = words("tribunal tribunaux cour justice juge juges magistrat magistrats magistrate")

// ballots are words for what an assembly rejects by a vote.
var ballots = words("motion motions loi lois texte textes amendement amendements projet budget candidature recours résolution proposition réforme ordonnance")

// toldNothing says whether a cue tells nothing: a name that somebody goes by ("un pirate
// qu'ils appellent Varnak"), something kept up ("Alors que …, Navalis maintient une
// présence"), an order of a court, one that may be given ("peut limiter la pêche en
// ordonnant aux ports de fermer") or that only says when ("après que le préfet a ordonné
// la fermeture"), a vote against a motion.
func (t *sent) toldNothing(c *cue) bool {
	if c.how == noone {
		return c.unnamed && c.v.kind == statement.Assertion && t.insideLeft(c)
	}
	if t.strangeOrder(c) || t.asWished(c) {
		return true
	}
	switch c.v.lemma {
	case "appeler":
		cl := t.clauseOf(c.at)
		return c.v.kind == statement.Request && cl != nil && cl.kind == relativeClause && t.is(cl.a, "que", "qu'") && !t.is(c.b, "à", "au", "aux")
	case "rappeler": // a thing reminds of it
		return c.pron && t.l.det[t.low(c.b)] && t.find(c.b+1, min(c.b+3, len(t.s)), "défi", "défis", "fragilité", "limites", "vulnérabilité", "vulnérabilités", "précarité") > 0
	case "convenir": // "il convient de se demander"
		return t.is(c.a-1, "il") && !t.is(c.a-2, "que", "qu'") && t.is(c.b, "de", "d'") && t.infinitiveNear(c.b+1)
	case "maintenir":
		return c.left && !c.direct && !c.inverted && c.how == active && t.l.det[t.low(c.b)]
	case "ordonner":
		return t.mereOrder(c)
	case "rejeter":
		return t.courtRejects(c) || c.whole && anyWord(t.s[c.subj[0]:max(c.subj[0], c.subj[1])], assemblies) && anyWord(t.s[:c.subj[0]], ballots)
	}
	return false
}

// mereOrder says whether an order is a court's, one that may be given, or only says when.
func (t *sent) mereOrder(c *cue) bool {
	if c.how == gerund {
		return t.is(c.a, "en") && t.mayBefore(c.a)
	}
	cl := t.clauseOf(c.at)
	if c.how != active || cl == nil {
		return false
	}
	for i := c.subj[0]; i < c.subj[1] && !t.l.prep[t.low(i)]; i++ {
		if court[t.low(i)] {
			return true
		}
	}
	k := cl.a - b2i(t.is(cl.a, "que", "qu'"))
	return t.is(k, "après") || t.is(k-1, "après")
}

// mayBefore says whether the verb in front of token i says what may or must be done.
func (t *sent) mayBefore(i int) bool {
	for k := i - 1; k >= 0 && k > i-14 && !t.isMark(k); k-- {
		if g := t.groupAt[k]; g >= 0 {
			return t.is(t.groups[g].a, "peut", "peuvent", "pourrait", "pourraient", "doit", "doivent", "devrait", "devraient") || t.is(t.groups[g].a-1, "peut", "peuvent")
		}
	}
	return false
}

// charges are nouns of what somebody is charged with in words.
var charges = words("accusation accusations allégation allégations rumeur rumeurs insinuation insinuations imputations affirmations assertions information informations imputation calomnies")

// groundless says whether what is denounced are accusations that are called untrue:
// "dénonce des accusations sans preuves".
func (t *sent) groundless(c *cue) bool {
	if len(c.content) == 0 {
		return false
	}
	for i := c.content[0][0]; i < c.content[0][1] && i < c.content[0][0]+6; i++ {
		if t.isQuote(i) && t.groundlessQuote(i) {
			return true
		}
		if !charges[t.low(i)] {
			continue
		}
		for k := i - 1; k < i+4; k++ {
			if t.x.claims["false"][t.low(k)] || t.x.claims["weak"][t.low(k)] || t.is(k, "sans") && t.is(k+1, "preuve", "preuves", "fondement", "fondements", "base") {
				return true
			}
		}
	}
	return false
}

// endsEarly ends what is told before a second verb of the reporter's ("a conseillé à ses
// agents de partir et a envoyé des soldats") and before a participle behind a mere noun
// ("a reconnu la panne, prenant aussitôt des mesures").
func (t *sent) endsEarly(c *cue) {
	if c.how == accord {
		t.namedAgain(c)
	}
	if c.how != active || c.left || c.direct || len(c.content) != 1 {
		return
	}
	r := &c.content[0]
	infinitive := c.v.kind == statement.Request && t.is(r[0], "à", "au", "aux", "de", "d'")
	object := t.l.det[t.low(r[0])] && oneOf(c.v.lemma, "reconnaître", "admettre", "avouer", "confirmer", "concéder")
	if !infinitive && !object {
		return
	}
	for i := r[0]; i+1 < r[1]; i++ {
		switch {
		case t.isQuote(i), t.l.sub[t.low(i)], t.l.rel[t.low(i)], t.is(i, ";", ":"):
			return
		case infinitive && t.is(i, "et") && t.groupAt[i+1] >= 0 && t.groups[t.groupAt[i+1]].a == i+1 && (t.l.have[t.low(i+1)] || t.l.be[t.low(i+1)]):
			r[1] = i
			return
		case object && t.is(i, ",") && i > r[0]+1 && t.isWord(i+1) && endsIn(t.low(i+1), "ant") && !t.l.prep[t.low(i+1)] && t.x.nouns[t.low(i+1)].role == "":
			r[1] = i
			return
		case object && t.groupAt[i] >= 0:
			return
		}
	}
}

// claimed are nouns behind which stands who said something: "les déclarations du groupe".
var claimed = words("déclaration déclarations revendication revendications communiqué annonce annonces propos message messages lettre tribune affirmations témoignage")

// ownSubject mends who speaks.
func (t *sent) ownSubject(c *cue) {
	if c.subj[0] < c.subj[1] && !c.pron && !t.behindClaims(c) && !t.behindHow(c) {
		t.besideNoun(c)
	}
}

// behindClaims makes those the speaker whose claims stand before a participle: "les
// journaux ont repris les déclarations du groupe Varnak, affirmant".
func (t *sent) behindClaims(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if c.how != gerund || t.is(c.a, "en") || !t.is(c.a-1, ",") || t.namesOnly(a, b) || t.roleIn(a, b) != "" && t.roleIn(a, b) != "outlet" {
		return false
	}
	for k := c.a - 2; k > b && k > c.a-10 && !t.isMark(k) && !t.isQuote(k) && t.groupAt[k] < 0; k-- {
		if !claimed[t.low(k)] || !t.is(k+1, "de", "du", "d'", "des") {
			continue
		}
		if x, y := t.core(k+2, c.a-1); x < y && (t.roleIn(x, y) != "" || t.namesOnly(x, y) || t.hasCap(x, y)) {
			c.subj, c.appos = [2]int{x, y}, [2]int{}
			return true
		}
	}
	return false
}

// behindHow takes off a speaker how the words came about: "selon les informations
// recueillies par la Ligue", "Contactez par Le Quai, Navalis, par la voix de …", where
// "contacté" is meant.
func (t *sent) behindHow(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if k := t.find(a, b, "par"); k > a+1 && t.gathered(a, k) {
		if x, y := t.core(k+1, b); x < y {
			c.subj = [2]int{x, y}
			return true
		}
	}
	if a != 0 || !t.is(1, "par") || !endsIn(t.low(0), "ez", "er", "é") || !t.is(b, ",") {
		return false
	}
	e := b + 1
	for e < c.a && !t.isMark(e) {
		e++
	}
	x, y := t.core(b+1, e)
	if x < y {
		c.subj, c.appos = [2]int{x, y}, [2]int{}
	}
	return x < y
}

// besideNoun tells a name from the bare noun that describes it: "La Sorlande et l'Estrie,
// championnes de la pêche, ont suivi".
func (t *sent) besideNoun(c *cue) {
	a, b := c.subj[0], c.subj[1]
	if k := t.find(a, b, ","); k > a && t.bareNoun(k+1) && t.namesJoined(a, k) {
		c.subj, c.appos = [2]int{a, k}, [2]int{k + 1, b}
		return
	}
	if !t.is(a-1, ",") || !t.bareNoun(a) {
		return
	}
	s := a - 1
	for s > 0 && t.isWord(s-1) && t.groupAt[s-1] < 0 {
		s--
	}
	if t.namesJoined(s, a-1) {
		c.subj, c.appos = [2]int{s, a - 1}, [2]int{}
	}
}

// bareNoun says whether a word in small letters without an article stands at k, no pronoun
// and no joining word.
func (t *sent) bareNoun(k int) bool {
	w := t.low(k)
	return t.isWord(k) && !t.s[k].cap && !t.l.det[w] && !t.l.pron[w] && !t.l.conj[w] && !t.l.prep[w] && !t.l.sub[w] && !t.l.rel[w] && !t.adverb(k) && t.groupAt[k] < 0 && !asked[w]
}

// namesJoined says whether a range is names alone, joined or with their articles: "Les
// Etats-Unis et la France".
func (t *sent) namesJoined(a, b int) bool {
	caps := false
	for i := a; i < b; i++ {
		if !t.isWord(i) || !t.s[i].cap && !t.l.det[t.low(i)] && !t.is(i, "et") {
			return false
		}
		caps = caps || t.s[i].cap && !t.l.det[t.low(i)]
	}
	return caps
}

// retorts says whether a negated answer denies: "« … n'est pas un espion », a rétorqué
// son avocate".
func (t *sent) retorts(c *cue) bool {
	return t.l.code == "fr" && oneOf(c.v.lemma, "rétorquer", "riposter")
}

// reportDenied says whether a report is what a passive denies: "ce document de 12 pages
// est rejeté par Varnbourg"; what an assembly rejects is a vote.
func (t *sent) reportDenied(c *cue, a, b int) bool {
	if t.l.code != "fr" {
		return false
	}
	for i := c.subj[0]; i < c.subj[1]; i++ {
		if assemblies[t.low(i)] || court[t.low(i)] {
			return false
		}
	}
	for i := a; i < b && i < a+4; i++ {
		if reports[t.low(i)] {
			return true
		}
	}
	return false
}

// assemblies are words for those who reject by a vote.
var assemblies = words("assemblée parlement sénat chambre députés sénateurs conseil électeurs parlementaires commission")

// slanted are words of what misleads.
var slanted = words("trompeur trompeuse trompeurs trompeuses biaisé biaisée biaisés biaisées tendancieux tendancieuse")

// reports are nouns of what is written about somebody.
var reports = words("article articles fuite fuites lecture lectures interprétation interprétations reportage reportages titre titres étude études présentation enquête enquêtes rapport rapports document documents chiffres")

// misleads says whether the word at i says that something written about somebody
// misleads: "la fuite était trompeuse", "il s'agit d'une interprétation biaisée".
func (t *sent) misleads(i int) bool {
	if !slanted[t.low(i)] || t.negBefore(i, 5) {
		return false
	}
	if reports[t.low(i-1)] {
		return t.find(max(i-6, 0), i, "agit", "agissait", "est", "était", "sont", "étaient") >= 0
	}
	for k := i - 1; k >= 0 && k > i-9 && t.beBefore(i, 3); k-- {
		if reports[t.low(k)] {
			return true
		}
	}
	return false
}

// stampEnd gives where a headline begins behind an hour and a day: "10:00 18/03 Lena Ward :
// « … »"; 0: none stands in front.
func (t *sent) stampEnd() int {
	k, numbers := 0, 0
	for k < len(t.s) && k < 9 && (t.s[k].kind == number || t.is(k, ":", "/", "h", "-")) {
		numbers += b2i(t.s[k].kind == number)
		k++
	}
	if numbers < 2 || k >= len(t.s) || !t.isWord(k) || !t.s[k].cap {
		return 0
	}
	return k
}

// anyWord says whether one of the words is among the tokens.
func anyWord(ts []tok, w map[string]bool) bool {
	for i := range ts {
		if w[ts[i].low] {
			return true
		}
	}
	return false
}

// keepsOn reads "ne cesse de clamer que" at the infinitive i and gives its cue the verb
// "cesse".
func (t *sent) keepsOn(i int, c *cue) bool {
	k := i - 2
	if !c.v.has('c') || !t.is(k, "cesse", "cessent", "cessé", "cessait", "cessaient") {
		return false
	}
	start, _, _, _, neg := t.helpers(k)
	c.a, c.at = start, k
	return neg
}

// epithets are nouns by which somebody calls what others do.
var epithets = words("censure sabotage trahison chantage génocide corruption complot fraude provocation mensonge manipulation persécution discrimination propagande coup révolution négligence massacre vengeance répression racket espionnage scandale")

// likensTo says whether what somebody calls a thing stands at k: "parlent de censure",
// "considèrent cela comme une excuse".
func (t *sent) likensTo(v *verb, k, hi int) bool {
	switch v.lemma {
	case "parler":
		return v.has('Q') && epithets[t.low(k)]
	case "considérer":
		q := t.findNear(k, 8, "comme")
		return q > k && q < hi && t.groupAt[k] < 0 && t.find(k, q, "que", "qu'") < 0
	}
	return false
}

// clauseBefore gives where the clause around token i begins: behind the mark in front.
func (t *sent) clauseBefore(i int) int {
	for i > 0 && !t.isMark(i-1) {
		i--
	}
	return i
}

// accusedBy reads who accuses by a participle alone: "l'enquête, accusée par la défense
// d'avoir été menée à charge".
func (t *sent) accusedBy(c *cue) *cue {
	if t.l.code != "fr" || c.v.lemma != "accuser" || !t.is(c.end, "de", "d'") || !t.infinitiveNear(c.end+1) && !t.is(c.end+1, "avoir", "être") {
		return nil
	}
	e := c.end + 1
	for e < len(t.s) && !t.isMark(e) {
		e++
	}
	c.content = [][2]int{{c.end, e}}
	return c
}

// headlineTail says whether an attribution ends a headline without a comma: "Le barrage
// pourrait céder avant lundi assure la préfecture".
func (t *sent) headlineTail(c *cue) bool {
	n := len(t.s)
	if t.l.code != "fr" || !c.v.has('c') || t.find(0, c.a, "qui", "que", "qu'", "dont", "où", "et", "mais") >= 0 {
		return false
	}
	return n > 0 && n < 24 && !t.isMark(n-1) && t.l.det[t.low(c.b)] && t.isWord(c.a-1) && !t.l.conj[t.low(c.a-1)] && !t.l.rel[t.low(c.a-1)] && !t.l.sub[t.low(c.a-1)] && t.hasGroup(0, c.a) && t.clauseBefore(c.a) <= t.stampEnd()
}

// namedAgain ends what somebody tells before a clause of the reporter's that names them
// again: "Selon le rapport, …, mais le rapport note aussi".
func (t *sent) namedAgain(c *cue) {
	n := c.subj[1] - c.subj[0]
	for k := range c.content {
		r := &c.content[k]
		for i := r[0]; n > 1 && i+2+n < r[1]; i++ {
			if t.is(i, ",") && t.is(i+1, "mais", "et") && lower(t.textOf(i+2, i+2+n)) == lower(t.textOf(c.subj[0], c.subj[1])) {
				r[1] = i
			}
		}
	}
}

// betweenParticle says whether an adverb stands at k between a verb and its "de": "parle
// désormais de sabotage".
func (t *sent) betweenParticle(v *verb, k int) bool {
	return v.lemma == "parler" && t.is(k, "plutôt", "désormais", "aussi", "déjà", "même", "maintenant", "également", "ouvertement", "encore", "toujours")
}

// insideLeft says whether an attribution at the end of the sentence tells what a cue
// without a speaker does: "Il est allégué que …, dévoile Navalis".
func (t *sent) insideLeft(c *cue) bool {
	for _, d := range t.cues {
		if d == c || d.how == noone || !d.left {
			continue
		}
		for _, k := range d.content {
			if c.a >= k[0] && c.a < k[1] {
				return true
			}
		}
	}
	return false
}

// gathered says whether a phrase is of what somebody has collected.
func (t *sent) gathered(a, b int) bool {
	return t.find(a, b, "informations", "données", "chiffres", "éléments", "témoignages", "documents") >= 0 && t.is(b-1, "recueillies", "recueillis", "obtenues", "obtenus", "réunies", "réunis", "collectées", "collectés", "compilées", "compilés")
}

// bandFR gives "ils" the group that spoke last, if no plural stands before: "Le groupe
// Varnak affirme … Ils se vantent de …".
func (r *reader) bandFR(t *sent, c *cue, pi int) *mention {
	if t.l.code != "fr" || !t.is(c.subj[0], "ils") || c.nested {
		return nil
	}
	return r.mem.find(func(m *mention) bool {
		return m.fromSaid && m.para == pi && m.sentence >= r.sentence-2 && strings.Contains(lower(m.sp.As), "groupe")
	})
}

// standsFor gives whom a pronoun stands for.
func (r *reader) standsFor(t *sent, c *cue, pi int) *mention {
	m := r.keepsFloor(t, c, t.resolve(c, r.mem.without(t, c), pi, r.sentence))
	if p := r.sayer(t, c, m, pi); p != nil {
		return p
	}
	if k := c.subj[0]; t.l.code == "fr" && !c.inverted && k > 0 && t.is(k, "il", "elle") && t.is(k-1, "s'", "lorsqu'", "quand", "puisqu'", "lorsque") {
		// "Jan Holm est candidat, même s'il assure le contraire"
		if p := r.mem.find(func(m *mention) bool {
			return m.sentence == r.sentence && m.person && m.hasName && !m.oblique && !m.plural && t.pronFits(c, m)
		}); p != nil {
			return p
		}
	}
	if m != nil {
		if t.l.code == "fr" && c.kind == statement.Denial && !m.person && !m.thing && !m.hasName && m.sp.Role == statement.Other {
			if p := r.mem.find(func(m *mention) bool { return (m.person || m.thing) && m.para >= pi-1 && t.pronFits(c, m) }); p != nil {
				return p // no calendar denies
			}
		}
		return m
	}
	return r.bandFR(t, c, pi)
}

// sayer gives "dit-elle" behind words whoever spoke last, if only an office of the other gender
// speaks against it and m, whom the pronoun means otherwise, spoke long before or is no person:
// "Le professeur Kern juge … « … », ajoute-t-elle".
func (r *reader) sayer(t *sent, c *cue, m *mention, pi int) *mention {
	if t.l.code != "fr" || !c.inverted || !c.left || !t.is(c.subj[0], "elle") {
		return nil
	}
	for k := len(r.out) - 1; k >= 0 && r.out[k].para >= pi-1; k-- {
		g := r.out[k].m
		if r.out[k].through >= 0 || g == nil {
			continue
		}
		if g.soft && g.person && !g.plural && g.sentence >= r.sentence-3 && (m == nil || m.plural || !m.person || m.sentence < g.sentence-1) {
			return g
		}
		return nil
	}
	return nil
}
