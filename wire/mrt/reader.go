package mrt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"constat/moment"
)

const (
	// readerBuffer is large enough that reads from a decompressor running
	// beside the parser are few.
	readerBuffer = 256 << 10
	// giveUp is how far into a stream without a single record the search for
	// one goes before the stream is said not to be MRT.
	giveUp = 1 << 20
	// chain is how many headers must follow one another for the search to
	// believe that it found the framing again.
	chain = 3
	// oldest is the earliest time that the first record of a stream may have if
	// its type is unknown: the year 1990. The first archive began in 1997.
	oldest = 631152000
	// nearby is how far from the last good record's time the records that
	// the search finds may lie, in seconds.
	nearby = 2 * 24 * 3600
)

// Reader cuts a decompressed MRT stream into records.
//
// The framing of MRT has no marks to find it again by: a wrong length makes
// everything behind it garbage. So the reader looks one header ahead. Where
// that header cannot be one, it searches, from within the record at hand, for
// a run of headers that can, and says what it passed over.
type Reader struct {
	src  io.Reader
	buf  []byte
	r, w int   // unread bytes are buf[r:w]
	off  int64 // stream offset of buf[r]
	err  error // from src; io.EOF at the clean end

	records int64 // given so far
	last    int64 // time of the last one given, seconds
	trusted bool  // the header at r was checked when its predecessor was read
	vouched int64 // stream offset up to which records of unknown types were checked
	dead    bool  // nothing more will come
}

// NewReader returns a Reader on r, which must give decompressed bytes. It
// reads in large pieces and needs no buffering of its own.
func NewReader(r io.Reader) *Reader {
	return &Reader{src: r, buf: *readerBuffers.Get().(*[]byte)}
}

// readerBuffers are those of readers that came to the clean end of their streams:
// an archive has many small files.
var readerBuffers = sync.Pool{New: func() any { b := make([]byte, readerBuffer); return &b }}

// release gives the buffer away, in which there is nothing left to read.
func (r *Reader) release() {
	if len(r.buf) == readerBuffer {
		b := r.buf
		readerBuffers.Put(&b)
	}
	r.buf, r.r, r.w = nil, 0, 0
}

// Reset makes the reader read from src, as if new, keeping its buffer.
func (r *Reader) Reset(src io.Reader) {
	*r = Reader{src: src, buf: r.buf}
	if r.buf == nil {
		r.buf = *readerBuffers.Get().(*[]byte)
	}
}

// Records is how many records have been given.
func (r *Reader) Records() int64 { return r.records }

// Offset is how many bytes of the stream have been given or passed over.
func (r *Reader) Offset() int64 { return r.off }

// fill makes n unread bytes available if the stream has them, and reports
// whether it has. The buffer grows only when it is full of bytes that are
// really there.
func (r *Reader) fill(n int) bool {
	empty := 0
	for r.w-r.r < n {
		if r.err != nil {
			return false
		}
		if r.r > 0 && len(r.buf)-r.r < n {
			copy(r.buf, r.buf[r.r:r.w])
			r.w -= r.r
			r.r = 0
		}
		if r.w == len(r.buf) {
			bigger := make([]byte, 2*len(r.buf))
			copy(bigger, r.buf[:r.w])
			r.buf = bigger
		}
		m, err := r.src.Read(r.buf[r.w:])
		r.w += m
		r.err = err
		if m > 0 {
			empty = 0
		} else if empty++; empty == 100 && err == nil {
			r.err = io.ErrNoProgress
		}
	}
	return true
}

func (r *Reader) have() int       { return r.w - r.r }
func (r *Reader) advance(n int)   { r.r += n; r.off += int64(n) }
func (r *Reader) at(i int) []byte { return r.buf[r.r+i : r.w] }

// Next returns the next record; io.EOF at the clean end. An error is otherwise
// a [*Damage]; after one that is resumable, Next goes on.
func (r *Reader) Next() (rec Record, err error) {
	err = r.ReadRecord(&rec)
	return rec, err
}

// ReadRecord is [Reader.Next] into a record of the caller's, which saves copies
// where records are short and many.
func (r *Reader) ReadRecord(rec *Record) error {
	// The way of nearly all: the record and the header behind it are there,
	// and are what they should be. A dead reader trusts no header or has none.
	if b := r.buf[r.r:r.w]; r.trusted && len(b) >= HeaderLen {
		n := HeaderLen + int(binary.BigEndian.Uint32(b[8:]))
		if n+HeaderLen <= len(b) && plausible(b[n:]) {
			h := binary.BigEndian.Uint64(b)
			rec.Offset = r.off
			rec.Raw = b[:n:n]
			rec.Time = moment.Time(h>>32) * moment.Second
			rec.Type, rec.Subtype = uint16(h>>16), uint16(h)
			rec.Short = 0
			if uint16(h>>16) == TypeBGP4MPET {
				rec.addMicroseconds()
			}
			r.records++
			r.last = int64(h >> 32)
			r.r += n
			r.off += int64(n)
			return nil
		}
	}
	return r.readRecord(rec)
}

// readRecord is ReadRecord for whatever comes.
func (r *Reader) readRecord(rec *Record) error {
	if r.dead {
		return io.EOF
	}
	if r.w-r.r < HeaderLen && !r.fill(HeaderLen) {
		return r.end()
	}
	if !r.trusted && !r.credible() {
		return r.search()
	}
	b := r.buf[r.r:r.w]
	body := int(binary.BigEndian.Uint32(b[8:]))
	n := HeaderLen + body
	// One header beyond the record shows whether its length is right.
	if len(b) < n+HeaderLen {
		if !r.fill(n + HeaderLen) {
			return r.lastRecord(rec, n)
		}
		b = r.buf[r.r:r.w]
	}
	if plausible(b[n:]) {
		r.trusted = true
		r.give(rec, n, 0)
		return nil
	}
	if r.fourShort(binary.BigEndian.Uint16(b[4:]), n) {
		r.trusted = true
		r.give(rec, n+4, 4)
		return nil
	}
	if r.off < r.vouched || r.framed(n, int64(binary.BigEndian.Uint32(r.at(0)))) {
		r.trusted = false
		r.give(rec, n, 0)
		return nil
	}
	if d := r.broken(n); d != nil {
		return d
	}
	r.trusted = false
	r.give(rec, n, 0)
	return nil
}

// give hands out the first n unread bytes as a record.
func (r *Reader) give(rec *Record, n int, short uint8) {
	b := r.buf[r.r : r.r+n : r.r+n]
	sec := binary.BigEndian.Uint32(b)
	rec.Offset = r.off
	rec.Raw = b
	rec.Type = binary.BigEndian.Uint16(b[4:])
	rec.Subtype = binary.BigEndian.Uint16(b[6:])
	rec.Time = moment.Time(sec) * moment.Second
	rec.Short = short
	if rec.Type == TypeBGP4MPET {
		rec.addMicroseconds()
	}
	r.records++
	r.last = int64(sec)
	r.advance(n)
}

// addMicroseconds completes the time of an extended record. A second has no
// more than a million microseconds; a record that claims more is damaged, and
// the walker says so.
func (rec *Record) addMicroseconds() {
	if len(rec.Raw) < HeaderLen+4 {
		return
	}
	if us := binary.BigEndian.Uint32(rec.Raw[HeaderLen:]); us < 1_000_000 {
		rec.Time += moment.Time(us)
	}
}

// plausible reports whether b can begin with a record's header: a type that
// archives hold, a subtype it has, a length it may have.
func plausible(b []byte) bool {
	_ = b[HeaderLen-1]
	subtype := binary.BigEndian.Uint16(b[6:])
	n := binary.BigEndian.Uint32(b[8:])
	switch binary.BigEndian.Uint16(b[4:]) {
	case TypeBGP:
		return subtype <= BGPKeepalive && n >= 6 && n <= 1<<16
	case TypeTableDump:
		return subtype >= DumpIPv4 && subtype <= DumpIPv6AS4 && n >= 22 && n <= 1<<17
	case TypeTableDumpV2:
		return subtype >= V2PeerIndexTable && subtype <= V2GenericAddPath && n >= 6 && n <= MaxRecord
	case TypeBGP4MP, TypeBGP4MPET:
		return subtype <= MPMessageAS4LocalAddPath && n >= 8 && n <= 1<<17
	case TypeOSPFv2, TypeISIS, TypeISISET, TypeOSPFv3, TypeOSPFv3ET:
		return n <= 1<<17
	}
	return false
}

// credible decides on a header that nothing has vouched for: it must be
// plausible, or one of a run of records of types unknown to us.
func (r *Reader) credible() bool {
	return plausible(r.at(0)) || r.off < r.vouched || r.framed(0, r.last)
}

// maxType is the highest of the types unknown to us that are believed without a
// record of a known type behind them. IANA has given out none above 49.
const maxType = 1 << 10

// framed reports whether records begin i bytes on that are of types or subtypes
// unknown to us, each ending where the next begins: so many that they are no
// accident, or as many as there are before a plausible header or the clean end.
// Their times must lie near the given one; before the first record of the stream
// they must lie near each other.
func (r *Reader) framed(i int, near int64) bool {
	none := r.records == 0 && i == 0
	small := true // no type is above maxType
	for k := 0; ; k++ {
		if k >= 2*chain && small {
			break
		}
		if !r.fill(i + HeaderLen) {
			// The stream ends behind a record, or inside one of a believable type.
			if r.err != io.EOF || k == 0 || r.have() != i && !small || none && k < 2 {
				return false
			}
			break
		}
		h := r.at(i)
		t := int64(binary.BigEndian.Uint32(h))
		if none && k == 0 {
			if near = t; t < oldest {
				return false
			}
		}
		if t < near-nearby || t > near+nearby {
			return false
		}
		if plausible(h) {
			break
		}
		n := int(binary.BigEndian.Uint32(h[8:]))
		if n > MaxRecord || i > MaxRecord {
			return false
		}
		small = small && binary.BigEndian.Uint16(h[4:]) <= maxType
		i += HeaderLen + n
	}
	r.vouched = r.off + int64(i)
	return true
}

// fourShort recognises records whose length field leaves out four bytes: the
// view and sequence numbers of a TABLE_DUMP, or the microseconds of an
// extended record. The header that follows must stand four bytes on.
func (r *Reader) fourShort(typ uint16, n int) bool {
	switch typ {
	case TypeTableDump, TypeBGP4MPET:
	default:
		return false
	}
	if r.fill(n + 4 + HeaderLen) {
		return !plausible(r.at(n)) && plausible(r.at(n+4))
	}
	return r.err == io.EOF && r.have() == n+4
}

// lastRecord handles a record with less than a header's length behind it.
func (r *Reader) lastRecord(rec *Record, n int) error {
	have := r.have()
	typ := binary.BigEndian.Uint16(r.at(0)[4:])
	switch {
	case have == n+4 && r.err == io.EOF && r.fourShort(typ, n):
		r.give(rec, n+4, 4)
		return nil
	case have >= n:
		// The record is whole. If a few bytes follow that are no header, the
		// next call will say so.
		r.give(rec, n, 0)
		return nil
	}
	// The length promises more than there is: a truncated file, unless the
	// length is wrong and a run of records lies inside.
	if d := r.broken(have); d != nil {
		return d
	}
	return r.truncated(fmt.Sprintf("file ends inside a record (%s): %d of %d bytes are there",
		TypeName(typ, binary.BigEndian.Uint16(r.at(0)[6:])), have, n))
}

// end is called where less than a header is left.
func (r *Reader) end() error {
	if r.have() > 0 {
		return r.truncated(fmt.Sprintf("file ends inside a record's header: %d of %d bytes are there", r.have(), HeaderLen))
	}
	r.dead = true
	if r.err == io.EOF {
		r.release()
		return io.EOF
	}
	return &Damage{Offset: r.off, Reason: r.cause(), Err: r.err}
}

// truncated ends the stream with damage.
func (r *Reader) truncated(reason string) error {
	d := &Damage{Offset: r.off, Length: int64(r.have()), Reason: reason, Err: errTruncated}
	if r.err != io.EOF {
		d.Reason += "; " + r.cause()
		d.Err = r.err
	}
	r.advance(r.have())
	r.dead = true
	return d
}

// cause is the source's error in words.
func (r *Reader) cause() string {
	if errors.Is(r.err, io.ErrUnexpectedEOF) {
		return "the compressed stream is truncated: " + r.err.Error()
	}
	return "reading stopped: " + r.err.Error()
}

// broken is called where the header behind a record of n bytes cannot be one.
// If a run of records begins inside the record, its length was wrong: that
// part is passed over. Otherwise nil: the record stands, and the damage is
// behind it.
func (r *Reader) broken(n int) error {
	for i := 1; i < n && i+HeaderLen <= r.have(); i++ {
		if plausible(r.at(i)) && r.run(i) {
			return r.skipTo(i, fmt.Sprintf("record length %d is wrong: it leads to no record, and others begin inside it; %d bytes passed over",
				binary.BigEndian.Uint32(r.at(0)[8:]), i))
		}
	}
	return nil
}

// skipTo passes over i bytes and returns the damage that they are.
func (r *Reader) skipTo(i int, reason string) error {
	d := &Damage{Offset: r.off, Length: int64(i), Reason: reason, Resumable: true}
	r.advance(i)
	r.trusted = true
	return d
}

// search looks for the next run of records from where no header can be.
func (r *Reader) search() error {
	start, passed := r.off, int64(0)
	what := fmt.Sprintf("no record begins here (type %d, subtype %d, length %d)",
		binary.BigEndian.Uint16(r.at(0)[4:]), binary.BigEndian.Uint16(r.at(0)[6:]), binary.BigEndian.Uint32(r.at(0)[8:]))
	none := r.records == 0
	for i := 1; ; i++ {
		if i >= readerBuffer/2 { // let go of what has been searched
			r.advance(i)
			passed += int64(i)
			i = 0
		}
		if none && passed+int64(i) > giveUp {
			r.dead = true
			return &Damage{Offset: start, Reason: "not an MRT file: " + what}
		}
		if !r.fill(i + HeaderLen) {
			n := passed + int64(r.have())
			r.advance(r.have())
			r.dead = true
			d := &Damage{Offset: start, Length: n, Reason: fmt.Sprintf("%s, nor anywhere up to the end; %d bytes passed over", what, n)}
			if none {
				d.Reason = "not an MRT file: " + what
			}
			if r.err != io.EOF {
				d.Reason += "; " + r.cause()
				d.Err = r.err
			}
			return d
		}
		if plausible(r.at(i)) && r.run(i) {
			r.advance(i)
			r.trusted = true
			n := passed + int64(i)
			return &Damage{Offset: start, Length: n, Reason: fmt.Sprintf("%s; %d bytes passed over", what, n), Resumable: true}
		}
	}
}

// run reports whether a run of records begins i bytes on: so many plausible
// headers one behind the other, at a time near that of the last good record, or
// as many as there are before the stream ends exactly behind one of them.
func (r *Reader) run(i int) bool {
	for k := range chain {
		if !r.fill(i + HeaderLen) {
			return k > 0 && r.have() == i && r.err == io.EOF
		}
		h := r.at(i)
		if !plausible(h) {
			return false
		}
		if t := int64(binary.BigEndian.Uint32(h)); r.records > 0 && (t < r.last-nearby || t > r.last+nearby) {
			return false
		}
		n := int(binary.BigEndian.Uint32(h[8:]))
		if r.fourShort(binary.BigEndian.Uint16(h[4:]), i+HeaderLen+n) {
			n += 4
		}
		if !r.fill(i + HeaderLen + n) {
			// The stream ends inside this one: two whole ones before it
			// are enough.
			return k >= 2
		}
		i += HeaderLen + n
	}
	return true
}
