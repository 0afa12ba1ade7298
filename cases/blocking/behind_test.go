package blocking

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// TestBehind: a customer of the target is reached through it; what a peer of the
// target's own reaches is not.
func TestBehind(t *testing.T) {
	at := moment.Unix(1420070400, 0)
	f := &mrttest.File{}
	f.PeerIndex(at, mrttest.P("198.18.0.1", 1000), mrttest.P("198.18.0.2", 1001))
	f.RIB(at, "20.0.0.0/16", mrttest.Entry{Peer: 0, Path: []uint32{1000}}, mrttest.Entry{Peer: 1, Path: []uint32{1001, 10, 1000}})
	f.RIB(at, "20.1.0.0/16", mrttest.Entry{Peer: 0, Path: []uint32{1000, 10, 1001}}, mrttest.Entry{Peer: 1, Path: []uint32{1001}})
	f.RIB(at, "20.2.0.0/16", mrttest.Entry{Peer: 0, Path: []uint32{1000, 10, 1001, 6}}, mrttest.Entry{Peer: 1, Path: []uint32{1001, 6}})
	for i := range 5 {
		f.RIB(at, fmt.Sprintf("11.%d.0.0/16", i), mrttest.Entry{Peer: 0, Path: []uint32{1000, 10, 900}}, mrttest.Entry{Peer: 1, Path: []uint32{1001, 10, 900}})
	}
	name := filepath.Join(t.TempDir(), "rrc89", "bview.20150101.0000")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, f.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(t.Context(), []string{name}, moment.Interval{From: at, Until: at + 1}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := atlas.Open("")
	if err != nil {
		t.Fatal(err)
	}
	sub, err := a.Resolve("AS1001")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Routes(t.Context(), Question{Set: set, Subject: sub})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[uint32]int{6: 1}; !maps.Equal(r.Input.Behind, want) {
		t.Errorf("behind it are %v, not %v", r.Input.Behind, want)
	}
}
