package examine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/moment"
)

// TestStripped: what today's rules look for cannot be taken out of findings unseen.
func TestStripped(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", -300, 3600)
	peers := []mrttest.Peer{pA, pB, pC}
	w.snapshot(-300, own, peers, "10.0.0.0/24")
	for k := range 5 { // it comes and goes, so that the outage has "gone"
		w.dark(100+float64(k)*40, 115+float64(k)*40, own, peers, "10.0.0.0/24")
	}
	_, dir := ask(t, asked{subject: "AS64496", from: 0, until: 3600, specs: []string{w.write()}})
	name := filepath.Join(dir, FindingsName)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, f, err := Again(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	x := *f
	stripped, err := x.InFormat2().Encode()
	if err != nil || bytes.Equal(stripped, b) || !json.Valid(stripped) {
		t.Fatalf("nothing was taken out: %v", err)
	}
	if err := os.WriteFile(name, stripped, 0o666); err != nil {
		t.Fatal(err)
	}
	var d *Difference
	if _, _, err := Again(context.Background(), dir); !errors.As(err, &d) {
		t.Errorf("findings without what was looked for: %v", err)
	}
	// The whole case turned into one of the day when findings were of format 2: what that
	// cannot say is told.
	rewrite(t, filepath.Join(dir, QuestionName), func(b []byte) []byte {
		b = bytes.Replace(b, []byte(QuestionFormat), []byte(questionFormat1), 1)
		return bytes.Replace(b, fmt.Appendf(nil, " \"rules\": %d,\n", assess.Rules), nil, 1)
	})
	x.Format = finding.Format2
	two, err := x.Encode()
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, name, func([]byte) []byte { return two })
	c, err := CheckAgain(context.Background(), dir)
	if errors.As(err, &d) { // of no rules, some members are others
		rewrite(t, name, func([]byte) []byte { return c.Bytes })
		c, err = CheckAgain(context.Background(), dir)
	}
	if err != nil || c.Older == nil || c.Older.Rules != 0 || !slices.Contains(c.Older.Members, "outages") {
		t.Errorf("a case in format 2: %v, %+v", err, c)
	}
}

// rewrite puts other bytes into a file of a case.
func rewrite(t *testing.T, name string, f func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	now := f(b)
	if bytes.Equal(now, b) {
		t.Fatalf("%s: nothing was changed", name)
	}
	if err := os.WriteFile(name, now, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestOlderRules: whoever takes the number of the rules out of a case, or writes a smaller
// one, has it computed as an older case. That is told, with what today's rules find.
func TestOlderRules(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", -300, 1800)
	peers := []mrttest.Peer{pA, pB, pC, pD}
	w.snapshot(-300, own, peers, "10.0.0.0/24")
	w.withdraw(100, pA, "10.0.0.0/24")
	for _, p := range peers[1:] { // nobody knows whether they lost it, too
		w.on("rrc00", 104, func(f *mrttest.File, at moment.Time) { f.State(at, p, 6, 1) })
	}
	specs := []string{w.write()}
	number := fmt.Sprintf(" \"rules\": %d,\n", assess.Rules)
	for rules, to := range []string{"", " \"rules\": 1,\n"} {
		f, dir := ask(t, asked{subject: "AS64496", from: 0, until: 1800, specs: specs})
		if f.Answer != finding.AnswerUndecided {
			t.Fatalf("the answer is %q", f.Answer)
		}
		if c, err := CheckAgain(context.Background(), dir); err != nil || c.Older != nil {
			t.Fatalf("as it was written: %+v, %v", c.Older, err)
		}
		rewrite(t, filepath.Join(dir, QuestionName), func(b []byte) []byte { return bytes.Replace(b, []byte(number), []byte(to), 1) })
		c, err := CheckAgain(context.Background(), dir)
		var d *Difference
		if !errors.As(err, &d) {
			t.Fatalf("findings of today under rules %d: %v", rules, err)
		}
		rewrite(t, filepath.Join(dir, FindingsName), func([]byte) []byte { return c.Bytes })
		c, err = CheckAgain(context.Background(), dir)
		if err != nil || c.Findings.Answer != finding.AnswerStayed {
			t.Fatalf("findings of rules %d: %v, answer %q", rules, err, c.Findings.Answer)
		}
		if c.Older == nil || c.Older.Rules != rules || !slices.Contains(c.Older.Members, "answer (undecided)") || !slices.Contains(c.Older.Members, "below") {
			t.Errorf("rules %d: %+v", rules, c.Older)
		}
	}
}

// TestOneAge: a question of today has no findings of an older format, of which less is
// computed, or nothing.
func TestOneAge(t *testing.T) {
	for _, format := range []string{finding.Format1, finding.Format2} {
		_, dir := ask(t, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{busy(t).write()}})
		c, err := CheckAgain(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		x := *c.Findings
		x.Format = finding.Format2
		b, err := x.Encode()
		if err != nil {
			t.Fatal(err)
		}
		b = bytes.Replace(b, []byte(finding.Format2), []byte(format), 1)
		if err := os.WriteFile(filepath.Join(dir, FindingsName), b, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := CheckAgain(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "no program wrote the two together") {
			t.Errorf("a question of today with findings of %s: %v", format, err)
		}
	}
	for _, e := range [][2]string{{`"constat-question/1",`, `"constat-question/1",` + "\n \"rules\": 2,"}, {`"constat-question/1"`, `"constat-question/2"`}} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("testdata/case-2")); err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(dir, QuestionName), func(b []byte) []byte { return bytes.Replace(b, []byte(e[0]), []byte(e[1]), 1) })
		if _, err := CheckAgain(context.Background(), dir); err == nil {
			t.Errorf("%s: it holds", e[1])
		}
	}
}
