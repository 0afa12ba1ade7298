package vantage

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"constat/moment"
)

// TestMarkCopies: what is one session at two collectors, and what is a peer that
// feeds two.
func TestMarkCopies(t *testing.T) {
	local := func(s string) []netip.Addr { return []netip.Addr{netip.MustParseAddr(s)} }
	peer := func(n int, at []netip.Addr, first int64, announced int64) PeerWatch {
		return PeerWatch{Peer: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}), AS: uint32(64500 + n), Local: at,
			First: moment.Unix(first, 0), Last: moment.Unix(1000, 0), Announced: announced}
	}
	one, two := local("193.0.4.28"), local("193.0.19.33")
	for _, c := range []struct {
		name string
		a, b []PeerWatch
		want string
	}{
		{"the same session", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 5, 3)}, "[rrc80]"},
		{"a peer of two collectors", []PeerWatch{peer(1, one, 5, 300)}, []PeerWatch{peer(1, two, 5, 300)}, "[]"},
		{"other records", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 5, 4)}, "[]"},
		{"the same session, stamped with other times", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 6, 3)}, "[rrc80]"},
		{"no address of the collector, many records, other times", []PeerWatch{peer(1, nil, 5, 16)}, []PeerWatch{peer(1, nil, 6, 16)}, "[]"},
		{"an address that is none, other times", []PeerWatch{peer(1, local("0.0.0.0"), 5, 16)}, []PeerWatch{peer(1, local("0.0.0.0"), 6, 16)}, "[]"},
		{"in the tables alone, an hour apart, beside one that is the same", []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, nil, 900, 0), peer(2, one, 6, 9)}, "[rrc80 rrc80]"},
		{"silent in sessions of two collectors, beside one that is the same", []PeerWatch{peer(1, one, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, two, 900, 0), peer(2, one, 6, 9)}, "[ rrc80]"},
		{"no address, few records", []PeerWatch{peer(1, nil, 5, 3)}, []PeerWatch{peer(1, nil, 5, 3)}, "[]"},
		{"no address, many records", []PeerWatch{peer(1, nil, 5, 16)}, []PeerWatch{peer(1, nil, 5, 16)}, "[rrc80]"},
		{"a silent peer alone", []PeerWatch{peer(1, one, 5, 0)}, []PeerWatch{peer(1, one, 5, 0)}, "[]"},
		{"a silent peer beside one that is the same", []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, "[rrc80 rrc80]"},
		{"one of two", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 5, 3), peer(2, one, 5, 3)}, "[rrc80 ]"},
	} {
		w := &Watch{Collectors: []Collector{{Name: "rrc80", Peers: c.a}, {Name: "rrc99", Peers: c.b}}}
		w.MarkCopies()
		var got []string
		marked := 0
		for _, p := range w.Collectors[1].Peers {
			got = append(got, p.CopyOf)
			if p.CopyOf != "" {
				marked++
			}
		}
		if s := fmt.Sprint(got); s != c.want {
			t.Errorf("%s: copies of %s, want %s", c.name, s, c.want)
		}
		for _, p := range w.Collectors[0].Peers {
			if p.CopyOf != "" {
				t.Errorf("%s: the first is no copy", c.name)
			}
		}
		rest, copies := w.Originals()
		if len(copies) != marked {
			t.Errorf("%s: left out %v", c.name, copies)
		}
		if n := len(rest.Collectors); (n == 1) != (marked == len(c.b)) {
			t.Errorf("%s: %d collectors left", c.name, n)
		}
		if has := slices.Equal(w.CopiesOf(), []string{"rrc99 = rrc80"}); has != (marked > 0) {
			t.Errorf("%s: %v", c.name, w.CopiesOf())
		}
	}
}
