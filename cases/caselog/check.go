package caselog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"

	"constat/moment"
)

// CheckOptions say what a case is checked against beyond itself.
type CheckOptions struct {
	// Examiner, where known, must be the key that the case was opened with, or one
	// to which it was handed since.
	Examiner *PublicKey
	// Parties are keys known from elsewhere. A key that the case records under
	// the same name must be the same.
	Parties []PublicKey
	// Checkpoints are held by somebody: the case must have grown from them. A
	// cosigned checkpoint or a proof will do.
	Checkpoints []Held
	// Witnesses are keys of witnesses (c2sp.org/tlog-witness), of which a quorum
	// must have cosigned the case, all but what was added of cosignatures and
	// stamps at its end; 0 is all of them.
	Witnesses []PublicKey
	Quorum    int
	// Now is the reader's clock: a cosignature of a witness that is dated later by more than
	// a day is not counted, nor one that is dated more than a day before what it cosigns
	// ([Account.Impossible]). 0: no clock.
	Now moment.Time
	// TSA are certificates of time-stamping authorities, or of those above them: one
	// of them must have stamped the case.
	TSA []*x509.Certificate
	// Files are held by somebody and must be in the case.
	Files []Held
	// Done is told of bytes hashed; it may be nil and is called from several
	// goroutines.
	Done func(bytes int64)
}

// Held is a file that somebody holds. Of one that must be in the case its
// SHA-256 is enough: an exhibit may be larger than what is kept in memory.
type Held struct {
	Name   string
	Bytes  []byte
	SHA256 string // in hexadecimal; empty: of Bytes
}

// HoldFile gives a file that must be in a case, of any size.
func HoldFile(name string) (Held, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|patient, 0)
	if err != nil {
		return Held{}, err
	}
	defer f.Close()
	if fi, err := f.Stat(); err != nil {
		return Held{}, err
	} else if !fi.Mode().IsRegular() {
		return Held{}, fmt.Errorf("%s: %w", name, errNoFile)
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Held{}, err
	}
	return Held{Name: name, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

func (h Held) sum() string {
	if h.SHA256 != "" {
		return h.SHA256
	}
	sum := sha256.Sum256(h.Bytes)
	return hex.EncodeToString(sum[:])
}

// Account is what a check found to hold.
type Account struct {
	*Log
	Parties      []Party
	Cosignatures []Cosignature
	OnCheckpoint []Cosignature // on the log's checkpoint itself, in no entry (-1): whoever has the folder can take them away
	Witnessed    *Witnessed    // by the witnesses that were given
	Dissents     []DissentNote
	Signed       []SignedFile
	Stamps       []TimeStamp
	Unknown      []UnknownKey     // signature lines that are not counted
	HeldFiles    map[string]int64 // entry of each held file, by its name
	Leftover     []string         // of interrupted acts: no part of the case
	Exposed      Exposed          // what others can change from outside of the case
	Files        int
	Bytes        int64
	manifests    map[string][]brief // by path
	paths        []string           // all files of the case, sorted
	named        map[string]int     // Parties by name
	pinned       *pinned            // what [Account.Pin] holds them to
	own          *Account           // what [Account.Own] gives, if it is another
}

// Own is the account without the keys that were given: who signed as far as the case
// itself says whose keys they are. What is concluded from a case rests on it, so that
// the same case gives the same conclusion to whoever knows more keys.
func (a *Account) Own() *Account {
	if a.own != nil {
		return a.own
	}
	return a
}

// brief is what is kept of an exhibit: not its records, of which there may be
// millions.
type brief struct {
	File
	records int
	source  Source
}

// Party is a key that the case records, or that was given.
type Party struct {
	PublicKey
	For   string
	Entry int64 // -1 where it was only given
	Given bool
}

// PartyAccount is a party for programs.
type PartyAccount struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	For   string `json:"for"`
	Entry int64  `json:"entry"` // -1 where the key was only given
	Given bool   `json:"given"`
}

// PartyAccounts lists the parties.
func (a *Account) PartyAccounts() []PartyAccount {
	out := []PartyAccount{}
	for _, p := range a.Parties {
		out = append(out, PartyAccount{p.Name, p.Text, p.For, p.Entry, p.Given})
	}
	return out
}

// Cosignature says that a party has seen the case up to a size.
type Cosignature struct {
	Party string      `json:"party"`
	Entry int64       `json:"entry"`
	Size  int64       `json:"size"`
	At    moment.Time `json:"at"`
}

// DissentNote is a party's dissent from the case as it was at a size.
type DissentNote struct {
	Party  string      `json:"party"`
	Entry  int64       `json:"entry"`
	Size   int64       `json:"size"`
	At     moment.Time `json:"at"`
	Reason string      `json:"reason"`
}

// SignedFile is a file that a party signed.
type SignedFile struct {
	Party string      `json:"party"`
	Entry int64       `json:"entry"`
	Path  string      `json:"path"`
	At    moment.Time `json:"at"`
}

// Check verifies a case: the log from its first entry, every file's digest,
// every signature and every checkpoint in it, and that nothing lies in the
// folder that the log does not vouch for. The error is a [*Fault] for the first
// thing that does not hold, in this order: the log; files and notes in the
// order of their entries; files that are in no entry; what was derived; what
// the options hold against the case.
func Check(ctx context.Context, dir string, o CheckOptions) (*Account, error) {
	s, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var there *listing
	l, err := s.readLog(ctx, func() { there = s.list() })
	if err != nil {
		return nil, err
	}
	a := &Account{Log: l, HeldFiles: map[string]int64{}, manifests: map[string][]brief{}}
	a.Unknown = l.note.unknownKeys(CheckpointName)
	if o.Examiner != nil {
		if _, ok := l.tenure(*o.Examiner); !ok {
			return nil, fault(l.bundleOf(0), 0, "the case was opened with the key %s, not with the examiner's that you gave, %s%s", l.Examiner.Text, o.Examiner.Text,
				map[bool]string{true: ", and was not handed to that key since"}[len(l.Keys) > 1])
		}
	}
	known := map[string]int64{CheckpointName: -1}
	for _, t := range allTiles(l.Checkpoint.Size) {
		known[tilePath(t)] = -1
	}
	if err := a.checkFiles(ctx, s, known, o.Done); err != nil {
		return nil, err
	}
	if err := a.checkStrangers(s, there, known); err != nil {
		return nil, err
	}
	a.Exposed = there.open
	for p := range known {
		a.paths = append(a.paths, p)
	}
	slices.Sort(a.paths)
	if err := a.checkParties(s, o.Parties); err != nil {
		return nil, err
	}
	if len(o.Parties)+len(o.Witnesses) > 0 {
		a.own = &Account{Log: l, Unknown: l.note.unknownKeys(CheckpointName)}
		if err := a.own.checkParties(s, nil); err != nil {
			return nil, err
		}
	}
	if err := a.checkStamps(s, o.TSA); err != nil {
		return nil, err
	}
	if err := a.checkCrate(s); err != nil {
		return nil, err
	}
	for _, h := range o.Checkpoints {
		if err := a.checkHeld(h); err != nil {
			return nil, err
		}
	}
	if err := a.checkWitnesses(s, o); err != nil {
		return nil, err
	}
	return a, a.findHeld(o.Files)
}

// clocksApart is how far two clocks may be apart before a time is taken for an impossible one.
const clocksApart = 24 * 3600 * moment.Second

// Impossible reports whether a signature of the first entries cannot be of the time that
// it says: it is dated more than a day before the last of them, as the examiner dated it, or after the
// reader's clock (0: none). What it signs holds all the same.
func (l *Log) Impossible(size int64, at, now moment.Time) bool {
	return now > 0 && at > now+clocksApart || size > 0 && size <= int64(len(l.Entries)) && at < l.Entries[size-1].Time-clocksApart
}

// job is a file to be hashed.
type job struct {
	File
	entry int64
}

// checkFiles hashes every file that an entry names, and the exhibits of the
// manifests among them.
func (a *Account) checkFiles(ctx context.Context, s *store, known map[string]int64, done func(int64)) error {
	manifests := a.readManifests(ctx, s)
	var jobs []job
	var failed error // of an entry whose manifest does not hold
entries:
	for i, e := range a.Entries {
		n := int64(i)
		if n == 0 {
			if err := a.checkOpening(e); err != nil {
				return err
			}
		}
		for _, f := range e.Files {
			known[f.Path] = n
			jobs = append(jobs, job{File: f, entry: n})
		}
		for _, f := range e.Files {
			if f.Role != RoleExhibits {
				continue
			}
			m := manifests[f.Path]
			if failed = m.err; failed != nil {
				break entries // what comes before it may fail first
			}
			a.manifests[f.Path] = m.exhibits
			for _, x := range m.exhibits {
				known[x.Path] = n
				jobs = append(jobs, job{File: x.File, entry: n})
			}
		}
	}
	errs := make([]error, len(jobs))
	var stop atomic.Bool
	g := errgroup.Group{}
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range jobs {
		if stop.Load() || ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if errs[i] = s.hash(&jobs[i], done); errs[i] != nil {
				stop.Store(true)
			}
			return nil
		})
	}
	g.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, err := range append(errs, failed) {
		if err != nil {
			return err
		}
	}
	for _, j := range jobs {
		a.Files++
		a.Bytes += j.Size
	}
	return nil
}

// checkOpening holds the declared standard against its file.
func (a *Account) checkOpening(e *Entry) error {
	for _, f := range e.Files {
		if f.Role == RoleStandard && f.SHA256 == a.Opening.Standard.SHA256 {
			return nil
		}
	}
	return fault(a.bundleOf(0), 0, "it declares a standard of proof with SHA-256 %s and has no such file", a.Opening.Standard.SHA256)
}

// listed is what a manifest lists, or what is wrong with it.
type listed struct {
	exhibits []brief
	err      error
}

// readManifests reads all manifests of a case, several at once: each may list a
// million records.
func (a *Account) readManifests(ctx context.Context, s *store) map[string]listed {
	out := map[string]listed{}
	var mu sync.Mutex
	g := errgroup.Group{}
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range a.Entries {
		for _, f := range e.Files {
			if f.Role != RoleExhibits || ctx.Err() != nil {
				continue
			}
			g.Go(func() error {
				x, err := s.manifest(f, int64(i))
				mu.Lock()
				defer mu.Unlock()
				out[f.Path] = listed{x, err}
				return nil
			})
		}
	}
	g.Wait()
	return out
}

// manifest reads a manifest and lists its exhibits as files.
func (s *store) manifest(f File, n int64) ([]brief, error) {
	dir, ok := strings.CutSuffix(f.Path, ManifestName)
	if !ok {
		return nil, fault(f.Path, n, "a manifest is named …/%s", ManifestName)
	}
	b, err := s.read(f.Path, f.Size)
	if err != nil {
		return nil, &Fault{Path: f.Path, Entry: n, Err: err}
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, mismatch(f, n, int64(len(b)), sum[:])
	}
	m, err := parseManifest(f.Path, b)
	if err != nil {
		return nil, fault(f.Path, n, "%w", err)
	}
	var out []brief
	for _, x := range m.Exhibits {
		out = append(out, brief{File{Path: dir + ExhibitDir + "/" + x.Name, SHA256: x.SHA256, Size: x.Size}, x.Records.Len(), x.Source})
	}
	return out, nil
}

func mismatch(f File, n int64, size int64, sum []byte) error {
	return fault(f.Path, n, "it is not what was logged: it has %d bytes with SHA-256 %x, logged are %d with %s", size, sum, f.Size, f.SHA256)
}

// hash compares a file with what was logged of it.
func (s *store) hash(j *job, done func(int64)) error {
	in, size, err := s.open(j.Path)
	if err != nil {
		return &Fault{Path: j.Path, Entry: j.entry, Err: err}
	}
	defer in.Close()
	if size != j.Size {
		return fault(j.Path, j.entry, "it is not what was logged: it has %d bytes, logged are %d", size, j.Size)
	}
	h := sha256.New()
	n, err := io.CopyBuffer(h, struct{ io.Reader }{in}, make([]byte, min(max(size, 512), 1<<17)))
	if err != nil {
		return &Fault{Path: j.Path, Entry: j.entry, Err: plain(err)}
	}
	if done != nil {
		done(n)
	}
	if sum := h.Sum(nil); hex.EncodeToString(sum) != j.SHA256 {
		return mismatch(j.File, j.entry, n, sum)
	}
	return nil
}

// listing is what lies in a case's folder, below unfinished/ only one level
// deep. It is made while no act can write, so that what lies in it and in no
// log was left, or put there by somebody.
type listing struct {
	names []seen
	err   error // what could not be listed
	trace bool  // an act is under way, or was interrupted
	open  Exposed
}

type seen struct {
	path string
	mode fs.FileMode // its type
}

func (s *store) list() *listing {
	l := &listing{}
	l.err = fs.WalkDir(s.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		below := strings.HasPrefix(p, unfinishedDir+"/")
		if err != nil {
			// Acts gather their files without the lock.
			if (below || p == unfinishedDir) && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return fault(p, -1, "%w", plain(err))
		}
		l.names = append(l.names, seen{p, d.Type()})
		if info, err := d.Info(); err == nil { // gone since: whoever reads it says so
			l.open.see(p, info)
		}
		if below && d.IsDir() {
			l.trace = l.trace || actFolder(d.Name(), true)
			return fs.SkipDir
		}
		return nil
	})
	return l
}

// checkStrangers looks for what the log does not vouch for.
func (a *Account) checkStrangers(s *store, l *listing, known map[string]int64) error {
	folders := map[string]bool{".": true, logDir: true, unfinishedDir: true}
	for p := range known {
		for d := path.Dir(p); !folders[d]; d = path.Dir(d) {
			folders[d] = true
		}
	}
	behind := "" // a folder behind the log's end, with what lies in it
	for _, x := range l.names {
		p, dir, file := x.path, x.mode.IsDir(), x.mode.IsRegular()
		if behind != "" && strings.HasPrefix(p, behind) {
			continue
		}
		_, ok := known[p]
		if base, below := strings.CutPrefix(p, unfinishedDir+"/"); below {
			switch {
			case asideFolder(base, dir):
				a.Leftover = append(a.Leftover, p+"/")
			case !actFolder(base, dir):
				return fault(p, -1, "it lies in the case, and no act leaves such a thing there")
			}
			continue
		}
		n, act := int64(0), false
		if base, below := strings.CutPrefix(p, actsDir+"/"); below {
			n, act = actNumber(base)
		}
		switch {
		case dir && p == unfinishedDir:
			a.Leftover = append(a.Leftover, p+"/")
		case act && dir && n >= a.Checkpoint.Size && l.trace:
			a.Leftover = append(a.Leftover, p+"/")
			behind = p + "/"
		case act && n >= a.Checkpoint.Size:
			return fault(p, -1, "it lies in the case, and the log, which ends with entry %d, does not have it; no act is under way or was interrupted that could have left it: it was put there, or the log was cut off", a.Checkpoint.Size-1)
		case dir && folders[p], ok, unlogged(p) && file, dir && strings.HasPrefix(p, logDir+"/tile") && !leftover(p):
		case dir:
			return fault(p, -1, "it lies in the case, and the log has no file in it")
		case strings.HasPrefix(p, logDir+"/") && file && leftover(p) && (l.trace || s.beginning(p, a.Checkpoint.Size)):
			a.Leftover = append(a.Leftover, p)
		case !file:
			return fault(p, -1, "it is no ordinary file (%s), and the log does not have it", x.mode)
		default:
			return fault(p, -1, "it lies in the case, and the log does not have it")
		}
	}
	return l.err
}

// beginning says whether a file is the beginning of a tile of the log: a
// narrower tile, which a wider one has replaced and which may come back after a
// power cut.
func (s *store) beginning(p string, size int64) bool {
	t, err := parseTilePath(p)
	if err != nil {
		return false
	}
	whole := tileOf(t.L, t.N, size)
	if t.W >= whole.W {
		return false
	}
	a, errA := s.read(p, maxBundle)
	b, errB := s.read(tilePath(whole), maxBundle)
	if errors.Is(errA, fs.ErrNotExist) {
		return true // an act has removed it since
	}
	return errA == nil && errB == nil && len(a) > 0 && bytes.HasPrefix(b, a)
}

// checkHeld holds a checkpoint that somebody kept against the log.
func (a *Account) checkHeld(h Held) error {
	b := h.Bytes
	if p, ok := cutProof(b); ok {
		b = p
	}
	text, _, _ := strings.Cut(string(b), "\n\n")
	c, err := parseCheckpoint(text + "\n")
	if err != nil {
		return fault(h.Name, -1, "no checkpoint of a case: %w", err)
	}
	if c.Origin == a.Origin {
		// Only then is the key that signed it known to be the examiner's.
		_, n, err := a.openCheckpoint(b, a.verifiers(b, func(p PublicKey) note.Verifier { return p.cosigner })...)
		if errors.Is(err, ErrOtherKey) && c.Size > a.Checkpoint.Size {
			err = fmt.Errorf("it is of a log with %d entries, and this one has %d; it is signed by another key than this case's: the case was rolled back before it was handed to that key, or the checkpoint is forged", c.Size, a.Checkpoint.Size)
		}
		if err != nil {
			return fault(h.Name, -1, "it proves nothing: %w", err)
		}
		a.Unknown = append(a.Unknown, n.unknownKeys(h.Name)...)
	}
	if err := a.consistent(c); err != nil {
		return fault(h.Name, -1, "%w", err)
	}
	return nil
}

// findHeld looks for files that somebody holds.
func (a *Account) findHeld(held []Held) error {
	if len(held) == 0 {
		return nil
	}
	at := a.sums(func(f File, _ int64) []brief { return a.manifests[f.Path] })
	for _, h := range held {
		n, ok := at[h.sum()]
		if !ok {
			return notFound(h)
		}
		a.HeldFiles[h.Name] = n
	}
	return nil
}

// sums gives the first entry of each file by its SHA-256. An entry names the
// manifest of an examination, and the manifest its exhibits.
func (l *Log) sums(exhibits func(File, int64) []brief) map[string]int64 {
	at := map[string]int64{}
	add := func(sum string, n int64) {
		if _, ok := at[sum]; !ok {
			at[sum] = n
		}
	}
	for i, e := range l.Entries {
		for _, f := range e.Files {
			add(f.SHA256, int64(i))
			if f.Role == RoleExhibits {
				for _, x := range exhibits(f, int64(i)) {
					add(x.SHA256, int64(i))
				}
			}
		}
	}
	return at
}

func notFound(h Held) error {
	return fault(h.Name, -1, "it is not in the case: no entry and no manifest of exhibits has a file with SHA-256 %s; it was left out, or altered", h.sum())
}

// Find gives the first entry that names a file, itself or through the manifest
// of its exhibits.
func (l *Log) Find(h Held) (int64, error) {
	s, err := openStore(l.dir)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	var failed error
	at := l.sums(func(f File, n int64) []brief {
		x, err := s.manifest(f, n)
		failed = errors.Join(failed, err)
		return x
	})
	n, ok := at[h.sum()]
	if !ok {
		return 0, errors.Join(notFound(h), failed)
	}
	return n, nil
}

// IsFault says whether an error names something of a case that does not hold.
func IsFault(err error) bool {
	var f *Fault
	return errors.As(err, &f)
}
