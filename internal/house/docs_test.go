package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// goCommand is a command of the go tool in a page, as far as its line goes.
	goCommand = regexp.MustCompile("go (?:test|run|build|install|vet|generate)((?: +[^ `#\n]+)+)")
	runFlag   = regexp.MustCompile(`-run[ =]+'?"?([A-Za-z0-9_]+)`)
	code      = regexp.MustCompile("`([^`\n ]+)`")
)

// imagined are paths that a page makes up for its example: those of a language to come.
var imagined = map[string]bool{"internal/locale/words/it": true, "report/testdata/night.it.txt": true}

// pages are the pages that speak of the repository.
func pages(t *testing.T, root string) (out []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "examples/*.md", "packaging/*.md", ".github/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, found...)
	}
	if len(out) < 40 {
		t.Fatalf("only %d pages", len(out))
	}
	return out
}

// testsOf lists the tests, benchmarks and fuzz targets of a package.
func testsOf(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				out = append(out, fn.Name.Name)
			}
		}
	}
	return out
}

// TestDocsNameWhatIsThere: the packages, files and tests that pages name exist. Example:
// `go test ./audit` outlives a move of the package, and a reader's first command fails.
func TestDocsNameWhatIsThere(t *testing.T) {
	root := "../.."
	commands, paths := 0, 0
	for _, page := range pages(t, root) {
		if filepath.Base(page) == "CHANGELOG.md" { // which tells of what was
			continue
		}
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goCommand.FindAllStringSubmatch(string(b), -1) {
			for _, arg := range strings.Fields(m[1]) {
				if !strings.HasPrefix(arg, "./") {
					continue
				}
				commands++
				dir := strings.TrimSuffix(strings.TrimRight(arg, ".,:;)"), "/")
				if dir == "." || dir == "" {
					continue
				}
				full := filepath.Join(root, dir)
				if files, _ := filepath.Glob(filepath.Join(full, "*.go")); len(files) == 0 {
					t.Errorf("%s: %q names %s, where no package is", page, m[0], arg)
					continue
				}
				if run := runFlag.FindStringSubmatch(m[0]); run != nil && strings.HasPrefix(m[0], "go test") {
					pattern := regexp.MustCompile(run[1])
					found := false
					for _, name := range testsOf(t, full) {
						found = found || pattern.MatchString(name)
					}
					if !found {
						t.Errorf("%s: %q names the test %s, and %s has none of that name", page, m[0], run[1], arg)
					}
				}
			}
		}
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			name := strings.TrimRight(m[1], "/")
			wing, _, deeper := strings.Cut(name, "/")
			if !deeper || wing == "" || imagined[name] || strings.ContainsAny(name, "*{}<>…$=\\") {
				continue
			}
			if fi, err := os.Stat(filepath.Join(root, wing)); err != nil || !fi.IsDir() || strings.HasPrefix(wing, ".") {
				continue // of no folder of ours: an address, a file of an archive
			}
			paths++
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Errorf("%s: `%s` is not there", page, m[1])
			}
		}
	}
	if commands < 10 || paths < 50 {
		t.Errorf("only %d commands and %d paths were found", commands, paths)
	}
}
