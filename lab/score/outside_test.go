package score

import (
	"context"
	"fmt"
	"testing"

	"constat/judge/proof"
	"constat/lab/plays"
)

// TestOutside is the fixed set of events that outsiders thought of: two worlds of each family, of
// which nothing false may be said but for what is known to be.
func TestOutside(t *testing.T) {
	std, _, err := proof.Load(proof.Default)
	if err != nil {
		t.Fatal(err)
	}
	xs, err := Outside(context.Background(), OutsideOptions{N: 2, Seed: 1, Standard: std, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	// Faults that are known and not mended. If one is gone, strike it out.
	known := map[string]bool{}
	established := 0
	for _, x := range xs {
		if x.Trouble != "" {
			t.Errorf("%s %d %s: %s", x.Family, x.Seed, x.Asked, x.Trouble)
		}
		if x.Established {
			established++
		}
		for _, f := range x.False {
			name := fmt.Sprintf("%s %d %s: %s", x.Family, x.Seed, x.Asked, f.Kind)
			if !known[name] {
				t.Errorf("%s (answer %s): %s", name, x.Answer, f.Text)
			}
			delete(known, name)
		}
	}
	for name := range known {
		t.Errorf("%s: not said any more", name)
	}
	if established < len(plays.Families) {
		t.Errorf("only %d outages established: an examiner that never speaks is never wrong", established)
	}
}

// TestOutsideOnAnyCores wants the same outcomes from one worker and from three.
func TestOutsideOnAnyCores(t *testing.T) {
	std, _, err := proof.Load(proof.Default)
	if err != nil {
		t.Fatal(err)
	}
	var was string
	for _, n := range []int{1, 3} {
		xs, err := Outside(context.Background(), OutsideOptions{Families: []string{"hijacks", "copies"}, N: 2, Seed: 5, Standard: std, Dir: t.TempDir(), Workers: n})
		if err != nil {
			t.Fatal(err)
		}
		if is := fmt.Sprintf("%+v", xs); was != "" && is != was {
			t.Errorf("one worker:\n%s\nthree:\n%s", was, is)
		} else {
			was = is
		}
	}
}
