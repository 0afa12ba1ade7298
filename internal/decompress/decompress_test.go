package decompress_test

import (
	"bytes"
	stdbzip2 "compress/bzip2"
	stdgzip "compress/gzip"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"constat/internal/decompress"
	"constat/internal/realdata"

	"github.com/klauspost/compress/zstd"
)

// sample is text with the regularity of a routing table.
func sample(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "10.%d.%d.0/24 3356 %d 4837 131279\n", r.IntN(256), r.IntN(256), r.IntN(65536))
		if r.IntN(50) == 0 {
			for range 100 {
				b.WriteByte(byte(r.Uint32()))
			}
		}
	}
	return b.Bytes()[:n]
}

func gz(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stdgzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func zst(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// bz needs the bzip2 command: there is no compressor in the standard library.
func bz(t testing.TB, data []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("bzip2", append([]string{"-c"}, args...)...)
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no bzip2 command to make input with")
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// "hello\n" as bzip2 -9 writes it, and the empty stream.
var (
	bzHello = unhex("425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2")
	bzEmpty = unhex("425a683917724538509000000000")
	gzHello = unhex("1f8b0800000000000003cb48cdc9c9e7020020303a3606000000")
)

func skippable(n int) []byte {
	return append([]byte{0x50, 0x2a, 0x4d, 0x18, byte(n), byte(n >> 8), 0, 0}, make([]byte, n)...)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func unpack(t testing.TB, packed []byte) (format string, data []byte, err error) {
	t.Helper()
	d, err := decompress.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatalf("NewReader: %v", err)
	}
	defer d.Close()
	data, err = io.ReadAll(d)
	return d.Format(), data, err
}

func TestFormats(t *testing.T) {
	small, big := []byte("hello\n"), sample(3<<20)
	mrt := unhex("50 2a 4d 18 00 0d 00 01 00 00 00 05 01 02 03 04 05")
	for _, tt := range []struct {
		name   string
		packed []byte
		format string
		want   []byte
	}{
		{"empty", nil, decompress.Plain, nil},
		{"one byte", []byte{0x1f}, decompress.Plain, []byte{0x1f}},
		{"plain", big, decompress.Plain, big},
		{"plain at the second of a skippable frame", mrt, decompress.Plain, mrt},
		{"plain at the second of BZh9", unhex("425a6839 000d0001 00000001 00"), decompress.Plain, unhex("425a6839 000d0001 00000001 00")},
		{"gzip", gz(t, big, 6), decompress.Gzip, big},
		{"gzip stored", gz(t, big, 0), decompress.Gzip, big},
		{"gzip huffman only", gz(t, big, stdgzip.HuffmanOnly), decompress.Gzip, big},
		{"gzip members", join(gz(t, big, 1), gz(t, nil, 6), gz(t, small, 9), gzHello), decompress.Gzip, join(big, small, small)},
		{"gzip zero padding", join(gz(t, big, 6), make([]byte, 10_000)), decompress.Gzip, big},
		{"bzip2", bzHello, decompress.Bzip2, small},
		{"bzip2 empty", bzEmpty, decompress.Bzip2, nil},
		{"bzip2 streams", join(bzHello, bzEmpty, bzHello), decompress.Bzip2, join(small, small)},
		{"zstd", zst(t, big), decompress.Zstd, big},
		{"zstd frames", join(zst(t, big), skippable(300), zst(t, small)), decompress.Zstd, join(big, small)},
		{"zstd skippable first", join(skippable(4), zst(t, small)), decompress.Zstd, small},
	} {
		t.Run(tt.name, func(t *testing.T) {
			format, got, err := unpack(t, tt.packed)
			if format != tt.format || err != nil {
				t.Errorf("got format %s, error %v; want %s", format, err, tt.format)
			}
			if !bytes.Equal(got, tt.want) {
				t.Errorf("got %d bytes, not the %d expected", len(got), len(tt.want))
			}
			// The other ways to read it, and a source that comes in drops.
			d, err := decompress.NewReader(iotest.OneByteReader(bytes.NewReader(tt.packed)))
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			var b bytes.Buffer
			if n, err := d.WriteTo(&b); err != nil || n != int64(len(tt.want)) || !bytes.Equal(b.Bytes(), tt.want) {
				t.Errorf("WriteTo: %d bytes, %v", n, err)
			}
			if n, err := d.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("read after the end: %d, %v", n, err)
			}
		})
	}
}

func TestBzip2Large(t *testing.T) {
	big := sample(3 << 20)
	packed := join(bz(t, big), bz(t, big[:1<<20], "-1"))
	format, got, err := unpack(t, packed)
	if format != decompress.Bzip2 || err != nil || !bytes.Equal(got, join(big, big[:1<<20])) {
		t.Errorf("got %s, %d bytes, %v", format, len(got), err)
	}
}

// Members that end where a chunk does.
func TestChunkEdges(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: hundreds of members at the edges of chunks")
	}
	big := sample(2*decompress.ChunkSize + 1000)
	for _, level := range []int{0, 1, 6} {
		for n := decompress.ChunkSize - 400; n <= decompress.ChunkSize+400; n += 7 {
			packed := join(gz(t, big[:n], level), gz(t, big[n:2*n], level))
			if _, got, err := unpack(t, packed); err != nil || !bytes.Equal(got, big[:2*n]) {
				t.Errorf("members of %d bytes, level %d: got %d bytes, %v", n, level, len(got), err)
			}
		}
	}
}

// What came before the end of a truncated file is delivered, then it is said.
func TestTruncated(t *testing.T) {
	big := sample(1 << 20)
	for _, tt := range []struct {
		name   string
		packed []byte
		data   []byte
		step   int
		least  func(cut int) int // how much must come out
	}{
		// Huffman-coded without matches: every symbol shows up at once.
		{"gzip", gz(t, big, 6), big, 9973, func(cut int) int { return cut - 20_000 }},
		{"gzip tail", gzHello, []byte("hello\n"), 1, nil},
		{"bzip2", bzHello, []byte("hello\n"), 1, nil},
		{"zstd", zst(t, big), big, 9973, func(cut int) int { return cut - 200_000 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for cut := 10; cut < len(tt.packed); cut += tt.step {
				_, got, err := unpack(t, tt.packed[:cut])
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("cut at %d: got %v", cut, err)
				}
				var de *decompress.Error
				if !errors.As(err, &de) || de.Offset != int64(cut) {
					t.Errorf("cut at %d: got %#v", cut, err)
				}
				if !bytes.HasPrefix(tt.data, got) {
					t.Errorf("cut at %d: got what was never packed", cut)
				}
				if tt.least != nil && len(got) < tt.least(cut) {
					t.Errorf("cut at %d: only %d bytes came out", cut, len(got))
				}
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	big := sample(1 << 20)
	packed := gz(t, big, 6)
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 0x55
		return b
	}
	for _, tt := range []struct {
		name   string
		packed []byte
		least  int
		target error
	}{
		{"gzip checksum", flip(packed, len(packed)-6), len(big), nil},
		{"gzip length", flip(packed, len(packed)-2), len(big), nil},
		{"gzip header", flip(packed, 2), 0, nil},
		{"gzip second member", join(packed, flip(gzHello, len(gzHello)-7)), len(big) + 6, nil},
		{"gzip trailing garbage", join(packed, []byte("\x00\x00garbage")), len(big), decompress.ErrTrailing},
		{"gzip trailing byte", join(packed, []byte{'x'}), len(big), decompress.ErrTrailing},
		{"bzip2 trailing garbage", join(bzHello, []byte("garbage")), 6, nil},
		{"bzip2 checksum", flip(bzHello, 11), 0, nil},
		{"zstd trailing garbage", join(zst(t, big), []byte("garbage")), len(big), decompress.ErrTrailing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, err := unpack(t, tt.packed)
			var de *decompress.Error
			if !errors.As(err, &de) || errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got error %v", err)
			} else if de.Offset < 0 || de.Offset > int64(len(tt.packed)) {
				t.Errorf("got offset %d of %d", de.Offset, len(tt.packed))
			}
			if tt.target != nil && !errors.Is(err, tt.target) {
				t.Errorf("got error %v, want %v", err, tt.target)
			}
			if len(got) < tt.least {
				t.Errorf("only %d bytes came out", len(got))
			}
		})
	}
}

// A failing disk is not a damaged file.
func TestSourceError(t *testing.T) {
	boom := errors.New("boom")
	packed := gz(t, sample(1<<20), 6)
	for _, n := range []int{0, 5, 1000, len(packed) / 2} {
		r := io.MultiReader(bytes.NewReader(packed[:n]), iotest.ErrReader(boom))
		d, err := decompress.NewReader(r)
		if err == nil {
			_, err = io.Copy(io.Discard, d)
			d.Close()
		}
		if err != boom {
			t.Errorf("after %d bytes: got %v", n, err)
		}
	}
}

// A consumer may stop at any time; no goroutine stays behind.
func TestCloseEarly(t *testing.T) {
	before := runtime.NumGoroutine()
	big := sample(8 << 20)
	for _, packed := range [][]byte{gz(t, big, 1), zst(t, big), big, bzHello} {
		for _, n := range []int64{0, 1, 300_000, 2 << 20} {
			d, err := decompress.NewReader(bytes.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			io.CopyN(io.Discard, d, n)
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil {
				t.Error("second Close:", err)
			}
			if _, err := d.Read(make([]byte, 1)); err == nil || err == io.EOF {
				t.Errorf("read after Close: %v", err)
			}
			if _, err := d.Next(); err == nil || err == io.EOF {
				t.Errorf("next after Close: %v", err)
			}
		}
	}
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i == 1000 {
			t.Fatalf("%d goroutines stayed behind", runtime.NumGoroutine()-before)
		}
		time.Sleep(time.Millisecond)
	}
}

// zeros reads as nothing but zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A few kilobytes that unpack to very much stay within the ring.
func TestBomb(t *testing.T) {
	const size = 1 << 28
	var b bytes.Buffer
	w, _ := stdgzip.NewWriterLevel(&b, 9)
	io.CopyN(w, zeros{}, size)
	w.Close()
	d, err := decompress.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	n, err := d.WriteTo(io.Discard)
	runtime.ReadMemStats(&m1)
	if n != size || err != nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
	if grown := m1.TotalAlloc - m0.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{})
	f.Add(gzHello)
	f.Add(join(gzHello, []byte{0, 0}))
	f.Add(bzHello)
	f.Add(bzEmpty)
	f.Add(join(skippable(4), zst(f, []byte("hello"))))
	f.Fuzz(func(t *testing.T, packed []byte) {
		d, err := decompress.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err = io.CopyN(io.Discard, d, 64<<20); err == nil {
			return
		}
		var de *decompress.Error
		if err != io.EOF && !errors.As(err, &de) {
			t.Errorf("an error that does not say where: %v", err)
		}
	})
}

// Real archives, against the standard library.
func TestRealFiles(t *testing.T) {
	names := realdata.Glob(t, "mrt/bgpdump-suite/input/*.gz", "mrt/ris/*/*/*.gz", "mrt/odd/*", "mrt/routeviews/*")
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			packed, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var r io.Reader = bytes.NewReader(packed)
			switch filepath.Ext(name) {
			case ".gz":
				r, err = stdgzip.NewReader(r)
			case ".bz2":
				r = stdbzip2.NewReader(r)
			}
			if err != nil {
				t.Fatal(err)
			}
			want, wantErr := io.ReadAll(r)
			_, got, err := unpack(t, packed)
			if errors.Is(wantErr, io.ErrUnexpectedEOF) != errors.Is(err, io.ErrUnexpectedEOF) || (wantErr == nil) != (err == nil) {
				t.Errorf("got error %v, want %v", err, wantErr)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got %d bytes, not the %d expected", len(got), len(want))
			}
		})
	}
}

// TestZstdWindow: frames with a window as large as zstd -d accepts are read;
// larger ones are refused, as their decoder's memory is theirs to choose.
func TestZstdWindow(t *testing.T) {
	text := bytes.Repeat([]byte("a record that is like the one before, "), 50_000)
	for log, ok := range map[int]bool{23: true, 26: true, 27: true, 28: false} {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b, zstd.WithWindowSize(1<<log), zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(d)
		d.Close()
		if (err == nil) != ok || ok && !bytes.Equal(got, text) {
			t.Errorf("a window of 2^%d: %d bytes, %v", log, len(got), err)
		}
	}
}

// TestPublicFaultsPack: a file packed by zstd --long=27.
func TestPublicFaultsPack(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "public-faults/pack/w27.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := io.Copy(io.Discard, d); err != nil || n == 0 || d.Format() != decompress.Zstd {
		t.Errorf("%d bytes, %v", n, err)
	}
}
