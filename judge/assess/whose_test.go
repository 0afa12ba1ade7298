package assess

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
	"constat/routes/atlas"
)

// lengths are the outages of the whole subject in seconds, each with its prefixes.
func lengths(f *finding.Findings) []string {
	var out []string
	for _, o := range f.Outages {
		if o.Scope == "subject" && !o.Partial && o.DurationS != nil {
			out = append(out, (o.Name + " " + spanOf(o)))
		}
	}
	return out
}

func spanOf(o finding.Outage) string {
	if o.Until == nil {
		return "open"
	}
	return (o.From - moment.Unix(zero, 0)).Std().UTC().Format("04:05") + "–" + (*o.Until - moment.Unix(zero, 0)).Std().UTC().Format("04:05")
}

// holding is a list that delegates the block to the holder of some networks.
func holding(ases ...uint32) []atlas.Holding {
	return []atlas.Holding{{Block: netip.MustParsePrefix(block), Registry: "ripencc", List: "list", ASes: ases}}
}

// TestOthersPrefixEnds: what was another's before the subject announced it is not judged
// as the subject's. Order in time alone makes nobody the intruder.
func TestOthersPrefixEnds(t *testing.T) {
	const own2, own3 = "10.9.0.0/24", "10.9.1.0/24"
	everybody := all(6)
	for name, c := range map[string]struct {
		s        *scene
		holdings []atlas.Holding
		want     string // answer, and what is set aside
	}{
		"the table has another there, which goes on": {
			newScene(6, 3600, block).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, block, 3, 4, 5), nil,
			"others " + block},
		"the same, and the subject has one of its own": {
			newScene(6, 3600, block, own2).held(own, own2, everybody...).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, block, 3, 4, 5), nil,
			"stayed " + block},
		"and its own goes out": {
			newScene(6, 3600, block, own2).held(own, own2, everybody...).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, own2, everybody...), nil,
			"outage " + block},
		"the registry says that it is the subject's": {
			newScene(6, 3600, block).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, block, 3, 4, 5), holding(own),
			"outage "},
		"the registry says nothing of either": {
			newScene(6, 3600, block).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, block, 3, 4, 5), holding(),
			"others " + block},
		"the subject stood, and another took it": {
			newScene(6, 3600, block).held(own, block, everybody...).announce(600, another, block, everybody...), nil,
			"outage "},
		"the subject stood, and the one it was delegated to took it": {
			newScene(6, 3600, block).held(own, block, everybody...).announce(600, another, block, everybody...), holding(another),
			"others " + block},
		"both are the holder's": {
			newScene(6, 3600, block).held(own, block, everybody...).announce(600, another, block, everybody...), holding(another, own),
			"outage "},
		"both are the holder's, and the subject took it over": {
			newScene(6, 3600, block).held(another, block, 0, 1, 2).announce(600, own, block, 3, 4, 5).withdraw(1200, block, 3, 4, 5), holding(another, own),
			"outage "},
		"both are the holder's, and the subject's came into the other's less specific": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).withdraw(1200, part, everybody...), holding(another, own),
			"outage "},
		"another's less specific alone, in a table with it, is a provider's": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).held(own, part, everybody...).withdraw(1200, part, everybody...), nil,
			"outage "},
		"it came into another's less specific, which went on after it": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).withdraw(1200, part, everybody...), nil,
			"others " + part},
		"which ended with it": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).
				withdraw(1200, block, everybody...).withdraw(1200, part, everybody...), nil,
			"outage "},
		"which was out when it ended, and came back": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).
				withdraw(900, block, everybody...).withdraw(1200, part, everybody...).announce(2400, another, block, everybody...), nil,
			"others " + part},
		"and came back at one peer alone": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).
				withdraw(900, block, everybody...).withdraw(1200, part, everybody...).announce(2400, another, block, 0), nil,
			"outage "},
		"and the registry says that it is the subject's": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).announce(600, own, part, everybody...).withdraw(1200, part, everybody...), holding(own),
			"outage "},
		"a customer behind the less specific": {
			newScene(6, 3600, part).cover(block).held(another, block, everybody...).behind(600, another, own, part, everybody...).withdraw(1200, part, everybody...), nil,
			"outage "},
		"no table, and nothing says who was first": {
			newScene(6, 3600, block).noTables().announce(600, own, block, everybody...).announce(1200, another, block, everybody...), nil,
			"others " + block},
		"no table, and the other comes when the subject's is gone": {
			newScene(6, 3600, block).noTables().announce(600, own, block, everybody...).withdraw(1200, block, everybody...).announce(1500, another, block, everybody...), nil,
			"outage "},
		"no table, nothing says whose one is, and two more were another's": {
			newScene(6, 8000, block, own2, own3).noTables().announce(100, another, own2, 0).announce(1200, another, own2, 1).announce(2400, another, own2, 2).
				announce(100, another, own3, 0).announce(1200, another, own3, 1).announce(2400, another, own3, 2).
				announce(6100, own, own2, 3, 4, 5).announce(6100, own, own3, 3, 4, 5).announce(6100, own, block, everybody...).announce(6500, another, block, 0, 1).
				withdraw(7000, block, 3, 4, 5), nil,
			"others " + own3 + " " + own2 + " " + block},
	} {
		ev := c.s.evidence(t)
		ev.Holdings = c.holdings
		f := Findings(ev)
		var aside []string
		slices.SortFunc(f.Others, func(a, b finding.OtherOrigin) int { return strings.Compare(b.Prefix.String(), a.Prefix.String()) })
		for _, o := range f.Others {
			if o.Aside {
				aside = append(aside, o.Prefix.String())
			}
		}
		if got := f.Answer + " " + strings.Join(slices.Compact(aside), " "); got != c.want {
			t.Errorf("%s: %q, want %q; others %s", name, got, c.want, othersOf(f))
		}
	}
}

// TestStrangerWithinAsked: a stranger's more specific prefix within the one that was asked
// about is none of its routes: it neither ends its outage nor is lost with it.
func TestStrangerWithinAsked(t *testing.T) {
	everybody := all(6)
	for name, c := range map[string]struct {
		origin uint32 // of the more specific
		until  int64  // when it ends
		want   string
	}{
		"a stranger's ends before": {another, 1200, "10:00–30:00"},
		"a stranger's stays":       {another, 3000, "10:00–30:00"},
	} {
		s := newScene(6, 3600, block, part).held(own, block, everybody...).withdraw(600, block, everybody...).
			announce(900, c.origin, part, everybody...).withdraw(c.until, part, everybody...).announce(1800, own, block, everybody...)
		ev := s.evidence(t)
		ev.Subject = &atlas.Subject{Name: block, Kind: atlas.KindPrefix, Blocks: []netip.Prefix{netip.MustParsePrefix(block)}}
		ev.Origins[netip.MustParsePrefix(part)] = []uint32{c.origin}
		f := Findings(ev)
		got := ""
		if f.Head != nil {
			got = spanOf(f.Outages[*f.Head])
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q; %v", name, got, c.want, lengths(f))
		}
		if told := othersOf(f); !strings.Contains(told, "AS64999 10.0.1.0/24 new 6/6 at 900 beside AS64496 10.0.0.0/22 gone aside") {
			t.Errorf("%s: the stranger is not told: %s", name, told)
		}
	}
}
