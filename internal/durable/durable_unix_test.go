//go:build unix

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestUmask: a file has no bit that the umask takes away.
func TestUmask(t *testing.T) {
	was := syscall.Umask(0o077)
	defer syscall.Umask(was)
	name := filepath.Join(t.TempDir(), "x")
	for _, mode := range []os.FileMode{0o666, 0o644, 0o600} {
		if err := WriteFile(name, []byte("x"), mode); err != nil {
			t.Fatal(err)
		}
		if fi, err := os.Stat(name); err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("mode %#o under umask 077 became %v (%v)", mode, fi.Mode(), err)
		}
	}
	syscall.Umask(0)
	if err := WriteFile(name, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if fi, _ := os.Stat(name); fi.Mode().Perm() != 0o644 {
		t.Errorf("without a umask: %v", fi.Mode())
	}
}

// TestFails: where a step fails, the file is what it was, nothing lies beside
// it, and the error says so where something does.
func TestFails(t *testing.T) {
	broken := errors.New("broken")
	defer func() { Fail = nil }()
	for _, at := range []string{"create", "write", "flush", "rename"} {
		dir := t.TempDir()
		name := filepath.Join(dir, "x")
		if err := WriteFile(name, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, stuck := range []bool{false, true} {
			Fail = func(step, _ string) error {
				if step == at || stuck && step == "remove" {
					return broken
				}
				return nil
			}
			err := WriteFile(name, []byte("new"), 0o644)
			Fail = nil
			es, _ := os.ReadDir(dir)
			b, _ := os.ReadFile(name)
			left := len(es) - 1
			if !errors.Is(err, broken) || string(b) != "old" || errors.Is(err, ErrLeft) != (left > 0) || left > 0 != (stuck && at != "create") {
				t.Errorf("%s fails, stuck %v: %v; the file says %q, %d files beside it", at, stuck, err, b, left)
			}
		}
	}
}
