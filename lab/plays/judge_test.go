package plays

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/moment"
)

// town is a world of one prefix that all lose from 12:30 to 13:00, with a stranger's part of it
// from 12:40 to 12:50.
func town(play func(w *World)) *World {
	w := newWorld("town", 1, rand.New(rand.NewPCG(1, 1)))
	w.has(block4(0), subjectAS)
	part := prefix4(185, 10, 1, 0, 24)
	for _, p := range w.Peers {
		p.changes = append(p.changes, change{at: noon + 1800, prefix: block4(0)}, change{at: noon + 3600, prefix: block4(0), path: via(p, subjectAS)},
			change{at: noon + 2400, prefix: part, path: via(p, strangerAS)}, change{at: noon + 3000, prefix: part})
	}
	if play != nil {
		play(w)
	}
	w.order()
	return w
}

func at(s int) moment.Time { return moment.Unix(int64(noon+s), 0) }

func atp(s int) *moment.Time { t := at(s); return &t }

// told30 is the outage as it was.
func told30(w *World) finding.Outage {
	o := finding.Outage{Scope: "prefix", Name: block4(0).String(), From: at(1800), Until: atp(3600), Trough: at(1800),
		Onset: finding.Moments{First: atp(1800), Median: atp(1800), Last: atp(1800)}, Total: []finding.Span{{From: at(1800), Until: atp(3600)}},
		Witnesses: finding.Witnesses{Carried: len(w.Peers), Lost: len(w.Peers)}}
	for _, p := range w.Peers {
		o.Peers = append(o.Peers, finding.Tick{Collector: w.Collectors[p.Collector], Peer: p.Addr, AS: p.AS, Lost: atp(1800), Back: atp(3600)})
	}
	return o
}

// TestJudge: each kind of false statement is found, and a true answer has none.
func TestJudge(t *testing.T) {
	until := at(7200)
	all := finding.Watched{Spans: []finding.Span{{From: at(300), Until: &until}}}
	part := prefix4(185, 10, 1, 0, 24)
	stranger := asked(strangerAS)
	stranger.Aside = map[netip.Prefix]bool{part: true}
	single := asked(subjectAS)
	single.Single = true
	established := func(key string) finding.Verdict {
		return finding.Verdict{Propositions: []finding.Proposition{{Key: key, Level: proof.Established}}}
	}
	for _, c := range []struct {
		name string
		want []Kind
		q    Question
		play func(*World)
		edit func(*finding.Findings)
	}{
		{name: "as it was"},
		{name: "stayed", want: []Kind{FalseStay}, edit: func(f *finding.Findings) { f.Answer, f.Outages = finding.AnswerStayed, nil }},
		{name: "another outage alone", want: []Kind{FalseOutage, NotTold}, edit: func(f *finding.Findings) {
			f.Outages = []finding.Outage{{Scope: "subject", From: at(4500), Until: atp(4600), Trough: at(4500)}}
		}},
		{name: "too long", want: []Kind{FalseOutage, FalseTotal}, edit: func(f *finding.Findings) {
			f.Outages[0].Until, f.Outages[0].Total[0].Until = atp(3700), atp(3700)
		}},
		{name: "too late", want: []Kind{FalseTime}, edit: func(f *finding.Findings) {
			f.Outages[0].From, f.Outages[0].Total = at(1900), nil
		}},
		{name: "a peer's loss elsewhere", want: []Kind{FalseTime}, edit: func(f *finding.Findings) { f.Outages[0].Peers[3].Lost = atp(1700) }},
		{name: "a peer's return elsewhere", want: []Kind{FalseTime}, edit: func(f *finding.Findings) { f.Outages[0].Peers[3].Back = atp(3500) }},
		{name: "too many", want: []Kind{FalseCount}, edit: func(f *finding.Findings) { f.Outages[0].Witnesses.Carried++ }},
		{name: "not watching", want: []Kind{FalseWatch}, edit: func(f *finding.Findings) { f.Outages[0].Witnesses.Stopped = 2 }},
		{name: "blind", want: []Kind{FalseWatch}, edit: func(f *finding.Findings) {
			f.Watch.Blind = []finding.Blind{{Collector: "rrc80", From: at(600), Until: at(900), Reason: finding.MissingFile}}
		}},
		{name: "blind in a hole", play: func(w *World) { w.holes = []hole{{0, noon + 5400, noon + 5700}} }, edit: func(f *finding.Findings) {
			f.Watch.Blind = []finding.Blind{{Collector: "rrc80", From: at(5390), Until: at(5705), Reason: finding.MissingFile}}
		}},
		{name: "observers", want: []Kind{FalseNoCut}, edit: func(f *finding.Findings) { f.Verdict = established(finding.PropObserver) }},
		{name: "a stranger's end", want: []Kind{FalseSubject}, q: stranger, edit: func(f *finding.Findings) {
			f.Outages = []finding.Outage{{Scope: "prefix", Name: part.String(), From: at(3000), Trough: at(3000)}}
		}},
		{name: "one collector", want: []Kind{FalseTwo}, q: single, edit: func(f *finding.Findings) { f.Verdict = established(finding.PropOutage) }},
		{name: "excluded", want: []Kind{FalseExcluded}, play: func(w *World) { w.down = []downFor{{providerAS, noon + 1800, noon + 3600}} }, edit: func(f *finding.Findings) {
			f.Cause = []finding.Cause{{At: at(2000), Hypotheses: []finding.Hypothesis{{Excluded: true, Hypothesis: place.Hypothesis{Parts: [][]place.Break{{{Kind: place.Node, A: providerAS}}}}}}}}
		}},
		{name: "bare", want: []Kind{FalseBare}, play: func(w *World) {
			for _, p := range w.Peers {
				p.changes = append(p.changes, change{at: noon + 2000, prefix: block4(0), path: via(p, strangerAS)}, change{at: noon + 2100, prefix: block4(0)})
			}
		}, edit: func(f *finding.Findings) {
			f.Outages[0].Bare = &finding.Bare{From: at(1800), Until: at(3600), Seconds: 1800, Times: 1}
		}},
		{name: "new", want: []Kind{FalseNew}, edit: func(f *finding.Findings) {
			f.Others = []finding.OtherOrigin{{Origin: strangerAS, Prefix: part, Began: finding.OtherNew, From: finding.Moments{First: atp(2700)}}}
		}},
	} {
		w := town(c.play)
		f := &finding.Findings{Answer: finding.AnswerOutage, Watched: all, Outages: []finding.Outage{told30(w), {Scope: "subject", From: at(1800), Until: atp(3600), Trough: at(1800)}}}
		if c.edit != nil {
			c.edit(f)
		}
		q := c.q
		if q.Asked == "" {
			q = asked(subjectAS)
		}
		q.From, q.Until = noon+300, noon+span
		var got []Kind
		for _, x := range w.Judge(q, f) {
			got = append(got, x.Kind)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q: %v", c.name, got, c.want, w.Judge(q, f))
		}
	}
}

// TestKnown walks a peer whose session breaks, and one whose withdrawal was not recorded.
func TestKnown(t *testing.T) {
	w := newWorld("town", 1, rand.New(rand.NewPCG(1, 1)))
	q := block4(0)
	w.has(q, subjectAS)
	w.tables = append(w.tables, noon+3600)
	w.Peers[0].breaks = []rest{{from: noon + 600, until: noon + 660, noted: true}}
	w.Peers[0].changes = []change{{at: noon + 620, prefix: q}}
	w.Peers[1].changes = []change{{at: noon + 1200, prefix: q, mute: true}}
	w.Peers[2].breaks = []rest{{from: noon + 600, until: noon + 660, silent: true}}
	w.Peers[2].changes = []change{{at: noon + 620, prefix: q, mute: true}}
	w.holes = []hole{{1, noon + 900, noon + 1200}}
	w.order()
	ls := follow(w).lines(q, of(subjectAS), 0)
	last := len(w.Peers) - 1
	for _, c := range []struct {
		peer, second int
		want         byte
	}{
		{0, 599, holds}, {0, 600, hidden}, {0, 659, hidden}, {0, 660, lacks}, {0, 7199, lacks},
		{1, 1199, holds}, {1, 1200, stale}, {1, 3599, stale}, {1, 3600, lacks},
		{2, 619, holds}, {2, 620, stale}, {2, 700, stale}, {2, 3600, lacks},
		{last, 899, holds}, {last, 900, hidden}, {last, 1200, hidden}, {last, 3600, holds},
	} {
		if got := ls[c.peer].state[c.second]; got != c.want {
			t.Errorf("peer %d at %s: %d, want %d", c.peer, clock(c.second), got, c.want)
		}
	}
}

// TestSameFiles: a seed gives the same bytes.
func TestSameFiles(t *testing.T) {
	for _, f := range Families {
		var was map[string]string
		for range 2 {
			dir := t.TempDir()
			w, qs := f.Play(7)
			if len(qs) < 2 {
				t.Fatalf("%s: %d questions", f.Name, len(qs))
			}
			if err := w.Write(dir); err != nil {
				t.Fatal(err)
			}
			is := map[string]string{}
			names, err := filepath.Glob(filepath.Join(dir, "*", "*", "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range names {
				b, err := os.ReadFile(n)
				if err != nil {
					t.Fatal(err)
				}
				is[n[len(dir):]] = string(b)
			}
			if len(is) < 40 {
				t.Errorf("%s: %d files", f.Name, len(is))
			}
			if was != nil && !reflect.DeepEqual(is, was) {
				t.Errorf("%s: other files the second time", f.Name)
			}
			was = is
		}
	}
	names := map[string]bool{}
	for _, f := range Families {
		names[f.Name] = true
		if _, ok := FamilyOf(f.Name); !ok {
			t.Error(fmt.Sprint(f.Name))
		}
	}
	if len(names) != len(Families) || slices.Contains(Kinds, "") {
		t.Error("two families of one name")
	}
}
