package examine

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"

	"constat/moment"
	"constat/wire/mrt"
)

// packed keeps all records of a file that have routes, or that are needed to read
// these, so that a file whose unpacking takes long is unpacked once, also if there was
// a loss.
//
// Of an UPDATE most bytes are the same for all messages of a session: types, addresses,
// AS numbers, BGP's marker. They are kept once, as a head; a record is then the number of
// its head, its distance in time and place from the record before, and the body of the
// message. A record that does not come out of its head as it was is kept as it is.
//
// *Example: an UPDATE of 97 bytes, of an IPv4 session: a head of 63 bytes that the file has
// once, and a body of 34 bytes behind four or five others.*
type packed struct {
	kept shelf
	room *atomic.Int64 // what may still be kept, of all files
	off  bool          // nothing is kept any more: not everything would be

	heads  [][]byte
	byHead map[string]int
	lately [256]uint16 // places in heads, and one, by peer
	scrap  []byte
	last   placed
}

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
	return &packed{kept: shelf{s: s}, room: &s.room}
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
		if p.byHead == nil {
			p.byHead = map[string]int{}
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

// add keeps a record.
func (p *packed) add(rec *mrt.Record) {
	if p.off {
		return
	}
	p.kept.room()
	b := p.kept.buf
	heads := len(p.heads)
	number, n := p.head(rec)
	if n == 0 {
		b = binary.AppendUvarint(b, packedAsIs)
		b = appendRecord(b, rec)
	} else {
		raw := rec.Raw
		if number == heads {
			b = binary.AppendUvarint(b, packedHead)
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
	if p.kept.buf = b; len(b) >= shelfBuffer {
		p.flush()
	}
}

// flush puts what was gathered on disk. A full disk is no reason to fail: then the file is
// unpacked again.
func (p *packed) flush() {
	if p.room.Add(-int64(len(p.kept.buf))) < 0 || p.kept.flush() != nil {
		p.off, p.kept.parts = true, nil
	}
}

// done is called when the file was read.
func (p *packed) done() {
	p.flush()
	if p.kept.done() != nil {
		p.off = true
	}
	p.heads, p.byHead, p.scrap = nil, nil, nil
}

// records reads what was kept.
func (p *packed) records() *packedRecords {
	return &packedRecords{r: bufio.NewReaderSize(p.kept.reader(), shelfBuffer)}
}

// packedRecords gives records as they were read first.
type packedRecords struct {
	r     *bufio.Reader
	heads [][]byte
	raw   []byte
	last  placed
}

var errPacked = errors.New("what was kept of a file is not what it was")

// ReadRecord implements [scan.Records].
func (r *packedRecords) ReadRecord(rec *mrt.Record) error {
	return r.next(rec)
}

// skip passes over a record.
func (r *packedRecords) skip() error { return r.next(nil) }

// next reads a record, or passes over it if there is none to fill.
func (r *packedRecords) next(rec *mrt.Record) error {
	if b, err := r.r.Peek(1); len(b) == 0 {
		return err
	}
	err := r.read(rec)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errPacked // it ends within a record
	}
	return err
}

func (r *packedRecords) read(rec *mrt.Record) error {
	// The numbers of a record, which may be the last one.
	b, err := r.r.Peek(4*binary.MaxVarintLen64 + 4)
	if len(b) == 0 {
		return err
	}
	number, used := binary.Uvarint(b)
	switch {
	case used <= 0:
		return errPacked
	case number == packedAsIs:
		r.r.Discard(used)
		return r.asIs(rec)
	case number == packedHead:
		n, k := binary.Uvarint(b[used:])
		if k <= 0 || n < mrtBody+4+bgpHeader || n > 1<<10 || len(r.heads) == packedHeads {
			return errPacked
		}
		r.r.Discard(used + k)
		h := make([]byte, n)
		if _, err := io.ReadFull(r.r, h); err != nil {
			return err
		}
		r.heads = append(r.heads, h)
		return r.read(rec)
	case number-packedOf >= uint64(len(r.heads)):
		return errPacked
	}
	h := r.heads[number-packedOf]
	distance, k := binary.Varint(b[used:])
	used += max(k, 0)
	seconds, l := binary.Varint(b[used:])
	used += max(l, 0)
	if k <= 0 || l <= 0 {
		return errPacked
	}
	from := mrtBody
	var micros [4]byte
	if binary.BigEndian.Uint16(h[4:]) == mrt.TypeBGP4MPET {
		from += 4
		used += copy(micros[:], b[used:])
	}
	body, m := binary.Uvarint(b[used:])
	if m <= 0 || body > bgpMost {
		return errPacked
	}
	r.r.Discard(used + m)
	size := len(h) + int(body)
	offset, sec := r.last.end+distance, uint32(int64(r.last.sec)+seconds)
	r.last = placed{offset + int64(size), sec}
	if rec == nil {
		_, err := r.r.Discard(int(body))
		return err
	}
	if cap(r.raw) < size {
		r.raw = make([]byte, size+size/4)
	}
	raw := r.raw[:size]
	copy(raw, h)
	if _, err := io.ReadFull(r.r, raw[len(h):]); err != nil {
		return err
	}
	be := binary.BigEndian
	be.PutUint32(raw, sec)
	be.PutUint32(raw[mrtLength:], uint32(size-mrtBody))
	copy(raw[mrtBody:from], micros[:])
	be.PutUint16(raw[len(h)-bgpFromBody:], uint16(bgpHeader+int(body)))
	*rec = mrt.Record{Offset: offset, Raw: raw, Time: timeOf(raw, from), Type: be.Uint16(h[4:]), Subtype: be.Uint16(h[6:])}
	return nil
}

// asIs is next for a record that was kept as it is.
func (r *packedRecords) asIs(rec *mrt.Record) error {
	if rec == nil {
		h, err := r.r.Peek(keptHead)
		if err != nil {
			return err
		}
		_, err = r.r.Discard(keptHead + int(binary.LittleEndian.Uint32(h[keptHead-4:])))
		return err
	}
	k := keptRecords{r: r.r, raw: r.raw}
	err := k.ReadRecord(rec)
	r.raw = k.raw
	return err
}
