package examine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"constat/internal/mrttest"
)

// TestStripped: what today's rules look for cannot be taken out of findings unseen.
func TestStripped(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", -300, 3600)
	peers := []mrttest.Peer{pA, pB, pC}
	w.snapshot(-300, own, peers, "10.0.0.0/24")
	for k := range 5 { // it comes and goes, so that the outage has "gone"
		w.dark(100+float64(k)*40, 115+float64(k)*40, own, peers, "10.0.0.0/24")
	}
	_, dir := ask(t, asked{subject: "AS64496", from: 0, until: 3600, specs: []string{w.write()}})
	name := filepath.Join(dir, FindingsName)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, f, err := Again(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	x := *f
	stripped, err := x.InFormat2().Encode()
	if err != nil || bytes.Equal(stripped, b) || !json.Valid(stripped) {
		t.Fatalf("nothing was taken out: %v", err)
	}
	if err := os.WriteFile(name, stripped, 0o666); err != nil {
		t.Fatal(err)
	}
	var d *Difference
	if _, _, err := Again(context.Background(), dir); !errors.As(err, &d) {
		t.Errorf("findings without what was looked for: %v", err)
	}
}
