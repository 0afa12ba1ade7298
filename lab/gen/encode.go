package gen

import (
	"bufio"
	"encoding/binary"
	"io"
	"net/netip"
)

// MRT types and subtypes (RFC 6396 §4).
const (
	typeTableDump   = 12
	typeTableDumpV2 = 13
	typeBGP4MP      = 16
	typeBGP4MPET    = 17

	subPeerIndex  = 1
	subRIB4       = 2
	subRIB6       = 4
	subMessage    = 1
	subMessageAS4 = 4

	headerLen = 12
)

// BGP (RFC 4271 §4, RFC 4760 §3, RFC 6793 §3).
const (
	bgpUpdate    = 2
	bgpHeaderLen = 19

	attrASPath        = 2
	attrNextHop       = 3
	attrAggregator    = 7
	attrMPReach       = 14
	attrMPUnreach     = 15
	attrAS4Path       = 17
	attrAS4Aggregator = 18

	flagExtended = 0x10
	flagOptional = 0x80
)

var nextHop6 = netip.MustParseAddr("2001:db8::1").As16()

// mpReachRIB is MP_REACH_NLRI as table dumps abbreviate it (RFC 6396 §4.3.4):
// the next hop alone.
var mpReachRIB = append([]byte{flagOptional, attrMPReach, 17, 16}, nextHop6[:]...)

// encoder builds one record at a time and counts.
type encoder struct {
	w     *bufio.Writer
	rec   []byte
	stats Stats
	err   error // the first of writing
}

func newEncoder(w io.Writer) *encoder {
	return &encoder{w: bufio.NewWriterSize(w, 1<<20), rec: make([]byte, 0, 1<<16)}
}

func (e *encoder) begin(sec uint32, typ, subtype uint16) {
	e.rec = e.rec[:0]
	e.u32(sec)
	e.u16(typ)
	e.u16(subtype)
	e.u32(0)
}

func (e *encoder) end() {
	binary.BigEndian.PutUint32(e.rec[8:], uint32(len(e.rec)-headerLen))
	if _, err := e.w.Write(e.rec); err != nil && e.err == nil {
		e.err = err
	}
	e.stats.Records++
	e.stats.Bytes += int64(len(e.rec))
}

func (e *encoder) finish() (Stats, error) {
	if err := e.w.Flush(); err != nil && e.err == nil {
		e.err = err
	}
	return e.stats, e.err
}

func (e *encoder) u8(v byte)          { e.rec = append(e.rec, v) }
func (e *encoder) u16(v uint16)       { e.rec = binary.BigEndian.AppendUint16(e.rec, v) }
func (e *encoder) u32(v uint32)       { e.rec = binary.BigEndian.AppendUint32(e.rec, v) }
func (e *encoder) bytes(b []byte)     { e.rec = append(e.rec, b...) }
func (e *encoder) addr4(a netip.Addr) { b := a.As4(); e.bytes(b[:]) }

// hole16 leaves two bytes for fill16, which writes what was not known yet.
func (e *encoder) hole16() int             { e.u16(0); return len(e.rec) - 2 }
func (e *encoder) fill16(at int, v uint16) { binary.BigEndian.PutUint16(e.rec[at:], v) }

// length16 fills a hole with the number of bytes written since.
func (e *encoder) length16(at int) { e.fill16(at, uint16(len(e.rec)-at-2)) }

func (e *encoder) prefix(p prefix) {
	e.u8(p.bits)
	e.bytes(p.addr[:(p.bits+7)/8])
}

// update writes one UPDATE that announces or withdraws run, which is of one
// address family.
func (e *encoder) update(sec uint32, peer int, a attributes, run []prefix, withdraw bool) {
	e.begin(sec, typeBGP4MP, subMessageAS4)
	e.u32(peerAS(peer))
	e.u32(64496)
	e.u16(0) // interface
	e.u16(1) // the session is over IPv4
	e.addr4(peerAddr(peer))
	e.addr4(collectorAddr)
	start := len(e.rec)
	for range 16 {
		e.u8(0xff)
	}
	e.u16(0)
	e.u8(bgpUpdate)
	v6 := run[0].v6

	withdrawn := e.hole16()
	if withdraw && !v6 {
		e.prefixes(run)
	}
	e.length16(withdrawn)

	attrs := e.hole16()
	switch {
	case withdraw && v6:
		e.u8(flagOptional | flagExtended)
		e.u8(attrMPUnreach)
		n := e.hole16()
		e.bytes([]byte{0, 2, 1})
		e.prefixes(run)
		e.length16(n)
	case withdraw:
	case v6:
		e.bytes(a.bare)
		e.u8(flagOptional | flagExtended)
		e.u8(attrMPReach)
		n := e.hole16()
		e.bytes([]byte{0, 2, 1, 16})
		e.bytes(nextHop6[:])
		e.u8(0)
		e.prefixes(run)
		e.length16(n)
	default:
		e.bytes(a.v4)
	}
	e.length16(attrs)
	if !withdraw && !v6 {
		e.prefixes(run)
	}
	e.fill16(start+16, uint16(len(e.rec)-start))
	e.stats.Elements += len(run)
	e.end()
}

func (e *encoder) prefixes(run []prefix) {
	for _, p := range run {
		e.prefix(p)
	}
}
