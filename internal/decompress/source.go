package decompress

import (
	"errors"
	"io"
	"sync"
)

// sourceSize is the size of the input buffer.
const sourceSize = 128 << 10

// source is a buffered reader that knows how many bytes have been taken from
// it and remembers the error of the reader below, so that a failing disk is
// not mistaken for a damaged file.
type source struct {
	r     io.Reader
	buf   []byte
	at, n int   // buf[at:n] is unread
	base  int64 // offset of buf[0] in the stream
	err   error // of r, io.EOF included
}

// sourceBuffers are kept for the next file: an archive has many small ones.
var sourceBuffers = sync.Pool{New: func() any { b := make([]byte, sourceSize); return &b }}

func newSource(r io.Reader) *source { return &source{r: r, buf: *sourceBuffers.Get().(*[]byte)} }

// close gives the buffer away. Nothing may be read after it.
func (s *source) close() {
	if b := s.buf; b != nil {
		s.buf, s.at, s.n, s.err = nil, 0, 0, errClosed
		sourceBuffers.Put(&b)
	}
}

// Offset is the number of bytes taken so far.
func (s *source) Offset() int64 { return s.base + int64(s.at) }

// Take takes n bytes of what More showed, or gives back up to [behind] of the
// last ones.
func (s *source) Take(n int) { s.at += n }

// behind is how many bytes that were taken last may be given back by lowering
// at: a decoder takes bits in words and finds out later where the stream ended.
const behind = 8

// fill reads more, keeping what is unread and a few bytes before it. After it
// there are more unread bytes than before, or s.err is set.
func (s *source) fill() {
	if s.err != nil {
		return
	}
	if gone := s.at - behind; gone > 0 {
		copy(s.buf, s.buf[gone:s.n])
		s.base += int64(gone)
		s.n -= gone
		s.at -= gone
	}
	for range 100 {
		m, err := s.r.Read(s.buf[s.n:])
		if m < 0 || m > len(s.buf)-s.n {
			s.err = errors.New("decompress: the reader below returned an impossible count")
			return
		}
		s.n += m
		if err != nil {
			s.err = err
			return
		}
		if m > 0 {
			return
		}
	}
	s.err = io.ErrNoProgress
}

// peek returns the next n bytes (at most the size of the buffer) without
// taking them, or fewer and the error that prevented it.
func (s *source) peek(n int) ([]byte, error) {
	for s.n-s.at < n && s.err == nil {
		s.fill()
	}
	if s.n-s.at < n {
		return s.buf[s.at:s.n], s.err
	}
	return s.buf[s.at : s.at+n], nil
}

// More reads until at least n bytes are unread (n less than the size of the
// buffer) or there are no more. It returns what is unread, and whether that is
// all there is.
func (s *source) More(n int) (window []byte, all bool) {
	for s.n-s.at < n && s.err == nil {
		s.fill()
	}
	return s.buf[s.at:s.n], s.err != nil
}

// next takes everything that is buffered, reading if nothing is. The bytes
// stay until the next call.
func (s *source) next() ([]byte, error) {
	if s.at == s.n {
		if s.err == nil {
			s.fill()
		}
		if s.at == s.n {
			return nil, s.err
		}
	}
	b := s.buf[s.at:s.n]
	s.at = s.n
	return b, nil
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if s.at == s.n {
		if s.err == nil && len(p) >= len(s.buf) { // past the buffer
			s.base += int64(s.n)
			s.at, s.n = 0, 0
			n, err := s.r.Read(p)
			if n > 0 {
				s.base += int64(n)
			}
			s.err = err
			return n, err
		}
		if s.err == nil {
			s.fill()
		}
		if s.at == s.n {
			return 0, s.err
		}
	}
	n := copy(p, s.buf[s.at:s.n])
	s.at += n
	return n, nil
}

// ReadByte implements io.ByteReader, with which the decoders below take no
// byte that they do not need.
func (s *source) ReadByte() (byte, error) {
	if s.at == s.n {
		if s.err == nil {
			s.fill()
		}
		if s.at == s.n {
			return 0, s.err
		}
	}
	b := s.buf[s.at]
	s.at++
	return b, nil
}

// describe says what went wrong in a decoder that reads from s.
func (s *source) describe(format string, err error) error {
	if s.err != nil && s.err != io.EOF {
		return s.err // the reader below failed; whatever the decoder made of it
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	at := s.Offset()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		at = s.base + int64(s.n) // a few bits at the end may not have been of use
	}
	return &Error{Format: format, Offset: at, Err: err}
}
