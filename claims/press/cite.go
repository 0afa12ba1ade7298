package press

import (
	"slices"

	"constat/claims/statement"
)

// cites finds who is quoted by whom: "was quoted as saying", "citing a person
// in the city", "cité par l'agence", "a cité une source anonyme, disant que".
func (t *sent) cites() {
	t.relayed()
	t.sameOutlet()
	for i := 0; i < len(t.s); i++ {
		switch {
		case t.is(i, "citing", "quoting", "citant") && !t.finite(i-1) || t.is(i, "cite", "cites", "citent", "quotes", "cited", "quoted") && t.is(i-1, "qui", "which", "who"):
			e := t.phraseEnd(i + 1)
			if a, b := t.core(i+1, e); a < b {
				t.sourced(i, [2]int{a, b})
			}
		case t.is(i, "quoted", "cited", "cité", "citée", "cités", "citées", "carried", "published", "relayed", "diffusé", "diffusée", "relayé", "relayée", "repris", "reprise", "interviewed") && t.is(i+1, "by", "par"):
			e := t.phraseEnd(i + 2)
			if t.outletRange(i+2, e) || t.stateMedia(i+2, e) || t.is(i, "cité", "citée", "cités", "citées", "quoted", "cited") {
				if c := t.nearest(i); c != nil && !t.inContent(c, i) {
					c.outlets = append(c.outlets, [2]int{i + 2, e})
				}
			}
		}
	}
	// "X quoted Y as saying", "X a cité Y, hier, disant que"
	for _, c := range t.cues {
		if c.how != gerund || c.v.kind != statement.Assertion {
			continue
		}
		for k := c.a - 1; k >= 0 && k > c.a-30; k-- {
			if t.isQuote(k) || t.is(k, ";") {
				break
			}
			if !t.is(k, "quoted", "quotes", "cited", "cites", "cité", "cite", "citait", "cita", "citent") {
				continue
			}
			if t.l.be[t.low(k-1)] || t.adverb(k-1) && t.l.be[t.low(k-2)] {
				// passive: the subject is who spoke
				break
			}
			a, b := t.core(k+1, t.phraseEnd(k+1))
			if a >= b || b > c.a {
				break
			}
			st, _, _, _, _ := t.helpers(k)
			for st > 0 && (t.adverb(st-1) || t.isTime(st-1)) {
				st--
			}
			la, lb := t.leading(0, st)
			if la < lb {
				c.outlets = append(c.outlets, [2]int{la, lb})
			}
			c.subj, c.appos, c.pron, c.shared, c.how = [2]int{a, b}, [2]int{}, false, false, cited
			c.said = [2]int{0, c.a}
			break
		}
	}
}

// phraseEnd is where a noun phrase that begins at i ends.
func (t *sent) phraseEnd(i int) int {
	e := i
	for e < len(t.s) && !t.isMark(e) && !t.isQuote(e) && !t.isTime(e) && !t.finite(e) && !(t.l.sub[t.low(e)] && e > i) && !(e > i && t.is(e, "as", "disant", "selon")) {
		if e > i && !t.s[e].cap && len(t.l.verbs[t.low(e)]) > 0 && t.x.nouns[t.low(e)].role == "" {
			fin := false
			for _, f := range t.l.verbs[t.low(e)] {
				fin = fin || f.fin
			}
			if fin && !t.l.det[t.low(e-1)] {
				break
			}
		}
		e++
	}
	return e
}

// nearest is the cue with content that is nearest to token i.
func (t *sent) nearest(i int) *cue {
	var best *cue
	for _, c := range t.cues {
		if len(c.content) == 0 || c.nested || c.how == noone {
			continue
		}
		if best == nil || abs(c.a-i) < abs(best.a-i) {
			best = c
		}
	}
	return best
}

func (t *sent) inContent(c *cue, i int) bool {
	for _, k := range c.content {
		if i >= k[0] && i < k[1] && !c.left {
			return true
		}
	}
	return false
}

// sourced makes a cited source the speaker of what an outlet, or a report,
// told; of others it only says that somebody stood between.
func (t *sent) sourced(i int, src [2]int) {
	if n := src[1] - src[0]; n == 1 && t.l.det[t.low(src[0])] || n <= 2 && t.is(src[1]-1, "sources", "source") {
		return // "citing sources": nobody in particular
	}
	c := t.nearest(i)
	if c == nil {
		return
	}
	// What stands behind "citing" ends there.
	for k := range c.content {
		r := &c.content[k]
		if r[0] < i && r[1] > i {
			r[1] = i
			for r[1] > r[0] && t.isMark(r[1]-1) {
				r[1]--
			}
		}
	}
	role := ""
	for k := c.subj[0]; k < c.subj[1]; k++ {
		if t.x.nouns[t.low(k)].role == "document" && role == "" {
			role = "document"
		}
	}
	if t.outletRange(c.subj[0], c.subj[1]) || t.outletEnd(c.subj) || t.stateMedia(c.subj[0], c.subj[1]) || role == "document" || t.roleIn(c.subj[0], c.subj[1]) == "outlet" {
		c.outlets = append(c.outlets, c.subj)
		c.subj, c.appos, c.pron = src, [2]int{}, false
	}
}

// outletEnd says whether a phrase ends in an outlet's name: "a report in the
// Morning Star".
func (t *sent) outletEnd(s [2]int) bool {
	for k := s[0]; k < s[1]; k++ {
		if t.s[k].cap && t.outletRange(k, s[1]) {
			return true
		}
	}
	return t.namesOnly(s[0], s[1]) && s[1]-s[0] == 1 && t.s[s[0]].caps
}

// relayed drops "…, the ISNA agency reported" where the sentence names who
// spoke, and keeps the outlet.
func (t *sent) relayed() {
	t.cues = slices.DeleteFunc(t.cues, func(c *cue) bool {
		if !c.left || c.how != active || c.direct || c.pron || !(t.outletRange(c.subj[0], c.subj[1]) || t.roleIn(c.subj[0], c.subj[1]) == "outlet" || t.stateMedia(c.subj[0], c.subj[1]) || t.outletEnd(c.subj)) {
			return false
		}
		for _, d := range t.cues {
			if d != c && d.a < c.a && !d.nested && d.how != noone && len(d.content) > 0 && len(c.content) > 0 {
				d.outlets = append(d.outlets, c.subj)
				for k := range d.content {
					if r := &d.content[k]; r[0] < c.from && r[1] > c.from {
						r[1] = c.from
					}
				}
				return true
			}
		}
		return false
	})
}

// firm are adjectives by which somebody is said to say what follows a colon.
var firm = words("formel formelle formels formelles catégorique catégoriques affirmatif affirmative affirmatifs clair claire clairs claires ferme fermes unanime unanimes sceptique sceptiques rassurant rassurante péremptoire tranché tranchée")

// firmly reads "le ministère est formel : il n'y aura pas de coupure".
func (t *sent) firmly(i int) {
	k := i - 1
	if p := t.persists(i); p > 0 {
		k = p
	} else if !firm[t.low(k)] || len(t.cues) > 0 && t.cues[len(t.cues)-1].b > k-6 && t.cues[len(t.cues)-1].b <= i {
		return
	}
	for ; k > 0 && t.groupAt[k] < 0; k-- {
		if !firm[t.low(k)] && !t.adverb(k) && !t.is(k, "très", "plus", "aussi", "tout", "assez") {
			return
		}
	}
	if k <= 0 || t.persists(i) == 0 && !t.l.be[t.low(t.groups[t.groupAt[k]].head)] && !t.is(t.groups[t.groupAt[k]].head, "reste", "restent", "dit", "disent", "montre", "montré", "veut", "voulu", "été", "resté", "restée") {
		return
	}
	cl := t.clauseOf(k)
	if cl == nil || cl.group < 0 {
		return
	}
	a, appos := t.subjectOf(cl)
	e := t.clauseEnd(i + 1)
	if a[0] >= a[1] || e <= i+2 || t.roleIn(a[0], a[1]) == "" && !t.namesOnly(a[0], a[1]) && !(a[1]-a[0] == 1 && t.l.pron[t.low(a[0])]) {
		return
	}
	c := &cue{a: i, b: i + 1, how: colon, v: &verb{kind: statement.Assertion, lemma: ":"}, kind: statement.Assertion, subj: a, appos: appos, said: [2]int{a[0], i}, content: [][2]int{{i + 1, e}}}
	c.pron = a[1]-a[0] == 1 && t.l.pron[t.low(a[0])]
	t.cues = append(t.cues, c)
}

// colons finds quotations that a colon opens and no verb of speech claims:
// "Bourdin, ingénieur réseau, n'est pas convaincu : « … »".
func (t *sent) colons() {
	t.forWhom()
	for i := range t.s {
		if t.l.code == "fr" && t.is(i, ":") && t.bracketed(i) {
			continue
		}
		if t.l.code == "fr" && t.is(i, ":") && !t.isQuote(i+1) {
			t.firmly(i)
			continue
		}
		if !t.is(i, ":") && !t.opensLike(i) || !t.isQuote(i+1) {
			continue
		}
		claimed := false
		for _, c := range t.cues {
			for _, k := range c.content {
				claimed = claimed || i+1 >= k[0] && i+1 < k[1]
			}
		}
		q := &t.s[min(i+1, len(t.s)-1)]
		if claimed || q.in1-q.in0 < 1 {
			continue
		}
		lo := 0
		for k := i - 1; k > 0; k-- {
			if t.is(k, ";") {
				lo = k + 1
				break
			}
		}
		if t.l.code == "fr" && lo == 0 {
			lo = t.stampEnd()
		}
		a, b, floor := 0, 0, false
		if t.l.code == "fr" {
			s, f, ok := t.introducedBy(lo, i)
			if !ok {
				continue
			}
			a, b, floor = s[0], s[1], f
		} else if a, b = t.introducedEN(lo, i); a >= b || t.l.first[t.low(a)] {
			continue
		}
		// The last clause's subject is nearer, as in "…, and neither does X
		// at the lab: …".
		if k := t.find(a, i, "does", "did", "neither"); k > b {
			if name, na, nb := t.nameIn(k, i); name != "" {
				a, b = na, nb
			}
		}
		c := &cue{a: i, b: i + 1, how: colon, v: &verb{kind: statement.Assertion, lemma: ":"}, kind: statement.Assertion, subj: [2]int{a, b}, from: lo, direct: true, said: [2]int{lo, i}, floor: floor}
		// Further descriptions between commas.
		if t.is(b, ",") && !floor {
			e := b + 1
			for e < i && !t.isMark(e) {
				e++
			}
			if t.is(e, ",") && t.phrase(b+1, e) && !t.beginsInsert(b+1, e) {
				c.appos = [2]int{b + 1, e}
			}
		}
		if b-a == 1 && t.l.pron[t.low(a)] {
			c.pron, c.written = true, t.inDocument(a)
		}
		if t.l.code == "en" && t.is(a, "there", "it", "this", "that") && b-a <= 1 {
			continue
		}
		for k := i + 1; k < len(t.s) && t.isQuote(k); k++ {
			c.content = append(c.content, [2]int{k, k + 1})
		}
		t.cues = append(t.cues, c)
	}
}

// introducedEN gives the subject of what introduces the quotation behind the colon at i.
func (t *sent) introducedEN(lo, i int) (int, int) {
	a, b := t.leading(lo, i)
	for k := range t.clauses {
		if cl := &t.clauses[k]; cl.kind == mainClause && cl.a >= lo && cl.a < i && cl.group >= 0 && t.groups[cl.group].b <= i {
			if s, _ := t.subjectOf(cl); s[1] > s[0] && s[0] >= lo {
				a, b = s[0], s[1]
			}
			break
		}
	}
	return a, b
}
