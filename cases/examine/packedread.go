package examine

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"constat/moment"
	"constat/wire/mrt"
)

// packedRecords gives records as they were read first, and what is in them without
// putting them together.
type packedRecords struct {
	s      *spool
	chunks [][2]int64 // to come
	buf    []byte     // the chunk at hand
	b      []byte     // of it, what was not read
	heads  []packedHeader
	raw    []byte
	last   placed

	head   *packedHeader // of the record at hand; nil: it was kept as it is
	offset int64
	sec    uint32
	micros []byte // of BGP4MP_ET
	message
	asIs mrt.Record // if head is nil
}

// packedHeader is what messages of a session share.
type packedHeader struct {
	raw  []byte
	from int     // where the part behind the MRT header begins
	as   message // what it says of them
}

var packedReaders = sync.Pool{New: func() any { return new(packedRecords) }}

// records reads what was kept.
func (p *packed) records() *packedRecords {
	r := packedReaders.Get().(*packedRecords)
	clear(r.heads)
	*r = packedRecords{s: p.s, chunks: p.chunks, buf: r.buf[:0], heads: r.heads[:0], raw: r.raw}
	return r
}

// Close makes its memory available to the next one.
func (r *packedRecords) Close() error {
	if cap(r.raw) > 1<<20 {
		r.raw = nil
	}
	if cap(r.buf) > 1<<20 {
		r.buf = nil
	}
	packedReaders.Put(r)
	return nil
}

var errPacked = errors.New("what was kept of a file is not what it was")

// ReadRecord implements [scan.Records].
func (r *packedRecords) ReadRecord(rec *mrt.Record) error {
	if err := r.next(); err != nil {
		return err
	}
	r.record(rec)
	return nil
}

// next moves to the next record.
func (r *packedRecords) next() error {
	if len(r.b) == 0 {
		if len(r.chunks) == 0 {
			return io.EOF
		}
		c := r.chunks[0]
		r.chunks = r.chunks[1:]
		if int64(cap(r.buf)) < c[1] {
			r.buf = make([]byte, c[1]+c[1]/8)
		}
		r.buf = r.buf[:c[1]]
		if _, err := r.s.f.ReadAt(r.buf, c[0]); err != nil {
			return err
		}
		r.b = r.buf
	}
	if !r.read() {
		return errPacked
	}
	return nil
}

// uint takes a number off. Most are of one byte.
func (r *packedRecords) uint() (uint64, bool) {
	if len(r.b) > 0 && r.b[0] < 0x80 {
		n := uint64(r.b[0])
		r.b = r.b[1:]
		return n, true
	}
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		return 0, false
	}
	r.b = r.b[k:]
	return n, true
}

func (r *packedRecords) int() (int64, bool) {
	n, ok := r.uint()
	return int64(n>>1) ^ -int64(n&1), ok
}

// take takes bytes off.
func (r *packedRecords) take(n uint64) ([]byte, bool) {
	if n > uint64(len(r.b)) {
		return nil, false
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b, true
}

// read reads a record of the chunk.
func (r *packedRecords) read() bool {
	number, ok := r.uint()
	for ok && number < packedOf {
		switch number {
		case packedAsIs:
			return r.readAsIs()
		case packedHead:
			n, ok := r.uint()
			if !ok || n < mrtBody+4+bgpHeader || n > 1<<10 || len(r.heads) == packedHeads {
				return false
			}
			raw, ok := r.take(n)
			if !ok {
				return false
			}
			r.heads = append(r.heads, headerOf(raw))
		}
		number, ok = r.uint()
	}
	if !ok || number-packedOf >= uint64(len(r.heads)) {
		return false
	}
	h := &r.heads[number-packedOf]
	distance, ok1 := r.int()
	seconds, ok2 := r.int()
	var micros []byte
	ok3 := true
	if h.from > mrtBody {
		micros, ok3 = r.take(4)
	}
	if !ok1 || !ok2 || !ok3 {
		return false
	}
	size, ok := r.uint()
	if !ok || size > bgpMost {
		return false
	}
	r.head, r.offset, r.sec, r.micros, r.message = h, r.last.end+distance, uint32(int64(r.last.sec)+seconds), micros, h.as
	if r.body, ok = r.take(size); !ok {
		return false
	}
	r.time = moment.Time(r.sec) * moment.Second
	if len(micros) == 4 {
		us := binary.BigEndian.Uint32(micros)
		r.time += moment.Time(us)
		r.isPlain = r.isPlain && us < microsMost
	}
	r.last = placed{r.offset + int64(len(h.raw)+len(r.body)), r.sec}
	return true
}

// readAsIs reads a record that was kept as it is.
func (r *packedRecords) readAsIs() bool {
	h, ok := r.take(keptHead)
	if !ok {
		return false
	}
	r.head, r.message = nil, message{}
	n := keptHeader(&r.asIs, h)
	if r.asIs.Raw, ok = r.take(uint64(n)); ok {
		r.of(&r.asIs)
	}
	return ok
}

// record puts the record at hand together. It is good until the next one is read.
func (r *packedRecords) record(rec *mrt.Record) {
	h := r.head
	if h == nil {
		*rec = r.asIs
		return
	}
	be := binary.BigEndian
	raw := append(append(r.raw[:0], h.raw...), r.body...)
	r.raw = raw
	be.PutUint32(raw, r.sec)
	be.PutUint32(raw[mrtLength:], uint32(len(raw)-mrtBody))
	copy(raw[mrtBody:h.from], r.micros)
	be.PutUint16(raw[len(h.raw)-bgpFromBody:], uint16(bgpHeader+len(r.body)))
	*rec = mrt.Record{Offset: r.offset, Raw: raw, Time: r.time, Type: be.Uint16(h.raw[4:]), Subtype: be.Uint16(h.raw[6:])}
}

// headerOf takes a head apart.
func headerOf(b []byte) packedHeader {
	h := packedHeader{raw: append([]byte(nil), b...), from: mrtBody}
	typ, subtype := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
	if typ == mrt.TypeBGP4MPET {
		h.from += 4
	}
	if n := h.as.session(h.raw[h.from:], subtype); n != len(h.raw)-h.from {
		h.as = message{}
	}
	return h
}
