package mrt_test

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"constat/wire/mrt"
)

// Records made by hand, for tests and as seeds of the fuzz targets.

func u16(v int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func u32(v int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(v)) }

func cat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// when is the time of records made here: 22 December 2014, 16:15:07 UTC.
const when = 1419264907

func record(typ, subtype int, body ...[]byte) []byte {
	b := cat(body...)
	return cat(u32(when), u16(typ), u16(subtype), u32(len(b)), b)
}

func ip(s string) []byte { return netip.MustParseAddr(s).AsSlice() }

// prefixes writes NLRI; with ids, a path identifier before each.
func prefixes(ids []int, ps ...string) []byte {
	var out []byte
	for i, s := range ps {
		p := netip.MustParsePrefix(s)
		if ids != nil {
			out = append(out, u32(ids[i])...)
		}
		out = append(out, byte(p.Bits()))
		out = append(out, p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
	}
	return out
}

func attr(flags, code int, value ...[]byte) []byte {
	v := cat(value...)
	if len(v) > 255 {
		return cat([]byte{byte(flags | 0x10), byte(code)}, u16(len(v)), v)
	}
	return cat([]byte{byte(flags), byte(code), byte(len(v))}, v)
}

// seq is one AS_SEQUENCE segment of four-byte numbers, seq2 of two-byte ones.
func seq(as ...int) []byte {
	out := []byte{2, byte(len(as))}
	for _, a := range as {
		out = append(out, u32(a)...)
	}
	return out
}

func seq2(as ...int) []byte {
	out := []byte{2, byte(len(as))}
	for _, a := range as {
		out = append(out, u16(a)...)
	}
	return out
}

func originAttr() []byte          { return attr(0x40, 1, []byte{0}) }
func pathAttr(as ...int) []byte   { return attr(0x40, 2, seq(as...)) }
func nextHopAttr(s string) []byte { return attr(0x40, 3, ip(s)) }
func reach(afi, safi int, hop, nlri []byte) []byte {
	return attr(0x80, 14, u16(afi), []byte{byte(safi), byte(len(hop))}, hop, []byte{0}, nlri)
}
func unreach(afi, safi int, nlri []byte) []byte {
	return attr(0x80, 15, u16(afi), []byte{byte(safi)}, nlri)
}

// update is the body of an UPDATE.
func update(withdrawn, attrs, nlri []byte) []byte {
	return cat(u16(len(withdrawn)), withdrawn, u16(len(attrs)), attrs, nlri)
}

func message(typ int, body []byte) []byte {
	marker := slices.Repeat([]byte{0xff}, 16)
	return cat(marker, u16(len(body)+19), []byte{byte(typ)}, body)
}

// peerHead is the head of a BGP4MP record with four-byte AS numbers.
func peerHead(as int) []byte {
	return cat(u32(as), u32(12654), u16(0), u16(1), ip("192.0.2.1"), ip("192.0.2.254"))
}

func peerHead2(as int) []byte {
	return cat(u16(as), u16(12654), u16(0), u16(1), ip("192.0.2.1"), ip("192.0.2.254"))
}

// peerHead6 is that of a session over IPv6.
func peerHead6(as int) []byte {
	return cat(u32(as), u32(12654), u16(0), u16(2), ip("2001:db8::1"), ip("2001:db8::fe"))
}

// narrowRecord is an UPDATE over a session with two-byte AS numbers: ORIGIN,
// NEXT_HOP and the given attributes.
func narrowRecord(attrs []byte) []byte {
	return record(mrt.TypeBGP4MP, mrt.MPMessage, peerHead2(64500), message(2, update(nil, cat(originAttr(), nextHopAttr("192.0.2.1"), attrs), prefixes(nil, "175.45.176.0/24"))))
}

// updateRecord is an UPDATE of AS 64500 in a BGP4MP_MESSAGE_AS4 record.
func updateRecord(withdrawn, attrs, nlri []byte) []byte {
	return record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), message(2, update(withdrawn, attrs, nlri)))
}

func plainAttrs() []byte {
	return cat(originAttr(), pathAttr(64500, 4837, 131279), nextHopAttr("192.0.2.1"))
}

// indexRecord is a peer index table of an IPv4 and an IPv6 peer.
func indexRecord() []byte {
	return record(mrt.TypeTableDumpV2, mrt.V2PeerIndexTable, ip("192.0.2.254"), u16(4), []byte("view"), u16(2),
		[]byte{2}, ip("192.0.2.1"), ip("192.0.2.1"), u32(64500),
		[]byte{1}, ip("192.0.2.2"), ip("2001:db8::2"), u16(64501))
}

// entry is one entry of a TABLE_DUMP_V2 record.
func entry(peer int, attrs []byte) []byte {
	return cat(u16(peer), u32(when-3600), u16(len(attrs)), attrs)
}

func ribRecord(subtype int, prefix string, entries ...[]byte) []byte {
	return record(mrt.TypeTableDumpV2, subtype, u32(7), prefixes(nil, prefix), u16(len(entries)), cat(entries...))
}

// oldEntry is one entry of a TABLE_DUMP record, without view and sequence.
func oldEntry(prefix string, as int) []byte {
	p := netip.MustParsePrefix(prefix)
	attrs := cat(originAttr(), attr(0x40, 2, seq2(as, 701, 80)), nextHopAttr("192.0.2.1"))
	return cat(p.Addr().AsSlice(), []byte{byte(p.Bits()), 1}, u32(when-7200), ip("192.0.2.1"), u16(as), u16(len(attrs)), attrs)
}

// handMade is one of each kind of record, whole and damaged.
func handMade() map[string][]byte {
	v4 := prefixes(nil, "175.45.176.0/24", "175.45.177.0/24")
	v6 := prefixes(nil, "2001:db8::/32", "2001:db8:1::/48")
	hop6 := ip("2001:db8::1")
	m := map[string][]byte{
		"announce":         updateRecord(nil, plainAttrs(), v4),
		"withdraw":         updateRecord(v4, nil, nil),
		"both":             updateRecord(prefixes(nil, "198.51.100.0/24"), plainAttrs(), v4),
		"end of rib":       updateRecord(nil, nil, nil),
		"end of rib v6":    updateRecord(nil, unreach(2, 1, nil), nil),
		"announce v6":      updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(2, 1, hop6, v6)), nil),
		"two hops":         updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(2, 1, cat(hop6, ip("fe80::1")), v6)), nil),
		"withdraw v6":      updateRecord(nil, unreach(2, 1, v6), nil),
		"v4 in mp":         updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(1, 1, ip("192.0.2.9"), v4)), nil),
		"multicast":        updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(1, 2, ip("192.0.2.9"), v4)), nil),
		"several families": updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(2, 1, hop6, v6), reach(1, 2, ip("192.0.2.9"), v4), nextHopAttr("192.0.2.1")), v4),
		"other family":     updateRecord(nil, cat(originAttr(), pathAttr(64500), reach(25, 70, ip("192.0.2.9"), []byte{1, 2, 3})), nil),
		"every attribute": updateRecord(nil, cat(plainAttrs(), attr(0x80, 4, u32(10)), attr(0x40, 5, u32(100)), attr(0x40, 6),
			attr(0xc0, 7, u32(64500), ip("192.0.2.7")), attr(0xc0, 8, u32(0xfc000001), u32(0xffffff01)), attr(0x80, 9, ip("192.0.2.8")),
			attr(0x80, 10, ip("192.0.2.9"), ip("192.0.2.10")), attr(0xc0, 16, []byte{0, 2, 0xfc, 0, 0, 0, 0, 1}),
			attr(0xc0, 32, u32(64500), u32(1), u32(2)), attr(0xc0, 35, u32(64500)), attr(0xc0, 99, []byte("new"))), v4),
		"sets":          updateRecord(nil, cat(originAttr(), attr(0x40, 2, seq(64500, 4837), []byte{1, 2}, u32(64501), u32(64502)), nextHopAttr("192.0.2.1")), v4),
		"confederation": updateRecord(nil, cat(originAttr(), attr(0x40, 2, []byte{3, 1}, u32(65001), []byte{4, 1}, u32(65002), seq(64500, 4837)), nextHopAttr("192.0.2.1")), v4),
		"as4 merge": record(mrt.TypeBGP4MP, mrt.MPMessage, peerHead2(64500), message(2, update(nil, cat(originAttr(), attr(0x40, 2, seq2(64500, 4837, 23456)),
			nextHopAttr("192.0.2.1"), attr(0xc0, 7, u16(23456), ip("192.0.2.7")), attr(0xc0, 17, seq(4837, 131279)), attr(0xc0, 18, u32(131279), ip("192.0.2.7"))), v4))),
		"as4 stale": record(mrt.TypeBGP4MP, mrt.MPMessage, peerHead2(64500), message(2, update(nil, cat(originAttr(), attr(0x40, 2, seq2(64500, 4837, 23456)),
			nextHopAttr("192.0.2.1"), attr(0xc0, 7, u16(4837), ip("192.0.2.7")), attr(0xc0, 17, seq(4837, 131279))), v4))),
		"add-path":                 record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead(64500), message(2, update(prefixes([]int{7}, "198.51.100.0/24"), plainAttrs(), prefixes([]int{1, 2}, "175.45.176.0/24", "175.45.177.0/24")))),
		"local":                    record(mrt.TypeBGP4MP, mrt.MPMessageAS4Local, peerHead(64500), message(2, update(nil, plainAttrs(), v4))),
		"microseconds":             record(mrt.TypeBGP4MPET, mrt.MPMessageAS4, u32(123456), peerHead(64500), message(2, update(nil, plainAttrs(), v4))),
		"state":                    record(mrt.TypeBGP4MP, mrt.MPStateChangeAS4, peerHead(64500), u16(6), u16(1)),
		"state of zebra":           record(mrt.TypeBGP4MP, mrt.MPStateChange, u16(64500), u16(12654), u16(3), u16(2)),
		"open":                     record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), message(1, cat([]byte{4}, u16(64500), u16(180), ip("192.0.2.1"), []byte{0}))),
		"keepalive":                record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), message(4, nil)),
		"old update":               record(mrt.TypeBGP, mrt.BGPUpdate, u16(3333), ip("193.0.0.56"), u16(12654), ip("192.0.2.254"), update(v4, cat(originAttr(), attr(0x40, 2, seq2(3333, 701)), nextHopAttr("193.0.0.56")), v4)),
		"old state":                record(mrt.TypeBGP, mrt.BGPStateChange, u16(3333), ip("193.0.0.56"), u16(1), u16(2)),
		"old keepalive":            record(mrt.TypeBGP, mrt.BGPKeepalive, u16(3333), ip("193.0.0.56"), u16(12654), ip("192.0.2.254")),
		"table dump":               record(mrt.TypeTableDump, mrt.DumpIPv4, u32(0), oldEntry("192.0.2.0/24", 3333)),
		"tables in one":            record(mrt.TypeTableDump, mrt.DumpIPv4, u32(0), oldEntry("192.0.2.0/24", 3333), oldEntry("198.51.100.0/24", 3549)),
		"rib":                      cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, plainAttrs()), entry(1, plainAttrs()))),
		"rib v6 short":             cat(indexRecord(), ribRecord(mrt.V2IPv6Unicast, "2001:db8::/32", entry(1, cat(originAttr(), pathAttr(64501), attr(0x80, 14, []byte{16}, hop6))))),
		"rib v6 full":              cat(indexRecord(), ribRecord(mrt.V2IPv6Unicast, "2001:db8::/32", entry(1, cat(originAttr(), pathAttr(64501), reach(2, 1, hop6, v6))))),
		"rib add-path":             cat(indexRecord(), record(mrt.TypeTableDumpV2, mrt.V2IPv4UnicastAddPath, u32(0), prefixes(nil, "175.45.176.0/24"), u16(1), u16(0), u32(when), u32(77), u16(len(plainAttrs())), plainAttrs())),
		"rib generic":              cat(indexRecord(), record(mrt.TypeTableDumpV2, mrt.V2Generic, u32(0), u16(1), []byte{1}, prefixes(nil, "175.45.176.0/24"), u16(0))),
		"geo peers":                record(mrt.TypeTableDumpV2, mrt.V2GeoPeerTable, ip("192.0.2.254"), u16(0), u32(0), u32(0), u16(0)),
		"no index":                 ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, plainAttrs())),
		"ospf":                     record(mrt.TypeOSPFv2, 0, u32(1), u32(2)),
		"hidden add-path":          updateRecord(nil, plainAttrs(), prefixes([]int{720, 721}, "175.45.176.0/24", "175.45.177.0/24")),
		"as4 and one aggregator":   narrowRecord(cat(attr(0x40, 2, seq2(64500, 4837, 23456)), attr(0xc0, 7, u16(4837), ip("192.0.2.7")), attr(0xc0, 17, seq(4837, 131279)))),
		"as4 confederation leads":  narrowRecord(cat(attr(0x40, 2, []byte{3, 1}, u16(65001), seq2(23456)), attr(0xc0, 17, seq(131279)))),
		"as4 confederation within": narrowRecord(cat(attr(0x40, 2, seq2(64500), []byte{3, 1}, u16(65001), seq2(4837, 23456)), attr(0xc0, 17, seq(4837, 131279)))),
		"plain in add-path":        record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead(64500), message(2, update(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24")))),
		"two plain in add-path":    record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead(64500), message(2, update(nil, plainAttrs(), v4))),
		"either in add-path":       record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead(64500), message(2, update(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24", "210.52.109.0/24")))),
		"either over ipv6":         record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead6(64500), message(2, update(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24", "210.52.109.0/24")))),
		"state of frr":             record(mrt.TypeBGP4MP, mrt.MPStateChangeAS4, u32(64500), u32(12654), u16(6), u16(1)),
		"state with interface":     record(mrt.TypeBGP4MP, mrt.MPStateChangeAS4, u32(64500), u32(12654), u16(3), u16(6), u16(1)),
		"state of bird":            record(mrt.TypeBGP4MP, mrt.MPStateChangeAS4, u32(64500), u32(12654), u16(0), u16(1), ip("0.0.0.0"), ip("0.0.0.0"), u16(6), u16(1)),
		"unknown types":            cat(record(64, 1, []byte("abcdefgh")), record(65, 2, []byte("xyz")), record(mrt.TypeBGP4MP, 12, []byte("0123456789"))),
		"start and dead":           cat(record(mrt.TypeStart, 0), record(mrt.TypeIAmDead, 0), updateRecord(nil, plainAttrs(), v4), record(mrt.TypeDie, 0)),
		"ipv6 community":           updateRecord(nil, cat(plainAttrs(), attr(0xc0, 25, make([]byte, 20))), v4),
		"empty path in a table":    cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(originAttr(), attr(0x40, 2), nextHopAttr("192.0.2.1"))))),
		"no path in a table":       cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, originAttr()))),
		// Damaged from here on.
		"no count":           cat(indexRecord(), record(mrt.TypeTableDumpV2, mrt.V2IPv4Unicast, u32(7), prefixes(nil, "175.45.176.0/24"), u16(0), entry(0, plainAttrs()))),
		"path of two bytes":  cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(originAttr(), attr(0x40, 2, seq2(64500, 4837, 1)), nextHopAttr("192.0.2.1"))), entry(1, plainAttrs()))),
		"path runs on":       cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(originAttr(), []byte{0x50, 2, 0xff, 0xff}, seq(64500, 131279))), entry(1, plainAttrs()))),
		"list runs on":       cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(plainAttrs(), []byte{0xc0, 8, 40, 1})))),
		"AS 0 in a table":    cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(originAttr(), pathAttr(64500, 0, 131279), nextHopAttr("192.0.2.1"))))),
		"AS 0":               updateRecord(nil, cat(originAttr(), pathAttr(64500, 0, 131279), nextHopAttr("192.0.2.1")), v4),
		"withdrawn runs on":  record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), message(2, cat(u16(500), v4, u16(0)))),
		"withdrawn too long": record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), message(2, cat(u16(6), prefixes(nil, "175.45.176.0/24"), u16(len(plainAttrs())), plainAttrs(), v4))),
		"bad ipv6 community": updateRecord(nil, cat(plainAttrs(), attr(0xc0, 25, make([]byte, 19))), v4),
		"impossible length":  updateRecord(nil, plainAttrs(), []byte{208, 250, 1, 2}),
		"prefix cut":         updateRecord(nil, plainAttrs(), cat(v4, []byte{24, 175})),
		"attributes run on":  updateRecord(nil, cat(originAttr(), []byte{0x40, 2, 99, 2}), v4),
		"twice":              updateRecord(nil, cat(plainAttrs(), attr(0x40, 5, u32(1)), attr(0x40, 5, u32(2))), v4),
		"bad origin":         updateRecord(nil, cat(attr(0x40, 1, []byte{9}), pathAttr(64500), nextHopAttr("192.0.2.1")), v4),
		"bad path":           updateRecord(nil, cat(originAttr(), attr(0x40, 2, []byte{2, 9, 1, 2}), nextHopAttr("192.0.2.1")), v4),
		"bad flags":          updateRecord(nil, cat(attr(0xc0, 1, []byte{0}), pathAttr(64500), nextHopAttr("192.0.2.1")), v4),
		"no origin":          updateRecord(nil, cat(pathAttr(64500), nextHopAttr("192.0.2.1")), v4),
		"bad marker":         record(mrt.TypeBGP4MP, mrt.MPMessageAS4, peerHead(64500), slices.Repeat([]byte{0xfe}, 16), u16(19), []byte{4}),
		"strange peer":       cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(9, plainAttrs()), entry(1, plainAttrs()))),
	}
	return m
}
