package filter

import (
	"net/netip"
	"os"
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

// TestLarge: a million routes in every dialect.
func TestLarge(t *testing.T) {
	if os.Getenv("CONSTAT_LARGE") == "" {
		t.Skip("a million prefixes: set CONSTAT_LARGE=1")
	}
	o := order()
	o.Routes = o.Routes[:0]
	for i := range uint32(1_000_000) {
		x := i*8 + i%3
		o.Routes = append(o.Routes, Route{netip.PrefixFrom(netip.AddrFrom4([4]byte{1 + byte(x>>16), byte(x >> 8), byte(x), 0}), 24), "announced by its holder"})
	}
	start := worked(t)
	m := made(t, o)
	t.Logf("%d lines and %d blocks: %v", len(m.lines), len(m.blocks), worked(t)-start)
	for _, d := range dialects {
		start := worked(t)
		var n counter
		err := Write(&n, m, d.name)
		took := worked(t) - start
		t.Logf("%s: %d bytes, %v, %v", d.name, n, took, err)
		if err == nil && took > 5*time.Second {
			t.Errorf("%s took %v", d.name, took)
		}
	}
}

type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }
