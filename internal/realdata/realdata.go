// Package realdata finds the real routing files that tests and benchmarks read
// beside the checkout. They are the work of archives with terms of their own
// and are never copied into the project, so a test must live without them.
package realdata

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Path returns the path of rel, such as "mrt/ris/rrc15", in the folder of real
// data, which is shared/data beside the module's root. If the folder is absent the
// test is skipped; if the environment says CI=true it fails, because there an
// absent folder means that the check did not happen. With -short it is skipped
// too: real files are what takes long in most of these tests.
func Path(t testing.TB, rel string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: it reads real data")
	}
	dir, ok := Dir()
	if !ok {
		if os.Getenv("CI") == "true" {
			t.Fatal("real data is absent (../shared/data beside the module), and CI must have it")
		}
		t.Skip("real data is absent (../shared/data beside the module)")
	}
	p := filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(p); err != nil {
		t.Fatalf("real data: %v", err)
	}
	return p
}

// Glob returns the files in the folder of real data that match any of the
// patterns, sorted as [filepath.Glob] sorts. It skips or fails as [Path] does.
func Glob(t testing.TB, patterns ...string) []string {
	t.Helper()
	var out []string
	for _, pat := range patterns {
		dir, base := filepath.Split(filepath.FromSlash(pat))
		if strings.ContainsAny(dir, "*?[") {
			root := Path(t, ".")
			m, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pat)))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, m...)
			continue
		}
		m, err := filepath.Glob(filepath.Join(Path(t, dir), base))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m...)
	}
	return out
}

// Dir returns the folder of real data, and whether it is there. It serves
// where no test is at hand to be skipped, as in a TestMain.
func Dir() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			p := filepath.Join(filepath.Dir(dir), "shared", "data")
			st, err := os.Stat(p)
			return p, err == nil && st.IsDir()
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}
