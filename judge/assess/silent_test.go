package assess

import (
	"fmt"
	"testing"

	"constat/judge/finding"
	"constat/judge/proof"
)

// TestFewOfAll: what those may have kept of whom nobody knows keeps an outage from being established.
func TestFewOfAll(t *testing.T) {
	const a, b = "rrc00", "rrc01"
	everybody := all(12)
	for name, c := range map[string]struct {
		s    *scene
		want string // level of the outage, of its total, of its place; untold, silent
	}{
		"all lose it": {
			newScene(12, 3600, block).controlled().held(own, block, everybody...).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"established established indicated 0 0"},
		"behind a hole four lose it, and the others say nothing": {
			newScene(12, 3600, block).controlled().held(own, block, everybody...).hole(60, 120, a, b).withdraw(600, block, 0, 1, 2, 3).announce(1200, own, block, 0, 1, 2, 3),
			"indicated not established not established 8 0"},
		"behind a hole eight lose it": {
			newScene(12, 3600, block).controlled().held(own, block, everybody...).hole(60, 120, a, b).withdraw(600, block, all(8)...).announce(1200, own, block, all(8)...),
			"established established not established 4 0"},
		"no table: four lose it, and the others say nothing": {
			newScene(12, 3600, block).noTables().announce(60, own, block, 0, 1, 2, 3).withdraw(600, block, 0, 1, 2, 3).announce(1200, own, block, 0, 1, 2, 3),
			"indicated not established not established 0 8"},
		"no table: four lose it, and the others tell of it later": {
			newScene(12, 3600, block).noTables().announce(60, own, block, 0, 1, 2, 3).withdraw(600, block, 0, 1, 2, 3).announce(1200, own, block, everybody...),
			"indicated not established not established 0 8"},
		"no table: all lose it": {
			newScene(12, 3600, block).noTables().announce(60, own, block, everybody...).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"established established not established 0 0"},
	} {
		f := c.s.findings(t)
		level := map[string]proof.Level{}
		for _, q := range f.Verdict.Propositions {
			level[q.Key] = q.Level
		}
		got := "none"
		if f.Head != nil {
			w := f.Outages[*f.Head].Witnesses
			got = fmt.Sprint(level[finding.PropOutage], level[finding.PropTotal], level[finding.PropPlace], w.Stopped, w.Silent)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
