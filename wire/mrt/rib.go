package mrt

import (
	"encoding/binary"
	"net/netip"

	"constat/moment"
	"constat/wire/bgp"
)

// ribCursor stands in the entries of a table's record.
type ribCursor struct {
	prefix netip.Prefix
	body   []byte // entries, one behind the other
	pos    int    // of the next
	left   int    // entries to come
	count  int
	// TABLE_DUMP only
	v6, as4 bool
}

// RIBPrefix is the prefix of a KindRIB record of TABLE_DUMP_V2, known before
// any of its entries. Invalid if the filter lets no entry of it through.
func (w *Walker) RIBPrefix() netip.Prefix { return w.rib.prefix }

// RIBEntries is how many entries a KindRIB record of TABLE_DUMP_V2 says it
// has. To skip them all, do not call Next.
func (w *Walker) RIBEntries() int { return w.rib.count }

// tableDumpV2 decodes the head of a TABLE_DUMP_V2 record (RFC 6396 §4.3, RFC
// 8050 §4).
func (w *Walker) tableDumpV2(b []byte) Kind {
	afi, safi, addPath := uint16(bgp.AFIv4), uint8(bgp.SAFIUnicast), false
	switch w.rec.Subtype {
	case V2PeerIndexTable:
		return w.peerIndex(b)
	case V2IPv4Unicast:
	case V2IPv4Multicast:
		safi = bgp.SAFIMulticast
	case V2IPv6Unicast:
		afi = bgp.AFIv6
	case V2IPv6Multicast:
		afi, safi = bgp.AFIv6, bgp.SAFIMulticast
	case V2IPv4UnicastAddPath:
		addPath = true
	case V2IPv4MulticastAddPth:
		safi, addPath = bgp.SAFIMulticast, true
	case V2IPv6UnicastAddPath:
		afi, addPath = bgp.AFIv6, true
	case V2IPv6MulticastAddPth:
		afi, safi, addPath = bgp.AFIv6, bgp.SAFIMulticast, true
	default:
		return w.skip()
	}
	w.rib = ribCursor{}
	if len(b) < 5 {
		w.fault("%d bytes are too few for a prefix", len(b))
		return KindDamaged
	}
	bits := int(b[4])
	n := (bits + 7) >> 3
	if afi == bgp.AFIv4 && bits > 32 || bits > 128 {
		w.fault("prefix length %d is impossible", bits)
		return KindDamaged
	}
	b = b[5:]
	if len(b) < n+2 {
		w.fault("record ends inside its prefix")
		return KindDamaged
	}
	f := w.filter
	if f != nil {
		if !f.kindsAndTime(RIBEntries, w.rec.Time) {
			return KindRIB
		}
		if f.byPrefix && !f.prefixOrLater(b[:n], bits, afi) {
			return KindRIB
		}
	}
	if !w.hasIdx {
		w.fault("no peer index table came before it: whose routes these are is unknown")
		return KindDamaged
	}
	e := &w.elem
	e.w = w
	e.Kind = RIBEntry
	e.MP, e.Malformed, e.ZeroAS, e.Local = false, false, false, false
	e.LocalAS, w.local = 0, nil
	e.OldState, e.NewState = 0, 0
	e.PathID, e.HasPathID = 0, addPath
	e.AFI, e.SAFI = afi, safi
	e.Prefix = bgp.MakePrefix(b[:n], bits, afi)
	w.ctx = bgp.Context{AS4: true, AddPath: addPath, RIB: true}
	w.rib.prefix = e.Prefix
	w.rib.count = int(binary.BigEndian.Uint16(b[n:]))
	w.rib.left = w.rib.count
	w.rib.body = b[n+2:]
	if w.rib.count == 0 && len(w.rib.body) > 0 {
		w.fault("it counts no entries, and %d bytes follow", len(w.rib.body))
	}
	return KindRIB
}

// nextEntry finds the next entry of a TABLE_DUMP_V2 record that the filter
// lets through.
func (w *Walker) nextEntry() bool {
	e := &w.elem
	c := &w.rib
	for c.left > 0 {
		b := c.body[c.pos:]
		if len(b) < 8 {
			w.cutEntries("the record ends inside an entry")
			return false
		}
		h := binary.BigEndian.Uint64(b) // peer, time, length; with a path identifier, its upper half
		head, n := 8, int(h&0xffff)
		if e.HasPathID {
			if len(b) < 12 {
				w.cutEntries("the record ends inside an entry")
				return false
			}
			head, n = 12, int(binary.BigEndian.Uint16(b[10:]))
		}
		end := head + n
		if end > len(b) {
			w.cutEntries("an entry's attributes run past the end of the record")
			return false
		}
		c.left--
		c.pos += end
		if c.left == 0 && end < len(b) {
			w.fault("%d bytes follow its last entry", len(b)-end)
		}
		peer := int(h >> 48)
		if peer >= len(w.index.Peers) {
			w.fault("an entry names peer %d of %d", peer, len(w.index.Peers))
			continue
		}
		f := w.filter
		if f != nil && w.wanted != nil && !w.wanted[peer] {
			continue
		}
		p := &w.index.Peers[peer]
		e.PeerAddr, e.PeerAS, e.PeerIndex = p.Addr, p.AS, peer
		e.Originated = moment.Time(h>>16&0xffffffff) * moment.Second
		if e.HasPathID {
			e.PathID = binary.BigEndian.Uint32(b[6:])
		}
		w.forget(b[head:end])
		if f != nil && f.deep && !f.admitPath(e) {
			continue
		}
		w.given++
		return true
	}
	return false
}

// cutEntries gives up on the entries that are left.
func (w *Walker) cutEntries(why string) {
	w.fault("%s: %d of %d entries are lost", why, w.rib.left, w.rib.count)
	w.rib.left = 0
}

// peerIndex decodes a PEER_INDEX_TABLE (RFC 6396 §4.3.1).
func (w *Walker) peerIndex(b []byte) Kind {
	w.hasIdx = false
	w.wanted = nil
	w.index = PeerIndex{Peers: w.index.Peers[:0]}
	if len(b) < 8 {
		w.fault("%d bytes are too few for its head", len(b))
		return KindDamaged
	}
	w.index.CollectorID = netip.AddrFrom4([4]byte(b))
	n := int(binary.BigEndian.Uint16(b[4:]))
	b = b[6:]
	if len(b) < n+2 {
		w.fault("record ends inside the view's name")
		return KindDamaged
	}
	w.index.ViewName = string(b[:n])
	count := int(binary.BigEndian.Uint16(b[n:]))
	b = b[n+2:]
	for i := range count {
		if len(b) < 5 {
			w.fault("record ends inside peer %d of %d", i, count)
			break
		}
		typ := b[0]
		p := PeerEntry{BGPID: netip.AddrFrom4([4]byte(b[1:]))}
		addr, as := 4, 2
		if typ&1 != 0 {
			addr = 16
		}
		if typ&2 != 0 {
			as = 4
		}
		b = b[5:]
		if len(b) < addr+as {
			w.fault("record ends inside peer %d of %d", i, count)
			break
		}
		if addr == 16 {
			p.Addr = netip.AddrFrom16([16]byte(b))
		} else {
			p.Addr = netip.AddrFrom4([4]byte(b))
		}
		if as == 4 {
			p.AS = binary.BigEndian.Uint32(b[addr:])
		} else {
			p.AS = uint32(binary.BigEndian.Uint16(b[addr:]))
		}
		w.index.Peers = append(w.index.Peers, p)
		b = b[addr+as:]
	}
	w.hasIdx = true
	if f := w.filter; f != nil && f.byPeer {
		w.wanted = make([]bool, len(w.index.Peers))
		for i := range w.index.Peers {
			w.wanted[i] = f.peer(w.index.Peers[i].Addr, w.index.Peers[i].AS)
		}
	}
	return KindPeerIndex
}

// tableDump begins a TABLE_DUMP record (RFC 6396 §4.2). It holds one entry;
// writers of about 2000 put many into one record, one behind the other.
func (w *Walker) tableDump(b []byte) Kind {
	w.rib = ribCursor{}
	switch w.rec.Subtype {
	case DumpIPv4:
	case DumpIPv6:
		w.rib.v6 = true
	case DumpIPv4AS4:
		w.rib.as4 = true
	case DumpIPv6AS4:
		w.rib.v6, w.rib.as4 = true, true
	default:
		return w.skip()
	}
	if len(b) < 4 {
		w.fault("%d bytes are too few for view and sequence", len(b))
		return KindDamaged
	}
	if f := w.filter; f != nil && !f.kindsAndTime(RIBEntries, w.rec.Time) {
		return KindRIB
	}
	e := &w.elem
	e.w = w
	e.Kind = RIBEntry
	e.MP, e.Malformed, e.ZeroAS, e.Local = false, false, false, false
	e.LocalAS, w.local = 0, nil
	e.OldState, e.NewState = 0, 0
	e.PathID, e.HasPathID, e.PeerIndex = 0, false, -1
	e.AFI, e.SAFI = bgp.AFIv4, bgp.SAFIUnicast
	if w.rib.v6 {
		e.AFI = bgp.AFIv6
	}
	w.ctx = bgp.Context{AS4: w.rib.as4, RIB: true}
	w.rib.body = b[4:]
	w.rib.left = 1
	return KindRIB
}

// nextDump finds the next entry of a TABLE_DUMP record that the filter lets
// through: prefix, length, status, time, peer, its AS, attributes.
func (w *Walker) nextDump() bool {
	e := &w.elem
	f := w.filter
	ip, as := 4, 2
	if w.rib.v6 {
		ip = 16
	}
	if w.rib.as4 {
		as = 4
	}
	head := 2*ip + 6 + as + 2
	for w.rib.left > 0 && (w.rib.pos < len(w.rib.body) || w.rib.count == 0) {
		b := w.rib.body[w.rib.pos:]
		if len(b) < head {
			w.fault("record ends inside entry %d", w.rib.count+1)
			w.rib.left = 0
			return false
		}
		n := int(binary.BigEndian.Uint16(b[head-2:]))
		bits := int(b[ip])
		if head+n > len(b) || bits > 8*ip {
			w.fault("entry %d makes no sense: prefix length %d, %d bytes of attributes where %d are left",
				w.rib.count+1, bits, n, len(b)-head)
			w.rib.left = 0
			return false
		}
		w.rib.count++
		w.rib.pos += head + n
		raw := b[:(bits+7)>>3]
		if f != nil && f.byPrefix && !f.prefixOrLater(raw, bits, e.AFI) {
			continue
		}
		e.Originated = moment.Time(binary.BigEndian.Uint32(b[ip+2:])) * moment.Second
		p := b[ip+6:]
		if w.rib.v6 {
			e.PeerAddr = netip.AddrFrom16([16]byte(p))
		} else {
			e.PeerAddr = netip.AddrFrom4([4]byte(p))
		}
		if w.rib.as4 {
			e.PeerAS = binary.BigEndian.Uint32(p[ip:])
		} else {
			e.PeerAS = uint32(binary.BigEndian.Uint16(p[ip:]))
		}
		if f != nil && f.byPeer && !f.peer(e.PeerAddr, e.PeerAS) {
			continue
		}
		e.Prefix = bgp.MakePrefix(raw, bits, e.AFI)
		w.forget(b[head : head+n])
		if f != nil && f.deep && !f.admitPath(e) {
			continue
		}
		w.given++
		return true
	}
	w.rib.left = 0
	return false
}
