package assess

import (
	"fmt"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/routes/atlas"
	"constat/routes/vantage"
)

// fromTo are the numbers in [a, b).
func fromTo(a, b int) []int { return all(b)[a:] }

// fromEven are the peers of one of the two collectors.
func fromEven(first int) (out []int) {
	for i := first; i < 40; i += 2 {
		out = append(out, i)
	}
	return out
}

// TestStayedIsShown: what is said to have stayed is what the records show.
func TestStayedIsShown(t *testing.T) {
	const p = "192.0.2.0/24"
	lost := func(at, back int64, peers ...int) *scene {
		return newScene(40, 3600, p).held(own, p, all(40)...).withdraw(at, p, peers...).announce(back, own, p, peers...)
	}
	off := func(s *scene, from, until int64, peers ...int) *scene {
		for _, i := range peers {
			s.off(from, until, "", i, vantage.SessionDown)
			s.announce(until+1, own, p, i)
		}
		return s
	}
	// listed are complete tables that the given peers are told to have the prefix in.
	listed := func(s *scene, at int64, peers ...int) *scene {
		s.tables = append(s.tables, at)
		return s.listedAt(at, p, peers...)
	}
	held := func() *scene { return newScene(40, 3600, p).held(own, p, all(40)...) }
	for _, c := range []struct {
		name    string
		scene   *scene
		answer  string
		below   string
		watched int64
	}{
		{"nothing", newScene(40, 3600, p).held(own, p, all(40)...), finding.AnswerStayed, "none", 3600},
		{"two lose it, and the others' sessions close five seconds later", off(lost(1000, 1240, 0, 1), 1005, 1300, fromTo(2, 40)...),
			finding.AnswerUndecided, "2 losses at 2 peers; left 1005–1240 2 of 2, 38 away, doubt", 3600 - 235},
		{"two lose it while the others' sessions are closed", off(lost(1100, 1240, 0, 1), 1005, 1300, fromTo(2, 40)...),
			finding.AnswerOutage, "none", 3600},
		{"one loses it, and the others' sessions close", off(lost(1000, 1240, 0), 1005, 1300, fromTo(1, 40)...),
			finding.AnswerUndecided, "1 losses at 1 peers; left 1005–1240 1 of 1, 39 away, doubt", 3600 - 296},
		{"two have lacked it for long when the others' sessions close", off(lost(100, 1240, 0, 1), 1005, 1300, fromTo(2, 40)...),
			finding.AnswerStayed, "2 losses at 2 peers; left 1005–1240 2 of 2, 38 away", 3600 - 235},
		{"a collector is away, and of the other two lose it", func() *scene {
			s := lost(1000, 1240, 0, 2)
			for i := 1; i < 40; i += 2 {
				s.announce(1301, own, p, i)
			}
			return s.off(1000, 1300, "rrc01", -1, vantage.MissingFile)
		}(), finding.AnswerStayed, "2 losses at 2 peers", 3600},
		{"three lose it for fifty seconds", lost(1000, 1050, 0, 1, 2), finding.AnswerStayed, "3 losses at 3 peers; 1 short", 3600},
		{"three lose it at the end of the question", lost(3590, 3700, 0, 1, 2), finding.AnswerUndecided, "3 losses at 3 peers; open 3590–3600 3 of 40, 0 away, doubt", 3590},
		{"three lose it, and all sessions close", func() *scene {
			s := lost(1000, 1600, 0, 1, 2)
			return off(s, 1010, 1500, all(40)...)
		}(), finding.AnswerUndecided, "3 losses at 3 peers; open 1000–1010 3 of 40, 0 away, doubt", 1000 + 3600 - 1501},
		{"six lose it, and the others' sessions close", off(lost(1000, 1240, fromTo(0, 6)...), 1005, 1300, fromTo(6, 40)...),
			finding.AnswerPartial, "6 losses at 6 peers; left 1005–1240 6 of 6, 34 away, doubt", 3600 - 235},
		{"all tables lack it, and later ones have it", listed(listed(held(), 1000), 2400, all(40)...),
			finding.AnswerUndecided, "0 losses at 0 peers; unlisted 1000–2400 40 of 40, 0 away, doubt", 3600 - 1400},
		{"the tables of one collector lack it", listed(listed(held(), 1000, fromEven(1)...), 2400, all(40)...),
			finding.AnswerUndecided, "0 losses at 0 peers; unlisted 1000–2400 20 of 40, 0 away, doubt", 3600 - 1400},
		{"the table of two peers lacks it", listed(listed(held(), 1000, fromTo(2, 40)...), 2400, all(40)...), finding.AnswerStayed, "none", 3600},
		{"the tables of three peers lack it for half a minute", listed(listed(held(), 1000, fromTo(3, 40)...), 1030, all(40)...), finding.AnswerStayed, "none", 3600},
		{"all tables lack it, and then it is withdrawn", listed(held(), 1000).withdraw(1200, p, all(40)...).announce(1500, own, p, all(40)...),
			finding.AnswerOutage, "none", 3600},
		{"all tables lack it, under a less specific that stands", listed(listed(held().cover("192.0.0.0/16").held(own, "192.0.0.0/16", all(40)...), 1000), 2400, all(40)...),
			finding.AnswerStayed, "none", 3600},
	} {
		f := c.scene.findings(t)
		got := "none"
		if b := f.Below; b != nil {
			got = fmt.Sprintf("%d losses at %d peers", b.Losses, b.Peers)
			if b.Short.Losses > 0 {
				got += fmt.Sprintf("; %d short", b.Short.Losses)
			}
			for _, u := range b.Unshown {
				got += fmt.Sprintf("; %s %d–%d %d of %d, %d away", u.Why, u.From.Sec()-zero, u.Until.Sec()-zero, u.Without, u.Watching, u.Away)
				if u.Doubt {
					got += ", doubt"
				}
			}
		}
		if f.Answer != c.answer || got != c.below || f.Watched.Seconds != c.watched {
			t.Errorf("%s: %s, %s, %d s watched; want %s, %s, %d", c.name, f.Answer, got, f.Watched.Seconds, c.answer, c.below, c.watched)
		}
	}
}

// TestDoubtBesideOutage: beside an outage the times in doubt are told, and no time that was watched; what
// else lies below the rules is not.
func TestDoubtBesideOutage(t *testing.T) {
	const p, q = "192.0.2.0/24", "198.51.100.0/24"
	night := func(prefixes ...string) *scene {
		s := newScene(40, 3600, prefixes...)
		for _, p := range prefixes {
			s.held(own, p, all(40)...)
		}
		return s.withdraw(300, p, all(40)...).announce(600, own, p, all(40)...)
	}
	off := func(s *scene, from, until int64, peers ...int) *scene {
		for _, i := range peers {
			s.off(from, until, "", i, vantage.SessionDown)
			s.announce(until+1, own, p, i)
		}
		return s
	}
	hole := func(s *scene, other string, table int64, with ...int) *scene {
		s.off(1100, 1500, "rrc00", -1, vantage.MissingFile).off(1100, 1500, "rrc01", -1, vantage.MissingFile)
		s.announce(1501, own, other, all(40)...)
		if table > 0 {
			s.tables = append(s.tables, table)
			s.listedAt(table, p, with...).listedAt(table, other, all(40)...)
		}
		return s
	}
	for _, c := range []struct {
		name    string
		scene   *scene
		below   string
		watched int64
	}{
		{"nothing", night(p), "none", 3600},
		{"one peer without it for a while", night(p).withdraw(1500, p, 1).announce(1800, own, p, 1), "none", 3600},
		{"two lose it later, and the others' sessions close", off(night(p).withdraw(2000, p, 0, 1).announce(2240, own, p, 0, 1), 2005, 2300, fromTo(2, 40)...),
			"left 2005–2240 2 of 2 of 1, doubt", 3600 - 235},
		{"two had lacked it for long", off(night(p).withdraw(1100, p, 0, 1).announce(2240, own, p, 0, 1), 2005, 2300, fromTo(2, 40)...), "none", 3600},
		{"all tables lack it", func() *scene {
			s := night(p)
			s.tables = append(s.tables, 2000)
			return s.announce(2600, own, p, all(40)...)
		}(), "unlisted 2000–2600 40 of 40 of 1, doubt", 3000},
		{"of two prefixes the other one", func() *scene {
			s := night(p, q)
			s.tables = append(s.tables, 2000)
			return s.listedAt(2000, p, all(40)...).announce(2600, own, q, all(40)...)
		}(), "unlisted 2000–2600 40 of 40 of 1, doubt", 3600},
		{"it was lost before a hole, and the tables behind it lack it", hole(night(p, q).withdraw(1000, p, all(40)...).announce(2600, own, p, all(40)...), q, 2000),
			"unlisted 2000–2600 40 of 40 of 1, doubt", 3600 - 401},
		{"the same at half of the peers", hole(night(p, q).withdraw(1000, p, all(20)...).announce(2600, own, p, all(20)...), q, 2000, fromTo(20, 40)...),
			"unlisted 2000–2600 20 of 40 of 1, doubt", 3600 - 401},
		{"another's route stands there behind the hole", hole(night(p, q).announce(1000, 64666, p, all(40)...).announce(1600, 64666, p, all(40)...).announce(2600, own, p, all(40)...), q, 0),
			"unlisted 1600–2600 40 of 40 of 1, doubt", 3600 - 401},
		{"a third had lost it", hole(night(p, q).withdraw(1000, p, all(13)...).announce(2600, own, p, all(13)...), q, 2000, fromTo(13, 40)...), "none", 3600 - 401},
		{"the end of the outage is not seen", off(night(p).withdraw(3000, p, all(40)...), 3100, 3500, all(40)...), "none", 3600 - 401},
	} {
		f := c.scene.findings(t)
		got := "none"
		if b := f.Below; b != nil {
			got = ""
			for _, u := range b.Unshown {
				got += fmt.Sprintf("%s %d–%d %d of %d of %d", u.Why, u.From.Sec()-zero, u.Until.Sec()-zero, u.Without, u.Watching, u.Prefixes)
				if u.Doubt {
					got += ", doubt"
				}
			}
			if b.Losses+b.Most+b.Short.Losses > 0 {
				got += fmt.Sprintf("; and %+v", b)
			}
		}
		if f.Answer != finding.AnswerOutage || got != c.below || f.Watched.Seconds != c.watched {
			t.Errorf("%s: %s, %s, %d s watched; want %s, %d", c.name, f.Answer, got, f.Watched.Seconds, c.below, c.watched)
		}
	}
}

// TestUndecidedOperator: an operator without an outage, of whose routes it is not known whether they stayed.
func TestUndecidedOperator(t *testing.T) {
	everybody := all(6)
	s := newScene(6, 7200, land1, land2, land3).held(home1, land1, everybody...).held(home2, land2, everybody...).held(home3, land3, everybody...).
		withdraw(600, land1, everybody...).announce(1200, home1, land1, everybody...)
	s.tables = append(s.tables, 3000)
	s.listedAt(3000, land1, everybody...).listedAt(3000, land3, everybody...).announce(3600, home2, land2, everybody...)
	f := s.ofLand(t, atlas.KindCountry, byRegistry)
	got := ""
	for _, o := range f.Operators {
		got += fmt.Sprintf("AS%d %d outages %d undecided; ", o.AS, o.Outages, o.Undecided)
	}
	if want := "AS64496 1 outages 0 undecided; AS64497 0 outages 1 undecided; AS64498 0 outages 0 undecided; "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBackWithout: who held the routes when it was last watched, and is known to be without them
// when it is watched again, has lost them at a moment that nobody saw. That is no cut that was
// measured, and it is not the watching alone that broke off.
func TestBackWithout(t *testing.T) {
	const p, whole = "192.0.2.0/24", 499_999
	held := func(peers int) *scene { return newScene(peers, 3600, p).held(own, p, all(peers)...).controlled() }
	hole := func(s *scene) *scene {
		return s.off(900, 1500, "rrc00", -1, vantage.MissingFile).off(900, 1500, "rrc01", -1, vantage.MissingFile)
	}
	table := func(s *scene, at int64, peers ...int) *scene {
		s.tables = append(s.tables, at)
		return s.listedAt(at, p, peers...)
	}
	for _, c := range []struct {
		name   string
		scene  *scene
		answer string
		below  string
		no     bool // it is no cut: the observers
	}{
		{"all reset, and whole tables without it", held(40).reset(1000, 1200, whole, all(40)...).announce(2400, own, p, all(40)...),
			finding.AnswerUndecided, "unlisted 1200–2400 40 of 40, 0 away, doubt", false},
		{"and it never comes back", held(40).reset(1000, 1200, whole, all(40)...),
			finding.AnswerUndecided, "unlisted 1200–3600 40 of 40, 0 away, doubt", false},
		{"all reset, and whole tables with it", held(40).reset(1000, 1200, whole, all(40)...).announce(1197, own, p, all(40)...),
			finding.AnswerStayed, "none", true},
		{"it comes half a minute after the tables", held(40).reset(1000, 1200, whole, all(40)...).announce(1230, own, p, all(40)...),
			finding.AnswerStayed, "none", true},
		{"all reset, and a part of each table", held(40).reset(1000, 1200, 400_000, all(40)...).announce(2400, own, p, all(40)...),
			finding.AnswerStayed, "none", false},
		{"and it comes four minutes later", held(40).reset(1000, 1200, 400_000, all(40)...).announce(1440, own, p, all(40)...),
			finding.AnswerStayed, "none", true},
		{"three come back without it", held(40).reset(1000, 1200, whole, all(40)...).announce(1197, own, p, fromTo(3, 40)...).announce(2400, own, p, 0, 1, 2),
			finding.AnswerUndecided, "unlisted 1200–2400 3 of 40, 0 away, doubt", false},
		{"two come back without it", held(40).reset(1000, 1200, whole, all(40)...).announce(1197, own, p, fromTo(2, 40)...).announce(2400, own, p, 0, 1),
			finding.AnswerStayed, "none", true},
		{"they are reset again, and send it", held(40).reset(1000, 1200, whole, all(40)...).reset(1800, 1900, whole, all(40)...).announce(1897, own, p, all(40)...),
			finding.AnswerUndecided, "unlisted 1200–1800 40 of 40, 0 away, doubt", false},
		{"those that had lost it are reset", held(40).withdraw(-600, p, 0, 1, 2).reset(1000, 1200, whole, 0, 1, 2),
			finding.AnswerPartial, "3 of 40 at most", false},
		{"a hole, and tables without it", table(hole(held(40)), 1800).announce(2400, own, p, all(40)...),
			finding.AnswerUndecided, "unlisted 1800–2400 40 of 40, 0 away, doubt", false},
		{"a hole, and tables with it", table(hole(held(40)), 1800, all(40)...), finding.AnswerStayed, "none", false},
		{"a less specific of the subject was sent", held(40).cover("192.0.0.0/16").held(own, "192.0.0.0/16", all(40)...).
			reset(1000, 1200, whole, all(40)...).announce(1197, own, "192.0.0.0/16", all(40)...).announce(2400, own, p, all(40)...),
			finding.AnswerStayed, "none", false},
	} {
		f := c.scene.findings(t)
		got := "none"
		if b := f.Below; b != nil {
			got = fmt.Sprintf("%d of %d at most", b.Most, b.Of)
			for _, u := range b.Unshown {
				got = fmt.Sprintf("%s %d–%d %d of %d, %d away", u.Why, u.From.Sec()-zero, u.Until.Sec()-zero, u.Without, u.Watching, u.Away)
				if u.Doubt {
					got += ", doubt"
				}
			}
		}
		if says := propositions(f); f.Answer != c.answer || got != c.below || strings.Contains(says, finding.PropObserver) != c.no {
			t.Errorf("%s: %s, %s, %q; want %s, %s, no cut %t", c.name, f.Answer, got, says, c.answer, c.below, c.no)
		}
	}
	// By the rules of older cases nothing of it is known.
	ev := held(40).reset(1000, 1200, whole, all(40)...).announce(2400, own, p, all(40)...).evidence(t)
	ev.Rules = 1
	if f := Findings(ev); f.Answer != finding.AnswerStayed {
		t.Errorf("by rules 1: %s", f.Answer)
	}
}

// TestSearchedIsRecorded: of the time before an outage only that counts as searched of which
// a collector has records.
func TestSearchedIsRecorded(t *testing.T) {
	const p = "192.0.2.0/24"
	for _, c := range []struct {
		name string
		off  []string
		want int64
	}{
		{"no hole", nil, 1000 - snapshot},
		{"a hole at one collector", []string{"rrc00"}, 1000 - snapshot},
		{"a hole at both", []string{"rrc00", "rrc01"}, 1000 - snapshot - 500},
	} {
		s := newScene(40, 3600, p).held(own, p, all(40)...)
		for _, collector := range c.off {
			s.off(100, 600, collector, -1, vantage.MissingFile)
		}
		f := s.announce(601, own, p, all(40)...).withdraw(1000, p, all(40)...).announce(1500, own, p, all(40)...).findings(t)
		if len(f.How) != 1 || f.How[0].Account.Flapping.WatchedS != c.want {
			t.Errorf("%s: %+v; want %d s", c.name, f.How, c.want)
		}
	}
}
