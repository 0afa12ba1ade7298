package outage

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"constat/routes/vantage"
)

// slowSize counts address by address: 64 IPv4 addresses, and of IPv6 the 1,024
// /56s of four /48s.
func slowSize(in Input, o Outage) Size {
	lost, kept := map[netip.Prefix]bool{}, map[netip.Prefix]bool{}
	is := map[int]bool{}
	for _, i := range o.Prefixes {
		lost[in.Prefixes[i].Prefix] = true
		is[i] = true
	}
	for i, p := range in.Prefixes {
		if is[i] || o.Partial {
			continue
		}
		n, held := 0, 0
		for _, c := range p.Carriers {
			s := None
			for _, x := range c.Steps {
				if x.At <= o.Trough() {
					s = x.State
				}
			}
			if carries(s) {
				n++
			}
			if s == Held {
				held++
			}
		}
		if held >= 2 && held > n-held {
			for q := range lost {
				if q.Bits() <= p.Prefix.Bits() && q.Contains(p.Prefix.Addr()) {
					kept[p.Prefix] = true
				}
			}
		}
	}
	gone := func(a netip.Addr) bool {
		out := false
		for p := range lost {
			out = out || p.Contains(a)
		}
		for p := range kept {
			out = out && !p.Contains(a)
		}
		return out
	}
	var n Size
	for i := range 64 {
		if gone(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})) {
			n.V4++
		}
	}
	for i := range 4 {
		any := false
		for k := range 256 {
			a := netip.MustParseAddr("2001:db8::").As16()
			binary.BigEndian.PutUint16(a[4:], uint16(i))
			a[6] = byte(k)
			any = any || gone(netip.AddrFrom16(a))
		}
		if any {
			n.V6++
		}
	}
	return n
}

// TestSize compares the union of ranges with the count of single addresses.
func TestSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := Input{End: 100}
		for i := range 4 {
			in.Peers = append(in.Peers, Peer{vantage.Peer{Collector: "rrc00"}, uint32(64500 + i)})
		}
		o := Outage{trough: 50, Partial: rapid.IntRange(0, 4).Draw(t, "partial") == 0}
		seen := map[netip.Prefix]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "prefixes") {
			var p netip.Prefix
			if rapid.Bool().Draw(t, "IPv4") {
				p = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(rapid.IntRange(0, 63).Draw(t, "address"))}), rapid.IntRange(26, 32).Draw(t, "bits")).Masked()
			} else {
				a := netip.MustParseAddr("2001:db8::").As16()
				binary.BigEndian.PutUint16(a[4:], uint16(rapid.IntRange(0, 3).Draw(t, "/48")))
				a[6] = byte(rapid.IntRange(0, 255).Draw(t, "/56"))
				p = netip.PrefixFrom(netip.AddrFrom16(a), rapid.IntRange(46, 56).Draw(t, "bits")).Masked()
			}
			if seen[p] {
				continue
			}
			seen[p] = true
			x := Prefix{Prefix: p}
			for peer := range in.Peers {
				x.Carriers = append(x.Carriers, Carrier{peer, []Step{{0, State(rapid.IntRange(1, 6).Draw(t, "state"))}, {50, State(rapid.IntRange(1, 6).Draw(t, "state"))}, {51, Held}}})
			}
			if rapid.Bool().Draw(t, "lost") {
				o.Prefixes = append(o.Prefixes, len(in.Prefixes))
			}
			in.Prefixes = append(in.Prefixes, x)
		}
		got, want := NewSizer(in).Of(o), slowSize(in, o)
		if got != want {
			t.Fatalf("%v of %v: got %+v, want %+v", o.Prefixes, in.Prefixes, got, want)
		}
	})
}

// TestSizeOfHeld: of a /24 that is lost while its second half is held, 128
// addresses are without a route.
func TestSizeOfHeld(t *testing.T) {
	in := Input{End: 100, Peers: []Peer{{vantage.Peer{Collector: "rrc00"}, 64500}, {vantage.Peer{Collector: "rrc01"}, 64501}}}
	for _, x := range []struct {
		prefix string
		state  State
	}{{"10.0.0.0/24", Lost}, {"10.0.0.128/25", Held}} {
		p := Prefix{Prefix: netip.MustParsePrefix(x.prefix)}
		for peer := range in.Peers {
			p.Carriers = append(p.Carriers, Carrier{peer, []Step{{0, x.state}}})
		}
		in.Prefixes = append(in.Prefixes, p)
	}
	if n := NewSizer(in).Of(Outage{trough: 50, Prefixes: []int{0}}); n != (Size{V4: 128}) {
		t.Errorf("%+v", n)
	}
}
