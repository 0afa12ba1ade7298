package decompress

import (
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// readDecoder makes a decoder of an io.Reader.
type readDecoder struct {
	r    io.Reader
	stop func()
}

func (d *readDecoder) decode(buf []byte) ([]byte, error) {
	n := 0
	for n < len(buf) {
		m, err := d.r.Read(buf[n:])
		n += m
		if err != nil {
			return buf[:n], err
		}
	}
	return buf[:n], nil
}

func (d *readDecoder) close() {
	if d.stop != nil {
		d.stop()
	}
}

// gzipReader reads one gzip member after another.
type gzipReader struct {
	src *source
	z   *gzip.Reader
}

func newGzip(src *source) decoder { return &readDecoder{r: &gzipReader{src: src}} }

func (g *gzipReader) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.src)
		if err != nil {
			return 0, early(err)
		}
		z.Multistream(false)
		g.z = z
	}
	for {
		n, err := g.z.Read(p)
		if n > 0 || err == nil {
			if err == io.EOF {
				err = nil // it comes again
			}
			return n, err
		}
		if err != io.EOF {
			return 0, err
		}
		if err := afterMember(g.src); err != nil {
			return 0, err
		}
		if err := g.z.Reset(g.src); err != nil {
			return 0, early(err)
		}
		g.z.Multistream(false)
	}
}

// early makes the end of the input in a place where more must follow an error.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// afterMember looks at what follows a gzip member: another (nil), nothing or
// padding with zeros as tapes have it (io.EOF), or something else.
func afterMember(src *source) error {
	b, err := src.peek(2)
	if len(b) == 0 {
		return err
	}
	if b[0] == 0x1f && (len(b) < 2 || b[1] == 0x8b) {
		return nil
	}
	for {
		at := src.offset()
		c, err := src.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return fmt.Errorf("%w, at %d", ErrTrailing, at)
		}
	}
}

func newBzip2(src *source) decoder { return &readDecoder{r: bzip2.NewReader(src)} }

// maxWindow is the largest window of a zstd frame that is accepted, which
// bounds the memory of the decoder. All levels up to 21 stay within it.
const maxWindow = 64 << 20

func newZstd(src *source) (decoder, error) {
	z, err := zstd.NewReader(src,
		// Our own goroutine runs ahead already.
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return &readDecoder{r: zstdReader{z}, stop: z.Close}, nil
}

type zstdReader struct{ *zstd.Decoder }

func (z zstdReader) Read(p []byte) (int, error) {
	n, err := z.Decoder.Read(p)
	if errors.Is(err, zstd.ErrMagicMismatch) {
		err = ErrTrailing // the first magic was seen before the decoder was made
	}
	return n, err
}
