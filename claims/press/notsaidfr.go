package press

import "constat/claims/statement"

// What French words look like somebody's saying and are none.

// supposed says whether "aurait" at i speaks of what might have been, or of a need, and
// passes on no rumour: "aurait pu rouvrir", "aurait besoin d'un médecin".
func (t *sent) supposed(i int) bool {
	k := i + 1
	for t.adverb(k) || t.is(k, "pas", "jamais", "plus", "sans", "doute", "certainement") {
		k++
	}
	return t.is(k, "pu", "dû", "voulu", "souhaité", "aimé", "préféré", "fallu", "suffi", "mieux", "besoin", "intérêt", "raison", "tort", "tendance", "droit", "lieu", "beau", "peur", "envie", "mérité", "imaginé", "cru", "pensé") || t.is(i+1, "sans") && t.is(i+2, "doute") || t.find(i+1, min(i+4, len(t.s)), "probablement", "certainement") > 0 || t.find(0, i, "crois", "pense", "imagine") >= 0
}

// measures are nouns that "selon" has behind it in the sense of "depending on".
var measures = words("époque époques cas critère critères région régions saison saisons besoin besoins moyens modèle modèles type types niveau niveaux intensité taille âge âges nature quantité espèce espèces sous-espèces mode modes degré usage usages endroit endroits lieu lieux moment moments heure heures jour jours méthode méthodes modalité modalités condition conditions circonstances situation situations capacité capacités poids prix couleur humeur longueur hauteur largeur température distance durée profondeur vitesse secteur secteurs zone zones discipline disciplines formule formules bactérie bactéries facultés principe principes règle règles procédure procédures calendrier ordre usage choix goût goûts envies disponibilité disponibilités gravité importance norme normes standard standards protocole protocoles recette technique techniques tradition traditions option options pays personnes individus variante variantes rite rites origine provenance fréquence catégorie catégories tranche tranches")

// dependsOn says whether the phrase a … b behind "selon" is what something depends on.
func (t *sent) dependsOn(a, b int) bool {
	if t.l.code != "fr" {
		return false
	}
	if k := t.find(a, b, "terme", "termes", "expression", "mot", "mots"); k >= 0 && t.is(k+1, "utilisé", "utilisés", "utilisée", "employé", "employés", "employée", "consacré", "consacrée") {
		return true // "selon le terme employé par la maire, un « plan »"
	}
	for i := a; i < b; i++ {
		if i > a && (t.l.prep[t.low(i)] || t.s[i].cap) {
			return false
		}
		if measures[t.low(i)] {
			return true
		}
		if t.x.nouns[t.low(i)].role != "" {
			return false
		}
	}
	return false
}

// suffered are nouns of what is deplored without blaming anybody: the dead, damage.
var suffered = words("mort morts victime victimes blessé blessés blessée blessées décès dégât dégâts disparu disparus perte pertes blessures forfait forfaits absence absences incident incidents")

// suffers says whether "déplorer" at k has only losses as its object: "déplore deux
// morts et des dégâts".
func (t *sent) suffers(v *verb, k, hi int) bool {
	if t.l.code != "fr" || v.lemma != "déplorer" {
		return false
	}
	for i := k; i < hi && i < k+5 && !t.isMark(i); i++ {
		if suffered[t.low(i)] {
			return t.s[k].kind == number || numbersFR[t.low(k)] || t.is(k, "des", "de", "d'", "plusieurs", "quelques", "une", "un", "aucun", "aucune", "au", "plus", "près")
		}
	}
	return false
}

var numbersFR = words("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent mille")

// offered are nouns of what a proposal in politics or business is of; anything else that
// is proposed is on offer: "propose des chambres avec vue".
var offered = words("plan plans mesure mesures réforme réformes loi lois amendement amendements texte dialogue médiation aide report calendrier trêve cessez-le-feu solution solutions création suppression règle règles taxe taxes accord accords compromis calme paix rencontre réunion vote débat dépistage moratoire mandat audit référendum gel délai délais retrait départ maintien retour pacte projet projets transfert échange partage budget hausse baisse enquête feuille idée idées")

// onOffer says whether "proposer" has goods as its object at k.
func (t *sent) onOffer(v *verb, k, hi int) bool {
	if t.l.code != "fr" || v.lemma != "proposer" || !t.l.det[t.low(k)] && !t.isTime(k) && t.s[k].kind != number && !(t.is(k, "de") && k+1 < len(t.s) && t.s[k+1].kind == number) {
		return false
	}
	for i := k; i < hi && i < k+6 && !t.isMark(i); i++ {
		if offered[t.low(i)] || t.isQuote(i) || i > k && endsIn(t.low(i), "ation", "ations", "ition", "ement", "usion", "ission") && !t.is(i, "abonnement", "appartement", "formation", "animation") {
			return false
		}
		if i > k+1 && t.is(i, "de", "d'") && t.infinitiveNear(i+1) {
			return false
		}
	}
	return true
}

// likens says whether "rappeler" has only a noun as its object, and a thing as its
// subject: "ce paysage rappelle la manière des peintres".
func (t *sent) likens(c *cue, k, hi int) bool {
	if t.l.code != "fr" || c.v.lemma != "rappeler" || t.is(k, "que", "qu'", ":") || t.isQuote(k) {
		return false
	}
	a, b := c.subj[0], c.subj[1]
	return a < b && !c.pron && t.roleIn(a, b) == "" && !t.hasCap(a, b) && !t.documentIn(a, b)
}

// endangers says whether "menacer" has something for its object that is in danger, and no
// threat follows: "la sécheresse menace l'équilibre de la vallée".
func (t *sent) endangers(v *verb, k, hi int) bool {
	if t.l.code != "fr" || v.kind != statement.Threat {
		return false
	}
	for i := k; i < hi && i < k+18 && !t.is(i, ";"); i++ {
		if t.is(i, "de", "d'") && (t.infinitiveNear(i+1) || t.findNear(i+1, 3, "représailles", "sanctions", "mort", "grève", "grèves", "poursuites", "boycott", "prison", "guerre", "frappes", "expulsion", "licenciement", "licenciements", "veto", "riposte", "rétorsion", "blocage", "suspension", "procès") > 0) {
			return false
		}
	}
	return true
}

// noBody says whether a French subject cannot be who speaks: a noun in small letters
// without an article that is no office ("public l'accusation"), a participle at the head
// of a sentence ("Interrogé comme témoin").
func (t *sent) noBody(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "fr" || a >= b || c.how == passive {
		return false
	}
	for t.l.sub[t.low(a)] && b-a > 2 && !t.is(a, "qui") {
		a++ // "comme si l'agence pressait"
		c.subj[0] = a
	}
	w := t.low(a)
	if t.inanimate(c) {
		return true
	}
	switch {
	case t.is(a, "nous", "vous", "on", "tu") && b-a > 1:
		return true // "nous ne saurions trop vous conseiller": the reporter
	case t.isQuote(a), t.isMark(a), t.l.det[w], t.l.poss[w], t.l.pron[w], t.l.prep[w], t.s[a].kind == number, numbersFR[w]:
		return t.is(a, "j'", "je")
	case asked[w] && b-a > 1, t.is(a, "j'", "comme", "tout", "or", "puis", "ainsi", "peut-être", "là", "certes", "surtout", "reste", "voilà", "voici"):
		return true
	case t.s[a].cap || t.roleIn(a, b) != "" || t.documentIn(a, b):
		return false
	case t.is(a, "nombre", "beaucoup", "plusieurs", "certains", "certaines", "chacun", "chacune", "nul", "personne", "quiconque", "moins", "plus", "près", "environ", "tous", "toutes", "autres", "ceux", "celles", "celui", "celle", "lui", "eux", "même", "bon", "nombreux", "nombreuses", "peu", "différents", "divers", "quelque", "quelques"):
		return false
	case t.find(a, b, "et") > 0:
		return false // "chancelleries et partis"
	}
	return a > 0 && !t.isMark(a-1) && !t.isQuote(a-1) || a == 0
}

// nounPas says whether "pas" at i is a step and no negation: "un premier pas".
func (t *sent) nounPas(i int) bool {
	return t.is(i, "pas") && (t.is(i-1, "un", "ce", "le", "les", "des", "premier", "petit", "grand", "nouveau", "faux", "son", "ses", "deux", "au", "dernier", "quelques", "chaque") || t.is(i+1, "de") && t.is(i+2, "tir", "porte", "côté", "géant"))
}

// bracketed says whether token i stands in brackets.
func (t *sent) bracketed(i int) bool {
	for k := i - 1; k >= 0 && k > i-12; k-- {
		if t.is(k, ")", "]") {
			return false
		}
		if t.is(k, "(", "[") {
			return true
		}
	}
	return false
}

// things are nouns of what says nothing, whose endings do not tell.
var things = words("succès système systèmes modèle modèles marché marchés prix temps vie règle règles idée idées fait faits chose choses cas problème problèmes raison raisons point points sujet situation crise guerre conflit match victoire défaite vaccin virus maladie lien liens test tests risque risques économie technologie histoire climat sens vent vents température températures incendie incendies pluies tempête tempêtes orage orages ouragan cyclone sécheresse inondations crue crues tornades séisme")

// inanimate says whether the head of a French subject in small letters is a thing that says
// nothing by what it is called: "le nationalisme nie", "un système prônait".
func (t *sent) inanimate(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "fr" || a >= b || c.how == passive || c.how == accord || c.pron || t.hasCap(a+1, b) || t.roleIn(a, b) != "" || t.documentIn(a, b) || !t.l.det[t.low(a)] && !t.l.poss[t.low(a)] {
		return false
	}
	for i := a + 1; i < b && i < a+4; i++ {
		w := t.low(i)
		if t.l.prep[w] || t.l.sub[w] || t.isMark(i) || t.isQuote(i) {
			return false
		}
		if things[w] || endsIn(w, "isme", "ismes", "tude", "tudes") && w != "multitude" {
			return true
		}
	}
	return false
}

// asWished says whether a verb of wishing only says how something is done: "aussi longtemps
// qu'il le souhaite".
func (t *sent) asWished(c *cue) bool {
	return t.l.code == "fr" && c.left && !c.direct && !c.inverted && oneOf(c.v.lemma, "souhaiter", "demander", "exiger", "réclamer", "vouloir", "recommander") && (t.is(c.a-1, "le") || t.is(c.a, "le"))
}

// varying are stems of verbs of what depends on something.
var varying = []string{"vari", "diffèr", "différ", "évolu", "chang", "fluctu", "dépend", "répart", "class", "tri", "ajust", "adapt"}

// variesBy says whether "selon" at i says what something depends on: "la valeur varie selon le
// marché".
func (t *sent) variesBy(i int) bool {
	k := i - 1
	for k > 0 && (t.adverb(k) || t.is(k, "considérablement", "fortement", "beaucoup", "largement")) {
		k--
	}
	return t.l.code == "fr" && k > 0 && t.isWord(k) && anyStem(t.low(k), varying) && endsIn(t.low(k), "e", "ent", "ait", "aient", "é", "ée", "és", "ées", "er", "is", "ies", "ant", "dent", "d", "ra", "ront")
}

// nobodys are words that negate together with a later "ne".
var nobodys = words("personne rien aucun aucune nul nulle ni jamais pas plus point guère")

// onlyQue says whether "que" at k restricts and opens no clause: "qui n'a encore que vingt ans".
func (t *sent) onlyQue(k int) bool {
	verb := false
	for i := k - 1; i >= 0 && i > k-8 && !t.isMark(i) && !t.isQuote(i); i-- {
		if nobodys[t.low(i)] || t.l.sub[t.low(i)] && i < k-1 {
			return false
		}
		if t.is(i, "ne", "n'") {
			for j := i - 1; j >= 0 && j > i-8 && !t.isMark(j); j-- {
				if nobodys[t.low(j)] {
					return false
				}
			}
			return verb || t.groupAt[i] >= 0
		}
		verb = verb || t.groupAt[i] >= 0
		if anyForm(t.l.verbs[t.low(i)], func(f form) bool { return f.v.has('c') && f.v.kind != statement.Denial }) {
			return false // "il n'a dit que …" may go on with a clause
		}
	}
	return false
}

// only says whether "ne" at i goes with a "que" that restricts.
func (t *sent) only(i int) bool {
	if t.l.code != "fr" || !t.is(i, "ne", "n'") {
		return false
	}
	for k := i + 1; k < len(t.s) && k < i+8 && !t.isMark(k); k++ {
		if nobodys[t.low(k)] {
			return false
		}
		if t.is(k, "que", "qu'") {
			return len(t.groupAt) == 0 || t.onlyQue(k)
		}
	}
	return false
}
