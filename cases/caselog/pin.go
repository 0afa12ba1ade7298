package caselog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// pins are the cases whose files are held to what was verified of them, by the
// case's folder.
var pins struct {
	sync.RWMutex
	of map[string][]*pinned
}

// pinned are the SHA-256 of a case's files by their place on this machine.
type pinned struct {
	dir   string
	files map[string]string
	held  int
}

// Pin holds the files of a checked case to what was checked, until the function
// that it returns is called: [ReadFile], [ReadManifest] and [Exhibit.Open] give
// what the log has or an error, and nothing that the log does not have is there.
//
// A case is checked first and computed again after that, and somebody who can
// write to its folder can swap a file between the two. Example: findings.json
// as logged while it is hashed, and false findings with false exhibits while
// they are compared.
func (a *Account) Pin() (release func()) {
	pins.Lock()
	defer pins.Unlock()
	if a.pinned == nil {
		a.pinned = &pinned{dir: filepath.Clean(a.dir), files: map[string]string{}}
		add := func(f File) { a.pinned.files[filepath.Join(a.dir, filepath.FromSlash(f.Path))] = f.SHA256 }
		for _, e := range a.Entries {
			for _, f := range e.Files {
				add(f)
				for _, x := range a.manifests[f.Path] {
					add(x.File)
				}
			}
		}
	}
	p := a.pinned
	if p.held++; p.held == 1 {
		if pins.of == nil {
			pins.of = map[string][]*pinned{}
		}
		pins.of[p.dir] = append(pins.of[p.dir], p)
	}
	return sync.OnceFunc(func() {
		pins.Lock()
		defer pins.Unlock()
		if p.held--; p.held > 0 {
			return
		}
		var rest []*pinned
		for _, x := range pins.of[p.dir] {
			if x != p {
				rest = append(rest, x)
			}
		}
		if pins.of[p.dir] = rest; rest == nil {
			delete(pins.of, p.dir)
		}
	})
}

// openExpected opens a regular file of a case, with what it must be ([expected]).
func openExpected(path string) (f *os.File, want []string, err error) {
	if want, err = expected(path); err != nil {
		return nil, nil, err
	}
	f, err = openRegular(path)
	return f, want, err
}

// expected says what a file must be. It may be anything where its case is not
// pinned; in a case that is pinned and does not name it, it is none.
func expected(name string) (sums []string, err error) {
	pins.RLock()
	defer pins.RUnlock()
	name = filepath.Clean(name)
	for dir := name; ; dir = filepath.Dir(dir) {
		for _, p := range pins.of[dir] {
			sum, ok := p.files[name]
			if !ok && !strings.HasPrefix(name, filepath.Join(dir, unfinishedDir)+string(filepath.Separator)) {
				return nil, fmt.Errorf("%s: the log does not have it: %w", name, errMissing)
			}
			if ok {
				sums = append(sums, sum)
			}
		}
		if dir == filepath.Dir(dir) {
			return sums, nil
		}
	}
}

// errSwapped says that a file was replaced after it was verified.
var errSwapped = errors.New("it was changed while it was verified: it is no longer what was logged")

func asExpected(sums []string, got []byte) bool {
	for _, s := range sums {
		if s != hex.EncodeToString(got) {
			return false
		}
	}
	return true
}

// heldTo is a file that must have a digest when it is read to its end.
type heldTo struct {
	io.ReadCloser
	h    hash.Hash
	sums []string
	size int64 // -1: any
	name string
}

func newHeldTo(f io.ReadCloser, name string, size int64, sums ...string) *heldTo {
	return &heldTo{f, sha256.New(), sums, size, name}
}

func (r *heldTo) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.h.Write(p[:n])
	if r.size >= 0 {
		if r.size -= int64(n); r.size < 0 {
			return 0, fmt.Errorf("%s: %w", r.name, errSwapped)
		}
	}
	if err == io.EOF && (r.size > 0 || !asExpected(r.sums, r.h.Sum(nil))) {
		return 0, fmt.Errorf("%s: %w", r.name, errSwapped)
	}
	return n, err
}
