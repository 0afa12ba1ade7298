package examine

import (
	"bufio"
	"io"

	"constat/wire/bgp"
	"constat/wire/mrt"
)

// signs tell of each record of a file, in the order in which they are read, which prefixes
// it may be about, in two bytes each. They are made while it is read for controls, so that
// when the records of the controls are copied nearly all others are passed over.
//
// A record is one byte and the signs of its prefixes; or [look], if it may be of the subject
// or is not that simple.
type signs struct {
	kept shelf
	near *mrt.Filter // what has to do with the subject; nil if nothing has
	off  bool        // there was no room
	at   int         // in the shelf's buffer, of the record at hand
}

const (
	look      = 0xff // and no signs
	signsMost = 100
)

// signOf is the sign of a prefix by its key.
func signOf(key uint64) uint16 { return uint16(key * 0x9e3779b97f4a7c15 >> 48) }

// begin begins a record.
func (s *signs) begin() {
	s.kept.room()
	if len(s.kept.buf) >= shelfBuffer {
		// Without room, or with a full disk, all records are looked at.
		if s.off = s.off || s.kept.s.room.Add(-int64(len(s.kept.buf))) < 0 || s.kept.flush() != nil; s.off {
			s.kept.buf = s.kept.buf[:0]
		}
	}
	s.at = len(s.kept.buf)
	s.kept.buf = append(s.kept.buf, 0)
}

func (s *signs) look() { s.kept.buf = append(s.kept.buf[:s.at], look) }

// list adds the prefixes of a list.
func (s *signs) list(l bgp.NLRI) {
	n := int(s.kept.buf[s.at])
	if n == look {
		return
	}
	if s.near != nil && s.near.MatchList(l) {
		s.look()
		return
	}
	add, b := 0, s.kept.buf
	if l.AddPath {
		add = 4
	}
	for i := add; i < len(l.Bytes); {
		bits := l.Bytes[i]
		raw := l.Bytes[i+1 : i+1+(int(bits)+7)>>3]
		i += 1 + len(raw) + add
		if n++; n > signsMost {
			s.look()
			return
		}
		x := signOf(keyOfRaw(raw, bits, l.AFI))
		b = append(b, byte(x), byte(x>>8))
	}
	b[s.at], s.kept.buf = byte(n), b
}

// done is called when the file was read.
func (s *signs) done() {
	if s.kept.done() != nil {
		s.off = true
	}
}

// wantedSigns are those of the controls.
type wantedSigns [1 << 16 / 64]uint64

func newWantedSigns(c *controls) *wantedSigns {
	w := new(wantedSigns)
	add := func(key uint64) {
		x := signOf(key)
		w[x/64] |= 1 << (x % 64)
	}
	for _, q := range c.Far {
		add(keyOf(q))
	}
	for _, n := range c.Near {
		add(keyOf(n.Prefix))
	}
	return w
}

// signed reads signs.
type signed struct {
	r    *bufio.Reader
	want *wantedSigns
}

// reader reads them for controls; nil if they are not there.
func (s *signs) reader(want *wantedSigns) *signed {
	if s == nil || s.off || want == nil {
		return nil
	}
	return &signed{bufio.NewReaderSize(s.kept.reader(), shelfBuffer), want}
}

// next reports whether the next record has to be looked at.
func (s *signed) next() (bool, error) {
	n, err := s.r.ReadByte()
	if err == io.EOF { // so have the records
		return true, nil
	}
	if err != nil || n == look {
		return true, err
	}
	b, err := s.r.Peek(2 * int(n))
	if err != nil {
		return true, err
	}
	is := false
	for ; len(b) > 0; b = b[2:] {
		x := uint16(b[0]) | uint16(b[1])<<8
		is = is || s.want[x/64]>>(x%64)&1 != 0
	}
	_, err = s.r.Discard(2 * int(n))
	return is, err
}
