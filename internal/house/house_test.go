package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fromGround are the names of the wings from the ground up.
func fromGround() []string {
	var out []string
	for _, w := range slices.Backward(Wings) {
		out = append(out, w.Name)
	}
	return out
}

// floors is the house: a package imports only from floors below its own. A name
// with /... stands for all packages below it too.
var floors = map[string]int{
	"moment":       0,
	"internal/...": 0,

	"wire/...": 1, // bytes and values

	"routes/atlas":   2,
	"routes/live":    2,
	"routes/rib":     2,
	"routes/source":  2,
	"routes/scan":    2, // how files are looked through, once for everybody
	"routes/vantage": 2,

	"judge/place":    3,
	"judge/proof":    3,
	"judge/outage":   3,
	"judge/timing":   3,
	"judge/relation": 3, // the graph of a list of relations
	"judge/transit":  4,
	"judge/cause":    4,
	"judge/block":    5,
	"judge/finding":  5, // the values of findings.json, which name places and levels
	"judge/assess":   6, // evidence to findings

	"claims/evidence":  7,
	"claims/wording":   7,
	"claims/statement": 7,
	"claims/indicator": 7,
	"claims/trace":     7,
	"claims/press":     8, // text read for the register
	"claims/conduct":   8, // codes ask about findings, statements and traces
	"claims/standing":  8, // a statement beside findings

	"report/figure":   9,  // values to paths, boxes and SVG
	"report/document": 10, // a report as values

	"report":        11, // findings to documents
	"report/html":   11, // documents as pages
	"report/plain":  11, // summaries for a terminal
	"report/filter": 11,
	"report/impact": 11,
	"report/export": 12, // an export says the report's numbers in the report's words

	"cases/caselog":     13,
	"cases/examine":     14,
	"cases/chokepoints": 14, // who could cut a subject off
	"cases/blocking":    14, // what is asked about a block
	"cases/state":       14, // what was announced at a moment
	"cases/scan":        14, // what went down, before anybody asks for a subject
	"cases/witness":     14, // the log's witnesses over HTTP
	"cases/page":        14, // the report of one examination, for whoever makes or checks a case
	"cases/conclude":    15, // everything that a case holds, joined
	"cases/audit":       16, // a case verified as a whole, above what computes it

	"lab/...":      17,
	"lab/score":    18,
	"lab/foretold": 18,

	"serve/...": 19,

	"cmd/constat": 20,
	"lab/bench":   20, // a command of its own, which measures the program from outside
}

// neighbours are the imports within one floor that there are reasons for.
var neighbours = map[string][]string{
	"wire/mrt":            {"wire/bgp"},
	"wire/mrt/text":       {"wire/mrt", "wire/bgp"},
	"wire/mrt/build":      {"wire/mrt", "wire/bgp"},
	"wire/mrt/lines":      {"wire/mrt/build", "wire/mrt", "wire/bgp"},
	"wire/rislive":        {"wire/mrt/build", "wire/mrt", "wire/bgp"},
	"wire/ripestat":       {"wire/mrt/build", "wire/mrt", "wire/bgp"},
	"wire/bmp":            {"wire/mrt/build", "wire/mrt", "wire/bgp"},
	"wire/formats":        {"wire/mrt", "wire/mrt/build", "wire/mrt/lines", "wire/rislive", "wire/ripestat", "wire/bmp"},
	"claims/statement":    {"claims/wording"},   // two statements that say the same
	"claims/trace":        {"claims/indicator"}, // the addresses to trace
	"routes/rib":          {"routes/vantage"},
	"routes/scan":         {"routes/source", "routes/vantage"},
	"routes/live":         {"routes/rib", "routes/scan", "routes/source", "routes/vantage"}, // the same rules of who was watching
	"lab":                 {"lab/gen", "lab/sim"},
	"internal/decompress": {"internal/bunzip", "internal/inflate"},
	"internal/fetch":      {"internal/durable", "internal/worded"},
	"internal/house/draw": {"internal/house"},
	"internal/locale":     {"internal/tomlfile"},
	"internal/mrttest":    {"moment"}, // the test kit writes moments
}

// pure packages read no files, no network, no clock and no chance: all of judge, and
// the rules of where a statement stands and of how evidence is weighed.
var pure = []string{"judge/assess", "judge/block", "judge/cause", "judge/finding", "judge/outage", "judge/place", "judge/proof", "judge/relation", "judge/timing", "judge/transit", "claims/evidence", "claims/standing",
	"report", "report/document", "report/figure", "report/html", "report/plain"}

var impure = []string{"os", "os/exec", "os/signal", "os/user", "net", "net/http", "net/rpc", "net/smtp", "syscall", "io/ioutil",
	"crypto/rand", "math/rand", "plugin", "runtime/debug", "log", "log/slog", "embed", "path/filepath"}

// readers are what a pure package may not use of the packages whose values it takes:
// what opens a file.
var readers = map[string][]string{
	"constat/routes/atlas": {"Open", "Atlas", "Update", "ReadGroups"},
}

// unread are packages of the house that a pure one has no use for.
var unread = []string{"constat/routes/scan", "constat/routes/source", "constat/internal/fetch", "constat/internal/durable", "constat/internal/decompress"}

// allowed are exceptions from impure, with their reasons.
var allowed = map[string]map[string]string{
	"judge/proof": {"embed": "the standards that come with the program"},
	"report/html": {"embed": "the templates and the style of its pages"},
}

// clock are the functions of package time that read it or wait for it.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// drivers are modules that speak to something outside; each is behind one
// package.
var drivers = []string{"github.com/coder/websocket", "modernc.org/sqlite", "github.com/nats-io", "github.com/ClickHouse", "github.com/parquet-go",
	"cel.dev", "github.com/google/cel-go", "golang.org/x/mod/sumdb", "github.com/transparency-dev", "github.com/prometheus/client_golang",
	"github.com/osrg/gobgp/v4/pkg/server", "github.com/vbauerster/mpb", "github.com/alecthomas/kong", "github.com/pelletier/go-toml"}

// file is one Go file of the module.
type file struct {
	pkg, name string
	ast       *ast.File
}

func (f file) imports() []string {
	var out []string
	for _, i := range f.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

// tree parses the module, whatever the build tags; tests are left out.
func tree(t *testing.T) []file {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root = filepath.Dir(filepath.Dir(root))
	var out []file
	set := token.NewFileSet()
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		a, err := parser.ParseFile(set, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(p))
		out = append(out, file{filepath.ToSlash(rel), d.Name(), a})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files of the module were found", len(out))
	}
	return out
}

// lookup finds a package in a table whose keys may end in /…; the longest wins.
func lookup[V any](table map[string]V, pkg string) (V, bool) {
	if v, ok := table[pkg]; ok {
		return v, true
	}
	for p := pkg; p != "." && p != ""; p = parent(p) {
		if v, ok := table[p+"/..."]; ok {
			return v, true
		}
	}
	var zero V
	return zero, false
}

func parent(p string) string {
	i := strings.LastIndexByte(p, '/')
	if i < 0 {
		return ""
	}
	return p[:i]
}

func TestFloors(t *testing.T) {
	said := map[string]bool{}
	say := func(msg string) {
		if !said[msg] {
			said[msg] = true
			t.Error(msg)
		}
	}
	for _, f := range tree(t) {
		at, ok := lookup(floors, f.pkg)
		if !ok {
			say(f.pkg + " stands on no floor of the house: put it into the table, where the design has it")
			continue
		}
		for _, i := range f.imports() {
			to, own := strings.CutPrefix(i, "constat/")
			if !own {
				continue
			}
			below, ok := lookup(floors, to)
			beside, _ := lookup(neighbours, f.pkg)
			if !ok || below > at || below == at && !slices.Contains(beside, to) {
				say(f.pkg + " (" + f.name + ") imports " + to + ", which is not on a floor below")
			}
		}
	}
}

// TestWire: bytes ↔ values need the standard library and the common values.
func TestWire(t *testing.T) {
	for _, f := range tree(t) {
		if !strings.HasPrefix(f.pkg, "wire/") {
			continue
		}
		for _, i := range f.imports() {
			standard := !strings.Contains(strings.SplitN(i, "/", 2)[0], ".") && !strings.HasPrefix(i, "constat/")
			if !standard && i != "constat/moment" && !strings.HasPrefix(i, "constat/wire/") {
				t.Errorf("%s (%s) imports %s", f.pkg, f.name, i)
			}
		}
	}
}

func TestPure(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range tree(t) {
		if !slices.Contains(pure, f.pkg) {
			continue
		}
		seen[f.pkg] = true
		clockName := ""
		for _, i := range f.ast.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			if _, ok := allowed[f.pkg][p]; slices.Contains(impure, p) && !ok {
				t.Errorf("%s (%s) imports %s", f.pkg, f.name, p)
			}
			if slices.Contains(unread, p) {
				t.Errorf("%s (%s) imports %s", f.pkg, f.name, p)
			}
			if names, ok := readers[p]; ok {
				forbidCalls(t, f, p[strings.LastIndexByte(p, '/')+1:], names)
			}
			if p == "math/rand/v2" {
				// Seeded chance is none; the functions of the package itself are not seeded.
				forbidCalls(t, f, "rand", []string{"Int", "IntN", "Int64", "Int64N", "Uint32", "Uint64", "Float64", "Perm", "Shuffle", "N"})
			}
			if p == "time" {
				clockName = "time"
				if i.Name != nil {
					clockName = i.Name.Name
				}
			}
		}
		if clockName != "" {
			forbidCalls(t, f, clockName, clock)
		}
	}
	for _, p := range pure {
		if !seen[p] {
			t.Errorf("%s was not looked at", p)
		}
	}
}

// TestMarkup: a document has no markup, and neither has what makes one. Whoever writes
// pages is package html, and SVG package figure.
func TestMarkup(t *testing.T) {
	for _, f := range tree(t) {
		if f.pkg != "report" && f.pkg != "report/document" && f.pkg != "report/plain" && f.pkg != "report/export" {
			continue
		}
		for _, i := range f.imports() {
			if i == "html" || i == "html/template" || i == "text/template" || i == "constat/report/html" {
				t.Errorf("%s (%s) imports %s", f.pkg, f.name, i)
			}
		}
	}
}

// TestWings: the floors of a wing lie together, below those of the next wing. So
// no import goes up from one wing to another.
func TestFloorsOfWings(t *testing.T) {
	low, high := map[string]int{}, map[string]int{}
	for pkg, floor := range floors {
		if pkg == "lab/bench" {
			continue
		}
		w, _, _ := strings.Cut(pkg, "/")
		if WingOf(w) < 0 {
			t.Errorf("%s is in no wing", pkg)
		}
		if l, ok := low[w]; !ok || floor < l {
			low[w] = floor
		}
		high[w] = max(high[w], floor)
	}
	for i, w := range fromGround() {
		if _, ok := low[w]; !ok {
			t.Errorf("no package is in %s", w)
		}
		// What all may use stands on the ground together.
		if i > 1 && low[w] <= high[fromGround()[i-1]] {
			t.Errorf("%s begins on floor %d, and %s ends on floor %d", w, low[w], fromGround()[i-1], high[fromGround()[i-1]])
		}
	}
}

// forbidCalls names the uses of functions of an imported package.
func forbidCalls(t *testing.T, f file, pkg string, names []string) {
	t.Helper()
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && id.Name == pkg && slices.Contains(names, s.Sel.Name) {
				t.Errorf("%s (%s) uses %s.%s", f.pkg, f.name, pkg, s.Sel.Name)
			}
		}
		return true
	})
}

// TestDrivers: each is imported by exactly one package, so that it can be
// exchanged there.
func TestDrivers(t *testing.T) {
	by := map[string]map[string]bool{}
	for _, f := range tree(t) {
		for _, i := range f.imports() {
			for _, d := range drivers {
				if i == d || strings.HasPrefix(i, d+"/") {
					if by[d] == nil {
						by[d] = map[string]bool{}
					}
					by[d][f.pkg] = true
				}
			}
		}
	}
	for d, ps := range by {
		if len(ps) > 1 {
			t.Errorf("%s is imported by %s", d, strings.Join(slices.Sorted(maps.Keys(ps)), ", "))
		}
	}
	if len(by["github.com/alecthomas/kong"]) != 1 {
		t.Error("not even the flags were found: the test looks at nothing")
	}
}
