package mrt

import (
	"encoding/binary"

	"constat/wire/bgp"
)

// part is one list of prefixes of an UPDATE.
type part struct {
	list    []byte
	hop     []byte // as in MP_REACH_NLRI
	afi     uint16
	safi    uint8
	kind    ElemKind
	addPath bool
	mp      bool
}

// startUpdate cuts an UPDATE into its lists of prefixes. Withdrawals come
// before announcements, IPv4's own fields before MP attributes. With cut the
// record holds only the beginning of the message.
func (w *Walker) startUpdate(body []byte, as4, addPath, cut bool) {
	u := &w.update
	if cut {
		u.ParseCut(body, as4)
	} else {
		u.Parse(body, as4)
	}
	w.ctx = bgp.Context{AS4: as4, AddPath: addPath}
	w.attr = u.Attributes
	if err, n := u.Err(); err != nil {
		w.updateFault(err, n)
	} else if afi, safi, ok := u.EndOfRIB(); ok && w.damage == nil {
		if f := w.filter; f == nil || f.endOfRIB() {
			e := &w.elem
			e.Kind, e.AFI, e.SAFI = EndOfRIB, afi, safi
			e.Prefix = noPrefix
			w.one = true
		}
		return
	}
	kinds := AllKinds
	if w.filter != nil {
		kinds = w.filter.kinds
	}
	if kinds&Withdrawals != 0 {
		if len(u.Withdrawn) > 0 {
			w.addPart(Withdraw, u.Withdrawn, nil, bgp.AFIv4, bgp.SAFIUnicast, addPath, false)
		}
		for i := range u.Unreach() {
			m := &u.Unreach()[i]
			w.addPart(Withdraw, m.NLRI, nil, m.AFI, m.SAFI, addPath, true)
		}
	}
	if kinds&(Announcements|Withdrawals) == Withdrawals && (len(u.Announced) > 0 || len(u.Reach()) > 0) {
		w.checkPath() // its routes may have to be treated as withdrawn
	}
	if kinds&Announcements != 0 || w.treat {
		if len(u.Announced) > 0 {
			w.addPart(Announce, u.Announced, nil, bgp.AFIv4, bgp.SAFIUnicast, addPath, false)
		}
		for i := range u.Reach() {
			m := &u.Reach()[i]
			w.addPart(Announce, m.NLRI, m.NextHop, m.AFI, m.SAFI, addPath, true)
		}
	}
}

// updateFault notes what is wrong with an UPDATE and what follows.
func (w *Walker) updateFault(err *bgp.AttrError, n int) {
	if n > 1 {
		w.fault("%v (and %d more)", err, n-1)
	} else {
		w.fault("%v", err)
	}
	if err.Action == bgp.TreatAsWithdraw || w.update.TreatAsWithdraw() {
		w.treat = true
	}
}

// addPart appends a list of prefixes if it is of a family that elements have
// and can be read.
func (w *Walker) addPart(kind ElemKind, b, hop []byte, afi uint16, safi uint8, addPath, mp bool) {
	if len(b) == 0 {
		return
	}
	if afi-1 > bgp.AFIv6-1 || safi-1 > bgp.SAFIBoth-1 {
		if w.families == nil {
			w.families = make(map[[2]uint16]int64)
		}
		w.families[[2]uint16{afi, uint16(safi)}]++
		return
	}
	zeros, ok := walkPrefixes(b, afi, addPath)
	// A list with identifiers looks plain only if its first byte is no zero, as
	// those of small identifiers are.
	if !ok || zeros > 0 && !addPath || addPath && b[0] != 0 {
		b, addPath = w.doubtful(b, afi, safi, addPath)
		if len(b) == 0 {
			return
		}
	}
	if f := w.filter; f != nil && f.byPrefix && !f.either && !f.anyOf(b, afi, addPath) {
		return
	}
	if w.list == nil { // the first, and mostly the only one
		w.open(kind, b, hop, afi, safi, addPath, mp)
		return
	}
	p := &w.parts[w.nparts]
	w.nparts++
	p.list, p.hop = b, hop
	p.afi, p.safi = afi, safi
	p.kind, p.addPath, p.mp = kind, addPath, mp
}

// open begins a list: what its elements share is set once.
func (w *Walker) open(kind ElemKind, b, hop []byte, afi uint16, safi uint8, addPath, mp bool) {
	e := &w.elem
	w.list, w.pos = b, 0
	e.AFI, e.SAFI = afi, safi
	e.PathID, e.HasPathID = 0, addPath
	e.Kind, e.MP = kind, mp
	e.Malformed, e.ZeroAS = false, false
	if kind == Announce {
		w.hop = hop
		if w.treat {
			e.Kind, e.Malformed, e.ZeroAS = Withdraw, true, w.zeroAS
		}
	}
}

// walkPrefixes is [bgp.NLRI.Walk] for the list that is as it should be, quicker
// for saying nothing about others: how many prefixes are default routes, and
// whether all can be read.
func walkPrefixes(b []byte, afi uint16, addPath bool) (zeros int, ok bool) {
	limit := 32
	if afi == bgp.AFIv6 {
		limit = 128
	}
	i := 0
	if addPath {
		for i+4 < len(b) {
			bits := int(b[i+4])
			if bits > limit {
				return 0, false
			}
			if bits == 0 {
				zeros++
			}
			i += 5 + (bits+7)>>3
		}
		return zeros, i == len(b)
	}
	for i < len(b) {
		bits := int(b[i])
		if bits > limit {
			return 0, false
		}
		if bits == 0 {
			zeros++
		}
		i += 1 + (bits+7)>>3
	}
	return zeros, i == len(b)
}

// nextPrefix finds the next prefix of the UPDATE that the filter lets through.
func (w *Walker) nextPrefix() bool {
	e := &w.elem
	f := w.filter
	for {
		i := w.pos
		if i >= len(w.list) {
			if w.part == w.nparts {
				return false
			}
			p := &w.parts[w.part]
			w.part++
			w.open(p.kind, p.list, p.hop, p.afi, p.safi, p.addPath, p.mp)
			continue
		}
		b := w.list
		if e.HasPathID {
			e.PathID = binary.BigEndian.Uint32(b[i:])
			i += 4
		}
		bits := int(b[i]) // addPart has seen to it that this is so
		start := i + 1
		i = start + (bits+7)>>3
		w.pos = i
		if f != nil && f.byPrefix && !f.prefixOrLater(b[start:i], bits, e.AFI) {
			continue
		}
		if e.AFI == bgp.AFIv4 {
			e.Prefix = bgp.MakePrefix4(b[start:i], bits)
		} else {
			e.Prefix = bgp.MakePrefix(b[start:i], bits, e.AFI)
		}
		if e.Kind == Announce && !w.checked {
			w.checkPath()
		}
		if f != nil && !f.admit(e, b[start:i], bits) {
			continue
		}
		w.given++
		return true
	}
}

// NextList is [Walker.Next] for whoever wants the prefixes of an UPDATE as they
// stand in it: it returns the next of its lists, of one family and either announced
// or withdrawn. The list can be read to its end, and has at least one prefix. What
// its elements share is in [Walker.Elem]; Prefix and PathID are not set. What Next
// gives that is in no list, an End-of-RIB, it gives when there are no more.
//
// It is for walkers without a filter.
func (w *Walker) NextList() (bgp.NLRI, bool) {
	if w.kind != KindUpdate {
		return bgp.NLRI{}, false
	}
	e := &w.elem
	if w.pos >= len(w.list) {
		if w.part == w.nparts {
			return bgp.NLRI{}, false
		}
		p := &w.parts[w.part]
		w.part++
		w.open(p.kind, p.list, p.hop, p.afi, p.safi, p.addPath, p.mp)
	}
	l := bgp.NLRI{Bytes: w.list[w.pos:], AFI: e.AFI, SAFI: e.SAFI, AddPath: e.HasPathID}
	w.pos = len(w.list)
	e.Prefix = noPrefix
	if e.Kind == Announce && !w.checked {
		w.checkPath()
	}
	w.given++
	return l, true
}

// checkPath looks into the AS path of an UPDATE whose announcements somebody
// asked for: it has to make sense (RFC 7606 §7.2, RFC 7607).
func (w *Walker) checkPath() {
	w.checked = true
	if err, zero := w.update.CheckPath(); err != nil {
		w.updateFault(err, 1)
		w.zeroAS = zero
		e := &w.elem
		e.Kind, e.Malformed, e.ZeroAS = Withdraw, true, zero
	}
}
