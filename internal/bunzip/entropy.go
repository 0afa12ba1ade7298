package bunzip

import (
	"encoding/binary"
	"io"
	"math/bits"
	"unsafe"
)

// entropy reads blocks: Huffman codes, move-to-front and the second run-length
// coding (§2.2.3, §2.2.4). It leaves the last column of the sorted rotations.
type entropy struct {
	src Source
	in  []byte // the window
	pos int    // next byte of in to go into bits
	all bool   // there is nothing behind in

	// Bits come highest first and stand highest in bits. Below the first
	// nbits there are zeros, except within fast.
	bits  uint64
	nbits uint

	inStream bool
	size     int // of a block at most

	codes     [6]code
	selectors [1 << 15]uint8
}

const (
	magicBlock = 0x314159265359
	magicEnd   = 0x177245385090
	groupLen   = 50 // symbols that share a code
	maxLen     = 20 // bits of a code
	tableBits  = 10
	maxSymbols = 258
)

// code is a Huffman code: the symbol times 32 and the number of bits, by the
// next ten bits; for longer codes zero, and the canonical tables.
type code struct {
	table  [1 << tableBits]uint16
	limit  [maxLen + 2]uint32 // first code of more bits, 20 bits wide
	offset [maxLen + 1]int32  // from a code of so many bits to its index in syms
	syms   [maxSymbols]uint16
}

// refill tops up the bits to at least 57, or to all there are, reading on
// where the window ends.
func (e *entropy) refill() {
	for e.nbits <= 56 {
		if e.pos == len(e.in) {
			if e.all {
				return
			}
			e.src.Take(e.pos)
			e.pos = 0
			if e.in, e.all = e.src.More(1); len(e.in) == 0 {
				return
			}
		}
		e.bits |= uint64(e.in[e.pos]) << (56 - e.nbits)
		e.pos++
		e.nbits += 8
	}
}

// read returns the next n bits, 1 to 48.
func (e *entropy) read(n uint) (uint64, error) {
	if e.nbits < n {
		if e.refill(); e.nbits < n {
			return 0, io.ErrUnexpectedEOF
		}
	}
	v := e.bits >> (64 - n)
	e.bits <<= n
	e.nbits -= n
	return v, nil
}

// next reads one block or the end of a stream. io.EOF is the end of all.
func (e *entropy) next(b *block) (err error) {
	defer func() { // the source knows what was read, to the byte
		e.src.Take(e.pos - int(e.nbits/8))
		e.in, e.pos, e.all = nil, 0, false
		if keep := e.nbits % 8; err == nil {
			e.bits &= ^uint64(0) << (64 - keep)
			e.nbits = keep
		}
	}()
	if !e.inStream {
		if err := e.streamHeader(); err != nil {
			return err
		}
		e.inStream = true
	}
	magic, err := e.read(48)
	if err != nil {
		return err
	}
	sum, err := e.read(32)
	if err != nil {
		return err
	}
	b.crc = uint32(sum)
	switch magic {
	case magicBlock:
		return e.block(b)
	case magicEnd:
		b.end = true
		e.inStream = false
		e.bits <<= e.nbits % 8
		e.nbits -= e.nbits % 8
		return nil
	}
	return ErrMagic
}

// streamHeader reads "BZh" and the size of the blocks in units of 100,000
// bytes (§2.2), or finds that there is no further stream.
func (e *entropy) streamHeader() error {
	first := e.size == 0
	e.refill()
	if e.nbits == 0 {
		if first {
			return io.ErrUnexpectedEOF
		}
		return io.EOF
	}
	if !first && e.bits>>56 == 0 { // padding
		for {
			v, err := e.read(8)
			if err != nil {
				return io.EOF
			}
			if v != 0 {
				return ErrTrailing
			}
		}
	}
	if !first && e.bits>>56 != 'B' {
		return ErrTrailing
	}
	v, err := e.read(32)
	if err != nil {
		return err
	}
	if v>>8 != 'B'<<16|'Z'<<8|'h' || v&0xff < '1' || v&0xff > '9' {
		if first {
			return ErrHeader
		}
		return ErrTrailing
	}
	e.size = int(v&0xff-'0') * 100_000
	return nil
}

// block reads what follows a block's checksum (§2.2.4).
func (e *entropy) block(b *block) error {
	v, err := e.read(25)
	if err != nil {
		return err
	}
	if v>>24 != 0 {
		return ErrRandomised
	}
	b.origin = int(v & (1<<24 - 1))

	// The bytes that occur, in two levels.
	m := mtf{}
	present, err := e.read(16)
	if err != nil {
		return err
	}
	n := 0
	for i := range 16 {
		if present>>(15-i)&1 == 0 {
			continue
		}
		v, err := e.read(16)
		if err != nil {
			return err
		}
		for j := range 16 {
			if v>>(15-j)&1 != 0 {
				m.set(n, byte(i*16+j))
				n++
			}
		}
	}
	if n == 0 {
		return ErrBlock
	}
	symbols := n + 2 // two for runs, and the end of the block, less the front

	// Which code each group of symbols uses, moved to front and in unary.
	v, err = e.read(3 + 15)
	if err != nil {
		return err
	}
	codes, groups := int(v>>15), int(v&(1<<15-1))
	if codes < 2 || codes > 6 || groups < 1 {
		return ErrBlock
	}
	order := [6]uint8{0, 1, 2, 3, 4, 5}
	for i := range groups {
		if e.nbits < 6 {
			e.refill()
		}
		ones := uint(bits.LeadingZeros64(^e.bits))
		if ones >= uint(codes) {
			return ErrBlock
		}
		if ones+1 > e.nbits {
			return io.ErrUnexpectedEOF
		}
		e.bits <<= ones + 1
		e.nbits -= ones + 1
		c := order[ones]
		copy(order[1:ones+1], order[:ones])
		order[0] = c
		e.selectors[i] = c
	}

	for i := range codes {
		var lens [maxSymbols]uint8
		n, err := e.read(5)
		if err != nil {
			return err
		}
		for j := range symbols {
			for {
				if n < 1 || n > maxLen {
					return ErrCode
				}
				more, err := e.read(1)
				if err != nil {
					return err
				}
				if more == 0 {
					break
				}
				down, err := e.read(1)
				if err != nil {
					return err
				}
				n += 1 - 2*down
			}
			lens[j] = uint8(n)
		}
		e.codes[i].build(lens[:symbols])
	}
	return e.symbols(b, &m, groups, uint(symbols-1))
}

// build makes the tables. Codes that are not complete are accepted: writers
// have been seen to leave a code that they do not use in that state. What is no
// code is an error when it is met.
func (c *code) build(lens []uint8) {
	var count [maxLen + 2]int32
	for _, n := range lens {
		count[n]++
	}
	var next [maxLen + 2]int32
	for n := 1; n <= maxLen; n++ {
		next[n+1] = next[n] + count[n]
	}
	first := next
	for sym, n := range lens {
		c.syms[next[n]] = uint16(sym)
		next[n]++
	}
	clear(c.table[:])
	at := uint32(0) // the next code, 20 bits wide
	for n := 1; n <= maxLen; n++ {
		c.offset[n] = first[n] - int32(at>>(maxLen-n))
		for i := range count[n] {
			if at >= 1<<maxLen { // too many codes: none at all
				clear(c.table[:])
				c.limit = [maxLen + 2]uint32{}
				return
			}
			if n <= tableBits {
				entry := c.syms[first[n]+i]<<5 | uint16(n)
				lo := at >> (maxLen - tableBits)
				part := c.table[lo : lo+1<<(tableBits-n)]
				for j := range part {
					part[j] = entry
				}
			}
			at += 1 << (maxLen - n)
		}
		c.limit[n] = at
	}
}

// long finds a code of more than ten bits at the top of bits; zero if there is
// none.
func (c *code) long(b uint64) uint16 {
	v := uint32(b >> (64 - maxLen))
	for n := tableBits + 1; n <= maxLen; n++ {
		if v < c.limit[n] {
			return c.syms[int32(v>>(maxLen-n))+c.offset[n]]<<5 | uint16(n)
		}
	}
	return 0
}

// mtf is a list of bytes of which one after another is moved to the front. The
// first eight stand in a word, as these are moved most.
type mtf struct {
	front uint64 // first one lowest
	rest  [256]byte
}

func (m *mtf) set(i int, b byte) {
	if i < 8 {
		m.front |= uint64(b) << (8 * i)
	} else {
		m.rest[i-8] = b
	}
}

// symbols reads the symbols of a block up to its end.
func (e *entropy) symbols(b *block, m *mtf, groups int, end uint) error {
	clear(b.count[:])
	front := m.front
	n := 0             // bytes so far
	run, power := 0, 1 // of the run that is being read
	for g := range groups {
		c := &e.codes[e.selectors[g]]
		if len(e.in)-e.pos < groupLen*3+16 && !e.all {
			e.src.Take(e.pos)
			e.pos = 0
			e.in, e.all = e.src.More(4096)
		}
		b.grow(n+groupLen, e.size)
		limit := min(e.size, len(b.column)-slack)
		column := b.column
		// At the end of the input symbols are read with a look at what is
		// left, elsewhere without.
		careful := len(e.in)-e.pos < groupLen*3+16
		if careful {
			e.refill()
		}
		in := unsafe.Pointer(unsafe.SliceData(e.in))
		bits, left, pos := e.bits, uint64(e.nbits), e.pos
		for range groupLen {
			if left < maxLen {
				if !careful {
					bits |= binary.BigEndian.Uint64((*[8]byte)(unsafe.Add(in, pos))[:]) >> left
					pos += int(63-left) >> 3
					left |= 56
				} else {
					e.bits, e.nbits, e.pos = bits, uint(left), pos
					e.refill()
					bits, left, pos = e.bits, uint64(e.nbits), e.pos
				}
			}
			t := c.table[bits>>(64-tableBits)]
			if t == 0 {
				if t = c.long(bits); t == 0 {
					if left < maxLen {
						return io.ErrUnexpectedEOF
					}
					return ErrSymbol
				}
			}
			used := uint64(t & 31)
			if used > left {
				return io.ErrUnexpectedEOF
			}
			bits <<= used & 63
			left -= used
			sym := uint(t >> 5)
			if sym < 2 {
				// The digits of a run's length, 1 and 2, lowest first.
				run += power << sym
				power <<= 1
				if run > 2<<20 {
					return ErrSize
				}
				continue
			}
			if run > 0 {
				if run > limit-n {
					if run > e.size-n {
						return ErrSize
					}
					b.n = n
					b.grow(n+run+groupLen, e.size)
					limit = min(e.size, len(b.column)-slack)
					column = b.column
				}
				v := front & 0xff
				b.count[v] += uint32(run)
				v *= 0x0101010101010101
				for at := n; at < n+run; at += 8 {
					binary.LittleEndian.PutUint64(column[at:at+8], v)
				}
				n += run
				run, power = 0, 1
			}
			if sym == end {
				// Bits above left go back to the input.
				if left < 64 {
					bits &= ^(^uint64(0) >> left)
				}
				e.bits, e.nbits, e.pos = bits, uint(left), pos
				if b.origin >= n {
					return ErrOrigin
				}
				b.n = n
				return nil
			}
			i := sym - 1
			var v uint64
			if i < 8 {
				// Bytes 0 to i turn by one place.
				v = front >> (8 * i) & 0xff
				low := ^uint64(0) >> (56 - 8*i)
				front = front&^low | front<<8&low | v
			} else {
				i -= 8
				v = uint64(m.rest[i])
				copy(m.rest[1:i+1], m.rest[:i])
				m.rest[0] = byte(front >> 56)
				front = front<<8 | v
			}
			if n >= limit {
				if n >= e.size {
					return ErrSize
				}
				b.grow(n+groupLen, e.size)
				limit = min(e.size, len(b.column)-slack)
				column = b.column
			}
			column[n] = byte(v)
			n++
			b.count[v]++
		}
		if left < 64 {
			bits &= ^(^uint64(0) >> left)
		}
		e.bits, e.nbits, e.pos = bits, uint(left), pos
	}
	return ErrBlock // more symbols than selectors
}
