// Package bgp decodes BGP messages as they stand in routing archives: the
// UPDATE (RFC 4271, RFC 4760), its path attributes, AS paths with two- and
// four-byte AS numbers (RFC 6793), communities (RFC 1997, 4360, 8092), and the
// prefixes of NLRI with and without path identifiers (RFC 7911).
//
// It is lazy and does not copy: values are views on the message's bytes and
// are valid as long as these are. Nothing allocates in proportion to a length
// field, and no input makes it panic.
//
// Malformed attributes are treated as RFC 7606 asks a speaker to treat them:
// see [AttrError].
package bgp

import (
	"encoding/binary"
	"fmt"
)

// Message types (RFC 4271 §4.1, RFC 2918).
const (
	MsgOpen         = 1
	MsgUpdate       = 2
	MsgNotification = 3
	MsgKeepalive    = 4
	MsgRouteRefresh = 5
	// MsgRouteRefreshOld is the code that early implementations used for
	// ROUTE-REFRESH before RFC 2918.
	MsgRouteRefreshOld = 128
)

// HeaderLen is the length of a message's header: marker, length, type.
const HeaderLen = 19

// Address families and subsequent address families (RFC 4760).
const (
	AFIv4 = 1
	AFIv6 = 2

	SAFIUnicast   = 1
	SAFIMulticast = 2
	// SAFIBoth is the deprecated "unicast and multicast" of RFC 2858, found
	// in archives up to about 2005.
	SAFIBoth = 3
)

// Path attribute type codes (IANA, "BGP Path Attributes").
const (
	AttrOrigin          = 1
	AttrASPath          = 2
	AttrNextHop         = 3
	AttrMED             = 4
	AttrLocalPref       = 5
	AttrAtomicAggregate = 6
	AttrAggregator      = 7
	AttrCommunities     = 8
	AttrOriginatorID    = 9
	AttrClusterList     = 10
	AttrMPReach         = 14
	AttrMPUnreach       = 15
	AttrExtCommunities  = 16
	AttrAS4Path         = 17
	AttrAS4Aggregator   = 18
	AttrIPv6ExtComm     = 25
	AttrLargeComm       = 32
	AttrOnlyToCustomer  = 35
)

// Path attribute flags (RFC 4271 §4.3).
const (
	FlagOptional   = 0x80
	FlagTransitive = 0x40
	FlagPartial    = 0x20
	FlagExtended   = 0x10
)

// ASTrans stands in for an AS number that does not fit two bytes (RFC 6793).
const ASTrans = 23456

// Origin is the ORIGIN attribute (RFC 4271 §5.1.1).
type Origin uint8

// The values of ORIGIN.
const (
	OriginIGP        Origin = 0
	OriginEGP        Origin = 1
	OriginIncomplete Origin = 2
)

func (o Origin) String() string {
	switch o {
	case OriginIGP:
		return "IGP"
	case OriginEGP:
		return "EGP"
	case OriginIncomplete:
		return "INCOMPLETE"
	}
	return fmt.Sprintf("ORIGIN %d", uint8(o))
}

// Action is what RFC 7606 §2 asks for when an attribute is malformed.
type Action uint8

const (
	// Discard drops the attribute; the routes stand.
	Discard Action = iota + 1
	// TreatAsWithdraw takes the routes of the UPDATE for withdrawn.
	TreatAsWithdraw
	// Unreadable says that the routes themselves cannot be told from the bytes. A
	// speaker would reset the session; a reader skips what it cannot read.
	Unreadable
)

func (a Action) String() string {
	switch a {
	case Discard:
		return "attribute discarded"
	case TreatAsWithdraw:
		return "routes treated as withdrawn"
	case Unreadable:
		return "routes unreadable"
	}
	return fmt.Sprintf("action %d", uint8(a))
}

// AttrError says what is wrong with an UPDATE or its attributes and what
// follows from it (RFC 7606). It is a value, kept in the structure that found
// it, so that finding one does not allocate.
type AttrError struct {
	Action Action
	Code   uint8  // attribute type code, 0 where it is not one attribute's fault
	Detail string // what is wrong, a constant
	Got    int    // the offending length or value, -1 where there is none
}

func (e *AttrError) Error() string {
	s := e.Detail
	if e.Code != 0 {
		s = AttrName(e.Code) + ": " + s
	}
	if e.Got >= 0 {
		s = fmt.Sprintf("%s (%d)", s, e.Got)
	}
	return s + ": " + e.Action.String()
}

// AttrName returns the name of a path attribute's type code.
func AttrName(code uint8) string {
	switch code {
	case AttrOrigin:
		return "ORIGIN"
	case AttrASPath:
		return "AS_PATH"
	case AttrNextHop:
		return "NEXT_HOP"
	case AttrMED:
		return "MULTI_EXIT_DISC"
	case AttrLocalPref:
		return "LOCAL_PREF"
	case AttrAtomicAggregate:
		return "ATOMIC_AGGREGATE"
	case AttrAggregator:
		return "AGGREGATOR"
	case AttrCommunities:
		return "COMMUNITIES"
	case AttrOriginatorID:
		return "ORIGINATOR_ID"
	case AttrClusterList:
		return "CLUSTER_LIST"
	case AttrMPReach:
		return "MP_REACH_NLRI"
	case AttrMPUnreach:
		return "MP_UNREACH_NLRI"
	case AttrExtCommunities:
		return "EXTENDED COMMUNITIES"
	case AttrAS4Path:
		return "AS4_PATH"
	case AttrAS4Aggregator:
		return "AS4_AGGREGATOR"
	case AttrIPv6ExtComm:
		return "IPV6 EXTENDED COMMUNITIES"
	case AttrLargeComm:
		return "LARGE COMMUNITIES"
	case AttrOnlyToCustomer:
		return "ONLY_TO_CUSTOMER"
	}
	return fmt.Sprintf("attribute %d", code)
}

// be16, be32 and be64 read big-endian numbers; the caller has checked the length.
func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
func be64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
