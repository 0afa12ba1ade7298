package press

import "strings"

// group is a finite verb with its helpers: "has not been able", "n'a pas été".
type group struct {
	a, b    int
	head    int  // the verb that says most
	maybe   bool // a form in -ed, which may be a participle
	bare    bool // a verb of saying that takes a clause without "that"
	passive bool
	unused  bool // a participle after all
}

// speech says whether the group's verb is one of speech.
func (g *group) speech(t *sent) bool { return len(t.l.verbs[t.low(g.head)]) > 0 }

// groupFrom reads the verb group that begins at token i.
func (t *sent) groupFrom(i int) (group, bool) {
	if !t.isWord(i) || t.s[i].inv || t.deniedNoun(i) {
		return group{}, false
	}
	if t.l.code == "fr" {
		return t.groupFR(i)
	}
	return t.groupEN(i)
}

func anyForm(fs []form, ok func(form) bool) bool {
	for _, f := range fs {
		if ok(f) {
			return true
		}
	}
	return false
}

// forms gives the forms that a word may be of verbs of speech and others.
func (t *sent) forms(i int) []form {
	w := t.low(i)
	if f := t.l.verbs[w]; f != nil {
		return f
	}
	return t.l.common[w]
}

func (t *sent) groupEN(i int) (group, bool) {
	g := group{a: i, b: i + 1, head: i}
	w := t.low(i)
	aux := t.finite(i) && (!t.s[i].cap || i == 0 || t.isQuote(i-1)) || w == "'s" && t.is(i-1, "it", "he", "she", "that", "there", "what") || t.is(i, "'re", "'ve", "'ll", "'d")
	if aux {
		if t.is(i-1, "to") {
			return g, false // "to have stolen"
		}
		if w == "may" && t.s[i].cap && i > 0 {
			return g, false
		}
		be, was, have := t.l.be[w], t.l.be[w], t.l.have[w]
		for k := i + 1; k < len(t.s) && k < i+10; k++ {
			x := t.low(k)
			if n := t.aside(k); n > 0 {
				k += n - 1
				continue
			}
			switch {
			case t.adverb(k) || t.l.neg[x] || t.is(k, "since") && t.l.have[t.low(k-1)] || t.is(k, "long") && k+1 < len(t.s) && (endsIn(t.low(k+1), "ed") || t.l.verbs[t.low(k+1)] != nil || t.l.be[t.low(k+1)]):
				continue
			case t.l.be[x] || t.l.have[x]:
				have = t.l.have[x]
				be = t.l.be[x]
				was = was || be
				g.b, g.head = k+1, k
				continue
			}
			fs := t.forms(k)
			if t.isWord(k) && !t.s[k].cap && (anyForm(fs, func(f form) bool { return f.part || f.ger || f.inf && !be && !have }) || endsIn(x, "ed") || be && endsIn(x, "ing")) {
				g.passive = be && (endsIn(x, "ed", "en") || anyForm(fs, func(f form) bool { return f.part }))
				g.b, g.head = k+1, k
				// "has been unwilling to say", "was quick to deny" end here
			}
			break
		}
		g.bare = bareClause(t.l.verbs[t.low(g.head)]) && !g.passive
		return g, true
	}
	if t.s[i].cap && i > 0 {
		return g, false
	}
	fs := t.forms(i)
	if fs == nil && !endsIn(w, "ed") {
		return g, false
	}
	j := i - 1
	for j >= 0 && t.adverb(j) && !t.isTime(j) {
		j--
	}
	p := t.low(j)
	if j >= 0 && !t.isTime(j) && (t.l.det[p] && !(j == 0 && numbers[p] > 1) && !t.someSpeak(i, j) && !t.is(j, "that", "all", "both", "some", "many", "others", "several", "few") || t.l.prep[p] || p == "'s" || p == "to" || t.l.modal[p] && p != "to" || t.l.poss[p]) {
		return g, false
	}
	if j >= 0 && t.is(j, "be", "been", "being", "having") && t.groupAt[j] < 0 {
		return g, false // "asked not to be named"
	}
	for _, f := range t.l.verbs[w] {
		if !f.fin {
			continue
		}
		if f.past && i == 0 {
			return g, false // "Pressed on reports of …"
		}
		if f.past {
			g.maybe = g.maybe || f.part && !t.is(i, "said", "told")
			g.bare = bareClause(t.l.verbs[w])
			if t.is(i+1, "by") && !t.byMeans(i+1) {
				return g, false
			}
			return g, j >= 0 || i == 0
		}
		if f.v.particle != "" && !f.v.has('n') && t.particle(i+1, f.v.particle) == 0 {
			continue // "the new rules" is no "rules out"
		}
		if j >= 0 && t.groupAt[j] >= 0 && j == i-1 && !t.manySay(i, j) {
			continue // "raised fears"
		}
		if tail := t.tailPresent(i, f); t.nounHere(i, f) || !tail && !f.s && !f.past && t.infinitiveAlong(i) || f.s && f.v.has('t') || !tail && !f.s && !t.is(i+1, "to") && t.s[j+1].from == t.s[i].from && j >= 0 && !t.plural(j) && !t.l.pron[p] && !t.l.first[p] && !t.isMark(j) && !t.manySay(i, j) {
			continue
		}
		g.bare = bareClause(t.l.verbs[w])
		return g, true
	}
	if t.l.verbs[w] != nil && t.l.common[w] == nil {
		return g, false
	}
	for _, f := range t.l.common[w] {
		switch {
		case !f.fin:
		case f.past:
			g.maybe = f.part
			return g, !t.is(i+1, "by") || !f.part
		case f.s:
			if j >= 0 && (t.l.pron[p] || t.l.rel[p]) && t.groupAt[j] < 0 || t.apposClosed(j) && j == i-1 {
				return g, true
			}
			if j >= 0 && t.groupAt[j] < 0 && (t.s[j].cap && j == i-1 && !strings.HasSuffix(p, "s") || t.x.nouns[p].role != "" && !strings.HasSuffix(p, "s")) &&
				(i+1 >= len(t.s) || t.l.det[t.low(i+1)] || t.l.prep[t.low(i+1)] || t.is(i+1, "to", "that", "how") || t.adverb(i+1) || t.s[i+1].cap || t.s[i+1].kind == number || t.isMark(i+1)) {
				return g, true
			}
		default:
			if w == "like" && t.is(j, "who") && t.is(i+1, "others", "many", "most", "him", "her", "them") {
				return g, false // "who like others spoke"
			}
			if t.is(j, "they", "we", "you", "i", "who", "people", "police") {
				return g, true
			}
		}
	}
	if fs == nil && endsIn(w, "ed") && !strings.HasPrefix(w, "un") && !t.is(i, "need", "indeed", "hundred", "speed", "seed", "united", "unmanned", "so-called") {
		g.maybe = true
		return g, !t.is(i+1, "by") && j >= 0 && !strings.Contains(w, "-")
	}
	return g, false
}

// asides are phrases that stand between a helper and its verb.
var asides = func() map[string][][]string {
	m := map[string][][]string{}
	for _, p := range []string{"de son côté", "de leur côté", "pour sa part", "pour leur part", "pour son compte", "de nouveau", "à nouveau", "une fois de plus", "une nouvelle fois", "de nombreuses fois", "à de nombreuses reprises", "plusieurs fois", "pour la première fois", "encore une fois", "jusqu' au bout", "à demi-mot", "du bout des lèvres", "à mots couverts", "sans ambages", "sans équivoque", "au préalable", "dès le départ", "depuis le début", "une fois encore", "en outre", "par ailleurs", "à plusieurs reprises", "en effet", "en revanche", "à son tour", "à leur tour", "quant à lui", "quant à elle", "quant à eux", "elle aussi", "lui aussi", "eux aussi", "elle", "lui", "eux", "elles", "de même", "tout de même", "d' ores et déjà", "d' un revers de main", "d' un revers de la main", "d' un ton ferme", "d' une seule voix", "à l' unisson", "en bloc", "d' emblée", "d' abord", "en substance", "en conclusion", "à cette occasion", "dans la soirée", "dans la matinée", "dans la journée", "sans détour", "avec force", "avec ironie", "non sans ironie", "à cet égard", "à ce sujet", "à ce propos", "par la suite", "de manière générale", "au contraire", "dans un premier temps", "dans la foulée", "à l' époque", "à maintes reprises", "en vain", "sur Twitter", "au passage", "entre autres", "on Twitter", "in turn", "for its part", "in the past", "once again", "time and again", "over the years", "so far", "for months", "for years"} {
		f := strings.Fields(strings.ToLower(p))
		m[f[0]] = append(m[f[0]], f)
	}
	return m
}()

// aside gives how many tokens of such a phrase, or of a time, begin at k.
func (t *sent) aside(k int) int {
	for _, p := range asides[t.low(k)] {
		n := 0
		for n < len(p) && t.low(k+n) == p[n] {
			n++
		}
		if n == len(p) {
			return n
		}
	}
	n := 0
	for t.isTime(k + n) {
		n++
	}
	return n
}

// bareClause says whether a verb takes a clause without "that".
func bareClause(fs []form) bool {
	return anyForm(fs, func(f form) bool { return f.v.particle == "" && (f.v.has('b') || f.v.has('c') || f.v.has('r')) })
}

func (t *sent) groupFR(i int) (group, bool) {
	g := group{a: i, b: i + 1, head: i}
	// Pronouns and "ne" in front belong to it.
	k := i
	for k < len(t.s) && k < i+5 && (t.is(k, "ne", "n'") || clitic[t.low(k)] && !t.s[k].inv) {
		k++
	}
	if k >= len(t.s) || !t.isWord(k) {
		return g, false
	}
	if k > i && !t.finiteFR(k, i) {
		return g, false
	}
	if t.is(k, "soit") && t.is(k-1, ",") {
		return g, false // "…, soit le double"
	}
	if k == i && !t.finiteFR(i, i) {
		return g, false
	}
	if k > i && (t.is(i, "le", "la", "les", "l'", "leur", "en") && k == i+1 && !t.cliticHere(i, k)) && !(t.is(i, "en") && t.is(k, "appelle", "appellent", "appelait") && t.findNear(k+1, 3, "à", "au", "aux") > 0) {
		return g, false
	}
	g.b, g.head = k+1, k
	if t.l.have[t.low(k)] || t.l.be[t.low(k)] {
		be := t.l.be[t.low(k)]
		for j := k + 1; j < len(t.s) && j < k+12; j++ {
			w := t.low(j)
			if n := t.aside(j); n > 0 && !t.s[j].inv {
				j += n - 1
				continue
			}
			if t.is(j, ",") {
				// "a, de son côté, dénoncé"
				e := j + 1
				for e < j+7 && e < len(t.s) && !t.isMark(e) {
					e++
				}
				if t.is(e, ",") && t.aside(j+1) == e-j-1 {
					j = e
					continue
				}
				break
			}
			switch {
			case t.s[j].inv || t.adverb(j) || t.l.neg[w] && w != "ni" || clitic[w]:
				continue
			case t.is(j, "été", "eu"):
				be = w == "été"
				g.b, g.head = j+1, j
				continue
			}
			if t.isWord(j) && !t.s[j].cap && (anyForm(t.forms(j), func(f form) bool { return f.part }) || endsIn(w, "é", "ée", "és", "ées", "is", "it", "ies", "i", "ie", "u", "us", "ue", "ues")) {
				g.passive = be && !t.is(i, "se", "s'")
				g.b, g.head = j+1, j
			}
			break
		}
	} else if k+1 < len(t.s) && t.s[k+1].inv {
		g.b = k + 2
	}
	return g, true
}

// cliticHere says whether "le", "la", "les", "l'" before a verb at k is its
// object and no article.
func (t *sent) cliticHere(i, k int) bool {
	w := t.low(k)
	if t.l.have[w] && !t.is(k, "avons", "avions") || t.l.be[w] && !t.is(k, "est", "être") || t.l.modal[w] {
		return true
	}
	if t.is(k, "est") {
		return !t.l.prep[t.low(i-1)]
	}
	if p := t.low(i - 1); t.isWord(i-1) && t.groupAt[i-1] < 0 && !t.l.prep[p] && !t.l.det[p] && !t.l.conj[p] && !t.l.sub[p] && !t.adverb(i-1) && t.x.nouns[w].role == "" && anyForm(t.l.verbs[w], func(f form) bool { return f.fin && !f.v.has('n') }) {
		return true // "Le maire le reconnaît"
	}
	return t.l.pron[t.low(i-1)] || t.is(i-1, "qui") || endsIn(w, "ait", "aient", "era", "eront", "èrent")
}

// finiteFR says whether the word at k reads as a finite verb; from is where
// its pronouns begin.
func (t *sent) finiteFR(k, from int) bool {
	if t.finite(k) {
		if t.is(k, "a") && t.s[k].cap {
			return false
		}
		return !(t.is(k, "est") && (t.is(k-1, "l'") && t.l.prep[t.low(k-2)] || t.is(k-1, "d'")))
	}
	w := t.low(k)
	if t.nickname(k) || k == from && t.nounLed(k) && !t.l.have[w] && !t.l.be[w] {
		return false
	}
	if t.s[k].cap && k > 0 || t.is(k, "presse") && !t.is(k+1, "le", "la", "les", "l'") {
		return false
	}
	inv := k+1 < len(t.s) && t.s[k+1].inv
	p := t.low(from - 1)
	if !inv && from > 0 && (t.l.prep[p] && !t.isTime(from-1) || t.l.det[p] && !t.is(from-1, "tous", "toutes", "plusieurs", "certains", "autre", "l'un", "l'une", "l'", "la", "le", "les", "leur")) {
		return false
	}
	fin := func(f form) bool { return f.fin }
	switch {
	case anyForm(t.l.verbs[w], fin):
		if from == k && t.is(k-1, "la", "le", "les", "l'") {
			return false
		}
		noun := t.x.nouns[w].role != "" || anyForm(t.l.verbs[w], func(f form) bool { return f.s && f.v.has('n') })
		if !inv && noun && from == k && k > 0 {
			q := k - 1
			for q > 0 && t.adverb(q) {
				q--
			}
			pr := t.x.nouns[t.low(q)].role
			if !(t.s[q].cap && t.x.nouns[t.low(q)].role == "" && !t.l.det[t.low(q)] || t.is(q, ")", ",", "qui", "et") || t.is(k+1, "que", "qu'", ":") || t.isQuote(k+1) || q > 0 && t.x.nouns[t.low(q-1)].role != "" && t.x.nouns[t.low(q-1)].role != "document" && !t.l.det[t.low(q)] || t.l.pron[t.low(q)] || pr != "" && pr != "document" || t.isQuote(k-1)) || t.is(k+1, "de", "du", "des", "d'") && !t.s[q].cap && !t.l.pron[t.low(q)] && !t.is(q, "qui") && !(t.is(q, "et") && t.is(k+1, "des", "du")) && !(pr != "" && pr != "document" && t.is(k+1, "de", "d'") && t.infinitiveNear(k+2)) {
				return false
			}
		}
		return true
	case anyForm(t.l.common[w], fin):
		if from == k && t.is(k-1, "la", "le", "les", "l'") {
			return false
		}
		return t.x.nouns[w].role == "" && !(t.is(k, "figure") && t.is(k-1, ",")) // "Paul Serre, figure du mouvement,"
	}
	if inv {
		return true
	}
	if t.s[k].cap || t.x.nouns[w].role != "" || from == k && t.is(k-1, "la", "le", "les", "l'") {
		return false
	}
	return endsIn(w, "aient", "èrent", "ront", "irent", "urent", "rait", "issait") && !t.is(k, "portrait", "retrait", "trait", "extrait", "attrait") || endsIn(w, "ra") && !t.is(k, "caméra", "opéra", "choléra", "camera", "opera", "tiara", "pampra") || endsIn(w, "ait") && !t.is(k, "fait", "parfait", "portrait", "souhait", "trait", "lait", "retrait", "attrait", "extrait", "bienfait", "forfait", "satisfait", "abstrait", "distrait")
}
