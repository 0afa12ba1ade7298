package chokepoints

import (
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/judge/transit"
	"constat/routes/live"
	"constat/routes/vantage"
)

// TestKept: a checkpoint gives the answer that the files gave, byte for byte but for what
// it names as its source.
func TestKept(t *testing.T) {
	peers := vantages(6)
	f := table(peers, map[string][]string{
		"20.0.0.0/16": {"100 10 1", "101 10 1", "102 10 1", "103 20 1", "104 20 1", "105 20 1"},
		"20.1.0.0/16": {"100 10 1 / 100 20 1", "101 10 1", "102 10 1 / 102 20 1", "103 10 1", "", ""},
	})
	updates := &mrttest.File{}
	for _, p := range peers[:4] {
		updates.Announce(sec(10), p, []uint32{p.AS, 30, 1}, "20.0.0.0/16")
	}
	updates.State(sec(100), peers[5], 6, 1)
	updates.Withdraw(sec(200), peers[0], "20.0.0.0/16")
	state, req := loadsState(t, 0, map[string]*mrttest.File{"bview.20150101.0000": f, "updates.20150101.0000": updates})
	want := req.about(t, "AS1")

	name := filepath.Join(t.TempDir(), "state")
	if err := state.Write(name); err != nil {
		t.Fatal(err)
	}
	back, sum, err := live.ReadNamed(name, live.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := Request{View: back.View(), Ledger: back.Ledger(), Watch: &vantage.Watch{}, Atlas: req.Atlas, Kept: &transit.Source{File: "state", SHA256: string(sum[:]), Kind: transit.Checkpoint}}
	got := kept.about(t, "AS1")
	if len(got.Sources) != 1 || got.Sources[0].Kind != transit.Checkpoint {
		t.Errorf("%+v", got.Sources)
	}
	if len(want.Blind) == 0 || len(want.Subjects[0].Families) == 0 {
		t.Fatalf("nothing to compare: %+v", want)
	}
	got.Sources, got.Missing = want.Sources, want.Missing
	a, err1 := want.Encode()
	b, err2 := got.Encode()
	if err1 != nil || err2 != nil || string(a) != string(b) {
		t.Errorf("another answer: %v %v\n%s\n%s", err1, err2, a, b)
	}
	if !strings.Contains(string(a), "AS10") {
		t.Errorf("%s", a)
	}
}
