package rib

import (
	"net/netip"
	"runtime"
	"testing"

	"constat/routes/vantage"
)

// heapOf is how much the heap grew by what is made.
func heapOf(make func() any) int64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := make()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(x)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

// many is a table of prefixes and peers, each with a route that every prefix has alike.
func many(prefixes, peers int) *Table {
	var ps []Peer
	for i := range peers {
		ps = append(ps, Peer{Peer: vantage.Peer{Collector: "rrc00", Addr: netip.AddrFrom4([4]byte{192, 0, byte(i >> 8), byte(i)})}})
	}
	var qs []netip.Prefix
	for i := range prefixes {
		qs = append(qs, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24))
	}
	t := NewTable(ps, qs)
	for q := range prefixes {
		t.Record = int64(q + 1)
		for p := range peers {
			t.Snapshot(100, p, q, 0, PathID(p), 0)
		}
	}
	return t
}

// TestMemory: a route that is like others takes hardly more than its cell, and a step of
// a long history some bytes.
func TestMemory(t *testing.T) {
	const prefixes, peers = 2000, 300
	got := heapOf(func() any {
		t := many(prefixes, peers)
		for p := range peers { // a tenth goes and comes back
			for q := 0; q < prefixes; q += 10 {
				t.Record = int64(1e6 + p)
				t.Withdraw(int64(200+p), p, q, 0)
				t.Announce(int64(900+p), p, q, 0, PathID(p))
			}
		}
		t.Finish(2000)
		return t
	})
	if per := float64(got) / (prefixes * peers); per > 16 {
		t.Errorf("%.1f bytes a route", per)
	} else {
		t.Logf("%.1f bytes a route", per)
	}
	const steps = 20_000
	got = heapOf(func() any {
		t := many(10, 10)
		at := int64(200)
		for i := range int64(steps) {
			at += 20 + i%70
			for q := range 10 {
				t.Record = 1<<40 | i*300 + int64(q)*90
				if i%2 == 0 {
					t.Withdraw(at+int64(q), q, q, 0)
				} else {
					t.Announce(at+int64(q), q, q, 0, PathID(i%7))
				}
			}
		}
		return t
	})
	if per := float64(got) / (10 * steps); per > 10 {
		t.Errorf("%.1f bytes a step", per)
	} else {
		t.Logf("%.1f bytes a step", per)
	}
}
