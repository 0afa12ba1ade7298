package export

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"constat/claims/statement"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
)

func at(t testing.TB, s string) moment.Time {
	t.Helper()
	v, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const (
	madeSHA     = "6b3a0e2f6b3a0e2f6b3a0e2f6b3a0e2f6b3a0e2f6b3a0e2f6b3a0e2f6b3a0e2f"
	madeFinding = "0f1e2d3c0f1e2d3c0f1e2d3c0f1e2d3c0f1e2d3c0f1e2d3c0f1e2d3c0f1e2d3c"
)

// night is a small made finding: one origin behind one provider, gone for nine
// hours, a class of four places, the provider as a whole excluded.
func night(t testing.TB) *finding.Findings {
	from, until := at(t, "2014-12-22T16:15:07Z"), at(t, "2014-12-23T01:46:14Z")
	seconds := int64((until - from) / moment.Second)
	onset := finding.Moments{First: &from, Median: &from, Last: &from}
	back := finding.Moments{First: &until, Median: &until, Last: &until}
	class := []place.Hypothesis{
		place.Single(place.Break{Kind: place.Origin, A: 131279}),
		place.Single(place.Break{Kind: place.Adjacency, A: 4837, B: 131279}),
		place.Single(place.Break{Kind: place.TransitImport, A: 4837}),
		place.Single(place.Break{Kind: place.TransitExport, A: 4837}),
	}
	var hs []finding.Hypothesis
	for _, h := range class {
		hs = append(hs, finding.Hypothesis{Hypothesis: h, Crossing: 3})
	}
	hs = append(hs, finding.Hypothesis{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 4837, Wide: true}), Excluded: true, By: "controls-survive",
		ControlsSurvive: []string{"198.51.100.0/24"}})
	zero, author := 0, finding.Proposition{Key: finding.PropAuthor, Level: proof.NotEstablished}
	first := at(t, "2014-12-22T16:00Z")
	f := &finding.Findings{
		Format:   finding.Format,
		Question: finding.Question{Subject: "KP", From: at(t, "2014-12-21T12:00Z"), Until: at(t, "2014-12-23T06:00Z")},
		Subject: finding.Subject{Name: "KP", Kind: "country", Origins: []uint32{131279},
			Prefixes: []finding.Prefix{
				{Prefix: netip.MustParsePrefix("175.45.176.0/24"), Origins: []uint32{131279}, Carriers: 3, Reasons: []finding.OnList{finding.NewOnList("delegated")}},
				{Prefix: netip.MustParsePrefix("2001:db8::/32"), Origins: []uint32{131279}, Carriers: 3, Reasons: []finding.OnList{finding.NewOnList("delegated")}},
			},
			Reasons:  []finding.Reason{finding.NewReason("AS131279", "delegated to KP")},
			Networks: map[string]string{"131279": "Star JV", "4837": "China Unicom"}, NamesOf: "names of 2014-12-20"},
		Answer: finding.AnswerOutage,
		Watch: finding.Watch{Collectors: []string{"rrc00"}, Peers: 3, Files: 1, Records: 12345,
			Blind: []finding.Blind{{Collector: "rrc00", From: first, Until: first + 300*moment.Second, Reason: finding.MissingFile}},
			Sources: []finding.Source{{Name: "updates.20141222.1600.gz", Collector: "rrc00", SHA256: madeSHA, Size: 4096, Kind: "updates", Records: 12345,
				First: &first, Last: &until}}},
		Outages: []finding.Outage{
			{Scope: "subject", Name: "KP", From: from, Until: &until, Onset: onset, Recovery: &back, DurationS: &seconds, Total: []finding.Span{{From: from, Until: &until}},
				Lost: finding.Lost{Prefixes: 2, Of: 2, V4: 256, V6: 65536}, Witnesses: finding.Witnesses{Carried: 3, Lost: 3, ASes: 3}},
			{Scope: "origin", Name: "AS131279", From: from, Until: &until, Onset: onset, Recovery: &back, DurationS: &seconds, Total: []finding.Span{{From: from, Until: &until}},
				Lost: finding.Lost{Prefixes: 2, Of: 2, V4: 256, V6: 65536}, Witnesses: finding.Witnesses{Carried: 3, Lost: 3, ASes: 3}},
		},
		Cause: []finding.Cause{{Outage: 1, Origin: 131279, At: from, Level: proof.Established, Total: true, Class: class, Hypotheses: hs,
			Region: cause.Region{Networks: []uint32{131279, 4837}, Sessions: []place.Session{{Near: 131279, Far: 4837}, {Near: 4837, Far: 1239}, {Near: 4837, Far: 3356}}},
			Acts:   []cause.Acts{{By: "networks", AtLeast: 3, Found: 3, Who: []uint32{1239, 3356, 6939}}, {By: "countries", AtLeast: 2}}, Noise: 1,
			Vantages: 3, Lost: 3, FactWitnesses: 3, PlaceWitnesses: 3}},
		Verdict: finding.Verdict{Standard: finding.Standard{Name: "clear", SHA256: madeSHA}, Propositions: []finding.Proposition{
			{Key: finding.PropOutage, Level: proof.Established, Cause: &zero, Origin: 131279},
			{Key: finding.PropPlace, Level: proof.Established, Cause: &zero, Class: class, Origin: 131279},
			{Key: finding.PropMember, Level: proof.NotEstablished, Cause: &zero, Class: class},
			{Key: finding.PropNode, Level: proof.Excluded, Cause: &zero, Network: 4837},
			author,
		}},
	}
	for i := range 3 {
		f.Strip = append(f.Strip, finding.Row{Collector: "rrc00", Peer: netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 1)}), AS: uint32(3333 + i), Routes: 2, Exact: true,
			Runs: []finding.Run{{At: f.Question.From, State: finding.Seen, Held: 2}, {At: from, State: finding.Gone}, {At: until, State: finding.Seen, Held: 2}}})
	}
	return f
}

// undecided is the same night where nothing could be placed.
func undecided(t testing.TB) *finding.Findings {
	f := night(t)
	c := &f.Cause[0]
	c.Level, c.Class, c.Region, c.Acts, c.Reasons = proof.NotEstablished, nil, cause.Region{}, nil, []string{"too few independent witnesses of the place"}
	f.Verdict.Propositions = f.Verdict.Propositions[:1]
	f.Verdict.Propositions = append(f.Verdict.Propositions, finding.Proposition{Key: finding.PropPlace, Level: proof.NotEstablished, Cause: f.Verdict.Propositions[0].Cause, Origin: 131279},
		finding.Proposition{Key: finding.PropAuthor, Level: proof.NotEstablished})
	return f
}

// said are statements of every standing.
func said(t testing.TB) []statement.Statement {
	about := &moment.Interval{From: at(t, "2014-12-22T16:15Z"), Until: at(t, "2014-12-23T01:46Z")}
	day := func(s string) moment.Interval {
		from := at(t, s)
		return moment.Interval{From: from, Until: from + 24*3600*moment.Second}
	}
	single := func(kind string, a, b uint32) statement.Proposition {
		return statement.Proposition{Class: []statement.Hypothesis{statement.Single(statement.Break{Kind: kind, A: a, B: b, Wide: kind == "node"})}}
	}
	published := day("2014-12-23T16:00:00Z") // a day in Beijing
	learned := published.Until
	ss := []statement.Statement{
		{ID: "ministry-denial", Speaker: statement.Speaker{As: "the spokeswoman", Name: "Jane Example", For: "Foreign Ministry of Exampleland", Role: statement.Official},
			Outlets: []string{"Evening Paper", "Example Agency"}, Record: statement.OnRecord, Kind: statement.Denial, Lang: "en", Words: "We did not cut it.",
			Gist: "Exampleland did not cut the link", About: about, Proposition: single("adjacency", 4837, 131279), Grade: statement.Grade{Source: "B", Information: "3"}},
		{ID: "reports-outage", Speaker: statement.Speaker{As: "the agency", Role: statement.Outlet}, Outlets: []string{"Example Agency"}, Kind: statement.Assertion,
			Lang: "fr", Words: "Le pays est coupé du réseau.", About: about, Proposition: statement.Proposition{Act: &statement.Act{What: "outage"}}},
		{ID: "carrier-down", Speaker: statement.Speaker{As: "an expert", Role: statement.Expert, For: "Example Labs"}, Record: statement.OnRecord, Kind: statement.Assertion,
			Lang: "en", Words: "The carrier was down <script>alert(1)</script> | see [here](https://evil.example) @all #1 `x`", About: about, Proposition: single("node", 4837, 0)},
		{ID: "asks-block", Speaker: statement.Speaker{As: "officials", Role: statement.AnonymousOfficial}, Record: statement.OffRecord, Kind: statement.Request, Lang: "en",
			Words: "Please block them.", Proposition: statement.Proposition{Act: &statement.Act{What: "block"}}},
		{ID: "week-after", Speaker: statement.Speaker{As: "a staff member", Role: statement.Staff}, Kind: statement.Assertion, Lang: "en", Words: "It was overload.",
			About: &moment.Interval{From: at(t, "2014-12-27"), Until: at(t, "2014-12-28")}, Proposition: single("origin", 131279, 0), Repeats: "reports-outage"},
	}
	for i := range ss {
		s := &ss[i]
		s.Published, s.Learned, s.Form = published, learned, statement.Direct
		s.Document = statement.Document{Name: "evening.txt", SHA256: madeSHA}
		if s.Record == "" {
			s.Record = statement.RecordUnknown
		}
		if s.Grade == (statement.Grade{}) {
			s.Grade = statement.Ungraded
		}
		s.Accepted = &statement.Accepted{By: "A. Person", At: learned}
	}
	return ss
}

// madeCase is a logged case of the night with all of these statements.
func madeCase(t testing.TB, f *finding.Findings) *Case {
	c := &Case{Name: "night", Log: "constat.example/case/0011", Entries: 7, Title: "A night in December", Question: "Who pulled the plug?", Examiner: "examiner.example",
		Opened: at(t, "2015-01-05T09:00Z"), Published: at(t, "2015-01-09T17:00Z"), Dated: true, Standard: f.Verdict.Standard,
		Examinations: []Examination{{Folder: "night/acts/00002-examined/kp", Inside: "acts/00002-examined/kp", SHA256: madeFinding, At: at(t, "2015-01-06T09:00Z"), Findings: f,
			Exhibits: []report.Exhibit{{Name: "rrc00.updates.mrt", Records: 12, SHA256: madeSHA}}}}}
	for _, s := range said(t) {
		c.Statements = append(c.Statements, Statement{s, 4, at(t, "2015-01-07T10:00Z")})
	}
	return c
}

// Random findings and cases: anything that the types can hold, so also what no
// examination would give.

var anyText = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "KP", "AS131279", "rrc00", "175.45.176.0/24", "a|b", "```", "</script>", "\x00\xff", "# x\n- y", "é « »",
	strings.Repeat("x", 5000), madeSHA, "1. a", "http://x.example", "**", "\u202e\u2028"}))

var anyTime = rapid.Custom(func(t *rapid.T) moment.Time {
	return moment.Time(rapid.OneOf(rapid.Int64Range(1_400_000_000_000_000, 1_500_000_000_000_000), rapid.SampledFrom([]int64{0, -1, 1, 1 << 61, -(1 << 61)})).Draw(t, "time"))
})

func maybe[T any](t *rapid.T, g *rapid.Generator[T], name string) *T {
	if rapid.Bool().Draw(t, name+"?") {
		v := g.Draw(t, name)
		return &v
	}
	return nil
}

var anyBreak = rapid.Custom(func(t *rapid.T) place.Break {
	return place.Break{Kind: place.Kind(rapid.IntRange(0, int(place.Renumbered)).Draw(t, "kind")), A: rapid.SampledFrom([]uint32{0, 1, 4837, 131279, 4294967295}).Draw(t, "a"),
		B: rapid.SampledFrom([]uint32{0, 131279}).Draw(t, "b"), Wide: rapid.Bool().Draw(t, "wide")}
})

var anyHypothesis = rapid.Custom(func(t *rapid.T) place.Hypothesis {
	return place.Hypothesis{Parts: rapid.SliceOfN(rapid.SliceOfN(anyBreak, 1, 2), 1, 2).Draw(t, "parts")}
})

var anySession = rapid.Custom(func(t *rapid.T) place.Session {
	return place.Session{Near: anyAS.Draw(t, "near"), Far: anyAS.Draw(t, "far")}
})

var anyStoodIn = rapid.Custom(func(t *rapid.T) finding.BesideCut {
	return finding.BesideCut{Key: rapid.SampledFrom([]string{finding.BesideReplaced, finding.BesideBegan, "x"}).Draw(t, "key"),
		Prefixes: rapid.SliceOfN(anyText, 0, 5).Draw(t, "stood")}
})

var anyLevel = rapid.SampledFrom([]proof.Level{proof.NotEstablished, proof.Indicated, proof.Established, proof.Excluded})

var anyPrefix = rapid.Custom(func(t *rapid.T) netip.Prefix {
	return rapid.SampledFrom([]netip.Prefix{{}, netip.MustParsePrefix("175.45.176.0/24"), netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("::/0"), netip.PrefixFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 128), netip.MustParsePrefix("192.0.2.1/32")}).Draw(t, "prefix")
})

var anyAS = rapid.SampledFrom([]uint32{0, 1, 131279, 4837, 4294967295})

var anyMoments = rapid.Custom(func(t *rapid.T) finding.Moments {
	return finding.Moments{First: maybe(t, anyTime, "first"), Median: maybe(t, anyTime, "median"), Last: maybe(t, anyTime, "last")}
})

var anyOutage = rapid.Custom(func(t *rapid.T) finding.Outage {
	return finding.Outage{Scope: rapid.SampledFrom([]string{"subject", "origin", "prefix", "else"}).Draw(t, "scope"), Name: anyText.Draw(t, "name"), From: anyTime.Draw(t, "from"),
		Until: maybe(t, anyTime, "until"), Onset: anyMoments.Draw(t, "onset"), Recovery: maybe(t, anyMoments, "recovery"), Censored: maybe(t, anyText, "censored"),
		DurationS: maybe(t, rapid.Int64Range(-10, 1<<40), "duration"),
		Lost:      finding.Lost{Prefixes: rapid.IntRange(0, 3).Draw(t, "lost"), Of: rapid.IntRange(0, 3).Draw(t, "of")},
		Witnesses: finding.Witnesses{Carried: rapid.SampledFrom([]int{-1, 0, 3, 1 << 40}).Draw(t, "carried"), Lost: rapid.IntRange(0, 3).Draw(t, "witnesses")}}
})

func anyFindings(t *rapid.T) *finding.Findings {
	f := &finding.Findings{Format: finding.Format,
		Question: finding.Question{Subject: anyText.Draw(t, "asked"), From: anyTime.Draw(t, "from"), Until: anyTime.Draw(t, "until")},
		Subject: finding.Subject{Name: anyText.Draw(t, "subject"), Kind: rapid.SampledFrom([]string{"as", "prefix", "country", "file", ""}).Draw(t, "kind"),
			Origins: rapid.SliceOfN(anyAS, 0, 3).Draw(t, "origins"), NamesOf: anyText.Draw(t, "names of"), Networks: map[string]string{"4837": anyText.Draw(t, "network"), "131279": "Star JV"}},
		Answer: rapid.SampledFrom([]string{finding.AnswerOutage, finding.AnswerStayed, finding.AnswerNoClaim, finding.AnswerNobodyWatching, "?"}).Draw(t, "answer"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "prefixes") {
		f.Subject.Prefixes = append(f.Subject.Prefixes, finding.Prefix{Prefix: anyPrefix.Draw(t, "prefix"), Origins: rapid.SliceOfN(anyAS, 0, 2).Draw(t, "seen"), Carriers: rapid.IntRange(0, 3).Draw(t, "carriers"),
			Reasons: []finding.OnList{finding.NewOnList(anyText.Draw(t, "reason"))}})
	}
	f.Outages = rapid.SliceOfN(anyOutage, 0, 4).Draw(t, "outages")
	for range rapid.IntRange(0, 2).Draw(t, "causes") {
		c := finding.Cause{Outage: rapid.IntRange(0, 3).Draw(t, "outage"), Origin: anyAS.Draw(t, "origin"), At: anyTime.Draw(t, "at"), Level: anyLevel.Draw(t, "level"), Rival: rapid.Bool().Draw(t, "rival"),
			Class: rapid.SliceOfN(anyHypothesis, 0, 3).Draw(t, "class"), Region: cause.Region{Networks: rapid.SliceOfN(rapid.Uint32(), 0, 3).Draw(t, "region"), Sessions: rapid.SliceOfN(anySession, 0, 4).Draw(t, "sessions")},
			Acts:  []cause.Acts{{By: rapid.SampledFrom([]string{"networks", "countries", "rule", "x"}).Draw(t, "by"), AtLeast: rapid.IntRange(0, 4).Draw(t, "least"), Found: rapid.IntRange(0, 4).Draw(t, "found"), Who: rapid.SliceOfN(rapid.Uint32(), 0, 6).Draw(t, "who"), In: rapid.SliceOfN(anyText, 0, 3).Draw(t, "in")}},
			Noise: rapid.IntRange(0, 3).Draw(t, "noise"), Beside: rapid.SliceOfN(anyStoodIn, 0, 2).Draw(t, "beside"),
			Reasons: rapid.SliceOfN(anyText, 0, 2).Draw(t, "reasons")}
		if c.Outage >= len(f.Outages) {
			if len(f.Outages) == 0 {
				continue // findings point at outages that are there: examine promises it, and finding relies on it
			}
			c.Outage = 0
		}
		for range rapid.IntRange(0, 3).Draw(t, "hypotheses") {
			c.Hypotheses = append(c.Hypotheses, finding.Hypothesis{Hypothesis: anyHypothesis.Draw(t, "hypothesis"), Excluded: rapid.Bool().Draw(t, "excluded"),
				By: anyText.Draw(t, "by"), ControlsSurvive: rapid.SliceOfN(anyText, 0, 3).Draw(t, "survive")})
		}
		f.Cause = append(f.Cause, c)
	}
	f.Verdict.Standard = finding.Standard{Name: anyText.Draw(t, "standard"), SHA256: anyText.Draw(t, "hash")}
	for range rapid.IntRange(0, 4).Draw(t, "propositions") {
		p := finding.Proposition{Key: rapid.SampledFrom([]string{"outage", "total", "place", "node", "elsewhere", "member", "observer", "replaced", "renumbered", "author", "?"}).Draw(t, "key"),
			Level: anyLevel.Draw(t, "level"), Class: rapid.SliceOfN(anyHypothesis, 0, 2).Draw(t, "class"), Other: rapid.SliceOfN(anyText, 0, 3).Draw(t, "args"), Origin: anyAS.Draw(t, "of")}
		if len(f.Cause) > 0 {
			p.Cause = maybe(t, rapid.IntRange(0, len(f.Cause)-1), "cause")
		}
		f.Verdict.Propositions = append(f.Verdict.Propositions, p)
	}
	for range rapid.IntRange(0, 3).Draw(t, "notes") {
		f.Notes = append(f.Notes, finding.Note{Key: rapid.SampledFrom([]string{"reconstruction", "one collector", "?"}).Draw(t, "note"), Other: rapid.SliceOfN(anyText, 0, 2).Draw(t, "args")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "sources") {
		f.Watch.Sources = append(f.Watch.Sources, finding.Source{Name: anyText.Draw(t, "source"), Collector: anyText.Draw(t, "collector"), SHA256: anyText.Draw(t, "sha"), Kind: "rib"})
	}
	for range rapid.IntRange(0, 2).Draw(t, "blind") {
		f.Watch.Blind = append(f.Watch.Blind, finding.Blind{Collector: anyText.Draw(t, "blind"), From: anyTime.Draw(t, "from"), Until: anyTime.Draw(t, "until"), Reason: anyText.Draw(t, "why")})
	}
	return f
}

func anyStatement(t *rapid.T, n int) statement.Statement {
	interval := rapid.Custom(func(t *rapid.T) moment.Interval {
		from := anyTime.Draw(t, "from")
		return moment.Interval{From: from, Until: from + moment.Time(rapid.SampledFrom([]int64{0, 1, 24 * 3600}).Draw(t, "length"))*moment.Second}
	})
	s := statement.Statement{ID: fmt.Sprintf("s%d", n), Speaker: statement.Speaker{As: anyText.Draw(t, "as"), Name: anyText.Draw(t, "name"), For: anyText.Draw(t, "for"),
		Role: rapid.SampledFrom(append(statement.Roles, "?")).Draw(t, "role")}, Outlets: rapid.SliceOfN(anyText, 0, 2).Draw(t, "outlets"),
		Record: rapid.SampledFrom(statement.Records).Draw(t, "record"), Said: maybe(t, interval, "said"), Published: interval.Draw(t, "published"), About: maybe(t, interval, "about"),
		Kind: rapid.SampledFrom(statement.Kinds).Draw(t, "kind"), Lang: anyText.Draw(t, "lang"), Words: anyText.Draw(t, "words"), Gist: anyText.Draw(t, "gist"),
		Document: statement.Document{Name: anyText.Draw(t, "document"), SHA256: anyText.Draw(t, "sha")}, Grade: statement.Grade{Source: anyText.Draw(t, "grade"), Information: "2"}}
	switch rapid.IntRange(0, 2).Draw(t, "proposition") {
	case 0:
		s.Proposition.Act = &statement.Act{What: rapid.SampledFrom([]string{"outage", "cut"}).Draw(t, "act")}
	case 1:
		s.Proposition.Class = []statement.Hypothesis{statement.Single(statement.Break{Kind: "origin", A: 131279})}
	}
	return s
}

func anyCase(t *rapid.T) *Case {
	c := &Case{Name: anyText.Draw(t, "folder"), Log: anyText.Draw(t, "log"), Title: anyText.Draw(t, "title"), Question: anyText.Draw(t, "question"), Examiner: anyText.Draw(t, "examiner"),
		Opened: anyTime.Draw(t, "opened"), Published: anyTime.Draw(t, "published"), Dated: rapid.Bool().Draw(t, "dated")}
	for range rapid.IntRange(1, 2).Draw(t, "examinations") {
		c.Examinations = append(c.Examinations, Examination{Folder: anyText.Draw(t, "folder"), SHA256: anyText.Draw(t, "sha"), At: anyTime.Draw(t, "at"), Findings: anyFindings(t)})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "statements") {
		c.Statements = append(c.Statements, Statement{anyStatement(t, i), 3, anyTime.Draw(t, "at")})
	}
	return c
}
