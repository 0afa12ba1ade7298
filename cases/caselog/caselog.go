// Package caselog keeps what a finding rests on in folders that anyone can
// copy, send and check.
//
// There are two. An examination ([Create], [Writer]) holds exhibits, which are
// verbatim MRT records in ordinary MRT files, their manifest, and the files
// beside them. A case ([New], [Open], [Check]) holds any number of these, with
// statements and documents, and a log in which every act is an entry: an
// append-only Merkle tree in the layout of c2sp.org/tlog-tiles whose checkpoint
// the examiner signs, and which parties countersign or dissent from
// (docs/formats/case-log.md).
//
// It promises integrity alone. What it wrote appears whole or not at all, and
// is on disk when it says so; two processes cannot spoil a case; a kill loses
// at most the act being written. Every byte of a case is vouched for by its log
// or can be computed from it, and what does not match is refused by name. A
// signature proves that a key signed, a log proves an order: who holds the key,
// and what time it was, they do not prove. It does not know what the files mean.
package caselog

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"constat/internal/durable"
)

// Names inside a case.
const (
	ExhibitDir   = "exhibits"
	ManifestName = "exhibits/manifest.json"
	// ManifestFormat names the version of the manifest.
	ManifestFormat = "constat-exhibits/1"
)

// Manifest lists the exhibits of a case (docs/formats/case.md).
type Manifest struct {
	Format   string    `json:"format"`
	Exhibits []Exhibit `json:"exhibits"`
}

// Exhibit is one MRT file of records copied from one source.
type Exhibit struct {
	Name    string  `json:"name"` // base name inside exhibits/
	SHA256  string  `json:"sha256"`
	Size    int64   `json:"size"`
	Source  Source  `json:"source"`
	Records Records `json:"records"`
}

// Source is the file that an exhibit's records were copied from.
type Source struct {
	Name      string `json:"name"` // base name
	Collector string `json:"collector"`
	SHA256    string `json:"sha256"`
}

// ErrExists says that the case is there already.
var ErrExists = errors.New("already exists")

// Writer builds a case in a temporary folder beside its place. It is safe for
// use by several goroutines.
type Writer struct {
	dir, tmp string
	force    bool
	mu       sync.Mutex
	names    map[string]bool
	exhibits []Exhibit
}

// Create begins a case at dir. Without force a dir that is there already is
// ErrExists; with it Commit replaces the case, but never anything that is not
// a case.
func Create(dir string, force bool) (*Writer, error) {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); err == nil {
		if !force {
			return nil, fmt.Errorf("case %s %w: choose another --case, or --force to replace it", dir, ErrExists)
		}
		if _, err := os.Stat(filepath.Join(dir, ManifestName)); err != nil {
			return nil, fmt.Errorf("case %s: not replaced, since it is not a case (it has no %s)", dir, ManifestName)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("case: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".constat-unfinished-*")
	if err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	w := &Writer{dir: dir, tmp: tmp, force: force, names: map[string]bool{}}
	if err := errors.Join(os.Chmod(tmp, 0o755), os.Mkdir(filepath.Join(tmp, ExhibitDir), 0o755)); err != nil {
		w.Abort()
		return nil, fmt.Errorf("case: %w", err)
	}
	return w, nil
}

// Dir is the folder in which the unfinished case can be read.
func (w *Writer) Dir() string { return w.tmp }

// WriteFile adds a file to the case.
func (w *Writer) WriteFile(name string, data []byte) error {
	return durable.WriteFile(filepath.Join(w.tmp, name), data, 0o644)
}

// ExhibitWriter copies records of one source. It creates its file with the
// first record.
type ExhibitWriter struct {
	w    *Writer
	e    Exhibit
	f    *os.File
	b    *bufio.Writer
	h    hash.Hash
	name string
}

// Exhibit begins the exhibit of a source. Its name is made of the collector's
// and the file's. Records are given in the order of the source.
func (w *Writer) Exhibit(collector, file string) *ExhibitWriter {
	base := file
	for _, ext := range []string{".gz", ".bz2", ".zst", ".mrt"} {
		base = strings.TrimSuffix(base, ext)
	}
	name := clean(collector) + "." + clean(base)
	w.mu.Lock()
	defer w.mu.Unlock()
	unique := name
	for n := 2; w.names[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	w.names[unique] = true
	return &ExhibitWriter{w: w, name: unique + ".mrt", h: sha256.New(),
		e: Exhibit{Source: Source{Name: file, Collector: collector}}}
}

// clean keeps what is safe in a file name on every system.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, s)
}

// Add copies one record that lies at an offset of the uncompressed source.
func (x *ExhibitWriter) Add(offset int64, raw []byte) error {
	if x.f == nil {
		f, err := os.OpenFile(filepath.Join(x.w.tmp, ExhibitDir, x.name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return fmt.Errorf("exhibit: %w", err)
		}
		x.f, x.b = f, bufio.NewWriterSize(io.MultiWriter(x.h, f), 1<<16) // records are short, and digested together
	}
	x.e.Records.Add(offset, int64(len(raw)))
	x.e.Size += int64(len(raw))
	if _, err := x.b.Write(raw); err != nil {
		return fmt.Errorf("exhibit %s: %w", x.name, err)
	}
	return nil
}

// Close ends the exhibit of a source with the given digest. Without a record
// there is none.
func (x *ExhibitWriter) Close(sourceSHA256 string) error {
	if x.f == nil {
		return nil
	}
	err := x.b.Flush()
	if err == nil {
		err = x.f.Sync()
	}
	if e := x.f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("exhibit %s: %w", x.name, err)
	}
	x.f, x.b = nil, nil
	x.e.Records.packed = bytes.Clone(x.e.Records.packed) // without room for more
	x.e.Name, x.e.SHA256, x.e.Source.SHA256 = x.name, hex.EncodeToString(x.h.Sum(nil)), sourceSHA256
	x.w.mu.Lock()
	x.w.exhibits = append(x.w.exhibits, x.e)
	x.w.mu.Unlock()
	return nil
}

// Discard gives up an exhibit.
func (x *ExhibitWriter) Discard() {
	if x.f != nil {
		x.f.Close()
		x.f = nil
	}
}

// Seal writes the manifest. Exhibits are complete after it.
func (w *Writer) Seal() (*Manifest, error) {
	m := &Manifest{Format: ManifestFormat, Exhibits: w.exhibits}
	if m.Exhibits == nil {
		m.Exhibits = []Exhibit{}
	}
	slices.SortFunc(m.Exhibits, func(a, b Exhibit) int { return strings.Compare(a.Name, b.Name) })
	w.exhibits = nil // what they list may be large, and is needed no more
	return m, durable.Write(filepath.Join(w.tmp, ManifestName), 0o644, func(to io.Writer) error { return writeManifest(to, m) })
}

// Commit moves the finished case to its place.
func (w *Writer) Commit() error {
	for _, d := range []string{filepath.Join(w.tmp, ExhibitDir), w.tmp} {
		if err := durable.SyncDir(d); err != nil {
			return fmt.Errorf("case: %w", err)
		}
	}
	old := ""
	if _, err := os.Lstat(w.dir); err == nil {
		if !w.force {
			return fmt.Errorf("case %s %w: it appeared in the meantime", w.dir, ErrExists)
		}
		old = w.tmp + "-old"
		if err := os.Rename(w.dir, old); err != nil {
			return fmt.Errorf("case: %w", err)
		}
	}
	if err := os.Rename(w.tmp, w.dir); err != nil {
		if old != "" {
			err = errors.Join(err, os.Rename(old, w.dir))
		}
		return fmt.Errorf("case: %w", err)
	}
	w.tmp = ""
	if old != "" {
		if err := os.RemoveAll(old); err != nil {
			return fmt.Errorf("case: the replaced case is left in %s: %w", old, err)
		}
	}
	return durable.SyncDir(filepath.Dir(w.dir))
}

// Abort removes what was built. After Commit it does nothing.
func (w *Writer) Abort() {
	if w.tmp != "" {
		os.RemoveAll(w.tmp)
		w.tmp = ""
	}
}

// readAll reads at most so many bytes. The file's size is a hint, and no more.
func readAll(f *os.File, most int64) ([]byte, error) {
	size := int64(0)
	if fi, err := f.Stat(); err == nil {
		size = min(max(fi.Size(), 0), most)
	}
	b := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	_, err := b.ReadFrom(io.LimitReader(f, most))
	return b.Bytes(), err
}

// maxFile bounds what is read of one file of a case that is not an exhibit.
const maxFile = 512 << 20

// ReadFile reads a file of a case that somebody else may have made: it must be
// a regular file, so that nothing is waited for and nothing is read from
// outside the case, and of a size that can be meant.
func ReadFile(dir, name string) ([]byte, error) {
	f, want, err := openExpected(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := readAll(f, maxFile+1)
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("%s: longer than %d bytes", name, maxFile)
	}
	if sum := sha256.Sum256(b); err == nil && !asExpected(want, sum[:]) {
		err = fmt.Errorf("%s: %w", name, errSwapped)
	}
	return b, err
}

func openRegular(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	// It may be replaced by a pipe in the meantime.
	f, err := os.OpenFile(path, os.O_RDONLY|patient, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a regular file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ReadManifest reads the manifest of a case.
func ReadManifest(dir string) (*Manifest, error) {
	name := filepath.Join(dir, ManifestName)
	m, err := readManifest(dir)
	if err == nil && m != nil {
		if err := checkManifest(name, m); err != nil {
			return nil, err
		}
		return m, nil
	}
	var b []byte
	if err == nil {
		b, err = ReadFile(dir, ManifestName)
	}
	if err != nil {
		return nil, fmt.Errorf("not a case, or a damaged one: %w", err)
	}
	return parseManifest(name, b)
}

// parseManifest reads a manifest that was found under a name.
func parseManifest(name string, b []byte) (*Manifest, error) {
	m, ok := scanManifest(bytes.NewReader(b))
	if !ok {
		m = &Manifest{}
		if err := json.Unmarshal(b, m); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := checkManifest(name, m); err != nil {
		return nil, err
	}
	if !ok {
		if again, err := encodeManifest(m); err != nil || string(again) != string(b) {
			return nil, fmt.Errorf("%s: not in the one form that a manifest has (an exhibit a line; no member twice, no spaces)", name)
		}
	}
	return m, nil
}

// checkManifest says what in a manifest cannot be.
func checkManifest(name string, m *Manifest) error {
	if m.Format != ManifestFormat {
		return fmt.Errorf("%s: format %q is not %q", name, m.Format, ManifestFormat)
	}
	seen := map[string]bool{}
	for _, x := range m.Exhibits {
		if key := strings.ToLower(x.Name); seen[key] {
			return fmt.Errorf("%s: exhibit %s is listed twice (or in two spellings)", name, x.Name)
		} else {
			seen[key] = true
		}
		if x.Name == "" || x.Name != filepath.Base(x.Name) || x.Name != clean(x.Name) || strings.HasPrefix(x.Name, ".") {
			return fmt.Errorf("%s: %q is no name for an exhibit", name, x.Name)
		}
		left := x.Size
		for c := x.Records.Cursor(); ; {
			offset, length, ok := c.Next()
			if !ok {
				break
			}
			if left -= length; offset < 0 || length <= 0 || left < 0 {
				return fmt.Errorf("%s: exhibit %s: a record of %d bytes at %d is none, or none of a file of %d bytes", name, x.Name, length, offset, x.Size)
			}
		}
		if left != 0 {
			return fmt.Errorf("%s: exhibit %s: its records have %d bytes, the file %d", name, x.Name, x.Size-left, x.Size)
		}
	}
	return nil
}

// Open opens an exhibit for reading. Its end is an error, and not io.EOF, if what
// was read is not what the manifest lists.
func (x *Exhibit) Open(dir string) (io.ReadCloser, error) {
	f, err := openRegular(filepath.Join(dir, ExhibitDir, x.Name))
	if err != nil {
		return nil, err
	}
	return newHeldTo(f, x.Name, x.Size, x.SHA256), nil
}

// Check compares the exhibits that are there with the manifest and names the
// first that is missing, altered or not listed.
func (m *Manifest) Check(dir string) error {
	listed := map[string]bool{filepath.Base(ManifestName): true}
	for i := range m.Exhibits {
		x := &m.Exhibits[i]
		listed[x.Name] = true
		f, err := openRegular(filepath.Join(dir, ExhibitDir, x.Name))
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("exhibit %s is missing from the case", x.Name)
		}
		if err != nil {
			return fmt.Errorf("exhibit %s: %w", x.Name, err)
		}
		h := sha256.New()
		n, err := io.Copy(h, io.LimitReader(f, x.Size+1))
		f.Close()
		if err != nil {
			return fmt.Errorf("exhibit %s: %w", x.Name, err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); n != x.Size || got != x.SHA256 {
			return fmt.Errorf("exhibit %s is not what the manifest lists: %d bytes with SHA-256 %s, listed %d with %s", x.Name, n, got, x.Size, x.SHA256)
		}
	}
	es, err := os.ReadDir(filepath.Join(dir, ExhibitDir))
	if err != nil {
		return fmt.Errorf("exhibits: %w", err)
	}
	for _, e := range es {
		if !listed[e.Name()] {
			return fmt.Errorf("exhibit %s is in the case but not in the manifest", e.Name())
		}
	}
	return nil
}
