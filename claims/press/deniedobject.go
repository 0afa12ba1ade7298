package press

import (
	"strings"

	"constat/claims/statement"
)

// What English denials have as their object, and where it ends.

// granted are nouns of what somebody gives or withholds: who denies one refuses it, and
// says nothing of whether something is so. For example: "denied bail", "denied access".
var granted = words(`access bail request requests application applications motion motions appeal appeals visa visas entry permission permit permits
	benefit benefits care treatment coverage service services opportunity opportunities right rights asylum license licence licences licenses process
	petition petitions injunction parole boarding funding funds aid loan loans help admission certification certificate clemency leave citizenship refuge
	shelter food water education healthcare medicine medication relief bid bids waiver waivers standing status recognition justice chance chances freedom
	freedoms liberty dignity credit passage hearing trial stay clearance protection membership tenure promotion pay vote votes victory nomination win goal
	goals penalty title point points space oxygen haven refund refunds raise housing job jobs employment account accounts traffic sweep record try
	equaliser equalizer medal trophy place places seat seats safety privilege privileges satisfaction pleasure comfort support tickets ticket permanence
	communion burial abortion abortions insurance claimant custody visitation counsel transfer transfers release extension exemption exemptions discharge
	resources revenue information records signal signups connection-request room platform majority control sovereignty statehood independence autonomy
	striker winger midfielder forward hosts visitors side opener shot header`)

// contested are nouns of what is disputed or contested without a claim: a vote, a border.
var contested = words("election elections seat seats primary race races ruling rulings decision territory territories border borders island islands bill bills ticket tickets title titles will land waters area areas region case cases match final contest championship award power ownership")

// courts are those whose denial is a ruling.
var courts = words("judge judges court courts justices jury jurors magistrate magistrates tribunal panel referee umpire goalkeeper keeper defender commissioner commissioners immigration insurers insurer")

// deniedThing says whether the noun phrase at k is something that somebody denies, without
// a noun for a claim: "denied the shooting", "disputes the amount that was published".
// Two noun phrases, or a pronoun, are somebody from whom something is withheld.
func (t *sent) deniedThing(c *cue, k, hi int) bool {
	if t.l.code != "en" || c.how != active || !oneOf(c.v.lemma, "deny", "dispute") || c.v.particle != "" || t.rules(c) {
		return false
	}
	e := t.oneThing(k, hi)
	if e == k {
		return false
	}
	head := t.low(e - 1)
	if granted[head] || granted[strings.TrimSuffix(head, "s")] || c.v.lemma == "dispute" && contested[head] {
		return false
	}
	switch t.x.nouns[head].role {
	case "official", "person", "staff", "expert", "source", "company", "body":
		return false
	}
	return t.l.det[t.low(k)] || t.l.poss[t.low(k)] || !t.s[e-1].cap
}

// oneThing gives where the noun phrase at k ends, before any preposition; k if there is none,
// or a second one behind it: "denied the crew a permit".
func (t *sent) oneThing(k, hi int) int {
	w := t.low(k)
	if !t.isWord(k) || t.l.pron[w] || t.l.first[w] || objects[w] || t.l.prep[w] || t.l.sub[w] || t.l.conj[w] || t.adverb(k) || t.is(k, "nothing", "to", "itself", "himself", "herself", "themselves", "that") {
		return k
	}
	e := k
	for ; e < hi && e < k+9 && t.isWord(e); e++ {
		x := t.low(e)
		if t.groupAt[e] >= 0 || t.isTime(e) || e > k && (t.l.prep[x] || t.l.sub[x] || t.l.conj[x] || t.adverb(e)) {
			break
		}
		if e > k && (t.l.pron[x] || t.l.poss[x] || t.l.det[x] && t.low(e-1) != "'s") {
			return k
		}
	}
	return e
}

// objects are pronouns of whom something is withheld from.
var objects = words("me him her them us you it")

// rules says whether who denies is a court or another whose denial is a ruling.
func (t *sent) rules(c *cue) bool {
	if t.is(c.subj[0], "neither", "nobody", "none") {
		return true
	}
	for i := c.subj[0]; i < c.subj[1]; i++ {
		if courts[t.low(i)] {
			return true
		}
		if i > c.subj[0] && t.l.prep[t.low(i)] {
			break
		}
	}
	return false
}

// channels are nouns of what somebody denies something in.
var channels = words("statement statements interview interviews email emails e-mail e-mails tweet tweets post posts blog letter letters message messages testimony court speech briefing video videos call filing filings press-conference conference hearing memo release")

// inChannel says whether the way in which something was denied begins at i: "denied the
// claims in a statement to the Gazette", "rebutted his remarks by pointing to the floods".
func (t *sent) inChannel(i, hi int) bool {
	if t.l.code != "en" {
		return false
	}
	if t.is(i, "by") {
		return endsIn(t.low(i+1), "ing") && !t.s[i+1].cap
	}
	if t.is(i, "through") && (t.l.det[t.low(i+1)] || t.l.poss[t.low(i+1)]) {
		return t.find(i+2, min(i+6, hi), "lawyer", "lawyers", "spokesman", "spokeswoman", "attorney", "attorneys", "representative") > 0
	}
	if !t.is(i, "in", "during", "on", "via", "at") {
		return false
	}
	if t.is(i, "on", "via") && platforms[t.low(i+1)] {
		return true
	}
	for k := i + 1; k < hi && k < i+6 && t.isWord(k) && !t.l.prep[t.low(k)] && t.groupAt[k] < 0; k++ {
		if channels[t.low(k)] {
			if t.is(i+1, "the") && t.is(k, "statement", "letter", "video", "post", "message", "memo") && t.is(k+1, "that") {
				return false
			}
			return !t.is(k+1, "by", "of", "that", "which", "from")
		}
	}
	return false
}

// answersTo says whether what a denial answers begins at "after": "after facing criticism
// for it", "after reports of a leak".
func (t *sent) answersTo(i int) bool {
	if !t.is(i, "after", "following", "amid", "despite") {
		return false
	}
	if t.is(i+1, "facing", "being", "reports", "media", "claims", "allegations", "accusations", "criticism", "complaints", "rumours", "rumors", "pressure", "drawing", "coming") {
		return true
	}
	return !t.is(i, "after") && (t.l.det[t.low(i+1)] || t.is(i+1, "growing", "mounting", "widespread")) && t.claimIn(i+1, i+5)
}

// proposedThings are nouns of what somebody refuses, though a claim may be called so.
var proposedThings = words("idea plan plans proposal proposals offer offers deal compromise notion option")

// refusedThen says whether a verb of rejecting tells in passing of what was refused, not of
// what was answered: "after farmers rejected the plan two years ago".
func (t *sent) refusedThen(c *cue) bool {
	if t.l.code != "en" || c.how != active || c.v.lemma != "reject" {
		return false
	}
	cl := t.clauseOf(c.at)
	if cl == nil || cl.kind != timeClause || !t.is(cl.a, "after", "since", "when", "as", "while", "because", "although", "though") {
		return false
	}
	for k := c.b; k < len(t.s) && k < c.b+5 && t.isWord(k) && !t.l.prep[t.low(k)]; k++ {
		if proposedThings[t.low(k)] {
			return true
		}
	}
	return false
}

// duties are participles behind "responsible for" by which a task is meant, and no blame.
var duties = words("determining deciding enforcing setting regulating ensuring maintaining overseeing providing running managing collecting checking verifying monitoring reviewing approving making handling issuing protecting securing updating")

// dutyAt says whether "responsible" at k speaks of a task, or "aware" of somebody known.
func (t *sent) dutyAt(k int) bool {
	return t.is(k, "responsible") && t.is(k+1, "for") && duties[t.low(k+2)] || t.is(k, "aware") && t.is(k+1, "of") && t.is(k+2, "him", "her", "them")
}

// untilThen says whether what is negated at i held until something happened: "did not get
// involved until noon".
func (t *sent) untilThen(i int) bool {
	if t.l.code != "en" {
		return false
	}
	k := t.findNear(i+1, 10, "until", "till")
	return k > i
}

// judgement says whether a word of falsity at i judges what somebody does, and no claim: "it
// feels absurd to me that we pay twice". "Ridiculous to suggest that" answers a claim.
func (t *sent) judgement(i int) bool {
	if t.l.code != "en" {
		return false
	}
	switch {
	case t.is(i+1, "that", "when", "how"):
		return t.pointsBefore(i) && !t.claimIn(0, i)
	case t.is(i+1, "to", "for"):
		k := i + 2
		if t.l.pron[t.low(k)] || t.is(k, "me", "us", "anyone", "anybody", "people") {
			if k++; t.is(i+1, "to") {
				return true // "absurd to me"
			}
			k += b2i(t.is(k, "to"))
		}
		return !t.is(k, "suggest", "say", "claim", "think", "imply", "accuse", "link", "blame", "believe", "call", "describe", "compare", "imagine", "allege", "assume", "conclude", "connect", "pretend", "argue", "portray", "characterize", "characterise", "speculate", "insinuate")
	}
	return false
}

// served says whether a speaker speaks for somebody: what they say of them is said for them.
func served(sp statement.Speaker) bool {
	as := lower(sp.As)
	return pleads(sp) || strings.Contains(as, "spokes") || strings.Contains(as, "representative for") || strings.Contains(as, "press secretary") || strings.Contains(as, "aide to")
}

// principal says whether what is negated at i, by whoever speaks for somebody, is an act of
// whom they speak for: "A spokesman for the bishop said the bishop was not making a threat".
func (t *sent) principal(i int, sp statement.Speaker) bool {
	if t.l.code != "en" || !served(sp) {
		return false
	}
	for k := i - 1; k >= 0 && k > i-7; k-- {
		if t.isMark(k) {
			return false
		}
		if k == 0 && t.s[0].cap && (strings.HasPrefix(lower(sp.As), "her ") || strings.HasPrefix(lower(sp.As), "his ")) && !t.l.det[t.low(0)] {
			return true // "Ward was not at the meeting, her lawyer said"
		}
		if (k < 4 || t.isMark(k-1)) && t.is(k, "he", "she", "they", "it", "client", "clients") {
			return true
		}
		if t.is(k, "the") && k < 3 {
			r := t.x.nouns[t.low(k+1)].role
			return (r == "official" || r == "person" || r == "body" || r == "company" || r == "expert" || strings.Contains(lower(sp.For+" "+sp.As), t.low(k+1))) && k+4 >= i
		}
	}
	return false
}

// accusedOf are participles of what somebody is said to be doing.
var accusedOf = words("making threatening trying attempting interfering meddling spying hiding targeting cheating lying stealing funding financing arming paying hacking attacking helping supporting backing avoiding evading violating breaking discriminating censoring blocking using selling sharing collecting sheltering recruiting smuggling sending")

// notDoing says whether an act in progress is negated at i: "was not making a threat".
func (t *sent) notDoing(i int) bool {
	if t.l.code != "en" {
		return false
	}
	k := i + 1
	for t.adverb(k) {
		k++
	}
	be := t.l.be[t.low(i-1)] || t.is(i, "wasn't", "isn't", "weren't", "aren't")
	return be && accusedOf[t.low(k)]
}

// unaware says whether a lawyer or spokesman says that whom they speak for knew nothing: "he
// was unaware of the scheme".
func (t *sent) unaware(i int, sp statement.Speaker) bool {
	return t.l.code == "en" && t.is(i, "unaware") && t.is(i+1, "of", "that") && served(sp) && t.principal(i, sp)
}

// concedes says whether the words begin with a clause that concedes something: what it lacks
// is not what is said. Example: "Although there is no evidence of a leak, …".
func (t *sent) concedes() bool {
	return t.l.code == "en" && t.is(0, "although", "though", "while", "whereas")
}

// fromReport says whether a speaker is a document that finds something: its "her" is no answer
// of its own.
func fromReport(sp statement.Speaker) bool {
	as := lower(sp.As)
	return strings.HasSuffix(as, "report") || strings.HasSuffix(as, "study") || strings.HasSuffix(as, "review") || strings.HasSuffix(as, "audit") || strings.HasSuffix(as, "inquiry")
}

// thatIs says whether "that" at k points at something and has a verb behind it: "said that's
// unknown".
func (t *sent) thatIs(k int) bool {
	return t.l.code == "en" && k+1 < len(t.s) && t.is(k+1, "'s", "is", "was") && t.groupAt[k+1] >= 0 && t.groups[t.groupAt[k+1]].a == k+1
}

// thatAhead says whether "that" opens the claim behind i: "a report in a letter that …".
func (t *sent) thatAhead(i, hi int) bool {
	for k := i; k < hi && k < i+8 && !t.isMark(k); k++ {
		if t.is(k, "that") {
			return true
		}
	}
	return false
}

// qualified says whether a word of falsity at i is a quality of something, behind a
// preposition: "the spread of false information", "amounted to false and harmful claims".
func (t *sent) qualified(i int) bool {
	k := i - 1
	for k > 0 && (t.is(k, "and", "or", ",") || t.adverb(k)) && (t.x.claims["false"][t.low(k-1)] || t.x.claims["weak"][t.low(k-1)] || t.adverb(k)) {
		k -= 1 + b2i(!t.adverb(k))
	}
	return t.l.prep[t.low(k)] && !t.is(k, "as")
}

// idle are verbs of which "did not" denies no act.
var idle = words("be get go run appear seem happen occur exist apply work matter respond reply answer elaborate return disclose specify identify name show succeed fail recognise recognize realise realize notice hear enjoy last hold become come pass")

// didNot says whether the word at k is the verb of "did not" at i, and whether it is one of
// an act: "they did not discuss the price".
func (t *sent) didNot(i, k int) (did, act bool) {
	if t.l.code != "en" || !(t.is(i-1, "did") || t.is(i, "didn't")) || t.adverb(k) || t.is(k, "not") {
		return false, false
	}
	for j := i + 1; j < k; j++ {
		if !t.adverb(j) && !t.is(j, "quite", "even", "ever", "also") {
			return false, false
		}
	}
	if !t.isWord(k) || t.s[k].cap || t.l.det[t.low(k)] || t.l.pron[t.low(k)] || t.l.prep[t.low(k)] || t.is(k, "do", "quite", "even", "ever", "also", "immediately") {
		return false, false
	}
	return true, !idle[t.low(k)] && !attitudes[t.low(k)]
}

// dismissedAs gives where a thing ends that is dismissed as something: "dismissed Holm on
// Friday as “a weak choice”"; 0 if nothing is. Only of a claim is that a denial.
func (t *sent) dismissedAs(c *cue, k, hi int) int {
	if t.l.code != "en" || c.how != active || !oneOf(c.v.lemma, "dismiss", "reject") || t.is(k, "as") {
		return 0
	}
	as := -1
	for i := k + 1; i < hi && i < k+24 && t.groupAt[i] < 0 && !t.is(i, ";", ":", "–"); i++ {
		if t.is(i, "as") {
			as = i
			break
		}
	}
	if as < 0 || as >= hi || t.claimedIn(k, as) || t.quoteAhead(k, as-k) || t.judged(as, hi) || t.is(k, "it", "this", "that", "them", "what", "any", "all") {
		return 0
	}
	e := as + 1
	for e < hi && !t.is(e, ",", ";", "–", ":") && !t.isTime(e) && t.groupAt[e] < 0 {
		e++
	}
	if e == as+1 {
		return 0
	}
	return e
}

// ofDenied says whether what a nested cue tells is a part of what the outer one denies: of
// "disputed the suggestion that the guard was asking for a key" the guard asks for nothing.
func (t *sent) ofDenied(outer, c *cue) bool {
	return outer.v.kind == statement.Denial && outer.how == active && t.inContent(outer, c.a) && !t.answered(outer, c)
}

// untruths are phrases that call something untrue, by their first word.
var untruths = func() map[string][][]string {
	m := map[string][][]string{}
	for _, p := range []string{"wide of the mark", "out of thin air", "far from the truth", "far from true", "further from the truth", "farther from the truth", "off the mark", "a pack of lies", "made out of whole cloth", "out of whole cloth", "not a shred of truth", "no grain of truth", "pure speculation", "mere speculation", "sheer speculation", "idle gossip", "mere gossip", "pure gossip", "pure fantasy", "pure invention", "sheer invention", "pure fiction", "pure propaganda", "mere rumour", "mere rumor", "pure conjecture", "mere hearsay", "a figment of", "figment of", "a pack of lies", "a tissue of lies", "a smear campaign", "not reflect the reality", "not reflect reality", "not correspond to reality", "not correspond to the truth", "no basis in fact", "no basis in reality", "backed by nothing", "substantiated with nothing", "substantiated by nothing", "supported by nothing", "not backed by anything", "not supported by anything", "not backed by facts", "not supported by facts", "not grounded in reality"} {
		f := strings.Fields(p)
		m[f[0]] = append(m[f[0]], f)
	}
	return m
}()

// untruePhrase says whether such a phrase begins at i.
func (t *sent) untruePhrase(i int) bool {
	for _, p := range untruths[t.low(i)] {
		n := 0
		for n < len(p) && t.low(i+n) == p[n] {
			n++
		}
		if n == len(p) {
			return true
		}
	}
	return false
}

// notThere says whether somebody's presence is negated at i: "was not at the meeting".
func (t *sent) notThere(i int) bool {
	return t.l.code == "en" && (t.is(i-1, "was", "were") || t.is(i, "wasn't", "weren't")) && t.is(i+1, "at", "there", "present", "near", "anywhere")
}

// wrongs are what somebody is accused of having broken, taken or given.
var wrongs = words("rule rules law laws crime crimes offence offences offense offenses wrong policy policies money bribe bribes ransom order orders payment payments gift gifts data secrets information")

// ownBefore says whether the subject in front of i is the speaker by a pronoun.
func (t *sent) ownBefore(i int, direct bool) bool {
	for k := i - 1; k >= 0 && k > i-5; k-- {
		if t.is(k, "we", "i") {
			return true
		}
		if !direct && k < 4 && t.is(k, "he", "she", "it", "they") {
			return true
		}
		if t.isMark(k) || t.l.sub[t.low(k)] {
			return false
		}
	}
	return false
}

// brokeNone says whether "no" at i denies what the speaker broke, took or gave: "she broke no
// rules".
func (t *sent) brokeNone(i int, direct bool) bool {
	if t.l.code != "en" || !t.is(i, "no") || i < 2 {
		return false
	}
	if !wrongs[t.low(i+1)] && !wrongs[t.low(i+2)] {
		return false
	}
	w := t.low(i - 1)
	past := endsIn(w, "ed") || t.is(i-1, "broke", "broken", "did", "done", "took", "taken", "gave", "given", "paid", "made", "stole", "sold", "leaked")
	return past && t.ownBefore(i-1, direct)
}

// atNoPoint says whether a fronted negation at i denies what the speaker did: "at no point had
// it sold the data".
func (t *sent) atNoPoint(i int, direct bool) bool {
	if t.l.code != "en" || !t.is(i, "no") || !t.is(i-1, "at", "in", "under") || !t.is(i+1, "point", "time", "stage", "way", "circumstances") {
		return false
	}
	k := i + 2
	if t.is(k, "did", "had", "has", "have", "was", "were") {
		k++
	}
	return t.is(k, "we", "i") || !direct && t.is(k, "he", "she", "it", "they") || t.l.poss[t.low(k)] && t.x.claims["own"][t.low(k+1)]
}

// bands are nouns of several people that take a verb without an ending: "The Vok family say".
var bands = words("men family couple pair duo trio team club council government company group band army side union crew board public staff majority")

// saidMyself says whether "denied" at i has "I" or "we" as its subject: "I firmly and plainly
// denied the charges".
func (t *sent) saidMyself(i int) bool {
	if t.l.code != "en" || !t.is(i, "denied", "rejected", "refuted") {
		return false
	}
	k := i - 1
	for k > 0 && (t.adverb(k) || t.is(k, "and") && t.adverb(k-1)) {
		k--
	}
	return t.is(k, "i", "we") && (t.is(i, "denied") || t.claimIn(i, i+8))
}

// innocentAt says whether the word at i calls somebody innocent, and is no quality of a noun:
// "insists he is innocent".
func (t *sent) innocentAt(i int) bool {
	if !t.is(i, "innocent", "blameless") || !t.beBefore(i, 3) || t.negBefore(i, 3) {
		return false
	}
	return i+1 >= len(t.s) || t.isMark(i+1) || t.is(i+1, "of", "and", "but", "until", "in")
}

// membered are participles behind which a list of members stands in a subject.
var membered = words("representing including comprising involving uniting grouping joining covering linking")

// wholeMembers gives a subject that ends a list of members its head: "A coalition representing
// ferry lines, dockers and harbour unions rejected it".
func (t *sent) wholeMembers(c *cue) {
	a := c.subj[0]
	if t.l.code != "en" || c.how != active || c.inverted || a < 2 || !t.is(a-1, ",") || t.find(a, c.subj[1], "and") < 0 {
		return
	}
	if x := t.nameList(a, c.subj[1]); x < a {
		c.subj[0], c.from = x, min(c.from, x)
		return
	}
	listed := false
	for k := a - 2; k >= 0 && k > a-30; k-- {
		if t.isQuote(k) || t.groupAt[k] >= 0 || t.isMark(k) && !t.is(k, ",") || t.l.rel[t.low(k)] {
			return
		}
		listed = listed || membered[t.low(k)]
		if listed && (k == 0 || t.isMark(k-1)) && !membered[t.low(k)] && !t.l.prep[t.low(k)] {
			for t.l.conj[t.low(k)] {
				k++
			}
			c.subj[0], c.from = k, min(c.from, k)
			return
		}
	}
}

// nameList gives where a list of names begins that ends in a … b: "Norland, Zembla and
// Borduria"; a if it is none.
func (t *sent) nameList(a, b int) int {
	and := t.find(a, b, "and")
	if and <= a || !t.namesOnly(a, and) || !t.namesOnly(and+1, b) {
		return a
	}
	x := a
	for x > 1 && t.is(x-1, ",") {
		k := x - 1
		for k > 0 && k > x-5 && t.isWord(k-1) && t.s[k-1].cap && !t.l.spared[t.low(k-1)] && !t.isTime(k-1) {
			k--
		}
		if k == x-1 || !t.namesOnly(k, x-1) || k > 0 && !t.isMark(k-1) && !t.l.conj[t.low(k-1)] {
			break
		}
		x = k
	}
	return x
}

// deniedTelling takes what somebody else is said to have told for what ", which he denies"
// answers: "Prosecutors say Holm took bribes, which he denies".
func (t *sent) deniedTelling(c *cue, rel int) bool {
	if t.l.code != "en" || !c.v.has('z') || !t.is(rel, "which") || !t.is(rel-1, ",") || !t.endsAt(c.b) {
		return false
	}
	for _, d := range t.cues {
		if d == c || len(d.content) == 0 || d.a >= c.a {
			continue
		}
		last := d.content[len(d.content)-1]
		if last[0] < rel-2 && last[1] >= rel-1 && last[1] <= c.b {
			c.content, c.said, c.whole, c.nested = [][2]int{{last[0], rel - 1}}, [2]int{c.b, c.b}, true, false
			return true
		}
	}
	return false
}

// saysNothing says whether what stands behind "said" is that nothing was: "has said almost
// nothing about the tunnel".
func (t *sent) saysNothing(k int) bool {
	for t.adverb(k) || t.is(k, "almost", "next", "to", "virtually", "very") {
		k++
	}
	return t.is(k, "nothing", "little") && t.is(k+1, "about", "of", "on", "to", "publicly", "more")
}

// ownNotDoing says whether what the speaker has or does is said not to be an act of which they
// are accused: "his meeting with the pilot was not meddling in politics".
func (t *sent) ownNotDoing(i int, direct bool) bool {
	return t.notDoing(i) && (t.l.first[t.low(0)] || t.is(0, "my", "our") || !direct && t.l.poss[t.low(0)])
}

// denyingLast says whether a verb of denial has no object, so that what stands in front is not
// what is denied: "under the proposal, which the union rejected".
func (t *sent) denyingLast(c *cue) bool {
	return t.l.code == "en" && c.v.kind == statement.Denial && c.v.has('k')
}

// unclaused are verbs that take no clause without "that".
var unclaused = words("reject dismiss contest refute rebut repudiate disavow question doubt")

// ofCourt says whether a speaker is a judge or a court: what it finds is no answer.
func ofCourt(sp statement.Speaker) bool {
	for _, w := range strings.Fields(lower(sp.As)) {
		if w = strings.Trim(w, ",."); courts[w] && w != "panel" && w != "commissioner" && w != "commissioners" && w != "immigration" {
			return true
		}
	}
	return false
}

// toldInside gives the end of what words in marks quote from somebody else in their turn, if
// its mark opens at i behind a comma or a colon; 0 if none does.
func (t *sent) toldInside(i int) int {
	if t.l.code != "en" || i == 0 || i >= len(t.s) || t.s[i].kind != quote || !t.is(i-1, ",", ":") {
		return 0
	}
	for k := i + 1; k < len(t.s); k++ {
		if t.s[k].kind == quote {
			return k
		}
	}
	return 0
}

// ruling says whether what a court does stands there: "The judge rejected the argument".
func (t *sent) ruling(c *cue, k int) bool {
	return oneOf(c.v.lemma, "reject", "dismiss", "deny") && !t.is(k, "that") && t.rules(c)
}

// claimedIn says whether a claim is named in a range that is no plan or offer.
func (t *sent) claimedIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.claimIn(i, i+1) && !proposedThings[t.low(i)] {
			return true
		}
	}
	return false
}

// sidingWith are participles behind which "to" stands before whom or what somebody is for or
// against: "Liberals opposed to Mr Varn believe".
var sidingWith = words("opposed linked tied related committed connected dedicated devoted allied assigned attached")

// unawareOf says whether "aware" at k is of what was asked about, so that its negation says
// nothing of it: "was not aware of the situation", "not aware of the specifics".
func (t *sent) unawareOf(k int) bool {
	return t.is(k, "aware") && t.is(k+1, "of") && t.is(k+2, "the", "this", "that", "these", "those", "specific", "specifics", "details") &&
		(k+3 >= len(t.s) || t.is(k+3, "situation", "matter", "case", "issue", "details", "specifics", "circumstances", "incident", "report", "reports", "document", "story") || t.is(k+2, "specifics", "details"))
}
