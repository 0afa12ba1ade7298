package strictjson

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

type night struct {
	Name  string         `json:"name"`
	Begun time.Time      `json:"begun"`
	Lost  []uint16       `json:"lost"`
	By    map[string]int `json:"by"`
	Sure  bool           `json:"sure"`
}

var shape = Shape{
	Known:    map[string][]string{"": {"name", "begun", "lost", "by", "sure"}},
	Required: map[string][]string{"": {"name"}},
	Free:     []string{"by"},
	Depth:    3,
}

func TestRead(t *testing.T) {
	var n night
	if err := Read([]byte(`{"name":"a<b","lost":[1,2],"by":{"x":1,"y":2}} `), shape, &n); err != nil || n.Lost[1] != 2 || n.By["y"] != 2 {
		t.Fatal(n, err)
	}
	b, err := Indented(n)
	if err != nil || !strings.HasPrefix(string(b), "{\n \"name\": \"a<b\",\n") || !strings.HasSuffix(string(b), "\n}\n") {
		t.Errorf("%q, %v", b, err)
	}
	if err := Read(b, shape, &n); err != nil {
		t.Errorf("what was written is not read: %v", err)
	}
	for in, want := range map[string]string{
		``:                                "the JSON ends too early",
		`{"name":"a"`:                     "the JSON ends too early",
		`{"name":"a"} x`:                  "something follows the end, at byte",
		`{"Name":"a"}`:                    `top: unknown member "Name", at byte 7`,
		`{"name":"a","name":"b"}`:         `top: member "name" is there twice`,
		`{"name":"a","by":{"x":1,"x":2}}`: `by: member "x" is there twice`,
		`{"by":{}}`:                       `top: member "name" is missing`,
		`{"name":"a","lost":[[[1]]]}`:     "nested too deeply",
		`{"name":1}`:                      "name: a number where a text is expected",
		`{"name":"a","begun":1}`:          "", // the time's own error
		`{"name":"a","lost":{}}`:          "lost: an object where a list is expected",
		`{"name":"a","lost":[70000]}`:     "lost: number 70000 where a whole number from 0 up is expected",
		`{"name":"a","by":[]}`:            "by: a list where an object is expected",
		`{"name":"a","by":{"x":"1"}}`:     "a text where a whole number is expected",
		`{"name":"a","sure":"yes"}`:       "sure: a text where true or false is expected",
		`[]`:                              "a list where an object is expected",
	} {
		err := Read([]byte(in), shape, &night{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "night") {
			t.Errorf("%s: %v; want %q", in, err, want)
		}
	}
}

// TestOneWriter: JSON that people or programs get has one form, so it is written here
// and nowhere else, but for the lines of a score, what is pasted into pages, and the
// simulator, which shares no code with what it is to check.
func TestOneWriter(t *testing.T) {
	allowed := map[string]bool{"report/export/claimreview.go": true, "cmd/constat/lab_score.go": true, "internal/strictjson/strictjson.go": true, "lab/sim/archive.go": true}
	root := os.DirFS(filepath.Join("..", ".."))
	writes := regexp.MustCompile(`json\.(NewEncoder|MarshalIndent)\(`)
	files := 0
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && p != ".":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || allowed[p]:
			return nil
		}
		files++
		b, err := fs.ReadFile(root, p)
		if m := writes.Find(b); m != nil {
			t.Errorf("%s writes JSON by %s: strictjson has Write, Indented and Compact", p, m)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Fatal(files, err)
	}
}

func TestCompact(t *testing.T) {
	b, err := Compact(map[string]string{"a": "<&>"})
	if err != nil || string(b) != `{"a":"<&>"}` {
		t.Errorf("%s %v", b, err)
	}
	if _, err := Compact(func() {}); err == nil {
		t.Error("a function was written")
	}
}
