package scan

import (
	"context"
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
	for i, l := range r.Losses {
		if i > 30 {
			break
		}
		o := l.Outages[l.Worst]
		t.Logf("%2d AS%d %v %d outages, worst %v–%v ended %v total %v partial %v %d/%d prefixes %d/%d peers routes %d/%d size %d %d/48 score %.3g %.3g", i+1, l.AS, l.Prefix, len(l.Outages),
			o.From, o.Until, o.Ended, o.Total, o.Partial, o.Prefixes, o.Of, o.Peers, o.Carried, o.Routes.Lost, o.Routes.Of, o.Size.V4, o.Size.V6, l.V4, l.V6)
	}
	return r
}

func TestChile(t *testing.T) { run(t, "mrt/ris/rrc15", "2010-02-27T16:00:00Z", "2010-02-27T16:15:00Z") }
func TestRRC04(t *testing.T) { run(t, "mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z") }
