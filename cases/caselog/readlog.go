package caselog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
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
	if l.Checkpoint, raw, _, err = s.checkpoint(c, s.claimed(c, true)); err != nil {
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
