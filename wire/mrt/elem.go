package mrt

import (
	"net/netip"

	"constat/moment"
	"constat/wire/bgp"
)

// Kind says what a record is.
type Kind uint8

// Kinds of records.
const (
	// KindSkipped is a record of no interest to routing, or of a kind that is
	// passed over on purpose (RIB_GENERIC, the geo peer table of RFC 6397,
	// other protocols, types unknown). [Walker.Skipped] counts them.
	KindSkipped   Kind = iota
	KindUpdate         // announcements and withdrawals, or an End-of-RIB
	KindRIB            // one prefix (or, in old dumps, several) of a table
	KindPeerIndex      // the peers that the RIB records to come refer to
	KindState          // a session changed state
	KindOpen
	KindNotification
	KindKeepalive
	KindRefresh
	KindDamaged // nothing of it could be read
)

var kindNames = [...]string{"skipped", "update", "rib", "peer index", "state", "open", "notification", "keepalive", "route refresh", "damaged"}

func (k Kind) String() string { return kindNames[k] }

// ElemKind says what an element is.
type ElemKind uint8

// Kinds of elements.
const (
	Announce ElemKind = iota + 1
	Withdraw
	RIBEntry
	State
	EndOfRIB
)

var elemNames = [...]string{"", "announce", "withdraw", "rib", "state", "end-of-rib"}

func (k ElemKind) String() string { return elemNames[k] }

// FSM states in state changes (RFC 6396 §4.4.1, RFC 4271 §8.2.2). Archives
// hold others, up to 8 from Quagga.
const (
	StateIdle        = 1
	StateConnect     = 2
	StateActive      = 3
	StateOpenSent    = 4
	StateOpenConfirm = 5
	StateEstablished = 6
)

// Elem is one element of a record. The walker owns it: it and what its methods
// return are valid until the walker's next call. Copying the exported fields is
// fine.
type Elem struct {
	Kind ElemKind
	SAFI uint8  // of the prefix or End-of-RIB: 1 unicast, 2 multicast, 3 both
	AFI  uint16 // of the prefix or End-of-RIB: 1 IPv4, 2 IPv6
	// HasPathID says that PathID was there (RFC 7911, RFC 8050).
	HasPathID bool
	// MP says that the prefix stood in MP_REACH_NLRI or MP_UNREACH_NLRI.
	MP bool
	// Malformed says that the UPDATE announced the prefix with attributes so
	// malformed that RFC 7606 has it treated as withdrawn; Kind is Withdraw.
	Malformed bool
	// Local says that the collector sent the message (the LOCAL subtypes).
	Local    bool
	OldState uint16
	NewState uint16
	PathID   uint32
	// PeerIndex is the peer's place in the peer index table, -1 outside
	// TABLE_DUMP_V2.
	PeerIndex int
	// PeerAS is 0 where the record says so; PeerAddr is invalid where the
	// record does not have it (a state change of 8 bytes, from Zebra).
	PeerAS  uint32
	LocalAS uint32 // 0 in table dumps
	Time    moment.Time
	// Originated is when a table's entry was learned; in tables only.
	Originated moment.Time
	PeerAddr   netip.Addr
	Prefix     netip.Prefix
	// ZeroAS says that Malformed is for nothing else than the AS number 0 in the
	// path (RFC 7607).
	ZeroAS bool

	w *Walker
}

// Attrs returns the path attributes of an announcement or of a table's entry,
// parsed on the first call for it into storage that is reused. For other kinds
// they are empty.
func (e *Elem) Attrs() *bgp.Attrs {
	w := e.w
	if e.Kind != Announce && e.Kind != RIBEntry {
		return &w.noAttrs
	}
	if !w.parsed {
		w.parsed = true
		w.attrs.Parse(w.attr, w.ctx)
		if w.kind == KindRIB {
			if err, _ := w.attrs.Err(); err != nil {
				w.attrFault("entry of peer %v, prefix %v: %v", e.PeerAddr, e.Prefix, err)
			}
		}
	}
	return &w.attrs
}

// NextHop returns the next hop that goes with the prefix: that of the
// MP_REACH_NLRI it stood in, the global one where there are two, or NEXT_HOP.
// Invalid where there is none.
func (e *Elem) NextHop() netip.Addr {
	if e.Kind == Announce && e.MP {
		switch hop := e.w.hop; len(hop) {
		case 4:
			return netip.AddrFrom4([4]byte(hop))
		case 16, 32:
			return netip.AddrFrom16([16]byte(hop))
		}
		return netip.Addr{}
	}
	a := e.Attrs()
	if e.Kind == Announce {
		if a.Has(bgp.AttrNextHop) {
			return a.NextHop
		}
		return netip.Addr{}
	}
	return a.Hop()
}

// Path returns the AS path of an announcement or of a table's entry, with
// AS4_PATH merged (RFC 6793), without parsing the other attributes. The path of
// a table's entry that cannot be read is not valid ([bgp.Path.IsValid]), and
// [Walker.Err] says so then. An entry may also have no path at all, as those of
// the collector's own routes; that is not an empty path either.
func (e *Elem) Path() bgp.Path {
	w := e.w
	if e.Kind != Announce && e.Kind != RIBEntry {
		return bgp.Path{}
	}
	if w.kind == KindUpdate && (w.ctx.AS4 || !w.update.Has(bgp.AttrAS4Path)) {
		return w.update.Path() // found on the way to the prefixes
	}
	return e.findPath()
}

// findPath is Path where the path has to be looked for.
func (e *Elem) findPath() bgp.Path {
	w := e.w
	if !w.pathFound {
		w.pathFound = true
		if w.ctx.AS4 {
			w.path = bgp.FindPath4(w.attr)
		} else {
			w.path, w.pathBuf = bgp.FindPath(w.attr, w.ctx, w.pathBuf)
		}
		if !w.path.IsValid() && w.kind == KindRIB {
			e.Attrs() // which says what is wrong
		}
	}
	return w.path
}

// CheckAttrs looks for attributes of a table's entry that do not fit their list
// and for an AS path that cannot be read, without reading the others; [Walker.Err]
// has what it finds. Those of an UPDATE were looked at before.
func (e *Elem) CheckAttrs() {
	if e.Kind != RIBEntry {
		return
	}
	if !bgp.ListFits(e.w.attr) {
		e.Attrs()
	}
	e.Path()
}

// OriginAS returns the AS that originated the route, the last of its path.
// False where the path is empty or ends in a set, and for kinds without a path.
func (e *Elem) OriginAS() (uint32, bool) { return e.Path().Origin() }

// AppendPath appends the AS numbers of the path to dst, sets and confederation
// segments flattened, and returns the extended slice.
func (e *Elem) AppendPath(dst []uint32) []uint32 {
	if w := e.w; w.ctx.AS4 {
		switch {
		case e.Kind == Announce:
			return w.update.AppendPath(dst)
		case e.Kind == RIBEntry && !w.pathFound:
			// Each entry has a path of its own: it is not worth keeping.
			n := len(dst)
			if dst = bgp.AppendPath4(dst, w.attr); len(dst) == n {
				e.Path() // empty, or none
			}
			return dst
		}
	}
	return e.Path().Append(dst)
}

// AttrBytes returns the path attributes as they came; nil for kinds without.
func (e *Elem) AttrBytes() []byte {
	if e.Kind != Announce && e.Kind != RIBEntry {
		return nil
	}
	return e.w.attr
}

// AttrSeq is a number that stays the same for elements that share one set of
// attributes, those of one UPDATE, and changes otherwise: it lets callers keep
// what they made of the attributes.
func (e *Elem) AttrSeq() uint64 { return e.w.seq }

// LocalAddr is the collector's address in the session; invalid where the record
// does not have it, as in table dumps.
func (e *Elem) LocalAddr() netip.Addr {
	a, _ := netip.AddrFromSlice(e.w.local)
	return a
}

// PeerEntry is one peer of a PEER_INDEX_TABLE (RFC 6396 §4.3.1).
type PeerEntry struct {
	BGPID netip.Addr
	Addr  netip.Addr
	AS    uint32
}

// PeerIndex is a PEER_INDEX_TABLE.
type PeerIndex struct {
	CollectorID netip.Addr
	ViewName    string
	Peers       []PeerEntry
}
