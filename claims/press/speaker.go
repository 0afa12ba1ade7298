package press

import (
	"strings"

	"constat/claims/statement"
	"constat/claims/wording"
)

// outletName says whether a name is one of a newspaper, an agency, a station.
var outletName = onUse(`(?i)\b(times|post|herald|tribune|gazette|courier|courrier|bugle|ledger|guardian|telegraph|mirror|observer|chronicle|examiner|journal|daily|news agency|newspaper|télégramme|dépêche|dispatch|inquirer|sentinel|register|bulletin|news|morning star|evening standard|tageszeitung|zeitung|diario|agence \p{Lu}\S*)\b`)

// outletRange says whether a range of tokens names an outlet.
func (t *sent) outletRange(a, b int) bool {
	if a >= b || b-a > 14 {
		return false
	}
	for t.l.det[t.low(a)] && a+1 < b && !t.x.outlets[t.low(a)+" "+t.low(a+1)] {
		a++
	}
	name := lower(t.textOf(a, b))
	if t.x.outlets[name] && (t.l.code != "en" || b > a+1 || t.s[a].cap) {
		return true // but "the diplomat" is no magazine
	}
	caps := 0
	for i := a; i < b; i++ {
		if t.isWord(i) && t.s[i].cap {
			caps++
			for k := min(b, i+t.x.longest); k > i; k-- {
				if t.x.outlets[lower(t.textOf(i, k))] && (k-i == b-a || t.roleIn(a, b) == "outlet" || k == b && i == a) {
					return true
				}
			}
		}
	}
	if caps == 0 {
		return false
	}
	// "the Huanqiu newspaper", "l'agence X", "la chaîne CNX"
	for i := a; i < b; i++ {
		r := t.x.nouns[t.low(i)].role
		if r == "outlet" || t.is(i, "agence", "agency") && (t.is(i-1, "news", "presse") || t.l.code == "fr" && i+1 < b && t.s[i+1].cap || t.is(i+1, "de") && t.is(i+2, "presse") || t.is(i+1, "d'") && t.is(i+2, "information", "informations") || t.is(i+1, "officielle")) {
			if r = t.roleIn(a, b); r == "outlet" || r == "" || r == "body" {
				return true
			}
		}
	}
	return caps > 1 && t.namesOnly(a, b) && t.paperName(a, b)
}

// paperWords are words that names of newspapers end in or begin with.
var paperWords = words("times post herald tribune gazette courier courrier bugle ledger guardian telegraph mirror observer chronicle examiner journal daily newspaper télégramme dépêche dispatch inquirer sentinel register bulletin news zeitung diario")

func (t *sent) paperName(a, b int) bool {
	for i := a; i < b; i++ {
		if t.isWord(i) && t.s[i].cap && (paperWords[t.s[i].low] || t.s[i].low == "star" && t.is(i-1, "morning") || t.s[i].low == "standard" && t.is(i-1, "evening")) {
			return true
		}
	}
	return false
}

// stateMedia says whether a range means media in general.
func (t *sent) stateMedia(a, b int) bool {
	for i := a; i < b; i++ {
		if t.is(i, "media", "médias", "television", "télévision", "press", "presse", "radio") {
			return true
		}
	}
	return false
}

// roleIn is the role of the head noun of a phrase: the first one in French and
// before "of"; in English the last before a name or a preposition.
func (t *sent) roleIn(a, b int) string {
	role := ""
	for i := a; i < b; i++ {
		if !t.isWord(i) {
			continue
		}
		if i > a && (t.l.prep[t.low(i)] || t.l.rel[t.low(i)]) && role != "" {
			break
		}
		r := t.x.nouns[t.pressOfficer(i)].role
		if r == "" || r == "document" {
			continue
		}
		if surnames[t.low(i)] && i > a && t.l.code == "en" && t.s[i].cap && t.s[i-1].cap && t.isWord(i-1) && t.x.nouns[t.low(i-1)].role == "" && (i+1 == b || !t.s[i+1].cap) && t.x.places[t.low(i-1)].code == "" && !t.l.det[t.low(i-1)] && !t.is(i-1, "crown", "high", "chief", "deputy", "lord") {
			continue // "Matthew Prince"
		}
		if t.l.code == "fr" {
			if role == "" || role == "person" && r == "source" {
				role = r
			}
			continue
		}
		// A capital in the middle is a part of a name: "White House".
		role = r
	}
	return role
}

// surnames are offices that are frequent as surnames.
var surnames = words("prince king judge major pope marshal bishop priest general colonel speaker head deputy sheriff constable chancellor cook parent brother church cousin champion friend bank chambers")

// mention is somebody whom the article has spoken of.
type mention struct {
	sp       statement.Speaker
	span     statement.Span
	name     string // folded words of the name
	head     string // the noun it was spoken of by
	gender   byte   // 'm', 'f', 0 unknown
	soft     bool   // 'm' is of the office alone: "le professeur Kern", who may be a woman
	plural   bool
	person   bool
	thing    bool // a body, a company, a country
	fromSaid bool // it spoke
	oblique  bool // it was named behind a preposition, or in what was told
	hasName  bool // a name stands in its phrase
	subject  bool // it was the subject of a sentence's main clause
	sentence int
	para     int
}

// memory is what pronouns and short names stand for.
type memory struct {
	all []*mention
}

// without is the memory less whom the words before an attribution at the end name:
// of "The centre keeps us informed, he said" the centre is not who said so.
func (m *memory) without(t *sent, c *cue) *memory {
	if out := m.unnamed(t, c); out != nil {
		m = out
	}
	if !c.left || c.direct || len(c.content) == 0 {
		return m
	}
	from, to := t.bounds(c.content[0][0], c.content[0][1])
	out := &memory{}
	for _, x := range m.all {
		if x.span.From >= int64(from) && x.span.To <= int64(to) {
			continue
		}
		out.all = append(out.all, x)
	}
	return out
}

const lookBack = 24 // mentions

func (m *memory) add(x *mention) {
	m.all = append(m.all, x)
	if len(m.all) > 4*lookBack {
		m.all = append(m.all[:0], m.all[len(m.all)-2*lookBack:]...)
	}
}

// find returns the latest mention that fits.
func (m *memory) find(ok func(*mention) bool) *mention {
	for i, n := len(m.all)-1, 0; i >= 0 && n < 2*lookBack; i, n = i-1, n+1 {
		if ok(m.all[i]) {
			return m.all[i]
		}
	}
	return nil
}

// titles go with names and are not part of them.
var titles = words("ch mr mrs ms dr prof m mm mme mlle me sir lord lady madame monsieur general général colonel president président présidente minister ministre")

var anonymous = words("anonymous unnamed unidentified anonyme anonymes anonymat unattributed undisclosed confidential")

// describe makes a speaker of a noun phrase and its apposition.
func (t *sent) describe(a, b int, appos [2]int, mem *memory, para int) (statement.Speaker, *mention) {
	x := &mention{para: para}
	// A phrase that goes on with a relative clause ends before it.
	for i := a + 1; i < b; i++ {
		if t.is(i, "who", "which", "qui", "dont", "whose") || (asked[t.low(i)] || t.is(i, "consulté", "consultée", "consultés", "consultées", "obtenu", "obtenue", "obtenus", "obtenues", "relayé", "relayée", "relayés", "relayées")) && t.is(i+1, "par", "by") {
			b = i
			break
		}
	}
	for b > a+1 && t.isMark(b-1) && !t.is(b-1, ")", ".") {
		b--
	}
	sp := statement.Speaker{As: t.textOf(a, b)}
	if sp.As == "" {
		sp.As = "?"
	}
	name, na, nb := t.nameIn(a, b)
	role := t.roleIn(a, b)
	if appos[1] > appos[0] {
		r2 := t.roleIn(appos[0], appos[1])
		n2, ma, mb := t.nameIn(appos[0], appos[1])
		switch {
		case n2 != "" && mb-ma > 1 && t.namesOnly(appos[0], appos[1]) && role != "" && t.l.det[t.low(a)]:
			// "La ministre des Ponts et Chaussées, Ida Morel"
			name, na, nb = n2, ma, mb
			sp.As += ", " + t.textOf(appos[0], appos[1])
		case n2 != "" && (name == "" || role != "" && t.bodyName(na, nb)) && (r2 == "" || t.namesOnly(appos[0], appos[1]) || name == ""):
			name, na, nb = n2, ma, mb
			sp.As += ", " + t.textOf(appos[0], appos[1])
			if r2 != "" && role == "" {
				role = r2
			}
		case r2 == "company" && name != "" && t.find2(appos[0], appos[1], "pdg", "ceo", "cio", "cto", "cfo", "ciso", "founder", "fondateur", "cofondateur", "co-founder", "cofounder", "boss", "executive", "dirigeant", "dirigeante"):
			role = r2
			sp.As += ", " + t.textOf(appos[0], appos[1])
		case r2 != "" && (role == "" || name != "") && !(name != "" && nb-na > 1 && role == "" && (r2 == "company" || r2 == "body" || r2 == "outlet") && !t.companyIn(na, nb)):
			role = r2
			sp.As += ", " + t.textOf(appos[0], appos[1])
		}
	}
	for i := a; i < b; i++ {
		w := t.low(i)
		if r := t.x.nouns[w].role; r != "" && (x.head == "" || t.l.code == "en" && !t.l.prep[t.low(i-1)] && t.find(a, i, "of", "for", "at", "in") < 0) {
			x.head = w
		}
	}
	x.plural = t.is(a, "les", "des", "ces", "ses", "leurs", "two", "three", "deux", "trois", "several", "plusieurs", "some", "others", "many", "most", "both", "few", "other", "certains", "certaines", "beaucoup", "tous", "toutes") || t.l.code == "en" && x.head != "" && strings.HasSuffix(x.head, "s") && (name == "" || t.low(b-1) == x.head && !t.s[b-1].cap)
	if t.l.code == "fr" && ((!t.s[a].cap || t.is(a+1, "nombreux", "nombreuses", "multiples", "autres", "hauts", "jeunes", "plus")) && t.is(a, "de", "d'", "quelques", "divers", "diverses", "nombre") && b-a > 1 && name == "" || t.s[a].kind == number && b-a > 1 && name == "") {
		x.plural = true // "de nombreux analystes"
	}
	if w := t.low(a); t.l.code == "en" && strings.HasSuffix(w, "s") && t.x.nouns[w].role != "" && (b == a+1 || t.l.prep[t.low(a+1)] || endsIn(t.low(a+1), "ing")) {
		x.plural = true // "Attorneys representing Jan Holm"
	}
	if k := t.find(a+1, b-1, "et"); k > 0 && t.l.code == "fr" && !x.plural {
		// "Londres et Ottawa", "le maire et la préfète"; not "Ponts et Chaussées"
		_, n := t.placeAt(k + 1)
		x.plural = n > 0 && t.s[k+1].cap || t.l.det[t.low(k+1)] && !t.l.prep[t.low(k+1)] && t.find(a, k, "de", "des", "du", "d'") < 0
	}
	anon := false
	for i := a; i < b; i++ {
		anon = anon || anonymous[t.low(i)] || t.is(i, "identifié", "identifiés", "nommé") && t.is(i-1, "non")
	}
	in := phraseOf{a: a, b: b, na: na, nb: nb, name: name, noun: role, head: x.head, appos: appos, anon: anon, plural: x.plural}
	of := name != "" && nb-na >= 2 && na <= a+1 && nb < b && t.is(nb, "of", "from", "at", "with")
	if of {
		in.noun = "" // "Doug Marsh of the monitoring firm NetPulse"
	}
	t.roleOf(x, &sp, &in, mem)
	if of || appos[1] > appos[0] && na >= appos[0] && nb <= appos[1] && nb-na >= 2 && t.namesOnly(appos[0], appos[1]) && x.thing && !x.person && sp.Role != statement.Outlet {
		in.name, x.person, x.thing = name, true, false
	}
	name = in.name
	placeOnly := in.placeOnly
	if anon && sp.Role == statement.Official {
		sp.Role = statement.AnonymousOfficial
	}
	// On whose behalf: what stands behind "of", before the office, or the
	// possessive's body.
	if x.person || role == "official" || role == "person" {
		if sp.For = t.behalf(a, b); sp.For == "" && appos[1] > appos[0] {
			sp.For = t.behalf(appos[0], appos[1])
		}
		if sp.For == "" {
			sp.For = in.behalf
		}
	}
	if placeOnly {
		sp.For = sp.As
	}
	if name != "" && !(x.thing && !x.person) {
		sp.Name = name
	}
	if x.thing && !x.person && !(sp.Role == statement.Outlet && t.isQuote(b-1)) {
		sp.Name = ""
	}
	if sp.Name != "" {
		sp.For = strings.TrimSpace(strings.TrimSuffix(sp.For, sp.Name))
	}
	x.gender = t.genderOf(a, x.head)
	x.soft = t.l.code == "fr" && x.gender == 'm' && masculine[t.low(a)] && role != "" && name != ""
	if g := t.givenGender(in.na, in.nb); g != 0 && name != "" {
		x.gender, x.soft = g, false
	}
	x.hasName = t.hasCap(a+1, b) || t.s[a].cap && !t.l.det[t.low(a)]
	x.sp, x.name = sp, wording.Fold(name)
	from, to := t.bounds(a, b)
	x.span = statement.Span{From: int64(from), To: int64(to)}
	if mem != nil {
		t.recall(x, mem, a, b)
	}
	if x.thing && x.sp.Name == x.sp.As {
		x.sp.Name = "" // one word: a person's name or a body's
	}
	return x.sp, x
}

// hasCap says whether a word of a range begins with a capital.
func (t *sent) hasCap(a, b int) bool {
	for i := max(a, 1); i < b; i++ {
		if t.isWord(i) && t.s[i].cap && t.x.nouns[t.low(i)].role == "" && !(t.s[i].caps && t.l.prep[t.low(i-1)]) {
			return true
		}
	}
	return false
}

func (t *sent) find2(a, b int, w ...string) bool { return t.find(a, b, w...) >= 0 }

// companyIn says whether a phrase names a company by its form.
func (t *sent) companyIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.isWord(i) && (t.x.nouns[t.low(i)].role == "company" || t.s[i].cap && !(i > 0 && t.isWord(i-1) && t.s[i-1].cap && !t.l.det[t.low(i-1)]) && (endsIn(t.low(i), "tel", "com", "net", "corp", "soft", "sec", "mobile", "lenor") || t.is(i, "telecom", "télécom", "networks", "mobile", "broadband", "group", "labs", "systems", "pictures"))) {
			return true
		}
	}
	// "A QuickNet spokesman": a name before the office that is no state's.
	for i := a + 1; i < b; i++ {
		if t.is(i, "spokesman", "spokeswoman", "spokesperson") && t.isWord(i-1) && t.s[i-1].cap && !t.l.det[t.low(i-1)] && t.x.nouns[t.low(i-1)].role == "" && t.x.places[t.low(i-1)].code == "" && !t.s[i-1].caps && !strings.HasSuffix(t.low(i-1), "-based") {
			return true
		}
	}
	return false
}

// bodyName says whether a name is one of an office or body: "Foreign Ministry".
func (t *sent) bodyName(a, b int) bool {
	for i := a; i < b; i++ {
		r := t.x.nouns[t.low(i)].role
		if r == "body" || r == "official" || r == "company" || r == "outlet" {
			return true
		}
	}
	return false
}

// nameIn finds the personal or proper name in a phrase: the last run of words
// with capitals that are neither an office nor a place; "" if there is none.
func (t *sent) nameIn(a, b int) (string, int, int) {
	best, ba, bb, score := "", 0, 0, 0
	for i := a; i < b; i++ {
		if !t.isWord(i) || !t.s[i].cap {
			continue
		}
		e := i
		for e < b && (t.isWord(e) && t.s[e].cap || e > i && t.is(e, "de", "van", "von", "bin", "ben", "al", "el", "den", "der", "du", "da", "dos", "la", "le", "di") && e+1 < b && t.isWord(e+1) && t.s[e+1].cap && t.is(e, "van", "von", "bin", "ben", "al", "el", "der", "den", "da", "dos", "di") || e > i && t.is(e, ".") && t.isWord(e-1) && t.s[e].from == t.s[e-1].to && runeLen(t.low(e-1)) <= 4 && e+1 < b && t.isWord(e+1) && t.s[e+1].cap) {
			e++
		}
		k := i
		// offices, nationalities, places and first words in front of it
		for k < e {
			if t.is(k-1, "l'") && t.x.outlets["l'"+t.low(k)] && e-k > 2 {
				k++ // "confie à l'Express Jan Holm"
				continue
			}
			if _, y := t.knownAt(k, e); y > k && y < e {
				k = y // "RIA Novosti Valentine Sapounov"
				continue
			}
			if _, n := t.placeAt(k); n > 0 {
				k += n
				continue
			}
			w := t.low(k)
			r := t.x.nouns[w].role
			if t.l.code == "fr" && t.s[k].caps && runeLen(w) > 1 && e-k > 2 && !t.s[k+1].caps {
				k++ // "le délégué CGT Jacky Albrand"
				continue
			}
			if titles[w] || r != "" && e-k > 1 || k == 0 && t.l.spared[w] || t.l.det[w] || t.is(k, ".") || w == "foreign" || w == "deputy" || w == "prime" || w == "chief" || w == "vice" || w == "rear" && t.is(k+1, "admiral") || w == "secrétaire" || w == "affaires" || w == "étrangères" || w == "interior" || w == "opposition" || w == "culture" || w == "defense" {
				k++
				continue
			}
			break
		}
		if i > a && e-k > 2 && t.is(i-1, "and", "et", "&") && t.find(a, i, "for", "of", "des", "de", "du") >= 0 {
			k = max(k, e-2) // "Pools and Libraries Odile Kern"
		}
		if i > a+1 && e-k > 2 && t.is(i-1, "du", "des", "l'", "la") && !t.is(k+1, "de", "van", "von", "bin", "ben", "al", "el") {
			k++ // "chargé du Numérique Cédric O"
		}
		i2 := e
		k = min(k, e)
		if k < e {
			n := 0
			good := true
			for q := k; q < e; q++ {
				if t.isWord(q) {
					n++
					r := t.x.nouns[t.low(q)].role
					if t.l.code == "en" && q == e-1 && q > k && surnames[t.low(q)] && t.x.nouns[t.low(q-1)].role == "" {
						continue
					}
					if r == "body" || r == "official" || r == "outlet" {
						good = false
					}
				}
			}
			s := 1
			if n > 1 && n < 5 {
				s = 3
			}
			if t.is(k-1, "of", "at", "in", "de", "du", "des", "d'", "for", "à", "from") && k > a {
				s--
			}
			if k > a && t.l.code == "en" && !t.s[k-1].cap {
				switch t.x.nouns[t.low(k-1)].role {
				case "official", "person", "expert", "company", "staff":
					s++ // "Homeland Security adviser Tom Bossert"
				}
			}
			if k > a && t.l.det[t.low(k-1)] && n == 1 {
				good = false
			}
			if k == a && k == 0 && n == 1 && (t.l.light[t.low(k)] || strings.HasSuffix(t.low(k), "s") && t.l.code == "en" && t.x.nouns[t.low(k)].role != "") {
				s = 0
			}
			if k == 0 && n == 1 && (endsIn(t.low(k), "ant", "ing") || t.l.verbs[t.low(k)] != nil) {
				good = false
			}
			if r := t.x.nouns[t.low(k)].role; n == 1 && r != "" {
				good = false
			}
			if t.l.code == "en" && t.is(e, "'s") && e+1 < b {
				good = false // "Cloudflare's chief executive"
			}
			if good && s > score {
				best, ba, bb, score = t.textOf(k, e), k, e, s
			}
		}
		i = i2
	}
	if strings.HasSuffix(best, "’") || strings.HasSuffix(best, "'") {
		best = ""
	}
	return best, ba, bb
}

// behalf finds whom an office speaks for.
func (t *sent) behalf(a, b int) string {
	for i := a; i < b; i++ {
		r := t.x.nouns[t.low(i)].role
		if r != "official" && r != "person" && r != "staff" && r != "expert" && r != "other" && r != "company" {
			continue
		}
		k := i + 1
		for k < b && t.isWord(k) && (t.x.places[t.low(k)].demonym || t.l.code == "fr" && !t.l.prep[t.low(k)] && !t.s[k].cap) {
			k++
		}
		if t.is(k, "of", "for", "at", "de", "du", "des", "d'", "à", "with", "in") && k+1 < b {
			if t.l.det[t.low(k+1)] && !t.is(k+1, "l'") || t.is(k+1, "the") {
				k++
			}
			if t.is(k+1, "l'", "la") {
				return t.textOf(k+1, b)
			}
			return t.textOf(k+1, b)
		}
		// "State Department spokeswoman", "Iran's communications minister"
		s := a
		for s < i && (t.l.det[t.low(s)] || t.is(s, "senior", "former", "top")) {
			s++
		}
		if q := t.find(s, i, "'s"); q > s {
			return t.textOf(s, q)
		}
		if _, n := t.placeAt(s); s < i && t.s[s].cap && (t.s[i-1].cap || n > 0) {
			return t.textOf(s, i)
		}
		return ""
	}
	return ""
}

var feminine = words("la une cette elle she her")
var masculine = words("le un ce il he his")

func (t *sent) genderOf(a int, head string) byte {
	switch head {
	case "spokeswoman", "mother", "queen", "mum", "chairwoman", "actrice", "reine", "mère":
		return 'f'
	case "spokesman", "father", "king", "chairman", "roi", "père", "entreprise", "compagnie", "société", "agence", "organisation", "association", "ong", "autorité", "opposition", "armée", "administration", "ambassade":
		if head == "spokesman" || head == "father" || head == "king" || head == "chairman" || head == "roi" || head == "père" {
			return 'm'
		}
		return 'f'
	case "opérateur", "exploitant", "expert", "officiel", "avocat", "hôtelier":
		return 'm'
	case "avocate", "experte":
		return 'f'
	}
	switch w := t.low(a); {
	case feminine[w] && t.l.code == "fr":
		return 'f'
	case masculine[w] && t.l.code == "fr":
		return 'm'
	case w == "mr" || w == "m":
		return 'm'
	case w == "mrs" || w == "ms" || w == "mme" || w == "mlle":
		return 'f'
	}
	if t.elidedF(a) {
		return 'f'
	}
	if t.l.code == "fr" && head != "" && endsIn(head, "euse", "trice", "ienne", "ière", "ée") {
		return 'f'
	}
	return 0
}

// bodiesF are names of bodies in letters that are feminine behind "l'".
var bodiesF = words("ue onu otan oms ua osce opep aiea union uefa unesco ofpra arcep anssi arcom")

// elidedF says whether a name behind "l'" is feminine: "l'UE", "l'Ukraine".
func (t *sent) elidedF(a int) bool {
	k := a + 1
	return t.l.code == "fr" && t.is(a, "l'") && k < len(t.s) && t.s[k].cap && (bodiesF[t.low(k)] || t.x.places[t.low(k)].code != "" && endsIn(t.low(k), "e"))
}

// placeIn says whether a place is named in a range.
func (t *sent) placeIn(a, b int) bool {
	for i := a; i < b; i++ {
		if _, n := t.placeAt(i); n > 0 {
			return true
		}
	}
	return false
}

// givenGender tells a person's gender by the first name; 0: it does not.
func (t *sent) givenGender(a, b int) byte {
	if b-a < 2 {
		return 0 // "Martin" may be a surname
	}
	first, _, _ := strings.Cut(t.low(a), "-")
	return t.x.given[first]
}

// recall completes a mention by an earlier one: a surname by the full name, a
// bare office by the one who holds it.
func (t *sent) recall(x *mention, mem *memory, a, b int) {
	if x.sp.Role == statement.Other && b-a <= 2 && (x.sp.Name == "" || !strings.Contains(x.sp.Name, " ")) && t.s[b-1].cap {
		// "Three said", of "the mobile phone company Three" above.
		if old := mem.find(func(m *mention) bool {
			return m.sp.Role == statement.Company && m.thing && strings.HasSuffix(m.sp.As, " "+t.textOf(b-1, b))
		}); old != nil {
			x.sp.Role, x.thing, x.person = statement.Company, true, false
		}
	}
	if x.sp.Name != "" {
		parts := strings.Fields(x.name)
		old := mem.find(func(m *mention) bool {
			if m.name == "" || m.name == x.name && m.sp.Role == statement.Other {
				return false
			}
			have := strings.Fields(m.name)
			if len(parts) > len(have) {
				return false
			}
			for _, p := range parts {
				if !in(have, p) && !(runeLen(strings.Trim(p, ".")) == 1 && len(parts) > 1 && strings.HasPrefix(have[0], strings.Trim(p, "."))) {
					return false
				}
			}
			return true
		})
		if t.l.code == "fr" && len(parts) == 1 && old != nil {
			if m := mem.find(func(m *mention) bool { return m.name != "" && m.name != x.name && surnamed(m.sp.Name, x.sp.Name) }); m != nil {
				old = m // "M. Roux" is Paul Roux, not Anna Ward-Roux
			}
		}
		if old != nil {
			x.sp.Name, x.name = old.sp.Name, old.name
			if x.sp.Role == statement.Other || x.head == "" && old.sp.Role != statement.Other {
				x.sp.Role = old.sp.Role
			}
			if x.sp.For == "" {
				x.sp.For = old.sp.For
			}
			if x.gender == 0 {
				x.gender, x.soft = old.gender, old.soft
			}
			if x.head == "" {
				x.head = old.head
			}
		} else if t.l.code == "fr" && x.sp.Role == statement.Other && x.head == "" && x.person && b-a >= 2 && t.namesOnly(a, b) && !t.placeIn(a, b) {
			// "La ministre a appelé … », a déclaré Ida Morel": the office comes first.
			m := mem.find(func(m *mention) bool { return m.person && !m.thing && (m.fromSaid || m.subject) && m.name != x.name })
			if m != nil && m.name == "" && m.sp.Name == "" && m.sp.Role == statement.Official && !m.plural && m.para >= x.para-2 && (x.gender == m.gender || x.gender == 0) && m.head != "" && !spokes[m.head] {
				x.sp.Role = m.sp.Role
			}
		}
		return
	}
	if x.head == "" && !t.is(a, "one", "another", "l'un", "l'une", "autre", "un", "ce", "celui-ci", "celle-ci", "both", "others") {
		return
	}
	switch {
	case t.l.code == "en" && t.is(a, "both", "others") && b-a > 1:
	case t.l.code == "en" && t.is(a, "another") && x.head != "" && !mem.spoke(x.head):
	case t.is(a, "one") && t.is(a+1, "of") || t.is(a, "another") || t.is(a, "un", "une", "l'un") && (t.is(a+1, "autre") || t.is(a+1, "d'", "de") && t.is(a+2, "entre", "eux", "ces")) || t.is(a, "celui-ci", "celle-ci", "both", "others") || t.find2(a, b, "dernier", "dernière", "latter"):
		if old := mem.find(func(m *mention) bool { return m.fromSaid && m.sp.Role != statement.Outlet }); old != nil {
			if t.is(a, "celui-ci", "celle-ci") || t.find2(a, b, "dernier", "dernière", "latter") {
				x.sp.Name, x.name, x.sp.For = old.sp.Name, old.name, old.sp.For
				if old.sp.Name == "" && old.sp.As != "" {
					x.sp.As = old.sp.As
				}
			}
			x.sp.Role = old.sp.Role
			x.person, x.thing = old.person, old.thing
			x.gender = old.gender
		}
	case t.is(a, "the", "le", "this", "ce") && t.is(a+1, "group", "groupe") && b == a+2:
		if old := mem.find(func(m *mention) bool {
			return m.thing && !m.person && m.hasName && (m.sp.Role == statement.Company || m.sp.Role == statement.Other) && !(m.sp.Role == statement.Company && t.l.code == "en" && t.is(a, "this", "the") && !m.fromSaid)
		}); old != nil {
			x.sp.Role, x.sp.Name = old.sp.Role, old.sp.Label()
		}
	case t.is(a, "the", "le", "la", "l'", "this", "ce", "cette") && x.sp.Role == statement.Company && x.thing && !t.hasCap(a, b) && b-a <= 5:
		// "le géant du BTP", "the company": the company named last
		if old := mem.find(func(m *mention) bool {
			return m.sp.Role == statement.Company && m.hasName && m.thing && !m.person && m.para >= x.para-8
		}); old != nil {
			x.sp.Name = old.sp.Label()
		}
	case t.is(a, "the", "le", "la", "l'", "cet", "ce", "cette", "this", "that") && (x.person || t.is(b-1, "pays", "country")) && b-a <= 5:
		old := mem.find(func(m *mention) bool {
			if t.is(b-1, "pays", "country") {
				return m.fromSaid && m.thing && m.sp.For == m.sp.As
			}
			return m.head == x.head && m.head != "" && m.person && (x.gender == 0 || m.gender == 0 || m.gender == x.gender || t.l.code == "en" || x.head == "porte-parole" && m.gender == x.gender) ||
				m.fromSaid && m.person && synonyms[m.head] != "" && synonyms[m.head] == synonyms[x.head]
		})
		if old != nil {
			if t.is(b-1, "pays", "country") {
				x.sp, x.thing = old.sp, true
				x.sp.As = t.textOf(a, b)
				x.sp.Name = old.sp.As
				return
			}
			x.sp.Name, x.name = old.sp.Name, old.name
			if x.sp.For == "" {
				x.sp.For = old.sp.For
			}
			x.sp.Role = old.sp.Role
			if x.gender == 0 {
				x.gender = old.gender
			}
		}
	}
}

// synonyms are nouns by which newspapers vary one speaker.
var synonyms = map[string]string{
	"spokesman": "s", "spokeswoman": "s", "spokesperson": "s", "porte-parole": "s",
	"insider": "q", "source": "q",
	"official": "o", "officer": "o", "diplomat": "o", "responsable": "o", "fonctionnaire": "o", "diplomate": "o", "officiel": "o",
	"professor": "e", "expert": "e", "analyst": "e", "researcher": "e", "scientist": "e", "professeur": "e", "analyste": "e", "chercheur": "e", "spécialiste": "e", "academic": "e", "universitaire": "e",
}

func in(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// resolve finds whom a pronoun means.
func (t *sent) resolve(c *cue, mem *memory, para, now int) *mention {
	w := t.low(c.subj[0])
	hung := t.l.code == "fr" && c.inverted && c.left
	want := func(person, thing, plural bool, gender byte) *mention {
		fit := func(m *mention) bool {
			if plural != m.plural && !(plural && m.thing && t.l.code == "en") {
				return false
			}
			if !(person && m.person || thing && m.thing) || m.sp.Role == statement.Outlet && m.name == "" && !m.subject {
				return false
			}
			if person && !thing && m.name == "" && (thingNouns[m.head] || m.head == "family" || m.head == "famille" || t.x.nouns[m.head].role == "body" || t.x.nouns[m.head].role == "company" && !personal[m.head]) {
				return false
			}
			if hung && m.thing && !m.person && (m.sp.For == m.sp.As || !m.fromSaid && m.sp.Role == statement.Other) {
				return false // "Ankara s'y oppose. « … », explique-t-elle"
			}
			if t.l.code == "fr" && person && m.name == "" && m.head == "" && !m.hasName && !m.fromSaid && m.sp.Role == statement.Other {
				return false // "le calendrier"
			}
			return gender == 0 || m.gender == 0 || m.gender == gender
		}
		near := func(m *mention) bool {
			return t.l.code == "fr" && m.person && !m.thing && (m.fromSaid || m.subject) && m.sentence >= now-3 && m.sentence > 0 && m.sp.Role != statement.Outlet
		}
		// Who spoke in this paragraph, who was named in it, who spoke before,
		// who was named before.
		sure := func(m *mention) bool {
			return !(person && !thing && t.l.code == "en" && m.thing && m.name == "" && m.head == "")
		}
		for _, ok := range []func(*mention) bool{
			func(m *mention) bool {
				return sure(m) && m.subject && m.sentence >= now-1 && m.sentence > 0 && m.sp.Role != statement.Outlet
			},
			func(m *mention) bool { return m.sentence == now-1 && m.person && m.name != "" },
			near,
			func(m *mention) bool { return sure(m) && m.para == para && m.fromSaid },
			func(m *mention) bool { return m.para == para && m.fromSaid },
			func(m *mention) bool { return m.para == para && !m.oblique },
			func(m *mention) bool { return m.fromSaid && m.para >= para-3 },
			func(m *mention) bool { return !m.oblique },
			func(m *mention) bool { return true },
		} {
			if m := mem.find(func(m *mention) bool { return ok(m) && fit(m) }); m != nil {
				return m
			}
		}
		return nil
	}
	switch w {
	case "he", "him":
		return want(true, false, false, 'm')
	case "she", "her":
		return want(true, false, false, 'f')
	case "it":
		return want(false, true, false, 0)
	case "they", "them":
		if w == "they" && c.how == active && !c.nested {
			// "A police spokesperson said … They urged": one, of no gender
			if m := mem.find(func(m *mention) bool {
				return m.sentence == now-1 && (m.fromSaid || m.plural)
			}); m != nil && m.fromSaid && !m.plural && m.person && m.subject && (m.head == "spokesperson" || m.head == "person") {
				return m
			}
		}
		if m := want(true, true, true, 0); m != nil {
			return m
		}
		return want(false, true, false, 0)
	case "his":
		return want(true, false, false, 'm')
	case "ses", "its", "their", "leurs":
		return want(true, true, w == "their" || w == "leurs", 0)
	case "il", "lui":
		return want(true, true, false, 'm')
	case "elle":
		return want(true, true, false, 'f')
	case "ils", "eux", "elles":
		return want(true, true, true, 0)
	case "celui-ci", "celle-ci", "ceux-ci", "celles-ci":
		return mem.find(func(m *mention) bool {
			return m.sentence >= now-1 && m.sentence > 0 && (m.person || m.thing) && t.pronFits(c, m)
		})
	}
	return nil
}
