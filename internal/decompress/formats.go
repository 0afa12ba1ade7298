package decompress

import (
	"errors"
	"io"

	"constat/internal/bunzip"

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

// bzip2Reader puts this package's words to what bunzip says.
type bzip2Reader struct {
	*bunzip.Reader
	src *source
}

func newBzip2(src *source) decoder {
	r := bunzip.NewReader(src)
	return &readDecoder{r: bzip2Reader{r, src}, stop: r.Close}
}

func (b bzip2Reader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	switch err {
	case nil:
	case io.EOF:
		if b.src.err != nil {
			err = b.src.err // whatever ended the source
		}
	case bunzip.ErrChecksum:
		// bunzip is reading ahead and the source must be left alone.
		err = &Error{Format: Bzip2, Offset: b.Offset(), Err: err}
	case bunzip.ErrTrailing:
		err = ErrTrailing
	}
	return n, err
}

// maxWindow is the largest window of a zstd frame that is accepted, which
// bounds the memory of the decoder: 128 MiB, as plain "zstd -d" accepts. All levels
// stay within it, and so does "zstd --long", whose default is a window of 2^27.
// RFC 8878 §3.1.1.1.2 asks for 8 MiB at least and leaves more to the decoder.
const maxWindow = 128 << 20

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
