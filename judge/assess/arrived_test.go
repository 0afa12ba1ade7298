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
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// TestArrived: what came into sight at once at most of its carriers did not stay until
// then; what trickled in, what a table has and what was seen to go before did.
func TestArrived(t *testing.T) {
	everybody := all(6)
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"tables lack it": {newScene(6, 3600, block).announce(600, own, block, everybody...), "10.0.0.0/22 AS64496 new at 600 6/6 table -1200"},
		"tables lack it, and it goes again": {newScene(6, 3600, block).announce(600, own, block, everybody...).withdraw(1200, block, everybody...),
			"10.0.0.0/22 AS64496 new at 600 6/6 table -1200"},
		"a table has it":                   {newScene(6, 3600, block).held(own, block, everybody...).announce(600, own, block, everybody...), ""},
		"one of six had it":                {newScene(6, 3600, block).held(own, block, 0).announce(600, own, block, 1, 2, 3, 4, 5), ""},
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
