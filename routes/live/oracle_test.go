package live

import (
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sort"
	"testing"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// slow is the state as maps of maps: obvious, and a thousand times too large.
type slow struct {
	peers []*slowPeer
	seen  seen // every prefix, with its group
	group func(netip.Prefix, uint32) uint16
}

type slowPeer struct {
	vantage.Peer
	watching, sending bool
	whole             map[bool]bool
	held              map[netip.Prefix][]slowRoute // the last was announced last
	carried           map[netip.Prefix]bool
}

type slowRoute struct {
	id   uint32
	path string
}

func (s *slow) peer(v vantage.Peer) *slowPeer {
	for _, p := range s.peers {
		if p.Peer == v {
			return p
		}
	}
	p := &slowPeer{Peer: v, watching: true}
	p.forget()
	s.peers = append(s.peers, p)
	return p
}

func (p *slowPeer) forget() {
	p.whole, p.held, p.carried = map[bool]bool{}, map[netip.Prefix][]slowRoute{}, map[netip.Prefix]bool{}
}

func (s *slow) see(q netip.Prefix, origin uint32) {
	if _, ok := s.seen[q]; !ok {
		s.seen[q] = s.group(q, origin)
	}
}

func (p *slowPeer) announce(q netip.Prefix, id uint32, path string) {
	var rs []slowRoute
	for _, r := range p.held[q] {
		if r.id != id {
			rs = append(rs, r)
		}
	}
	p.held[q] = append(rs, slowRoute{id, path})
	p.carried[q] = true
}

func (p *slowPeer) entry(q netip.Prefix, id uint32, path string) {
	rs := p.held[q]
	if len(rs) == 0 && p.carried[q] {
		return
	}
	if slices.ContainsFunc(rs, func(r slowRoute) bool { return r.id == id }) {
		return
	}
	p.held[q] = append([]slowRoute{{id, path}}, rs...)
	p.carried[q] = true
}

func (p *slowPeer) withdraw(q netip.Prefix, id uint32) {
	rs, held := p.held[q]
	if !held {
		if id == 0 && !p.whole[q.Addr().Is6()] && !p.sending {
			p.carried[q] = true
		}
		return
	}
	rs = slices.DeleteFunc(slices.Clone(rs), func(r slowRoute) bool { return r.id == id })
	if len(rs) > 0 {
		p.held[q] = rs
		return
	}
	delete(p.held, q)
	if p.sending {
		delete(p.carried, q)
	}
}

// slowPath is what an AS path is, in words: hops from the peer to the origin, prepending
// and confederations left out, sets sorted; "?" if it is not known. It also returns the
// origin, 0 if there is not one.
func slowPath(p bgp.Path, peerAS uint32) (string, uint32) {
	if !p.IsValid() || p.Check() != nil || p.Has(0) && slowHasZero(p) {
		return "?", 0
	}
	var hops []string
	origin := uint32(0)
	add := func(h string) {
		if len(hops) == 0 || hops[len(hops)-1] != h {
			hops = append(hops, h)
		}
	}
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			break
		}
		rest = r
		switch s.Type {
		case bgp.SegSequence:
			for i := range s.Len() {
				add(fmt.Sprint(s.At(i)))
				origin = s.At(i)
			}
		case bgp.SegSet:
			m := map[uint32]bool{}
			for i := range s.Len() {
				m[s.At(i)] = true
			}
			list := slices.Sorted(maps.Keys(m))
			if len(list) == 1 {
				add(fmt.Sprint(list[0]))
				origin = list[0]
			} else {
				add(fmt.Sprint(list))
				origin = 0
			}
		}
	}
	if len(hops) == 0 {
		if peerAS == 0 {
			return "?", 0
		}
		return fmt.Sprint([]string{fmt.Sprint(peerAS)}), peerAS
	}
	return fmt.Sprint(slowLoops(hops)), origin
}

// slowLoops goes from the origin to the peer: of each hop it takes the place that is
// nearest to the peer, and goes on from there.
func slowLoops(hops []string) []string {
	var out []string
	for i := len(hops) - 1; i >= 0; {
		h := hops[i]
		out = append([]string{h}, out...)
		i = slices.Index(hops, h) - 1
	}
	return out
}

// slowHasZero says that the number 0 stands outside confederations.
func slowHasZero(p bgp.Path) bool {
	for rest := p; ; {
		s, r, more := rest.Cut()
		if !more {
			return false
		}
		rest = r
		for i := range s.Len() {
			if s.At(i) == 0 && (s.Type == bgp.SegSequence || s.Type == bgp.SegSet) {
				return true
			}
		}
	}
}

// words is a path of the state in the words of slowPath.
func words(v *View, id PeerID, r Route) string {
	if r.Node() == 0 {
		return "?"
	}
	var hops []string
	if r.Own() {
		hops = append(hops, fmt.Sprint(v.Peer(id).AS))
	}
	for n := r.Node(); n != 0; n = v.Parent(n) {
		if n <= v.Parent(n) {
			return "a parent above its child"
		}
		if set := v.SetOf(n); set != nil {
			hops = append(hops, fmt.Sprint(set))
		} else {
			hops = append(hops, fmt.Sprint(v.AS(n)))
		}
	}
	return fmt.Sprint(hops)
}

// comparePeers fails at the first route in which the state and the oracle differ.
func comparePeers(t testing.TB, s *State, o *slow) *View {
	t.Helper()
	v := s.View()
	if v.NumPeers() != len(o.peers) {
		t.Fatalf("%d peers, want %d", v.NumPeers(), len(o.peers))
	}
	for id, w := range o.peers {
		p := v.Peer(PeerID(id))
		if p.Peer != w.Peer || p.Watching != w.watching {
			t.Fatalf("peer %d is %v watching %v, want %v %v", id, p.Peer, p.Watching, w.Peer, w.watching)
		}
		n, last := 0, NoPrefix
		for q, r := range v.Row(PeerID(id)) {
			if last != NoPrefix && q <= last {
				t.Fatalf("prefixes of peer %d do not rise", id)
			}
			last = q
			rs := w.held[v.Prefix(q)]
			if len(rs) == 0 {
				t.Fatalf("%v has a route to %v, want none", w.Peer, v.Prefix(q))
			}
			if got, want := words(v, PeerID(id), r), rs[len(rs)-1].path; got != want {
				t.Fatalf("%v to %v by %s, want %s", w.Peer, v.Prefix(q), got, want)
			}
			all := v.Routes(PeerID(id), q)
			if len(all) != len(rs) {
				t.Fatalf("%v has %d routes to %v, want %d", w.Peer, len(all), v.Prefix(q), len(rs))
			}
			differ := map[string]bool{}
			for _, r := range rs {
				differ[r.path] = true
			}
			if paths := v.Paths(PeerID(id), q); r.Others() != (len(differ) > 1) || len(paths) != len(differ) {
				t.Fatalf("%v to %v: others %v, %d paths, want %d", w.Peer, v.Prefix(q), r.Others(), len(paths), len(differ))
			}
			for i, r := range all {
				if got := words(v, PeerID(id), r); got != rs[i].path {
					t.Fatalf("%v to %v, route %d by %s, want %s", w.Peer, v.Prefix(q), i, got, rs[i].path)
				}
			}
			n++
		}
		if n != len(w.held) || p.Held4+p.Held6 != n {
			t.Fatalf("%v has %d routes and counts %d, want %d", w.Peer, n, p.Held4+p.Held6, len(w.held))
		}
	}
	return v
}

// compare fails at the first thing in which the state and the oracle differ.
func compare(t testing.TB, s *State, o *slow) {
	t.Helper()
	v := comparePeers(t, s, o)
	if v.NumPrefixes() != len(o.seen) {
		t.Fatalf("%d prefixes, want %d", v.NumPrefixes(), len(o.seen))
	}
	type tally struct{ held, carried [2]int64 }
	groups := map[uint16]*tally{}
	for q, group := range o.seen {
		id, ok := v.Find(q)
		if !ok || v.Prefix(id) != q || v.Group(id) != group {
			t.Fatalf("%v is not found, or has group %d, want %d", q, v.Group(id), group)
		}
		g := groups[group]
		if g == nil {
			g = &tally{}
			groups[group] = g
		}
		fam := 0
		if q.Addr().Is6() {
			fam = 1
		}
		var holders, carriers []PeerID
		for i, w := range o.peers {
			if !w.watching {
				continue
			}
			if len(w.held[q]) > 0 {
				holders = append(holders, PeerID(i))
				g.held[fam]++
			}
			if w.carried[q] {
				carriers = append(carriers, PeerID(i))
				g.carried[fam]++
			}
		}
		held, carried := v.Visibility(id)
		if held != len(holders) || carried != len(carriers) {
			t.Fatalf("%v is held by %d of %d, want %d of %d", q, held, carried, len(holders), len(carriers))
		}
		if got := sorted(v.Holders(id)); !slices.Equal(got, holders) {
			t.Fatalf("%v is held by %v, want %v", q, got, holders)
		}
		if got := sorted(v.Carriers(id)); !slices.Equal(got, carriers) {
			t.Fatalf("%v was carried by %v, want %v", q, got, carriers)
		}
	}
	for group, g := range groups {
		if s.opts.Group == nil {
			break
		}
		c4, c6 := v.GroupVisibility(group)
		if want := (Counts{g.held[0], g.carried[0]}); c4 != want {
			t.Fatalf("group %d has %v, want %v", group, c4, want)
		}
		if want := (Counts{g.held[1], g.carried[1]}); c6 != want {
			t.Fatalf("group %d of IPv6 has %v, want %v", group, c6, want)
		}
	}
	order, covers := v.Sorted(), v.Covers()
	for i := 1; i < len(order); i++ {
		a, b := v.Prefix(order[i-1]), v.Prefix(order[i])
		if a.Addr().Compare(b.Addr()) > 0 || a.Addr() == b.Addr() && a.Bits() >= b.Bits() {
			t.Fatalf("%v stands before %v", a, b)
		}
	}
	for q := range PrefixID(v.NumPrefixes()) {
		want := netip.Prefix{}
		for c := range o.seen {
			if p := v.Prefix(q); c.Bits() < p.Bits() && c.Contains(p.Addr()) && c.Bits() >= want.Bits() {
				want = c
			}
		}
		got := netip.Prefix{}
		if c := covers[q]; c != NoPrefix {
			got = v.Prefix(c)
		}
		if got != want {
			t.Fatalf("%v is covered by %v, want %v", v.Prefix(q), got, want)
		}
	}
}

func sorted(seq func(func(PeerID) bool)) []PeerID {
	var out []PeerID
	seq(func(p PeerID) bool { out = append(out, p); return true })
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// script reads numbers from bytes, zeros past the end.
type script struct{ b []byte }

func (s *script) n(below int) int {
	if len(s.b) == 0 {
		return 0
	}
	x := int(s.b[0])
	s.b = s.b[1:]
	if below > 256 && len(s.b) > 0 {
		x = x<<8 | int(s.b[0])
		s.b = s.b[1:]
	}
	return x % below
}

// path makes an AS path, now and then an odd one, from few networks.
func (s *script) path(peerAS uint32) bgp.Path {
	as4 := s.n(8) != 0
	var b []byte
	number := func(a uint32) {
		if as4 {
			b = binary.BigEndian.AppendUint32(b, a)
		} else {
			b = binary.BigEndian.AppendUint16(b, uint16(a))
		}
	}
	for range s.n(4) {
		kind := byte(bgp.SegSequence)
		if s.n(6) == 5 {
			kind = byte(1 + s.n(5))
		}
		n := s.n(5)
		b = append(b, kind, byte(n))
		for i := range n {
			switch k := s.n(16); {
			case i == 0 && k < 8:
				number(peerAS)
			case k == 15 && s.n(8) == 0:
				number(0)
			default:
				number(uint32(10 + k%5))
			}
		}
	}
	if s.n(32) == 31 {
		b = append(b, 2)
	}
	return bgp.MakePath(b, as4)
}

func (s *script) prefix() netip.Prefix {
	n := s.n(600)
	if n%5 == 4 {
		a := [16]byte{0x20, 1, 0xd, 0xb8, byte(n >> 4)}
		return netip.PrefixFrom(netip.AddrFrom16(a), 32+n%3*8).Masked()
	}
	a := [4]byte{10, byte(n >> 5), byte(n << 3)}
	return netip.PrefixFrom(netip.AddrFrom4(a), 16+n%3*4).Masked()
}

// seen are prefixes with their groups.
type seen = map[netip.Prefix]uint16

func nobody(netip.Prefix, uint32) uint16 { return 0 }

// fifths puts prefixes into five groups.
func fifths(p netip.Prefix, origin uint32) uint16 { return uint16(p.Bits()+int(origin)) % 5 }

// play performs a script on both; every step may be compared.
func play(t testing.TB, b []byte, often bool) (*State, *slow) {
	s := New(groupsOf())
	o := &slow{seen: map[netip.Prefix]uint16{}, group: fifths}
	feeders := []*Feeder{s.Feeder(), s.Feeder()}
	defer feeders[0].Close()
	defer feeders[1].Close()
	sc := &script{b}
	for at := moment.Time(1); len(sc.b) > 0; at++ {
		k := sc.n(70) // more than a word of columns
		v := vantage.Peer{Collector: fmt.Sprint("rrc", k%3), Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(k)}), AS: uint32(10 + k%4)}
		if k == 5 {
			v.AS = 0
		}
		id, w := s.Peer(v), o.peer(v)
		f := feeders[k%2]
		what := sc.n(20)
		switch {
		case what < 14:
			q := sc.prefix()
			pid := uint32(0)
			if sc.n(4) == 3 {
				pid = uint32(sc.n(3))
			}
			path := sc.path(v.AS)
			_, known := o.seen[q]
			f.mu.Lock()
			switch {
			case what < 7:
				r, origin := f.in.route(path, v.AS, &s.peers[id].memo)
				f.hear(mrt.Announce, id, q, origin, pid, r)
				text, from := slowPath(path, v.AS)
				if from != origin && text != "?" {
					t.Fatalf("origin of %v is %d, want %d", path, origin, from)
				}
				o.see(q, origin)
				w.announce(q, pid, text)
			case what < 9:
				r, origin := f.in.route(path, v.AS, &s.peers[id].memo)
				f.hear(mrt.RIBEntry, id, q, origin, pid, r)
				text, _ := slowPath(path, v.AS)
				o.see(q, origin)
				w.entry(q, pid, text)
			default:
				f.hear(mrt.Withdraw, id, q, 0, pid, 0)
				o.see(q, 0)
				w.withdraw(q, pid)
			}
			if !known { // who told it first chose its group
				f.settle()
			}
			f.mu.Unlock()
		case what == 14:
			if sc.n(3) == 0 {
				s.Down(id, at, vantage.SessionDown)
				w.forget()
				w.watching, w.sending = false, true
			}
		case what == 15:
			s.Pause(id, at, vantage.Stale)
			w.watching = false
		case what == 16:
			six := sc.n(2) == 1
			s.Complete(id, six, at)
			w.whole[six] = true
		default:
			s.Resume(id, at)
			w.watching, w.sending = true, false
		}
		if often {
			compare(t, s, o)
		}
	}
	compare(t, s, o)
	return s, o
}

func FuzzState(f *testing.F) {
	f.Add([]byte("constat"))
	f.Add(random(1, 400))
	f.Add(random(2, 3000))
	f.Fuzz(func(t *testing.T, b []byte) { play(t, b, len(b) < 100) })
}

func random(seed uint64, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		seed = mix(seed + 0x9e3779b97f4a7c15)
		out[i] = byte(seed)
	}
	return out
}

// TestOracle plays long scripts, in which columns and runs are given out again.
func TestOracle(t *testing.T) {
	for seed := range uint64(20) {
		play(t, random(seed, 10_000), false)
	}
	if !testing.Short() {
		play(t, random(20, 600_000), false)
	}
}
