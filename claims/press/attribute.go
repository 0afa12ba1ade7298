package press

import (
	"slices"
	"strings"

	"constat/claims/statement"
)

// attribute finds the cues of a sentence with who spoke and what was said.
func (t *sent) attribute() {
	t.parse()
	t.verbs()
	t.strangers()
	t.findings()
	t.sceptics()
	t.asSaying()
	t.according()
	slices.SortStableFunc(t.cues, func(a, b *cue) int { return a.a - b.a })
	// Subjects first, from left to right: where a clause begins depends on
	// the verbs before.
	kept := t.cues[:0]
	for _, c := range t.cues {
		if t.byline(c, kept) {
			continue
		}
		if cl := t.clauseOf(c.at); c.how == passive && cl != nil && t.told(cl, kept) && !(t.l.code == "en" && cl.kind == relativeClause && c.kind == statement.Denial && t.claimIn(cl.ante[0], cl.ante[1])) {
			continue // "told lawmakers the cut had been ordered by a court"
		}
		if c.how == accord || c.how == noone || c.fixed || t.subject(c, kept) {
			kept = append(kept, c)
		}
	}
	t.cues = kept
	t.asTo()
	// A cue that proves to tell nothing no longer bounds what the one before tells.
	if t.contents() {
		for i, c := range t.cues {
			if (c.how == active || c.how == gerund) && !c.left && !c.ready && c.inner == 0 && c.within == nil {
				was := *c
				if c.content = nil; !t.content(i) {
					*c = was
				}
			}
		}
	}
	if t.l.code == "fr" {
		t.reviseFR()
	}
	t.embrace()
	if t.question {
		// "Did the minister say that the deal was dead?"
		t.cues = slices.DeleteFunc(t.cues, func(c *cue) bool { return !(c.direct && c.how != noone) })
	}
	t.trim()
}

// asTo gives "il" the person whom the head of its sentence names: "Quant à Lena Ward,
// directrice de Navalis, elle juge que …".
func (t *sent) asTo() {
	if !t.is(0, "quant") || !t.is(1, "à", "au", "aux") {
		return
	}
	e := 2
	for e < len(t.s) && e < 20 && !t.isMark(e) && !t.isQuote(e) {
		e++
	}
	if !t.is(e, ",") || e == 2 {
		return
	}
	appos := [2]int{}
	if k := t.find(e+1, min(e+15, len(t.s)), ","); k > e+1 && t.phrase(e+1, k) && !t.beginsInsert(e+1, k) {
		appos = [2]int{e + 1, k}
	}
	for _, c := range t.cues {
		if c.pron && !c.nested && t.is(c.subj[0], "il", "elle", "ils", "elles") {
			c.subj, c.appos, c.pron = [2]int{2, e}, appos, false
		}
	}
}

// contents finds what each cue tells and drops those that tell nothing. It reports
// whether there were any.
func (t *sent) contents() bool {
	dropped := false
	for i := 0; i < len(t.cues); i++ {
		c := t.cues[i]
		if c.how == noone || t.content(i) {
			continue
		}
		end := c.b
		if c.inverted && t.l.code == "fr" && t.is(c.a-1, ",") {
			end = c.end // "…, a rapporté l'AFP"
		}
		if c.how == active && i > 0 && c.v.kind == statement.Assertion && t.endsAt(end) && (t.outletRange(c.subj[0], c.subj[1]) || t.outletEnd(c.subj) || t.stateMedia(c.subj[0], c.subj[1]) || t.roleIn(c.subj[0], c.subj[1]) == "outlet") && len(t.cues[i-1].content) > 0 {
			t.cues[i-1].outlets = append(t.cues[i-1].outlets, c.subj) // "…, CNX reported"
			t.cues[i-1].limit = c.from
		}
		t.cues = append(t.cues[:i], t.cues[i+1:]...)
		i--
		dropped = true
	}
	return dropped
}

// endsAt says whether nothing but a time stands between k and the next mark.
func (t *sent) endsAt(k int) bool {
	for t.isTime(k) || t.adverb(k) {
		k++
	}
	return k >= len(t.s) || t.isMark(k)
}

// embrace puts what tells before what is told: of "Norland asked Borduria to free
// the crew, aides said" the aides come first.
func (t *sent) embrace() {
	var out []*cue
	put := map[*cue]bool{}
	for _, c := range t.cues {
		if w := c.within; w != nil && len(w.content) > 0 && !put[w] {
			put[w] = true
			out = append(out, w)
		}
		if !put[c] {
			put[c] = true
			out = append(out, c)
		}
	}
	t.cues = out
}

// empty says whether a range holds no word and no quotation.
func (t *sent) empty(a, b int) bool {
	for i := a; i < b; i++ {
		if !t.isMark(i) {
			return false
		}
	}
	return true
}

func (t *sent) find(a, b int, w ...string) int {
	for i := a; i < b; i++ {
		if t.is(i, w...) {
			return i
		}
	}
	return -1
}

// trim ends each cue's content where the next clause begins, and drops what is
// left empty.
func (t *sent) trim() {
	// A quotation belongs to the attribution that hangs on it, not to the one
	// whose colon opened it.
	for _, d := range t.cues {
		if !d.left || !d.direct {
			continue
		}
		for _, c := range t.cues {
			if c != d && !c.left && c.direct && c.a < d.a {
				c.content = slices.DeleteFunc(c.content, func(r [2]int) bool {
					return slices.ContainsFunc(d.content, func(q [2]int) bool { return r[0] < q[1] && q[0] < r[1] })
				})
			}
		}
	}
	for _, c := range t.cues {
		// "told CNX's morning programme that …": the outlet goes on
		if k := c.content; t.l.code == "en" && len(k) > 0 && !c.left && t.is(k[0][0], "'s") {
			if q := t.find(k[0][0], min(k[0][0]+10, k[0][1]), "that"); q > 0 && q+1 < k[0][1] && !t.hasGroup(k[0][0], q) {
				k[0][0] = q + 1
			}
		}
	}
	for i, c := range t.cues {
		for j, d := range t.cues {
			if i == j || d.nested || d.from >= d.b && d.how != accord {
				continue
			}
			for k := range c.content {
				r := &c.content[k]
				if d.a > c.a && d.from > r[0] && d.from < r[1] && !c.left {
					r[1] = d.from
				}
			}
		}
	}
	t.cues = slices.DeleteFunc(t.cues, func(c *cue) bool {
		c.content = slices.DeleteFunc(c.content, func(r [2]int) bool {
			return r[0] >= r[1] || t.empty(r[0], r[1])
		})
		return len(c.content) == 0
	})
}

func (t *sent) textOf(a, b int) string {
	if a >= b {
		return ""
	}
	from, to := t.bounds(a, b)
	return strings.Join(strings.Fields(t.text[from:to]), " ")
}

// bounds gives the bytes of a range of tokens; the inside of a quotation that
// is all of it.
func (t *sent) bounds(a, b int) (int, int) {
	for a < b && t.isMark(a) && !t.is(a, "(", "[", "$", "£", "€") {
		a++
	}
	for b > a && t.isMark(b-1) && !t.is(b-1, ")", "]", "%", "$", "€") {
		b--
	}
	if a >= b {
		return 0, 0
	}
	if b-a == 1 && t.isQuote(a) {
		// The comma before the closing mark is the newspaper's.
		return int(t.s[a].from), int(t.s[a].from) + len(strings.TrimRight(t.text[t.s[a].from:t.s[a].to], ", \u00a0\u202f"))
	}
	from, to := int(t.s[a].from), int(t.s[b-1].to)
	if t.isQuote(a) && t.s[a].outTo > 0 { // else a mark that was never paired, as in a signature
		from = int(t.s[a].outFrom)
	}
	if t.isQuote(b-1) && t.s[b-1].outTo > 0 {
		to = int(t.s[b-1].outTo)
	}
	return from, to
}
