// Package decompress turns a stored file into the bytes it holds, whatever it
// was packed with: nothing, gzip (RFC 1952, any number of members), bzip2 (any
// number of streams) or zstd (RFC 8878, any number of frames). The packing is
// recognised by content, never by name.
//
// It promises that everything that can be decoded is delivered before an error
// is; that a stream which ends early gives an error that wraps
// [io.ErrUnexpectedEOF] and a damaged one an [*Error] that says where; that
// the memory of a [Reader] is bounded whatever the input claims or unpacks to;
// and that the same input gives the same bytes and the same error, however the
// goroutines are scheduled.
//
// It does not seek, does not compress, and does not look inside what it
// unpacks.
package decompress

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"constat/internal/inflate"
)

// Names of the formats, as [Reader.Format] returns them.
const (
	Plain = "plain"
	Gzip  = "gzip"
	Bzip2 = "bzip2"
	Zstd  = "zstd"
)

// ErrTrailing is wrapped by the error for bytes after the end of compressed
// data that are neither padding with zeros nor another member, stream or
// frame. Everything before them has been delivered.
var ErrTrailing = errors.New("bytes after the end of the compressed data")

// Error is what a compressed stream was found to be wrong with.
type Error struct {
	Format string // one of the names of formats
	// Offset is how many compressed bytes had been taken in when the damage
	// was noticed. The damage itself is at or before it.
	Offset int64
	Err    error // wraps io.ErrUnexpectedEOF for a stream that ends early
}

func (e *Error) Error() string {
	if errors.Is(e.Err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("%s: truncated after %d compressed bytes", e.Format, e.Offset)
	}
	return fmt.Sprintf("%s: damaged at or before compressed byte %d: %v", e.Format, e.Offset, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

const (
	// chunkSize is how many bytes change hands at a time between the
	// goroutine that unpacks and the one that reads: large enough for the
	// handing over to cost nothing, small enough for a ring of chunks to
	// stay in a core's cache. It includes room for the window of inflate.
	chunkSize = inflate.Window + inflaterChunk
	// ringSize is the number of chunks of a Reader; its memory is about
	// ringSize*chunkSize plus that of the decoder.
	ringSize = 4
)

// decoder fills chunks. It is used by one goroutine.
type decoder interface {
	// decode puts the next bytes of the output into c.buf and sets c.data, and
	// c.sums if they are to be checked. Bytes may come together with an
	// error; io.EOF ends the stream properly. What is in c.buf stays
	// unchanged until the same buf is passed again.
	decode(c *chunk) error
	// close lets go of what the decoder holds.
	close()
}

type chunk struct {
	buf  []byte // the memory, for its return to the ring
	data []byte // what was decoded
	sums []sum  // of members that end within data
	err  error  // what came after data
}

// sum is what the trailer of a gzip member says of it. The side that reads
// compares, because it has less to do than the side that unpacks.
type sum struct {
	end      int // of the member, in data
	crc, len uint32
	offset   int64 // of the end of the trailer, in the compressed stream
}

// Reader unpacks one stream. Its methods must not be called concurrently,
// except that they may be called from different goroutines one after another.
//
// A packed stream is unpacked by a goroutine of the Reader's own, which starts
// with the first read, runs ahead by a few chunks and ends with [Reader.Close]
// or with the end of the stream.
type Reader struct {
	format string
	src    *source
	dec    decoder // nil for plain input

	cur chunk
	err error  // met after everything in cur
	crc uint32 // of the member so far
	len uint32 // of the member so far

	started bool
	closed  bool
	full    chan chunk
	free    chan []byte
	stop    chan struct{}
}

// NewReader recognises the packing of r by its first bytes. An empty input is
// plain and empty. The only errors are those of r itself: damage is reported
// by Read after everything before it.
//
// The caller keeps ownership of r and closes it after [Reader.Close]: until
// then the Reader may be reading from it.
func NewReader(r io.Reader) (*Reader, error) {
	src := newSource(r)
	head, err := src.peek(maxPeek)
	if err != nil && err != io.EOF {
		return nil, err
	}
	d := &Reader{format: recognise(head, err == io.EOF), src: src}
	switch d.format {
	case Gzip:
		d.dec = newGzip(src)
	case Bzip2:
		d.dec = newBzip2(src)
	case Zstd:
		if d.dec, err = newZstd(src); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Format names the packing that was recognised: [Plain], [Gzip], [Bzip2] or
// [Zstd].
func (d *Reader) Format() string { return d.format }

// Read implements [io.Reader]. The error after the last byte is [io.EOF], an
// [*Error], or what the underlying reader returned.
func (d *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if d.dec == nil {
		if d.closed {
			return 0, errClosed
		}
		return d.src.Read(p)
	}
	for len(d.cur.data) == 0 {
		if err := d.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.cur.data)
	d.cur.data = d.cur.data[n:]
	return n, nil
}

// Next returns the bytes that come next, as many as are at hand and at least
// one, without copying them. They are valid, and must not be changed, until
// the next call of any method. It returns no bytes together with an error; the
// errors are those of [Reader.Read].
func (d *Reader) Next() ([]byte, error) {
	if d.dec == nil {
		if d.closed {
			return nil, errClosed
		}
		return d.src.next()
	}
	for len(d.cur.data) == 0 {
		if err := d.advance(); err != nil {
			return nil, err
		}
	}
	b := d.cur.data
	d.cur.data = nil
	return b, nil
}

// WriteTo implements [io.WriterTo].
func (d *Reader) WriteTo(w io.Writer) (int64, error) {
	var n int64
	for {
		b, err := d.Next()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		m, err := w.Write(b)
		n += int64(m)
		if err != nil {
			return n, err
		}
		if m < len(b) {
			return n, io.ErrShortWrite
		}
	}
}

var errClosed = errors.New("decompress: read after Close")

// advance gets the next chunk, giving the current one back.
func (d *Reader) advance() error {
	if d.closed {
		return errClosed
	}
	if d.err != nil {
		return d.err
	}
	if !d.started {
		d.start()
	}
	if d.cur.buf != nil {
		d.free <- d.cur.buf // has room for every chunk there is
		d.cur = chunk{}
	}
	c := <-d.full
	d.checkSums(&c)
	d.cur, d.err = c, c.err
	if len(c.data) == 0 && c.err != nil {
		return c.err
	}
	return nil
}

var (
	errChecksum = errors.New("checksum does not match the data")
	errLength   = errors.New("length does not match the data")
)

// checkSums compares the data of gzip members with their trailers. Where they
// differ the stream ends.
func (d *Reader) checkSums(c *chunk) {
	if d.format != Gzip {
		return
	}
	at := 0
	for _, s := range c.sums {
		part := c.data[at:s.end]
		crc, n := crc32.Update(d.crc, crc32.IEEETable, part), d.len+uint32(len(part))
		d.crc, d.len, at = 0, 0, s.end
		var err error
		switch {
		case crc != s.crc:
			err = errChecksum
		case n != s.len:
			err = errLength
		default:
			continue
		}
		c.data, c.err = c.data[:s.end], &Error{Format: Gzip, Offset: s.offset, Err: err}
		return
	}
	d.crc = crc32.Update(d.crc, crc32.IEEETable, c.data[at:])
	d.len += uint32(len(c.data) - at)
}

func (d *Reader) start() {
	d.started = true
	d.full = make(chan chunk, ringSize)
	d.free = make(chan []byte, ringSize)
	d.stop = make(chan struct{})
	go d.run()
}

// run unpacks until the stream ends or Close is called. It closes full when it
// is done with the source.
func (d *Reader) run() {
	defer close(d.full)
	defer d.dec.close()
	made := 0
	for {
		var buf []byte
		select {
		case <-d.stop:
			return
		case buf = <-d.free:
		default:
			if made < ringSize {
				// The ring grows only as far as the stream needs it: most
				// update files fit one or two chunks.
				made++
				buf = *chunks.Get().(*[]byte)
				break
			}
			select {
			case <-d.stop:
				return
			case buf = <-d.free:
			}
		}
		c := chunk{buf: buf}
		c.err = d.dec.decode(&c)
		if _, said := c.err.(*Error); c.err != nil && c.err != io.EOF && !said {
			c.err = d.src.describe(d.format, c.err)
		}
		d.full <- c // has room for every chunk there is
		if c.err != nil {
			return
		}
	}
}

// chunks are kept for the next file: an archive has many small ones.
var chunks = sync.Pool{New: func() any { b := make([]byte, chunkSize); return &b }}

// Close stops unpacking and frees what the Reader holds, what Next returned
// included. It waits for a read of the underlying reader that is under way; it
// does not close it.
func (d *Reader) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	if d.started {
		close(d.stop)
		for c := range d.full { // until run is done
			chunks.Put(&c.buf)
		}
		close(d.free)
		for buf := range d.free {
			chunks.Put(&buf)
		}
		if buf := d.cur.buf; buf != nil {
			chunks.Put(&buf)
		}
	} else if d.dec != nil {
		d.dec.close()
	}
	d.src.close()
	d.cur, d.dec = chunk{}, closedDecoder{}
	return nil
}

// closedDecoder makes the methods of a closed Reader take the path on which
// they notice it.
type closedDecoder struct{}

func (closedDecoder) decode(*chunk) error { return errClosed }
func (closedDecoder) close()              {}

// maxPeek is how far recognition looks.
const maxPeek = 4 << 10

var (
	bzip2Block = []byte{0x31, 0x41, 0x59, 0x26, 0x53, 0x59}
	bzip2End   = []byte{0x17, 0x72, 0x45, 0x38, 0x50, 0x90}
	zstdMagic  = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// recognise names the packing of a stream that begins with head; all says that
// there is nothing after head.
//
// A plain MRT file begins with the seconds since 1970, so a magic number is a
// moment: "BZh9" is 11 April 2005, and the magics of zstd's skippable frames
// lie between 2012 and 2020. Those two are believed only together with what
// must follow them. gzip's and zstd's own lie before BGP was spoken.
func recognise(head []byte, all bool) string {
	switch {
	case len(head) >= 2 && head[0] == 0x1f && head[1] == 0x8b:
		return Gzip
	case len(head) >= 4 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9':
		magic := head[4:min(len(head), 10)]
		if (all || len(magic) == 6) && (bytes.HasPrefix(bzip2Block, magic) || bytes.HasPrefix(bzip2End, magic)) {
			return Bzip2
		}
	case bytes.HasPrefix(head, zstdMagic):
		return Zstd
	case isSkippable(head):
		for len(head) >= 8 && isSkippable(head) {
			n := uint64(head[4]) | uint64(head[5])<<8 | uint64(head[6])<<16 | uint64(head[7])<<24
			if n > uint64(len(head)-8) {
				return Plain
			}
			head = head[8+n:]
		}
		if bytes.HasPrefix(head, zstdMagic) || all && len(head) == 0 {
			return Zstd
		}
	}
	return Plain
}

func isSkippable(b []byte) bool {
	return len(b) >= 4 && b[0]&0xf0 == 0x50 && b[1] == 0x2a && b[2] == 0x4d && b[3] == 0x18
}
