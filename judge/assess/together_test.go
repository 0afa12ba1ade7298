package assess

import (
	"bytes"
	"sync"
	"testing"
)

// TestTogether: the same evidence may be judged by several at once, as a scan judges the
// networks of one table.
func TestTogether(t *testing.T) {
	s := newScene(8, 3600, "10.0.0.0/24", "10.0.1.0/24").controlled().held(own, "10.0.0.0/24", all(8)...).held(own, "10.0.1.0/24", all(8)...)
	s.withdraw(600, "10.0.0.0/24", all(8)...).announce(1200, own, "10.0.0.0/24", all(8)...)
	ev := s.evidence(t)
	var found [4][]byte
	var wg sync.WaitGroup
	for i := range found {
		wg.Go(func() { found[i] = encoded(t, Findings(ev)) })
	}
	wg.Wait()
	for _, b := range found {
		if !bytes.Equal(b, found[0]) || len(b) == 0 {
			t.Error("not the same findings")
		}
	}
}
