package vantage

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"constat/moment"
)

// TestMarkCopiesInForms: the records of one session in two forms are one session, whatever a
// form leaves out; those of two sessions are two, with the same peer.
func TestMarkCopiesInForms(t *testing.T) {
	type said struct {
		sec int64
		sum uint32
	}
	const peers = 6
	r := rand.New(rand.NewPCG(1, 2))
	var all [peers][]said
	for n := range all {
		for range 20 << n {
			all[n] = append(all[n], said{1000 + r.Int64N(1200), r.Uint32()})
		}
	}
	collector := func(name, form, local string, keep func(n, i int, s said) (said, bool)) Collector {
		from, until := moment.Unix(1000, 0), moment.Unix(2200, 0)
		c := Collector{Name: name, Files: []File{{Kind: "updates", Format: form, First: &from, Last: &until}}}
		for n := range all {
			p := PeerWatch{Peer: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}), AS: uint32(64500 + n), First: from, Last: until}
			if local != "" {
				p.Local = []netip.Addr{netip.MustParseAddr(local)}
			}
			slots := map[int64]*Sample{}
			for i, s := range all[n] {
				s, ok := keep(n, i, s)
				if !ok {
					continue
				}
				p.Announced++
				if slots[s.sec/300] == nil {
					slots[s.sec/300] = &Sample{Slot: s.sec / 300}
				}
				slots[s.sec/300].Add(uint64(s.sum)<<32 | uint64(s.sec))
			}
			for k := int64(0); k < 10; k++ {
				if slots[k] != nil {
					p.Sample = append(p.Sample, *slots[k])
				}
			}
			c.Peers = append(c.Peers, p)
		}
		return c
	}
	whole := func(_, _ int, s said) (said, bool) { return s, true }
	later := func(part int) func(int, int, said) (said, bool) {
		return func(_, i int, s said) (said, bool) {
			if i%part == 0 {
				s.sec++
			}
			return s, true
		}
	}
	for _, c := range []struct {
		name string
		b    Collector
		want int // copies
	}{
		{"the text of it", collector("texts", "bgpdump -m text", "", whole), peers},
		{"the text of one prefix in eight", collector("texts", "bgpdump -m text", "", func(_, _ int, s said) (said, bool) { return s, s.sum%8 == 0 }), peers},
		{"a part of the time", collector("texts", "bgpdump -m text", "", func(_, _ int, s said) (said, bool) { return s, s.sec > 1500 && s.sec < 1620 }), peers},
		{"BMP, with an address of the router's", collector("edge1", "BMP", "10.9.9.9", whole), peers},
		{"one prefix in fifty that a form rounds", collector("texts", "bgpdump -m text", "", later(50)), peers},
		{"a router that feeds two, a third of it a second later", collector("texts", "bgpdump -m text", "", later(3)), 0},
		{"all a second later", collector("texts", "bgpdump -m text", "", later(1)), 0},
		{"other records", collector("texts", "bgpdump -m text", "", func(_, _ int, s said) (said, bool) { s.sum ^= 1 << 31; return s, true }), 0},
		{"another collector's address", collector("rrc81", "", "193.0.19.33", whole), 0},
		{"another collector's private address", collector("rrc81", "", "10.9.9.9", whole), 0},
		{"an answer about it", collector("ripestat-rrc80", "RIPEstat bgp-updates", "", func(_, _ int, s said) (said, bool) { return s, s.sum%100 == 0 }), 0},
	} {
		a := collector("rrc80", "", "193.0.4.28", whole)
		if c.b.Name == "ripestat-rrc80" {
			asked := moment.Interval{From: moment.Unix(1000, 0), Until: moment.Unix(2200, 0)}
			c.b.Files[0].Asked, c.want = &asked, peers
		}
		for turn, w := range []*Watch{{Collectors: []Collector{a, c.b}}, {Collectors: []Collector{c.b, a}}} {
			for i := range w.Collectors {
				for j := range w.Collectors[i].Peers {
					w.Collectors[i].Peers[j].CopyOf = ""
				}
			}
			w.MarkCopies(nil)
			_, copies := w.Originals()
			if len(copies) != c.want {
				t.Errorf("%s, turn %d: %d copies, want %d: %v", c.name, turn, len(copies), c.want, copies)
			}
			for _, p := range copies {
				if p.Collector == "rrc80" && c.b.Peers[5].Announced < a.Peers[5].Announced {
					t.Errorf("%s, turn %d: the one with more is the copy", c.name, turn)
					break
				}
			}
		}
	}
}

func TestHostOf(t *testing.T) {
	for name, want := range map[string]string{"rrc00": "rrc00", "ripestat-rrc00": "rrc00", "ripestat-2-rrc00": "rrc00",
		"ripestat-12-rrc25": "rrc25", "route-views2": "route-views2", "ripestat-route-views2": "route-views2"} {
		if got := HostOf(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestSample: what is drawn does not depend on the order, nor on how it comes in parts.
func TestSample(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var list []uint64
	for range 500 {
		list = append(list, r.Uint64())
	}
	draw := func() string {
		var s, o Sample
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, e := range list[:300] {
			s.Add(e)
			s.Add(e)
		}
		for _, e := range list[250:] {
			o.Add(e)
		}
		s.Join(&o)
		return fmt.Sprint(s.Elems)
	}
	if a, b := draw(), draw(); a != b {
		t.Errorf("%s is not %s", a, b)
	}
}
