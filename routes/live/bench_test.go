package live

import (
	"bytes"
	"io"
	"os"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/lab/gen"
	"constat/moment"
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

// each reads a file and calls f with its elements.
func each(b testing.TB, raw []byte, f func(*mrt.Elem)) {
	rd := mrt.NewReader(bytes.NewReader(raw))
	var w mrt.Walker
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			b.Fatal(err)
		}
		w.Start(&rec)
		for w.Next() {
			f(w.Elem())
		}
	}
}

var shape = gen.Shape{Seed: 1, V4: 100_000, V6: 20_000, Peers: 40, Start: 1_700_000_000 * moment.Second, Elements: 500_000}

// feed reads a file into a state.
func feed(b testing.TB, s *State, raw []byte) {
	c := s.Collector("gen", nil)
	defer c.Close()
	each(b, raw, c.Apply)
}

func BenchmarkTable(b *testing.B) {
	raw, n := made(b, true, shape)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			k := 0
			each(b, raw, func(e *mrt.Elem) {
				if e.Path().IsValid() {
					k++
				}
			})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
	})
	b.Run("feed", func(b *testing.B) {
		var s *State
		for b.Loop() {
			s = New(Options{})
			feed(b, s, raw)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
		b.ReportMetric(float64(s.tree.count.Load()), "nodes")
	})
}

func BenchmarkUpdates(b *testing.B) {
	table, _ := made(b, true, shape)
	raw, n := made(b, false, shape)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			k := 0
			each(b, raw, func(e *mrt.Elem) {
				if e.Path().IsValid() {
					k++
				}
			})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
	})
	b.Run("feed", func(b *testing.B) {
		s := New(Options{})
		feed(b, s, table)
		for b.Loop() {
			feed(b, s, raw)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
	})
}
