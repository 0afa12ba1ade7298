package press

import "constat/claims/statement"

// Objects of English denials that are no noun phrase behind the verb.

// deniedClaim takes the claim in front of a clause that ends in a denial: "a charge that
// party leaders strongly denied", "a finding the ministry disputes".
func (t *sent) deniedClaim(c *cue) bool {
	if t.l.code != "en" || c.how != active || c.v.kind != statement.Denial || c.subj[0] < 2 || !t.endsAt(c.b) || c.subj[1] > c.a {
		return false
	}
	b := c.subj[0]
	if t.is(b-1, "that", "which") {
		b--
	}
	if t.is(b-1, ",") && b < c.subj[0] {
		b--
	}
	a := b
	for a > 0 && a > b-8 && t.isWord(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] {
		a--
	}
	for a < b && (t.l.prep[t.low(a)] || t.l.conj[t.low(a)]) {
		a++
	}
	if a >= b || !t.x.claims["claim"][t.low(b-1)] && !t.is(b-1, "charge", "point", "finding") {
		return false
	}
	c.content = [][2]int{{a, b}}
	c.said, c.whole = [2]int{c.b, c.b}, true
	return true
}

// deniedIt takes the verb and its pronoun for what was said, as of "has denied it": "The
// port disputes this", "dismissed it as noise".
func (t *sent) deniedIt(c *cue) bool {
	if t.l.code != "en" || c.how != active || !oneOf(c.v.lemma, "reject", "dispute", "dismiss", "refute", "contest", "rebut") || !t.is(c.b, "this", "that", "it", "them", "these", "those") {
		return false
	}
	k := c.b + 1
	switch {
	case t.is(k, "as") && k+1 < len(t.s):
		e := k + 1
		for e < len(t.s) && !t.isMark(e) && !t.isTime(e) {
			e++
		}
		if e == k+1 {
			return false
		}
		c.content = [][2]int{{c.b, e}}
	case t.endsAt(k):
		c.content, c.whole = [][2]int{{c.a, k}}, true
	default:
		return false
	}
	c.said = [2]int{c.b, c.b}
	return true
}

// deedsEN are verbs in the present of what somebody is accused of: "we do not target
// civilians".
var deedsEN = words("target fund finance arm train recruit torture spy hack censor block bomb attack shell sell supply interfere meddle discriminate harbour harbor shelter bribe steal smuggle jam sabotage kidnap detain silence spread launder traffic exploit mistreat abuse")

// frontedSaying says whether a participle that begins a sentence tells what the subject
// behind its comma says: "Denying any link to the raid, the ministry said …", "Noting that
// the funds had run out, Holm …".
func (t *sent) frontedSaying(f form) bool {
	if f.v.particle != "" || len(t.s) < 5 || t.find(1, min(40, len(t.s)), ",") < 0 {
		return false
	}
	return f.v.kind == statement.Denial || t.is(1, "that") && f.v.has('c') && !f.v.has('l') && !f.v.has('N')
}

// rejectsThat says whether "I" or "we" reject what was put to them with nothing but a
// pronoun for it: "I reject that entirely". Of a noun it says nothing ("we reject the
// offer").
func (t *sent) rejectsThat(i int) bool {
	if t.l.code != "en" || !t.is(i, "reject", "dismiss", "dispute") {
		return false
	}
	k := i - 1
	for k > 0 && t.adverb(k) {
		k--
	}
	if !t.l.first[t.low(k)] || !t.is(i+1, "that", "this", "it") {
		return false
	}
	for k = i + 2; t.adverb(k) || t.isWord(k) && endsIn(t.low(k), "ly"); k++ {
	}
	return k >= len(t.s) || t.isMark(k) || t.isQuote(k) || t.l.conj[t.low(k)] || t.claimIn(k, k+1)
}

// askedOf gives the question in front of a denial of a pronoun: "has not said whether he
// signed it, though his lawyer denied it". It is the last clause before the denial, one
// of "whether" or "if" behind a verb that leaves it open.
func (t *sent) askedOf(c *cue) (int, int) {
	if t.l.code != "en" || !t.is(c.b, "it", "that", "this") || !t.endsAt(c.b+1) {
		return 0, 0
	}
	e := min(c.from, c.subj[0])
	for e > 0 && (t.isMark(e-1) || t.l.conj[t.low(e-1)] || t.is(e-1, "though", "although", "while")) {
		e--
	}
	a := -1
	for i := e - 1; i > 0 && !t.isMark(i) && !t.isQuote(i); i-- {
		if t.is(i, "whether", "if") {
			a = i
			break
		}
	}
	if a < 1 || e < a+4 || !t.hasGroup(a, e) {
		return 0, 0
	}
	for i := a - 1; i >= 0 && i > a-8; i-- {
		if t.l.neg[t.low(i)] || t.is(i, "declined", "refused", "asked") {
			return a + 1, e
		}
	}
	return 0, 0
}
