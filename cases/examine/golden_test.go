package examine

import (
	"constat/judge/finding"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"constat/cases/page"
	"constat/internal/mrttest"
	"constat/moment"
)

var update = flag.Bool("update", false, "make the kept case of the present format anew")

// golden is the kept case of the present format. Cases of older formats stay
// beside it under their own names, and are never made anew.
const golden = "testdata/case-3"

// TestKeptCases: a case of every format there ever was is computed again to the
// same bytes, for ever. The present one may be made anew (-update) until it is
// released; after that a change of its bytes is a new format.
func TestKeptCases(t *testing.T) {
	if *update {
		w := newWorld(t)
		w.keeps("rrc00", -300, 900)
		w.keeps("rrc01", -300, 900)
		w.lacks("rrc01", 300)
		w.snapshot(-300, own, three, "10.0.0.0/24", "10.0.1.0/24")
		w.dark(100, 200, own, three, "10.0.0.0/24", "10.0.1.0/24")
		for i, p := range []mrttest.Peer{pC, pD} {
			w.on("rrc01", 1, func(f *mrttest.File, t moment.Time) {
				f.Announce(t, p, []uint32{p.AS, own}, "10.0.0.0/24", "10.0.1.0/24")
			})
			w.on("rrc01", 290.5+float64(i), func(f *mrttest.File, t moment.Time) { f.Withdraw(t, p, "10.0.1.0/24") })
		}
		w.on("rrc00", 700, func(f *mrttest.File, t moment.Time) { f.State(t, pA, 6, 1) })
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		ask(t, asked{subject: "AS64496", from: 0, until: 900, specs: []string{w.write()}, dir: golden})
		if err := os.Remove(filepath.Join(golden, page.Name)); err != nil { // large, and no evidence
			t.Fatal(err)
		}
	}
	cases, err := filepath.Glob("testdata/case-*")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no kept case: %v", err)
	}
	for _, c := range cases {
		if c == "testdata/case-1" {
			// Its findings are of format 1, whose rules are not these: they are
			// read, and said not to be computed again.
			_, f, err := Again(context.Background(), c)
			var earlier *Earlier
			if !errors.As(err, &earlier) || earlier.Format != finding.Format1 || f == nil || len(f.Outages) == 0 {
				t.Errorf("%s: %v, want findings of format 1", c, err)
			}
			continue
		}
		if _, f, err := Again(context.Background(), c); err != nil {
			t.Errorf("%s: %v", c, err)
		} else if len(f.Outages) == 0 {
			t.Errorf("%s: no outage in it", c)
		}
	}
}
