package examine

import (
	"maps"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"sync"
	"testing"
	"time"

	"constat/internal/realdata"
	"constat/moment"
)

// TestReadings counts how often each source is opened: once where nothing was lost;
// twice where it turns out in a later file that a record of it is needed which was not
// kept; three times where there was a loss, unless it was kept unpacked.
func TestReadings(t *testing.T) {
	count := func(t *testing.T, q asked) (times []int, lost bool) {
		t.Helper()
		var mu sync.Mutex
		opened := map[string]int{}
		q.opened = func(name string) {
			mu.Lock()
			defer mu.Unlock()
			opened[name]++
		}
		f, _ := ask(t, q)
		for _, name := range slices.Sorted(maps.Keys(opened)) {
			times = append(times, opened[name])
		}
		return times, len(f.Outages) > 0
	}
	base := func(t *testing.T) *world {
		w := newWorld(t)
		w.keeps("rrc00", 0, 1200)
		w.snapshot(1, own, three, "10.0.0.0/16")
		w.announce(400, other, pA, "172.16.5.0/24", "192.0.2.0/24")
		return w
	}
	for _, c := range []struct {
		name string
		do   func(*world)
		want []int // the table, then four files of updates
	}{
		{"nothing lost", func(*world) {}, []int{1, 1, 1, 1, 1}},
		{"a prefix of which nobody spoke before", func(w *world) { w.announce(1000, own, pA, "10.9.0.0/24") }, []int{1, 1, 1, 1, 1}},
		{"what covers a prefix that comes late", func(w *world) { w.announce(1000, own, pA, "172.16.5.128/25") }, []int{1, 1, 2, 1, 1}},
		{"a loss", func(w *world) {
			for i, p := range three {
				w.withdraw(700+float64(i), p, "10.0.0.0/16")
			}
		}, []int{3, 3, 3, 3, 3}},
	} {
		w := base(t)
		c.do(w)
		got, lost := count(t, asked{subject: "AS64496", from: 100, until: 1200, specs: []string{w.write()}, workers: 1})
		if !slices.Equal(got, c.want) || lost != (c.name == "a loss") {
			t.Errorf("%s: opened %v times, want %v; lost: %v", c.name, got, c.want, lost)
		}
	}
	t.Run("bzip2", func(t *testing.T) {
		dir := realdata.Path(t, filepath.Join("events", "rv2-2008-02-24"))
		specs, err := filepath.Glob(filepath.Join(dir, "updates.20080224.18*"))
		if err != nil || len(specs) != 4 {
			t.Fatal(specs, err)
		}
		from, err := moment.ParseTime("2008-02-24T18:07")
		if err != nil {
			t.Fatal(err)
		}
		got, lost := count(t, asked{subject: "AS12654", from: float64(from-noon) / 1e6, until: float64(from-noon)/1e6 + 3600, specs: specs})
		if !slices.Equal(got, []int{1, 1, 1, 1}) || !lost {
			t.Errorf("opened %v times; lost: %v", got, lost)
		}
	})
}

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
