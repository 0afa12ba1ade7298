// Package build makes MRT records of what other formats say, so that everything
// above reads one form only: a line of bgpdump -m, a message of RIS Live, a
// BMP message become the record (RFC 6396) that a collector would have written
// of them.
//
// It promises records that are well formed, and that a record says no more than
// its source did, with one exception: an UPDATE cannot be without ORIGIN and next
// hop (RFC 7606 §3(d) would have its routes treated as withdrawn), so where a
// source names none, INCOMPLETE and the address of all zeros stand in. No peer
// can send a route to that address.
package build

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Kind says what an event is.
type Kind uint8

// Kinds of events.
const (
	Message  Kind = iota + 1 // a whole BGP message, as it was sent
	Announce                 // a route
	Withdraw                 // a prefix
	State                    // a session changed state
	Entry                    // a route in a peer's table
)

// Event is one thing that a source says, not yet a record. Whoever fills it
// clears it before ([Event.Reset]); slices are read before the next event is
// asked for, and not kept.
type Event struct {
	Kind      Kind
	Offset    int64  // where the source says it, in its unpacked stream
	Collector string // empty if the source does not say
	Time      moment.Time
	ET        bool // the source tells fractions of seconds, also where they are 0
	Peer      netip.Addr
	AS        uint32     // 0 if the source does not say
	Local     netip.Addr // the collector's; invalid if the source does not say
	LocalAS   uint32
	Sent      bool // the collector sent it

	// Of a message: its bytes from the marker on, and how its session reads it.
	Body    []byte
	AS2     bool // AS numbers of two bytes
	AddPath bool // path identifiers (RFC 7911)

	Old, New uint16 // of a change of state (RFC 4271 §8.2.2)

	// Of a route and a withdrawal.
	Prefix     netip.Prefix
	SAFI       uint8 // 0 stands for unicast
	HasID      bool
	ID         uint32      // path identifier
	Originated moment.Time // of an entry: since when the peer has the route
	Route      Route
}

// Reset makes an empty event, which keeps the memory of the lists in it.
func (e *Event) Reset() {
	r := e.Route
	*e = Event{Route: Route{Path: r.Path[:0], Communities: r.Communities[:0], Ext: r.Ext[:0], Large: r.Large[:0]}}
}

// Route are the attributes of a route, as far as the source tells them.
type Route struct {
	Path      []Segment
	HasPath   bool // an empty path is one too
	Origin    bgp.Origin
	HasOrigin bool
	NextHop   netip.Addr // invalid if not told

	MED, LocalPref       uint32
	HasMED, HasLocalPref bool
	Atomic               bool
	AggregatorAS         uint32
	Aggregator           netip.Addr // IPv4; invalid if there is none
	Communities          []uint32
	Ext                  [][8]byte
	Large                [][3]uint32
}

// Segment is a part of an AS path (RFC 4271 §4.3, RFC 5065 §3), of a type of
// package bgp.
type Segment struct {
	Type uint8
	AS   []uint32
}

// attributes appends the path attributes (RFC 4271 §4.3, four-byte AS
// numbers). standIn fills in what an UPDATE cannot be without; table writes
// MP_REACH_NLRI in the short form of RFC 6396 §4.3.4.
func (r *Route) attributes(dst []byte, e *Event, standIn, table bool) []byte {
	if r.HasOrigin || standIn {
		o := r.Origin
		if !r.HasOrigin {
			o = bgp.OriginIncomplete
		}
		dst = append(dst, bgp.FlagTransitive, bgp.AttrOrigin, 1, byte(o))
	}
	if r.HasPath || standIn {
		var b []byte
		for _, s := range r.Path {
			b = appendSegment(b, s)
		}
		dst = appendAttr(dst, bgp.FlagTransitive, bgp.AttrASPath, b)
	}
	hop := r.NextHop
	switch {
	case table && !hop.IsValid():
	case table && hop.Is4():
		dst = appendAttr(dst, bgp.FlagTransitive, bgp.AttrNextHop, hop.AsSlice())
	case table:
		dst = appendAttr(dst, bgp.FlagOptional, bgp.AttrMPReach, append([]byte{byte(hop.BitLen() / 8)}, hop.AsSlice()...))
	case !e.mp():
		if !hop.IsValid() {
			hop = netip.IPv4Unspecified()
		}
		dst = appendAttr(dst, bgp.FlagTransitive, bgp.AttrNextHop, hop.AsSlice())
	}
	if r.HasMED {
		dst = appendAttr(dst, bgp.FlagOptional, bgp.AttrMED, binary.BigEndian.AppendUint32(nil, r.MED))
	}
	if r.HasLocalPref {
		dst = appendAttr(dst, bgp.FlagTransitive, bgp.AttrLocalPref, binary.BigEndian.AppendUint32(nil, r.LocalPref))
	}
	if r.Atomic {
		dst = appendAttr(dst, bgp.FlagTransitive, bgp.AttrAtomicAggregate, nil)
	}
	if r.Aggregator.Is4() {
		b := binary.BigEndian.AppendUint32(nil, r.AggregatorAS)
		dst = appendAttr(dst, bgp.FlagOptional|bgp.FlagTransitive, bgp.AttrAggregator, append(b, r.Aggregator.AsSlice()...))
	}
	if len(r.Communities) > 0 {
		var b []byte
		for _, c := range r.Communities {
			b = binary.BigEndian.AppendUint32(b, c)
		}
		dst = appendAttr(dst, bgp.FlagOptional|bgp.FlagTransitive, bgp.AttrCommunities, b)
	}
	if len(r.Ext) > 0 {
		var b []byte
		for _, c := range r.Ext {
			b = append(b, c[:]...)
		}
		dst = appendAttr(dst, bgp.FlagOptional|bgp.FlagTransitive, bgp.AttrExtCommunities, b)
	}
	if len(r.Large) > 0 {
		var b []byte
		for _, c := range r.Large {
			for _, v := range c {
				b = binary.BigEndian.AppendUint32(b, v)
			}
		}
		dst = appendAttr(dst, bgp.FlagOptional|bgp.FlagTransitive, bgp.AttrLargeComm, b)
	}
	return dst
}

// appendSegment writes a segment, a long one as several of its type.
func appendSegment(dst []byte, s Segment) []byte {
	for as := s.AS; len(as) > 0; {
		n := min(len(as), 255)
		dst = append(dst, s.Type, byte(n))
		for _, a := range as[:n] {
			dst = binary.BigEndian.AppendUint32(dst, a)
		}
		as = as[n:]
	}
	return dst
}

func appendAttr(dst []byte, flags, code byte, v []byte) []byte {
	if len(v) > 255 {
		dst = append(dst, flags|bgp.FlagExtended, code, byte(len(v)>>8), byte(len(v)))
	} else {
		dst = append(dst, flags, code, byte(len(v)))
	}
	return append(dst, v...)
}

// mp reports whether the prefix has to stand in MP_REACH_NLRI or
// MP_UNREACH_NLRI (RFC 4760).
func (e *Event) mp() bool {
	return e.Prefix.Addr().Is6() || e.safi() != bgp.SAFIUnicast || e.Kind == Announce && e.Route.NextHop.Is6()
}

func (e *Event) safi() uint8 {
	if e.SAFI == 0 {
		return bgp.SAFIUnicast
	}
	return e.SAFI
}

func afi(a netip.Addr) uint16 {
	if a.Is4() {
		return bgp.AFIv4
	}
	return bgp.AFIv6
}

func (e *Event) nlri() []byte {
	var b []byte
	if e.HasID {
		b = binary.BigEndian.AppendUint32(b, e.ID)
	}
	b = append(b, byte(e.Prefix.Bits()))
	return append(b, e.Prefix.Addr().AsSlice()[:(e.Prefix.Bits()+7)/8]...)
}

// maxBody is the longest body that a message's 16-bit length leaves room for
// (RFC 4271 §4.1; that of extended messages, RFC 8654, is a little less).
const maxBody = 1<<16 - 1 - bgp.HeaderLen

// update writes the UPDATE message of a route or a withdrawal.
func (e *Event) update() ([]byte, error) {
	var withdrawn, attrs, announced []byte
	safi, fam := e.safi(), afi(e.Prefix.Addr())
	switch {
	case e.Kind == Withdraw && !e.mp():
		withdrawn = e.nlri()
	case e.Kind == Withdraw:
		attrs = appendAttr(attrs, bgp.FlagOptional, bgp.AttrMPUnreach, append([]byte{byte(fam >> 8), byte(fam), safi}, e.nlri()...))
	default:
		attrs = e.Route.attributes(attrs, e, true, false)
		if !e.mp() {
			announced = e.nlri()
			break
		}
		hop := e.Route.NextHop
		switch {
		case hop.IsValid():
		case fam == bgp.AFIv4:
			hop = netip.IPv4Unspecified()
		default:
			hop = netip.IPv6Unspecified()
		}
		v := append([]byte{byte(fam >> 8), byte(fam), safi, byte(hop.BitLen() / 8)}, hop.AsSlice()...)
		attrs = appendAttr(attrs, bgp.FlagOptional, bgp.AttrMPReach, append(append(v, 0), e.nlri()...))
	}
	n := 4 + len(withdrawn) + len(attrs) + len(announced)
	if n > maxBody {
		return nil, fmt.Errorf("its attributes have %d bytes, and no message has room for them", len(attrs))
	}
	b := make([]byte, 0, bgp.HeaderLen+n)
	for range 16 {
		b = append(b, 0xff)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(bgp.HeaderLen+n))
	b = append(b, bgp.MsgUpdate)
	b = binary.BigEndian.AppendUint16(b, uint16(len(withdrawn)))
	b = append(b, withdrawn...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(attrs)))
	b = append(b, attrs...)
	return append(b, announced...), nil
}

// check says what is wrong with an event.
func (e *Event) check() error {
	switch {
	case e.Time < 0 || e.Time.Sec() > 1<<32-1:
		return fmt.Errorf("the time %v is none that a record has room for (1970 to 2106)", e.Time)
	case !e.Peer.IsValid():
		return fmt.Errorf("it names no peer")
	}
	switch e.Kind {
	case Announce, Withdraw, Entry:
		if !e.Prefix.IsValid() {
			return fmt.Errorf("it names no prefix")
		}
		if e.safi() > bgp.SAFIBoth {
			return fmt.Errorf("no address family has the number %d here", e.safi())
		}
	}
	return nil
}

// record writes the BGP4MP record of an event that is no table's (RFC 6396
// §4.4, RFC 8050 §3).
func (e *Event) record() ([]byte, error) {
	var body []byte
	var subtype uint16
	as4 := true
	switch e.Kind {
	case State:
		subtype = mrt.MPStateChangeAS4
		body = []byte{byte(e.Old >> 8), byte(e.Old), byte(e.New >> 8), byte(e.New)}
	case Message:
		body, as4 = e.Body, !e.AS2
		subtype = messageSubtype(as4, e.AddPath, e.Sent)
	case Announce, Withdraw:
		var err error
		if body, err = e.update(); err != nil {
			return nil, err
		}
		subtype = messageSubtype(true, e.HasID, e.Sent)
	default:
		return nil, fmt.Errorf("an event of kind %d", e.Kind)
	}
	typ := uint16(mrt.TypeBGP4MP)
	var b []byte
	if e.ET || e.Time.Micro() != 0 {
		typ = mrt.TypeBGP4MPET
		b = binary.BigEndian.AppendUint32(b, e.Time.Micro())
	}
	if as4 {
		b = binary.BigEndian.AppendUint32(b, e.AS)
		b = binary.BigEndian.AppendUint32(b, e.LocalAS)
	} else {
		b = binary.BigEndian.AppendUint16(b, short(e.AS))
		b = binary.BigEndian.AppendUint16(b, short(e.LocalAS))
	}
	b = binary.BigEndian.AppendUint16(b, 0) // the interface, which nobody tells
	b = binary.BigEndian.AppendUint16(b, afi(e.Peer))
	b = append(b, e.Peer.AsSlice()...)
	b = append(b, localAddr(e.Local, e.Peer)...)
	return appendRecord(nil, e.Time, typ, subtype, append(b, body...)), nil
}

// short is an AS number in two bytes (RFC 6793 §2).
func short(as uint32) uint16 {
	if as > 1<<16-1 {
		return bgp.ASTrans
	}
	return uint16(as)
}

// localAddr is the collector's address in the peer's family, all zeros if it is
// not known.
func localAddr(a, peer netip.Addr) []byte {
	if a.IsValid() && a.Is4() == peer.Is4() {
		return a.AsSlice()
	}
	return make([]byte, peer.BitLen()/8)
}

func messageSubtype(as4, addPath, local bool) uint16 {
	switch {
	case as4 && addPath && local:
		return mrt.MPMessageAS4LocalAddPath
	case as4 && addPath:
		return mrt.MPMessageAS4AddPath
	case as4 && local:
		return mrt.MPMessageAS4Local
	case as4:
		return mrt.MPMessageAS4
	case addPath && local:
		return mrt.MPMessageLocalAddPath
	case addPath:
		return mrt.MPMessageAddPath
	case local:
		return mrt.MPMessageLocal
	}
	return mrt.MPMessage
}

// appendRecord writes a record with its header (RFC 6396 §2).
func appendRecord(dst []byte, t moment.Time, typ, subtype uint16, body []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(t.Sec()))
	dst = binary.BigEndian.AppendUint16(dst, typ)
	dst = binary.BigEndian.AppendUint16(dst, subtype)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(body)))
	return append(dst, body...)
}
