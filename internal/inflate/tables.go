package inflate

// A Huffman code is looked up in a table indexed by the next bits of input,
// which come lowest first, so codes stand in it with their bits reversed. Codes
// longer than the index go through a second table behind the first.
//
// The table of literals and lengths holds in one entry everything that the
// index tells: up to four literals, and a length after them. In routing data a
// literal or two before a match is what there is most of.
//
//	bits  0- 5  number of bits that the entry uses up, extra bits included
//	      6     other: end of block, second table, or no code
//	      7     match: there is a length
//	      8-13  number of bits before the extra bits
//	     14-18  mask of the extra bits
//	     19-27  base of the length
//	     28-30  number of literals
//	     32-63  the literals, first one lowest
//
// An entry with "other" set has in 8-13 the size of the second table in bits
// (zero: it is not that), in 14-26 where it starts, in 27 whether this is the
// end of the block.
const (
	litBits  = 11
	distBits = 9

	flagOther = 1 << 6
	flagMatch = 1 << 7
	flagEnd   = 1 << 27

	shiftCode  = 8
	shiftMask  = 14
	shiftStart = 14
	shiftBase  = 19
	shiftCount = 28
	shiftLit   = 32
)

// Second tables: one of 2^k entries has at least k+1 codes, as the code is
// complete, so there can be no more entries than this.
const (
	litSub  = (numLit/(maxLen-litBits+1) + 1) << (maxLen - litBits)
	distSub = (numDist/(maxLen-distBits+1) + 1) << (maxLen - distBits)
)

// canon is a code in canonical order: how many codes of each length there are,
// and their symbols from the first code to the last.
type canon struct {
	count [maxLen + 1]uint16
	syms  [numLit]uint16
}

// set sorts the symbols, and reports whether they make a code: a complete one,
// one of a single bit, or none at all (which is no harm as long as it is not
// used); compress/flate and zlib accept the same.
func (c *canon) set(lens []uint8) bool {
	c.count = [maxLen + 1]uint16{}
	for _, n := range lens {
		c.count[n&maxLen]++
	}
	c.count[0] = 0
	var next [maxLen + 2]uint16
	left, longest := 1, 0
	for n := 1; n <= maxLen; n++ {
		left = left<<1 - int(c.count[n])
		if left < 0 {
			return false
		}
		if c.count[n] > 0 {
			longest = n
		}
		next[n+1] = next[n] + c.count[n]
	}
	if left > 0 && longest > 0 && !(longest == 1 && c.count[1] == 1) {
		return false
	}
	for sym, n := range lens {
		if n > 0 {
			c.syms[next[n]] = uint16(sym)
			next[n]++
		}
	}
	return true
}

type litCode struct {
	table [1<<litBits + litSub]uint64
	canon
}

type distCode struct {
	table [1<<distBits + distSub]uint64
	canon
}

func (c *litCode) build(lens []uint8) bool {
	if !c.set(lens) {
		return false
	}
	fill(c.table[:], litBits, &c.canon, litEntries[:])
	c.pack()
	return true
}

func (c *distCode) build(lens []uint8) bool {
	if !c.set(lens) {
		return false
	}
	fill(c.table[:], distBits, &c.canon, distEntries[:])
	return true
}

// litEntries and distEntries are the entries of each symbol with codes of no
// bits; the number of bits is added to "bits used" and "bits before extra".
//
// Entries of distances are like those of lengths with other widths:
//
//	bits  0- 5  number of bits used, extra bits included
//	      6     other
//	      8-13  number of bits before the extra bits
//	     16-30  base of the distance
//	     32-44  mask of the extra bits
var (
	litEntries = func() (t [numLit]uint64) {
		for i := range t {
			switch {
			case i < 256:
				t[i] = uint64(i)<<shiftLit | 1<<shiftCount
			case i == 256:
				t[i] = flagOther | flagEnd
			case i < 286:
				x := lengthExtra[i-257]
				t[i] = flagMatch | uint64(x.bits) | (1<<x.bits-1)<<shiftMask | uint64(x.base)<<shiftBase
			default:
				t[i] = flagOther
			}
		}
		return
	}()
	distEntries = func() (t [numDist]uint64) {
		for i := range t {
			if i < 30 {
				x := distExtra[i]
				t[i] = uint64(x.bits) | uint64(x.base)<<16 | (1<<x.bits-1)<<32
			} else {
				t[i] = flagOther
			}
		}
		return
	}()
)

// fill writes the first and second tables of a code.
func fill(table []uint64, width uint, c *canon, entries []uint64) {
	total := 0
	for _, n := range c.count {
		total += int(n)
	}
	if total < 2 {
		// An incomplete code: what it does not cover is no code.
		for i := range table[:1<<width] {
			table[i] = flagOther
		}
		if total == 1 {
			for i := 0; i < 1<<width; i += 2 {
				table[i] = entryOf(entries[c.syms[0]], 1)
			}
		}
		return
	}
	// The codes come in the order of their bits, shorter ones first. The
	// table is kept complete for the length reached, and is doubled when the
	// length grows: so each code is written once.
	code := uint(0) // reversed
	size := uint(1) // of the table so far
	i := 0
	for n := uint(1); n <= width; n++ {
		copy(table[size:2*size], table[:size])
		size *= 2
		for range c.count[n] {
			table[code&(size-1)] = entryOf(entries[c.syms[i]], n)
			code = increment(code, n)
			i++
		}
	}
	if i == total {
		return
	}
	end := uint(1) << width
	start := end
	var sub uint
	prefix := ^uint(0)
	n := width + 1
	left := int(c.count[n])
	for ; i < total; i++ {
		for left == 0 {
			n++
			left = int(c.count[n])
		}
		if p := code & (1<<width - 1); p != prefix {
			// A second table as large as the codes that follow need: it is
			// full when they have used up their share of the code space.
			prefix = p
			start = end
			sub = n - width
			room, k := 1<<sub-left, n
			for room > 0 {
				k++
				if k > maxLen { // cannot be, as the code is complete
					break
				}
				sub++
				room = room<<1 - int(c.count[k])
			}
			end = start + 1<<sub
			table[prefix] = flagOther | uint64(width) | uint64(sub)<<shiftCode | uint64(start)<<shiftStart
		}
		e := entryOf(entries[c.syms[i]], n-width)
		for at := start + code>>width; at < end; at += 1 << (n - width) {
			table[at] = e
		}
		code = increment(code, n)
		left--
	}
}

func entryOf(e uint64, n uint) uint64 {
	if e&flagOther != 0 {
		return e | uint64(n) // bits 8-13 say whether there is a second table
	}
	return e + uint64(n) + uint64(n)<<shiftCode
}

// increment returns the code of n bits that follows code, both reversed. After
// the last one it returns anything.
func increment(code, n uint) uint {
	bit := uint(1) << (n - 1)
	for code&bit != 0 {
		bit >>= 1
	}
	if bit == 0 {
		return 0
	}
	return code&(bit-1) | bit
}

// pack joins what fits one entry. An entry is read by those of higher index
// only, so going down each is still single when it is read.
func (c *litCode) pack() {
	shortest := uint64(1)
	for shortest < maxLen && c.count[shortest] == 0 {
		shortest++
	}
	t := (*[1 << litBits]uint64)(c.table[:])
	for i := len(t) - 1; i >= 0; i-- {
		e := t[i]
		if e&(flagOther|flagMatch) != 0 || e&63 > litBits-shortest {
			continue
		}
		for {
			used := e & 63
			f := t[uint(i)>>used&(1<<litBits-1)]
			if f&flagOther != 0 || used+f>>shiftCode&63 > litBits {
				break
			}
			if f&flagMatch != 0 {
				e += f
				break
			}
			count := e >> shiftCount & 7
			if count == 4 {
				break
			}
			e += f&(1<<shiftLit-1) + f>>shiftLit<<(shiftLit+8*count)
		}
		t[i] = e
	}
}

// preCode is the code in which code lengths are written: by the next seven
// bits, the symbol times eight and the number of bits, zero for no code.
type preCode [1 << preBits]uint8

const preBits = 7

func (c *preCode) build(lens []uint8) bool {
	var s canon
	if !s.set(lens) {
		return false
	}
	*c = preCode{}
	code, i := uint(0), 0
	for n := uint(1); n <= preBits; n++ {
		for range s.count[n] {
			for at := code; at < 1<<preBits; at += 1 << n {
				c[at] = uint8(s.syms[i])<<3 | uint8(n)
			}
			code = increment(code, n)
			i++
		}
	}
	return true
}
