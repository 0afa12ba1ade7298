package press

import (
	"strings"
	"time"

	"constat/claims/statement"
)

// cue is what makes a sentence tell of somebody's words: a verb of speech or
// "according to", with who spoke and what was said, as ranges of the
// sentence's tokens.
type cue struct {
	a, b int // the verb with its helpers, or the phrase
	at   int // the verb itself
	v    *verb
	alts []*verb // readings of the spelling, tried in order
	how  byte    // one of those below

	subj     [2]int // who; empty where the subject is shared or there is none
	appos    [2]int // a second description behind a comma
	pron     bool   // the subject is a pronoun
	joined   bool   // the subject is that of a verb before which is none of speech
	shared   bool   // the subject is the one of the verb before
	inverted bool
	nested   bool // told within what an earlier cue tells
	from     int  // where its clause begins: subject or connective
	end      int  // where an inverted subject, or the phrase, ends

	content [][2]int
	direct  bool
	left    bool
	said    [2]int // tokens between verb and content, where a time is that of speaking
	kind    statement.Kind
	outlets [][2]int
	fixed   bool   // the subject was found with the cue
	ready   bool   // the content too
	ante    [2]int // of "a player it says is too slow": the player
	whole   bool   // the verb itself is what is told: "l'a démenti"
	before  bool   // the content is the sentence before: "Cela a été annoncé par"
	again   bool   // said by whoever spoke last: "D'ajouter : « … »"
	floor   bool   // said by whoever holds the floor (floorfr.go)
	inner   int    // of a verb within marks: tokens of the quotation up to behind it
	over    bool   // it stands in the middle of what it tells (inserted.go)
	limit   int    // where a dropped attribution behind it begins; 0: nowhere
	within  *cue   // what tells of this one: "…, senior aides told Reuters"
	unnamed bool   // no speaker is given
	written bool   // it stands in a document: "il est indiqué : « … »"
}

const (
	active  = 'a'
	gerund  = 'g'
	accord  = 's' // according to, selon
	colon   = ':'
	noone   = '-' // it was announced, reportedly, aurait
	cited   = 'c' // X quoted somebody as saying
	passive = 'p' // was denied by X
)

// sent is a sentence under examination.
type sent struct {
	l     *language
	x     *lexicon
	text  string
	s     []tok
	all   []tok // of the paragraph, for the insides of quotations
	times []when
	timed []bool
	cues  []*cue

	// clause.go
	groups   []group
	groupAt  []int16 // the verb group of a token; -1: none
	clauses  []clause
	owner    []int16 // the innermost clause of a token
	question bool    // the sentence asks
}

// mark finds the expressions of time.
func (t *sent) mark(day time.Time) {
	t.times = findTimes(t.l, t.s, day)
	t.timed = make([]bool, len(t.s))
	for i, w := range t.times {
		if t.l.code == "fr" && w.b > 0 && monthsFR[t.low(w.b-1)] && t.is(w.b, "dernier", "prochain") {
			w.b++ // "le 10 mars dernier"
			t.times[i].b = w.b
		}
		for k := max(w.a, 0); k < w.b && k < len(t.timed); k++ {
			t.timed[k] = true
		}
	}
}

func (t *sent) low(i int) string {
	if i >= 0 && i < len(t.s) && t.s[i].kind != quote {
		return t.s[i].low
	}
	return ""
}

func (t *sent) is(i int, w ...string) bool {
	x := t.low(i)
	for _, v := range w {
		if x == v && x != "" {
			return true
		}
	}
	return false
}

func (t *sent) isQuote(i int) bool { return i >= 0 && i < len(t.s) && t.s[i].kind == quote }
func (t *sent) isMark(i int) bool  { return i >= 0 && i < len(t.s) && t.s[i].kind == mark }
func (t *sent) isWord(i int) bool  { return i >= 0 && i < len(t.s) && t.s[i].kind == word }
func (t *sent) isTime(i int) bool  { return i >= 0 && i < len(t.s) && t.timed[i] }

func (t *sent) adverb(i int) bool {
	if !t.isWord(i) {
		return false
	}
	w := t.s[i].low
	if t.l.adv[w] {
		return true
	}
	if t.l.code == "en" {
		if t.s[i].cap && i > 0 && t.isWord(i-1) && t.s[i-1].cap {
			return false // "James Cleverly"
		}
		return endsIn(w, "ly") && w != "family" && w != "ally" && w != "daily" && w != "weekly" && w != "assembly" && w != "reply" && w != "italy"
	}
	if i > 0 && endsIn(w, "ment") && (t.l.det[t.low(i-1)] || t.is(i-1, "de", "d'", "du", "des", "en", "au", "par")) {
		return false // "l'établissement"
	}
	return endsIn(w, "ment") && t.x.nouns[w].role == "" && !t.s[i].cap && w != "gouvernement" && w != "parlement" && w != "document" && w != "mouvement" && w != "département" && w != "événement" && w != "comportement"
}

// finite says whether a token is a finite verb that is no verb of speech: a
// helper, in both languages. It tells clauses from phrases.
func (t *sent) finite(i int) bool {
	if !t.isWord(i) {
		return false
	}
	w := t.s[i].low
	if t.l.code == "fr" {
		if w == "avions" || w == "avons" {
			return t.is(i-1, "nous", "n'", "en", "y", "que", "l'")
		}
		if w == "a" || w == "ai" || w == "est" || w == "ont" {
			return !t.s[i].cap
		}
		return t.l.have[w] && w != "ayant" || t.l.be[w] && w != "être" && w != "été" && w != "étant" || t.l.modal[w]
	}
	return t.l.have[w] && w != "having" || t.l.be[w] && w != "be" && w != "been" && w != "being" || t.l.modal[w] && w != "to" || strings.HasSuffix(w, "n't")
}

// verbs finds the verbs of speech that are finite, or hang on to one.
func (t *sent) verbs() {
	for i := 0; i < len(t.s); i++ {
		if t.s[i].kind == quote {
			if c := t.innerVerb(i); c != nil {
				t.cues = append(t.cues, c)
			}
			continue
		}
		if t.s[i].kind != word {
			continue
		}
		forms := t.l.verbs[t.s[i].low]
		if light[t.s[i].low] {
			if c := t.lightVerb(i); c != nil {
				t.cues = append(t.cues, c)
				continue
			}
		}
		if c := t.denialNoun(i); c != nil {
			t.cues = append(t.cues, c)
			continue
		}
		t.deniedByNoun(i)
		if t.l.code == "en" && answering[t.s[i].low] {
			if c := t.answersWith(i); c != nil {
				t.cues = append(t.cues, c)
				continue
			}
		}
		if forms == nil {
			continue
		}
		var got *cue
		for _, f := range forms {
			n := 0
			if f.v.particle != "" {
				k := i + 1
				if t.is(k, "il", "elle", "on", "ils", "elles") && t.s[k].inv {
					k++
				}
				skipped := 0
				for t.l.code == "fr" && (t.isTime(k) || t.betweenParticle(f.v, k)) && skipped < 4 {
					k, skipped = k+1, skipped+1 // "a exprimé jeudi sa préoccupation"
				}
				if n = t.particle(k, f.v.particle); n > 0 {
					n += skipped
				}
				if f.v.lemma == "dire" && t.l.code == "fr" && t.x.nouns[t.low(k+1)].role != "" {
					continue // "a dit son avocat": no feeling is told
				}
				if n == 0 {
					continue
				}
			}
			var c *cue
			if t.l.code == "en" {
				c = t.verbEN(i, f)
			} else {
				c = t.verbFR(i, f)
			}
			if c == nil || t.l.code == "fr" && f.v.has('q') && !f.v.has('c') && !f.v.has('o') && f.v.kind == statement.Assertion && !t.quoteAhead(0, len(t.s)) {
				continue // "le trafic a repris": it tells only beside a quotation
			}
			if f.v.particle != "" && c.how != noone {
				c.b += n
			}
			// A verb with its particle is a better reading than without; of
			// several the one counts whose content is there.
			switch {
			case got == nil:
				got, c.alts = c, []*verb{c.v}
			case c.how == got.how && f.v.particle != "":
				c.alts = append([]*verb{c.v}, got.alts...)
				got = c
			case c.how == got.how:
				got.alts = append(got.alts, c.v)
			}
		}
		if got != nil {
			t.cues = append(t.cues, got)
			i = max(i, got.b-1)
		}
	}
}

// particle says how many tokens at k are a verb's particle, which may be several
// words: "mettre l'accent sur" has "l'_accent_sur".
func (t *sent) particle(k int, p string) int {
	n := 0
	for _, w := range strings.Split(p, "_") {
		if !t.is(k+n, w) {
			return 0
		}
		n++
	}
	return n
}

// light are verbs that say nothing without the noun behind them.
var light = words("issued issue issues published publié publie publient opposé oppose opposent apporté apporte apportent diffusé diffuse diffusent lancé lance launched made fait formulé renewed renouvelé réitéré repeated adressé adresse envoyé envoie émis transmis posté publiait opposait opposaient")

// acts are those nouns.
var acts = map[string]statement.Kind{"denial": statement.Denial, "denials": statement.Denial, "démenti": statement.Denial, "démentis": statement.Denial, "appeal": statement.Request, "appel": statement.Request, "plea": statement.Request}

// lightVerb reads "issued a flat denial", "a publié un démenti".
func (t *sent) lightVerb(i int) *cue {
	k := i + 1
	if !t.is(k, "a", "an", "another", "its", "their", "his", "her", "un", "son", "leur", "une") {
		return nil
	}
	for k++; k < i+5 && t.isWord(k); k++ {
		kind, ok := acts[t.low(k)]
		if !ok {
			continue
		}
		start, have, be, modal, neg := t.helpers(i)
		if be || neg || modal || t.l.code == "fr" && !have && !t.hadBefore(i) && !(t.groupAt[i] >= 0 && t.is(i, "oppose", "opposent", "publie", "publient", "apporte", "apportent", "lance", "diffuse", "diffusent", "adresse", "envoie", "publiait", "opposait", "opposaient")) {
			return nil
		}
		for start < i && t.adverb(start) {
			start++
		}
		at := i
		if h := t.helperAfar(i); t.l.code == "fr" && !have && h > 0 {
			start, at = h, h
		}
		return &cue{a: start, b: i + 1, at: at, how: active, v: &verb{lemma: t.low(i), kind: kind, flags: "o"}, kind: kind}
	}
	return nil
}

// helpers walks left from a verb over adverbs and helpers.
func (t *sent) helpers(i int) (start int, have, be, modal, neg bool) {
	if g := t.groupAt[i]; g >= 0 && t.groups[g].head == i && t.groups[g].a < i {
		start = t.groups[g].a
		for j := start; j < i; j++ {
			w := t.s[j].low
			if t.s[j].inv || !t.isWord(j) {
				continue
			}
			neg = neg || t.l.neg[w] && (t.l.code == "en" || t.is(j, "ne", "n'", "pas", "jamais", "rien"))
			have = have || t.l.have[w]
			be = be || t.l.be[w]
			modal = modal || t.l.code == "en" && t.l.modal[w]
		}
		for j := start - 1; j >= 0 && (t.is(j, "ne", "n'") || t.l.code == "fr" && clitic[t.low(j)] && !t.s[j].inv); j-- {
			neg = neg || t.is(j, "ne", "n'")
			start = j
		}
		return start, have, be, modal, neg
	}
	j := i - 1
	start = i
	for j >= 0 && t.isWord(j) {
		w := t.s[j].low
		switch {
		case t.l.neg[w] && (t.l.code == "en" || w == "ne" || w == "n'" || w == "pas" || w == "jamais" || w == "rien"):
			neg = true
		case t.l.have[w] && !t.s[j].inv:
			have = true
		case t.l.be[w]:
			be = true
		case t.l.code == "en" && t.l.modal[w]:
			modal = true
		case t.l.code == "fr" && t.s[j].inv && hung[w]:
		case t.l.code == "fr" && clitic[w] && j+1 == start:
		case t.adverb(j) && !t.isTime(j):
		default:
			return start, have, be, modal, neg
		}
		start = j
		j--
	}
	return start, have, be, modal, neg
}

// clitic are French pronouns between subject and verb.
var clitic = words("se s' me m' te t' lui leur nous vous y en le la les l'")

func (t *sent) verbFR(i int, f form) *cue {
	start, have, be, _, neg := t.helpers(i)
	inv := i+1 < len(t.s) && t.s[i+1].inv
	reflexive := false
	for k := start; k < i; k++ {
		reflexive = reflexive || t.is(k, "se", "s'")
	}
	for start < i && t.adverb(start) && !t.is(start, "ne", "n'") {
		start++
	}
	c := &cue{a: start, b: i + 1, at: i, v: f.v, how: active}
	prev := t.low(i - 1)
	if t.weVerb(start, i) || reflexive && f.v.has('Q') && f.v.lemma != "dire" && f.v.lemma != "décrire" {
		return nil // "nous avons informé"; "se trouve dans une « impasse »"
	}
	if reflexive && (f.v.lemma == "annoncer" || f.v.lemma == "poursuivre" || f.v.lemma == "expliquer" && t.findNear(i+1, 6, "par") > 0) {
		return nil // "s'annonce sombre", "s'explique par"
	}
	if f.v.has('A') && !(t.is(i-1, "on") && t.s[i-1].inv || inv && t.is(i+1, "on")) {
		return nil // "a-t-on appris"
	}
	switch {
	case f.part && have && !neg:
		if t.is(start, "ayant") || be && !reflexive {
			if p := t.passiveFR(i, start, f); p != nil || t.is(start, "ayant") {
				return p
			}
			return t.passiveCue(i, start, f, true)
		}
		// "aurait déclaré" is said of somebody by somebody else, and still
		// has its speaker.
		return c
	case f.part && be && reflexive && !neg:
		if f.v.lemma == "dire" {
			v := *f.v
			v.flags += "o" // s'est dit inquiet
			c.v = &v
		} else if f.v.lemma == "défendre" {
			return c
		}
		return c
	case f.part && be && !neg:
		if p := t.passiveFR(i, start, f); p != nil {
			return p
		}
		return t.passiveCue(i, start, f, true)
	case f.part && !have && !neg && prev != "et" && t.findNear(i+1, 5, "par") >= 0:
		k := i
		for k > 0 && t.adverb(k-1) {
			k--
		}
		return t.passiveCue(i, k, f, false)
	}
	if neg || t.is(i+1, "pas") {
		return t.disowns(i, start, f)
	}
	if f.part && !be && !have && start == i && (prev == "et" || prev == "puis" || prev == "mais") && len(t.cues) > 0 && t.cues[len(t.cues)-1].a < t.cues[len(t.cues)-1].b-1 && !t.is(i+1, "par") {
		return c // "a dit … et souhaité …"
	}
	switch {
	case f.ger:
		if f.v.lemma == "dire" && t.findNear(i+1, 4, "que", "qu'") < 0 && !t.quoteAhead(i+1, 3) && !t.is(i+1, "ne", "n'", "avoir", "être") {
			return nil
		}
		if t.is(i, "maintenant") && !t.is(i+1, "que", "qu'") {
			return nil
		}
		c.how = gerund
		if start < i && t.s[start].inv {
			c.a = i // "poursuit-il en précisant": the pronoun is the other verb's
			for c.a > 0 && clitic[t.low(c.a-1)] && !t.s[c.a-1].inv {
				c.a--
			}
		}
		if t.is(start-1, "en") {
			c.a = start - 1
		}
		if t.is(c.a, "en") && t.is(c.a-1, "tout") {
			c.a--
		}
		return c
	case f.fin:
		if t.isTime(i-1) && t.is(i-1, "la", "le", "les", "l'") {
			return nil
		}
		switch prev {
		case "un", "une", "des", "cette", "ce", "ces", "de", "d'", "sans", "aucun", "aucune", "sa", "son", "ses", "leur", "leurs", "notre", "nos", "par", "en", "du", "au", "aux", "à", "sous", "nouvelle", "première", "dernière", "toute", "chaque", "quelle", "pour":
			if prev != "leur" && !(prev == "en" && t.groupAt[i] >= 0 && t.groups[t.groupAt[i]].a < i) {
				return nil
			}
		case "la", "le", "les", "l'":
			if f.v.has('n') || i < 2 || t.isMark(i-2) || t.l.prep[t.low(i-2)] || t.is(i-2, "et", "que", "qu'") {
				return nil
			}
		}
		if be && !reflexive && f.v.lemma != "dire" || have && !reflexive || t.groupAt[i] < 0 && !inv {
			return nil // a participle would have matched
		}
		if inv {
			c.b = i + 1
		}
		if reflexive && f.v.lemma == "dire" {
			v := *f.v
			v.flags += "o" // "se dit étrangère à"
			c.v = &v
		}
		return c
	case f.inf && (t.is(i-1, "d'") || t.is(i-1, "de")) && (i == 1 || t.is(i-2, "et", "avant") || t.isQuote(i-2)) && (t.is(i+1, ":", "que", "qu'") || t.isQuote(i+1)) && (f.v.has('c') || f.v.has('q')):
		// "Et d'ajouter : « … »": whoever spoke last
		c.how, c.a = gerund, i-1
		if t.is(i-2, "avant") {
			c.a = i - 2
		}
		if i < 3 && !t.is(i-2, "avant") {
			c.again, c.fixed, c.from = true, true, 0
		}
		return c
	case f.inf && t.is(i-1, "d'", "de") && i > 3 && (t.is(i+1, ":") || t.isQuote(i+1)) && (f.v.has('c') || f.v.has('q')):
		return t.narrative(i, c)
	case f.inf && t.is(i-1, "pour") && i > 3 && t.is(i+1, "que", "qu'") && f.v.has('c') && f.v.particle == "" && !t.negBefore(i-1, 8):
		c.how, c.a = gerund, i-1 // "en a profité pour rappeler que"
		return c
	case f.inf && t.is(i-1, "d'", "de") && t.is(i-2, "avant") && i > 2 && f.v.particle == "" && (f.v.kind != statement.Assertion || oneOf(f.v.lemma, "accuser", "imputer", "reprocher")) && f.v.kind != statement.Question:
		c.how, c.a = gerund, i-2 // ", avant de démentir toute coupure"
		return c
	case f.inf && (t.denyingInfinitive(i, c) || t.couldSee(i, c)):
		return c
	case f.inf && t.is(i-1, "à", "de", "d'") && t.lastTo(i, c):
		return c
	case f.inf:
		// "s'est borné à déclarer", "a tenu à préciser", "a voulu souligner"
		for k := i - 1; k >= 0 && k >= i-3; k-- {
			if t.is(k, "borné", "bornée", "bornés", "contenté", "contentée", "contentés", "limité", "limitée", "limités", "tenus", "tenues", "tenu", "tenue", "voulu", "empressé", "empressée", "empressés", "précipité", "précipitée", "précipités", "hâté", "hâtée", "dépêché", "dépêchée", "risqué", "risquée", "jusqu'", "choisi", "tient", "veut", "refusé") {
				if t.is(k, "refusé") {
					return nil
				}
				st, _, _, _, neg := t.helpers(k)
				if neg {
					return nil
				}
				c.a = st
				if g := t.groupAt[k]; g >= 0 {
					c.at = t.groups[g].head
				}
				if t.is(k, "jusqu'") && k > 0 && t.groupAt[k-1] >= 0 {
					c.a, c.at = t.groups[t.groupAt[k-1]].a, t.groups[t.groupAt[k-1]].head // "alla jusqu'à prétendre"
					if _, _, _, _, neg := t.helpers(c.at); neg || t.find(max(c.a-2, 0), k, "ne", "n'", "sans") >= 0 {
						return nil // "n'est pas allé jusqu'à prétendre"
					}
				}
				return c
			}
			if !t.is(k, "à", "de", "d'", "le", "la", "se", "s'") {
				break
			}
		}
	}
	return nil
}

// narrative reads "et le maire d'assurer : « … »", an infinitive that tells.
func (t *sent) narrative(i int, c *cue) *cue {
	a := i - 1
	for a > 0 && a > i-14 && !t.isMark(a-1) && !t.isQuote(a-1) && t.groupAt[a-1] < 0 && !t.is(a-1, "et") {
		a--
	}
	x, y := t.core(a, i-1)
	if x >= y || a > 0 && !t.is(a-1, "et", ",") || t.roleIn(x, y) == "" && !t.namesOnly(x, y) {
		return nil
	}
	c.a, c.subj, c.from, c.fixed = i-1, [2]int{x, y}, a-b2i(t.is(a-1, "et")), true
	return c
}

// findNear looks for a word within n tokens, before any mark.
func (t *sent) findNear(i, n int, w ...string) int {
	for k := i; k < i+n && k < len(t.s) && !t.isMark(k); k++ {
		if t.is(k, w...) {
			return k
		}
	}
	return -1
}

func (t *sent) quoteAhead(i, n int) bool {
	for k := i; k < len(t.s) && k < i+n; k++ {
		if t.isQuote(k) {
			return true
		}
	}
	return false
}

// clauseEnd is where what begins at i ends at the latest.
func (t *sent) clauseEnd(i int) int {
	for i < len(t.s) && !t.is(i, ";") {
		i++
	}
	for i > 0 && t.isMark(i-1) && !t.is(i-1, ")", "%", "]") && i-1 < len(t.s) {
		i--
	}
	return i
}

// clauseStart is where the clause around token i begins.
func (t *sent) clauseStart(i int) int {
	for i > 0 && !t.is(i-1, ";", ":", "–") && !(t.is(i-1, ",") && t.is(i, "and", "but", "et", "mais")) {
		i--
	}
	return i
}
