package assess

import (
	"net/netip"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/routes/atlas"
)

// TestWentBack: that a peer goes back to the origin whose route it usually has is no loss
// of the other.
func TestWentBack(t *testing.T) {
	mine, theirs := []int{0, 1, 2, 3}, []int{4, 5, 6, 7}
	both := func(until int64) *scene {
		return newScene(8, until, block).held(own, block, mine...).held(another, block, theirs...)
	}
	for name, x := range map[string]struct {
		s    *scene
		want string
	}{
		"half an hour of another's peers": {
			both(7200).announce(600, own, block, theirs...).announce(2400, another, block, theirs...), finding.AnswerStayed},
		"twice": {
			both(9000).announce(600, own, block, theirs...).announce(2400, another, block, theirs...).announce(4800, own, block, theirs...).announce(5400, another, block, theirs...), finding.AnswerStayed},
		"withdrawn between the two": {
			both(7200).announce(600, own, block, theirs...).withdraw(2400, block, theirs...).announce(2410, another, block, theirs...), finding.AnswerStayed},
		"its own peers go over to another": {
			both(7200).announce(600, another, block, mine...).announce(2400, own, block, mine...), finding.AnswerOutage},
		"another's peers had it for two hours, which is what they usually have": {
			both(20000).announce(600, own, block, theirs...).announce(7800, another, block, theirs...), finding.AnswerOutage},
		"another's peers had it for two hours, after three of the other's": {
			both(30000).announce(11000, own, block, theirs...).announce(18000, another, block, theirs...), finding.AnswerStayed},
		"all stop while another's peers have it": {
			both(7200).announce(600, own, block, theirs...).withdraw(1200, block, 0, 1, 2, 3, 4, 5, 6, 7).announce(2400, own, block, mine...), finding.AnswerOutage},
		"all stop, and each has again what it had": {
			both(7200).announce(600, own, block, theirs...).withdraw(1200, block, 0, 1, 2, 3, 4, 5, 6, 7).announce(2400, own, block, mine...).
				announce(2410, another, block, theirs...), finding.AnswerOutage},
		// It announced the prefix while another, whose it was by the table, was out, and never again.
		"it ends while another, whose it was, is out": {
			newScene(8, 7200, block).held(another, block, 0, 1, 2, 3, 4, 5, 6, 7).withdraw(300, block, 0, 1, 2, 3, 4, 5, 6, 7).announce(600, own, block, theirs...).
				withdraw(1200, block, theirs...).announce(2400, another, block, 0, 1, 2, 3, 4, 5, 6, 7), finding.AnswerOthers},
		// The same if no table says whose it was.
		"it ends, and another's returns": {
			newScene(8, 7200, block).noTables().announce(-600, another, block, 0, 1, 2, 3, 4, 5, 6, 7).withdraw(300, block, 0, 1, 2, 3, 4, 5, 6, 7).announce(600, own, block, theirs...).
				withdraw(1200, block, theirs...).announce(2400, another, block, 0, 1, 2, 3, 4, 5, 6, 7), finding.AnswerOutage},
		"it ends but for a stuck route, and another's returns": {
			newScene(8, 7200, block).noTables().announce(-600, another, block, 0, 1, 2, 3, 4, 5, 6, 7).withdraw(300, block, 0, 1, 2, 3, 4, 5, 6, 7).announce(600, own, block, 1, 2, 3, 4, 5, 6, 7).
				withdraw(1200, block, 2, 3, 4, 5, 6, 7).announce(2400, another, block, 0, 2, 3, 4, 5, 6, 7), finding.AnswerOutage},
		"no table: what was usual is not known": {
			both(7200).noTables().announce(600, own, block, theirs...).announce(2400, another, block, theirs...), finding.AnswerOthers},
		"no table, and its own peers withdraw it": {
			newScene(8, 7200, block).noTables().announce(10, own, block, mine...).announce(10, another, block, theirs...).
				announce(600, own, block, theirs...).announce(2400, another, block, theirs...).withdraw(5000, block, mine...), finding.AnswerOutage},
	} {
		if name == "no table: what was usual is not known" {
			x.s = newScene(8, 7200, block).noTables().announce(10, own, block, mine...).announce(10, another, block, theirs...).
				announce(600, own, block, theirs...).announce(2400, another, block, theirs...)
		}
		if f := x.s.findings(t); f.Answer != x.want {
			t.Errorf("%s: %s, want %s: %+v", name, f.Answer, x.want, f.Outages)
		} else if o := f.Outages; strings.HasSuffix(name, "and another's returns") && (o[0].Recovery != nil && o[0].Recovery.Median != nil || o[0].Until != nil || o[0].DurationS != nil) {
			t.Errorf("%s: another's return is the subject's: %+v", name, o[0])
		} else if name == "all stop, and each has again what it had" {
			if o := f.Outages[0]; o.Until == nil || o.Censored != nil || o.DurationS == nil || *o.DurationS < 1200 || *o.DurationS > 1210 {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}

// TestSharedByOrigins: a prefix that two networks announce, each at its own peers, is in the scope of
// neither: what the peers of the one lose is no loss of the other's.
func TestSharedByOrigins(t *testing.T) {
	ofPrefix := func(t *testing.T, s *scene, origins ...uint32) *finding.Findings {
		ev := s.evidence(t)
		q := netip.MustParsePrefix(block)
		ev.Subject = &atlas.Subject{Name: block, Kind: atlas.KindPrefix, Blocks: []netip.Prefix{q}}
		ev.Origins[q] = origins
		return Findings(ev)
	}
	mine, theirs := []int{0, 1, 2, 3, 4, 5}, []int{6, 7, 8, 9, 10, 11}
	both := func() *scene {
		return newScene(12, 7200, block).held(own, block, mine...).held(another, block, theirs...)
	}
	for name, s := range map[string]*scene{
		"in part":          both().withdraw(600, block, 0, 1, 2).announce(2400, own, block, 0, 1, 2),
		"half":             both().withdraw(600, block, mine...).announce(2400, own, block, mine...),
		"both":             both().withdraw(600, block, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).announce(2400, own, block, mine...).announce(2500, another, block, theirs...),
		"from one to both": newScene(12, 7200, block).held(own, block, mine...).announce(60, another, block, theirs...).withdraw(600, block, mine...).announce(2400, own, block, mine...),
	} {
		f := ofPrefix(t, s, own, another)
		if f.Answer != finding.AnswerOutage && f.Answer != finding.AnswerPartial {
			t.Errorf("%s: %s", name, f.Answer)
		}
		for _, o := range f.Outages {
			if o.Scope == "origin" {
				t.Errorf("%s: %s is given what was lost of both: %+v", name, o.Name, o)
			}
		}
	}
	// It was the other's until before the question: it is the one's alone. If an outage began with the
	// end of the other's, it is of neither.
	for at, want := range map[int64]string{-900: "AS64496", 30: ""} {
		f := ofPrefix(t, newScene(12, 7200, block).held(another, block, mine...).held(another, block, theirs...).announce(at, own, block, all(12)...).
			withdraw(600, block, all(12)...).announce(2400, own, block, all(12)...), own, another)
		got := ""
		for _, o := range f.Outages {
			if o.Scope == "origin" {
				got += o.Name
			}
		}
		if got != want {
			t.Errorf("taken over at %d: outages of %q, want %q", at, got, want)
		}
	}
	// If a second network is seen nowhere, the prefix is the first one's.
	f := ofPrefix(t, newScene(12, 7200, block).held(own, block, mine...).held(own, block, theirs...).withdraw(600, block, mine...).announce(2400, own, block, mine...), own)
	if n := len(f.Outages); n != 3 || f.Outages[1].Scope != "origin" {
		t.Errorf("%d outages of a prefix of one network: %+v", n, f.Outages)
	}
}
