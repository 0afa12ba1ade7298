package statement

import "testing"

// TestDenials holds what counts as a denial and what does not, in words that
// no article of the gold set has.
func TestDenials(t *testing.T) {
	for _, c := range []struct {
		words string
		fr    bool
		want  Kind
	}{
		{"We did not cut anything", false, Denial},
		{"Nobody cut anything", false, Denial},
		{"No one touched the cable", false, Denial},
		{"There is no evidence of an attack", false, Denial},
		{"There was no attack", false, Denial},
		{"We have no knowledge of such a plan", false, Denial},
		{"We are not aware of any incident", false, Denial},
		{"This is not true", false, Denial},
		{"It's a lie", false, Denial},
		{"That is false, and they know it", false, Denial},
		{"We had nothing to do with it", false, Denial},
		{"None of our equipment failed", false, Denial},
		{"The claims are without foundation", false, Denial},
		{"Nothing of the sort happened", false, Denial},
		{"We were not involved", false, Denial},
		{"the outage was not caused by the government", false, Denial},
		{"it had never received such an order", false, Denial},
		{"its engineers had found no trace of an intrusion", false, Denial},
		{"the company was not behind the cut", false, Denial},
		{"We don't know anything about that", false, Denial},
		{"the line is up", false, Assertion},
		{"We will not pay", false, Assertion},
		{"You cannot fix this overnight", false, Assertion},
		{"Something went wrong", false, Assertion},
		{"No comment", false, Assertion},
		{"the cable, which was not buried, broke", false, Assertion},
		{"it would take time because no ship was near", false, Assertion},
		{"we need to know whether it was not a test", false, Assertion},
		{"Nous n'avons rien coupé", true, Denial},
		{"Je n'ai jamais donné cet ordre", true, Denial},
		{"Ce n'est pas nous", true, Denial},
		{"C'est faux", true, Denial},
		{"Cela n'a rien à voir avec l'élection", true, Denial},
		{"aucun ordre n'a été donné", true, Denial},
		{"l'entreprise n'est pour rien dans cette panne", true, Denial},
		{"la ligne n'a pas été coupée volontairement", true, Denial},
		{"il ne s'agit pas d'un sabotage", true, Denial},
		{"Rien n'indique qu'il s'agisse d'une attaque", true, Denial},
		{"Personne n'a touché à ce câble", true, Denial},
		{"nous n'étions pas informés", true, Denial},
		{"ses services n'avaient reçu aucune plainte", true, Denial},
		{"ne rien savoir de cette affaire", true, Denial},
		{"n'être au courant de rien", true, Denial},
		{"l'accusation est dénuée de fondement", true, Denial},
		{"c'est de la pure invention", true, Denial},
		{"Paris n'est pas derrière cette coupure", true, Denial},
		{"il n'y a pas eu de coupure", true, Denial},
		{"ne pas avoir reçu d'instruction", true, Denial},
		{"la ligne est rétablie", true, Assertion},
		{"Nous ne paierons pas", true, Assertion},
		{"On ne peut pas réparer cela en une nuit", true, Assertion},
		{"il n'y a que deux câbles", true, Assertion},
		{"le câble, qui n'était pas enterré, a cédé", true, Assertion},
		{"cela prendra du temps parce qu'aucun navire n'est sur zone", true, Assertion},
		{"Il faut une enquête", true, Request},
		{"The two sides should talk", false, Request},
	} {
		x := theLexicon()
		l := x.langs["en"]
		if c.fr {
			l = x.langs["fr"]
		}
		ts := lex(c.words, 0, len(c.words), nil)
		s := &sent{l: l, x: x, text: c.words, s: ts}
		if got := s.judge(Assertion, ts, l); got != c.want {
			t.Errorf("%s: %s; want %s", c.words, got, c.want)
		}
	}
}
