package live

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"
	"testing"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// TestGather: several feeders tell tables at once, of the same prefixes in other orders
// and more of them than are gathered at a time; between them updates, entries with path
// identifiers, entries that are there twice, and sessions that fall. The state is what
// the oracle makes of it.
func TestGather(t *testing.T) {
	const feeders, peers, prefixes = 4, 20, 2500
	for seed := range uint64(2) {
		s := New(groupsByLength())
		o := &slow{seen: seen{}, group: groupsByLength().Group}
		for k := range feeders * peers {
			v := vantage.Peer{Collector: fmt.Sprint("c", k/peers), Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(k)}), AS: uint32(10 + k%3)}
			s.Peer(v)
			o.peer(v)
		}
		var wg sync.WaitGroup
		var told sync.Mutex // of the oracle's prefixes
		for c := range feeders {
			f := s.Feeder()
			in := &script{random(seed*feeders+uint64(c)+50, 40_000)}
			wg.Go(func() {
				defer f.Close()
				for at := moment.Time(1); len(in.b) > 0; at++ {
					stretch(in, func(what, k, q, path int) {
						id := PeerID(c*peers + k)
						tell(t, s, o, &told, f, id, what, at, q%prefixes, path)
					})
				}
			})
		}
		wg.Wait()
		compare(t, s, o)
	}
}

// stretch tells some prefixes one after another, each of some peers.
func stretch(in *script, do func(what, peer, prefix, path int)) {
	from, step := in.n(2500), 1
	if in.n(4) == 0 {
		step = 1 + in.n(700)
	}
	for i := range 1 + in.n(40) {
		for range 1 + in.n(12) {
			do(in.n(256), in.n(20), from+i*step, in.n(300))
		}
	}
}

// tell does one thing to the state and to the oracle.
func tell(t *testing.T, s *State, o *slow, told *sync.Mutex, f *Feeder, id PeerID, what int, at moment.Time, n, path int) {
	w := o.peers[id]
	q := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n >> 6), byte(n << 2)}), 22+n%3).Masked()
	if n%7 == 0 {
		q = netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(n >> 8), byte(n)}), 48)
	}
	b := []byte{2, 3}
	for _, as := range []int{int(w.AS), 100 + path%9, 1000 + n%50} {
		b = binary.BigEndian.AppendUint32(b, uint32(as))
	}
	p := bgp.MakePath(b, true)
	text, _ := slowPath(p, w.AS)
	hear := func(kind mrt.ElemKind, pid uint32) {
		f.enter()
		r, origin := f.in.route(p, w.AS, &s.peers[id].memo)
		f.hear(kind, id, q, origin, pid, r)
		f.leave()
		told.Lock()
		o.see(q, origin)
		told.Unlock()
	}
	switch pid := uint32(path % 3); {
	case what < 180:
		hear(mrt.RIBEntry, 0)
		w.entry(q, 0, text)
	case what < 195:
		hear(mrt.RIBEntry, pid)
		w.entry(q, pid, text)
	case what < 220:
		hear(mrt.Announce, pid)
		w.announce(q, pid, text)
	case what < 254:
		hear(mrt.Withdraw, pid)
		w.withdraw(q, pid)
	case what == 254:
		s.Resume(id, at)
		w.watching, w.sending = true, false
	default:
		s.Down(id, at, vantage.SessionDown)
		w.forget()
		w.watching, w.sending = false, true
	}
}
