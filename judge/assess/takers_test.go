package assess

import (
	"fmt"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

// takersOf are the networks that took the place of what was lost, one a line.
func takersOf(f *finding.Findings) string {
	var out []string
	for _, c := range f.Cause {
		for _, t := range c.Takers {
			out = append(out, fmt.Sprintf("AS%d %s %d from %d to %d", t.Origin, t.Prefix, t.Peers, (t.From-moment.Unix(zero, 0)).Sec(), (t.Until-moment.Unix(zero, 0)).Sec()))
		}
	}
	return strings.Join(out, "\n")
}

// TestTakers: whose routes stood where those lost had been is named, at how many vantages
// and since when; who announced at another time, or stood before, took nothing.
func TestTakers(t *testing.T) {
	const third = 64998
	everybody := all(6)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"all change over": {newScene(6, 3600, block).held(own, block, everybody...).announce(600, another, block, 0, 1).announce(620, another, block, 2, 3, 4, 5).announce(1200, own, block, everybody...),
			"AS64999 10.0.0.0/22 6 from 600 to 1200"},
		"two take it": {newScene(6, 3600, block).held(own, block, everybody...).announce(600, another, block, 0, 1, 2, 3).announce(610, third, block, 4, 5),
			"AS64999 10.0.0.0/22 4 from 600 to 3600\nAS64998 10.0.0.0/22 2 from 610 to 3600"},
		"another's less specific comes with it": {newScene(6, 3600, part).cover(block).held(own, part, everybody...).announce(590, another, block, everybody...).withdraw(600, part, everybody...),
			"AS64999 10.0.0.0/22 6 from 590 to 3600"},
		"another's less specific stood": {newScene(6, 3600, part).cover(block).held(own, part, everybody...).held(another, block, everybody...).withdraw(600, part, everybody...), ""},
		"it is only lost":               {newScene(6, 3600, block).held(own, block, everybody...).withdraw(600, block, everybody...), ""},
		"another came, and was gone before": {newScene(6, 3600, block).held(own, block, everybody...).announce(100, another, block, 0, 1).announce(300, own, block, 0, 1).withdraw(600, block, everybody...),
			"AS64999 10.0.0.0/22 2 from 100 to 300"}, // of the loss at these two, and not of that at all
	} {
		if got := takersOf(c.s.findings(t)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
