package press

import (
	"strings"

	"constat/claims/statement"
)

// What an English text says of a speaker's role elsewhere than in the phrase that
// names them.

// office is an office that a sentence named without who holds it: "the country's
// industry minister", "the Northern Ireland secretary".
type office struct {
	role     statement.Role
	sentence int
	body     bool
}

// offices remembers the last such office of a sentence.
func (r *reader) offices(t *sent) {
	if t.l.code != "en" {
		return
	}
	for i := 1; i < len(t.s); i++ {
		role := t.x.nouns[t.low(i)].role
		if t.is(i, "chief") && t.orgIn(max(i-6, 0), i) == "body" {
			role = "official"
		}
		if role != "official" || t.s[i].cap || strings.HasSuffix(t.low(i), "s") || directors[t.low(i)] && !t.is(i, "secretary") || spokes[t.low(i)] || !titular[t.low(i)] {
			continue
		}
		// A name beside it is its holder's.
		if i+1 < len(t.s) && t.isWord(i+1) && (t.s[i+1].cap || t.x.nouns[t.low(i+1)].role != "") || t.is(i+1, ",") && i+2 < len(t.s) && t.s[i+2].cap || t.is(i+1, "who", "whose") {
			continue
		}
		k := i
		for k > 0 && k > i-6 && t.isWord(k-1) && !t.l.prep[t.low(k-1)] && t.groupAt[k-1] < 0 && !t.l.det[t.low(k-1)] && t.low(k-1) != "'s" {
			k--
		}
		if t.is(k-1, "the", "'s", "its", "their", "his", "her") && t.find(k, i, "former", "ex", "deputy", "then") < 0 {
			r.office = office{statement.Official, r.sentence, false}
		}
	}
}

// titular are offices that one person holds at a time.
var titular = words("chief minister secretary commissioner president mayor governor chancellor ambassador envoy premier prosecutor attorney ombudsman sheriff pm")

// roleEN mends the role of a speaker from what the text says around.
func (r *reader) roleEN(t *sent, c *cue, f *found) {
	a, b := c.subj[0], c.subj[1]
	sp := &f.sp
	set := func(role statement.Role) {
		sp.Role, f.m.sp.Role = role, role
	}
	if role, ok := t.bySelf(a, b, c.appos); ok {
		set(role)
		return
	}
	switch {
	case sp.Role != statement.Other:
		return
	case t.documentHead(a, b) && sp.Name == "" && t.roleIn(a, b) == "" && b-a <= 3 && t.find(a, b, "from", "by", "of") < 0:
		// "a statement said": of whatever spoke last
		if old := r.mem.find(func(m *mention) bool { return m.fromSaid && m.sp.Role != statement.Outlet && m.para >= f.m.para-3 }); old != nil {
			switch old.sp.Role {
			case statement.Company, statement.Official:
				set(old.sp.Role)
				sp.For = old.sp.Label()
			}
		}
	case strings.Contains(sp.Name, " ") && f.m.head == "" && f.m.person && r.office.sentence > 0 && r.sentence-r.office.sentence <= 2 && t.roleIn(c.appos[0], c.appos[1]) == "" && b-a <= 4 && !r.knew(f.m):
		set(r.office.role)
		for _, m := range r.mem.all {
			if m.name == f.m.name {
				m.sp.Role = r.office.role
			}
		}
		r.office = office{}
	}
}

// knew says whether somebody was named in a sentence before this one.
func (r *reader) knew(x *mention) bool {
	return r.mem.find(func(m *mention) bool { return m.name == x.name && m.sentence < r.sentence && m.sentence > 0 }) != nil
}

// spoke says whether somebody whom the text called by this noun has spoken.
func (m *memory) spoke(head string) bool {
	return m.find(func(x *mention) bool {
		return x.fromSaid && (x.head == head || synonyms[x.head] != "" && synonyms[x.head] == synonyms[head])
	}) != nil
}

// expertBefore says whether an expert stands in a range: "several experts and former
// officials".
func (t *sent) expertBefore(a, b int) bool {
	for i := a; i < b; i++ {
		if t.x.nouns[t.low(i)].role == "expert" {
			return true
		}
	}
	return false
}

// forces are services of states in two words.
var forces = map[string]bool{"air force": true, "armed forces": true, "security forces": true, "defence forces": true, "defense forces": true, "police force": true, "coast guard": true, "fire service": true, "ambulance service": true, "fire department": true, "intelligence service": true, "intelligence services": true, "secret service": true, "civil service": true, "health service": true, "border guard": true, "emergency services": true, "intelligence community": true, "grand jury": true, "attorney general": true, "crown court": true, "high court": true, "supreme court": true, "health trust": true, "foundation trust": true, "city council": true, "county council": true, "border agency": true, "space agency": true, "spy agency": true}

// bySelf gives roles that the phrase itself tells: former offices, chiefs of companies,
// spokespeople of a person, reporters of an outlet, offices by their names' last word.
func (t *sent) bySelf(a, b int, appos [2]int) (statement.Role, bool) {
	lo, hi := a, b
	if appos[1] > 0 {
		lo, hi = min(a, appos[0]), min(max(b, appos[1]), len(t.s))
	}
	org := t.orgIn(lo, hi)
	for i := lo; i < hi; i++ {
		switch {
		case t.is(i, "former", "ex", "retired", "ousted", "deposed") || strings.HasPrefix(t.low(i), "ex-"):
			if role, is, ok := t.formerly(i, lo, hi, org); ok {
				return role, is
			}
		case t.is(i, "special") && t.is(i+1, "agent"):
			return statement.Official, true
		case t.is(i, "manager", "clerk", "administrator", "executive") && i > lo && t.is(i-1, "county", "city", "town", "borough", "village", "district", "parish", "state"):
			return statement.Official, true
		case t.is(i, "indictment", "subpoena", "affidavit", "ruling", "judgment", "judgement"):
			return statement.Official, true
		case t.is(i, "adviser", "advisor", "aide", "adviser") && t.is(i+1, "to") && t.is(i+2, "mr", "ms", "mrs", "miss", "him", "her"):
			return statement.Other, true
		case t.runsOffice(b, lo, i, hi):
			return statement.Official, true
		case t.is(i, "chief") && org != "body" && t.find(i+1, min(i+5, hi), "officer") > 0 && t.find(lo, hi, "medical", "police", "fire", "constable", "veterinary", "scientific", "council", "county", "city", "town", "government", "state", "trust", "hospital") < 0:
			return statement.Company, true
		case (spokes[t.low(i)] || t.is(i, "secretary") && t.is(i-1, "press")) && org == "" && t.ofPerson(lo, i):
			return statement.Other, true
		case i > a && i < b && (t.serviceAt(a, i, b) || t.chiefOf(i, b, org == "body") || t.inPower(i)):
			return statement.Official, true
		}
	}
	return t.byPlace(a, b, lo, hi)
}

// byPlace gives the role of directors of places of study, of officials of a named state,
// of reporters of an outlet. lo and hi hold the phrase and its apposition.
func (t *sent) byPlace(a, b, lo, hi int) (statement.Role, bool) {
	for i := lo; i < hi; i++ {
		if t.studies(i, lo, hi) {
			return statement.Expert, true
		}
	}
	switch {
	case t.officialsOf(a, b), t.statesAnd(a, b):
		return statement.Official, true
	case t.accountOf(a, b):
		return statement.Other, true
	case t.runsHouse(lo, hi):
		return statement.Company, true
	}
	if t.reporterOf(a, b) {
		return statement.Outlet, true
	}
	return "", false
}

// formerly reads the office behind "former" at i: whoever held it holds it no more. ok
// says whether there is one, is whether that decides.
func (t *sent) formerly(i, lo, hi int, org string) (role statement.Role, is, ok bool) {
	for k := i; k < hi && k < i+9 && !t.isMark(k) && !t.is(k, "and", "turned", "now"); k++ {
		r := t.x.nouns[strings.TrimPrefix(t.low(k), "ex-")].role
		if r != "official" && r != "person" {
			continue
		}
		if t.find(k+1, hi, "now", "turned", "currently") > 0 || org == "company" && t.find(k+1, hi, "at", "of", "with") > 0 && t.find(lo, hi, "founder", "chief", "head") >= 0 || t.expertBefore(lo, i) {
			return "", false, true
		}
		if name, _, _ := t.nameIn(lo, hi); name == "" && !t.is(lo, "the") {
			return statement.Source, true, true
		}
		return statement.Other, true, true
	}
	return "", false, false
}

// ofPerson says whether the office at i is one with a person: "Prince Harry's press
// secretary".
func (t *sent) ofPerson(lo, i int) bool {
	if t.find(lo, i, "white", "president", "minister", "house", "ministry", "government", "mayor", "governor", "king", "queen") >= 0 {
		return false
	}
	for k := i - 1; k > lo+1; k-- {
		if t.is(k, "'s") && t.s[k-1].cap && t.x.places[t.low(k-1)].code == "" && t.x.nouns[t.low(k-1)].role == "" {
			return true
		}
	}
	return false
}

// serviceAt says whether a service of a state ends at i: "Ukraine's air force", "the
// Crown Prosecution Service".
func (t *sent) serviceAt(a, i, b int) bool {
	if forces[t.low(i-1)+" "+t.low(i)] && t.find(a, i, "former", "with", "of", "in", "union") < 0 && (i+1 == b || t.l.prep[t.low(i+1)]) {
		return true
	}
	return i == b-1 && t.x.nouns[t.low(i)].role == "" && t.s[i].cap && t.s[i-1].cap && t.is(i, "service", "authority", "commission", "inspectorate", "directorate", "secretariat", "registry", "constabulary", "tribunal", "ombudsman")
}

// reporterOf says whether somebody is an outlet's: "BBC Persian's Rana Lind".
func (t *sent) reporterOf(a, b int) bool {
	x, y := t.outletAt(a + b2i(t.l.det[t.low(a)]))
	if y <= x || y >= b {
		return false
	}
	k := y
	for k < b && k < y+2 && t.isWord(k) && t.s[k].cap && t.low(k) != "'s" {
		k++
	}
	return t.is(k, "'s") && k+1 < b && t.namesOnly(k+1, b)
}

// chiefOf says whether "chief" at i heads a state's or a community's office: "the U.N.
// refugee chief". b is where the phrase ends.
func (t *sent) chiefOf(i, b int, body bool) bool {
	return body && t.is(i, "chief") && (i+1 >= b || t.l.prep[t.low(i+1)] || t.isWord(i+1) && t.s[i+1].cap)
}

// inPower says whether a coalition or panel at i is one of states or of a parliament.
func (t *sent) inPower(i int) bool {
	switch {
	case t.is(i, "coalition"):
		return strings.HasSuffix(t.low(i-1), "-led") || t.is(i-1, "military", "international", "ruling", "governing")
	case t.is(i, "panel", "subcommittee"):
		return t.is(i-1, "ethics", "senate", "house", "congressional", "parliamentary", "government", "judiciary", "intelligence", "oversight", "disciplinary", "inquiry")
	}
	return false
}

// studies says whether the office at i is one in a place of study: "director of the
// Centre for Open Networks".
func (t *sent) studies(i, lo, hi int) bool {
	if !t.is(i, "director", "head", "founder", "fellow", "chair", "president") || t.is(i, "director") && t.is(i-1, "fbi", "cia") {
		return false
	}
	for k := i + 1; k < hi && k < i+8; k++ {
		if t.isMark(k) {
			return false
		}
		if t.isWord(k) && t.s[k].cap && t.is(k, "centre", "center", "institute", "observatory", "laboratory", "university", "college", "lab") {
			return t.find(lo, hi, "medical", "detention", "trade", "shopping", "health", "hospital", "arts", "cultural") < 0 && t.find(i+1, k, "of", "at", "for") > 0
		}
	}
	return false
}

// officialsOf says whether a phrase is officials of a named state or office, in general:
// "European Commission officials", "county officials"; not "two senior officials".
func (t *sent) officialsOf(a, b int) bool {
	if b-a > 5 || b-a < 2 || !t.is(b-1, "officials") {
		return false
	}
	named := false
	for i := a; i < b-1; i++ {
		if !t.isWord(i) || numbers[t.low(i)] > 1 || t.is(i, "senior", "former", "unnamed", "anonymous", "several", "some", "many", "top", "high-ranking", "two", "three", "intelligence", "security", "defence", "defense", "western", "company", "union", "party") {
			return false
		}
		_, n := t.placeAt(i)
		named = named || n > 0 || t.is(i, "county", "city", "state", "government", "other")
	}
	return named || t.named(t.x.bodies, a, b-1, false)
}

// statesAnd says whether a phrase begins with a state and names others beside it: "the US
// and a coalition of allies".
func (t *sent) statesAnd(a, b int) bool {
	k := a + b2i(t.l.det[t.low(a)])
	p, n := t.placeAt(k)
	return n > 0 && !p.demonym && t.is(k+n, "and") && t.find(k+n, b, "allies", "coalition", "countries", "partners", "governments", "nations", "states") > 0
}

// accountOf says whether a phrase is an account on a platform, which is no company's: "one
// of the Twitter accounts of the group".
func (t *sent) accountOf(a, b int) bool {
	for i := a; i+1 < b; i++ {
		if platforms[t.low(i)] && t.is(i+1, "account", "accounts", "page", "feed") {
			return !t.named(t.x.bodies, a, b, false) && t.find(a, b, "ministry", "government", "president", "minister", "embassy", "police", "army", "company") < 0
		}
	}
	return false
}

// runsHouse says whether somebody directs what has a single name that is no state's: "Alp
// Vok, director of NetPulse".
func (t *sent) runsHouse(lo, hi int) bool {
	for i := lo; i+2 < hi; i++ {
		if !t.is(i, "director", "founder", "owner", "boss", "manager") || !t.is(i+1, "of", "at") || !t.isWord(i+2) || !t.s[i+2].cap {
			continue
		}
		if i+3 < hi && t.isWord(i+3) && t.s[i+3].cap || t.s[i+2].caps && !endsIn(t.low(i+2), "com", "net") {
			return false
		}
		_, n := t.placeAt(i + 2)
		return n == 0 && t.x.nouns[t.low(i+2)].role == "" && !t.named(t.x.bodies, i+2, i+3, false) && !t.is(i+2, "communications", "operations", "research", "policy", "security", "intelligence", "engineering", "studies", "strategy", "education", "health")
	}
	return false
}

// runsBody says whether a state's body by its name ends at i, which the phrase from lo runs:
// "chief executive of the National Ports Commission".
func (t *sent) runsBody(lo, i, hi int) bool {
	if !t.s[i].cap || i+1 < hi && t.isWord(i+1) && t.s[i+1].cap {
		return false
	}
	if !t.is(i, "agency", "authority", "commission", "directorate", "bureau", "inspectorate") && !(t.is(i, "centre", "center") && t.find(lo, i, "national", "government", "federal") >= 0) {
		return false
	}
	of := t.find(lo, i, "of", "at")
	return of > lo && t.find(lo, of, "director", "chief", "head", "boss", "executive") >= 0
}

// forceBeside says whether a force of a state stands in front of its chief at i, or behind
// "from": "Ukraine's air force chief", "Jan Plet from the navy".
func (t *sent) forceBeside(lo, i, hi int) bool {
	if t.is(i, "from", "of") {
		k := i + 1 + b2i(t.is(i+1, "the"))
		return k+1 == hi && t.is(k, "navy", "army", "police", "military") || k+2 == hi && forces[t.low(k)+" "+t.low(k+1)]
	}
	return t.is(i-1, "navy", "army", "police", "military") || i > lo+1 && forces[t.low(i-2)+" "+t.low(i-1)]
}

// runsOffice says whether the word at i makes the phrase a state's: an office's own office, who
// runs a body, a force's chief.
func (t *sent) runsOffice(b, lo, i, hi int) bool {
	return t.officeOf(b, lo, i) || t.runsBody(lo, i, hi) || (t.is(i, "chief", "commander") && i > lo+1 || t.is(i, "from", "of") && i > lo && t.s[i-1].cap) && t.forceBeside(lo, i, hi)
}

// officeOf says whether "office" at i ends a phrase of somebody in office: "the president's
// office".
func (t *sent) officeOf(b, lo, i int) bool {
	if !t.is(i, "office") || i != b-1 || i <= lo+1 || !t.is(i-1, "'s") {
		return false
	}
	r := t.x.nouns[t.low(i-2)].role
	return r == "official" || r == "person"
}
