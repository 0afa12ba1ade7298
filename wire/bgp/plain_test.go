package bgp

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"
)

// checkPlain holds what is plain against what Update says of it.
func checkPlain(t *testing.T, body []byte, as4 bool) (is bool) {
	t.Helper()
	var p Plain
	if !p.Parse(body, as4) {
		return false
	}
	var u Update
	u.Parse(body, as4)
	if err, n := u.Err(); err != nil {
		t.Fatalf("%x is plain, and Update has %d faults: %v", body, n, err)
	}
	if err, _ := u.CheckPath(); err != nil && len(p.Announced) > 0 {
		t.Fatalf("%x is plain, and Update has something against its path: %v", body, err)
	}
	if !bytes.Equal(p.Withdrawn, u.Withdrawn) || !bytes.Equal(p.Announced, u.Announced) || len(u.Reach())+len(u.Unreach()) > 0 || u.Has(AttrAS4Path) {
		t.Fatalf("%x is plain, and its lists are others", body)
	}
	if len(p.Announced) > 0 {
		if got, want := p.AppendPath(nil), u.AppendPath(nil); !slices.Equal(got, want) || !slices.Equal(want, u.Path().Append(nil)) {
			t.Fatalf("%x has the path %v, and Update has %v", body, got, want)
		}
		if got, ok := u.Path().Origin(); !ok || got != p.Origin() {
			t.Fatalf("%x is of AS%d, and to Update of AS%d, %v", body, p.Origin(), got, ok)
		}
	}
	shortest := 33
	for i, l := range [][]byte{p.Withdrawn, p.Announced} {
		n := 0
		for b := l; len(b) > 0; n++ {
			var q netip.Prefix
			q, _, b, _ = (NLRI{Bytes: l, AFI: AFIv4, SAFI: SAFIUnicast}).Next(b)
			shortest = min(shortest, q.Bits())
		}
		if got := []int{p.Withdrawals, p.Announcements}[i]; got != n {
			t.Fatalf("%x: %d prefixes in list %d, which has %d", body, got, i, n)
		}
		if s := (NLRI{Bytes: l, AFI: AFIv4, SAFI: SAFIUnicast}).Walk(); s.Good != len(l) || s.Zeros > 0 {
			t.Fatalf("%x is plain, and %x cannot be read so: %+v", body, l, s)
		}
	}
	if p.Shortest != shortest {
		t.Fatalf("%x: the shortest prefix has %d bits, not %d", body, shortest, p.Shortest)
	}
	return true
}

// plainBody is an UPDATE with attributes and a prefix.
func plainBody(attrs ...[]byte) []byte {
	a := slices.Concat(attrs...)
	return slices.Concat([]byte{0, 2, 8, 10, 0, byte(len(a))}, a, []byte{24, 192, 0, 2})
}

// Each shape of an attribute is plain or not, and what is plain is right.
func TestPlain(t *testing.T) {
	origin, hop := []byte{0x40, 1, 1, 0}, []byte{0x40, 3, 4, 192, 0, 2, 1}
	path4, path2 := []byte{0x40, 2, 10, 2, 2, 0, 0, 0xfc, 0, 0, 0, 0xfc, 1}, []byte{0x40, 2, 6, 2, 2, 0xfc, 0, 0xfc, 1}
	for _, c := range []struct {
		name string
		body []byte
		as4  bool
		want bool
	}{
		{"four bytes", plainBody(origin, path4, hop), true, true},
		{"two bytes", plainBody(origin, path2, hop), false, true},
		{"the wrong ones", plainBody(origin, path2, hop), true, false},
		{"all kinds", plainBody(origin, path4, hop, []byte{0x80, 4, 4, 0, 0, 0, 1}, []byte{0x40, 5, 4, 0, 0, 0, 1}, []byte{0x40, 6, 0}, []byte{0xc0, 7, 8, 0, 0, 0, 1, 1, 2, 3, 4}, []byte{0xe0, 8, 4, 1, 2, 3, 4}), true, true},
		{"lengths of two bytes", plainBody(origin, []byte{0x50, 2, 0, 10, 2, 2, 0, 0, 0xfc, 0, 0, 0, 0xfc, 1}, hop), true, true},
		{"communities of later years", plainBody(origin, path4, hop, []byte{0xc0, 16, 8, 1, 2, 3, 4, 5, 6, 7, 8}, []byte{0xe0, 32, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, []byte{0xc0, 35, 4, 0, 0, 0, 1}), true, true},
		{"large communities of 8 bytes", plainBody(origin, path4, hop, []byte{0xc0, 32, 8, 1, 2, 3, 4, 5, 6, 7, 8}), true, false},
		{"no extended community", plainBody(origin, path4, hop, []byte{0xc0, 16, 0}), true, false},
		{"flags of another kind", plainBody(origin, path4, hop, []byte{0x80, 32, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), true, false},
		{"an aggregator of two bytes", plainBody(origin, path2, hop, []byte{0xc0, 7, 6, 0, 1, 1, 2, 3, 4}), false, true},
		{"twice", plainBody(origin, path4, hop, hop), true, false},
		{"without a next hop", plainBody(origin, path4), true, false},
		{"AS 0", plainBody(origin, []byte{0x40, 2, 6, 2, 1, 0, 0, 0, 0}, hop), true, false},
		{"a set", plainBody(origin, []byte{0x40, 2, 6, 1, 1, 0, 0, 0, 1}, hop), true, false},
		{"an empty path", plainBody(origin, []byte{0x40, 2, 0}, hop), true, false},
		{"a bad origin", plainBody([]byte{0x40, 1, 1, 3}, path4, hop), true, false},
		{"MP_UNREACH_NLRI", plainBody(origin, path4, hop, []byte{0x80, 15, 3, 0, 2, 1}), true, false},
		{"empty", []byte{0, 0, 0, 0}, true, true},
		{"a default route", append(plainBody(origin, path4, hop), 0), true, false},
		{"cut short", plainBody(origin, path4, hop)[:20], true, false},
	} {
		if got := checkPlain(t, c.body, c.as4); got != c.want {
			t.Errorf("%s: plain %v, want %v", c.name, got, c.want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	origin, hop := []byte{0x40, 1, 1, 0}, []byte{0x40, 3, 4, 192, 0, 2, 1}
	f.Add(plainBody(origin, []byte{0x40, 2, 10, 2, 2, 0, 0, 0xfc, 0, 0, 0, 0xfc, 1}, hop, []byte{0xc0, 7, 8, 0, 0, 0, 1, 1, 2, 3, 4}, []byte{0xe0, 8, 4, 1, 2, 3, 4}), true)
	f.Add(plainBody(origin, []byte{0x40, 2, 6, 2, 2, 0xfc, 0, 0xfc, 1}, hop, []byte{0x80, 4, 4, 0, 0, 0, 1}), false)
	f.Fuzz(func(t *testing.T, body []byte, as4 bool) { checkPlain(t, body, as4) })
}
