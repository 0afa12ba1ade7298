package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamplesInDocs runs every block of the README and of docs/ that stands under
// the line
//
//	<!-- example -->
//
// with what it prints. A line that begins with "$ " is a command for a shell, in a
// folder that shows the project; the lines after it are what it prints, on either
// output, where "…" alone on a line stands for any number of lines. A command that
// fails is written "$ ! ".
func TestExamplesInDocs(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	walk := func(file string) {
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examplesOf(string(b)) {
			n++
			t.Run(file, func(t *testing.T) { e.run(t, root) })
		}
	}
	walk("README.md")
	err = fs.WalkDir(os.DirFS(root), "docs", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".md") {
			walk(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 3 {
		t.Errorf("only %d examples were found", n)
	}
}

// docExample is a block: commands, each with what it prints.
type docExample []docCommand

type docCommand struct {
	line   string
	fails  bool
	prints []string
}

// examplesOf finds the blocks that are marked.
func examplesOf(text string) []docExample {
	var out []docExample
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) != "<!-- example -->" {
			continue
		}
		for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
		}
		var e docExample
		for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
			if cmd, ok := strings.CutPrefix(lines[i], "$ "); ok {
				cmd, fails := strings.CutPrefix(cmd, "! ")
				e = append(e, docCommand{line: cmd, fails: fails})
			} else if n := len(e); n > 0 {
				e[n-1].prints = append(e[n-1].prints, lines[i])
			}
		}
		out = append(out, e)
	}
	return out
}

func (e docExample) run(t *testing.T, root string) {
	if len(e) == 0 {
		t.Fatal("a block without a command")
	}
	dir := t.TempDir()
	for _, name := range []string{"lab", "docs", "examples", "claims", "judge"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range e {
		// The program is in the path, put there by testscript.
		line := strings.ReplaceAll(c.line, "go run ./cmd/constat", "constat")
		cmd := exec.Command("sh", "-c", line)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+dir, "LC_ALL=C", "COLUMNS=")
		for _, name := range archiveURLs {
			cmd.Env = append(cmd.Env, name+"="+nowhere)
		}
		out, err := cmd.CombinedOutput()
		if (err != nil) != c.fails {
			t.Fatalf("$ %s\n%v\n%s", c.line, err, out)
		}
		if want, ok := prints(strings.Split(strings.TrimRight(string(out), "\n"), "\n"), c.prints); !ok {
			t.Fatalf("$ %s\nprints no (more) %q; it prints\n%s", c.line, want, out)
		}
	}
}

// prints reports whether a command printed what the block says. If not, it gives
// the line that is missing.
func prints(got, want []string) (string, bool) {
	any := false
	at := 0
	for _, w := range want {
		if strings.TrimSpace(w) == "…" {
			any = true
			continue
		}
		if any {
			for at < len(got) && got[at] != w {
				at++
			}
		}
		if at >= len(got) || got[at] != w {
			return w, false
		}
		at++
		any = false
	}
	if !any && len(want) > 0 && at < len(got) {
		return "end, but " + got[at], false
	}
	return "", true
}

func TestPrints(t *testing.T) {
	got := []string{"a", "b", "c"}
	for want, ok := range map[string]bool{
		"a|b|c": true, "…": true, "a|…": true, "…|c": true, "a|…|c": true, "…|b|…": true, "": true,
		"a|b": false, "a|c": false, "…|b": false, "b|…": false, "a|b|c|d": false, "…|d|…": false,
	} {
		var w []string
		if want != "" {
			w = strings.Split(want, "|")
		}
		if _, is := prints(got, w); is != ok {
			t.Errorf("%q: %t", want, is)
		}
	}
}
