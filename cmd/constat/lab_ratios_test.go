package main

import (
	"os"
	"testing"

	"constat/internal/realdata"
	"constat/judge/timing"
	"constat/lab/ratios"
)

// TestElsewhere holds the recounted shares that dark weighs with against the
// list that they were counted on.
func TestElsewhere(t *testing.T) {
	f, err := os.Open(realdata.Path(t, "truth/ioda-investigated-outages-2018-2022.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := ratios.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]timing.Published{ratios.OnHour: timing.Elsewhere.OnHour, ratios.OffBoth: timing.Elsewhere.OffBoth}
	for _, m := range ratios.Measured(l.Events, ratios.WithoutTop).Measures {
		w, ok := want[m.Key]
		if ok && (w.Ordered != m.OrderedShare() || w.Spontaneous != m.SpontaneousShare()) {
			t.Errorf("%s: %v and %v are counted; dark has %v and %v", m.Key, m.OrderedShare(), m.SpontaneousShare(), w.Ordered, w.Spontaneous)
		}
		delete(want, m.Key)
	}
	if len(want) > 0 {
		t.Errorf("not measured: %v", want)
	}
}
