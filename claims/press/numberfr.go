package press

// Whom a French relative clause tells of, by the number of its verb: "Les avocats de la
// banque Dorval, qui réfute ces accusations" are not who does; "le procès des dirigeants, qui
// démentent toute fraude" does not either.

// agreeing gives the complement of the phrase a … e that agrees with the verb of c, if the
// head does not; 0, 0 otherwise.
func (t *sent) agreeing(c *cue, a, e int) (int, int) {
	verb := t.verbNumber(c)
	if t.l.code != "fr" || verb == 0 {
		return 0, 0
	}
	if head := t.phraseNumber(a); head == 0 || head == verb {
		return 0, 0
	}
	for k := a + 1; k+1 < e; k++ {
		if !t.is(k, "de", "du", "des", "d'") {
			continue
		}
		x := k
		if t.is(k, "de", "d'") {
			x++
		}
		if t.phraseNumber(x) != verb {
			continue
		}
		y := e
		for j := x + 1; j < e; j++ {
			if t.is(j, "de", "d'", "du", "des", "à", "pour", "contre") && j > x+1 && t.phraseNumber(j+b2i(t.is(j, "de", "d'"))) == verb && t.roleIn(x, j) == "" && !t.hasCap(x, j) {
				y = 0 // a nearer one fits as well
				break
			}
		}
		if y == 0 {
			continue
		}
		if t.is(x, "du", "des") {
			x++
		}
		if t.roleIn(x, y) != "" || t.hasCap(x, y) || t.s[x].cap {
			return x, y
		}
	}
	return 0, 0
}

// verbNumber is 's' or 'p' for the number of a cue's verb in the third person, by its helper or
// its ending; 0 where neither tells.
func (t *sent) verbNumber(c *cue) byte {
	k := c.a
	if g := t.groupAt[c.at]; g >= 0 {
		k = t.groups[g].a
	}
	for ; k <= c.at && k < len(t.s); k++ {
		switch {
		case t.is(k, "a", "est", "avait", "était", "aurait", "serait"):
			return 's'
		case t.is(k, "ont", "sont", "avaient", "étaient", "auraient", "seraient"):
			return 'p'
		}
	}
	for _, f := range t.l.verbs[t.low(c.at)] {
		if f.fin && !f.part {
			if endsIn(t.low(c.at), "ent") && f.v.lemma != t.low(c.at) && !t.is(c.at, "dément", "consent", "ment", "sent", "pressent") {
				return 'p'
			}
			return 's'
		}
	}
	return 0
}

// phraseNumber is 's' or 'p' for the number of a phrase by how it begins.
func (t *sent) phraseNumber(a int) byte {
	switch {
	case t.is(a, "les", "des", "ces", "ses", "leurs", "nos", "deux", "trois", "quatre", "cinq", "plusieurs", "certains", "certaines", "quelques"):
		return 'p'
	case t.is(a, "le", "la", "l'", "un", "une", "ce", "cet", "cette", "son", "sa", "leur", "notre", "du"), t.isWord(a) && t.s[a].cap && !t.l.spared[t.low(a)]:
		return 's'
	}
	return 0
}
