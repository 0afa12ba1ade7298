package assess

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/vantage"
)

// Networks of a country, and of others.
const (
	home1, home2, home3 = 64496, 64497, 64498
	abroad, lessee      = 64510 + 5, 64510 + 6
	land1, land2, land3 = "10.1.0.0/22", "10.2.0.0/22", "10.3.0.0/22"
	landPart            = "10.2.1.0/24"
)

// landSubject is a country to which three networks and three blocks are delegated.
func landSubject(t testing.TB, kind, why string) *atlas.Subject {
	t.Helper()
	s := &atlas.Subject{}
	var reasons []string
	for _, b := range []string{land1, land2, land3} {
		reasons = append(reasons, fmt.Sprintf(`{"what":%q,"reason":%q}`, b, why))
	}
	j := fmt.Sprintf(`{"name":"XX","kind":%q,"origins":[64496,64497,64498],"blocks":[%q,%q,%q],"reasons":[%s]}`, kind, land1, land2, land3, strings.Join(reasons, ","))
	if err := json.Unmarshal([]byte(j), s); err != nil {
		t.Fatal(err)
	}
	return s
}

const byRegistry = "delegated to XX by RIPE NCC on 2005-01-01 (list)"

// ofLand are the findings of a scene about that country.
func (s *scene) ofLand(t testing.TB, kind, why string) *finding.Findings {
	t.Helper()
	ev := s.evidence(t)
	ev.Subject = landSubject(t, kind, why)
	for _, p := range ev.Prefixes {
		ev.Origins[p] = nil
		for _, x := range s.said {
			if n := len(x.path); n > 0 && x.prefix == p && !slices.Contains(ev.Origins[p], x.path[n-1]) {
				ev.Origins[p] = append(ev.Origins[p], x.path[n-1])
			}
		}
		slices.Sort(ev.Origins[p])
	}
	return Findings(ev)
}

// landTold is what is said of a country: its events with the operators that were out, the
// operators with their largest outages, and the strangers.
func landTold(f *finding.Findings) string {
	at := func(m *moment.Time) string {
		if m == nil {
			return "…"
		}
		return fmt.Sprint((*m - moment.Unix(zero, 0)).Sec())
	}
	var out []string
	for _, e := range f.Events {
		line := fmt.Sprintf("event %s–%s out %v partly %v", at(&e.From), at(e.Until), e.Trough.Out, e.Trough.Partly)
		if len(e.Silent) > 0 {
			line += fmt.Sprintf(" silent %v", e.Silent)
		}
		out = append(out, line)
	}
	for _, o := range f.Operators {
		line := fmt.Sprintf("AS%d", o.AS)
		if o.Outages > 0 {
			line += fmt.Sprintf(" %d× %s–%s", o.Outages, at(o.From), at(o.Until))
		}
		out = append(out, line)
	}
	for _, o := range f.Others {
		if o.Stranger {
			out = append(out, fmt.Sprintf("stranger AS%d %s", o.Origin, o.Prefix))
		}
	}
	return strings.Join(out, "; ")
}

// TestStrangers: who began to announce what an operator of the country had is no
// operator of it, and neither ends its outage nor has one.
func TestStrangers(t *testing.T) {
	everybody := all(6)
	land := func() *scene {
		return newScene(6, 7200, land1, land2, land3).held(home1, land1, everybody...).held(home2, land2, everybody...).held(home3, land3, everybody...)
	}
	night := func() *scene {
		return land().withdraw(600, land1, everybody...).withdraw(600, land2, everybody...).withdraw(600, land3, everybody...).
			announce(2400, home1, land1, everybody...).announce(2400, home3, land3, everybody...)
	}
	for name, x := range map[string]struct {
		s         *scene
		kind, why string
		want      string
	}{
		"all are out, and a stranger takes one up": {
			night().announce(900, abroad, land2, everybody...).withdraw(5000, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 600–… out [64496 64497 64498] partly []; AS64496 1× 600–2400; AS64497 1× 600–…; AS64498 1× 600–2400; stranger AS64515 10.2.0.0/22"},
		"the same, and the operator comes back": {
			night().announce(900, abroad, land2, everybody...).announce(5000, home2, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 600–5000 out [64496 64497 64498] partly []; AS64496 1× 600–2400; AS64497 1× 600–5000; AS64498 1× 600–2400; stranger AS64515 10.2.0.0/22"},
		"a stranger displaces one": {
			land().announce(900, abroad, land2, everybody...).announce(3000, home2, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 900–3000 out [64497] partly []; AS64496; AS64497 1× 900–3000; AS64498; stranger AS64515 10.2.0.0/22"},
		"a stranger's part of one comes and goes": {
			newScene(6, 7200, land1, land2, landPart).held(home1, land1, everybody...).held(home2, land2, everybody...).
				announce(900, abroad, landPart, everybody...).withdraw(3000, landPart, everybody...), atlas.KindCountry, byRegistry,
			"AS64496; AS64497; stranger AS64515 10.2.1.0/24"},
		"who stood in the table may have leased it": {
			newScene(6, 7200, land1, land2).held(home1, land1, everybody...).held(lessee, land2, everybody...).
				withdraw(900, land2, everybody...).announce(3000, lessee, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 900–3000 out [64516] partly []; AS64496; AS64516 1× 900–3000"},
		"and a stranger takes it from the lessee": {
			newScene(6, 7200, land1, land2).held(home1, land1, everybody...).held(lessee, land2, everybody...).
				announce(900, abroad, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 900–… out [64516] partly []; AS64496; AS64516 1× 900–…; stranger AS64515 10.2.0.0/22"},
		"a block that somebody named is there whoever announces it": {
			land().announce(900, abroad, land2, everybody...), atlas.KindFile, "added by hand",
			"AS64496; AS64497 1× 900–…; AS64498; AS64515"},
		"one operator hands over to another, who is cut": {
			land().announce(900, home1, land2, everybody...).withdraw(3000, land2, everybody...).announce(4000, home1, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 3000–4000 out [] partly [64496] silent [64497]; AS64496 1× 3000–4000; AS64497 1× 900–…; AS64498"},
		"half of the peers go over for a while, and then another is out": {
			newScene(6, 7200, land1, land2, land3).held(home1, land1, everybody...).held(home2, land2, everybody...).held(home2, land3, everybody...).
				announce(900, home1, land2, 0, 1, 2).announce(1800, home2, land2, 0, 1, 2).withdraw(3000, land3, everybody...).announce(3600, home2, land3, everybody...), atlas.KindCountry, byRegistry,
			"event 3000–3600 out [] partly [64497]; AS64496; AS64497 2× 3000–3600"},
		"an operator takes up what another lost, and had nothing before": {
			newScene(6, 7200, land1, land2).held(home1, land1, everybody...).held(lessee, land2, everybody...).
				withdraw(900, land2, everybody...).announce(1500, home2, land2, everybody...), atlas.KindCountry, byRegistry,
			"event 900–1500 out [64516] partly [] silent [64497]; AS64496; AS64497; AS64516 1× 900–…"},
	} {
		if got := landTold(x.s.ofLand(t, x.kind, x.why)); got != x.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, x.want)
		}
	}
}

// TestAmongOwn: that an operator of a country began to announce another's prefix, or a part of it, is told beside "stayed", and
// nothing is judged otherwise; a part behind the other, or of one's own, is nobody's business.
func TestAmongOwn(t *testing.T) {
	everybody := all(6)
	land := func(prefixes ...string) *scene {
		return newScene(6, 7200, append([]string{land1, land2}, prefixes...)...).held(home1, land1, everybody...).held(home2, land2, everybody...)
	}
	for name, c := range map[string]struct {
		s    *scene
		want string
	}{
		"the same prefix":           {land().announce(900, home1, land2, 0, 1, 2, 3).announce(1800, home2, land2, 0, 1, 2, 3), "subject AS64496 10.2.0.0/22 new 4/4 at 900 beside AS64497 10.2.0.0/22 before"},
		"a part of it":              {land(landPart).announce(900, home1, landPart, everybody...).withdraw(1800, landPart, everybody...), "subject AS64496 10.2.1.0/24 new 6/6 at 900 beside AS64497 10.2.0.0/22 before"},
		"a part of its own":         {land(landPart).announce(900, home2, landPart, everybody...), ""},
		"a customer of the other's": {land(landPart).behind(900, home2, home1, landPart, everybody...), ""},
		"it stood":                  {land(landPart).held(home1, landPart, everybody...), ""},
	} {
		f := c.s.ofLand(t, atlas.KindCountry, byRegistry)
		if got := othersOf(f); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestStrangerByDelegation: the lists may say that it is the stranger's.
func TestStrangerByDelegation(t *testing.T) {
	for name, holders := range map[string][]uint32{"": {home2}, "its own": {abroad}, "both": {home2, abroad}} {
		s := newScene(6, 7200, land1, land2).held(home1, land1, all(6)...).held(home2, land2, all(6)...).announce(900, abroad, land2, all(6)...)
		ev := s.evidence(t)
		ev.Subject = landSubject(t, atlas.KindCountry, byRegistry)
		ev.Origins = map[netip.Prefix][]uint32{netip.MustParsePrefix(land1): {home1}, netip.MustParsePrefix(land2): {home2, abroad}}
		ev.Holdings = []atlas.Holding{{Block: netip.MustParsePrefix(land2), Registry: "ripencc", List: "list", ASes: holders}}
		f := Findings(ev)
		if is := strings.Contains(landTold(f), "stranger"); is != (name == "") {
			t.Errorf("delegated to the holder of %v: %s", holders, landTold(f))
		}
		if len(ev.Origins[netip.MustParsePrefix(land2)]) != 2 {
			t.Error("the evidence was changed")
		}
	}
}

// TestEventFromBeforeTheQuestion: what came back before the question is a part of an event
// that goes on in it.
func TestEventFromBeforeTheQuestion(t *testing.T) {
	s := newScene(6, 3600, land1, land2, land3).held(home1, land1, all(6)...).held(home2, land2, all(6)...).held(home3, land3, all(6)...).
		withdraw(-900, land1, all(6)...).withdraw(-900, land2, all(6)...).withdraw(-880, land3, all(6)...).
		announce(-300, home1, land1, all(6)...).announce(-300, home2, land2, all(6)...).announce(1200, home3, land3, all(6)...)
	const want = "event -900–1200 out [64496 64497 64498] partly []; AS64496 1× -900–-300; AS64497 1× -900–-300; AS64498 1× -880–1200"
	if got := landTold(s.ofLand(t, atlas.KindCountry, byRegistry)); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	s = newScene(6, 3600, land1, land2).held(home1, land1, all(6)...).held(home2, land2, all(6)...).
		withdraw(-900, land1, all(6)...).announce(-300, home1, land1, all(6)...).withdraw(600, land2, all(6)...).announce(1200, home2, land2, all(6)...)
	if got := landTold(s.ofLand(t, atlas.KindCountry, byRegistry)); got != "event 600–1200 out [64497] partly []; AS64496; AS64497 1× 600–1200" {
		t.Errorf("what was over before the question: %s", got)
	}
}

// TestUnknownOperator: of an operator whose carriers are not watching when the country goes dark
// nothing is known, and an operator may be registered elsewhere.
func TestUnknownOperator(t *testing.T) {
	s := newScene(6, 3600, land1, land2, land3).held(home1, land1, all(6)...).held(home2, land2, 0, 1).held(lessee, land3, all(6)...).
		off(300, 3600, "rrc00", 0, vantage.SessionDown).off(300, 3600, "rrc01", 1, vantage.SessionDown).
		withdraw(600, land1, 2, 3, 4, 5).withdraw(600, land3, 2, 3, 4, 5)
	ev := s.evidence(t)
	ev.Subject = landSubject(t, atlas.KindCountry, byRegistry)
	for p, o := range map[string]uint32{land1: home1, land2: home2, land3: lessee} {
		ev.Origins[netip.MustParsePrefix(p)] = []uint32{o}
	}
	ev.Country = map[uint32]string{home1: "XX", lessee: "YY"}
	f := Findings(ev)
	if len(f.Events) != 1 {
		t.Fatal(landTold(f))
	}
	x := f.Events[0].Trough
	if !slices.Equal(x.Out, []uint32{home1, lessee}) || !slices.Equal(x.Unknown, []uint32{home2}) || x.UnknownSize == nil || x.UnknownSize.V4 != 1024 {
		t.Errorf("%+v", x)
	}
	if x.Delegated == nil || x.Delegated.V4 != 2048 {
		t.Errorf("of what is delegated %+v", x.Delegated)
	}
	for _, o := range f.Operators {
		if (o.Country == "YY") != (o.AS == lessee) {
			t.Errorf("%+v", o)
		}
	}
}

// TestOperatorNotInOnePiece: an operator's row tells its outages by the same seconds as the outages
// themselves are told by: where peers lost its prefix at different times, when half were without it.
func TestOperatorNotInOnePiece(t *testing.T) {
	s := newScene(10, 3600, land1, land2).held(home1, land1, all(10)...).held(home2, land2, all(10)...).
		withdraw(600, land1, 0, 1, 2, 3, 4).announce(900, home1, land1, 0, 1, 2, 3, 4).
		withdraw(880, land1, 5, 6, 7, 8, 9).announce(1200, home1, land1, 5, 6, 7, 8, 9).
		withdraw(600, land2, all(10)...).announce(640, home2, land2, all(10)...)
	f := s.ofLand(t, atlas.KindCountry, byRegistry)
	if len(f.Operators) != 2 {
		t.Fatal(landTold(f))
	}
	for _, op := range f.Operators {
		i := slices.IndexFunc(f.Outages, func(o finding.Outage) bool {
			return o.Scope == "origin" && o.Name == fmt.Sprintf("AS%d", op.AS) && !o.Partial
		})
		if i < 0 || op.Outages != 1 || op.LongestS == nil || op.From == nil || op.Until == nil {
			t.Fatalf("%+v", op)
		}
		o := f.Outages[i]
		if (o.Gone != nil) != (op.AS == home1) {
			t.Fatalf("AS%d: %+v", op.AS, o.Gone)
		}
		long, from, until := *o.DurationS, *o.Onset.Median, *o.Recovery.Median
		if g := o.Gone; g != nil {
			if g.Seconds == long {
				t.Fatalf("the medians tell the same %d s", long)
			}
			long, from, until = g.Seconds, g.From, *g.Until
		}
		if *op.LongestS != long || *op.From != from || *op.Until != until {
			t.Errorf("AS%d: %d s, %v to %v; its outage %d s, %v to %v", op.AS, *op.LongestS, *op.From, *op.Until, long, from, until)
		}
	}
}

// TestMembersOfSets: a network that stands only in the sets with which paths end is no operator beside the one of
// the lists, or beside one that announces something by itself.
func TestMembersOfSets(t *testing.T) {
	const member = 64600
	for name, x := range map[string]struct {
		set   []uint32
		alone uint32 // it announces the second prefix by itself
		want  []uint32
	}{
		"member in no list":          {[]uint32{home1, member}, home2, []uint32{home1, home2}},
		"both in the lists":          {[]uint32{home1, home3}, home2, []uint32{home1, home2, home3}},
		"member announces, too":      {[]uint32{home1, member}, member, []uint32{home1, member}},
		"lessee that announces, too": {[]uint32{lessee, member}, lessee, []uint32{lessee}},
		"nobody known":               {[]uint32{lessee, member}, home2, []uint32{home2, lessee, member}},
	} {
		s := newScene(6, 3600, land1, land2).held(x.alone, land2, all(6)...)
		for _, i := range all(6) {
			path := append([]uint32{s.peers[i].AS, hop, 0}, append(slices.Clone(x.set), 0)...)
			s.said = append(s.said, said{snapshot, i, netip.MustParsePrefix(land1), path, true, 0}, said{1200, i, netip.MustParsePrefix(land1), path, false, 0})
		}
		s.withdraw(600, land1, all(6)...)
		ev := s.evidence(t)
		ev.Subject = landSubject(t, atlas.KindCountry, byRegistry)
		ev.Origins = map[netip.Prefix][]uint32{netip.MustParsePrefix(land1): slices.Sorted(slices.Values(x.set)), netip.MustParsePrefix(land2): {x.alone}}
		f := Findings(ev)
		var got []uint32
		for _, o := range f.Operators {
			got = append(got, o.AS)
			if lost := slices.Contains(x.set, o.AS); (o.Outages == 1) != lost {
				t.Errorf("%s: AS%d has %d outages", name, o.AS, o.Outages)
			}
		}
		if len(got) == 0 { // one operator has no table
			for _, p := range f.Subject.Prefixes {
				got = append(got, p.Origins...)
			}
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, x.want) {
			t.Errorf("%s: operators %v, want %v", name, got, x.want)
		}
		for _, c := range f.Cause {
			if c.Origin == member && !slices.Contains(x.want, member) {
				t.Errorf("%s: the loss of AS%d was weighed", name, member)
			}
		}
		if !slices.Equal(ev.Origins[netip.MustParsePrefix(land1)], slices.Sorted(slices.Values(x.set))) {
			t.Errorf("%s: the evidence was changed", name)
		}
	}
}
