package caselog

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPackFile: what a packing that was killed left is cleared away by the next,
// and nothing else: no packing under way, and no file of others.
func TestPackFile(t *testing.T) {
	dir := t.TempDir()
	left, other := filepath.Join(dir, packPrefix+"123"), filepath.Join(dir, ".constat-unfinished-case")
	for _, name := range []string{left, other} {
		if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, err := PackFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := PackFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	b.Close()
	if _, err := os.Stat(left); err == nil {
		t.Error("what was left is still there")
	}
	for _, name := range []string{other, a.Name()} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}
