package press

// Attributions that end a sentence, and subjects that begin further left than they seem.

// closesEN says whether an inverted attribution ends an English sentence, behind a
// clause that has a subject of its own: "…, many of which are new, said Jan Vok,
// founder of Navalis."
func (t *sent) closesEN(c *cue) bool {
	if !t.is(c.a, "said", "says", "added", "explained", "wrote") || c.b >= len(t.s) || !t.s[c.b].cap && !t.l.det[t.low(c.b)] {
		return false
	}
	was := *c
	if t.invert(c) && !t.verbIn(c.subj[0], c.subj[1]) && t.endsAt(c.end) && c.end-c.b < 16 && !t.is(c.end, ",") && t.somebody(c.subj[0], c.subj[1]) && t.hasGroup(0, c.a) {
		return true
	}
	*c = was
	return false
}

// tailEN reads an attribution at the end of an English sentence whose speaker has a name
// in apposition: "The dam is shut, the mayor, Ida Holm, said."
func (t *sent) tailEN(c *cue, lo int) bool {
	if c.a < 6 || !(c.v.has('b') || c.v.has('c')) || !t.endsAt(c.b) {
		return false
	}
	back := func(q int) int {
		p := q - 1
		for p > lo && p > q-10 && !t.isMark(p) && !t.isQuote(p) && t.groupAt[p] < 0 && !t.l.sub[t.low(p)] {
			p--
		}
		if !t.is(p, ",") || p == q-1 {
			return -1
		}
		return p
	}
	q := c.a - 1
	p1 := back(q)
	if p1 < 0 {
		return false
	}
	p0 := back(p1)
	if p0 <= lo || !t.hasGroup(lo, p0) || !t.namesOnly(p1+1, q) && t.roleIn(p1+1, q) == "" || !t.somebody(p0+1, p1) || t.l.prep[t.low(p0+1)] {
		return false
	}
	if !t.l.det[t.low(p0+1)] && !t.l.poss[t.low(p0+1)] && !t.namesOnly(p0+1, p1) || t.roleIn(p0+1, p1) == "" && !t.namesOnly(p0+1, p1) {
		return false
	}
	c.subj, c.appos, c.from = [2]int{p0 + 1, p1}, [2]int{p1 + 1, q}, p0
	return true
}

// verbIn says whether a word in small letters of a range may be a finite verb and is
// no noun for people.
func (t *sent) verbIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.isWord(i) && !t.s[i].cap && t.x.nouns[t.low(i)].role == "" && (t.is(i, "came", "come", "went", "was", "were", "is", "are", "had", "has", "will") || anyForm(t.forms(i), func(f form) bool { return f.fin })) {
			return true
		}
	}
	return false
}

// wholeList gives a subject that begins with a later member of a list its beginning:
// "des banques du Nord, de l'Est et du Sud".
func (t *sent) wholeList(c *cue) {
	t.wholePair(c)
	t.wholeMembers(c)
	a, b := c.subj[0], c.subj[1]
	if t.l.code == "fr" && a > 1 && t.is(a-1, "de", "d'", "du", "des") && t.is(a-2, ",") {
		a--
	}
	if t.l.code != "fr" || b-a < 2 || !t.is(a, "de", "d'", "du", "des") || !t.is(a-1, ",") || t.find(a, b, "et", "ou") < 0 {
		return
	}
	k := a - 1
	for k > 0 && k > a-14 && (t.isWord(k-1) || t.is(k-1, ",")) && t.groupAt[k-1] < 0 && !t.l.sub[t.low(k-1)] {
		k--
	}
	for k < a && (t.isMark(k) || !t.l.det[t.low(k)] || k > 0 && !t.isMark(k-1)) {
		k++
	}
	if k < a-2 && t.l.det[t.low(k)] && t.find(k+1, a, "de", "d'", "du", "des") > 0 {
		c.subj[0], c.from = k, min(c.from, k)
	}
}
