package press

import (
	"slices"
	"strings"

	"constat/claims/statement"
)

// Who holds the floor: whom a quotation belongs to that nobody's verb claims. Whatever
// stands before a colon that opens a quotation introduces it, with a verb of saying or
// without one. Its speaker is the human subject of what introduces it, or whom that names
// behind "de", "chez" or "pour"; if it names nobody, whoever was spoken of or spoke last.

// introduces remembers whom a sentence that ends a paragraph with a colon makes the speaker
// of the quotation that opens the next one.
func (r *reader) introduces(t *sent, pi int) {
	r.intro = party{}
	n := len(t.s)
	if n < 2 || !t.is(n-1, ":") || t.isQuote(n-2) {
		return
	}
	if t.l.code == "en" {
		a, b := t.introducedEN(0, n-1)
		if a < b && !t.l.first[t.low(a)] && !(b-a == 1 && t.l.pron[t.low(a)]) && t.human(a, b) {
			_, m := t.describe(a, b, [2]int{}, &r.mem, pi)
			r.intro = party{m: m, sentence: r.sentence, in: pi}
		}
		return
	}
	s, floor, ok := t.introducedBy(0, n-1)
	switch {
	case !ok:
	case floor:
		r.intro = party{m: r.holdsFloor(pi), sentence: r.sentence, in: pi}
	case s[1]-s[0] == 1 && t.l.pron[t.low(s[0])]:
		c := &cue{subj: s, how: colon, v: &verb{lemma: ":"}, a: n - 1, pron: true, direct: true}
		r.intro = party{m: t.resolve(c, &r.mem, pi, r.sentence), sentence: r.sentence, in: pi}
	default:
		appos := [2]int{}
		if e := t.find(s[1]+1, n, ","); t.is(s[1], ",") && e > s[1]+1 && t.phrase(s[1]+1, e) && !t.beginsInsert(s[1]+1, e) {
			appos = [2]int{s[1] + 1, e}
		}
		_, m := t.describe(s[0], s[1], appos, &r.mem, pi)
		r.intro = party{m: m, sentence: r.sentence, in: pi}
	}
}

// wordy are nouns of words or of what somebody feels or makes of something: no one says
// them, and a quotation behind them is whose the text is about.
var wordy = words("regret argument explication constat conclusion réaction réponse commentaire aveu mot phrase attaque critique promesse avertissement conseil souvenir verdict mise formule bilan raison motif reproche grief colère crainte inquiétude espoir certitude conviction satisfaction surprise soulagement ton voix visage analyse avis diagnostic credo leitmotiv message objectif rappel question exemple anecdote confidence chiffre preuve résumé réplique riposte plaidoyer mea-culpa émotion amertume ironie déception fierté consigne ambition rêve discours histoire récit parole propos phrase sentence boutade pique tacle charge")

// thingEnds are endings of nouns that are nobody.
var thingEnds = []string{"tion", "sion", "ment", "age", "té", "ure", "ance", "ence", "isme", "esse", "tude", "eur"}

// saysHere says whether a subject before a colon may be who says what follows it.
func (t *sent) saysHere(a, b int) bool {
	w := t.low(a)
	for i := a; i < b; i++ {
		if t.l.sub[t.low(i)] || t.is(i, "lorsqu'", "quand", "puisqu'", "s'") {
			return false
		}
	}
	if b == a+1 && t.l.pron[w] {
		return t.is(a, "il", "elle", "ils", "elles", "celui-ci", "celle-ci")
	}
	h := a
	for h < b && (t.l.det[t.low(h)] || t.l.poss[t.low(h)] || t.adverb(h) || t.is(h, "seul", "seule", "autre", "premier", "première", "dernier", "dernière", "même", "simple", "nouvelle", "nouveau", "maigre", "unique", "grand", "grande", "petit", "petite")) {
		h++
	}
	if h >= b || wordy[t.low(h)] || b == a+1 && (t.l.spared[w] || t.is(a, "c'", "quel", "quels", "quelle", "quelles", "leur", "voici", "voilà")) {
		return false
	}
	if t.roleIn(a, b) != "" || t.documentIn(a, b) || t.namesOnly(a, b) || t.hasCap(h, b) && t.find(h, b, "de", "du", "des", "d'") < 0 {
		return true
	}
	many := t.is(a, "de", "d'", "plusieurs", "certains", "certaines", "beaucoup", "deux", "trois", "quelques") && b-a > 1
	if !t.l.det[w] && !many || things[t.low(h)] {
		return false
	}
	for _, e := range thingEnds {
		if endsIn(t.low(h), e) && (e != "eur" || endsIn(t.low(h), "leur", "gueur", "ueur") && !endsIn(t.low(h), "illeur", "ailleur", "oleur", "alleur")) {
			return false
		}
	}
	return true
}

// introducedBy gives who introduces the quotation behind the colon at i. floor: nobody
// is named, so that it is whose turn it is.
func (t *sent) introducedBy(lo, i int) (subj [2]int, floor, ok bool) {
	a, b := t.leading(lo, i)
	for k := range t.clauses {
		cl := &t.clauses[k]
		if cl.kind != mainClause || cl.a < lo || cl.a >= i || cl.group < 0 || t.groups[cl.group].b > i {
			continue
		}
		if s, _ := t.subjectOf(cl); s[1] > s[0] && s[0] >= lo {
			if x, y := t.core(s[0], s[1]); x < y {
				for x+1 < y && t.adverb(x) {
					x++ // "Puis il passe aux reproches : « … »"
				}
				a, b = x, y
			}
			if t.saysHere(a, b) {
				break
			}
		}
	}
	if a < b && (t.l.first[t.low(a)] && !t.s[a].caps) {
		return
	}
	if b == a+1 && t.is(a, "on") {
		x, y := t.frontedBody(lo)
		return [2]int{x, y}, false, y > x
	}
	if a < b && !t.l.sub[t.low(a)] && t.saysHere(a, b) && !t.bearsWords(a, b) {
		return [2]int{a, b}, false, true
	}
	if x, y := t.namedBefore(a, b); a < b && x < y {
		return [2]int{x, y}, false, true
	}
	if x, y := t.namedBefore(lo, i); x < y {
		return [2]int{x, y}, false, true
	}
	if t.inscribed(lo, i) || t.isQuote(i+1) && !t.spoken(i+1) {
		return
	}
	if x, y := t.writtenBefore(lo, i); x < y {
		return [2]int{x, y}, false, true
	}
	return [2]int{}, true, true
}

// spoken says whether the quotation at q reads as what somebody says, and not as a name or a
// title: it ends in a stop, or speaks of somebody by a pronoun.
func (t *sent) spoken(q int) bool {
	in := t.inside(q, 40)
	if len(in) < 3 {
		return false
	}
	for i := range in {
		switch in[i].low {
		case "je", "j'", "nous", "on", "il", "elle", "ils", "elles", "c'", "ça", "cela", "vous", "tu", "est", "sont":
			return true
		}
	}
	return t.quoteClosesWith(q, '.') || t.quoteClosesWith(q, '!') || t.quoteClosesWith(q, '?')
}

// inscribed says whether what stands before the colon at i is of words that nobody says: a
// title, a slogan. Somebody's own word ("sa formule", "cette phrase") is said.
func (t *sent) inscribed(lo, i int) bool {
	for k := lo; k < i; k++ {
		if fixedNouns[t.low(k)] && !t.l.poss[t.low(k-1)] && !t.is(k-1, "cette", "ce", "cet") && !wordy[t.low(k)] || t.is(k, "titre", "slogan", "pancarte", "banderole", "affiche", "écriteau", "devise", "refrain", "proverbe", "article", "loi", "code", "chanson", "film", "livre", "roman", "album", "chapitre", "lire", "voir", "tract") {
			return true
		}
	}
	return false
}

// namedBefore gives whom the words before a colon at i name last behind "de", "chez" or
// "pour", with what describes them.
func (t *sent) namedBefore(lo, i int) (int, int) {
	for k := i - 1; k >= lo && k > i-16; k-- {
		if t.isQuote(k) || t.groupAt[k] >= 0 && !t.is(k, "du", "des") {
			return 0, 0
		}
		if !t.is(k, "de", "du", "des", "d'", "chez", "pour") {
			continue
		}
		e := k + 1
		for e < i && !t.isMark(e) && t.groupAt[e] < 0 {
			e++
		}
		a, b := t.core(k+1, e)
		if a < b && a == k+1 && (t.roleIn(a, b) != "" && !t.documentIn(a, b) || t.namesOnly(a, b) && !t.placeIn(a, b)) && (t.is(k, "chez") || wordy[t.nounBefore(k)] || t.is(k, "pour") && k == lo) {
			return a, i
		}
	}
	return 0, 0
}

// writtenBefore gives what is written and named last before a colon at i, which the quotation
// is taken from: "Le choc quand il découvre le courriel, daté du 3 mai : « … »".
func (t *sent) writtenBefore(lo, i int) (int, int) {
	for k := i - 1; k > lo; k-- {
		if t.x.nouns[t.low(k)].role == "document" && !wordy[t.low(k)] && (t.l.det[t.low(k-1)] && !t.is(k-1, "du", "des") || t.l.poss[t.low(k-1)]) {
			return k - 1, k + 1
		}
	}
	return 0, 0
}

// nounBefore is the noun before a preposition at k, past an adjective.
func (t *sent) nounBefore(k int) string {
	for j := k - 1; j >= 0 && j > k-4 && t.isWord(j); j-- {
		if wordy[t.low(j)] {
			return t.low(j)
		}
	}
	return ""
}

// holdsFloor gives who holds the floor where a sentence names nobody: whom the sentence
// before was about, or who spoke last, whichever is nearer.
func (r *reader) holdsFloor(pi int) *mention {
	var said *mention
	for k := len(r.out) - 1; k >= 0 && r.out[k].para >= pi-2; k-- {
		if g := r.out[k]; g.through < 0 && g.m != nil && (g.m.person || g.m.thing) && len(g.m.sp.As) > 3 {
			said = g.m
			break
		}
	}
	about := r.topic
	if about == nil || about.sentence < r.sentence-2 || !about.person && !about.thing || about.thing && !about.person && said != nil {
		return said
	}
	if said == nil || about.sentence > said.sentence {
		return about
	}
	return said
}

// takesFloor makes whoever holds the floor the speaker of a statement.
func (r *reader) takesFloor(f *found, pi int) bool {
	m := r.holdsFloor(pi)
	if m == nil {
		return false
	}
	f.speaker = nil
	f.giveTo(m)
	f.m.para = pi
	f.speaker = slices.Clip(f.speaker)
	return true
}

// calledBy says whether a French subject is a noun that no list holds with a name of two
// words behind it: "Le luthier Jan Holm".
func (t *sent) calledBy(a, b int) bool {
	return t.l.code == "fr" && b-a >= 4 && b-a <= 6 && t.l.det[t.low(a)] && !t.s[a+1].cap && t.s[b-2].cap && t.namesOnly(b-2, b) && t.find(a+1, b, "de", "du", "des", "d'", "à", "en") < 0 && t.x.given[t.low(b-2)] != 0
}

// mainSpeaker gives who has said most of late, if that is at least so many statements and
// the last of them is not far.
func (r *reader) mainSpeaker(least int, ok func(*mention) bool) *mention {
	var best *mention
	most := least - 1
	for k, n := len(r.out)-1, 0; k >= 0 && n < 12; k, n = k-1, n+1 {
		g := r.out[k]
		if g.through >= 0 || g.m == nil || !g.m.person || !ok(g.m) || best != nil && sameParty(best.sp, g.sp) {
			continue
		}
		if c := r.saidBy(g.sp); c > most {
			best, most = g.m, c
		}
	}
	if best == nil || best.sentence < r.sentence-8 {
		return nil
	}
	return best
}

// saidBy counts the latest statements of a speaker.
func (r *reader) saidBy(sp statement.Speaker) int {
	n := 0
	for k := len(r.out) - 1; k >= 0 && k > len(r.out)-25; k-- {
		n += b2i(r.out[k].through < 0 && sameParty(r.out[k].sp, sp))
	}
	return n
}

// links says whether a sentence speaks of somebody by a pronoun or by whose somebody its
// subject is: "Le meunier l'a traité de menteur", "Son rival dormait".
func (t *sent) links() bool {
	for k := 1; k+1 < len(t.s); k++ {
		if t.is(k, "l'", "le", "la", "lui", "les") && !t.s[k].cap && t.groupAt[k+1] >= 0 && (t.groupAt[k] >= 0 || t.groups[t.groupAt[k+1]].a == k+1) && !t.l.prep[t.low(k-1)] {
			return true
		}
	}
	return t.is(0, "son", "sa", "ses")
}

// answeringFR are verbs by which the other side speaks.
var answeringFR = words("répondre rétorquer répliquer riposter objecter")

// holding are verbs by which somebody holds to what they have said.
var holding = words("maintenir soutenir jurer répéter réaffirmer réitérer marteler")

// keepsFloor gives the main speaker for a pronoun that would go to m, if m only came up in an
// interlude: it did not speak, and the sentence before speaks of the main speaker too; or it
// spoke in a relative clause alone; or the verb goes on ("a-t-il poursuivi") or answers.
func (r *reader) keepsFloor(t *sent, c *cue, m *mention) *mention {
	if t.l.code != "fr" || m == nil || m.plural || !t.is(c.subj[0], "il", "elle") || c.nested {
		return m
	}
	least := 2 - b2i(goingOn[c.v.lemma] || answeringFR[c.v.lemma])
	h := r.mainSpeaker(least, func(x *mention) bool { return !x.plural && t.pronFits(c, x) })
	if h == nil || sameParty(h.sp, m.sp) || h.gender == 0 && m.gender != 0 || r.enters(m) {
		return m
	}
	n, spoke := r.saidBy(m.sp), m.fromSaid && m.sentence >= r.sentence-1
	switch {
	case goingOn[c.v.lemma] && !spoke && r.spokeIn < r.sentence-1,
		answeringFR[c.v.lemma] && m.sentence >= r.sentence-1,
		n == 0 && r.linked == r.sentence-1,
		n == 1 && spoke && r.aside == r.sentence-1,
		n == 1 && spoke && r.linked == r.sentence-1 && holding[c.v.lemma]:
		return h
	}
	return m
}

// enters says whether m takes the floor in the sentence before: newly brought in as somebody
// ("Une femme en manteau rouge passe"), or said to speak ("s'est exprimé sur Twitter").
func (r *reader) enters(m *mention) bool {
	if m.sentence < r.sentence-1 {
		return false
	}
	for _, w := range []string{"Un ", "Une ", "un ", "une "} {
		if strings.HasPrefix(m.sp.As, w) {
			return true
		}
	}
	for i := range r.last {
		switch r.last[i].low {
		case "exprimé", "exprimée", "exprime", "réagi", "réagit", "réaction", "parole", "commenté", "commente", "répondu", "répond", "tweeté", "twitter", "tweet", "communiqué", "interrogé", "interrogée", "contacté", "contactée":
			return true
		}
	}
	return false
}

// asideOnly says whether whoever speaks in a sentence does so in relative clauses alone.
func (t *sent) asideOnly() bool {
	any := false
	for _, c := range t.cues {
		if len(c.content) == 0 || c.nested {
			continue
		}
		if !t.inRelative(c.at) || c.how != active {
			return false
		}
		any = true
	}
	return any
}

// frontedBody gives the body that the head of a sentence names for "on": "Du côté de la
// mairie, on assure que", "Chez Navalis, « … », répond-on", "À la préfecture, on dément".
func (t *sent) frontedBody(lo int) (int, int) {
	k := lo
	for k < len(t.s) && (t.l.conj[t.low(k)] || t.isMark(k) || t.adverb(k)) {
		k++
	}
	name := true // a name alone will do
	switch {
	case t.is(k, "du") && t.is(k+1, "côté") && t.is(k+2, "de", "du", "des", "d'"):
		k += 3
	case t.is(k, "dans") && t.is(k+1, "l'") && t.is(k+2, "entourage", "état-major"), t.is(k, "dans") && t.is(k+1, "les") && t.is(k+2, "rangs", "couloirs"):
		k++
	case t.is(k, "chez"):
		k++
	case t.is(k, "à", "au", "aux"):
		k, name = k+1, false
	default:
		return 0, 0
	}
	e := k
	for e < len(t.s) && e < k+14 && !t.isMark(e) && !t.isQuote(e) && t.groupAt[e] < 0 && !t.is(e, "on") {
		e++
	}
	for e > k && (t.isTime(e-1) || t.adverb(e-1)) {
		e--
	}
	if e <= k || t.roleIn(k, e) == "" && !(name && t.hasCap(k, e)) {
		return 0, 0
	}
	return k, e
}

// behindFront takes the body at the head of the sentence off what is told of it: "Chez
// Navalis, « … », assure-t-on".
func (t *sent) behindFront(c *cue) {
	if !c.left || !c.inverted || len(c.content) == 0 || c.subj[1] > c.a || c.pron {
		return
	}
	if r := &c.content[0]; r[0] < c.subj[1] && c.subj[1] < r[1] {
		r[0] = c.subj[1]
		for r[0] < r[1] && t.isMark(r[0]) {
			r[0]++
		}
		c.direct = r[1] == r[0]+1 && t.isQuote(r[0])
	}
}

// uttered are nouns of what somebody says too much of; a quotation between dashes behind one
// is an example.
var uttered = words("bourde bourdes provocation provocations promesse promesses outrance outrances insulte insultes menace menaces formules déclarations phrases saillies attaques piques mensonges contre-vérités reproches avertissements plaintes lamentations excuses invectives confidences maladresses vœux conseils critiques")

// opensLike says whether a comma or dash at i opens a quotation as a colon does: "Elle le
// jurera, « … »", "multiplie les bourdes – « la Lune est plate » –".
func (t *sent) opensLike(i int) bool {
	switch {
	case t.l.code != "fr" || i < 3 || !t.isQuote(i+1):
		return false
	case t.is(i, ","):
		return t.is(i-2, "le", "l'") && t.toCome(i-1)
	}
	return t.is(i, "–", "—", "-") && uttered[t.low(i-1)] && (i+2 >= len(t.s) || t.isMark(i+2))
}

// onFronted gives "on" the body that the head of its sentence names; it reports whether there
// is one.
func (t *sent) onFronted(c *cue) bool {
	x, y := t.frontedBody(0)
	if !t.is(c.subj[0], "on") || t.l.code != "fr" || x >= y || y > c.subj[0] {
		return false
	}
	c.subj, c.appos, c.pron = [2]int{x, y}, [2]int{}, false
	return true
}
