package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ceiling is how complex a function may be: one, and one more for each branch, as gocyclo
// counts them. Beyond it nobody holds all ways through it in mind.
const ceiling = 30

// TestComplexity: no function is over the ceiling but those in testdata/complex.txt, and
// those still are. Whoever takes one apart strikes its line out; nobody adds one.
func TestComplexity(t *testing.T) {
	root := filepath.Join("..", "..")
	var over []string
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if n := e.Name(); n == "testdata" || n == "_gen" || p != root && strings.HasPrefix(n, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && complexity(d) > ceiling {
				dir, err := filepath.Rel(root, filepath.Dir(p))
				if err != nil {
					return err
				}
				over = append(over, filepath.ToSlash(dir)+" "+name(d))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join("testdata", "complex.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			listed = append(listed, line)
		}
	}
	for _, f := range over {
		if !slices.Contains(listed, f) {
			t.Errorf("%s is more complex than %d: take it apart", f, ceiling)
		}
	}
	for _, f := range listed {
		if !slices.Contains(over, f) {
			t.Errorf("%s is no longer over the ceiling: strike it out of testdata/complex.txt", f)
		}
	}
}

// TestComplexityCounts: the counting itself.
func TestComplexityCounts(t *testing.T) {
	src := `package p
func (t *T[K]) f(a, b bool, c chan int) {
	if a && b || a {
	}
	for range 3 {
	}
	switch {
	case a:
	case b:
	default:
	}
	select {
	case <-c:
	default:
	}
	func() {
		for a {
		}
	}()
}`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	d := f.Decls[0].(*ast.FuncDecl)
	if n := complexity(d); n != 9 || name(d) != "T.f" {
		t.Errorf("%s %d", name(d), n)
	}
}

// complexity is one more than the branches of a function, and of those within it.
func complexity(d *ast.FuncDecl) int {
	n := 1
	ast.Inspect(d, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if x.List != nil {
				n++
			}
		case *ast.CommClause:
			if x.Comm != nil {
				n++
			}
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}

// name is a function's name, of a method with its type's.
func name(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) != 1 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return fmt.Sprintf("%T.%s", t, d.Name.Name)
		}
	}
}
