//go:build unix

package live

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/wire/mrt"
)

// made is a generated file of tables or updates, with the paths of a real one.
func made(b *testing.B, table bool, s gen.Shape) ([]byte, int) {
	b.Helper()
	f, err := os.Open(realdata.Path(b, "mrt/routeviews/rib.20140523.0600.first-1MB.bz2"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	pool, err := gen.ReadPool(d)
	if err != nil {
		b.Fatal(err)
	}
	var w bytes.Buffer
	var st gen.Stats
	if table {
		st, err = gen.Table(&w, pool, s)
	} else {
		st, err = gen.Updates(&w, pool, s)
	}
	if err != nil {
		b.Fatal(err)
	}
	return w.Bytes(), st.Elements
}

var shape = gen.Shape{Seed: 1, V4: 100_000, V6: 20_000, Peers: 40, Start: 1_700_000_000 * moment.Second, Elements: 500_000}

// feed reads a file into a state.
func feed(b testing.TB, s *State, raw []byte) {
	c := s.Collector("gen", nil)
	defer c.Close()
	records(b, raw, c.Record)
}

func BenchmarkTable(b *testing.B) {
	raw, n := made(b, true, shape)
	b.Run("read", func(b *testing.B) {
		took := begin()
		for b.Loop() {
			k := 0
			each(b, raw, func(e *mrt.Elem) {
				if e.Path().IsValid() {
					k++
				}
			})
		}
		took.report(b, n)
	})
	b.Run("feed", func(b *testing.B) {
		var s *State
		took := begin()
		for b.Loop() {
			s = New(Options{})
			feed(b, s, raw)
		}
		took.report(b, n)
		b.ReportMetric(float64(s.tree.count.Load()), "nodes")
	})
}

func BenchmarkUpdates(b *testing.B) {
	table, _ := made(b, true, shape)
	raw, n := made(b, false, shape)
	b.Run("read", func(b *testing.B) {
		took := begin()
		for b.Loop() {
			k := 0
			each(b, raw, func(e *mrt.Elem) {
				if e.Path().IsValid() {
					k++
				}
			})
		}
		took.report(b, n)
	})
	b.Run("feed", func(b *testing.B) {
		s := New(Options{})
		feed(b, s, table)
		took := begin()
		for b.Loop() {
			feed(b, s, raw)
		}
		took.report(b, n)
	})
}

// BenchmarkRestart reads a checkpoint.
func BenchmarkRestart(b *testing.B) {
	raw, n := made(b, true, gen.Shape{Seed: 1, V4: 300_000, V6: 60_000, Peers: 100, Start: shape.Start})
	s := New(Options{})
	feed(b, s, raw)
	var w bytes.Buffer
	if err := s.Encode(&w); err != nil {
		b.Fatal(err)
	}
	for _, feeds := range []bool{false, true} {
		name := "to ask"
		if feeds {
			name = "to feed"
		}
		b.Run(name, func(b *testing.B) {
			took := begin()
			for b.Loop() {
				s, err := Decode(bytes.NewReader(w.Bytes()), Options{})
				if err != nil {
					b.Fatal(err)
				}
				if feeds {
					s.Feeder().Close()
				}
			}
			took.report(b, n)
		})
	}
}

// BenchmarkTwoTables loads two packed tables of different collectors at once, beside
// reading them at once.
func BenchmarkTwoTables(b *testing.B) {
	a, n := packed(b, 1)
	c, m := packed(b, 2)
	both := func(b *testing.B, one func(name string, raw []byte)) {
		took := begin()
		for b.Loop() {
			var wg sync.WaitGroup
			wg.Go(func() { one("a", a) })
			wg.Go(func() { one("b", c) })
			wg.Wait()
		}
		took.report(b, n+m)
	}
	unpack := func(raw []byte) *mrt.Reader {
		d, err := decompress.NewReader(bytes.NewReader(raw))
		if err != nil {
			b.Fatal(err)
		}
		return mrt.NewReader(d)
	}
	walk := func(raw []byte, f func(*mrt.Walker)) {
		rd := unpack(raw)
		var w mrt.Walker
		for {
			rec, err := rd.Next()
			if err != nil {
				return
			}
			w.Start(&rec)
			f(&w)
		}
	}
	b.Run("read", func(b *testing.B) {
		both(b, func(_ string, raw []byte) {
			walk(raw, func(w *mrt.Walker) {
				for w.Next() {
					w.Elem().Path()
				}
			})
		})
	})
	b.Run("load", func(b *testing.B) {
		took := begin()
		for b.Loop() {
			s := New(Options{})
			var wg sync.WaitGroup
			for name, raw := range map[string][]byte{"a": a, "b": c} {
				wg.Go(func() {
					f := s.Collector(name, nil)
					defer f.Close()
					walk(raw, f.Record)
				})
			}
			wg.Wait()
		}
		took.report(b, n+m)
	})
}

// BenchmarkRealTables reads stored tables as the command does, and loads them, two at
// once: what unpacking costs beside the feeding.
func BenchmarkRealTables(b *testing.B) {
	for _, c := range []struct{ name, one, other string }{
		{"gzip", "mrt/ris/rrc00/2000.01/bview.20000111.0032.gz", "mrt/bgpdump-suite/input/bview.20020722.2337.gz"},
		{"bzip2", "mrt/routeviews/rib.20140523.0600.first-1MB.bz2", "mrt/routeviews/rib.20140523.0600.first-1MB.bz2"},
	} {
		var raw [2][]byte
		for i, rel := range []string{c.one, c.other} {
			var err error
			if raw[i], err = os.ReadFile(realdata.Path(b, rel)); err != nil {
				b.Fatal(err)
			}
		}
		both := func(b *testing.B, do func(s *State, name string) func(*mrt.Walker)) {
			n := 0
			took := begin()
			for b.Loop() {
				s := New(Options{})
				var wg sync.WaitGroup
				var read [len(raw)]int
				for i := range raw {
					wg.Go(func() { read[i] = unpacked(b, raw[i], do(s, string(rune('a'+i)))) })
				}
				wg.Wait()
				n = read[0] + read[1]
			}
			took.report(b, n)
		}
		b.Run(c.name+"/read", func(b *testing.B) {
			both(b, func(*State, string) func(*mrt.Walker) {
				return func(w *mrt.Walker) {
					for w.Next() {
						w.Elem().Path()
					}
				}
			})
		})
		b.Run(c.name+"/load", func(b *testing.B) {
			both(b, func(s *State, name string) func(*mrt.Walker) { return s.Collector(name, nil).Record })
		})
	}
}

// unpacked reads a packed file as far as it goes, and returns how many entries it has.
func unpacked(b *testing.B, raw []byte, at func(*mrt.Walker)) (entries int) {
	d, err := decompress.NewReader(bytes.NewReader(raw))
	if err != nil {
		b.Error(err)
		return 0
	}
	defer d.Close()
	rd := mrt.NewReader(d)
	var w mrt.Walker
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return entries
		}
		if err != nil {
			continue
		}
		w.Record(rec)
		at(&w)
		entries += w.RIBEntries()
	}
}

func packed(b *testing.B, seed uint64) ([]byte, int) {
	b.Helper()
	s := shape
	s.Seed = seed
	raw, n := made(b, true, s)
	return gzipped(b, raw), n
}

func gzipped(b *testing.B, raw []byte) []byte {
	b.Helper()
	var w bytes.Buffer
	z := gzip.NewWriter(&w)
	if _, err := z.Write(raw); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return w.Bytes()
}

// processor is the time that the process has had of processors: on a busy machine the
// time on the wall tells little.
type processor time.Duration

func begin() processor {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return processor(u.Utime.Nano() + u.Stime.Nano())
}

func (p processor) report(b *testing.B, elements int) {
	n := float64(b.N) * float64(elements)
	b.ReportMetric(float64(begin()-p)/n, "cpu-ns/elem")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/n, "ns/elem")
}

// BenchmarkLoad loads two stored tables as the command does, beside reading them as every
// command reads: with their digests, and the account of who was in them.
func BenchmarkLoad(b *testing.B) {
	set := opened(b, 0, 1<<62, realdata.Path(b, "mrt/ris/rrc00/2000.01/bview.20000111.0032.gz"), realdata.Path(b, "mrt/bgpdump-suite/input/bview.20020722.2337.gz"))
	for i := range set.Files {
		set.Files[i].Kind = source.RIB
	}
	n := 0
	b.Run("read", func(b *testing.B) {
		took := begin()
		for b.Loop() {
			n = 0
			var wg sync.WaitGroup
			var mu sync.Mutex
			for i := range set.Files {
				wg.Go(func() {
					k := 0
					in := scan.Of(&set.Files[i])
					in.Entry = func(*mrt.Elem) { k++ }
					if _, err := scan.Read(b.Context(), in); err != nil {
						b.Error(err)
					}
					mu.Lock()
					n += k
					mu.Unlock()
				})
			}
			wg.Wait()
		}
		took.report(b, n)
	})
	b.Run("load", func(b *testing.B) {
		took := begin()
		for b.Loop() {
			if _, _, err := Load(b.Context(), Loading{Set: set}); err != nil {
				b.Fatal(err)
			}
		}
		took.report(b, n)
	})
}
