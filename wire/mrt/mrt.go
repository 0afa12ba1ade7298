// Package mrt reads routing archives in the MRT format: RFC 6396, with the
// ADD-PATH records of RFC 8050 and the deprecated types that archives of 1999
// to 2001 hold.
//
// [Reader] cuts a decompressed stream into records and says where it could
// not. [Walker] decodes a record's elements - one route of one peer announced,
// withdrawn or kept in a table - one at a time into a value that it reuses.
// Neither allocates for a record, and neither trusts a length field: memory
// grows only with bytes that are really there.
//
// Nothing that could not be read is passed over in silence. What is wrong with
// the framing comes from [Reader.Next] as a [*Damage]; what is wrong inside a
// record comes from [Walker.Err].
package mrt

import (
	"fmt"
	"io"

	"constat/moment"
)

// Record types (RFC 6396 §4 and §5.1, appendix B).
const (
	TypeNull        = 0
	TypeStart       = 1
	TypeDie         = 2
	TypeIAmDead     = 3
	TypePeerDown    = 4
	TypeBGP         = 5 // deprecated, used by archives up to 2000
	TypeRIP         = 6
	TypeIDRP        = 7
	TypeRIPng       = 8
	TypeBGP4Plus    = 9
	TypeBGP4Plus01  = 10
	TypeOSPFv2      = 11
	TypeTableDump   = 12
	TypeTableDumpV2 = 13
	TypeBGP4MP      = 16
	TypeBGP4MPET    = 17
	TypeISIS        = 32
	TypeISISET      = 33
	TypeOSPFv3      = 48
	TypeOSPFv3ET    = 49
)

// Subtypes of [TypeBGP] (RFC 6396 appendix B.2.6).
const (
	BGPNull         = 0
	BGPUpdate       = 1
	BGPPrefUpdate   = 2
	BGPStateChange  = 3
	BGPSync         = 4
	BGPOpen         = 5
	BGPNotification = 6
	BGPKeepalive    = 7
)

// Subtypes of [TypeTableDump]: the address family. The last two, with
// four-byte AS numbers, are in no RFC but in archives.
const (
	DumpIPv4    = 1
	DumpIPv6    = 2
	DumpIPv4AS4 = 3
	DumpIPv6AS4 = 4
)

// Subtypes of [TypeTableDumpV2] (RFC 6396 §4.3, RFC 6397, RFC 8050 §4).
const (
	V2PeerIndexTable      = 1
	V2IPv4Unicast         = 2
	V2IPv4Multicast       = 3
	V2IPv6Unicast         = 4
	V2IPv6Multicast       = 5
	V2Generic             = 6
	V2GeoPeerTable        = 7
	V2IPv4UnicastAddPath  = 8
	V2IPv4MulticastAddPth = 9
	V2IPv6UnicastAddPath  = 10
	V2IPv6MulticastAddPth = 11
	V2GenericAddPath      = 12
)

// Subtypes of [TypeBGP4MP] and [TypeBGP4MPET] (RFC 6396 §4.4, RFC 8050 §3).
const (
	MPStateChange            = 0
	MPMessage                = 1
	MPEntry                  = 2 // deprecated
	MPSnapshot               = 3 // deprecated
	MPMessageAS4             = 4
	MPStateChangeAS4         = 5
	MPMessageLocal           = 6
	MPMessageAS4Local        = 7
	MPMessageAddPath         = 8
	MPMessageAS4AddPath      = 9
	MPMessageLocalAddPath    = 10
	MPMessageAS4LocalAddPath = 11
)

// HeaderLen is the length of the common header (RFC 6396 §2). The microseconds
// of an extended record belong to its body.
const HeaderLen = 12

// MaxRecord is the longest body that is believed, in bytes. The longest that
// archives hold, peer index tables and prefixes with thousands of paths, stay
// far below it; a longer one means that the framing is broken.
const MaxRecord = 16 << 20

// Record is one record of the stream, not yet decoded.
type Record struct {
	// Offset is where the record begins in the uncompressed stream.
	Offset int64
	// Raw is header and body, verbatim. It is valid until the next call of
	// [Reader.Next].
	Raw []byte
	// Time is that of the header, with microseconds for extended types.
	Time          moment.Time
	Type, Subtype uint16
	// Short is how many bytes of Raw the length field left out. Writers of
	// about 2000 left out four, and Raw has them.
	Short uint8
}

// Body is the record without its header. For extended types (_ET) it begins
// with the microseconds.
func (r *Record) Body() []byte { return r.Raw[HeaderLen:] }

// Damage is something that could not be read, and where.
type Damage struct {
	// Offset in the uncompressed stream: of the first byte that could not be
	// read, where the framing is broken; of the record, where the framing
	// holds and the record is at fault.
	Offset int64
	// Length is how many bytes were passed over or belong to the record; 0
	// where nobody knows.
	Length int64
	// Reason says what is wrong, without file or offset.
	Reason string
	// Resumable says that reading goes on behind the damage. After damage
	// that is not resumable the reader returns io.EOF.
	Resumable bool
	// Partial says that some of the record's elements were given.
	Partial bool
	// Attributes says that nothing but attributes of a table's entries is at
	// fault: which peers have a route to which prefix is known.
	Attributes bool
	// Line is the line of a text, from 1, or -1 for one thing among others that
	// has no line: nothing but it was lost. 0 in MRT.
	Line int64
	// Err is the cause where there is one: io.ErrUnexpectedEOF for a
	// truncated file, or what the decompressor said.
	Err error
}

func (d *Damage) Error() string { return d.Place() + ": " + d.Reason }

// Place says where it is, in words.
func (d *Damage) Place() string {
	if d.Line > 0 {
		return fmt.Sprintf("line %d", d.Line)
	}
	return fmt.Sprintf("offset %d", d.Offset)
}

// Unwrap returns the cause.
func (d *Damage) Unwrap() error { return d.Err }

// TypeName returns the name of a record type and subtype, such as
// "BGP4MP_ET/MESSAGE_AS4".
func TypeName(typ, subtype uint16) string {
	var name string
	var subs []string
	switch typ {
	case TypeBGP:
		name = "BGP"
		subs = []string{"NULL", "UPDATE", "PREF_UPDATE", "STATE_CHANGE", "SYNC", "OPEN", "NOTIFY", "KEEPALIVE"}
	case TypeTableDump:
		name = "TABLE_DUMP"
		subs = []string{"", "AFI_IPv4", "AFI_IPv6", "AFI_IPv4_AS4", "AFI_IPv6_AS4"}
	case TypeTableDumpV2:
		name = "TABLE_DUMP_V2"
		subs = []string{"", "PEER_INDEX_TABLE", "RIB_IPV4_UNICAST", "RIB_IPV4_MULTICAST", "RIB_IPV6_UNICAST",
			"RIB_IPV6_MULTICAST", "RIB_GENERIC", "GEO_PEER_TABLE", "RIB_IPV4_UNICAST_ADDPATH",
			"RIB_IPV4_MULTICAST_ADDPATH", "RIB_IPV6_UNICAST_ADDPATH", "RIB_IPV6_MULTICAST_ADDPATH", "RIB_GENERIC_ADDPATH"}
	case TypeBGP4MP, TypeBGP4MPET:
		name = "BGP4MP"
		if typ == TypeBGP4MPET {
			name = "BGP4MP_ET"
		}
		subs = []string{"STATE_CHANGE", "MESSAGE", "ENTRY", "SNAPSHOT", "MESSAGE_AS4", "STATE_CHANGE_AS4",
			"MESSAGE_LOCAL", "MESSAGE_AS4_LOCAL", "MESSAGE_ADDPATH", "MESSAGE_AS4_ADDPATH",
			"MESSAGE_LOCAL_ADDPATH", "MESSAGE_AS4_LOCAL_ADDPATH"}
	case TypeOSPFv2:
		name = "OSPFv2"
	case TypeISIS:
		name = "ISIS"
	case TypeISISET:
		name = "ISIS_ET"
	case TypeOSPFv3:
		name = "OSPFv3"
	case TypeOSPFv3ET:
		name = "OSPFv3_ET"
	default:
		name = fmt.Sprintf("type %d", typ)
	}
	if int(subtype) < len(subs) && subs[subtype] != "" {
		return name + "/" + subs[subtype]
	}
	return fmt.Sprintf("%s/%d", name, subtype)
}

// errTruncated is the cause of damage at the end of a stream.
var errTruncated = io.ErrUnexpectedEOF
