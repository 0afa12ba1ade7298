package assess

import "testing"

// TestStoodSinceBefore: a route of which nobody has spoken since the last hole, or since the files begin, may stand; and if
// a later table has it, learned before, it did.
func TestStoodSinceBefore(t *testing.T) {
	const a, b = "rrc00", "rrc01"
	everybody := all(8)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"a less specific, not spoken of since a hole": {
			newScene(8, 3600, part, block).cover(block).held(own, block, everybody...).held(own, part, everybody...).hole(60, 120, a, b).
				withdraw(600, part, everybody...).announce(1200, own, part, everybody...),
			"undecided[]"},
		"a later table has it": {
			newScene(8, 3600, part, block).cover(block).held(own, block, everybody...).held(own, part, everybody...).hole(60, 120, a, b).
				withdraw(600, part, everybody...).announce(1200, own, part, everybody...).stoodAt(2000, block, everybody...),
			"stayed[]"},
		"it was withdrawn too": {
			newScene(8, 3600, part, block).cover(block).held(own, block, everybody...).held(own, part, everybody...).hole(60, 120, a, b).
				withdraw(600, part, everybody...).withdraw(600, block, everybody...).announce(1200, own, part, everybody...).announce(1200, own, block, everybody...),
			"outage[AS64496 10:00–20:00]"},
		"no table at first: a table within the loss has another prefix": {
			newScene(8, 3600, part, "192.0.2.0/24").noTables().announce(60, own, part, everybody...).
				withdraw(600, part, everybody...).announce(1200, own, part, everybody...).stoodAt(900, "192.0.2.0/24", everybody...),
			"outage[AS64496 10:00–20:00]"},
		"no table at first: a table within the loss has the less specific": {
			newScene(8, 3600, part, block).cover(block).noTables().announce(60, own, part, everybody...).
				withdraw(600, part, everybody...).announce(1200, own, part, everybody...).stoodAt(900, block, everybody...),
			"stayed[]"},
	} {
		f := c.s.findings(t)
		if got := answerOf(f); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		for _, o := range f.Outages {
			if total := len(o.Total) > 0; o.Scope == "subject" && total != (o.Lost.Prefixes == 2) {
				t.Errorf("%s: %d of 2 prefixes lost, totals %v", name, o.Lost.Prefixes, o.Total)
			}
		}
	}
}
