package press

import "strings"

// What French words do: rules that are of French alone. kind.go has those that both
// languages share.

// subordinateFR says whether a clause of cause, time or condition begins at i: its
// negation is none of the main clause. For example: "a été coupée car le pont ne tenait
// plus", "sera bloqué s'il ne répond pas".
func (t *sent) subordinateFR(i int) bool {
	switch {
	case t.is(i, "car"):
		return !t.l.det[t.low(i-1)] && !t.l.prep[t.low(i-1)] // "un car"
	case t.is(i, "lorsqu'", "puisqu'", "quoique", "quoiqu'", "comme"):
		return !t.is(i, "comme") || t.is(i-1, ",")
	case t.is(i, "s'"):
		return t.is(i+1, "il", "ils")
	case t.is(i, "faute", "afin"):
		return t.is(i+1, "de", "d'")
	}
	return false
}

// refutesFR says whether words at i deny by a set phrase: "il n'a jamais été question
// de fermer", "cela ne correspond pas à la réalité", "ne tient pas debout".
func (t *sent) refutesFR(i int) bool {
	if t.l.code != "fr" {
		return false
	}
	switch {
	case t.misleads(i), t.unproved(i), t.setPhraseFR(i):
		return true
	case t.is(i, "question"):
		return t.is(i+1, "de", "d'", "que", "qu'", "pour") && (t.is(i-1, "pas", "jamais", "nullement", "été", "aucunement")) && t.negBefore(i, 5) && t.find(max(i-6, 0), i, "il", "pas") >= 0 && t.beBefore(i, 5)
	case t.is(i, "réalité", "vérité", "faits"):
		for k := i - 1; k > 0 && k > i-6; k-- {
			if t.is(k, "correspond", "correspondent", "reflète", "reflètent", "rapport", "conforme", "conformes") {
				return t.negBefore(k, 4) || t.is(k-1, "sans", "aucun")
			}
		}
	case t.is(i, "tort"):
		return t.is(i-1, "à") && t.find(max(i-7, 0), i, "accuse", "accusent", "accusé", "accusée", "accusés", "soupçonne", "soupçonné", "cause", "reproche", "impute", "incrimine") >= 0
	case t.is(i, "debout"):
		return t.is(i-1, "pas") && t.is(i-2, "tient", "tiennent", "tenait")
	case t.is(i, "sens", "fondement"):
		return t.is(i-1, "aucun") && t.negBefore(i-1, 4)
	}
	return false
}

// striking are stems of verbs of what a threat says will be done.
var striking = []string{"frapp", "ripost", "attaqu", "bombard", "détrui", "détruir", "bloqu", "interdi", "puni", "poursuiv", "sanctionn", "expuls", "boycott", "assaill", "écras", "anéanti", "brûl", "tuer", "abatt", "envahi", "fermer", "couper", "suspend", "retirer", "résili", "licenci", "démissionn", "attaquer", "emprisonn", "arrêt", "confisqu", "saisir", "porter", "liquid", "élimin", "exécut"}

// lawful are those by which somebody in charge threatens without a condition.
var lawful = []string{"puni", "poursuiv", "sanctionn", "expuls", "emprisonn", "boycott", "ripost"}

func anyStem(w string, stems []string) bool {
	for _, s := range stems {
		if len(w) >= len(s) && w[:len(s)] == s {
			return true
		}
	}
	return false
}

// threatensFR says whether words tell others what will be done to them: a verb of
// striking to come, with a condition that they may meet ("s'il ne supprime pas les
// vidéos", "si l'armée avance"), a complaint, or a penalty.
func (t *sent) threatensFR() bool {
	cond := false
	for i := 0; i < len(t.s) && i < 60; i++ {
		cond = cond || t.deterred(i)
	}
	for i := 0; i < len(t.s) && i < 40; i++ {
		w := t.low(i)
		if i > 0 && t.is(i, ".", "!", ";", "…") {
			break
		}
		if t.negBefore(i, 3) {
			continue
		}
		come := t.toCome(i)
		passive := i > 1 && anyStem(w, striking) && endsIn(w, "é", "ée", "és", "ées", "i", "ie", "is", "ies", "u", "ue", "us", "ues") && (t.toCome(i-1) && t.l.be[t.low(i-1)] || t.is(i-1, "être") && t.comingModal(i-2) || t.adverb(i-1) && t.is(i-2, "être") && t.comingModal(i-3))
		switch {
		case come && endsIn(w, "ait", "aient", "a", "ont", "ons") && t.is(i+1, "plainte") && anyStem(w, []string{"porter", "déposer"}):
			return true
		case passive && (cond || anyStem(w, lawful)):
			return true
		case come && anyStem(w, striking) && cond && !t.is(i-1, "me", "m'", "se", "s'", "y"):
			return true
		}
	}
	return false
}

// toCome says whether a word is a French verb in the future or conditional.
func (t *sent) toCome(i int) bool {
	w := t.low(i)
	return t.is(i, "sera", "seront", "serait", "seraient", "aura", "aurait", "ira", "fera", "ferait") || t.isWord(i) && !t.s[i].cap && endsIn(w, "ra", "ront", "rons", "rai", "rez", "rait", "raient", "rions", "rais") && t.x.nouns[w].role == ""
}

// comingModal says whether a helper says what may or will be done.
func (t *sent) comingModal(i int) bool {
	return t.is(i, "pourrait", "pourraient", "pourra", "pourront", "va", "vont", "allait", "allaient", "devra", "devront", "devrait", "devraient")
}

// deterred says whether a condition begins at i that somebody can meet or not: of an
// act, by people.
func (t *sent) deterred(i int) bool {
	if !t.is(i, "si", "s'") || i > 0 && t.l.det[t.low(i-1)] {
		return false
	}
	k := i + 1
	switch {
	case t.is(k, "vous", "ils", "elles", "quelqu'un", "nos", "notre", "mon", "ma", "mes"), t.is(k, "il", "elle", "on") && t.is(k+1, "ne", "n'", "continue", "continuent", "persiste", "persistait", "refuse", "refusait"):
		return true
	}
	e := k
	for e < len(t.s) && e < k+6 && !t.isMark(e) && (t.l.det[t.low(e)] || t.s[e].cap || t.x.nouns[t.low(e)].role != "" || t.is(e, "sanctions", "violences", "attaques", "bombardements", "hostilités", "combats", "revendications", "demandes", "exigences", "promesses", "engagements")) {
		if r := t.x.nouns[t.low(e)].role; r != "" && r != "document" || t.s[e].cap && t.isWord(e) || !t.l.det[t.low(e)] {
			return true
		}
		e++
	}
	return false
}

// blamesFR says whether quoted words condemn by saying so: "Nous condamnons ces
// violences", "Le parti condamne avec fermeté cette agression".
func (t *sent) blamesFR() bool {
	for i := 1; i < len(t.s) && i < 14; i++ {
		if t.isMark(i) && !t.is(i, ",") || t.l.sub[t.low(i)] {
			return false
		}
		if t.is(i, "condamnons", "dénonçons", "déplorons", "fustigeons", "réprouvons") {
			return !t.negBefore(i, 3)
		}
		if t.is(i, "condamne", "condamnent", "dénonce", "dénoncent", "déplore", "déplorent", "fustige", "réprouve", "réprouvent", "condamné", "dénoncé") && (t.is(i-1, "je", "nous") || t.l.have[t.low(i-1)] || t.l.adv[t.low(i-1)] || t.x.nouns[t.low(i-1)].role != "" || t.s[i-1].cap || t.adverb(i-1)) {
			return !t.negBefore(i, 3) && t.find(0, i, "tribunal", "cour", "justice", "juge", "loi", "code") < 0
		}
	}
	return false
}

// movedFR are participles with "être" by which somebody denies an act.
var movedFR = words("allé allée allés allées entré entrée entrés entrées intervenu intervenue intervenus rendu rendue rendus impliqué impliquée impliqués impliquées mêlé mêlée mêlés responsable responsables coupable coupables derrière informé informée informés concerné concernée concernés payé payée payés rémunéré rémunérée condamné condamnée condamnés mis mise inculpé inculpée poursuivi poursuivie")

// deedsFR are present forms of what somebody is accused of: "nous ne recrutons pas
// de mercenaires", "son pays ne mène pas d'attaques".
var deedsFR = func() map[string]bool {
	m := map[string]bool{}
	for _, v := range strings.Fields("recrut viol tortur cibl vis bombard espionn financ vol survol transf financ censur bloqu coup attaqu pirat livr mèn men pratiqu rejet dévers cach falsifi détourn arm entraîn héberg protég manipul stock vend collect transmet envahi provoqu organis utilis import export discrimin favoris maltrait expuls enferm surveill écout trich triqu fraud pollu expos brutalis négli") {
		for _, end := range []string{"e", "ent", "ons", "ait", "aient", "ions"} {
			m[v+end] = true
		}
	}
	for w := range words("tuons tue tuent vendons vend vendent mentons ment mentent détruit détruisons détruisent soutient soutenons soutiennent enfreint enfreignons détient détenons détiennent") {
		m[w] = true
	}
	return m
}()
