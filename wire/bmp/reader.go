package bmp

import (
	"errors"
	"fmt"
	"io"

	"constat/moment"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// stream cuts the bytes of a session into messages.
type stream struct {
	session
	buf    []byte
	synced bool
	whole  bool // it was seen from its first byte
	found  bool // a message was
	lost   func(n int, reason string)
	skip   int // bytes passed over in search of a message
}

// push adds bytes that arrived at a time and stand at an offset of the file.
// offset is asked for the place of the message that ends n bytes before the end
// of what was pushed.
func (s *stream) push(b []byte, arrived moment.Time, offset func(left int) int64) {
	s.buf = append(s.buf, b...)
	at := 0
	for {
		rest := s.buf[at:]
		if !s.synced {
			n, ok := search(rest)
			s.skip += n
			at += n
			if !ok {
				break
			}
			s.sync()
			continue
		}
		if len(rest) < headerLen {
			break
		}
		n, ok := plausible(rest)
		if !ok {
			s.synced = false
			s.skip = 1
			at++
			continue
		}
		if len(rest) < n {
			break
		}
		s.found = true
		s.message(rest[:n], arrived, offset(len(rest)))
		at += n
	}
	s.buf = append(s.buf[:0], s.buf[at:]...)
}

// sync says what was passed over before the message that was found.
func (s *stream) sync() {
	s.synced = true
	if s.skip > 0 && (s.found || s.whole) {
		s.lost(s.skip, fmt.Sprintf("no BMP message begins here; %d bytes passed over", s.skip))
	}
	s.skip = 0
}

// search returns how many bytes cannot begin a message, and whether one begins
// behind them: one whose end is where another begins, or is the end of the data.
func search(b []byte) (int, bool) {
	for i := range b {
		if b[i] != version {
			continue
		}
		if len(b)-i < headerLen {
			return i, false
		}
		n, ok := plausible(b[i:])
		if !ok {
			continue
		}
		switch left := len(b) - i - n; {
		case left == 0:
			return i, true
		case left < headerLen:
			return i, false // more has to come
		default:
			if _, ok := plausible(b[i+n:]); ok {
				return i, true
			}
		}
	}
	return len(b), false
}

// gap says that bytes are missing here: what was begun is lost.
func (s *stream) gap(n int64) {
	if s.found || len(s.buf) > 0 {
		s.lost(len(s.buf), fmt.Sprintf("%d bytes of the TCP stream are not in the capture", n))
	}
	s.buf = s.buf[:0]
	s.synced, s.skip = false, 0
}

// end says what was left at the end.
func (s *stream) end() {
	switch {
	case s.synced && len(s.buf) > 0:
		s.lost(len(s.buf), fmt.Sprintf("the session ends inside a message: %d bytes of it are there", len(s.buf)))
	case !s.synced && (s.found || s.whole) && s.skip+len(s.buf) > 0:
		s.lost(s.skip+len(s.buf), fmt.Sprintf("no BMP message begins here, nor anywhere up to the end; %d bytes passed over", s.skip+len(s.buf)))
	}
}

// item is what is to be given: an event, or damage.
type item struct {
	ev  build.Event
	err *mrt.Damage
}

// queue is a [build.Source] that is filled by reading on.
type queue struct {
	items []item
	at    int
	more  func() error // reads on; io.EOF at the end
}

// Next implements [build.Source].
func (q *queue) Next(e *build.Event) error {
	for q.at == len(q.items) {
		q.items, q.at = q.items[:0], 0
		if err := q.more(); err != nil && len(q.items) == 0 {
			return err
		}
	}
	i := &q.items[q.at]
	q.at++
	if i.err != nil {
		return i.err
	}
	*e = i.ev
	return nil
}

// maxHeld is how much of the beginning of a session is kept while its tables are
// told, in events.
const maxHeld = 1 << 17

// Raw reads the bytes of one session. Its messages say when a route was
// learned, not when they were sent, and a session begins with tables whose
// routes may be months old. A message was sent no earlier than any of those
// before it tell of: that is the time it is given here. If the session is seen
// from its beginning, all messages up to the first End-of-RIB are tables, and
// have the latest time among them.
type Raw struct {
	queue
	r      io.Reader
	s      stream
	buf    []byte
	offset int64
	max    moment.Time
	hold   bool
	eor    int // how many items stood before the first End-of-RIB; -1: none came
	end    error
}

// NewRaw reads a session from r.
func NewRaw(r io.Reader) *Raw {
	x := &Raw{r: r, buf: make([]byte, 64<<10)}
	x.s = stream{synced: true, whole: true, lost: func(n int, reason string) {
		x.items = append(x.items, item{err: &mrt.Damage{Offset: max(0, x.offset-int64(len(x.s.buf))), Length: int64(n), Reason: reason, Resumable: true}})
	}}
	x.s.session = session{peers: map[peerKey]*peer{}, out: func(e build.Event) { x.items = append(x.items, item{ev: e}) },
		fail: func(err error) {
			x.items = append(x.items, item{err: &mrt.Damage{Offset: x.offset, Line: -1, Reason: err.Error(), Resumable: true}})
		}, eor: func() {
			if x.eor < 0 {
				x.eor = len(x.items)
			}
		}}
	x.eor = -1
	x.more = x.read
	x.hold = true
	return x
}

// read reads until there is something to give.
func (x *Raw) read() error {
	for x.end == nil {
		n, err := x.r.Read(x.buf)
		first := x.offset == 0
		x.offset += int64(n)
		if first && n > 5 && x.buf[5] != Initiation {
			x.hold = false // it was not seen from its beginning
		}
		x.s.push(x.buf[:n], 0, func(left int) int64 { return x.offset - int64(left) })
		if err != nil {
			if err == io.EOF {
				x.s.end()
			} else {
				reason := "reading stopped: " + err.Error()
				if errors.Is(err, io.ErrUnexpectedEOF) {
					reason = "the compressed stream is truncated: " + err.Error()
				}
				x.items = append(x.items, item{err: &mrt.Damage{Offset: x.offset, Reason: reason, Err: err}})
			}
			x.end = io.EOF
		}
		if x.hold && x.eor < 0 && x.end == nil && len(x.items) < maxHeld {
			continue
		}
		if len(x.items) > 0 {
			x.date()
			return nil
		}
	}
	return io.EOF
}

// date gives what was read its times.
func (x *Raw) date() {
	if x.hold && x.eor >= 0 {
		for _, i := range x.items[:min(x.eor+1, len(x.items))] {
			x.max = max(x.max, i.ev.Time)
		}
	}
	x.hold = false
	for k := range x.items {
		i := &x.items[k]
		if i.err == nil {
			x.max = max(x.max, i.ev.Time)
			i.ev.Time = x.max
			if x.max == 0 {
				i.err = &mrt.Damage{Offset: i.ev.Offset, Line: -1, Reason: "a message without a time, and none before it has one", Resumable: true}
			}
		}
	}
}
