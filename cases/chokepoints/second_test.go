package chokepoints

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/internal/mrttest"
	"constat/judge/relation"
	"constat/judge/transit"
	"constat/report"
	"constat/routes/atlas"
)

// What a second outside adversary asked.

// said is what is said of the first subject of an answer, in one line.
func said(t *testing.T, a *transit.Answer) string {
	t.Helper()
	d, err := report.Chokepoints(a, 0, locale.Default)
	if err != nil {
		t.Fatal(err)
	}
	return d.Headline.String()
}

// TestHeadlines: what one or two vantage networks show is not said of the subject, unless a
// list says so too; who looks and is a provider by a list can be asked.
func TestHeadlines(t *testing.T) {
	t.Parallel()
	up := func(a, b uint32) relation.Link { return relation.Link{A: a, B: b} }
	one, three := vantages(1), vantages(3)
	core := []relation.Link{up(5, 10), up(5, 20), up(6, 10), up(6, 20)}
	for name, c := range map[string]struct {
		peers []mrttest.Peer
		paths []string
		links []relation.Link
		want  string
	}{
		"one vantage":                 {one, each(1, "10# 10 1"), nil, "Every path to AS1 that was seen, from one vantage network alone, crosses AS10."},
		"and a list against it":       {one, each(1, "10# 10 1"), append(core, up(10, 1), up(20, 1)), "Every path to AS1 that was seen, from one vantage network alone, crosses AS10. By  (undated) there is another way."},
		"and a list that agrees":      {one, each(1, "10# 10 1"), append(core, up(10, 1)), "AS10 alone could cut off AS1, by all that was seen."},
		"two vantages":                {vantages(2), []string{"100 10 1", "101 20 1"}, nil, "Every path to AS1 that was seen, from 2 vantage networks, crosses AS10 or AS20: all of them would have to refuse."},
		"three":                       {three, each(3, "10# 10 1"), nil, "AS10 alone could cut off AS1, by all that was seen."},
		"next to it, no list":         {one, each(1, "10# 1"), nil, "The vantage network that looked is connected with AS1 itself: on no path that was seen does anybody stand between who could be asked."},
		"the sole provider looks":     {one, each(1, "10# 1"), append(core, up(10, 100), up(100, 1)), "AS100 alone could cut off AS1, by all that was seen."},
		"two of three are next to it": {three, []string{"100 10 1", "101 1", "102 1"}, nil, "Every path to AS1 that was seen, from one vantage network alone, crosses AS10. This leaves out 2 vantage networks that are connected with it themselves."},
		"three providers look":        {three, each(3, "10# 1"), append(core, up(10, 100), up(100, 1), up(101, 1), up(102, 1)), "3 networks together could cut off AS1: AS100, AS101 and AS102."},
		"three look, one a provider":  {three, each(3, "10# 1"), append(core, up(10, 100), up(100, 1)), "AS100 alone could cut off AS1, by all that was seen. This leaves out 2 vantage networks that are connected with it themselves."},
	} {
		r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(c.peers, map[string][]string{"20.1.0.0/16": c.paths})})
		if c.links != nil {
			r.Lists = []*atlas.RelationList{{Links: c.links}}
		}
		if got := said(t, r.about(t, "AS1")); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// TestFamilies: who is cut off has no way in either family.
func TestFamilies(t *testing.T) {
	t.Parallel()
	r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(4), map[string][]string{"20.1.0.0/16": each(4, "10# 10 1"), "2a00::/32": each(4, "10# 20 1")})})
	a := r.about(t, "AS1")
	if got, want := said(t, a), "2 networks together could cut off AS1: AS10 and AS20. One family alone takes fewer: IPv4 over AS10 and IPv6 over AS20."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if c := a.Subjects[0].Cut(transit.Networks, true); c.Upper != 2 {
		t.Errorf("%+v", c)
	}
	// In IPv4 all who look are next to it: nobody can be asked, whoever carries IPv6.
	r = loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(vantages(4), map[string][]string{"20.1.0.0/16": each(4, "10# 1"), "2a00::/32": each(4, "10# 20 1")})})
	if got, want := said(t, r.about(t, "AS1")), "No set of networks cuts off AS1 by what was seen."; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestMoments: what only vantage networks show that did not look at the other moment is
// neither new nor gone.
func TestMoments(t *testing.T) {
	t.Parallel()
	answer := func(peers []mrttest.Peer, via func(as uint32) int) *transit.Answer {
		var paths []string
		for _, p := range peers {
			paths = append(paths, fmt.Sprintf("%d %d 1", p.AS, via(p.AS)))
		}
		r := loads(t, 0, map[string]*mrttest.File{"bview.20150101.0000": table(peers, map[string][]string{"20.1.0.0/16": paths})})
		return r.about(t, "AS1")
	}
	half := func(as uint32) int {
		if as < 103 {
			return 10
		}
		return 20
	}
	ten := func(uint32) int { return 10 }
	six, three := vantages(6), vantages(3)
	other := append(slices.Clone(three), mrttest.P("198.18.5.9", 103))
	for name, c := range map[string]struct {
		before, after *transit.Answer
		want          string
	}{
		"three newcomers show another way": {answer(three, ten), answer(six, half), "new [] by new alone [20] gone [] unseen []"},
		"those who showed it do not look":  {answer(six, half), answer(three, ten), "new [] by new alone [] gone [] unseen [20]"},
		"two of three do not":              {answer(six, half), answer(other, ten), "new [] by new alone [] gone [] unseen [20]"},
		"all look, and it is gone":         {answer(six, half), answer(six, ten), "new [] by new alone [] gone [20] unseen []"},
		"all look, and it is new":          {answer(six, ten), answer(six, half), "new [20] by new alone [] gone [] unseen []"},
	} {
		if err := c.after.Since(c.before); err != nil {
			t.Fatal(err)
		}
		x := c.after.Changes[0]
		if got := fmt.Sprintf("new %v by new alone %v gone %v unseen %v", x.New, x.FreshAlone, x.Gone, x.Unseen); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if x.Comparable() != strings.HasPrefix(name, "all look") {
			t.Errorf("%s: comparable is %v", name, x.Comparable())
		}
	}
}
