package mrt_test

import (
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"constat/internal/realdata"
	"constat/wire/mrt"
)

// slowMatch is the prefix filter in its simplest form.
func slowMatch(set []netip.Prefix, m mrt.Match, p netip.Prefix) bool {
	for _, s := range set {
		s = s.Masked()
		switch {
		case p == s:
			if m&mrt.MatchExact != 0 {
				return true
			}
		case p.Bits() > s.Bits() && s.Contains(p.Addr()):
			if m&mrt.MatchMore != 0 {
				return true
			}
		case p.Bits() < s.Bits() && p.Contains(s.Addr()):
			if m&mrt.MatchLess != 0 {
				return true
			}
		}
	}
	return false
}

// anyPrefix draws prefixes that lie close together.
func anyPrefix(t *rapid.T, name string) netip.Prefix {
	if rapid.Bool().Draw(t, name+" is v6") {
		var a [16]byte
		a[0], a[1] = 0x20, 1
		for i, b := range rapid.SliceOfN(rapid.ByteRange(0, 3), 14, 14).Draw(t, name) {
			a[2+i] = b
		}
		p, _ := netip.AddrFrom16(a).Prefix(rapid.IntRange(0, 128).Draw(t, name+" bits"))
		return p
	}
	b := rapid.SliceOfN(rapid.ByteRange(0, 3), 4, 4).Draw(t, name)
	p, _ := netip.AddrFrom4([4]byte(b)).Prefix(rapid.IntRange(0, 32).Draw(t, name+" bits"))
	return p
}

func TestMatchPrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var set []netip.Prefix
		for i := range rapid.IntRange(1, 30).Draw(t, "size") {
			set = append(set, anyPrefix(t, fmt.Sprint("set ", i)))
		}
		m := mrt.Match(rapid.IntRange(1, 7).Draw(t, "match"))
		var also []netip.Prefix
		for i := range rapid.IntRange(0, 5).Draw(t, "also") {
			also = append(also, anyPrefix(t, fmt.Sprint("also ", i)))
		}
		f, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: set, Match: m, Also: also})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			p := anyPrefix(t, fmt.Sprint("asked ", i))
			if got, want := f.MatchPrefix(p), slowMatch(set, m, p) || slices.Contains(also, p); got != want {
				t.Fatalf("%v, match %d, in %v or one of %v: %v, want %v", p, m, set, also, got, want)
			}
		}
	})
}

// slowFilter is a filter in its simplest form: on elements already decoded.
func slowFilter(s mrt.FilterSpec, e *mrt.Elem) bool {
	kinds := s.Kinds
	if kinds == 0 {
		kinds = mrt.AllKinds
	}
	bit := map[mrt.ElemKind]mrt.Kinds{mrt.Announce: mrt.Announcements, mrt.Withdraw: mrt.Withdrawals, mrt.RIBEntry: mrt.RIBEntries, mrt.State: mrt.States, mrt.EndOfRIB: mrt.EndOfRIBs}
	if kinds&bit[e.Kind] == 0 || e.Time < s.From || s.Until != 0 && e.Time >= s.Until {
		return false
	}
	if len(s.Peers)+len(s.PeerASes) > 0 && !slices.Contains(s.Peers, e.PeerAddr) && !slices.Contains(s.PeerASes, e.PeerAS) {
		return false
	}
	if e.Kind == mrt.State || e.Kind == mrt.EndOfRIB {
		return s.Sessions || len(s.Prefixes)+len(s.Also)+len(s.Origins)+len(s.PathHas) == 0
	}
	m := s.Match
	if m == 0 {
		m = mrt.MatchExact | mrt.MatchMore
	}
	byPrefix := slowMatch(s.Prefixes, m, e.Prefix) || slices.Contains(s.Also, e.Prefix)
	prefixes := len(s.Prefixes) + len(s.Also)
	as, ok := e.OriginAS()
	byOrigin := ok && slices.Contains(s.Origins, as)
	if len(s.PathHas) > 0 && !slices.ContainsFunc(e.AppendPath(nil), func(as uint32) bool { return slices.Contains(s.PathHas, as) }) {
		return false
	}
	switch {
	case prefixes > 0 && len(s.Origins) > 0 && s.Either:
		return byPrefix || byOrigin
	case prefixes > 0 && !byPrefix:
		return false
	case len(s.Origins) > 0 && !byOrigin:
		return false
	}
	return true
}

// key is what of an element tells it from others.
func elemKey(rec *mrt.Record, e *mrt.Elem) string {
	return fmt.Sprint(rec.Offset, e.Kind, e.PeerAddr, e.Prefix, e.PathID)
}

// TestFilterAgainstSlow: filtering raw bytes finds what filtering decoded
// elements finds, on real files.
func TestFilterAgainstSlow(t *testing.T) {
	p := netip.MustParsePrefix
	a := netip.MustParseAddr
	for _, file := range []string{"mrt/ris/rrc04/2022.02/updates.20220209.1035.gz", "mrt/ris/rrc15/2010.02/updates.20100227.1610.gz",
		"mrt/bgpdump-suite/input/bview.64k_stream_overflow.gz", "mrt/ris/rrc00/2000.03/updates.20000325.0345.gz"} {
		data := unpack(t, realdata.Path(t, file))
		for _, s := range []mrt.FilterSpec{
			{Prefixes: []netip.Prefix{p("186.251.128.0/21"), p("190.0.0.0/8"), p("2001:579::/32")}},
			{Prefixes: []netip.Prefix{p("186.251.128.0/24"), p("2001:579:1040::/46")}, Match: mrt.MatchAny},
			{Prefixes: []netip.Prefix{p("186.251.136.0/24"), p("24.0.0.0/7")}, Match: mrt.MatchLess},
			{Prefixes: []netip.Prefix{p("186.251.128.0/24")}, Match: mrt.MatchAny, Also: []netip.Prefix{p("186.251.136.0/24"), p("2001:579:1040::/46"), p("24.224.184.0/22")}},
			{Also: []netip.Prefix{p("190.0.0.0/8"), p("2001:579:1040::/46"), p("186.251.136.0/24")}},
			{Origins: []uint32{22047, 53225, 53113}},
			{Origins: []uint32{22047, 53225}, Prefixes: []netip.Prefix{p("177.137.18.0/23")}, Either: true, Sessions: true},
			{Origins: []uint32{22047, 53225}, Prefixes: []netip.Prefix{p("186.0.0.0/8")}},
			{PathHas: []uint32{3549, 1299}},
			{PathHas: []uint32{3549}, Origins: []uint32{22047}, Prefixes: []netip.Prefix{p("10.0.0.0/8")}, Either: true},
			{Peers: []netip.Addr{a("200.219.130.4"), a("2001:12ff:1:1::2")}, PeerASes: []uint32{3333}},
			{Kinds: mrt.Withdrawals | mrt.States},
			{Kinds: mrt.Announcements, Sessions: true},
			{PeerASes: []uint32{22548}, Kinds: mrt.Withdrawals},
		} {
			f, err := mrt.NewFilter(s)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			collect(data, f, func(r *mrt.Record, e *mrt.Elem) { got = append(got, elemKey(r, e)) })
			collect(data, nil, func(r *mrt.Record, e *mrt.Elem) {
				if slowFilter(s, e) {
					want = append(want, elemKey(r, e))
				}
			})
			if !slices.Equal(got, want) {
				t.Errorf("%s: %+v: %d elements, want %d", file, s, len(got), len(want))
			}
		}
	}
}

func collect(data []byte, f *mrt.Filter, use func(*mrt.Record, *mrt.Elem)) {
	r := mrt.NewReader(bytes.NewReader(data))
	var w mrt.Walker
	w.SetFilter(f)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			continue
		}
		w.Record(rec)
		for w.Next() {
			use(&rec, w.Elem())
		}
	}
}
