package bmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
)

// Magic numbers of pcap files (draft-ietf-opsawg-pcap §4), as they are read in
// little-endian, and of pcapng.
const (
	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicMicroBig = 0xd4c3b2a1
	magicNanoBig  = 0x4d3cb2a1
	magicNG       = 0x0a0d0d0a
)

// RecognisePcap reports whether a stream begins like a capture file, also one
// in the newer format, which is not read.
func RecognisePcap(head []byte) bool {
	if len(head) < 24 {
		return false
	}
	switch binary.LittleEndian.Uint32(head) {
	case magicMicro, magicNano, magicMicroBig, magicNanoBig:
		return true
	case magicNG:
		m := binary.LittleEndian.Uint32(head[8:])
		return m == 0x1a2b3c4d || m == 0x4d3c2b1a
	}
	return false
}

const (
	// maxPacket is the longest packet that is believed, in bytes.
	maxPacket = 1 << 20
	// maxAhead is how much of a stream is kept behind a hole, in bytes, before
	// what is in the hole is said to be missing: a large window of TCP.
	maxAhead = 4 << 20
)

// Pcap reads the sessions in a capture. A message has the time at which its last
// packet was captured: that of a station beside it. Segments that come again, or
// out of order, are put right; what is not in the capture is damage.
type Pcap struct {
	queue
	r       io.Reader
	offset  int64
	big     bool
	nano    bool
	link    uint32
	begun   bool
	end     error
	flows   map[flow]*conn
	order   []*conn // in the order in which they began
	packet  []byte
	packets int64
	now     moment.Time // of the packet read last
}

// flow is one direction of a TCP connection.
type flow struct{ from, to netip.AddrPort }

type conn struct {
	stream
	begun bool
	early bool   // the segment that began it had data
	next  uint32 // the sequence number that comes next
	ahead []segment
	kept  int         // bytes in ahead
	last  moment.Time // of the last segment with data
}

// segment is data that came too early.
type segment struct {
	seq  uint32
	data []byte
}

// NewPcap reads a capture from r.
func NewPcap(r io.Reader) *Pcap {
	x := &Pcap{r: r, flows: map[flow]*conn{}}
	x.more = x.read
	return x
}

func (x *Pcap) damage(at int64, resumable bool, format string, args ...any) {
	x.items = append(x.items, item{err: &mrt.Damage{Offset: at, Reason: fmt.Sprintf(format, args...), Resumable: resumable}})
}

// read reads packets until there is something to give.
func (x *Pcap) read() error {
	if !x.begun {
		x.begun = true
		x.header()
	}
	for x.end == nil && len(x.items) == 0 {
		x.next()
	}
	if len(x.items) > 0 {
		return nil
	}
	return x.end
}

// full reads exactly len(b) bytes. It says what is wrong if it cannot; an end
// before the first byte is clean.
func (x *Pcap) full(b []byte, what string) bool {
	n, err := io.ReadFull(x.r, b)
	x.offset += int64(n)
	switch {
	case err == nil:
		return true
	case err == io.EOF:
		x.finish()
		return false
	}
	x.finish()
	reason := fmt.Sprintf("the capture ends inside %s", what)
	if !errors.Is(err, io.ErrUnexpectedEOF) || n == 0 {
		reason = "reading stopped: " + err.Error()
	}
	x.items = append(x.items, item{err: &mrt.Damage{Offset: x.offset - int64(n), Length: int64(n), Reason: reason, Err: err}})
	return false
}

func (x *Pcap) u32(b []byte) uint32 {
	if x.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

// header reads the file's header.
func (x *Pcap) header() {
	var h [24]byte
	if !x.full(h[:], "its header") {
		return
	}
	switch binary.LittleEndian.Uint32(h[:]) {
	case magicMicro:
	case magicNano:
		x.nano = true
	case magicMicroBig:
		x.big = true
	case magicNanoBig:
		x.big, x.nano = true, true
	default:
		x.damage(0, false, "a capture in the format pcapng, which is not read; editcap -F pcap makes one that is")
		x.end = io.EOF
		return
	}
	x.link = x.u32(h[20:]) & 0xffff
	if _, _, ok := network(x.link, nil); !ok {
		x.damage(20, false, "a capture of link type %d, which is not read: those are Ethernet, raw IP, loopback and Linux cooked", x.link)
		x.end = io.EOF
	}
}

// next reads one packet.
func (x *Pcap) next() {
	at := x.offset
	var h [16]byte
	if !x.full(h[:], "a packet's header") {
		return
	}
	n := x.u32(h[8:])
	if n > maxPacket {
		x.finish()
		x.damage(at, false, "a packet of %d bytes, which none has: from here on nothing can be read", n)
		return
	}
	x.packet = slices.Grow(x.packet[:0], int(n))[:n]
	if n > 0 && !x.full(x.packet, "a packet") {
		return
	}
	x.packets++
	micro := x.u32(h[4:])
	if x.nano {
		micro /= 1000
	}
	x.now = moment.Unix(int64(x.u32(h[:])), min(micro, 999_999))
	x.ip(at, x.now, x.packet)
}

// network returns the IP packet in a frame; ok if the link type is known.
func network(link uint32, b []byte) (ip []byte, isIP, ok bool) {
	after := func(n, ethertype int) ([]byte, bool, bool) {
		if len(b) < n {
			return nil, false, true
		}
		return b[n:], ethertype == 0x0800 || ethertype == 0x86dd, true
	}
	switch link {
	case 1: // Ethernet, with or without tags (IEEE 802.1Q, 802.1ad)
		n := 12
		for len(b) >= n+2 {
			typ := int(binary.BigEndian.Uint16(b[n:]))
			if typ != 0x8100 && typ != 0x88a8 && typ != 0x9100 {
				return after(n+2, typ)
			}
			n += 4
		}
		return nil, false, true
	case 101, 228, 229: // raw IP
		return b, true, true
	case 0, 108: // loopback: four bytes of family
		return after(4, 0x0800)
	case 113: // Linux cooked
		if len(b) < 16 {
			return nil, false, true
		}
		return after(16, int(binary.BigEndian.Uint16(b[14:])))
	case 276: // Linux cooked, version 2
		if len(b) < 20 {
			return nil, false, true
		}
		return after(20, int(binary.BigEndian.Uint16(b)))
	}
	return nil, false, false
}

// ip takes the TCP segment out of a packet (RFC 791, RFC 8200). What is no TCP
// is none of ours.
func (x *Pcap) ip(at int64, t moment.Time, frame []byte) {
	b, isIP, _ := network(x.link, frame)
	if !isIP || len(b) < 20 {
		return
	}
	var from, to netip.Addr
	switch b[0] >> 4 {
	case 4:
		head, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
		if b[9] != 6 || head < 20 || total < head {
			return
		}
		if binary.BigEndian.Uint16(b[6:])&0x3fff != 0 {
			if x.flows[flow{}] == nil { // once
				x.flows[flow{}] = &conn{}
				x.damage(at, true, "packets in fragments, which are not put together")
			}
			return
		}
		from, to = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
		if total > len(b) {
			total = len(b) // cut short by the capture, which shows as a hole
		}
		b = b[min(head, total):total]
	case 6:
		if len(b) < 40 {
			return
		}
		next, total := b[6], 40+int(binary.BigEndian.Uint16(b[4:]))
		from, to = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
		b = b[40:min(total, len(b))]
		for next == 0 || next == 43 || next == 60 { // hop-by-hop, routing, destination options
			if len(b) < 8 || len(b) < 8*(int(b[1])+1) {
				return
			}
			next, b = b[0], b[8*(int(b[1])+1):]
		}
		if next != 6 {
			return
		}
	default:
		return
	}
	x.tcp(at, t, from, to, b)
}

// Flags of the first segment, and of those that end a connection (RFC 9293 §3.1).
const (
	fin = 1
	syn = 2
	rst = 4
)

// tcp puts a segment where it belongs (RFC 9293 §3.1).
func (x *Pcap) tcp(at int64, t moment.Time, from, to netip.Addr, b []byte) {
	if len(b) < 20 {
		return
	}
	head := int(b[12]>>4) * 4
	if head < 20 || head > len(b) {
		return
	}
	k := flow{netip.AddrPortFrom(from, binary.BigEndian.Uint16(b)), netip.AddrPortFrom(to, binary.BigEndian.Uint16(b[2:]))}
	seq, flags, data := binary.BigEndian.Uint32(b[4:]), b[13], b[head:]
	c := x.flows[k]
	if c != nil && flags&syn != 0 && c.begun && seq+1 != c.next && len(c.ahead) == 0 {
		// The same ports again: another session.
		c.over(c.last, at)
		c = nil
	}
	if c == nil {
		c = x.session(k)
		x.flows[k] = c
	}
	if flags&syn != 0 {
		if !c.begun {
			c.begun, c.next, c.whole, c.synced = true, seq+1, true, true
		}
		seq++
	}
	if !c.begun && len(data) > 0 {
		// The capture began inside the session: where messages begin is to be found.
		c.begun, c.next = true, seq
		_, c.synced = plausible(data)
	}
	if flags&(fin|rst) != 0 {
		defer func() {
			for _, k := range []flow{k, {k.to, k.from}} { // either side ends it
				if c := x.flows[k]; c != nil && c.found && len(c.ahead) == 0 {
					c.over(t, at)
					delete(x.flows, k)
				}
			}
		}()
	}
	if len(data) == 0 {
		return
	}
	c.last = t
	if c.early && seq+1 == c.next {
		// Who wrote the capture did not count the SYN, as makers of test captures do
		// not (RFC 9293 §3.4 has it take one number).
		c.next = seq
	}
	c.early = flags&syn != 0
	c.add(seq, data, t, at)
}

// over says that a session ended at a time.
func (c *conn) over(at moment.Time, offset int64) {
	c.stream.end()
	c.buf, c.synced, c.skip = nil, false, 0
	c.close(at, offset)
}

// session begins a session from a router.
func (x *Pcap) session(k flow) *conn {
	c := &conn{}
	c.stream.session = session{router: routerName(k.from.Addr()), peers: map[peerKey]*peer{},
		out: func(e build.Event) { x.items = append(x.items, item{ev: e}) },
		fail: func(err error) {
			x.items = append(x.items, item{err: &mrt.Damage{Offset: x.offset - int64(len(x.packet)), Line: -1, Reason: err.Error(), Resumable: true}})
		},
		eor: func() {},
	}
	c.lost = func(n int, reason string) { x.damage(x.offset-int64(len(x.packet)), true, "%v: %s", k.from, reason) }
	x.order = append(x.order, c)
	return c
}

// routerName is what a router is called that does not say its name.
func routerName(a netip.Addr) string {
	return "bmp-" + string(bytes.ReplaceAll([]byte(a.Unmap().String()), []byte(":"), []byte("_")))
}

// add adds data that begins at a sequence number.
func (c *conn) add(seq uint32, data []byte, t moment.Time, at int64) {
	if d := int32(c.next - seq); d > 0 { // all or some of it came before
		if int(d) >= len(data) {
			return
		}
		seq, data = c.next, data[d:]
	}
	if seq != c.next {
		i, _ := slices.BinarySearchFunc(c.ahead, seq, func(s segment, seq uint32) int { return int(int32(s.seq - seq)) })
		c.ahead = slices.Insert(c.ahead, i, segment{seq, slices.Clone(data)})
		c.kept += len(data)
		if c.kept > maxAhead {
			c.miss(t, at)
		}
		return
	}
	c.push(data, t, func(int) int64 { return at })
	c.next += uint32(len(data))
	c.join(t, at)
}

// join gives what came too early and whose turn it is.
func (c *conn) join(t moment.Time, at int64) {
	for len(c.ahead) > 0 {
		s := c.ahead[0]
		d := int32(c.next - s.seq)
		if d < 0 {
			return
		}
		c.ahead, c.kept = c.ahead[1:], c.kept-len(s.data)
		if int(d) < len(s.data) {
			c.push(s.data[d:], t, func(int) int64 { return at })
			c.next += uint32(len(s.data) - int(d))
		}
	}
}

// miss gives up on what is missing before the data that came too early.
func (c *conn) miss(t moment.Time, at int64) {
	for len(c.ahead) > 0 {
		c.gap(int64(c.ahead[0].seq - c.next))
		c.next = c.ahead[0].seq
		c.join(t, at)
	}
}

// finish ends all sessions.
func (x *Pcap) finish() {
	if x.end != nil {
		return
	}
	x.end = io.EOF
	found := false
	for _, c := range x.order {
		if len(c.ahead) > 0 {
			c.miss(x.now, x.offset)
		}
		c.stream.end()
		found = found || c.found
	}
	if !found {
		x.damage(0, true, "a capture of %d packets, and no TCP stream in it holds BMP (RFC 7854; BGP itself is not read from captures)", x.packets)
	}
}
