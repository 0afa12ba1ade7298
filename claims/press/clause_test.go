package press

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestClauses holds where clauses are parted and whose verbs they have: the kind
// of each clause with a verb, its subject, the second description, the verb.
func TestClauses(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       []string
	}{
		{"en", "Ida Morel, a former judge who has run the port since May, said the bridge was safe.", []string{
			"m Ida Morel / a former judge: said", "r /: run", "k the bridge /: was"}},
		{"en", "Two nurses who refused to give their names said the ward was full.", []string{"m Two nurses /: said", "r /: refused", "k the ward /: was"}},
		{"en", "More than 40 residents questioned said the water tasted of oil.", []string{"m More than 40 residents questioned /: said", "k the water /: tasted"}},
		{"en", "If the minister says the deal is dead, markets will fall.", []string{"m markets /: fall", "c the minister /: says", "k the deal /: is"}},
		{"en", "Before the minister announced the closure, the ships had left.", []string{"m the ships /: left", "b the minister /: announced"}},
		{"en", "The mayor called it neglect, while the governor said the dam had held.", []string{"m The mayor /: called", "t the governor /: said", "k the dam /: held"}},
		{"en", "The pipe burst, a company that monitors dams said.", []string{"m The pipe /: burst", "r /: monitors", "m a company /: said"}},
		{"en", "Had the minister said so, markets would have fallen.", []string{"m markets /: fallen", "c Had the minister /: said"}},
		{"fr", "Le patron du port, qui dirige aussi le club, a déclaré que le chantier était sûr.", []string{"m Le patron du port /: déclaré", "r /: dirige", "k le chantier /: était"}},
		{"fr", "Le gouvernement a, de son côté, dénoncé une attaque.", []string{"m Le gouvernement /: dénoncé"}},
		{"fr", "Si le ministre dit que l'accord est mort, les marchés tomberont.", []string{"m les marchés /: tomberont", "c le ministre /: dit", "k l'accord /: mort"}},
	} {
		x := theLexicon()
		ts := lex(c.text, 0, len(c.text), nil)
		p := &para{from: 0, to: len(c.text), ts: ts}
		var got []string
		for _, st := range sentences(c.text, p, 0, x.langs[c.lang]) {
			s := &sent{l: x.langs[c.lang], x: x, text: c.text, s: st.s, all: ts}
			s.mark(time.Date(2031, 5, 14, 0, 0, 0, 0, time.UTC))
			s.parse()
			for i := range s.clauses {
				cl := &s.clauses[i]
				if cl.group < 0 {
					continue
				}
				a, b := s.subjectOf(cl)
				got = append(got, fmt.Sprintf("%c %s / %s: %s", cl.kind, s.textOf(a[0], a[1]), s.textOf(b[0], b[1]), s.low(s.groups[cl.group].head)))
			}
		}
		for i := range got {
			got[i] = squeeze(got[i])
		}
		if !cmp.Equal(got, c.want) {
			t.Errorf("%s\n%s", c.text, cmp.Diff(c.want, got))
		}
	}
}

// squeeze takes the blanks away that an empty subject or description leaves.
func squeeze(s string) string {
	out := ""
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' && i+1 < len(s) && (s[i+1] == ':' || s[i+1] == ' ') {
			continue
		}
		out += s[i : i+1]
	}
	return out
}
