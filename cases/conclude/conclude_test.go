package conclude

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/cases/caselog"
	"constat/claims/conduct"
	"constat/claims/evidence"
	"constat/claims/standing"
	"constat/claims/statement"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report/export"
)

const day = 1419206400 // 2014-12-22

func words(id, kind, said, extra string) string {
	return fmt.Sprintf(`constat-statements/1

statement %s
speaker: a spokesman
for: Exampleland
role: official
record: on
outlets: Evening Paper
kind: %s
form: direct
said: %s
published: 2014-12-23/2014-12-24
learned: 2014-12-26T09:30:00Z
words:
  |It was the link.
lang: en
hypothesis: adjacency(AS4837, AS131279)
document: evening.txt
sha256: %s
accepted by: A. Person
accepted at: 2014-12-26T10:00:00Z
%s`, id, kind, said, strings.Repeat("ab", 32), extra)
}

// file is one act of a case with one file.
type file struct{ kind, name, text string }

// aCase opens a case and adds files, one an act.
func aCase(t *testing.T, files ...file) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	key, err := caselog.NewKey(rand.Reader, "examiner.example")
	if err != nil {
		t.Fatal(err)
	}
	standard, _ := proof.Source(proof.Default)
	c, err := caselog.New(dir, caselog.Opening{Title: "A night", Question: "Was it cut?", Standard: caselog.Standard{Name: proof.Default}}, standard, key, moment.Unix(day, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		a, err := c.NewAct(f.kind, moment.Unix(day+int64(i)+1, 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.WriteFile(f.name, f.kind, []byte(f.text)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Add(context.Background(), key, a); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func assemble(t *testing.T, dir string, entries int64, xs ...Examination) (*Case, error) {
	t.Helper()
	a, err := caselog.Check(context.Background(), dir, caselog.CheckOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if entries < 0 {
		entries = a.Checkpoint.Size
	}
	return Assemble(a, entries, xs)
}

func encoded(t *testing.T, c *Case, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFirstEntriesAlone: what was added later changes nothing of an earlier
// conclusion, nor does the place where the case lies.
func TestFirstEntriesAlone(t *testing.T) {
	const night = "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z"
	dir := aCase(t,
		file{caselog.KindStatement, "first.txt", words("first", "assertion", night, "")},
		file{caselog.KindStatement, "later.txt", words("later", "denial", "2014-12-21T16:00:00Z/2014-12-22T16:00:00Z", "")},
	)
	early, err := assemble(t, dir, 2)
	before := encoded(t, early, err)
	if len(early.Statements) != 1 || early.Statements[0].ID != "first" || len(early.Contradictions) != 0 {
		t.Errorf("the first two entries give %+v", early.Statements)
	}
	all, err := assemble(t, dir, -1)
	whole := encoded(t, all, err)
	if len(all.Statements) != 2 || all.Statements[0].ID != "later" || all.Statements[0].Entry != 2 {
		t.Errorf("statements are not in the order in which they were said: %+v", all.Statements)
	}
	if len(all.Contradictions) != 1 {
		t.Errorf("one asserts what the other denies: %+v", all.Contradictions)
	}
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.CopyFS(moved, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	a, err := assemble(t, moved, 2)
	if b := encoded(t, a, err); !bytes.Equal(b, before) {
		t.Error("the same entries give other bytes elsewhere")
	}
	b, err := assemble(t, moved, -1)
	if got := encoded(t, b, err); !bytes.Equal(got, whole) {
		t.Error("the same case gives other bytes elsewhere")
	}
	if page, err := all.Page("fr", nil); page != nil || err != nil {
		t.Errorf("a case without an examination has a report of %d bytes (%v)", len(page), err)
	}
}

// TestShown: of several examinations the last that measured an outage is shown,
// whatever came after it, and the others are listed.
func TestShown(t *testing.T) {
	dir := aCase(t, file{caselog.KindDocument, "a.txt", "a"}, file{caselog.KindDocument, "b.txt", "b"}, file{caselog.KindDocument, "c.txt", "c"})
	x := func(entry int64, answer string) Examination {
		return Examination{Entry: entry, Dir: fmt.Sprint("acts/", entry), Findings: &finding.Findings{Answer: answer}}
	}
	for _, c := range []struct {
		xs     []Examination
		shown  int64
		others int
	}{
		{nil, -1, 0},
		{[]Examination{x(1, finding.AnswerStayed)}, 1, 0},
		{[]Examination{x(1, finding.AnswerOutage), x(2, finding.AnswerStayed)}, 1, 1},
		{[]Examination{x(1, finding.AnswerStayed), x(2, finding.AnswerStayed)}, 2, 1},
		{[]Examination{x(1, finding.AnswerOutage), x(2, finding.AnswerOutage), x(3, finding.AnswerStayed)}, 2, 2},
		{[]Examination{x(1, finding.AnswerStayed), x(9, finding.AnswerOutage)}, 1, 0}, // not among the first entries
	} {
		k, err := assemble(t, dir, -1, c.xs...)
		if err != nil {
			t.Fatal(err)
		}
		if k.Shown != c.shown || len(k.Report.Others) != c.others {
			t.Errorf("%+v: shows %d and lists %d, want %d and %d", c.xs, k.Shown, len(k.Report.Others), c.shown, c.others)
		}
	}
}

// TestUnreadable: what cannot be read is listed with its file, its entry and the
// reason, never passed over, and stops nothing: a party that adds it to a case
// does not keep the case from being concluded.
func TestUnreadable(t *testing.T) {
	const night = "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z"
	for name, c := range map[string]struct {
		files []file
		entry int64
		want  string
		taken int // statements
	}{
		"prose under a register's first line": {[]file{{caselog.KindStatement, "x.txt", "constat-statements/1\n\nWe did not do it, and nobody can say so.\n"}}, 1, "line 3", 0},
		"damaged register":                    {[]file{{caselog.KindStatement, "x.txt", "constat-statements/1\n\nstatement x\nspeaker a\n"}}, 1, "line 4", 0},
		"the same id twice":                   {[]file{{caselog.KindStatement, "x.txt", words("x", "denial", night, "")}, {caselog.KindStatement, "y.txt", words("x", "denial", night, "")}}, 2, "entry 1 already", 1},
		"repeats nothing":                     {[]file{{caselog.KindStatement, "x.txt", words("x", "denial", night, "repeats: nobody\n")}}, 1, "not in the case", 0},
		"repeats what is unreadable": {[]file{{caselog.KindStatement, "a.txt", words("a", "denial", night, "repeats: b\n")},
			{caselog.KindStatement, "b.txt", words("b", "denial", night, "repeats: nobody\n")}, {caselog.KindStatement, "c.txt", words("c", "denial", night, "")}}, 2, "not in the case", 1},
		"damaged evidence":              {[]file{{caselog.KindEvidence, "e.toml", "format = \"" + evidence.Format + "\"\nrubbish = 1\n"}}, 1, "rubbish", 0},
		"damaged code":                  {[]file{{caselog.KindDocument, "code.toml", "format = \"" + conduct.Format + "\"\nname = 7\n"}}, 1, "name", 0},
		"damaged json trace":            {[]file{{caselog.KindDocument, "t.json", `{"format": "constat-trace/1", "items": 7}`}}, 1, "caution", 0},
		"a register that is cut off":    {[]file{{caselog.KindStatement, "x.json", `{"format": "constat-statements/1", "statements": [`}}, 1, "is damaged: unexpected end", 0},
		"a register, its form behind":   {[]file{{caselog.KindStatement, "x.json", `{"statements": [], "format": "constat-statements/1", }`}}, 1, "is damaged: ", 0},
		"a trace that is cut off":       {[]file{{caselog.KindDocument, "t.json", `{"format":"constat-trace/1","items":[{"a":`}}, 1, "is damaged: unexpected end", 0},
		"a trace as a statement":        {[]file{{caselog.KindStatement, "t.json", `{"format":"constat-trace/1"}`}}, 1, "of a statement nothing but a register", 0},
		"evidence as a statement":       {[]file{{caselog.KindStatement, "e.toml", "format = \"" + evidence.Format + "\"\n"}}, 1, "of a statement nothing but a register", 0},
		"a code as a statement":         {[]file{{caselog.KindStatement, "e.toml", "format = \"" + conduct.Format + "\"\n"}}, 1, "of a statement nothing but a register", 0},
		"evidence added as a document":  {[]file{{caselog.KindDocument, "e.toml", "format = \"" + evidence.Format + "\"\n"}}, 1, "only what is added as evidence is weighed", 0},
		"a register signed and cut off": {[]file{{caselog.KindDocument, "x.txt", "of no form"}, {caselog.KindStatement, "x.json", `{"format":"constat-statements/1","a":{"b":[1,2`}}, 2, "is damaged", 0},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := assemble(t, aCase(t, c.files...), -1)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, u := range k.Unreadable {
				found = found || u.Entry == c.entry && strings.Contains(u.Path, c.files[c.entry-1].name) && strings.Contains(u.Why, c.want)
			}
			if !found || len(k.Statements) != c.taken {
				t.Errorf("%d statements; unreadable: %+v; want entry %d, %q", len(k.Statements), k.Unreadable, c.entry, c.want)
			}
			b := encoded(t, k, nil)
			if !bytes.Contains(b, []byte(`"unreadable"`)) {
				t.Error("the conclusion does not say so")
			}
		})
	}
	// What says nothing of a form that is concluded from is not listed, whatever it is.
	for _, text := range []string{"{", `{"format": 7}`, `{"format": "of somebody", `, `{"x": {"format": "constat-trace/1"}`, "[1,", "format = 7\n", strings.Repeat("[", 1e6), "{" + strings.Repeat(`"a":{`, 1e5)} {
		k, err := assemble(t, aCase(t, file{caselog.KindStatement, "x", text}), -1)
		if err != nil || len(k.Unreadable) != 0 {
			t.Errorf("%.40q: %v, %+v", text, err, k.Unreadable)
		}
	}
	k, err := assemble(t, aCase(t, file{caselog.KindStatement, "x.txt", words("x", "denial", night, "")}), -1)
	if b := encoded(t, k, err); bytes.Contains(b, []byte("unreadable")) || bytes.Contains(b, []byte("not_compared")) {
		t.Error("a conclusion without anything unreadable is not what earlier versions wrote")
	}
}

// TestManyStatements: of a register with more statements than are compared, all
// are in the conclusion, and it says which were not compared.
func TestManyStatements(t *testing.T) {
	const night = "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z"
	var b strings.Builder
	b.WriteString("constat-statements/1\n")
	for i := range statement.MaxCompared + 500 {
		kind := "assertion"
		if i%2 == 1 {
			kind = "denial"
		}
		b.WriteString(strings.TrimPrefix(words(fmt.Sprintf("s%05d", i), kind, night, ""), "constat-statements/1\n"))
	}
	k, err := assemble(t, aCase(t, file{caselog.KindStatement, "x.txt", b.String()}), -1)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Statements) != statement.MaxCompared+500 || len(k.NotCompared) != 500 || k.NotCompared[0] != "s01000" || len(k.Unreadable) != 0 {
		t.Errorf("%d statements, %d not compared, unreadable: %v", len(k.Statements), len(k.NotCompared), k.Unreadable)
	}
	want := (statement.MaxCompared / 2) * (statement.MaxCompared / 2)
	if len(k.Contradictions) != statement.MaxPairs || k.PairsLeft == nil || k.PairsLeft.Contradictions != want-statement.MaxPairs {
		t.Errorf("%d contradictions, left %+v, want %d together", len(k.Contradictions), k.PairsLeft, want)
	}
	// Earlier versions listed all.
	was, err := k.EncodeEarlier()
	if err != nil || bytes.Count(was, []byte(`"affirms"`)) != want || bytes.Contains(was, []byte("pairs_left")) {
		t.Errorf("as an earlier version: %v, %d contradictions", err, bytes.Count(was, []byte(`"affirms"`)))
	}
}

// TestReportAndExportsAgree: of two examinations a statement is held against those that
// are about the time it speaks of, in the report as in the exports. It had been said to
// be about another interval in the report, and supported in the ClaimReview.
func TestReportAndExportsAgree(t *testing.T) {
	asked := func(entry int64, from, until int64, answer string) Examination {
		f := &finding.Findings{Answer: answer, Question: finding.Question{From: moment.Unix(from, 0), Until: moment.Unix(until, 0)}}
		if answer == finding.AnswerOutage {
			f.Outages = []finding.Outage{{From: f.Question.From + 60*moment.Second, Until: &f.Question.Until, Lost: finding.Lost{Prefixes: 1}}}
		}
		return Examination{Entry: entry, Dir: fmt.Sprint("acts/", entry), Findings: f}
	}
	about := func(id, kind, interval string) string {
		return strings.Replace(words(id, kind, "2014-12-23T16:00:00Z/2014-12-23T18:00:00Z", ""), "hypothesis: adjacency(AS4837, AS131279)\n", "about: "+interval+"\nact: outage\nact on: AS131279\n", 1)
	}
	var fs []file
	for _, s := range []string{
		about("first", "assertion", "2014-12-22T00:00:00Z/2014-12-22T12:00:00Z"),
		about("second", "denial", "2014-12-23T00:00:00Z/2014-12-23T12:00:00Z"),
		about("both", "assertion", "2014-12-22T00:00:00Z/2014-12-23T12:00:00Z"),
		about("none", "assertion", "2015-12-22T00:00:00Z/2015-12-23T12:00:00Z"),
		words("place", "assertion", "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z", ""),
		strings.Replace(words("asks", "request", "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z", ""), "hypothesis: adjacency(AS4837, AS131279)\n", "", 1),
	} {
		fs = append(fs, file{caselog.KindStatement, fmt.Sprintf("s%d.txt", len(fs)), s})
	}
	dir := aCase(t, fs...)
	seen := map[standing.Standing]bool{}
	for _, answers := range [][2]string{{finding.AnswerOutage, finding.AnswerStayed}, {finding.AnswerStayed, finding.AnswerOutage}, {finding.AnswerOutage, finding.AnswerOutage}, {finding.AnswerNoClaim, finding.AnswerStayed}} {
		xs := []Examination{asked(1, day, day+43200, answers[0]), asked(2, day+86400, day+129600, answers[1])}
		k, err := assemble(t, dir, -1, xs...)
		if err != nil || len(k.Statements) != len(fs) {
			t.Fatal(len(k.Statements), k.Unreadable, err)
		}
		out := &export.Case{Examinations: []export.Examination{{Findings: xs[0].Findings}, {Findings: xs[1].Findings}}}
		said := map[string]bool{} // by the report
		for _, s := range k.Report.Statements {
			out.Statements = append(out.Statements, export.Statement{Statement: s.Statement, Entry: s.Entry})
			stands := func(entry int64, st standing.Standing) {
				if st == standing.NotTestable {
					entry = 0 // said once, of whichever
				}
				said[fmt.Sprint(s.ID, " ", entry, " ", st)] = true
			}
			if s.Beside.Standing != standing.OtherTime {
				stands(k.Shown, s.Beside.Standing)
			}
			for _, y := range s.Also {
				stands(y.Entry, y.Standing)
			}
		}
		exported := map[string]bool{}
		for _, h := range out.Held() {
			seen[h.Standing] = true
			entry := xs[h.Examination].Entry
			if h.Standing == standing.NotTestable {
				entry = 0
			}
			if h.Standing != standing.OtherTime {
				exported[fmt.Sprint(h.ID, " ", entry, " ", h.Standing)] = true
			}
		}
		if !maps.Equal(said, exported) {
			t.Errorf("%v:\nthe report says %v\nthe exports say %v", answers, slices.Sorted(maps.Keys(said)), slices.Sorted(maps.Keys(exported)))
		}
	}
	for _, st := range []standing.Standing{standing.Supported, standing.Contradicted, standing.Neither, standing.NotTestable, standing.OtherTime} {
		if !seen[st] {
			t.Errorf("no statement stands as %q", st)
		}
	}
}
