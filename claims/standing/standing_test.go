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
		{"another network is blamed", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("transit-import", 6453, 0)}, Contradicted, WhyBeyond},
		{"it denies", statement.Statement{Kind: statement.Denial, About: theNight, Proposition: single("transit-import", 6453, 0)}, Supported, WhyBeyond},
		{"another link is blamed", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: single("adjacency", 1239, 3356)}, Contradicted, WhyBeyond},
		{"two others are blamed together", statement.Statement{Kind: statement.Assertion, About: theNight, Proposition: together(6453, 174)}, Contradicted, WhyBeyond},
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

// TestLevels: outside the stretch a statement is contradicted as far as
// the verdict goes, and not at all without one.
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
		{"established", proof.Established, func(*finding.Cause) {}, "transit-import", 6453, Contradicted, WhyBeyond},
		{"indicated", proof.Indicated, func(*finding.Cause) {}, "transit-import", 6453, Neither, WhyBeyond},
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
	f.Answer = finding.AnswerUndecided
	is("not known, and that the origin stopped", origin, Neither, WhyUndecided)
	is("not known, and an outage asserted", s, Neither, WhyUndecided)
	f.Below = nil
	f.Answer = finding.AnswerNoClaim
	if b := Of(f, []statement.Statement{s})[0]; b.Standing != Neither || b.Why != WhyNoClaim {
		t.Errorf("nobody could tell, and an outage asserted is %s: %s", b.Standing, b.Why)
	}
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
