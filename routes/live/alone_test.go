package live

import (
	"bytes"
	"net/netip"
	"testing"

	"constat/routes/vantage"
	"constat/wire/mrt"
)

// TestWithdrawnTwice: a withdrawal shows that a peer carried a prefix, said again it shows
// nothing, and of a peer that does so often none does; also behind a restart.
func TestWithdrawnTwice(t *testing.T) {
	s := New(groupsOf())
	id := s.Peer(vantage.Peer{Collector: "rrc05", Addr: netip.MustParseAddr("192.0.2.1"), AS: 20751})
	prefix := func(n int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n), 0, 0}), 16)
	}
	f := s.Feeder()
	say := func(kind mrt.ElemKind, n int, second int64) {
		f.enter()
		f.second = second
		r := Route(0)
		if kind != mrt.Withdraw {
			r, _ = f.in.sequence([]byte{0, 0, 0x51, 0x0f, 0, 0, 1, 0}, 20751)
		}
		f.hear(kind, id, prefix(n), 0, 0, r)
		f.leave()
	}
	carried := func(s *State, want ...int) {
		t.Helper()
		v := s.View()
		var got []int
		for n := range 40 {
			q, ok := v.Find(prefix(n))
			if !ok {
				continue
			}
			if _, c := v.Visibility(q); c > 0 {
				got = append(got, n)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("carried %v, want %v", got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("carried %v, want %v", got, want)
			}
		}
		if c4, _ := v.GroupVisibility(v.Group(0)); len(want) <= 1 && int(c4.Carried) > len(want) {
			t.Fatalf("a group counts %d", c4.Carried)
		}
	}
	say(mrt.Withdraw, 0, 10)
	say(mrt.Withdraw, 0, 10) // within the second: the same
	carried(s, 0)
	say(mrt.RIBEntry, 0, 11) // a table does not know better
	carried(s, 0)
	say(mrt.Withdraw, 0, 12)
	carried(s)
	say(mrt.RIBEntry, 0, 13)
	carried(s)
	say(mrt.Announce, 1, 14) // what was announced was carried, however often it is withdrawn
	say(mrt.Withdraw, 1, 15)
	say(mrt.Withdraw, 1, 16)
	say(mrt.Withdraw, 1, 17)
	say(mrt.Withdraw, 2, 18)
	carried(s, 1, 2)

	// Behind a restart the same; and a second prefix takes the belief in all of them.
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	carried(s, 1, 2)
	f.Close()
	back, err := Decode(&b, groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	carried(back, 1, 2)
	s, f = back, back.Feeder()
	for n := 3; n < 12; n++ {
		say(mrt.Withdraw, n, 20)
	}
	carried(s, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	say(mrt.Withdraw, 2, 21)
	carried(s, 1)
	say(mrt.Announce, 0, 22)
	carried(s, 0, 1)

	// With many that it says once, one in ten is not reached any more.
	for n := 12; n < 35; n++ {
		say(mrt.Withdraw, n, 30)
	}
	v := s.View()
	if q, _ := v.Find(prefix(30)); !func() bool { _, c := v.Visibility(q); return c == 1 }() {
		t.Error("two of thirty-three take the belief in all")
	}

	// A new session begins anew.
	f.Close()
	s.Down(id, 40, vantage.SessionDown)
	s.Resume(id, 41)
	f = s.Feeder()
	carried(s)
	say(mrt.Withdraw, 5, 50)
	carried(s, 5)
}
