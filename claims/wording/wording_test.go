package wording

import (
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	w := strings.Fields
	for _, c := range []struct {
		a, b, gone, added string
		common            int
	}{
		{"", "", "", "", 0},
		{"a b c", "a b c", "", "", 3},
		{"a b c", "a x c", "b", "x", 2},
		{"a b c d", "b d e", "a c", "e", 2},
		{"x", "", "x", "", 0},
	} {
		gone, added, n := Diff(w(c.a), w(c.b), new(int))
		if strings.Join(gone, " ") != c.gone || strings.Join(added, " ") != c.added || n != c.common {
			t.Errorf("%q, %q: %v %v %d", c.a, c.b, gone, added, n)
		}
	}
	// Longer than the table allows: still the right words, without order.
	long := make([]string, 3000)
	for i := range long {
		long[i] = strings.Repeat("x", i%7+1)
	}
	gone, added, n := Diff(append([]string{"first"}, long...), append(long, "last"), new(int))
	if len(gone) != 1 || gone[0] != "first" || len(added) != 1 || added[0] != "last" || n != 3000 {
		t.Error(gone, added, n)
	}
}

// TestAlike: endings, case and accents do not count, and a text that is too short
// to tell is like none.
func TestAlike(t *testing.T) {
	if Fold("  Ministère  de l’Intérieur-même ") != "ministere de l interieur meme" {
		t.Error(Fold("  Ministère  de l’Intérieur-même "))
	}
	a := Count("The ministry denied cutting the lines to the north")
	b := Count("Ministry denies that it cut lines in the North")
	if x := a.Alike(b); x < AlikeFrom || !a.Repeats(b) {
		t.Errorf("alike by %.2f", x)
	}
	if c := Count("The cable broke"); c.Alike(c) != 0 || c.Repeats(c) {
		t.Error("two words are enough to tell")
	}
}
