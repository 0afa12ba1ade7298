package live

import (
	"net/netip"
	"sync"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// TestParallel: tables of several collectors, loaded at once while peers come, fall and
// return, are what the oracle makes of them one after another.
func TestParallel(t *testing.T) {
	const collectors = 4
	var files [collectors][]byte
	for c := range files {
		f := &mrttest.File{}
		in := &script{random(uint64(c), 60_000)}
		at := moment.Time(1_700_000_000) * moment.Second
		for len(in.b) > 0 {
			k := in.n(40)
			p := mrttest.Peer{Addr: netip.AddrFrom4([4]byte{192, 0, byte(c), byte(k)}), AS: uint32(100*c + k%7 + 1)}
			q := in.prefix()
			path := []uint32{p.AS, uint32(10 + in.n(5)), uint32(10 + in.n(300))}
			if in.n(4) == 0 {
				f.Update(at, p, mrttest.Update{Withdraw: []netip.Prefix{q}})
			} else {
				f.Update(at, p, mrttest.Update{Announce: []netip.Prefix{q}, Path: path})
			}
		}
		files[c] = f.Bytes()
	}
	s := New(groupsByLength())
	var wg sync.WaitGroup
	for c := range files {
		wg.Go(func() {
			name := string(rune('a' + c))
			fd := s.Collector(name, nil)
			defer fd.Close()
			n := 0
			each(t, files[c], func(e *mrt.Elem) {
				if n++; n%1000 == 0 {
					s.Down(fd.Peer(e), e.Time, vantage.SessionDown)
					s.Resume(fd.Peer(e), e.Time)
				}
				fd.Apply(e)
			})
		})
	}
	wg.Wait()
	o := &slow{seen: seen{}, group: groupsByLength().Group}
	ids := s.View()
	for id := range PeerID(ids.NumPeers()) { // in the order in which they came to be
		o.peer(ids.Peer(id).Peer)
	}
	for c := range files {
		n := 0
		each(t, files[c], func(e *mrt.Elem) {
			w := o.peer(vantage.Peer{Collector: string(rune('a' + c)), Addr: e.PeerAddr, AS: e.PeerAS})
			if n++; n%1000 == 0 {
				w.forget()
			}
			o.see(e.Prefix, 0)
			if e.Kind == mrt.Withdraw {
				w.withdraw(e.Prefix, 0)
				return
			}
			text, _ := slowPath(e.Path(), e.PeerAS)
			w.announce(e.Prefix, 0, text)
		})
	}
	compare(t, s, o)
}

// groupsByLength does not depend on which of several feeders comes first.
func groupsByLength() Options {
	return Options{Groups: 5, Group: func(p netip.Prefix, _ uint32) uint16 { return uint16(p.Bits() % 5) }}
}
