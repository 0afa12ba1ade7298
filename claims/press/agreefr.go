package press

import (
	"strings"

	"constat/claims/statement"
)

// What a French text says twice: who is told to have denied something denies it where the
// own words say so.

// redenies makes denials of negated assertions by which somebody says again what the text
// tells as a denial of theirs. For example: "Le maire conteste que la ville soit dans une
// « impasse »", then « Nous ne sommes pas dans une impasse », a dit le maire.
func (r *reader) redenies() {
	var denied []*found
	for _, f := range r.out {
		if f.kind == statement.Denial && f.lang != nil && f.lang.code == "fr" && len(f.toks) < 60 && f.m != nil {
			if denied = append(denied, f); len(denied) == 20 {
				break
			}
		}
	}
	if len(denied) == 0 {
		return
	}
	for _, f := range r.out {
		if f.kind != statement.Assertion || !f.negative || f.lang == nil || f.lang.code != "fr" {
			continue
		}
		for _, g := range denied {
			if sameParty(f.sp, g.sp) && r.negatesAgain(f, lastNoun(g.toks)) {
				f.kind, f.negative = statement.Denial, false
				break
			}
		}
	}
}

// sameParty says whether two descriptions are of one speaker by name, or by the words.
func sameParty(a, b statement.Speaker) bool {
	return a.Name != "" && a.Name == b.Name || a.As != "" && strings.EqualFold(a.As, b.As)
}

// lastNoun is the last long word of what was denied.
func lastNoun(ts []tok) string {
	for i := len(ts) - 1; i >= 0; i-- {
		if ts[i].kind == word && runeLen(ts[i].low) > 5 && !ts[i].cap {
			return ts[i].low
		}
	}
	return ""
}

// negatesAgain says whether a word stands right behind a negation in a statement.
func (r *reader) negatesAgain(f *found, w string) bool {
	if w == "" {
		return false
	}
	for i := range f.toks {
		switch f.toks[i].low {
		case "pas", "jamais", "aucun", "aucune", "nullement":
		default:
			continue
		}
		for k := i + 1; k < len(f.toks) && k < i+6; k++ {
			if f.toks[k].low == w {
				return true
			}
		}
	}
	return false
}
