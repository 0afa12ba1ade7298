package scan

import (
	"testing"
	"time"

	"constat/moment"
	"constat/routes/source"
	"constat/routes/vantage"
)

func TestInput(t *testing.T) {
	slot := moment.Interval{From: moment.Unix(600, 0), Until: moment.Unix(900, 0)}
	for _, c := range []struct {
		f    source.File
		kind string
		end  moment.Time
	}{
		{source.File{Kind: source.Updates, Start: slot.From, End: slot.Until}, "updates", slot.Until},
		{source.File{Kind: source.RIB, Start: slot.From}, "rib", slot.From},
		{source.File{Start: slot.From, End: slot.Until, Asked: &slot}, "", slot.From}, // an answer
	} {
		if in := Of(&c.f); in.Kind != c.kind || in.Start != slot.From || in.End != c.end || in.Asked != c.f.Asked || in.Open == nil || in.Records == nil {
			t.Errorf("%v: %+v", c.f, in)
		}
	}
}

// TestJoin: each collector has its own files and its own holes, with their reasons; a
// file that was not looked through is left out.
func TestJoin(t *testing.T) {
	hole := source.Hole{Collector: "b", From: moment.Unix(600, 0), Until: moment.Unix(900, 0), Reason: "no such file"}
	set := &source.Set{
		Files:   []source.File{{Collector: "a", Kind: source.Updates}, {Collector: "b", Kind: source.Updates}, {Collector: "b", Kind: source.Updates}},
		Missing: []source.Hole{hole},
		Cadence: map[string]source.Cadence{"a": {Updates: 5 * time.Minute}, "b": {Updates: 15 * time.Minute}},
	}
	of := func(name string) *Scan { return &Scan{File: vantage.File{Name: name, Kind: "updates"}} }
	w, err := Join(set, []*Scan{of("1"), nil, of("3")})
	if err != nil || len(w.Collectors) != 2 {
		t.Fatal(w, err)
	}
	a, b := w.Collectors[0], w.Collectors[1]
	if a.Name != "a" || len(a.Files) != 1 || len(a.Missing) != 0 || a.Why != nil {
		t.Errorf("%+v", a)
	}
	if b.Name != "b" || len(b.Files) != 1 || b.Files[0].Name != "3" || len(b.Missing) != 1 || len(b.Why) != 1 || b.Why[0] != hole.Reason {
		t.Errorf("%+v", b)
	}
}
