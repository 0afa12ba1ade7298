package press

import (
	"strings"

	"constat/claims/statement"
)

// Rules of English alone that more than one stage asks.

// means are words behind "by" for how somebody was reached, not for who did it.
var means = words("phone telephone email e-mail mail letter text fax video videolink radio satellite post courier message telegram statement")

// byMeans says whether "by" at i is "by phone", so that no passive stands before it.
func (t *sent) byMeans(i int) bool {
	return t.l.code == "en" && t.is(i, "by") && means[t.low(i+1)]
}

// unableToComment says whether words are no more than a refusal to comment: "it would
// not comment on rumours", "they were not in a position to discuss the case".
func unableToComment(ts []tok) bool {
	no := false
	for i := 0; i < len(ts) && i < 14; i++ {
		switch w := ts[i].low; w {
		case "did", "had", "have", "has", "didn't", "hadn't", "haven't":
			if i+1 < len(ts) && (ts[i+1].low == "not" || ts[i+1].low == "never" || w[len(w)-1] == 't') {
				return false // "they did not discuss sanctions"
			}
		case "not", "never", "unable", "cannot", "unwilling", "couldn't", "wouldn't", "can't", "won't", "declined", "refused", "n't", "free", "authorised", "authorized":
			no = no || w != "free" && w != "authorised" && w != "authorized"
		case "comment", "discuss", "elaborate":
			return no && i > 1
		case "and", "but", "because", "that", ",", ".", "which", "who", "until":
			return false
		}
	}
	return false
}

// putsBlame says whether what stands behind "pin", "lay" or "place" is blame put on
// somebody: "pinned the theft on hackers", "laid the blame on the captain".
func (t *sent) putsBlame(v *verb, k, hi int) bool {
	on := t.find(k+1, min(hi, k+16), "on", "upon", "at", "onto", "with")
	if on < 0 {
		return false
	}
	blame := t.find(k, on, "blame", "responsibility", "fault", "guilt", "onus") >= 0
	if v.lemma == "pin" {
		return blame || t.is(on, "on", "upon") && t.find(k, on, "hope", "hopes", "faith", "badge", "medal", "label", "notice", "note", "notes", "man", "him", "her", "colours", "colors", "ambitions") < 0
	}
	return blame
}

// complements are the prepositions behind which passives have what somebody is blamed
// or accused of.
var complements = map[string][]string{
	"accuse": {"of"}, "blame": {"for", "on"}, "attribute": {"to"}, "link": {"to", "with"}, "tie": {"to"}, "connect": {"to", "with"}, "trace": {"to", "back"}, "pin": {"on"},
	"ask": {"to"}, "order": {"to"}, "urge": {"to"}, "instruct": {"to"}, "invite": {"to"}, "advise": {"to"}, "press": {"to"}, "command": {"to"}, "implore": {"to"},
}

// complement finds in a … b where what somebody is accused of begins, behind who
// accuses: "by the regulator of fixing prices"; -1 if it does not.
func (t *sent) complement(v *verb, a, b int) int {
	if t.l.code != "en" {
		return -1
	}
	return t.find(a, b, complements[v.lemma]...)
}

// charged sets what a passive tells whose complement begins at q. x is its subject.
func (t *sent) charged(c *cue, x, q int) {
	e := q + 1
	for e < len(t.s) && !t.is(e, ";", ":", "–") && !(t.is(e, ",") && (t.groupAhead(e+1, 3) || t.is(e+1, "which", "who", "while", "as", "after", "with", "in", "on", "although"))) && !(t.isTime(e) && e > q+2 && !t.l.prep[t.low(e-1)]) {
		e++
	}
	for e > q && t.isMark(e-1) && !t.is(e-1, ")", "%") {
		e--
	}
	if e <= q+1 {
		return
	}
	if c.content = [][2]int{{x, e}}; c.v.lemma == "accuse" {
		c.content = [][2]int{{q + 1, e}}
	}
	c.end = max(c.end, q)
}

// shortPaper says whether letters in capitals at i are a paper's short name to which
// something was told: "told ET the ban would stay".
func (t *sent) shortPaper(i int) bool {
	n := runeLen(t.low(i))
	return t.is(i-1, "told", "tells", "telling") && n >= 2 && n <= 5 && !t.x.bodies[t.low(i)] && t.x.nouns[t.low(i)].role == "" && !t.named(t.x.bodies, i, i+1, true) && !t.named(t.x.companies, i, i+1, true) && t.placeless(i) && !t.is(i, "mps", "meps", "us", "eu", "un", "uk") && !(t.isWord(i+1) && t.s[i+1].cap && !t.l.det[t.low(i+1)])
}

func (t *sent) placeless(i int) bool {
	_, n := t.placeAt(i)
	return n == 0
}

// platformIn says whether the name at a is that of a platform in the phrase of who speaks
// by c: "one of the group's Twitter accounts".
func (t *sent) platformIn(c *cue, a int) bool {
	return t.l.code == "en" && platforms[t.low(a)] && a >= c.subj[0] && a < c.subj[1] && t.is(a+1, "account", "accounts", "page", "feed", "post", "posts", "thread", "message")
}

// sameOutlet gives a participle that goes on with what was told the outlet of the verb
// before: "told Reuters the talks had failed, adding that his side would return".
func (t *sent) sameOutlet() {
	if t.l.code != "en" {
		return
	}
	for i, c := range t.cues {
		if i == 0 || c.how != gerund || !c.shared || len(c.outlets) > 0 {
			continue
		}
		if p := t.cues[i-1]; p.subj == c.subj && !c.nested {
			c.outlets = append(c.outlets, p.outlets...)
		}
	}
}

// nameAtEnd gives the place of a name that ends a phrase which begins with a circumstance:
// "During the hearing in May Mr Orr"; 0 if there is none.
func (t *sent) nameAtEnd(a, b int) int {
	if t.l.code != "en" {
		return 0
	}
	k := b
	for k > a+2 && t.isWord(k-1) && t.s[k-1].cap {
		k--
		if titles[t.low(k)] {
			return k
		}
	}
	if k == b || t.isMark(k-1) || !t.isWord(k-1) || k-a < 3 {
		return 0
	}
	w := t.low(k - 1)
	if t.l.prep[w] || t.l.det[w] || t.l.conj[w] || w == "'s" || t.l.sub[w] || t.x.nouns[w].role != "" {
		return 0
	}
	return k
}

// adjectival are nouns with endings of adjectives.
var adjectival = words("executive executives representative representatives detective detectives native natives captive captives operative operatives relative relatives official officials journal capital hospital individual individuals general criminal criminals radical radicals professional professionals")

// nounByClause says whether a spelling that is verb and noun is the noun here, by what
// stands around it: "Holm's blunt remarks can be seen", "was granted court orders for".
func (t *sent) nounByClause(i int, f form) bool {
	if f.past || i == 0 || !t.isWord(i-1) {
		return false
	}
	n, w := i+1, t.low(i-1)
	switch {
	case t.finite(n):
		return true
	case t.adjectiveAt(i-1) || f.s && t.demonymAlone(i-1):
		return true
	case t.is(n, "that") && n+1 < len(t.s) && (t.finite(n+1) || t.groupAt[n+1] >= 0 && !t.l.pron[t.low(n+1)]) && !t.l.pron[w]:
		return true // "remarks that were seen widely"
	case f.s && t.is(i-1, "multiple", "numerous", "many", "some", "several", "both", "all", "few", "most", "others", "these", "those"):
		return true // "many promises he made"
	case oneOf(f.v.lemma, "state", "appeal", "comment", "remark", "note") && t.nounAt(n):
		return true // "a federal appeals court", "many state exchanges"
	case t.is(n, "that", ":", "whether") || t.isQuote(n) || t.l.pron[t.low(n)] || t.l.first[t.low(n)]:
		return false
	}
	return t.compound(i, f)
}

// demonymAlone says whether a demonym without an article stands at i: "refuted Russian
// claims".
func (t *sent) demonymAlone(i int) bool {
	p, n := t.placeAt(i)
	return n == 1 && p.demonym && !t.l.det[t.low(i-1)]
}

// adjectiveAt says whether a word is an adjective by its ending.
func (t *sent) adjectiveAt(i int) bool {
	w := t.low(i)
	return !t.s[i].cap && endsIn(w, "ive", "ous", "ful", "ical", "less", "able", "ible", "ish") && t.x.nouns[w].role == "" && !adjectival[w]
}

// nounAt says whether a word in small letters stands at n that opens nothing.
func (t *sent) nounAt(n int) bool {
	w := t.low(n)
	return n < len(t.s) && t.isWord(n) && !t.s[n].cap && !t.l.det[w] && !t.l.prep[w] && !t.adverb(n) && !t.isTime(n) && !t.l.sub[w] && !t.l.pron[w] && !t.l.first[w] && w != "to" && !t.l.conj[w]
}

// compound says whether the noun before a homograph at i makes one noun with it: "the
// union's pay demands delay", "was granted court orders".
func (t *sent) compound(i int, f form) bool {
	w := t.low(i - 1)
	if t.s[i-1].cap || t.l.pron[w] || t.l.rel[w] || t.adverb(i-1) || t.isTime(i-1) || t.groupAt[i-1] >= 0 || t.x.nouns[w].role == "person" || t.x.nouns[w].role == "official" {
		return false
	}
	for k := i - 1; k > 0 && k > i-4 && t.isWord(k) && !t.l.prep[t.low(k)]; k-- {
		if t.low(k) == "'s" || t.l.poss[t.low(k)] {
			return t.x.nouns[w].role == ""
		}
	}
	// "was granted court orders for", "with fake calls": no subject stands there
	if plural := t.plural(i - 1); plural || !f.s {
		return !plural
	}
	p := i - 2
	return p > 0 && !t.l.det[w] && (t.l.prep[t.low(p)] && !t.isTime(p) || t.groupAt[p] >= 0 && (t.groups[t.groupAt[p]].passive || !t.groups[t.groupAt[p]].speech(t)))
}

// personal are nouns of companies that a person is called by.
var personal = words("executive executives boss founder ceo cfo cto cofounder co-founder developer publisher investor shareholder")

// human says whether a phrase is somebody, or a body that speaks.
func (t *sent) human(a, b int) bool {
	if t.is(a, "he", "she", "they", "others", "some", "many", "several") {
		return true
	}
	r := t.roleIn(a, b)
	return r != "" && r != "document" || t.namesOnly(a, b) && t.hasName(a, b) || t.named(t.x.bodies, a, b, false) || t.named(t.x.companies, a, b, false)
}

// hasName says whether a word of a phrase has a capital and is none that begins sentences.
func (t *sent) hasName(a, b int) bool {
	for i := a; i < b; i++ {
		if t.isWord(i) && t.s[i].cap && !t.l.spared[t.low(i)] {
			return true
		}
	}
	return false
}

// saysNot says whether the words are a pronoun, a helper of the past, and "not": an answer
// that denies. Example: asked if they had fired, the colonel said "they had not".
func (t *sent) saysNot() bool {
	n := len(t.s)
	for n > 0 && t.isMark(n-1) {
		n--
	}
	if n == 3 && t.is(0, "of") && t.is(1, "course") && t.is(2, "not") || n == 2 && t.is(1, "not") && t.adverb(0) || n == 3 && t.is(0, "not") && t.is(1, "at") && t.is(2, "all") {
		return true // "Absolutely not."
	}
	if n < 2 || n > 4 || !t.l.pron[t.low(0)] && !t.l.first[t.low(0)] {
		return false
	}
	return n == 2 && t.is(1, "hadn't", "didn't", "haven't", "hasn't", "don't") || t.is(1, "had", "did", "have", "has", "do") && t.is(n-1, "not", "n't") && n == 3
}

// byName says whether the negation at i is of what the speaker is said to have done, by
// name: Kaseya says that Kaseya did not pay.
func (t *sent) byName(i int, sp statement.Speaker) bool {
	k := i - 1
	for k > 0 && (t.l.have[t.low(k)] || t.l.modal[t.low(k)] || t.l.be[t.low(k)] || t.adverb(k)) {
		k--
	}
	if k < 0 || k == i || !t.isWord(k) || !t.s[k].cap || runeLen(t.low(k)) < 3 || t.l.spared[t.low(k)] {
		return false
	}
	for _, w := range strings.FieldsFunc(lower(sp.As+" "+sp.For), func(r rune) bool { return r == ' ' || r == '\'' || r == ',' }) {
		if w == t.low(k) {
			return true
		}
	}
	return false
}

// answering are verbs by which somebody answers with what a noun names.
var answering = words("countered counters counter responded responds respond replied replies answered answers reacted reacts retaliated")

// answersWith reads "countered with a demand for two guards", "responded with a threat to
// close the strait": the noun says what was done, what stands behind it was said.
func (t *sent) answersWith(i int) *cue {
	if !t.is(i+1, "with") {
		return nil
	}
	start, _, be, modal, neg := t.helpers(i)
	if be || modal || neg {
		return nil
	}
	for k := i + 2; k < i+7 && k+2 < len(t.s) && t.isWord(k); k++ {
		kind, ok := answers[t.low(k)]
		if !ok || !t.is(k+1, "for", "to", "of", "that", "on") {
			continue
		}
		from := k + 2
		if t.is(k+1, "to") && kind != statement.Request {
			from = k + 1
		}
		e := from
		for e < len(t.s) && !t.is(e, ",", ";", ":", "–", ".") && !(t.isTime(e) && e > from+1) {
			e++
		}
		for e > from && t.isMark(e-1) {
			e--
		}
		if e-from < 2 {
			return nil
		}
		for start < i && t.adverb(start) {
			start++
		}
		c := &cue{a: start, b: k + 1, at: i, how: active, kind: kind, ready: true, content: [][2]int{{from, e}}, said: [2]int{i + 1, k}}
		c.v = &verb{lemma: t.low(i), kind: kind, flags: "o"}
		return c
	}
	return nil
}

// answers are those nouns.
var answers = map[string]statement.Kind{
	"demand": statement.Request, "demands": statement.Request, "call": statement.Request, "calls": statement.Request, "appeal": statement.Request, "request": statement.Request, "plea": statement.Request,
	"threat": statement.Threat, "threats": statement.Threat, "offer": statement.Announcement, "promise": statement.Announcement, "pledge": statement.Announcement, "vow": statement.Announcement,
	"claim": statement.Assertion, "claims": statement.Assertion, "accusation": statement.Assertion, "accusations": statement.Assertion, "warning": statement.Assertion,
}

// attributive says whether a participle at i stands before a noun with an adverb of its
// own: "the hotly contested seat", "its own recommended list".
func (t *sent) attributive(i int) bool {
	if i < 2 || !t.l.det[t.low(i-2)] && !t.l.poss[t.low(i-2)] {
		return false
	}
	if t.is(i-1, "own", "newly", "recently", "previously", "highly", "widely", "much") {
		return true
	}
	return t.adverb(i-1) && !t.isTime(i-1) && endsIn(t.low(i-1), "ly") && !t.someSpeak(i-1, i-2)
}

// noSign says whether what a nested cue tells is only named to say that something is no
// sign of it: "said that the inquiry was no sign the panel had determined a breach".
func (t *sent) noSign(outer, c *cue) bool {
	if len(outer.content) == 0 {
		return false
	}
	for k := c.from - 1; k >= outer.content[0][0] && k > c.from-5; k-- {
		if t.is(k, "sign", "mean", "evidence", "proof", "indication", "imply", "suggest", "indicate", "clear", "known") {
			return t.negBefore(k, 4)
		}
	}
	return false
}

// pluralPhrase says whether the noun that a preposition hangs on is plural: "aides to
// the mayor", "about half of voters in each state".
func (t *sent) pluralPhrase(i int) bool {
	if t.manyFrom(i) {
		return true
	}
	for k := i; k > 0 && k > i-9 && !t.isMark(k) && !t.isQuote(k) && t.groupAt[k] < 0; k-- {
		if t.is(k, "of", "to", "in", "close", "for", "at", "with", "from", "familiar", "near") && t.isWord(k-1) {
			w := t.low(k - 1)
			if t.is(k-1, "half", "majority", "most", "many", "some", "third", "percent", "people", "number", "few", "several", "both", "officials") || strings.HasSuffix(w, "s") && t.x.nouns[w].role != "" || t.s[k-1].kind == number {
				return true
			}
		}
	}
	return false
}
