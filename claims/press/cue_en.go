package press

import (
	"strings"

	"constat/claims/statement"
)

// English verbs of saying: which forms tell, which are passives, participles, infinitives or
// nouns.

func (t *sent) verbEN(i int, f form) *cue {
	if (f.v.lemma == "charge" || f.v.lemma == "express") && f.v.particle == "" && t.findNear(i+1, 9, "that") < 0 {
		return nil // "charged a fee"
	}
	if f.v.lemma == "deny" && t.is(i-1, "or", "nor") && t.negBefore(i-1, 6) {
		return nil // "has not officially confirmed or denied any role"
	}
	start, have, be, modal, neg := t.helpers(i)
	// Adverbs at the start belong to the clause, not to the verb.
	for start < i && t.adverb(start) && !t.l.neg[t.s[start].low] {
		start++
	}
	prev := t.low(start - 1)
	c := &cue{a: start, b: i + 1, at: i, v: f.v, how: active}
	switch {
	case f.v.has('P') && !f.part, have && !modal && !f.part && !f.ger:
		return nil // "has direct ties"
	case f.ger && be && !neg:
		if prev == "and" {
			return nil // "said that it had … and was asking": told, not telling
		}
		return c
	case f.ger:
		if start == i && (t.absolute(i) || t.documentBefore(i)) {
			c.how = gerund
			return c
		}
		if i == 0 && t.frontedSaying(f) {
			c.how = gerund
			return c
		}
		if start == i && t.saysAlong(i) {
			c.how = gerund
			return c
		}
		if start != i || !(prev == "," || prev == "–" || t.isQuote(i-1)) && !(prev == "and" && t.afterGerund(i-1)) {
			return nil
		}
		c.how = gerund
		return c
	case f.part && be:
		if p := t.passiveEN(i, start, f, neg); p != nil || neg {
			return p
		}
		return t.passiveCue(i, start, f, true)
	case f.part && !have && t.is(i+1, "by") && !t.byMeans(i+1):
		return t.passiveCue(i, i, f, false)
	case neg || prev == "neither" || prev == "nor" || f.v.has('P'):
		return nil
	case f.part && have:
		if modal && !t.is(i, "said") || modal && t.is(start, "would", "could", "should", "might") {
			return nil // "would have gone on"
		}
		if t.s[start].low == "having" {
			return nil
		}
		return c
	case modal:
		for k := start; k < i; k++ {
			if !t.is(k, "did", "does", "do", "to") && t.l.modal[t.s[k].low] {
				return nil
			}
		}
		if j := t.infinitiveAt(i); j > 0 || prev == "to" {
			return t.quickTo(j+1, c)
		}
		return c
	case f.fin && f.past:
		if f.part && t.reduced(i, f) {
			return nil
		}
		return c
	case f.fin:
		if t.groupAt[i] < 0 || t.nounHere(i, f) {
			return nil
		}
		return c
	}
	return nil
}

// infinitiveAlong says whether a verb without an ending goes on behind "and" with
// an infinitive: "to close the gates and defend the mill".
func (t *sent) infinitiveAlong(i int) bool {
	if !t.is(i-1, "and", "or") {
		return false
	}
	for k := i - 2; k > 0 && k > i-16 && !t.isMark(k); k-- {
		if t.groupAt[k] >= 0 {
			return false
		}
		if t.is(k, "to") && t.isWord(k+1) && !t.l.det[t.low(k+1)] && !t.s[k+1].cap {
			return true
		}
	}
	return false
}

// quickTo reads an infinitive that tells all the same: "was quick to deny",
// "went on to say".
func (t *sent) quickTo(i int, c *cue) *cue {
	if i < 2 {
		return nil
	}
	if t.caused(i, c) {
		return c
	}
	k := i - 2
	for t.isWord(k) && t.adverb(k) {
		k--
	}
	if t.find(max(k-5, 0), k, "first", "latest") >= 0 && t.low(i) != t.low(c.at) {
		return c // "became the first member to publicly say"
	}
	if !t.is(k, "quick", "keen", "eager", "hastened", "rushed", "continued", "continues", "continue", "on", "moved", "careful", "sought", "took") {
		return nil
	}
	if t.is(k, "on") {
		if k--; !t.is(k, "went", "goes", "gone") {
			return nil
		}
	}
	start, _, _, _, neg := t.helpers(k)
	if neg {
		return nil
	}
	c.a = start
	if g := t.groupAt[k]; g >= 0 {
		c.at = t.groups[g].head // the clause is that of "continues"
	}
	return c
}

// absolute says whether a participle at i has a subject of its own: ", with the
// drivers' union saying", ", the mayor calling it".
func (t *sent) absolute(i int) bool {
	for k := i - 1; k >= 0 && k > i-10 && t.groupAt[k] < 0 && !t.isQuote(k); k-- {
		if t.is(k, "with") && k > 0 || t.l.code == "en" && t.is(k, "despite") {
			return k < i-1
		}
		if k > 0 && t.is(k, ",") {
			r := t.roleIn(k+1, i)
			return k < i-1 && !t.beginsInsert(k+1, i) && (r == "official" || r == "person" || r == "other" || r == "expert" || r == "company" || r == "body" || t.namesOnly(k+1, i))
		}
		if t.isMark(k) {
			return false
		}
	}
	return false
}

// afterGerund says whether a participle of speech stands before "and".
func (t *sent) afterGerund(and int) bool {
	for j := and - 1; j >= 0 && j > and-25; j-- {
		for _, f := range t.l.verbs[t.low(j)] {
			if f.ger {
				return true
			}
		}
	}
	return false
}

// reduced says whether a participle without a helper is a passive: "asked by",
// "accused of", "the charges announced on Monday".
func (t *sent) reduced(i int, f form) bool {
	n := t.low(i + 1)
	if n == "by" && t.byMeans(i+1) {
		return false
	}
	if f.v.has('Q') && t.isQuote(i+1) && t.is(i+2, "by") {
		return true // "a group dubbed “MuddyWater” by a firm"
	}
	if n == "by" || n == "as" && f.v.lemma != "describe" && f.v.lemma != "dismiss" && f.v.lemma != "reject" && f.v.lemma != "deny" {
		return true
	}
	if (f.v.lemma == "accuse" || f.v.lemma == "inform" || f.v.lemma == "convince" || f.v.lemma == "suspect") && n == "of" {
		return true
	}
	if t.l.code == "en" && (t.attributive(i) || t.dashed(i)) {
		return true
	}
	if f.v.kind != statement.Announcement && t.relativeThat(i-1) {
		return false // "a letter that said"
	}
	if t.l.det[t.low(i-1)] && !t.floats(i-1) && !(i == 1 && numbers[t.low(0)] > 1) && !t.someSpeak(i, i-1) || t.l.prep[t.low(i-1)] && !t.isTime(i-1) || t.is(i-1, "'s") {
		return true // "the alleged", "his promised"
	}
	return false
}

// nounHere says whether a spelling that is verb and noun is the noun.
func (t *sent) nounHere(i int, f form) bool {
	if t.tailPresent(i, f) {
		return false
	}
	if t.l.code == "en" && f.v.has('n') && t.nounByClause(i, f) {
		return true
	}
	for i > 1 && t.adverb(i-1) && !t.isTime(i-1) && !t.l.neg[t.low(i-1)] && t.isWord(i-2) {
		i-- // "fishermen however claim"
	}
	p := t.low(i - 1)
	if t.behindNote(i, f) {
		return false
	}
	if t.isTime(i-1) || t.isMark(i-1) || t.isQuote(i-1) {
		if p == "," || t.isQuote(i-1) || t.isTime(i-1) || p == "–" && t.l.code == "en" && t.find(max(0, i-12), i-1, "–") > 0 {
			return f.v.has('n') && !f.s && !t.plural(i-1) && !t.pluralAside(i-1)
		}
		return true
	}
	if i == 0 || t.l.prep[p] || p == "'s" || t.l.modal[p] && p != "do" || p == "to" {
		return true
	}
	if t.l.det[p] && p != "all" && p != "both" && p != "many" && p != "some" && p != "others" && p != "that" {
		return true
	}
	if !f.v.has('n') {
		return false
	}
	n := t.low(i + 1)
	if n == "of" || n == "about" || n == "from" || n == "by" || n == "which" || n == "were" || n == "was" || n == "are" || n == "is" || n == "have" || n == "had" || n == "," || n == "." {
		return true
	}
	return t.isWord(i-1) && !f.s && !t.plural(i-1) && !t.l.pron[p] && !t.l.first[p]
}

// plural guesses at a plural subject before a verb without an ending.
func (t *sent) plural(i int) bool {
	if t.l.code == "en" && (t.pluralPhrase(i) || t.ofMany(i)) {
		return true
	}
	if i > 1 && t.is(i-1, "and") && t.isWord(i-2) && !t.l.prep[t.low(i)] || t.l.code == "en" && i > 2 && t.is(i-2, "and") && t.l.poss[t.low(i-1)] {
		return true
	}
	if t.l.code == "en" && bands[t.low(i)] && t.is(i+1, "say", "deny", "insist", "claim", "believe", "maintain", "argue", "reject", "dispute", "have", "were") {
		return true
	}
	return t.isWord(i) && (strings.HasSuffix(t.s[i].low, "s") || endsIn(t.s[i].low, "men", "people") || t.is(i, "they", "police", "people", "we", "others", "some", "many", "sceptics", "who"))
}

// passiveEN reads passives that report: "was quoted as saying", "it is alleged
// that", "are said to".
func (t *sent) passiveEN(i, start int, f form, neg bool) *cue {
	if neg {
		return nil
	}
	switch f.v.lemma {
	case "say", "believe", "report", "think", "allege", "claim", "announce", "estimate", "suspect", "tell":
	default:
		return nil
	}
	c := &cue{a: start, b: i + 1, v: f.v, how: noone, unnamed: true, kind: f.v.kind}
	if t.is(start-1, "it") {
		k := i + 1
		for k < len(t.s) && !t.is(k, "that") && !t.isMark(k) && k < i+12 {
			k++
		}
		if !t.is(k, "that") {
			return nil
		}
		c.from, c.subj = start-1, [2]int{}
		c.content = [][2]int{{k + 1, t.clauseEnd(k + 1)}}
		c.said = [2]int{i + 1, k}
		return c
	}
	if t.is(i+1, "to") && f.v.lemma != "tell" {
		if cl := t.clauseOf(i); cl != nil && (cl.kind == relativeClause || cl.kind == timeClause) {
			return nil // "the gang, which is believed to be behind it, has"
		}
		// The subject is what it is said of.
		a := t.clauseStart(start)
		c.from = a
		c.content = [][2]int{{a, t.clauseEnd(i + 1)}}
		return c
	}
	return nil
}
