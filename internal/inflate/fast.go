package inflate

import (
	"encoding/binary"
	"unsafe"
)

// inMargin is how much input fast wants before each step. A step takes one
// load of eight bytes at most eight bytes further on.
const inMargin = 16

// fast decodes the codes of a block while there is room for the longest match
// and input for the longest symbol, so that it has to look at neither within a
// symbol. It returns at the end of the block (true), or when room or input are
// too short to go on.
//
// Every access through an unsafe pointer is covered by these bounds, which the
// loop keeps:
//
//	pos <= len(in)-16    a refill reads in[pos:pos+8]
//	o <= len(out)-Slack  a step writes out[o:o+4], then up to 4+258+31 bytes on
//	dist <= o-lo         a match reads from out[lo:]
//
// and by the tables, whose entries lead nowhere outside (see litSub).
func (d *Decoder) fast(r *run) (ended bool, err error) {
	inLimit := len(r.in) - inMargin
	outLimit := len(r.out) - Slack
	pos, o, lo := r.pos, r.at, r.lo
	if pos > inLimit || o > outLimit {
		return false, nil
	}
	in := unsafe.Pointer(unsafe.SliceData(r.in))
	out := unsafe.Pointer(unsafe.SliceData(r.out))
	lit := &d.lit.table
	distances := &d.dist.table
	bits, left := d.bits, uint64(d.nbits)

	// left counts the bits in its lowest six binary digits alone: entries are
	// subtracted whole. Above left, bits may hold more of the input already,
	// which the next refill puts there again.
	bits |= load64(in, pos) << (left & 63)
	pos += int(7 - left>>3&7)
	left |= 56
	e := lit[bits&(1<<litBits-1)]

	for pos <= inLimit && o <= outLimit {
		saved := bits
		bits >>= e & 63
		left -= e
		store32(out, o, uint32(e>>shiftLit))
		o += int(e >> shiftCount & 7)
		if e&flagMatch == 0 {
			if e&flagOther != 0 {
				if size := e >> shiftCode & 63; size != 0 {
					e = lit[uint(e>>shiftStart&(1<<13-1))+uint(bits&(1<<size-1))]
					saved = bits
					bits >>= e & 63
					left -= e
					store32(out, o, uint32(e>>shiftLit))
					o += int(e >> shiftCount & 7)
				}
				if e&flagOther != 0 {
					if e&flagEnd != 0 {
						ended = true
					} else {
						err = ErrSymbol
					}
					break
				}
			}
			if e&flagMatch == 0 {
				bits |= load64(in, pos) << (left & 63)
				pos += int(7 - left>>3&7)
				left |= 56
				e = lit[bits&(1<<litBits-1)]
				continue
			}
		}
		length := int(e>>shiftBase&511 + saved>>(e>>shiftCode&63)&(e>>shiftMask&31))

		f := distances[bits&(1<<distBits-1)]
		if f&flagOther != 0 {
			size := f >> shiftCode & 63
			if size == 0 {
				err = ErrSymbol
				break
			}
			bits >>= distBits
			left -= distBits
			f = distances[uint(f>>shiftStart&(1<<13-1))+uint(bits&(1<<size-1))]
			if f&flagOther != 0 {
				err = ErrSymbol
				break
			}
		}
		saved = bits
		bits >>= f & 63
		left -= f
		dist := int(uint32(f)>>16) + int(saved>>(f>>shiftCode&63)&(f>>32))
		if dist > o-lo {
			err = ErrDistance
			break
		}

		bits |= load64(in, pos) << (left & 63)
		pos += int(7 - left>>3&7)
		left |= 56
		e = lit[bits&(1<<litBits-1)]

		src := o - dist
		end := o + length
		if dist >= 16 {
			copy16(out, o, src)
			copy16(out, o+16, src+16)
			for o += 32; o < end; o += 16 {
				src += 16
				copy16(out, o, src+16)
			}
		} else {
			repeat(out, o, dist, end)
		}
		o = end
	}
	left &= 63
	d.bits, d.nbits = bits&(1<<left-1), uint(left)
	r.pos, r.at = pos, o
	return ended, err
}

// repeat writes out[o:end] with what stands dist bytes before, 1 to 15 bytes,
// and up to fifteen bytes more.
func repeat(out unsafe.Pointer, o, dist, end int) {
	src := o - dist
	if dist >= 8 {
		for ; o < end; o += 8 {
			store64(out, o, load64(out, src))
			src += 8
		}
		return
	}
	// The pattern fills a word, which is stored at a step of as many whole
	// patterns as fit.
	v := load64(out, src) & (1<<(8*uint(dist)) - 1)
	for n := uint(dist) * 8; n < 64; n *= 2 {
		v |= v << n
	}
	step := 8 / dist * dist
	for ; o < end; o += step {
		store64(out, o, v)
	}
}

func load64(p unsafe.Pointer, i int) uint64 {
	return binary.LittleEndian.Uint64((*[8]byte)(unsafe.Add(p, i))[:])
}

func store64(p unsafe.Pointer, i int, v uint64) {
	binary.LittleEndian.PutUint64((*[8]byte)(unsafe.Add(p, i))[:], v)
}

func store32(p unsafe.Pointer, i int, v uint32) {
	binary.LittleEndian.PutUint32((*[4]byte)(unsafe.Add(p, i))[:], v)
}

// copy16 loads all sixteen bytes before it stores them.
func copy16(p unsafe.Pointer, to, from int) {
	*(*[16]byte)(unsafe.Add(p, to)) = *(*[16]byte)(unsafe.Add(p, from))
}
