package lab_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/lab"
)

// TestTruth works out where the routes of every recording stopped, compares with
// what lies beside it, and has the recording agree with its script: soon after
// each step and right before the next, every peer that was watched has a route
// if and only if the script lets it have one. A recording that a loaded machine
// falsified is found here.
func TestTruth(t *testing.T) {
	for _, name := range folders(t) {
		dir := filepath.Join(recordings, name)
		at := os.DirFS(dir)
		rec, err := lab.ReadRecording(at)
		if err != nil {
			t.Fatal(err)
		}
		s, err := lab.Load(filepath.Join(dir, lab.ScenarioFile))
		if err != nil {
			t.Fatal(err)
		}
		truth, odd, err := lab.Derive(s, rec, at)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, o := range odd {
			t.Errorf("%s: %s", name, o)
		}
		b := truth.Encode()
		if *update {
			writeTruth(t, dir, b)
		}
		kept, err := fs.ReadFile(at, lab.TruthFile)
		if err != nil || !bytes.Equal(kept, b) {
			t.Errorf("%s: %s is not what follows from its scenario and files (%v); -update writes it", name, lab.TruthFile, err)
		}
	}
}

// writeTruth puts the file into a recording, and its sum among the others.
func writeTruth(t *testing.T, dir string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, lab.TruthFile), b, 0o644); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, lab.SumsFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(sums)), "\n"), func(l string) bool { return strings.HasSuffix(l, "  "+lab.TruthFile) })
	lines = append(lines, fmt.Sprintf("%x  %s", sha256.Sum256(b), lab.TruthFile))
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	if err := os.WriteFile(filepath.Join(dir, lab.SumsFile), []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTruthNotices: a recording that does not follow its script is found. The
// night of a cut link is held against scripts that do something else.
func TestTruthNotices(t *testing.T) {
	dir := filepath.Join(recordings, "act-link-cut")
	at := os.DirFS(dir)
	rec, err := lab.ReadRecording(at)
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(filepath.Join(dir, lab.ScenarioFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []*strings.Replacer{
		strings.NewReplacer("cut AS64500 AS64510", "cut AS64521 AS64522", "mend AS64500 AS64510", "mend AS64521 AS64522"), // nobody loses anything
		strings.NewReplacer("mend AS64500 AS64510", "cut AS64551 AS64510"),                                                // nothing comes back
		strings.NewReplacer("cut AS64500 AS64510", "AS64510 withholds AS64500 from AS64521", "mend AS64500 AS64510", "AS64510 passes AS64500 to AS64521"),
	} {
		s, err := lab.Parse("other.lab", []byte(other.Replace(string(src))))
		if err != nil {
			t.Fatal(err)
		}
		_, odd, err := lab.Derive(s, rec, at)
		if err != nil {
			t.Fatal(err)
		}
		if len(odd) < 16 {
			t.Errorf("%d contradictions: %v", len(odd), odd)
		}
	}
}

// TestStops: of acts whose stops can be told by hand.
func TestStops(t *testing.T) {
	type want map[string]int // near→far: peers
	for name, w := range map[string]want{
		"act-link-cut":          {"64500→64510": 20},
		"act-provider-refuses":  {"64500→64510": 20},
		"act-origin-stops":      {"64500→64510": 20},
		"act-migration":         {"64500→64511": 20},
		"trap-06-with-customer": {"64510→64521": 2, "64510→64522": 2, "64510→64523": 1, "64510→64524": 1},
		"act-deaggregate":       {"64500→64510": 40}, // twice, and always covered
		"quiet":                 {},
	} {
		at := os.DirFS(filepath.Join(recordings, name))
		truth, err := lab.ReadStops(at)
		if err != nil {
			t.Error(err)
			continue
		}
		got := want{}
		for _, l := range truth.Lost {
			for _, s := range l.Stops {
				got[fmt.Sprintf("%d→%d", s.Near, s.Far)]++
			}
			if covered := name == "act-deaggregate"; l.Covered != covered {
				t.Errorf("%s, %s: covered %t", name, l.Peer, l.Covered)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(w) {
			t.Errorf("%s: %v, expected %v", name, got, w)
		}
	}
}

// TestStopAt: a stop holds from its moment to the next, and not beyond the loss.
func TestStopAt(t *testing.T) {
	var s lab.Stops
	if err := json.Unmarshal([]byte(`{"lost":[{"peer":"192.0.2.2","prefixes":["203.0.113.0/24"],"from":"2020-01-01T01:00:00Z","until":"2020-01-01T02:00:00Z",
		"stops":[{"from":"2020-01-01T01:00:00Z","near":1,"far":2},{"from":"2020-01-01T01:30:00Z","near":2,"far":3}]}]}`), &s); err != nil {
		t.Fatal(err)
	}
	l := &s.Lost[0]
	for _, x := range []struct {
		after string
		near  lab.ASN
		ok    bool
	}{{"-1s", 0, false}, {"0s", 1, true}, {"29m59s", 1, true}, {"30m", 2, true}, {"60m", 0, false}} {
		d, err := time.ParseDuration(x.after)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := l.At(l.From.Add(d)); ok != x.ok || got.Near != x.near {
			t.Errorf("%s: %v %t", x.after, got, ok)
		}
	}
	if l.Peer != netip.MustParseAddr("192.0.2.2") {
		t.Error(l.Peer)
	}
}

// TestTruthOfDemo: the demo's night follows its script too, although its events
// were moved to the published times.
func TestTruthOfDemo(t *testing.T) {
	rec, err := lab.ReadRecording(lab.Demo())
	if err != nil {
		t.Fatal(err)
	}
	s, err := lab.Load(lab.DemoScenario)
	if err != nil {
		t.Fatal(err)
	}
	truth, odd, err := lab.Derive(s, rec, lab.Demo())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range odd {
		t.Error(o)
	}
	peers, night := 0, 0
	for _, c := range rec.Collectors {
		peers += len(c.Peers)
	}
	for i := range truth.Lost {
		if s, ok := truth.Lost[i].At(time.Date(2014, 12, 22, 20, 0, 0, 0, time.UTC)); ok {
			night++
			if s.Near != 131279 || s.Far != 4837 {
				t.Errorf("%s stopped at %d→%d", truth.Lost[i].Peer, s.Near, s.Far)
			}
		}
	}
	if night != peers {
		t.Errorf("%d of %d peers had no route at 20:00", night, peers)
	}
}
