package press

// Subjects as French puts them: by the tense of joined verbs, behind the verb at the
// end of a sentence, behind a participle at its head.

// sameTense says whether a verb of speech joined by "et" to a clause that was told
// goes with the verb that told it, by its helper: "a nié que l'armée ait brûlé des
// villages et a déclaré", "affirme que les besoins seront couverts et évoque".
func (t *sent) sameTense(prev *cue, cl *clause) bool {
	q := &t.clauses[cl.beside-1]
	if q.group < 0 || t.groupAt[prev.at] < 0 {
		return false
	}
	helper := func(g group) string {
		for i := g.a; i < g.b; i++ {
			if t.l.have[t.low(i)] || t.l.be[t.low(i)] {
				return t.low(i)
			}
		}
		return ""
	}
	own, told, said := helper(t.groups[cl.group]), helper(t.groups[q.group]), helper(t.groups[t.groupAt[prev.at]])
	return own == said && told != own
}

// closesWith says whether an inverted attribution ends the sentence: behind the
// verb stands nothing but somebody by office or name, and the clause in front has
// no subject that an office or a name makes one.
func (t *sent) closesWith(c *cue) bool {
	was := *c
	if t.invert(c) && t.endsAt(c.end) && (t.roleIn(c.subj[0], c.subj[1]) != "" && t.l.det[t.low(c.subj[0])] || t.namesOnly(c.subj[0], c.subj[1])) {
		if cl := t.clauseOf(c.at); cl != nil {
			if s, _ := t.subjectOf(cl); s[0] == s[1] || !c.v.has('o') || t.roleIn(s[0], s[1]) == "" && !t.namesOnly(s[0], s[1]) && !t.l.pron[t.low(s[0])] {
				return true
			}
		}
	}
	*c = was
	return false
}

// subjectBehind takes the subject of the main clause that follows a participle at
// the head of a sentence.
func (t *sent) subjectBehind(c *cue) bool {
	for k := range t.clauses {
		cl := &t.clauses[k]
		if cl.kind != mainClause || cl.group < 0 || t.groups[cl.group].a < c.b {
			continue
		}
		subj, appos := t.subjectOf(cl)
		if end := t.groups[cl.group].a; subj[0] == subj[1] {
			// The words behind the comma still count as the participle's.
			k := end
			for k > c.b && k > end-16 && !t.isMark(k-1) && !t.isQuote(k-1) && t.groupAt[k-1] < 0 {
				k--
			}
			subj[0], subj[1] = t.core(k, end)
		}
		if subj[0] < c.b || subj[1] <= subj[0] || !t.is(subj[0]-1, ",") {
			return false
		}
		c.subj, c.appos, c.from, c.limit = subj, appos, 0, subj[0]-1
		return t.speaker(c)
	}
	return false
}

// inRelative says whether the verb at i is that of a relative clause.
func (t *sent) inRelative(i int) bool {
	cl := t.clauseOf(i)
	return cl != nil && cl.kind == relativeClause
}

// weVerb says whether "nous" or "vous" in front of the verb at i is its subject and no
// object: "nous avons informé nos voisins".
func (t *sent) weVerb(start, i int) bool {
	if !t.is(start, "nous", "vous") || start > 0 && (t.l.pron[t.low(start-1)] || t.isWord(start-1) && !t.isTime(start-1) && !t.l.conj[t.low(start-1)] && !t.l.sub[t.low(start-1)]) {
		return false
	}
	for k := start + 1; k <= i; k++ {
		if t.isWord(k) && endsIn(t.low(k), "ons", "ez") || t.is(k, "sommes", "avons", "avez", "êtes") {
			return true
		}
	}
	return false
}

// ranked are words before "à" and an infinitive by which somebody does what it says:
// "est la dernière agence à confirmer que".
var ranked = words("premier première premiers premières dernier dernière derniers dernières seul seule seuls seules deuxième troisième prochain prochaine")

// lastTo reads "la régie est la dernière entreprise à confirmer que" at the infinitive
// i and gives its cue the verb "est".
func (t *sent) lastTo(i int, c *cue) bool {
	if !c.v.has('c') && !c.v.has('o') {
		return false
	}
	if !t.is(i-1, "à") {
		return t.keepsOn(i, c)
	}
	for k := i - 2; k > 0 && k > i-9 && !t.isMark(k) && !t.isQuote(k); k-- {
		g := t.groupAt[k]
		if g < 0 {
			continue
		}
		if !t.l.be[t.low(t.groups[g].head)] && !t.is(t.groups[g].head, "devenu", "devenue", "devient") || t.groups[g].speech(t) {
			return false
		}
		for j := k + 1; j < i-1; j++ {
			if ranked[t.low(j)] {
				_, _, _, _, neg := t.helpers(t.groups[g].head)
				c.a, c.at = t.groups[g].a, t.groups[g].head
				return !neg
			}
		}
		return false
	}
	return false
}

// headlineEnd gives where a sentence begins behind headlines that stand from k on and
// run into it without a mark: "Lire aussi : Le port en grève Selon la déléguée, …";
// 0: nothing says so.
func (t *sent) headlineEnd(k int) int {
	if t.l.code != "fr" {
		return 0
	}
	for i := k + 2; i < len(t.s) && i < k+60; i++ {
		if t.isQuote(i) && t.isWord(i-1) && !t.l.prep[t.low(i-1)] && !t.l.det[t.low(i-1)] && t.quotedSentence(i) || t.freshAccord(i) {
			return i
		}
	}
	return 0
}

// freshAccord says whether "Selon" at i begins a sentence though no mark stands before
// it, as behind a headline.
func (t *sent) freshAccord(i int) bool {
	return t.l.code == "fr" && i > 0 && t.isWord(i) && t.s[i].cap && t.is(i, "selon", "d'après") && t.isWord(i-1)
}

// opensOwn gives where a quotation begins behind a colon that the attribution d behind it
// claims: of "rétorque que ce sont eux : « nos hommes dormaient », a assuré son adjoint"
// the first verb tells what stands before the colon; 0: none.
func (t *sent) opensOwn(d *cue) int {
	if t.l.code != "fr" || !d.inverted || d.how != active {
		return 0
	}
	k := d.a
	for k > 0 && t.isMark(k-1) {
		k--
	}
	for k > 0 && t.isQuote(k-1) {
		k--
	}
	if k < 2 || !t.isQuote(k) || !t.is(k-1, ":") {
		return 0
	}
	return k - 1
}

// chained says whether the verb of c follows a comma and has the subject of the verb of
// speech before: "soutient que le scrutin était truqué, dénonce des pressions et exige".
func (t *sent) chained(c, prev *cue) bool {
	if t.l.code != "fr" || prev == nil || prev.how != active || prev.inverted || prev.left || prev.subj[1] <= prev.subj[0] || !t.is(c.a-1, ",") || c.how != active || t.isQuote(c.a-2) || t.hung(c) {
		return false
	}
	g, h := t.groupAt[c.at], t.groupAt[prev.at]
	if g < 0 || h < 0 || t.groups[g].a != c.a {
		return false
	}
	if t.l.have[t.low(t.groups[g].a)] != t.l.have[t.low(t.groups[h].a)] {
		return false
	}
	k := c.b
	if t.is(k, "que", "qu'") {
		return true
	}
	e := t.phraseEnd(k)
	return t.l.det[t.low(k)] && e > k && t.roleIn(k, e) == "" && !t.namesOnly(k, e) && !t.endsAt(c.b)
}

// hung says whether a pronoun is hung on to a cue's verb.
func (t *sent) hung(c *cue) bool {
	for i := c.a; i <= c.b && i < len(t.s); i++ {
		if t.s[i].inv {
			return true
		}
	}
	return false
}

// phraseOn says whether the phrase c … d goes on, behind a comma, with a list of what the
// phrase a … b names with the same preposition: "l'Office des fréquences", "des postes
// et des réseaux".
func (t *sent) phraseOn(a, b, c, d int) bool {
	if t.l.code != "fr" || c != b+1 || !t.is(b, ",") || !t.is(c, "de", "d'", "du", "des") || t.find(a, b, "de", "d'", "du", "des") <= a {
		return false
	}
	k := t.find(c, d, "et")
	return k > c+1 && k+1 < d && (t.is(k+1, "de", "d'", "du", "des") || t.l.det[t.low(k+1)]) || k < 0 && d-c <= 4 && t.is(d, ",") && t.is(d+1, "de", "d'", "du", "des")
}

// accordRelative ends the phrase k … e behind "selon" before a relative clause that
// follows without a comma: "Selon la radio qui a révélé l'affaire, …".
func (t *sent) accordRelative(k, e int) int {
	if t.l.code != "fr" {
		return e
	}
	for i := k + 1; i < e; i++ {
		if cl := t.clauseOf(i); t.is(i, "qui", "dont", "que", "qu'", "où") && cl != nil && cl.kind == relativeClause && cl.a == i && t.is(cl.b, ",") && t.isWord(i-1) {
			return i
		}
	}
	return e
}

// thenToo gives a participle behind "puis" at e the subject of the verb before: "a
// rappelé que les crédits étaient votés, puis assuré que".
func (t *sent) thenToo(c, prev *cue, e int) bool {
	if t.l.code != "fr" || e >= c.a || !t.is(e, "puis") || prev == nil || prev.how != active {
		return false
	}
	c.shared, c.subj, c.appos, c.pron, c.from = true, prev.subj, prev.appos, prev.pron, e-b2i(t.is(e-1, ","))
	return true
}

// tenseMate gives the verb of speech that told the clause before cl and goes with cl's
// verb by its helper (sameTense), the nearest first; nil: none does.
func (t *sent) tenseMate(kept []*cue, cl *clause) *cue {
	if t.l.code != "fr" || cl.kind != contentClause {
		return nil
	}
	for i := len(kept) - 1; i >= 0 && i > len(kept)-6; i-- {
		p := kept[i]
		if p.how != active || p.left || p.b > t.groups[cl.group].a || p.subj[1] <= p.subj[0] {
			continue
		}
		if t.sameTense(p, cl) {
			return p
		}
	}
	return nil
}

// writesItself makes what is written who speaks by a participle, if nobody is named who
// wrote it: "un message disant « … »".
func (t *sent) writesItself(c *cue, a, e int) bool {
	if t.l.code != "fr" {
		return false
	}
	x, y := t.nounPhrase(a, e)
	if x >= y || !t.documentIn(x, y) {
		return false
	}
	c.subj, c.appos, c.from = [2]int{x, y}, [2]int{}, e
	return true
}

// received are verbs whose subject did not write the document that is their object.
var received = words("reçu reçoit reçoivent lu lit lisent vu voit trouvé trouve découvert découvre entendu entend tombera tombe tombent tombé affiche affichait consulté obtenu cité cite")

// source reads "a-t-on appris de source diplomatique".
func (t *sent) source(c *cue) bool {
	for k := c.b; k+1 < len(t.s) && k < c.b+6; k++ {
		switch {
		case t.is(k, "auprès") && t.is(k+1, "de", "du", "des", "d'"):
			a, b := t.core(k+2, t.phraseEnd(k+2))
			if a >= b {
				return false
			}
			c.subj, c.pron, c.end = [2]int{a, b}, false, b
			return true
		case t.is(k, "du") && t.is(k+1, "côté") && t.is(k+2, "de", "du", "des", "d'"):
			a, b := t.core(k+3, t.phraseEnd(k+3))
			if a >= b {
				return false
			}
			c.subj, c.pron, c.end = [2]int{a, b}, false, b
			return true
		case t.is(k, "chez", "à", "au", "aux") || t.is(k, "dans") && t.is(k+1, "l'") && t.is(k+2, "entourage"):
			a, b := k+1, t.phraseEnd(k+1)
			if t.is(k, "dans") {
				a = k + 2
			}
			if r := t.roleIn(a, b); a >= b || r == "" && !t.s[a].cap && !(a+1 < b && t.s[a+1].cap) || r == "outlet" || t.outletNear(a) {
				return false
			}
			c.subj, c.pron, c.end = [2]int{a, b}, false, b
			return true
		case t.is(k, "de", "d'", "auprès"):
			for !t.is(k, "source", "sources") {
				if k++; k >= len(t.s) || k > c.b+8 {
					return false
				}
			}
			e := k
			for e < len(t.s) && !t.isMark(e) && !t.l.prep[t.low(e)] && !t.isTime(e) {
				e++
			}
			c.subj, c.pron, c.end = [2]int{k, e}, false, e
			return true
		}
	}
	return false
}

// butAccording says whether "selon" stands behind ", mais" and what it tells follows: "nie
// avoir mené le raid, mais selon l'historien, sa position a changé".
func (t *sent) butAccording(c *cue) bool {
	if t.l.code == "fr" && t.is(c.a-1, "que") && t.is(c.a-2, "alors", "tandis") && t.is(c.a-3, ",", "–", ";") && t.is(c.end, ",") && t.groupAhead(c.end+1, 14) {
		c.from = c.a - 3 // ", alors que selon le syndicat, …"
		return true
	}
	if t.l.code != "fr" || !t.is(c.a-1, "mais", "et", "or", "car") || !t.is(c.a-2, ",", "–", ";") || !t.is(c.end, ",") || !t.groupAhead(c.end+1, 14) {
		return false
	}
	c.from = c.a - 2
	return true
}
