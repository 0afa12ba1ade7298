package press

import "constat/claims/statement"

// irregular are pasts and participles that do not end in -ed.
var irregular = words("cut lost had did gave took made went sent said been saw done told put shut broke ran knew got came left wrote spoke found felt held kept paid heard met sold built bought led fell hit stole stolen given taken seen known gone spoken written")

// negated are nouns whose absence denies: there is no evidence, no role.
var negated = words(`intention intentions plans reason interest motive intérêt raison motif evidence proof proofs indication indications sign signs basis foundation role part involvement link links connection truth
	relation relationship relations bearing association affiliation
	request requests merit grounds troops soldiers bases presence ties dealings
	exposure break-in break-ins compromise tampering
	knowledge instruction instructions attack interference intrusion breach order orders responsibility wrongdoing confirmation trace traces such substance
	preuve preuves indice indices indication élément éléments rôle lien liens implication fondement vérité connaissance instruction instructions consigne
	attaque ingérence intrusion ordre responsabilité confirmation trace traces tel telle tels telles participation faute`)

// wavering are words that find something unproven without denying it.
var wavering = words("flimsy unconvincing unconvinced inconclusive insufficient sceptical skeptical sceptique sceptiques dubitatif dubitative insuffisant insuffisante insuffisants insuffisantes doubtful douteux douteuse unproven perplexe")

// attitudes are verbs of which a negation denies no act: "did not regret".
var attitudes = words(`thought believed wanted expected hoped wished felt dreamed dreamt foresee foreseen anticipate anticipated imagine imagined appreciate heard seen measured experienced encountered witnessed vu connu rencontré mesuré regret think believe want know understand expect see need like care mind feel agree hope wish fear say comment believe intend plan remember recall rule exclude
	regretter regrette penser pense croire crois vouloir veut voulons sait savons sais savoir comprendre comprend comprends voir vois regretté pensé cru voulu su compris souhaite souhaitons exclut exclure exclu souvient rappelle souhaité défendu répondu riposté réagi parlé exprimé terminé fini gagné perdu réussi`)

// verdict is what the speaker does, and whether an assertion is negative.
type verdict struct {
	kind     statement.Kind
	negative bool
}

// judge decides what the speaker does, from the verb and from what is said. The
// rules are in docs/reading.md: a denial answers a charge or a report; any other
// negation is an assertion that something is not so.
func (t *sent) judge(kind statement.Kind, ts []tok, sp statement.Speaker, direct bool) verdict {
	q := &sent{l: t.l, x: t.x, text: t.text, s: ts}
	switch kind {
	case statement.Assertion, statement.Announcement, statement.Question:
	case statement.Request:
		if direct && q.questions() {
			return verdict{kind: statement.Question}
		}
		return verdict{kind: kind}
	default:
		return verdict{kind: kind}
	}
	if direct && q.questions() {
		return verdict{kind: statement.Question}
	}
	if kind == statement.Question && direct {
		kind = statement.Assertion // "asked" may stand beside any words
	}
	if kind == statement.Question {
		return verdict{kind: kind}
	}
	if t.l.code == "en" && q.saysNot() {
		return verdict{kind: statement.Denial}
	}
	if direct && t.l.code == "en" && q.is(0, "no") && q.is(1, ".", ",") {
		for i := 2; i < len(ts) && i < 14; i++ {
			if q.negates(i) {
				return verdict{kind: statement.Denial} // "No. Our switches never lost a packet."
			}
		}
	}
	negative := false
	if q.saysNo(ts, sp, direct, &negative) {
		return verdict{kind: statement.Denial}
	}
	if t.l.code == "fr" && q.threatensFR() || !negative && q.threatens() {
		return verdict{kind: statement.Threat}
	}
	if kind == statement.Assertion {
		if k := q.weighs(direct, negative, sp); k != "" {
			return verdict{kind: k}
		}
	}
	return verdict{kind: kind, negative: negative && kind == statement.Assertion}
}

// saysNo says whether the main clauses of the first two sentences deny; negative is set
// if the first main clause is negated. ts are the tokens of t.
func (t *sent) saysNo(ts []tok, sp statement.Speaker, direct bool, negative *bool) bool {
	q := t
	first, sub := true, q.is(0, "if", "si", "s'") && len(ts) > 5
	concedes := q.concedes()
	opened := sub
	depth, sentences := 0, 0
	for i := 0; i < len(ts) && i < 80; i++ {
		if e := q.toldInside(i); e > i {
			i = e
			continue
		}
		if q.titleDot(i) {
			continue
		}
		if q.is(i, ".", "!", "?", ";", "…") {
			if sentences++; sentences == 2 {
				break
			}
			first, sub = false, false
			continue
		}
		depth += b2i(q.is(i, "(")) - b2i(q.is(i, ")"))
		if depth > 0 && q.l.code == "fr" {
			continue
		}
		sub = sub || i > 2 && depth == 0 && q.subordinate(i)
		concedes = concedes && !q.is(i, ",")
		if q.is(i, ",") && opened {
			opened, sub = false, false
		}
		sub = sub && !q.resumes(i)
		if i > 3 && q.is(i, "that", "que", "qu'") && q.is(i-1, "and", "et") {
			break // "that its site had been hacked and that remarks were fabricated"
		}
		if sub {
			if q.untrueAside(i) {
				return true
			}
			continue
		}
		if first && i > 3 && q.turns(i) {
			first = false
		}
		if q.deniesAt(i, first || sentences > 0, concedes, sp, direct) {
			return true
		}
		*negative = *negative || first && q.negates(i)
	}
	return false
}

// oneOf says whether a word is said of a kind and not of a party: "une adresse n'est pas
// un auteur".
func (t *sent) oneOf(k int) bool { return t.l.code == "fr" && t.is(k-1, "un", "une") }

// titleDot says whether a full stop belongs to a French title: "M. Diarra".
func (t *sent) titleDot(i int) bool {
	return t.l.code == "fr" && t.is(i, ".") && t.is(i-1, "m", "mm", "me", "mme", "dr", "mgr")
}

// deniesAt says whether the token denies; missing: the absence of evidence counts;
// conceded: only what is called untrue does.
func (t *sent) deniesAt(i int, missing, conceded bool, sp statement.Speaker, direct bool) bool {
	return t.untrue(i) || t.deniesVerb(i) || t.refutesFR(i) || !conceded && (missing && t.absent(i) && t.knows(sp) || t.negatesOwn(i, sp, direct) || t.negatesEvent(i) || t.unaware(i, sp))
}

// resumes says whether a comma at i ends a clause that hangs on the main one.
func (t *sent) resumes(i int) bool {
	return t.is(i, ",") && i+1 < len(t.s) && (t.l.pron[t.low(i+1)] || t.l.first[t.low(i+1)] || t.is(i+1, "and", "but", "et", "mais"))
}

// subordinate says whether a clause that is not the main thing said begins at i.
func (t *sent) subordinate(i int) bool {
	if t.l.code == "fr" && t.subordinateFR(i) {
		return true
	}
	if t.l.code == "en" && t.is(i, "although", "though") && t.is(i-1, ",", "even") {
		return true
	}
	opens := t.l.rel[t.low(i)] && !t.is(i, "that") || t.is(i, "because", "if", "si", "parce", "puisque", "since", "unless", "while", "when", "quand", "lorsque", "que", "qu'", "without", "sans", "whether") && !t.is(i-1, "ne", "n'")
	return opens && !(t.is(i, "que", "qu'") && t.semblance(i))
}

// untrueAside says whether the token, in such a clause, calls the main thing untrue:
// "puisque c'est faux", "without foundation".
func (t *sent) untrueAside(i int) bool {
	if t.is(i, "sans", "without") {
		return t.untrue(i)
	}
	if t.l.code != "fr" || !t.x.claims["false"][t.low(i)] {
		return false
	}
	points := t.pointsBefore(i) && t.find(max(i-5, 0), i, "puisque", "car", "parce") < 0 && t.find(max(i-4, 0), i, "c'") >= 0
	return (points || t.find(max(i-6, 0), i, "puisque", "parce") >= 0) && t.untrue(i)
}

// weighs is what an assertion does after all: it doubts, asks, blames; "" for none of
// these.
func (t *sent) weighs(direct, negative bool, sp statement.Speaker) statement.Kind {
	if direct && t.imperative() && (sp.Role != statement.Other || sp.Name != "") {
		return statement.Request
	}
	for i := 0; i < len(t.s) && i < 20; i++ {
		if wavering[t.low(i)] && !t.is(i-1, "not", "pas", "moins") {
			return statement.Doubt
		}
		if i > 2 && t.l.sub[t.low(i)] {
			break
		}
	}
	if t.l.code == "fr" && direct && t.demands() {
		return statement.Request
	}
	if (!negative || t.is(0, "il") && t.is(1, "faut")) && (t.asks() || direct && t.demands()) {
		return statement.Request
	}
	if t.l.code == "fr" && direct && t.blamesFR() {
		return statement.Condemnation
	}
	return ""
}

// turns says whether a second clause begins at token i, so that its negation is not
// the main thing said: "The key was lost, and the city did not pay".
func (t *sent) turns(i int) bool {
	return t.l.code == "en" && t.is(i, ",", "–") && t.is(i+1, "and", "but", "though", "although", "so", "or") && (t.l.det[t.low(i+2)] || t.l.pron[t.low(i+2)] || t.l.first[t.low(i+2)])
}

// knows says whether a speaker's "no evidence" denies: those in office and companies
// answer by it; an expert, or an outlet, states a finding.
func (t *sent) knows(sp statement.Speaker) bool {
	if t.l.code == "en" && ofCourt(sp) {
		return false
	}
	if t.l.code != "en" || sp.Role != statement.Expert && sp.Role != statement.Outlet && sp.Role != statement.Other && sp.Role != statement.Source && sp.Role != statement.Staff {
		return true
	}
	finding := false
	for i := range t.s {
		if t.l.first[t.low(i)] || t.l.poss[t.low(i)] && !fromReport(sp) {
			return true
		}
		finding = finding || t.is(i, "evidence", "proof", "indication", "indications", "sign", "signs", "basis", "confirmation", "trace", "traces")
	}
	return !finding
}

// semblance says whether "que" at i stands behind "il semble" and the like, so
// that what follows is the main thing.
func (t *sent) semblance(i int) bool {
	return t.is(i-1, "semble", "apparaît", "clair", "évident", "vrai", "certain", "sûr", "probable", "paraît", "confirme", "assure", "est-ce")
}

// questions says whether words are a question: they end in its mark and hold no
// other sentence.
func (t *sent) questions() bool {
	n := len(t.s)
	for n > 0 && t.isQuote(n-1) {
		n--
	}
	if n == 0 || !t.is(n-1, "?") {
		return false
	}
	for i := 0; i < n-1; i++ {
		if t.is(i, ".", "!", "…") && i > 3 {
			return false
		}
	}
	return true
}

// claimIn says whether a claim is named among the words, or pointed at.
func (t *sent) claimIn(a, b int) bool {
	for i := max(a, 0); i < b && i < len(t.s); i++ {
		if t.x.claims["claim"][t.low(i)] {
			return true
		}
	}
	return false
}

// untrue says whether the token calls something untrue.
func (t *sent) untrue(i int) bool {
	w := t.low(i)
	strong, weak := t.x.claims["false"][w], t.x.claims["weak"][w]
	if t.l.code == "en" && w == "manipulation" {
		weak = false // a French word of falsity
	}
	if t.l.code == "fr" && t.is(i, "fabrication") && t.is(i-1, "de") {
		return false
	}
	if t.l.code == "en" && weak && t.is(i-1, "spread", "spreads", "spreading", "combat", "combating", "fight", "fighting", "counter", "countering", "curb", "curbing", "stop", "tackle", "peddle", "peddling", "propagate", "propagating") {
		return false // "to spread propaganda"
	}
	if t.l.code == "en" && (weak || strong) && (t.qualified(i) || t.judgement(i)) {
		return false // "to stop the spread of misinformation"
	}
	switch {
	case t.l.code == "fr" && lies[w] && t.is(i-1, "du", "des", "de") && t.l.det[t.low(i-3)] && t.isWord(i-2) && t.noVerdict(i-2):
		return false // "le quinquennat du mensonge"
	case t.l.code == "fr" && lies[w] && (i > 3 && !t.beBefore(i, 6) && !t.pointsBefore(i) || t.is(i+1, "qui", "que", "qu'") && t.l.det[t.low(0)] && i < 5):
		return false // "la foi est née des mensonges": of what is said, no verdict
	case strong || weak:
		if t.l.code == "fr" && (t.is(i-1, "nullement", "aucunement") || t.ascribed(i)) || t.x.claims["claim"][t.low(i+1)] && t.aboutFalse(i) {
			return false
		}
		if t.is(i-1, "not", "pas", "nothing", "en", "something", "went", "gone", "go", "what", "anything") {
			return false
		}
		// "a false alarm", "de faux billets": a quality, no verdict, unless of a claim
		if i+1 < len(t.s) && t.isWord(i+1) && !t.l.prep[t.low(i+1)] && !t.l.conj[t.low(i+1)] && !t.l.det[t.low(i+1)] && !t.l.sub[t.low(i+1)] && !t.adverb(i+1) && !t.l.be[t.low(i+1)] && !t.l.have[t.low(i+1)] {
			return t.claimIn(i+1, i+3) && !t.is(i-1, "any", "the") && (t.l.code != "en" || i < 2 || t.beBefore(i, 5) || t.pointsBefore(i) || t.is(i-1, "as", "a", "an") || t.adverb(i-1) && t.is(i-2, "a", "an"))
		}
		if t.l.code == "fr" && i > 4 && t.claimIn(i-1, i) && !t.beBefore(i, 7) {
			return false // "une enquête visant les accusations infondées": of another's verdict
		}
		if t.is(i-1, "the", "le", "les", "des") && !t.is(i, "mensonges", "calomnies", "affabulations") {
			return false
		}
		if strong {
			return true
		}
		return t.claimIn(0, min(len(t.s), i+8)) || t.pointsBefore(i) || len(t.s) <= 2 || len(t.s) <= 4 && t.l.code == "fr" && !t.l.det[t.low(0)]
	case t.is(i, "without", "sans", "dénué", "dénuée", "dénués", "dénuées", "dépourvu", "dépourvue", "dépourvus", "dépourvues"):
		for k := i + 1; k < i+6; k++ {
			if t.is(k, "foundation", "basis", "merit", "substance", "fondement", "fondements", "sens", "preuve", "preuves", "vérité") {
				return true
			}
		}
	case t.is(i, "importe"):
		return t.is(i+1, "quoi") && t.is(i-1, "n'") && t.is(i-2, "est", "c'", "grand", "du", "vrai")
	case t.is(i, "invention", "inventions"):
		return t.is(i-1, "pure", "une", "d'", "de", "an") || t.is(i+1, "pure", "pures")
	case t.is(i, "case") && !(t.is(i-1, "the") && !t.is(i+1, "of", "for", "against", "in")):
		return false
	case t.is(i, "true", "correct", "accurate", "vrai", "exact", "vraie", "vraies", "exacte", "exactes", "case", "cas", "happened", "fondé", "fondée", "fondées"):
		return t.negBefore(i, 5) && !t.is(i-1, "in", "en", "dans") && (t.l.code != "fr" || !t.is(i, "cas") || t.is(i-1, "le"))
	case t.is(i, "happened", "happen", "occurred", "occur", "existed", "existe", "existent", "existé"):
		return t.negBefore(i, 3) && !t.untilThen(i)
	case t.is(i, "fabricated", "nonsense"), t.l.code == "en" && (t.untruePhrase(i) || t.innocentAt(i)):
		return true
	case t.is(i, "rien") && t.is(i+1, "n'", "ne") && t.is(i+2, "indique", "prouve", "montre", "permet", "suggère", "démontre"), t.is(i, "nothing") && t.is(i+1, "suggests", "indicates", "shows", "proves"), t.is(i, "nothing") && t.is(i+1, "to") && t.is(i+2, "suggest", "indicate"):
		return true
	case t.is(i, "repose", "reposent"):
		return t.negBefore(i, 3) && !t.is(i-1, "quoi")
	case t.is(i, "rien") && t.is(i-1, "est") && t.is(i-2, "en"), t.is(i, "fake") && t.is(i+1, "news"):
		return true
	case t.is(i, "rien") && t.is(i-1, "pour"), t.is(i, "savoir") && t.is(i-1, "rien"), t.is(i, "ignorer") && i < 3:
		return true
	case t.is(i, "nothing") && t.is(i-1, "knew", "knows", "know", "known") && t.is(i+1, "about", "of"):
		return true
	case t.is(i, "nothing", "rien"):
		return t.is(i+1, "to", "à") && t.is(i+2, "do", "voir") && (t.l.code != "fr" || t.touches(i) && !t.comparesOwn(i)) || t.is(i+1, "wrong", "illegal", "improper", "unlawful") && t.is(i-1, "did", "done", "do", "doing") || t.is(i+1, "of") && t.is(i+2, "the") && t.is(i+3, "sort", "kind") || t.is(i+1, "de") && t.is(i+2, "tel")
	case t.is(i, "étranger", "étrangère", "étrangers", "étrangères"):
		return t.is(i+1, "à", "au", "aux") && (i < 3 || t.is(i-1, "totalement", "complètement", "est", "sommes", "suis"))
	}
	return false
}

// beBefore says whether a form of "to be" stands within n tokens before i.
func (t *sent) beBefore(i, n int) bool {
	for k := i - 1; k >= 0 && k >= i-n; k-- {
		if t.l.be[t.low(k)] {
			return true
		}
	}
	return false
}

// pointsBefore says whether "this", "it", "c'" or the like is the subject of
// what stands at i.
func (t *sent) pointsBefore(i int) bool {
	for k := i - 1; k >= 0 && k > i-6; k-- {
		if t.is(k, "this", "that", "it", "these", "those", "c'", "ce", "cela", "ça", "ceci", "they", "tout") {
			return true
		}
		if t.isMark(k) {
			return false
		}
	}
	return false
}

// negBefore says whether a negation stands within n tokens before i.
func (t *sent) negBefore(i, n int) bool {
	for k := i - 1; k >= 0 && k >= i-n; k-- {
		if t.isMark(k) {
			return false
		}
		if t.l.neg[t.low(k)] {
			return true
		}
	}
	return false
}

// deniesVerb says whether the words themselves deny: "we reject", "nous démentons".
func (t *sent) deniesVerb(i int) bool {
	if t.is(i, "deny", "denies", "refute", "refutes", "réfutons", "démentons", "nions", "rejetons", "réfute", "démens", "contestons", "dément", "démentent", "nie", "nient") || t.is(i, "reject", "rejects", "dismiss", "rejette", "conteste", "contestent", "rejettent") && t.claimIn(i, i+8) || t.rejectsThat(i) {
		return !t.negBefore(i, 3) && !t.is(i-1, "to", "will", "cannot", "can", "l'", "de") && !(t.is(i, "deny", "reject", "dismiss", "refute") && (t.is(i-1, ",") || t.is(i+1, ",")))
	}
	if t.is(i, "démenti") && t.is(i-1, "un") {
		return t.is(i-2, "apporte", "oppose", "apportons", "opposons", "apporté", "opposé")
	}
	if t.saidMyself(i) {
		return true
	}
	if t.is(i, "denied", "rejected", "refuted") && (t.adverb(i-1) || t.is(i-1, "have", "has")) {
		k := i - 1
		for k > 0 && t.adverb(k) {
			k--
		}
		if t.is(k, "have", "has", "'ve") && (t.l.first[t.low(k-1)] || t.l.pron[t.low(k-1)]) {
			return t.is(i, "denied") || t.claimIn(i, i+8)
		}
	}
	if t.is(i, "accused", "blamed", "implicated") && t.is(i-1, "wrongly", "falsely", "wrongfully", "unfairly", "unjustly") {
		return true
	}
	return t.is(i, "démenti", "nié", "denied") && t.is(i-1, "a", "ont", "avons", "has", "have", "formellement", "fermement", "catégoriquement")
}

// absent says whether the token says that there is no evidence, no role, no
// such thing.
func (t *sent) absent(i int) bool {
	near := func(from, n int) bool {
		for k := from; k < from+n && k < len(t.s); k++ {
			if t.isMark(k) {
				return false
			}
			if negated[t.low(k)] && !(t.is(k, "such") && t.is(k+1, "a", "an")) {
				if t.is(k, "reason") && !t.is(k+2, "believe", "think", "suspect", "suppose") {
					return false // "no reason our boats should be searched"
				}
				if t.is(k, "raison", "raisons", "motif", "intérêt") && (t.findBack(from, 6, "y") || t.findBack(from, 3, "donné") || t.findBack(from, 3, "given")) {
					return false // "il n'y a aucune raison de refuser": a judgement
				}
				return !t.is(k, "part") || t.is(k+1, "in") || k+1 >= len(t.s)
			}
			if k > from && (t.l.rel[t.low(k)] || t.is(k, "que", "qu'", "that", "to", "pour")) {
				return false
			}
		}
		return false
	}
	switch {
	case t.l.code == "en" && t.is(i, "no"):
		return !t.is(i+1, "longer", "one", "matter", "doubt", "less", "more", "wonder", "choice") && near(i+1, 4)
	case t.l.code == "en" && t.is(i, "not", "n't", "didn't", "don't", "doesn't", "hasn't", "haven't"):
		return near(i+1, 4) && (t.is(i+1, "any", "have", "had", "see", "seen", "found", "find", "received", "issued", "given", "the", "a") || t.is(i+2, "any"))
	case t.l.code == "fr" && t.is(i, "pas") && i+1 >= len(t.s)-1:
		return t.is(i-1, "a", "avait", "aurait") && t.is(i-2, "en") // "il n'y en avait pas"
	case t.is(i, "none"):
		return t.is(i-1, "was", "is", "were", "are") && i+1 >= len(t.s)-1
	case t.l.code == "fr" && t.is(i, "aucun", "aucune"):
		return near(i+1, 3)
	case t.l.code == "fr" && t.is(i, "pas", "jamais"):
		if t.is(i+1, "d'") && t.is(i+2, "ordre") && t.beBefore(i, 1) {
			return false // "n'est pas d'ordre financier"
		}
		if t.is(i+1, "l'") && t.is(i+2, "intention") || t.is(i+1, "la", "le") && t.is(i+2, "moindre") && near(i+3, 1) {
			return true
		}
		return t.is(i+1, "de", "d'") && near(i+2, 2) || t.is(i+1, "eu", "reçu", "trouvé", "donné") && near(i+2, 3)
	}
	return false
}

// findBack says whether a word stands within n tokens before i.
func (t *sent) findBack(i, n int, w string) bool { return t.find(max(i-n, 0), max(i, 0), w) >= 0 }

// notYet says whether the verb behind a negation at i is to come, or of ability.
func (t *sent) notYet(i int) bool {
	if t.untilThen(i) {
		return true
	}
	for k := i - 2; k <= i+2; k++ {
		if t.is(k, "will", "would", "can", "could", "should", "may", "might", "must", "going", "won't", "wouldn't", "can't", "couldn't", "cannot", "yet", "longer", "only", "peut", "peuvent", "pouvons", "doit", "doivent", "encore", "faut", "veut", "pourra", "peux", "devons") {
			return true
		}
		if t.l.code == "fr" && k > i-2 && t.isWord(k) && (endsIn(t.low(k), "rons", "ront", "rait", "rais", "raient", "rions") || endsIn(t.low(k), "ra", "rai")) {
			return true
		}
	}
	return false
}

// harmless are verbs by which nobody threatens.
var harmless = words("help support work welcome be cooperate restore repair consider inform publish tell let know need see have continue try accept respect share give keep look pay compensate study examine discuss")

// threatens says whether the words say what will be done to others if they do
// something: "If they touch our ships, we will close the strait".
func (t *sent) threatens() bool {
	cond := -1
	for i := 0; i < len(t.s) && i < 60; i++ {
		if t.is(i, "if", "should", "si", "s'") && (i == 0 || t.isMark(i-1)) {
			for k := i + 1; k < i+6; k++ {
				if t.is(k, "they", "you", "he", "it", "anyone", "enemy", "vous", "ils", "il", "elle", "elles", "ennemi", "quelqu'un") || k < len(t.s) && t.s[k].cap {
					cond = i
				}
			}
		}
		if cond < 0 {
			continue
		}
		if t.is(i, "we", "i") && t.is(i+1, "will", "shall", "'ll") && !t.is(i+2, "not", "never") && !harmless[t.low(i+2)] && t.isWord(i+2) {
			return true
		}
		if t.is(i, "nous") && i+1 < len(t.s) && endsIn(t.low(i+1), "rons") && !t.is(i+1, "serons", "aurons", "pourrons", "aiderons", "continuerons", "verrons", "ferons", "soutiendrons", "travaillerons") {
			return true
		}
	}
	return false
}

// demands says whether somebody asks for something in the first person: "Je
// demande que", "we call on".
func (t *sent) demands() bool {
	for i := 0; i+1 < len(t.s) && i < 6; i++ {
		if t.is(i, "je", "nous", "i", "we") {
			k := i + 1
			for t.adverb(k) || t.is(k, "l'", "le", "la", "les", "lui", "leur", "vous", "en", "are", "'re", "am") {
				k++
			}
			if t.is(k, "demande", "demandons", "exige", "exigeons", "appelle", "appelons", "invite", "invitons", "exhorte", "exhortons", "urge", "demand", "ask", "asking", "calling", "call", "implore", "beg", "réclame", "réclamons", "prie", "prions") {
				return !t.is(k, "call", "calling") || t.is(k+1, "on", "for", "upon")
			}
		}
	}
	return t.is(0, "il") && t.is(1, "est") && t.is(2, "indispensable", "impératif", "urgent", "essentiel") && t.is(3, "que", "qu'", "de")
}

// asks says whether an indirect sentence asks for something: what somebody
// should do.
func (t *sent) asks() bool {
	for i := 0; i < len(t.s) && i < 14; i++ {
		if t.l.sub[t.low(i)] && i > 0 {
			return false
		}
		if t.is(i, "should", "must", "doivent", "devraient", "devrait", "doit") && i > 0 && !t.is(i-1, "we", "they", "i", "nous", "je", "on") && !t.is(i+1, "avoir", "be", "être", "permettre", "déterminer", "établir", "durer", "commencer", "débuter", "rencontrer", "arriver", "s'", "se") && !(t.is(i+1, "have") && (endsIn(t.low(i+2), "ed", "en", "wn", "one") || t.is(i+2, "been", "done"))) {
			return true
		}
		if t.is(i, "faut") && t.is(i-1, "il") && !t.is(i+1, "dire", "reconnaître") {
			return true
		}
		if i == 0 && t.l.code == "fr" && t.is(i, "que") && !t.is(i+1, "ce") {
			return true // "Que la direction vienne s'expliquer !"
		}
	}
	return false
}
