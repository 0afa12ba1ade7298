package blocking

import (
	"net/netip"
	"testing"

	"constat/moment"
	"constat/routes/live"
)

// TestLapsed: a prefix was gone if two peers had taken it back and nobody held it; a
// session that ended took nothing back.
func TestLapsed(t *testing.T) {
	t.Parallel()
	p := netip.MustParsePrefix("198.51.100.0/24")
	spell := func(peer live.PeerID, since, until int64, blind bool) live.Spell {
		x := live.Spell{Peer: peer, Prefix: p, Path: []uint32{1, 2}, Since: moment.Unix(since, 0), Blind: blind}
		if until != 0 {
			x.Until = moment.Unix(until, 0)
		}
		return x
	}
	for name, c := range map[string]struct {
		spells []live.Spell
		gone   bool
	}{
		"both took it back": {[]live.Spell{spell(1, 10, 100, false), spell(2, 10, 110, false), spell(1, 200, 0, false)}, true},
		"not back yet":      {[]live.Spell{spell(1, 10, 100, false), spell(2, 10, 110, false)}, false},
		"never both":        {[]live.Spell{spell(1, 10, 100, false), spell(2, 10, 210, false), spell(1, 200, 0, false)}, false},
		"another path":      {[]live.Spell{spell(1, 10, 100, false), spell(1, 100, 0, false), spell(2, 10, 100, false), spell(2, 100, 0, false)}, false},
		"sessions ended":    {[]live.Spell{spell(1, 10, 100, true), spell(2, 10, 110, true), spell(1, 200, 0, false)}, false},
		"one alone":         {[]live.Spell{spell(1, 10, 100, true), spell(2, 10, 110, false), spell(1, 200, 0, false)}, false},
		"one at one peer":   {[]live.Spell{spell(1, 10, 100, false), spell(1, 200, 0, false)}, false},
	} {
		out := lapsed(c.spells, map[netip.Prefix]bool{p: true}, func(*live.Spell) bool { return true })
		if out[p] != c.gone {
			t.Errorf("%s: %v", name, out)
		}
		if len(lapsed(c.spells, map[netip.Prefix]bool{}, func(*live.Spell) bool { return true })) != 0 {
			t.Errorf("%s: a prefix that is not asked for", name)
		}
	}
}
