package press

import (
	"slices"

	"constat/claims/statement"
)

// Whom a French pronoun means, if what it does tells: who denies an accusation is the
// accused, and not whoever made it or spoke last; who is said to have indicated
// something by "a-t-elle indiqué" is the subject of what was indicated; what "il est
// indiqué" indicates stands in the document of the sentence before.

// party is somebody whom a sentence makes an answer likely of.
type party struct {
	m        *mention
	sentence int
	in       int  // the paragraph, for what holds up to the next
	told     bool // the subject of what somebody affirms, no object of "accuser"
}

// charging are verbs whose object is accused; "to" are those with "à".
var (
	charging   = words("accuser soupçonner suspecter incriminer blâmer viser mettre+en_cause")
	chargingTo = words("reprocher imputer attribuer")
	charged    = words("accusé accusée accusés accusées soupçonné soupçonnée soupçonnés soupçonnées suspecté suspectée suspectés suspectées")
)

// accuses remembers whom a sentence accuses: the object of a verb of charging, the
// subject of its passive, or the subject of what somebody affirms.
func (r *reader) accuses(t *sent, pi int) {
	if t.l.code != "fr" {
		return
	}
	a, b, told := t.chargedIn()
	if a >= b {
		return
	}
	appos := [2]int{}
	if e := t.nextComma(b + 1); t.is(b, ",") && e > b+1 && e < b+6 && t.namesOnly(b+1, e) {
		appos = [2]int{b + 1, e}
	}
	_, m := t.describe(a, b, appos, nil, pi)
	r.accused = party{m: m, sentence: r.sentence, told: told}
}

// chargedIn gives the phrase of whom the sentence accuses.
func (t *sent) chargedIn() (a, b int, told bool) {
	for i := range t.s {
		if charged[t.low(i)] && t.groupAt[i] >= 0 {
			if g := t.groups[t.groupAt[i]]; g.passive && g.head == i {
				if cl := t.clauseOf(i); cl != nil {
					if s, _ := t.subjectOf(cl); s[1] > s[0] && !t.l.pron[t.low(s[0])] {
						return s[0], s[1], false
					}
				}
			}
		}
		for _, f := range t.l.verbs[t.low(i)] {
			switch {
			case f.v.particle != "" || f.part && t.groupAt[i] < 0 || t.groupAt[i] >= 0 && t.groups[t.groupAt[i]].passive:
			case charging[f.v.lemma]:
				if a, b := t.chargedAt(i + 1); b > a {
					return a, b, false
				}
			case chargingTo[f.v.lemma]:
				for k := i + 1; k < i+4; k++ {
					if t.is(k, "à", "au", "aux") {
						if a, b := t.chargedAt(k + 1); b > a {
							return a, b, false
						}
					}
				}
			}
		}
	}
	for _, c := range t.cues {
		if c.how != active && c.how != accord || c.direct || c.kind != statement.Assertion || len(c.content) == 0 {
			continue
		}
		if a, b := t.subjectWithin(c.content[0][0], c.content[0][1]); b > a {
			return a, b, true
		}
	}
	return 0, 0, false
}

// chargedAt reads the phrase from k on, up to what it is charged with.
func (t *sent) chargedAt(k int) (int, int) {
	for t.adverb(k) || t.isTime(k) {
		k++
	}
	e, act := k, false
	for e < len(t.s) && e < k+14 && !t.isMark(e) && !t.isQuote(e) && !t.l.sub[t.low(e)] && t.groupAt[e] < 0 {
		if e > k && t.is(e, "de", "d'") && (t.infinitiveNear(e+1) || t.is(e+1, "avoir")) {
			act = true
			break
		}
		e++
	}
	if a, b := t.core(k, e); a == k && b > a && (act && t.l.det[t.low(a)] || t.roleIn(a, b) != "" || t.hasCap(a, b)) {
		if x, y := b+1, b+3; t.is(b, ",") && t.is(y, ",") && t.l.det[t.low(x)] && t.s[x+1].cap {
			return x, y // "accuse son voisin, la Bordurie, de …"
		}
		return a, b
	}
	return 0, 0
}

// subjectWithin gives the subject of the first clause within a range, if it is
// somebody by office or name.
func (t *sent) subjectWithin(lo, hi int) (int, int) {
	tried := 0
	for k := range t.clauses {
		cl := &t.clauses[k]
		if cl.group < 0 || cl.kind != mainClause && cl.kind != contentClause || t.groups[cl.group].a < lo || t.groups[cl.group].a >= hi {
			continue
		}
		if tried++; tried > 6 {
			break
		}
		s, _ := t.subjectOf(cl)
		a, b := s[0], s[1]
		if a < lo || a >= b || b-a > 14 || t.l.pron[t.low(a)] || t.l.first[t.low(a)] {
			return 0, 0
		}
		if t.speaks(a, b) || t.namesOnly(a, b) && t.s[a].cap || b-a > 2 && t.l.det[t.low(a)] && t.s[a+2].cap && t.isWord(a+1) && !t.l.prep[t.low(a+2)] {
			return a, b
		}
	}
	return 0, 0
}

// answers gives the accused for the pronoun of a denial.
func (r *reader) answers(t *sent, c *cue) *mention {
	p := r.accused
	if t.l.code != "fr" || c.kind != statement.Denial || p.m == nil || p.sentence != r.sentence-1 || len(c.content) == 0 || !t.pronFits(c, p.m) {
		return nil
	}
	k := c.content[0]
	if p.told && !c.whole && !t.claimIn(k[0], k[1]) || t.infinitiveNear(k[0]) && p.told {
		return nil
	}
	return p.m
}

// pronFits says whether a pronoun may mean somebody by gender and number.
func (t *sent) pronFits(c *cue, m *mention) bool {
	plural, gender := false, byte('m')
	switch t.low(c.subj[0]) {
	case "il", "celui-ci":
	case "elle", "celle-ci":
		gender = 'f'
	case "ils", "ceux-ci":
		plural = true
	case "elles", "celles-ci":
		plural, gender = true, 'f'
	default:
		return false
	}
	return m.plural == plural && (m.gender == 0 || m.gender == gender || plural && gender == 'm')
}

// goingOn are verbs by which whoever spoke last goes on.
var goingOn = words("ajouter poursuivre conclure insister reprendre renchérir enchaîner compléter")

// itself gives the subject of what was told for a pronoun hung on behind it: "La banque
// Dorval a rétabli ses services, a-t-elle indiqué".
func (r *reader) itself(t *sent, c *cue, pi int) *mention {
	if t.l.code == "en" {
		return r.accusedEN(t, c, pi)
	}
	if !c.inverted || !c.left || c.direct || len(c.content) == 0 || goingOn[c.v.lemma] {
		return nil
	}
	a, b := t.subjectWithin(c.content[0][0], c.content[0][1])
	if a >= b {
		return nil
	}
	_, m := t.describe(a, b, [2]int{}, &r.mem, pi)
	if !t.pronFits(c, m) {
		return nil
	}
	for k := len(r.out) - 1; k >= 0 && r.out[k].para == pi; k-- {
		if g := r.out[k].m; g != nil && r.out[k].through < 0 && g.sentence == r.sentence-1 && g.person && t.pronFits(c, g) {
			return nil // who spoke in the sentence before
		}
	}
	return m
}

// written are participles of "il est indiqué : « … »".
var written = words("indiqué précisé écrit mentionné expliqué noté ajouté souligné rappelé stipulé affirmé rapporté")

// inDocument says whether "il" at a is the impersonal one of "il est indiqué", "il y
// est précisé", whose words stand in a document. The group that follows tells.
func (t *sent) inDocument(a int) bool {
	if t.l.code != "fr" || !t.is(a, "il") {
		return false
	}
	for k := a + 1; k < a+4 && k < len(t.s); k++ {
		if g := t.groupAt[k]; g >= 0 {
			return t.groups[g].passive && written[t.low(t.groups[g].head)]
		}
	}
	return false
}

// publishing are participles and forms by whose subject a document is.
var publishing = words("publié publie diffusé diffuse adressé envoyé transmis posté mis rédigé écrit émis publiait signé remis")

// documents remembers who made the document that a sentence names.
func (r *reader) documents(t *sent, pi int) {
	if t.l.code != "fr" || !t.documentIn(0, len(t.s)) {
		return
	}
	a, b := t.maker(0, len(t.s))
	if b > a {
		b = min(b, t.phraseEnd(a))
		a, b = t.core(a, b)
		if t.roleIn(a, b) == "" && !t.hasCap(a, b) {
			b = a
		}
	}
	if a >= b {
		if x, y := t.topic(0, len(t.s)); y > x && t.speaks(x, y) {
			for i := y; i < len(t.s); i++ {
				if publishing[t.low(i)] && t.groupAt[i] >= 0 {
					a, b = x, y
					break
				}
			}
		}
	}
	switch {
	case a < b && !t.l.pron[t.low(a)]:
		_, m := t.describe(a, b, [2]int{}, &r.mem, pi)
		r.document = party{m: m, sentence: r.sentence}
	case len(r.out) > 0 && r.out[len(r.out)-1].m != nil && r.out[len(r.out)-1].m.sentence == r.sentence:
		r.document = party{m: r.out[len(r.out)-1].m, sentence: r.sentence} // "…, a réagi le ministère dans un communiqué"
	}
}

// giveTo makes a mention who speaks in a statement.
func (f *found) giveTo(m *mention) {
	f.sp = m.sp
	cp := *m
	f.m = &cp
	if m.span.To > m.span.From {
		f.speaker = append(slices.Clone(f.speaker), [2]int{int(m.span.From), int(m.span.To)})
	}
}
