package inflate_test

import (
	"bytes"
	stdgzip "compress/gzip"
	"io"
	"os"
	"testing"

	"constat/internal/inflate"

	"github.com/klauspost/compress/gzip"
)

// BenchmarkFile compares the decoders on a gzip file of one member that is
// named in the environment: INFLATE_BENCH=rib.gz go test -bench File.
func BenchmarkFile(b *testing.B) {
	name := os.Getenv("INFLATE_BENCH")
	if name == "" {
		b.Skip("INFLATE_BENCH names no file")
	}
	packed, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	z, err := stdgzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		b.Fatal(err)
	}
	size, err := io.Copy(io.Discard, z)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("inflate", func(b *testing.B) {
		b.SetBytes(size)
		var d inflate.Decoder
		out := make([]byte, inflate.Window+256<<10)
		for b.Loop() {
			d.Reset()
			in := packed[10:]
			if packed[3]&8 != 0 { // a name
				in = in[bytes.IndexByte(in, 0)+1:]
			}
			total, hist := int64(0), 0
			for {
				n, used, s, err := d.Decode(out, inflate.Window, in, true)
				if err != nil {
					b.Fatal(err)
				}
				in = in[used:]
				total += int64(n)
				if s == inflate.Done {
					break
				}
				copy(out, out[n:n+inflate.Window])
				hist = min(inflate.Window, hist+n)
			}
			if total != size {
				b.Fatalf("%d bytes, not %d", total, size)
			}
		}
	})
	b.Run("klauspost", func(b *testing.B) {
		b.SetBytes(size)
		var z gzip.Reader
		for b.Loop() {
			if err := z.Reset(bytes.NewReader(packed)); err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, &z)
		}
	})
}
