package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

const (
	// pieceSize is how much text is gathered before it is handed on.
	pieceSize = 256 << 10
	// pieceRoom is a piece's memory: lines do not end where a piece should.
	pieceRoom = pieceSize + 64<<10
	// aheadSize is how much text of files whose turn has not come is kept.
	// A file that has more to say waits for its turn.
	aheadSize = 32 << 20
	// headPieces is how many pieces the file whose turn it is may be ahead of
	// whoever reads the output.
	headPieces = 3
)

// piece is some of what is said about one file, results and complaints.
type piece struct {
	out  []byte
	errs []byte
	last bool
	err  error // what ended the file's reading, in its last piece
}

// order puts what several files have to say, read at once, into the order of
// the files, in bounded memory.
type order struct {
	mu      sync.Mutex
	changed *sync.Cond
	queues  map[int][]piece // by file, of those that were begun
	head    int             // the file whose turn it is
	used    int             // bytes in the queues
	stopped bool
	free    [][]byte // memory of pieces that were written
}

func newOrder() *order {
	o := &order{queues: make(map[int][]piece)}
	o.changed = sync.NewCond(&o.mu)
	return o
}

// errStopped is returned to readers of files that nobody wants any more.
var errStopped = errors.New("nobody reads on")

// put adds a piece of file i, once there is room for it. A file that is not at
// the head can wait there for long, the one at the head only for the writer:
// so there is always one that goes on.
func (o *order) put(i int, p piece) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	size := cap(p.out) + cap(p.errs)
	for !o.stopped && !(i == o.head && len(o.queues[i]) < headPieces) && !(i != o.head && o.used+size <= aheadSize) {
		o.changed.Wait()
	}
	if o.stopped {
		return errStopped
	}
	o.queues[i] = append(o.queues[i], p)
	o.used += size
	o.changed.Broadcast()
	return nil
}

// take waits for the next piece of the file at the head.
func (o *order) take() (piece, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.stopped && len(o.queues[o.head]) == 0 {
		o.changed.Wait()
	}
	if o.stopped {
		return piece{}, false
	}
	q := o.queues[o.head]
	p := q[0]
	o.queues[o.head] = q[1:]
	o.used -= cap(p.out) + cap(p.errs)
	if p.last {
		delete(o.queues, o.head)
		o.head++
	}
	o.changed.Broadcast()
	return p, true
}

func (o *order) stop() {
	o.mu.Lock()
	o.stopped = true
	o.changed.Broadcast()
	o.mu.Unlock()
}

// room gives memory for a piece.
func (o *order) room() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.free); n > 0 {
		b := o.free[n-1]
		o.free = o.free[:n-1]
		return b
	}
	return make([]byte, 0, pieceRoom)
}

// giveBack takes memory that room gave, or an exact copy of some.
func (o *order) giveBack(b []byte) {
	if cap(b) < pieceRoom || cap(b) > 2*pieceRoom {
		return
	}
	o.mu.Lock()
	if len(o.free) < 16 {
		o.free = append(o.free, b[:0])
	}
	o.mu.Unlock()
}

// voice is what one file says.
type voice struct {
	order *order
	file  int
	out   []byte
	errs  bytes.Buffer
}

// pass hands on what has been gathered.
func (v *voice) pass() error { return v.end(piece{}) }

func (v *voice) end(p piece) error {
	p.out, p.errs = v.out, bytes.Clone(v.errs.Bytes())
	v.errs.Reset()
	small := len(v.out) < pieceSize/8
	if small {
		// Most files say little, if asked for little: they are kept by the
		// thousand, without the room that was left.
		p.out = bytes.Clone(v.out)
	}
	switch {
	case p.last && small:
		v.order.giveBack(v.out)
	case p.last:
	case small:
		v.out = v.out[:0]
	default:
		v.out = v.order.room()
	}
	return v.order.put(v.file, p)
}

// full reports whether enough was gathered to be handed on.
func (v *voice) full() bool { return len(v.out) >= pieceSize || v.errs.Len() >= pieceSize }

// inOrder reads n files, workers at a time, by calling read from goroutines
// begun in the order of the files, and writes what they say in that order to
// out and errs. After each file it calls done with its error. It ends with the
// first error of out or done; those who still read are told so by what they
// are handed on to, and not waited for, as a read of theirs may last.
//
// read calls begun once it holds what it needs: only then the next file is
// begun, so that no later file has what an earlier one waits for.
func inOrder(ctx context.Context, n, workers int, out, errs io.Writer, read func(v *voice, begun func()) error, done func(error) error) error {
	o := newOrder()
	defer o.stop()
	defer context.AfterFunc(ctx, o.stop)()
	turn := make(chan int, 1)
	turn <- 0
	for range min(n, workers) {
		go func() {
			for {
				i := <-turn
				if i >= n {
					turn <- i
					return
				}
				begun := sync.OnceFunc(func() { turn <- i + 1 })
				v := &voice{order: o, file: i, out: o.room()}
				err := read(v, begun)
				begun()
				if v.end(piece{last: true, err: err}) != nil {
					return
				}
			}
		}()
	}
	for range n {
		for last := false; !last; {
			p, ok := o.take()
			if !ok {
				return ctx.Err()
			}
			if len(p.errs) > 0 {
				errs.Write(p.errs)
			}
			if len(p.out) > 0 {
				if _, err := out.Write(p.out); err != nil {
					return &writeError{err}
				}
			}
			o.giveBack(p.out)
			if last = p.last; last {
				if err := done(p.err); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
