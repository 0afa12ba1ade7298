package audit

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
