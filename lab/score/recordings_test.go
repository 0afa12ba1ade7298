package score

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"constat/internal/realdata"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/lab"
	"constat/moment"
)

var (
	midnight = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	lostAt   = midnight.Add(time.Hour)
	backAt   = midnight.Add(2 * time.Hour)
)

// small is a recording of twenty peers of which lost many lose AS1's routes for
// an hour; elsewhere of these at AS3 to AS4, the others at AS1 to AS2.
func small(lost, elsewhere int, announced bool) (*lab.Recording, *lab.Stops) {
	rec := &lab.Recording{From: midnight, Until: midnight.Add(3 * time.Hour), Subject: lab.RecordedSubject{Origins: []lab.ASN{1}}}
	c := lab.RecordedCollector{Name: "lab00", SkewS: 40}
	t := &lab.Stops{}
	for i := range 20 {
		peer := netip.AddrFrom4([4]byte{192, 0, 2, byte(i + 2)})
		c.Peers = append(c.Peers, lab.RecordedPeer{Addr: peer, AS: lab.ASN(100 + i)})
		if i >= lost {
			continue
		}
		s := lab.StopAt{From: lostAt, Near: 1, Far: 2, Announced: announced}
		if i < elsewhere {
			s.Near, s.Far = 3, 4
		}
		t.Lost = append(t.Lost, lab.LostRoute{Collector: "lab00", Peer: peer, Origin: 1, Prefixes: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}, From: lostAt, Until: &backAt, Stops: []lab.StopAt{s}})
	}
	rec.Collectors = []lab.RecordedCollector{c}
	return rec, t
}

// found is what an examiner says of a loss of AS1: by the collector's clock,
// which is 40 s ahead.
func found(at time.Time, level proof.Level, sessions ...place.Session) *finding.Findings {
	until := moment.FromTime(backAt)
	return &finding.Findings{
		Outages: []finding.Outage{{Scope: "origin", From: moment.FromTime(lostAt.Add(42 * time.Second)), Until: &until}},
		Cause:   []finding.Cause{{Origin: 1, At: moment.FromTime(at), Level: level, Region: regionOf(sessions)}},
	}
}

// regionOf has the sessions, and their near ends as networks.
func regionOf(ss []place.Session) cause.Region {
	r := cause.Region{Sessions: ss}
	for _, s := range ss {
		r.Networks = append(r.Networks, s.Near)
	}
	return r
}

func TestJudgeRecording(t *testing.T) {
	mid := lostAt.Add(10 * time.Minute)
	home, far := place.Session{Near: 1, Far: 2}, place.Session{Near: 3, Far: 4}
	for name, x := range map[string]struct {
		lost, elsewhere int
		announced       bool
		at              time.Time
		level           proof.Level
		region          []place.Session
		more            func(*finding.Cause, *lab.Stops)
		fault           Fault
		word            string
	}{
		"all inside":               {20, 0, true, mid, proof.Established, []place.Session{home}, nil, Right, "right"},
		"a tenth outside":          {20, 2, true, mid, proof.Established, []place.Session{home}, nil, Right, "right"},
		"more than a tenth":        {20, 3, true, mid, proof.Established, []place.Session{home}, nil, FalselyAccused, "**false claim** (3 of 20 outside)"},
		"a tenth of those lost":    {12, 2, true, mid, proof.Indicated, []place.Session{home}, nil, FalselyPointed, "**false claim** (2 of 12 outside)"},
		"both named":               {20, 10, true, mid, proof.Established, []place.Session{home, far}, nil, Right, "right"},
		"the other way round":      {20, 0, true, mid, proof.Established, []place.Session{{Near: 2, Far: 1}}, nil, FalselyAccused, "**false claim** (20 of 20 outside)"},
		"no claim":                 {20, 10, true, mid, proof.NotEstablished, nil, nil, Abstained, "abstains"},
		"nobody lost it":           {0, 0, true, mid, proof.Indicated, []place.Session{home}, nil, Unfounded, "finds a loss where nobody lost the routes"},
		"nobody, and no claim":     {0, 0, true, mid, proof.NotEstablished, nil, nil, Unfounded, "finds a loss where nobody lost the routes"},
		"nobody, yet established":  {0, 0, true, mid, proof.Established, []place.Session{home}, nil, FalselyAccused, "**false claim** (0 of 0 outside)"},
		"the clock is ahead":       {20, 0, true, lostAt.Add(30 * time.Second), proof.Established, []place.Session{home}, nil, FalselyAccused, "**false claim** (0 of 0 outside)"},
		"on their way back":        {20, 0, true, backAt.Add(50 * time.Second), proof.Established, []place.Session{home}, nil, Right, "right"},
		"back for long":            {20, 0, true, backAt.Add(60 * time.Second), proof.NotEstablished, nil, nil, Unfounded, "finds a loss where nobody lost the routes"},
		"another place of one act": {20, 3, true, mid, proof.Established, []place.Session{home, far}, places(place.Break{Kind: place.Origin, A: 1}), FalselyPointed, "**false places** (3 of 20 outside)"},
		"places together": {20, 10, true, mid, proof.Established, []place.Session{home, far},
			places(place.Break{Kind: place.Origin, A: 1}, place.Break{Kind: place.TransitImport, A: 4}), Right, "right"},
		"excluded, and down": {20, 0, true, mid, proof.Established, []place.Session{home}, func(c *finding.Cause, s *lab.Stops) {
			c.Hypotheses = []finding.Hypothesis{{Hypothesis: place.Single(place.Break{Kind: place.Node, A: 2}), Excluded: true}, {Hypothesis: place.Single(place.Break{Kind: place.Node, A: 7}), Excluded: true}}
			s.Down = []lab.DownNetwork{{AS: 2, From: lostAt, Until: &backAt}, {AS: 7, From: backAt}}
		}, Right, "**falsely excludes** 2"},
		"no cut of a cut":           {20, 0, true, mid, proof.Indicated, nil, rivalOf(place.Renumbered), Missed, "**false no cut**"},
		"no cut, the origin ceased": {20, 0, false, mid, proof.Indicated, nil, rivalOf(place.Renumbered), Right, "right"},
		"no cut, nothing lost":      {0, 0, true, mid, proof.Indicated, nil, rivalOf(place.Observer), Right, "right"},
		"a hijacker stopped since": {20, 0, true, mid, proof.Established, []place.Session{{Near: 9, Far: 8}}, func(_ *finding.Cause, s *lab.Stops) {
			for _, x := range s.Lost[:20] {
				x.Origin, x.From = 9, lostAt.Add(5*time.Minute)
				x.Stops = []lab.StopAt{{From: x.From, Near: 9, Far: 8}}
				s.Lost = append(s.Lost, x)
			}
		}, Right, "right"},
		"all of it covered": {20, 0, true, mid, proof.NotEstablished, nil, func(_ *finding.Cause, s *lab.Stops) {
			for i := range s.Lost {
				s.Lost[i].Covered = true
			}
		}, Unfounded, "finds a loss though every address was announced"},
		"a hijack, and no claim": {0, 0, true, mid, proof.NotEstablished, nil, func(_ *finding.Cause, s *lab.Stops) {
			s.Displaced = []lab.DisplacedRoute{{Collector: "lab00", Peer: netip.MustParseAddr("192.0.2.2"), Origin: 9, From: lostAt}}
		}, Abstained, "abstains"},
	} {
		rec, truth := small(x.lost, x.elsewhere, x.announced)
		f := found(x.at, x.level, x.region...)
		if x.more != nil {
			x.more(&f.Cause[0], truth)
		}
		losses, missed := JudgeRecording(rec, truth, f)
		if len(losses) != 1 || losses[0].Fault != x.fault || losses[0].Word() != x.word {
			t.Errorf("%s: %v, %q; expected %v, %q", name, losses[0].Fault, losses[0].Word(), x.fault, x.word)
		}
		if len(missed) > 0 {
			t.Errorf("%s: missed %v", name, missed)
		}
	}
}

func places(bs ...place.Break) func(*finding.Cause, *lab.Stops) {
	return func(c *finding.Cause, _ *lab.Stops) {
		for _, b := range bs {
			c.Class = append(c.Class, place.Single(b))
		}
	}
}

func rivalOf(k place.Kind) func(*finding.Cause, *lab.Stops) {
	return func(c *finding.Cause, s *lab.Stops) {
		c.Rival = true
		places(place.Break{Kind: k})(c, s)
	}
}

// TestMissedLoss: a loss of more than half of the peers has to be found, unless
// their addresses were still announced in other prefixes.
func TestMissedLoss(t *testing.T) {
	for _, x := range []struct {
		lost    int
		covered bool
		missed  int
	}{{10, false, 0}, {11, false, 1}, {20, true, 0}} {
		rec, truth := small(x.lost, 0, true)
		for i := range truth.Lost {
			truth.Lost[i].Covered = x.covered
		}
		if _, missed := JudgeRecording(rec, truth, &finding.Findings{}); len(missed) != x.missed {
			t.Errorf("%+v: %v", x, missed)
		}
	}
}

// TestWriteRecordings: faults stand in the lines and are counted by kind of act.
func TestWriteRecordings(t *testing.T) {
	rec, truth := small(20, 3, true)
	one := RecordingOutcome{Recording: "night", Act: "curfew"}
	one.Losses, _ = JudgeRecording(rec, truth, found(lostAt.Add(10*time.Minute), proof.Established, place.Session{Near: 1, Far: 2}))
	two := RecordingOutcome{Recording: "other", Act: "link-cut"}
	_, two.Missed = JudgeRecording(rec, truth, &finding.Findings{})
	var b bytes.Buffer
	if err := WriteRecordings(&b, []RecordingOutcome{one, two}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"night 2020-01-01T01:00:42Z AS1: **false claim** (3 of 20 outside); stopped 1→2: 17, 3→4: 3; established: inside 1",
		"other 2020-01-01T01:00:00Z AS1: nothing was found",
		row("curfew", 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0), row("link-cut", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), row("all", 2, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1),
	} {
		if got := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func row(name string, ns ...int) string {
	return name + " " + strings.Trim(fmt.Sprint(ns), "[]")
}

// TestOthersRecordings judges nights that somebody else played on the same
// routers, with scenarios of their own: nothing false is said of them, and they
// follow their scripts.
func TestOthersRecordings(t *testing.T) {
	dir := realdata.Path(t, "adversary")
	xs, err := Recordings(context.Background(), dir, proof.Clear())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, x := range xs {
		names[x.Recording] = true
		if len(x.Missed) > 0 {
			t.Errorf("%s: not found: %v", x.Recording, x.Missed)
		}
		for i := range x.Losses {
			l := &x.Losses[i]
			if w := l.Word(); w != "right" && w != "abstains" {
				t.Errorf("%s, AS%d from %v: %s; stopped %s; %s", x.Recording, l.Origin, l.From, w, WordStops(l.Stops), Said(l.Cause))
			}
			t.Logf("%s, AS%d from %v: %s; stopped %s; %s", x.Recording, l.Origin, l.From, l.Word(), WordStops(l.Stops), Said(l.Cause))
		}
		at := os.DirFS(filepath.Join(dir, x.Recording))
		rec, err := lab.ReadRecording(at)
		if err != nil {
			t.Fatal(err)
		}
		s, err := lab.Load(filepath.Join(dir, x.Recording, lab.ScenarioFile))
		if err != nil {
			t.Fatal(err)
		}
		if _, odd, err := lab.Derive(s, rec, at); err != nil || len(odd) > 0 {
			t.Errorf("%s: %v %v", x.Recording, err, odd)
		}
	}
	for _, n := range []string{"lab-adv-aggregate", "lab-adv-curfew", "lab-adv-migration2", "lab-adv-rov-partial"} {
		if !names[n] {
			t.Errorf("%s was not examined", n)
		}
	}
}
