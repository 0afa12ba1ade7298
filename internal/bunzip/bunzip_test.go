package bunzip_test

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"constat/internal/bunzip"
)

// window is a Source that shows no more at a time than it was asked for.
type window struct {
	data []byte
	at   int
	step int
}

func (w *window) More(n int) ([]byte, bool) {
	end := min(len(w.data), w.at+max(n, w.step))
	return w.data[w.at:end:end], end == len(w.data)
}
func (w *window) Take(n int) {
	w.at += n
	if w.at < 0 || w.at > len(w.data) || n < -8 {
		panic("took what is not there")
	}
}
func (w *window) Offset() int64 { return int64(w.at) }

func unpack(packed []byte, step int) ([]byte, *bunzip.Reader, error) {
	r := bunzip.NewReader(&window{data: packed, step: step})
	data, err := io.ReadAll(r)
	return data, r, err
}

func check(t *testing.T, packed []byte, step int) {
	t.Helper()
	want, wantErr := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	got, r, err := unpack(packed, step)
	r.Close()
	if errors.Is(err, bunzip.ErrTrailing) || err == nil && wantErr != nil && bytes.HasSuffix(packed, []byte{0}) {
		wantErr, err = nil, nil // the oracle has other names for it, and no padding
	}
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("got error %v, want %v", err, wantErr)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("got %d bytes, want %d (errors %v and %v)", len(got), len(want), err, wantErr)
	}
	if wantErr == io.ErrUnexpectedEOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("got error %v for a truncated stream", err)
	}
}

// writer packs, slowly and simply: the codes of a block are as flat as can be.
type writer struct {
	out  []byte
	acc  uint64
	n    uint
	sum  uint32
	long bool // use codes of up to twenty bits
}

func (w *writer) put(n uint, v uint64) {
	for i := int(n) - 1; i >= 0; i-- {
		w.acc = w.acc<<1 | v>>i&1
		if w.n++; w.n == 8 {
			w.out = append(w.out, byte(w.acc))
			w.n = 0
		}
	}
}

func crcOf(p []byte) uint32 {
	crc := ^uint32(0)
	for _, b := range p {
		crc ^= uint32(b) << 24
		for range 8 {
			if crc>>31 != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	return ^crc
}

// pack writes a stream of blocks of the texts given.
func pack(long bool, blocks ...[]byte) []byte {
	w := &writer{long: long}
	w.put(32, 'B'<<24|'Z'<<16|'h'<<8|'9')
	for _, b := range blocks {
		w.block(b)
	}
	w.put(48, 0x177245385090)
	w.put(32, uint64(w.sum))
	for w.n != 0 {
		w.put(1, 0)
	}
	return w.out
}

func (w *writer) block(text []byte) {
	crc := crcOf(text)
	w.sum = bits.RotateLeft32(w.sum, 1) ^ crc
	var s []byte // after the first run-length coding
	for i := 0; i < len(text); {
		n := 1
		for n < 255+4 && i+n < len(text) && text[i+n] == text[i] {
			n++
		}
		s = append(s, bytes.Repeat(text[i:i+1], min(n, 4))...)
		if n >= 4 {
			s = append(s, byte(n-4))
		}
		i += n
	}
	rows := make([]int, len(s))
	for i := range rows {
		rows[i] = i
	}
	ss := append(slices.Clone(s), s...)
	slices.SortFunc(rows, func(a, b int) int { return bytes.Compare(ss[a:a+len(s)], ss[b:b+len(s)]) })
	origin := slices.Index(rows, 0)

	var list []byte
	var used [256]bool
	for _, b := range s {
		used[b] = true
	}
	w.put(48, 0x314159265359)
	w.put(32, uint64(crc))
	w.put(1, 0)
	w.put(24, uint64(origin))
	var groups, sub uint64
	for i := range 256 {
		if used[i] {
			list = append(list, byte(i))
			groups |= 1 << (15 - i/16)
		}
	}
	w.put(16, groups)
	for i := range 16 {
		if groups>>(15-i)&1 != 0 {
			sub = 0
			for j := range 16 {
				if used[i*16+j] {
					sub |= 1 << (15 - j)
				}
			}
			w.put(16, sub)
		}
	}
	end := len(list) + 1
	var syms []int
	run := 0
	flush := func() {
		for ; run > 0; run = (run - 1) / 2 {
			syms = append(syms, (run-1)%2)
		}
	}
	for _, row := range rows {
		b := s[(row+len(s)-1)%len(s)]
		i := bytes.IndexByte(list, b)
		if i == 0 {
			run++
			continue
		}
		flush()
		syms = append(syms, i+1)
		copy(list[1:i+1], list[:i])
		list[0] = b
	}
	flush()
	syms = append(syms, end)

	// A complete code of lengths that differ by one at most, or a comb.
	m := end + 1
	lens := make([]uint, m)
	k := uint(bits.Len(uint(m)) - 1)
	for i := range lens {
		lens[i] = k
		if i >= 1<<(k+1)-m {
			lens[i] = k + 1
		}
	}
	if w.long && m <= 21 {
		for i := range lens {
			lens[i] = uint(min(i+1, m-1))
		}
	}
	codes := make([]uint64, m)
	next, at := uint64(0), uint(0)
	for i := range lens {
		next <<= lens[i] - at
		at = lens[i]
		codes[i] = next
		next++
	}
	w.put(3, 3)
	n := (len(syms) + 49) / 50
	w.put(15, uint64(n))
	for i := range n { // 1, 0, 1, 0 ... moved to front, then 2
		w.put(2, 2)
		if i == n-1 && i > 0 {
			break
		}
	}
	for range 3 {
		w.put(5, uint64(lens[0]))
		at := lens[0]
		for _, l := range lens {
			for at < l {
				w.put(2, 2)
				at++
			}
			for at > l {
				w.put(2, 3)
				at--
			}
			w.put(1, 0)
		}
	}
	for _, s := range syms {
		w.put(lens[s], codes[s])
	}
}

func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 30_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	few := make([]byte, 30_000)
	for i := range few {
		few[i] = "aab"[r.IntN(3)]
	}
	var lines, runs bytes.Buffer
	for lines.Len() < 60_000 {
		fmt.Fprintf(&lines, "10.%d.%d.0/24 3356 %d 4837 131279\n", r.IntN(256), r.IntN(256), r.IntN(65536))
	}
	for runs.Len() < 60_000 {
		runs.Write(bytes.Repeat([]byte{byte(r.IntN(3))}, 1+r.IntN(9)))
		if r.IntN(50) == 0 {
			runs.Write(bytes.Repeat([]byte{byte(r.IntN(3))}, r.IntN(2000)))
		}
	}
	return map[string][]byte{
		"one": {'x'}, "four": []byte("xxxx"), "five": []byte("xxxxx"), "zeros": make([]byte, 100_000),
		"noise": noise, "few": few, "lines": lines.Bytes(), "runs": runs.Bytes(),
		"period 2": bytes.Repeat([]byte("ab"), 10_000), "period 7": bytes.Repeat([]byte("abcabcd"), 4096),
	}
}

func TestTextures(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			for _, long := range []bool{false, true} {
				packed := pack(long, text)
				got, r, err := unpack(packed, 1<<20)
				r.Close()
				if err != nil || !bytes.Equal(got, text) {
					t.Fatalf("got %d bytes, not %d; %v", len(got), len(text), err)
				}
				two := pack(long, text, text[:len(text)/2+1], text)
				for _, step := range []int{1 << 20, 1, 300} {
					check(t, packed, step)
					check(t, two, step)
					check(t, append(two, packed...), step)
				}
			}
		})
	}
}

// TestReference reads what the reference implementation writes.
func TestReference(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it runs bzip2")
	}
	path, err := exec.LookPath("bzip2")
	if err != nil {
		t.Skip("no bzip2 command")
	}
	r := rand.New(rand.NewPCG(9, 9))
	var big bytes.Buffer
	for big.Len() < 3_000_000 {
		fmt.Fprintf(&big, "10.%d.%d.0/24 3356 %d 4837 131279\n", r.IntN(256), r.IntN(256), r.IntN(65536))
		if r.IntN(1000) == 0 {
			big.Write(make([]byte, r.IntN(2000)))
		}
	}
	all := texts()
	all["big"] = big.Bytes()
	all["empty"] = nil
	noise := all["noise"] // few parts, of very different lengths
	for _, period := range []int{3, 250, 1000, 29_999} {
		all[fmt.Sprint("repeated ", period)] = bytes.Repeat(noise[:period], 1_000_000/period)
		all[fmt.Sprint("nearly repeated ", period)] = append(bytes.Repeat(noise[:period], 500_000/period), noise...)
	}
	for name, text := range all {
		for _, level := range []string{"-1", "-9"} {
			cmd := exec.Command(path, "-c", level)
			cmd.Stdin = bytes.NewReader(text)
			packed, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got, rd, err := unpack(packed, 1<<16)
			rd.Close()
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s %s: got %d bytes, not %d; %v", name, level, len(got), len(text), err)
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			packed := pack(false, text[:min(len(text), 700)], text[:min(len(text), 100)])
			for cut := 4; cut < len(packed); cut++ {
				check(t, packed[:cut], 1<<20)
			}
		})
	}
}

// A damaged stream gives an error, or the text: some bits have no meaning. The
// reference implementation, if it is there, agrees on which. (compress/bzip2
// reads codes that are not complete in a way of its own.)
func TestDamaged(t *testing.T) {
	reference, _ := exec.LookPath("bzip2")
	r := rand.New(rand.NewPCG(3, 4))
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			text, tail := text[:min(len(text), 5000)], text[:min(len(text), 100)]
			good := pack(r.IntN(2) == 0, text, tail)
			for i := range 200 {
				packed := bytes.Clone(good)
				at := 4 + int(float64(len(packed)-4)*r.Float64()*r.Float64())
				packed[at] ^= 1 << r.IntN(8)
				got, rd, err := unpack(packed, 1<<20)
				rd.Close()
				if err == nil && !bytes.Equal(got, append(bytes.Clone(text), tail...)) {
					t.Fatalf("byte %d: other text and no error", at)
				}
				if reference == "" || i >= 30 || err == bunzip.ErrRandomised {
					continue
				}
				cmd := exec.Command(reference, "-dc")
				cmd.Stdin = bytes.NewReader(packed)
				if _, refErr := cmd.Output(); (refErr == nil) != (err == nil) {
					t.Fatalf("byte %d: got %v, the reference %v", at, err, refErr)
				}
			}
		})
	}
}

func TestAfterTheEnd(t *testing.T) {
	text := []byte("hello\n")
	packed := pack(false, text)
	for _, tt := range []struct {
		tail string
		err  error
	}{
		{"", nil}, {"\x00\x00\x00", nil}, {"x", bunzip.ErrTrailing}, {"\x00x", bunzip.ErrTrailing},
		{"BZx9", bunzip.ErrTrailing}, {"BZ", io.ErrUnexpectedEOF}, {"BZh9", io.ErrUnexpectedEOF},
	} {
		got, r, err := unpack(append(bytes.Clone(packed), tt.tail...), 5)
		r.Close()
		if !errors.Is(err, tt.err) || !bytes.Equal(got, text) {
			t.Errorf("%q: got %q, %v", tt.tail, got, err)
		}
	}
}

// What is in a block that fails its checksum has been delivered; Offset says
// where it ended.
func TestChecksum(t *testing.T) {
	text := []byte("hello, hello, hello\n")
	packed := pack(false, text, text)
	packed[4+6] ^= 1
	got, r, err := unpack(packed, 1<<20)
	r.Close()
	if err != bunzip.ErrChecksum || !bytes.Equal(got, text) || r.Offset() < 20 || r.Offset() > int64(len(packed)/2+8) {
		t.Errorf("got %q, %v at %d of %d", got, err, r.Offset(), len(packed))
	}
}

func TestCloseEarly(t *testing.T) {
	before := runtime.NumGoroutine()
	text := texts()["lines"]
	packed := pack(false, text, text, text, text, text, text, text, text)
	for _, n := range []int64{0, 1, 70_000} {
		r := bunzip.NewReader(&window{data: packed, step: 1000})
		if _, err := io.CopyN(io.Discard, r, n); err != nil {
			t.Fatal(err)
		}
		r.Close()
		r.Close()
		if n, err := r.Read(make([]byte, 10)); n != 0 || err == nil {
			t.Errorf("read after Close: %d, %v", n, err)
		}
	}
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i == 1000 {
			t.Fatalf("%d goroutines stayed behind", runtime.NumGoroutine()-before)
		}
		time.Sleep(time.Millisecond)
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range texts() {
		f.Add(pack(false, text[:min(len(text), 300)]))
		f.Add(pack(true, text[:min(len(text), 100)], text[:1]))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		if len(packed) < 4 || len(packed) > 1<<16 || !bytes.HasPrefix(packed, []byte("BZh")) || packed[3] < '1' || packed[3] > '9' {
			return
		}
		got, r, err := unpack(packed, 1<<20)
		r.Close()
		want, wantErr := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
		if err == nil && wantErr == nil && !bytes.Equal(got, want) {
			t.Errorf("got %d bytes, want %d", len(got), len(want))
		}
	})
}

// BenchmarkFile compares the decoders on a file that is named in the
// environment: BUNZIP_BENCH=rib.bz2 go test -bench File -cpu 1,2
func BenchmarkFile(b *testing.B) {
	name := os.Getenv("BUNZIP_BENCH")
	if name == "" {
		b.Skip("BUNZIP_BENCH names no file")
	}
	packed, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		b.Fatal(err)
	}
	var size int64
	b.Run("bunzip", func(b *testing.B) {
		for b.Loop() {
			r := bunzip.NewReader(&window{data: packed, step: 1 << 16})
			buf := make([]byte, 256<<10)
			size = 0
			for {
				n, err := r.Read(buf)
				size += int64(n)
				if err == io.EOF {
					break
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			r.Close()
		}
		b.SetBytes(size)
	})
	b.Run("standard", func(b *testing.B) {
		for b.Loop() {
			size, _ = io.Copy(io.Discard, bzip2.NewReader(bytes.NewReader(packed)))
		}
		b.SetBytes(size)
	})
}
