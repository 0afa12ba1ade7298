package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/vantage"
)

func scan(t *testing.T, start, end int64, f *mrttest.File) *Scan {
	t.Helper()
	s, err := Read(context.Background(), Input{Name: fmt.Sprintf("updates.%d", start), Start: sec(start), End: sec(end),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Bytes())), nil }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// table of n distinct /24s from a base on.
func block(base, n int) []netip.Prefix {
	out := make([]netip.Prefix, n)
	for i := range out {
		k := base + i
		out[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(20 + k>>16), byte(k >> 8), byte(k), 0}), 24)
	}
	return out
}

// send spreads prefixes over seconds, at a rate.
func send(f *mrttest.File, from int64, p mrttest.Peer, rate int, ps []netip.Prefix) (last int64) {
	for i := 0; i < len(ps); i += 50 {
		last = from + int64(i/rate)
		f.Update(sec(last), p, mrttest.Update{Announce: ps[i:min(i+50, len(ps))], Path: []uint32{p.AS, 64496}})
	}
	return last
}

// transfers writes what was found: "100-104 300 distinct 300 opened eor".
func transfers(c vantage.Collector) string {
	var out []string
	for _, p := range c.Peers {
		for _, x := range p.Transfers {
			w := fmt.Sprintf("%d-%d %d", x.From.Sec(), x.Until.Sec(), x.Announced)
			if x.Distinct > 0 {
				w += fmt.Sprintf(" distinct %d", x.Distinct)
			}
			if x.Opened {
				w += " opened"
			}
			if x.EndOfRIB {
				w += " eor"
			}
			out = append(out, w)
		}
	}
	return strings.Join(out, ", ")
}

// TestTransfers: a burst is dense once more than a hundred prefixes came in a
// second, so the first hundred of a table are not counted, nor is a last second
// with fewer.
func TestTransfers(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	snapshot := func(n int) *mrttest.File {
		f := new(mrttest.File).PeerIndex(sec(0), p)
		for _, q := range block(0, n) {
			f.RIB(sec(0), q.String(), mrttest.Entry{Path: []uint32{64500, 64496}})
		}
		return f
	}
	cases := []struct {
		name string
		want string
		make func() []*mrttest.File
	}{
		{"after a session came up, to its End-of-RIB", "100-110 350 distinct 350 opened eor", func() []*mrttest.File {
			f := new(mrttest.File).State(sec(100), p, 5, 6)
			send(f, 102, p, 150, block(0, 450))
			return []*mrttest.File{f.EndOfRIB(sec(110), p, false)}
		}},
		{"without an End-of-RIB, to the end of its dense part", "100-105 350 distinct 350 opened", func() []*mrttest.File {
			f := new(mrttest.File).State(sec(100), p, 5, 6)
			send(f, 102, p, 150, block(0, 450))
			return []*mrttest.File{f.Announce(sec(130), p, []uint32{64500, 64496}, "10.0.0.0/24")}
		}},
		{"a small one to the end of the burst", "100-112 30 opened", func() []*mrttest.File {
			f := new(mrttest.File).State(sec(100), p, 5, 6)
			send(f, 101, p, 50, block(0, 20))
			send(f, 111, p, 50, block(100, 10))
			return []*mrttest.File{f}
		}},
		{"a session that comes up and stays silent sent none", "", func() []*mrttest.File {
			return []*mrttest.File{new(mrttest.File).State(sec(100), p, 5, 6)}
		}},
		{"nor one that speaks only minutes later", "", func() []*mrttest.File {
			f := new(mrttest.File).State(sec(50), p, 5, 6)
			send(f, 171, p, 50, block(0, 20))
			return []*mrttest.File{f}
		}},
		{"without a change of state, as large as the peer's table", "50-54 700 distinct 699", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 200, block(0, 800))
			return []*mrttest.File{snapshot(800), f}
		}},
		{"three quarters of it", "50-54 700 distinct 699", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 200, block(0, 800))
			return []*mrttest.File{snapshot(930), f}
		}},
		{"less of it is news", "", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 200, block(0, 800))
			return []*mrttest.File{snapshot(940), f}
		}},
		{"the same prefixes again and again are news", "", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 250, append(block(0, 600), block(0, 600)...))
			return []*mrttest.File{snapshot(600), f}
		}},
		{"withdrawals among them are news", "", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 250, block(0, 300))
			f.Update(sec(51), p, mrttest.Update{Withdraw: block(1000, 20)})
			send(f, 51, p, 250, block(300, 300))
			return []*mrttest.File{snapshot(600), f}
		}},
		{"where no table is known, only one too large for news", "", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 1000, block(0, 5000))
			return []*mrttest.File{f}
		}},
		{"which is twenty thousand", "50-71 20900 distinct 20905", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 50, p, 1000, block(0, 21000))
			return []*mrttest.File{f}
		}},
		{"over the border of a file", "295-306 5800 distinct 5800", func() []*mrttest.File {
			f, g := new(mrttest.File).Keepalive(sec(0), p), new(mrttest.File)
			send(f, 295, p, 600, block(0, 3000))
			send(g, 301, p, 600, block(3000, 3000))
			return []*mrttest.File{snapshot(6000), f, g}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var scans []*Scan
			for i, f := range c.make() {
				scans = append(scans, scan(t, int64(i)*300, int64(i+1)*300, f))
			}
			if got := transfers(mustJoin("rrc00", 300, nil, scans)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestUnloggedOpening: a peer that sends updates is established, whatever the
// collector forgot to write down.
func TestUnloggedOpening(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	f := new(mrttest.File).Announce(sec(1), p, []uint32{64500, 64496}, "10.0.0.0/24").
		State(sec(50), p, 6, 1).
		Announce(sec(120), p, []uint32{64500, 64496}, "10.0.0.0/24").
		Announce(sec(299), p, []uint32{64500, 64496}, "10.0.1.0/24")
	c := mustJoin("rrc00", 300, nil, []*Scan{scan(t, 0, 300, f)})
	if got := fmt.Sprint(c.Peers[0].States); got != "[{1970-01-01T00:00:50Z 6 1 false } {1970-01-01T00:02:00Z 1 6 true }]" {
		t.Errorf("states %s", got)
	}
	w := vantage.Watch{Collectors: []vantage.Collector{c}}
	want := "192.0.2.1 50-120 session down, 192.0.2.1 120-121 table transfer"
	if got := blind(w.Ledger(question(0, 300))); got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
}

func TestScanCounts(t *testing.T) {
	p4, p6 := mrttest.P("192.0.2.1", 64500), mrttest.P("2001:db8::1", 64501)
	f := new(mrttest.File).
		Announce(sec(10), p4, []uint32{64500}, "10.0.0.0/24", "10.0.1.0/24").
		Withdraw(moment.Unix(11, 500000), p6, "2001:db8:1::/48").
		Update(sec(12), p4, mrttest.Update{Announce: mrttest.Prefixes("10.9.0.0/24"), Path: []uint32{64500}, Local: true}).
		Keepalive(sec(9), p4). // stamped earlier than the one before
		Record(sec(13), 32, 0, []byte{1, 2, 3}).
		Keepalive(sec(400), p4)
	s := scan(t, 0, 600, f)
	g := s.File
	if g.Records != 6 || g.Skipped != 1 || g.Backwards != 1 || *g.First != sec(10) || *g.Last != sec(400) || g.Kind != "updates" || g.Truncated {
		t.Errorf("file %+v", g)
	}
	c := mustJoin("rrc00", 600, nil, []*Scan{s})
	if len(c.Peers) != 2 {
		t.Fatalf("%d peers", len(c.Peers))
	}
	a, b := c.Peers[0], c.Peers[1]
	if a.Peer != p4.Addr || a.Announced != 2 || a.Withdrawn != 0 || a.AS != 64500 || len(a.Alive) != 1 || a.Alive[0] != (question(0, 600)) {
		t.Errorf("peer %+v", a)
	}
	if b.Peer != p6.Addr || b.Announced != 0 || b.Withdrawn != 1 || b.First != moment.Unix(11, 500000) {
		t.Errorf("peer %+v", b)
	}
}

// TestDamage: what could not be read is counted with its place, and what it
// hid is a hole.
func TestDamage(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	whole := func() *mrttest.File {
		f := new(mrttest.File)
		for s := int64(0); s < 300; s += 10 {
			f.Announce(sec(s), p, []uint32{64500, 64496}, "10.0.0.0/24")
		}
		return f
	}
	t.Run("truncated", func(t *testing.T) {
		b := whole().Bytes()
		s := scan(t, 0, 300, new(mrttest.File).Raw(b[:len(b)*2/3-5]...))
		if !s.File.Truncated || len(s.File.Unread) != 1 || s.File.Unread[0].Count != 1 || s.File.Records != 20 && s.File.Records != 19 {
			t.Fatalf("file %+v", s.File)
		}
		w := vantage.Watch{Collectors: []vantage.Collector{mustJoin("rrc00", 300, nil, []*Scan{s})}}
		if got := blind(w.Ledger(question(0, 300))); !strings.HasSuffix(got, "-300 truncated file") {
			t.Errorf("ledger %q", got)
		}
	})
	t.Run("an impossible length", func(t *testing.T) {
		f := whole()
		n := f.Len()
		junk := binary.BigEndian.AppendUint32([]byte{0, 0, 1, 44, 0, 16, 0, 4}, 1<<31)
		s := scan(t, 0, 300, f.Raw(junk...))
		if len(s.File.Unread) != 1 || s.File.Unread[0].Offset != int64(n) || s.File.Records != 30 {
			t.Errorf("file %+v", s.File)
		}
	})
	t.Run("inside a record", func(t *testing.T) {
		f := whole().Message(sec(299), p, 4, 2, []byte{0, 9, 1}) // withdrawn routes longer than the message
		s := scan(t, 0, 300, f)
		if len(s.File.Lost) != 1 || s.File.Lost[0].Peer == nil || *s.File.Lost[0].Peer != p.Addr || s.File.Lost[0].Framing || s.File.Truncated {
			t.Fatalf("file %+v", s.File)
		}
	})
	t.Run("an attribute that RFC 7606 forgives", func(t *testing.T) {
		f := whole().Update(sec(299), p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{64500}, NoOrigin: true})
		c := mustJoin("rrc00", 300, nil, []*Scan{scan(t, 0, 300, f)})
		if c.Peers[0].Withdrawn != 1 {
			t.Errorf("treated as withdrawn %d times", c.Peers[0].Withdrawn)
		}
	})
}

func TestSnapshotTables(t *testing.T) {
	a, b := mrttest.P("192.0.2.1", 64500), mrttest.P("2001:db8::1", 64501)
	f := new(mrttest.File).PeerIndex(sec(0), a, b).
		RIB(sec(0), "10.0.0.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64500}}, mrttest.Entry{Peer: 1, Path: []uint32{64501}}).
		RIB(sec(1), "10.0.1.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64500}, AddPath: true, ID: 1}, mrttest.Entry{Peer: 0, Path: []uint32{64500, 1}, AddPath: true, ID: 2}).
		RIB(sec(2), "2001:db8:1::/48", mrttest.Entry{Peer: 1, Path: []uint32{64501}})
	s := scan(t, 0, 0, f)
	if s.File.Kind != "rib" {
		t.Errorf("kind %q", s.File.Kind)
	}
	// With several paths a prefix still counts once.
	if got := fmt.Sprint(s.File.Tables); got != "[{192.0.2.1 64500 2 0} {2001:db8::1 64501 1 1}]" {
		t.Errorf("tables %s", got)
	}
}

// TestJoinOrder: the files' order does not matter.
func TestJoinOrder(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	var scans []*Scan
	for i := range int64(4) {
		f := new(mrttest.File).State(sec(i*300+10), p, 6, 1).State(sec(i*300+20), p, 5, 6)
		send(f, i*300+25, p, 300, block(0, 900))
		scans = append(scans, scan(t, i*300, i*300+300, f))
	}
	text := func() string {
		b, err := json.Marshal(mustJoin("rrc00", 300, nil, scans))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := text()
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(scans), func(i, j int) { scans[i], scans[j] = scans[j], scans[i] })
	if got := text(); got != want {
		t.Errorf("joined in another order:\n%s\n%s", got, want)
	}
}

// TestDistinctEstimate compares the estimate with an exact count.
func TestDistinctEstimate(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a million prefixes")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 10, 1000, 50_000, 1_000_000} {
		var b distinct
		exact := map[netip.Prefix]bool{}
		for i := 0; len(exact) < n; i++ {
			q := netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(1 + i>>16), byte(i >> 8), byte(i), 0}), 24)
			if i%3 == 0 {
				q = netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, byte(r.IntN(256)), byte(r.IntN(256)), byte(i >> 16), byte(i >> 8)}), 48)
			}
			exact[q] = true
			b.add(q)
			b.add(q) // again: it does not count
		}
		got := b.count()
		// Linear counting in m bits has a standard error of √m·√(e^t−t−1)/n
		// for t = n/m: under one in a thousand here. The series cut after four
		// terms adds as much at a million.
		if d := got - int64(n); d > int64(n)/100+2 || -d > int64(n)/100+2 {
			t.Errorf("%d distinct prefixes estimated as %d", n, got)
		}
	}
	// A list and a bitmap, in any pairing, joined, are what both together are.
	for _, n := range [][2]int{{300, 500}, {3000, 3000}, {3000, 50_000}, {50_000, 3000}, {60_000, 50_000}, {20_000, 20_000}, {0, 300}} {
		var a, b, both distinct
		for _, q := range block(0, n[0]) {
			a.add(q)
			both.add(q)
		}
		for _, q := range block(n[0]*2/3, n[1]) {
			b.add(q)
			both.add(q)
		}
		a.shrink()
		if a.join(&b); a.count() != both.count() {
			t.Errorf("%v: joined %d, together %d", n, a.count(), both.count())
		}
		if n[0]+n[1] < 10_000 && (a.words != nil || cap(b.list) > 4*n[1]) {
			t.Errorf("%v prefixes take a bitmap, or %d words", n, cap(b.list))
		}
		a.reset()
		if a.count() != 0 {
			t.Errorf("%v: %d after it was emptied", n, a.count())
		}
	}
}
