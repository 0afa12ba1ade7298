package lab

import (
	"encoding/binary"
	"errors"
	"fmt"

	"constat/wire/mrt"
)

// ErrDamaged reports bytes that are no whole MRT records of the kinds that
// BIRD and FRR write.
var ErrDamaged = errors.New("damaged MRT")

// Restamp rewrites the times in a run of uncompressed MRT records, in place:
// the time of every record, and in a table dump (RFC 6396 §4.3.4) the time at
// which each route was received. Microseconds of extended records stay. It
// changes nothing else: no length, no order, no content. Where to is not
// increasing the result is as disordered as to says.
func Restamp(b []byte, to func(sec uint32) uint32) error {
	return walk(b, func(off int, rec []byte) error {
		if err := restampRecord(rec, to); err != nil {
			return fmt.Errorf("record at offset %d: %w", off, err)
		}
		return nil
	})
}

// walk calls f with every record, header included.
func walk(b []byte, f func(off int, rec []byte) error) error {
	for off := 0; off < len(b); {
		rest := b[off:]
		if len(rest) < mrt.HeaderLen {
			return fmt.Errorf("record at offset %d: %w: %d bytes of a header of %d", off, ErrDamaged, len(rest), mrt.HeaderLen)
		}
		n := binary.BigEndian.Uint32(rest[8:])
		if uint64(n) > uint64(len(rest)-mrt.HeaderLen) {
			return fmt.Errorf("record at offset %d: %w: it says %d bytes, %d are there", off, ErrDamaged, n, len(rest)-mrt.HeaderLen)
		}
		if err := f(off, rest[:mrt.HeaderLen+int(n)]); err != nil {
			return err
		}
		off += mrt.HeaderLen + int(n)
	}
	return nil
}

func stamp(rec []byte) uint32 { return binary.BigEndian.Uint32(rec) }
func kind(rec []byte) (typ, subtype uint16) {
	return binary.BigEndian.Uint16(rec[4:]), binary.BigEndian.Uint16(rec[6:])
}

func restampRecord(rec []byte, to func(uint32) uint32) error {
	typ, subtype := kind(rec)
	binary.BigEndian.PutUint32(rec, to(stamp(rec)))
	switch typ {
	case mrt.TypeBGP4MP, mrt.TypeBGP4MPET:
		return nil // the one time there is
	case mrt.TypeTableDumpV2:
	default:
		return fmt.Errorf("%w: type %d is written by neither BIRD nor FRR, and where its times are is not known here", ErrDamaged, typ)
	}
	addPath := 0
	switch subtype {
	case mrt.V2PeerIndexTable: // no other time
		return nil
	case mrt.V2IPv4Unicast, mrt.V2IPv4Multicast, mrt.V2IPv6Unicast, mrt.V2IPv6Multicast:
	case mrt.V2IPv4UnicastAddPath, mrt.V2IPv4MulticastAddPth, mrt.V2IPv6UnicastAddPath, mrt.V2IPv6MulticastAddPth: // RFC 8050
		addPath = 4
	default:
		return fmt.Errorf("%w: TABLE_DUMP_V2 of subtype %d", ErrDamaged, subtype)
	}
	b := rec[mrt.HeaderLen:]
	if len(b) < 5 || len(b) < 5+(int(b[4])+7)/8+2 {
		return fmt.Errorf("%w: a table's entry ends in its prefix", ErrDamaged)
	}
	b = b[5+(int(b[4])+7)/8:]
	entries := int(binary.BigEndian.Uint16(b))
	b = b[2:]
	for range entries {
		if len(b) < 8+addPath {
			return fmt.Errorf("%w: a table's entry ends in its peer", ErrDamaged)
		}
		binary.BigEndian.PutUint32(b[2:], to(binary.BigEndian.Uint32(b[2:])))
		n := 8 + addPath + int(binary.BigEndian.Uint16(b[6+addPath:]))
		if len(b) < n {
			return fmt.Errorf("%w: a table's entry ends in its attributes", ErrDamaged)
		}
		b = b[n:]
	}
	if len(b) != 0 {
		return fmt.Errorf("%w: %d bytes after a table's last entry", ErrDamaged, len(b))
	}
	return nil
}
