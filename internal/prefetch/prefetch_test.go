package prefetch

import (
	"testing"
	"unsafe"
)

// TestHarmless: any address may be asked for, and nothing of what lies there changes.
func TestHarmless(t *testing.T) {
	mine := []uint64{1, 2, 3}
	All(nil)
	All([]uintptr{0})
	All([]uintptr{0, 1, 1 << 47, ^uintptr(0), uintptr(unsafe.Pointer(&mine[0])), uintptr(unsafe.Pointer(&mine[2])) + 7})
	if mine[0] != 1 || mine[1] != 2 || mine[2] != 3 {
		t.Error(mine)
	}
}

// BenchmarkAway reads places of 256 MB in no order, asked for 64 at a time and not: what
// the package is for.
func BenchmarkAway(b *testing.B) {
	far := make([]uint64, 32<<20)
	for i := range far {
		far[i] = uint64(i)
	}
	for _, ask := range []bool{false, true} {
		name := "waiting"
		if ask {
			name = "asked for"
		}
		b.Run(name, func(b *testing.B) {
			var at [64]uint64
			var addresses [len(at)]uintptr
			x, sum := uint64(1), uint64(0)
			for b.Loop() {
				for i := range at {
					x = x*6364136223846793005 + 1442695040888963407
					at[i] = x >> 39
					addresses[i] = uintptr(unsafe.Pointer(&far[at[i]]))
				}
				if ask {
					All(addresses[:])
				}
				for _, k := range at {
					// The next place waits for this one, as a search does.
					sum = far[(k+sum&1)&(32<<20-1)]
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/place")
		})
	}
}
