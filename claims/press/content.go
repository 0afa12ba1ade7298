package press

import (
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
			if k := t.opensOwn(d); k > c.b && !c.left {
				hi = min(hi, k)
			}
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
	if leftQuote > 0 && !t.closesQuoted(c, leftQuote) && !(c.inverted && leftQuote >= c.a-2) && !t.onlyQuotes(lo, leftQuote+1) && t.embedsQuote(lo, leftQuote) > 0 && !t.states(lo, leftQuote) {
		leftQuote = -1 // "Face aux « abus », le maire a promis"
	}
	if k := leftQuote + 1; leftQuote >= 0 && t.l.code == "en" && t.is(k+b2i(t.is(k, ",")), "although", "though", "while", "whereas") {
		leftQuote = -1 // held talks about "the price of salt", although the minister said
	}
	if leftQuote >= 0 && t.namedQuote(leftQuote-1, leftQuote+1) && !c.inverted {
		leftQuote = -1 // Les « Veilleurs » ont estimé que
	}
	if leftQuote >= 0 && t.l.code == "fr" && t.ownLine(c, leftQuote) {
		leftQuote = -1
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
			a := max(t.trimLead(lo, leftQuote), t.announcedBy(c, lo, leftQuote+1))
			c.content = append(c.content, [2]int{a, leftQuote + 1})
		}
		c.left = true
		c.said = [2]int{after, hi}
		t.quoteBehind(c, after, hi)
		return true
	}
	if c.inverted && t.l.code == "fr" && t.is(c.a-1, "que", "qu'") {
		if t.saidSo(c) {
			return true
		}
		return t.whatDenied(c, lo, hi)
	}
	if c.inverted {
		return t.breaksIn(c, lo, hi) || t.leftClause(c, lo, hi)
	}
	if t.l.code == "en" {
		if t.rightEN(c, hi) {
			return t.completed(c)
		}
	} else if t.rightFR(c, hi) {
		return t.completed(c)
	}
	if t.saidSo(c) || t.deniedClaim(c) || t.deniedIt(c) || t.ofAntecedent(c, hi) || t.objectless(c, hi) {
		return true
	}
	if c.how == active && !c.shared && !c.nested && (v.has('c') || v.has('i') && v.kind != statement.Request) && !v.has('Q') && !v.has('q') && !v.has('N') && t.is(c.from, ",") && !t.denyingLast(c) && !t.contrast(c.from+1) && t.quiet(c.b, hi) && (t.l.code != "fr" || t.speaksBefore(lo, c.from)) && !t.ownerAlone(c, lo) {
		return t.leftClause(c, lo, hi)
	}
	return false
}

// ownLine says whether a quotation in front of a cue is none of its words: a
// heading in marks ("« Un métier sans avenir » Le ministre a reconnu …"), or a part
// of what stands in front of a clause that has words of its own ("Saluant un « pas
// décisif », elle a affirmé que …").
func (t *sent) ownLine(c *cue, q int) bool {
	if c.inverted {
		return false
	}
	if in := t.inside(q, 1); len(in) > 0 && t.l.code == "fr" && (in[0].low == "sans" || in[0].low == "tout") && !t.isQuote(q-1) && t.is(q+1, ",") {
		return true // "« Sans pour autant nier les dégâts », les élus demandent …"
	}
	if k := q + 1; k == min(c.from, c.a) && k < len(t.s) && t.s[k].cap && t.l.det[t.low(k)] && !t.endsSpeech(q, -1) {
		return true
	}
	return q > 0 && !t.onlyQuotes(0, q) && (t.isParticiple(0) || t.l.prep[t.low(0)]) && t.findNear(c.b, 8, "que", "qu'") > 0
}

// speaksBefore says whether what stands in front of an attribution is a clause or a
// quotation: "Mis en cause, le maire plaide" has none.
func (t *sent) speaksBefore(a, b int) bool {
	return t.hasGroup(a, b) || t.quoteAhead(a, b-a)
}

// whatDenied takes what a relative clause with its subject at the end denies: "des
// accusations que réfute la société"; "…, ce que dément le maire"; "Ce que dément le
// maire" denies the sentence before.
func (t *sent) whatDenied(c *cue, lo, hi int) bool {
	k := c.a - 1
	c.left = true
	c.said = [2]int{c.b, hi}
	if t.is(k-1, "ce") {
		k--
		if k == 0 {
			c.before, c.content = true, [][2]int{{0, 1}}
			return true
		}
	}
	for k > lo && t.isMark(k-1) {
		k--
	}
	a := k
	for a > lo && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] {
		a--
	}
	if t.is(c.a-2, "ce") {
		if a = t.trimLead(lo, k); a >= k {
			a, k = t.toldUpTo(k) // "l'accuse d'espionnage, ce que nie le maire"
		}
	}
	if a >= k {
		return false
	}
	c.content, c.whole = append(c.content, [2]int{a, k}), true
	return true
}

// isParticiple says whether a clause of a participle begins at token i.
func (t *sent) isParticiple(i int) bool {
	cl := t.clauseOf(i)
	return cl != nil && cl.kind == participle && cl.a == i || t.isWord(i) && endsIn(t.low(i), "ant") && t.l.verbs[t.low(i)] != nil
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
	for i := ante[0]; i < ante[1]; i++ {
		if t.groupAt[i] >= 0 {
			ante[0] = i + 1 // "addressed “inaccuracies” that he said had spread"
		}
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
		if t.is(a, "sur", "sous", "dans", "avec", "pour", "par", "en", "après", "avant") {
			a = t.clauseBefore(a) // "auraient été fermés sur ordre, ce que le gouvernement nie"
		}
		for a < b && (t.l.prep[t.low(a)] || t.adverb(a)) {
			a++
		}
		if a >= b {
			a, b = t.toldUpTo(cl.a - 2)
			c.nested = c.nested && a >= b // "maintient que le ministre a menti, ce que l'intéressé dément"
		}
		if a < b {
			c.content, c.said, c.whole = append(c.content, [2]int{a, b}), [2]int{c.b, c.b}, true
			return true
		}
	}
	if cl != nil && cl.kind == relativeClause && t.deniedTelling(c, cl.a) {
		return true
	}
	if cl == nil || cl.kind != relativeClause || !c.v.has('o') || !t.is(cl.a, "which", "that", "que", "qu'") || c.how != active {
		return false
	}
	a, b := t.core(cl.ante[0], cl.ante[1])
	if a >= b || c.subj[0] < cl.a || c.v.has('k') && !t.claimIn(a, b) {
		return false
	}
	if c.v.has('k') || c.v.has('z') {
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
		lo = t.wholeFrom(in[0].from)
		for _, d := range in {
			d.within, d.nested = c, true
		}
	}
	a := max(t.trimLead(lo, end), t.announcedBy(c, lo, end))
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
	if n < 2 && !t.isQuote(a) && !t.bareFalsity(c, a) {
		return false
	}
	if t.barren(c, a, end) {
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

// sayings are verbs whose object, where nothing else fits, is what was said: the
// clause may have a verb that no list knows. For example: "said the law unfairly
// targets them".
var sayings = words("say add insist argue believe warn note explain stress suggest")

// unsaid are words behind a verb of saying that tell nothing: "said so", "said
// no", "says a lot".
var unsaid = words("so no yes nothing something anything everything goodbye hello sorry more much little as to and but or when while if because a an one too the same what how why it them us me him her this these those otherwise prayers grace")

// plainSaying says whether what stands at k is a clause, though its verb has not been
// made out: a subject and at least two words behind it.
func (t *sent) plainSaying(v *verb, k, hi int) bool {
	if !sayings[v.lemma] || v.particle != "" || !t.isWord(k) {
		return false
	}
	w := t.low(k)
	the := t.is(k, "the", "a", "this", "these", "those", "it") && t.isWord(k+1) && !t.is(k+1, "same", "opposite", "least", "lot", "word", "words", "prayer")
	if unsaid[w] && !the || t.l.prep[w] || t.l.sub[w] || t.adverb(k) {
		return false
	}
	n, i := 0, k
	for ; i < hi && !t.isMark(i) && !t.isQuote(i); i++ {
		n += b2i(t.isWord(i))
	}
	if n >= 2 && t.is(i, ",") && (t.l.rel[t.low(i+1)] || t.l.det[t.low(i+1)]) {
		// "says the group, which it calls Dragonfly, has been active"
		for j := t.nextComma(i + 1); j > 0 && j < hi && j < i+25; j++ {
			if t.groupAt[j] >= 0 {
				return true
			}
			if !t.is(j, ",") && !t.adverb(j) {
				break
			}
		}
	}
	return n >= 4 || n == 3 && (t.l.pron[w] || t.l.first[w] || v.lemma == "say")
}

// nextComma is the next comma from i on; 0 if a clause or sentence ends first.
func (t *sent) nextComma(i int) int {
	for ; i < len(t.s); i++ {
		if t.is(i, ",") {
			return i
		}
		if t.is(i, ";", ":", ".") {
			break
		}
	}
	return 0
}

// barren says whether what stands before an attribution at the end cannot be what it
// tells.
func (t *sent) barren(c *cue, a, end int) bool {
	if t.l.code == "fr" && !c.inverted && oneOf(c.v.lemma, "répondre", "répliquer", "rétorquer") && !t.quoteAhead(a, end-a) {
		return true // "Norville accuse, Lorge répond"
	}
	if t.l.code == "fr" && end == a+3 && t.is(a, "d'") && t.is(a+2, "part") {
		return true // "d'une part"
	}
	return c.v.has('q') && !t.quoteAhead(a, end-a) || t.circumstance(a, end)
}
