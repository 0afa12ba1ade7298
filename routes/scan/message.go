package scan

import (
	"encoding/binary"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Message is a record that is nothing but an UPDATE of the commonest shape, of a peer of
// whom something was read before.
type Message struct {
	bgp.Plain
	Time moment.Time
	// Session numbers, from 0, what comes before the body of the message in the records of
	// the file: their type, the AS numbers, interface, addresses and marker are the same.
	Session int
}

// session is what the messages of a peer begin with, but for times and lengths.
type session struct {
	head   [sessionMost]byte // from the AS numbers to the addresses
	n      uint8             // of it
	kind   uint32            // the record's type and subtype
	number int
	of     *peerScan
}

const (
	sessionMost  = 12 + 2*16
	sessionSlots = 256 // collectors have some hundred sessions
	sessionProbe = 4   // slots that one may be in
)

// sessions are those of a file that were met last.
type sessions struct {
	slots [sessionSlots]session
	n     int // numbers given
}

// headOf finds where the message of a record begins: the record's part from the AS numbers to
// the addresses, and the body of the UPDATE. It is not ok if the record is anything else than
// one whole UPDATE of a peer, without path identifiers by its type.
func headOf(rec *mrt.Record) (head, body []byte, as4, ok bool) {
	from := mrt.HeaderLen
	switch {
	case rec.Short != 0:
		return nil, nil, false, false
	case rec.Type == mrt.TypeBGP4MP:
	case rec.Type == mrt.TypeBGP4MPET:
		from += 4
	default:
		return nil, nil, false, false
	}
	b := rec.Raw
	at := from + 8
	switch rec.Subtype {
	case mrt.MPMessage:
	case mrt.MPMessageAS4:
		as4, at = true, at+4
	default:
		return nil, nil, false, false
	}
	if len(b) < at+8+bgp.HeaderLen || from > mrt.HeaderLen && binary.BigEndian.Uint32(b[mrt.HeaderLen:]) >= 1_000_000 {
		return nil, nil, false, false
	}
	switch binary.BigEndian.Uint16(b[at-2:]) {
	case bgp.AFIv4:
		at += 8
	case bgp.AFIv6:
		if at += 32; len(b) < at+bgp.HeaderLen {
			return nil, nil, false, false
		}
	default:
		return nil, nil, false, false
	}
	h := b[at : at+bgp.HeaderLen]
	if binary.BigEndian.Uint64(h) != ^uint64(0) || binary.BigEndian.Uint64(h[8:]) != ^uint64(0) ||
		int(binary.BigEndian.Uint16(h[16:])) != len(b)-at || h[18] != bgp.MsgUpdate {
		return nil, nil, false, false
	}
	return b[from:at], b[at+bgp.HeaderLen:], as4, true
}

// slot is the first place in which a session may be.
func slot(head []byte) int {
	n := len(head)
	a := binary.BigEndian.Uint32(head) ^ binary.BigEndian.Uint32(head[n-8:])*5 ^ binary.BigEndian.Uint32(head[n-4:])*3
	if n > 20 {
		a ^= binary.BigEndian.Uint32(head[n-20:]) * 7 // the end of the peer's address
	}
	return int(a * 0x9e3779b1 >> 24)
}

// find returns the session of a head, or nil.
func (s *sessions) find(head []byte, kind uint32) *session {
	at := slot(head)
	for i := range sessionProbe {
		x := &s.slots[(at+i)%sessionSlots]
		if x.of == nil {
			return nil
		}
		if x.kind == kind && int(x.n) == len(head) && string(x.head[:x.n]) == string(head) {
			return x
		}
	}
	return nil
}

// put notes a session that is not there. The one in the first slot gives way if there is no room.
func (s *sessions) put(head []byte, kind uint32, of *peerScan) {
	at := slot(head)
	x := &s.slots[at%sessionSlots]
	for i := range sessionProbe {
		if y := &s.slots[(at+i)%sessionSlots]; y.of == nil {
			x = y
			break
		}
	}
	x.n, x.kind, x.of, x.number = uint8(copy(x.head[:], head)), kind, of, s.n
	s.n++
}

// message counts a record that is plain, and tells of it; false if it is to be looked at by
// the walker, which reads everything else, and the first message of each session.
func (s *scanner) message() bool {
	head, body, as4, ok := headOf(&s.rec)
	if !ok {
		return false
	}
	kind := uint32(s.rec.Type)<<16 | uint32(s.rec.Subtype)
	x := s.sessions.find(head, kind)
	if x == nil {
		s.head, s.headKind = head, kind
		return false
	}
	m := &s.plain
	if !m.Parse(body, as4) || len(m.Withdrawn)+len(m.Announced) == 0 {
		return false
	}
	t := s.rec.Time
	s.begin(t)
	s.upd = true
	m.Time, m.Session = t, x.number
	p := x.of
	p.at(t)
	p.heard(t)
	if s.tell != nil {
		s.tell(m)
	}
	if m.Withdrawals > 0 {
		p.withdraw(t, int64(m.Withdrawals))
		p.sample.add(bgp.NLRI{Bytes: m.Withdrawn, AFI: bgp.AFIv4, SAFI: bgp.SAFIUnicast}, false, t)
	}
	if m.Announcements > 0 {
		l := bgp.NLRI{Bytes: m.Announced, AFI: bgp.AFIv4, SAFI: bgp.SAFIUnicast}
		p.announce(l, int64(m.Announcements), t)
		p.sample.add(l, true, t)
		p.path = p.now.add(&m.Plain, l, p.path)
	}
	return true
}

// met notes the session of a record that the walker has read, so that its next message need
// not be read by it.
func (s *scanner) met(w *mrt.Walker, kind mrt.Kind) {
	head := s.head
	s.head = nil
	if kind != mrt.KindUpdate {
		return
	}
	e := w.Elem()
	if p := s.peers[peerKey{e.PeerAddr, e.PeerAS}]; p != nil && !p.nameless && !e.Local {
		s.sessions.put(head, s.headKind, p)
	}
}
