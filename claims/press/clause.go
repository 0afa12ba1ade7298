package press

import "strings"

// The stage between tokens and cues: where a sentence has its verbs, and which
// clauses those make. A cue asks its clause who the subject is, so that what
// stands between a subject and its verb does not matter. For example, in
//
//	The mayor, a former judge who has run the port since May, said it was safe.
//
// "has run" is the verb of a relative clause, which ends at the comma behind it,
// and "said" that of the main clause, whose subject stands at its beginning.
//
// One pass from left to right with a stack of open clauses; what it looks at around a
// token is bounded.

// clauseKind is what a clause does in its sentence.
type clauseKind byte

const (
	mainClause      clauseKind = 'm'
	contentClause   clauseKind = 'k' // what a verb of saying or thinking takes
	relativeClause  clauseKind = 'r'
	conditionClause clauseKind = 'c' // if, unless, "had he said"
	timeClause      clauseKind = 't' // when, after, as, although, because
	beforeClause    clauseKind = 'b' // before, until: what they tell has not happened yet
	participle      clauseKind = 'p' // "asked by reporters", "visant les voisins"
)

// clause is one clause of a sentence.
type clause struct {
	kind   clauseKind
	a, b   int    // tokens
	group  int    // its verb group; -1: it has none
	parent int    // the clause that it hangs on; -1: none
	ante   [2]int // of a relative clause: what it tells of
	front  bool   // it stands before the subject of its parent
	beside int    // one more than the clause that it is joined to by "and"; 0: none
}

// maxDepth bounds how deep clauses are stacked.
const maxDepth = 12

// parse finds the verb groups and clauses of the sentence.
func (t *sent) parse() {
	n := len(t.s)
	t.groupAt = make([]int16, n)
	t.owner = make([]int16, n)
	for i := range t.groupAt {
		t.groupAt[i] = -1
	}
	for i := 0; i < n; {
		g, ok := t.groupFrom(i)
		if !ok {
			i++
			continue
		}
		for k := g.a; k < g.b; k++ {
			t.groupAt[k] = int16(len(t.groups))
		}
		t.groups = append(t.groups, g)
		i = g.b
	}
	p := &parser{t: t, lastComma: -1}
	p.open(mainClause, 0)
	for i := 0; i < n; i++ {
		p.token(&i)
	}
	for _, c := range p.stack {
		t.clauses[c].b = n
	}
	// A condition or a question may hold any number of clauses.
	t.question = n > 0 && t.asksAtEnd()
}

// asksAtEnd says whether the sentence ends in a question mark of its own.
func (t *sent) asksAtEnd() bool {
	for i := len(t.s) - 1; i >= 0 && i > len(t.s)-4; i-- {
		if t.is(i, "?") {
			return true
		}
		if !t.isMark(i) {
			return false
		}
	}
	return false
}

// parser keeps the clauses that are open.
type parser struct {
	t         *sent
	stack     []int
	lastComma int
	depth     int // of brackets
}

func (p *parser) open(kind clauseKind, at int) *clause {
	parent := -1
	if len(p.stack) > 0 {
		parent = p.stack[len(p.stack)-1]
	}
	if len(p.stack) >= maxDepth {
		p.close(at)
		parent = p.stack[len(p.stack)-1]
	}
	c := clause{kind: kind, a: at, b: at, group: -1, parent: parent}
	if parent >= 0 {
		q := &p.t.clauses[parent]
		c.front = q.group < 0 && p.blank(q.a, at)
	}
	p.t.clauses = append(p.t.clauses, c)
	p.stack = append(p.stack, len(p.t.clauses)-1)
	return &p.t.clauses[len(p.t.clauses)-1]
}

// blank says whether nothing that could be a subject stands in a range.
func (p *parser) blank(a, b int) bool {
	for i := a; i < b; i++ {
		if !p.t.isMark(i) && !p.t.isTime(i) && !p.t.adverb(i) && !p.t.l.conj[p.t.low(i)] {
			return false
		}
	}
	return true
}

func (p *parser) top() *clause { return &p.t.clauses[p.stack[len(p.stack)-1]] }

// close ends the innermost clause.
func (p *parser) close(at int) {
	p.top().b = at
	p.stack = p.stack[:len(p.stack)-1]
}

// closeTo ends clauses until n are open.
func (p *parser) closeTo(n, at int) {
	for len(p.stack) > n {
		p.close(at)
	}
}

// token takes one token, or one verb group.
func (p *parser) token(i *int) {
	t, k := p.t, *i
	if g := t.groupAt[k]; g >= 0 {
		if p.depth > 0 && p.top().group < 0 && (t.l.code == "fr" || t.inNote(k)) {
			t.groups[g].unused = true // "Les mineurs (ils étaient onze) racontent"
		} else if t.groups[g].a == k {
			p.verb(int(g))
		}
		end := t.groups[g].b
		for ; k < end; k++ {
			t.owner[k] = int16(p.stack[len(p.stack)-1])
		}
		*i = end - 1
		return
	}
	switch {
	case t.is(k, "("):
		p.depth++
	case t.is(k, ")"):
		p.depth = max(p.depth-1, 0)
	case p.depth > 0:
	case t.is(k, ";", ":"):
		p.closeTo(0, k)
		t.owner[k] = int16(max(len(t.clauses)-1, 0))
		p.open(mainClause, k+1)
		p.lastComma = -1
		return
	case t.is(k, ",", "–"), t.isQuote(k) && t.frontEnds(k, p.top()):
		p.comma(k)
	case t.isWord(k):
		if kind, ok := t.opens(k, p.top()); ok {
			if (kind == timeClause || kind == beforeClause) && k+1 < len(t.s) && t.isWord(k+1) && (t.l.code == "en" && endsIn(t.low(k+1), "ing") && !t.is(k+1, "something", "nothing", "everything", "anything") || asked[t.low(k+1)]) {
				kind = participle // "while sitting", "when asked"
			}
			ante := [2]int{}
			if kind == relativeClause {
				ante = p.antecedent(k)
			}
			if len(p.stack) > 1 && p.top().group < 0 && p.top().kind == kind && kind != relativeClause && p.top().a == k-1 {
				break // "alors que"
			}
			p.open(kind, k).ante = ante
		}
	}
	t.owner[k] = int16(p.stack[len(p.stack)-1])
}

// comma ends what stands in front or in between, if it is complete.
func (p *parser) comma(k int) {
	for len(p.stack) > 1 {
		// The outermost clause without a verb that has a clause with one inside.
		c := p.top()
		q := &p.t.clauses[c.parent]
		done := c.group >= 0 || p.t.relativeDone(c, k) || c.kind == participle || c.kind == timeClause || c.kind == beforeClause || c.kind == conditionClause && k-c.a > 2
		if !done {
			break
		}
		// Inside "that" or "which" everything may still go on, unless something
		// further out waits for its verb.
		if q.group >= 0 && !p.waits() {
			break
		}
		p.close(k)
		if q.group < 0 {
			break
		}
	}
	p.lastComma = k
}

// waits says whether a clause further out has no verb yet.
func (p *parser) waits() bool {
	for _, c := range p.stack[:len(p.stack)-1] {
		if p.t.clauses[c].group < 0 {
			return true
		}
	}
	return false
}

// antecedent is the noun phrase before a relative pronoun at k.
func (p *parser) antecedent(k int) [2]int {
	t := p.t
	e := k
	if t.l.prep[t.low(e-1)] {
		e-- // "in which"
	}
	if t.is(e-1, ",") {
		e--
	}
	a := e
	for a > 0 && a > e-24 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.rel[t.low(a-1)] && !t.isTime(a-1) {
		a--
	}
	return [2]int{a, e}
}

// verb gives a group to a clause.
func (p *parser) verb(g int) {
	t := p.t
	v := &t.groups[g]
	if c := p.top(); c.kind == participle && v.maybe && v.a <= c.a+1 {
		v.unused = true // "when asked"
		return
	}
	if c := p.top(); c.kind == participle && p.lastComma <= c.a && v.a > c.a+1+b2i(t.is(c.a, "as")) && anyForm(t.l.verbs[t.low(c.a+b2i(t.is(c.a, "as")))], func(f form) bool { return f.ger && f.v.particle == "" && (f.v.has('b') || f.v.has('c')) }) && !t.isQuote(v.a-1) {
		p.begin(contentClause, c.a+1+b2i(t.is(c.a, "as")), v.a, g) // "adding the mayor was ill"
		return
	}
	if c := p.top(); c.kind == participle && v.maybe && p.lastComma <= c.a {
		v.unused = true // "citing two people briefed on the inquiry"
		return
	}
	for p.top().kind == participle && len(p.stack) > 1 {
		p.close(v.a) // a participle has no finite verb
	}
	c := p.top()
	if c.group < 0 && c.kind == contentClause && p.waits() && v.a > c.a+1 && t.isQuote(v.a-1) {
		p.close(v.a) // "affirmant que le pont « tiendra » a rassuré": the verb stood in marks
		c = p.top()
	}
	if c.group < 0 {
		c.group = g
		if v.a == 0 && t.is(0, "had", "were", "should") && !t.asksAtEnd() && len(t.s) > 1 && (t.l.det[t.low(1)] || t.l.pron[t.low(1)] || t.s[1].cap) {
			c.group = -1
			p.open(conditionClause, 0).group = g // "Had he said so, …"; c may have moved
		}
		return
	}
	if c.kind == conditionClause && t.groups[c.group].a == 0 && t.is(0, "had", "were", "should") && t.groups[c.group].b == 1 {
		c.group = g
		return
	}
	last := &t.groups[c.group]
	if k := t.namedAlong(last.b, v); k > 0 && c.group >= 0 {
		p.closeTo(0, k)
		p.begin(mainClause, k, v.a, g)
		return
	}
	comma := p.lastComma >= last.b && p.lastComma < v.a
	joined := t.joins(last.b, v.a, p.lastComma)
	if joined < 0 {
		joined = t.nextDenies(last, v)
	}
	touching := p.blank(last.b, v.a)
	if v.maybe && !comma && joined < 0 && t.is(last.head, "want", "wants", "wanted", "keep", "keeps", "kept", "keeping", "leave", "leaves", "left", "get", "gets", "got") {
		v.unused = true // "is keeping the government informed"
		return
	}
	if last.maybe && comma && p.lastComma == v.a-1 && v.speech(t) && !rel0(c) {
		// "The head of the port, an officer named Varn, told": a participle.
		for k := c.a; k < last.a; k++ {
			if t.is(k, ",") && t.owner[k] == int16(p.stack[len(p.stack)-1]) {
				last.unused = true
				c.group = g
				return
			}
		}
	}
	rel := rel0(c) && p.waits()
	switch {
	case last.maybe && !rel && !comma && joined < 0 && (touching || !last.bare || t.is(last.b, "on", "about", "of")) && c.group >= 0 && p.participleOf(last, v):
		// "the residents questioned said": the first was a participle.
		last.unused = true
		c.group = g
		return
	case t.l.code == "en" && v.maybe && !last.bare && !rel && !comma && !touching && joined < 0 && (t.l.prep[t.low(v.b)] || t.isTime(v.b)):
		// "met relatives of the people killed on Thursday and said"
		v.unused = true
		return
	case last.bare && !comma && !touching && joined < 0 && !(rel && (t.is(last.b, "to") || t.is(last.b, "not") && t.is(last.b+1, "to"))):
		p.begin(contentClause, last.b, v.a, g)
		return
	}
	if rel && touching && last.bare && t.l.code == "en" && last.a > c.a+1 && !t.allAdverbs(c.a+1, last.a) && g+1 < len(t.groups) {
		p.begin(contentClause, last.b, v.a, g) // "The tunnel, which the ministry says is closed, was full"
		return
	}
	if comma && last.bare && t.listBefore(last.b, v) {
		p.begin(contentClause, last.b, v.a, g) // "said Kiel, Rostock and Ghent were open"
		return
	}
	if joined >= 0 && comma && joined != p.lastComma+1 && t.l.code == "en" && p.blank(joined, v.a) {
		comma = false // "the full, open list and will show it": a comma between adjectives
	}
	if joined >= 0 && !comma && t.is(joined, "but") && t.l.code == "en" && c.kind == relativeClause && v.speech(t) && !last.speech(t) && t.clauses[p.stack[0]].group >= 0 && p.blank(joined, v.a) {
		p.closeTo(1, joined) // "on who they would like to win but said"
		c = p.top()
	}
	if joined >= 0 && !comma && p.blank(joined, v.a) {
		// "and said": the same subject, one level or another.
		p.sibling(c, joined, g)
		return
	}
	if c.kind == relativeClause && !comma && !last.bare && v.speech(t) && !p.waits() && c.ante[0] > 0 && (t.is(c.ante[0]-1, ",", "–") || t.isQuote(c.ante[0]-1)) {
		// "…, a company that monitors dams said"
		start := c.ante[0] - 1
		ante, at := c.ante, c.a
		p.closeTo(0, at)
		m := p.open(mainClause, start)
		m.group = g
		for k := start; k < v.a; k++ {
			if k < ante[1] {
				t.owner[k] = int16(p.stack[0])
			}
		}
		return
	}
	if c.kind == relativeClause && !comma && joined < 0 && c.parent >= 0 && !p.waits() {
		// "said athletes who have applied have been contacted"
		if q := &t.clauses[c.parent]; q.group >= 0 && t.groups[q.group].bare && c.ante[0] >= t.groups[q.group].b && c.ante[0] <= t.groups[q.group].b+3 {
			ante, own := c.ante, c.parent
			for len(p.stack) > 1 && p.stack[len(p.stack)-1] != own {
				p.close(v.a)
			}
			p.open(contentClause, ante[0]).group = g
			for k := ante[0]; k < ante[1]; k++ {
				t.owner[k] = int16(p.stack[len(p.stack)-1])
			}
			return
		}
	}
	// Somebody further out waits for a verb.
	if len(p.stack) > 1 && p.waits() {
		n := len(p.stack)
		for n > 1 && t.clauses[p.stack[n-1]].group >= 0 {
			n--
		}
		p.closeTo(n, v.a)
		p.top().group = g
		return
	}
	start := last.b
	if comma {
		start = p.lastComma
	} else if joined >= 0 {
		start = joined
	}
	if comma || joined >= 0 {
		if joined >= 0 && comma && p.blank(joined, v.a) {
			// ", but argued": the subject of the main clause
			p.closeTo(1, start)
			p.sibling(p.top(), start, g)
			return
		}
		if joined >= 0 && comma || t.is(start, ",") && v.speech(t) {
			// ", and by noon half had passed", ", the mayor said"
			p.closeTo(0, start)
			p.begin(mainClause, start, v.a, g)
			return
		}
		p.sibling(c, start, g)
		return
	}
	p.begin(contentClause, last.b, v.a, g)
}

func rel0(c *clause) bool { return c.kind == relativeClause }

// begin opens a clause that began at an earlier token.
func (p *parser) begin(kind clauseKind, at, until, g int) *clause {
	c := p.open(kind, at)
	c.group = g
	for k := at; k < until; k++ {
		p.t.owner[k] = int16(p.stack[len(p.stack)-1])
	}
	return c
}

// sibling opens a clause beside c.
func (p *parser) sibling(c *clause, at, g int) {
	kind, ante, was := c.kind, c.ante, p.stack[len(p.stack)-1]
	p.close(at)
	q := p.begin(kind, at, p.t.groups[g].a, g)
	q.ante, q.beside = ante, was+1
}

// participleOf says whether an earlier form in -ed reads better as a participle
// where another verb follows.
func (p *parser) participleOf(u, v *group) bool {
	t := p.t
	if u.b == v.a {
		return true
	}
	next := t.low(u.b)
	if next == "to" && t.l.code == "en" && sidingWith[t.low(u.head)] && v.speech(t) && (t.s[u.b+1].cap || t.l.det[t.low(u.b+1)]) {
		return true
	}
	return t.l.prep[next] && !t.is(u.b, "that", "to") && v.speech(t) && v.b-u.b < 40 || t.isTime(u.b)
}

// joins gives the place of a conjunction behind the last comma, or before the
// verb; -1 if there is none.
func (t *sent) joins(a, b, comma int) int {
	if comma >= a && comma+1 < b && t.is(comma+1, "and", "but", "while", "et", "mais", "or", "tandis", "alors", "whereas", "though", "although") {
		return comma + 1
	}
	for k := b - 1; k >= a && k > b-14; k-- {
		if t.isMark(k) || t.isQuote(k) {
			return -1
		}
		if t.is(k, "and", "but", "et", "mais", "or", "puis", "ou") && (k == b-1 || t.l.det[t.low(k+1)] || t.l.pron[t.low(k+1)] || t.adverb(k+1) || t.clitics(k+1, b)) {
			return k
		}
	}
	return -1
}

func (t *sent) clitics(a, b int) bool {
	for k := a; k < b; k++ {
		if !clitic[t.low(k)] && !t.is(k, "ne", "n'") && !t.adverb(k) {
			return false
		}
	}
	return true
}

// opens says whether a word opens a clause within top, and which.
func (t *sent) opens(k int, top *clause) (clauseKind, bool) {
	w := t.low(k)
	atHead := k == 0 || t.isMark(k-1) || t.isQuote(k-1) || t.l.conj[t.low(k-1)]
	if t.l.code == "en" {
		switch w {
		case "who", "whom", "whose", "which":
			return relativeClause, true
		case "where":
			return relativeClause, !atHead || k > 0
		case "that":
			if k+1 < len(t.s) && (t.groupAt[k+1] >= 0 || t.adverb(k+1) && k+2 < len(t.s) && t.groupAt[k+2] >= 0) && k > 0 && t.groupAt[k-1] < 0 && !atHead {
				return relativeClause, true
			}
			if atHead && k == 0 {
				return 0, false // "That is not so"
			}
			if top.group < 0 && !atHead && t.unlistedVerb(k+1) && !t.x.claims["claim"][t.low(k-1)] {
				return relativeClause, true // "a project that encourages people to move"
			}
			if t.l.prep[t.low(k-1)] || t.is(k+1, "down", "up", "back", "away", "off", "out") {
				return 0, false
			}
			return contentClause, (top.group >= 0 || k > 1) && !t.is(k+1, "long", "much", "many", "far", "big", "bad", "good", "high", "late", "soon", "kind", "sort", "way", "day", "night", "evening", "morning", "afternoon", "week", "month", "year", "time", "moment", "point", "date", "weekend", "same")
		case "if", "unless", "provided":
			if k > 0 && t.groupAt[k-1] >= 0 && !atHead {
				return contentClause, true
			}
			return conditionClause, true
		case "what":
			return contentClause, k > 1 && top.group >= 0 && k+1 < len(t.s) && (t.l.pron[t.low(k+1)] || t.l.det[t.low(k+1)])
		case "whether":
			return contentClause, true
		case "when", "whenever", "while", "although", "though", "because", "whereas", "once":
			return timeClause, w != "once" || atHead
		case "as", "since", "after":
			if w == "as" && t.is(k-1, "seen", "known", "regarded", "viewed", "described", "considered", "thought", "perceived") {
				return 0, false
			}
			return timeClause, atHead || t.clauseAfter(k)
		case "before", "until", "till":
			return beforeClause, atHead || t.clauseAfter(k)
		case "had", "were", "should":
			return conditionClause, k == 0 && !t.asksAtEnd()
		}
		if atHead && t.isWord(k) && (endsIn(w, "ing") && w != "during" && w != "including" && w != "following" && w != "according" && w != "nothing" && w != "something" && w != "everything" || t.askedHere(k)) && !t.s[k].cap {
			return participle, true
		}
		if k > 0 && endsIn(w, "ing") && t.l.verbs[w] != nil && !t.s[k].cap && (t.documentBefore(k) || t.withSaying(k)) {
			return participle, true // "a report claiming the phones could be read"
		}
		if k == 0 && (endsIn(w, "ing") && t.l.verbs[w] != nil || t.askedHere(k)) {
			return participle, true
		}
		return 0, false
	}
	switch w {
	case "qui", "dont", "où", "lequel", "laquelle", "lesquels", "lesquelles", "auquel", "auxquels", "auxquelles", "duquel", "desquels", "desquelles":
		return relativeClause, k > 0
	case "que", "qu'":
		if t.onlyQue(k) {
			return 0, false // "qui n'a encore que vingt ans"
		}
		if t.is(k-1, "avant") || t.is(k-1, "ce") && t.is(k-2, "à", "d'") {
			return beforeClause, true
		}
		if t.is(k-1, "alors", "tandis", "parce", "dès", "après", "bien", "pendant", "depuis", "tant", "lors", "afin") {
			return timeClause, true
		}
		if t.is(k-1, "condition", "moins") && t.is(k-2, "à") {
			return conditionClause, true
		}
		if t.is(k-1, "plus", "moins", "autre", "autres", "même", "telle", "tel", "tels", "telles", "ne") {
			return 0, false
		}
		if k > 0 && anyForm(t.l.verbs[t.low(k-1)], func(f form) bool { return f.ger }) {
			return contentClause, true // "affirmant que"
		}
		if top.group >= 0 && (t.groups[top.group].speech(t) && !(t.is(k-1, ",") && t.isWord(k-2) && !t.isTime(k-2) && t.groupAt[k-2] < 0 && top.a < k-6) || t.groupAt[k-1] >= 0 || t.isTime(k-1) || t.adverb(k-1)) {
			return contentClause, true
		}
		return relativeClause, k > 0
	case "si":
		if k > 0 && t.groupAt[k-1] >= 0 {
			return contentClause, true
		}
		return conditionClause, atHead
	case "s'":
		return conditionClause, atHead && t.is(k+1, "il", "ils")
	case "quand", "lorsque", "lorsqu'", "puisque", "puisqu'", "comme":
		return timeClause, w != "comme" || k == 0
	}
	if atHead && t.isWord(k) && (!t.s[k].cap || k == 0) && (endsIn(w, "ant") && !notParticiple[w] || t.askedHere(k)) && t.x.nouns[w].role == "" {
		return participle, true
	}
	return 0, false
}

// notParticiple are French words in -ant that are none.
var notParticiple = words("avant devant pendant durant cependant maintenant autant tant auparavant pourtant enfant important instant suivant montant représentant habitant commandant lieutenant adjudant dirigeant manifestant quant étudiant enseignant restaurant géant")

// askedHere reads a participle that opens an aside: "asked by reporters",
// "interrogé par l'AFP".
func (t *sent) askedHere(k int) bool {
	w := t.low(k)
	if asked[w] {
		return true
	}
	if t.l.code == "en" {
		return endsIn(w, "ed") && (t.is(k+1, "by", "about", "on", "in", "with", "for", "whether", "if", "why", "how", "at", "as", "from"))
	}
	return endsIn(w, "é", "ée", "és", "ées", "is", "it") && t.is(k+1, "par", "sur", "à", "au", "dans", "en", "de", "du") && !t.l.det[t.low(k-1)]
}

var asked = words("asked questioned contacted pressed reached approached quizzed interviewed interrogé interrogée interrogés interrogées questionné questionnée contacté contactée contactés joint jointe sollicité sollicitée invité invitée")

// clauseAfter says whether "since", "after" and the like at k open a clause: a
// subject and a verb follow. "since 2012" does not.
func (t *sent) clauseAfter(k int) bool {
	if k+1 >= len(t.s) || t.s[k+1].kind == number || t.isTime(k+1) || t.groupAt[k+1] >= 0 {
		return false
	}
	return t.groupAhead(k+1, 10)
}

// groupAhead says whether a verb group begins within n tokens, before a mark.
func (t *sent) groupAhead(k, n int) bool {
	for i := k; i < len(t.s) && i < k+n && !t.isMark(i); i++ {
		if t.groupAt[i] >= 0 {
			return true
		}
		if i > k && t.l.sub[t.low(i)] && !t.is(i, "that", "than", "what", "how", "que", "qu'") {
			return false
		}
		if g, ok := t.groupFrom(i); ok && g.a == i {
			return true
		}
	}
	return false
}

// clauseOf gives the clause that token i's verb group belongs to, or the one
// that holds the token.
func (t *sent) clauseOf(i int) *clause {
	if i < 0 || i >= len(t.owner) || len(t.clauses) == 0 {
		return nil
	}
	return &t.clauses[t.owner[i]]
}

// unreal says whether a clause, or one around it, states nothing: a condition,
// what comes before something else.
func (t *sent) unreal(c *clause) bool {
	for n := 0; c != nil && n <= maxDepth; n++ {
		if c.kind == conditionClause && !(t.l.code == "fr" && (t.is(c.a-1, "même") || t.is(c.a, "même"))) || c.kind == beforeClause {
			return true
		}
		if c.parent < 0 {
			return false
		}
		c = &t.clauses[c.parent]
	}
	return false
}

// subjectOf gives what stands as the subject of a clause, and a second
// description between commas. Empty: it has none of its own before the verb.
func (t *sent) subjectOf(c *clause) (subj, appos [2]int) {
	if c.group < 0 {
		return
	}
	end := t.groups[c.group].a
	for end > c.a && (t.isTime(end-1) || t.adverb(end-1)) {
		end--
	}
	gap := false // a comma stands right before the verb
	for end > c.a && t.is(end-1, ",", "–") {
		end--
		gap = true
	}
	own := int16(t.indexOf(c))
	// The pieces of the clause between commas and other clauses, from the left.
	type piece struct{ a, b int }
	var ps []piece
	a := -1
	depth := 0
	for i := c.a; i <= end; i++ {
		if i < end {
			if t.is(i, "(") {
				depth++
			} else if t.is(i, ")") {
				depth = max(depth-1, 0)
			}
		}
		in := i < end && t.owner[i] == own && !(depth == 0 && t.is(i, ",", "–", ";", ":") && !(t.l.code == "en" && t.is(i, ",") && t.is(i+1, "d.c", "d.c."))) && !(t.isQuote(i) && t.endsSpeech(i, c.a))
		switch {
		case in && a < 0:
			a = i
		case !in && a >= 0:
			ps = append(ps, piece{a, i})
			a = -1
		}
	}
	if len(ps) == 0 {
		return
	}
	// "Secretary for Parks, Pools and Libraries Odile Kern": one phrase.
	for i := len(ps) - 1; i > 0; i-- {
		p, q := ps[i-1], ps[i]
		if q.a == p.b+1 && t.is(p.b, ",") && t.s[q.a].cap && !t.l.det[t.low(q.a)] && t.find(q.a, q.b, "and", "et", "&") > q.a && t.find(p.a, p.b, "for", "of", "des", "de", "du") > p.a {
			ps[i-1].b = q.b
			ps = append(ps[:i], ps[i+1:]...)
		}
	}
	use := func(p piece) (int, int) {
		if t.is(p.a, "même") && t.is(p.a+1, "si", "s'") && p.a+2 < p.b {
			p.a += 2
		}
		for p.a < p.b && p.a < c.a+3 && (t.l.sub[t.low(p.a)] && !(t.l.code == "fr" && t.is(p.a, "avant", "après") && !t.is(p.a+1, "que", "qu'")) || t.l.conj[t.low(p.a)] || t.is(p.a, "que", "qu'", "though", "while", "alors", "tandis", "si", "s'") || t.is(p.a, "avant", "après") && t.is(p.a+1, "que", "qu'")) {
			p.a++
		}
		return t.core(p.a, p.b)
	}
	fit := func(p piece) bool {
		a, b := use(p)
		return a < b && !t.beginsInsert(a, b)
	}
	// What touches the verb is its subject; behind a comma the first phrase is.
	if !gap {
		k := len(ps) - 1
		if ps[k].b != end {
			// A clause stands between: "the nurses who refused … said".
			for k > 0 && !fit(ps[k]) {
				k--
			}
			subj[0], subj[1] = use(ps[k])
			if k > 0 && fit(ps[k-1]) && ps[k-1].b+1 == ps[k].a {
				// "Ida Morel, a judge who …"
				x, y := use(ps[k-1])
				appos, subj = subj, [2]int{x, y}
			}
			return subj, appos
		}
		subj[0], subj[1] = use(ps[k])
		if c.kind == contentClause && c.parent >= 0 && subj[1] > subj[0] {
			if q := &t.clauses[c.parent]; q.group >= 0 && !t.groups[q.group].bare {
				// "are sceptical about the reason she gave"
				if t.l.pron[t.low(subj[1]-1)] {
					subj[0] = subj[1] - 1
				} else {
					subj[0], subj[1] = t.nounPhrase(subj[0], subj[1])
				}
			}
		}
		if k > 0 && ps[k-1].b+1 == ps[k].a && t.is(ps[k-1].b, ",") && fit(ps[k-1]) && t.namesOnly(subj[0], subj[1]) {
			if x, y := use(ps[k-1]); t.l.det[t.low(x)] && t.roleIn(x, y) != "" {
				appos = [2]int{x, y}
			}
		} else if k > 0 && ps[k-1].b+1 == ps[k].a && t.is(ps[k-1].b, ",") && fit(ps[k-1]) && t.roleIn(subj[0], subj[1]) != "" && !t.is(ps[k-1].a, "selon", "d'après") {
			// "Lena Ward, the bakery's manager told"
			if x, y := use(ps[k-1]); t.namesOnly(x, y) && y-x > 1 {
				appos, subj = subj, [2]int{x, y}
			}
		}
		return subj, appos
	}
	k := 0
	for k < len(ps) && !fit(ps[k]) {
		k++
	}
	for k+1 < len(ps) && t.phraseOn(ps[k].a, ps[k].b, ps[k+1].a, ps[k+1].b) {
		ps[k].b = ps[k+1].b // "l'Office des fréquences, des postes et des réseaux"
		ps = append(ps[:k+1], ps[k+2:]...)
	}
	if k == len(ps) || k == len(ps)-1 && ps[k].b == end && t.bareGap(ps[k].b) && !(t.l.code == "fr" && ps[k].a == 0 && t.is(t.groups[c.group].b, "que", "qu'")) {
		return // "the bridge, said the mayor": nothing stands between
	}
	subj[0], subj[1] = use(ps[k])
	for j := k + 1; j < len(ps); j++ {
		if fit(ps[j]) {
			appos[0], appos[1] = use(ps[j])
			break
		}
	}
	return subj, appos
}

// endsSpeech says whether a quotation at i ends what was said, and is no name
// within a phrase: it stands first, or has its comma or stop inside.
func (t *sent) endsSpeech(i, first int) bool {
	in := strings.TrimRight(t.text[t.s[i].from:t.s[i].to], " \u00a0\u202f")
	return i == first || in == "" || strings.IndexByte(",.!?", in[len(in)-1]) >= 0
}

// bareGap says whether the phrase that ends at i is parted from its verb by a
// comma alone.
func (t *sent) bareGap(i int) bool { return t.is(i, ",", "–") }

func (t *sent) indexOf(c *clause) int {
	for i := range t.clauses {
		if &t.clauses[i] == c {
			return i
		}
	}
	return -1
}
