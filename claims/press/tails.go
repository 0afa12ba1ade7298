package press

import "constat/claims/statement"

// What ends an English sentence: an attribution behind a comma, and the reporter's own
// words behind that.

// tailPresent says whether the spelling at i, which may be a noun, is the verb of an
// attribution in the present that ends the sentence: "…, CNX reports.", "…, it reports.",
// "…, those involved claim."
func (t *sent) tailPresent(i int, f form) bool {
	if t.l.code != "en" || !f.fin || f.past || i < 4 || !t.endsAt(i+1) || !(f.v.has('b') || f.v.has('c')) {
		return false
	}
	p := i - 1
	for p > 0 && p > i-14 && !t.isMark(p) && !t.isQuote(p) {
		p--
	}
	if !t.is(p, ",") || p < 3 || p == i-1 || !t.hasGroup(0, p) {
		return false
	}
	a := p + 1
	switch {
	case t.is(a, "those"):
		return !f.s && i > a+1
	case a == i-1 && t.is(a, "it", "he", "she"):
		return f.s
	case a == i-1 && t.is(a, "they"):
		return !f.s
	}
	return f.s && !t.hasGroup(a, i) && (t.outletRange(a, i) || t.roleIn(a, i) == "outlet")
}

// reportsOn says whether the reporter's own words begin at the comma k: ", as parliament
// announced", ", citing the inquiry".
func (t *sent) reportsOn(k int) bool {
	if t.l.code != "en" || !t.is(k, ",") || k+2 >= len(t.s) {
		return false
	}
	n := k + 1
	return t.reporter(k, len(t.s)) && !t.is(n, "and", "but", "which", "who") || t.isWord(n) && !t.s[n].cap && endsIn(t.low(n), "ing") && t.x.nouns[t.low(n)].role == "" || t.is(n, "though", "although", "even")
}

// thoseFrom is where "those" begins the subject of an attribution behind a comma: "…, those
// involved in defending it say"; 0 if it does not.
func (t *sent) thoseFrom(c *cue) int {
	for k := c.a - 1; k > 2 && k > c.a-16 && !t.isQuote(k); k-- {
		if t.isMark(k) {
			return 0
		}
		if t.is(k, "those") && t.is(k-1, ",", "–") {
			return k
		}
	}
	return 0
}

// pluralAside says whether a plural stands in front of what the comma k closes: "the
// smugglers, speaking by radio, claim".
func (t *sent) pluralAside(k int) bool {
	if t.l.code != "en" || !t.is(k, ",") || !t.isQuote(k+2) && !t.is(k+2, "that") && !t.is(k+2, ":") {
		return false
	}
	for q := k - 1; q > 0 && q > k-14 && !t.isQuote(q); q-- {
		if t.is(q, ",") {
			return q < k-1 && t.beginsInsert(q+1, k) && t.plural(q-1)
		}
	}
	return false
}

// infinitiveAt is where "to" stands before the infinitive at i, past adverbs: "to publicly
// blame"; 0 if it is none.
func (t *sent) infinitiveAt(i int) int {
	k := i - 1
	for k > 0 && t.adverb(k) && !t.is(k, "to") {
		k--
	}
	if k > 0 && t.is(k, "to") {
		return k
	}
	return 0
}

// occasions are nouns for how often and when something was said.
var occasions = words("times occasions weekend week month year morning afternoon evening night summer winter spring autumn day days")

// pastTimes gives the "that" behind a verb, past how often, when, or to whom something was
// said: "has said several times that", "confirmed this weekend that", "warned its members
// that"; 0 if nothing of it stands there.
func (t *sent) pastTimes(c *cue, k, hi int) int {
	if t.l.code != "en" || c.how == passive || !c.v.has('b') && !c.v.has('c') || t.is(k, "that") || t.isMark(k) || t.isQuote(k) {
		return 0
	}
	warned := oneOf(c.v.lemma, "warn", "caution", "signal")
	for q := k + 1; q < hi && q < k+9 && !t.isMark(q) && !t.isQuote(q); q++ {
		if t.groupAt[q-1] >= 0 {
			return 0
		}
		if !t.is(q, "that") {
			continue
		}
		switch {
		case occasions[t.low(q-1)] && t.whenOnly(k, q-1):
			return q
		case warned && !t.l.prep[t.low(k)] && !t.x.claims["claim"][t.low(q-1)] && !t.is(q-1, "day", "moment", "fact", "risk", "danger", "way") && q+1 < hi && !t.finite(q+1):
			return q
		}
		return 0
	}
	return 0
}

// relativeEnd is where the relative clause of a cue ends if the sentence goes on behind it:
// ", who argued the council's case, said".
func (t *sent) relativeEnd(c *cue, hi int) int {
	if cl := t.clauseOf(c.at); t.l.code == "en" && cl != nil && cl.kind == relativeClause && cl.b > c.b && cl.b < hi {
		return cl.b
	}
	return hi
}

// closesDash says whether the dash at i closes an insertion that began at k or behind it.
func (t *sent) closesDash(k, i int) bool {
	n := 0
	for q := k; q < i; q++ {
		n += b2i(t.is(q, "–"))
	}
	return n%2 == 1 && i+1 < len(t.s) && !t.isMark(i+1)
}

// placeBehind gives the beginning of a state's name that ends the phrase in front of a
// relative clause behind a preposition, if nobody stands before it: "calls for sanctions on
// Norland, which denies …". It is a where there is none.
func (t *sent) placeBehind(a, e int) int {
	for p := e - 2; p > a && p > e-5; p-- {
		if !t.is(p, "on", "against", "by", "with", "from", "to", "in") {
			continue
		}
		q := p + 1 + b2i(t.is(p+1, "the"))
		if place, n := t.placeAt(q); n > 0 && q+n == e && !place.demonym && t.roleIn(a, p) == "" && !t.namesOnly(a, p) {
			return q
		}
		return a
	}
	return a
}

// whenOnly says whether a range holds nothing but words that count or point at a time:
// "several", "the other", "more than three".
func (t *sent) whenOnly(a, b int) bool {
	for i := a; i < b; i++ {
		if !t.is(i, "this", "last", "the", "other", "past", "next", "same", "every", "several", "many", "numerous", "multiple", "countless", "more", "than", "at", "a", "few", "couple", "of", "on", "number", "dozens", "over") && numbers[t.low(i)] == 0 && t.s[i].kind != number {
			return false
		}
	}
	return b > a
}

// ownerAlone says whether nothing but whom a relative clause tells of stands in front of it,
// which nobody can have said: "The lawyer, who argued against it, …".
func (t *sent) ownerAlone(c *cue, lo int) bool {
	cl := t.clauseOf(c.at)
	return t.l.code == "en" && cl != nil && cl.kind == relativeClause && !t.hasGroup(lo, c.from) && !t.quoteAhead(lo, c.from-lo)
}

// wholeSubject mends a subject that was cut short or runs on: "A man preparing for the feast
// after being freed has urged", "However the mayor", "The minister rang the whips and".
func (t *sent) wholeSubject(c *cue) {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "en" || b-a < 2 || c.how != active {
		return
	}
	if t.is(a, "however", "meanwhile", "nevertheless", "nonetheless") {
		a++
	}
	if t.is(b-1, "and", "but") {
		for k := a + 1; k < b-1; k++ {
			if !t.isWord(k) || t.s[k].cap || t.l.prep[t.low(k)] || t.l.det[t.low(k)] {
				continue
			}
			if r := t.x.nouns[t.low(k)].role; r == "" && (t.x.nouns[t.low(k-1)].role != "" || t.s[k-1].cap) {
				b = k // a verb that no list holds
				break
			}
		}
		for b > a+1 && t.is(b-1, "and", "but") {
			b--
		}
	}
	if t.gerundLed(a) && t.is(a-1, "after", "before", "while", "by", "since", "without", "despite") {
		k := a - 1
		for k > 0 && k > a-24 && !t.isMark(k-1) && !t.isQuote(k-1) && t.groupAt[k-1] < 0 && !t.l.sub[t.low(k-1)] {
			k--
		}
		if x, y := t.core(k, a-1); x < y && t.l.det[t.low(x)] && !t.gerundLed(x) {
			a, b = x, y
		}
	}
	c.subj = [2]int{a, b}
}

// gerundLed says whether a phrase begins with a form in -ing that is no noun for somebody:
// "ignoring the party".
func (t *sent) gerundLed(a int) bool {
	return t.l.code == "en" && t.isWord(a) && endsIn(t.low(a), "ing") && t.x.nouns[t.low(a)].role == "" && anyForm(t.forms(a), func(f form) bool { return f.ger }) || t.l.code == "en" && t.is(a, "being", "having", "ignoring", "using", "doing")
}

// denierBefore gives whoever is the subject of a negated verb of saying, whose clause stands
// in front of "but": "The firm has not disputed that its data was taken but said". q is the
// clause that cl seems joined to.
func (t *sent) denierBefore(cl, q *clause) (subj [2]int) {
	if t.l.code != "en" || cl.group < 0 || !t.is(t.groups[cl.group].a-1, "but") || q.group < 0 {
		return
	}
	if q.kind != contentClause && q.kind != relativeClause || q.parent < 0 {
		return
	}
	p := &t.clauses[q.parent]
	if p.group < 0 {
		return
	}
	g := &t.groups[p.group]
	for k := g.a; k < g.b; k++ {
		if t.l.neg[t.low(k)] {
			subj, _ = t.subjectOf(p)
			return subj
		}
	}
	return
}

// commaSubject gives a verb the subject that a comma parts from it: "Party leader Jan Holm,
// has criticised the plan". It reports whether there is one.
func (t *sent) commaSubject(c *cue, e int) bool {
	if t.l.code != "en" || !t.l.have[t.low(c.a)] || !t.is(e-1, ",") {
		return false
	}
	a := e - 1
	for a > 0 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 {
		a--
	}
	x, y := t.core(a, e-1)
	if a > 0 && !t.is(a-1, ";") || x >= y || !t.somebody(x, y) {
		return false
	}
	c.subj, c.from = [2]int{x, y}, x
	return true
}

// bodyByLetters says whether a name is a body's: its letters stand behind it, or what it is
// called before it: "the Coalition for Civil Action (CCA)".
func (t *sent) bodyByLetters(a, b int) bool {
	if t.is(b, "(") && b+2 < len(t.s) && t.s[b+1].caps && runeLen(t.low(b+1)) > 1 && t.is(b+2, ")") {
		return true
	}
	return a > 1 && t.is(a-1, "for", "of") && t.s[a-2].cap && thingNouns[t.low(a-2)]
}

// paperBehind takes the name of a paper to what describes it, between commas: "according to
// state-run newspaper, the Beacon, the cut …". a … e is the description.
func (t *sent) paperBehind(a, e int) int {
	if t.l.code != "en" || !t.is(e, ",") || t.roleIn(a, e) != "outlet" || t.outletAtEnd(a, e) {
		return e
	}
	k := e + 1 + b2i(t.is(e+1, "the"))
	q := k
	for q < len(t.s) && q < k+5 && t.isWord(q) && t.s[q].cap {
		q++
	}
	if q > k && t.is(q, ",") {
		return q
	}
	return e
}

// outletAtEnd says whether a phrase ends in a name.
func (t *sent) outletAtEnd(a, e int) bool {
	return e > a && t.isWord(e-1) && t.s[e-1].cap
}

// within says whether a subject stands behind a word that makes its clause a question within
// another: "I ask whether he thinks", "has yet to disclose who it believes".
func (t *sent) within(a int) bool {
	if t.l.code != "en" {
		return false
	}
	if t.is(a-1, "whether") {
		return true
	}
	return t.is(a-1, "who", "whom") && a > 2 && t.isWord(a-2) && (t.groupAt[a-2] >= 0 || t.is(a-3, "to"))
}

// anyUntruth says whether a phrase that calls something untrue stands anywhere.
func (t *sent) anyUntruth() bool {
	for i := range t.s {
		if t.untruePhrase(i) {
			return true
		}
	}
	return false
}

// byline says whether "writes" and a name at the end of a sentence tell who wrote the report,
// not who says what it tells: "A spokesman says the ship was late, writes Ida Holm."
func (t *sent) byline(c *cue, kept []*cue) bool {
	if t.l.code != "en" || !t.is(c.at, "writes") || !t.is(c.at-1, ",") || len(kept) == 0 || c.b >= len(t.s) || !t.s[c.b].cap {
		return false
	}
	k := c.b
	for k < len(t.s) && t.isWord(k) && t.s[k].cap {
		k++
	}
	if !t.endsAt(k) || kept[len(kept)-1].how != active {
		return false
	}
	kept[len(kept)-1].limit = c.at - 1
	return true
}

// ownDocument gives a verb behind "which" the subject of the sentence, if "which" is a paper of
// the subject's own: "Zel referred the paper to its statement, which said". It reports whether
// that is so. a … e is what stands in front of "which".
func (t *sent) ownDocument(c *cue, a, e int) bool {
	if t.l.code != "en" || c.how != active {
		return false
	}
	own := false
	for k := max(a, e-7); k+1 < e; k++ {
		own = own || t.is(k, "its", "his", "her", "their") && t.documentIn(k+1, e)
	}
	cl := t.clauseOf(c.at)
	if !own || cl == nil || cl.parent < 0 {
		return false
	}
	subj, appos := t.subjectOf(&t.clauses[cl.parent])
	if subj[0] >= subj[1] {
		return false
	}
	c.subj, c.appos = subj, appos
	return true
}

// claimsAttack says whether what is claimed from k on is an attack: "two of the attacks".
func (t *sent) claimsAttack(k, hi int) bool {
	for i := k; i < hi && i < k+7 && t.isWord(i) && t.groupAt[i] < 0; i++ {
		if t.is(i, "that", "to", "of") && !(t.is(i, "of") && i > k) || t.s[i].cap && t.l.pron[t.low(i)] {
			return false
		}
		if t.is(i, "attack", "attacks", "bombing", "bombings", "strike", "strikes", "assault", "raid", "shooting", "killing") {
			return i+1 >= hi || t.isMark(i+1) || t.l.prep[t.low(i+1)] || t.isTime(i+1) || t.is(i+1, "and", "but")
		}
	}
	return false
}

// wholeFrom is where what an attribution at the end tells begins, if from is where its first
// inner cue does: "The dam held after the mayor blamed the army, officials said".
func (t *sent) wholeFrom(from int) int {
	if t.l.code == "en" && t.mainBefore(from) {
		return 0
	}
	return from
}

// claimGoesOn says whether the "that" at e belongs to the claim from k on that a cue denies or
// doubts.
func (t *sent) claimGoesOn(c *cue, k, e int) bool {
	claimed := t.claimIn(k, e)
	if c.v.kind == statement.Doubt {
		return t.l.code == "en" && claimed
	}
	return c.v.kind == statement.Denial && !(t.l.code == "en" && c.v.has('k') && !claimed && t.groupAt[min(e+1, len(t.s)-1)] >= 0)
}

// earlyNoun says whether "early" or "late" at k belongs to a noun: "early analysis".
func (t *sent) earlyNoun(k int) bool {
	if t.l.code != "en" || !t.is(k, "early", "late") || !t.isWord(k+1) || t.isTime(k+1) || t.s[k+1].cap {
		return false
	}
	w := t.low(k + 1)
	return !t.l.prep[w] && !t.l.det[w] && !t.l.pron[w] && !t.is(k+1, "that", "there")
}
