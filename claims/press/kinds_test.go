package press

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"constat/claims/statement"
)

// wanted is one statement that a sentence of testdata/kinds holds.
type wanted struct {
	optional             bool
	kind, speaker, words string
	role, record         string
	outlet, said         string
}

// sentenceCase is one text of testdata/kinds with what it holds.
type sentenceCase struct {
	id, text, known string
	want            []wanted
}

func sentenceCases(t testing.TB, name string) []sentenceCase {
	t.Helper()
	f, err := os.Open("testdata/kinds/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []sentenceCase
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if id, text, ok := strings.Cut(line, "> "); ok && !strings.Contains(id, " | ") {
			c := sentenceCase{id: id, text: strings.NewReplacer("⏎", "\n", "¶", "\n\n").Replace(text)}
			if k := strings.IndexByte(id, '!'); k >= 0 {
				c.id, c.known = id[:k], id[k+1:]
			}
			out = append(out, c)
			continue
		}
		var w wanted
		line, w.optional = strings.CutPrefix(line, "?")
		f := strings.Split(line, " | ")
		if len(f) < 3 || len(out) == 0 {
			t.Fatalf("%s: %q", name, line)
		}
		w.kind, w.speaker, w.words = strings.TrimSpace(f[0]), f[1], f[2]
		for _, x := range f[3:] {
			key, value, _ := strings.Cut(x, "=")
			switch key {
			case "role":
				w.role = value
			case "record":
				w.record = value
			case "outlet":
				w.outlet = value
			case "said":
				w.said = value
			default:
				t.Fatalf("%s: %q", name, x)
			}
		}
		out[len(out)-1].want = append(out[len(out)-1].want, w)
	}
	return out
}

func (w *wanted) is(s *statement.Statement) bool {
	kind := string(s.Kind)
	if s.Negative {
		kind = "negative " + kind
	}
	outlet := w.outlet == "" || w.outlet == "-" && len(s.Outlets) == 0
	for _, o := range s.Outlets {
		outlet = outlet || o == w.outlet
	}
	said := w.said == "" || s.Said != nil && s.Said.String() == w.said
	return kind == w.kind && (s.Speaker.As == w.speaker || s.Speaker.Name == w.speaker) && s.Words == w.words && outlet && said &&
		(w.role == "" || string(s.Speaker.Role) == w.role) && (w.record == "" || string(s.Record) == w.record)
}

// faults says how the proposals differ from what a text holds; "" for not at all.
func (c *sentenceCase) faults(ss []statement.Statement) string {
	var b strings.Builder
	used := make([]bool, len(ss))
next:
	for i := range c.want {
		for k := range ss {
			if !used[k] && c.want[i].is(&ss[k]) {
				used[k] = true
				continue next
			}
		}
		if w := &c.want[i]; !w.optional {
			b.WriteString("\n  want " + strings.Join([]string{w.kind, w.speaker, w.words, w.role, w.record, w.outlet, w.said}, " | "))
		}
	}
	for k := range ss {
		if s := &ss[k]; !used[k] {
			kind := string(s.Kind)
			if s.Negative {
				kind = "negative " + kind
			}
			said := ""
			if s.Said != nil {
				said = s.Said.String()
			}
			b.WriteString("\n  got  " + strings.Join([]string{kind, speakerText(s.Speaker), s.Words, string(s.Speaker.Role), string(s.Record), strings.Join(s.Outlets, " < "), said}, " | "))
		}
	}
	return b.String()
}

// TestKindsOfFault reads the sentences of testdata/kinds; its README.md says
// how they are written.
func TestKindsOfFault(t *testing.T) {
	day := time.Date(2031, 5, 14, 0, 0, 0, 0, time.UTC)
	names, err := filepath.Glob("testdata/kinds/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("testdata/kinds has no sentences", err)
	}
	for _, path := range names {
		name := filepath.Base(path)
		right, all := 0, 0
		for _, c := range sentenceCases(t, name) {
			r, err := Read([]byte(c.text+"\n"), Options{Published: day, Name: "x"})
			if err != nil {
				t.Errorf("%s %s: %v", name, c.id, err)
				continue
			}
			all++
			bad := c.faults(r.Proposals)
			switch {
			case bad == "" && c.known != "":
				t.Errorf("%s %s is read right now: take %q away", name, c.id, c.known)
			case bad == "":
				right++
			case c.known == "":
				t.Errorf("%s %s> %s%s", name, c.id, c.text, bad)
			}
		}
		t.Logf("%s: %d of %d texts right", name, right, all)
	}
}
