package statement

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"constat/moment"
)

// TestBetween: what is listed is the beginning of all that is found, and the rest is counted.
func TestBetween(t *testing.T) {
	words := []string{"it was the link", "It was the Link.", "it was not the link", "it was the link of the network", "nobody cut it"}
	rapid.Check(t, func(t *rapid.T) {
		var ss []Statement
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			s := Statement{ID: fmt.Sprintf("s%02d", i), Lang: "en", Kind: rapid.SampledFrom([]Kind{Denial, Assertion, Doubt}).Draw(t, "kind"),
				Words: rapid.SampledFrom(words).Draw(t, "words"), Speaker: Speaker{As: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "as"), For: "X", Role: Official}}
			s.Published = moment.Interval{From: moment.Time(i), Until: moment.Time(i + 1)}
			s.Proposition = Proposition{Act: &Act{What: "cut"}}
			ss = append(ss, s)
		}
		all := Between(ss, math.MaxInt)
		if all.Left.Sum() != 0 || !reflect.DeepEqual(all.Drifts, Drifts(ss)) || len(all.Contradictions) != len(Contradictions(ss)) {
			t.Fatal("without a bound something is left")
		}
		most := rapid.IntRange(0, 6).Draw(t, "most")
		x := Between(ss, most)
		same := func(what string, got, want, left int) {
			if got != min(most, want) || left != want-got {
				t.Errorf("%s: %d and %d left, of %d with at most %d", what, got, left, want, most)
			}
		}
		same("contradictions", len(x.Contradictions), len(all.Contradictions), x.Left.Contradictions)
		same("relabelled", len(x.Relabelled), len(all.Relabelled), x.Left.Relabelled)
		same("drifts", len(x.Drifts), len(all.Drifts), x.Left.Drifts)
		for i := range x.Drifts {
			if !reflect.DeepEqual(x.Drifts[i], all.Drifts[i]) {
				t.Errorf("drift %d is another", i)
			}
		}
	})
}
