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
	one, two, inside := local("193.0.4.28"), local("193.0.19.33"), local("10.0.0.1")
	for _, c := range []struct {
		name string
		a, b []PeerWatch
		want string
	}{
		{"the same session", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 5, 3)}, "[rrc80]"},
		{"a peer of two collectors", []PeerWatch{peer(1, one, 5, 300)}, []PeerWatch{peer(1, two, 5, 300)}, "[]"},
		{"fewer records", []PeerWatch{peer(1, one, 5, 4)}, []PeerWatch{peer(1, one, 900, 1)}, "[rrc80]"},
		{"fewer records, a private address", []PeerWatch{peer(1, inside, 5, 4)}, []PeerWatch{peer(1, inside, 6, 3)}, "[]"},
		{"as many, a private address", []PeerWatch{peer(1, inside, 5, 4)}, []PeerWatch{peer(1, inside, 6, 4)}, "[rrc80]"},
		{"fewer records, no address of the collector", []PeerWatch{peer(1, nil, 5, 40)}, []PeerWatch{peer(1, nil, 5, 39)}, "[]"},
		{"of two addresses one", []PeerWatch{peer(1, slices.Concat(one, two), 5, 4)}, []PeerWatch{peer(1, two, 6, 3)}, "[rrc80]"},
		{"the copy's tables alone, beside one with fewer records", []PeerWatch{peer(1, one, 5, 7), peer(2, one, 5, 9)}, []PeerWatch{peer(1, nil, 900, 0), peer(2, one, 6, 1)}, "[rrc80 rrc80]"},
		{"the same session, stamped with other times", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 6, 3)}, "[rrc80]"},
		{"no address of the collector, many records, other times", []PeerWatch{peer(1, nil, 5, 16)}, []PeerWatch{peer(1, nil, 6, 16)}, "[]"},
		{"an address that is none, other times", []PeerWatch{peer(1, local("0.0.0.0"), 5, 16)}, []PeerWatch{peer(1, local("0.0.0.0"), 6, 16)}, "[]"},
		{"in the tables alone, an hour apart, beside one that is the same", []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, nil, 900, 0), peer(2, one, 6, 9)}, "[rrc80 rrc80]"},
		{"silent in sessions of two collectors, beside one that is the same", []PeerWatch{peer(1, one, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, two, 900, 0), peer(2, one, 6, 9)}, "[ rrc80]"},
		{"no address, few records", []PeerWatch{peer(1, nil, 5, 3)}, []PeerWatch{peer(1, nil, 5, 3)}, "[]"},
		{"no address, many records", []PeerWatch{peer(1, nil, 5, 16)}, []PeerWatch{peer(1, nil, 5, 16)}, "[rrc80]"},
		{"in the tables alone", []PeerWatch{peer(1, nil, 5, 0)}, []PeerWatch{peer(1, nil, 5, 0)}, "[]"},
		{"a session without routes", []PeerWatch{peer(1, one, 5, 0)}, []PeerWatch{peer(1, one, 5, 0)}, "[rrc80]"},
		{"a silent peer beside one that is the same", []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, []PeerWatch{peer(1, nil, 5, 0), peer(2, one, 5, 9)}, "[rrc80 rrc80]"},
		{"one of two", []PeerWatch{peer(1, one, 5, 3)}, []PeerWatch{peer(1, one, 5, 3), peer(2, one, 5, 3)}, "[rrc80 ]"},
	} {
		w := &Watch{Collectors: []Collector{{Name: "rrc80", Peers: c.a}, {Name: "rrc99", Peers: c.b}}}
		w.MarkCopies(nil)
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

// TestMarkCopiesWhich: which of two is the copy, where files were left out, and what a
// collector is that has another name from some time on.
func TestMarkCopiesWhich(t *testing.T) {
	local := []netip.Addr{netip.MustParseAddr("193.0.4.28")}
	other := []netip.Addr{netip.MustParseAddr("193.0.19.33")}
	peer := func(at []netip.Addr, announced int64) PeerWatch {
		return PeerWatch{Peer: netip.MustParseAddr("192.0.2.1"), AS: 64501, Local: at, Announced: announced}
	}
	files := func(from, n int64) (out []File) {
		for i := range n {
			start, end := moment.Unix(from+i*300, 0), moment.Unix(from+i*300+300, 0)
			out = append(out, File{Start: &start, End: &end})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		a, b   Collector
		partly string // whose files were left out
		want   string // of which collector the session is a copy
	}{
		{"fewer records in the first", Collector{Peers: []PeerWatch{peer(local, 3)}}, Collector{Peers: []PeerWatch{peer(local, 9)}}, "", "rrc80"},
		{"fewer files in the first", Collector{Files: files(0, 3), Peers: []PeerWatch{peer(local, 9)}}, Collector{Files: files(0, 4), Peers: []PeerWatch{peer(local, 9)}}, "", "rrc80"},
		{"files of the second left out, which has more records", Collector{Peers: []PeerWatch{peer(local, 3)}}, Collector{Peers: []PeerWatch{peer(local, 9)}}, "rrc99", "rrc99"},
		{"files of the first left out", Collector{Peers: []PeerWatch{peer(local, 9)}}, Collector{Peers: []PeerWatch{peer(local, 9)}}, "rrc80", "rrc80"},
		{"files left out, no address named", Collector{Peers: []PeerWatch{peer(nil, 9)}}, Collector{Peers: []PeerWatch{peer(nil, 3)}}, "rrc99", "rrc99"},
		{"files left out, nothing but a table remains", Collector{Peers: []PeerWatch{peer(local, 9)}}, Collector{Peers: []PeerWatch{peer(nil, 0)}}, "rrc99", "rrc99"},
		{"files left out, two sessions of one router", Collector{Peers: []PeerWatch{peer(local, 9)}}, Collector{Peers: []PeerWatch{peer(other, 9)}}, "rrc99", ""},
		{"two sessions of one router", Collector{Files: files(0, 3), Peers: []PeerWatch{peer(local, 90)}}, Collector{Files: files(0, 3), Peers: []PeerWatch{peer(other, 90)}}, "", ""},
		{"a collector renamed", Collector{Files: files(0, 3), Peers: []PeerWatch{peer(local, 9)}}, Collector{Files: files(900, 3), Peers: []PeerWatch{peer(local, 3)}}, "", ""},
		{"files of one time in part", Collector{Files: files(0, 3), Peers: []PeerWatch{peer(local, 9)}}, Collector{Files: files(600, 3), Peers: []PeerWatch{peer(local, 3)}}, "", "rrc99"},
	} {
		c.a.Name, c.b.Name = "rrc80", "rrc99"
		w := &Watch{Collectors: []Collector{c.a, c.b}}
		partly := map[[2]string]bool{}
		switch c.partly {
		case "rrc80":
			partly[[2]string{"rrc80", "rrc99"}] = true
		case "rrc99":
			partly[[2]string{"rrc99", "rrc80"}] = true
		}
		w.MarkCopies(partly)
		got := ""
		for i, of := range []string{"rrc99", "rrc80"} {
			if p := w.Collectors[i].Peers[0]; p.CopyOf != "" {
				if p.CopyOf != of || got != "" {
					t.Errorf("%s: %s is a copy of %s", c.name, w.Collectors[i].Name, p.CopyOf)
				}
				got = w.Collectors[i].Name
			}
		}
		if got != c.want {
			t.Errorf("%s: the copy is %q, want %q", c.name, got, c.want)
		}
	}
	// Of three names of one session one stays, whatever order they are in.
	for _, n := range [][3]int64{{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {2, 2, 2}} {
		w := &Watch{}
		for i, name := range []string{"rrc80", "rrc81", "rrc82"} {
			w.Collectors = append(w.Collectors, Collector{Name: name, Peers: []PeerWatch{peer(local, n[i])}})
		}
		w.MarkCopies(nil)
		if rest, copies := w.Originals(); len(rest.Collectors) != 1 || len(copies) != 2 || rest.Collectors[0].Peers[0].Announced != max(n[0], n[1], n[2]) {
			t.Errorf("%v: %d collectors stay, %d copies", n, len(rest.Collectors), len(copies))
		}
	}
}
