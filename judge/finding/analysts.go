package finding

import (
	"constat/judge/place"
	"constat/judge/proof"
)

// PropAnalysts is what raters conclude of one hypothesis that the case
// declared; args: its letter and its id. The program names nobody by it.
const PropAnalysts = "analysts"

// Analysts puts a weighing of competing hypotheses in the form of a verdict, so
// that a case about a hack and a case about a cut end in the same kind of one.
// Every hypothesis has its proposition, in the order in which they were
// declared.
func Analysts(w *proof.Weighing) []Proposition {
	out := []Proposition{}
	for _, h := range w.Hypotheses {
		out = append(out, Proposition{Key: PropAnalysts, Level: h.Level, Class: []place.Hypothesis{}, Args: []string{h.Letter, h.ID}})
	}
	return out
}
