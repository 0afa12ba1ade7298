package press

import "constat/claims/statement"

// Where reported words end though the sentence goes on.

// saysIn says whether a relative clause from k on, to the end of the sentence, is of
// somebody's saying, which the reporter adds: ", which confirmed in May it was counting
// them", ", which the captain denies".
func (t *sent) saysIn(k, hi int) bool {
	if t.l.code != "en" || t.find(k, hi, ",") > 0 {
		return false
	}
	for i := k; i < hi && i < k+7; i++ {
		if g := t.groupAt[i]; g >= 0 {
			return t.groups[g].speech(t) && !t.is(i, "says", "say", "believes", "thinks", "claims", "will", "would", "could", "can") && (i == k || anyVerb(t, i, statement.Denial))
		}
	}
	return false
}

// anyVerb says whether a form at i is of a verb of this kind.
func anyVerb(t *sent, i int, kind statement.Kind) bool {
	return kind == statement.Denial && t.is(i, "denies", "deny", "denied", "has", "have", "disputes", "dispute", "rejects", "reject")
}

// standsAlone says whether a clause at i, behind ", mais" or ", et", is the reporter's
// and not what was told from k on: it has a subject of its own, and what was told is an
// infinitive ("nie avoir des liens, mais sa fortune est gelée"), or was told in the
// past and the clause is of now ("a annoncé qu'il vendait, et sa maison sera gelée").
func (t *sent) standsAlone(c *cue, k, i, e int) bool {
	if !(t.l.det[t.low(i)] || t.s[i].cap) || t.quoteAhead(i, e-i) {
		return false
	}
	g := -1
	for q := i; q < e && q < i+34; q++ {
		if t.isMark(q) || t.l.rel[t.low(q)] || t.l.sub[t.low(q)] {
			return false
		}
		if t.groupAt[q] >= 0 && q > i {
			if h := t.groups[t.groupAt[q]]; anyForm(t.forms(h.a), func(f form) bool { return f.part || f.inf }) && !t.l.have[t.low(h.a)] && !t.l.be[t.low(h.a)] {
				continue // "une maison estimée à"
			}
			g = int(t.groupAt[q])
			break
		}
	}
	if g < 0 {
		return false
	}
	w := t.low(t.groups[g].a)
	now := t.is(t.groups[g].a, "est", "sont", "a", "ont", "reste", "restent", "va", "vont", "sera", "seront", "fait", "font", "aura", "auront", "peut", "doit") || endsIn(w, "era", "ira", "eront", "iront")
	if !now {
		return false
	}
	q := k
	for t.is(q, "ne", "n'", "pas", "y", "en", "se", "s'", "de", "d'") {
		q++
	}
	if t.infinitive(q) || t.is(q, "avoir", "être") {
		return true
	}
	// what was told is in the past of what is reported
	said := t.groupAt[c.at]
	if said < 0 || !t.l.have[t.low(t.groups[said].a)] {
		return false
	}
	for q := k; q < i; q++ {
		if t.groupAt[q] >= 0 {
			return endsIn(t.low(t.groups[t.groupAt[q]].a), "ait", "aient")
		}
	}
	return false
}

// wished are nouns of what is asked for: who rejects one refuses and denies nothing.
var wished = words("demand demands request requests bid bids offer offers proposal proposals plea pleas appeal appeals deal motion motions amendment petition demande demandes offre offres proposition propositions requête recours candidature motion amendement")
