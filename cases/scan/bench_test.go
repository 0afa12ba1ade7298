package scan

import (
	"context"
	"testing"

	"constat/internal/realdata"
	"constat/moment"
	"constat/routes/source"
)

// BenchmarkScan scans half a day of one collector.
func BenchmarkScan(b *testing.B) {
	dir := realdata.Path(b, "events/rv2-2008-02-24")
	q := moment.Interval{}
	q.From, _ = moment.ParseTime("2008-02-24T05:00:00Z")
	q.Until, _ = moment.ParseTime("2008-02-24T21:30:00Z")
	set, err := source.Open(context.Background(), []string{dir}, q, source.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Run(context.Background(), Request{Sources: set, From: q.From, Until: q.Until}); err != nil {
			b.Fatal(err)
		}
	}
}
