package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/judge/proof"
)

// renamed edits what a question says of its subject, and computes again what can be.
func renamed(t *testing.T, dir string, pairs ...string) {
	t.Helper()
	name := filepath.Join(dir, "question.json")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	was := string(b)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(was, pairs[i]) {
			t.Fatalf("no %s in %s", pairs[i], was)
		}
		was = strings.ReplaceAll(was, pairs[i], pairs[i+1])
	}
	if err := os.WriteFile(name, []byte(was), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestAnothersName: an examination of one network says that it is of another's, and all
// else in it fits together.
func TestAnothersName(t *testing.T) {
	d := open(t, world(t))
	x := d.examine()
	from := filepath.Join(d.Dir(), filepath.FromSlash(x.Folder))
	for _, c := range []struct {
		name, want string
		pairs      []string
	}{
		{"as it was", "", nil},
		{"name, question and reason", "origins are AS64496", []string{`"AS64496"`, `"AS3549"`}},
		{"name and question", "AS64496 as asked for", []string{`"subject": "AS64496"`, `"subject": "AS3549"`, `"name": "AS64496"`, `"name": "AS3549"`}},
		{"name", "called", []string{`"name": "AS64496"`, `"name": "Chile"`}},
		{"kind", "kind", []string{`"kind": "as"`, `"kind": "prefix"`}},
		{"one more origin", "origins are AS3549", []string{"[\n   64496", "[\n   3549,\n   64496"}},
	} {
		dir := filepath.Join(t.TempDir(), filepath.Base(from))
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		renamed(t, dir, c.pairs...)
		_, err := Single(context.Background(), dir)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), "question.json: ") || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}

	d = open(t, d.src)
	if err := d.forgeAs("AS3549", func(dir string) { renamed(t, dir, `"AS64496"`, `"AS3549"`) }); err != nil {
		t.Fatal(err)
	}
	if _, err := Case(context.Background(), d.Dir(), d.archives(d.src)); err == nil || !strings.Contains(err.Error(), "acts/00002-examined/AS64496 (entry 2): question.json: ") {
		t.Errorf("in a case: %v", err)
	}
}

// TestAnothersStandard: a standard of proof goes by no other name than its own, in the
// opening, in a question and in a single examination.
func TestAnothersStandard(t *testing.T) {
	d := open(t, world(t))
	x := d.examine()
	dir := filepath.Join(t.TempDir(), "single")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(d.Dir(), filepath.FromSlash(x.Folder)))); err != nil {
		t.Fatal(err)
	}
	renamed(t, dir, `"clear"`, `"conclusive"`)
	const single = `question.json: it declares a standard of proof named "conclusive", and standard.toml is named "clear"`
	if _, err := Single(context.Background(), dir); err == nil || !strings.Contains(err.Error(), single) {
		t.Errorf("single: %v", err)
	}
	if _, _, err := examine.Again(context.Background(), dir); err == nil || !strings.Contains(err.Error(), single) {
		t.Errorf("again: %v", err)
	}
	d = open(t, d.src)
	d.forge(func(dir string) { renamed(t, dir, `"clear"`, `"conclusive"`) })
	if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), "(entry 2): "+single) {
		t.Errorf("examined: %v", err)
	}
	k, err := caselog.NewKey(rand.Reader, "examiner.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text []byte
		name string
		want string
	}{
		{shipped(t, "balance"), "balance", ""},
		{shipped(t, "balance"), "conclusive", `standard.toml (entry 0): its name is "balance", and the case was opened under one named "conclusive"`},
		{shipped(t, "balance"), "", `named ""`},
		{bytes.Replace(shipped(t, "balance"), []byte(`"balance"`), []byte(`"conclusive"`), 1), "conclusive", "is a standard that ships"},
		{bytes.Replace(shipped(t, "balance"), []byte(`"balance"`), []byte(`"ours"`), 1), "ours", ""},
		{[]byte("demand = 1\n"), "clear", "not a usable standard"},
	} {
		o := caselog.Opening{Question: "?", Standard: caselog.Standard{Name: c.name}}
		cs, err := caselog.New(filepath.Join(t.TempDir(), "case"), o, c.text, k, d.from)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Case(context.Background(), cs.Dir(), Options{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func shipped(t *testing.T, name string) []byte {
	t.Helper()
	b, ok := proof.Source(name)
	if !ok {
		t.Fatal(name)
	}
	return b
}
