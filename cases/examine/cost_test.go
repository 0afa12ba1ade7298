package examine

import (
	"path/filepath"
	"runtime/metrics"
	"testing"
	"time"

	"constat/internal/realdata"
	"constat/moment"
)

// BenchmarkCost examines four hours of RouteViews (24 February 2008), for a subject of
// which nothing was lost and for RIS's beacons, which come and go. It reports the
// most memory that the program had of the system beside what there is in the test.
func BenchmarkCost(b *testing.B) {
	dir := realdata.Path(b, filepath.Join("events", "rv2-2008-02-24"))
	specs, err := filepath.Glob(filepath.Join(dir, "updates.20080224.[12]*"))
	if err != nil || len(specs) == 0 {
		b.Fatal(specs, err)
	}
	for _, q := range [][2]string{{"quiet", "AS36561"}, {"loss", "AS12654"}} {
		b.Run(q[0], func(b *testing.B) {
			b.ReportAllocs()
			from, err := moment.ParseTime("2008-02-24T18:07")
			if err != nil {
				b.Fatal(err)
			}
			most := heapWatch(b)
			for b.Loop() {
				f, _ := ask(b, asked{subject: q[1], from: float64(from-noon) / 1e6, until: float64(from-noon)/1e6 + 14640, specs: specs})
				if lost := len(f.Outages) > 0; lost != (q[0] == "loss") {
					b.Fatal(lost)
				}
			}
			b.ReportMetric(most()/1e6, "peak-MB")
		})
	}
}

// heapWatch looks at the heap now and again, and tells its largest size in bytes.
func heapWatch(tb testing.TB) (most func() float64) {
	stop, done, peak := make(chan bool), make(chan bool), uint64(0)
	go func() {
		defer close(done)
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(s)
			peak = max(peak, s[0].Value.Uint64()+s[1].Value.Uint64())
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-done
		return float64(peak)
	}
}
