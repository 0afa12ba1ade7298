package press

import "constat/claims/statement"

// Frames in which a verb of speech has its subject or its content elsewhere
// than an active verb: passives, participles, a pronoun or nothing as the object,
// a verb within marks, a predicate.

// agent gives the phrase behind "by" or "par" of a passive whose verb ends
// before token i.
func (t *sent) agent(v *verb, i int) (by int, a, b int) {
	for k := i; k < len(t.s) && k < i+14; k++ {
		if t.is(k, "par") && (t.is(k+1, "la") && t.is(k+2, "suite") || t.is(k+1, "le") && t.is(k+2, "passé") || t.is(k+1, "ailleurs", "exemple", "avance", "conséquent")) {
			continue
		}
		if t.is(k, "by", "par") {
			e := t.chargeStart(k+1, t.phraseEnd(k+1))
			if q := t.findNear(k+2, e-k-2, "sur", "lors", "via", "auprès", "devant"); t.l.code == "fr" && q > k+1 {
				e = q // "par la mairie sur son site"
			}
			// "by the mayor, Paul Serre": the name belongs to it.
			if v != nil {
				if q := t.complement(v, k+1, e); q > k+1 {
					e = q
				}
			}
			a, b := t.core(k+1, e)
			return k, a, b
		}
		if t.l.code == "fr" && t.is(k, ",") && t.is(k+1, "par") {
			continue // "un argument démenti, par des experts"
		}
		if t.is(k, ",", ";", ":") || t.groupAt[k] >= 0 && k > i || t.is(k, "that", "que", "qu'") {
			break
		}
	}
	return -1, 0, 0
}

// passiveCue reads "was denied by the mayor", "ont été démenties par le
// ministère", and participles alone: "soupçons rejetés par la Zembla".
func (t *sent) passiveCue(i, start int, f form, helped bool) *cue {
	v := f.v
	by, a, b := t.agent(v, i+1)
	if by < 0 || a >= b || v.has('l') || t.is(a, "now", "then", "phone", "email", "surprise", "téléphone", "mail", "courriel", "hand") {
		return nil
	}
	if t.outletRange(a, b) && v.kind == statement.Assertion && v.lemma != "accuse" {
		return nil // it passes on what somebody else said
	}
	if t.l.code == "en" && v.kind == statement.Denial && ofCourt(statement.Speaker{As: t.textOf(a, b)}) {
		return nil // "was dismissed by the court"
	}
	c := &cue{a: start, b: i + 1, at: i, v: v, how: passive, kind: v.kind, subj: [2]int{a, b}, end: b, from: start, fixed: true}
	if !t.speaker(c) {
		return nil
	}
	// A name or an office behind a comma.
	if t.is(b, ",") {
		e := b + 1
		for e < len(t.s) && !t.isMark(e) && !t.isQuote(e) {
			e++
		}
		if e > b+1 && t.phrase(b+1, e) && !t.beginsInsert(b+1, e) && (t.namesOnly(b+1, e) || t.roleIn(b+1, e) != "") {
			c.appos, c.end = [2]int{b + 1, e}, e
		}
	}
	c.said = [2]int{i + 1, by}
	// What was denied, and so on.
	var x, y int
	if helped {
		cl := t.clauseOf(i)
		if cl == nil || cl.group < 0 || t.unreal(cl) {
			return nil
		}
		s, _ := t.subjectOf(cl)
		if x, y = s[0], s[1]; x == y && cl.kind == relativeClause {
			x, y = t.core(cl.ante[0], cl.ante[1])
		}
	} else {
		y = start
		for y > 0 && (t.isTime(y-1) || t.adverb(y-1)) {
			y--
		}
		if t.is(y-1, ",") {
			y--
		}
		x = y
		for x > 0 && x > y-16 && !t.isMark(x-1) && !t.isQuote(x-1) && t.groupAt[x-1] < 0 && !t.l.sub[t.low(x-1)] && !t.l.conj[t.low(x-1)] {
			x--
		}
		x, y = t.nounPhrase(x, y)
	}
	if x >= y {
		return nil
	}
	if helped && t.is(y-1, "selon") && t.is(y, "laquelle", "lequel", "lesquelles", "lesquels") {
		y = start // "la rumeur selon laquelle le barrage allait céder a été démentie"
	}
	quoted := false
	for k := i + 1; k < by; k++ {
		quoted = quoted || t.isQuote(k)
	}
	judged := t.judged(i+1, by)
	points := y-x == 1 && t.is(x, "this", "that", "it", "cela", "ça", "ceci")
	if y-x == 1 && (t.l.pron[t.low(x)] || t.l.first[t.low(x)]) && !points {
		return nil
	}
	switch {
	case points:
		c.before = true
		c.content = [][2]int{{x, y}}
		return c
	case judged && helped && oneOf(v.lemma, "juger", "estimer", "considérer", "trouver") && t.claimIn(x, y):
		c.kind, c.content = statement.Denial, [][2]int{{x, by}}
	case v.has('Q'):
		if !helped && !judged || !quoted && !judged {
			return nil
		}
		if judged {
			c.kind = statement.Denial
		}
		c.content = [][2]int{{x, by}}
	case v.kind == statement.Denial || v.kind == statement.Doubt:
		if !t.claimIn(x, y) && !t.reportDenied(c, x, y) {
			return nil
		}
		c.content = [][2]int{{x, y}}
	case v.kind == statement.Condemnation:
		if t.is(by+1, "contumace") || t.roleIn(a, b) == "body" && t.find(a, b, "tribunal", "court", "cour", "justice", "judge", "juge") >= 0 {
			return nil
		}
		c.content = [][2]int{{x, y}}
	case v.kind == statement.Request || v.kind == statement.Claim || v.kind == statement.Announcement || v.kind == statement.Threat || v.kind == statement.Question:
		if !helped || v.kind == statement.Question || v.kind == statement.Threat || t.find(x, y, "arrestation", "arrest") >= 0 {
			return nil
		}
		c.content = [][2]int{{x, y}}
		if t.is(i+1, "to", "de", "d'", "à") {
			c.content = [][2]int{{x, by}}
		} else if complements[v.lemma] != nil && t.l.code == "en" {
			// "were asked by officials to switch off the masts"
			q := t.complement(v, c.end, c.end+1)
			if q != c.end || v.kind != statement.Request {
				return nil
			}
			t.charged(c, x, q)
		}
	default:
		if !helped {
			return t.accusedBy(c)
		}
		if !oneOf(v.lemma, "confirm", "report", "announce", "reveal", "disclose", "acknowledge", "claim", "confirmer", "révéler", "annoncer", "rapporter", "reconnaître", "affirmer", "évoquer", "signaler", "divulguer", "blame", "accuse", "accuser", "imputer", "attribuer", "attribute", "connect", "link", "tie", "trace", "pin") {
			return nil
		}
		c.content = [][2]int{{x, y}}
		if oneOf(v.lemma, "blame", "accuse", "accuser") {
			// "was accused of sabotage by Norland"
			c.content = [][2]int{{x, by}}
		}
		if q := t.complement(v, c.end, c.end+1); q == c.end {
			t.charged(c, x, q)
		}
	}
	return c
}

func oneOf(w string, list ...string) bool {
	for _, x := range list {
		if x == w {
			return true
		}
	}
	return false
}

// nounPhrase cuts a range to its last noun phrase: from its last determiner that
// no preposition precedes.
func (t *sent) nounPhrase(a, b int) (int, int) {
	for i := b - 1; i >= a; i-- {
		if t.l.det[t.low(i)] && !(t.l.prep[t.low(i)] && i > a) && (i == a || !t.l.prep[t.low(i-1)] && !t.l.det[t.low(i-1)]) {
			return i, b
		}
	}
	return t.core(a, b)
}

// passiveContent: what was found with the cue stays.
func (t *sent) passiveContent(c *cue, lo int) bool {
	if len(c.content) == 0 || c.content[0][0] < lo && !c.before {
		return false
	}
	c.left = true
	return true
}

// judged says whether a range calls something untrue: "called the report false",
// "juge absurdes ces reproches".
func (t *sent) judged(a, b int) bool {
	for i := a; i < b && i < len(t.s) && i < a+16; i++ {
		if t.isQuote(i) {
			if in := t.inside(i, 8); t.l.code == "en" && (&sent{l: t.l, x: t.x, text: t.text, s: in}).anyUntruth() {
				return true
			}
			for _, k := range t.inside(i, 8) {
				if t.x.claims["false"][k.low] || t.x.claims["weak"][k.low] {
					return t.claimIn(a, b+6) || t.x.claims["false"][k.low]
				}
			}
			continue
		}
		w := t.low(i)
		if t.is(i, "fabrication", "invention") && t.is(i-1, "de", "d'") && t.l.code == "fr" && !(t.is(i, "invention") && (i+1 >= len(t.s) || t.isMark(i+1))) {
			continue // "un missile de fabrication russe"
		}
		if t.x.claims["false"][w] {
			return !t.is(i-1, "not", "pas")
		}
		if t.x.claims["weak"][w] {
			return t.claimIn(a, b+6)
		}
		if t.l.code == "en" && t.untruePhrase(i) {
			return true
		}
		if t.is(i, "witch") && t.is(i+1, "hunt", "hunts") || t.is(i, "witch-hunt") || t.is(i, "without", "sans") && t.untrue(i) {
			return true
		}
	}
	return false
}

// inside gives the first tokens of the quotation at i.
func (t *sent) inside(i, n int) []tok {
	q := &t.s[i]
	if int(q.in1) > len(t.all) || q.in0 >= q.in1 {
		return nil
	}
	return t.all[q.in0:min(int(q.in1), int(q.in0)+n)]
}

// objectless takes the verb itself for what was said, where a denial has a
// pronoun or nothing as its object: "Mme Roux l'a démenti", "has denied it".
func (t *sent) objectless(c *cue, hi int) bool {
	if !c.v.has('z') && !t.takesClaims(c) && !t.defends(c) || c.how != active {
		return false
	}
	if a, b := t.askedOf(c); a < b {
		c.content, c.said, c.whole = append(c.content, [2]int{a, b}), [2]int{c.b, hi}, true
		return true
	}
	k := c.b
	if t.l.code == "fr" && !t.isTime(k) {
		k += t.aside(k) // "les a balayées d'un revers de main"
	}
	for k < hi && (t.adverb(k) && !(t.is(k, "après", "avant") && t.l.det[t.low(k+1)]) || t.is(k, "it", "this", "that", "them", "so", "all", "bloc", "cela", "en", "force")) {
		k++
	}
	if k < hi && !t.isMark(k) && !t.isTime(k) && !t.l.conj[t.low(k)] && !(t.l.prep[t.low(k)] && !t.is(k, "of", "de", "d'", "du", "des")) && !t.l.sub[t.low(k)] {
		return false
	}
	if t.isQuote(k) || t.is(k, ":") || t.is(k, ",") && t.isQuote(k+1) {
		return false
	}
	a := c.a
	if t.l.code == "en" && k == c.b {
		// "denied." alone tells little; the verb with its helpers does.
		a = c.a
	}
	for a > 0 && (clitic[t.low(a-1)] && t.l.code == "fr") {
		a--
	}
	c.content = append(c.content, [2]int{a, max(k, c.b)})
	c.said = [2]int{c.b, hi}
	c.whole = true
	return true
}

// innerVerb reads a verb of denial within marks: "a « fermement rejeté ces
// allégations »".
func (t *sent) innerVerb(i int) *cue {
	if t.isQuote(i) && i > 0 && t.groupAt[i-1] < 0 && t.l.code == "fr" {
		return t.verbOpens(i)
	}
	if !t.isQuote(i) || i == 0 || t.groupAt[i-1] < 0 {
		return nil
	}
	g := t.groups[t.groupAt[i-1]]
	if g.b != i || !t.l.have[t.low(g.head)] && g.head != i-1 {
		return nil
	}
	in := t.inside(i, 6)
	if c := t.markedVerb(i, g, in); c != nil {
		return c
	}
	for k := range in {
		if in[k].kind != word {
			break
		}
		for _, f := range t.l.verbs[in[k].low] {
			have := t.l.have[t.low(i-1)] && f.part
			plain := !t.l.have[t.low(i-1)] && f.fin && t.groupAt[i-1] < 0
			if (have || plain) && (f.v.kind == statement.Denial || f.v.kind == statement.Condemnation) && k+1 < int(t.s[i].in1-t.s[i].in0) {
				c := &cue{a: g.a, b: i, at: g.head, v: f.v, kind: f.v.kind, how: active, inner: k + 1}
				c.content = [][2]int{{i, i + 1}}
				c.direct = true
				return c
			}
		}
		if !(endsIn(in[k].low, "ment", "ly") || t.l.adv[in[k].low]) {
			break
		}
	}
	return nil
}

// verbOpens reads a quotation that begins with the verb, as French agencies put
// it: le Premier ministre « regrette que … ».
func (t *sent) verbOpens(i int) *cue {
	a, b := t.beforeQuote(i)
	if a >= b {
		return nil
	}
	in := t.inside(i, 6)
	k, reflexive := 0, false
	for k < len(in) && (clitic[in[k].low] || t.l.adv[in[k].low]) {
		reflexive = reflexive || in[k].low == "se" || in[k].low == "s'"
		k++
	}
	if k >= len(in)-1 || in[k].kind != word {
		return nil
	}
	for _, f := range t.l.verbs[in[k].low] {
		if !f.fin || f.v.particle != "" || f.v.has('Q') || !f.v.has('c') && !f.v.has('o') && !f.v.has('i') || reflexive && !pronominal[f.v.lemma] {
			continue
		}
		c := &cue{a: i, b: i, at: i, v: f.v, kind: f.v.kind, how: active, inner: k + 1, fixed: true, ready: true, direct: true, subj: [2]int{a, b}, from: a}
		for c.inner < len(in)-1 && (in[c.inner].low == "que" || in[c.inner].low == "qu'") {
			c.inner++
		}
		c.pron = b-a == 1 && t.l.pron[t.low(a)]
		e := i + 1
		if t.isWord(e) && !t.is(e, "et", "mais") {
			c.direct = false
			for e < len(t.s) && !t.is(e, ",", ";", ":", "–", ".") {
				e++
			}
		}
		c.content, c.end = [][2]int{{i, e}}, e
		return c
	}
	return nil
}

// pronominal are verbs that tell with "se" in front.
var pronominal = words("réjouir féliciter inquiéter indigner étonner plaindre dire alarmer insurger désoler interroger défendre")

// beforeQuote gives somebody by office or name whose phrase ends at the quotation
// at i, and who is no part of what another tells.
func (t *sent) beforeQuote(i int) (int, int) {
	w := t.low(i - 1)
	if !t.isWord(i-1) || t.l.prep[w] || t.l.det[w] || t.l.sub[w] || t.l.conj[w] {
		return 0, 0
	}
	a := i
	for a > 0 && a > i-16 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] && !t.l.conj[t.low(a-1)] {
		a--
	}
	if t.l.sub[t.low(a-1)] {
		return 0, 0 // "déclarant que Washington « s'oppose à »": told by another
	}
	a, b := t.core(a, i)
	if a < b && t.roleIn(a, b) == "" && !t.namesOnly(a, b) && !(b-a == 1 && t.l.pron[t.low(a)]) {
		return 0, 0
	}
	return a, b
}

// sceptics reads "was sceptical of the claim", "se dit étrangère à l'incendie",
// "est sceptique": a state that is what somebody says.
func (t *sent) sceptics() {
	for i := range t.s {
		if !t.is(i, "sceptical", "skeptical", "sceptique", "sceptiques", "dubitatif", "dubitative", "dubious") || t.groupAt[max(i-1, 0)] < 0 && !t.adverb(i-1) {
			continue
		}
		k := i - 1
		for k > 0 && t.groupAt[k] < 0 && t.adverb(k) {
			k--
		}
		if t.groupAt[k] < 0 {
			continue
		}
		g := t.groups[t.groupAt[k]]
		if !t.l.be[t.low(g.head)] && !t.is(g.head, "dit", "remained", "reste", "montré") {
			continue
		}
		e := i + 1
		if !t.is(e, "of", "about", "that", "sur", "quant", "face", "devant", "à") {
			continue
		}
		v := &verb{lemma: "doubt", kind: statement.Doubt, flags: "o"}
		c := &cue{a: g.a, b: e + 1, at: g.head, v: v, kind: v.kind, how: active}
		if t.is(e, "quant", "face") {
			c.b++
		}
		end := c.b
		for end < len(t.s) && !t.is(end, ",", ";", ".", ":", "–") {
			end++
		}
		if end == c.b {
			continue
		}
		c.content, c.ready = [][2]int{{c.b, end}}, true
		t.cues = append(t.cues, c)
	}
}
