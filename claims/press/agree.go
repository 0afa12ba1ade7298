package press

import (
	"strings"

	"constat/claims/statement"
)

// What a whole text says of a speaker's role: newspapers name somebody's office once,
// often behind the first statement, and bodies by letters that they explained before.

// known is what the text has said of roles.
type known struct {
	letters map[string]statement.Role // "the Bureau for Harbour Conduct (BHC)"
	people  map[string]statement.Role // folded full names
}

// learn takes the roles that a sentence gives.
func (r *reader) learn(t *sent) {
	if r.known.letters == nil {
		r.known.letters, r.known.people = map[string]statement.Role{}, map[string]statement.Role{}
	}
	for i := 2; i+2 < len(t.s); i++ {
		if !t.is(i, "(") || !t.is(i+2, ")") || !t.isWord(i+1) || !t.s[i+1].caps || runeLen(t.low(i+1)) < 2 || runeLen(t.low(i+1)) > 8 {
			continue
		}
		a := i
		for a > 0 && a > i-9 && t.isWord(a-1) && (t.s[a-1].cap || t.x.nouns[t.low(a-1)].role != "" || t.l.prep[t.low(a-1)] || t.l.det[t.low(a-1)] || t.is(a-1, "and", "et")) && t.low(a-1) != "'s" && t.groupAt[a-1] < 0 {
			a--
		}
		for a < i && (t.l.prep[t.low(a)] || t.l.det[t.low(a)] || t.is(a, "and", "et")) {
			a++
		}
		if role := t.bodyRole(a, i); role != "" {
			r.known.letters[t.textOf(i+1, i+2)] = role
		}
	}
	for i := 0; i+1 < len(t.s) && t.l.code == "en"; i++ {
		// "the data firm Dell & Varn"
		if !t.is(i, "firm", "company", "operator", "provider", "giant", "maker", "manufacturer", "vendor", "startup", "airline", "retailer", "bank") || !t.s[i+1].cap || !t.isWord(i+1) {
			continue
		}
		e := i + 1
		for e < len(t.s) && e < i+6 && (t.isWord(e) && t.s[e].cap || t.is(e, "&") && e+1 < len(t.s) && t.s[e+1].cap) && t.low(e) != "'s" {
			e++
		}
		r.known.letters[t.textOf(i+1, e)] = statement.Company
	}
	if a, b := t.topic(0, len(t.s)); b > a && t.l.code == "en" {
		// "Mr Varn is North Coast Police Commissioner"
		for i := range t.clauses {
			c := &t.clauses[i]
			if c.kind != mainClause || c.group < 0 || c.parent >= 0 {
				continue
			}
			g := t.groups[c.group]
			if g.b-g.a != 1 || !t.is(g.a, "is") || !t.namesOnly(a, b) {
				break
			}
			e := g.b
			for e < len(t.s) && e < g.b+9 && t.isWord(e) && !t.l.prep[t.low(e)] {
				e++
			}
			if t.x.nouns[t.low(e-1)].role == "official" && t.find(g.b, e, "not", "former", "ex", "no", "a", "an") < 0 {
				if m := r.mem.find(func(m *mention) bool { return strings.Contains(m.name, t.low(b-1)) }); m != nil && m.sp.Name != "" {
					r.remember(m.sp.Name, statement.Official)
				}
			}
			break
		}
	}
}

// pointer gives where a sentence begins behind a page's "see also", which is the
// editor's: "Regardez aussi : Selon …", "Lire aussi : …", "Read more: …"; 0: none.
func (t *sent) pointer() int {
	if !t.pointing() {
		return 0
	}
	if k := t.find(1, min(12, len(t.s)), ":"); k > 0 && k+3 < len(t.s) && !t.isQuote(k+1) {
		if h := t.headlineEnd(k + 1); h > 0 {
			return h
		}
		return k + 1
	} else if k > 0 && t.l.code == "fr" && t.isQuote(k+1) && t.isWord(k+2) && t.s[k+2].cap {
		return k + 2 // "Lire aussi : « La mer monte » Et le maire affirme"
	} else if k > 0 && t.l.code == "fr" && t.isQuote(k+1) && (k+2 >= len(t.s) || t.isMark(k+2)) {
		return k + 1 // "À lire : « Nous partons », a dit le maire"
	}
	return 0
}

// pointing says whether a sentence begins with a page's words for links.
func (t *sent) pointing() bool {
	lead := t.is(0, "regardez", "lire", "lisez", "écoutez", "voir", "watch", "read", "listen", "see") && t.is(1, "aussi", "also", "more", "encore", "également") ||
		t.is(0, "à", "a") && (t.is(1, "lire", "voir", "écouter") && t.is(2, "aussi", "également", "sur", ":") || t.is(1, "ne") && t.is(2, "pas") && t.is(3, "manquer", "rater"))
	if t.l.code == "fr" && !lead {
		return t.is(0, "lire", "regardez", "écoutez") && t.is(1, "plus", ":") || t.is(0, "articles") && t.is(1, "recommandés", "liés") || t.is(0, "à", "a") && t.is(1, "surtout") && t.is(2, "lire", "voir") ||
			t.is(0, "vous") && t.is(1, "pouvez", "pourriez") && t.is(2, "également", "aussi") && t.is(3, "être", "lire", "aimer")
	}
	return lead
}

// bodyRole is the role of a body, a company or an outlet by its full name; "" where
// the name does not tell.
func (t *sent) bodyRole(a, b int) statement.Role {
	switch {
	case a >= b:
		return ""
	case t.outletRange(a, b) || t.roleIn(a, b) == "outlet":
		return statement.Outlet
	case partyIn(t, a, b):
		return ""
	case t.named(t.x.bodies, a, b, false) || t.find(a, b, "office", "bureau", "guard", "guards", "corps", "authority", "commission", "agency", "service", "ministry", "department", "council", "court", "board", "inspectorate", "autorité", "agence", "ministère", "conseil", "cour", "office", "commission", "direction") >= 0 && !t.named(t.x.companies, a, b, false):
		return statement.Official
	}
	return ""
}

func partyIn(t *sent, a, b int) bool {
	for i := a; i < b; i++ {
		if partyWords[t.low(i)] {
			return true
		}
	}
	return false
}

// remember notes somebody's role by the full name; the first that is told holds.
func (r *reader) remember(name string, role statement.Role) {
	if r.known.people == nil {
		r.known.letters, r.known.people = map[string]statement.Role{}, map[string]statement.Role{}
	}
	if _, ok := r.known.people[name]; !ok && name != "" && role != statement.Other && role != "" {
		r.known.people[name] = role
	}
}

// agree gives statements of speakers without a role the one that the text tells
// elsewhere.
func (r *reader) agree() {
	for _, f := range r.out {
		if f.sp.Role != statement.Other && !(f.sp.Role == statement.Expert && strings.HasSuffix(f.sp.As, ")")) {
			continue
		}
		as := f.sp.As
		for _, article := range []string{"the ", "The ", "l'", "L'", "la ", "La ", "le ", "Le "} {
			as = strings.TrimPrefix(as, article)
		}
		if k := strings.LastIndexByte(as, '('); k > 0 && strings.HasSuffix(as, ")") {
			as = as[k+1 : len(as)-1]
		}
		if role, ok := r.known.letters[as]; ok {
			f.sp.Role = role
			continue
		}
		if f.sp.Name == "" {
			continue
		}
		if role, ok := r.known.people[f.sp.Name]; ok && strings.Contains(f.sp.Name, " ") {
			f.sp.Role = role
		}
	}
}
