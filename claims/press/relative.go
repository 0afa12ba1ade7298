package press

import "strings"

// English relative clauses whose subject is what they hang on.

// relativeThat says whether "that" at i opens a relative clause whose verb follows: "a letter
// that said". "He said that said nothing of it" has none.
func (t *sent) relativeThat(i int) bool {
	if t.l.code != "en" || !t.is(i, "that") {
		return false
	}
	cl := t.clauseOf(i + 1)
	return cl != nil && cl.kind == relativeClause && cl.a == i && cl.ante[1] > cl.ante[0]
}

// ofMany says whether the relative word at i hangs on a plural: "the minutes, which say",
// "rules that state".
func (t *sent) ofMany(i int) bool {
	if !t.is(i, "which", "that") || i < 1 {
		return false
	}
	k := i - 1
	if t.is(k, ",") {
		k--
	}
	return k >= 0 && t.isWord(k) && strings.HasSuffix(t.low(k), "s") && !endsIn(t.low(k), "ss", "us", "is", "'s") && t.groupAt[k] < 0
}

// inCase says whether a clause is of a case that may come: "in cases where a guest asks for".
func (t *sent) inCase(cl *clause) bool {
	return t.l.code == "en" && cl.kind == relativeClause && t.is(cl.a, "where") && t.is(cl.a-1, "cases", "case", "instances", "situations", "situation", "circumstances", "scenarios", "scenario", "event", "events")
}

// notAll says whether what is negated by the verb at k is only that it was all: "have not read
// every page". It is a proviso, and denies no act.
func (t *sent) notAll(k int) bool {
	return t.l.code == "en" && (t.is(k+1, "every", "everything", "all") || t.is(k+2, "whole", "entire", "full") && t.l.det[t.low(k+1)])
}

// allAdverbs says whether nothing but adverbs stands in a … b.
func (t *sent) allAdverbs(a, b int) bool {
	for i := a; i < b; i++ {
		if !t.adverb(i) {
			return false
		}
	}
	return true
}
