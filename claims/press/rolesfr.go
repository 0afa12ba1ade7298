package press

// Roles that French phrases tell, and outlets that French sentences name.

// correspondent says whether a phrase is of an outlet's own reporter: "notre
// correspondante", "un correspondant de Sky News", "l'envoyé spécial du Quai".
func (t *sent) correspondent(a, b int) bool {
	if t.l.code != "fr" {
		return false
	}
	for i := a; i < b && i < a+3; i++ {
		if t.is(i, "correspondant", "correspondante", "correspondants") {
			return t.is(a, "notre", "nos") || t.outletEnd([2]int{i + 1, b})
		}
		if t.is(i, "envoyé", "envoyée", "envoyés") && t.is(i+1, "spécial", "spéciale", "spéciaux") {
			return true
		}
	}
	return false
}

// publicBody says whether a phrase begins with a public body by its kind: "le Service
// fédéral des fréquences", "l'Office national de l'eau".
func (t *sent) publicBody(a, b int) bool {
	if t.l.code != "fr" {
		return false
	}
	k := a + b2i(t.l.det[t.low(a)])
	return k+1 < b && t.is(k, "service", "services", "office", "agence", "direction", "bureau", "institut", "autorité", "commission", "conseil", "comité", "inspection", "centre", "haute", "haut") &&
		t.is(k+1, "fédéral", "fédérale", "fédéraux", "national", "nationale", "public", "publique", "publics", "régional", "régionale", "départemental", "départementale", "municipal", "municipale", "central", "centrale", "générale", "général", "européen", "européenne", "autorité", "commissariat", "supérieur", "supérieure", "électorale", "électoral") && !t.is(k+1, "général") && t.find(a, b, "syndicat", "ligue", "parti", "cgt", "cfdt") < 0
}

// presides says whether an office is one of an association's, of a name that is no state's
// and no company's: "vice-président de l'April".
func (t *sent) presides(a, b int) bool {
	for i := a; i+2 < b; i++ {
		if !t.is(i, "vice-président", "vice-présidente", "trésorier", "trésorière", "coordinateur", "coordinatrice") && !(t.is(i, "secrétaire") && t.is(i+1, "général", "générale")) {
			continue
		}
		k := i + 1 + b2i(t.is(i+1, "général", "générale", "adjoint"))
		if !t.is(k, "de", "du", "d'", "des") {
			continue
		}
		k++
		for t.l.det[t.low(k)] {
			k++
		}
		if _, n := t.placeAt(k); k < b && t.s[k].cap && n == 0 && t.x.nouns[t.low(k)].role == "" && !t.named(t.x.companies, k, b, true) && !t.named(t.x.bodies, k, b, true) {
			return true
		}
	}
	return false
}

// reached shares an outlet that somebody spoke to before they spoke with all that they
// said: "Contacté par l'AFP, M. Serre a reconnu …, tout en affirmant …".
func (t *sent) reached(a, b int, best *cue) {
	if t.l.code != "fr" {
		return
	}
	k := a
	for k > 0 && (t.l.det[t.low(k-1)] || t.is(k-1, "agence", "quotidien", "journal", "chaîne", "de", "presse")) {
		k--
	}
	if !t.is(k-1, "par") || !asked[t.low(k-2)] {
		return
	}
	for _, c := range t.cues {
		if c != best && !c.nested && len(c.content) > 0 && (c.subj == best.subj || c.shared) {
			c.outlets = append(c.outlets, [2]int{a, b})
		}
	}
}

// fartherFR is the distance of a cue from an outlet at a: a verb behind it is farther.
func (t *sent) fartherFR(c *cue, a int) int {
	d := abs(c.a - a)
	if t.l.code == "fr" && c.a > a {
		d += 12
	}
	return d
}

// secondSource says whether an outlet at a is only named as whose report is confirmed:
// "confirmant une information de Marianne".
func (t *sent) secondSource(a int) bool {
	k := a
	for k > 0 && t.l.det[t.low(k-1)] {
		k--
	}
	return t.l.code == "fr" && t.is(k-1, "de", "du", "d'") && t.is(k-2, "information", "informations", "révélations", "enquête", "récit")
}

// pressOfficer gives the word at i as the list of nouns has it: "attachée de presse" is
// who speaks for somebody, and no outlet.
func (t *sent) pressOfficer(i int) string {
	if t.l.code == "fr" && t.is(i, "attaché", "attachée", "attachés", "attachées") && t.is(i+1, "de") && t.is(i+2, "presse") {
		return "porte-parole"
	}
	return t.low(i)
}
