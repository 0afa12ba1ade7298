package mrt

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"constat/wire/bgp"
)

// Walker decodes records one element at a time. It keeps what one file's
// records need of those before them, the peer index table, so use one walker
// for a file, or [Walker.Reset] between files. The zero Walker is ready.
//
//	for {
//		rec, err := reader.Next()
//		if err == io.EOF {
//			break
//		}
//		if err != nil {
//			report(err) // a *Damage
//			continue
//		}
//		w.Record(rec)
//		for w.Next() {
//			use(w.Elem())
//		}
//		if err := w.Err(); err != nil {
//			report(err) // a *Damage
//		}
//	}
type Walker struct {
	filter *Filter
	index  PeerIndex
	wanted []bool // by peer index, nil when the filter does not name peers
	hasIdx bool

	elem   Elem
	rec    *Record
	own    Record // where rec points if the caller's was copied
	local  []byte // the collector's address as it stands in the record
	kind   Kind
	damage *Damage
	given  int // elements of this record given

	attrs     bgp.Attrs
	noAttrs   bgp.Attrs // of elements without
	update    bgp.Update
	ctx       bgp.Context
	attr      []byte // of the element at hand
	hop       []byte // as in its MP_REACH_NLRI
	parsed    bool   // attrs holds attr
	pathFound bool
	path      bgp.Path
	pathBuf   []byte
	seq       uint64

	parts   [2 + 2*bgp.MaxMP]part // an UPDATE's lists of prefixes, in order
	nparts  int
	part    int    // of those, to come
	list    []byte // the one at hand
	pos     int    // in it, of what has not been given
	one     bool   // a single element is waiting: state or End-of-RIB
	treat   bool   // announcements are treated as withdrawals
	checked bool   // the UPDATE's AS path was looked into
	zeroAS  bool   // treat is for the AS number 0 in the path alone

	rib ribCursor

	// skipped counts records passed over on purpose, by type and subtype.
	skipped map[[2]uint16]int64
	// families counts lists of prefixes passed over because their family is
	// not IPv4 or IPv6 unicast or multicast, by AFI and SAFI.
	families map[[2]uint16]int64
	// Lists read with path identifiers though the record's subtype does not say
	// that they have any; lists read without though it says so; and lists read
	// as it says though the other reading makes as much sense.
	guessed, guessedPlain, ambiguous int64
}

// noPrefix is the prefix of elements that have none.
var noPrefix netip.Prefix

// SetFilter makes the walker give only elements that f lets through. Records
// of which it lets none through cost a walk over their prefixes. Nil lets all
// through. Set it before the first record.
func (w *Walker) SetFilter(f *Filter) { w.filter = f }

// Reset forgets the file at hand: peer index and counts. The filter stays.
func (w *Walker) Reset() {
	*w = Walker{filter: w.filter, pathBuf: w.pathBuf, attrs: w.attrs, seq: w.seq}
}

// PeerIndex returns the table that RIB records refer to, and whether the file
// had one. It is overwritten when another comes.
func (w *Walker) PeerIndex() (*PeerIndex, bool) { return &w.index, w.hasIdx }

// Skipped returns how many records were passed over on purpose, by type and
// subtype. It is nil if none was.
func (w *Walker) Skipped() map[[2]uint16]int64 { return w.skipped }

// OtherFamilies returns how many lists of prefixes were passed over because
// they are of families other than IPv4 and IPv6 unicast and multicast, by AFI
// and SAFI. It is nil if none was.
func (w *Walker) OtherFamilies() map[[2]uint16]int64 { return w.families }

// GuessedAddPath returns how many lists of prefixes were read with path
// identifiers although their record does not announce any: only so do they make
// sense.
func (w *Walker) GuessedAddPath() int64 { return w.guessed }

// GuessedPlain returns how many lists of prefixes were read without path
// identifiers although their record announces them: only so do they make sense.
func (w *Walker) GuessedPlain() int64 { return w.guessedPlain }

// Ambiguous returns how many lists of prefixes were read with path identifiers,
// as their record announces, that would make as much sense without.
func (w *Walker) Ambiguous() int64 { return w.ambiguous }

// Elem returns the element that the last call of Next found. It is the
// walker's own value, overwritten by the next.
func (w *Walker) Elem() *Elem { return &w.elem }

// Err returns what of the record could not be read, a [*Damage], or nil.
// Elements that could be read were given all the same; Damage.Partial says
// whether there were any. Call it when Next has returned false.
func (w *Walker) Err() error {
	if w.damage == nil {
		return nil
	}
	w.damage.Partial = w.given > 0
	return w.damage
}

// attrFault notes that the attributes of a table's entry are at fault.
func (w *Walker) attrFault(format string, args ...any) {
	if w.damage == nil {
		w.fault(format, args...)
		w.damage.Attributes = true
	}
}

// fault notes damage to the record; the first is kept.
func (w *Walker) fault(format string, args ...any) {
	if w.damage != nil {
		w.damage.Attributes = false
	} else {
		w.damage = &Damage{
			Offset:    w.rec.Offset,
			Length:    int64(len(w.rec.Raw)),
			Reason:    TypeName(w.rec.Type, w.rec.Subtype) + ": " + fmt.Sprintf(format, args...),
			Resumable: true,
		}
	}
}

// Record makes rec the record whose elements Next gives. The error is what is
// known to be wrong with it already; [Walker.Err] has it too, so that callers
// may look there alone. The record's bytes must stay as they are until the
// last of its elements was used.
func (w *Walker) Record(rec Record) (Kind, error) {
	w.own = rec
	return w.Start(&w.own)
}

// Start is [Walker.Record] on a record of the caller's, which must stay as it
// is until the last of its elements was used: it saves a copy.
func (w *Walker) Start(rec *Record) (Kind, error) {
	w.rec = rec
	w.damage = nil
	w.given = 0
	w.nparts, w.part = 0, 0
	w.list, w.pos = nil, 0
	w.one = false
	w.treat, w.checked, w.zeroAS = false, false, false
	w.rib.left = 0
	w.forget(nil)
	w.elem.Time = rec.Time
	w.kind = w.start()
	if w.damage != nil {
		return w.kind, w.damage
	}
	return w.kind, nil
}

// forget drops what is known of the attributes at hand for those of b.
func (w *Walker) forget(b []byte) {
	w.attr = b
	w.parsed, w.pathFound = false, false
	w.seq++
}

func (w *Walker) start() Kind {
	b := w.rec.Body()
	switch w.rec.Type {
	case TypeBGP4MP:
		return w.bgp4mp(b)
	case TypeBGP4MPET:
		if len(b) < 4 {
			w.fault("%d bytes are too few for the microseconds", len(b))
			return KindDamaged
		}
		if us := binary.BigEndian.Uint32(b); us >= 1_000_000 {
			w.fault("%d microseconds in a second", us)
		}
		return w.bgp4mp(b[4:])
	case TypeTableDumpV2:
		return w.tableDumpV2(b)
	case TypeTableDump:
		return w.tableDump(b)
	case TypeBGP:
		return w.oldBGP(b)
	}
	return w.skip()
}

// skip counts a record that is passed over on purpose.
func (w *Walker) skip() Kind {
	if w.skipped == nil {
		w.skipped = make(map[[2]uint16]int64)
	}
	w.skipped[[2]uint16{w.rec.Type, w.rec.Subtype}]++
	return KindSkipped
}

// Next finds the record's next element that the filter lets through.
func (w *Walker) Next() bool {
	switch w.kind {
	case KindUpdate:
		if w.one {
			w.one = false
			w.given++
			return true
		}
		return w.nextPrefix()
	case KindRIB:
		if w.rec.Type == TypeTableDump {
			return w.nextDump()
		}
		return w.nextEntry()
	case KindState:
		if w.one {
			w.one = false
			w.given++
			return true
		}
	}
	return false
}

// What the subtypes of BGP4MP differ in.
const (
	traitKnown = 1 << iota
	traitAS4
	traitLocal
	traitAddPath
	traitState
)

var mpTraits = [...]uint8{
	MPStateChange:            traitKnown | traitState,
	MPMessage:                traitKnown,
	MPMessageAS4:             traitKnown | traitAS4,
	MPStateChangeAS4:         traitKnown | traitAS4 | traitState,
	MPMessageLocal:           traitKnown | traitLocal,
	MPMessageAS4Local:        traitKnown | traitAS4 | traitLocal,
	MPMessageAddPath:         traitKnown | traitAddPath,
	MPMessageAS4AddPath:      traitKnown | traitAS4 | traitAddPath,
	MPMessageLocalAddPath:    traitKnown | traitLocal | traitAddPath,
	MPMessageAS4LocalAddPath: traitKnown | traitAS4 | traitLocal | traitAddPath,
}

// bgp4mp decodes the head that BGP4MP records share (RFC 6396 §4.4).
func (w *Walker) bgp4mp(b []byte) Kind {
	e := &w.elem
	if int(w.rec.Subtype) >= len(mpTraits) || mpTraits[w.rec.Subtype]&traitKnown == 0 {
		return w.skip()
	}
	traits := mpTraits[w.rec.Subtype]
	if body, ok := w.quickHead(b, traits); ok {
		if body != nil {
			w.startUpdate(body, traits&traitAS4 != 0, traits&traitAddPath != 0, false)
		}
		return KindUpdate
	}
	as4, local := traits&traitAS4 != 0, traits&traitLocal != 0
	addPath, state := traits&traitAddPath != 0, traits&traitState != 0
	head := 8
	if as4 {
		head = 12
	}
	if len(b) < head {
		w.fault("%d bytes are too few for its head of %d", len(b), head)
		return KindDamaged
	}
	var peerAS, localAS uint32
	if as4 {
		peerAS, localAS = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	} else {
		peerAS, localAS = uint32(binary.BigEndian.Uint16(b)), uint32(binary.BigEndian.Uint16(b[2:]))
	}
	if state && (len(b) == head || len(b) == head+2) {
		// Zebra and FRR write state changes of sessions that have no addresses
		// yet without interface, family and addresses, or with the interface.
		if w.passes(State, netip.Addr{}, peerAS) {
			w.peer(peerAS, localAS, netip.Addr{}, nil, false)
			w.state(b[len(b)-4:])
		}
		return KindState
	}
	afi := binary.BigEndian.Uint16(b[head-2:])
	if afi == 0xffff && !state && allOnes(b[head-4:]) {
		// Zebra wrote OPEN messages without interface and addresses, so that
		// the marker follows the AS numbers.
		w.peer(peerAS, localAS, netip.Addr{}, nil, local)
		return w.message(b[head-4:], as4, addPath)
	}
	b = b[head:]
	var peer netip.Addr
	var self []byte
	switch {
	case afi == bgp.AFIv4 && len(b) >= 8:
		peer, self = netip.AddrFrom4([4]byte(b)), b[4:8]
		b = b[8:]
	case afi == bgp.AFIv6 && len(b) >= 32:
		peer, self = netip.AddrFrom16([16]byte(b)), b[16:32]
		b = b[32:]
	case afi == bgp.AFIv4 || afi == bgp.AFIv6:
		w.fault("record ends inside the peers' addresses")
		return KindDamaged
	default:
		w.fault("address family %d is unknown", afi)
		return KindDamaged
	}
	if state {
		if len(b) < 4 {
			w.fault("record ends inside the states")
			return KindDamaged
		}
		if w.passes(State, peer, peerAS) {
			w.peer(peerAS, localAS, peer, self, false)
			w.state(b)
		}
		return KindState
	}
	if f := w.filter; f != nil && !f.head(e.Time, peer, peerAS) {
		// The message may be of any kind; nobody asked.
		if len(b) > 18 && b[18] == bgp.MsgUpdate {
			return KindUpdate
		}
		return w.message(b, as4, addPath)
	}
	w.peer(peerAS, localAS, peer, self, local)
	return w.message(b, as4, addPath)
}

// quickHead is the way of nearly all records through bgp4mp and message: a
// whole UPDATE with nothing behind it. It returns its body, nil if the filter
// does not want it; false where a closer look is needed.
func (w *Walker) quickHead(b []byte, traits uint8) (body []byte, ok bool) {
	const least = 8 + 8 + bgp.HeaderLen + 4
	if traits&traitState != 0 || len(b) < least {
		return nil, false
	}
	var peerAS, localAS uint32
	at := 8
	if traits&traitAS4 != 0 {
		peerAS, localAS = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		at = 12
	} else {
		peerAS, localAS = uint32(binary.BigEndian.Uint16(b)), uint32(binary.BigEndian.Uint16(b[2:]))
	}
	var peer netip.Addr
	var self []byte
	a := b[at:]
	switch binary.BigEndian.Uint16(b[at-2:]) {
	case bgp.AFIv4:
		peer, self, at = netip.AddrFrom4([4]byte(a)), a[4:8], at+8
	case bgp.AFIv6:
		if len(a) < 32 {
			return nil, false
		}
		peer, self, at = netip.AddrFrom16([16]byte(a)), a[16:32], at+32
	default:
		return nil, false
	}
	m := b[at:]
	if len(m) < bgp.HeaderLen || !allOnes(m) || int(binary.BigEndian.Uint16(m[16:])) != len(m) || m[18] != bgp.MsgUpdate {
		return nil, false
	}
	if f := w.filter; f != nil && !f.head(w.elem.Time, peer, peerAS) {
		return nil, true
	}
	w.peer(peerAS, localAS, peer, self, traits&traitLocal != 0)
	return m[bgp.HeaderLen:], true
}

func allOnes(b []byte) bool {
	if len(b) < bgp.HeaderLen {
		return false
	}
	return binary.BigEndian.Uint64(b) == ^uint64(0) && binary.BigEndian.Uint64(b[8:]) == ^uint64(0)
}

// peer sets the fields of the element that all elements of the record share.
func (w *Walker) peer(as, localAS uint32, addr netip.Addr, localAddr []byte, local bool) {
	e := &w.elem
	e.w = w
	e.PeerAS, e.LocalAS = as, localAS
	e.PeerAddr = addr
	w.local = localAddr
	e.Local = local
	e.Originated = 0
	e.OldState, e.NewState = 0, 0
	e.PathID, e.HasPathID, e.Malformed, e.ZeroAS = 0, false, false, false
	e.PeerIndex = -1
}

// state sets up the one element of a state change.
func (w *Walker) state(b []byte) {
	e := &w.elem
	e.Kind = State
	e.AFI, e.SAFI = 0, 0
	e.Prefix = noPrefix
	e.OldState, e.NewState = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	w.one = true
}

// passes asks the filter about an element without prefix and path.
func (w *Walker) passes(k ElemKind, addr netip.Addr, as uint32) bool {
	f := w.filter
	return f == nil || f.bare(k, w.rec.Time, addr, as)
}

// message decodes a BGP message with its header (RFC 4271 §4.1).
func (w *Walker) message(b []byte, as4, addPath bool) Kind {
	if len(b) < bgp.HeaderLen {
		w.fault("%d bytes are too few for a BGP message", len(b))
		return KindDamaged
	}
	if !allOnes(b) {
		w.fault("the BGP message's marker is not all ones")
		return KindDamaged
	}
	n, cut := int(binary.BigEndian.Uint16(b[16:])), false
	typ := b[18]
	switch {
	case n < bgp.HeaderLen:
		w.fault("BGP message length %d is less than its header", n)
		return KindDamaged
	case n > len(b):
		w.fault("BGP message is cut short: %d of %d bytes are there", len(b), n)
		n, cut = len(b), true
	case n < len(b):
		w.fault("%d bytes follow the BGP message", len(b)-n)
	}
	b = b[bgp.HeaderLen:n]
	switch typ {
	case bgp.MsgUpdate:
		w.startUpdate(b, as4, addPath, cut)
		return KindUpdate
	case bgp.MsgOpen:
		return KindOpen
	case bgp.MsgNotification:
		return KindNotification
	case bgp.MsgKeepalive:
		return KindKeepalive
	case bgp.MsgRouteRefresh, bgp.MsgRouteRefreshOld:
		return KindRefresh
	}
	w.fault("BGP message type %d is unknown", typ)
	return KindDamaged
}

// oldBGP decodes the deprecated type 5: the peers, and the message without its
// header (RFC 6396 appendix B.2.6).
func (w *Walker) oldBGP(b []byte) Kind {
	switch w.rec.Subtype {
	case BGPStateChange:
		if len(b) < 10 {
			w.fault("%d bytes are too few for a state change of 10", len(b))
			return KindDamaged
		}
		peer, as := netip.AddrFrom4([4]byte(b[2:])), uint32(binary.BigEndian.Uint16(b))
		if w.passes(State, peer, as) {
			w.peer(as, 0, peer, nil, false)
			w.state(b[6:])
		}
		return KindState
	case BGPUpdate, BGPOpen, BGPNotification, BGPKeepalive:
	default:
		return w.skip()
	}
	if len(b) < 12 {
		w.fault("%d bytes are too few for its head of 12", len(b))
		return KindDamaged
	}
	peer, as := netip.AddrFrom4([4]byte(b[2:])), uint32(binary.BigEndian.Uint16(b))
	switch w.rec.Subtype {
	case BGPOpen:
		return KindOpen
	case BGPNotification:
		return KindNotification
	case BGPKeepalive:
		return KindKeepalive
	}
	if f := w.filter; f != nil && !f.head(w.rec.Time, peer, as) {
		return KindUpdate
	}
	w.peer(as, uint32(binary.BigEndian.Uint16(b[6:])), peer, b[8:12], false)
	w.startUpdate(b[12:], false, false, false)
	return KindUpdate
}
