package mrttest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"constat/moment"
	"constat/wire/mrt"
)

// TestReadBack reads with the project's own reader what the kit wrote: a kit
// that writes nonsense would make every test on it meaningless.
func TestReadBack(t *testing.T) {
	at := moment.Unix(1_000_000_000, 0)
	p4, p6 := P("192.0.2.1", 64500), P("2001:db8::1", 64501)
	var f File
	f.State(at, p4, 1, 6).
		Announce(at+1, p4, []uint32{64500, 64496}, "10.0.0.0/24", "10.0.1.0/25").
		Withdraw(at, p4, "10.0.0.0/24").
		Announce(at, p6, []uint32{64501, 64496}, "2001:db8:1::/48").
		Withdraw(at, p6, "2001:db8:1::/48").
		Update(at, p4, Update{Announce: Prefixes("10.0.2.0/24"), Path: []uint32{64500}, Set: []uint32{64497, 64498}, AddPath: true, ID: 7}).
		Update(at, p4, Update{Announce: Prefixes("10.0.3.0/24"), Path: []uint32{64500}, Multicast: true}).
		Update(at, p4, Update{Announce: Prefixes("10.0.4.0/24"), Path: []uint32{64500}, NoOrigin: true}).
		Update(at, p4, Update{Announce: Prefixes("10.0.5.0/24"), Path: []uint32{64500}, Local: true}).
		EndOfRIB(at, p4, false).EndOfRIB(at, p6, true).Keepalive(at, p4).
		PeerIndex(at, p4, p6).
		RIB(at, "10.0.0.0/24", Entry{Peer: 0, Path: []uint32{64500, 64496}}, Entry{Peer: 1, Path: []uint32{64501, 64496}}).
		RIB(at, "2001:db8:1::/48", Entry{Peer: 1, Path: []uint32{64501, 64496}, AddPath: true, ID: 9})
	var got strings.Builder
	r := mrt.NewReader(bytes.NewReader(f.Bytes()))
	var w mrt.Walker
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := w.Record(rec)
		fmt.Fprintf(&got, "%s\n", kind)
		for w.Next() {
			e := w.Elem()
			fmt.Fprintf(&got, "  %s %s AS%d safi %d", e.Kind, e.PeerAddr, e.PeerAS, e.SAFI)
			if e.Prefix.IsValid() {
				fmt.Fprintf(&got, " %s id %d %v", e.Prefix, e.PathID, e.AppendPath(nil))
			}
			fmt.Fprintf(&got, " %d>%d malformed %v local %v micro %d\n", e.OldState, e.NewState, e.Malformed, e.Local, e.Time.Micro())
		}
		if err := w.Err(); err != nil && !strings.Contains(err.Error(), "ORIGIN") {
			t.Error(err)
		}
	}
	const want = `state
  state 192.0.2.1 AS64500 safi 0 1>6 malformed false local false micro 0
update
  announce 192.0.2.1 AS64500 safi 1 10.0.0.0/24 id 0 [64500 64496] 0>0 malformed false local false micro 1
  announce 192.0.2.1 AS64500 safi 1 10.0.1.0/25 id 0 [64500 64496] 0>0 malformed false local false micro 1
update
  withdraw 192.0.2.1 AS64500 safi 1 10.0.0.0/24 id 0 [] 0>0 malformed false local false micro 0
update
  announce 2001:db8::1 AS64501 safi 1 2001:db8:1::/48 id 0 [64501 64496] 0>0 malformed false local false micro 0
update
  withdraw 2001:db8::1 AS64501 safi 1 2001:db8:1::/48 id 0 [] 0>0 malformed false local false micro 0
update
  announce 192.0.2.1 AS64500 safi 1 10.0.2.0/24 id 7 [64500 64497 64498] 0>0 malformed false local false micro 0
update
  announce 192.0.2.1 AS64500 safi 2 10.0.3.0/24 id 0 [64500] 0>0 malformed false local false micro 0
update
  withdraw 192.0.2.1 AS64500 safi 1 10.0.4.0/24 id 0 [] 0>0 malformed true local false micro 0
update
  announce 192.0.2.1 AS64500 safi 1 10.0.5.0/24 id 0 [64500] 0>0 malformed false local true micro 0
update
  end-of-rib 192.0.2.1 AS64500 safi 1 0>0 malformed false local false micro 0
update
  end-of-rib 2001:db8::1 AS64501 safi 1 0>0 malformed false local false micro 0
keepalive
peer index
rib
  rib 192.0.2.1 AS64500 safi 1 10.0.0.0/24 id 0 [64500 64496] 0>0 malformed false local false micro 0
  rib 2001:db8::1 AS64501 safi 1 10.0.0.0/24 id 0 [64501 64496] 0>0 malformed false local false micro 0
rib
  rib 2001:db8::1 AS64501 safi 1 2001:db8:1::/48 id 9 [64501 64496] 0>0 malformed false local false micro 0
`
	if got.String() != want {
		t.Errorf("read back:\n%s\nwant:\n%s", got.String(), want)
	}
}
