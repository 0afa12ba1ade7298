package mrt_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/wire/mrt"
	"constat/wire/mrt/text"
)

// asBgpdump prints a stream as bgpdump -m does.
func asBgpdump(data []byte) string {
	var out []byte
	var t text.Bgpdump
	each(data, nil, func(rec *mrt.Record, e *mrt.Elem) { out = t.Append(out, rec, e) })
	return string(out)
}

// TestBgpdumpQuirks: the quirks that docs/formats/bgpdump-m.md lists, each on a
// record made by hand. Where bgpdump is installed it is asked too.
func TestBgpdumpQuirks(t *testing.T) {
	v4, v6 := prefixes(nil, "10.0.0.0/8"), prefixes(nil, "2001:db8::/32")
	comm := attr(0xc0, 8, u32(0xfc000001), u32(0xffffff01), u32(0xffffff02), u32(0xffffff03), u32(0xffffff04))
	old := func(withdrawn, attrs, nlri []byte) []byte {
		return record(mrt.TypeBGP, mrt.BGPUpdate, u16(3333), ip("193.0.0.56"), u16(12654), ip("192.0.2.254"), update(withdrawn, attrs, nlri))
	}
	oldAttrs := cat(originAttr(), attr(0x40, 2, seq2(3333, 701)), nextHopAttr("193.0.0.56"))
	two := func(attrs ...[]byte) []byte {
		return record(mrt.TypeBGP4MP, mrt.MPMessage, peerHead2(64500), message(2, update(nil, cat(originAttr(), nextHopAttr("192.0.2.1"), cat(attrs...)), v4)))
	}
	local := func(subtype int) []byte {
		n4, n6 := v4, v6
		if subtype > 8 {
			n4, n6 = prefixes([]int{7}, "10.0.0.0/8"), prefixes([]int{7}, "2001:db8::/32")
		}
		return record(mrt.TypeBGP4MP, subtype, peerHead(64500), message(2, update(n4, cat(unreach(2, 1, n6), plainAttrs()), n4)))
	}
	const head = "BGP4MP|1419264907|A|192.0.2.1|64500|10.0.0.0/8|"
	for _, c := range []struct {
		name string
		data []byte
		want []string
	}{
		{"type 5: no separator before communities", old(nil, cat(oldAttrs, comm), v4),
			[]string{"BGP|1419264907|A|193.0.0.56|3333|10.0.0.0/8|3333 701|IGP|193.0.0.56|0|064512:1 no-export no-advertise local-AS 65535:65284|NAG||"}},
		{"type 5: none", old(nil, oldAttrs, v4), []string{"BGP|1419264907|A|193.0.0.56|3333|10.0.0.0/8|3333 701|IGP|193.0.0.56|0|0|NAG||"}},
		{"type 5: the peer in place of the withdrawn prefix", old(v4, nil, nil), []string{"BGP|1419264907|W|193.0.0.56|3333|193.0.0.56/8"}},
		{"numbers above 2^31 are negative in IPv4 MP_REACH", updateRecord(nil, cat(originAttr(), pathAttr(64500), attr(0x80, 4, u32(-5)), reach(1, 1, ip("192.0.2.9"), v4)), nil),
			[]string{head + "64500|IGP|192.0.2.9|0|-5||NAG||"}},
		{"and nowhere else", updateRecord(nil, cat(plainAttrs(), attr(0x80, 4, u32(-5))), v4), []string{head + "64500 4837 131279|IGP|192.0.2.1|0|4294967291||NAG||"}},
		{"an aggregator at 255.255.255.255 is none", updateRecord(nil, cat(plainAttrs(), attr(0xc0, 7, u32(5), ip("255.255.255.255"))), v4), []string{head + "64500 4837 131279|IGP|192.0.2.1|0|0||NAG||"}},
		{"AS4_PATH: the first segment is repeated", two(attr(0x40, 2, seq2(1, 2), seq2(3, 23456)), attr(0xc0, 17, seq(70000))), []string{head + "1 2 1 70000|IGP|192.0.2.1|0|0||NAG||"}},
		{"AS4_PATH: confederations count", two(attr(0x40, 2, []byte{3, 2, 0, 9, 0, 8}, seq2(1, 23456)), attr(0xc0, 17, seq(70000))), []string{head + "(9 8) (9) 70000|IGP|192.0.2.1|0|0||NAG||"}},
		{"AS4_PATH: whatever AGGREGATOR says", two(attr(0x40, 2, seq2(1, 23456)), attr(0xc0, 7, u16(5), ip("5.6.7.8")), attr(0xc0, 17, seq(70000))), []string{head + "1 70000|IGP|192.0.2.1|0|0||NAG|5 5.6.7.8|"}},
		{"local: an IPv4 peer as an IPv6 address", local(mrt.MPMessageAS4Local), []string{
			"BGP4MP_LOCAL|1419264907|W|192.0.2.1|64500|10.0.0.0/8", "BGP4MP_LOCAL|1419264907|W|c000:201::|64500|2001:db8::/32",
			"BGP4MP_LOCAL|1419264907|A|192.0.2.1|64500|10.0.0.0/8|64500 4837 131279|IGP|192.0.2.1|0|0||NAG||"}},
		{"local ADD-PATH: not called local, the collector for the peer", local(mrt.MPMessageAS4LocalAddPath), []string{
			"BGP4MP_AP|1419264907|W|192.0.2.254|12654|10.0.0.0/8|7", "BGP4MP_AP|1419264907|W|192.0.2.254|12654|2001:db8::/32|7",
			"BGP4MP_AP|1419264907|A|192.0.2.254|12654|10.0.0.0/8|7|64500 4837 131279|IGP|192.0.2.1|0|0||NAG||"}},
		{"state change of Zebra: a peer 0.0.0.0", record(mrt.TypeBGP4MP, mrt.MPStateChange, u16(64500), u16(12654), u16(3), u16(2)), []string{"BGP4MP|1419264907|STATE|0.0.0.0|64500|3|2"}},
		{"IPv6 in its own form", record(mrt.TypeBGP4MP, mrt.MPStateChangeAS4, u32(5), u32(6), u16(0), u16(2), ip("2001:db8:0:1:1:1:1:1"), ip("::"), u16(3), u16(99)), []string{"BGP4MP|1419264907|STATE|2001:db8::1:1:1:1:1|5|3|99"}},
		{"AS 0 in a path passes", updateRecord(nil, cat(originAttr(), pathAttr(64500, 0, 131279), nextHopAttr("192.0.2.1")), prefixes(nil, "10.0.0.0/8")), []string{
			"BGP4MP|1419264907|A|192.0.2.1|64500|10.0.0.0/8|64500 0 131279|IGP|192.0.2.1|0|0||NAG||"}},
		{"no line for multicast tables", cat(indexRecord(), ribRecord(mrt.V2IPv4Multicast, "10.0.0.0/8", entry(0, plainAttrs()))), nil},
		{"no line for End-of-RIB", updateRecord(nil, nil, nil), nil},
		{"no next hop is 255.255.255.255", cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "10.0.0.0/8", entry(0, cat(originAttr(), pathAttr(64500))))),
			[]string{"TABLE_DUMP2|1419264907|B|192.0.2.1|64500|10.0.0.0/8|64500|IGP|255.255.255.255|0|0||NAG||"}},
		{"a multicast next hop in a table is none", cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "10.0.0.0/8", entry(0, cat(originAttr(), pathAttr(64500), reach(1, 2, ip("192.0.2.9"), nil))))),
			[]string{"TABLE_DUMP2|1419264907|B|192.0.2.1|64500|10.0.0.0/8|64500|IGP|255.255.255.255|0|0||NAG||"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := strings.Join(append(slices.Clone(c.want), ""), "\n")
			if got := asBgpdump(c.data); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			askBgpdump(t, c.data, want)
		})
	}
}

// askBgpdump checks a text against the installed bgpdump's, if there is one.
func askBgpdump(t *testing.T, data []byte, want string) {
	t.Helper()
	bin, err := exec.LookPath("bgpdump")
	if err != nil {
		return
	}
	path := filepath.Join(t.TempDir(), "records")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := exec.Command(bin, "-q", "-m", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("bgpdump itself prints\n%swant\n%s", got, want)
	}
}

// TestBgpdumpByHand asks the installed bgpdump about every undamaged record of
// ours that it can read.
func TestBgpdumpByHand(t *testing.T) {
	if _, err := exec.LookPath("bgpdump"); err != nil {
		t.Skip("bgpdump is not installed")
	}
	for name, data := range handMade() {
		switch name {
		case "hidden add-path", "tables in one", "plain in add-path", "two plain in add-path", "either over ipv6",
			"state of frr", "state with interface", "start and dead": // it cannot; we can
			continue
		}
		if _, damage, _ := read(t, data, nil); len(damage) > 0 {
			continue
		}
		t.Run(name, func(t *testing.T) { askBgpdump(t, data, asBgpdump(data)) })
	}
}
