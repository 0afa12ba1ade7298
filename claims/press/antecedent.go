package press

import "strings"

// Whom English pronouns and relative clauses cannot mean, or must.

// unnamed is the memory less the persons whom what "he" or "she" says names: of "He said
// Holm was wrong" Holm is not who said so. nil if nobody is named there.
func (m *memory) unnamed(t *sent, c *cue) *memory {
	if t.l.code != "en" || c.direct || len(c.content) == 0 || !t.is(c.subj[0], "he", "she") {
		return nil
	}
	named := map[string]bool{}
	for _, k := range c.content {
		for i := k[0]; i < k[1]; i++ {
			if t.isWord(i) && t.s[i].cap && runeLen(t.low(i)) > 2 && !t.l.spared[t.low(i)] {
				named[t.low(i)] = true
			}
		}
	}
	if len(named) == 0 {
		return nil
	}
	out := &memory{}
	for _, x := range m.all {
		if f := strings.Fields(x.name); len(f) > 0 && x.person && named[f[len(f)-1]] {
			continue
		}
		out.all = append(out.all, x)
	}
	return out
}

// accusedEN gives whom "he" means in "Serre's rivals have accused him of theft, a charge he
// denies": the one by whose name the accusers are called.
func (r *reader) accusedEN(t *sent, c *cue, pi int) *mention {
	if t.l.code != "en" || !t.is(c.subj[0], "he", "she") {
		return nil
	}
	if c.whole && len(c.content) == 1 && c.content[0][1] < c.subj[0] {
		if m := r.toldOf(t, c, pi); m != nil {
			return m
		}
	}
	for i := c.subj[0] - 1; i > 1; i-- {
		g := t.groupAt[i]
		if g < 0 || t.groups[g].a != i {
			continue
		}
		if h := t.groups[g].head; !t.is(h, "accuse", "accused", "accusing", "blame", "blamed", "suspect") || !t.is(h+1, "him", "her") {
			continue
		}
		cl := t.clauseOf(i)
		if cl == nil {
			return nil
		}
		s, _ := t.subjectOf(cl)
		k := t.find(s[0], s[1], "'s")
		if k <= s[0] || !t.s[k-1].cap {
			return nil
		}
		_, m := t.describe(s[0], k, [2]int{}, &r.mem, pi)
		if m.thing && !m.person {
			return nil
		}
		return m
	}
	return nil
}

// officeList gives the name whose office is a list: "by Jan Vok, secretary for ports, canals,
// and locks, who has said". a … e is the last piece of the office.
func (t *sent) officeList(a, e int) (name, office [2]int) {
	if t.l.code != "en" || a >= e || !t.is(a, "and") || !t.is(a-1, ",") {
		return
	}
	for k, n := a-2, 0; k > 0 && n < 30; k, n = k-1, n+1 {
		if t.isQuote(k) || t.groupAt[k] >= 0 || t.isMark(k) && !t.is(k, ",") {
			return
		}
		if !t.is(k, ",") || t.x.nouns[t.low(k+1)].role == "" && t.roleIn(k+1, min(k+5, a)) == "" || t.find(k+1, min(k+7, a), "for", "of") < 0 {
			continue
		}
		x := k
		for x > 0 && t.isWord(x-1) && t.s[x-1].cap && t.groupAt[x-1] < 0 {
			x--
		}
		if k-x >= 2 {
			return [2]int{x, k}, [2]int{k + 1, e}
		}
		return
	}
	return
}

// apposClosed says whether the comma at j closes what stands behind a name, so that a verb
// follows: "Norland, another foe of the palace, wants".
func (t *sent) apposClosed(j int) bool {
	if !t.is(j, ",") {
		return false
	}
	for k := j - 1; k > 0 && k > j-14; k-- {
		if t.is(k, "which", "who") && t.is(k-1, ",") && t.isWord(k-2) && t.hasGroup(k+1, j) && k < j-2 {
			return t.l.det[t.low(j+2)] || t.is(j+2, "no", "that", "to") || t.adverb(j+2)
		}
		if t.isQuote(k) || t.isMark(k) && !t.is(k, ",") {
			return false
		}
		if t.is(k, ",") {
			return k < j-1 && !t.hasGroup(k, j) && (t.l.det[t.low(k+1)] || t.is(k+1, "another")) && t.isWord(k-1) && t.s[k-1].cap && (k == 1 || t.is(k-2, "and", "but", "while") || t.isMark(k-2) || t.s[k-2].cap)
		}
	}
	return false
}

// namedAlong gives the comma at which a new main clause begins whose subject is a name with
// something between commas: ", and Norland, a foe of the palace, wants guards". a is where
// the verb before ends; 0 if none does.
func (t *sent) namedAlong(a int, v *group) int {
	if t.l.code != "en" || !t.is(v.a-1, ",") || v.maybe && v.speech(t) {
		return 0
	}
	inner := -1
	for k := v.a - 2; k >= a && k > v.a-25; k-- {
		if t.isQuote(k) || t.groupAt[k] >= 0 || t.isMark(k) && !t.is(k, ",") || t.l.rel[t.low(k)] {
			return 0
		}
		if !t.is(k, ",") {
			continue
		}
		if inner < 0 {
			inner = k
			continue
		}
		if t.is(k+1, "and", "but", "while") && k+2 < inner && t.s[k+2].cap && t.namesOnly(k+2, inner) && t.l.det[t.low(inner+1)] || t.is(k+1, "and", "but", "while") && k+2 < inner && t.s[k+2].cap && t.is(inner+1, "another", "also") {
			return k
		}
		return 0
	}
	return 0
}

// frontEnds says whether a quotation at k, which ends in a comma, ends the clause in front of
// the main one: "After Holm called for a “total closing,” the mayor answered".
func (t *sent) frontEnds(k int, c *clause) bool {
	return t.l.code == "en" && c.kind == timeClause && c.front && c.group >= 0 && t.quoteClosesWith(k, ',') && t.isWord(k+1)
}

// wholePair gives a subject that ends in ", and B" the name in front, with what stands behind
// it: "Holm, a former clerk of the port, and Ward pleaded not guilty".
func (t *sent) wholePair(c *cue) {
	a := c.subj[0]
	if t.l.code != "en" || c.how != active || c.inverted || a < 4 || !t.is(a-1, "and") || !t.is(a-2, ",") || !t.namesOnly(a, c.subj[1]) {
		return
	}
	k := a - 3
	for k > 0 && k > a-16 && t.isWord(k) && t.groupAt[k] < 0 && !t.l.rel[t.low(k)] {
		k--
	}
	if !t.is(k, ",") || !t.l.det[t.low(k+1)] {
		return
	}
	x := k
	for x > 0 && t.isWord(x-1) && t.s[x-1].cap && t.groupAt[x-1] < 0 {
		x--
	}
	if x < k && (x == 0 || t.isMark(x-1)) {
		c.subj[0], c.from = x, min(c.from, x)
		c.appos = [2]int{}
	}
}

// toldOf gives the person whom what is denied tells of, as its subject: "Prosecutors say Holm
// took bribes, which he denies".
func (r *reader) toldOf(t *sent, c *cue, pi int) *mention {
	k := c.content[0]
	cl := (*clause)(nil)
	for i := k[0]; i < k[1] && cl == nil; i++ {
		if t.groupAt[i] >= 0 {
			cl = t.clauseOf(i)
		}
	}
	if cl == nil {
		return nil
	}
	s, _ := t.subjectOf(cl)
	s[0] = max(s[0], k[0])
	if s[0] >= s[1] || s[1] > k[1] || !t.namesOnly(s[0], s[1]) && t.roleIn(s[0], s[1]) == "" {
		return nil
	}
	_, m := t.describe(s[0], s[1], [2]int{}, &r.mem, pi)
	if m.plural || m.thing && !m.person {
		return nil
	}
	return m
}

// timeOwns says whether a time at k owns what stands behind it: "last week's reports".
func (t *sent) timeOwns(k int) bool {
	for t.isTime(k) {
		k++
	}
	return t.l.code == "en" && t.is(k, "'s")
}

// withSaying says whether a participle of saying at k has its subject behind "with": "with most
// dockers saying the charges are false".
func (t *sent) withSaying(k int) bool {
	for i := k - 1; i > 0 && i > k-9 && t.isWord(i) && t.groupAt[i] < 0; i-- {
		if t.is(i, "with") {
			return i < k-1 && t.l.verbs[t.low(k)] != nil && !t.l.prep[t.low(k-1)]
		}
	}
	return false
}

// dashed says whether a participle stands between dashes: "criticism – strongly denied – that".
func (t *sent) dashed(i int) bool {
	return t.is(i+1, "–") && (t.is(i-1, "–") || t.adverb(i-1) && t.is(i-2, "–"))
}
