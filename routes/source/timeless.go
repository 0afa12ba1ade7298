package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"
	"net/netip"

	"constat/moment"
	"constat/wire/mrt"
)

// timesApart is how far the times of two tables' first records may lie apart if all else
// in them is the same.
const timesApart = 3600 * moment.Second

// leastEntries is how many routes a table must have to be one with a table of other times
// if no number names the collector that wrote it.
const leastEntries = 16

// longestRecord is the length from which on what stands in a header is none.
const longestRecord = 1 << 24

// tableSum tells a table from what others hold.
type tableSum struct {
	first    moment.Time // of its first record
	exact    []byte      // of all its bytes
	timeless []byte      // without the times in it, or with those alone that are told relative to the first
	relative bool        // the latter: nothing names the collector
	entries  int         // routes
}

// same reports whether two tables are one: byte by byte, or but for their times.
//
// No two collectors write the same bytes under one number (the collector's BGP identifier,
// RFC 6396 §4.3.1), so that the times in such tables do not count. If there is no such
// number, or a private one, the times at which routes came must be the same, too, or all
// differ by as much: of a router with sessions at two collectors, each collector has
// moments of its own.
func (a *tableSum) same(b *tableSum) (exact, is bool) {
	switch {
	case a == nil || b == nil:
		return false, false
	case bytes.Equal(a.exact, b.exact):
		return true, true
	case max(a.first-b.first, b.first-a.first) > timesApart || a.relative != b.relative || a.relative && a.entries < leastEntries:
		return false, false
	}
	return false, bytes.Equal(a.timeless, b.timeless)
}

// sumTable sums up a table to its end; nil if it cannot be read.
func sumTable(ctx context.Context, f *File) *tableSum {
	var out *tableSum
	whole := sha256.New()
	if !f.unpacked(func(r io.Reader) (err error) {
		out, err = sumRecords(ctx, io.TeeReader(r, whole), 1<<62)
		return err
	}) {
		return nil
	}
	out.exact = whole.Sum(nil)
	return out
}

// headRecords is how many records of two tables are compared before all are.
const headRecords = 16

// sumRecords sums up the first n records of a table without their times. What is no record
// is summed up as it is, to the end of the file, or up to n bytes of it.
func sumRecords(ctx context.Context, from io.Reader, n int64) (*tableSum, error) {
	t := timelessTable{h: sha256.New()}
	out := &tableSum{relative: true}
	r := bufio.NewReaderSize(from, 1<<18)
	var head [12]byte
	var body []byte
	for i := int64(0); i < n; i++ {
		if i&1023 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		got, err := io.ReadFull(r, head[:])
		if err == io.EOF {
			break
		}
		length := int64(binary.BigEndian.Uint32(head[8:]))
		if err != nil || length > longestRecord {
			if err != nil && err != io.ErrUnexpectedEOF {
				return nil, err
			}
			t.h.Write(head[:got])
			if _, err := io.Copy(t.h, io.LimitReader(r, n)); err != nil {
				return nil, err
			}
			break
		}
		if i == 0 {
			out.first = moment.Unix(int64(binary.BigEndian.Uint32(head[:])), 0)
		}
		if int64(cap(body)) < length {
			body = make([]byte, length, 2*length)
		}
		body = body[:length]
		if got, err = io.ReadFull(r, body); err == io.EOF || err == io.ErrUnexpectedEOF {
			body = body[:got] // a file that was cut off has what it has
		} else if err != nil {
			return nil, err
		}
		t.record(head[:], body)
	}
	out.entries, out.relative = t.entries, !t.named
	if out.relative {
		t.h.Write(t.since.Sum(nil))
	}
	out.timeless = t.h.Sum(nil)
	return out, nil
}

// timelessTable sums up the records of a table (RFC 6396 §4.2, §4.3) without the times of
// their headers and of their routes, and the latter apart.
type timelessTable struct {
	h       hash.Hash
	since   sinces
	entries int
	named   bool // a public number names the collector
}

// record sums up one. It may overwrite the body.
func (t *timelessTable) record(head, body []byte) {
	t.h.Write(head[4:])
	kind, subtype := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint16(head[6:])
	switch {
	case kind == mrt.TypeTableDump:
		// view, sequence, prefix, length and status stand before it
		if at := map[uint16]int{1: 10, 2: 22}[subtype]; at > 0 && len(body) >= at+4 {
			t.time(body[at : at+4])
		}
	case kind == mrt.TypeTableDumpV2 && subtype == mrt.V2PeerIndexTable:
		if len(body) >= 4 {
			id := netip.AddrFrom4([4]byte(body))
			t.named = id.IsGlobalUnicast() && !id.IsPrivate()
		}
	case kind == mrt.TypeTableDumpV2:
		t.rib(subtype, body)
	}
	t.h.Write(body)
}

// rib takes the times out of the entries of a prefix; what does not look like entries
// stays as it is.
func (t *timelessTable) rib(subtype uint16, body []byte) {
	at := 4
	addPath := subtype >= 8 // RFC 8050 §4
	if subtype == 6 || subtype == 12 {
		at += 3 // RIB_GENERIC: the family
	}
	if at >= len(body) || subtype < 2 || subtype > 12 || subtype == 7 {
		return
	}
	at += 1 + (int(body[at])+7)/8
	if at+2 > len(body) {
		return
	}
	n := int(binary.BigEndian.Uint16(body[at:]))
	at += 2
	for range n {
		need := 8
		if addPath {
			need = 12
		}
		if at+need > len(body) {
			return
		}
		t.time(body[at+2 : at+6])
		at += need + int(binary.BigEndian.Uint16(body[at+need-2:]))
	}
}

// time sums up when a route came, and takes it out of the record.
func (t *timelessTable) time(b []byte) {
	t.entries++
	t.since.add(binary.BigEndian.Uint32(b))
	clear(b)
}

// sinces sums up moments by how far each lies from the first.
type sinces struct {
	h     hash.Hash
	first uint32
	buf   []byte
}

func (s *sinces) add(at uint32) {
	if s.h == nil {
		s.h, s.first = sha256.New(), at
	}
	if s.buf = binary.BigEndian.AppendUint32(s.buf, at-s.first); len(s.buf) >= 1<<12 {
		s.h.Write(s.buf)
		s.buf = s.buf[:0]
	}
}

// Sum is that of all moments, none if there are none.
func (s *sinces) Sum(b []byte) []byte {
	if s.h == nil {
		return b
	}
	s.h.Write(s.buf)
	return s.h.Sum(b)
}
