package decompress

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"constat/internal/inflate"
)

// inflater decodes DEFLATE with the contract of [inflate.Decoder].
type inflater interface {
	Reset()
	Decode(out []byte, at int, in []byte, final bool) (nout, nin int, s inflate.Status, err error)
	Close()
}

// ownInflater is the inflater of the default build.
type ownInflater struct{ inflate.Decoder }

func (*ownInflater) Close() {}

// gzipDecoder unpacks one gzip member after another (RFC 1952).
type gzipDecoder struct {
	src  *source
	inf  inflater
	in   bool   // a member's header has been read
	hist []byte // the end of what was decoded last, in the buffer of that chunk
}

func newGzip(src *source) decoder { return &gzipDecoder{src: src, inf: newInflater()} }

func (g *gzipDecoder) close() { g.inf.Close() }

func (g *gzipDecoder) decode(c *chunk) error {
	// What inflate looks back on is moved in front of where it goes on. The
	// old chunk may be with the reader, who does not write, or be this one.
	start := inflate.Window
	at := start
	copy(c.buf[at-len(g.hist):at], g.hist)
	defer func() {
		g.hist = c.buf[at-inflate.Window : at]
		c.data = c.buf[start:at]
	}()
	for {
		if !g.in {
			if err := g.header(); err != nil {
				return err
			}
			g.inf.Reset()
			g.in = true
		}
		window, all := g.src.More(inflate.MinInput)
		nout, nin, status, err := g.inf.Decode(c.buf, at, window, all)
		at += nout
		g.src.Take(nin)
		if err != nil {
			return err
		}
		switch status {
		case inflate.NeedOutput:
			return nil
		case inflate.Done:
			g.in = false
			b, err := g.src.peek(8)
			if err != nil {
				g.src.Take(len(b))
				return early(err)
			}
			g.src.Take(8)
			c.sums = append(c.sums, sum{
				end:    at - start,
				crc:    binary.LittleEndian.Uint32(b),
				len:    binary.LittleEndian.Uint32(b[4:]),
				offset: g.src.Offset(),
			})
			if err := afterMember(g.src); err != nil {
				return err
			}
		}
	}
}

// Flags of a member's header (RFC 1952 §2.3.1).
const (
	flagHeaderCRC = 1 << 1
	flagExtra     = 1 << 2
	flagName      = 1 << 3
	flagComment   = 1 << 4
)

var (
	errHeader       = errors.New("not a gzip header")
	errHeaderCRC    = errors.New("checksum of the gzip header does not match")
	errHeaderMethod = errors.New("compressed by an unknown method")
)

// header reads over a member's header. A name or comment may be of any length.
func (g *gzipDecoder) header() error {
	crc := uint32(0)
	var one [1]byte
	next := func() (byte, error) {
		b, err := g.src.ReadByte()
		if err == nil {
			one[0] = b
			crc = crc32.Update(crc, crc32.IEEETable, one[:])
		}
		return b, early(err)
	}
	var head [10]byte
	for i := range head {
		var err error
		if head[i], err = next(); err != nil {
			return err
		}
	}
	if head[0] != 0x1f || head[1] != 0x8b {
		return errHeader
	}
	if head[2] != 8 {
		return errHeaderMethod
	}
	flags := head[3]
	if flags&flagExtra != 0 {
		lo, err := next()
		if err != nil {
			return err
		}
		hi, err := next()
		if err != nil {
			return err
		}
		for range int(hi)<<8 | int(lo) {
			if _, err := next(); err != nil {
				return err
			}
		}
	}
	for _, f := range []byte{flagName, flagComment} {
		for flags&f != 0 {
			b, err := next()
			if err != nil {
				return err
			}
			if b == 0 {
				break
			}
		}
	}
	if flags&flagHeaderCRC != 0 {
		want := uint16(crc)
		lo, err := next()
		if err != nil {
			return err
		}
		hi, err := next()
		if err != nil {
			return err
		}
		if want != uint16(hi)<<8|uint16(lo) {
			return errHeaderCRC
		}
	}
	return nil
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
		at := src.Offset()
		c, err := src.ReadByte()
		if err != nil {
			return err
		}
		if c != 0 {
			return fmt.Errorf("%w, at %d", ErrTrailing, at)
		}
	}
}
