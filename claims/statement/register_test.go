package statement

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"constat/moment"
)

func at(t testing.TB, s string) moment.Time {
	t.Helper()
	v, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func span(t testing.TB, s string) moment.Interval {
	t.Helper()
	i, err := parseInterval(s)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// story is December 2014 as a register: what officials, a ministry, an unnamed
// member of staff and North Korea are known to have said. The words are the
// gist in this project's own words, not quotations of anybody.
func story(t testing.TB) []Statement {
	doc := Document{"notes.txt", strings.Repeat("ab", 32)}
	acc := &Accepted{"examiner", at(t, "2015-01-10")}
	s := func(id, as, for_ string, role Role, kind Kind, said, published, words string, set func(*Statement)) Statement {
		iv := span(t, said)
		x := Statement{
			ID: id, Speaker: Speaker{As: as, For: for_, Role: role}, Record: OnRecord,
			Said: &iv, Published: span(t, published), Learned: at(t, "2015-01-05"),
			Kind: kind, Form: Direct, Lang: "en", Words: words, Document: doc, Grade: Ungraded, Accepted: acc,
		}
		if role == AnonymousOfficial || role == Staff {
			x.Record = OffRecord
		}
		if set != nil {
			set(&x)
		}
		return x
	}
	cut := &Act{What: "cut", By: "China", On: "North Korea"}
	night := span(t, "2014-12-22T16:15/2014-12-23T01:46")
	overload := "the equipment could not take the load on Monday and the connection broke down"
	return []Statement{
		s("cn-cut-denied", "spokeswoman", "Chinese foreign ministry", Official, Denial, "2014-12-23/2014-12-24", "2014-12-23/2014-12-24",
			"such reports are irresponsible", func(x *Statement) {
				x.Proposition = Proposition{Text: "China did not cut the link", Act: cut}
				x.About = &night
			}),
		s("cn-no-proof", "spokeswoman", "Chinese foreign ministry", Official, Denial, "2014-12-22/2014-12-23", "2014-12-22/2014-12-24",
			"there is no proof of who attacked the studio", func(x *Statement) {
				x.Proposition = Proposition{Act: &Act{"attack", "North Korea", "Sony Pictures"}}
			}),
		s("kp-accuses", "National Defence Commission", "North Korea", Official, Assertion, "2014-12-27/2014-12-28", "2014-12-27/2014-12-28",
			"the United States brought our networks down", func(x *Statement) {
				x.Proposition = Proposition{Act: &Act{"cut", "United States", "North Korea"}}
			}),
		s("paper-relabels", "an unnamed Chinese official", "", AnonymousOfficial, Assertion, "2014-12-22/2014-12-23", "2014-12-24/2014-12-25",
			"on Monday the equipment could not take the load and the connection broke", func(x *Statement) {
				x.Outlets = []string{"another paper", "Xinhua"}
			}),
		s("us-asks", "officials", "United States", AnonymousOfficial, Request, "2014-12-18/2014-12-19", "2014-12-20/2014-12-21",
			"block their access to routers and servers in China", func(x *Statement) {
				x.Proposition = Proposition{Act: &Act{"block", "China", "North Korea"}}
			}),
		s("us-cut-by-china", "an official", "United States", AnonymousOfficial, Assertion, "2014-12-23/2014-12-24", "2014-12-23/2014-12-24",
			"the Chinese pulled the plug", func(x *Statement) {
				x.Proposition = Proposition{Act: &Act{"Cut", "china", "North  Korea"}, Class: []Hypothesis{Single(Break{Kind: "adjacency", A: 4837, B: 131279})}}
			}),
		s("xinhua-overload", "a staff member", "", Staff, Assertion, "2014-12-22/2014-12-23", "2014-12-23/2014-12-24",
			overload, func(x *Statement) {
				x.Outlets = []string{"Xinhua"}
				x.Note = "said on Monday in Beijing, before all networks were gone"
			}),
	}
}

func TestRoundTrips(t *testing.T) {
	r := &Register{Format: Format, Statements: story(t)}
	s := &r.Statements[0]
	s.Words = " two lines,\n\tone “indented” "
	s.Read = &ReadFrom{Reader: "x/1", Words: []Span{{3, 9}, {12, 14}}, Speaker: []Span{{0, 2}}, Cue: []Span{}}
	s.Repeats = "cn-no-proof"
	s.Kind, s.Negative = Assertion, true
	s.Proposition.Class = []Hypothesis{
		Single(Break{Kind: "observer"}),
		{[][]Break{{{Kind: "export", A: 4837, S: []uint32{174, 701}}, {Kind: "node", A: 7, Wide: true}}, {{Kind: "adjacency", A: 1, B: 2, Wide: true}}}},
	}
	a, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(a)
	if err != nil {
		t.Fatal(err)
	}
	b, err := back.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("JSON read and written again differs:", cmp.Diff(string(a), string(b)))
	}
	text := Text(back.Statements)
	ss, err := ParseText(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	c, err := (&Register{Statements: ss}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, c) {
		t.Error("text form read back differs:", cmp.Diff(string(a), string(c)))
	}
	// The order in which statements were added leaves no trace.
	r.Statements[0], r.Statements[6] = r.Statements[6], r.Statements[0]
	if d, err := r.Encode(); err != nil || !bytes.Equal(a, d) {
		t.Error("another order gives other bytes:", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good, err := (&Register{Statements: story(t)}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"format": "constat-statements/1"`, `"format": "constat-statements/2"`, `format "constat-statements/2"`},
		{`"role": "staff"`, `"role": "janitor"`, "role: \"janitor\": want one of official"},
		{`"kind": "request"`, `"kind": "wish"`, "kind: \"wish\""},
		{`"record": "on"`, `"Record": "on"`, `unknown member "Record"`},
		{`"record": "on"`, `"record": "on", "record": "off"`, `member "record" is there twice`},
		{`"outlets": [],`, ``, `member "outlets" is missing`},
		{`"lang": "en"`, `"lang": "english text"`, "lang"},
		{`"source": "F"`, `"source": "G"`, "grade source"},
		{`"information": "6"`, `"information": "0"`, "grade information"},
		{`abababab`, `ABababab`, "sha256"},
		{`"id": "cn-no-proof"`, `"id": "cn-cut-denied"`, "is there twice"},
		{`"id": "cn-no-proof"`, `"id": "zz"`, "sorted by id"},
		{`"id": "cn-no-proof"`, `"id": "a b"`, "statement \"a b\": id"},
		{`"from": "2014-12-22T16:15:00Z"`, `"from": "2014-12-24T16:15:00Z"`, "about: interval"},
		{`"learned": "2015-01-05T00:00:00Z"`, `"learned": "2014-12-01T00:00:00Z"`, "nothing is learned before it is published"},
		{`"at": "2015-01-10T00:00:00Z"`, `"at": "2015-01-01T00:00:00Z"`, "accepted: at 2015-01-01"},
		{`"kind": "adjacency"`, `"kind": "sabotage"`, "no kind of break"},
		{`"b": 131279`, `"b": 0`, "second network is missing"},
		{`"words": "`, `"words": "\u202e`, "control character"},
		{`"accepted": {`, `"accepted": null, "x": {`, "unknown member"},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if bad == string(good) {
			t.Fatalf("%s is not in the register", c.old)
		}
		if _, err := Decode([]byte(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %q", c.new, err, c.want)
		}
	}
	for _, c := range []struct{ in, want string }{
		{"", "ends too early"}, {"{", "ends too early"}, {string(good) + "{}", "follows the end"}, {"[]", "a list where an object is expected"}, {"\x00", "invalid character"},
		{`{"format":"constat-statements/1","statements":null,"more":1}`, `unknown member "more"`},
		{strings.Repeat("[", 1000), "nested"},
	} {
		if _, err := Decode([]byte(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got %v; want %q", c.in, err, c.want)
		}
	}
	for _, c := range []struct {
		change func([]Statement)
		want   string
	}{
		{func(s []Statement) { s[0].Accepted = nil }, "nobody accepted it"},
		{func(s []Statement) { s[0].Repeats = "gone" }, "not in the register"},
		{func(s []Statement) { s[0].Repeats, s[1].Repeats, s[2].Repeats = s[1].ID, s[2].ID, s[1].ID }, "goes round"},
		{func(s []Statement) { s[0].Repeats = s[0].ID }, "names itself"},
		{func(s []Statement) { i := span(t, "2014-12-25/2014-12-26"); s[0].Said = &i }, "nothing is published before it is said"},
		{func(s []Statement) { s[0].Proposition.Class = []Hypothesis{{}} }, "without a break"},
		{func(s []Statement) { s[0].Outlets = []string{"a < b"} }, "separate outlets"},
	} {
		ss := story(t)
		c.change(ss)
		if _, err := (&Register{Statements: ss}).Encode(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %q", err, c.want)
		}
	}
}

func TestParseTextRefuses(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "line 1: nothing there"},
		{"statement a\n", "line 1: \"statement a\": the first line must be"},
		{Format + "\nrole: staff\n", "line 2: field \"role\" before"},
		{Format + "\nstatement a\nrolle: staff\n", "line 3: unknown field \"rolle\""},
		{Format + "\nstatement a\nrole: staff\nrole: staff\n", "line 4: field \"role\" is there twice, first in line 3"},
		{Format + "\nstatement a\nwords\n", "line 3: \"words\": want"},
		{Format + "\nstatement a\nsaid: monday\n", "line 3: said: \"monday\": want FROM/UNTIL"},
		{Format + "\nstatement a\nhypothesis: origin(AS0)\n", "line 3: hypothesis: "},
		{Format + "\nstatement a\ngrade: good\n", "line 3: grade: "},
		{Format + "\nstatement a\nwords at: 1\n", "line 3: words at: "},
	} {
		if _, err := ParseText([]byte(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v; want %q", c.in, err, c.want)
		}
	}
}

// TestHypothesisText holds that the text form is the one of the findings.
func TestHypothesisText(t *testing.T) {
	for _, s := range []string{
		"origin(AS131279)", "adjacency(AS4837, AS131279)", "adjacency(AS4837, AS131279) for everything", "export(AS4837, {AS174, AS701})",
		"transit-import(AS4837) or transit-export(AS4837)", "adjacency(AS1, AS3) or origin(AS3), and adjacency(AS2, AS3)", "observer", "node(AS9)",
	} {
		h, err := ParseHypothesis(s)
		if err != nil || h.String() != s {
			t.Errorf("%s: got %s, %v", s, h, err)
		}
	}
	for _, s := range []string{"", "origin", "origin(AS1, AS2)", "adjacency(AS1)", "export(AS1, {})", "observer(AS1)", "origin(AS1", "cut(AS1)", "origin(AS4294967296)", "adjacency(AS1, AS2, AS3)"} {
		if h, err := ParseHypothesis(s); err == nil {
			t.Errorf("%s: read as %v", s, h)
		}
	}
}

func TestStory(t *testing.T) {
	ss := story(t)
	if got, want := Contradictions(ss), []Contradiction{{Affirms: "us-cut-by-china", Denies: "cn-cut-denied"}}; !cmp.Equal(got, want) {
		t.Error("contradictions:", cmp.Diff(want, got))
	}
	got := Relabelled(ss)
	if len(got) != 1 || got[0].First != "xinhua-overload" || got[0].Later != "paper-relabels" || got[0].FirstAs != "a staff member" ||
		got[0].LaterRole != AnonymousOfficial || got[0].Linked || got[0].Alike < .7 {
		t.Errorf("relabelled: %+v", got)
	}
	// Unlinked, two unnamed sources may be two: no drift is claimed.
	if got := Drifts(ss); len(got) != 0 {
		t.Errorf("drifts without a link: %+v", got)
	}
	ss[3].Repeats = "xinhua-overload"
	d := Drifts(ss)
	if len(d) != 1 || !d[0].Linked || d[0].Alike < .5 || d[0].Alike >= 1 || !strings.Contains(strings.Join(d[0].Gone, " "), "down") {
		t.Errorf("drifts: %+v", d)
	}
	// Said of other intervals, nothing is contradicted.
	other := span(t, "2014-12-27/2014-12-28")
	ss[5].About = &other
	if got := Contradictions(ss); len(got) != 0 {
		t.Errorf("contradictions about different nights: %+v", got)
	}
	// A negative assertion disputes as a denial does, and only an assertion is one.
	was := ss[0].Kind
	ss[5].About = nil
	ss[0].Kind, ss[0].Negative = Assertion, true
	if got := Contradictions(ss); len(got) != 1 || got[0].Doubt {
		t.Errorf("a negative assertion: %+v", got)
	}
	if ss[0].Kind = Denial; ss[0].Validate() == nil {
		t.Error("a negative denial is accepted")
	}
	ss[0].Kind, ss[0].Negative = was, false
	ss[5].About = &other
	// A party against itself, and a doubt.
	ss[5].About, ss[5].Speaker = nil, Speaker{As: "the spokeswoman", For: "Chinese Foreign Ministry", Role: Official}
	ss[0].Kind = Doubt
	if got := Contradictions(ss); len(got) != 1 || !got[0].Doubt || !got[0].SameParty {
		t.Errorf("a doubt of one's own: %+v", got)
	}
}

func TestKnown(t *testing.T) {
	r := &Register{Format: Format, Statements: story(t)}
	r.Statements[2].Learned = at(t, "2015-01-07")
	if n := len(r.Known(at(t, "2015-01-06"))); n != 6 {
		t.Errorf("%d statements known; want 6", n)
	}
	if n := len(r.Known(at(t, "2014-12-31"))); n != 0 {
		t.Errorf("%d statements known before any was learned", n)
	}
}

func FuzzRegister(f *testing.F) {
	good, _ := (&Register{Statements: story(f)}).Encode()
	f.Add(good)
	f.Add(Text(story(f)))
	f.Add([]byte(`{"format":"constat-statements/1","statements":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := Decode(data); err == nil {
			a, err := r.Encode()
			if err != nil {
				t.Fatalf("decoded but cannot be encoded: %v", err)
			}
			b, err := Decode(a)
			if err != nil {
				t.Fatalf("encoded but cannot be decoded: %v", err)
			}
			c, err := ParseText(Text(b.Statements))
			if err != nil {
				t.Fatalf("text form cannot be read: %v\n%s", err, Text(b.Statements))
			}
			d, err := (&Register{Statements: c}).Encode()
			if err != nil || !bytes.Equal(a, d) {
				t.Fatalf("text form changes the register: %v\n%s\n%s", err, a, d)
			}
			Contradictions(b.Statements)
			Relabelled(b.Statements)
			Drifts(b.Statements)
		}
		if ss, err := ParseText(data); err == nil {
			if again, err := ParseText(Text(ss)); err != nil || !cmp.Equal(Text(ss), Text(again)) {
				t.Fatalf("text form read and written again differs: %v", err)
			}
		}
	})
}
