package inflate_test

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"constat/internal/inflate"
)

// all decodes packed with pieces of input and output of the given sizes, the
// way a caller does.
func all(packed []byte, inStep, outStep int) (data []byte, used int, err error) {
	var d inflate.Decoder
	return with(&d, packed, inStep, outStep)
}

func with(d *inflate.Decoder, packed []byte, inStep, outStep int) (data []byte, used int, err error) {
	d.Reset()
	out := make([]byte, inflate.Window+outStep+inflate.Slack)
	hist := 0
	avail := min(inStep, len(packed))
	for {
		nout, nin, s, err := d.Decode(out, inflate.Window, packed[used:avail:avail], avail == len(packed))
		data = append(data, out[inflate.Window:inflate.Window+nout]...)
		used += nin
		if err != nil || s == inflate.Done {
			return data, used, err
		}
		if s == inflate.NeedInput {
			if avail == len(packed) {
				return data, used, errors.New("asks for input after the end")
			}
			if avail-used >= inflate.MinInput {
				return data, used, errors.New("asks for input while there is enough")
			}
			avail = min(len(packed), avail+inStep)
		}
		copy(out, out[nout:nout+inflate.Window])
		hist = min(inflate.Window, hist+nout)
	}
}

// slow is the oracle: the standard library, and what it read.
func slow(packed []byte) (data []byte, used int, err error) {
	r := bytes.NewReader(packed)
	z := flate.NewReader(r)
	data, err = io.ReadAll(z)
	return data, len(packed) - r.Len(), err
}

func check(t *testing.T, packed []byte, inStep, outStep int) {
	t.Helper()
	want, wantUsed, wantErr := slow(packed)
	got, used, err := all(packed, inStep, outStep)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("got error %v, want %v", err, wantErr)
	}
	if wantErr == io.ErrUnexpectedEOF && len(got) > len(want) {
		// compress/flate asks for as many bits as the end-of-block code has
		// before it looks at any, so at the very end it may give less than
		// there is. What there is does not depend on what would follow.
		for _, pad := range []byte{0, 0xff} {
			more, _, _ := slow(append(bytes.Clone(packed), bytes.Repeat([]byte{pad}, 16)...))
			if !bytes.HasPrefix(more, got) {
				t.Fatalf("got %d bytes, want %d or what is certain of the next ones", len(got), len(want))
			}
		}
		want = got
	}
	if !bytes.Equal(got, want) {
		n := 0
		for n < min(len(got), len(want)) && got[n] == want[n] {
			n++
		}
		t.Fatalf("got %d bytes, want %d; they differ from %d on (errors %v and %v)", len(got), len(want), n, err, wantErr)
	}
	if err == nil && used != wantUsed {
		t.Fatalf("used %d bytes, want %d", used, wantUsed)
	}
	if wantErr == io.ErrUnexpectedEOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("got error %v for a truncated stream", err)
	}
}

func deflate(t testing.TB, data []byte, level int) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// texts are inputs of various texture.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	m := map[string][]byte{"empty": nil, "one": {'x'}, "zeros": make([]byte, 300_000)}
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	m["noise"] = noise
	few := make([]byte, 200_000)
	for i := range few {
		few[i] = "aab"[r.IntN(3)]
	}
	m["few"] = few
	skewed := make([]byte, 200_000) // long codes
	for i := range skewed {
		skewed[i] = byte(min(255, r.ExpFloat64()*8))
	}
	m["skewed"] = skewed
	var lines bytes.Buffer
	for lines.Len() < 500_000 {
		fmt.Fprintf(&lines, "10.%d.%d.0/24 3356 %d 4837 131279\n", r.IntN(256), r.IntN(256), r.IntN(65536))
	}
	m["lines"] = lines.Bytes()
	var periods bytes.Buffer // matches of every distance up to 300 and far ones
	for d := 1; d < 300; d++ {
		p := noise[d*300 : d*300+d]
		for range 1 + 900/d {
			periods.Write(p)
		}
		periods.Write(noise[:100])
	}
	for range 100 {
		at := r.IntN(periods.Len() - 300)
		periods.Write(periods.Bytes()[at : at+3+r.IntN(290)])
	}
	m["periods"] = periods.Bytes()
	return m
}

func TestTextures(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 6, 9} {
			t.Run(fmt.Sprint(name, level), func(t *testing.T) {
				packed := deflate(t, text, level)
				tail := append(bytes.Clone(packed), "what follows is not touched........................"...)
				for _, step := range []struct{ in, out int }{{1 << 20, 1 << 20}, {1000, 1000}, {4096, 64 << 10}} {
					check(t, packed, step.in, step.out)
					check(t, tail, step.in, step.out)
				}
			})
		}
	}
}

// Every prefix of a stream gives what can be decoded of it.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, 0, 6} {
			t.Run(fmt.Sprint(name, level), func(t *testing.T) {
				packed := deflate(t, text[:min(len(text), 3000)], level)
				for cut := range packed {
					check(t, packed[:cut], 1<<20, 1<<16)
				}
			})
		}
	}
}

// Damaged streams are refused where the oracle refuses them, after the same
// bytes.
func TestDamaged(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for name, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, 6} {
			t.Run(fmt.Sprint(name, level), func(t *testing.T) {
				good := deflate(t, text[:min(len(text), 20_000)], level)
				for range 300 {
					packed := bytes.Clone(good)
					for range 1 + r.IntN(3) {
						// Headers more often than what is behind them.
						at := int(float64(len(packed)) * r.Float64() * r.Float64())
						packed[at] ^= 1 << r.IntN(8)
					}
					check(t, packed, 1<<20, 1<<16)
				}
			})
		}
	}
}

// Streams of random bits find every kind of refusal.
func TestRandomBits(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 200,000 streams")
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 200_000 {
		packed := make([]byte, 1+r.IntN(200))
		for i := range packed {
			packed[i] = byte(r.Uint32())
		}
		packed[0] = packed[0]&^6 | 4 // dynamic
		if r.IntN(4) == 0 {
			packed[0] = packed[0]&^6 | 2 // fixed
		}
		check(t, packed, 1<<20, 1<<16)
	}
}

// A Decoder is used again for the next member.
func TestReuse(t *testing.T) {
	var d inflate.Decoder
	for name, text := range texts() {
		packed := deflate(t, text, 6)
		if got, _, err := with(&d, packed, 1<<20, 1<<16); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		with(&d, packed[:len(packed)/2], 1<<20, 1<<16)
		with(&d, []byte{7}, 1<<20, 1<<16)
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, 0, 6} {
			f.Add(deflate(f, text[:min(len(text), 2000)], level))
		}
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		if len(packed) > 1<<16 {
			return
		}
		check(t, packed, 1<<20, 1<<16)
		check(t, packed, 700, 700)
	})
}
