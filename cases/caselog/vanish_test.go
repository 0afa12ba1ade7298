package caselog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestVanished: a file that is removed while the case is verified, after it was
// listed, is a fault that names it; so is one that a stranger puts there and takes
// away again, if it was there when the case was listed.
func TestVanished(t *testing.T) {
	d := open(t)
	var files []string
	for i := range 400 {
		files = append(files, fmt.Sprintf("f%03d.txt=%s", i, strings.Repeat("x", 2000)))
	}
	d.add(KindDocument, nil, files...)
	act := filepath.Join(d.dir, "acts", "00001-document")
	var once sync.Once
	_, err := d.check(CheckOptions{Done: func(int64) { once.Do(func() { _ = os.RemoveAll(act) }) }})
	var f *Fault
	if !errors.As(err, &f) || !strings.HasPrefix(f.Path, "acts/00001-document/f") || f.Entry != 1 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%+v", err)
	}
	if strings.Contains(err.Error(), d.dir) {
		t.Errorf("the error names a place on this machine: %v", err)
	}

	e := open(t)
	e.add(KindDocument, nil, "a.txt=a")
	stray := filepath.Join(e.dir, "acts", "stray")
	if err := os.WriteFile(stray, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var gone sync.Once
	if _, err := e.check(CheckOptions{Done: func(int64) { gone.Do(func() { _ = os.Remove(stray) }) }}); !errors.As(err, &f) || f.Path != "acts/stray" {
		t.Errorf("%v", err)
	}
}
