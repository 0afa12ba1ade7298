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
	lead := t.is(0, "regardez", "lire", "lisez", "écoutez", "voir", "watch", "read", "listen", "see") && t.is(1, "aussi", "also", "more", "encore", "également") ||
		t.is(0, "à", "a") && (t.is(1, "lire", "voir", "écouter") && t.is(2, "aussi", "également", "sur", ":") || t.is(1, "ne") && t.is(2, "pas") && t.is(3, "manquer", "rater"))
	if !lead {
		return 0
	}
	if k := t.find(1, min(12, len(t.s)), ":"); k > 0 && k+3 < len(t.s) && !t.isQuote(k+1) {
		return k + 1
	}
	return 0
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

// closesEN says whether an inverted attribution ends an English sentence, behind a
// clause that has a subject of its own: "…, many of which are new, said Jan Vok,
// founder of Navalis."
func (t *sent) closesEN(c *cue) bool {
	if !t.is(c.a, "said", "says", "added", "explained", "wrote") || c.b >= len(t.s) || !t.s[c.b].cap && !t.l.det[t.low(c.b)] {
		return false
	}
	was := *c
	if t.invert(c) && !t.verbIn(c.subj[0], c.subj[1]) && t.endsAt(c.end) && c.end-c.b < 16 && !t.is(c.end, ",") && t.somebody(c.subj[0], c.subj[1]) && t.hasGroup(0, c.a) {
		return true
	}
	*c = was
	return false
}

// tailEN reads an attribution at the end of an English sentence whose speaker has a name
// in apposition: "The dam is shut, the mayor, Ida Holm, said."
func (t *sent) tailEN(c *cue, lo int) bool {
	if c.a < 6 || !(c.v.has('b') || c.v.has('c')) || !t.endsAt(c.b) {
		return false
	}
	back := func(q int) int {
		p := q - 1
		for p > lo && p > q-10 && !t.isMark(p) && !t.isQuote(p) && t.groupAt[p] < 0 && !t.l.sub[t.low(p)] {
			p--
		}
		if !t.is(p, ",") || p == q-1 {
			return -1
		}
		return p
	}
	q := c.a - 1
	p1 := back(q)
	if p1 < 0 {
		return false
	}
	p0 := back(p1)
	if p0 <= lo || !t.hasGroup(lo, p0) || !t.namesOnly(p1+1, q) && t.roleIn(p1+1, q) == "" || !t.somebody(p0+1, p1) || t.l.prep[t.low(p0+1)] {
		return false
	}
	if !t.l.det[t.low(p0+1)] && !t.l.poss[t.low(p0+1)] && !t.namesOnly(p0+1, p1) || t.roleIn(p0+1, p1) == "" && !t.namesOnly(p0+1, p1) {
		return false
	}
	c.subj, c.appos, c.from = [2]int{p0 + 1, p1}, [2]int{p1 + 1, q}, p0
	return true
}

// verbIn says whether a word in small letters of a range may be a finite verb and is
// no noun for people.
func (t *sent) verbIn(a, b int) bool {
	for i := a; i < b; i++ {
		if t.isWord(i) && !t.s[i].cap && t.x.nouns[t.low(i)].role == "" && (t.is(i, "came", "come", "went", "was", "were", "is", "are", "had", "has", "will") || anyForm(t.forms(i), func(f form) bool { return f.fin })) {
			return true
		}
	}
	return false
}
