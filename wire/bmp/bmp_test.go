package bmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
	"constat/wire/mrt/text"
)

// message is a BMP message (RFC 7854 §4.1).
func message(typ byte, body ...[]byte) []byte {
	b := slices.Concat(body...)
	return append(append([]byte{3}, append(binary.BigEndian.AppendUint32(nil, uint32(6+len(b))), typ)...), b...)
}

// head is a per-peer header (RFC 7854 §4.2).
func head(typ, flags byte, rd uint64, addr string, as uint32, at moment.Time) []byte {
	b := binary.BigEndian.AppendUint64([]byte{typ, flags}, rd)
	a := netip.MustParseAddr(addr)
	if a.Is4() {
		b = append(b, make([]byte, 12)...)
	}
	b = append(b, a.AsSlice()...)
	b = binary.BigEndian.AppendUint32(b, as)
	b = append(b, 203, 0, 113, 9)
	b = binary.BigEndian.AppendUint32(b, uint32(at.Sec()))
	return binary.BigEndian.AppendUint32(b, at.Micro())
}

// bgpMessage is the message in a record of the test kit.
func bgpMessage(f *mrttest.File) []byte {
	b := f.Bytes()
	return b[bytes.Index(b, bytes.Repeat([]byte{0xff}, 16)):]
}

func announce(prefix string, path ...uint32) []byte {
	return bgpMessage(new(mrttest.File).Announce(moment.Unix(1, 0), mrttest.P("192.0.2.1", 64500), path, prefix))
}

func withdraw(prefix string) []byte {
	return bgpMessage(new(mrttest.File).Withdraw(moment.Unix(1, 0), mrttest.P("192.0.2.1", 64500), prefix))
}

func endOfRIB() []byte {
	return bgpMessage(new(mrttest.File).EndOfRIB(moment.Unix(1, 0), mrttest.P("192.0.2.1", 64500), false))
}

// opened is an OPEN with a four-byte AS and ADD-PATH of IPv4 unicast.
func opened(as uint32, addPath byte) []byte {
	caps := append([]byte{65, 4}, binary.BigEndian.AppendUint32(nil, as)...)
	caps = append(caps, 69, 4, 0, 1, 1, addPath)
	body := append([]byte{4, 0x5b, 0xa0, 0, 180, 192, 0, 2, 1, byte(2 + len(caps)), 2, byte(len(caps))}, caps...)
	b := append(bytes.Repeat([]byte{0xff}, 16), 0, byte(19+len(body)), 1)
	return append(b, body...)
}

func peerUpBody(local string, sent, received []byte) []byte {
	a := netip.MustParseAddr(local)
	b := make([]byte, 16-a.BitLen()/8)
	b = append(append(b, a.AsSlice()...), 0, 179, 200, 0)
	return slices.Concat(b, sent, received)
}

func tlv(typ uint16, s string) []byte {
	b := binary.BigEndian.AppendUint16(nil, typ)
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

var t0 = moment.Unix(1419264907, 250000)

func sec(n int) moment.Time { return t0 + moment.Time(n)*moment.Second }

// session is what a router tells: two peers up, months ago and now, their tables,
// an end of them, news, a peer down.
func handSession() [][]byte {
	one := func(at moment.Time) []byte { return head(0, 0, 0, "192.0.2.1", 64500, at) }
	return [][]byte{
		message(Initiation, tlv(1, "a router"), tlv(2, "edge 1.example")),
		message(PeerUp, one(sec(-9000)), peerUpBody("192.0.2.254", opened(64999, 1), opened(64500, 2))),
		message(PeerUp, head(0, flagV6, 0, "2001:db8::1", 64501, sec(-10)), peerUpBody("2001:db8::254", opened(64999, 0), opened(64501, 0))),
		message(RouteMonitoring, head(0, flagV6, 0, "2001:db8::1", 64501, sec(-8000)), announce("10.0.0.0/8", 64501, 1)),
		message(RouteMonitoring, head(0, flagPost, 0, "192.0.2.1", 64500, sec(-7000)), announce("10.1.0.0/16", 64500, 1)),
		message(RouteMonitoring, head(1, 0, 0x0000fc0000000007, "192.0.2.1", 64500, sec(-7000)), announce("10.2.0.0/16", 64500, 1)),
		message(RouteMonitoring, head(3, flagV6, 0, "0.0.0.0", 64999, sec(0)), announce("10.3.0.0/16", 64500, 1)),
		message(RouteMonitoring, head(0, flagV6, 0, "2001:db8::1", 64501, sec(1)), endOfRIB()),
		message(Statistics, one(sec(2)), []byte{0, 0, 0, 0}),
		message(RouteMonitoring, head(0, flagV6, 0, "2001:db8::1", 64501, sec(20)), withdraw("10.0.0.0/8")),
		message(PeerDown, one(sec(30)), []byte{4}),
		message(Termination, tlv(0, "bye")),
	}
}

// told prints what a source says, with collectors.
func told(t *testing.T, src build.Source) string {
	t.Helper()
	tap := &tap{Source: src}
	r := build.NewRecords(tap, "")
	var w mrt.Walker
	var form text.Line
	var out []byte
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return string(out)
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			out = fmt.Appendf(out, "! %v\n", d)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Record(rec)
		for w.Next() {
			out = append(append(out, tap.collector...), ' ')
			out = form.Append(out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			out = fmt.Appendf(out, "! %v\n", err)
		}
	}
}

const rawWant = `edge1.example 2014-12-22T16:15:08.250000Z state 192.0.2.1 AS64500 unknown to Established
edge1.example 2014-12-22T16:15:08.250000Z state 2001:db8::1 AS64501 unknown to Established
edge1.example 2014-12-22T16:15:08.250000Z announce 2001:db8::1 AS64501 10.0.0.0/8 path 64501 1 origin IGP next-hop 192.0.2.1
edge1.example-post-policy 2014-12-22T16:15:08.250000Z announce 192.0.2.1 AS64500 10.1.0.0/16 path 64500 1 origin IGP next-hop 192.0.2.1
edge1.example-vrf-64512.7 2014-12-22T16:15:08.250000Z announce 192.0.2.1 AS64500 10.2.0.0/16 path 64500 1 origin IGP next-hop 192.0.2.1
edge1.example-loc-rib 2014-12-22T16:15:08.250000Z announce 203.0.113.9 AS64999 10.3.0.0/16 path 64500 1 origin IGP next-hop 192.0.2.1
edge1.example 2014-12-22T16:15:08.250000Z end-of-rib 2001:db8::1 AS64501 ipv4-unicast
edge1.example 2014-12-22T16:15:27.250000Z withdraw 2001:db8::1 AS64501 10.0.0.0/8
edge1.example 2014-12-22T16:15:37.250000Z state 192.0.2.1 AS64500 Established to Idle
edge1.example-post-policy 2014-12-22T16:15:37.250000Z state 192.0.2.1 AS64500 Established to Idle
` + over

// over is that the session with the station is: nobody watches any more.
const over = `edge1.example 2014-12-22T16:15:37.250000Z state 2001:db8::1 AS64501 Established to Idle
edge1.example-vrf-64512.7 2014-12-22T16:15:37.250000Z state 192.0.2.1 AS64500 Established to Idle
edge1.example-loc-rib 2014-12-22T16:15:37.250000Z state 203.0.113.9 AS64999 Established to Idle
`

func TestRaw(t *testing.T) {
	b := slices.Concat(handSession()...)
	if !Recognise(b) || !Recognise(b[:60]) {
		t.Error("not recognised")
	}
	for _, r := range []io.Reader{bytes.NewReader(b), iotest.OneByteReader(bytes.NewReader(b))} {
		if got := told(t, NewRaw(r)); got != rawWant {
			t.Errorf("\n%s\nwant\n%s", got, rawWant)
		}
	}
	// Rubbish in the middle is passed over, and said.
	m := handSession()
	m[9] = append(bytes.Repeat([]byte{3, 0, 0, 0, 9, 9}, 20), m[9]...)
	got := told(t, NewRaw(bytes.NewReader(slices.Concat(m...))))
	if strings.Count(got, "!") != 1 || !strings.Contains(got, "no BMP message begins here; 120 bytes passed over") || strings.Count(got, "\n") != strings.Count(rawWant, "\n")+1 {
		t.Error(got)
	}
	// So is an end inside a message.
	got = told(t, NewRaw(bytes.NewReader(b[:len(b)-3])))
	if got != strings.TrimSuffix(rawWant, over)+fmt.Sprintf("! offset %d: the session ends inside a message: %d bytes of it are there\n", len(b)-13, 10) {
		t.Error(got)
	}
	// Another session behind it, in the same file: between them nobody watched.
	m = handSession()
	got = told(t, NewRaw(bytes.NewReader(slices.Concat(slices.Concat(m[:11]...), m[0], m[3]))))
	if !strings.HasPrefix(got, rawWant) || strings.Count(got, "\n") != strings.Count(rawWant, "\n")+1 {
		t.Error(got)
	}
	// Without the end of its tables a message has the latest time before it.
	m = handSession()
	got = told(t, NewRaw(bytes.NewReader(slices.Concat(m[0], m[3], m[9]))))
	if !strings.Contains(got, "2014-12-22T14:01:47.250000Z announce") || !strings.Contains(got, "2014-12-22T16:15:27.250000Z withdraw") {
		t.Error(got)
	}
}

// TestAddPath: what both sides agreed on says how a message is read.
func TestAddPath(t *testing.T) {
	u := bgpMessage(new(mrttest.File).Update(moment.Unix(1, 0), mrttest.P("192.0.2.1", 64500), mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/8"), Path: []uint32{64500}, AddPath: true, ID: 16777217}))
	for _, c := range []struct {
		ours, theirs, flags byte
		want                bool
	}{{1, 2, 0, true}, {3, 3, flagPost, true}, {2, 1, 0, false}, {2, 1, flagOut, true}, {0, 2, 0, false}} {
		h := head(0, c.flags, 0, "192.0.2.1", 64500, t0)
		r := NewRaw(bytes.NewReader(slices.Concat(message(PeerUp, h, peerUpBody("192.0.2.254", opened(64999, c.ours), opened(64500, c.theirs))), message(RouteMonitoring, h, u))))
		var up, route build.Event
		if err := errors.Join(r.Next(&up), r.Next(&route)); err != nil || up.LocalAS != 64999 || up.Local.String() != "192.0.2.254" || route.AddPath != c.want {
			t.Errorf("%+v: %+v, %v", c, route, err)
		}
	}
}

// TestNoNextHop: a route of a router's table stands although its UPDATE lacks what
// a speaker could not leave out.
func TestNoNextHop(t *testing.T) {
	u := announce("10.0.0.0/8", 64500)
	i := bytes.Index(u, []byte{0x40, 3, 4})
	u = slices.Delete(u, i, i+7)
	u[17] -= 7
	u[22] -= 7
	got := told(t, NewRaw(bytes.NewReader(message(RouteMonitoring, head(0, 0, 0, "192.0.2.1", 64500, t0), u))))
	if got != " 2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 10.0.0.0/8 path 64500 origin IGP next-hop 0.0.0.0\n" {
		t.Error(got)
	}
}

// capture is a pcap file in the making.
type capture struct {
	b  []byte
	at moment.Time
}

func newCapture(order binary.AppendByteOrder, magic uint32) *capture {
	b := order.AppendUint32(nil, magic)
	b = append(b, make([]byte, 16)...)
	return &capture{order.AppendUint32(b, 1), sec(100)}
}

// packet adds an Ethernet frame with a TCP segment.
func (c *capture) packet(seq uint32, flags byte, data []byte) *capture {
	tcp := append([]byte{0x2b, 0x67, 0x13, 0x88}, binary.BigEndian.AppendUint32(nil, seq)...)
	tcp = append(tcp, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0)
	tcp = append(tcp, data...)
	ip := append([]byte{0x45, 0}, binary.BigEndian.AppendUint16(nil, uint16(20+len(tcp)))...)
	ip = append(ip, 0, 0, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 9, 192, 0, 2, 10)
	frame := slices.Concat(make([]byte, 12), []byte{0x81, 0, 0, 5, 8, 0}, ip, tcp)
	c.at += moment.Second
	for _, v := range []uint32{uint32(c.at.Sec()), c.at.Micro(), uint32(len(frame)), uint32(len(frame))} {
		c.b = binary.LittleEndian.AppendUint32(c.b, v)
	}
	c.b = append(c.b, frame...)
	return c
}

func TestPcap(t *testing.T) {
	all := slices.Concat(handSession()...)
	cut := func(i, j int) []byte { return all[i:j] }
	begin := func() *capture { return newCapture(binary.LittleEndian, magicMicro).packet(999, syn, nil) }
	// The times are those of the packets; otherwise it is the same as raw.
	strip := func(s string) string {
		var out []string
		for l := range strings.SplitAfterSeq(s, "\n") {
			if !strings.HasPrefix(l, "!") && l != "" {
				f := strings.SplitN(l, " ", 3)
				out = append(out, f[0]+" "+f[2])
			}
		}
		return strings.Join(out, "")
	}
	n := len(all)
	for name, c := range map[string]*capture{
		"in order": begin().packet(1000, 0, cut(0, 300)).packet(1300, 0, cut(300, n)),
		"in small pieces": func() *capture {
			c := begin()
			for i := range all {
				c.packet(uint32(1000+i), 0, all[i:i+1])
			}
			return c
		}(),
		"out of order":      begin().packet(1600, 0, cut(600, n)).packet(1300, 0, cut(300, 600)).packet(1000, 0, cut(0, 300)),
		"sent again":        begin().packet(1000, 0, cut(0, 300)).packet(1000, 0, cut(0, 300)).packet(1200, 0, cut(200, n)),
		"numbers wrap":      newCapture(binary.LittleEndian, magicMicro).packet(0xfffffff0, syn, nil).packet(0xfffffff1, 0, cut(0, 300)).packet(0xfffffff1+300-1<<32, 0, cut(300, n)),
		"data with the SYN": newCapture(binary.LittleEndian, magicMicro).packet(1000, syn, cut(0, 300)).packet(1300, 0, cut(300, n)),
		"begun before":      newCapture(binary.LittleEndian, magicMicro).packet(1000, 0, cut(0, 300)).packet(1300, 0, cut(300, n)),
	} {
		if !RecognisePcap(c.b) {
			t.Errorf("%s: not recognised", name)
		}
		if got := told(t, NewPcap(bytes.NewReader(c.b))); strip(got) != strip(rawWant) || strings.Contains(got, "!") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	first := told(t, NewPcap(bytes.NewReader(begin().packet(1000, 0, all).b)))
	if !strings.Contains(first, "2014-12-22T16:16:49.250000Z state 192.0.2.1 ") {
		t.Error(first)
	}
	// The end of a connection is the end of watching, whoever ends it.
	some := cut(0, len(slices.Concat(handSession()[:10]...)))
	for _, flags := range []byte{fin, rst} {
		got := told(t, NewPcap(bytes.NewReader(begin().packet(1000, 0, some).packet(uint32(1000+len(some)), flags, nil).b)))
		if strings.Count(got, "Established to Idle") != 5 || strings.Contains(got, "!") {
			t.Errorf("flags %d:\n%s", flags, got)
		}
	}
	got := told(t, NewPcap(bytes.NewReader(begin().packet(1000, 0, some).packet(7000, syn, nil).packet(7001, 0, all).b)))
	if strings.Count(got, "unknown to Established") != 4 || strings.Count(got, "Established to Idle") != 10 || strings.Contains(got, "!") {
		t.Error(got)
	}
	// A hole is said, and what follows it is found again.
	c := begin().packet(1000, 0, cut(0, 100)).packet(1400, 0, cut(400, n))
	got = told(t, NewPcap(bytes.NewReader(c.b)))
	if strings.Count(got, "300 bytes of the TCP stream are not in the capture") != 1 || !strings.Contains(got, "withdraw 2001:db8::1 AS64501 10.0.0.0/8") {
		t.Error(got)
	}
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{begin().packet(1000, 0, all).b[:900], "the capture ends inside a packet"},
		{begin().packet(1000, 0, []byte("SSH-2.0-OpenSSH")).b, "a capture of 2 packets, and no TCP stream in it holds BMP"},
		{newCapture(binary.LittleEndian, magicNG).b, "pcapng, which is not read; editcap -F pcap makes one that is"},
		{append(newCapture(binary.LittleEndian, magicMicro).b[:20], 147, 0, 0, 0), "link type 147, which is not read"},
		{append(newCapture(binary.LittleEndian, magicMicro).b, bytes.Repeat([]byte{0xff}, 16)...), "from here on nothing can be read"},
	} {
		if got := told(t, NewPcap(bytes.NewReader(c.b))); !strings.Contains(got, c.want) {
			t.Errorf("%q:\n%s", c.want, got)
		}
	}
}

func FuzzRaw(f *testing.F) {
	f.Add(slices.Concat(handSession()...))
	for _, m := range handSession() {
		f.Add(m)
	}
	f.Fuzz(func(t *testing.T, b []byte) { told(t, NewRaw(bytes.NewReader(b))) })
}

func FuzzPcap(f *testing.F) {
	all := slices.Concat(handSession()...)
	f.Add(newCapture(binary.LittleEndian, magicMicro).packet(999, syn, nil).packet(1000, 0, all[:300]).packet(1400, 0, all[400:]).b)
	f.Add(newCapture(binary.BigEndian, magicNano).b)
	f.Fuzz(func(t *testing.T, b []byte) { told(t, NewPcap(bytes.NewReader(b))) })
}
