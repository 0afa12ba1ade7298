package standing

import (
	"testing"

	"constat/claims/statement"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
)

func at(t *testing.T, s string) moment.Time {
	t.Helper()
	v, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// night is a finding like that of 22 December 2014: from the origin to what the
// provider passes on, four places where one act suffices, the provider as a
// whole excluded.
func night(t *testing.T) *finding.Findings {
	from, until := at(t, "2014-12-22T16:15:07Z"), at(t, "2014-12-23T01:46:14Z")
	class := []place.Hypothesis{
		place.Single(place.Break{Kind: place.Origin, A: 131279}),
		place.Single(place.Break{Kind: place.Adjacency, A: 4837, B: 131279}),
		place.Single(place.Break{Kind: place.TransitImport, A: 4837}),
		place.Single(place.Break{Kind: place.TransitExport, A: 4837}),
	}
	var hs []finding.Hypothesis
	for _, h := range class {
		hs = append(hs, finding.Hypothesis{Hypothesis: h})
	}
	hs = append(hs, finding.Hypothesis{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 4837, Wide: true}), Excluded: true, By: "controls survive", ControlsSurvive: []string{"198.51.100.0/24"}})
	return &finding.Findings{
		Question: finding.Question{From: at(t, "2014-12-21T12:00Z"), Until: at(t, "2014-12-23T06:00Z")},
		Answer:   finding.AnswerOutage,
		Outages: []finding.Outage{
			{Scope: "subject", Name: "KP", From: from, Until: &until, Lost: finding.Lost{Prefixes: 4, Of: 4}},
			{Scope: "origin", Name: "AS131279", From: from, Until: &until, Lost: finding.Lost{Prefixes: 4, Of: 4}},
		},
		Cause: []finding.Cause{{Outage: 1, Origin: 131279, Level: proof.Established, Class: class, Hypotheses: hs,
			Region: cause.Region{Networks: []uint32{131279, 4837}, Sessions: []place.Session{{Near: 131279, Far: 4837}, {Near: 4837, Far: 1239}, {Near: 4837, Far: 3356}}},
			Acts:   []cause.Acts{{By: "networks", AtLeast: 3, Found: 3, Who: []uint32{1239, 3356, 6939}}, {By: "countries", AtLeast: 2, Found: 2}}}},
	}
}

func TestStandings(t *testing.T) {
	single := func(kind string, a, b uint32) statement.Proposition {
		return statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: kind, A: a, B: b, Wide: kind == "node"})}}
	}
	together := func(as ...uint32) statement.Proposition {
		var h statement.Hypothesis
		for _, a := range as {
			h.Parts = append(h.Parts, []statement.Break{{Kind: "transit-import", A: a}})
		}
		return statement.Proposition{Class: []statement.Hypothesis{h}}
	}
	theNight := &moment.Interval{From: at(t, "2014-12-22T16:15Z"), Until: at(t, "2014-12-23T01:46Z")}
	whole := statement.Proposition{}
	for _, b := range []statement.Break{{Kind: "origin", A: 131279}, {Kind: "adjacency", A: 131279, B: 4837}, {Kind: "transit-import", A: 4837}, {Kind: "transit-export", A: 4837}} {
		whole.Class = append(whole.Class, statement.Single(b))
	}
	for _, c := range []struct {
		name  string
		s     statement.Statement
		stand Standing
		why   string
	}{
		{"a ministry denies that its carrier refused the routes", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: single("transit-import", 4837, 0)}, Neither, WhyInseparable},
		{"somebody asserts that it did", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("transit-import", 4837, 0)}, Neither, WhyInseparable},
		{"somebody asserts that the carrier was down", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("node", 4837, 0)}, Contradicted, WhyExcluded},
		{"the carrier denies that it was down", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: single("node", 4837, 0)}, Supported, WhyExcluded},
		{"an expert names all four", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: whole}, Supported, WhyHolds},
		{"somebody denies all four", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: whole}, Contradicted, WhyHolds},
		{"somebody doubts all four", statement.Statement{Kind: statement.Doubt, About: theNight, Proposition: whole}, Contradicted, WhyHolds},
		{"another network is blamed", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("transit-import", 6453, 0)}, Neither, WhyBeyond},
		{"it denies", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: single("transit-import", 6453, 0)}, Neither, WhyBeyond},
		{"another link is blamed", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("adjacency", 1239, 3356)}, Neither, WhyBeyond},
		{"two others are blamed together", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: together(6453, 174)}, Neither, WhyBeyond},
		{"three others, which would do", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: together(6453, 174, 701)}, Neither, WhyOpen},
		{"who refused what the provider passed on", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("transit-import", 3356, 0)}, Neither, WhyInside},
		{"a neighbour was down", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("node", 1239, 0)}, Neither, WhyInside},
		{"the carrier withheld from one of them", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: statement.Proposition{Class: []statement.Hypothesis{
			statement.Single(statement.Break{Kind: "export", A: 4837, S: []uint32{1239}})}}}, Neither, WhyInside},
		{"somebody says that the carrier was not down", statement.Statement{Kind: statement.Assertion, Negative: true, About: theNight, Proposition: single("node", 4837, 0)}, Supported, WhyExcluded},
		{"somebody says that there was no outage", statement.Statement{Kind: statement.Assertion, Negative: true, About: theNight, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}, Contradicted, WhyMeasured},
		{"a group claims the outage", statement.Statement{Kind: statement.Claim, About: theNight, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}, Supported, WhyMeasured},
		{"a general threatens to block", statement.Statement{Kind: statement.Threat, Proposition: statement.Proposition{Act: &statement.Act{What: "block"}}}, NotTestable, WhySpeech},
		{"officials ask for a block", statement.Statement{Kind: statement.Request, Proposition: statement.Proposition{Act: &statement.Act{What: "block"}}}, NotTestable, WhyAsked},
		{"who attacked Sony", statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Act: &statement.Act{What: "attack"}}}, NotTestable, WhyAct},
		{"words that name nothing", statement.Statement{Kind: statement.Assertion}, NotTestable, WhyNothing},
		{"an outage is reported", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}, Supported, WhyMeasured},
		{"an outage is denied", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}, Contradicted, WhyMeasured},
		{"overload, said before it began", statement.Statement{Kind: statement.Assertion,
			Said: &moment.Interval{From: at(t, "2014-12-21T16:00Z"), Until: at(t, "2014-12-22T16:00Z")}, Proposition: single("origin", 131279, 0)}, OtherTime, WhyBefore},
		{"about the week after", statement.Statement{Kind: statement.Assertion,
			About: &moment.Interval{From: at(t, "2014-12-27"), Until: at(t, "2014-12-28")}, Proposition: single("origin", 131279, 0)}, OtherTime, WhyOutside},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := Of(night(t), []statement.Statement{c.s})[0]
			if b.Standing != c.stand || b.Why != c.why {
				t.Errorf("%s: %s; want %s: %s", b.Standing, b.Why, c.stand, c.why)
			}
		})
	}
}

// TestLevels: what lies outside the stretch may have broken too, whatever the level; that
// nothing was cut is contradicted at established alone.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name  string
		level proof.Level
		with  func(*finding.Cause)
		kind  string
		as    uint32
		stand Standing
		why   string
	}{
		{"established", proof.Established, func(*finding.Cause) {}, "transit-import", 6453, Neither, WhyBeyond},
		{"indicated", proof.Indicated, func(*finding.Cause) {}, "transit-import", 6453, Neither, WhyBeyond},
		{"that the watching broke off", proof.Established, func(*finding.Cause) {}, "observer", 0, Contradicted, WhyUnseen},
		{"the same, indicated", proof.Indicated, func(*finding.Cause) {}, "observer", 0, Neither, WhyOpen},
		{"that another stood in", proof.Established, func(*finding.Cause) {}, "replaced", 0, Contradicted, WhyUnseen},
		{"the same, and one did beside the cut", proof.Established, func(c *finding.Cause) { c.Beside = []finding.BesideCut{{Key: finding.BesideReplaced}} }, "replaced", 0, Neither, WhyOpen},
		{"not established", proof.NotEstablished, func(*finding.Cause) {}, "transit-import", 6453, Neither, WhyOpen},
		{"no cut", proof.Established, func(c *finding.Cause) { c.Rival = true }, "transit-import", 6453, Neither, WhyOpen},
		{"no stretch is named", proof.Established, func(c *finding.Cause) { c.Region = cause.Region{} }, "transit-import", 6453, Neither, WhyOpen},
		{"down, excluded, though the place is open", proof.NotEstablished, func(*finding.Cause) {}, "node", 4837, Contradicted, WhyExcluded},
	} {
		f := night(t)
		f.Cause[0].Level = c.level
		c.with(&f.Cause[0])
		s := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: c.kind, A: c.as, Wide: c.kind == "node"})}}}
		if b := Of(f, []statement.Statement{s})[0]; b.Standing != c.stand || b.Why != c.why {
			t.Errorf("%s: %s: %s; want %s: %s", c.name, b.Standing, b.Why, c.stand, c.why)
		}
	}
}

// TestWhatWasSeen: that the watching broke off is not contradicted if sessions were reset while
// the loss lasted, and an interval of a partial loss is no other interval.
func TestWhatWasSeen(t *testing.T) {
	observer := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: "observer"})}}}
	f := night(t)
	f.Watch.Blind = []finding.Blind{{Reason: finding.SessionDown, From: at(t, "2014-12-22T16:15:10Z"), Until: at(t, "2014-12-22T16:18Z")}}
	if b := Of(f, []statement.Statement{observer})[0]; b.Standing != Neither || b.Why != WhyOpen {
		t.Errorf("sessions were reset, and observer is %s: %s", b.Standing, b.Why)
	}
	f.Watch.Blind[0].From, f.Watch.Blind[0].Until = at(t, "2014-12-21T16:15:10Z"), at(t, "2014-12-21T16:18Z")
	if b := Of(f, []statement.Statement{observer})[0]; b.Standing != Contradicted {
		t.Errorf("they were reset the day before, and observer is %s: %s", b.Standing, b.Why)
	}
	// The loss was another time, and what the statement is about may hold both.
	for from, want := range map[string]Standing{"2014-12-21T16:00Z": Neither, "2014-12-21T16:17Z": Neither, "2014-12-21T16:18Z": Contradicted, "2014-12-22T16:00Z": Contradicted} {
		observer.About = &moment.Interval{From: at(t, from), Until: at(t, "2014-12-23T01:46Z")}
		if b := Of(f, []statement.Statement{observer})[0]; b.Standing != want {
			t.Errorf("of the time from %s on observer is %s: %s; want %s", from, b.Standing, b.Why, want)
		}
	}
	observer.About = nil
	down := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}
	origin := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: "origin", A: 131279})}}}
	for name, c := range map[string]struct {
		from, until string
		partial     bool
		answer      string
		places, out Standing
		why         string
	}{
		"the very interval of a partial loss":  {"2014-12-22T16:15:07Z", "2014-12-23T01:46:14Z", true, finding.AnswerPartial, Neither, Neither, WhyPartial},
		"an hour before it":                    {"2014-12-22T14:00:00Z", "2014-12-22T15:00:00Z", true, finding.AnswerPartial, OtherTime, Contradicted, WhyNone},
		"an hour after the outage":             {"2014-12-23T03:00:00Z", "2014-12-23T04:00:00Z", false, finding.AnswerOutage, OtherTime, Contradicted, WhyNone},
		"seconds in which the first lost it":   {"2014-12-22T16:14:00Z", "2014-12-22T16:15:05Z", false, finding.AnswerOutage, Neither, Neither, WhyBegun},
		"an hour in which nobody could see it": {"2014-12-21T13:00:00Z", "2014-12-21T14:00:00Z", false, finding.AnswerOutage, OtherTime, Neither, WhyNone},
	} {
		f := night(t)
		f.Answer = c.answer
		first := at(t, "2014-12-22T16:15:02Z")
		f.Outages[0].Onset.First, f.Outages[0].Partial, f.Outages[1].Partial = &first, c.partial, c.partial
		f.Watched = finding.Watched{Seconds: 36 * 3600, Of: 42 * 3600, Spans: []finding.Span{{From: at(t, "2014-12-21T18:00Z"), Until: &f.Question.Until}}}
		about := &moment.Interval{From: at(t, c.from), Until: at(t, c.until)}
		origin.About, down.About = about, about
		if b := Of(f, []statement.Statement{origin})[0]; b.Standing != c.places || b.Why != c.why {
			t.Errorf("%s: %s: %s; want %s: %s", name, b.Standing, b.Why, c.places, c.why)
		}
		if b := Of(f, []statement.Statement{down})[0]; b.Standing != c.out {
			t.Errorf("%s: an outage is %s: %s; want %s", name, b.Standing, b.Why, c.out)
		}
	}
	f = night(t)
	f.Outages, f.Cause, f.Answer, f.Subject.Origins = nil, nil, finding.AnswerStayed, []uint32{131279}
	f.Watched = finding.Watched{Seconds: 42 * 3600, Of: 42 * 3600, Spans: []finding.Span{{From: f.Question.From, Until: &f.Question.Until}}}
	f.Timeline = finding.Timeline{Height: 40, Steps: []finding.Step{{At: f.Question.From, Seen: 40}, {At: at(t, "2014-12-22T16:15Z"), Seen: 2, Unknown: 38}, {At: at(t, "2014-12-22T16:25Z"), Seen: 40}}}
	for name, c := range map[string]struct {
		from, until string
		want        Standing
	}{
		"while 38 of 40 are unknown": {"2014-12-22T16:15:00Z", "2014-12-22T16:25:00Z", Neither},
		"an hour later":              {"2014-12-22T17:15:00Z", "2014-12-22T17:25:00Z", Contradicted},
	} {
		origin.About = &moment.Interval{From: at(t, c.from), Until: at(t, c.until)}
		if b := Of(f, []statement.Statement{origin})[0]; b.Standing != c.want {
			t.Errorf("%s: %s: %s; want %s", name, b.Standing, b.Why, c.want)
		}
	}
}

func TestWithoutOutage(t *testing.T) {
	f := night(t)
	f.Outages, f.Cause, f.Answer = nil, nil, finding.AnswerStayed
	s := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}}
	if b := Of(f, []statement.Statement{s})[0]; b.Standing != Contradicted || b.Why != WhyStayed {
		t.Errorf("routes stayed, and an outage asserted is %s: %s", b.Standing, b.Why)
	}
	// That the subject's routes stayed speaks of its own origins alone.
	const own = 131279
	f.Subject.Origins = []uint32{own}
	for _, c := range []struct {
		b    statement.Break
		want Standing
	}{
		{statement.Break{Kind: "origin", A: own}, Contradicted},
		{statement.Break{Kind: "node", A: own, Wide: true}, Contradicted},
		{statement.Break{Kind: "node", A: 4242, Wide: true}, Neither},
		{statement.Break{Kind: "adjacency", A: 4837, B: uint32(own)}, Neither},
		{statement.Break{Kind: "observer"}, Neither},
	} {
		about := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(c.b)}}}
		if b := Of(f, []statement.Statement{about})[0]; b.Standing != c.want || (b.Why != WhyStayed) == (c.want == Contradicted) {
			t.Errorf("routes stayed, and %s of AS%d is %s: %s; want %s", c.b.Kind, c.b.A, b.Standing, b.Why, c.want)
		}
	}
	// Beside losses below the rules that routes were lost is not refuted, and that the origin
	// stopped is; where it is not known whether they stayed nothing is.
	origin := statement.Statement{Kind: statement.Assertion, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: "origin", A: own})}}}
	is := func(what string, s statement.Statement, stand Standing, why string) {
		t.Helper()
		if b := Of(f, []statement.Statement{s})[0]; b.Standing != stand || b.Why != why {
			t.Errorf("%s: %s, %s; want %s, %s", what, b.Standing, b.Why, stand, why)
		}
	}
	f.Below = &finding.Below{Losses: 19, Most: 19, Of: 40, Short: finding.Short{Losses: 1, Seconds: 50, Longest: 50}}
	is("short losses, and an outage asserted", s, Neither, WhyShort)
	is("short losses, and that the origin stopped", origin, Contradicted, WhyStayed)
	f.Below = &finding.Below{Unshown: []finding.Unshown{{From: f.Question.From + 60*moment.Second, Until: f.Question.From + 90*moment.Second, Why: finding.UnshownLeft}}, UnshownOf: 1}
	is("a time in which it is not known", origin, Neither, WhyUndecided)
	f.Below.Unshown[0].From, f.Below.Unshown[0].Until = f.Question.Until+60*moment.Second, f.Question.Until+90*moment.Second
	is("such a time outside of what is spoken of", origin, Contradicted, WhyStayed)
	f.Below = nil
	steps, height := f.Timeline.Steps, f.Timeline.Height
	lacked := func(gone, unknown int) {
		f.Timeline.Height = 40
		f.Timeline.Steps = []finding.Step{{At: f.Question.From, Seen: 40}, {At: f.Question.From + 120*moment.Second, Seen: 40 - gone - unknown, Gone: gone, Unknown: unknown}, {At: f.Question.Until - moment.Second, Seen: 40}}
	}
	lacked(40, 0)
	is("all gone for less long than counts, all of them watching", origin, Neither, WhyLacked)
	lacked(3, 0)
	is("a few were without it, all of them watching", origin, Neither, WhyLacked)
	lacked(2, 0)
	is("one in twenty was without it", origin, Contradicted, WhyStayed)
	lacked(0, 10)
	is("of a fourth it is not known", origin, Neither, WhyUnknown)
	f.Timeline.Steps, f.Timeline.Height = steps, height
	f.Answer = finding.AnswerOthers
	is("the routes of another ended", s, Neither, WhyNone)
	f.Answer = finding.AnswerUndecided
	is("not known, and that the origin stopped", origin, Neither, WhyUndecided)
	is("not known, and an outage asserted", s, Neither, WhyUndecided)
	f.Below = nil
	f.Answer = finding.AnswerNoClaim
	if b := Of(f, []statement.Statement{s})[0]; b.Standing != Neither || b.Why != WhyNoClaim {
		t.Errorf("nobody could tell, and an outage asserted is %s: %s", b.Standing, b.Why)
	}
}

// TestDoubtBesideOutage: of a time outside the outage in which it is not known whether the routes
// stayed it is not said that no outage was measured.
func TestDoubtBesideOutage(t *testing.T) {
	f := night(t)
	last := f.Outages[0].Until
	for _, o := range f.Outages {
		if last == nil || o.Until == nil {
			t.Fatal("an outage of the night is open")
		}
		if *o.Until > *last {
			last = o.Until
		}
	}
	from := *last + 600*moment.Second
	f.Question.Until = from + 3600*moment.Second
	about := &moment.Interval{From: from, Until: from + 300*moment.Second}
	s := statement.Statement{Kind: statement.Assertion, About: about, Proposition: statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: "origin", A: 131279})}}}
	is := func(stand Standing, why string) {
		t.Helper()
		if b := Of(f, []statement.Statement{s})[0]; b.Standing != stand || b.Why != why {
			t.Errorf("%s, %s; want %s, %s", b.Standing, b.Why, stand, why)
		}
	}
	is(OtherTime, WhyNone)
	f.Below = &finding.Below{Unshown: []finding.Unshown{{From: from + 60*moment.Second, Until: from + 90*moment.Second, Why: finding.UnshownUnlisted, Doubt: true}}, UnshownOf: 1}
	is(Neither, WhyUndecided)
	s.About = &moment.Interval{From: from + 90*moment.Second, Until: from + 300*moment.Second}
	is(OtherTime, WhyNone)
}

// TestOneText: what places are called in findings and reports is what a statement
// is read from, and comes back as the same place.
func TestOneText(t *testing.T) {
	kinds := 0
	for k := place.Origin; k <= place.Renumbered; k++ {
		b := place.Break{Kind: k}
		switch k {
		case place.Observer, place.Replaced, place.Renumbered:
		case place.Adjacency:
			b.A, b.B = 4837, 131279
		case place.Export:
			b.A, b.S = 4837, []uint32{174, 701}
		default:
			b.A = 4837
		}
		for _, wide := range []bool{false, true} {
			if b.Wide = wide; b.A == 0 && wide || k == place.Node && !wide {
				continue // there is no such break
			}
			kinds++
			h := place.Hypothesis{Parts: [][]place.Break{{b, {Kind: place.Origin, A: 1}}, {{Kind: place.TransitImport, A: 2}}}}
			s, err := statement.ParseHypothesis(h.String())
			if err != nil {
				t.Errorf("%s: %v", h, err)
				continue
			}
			if s.String() != h.String() || !Named(s).Same(h) {
				t.Errorf("%s is read as %s, which is %s", h, s, Named(s))
			}
		}
	}
	if kinds < 14 {
		t.Errorf("only %d breaks were looked at", kinds)
	}
}
