package lab

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// A vantage is a peer of a collector.
type vantage struct {
	collector string
	addr      netip.Addr
}

// change is what one record said about one of the subject's prefixes.
type change struct {
	at     uint32
	who    vantage
	prefix netip.Prefix
	held   bool
}

// changes reads what the records say about some IPv4 prefixes and those inside
// them. BIRD puts IPv4
// routes into the message's own fields (RFC 4271 §4.3), and this reads those
// alone.
func changes(collector string, b []byte, of []netip.Prefix) ([]change, error) {
	var out []change
	err := walk(b, func(off int, rec []byte) error {
		typ, subtype := kind(rec)
		if typ != typeBGP4MP || subtype != 1 && subtype != 4 {
			return nil // no message
		}
		bad := func(what string) error { return fmt.Errorf("record at offset %d: %w: %s", off, ErrDamaged, what) }
		m := rec[mrtHeader:]
		asLen := 2
		if subtype == 4 {
			asLen = 4
		}
		if len(m) < 2*asLen+4+8+19 {
			return bad("no room for a BGP message")
		}
		if binary.BigEndian.Uint16(m[2*asLen+2:]) != 1 {
			return nil // a session over IPv6
		}
		peer, _ := netip.AddrFromSlice(m[2*asLen+4 : 2*asLen+8])
		m = m[2*asLen+12:]
		if m[18] != 2 { // UPDATE
			return nil
		}
		m = m[19:]
		if len(m) < 2 {
			return bad("no withdrawn routes length")
		}
		n := int(binary.BigEndian.Uint16(m))
		if len(m) < 2+n+2 {
			return bad("withdrawn routes beyond the message")
		}
		withdrawn := m[2 : 2+n]
		m = m[2+n:]
		n = int(binary.BigEndian.Uint16(m))
		if len(m) < 2+n {
			return bad("attributes beyond the message")
		}
		announced := m[2+n:]
		for i, routes := range [][]byte{withdrawn, announced} {
			for len(routes) > 0 {
				bits := int(routes[0])
				size := (bits + 7) / 8
				if bits > 32 || len(routes) < 1+size {
					return bad("a prefix beyond its field")
				}
				var a [4]byte
				copy(a[:], routes[1:1+size])
				p := netip.PrefixFrom(netip.AddrFrom4(a), bits)
				if slices.ContainsFunc(of, func(o netip.Prefix) bool { return o.Bits() <= bits && o.Contains(p.Addr()) }) {
					out = append(out, change{stamp(rec), vantage{collector, peer}, p, i == 1})
				}
				routes = routes[1+size:]
			}
		}
		return nil
	})
	return out, err
}

// median is the lower middle value.
func median(ts []uint32) (uint32, bool) {
	if len(ts) == 0 {
		return 0, false
	}
	ts = slices.Clone(ts)
	slices.Sort(ts)
	return ts[(len(ts)-1)/2], true
}

// medianOf dates what happened in [from, until) by its median over vantages. A
// vantage's loss is when it lost the last of the prefixes, if it still holds
// none at the end; its return is when the first came back, if it held none
// before. cs holds the changes of all collectors from the beginning of the
// recording's session.
func medianOf(cs []change, loss bool, from, until uint32) (at uint32, vantages int, err error) {
	type seen struct {
		held   map[netip.Prefix]bool
		before int    // prefixes held when the interval began
		at     uint32 // last loss of everything, or first return
	}
	all := map[vantage]*seen{}
	// Collectors' files follow one another in cs: each vantage's own changes
	// are in order, which is all that is needed.
	for _, c := range cs {
		v := all[c.who]
		if v == nil {
			v = &seen{held: map[netip.Prefix]bool{}}
			all[c.who] = v
		}
		if c.at >= until {
			continue
		}
		had := len(v.held)
		if c.held {
			v.held[c.prefix] = true
		} else {
			delete(v.held, c.prefix)
		}
		switch {
		case c.at < from:
			v.before = len(v.held)
		case loss && had > 0 && len(v.held) == 0:
			v.at = c.at
		case !loss && v.before == 0 && had == 0 && len(v.held) > 0 && v.at == 0:
			v.at = c.at
		}
	}
	var ts []uint32
	for _, v := range all {
		if v.at != 0 && (!loss || len(v.held) == 0 && v.before > 0) {
			ts = append(ts, v.at)
		}
	}
	at, ok := median(ts)
	if !ok {
		return 0, 0, fmt.Errorf("no vantage %s the subject's prefixes then", map[bool]string{true: "lost", false: "got back"}[loss])
	}
	return at, len(ts), nil
}
