package caselog

import (
	"strings"
	"testing"

	"constat/moment"
)

// TestImpossibleTimes: a cosignature that is dated when it cannot have been made holds, and
// is not counted for a quorum.
func TestImpossibleTimes(t *testing.T) {
	const day = 24 * 3600 * moment.Second
	d := open(t)
	d.add(KindDocument, nil, "a.txt=a")
	w := newKey(t, "w1.example")
	l, err := ReadLog(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	last := l.Entries[1].Time
	for name, c := range map[string]struct {
		at, now moment.Time
		counts  bool
	}{
		"as it should be":           {last, last, true},
		"clocks a little apart":     {last - 3600*moment.Second, last - 7200*moment.Second, true},
		"no clock":                  {last + 9000*day, 0, true},
		"two days before the entry": {last - 2*day, last, false},
		"1970":                      {1 * moment.Second, last, false},
		"1970, without a clock":     {1 * moment.Second, 0, false},
		"two days ahead":            {last + 2*day, last, false},
		"a day ahead":               {last + day, last, true},
		"the year 9999":             {moment.Unix(lastCosigned, 0), last, false},
	} {
		b, err := l.Countersign(w, c.at)
		if err != nil {
			t.Fatal(err)
		}
		a, err := d.check(CheckOptions{Witnesses: []PublicKey{w.Public()}, Checkpoints: []Held{{Name: "held", Bytes: b}}, Now: c.now})
		if c.counts && (err != nil || a.Witnessed.Size != 2 || len(a.Witnessed.Impossible) != 0) {
			t.Errorf("%s: %v", name, err)
		}
		if !c.counts && (err == nil || !strings.Contains(err.Error(), "w1.example 2, which is not counted, since it is dated "+c.at.String())) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What no calendar of ours says is no cosignature at all: it would be shown as another time.
	b, err := l.Countersign(w, moment.Unix(lastCosigned+1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.check(CheckOptions{Witnesses: []PublicKey{w.Public()}, Checkpoints: []Held{{Name: "held", Bytes: b}}}); err == nil {
		t.Error("a cosignature of the year 10000 holds")
	}
}
