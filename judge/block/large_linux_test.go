package block

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// worked is the processor time of this process: what is promised does not depend on
// who else is busy.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestAggregateLarge holds the promise on lists of a million prefixes: 5 s, 500 MB.
func TestAggregateLarge(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") == "" {
		t.Skip("a million prefixes: set CONSTAT_LARGE=1")
	}
	r := rand.New(rand.NewPCG(5, 6))
	ps := make([]netip.Prefix, 1_000_000)
	for i := range ps {
		x := r.Uint32()
		ps[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(x >> 24), byte(x >> 16), byte(x >> 8), byte(x)}), 16+r.IntN(9)).Masked()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := worked(t)
	blocks := Aggregate(ps)
	took := worked(t) - start
	start = worked(t)
	list := Routes(ps)
	routes := worked(t) - start
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%d blocks in %v, %d lines of routes in %v, %d MB allocated in all", len(blocks), took, len(list), routes, allocated)
	if took+routes > 5*time.Second || allocated > 500 {
		t.Errorf("%v and %d MB; 5 s and 500 MB are promised", took+routes, allocated)
	}
}
