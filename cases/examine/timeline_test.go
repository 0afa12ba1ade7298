package examine

import (
	"fmt"
	"slices"
	"testing"

	"constat/judge/finding"
)

// TestStripAndPaths: who held what when, and over which paths.
func TestStripAndPaths(t *testing.T) {
	w := base(t, "10.0.0.0/24", "10.0.1.0/24")
	w.dark(100, 200, own, three, "10.0.0.0/24", "10.0.1.0/24")
	w.withdraw(300, pA, "10.0.0.0/24")
	f := w.examine("AS64496", 0, 600)
	if f.Timeline.Height != 6 || !f.Timeline.Exact {
		t.Errorf("timeline %+v", f.Timeline)
	}
	for _, s := range f.Timeline.Steps {
		if s.Seen+s.Gone+s.Unknown != f.Timeline.Height {
			t.Errorf("step %+v of a height of %d", s, f.Timeline.Height)
		}
	}
	var got string
	for _, r := range f.Strip[0].Runs {
		got += fmt.Sprintf("%d %s %d, ", (r.At - noon).Sec(), r.State, r.Held)
	}
	same(t, "strip of AS64501", got, "0 unknown 0, 1 seen 2, 100 gone 0, 200 seen 2, 300 part 1, ")
	p := f.Outages[0].Paths
	if p == nil || len(p.Before) != 3 || len(p.Trough) != 0 || len(p.After) != 3 {
		t.Fatalf("paths %+v", p)
	}
	if x := p.Before[0]; !slices.Equal(x.Path, []uint32{64501, transit, own}) || x.Peers != 1 || x.Routes != 2 || x.Inferred {
		t.Errorf("path %+v", x)
	}

	// Known only by its withdrawal: the first path after stands in.
	w = newWorld(t)
	w.keeps("rrc00", 0, 600)
	w.dark(100, 200, own, three, "10.0.0.0/24")
	p = w.examine("AS64496", 0, 600).Outages[0].Paths
	if p == nil || len(p.Before) != 3 || !p.Before[0].Inferred {
		t.Errorf("paths %+v", p)
	}
	if f.Strip[0].Runs[0].State != finding.Unknown {
		t.Errorf("before its first word a peer is unknown: %+v", f.Strip[0].Runs[0])
	}
}
