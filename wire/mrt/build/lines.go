package build

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"constat/wire/mrt"
)

// MaxLine is the longest line that is believed, in bytes. The longest that any
// of the formats has, a path of a thousand ASes with as many communities, stays
// far below it.
const MaxLine = 4 << 20

// Lines cuts a text into lines and knows where each is.
type Lines struct {
	r      *bufio.Reader
	offset int64 // of the line at hand
	next   int64 // of the one behind it
	number int64 // of the line at hand, from 1
	buf    []byte
	done   bool
}

// NewLines reads lines from r.
func NewLines(r io.Reader) *Lines { return &Lines{r: bufio.NewReaderSize(r, 64<<10)} }

// Offset is where the line at hand begins.
func (l *Lines) Offset() int64 { return l.offset }

// Number is which line it is, from 1.
func (l *Lines) Number() int64 { return l.number }

// Next returns the next line without its end, valid until the next call; io.EOF
// behind the last. Another error is a [*mrt.Damage].
func (l *Lines) Next() ([]byte, error) {
	if l.done {
		return nil, io.EOF
	}
	l.offset = l.next
	l.number++
	l.buf = l.buf[:0]
	long := false
	for {
		b, err := l.r.ReadSlice('\n')
		l.next += int64(len(b))
		if !long {
			l.buf = append(l.buf, b...)
		}
		if len(l.buf) > MaxLine {
			long, l.buf = true, l.buf[:0]
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == nil, err == io.EOF && l.next > l.offset:
		case err == io.EOF:
			l.done = true
			return nil, io.EOF
		default:
			l.done = true
			reason := "reading stopped: " + err.Error()
			if errors.Is(err, io.ErrUnexpectedEOF) {
				reason = "the compressed stream is truncated: " + err.Error()
			}
			return nil, &mrt.Damage{Offset: l.offset, Line: l.number, Length: l.next - l.offset, Reason: reason, Err: err}
		}
		if err == io.EOF {
			l.done = true
		}
		if long {
			return nil, l.Damage(fmt.Errorf("longer than %d bytes, which no line of this format is", MaxLine))
		}
		return bytes.TrimRight(l.buf, "\r\n"), nil
	}
}

// Damage is that the line at hand could not be read.
func (l *Lines) Damage(err error) *mrt.Damage {
	return &mrt.Damage{Offset: l.offset, Line: l.number, Length: l.next - l.offset, Reason: err.Error(), Resumable: true, Err: err}
}
