package bgp

import (
	"errors"
	"slices"
	"strconv"
)

// Segment types of AS_PATH (RFC 4271 §4.3, RFC 5065 §3).
const (
	SegSet            = 1
	SegSequence       = 2
	SegConfedSequence = 3
	SegConfedSet      = 4
)

// ErrPath is what [Path.Check] returns for a path that cannot be walked to its
// end.
var ErrPath = errors.New("malformed segment")

// Path is an AS_PATH: a view on its bytes. The zero Path is empty. Methods
// other than Check stop silently where the bytes make no sense; [Attrs.Path]
// only gives paths that are well formed.
type Path struct {
	b    []byte
	size int // bytes of an AS number, 2 or 4
}

// MakePath returns a view on the value of an AS_PATH attribute whose AS
// numbers have two bytes or, if as4, four.
func MakePath(b []byte, as4 bool) Path {
	if as4 {
		return Path{b, 4}
	}
	return Path{b, 2}
}

// Segment is one segment of a path.
type Segment struct {
	Type uint8
	b    []byte
	size int
}

// Len is the number of AS numbers in the segment.
func (s Segment) Len() int {
	if s.size == 4 {
		return len(s.b) / 4
	}
	return len(s.b) / 2
}

// At returns AS number i of the segment.
func (s Segment) At(i int) uint32 {
	if s.size == 4 {
		return be32(s.b[4*i:])
	}
	return uint32(be16(s.b[2*i:]))
}

// Cut returns the first segment and the rest of the path; false at its end or
// where the bytes make no sense.
func (p Path) Cut() (Segment, Path, bool) {
	if len(p.b) < 2 {
		return Segment{}, Path{}, false
	}
	n := 2 + int(p.b[1])*p.size
	if p.b[0]-1 > SegConfedSet-1 || n > len(p.b) {
		return Segment{}, Path{}, false
	}
	return Segment{p.b[0], p.b[2:n], p.size}, Path{p.b[n:], p.size}, true
}

// Check reports whether the path is well formed as RFC 7606 §7.2 has it: known
// segment types, none empty, ending where the attribute ends.
func (p Path) Check() error {
	for i := 0; i < len(p.b); {
		if i+2 > len(p.b) || p.b[i]-1 > SegConfedSet-1 || p.b[i+1] == 0 {
			return ErrPath
		}
		if i += 2 + int(p.b[i+1])*p.size; i > len(p.b) {
			return ErrPath
		}
	}
	return nil
}

// Bytes is the attribute's value, and the length of its AS numbers in bytes.
func (p Path) Bytes() ([]byte, int) { return p.b, p.size }

// IsValid reports whether there is a path at all, be it one without segments;
// the zero Path is none.
func (p Path) IsValid() bool { return p.size != 0 }

// Empty reports whether the path has no segment.
func (p Path) Empty() bool { return len(p.b) == 0 }

// Origin returns the AS that originated the route: the last of the path. False
// where the path is empty or ends in a set, whose order says nothing.
// Confederation segments are the inside of one AS and are passed over.
func (p Path) Origin() (uint32, bool) {
	if len(p.b) >= 2 && p.b[0] == SegSequence { // the shape of nearly all
		n := 2 + int(p.b[1])*p.size
		if n == len(p.b) && n > 2 {
			if p.size == 4 {
				return be32(p.b[n-4:]), true
			}
			return uint32(be16(p.b[n-2:])), true
		}
	}
	var as uint32
	ok := false
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return as, ok
		}
		rest = r
		switch n := s.Len(); s.Type {
		case SegSequence:
			if n > 0 {
				as, ok = s.At(n-1), true
			}
		case SegSet:
			as, ok = 0, false
		}
	}
}

// AppendOrigins appends the ASes one of which originated the route: the last of
// the path, or all of the set that it ends in (RFC 4271 §9.2.2.2: an aggregate
// has the ASes of its parts in a set). Nothing if the path is empty.
func (p Path) AppendOrigins(dst []uint32) []uint32 {
	if as, ok := p.Origin(); ok {
		return append(dst, as)
	}
	start := len(dst)
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return dst
		}
		rest = r
		switch s.Type {
		case SegSequence:
			if n := s.Len(); n > 0 { // an empty one says nothing
				dst = append(dst[:start], s.At(n-1))
			}
		case SegSet:
			dst = dst[:start]
			for i := range s.Len() {
				dst = append(dst, s.At(i))
			}
		}
	}
}

// First returns the first AS of the path, the neighbour of the vantage; false
// where the path is empty or begins with a set. Confederation segments are
// passed over.
func (p Path) First() (uint32, bool) {
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return 0, false
		}
		rest = r
		switch s.Type {
		case SegSequence:
			if s.Len() > 0 {
				return s.At(0), true
			}
		case SegSet:
			return 0, false
		}
	}
}

// Len is the length of the path as route selection counts it: a set is one,
// confederation segments are none (RFC 4271 §9.1.2.2, RFC 5065 §5.3).
func (p Path) Len() int {
	n := 0
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return n
		}
		rest = r
		switch s.Type {
		case SegSequence:
			n += s.Len()
		case SegSet:
			n++
		}
	}
}

// Append appends every AS number of the path to dst, in order, sets and
// confederation segments included, and returns the extended slice.
//
// It goes through the bytes itself, not by [Path.Cut]: values of three words
// that are made and taken apart at once cost more than the path, because a
// wide load waits for the narrow stores before it.
func (p Path) Append(dst []uint32) []uint32 {
	b, size := p.b, p.size
	for len(b) >= 2 {
		n := 2 + int(b[1])*size
		if b[0]-1 > SegConfedSet-1 || n > len(b) {
			break
		}
		if size == 2 {
			for i := 2; i+2 <= n; i += 2 {
				dst = append(dst, uint32(be16(b[i:])))
			}
		} else {
			dst = appendNumbers4(dst, b[2:n])
		}
		b = b[n:]
	}
	return dst
}

// appendNumbers4 appends the four-byte numbers of a segment, some at a time.
func appendNumbers4(dst []uint32, b []byte) []uint32 {
	at, n := len(dst), len(b)/4
	dst = slices.Grow(dst, n)[:at+n]
	out := dst[at:]
	for len(b) >= 16 && len(out) >= 4 {
		v, u := be64(b), be64(b[8:])
		out[0], out[1] = uint32(v>>32), uint32(v)
		out[2], out[3] = uint32(u>>32), uint32(u)
		b, out = b[16:], out[4:]
	}
	if len(b) >= 8 && len(out) >= 2 {
		v := be64(b)
		out[0], out[1] = uint32(v>>32), uint32(v)
		b, out = b[8:], out[2:]
	}
	if len(b) >= 4 && len(out) >= 1 {
		out[0] = be32(b)
	}
	return dst
}

// Has reports whether as stands anywhere in the path. Like Append it goes
// through the bytes itself.
func (p Path) Has(as uint32) bool {
	b, size := p.b, p.size
	for len(b) >= 2 {
		n := 2 + int(b[1])*size
		if b[0]-1 > SegConfedSet-1 || n > len(b) {
			break
		}
		if size == 2 {
			for s := b[2:n]; len(s) >= 2; s = s[2:] {
				if uint32(be16(s)) == as {
					return true
				}
			}
		} else {
			for s := b[2:n]; len(s) >= 4; s = s[4:] {
				if be32(s) == as {
					return true
				}
			}
		}
		b = b[n:]
	}
	return false
}

// zeroInPath is what is wrong with a path that [Path.HasZero].
const zeroInPath = "holds the AS number 0 (RFC 7607)"

// HasZero reports whether the AS number 0 stands in the path, which no route may
// have (RFC 7607 §2).
func (p Path) HasZero() bool {
	b := p.b
	if p.size != 4 {
		return p.size != 0 && p.Has(0)
	}
	if len(b) < 2 {
		return false
	}
	if b[0]-1 > SegConfedSet-1 || 2+4*int(b[1]) != len(b) {
		return p.Has(0)
	}
	b = b[2:] // one segment, as nearly all are
	for len(b) >= 8 {
		if v := be64(b); uint32(v) == 0 || v>>32 == 0 {
			return true
		}
		b = b[8:]
	}
	return len(b) >= 4 && be32(b) == 0
}

// AppendText appends the path as the field writes it: "1 2 3", a set as
// "{4,5}", a confederation sequence as "(6 7)", a confederation set as "[8,9]".
// Like Append it goes through the bytes itself.
func (p Path) AppendText(dst []byte) []byte {
	b, size := p.b, p.size
	for first := true; len(b) >= 2; first = false {
		n := 2 + int(b[1])*size
		if b[0]-1 > SegConfedSet-1 || n > len(b) {
			break
		}
		if !first {
			dst = append(dst, ' ')
		}
		sep, end := byte(' '), byte(0)
		switch b[0] {
		case SegSet:
			dst, sep, end = append(dst, '{'), ',', '}'
		case SegConfedSequence:
			dst, end = append(dst, '('), ')'
		case SegConfedSet:
			dst, sep, end = append(dst, '['), ',', ']'
		}
		if size == 2 {
			for i := 2; i+2 <= n; i += 2 {
				if i > 2 {
					dst = append(dst, sep)
				}
				dst = AppendUint(dst, uint32(be16(b[i:])))
			}
		} else {
			for i := 2; i+4 <= n; i += 4 {
				if i > 2 {
					dst = append(dst, sep)
				}
				dst = AppendUint(dst, be32(b[i:]))
			}
		}
		if end != 0 {
			dst = append(dst, end)
		}
		b = b[n:]
	}
	return dst
}

// String is the form of [Path.AppendText].
func (p Path) String() string { return string(p.AppendText(nil)) }

// merge appends to dst the value, in four-byte numbers, of the path that
// AS_PATH p of a two-byte session and AS4_PATH q describe together (RFC 6793
// §4.2.3, counting as route selection does): as many leading ASes of p as it is
// longer than q, then q. It returns
// false, and p stands alone, where q is the longer.
func (p Path) merge(dst []byte, q Path) ([]byte, bool) {
	keep := p.Len() - q.Len()
	if keep < 0 {
		return dst, false
	}
	for rest, whole := p, true; whole; {
		s, r, more := rest.Cut()
		if !more {
			break
		}
		rest = r
		n := s.Len()
		switch s.Type {
		case SegSequence, SegSet:
			if keep == 0 {
				whole = false
				continue
			}
			if s.Type == SegSet {
				keep--
				break
			}
			whole = n <= keep
			n = min(n, keep)
			keep -= n
		}
		// Confederation segments count nothing. One that leads the path is
		// kept, and so is one that follows a segment that was kept whole.
		dst = appendSegment(dst, s, n)
	}
	for rest := q; ; {
		s, r, more := rest.Cut()
		if !more {
			return dst, true
		}
		rest = r
		// Confederation segments have no place in AS4_PATH (§6).
		if s.Type == SegSequence || s.Type == SegSet {
			dst = appendSegment(dst, s, s.Len())
		}
	}
}

func appendSegment(dst []byte, s Segment, n int) []byte {
	dst = append(dst, s.Type, byte(n))
	for i := range n {
		as := s.At(i)
		dst = append(dst, byte(as>>24), byte(as>>16), byte(as>>8), byte(as))
	}
	return dst
}

// digits2 holds "00" to "99", for writing numbers two digits at a time.
const digits2 = "00010203040506070809" +
	"10111213141516171819" +
	"20212223242526272829" +
	"30313233343536373839" +
	"40414243444546474849" +
	"50515253545556575859" +
	"60616263646566676869" +
	"70717273747576777879" +
	"80818283848586878889" +
	"90919293949596979899"

// AppendUint appends v in decimal. It is quicker than [strconv.AppendUint] for
// the lengths that AS numbers have.
func AppendUint(dst []byte, v uint32) []byte {
	switch {
	case v < 10:
		return append(dst, byte('0'+v))
	case v < 100:
		return append(dst, digits2[2*v], digits2[2*v+1])
	case v < 1000:
		q := v / 100
		r := v % 100
		return append(dst, byte('0'+q), digits2[2*r], digits2[2*r+1])
	case v < 10000:
		q, r := v/100, v%100
		return append(dst, digits2[2*q], digits2[2*q+1], digits2[2*r], digits2[2*r+1])
	case v < 100000:
		q, r := v/100, v%100
		q, m := q/100, q%100
		return append(dst, byte('0'+q), digits2[2*m], digits2[2*m+1], digits2[2*r], digits2[2*r+1])
	}
	return strconv.AppendUint(dst, uint64(v), 10)
}
