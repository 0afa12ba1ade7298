package caselog

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// build makes a case with one exhibit of two records.
func build(t *testing.T, dir string, force bool) *Writer {
	t.Helper()
	w, err := Create(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	x := w.Exhibit("rrc00", "updates.20200301.1200.gz")
	for i, r := range []string{"first", "second"} {
		if err := x.Add(int64(100*i), []byte(r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close("00ff"); err != nil {
		t.Fatal(err)
	}
	if err := w.Exhibit("rrc00", "empty").Close("aa"); err != nil { // no record, no exhibit
		t.Fatal(err)
	}
	if _, err := w.Seal(); err != nil {
		t.Fatal(err)
	}
	return w
}

func names(t *testing.T, dir string) string {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range es {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

func TestWriteAndCheck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "case")
	w := build(t, dir, false)
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the case is there before it is whole: %v", err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	w.Abort() // too late to do anything
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(dir); err != nil {
		t.Error(err)
	}
	if len(m.Exhibits) != 1 {
		t.Fatalf("exhibits %+v", m.Exhibits)
	}
	x := m.Exhibits[0]
	if x.Name != "rrc00.updates.20200301.1200.mrt" || x.Size != 11 || x.Records.Len() != 2 || x.Records.List()[1] != [2]int64{100, 6} || x.Source.SHA256 != "00ff" {
		t.Errorf("exhibit %+v", x)
	}
	if got := names(t, filepath.Dir(dir)); got != "case" {
		t.Errorf("beside it: %s", got)
	}
}

func TestAbort(t *testing.T) {
	parent := t.TempDir()
	build(t, filepath.Join(parent, "case"), false).Abort()
	if got := names(t, parent); got != "" {
		t.Errorf("left: %s", got)
	}
}

func TestReplacing(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "case")
	if err := build(t, dir, false).Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, false); !errors.Is(err, ErrExists) {
		t.Errorf("without force: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "old"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := build(t, dir, true).Commit(); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir) + " in " + names(t, parent); got != "exhibits in case" {
		t.Errorf("replaced: %s", got)
	}
	other := filepath.Join(parent, "thesis")
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(other, true); err == nil || !strings.Contains(err.Error(), "not a case") {
		t.Errorf("what is no case is not replaced: %v", err)
	}
}

// TestCaseThatAppeared: somebody else's case that came in the meantime stays.
func TestCaseThatAppeared(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "case")
	a, b := build(t, dir, false), build(t, dir, false)
	if err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); !errors.Is(err, ErrExists) {
		t.Errorf("the second: %v", err)
	}
	b.Abort()
	if got := names(t, parent); got != "case" {
		t.Errorf("left: %s", got)
	}
}

func TestNamesAreSafeAndUnique(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "case"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			x := w.Exhibit("../evil", "a/b\n.gz")
			if err := x.Add(0, []byte("x")); err != nil {
				t.Error(err)
			}
			if err := x.Close(""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	m, err := w.Seal()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range m.Exhibits {
		got = append(got, x.Name)
	}
	if s := strings.Join(got, " "); s != ".._evil.a_b_-2.mrt .._evil.a_b_-3.mrt .._evil.a_b_.mrt" {
		t.Errorf("names %s", s)
	}
}

// TestHostileManifests are refused by name, before anything is opened.
func TestHostileManifests(t *testing.T) {
	for what, c := range map[string]struct{ manifest, why string }{
		"a path":             {`{"name":"../findings.json","size":0,"records":[]}`, "no name for an exhibit"},
		"a hidden file":      {`{"name":".x","size":0,"records":[]}`, "no name for an exhibit"},
		"no name":            {`{"name":"","size":0,"records":[]}`, "no name for an exhibit"},
		"negative length":    {`{"name":"a.mrt","size":5,"records":[[0,10],[0,-5]]}`, "exhibit a.mrt: a record"},
		"lengths that wrap":  {`{"name":"a.mrt","size":0,"records":[[0,9223372036854775807],[0,9223372036854775807],[0,2]]}`, "exhibit a.mrt: a record"},
		"negative offset":    {`{"name":"a.mrt","size":5,"records":[[-1,5]]}`, "exhibit a.mrt: a record"},
		"more than the file": {`{"name":"a.mrt","size":5,"records":[[0,6]]}`, "exhibit a.mrt: a record"},
		"less than the file": {`{"name":"a.mrt","size":5,"records":[[0,4]]}`, "exhibit a.mrt: its records have 4 bytes"},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, ExhibitDir), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ManifestName), []byte(`{"format":"constat-exhibits/1","exhibits":[`+c.manifest+`]}`), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifest(dir); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", what, err, c.why)
		}
	}
}

// TestNotRegular: nothing is read from outside the case, and nothing is waited
// for.
func TestNotRegular(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on windows")
	}
	dir := filepath.Join(t.TempDir(), "case")
	if err := build(t, dir, false).Commit(); err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, ExhibitDir, m.Exhibits[0].Name)
	away := filepath.Join(t.TempDir(), "away")
	if err := os.Rename(name, away); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(away, name); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(dir); err == nil || !strings.Contains(err.Error(), m.Exhibits[0].Name) || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a link out of the case: %v", err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "watch.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(dir, "watch.json"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a device: %v", err)
	}
}
