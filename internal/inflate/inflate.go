// Package inflate decodes DEFLATE (RFC 1951), the inner format of gzip, as
// fast as pure Go allows: most of the time of reading routing archives is
// spent here.
//
// It promises the bytes that compress/flate gives, to the last one before an
// error, and to accept and refuse the same streams. It allocates nothing while
// decoding, and no input makes it read or write outside the slices that it is
// given.
//
// It does no reading or writing of its own, knows no gzip or zlib framing and
// keeps no checksum: that is [constat/internal/decompress].
package inflate

import (
	"errors"
	"io"
)

// Status says why [Decoder.Decode] came back without an error.
type Status uint8

const (
	// NeedInput asks for more input, or to be told that there is none.
	NeedInput Status = iota
	// NeedOutput asks for room: take what was decoded.
	NeedOutput
	// Done says that the stream ended. The input after it was not touched.
	Done
)

// What a stream may be refused for. A stream that ends early is refused with
// [io.ErrUnexpectedEOF].
var (
	ErrBlockType = errors.New("block of unknown type")
	ErrStored    = errors.New("length of a stored block and its complement differ")
	ErrLengths   = errors.New("impossible code lengths")
	ErrSymbol    = errors.New("bits that are no code")
	ErrDistance  = errors.New("match reaches back before the start")
)

const (
	// Window is how far a match may reach back: so much of the output must
	// stay in front of the position that [Decoder.Decode] is given.
	Window = 32 << 10
	// Slack is how much room Decode wants before it starts on a symbol: the
	// longest match and what a copy in wide steps writes behind it.
	Slack = maxMatch + 64
	// MinInput is how much input is enough to make progress; with less,
	// Decode may ask for more unless there is none.
	MinInput = 1 << 10

	maxMatch  = 258
	maxHeader = 600 // bytes of a dynamic block's header: 14+19*3+316*14 bits
	maxLen    = 15  // bits of a code

	numLit  = 288
	numDist = 32
)

// Decoder is the state of one stream between calls. The zero value is ready.
type Decoder struct {
	bits  uint64 // input taken but not used, lowest bit first; zeros above
	nbits uint   // 0 to 7 between calls

	state  state
	last   bool // the block is the last
	fixed  bool // the tables are those of fixed codes
	stored int  // bytes that remain of a stored block
	hist   int  // bytes of output so far that a match may reach, up to Window

	lit  litCode
	dist distCode
	lens [numLit + numDist]uint8
}

type state uint8

const (
	atHeader state = iota
	inStored
	inCodes
	atEnd
)

// Reset makes d ready for another stream.
func (d *Decoder) Reset() {
	d.bits, d.nbits, d.state, d.stored, d.hist = 0, 0, atHeader, 0, 0
}

// Decode decodes in into out[at:] and returns how many bytes it wrote and how
// many it used. final says that nothing follows in. Before out[at] there must
// be what was decoded last, as much as there is up to [Window] bytes.
//
// It comes back when the stream ends, when room for fewer than [Slack] bytes
// is left, or, unless final, when less than [MinInput] bytes of input are. It
// may write anywhere after at; only what it counts has a meaning. After an
// error it must not be called again before [Decoder.Reset]; what it counts
// with the error is good.
func (d *Decoder) Decode(out []byte, at int, in []byte, final bool) (nout, nin int, s Status, err error) {
	d.hist = min(d.hist, at)
	r := run{out: out, at: at, lo: at - d.hist, in: in, final: final}
	s, err = d.decode(&r)
	// What was taken ahead in whole bytes goes back.
	back := int(d.nbits / 8)
	r.pos -= back
	d.nbits %= 8
	d.bits &= 1<<d.nbits - 1
	d.hist = min(Window, r.at-r.lo)
	return r.at - at, r.pos, s, err
}

// run is the input and output of one call.
type run struct {
	out   []byte
	at    int // next byte of out to be written
	lo    int // first byte of out that a match may reach
	in    []byte
	pos   int // next byte of in to be taken
	final bool
}

func (d *Decoder) decode(r *run) (Status, error) {
	for {
		switch d.state {
		case atHeader:
			if !r.final && len(r.in)-r.pos < maxHeader {
				return NeedInput, nil
			}
			if err := d.header(r); err != nil {
				return 0, err
			}
		case inStored:
			n := min(d.stored, len(r.in)-r.pos, len(r.out)-r.at)
			copy(r.out[r.at:], r.in[r.pos:r.pos+n])
			r.at += n
			r.pos += n
			d.stored -= n
			switch {
			case d.stored == 0:
				d.endBlock()
			case r.at == len(r.out):
				return NeedOutput, nil
			case r.final:
				return 0, io.ErrUnexpectedEOF
			default:
				return NeedInput, nil
			}
		case inCodes:
			ended, err := d.fast(r)
			if err != nil {
				return 0, err
			}
			if ended {
				d.endBlock()
				continue
			}
			if r.at > len(r.out)-Slack {
				return NeedOutput, nil
			}
			if !r.final {
				return NeedInput, nil
			}
			if ended, err = d.careful(r); err != nil {
				return 0, err
			}
			if !ended {
				return NeedOutput, nil
			}
			d.endBlock()
		case atEnd:
			return Done, nil
		}
	}
}

func (d *Decoder) endBlock() {
	d.state = atHeader
	if d.last {
		d.state = atEnd
	}
}

// need makes n bits available in d.bits, at most 32.
func (d *Decoder) need(r *run, n uint) bool {
	for d.nbits < n {
		if r.pos >= len(r.in) {
			return false
		}
		d.bits |= uint64(r.in[r.pos]) << d.nbits
		r.pos++
		d.nbits += 8
	}
	return true
}

func (d *Decoder) drop(n uint) uint {
	v := uint(d.bits & (1<<n - 1))
	d.bits >>= n
	d.nbits -= n
	return v
}

// header reads what a block begins with (RFC 1951 §3.2.3).
func (d *Decoder) header(r *run) error {
	if !d.need(r, 3) {
		return io.ErrUnexpectedEOF
	}
	d.last = d.drop(1) == 1
	switch d.drop(2) {
	case 0: // §3.2.4
		d.drop(d.nbits % 8)
		if !d.need(r, 32) {
			return io.ErrUnexpectedEOF
		}
		n := d.drop(16)
		if n != d.drop(16)^0xffff {
			return ErrStored
		}
		// need took whole bytes and no more than asked for, but bytes may have
		// been taken ahead before.
		r.pos -= int(d.nbits / 8)
		d.bits, d.nbits = 0, 0
		d.stored = int(n)
		d.state = inStored
	case 1:
		if !d.fixed {
			d.fixed = true
			fixedLengths(&d.lens)
			d.lit.build(d.lens[:numLit])
			d.dist.build(d.lens[numLit:])
		}
		d.state = inCodes
	case 2:
		d.fixed = false
		if err := d.dynamic(r); err != nil {
			return err
		}
		d.state = inCodes
	default:
		return ErrBlockType
	}
	return nil
}

// fixedLengths sets the code lengths of RFC 1951 §3.2.6.
func fixedLengths(lens *[numLit + numDist]uint8) {
	for i := range lens {
		switch {
		case i < 144:
			lens[i] = 8
		case i < 256:
			lens[i] = 9
		case i < 280:
			lens[i] = 7
		case i < numLit:
			lens[i] = 8
		default:
			lens[i] = 5
		}
	}
}

// lengthOrder is the order of the lengths of the code for code lengths.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the codes of a block of type 2 (RFC 1951 §3.2.7).
func (d *Decoder) dynamic(r *run) error {
	if !d.need(r, 14) {
		return io.ErrUnexpectedEOF
	}
	nlit, ndist, nlen := 257+int(d.drop(5)), 1+int(d.drop(5)), 4+int(d.drop(4))
	if nlit > 286 || ndist > 30 {
		return ErrLengths
	}
	var pre [19]uint8
	for _, i := range lengthOrder[:nlen] {
		if !d.need(r, 3) {
			return io.ErrUnexpectedEOF
		}
		pre[i] = uint8(d.drop(3))
	}
	var code preCode
	if !code.build(pre[:]) {
		return ErrLengths
	}
	lens := d.lens[:nlit+ndist]
	for i := 0; i < len(lens); {
		// The code needs up to 7 bits; near the end of the input there may
		// be fewer, and enough.
		d.need(r, 7)
		e := code[d.bits&(1<<preBits-1)]
		n := uint(e & 7)
		if n == 0 {
			if d.nbits < preBits {
				return io.ErrUnexpectedEOF
			}
			return ErrSymbol
		}
		if n > d.nbits {
			return io.ErrUnexpectedEOF
		}
		d.drop(n)
		sym := e >> 3
		if sym < 16 {
			lens[i] = sym
			i++
			continue
		}
		var rep uint
		var extra uint
		var v uint8
		switch sym {
		case 16:
			rep, extra = 3, 2
			if i == 0 {
				return ErrLengths
			}
			v = lens[i-1]
		case 17:
			rep, extra = 3, 3
		default:
			rep, extra = 11, 7
		}
		if !d.need(r, extra) {
			return io.ErrUnexpectedEOF
		}
		rep += d.drop(extra)
		if int(rep) > len(lens)-i {
			return ErrLengths
		}
		for range rep {
			lens[i] = v
			i++
		}
	}
	if !d.lit.build(lens[:nlit]) || !d.dist.build(lens[nlit:]) {
		return ErrLengths
	}
	return nil
}

// careful decodes symbol by symbol and bit by bit, where there may not be a
// whole symbol left of the input. It is slow and obvious, and is used for the
// last few bytes of a file. It returns at the end of the block (true) or when
// there is no room.
func (d *Decoder) careful(r *run) (ended bool, err error) {
	for r.at <= len(r.out)-Slack {
		sym, err := d.symbol(r, &d.lit.canon)
		if err != nil {
			return false, err
		}
		if sym < 256 {
			r.out[r.at] = byte(sym)
			r.at++
			continue
		}
		if sym == 256 {
			return true, nil
		}
		if sym > 285 {
			return false, ErrSymbol
		}
		x := lengthExtra[sym-257]
		if !d.need(r, x.bits) {
			return false, io.ErrUnexpectedEOF
		}
		length := int(x.base + d.drop(x.bits))
		if sym, err = d.symbol(r, &d.dist.canon); err != nil {
			return false, err
		}
		if sym > 29 {
			return false, ErrSymbol
		}
		x = distExtra[sym]
		if !d.need(r, x.bits) {
			return false, io.ErrUnexpectedEOF
		}
		dist := int(x.base + d.drop(x.bits))
		if dist > r.at-r.lo {
			return false, ErrDistance
		}
		for range length {
			r.out[r.at] = r.out[r.at-dist]
			r.at++
		}
	}
	return false, nil
}

// symbol reads one code, bit by bit.
func (d *Decoder) symbol(r *run, c *canon) (int, error) {
	code, first, index := 0, 0, 0
	for n := uint(1); n <= maxLen; n++ {
		if !d.need(r, n) {
			return 0, io.ErrUnexpectedEOF
		}
		code |= int(d.bits>>(n-1)) & 1
		count := int(c.count[n])
		if code-first < count {
			d.drop(n)
			return int(c.syms[index+code-first]), nil
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return 0, ErrSymbol
}

// extra is what a length or distance symbol stands for.
type extra struct{ base, bits uint }

// lengthExtra and distExtra are the tables of RFC 1951 §3.2.5.
var lengthExtra, distExtra = func() (l [29]extra, d [30]extra) {
	base := uint(3)
	for i := range l {
		n := uint(max(0, i/4-1))
		l[i] = extra{base, n}
		base += 1 << n
	}
	l[28] = extra{258, 0}
	base = 1
	for i := range d {
		n := uint(max(0, i/2-1))
		d[i] = extra{base, n}
		base += 1 << n
	}
	return
}()
