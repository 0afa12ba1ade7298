package scan

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// stray returns which records of a file, by their place, are left out.
func stray(t *testing.T, in Input, at ...int64) []int {
	t.Helper()
	p := mrttest.P("192.0.2.1", 64500)
	f := &mrttest.File{}
	for _, s := range at {
		f.Keepalive(sec(s), p)
	}
	rd := Steady(mrt.NewReader(bytes.NewReader(f.Bytes())), in)
	var out []int
	for n := 0; ; n++ {
		var rec mrt.Record
		err := rd.ReadRecord(&rec)
		if err == io.EOF {
			if n != len(at) {
				t.Fatalf("%d records of %d", n, len(at))
			}
			return out
		}
		if d, ok := errors.AsType[*mrt.Damage](err); ok {
			if d.Reason != StrayReason || d.Offset != rec.Offset {
				t.Fatalf("%v at %d", d, rec.Offset)
			}
			out = append(out, n)
		} else if err != nil {
			t.Fatal(err)
		}
		if rec.Time != sec(at[n]) {
			t.Fatalf("record %d is of %s, not of %d: out of order", n, rec.Time, at[n])
		}
	}
}

func TestSteady(t *testing.T) {
	const day, b = 86400, 1_457_613_600
	named := Input{Start: sec(b), End: sec(b + 300)}
	asked := Input{Start: sec(b), Asked: &moment.Interval{From: sec(b), Until: sec(b + 300)}}
	many := func(n int) (out []int64) {
		for i := range n {
			out = append(out, b+int64(i))
		}
		return out
	}
	for name, c := range map[string]struct {
		in   Input
		at   []int64
		want []int
	}{
		"none":                   {named, []int64{b, b + 1, b + 299}, nil},
		"in the middle":          {Input{}, []int64{b, b + 2*day, b + 1}, []int{1}},
		"to the day":             {Input{}, []int64{b, b + day, b + 1}, nil},
		"before 1970 is counted": {Input{}, []int64{b, 0, b + 1}, []int{1}},
		"two in a row":           {Input{}, []int64{b, b + 30*day, 5, b + 1}, []int{1, 2}},
		"sixteen in a row":       {Input{}, append(append([]int64{b, b}, slices.Repeat([]int64{5}, 16)...), b), []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}},
		"seventeen are a time":   {Input{}, append(append([]int64{b, b}, slices.Repeat([]int64{5}, 17)...), b, b), nil},
		"a file of several days": {Input{}, []int64{b, b + 2*day, b + 4*day, b + 6*day}, nil},
		"two files in one":       {Input{}, []int64{b, b + 1, b + 3*day, b + 3*day + 1}, nil},
		"the first, by the name": {named, []int64{5, b, b + 1}, []int{0}},
		"the last, by the name":  {named, []int64{b, b + 1, b + 30*day}, []int{2}},
		"all, of another day":    {named, []int64{b + 9*day, b + 9*day + 1}, nil},
		"the first of few":       {Input{}, []int64{5, b, b + 1}, nil},
		"the first of many":      {Input{}, append([]int64{5}, many(16)...), []int{0}},
		"the last of few":        {Input{}, []int64{b, b + 1, b + 30*day}, nil},
		"the last of many":       {Input{}, append(many(16), b+30*day), []int{16}},
		"all ones":               {Input{}, []int64{1<<32 - 1}, []int{0}},
		"all ones, twice":        {Input{}, []int64{1<<32 - 1, b, 1<<32 - 196, b}, []int{0, 2}},
		"the last slot":          {Input{}, []int64{1<<32 - 197}, nil},
		"an answer may jump":     {asked, []int64{b, b + 30*day, b + 1}, nil},
		"an answer of 2106":      {asked, []int64{b, 1<<32 - 1}, []int{1}},
		"behind a jump":          {Input{}, []int64{b, b + 3*day, 5, b + 3*day}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := stray(t, c.in, c.at...); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestSteadyOrder: whatever the times, every record comes once and in order.
func TestSteadyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var at []int64
		for range r.IntN(60) {
			at = append(at, []int64{0, 1_457_613_600, 1_457_613_601, 1_460_000_000, 1<<32 - 1}[r.IntN(5)])
		}
		in := Input{}
		if r.IntN(2) == 0 {
			in.Start, in.End = sec(1_457_613_600), sec(1_457_613_900)
		}
		stray(t, in, at...)
	}
}

// TestReadStray: a stray is counted, named by its offset, and hides its peer for the
// time in which it came; the file ends where its other records do.
func TestReadStray(t *testing.T) {
	p, q := mrttest.P("192.0.2.1", 64500), mrttest.P("192.0.2.2", 64501)
	for _, at := range []int64{0, 1<<32 - 1, 1_457_613_600 + 30*86400} {
		f := &mrttest.File{}
		f.Keepalive(sec(1_457_613_600), p)
		f.Keepalive(sec(1_457_613_610), q)
		f.Announce(sec(at), p, []uint32{64500, 64496}, "198.51.100.0/24")
		f.Keepalive(sec(1_457_613_620), q)
		f.Keepalive(sec(1_457_613_630), p)
		s := scan(t, 1_457_613_600, 1_457_613_900, f)
		x := &s.File
		if x.Records != 4 || *x.Last != sec(1_457_613_630) || x.Backwards != 0 || x.Truncated || len(x.Unread) != 1 || x.Unread[0].Count != 1 || x.Unread[0].Reason != StrayReason || x.Unread[0].Offset == 0 {
			t.Errorf("%d: %+v", at, x)
		}
		if len(x.Lost) != 1 || x.Lost[0].From != sec(1_457_613_610) || x.Lost[0].Until != sec(1_457_613_620) || x.Lost[0].Peer == nil || *x.Lost[0].Peer != p.Addr || x.Lost[0].AS != 64500 || x.Lost[0].Framing {
			t.Errorf("%d: lost %+v", at, x.Lost)
		}
		c, err := join("x", 300, nil, []*Scan{s})
		if err != nil {
			t.Fatal(err)
		}
		if err := (&vantage.Watch{Collectors: []vantage.Collector{c}}).Check(); err != nil {
			t.Errorf("%d: %v", at, err)
		}
	}
}

// TestReadStrayLast: nothing was cut off behind a stray at the end.
func TestReadStrayLast(t *testing.T) {
	p := mrttest.P("192.0.2.1", 64500)
	f := &mrttest.File{}
	f.Keepalive(sec(1_457_613_600), p)
	f.Keepalive(sec(1<<32-1), p)
	s := scan(t, 1_457_613_600, 1_457_613_900, f)
	if s.File.Truncated || len(s.File.Lost) != 1 || s.File.Lost[0].Until != sec(1_457_613_601) {
		t.Errorf("%+v", s.File)
	}
}
