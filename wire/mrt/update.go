package mrt

import (
	"net/netip"

	"constat/wire/bgp"
)

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
			e.Kind, e.AFI, e.SAFI, e.Prefix = EndOfRIB, afi, safi, netip.Prefix{}
			w.one = true
		}
		return
	}
	f := w.filter
	if f == nil || f.kinds&Withdrawals != 0 {
		w.addPart(Withdraw, bgp.MPAttr{AFI: bgp.AFIv4, SAFI: bgp.SAFIUnicast, NLRI: u.Withdrawn}, addPath, false)
		for _, m := range u.Unreach() {
			w.addPart(Withdraw, m, addPath, true)
		}
	}
	if f == nil || f.kinds&Announcements != 0 || w.treat {
		w.addPart(Announce, bgp.MPAttr{AFI: bgp.AFIv4, SAFI: bgp.SAFIUnicast, NLRI: u.Announced}, addPath, false)
		for _, m := range u.Reach() {
			w.addPart(Announce, m, addPath, true)
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
func (w *Walker) addPart(kind ElemKind, m bgp.MPAttr, addPath, mp bool) {
	afi, safi, b := m.AFI, m.SAFI, m.NLRI
	if len(b) == 0 {
		return
	}
	if afi != bgp.AFIv4 && afi != bgp.AFIv6 || safi < bgp.SAFIUnicast || safi > bgp.SAFIBoth {
		if w.families == nil {
			w.families = make(map[[2]uint16]int64)
		}
		w.families[[2]uint16{afi, uint16(safi)}]++
		return
	}
	n := bgp.NLRI{Bytes: b, AFI: afi, SAFI: safi, AddPath: addPath}
	shape := n.Walk()
	if !addPath && (!shape.OK() || shape.Zeros > 1 || w.guessedOf != nil) {
		shape = w.guessAddPath(&n, shape)
	}
	if !shape.OK() {
		// What comes before the bad length may be shifted garbage, unless
		// the list is merely cut off.
		good := 0
		if shape.Cut {
			good = shape.Good
		}
		w.fault("list of prefixes: %s (%d) after %d bytes", shape.Reason, shape.Got, shape.Good)
		n.Bytes = b[:good]
		if good == 0 {
			return
		}
	}
	w.parts[w.nparts] = part{nlri: n, rest: n.Bytes, hop: m.NextHop, kind: kind, mp: mp}
	w.nparts++
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
	for w.part < w.nparts {
		p := &w.parts[w.part]
		b := p.rest
		limit := 32
		if p.nlri.AFI == bgp.AFIv6 {
			limit = 128
		}
		for len(b) > 0 {
			var id uint32
			if p.nlri.AddPath {
				if len(b) < 5 {
					break
				}
				id = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
				b = b[4:]
			}
			bits := int(b[0])
			end := 1 + (bits+7)>>3
			if bits > limit || end > len(b) {
				break // addPart has seen to it that this does not happen
			}
			raw := b[1:end]
			b = b[end:]
			if f := w.filter; f != nil && f.byPrefix && !f.prefixOrLater(raw, bits, p.nlri.AFI) {
				continue
			}
			e := &w.elem
			e.Prefix = bgp.MakePrefix(raw, bits, p.nlri.AFI)
			if !w.admit(p, raw, bits) {
				continue
			}
			e.AFI, e.SAFI = p.nlri.AFI, p.nlri.SAFI
			e.PathID, e.HasPathID = id, p.nlri.AddPath
			p.rest = b
			w.given++
			return true
		}
		p.rest = nil
		w.part++
	}
	return false
}

// admit settles the kind of the element at hand and asks the filter what it
// wants to know beyond the prefix.
func (w *Walker) admit(p *part, raw []byte, bits int) bool {
	e := &w.elem
	e.Kind, e.MP, e.Malformed = p.kind, p.mp, false
	w.hop = p.hop
	if p.kind == Announce {
		if !w.treat && !w.pathFound {
			// The first announcement to be given: its AS path has to make
			// sense (RFC 7606 §7.2).
			e.Path()
			if w.update.Has(bgp.AttrASPath) && !w.path.IsValid() {
				w.updateFault(&bgp.AttrError{Action: bgp.TreatAsWithdraw, Code: bgp.AttrASPath, Detail: "malformed segment", Got: -1}, 1)
			}
		}
		if w.treat {
			e.Kind, e.Malformed = Withdraw, true
		}
	}
	f := w.filter
	if f == nil {
		return true
	}
	return f.admit(e, raw, bits)
}
