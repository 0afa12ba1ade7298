package mrt_test

import (
	"bytes"
	"io"
	"net/netip"
	"os"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/wire/mrt"
	"constat/wire/mrt/text"
)

// load unpacks a file of real data, repeated to at least size bytes.
func load(b *testing.B, name string, size int) []byte {
	b.Helper()
	f, err := os.Open(realdata.Path(b, name))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	var whole []byte
	// Keep whole records only: a truncated tail would end the next copy.
	r := mrt.NewReader(d)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			whole = append(whole, rec.Raw...)
		}
	}
	out := whole
	for len(out) < size {
		out = append(out, whole...)
	}
	return out
}

var benchFiles = []struct{ name, file string }{
	{"rib", "mrt/routeviews/rib.20140523.0600.first-1MB.bz2"},
	{"updates", "mrt/ris/rrc04/2022.02/updates.20220209.1035.gz"},
	{"transfer", "mrt/bgpdump-suite/input/updates.et-header.2015.gz"},
}

// each runs use over every element of data and returns how many there were.
func each(data []byte, f *mrt.Filter, use func(*mrt.Record, *mrt.Elem)) (n int) {
	var w mrt.Walker
	w.SetFilter(f)
	r := mrt.NewReader(bytes.NewReader(data))
	var rec mrt.Record
	for {
		if r.ReadRecord(&rec) == io.EOF {
			return n
		}
		w.Start(&rec)
		for w.Next() {
			use(&rec, w.Elem())
			n++
		}
	}
}

// BenchmarkElements is bytes to every element: prefix, peer, time and path.
func BenchmarkElements(b *testing.B) {
	for _, c := range benchFiles {
		b.Run(c.name, func(b *testing.B) {
			data := load(b, c.file, 10<<20)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			n := 0
			var sink uint64
			for b.Loop() {
				n = each(data, nil, func(_ *mrt.Record, e *mrt.Elem) {
					as, _ := e.OriginAS()
					sink += uint64(as) + uint64(e.Prefix.Bits()) + uint64(e.Time) + uint64(e.PeerAS)
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
			_ = sink
		})
	}
}

// BenchmarkFilter looks for one prefix.
func BenchmarkFilter(b *testing.B) {
	for _, c := range benchFiles {
		for _, spec := range []struct {
			name string
			spec mrt.FilterSpec
		}{
			{"prefix", mrt.FilterSpec{Prefixes: []netip.Prefix{netip.MustParsePrefix("175.45.176.0/22")}}},
			{"origin", mrt.FilterSpec{Origins: []uint32{131279}}},
			{"prefix-any-or-origin", mrt.FilterSpec{Prefixes: []netip.Prefix{netip.MustParsePrefix("175.45.176.0/22")}, Match: mrt.MatchAny, Origins: []uint32{131279}, Either: true, Sessions: true}},
		} {
			b.Run(c.name+"/"+spec.name, func(b *testing.B) {
				data := load(b, c.file, 10<<20)
				f, err := mrt.NewFilter(spec.spec)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					each(data, f, func(*mrt.Record, *mrt.Elem) {})
				}
			})
		}
	}
}

// BenchmarkText writes bgpdump -m lines.
func BenchmarkText(b *testing.B) {
	for _, c := range benchFiles {
		b.Run(c.name, func(b *testing.B) {
			data := load(b, c.file, 10<<20)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			n := 0
			var out []byte
			for b.Loop() {
				var t text.Bgpdump
				n = each(data, nil, func(r *mrt.Record, e *mrt.Elem) {
					if out = t.Append(out, r, e); len(out) > 256<<10 {
						out = out[:0]
					}
				})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/elem")
		})
	}
}
