package press

import (
	"strings"

	"constat/claims/statement"
)

// negatesOwn says whether the negation at i denies what the speaker, or one of
// the speaker's side, is said to have done: "we did not close it", "said it had not
// cut the line", "Ni nos services ni nos agents n'ont participé".
func (t *sent) negatesOwn(i int, sp statement.Speaker, direct bool) bool {
	w := t.low(i)
	if !t.l.neg[w] || t.notYet(i) || t.l.code == "fr" && t.nounPas(i) || t.l.code == "fr" && (t.is(i-1, "en") && t.is(i, "ne", "n'") || t.is(i-2, "n'", "ne") && t.is(i-3, "en")) {
		return false
	}
	if t.l.code == "fr" && t.is(i, "ne", "n'") && !(direct && i > 0) && (t.is(i+1, "pas", "jamais", "rien", "être", "avoir") || i == 0) && i < 2 && t.infinitiveDenied(i) {
		// "dit ne pas avoir reçu": an infinitive has the speaker's own act.
		for k := i + 1; k < i+6; k++ {
			if attitudes[t.low(k)] && !t.is(k, "savoir", "rencontré", "rencontrée", "connu", "vu", "parlé") {
				return false
			}
		}
		return true
	}
	if t.l.code == "en" && t.is(i+1, "care", "matter", "mind") || t.only(i) {
		return false // "It just didn't care", "nous ne l'avons vu qu'un an après"
	}
	if (t.notDoing(i) || t.notThere(i)) && t.principal(i, sp) || t.ownNotDoing(i, direct) || t.brokeNone(i, direct) || t.atNoPoint(i, direct) {
		return true
	}
	if !t.actAfter(i) || t.l.code == "fr" && (t.is(i, "ne", "n'") && t.find(i+1, min(i+5, len(t.s)), "seulement", "uniquement") > 0 || t.is(i, "pas") && t.is(i+1, "seulement", "uniquement")) {
		return false
	}
	if t.principal(i, sp) {
		return true
	}
	if t.l.code == "en" && (t.byName(i, sp) || t.is(i, "nobody") && t.is(i+1, "ordered", "asked", "paid", "forced", "instructed", "hired", "pressured") && t.is(i+2, "us", "me", "them", "him", "her")) {
		return true
	}
	if t.l.code == "fr" && (t.forPrincipal(i, sp) || t.forCountry(i, sp)) {
		return true
	}
	for k := i - 1; k >= 0 && k > i-16; k-- {
		switch {
		case t.l.code == "fr" && t.is(k, "nous") && (t.l.prep[t.low(k-1)] || t.is(k-1, "entre", "que", "qu'", "comme")):
		case t.is(k, "we", "i", "nous", "je", "j'"), direct && t.is(k, "on"):
			return k > i-7
		case t.l.code == "en" && k < i-1 && (t.is(k, "that", "because") || t.is(k, "which", "who")):
			return false // "she was relieved that a date had not been set"
		case !direct && k < 4 && t.is(k, "it", "they", "he", "she", "il", "elle", "ils", "elles") && !t.is(k+1, "y", "s'", "ne", "n'") && !t.impersonal(k):
			return true
		case !direct && k < 4 && t.is(k, "il", "elle", "ils", "elles") && t.is(k+1, "ne", "n'") && !t.impersonal(k):
			return !(t.is(k, "ils", "elles") && oneOnly(sp)) && t.find(i, i+4, "seul", "seuls", "seule", "seules") < 0
		case t.l.code == "en" && !direct && k < 2 && t.is(k, "the") && (sp.Role == statement.Company && t.is(k+1, "company", "firm", "group", "bank", "operator", "airline", "business") || (sp.Role == statement.Official || sp.Role == statement.AnonymousOfficial) && t.is(k+1, "government", "ministry", "army", "military", "police", "country", "regulator", "authorities", "kremlin")):
			return k+2 >= i-2 // "the company had never been asked", its spokesman said
		case t.l.poss[t.low(k)] && !(direct && t.is(k, "their", "leur", "leurs", "his", "her", "its", "son", "sa", "ses")):
			return t.x.claims["own"][t.low(k+1)] || t.x.claims["own"][t.low(k+2)] || t.sideActs(k, i, direct)
		}
		if t.isMark(k) {
			return false
		}
	}
	if t.is(i, "nobody", "no-one") && (t.is(i+1, "here") || t.is(i+1, "at", "in", "from", "on") && t.is(i+2, "our", "my")) || t.is(i, "none") && t.is(i+1, "of") && t.is(i+2, "us") {
		return true // "Nobody here opened the gate"
	}
	if i > 0 && i < 7 && pleads(sp) && t.is(i, "never", "jamais", "not", "n't") && t.find(0, i, "client", "mr", "m", "mme", "ms", "mrs", "he", "she", "il", "elle") >= 0 {
		return true // "My client never took the key", his lawyer said
	}
	if t.is(i, "neither", "ni") {
		for k := i + 1; k < i+3; k++ {
			if t.l.poss[t.low(k)] || t.l.first[t.low(k)] {
				return true
			}
		}
	}
	// "Un collaborateur du porte-parole … le ministre n'a jamais signé": an office's own.
	if sp.Role == statement.Official && !direct {
		for k := max(i-5, 1); k < i; k++ {
			if r := t.x.nouns[t.low(k)].role; (r == "official" || r == "body") && t.is(k-1, "le", "la", "l'", "the") && t.x.claims["own"][t.low(k)] {
				return true
			}
		}
	}
	if t.l.code == "fr" && t.ownCountry(i, sp) {
		return true
	}
	// "Moscow said Russian troops had not": the speaker's own.
	for k := max(i-8, 0); k < i; k++ {
		if p, n := t.placeAt(k); n > 0 && p.demonym && t.x.claims["own"][t.low(k+n)] && (sp.Role == statement.Official || sp.Role == statement.AnonymousOfficial) {
			return true
		}
	}
	return false
}

// ownCountry says whether a country that the speaker speaks for is the subject of
// what the negation at i is about: the Moroccan ambassador says « le Maroc n'a pas
// espionné le président ».
func (t *sent) ownCountry(i int, sp statement.Speaker) bool {
	if sp.Role != statement.Official && sp.Role != statement.AnonymousOfficial {
		return false
	}
	for k := max(i-6, 0); k < i; k++ {
		p, n := t.placeAt(k)
		if n == 0 || p.demonym || t.l.prep[t.low(k-1)] || t.is(k-1, "l'", "la", "le") && t.l.prep[t.low(k-2)] {
			continue
		}
		for _, w := range strings.FieldsFunc(lower(sp.As+" "+sp.For), func(r rune) bool { return r == ' ' || r == '\'' || r == '-' || r == ',' }) {
			if q, ok := t.x.places[w]; ok && q.code == p.code {
				return true
			}
		}
	}
	return false
}

// oneOnly says whether a speaker is one person, of whom "ils" does not speak.
func oneOnly(sp statement.Speaker) bool {
	if sp.Name != "" {
		return true
	}
	first, _, _ := strings.Cut(lower(sp.As), " ")
	return first == "il" || first == "elle" || first == "m." || first == "mme"
}

// pleads says whether a speaker speaks for somebody accused.
func pleads(sp statement.Speaker) bool {
	as := lower(sp.As)
	return strings.Contains(as, "avocat") || strings.Contains(as, "lawyer") || strings.Contains(as, "attorney")
}

// impersonal says whether a pronoun at k stands for nobody: "il y a", "it is not
// clear", "il ne s'agit pas".
func (t *sent) impersonal(k int) bool {
	for j := k + 1; j < k+6; j++ {
		if t.is(j, "y", "agit", "agisse", "agissait", "faut", "clear", "possible", "true", "clair", "semble", "reste", "pleut") {
			return true
		}
	}
	return false
}

// actAfter says whether what a negation at i is about is an act, not what
// somebody knows or wants.
func (t *sent) actAfter(i int) bool {
	for k := i + 1; k < i+7 && k < len(t.s); k++ {
		w := t.low(k)
		if t.l.code == "en" && t.is(k, ",") && t.is(k+1, "ever") {
			continue // "has never, ever used"
		}
		if t.isMark(k) || t.l.code == "en" && t.is(k+1, "such") && !t.is(k+2, "a", "an") && !t.claimIn(k+2, k+3) && !negated[t.low(k+2)] {
			return false
		}
		if t.l.code == "fr" && t.is(k, "été") {
			continue
		}
		if t.is(k, "plus") || t.is(k, "informé", "informée", "informés") && t.find(i, k, "tiens", "tient", "tenons") >= 0 {
			continue // no participle of "plaire"; "je ne me tiens pas informé"
		}
		if t.dutyAt(k) || t.is(k, "targeted") && t.is(k-1, "specifically", "specially", "deliberately") || t.is(k, "had", "have") && t.is(k+1, "to") {
			return false
		}
		if t.l.code == "en" && t.is(i, "no") && t.is(k, "to") {
			return false // "have no information to share"
		}
		if attitudes[w] || t.l.sub[w] && !t.is(k, "that", "que", "qu'") || t.notAll(k) {
			return false
		}
		if t.l.code == "en" && t.is(k, "vulnerable", "exposed", "guilty", "liable", "complicit", "culpable") && t.is(k-1, "not", "n't", "never", "wasn't", "weren't", "isn't", "aren't") {
			return true
		}
		if t.l.code == "en" && t.unawareOf(k) {
			return false
		}
		if t.is(k, "involved", "responsible", "behind", "aware", "impliqué", "impliquée", "impliqués", "responsable", "responsables", "derrière", "mêlé", "mêlée", "coupable", "informé", "informés", "concernés", "concerné", "party", "présent", "présente", "présents", "présentes") || t.is(k, "place") && t.is(k-1, "sur") {
			return true
		}
		if did, act := t.didNot(i, k); did {
			return act
		}
		if t.l.code == "en" && w == "do" && t.is(k+1, "it", "that", "this", "anything") && t.is(k-1, "didn't", "not", "never", "n't") {
			return t.is(k-1, "didn't") || t.is(k-2, "did")
		}
		if t.l.code == "en" && deedsEN[w] && (t.is(i-1, "do", "does") || t.is(i, "doesn't", "don't") || t.is(i, "never")) {
			return true // "it does not target civilians"
		}
		if t.l.code == "en" && (endsIn(w, "ed") || irregular[w] && !t.is(k, "had", "been") || anyForm(t.forms(k), func(f form) bool { return f.inf || f.part })) {
			past := t.is(i-1, "did", "had", "has", "have", "was", "were") || t.is(i, "didn't", "hadn't", "haven't", "hasn't", "wasn't", "weren't", "never", "neither", "nor", "nobody", "none")
			return past
		}
		if t.l.code == "fr" && (k == i+1 && t.is(i, "ne", "n'") && deedsFR[w] || k == i+1 && deedsFR[t.low(i-1)]) {
			return true
		}
		if t.l.code == "fr" && k > i && t.is(i, "pas") && t.is(i-1, "est", "suis", "sommes", "sont") && !movedFR[w] {
			return false // "on n'est pas obligés", "je ne suis pas venu pour cela": a state
		}
		if t.l.code == "fr" && k > i && (t.stateOf(i) || befallen(w) || t.is(k-1, "été") && endsIn(w, "é", "ée", "és", "ées", "is", "ise", "it", "ite") && !movedFR[w] && !struck[w]) {
			return false
		}
		if t.l.code == "fr" && k > i && (endsIn(w, "é", "ée", "és", "ées") || anyForm(t.forms(k), func(f form) bool { return f.part }) && !t.l.have[w]) {
			return true
		}
	}
	return t.is(i, "n't", "not") && t.is(i+1, "us", "me", "ours")
}

// negatesEvent says whether the negation at i denies an event that somebody may
// be blamed for: "there was no attack", "il ne s'agit pas d'un incendie volontaire".
func (t *sent) negatesEvent(i int) bool {
	event := func(a, n int) bool {
		for k := a; k < a+n && k < len(t.s); k++ {
			if t.isMark(k) {
				return false
			}
			if t.x.claims["event"][t.low(k)] && !(t.is(k, "ordre") && t.is(k-1, "d'")) {
				// "not an isolated incident" grants that it was one
				for j := a; j < k+2; j++ {
					if t.is(j, "isolated", "isolé", "isolée", "first", "last", "premier", "première", "seul", "seule", "only") {
						return false
					}
				}
				return true
			}
		}
		return false
	}
	if t.notYet(i) || t.only(i) {
		return false
	}
	if be := false; t.l.neg[t.low(i)] {
		for k := i + 1; k < i+7 && k < len(t.s) && !t.isMark(k) && !t.is(k, "who", "how", "why", "whether", "qui", "si", "comment"); k++ {
			be = be || t.l.be[t.low(k)] || t.l.be[t.low(i-1)]
			if t.is(k, "such") && t.is(k-1, "do", "in", "out") && i > 0 && i < 4 && t.l.first[t.low(0)] {
				return true // "We do not do such things"
			}
			if struck[t.low(k)] && be && !t.l.det[t.low(k-1)] {
				return true
			}
			if blamed[t.low(k)] && k <= i+4 && !t.oneOf(k) && !t.dutyAt(k) && !(t.is(k, "involved") && t.is(k+1, "or")) || t.is(k, "nous", "us", "moi") && t.is(k-1, "pas", "not") || t.l.code == "fr" && t.is(k, "lui", "moi", "nous") && t.is(k-1, "de") && t.is(k-2, "pas") {
				return true
			}
			if t.is(k, "caused", "due", "linked", "related", "causé", "causée", "dû", "due", "lié", "liée", "liés", "liées", "provoqué", "provoquée") && t.is(k+1, "by", "to", "par", "à", "au", "aux") && k <= i+4 || t.is(k, "work", "fait", "œuvre") && t.is(k+1, "of", "de", "du", "d'", "des") && t.is(k-1, "the", "le", "l'") {
				return true
			}
			if t.is(k, "this", "that", "these", "cette", "cet", "ce", "ces") && event(k+1, 2) && k > i+1 {
				return true
			}
			if t.is(k, "any", "aucun", "aucune") && event(k+1, 3) {
				return true
			}
		}
	}
	if t.l.code == "en" {
		switch {
		case t.is(i, "no"):
			n := 0 // the noun that is not there, and nothing behind its preposition
			for n < 4 && !(t.l.prep[t.low(i+1+n)] && !t.is(i+1+n, "of")) {
				n++
			}
			return (t.is(i-1, "was", "were", "is", "been", "are") && (t.is(i-2, "there", "had", "has", "have")) || t.is(i-1, "had", "seen") || i == 0) && event(i+1, n)
		case t.is(i, "not", "wasn't", "isn't", "weren't"):
			if !(t.is(i-1, "was", "is", "were") || t.is(i, "wasn't", "isn't", "weren't")) {
				return false
			}
			k := i + 1
			if t.is(k, "the") && t.is(k+1, "result", "work", "consequence") || t.is(k, "caused", "due", "linked", "related", "connected") {
				return event(k+1, 6)
			}
			if t.is(k, "what", "how") {
				return true // "That is not what happened"
			}
			return t.is(k, "a", "an", "any") && event(k+1, 3)
		case t.is(i, "simply") && t.is(i+1, "not") && t.is(i+2, "what"):
			return true
		}
		return false
	}
	if t.is(i, "aucun", "aucune") && event(i+1, 2) && !t.is(i+1, "accord", "rencontre", "négociation", "contact") && t.find(i+2, min(i+9, len(t.s)), "n'", "ne") > 0 || t.is(i, "ni") && t.find(max(i-5, 0), i, "y") >= 0 && event(i+1, 2) || t.is(i, "non") && t.is(i-1, "et") && event(i+1, 3) {
		return true
	}
	if !t.is(i, "pas", "aucun", "aucune", "jamais", "nullement", "point") {
		return false
	}
	// "il n'y a pas eu de coupure", "ne s'agit pas d'une attaque", "n'est pas une attaque"
	exist, copula := false, false
	for k := i - 1; k >= 0 && k > i-6; k-- {
		exist = exist || t.is(k, "y") || t.is(k, "agit", "agisse", "agissait")
		copula = copula || t.is(k, "est", "était", "sont", "étaient", "soit") && (t.is(i+1, "un", "une", "d'", "le", "la", "l'", "dû", "due", "lié", "liée", "ce"))
	}
	if copula && t.is(i+1, "ce") && t.is(i+2, "qui", "que") {
		return true
	}
	return (exist || copula) && event(i+1, 6)
}

// struck are participles of what somebody may be blamed for.
var struck = words("hacked breached compromised infiltrated sabotaged tampered blocked cut jammed censored attacked poisoned tortured bugged piraté piratée piratés piratées compromis compromise compromises infiltré infiltrés saboté sabotée coupé coupée coupés coupées bloqué bloquée bloqués bloquées censuré censurée censurés brouillé brouillée attaqué attaquée torturé")

// blamed are words for somebody's part in something.
var blamed = words("behind responsible involved derrière responsable responsables impliqué impliquée impliqués impliquées coupable coupables mêlé mêlée mêlés auteur autrice auteurs complice complices commanditaire")

// negates says whether the token negates a main clause.
func (t *sent) negates(i int) bool {
	w := t.low(i)
	if t.l.code == "en" {
		switch {
		case t.is(i, "not"):
			return !t.is(i+1, "only", "just", "least") && !(t.is(i-1, ",", "and", "but") && (t.l.det[t.low(i+1)] || t.l.prep[t.low(i+1)])) && !t.is(i-1, "if", "whether", "or", "why")
		case t.is(i, "no") && i > 2 && t.is(i-1, "with", "of", "for", "in", "at", "by", "despite"), t.is(i, "no") && t.is(i+1, "closer", "later", "earlier", "fewer", "less", "more", "sooner", "further", "higher", "lower") && t.is(i+2, "than"):
			return false // "stuck in the valley, with no water"
		case t.is(i, "no"):
			return !t.is(i+1, "comment", "doubt", "longer", "wonder", ",", ".", "matter") || t.is(i+1, "longer")
		case t.is(i, "never", "nobody", "none", "nothing", "neither", "cannot"):
			return true
		}
		return len(w) > 3 && w[len(w)-3:] == "n't"
	}
	switch {
	case t.is(i, "ne", "n'"):
		for k := i + 1; k < len(t.s) && k < i+9 && !t.is(k, ".", ";"); k++ {
			if t.is(k, "pas", "jamais", "aucun", "aucune", "rien", "nullement", "aucunement", "point", "nul", "ni", "plus", "personne") {
				return !t.is(k+1, "seulement", "que", "qu'") || t.is(k, "pas") && !t.is(k+1, "seulement")
			}
			if t.is(k, "que", "qu'") {
				return false
			}
		}
		for k := i - 1; k >= 0 && k > i-8; k-- {
			if t.is(k, "aucun", "aucune", "rien", "personne", "nul", "nulle", "jamais", "ni") {
				return true
			}
		}
	case t.is(i, "pas", "aucun", "aucune", "rien"):
		return i == 0
	}
	return false
}
