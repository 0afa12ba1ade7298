package decompress

import (
	"compress/bzip2"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
)

// readDecoder makes a decoder of an io.Reader.
type readDecoder struct {
	r    io.Reader
	stop func()
}

func (d *readDecoder) decode(c *chunk) error {
	n := 0
	for n < len(c.buf) {
		m, err := d.r.Read(c.buf[n:])
		n += m
		c.data = c.buf[:n]
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *readDecoder) close() {
	if d.stop != nil {
		d.stop()
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
