package locale_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"constat/claims/conduct"
	"constat/claims/trace"
	"constat/internal/locale"
	"constat/judge/proof"
)

const root = "../.."

// sources calls do with every Go file of the program that is no test, by its
// path from the root.
func sources(t *testing.T, do func(path string, fset *token.FileSet, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		do(filepath.ToSlash(rel), fset, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readers are the files that may name languages: what they read is text in
// those languages, and nothing that they write depends on one.
var readers = []string{
	"claims/press/",             // the reader of press text, in English and French
	"cmd/constat/read.go",       // its verb
	"internal/locale/locale.go", // the default
}

// TestNoGoFileNamesALanguage: a language is added by files of words alone. So no
// Go file may hold the code of a language as a text of its own, list codes in a
// flag, or have an identifier such as French.
func TestNoGoFileNamesALanguage(t *testing.T) {
	var codes, ids []string
	for _, l := range locale.All() {
		codes = append(codes, string(l))
	}
	ids = []string{"English", "French", "German", "Français", "Deutsch"}
	for _, l := range locale.All() {
		f, err := locale.FormatOf(l)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.Name, f.Link)
	}
	tag := regexp.MustCompile(`\b(?:json|toml|enum|default):"([^"]*)"`)
	sources(t, func(path string, fset *token.FileSet, file *ast.File) {
		if slices.ContainsFunc(readers, func(p string) bool { return strings.HasPrefix(path, p) }) {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				for _, s := range ids {
					if strings.Contains(strings.ToLower(n.Name), strings.ToLower(s)) {
						t.Errorf("%s: the identifier %s names a language", fset.Position(n.Pos()), n.Name)
					}
				}
			case *ast.BasicLit:
				s, err := strconv.Unquote(n.Value)
				if n.Kind != token.STRING || err != nil {
					return true
				}
				if slices.Contains(codes, s) || slices.Contains(ids, s) {
					t.Errorf("%s: %s names a language", fset.Position(n.Pos()), n.Value)
				}
				for _, m := range tag.FindAllStringSubmatch(s, -1) {
					if slices.ContainsFunc(strings.Split(m[1], ","), func(s string) bool { return slices.Contains(codes, s) }) {
						t.Errorf("%s: %s names a language", fset.Position(n.Pos()), m[0])
					}
				}
			}
			return true
		})
	})
}

// byValue are the beginnings of keys that end in a value of the findings, the
// log, a statement or a rating.
var byValue = []string{"why.", "demand.", "settle.session", "settle.trace", "settle.logs", "how.order.", "how.v.", "how.why.", "how.for.", "how.sign.",
	"verdict.standin.", "prop.standin.", "stand.", "role.", "record.", "does.", "log.kind.", "log.answer.", "codes.part.", "beside.", "acts.", "stood.", "others.began.", "others.delegated.", "others.holder.", "others.relation.",
	"h.", "reason.", "note.", "level.", "likelihood.", "confidence.", "grade.", "rated.", "weigh.", "trace.text.", "export.", "codes.say.", "verify.", "onlist.",
	"choke.class.", "choke.word.", "choke.space.", "choke.family.", "choke.relation.", "choke.register.", "block."}

// ends are endings that the program appends to a key.
var ends = []string{".day", ".marks", ".learned", ".of", ".open", ".label", ".level", ".several", ".longest", ".heard"}

// TestKeysAreUsed reads the program's own source: every message of the default
// language is worded somewhere, and every message that a template words is
// there.
func TestKeysAreUsed(t *testing.T) {
	used := map[string]bool{}
	sources(t, func(_ string, _ *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil {
					used[s] = true
				}
			}
			return true
		})
	})
	w := locale.Must(locale.Default)
	templates, err := filepath.Glob(root + "/report/html/*.tmpl")
	if err != nil || len(templates) == 0 {
		t.Fatalf("%d templates, %v", len(templates), err)
	}
	worded := regexp.MustCompile(`\.[TH] "([^"]+)"`)
	for _, name := range templates {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range worded.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = true
			if !w.Has(m[1]) {
				t.Errorf("%s words %q, which is no message", name, m[1])
			}
		}
	}
	for _, k := range w.Keys() {
		base := k
		for _, s := range append(ends, ".longest") {
			base = strings.TrimSuffix(base, s)
		}
		if !used[k] && !used[base] && !slices.ContainsFunc(byValue, func(s string) bool { return strings.HasPrefix(k, s) }) {
			t.Errorf("nothing words %q", k)
		}
	}
}

// TestShortKeysAreUsed: keys that the program writes without their beginning.
func TestShortKeysAreUsed(t *testing.T) {
	used := map[string]string{}
	sources(t, func(path string, _ *token.FileSet, file *ast.File) {
		for prefix, in := range map[string]string{"trace.text.": "claims/trace/", "export.": "report/export/", "weigh.": "claims/evidence/", "verify.": "cmd/constat/", "verify.note.": "cases/audit/"} {
			if !strings.HasPrefix(path, in) {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil {
						used[prefix+strings.TrimPrefix(s, prefix)] = path
					}
				}
				return true
			})
		}
	})
	for _, k := range locale.Must(locale.Default).Keys() {
		for _, prefix := range []string{"trace.text.", "export.", "weigh.", "verify."} {
			if !strings.HasPrefix(k, prefix) {
				continue
			}
			if strings.HasPrefix(k, "verify.note.") {
				prefix = "verify.note."
			}
			i := strings.LastIndex(k, ".") + 1
			if _, ok := used[k]; !ok && used[k[:i]] == "" && used[prefix+k[:i]] == "" {
				t.Errorf("nothing words %q", k)
			}
		}
	}
}

// shipped are the texts that files of the program bring along, and those of
// standards that shipped before, which old cases keep.
func shipped(t *testing.T) []locale.Text {
	t.Helper()
	out := []locale.Text{trace.PlaceIsNotUser()}
	standard := func(s proof.Standard) {
		out = append(out, s.Title, s.Words.Established, s.Words.Indicated, s.Words.NotEstablished, s.Words.Excluded)
	}
	for _, n := range proof.Names() {
		s, _, err := proof.Load(n)
		if err != nil {
			t.Fatal(err)
		}
		standard(s)
	}
	former, err := filepath.Glob(root + "/judge/proof/testdata/former/*.toml")
	if err != nil || len(former) == 0 {
		t.Fatalf("%d former standards, %v", len(former), err)
	}
	for _, name := range former {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := proof.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		standard(s)
	}
	for _, n := range conduct.Names() {
		c, err := conduct.Load(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c.Title, c.Status)
		for _, r := range c.Rules {
			out = append(out, r.Text)
			for _, d := range r.Demands {
				out = append(out, d.Text)
			}
		}
	}
	return out
}

// TestShippedTextsSpeakEveryLanguage: a text of the box that lacks a language
// has its translation among the texts of the language, and every translation
// there is of a text in the box.
func TestShippedTextsSpeakEveryLanguage(t *testing.T) {
	texts := shipped(t)
	for _, l := range locale.All() {
		translated := locale.Must(l).Texts()
		needed := map[string]bool{}
		for _, x := range texts {
			if _, ok := x[l]; ok {
				continue
			}
			needed[x[locale.Default]] = true
			if s := x.In(l); s == "" || strings.HasPrefix(s, "[") {
				t.Errorf("%s: nobody translated %q", l, x[locale.Default])
			}
		}
		for source := range translated {
			if !needed[source] {
				t.Errorf("%s translates %q, which no file in the box says", l, source)
			}
		}
	}
}
