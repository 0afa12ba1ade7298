package bunzip

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// runs undoes the first run-length coding (§2.2.1): after four equal bytes
// there is a count of further ones.
type runs struct {
	in    []byte
	last  int // the byte before, or -1 if it cannot begin a run
	same  int // how many equal bytes came last, last included
	again int // how many more of last there are
}

// decode fills p as far as the block goes.
func (r *runs) decode(p []byte) int {
	n := 0
	for n < len(p) {
		if r.again > 0 {
			k := min(r.again, len(p)-n)
			fill(p[n:n+k], byte(r.last))
			n += k
			r.again -= k
			continue
		}
		if len(r.in) == 0 {
			break
		}
		if r.same == 4 {
			r.again = int(r.in[0])
			r.in = r.in[1:]
			r.same = 0
			continue
		}
		if r.same == 0 || int(r.in[0]) != r.last {
			r.same = 0
			// Words in which no run of four begins are copied. Of eight
			// bytes and the one after, the bytes of eq are zero where two
			// neighbours are equal; three in a row are a run of four.
			in, out := r.in, p[n:]
			for len(in) >= 9 && len(out) >= 8 {
				w := binary.LittleEndian.Uint64(in)
				eq := zeroBytes(w ^ binary.LittleEndian.Uint64(in[1:]))
				run := eq & (eq >> 8) & (eq >> 16)
				binary.LittleEndian.PutUint64(out, w)
				if run != 0 {
					k := bits.TrailingZeros64(run) / 8
					in, out = in[k:], out[k:]
					break
				}
				in, out = in[6:], out[6:]
			}
			n = len(p) - len(out)
			r.in = in
			if len(in) == 0 || len(out) == 0 {
				continue
			}
		}
		b := r.in[0]
		r.in = r.in[1:]
		if r.same > 0 && int(b) == r.last {
			r.same++
		} else {
			r.same = 1
		}
		r.last = int(b)
		p[n] = b
		n++
	}
	return n
}

// zeroBytes returns 0x80 in every byte of w that is zero, and zero in others.
func zeroBytes(w uint64) uint64 {
	const low = 0x7f7f7f7f7f7f7f7f
	return ^(w&low + low | w | low)
}

func fill(p []byte, b byte) {
	for i := range p {
		p[i] = b
	}
}

// crc is the CRC-32 of bzip2: the polynomial of the usual one, but the bits of
// a byte go through it highest first. It is the usual one, for which there are
// machine instructions, of bytes with their bits reversed.
type crc struct{ c uint32 }

func (c *crc) update(p []byte) {
	var rev [2048]byte
	for len(p) > 0 {
		k := min(len(p), len(rev))
		i := 0
		for ; i+8 <= k; i += 8 {
			w := binary.LittleEndian.Uint64(p[i:])
			binary.LittleEndian.PutUint64(rev[i:], bits.ReverseBytes64(bits.Reverse64(w)))
		}
		for ; i < k; i++ {
			rev[i] = bits.Reverse8(p[i])
		}
		c.c = crc32.Update(c.c, crc32.IEEETable, rev[:k])
		p = p[k:]
	}
}

func (c *crc) sum() uint32 { return bits.Reverse32(c.c) }
