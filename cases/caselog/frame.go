package caselog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// oneFrame passes a zstd stream on that is one frame and nothing besides. A
// decoder passes over skippable frames and joins what stands behind one another,
// so a packed case could carry what nobody who unpacks it sees.
type oneFrame struct {
	r    io.Reader
	buf  []byte // read and not looked at yet
	head bool   // the frame's header was read
	left int64  // bytes to come that are not looked into
	last bool   // the last block was seen
	end  int    // bytes of the checksum behind it
	read int64  // bytes of the stream
	done bool
}

func (f *oneFrame) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.read += int64(n)
	if n > 0 {
		if e := f.look(p[:n]); e != nil {
			return 0, e
		}
	}
	return n, err
}

func (f *oneFrame) look(b []byte) error {
	f.buf = append(f.buf, b...)
	for len(f.buf) > 0 {
		switch {
		case f.done:
			return errors.New("something stands behind the packed case, or another frame of zstd")
		case f.left > 0:
			n := min(f.left, int64(len(f.buf)))
			f.buf, f.left = f.buf[n:], f.left-n
		case !f.head:
			var h zstd.Header
			if err := h.Decode(f.buf); err != nil {
				if errors.Is(err, io.ErrUnexpectedEOF) && len(f.buf) < zstd.HeaderMaxSize {
					return nil // the rest comes
				}
				return fmt.Errorf("damaged, or no packed case: %w", err)
			}
			if h.Skippable || h.DictionaryID != 0 {
				return errors.New("it begins with a frame that is passed over, or needs a dictionary: no packed case does")
			}
			if h.HasCheckSum {
				f.end = 4
			}
			f.head, f.buf = true, f.buf[h.HeaderSize:]
		case f.last:
			// The checksum was passed over above.
			f.done = true
		default:
			if len(f.buf) < 3 {
				return nil
			}
			h := uint32(f.buf[0]) | uint32(binary.LittleEndian.Uint16(f.buf[1:]))<<8
			f.buf, f.left = f.buf[3:], int64(h>>3)
			if h>>1&3 == 1 { // one byte, repeated
				f.left = 1
			}
			if f.last = h&1 == 1; f.last {
				f.left += int64(f.end)
			}
			if f.last && f.left == 0 {
				f.done = true
			}
		}
	}
	if f.last && f.left == 0 {
		f.done = true
	}
	return nil
}
