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
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"constat/moment"
)

// Log is a case's log, read and verified from its first entry to its signed
// checkpoint.
type Log struct {
	*Case
	Checkpoint Checkpoint
	Entries    []*Entry
	Keys       []Tenure   // that have signed it, from the opening's on
	Guardians  []Guardian // who may hand it to another key
	note       *signed
	rawNote    []byte
	raw        [][]byte
	hashes     []tlog.Hash // by tlog's storage index
}

// ReadLog reads and verifies the log of a case: every entry, every tile, the
// checkpoint and the examiner's signature. It does not look at files.
func ReadLog(dir string) (*Log, error) {
	s, err := openStore(dir)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.readLog(context.Background(), nil)
}

// readLog reads the log while no act can write. If also is given it is called
// before one can.
func (s *store) readLog(ctx context.Context, also func()) (*Log, error) {
	// A writer takes tiles away that its new checkpoint does not need.
	unlock, err := lock(ctx, s.dir, false)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return s.readLocked(also)
}

// readLocked is readLog for whoever has the lock.
func (s *store) readLocked(also func()) (*Log, error) {
	c, err := s.begin()
	if err != nil {
		return nil, err
	}
	if err := s.checkOrigin(c); err != nil {
		return nil, err
	}
	l := &Log{Case: c}
	// A key that the log merely claims tells a damaged checkpoint from a damaged
	// tile; that the case was rightly handed to it is seen when the entries are
	// known to be those that it signed.
	var raw []byte
	if l.Checkpoint, raw, _, err = s.checkpoint(c, s.claimed(c)); err != nil {
		return nil, err
	}
	if err := l.readTree(s); err != nil {
		return nil, err
	}
	for i, b := range l.raw {
		e, err := DecodeEntry(int64(i), b)
		if err != nil {
			return nil, &Fault{Path: l.bundleOf(int64(i)), Entry: int64(i), Err: err}
		}
		l.Entries = append(l.Entries, e)
	}
	if err := l.readKeys(s); err != nil {
		return nil, err
	}
	l.rawNote = raw
	if _, l.note, err = l.openCheckpoint(raw); err != nil {
		return nil, &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	if also != nil {
		also()
	}
	return l, nil
}

// bundleOf is the file in which an entry lies.
func (l *Log) bundleOf(n int64) string {
	return tilePath(tileOf(entriesTile, n/tileWidth, l.Checkpoint.Size))
}

// checkOrigin finds which of three is wrong where the checkpoint does not name
// the log by its first entry; the tile that holds the entry's hash is the third.
func (s *store) checkOrigin(c *Case) error {
	b, err := s.read(CheckpointName, maxNote)
	if err != nil {
		return &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	origin, _, _ := strings.Cut(string(b), "\n")
	if origin == c.Origin {
		return nil
	}
	first, where, err := s.firstEntry()
	if err != nil {
		return err
	}
	tile, err := s.read(strings.Replace(where, "/entries/", "/0/", 1), tileWidth*tlog.HashSize)
	h := tlog.RecordHash(first)
	if err == nil && len(tile) >= tlog.HashSize && tlog.Hash(tile) != h && fmt.Sprintf("%s%x", originPrefix, tile[:tlog.HashSize]) == origin {
		return fault(where, 0, "it is not the entry that opened the case: its hash is %x, and the checkpoint is of %s", h[:8], short(origin))
	}
	return fault(CheckpointName, -1, "it is of the log %s, and this log begins with the entry of %s", short(origin), short(c.Origin))
}

// readTree reads all entries and tiles and holds them against the signed root.
func (l *Log) readTree(s *store) error {
	size := l.Checkpoint.Size
	var leaves []byte // as the tiles have them
	for n := int64(0); n*tileWidth < size; n++ {
		b, err := s.readBundle(tileOf(entriesTile, n, size))
		if err != nil {
			return err
		}
		l.raw = append(l.raw, b...)
		t, err := s.readTile(tileOf(0, n, size))
		if err != nil {
			return err
		}
		leaves = append(leaves, t...)
	}
	leaf := func(i int64) tlog.Hash { return tlog.Hash(leaves[i*tlog.HashSize:]) }
	fromTiles := l.grow(leaf)
	rootTiles, err := tlog.TreeHash(size, fromTiles)
	if err != nil {
		return err
	}
	first := int64(-1) // the first entry that is not what its tile says
	for i := int64(0); i < size && first < 0; i++ {
		if tlog.RecordHash(l.raw[i]) != leaf(i) {
			first = i
		}
	}
	switch {
	case rootTiles == l.Checkpoint.Root && first >= 0:
		return fault(l.bundleOf(first), first, "it is not the entry that was signed")
	case rootTiles == l.Checkpoint.Root:
	case first < 0:
		return fault(CheckpointName, -1, "the root it signs is not that of the %d entries in the log: the log was rewritten", size)
	default:
		rootEntries, err := tlog.TreeHash(size, l.grow(func(i int64) tlog.Hash { return tlog.RecordHash(l.raw[i]) }))
		if err == nil && rootEntries == l.Checkpoint.Root {
			return fault(tilePath(tileOf(0, first/tileWidth, size)), first, "the hash it has of the entry is wrong")
		}
		return fault(l.bundleOf(first), first, "it is not the entry that was signed, and the hashes in the log are not those that were signed either")
	}
	for _, t := range tlog.NewTiles(tileHeight, 0, size) {
		if t.L == 0 {
			continue
		}
		b, err := s.readTile(t)
		if err != nil {
			return err
		}
		want, err := tlog.ReadTileData(t, fromTiles)
		if err != nil {
			return err
		}
		if string(b) != string(want) {
			return fault(tilePath(t), -1, "its hashes are not those of the tiles below it")
		}
	}
	return nil
}

// grow computes all hashes of the tree over leaves and keeps them.
func (l *Log) grow(leaf func(int64) tlog.Hash) tlog.HashReader {
	l.hashes = l.hashes[:0]
	r := l.reader()
	for i := range l.Checkpoint.Size {
		hs, err := tlog.StoredHashesForRecordHash(i, leaf(i), r)
		if err != nil {
			panic(err) // the reader has every hash before i
		}
		l.hashes = append(l.hashes, hs...)
	}
	return r
}

func (l *Log) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(ix []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ix))
		for i, x := range ix {
			if x >= int64(len(l.hashes)) {
				return nil, errors.New("not in the tree")
			}
			out[i] = l.hashes[x]
		}
		return out, nil
	})
}

// consistent says whether a checkpoint is an earlier state of this log.
func (l *Log) consistent(c Checkpoint) error {
	if c.Origin != l.Origin {
		return fmt.Errorf("it is of the case %s, and this is %s: another case, or one whose opening (question, standard, key) was changed", short(c.Origin), short(l.Origin))
	}
	if c.Size > l.Checkpoint.Size {
		return fmt.Errorf("it is of a log with %d entries, and this one has %d: the case was rolled back", c.Size, l.Checkpoint.Size)
	}
	root, err := tlog.TreeHash(c.Size, l.reader())
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("the first %d entries are not those of which it was made: the case was forked or rewritten", c.Size)
	}
	return nil
}

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
	Files        int
	Bytes        int64
	manifests    map[string][]brief // by path
	paths        []string           // all files of the case, sorted
	named        map[string]int     // Parties by name
	pinned       *pinned            // what [Account.Pin] holds them to
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
	for p := range known {
		a.paths = append(a.paths, p)
	}
	slices.Sort(a.paths)
	if err := a.checkParties(s, o.Parties); err != nil {
		return nil, err
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
		out = append(out, brief{File{Path: dir + ExhibitDir + "/" + x.Name, SHA256: x.SHA256, Size: x.Size}, len(x.Records), x.Source})
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
		case dir && folders[p], ok, p == CrateName && file, dir && strings.HasPrefix(p, logDir+"/tile") && !leftover(p):
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

// checkParties checks what parties signed. Their keys are those that the case
// recorded before, and those that were given.
func (a *Account) checkParties(s *store, given []PublicKey) error {
	at := map[string]int{}
	a.named = at
	for _, k := range given {
		if i, ok := at[k.Name]; ok && a.Parties[i].Text != k.Text {
			return fmt.Errorf("two different keys were given for %s", k.Name)
		} else if !ok {
			at[k.Name] = len(a.Parties)
			a.Parties = append(a.Parties, Party{PublicKey: k, Entry: -1, Given: true})
		}
	}
	for i, e := range a.Entries {
		n := int64(i)
		var err error
		switch e.Kind {
		case KindParty:
			var p PartyData
			if err := e.DecodeData(&p); err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
			k, err := ParsePublicKey(p.Key)
			if err == nil && k.Name != p.Name {
				err = fmt.Errorf("the key is that of %s, not of %s", k.Name, p.Name)
			}
			if err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
			j, ok := at[k.Name]
			switch {
			case ok && a.Parties[j].Text != k.Text && a.Parties[j].Given:
				return fault(a.bundleOf(n), n, "the case records the key %s for %s, and you gave another, %s", k.Text, k.Name, a.Parties[j].Text)
			case ok && a.Parties[j].Text != k.Text:
				return fault(a.bundleOf(n), n, "the case records two different keys for %s", k.Name)
			case ok && a.Parties[j].Entry < 0:
				a.Parties[j].Entry, a.Parties[j].For = n, p.For
			case !ok:
				at[k.Name] = len(a.Parties)
				a.Parties = append(a.Parties, Party{PublicKey: k, Entry: n, For: p.For})
			}
		case KindWithdrawn:
			var d WithdrawnData
			if err = e.DecodeData(&d); err == nil {
				err = a.MayWithdraw(d, n)
			}
			if err != nil {
				return &Fault{Path: a.bundleOf(n), Entry: n, Err: err}
			}
		case KindCosignature:
			err = a.checkNote(s, e, n, func(b []byte) (*signed, error) { return a.cosignature(b, n) })
		case KindDissent:
			err = a.checkNote(s, e, n, func(b []byte) (*signed, error) { return a.dissent(b, n) })
		}
		if err == nil {
			err = a.checkSigned(s, e, n)
		}
		if err != nil {
			return err
		}
	}
	return a.checkCheckpoint()
}

// checkCheckpoint looks at what parties whose keys are known signed on the log's
// own checkpoint: a signature that does not hold is forged, not unknown.
func (a *Account) checkCheckpoint() error {
	b, err := note.Sign(&note.Note{Text: a.note.text, Sigs: append(slices.Clone(a.note.by), a.note.unknown...)})
	if err != nil {
		return &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	keys := append(a.verifiers(b, func(p PublicKey) note.Verifier { return p.cosigner }), a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	keys = slices.DeleteFunc(keys, func(v note.Verifier) bool {
		return v.Name() == a.Signer().Name && v.KeyHash() == a.Signer().verifier.KeyHash()
	})
	_, n, err := a.openCheckpoint(b, keys...)
	if err != nil {
		return &Fault{Path: CheckpointName, Entry: -1, Err: err}
	}
	a.Unknown = slices.DeleteFunc(a.Unknown, func(u UnknownKey) bool { return u.Where == CheckpointName })
	a.Unknown = append(n.unknownKeys(CheckpointName), a.Unknown...)
	for _, p := range a.signers(b) {
		for _, sig := range n.by {
			if sig.Name == p.Name && sig.Hash == p.cosigner.KeyHash() {
				a.OnCheckpoint = append(a.OnCheckpoint, Cosignature{p.Name, -1, a.Checkpoint.Size, moment.Unix(cosignedAt(sig), 0)})
			}
		}
	}
	return nil
}

// signers are the parties known at this point of the log whose names a note's
// signature lines have, in the order of a.Parties. Looking them up by name keeps
// checking a case linear in its parties and notes.
func (a *Account) signers(b []byte) []*Party {
	var at []int
	if i := bytes.LastIndex(b, []byte("\n\n")); i >= 0 {
		for line := range bytes.Lines(b[i+2:]) {
			rest, _ := bytes.CutPrefix(line, []byte("— "))
			name, _, _ := bytes.Cut(rest, []byte(" "))
			if j, ok := a.named[string(name)]; ok {
				at = append(at, j)
			}
		}
	}
	slices.Sort(at)
	var out []*Party
	for _, j := range slices.Compact(at) {
		out = append(out, &a.Parties[j])
	}
	return out
}

// verifiers are keys of the signers of a note. Recorded names that are given too
// have the given key.
func (a *Account) verifiers(b []byte, which func(PublicKey) note.Verifier) []note.Verifier {
	var out []note.Verifier
	for _, p := range a.signers(b) {
		out = append(out, which(p.PublicKey))
	}
	return out
}

func (a *Account) checkNote(s *store, e *Entry, n int64, check func([]byte) (*signed, error)) error {
	if len(e.Files) != 1 || e.Files[0].Role != RoleNote {
		return fault(a.bundleOf(n), n, "a %s has one file, with the role %q", e.Kind, RoleNote)
	}
	f := e.Files[0]
	b, err := s.logged(f)
	if err != nil {
		return &Fault{Path: f.Path, Entry: n, Err: err}
	}
	note, err := check(b)
	if err != nil {
		return &Fault{Path: f.Path, Entry: n, Err: err}
	}
	a.Unknown = append(a.Unknown, note.unknownKeys(f.Path)...)
	return nil
}

// logged reads a note as it was logged.
func (s *store) logged(f File) ([]byte, error) {
	b, err := s.read(f.Path, maxNote)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, fmt.Errorf("it is not what was logged: it has %d bytes with SHA-256 %x, logged are %d with %s", len(b), sum, f.Size, f.SHA256)
	}
	return b, nil
}

// cosignature checks a cosigned checkpoint that is or shall be entry n.
func (a *Account) cosignature(b []byte, n int64) (*signed, error) {
	keys := a.verifiers(b, func(p PublicKey) note.Verifier { return p.cosigner })
	c, s, err := a.openCheckpoint(b, keys...)
	if err != nil {
		return nil, err
	}
	if err := a.consistent(c); err != nil {
		return nil, err
	}
	if c.Size > n {
		return nil, fmt.Errorf("it cosigns %d entries, more than there were before it", c.Size)
	}
	for _, p := range a.signers(b) {
		if s.isBy(p.cosigner) {
			for _, sig := range s.by {
				if sig.Name == p.Name && sig.Hash == p.cosigner.KeyHash() {
					a.Cosignatures = append(a.Cosignatures, Cosignature{p.Name, n, c.Size, moment.Unix(cosignedAt(sig), 0)})
				}
			}
		}
	}
	return s, nil
}

// dissent checks a dissent that is or shall be entry n.
func (a *Account) dissent(b []byte, n int64) (*signed, error) {
	s, err := openNote(b, a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	if err != nil {
		return nil, err
	}
	d, err := parseDissent(s.text)
	if err != nil {
		return nil, err
	}
	if err := a.consistent(d.Checkpoint); err != nil {
		return nil, err
	}
	if d.Size > n {
		return nil, fmt.Errorf("it speaks of %d entries, more than there were before it", d.Size)
	}
	for _, sig := range s.by {
		a.Dissents = append(a.Dissents, DissentNote{sig.Name, n, d.Size, d.at, d.reason})
	}
	return s, nil
}

// checkSigned checks the signatures of a file by parties.
func (a *Account) checkSigned(s *store, e *Entry, n int64) error {
	var what []File
	for _, f := range e.Files {
		if f.Role == RoleSigned {
			what = append(what, f)
		}
	}
	for _, f := range e.Files {
		if f.Role != RoleSignature {
			continue
		}
		if len(what) != 1 {
			return fault(f.Path, n, "it stands beside %d files with the role %q, and one is needed", len(what), RoleSigned)
		}
		b, err := s.logged(f)
		if err != nil {
			return &Fault{Path: f.Path, Entry: n, Err: err}
		}
		note, at, err := a.fileSignature(b, what[0])
		if err != nil {
			return &Fault{Path: f.Path, Entry: n, Err: err}
		}
		a.Unknown = append(a.Unknown, note.unknownKeys(f.Path)...)
		for _, sig := range note.by {
			a.Signed = append(a.Signed, SignedFile{sig.Name, n, what[0].Path, at})
		}
	}
	return nil
}

func (a *Account) fileSignature(b []byte, f File) (*signed, moment.Time, error) {
	n, err := openNote(b, a.verifiers(b, func(p PublicKey) note.Verifier { return p.verifier })...)
	if err != nil {
		return nil, 0, err
	}
	s, err := parseFileSignature(n.text)
	if err == nil {
		err = s.matches(a.Origin, f)
	}
	if err != nil {
		return nil, 0, err
	}
	return n, s.at, nil
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
