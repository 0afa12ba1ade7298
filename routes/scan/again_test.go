package scan

import (
	"fmt"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/routes/vantage"
)

// again writes the transfers that have a since: "192.0.2.1 since 99 for 140-150 20".
func again(c vantage.Collector) string {
	var out []string
	for _, p := range c.Peers {
		for _, x := range p.Transfers {
			if x.Since != nil {
				out = append(out, fmt.Sprintf("%s since %d for %d-%d %d", p.Peer, x.Since.Sec(), x.From.Sec(), x.Until.Sec(), x.Announced))
			}
		}
	}
	return strings.Join(out, ", ")
}

func peersOf(n int) []mrttest.Peer {
	var out []mrttest.Peer
	for i := range n {
		out = append(out, mrttest.P(fmt.Sprintf("192.0.2.%d", i+1), uint32(64500+i)))
	}
	return out
}

// listing is a snapshot in which each peer has so many prefixes.
func listing(n int, ps ...mrttest.Peer) *mrttest.File {
	f := new(mrttest.File).PeerIndex(sec(0), ps...)
	for _, q := range block(0, n) {
		var es []mrttest.Entry
		for i, p := range ps {
			es = append(es, mrttest.Entry{Peer: i, Path: []uint32{p.AS, 64496}})
		}
		f.RIB(sec(0), q.String(), es...)
	}
	return f
}

// TestSentAgain: a small table that is sent again with an End-of-RIB is that of a new session,
// also if nothing is logged of it.
func TestSentAgain(t *testing.T) {
	ps := peersOf(4)
	p := ps[0]
	cases := []struct {
		name, want string
		make       func() []*mrttest.File
	}{
		{"most of a table, and its End-of-RIB", "192.0.2.1 since 20 for 100-101 18", func() []*mrttest.File {
			f := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24")
			send(f, 100, p, 50, block(0, 18))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(101), p, false)}
		}},
		{"nothing heard since the snapshot", "192.0.2.1 since 0 for 100-101 18", func() []*mrttest.File {
			f := new(mrttest.File)
			send(f, 100, p, 50, block(0, 18))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(101), p, false)}
		}},
		{"two families are one", "192.0.2.1 since 20 for 100-101 18", func() []*mrttest.File {
			f := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24")
			send(f, 100, p, 50, block(0, 18))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(101), p, false).EndOfRIB(sec(102), p, true)}
		}},
		{"among news without a pause, what came without one of five seconds", "192.0.2.1 since 292 for 300-300 18", func() []*mrttest.File {
			f := new(mrttest.File)
			for at := int64(4); at < 300; at += 12 {
				f.Announce(sec(at), p, []uint32{64500, 64496}, "10.0.0.0/24")
			}
			send(f, 300, p, 50, block(0, 18))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(300), p, false)}
		}},
		{"a small part of the table is none", "", func() []*mrttest.File {
			f := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24")
			send(f, 100, p, 50, block(0, 9))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(101), p, false)}
		}},
		{"an End-of-RIB alone tells of none", "", func() []*mrttest.File {
			return []*mrttest.File{new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24").EndOfRIB(sec(100), p, true)}
		}},
		{"where no table is known, an End-of-RIB every minute", "", func() []*mrttest.File {
			f := new(mrttest.File)
			for at := int64(20); at < 560; at += 60 {
				f.Announce(sec(at), p, []uint32{64500, 64496}, "10.0.0.0/24").EndOfRIB(sec(at), p, false)
			}
			return []*mrttest.File{f}
		}},
		{"a table of a hundred and fifty in a second, at the beginning of a file", "192.0.2.1 since 20 for 602-603 150", func() []*mrttest.File {
			f, g := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24"), new(mrttest.File)
			send(g, 602, p, 150, block(0, 150))
			return []*mrttest.File{listing(160, p), f, g.EndOfRIB(sec(603), p, false).Announce(sec(612), p, []uint32{64500, 64496}, "10.0.0.0/24")}
		}},
		{"over the border of two files", "192.0.2.1 since 20 for 598-603 20", func() []*mrttest.File {
			f, g := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24"), new(mrttest.File)
			send(f, 598, p, 50, block(0, 15))
			send(g, 602, p, 50, block(15, 5))
			return []*mrttest.File{listing(20, p), f, g.EndOfRIB(sec(603), p, false)}
		}},
		{"one behind an opening is that session's", "", func() []*mrttest.File {
			f := new(mrttest.File).State(sec(50), p, 6, 1).State(sec(99), p, 5, 6)
			send(f, 100, p, 50, block(0, 18))
			return []*mrttest.File{listing(20, p), f.EndOfRIB(sec(101), p, false)}
		}},
		{"three of four peers: the collector restarted, when nobody had been heard any more",
			"192.0.2.1 since 30 for 100-101 20, 192.0.2.2 since 30 for 110-111 20, 192.0.2.3 since 30 for 120-121 20, 192.0.2.4 since 30 for 100-121 0", func() []*mrttest.File {
				f := new(mrttest.File)
				for i, p := range ps {
					f.Announce(sec(int64(30-5*i)), p, []uint32{p.AS, 64496}, "10.0.0.0/24")
				}
				for i, p := range ps[:3] {
					send(f, int64(100+10*i), p, 50, block(0, 20))
					f.EndOfRIB(sec(int64(101+10*i)), p, false)
				}
				return []*mrttest.File{listing(20, ps...), f}
			}},
		{"three of four, and the fourth speaks on without its table: no restart",
			"192.0.2.1 since 30 for 100-101 20, 192.0.2.2 since 25 for 110-111 20, 192.0.2.3 since 20 for 120-121 20", func() []*mrttest.File {
				f := new(mrttest.File)
				for i, p := range ps {
					f.Announce(sec(int64(30-5*i)), p, []uint32{p.AS, 64496}, "10.0.0.0/24")
				}
				f.Announce(sec(98), ps[3], []uint32{ps[3].AS, 64496}, "10.0.0.0/24")
				for i, p := range ps[:3] {
					send(f, int64(100+10*i), p, 50, block(0, 20))
					f.EndOfRIB(sec(int64(101+10*i)), p, false)
				}
				f.Announce(sec(138), ps[3], []uint32{ps[3].AS, 64496}, "10.0.0.0/24")
				return []*mrttest.File{listing(20, ps...), f}
			}},
		{"two of four: their sessions alone", "192.0.2.1 since 30 for 100-101 20, 192.0.2.2 since 25 for 110-111 20", func() []*mrttest.File {
			f := new(mrttest.File)
			for i, p := range ps {
				f.Announce(sec(int64(30-5*i)), p, []uint32{p.AS, 64496}, "10.0.0.0/24")
			}
			for i, p := range ps[:2] {
				send(f, int64(100+10*i), p, 50, block(0, 20))
				f.EndOfRIB(sec(int64(101+10*i)), p, false)
			}
			return []*mrttest.File{listing(20, ps...), f}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var scans []*Scan
			for i, f := range c.make() {
				scans = append(scans, scan(t, int64(i)*600, int64(i+1)*600, f))
			}
			got := mustJoin("rrc00", 600, nil, scans)
			if again(got) != c.want {
				t.Errorf("got %q, want %q", again(got), c.want)
			}
			if err := watch(got).Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSentAgainLedger: from the second after the peer was last heard nothing is known.
func TestSentAgainLedger(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	f := new(mrttest.File).Announce(sec(20), p, []uint32{64500, 64496}, "10.0.0.0/24")
	send(f, 100, p, 50, block(0, 18))
	f.EndOfRIB(sec(101), p, false).Announce(sec(599), p, []uint32{64500, 64496}, "10.0.0.0/24")
	c := mustJoin("rrc00", 600, nil, []*Scan{scan(t, 0, 600, f)})
	l := watch(c).Ledger(question(0, 600))
	if got, want := blind(l), "192.0.2.1 21-101 table transfer"; got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
}
