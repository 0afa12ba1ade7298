package bgp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func cat(parts ...[]byte) []byte { return slices.Concat(parts...) }

func attr(flags, code byte, v ...byte) []byte {
	if len(v) > 255 {
		return cat([]byte{flags | FlagExtended, code, byte(len(v) >> 8), byte(len(v))}, v)
	}
	return cat([]byte{flags, code, byte(len(v))}, v)
}

// seg is a path segment of numbers of the given size.
func seg(typ byte, size int, as ...uint32) []byte {
	out := []byte{typ, byte(len(as))}
	for _, n := range as {
		if size == 4 {
			out = binary.BigEndian.AppendUint32(out, n)
		} else {
			out = binary.BigEndian.AppendUint16(out, uint16(n))
		}
	}
	return out
}

func TestPath(t *testing.T) {
	for _, c := range []struct {
		b      []byte
		text   string
		origin string
		first  string
		len    int
	}{
		{nil, "", "none", "none", 0},
		{seg(SegSequence, 4, 64500, 4837, 131279), "64500 4837 131279", "131279", "64500", 3},
		{cat(seg(SegSequence, 4, 1, 2), seg(SegSequence, 4, 3)), "1 2 3", "3", "1", 3},
		{cat(seg(SegSequence, 4, 1, 2), seg(SegSet, 4, 3, 4)), "1 2 {3,4}", "none", "1", 3},
		{cat(seg(SegSet, 4, 3, 4), seg(SegSequence, 4, 1)), "{3,4} 1", "1", "none", 2},
		{seg(SegSet, 4, 3), "{3}", "none", "none", 1},
		{cat(seg(SegConfedSequence, 4, 65001), seg(SegConfedSet, 4, 65002, 65003), seg(SegSequence, 4, 7, 8)), "(65001) [65002,65003] 7 8", "8", "7", 2},
		{cat(seg(SegSequence, 4, 7), seg(SegConfedSequence, 4, 65001)), "7 (65001)", "7", "7", 1},
		{seg(SegConfedSequence, 4, 65001), "(65001)", "none", "none", 0},
		{seg(SegSequence, 4, 9, 99, 999, 9999, 99999, 999999, 4294967295), "9 99 999 9999 99999 999999 4294967295", "4294967295", "9", 7},
	} {
		p := MakePath(c.b, true)
		show := func(as uint32, ok bool) string {
			if !ok {
				return "none"
			}
			return strconv.Itoa(int(as))
		}
		if p.Check() != nil || p.String() != c.text || show(p.Origin()) != c.origin || show(p.First()) != c.first || p.Len() != c.len {
			t.Errorf("%x: %v, text %q, origin %s, first %s, length %d; want %q, %s, %s, %d", c.b, p.Check(), p,
				show(p.Origin()), show(p.First()), p.Len(), c.text, c.origin, c.first, c.len)
		}
	}
	for _, b := range [][]byte{{2}, {2, 0}, {2, 1, 0, 0, 0}, {5, 1, 0, 0, 0, 1}, {0, 1, 0, 0, 0, 1}, cat(seg(2, 4, 1), []byte{9})} {
		if MakePath(b, true).Check() == nil {
			t.Errorf("%x: taken for a path", b)
		}
	}
	p := MakePath(cat(seg(SegSequence, 2, 1, 2), seg(SegSet, 2, 3)), false)
	if !p.Has(3) || p.Has(4) || !slices.Equal(p.Append([]uint32{9}), []uint32{9, 1, 2, 3}) {
		t.Errorf("%v: has 3 %v, 4 %v, numbers %v", p, p.Has(3), p.Has(4), p.Append(nil))
	}
}

// RFC 6793 §4.2.3: how AS_PATH and AS4_PATH of a two-byte session make one.
func TestMerge(t *testing.T) {
	const q = ASTrans
	for _, c := range []struct {
		name        string
		path, path4 []byte
		aggregator  int // 0: none; with AS4_AGGREGATOR if negative
		want        string
	}{
		{"same length", seg(2, 2, 1, q, q), seg(2, 4, 1, 70000, 70001), 0, "1 70000 70001"},
		{"leading ASes kept", seg(2, 2, 1, 2, q, q), seg(2, 4, 70000, 70001), 0, "1 2 70000 70001"},
		{"AS4_PATH longer is ignored", seg(2, 2, 1, q), seg(2, 4, 1, 70000, 70001), 0, "1 23456"},
		{"a set counts one", cat(seg(2, 2, 1, q), seg(1, 2, q, q)), seg(1, 4, 70000, 70001), 0, "1 23456 {70000,70001}"},
		{"across segments", cat(seg(2, 2, 1), seg(2, 2, 2, q)), seg(2, 4, 70000), 0, "1 2 70000"},
		{"confederation kept", cat(seg(3, 2, 65001), seg(2, 2, 1, q)), seg(2, 4, 70000), 0, "(65001) 1 70000"},
		{"leading confederation kept though no AS is", cat(seg(3, 2, 65001), seg(4, 2, 65002), seg(2, 2, q)), seg(2, 4, 70000), 0, "(65001) [65002] 70000"},
		{"confederation behind what is kept", cat(seg(2, 2, 1), seg(3, 2, 65001), seg(2, 2, 2, q)), seg(2, 4, 2, 70000), 0, "1 (65001) 2 70000"},
		{"confederation behind a set that is kept", cat(seg(1, 2, 1, 2), seg(3, 2, 65001), seg(2, 2, q)), seg(2, 4, 70000), 0, "{1,2} (65001) 70000"},
		{"confederation behind what is kept in part", cat(seg(2, 2, 1, 2), seg(3, 2, 65001), seg(2, 2, q)), seg(2, 4, 2, 70000), 0, "1 2 70000"},
		{"confederation behind what is left out", cat(seg(2, 2, 1), seg(2, 2, 2), seg(3, 2, 65001), seg(2, 2, q)), seg(2, 4, 2, 70000), 0, "1 2 70000"},
		{"AS 0 in AS4_PATH", seg(2, 2, 1, q), seg(2, 4, 0), 0, "1 23456"},
		{"confederation in AS4_PATH dropped", seg(2, 2, 1, q), cat(seg(3, 4, 65001), seg(2, 4, 70000)), 0, "1 70000"},
		{"aggregator with an AS of two bytes", seg(2, 2, 1, q), seg(2, 4, 70000), 77, "1 70000"},
		{"aggregator of a new speaker", seg(2, 2, 1, q), seg(2, 4, 70000), q, "1 70000"},
		{"aggregator of an old speaker behind a new one", seg(2, 2, 1, q), seg(2, 4, 70000), -77, "1 23456"},
		{"both aggregators of a new speaker", seg(2, 2, 1, q), seg(2, 4, 70000), -q, "1 70000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, c.path...), attr(0xc0, AttrAS4Path, c.path4...))
			if as := max(c.aggregator, -c.aggregator); as != 0 {
				b = cat(b, attr(0xc0, AttrAggregator, byte(as>>8), byte(as), 192, 0, 2, 1))
			}
			if c.aggregator < 0 {
				b = cat(b, attr(0xc0, AttrAS4Aggregator, 0, 1, 0x11, 0x70, 192, 0, 2, 1))
			}
			var a Attrs
			a.Parse(b, Context{})
			alone, _ := FindPath(b, Context{}, nil)
			if a.Path().String() != c.want || alone.String() != c.want {
				t.Errorf("%q, alone %q; want %q", a.Path(), alone, c.want)
			}
			if err, _ := a.Err(); err != nil && c.name != "AS 0 in AS4_PATH" {
				t.Error(err)
			}
			// Over a four-byte session AS4_PATH means nothing (§4.1).
			wide := cat(attr(0x40, AttrASPath, seg(2, 4, 1, 2)...), attr(0xc0, AttrAS4Path, c.path4...))
			a.Parse(wide, Context{AS4: true})
			if a.Path().String() != "1 2" {
				t.Errorf("four-byte session: %q", a.Path())
			}
		})
	}
}

// RFC 7606: which malformation has which consequence.
func TestRFC7606(t *testing.T) {
	origin, path, hop := attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, seg(2, 4, 64500)...), attr(0x40, AttrNextHop, 192, 0, 2, 1)
	nlri := []byte{24, 198, 51, 100}
	whole := cat(origin, path, hop)
	for _, c := range []struct {
		section string
		attrs   []byte
		want    Action
	}{
		{"nothing wrong", whole, 0},
		{"an attribute nobody knows", cat(whole, attr(0xc0, 200, 1, 2)), 0},
		{"3(c) flags of ORIGIN", cat(attr(0xc0, AttrOrigin, 0), path, hop), TreatAsWithdraw},
		{"3(c) flags of COMMUNITIES", cat(whole, attr(0x40, AttrCommunities, 0, 1, 0, 1)), TreatAsWithdraw},
		{"3(d) no ORIGIN", cat(path, hop), TreatAsWithdraw},
		{"3(d) no AS_PATH", cat(origin, hop), TreatAsWithdraw},
		{"3(d) no NEXT_HOP", cat(origin, path), TreatAsWithdraw},
		{"3(g) twice", cat(whole, attr(0x80, AttrMED, 0, 0, 0, 1), attr(0x80, AttrMED, 0, 0, 0, 2)), Discard},
		{"3(g) MP_UNREACH twice", cat(whole, attr(0x80, AttrMPUnreach, 0, 2, 1), attr(0x80, AttrMPUnreach, 0, 2, 1)), Unreadable},
		{"4 runs on", cat(whole, []byte{0x80, AttrMED, 9, 1}), TreatAsWithdraw},
		{"4 cut in the header", cat(whole, []byte{0x80}), TreatAsWithdraw},
		{"7.1 ORIGIN length", cat(attr(0x40, AttrOrigin, 0, 0), path, hop), TreatAsWithdraw},
		{"7.1 ORIGIN value", cat(attr(0x40, AttrOrigin, 3), path, hop), TreatAsWithdraw},
		{"7.3 NEXT_HOP length", cat(origin, path, attr(0x40, AttrNextHop, 1, 2, 3)), TreatAsWithdraw},
		{"7.4 MED length", cat(whole, attr(0x80, AttrMED, 1)), TreatAsWithdraw},
		{"7.5 LOCAL_PREF length", cat(whole, attr(0x40, AttrLocalPref, 1)), Discard},
		{"7.6 ATOMIC_AGGREGATE length", cat(whole, attr(0x40, AttrAtomicAggregate, 1)), Discard},
		{"7.7 AGGREGATOR length", cat(whole, attr(0xc0, AttrAggregator, 1, 2, 3, 4, 5, 6)), Discard},
		{"7.8 COMMUNITIES length", cat(whole, attr(0xc0, AttrCommunities, 1, 2, 3)), TreatAsWithdraw},
		{"7.8 COMMUNITIES empty", cat(whole, attr(0xc0, AttrCommunities)), TreatAsWithdraw},
		{"7.9 ORIGINATOR_ID length", cat(whole, attr(0x80, AttrOriginatorID, 1)), Discard},
		{"7.10 CLUSTER_LIST length", cat(whole, attr(0x80, AttrClusterList, 1)), Discard},
		{"7.11 MP_REACH next hop", cat(origin, path, attr(0x80, AttrMPReach, 0, 2, 1, 3, 1, 2, 3, 0)), TreatAsWithdraw},
		{"7.14 extended communities", cat(whole, attr(0xc0, AttrExtCommunities, 1, 2, 3, 4)), TreatAsWithdraw},
		{"RFC 8092 large communities", cat(whole, attr(0xc0, AttrLargeComm, 1, 2, 3, 4)), TreatAsWithdraw},
		{"RFC 6793 AS4_PATH", cat(whole, attr(0xc0, AttrAS4Path, 2, 9)), Discard},
		{"RFC 9234 OTC", cat(whole, attr(0xc0, AttrOnlyToCustomer, 1)), TreatAsWithdraw},
	} {
		t.Run(c.section, func(t *testing.T) {
			body := cat([]byte{0, 0, byte(len(c.attrs) >> 8), byte(len(c.attrs))}, c.attrs, nlri)
			var u Update
			u.Parse(body, true)
			err, _ := u.Err()
			switch {
			case c.want == 0 && err != nil, c.want != 0 && (err == nil || err.Action != c.want):
				t.Errorf("%v, want action %v", err, c.want)
			case string(u.Announced) != string(nlri):
				t.Errorf("routes %x, want %x", u.Announced, nlri)
			case u.TreatAsWithdraw() != (c.want == TreatAsWithdraw):
				t.Errorf("treat as withdraw %v", u.TreatAsWithdraw())
			}
			if err != nil && err.Error() == "" {
				t.Error("no words for it")
			}
		})
	}
}

func TestEndOfRIB(t *testing.T) {
	for _, c := range []struct {
		body []byte
		want string
	}{
		{[]byte{0, 0, 0, 0}, "1/1"},
		{cat([]byte{0, 0, 0, 6}, attr(0x80, AttrMPUnreach, 0, 2, 1)), "2/1"},
		{cat([]byte{0, 0, 0, 6}, attr(0x80, AttrMPUnreach, 0, 1, 2)), "1/2"},
		{cat([]byte{0, 0, 0, 7}, attr(0x80, AttrMPUnreach, 0, 2, 1, 0)), "none"},
		{[]byte{0, 1, 0, 0, 0}, "none"},
		{[]byte{0, 0, 0, 0, 0}, "none"},
		{[]byte{0, 0, 0}, "none"},
	} {
		var u Update
		u.Parse(c.body, true)
		got := "none"
		if afi, safi, ok := u.EndOfRIB(); ok {
			got = fmt.Sprintf("%d/%d", afi, safi)
		}
		if got != c.want {
			t.Errorf("%x: %s, want %s", c.body, got, c.want)
		}
	}
}

// NLRI written and read again is the same, with and without identifiers.
func TestNLRI(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := NLRI{AFI: uint16(rapid.IntRange(1, 2).Draw(t, "afi")), SAFI: SAFIUnicast, AddPath: rapid.Bool().Draw(t, "add-path")}
		var want []netip.Prefix
		var ids []uint32
		for i := range rapid.IntRange(0, 20).Draw(t, "count") {
			size := n.MaxBits() / 8
			a, _ := netip.AddrFromSlice(rapid.SliceOfN(rapid.Byte(), size, size).Draw(t, fmt.Sprint("address ", i)))
			p := netip.PrefixFrom(a, rapid.IntRange(0, n.MaxBits()).Draw(t, fmt.Sprint("bits ", i)))
			id := rapid.Uint32().Draw(t, fmt.Sprint("id ", i))
			if n.AddPath {
				n.Bytes = binary.BigEndian.AppendUint32(n.Bytes, id)
			} else {
				id = 0
			}
			// Bits behind the prefix are left as they fall.
			n.Bytes = append(append(n.Bytes, byte(p.Bits())), p.Addr().AsSlice()[:(p.Bits()+7)/8]...)
			want, ids = append(want, p.Masked()), append(ids, id)
		}
		if s := n.Walk(); !s.OK() || s.Count != len(want) || s.Good != len(n.Bytes) {
			t.Fatalf("walk: %+v, want %d prefixes", s, len(want))
		}
		rest := n.Bytes
		for i := range want {
			p, id, r, ok := n.Next(rest)
			if !ok || p != want[i] || id != ids[i] {
				t.Fatalf("%d: %v, %d, %v; want %v, %d", i, p, id, ok, want[i], ids[i])
			}
			rest = r
		}
		if _, _, _, ok := n.Next(rest); ok || len(rest) != 0 {
			t.Fatalf("%d bytes left", len(rest))
		}
		if len(n.Bytes) > 0 {
			n.Bytes = n.Bytes[:len(n.Bytes)-1]
			if s := n.Walk(); s.OK() && n.Bytes != nil && want[len(want)-1].Bits() > 0 {
				t.Fatalf("one byte less: %+v", s)
			}
		}
	})
}

func TestAppendUint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Uint32().Draw(t, "v") >> rapid.IntRange(0, 31).Draw(t, "shift")
		if got := string(AppendUint(nil, v)); got != strconv.Itoa(int(v)) {
			t.Fatalf("%q, want %d", got, v)
		}
	})
}
