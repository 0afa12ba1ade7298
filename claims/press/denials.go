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
