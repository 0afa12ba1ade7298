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
	if k := t.afterSaying(c); k < len(t.s)-1 || k < len(t.s) && !t.isMark(k) {
		return false
	}
	if e <= s || !t.somebody(s, e) && !t.manyOf(s, e) || !t.mainBefore(s-1) {
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
		if t.groupAt[k] >= 0 && !t.subordinate(k) {
			return true
		}
	}
	return false
}

// subordinate says whether the verb at i is that of a clause that hangs on another: a
// condition, a time, a relative clause.
func (t *sent) subordinate(i int) bool {
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
