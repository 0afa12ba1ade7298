package press

import (
	"strings"

	"constat/claims/statement"
)

// content finds what was said by cue i. It tries each reading of the verb.
func (t *sent) content(i int) bool {
	c := t.cues[i]
	if c.how == accord {
		return t.accordContent(i)
	}
	lo, hi := 0, len(t.s)
	for j, d := range t.cues {
		if j < i && d.how != noone && !c.nested {
			lo = max(lo, d.b)
			for _, r := range d.content {
				if !d.left && r[0] < c.from && d.direct && t.is(r[0]-1, ":", ",") {
					lo = max(lo, r[0])
				} else {
					lo = max(lo, r[1])
				}
			}
			if d.inverted || d.how == accord {
				lo = max(lo, d.end)
			}
		}
		if j > i && !d.nested && d.from >= c.b && d.how != noone {
			hi = min(hi, max(d.from, c.b))
		}
	}
	alts := c.alts
	if len(alts) == 0 {
		alts = []*verb{c.v}
	}
	if c.limit > c.b {
		hi = min(hi, c.limit)
	}
	if c.ready || c.inner > 0 {
		return len(c.content) > 0
	}
	for _, v := range alts {
		c.v, c.kind = v, v.kind
		if c.how == passive {
			return t.passiveContent(c, 0)
		}
		c.content, c.direct, c.left = nil, false, false
		if t.tryContent(c, lo, hi) {
			return true
		}
	}
	return false
}

func (t *sent) tryContent(c *cue, lo, hi int) bool {
	v := c.v
	// A quotation directly before the verb or its subject.
	leftQuote := -1
	if c.how == active && !c.shared {
		k := min(c.from, c.a)
		for k > lo && (t.is(k-1, ",", "–", ".") || t.isTime(k-1)) {
			k--
		}
		if k > 0 && k > lo-1 && t.isQuote(k-1) && (k-1 >= lo || lo == 0) && !c.nested && (c.inverted || k == min(c.from, c.a) || t.find(k, min(c.from, c.a)+1, ",", "–", ".") >= 0 || t.endsSpeech(k-1, -1)) {
			leftQuote = k - 1
		}
	}
	after := c.b
	if c.inverted {
		after = c.end
	}
	if leftQuote > 0 && !(c.inverted && leftQuote >= c.a-2) && !t.onlyQuotes(lo, leftQuote+1) && t.embedsQuote(lo, leftQuote) > 0 && !t.states(lo, leftQuote) {
		leftQuote = -1 // "Face aux « abus », le maire a promis"
	}
	if leftQuote >= 0 && (v.has('c') || v.has('q') || v.has('i') || v.kind == statement.Request || v.kind == statement.Announcement || v.kind == statement.Denial) && !v.has('Q') {
		a := leftQuote
		for a > lo && (t.isQuote(a-1) || t.is(a-1, ",")) && t.isQuote(a-1) {
			a--
		}
		if t.onlyQuotes(lo, leftQuote+1) || t.embedsQuote(lo, leftQuote) == 0 {
			for q := a; q <= leftQuote; q++ {
				c.content = append(c.content, [2]int{q, q + 1})
			}
			c.direct = true
		} else {
			// The quotation ends a clause of the reporter's: both are said.
			c.content = append(c.content, [2]int{t.trimLead(lo, leftQuote), leftQuote + 1})
		}
		c.left = true
		c.said = [2]int{after, hi}
		t.quoteBehind(c, after, hi)
		return true
	}
	if c.inverted {
		return t.leftClause(c, lo, hi)
	}
	if t.l.code == "en" {
		if t.rightEN(c, hi) {
			return t.completed(c)
		}
	} else if t.rightFR(c, hi) {
		return t.completed(c)
	}
	if t.ofAntecedent(c, hi) || t.objectless(c, hi) {
		return true
	}
	if c.how == active && !c.shared && !c.nested && (v.has('c') || v.has('i') && v.kind != statement.Request) && !v.has('Q') && !v.has('q') && !v.has('N') && t.is(c.from, ",") && !t.contrast(c.from+1) && t.quiet(c.b, hi) {
		return t.leftClause(c, lo, hi)
	}
	return false
}

// completed gives content its subject, where a relative clause has taken it away:
// "the bridge, which he said was safe".
func (t *sent) completed(c *cue) bool {
	k := c.content[0][0]
	if c.left || c.direct || k >= len(t.s) || t.groupAt[k] < 0 || t.l.code != "en" {
		return true
	}
	cl := t.clauseOf(c.at)
	ante := c.ante
	if ante[1] == 0 && cl != nil && cl.kind == relativeClause {
		ante = cl.ante
	}
	if a, b := t.core(ante[0], ante[1]); a < b {
		c.content = append([][2]int{{a, b}}, c.content...)
	}
	return true
}

// ofAntecedent takes what a relative clause hangs on for what was said of:
// "the damage, which Norland has blamed on poor repairs".
func (t *sent) ofAntecedent(c *cue, hi int) bool {
	cl := t.clauseOf(c.at)
	if cl != nil && t.l.code == "fr" && t.is(cl.a, "que", "qu'") && t.is(cl.a-1, "ce") && t.is(cl.a-2, ",") && c.v.has('z') && c.how == active && c.subj[0] > cl.a {
		// "est accusé de crimes contre l'humanité, ce qu'il nie"
		b := cl.a - 2
		a := b
		for a > 0 && t.groupAt[a-1] < 0 && !t.isMark(a-1) {
			a--
		}
		for a < b && (t.l.prep[t.low(a)] || t.adverb(a)) {
			a++
		}
		if a < b {
			c.content, c.said, c.whole = append(c.content, [2]int{a, b}), [2]int{c.b, c.b}, true
			return true
		}
	}
	if cl == nil || cl.kind != relativeClause || !c.v.has('o') || !t.is(cl.a, "which", "that", "que", "qu'") || c.how != active {
		return false
	}
	a, b := t.core(cl.ante[0], cl.ante[1])
	if a >= b || c.subj[0] < cl.a || c.v.has('k') && !t.claimIn(a, b) {
		return false
	}
	if c.v.has('k') {
		// "de son rôle présumé dans les atrocités, qu'il nie": from the claim on
		for i := a; i < b; i++ {
			if t.x.claims["claim"][t.low(i)] {
				for i > a && (t.l.det[t.low(i-1)] || t.isWord(i-1) && !t.l.prep[t.low(i-1)] && !t.l.det[t.low(i)]) {
					i--
				}
				c.content = append(c.content, [2]int{i, b})
				c.said, c.whole = [2]int{c.b, c.b}, true
				return true
			}
		}
	}
	e := c.b
	for e < hi && !t.isMark(e) && !t.isQuote(e) && t.groupAt[e] < 0 {
		e++
	}
	if e-c.b > 12 {
		return false
	}
	c.content = append(c.content, [2]int{a, max(e, c.b)})
	c.whole = true
	c.said = [2]int{c.b, c.b}
	return true
}

// objectFits says whether the noun phrase at k may be what was denied, doubted,
// and so on: it must name a claim, or be told in marks.
func (t *sent) objectFits(v *verb, k, hi int) bool {
	if !v.has('k') {
		return true
	}
	if t.l.code == "en" && t.isWord(k) && strings.HasSuffix(t.low(k), "ing") && len(t.low(k)) > 4 {
		return true
	}
	e := k
	for e < hi && e < k+14 && !t.is(e, ",", ";", ".", ":") && (t.groupAt[e] < 0 || e == k) {
		if t.isQuote(e) {
			return true
		}
		e++
	}
	return t.claimIn(k, e) || t.is(k, "what") || t.is(k, "ce") && t.is(k+1, "que", "qu'") || t.is(k, "any", "all", "tout", "toute", "tous", "toutes") && v.has('z')
}

// outletLead reads an outlet's name that begins at k, article and all.
func (t *sent) outletLead(k, hi int) int {
	for e := min(hi, k+t.x.longest+1); e > k; e-- {
		if t.x.outlets[lower(t.textOf(k, e))] {
			return e
		}
	}
	return 0
}

// ownClause says whether a clause that the cue's verb takes begins at k: a
// subject and its verb, with no noun phrase as the object before.
func (t *sent) ownClause(c *cue, k, hi int) bool {
	for i := k; i < hi && i < k+14 && !t.isMark(i); i++ {
		if g := t.groupAt[i]; g >= 0 {
			cl := t.clauseOf(i)
			return cl != nil && cl.kind == contentClause && !t.l.sub[t.low(i-1)] && t.find(k, i, "that", "who", "which") < 0
		}
	}
	return false
}

// contentStart finds where the clause that was said begins behind circumstances:
// "said on Facebook he received a call".
func (t *sent) contentStart(c *cue, k, hi int) int {
	for i := k + 2; i < hi && i < k+12; i++ {
		if t.isMark(i) && !t.is(i, ",") || t.groupAt[i] >= 0 {
			return -1
		}
		w := t.low(i)
		if !(t.l.pron[w] || t.l.first[w] || w == "there" || t.l.det[w] && w != "all") || t.l.prep[t.low(i-1)] || t.l.det[t.low(i-1)] || t.is(i-1, "and", "or") {
			continue
		}
		for j := i + 1; j < hi && j < i+10 && !t.isMark(j); j++ {
			if t.groupAt[j] >= 0 {
				return i
			}
			if t.l.prep[t.low(j)] && j == i+1 {
				break
			}
		}
	}
	return -1
}

// clauseAhead says whether a clause of its own, with a verb, stands from k on.
func (t *sent) clauseAhead(k, hi int) bool {
	for i := k; i < hi && i < k+60; i++ {
		if t.isQuote(i) {
			return true
		}
		if t.groupAt[i] >= 0 {
			if c := t.clauseOf(i); c != nil && (c.kind == contentClause || c.kind == mainClause && c.a >= k && c.beside == 0 || c.kind == relativeClause && c.a < k) {
				return true
			}
		}
		if t.is(i, ";") {
			return false
		}
	}
	return false
}

// states says whether a range has a verb of a clause that states something, and is
// no mere phrase or time in front.
func (t *sent) states(a, b int) bool {
	for i := a; i <= b && i < len(t.s); i++ {
		if t.isQuote(i) {
			if c := t.clauseOf(i); c != nil && c.kind == mainClause && t.verbInside(i) {
				return true // Le point de sortie "était bien caché"
			}
			continue
		}
		if t.groupAt[i] < 0 || i == b {
			continue
		}
		if c := t.clauseOf(i); c != nil && (c.kind == mainClause || c.kind == contentClause) && !t.unreal(c) {
			return true
		}
	}
	return false
}

// verbInside says whether a quotation begins with a verb or has a helper near its
// beginning.
func (t *sent) verbInside(i int) bool {
	for _, k := range t.inside(i, 7) {
		if k.kind == word && (t.l.have[k.low] || t.l.be[k.low] || t.l.modal[k.low] && k.low != "to" || endsIn(k.low, "ait", "aient", "ront")) {
			return true
		}
	}
	return false
}

// onlyQuotes says whether nothing but quotations and marks stands in a range.
func (t *sent) onlyQuotes(a, b int) bool {
	for i := a; i < b; i++ {
		if !t.isQuote(i) && !t.isMark(i) && !t.l.conj[t.low(i)] {
			return false
		}
	}
	return true
}

// embedsQuote counts the words from lo to a quotation that make it part of a
// sentence of the reporter's.
func (t *sent) embedsQuote(lo, q int) int {
	n := 0
	for i := q - 1; i >= lo; i-- {
		if t.is(i, ":", ";") {
			break
		}
		if t.is(i, ",") && i == q-1 {
			if in := t.inside(q, 1); len(in) > 0 && in[0].kind == word && !in[0].cap && t.l.code == "fr" {
				continue // "plus rien ne passait, « sauf l'appli du tramway »"
			}
			break
		}
		if t.isWord(i) {
			n++
		}
	}
	if n < 2 {
		return 0
	}
	return n
}

// quoteBehind adds a quotation that goes on behind the attribution:
// "…," he said, "…".
func (t *sent) quoteBehind(c *cue, from, hi int) {
	k := from
	for k < len(t.s) && !t.isQuote(k) {
		if t.is(k, ";") || k > from+30 || t.groupAt[k] >= 0 && k > from || t.is(k, "that", "que", "qu'") && t.isQuote(k+1) {
			return
		}
		k++
	}
	// Only behind a comma, a stop or a colon: else it is a word in marks.
	for k < len(t.s) && k <= hi && t.isQuote(k) && (t.is(k-1, ",", ".", ":", "–") || t.isQuote(k-1)) {
		c.content = append(c.content, [2]int{k, k + 1})
		c.said[1] = min(c.said[1], k)
		k++
	}
}

// quiet says whether nothing follows but circumstances: no content there.
func (t *sent) quiet(a, b int) bool {
	for i := a; i < b; i++ {
		switch {
		case t.isQuote(i), t.is(i, ":"):
			return false
		case t.l.sub[t.low(i)] && !t.is(i, "who", "which", "qui", "where", "où", "when", "as", "after", "before", "while", "dont", "since", "until", "although", "though", "because"):
			return false
		}
	}
	return true
}

func (t *sent) trimLead(a, b int) int {
	for a < b && (t.isMark(a) || t.is(a, "but", "mais", "and", "et", "or")) {
		a++
	}
	return a
}

// inner gives the cues before an attribution at the end of a sentence that it
// tells of; nil if it tells only of what stands behind them, or is an outlet's and
// they have a speaker of their own.
func (t *sent) inner(c *cue, end int) []*cue {
	if c.shared || c.joined || c.how != active || c.v.kind != statement.Assertion || c.pron && !c.inverted {
		return nil
	}
	cl := t.clauseOf(c.at)
	if cl == nil || !c.inverted && !(cl.kind == mainClause && cl.a > 0 && t.is(cl.a, ",")) {
		return nil
	}
	outlet := t.outletRange(c.subj[0], c.subj[1]) || t.stateMedia(c.subj[0], c.subj[1]) || t.outletEnd(c.subj) || t.roleIn(c.subj[0], c.subj[1]) == "outlet"
	var in []*cue
	for _, d := range t.cues {
		if d.a >= c.a || d == c {
			continue
		}
		if len(d.content) == 0 || d.left || d.direct || d.how != active && d.how != gerund || d.subj[1] <= d.subj[0] || d.content[len(d.content)-1][1] > end {
			return nil
		}
		if outlet && !t.documentIn(d.subj[0], d.subj[1]) {
			return nil
		}
		in = append(in, d)
	}
	return in
}

// leftClause takes the clause before an attribution at its end: "the line is
// down, the ministry said".
func (t *sent) leftClause(c *cue, lo, hi int) bool {
	end := min(c.from, c.a)
	for end > lo && (t.is(end-1, ",", "–") || t.isTime(end-1) && t.is(end-2, ",")) {
		end--
	}
	if in := t.inner(c, end); in != nil {
		// The whole of what somebody else asked or said before is what is told.
		lo = in[0].from
		for _, d := range in {
			d.within, d.nested = c, true
		}
	}
	a := t.trimLead(lo, end)
	n := 0
	for i := a; i < end; i++ {
		if t.isWord(i) || t.isQuote(i) {
			n++
		}
	}
	if c.v.has('Q') || c.v.has('o') && !c.v.has('c') && c.v.kind == statement.Assertion {
		return false
	}
	after := c.b
	if c.inverted {
		after = c.end
	}
	if n == 0 {
		return false
	}
	if n < 2 && !t.isQuote(a) {
		return false
	}
	if c.v.has('q') && !t.quoteAhead(a, end-a) {
		return false
	}
	c.left = true
	c.content = append(c.content, [2]int{a, end})
	c.said = [2]int{after, hi}
	t.quoteBehind(c, after, hi)
	goes := !t.is(after+1, "and", "et", "but", "mais", "while") && !t.beginsInsert(after+1, hi)
	if t.is(after+1, "and", "et") && after+2 < len(t.s) && t.groupAt[after+2] >= 0 && !t.groups[t.groupAt[after+2]].speech(t) {
		goes = true // "These emails, the DOJ said, and were sent …"
	}
	if len(c.content) == 1 && t.is(after, ",") && goes && after+2 < hi {
		// "Sa cliente, dit-elle, n'a plus …": it goes on.
		e := t.clauseEnd(hi)
		if e > after+2 {
			c.content = append(c.content, [2]int{after + 1, e})
			c.said[1] = after
		}
	}
	return true
}

// right puts the content at k … hi, less what belongs to the end.
func (t *sent) right(c *cue, k, hi int) bool {
	e := hi
	for i := k; i < hi; i++ {
		if t.is(i, ";") || i > k && t.reporter(i, hi) {
			e = i
			break
		}
	}
	// A verb of the clause that the cue's own hangs on ends it: "affirmant que le
	// pont « tiendra » a rassuré", "who claims to have … shared".
	if own := t.clauseOf(c.at); own != nil && (own.kind == relativeClause || c.how == gerund) {
		for i := k + 1; i < e; i++ {
			if g := t.groupAt[i]; g >= 0 && t.groups[g].a == i {
				if cl := t.clauseOf(i); cl != nil && cl.kind != contentClause && cl.a < min(own.a+1, c.a) && cl.group == int(g) && !t.isMark(i-1) {
					e = i
					break
				}
			}
		}
	}
	for e > k && t.isMark(e-1) && !t.is(e-1, ")", "]", "%", "$", "€") {
		e--
	}
	for k < e && t.isMark(k) && !t.is(k, "(", "[", "$") {
		k++
	}
	if k >= e {
		return false
	}
	c.content = append(c.content, [2]int{k, e})
	if c.said == [2]int{} {
		c.said = [2]int{c.b, k}
	}
	// Direct only where the words are all in marks.
	c.direct = true
	for i := k; i < e; i++ {
		if !t.isQuote(i) {
			c.direct = false
		}
	}
	if c.direct && e-k > 1 {
		c.content = c.content[:len(c.content)-1]
		for i := k; i < e; i++ {
			c.content = append(c.content, [2]int{i, i + 1})
		}
	}
	return true
}

// phrase takes a noun phrase at k for what was denied, condemned, claimed: it ends
// at a comma, at a clause of time and at the next verb.
func (t *sent) phraseRight(c *cue, k, hi int) bool {
	e := k + 1
	for e < hi {
		if t.is(e, ",", ";", ":", "–", "comme") || t.isTime(e) && !t.l.prep[t.low(e-1)] {
			break
		}
		if cl := t.clauseOf(e); cl != nil && cl.a == e && (cl.kind == timeClause || cl.kind == beforeClause || cl.kind == conditionClause) {
			break
		}
		if t.is(e, "lorsque", "lorsqu'", "quand", "when", "after", "while", "alors", "tandis", "après", "amid", "during", "lors", "pendant") {
			break
		}
		if t.is(e, "that", "que", "qu'") && c.v.kind == statement.Denial {
			// "denied reports that …": the whole clause
			return t.right(c, k, hi)
		}
		if t.is(e, "and", "et", "but", "mais") && t.groupAhead(e+1, 8) {
			break
		}
		e++
	}
	return t.right(c, k, e)
}

// reporter says whether what begins at i is the reporter's, behind what was told:
// a remark, a circumstance, another verb of the same subject.
func (t *sent) reporter(i, hi int) bool {
	switch {
	case t.is(i, ","):
		k := i + 1
		switch {
		case remarks[t.low(k)]:
			return true
		case t.is(k, "while", "amid", "following", "whereas") || t.is(k, "as", "after") && t.clauseAfter(k) || t.is(k, "even") && t.is(k+1, "as", "though"):
			return true
		case t.is(k, "alors", "tandis") && t.is(k+1, "que", "qu'") || t.is(k, "même") && t.is(k+1, "si") || t.is(k, "bien") && t.is(k+1, "que", "qu'") || t.is(k, "après", "lors") || t.is(k, "sur") && t.is(k+1, "fond") || t.is(k, "sans") && t.infinitiveNear(k+1):
			return true
		case t.is(k, "and", "but") && t.is(k+1, "it") && t.is(k+2, "was", "is", "remains", "remained") && t.find(k, min(k+7, hi), "clear", "unclear") > 0:
			return true
		}
		// ", mais étudie des solutions": the subject of the outer verb
		if cl := t.clauseOf(k); cl != nil && cl.a == i && cl.kind == mainClause && cl.beside > 0 && cl.group >= 0 {
			return true
		}
	case t.is(i, "–"):
		// A dash that nothing closes.
		return t.find(i+1, hi, "–") < 0 && !t.l.rel[t.low(i+1)]
	}
	return false
}

// remarks are participles by which a reporter comments on what was said.
var remarks = words("signalling signaling suggesting marking underscoring underlining raising prompting fuelling fueling echoing contradicting signalisant signalant marquant montrant suscitant laissant confirmant contredisant relançant provoquant visant pointant mettant renvoyant refusant rappelant évoquant ignoring referring pointing dashing sparking triggering paving ending stoking")

// quoteRight takes a quotation at k that is what was said; what follows it
// without a stop makes it a part of reported speech.
func (t *sent) quoteRight(c *cue, k, hi int) bool {
	if k+1 >= hi || t.isMark(k+1) || t.isQuote(k+1) {
		c.content = append(c.content, [2]int{k, k + 1})
		c.direct = true
		c.said = [2]int{c.b, k}
		for q := k + 1; q < hi && (t.isQuote(q) || t.isMark(q)); q++ {
			if t.isQuote(q) {
				c.content = append(c.content, [2]int{q, q + 1})
			}
		}
		return true
	}
	return t.right(c, k, hi)
}

// skipAside steps over times and adverbs, and over insertions between commas.
func (t *sent) skipAside(k, hi int) int {
	for k < hi {
		switch {
		case t.isTime(k), t.adverb(k) && !t.is(k, "not", "never", "ne", "n'", "pas", "jamais"):
			k++
		case t.is(k, ","):
			e := k + 1
			for e < hi && !t.isMark(e) && !t.isQuote(e) {
				e++
			}
			if e < hi && t.is(e, ",") && e-k < 14 && t.beginsInsert(k+1, e) {
				k = e + 1
				continue
			}
			return k
		default:
			return k
		}
	}
	return k
}

// rightQ takes what somebody is said to call something, if a quotation or a word of
// falsity is in it; what follows behind a comma is the reporter's.
func (t *sent) rightQ(c *cue, k, hi int) bool {
	quoted := -1
	for q := k; q < hi && q < k+16; q++ {
		if t.isQuote(q) {
			quoted = q
			break
		}
		if t.is(q, ";", ":") || t.is(q, ",") && q > k+8 {
			break
		}
	}
	judged := t.judged(k, min(hi, k+14))
	if t.find(c.b, k+1, "itself", "themselves", "himself", "herself") >= 0 {
		return false // a name it gives itself
	}
	if quoted >= 0 {
		if in := t.inside(quoted, 1); len(in) > 0 && t.x.nouns[in[0].low].role == "source" {
			return false // "en évoquant une « source proche du dossier »"
		}
	}
	if c.v.lemma == "appeler" && t.findNear(c.b, 12, "à", "au", "aux") > 0 {
		return false
	}
	if quoted < 0 && !judged {
		return false
	}
	if judged {
		c.kind = statement.Denial
	}
	e := max(quoted, k)
	for e < hi && !t.is(e, ",", "–") {
		e++
	}
	for e+1 < hi && t.is(e, ",") && t.isQuote(e+1) {
		e += 2
		for e < hi && !t.is(e, ",", "–") {
			e++
		}
	}
	for q := max(quoted, k) + 1; q < e; q++ {
		if t.isTime(q) && quoted >= 0 || t.is(q, "after", "during", "when", "lors", "après", "pendant", "avant") || t.is(q, "in", "dans", "sur", "at", "on", "devant") && quoted >= 0 {
			e = q
			break
		}
	}
	return t.right(c, k, e)
}

func (t *sent) rightEN(c *cue, hi int) bool {
	v, k := c.v, t.skipAside(c.b, hi)
	if k >= hi || v.lemma == "add" && t.is(k, "to") {
		return false
	}
	quoteAt := func(k int) bool {
		return t.isQuote(k) || t.is(k, ",", ":", "–") && t.isQuote(k+1)
	}
	if v.has('Q') {
		return t.rightQ(c, k, hi)
	}
	if v.has('q') && !v.has('c') {
		if quoteAt(k) {
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		}
		// "shouted across the chamber: …"
		for q := k; q < hi && q < k+14; q++ {
			if t.is(q, ":") && t.isQuote(q+1) {
				return t.quoteRight(c, q+1, hi)
			}
		}
		return false
	}
	if v.kind == statement.Question {
		if t.is(k, "whether", "if", "why", "how", "what", "when", "where", "who", "which") {
			return t.right(c, k, hi)
		}
		if quoteAt(k) {
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		}
		if q := t.findNear(k, 8, "whether", "why", "how", "what", "who"); q > k && !t.is(q-1, "about", "on", "of") {
			return t.right(c, q, hi)
		}
		return false
	}
	if v.has('r') && !t.is(k, "that") && !quoteAt(k) && !(t.l.prep[t.low(k)] && !t.isTime(k)) {
		// whom it was said to
		if v.kind == statement.Request {
			to := -1
			for q := k; q < hi && q < k+25; q++ {
				if t.is(q, "to", "that", "for") && q > k {
					to = q
					break
				}
				if quoteAt(q) || t.is(q, "why", "whether", "how", "what", "if", "about", "when") {
					break
				}
			}
			if to >= 0 {
				c.said = [2]int{c.b, to}
				return t.right(c, k, hi)
			}
			if q := k; v.lemma != "ask" && !t.isMark(q) {
				return false
			}
		}
		r := k
		if x, y := t.outletAt(k + b2i(t.l.det[t.low(k)])); y > x {
			r = y
		} else if y := t.outletLead(k, hi); y > k {
			r = y
		}
		switch {
		case r > k:
		case t.l.pron[t.low(k)] || t.l.first[t.low(k)] || t.is(k, "him", "her", "them", "reporters", "journalists", "parliament", "lawmakers", "investors", "staff"):
			r++
		default:
			if t.l.det[t.low(k)] {
				r++
			}
			for r < hi && t.isWord(r) && (r == k || !t.l.det[t.low(r)] && !t.l.pron[t.low(r)] && !t.l.prep[t.low(r)] || t.is(r, "of")) && !t.is(r, "that") && !t.isTime(r) && r < k+8 {
				r++
			}
		}
		if r > k && t.outletRange(k, r) {
			c.outlets = append(c.outlets, [2]int{k, r})
		}
		k = t.skipAside(r, hi)
		if k < hi && t.l.prep[t.low(k)] {
			if q := t.findThat(k, hi); q >= 0 {
				k = q
			}
		}
		switch {
		case t.is(k, "that"):
			c.said = [2]int{c.b, k}
			return t.right(c, k+1, hi)
		case quoteAt(k):
			return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
		case t.isWord(k) && k > r-1 && k < hi && !t.l.prep[t.low(k)] && !t.is(k, "to", "about", "and", "of"):
			return t.right(c, k, hi)
		}
		return false
	}
	if quoteAt(k) && (v.has('c') || v.has('i')) {
		return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
	}
	if t.is(k, "that") && v.has('c') {
		return t.right(c, k+1, hi)
	}
	if t.is(k, "whether", "if") && (v.kind == statement.Doubt) {
		return t.right(c, k, hi)
	}
	if v.has('i') && t.is(k, "to") && k+1 < hi {
		return t.right(c, k, hi)
	}
	if t.is(k, ":") && v.has('c') {
		return t.right(c, k+1, hi)
	}
	if t.l.prep[t.low(k)] && !t.isTime(k) && !(t.is(k, "as") && v.kind == statement.Denial) || t.is(k, ",") {
		if v.has('c') || v.has('i') {
			// Circumstances, then "that", or a quotation behind a comma.
			if q := t.findThat(k, hi); q >= 0 {
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			for q := k; q < hi && q < k+25; q++ {
				if t.is(q, ":", ",") && t.isQuote(q+1) && !t.is(k, ",") {
					t.relay(c, k, q)
					return t.quoteRight(c, q+1, hi)
				}
				if t.is(q, ":") && q+2 < hi {
					return t.right(c, q+1, hi)
				}
			}
		}
		if v.particle != "" && v.has('o') && !t.is(k, ",") || t.is(k, "against") && v.lemma == "advise" {
			return t.right(c, k, hi)
		}
		if v.kind == statement.Request && v.has('o') && (t.is(k, "for", "to") && (v.lemma == "appeal" || v.lemma == "ask" || v.lemma == "press")) {
			return t.right(c, k, hi)
		}
		if (v.has('b') || v.has('c')) && !t.is(k, ",") {
			// "said in Geneva the talks failed", "said on Facebook he received"
			if q := t.contentStart(c, k, hi); q > 0 {
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q, hi)
			}
		}
		if v.has('b') && t.is(k, "about", "at", "on", "in", "by", "no", "from", "after", "before", "since", "until", "over", "under", "within") && t.finiteIn(k+1, hi) {
			return t.right(c, k, hi)
		}
		return false
	}
	if t.isMark(k) {
		return false
	}
	if v.has('b') && k+1 < hi && !t.is(k, "and", "but", "as", "so", "to", "when", "while") && t.clauseAhead(k, hi) {
		return t.right(c, k, hi)
	}
	if v.has('o') && v.kind == statement.Denial && t.is(k, "as") {
		return t.right(c, k, hi) // "dismissed as fantasy reports that"
	}
	if v.has('c') && !v.has('b') && k+1 < hi && (t.l.det[t.low(k)] || t.l.pron[t.low(k)] || t.s[k].cap) && t.groupAt[c.at] >= 0 && t.groups[t.groupAt[c.at]].bare && t.ownClause(c, k, hi) {
		return t.right(c, k, hi) // "conceded the line was down", "denied he was driving"
	}
	if (v.has('o') || v.particle != "") && !t.objectFits(v, k, hi) || v.has('t') && t.find(k, min(hi, k+24), "to") < 0 {
		return false
	}
	if v.particle != "" && v.has('o') && k < hi || v.has('o') && !t.is(k, "to", "as", "and", "but", "when", "if", "so", "how", "why") {
		if v.kind == statement.Request && v.has('r') && v.lemma == "ask" && t.is(k, "why", "whether", "how", "what", "about", "questions") {
			return false
		}
		if v.kind == statement.Denial || v.kind == statement.Condemnation || v.kind == statement.Claim || v.kind == statement.Doubt {
			return t.phraseRight(c, k, hi)
		}
		return t.right(c, k, hi)
	}
	if v.has('i') && v.has('r') {
		if q := t.find(k, min(hi, k+20), "to"); q > k {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	if v.kind == statement.Request && v.has('i') && !v.has('r') {
		if q := t.find(k, min(hi, k+20), "to"); q > k {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	return false
}

func (t *sent) finiteIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.finite(i) || t.isWord(i) && endsIn(t.s[i].low, "ed") {
			return true
		}
	}
	return false
}

// findThat looks for the "that" that opens what was said, past circumstances.
func (t *sent) findThat(k, hi int) int {
	for q := k; q < hi && q < k+30; q++ {
		if t.isQuote(q) || t.is(q, ":", ";") {
			return -1
		}
		if t.is(q, "that") {
			if q+1 < hi && t.finite(q+1) && q > k && !t.is(q-1, ",") {
				continue // "in a letter that was sent"
			}
			return q
		}
	}
	return -1
}

// relay notes an outlet that was spoken to: "told Reuters", "in an interview
// with the Straits Courier".
func (t *sent) relay(c *cue, a, b int) {
	for i := a; i < b; i++ {
		if t.is(i, "to", "with", "by", "à", "au", "par", "avec") {
			e := i + 1
			for e < b && t.isWord(e) && (t.s[e].cap || t.l.det[t.low(e)] || t.x.nouns[t.low(e)].role == "outlet" || t.is(e, "de", "du", "d'")) {
				e++
			}
			if e > i+1 && t.outletRange(i+1, e) {
				c.outlets = append(c.outlets, [2]int{i + 1, e})
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *sent) rightFR(c *cue, hi int) bool {
	v, k := c.v, t.skipAside(c.b, hi)
	if k >= hi {
		return false
	}
	quoteAt := func(k int) bool {
		return t.isQuote(k) || t.is(k, ",", ":", "–") && t.isQuote(k+1)
	}
	if v.has('Q') {
		return t.rightQ(c, k, hi)
	}
	if quoteAt(k) && (v.has('c') || v.has('q') || v.has('i')) && !(v.has('o') && !v.has('c')) {
		return t.quoteRight(c, k+b2i(!t.isQuote(k)), hi)
	}
	if v.has('q') && !v.has('c') {
		for q := k; q < hi && q < k+20; q++ {
			if t.is(q, ":") && t.isQuote(q+1) {
				t.relay(c, k, q)
				return t.quoteRight(c, q+1, hi)
			}
		}
		return false
	}
	if v.kind == statement.Question && (!(t.is(k, "si", "s'", "pourquoi", "comment", "où", "quand", "qui", "quel", "quelle", "quels", "quelles", "combien") || t.is(k, "ce") && t.is(k+1, "qui", "que", "qu'")) && !quoteAt(k)) {
		if q := t.findNear(k, 12, "si", "pourquoi", "comment", "quand", "quel", "quelle"); q > k && (t.is(k, "à", "au", "aux") || t.isMark(q-1)) {
			return t.right(c, q, hi)
		}
		return false
	} else if v.kind == statement.Question && !quoteAt(k) {
		return t.right(c, k, hi)
	}
	if v.has('c') {
		for q := k; q < hi && q < k+25; q++ {
			if t.isQuote(q) {
				if t.is(q-1, ":", ",") {
					t.relay(c, k, q)
					return t.quoteRight(c, q, hi)
				}
				if !t.is(q-1, "d'", "l'", "de", "la", "le") {
					break
				}
			}
			if t.is(q, ":") {
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			if t.is(q, ";") {
				break
			}
			if t.is(q, "que", "qu'") && !t.is(q-1, "alors", "ainsi", "tandis", "bien", "parce", "lors", "dès", "après", "avant", "tel", "telle", "autant", "même", "ce", "plus", "moins", "celui", "celle") {
				if q > k && v.has('o') && !t.l.prep[t.low(k)] && !t.is(k, ",") && !t.isTime(k) {
					break // the object comes first; "que" is a relative's
				}
				c.said = [2]int{c.b, q}
				t.relay(c, k, q)
				return t.right(c, q+1, hi)
			}
			if q > k && (v.has('o') || v.has('i')) && t.finite(q) || v.kind == statement.Request && t.is(q, "de", "d'", "à") && t.infinitiveNear(q+1) {
				break
			}
		}
	}
	if v.has('i') || v.has('c') && v.kind == statement.Assertion {
		q := k
		for t.is(q, "ne", "n'", "pas", "y", "en", "se", "s'", "l'", "la", "le", "les", "lui", "leur", "rien", "jamais", "de", "d'") && q < hi {
			q++
		}
		if t.infinitive(q) {
			return t.right(c, k, hi)
		}
	}
	if v.has('a') {
		if t.is(k, "à", "au", "aux") {
			return t.right(c, k, hi)
		}
		for q := k; q < hi && q < k+20; q++ {
			if t.is(q, "à", "au", "aux", "de", "d'") && q > k && (t.infinitiveNear(q+1) || t.isQuote(q+1)) {
				c.said = [2]int{c.b, q}
				return t.right(c, k, hi)
			}
			if t.isQuote(q) || t.is(q, ",") {
				break
			}
		}
		return false
	}
	if v.has('d') {
		q := t.findDe(k, hi)
		if q >= 0 {
			c.said = [2]int{c.b, q}
			return t.right(c, k, hi)
		}
	}
	if v.has('o') || v.particle != "" && v.kind == statement.Request {
		if t.isMark(k) || !t.objectFits(v, k, hi) {
			return false
		}
		if oneOf(v.lemma, "imputer", "attribuer", "reprocher", "évaluer", "chiffrer") && t.is(k, "à", "au", "aux") {
			return t.right(c, k, hi)
		}
		if v.kind == statement.Threat && t.findNear(k, 16, "de", "d'") < 0 {
			return false
		}
		if v.kind == statement.Condemnation && !t.condemns(c, k, hi) || !v.has('i') && t.infinitive(k) || t.is(k, "en", "y") {
			return false
		}
		if (v.lemma == "ordonner" || v.lemma == "demander" || v.lemma == "réclamer") && t.find(k, min(hi, k+3), "arrestation", "détention", "incarcération", "enquête") >= 0 {
			return false
		}
		if v.lemma == "accuser" && t.find(k, min(hi, k+3), "baisse", "recul", "perte", "pertes", "retard", "déficit", "coup", "réception", "hausse") >= 0 {
			return false
		}
		if v.kind == statement.Denial || v.kind == statement.Condemnation || v.kind == statement.Claim || v.kind == statement.Doubt {
			return t.phraseRight(c, k, hi)
		}
		if t.is(k, "par", "lors", "dans", "pour", "comme", "devant", "avec", "sur", "qui", "et") && v.particle == "" {
			return false
		}
		if t.is(k, "à", "au", "aux") && v.kind != statement.Request && v.lemma != "répondre" {
			return false
		}
		return t.right(c, k, hi)
	}
	return false
}

// condemns tells blame from what a court does: "a condamné le capitaine à deux
// ans de prison".
func (t *sent) condemns(c *cue, k, hi int) bool {
	if c.v.lemma != "condamner" && c.v.lemma != "condemn" {
		return true
	}
	if t.find(c.subj[0], c.subj[1], "tribunal", "cour", "court", "justice", "juge", "judge", "juges") >= 0 {
		return false
	}
	for q := k; q < hi && q < k+14; q++ {
		if t.is(q, "à", "to") && (q+1 < len(t.s) && t.s[q+1].kind == number || numbers[t.low(q+1)] > 0 || t.is(q+1, "mort", "death", "payer", "verser", "perpétuité", "life")) {
			return false
		}
	}
	return true
}

// infinitive guesses at an infinitive by its ending.
func (t *sent) infinitive(i int) bool {
	w := t.low(i)
	if endsIn(w, "re") && !anyForm(t.forms(i), func(f form) bool { return f.inf }) && w != "être" {
		return false // "la voiture"
	}
	return t.isWord(i) && !t.s[i].cap && (w == "être" || endsIn(w, "er", "ir", "re") || w == "dire" || w == "voir") && t.x.nouns[w].role == "" && w != "entre" && w != "autre" && w != "notre" && w != "hier" && w != "contre" && w != "ministre" && w != "février"
}

func (t *sent) infinitiveNear(i int) bool {
	for k := i; k < i+5; k++ {
		if t.infinitive(k) {
			return true
		}
		if !t.is(k, "ne", "n'", "pas", "y", "en", "se", "s'", "l'", "la", "le", "les", "lui", "leur", "plus") {
			return false
		}
	}
	return false
}

// findDe looks for "de" with an infinitive, or with a noun phrase directly.
func (t *sent) findDe(k, hi int) int {
	for q := k; q < hi && q < k+25; q++ {
		if t.isQuote(q) || t.is(q, ";", ":") {
			return -1
		}
		if t.is(q, "de", "d'") && t.infinitiveNear(q+1) || q == k && t.is(q, "de", "du", "des", "d'") {
			return q
		}
	}
	return -1
}

// accordContent takes the clause that "according to" is about: what follows
// at a sentence's beginning, else what stands before.
func (t *sent) accordContent(i int) bool {
	c := t.cues[i]
	first := true
	for k := 0; k < c.a; k++ {
		if !t.isMark(k) && !t.isTime(k) && !t.l.conj[t.low(k)] && !t.adverb(k) {
			first = false
		}
	}
	if !first && c.a <= 6 && t.is(c.a-1, ",") && t.find(0, c.a-1, ",") < 0 {
		first = true // "En effet, selon …"
		for k := 0; k < c.a; k++ {
			if t.finite(k) || t.isQuote(k) {
				first = false
			}
		}
		if c.a > 4 && !t.l.prep[t.low(0)] {
			first = false
		}
	}
	if first {
		k := c.end
		// Insertions and a name in apposition, each between commas.
		for t.is(k, ",") {
			e := k + 1
			depth := 0
			for e < len(t.s) && !(t.is(e, ",") && depth == 0) {
				if t.is(e, "(") {
					depth++
				} else if t.is(e, ")") {
					depth--
				}
				e++
			}
			if e >= len(t.s) || e-k > 25 {
				break
			}
			if t.beginsInsert(k+1, e) && !t.l.pron[t.low(k+1)] && !t.isQuote(k+1) {
				if t.is(k+1, "who", "qui", "which") {
					// A clause of its own may hold a source: "qui cite …".
					if q := t.find(k+1, e, "cite", "cites", "quotes", "cited", "quoted"); q > 0 && q+1 < e {
						c.outlets = append(c.outlets, c.subj)
						a, b := t.core(q+1, e)
						c.subj, c.appos = [2]int{a, b}, [2]int{}
					}
				}
				k = e
				continue
			}
			if r := t.roleIn(k+1, e); t.phrase(k+1, e) && t.namesOnly(c.subj[0], c.subj[1]) && t.x.places[t.low(c.subj[0])].code == "" && c.subj[1]-c.subj[0] > 1 && (r == "official" || r == "expert" || r == "person" || r == "company") && c.appos == [2]int{} {
				c.appos = [2]int{k + 1, e}
				k = e
				continue
			}
			if t.phrase(k+1, e) && t.s[k+1].cap && t.namesOnly(k+1, e) {
				c.appos = [2]int{k + 1, e}
				k = e
				continue
			}
			break
		}
		if !t.is(k, ",") && !t.isQuote(k) && k == c.end {
			// No comma: the phrase ended at a verb or not at all.
			return false
		}
		return t.right(c, k+b2i(t.is(k, ",")), len(t.s))
	}
	// Behind what it is about; said by somebody named there already, it is
	// the outlet's.
	start := 0
	for k := range t.clauses {
		if cl := &t.clauses[k]; cl.kind == mainClause && cl.a > start && cl.a < c.a-2 && t.is(cl.a, ",") && t.is(cl.a+1, "and", "but", "et", "mais") && cl.beside == 0 {
			start = cl.a
		}
	}
	for j := i - 1; j >= 0; j-- {
		d := t.cues[j]
		if len(d.content) > 0 && d.how != noone {
			if start > d.a && !d.left {
				// ", and by noon half had passed, according to": a sentence of its own
				for k := range d.content {
					d.content[k][1] = min(d.content[k][1], start)
				}
				continue
			}
			if t.outletRange(c.subj[0], c.subj[1]) || t.stateMedia(c.subj[0], c.subj[1]) {
				d.outlets = append(d.outlets, c.subj)
				for k := range d.content {
					if r := &d.content[k]; r[0] < c.a && r[1] > c.a {
						r[1] = c.a
						for r[1] > r[0] && t.isMark(r[1]-1) {
							r[1]--
						}
					}
				}
				return false
			}
			if d.content[len(d.content)-1][1] > c.a || !d.left {
				return false
			}
		}
	}
	if c.pron && !(t.is(c.a-1, ",", "–") && t.owner[c.a] == t.owner[0]) {
		return false // "des liens qui, selon elles, leur permettaient"
	}
	lo := 0
	for _, d := range t.cues[:i] {
		if d.how != noone && start > d.a {
			lo = start
		}
	}
	for _, d := range t.cues[:i] {
		if d.how != noone && !(start > d.a) {
			lo = max(lo, d.b)
		}
	}
	// Within a clause of its own: "ce qui a pu permettre, d'après l'opposition".
	if cl := t.clauseOf(c.a - 2); cl != nil && cl.kind == relativeClause && t.is(cl.a-1, "ce") && t.is(cl.a-2, ",") {
		lo = max(lo, cl.a-1)
	}
	end := c.a
	for end > lo && (t.is(end-1, ",", "–", "appris", "apprend", "auprès") || t.s[end-1].inv || t.is(end-1, "a") && t.s[end].inv) {
		end-- // "…, a-t-on appris de source judiciaire"
	}
	a := t.trimLead(lo, end)
	if end-a < 1 || end-a < 3 && !t.isQuote(a) && !t.isQuote(end-1) {
		return false
	}
	if t.is(c.end, ",") {
		e := c.end + 1
		for e < len(t.s) && !t.isMark(e) && !t.isQuote(e) {
			e++
		}
		if e > c.end+1 && t.namesOnly(c.end+1, e) {
			c.appos = [2]int{c.end + 1, e}
			c.end = e
		}
	}
	c.left = true
	if end-a == 1 {
		c.direct = true
	}
	c.content = append(c.content, [2]int{a, end})
	if !t.isMark(c.a-1) && t.l.prep[t.low(c.end)] && c.end+2 < len(t.s) {
		c.content = append(c.content, [2]int{c.end, t.clauseEnd(len(t.s))})
		return true
	}
	if t.is(c.end, ",") && !c.direct && c.end+3 < len(t.s) && !t.l.conj[t.low(c.end+1)] && (t.finite(end-1) || t.infinitive(end-1) || !t.beginsInsert(c.end+1, len(t.s)) && t.lowersOn(c.end+1)) {
		c.content = append(c.content, [2]int{c.end + 1, t.clauseEnd(len(t.s))})
	}
	return true
}

// lowersOn says whether what follows an insertion goes on with a verb.
func (t *sent) lowersOn(i int) bool {
	for k := i; k < i+3; k++ {
		if t.finite(k) {
			return true
		}
	}
	return false
}

// namesOnly says whether a phrase is a name: words with capitals and what
// binds them.
func (t *sent) namesOnly(a, b int) bool {
	n := 0
	for i := a; i < b; i++ {
		w := t.low(i)
		switch {
		case t.isWord(i) && t.s[i].cap:
			n++
		case strings.HasSuffix(w, "'") || t.is(i, "de", "du", "of", "von", "van", "al", "el", "la", "le", "ben", "bin", ".", "d'", "me", "m"):
		default:
			return false
		}
	}
	return n > 0
}
