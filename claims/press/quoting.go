package press

import (
	"slices"

	"constat/claims/statement"
)

// asSaying reads "X was quoted as saying", "Xinhua quoted Y as saying", which may follow
// a quotation, "is quoting a colonel describing the retreat as …".
func (t *sent) asSaying() {
	for i := 0; i+1 < len(t.s); i++ {
		g := i // the participle
		switch {
		case t.is(i, "as"):
			g = i + 1
		case !t.is(i, "saying", "describing", "calling", "telling", "warning") || t.is(i-1, "as") || t.isMark(i-1):
			continue
		}
		v := t.quotedVerb(g)
		if v == nil {
			continue
		}
		for k := i - 1; k >= 0 && k > i-18 && !t.isQuote(k) && !t.is(k, ";", "."); k-- {
			if g == i && (t.isMark(k) || k == i-1) {
				if t.isMark(k) {
					break
				}
				continue
			}
			if t.quotes(k) && (g > i || !t.is(k, "reported", "reports")) {
				t.quotedAs(k, i, g, v)
				break
			}
		}
	}
}

// quotes says whether the word at k is a verb by which an outlet passes on what somebody
// said.
func (t *sent) quotes(k int) bool {
	return t.is(k, "quoted", "quotes", "cited", "cites", "reported", "reports", "quote", "cite") || t.is(k, "quoting", "citing") && t.l.be[t.low(k-1)]
}

// quotedVerb is the verb of speech whose participle stands at g, as one who is quoted
// says it.
func (t *sent) quotedVerb(g int) *verb {
	if t.is(g, "saying", "stating", "declaring") {
		return &verb{lemma: "quote", kind: statement.Assertion, flags: "bc"}
	}
	for _, f := range t.l.verbs[t.low(g)] {
		if f.ger && f.v.particle == "" && f.v.kind == statement.Assertion && (f.v.has('c') || f.v.has('Q')) {
			return f.v
		}
	}
	return nil
}

// quotedAs makes a cue of a verb of quoting at k. What passes on stands before i, the
// participle of the verb v at g.
func (t *sent) quotedAs(k, i, g int, v *verb) {
	start, _, be, _, neg := t.helpers(k)
	if neg {
		return
	}
	c := &cue{a: start, b: g + 1, at: k, how: active, v: v, fixed: true}
	who := &cue{a: start, b: k + 1, at: k, how: active, v: &verb{lemma: "quote", kind: statement.Assertion, flags: "bc"}}
	if !t.subject(who, nil) {
		return
	}
	c.from, c.subj, c.appos, c.pron = who.from, who.subj, who.appos, who.pron
	if be && !t.is(k, "quoting", "citing") {
		if t.is(k+1, "by") {
			if e := t.phraseEnd(k + 2); e <= i && t.outletRange(k+2, e) {
				c.outlets = append(c.outlets, [2]int{k + 2, e})
			}
		}
	} else {
		a, b := t.core(k+1, i)
		if a >= b {
			return
		}
		c.outlets = append(c.outlets, c.subj)
		c.subj, c.appos = [2]int{a, b}, [2]int{}
		c.pron = b-a == 1 && (t.l.pron[t.low(a)] || t.is(a, "him", "her", "them"))
	}
	t.cues = slices.DeleteFunc(t.cues, func(d *cue) bool { return d.a >= start && d.b <= g+1 })
	t.cues = append(t.cues, c)
}
