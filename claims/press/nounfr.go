package press

import "constat/claims/statement"

// French denials that a noun, a set phrase or a verb before the infinitive makes.

// beforeInfinitive are forms in front of an infinitive by which somebody does what it says:
// "continue de nier", "vient de démentir", "a fait démentir".
var beforeInfinitive = words("continue continuent continuait continuaient continué vient viennent venait venaient persiste persistent persistait persistaient persisté préfère préfèrent préféré préférait finit finissent fini contente contentent contenté contentée contentés contentait obstine obstinent obstiné obstinée obstinés obstinait entête entêtent entêté entêtée entêtait commence commencé fait font faisait limite limitent borne bornent tient tiennent tenait empresse empressent dû doit")

// denyingInfinitive gives the cue of the infinitive at i the verb before it; false: none
// stands there that says that somebody denies.
func (t *sent) denyingInfinitive(i int, c *cue) bool {
	if c.v.kind != statement.Denial {
		return false
	}
	k := i - 1
	for k > 0 && clitic[t.low(k)] {
		k--
	}
	if t.is(k, "de", "d'", "à", "par") {
		k--
	}
	for k > 0 && t.adverb(k) {
		k--
	}
	if k < 1 || !beforeInfinitive[t.low(k)] {
		return false
	}
	start, have, _, _, neg := t.helpers(k)
	if g := t.groupAt[k]; g >= 0 {
		c.a, c.at = min(start, t.groups[g].a), t.groups[g].head
		return !neg
	}
	c.a, c.at = start, start
	return have && !neg
}

// receiving are verbs whose subject has no part in a denial that is their object.
var receiving = words("reçu reçoit reçoivent recevait obtenu obtient obtenir attend attendait attendu essuyé essuie subi lu lit récolté vu voit a ont avait entraîné suscité valu provoqué récolte récoltent récolté récoltaient")

// denialNoun reads "nous a fait parvenir un démenti", "a apporté mardi un démenti cinglant" at
// the noun.
func (t *sent) denialNoun(i int) *cue {
	if t.l.code != "fr" || !t.is(i, "démenti", "démentis") || t.groupAt[i] >= 0 || !t.is(i-1, "un", "des", "son", "leur", "ses", "leurs") && !t.is(i-2, "un") {
		return nil
	}
	g, ok := t.giving(i)
	if !ok {
		return nil
	}
	a := i - 1
	if !t.l.det[t.low(a)] {
		a--
	}
	v := &verb{lemma: "démentir", kind: statement.Denial, flags: "o"}
	e := i + 1
	for e < len(t.s) && e < i+8 && !t.isMark(e) && !t.isQuote(e) && t.groupAt[e] < 0 && !t.l.sub[t.low(e)] && !t.isTime(e) && !t.is(e, "en", "dans", "sur", "par", "via", "lors") {
		e++
	}
	return &cue{a: g.a, b: max(g.b, a), at: g.head, how: active, v: v, kind: v.kind, content: [][2]int{{a, e}}, said: [2]int{g.b, a}, ready: true, whole: true}
}

// giving finds the verb whose object the denial at i is, unless its subject gets it or the verb
// is a cue already.
func (t *sent) giving(i int) (group, bool) {
	k := i - 2
	for k > 0 && k > i-9 && !t.isMark(k) && !t.isQuote(k) && t.groupAt[k] < 0 && !t.l.sub[t.low(k)] {
		k--
	}
	if k < 1 || t.groupAt[k] < 0 {
		return group{}, false
	}
	g := t.groups[t.groupAt[k]]
	if g.passive || receiving[t.low(g.head)] || receiving[t.low(g.b-1)] || t.find(g.b, i-1, "recevoir", "obtenir", "lire", "trouver", "attendre", "espérer", "voir", "après", "malgré", "pour", "par") > 0 {
		return group{}, false
	}
	for _, d := range t.cues {
		if d.at == g.head || d.at >= g.a && d.at < g.b {
			return group{}, false
		}
	}
	_, _, _, _, neg := t.helpers(g.head)
	return g, !neg && t.find(g.a, g.b, "ne", "n'") < 0
}

// dismissals are nouns of denials that belong to whom they name.
var dismissals = words("démenti démentis dénégation dénégations")

// deniedByNoun reads "Malgré les dénégations répétées de l'armée, …" at the noun.
func (t *sent) deniedByNoun(i int) {
	if t.l.code != "fr" || !dismissals[t.low(i)] || t.groupAt[i] >= 0 {
		return
	}
	a := i - 1
	for a > 0 && t.isWord(a) && !t.l.det[t.low(a)] && a > i-3 {
		a--
	}
	if !t.l.det[t.low(a)] || !(a == 0 && t.is(i+1, "de", "du", "des", "d'") || t.is(a-1, "malgré", "face") || t.is(a-2, "en") && t.is(a-1, "dépit") || t.is(a, "des", "du") && t.is(a-1, "dépit")) {
		return
	}
	k := i + 1
	for k < i+3 && t.isWord(k) && !t.l.prep[t.low(k)] {
		k++
	}
	if !t.is(k, "de", "du", "des", "d'") {
		return
	}
	e := k + 1
	for e < len(t.s) && e < k+12 && !t.isMark(e) && !t.isQuote(e) && t.groupAt[e] < 0 && !t.l.sub[t.low(e)] {
		e++
	}
	x, y := t.core(k+1, e)
	if x >= y || t.roleIn(x, y) == "" && !t.hasCap(x, y) {
		return
	}
	v := &verb{lemma: "démentir", kind: statement.Denial, flags: "o"}
	t.cues = append(t.cues, &cue{a: a, b: y, at: i, how: active, v: v, kind: v.kind, subj: [2]int{x, y}, from: a - 1, end: y, content: [][2]int{{a, i + 1}}, said: [2]int{i, k}, fixed: true, ready: true, left: true})
}

// contrary says whether what is said is "le contraire", which denies what stands before.
func (t *sent) contrary(c *cue) bool {
	if t.l.code != "fr" || c.how != active || c.v.kind != statement.Assertion || !t.is(c.b, "le") || !t.is(c.b+1, "contraire") || !t.endsAt(c.b+2) && !t.l.prep[t.low(c.b+2)] {
		return false
	}
	c.kind = statement.Denial
	c.content, c.said, c.whole = [][2]int{{c.a, c.b + 2}}, [2]int{c.b, c.b}, true
	return true
}

// namesLie says whether what somebody speaks of is a lie told of them: "parle d'une pure
// invention", "évoque une campagne de désinformation".
func (t *sent) namesLie(v *verb, k, hi int) bool {
	if t.l.code != "fr" || v.lemma != "parler" && v.lemma != "évoquer" {
		return false
	}
	for i := k; i < hi && i < k+7 && !t.isMark(i) && !t.isQuote(i); i++ {
		if t.is(i, "invention", "inventions", "affabulation", "affabulations", "désinformation", "calomnie", "calomnies", "diffamation", "mensonge", "mensonges", "cabale", "fable", "fables", "fantasme", "fantasmes", "montage", "infox", "intox") {
			return t.find(max(k-5, 0), k, "contre", "lutte") < 0
		}
		if t.l.sub[t.low(i)] || t.groupAt[i] >= 0 {
			return false
		}
	}
	return false
}

// setPhraseFR says whether words at i deny by what they say of the speaker: "rien à se
// reprocher", "au courant de rien", "n'en est pas question", "est innocent".
func (t *sent) setPhraseFR(i int) bool {
	switch {
	case t.is(i, "reprocher"):
		return t.find(max(i-4, 0), i, "rien") >= 0 && t.is(i-1, "se", "me", "nous") && t.is(i-2, "à")
	case t.is(i, "question"):
		return t.is(i-1, "pas", "aucunement", "nullement") && t.find(max(i-5, 0), i, "en") >= 0 && t.negBefore(i, 5)
	case t.is(i, "courant"):
		return t.is(i-1, "au") && (t.is(i+1, "de", "d'") && t.is(i+2, "rien") || t.negBefore(i, 4) && i < 8 && (t.l.first[t.low(0)] || t.l.pron[t.low(0)]))
	case t.is(i, "innocent", "innocente", "innocents", "innocentes"):
		return i < 2 || t.beBefore(i, 3) && !t.negBefore(i, 4)
	}
	return t.declines(i) || t.ownNegated(i) || t.noFault(i) || t.saidUntruly(i) || t.ratherThan(i)
}

// faults are nouns of what somebody is blamed for; where there is none of it, somebody is
// cleared.
var faults = words("faute fautes manquement manquements irrégularité irrégularités fraude fraudes abus malversation malversations détournement détournements violation violations infraction infractions favoritisme discrimination négligence négligences dissimulation collusion corruption malfaçon malfaçons illégalité malhonnêteté censure complicité tricherie triche plagiat harcèlement maltraitance sabotage espionnage entente favoritisme népotisme subornation trafic racket délit crime culpabilité intention")

// noFault says whether "aucun" or the like at i says that there is nothing to blame: "il n'y
// a aucun manquement", "n'a commis aucune irrégularité", "il n'y a pas eu de fraude".
func (t *sent) noFault(i int) bool {
	k := i + 1
	switch {
	case t.is(i, "aucun", "aucune", "nul", "nulle"):
	case t.is(i, "pas", "jamais") && t.is(k, "de", "d'"), t.is(i, "pas", "jamais") && t.is(k, "eu", "commis") && t.is(k+1, "de", "d'"):
		k += 1 + b2i(!t.is(k, "de", "d'"))
	default:
		return false
	}
	if !faults[t.low(k)] && !(faults[t.low(k+1)] && !t.l.prep[t.low(k)] && !t.l.det[t.low(k)]) {
		return false
	}
	n := t.find(max(i-6, 0), i, "ne", "n'")
	return n >= 0 && t.find(n, i, "y", "commis", "commet", "eu", "constitue", "constitué", "existe", "relève", "comporte") > 0
}

// untrue are forms by which one speaks ill of somebody, behind "que l'on".
var untrue = words("dise disent prétende prétendent affirme affirment insinue insinuent raconte racontent accuse accusent soupçonne soupçonnent traite traitent laisse laissent qualifie mette mettent")

// saidUntruly says whether the verb at i is of what the speaker will not have said: "je
// n'admettrai pas qu'on dise que", "nous ne laisserons personne prétendre que".
func (t *sent) saidUntruly(i int) bool {
	if !t.isWord(i) || !anyStem(t.low(i), []string{"admett", "accept", "tolér", "laisser", "support", "permett"}) || t.find(max(i-3, 0), i, "ne", "n'") < 0 {
		return false
	}
	for k := i + 1; k < i+8 && k < len(t.s) && !t.isMark(k); k++ {
		if untrue[t.low(k)] || t.is(k, "dire", "prétendre", "insinuer", "affirmer", "accuser", "raconter") {
			return true
		}
	}
	return false
}

// ratherThan says whether "et non" at i puts something else in the place of what was charged:
// "c'est le gel, et non une négligence, qui a fait céder la vanne".
func (t *sent) ratherThan(i int) bool {
	if !t.is(i, "non") || !t.is(i-1, "et") || !(t.l.det[t.low(i+1)] || t.l.poss[t.low(i+1)] || t.s[min(i+1, len(t.s)-1)].cap) {
		return false
	}
	k := t.find(max(i-10, 0), i, "c'", "ce")
	return k >= 0 && t.is(k+1, "est", "sont", "était") && t.find(i, min(i+14, len(t.s)), ",") >= 0 && t.find(i, min(i+16, len(t.s)), "qui", "que", "qu'") > 0
}

// ownNegated says whether words at i deny that anybody was wronged, that words meant what was
// made of them, or that there is trouble.
func (t *sent) ownNegated(i int) bool {
	switch {
	case t.is(i, "rien"):
		return t.is(i-1, "à") && t.is(i-2, "correspond", "correspondent", "rime", "riment") && t.negBefore(i-2, 3)
	case t.is(i, "personne"):
		return !t.l.det[t.low(i-1)] && t.is(i+1, "n'", "ne") && wronged[t.low(i+4)] && t.is(i+3, "été") || t.is(i, "personne") && t.is(i+1, "ici", "chez") && t.find(i+2, min(i+6, len(t.s)), "n'", "ne") > 0
	case twisted[t.low(i)]:
		for k := 0; k < i; k++ {
			if t.is(k, "propos", "paroles", "déclarations", "mots", "phrase", "citation") && (t.l.poss[t.low(k-1)] || t.l.det[t.low(k-1)]) {
				return t.beBefore(i, 4) && !t.negBefore(i, 5)
			}
		}
	case t.is(i, "crise", "problème", "pénurie", "affaire", "scandale", "dispute", "conflit", "retard", "malaise", "tension", "tensions", "licenciement", "licenciements"):
		return i < 9 && t.is(0, "non") && t.negBefore(i, 4)
	}
	return false
}

// wronged are participles of what somebody may be blamed for doing to others.
var wronged = words("menacé menacée menacés licencié licenciée licenciés torturé torturés forcé forcée forcés contraint contrainte contraints expulsé expulsés frappé frappés insulté insultés payé payés soudoyé espionné espionnés évincé évincés censuré censurés")

// twisted are participles of what was done to somebody's words, who denies what they were
// made to mean.
var twisted = words("déformé déformés déformée déformées sorti sortis sortie sorties tronqué tronqués tronquée tronquées détourné détournés détournées interprété interprétés interprétée interprétées manipulé manipulés instrumentalisés instrumentalisé")

// shortNo are answers that are nothing but a denial.
var shortNo = map[string]bool{"pas du tout": true, "absolument pas": true, "certainement pas": true, "jamais de la vie": true, "bien sûr que non": true, "sûrement pas": true, "en aucun cas": true, "pas le moins du monde": true, "non": true, "jamais": true}

// saysOnlyNo says whether quoted words are such an answer.
func saysOnlyNo(ts []tok) bool {
	s := ""
	for i := range ts {
		if ts[i].kind != word {
			if i < len(ts)-1 && ts[i].low != "," {
				return false
			}
			continue
		}
		if s != "" {
			s += " "
		}
		s += ts[i].low
	}
	return shortNo[s]
}

// owned are nouns of what somebody does or does not own up to.
var owned = words("faits responsabilité responsabilités culpabilité faute fautes tort torts accusations reproches infraction délit crime implication participation existence")

// disowns gives a verb of admitting that is negated the sense of a denial: "ne reconnaît pas
// les faits", "n'a jamais admis sa responsabilité".
func (t *sent) disowns(i, start int, f form) *cue {
	if !oneOf(f.v.lemma, "reconnaître", "admettre", "avouer", "assumer") || f.v.particle != "" || f.ger || f.inf {
		return nil
	}
	for k := i + 1; k < i+6 && k < len(t.s) && !t.isMark(k); k++ {
		if t.l.sub[t.low(k)] {
			return nil
		}
		if owned[t.low(k)] {
			v := &verb{lemma: "nier", kind: statement.Denial, flags: "ok"}
			return &cue{a: start, b: i + 1 + b2i(t.is(i+1, "pas")), at: i, v: v, kind: v.kind, how: active}
		}
	}
	return nil
}

// bareFalsity says whether a single word of falsity at a is all of what somebody answers:
// "Faux, répond la mairie".
func (t *sent) bareFalsity(c *cue, a int) bool {
	return t.l.code == "fr" && c.inverted && t.is(a, "faux", "mensonge", "mensonges", "absurde", "ridicule", "intox", "non")
}
