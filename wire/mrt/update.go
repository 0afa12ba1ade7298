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
// before announcements, IPv4's own fields before MP attributes.
func (w *Walker) startUpdate(body []byte, as4, addPath bool) {
	u := &w.update
	u.Parse(body, as4)
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
	if !ok || !addPath && (zeros > 1 || w.guessedOf != nil) {
		b, addPath = w.doubtful(b, afi, safi, addPath)
		if len(b) == 0 {
			return
		}
	}
	if f := w.filter; f != nil && f.byPrefix && !f.either && !f.prefixes.matchesAny(b, afi, addPath) {
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
	e.Malformed = false
	if kind == Announce {
		w.hop = hop
		if w.treat {
			e.Kind, e.Malformed = Withdraw, true
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

// doubtful decides how to read a list that cannot be read as its record says,
// or that looks as if it should not. It returns what of it can be read, and
// whether with path identifiers.
func (w *Walker) doubtful(b []byte, afi uint16, safi uint8, addPath bool) ([]byte, bool) {
	n := bgp.NLRI{Bytes: b, AFI: afi, SAFI: safi, AddPath: addPath}
	shape := n.Walk()
	if !addPath {
		shape = w.guessAddPath(&n, shape)
	}
	if shape.OK() {
		return b, n.AddPath
	}
	w.fault("list of prefixes: %s (%d) after %d bytes", shape.Reason, shape.Got, shape.Good)
	if !shape.Cut {
		// What comes before an impossible length may be shifted garbage too.
		return nil, false
	}
	return b[:shape.Good], n.AddPath
}

// guessAddPath decides whether a list of a record that does not announce path
// identifiers has them all the same. Read as one without, a list with
// identifiers shows impossible lengths, or the default route more than once: the
// zeros of small identifiers. Collectors have written such lists. Identifiers
// are read where only that makes sense, and where a list of the same session
// and family has shown them before and this one has sense with them.
func (w *Walker) guessAddPath(n *bgp.NLRI, plain bgp.Shape) bgp.Shape {
	who := guessedPeer{w.elem.PeerAddr, n.AFI}
	if _, known := w.guessedOf[who]; !known && plain.OK() && plain.Zeros <= 1 {
		return plain
	}
	n.AddPath = true
	if with := n.Walk(); with.OK() && with.Zeros <= 1 {
		if w.guessedOf == nil {
			w.guessedOf = make(map[guessedPeer]struct{})
		}
		w.guessedOf[who] = struct{}{}
		w.guessed++
		return with
	}
	n.AddPath = false
	return plain
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

// checkPath looks into the AS path of an UPDATE whose announcements somebody
// asked for: it has to make sense (RFC 7606 §7.2).
func (w *Walker) checkPath() {
	w.checked = true
	if w.update.Has(bgp.AttrASPath) && !w.update.PathOK() {
		w.updateFault(&bgp.AttrError{Action: bgp.TreatAsWithdraw, Code: bgp.AttrASPath, Detail: "malformed segment", Got: -1}, 1)
		w.elem.Kind, w.elem.Malformed = Withdraw, true
	}
}
