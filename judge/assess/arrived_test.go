package assess

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
	"constat/routes/atlas"
)

// arrivedOf are the prefixes that arrived, one a line.
func arrivedOf(f *finding.Findings) string {
	var out []string
	for _, a := range f.Arrived {
		l := fmt.Sprintf("%s AS%d %s at %d %d/%d", a.Prefix, a.Origin, a.Began, (*a.From.First - moment.Unix(zero, 0)).Sec(), a.Peers, a.Networks)
		if a.Table != nil {
			l += fmt.Sprintf(" table %d", (*a.Table - moment.Unix(zero, 0)).Sec())
		}
		if a.Half != nil {
			l += fmt.Sprintf(" half %d", (*a.Half - moment.Unix(zero, 0)).Sec())
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// TestArrived: what came into sight at once at most of its carriers did not stay until
// then, nor what tables lack while at least half of its carriers had not come to have it; what trickled in without a table,
// what a table has and what was seen to go before did.
func TestArrived(t *testing.T) {
	everybody := all(6)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"tables lack it": {newScene(6, 3600, block).announce(600, own, block, everybody...), "10.0.0.0/22 AS64496 new at 600 6/6 table -1200"},
		"tables lack it, and it goes again": {newScene(6, 3600, block).announce(600, own, block, everybody...).withdraw(1200, block, everybody...),
			"10.0.0.0/22 AS64496 new at 600 6/6 table -1200"},
		"a table has it":                          {newScene(6, 3600, block).held(own, block, everybody...).announce(600, own, block, everybody...), ""},
		"one of six had it":                       {newScene(6, 3600, block).held(own, block, 0).announce(600, own, block, 1, 2, 3, 4, 5), "10.0.0.0/22 AS64496 spread at -1200 6/6 half 600"},
		"three of six had it, and others come to": {newScene(6, 3600, block).held(own, block, 0, 1, 2).announce(600, own, block, 3).announce(1200, own, block, 4, 5), "10.0.0.0/22 AS64496 spread at -1200 6/6 half 600"},
		"four of six had it":                      {newScene(6, 3600, block).held(own, block, 0, 1, 2, 3).announce(600, own, block, 4, 5), ""},
		"tables lack it, and it trickles in":      {newScene(6, 3600, block).announce(600, own, block, 0, 1).announce(1200, own, block, 2, 3).announce(2000, own, block, 4, 5), "10.0.0.0/22 AS64496 new at 600 6/6 table -1200 half 1200"},
		"tables lack it, and it comes behind a hole": {newScene(6, 3600, block, "10.9.0.0/24").held(own, "10.9.0.0/24", everybody...).off(300, 600, "rrc00", -1, "missing-file").off(300, 600, "rrc01", -1, "missing-file").
			announce(650, own, "10.9.0.0/24", everybody...).announce(1650, own, block, everybody...), "10.0.0.0/22 AS64496 new at 1650 6/6 table -1200 half 300"},
		"it was there, and went, and came": {newScene(6, 3600, block).noTables().withdraw(100, block, everybody...).announce(600, own, block, everybody...), ""},
		"another's stood there, and the network took it": {newScene(6, 3600, block).held(another, block, everybody...).announce(600, own, block, everybody...),
			""}, // set aside
		"both the subject's and another's stand, and the peers change over": {newScene(6, 3600, block, part).held(another, block, everybody...).held(own, part, everybody...).announce(600, own, block, everybody...), ""},
		"no table, at once": {newScene(6, 3600, block).noTables().announce(600, own, block, everybody...), "10.0.0.0/22 AS64496 wave at 600 6/6"},
		"no table, four of six at once": {newScene(6, 3600, block).noTables().announce(600, own, block, 0, 1, 2, 3).announce(2000, own, block, 4, 5),
			"10.0.0.0/22 AS64496 wave at 600 6/6"},
		"no table, it trickles in":               {newScene(6, 3600, block).noTables().announce(600, own, block, 0, 1).announce(1200, own, block, 2, 3).announce(2000, own, block, 4, 5), ""},
		"no table, and it is over with its wave": {newScene(6, 3600, block).noTables().announce(600, own, block, everybody...).withdraw(700, block, everybody...), ""},
		"no table, as the data begin":            {newScene(6, 3600, block).noTables().announce(-1000, own, block, everybody...), ""},
		"no table, before the question":          {newScene(6, 3600, block).noTables().announce(-300, own, block, everybody...), "10.0.0.0/22 AS64496 wave at -300 6/6"},
		"no table, one of two prefixes":          {newScene(6, 3600, block, "10.9.0.0/24").noTables().announce(-1100, own, "10.9.0.0/24", everybody...).announce(600, own, block, everybody...), ""},
		"a table, one of two prefixes": {newScene(6, 3600, block, "10.9.0.0/24").held(own, "10.9.0.0/24", everybody...).announce(600, own, block, everybody...),
			"10.0.0.0/22 AS64496 new at 600 6/6 table -1200"},
		"sessions come back with it": {newScene(6, 3600, block).noTables().off(300, 600, "rrc00", -1, "missing-file").off(300, 600, "rrc01", -1, "missing-file").announce(650, own, block, everybody...), ""},
		"one network alone":          {newScene(1, 3600, block).announce(600, own, block, 0), ""},
	} {
		if got := arrivedOf(c.s.findings(t)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestArrivedOfPrefix: of a prefix that was asked about it counts whoever announced it.
func TestArrivedOfPrefix(t *testing.T) {
	ev := newScene(6, 3600, block).noTables().announce(600, another, block, all(6)...).announce(1200, own, block, 0, 1, 2).evidence(t)
	ev.Subject = &atlas.Subject{Name: block, Kind: atlas.KindPrefix, Blocks: []netip.Prefix{netip.MustParsePrefix(block)}}
	ev.Origins[netip.MustParsePrefix(block)] = []uint32{own, another}
	if got, want := arrivedOf(Findings(ev)), "10.0.0.0/22 AS64999 wave at 600 6/6"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestNotYet: what at least half of those who ever had a prefix did not have yet is not watched, at
// whatever speed it came; where all that were watched had come or not come yet, that is known.
func TestNotYet(t *testing.T) {
	const other = "10.9.0.0/24"
	everybody := all(6)
	for name, c := range map[string]struct {
		s            *scene
		spans        string
		watched, not int64 // of the question, and of it known not to be there
		ofFirst      int64 // watched of the prefix itself
	}{
		"one after the other": {newScene(6, 3600, block).announce(600, own, block, 0, 1).announce(1200, own, block, 2, 3).announce(2000, own, block, 4, 5), "1200-3600", 2400, 1200, 2400},
		"one of six had it":   {newScene(6, 3600, block).held(own, block, 0).announce(600, own, block, 1, 2, 3, 4, 5), "600-3600", 3000, 600, 3000},
		"four of six had it":  {newScene(6, 3600, block).held(own, block, 0, 1, 2, 3).announce(600, own, block, 4, 5), "0-3600", 3600, 0, 3600},
		"all had it":          {newScene(6, 3600, block).held(own, block, everybody...), "0-3600", 3600, 0, 3600},
		"one of three prefixes stood": {newScene(6, 3600, block, other, "10.8.0.0/24").held(own, other, everybody...).announce(600, own, block, 0, 1, 2).announce(1200, own, block, 3, 4, 5).
			announce(700, own, "10.8.0.0/24", 0, 1, 2).announce(1800, own, "10.8.0.0/24", 3, 4, 5), "1200-3600", 2400, 1200, 2400},
	} {
		f := c.s.findings(t)
		got := ""
		for _, s := range f.Watched.Spans {
			got += fmt.Sprintf("%d-%d", (s.From - moment.Unix(zero, 0)).Sec(), (*s.Until - moment.Unix(zero, 0)).Sec())
		}
		ofFirst := int64(-1)
		for _, p := range f.Subject.Prefixes {
			if p.Prefix.String() == block {
				ofFirst = p.WatchedS
			}
		}
		if got != c.spans || f.Watched.Seconds != c.watched || f.Watched.Absent != c.not || ofFirst != c.ofFirst || f.Answer != finding.AnswerStayed {
			t.Errorf("%s: %s, %s, %d watched, %d not there, %d of the prefix", name, f.Answer, got, f.Watched.Seconds, f.Watched.Absent, ofFirst)
		}
	}
}
