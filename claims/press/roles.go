package press

import (
	"strings"

	"constat/claims/statement"
)

// phraseOf is a speaker's phrase with what has been read from it.
type phraseOf struct {
	a, b      int
	na, nb    int // the name
	name      string
	noun      string // the kind of its head noun in lexicon/nouns.txt
	head      string
	appos     [2]int
	anon      bool
	plural    bool
	placeOnly bool   // a country or its capital, which speaks for its government
	behalf    string // for whom, where another sentence says so
}

// named says whether one of the names in a set stands in a range; whole asks for
// the range to be nothing else.
func (t *sent) named(set map[string]bool, a, b int, whole bool) bool {
	for t.l.det[t.low(a)] && a+1 < b && !t.s[a].caps {
		a++
	}
	for i := a; i < b; i++ {
		if !t.isWord(i) || !t.s[i].cap || !t.x.heads[t.low(i)] {
			if whole {
				return false
			}
			continue
		}
		for k := min(b, i+5); k > i; k-- {
			if set[lower(t.textOf(i, k))] && (!whole || i == a && k == b) {
				return true
			}
		}
		if whole {
			return false
		}
	}
	return false
}

// spokes are those who speak for somebody by office.
var spokes = words("spokesman spokeswoman spokesperson spokespeople spokesmen porte-parole")

var spokesList = []string{"spokesman", "spokeswoman", "spokesperson", "porte-parole"}

// directors are offices that companies have as well as states.
var directors = words("chef cheffe director directeur directrice chairman chairwoman chair president président présidente manager head chief responsable boss secretary vice-president vice-président vice-présidente officer délégué déléguée délégués secrétaire coordinateur coordinatrice trésorier trésorière representative représentant représentante founder fondateur leader directors")

// partyWords say that an office is of a party, a union, a club.
var partyWords = words("party parti opposition union syndicat front association federation fédération club league ligue campaign movement mouvement rebel rebels rebelle rebelles group groupe ngo ong charity foundation fondation church église coalition rival rivals cgt cfdt medef confédération collectif greenpeace amnesty wwf unef fnsea unsa ffi team équipe society neymar committee-olympic")

// orgIn gives what kind of organisation a range names: "company", "body",
// "other", "".
func (t *sent) orgIn(a, b int) string {
	switch {
	case t.named(t.x.companies, a, b, false):
		return "company"
	case t.named(t.x.bodies, a, b, false):
		return "body"
	}
	for i := a; i < b; i++ {
		if partyWords[t.low(i)] || t.is(i, "olympic", "olympique") {
			return "other"
		}
	}
	for i := a; i < b; i++ {
		switch r := t.x.nouns[t.low(i)].role; {
		case r == "company" && !directors[t.low(i)] || t.s[i].cap && t.is(i, "bank", "banking", "group", "networks", "telecom", "inc", "ltd", "corp", "plc", "gmbh", "holdings", "labs", "systems", "technologies", "software", "pictures", "airlines", "energy", "motors", "industries", "partners", "capital"):
			return "company"
		case r == "body":
			return "body"
		}
	}
	return ""
}

// roleOf decides a speaker's role, and whether a pronoun may mean a person or a
// thing by it.
func (t *sent) roleOf(x *mention, sp *statement.Speaker, p *phraseOf, mem *memory) {
	a, b := p.a, p.b
	country := ""
	for i := a; i < b; i++ {
		if pl, n := t.placeAt(i); n > 0 {
			country = pl.code
			if pl.demonym {
				country = "-" + pl.code
			}
			break
		}
	}
	foreign := 0
	for i := a; i < b; i++ {
		if _, n := t.placeAt(i); n > 0 {
			i += n - 1
		} else if t.isWord(i) && t.s[i].cap && !t.l.det[t.low(i)] && !t.is(i, "nord", "sud", "north", "south", "est", "ouest", "east", "west", "et", "and") {
			foreign++ // "Insulate Britain" is no country
		}
	}
	p.placeOnly = (foreign == 0 || t.l.code != "fr") && country != "" && country[0] != '-' && p.noun == "" && (b-a <= 3 || t.is(b-1, "nord", "sud", "du") || t.find(a, b, "et", "and") > 0) && !t.named(t.x.companies, a, b, false)
	indefinite := t.is(a, "a", "an", "one", "un", "une", "des", "two", "three", "four", "deux", "trois", "quatre", "another", "some", "several", "plusieurs", "many", "l'un", "senior", "certain", "certains", "d'", "former", "top", "unnamed") || p.plural && !t.is(a, "les", "the", "ses", "its", "their", "leurs", "ces", "these")
	lo, hi := a, b
	if p.appos[1] > 0 {
		lo, hi = min(a, p.appos[0]), max(b, p.appos[1])
	}
	org := t.orgIn(a, b)
	if o := t.orgIn(p.appos[0], p.appos[1]); o != "" && (org == "" || p.noun != "") {
		org = o
	}
	document := t.x.nouns[p.head].role == "document" || t.documentHead(a, b)
	familiar := t.familiar(a, min(len(t.s), b+8))
	switch {
	case document && !t.x.outlets[lower(t.textOf(a, b))]:
		sp.Role, x.thing = statement.Other, true
		switch org {
		case "company":
			sp.Role = statement.Company
		case "body":
			sp.Role = statement.Official
		}
	case t.correspondent(a, b):
		sp.Role, x.person = statement.Outlet, true
	case t.publicBody(a, b):
		sp.Role, x.thing = statement.Official, true
	case t.outletRange(a, b) || t.isWord(a) && p.noun == "outlet" && org == "" && !t.l.poss[t.low(a)]:
		sp.Role, x.thing = statement.Outlet, true
		if p.name == "" {
			p.name, _, _ = t.nameIn(a, b)
		}
		if t.outletRange(a, b) {
			p.name = ""
		}
		if t.isQuote(b - 1) {
			p.name, x.person = t.textOf(b-1, b), false // "le journal « Le Quai »"
			sp.Name = p.name
		}
	case familiar && (p.name == "" || p.nb-p.na == 1):
		sp.Role, x.person, p.anon, p.name = statement.Source, true, false, ""
		if p.noun == "official" || p.noun == "person" {
			sp.Role = statement.AnonymousOfficial
		}
	case p.noun == "source":
		sp.Role, x.person = statement.Source, true
		for i := a; i < b; i++ {
			if t.is(i, "official", "officielle", "officielles", "government", "gouvernementale", "gouvernementales", "diplomatique", "diplomatiques", "diplomatic", "policière", "policières", "police", "judiciaire", "judiciaires", "judicial", "militaire", "militaires", "military", "intelligence", "sécuritaire", "sécuritaires", "security", "renseignement", "ministérielle", "court", "parliamentary") {
				sp.Role = statement.AnonymousOfficial
			}
		}
		if p.name != "" && !t.is(a, "a", "une") && !t.is(a, "two", "deux", "des", "several", "plusieurs") && sp.Role == statement.Source && !p.plural {
			sp.Role = statement.Other
		}
		if t.find2(a, b, "witness", "témoin", "witnesses", "témoins") {
			sp.Role = statement.Other
		}
	case p.noun == "staff":
		sp.Role, x.person = statement.Staff, true
		if p.name != "" && !t.bodyName(p.na, p.nb) {
			sp.Role = statement.Expert
			for i := lo; i < hi; i++ {
				if t.is(i, "employee", "employé", "employée", "staff", "worker", "salarié", "salariée", "cadre", "nurse", "infirmier", "infirmière", "driver", "pilot", "chef", "cheffe") {
					sp.Role = statement.Staff
				}
				if t.is(i, "manager") {
					sp.Role = statement.Company
				}
			}
		} else if t.is(b-1, "manager", "managers") || x.head == "manager" {
			sp.Role = statement.Company
		} else if t.find2(a, b, "workers", "employees", "salariés", "drivers", "dockers", "ouvriers") && t.find2(a, b, "union", "syndicat") {
			sp.Role = statement.Other
		}
	case p.noun == "expert":
		sp.Role, x.person = statement.Expert, true
	case p.noun == "company":
		sp.Role, x.thing = statement.Company, true
		if p.name != "" && t.find2(lo, hi, "cio", "ciso", "cto") && t.find2(lo, hi, "cybersecurity", "security") {
			sp.Role = statement.Expert
		}
		if t.is(a, "chief") || t.find2(lo, hi, "ceo", "cio", "cto", "cfo", "coo", "ciso", "pdg", "boss", "bosses", "founder", "cofounder", "co-founder", "fondateur", "cofondateur", "executive", "executives", "dirigeant", "dirigeante") {
			x.thing, x.person = false, true
		}
	case p.noun == "person":
		sp.Role, x.person = statement.Official, true
		switch {
		case org == "company":
			sp.Role = statement.Company
		case org == "other":
			sp.Role = statement.Other
		case p.anon || p.name == "" && indefinite:
			sp.Role = statement.AnonymousOfficial
		}
	case t.named(t.x.bodies, a, b, true):
		sp.Role, x.thing = statement.Official, true
	case p.noun == "official" && t.find2(a, b, "league", "ligue") && p.name == "":
		sp.Role, x.thing = statement.Other, true
	case p.noun == "official":
		sp.Role, x.person = statement.Official, true
		t.officialRole(x, sp, p, lo, hi, org, indefinite, mem)
	case p.noun == "body":
		sp.Role, x.thing = statement.Official, true
		if org == "other" && !t.find2(a, b, "ministry", "ministère", "government", "gouvernement", "army", "armée", "police") {
			sp.Role = statement.Other
		}
	case p.noun == "other":
		sp.Role, x.person = statement.Other, true
		switch org {
		case "company":
			if t.find2(a, b, "group", "groupe", "team", "équipe", "family") && !p.anon {
				sp.Role = statement.Company
			}
		case "body":
			if t.find2(a, b, "office", "team") {
				sp.Role = statement.Official
			}
		}
		if thingNouns[x.head] || strings.HasPrefix(x.head, "organi") || strings.HasPrefix(x.head, "union") || strings.HasPrefix(x.head, "syndicat") || strings.HasPrefix(x.head, "association") {
			// "Alliance Party MLA Kate Nicholl": somebody of it
			x.thing, x.person = true, t.l.code == "en" && p.nb-p.na >= 2 && p.nb == b && p.na > a && !t.l.prep[t.low(p.na-1)]
		}
	case p.placeOnly:
		sp.Role, x.thing = statement.Official, true
		p.name = ""
	case t.named(t.x.companies, a, b, false):
		sp.Role, x.thing = statement.Company, true
	case t.named(t.x.bodies, a, b, false):
		sp.Role, x.thing = statement.Official, true
	default:
		sp.Role = statement.Other
		x.person = p.name != "" && !t.companyIn(a, b)
		x.thing = p.nb-p.na == 1 && p.name != "" // one word may be either
		if t.companyIn(a, b) {
			sp.Role, x.thing = statement.Company, true
		} else if p.name == "" {
			x.thing, x.person = true, true
		} else if t.l.code == "en" && t.is(a, "the") && p.nb == b && p.nb-p.na > 1 {
			x.thing = true // "The Norland-based Harbour Watch"
		}
	}
}

// thingNouns are groups and the like, of which "it" may speak.
var thingNouns = words("ong ngo group groupe watchdog coalition office party parti opposition movement mouvement federation fédération club league ligue team équipe collectif fondation foundation charity church église union campaign gang militia milice")

// officialRole tells offices of states from those of companies and parties.
func (t *sent) officialRole(x *mention, sp *statement.Speaker, p *phraseOf, lo, hi int, org string, indefinite bool, mem *memory) {
	if org == "company" && t.find2(lo, hi, "intelligence", "research", "threat", "cybersecurity", "security", "recherche", "cybersécurité") && !t.find2(lo, hi, spokesList...) {
		sp.Role = statement.Expert
		return
	}
	spoke, director, only := false, false, true
	for i := lo; i < hi; i++ {
		w := t.low(i)
		spoke = spoke || spokes[w]
		director = director || directors[w]
		if r := t.x.nouns[w].role; r == "official" && !spokes[w] && !directors[w] {
			only = false
		}
	}
	switch {
	case p.head == "president" && org == "" && t.foreignTo(lo, hi):
		sp.Role = statement.Other
	case p.head == "chef" && t.l.code == "en":
		sp.Role = statement.Staff
	case spoke && org == "" && t.l.code == "en" && t.spokeFor(lo, hi):
		sp.Role = statement.Company
	case t.find2(lo, hi, "rival", "rivals", "opponent", "lawyer", "avocat", "avocate", "wife", "widow", "épouse", "critic"):
		sp.Role = statement.Other
	case org == "company" && (spoke || director) && only:
		sp.Role = statement.Company
	case org == "other" && (spoke || director):
		sp.Role = statement.Other
	case org == "other" && only && !t.find2(lo, hi, "minister", "ministre", "president", "général", "general"):
		sp.Role = statement.Other
	case t.find2(lo, hi, "general", "général") && t.find2(lo, hi, "directeur", "directrice", "manager"):
		sp.Role = statement.Company
	case spoke && org == "" && mem != nil && t.l.code == "fr" && t.spokeForKnown(sp, p, mem):
	case org == "" && t.l.code == "fr" && t.presides(lo, hi):
		sp.Role = statement.Other
	case org == "" && t.l.code == "fr" && t.runsName(lo, hi):
		sp.Role = statement.Company
	case spoke && org == "" && t.l.code == "fr" && t.spokeForName(lo, hi):
		sp.Role = statement.Other
	case spoke && t.companyIn(lo, hi):
		sp.Role = statement.Company
	case spoke && org == "" && p.name == "" && mem != nil && sp.For == "" && t.behalf(p.a, p.b) == "":
		// "a spokesman": of whoever spoke last.
		if m := mem.find(func(m *mention) bool {
			return m.thing && !m.person && m.sp.Role != statement.Outlet && m.para >= x.para-4
		}); m != nil && (m.sp.Role == statement.Company || m.sp.Role == statement.Other) {
			sp.Role, p.behalf = m.sp.Role, m.sp.Label()
			return
		}
	}
	if sp.Role == statement.Official && (p.anon || p.name == "" && indefinite && !spoke && !p.plural) {
		sp.Role = statement.AnonymousOfficial
	}
}

// spokeForName says whether a spokesman speaks for a name alone that is no state's,
// no person's and no company's by its form: "porte-parole du M23", "de Navalis".
func (t *sent) spokeForName(a, b int) bool {
	if t.companyIn(a, b) {
		return false
	}
	for i := a; i+2 < b+1; i++ {
		if !t.is(i, "porte-parole") || !t.is(i+1, "de", "du", "d'", "des") || i+2 >= len(t.s) || !t.s[i+2].cap {
			continue
		}
		_, n := t.placeAt(i + 2)
		return n == 0 && t.x.nouns[t.low(i+2)].role == "" && !titles[t.low(i+2)] && t.x.given[t.low(i+2)] == 0 && (t.s[i+2].caps || i+3 >= b || !t.isWord(i+3) || !t.s[i+3].cap)
	}
	return false
}

// runsName says whether somebody directs a name alone that is no state's and no
// body's: "directeur de Navalis", "directrice générale chez Navalis".
func (t *sent) runsName(a, b int) bool {
	for i := a; i+2 < b; i++ {
		if !t.is(i, "directeur", "directrice", "patron", "patronne", "gérant", "gérante", "responsable") {
			continue
		}
		k := i + 1
		for k < b && t.isWord(k) && !t.l.prep[t.low(k)] && !t.s[k].cap {
			k++
		}
		if t.is(k, "de", "d'", "chez") && k+1 < b && t.s[k+1].cap && t.x.nouns[t.low(k+1)].role == "" && t.x.given[t.low(k+1)] == 0 {
			_, n := t.placeAt(k + 1)
			return n == 0
		}
	}
	return false
}

// spokeForKnown takes the role of whom a spokesman speaks for from where the text
// has named it: "un porte-parole d'Insulate Britain", of "le groupe Insulate Britain".
func (t *sent) spokeForKnown(sp *statement.Speaker, p *phraseOf, mem *memory) bool {
	whom := t.behalf(p.a, p.b)
	if k := strings.IndexByte(whom, ','); k > 0 {
		whom = whom[:k]
	}
	if whom == "" {
		return false
	}
	m := mem.find(func(m *mention) bool {
		return m.thing && (m.sp.As == whom || strings.HasSuffix(m.sp.As, " "+whom)) && (m.sp.Role == statement.Company || m.sp.Role == statement.Other)
	})
	if m != nil {
		sp.Role = m.sp.Role
	}
	return m != nil
}

// foreignTo says whether a president presides over something with a name that is
// no state: "IAAF President Sebastian Coe".
func (t *sent) foreignTo(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if t.is(i, "president") && t.isWord(i-1) && t.s[i-1].cap && !t.l.det[t.low(i-1)] {
			_, n := t.placeAt(i - 1)
			return n == 0 && t.x.nouns[t.low(i-1)].role == "" && !t.is(i-1, "vice", "former", "deputy", "then") && !endsIn(t.low(i-1), "ian", "ese", "ish")
		}
	}
	return false
}

// spokeFor says whether a spokesman's phrase ends in a name that is no state's, no
// body's and no person's: "a spokeswoman for Navalis".
func (t *sent) spokeFor(a, b int) bool {
	for i := a; i+1 < b; i++ {
		if t.is(i, "for") && t.s[i+1].cap && i+2 >= b {
			_, n := t.placeAt(i + 1)
			return n == 0 && t.x.nouns[t.low(i+1)].role == ""
		}
	}
	return false
}

// documentHead says whether the phrase is of something written: "a statement on
// the federation's website".
func (t *sent) documentHead(a, b int) bool {
	for i := a; i < b; i++ {
		if t.l.prep[t.low(i)] {
			return false
		}
		switch r := t.x.nouns[t.low(i)].role; {
		case r == "document":
			return i+1 >= b || !t.isWord(i+1) || t.l.prep[t.low(i+1)] || t.l.code == "fr"
		case r != "" && t.l.code == "fr":
			return false
		}
	}
	return false
}

// familiar says whether somebody is described by what they know alone: "people
// familiar with the matter", "une personne proche du dossier".
func (t *sent) familiar(a, b int) bool {
	for i := a; i < b; i++ {
		switch {
		case t.is(i, "familiar", "acquainted") && t.is(i+1, "with"),
			t.is(i, "briefed") && t.is(i+1, "on", "about"),
			t.is(i, "knowledge") && t.is(i+1, "of") && t.is(i-1, "with", "direct", "has", "have"),
			t.is(i, "close") && t.is(i+1, "to") && t.find(i+2, min(i+6, len(t.s)), "matter", "investigation", "talks", "case", "probe", "negotiations") > 0,
			t.is(i, "proche", "proches", "fait") && t.is(i+1, "du", "de", "des") && t.find(i+2, min(i+5, len(t.s)), "dossier", "enquête", "affaire", "négociations", "discussions") > 0:
			return true
		}
		if t.isMark(i) && i > a {
			return false
		}
	}
	return false
}
