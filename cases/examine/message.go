package examine

import (
	"context"
	"encoding/binary"
	"io"
	"net/netip"

	"constat/moment"
	"constat/routes/scan"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// message is an UPDATE of a record, as far as is needed to look for prefixes in it. Most
// records are messages of this shape; others are put to [mrt.Walker].
type message struct {
	// isPlain says that the record is whole, that it holds one UPDATE, of the peer, and that
	// lists of prefixes in it have no path identifiers.
	isPlain bool
	as4     bool // AS numbers have four bytes
	peer    netip.Addr
	as      uint32 // the peer's
	time    moment.Time
	body    []byte // of the UPDATE, behind its header
}

// microsMost is how many microseconds a second has.
const microsMost = 1_000_000

// of makes it that of a record.
func (m *message) of(rec *mrt.Record) {
	*m = message{time: rec.Time}
	b := rec.Raw
	from := mrtBody
	switch {
	case rec.Short != 0:
		return
	case rec.Type == mrt.TypeBGP4MP:
	case rec.Type == mrt.TypeBGP4MPET:
		if from += 4; len(b) < from || binary.BigEndian.Uint32(b[mrtBody:]) >= microsMost {
			return
		}
	default:
		return
	}
	if len(b) < from {
		return
	}
	b = b[from:]
	n := m.session(b, rec.Subtype)
	if n == 0 || int(binary.BigEndian.Uint16(b[n-bgpFromBody:])) != bgpHeader+len(b)-n {
		m.isPlain = false
		return
	}
	m.body = b[n:]
}

// session reads what stands before the body, from behind the MRT header, and returns how
// much that is; 0 if the message is not plain. The BGP header's length is not looked at.
func (m *message) session(b []byte, subtype uint16) int {
	be := binary.BigEndian
	at := 8
	switch subtype {
	case mrt.MPMessage:
	case mrt.MPMessageAS4:
		m.as4, at = true, 12
	default:
		return 0
	}
	if len(b) < at+8+bgpHeader {
		return 0
	}
	if m.as4 {
		m.as = be.Uint32(b)
	} else {
		m.as = uint32(be.Uint16(b))
	}
	switch be.Uint16(b[at-2:]) {
	case bgp.AFIv4:
		m.peer = netip.AddrFrom4([4]byte(b[at:]))
		at += 8
	case bgp.AFIv6:
		if len(b) < at+32+bgpHeader {
			return 0
		}
		m.peer = netip.AddrFrom16([16]byte(b[at:]))
		at += 32
	default:
		return 0
	}
	h := b[at : at+bgpHeader]
	m.isPlain = be.Uint64(h) == ^uint64(0) && be.Uint64(h[8:]) == ^uint64(0) && h[bgpHeader-1] == bgp.MsgUpdate
	if !m.isPlain {
		return 0
	}
	return at + bgpHeader
}

// has reports whether a prefix of the message may be wanted. It is false only if the message is
// plain and none is, and looks at no attributes but for where they end.
func (m *message) has(want *mrt.Filter) bool {
	if !m.isPlain || len(m.body) < 4 {
		return true
	}
	at := 2 + int(binary.BigEndian.Uint16(m.body)) // where the withdrawn routes end
	if at+2 > len(m.body) {
		return true
	}
	end := at + 2 + int(binary.BigEndian.Uint16(m.body[at:])) // and the attributes
	if end > len(m.body) || !isSimple(m.body[at+2:end]) {
		return true
	}
	withdrawn, announced := m.body[2:at], m.body[end:]
	return !bgp.IsPlainList(withdrawn) || !bgp.IsPlainList(announced) || isWanted(want, withdrawn) || isWanted(want, announced)
}

// isWanted reports whether a list has a prefix that is wanted.
func isWanted(want *mrt.Filter, list []byte) bool {
	return len(list) > 0 && want.MatchPlain(list)
}

// isSimple reports whether attributes are all there and none of them has prefixes.
func isSimple(b []byte) bool {
	for len(b) > 0 {
		if len(b) < 3 {
			return false
		}
		n, at := int(b[2]), 3
		if b[0]&bgp.FlagExtended != 0 {
			if len(b) < 4 {
				return false
			}
			n, at = n<<8|int(b[3]), 4
		}
		if b[1] == bgp.AttrMPReach || b[1] == bgp.AttrMPUnreach || at+n > len(b) {
			return false
		}
		b = b[at+n:]
	}
	return true
}

// messages reads the records of a file, each as a [message]. A record that was packed is
// put together only if it is asked for.
type messages struct {
	ctx    context.Context
	rd     scan.Records
	packed *packedRecords // rd, if it is that
	rec    mrt.Record
	m      *message
	n      int
}

func newMessages(ctx context.Context, rd scan.Records) *messages {
	r := &messages{ctx: ctx, rd: rd}
	if r.packed, _ = rd.(*packedRecords); r.packed != nil {
		r.m = &r.packed.message
	} else {
		r.m = new(message)
	}
	return r
}

// next reads the next record that can be framed; damage was counted when the file was
// scanned. The error is [io.EOF] at the end.
func (r *messages) next() (*message, error) {
	for ; ; r.n++ {
		if r.n&0xfff == 0 && r.ctx.Err() != nil {
			return nil, r.ctx.Err()
		}
		var err error
		if r.packed != nil {
			err = r.packed.next()
		} else if err = r.rd.ReadRecord(&r.rec); err == nil {
			r.m.of(&r.rec)
		}
		switch {
		case err == nil:
			r.n++
			return r.m, nil
		case err == io.EOF || !isDamage(err):
			return nil, err
		}
	}
}

// record is the record that was read last.
func (r *messages) record() *mrt.Record {
	if r.packed != nil {
		r.packed.record(&r.rec)
	}
	return &r.rec
}
