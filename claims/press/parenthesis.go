package press

// Attributions between marks, told by their form alone: whatever the clauses around
// are, ", experts say." ends what experts say.

// closesWithSaying says whether an English sentence ends in somebody and a verb of saying
// behind a comma: "The fees rose because the funds fell, legal experts say." s is where
// the phrase before the verb begins.
func (t *sent) closesWithSaying(c *cue, s int) bool {
	if s < 3 || !t.is(s-1, ",", "–") || t.isQuote(s-2) || !c.v.has('b') && !c.v.has('c') || t.l.conj[t.low(s)] {
		return false
	}
	e := c.a
	for e > s && (t.isTime(e-1) || t.adverb(e-1)) {
		e--
	}
	if k := t.afterSaying(c); (k < len(t.s)-1 || k < len(t.s) && !t.isMark(k)) && !t.reportsOn(k) {
		return false
	}
	if e <= s || !t.somebody(s, e) && !t.manyOf(s, e) && !t.is(s, "those") || !t.mainBefore(s-1) {
		return false
	}
	c.subj, c.appos, c.from = [2]int{s, e}, [2]int{}, s-1
	c.pron = e-s == 1 && t.l.pron[t.low(s)]
	return true
}

// afterSaying is where what belongs to a verb of saying ends, if no clause follows it:
// whom it was said to, when, and where.
func (t *sent) afterSaying(c *cue) int {
	k := c.b
	for k < len(t.s) && k < c.b+16 && !t.isMark(k) && !t.isQuote(k) && t.groupAt[k] < 0 && !t.l.sub[t.low(k)] {
		if k == c.b && !c.v.has('r') && !t.l.prep[t.low(k)] && !t.isTime(k) && !t.adverb(k) {
			break
		}
		k++
	}
	return k
}

// manyOf says whether a short phrase is a plural that stands alone: "participants said",
// "some voters say".
func (t *sent) manyOf(a, b int) bool {
	return b-a <= 3 && !t.s[a].cap && t.isWord(b-1) && endsIn(t.low(b-1), "s") && !endsIn(t.low(b-1), "ss", "ings") && !t.l.prep[t.low(a)] && t.find(a, b, "'s") < 0 && t.l.verbs[t.low(b-1)] == nil
}

// mainBefore says whether a clause with a verb stands before token i.
func (t *sent) mainBefore(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if t.is(k, ";") {
			return false
		}
		if t.groupAt[k] >= 0 && !t.hangsOn(k) {
			return true
		}
	}
	return false
}

// hangsOn says whether the verb at i is that of a clause that hangs on another: a
// condition, a time, a relative clause.
func (t *sent) hangsOn(i int) bool {
	for cl, n := t.clauseOf(i), 0; cl != nil && n <= maxDepth; n++ {
		switch cl.kind {
		case conditionClause, timeClause, beforeClause, relativeClause:
			return true
		}
		if cl.parent < 0 {
			break
		}
		cl = &t.clauses[cl.parent]
	}
	return false
}

// manySay says whether a base form at i is the verb of a plural further left: "Democrats
// trying to win in November say they have a weapon". j is the word before it.
func (t *sent) manySay(i, j int) bool {
	if !t.is(i, "say", "argue", "insist", "believe", "contend", "maintain", "acknowledge", "concede") || t.l.prep[t.low(j)] || t.isMark(j) {
		return false
	}
	n := i + 1
	if !t.is(n, "that", "there", "if") && !t.l.pron[t.low(n)] && !t.l.first[t.low(n)] && !t.l.det[t.low(n)] && !(t.isWord(n) && t.s[n].cap) {
		return false
	}
	for k := j; k >= 0 && k > i-30 && !t.is(k, ";", ":") && !t.isQuote(k); k-- {
		if k > i-5 && (caused[t.low(k)] || t.l.modal[t.low(k)]) && (t.groupAt[k] < 0 || t.groups[t.groupAt[k]].head == k) {
			return t.is(k, "to") && k < i-1 && t.plural(0)
		}
		if t.l.rel[t.low(k)] && t.plural(k-1) || k == 0 && t.plural(0) {
			return true
		}
	}
	return false
}

// caused are verbs behind which a base form is an infinitive.
var caused = words("let lets make makes made help helps helped hear heard saw see have watch watched do does did to and or")

// clauseAt says whether a pronoun at k is the subject of a verb behind it.
func (t *sent) clauseAt(k int) bool {
	n := k + 1
	for n < k+3 && t.adverb(n) {
		n++
	}
	return n < len(t.s) && t.groupAt[n] >= 0 && t.groups[t.groupAt[n]].a == n
}

// relativeDone says whether a relative clause that ends at the comma k has a verb that no
// list knows: "a project that encourages people to move, said".
func (t *sent) relativeDone(c *clause, k int) bool {
	if t.l.code == "fr" && c.kind == relativeClause && k-c.a > 2 && (t.is(c.a-1, "parmi", "dont") || t.is(c.a, "dont") && t.is(c.a+1, "notamment")) {
		return c.group < 0 // "les candidats, parmi lesquels le président, rejettent"
	}
	return t.l.code == "en" && c.kind == relativeClause && k-c.a > 3 && t.isWord(c.a+1) && !t.s[c.a+1].cap && endsIn(t.low(c.a+1), "s", "ed") && !t.l.pron[t.low(c.a+1)] && !t.l.det[t.low(c.a+1)]
}

// listBefore says whether the commas between a verb of saying, which ends before a, and the
// group v stand in the subject of v: in a list, or around an apposition.
func (t *sent) listBefore(a int, v *group) bool {
	if v.speech(t) || t.l.code != "en" || a >= v.a || !t.isWord(a) || t.isTime(a) || t.l.prep[t.low(a)] || t.adverb(a) || t.l.sub[t.low(a)] || t.l.conj[t.low(a)] || t.s[a].inv {
		return false
	}
	first, last := -1, -1
	for k := a; k < v.a; k++ {
		switch {
		case t.isQuote(k), t.is(k, ";", ":", "–"):
			return false
		case t.is(k, ","):
			if first < 0 {
				first = k
			}
			last = k
		}
	}
	if first <= a {
		return false
	}
	// A list: "A, B and C"; an apposition: "A, also known as B, ".
	if last+1 < v.a && t.find(last+1, v.a-1, "and") > last {
		return !t.is(last+1, "and") || t.find(first+1, last, ",") > 0
	}
	return last > first && last == v.a-1
}

// closesQuoted says whether a quotation that ends in a comma stands right before somebody
// and a verb that end the sentence: "After the vote, “there is an urgency,” Law said."
func (t *sent) closesQuoted(c *cue, q int) bool {
	if t.l.code != "en" || !t.endsSpeech(q, -1) || q != min(c.from, c.a)-1 || t.is(q-1, ":") {
		return false
	}
	k := t.afterSaying(c)
	return k >= len(t.s)-1 || t.is(k, ",") && t.isWord(k+1) && endsIn(t.low(k+1), "ing")
}

// verbAfter says whether the clause that cl hangs on has its verb behind it.
func (t *sent) verbAfter(cl *clause) bool {
	if cl.parent < 0 {
		return false
	}
	q := &t.clauses[cl.parent]
	return q.group >= 0 && t.groups[q.group].a >= cl.b
}

// unlistedVerb says whether the word at k looks like a verb in the present or past that
// no list knows, with what a verb takes behind it.
func (t *sent) unlistedVerb(k int) bool {
	w := t.low(k)
	if !t.isWord(k) || t.s[k].cap || t.groupAt[k] >= 0 || !endsIn(w, "s", "ed") || endsIn(w, "ss") || t.l.pron[w] || t.l.det[w] || t.x.nouns[w].role != "" || k+1 >= len(t.s) || t.groupAt[k+1] >= 0 {
		return false
	}
	n := t.low(k + 1)
	return t.l.det[n] || t.l.pron[n] || t.l.prep[n] || t.l.modal[n] && n == "to" || t.isWord(k+1) && !t.l.conj[n] && !t.adverb(k+1)
}

// quotedInverted reads who speaks behind a verb that stands right behind a quotation,
// though the clause has a subject: "The plan “is dead,” said a clerk who read it."
func (t *sent) quotedInverted(c *cue) bool {
	if t.l.code != "en" || !t.is(c.at, "said", "says", "added", "explained", "wrote", "recalled", "noted", "argued") || !t.endsSpeech(c.a-1, -1) || t.quoteClosesWith(c.a-1, '.') {
		return false
	}
	if c.b >= len(t.s) || !t.s[c.b].cap && !t.l.det[t.low(c.b)] && t.x.nouns[t.low(c.b)].role == "" {
		return false
	}
	was := *c
	if t.invert(c) && t.somebody(c.subj[0], c.subj[1]) && (c.end >= len(t.s) || t.groupAt[c.end] < 0) {
		return true
	}
	*c = was
	return false
}

// quoteClosesWith says whether the words of a quotation end in a character.
func (t *sent) quoteClosesWith(i int, b byte) bool {
	q := &t.s[i]
	return q.to > q.from && t.text[q.to-1] == b
}

// pluperfectAlong says whether a verb without a subject of its own goes on with what
// somebody told: "told jurors she had met him and had warned him". prev is the cue before.
func (t *sent) pluperfectAlong(c *cue, cl *clause, prev *cue) bool {
	if prev == nil || prev.how != active || prev.left || cl.beside == 0 || c.a == c.at || !t.is(c.a, "had") {
		return false
	}
	g := t.groupAt[prev.at]
	return g >= 0 && !t.l.have[t.low(t.groups[g].a)] && prev.b < c.a && t.hasGroup(prev.b, c.a)
}

// saysAlong says whether a participle of speech at i, without a comma, tells what the
// subject of the sentence says: "left the talks saying the offer was an insult". Behind
// somebody, a document or a claim it is theirs.
func (t *sent) saysAlong(i int) bool {
	if t.l.code != "en" || i < 3 || !t.is(i, "saying", "adding", "insisting", "claiming", "arguing", "stressing", "alleging", "declaring", "warning") || !t.isWord(i-1) && t.s[i-1].kind != number {
		return false
	}
	n := i + 1
	if !t.is(n, "that", "there") && !t.l.pron[t.low(n)] && !(t.l.det[t.low(n)] && t.groupAhead(n, 8)) && !(n < len(t.s) && t.isWord(n) && t.s[n].cap && t.groupAhead(n, 8)) {
		return false
	}
	if t.tellsItself(i - 1) {
		return false
	}
	for k := i - 1; k > 0 && !t.is(k, ";", ":"); k-- {
		if g := t.groupAt[k]; g >= 0 && !t.groups[g].passive {
			return !t.is(t.groups[g].head, "quoted", "cited", "quotes", "heard", "remember", "is", "are", "was", "were", "has", "have", "had", "there")
		}
	}
	return false
}

// pastTimeThat gives the place of a "that" behind a time at e; 0 if there is none.
func (t *sent) pastTimeThat(e int) int {
	k := e
	if t.is(k, "on") && t.isTime(k+1) {
		k++
	}
	if t.l.code != "en" || !t.isTime(k) {
		return 0
	}
	for t.isTime(k) {
		k++
	}
	if t.is(k, "that") {
		return k
	}
	return 0
}

// namedSo says whether "called" or the like only gives a name: "a book called “Perception”".
func (t *sent) namedSo(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "en" || c.how != active || !oneOf(c.v.lemma, "call", "label", "term", "dub", "brand") || c.a != c.at || !endsIn(t.low(c.at), "ed") || b != c.a {
		return t.l.code == "en" && t.is(b-1, "so") && b-a < 4
	}
	return !t.human(a, b) && !t.documentIn(a, b) && !t.hasName(a, b) && !t.l.pron[t.low(b-1)] && t.x.nouns[t.low(b-1)].role == ""
}

// nearerOne moves the beginning of what "who" tells of to behind a preposition, if
// somebody stands there and nobody before: "lost the state to rival Ida Holm, who said".
func (t *sent) nearerOne(a, e int) int {
	for k := e - 1; k > a; k-- {
		if !t.is(k, "to", "with", "by", "from", "against", "for") || k+1 >= e {
			continue
		}
		if x, y := t.core(k+1, e); x == k+1 && x < y && (t.roleIn(x, y) != "" || t.namesOnly(x, y)) && t.personless(a, k) {
			return x
		}
		return a
	}
	return a
}

// personless says whether a phrase has no noun for somebody in it.
func (t *sent) personless(a, b int) bool {
	for i := a; i < b; i++ {
		switch t.x.nouns[t.low(i)].role {
		case "official", "person", "source", "staff", "expert", "company", "other", "outlet", "body":
			return false
		}
	}
	return true
}

// tellsItself says whether a participle of saying behind the word at i is that word's:
// "a man saying", "reports saying", "by saying".
func (t *sent) tellsItself(i int) bool {
	w := t.low(i)
	if t.l.prep[w] || t.l.conj[w] || t.l.be[w] || t.l.have[w] || t.l.sub[w] || t.l.det[w] || t.l.neg[w] || t.l.pron[w] || t.l.first[w] || t.x.claims["claim"][w] || t.groupAt[i] >= 0 {
		return true
	}
	if t.is(i, "them", "him", "people", "sign", "signs", "banner", "banners", "voice", "started", "keeps", "kept", "went", "worth", "like", "goes") {
		return true
	}
	return t.x.nouns[w].role != "" && !t.isTime(i) || endsIn(w, "ers", "ists", "ors")
}
