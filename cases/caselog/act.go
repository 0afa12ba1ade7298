package caselog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"constat/internal/durable"
	"constat/moment"
)

// unfinishedDir holds what is being written. It is there only while an act is
// under way, or after one was interrupted.
const unfinishedDir = "unfinished"

// Act is an entry in the making: its files are gathered in a folder of their
// own and move to their place when it is added.
type Act struct {
	Kind string
	Time moment.Time
	Note string
	Data any

	dir   string // of the case
	stage string // folder of this act below unfinished/
	claim *os.File
	files []File // paths from the folder of the act
	keep  bool   // the trace stays when the act is discarded
}

// Names below unfinished/.
const (
	actPrefix   = "act-"       // the folder of an act; it is the trace of one that was interrupted
	asidePrefix = "set-aside-" // what an act found in no log ([recoverFrom])
)

func actFolder(name string, isDir bool) bool { return isDir && strings.HasPrefix(name, actPrefix) }

// SetAside says whether a leftover ([Account]) is what an act moved out of its
// way because no log had it.
func SetAside(leftover string) bool {
	return strings.HasPrefix(leftover, unfinishedDir+"/"+asidePrefix)
}

func asideFolder(name string, isDir bool) bool { return isDir && strings.HasPrefix(name, asidePrefix) }

// NewAct begins an act on a case. Discard it or give it to [Case.Add].
func (c *Case) NewAct(kind string, at moment.Time) (*Act, error) { return newAct(c.dir, kind, at) }

func newAct(dir, kind string, at moment.Time) (*Act, error) {
	un := filepath.Join(dir, unfinishedDir)
	for tries := 0; ; {
		if err := os.Mkdir(un, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("case: %w", err)
		}
		// A link would have the act's files written outside the case.
		if fi, err := os.Lstat(un); err == nil && !fi.IsDir() {
			return nil, fmt.Errorf("case: %s is in the way: it is no folder; move it out of the case", un)
		}
		stage, err := os.MkdirTemp(un, actPrefix+"*")
		if errors.Is(err, fs.ErrNotExist) {
			continue // another act ended and took the empty folder away
		}
		if err != nil {
			return nil, fmt.Errorf("case: %w", err)
		}
		// Whoever finds a folder that nobody claims takes it for a leftover: the
		// next writer may have taken this one away before it was claimed.
		f, err := claim(stage)
		if err == nil && !sameFile(f, stage) {
			f.Close()
			err = fs.ErrNotExist
		}
		if err != nil {
			if tries++; tries < 100 {
				continue
			}
			return nil, fmt.Errorf("case: claiming %s: %w", stage, err)
		}
		a := &Act{Kind: kind, Time: at, dir: dir, stage: stage, claim: f}
		if err := errors.Join(durable.SyncDir(un), durable.SyncDir(dir)); err != nil {
			a.Discard()
			return nil, fmt.Errorf("case: %w", err)
		}
		return a, nil
	}
}

func sameFile(f *os.File, name string) bool {
	a, err := f.Stat()
	b, err2 := os.Stat(name)
	return err == nil && err2 == nil && os.SameFile(a, b)
}

// Folder is where the act's files are gathered; others may write into it before
// [Act.Include].
func (a *Act) Folder() (string, error) {
	dir := filepath.Join(a.stage, "files")
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("case: %w", err)
	}
	return dir, nil
}

// WriteFile gathers a file. The name must be safe ([SafeName]).
func (a *Act) WriteFile(name, role string, b []byte) error {
	if err := a.fresh(name); err != nil {
		return err
	}
	if holdsPrivateKey(b) {
		return fmt.Errorf("%s holds a private key, and a case is given away: nothing was added", name)
	}
	dir, err := a.Folder()
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	a.files = append(a.files, File{Path: name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b)), Role: role})
	return nil
}

func (a *Act) fresh(name string) error {
	if !safePath(name) {
		return fmt.Errorf("%q cannot be the name of a file in a case: letters, digits, '.', '-', '_'", name)
	}
	if slices.ContainsFunc(a.files, func(f File) bool { return strings.EqualFold(f.Path, name) }) {
		return fmt.Errorf("two files of one act are named %s", name)
	}
	return nil
}

// CopyFile gathers a file of any size.
func (a *Act) CopyFile(name, role, from string) error {
	if err := a.fresh(name); err != nil {
		return err
	}
	in, err := os.OpenFile(from, os.O_RDONLY|patient, 0) // it may be a pipe that nobody writes into
	if err != nil {
		return err
	}
	defer in.Close()
	if fi, err := in.Stat(); err != nil {
		return err
	} else if !fi.Mode().IsRegular() {
		return fmt.Errorf("%s is no ordinary file", from)
	}
	dir, err := a.Folder()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	h := sha256.New()
	look := &keyFinder{}
	n, err := io.Copy(io.MultiWriter(out, h, look), in)
	if err == nil && look.found {
		err = errors.New("it holds a private key, and a case is given away: nothing was added")
	}
	if err == nil {
		err = out.Sync()
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	a.files = append(a.files, File{Path: name, SHA256: hex.EncodeToString(h.Sum(nil)), Size: n, Role: role})
	return nil
}

// keyFinder looks for a private key in what is written, also across the seams.
type keyFinder struct {
	tail  []byte
	found bool
}

func (k *keyFinder) Write(b []byte) (int, error) {
	k.found = k.found || holdsPrivateKey(b) || holdsPrivateKey(append(k.tail, b[:min(len(b), len(sealedMarker)+1)]...))
	k.tail = append([]byte(nil), b[max(0, len(b)-len(sealedMarker)-1):]...)
	return len(b), nil
}

// Include takes what others wrote into the act's folder: every file below sub,
// with the role that role gives it. Of a folder of exhibits only the manifest
// is named, since it names the rest.
func (a *Act) Include(sub string, role func(name string) string) error {
	dir, err := a.Folder()
	if err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(dir, sub), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			return durable.SyncDir(p)
		}
		in, err := filepath.Rel(filepath.Join(dir, sub), p)
		if err != nil {
			return err
		}
		in = filepath.ToSlash(in)
		if strings.HasPrefix(in, ExhibitDir+"/") && in != ManifestName {
			return nil
		}
		if err := a.fresh(rel); err != nil {
			return err
		}
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		n, err := io.Copy(h, f)
		if err != nil {
			return err
		}
		x := File{Path: rel, SHA256: hex.EncodeToString(h.Sum(nil)), Size: n, Role: role(in)}
		if in == ManifestName {
			x.Role = RoleExhibits
		}
		a.files = append(a.files, x)
		return nil
	})
}

// entry makes the act's entry n.
func (a *Act) entry(n int64) ([]byte, *Entry, error) {
	e := &Entry{Format: EntryFormat, Kind: a.Kind, Time: a.Time, Note: a.Note}
	for _, f := range a.files {
		f.Path = ActFolder(n, a.Kind) + "/" + f.Path
		e.Files = append(e.Files, f)
	}
	slices.SortFunc(e.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if a.Data != nil {
		if raw, ok := a.Data.(json.RawMessage); ok {
			e.Data = raw
		} else {
			e.Data = data(a.Data)
		}
	}
	if err := e.shown(); err != nil {
		return nil, nil, err
	}
	b, err := e.encode()
	if err != nil {
		return nil, nil, err
	}
	// What would not be read again must not be written.
	if e, err = DecodeEntry(n, b); err != nil {
		return nil, nil, err
	}
	return b, e, nil
}

// Discard gives an act up, or cleans up after it was added. Of an act that
// could not be undone the empty folder stays, as its trace.
func (a *Act) Discard() {
	if a.stage == "" {
		return
	}
	if a.keep {
		os.RemoveAll(filepath.Join(a.stage, "files"))
	} else {
		os.RemoveAll(a.stage)
	}
	a.claim.Close()
	os.Remove(filepath.Dir(a.stage)) // if it is empty now
	a.stage = ""
}
