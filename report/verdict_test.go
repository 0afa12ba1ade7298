package report

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"constat/internal/locale"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
)

// TestLikelihoodAndConfidenceApart: no sentence of any page, summary or message
// states both.
func TestLikelihoodAndConfidenceApart(t *testing.T) {
	for _, c := range cases {
		if c.name == "nation" {
			continue
		}
		for _, l := range locale.All() {
			page, sum := render(t, c.make(), l)
			var b strings.Builder
			for d := range find(parse(t, page), "body", "", "")[0].Descendants() {
				if d.Type == html.TextNode {
					b.WriteString(d.Data)
				}
				if d.Type == html.ElementNode && slices.Contains([]string{"p", "li", "td", "th", "h1", "h2", "h3", "caption", "figcaption", "summary", "small", "dd", "dt"}, d.Data) {
					b.WriteString("\n\n")
				}
			}
			for _, s := range append(proof.Mixed(b.String()), proof.Mixed(sum)...) {
				t.Errorf("%s %s: likelihood and confidence in one sentence: %s", c.name, l, s)
			}
		}
	}
}

// TestNeverAnAuthor: the sentence on networks that could stands in every
// verdict. That no words claim more is for the rules of each language.
func TestNeverAnAuthor(t *testing.T) {
	for _, c := range cases {
		f := c.make()
		if len(f.Cause) == 0 {
			continue
		}
		for _, l := range locale.All() {
			want := locale.Must(l).T("verdict.author")
			page, sum := render(t, f, l)
			if !strings.Contains(page, want) || !strings.Contains(strings.Join(strings.Fields(sum), " "), want) {
				t.Errorf("%s %s: the sentence on networks that could is missing", c.name, l)
			}
		}
	}
}

// leadOf are the paragraphs of the verdict that are set large.
func leadOf(t *testing.T, f *finding.Findings, l Lang) string {
	t.Helper()
	page, _ := render(t, f, l)
	var b strings.Builder
	for _, d := range find(parse(t, page), "div", "", "lead") { // before figure 1 and after it
		for _, p := range find(d, "p", "", "") {
			if attr(p, "class") != "sm" {
				b.WriteString(strings.NewReplacer(nbsp, " ", nnbsp, " ").Replace(text(p)) + "\n")
			}
		}
	}
	return b.String()
}

// TestVerdictProse: what is said large of each kind of case, and what is not.
func TestVerdictProse(t *testing.T) {
	for _, x := range []struct {
		name      string
		f         *finding.Findings
		has, lack []string
	}{
		{"established", night(), []string{"were gone from 43 of the 44 peers that had carried them, in 7 networks, at 3 collectors; this is established",
			"the routes stopped between AS131279 (Star JV) and what AS4837 (China Unicom) passes on; this is established, unless AS1239 (Sprint), AS3356 (Level 3), AS6453 (Tata), AS174 (Cogent) and AS701 (Verizon) all refused or withheld them in the same minutes",
			"at least 3 networks, or all networks of at least 2 countries, would have had to act together"}, []string{"indicated", "one of these 4 places"}},
		{"indicated", chile(), []string{"seem to have stopped between AS22047 (VTR BANDA ANCHA S.A.) and what AS3549 (Global Crossing) passes on; this is indicated, not established, unless AS1916",
			"at least 3 networks would have had to act together", "The routes were lost. Beside the loss, AS22047 (VTR BANDA ANCHA S.A.) began to announce other prefixes: 190.96.0.0/24, 190.96.1.0/24, 190.96.2.0/24 and 2 more. That does not undo"}, []string{"is established", "no cut:"}},
		{"one act suffices at the origin alone", dual(), []string{"at AS64500, in what it announces to its neighbours; this is established, unless the networks of France and Germany all refused", "The routes were lost. Beside the loss, another network announced routes to the addresses of 198.51.100.0/24"}, nil},
		{"several origins", egypt(), []string{"The losses of 5 origin networks were weighed", "this is on AS8452", "on the session from AS8452 to AS20928; this is indicated, not established, unless AS3000, AS3001 and AS3002 all refused"}, []string{"is established;"}},
		{"not placed", lostUnder(), []string{"is not established: too few networks lost the routes; no act of one network explains", "a reason of the future", "covered, no address lost its route. This is indicated", "took its place: replaced. This is established"}, []string{"class A", "stopped between"}},
		{"observer", rival(place.Observer, cause.ResetOfPeers)(), []string{"What was seen is no cut: at that moment those who lost the routes"}, []string{"stopped"}},
		{"replaced", rival(place.Replaced, cause.OtherRoutes)(), []string{"What was seen is no cut: with the loss, other routes"}, []string{"stopped"}},
		{"renumbered", rival(place.Renumbered, cause.OtherPrefixes)(), []string{"What was seen is no cut: AS53225 began to announce other prefixes"}, []string{"stopped"}},
		{"restarted", restarted(), []string{"No route was lost. What broke off was the watching: of the peers that carry these routes, 5 of 6 were reset"}, []string{"stopped"}},
	} {
		got := leadOf(t, x.f, English)
		for _, s := range x.has {
			if !strings.Contains(strings.ToLower(got), strings.ToLower(s)) {
				t.Errorf("%s: lacks %q:\n%s", x.name, s, got)
			}
		}
		for _, s := range x.lack {
			if strings.Contains(got, s) {
				t.Errorf("%s: says %q:\n%s", x.name, s, got)
			}
		}
	}
}

// TestOnePropositionALine: every proposition on the headline loss and on the
// whole question stands under its level, or is counted.
func TestOnePropositionALine(t *testing.T) {
	for _, c := range cases {
		f := c.make()
		if len(f.Verdict.Propositions) == 0 {
			continue
		}
		facts := gather(f)
		page, _ := render(t, f, French)
		boxes := find(parse(t, page), "div", "", "verd")
		if len(boxes) != 1 {
			t.Errorf("%s: %d boxes of propositions", c.name, len(boxes))
			continue
		}
		want := 0
		for _, q := range f.Verdict.Propositions {
			if (q.Cause == nil || *q.Cause == facts.cause) && !(q.Key == finding.PropMember && f.Cause[facts.cause].Level == proof.NotEstablished) {
				want++
			}
		}
		if got := len(find(boxes[0], "li", "", "")); got != want && want < 12 {
			t.Errorf("%s: %d lines, want %d", c.name, got, want)
		}
	}
}

// TestHypothesesAreAllThere: each hypothesis is in a row, each row on the page,
// and each contradiction leads to records.
func TestHypothesesAreAllThere(t *testing.T) {
	for _, c := range cases {
		f := c.make()
		facts := gather(f)
		if facts.cause < 0 {
			continue
		}
		page, _ := render(t, f, English)
		root := parse(t, page)
		n := 0
		for _, r := range facts.hyps {
			n += len(r.hyps)
			row := find(root, "tr", "h"+strconv.Itoa(r.number), "")
			if len(row) != 1 {
				t.Errorf("%s: row %d is not there", c.name, r.number)
				continue
			}
			h := r.hyps[0]
			links := find(row[0], "a", "", "")
			kinds := 0
			for _, k := range []int{len(h.ControlsSurvive), len(h.ControlsLost)} {
				if k > 0 {
					if kinds < len(links) && figureOf(t, strings.Fields(text(links[kinds]))[0]) != k {
						t.Errorf("%s: row %d says %q, want %d", c.name, r.number, text(links[kinds]), k)
					}
					kinds++
				}
			}
			if len(links) != kinds {
				t.Errorf("%s: row %d has %d links for %d kinds of contradiction", c.name, r.number, len(links), kinds)
			}
			for _, k := range []string{"in", "op", "ex"} {
				want := k == [...]string{inClass: "in", isOpen: "op", isExcluded: "ex"}[r.group]
				if (len(find(row[0], "span", "", k)) == 1) != want {
					t.Errorf("%s: the mark of row %d", c.name, r.number)
				}
			}
		}
		if want := len(f.Cause[facts.cause].Hypotheses); n != want {
			t.Errorf("%s: %d hypotheses in rows, want %d", c.name, n, want)
		}
	}
	page, _ := render(t, night(), English)
	if s := text(parse(t, page)); !strings.Contains(s, "stayed across it: 10.0.0.0/16, 10.1.0.0/16") {
		t.Error("the control prefixes are not listed")
	}
}

// TestMarks: the class filled inside one outline, the excluded struck, all at
// the trough alone; controls thin, before and at the trough.
func TestMarks(t *testing.T) {
	page, _ := render(t, night(), English)
	panels := find(find(parse(t, page), "figure", "fig-paths", "")[0], "svg", "", "pg")
	for i, x := range panels {
		want := 0
		if i == 1 {
			want = 1
		}
		if n := len(find(x, "path", "", "lens")); n != 2*want { // with the light line under it
			t.Errorf("panel %d has %d outlines", i, n)
		}
		var in, out []string
		for _, g := range find(x, "g", "", "mi") {
			in = append(in, text(g))
		}
		for _, g := range find(x, "g", "", "mx") {
			out = append(out, text(g))
			if len(find(g, "path", "", "")) != 1 {
				t.Error("an excluded number that is not struck")
			}
		}
		if want*4 != len(in) || want > 0 && strings.Join(in, " ") != "1 2 3 4" {
			t.Errorf("panel %d: the class is %v", i, in)
		}
		if len(out) != want*8 || want > 0 && out[0] != "5" {
			t.Errorf("panel %d: excluded %v", i, out)
		}
		if n := len(find(x, "path", "", "ctl")); (n > 0) != (i < 2) {
			t.Errorf("panel %d has %d looks of control routes", i, n)
		}
	}
	page, _ = render(t, chile(), English)
	fig := find(parse(t, page), "figure", "fig-paths", "")[0]
	if len(find(fig, "g", "", "mo")) != 0 && len(find(fig, "g", "", "mi")) != 4 {
		t.Error("the class and what is not set aside")
	}
}

// TestStandardTable: every line of the standard is there, the unmet in bold.
func TestStandardTable(t *testing.T) {
	for _, c := range cases {
		f := c.make()
		facts := gather(f)
		if facts.cause < 0 {
			continue
		}
		page, _ := render(t, f, French)
		root := parse(t, page)
		if !strings.Contains(text(root), "sha256:"+f.Verdict.Standard.SHA256) || !strings.Contains(text(root), "fixée avant toute lecture") {
			t.Errorf("%s: the standard's hash is not said", c.name)
		}
		x := f.Cause[facts.cause]
		if len(x.Demands) == 0 {
			continue
		}
		table := find(root, "table", "t-standard", "")[0]
		rows := find(find(table, "tbody", "", "")[0], "tr", "", "")
		unmet := 0
		for _, d := range x.Demands {
			if !d.Met {
				unmet++
			}
		}
		if len(rows) != len(x.Demands) {
			t.Errorf("%s: %d lines, want %d", c.name, len(rows), len(x.Demands))
		}
		if got := len(find(table, "b", "", "")); got != unmet {
			t.Errorf("%s: %d unmet lines, want %d", c.name, got, unmet)
		}
	}
}

// TestApart: how it went dark is there only if the findings have it, boxed, and
// says why timing is off.
func TestApart(t *testing.T) {
	page, _ := render(t, night(), English)
	s := find(parse(t, page), "section", "how", "apart")
	if len(s) != 1 || !strings.Contains(text(s[0]), "re-stamped") || len(find(s[0], "table", "", "")) != 0 {
		t.Error("the night's timing is off, and nothing weighs")
	}
	page, _ = render(t, egypt(), English)
	s = find(parse(t, page), "section", "how", "apart")
	if len(s) != 1 || !strings.Contains(text(s[0]), "one by one") || len(find(s[0], "tr", "", "")) < 5+6 {
		t.Error("the order of Egypt's origins is not shown")
	}
	f := night()
	f.How = nil
	page, _ = render(t, f, English)
	if len(find(parse(t, page), "section", "how", "")) != 0 {
		t.Error("a section on what the findings do not say")
	}
}

// TestOtherLosses: each loss that is not shown in full has a line.
func TestOtherLosses(t *testing.T) {
	f := night()
	page, _ := render(t, f, English)
	body := find(find(parse(t, page), "table", "", "los")[0], "tbody", "", "")[0]
	if n := len(find(body, "tr", "", "")); n != len(f.Cause)-1 {
		t.Errorf("%d lines of other losses, want %d", n, len(f.Cause)-1)
	}
	if c := gather(f); onset(c.causeOutage(c.cause)) != onset(c.head) {
		t.Error("the loss shown in full is not that of the headline")
	}
}

// TestLossesThatOverlap: what the sentences say of an outage is true of all of it, not
// of the moment at which most was gone.
func TestLossesThatOverlap(t *testing.T) {
	at := func(s string) *moment.Time { v := ts("2014-12-22T" + s + "Z"); return &v }
	moments := func(s string) finding.Moments { return finding.Moments{First: at(s), Median: at(s), Last: at(s)} }
	back := func(s string) *finding.Moments { m := moments(s); return &m }
	secs := func(n int64) *int64 { return &n }
	base := func() (*finding.Findings, *finding.Outage) {
		f := night()
		o := *gather(f).head
		o.Total = nil
		f.Outages, f.Head = []finding.Outage{o}, ptr(0)
		f.Cause, f.Verdict.Propositions = nil, nil
		f.Subject.Name, f.Subject.Kind = "AS131279", "as"
		return f, &f.Outages[0]
	}
	for name, c := range map[string]struct {
		change  func(*finding.Findings, *finding.Outage)
		says    []string
		neither []string
	}{
		"a part of it never returned": {func(_ *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:27"), nil, moments("14:03:07"), back("14:05:05"), secs(118)
			o.Total = []finding.Span{{From: *at("14:03:07"), Until: at("14:05:05")}}
		}, []string{"14:03:07 UTC, all 4 prefixes", "For 1 minute 58 seconds, none of the prefixes of AS131279", "had a route, until one was announced at 14:05:05", "The losses began at 14:01:27; not all of them were over when the data end", "anything of it from 14:01:27 on"},
			[]string{"They returned"}},
		"another's routes stood in, and a part never returned": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:27"), nil, moments("14:03:07"), back("14:05:05"), secs(118)
			o.Total = []finding.Span{{From: *at("14:03:07"), Until: at("14:05:05")}}
			f.Subject.Prefixes = slices.Clone(f.Subject.Prefixes)
			f.Subject.Prefixes[1].StandIns = []finding.OtherRoute{{Kind: finding.ReplacedBy, Prefix: f.Subject.Prefixes[1].Prefix, Origin: 2666, Peers: 40, From: *at("14:05:00"), Until: f.Question.Until}}
		}, []string{"For 1 minute 58 seconds, no route of AS131279", "stood, until one was announced at 14:05:05. The losses began at 14:01:27; not all of them were over when the data end"},
			[]string{"had a route"}},
		"another's routes stood in later": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:27"), nil, moments("14:03:07"), back("14:05:05"), secs(118)
			o.Total = []finding.Span{{From: *at("14:03:07"), Until: at("14:05:05")}}
			f.Subject.Prefixes = slices.Clone(f.Subject.Prefixes)
			f.Subject.Prefixes[1].StandIns = []finding.OtherRoute{{Kind: finding.ReplacedBy, Prefix: f.Subject.Prefixes[1].Prefix, Origin: 2666, Peers: 40, From: *at("14:05:05"), Until: f.Question.Until}}
		}, []string{"none of the prefixes of AS131279"}, []string{"no route of AS131279"}},
		"one after another": {func(_ *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:55:05"), moments("14:05:56"), back("14:07:04"), secs(68)
		}, []string{"They were gone all at once for 1 minute 8 seconds; the first of them returned at 14:07:04. The losses began at 14:01:26, and the last of them was over at 14:55:05"},
			[]string{"They returned"}},
		"together": {func(_ *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
		}, []string{"They returned at 14:51:04, after 49 minutes 36 seconds"}, []string{"The losses began"}},
		"a quarter ten minutes before the half": {func(_ *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:11:28"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Lost.Prefixes = 3
		}, []string{"14:11:28 UTC, 3 of 4 prefixes", "They returned at 14:51:04, after 39 minutes 36 seconds"}, nil},
		"a series whose first ends last": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Lost.Prefixes, o.Lost.V4 = 1, 256
			x := *o
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("14:10:00"), at("14:20:05"), moments("14:10:01"), back("14:20:05"), secs(604)
			x.Lost.Prefixes, x.Lost.V4 = 4, 1024
			x.Total = []finding.Span{{From: *at("14:10:02"), Until: at("14:20:04")}}
			f.Outages = append(f.Outages, x)
		}, []string{"2 outages", "the last was over at 14:51:05"}, []string{"At no moment were all prefixes"}},
		"some peers never had it again": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Lost.Prefixes, o.Lost.Of = 1, 1
			o.Left = &finding.Left{Routes: 40, Gone: 18, Peers: 18}
		}, []string{"It returned at 14:51:04, after 49 minutes 36 seconds. 18 of the 40 peers that had lost it had not got it back when the data end", "18 of 40 routes not back when the data end"}, nil},
		"one of many never had it again": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Left = &finding.Left{Routes: 160, Gone: 4, Peers: 1, Unseen: 12}
		}, []string{"Of 12 of the 160 routes to them, it was not seen whether they came back", "4 of 160 routes not back when the data end"}, []string{"were not back when"}},
		"nothing stood in for a part of it": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Bare = &finding.Bare{From: *at("14:31:00"), Until: *at("14:51:00"), Seconds: 1200, Times: 1, Routes: 176}
		}, []string{"14:31:00 UTC to 14:51:00, for 20 minutes, none of those that had lost the routes had any to the same prefixes, of this or of another network"}, nil},
		"nothing stood in, or a less specific of another": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Bare = &finding.Bare{From: *at("14:31:00"), Until: *at("14:51:00"), Seconds: 1200, Times: 1, Routes: 176}
			f.Subject.Prefixes = slices.Clone(f.Subject.Prefixes)
			f.Subject.Prefixes[0].Standing = 3
		}, nil, []string{"any to the same prefixes"}},
		"two of forty held fresh routes": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Total = []finding.Span{{From: *at("14:01:28"), Until: at("14:51:04")}}
			o.Witnesses.Carried, o.Witnesses.Lost = 40, 38
			o.Witnesses.Renewed = []finding.PeerName{{Collector: "rrc00", Peer: netip.MustParseAddr("203.0.113.1")}, {Collector: "rrc00", Peer: netip.MustParseAddr("203.0.113.2")}} // they are none of those that lost it
			f.Verdict.Propositions = []finding.Proposition{{Key: finding.PropOutage, Level: proof.Established}, {Key: finding.PropTotal, Level: proof.NotEstablished}}
		}, []string{"gone from 38 of the 40 peers that had carried them, in 7 networks, at 3 collectors; this is established", "This leaves out 2 peers that held routes announced after the loss began"}, []string{"this is not established"}},
		"half of those that had it withdraw, and the tables of the others lack it": {func(_ *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Total = []finding.Span{{From: *at("14:01:28"), Until: at("14:51:04")}}
			o.Lost.Prefixes, o.Lost.Of = 1, 1
			o.Witnesses.Carried, o.Witnesses.Lost, o.Witnesses.Stopped, o.Witnesses.Unlisted = 20, 20, 23, 20
		}, []string{"gone from all 7 networks that had carried it and of which it was known", "20 other peers had carried it until then, too: no withdrawal of theirs is recorded, and their complete tables were without it. 3 other peers had carried it before; by then",
			"20 of 20 – peers that carried these routes lost them, in 7 networks; 20 more had carried them, and their complete tables are without them"}, []string{"still watching"}},
		"one prefix is gone for long while the others flap": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:01:55"), moments("14:01:28"), back("14:01:50"), secs(22)
			o.Lost.Prefixes, o.Lost.V4 = 3, 768
			x := *o
			x.Scope, x.Name, x.Lost.Prefixes, x.Lost.Of, x.Lost.V4 = "prefix", "198.51.100.0/24", 1, 1, 256
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("15:01:26"), at("15:21:28"), moments("15:01:28"), back("15:21:28"), secs(1200)
			f.Outages = append(f.Outages, x)
		}, []string{"By addresses and time, the loss of 198.51.100.0/24 alone was larger than that: from 22 December 2014 at 15:01:28 UTC, for 20 minutes"}, nil},
		"one prefix is gone a little longer than the others": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:01:55"), moments("14:01:28"), back("14:01:50"), secs(22)
			o.Lost.Prefixes, o.Lost.V4 = 3, 768
			x := *o
			x.Scope, x.Name, x.Lost.Prefixes, x.Lost.Of, x.Lost.V4 = "prefix", "198.51.100.0/24", 1, 1, 256
			x.Recovery, x.DurationS = back("14:02:30"), secs(62)
			f.Outages = append(f.Outages, x)
		}, nil, []string{"alone was larger"}},
		"all of forty lost it, and that it was all is not established": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:51:05"), moments("14:01:28"), back("14:51:04"), secs(2976)
			o.Total = []finding.Span{{From: *at("14:01:28"), Until: at("14:51:04")}}
			o.Witnesses.Carried, o.Witnesses.Lost = 40, 40
			f.Verdict.Propositions = []finding.Proposition{{Key: finding.PropOutage, Level: proof.Established}, {Key: finding.PropTotal, Level: proof.NotEstablished}}
		}, []string{"this is not established"}, []string{"This leaves out"}},
		"a total within a long loss of a part": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("19:51:05"), moments("14:01:28"), back("19:51:04"), secs(20976)
			o.Lost.Prefixes, o.Lost.V4 = 1, 256
			x := *o
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("14:10:00"), at("14:10:40"), moments("14:10:01"), back("14:10:39"), secs(38)
			x.Lost.Prefixes, x.Lost.V4 = 4, 1024
			x.Total = []finding.Span{{From: *at("14:10:02"), Until: at("14:10:38")}}
			f.Outages = append(f.Outages, x)
		}, []string{"14:10:02 UTC to 14:10:38, for 36 seconds, all prefixes of AS131279", "were gone at once", "1 other began while it lasted"}, []string{"smaller", "came after"}},
		"most of it within a long loss of a part": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("19:51:05"), moments("14:01:28"), back("19:51:04"), secs(20976)
			o.Lost.Prefixes, o.Lost.V4 = 1, 256
			x := *o
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("20:10:00"), at("20:10:40"), moments("20:10:01"), back("20:10:39"), secs(38)
			x.Lost.Prefixes, x.Lost.V4 = 3, 768
			f.Outages = append(f.Outages, x)
		}, []string{"In another outage, that of 22 December 2014 at 20:10:01 UTC, 3 of 4 prefixes were out", "1 other came after it"}, []string{"smaller"}},
		"another as long, measured by its worst minute": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:31:26"), moments("14:01:26"), back("14:31:26"), secs(1800)
			o.Lost.Prefixes, o.Lost.V4 = 1, 256
			x := *o
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("14:26:26"), at("14:56:26"), moments("14:29:00"), back("14:29:50"), secs(50)
			x.Lost.Prefixes, x.Lost.V4 = 4, 1024
			x.Total = []finding.Span{{From: *at("14:29:00"), Until: at("14:29:50")}}
			f.Outages = append(f.Outages, x)
		}, []string{"2 outages of AS131279 (Star JV) were measured, of 30 minutes each; the last was over at 14:56:26", "14:29:00 UTC to 14:29:50, for 50 seconds, all prefixes"}, []string{"began while it lasted"}},
		"a series in a chain": {func(f *finding.Findings, o *finding.Outage) {
			o.From, o.Until, o.Onset, o.Recovery, o.DurationS = *at("14:01:26"), at("14:11:05"), moments("14:05:28"), back("14:06:28"), secs(60)
			o.Lost.Prefixes, o.Lost.V4 = 2, 512
			x := *o
			x.From, x.Until, x.Onset, x.Recovery, x.DurationS = *at("14:20:00"), at("14:30:00"), moments("14:25:00"), back("14:26:10"), secs(70)
			f.Outages = append(f.Outages, x)
		}, []string{"14:01:26 UTC, 2 outages", "of 9 minutes 39 seconds to 10 minutes each; the last was over at 14:30:00. Each is counted from its first prefix out until none is.",
			"14:01:26 – 14:11:05, 9 min 39 s; at its worst 14:05:28 – 14:06:28, 1 min"}, nil},
	} {
		f, o := base()
		c.change(f, o)
		_, sum := render(t, f, English)
		got := strings.ReplaceAll(strings.Join(strings.Fields(sum), " "), "\u00a0", " ")
		for _, s := range c.says {
			if !strings.Contains(got, s) {
				t.Errorf("%s: lacks %q:\n%s", name, s, got)
			}
		}
		for _, s := range c.neither {
			if strings.Contains(got, s) {
				t.Errorf("%s: says %q:\n%s", name, s, got)
			}
		}
		render(t, f, French)
	}
}

// TestNothingStoodInForAWhile: that another's routes took the place of the subject's everywhere
// does not contradict that for a while there were none.
func TestNothingStoodInForAWhile(t *testing.T) {
	f := night()
	x := finding.Cause{Reasons: []string{cause.AllDisplaced}}
	beside := finding.BesideCut{Key: finding.BesideReplaced, Prefixes: []string{"198.51.100.0/24"}}
	bare := &finding.Bare{Seconds: 1781, Times: 1, Routes: 40}
	for _, lang := range []Lang{English, French, Lang("de")} {
		p, err := newPrinter(lang, f)
		if err != nil {
			t.Fatal(err)
		}
		with, without := p.text(besideProse(p, &x, bare, beside)), p.text(besideProse(p, &x, nil, beside))
		if with == without || !strings.Contains(with, "29") || !strings.Contains(with, "41") {
			t.Errorf("%v: %s", lang, with)
		}
		few := *bare
		few.Stood = 1
		if got := p.text(besideProse(p, &x, &few, beside)); got != without {
			t.Errorf("%v: %s", lang, got)
		}
	}
	c := gather(f)
	c.head.Bare = bare
	if c.bare(c.head) != bare || c.bare(nil) != nil {
		t.Error("the bare time of an outage")
	}
	f.Subject.Prefixes = slices.Clone(f.Subject.Prefixes)
	f.Subject.Prefixes[0].Standing = 3
	if c.bare(c.head) != nil {
		t.Error("another's less specific stood all the time")
	}
}
