// Package mrttest builds small MRT files by hand, so that a test can say in a
// few lines what a collector saw. Everything it writes is well formed (RFC
// 6396, RFC 8050, RFC 4271, RFC 4760) unless a test asks for bytes of its own
// with [File.Raw].
package mrttest

import (
	"encoding/binary"
	"net/netip"

	"constat/moment"
)

// File is a file in the making. The zero value is empty; each method appends a
// record and returns the file.
type File struct {
	b     []byte
	local byte // the last byte of the collector's addresses
}

// At makes the collector another one, of another address than the usual: its last byte is
// n. To be called before records are appended.
func (f *File) At(n byte) *File {
	f.local = n
	return f
}

func (f *File) end() byte {
	if f.local == 0 {
		return 254
	}
	return f.local
}

// Peer is a router that feeds the collector.
type Peer struct {
	Addr netip.Addr
	AS   uint32
}

// P makes a peer of an address and an AS.
func P(addr string, as uint32) Peer { return Peer{netip.MustParseAddr(addr), as} }

// Update is one UPDATE message. IPv4 unicast goes where RFC 4271 has it,
// everything else into MP_REACH_NLRI and MP_UNREACH_NLRI; a message holds
// prefixes of one family.
type Update struct {
	Announce  []netip.Prefix
	Withdraw  []netip.Prefix
	Path      []uint32 // AS_PATH as one sequence
	Set       []uint32 // an AS_SET behind it
	AddPath   bool     // with path identifiers (RFC 7911)
	ID        uint32
	Multicast bool
	NoOrigin  bool // leave ORIGIN out: RFC 7606 has the routes withdrawn
	Local     bool // sent by the collector
}

// Bytes returns the file.
func (f *File) Bytes() []byte { return f.b }

// Len returns the length so far, which is the offset of the next record.
func (f *File) Len() int { return len(f.b) }

// Raw appends bytes as they are.
func (f *File) Raw(b ...byte) *File {
	f.b = append(f.b, b...)
	return f
}

// Record appends a record of any type with the given body. Where the moment
// has a fraction a BGP4MP record is written as BGP4MP_ET.
func (f *File) Record(at moment.Time, typ, subtype uint16, body []byte) *File {
	micro := at.Micro()
	if typ == 16 && micro != 0 {
		typ = 17
		body = append(binary.BigEndian.AppendUint32(nil, micro), body...)
	}
	f.b = binary.BigEndian.AppendUint32(f.b, uint32(at.Sec()))
	f.b = binary.BigEndian.AppendUint16(f.b, typ)
	f.b = binary.BigEndian.AppendUint16(f.b, subtype)
	f.b = binary.BigEndian.AppendUint32(f.b, uint32(len(body)))
	f.b = append(f.b, body...)
	return f
}

// mp begins the body of a BGP4MP record with four-byte AS numbers (RFC 6396
// §4.4.2 and §4.4.3).
func (f *File) mp(p Peer) []byte {
	b := binary.BigEndian.AppendUint32(nil, p.AS)
	b = binary.BigEndian.AppendUint32(b, 64999) // the collector
	b = binary.BigEndian.AppendUint16(b, 0)
	if p.Addr.Is4() {
		b = binary.BigEndian.AppendUint16(b, 1)
		b = append(b, p.Addr.AsSlice()...)
		return append(b, 192, 0, 2, f.end())
	}
	b = binary.BigEndian.AppendUint16(b, 2)
	b = append(b, p.Addr.AsSlice()...)
	local := netip.MustParseAddr("2001:db8:ffff::254").As16()
	if f.local != 0 {
		local[15] = f.local
	}
	return append(b, local[:]...)
}

// State appends a change of a session's state.
func (f *File) State(at moment.Time, p Peer, from, to uint16) *File {
	b := binary.BigEndian.AppendUint16(f.mp(p), from)
	return f.Record(at, 16, 5, binary.BigEndian.AppendUint16(b, to))
}

// Message appends a BGP message of a type with the given body.
func (f *File) Message(at moment.Time, p Peer, subtype uint16, typ byte, body []byte) *File {
	b := f.mp(p)
	for range 16 {
		b = append(b, 0xff)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(19+len(body)))
	b = append(b, typ)
	return f.Record(at, 16, subtype, append(b, body...))
}

// Keepalive appends one.
func (f *File) Keepalive(at moment.Time, p Peer) *File { return f.Message(at, p, 4, 4, nil) }

// Announce appends an UPDATE that announces prefixes with a path.
func (f *File) Announce(at moment.Time, p Peer, path []uint32, prefixes ...string) *File {
	return f.Update(at, p, Update{Announce: Prefixes(prefixes...), Path: path})
}

// Withdraw appends an UPDATE that withdraws prefixes.
func (f *File) Withdraw(at moment.Time, p Peer, prefixes ...string) *File {
	return f.Update(at, p, Update{Withdraw: Prefixes(prefixes...)})
}

// EndOfRIB appends the mark of RFC 4724 §2 for IPv4 or IPv6 unicast.
func (f *File) EndOfRIB(at moment.Time, p Peer, v6 bool) *File {
	if !v6 {
		return f.Message(at, p, 4, 2, []byte{0, 0, 0, 0})
	}
	return f.Message(at, p, 4, 2, []byte{0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1})
}

// Prefixes parses prefixes.
func Prefixes(s ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(s))
	for i, p := range s {
		out[i] = netip.MustParsePrefix(p)
	}
	return out
}

// Update appends an UPDATE message.
func (f *File) Update(at moment.Time, p Peer, u Update) *File {
	v6 := false
	for _, q := range append(append([]netip.Prefix{}, u.Announce...), u.Withdraw...) {
		v6 = v6 || q.Addr().Is6()
	}
	nlri := func(ps []netip.Prefix) []byte {
		var b []byte
		for _, q := range ps {
			if u.AddPath {
				b = binary.BigEndian.AppendUint32(b, u.ID)
			}
			b = append(b, byte(q.Bits()))
			b = append(b, q.Addr().AsSlice()[:(q.Bits()+7)/8]...)
		}
		return b
	}
	safi := byte(1)
	if u.Multicast {
		safi = 2
	}
	family := []byte{0, 1, safi}
	if v6 {
		family[1] = 2
	}
	multi := v6 || u.Multicast
	var attrs, withdrawn, plain []byte
	if len(u.Announce) > 0 {
		var hop []byte
		if v6 {
			h := netip.MustParseAddr("2001:db8:ffff::1").As16()
			hop = h[:]
		} else {
			hop = []byte{192, 0, 2, 1}
		}
		attrs = append(attrs, pathAttrs(u.Path, u.Set, u.NoOrigin)...)
		if multi {
			v := append(append([]byte{}, family...), byte(len(hop)))
			v = append(v, hop...)
			v = append(v, 0)
			attrs = append(attrs, attr(0x80, 14, append(v, nlri(u.Announce)...))...)
		} else {
			attrs = append(attrs, attr(0x40, 3, hop)...)
			plain = nlri(u.Announce)
		}
	}
	if len(u.Withdraw) > 0 {
		if multi {
			attrs = append(attrs, attr(0x80, 15, append(append([]byte{}, family...), nlri(u.Withdraw)...))...)
		} else {
			withdrawn = nlri(u.Withdraw)
		}
	}
	body := binary.BigEndian.AppendUint16(nil, uint16(len(withdrawn)))
	body = append(body, withdrawn...)
	body = binary.BigEndian.AppendUint16(body, uint16(len(attrs)))
	body = append(body, attrs...)
	body = append(body, plain...)
	subtype := uint16(4)
	switch {
	case u.AddPath:
		subtype = 9
	case u.Local:
		subtype = 7
	}
	return f.Message(at, p, subtype, 2, body)
}

func attr(flags, code byte, v []byte) []byte {
	if len(v) > 255 {
		return append([]byte{flags | 0x10, code, byte(len(v) >> 8), byte(len(v))}, v...)
	}
	return append([]byte{flags, code, byte(len(v))}, v...)
}

// pathAttrs are ORIGIN and AS_PATH with four-byte AS numbers.
func pathAttrs(path, set []uint32, noOrigin bool) []byte {
	var seg []byte
	for i, s := range [][]uint32{path, set} {
		if len(s) == 0 {
			continue
		}
		seg = append(seg, byte(2-i), byte(len(s)))
		for _, a := range s {
			seg = binary.BigEndian.AppendUint32(seg, a)
		}
	}
	var out []byte
	if !noOrigin {
		out = attr(0x40, 1, []byte{0})
	}
	return append(out, attr(0x40, 2, seg)...)
}

// PeerIndex appends the table that the entries of a snapshot refer to by number.
func (f *File) PeerIndex(at moment.Time, peers ...Peer) *File {
	b := []byte{192, 0, 2, f.end(), 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(len(peers)))
	for i, p := range peers {
		typ := byte(2)
		if p.Addr.Is6() {
			typ = 3
		}
		b = append(b, typ, 10, 0, byte(i>>8), byte(i))
		b = append(b, p.Addr.AsSlice()...)
		b = binary.BigEndian.AppendUint32(b, p.AS)
	}
	return f.Record(at, 13, 1, b)
}

// Entry is one peer's route in a snapshot.
type Entry struct {
	Peer    int // its place in the peer index table
	Path    []uint32
	AddPath bool
	ID      uint32
	Since   moment.Time // when it was learned
}

// RIB appends what a snapshot has of a prefix.
func (f *File) RIB(at moment.Time, prefix string, entries ...Entry) *File {
	q := netip.MustParsePrefix(prefix)
	b := make([]byte, 4)
	b = append(b, byte(q.Bits()))
	b = append(b, q.Addr().AsSlice()[:(q.Bits()+7)/8]...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(entries)))
	subtype := uint16(2)
	if q.Addr().Is6() {
		subtype = 4
	}
	for _, e := range entries {
		if e.AddPath {
			subtype += 6
			break
		}
	}
	for _, e := range entries {
		b = binary.BigEndian.AppendUint16(b, uint16(e.Peer))
		b = binary.BigEndian.AppendUint32(b, uint32(e.Since.Sec()))
		if subtype >= 8 {
			b = binary.BigEndian.AppendUint32(b, e.ID)
		}
		a := pathAttrs(e.Path, nil, false)
		if q.Addr().Is6() { // RFC 6396 §4.3.4: the next hop alone
			h := netip.MustParseAddr("2001:db8:ffff::1").As16()
			a = append(a, attr(0x80, 14, append([]byte{16}, h[:]...))...)
		} else {
			a = append(a, attr(0x40, 3, []byte{192, 0, 2, 1})...)
		}
		b = binary.BigEndian.AppendUint16(b, uint16(len(a)))
		b = append(b, a...)
	}
	return f.Record(at, 13, subtype, b)
}
