package press

import "constat/claims/statement"

// beginsInsert says whether what stands between two commas is an insertion
// that is no name of the speaker: a clause, a circumstance, an age.
func (t *sent) beginsInsert(a, b int) bool {
	if a >= b {
		return true
	}
	w := t.low(a)
	if t.is(a, "de", "d'") && t.is(a+1, "nombreux", "nombreuses", "autres", "hauts", "hautes", "multiples", "jeunes", "anciens", "anciennes") {
		return false
	}
	if t.s[a].kind == number || t.l.rel[w] || t.isTime(a) || t.l.prep[w] && w != "d'" || t.isQuote(a) {
		return true
	}
	if t.is(a, "lui", "elle", "eux", "elles", "himself", "herself", "however", "like", "unlike", "too", "though", "aussi", "quant", "tout", "par", "en", "dit-on", "on", "pictured", "himself", "himself", "itself", "among", "pourtant", "toutefois", "cependant", "dont", "et", "and", "à") {
		return true
	}
	if t.l.code == "fr" && (t.leadTime(a) || t.is(a, "auprès")) {
		return true // "plus tôt dans la journée"
	}
	if t.l.code == "fr" && (asked[w] && b-a > 1 || t.is(a, "cette") && t.is(a+1, "fois", "fois-ci", "année", "semaine")) {
		return true // "Interrogé comme témoin"
	}
	if t.l.code == "fr" && t.is(a, "connu", "connue", "connus", "connues", "issu", "issue", "issus", "issues", "dit", "dite", "né", "née", "pris", "prise", "venu", "venue", "venus", "venues") {
		return true
	}
	for i := a; i < b; i++ {
		if !t.adverb(i) {
			return i <= a+1 && t.participleAside(i, b)
		}
	}
	return true
}

// participleAside says whether a participle that describes begins at i: "speaking
// anonymously", "asked by reporters", "spécialisée dans", "interrogé par".
func (t *sent) participleAside(i, b int) bool {
	switch {
	case !t.isWord(i) || t.s[i].cap && (i != 0 || b == 1 && t.l.code == "en"):
		return false
	case t.l.code == "en":
		return endsIn(t.s[i].low, "ing", "ed")
	}
	return t.l.code == "fr" && (endsIn(t.s[i].low, "ant", "é", "ée", "és", "ées") || t.is(i, "joint", "jointe", "s'", "qui")) && t.x.nouns[t.s[i].low].role == ""
}

// phrase says whether a range reads as a noun phrase: no finite helper in it.
func (t *sent) phrase(a, b int) bool {
	if a >= b {
		return false
	}
	for i := a; i < b; i++ {
		if t.finite(i) || t.isQuote(i) || t.is(i, ":", ";", "–") {
			return false
		}
	}
	return true
}

// subject finds who speaks by a verb. kept are the cues before it.
func (t *sent) subject(c *cue, kept []*cue) bool {
	lo := 0
	var prev *cue
	for _, k := range kept {
		if k.b <= c.a {
			prev, lo = k, k.b
		}
	}
	// A pronoun hung on, in the verb or behind it.
	for i := c.a; i <= c.b && i < len(t.s); i++ {
		if t.s[i].inv {
			if t.is(i, "je", "nous", "vous", "ce") {
				return false
			}
			c.subj, c.pron, c.inverted = [2]int{i, i + 1}, true, true
			c.b = max(c.b, i+1)
			c.end, c.from = c.b, c.a
			if t.is(i, "on") {
				if t.source(c) {
					return true
				}
				if x, y := t.frontedBody(0); x < y && !t.unreal(t.clauseOf(c.at)) {
					c.subj, c.pron = [2]int{x, y}, false
					return true
				}
				// "« … », ajoute-t-on": whoever spoke last
				c.again, c.pron = oneOf(c.v.lemma, "ajouter", "poursuivre", "préciser", "expliquer", "assurer", "souligner") && t.quoteAhead(0, c.a), false
				return c.again
			}
			return !t.unreal(t.clauseOf(c.at))
		}
	}
	e := c.a
	for e > lo && (t.isTime(e-1) || t.adverb(e-1)) {
		e--
	}
	if t.covered(c.a, kept) {
		c.nested = true
	} else if t.inserted(c) {
		return true
	}
	if c.how == gerund {
		return t.gerundSubject(c, e, lo, prev)
	}
	cl := t.clauseOf(c.at)
	if g := t.groupAt[c.at]; g >= 0 && t.groups[g].unused {
		return false
	}
	if cl == nil || cl.group < 0 || t.groupAt[c.at] != int16(cl.group) {
		return t.loose(c, e, lo, prev)
	}
	if t.l.code == "en" && t.unreal(cl) && t.is(c.a-1, ",") && t.closesEN(c) {
		return t.speaker(c) // "The port may be sued if it fails to open, said Ida Holm"
	}
	if t.unreal(cl) || t.shy(c.b) {
		return false
	}
	if t.chained(c, prev) {
		c.shared, c.subj, c.appos, c.pron, c.from = true, prev.subj, prev.appos, prev.pron, c.a-1
		return true
	}
	if t.l.code == "fr" && t.is(c.a-1, ",") && c.b < len(t.s) && (t.l.det[t.low(c.b)] || t.s[c.b].cap) && t.quoteAhead(lo, c.a-lo) && t.isQuote(c.a-2) && t.invert(c) {
		return true // "…, a déclaré la maire"
	}
	if t.l.code == "fr" && (t.is(c.a-1, ",") || t.headlineTail(c)) && c.v.has('c') && t.closesWith(c) {
		return true // "Rentrez chez vous, a déclaré le gouverneur."
	}
	if t.l.code == "en" && t.is(c.a-1, ",") && (t.closesEN(c) || t.tailEN(c, lo)) {
		return t.speaker(c)
	}
	if t.isQuote(c.a-1) && t.quotedInverted(c) {
		return t.speaker(c)
	}
	if t.l.code == "en" && t.pluperfectAlong(c, cl, prev) {
		return false
	}
	if t.inCase(cl) {
		return false
	}
	subj, appos := t.subjectOf(cl)
	if t.l.code == "fr" && subj[1] == subj[0]+1 && t.l.pron[t.low(subj[0])] && t.is(subj[0]-1, "qui") {
		return false // "qui ils pensent être derrière ces attaques"
	}
	if t.l.code == "fr" && cl.kind == relativeClause && subj[1] > subj[0] && subj[0] > cl.a && t.is(cl.a, "que", "qu'") && t.infinitive(c.b) && !t.cleft(cl.a) {
		return false // "cet herbicide qu'ils souhaitent voir interdit"
	}
	if t.l.code == "fr" && subj[0] == subj[1] && (c.v.kind == statement.Denial || t.pointsBack(c)) && t.is(c.a-1, "que", "qu'") && t.invert(c) {
		return true
	}
	if subj[0] == subj[1] && cl.kind == relativeClause && cl.ante[1] > cl.ante[0] && !t.is(cl.a, "dont", "où", "where", "whose") {
		if !t.is(cl.a, "who", "which", "that", "qui", "lequel", "laquelle", "lesquels", "lesquelles") {
			return false
		}
		if t.habit(c, cl) {
			return false
		}
		if q := t.relativeBefore(cl); q != nil {
			return t.antecedent(c, q.a, q.ante[0])
		}
		return t.antecedent(c, cl.a, cl.ante[0])
	}
	if subj[0] == subj[1] && cl.beside > 0 && prev != nil && prev.how == accord && prev.from == 0 && t.is(t.groups[cl.group].a-1, "et", "and") && t.is(t.groups[cl.group].a-2, ",") {
		// "Selon la préfète, la digue tiendra, et a prié les riverains"
		c.shared, c.subj, c.appos, c.pron, c.from = true, prev.subj, prev.appos, prev.pron, t.groups[cl.group].a-2
		return true
	}
	if subj[0] == subj[1] && cl.beside > 0 {
		// "toured the quay and said": the subject of the verb before.
		q := &t.clauses[cl.beside-1]
		for n := 0; n < maxDepth && q.beside > 0 && q.group >= 0; n++ {
			if a, b := t.subjectOf(q); a[1] > a[0] {
				subj, appos = a, b
				break
			}
			q = &t.clauses[q.beside-1]
		}
		if subj[0] == subj[1] {
			subj, appos = t.subjectOf(q)
		}
		if s := t.denierBefore(cl, q); s[1] > s[0] {
			subj, appos = s, [2]int{}
		} else if prev != nil && (prev.how == active || prev.how == gerund && t.l.code == "en") && !prev.left && cl.kind == contentClause && subj[1] > subj[0] && (t.gerundLed(subj[0]) || t.is(subj[0], "it", "there", "ce", "cela") || t.headRole(subj[0], subj[1]) == "" && !t.l.pron[t.low(subj[0])] || t.ownSide(subj[0], subj[1])) {
			// "said that a change had caused it and denied that": who said
			subj, appos, c.pron = prev.subj, prev.appos, prev.pron
		} else if m := t.tenseMate(kept, cl); m != nil {
			prev = m
			subj, appos, c.pron = prev.subj, prev.appos, prev.pron
		}
		if subj[1] > subj[0] {
			if prev != nil && prev.how != noone && prev.subj == subj {
				c.shared = true
			}
			c.subj, c.appos, c.from = subj, appos, t.groups[cl.group].a
			if q.kind == mainClause && q.parent < 0 && t.l.code == "en" && q.a > lo && t.is(q.a, ",") {
				c.from = q.a // ", and Norland, a foe of the palace, wants … but has denied"
			}
			for c.from > lo && t.is(c.from-1, ",", "–", "and", "et", "but", "mais", "puis", "or") {
				c.from--
			}
			c.joined = !c.shared
			return t.speaker(c)
		}
	}
	if subj[0] == subj[1] {
		return t.loose(c, e, lo, prev)
	}
	if t.l.code == "en" && t.is(subj[1]-1, "and", "but", "or") && prev != nil && prev.how != noone && prev.subj[1] > prev.subj[0] && t.quoteAhead(subj[0], subj[1]-subj[0]) {
		// "called it “a triumph” and said": the subject of the verb before
		c.shared, c.subj, c.appos, c.pron, c.from = true, prev.subj, prev.appos, prev.pron, subj[1]-1
		return true
	}
	if t.within(subj[0]) {
		return false
	}
	if k := subj[0]; t.l.code == "en" && subj[1] == k+1 && t.l.pron[t.low(k)] && cl.kind == contentClause && cl.parent >= 0 && cl.a < k && t.groupAt[min(c.b, len(t.s)-1)] >= 0 {
		c.ante = [2]int{cl.a, k}
	}
	if k := subj[1] - 1; k > subj[0] && t.l.code == "en" && t.l.pron[t.low(k)] && t.isWord(k-1) && !t.l.prep[t.low(k-1)] {
		c.ante = [2]int{subj[0], k} // "a player it says is too slow"
		subj, appos = [2]int{k, k + 1}, [2]int{}
	}
	if t.l.code == "en" && subj[0] == 0 && asked[t.low(0)] {
		if subj, appos = t.behindAsked(c), [2]int{}; subj[0] >= subj[1] {
			return false
		}
	}
	c.subj, c.appos = subj, appos
	a := min(subj[0], c.a)
	if appos[1] > 0 {
		a = min(a, appos[0])
	}
	if cl.a > 0 && cl.a < a && t.l.sub[t.low(cl.a)] {
		a = cl.a
	}
	c.from = a
	for c.from > lo && (t.is(c.from-1, "and", "et", "but", "mais", "while", ",", "–", "though", "although", "whereas", "even") || t.is(c.from-1, "que", "qu'", "alors", "tandis") && t.contrast(c.from-1)) {
		c.from--
	}
	c.nested = t.covered(c.a, kept) || t.told(cl, kept) && !t.contrast(max(a-1, 0)) && !t.contrast(a)
	if prev != nil && prev.how == accord && (prev.from == 0 || t.butAccording(prev)) && !t.is(c.from, ";") {
		c.nested = true
	}
	if c.nested && prev != nil && a > prev.b {
		c.from = a
	}
	return t.speaker(c)
}

// cuesBefore gives the cues in front of one.
func (t *sent) cuesBefore(c *cue) []*cue {
	var out []*cue
	for _, d := range t.cues {
		if d.a < c.a && d != c {
			out = append(out, d)
		}
	}
	return out
}

// contrast says whether a conjunction that sets the reporter's clause against
// what was told stands at i, or "and" does.
func (t *sent) contrast(i int) bool {
	return t.is(i, "while", "though", "although", "whereas", "and", "but", "et", "mais") || t.is(i, "que", "qu'") && t.is(i-1, "alors", "tandis") || t.is(i, "alors", "tandis") && t.is(i+1, "que", "qu'")
}

// told says whether a clause stands in what one of the cues tells.
func (t *sent) told(cl *clause, kept []*cue) bool {
	for n := 0; cl.parent >= 0 && n <= maxDepth; n++ {
		kind, a := cl.kind, cl.a
		cl = &t.clauses[cl.parent]
		if kind != contentClause && kind != relativeClause && kind != timeClause || cl.group < 0 && cl.kind != participle {
			continue
		}
		for _, k := range kept {
			if k.how == gerund && kind == contentClause && t.l.code == "en" && cl.kind == participle && k.at >= cl.a && k.at <= cl.a+1 && !t.l.pron[t.low(k.b)] {
				return true // "saying military intelligence suggested"
			}
			if k.how == active && (cl.group >= 0 && t.groupAt[k.at] == int16(cl.group) || k.fixed && kind == contentClause && t.l.code == "en" && a > k.at && t.find(k.at+1, a, "that") < 0 && a <= k.at+4) {
				return true // also "prompted officials to say Tuesday that they suspect"
			}
		}
	}
	return false
}

// gerundSubject is who speaks by a participle: "…, adding that".
func (t *sent) gerundSubject(c *cue, e, lo int, prev *cue) bool {
	if c.v.has('l') || oneOf(c.v.lemma, "prétendre", "croire", "supposer") || c.v.lemma == "confirmer" && t.find(c.b, min(c.b+4, len(t.s)), "information", "informations") > 0 {
		return false
	}
	c.from = e
	// "with the drivers' union saying", ", la déléguée Ida Roux parlant de"
	a := e
	for a > lo && a > e-14 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] && !t.l.conj[t.low(a-1)] && !t.is(a-1, "with", "despite") {
		a--
	}
	if t.leadTime(a) {
		if k := t.find(a, e, "après", "avant"); k > 0 && k+1 < e {
			a = k + 1 // "quelques heures après un communiqué du ministère affirmant"
		}
	}
	if t.is(a-1, "with", ",", "despite") && a < e && !t.is(e-1, "en", "tout") && !t.beginsInsert(a, e) {
		if x, y := t.core(a, e); x < y && (t.is(a-1, "with", "despite") || t.roleIn(x, y) != "" || t.namesOnly(x, y)) {
			c.subj, c.from = [2]int{x, y}, a-1
			for c.from > lo && t.is(c.from-1, ",") {
				c.from--
			}
			return t.speaker(c)
		}
	}
	// "a letter accusing", "le discours du maire affirmant": who made it.
	if a < e {
		if x, y := t.maker(a, e); x < y {
			c.subj, c.from = [2]int{x, y}, e
			return t.speaker(c)
		}
		if t.documentIn(a, e) {
			// "have published a letter accusing": the subject of the verb.
			if cl := t.clauseOf(e - 1); cl != nil && cl.group >= 0 && t.groups[cl.group].b <= a+1 && !received[t.low(t.groups[cl.group].head)] {
				if subj, appos := t.subjectOf(cl); subj[1] > subj[0] {
					c.subj, c.appos, c.from = subj, appos, e
					return t.speaker(c)
				}
			}
			if t.writesItself(c, a, e) {
				return t.speaker(c)
			}
		}
	}
	if a < e && !t.is(c.a, "en", "pour", "avant") && !t.is(e-1, "en", "tout") && t.isWord(e-1) && t.groupAt[e-1] < 0 && !t.adverb(e-1) && !t.isTime(e-1) && t.l.code == "fr" && !t.is(a-1, ",") {
		if r := t.headRole(a, e); r == "" && !t.s[e-1].cap {
			return false // "une croyance locale affirmant que"
		}
	}
	for c.from > lo && (t.is(c.from-1, ",", "and", "et", "while", "–")) {
		c.from--
	}
	if prev == nil {
		// "La Chine, ajoutant que …": who stands at the beginning; "… a réagi,
		// assurant que": the subject of the verb before.
		cl := t.clauseOf(c.from - 1)
		for n := 0; cl != nil && cl.parent >= 0 && cl.kind != mainClause && n < maxDepth; n++ {
			cl = &t.clauses[cl.parent]
		}
		if cl != nil && cl.group >= 0 && t.groups[cl.group].b <= c.from {
			if subj, appos := t.subjectOf(cl); subj[1] > subj[0] {
				c.subj, c.appos = subj, appos
				return t.speaker(c)
			}
		}
		if c.from == 0 && (t.l.code == "fr" || c.at == 0) {
			// "Soulignant que …, elle a affirmé": the subject of the clause behind
			return t.subjectBehind(c)
		}
		a, b := t.leading(0, c.from)
		if a == b {
			return false
		}
		c.subj = [2]int{a, b}
		return t.speaker(c)
	}
	if t.l.code == "fr" && (prev.nested || t.inRelative(prev.at)) {
		// "a déclaré que ceux qui accusent …, laissant entendre que": who told it
		for _, d := range t.cuesBefore(c) {
			if d.how == active && d.subj[1] > d.subj[0] && !d.nested && !t.inRelative(d.at) {
				prev = d
			}
		}
	}
	c.shared, c.subj, c.appos, c.pron = true, prev.subj, prev.appos, prev.pron
	return prev.how != noone
}

// documentIn says whether a phrase names something written or spoken.
func (t *sent) documentIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.x.nouns[t.low(i)].role == "document" {
			return true
		}
	}
	return false
}

// maker gives whoever made a document: "a statement by the ministry", "le
// communiqué de l'ambassade".
func (t *sent) maker(a, b int) (int, int) {
	for i := a; i < b; i++ {
		if t.x.nouns[t.low(i)].role != "document" {
			continue
		}
		for k := i + 1; k+1 < b && k < i+7; k++ {
			if t.is(k, "de") && t.is(k+1, "presse") {
				continue
			}
			if t.is(k, "of", "by", "from", "de", "du", "des", "d'") {
				x, y := t.core(k+1, b)
				if x < y && (t.roleIn(x, y) != "" || t.s[x].cap || t.l.det[t.low(x)] || t.is(k, "du")) {
					return x, y
				}
				break
			}
		}
		if k := t.find(a, i, "'s"); k > a {
			return t.core(a, k)
		}
		return 0, 0
	}
	return 0, 0
}

// loose finds a subject where the clause has none: behind the verb, shared with
// the verb before, in front of a verb that no group holds.
func (t *sent) loose(c *cue, e, lo int, prev *cue) bool {
	if t.thenToo(c, prev, e) {
		return true
	}
	switch {
	case e == 0 || t.isQuote(e-1) || t.is(e-1, "–") && e-1 <= 0:
		return (e == 0 && c.a == 0 || e > 0) && t.invert(c)
	case t.is(e-1, ",", ")", "–"):
		if t.commaSubject(c, e) {
			return t.speaker(c)
		}
		return t.invert(c)
	case t.is(e-1, "and", "et", "but", "mais", "or", "puis") && prev != nil && prev.how != noone:
		c.shared, c.subj, c.appos, c.pron = true, prev.subj, prev.appos, prev.pron
		c.from = e - 1
		for c.from > lo && t.is(c.from-1, ",", "–") {
			c.from--
		}
		return true
	case t.is(e-1, "who", "qui"):
		return t.antecedent(c, e-1, lo)
	}
	a := e
	for a > lo && a > e-30 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] && !t.is(a-1, "and", "et", "but", "mais") {
		a--
	}
	if a == e {
		return t.invert(c)
	}
	c.from = a
	for c.from > lo && t.is(c.from-1, "and", "et", "but", "mais", ",", "–") {
		c.from--
	}
	a, b := t.looseCore(c, a, e)
	if a >= b || t.shy(c.b) {
		return false
	}
	c.subj = [2]int{a, b}
	return t.speaker(c)
}

// shy says whether what follows a verb asks for nothing but to be left
// unnamed.
func (t *sent) shy(i int) bool {
	for k := i; k < i+6; k++ {
		if t.is(k, "unnamed", "unidentified", "named", "identified", "anonymity", "anonymat", "anonyme", "anonymous", "quoted", "nommé", "cité", "identifié") {
			return true
		}
		if !t.is(k, "not", "to", "be", "remain", "stay", "for", "l'", "de", "ne", "pas", "être", "rester", "à", "that", "their", "his", "her", "conserver", "garder") {
			return false
		}
	}
	return false
}

func (t *sent) speechIn(a, b int) bool {
	for _, c := range t.cues {
		if c.a >= a && c.b <= b {
			return true
		}
	}
	return false
}

// antecedent is the noun phrase before "who" or "qui".
func (t *sent) antecedent(c *cue, rel, lo int) bool {
	e := rel
	if t.is(e-1, ",") {
		e--
	}
	if t.l.code == "fr" && t.is(e-1, ")") {
		for k := e - 2; k > lo && k > e-25; k-- {
			if t.is(k, "(") {
				e = k // "le président (absent ce jour-là), qui déclare"
				break
			}
		}
	}
	a := e
	for a > lo && !t.isMark(a-1) && !t.isQuote(a-1) && !t.finite(a-1) && !t.l.sub[t.low(a-1)] {
		a--
	}
	if k := t.find(a, e, "as", "comme", "like", "tel", "telle"); k >= 0 {
		a = k + 1
	}
	if t.ownDocument(c, a, e) {
		c.from = rel - b2i(t.is(rel-1, ","))
		return t.speaker(c)
	}
	if t.l.code == "en" {
		if t.is(a, "those", "people", "anyone", "everyone", "voters", "somebody", "anybody") && a == e-1 && t.is(rel, "who") {
			return false // "voters who say the economy is first"
		}
		if t.is(e-1, "people", "those", "anyone", "everyone") && t.is(rel, "who") && t.l.prep[t.low(e-2)] {
			return false // "contacts with people who claimed to have ties"
		}
		a = t.placeBehind(t.nearerOne(a, e), e)
		if t.is(a, "out", "up", "down", "off", "over", "away", "back", "forward") && t.l.det[t.low(a+1)] {
			a++ // "laid out the bylaws, which state"
		}
	}
	c.from = rel
	if t.is(rel-1, ",") {
		c.from--
	}
	if name, office := t.officeList(a, e); name[1] > name[0] && !t.shy(c.b) {
		c.subj, c.appos, c.from = name, office, rel-b2i(t.is(rel-1, ","))
		return t.speaker(c)
	}
	if cl := t.clauseOf(c.at); cl != nil && rel > lo {
		c.nested = t.told(cl, t.cuesBefore(c))
	}
	for a < e && (t.isMark(a) || t.l.prep[t.low(a)] && a+1 < e && (t.l.det[t.low(a+1)] || t.s[a+1].cap)) {
		a++
	}
	for _, d := range t.cues {
		// "affirme Lena Ward, directrice de Navalis, qui ajoute": who spoke before.
		if d != c && d.a < c.a && d.how == active && (d.appos[1] > a && d.appos[0] < e || d.inverted && d.subj[1] > a && d.subj[0] < e) {
			c.shared, c.subj, c.appos, c.pron = true, d.subj, d.appos, d.pron
			return true
		}
	}
	if t.l.code == "fr" && t.is(a-1, ",") && a-1 > lo && !t.beginsInsert(a, e) {
		// "Me Laffont, l'un des conseils du ministre, qui a dénoncé": the name in front
		b := a - 1
		x := b
		for x > lo && x > b-8 && !t.isMark(x-1) && !t.isQuote(x-1) && t.groupAt[x-1] < 0 {
			x--
		}
		if name, na, nb := t.nameIn(x, b); name != "" && nb == b {
			c.subj, c.appos = [2]int{na, nb}, [2]int{a, e}
			return !t.shy(c.b) && t.speaker(c)
		}
	}
	a, e = t.core(a, e)
	if a >= e {
		return false
	}
	if x := t.pastAgent(a, e); x > a {
		a = x
	}
	if x, y := t.agreeing(c, a, e); x > a {
		c.subj = [2]int{x, y}
		return !t.shy(c.b) && t.speaker(c)
	}
	if t.is(rel, "who", "qui") {
		// "a call from a stranger who said": the nearer one, if the first is nobody.
		if r := t.headRole(a, e); (r == "" || r == "document") && !t.wholeFR(a, e) {
			if x, y := t.nounPhrase(a, e); x > a && (t.l.prep[t.low(x-1)] || t.is(x-1, "with", "of")) {
				a, e = x, y
			} else if x := t.lastDet(a, e); x > a && !(t.l.code == "fr" && t.l.prep[t.low(x)]) && (!t.s[a].cap || t.l.code == "fr" && t.l.det[t.low(a)] && r == "") {
				a = x
			}
		}
	}
	if t.shy(c.b) {
		return false
	}
	c.subj = [2]int{a, e}
	return t.speaker(c)
}

// headRole is the kind of the head noun before any preposition.
func (t *sent) headRole(a, b int) string {
	for i := a; i < b; i++ {
		if i > a && t.l.prep[t.low(i)] {
			b = i
			break
		}
	}
	for i := a; i < b; i++ {
		if t.isWord(i) && t.s[i].cap && i > a {
			return "name"
		}
	}
	return t.roleIn(a, b)
}

// lastDet gives the last determiner of a range, or its beginning.
func (t *sent) lastDet(a, b int) int {
	for i := b - 1; i > a; i-- {
		if t.l.det[t.low(i)] {
			return i
		}
	}
	return a
}

// core takes connectives, adverbs, times and circumstances off a noun phrase.
func (t *sent) core(a, b int) (int, int) {
	for a < b && (t.isMark(a) || t.isTime(a) || t.l.conj[t.low(a)] || t.adverb(a) && !t.s[a].cap || t.adverb(a) && a+1 < b && t.is(a+1, ",") || t.is(a, "meanwhile", "hier", "even", "selon")) {
		a++
	}
	for b > a && (t.isMark(b-1) && !t.is(b-1, ")") || t.isTime(b-1) || t.l.code == "en" && t.is(b-1, "late", "early") && (t.isTime(b) || t.is(b, "on", "in")) || t.adverb(b-1) && !(t.l.code == "en" && t.s[b-1].cap && b-2 > a)) {
		b--
	}
	if t.l.code == "fr" {
		for i := b - 2; i > a; i-- {
			if t.s[i].cap && !t.s[i].caps && t.is(i, "le", "la", "les", "l'") && t.isWord(i-1) && !t.s[i-1].cap && !t.l.prep[t.low(i-1)] && !t.l.det[t.low(i-1)] {
				a = i // a heading without a stop in front: "Réactions dans la région La préfète"
				break
			}
		}
	}
	if t.is(a, "de", "d'") && a+1 < b && t.is(a+1, "nombreux", "nombreuses", "autres", "hauts", "hautes", "multiples", "jeunes", "anciens", "anciennes", "rares", "simples", "proches", "grands", "grandes", "plus") {
		return a, b
	}
	if a < b && t.l.prep[t.low(a)] && !t.isTime(a) && !(t.is(a, "outside", "inside", "over", "about", "near", "under", "around", "entre", "près") && a+1 < b && (t.x.nouns[t.low(a+1)].role != "" || t.s[a+1].kind == number || t.l.code == "en" && numbers[t.low(a+1)] > 1)) {
		if t.l.code == "en" {
			// "In a call with the envoy last week Mr Varn": behind the time
			for i := a + 2; i < b; i++ {
				if t.isTime(i-1) && !t.isTime(i) && t.isWord(i) && (t.s[i].cap || t.l.det[t.low(i)] || t.l.pron[t.low(i)]) {
					return i, b
				}
			}
		}
		// "In Paris the minister": the last phrase that no preposition binds.
		for i := b - 1; i > a+1; i-- {
			p := t.low(i - 1)
			if (t.l.det[t.low(i)] && !(t.l.code == "fr" && t.l.prep[t.low(i)]) || t.l.pron[t.low(i)]) && !t.l.prep[p] && !t.l.det[p] {
				return i, b
			}
		}
		if k := t.nameAtEnd(a, b); k > 0 {
			return k, b
		}
		if !t.is(a, "d'", "de", "des") {
			return b, b
		}
	}
	return a, b
}

// leading is the noun phrase at the beginning of a clause.
func (t *sent) leading(lo, hi int) (int, int) {
	a := lo
	for a < hi && (t.isMark(a) || t.isTime(a) || t.l.conj[t.low(a)] || t.adverb(a)) {
		a++
	}
	if k := t.find(a, hi, ","); a < hi && (t.l.prep[t.low(a)] || k > a && !t.l.rel[t.low(a)] && t.beginsInsert(a, k)) {
		// "In Paris, …", "Interrogé par l'agence, …"
		for a < hi && !t.is(a, ",") {
			a++
		}
		a++
	}
	b := a
	for b < hi && !t.isMark(b) && !t.isQuote(b) && !t.finite(b) && !(t.l.code == "fr" && b > a && t.groupAt[b] >= 0) && !t.isTime(b) && !t.l.rel[t.low(b)] && !t.is(b, "n'", "ne", "se", "s'") {
		if len(t.l.verbs[t.low(b)]) > 0 && b > a && !t.s[b].cap && t.x.nouns[t.low(b)].role == "" {
			break
		}
		b++
	}
	if b-a > 14 {
		return a, a
	}
	return a, min(b, hi)
}

// speaker says whether a subject can be somebody, and marks pronouns.
func (t *sent) speaker(c *cue) bool {
	t.bareSubject(c)
	t.wholeSubject(c)
	if e := c.subj[1] - 1; e > c.subj[0] && t.floats(e) {
		c.subj[1] = e
	}
	t.wholeList(c)
	if !t.bareOf(c) {
		return false
	}
	a, b := c.subj[0], c.subj[1]
	if t.l.code == "fr" && b-a > 2 && (t.is(b-1, "on", "que", "mais") || t.find(a, b, "-", "atteignant", "culminant", "dépassant") > 0) {
		return false // "sa cote atteignant dix points - mais on"
	}
	if t.nounAfterAll(c) || t.silent(c) || c.v.has('h') && !t.human(c.subj[0], c.subj[1]) || t.namedSo(c) {
		return false
	}
	if b-a > 40 {
		return false
	}
	w := t.low(a)
	if t.l.first[w] && b-a <= 2 && !t.s[a].caps {
		return false
	}
	if b-a == 1 && (w == "on" || w == "one") {
		return t.onFronted(c)
	}
	if b-a == 1 && t.l.pron[w] {
		c.pron = true
		return true
	}
	if b-a == 1 && numbers[w] > 1 && t.s[a].cap {
		return true // "Three said": a company, or three of them
	}
	if b > a && t.l.code == "fr" && t.l.prep[t.low(b-1)] {
		return false // "une situation à"
	}
	if t.is(a, "there", "y", "cela", "ceci", "ce", "c'", "ça", "that", "this", "which", "what") && b-a == 1 {
		return false
	}
	return t.nounIn(a, b)
}

// bareOf takes off a subject what is none of it: "Holm all but confirmed", "même s'il assure". It
// reports whether it may speak: "sauf s'il précise" is a condition.
func (t *sent) bareOf(c *cue) bool {
	if !t.countsMany(c) {
		return false
	}
	a, b := c.subj[0], c.subj[1]
	if t.l.code == "en" {
		if b-a > 2 && t.is(b-1, "but") && t.is(b-2, "all") {
			c.subj[1] = b - 2
		}
		return true
	}
	if k := b - 1; b-a > 1 && t.l.pron[t.low(k)] && t.is(k-1, "s'") {
		c.subj, c.appos = [2]int{k, b}, [2]int{}
		return t.is(k-2, "même", "comme")
	}
	return true
}

// nounIn says whether a range has a word that may be somebody: no preposition or
// determiner, or one that stands for somebody, "four in ten".
func (t *sent) nounIn(a, b int) bool {
	noun := t.namedQuote(a, b) || t.l.code == "en" && b-a > 1 && (t.s[b-1].kind == number && t.is(b-2, "in") || t.is(b-1, "percent", "%"))
	for i := a; i < b; i++ {
		if t.isWord(i) && !t.l.prep[t.low(i)] && !t.l.det[t.low(i)] || t.isWord(i) && t.is(i, "one", "another", "other", "others", "both", "several", "many", "some", "autre", "l'un", "l'une", "certains") {
			noun = true
		}
	}
	return noun
}
