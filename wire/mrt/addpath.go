package mrt

import "constat/wire/bgp"

// A record's subtype says whether the lists of prefixes in it have path
// identifiers (RFC 8050 §3), and some writers are wrong about it. FRR takes the
// subtype from the address family of the session's transport, so that plain IPv4
// lists of an IPv6 session stand in ADD-PATH records when the session negotiated
// ADD-PATH for IPv6, and IPv6 lists with identifiers of an IPv4 session stand in
// plain records. Other collectors never use the ADD-PATH subtypes.
//
// What a list is read as depends on its own bytes, on what its record says and on
// the family of the record's peer, and on nothing else: not on records before it
// and not on the filter.

// doubtful decides how to read a list that cannot be read as its record says,
// or that looks as if it should not. It returns what of it can be read, and
// whether with path identifiers.
func (w *Walker) doubtful(b []byte, afi uint16, safi uint8, addPath bool) ([]byte, bool) {
	said := bgp.NLRI{Bytes: b, AFI: afi, SAFI: safi, AddPath: addPath}
	other := said
	other.AddPath = !addPath
	shape, turned := said.Walk(), other.Walk()
	if turned.OK() {
		if addPath {
			if !shape.OK() && turned.Zeros <= 1 {
				w.guessedPlain++
				return b, false
			}
			// Read with identifiers, a list of plain prefixes has identifiers that
			// begin with a prefix's length: two /24s become one prefix with an
			// identifier of 24<<24 and more.
			if shape.OK() && turned.Zeros == 0 && tidy(other) {
				if (afi == bgp.AFIv4) != w.elem.PeerAddr.Is4() || turned.Count >= 4 || alike(b) {
					w.guessedPlain++
					return b, false
				}
				w.ambiguous++
			}
		} else if !shape.OK() || shape.Zeros > 1 {
			// Read without, a list with identifiers has lengths that cannot be, or
			// the default route more than once: the zeros of small identifiers.
			if turned.Zeros <= 1 {
				w.guessed++
				return b, true
			}
		} else if turned.Zeros == 0 && tidy(other) && !tidy(said) {
			w.guessed++
			return b, true
		}
	}
	if shape.OK() {
		return b, addPath
	}
	w.fault("list of prefixes: %s (%d) after %d bytes", shape.Reason, shape.Got, shape.Good)
	if !shape.Cut {
		// What comes before an impossible length may be shifted garbage too.
		return nil, false
	}
	return b[:shape.Good], addPath
}

// tidy reports whether every prefix of a list that can be walked looks like one
// that somebody announces: the default route, or not shorter than /8 (IPv6: /16),
// in unicast space, without bits beyond its length.
func tidy(n bgp.NLRI) bool {
	least, skip := 8, 0
	if n.AFI == bgp.AFIv6 {
		least = 16
	}
	if n.AddPath {
		skip = 4
	}
	for b := n.Bytes; len(b) > 0; {
		bits := int(b[skip])
		p := b[skip+1:]
		if bits == 0 {
			b = p
			continue
		}
		if bits < least {
			return false
		}
		size := (bits + 7) >> 3
		if n.AFI == bgp.AFIv6 && p[0]>>5 != 1 || n.AFI == bgp.AFIv4 && (p[0] == 0 || p[0] == 127 || p[0] >= 224) {
			return false
		}
		if r := bits & 7; r != 0 && p[size-1]<<r != 0 {
			return false
		}
		b = p[size:]
	}
	return true
}

// alike reports whether all prefixes of a plain list that can be walked begin
// with the same byte. In one UPDATE neighbouring prefixes are common; an
// identifier drawn at random looks like a neighbour once in 256 times.
func alike(b []byte) bool {
	first := b[1]
	for len(b) > 0 {
		if b[1] != first {
			return false
		}
		b = b[1+(int(b[0])+7)>>3:]
	}
	return true
}
