// Package text writes elements of MRT records as lines: one that people read,
// the form of bgpdump -m, and JSON.
//
// Everything is appended to a buffer of the caller's; what elements share, the
// peer and the attributes, is written once and kept. docs/formats describes
// the forms.
package text

import (
	"bytes"
	"net/netip"

	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// Bgpdump writes elements as bgpdump -m does, byte for byte, its quirks
// included; docs/formats/bgpdump-m.md lists them. The zero value is ready; one
// value serves one file at a time.
type Bgpdump struct {
	head    []byte // of a record's announcements or withdrawals, up to the prefix
	headKey headKey

	tail    []byte // from behind the prefix to the newline
	tailKey tailKey

	prefix     []byte // of a table's record
	prefixThat netip.Prefix

	time    []byte // the time of the record, as text
	timeVal moment.Time
	timeET  bool

	peers []peerText // by peer index
}

// headKey says which elements of a record have the same head.
type headKey struct {
	seq  uint64
	kind mrt.ElemKind
	afi  uint16
}

// tailKey says whose attributes a tail was written from, and for which family.
type tailKey struct {
	seq  uint64
	afi  uint16
	safi uint8
	mp   bool
}

// peerText is what a table's entries of one peer share from one record to the
// next: "address|AS|", and the attributes that it had last with their text.
type peerText struct {
	addr  netip.Addr
	as    uint32
	text  []byte
	attrs []byte
	tail  []byte
}

// label is the first field of announcements and withdrawals.
func label(rec *mrt.Record, e *mrt.Elem) string {
	switch rec.Type {
	case mrt.TypeBGP:
		return "BGP|"
	case mrt.TypeTableDump:
		return "TABLE_DUMP|"
	case mrt.TypeTableDumpV2:
		if e.HasPathID {
			return "TABLE_DUMP2_AP|"
		}
		return "TABLE_DUMP2|"
	}
	et := rec.Type == mrt.TypeBGP4MPET
	if e.Kind == mrt.State {
		if et {
			return "BGP4MP_ET|"
		}
		return "BGP4MP|"
	}
	// bgpdump takes only two of the four LOCAL subtypes for local ones.
	local := rec.Subtype == mrt.MPMessageLocal || rec.Subtype == mrt.MPMessageAS4Local
	switch {
	case et && local && e.HasPathID:
		return "BGP4MP_ET_LOCAL_AP|"
	case et && local:
		return "BGP4MP_ET_LOCAL|"
	case et && e.HasPathID:
		return "BGP4MP_ET_AP|"
	case et:
		return "BGP4MP_ET|"
	case local && e.HasPathID:
		return "BGP4MP_LOCAL_AP|"
	case local:
		return "BGP4MP_LOCAL|"
	case e.HasPathID:
		return "BGP4MP_AP|"
	}
	return "BGP4MP|"
}

// Append appends the line of e, an element of rec, with its newline. It
// appends nothing for what bgpdump has no line for: End-of-RIB, and the entries
// of multicast tables.
func (t *Bgpdump) Append(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	if e.ZeroAS { // it knows nothing of RFC 7607
		was := *e
		was.Kind, was.ZeroAS = mrt.Announce, false
		e = &was
	}
	switch e.Kind {
	case mrt.RIBEntry:
		if e.SAFI == bgp.SAFIMulticast {
			return dst
		}
		return t.entry(dst, rec, e)
	case mrt.Announce, mrt.Withdraw:
	case mrt.State:
		dst = append(dst, label(rec, e)...)
		dst = append(dst, t.timeText(rec)...)
		dst = append(dst, "|STATE|"...)
		dst = appendAddr(dst, e.PeerAddr)
		dst = append(dst, '|')
		dst = bgp.AppendUint(dst, e.PeerAS)
		dst = append(dst, '|')
		dst = bgp.AppendUint(dst, uint32(e.OldState))
		dst = append(dst, '|')
		dst = bgp.AppendUint(dst, uint32(e.NewState))
		return append(dst, '\n')
	default:
		return dst
	}
	if key := (headKey{e.AttrSeq(), e.Kind, e.AFI}); t.headKey != key {
		t.headKey = key
		t.head = t.announceHead(t.head[:0], rec, e)
	}
	dst = append(dst, t.head...)
	if rec.Type == mrt.TypeBGP && e.Kind == mrt.Withdraw {
		// It prints both addresses through one buffer, so that the peer's
		// stands in the place of the prefix's.
		dst = appendAddr(dst, e.PeerAddr)
		dst = append(dst, '/')
		dst = bgp.AppendUint(dst, uint32(e.Prefix.Bits()))
		return append(dst, '\n')
	}
	dst = appendPrefix(dst, e.Prefix)
	if e.HasPathID {
		dst = append(dst, '|')
		dst = bgp.AppendUint(dst, e.PathID)
	}
	if e.Kind == mrt.Withdraw {
		return append(dst, '\n')
	}
	if key := (tailKey{e.AttrSeq(), e.AFI, e.SAFI, e.MP}); t.tailKey != key {
		t.tailKey = key
		t.tail = announceTail(t.tail[:0], rec, e)
	}
	return append(dst, t.tail...)
}

// announceHead writes "label|time|A|peer|as|".
func (t *Bgpdump) announceHead(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	dst = append(dst, label(rec, e)...)
	dst = append(dst, t.timeText(rec)...)
	if e.Kind == mrt.Announce {
		dst = append(dst, "|A|"...)
	} else {
		dst = append(dst, "|W|"...)
	}
	addr, as := e.PeerAddr, e.PeerAS
	switch rec.Subtype {
	case mrt.MPMessageLocalAddPath, mrt.MPMessageAS4LocalAddPath:
		// It takes the collector for the peer.
		addr, as = e.LocalAddr(), e.LocalAS
	case mrt.MPMessageLocal, mrt.MPMessageAS4Local:
		if e.Kind == mrt.Withdraw && e.AFI == bgp.AFIv6 && addr.Is4() {
			// It prints an IPv4 peer as if it were an IPv6 address.
			var b [16]byte
			a := addr.As4()
			copy(b[:], a[:])
			addr = netip.AddrFrom16(b)
		}
	}
	dst = appendAddr(dst, addr)
	dst = append(dst, '|')
	dst = bgp.AppendUint(dst, as)
	return append(dst, '|')
}

// announceTail writes what follows the prefix of an announcement, from the
// separator to the newline.
func announceTail(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	a := e.Attrs()
	dst = append(dst, '|')
	dst = appendPath(dst, a)
	dst = append(dst, '|')
	dst = append(dst, originText(a)...)
	dst = append(dst, '|')
	if hop := e.NextHop(); hop.IsValid() {
		dst = appendAddr(dst, hop)
	} else {
		dst = append(dst, noAddr...)
	}
	dst = append(dst, '|')
	// It prints numbers above 2^31 as negative in this one case.
	dst = appendNumbers(dst, a, e.MP && e.AFI == bgp.AFIv4)
	if rec.Type != mrt.TypeBGP { // there, nothing separates MED and communities
		dst = append(dst, '|')
	}
	if a.Has(bgp.AttrCommunities) {
		dst = appendCommunities(dst, a)
	}
	dst = append(dst, '|')
	return appendEnd(dst, a)
}

// appendEnd writes "AG|aggregator|" and the newline.
func appendEnd(dst []byte, a *bgp.Attrs) []byte {
	if a.Atomic {
		dst = append(dst, "AG|"...)
	} else {
		dst = append(dst, "NAG|"...)
	}
	if a.Has(bgp.AttrAggregator) && a.AggregatorAddr != allOnes4 {
		dst = bgp.AppendUint(dst, a.AggregatorAS)
		dst = append(dst, ' ')
		dst = appendAddr(dst, a.AggregatorAddr)
	}
	return append(dst, '|', '\n')
}

// noAddr is how it marks an IPv4 address that is not there.
const noAddr = "255.255.255.255"

var allOnes4 = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// appendNumbers writes "localpref|med".
func appendNumbers(dst []byte, a *bgp.Attrs, signed bool) []byte {
	var pref, med uint32
	if a.Has(bgp.AttrLocalPref) {
		pref = a.LocalPref
	}
	if a.Has(bgp.AttrMED) {
		med = a.MED
	}
	if signed {
		dst = appendInt(dst, int32(pref))
		dst = append(dst, '|')
		return appendInt(dst, int32(med))
	}
	dst = bgp.AppendUint(dst, pref)
	dst = append(dst, '|')
	return bgp.AppendUint(dst, med)
}

func appendInt(dst []byte, v int32) []byte {
	if v < 0 {
		dst = append(dst, '-')
		return bgp.AppendUint(dst, uint32(-int64(v)))
	}
	return bgp.AppendUint(dst, uint32(v))
}

func originText(a *bgp.Attrs) string {
	if a.Has(bgp.AttrOrigin) {
		switch a.Origin {
		case bgp.OriginIGP:
			return "IGP"
		case bgp.OriginEGP:
			return "EGP"
		}
	}
	return "INCOMPLETE"
}

// entry writes a table's entry.
func (t *Bgpdump) entry(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	dst = append(dst, label(rec, e)...)
	dst = append(dst, t.timeText(rec)...)
	dst = append(dst, "|B|"...)
	raw := e.AttrBytes()
	var p *peerText
	if i := e.PeerIndex; i >= 0 {
		for i >= len(t.peers) {
			t.peers = append(t.peers, peerText{})
		}
		p = &t.peers[i]
		if p.addr != e.PeerAddr || p.as != e.PeerAS || len(p.text) == 0 {
			*p = peerText{addr: e.PeerAddr, as: e.PeerAS, text: p.text[:0]}
			p.text = appendAddr(p.text, e.PeerAddr)
			p.text = append(p.text, '|')
			p.text = bgp.AppendUint(p.text, e.PeerAS)
			p.text = append(p.text, '|')
		}
		dst = append(dst, p.text...)
	} else {
		dst = appendAddr(dst, e.PeerAddr)
		dst = append(dst, '|')
		dst = bgp.AppendUint(dst, e.PeerAS)
		dst = append(dst, '|')
	}
	if t.prefixThat != e.Prefix {
		t.prefixThat = e.Prefix
		t.prefix = appendPrefix(t.prefix[:0], e.Prefix)
	}
	dst = append(dst, t.prefix...)
	dst = append(dst, '|')
	if e.HasPathID {
		dst = bgp.AppendUint(dst, e.PathID)
		dst = append(dst, '|')
	}
	// Neighbouring prefixes of one peer often have the same attributes.
	if p != nil {
		if len(p.tail) == 0 || !bytes.Equal(p.attrs, raw) {
			p.attrs = append(p.attrs[:0], raw...)
			p.tail = entryTail(p.tail[:0], rec, e)
			if err, _ := e.Attrs().Err(); err != nil {
				// Damage is to be met, and counted, each time.
				dst = append(dst, p.tail...)
				p.tail = p.tail[:0]
				return dst
			}
		}
		return append(dst, p.tail...)
	}
	return entryTail(dst, rec, e)
}

// entryTail writes a table's entry from the path to the newline.
func entryTail(dst []byte, rec *mrt.Record, e *mrt.Elem) []byte {
	a := e.Attrs()
	dst = appendPath(dst, a)
	dst = append(dst, '|')
	dst = append(dst, originText(a)...)
	dst = append(dst, '|')
	// It looks for the next hop of IPv6 unicast, where the short form of
	// MP_REACH_NLRI is kept whatever the family, then, in TABLE_DUMP_V2
	// only, for that of IPv4 unicast; multicast has none.
	m := &a.MPReach
	v6 := m.AFI == 0 || m.AFI == bgp.AFIv6 && m.SAFI == bgp.SAFIUnicast
	v4 := m.AFI == bgp.AFIv4 && m.SAFI == bgp.SAFIUnicast && rec.Type == mrt.TypeTableDumpV2
	if a.MPNextHop.IsValid() && (v6 || v4) {
		dst = appendAddr(dst, a.MPNextHop)
	} else if a.Has(bgp.AttrNextHop) {
		dst = appendAddr(dst, a.NextHop)
	} else {
		dst = append(dst, noAddr...)
	}
	dst = append(dst, '|')
	dst = appendNumbers(dst, a, false)
	dst = append(dst, '|')
	if a.Has(bgp.AttrCommunities) {
		dst = appendCommunities(dst, a)
	}
	dst = append(dst, '|')
	return appendEnd(dst, a)
}

// timeText is the record's time in seconds, with the microseconds of extended
// types.
func (t *Bgpdump) timeText(rec *mrt.Record) []byte {
	et := rec.Type == mrt.TypeBGP4MPET
	if len(t.time) == 0 || t.timeVal != rec.Time || t.timeET != et {
		t.timeVal, t.timeET = rec.Time, et
		t.time = bgp.AppendUint(t.time[:0], uint32(rec.Time.Sec()))
		if et {
			t.time = append(t.time, '.')
			us := rec.Time.Micro()
			for div := uint32(100000); div > 0; div /= 10 {
				t.time = append(t.time, byte('0'+us/div%10))
			}
		}
	}
	return t.time
}

// pathLimit is where it cuts the text of a path off.
const pathLimit = 8000 - 100

// appendPath writes the AS path, AS4_PATH merged in its own way.
func appendPath(dst []byte, a *bgp.Attrs) []byte {
	path, path4 := a.RawPaths()
	if _, size := path.Bytes(); size == 2 && !path4.Empty() && path.IsValid() && !a.AS4Stale() {
		// Unlike RFC 6793 it counts confederation segments, and, where several
		// segments precede AS4_PATH, repeats the first.
		if merged, ok := mergeLikeBgpdump(path, path4); ok {
			path = merged
		}
	}
	start := len(dst)
	first := true
	for rest := path; ; {
		s, r, more := rest.Cut()
		if !more {
			return dst
		}
		rest = r
		if !first {
			dst = append(dst, ' ')
		}
		first = false
		sep := byte(' ')
		switch s.Type {
		case bgp.SegSet:
			dst, sep = append(dst, '{'), ','
		case bgp.SegConfedSequence:
			dst = append(dst, '(')
		case bgp.SegConfedSet:
			dst, sep = append(dst, '['), ','
		}
		for i := range s.Len() {
			if i > 0 {
				dst = append(dst, sep)
			}
			dst = bgp.AppendUint(dst, s.At(i))
			if len(dst)-start > pathLimit {
				return append(dst, "..."...)
			}
		}
		switch s.Type {
		case bgp.SegSet:
			dst = append(dst, '}')
		case bgp.SegConfedSequence:
			dst = append(dst, ')')
		case bgp.SegConfedSet:
			dst = append(dst, ']')
		}
	}
}

// dumpLen counts a path as bgpdump does.
func dumpLen(p bgp.Path) int {
	n := 0
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return n
		}
		rest = r
		switch s.Type {
		case bgp.SegSequence, bgp.SegConfedSequence:
			n += s.Len()
		default:
			n++
		}
	}
}

func mergeLikeBgpdump(path, path4 bgp.Path) (bgp.Path, bool) {
	keep := dumpLen(path) - dumpLen(path4)
	if keep < 0 {
		return bgp.Path{}, false
	}
	var b []byte
	for n := 0; n < keep; {
		s, _, ok := path.Cut()
		if !ok || s.Len() == 0 {
			break
		}
		take := s.Len()
		switch s.Type {
		case bgp.SegSet, bgp.SegConfedSet:
			n++
		default:
			n += take
			if n > keep {
				take -= n - keep
			}
		}
		b = append(b, s.Type, byte(take))
		for i := range take {
			as := s.At(i)
			b = append(b, byte(as>>24), byte(as>>16), byte(as>>8), byte(as))
		}
	}
	raw, _ := path4.Bytes()
	return bgp.MakePath(append(b, raw...), true), true
}

// communityLimit is the length of the buffer in which it builds the text of
// communities, a leading space included.
const communityLimit = 8191

// appendCommunities writes communities: the three well-known ones by name, cut
// off where its buffer ends.
func appendCommunities(dst []byte, a *bgp.Attrs) []byte {
	start := len(dst)
	for i := range a.NumCommunities() {
		if i > 0 {
			dst = append(dst, ' ')
		}
		c := a.Community(i)
		before := len(dst)
		switch c {
		case 0xFFFFFF01:
			dst = append(dst, "no-export"...)
		case 0xFFFFFF02:
			dst = append(dst, "no-advertise"...)
		case 0xFFFFFF03:
			dst = append(dst, "local-AS"...)
		default:
			dst = bgp.AppendUint(dst, c>>16)
			dst = append(dst, ':')
			dst = bgp.AppendUint(dst, c&0xffff)
			if len(dst)-start > communityLimit-1 {
				dst = dst[:start+communityLimit-1]
			}
			continue
		}
		if len(dst)-start > communityLimit-1 { // a name goes in whole or not
			if i > 0 {
				before--
			}
			dst = dst[:before]
		}
	}
	return dst
}

func appendPrefix(dst []byte, p netip.Prefix) []byte {
	dst = appendAddr(dst, p.Addr())
	dst = append(dst, '/')
	return bgp.AppendUint(dst, uint32(p.Bits()))
}

// appendAddr writes an address; one that is not there is 0.0.0.0.
func appendAddr(dst []byte, a netip.Addr) []byte {
	if !a.Is6() {
		if !a.IsValid() {
			return append(dst, "0.0.0.0"...)
		}
		b := a.As4()
		return appendIPv4(dst, b[0], b[1], b[2], b[3])
	}
	return appendIPv6(dst, a.As16())
}

func appendIPv4(dst []byte, a, b, c, d byte) []byte {
	dst = bgp.AppendUint(dst, uint32(a))
	dst = append(dst, '.')
	dst = bgp.AppendUint(dst, uint32(b))
	dst = append(dst, '.')
	dst = bgp.AppendUint(dst, uint32(c))
	dst = append(dst, '.')
	return bgp.AppendUint(dst, uint32(d))
}

// appendIPv6 writes an IPv6 address as bgpdump does. It differs from RFC 5952
// in shortening a single group of zeros to "::" too, and in writing the last
// 32 bits of addresses below ::1:0:0 other than :: and ::1 in dotted form.
func appendIPv6(dst []byte, b [16]byte) []byte {
	var g [8]uint16
	for i := range g {
		g[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	if g[0]|g[1]|g[2]|g[3]|g[4] == 0 {
		switch {
		case g[5] == 0xffff:
			return appendIPv4(append(dst, "::ffff:"...), b[12], b[13], b[14], b[15])
		case g[5] == 0 && (g[6] != 0 || g[7] > 1):
			return appendIPv4(append(dst, "::"...), b[12], b[13], b[14], b[15])
		}
	}
	at, run := -1, 0
	for i := 0; i < 8; {
		if g[i] != 0 {
			i++
			continue
		}
		j := i
		for j < 8 && g[j] == 0 {
			j++
		}
		if j-i > run {
			at, run = i, j-i
		}
		i = j
	}
	for i := 0; i < 8; i++ {
		if i == at {
			if i == 0 {
				dst = append(dst, ':')
			}
			dst = append(dst, ':')
			i += run - 1
			continue
		}
		dst = appendHex(dst, g[i])
		if i != 7 {
			dst = append(dst, ':')
		}
	}
	return dst
}

const hexDigits = "0123456789abcdef"

func appendHex(dst []byte, v uint16) []byte {
	if v >= 0x1000 {
		dst = append(dst, hexDigits[v>>12])
	}
	if v >= 0x100 {
		dst = append(dst, hexDigits[v>>8&15])
	}
	if v >= 0x10 {
		dst = append(dst, hexDigits[v>>4&15])
	}
	return append(dst, hexDigits[v&15])
}
