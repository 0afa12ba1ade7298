package assess

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/routes/atlas"
	"constat/routes/vantage"
)

// hole is a time of which a collector's files were not given.
func (s *scene) hole(from, until int64, collectors ...string) *scene {
	for _, c := range collectors {
		s.off(from, until, c, -1, vantage.MissingFile)
	}
	return s
}

// answerOf is the answer and the outages of the subject.
func answerOf(f *finding.Findings) string { return fmt.Sprint(f.Answer, lengths(f)) }

// TestWhoseWithdrawn: a withdrawal of a route of which nothing else is known is a loss of those alone who are known
// to have had it.
func TestWhoseWithdrawn(t *testing.T) {
	const a, b = "rrc00", "rrc01"
	everybody := all(8)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"another had it before the hole": {
			newScene(8, 3600, block).held(another, block, everybody...).hole(60, 120, a, b).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"stayed[]"},
		"another had it before the hole at one collector": {
			newScene(8, 3600, block).held(another, block, everybody...).hole(60, 120, a).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"stayed[]"},
		"the subject had it before the hole": {
			newScene(8, 3600, block).held(own, block, everybody...).hole(60, 120, a, b).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"outage[AS64496 10:00–20:00]"},
		"and another takes it up": {
			newScene(8, 3600, block).held(own, block, everybody...).hole(60, 120, a, b).withdraw(600, block, everybody...).announce(1200, another, block, everybody...),
			"outage[]"},
		"no table, and others are told of it by another": {
			newScene(8, 3600, block).noTables().announce(-600, another, block, 0, 1).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"stayed[]"},
		"no table, and others are told of it by the subject": {
			newScene(8, 3600, block).noTables().announce(-600, own, block, 0, 1).withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"outage[AS64496 10:00–20:00]"},
		"no table, and both come later": {
			newScene(8, 3600, block).noTables().withdraw(600, block, everybody...).announce(1200, own, block, everybody...).
				announce(2400, another, block, everybody...).announce(3000, own, block, everybody...),
			"outage[AS64496 10:00–20:00 AS64496 40:00–50:00]"},
		"no table, and another comes first": {
			newScene(8, 3600, block).noTables().withdraw(600, block, everybody...).announce(1200, another, block, everybody...).
				announce(2400, own, block, everybody...),
			"stayed[]"},
		"no table, and long after the return one peer has another's for ten seconds": {
			newScene(8, 3600, block).noTables().withdraw(600, block, everybody...).announce(1200, own, block, everybody...).
				announce(2400, another, block, 0).announce(2410, own, block, 0),
			"outage[AS64496 10:00–20:00]"},
		"no table, and nobody else is ever seen with it": {
			newScene(8, 3600, block).noTables().withdraw(600, block, everybody...).announce(1200, own, block, everybody...),
			"outage[AS64496 10:00–20:00]"},
	} {
		if got := answerOf(c.s.findings(t)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestWithdrawnOutOfSet: what had been of another contributor of an aggregate alone for minutes is no loss
// of those that had stood in its set before.
func TestWithdrawnOutOfSet(t *testing.T) {
	for name, c := range map[string]struct {
		left int64 // when the set went
		want string
	}{
		"minutes before":              {300, "stayed[]"},
		"with it":                     {590, "outage[AS64496 10:00–20:00]"},
		"not: all of it is withdrawn": {0, "outage[AS64496 10:00–20:00]"},
	} {
		s := newScene(6, 3600, block)
		set := func(at int64, table bool) {
			for i := range s.peers {
				path := append(s.path(i, hop, 0), own, another, 0)
				s.said = append(s.said, said{at, i, s.prefixes[0], path, table, 0})
			}
		}
		set(snapshot, true)
		if c.left > 0 {
			s.announce(c.left, another, block, all(6)...)
		}
		s.withdraw(600, block, all(6)...)
		set(1200, false)
		if got := answerOf(s.findings(t)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestHolderAcrossHole: a missing file makes nobody gone. What tables have before it, and what is told after
// it, decides whose a prefix was that another announces then.
func TestHolderAcrossHole(t *testing.T) {
	const a, b = "rrc00", "rrc01"
	everybody := all(8)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"the same prefix": {
			newScene(8, 3600, block).held(another, block, everybody...).hole(60, 120, a, b).announce(1200, own, block, everybody...).announce(1800, another, block, everybody...),
			"others[] subject AS64496 10.0.0.0/22 new 8/8 at 1200 beside AS64999 10.0.0.0/22 before aside"},
		"at half of the peers": {
			newScene(8, 3600, block).held(another, block, everybody...).hole(60, 120, a, b).announce(1200, own, block, 0, 1, 2, 3).announce(1800, another, block, 0, 1, 2, 3),
			"others[] subject AS64496 10.0.0.0/22 new 4/4 at 1200 beside AS64999 10.0.0.0/22 before aside"},
		"within it": {
			newScene(8, 3600, part).cover(block).held(another, block, everybody...).hole(60, 120, a, b).announce(1200, own, part, everybody...).withdraw(1800, part, everybody...),
			"others[] subject AS64496 10.0.1.0/24 new 8/8 at 1200 beside AS64999 10.0.0.0/22 before aside"},
		"within it, and what was told after the hole is that it ended": {
			newScene(8, 3600, part).cover(block).held(another, block, everybody...).hole(60, 120, a, b).withdraw(600, block, everybody...).
				announce(1200, own, part, everybody...).withdraw(1800, part, everybody...),
			"outage[]"},
		"no table, and a file is missing that might tell who was first": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).hole(900, 960, a, b).announce(1200, another, block, everybody...),
			"others[] subject AS64496 10.0.0.0/22 wave 8/8 at 600 beside AS64999 10.0.0.0/22 unknown aside"},
		"the same, and it was not given": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).off(900, 960, a, -1, "file not given").off(900, 960, b, -1, "file not given").announce(1200, another, block, everybody...),
			"others[] subject AS64496 10.0.0.0/22 wave 8/8 at 600 beside AS64999 10.0.0.0/22 unknown aside"},
		"the same, and it breaks off at one collector": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).off(900, 960, a, -1, vantage.TruncatedFile).announce(1200, another, block, everybody...),
			"others[] subject AS64496 10.0.0.0/22 wave 8/8 at 600 beside AS64999 10.0.0.0/22 unknown aside"},
		"the same, and none is missing": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).announce(1200, another, block, everybody...),
			"others[] subject AS64496 10.0.0.0/22 wave 8/8 at 600 beside AS64999 10.0.0.0/22 unknown aside"},
		"the same, and the other comes when all have lost it": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).withdraw(1200, block, everybody...).announce(1500, another, block, everybody...),
			"outage[]"},
		"the same, and some withdraw it before": {
			newScene(8, 3600, block).noTables().announce(600, own, block, everybody...).withdraw(1100, block, 0, 1, 2, 3).announce(1200, another, block, 4, 5, 6, 7),
			"outage[]"},
		"it had ended before the hole": {
			newScene(8, 3600, part).cover(block).held(another, block, everybody...).withdraw(30, block, everybody...).hole(60, 120, a, b).
				announce(1200, own, part, everybody...).withdraw(1800, part, everybody...).announce(2400, own, part, everybody...),
			"outage[AS64496 30:00–40:00]"},
	} {
		f := c.s.findings(t)
		got := answerOf(f)
		for _, l := range strings.Split(othersOf(f), "\n") {
			if strings.Contains(l, "aside") {
				got += " " + l
			}
		}
		if got != c.want {
			t.Errorf("%s:\n%s, want\n%s\n%s", name, got, c.want, othersOf(f))
		}
	}
}

// TestHadBeforeHole: that another's routes stand where the subject's were before a hole of the files does not make
// the subject's something that was yet to come.
func TestHadBeforeHole(t *testing.T) {
	everybody := all(8)
	for name, at := range map[string][]int{"at all": everybody, "at half": {0, 1, 2, 3}} {
		f := newScene(8, 3600, block).held(own, block, everybody...).hole(60, 120, "rrc00", "rrc01").
			announce(1200, another, block, at...).announce(1800, own, block, at...).findings(t)
		if len(f.Arrived) > 0 {
			t.Errorf("%s: %+v", name, f.Arrived)
		}
	}
	// Without it in the tables, it is.
	if f := newScene(8, 3600, block).held(another, block, everybody...).announce(1800, own, block, everybody...).findings(t); len(f.Arrived)+len(f.Others) == 0 {
		t.Error("nothing arrived, and nobody else is told")
	}
}

// TestUnseenBefore: that routes were withdrawn does not establish an outage of a network that is seen with them
// long afterwards only.
func TestUnseenBefore(t *testing.T) {
	everybody := all(24)
	for name, c := range map[string]struct {
		s      *scene
		level  proof.Level
		unseen bool
	}{
		"seen half an hour after": {newScene(24, 3600, block).noTables().withdraw(600, block, everybody...).announce(2400, own, block, everybody...), proof.Indicated, true},
		"and by two before":       {newScene(24, 3600, block).noTables().announce(-600, own, block, 0, 1).withdraw(600, block, everybody...).announce(2400, own, block, everybody...), proof.Established, false},
		"back within a minute":    {newScene(24, 3600, block).noTables().withdraw(600, block, everybody...).announce(655, own, block, everybody...), proof.Established, false},
		"asked of the addresses":  {newScene(24, 3600, block).noTables().withdraw(600, block, everybody...).announce(2400, own, block, everybody...), proof.Established, false},
		"a table has it":          {newScene(24, 3600, block).held(own, block, everybody...).withdraw(600, block, everybody...).announce(2400, own, block, everybody...), proof.Established, false},
	} {
		ev := c.s.evidence(t)
		if name == "asked of the addresses" {
			q := netip.MustParsePrefix(block)
			ev.Subject = &atlas.Subject{Name: block, Kind: atlas.KindPrefix, Blocks: []netip.Prefix{q}}
		}
		f := Findings(ev)
		i := slices.IndexFunc(f.Verdict.Propositions, func(p finding.Proposition) bool { return p.Key == finding.PropOutage })
		if i < 0 {
			t.Errorf("%s: no outage: %s", name, answerOf(f))
			continue
		}
		for _, p := range f.Verdict.Propositions {
			if (p.Key == finding.PropOutage || p.Key == finding.PropTotal) && p.Level > c.level {
				t.Errorf("%s: %s is %s, want %s at most", name, p.Key, p.Level, c.level)
			}
		}
		if p := f.Verdict.Propositions[i]; p.Level != c.level || p.UnseenBefore != c.unseen {
			t.Errorf("%s: %s, unseen %t; want %s, %t", name, p.Level, p.UnseenBefore, c.level, c.unseen)
		}
	}
}
