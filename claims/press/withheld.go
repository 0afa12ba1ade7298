package press

import (
	"strings"

	"constat/claims/statement"
)

// Ends of what an English verb of saying tells, where the sentence goes on with a
// second verb of the same speaker.

// telling are verbs of what a speaker leaves out: "but did not say whether", "refused
// to name the buyer".
var telling = words("say explain name give elaborate specify provide comment identify disclose offer indicate mention address confirm discuss reveal detail")

// withholds says whether a second verb of the speaker begins at i that tells of what
// was left out, or of what was cited: "denied that its systems were opened but did not say
// whether", "said … and cited a report".
func (t *sent) withholds(i int) bool {
	if t.l.code == "en" && t.is(i, "with", "under") && t.is(i+1, "the", "a") && t.is(i+2, "slogan", "motto") {
		return true // "have promised a cap with the slogan: …"
	}
	if t.l.code != "en" || !t.is(i, "but", "and") {
		return false
	}
	k := i + 1
	switch {
	case t.is(k, "cited", "quoted"):
		return t.is(i, "and") && t.isWord(k+1) && !t.l.prep[t.low(k+1)] && !t.is(k+1, "as")
	case t.is(k, "said"):
		return t.is(k+1, "nothing", "little")
	case t.is(k, "gave", "offered", "provided", "made"):
		return t.is(k+1, "no", "few", "little") && !t.is(k+2, "apology", "choice", "difference")
	case t.is(k, "declined", "refused"):
		return t.is(k+1, "to") && telling[t.low(k+2)]
	case t.is(k, "did", "would", "could"):
		k++
	case t.is(k, "didn't", "wouldn't", "couldn't"):
		return telling[t.low(k+1)]
	default:
		return false
	}
	if !t.is(k, "not", "n't") {
		return false
	}
	for k++; t.adverb(k); k++ {
	}
	return telling[t.low(k)]
}

// nextDenies gives the "and" behind what was denied where a second speaker denies too:
// "denies the allegations of meddling and Holm denies any bribe". The object of the first
// verb must name a claim, so that it takes no clause; -1 if it does not.
func (t *sent) nextDenies(last, v *group) int {
	if t.l.code != "en" || !v.speech(t) || !t.denies(last.head) {
		return -1
	}
	for k := v.a - 1; k > last.b && k > v.a-7; k-- {
		if t.isMark(k) || t.isQuote(k) || t.groupAt[k] >= 0 || t.l.sub[t.low(k)] {
			return -1
		}
		if !t.is(k, "and", "but", "while") {
			continue
		}
		if t.s[k+1].cap && k+1 < v.a && (t.claimIn(last.b, k) || t.is(last.b, "any")) && t.find(last.b, k, "that") < 0 {
			return k
		}
		return -1
	}
	return -1
}

// denies says whether the word is a form of a verb of denial.
func (t *sent) denies(i int) bool {
	return anyForm(t.l.verbs[t.low(i)], func(f form) bool { return f.v.kind == statement.Denial && f.v.particle == "" })
}

// behindAsked is who speaks where a question stands in front without a comma: "Asked if
// she would join she told the Gazette".
func (t *sent) behindAsked(c *cue) [2]int {
	e := c.a
	for e > 0 && (t.isTime(e-1) || t.adverb(e-1)) {
		e--
	}
	if e < 2 {
		return [2]int{}
	}
	if t.l.pron[t.low(e-1)] {
		return [2]int{e - 1, e}
	}
	a := e
	for a > 1 && t.isWord(a-1) && t.s[a-1].cap {
		a--
	}
	if a == e {
		a, e = t.nounPhrase(1, e)
		if !t.l.det[t.low(a)] {
			return [2]int{}
		}
	}
	return [2]int{a, e}
}

// looseCore is core of a phrase that stands before a verb, or what behindAsked finds in it.
func (t *sent) looseCore(c *cue, a, e int) (int, int) {
	if t.l.code == "en" && a == 0 && asked[t.low(0)] {
		s := t.behindAsked(c)
		return s[0], s[1]
	}
	return t.core(a, e)
}

// pleases says whether "appealed to" at k tells of what somebody likes and asks for
// nothing: "appealed to the same voters". A request says what for, or has it in marks.
func (t *sent) pleases(k, hi int) bool {
	if !t.is(k, "to") {
		return false
	}
	for i := k + 1; i < hi && i < k+25; i++ {
		if t.isQuote(i) || t.is(i, "for", "to", "not", "that", ":") {
			return false
		}
	}
	return true
}

// describedAs says whether somebody describes something as something: "described the
// closing as a drill".
func (t *sent) describedAs(c *cue, k int) bool {
	if c.v.lemma != "describe" || c.how != active {
		return false
	}
	q := t.findNear(k+1, 14, "as")
	return q > k && !t.is(q+2, "as") // "a column as thick as a wall"
}

// events are what a watcher reports without a clause: "reported major outages".
var events = words("outage outages shutdown shutdowns disruption disruptions blackout blackouts interruption interruptions incident incidents failure failures casualties losses fault faults breakdown breakdowns collapse")

// eventAt says whether the noun phrase at k names such an event, and somebody who is no
// outlet reports it.
func (t *sent) eventAt(c *cue, k, hi int) bool {
	if t.outletRange(c.subj[0], c.subj[1]) || c.pron || c.nested {
		return false
	}
	for i := k; i < hi && i < k+6 && t.isWord(i) && t.groupAt[i] < 0 && !(i > k && t.l.prep[t.low(i)]); i++ {
		if events[t.low(i)] {
			return !(t.isWord(i+1) && strings.HasSuffix(t.low(i+1), "s") && !t.l.prep[t.low(i+1)])
		}
	}
	return false
}

// behindNote says whether a plural subject's verb at i stands behind a note in brackets:
// "Two unions (Dockers and Staff) say".
func (t *sent) behindNote(i int, f form) bool {
	if t.l.code != "en" || f.s || !t.is(i-1, ")") {
		return false
	}
	for k := i - 2; k > 0 && k > i-14; k-- {
		if t.is(k, "(") {
			return t.plural(k-1) && (t.l.pron[t.low(i+1)] || t.l.det[t.low(i+1)] || t.is(i+1, "that"))
		}
	}
	return false
}

// manyFrom says whether the phrase that ends at i begins with a word for several, with
// "of" in it: "Other friends of open water".
func (t *sent) manyFrom(i int) bool {
	a, of := i, false
	for a > 0 && i-a < 8 && t.isWord(a-1) && t.groupAt[a-1] < 0 && !t.l.sub[t.low(a-1)] {
		of = of || t.is(a, "of")
		a--
	}
	return of && t.is(a, "other", "some", "many", "several", "most", "few") && strings.HasSuffix(t.low(a+1), "s")
}

// habit says whether a relative clause tells of what some do time and again, not of a
// request that was made: "states that regularly ask firms to hand over records".
func (t *sent) habit(c *cue, cl *clause) bool {
	return t.l.code == "en" && (c.v.kind == statement.Request || c.v.lemma == "ask") && t.find(cl.a, c.at, "routinely", "regularly", "often", "usually", "frequently", "always", "sometimes") >= 0
}

// afterClaim says whether what a denial answers begins at i: "denied that any grain was
// spoiled after thieves claimed to have it".
func (t *sent) afterClaim(c *cue, i int) bool {
	if t.l.code != "en" || c.v.kind != statement.Denial {
		return false
	}
	if t.answersTo(i) {
		return true
	}
	if !t.is(i, "after", "when") {
		return false
	}
	for k := i + 2; k < len(t.s) && k < i+9 && !t.isMark(k); k++ {
		if t.groupAt[k] >= 0 {
			h := t.groups[t.groupAt[k]].head
			return anyForm(t.l.verbs[t.low(h)], func(f form) bool { return oneOf(f.v.lemma, "claim", "accuse", "allege", "report", "suggest") })
		}
	}
	return false
}

// answered says whether a cue is the claim that a denial before it answers: see afterClaim.
func (t *sent) answered(denial, c *cue) bool {
	if denial == nil || len(denial.content) == 0 {
		return false
	}
	e := denial.content[len(denial.content)-1][1]
	return e <= c.subj[0] && c.subj[0] <= e+3 && t.afterClaim(denial, e)
}

// floats says whether the word at i is "both" or the like behind its noun: "Netwatch and
// the operator both reported".
func (t *sent) floats(i int) bool {
	return t.l.code == "en" && i > 1 && t.is(i, "both", "all", "each") && t.isWord(i-1) && !t.l.prep[t.low(i-1)] && t.groupAt[i-1] < 0
}

// sides are what a speaker speaks for: "his country".
var sides = words("country nation office government ministry firm company party side army team organisation organization group forces department agency union club bank administration")

// ownSide says whether a phrase is what the speaker speaks for, so that a verb of saying
// behind it is the speaker's: "said his country had no role in it and called for a truce".
func (t *sent) ownSide(a, b int) bool {
	return t.l.code == "en" && b == a+2 && t.l.poss[t.low(a)] && sides[t.low(a+1)]
}

// sideActs says whether what is negated at i is an act of what the speaker speaks for, named
// at k: "said her office did not order the cut"; not "don't give out your bank details".
func (t *sent) sideActs(k, i int, direct bool) bool {
	mine := t.is(k, "our", "my") || !direct && k < 3 && t.is(k, "his", "her", "its", "their")
	return mine && t.ownSide(k, k+2) && k+2 >= i-2
}

// inNote says whether token i stands in brackets that open with "which" or "who": "A crew
// (which calls itself Low Tide) said".
func (t *sent) inNote(i int) bool {
	for k := i - 1; k > 0 && k > i-12; k-- {
		if t.is(k, "(") {
			return t.is(k+1, "which", "who")
		}
	}
	return false
}

// deniedNoun says whether a word that is verb and noun, at i, ends the phrase that a denial
// before it takes: "denied media reports that".
func (t *sent) deniedNoun(i int) bool {
	if t.l.code != "en" || !t.x.claims["claim"][t.low(i)] {
		return false
	}
	for k := i - 1; k > 0 && k > i-4 && t.isWord(k); k-- {
		if t.l.pron[t.low(k)] || t.l.sub[t.low(k)] || t.l.conj[t.low(k)] {
			return false
		}
		if t.denies(k) {
			return k < i-1
		}
	}
	return false
}

// thatNoun says whether "that" at k points at a noun and opens no clause: "disputed that
// figure".
func (t *sent) thatNoun(v *verb, k, hi int) bool {
	return v.kind == statement.Denial && t.isWord(k+1) && t.endsAt(k+2) && k+2 <= hi
}

// misdeeds are what somebody denies in a word: "denied a cover-up", "denies fraud".
var misdeeds = words("cover-up coverup fraud theft bribery corruption misconduct manipulation tampering espionage spying murder manslaughter rape assault abuse torture negligence racism bias discrimination treason perjury extortion blackmail conspiracy plagiarism doping harassment embezzlement smuggling sedition hypocrisy favouritism favoritism")

// misdeed says whether such a word, with at most an article and one word in front, is the
// object at k.
func (t *sent) misdeed(k, hi int) bool {
	for i := k; i < hi && i < k+3 && t.isWord(i); i++ {
		if misdeeds[t.low(i)] {
			return true
		}
		if t.l.prep[t.low(i)] {
			break
		}
	}
	return false
}

// urged are what somebody urges without "to": "urged restraint".
var urged = words("restraint calm caution patience unity vigilance moderation dialogue de-escalation peace prudence tolerance")
