package main

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"constat/internal/locale"
)

// ofTheSystem are messages that no file of the program has, which the system or Go makes.
var ofTheSystem = []string{"no such file or directory", "permission denied", "is a directory", "not a directory", "no space left on device",
	"file exists", "connection refused", "unexpected EOF", "context deadline exceeded",
	"open %s: %w", "stat %s: %w", "lstat %s: %w", "read %s: %w", "mkdir %s: %w"}

// TestErrorsSpeakEveryLanguage: what one language translates all do, with the same values
// and flags, and every format of which there is a translation stands in the code.
func TestErrorsSpeakEveryLanguage(t *testing.T) {
	literal := map[string]bool{}
	var formats []string // of worded.Errorf: they are translated
	for _, s := range append(slices.Clone(foreign), ofTheSystem...) {
		literal[s] = true
	}
	tongues, err := os.ReadFile("../../claims/press/lexicon/languages.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(tongues), "\n") {
		if f := strings.Split(line, "|"); len(f) > 1 {
			literal[f[1]] = true // the name of a language that is told
		}
	}
	err = filepath.WalkDir("../..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := goparser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			return err
		}
		var text func(x ast.Node) string // also of texts that are put together
		text = func(x ast.Node) string {
			switch x := x.(type) {
			case *ast.BasicLit:
				if x.Kind == token.STRING {
					s, _ := strconv.Unquote(x.Value)
					return s
				}
			case *ast.BinaryExpr:
				if a, b := text(x.X), text(x.Y); a != "" && b != "" {
					return a + b
				}
			}
			return ""
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s := text(n); s != "" {
				literal[s] = true
			}
			if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 0 {
				if sel, ok := c.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Errorf" {
					if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "worded" && text(c.Args[0]) != "" {
						formats = append(formats, text(c.Args[0]))
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(literal) < 5000 || len(formats) < 30 {
		t.Errorf("only %d texts and %d formats were found", len(literal), len(formats))
	}
	var first locale.Sentences
	for _, l := range locale.All() {
		in, err := locale.SentencesOf(l, locale.ErrorsFile)
		if err != nil {
			t.Fatal(err)
		}
		if l == locale.Default {
			continue
		}
		if first == nil {
			first = in
		}
		if len(in) != len(first) {
			t.Errorf("%s has %d messages, and another language %d", l, len(in), len(first))
		}
		for _, f := range formats {
			if _, ok := in[f]; !ok {
				t.Errorf("%s: nobody translated %q", l, f)
			}
		}
		for s, to := range in {
			if _, ok := first[s]; !ok || !literal[s] {
				t.Errorf("%s translates %q, which no code says, or not every language has", l, s)
			}
			if a, b := values(s), values(to); !slices.Equal(a, b) {
				t.Errorf("%s: %q has the values %q; %q has %q", l, s, a, to, b)
			}
			if a, b := flagsIn(s), flagsIn(to); !slices.Equal(a, b) {
				t.Errorf("%s: %q has the flags %q; %q has %q", l, s, a, to, b)
			}
		}
	}
}

var (
	value = regexp.MustCompile(`%(?:\[[0-9]\])?[.0-9]*[a-z]`)
	flags = regexp.MustCompile(`--[a-z][a-z-]*|constat [a-z]+`)
)

// values are the values of a format in their order: a translation that turns them around
// says so by numbers, which stand for all of them or none.
func values(s string) []string {
	found := value.FindAllString(s, -1)
	if slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, "[") }) {
		slices.SortFunc(found, func(a, b string) int { return strings.Compare(a[:4], b[:4]) })
		for i, v := range found {
			found[i] = "%" + v[4:]
		}
	}
	return found
}

func flagsIn(s string) []string {
	found := flags.FindAllString(s, -1)
	slices.Sort(found)
	return found
}
