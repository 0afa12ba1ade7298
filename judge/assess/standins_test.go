package assess

import (
	"testing"

	"constat/judge/finding"
	"constat/judge/proof"
)

// TestStandInsOfFew: that no address lost its route is not established by the few carriers that
// told of the less specific route.
func TestStandInsOfFew(t *testing.T) {
	const p, over = "192.0.2.0/24", "192.0.0.0/16"
	for _, c := range []struct {
		told int // carriers that told of the less specific
		want proof.Level
		said bool
	}{{40, proof.Established, true}, {20, proof.Established, true}, {19, 0, false}, {9, 0, false}} {
		s := newScene(40, 3600, p).cover(over).noTables()
		s.announce(60, own, p, all(40)...).announce(90, own, over, all(c.told)...)
		f := s.withdraw(1000, p, all(40)...).announce(2000, own, p, all(40)...).findings(t)
		said, level := false, proof.Level(0)
		for _, x := range f.Verdict.Propositions {
			if x.StandIn == finding.StandInLess {
				said, level = true, x.Level
			}
		}
		if doubt := f.Answer == finding.AnswerUndecided; doubt == said {
			t.Errorf("%d of 40 told of it: said %v, and the answer is %s", c.told, said, f.Answer)
		}
		if said != c.said || said && level != c.want {
			t.Errorf("%d of 40 told of it: said %v, %v; want %v, %v", c.told, said, level, c.said, c.want)
		}
	}
}
