package caselog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"constat/internal/durable"
)

// The log lies in the layout of c2sp.org/tlog-tiles below logDir.
const (
	logDir         = "log"
	CheckpointName = "log/checkpoint"

	tileHeight  = 8
	tileWidth   = 1 << tileHeight
	entriesTile = -1 // level of the tiles that hold the entries themselves

	// maxBundle is the most bytes that a tile of entries can have.
	maxBundle = tileWidth * (2 + MaxEntry)
)

// tilePath is where a tile lies in the case: log/tile/<L>/<N>[.p/<W>], and
// log/tile/entries/… for the entries.
func tilePath(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if t.L == entriesTile {
		p = "entries" + strings.TrimPrefix(p, "data")
	}
	return logDir + "/tile/" + p
}

// tile names the tile of a level that begins at its N'th full width, as wide as
// a tree of a size has it; zero wide where it has none.
func tileOf(level int, n, size int64) tlog.Tile {
	hashes := size
	if level > 0 {
		hashes = size >> (tileHeight * level)
	}
	return tlog.Tile{H: tileHeight, L: level, N: n, W: int(max(0, min(tileWidth, hashes-n*tileWidth)))}
}

// store is a case's folder for reading. Nothing outside it can be reached
// through it, whatever links lie in it.
type store struct {
	dir  string
	root *os.Root
}

func openStore(dir string) (*store, error) {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", dir, plain(err))
	}
	return &store{dir, r}, nil
}

func (s *store) Close() error { return s.root.Close() }

var errNoFile = errors.New("it is no ordinary file")

// open opens an ordinary file: no link, no device.
func (s *store) open(name string) (*os.File, int64, error) {
	fi, err := s.root.Lstat(name)
	if err == nil && !fi.Mode().IsRegular() {
		err = errNoFile
	}
	if err != nil {
		return nil, 0, plain(err)
	}
	// It may be replaced by a pipe in the meantime.
	f, err := s.root.OpenFile(name, os.O_RDONLY|patient, 0)
	if err != nil {
		return nil, 0, plain(err)
	}
	if fi, err = f.Stat(); err == nil && !fi.Mode().IsRegular() {
		err = errNoFile
	}
	if err != nil {
		f.Close()
		return nil, 0, plain(err)
	}
	return f, fi.Size(), nil
}

// read reads a file of at most max bytes.
func (s *store) read(name string, max int64) ([]byte, error) {
	f, _, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, max+1))
	if err != nil {
		return nil, plain(err)
	}
	if int64(len(b)) > max {
		return nil, fmt.Errorf("it has more than the %d bytes that it may have", max)
	}
	return b, nil
}

// plain drops operation and path from an error, where the path is said anyway.
func plain(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errMissing
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

var errMissing = fmt.Errorf("it is missing (%w)", fs.ErrNotExist)

// Height, ReadTiles and SaveTiles make the store a tlog.TileReader.
func (s *store) Height() int { return tileHeight }

func (s *store) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		b, err := s.readTile(t)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

func (s *store) SaveTiles([]tlog.Tile, [][]byte) {}

// readTile reads a tile of hashes.
func (s *store) readTile(t tlog.Tile) ([]byte, error) {
	p := tilePath(t)
	want := t.W * tlog.HashSize
	b, err := s.read(p, int64(want))
	if err == nil && len(b) != want {
		err = fmt.Errorf("it has %d bytes and should have %d", len(b), want)
	}
	if err != nil {
		return nil, &Fault{Path: p, Entry: -1, Err: err}
	}
	return b, nil
}

// readBundle reads a tile of entries.
func (s *store) readBundle(t tlog.Tile) ([][]byte, error) {
	p := tilePath(t)
	b, err := s.read(p, maxBundle)
	if err != nil {
		return nil, &Fault{Path: p, Entry: -1, Err: err}
	}
	out, err := splitBundle(b)
	if err == nil && len(out) != t.W {
		err = fmt.Errorf("it has %d entries and should have %d", len(out), t.W)
	}
	if err != nil {
		return nil, &Fault{Path: p, Entry: -1, Err: err}
	}
	return out, nil
}

// splitBundle takes entries apart: each has its length before it, in 16 bits.
func splitBundle(b []byte) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return nil, fmt.Errorf("its entry %d is cut off", len(out))
		}
		n := 2 + int(binary.BigEndian.Uint16(b))
		out, b = append(out, b[2:n]), b[n:]
	}
	return out, nil
}

func appendBundle(b []byte, entry []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(entry))), entry...)
}

// grown is a tree with entries added that are not on disk yet.
type grown struct {
	old  tlog.HashReader
	size int64 // of the old tree
	new  map[int64]tlog.Hash
}

// ReadHashes takes from the old tree what it has, all in one go, since that
// proves them against its root.
func (g *grown) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var from, at []int64
	for i, x := range indexes {
		h, ok := g.new[x]
		if !ok {
			from, at = append(from, x), append(at, int64(i))
		}
		out[i] = h
	}
	if len(from) == 0 {
		return out, nil
	}
	hs, err := g.old.ReadHashes(from)
	if err != nil {
		return nil, err
	}
	for i, h := range hs {
		out[at[i]] = h
	}
	return out, nil
}

// tileFile is a tile to be written.
type tileFile struct {
	path string
	data []byte
}

// appendEntries computes the tiles that a log needs to grow by entries. The
// tiles it reads for that are proved against the checkpoint first.
func (s *store) appendEntries(c Checkpoint, entries [][]byte) ([]tileFile, Checkpoint, error) {
	g := &grown{size: c.Size, new: map[int64]tlog.Hash{}}
	if c.Size > 0 {
		g.old = tlog.TileHashReader(c.tree(), s)
	}
	for i, e := range entries {
		n := c.Size + int64(i)
		hs, err := tlog.StoredHashes(n, e, g)
		if err != nil {
			return nil, c, err
		}
		for j, h := range hs {
			g.new[tlog.StoredHashIndex(0, n)+int64(j)] = h
		}
	}
	next := Checkpoint{Origin: c.Origin, Size: c.Size + int64(len(entries))}
	var out []tileFile
	for _, t := range tlog.NewTiles(tileHeight, c.Size, next.Size) {
		b, err := tlog.ReadTileData(t, g)
		if err != nil {
			return nil, c, err
		}
		out = append(out, tileFile{tilePath(t), b})
		if t.L > 0 {
			continue
		}
		start := t.N * tileWidth
		var bundle []byte
		if have := tileOf(entriesTile, t.N, c.Size); have.W > 0 {
			old, err := s.readBundle(have)
			if err != nil {
				return nil, c, err
			}
			for i, e := range old {
				// An entry that is not what was signed must not be carried on.
				if tlog.RecordHash(e) != tlog.Hash(b[i*tlog.HashSize:(i+1)*tlog.HashSize]) {
					return nil, c, &Fault{Path: tilePath(have), Entry: start + int64(i), Err: errors.New("it is not the entry that was signed")}
				}
				bundle = appendBundle(bundle, e)
			}
		}
		for i := range entries {
			if n := c.Size + int64(i); n >= start && n < start+int64(t.W) {
				bundle = appendBundle(bundle, entries[i])
			}
		}
		e := t
		e.L = entriesTile
		out = append(out, tileFile{tilePath(e), bundle})
	}
	var err error
	next.Root, err = tlog.TreeHash(next.Size, g)
	return out, next, err
}

// superseded are the partial tiles of an old size that wider ones hold.
func superseded(old, size int64) []string {
	var out []string
	for level := 0; old>>(tileHeight*level) > 0; level++ {
		n := old >> (tileHeight * level)
		if n%tileWidth == 0 || n == size>>(tileHeight*level) {
			continue
		}
		t := tileOf(level, n/tileWidth, old)
		out = append(out, tilePath(t))
		if level == 0 {
			t.L = entriesTile
			out = append(out, tilePath(t))
		}
	}
	return out
}

// writeTile writes a file of the log with the folders above it.
func writeTile(dir string, t tileFile) error {
	name := filepath.Join(dir, filepath.FromSlash(t.path))
	if err := mkdirAll(dir, filepath.Dir(name)); err != nil {
		return err
	}
	return durable.WriteFile(name, t.data, 0o644)
}

// mkdirAll makes a folder below a case and those above it, durably.
func mkdirAll(dir, sub string) error {
	if fi, err := os.Lstat(sub); err == nil {
		if !fi.IsDir() {
			return fmt.Errorf("%s is in the way: it is no folder; move it out of the case", sub)
		}
		return nil
	}
	if sub != dir {
		if err := mkdirAll(dir, filepath.Dir(sub)); err != nil {
			return err
		}
	}
	if err := durable.Mkdir(sub); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return durable.SyncDir(filepath.Dir(sub))
}
