package outage

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSharedCarriers: prefixes that share one list of carriers give what they would give
// with lists of their own.
func TestSharedCarriers(t *testing.T) {
	t.Parallel()
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		shared := drawInput(t)
		n := len(shared.Prefixes)
		for i := range rapid.IntRange(1, 8).Draw(t, "copies") {
			p := shared.Prefixes[rapid.IntRange(0, n-1).Draw(t, "of")]
			q := shared.Prefixes[i%n]
			p.Prefix, p.Origins = q.Prefix, q.Origins
			shared.Prefixes = append(shared.Prefixes, p)
		}
		own := shared
		own.Prefixes = slices.Clone(shared.Prefixes)
		for i := range own.Prefixes {
			own.Prefixes[i].Carriers = slices.Clone(own.Prefixes[i].Carriers)
		}
		a, b := Find(shared), Find(own)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("histories:\n%s\nshared:\n%s\nof their own:\n%s", describeInput(shared), describeAll(shared, a), describeAll(own, b))
		}
		several += len(a)
		if got, want := NewSizer(shared).All(), NewSizer(own).All(); got != want {
			t.Fatal(got, want)
		}
	})
	if several == 0 {
		t.Error("no outage was drawn")
	}
}
