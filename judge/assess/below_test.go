package assess

import (
	"fmt"
	"net/netip"
	"testing"

	"constat/judge/finding"
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
		for _, i := range peers {
			s.said = append(s.said, said{at, i, netip.MustParsePrefix(p), s.path(i, hop, own), true})
		}
		return s
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
