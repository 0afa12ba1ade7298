package caselog

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"constat/internal/durable"
)

// packFolder is the one folder in a packed case, so that it can be unpacked
// with other tools without spilling.
func (c *Case) packFolder() string { return "constat-case-" + c.ID() }

// Pack writes a checked case as one file, tar in zstd. The same case gives the
// same bytes: names sorted, no times, owners or modes of the machine, and one
// pinned way of compressing. What interrupted acts left is not packed.
func (a *Account) Pack(ctx context.Context, w io.Writer) error {
	crate, err := a.crate(a.Checkpoint.Size)
	if err != nil {
		return err
	}
	s, err := openStore(a.dir)
	if err != nil {
		return err
	}
	defer s.Close()
	// One goroutine and a fixed window: how the encoder splits its input must
	// depend on nothing but the bytes.
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(packWindow), zstd.WithEncoderCRC(true))
	if err != nil {
		return err
	}
	defer z.Close()
	b := bufio.NewWriterSize(z, 1<<17)
	t := tar.NewWriter(b)
	defer a.Pin()()
	for _, p := range append(slices.Clone(a.paths), CrateName) {
		if err := ctx.Err(); err != nil {
			return err
		}
		in, size := io.NopCloser(bytes.NewReader(crate)), int64(len(crate))
		if p != CrateName {
			f, n, err := s.open(p)
			if err != nil {
				return &Fault{Path: p, Entry: -1, Err: err}
			}
			in, size = f, n
			// The log's own files are held to the root by whoever unpacks it.
			if sum, ok := a.pinned.files[filepath.Join(a.dir, filepath.FromSlash(p))]; ok {
				in = newHeldTo(f, p, n, sum)
			}
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: a.packFolder() + "/" + p, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0)}
		err := t.WriteHeader(h)
		if err == nil {
			// What changes under our hands fails here: too little or too much.
			_, err = io.Copy(t, struct{ io.Reader }{in})
		}
		in.Close()
		if err != nil {
			return fmt.Errorf("packing %s: %w", p, err)
		}
	}
	return errors.Join(t.Close(), b.Flush(), z.Close())
}

// packWindow is the memory that a reader needs for what went before.
const packWindow = 8 << 20

// Limits are what a packed case may come to.
type Limits struct {
	Files int   // how many files
	Bytes int64 // unpacked
	Ratio int64 // how many times its packed size, beyond the first 64 MiB; 0: any
}

// DefaultLimits are for cases from strangers. Records of routing pack to a tenth
// or a twentieth; 236 kB that unpack to 7 GB are no case.
var DefaultLimits = Limits{Files: 200_000, Bytes: 8 << 30, Ratio: 200}

// freeBytes may be unpacked of however little.
const freeBytes = 64 << 20

// Unpack writes a packed case into a new folder. It takes ordinary files below
// one folder and nothing else, each once, within the limits; nothing appears at
// dir unless all of it was read. It does not check the case.
func Unpack(ctx context.Context, r io.Reader, dir string, limits Limits) error {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); err == nil {
		return fmt.Errorf("%s %w: unpack a case to a new folder", dir, ErrExists)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".constat-unfinished-*")
	if err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	root, err := os.OpenRoot(tmp)
	if err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	defer root.Close()
	if err := readPack(ctx, r, limits, func(name string, in io.Reader) error {
		if i := strings.LastIndexByte(name, '/'); i > 0 {
			if err := root.MkdirAll(filepath.FromSlash(name[:i]), 0o755); err != nil {
				return fmt.Errorf("%s: %w", name, plain(err))
			}
		}
		f, err := root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return fmt.Errorf("%s: %w", name, plain(err))
		}
		_, err = io.Copy(f, in)
		if err == nil {
			err = f.Sync()
		}
		return errors.Join(err, f.Close())
	}); err != nil {
		return fmt.Errorf("not unpacked: %w", err)
	}
	if err := filepath.WalkDir(tmp, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = durable.SyncDir(p)
		}
		return err
	}); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	return durable.SyncDir(filepath.Dir(dir))
}

// readPack reads a packed case and hands its files over, names without the
// folder.
func readPack(ctx context.Context, r io.Reader, limits Limits, file func(name string, in io.Reader) error) error {
	packed := &oneFrame{r: r}
	z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return err
	}
	defer z.Close()
	left := limits.Bytes
	// Headers count too: a bomb may be made of nothing but names.
	counted := &bounded{r: z, left: limits.Bytes + int64(limits.Files+4)*4096, ctx: ctx, limits: limits, packed: packed}
	t := tar.NewReader(counted)
	seen := map[string]bool{}
	folder := ""
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("damaged, or no packed case: %w", err)
		}
		if h.Typeflag != tar.TypeReg || h.Linkname != "" {
			return fmt.Errorf("%q is no ordinary file (type %q): a packed case has no links, devices or folders", h.Name, h.Typeflag)
		}
		for k := range h.PAXRecords {
			if k != "path" {
				return fmt.Errorf("%q has the attribute %q, which a packed case does not use", h.Name, k)
			}
		}
		top, name, ok := strings.Cut(h.Name, "/")
		id, ok2 := strings.CutPrefix(top, "constat-case-")
		if !ok || !ok2 || len(id) != 8 || strings.Trim(id, "0123456789abcdef") != "" || folder != "" && folder != top || !safePath(name) {
			return fmt.Errorf("%q is no name in a packed case, which is constat-case-…/ with names of letters, digits, '.', '-', '_' below it", h.Name)
		}
		folder = top
		// Some systems take two spellings for one name.
		if key := strings.ToLower(name); seen[key] {
			return fmt.Errorf("%q is there twice (or in two spellings)", h.Name)
		} else {
			seen[key] = true
		}
		if len(seen) > limits.Files {
			return fmt.Errorf("more than %d files: if that is meant, allow more with --max-files", limits.Files)
		}
		if left -= h.Size; h.Size < 0 || left < 0 {
			return tooMuch(limits.Bytes)
		}
		if err := file(name, t); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, t); err != nil {
			return fmt.Errorf("damaged, or no packed case: %w", err)
		}
		counted.pad = -h.Size & (tarBlock - 1) // what fills the file's last block
	}
	if counted.filled {
		return errors.New("there is something between its files")
	}
	// Nothing may hide behind the end.
	rest := make([]byte, 1<<15)
	for {
		n, err := counted.Read(rest)
		if strings.Trim(string(rest[:n]), "\x00") != "" {
			return errors.New("there is something behind the end of the packed case")
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("damaged: %w", err)
		}
	}
	if folder == "" {
		return errors.New("it is empty")
	}
	return nil
}

func tooMuch(limit int64) error {
	return fmt.Errorf("more than %d bytes when unpacked: if that is meant, allow more with --max-bytes", limit)
}

// bounded ends a stream that is too long.
type bounded struct {
	r      io.Reader
	left   int64
	limits Limits
	packed *oneFrame
	given  int64
	ctx    context.Context
	pad    int64 // how many of the next bytes must be zero
	filled bool  // one of them was not
}

// tarBlock is what the files in a tar archive are filled up to a multiple of.
const tarBlock = 512

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if b.left <= 0 {
		return 0, tooMuch(b.limits.Bytes)
	}
	if r := b.limits.Ratio; r > 0 && b.given > freeBytes && b.given/r > b.packed.read {
		return 0, fmt.Errorf("more than %d times its packed size when unpacked, which no case needs: if that is meant, give --max-bytes", r)
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	b.given += int64(n)
	pad := min(int64(n), b.pad)
	b.pad -= pad
	b.filled = b.filled || strings.Trim(string(p[:pad]), "\x00") != ""
	return n, err
}
