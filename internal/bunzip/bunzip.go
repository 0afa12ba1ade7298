// Package bunzip decodes bzip2 streams, two to four times as fast as
// compress/bzip2 on one core and on several cores at once within one stream:
// half of the world's routing archives are bzip2 files.
//
// It promises the bytes that compress/bzip2 gives, every block before the first
// damage included, a bounded number of blocks in memory, and the same result
// however its goroutines are scheduled.
//
// Like compress/bzip2 it refuses "randomised" blocks, which no compressor has
// written since 1999. It does not recover blocks behind a damaged one.
//
// The format has no specification but its first implementation; what is known
// of it was written down by Joe Tsai ("BZIP2: Format Specification", 2016),
// whose section numbers the comments give.
//
// Three stages work on successive blocks. One goroutine reads: entropy
// decoding, which finds out where a block ends (§2.2.3, §2.2.4). Workers undo
// the Burrows-Wheeler transform, where most of the time goes (§2.2.2). The
// caller of Read undoes the first run-length coding and compares checksums
// (§2.2.1).
package bunzip

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// Source gives the compressed bytes.
type Source interface {
	// More returns what is unread, after reading on until that is at least n
	// bytes (n at most 4096) or all there is.
	More(n int) (window []byte, all bool)
	// Take marks n bytes of the window as read. A negative n, not below -8,
	// gives back bytes that were taken last.
	Take(n int)
	// Offset is how many bytes were taken.
	Offset() int64
}

// What a stream may be refused for. A stream that ends early is refused with
// [io.ErrUnexpectedEOF].
var (
	ErrMagic      = errors.New("neither a block nor the end of the stream where one must be")
	ErrHeader     = errors.New("not the header of a bzip2 stream")
	ErrRandomised = errors.New("block is randomised, which is not supported")
	ErrBlock      = errors.New("block header makes no sense")
	ErrCode       = errors.New("impossible code lengths")
	ErrSymbol     = errors.New("bits that are no code")
	ErrSize       = errors.New("block is larger than the stream allows")
	ErrOrigin     = errors.New("block has no beginning")
	ErrChecksum   = errors.New("checksum does not match the data")
	// ErrTrailing stands for bytes after the end that are neither padding
	// with zeros nor another stream. Everything before has been delivered.
	ErrTrailing = errors.New("bytes after the end of the stream")
)

// inFlight bounds the blocks in memory, one that is entered, one that is read
// and two in between. Each takes up to 0.9 MB, and 6.3 MB while it is inverted.
const inFlight = 4

// Reader decodes any number of concatenated streams.
type Reader struct {
	src     Source
	started bool
	stop    chan struct{}
	blocks  chan *block   // in order
	slots   chan struct{} // a token for each block there may be
	idle    sync.WaitGroup

	cur    *block
	runs   runs
	crc    crc
	stream uint32 // combined checksum of the stream so far
	offset int64
	err    error
}

// Offset is where the block ends that was read last or that the error of Read
// is about, in compressed bytes.
func (r *Reader) Offset() int64 { return r.offset }

// NewReader returns a Reader of src. Nothing is read before the first Read.
func NewReader(src Source) *Reader { return &Reader{src: src} }

// Read implements [io.Reader]. Errors come after everything before them; with
// an error there are no bytes.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !r.started && r.err == nil {
		r.start()
	}
	for r.err == nil {
		if r.cur != nil {
			if n := r.runs.decode(p); n > 0 {
				r.crc.update(p[:n])
				return n, nil
			}
			b := r.cur
			r.cur = nil
			r.offset = b.offset
			if r.crc.sum() != b.crc {
				r.err = ErrChecksum
			}
			r.stream = (r.stream<<1 | r.stream>>31) ^ b.crc
			r.release(b)
			continue
		}
		b, ok := <-r.blocks
		if !ok { // after Close
			r.err = io.ErrClosedPipe
			break
		}
		<-b.ready
		r.offset = b.offset
		switch {
		case b.err != nil:
			r.err = b.err
		case b.end:
			if b.crc != r.stream {
				r.err = ErrChecksum
			}
			r.stream = 0
		default:
			r.cur = b
			r.runs = runs{in: b.text, last: -1}
			r.crc = crc{}
			continue
		}
		r.release(b)
	}
	return 0, r.err
}

// Close ends the goroutines of the Reader and waits for them. It does not
// touch the source, which must not be used by others before.
func (r *Reader) Close() {
	if r.started {
		close(r.stop)
		for b := range r.blocks {
			<-b.ready
			r.release(b)
		}
		r.idle.Wait()
		r.started = false
	}
	if r.cur != nil {
		r.release(r.cur)
		r.cur = nil
	}
	r.err = io.ErrClosedPipe
}

func (r *Reader) start() {
	r.started = true
	r.stop = make(chan struct{})
	r.blocks = make(chan *block, inFlight)
	r.slots = make(chan struct{}, inFlight)
	work := make(chan *block, inFlight)
	workers := min(runtime.GOMAXPROCS(0), inFlight-2)
	for range workers {
		r.idle.Go(func() {
			for b := range work {
				inverting <- struct{}{}
				b.invert()
				<-inverting
				close(b.ready)
			}
		})
	}
	r.idle.Go(func() {
		defer close(r.blocks)
		defer close(work)
		e := entropy{src: r.src}
		for {
			select {
			case r.slots <- struct{}{}:
			case <-r.stop:
				return
			}
			b := newBlock()
			b.err = e.next(b)
			b.offset = r.src.Offset()
			last := b.err != nil
			if last || b.end {
				close(b.ready)
			} else {
				work <- b
			}
			r.blocks <- b // has room for every block there is
			if last {
				return
			}
		}
	})
}

// inverting bounds the blocks that are inverted at once, of all readers: more than
// there are processors take memory, and push each other out of the cache.
var inverting = make(chan struct{}, runtime.GOMAXPROCS(0))

func (r *Reader) release(b *block) {
	blockPool.Put(b)
	<-r.slots
}

// block is a block on its way, or the end of a stream, or of everything.
type block struct {
	ready  chan struct{} // closed when the rest may be looked at
	err    error
	end    bool   // the end of a stream
	crc    uint32 // of the block, or combined at the end of a stream
	offset int64

	column []byte      // the last column of the sorted rotations, with slack behind
	n      int         // how much of it there is
	count  [256]uint32 // of the bytes in it
	origin int         // the row of the text itself
	text   []byte      // the text, still with its first run-length coding; in the column's memory
}

// Blocks are kept for reuse, also by the next file: they are large, and there
// are many small files in an archive.
var blockPool = sync.Pool{New: func() any { return new(block) }}

func newBlock() *block {
	b := blockPool.Get().(*block)
	b.ready = make(chan struct{})
	b.err, b.end, b.n = nil, false, 0
	return b
}

// slack is how far behind its end column may be read and written.
const slack = 16

// grow makes room for n bytes in column, at most limit, keeping what is there.
func (b *block) grow(n, limit int) {
	if n = min(n, limit); len(b.column) >= n+slack {
		return
	}
	c := make([]byte, min(max(2*n, 1<<16), limit)+slack)
	copy(c, b.column)
	b.column = c
}
