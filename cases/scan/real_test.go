package scan

import (
	"context"
	"slices"
	"testing"

	"constat/internal/realdata"
	"constat/moment"
	"constat/routes/source"
)

func run(t *testing.T, folder, from, until string) *Result {
	t.Helper()
	dir := realdata.Path(t, folder)
	q := moment.Interval{}
	var err error
	if q.From, err = moment.ParseTime(from); err != nil {
		t.Fatal(err)
	}
	if q.Until, err = moment.ParseTime(until); err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(context.Background(), []string{dir}, q, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), Request{Sources: set, From: q.From, Until: q.Until})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRealOutages: the outages of the reference table (data/README.md) are among the
// first, with their prefixes, and are what an examination of them finds.
func TestRealOutages(t *testing.T) {
	for _, c := range []struct {
		folder, from, until string
		as                  uint32
		rank, prefixes      int
		outages             int
		total               bool
	}{
		{"mrt/ris/rrc15", "2010-02-27T16:00:00Z", "2010-02-27T16:15:00Z", 22047, 1, 98, 6, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 53113, 10, 6, 1, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 202583, 8, 8, 1, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 53225, 9, 12, 1, false},
	} {
		r := run(t, c.folder, c.from, c.until)
		i := slices.IndexFunc(r.Losses, func(l Loss) bool { return l.AS == c.as })
		if i < 0 || i >= c.rank {
			t.Errorf("AS%d has place %d of %d, want at most %d", c.as, i+1, len(r.Losses), c.rank)
			continue
		}
		l := r.Losses[i]
		o := l.Outages[l.Worst]
		if len(l.Outages) != c.outages || o.Prefixes != c.prefixes || o.Total != c.total {
			t.Errorf("AS%d: %d outages, the worst of %d prefixes, total %v; want %d, %d, %v", c.as, len(l.Outages), o.Prefixes, o.Total, c.outages, c.prefixes, c.total)
		}
		t.Logf("AS%d: place %d of %d", c.as, i+1, len(r.Losses))
		for k, l := range r.Losses[:i] { // nothing false above
			o := l.Outages[l.Worst]
			if o.Peers < 2 || o.Routes.Lost == 0 || 2*o.Routes.Lost < o.Routes.Of {
				t.Errorf("above AS%d, at %d, stands %s: %d of %d routes lost by %d peers", c.as, k+1, l.Subject(), o.Routes.Lost, o.Routes.Of, o.Peers)
			}
		}
	}
}
