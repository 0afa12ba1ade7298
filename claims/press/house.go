package press

import (
	"strings"

	"constat/claims/statement"
)

// Texts in which a house says "we" of itself, and what it does by that.

// houseVoice says whether a text is a house's own though neither its head nor its foot
// says so: a quarter of its paragraphs speak of "we" outside quotations, and hardly anybody
// else says anything.
func (r *reader) houseVoice() bool {
	own, others, long := 0, 0, 0
	for i := range r.ps {
		p := &r.ps[i]
		s := r.src.text[p.from:p.to]
		if len(s) < 40 || p.lang != nil && p.lang.code != "en" {
			continue
		}
		long++
		we := strings.Contains(s, "We ") || strings.Contains(s, " we ") || strings.Contains(s, "We’") || strings.Contains(s, "We'")
		if !we && !strings.Contains(s, " said") && !strings.Contains(s, " told ") {
			continue
		}
		ts := lex(r.src.text, p.from, p.to, nil)
		r.lexed += len(ts)
		quotes := pairQuotes(r.src.text, ts)
		speaks := false
		for k := 0; k < len(ts); k++ {
			if len(quotes) > 0 && k >= quotes[0][0] {
				k, quotes = quotes[0][1], quotes[1:]
				continue
			}
			speaks = speaks || ts[k].low == "we"
			others += b2i(ts[k].low == "said" || ts[k].low == "told" || ts[k].low == "says")
		}
		own += b2i(speaks)
	}
	return own >= 3 && own*4 >= long && others*3 <= own && r.l != nil && r.l.code == "en"
}

// houses are verbs by which a house says something of itself.
var houses = words("expect confirm announce urge call ask demand request condemn deny reject regret apologise apologize believe decided confirmed announced asked urged condemned reported notified informed warned advise recommend plan intend promise pledge commit reiterate stress deplore welcome disabling removing closing shutting ending launching introducing phasing planning working investigating")

// houseSays says whether the verb behind "we" at i decides, announces, expects, confirms,
// urges or condemns.
func (t *sent) houseSays(i int) bool {
	for k := i + 1; k < len(t.s) && k < i+6 && !t.isMark(k); k++ {
		if houses[t.low(k)] || t.is(k, "will", "'ll", "won't") && !t.is(k+1, "see", "know", "be") {
			return true
		}
		if t.is(k, "made", "taken") && t.find(k, min(k+3, len(t.s)), "decision") > 0 {
			return true
		}
		if t.l.det[t.low(k)] || t.l.prep[t.low(k)] && !t.is(k, "to") {
			return false
		}
	}
	return false
}

// ownStart is where what a house says with "we" at i begins: behind a circumstance and its
// comma, not behind a condition.
func (t *sent) ownStart(i int) int {
	if t.l.code != "en" || i < 2 || !t.is(i-1, ",") || t.is(0, "if", "when", "while", "because", "as", "since", "although", "and", "but") {
		return 0
	}
	return i
}

// decided says whether what "we" at i say is that something will be done.
func (t *sent) decided(i int) bool {
	for k := i + 1; k < len(t.s) && k < i+5 && !t.isMark(k); k++ {
		switch {
		case t.is(k, "will", "'ll"):
			return !t.is(k+1, "not", "never", "see", "know", "need", "be") && t.isWord(k+1)
		case t.is(k, "decided", "resolved", "chosen"):
			return t.find(k, min(k+3, len(t.s)), "to") > 0
		case t.is(k, "decision"):
			return t.find(k, min(k+3, len(t.s)), "to") > 0
		case t.is(k, "are", "'re", "am") && t.isWord(k+1) && t.is(k+1, "disabling", "removing", "closing", "shutting", "ending", "launching", "introducing", "phasing", "suspending", "discontinuing", "withdrawing", "lifting", "opening"):
			return true
		case t.l.neg[t.low(k)]:
			return false
		}
	}
	return false
}

// ownKind is the kind of what somebody says of himself: "We deny …", "Nous
// demandons …".
func (t *sent) ownKind(we int, kind statement.Kind) statement.Kind {
	for i := we + 1; i < len(t.s) && i < we+5; i++ {
		if t.l.code == "en" && (t.l.det[t.low(i)] || t.s[i].cap) {
			break // "fight this claim in court": no verb any more
		}
		for _, f := range t.l.verbs[t.low(i)] {
			if (f.fin && !f.s || f.part) && f.v.kind != statement.Assertion && f.v.kind != statement.Question {
				return f.v.kind
			}
		}
		if t.l.code == "fr" && t.isWord(i) {
			// "nous démentons": the lexicon has no first person.
			if stem, ok := strings.CutSuffix(t.low(i), "ons"); ok {
				for _, end := range []string{"e", "ent", "ait", "t"} {
					for _, f := range t.l.verbs[stem+end] {
						if f.fin && f.v.kind != statement.Assertion && f.v.kind != statement.Question {
							return f.v.kind
						}
					}
				}
			}
		}
	}
	if kind == statement.Assertion && (t.l.code == "en" && t.decided(we) || t.l.code == "fr" && t.resolved(we)) {
		return statement.Announcement
	}
	return kind
}

// houseName says whether the name of who issued a release is no person's: it has one word,
// and that is no first name.
func (r *reader) houseName(as string) bool {
	return r.l.code == "en" && !strings.Contains(as, " ") && r.x.given[lower(as)] == 0
}
