package press

import (
	"testing"

	"constat/claims/statement"
)

// TestDenials holds what counts as a denial and what does not, in words that
// no article of the gold set has.
func TestDenials(t *testing.T) {
	for _, c := range []struct {
		words string
		fr    bool
		want  statement.Kind
	}{
		{"We did not cut anything", false, statement.Denial},
		{"Nobody cut anything", false, statement.Denial},
		{"No one touched the cable", false, statement.Denial},
		{"There is no evidence of an attack", false, statement.Denial},
		{"There was no attack", false, statement.Denial},
		{"We have no knowledge of such a plan", false, statement.Denial},
		{"We are not aware of any incident", false, statement.Denial},
		{"This is not true", false, statement.Denial},
		{"It's a lie", false, statement.Denial},
		{"That is false, and they know it", false, statement.Denial},
		{"We had nothing to do with it", false, statement.Denial},
		{"None of our equipment failed", false, statement.Denial},
		{"The claims are without foundation", false, statement.Denial},
		{"Nothing of the sort happened", false, statement.Denial},
		{"We were not involved", false, statement.Denial},
		{"the outage was not caused by the government", false, statement.Denial},
		{"it had never received such an order", false, statement.Denial},
		{"its engineers had found no trace of an intrusion", false, statement.Denial},
		{"the company was not behind the cut", false, statement.Denial},
		{"We don't know anything about that", false, statement.Denial},
		{"the line is up", false, statement.Assertion},
		{"We will not pay", false, statement.Assertion},
		{"You cannot fix this overnight", false, statement.Assertion},
		{"Something went wrong", false, statement.Assertion},
		{"No comment", false, statement.Assertion},
		{"the cable, which was not buried, broke", false, statement.Assertion},
		{"it would take time because no ship was near", false, statement.Assertion},
		{"we need to know whether it was not a test", false, statement.Assertion},
		{"Nous n'avons rien coupé", true, statement.Denial},
		{"Je n'ai jamais donné cet ordre", true, statement.Denial},
		{"Ce n'est pas nous", true, statement.Denial},
		{"C'est faux", true, statement.Denial},
		{"Cela n'a rien à voir avec l'élection", true, statement.Denial},
		{"aucun ordre n'a été donné", true, statement.Denial},
		{"l'entreprise n'est pour rien dans cette panne", true, statement.Denial},
		{"la ligne n'a pas été coupée volontairement", true, statement.Denial},
		{"il ne s'agit pas d'un sabotage", true, statement.Denial},
		{"Rien n'indique qu'il s'agisse d'une attaque", true, statement.Denial},
		{"Personne n'a touché à ce câble", true, statement.Denial},
		{"nous n'étions pas informés", true, statement.Denial},
		{"ses services n'avaient reçu aucune plainte", true, statement.Denial},
		{"ne rien savoir de cette affaire", true, statement.Denial},
		{"n'être au courant de rien", true, statement.Denial},
		{"l'accusation est dénuée de fondement", true, statement.Denial},
		{"c'est de la pure invention", true, statement.Denial},
		{"Paris n'est pas derrière cette coupure", true, statement.Denial},
		{"il n'y a pas eu de coupure", true, statement.Denial},
		{"ne pas avoir reçu d'instruction", true, statement.Denial},
		{"la ligne est rétablie", true, statement.Assertion},
		{"Nous ne paierons pas", true, statement.Assertion},
		{"On ne peut pas réparer cela en une nuit", true, statement.Assertion},
		{"il n'y a que deux câbles", true, statement.Assertion},
		{"le câble, qui n'était pas enterré, a cédé", true, statement.Assertion},
		{"cela prendra du temps parce qu'aucun navire n'est sur zone", true, statement.Assertion},
		{"Il faut une enquête", true, statement.Request},
		{"The two sides should talk", false, statement.Request},
	} {
		x := theLexicon()
		l := x.langs["en"]
		if c.fr {
			l = x.langs["fr"]
		}
		ts := lex(c.words, 0, len(c.words), nil)
		s := &sent{l: l, x: x, text: c.words, s: ts}
		if got := s.judge(statement.Assertion, ts, l); got != c.want {
			t.Errorf("%s: %s; want %s", c.words, got, c.want)
		}
	}
}
