package examine

import (
	"bytes"
	"encoding/binary"
	"sync"

	"constat/moment"
	"constat/wire/mrt"
)

// packed keeps all records of a file that have routes, or that are needed to read
// these, so that a file is unpacked once, also if there was a loss, and so that later
// passes pass over nearly all records without decoding them ([message]).
//
// Of an UPDATE most bytes are the same for all messages of a session: types, addresses,
// AS numbers, BGP's marker. They are kept once, as a head; a record is then the number of
// its head, its distance in time and place from the record before, and the body of the
// message. A record that does not come out of its head as it was is kept as it is.
//
// *Example: an UPDATE of 97 bytes, of an IPv4 session: a head of 63 bytes that the file has
// once, and a body of 34 bytes behind four or five others.*
type packed struct {
	chunks [][2]int64 // offset and length in the spool, of whole records each
	s      *spool
	off    bool // nothing is kept any more: not everything would be
	*packing
}

// packing is what is needed while records are added.
type packing struct {
	buf       []byte
	heads     [][]byte
	byHead    map[string]int
	lately    [256]uint16 // places in heads, and one, by peer
	bySession []uint16    // the same by session
	scrap     []byte
	last      placed
}

// packings are kept for the next file.
var packings = sync.Pool{New: func() any {
	return &packing{buf: make([]byte, 0, shelfBuffer+shelfBuffer/8), byHead: map[string]int{}}
}}

// placed says where in a file a record stands, and when.
type placed struct {
	end int64 // the byte behind it
	sec uint32
}

// packedMost bounds what is kept so, in bytes on disk.
const packedMost = 1 << 30

// packedHeads bounds the heads of a file. Collectors have some hundred sessions, with one
// or two heads each.
const packedHeads = 1024

// Numbers before a record. Higher ones name its head.
const (
	packedAsIs = iota
	packedHead // a new head, with which a record follows
	packedOf   // of the first head
)

func newPacked(s *spool) *packed {
	return &packed{s: s, packing: packings.Get().(*packing)}
}

// Where the fields of an MRT header of BGP4MP, and of a BGP header, stand.
const (
	mrtLength   = 8
	mrtBody     = 12
	bgpHeader   = 19
	bgpFromBody = 3                 // the length, from the end of the header
	bgpMost     = 65535 - bgpHeader // the longest body that the length can tell
)

// headOf returns how much of a record is its head, where the part of it behind the MRT
// header begins, and a number that differs for most peers; n is 0 if it has none.
func headOf(rec *mrt.Record) (n, from int, peer byte) {
	from = mrtBody
	switch {
	case rec.Short != 0:
		return 0, 0, 0
	case rec.Type == mrt.TypeBGP4MP:
	case rec.Type == mrt.TypeBGP4MPET:
		from += 4
	default:
		return 0, 0, 0
	}
	as := 2
	switch rec.Subtype {
	case mrt.MPMessageAS4, mrt.MPMessageAS4Local, mrt.MPMessageAS4AddPath, mrt.MPMessageAS4LocalAddPath:
		as = 4
	}
	raw, address := rec.Raw, from+2*as+4 // behind the interface's number and the address family
	if len(raw) < address {
		return 0, 0, 0
	}
	length := 4
	if raw[address-1] == 2 {
		length = 16
	}
	n = address + 2*length + bgpHeader
	if len(raw) < n || len(raw) > n+bgpMost {
		return 0, 0, 0
	}
	x := binary.BigEndian.Uint32(raw[address+length-4:]) + binary.BigEndian.Uint32(raw[from+as-2:]) + uint32(rec.Subtype)
	return n, from, byte(x * 0x9e3779b1 >> 24)
}

// head returns the number of the head of a record and its length; n is 0 if it is to be
// kept as it is. A new one has the number behind the last one.
func (p *packed) head(rec *mrt.Record) (number, n int) {
	n, from, peer := headOf(rec)
	if n == 0 {
		return 0, 0
	}
	raw := rec.Raw
	if binary.BigEndian.Uint32(raw[mrtLength:]) != uint32(len(raw)-mrtBody) ||
		binary.BigEndian.Uint16(raw[n-bgpFromBody:]) != uint16(bgpHeader+len(raw)-n) ||
		rec.Time != timeOf(raw, from) || rec.Type != binary.BigEndian.Uint16(raw[4:]) || rec.Subtype != binary.BigEndian.Uint16(raw[6:]) {
		return 0, 0
	}
	slot := &p.lately[peer]
	if i := int(*slot) - 1; i >= 0 && isHead(p.heads[i], raw, n, from) {
		return i, n
	}
	h := append(p.scrap[:0], raw[:n]...)
	clear(h[:4])
	clear(h[mrtLength:from])
	clear(h[n-bgpFromBody : n-1])
	p.scrap = h
	i, ok := p.byHead[string(h)]
	if !ok {
		if i = len(p.heads); i >= packedHeads {
			return 0, 0
		}
		h = bytes.Clone(h)
		p.heads = append(p.heads, h)
		p.byHead[string(h)] = i
		*slot = uint16(i + 1)
		return i, n
	}
	*slot = uint16(i + 1)
	return i, n
}

// headIn is head for a record of a session, whose messages have one head.
func (p *packed) headIn(rec *mrt.Record, session int) (number, n int) {
	if session == 0 || session > packedHeads {
		return p.head(rec)
	}
	for len(p.bySession) <= session {
		p.bySession = append(p.bySession, 0)
	}
	if i := p.bySession[session]; i > 0 {
		h, from := p.heads[i-1], mrtBody
		if rec.Type == mrt.TypeBGP4MPET {
			from += 4
		}
		raw, n := rec.Raw, len(h)
		if len(raw) >= n && binary.BigEndian.Uint16(raw[n-bgpFromBody:]) == uint16(bgpHeader+len(raw)-n) && rec.Time == timeOf(raw, from) && binary.BigEndian.Uint32(raw[mrtLength:]) == uint32(len(raw)-mrtBody) && string(h[4:mrtLength]) == string(raw[4:mrtLength]) {
			return int(i) - 1, n
		}
	}
	if number, n = p.head(rec); n > 0 {
		p.bySession[session] = uint16(number + 1)
	}
	return number, n
}

// isHead reports whether a head is that of a record, apart from what is told otherwise.
func isHead(h, raw []byte, n, from int) bool {
	return len(h) == n && h[n-1] == raw[n-1] && string(h[4:mrtLength]) == string(raw[4:mrtLength]) &&
		string(h[from:n-bgpFromBody]) == string(raw[from:n-bgpFromBody])
}

// timeOf is what a header says of when a record was written.
func timeOf(raw []byte, from int) moment.Time {
	t := moment.Time(binary.BigEndian.Uint32(raw)) * moment.Second
	if from > mrtBody {
		t += moment.Time(binary.BigEndian.Uint32(raw[mrtBody:]))
	}
	return t
}

// add keeps a record. session is the number of its session ([scan.Message]) and one; 0 if it is not known.
func (p *packed) add(rec *mrt.Record, session int) {
	if p.off {
		return
	}
	b := p.buf
	heads := len(p.heads)
	number, n := p.headIn(rec, session)
	if n == 0 {
		b = binary.AppendUvarint(b, packedAsIs)
		b = appendRecord(b, rec)
	} else {
		raw := rec.Raw
		if number == heads {
			b = append(b, packedHead)
			b = binary.AppendUvarint(b, uint64(n))
			b = append(b, p.heads[number]...)
		}
		sec := binary.BigEndian.Uint32(raw)
		b = binary.AppendUvarint(b, uint64(number)+packedOf)
		b = binary.AppendVarint(b, rec.Offset-p.last.end)
		b = binary.AppendVarint(b, int64(sec)-int64(p.last.sec))
		if rec.Type == mrt.TypeBGP4MPET {
			b = append(b, raw[mrtBody:mrtBody+4]...)
		}
		b = binary.AppendUvarint(b, uint64(len(raw)-n))
		b = append(b, raw[n:]...)
		p.last = placed{rec.Offset + int64(len(raw)), sec}
	}
	if p.buf = b; len(b) >= shelfBuffer {
		p.flush()
	}
}

// flush puts what was gathered on disk. A full disk is no reason to fail: then the file is
// unpacked again.
func (p *packed) flush() {
	n := int64(len(p.buf))
	if n == 0 || p.off {
		return
	}
	if p.s.room.Add(-n) < 0 {
		p.give()
		return
	}
	at, err := p.s.write(p.buf)
	if err != nil {
		p.give()
		return
	}
	p.chunks = append(p.chunks, [2]int64{at, n})
	p.buf = p.buf[:0]
}

// give gives up keeping records.
func (p *packed) give() { p.off, p.chunks = true, nil }

// done is called when the file was read.
func (p *packed) done() {
	p.flush()
	k := p.packing
	p.packing = nil
	clear(k.byHead)
	clear(k.heads)
	clear(k.lately[:])
	k.bySession = k.bySession[:0]
	k.buf, k.heads, k.last = k.buf[:0], k.heads[:0], placed{}
	if cap(k.buf) > 4*shelfBuffer {
		k.buf = make([]byte, 0, shelfBuffer+shelfBuffer/8)
	}
	packings.Put(k)
}
