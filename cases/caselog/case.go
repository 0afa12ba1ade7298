package caselog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"constat/internal/durable"
	"constat/moment"
)

// Case is a folder with a log. Opening it reads its first entry and its
// checkpoint; [Check] is what verifies it.
type Case struct {
	dir      string
	Origin   string
	Opening  Opening
	Opened   moment.Time
	Examiner PublicKey
}

// ErrNoLog says that a folder has no log: it may be a single examination.
var ErrNoLog = errors.New("no log")

// HasLog says whether a folder is a case with a log.
func HasLog(dir string) bool {
	fi, err := os.Lstat(filepath.Join(dir, CheckpointName))
	return err == nil && fi.Mode().IsRegular()
}

// New opens a case: a folder that holds the question, the standard of proof and
// the examiner's public key as the first entry of a log, before anything else.
// The standard's digest and the key are filled in.
func New(dir string, o Opening, standard []byte, k *Key, at moment.Time) (*Case, error) {
	dir = filepath.Clean(dir)
	if es, err := os.ReadDir(dir); err == nil && len(es) > 0 {
		return nil, fmt.Errorf("case %s %w: open a case in a new folder", dir, ErrExists)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("case: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".constat-unfinished-*")
	if err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	a, err := newAct(tmp, KindOpened, at)
	if err != nil {
		return nil, err
	}
	defer a.Discard()
	sum := sha256Sum(standard)
	o.Standard.SHA256, o.Examiner = fmt.Sprintf("%x", sum[:]), k.public.Text
	a.Data = o
	if err := a.WriteFile("standard.toml", RoleStandard, standard); err != nil {
		return nil, err
	}
	b, _, err := a.entry(0)
	if err != nil {
		return nil, err
	}
	if _, _, err := (&writer{dir: tmp, key: k, now: Checkpoint{Origin: originOf(b)}}).add([]*Act{a}); err != nil {
		return nil, err
	}
	a.Discard()
	if err := durable.SyncDir(tmp); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	// Replaces an empty folder, and nothing else.
	if err := os.Rename(tmp, dir); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	if err := durable.SyncDir(filepath.Dir(dir)); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	return Open(dir)
}

// Open reads the beginning of a case.
func Open(dir string) (*Case, error) {
	s, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	c, err := s.begin()
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrNoLog) {
		return c, err
	}
	// A writer takes the tile of entries away that its new checkpoint does not
	// need, and may have done so between our finding it and reading it.
	unlock, err := lock(context.Background(), dir, false)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return s.begin()
}

// begin reads the opening. It does not need the checkpoint: which is wrong of
// two that differ is for Check to say.
func (s *store) begin() (*Case, error) {
	b, where, err := s.firstEntry()
	if err != nil {
		return nil, err
	}
	e, err := DecodeEntry(0, b)
	if err != nil {
		return nil, &Fault{Path: where, Entry: 0, Err: err}
	}
	c := &Case{dir: s.dir, Origin: originOf(b), Opened: e.Time}
	if err := e.DecodeData(&c.Opening); err != nil {
		return nil, &Fault{Path: where, Entry: 0, Err: err}
	}
	if c.Examiner, err = ParsePublicKey(c.Opening.Examiner); err != nil {
		return nil, &Fault{Path: where, Entry: 0, Err: fmt.Errorf("the examiner's key: %w", err)}
	}
	return c, nil
}

// found is called when the first entry's tile is found and not read; tests add
// an entry there.
var found = func() {}

// claimedSize is how long the checkpoint says that the log is, before anybody knows
// whether it is signed; 0 if it does not say.
func (s *store) claimedSize() int64 {
	b, err := s.read(CheckpointName, maxNote)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "\n")
	line, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.ParseInt(line, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// bundlePath is the tile of entries that begins at the n'th full width, before the
// log's length is known: that of the length which the checkpoint claims, since anybody can
// lay a wider one beside it; the widest where that is not there, and nothing where there is none.
func (s *store) bundlePath(n int64) string {
	if size := s.claimedSize(); size > n*tileWidth {
		p := tilePath(tileOf(entriesTile, n, size))
		if _, err := s.root.Lstat(p); err == nil {
			return p
		}
	}
	full := tilePath(tlog.Tile{H: tileHeight, L: entriesTile, N: n, W: tileWidth})
	if _, err := s.root.Lstat(full); err == nil {
		return full
	}
	for w := tileWidth - 1; w > 0; w-- {
		p := tilePath(tlog.Tile{H: tileHeight, L: entriesTile, N: n, W: w})
		if _, err := s.root.Lstat(p); err == nil {
			return p
		}
	}
	return ""
}

// firstEntry finds the log's first entry without knowing how long the log is.
func (s *store) firstEntry() (entry []byte, where string, err error) {
	where = s.bundlePath(0)
	if where == "" {
		if size := s.claimedSize(); size > 0 {
			return nil, "", fault(tilePath(tileOf(entriesTile, 0, size)), -1, "it is missing, and with it the case's first entries")
		}
		return nil, "", fmt.Errorf("%s has %w (no %s)", s.dir, ErrNoLog, tilePath(tileOf(entriesTile, 0, tileWidth)))
	}
	found()
	b, err := s.read(where, maxBundle)
	if err == nil {
		var es [][]byte
		if es, err = splitBundle(b); err == nil && len(es) == 0 {
			err = errors.New("it is empty")
		}
		if err == nil {
			return es[0], where, nil
		}
	}
	return nil, where, &Fault{Path: where, Entry: -1, Err: err}
}

// checkpoint reads the checkpoint, which must be signed by one of the keys that
// the log claims. It gives that of them that signed.
func (s *store) checkpoint(c *Case, keys []PublicKey) (cp Checkpoint, raw []byte, by PublicKey, err error) {
	raw, err = s.read(CheckpointName, maxNote)
	if err == nil {
		by = keys[len(keys)-1]
		var others []note.Verifier
		for _, k := range keys[:len(keys)-1] {
			others = append(others, k.verifier)
		}
		var n *signed
		cp, n, err = openCheckpoint(raw, by, others...)
		for _, k := range slices.Backward(keys) {
			if errors.Is(err, ErrOtherKey) && n.isBy(k.verifier) {
				by, err = k, nil
			}
		}
		if errors.Is(err, ErrOtherKey) {
			err = fmt.Errorf("%w %s", ErrOtherKey, c.Examiner.Text)
			if by.Text != c.Examiner.Text {
				err = fmt.Errorf("%w, nor by one to which the case was handed, %s", err, by.Text)
			}
		}
	}
	if err == nil && cp.Origin != c.Origin {
		err = fmt.Errorf("it is of the log %s, whose first entry is another than this case's", short(cp.Origin))
	}
	if err != nil {
		return cp, raw, by, &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	return cp, raw, by, nil
}

// ErrOtherKey says that a checkpoint is signed by other keys alone.
var ErrOtherKey = errors.New("it has no signature by the examiner's key")

// openCheckpoint reads a checkpoint that must be signed by a key.
func openCheckpoint(b []byte, by PublicKey, others ...note.Verifier) (Checkpoint, *signed, error) {
	n, err := openNote(b, append(others, by.verifier)...)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	cp, err := parseCheckpoint(n.text)
	if err != nil {
		return cp, n, err
	}
	if !n.isBy(by.verifier) {
		return cp, n, fmt.Errorf("%w %s", ErrOtherKey, by.Text)
	}
	return cp, n, nil
}

// short makes the name of a log readable.
func short(origin string) string {
	if h, ok := strings.CutPrefix(origin, originPrefix); ok && len(h) > 8 {
		return originPrefix + h[:8] + "…"
	}
	return origin
}

// ID is the first digits of what names the case's log.
func (c *Case) ID() string { return strings.TrimPrefix(c.Origin, originPrefix)[:8] }

// Dir is the case's folder.
func (c *Case) Dir() string { return c.dir }

// Add adds acts to the log in one step, in their order: after it returns they
// are on disk, or none is in the log. It waits for other writers. The cost does
// not grow with the case.
func (c *Case) Add(ctx context.Context, k *Key, acts ...*Act) (Checkpoint, []*Entry, error) {
	unlock, err := lock(ctx, c.dir, true)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	defer unlock()
	s, err := openStore(c.dir)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	defer s.Close()
	keys := s.claimed(c, false)
	if mine := k.public.Text; mine != keys[len(keys)-1].Text {
		if _, err := s.readLocked(nil); err != nil {
			return Checkpoint{}, nil, err // before it is said whose key was replaced, by the word of a damaged log
		}
		if slices.ContainsFunc(keys, func(x PublicKey) bool { return x.Text == mine }) {
			return Checkpoint{}, nil, fmt.Errorf("the key %s was replaced, and %s signs this case now", mine, keys[len(keys)-1].Text)
		}
		if len(keys) == 1 {
			return Checkpoint{}, nil, fmt.Errorf("the key %s is not the one that the case was opened with, %s: only its examiner adds to a case", mine, c.Examiner.Text)
		}
		return Checkpoint{}, nil, fmt.Errorf("the key %s is not the case's, %s: only its examiner adds to a case", mine, keys[len(keys)-1].Text)
	}
	now, _, _, err := s.checkpoint(c, keys[len(keys)-1:])
	if err != nil {
		if _, whole := s.readLocked(nil); whole != nil {
			err = whole // it tells which of the log's files is damaged
		}
		return Checkpoint{}, nil, err
	}
	if err := recoverFrom(c.dir, now.Size, acts); err != nil {
		return Checkpoint{}, nil, fmt.Errorf("case %s: clearing away what is in no log: %w", c.dir, err)
	}
	return (&writer{dir: c.dir, key: k, now: now, store: s}).add(acts)
}

// writer adds to a log that it has for itself.
type writer struct {
	dir   string
	key   *Key
	now   Checkpoint
	store *store
}

// stepped is called between the steps of adding; tests end the process there.
var stepped = func(string) {}

func (w *writer) add(acts []*Act) (Checkpoint, []*Entry, error) {
	fail := func(err error) (Checkpoint, []*Entry, error) {
		return Checkpoint{}, nil, fmt.Errorf("case %s: %w", w.dir, err)
	}
	if w.store == nil {
		var err error
		if w.store, err = openStore(w.dir); err != nil {
			return Checkpoint{}, nil, err
		}
		defer w.store.Close()
	}
	var raw [][]byte
	var entries []*Entry
	for i, a := range acts {
		if a.dir != w.dir {
			return fail(errors.New("the act was begun on another case"))
		}
		b, e, err := a.entry(w.now.Size + int64(i))
		if err != nil {
			return fail(err)
		}
		raw, entries = append(raw, b), append(entries, e)
	}
	tiles, next, err := w.store.appendEntries(w.now, raw)
	if err != nil {
		return fail(err)
	}
	signedNote, err := note.Sign(&note.Note{Text: next.text()}, w.key)
	if err != nil {
		return fail(err)
	}

	// The files first, then the tiles, then the checkpoint: only with it are
	// they part of the case.
	var moved [][2]string
	var written []string
	undo := func(err error) (Checkpoint, []*Entry, error) {
		if left := w.takeBack(moved, written); left != nil || errors.Is(err, durable.ErrLeft) {
			// What could not be taken back would be a stranger in the case. The
			// trace tells whoever verifies what it is, and the next act to look.
			for _, a := range acts {
				a.keep = true
			}
			err = errors.Join(err, left, errors.New("what was written of the entry is left over; the next act clears it away"))
		}
		return fail(err)
	}
	for i, a := range acts {
		if len(a.files) == 0 {
			continue
		}
		from := filepath.Join(a.stage, "files")
		to := filepath.Join(w.dir, filepath.FromSlash(ActFolder(w.now.Size+int64(i), a.Kind)))
		if err := mkdirAll(w.dir, filepath.Dir(to)); err != nil {
			return undo(err)
		}
		if _, err := os.Lstat(to); err == nil {
			return undo(fmt.Errorf("%s is in the way and is in no log: move it out of the case", to))
		}
		if err := durable.SyncDir(from); err != nil {
			return undo(err)
		}
		if err := durable.Rename(from, to); err != nil {
			return undo(err)
		}
		moved = append(moved, [2]string{from, to})
		stepped("file")
	}
	if len(moved) > 0 {
		if err := durable.SyncDir(filepath.Join(w.dir, actsDir)); err != nil {
			return undo(err)
		}
	}
	for _, t := range tiles {
		written = append(written, filepath.Join(w.dir, filepath.FromSlash(t.path)))
		if err := writeTile(w.dir, t); err != nil {
			return undo(err)
		}
		stepped("tile")
	}
	switch written, err := w.writeCheckpoint(signedNote); {
	case err != nil && written == checkpointOld:
		return undo(err)
	case err != nil:
		for _, a := range acts {
			a.keep = true
		}
		if written == checkpointNew {
			return fail(fmt.Errorf("the entry was written and is number %d, but the disk did not confirm it: after a power cut it may be gone (constat verify tells): %w", next.Size-1, err))
		}
		return fail(fmt.Errorf("whether the entry was written is not known, constat verify tells: %w", err))
	}
	// From here on nothing is undone: what the checkpoint says is so.
	stepped("checkpoint")
	for _, p := range superseded(w.now.Size, next.Size) {
		os.Remove(filepath.Join(w.dir, filepath.FromSlash(p))) // one that stays is only reported as left over
	}
	stepped("tiles cleared")
	for _, a := range acts {
		a.Discard()
	}
	stepped("done")
	w.now = next
	return next, entries, nil
}

// takeBack undoes what was written of an act that cannot be completed, and
// flushes that it is undone: the trace of the act is about to go.
func (w *writer) takeBack(moved [][2]string, tiles []string) error {
	var err error
	for _, m := range slices.Backward(moved) {
		err = errors.Join(err, durable.Rename(m[1], m[0]))
	}
	if len(moved) > 0 {
		err = errors.Join(err, durable.SyncDir(filepath.Join(w.dir, actsDir)))
	}
	folders := map[string]bool{}
	for _, t := range tiles {
		err = errors.Join(err, durable.Remove(t))
		folders[filepath.Dir(t)] = true
	}
	for d := range folders {
		if _, e := os.Lstat(d); e == nil { // it was made before the disk failed
			err = errors.Join(err, durable.SyncDir(d))
		}
	}
	return err
}

// What a checkpoint is after writing it failed.
const (
	checkpointOld = iota
	checkpointNew
	checkpointUnknown
)

// writeCheckpoint puts a checkpoint into its place. Where that fails, it says
// which one is there: flushing may fail after the new one has its name, and
// then the act must not be undone.
func (w *writer) writeCheckpoint(b []byte) (which int, err error) {
	name := filepath.Join(w.dir, filepath.FromSlash(CheckpointName))
	if err = durable.WriteFile(name, b, 0o644); err == nil {
		return checkpointNew, nil
	}
	there, e := w.store.read(CheckpointName, maxNote)
	switch {
	case e == nil && !bytes.Equal(there, b), w.now.Size == 0 && errors.Is(e, fs.ErrNotExist):
		return checkpointOld, err
	case e != nil:
		return checkpointUnknown, errors.Join(err, e)
	}
	if e := durable.SyncDir(filepath.Dir(name)); e != nil {
		return checkpointNew, errors.Join(err, e)
	}
	return checkpointNew, nil
}

// recoverFrom clears away what lies in the case where acts write and is in no
// log, before an act writes: what interrupted acts left is removed, and what
// others put there is moved below unfinished/, since it may be a logged act of a
// case whose checkpoint was rolled back. Left in its place it would be a
// stranger in the case as soon as the log reaches its number. Example: somebody
// makes acts/00011-verdict in a case of 11 entries, and the next act becomes
// acts/00011-document.
func recoverFrom(dir string, size int64, mine []*Act) error {
	un := filepath.Join(dir, unfinishedDir)
	es, err := os.ReadDir(un)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	own := map[string]bool{}
	for _, a := range mine {
		own[filepath.Base(a.stage)] = true
	}
	var stale []*os.File
	var strange []string // paths from the case's folder
	for _, e := range es {
		switch {
		case own[e.Name()], asideFolder(e.Name(), e.IsDir()):
		case !actFolder(e.Name(), e.IsDir()):
			strange = append(strange, filepath.Join(unfinishedDir, e.Name()))
		default:
			// A folder that its maker still claims is in use.
			if f, err := claim(filepath.Join(un, e.Name())); err == nil {
				stale = append(stale, f)
			}
		}
	}
	over, err := beyond(dir, size)
	if err != nil {
		return err
	}
	if len(stale) == 0 {
		strange = append(strange, over...)
	} else {
		for _, p := range over {
			if err := os.RemoveAll(filepath.Join(dir, p)); err != nil {
				return err
			}
		}
	}
	if err := setAside(dir, strange); err != nil {
		return err
	}
	folders := map[string]bool{}
	for _, p := range append(over, strange...) {
		folders[filepath.Dir(filepath.Join(dir, p))] = true
	}
	for d := range folders {
		if err := durable.SyncDir(d); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// The traces last: as long as they are there, the rest is done again.
	for _, f := range stale {
		if err := os.RemoveAll(f.Name()); err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

// beyond finds what lies in the places of acts and tiles that a log of a size
// has not. It lists names and reads no file: at ten thousand entries that takes
// about half a millisecond.
func beyond(dir string, size int64) ([]string, error) {
	var out []string
	names, err := namesIn(filepath.Join(dir, actsDir))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if n, ok := actNumber(name); ok && n >= size {
			out = append(out, filepath.Join(actsDir, name))
		}
	}
	need := map[string]bool{CheckpointName: true}
	for _, t := range allTiles(size) {
		need[tilePath(t)] = true
	}
	err = filepath.WalkDir(filepath.Join(dir, logDir), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil || need[filepath.ToSlash(rel)] || !leftover(filepath.ToSlash(rel)) {
			return err
		}
		out = append(out, rel)
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// namesIn lists a folder of the case, which must be one and no link to one.
func namesIn(dir string) ([]string, error) {
	fi, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && !fi.IsDir() {
		err = fmt.Errorf("%s is in the way: it is no folder; move it out of the case", dir)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

// setAside moves what is in no log into a new folder below unfinished/, where
// verifying lists it and no act is in its way.
func setAside(dir string, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	un := filepath.Join(dir, unfinishedDir)
	if err := mkdirAll(dir, un); err != nil {
		return err
	}
	to, err := os.MkdirTemp(un, asidePrefix+"*")
	if err != nil {
		return err
	}
	for i, p := range paths {
		name := fmt.Sprintf("%03d-%s", i, strings.ReplaceAll(filepath.ToSlash(p), "/", "-"))
		if err := durable.Rename(filepath.Join(dir, p), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return errors.Join(durable.SyncDir(to), durable.SyncDir(un))
}

// allTiles are the tiles of a log of a size, hashes and entries.
func allTiles(size int64) []tlog.Tile {
	var out []tlog.Tile
	for n := int64(0); n*tileWidth < size; n++ {
		out = append(out, tileOf(entriesTile, n, size))
	}
	return append(out, tlog.NewTiles(tileHeight, 0, size)...)
}

// leftover says whether a file of the log folder has the name of a tile or of a
// file in the making, so that an interrupted act can have left it.
func leftover(p string) bool {
	base := p[strings.LastIndexByte(p, '/')+1:]
	if strings.HasPrefix(base, ".tmp-") {
		return true
	}
	_, err := parseTilePath(p)
	return err == nil
}

// parseTilePath is the reverse of [tilePath].
func parseTilePath(p string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(p, logDir+"/tile/")
	if !ok {
		return tlog.Tile{}, errors.New("not a tile")
	}
	if e, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + e
	}
	return tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", tileHeight, rest))
}
