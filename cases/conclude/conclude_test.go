package conclude

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/cases/caselog"
	"constat/claims/conduct"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
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

// TestFaults: what cannot be read is named with its file and entry, never passed
// over.
func TestFaults(t *testing.T) {
	const night = "2014-12-22T16:00:00Z/2014-12-23T16:00:00Z"
	for name, c := range map[string]struct {
		files []file
		entry int64
		want  string
	}{
		"damaged register":   {[]file{{caselog.KindStatement, "x.txt", "constat-statements/1\n\nstatement x\nspeaker a\n"}}, 1, "x.txt"},
		"the same id twice":  {[]file{{caselog.KindStatement, "x.txt", words("x", "denial", night, "")}, {caselog.KindStatement, "y.txt", words("x", "denial", night, "")}}, 2, "entry 1 already"},
		"repeats nothing":    {[]file{{caselog.KindStatement, "x.txt", words("x", "denial", night, "repeats: nobody\n")}}, 1, "not in the case"},
		"damaged evidence":   {[]file{{caselog.KindEvidence, "e.toml", "format = \"" + proof.EvidenceFormat + "\"\nrubbish = 1\n"}}, 1, "e.toml"},
		"damaged code":       {[]file{{caselog.KindDocument, "code.toml", "format = \"" + conduct.Format + "\"\nname = 7\n"}}, 1, "code.toml"},
		"damaged json trace": {[]file{{caselog.KindDocument, "t.json", `{"format": "constat-trace/1", "items": 7}`}}, 1, "t.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := assemble(t, aCase(t, c.files...), -1)
			if err == nil {
				t.Fatal("not noticed")
			}
			if !caselog.IsFault(err) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), fmt.Sprint(c.entry)) {
				t.Errorf("%v: names neither %q nor entry %d", err, c.want, c.entry)
			}
		})
	}
}
