package lab_test

import (
	"os"
	"path/filepath"
	"testing"

	"constat/lab"
)

// six scenarios that need everything the lab can do: a stuck router, all paths,
// IPv6, lost packets, a route server, and clocks that differ.
var six = []string{"trap-03-frozen-branch", "add-path", "ipv6-link-cut", "hold-expires", "route-server", "skewed-clocks"}

// TestPlaySix plays six scenarios and examines what was recorded as the
// recordings in the box are examined: the same losses, judged the same. How far
// a verdict goes may differ, since no two performances explore the same paths in
// the same seconds; then it is logged.
func TestPlaySix(t *testing.T) {
	if os.Getenv("CONSTAT_PLAY") == "" {
		t.Skip("plays for minutes: CONSTAT_PLAY=1 has it run")
	}
	out := t.TempDir()
	if err := lab.RunAll(t.Context(), six, 3, lab.Options{Out: out}, func(o lab.Outcome) {
		if o.Err != nil {
			t.Errorf("%s: %v", o.Scenario, o.Err)
			return
		}
		t.Logf("%s: %v", o.Scenario, o.Took)
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range six {
		dir := filepath.Join(out, name)
		_, _, got := examined(t, dir, true)
		_, _, kept := examined(t, filepath.Join(recordings, name), true)
		same := len(got.losses) == len(kept.losses)
		for i := range min(len(got.losses), len(kept.losses)) {
			a, b := &got.losses[i], &kept.losses[i]
			same = same && a.Word() == b.Word()
			if a.Cause.Level != b.Cause.Level {
				t.Logf("%s: %s\nwhere the recording in the box gives %s", name, line(got), line(kept))
			}
		}
		if !same {
			t.Errorf("%s: %s\nwhere the recording in the box gives %s", name, line(got), line(kept))
		}
	}
}
