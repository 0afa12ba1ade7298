package main

import "testing"

func TestCollectAt(t *testing.T) {
	for live, want := range map[uint64]int{0: 600, 3 << 20: 600, 24 << 20: 100, 100 << 20: 50, 512 << 20: 50, 1 << 30: 25, 8 << 30: 25} {
		if got := collectAt(live); got != want {
			t.Errorf("%d bytes in use: %d, want %d", live, got, want)
		}
	}
}
