package text

import (
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Line writes elements as lines that people read:
//
//	2010-02-27T16:00:57Z announce 187.16.216.20 AS27664 190.8.76.0/24 path 27664 3549 22047 origin IGP next-hop 187.16.216.20
//
// A word precedes every value behind the prefix, and what a route does not have
// is left out. The zero value is ready; one value serves one walker.
type Line struct {
	Untold  Untold
	tail    []byte
	tailKey tailKey
}

// Untold is what the records of a source that is not MRT hold only because a
// record cannot be without it ([constat/wire/mrt/build]), and which is therefore
// not shown: any origin, a next hop of zeros.
type Untold struct{ Origin, NextHop bool }

// Append appends the line of e, an element of rec, with its newline.
func (t *Line) Append(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	dst = appendTime(dst, e.Time)
	dst = append(dst, ' ')
	dst = append(dst, e.Kind.String()...)
	dst = append(dst, ' ')
	if e.PeerAddr.IsValid() {
		dst = e.PeerAddr.AppendTo(dst)
	} else {
		dst = append(dst, '?')
	}
	dst = append(dst, " AS"...)
	dst = bgp.AppendUint(dst, e.PeerAS)
	switch e.Kind {
	case mrt.State:
		dst = append(dst, ' ')
		dst = append(dst, StateName(e.OldState)...)
		dst = append(dst, " to "...)
		dst = append(dst, StateName(e.NewState)...)
		return append(dst, '\n')
	case mrt.EndOfRIB:
		dst = append(dst, ' ')
		dst = append(dst, FamilyName(e.AFI, e.SAFI)...)
		return append(dst, '\n')
	}
	dst = append(dst, ' ')
	dst = e.Prefix.AppendTo(dst)
	if e.HasPathID {
		dst = append(dst, " path-id "...)
		dst = bgp.AppendUint(dst, e.PathID)
	}
	if e.SAFI != bgp.SAFIUnicast {
		dst = append(dst, " family "...)
		dst = append(dst, FamilyName(e.AFI, e.SAFI)...)
	}
	if e.Local {
		dst = append(dst, " sent-by-collector"...)
	}
	if e.Malformed {
		dst = append(dst, " announced-malformed"...)
	}
	if e.Kind == mrt.Withdraw {
		return append(dst, '\n')
	}
	if e.Originated != 0 {
		dst = append(dst, " since "...)
		dst = appendTime(dst, e.Originated)
	}
	if key := (tailKey{e.AttrSeq(), e.AFI, e.SAFI, e.MP}); t.tailKey != key {
		t.tailKey = key
		t.tail = t.lineTail(t.tail[:0], e)
	}
	return append(dst, t.tail...)
}

// lineTail writes the attributes and the newline.
func (t *Line) lineTail(dst []byte, e *mrt.Elem) []byte {
	a := e.Attrs()
	if a.Has(bgp.AttrASPath) {
		dst = append(dst, " path "...)
		if a.Path().Empty() {
			dst = append(dst, "()"...)
		} else {
			dst = a.Path().AppendText(dst)
		}
	}
	if a.Has(bgp.AttrOrigin) && !t.Untold.Origin {
		dst = append(dst, " origin "...)
		dst = append(dst, a.Origin.String()...)
	}
	if hop := e.NextHop(); hop.IsValid() && !(t.Untold.NextHop && hop.IsUnspecified()) {
		dst = append(dst, " next-hop "...)
		dst = hop.AppendTo(dst)
	}
	if a.Has(bgp.AttrMED) {
		dst = append(dst, " med "...)
		dst = bgp.AppendUint(dst, a.MED)
	}
	if a.Has(bgp.AttrLocalPref) {
		dst = append(dst, " local-pref "...)
		dst = bgp.AppendUint(dst, a.LocalPref)
	}
	if a.Atomic {
		dst = append(dst, " atomic"...)
	}
	if a.Has(bgp.AttrAggregator) {
		dst = append(dst, " aggregator AS"...)
		dst = bgp.AppendUint(dst, a.AggregatorAS)
		dst = append(dst, ' ')
		dst = a.AggregatorAddr.AppendTo(dst)
	}
	if n := a.NumCommunities(); n > 0 {
		dst = append(dst, " communities"...)
		for i := range n {
			dst = append(dst, ' ')
			dst = appendCommunity(dst, a.Community(i))
		}
	}
	if n := a.NumExtCommunities(); n > 0 {
		dst = append(dst, " extended"...)
		for i := range n {
			dst = append(dst, ' ')
			dst = appendExtCommunity(dst, a.ExtCommunity(i))
		}
	}
	if n := a.NumLarge(); n > 0 {
		dst = append(dst, " large"...)
		for i := range n {
			dst = append(dst, ' ')
			dst = appendLarge(dst, a.Large(i))
		}
	}
	return append(dst, '\n')
}

// StateName is the name of a session's state (RFC 4271 §8.2.2), with the two
// that Quagga adds.
func StateName(s uint16) string {
	names := [...]string{"Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established", "Clearing", "Deleted"}
	if s >= 1 && int(s) <= len(names) {
		return names[s-1]
	}
	if s == 0 { // sources that are not MRT may not tell what a state was before
		return "unknown"
	}
	return "state-" + string(bgp.AppendUint(nil, uint32(s)))
}

// FamilyName is the name of an address family.
func FamilyName(afi uint16, safi uint8) string {
	v := "ipv4"
	switch afi {
	case bgp.AFIv4:
	case bgp.AFIv6:
		v = "ipv6"
	default:
		v = "afi-" + string(bgp.AppendUint(nil, uint32(afi)))
	}
	switch safi {
	case bgp.SAFIUnicast:
		return v + "-unicast"
	case bgp.SAFIMulticast:
		return v + "-multicast"
	case bgp.SAFIBoth:
		return v + "-unicast-multicast"
	}
	return v + "-safi-" + string(bgp.AppendUint(nil, uint32(safi)))
}

func appendCommunity(dst []byte, c uint32) []byte {
	dst = bgp.AppendUint(dst, c>>16)
	dst = append(dst, ':')
	return bgp.AppendUint(dst, c&0xffff)
}

func appendLarge(dst []byte, c [3]uint32) []byte {
	dst = bgp.AppendUint(dst, c[0])
	dst = append(dst, ':')
	dst = bgp.AppendUint(dst, c[1])
	dst = append(dst, ':')
	return bgp.AppendUint(dst, c[2])
}

// appendExtCommunity writes route targets ("rt:") and route origins ("soo:")
// by their parts (RFC 4360 §4, RFC 5668), all others as 16 hex digits.
func appendExtCommunity(dst []byte, c [8]byte) []byte {
	kind := ""
	switch c[1] {
	case 2:
		kind = "rt:"
	case 3:
		kind = "soo:"
	}
	if kind != "" {
		switch c[0] {
		case 0: // two-byte AS, four-byte number
			dst = append(dst, kind...)
			dst = bgp.AppendUint(dst, uint32(c[2])<<8|uint32(c[3]))
			dst = append(dst, ':')
			return bgp.AppendUint(dst, uint32(c[4])<<24|uint32(c[5])<<16|uint32(c[6])<<8|uint32(c[7]))
		case 1: // IPv4 address, two-byte number
			dst = append(dst, kind...)
			dst = appendIPv4(dst, c[2], c[3], c[4], c[5])
			dst = append(dst, ':')
			return bgp.AppendUint(dst, uint32(c[6])<<8|uint32(c[7]))
		case 2: // four-byte AS, two-byte number
			dst = append(dst, kind...)
			dst = bgp.AppendUint(dst, uint32(c[2])<<24|uint32(c[3])<<16|uint32(c[4])<<8|uint32(c[5]))
			dst = append(dst, ':')
			return bgp.AppendUint(dst, uint32(c[6])<<8|uint32(c[7]))
		}
	}
	for _, b := range c {
		dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
	}
	return dst
}
