package press

import (
	"testing"

	"constat/claims/statement"
)

// TestDenials holds what counts as a denial and what does not, in words that
// no article of the gold set has.
func TestDenials(t *testing.T) {
	for _, c := range []struct {
		words    string
		fr       bool
		want     statement.Kind
		negative bool
		said     string // not empty: reported, not quoted
	}{
		{"We did not cut anything", false, statement.Denial, false, ""},
		{"Nobody cut anything", false, statement.Assertion, true, ""},
		{"No one touched the cable", false, statement.Assertion, true, ""},
		{"There is no evidence of an attack", false, statement.Denial, false, ""},
		{"There was no attack", false, statement.Denial, false, ""},
		{"We have no knowledge of such a plan", false, statement.Denial, false, ""},
		{"We are not aware of any incident", false, statement.Denial, false, ""},
		{"This is not true", false, statement.Denial, false, ""},
		{"It's a lie", false, statement.Denial, false, ""},
		{"That is false, and they know it", false, statement.Denial, false, ""},
		{"We had nothing to do with it", false, statement.Denial, false, ""},
		{"None of our equipment failed", false, statement.Assertion, true, ""},
		{"The claims are without foundation", false, statement.Denial, false, ""},
		{"Nothing of the sort happened", false, statement.Denial, false, ""},
		{"We were not involved", false, statement.Denial, false, ""},
		{"the outage was not caused by the government", false, statement.Denial, false, "r"},
		{"it had never received such an order", false, statement.Denial, false, "r"},
		{"its engineers had found no trace of an intrusion", false, statement.Denial, false, "r"},
		{"the company was not behind the cut", false, statement.Denial, false, "r"},
		{"We don't know anything about that", false, statement.Assertion, true, ""},
		{"the line is up", false, statement.Assertion, false, ""},
		{"We will not pay", false, statement.Assertion, true, ""},
		{"You cannot fix this overnight", false, statement.Assertion, true, ""},
		{"Something went wrong", false, statement.Assertion, false, ""},
		{"No comment", false, statement.Assertion, false, ""},
		{"the cable, which was not buried, broke", false, statement.Assertion, false, ""},
		{"it would take time because no ship was near", false, statement.Assertion, false, ""},
		{"we need to know whether it was not a test", false, statement.Assertion, false, ""},
		{"Nous n'avons rien coupé", true, statement.Denial, false, ""},
		{"Je n'ai jamais donné cet ordre", true, statement.Denial, false, ""},
		{"Ce n'est pas nous", true, statement.Denial, false, ""},
		{"C'est faux", true, statement.Denial, false, ""},
		{"Cela n'a rien à voir avec l'élection", true, statement.Denial, false, ""},
		{"aucun ordre n'a été donné", true, statement.Denial, false, "r"},
		{"l'entreprise n'est pour rien dans cette panne", true, statement.Denial, false, "r"},
		{"la ligne n'a pas été coupée volontairement", true, statement.Denial, false, ""},
		{"il ne s'agit pas d'un sabotage", true, statement.Denial, false, ""},
		{"Rien n'indique qu'il s'agisse d'une attaque", true, statement.Denial, false, ""},
		{"Personne n'a touché à ce câble", true, statement.Assertion, true, ""},
		{"nous n'étions pas informés", true, statement.Denial, false, ""},
		{"ses services n'avaient reçu aucune plainte", true, statement.Denial, false, "r"},
		{"ne rien savoir de cette affaire", true, statement.Denial, false, "r"},
		{"n'être au courant de rien", true, statement.Denial, false, "r"},
		{"l'accusation est dénuée de fondement", true, statement.Denial, false, ""},
		{"c'est de la pure invention", true, statement.Denial, false, ""},
		{"Paris n'est pas derrière cette coupure", true, statement.Denial, false, ""},
		{"il n'y a pas eu de coupure", true, statement.Denial, false, ""},
		{"ne pas avoir reçu d'instruction", true, statement.Denial, false, "r"},
		{"la ligne est rétablie", true, statement.Assertion, false, ""},
		{"Nous ne paierons pas", true, statement.Assertion, true, ""},
		{"On ne peut pas réparer cela en une nuit", true, statement.Assertion, true, ""},
		{"il n'y a que deux câbles", true, statement.Assertion, false, ""},
		{"le câble, qui n'était pas enterré, a cédé", true, statement.Assertion, false, ""},
		{"cela prendra du temps parce qu'aucun navire n'est sur zone", true, statement.Assertion, false, ""},
		{"Il faut une enquête", true, statement.Request, false, ""},
		{"The two sides should talk", false, statement.Request, false, ""},
	} {
		x := theLexicon()
		l := x.langs["en"]
		if c.fr {
			l = x.langs["fr"]
		}
		ts := lex(c.words, 0, len(c.words), nil)
		s := &sent{l: l, x: x, text: c.words, s: ts}
		if got := s.judge(statement.Assertion, ts, statement.Speaker{}, c.said == ""); got != (verdict{c.want, c.negative}) {
			t.Errorf("%s: %s, negative %v; want %s", c.words, got.kind, got.negative, c.want)
		}
	}
}
