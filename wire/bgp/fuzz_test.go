package bgp

import (
	"bytes"
	"testing"
)

func fuzzSeeds() [][]byte {
	whole := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, seg(2, 4, 64500, 131279)...), attr(0x40, AttrNextHop, 192, 0, 2, 1))
	mp := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, seg(2, 4, 64500)...),
		attr(0x80, AttrMPReach, 0, 2, 1, 4, 192, 0, 2, 1, 0, 32, 0x20, 1, 0xd, 0xb8), attr(0x80, AttrMPUnreach, 0, 2, 1, 16, 0x20, 2))
	narrow := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, seg(2, 2, 1, ASTrans)...), attr(0xc0, AttrAS4Path, seg(2, 4, 131279)...),
		attr(0xc0, AttrAggregator, 0x5b, 0xa0, 1, 2, 3, 4), attr(0xc0, AttrAS4Aggregator, 0, 2, 0, 1, 1, 2, 3, 4))
	var out [][]byte
	confed := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, cat(seg(3, 2, 65001), seg(2, 2, 1), seg(4, 2, 65002), seg(2, 2, 2, ASTrans))...),
		attr(0xc0, AttrAggregator, 0, 1, 1, 2, 3, 4), attr(0xc0, AttrAS4Path, seg(2, 4, 2, 131279)...))
	zero := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, seg(2, 4, 64500, 0, 131279)...), attr(0xc0, AttrIPv6ExtComm, make([]byte, 20)...))
	set := cat(attr(0x40, AttrOrigin, 0), attr(0x40, AttrASPath, cat(seg(2, 4, 64500), seg(1, 4, 1, 2, 3))...))
	for _, a := range [][]byte{nil, whole, mp, narrow, confed, zero, set, whole[:7], attr(0xc0, AttrLargeComm, make([]byte, 300)...)} {
		out = append(out, cat([]byte{0, 0, byte(len(a) >> 8), byte(len(a))}, a, []byte{24, 198, 51, 100}))
	}
	return out
}

// FuzzUpdate: cutting an UPDATE into its parts loses and invents nothing.
func FuzzUpdate(f *testing.F) {
	for _, b := range fuzzSeeds() {
		f.Add(b, true)
		f.Add(b, false)
	}
	f.Fuzz(func(t *testing.T, body []byte, as4 bool) {
		var u Update
		u.Parse(body, as4)
		err, n := u.Err()
		if (err == nil) != (n == 0) {
			t.Fatalf("%v, %d", err, n)
		}
		if got := len(u.Withdrawn) + len(u.Attributes) + len(u.Announced); got > len(body) || err == nil && got+4 != len(body) {
			t.Fatalf("%d bytes of %d in the parts; %v", got, len(body), err)
		}
		for _, m := range append(u.Reach(), u.Unreach()...) {
			if len(m.NLRI) > 0 && !bytes.Contains(u.Attributes, m.NLRI) {
				t.Fatalf("NLRI %x is not in the attributes", m.NLRI)
			}
			n := NLRI{Bytes: m.NLRI, AFI: m.AFI, SAFI: m.SAFI}
			walkAll(t, n)
			n.AddPath = true
			walkAll(t, n)
		}
		if u.Path().Check() != nil {
			t.Fatal("a path that cannot be walked")
		}
		checkFaults(t, u.Attributes, as4)
	})
}

// walkAll: walking lengths and decoding prefixes find the same.
func walkAll(t *testing.T, n NLRI) {
	s := n.Walk()
	count := 0
	rest := n.Bytes
	for {
		p, _, r, ok := n.Next(rest)
		if !ok {
			break
		}
		if p != p.Masked() {
			t.Fatalf("%v has bits beyond its length", p)
		}
		count++
		rest = r
	}
	if count != s.Count || s.OK() && s.Good != len(n.Bytes) {
		t.Fatalf("%x: %d prefixes decoded, %+v walked", n.Bytes, count, s)
	}
}

// FuzzAttrs: the path alone is the path among the other attributes, whatever
// the bytes; and every value can be asked for.
func FuzzAttrs(f *testing.F) {
	for _, b := range fuzzSeeds() {
		f.Add(b[4:], true, false)
		f.Add(b[4:], false, true)
	}
	f.Fuzz(func(t *testing.T, b []byte, as4, rib bool) {
		c := Context{AS4: as4, RIB: rib}
		var a Attrs
		a.Parse(b, c)
		alone, _ := FindPath(b, c, nil)
		if a.Has(AttrASPath) && alone.String() != a.Path().String() {
			t.Fatalf("%q alone, %q among the others", alone, a.Path())
		}
		if a.Path().Check() != nil {
			t.Fatal("a path that cannot be walked")
		}
		checkAppendPath4(t, b)
		checkPathWays(t, MakePath(b, as4))
		n := 0
		for i := range a.NumCommunities() {
			n += int(a.Community(i) & 1)
		}
		for i := range a.NumExtCommunities() {
			n += int(a.ExtCommunity(i)[0])
		}
		for i := range a.NumLarge() {
			n += int(a.Large(i)[0] & 1)
		}
		for i := range a.NumClusters() {
			a.Cluster(i)
		}
		for o := range a.Others() {
			n += len(o.Value)
		}
		a.Hop()
	})
}
