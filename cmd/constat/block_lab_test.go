package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/cases/blocking"
	"constat/judge/block"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/judge/relation"
	"constat/lab"
	"constat/lab/score"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// recordedTruth is what truth.json of a recording says.
type recordedTruth struct {
	Acts []struct {
		At time.Time
		Do string
	}
	Lost []struct {
		Collector string
		Peer      netip.Addr
		Prefixes  []netip.Prefix
		From      time.Time
		Until     time.Time
	}
}

var refusal = regexp.MustCompile(`^AS(\d+) (refuses|withholds) AS\d+( from AS\d+| from all| to all)?$`)

// blockIn are the appliers of a recording's block, if its acts are nothing else.
func blockIn(tr *recordedTruth) (at []uint32, dir block.Direction, when, settled time.Time, ok bool) {
	for _, a := range tr.Acts {
		m := refusal.FindStringSubmatch(a.Do)
		switch {
		case m == nil && (strings.Contains(a.Do, " accepts ") || strings.Contains(a.Do, " passes ")) && len(at) > 0:
			return at, dir, when, a.At, true
		case m == nil:
			return nil, 0, when, settled, false
		}
		if when.IsZero() {
			when = a.At
		}
		if a.At.Sub(when) > time.Minute {
			return nil, 0, when, settled, false
		}
		as, _ := parseAS(m[1])
		at = append(at, as)
		d := block.In
		if m[2] == "withholds" {
			d = block.Out
		}
		if len(at) > 1 && d != dir {
			return nil, 0, when, settled, false
		}
		dir = d
	}
	return at, dir, when, when.Add(time.Hour), len(at) > 0
}

// TestBlocksOfRecordings: blocks that real routers applied in the laboratory. What is
// said from the routes before it – who loses what – is what the collectors then saw,
// and what an examination of the recording says of the place is what was foretold.
func TestBlocksOfRecordings(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it examines recordings")
	}
	root := "../../lab/recordings"
	dirs, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range dirs {
		dir := filepath.Join(root, d.Name())
		b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
		if err != nil {
			continue
		}
		var tr recordedTruth
		if err := json.Unmarshal(b, &tr); err != nil {
			t.Fatal(err)
		}
		at, way, when, settled, ok := blockIn(&tr)
		if !ok {
			continue
		}
		n++
		t.Run(d.Name(), func(t *testing.T) {
			t.Parallel()
			blockOfRecording(t, dir, &tr, at, way, when, settled)
		})
	}
	if n < 8 {
		t.Errorf("only %d recordings are of blocks", n)
	}
}

// inputOf reads the routes of a recording's subject before an act, with the relations
// of its scenario.
func inputOf(t *testing.T, dir string, at []uint32, when time.Time) *block.Input {
	t.Helper()
	s, err := lab.Load(filepath.Join(dir, "scenario.lab"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := atlas.Open("../../lab/atlas")
	if err != nil {
		t.Fatal(err)
	}
	sub, err := a.Resolve(filepath.Join(dir, "subject.txt"))
	if err != nil {
		t.Fatal(err)
	}
	until := moment.FromTime(when.Add(-time.Second))
	set, err := source.Open(t.Context(), []string{dir}, moment.Interval{From: moment.FromTime(s.From), Until: until}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(at)
	read, err := routesOf(t.Context(), &streams{out: os.Stdout, err: &strings.Builder{}}, blocking.Question{Set: set, Subject: sub, Until: until})
	if err != nil {
		t.Fatal(err)
	}
	in := read.Input
	in.At = slices.Compact(at)
	if err := blocking.Who(a, in); err != nil {
		t.Fatal(err)
	}
	var links []relation.Link
	for _, l := range s.Links {
		if l.Down {
			continue
		}
		if l.Rel == lab.CustomerOf {
			links = append(links, relation.Link{A: uint32(l.B), B: uint32(l.A)})
		} else {
			links = append(links, relation.Link{A: uint32(l.A), B: uint32(l.B), Peer: true})
		}
	}
	in.Graph = block.NewGraph(links)
	slices.SortFunc(in.Routes, func(a, b block.Route) int {
		return cmp.Or(a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Vantage, b.Vantage))
	})
	if len(in.Routes) == 0 {
		t.Fatal(fmt.Sprint("no routes before ", when))
	}
	return in
}

// blockOfRecording holds what is said of one block against what the collectors saw.
func blockOfRecording(t *testing.T, dir string, tr *recordedTruth, at []uint32, way block.Direction, when, settled time.Time) {
	in := inputOf(t, dir, at, when)
	in.Direction = way
	im := block.Assess(in)
	offPath := len(im.On) == 0
	said, wrong, firm := 0, 0, 0
	for _, a := range block.Predict(in) {
		lost := false
		v := in.Vantages[a.Vantage]
		for _, l := range tr.Lost {
			name := l.Collector + " " + l.Peer.String()
			mid := when.Add(3 * time.Minute)
			if mid.After(settled) {
				mid = when.Add(settled.Sub(when) / 2)
			}
			lost = lost || name == v.Name && slices.Contains(l.Prefixes, a.Prefix) && !l.From.After(mid) && (l.Until.IsZero() || l.Until.After(mid))
		}
		if a.Basis == block.NotKnown {
			t.Errorf("%s at %s: nobody can say", a.Prefix, v.Name)
		}
		said++
		if a.Basis.Firm() {
			firm++
		}
		if lost != a.Basis.Loses() {
			wrong++
			if !offPath {
				t.Errorf("%s at %s: %s was said, and it was lost: %v (%v)", a.Prefix, v.Name, a.Basis, lost, a.Path)
			}
		}
	}
	if said == 0 {
		t.Fatal("nothing was asked")
	}
	if offPath { // a route server leaves its number out: nobody can foretell, and that is said
		if !slices.Contains(im.Warnings, block.WarnOffPath) || wrong == 0 {
			t.Errorf("a network that is on no path: %d wrong, warnings %v", wrong, im.Warnings)
		}
		return
	}
	t.Logf("AS%v, %s: %d answers, %d firm", at, way, said, firm)
	examinedAsForetold(t, dir, at, im)
}

// examinedAsForetold holds what was foretold of an examination against one.
func examinedAsForetold(t *testing.T, dir string, at []uint32, im *block.Impact) {
	_, f, err := score.ExamineRecording(context.Background(), dir, filepath.Join(t.TempDir(), "case"), proof.Clear(), true)
	if err != nil {
		t.Fatal(err)
	}
	c := im.Confusable
	if len(f.Cause) != 1 {
		t.Fatalf("%d losses were found", len(f.Cause))
	}
	found := f.Cause[0]
	t.Logf("foretold %s within %v, found %s within %v", c.Level, c.Region, found.Level, found.Region.Networks)
	// What is foretold is never more than what an examination then says.
	more := map[string]int{proof.NotEstablished.String(): 0, proof.Indicated.String(): 1, proof.Established.String(): 2}
	if more[c.Level] > more[found.Level.String()] {
		t.Errorf("%s was foretold, %s was found", c.Level, found.Level)
	}
	if found.Level == proof.Established && c.Level != found.Level.String() {
		t.Errorf("%s was found, and %s foretold", found.Level, c.Level)
	}
	for _, as := range c.Region {
		if !slices.Contains(found.Region.Networks, as) {
			t.Errorf("AS%d is in the region that was foretold, and not in that which was found", as)
		}
	}
	// The origin's own withdrawal would look the same, and so is the block's own act
	// among the places if it was one.
	if len(c.Places) == 0 || !c.Places[0].Is(place.Origin) {
		t.Errorf("the origin's own withdrawal is not among %v", c.Places)
	}
	if len(at) == 1 && !slices.ContainsFunc(c.Places, func(h place.Hypothesis) bool {
		return h.Parts[0][0].A == at[0] && (h.Is(place.TransitImport) || h.Is(place.TransitExport))
	}) {
		t.Errorf("the block itself is not among %v", c.Places)
	}
}
