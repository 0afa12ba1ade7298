// Package bmp reads the BGP Monitoring Protocol (RFC 7854, RFC 8671, RFC 9069) as
// people keep it: the bytes of a session from router to station, or captures of
// such sessions in pcap files.
//
// A router tells of its peers in several views: what they sent, before its
// policy and behind it, what it sends them, its own table, and all of these for
// each of its VRFs. A route may be in one and not in another, so each view is a
// collector of its own here ([Reader]); mixed they would contradict each other.
package bmp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// Message types (RFC 7854 §4.1).
const (
	RouteMonitoring = 0
	Statistics      = 1
	PeerDown        = 2
	PeerUp          = 3
	Initiation      = 4
	Termination     = 5
	RouteMirroring  = 6
)

// Peer types (RFC 7854 §4.2, RFC 9069 §4.1).
const (
	peerGlobal = 0
	peerRD     = 1
	peerLocal  = 2
	peerLocRIB = 3
)

// Flags of the per-peer header (RFC 7854 §4.2, RFC 8671 §4). Those of a Loc-RIB
// peer are others (RFC 9069 §4.2).
const (
	flagV6   = 0x80
	flagPost = 0x40
	flagAS2  = 0x20
	flagOut  = 0x10
)

const (
	version   = 3
	headerLen = 6
	peerLen   = 42
	// maxMessage is the longest message that is believed, in bytes. A BGP message
	// has 64 KB at most, and a Peer Up holds two.
	maxMessage = 1 << 18
)

// plausible reports whether b begins like a message, and how long it is.
func plausible(b []byte) (n int, ok bool) {
	if len(b) < headerLen || b[0] != version || b[5] > RouteMirroring {
		return 0, false
	}
	n = int(binary.BigEndian.Uint32(b[1:]))
	least := headerLen + peerLen
	if b[5] == Initiation || b[5] == Termination {
		least = headerLen
	}
	return n, n >= least && n <= maxMessage
}

// Recognise reports whether a stream begins like a session.
func Recognise(head []byte) bool {
	n, ok := plausible(head)
	if !ok {
		return false
	}
	if n+headerLen > len(head) {
		return n == len(head) || head[5] == Initiation || len(head) > headerLen+1 && head[headerLen] <= peerLocRIB
	}
	_, ok = plausible(head[n:])
	return ok
}

// peerKey is a peer as a router tells it: of one of its VRFs, or of none.
type peerKey struct {
	head [9]byte // type, distinguisher
	addr netip.Addr
	as   uint32
}

// peer is what a Peer Up told.
type peer struct {
	local   netip.Addr
	localAS uint32
	addPath map[[2]uint16]bool // families that the peer sends with path identifiers
}

// session decodes the messages of one session.
type session struct {
	router string // its name or address; empty if not known
	named  bool
	peers  map[peerKey]*peer // without view: a session is the same in all of them
	views  []build.Event     // the peers in each view that were told of, in order
	out    func(build.Event)
	fail   func(error)
	// eor is called for an End-of-RIB: the table of a peer was told whole.
	eor func()
}

// message decodes one whole message. arrived is when the station had it; zero if
// nobody knows.
func (s *session) message(b []byte, arrived moment.Time, offset int64) {
	typ := b[5]
	b = b[headerLen:]
	switch typ {
	case Initiation:
		s.close(arrived, offset) // of a session before it, in the same file
		s.initiation(b)
		return
	case Termination:
		s.close(arrived, offset)
		return
	case Statistics, RouteMirroring:
		return // nothing about routes that is not told elsewhere
	}
	head := b[:peerLen]
	b = b[peerLen:]
	e := build.Event{Offset: offset, ET: true}
	k := s.head(&e, head)
	if arrived != 0 {
		e.Time = arrived
	}
	if !e.Peer.IsValid() {
		s.fail(fmt.Errorf("a message about a peer without an address"))
		return
	}
	switch typ {
	case PeerUp:
		p, err := peerUp(b, head)
		if err != nil {
			s.fail(err)
			return
		}
		s.peers[k] = p
		e.Kind, e.Old, e.New = build.State, 0, mrt.StateEstablished
		e.Local, e.LocalAS = p.local, p.localAS
	case PeerDown:
		if p := s.peers[k]; p != nil {
			e.Local, e.LocalAS = p.local, p.localAS
		}
		delete(s.peers, k)
		e.Kind, e.Old, e.New = build.State, mrt.StateEstablished, mrt.StateIdle
		// The session is gone in all views, and a router says so in one (RFC 8671 §5).
		s.out(e)
		s.drop(func(v *build.Event) bool { return v.Body != nil && string(v.Body) == k.text() }, e)
		return
	case RouteMonitoring:
		if len(b) < bgp.HeaderLen {
			s.fail(fmt.Errorf("a Route Monitoring message of %d bytes, which is no BGP message", len(b)))
			return
		}
		e.Kind, e.Body = build.Message, slices.Clone(b)
		e.AS2 = head[0] != peerLocRIB && head[1]&flagAS2 != 0
		var u bgp.Update
		u.Parse(b[bgp.HeaderLen:], !e.AS2)
		if p := s.peers[k]; p != nil {
			e.Local, e.LocalAS = p.local, p.localAS
			e.AddPath = p.addPath[family(&u)]
		}
		if len(u.Announced) > 0 && !u.Has(bgp.AttrNextHop) {
			// FRR leaves it out of routes that are in the table all the same: they are
			// not to be treated as withdrawn for it (RFC 7606 §3(d) is about speakers).
			e.Body = withNextHop(e.Body, &u)
		}
		if _, _, ok := u.EndOfRIB(); ok && b[bgp.HeaderLen-1] == bgp.MsgUpdate {
			s.eor()
		}
	}
	s.note(&e, k)
	s.out(e)
}

// text is the key as bytes.
func (k peerKey) text() string {
	return string(k.head[:]) + k.addr.String() + string(binary.BigEndian.AppendUint32(nil, k.as))
}

// note remembers that a peer was told of in a view. In what is remembered, Body
// is whose session it is.
func (s *session) note(e *build.Event, k peerKey) {
	for i := range s.views {
		if v := &s.views[i]; v.Collector == e.Collector && v.Peer == e.Peer && v.AS == e.AS {
			v.Time = e.Time
			return
		}
	}
	s.views = append(s.views, build.Event{Kind: build.State, ET: true, Old: mrt.StateEstablished, New: mrt.StateIdle, Body: []byte(k.text()),
		Collector: e.Collector, Time: e.Time, Peer: e.Peer, AS: e.AS, Local: e.Local, LocalAS: e.LocalAS})
}

// drop says that what was known in some views of a peer is so no longer, in those
// other than the one in which an event, if it is one, said so.
func (s *session) drop(which func(*build.Event) bool, said build.Event) {
	s.views = slices.DeleteFunc(s.views, func(v build.Event) bool {
		if !which(&v) {
			return false
		}
		if v.Collector != said.Collector || said.Kind == 0 {
			v.Time, v.Offset, v.Body = said.Time, said.Offset, nil
			s.out(v)
		}
		return true
	})
}

// close says that the session with the station is over: from then on nobody was
// watching any of its peers.
func (s *session) close(at moment.Time, offset int64) {
	if at == 0 { // nobody knows more than when the last message was
		for _, v := range s.views {
			at = max(at, v.Time)
		}
	}
	s.drop(func(*build.Event) bool { return true }, build.Event{Time: at, Offset: offset})
	clear(s.peers)
}

// withNextHop returns an UPDATE with the next hop of all zeros, which no peer can
// send a route to. One that has no room for it is returned as it is.
func withNextHop(b []byte, u *bgp.Update) []byte {
	hop := []byte{bgp.FlagTransitive, bgp.AttrNextHop, 4, 0, 0, 0, 0}
	n, attrs := len(b)+len(hop), len(u.Attributes)+len(hop)
	if n > 1<<16-1 || int(binary.BigEndian.Uint16(b[16:])) != len(b) || bgp.HeaderLen+4+len(u.Withdrawn)+len(u.Attributes)+len(u.Announced) != len(b) {
		return b
	}
	out := binary.BigEndian.AppendUint16(slices.Clone(b[:16]), uint16(n))
	out = append(out, b[18:bgp.HeaderLen+2+len(u.Withdrawn)]...)
	out = binary.BigEndian.AppendUint16(out, uint16(attrs))
	out = append(append(out, u.Attributes...), hop...)
	return append(out, u.Announced...)
}

// family is that of the first list of prefixes of an UPDATE.
func family(u *bgp.Update) [2]uint16 {
	for _, m := range append(slices.Clone(u.Reach()), u.Unreach()...) {
		return [2]uint16{m.AFI, uint16(m.SAFI)}
	}
	return [2]uint16{bgp.AFIv4, bgp.SAFIUnicast}
}

// head reads the per-peer header (RFC 7854 §4.2): peer, view and time.
func (s *session) head(e *build.Event, h []byte) peerKey {
	typ, flags, rd := h[0], h[1], h[2:10]
	view := ""
	var addr netip.Addr
	if typ == peerLocRIB {
		// It has no address; the router's identifier stands for it (RFC 9069 §4.1).
		view = "loc-rib"
		addr = netip.AddrFrom4([4]byte(h[30:34]))
	} else {
		if flags&flagV6 != 0 {
			addr = netip.AddrFrom16([16]byte(h[10:26]))
		} else {
			addr = netip.AddrFrom4([4]byte(h[22:26]))
		}
		switch {
		case flags&flagOut != 0 && flags&flagPost != 0:
			view = "out-post-policy"
		case flags&flagOut != 0:
			view = "out"
		case flags&flagPost != 0:
			view = "post-policy"
		}
	}
	e.Peer, e.AS = addr, binary.BigEndian.Uint32(h[26:30])
	// More than a million microseconds is no time; the second then stands alone.
	micro := binary.BigEndian.Uint32(h[38:42])
	if micro >= 1_000_000 {
		micro = 0
	}
	e.Time = moment.Unix(int64(binary.BigEndian.Uint32(h[34:38])), micro)
	parts := []string{"bmp"}
	if s.router != "" {
		parts = []string{s.router}
	}
	if view != "" {
		parts = append(parts, view)
	}
	if d := distinguisher(rd); d != "" {
		parts = append(parts, "vrf-"+d)
	}
	if len(parts) > 1 || s.router != "" {
		e.Collector = strings.Join(parts, "-")
	}
	return peerKey{[9]byte(append([]byte{typ}, rd...)), addr, e.AS}
}

// distinguisher writes a route distinguisher (RFC 4364 §4.2) so that it can be
// part of a name; empty for none.
func distinguisher(b []byte) string {
	if binary.BigEndian.Uint64(b) == 0 {
		return ""
	}
	switch binary.BigEndian.Uint16(b) {
	case 0:
		return fmt.Sprintf("%d.%d", binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]))
	case 1:
		return fmt.Sprintf("%v.%d", netip.AddrFrom4([4]byte(b[2:6])), binary.BigEndian.Uint16(b[6:]))
	case 2:
		return fmt.Sprintf("%d.%d", binary.BigEndian.Uint32(b[2:]), binary.BigEndian.Uint16(b[6:]))
	}
	return fmt.Sprintf("%x", b)
}

// initiation reads the name of the router (RFC 7854 §4.3).
func (s *session) initiation(b []byte) {
	for len(b) >= 4 {
		typ, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if 4+n > len(b) {
			return
		}
		if typ == 2 && !s.named {
			if name := clean(string(b[4 : 4+n])); name != "" {
				s.router, s.named = name, true
			}
		}
		b = b[4+n:]
	}
}

// clean keeps of a router's name what a collector's may have.
func clean(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
			return c
		}
		return -1
	}, name)
	return strings.Trim(name[:min(len(name), 64)], ".-_")
}

// peerUp reads a Peer Up (RFC 7854 §4.10).
func peerUp(b, head []byte) (*peer, error) {
	if len(b) < 20 {
		return nil, fmt.Errorf("a Peer Up message of %d bytes behind its peer, want 20 and two OPEN messages", len(b))
	}
	p := &peer{addPath: map[[2]uint16]bool{}}
	if head[1]&flagV6 != 0 && head[0] != peerLocRIB {
		p.local = netip.AddrFrom16([16]byte(b))
	} else {
		p.local = netip.AddrFrom4([4]byte(b[12:16]))
	}
	sent, rest, ok := open(b[20:])
	if !ok {
		return nil, fmt.Errorf("a Peer Up message without the OPEN that was sent")
	}
	received, _, ok := open(rest)
	if !ok {
		return nil, fmt.Errorf("a Peer Up message without the OPEN that was received")
	}
	ours, theirs := capabilities(sent), capabilities(received)
	p.localAS = ours.as
	// What the peer sends and the router takes; of what the router sends (RFC 8671)
	// the other way round.
	send, take := theirs, ours
	if head[0] != peerLocRIB && head[1]&flagOut != 0 {
		send, take = ours, theirs
	}
	for f, mode := range send.addPath {
		if mode&2 != 0 && take.addPath[f]&1 != 0 {
			p.addPath[f] = true
		}
	}
	return p, nil
}

// open cuts an OPEN message off.
func open(b []byte) (msg, rest []byte, ok bool) {
	if len(b) < bgp.HeaderLen+10 {
		return nil, b, false
	}
	n := int(binary.BigEndian.Uint16(b[16:]))
	if n < bgp.HeaderLen+10 || n > len(b) || b[18] != bgp.MsgOpen {
		return nil, b, false
	}
	return b[bgp.HeaderLen:n], b[n:], true
}

type capability struct {
	as      uint32
	addPath map[[2]uint16]byte // 1 receives, 2 sends, 3 both (RFC 7911 §4)
}

// capabilities reads the AS (RFC 6793) and ADD-PATH of an OPEN (RFC 4271 §4.2,
// RFC 5492, RFC 9072).
func capabilities(b []byte) capability {
	c := capability{as: uint32(binary.BigEndian.Uint16(b[1:])), addPath: map[[2]uint16]byte{}}
	params, wide := b[10:], false
	if len(b) >= 13 && b[9] == 255 && b[10] == 255 {
		params, wide = b[13:], true
	}
	for len(params) >= 2 {
		n, at := int(params[1]), 2
		if wide {
			if len(params) < 3 {
				return c
			}
			n, at = n<<8|int(params[2]), 3
		}
		if at+n > len(params) {
			return c
		}
		if params[0] == 2 {
			c.read(params[at : at+n])
		}
		params = params[at+n:]
	}
	return c
}

func (c *capability) read(b []byte) {
	for len(b) >= 2 && 2+int(b[1]) <= len(b) {
		v := b[2 : 2+int(b[1])]
		switch {
		case b[0] == 65 && len(v) == 4:
			c.as = binary.BigEndian.Uint32(v)
		case b[0] == 69:
			for ; len(v) >= 4; v = v[4:] {
				c.addPath[[2]uint16{binary.BigEndian.Uint16(v), uint16(v[2])}] = v[3]
			}
		}
		b = b[2+int(b[1]):]
	}
}
