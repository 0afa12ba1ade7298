package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"constat/internal/durable"
)

// A cached file of the right size can still be wrong: a disk that lost a byte, a
// copy that was cut and padded. Its packing tells, by the checksum of each gzip
// member and bzip2 block. So each file of the cache is unpacked once before it is
// used, and what came of it is remembered until the file changes.

// checkedName is where a folder of the cache keeps what its files were found to be.
const checkedName = ".checked.json"

// checkedFile is a file that was unpacked to its end, or to where it is damaged.
type checkedFile struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	// Damage is set of a file whose damage is the archive's own.
	Damage string `json:"damage,omitempty"`
}

// checks are what is remembered of the files of some folders.
type checks struct {
	mu      sync.Mutex
	folders map[string]map[string]checkedFile
	changed map[string]bool
}

func newChecks() *checks {
	return &checks{folders: map[string]map[string]checkedFile{}, changed: map[string]bool{}}
}

// folder is what a folder remembers; with the lock.
func (c *checks) folder(dir string) map[string]checkedFile {
	m, ok := c.folders[dir]
	if !ok {
		if b, err := os.ReadFile(filepath.Join(dir, checkedName)); err != nil || json.Unmarshal(b, &m) != nil || m == nil {
			m = map[string]checkedFile{}
		}
		c.folders[dir] = m
	}
	return m
}

// find returns what is remembered of a file, if it has not changed since.
func (c *checks) find(path string, st fs.FileInfo) (checkedFile, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.folder(filepath.Dir(path))[filepath.Base(path)]
	return k, ok && k.Size == st.Size() && k.Modified.Equal(st.ModTime())
}

// note remembers what a file was found to be.
func (c *checks) note(path string, damage error) {
	st, err := os.Stat(path)
	if err != nil {
		return
	}
	k := checkedFile{Size: st.Size(), Modified: st.ModTime().UTC()}
	if damage != nil {
		k.Damage = damage.Error()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	dir := filepath.Dir(path)
	c.folder(dir)[filepath.Base(path)] = k
	c.changed[dir] = true
}

// save writes what is new. A cache that cannot be written, or that another process
// writes to at the same moment, costs another check and nothing else.
func (c *checks) save() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for dir := range c.changed {
		if b, err := json.Marshal(c.folders[dir]); err == nil {
			_ = durable.WriteFile(filepath.Join(dir, checkedName), b, 0o666)
		}
	}
}

// damaged is a file of the cache that does not unpack to its end.
type damaged struct {
	file *File
	was  fs.FileInfo
	err  error
}

// check unpacks those cached files of which it is not known what comes of it, and
// returns the damaged ones, in the order of the files.
func (r *remote) check(ctx context.Context, files []*File) ([]damaged, error) {
	var todo []damaged
	for _, f := range files {
		st, err := os.Stat(f.Path)
		if err != nil {
			return nil, err
		}
		k, ok := r.checks.find(f.Path, st)
		switch {
		case ok && k.Damage != "":
			f.Note = fmt.Sprintf(ownDamaged, k.Damage)
		case !ok:
			todo = append(todo, damaged{file: f, was: st})
		}
	}
	var mu sync.Mutex
	done := 0
	each(len(todo), func(i int) {
		d := &todo[i]
		if ctx.Err() != nil {
			return
		}
		if d.err = unpacks(ctx, d.file.Path); d.err == nil {
			r.checks.note(d.file.Path, nil)
		}
		mu.Lock()
		defer mu.Unlock()
		if done++; r.checking != nil {
			r.checking(done, len(todo))
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, d := range todo {
		var pe *os.PathError // of our disk, not of the file
		if errors.As(d.err, &pe) {
			return nil, d.err
		}
	}
	return slices.DeleteFunc(todo, func(d damaged) bool { return d.err == nil }), nil
}

// What is said of damaged files, in [File.Note].
const (
	ownDamaged     = "the archive's own copy is damaged: %v"
	cacheDamaged   = "its copy in the cache is damaged (%v), and --offline was asked for: what cannot be read of it counts as blindness; the same command without --offline fetches it again"
	damagedFetched = "its copy in the cache was damaged (%v) and was fetched again"
)
