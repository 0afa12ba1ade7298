package hugepage

import "testing"

// TestMake: whatever the length, all is zero and may be written.
func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 1000, Page / 4, Page/4 + 1, 3*Page/4 - 1, 5 * Page} {
		s := Make[uint32](n)
		if len(s) != n {
			t.Fatalf("%d of %d", len(s), n)
		}
		for i := range s {
			if s[i] != 0 {
				t.Fatalf("%d at %d of %d", s[i], i, n)
			}
			s[i] = uint32(i)
		}
		for i := range s {
			if s[i] != uint32(i) {
				t.Fatalf("%d at %d of %d", s[i], i, n)
			}
		}
	}
	if s := Make[struct{}](3); len(s) != 3 {
		t.Error(s)
	}
}
