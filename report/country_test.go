package report

import (
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
)

// threeStages is a country of 27 operators that goes out in three stages.
func threeStages() *finding.Findings {
	s := newSim("BT", "country", "2016-03-10T12:35:00Z", "2016-03-10T15:10:00Z", []string{"185.20.0.0/24", "185.20.4.0/24"}, 397000)
	lost, back := map[*simPeer]moment.Time{}, map[*simPeer]moment.Time{}
	for i := range 4 {
		p := s.peer("rrc00", "10.0.0."+string(rune('1'+i)), 10+uint32(i))
		lost[p], back[p] = ts("2016-03-10T14:05:24Z"), ts("2016-03-10T14:54:57Z")
	}
	o := s.outage("subject", "BT", lost, back, "")
	o.Total = nil
	f := s.finish()
	until := ts("2016-03-10T14:54:57Z")
	snapshot := ts("2016-03-10T12:30:00Z")
	e := finding.Event{From: ts("2016-03-10T14:05:24Z"), Until: &until, Total: []finding.Span{{From: ts("2016-03-10T14:20:19Z"), Until: &until}},
		Trough: finding.Trough{At: ts("2016-03-10T14:19:35Z"), Until: until, Lost: finding.Size{Prefixes: 60, V4: 18944}, Delegated: &finding.Size{Prefixes: 50, V4: 16384},
			Partly: []uint32{}, Recovered: &until},
		Of: finding.EventBase{By: finding.BaseSnapshot, Snapshot: &snapshot, Operators: 27, Size: finding.Size{Prefixes: 60, V4: 18944}}, Exact: true}
	for i := range 27 {
		e.Trough.Out = append(e.Trough.Out, 397000+uint32(i))
		f.Operators = append(f.Operators, finding.Operator{AS: 397000 + uint32(i), Prefixes: 3, V4: 768, Outages: 1, From: &e.From, Until: &until,
			Lost: finding.Lost{Prefixes: 3, Touched: 3, Of: 3, V4: 256 * int64(1+i%3)}})
	}
	for i, at := range []string{"2016-03-10T14:05:24Z", "2016-03-10T14:12:04Z", "2016-03-10T14:19:33Z"} {
		lost := []finding.Size{{Prefixes: 14, V4: 4608}, {Prefixes: 27, V4: 8448}, {Prefixes: 19, V4: 5888}}[i]
		e.Stages = append(e.Stages, finding.Stage{From: ts(at), Latest: ts(at) + 6*moment.Second, Until: &until, Lost: lost, Operators: []uint32{397000}})
		e.Course = append(e.Course, finding.EventStep{At: ts(at), Out: []finding.Size{{Prefixes: 14, V4: 4608}, {Prefixes: 41, V4: 13056}, {Prefixes: 60, V4: 18944}}[i]})
	}
	e.Course = append(e.Course, finding.EventStep{At: until})
	f.Events = []finding.Event{e}
	f.Space = &finding.Space{Delegated: &finding.Size{Prefixes: 27, V4: 27648}, Lists: []finding.DelegationList{{Registry: "APNIC", Date: "2016-03-09"}}, Heard: e.Of.Size, Operators: 27}
	return f
}

func contains(t *testing.T, what, text string, want ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(strings.NewReplacer(nbsp, " ", nnbsp, " ").Replace(text)), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
}

func TestCountryAsOneEvent(t *testing.T) {
	for lang, want := range map[Lang][]string{
		English: {"On 10 March 2016 at 14:19:35 UTC, all prefixes of all 27 operators of Bhutan (BT) were out at once: 100 % of the announced IPv4 addresses (18,944 of 18,944).",
			"It was one event in 3 stages, from 10 March 2016 at 14:05:24 UTC to 14:54:57 (49 minutes 33 seconds): 14 prefixes from 14:05:24, 27 prefixes from 14:12:04, 19 prefixes from 14:19:33.",
			"The delegations of Bhutan (BT) are 27,648 addresses (APNIC, list of 9 March 2016). 59.3 % of these IPv4 addresses were out at 14:19:35. 2,560 addresses more were out that by these lists are not delegated to it; its networks announce them.",
			"From 10 March 2016 at 14:20:19 UTC to 14:54:57, no peer that was watching held any route of Bhutan (BT)."},
		French: {"Le 10 mars 2016 à 14 h 19 min 35 s UTC, tous les préfixes de chacun des 27 opérateurs du Bhoutan (BT) étaient perdus en même temps : 100 % des adresses IPv4 annoncées (18 944 sur 18 944).",
			"Il manquait à 14 h 19 min 35 s 59,3 % de ces adresses IPv4. Il manquait en outre 2 560 adresses que ses réseaux annoncent et que ces listes ne lui délèguent pas.",
			"C’était un seul événement en 3 étapes, du 10 mars 2016 à 14 h 05 min 24 s UTC à 14 h 54 min 57 s (49 minutes 33 secondes)"},
	} {
		page, sum := render(t, threeStages(), lang)
		contains(t, string(lang)+" summary", sum, want...)
		contains(t, string(lang)+" page", text(parse(t, page)), want...)
	}
	_, sum := render(t, threeStages(), English)
	contains(t, "summary", sum, "Operators 27 of 27 – with all their prefixes out at once", "Event 49 min 33 s", "14:12:04 to 14:12:10: 1 operator, 27 prefixes, 8,448 addresses; none out any more at 14:54:57",
		"AS397002 3 of 3 prefixes, 768 of 768 addresses; 14:05:24 to 14:54:57", "… and 15 more")
	page, _ := render(t, threeStages(), English)
	root := parse(t, page)
	if n := len(find(root, "figure", "fig-country", "")); n != 1 {
		t.Errorf("%d figures of the event", n)
	}
	rows := find(find(find(root, "table", "t-stages", "")[0], "tbody", "", "")[0], "tr", "", "")
	if len(rows) != 3 {
		t.Errorf("%d stages in the table", len(rows))
	}
}

// Without a snapshot no share is taken of what moved; and of an event that was
// not seen to end none is made up.
func TestCountryOfWhatWasHeard(t *testing.T) {
	f := threeStages()
	e := &f.Events[0]
	e.Of.By, e.Of.Snapshot = finding.BaseHeard, nil
	e.Of.V4, e.Of.Operators, e.Of.Prefixes = 40000, 50, 246
	e.Trough.Out, e.Trough.Partly = e.Trough.Out[:1], []uint32{397001, 397002}
	e.Until, e.Total, e.Trough.Recovered = nil, nil, nil
	why := "end-of-data"
	e.Censored = &why
	f.Subject.Networks = map[string]string{"397000": "Example"}
	page, sum := render(t, f, English)
	for what, s := range map[string]string{"summary": sum, "page": text(parse(t, page))} {
		contains(t, what, s, "all prefixes of 1 of the 50 operators of Bhutan (BT) that these files speak of, and some of 2 more, were out at once: 18,944 of the 40,000 IPv4 addresses heard in them.",
			"from 10 March 2016 at 14:05:24 UTC on:", "That all of it came back was not seen: the data end.", "246 prefixes are what these files speak of",
			"27,648 addresses")
		if strings.Contains(s, "47.4") || strings.Contains(s, "whole subject held") || strings.Contains(s, "At least half") {
			t.Errorf("%s says too much:\n%s", what, s)
		}
	}
	contains(t, "summary", sum, "Address space 18,944 – addresses, of 40,000 heard in these files; 27,648 are delegated", "1 of 50 – with all their prefixes out at once; 2 more in part", "Event ≥ 1 h 04 min")

	e.Trough.Partly = nil
	_, sum = render(t, f, English)
	contains(t, "summary", sum, "The operator is AS397000 (Example).")
	e.Trough.Out, e.Trough.Partly = nil, []uint32{1}
	_, sum = render(t, f, English)
	contains(t, "summary", sum, "some prefixes of 1 of the 50 operators of Bhutan (BT) that these files speak of were out at once")
}

// Of many events the largest is the headline, and the others are counted.
func TestOtherEvents(t *testing.T) {
	f := threeStages()
	small := f.Events[0]
	until := ts("2016-03-10T13:00:00Z")
	small.From, small.Until, small.Stages, small.Total = ts("2016-03-10T12:40:00Z"), &until, small.Stages[:1], nil
	small.Trough.Lost, small.Trough.At = finding.Size{Prefixes: 2, V4: 512}, small.From
	f.Events = append([]finding.Event{small}, f.Events...)
	_, sum := render(t, f, English)
	contains(t, "summary", sum, "On 10 March 2016 at 14:19:35 UTC, all prefixes of all 27 operators",
		"1 other event was measured, from 10 March 2016 at 12:40:00 UTC to 13:00:00; 512 addresses at most were out in it.",
		"12:40:00 – 13:00:00: 27 operators, 2 prefixes, 512 addresses")
}

func TestGroupsHaveRows(t *testing.T) {
	f := threeStages()
	e := &f.Events[0]
	at := e.Trough.At
	e.Groups = []finding.GroupLoss{
		{Grouping: "region", Group: "West", Operators: 20, Of: finding.Size{Prefixes: 40, V4: 10240}, Lost: finding.Size{Prefixes: 39, V4: 9984}, At: &at},
		{Grouping: "region", Group: "", Operators: 7, Of: finding.Size{Prefixes: 20, V4: 8704}},
	}
	page, sum := render(t, f, English)
	contains(t, "summary", sum, "region: West: 39 of 40 prefixes, 9,984 of 10,240 addresses; 14:19:35", "region: in no group: nothing out")
	rows := find(find(find(parse(t, page), "table", "t-groups", "")[0], "tbody", "", "")[0], "tr", "", "")
	if len(rows) != 2 {
		t.Errorf("%d groups in the table", len(rows))
	}
}
