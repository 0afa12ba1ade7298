package assess

import (
	"bytes"
	"slices"
	"testing"

	"constat/judge/finding"
	"constat/judge/outage"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/routes/vantage"
)

const prefix = "10.0.0.0/24"

// TestAnswers: which of the five it is.
func TestAnswers(t *testing.T) {
	oneNetwork := newScene(2, 3600, prefix).held(own, prefix, all(2)...)
	oneNetwork.peers[1].AS = oneNetwork.peers[0].AS
	nameless := newScene(2, 3600, prefix)
	nameless.peers[1].AS = 0
	nameless.held(own, prefix, all(2)...)
	losesInOne := newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0, 1, 2)
	for i := range 3 {
		losesInOne.peers[i].AS = 65001
	}
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"more than half lose it":                 {newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0, 1, 2, 3, 4, 5), finding.AnswerOutage},
		"half lose it":                           {newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0, 1, 2, 3, 4), finding.AnswerOutage},
		"four of ten lose it":                    {newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0, 1, 2, 3), finding.AnswerPartial},
		"four of ten, for half a minute":         {newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0, 1, 2, 3).announce(630, own, prefix, 0, 1, 2, 3), finding.AnswerStayed},
		"one of ten loses it":                    {newScene(10, 3600, prefix).held(own, prefix, all(10)...).withdraw(600, prefix, 0), finding.AnswerStayed},
		"three peers of one network lose it":     {losesInOne, finding.AnswerStayed},
		"nobody loses it":                        {newScene(10, 3600, prefix).held(own, prefix, all(10)...), finding.AnswerStayed},
		"one peer ever carried it":               {newScene(10, 3600, prefix).held(own, prefix, 3).withdraw(600, prefix, 3), finding.AnswerNoClaim},
		"two peers of one network":               {oneNetwork, finding.AnswerNoClaim},
		"one of them in nobody knows which":      {nameless, finding.AnswerNoClaim},
		"nobody ever carried it":                 {newScene(10, 3600, prefix), finding.AnswerNoClaim},
		"no peer was there":                      {newScene(0, 3600, prefix), finding.AnswerNobodyWatching},
		"all sessions are down":                  {newScene(2, 3600, prefix).held(own, prefix, 0, 1).off(-600, 3600, "", 0, vantage.SessionDown).off(-600, 3600, "", 1, vantage.SessionDown), finding.AnswerNobodyWatching},
		"all files are missing":                  {newScene(2, 3600, prefix).held(own, prefix, 0, 1).off(-600, 3600, "rrc00", -1, vantage.MissingFile).off(-600, 3600, "rrc01", -1, vantage.MissingFile), finding.AnswerNobodyWatching},
		"a session is down when all lose it":     {newScene(4, 3600, prefix).held(own, prefix, all(4)...).off(500, 3600, "", 0, vantage.SessionDown).withdraw(600, prefix, 1, 2, 3), finding.AnswerOutage},
		"both sessions are down when it is lost": {newScene(2, 3600, prefix).held(own, prefix, all(2)...).off(500, 3600, "", 0, vantage.SessionDown).off(500, 3600, "", 1, vantage.SessionDown), finding.AnswerStayed},
	} {
		if f := c.s.findings(t); f.Answer != c.want {
			t.Errorf("%s: %q, want %q", name, f.Answer, c.want)
		}
	}
}

// TestStayedAsFarAsWatched: that routes stayed is said of the time in which at
// least two networks were watching, and of no other.
func TestStayedAsFarAsWatched(t *testing.T) {
	for name, c := range map[string]struct {
		off     func(*scene)
		seconds int64
		whole   bool
	}{
		"all of it": {func(*scene) {}, 3600, true},
		"but for the last five minutes": {func(s *scene) {
			s.off(3300, 3600, "rrc00", -1, vantage.MissingFile).off(3300, 3600, "rrc01", -1, vantage.MissingFile)
		}, 3300, true},
		"the first twenty minutes": {func(s *scene) {
			s.off(1200, 3600, "rrc00", -1, vantage.MissingFile).off(1200, 3600, "rrc01", -1, vantage.MissingFile)
		}, 1200, false},
		"one collector misses most of it": {func(s *scene) { s.off(1200, 3600, "rrc00", -1, vantage.MissingFile) }, 3600, true},
		"one of four sessions is left": {func(s *scene) {
			s.off(1200, 3600, "rrc00", -1, vantage.MissingFile).off(1500, 3600, "", 1, vantage.SessionDown)
		}, 1500, false},
		"a network with two sessions is one": {func(s *scene) {
			s.peers[1].AS, s.peers[2].AS, s.peers[3].AS = 65001, 65001, 65002
			s.off(900, 3600, "", 3, vantage.SessionDown)
		}, 900, false},
	} {
		s := newScene(4, 3600, prefix)
		c.off(s)
		s.held(own, prefix, all(4)...)
		f := s.findings(t)
		if f.Answer != finding.AnswerStayed || f.Watched.Seconds != c.seconds || f.Watched.Of != 3600 || f.Watched.Whole() != c.whole {
			t.Errorf("%s: %s, watched %d of %d, whole %t; want %d, %t", name, f.Answer, f.Watched.Seconds, f.Watched.Of, f.Watched.Whole(), c.seconds, c.whole)
		}
		if n := f.Subject.Prefixes[0].WatchedS; n != c.seconds {
			t.Errorf("%s: the prefix was watched for %d s", name, n)
		}
	}
}

// first is the first outage of the origin, with what is weighed about it.
func first(t *testing.T, ev *Evidence) (outage.Input, outage.Outage) {
	t.Helper()
	in := Input(ev)
	found := outage.Find(in)
	i := slices.IndexFunc(found, func(o outage.Outage) bool { return o.Scope == outage.ScopeOrigin })
	if i < 0 {
		t.Fatal("no outage")
	}
	return in, found[i]
}

// TestReplacedNeedsWhatStood: that another origin's route stood in for a lost one
// is evidence that nothing was cut only if it came with the loss, stood for as
// long as the loss lasted, at most of those that lost it, and had not been
// announced before.
func TestReplacedNeedsWhatStood(t *testing.T) {
	const n = 24
	half, rest := all(n)[:n/2], all(n)[n/2:]
	lost := func() *scene { return newScene(n, 3600, prefix).controlled().held(own, prefix, all(n)...) }
	for name, c := range map[string]struct {
		s        *scene
		replaced bool
		verdict  string // the first proposition
		beside   string // what is told beside a cut
	}{
		"it comes instead, and stays":        {lost().announce(600, other, prefix, half...), true, "replaced indicated", ""},
		"it comes within the minute":         {lost().withdraw(600, prefix, half...).announce(640, other, prefix, half...), true, "", ""},
		"it comes two minutes later":         {lost().withdraw(600, prefix, half...).announce(720, other, prefix, half...), false, "outage established", finding.BesideReplaced},
		"it goes again while the loss lasts": {lost().announce(600, other, prefix, half...).withdraw(1200, prefix, half...), false, "outage established", finding.BesideReplaced},
		"a few have it":                      {lost().withdraw(600, prefix, half[3:]...).announce(600, other, prefix, half[:3]...), false, "outage established", finding.BesideReplaced},
		"nothing comes":                      {lost().withdraw(600, prefix, half...), false, "outage established", ""},
		"it stood before, elsewhere": {newScene(n, 3600, prefix).controlled().held(own, prefix, half...).held(other, prefix, rest...).announce(600, other, prefix, half...),
			false, "outage established", finding.BesideReplaced},
	} {
		ev := c.s.evidence(t)
		in, o := first(t, ev)
		if got := CauseInput(ev, in, o).Replaced; got != c.replaced {
			t.Errorf("%s: replaced %t", name, got)
		}
		f := Findings(ev)
		if got := f.Verdict.Propositions[0]; c.verdict != "" && got.Key+" "+got.Level.String() != c.verdict {
			t.Errorf("%s: %s, want %s first", name, propositions(f), c.verdict)
		}
		beside := ""
		for _, b := range f.Cause[0].Beside {
			beside += b.Key
		}
		if c.verdict != "" && beside != c.beside {
			t.Errorf("%s: beside it %q, want %q", name, beside, c.beside)
		}
		if c.replaced && c.verdict != "" && !f.Cause[0].Class[0].Is(place.Replaced) {
			t.Errorf("%s: %v", name, f.Cause[0].Class)
		}
	}
}

// TestLessSpecifics: what a less specific route makes of a loss, by whose it is
// and since when it stands.
func TestLessSpecifics(t *testing.T) {
	const wide = "10.0.0.0/16"
	lost := func() *scene {
		return newScene(6, 3600, prefix).cover(wide).held(own, prefix, all(6)...).withdraw(600, prefix, all(6)...)
	}
	for name, c := range map[string]struct {
		s    *scene
		want finding.Prefix // its counts
		out  bool
		kind string // of the stand-in
	}{
		"the subject's covers":          {lost().held(own, wide, all(6)...), finding.Prefix{Covered: 6}, false, finding.CoveredBy},
		"the subject's comes with it":   {lost().announce(600, own, wide, all(6)...), finding.Prefix{Covered: 6}, false, finding.CoveredBy},
		"another's stood before":        {lost().held(other, wide, all(6)...), finding.Prefix{Standing: 6}, true, finding.LostUnder},
		"another's comes with it":       {lost().announce(590, other, wide, all(6)...), finding.Prefix{Replaced: 6}, true, finding.ReplacedBy},
		"another's came an hour before": {lost().announce(-1100, other, wide, all(6)...), finding.Prefix{Standing: 6}, true, finding.LostUnder},
		"nobody has one":                {lost(), finding.Prefix{}, true, ""},
	} {
		f := c.s.findings(t)
		p := f.Subject.Prefixes[0]
		if p.Covered != c.want.Covered || p.Replaced != c.want.Replaced || p.Standing != c.want.Standing || p.Unknown != 0 || p.Carriers != 6 {
			t.Errorf("%s: %+v", name, p)
		}
		if out := len(f.Outages) > 0; out != c.out {
			t.Errorf("%s: outages %d", name, len(f.Outages))
		}
		switch {
		case c.kind == "" && len(p.StandIns) > 0, c.kind != "" && len(p.StandIns) != 1:
			t.Errorf("%s: stand-ins %+v", name, p.StandIns)
		case c.kind != "" && (p.StandIns[0].Kind != c.kind || p.StandIns[0].Peers != 6 || p.StandIns[0].Exhibit != "exhibit"):
			t.Errorf("%s: stand-in %+v", name, p.StandIns[0])
		}
	}
	// A peer of which it is not known whether it has the less specific is not
	// counted as having lost anything.
	s := newScene(6, 3600, prefix).cover(wide)
	s.unlisted = true
	s.announce(-1000, own, prefix, all(6)...).withdraw(600, prefix, all(6)...).announce(-1000, own, wide, 5)
	if p := s.findings(t).Subject.Prefixes[0]; p.Unknown != 5 || p.Covered != 1 {
		t.Errorf("nobody lists a less specific that one carries: %+v", p)
	}
}

// TestRenumberedByHand: an origin renumbered if a new prefix of a comparable size came
// with the loss, where those who have it knew that nobody had it before.
func TestRenumberedByHand(t *testing.T) {
	const other = "10.9.0.0/24"
	move := func(began int64) *scene {
		return newScene(6, 4800, prefix, other).held(own, prefix, all(6)...).withdraw(600, prefix, all(6)...).announce(began, own, other, all(6)...)
	}
	// One peer loses it five minutes after the others, so that the trough is read
	// when the new prefix has been there for a while.
	late := func(began int64) *scene {
		return newScene(6, 4800, prefix, other).held(own, prefix, all(6)...).withdraw(600, prefix, all(5)...).withdraw(900, prefix, 5).announce(began, own, other, all(6)...)
	}
	blindBefore := move(590)
	blindBefore.unlisted = true
	for name, c := range map[string]struct {
		s    *scene
		want bool
	}{
		"with the loss":              {move(590), true},
		"an answer to it":            {move(660), false},
		"eleven minutes before":      {move(-70), false},
		"nobody could see before":    {blindBefore, false},
		"what was lost comes back":   {move(590).announce(3000, own, prefix, all(6)...), false},
		"the last loses it later":    {late(590), true},
		"an answer before the last":  {late(660), false},
		"most have lost the new one": {late(590).withdraw(650, other, all(4)...), false},
	} {
		ev := c.s.evidence(t)
		in, o := first(t, ev)
		got := CauseInput(ev, in, o).Renumbered
		if c.want != (len(got) == 1 && got[0].String() == other) || !c.want && len(got) > 0 {
			t.Errorf("%s: renumbered to %v", name, got)
		}
	}
}

// TestFewFullFeeds: what a peer withdraws of which a part of its routes is told
// may only have moved, so that it does not establish an outage.
func TestFewFullFeeds(t *testing.T) {
	for small, want := range map[int]proof.Level{0: proof.Established, 3: proof.Established, 5: proof.Indicated, 6: proof.Indicated} {
		s := newScene(8, 3600, prefix).held(own, prefix, all(6)...).withdraw(600, prefix, all(6)...)
		s.small = small
		f := s.findings(t)
		p := f.Verdict.Propositions[0]
		if p.Key != finding.PropOutage || p.Level != want || p.FewFullFeeds != (want == proof.Indicated) {
			t.Errorf("%d of six tell a part: %+v", small, p)
		}
		if n := f.Outages[0].Witnesses.PartialASes; n != small {
			t.Errorf("%d of six tell a part: %d counted", small, n)
		}
	}
}

// TestOneCollector: what only one collector saw is not established.
func TestOneCollector(t *testing.T) {
	s := newScene(8, 3600, prefix)
	for i := range s.peers {
		s.peers[i].Collector = "rrc00"
	}
	f := s.held(own, prefix, all(8)...).withdraw(600, prefix, all(8)...).findings(t)
	if p := f.Verdict.Propositions[0]; p.Key != finding.PropOutage || p.Level != proof.Indicated {
		t.Errorf("%s", propositions(f))
	}
	if !slices.ContainsFunc(f.Notes, func(n finding.Note) bool { return n.Key == finding.NoteOneCollector }) {
		t.Errorf("notes %v", f.Notes)
	}
}

// TestObservers: sessions that break off and come back with their routes are the
// observers' and no outage; what nobody saw come back is not said to be one.
func TestObservers(t *testing.T) {
	reset := func(back int) *scene {
		s := newScene(6, 3600, prefix).held(own, prefix, all(6)...)
		for i := range 4 {
			s.off(600, 620, "", i, vantage.SessionDown)
			if i < back {
				s.announce(630, own, prefix, i)
			}
		}
		return s
	}
	f := reset(4).findings(t)
	if f.Answer != finding.AnswerStayed || propositions(f) != "observer established" {
		t.Errorf("four of six sessions were reset: %s, %s", f.Answer, propositions(f))
	}
	if f := reset(2).findings(t); propositions(f) != "" {
		t.Errorf("two of the four did not come back: %s", propositions(f))
	}
	// Who was watching saw it go: it is a loss.
	if f := reset(4).withdraw(610, prefix, 4, 5).findings(t); f.Answer != finding.AnswerOutage {
		t.Errorf("the two that were left lost it: %s", f.Answer)
	}
}

// TestCut: all that carried it lost it, while what they have from elsewhere
// stayed: where the routes stopped is a stretch from the origin on.
func TestCut(t *testing.T) {
	const n = 24
	f := newScene(n, 3600, prefix).controlled().held(own, prefix, all(n)...).withdraw(600, prefix, all(n)...).findings(t)
	c := f.Cause[0]
	if c.Lost != n || c.Rival || !c.Total || c.Level != proof.Indicated || !slices.Equal(c.Region.Networks, []uint32{own, hop}) {
		t.Errorf("%+v", c)
	}
	keys := map[string]proof.Level{}
	for _, p := range f.Verdict.Propositions {
		keys[p.Key] = p.Level
	}
	if keys[finding.PropOutage] != proof.Established || keys[finding.PropTotal] != proof.Established || keys[finding.PropAuthor] != proof.NotEstablished {
		t.Errorf("verdict %s", propositions(f))
	}
	// Whose far controls went at the same moment were blind, not witnesses.
	s := newScene(n, 3600, prefix).controlled().held(own, prefix, all(n)...).withdraw(600, prefix, all(n)...)
	for _, p := range s.far {
		s.withdraw(601, p.String(), 0, 2, 4)
	}
	if c := s.findings(t).Cause[0]; len(c.Blind) != 3 || c.Lost != n-3 {
		t.Errorf("three lost their far controls too: blind %v, %d lost", c.Blind, c.Lost)
	}
}

// TestEvidenceStays: findings are a function of the evidence, and do not change it.
func TestEvidenceStays(t *testing.T) {
	s := newScene(12, 3600, prefix, "10.0.1.0/24")
	s.unlisted = true // which is a note
	ev := s.controlled().cover("10.0.0.0/16").held(own, prefix, all(12)...).held(own, "10.0.1.0/24", all(9)...).
		withdraw(600, prefix, all(12)...).announce(601, other, "10.0.0.0/16", all(4)...).announce(1200, own, prefix, all(11)...).evidence(t)
	ev.Notes = append(make([]finding.Note, 0, 8), finding.Note{Key: "given"})
	f := Findings(ev)
	one, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Notes) < 2 || len(f.Outages) == 0 || len(f.Cause) == 0 {
		t.Fatalf("too little is found to tell: %+v", f.Notes)
	}
	two, _ := Findings(ev).Encode()
	if !bytes.Equal(one, two) {
		t.Error("the second time they are others")
	}
	if len(ev.Notes) != 1 || ev.Notes[:2][1].Key != "" {
		t.Errorf("notes were added to the evidence: %v", ev.Notes[:2])
	}
}
