package press

import "constat/claims/statement"

// An attribution between commas in the middle of what is told, before its verb:
//
//	The harbour, the mayor said, is open again.
//	Many of the closures, she added, have involved public courses.
//
// The clause's own subject stands in front, so that the parser would give it to the
// verb of saying.

// inserted reads such an attribution at an English verb of saying. It is one only if
// no verb stands before it and one of what is told behind.
func (t *sent) inserted(c *cue) bool {
	if t.l.code != "en" || c.how != active || c.v.particle != "" || !(c.v.has('b') || c.v.has('c')) || c.v.has('r') {
		return false
	}
	s := t.insertedFrom(c)
	if x := t.thoseFrom(c); x > 0 {
		s = x
	}
	if t.closesWithSaying(c, s) {
		if t.is(s, "those") {
			return true
		}
		return t.speaker(c)
	}
	if s < 2 || s == c.a || !t.is(s-1, ",", "–") || !t.somebody(s, c.a) && !t.manyOf(s, c.a) {
		return false
	}
	k := t.insertedTo(c)
	if k < 0 {
		return false
	}
	lead := t.insertedLead(s)
	if lead < 0 {
		return false
	}
	end := t.insertedEnd(k)
	if end < k+3 || t.isWord(k+1) && endsIn(t.low(k+1), "ing") && !t.s[k+1].cap && t.hasGroup(0, s) || t.isQuote(k+1) && t.quotedSentence(k+1) {
		return false
	}
	c.subj, c.appos, c.from = [2]int{s, c.a}, [2]int{}, s-1
	c.pron = c.a-s == 1 && t.l.pron[t.low(s)]
	if !t.speaker(c) {
		return false
	}
	c.content = [][2]int{{lead, s - 1}, {k + 1, end}}
	if lead == s-1 {
		c.content = c.content[1:]
	}
	c.kind, c.said, c.left, c.ready, c.over = c.v.kind, [2]int{c.b, k}, true, true, true
	return true
}

// insertedEnd is where what is told ends behind the comma at k; 0 if no verb stands there.
func (t *sent) insertedEnd(k int) int {
	end, verbs := len(t.s), false
	for i := k + 1; i < len(t.s); i++ {
		if t.is(i, ";") || i > k+1 && t.reporter(i, len(t.s)) {
			end = i
			break
		}
		verbs = verbs || t.groupAt[i] >= 0 || t.isQuote(i)
	}
	for end > k+1 && t.isMark(end-1) && !t.is(end-1, ")", "%") {
		end--
	}
	if !verbs {
		return 0
	}
	return end
}

// insertedFrom is where the phrase before the verb begins.
func (t *sent) insertedFrom(c *cue) int {
	s := c.a
	for s > 0 && s > c.a-12 && (!t.isMark(s-1) || t.is(s-1, ".") && stopsNot[t.low(s-2)]) && !t.isQuote(s-1) && t.groupAt[s-1] < 0 && !t.l.sub[t.low(s-1)] {
		s--
	}
	return s
}

// insertedTo is the comma behind the verb, past times, adverbs and a circumstance; -1 if
// there is none.
func (t *sent) insertedTo(c *cue) int {
	k := c.b
	for k < len(t.s) && k < c.b+9 && !t.isMark(k) && !t.isQuote(k) && t.groupAt[k] < 0 && !t.l.sub[t.low(k)] {
		k++
	}
	if !t.is(k, ",", "–") || k > c.b && !t.l.prep[t.low(c.b)] && !t.isTime(c.b) && !t.adverb(c.b) {
		return -1
	}
	return k
}

// insertedLead is where what stands in front of the comma at s-1 begins; -1 if it has a
// verb or is a circumstance.
func (t *sent) insertedLead(s int) int {
	lead := 0
	for i := s - 2; i >= 0; i-- {
		if t.is(i, ";", ":") {
			lead = i + 1
			break
		}
		if t.groupAt[i] >= 0 && t.hangsOn(i) {
			continue
		}
		if t.groupAt[i] >= 0 || t.isQuote(i) || t.l.verbs[t.low(i)] != nil && t.low(i) != "according" && !t.s[i].cap && endsIn(t.low(i), "ing") {
			return -1
		}
	}
	for lead < s-1 && (t.isMark(lead) || t.l.conj[t.low(lead)]) {
		lead++
	}
	if lead >= s-1 {
		return s - 1 // "But, he said, it is a risk"
	}
	if t.is(lead, "asked", "speaking", "replying", "then") || t.is(lead, "when", "as") && asked[t.low(lead+1)] {
		return -1
	}
	return lead
}

// somebody says whether a phrase that stands alone reads as who speaks: a pronoun, a
// name, an office.
func (t *sent) somebody(a, b int) bool {
	if b-a == 1 && (t.l.pron[t.low(a)] || t.is(a, "others", "some", "many", "both")) {
		return true
	}
	x, y := t.core(a, b)
	if x != a || y <= x || t.l.first[t.low(x)] {
		return false
	}
	return t.roleIn(x, y) != "" || t.namesOnly(x, y) || t.documentIn(x, y) || t.outletRange(x, y) || t.is(x, "the", "a", "an") && y-x < 5
}

// quotedSentence says whether a quotation begins as a sentence does.
func (t *sent) quotedSentence(i int) bool {
	in := t.inside(i, 1)
	return len(in) > 0 && in[0].cap
}

// covered says whether a token stands in what an inserted attribution tells.
func (t *sent) covered(i int, kept []*cue) bool {
	for _, k := range kept {
		if (k.over || k.how == noone && k.unnamed && t.l.code == "en" && t.is(k.from, "it")) && t.inContent(&cue{content: k.content}, i) {
			return true
		}
	}
	return false
}

// later says whether a clause behind "and" tells the reporter's story on: a time in
// front, then a pronoun and its verb. For example: ", and in September, it sued".
func (t *sent) later(k, hi int) bool {
	i := k
	if t.is(i, "in", "on", "by", "last", "since", "after") {
		i++
	}
	if !t.isTime(i) && !(i > k && months[t.low(i)] > 0) {
		return false
	}
	for i < hi && (t.isTime(i) || months[t.low(i)] > 0) {
		i++
	}
	i += b2i(t.is(i, ","))
	if t.is(i, "there") && i+1 < hi && t.groupAt[i+1] >= 0 && t.l.code == "en" {
		return true // ", and on Friday there were new reports"
	}
	return i+1 < hi && t.l.pron[t.low(i)] && t.groupAt[i+1] >= 0 && !t.l.modal[t.low(i+1)]
}

// circumstance says whether what stands before an attribution only says where, when
// or despite what it was made: "In his speech, the mayor argued at length", "Though
// the port is open, the mayor questioned it".
func (t *sent) circumstance(a, b int) bool {
	if t.l.code != "en" || a >= b || !fronts[t.low(a)] {
		return false
	}
	verbs := false // since the last comma
	for i := a; i < b; i++ {
		if t.isQuote(i) {
			return false
		}
		if t.is(i, ",") {
			verbs = false
		}
		if g := t.groupAt[i]; g >= 0 {
			verbs = true
			if c := t.clauseOf(i); c != nil && (c.kind == mainClause || c.kind == contentClause) && c.group == int(g) {
				return false
			}
		}
	}
	return !verbs || t.find(a, b, ",") < 0
}

// fronts are words with which a circumstance begins.
var fronts = words("in on at with though although as after before while when whereas despite during amid following since until upon among for from by to like unlike without throughout under over because if once")

// deniedSoon says whether a short clause from i on denies what was said: "which Moscow
// denies", "something he has always denied".
func (t *sent) deniedSoon(i int) bool {
	for k := i + 1; k < i+7 && k < len(t.s) && !t.isMark(k); k++ {
		if t.is(k, "denies", "denied", "deny", "rejects", "rejected", "disputes", "disputed") {
			return t.l.code == "en" && !t.l.be[t.low(k-1)] || t.is(k+1, "by")
		}
	}
	return false
}

// perfectBefore says whether the sentence's first verb is "has said" or the like.
func (t *sent) perfectBefore(i int) bool {
	for k := 0; k < i; k++ {
		if g := t.groupAt[k]; g >= 0 {
			return t.l.have[t.low(t.groups[g].a)] && t.groups[g].speech(t)
		}
	}
	return false
}

// bareSubject takes off a subject what stands before it without a comma: "A few minutes
// later they", "a point Varn" of "a point Varn acknowledged".
func (t *sent) bareSubject(c *cue) {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "en" || b-a < 2 {
		return
	}
	if x, y := t.outletAt(a); x == a && y > a && y < b && t.l.poss[t.low(y)] {
		c.subj = [2]int{y, b} // "told the Gazette his review shows"
		return
	}
	if w := t.low(b - 1); t.l.pron[w] && !t.l.prep[t.low(b-2)] && !t.is(b-2, "and", "or") {
		c.subj = [2]int{b - 1, b}
		return
	}
	if t.is(a, "a", "an") && b-a < 6 {
		k := a + 1
		for k < b && !t.s[k].cap && t.isWord(k) && t.x.nouns[t.low(k)].role == "" && !t.l.prep[t.low(k)] {
			k++
		}
		if k > a+1 && k < b && t.namesOnly(k, b) && t.claimWord(k-1) {
			c.subj = [2]int{k, b}
		}
	}
}

// claimWord says whether a word is one for what is said.
func (t *sent) claimWord(i int) bool {
	return t.x.claims["claim"][t.low(i)] || t.is(i, "point", "position", "view", "line", "charge", "fact", "move", "decision", "figure")
}

// caused reads whom something made speak: "The raid prompted the minister to call for
// help". c is the cue of the infinitive at i.
func (t *sent) caused(i int, c *cue) bool {
	if !t.is(i-1, "to") || c.v.kind == statement.Assertion && !c.v.has('b') {
		return false
	}
	for k := i - 2; k > 0 && k > i-12 && !t.isMark(k) && !t.isQuote(k); k-- {
		if t.groupAt[k] < 0 {
			continue
		}
		if !t.is(k, "prompted", "prompting", "prompts", "led", "forced", "pushed", "drove", "moved") || k >= i-3 {
			return false
		}
		a, b := t.core(k+1, i-1)
		if a >= b || !t.somebody(a, b) {
			return false
		}
		c.subj, c.from, c.fixed = [2]int{a, b}, a, true
		return t.speaker(c)
	}
	return false
}

// broadcasts are words behind the name of what somebody spoke to.
var broadcasts = words("programme program podcast show outlet broadcaster channel newspaper magazine website station news radio tv television newspapers blog site agency network today breakfast newshour")

// programme goes on behind an outlet that was told something, from r, to the end of its
// name: "told the BBC Hardtalk programme", "told the US media outlet Punchbowl News".
// x and y are the name.
func (t *sent) programme(k, r, hi int) (end, x, y int) {
	e, last := r, r
	for e < hi && e < r+5 && t.isWord(e) && !t.isTime(e) && (t.s[e].cap || broadcasts[t.low(e)]) && t.groupAt[e] < 0 {
		if e++; broadcasts[t.low(e-1)] {
			last = e
		}
	}
	if last == r {
		return r, 0, 0
	}
	// The last run of capitals in it.
	y = last
	for y > k && !t.s[y-1].cap {
		y--
	}
	for x = y; x > k && t.s[x-1].cap; x-- {
	}
	return last, x, y
}

// someSpeak says whether the word at j, which may stand before a noun, is who speaks by
// the verb at i: "another said", "some noted that".
func (t *sent) someSpeak(i, j int) bool {
	if t.l.code != "en" || j != i-1 || !t.is(j, "one", "another", "each", "most", "few", "both", "two", "three", "four", "five", "six", "several", "some", "many", "all") {
		return false
	}
	n := i + 1
	return t.is(n, "to") && t.l.verbs[t.low(i)] != nil && t.is(j, "some", "several", "both", "many", "all") || t.is(i, "said", "says", "say", "told", "added", "asked", "wrote", "argued", "insisted", "denied") || t.is(n, "that", ":", "there") || t.isQuote(n) || t.l.pron[t.low(n)] || t.isTime(n) && t.find(n, min(n+4, len(t.s)), "that") > 0
}

// documentBefore says whether a participle at i hangs on something written in front of
// it: "a message to staff urging them".
func (t *sent) documentBefore(i int) bool {
	k, doc := i-1, false
	for ; k >= 0 && k > i-9 && (t.isWord(k) || t.isTime(k)) && t.groupAt[k] < 0; k-- {
		doc = doc || t.x.nouns[t.low(k)].role == "document"
	}
	if k < 0 || !doc || t.groupAt[k] < 0 {
		return false
	}
	return issuing[t.low(t.groups[t.groupAt[k]].head)] && !t.groups[t.groupAt[k]].passive
}

// issuing are verbs by whose subject a document is.
var issuing = words("sent send sends published publish publishes issued issue issues posted posts wrote writes released releases shared circulated tweeted filed signed delivered emailed left put launched")

// mute are nouns of what tells nothing by itself, though newspapers say that it states
// or contradicts something.
var mute = words("look glance memorandum accord pact legislation law laws constitution protocol clause treaty footage video videos image images photos picture pictures evidence logic treatment rules weather sky spelling")

// silent says whether a subject cannot be who speaks: "Legislation states", "citing
// French rules that forbid"; or the verb is one for outlets alone ("has learned").
func (t *sent) silent(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if t.l.code != "en" {
		return t.noBody(c)
	}
	if a >= b || c.how == passive {
		return false
	}
	if c.v.lemma == "say" && t.saysNothing(c.b) {
		return true
	}
	if t.is(a, "'s") {
		return true // "Monday's quarrel suggests"
	}
	switch c.v.lemma {
	case "learn", "understand":
		return !t.outletRange(a, b) && t.roleIn(a, b) != "outlet"
	case "read":
		return !t.documentIn(a, b)
	}
	if c.v.kind == statement.Request && t.outletRange(a, b) && t.find(c.b, min(c.b+7, len(t.s)), "comment", "response", "statement", "reply") > 0 {
		return true // "The Gazette has asked for a response"
	}
	if w := t.low(a); b-a > 1 && !t.s[a].cap && c.how == active && t.isWord(a) && t.x.nouns[w].role == "" && !t.x.claims["claim"][w] && !t.l.det[w] && !t.l.prep[w] && anyForm(t.forms(a), func(f form) bool { return f.fin && (f.past && !f.part || f.s) }) {
		return true // "opposes pay freezes and recalled": the subject is further left
	}
	return t.participleSubject(c) || t.muteHead(a, b)
}

// participleSubject says whether a phrase begins with a verb: its subject is further
// left.
func (t *sent) participleSubject(c *cue) bool {
	a, b := c.subj[0], c.subj[1]
	if t.is(a-1, ",") && !t.s[a].cap && endsIn(t.low(a), "ing") && t.x.nouns[t.low(a)].role == "" && b-a > 1 && !t.is(a, "leading", "outgoing", "ruling", "sitting", "acting", "visiting", "neighbouring", "neighboring", "opposing", "remaining") {
		return true // ", citing rules that forbid"
	}
	if w := t.low(a); !t.s[a].cap && anyForm(t.forms(a), func(f form) bool { return f.ger }) && endsIn(w, "ing") {
		return true
	}
	return false
}

// muteHead says whether a phrase's head is a noun of what cannot speak.
func (t *sent) muteHead(a, b int) bool {
	for i := a; i < b; i++ {
		if t.l.prep[t.low(i)] || t.l.rel[t.low(i)] || i > a && anyForm(t.forms(i), func(f form) bool { return f.part && !f.inf }) && !t.s[i].cap && t.x.nouns[t.low(i)].role == "" {
			b = i
			break
		}
	}
	if b == a+1 && b > 1 && t.s[a].cap {
		return false // "Law said": a name
	}
	return b > a && mute[t.low(b-1)] && !t.hasCap(a, b-1)
}

// nounAfterAll says whether a verb in -s is a noun in the plural, as nothing before it
// could speak: "victory in swing states", "struck populist notes".
func (t *sent) nounAfterAll(c *cue) bool {
	if t.l.code != "en" || !c.v.has('n') || c.how != active || c.at != c.b-1 || c.a != c.at || !endsIn(t.low(c.at), "s") || t.s[c.at].cap {
		return false
	}
	a, b := c.subj[0], c.subj[1]
	if a < b && b == c.at && !t.s[b-1].cap && endsIn(t.low(b-1), "ing") && t.x.nouns[t.low(b-1)].role == "" {
		return true // "states holding contests"
	}
	if a >= b || b > c.at || t.l.det[t.low(a)] && b-a < 5 || t.l.pron[t.low(b-1)] || t.headRole(a, b) != "" && t.headRole(a, b) != "name" || t.documentIn(a, b) || t.outletRange(a, b) {
		return false
	}
	return !t.s[a].cap || b == c.at && b-a > 1 && !t.s[b-1].cap && t.isWord(b-1)
}
