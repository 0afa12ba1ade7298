package examine

import (
	"bytes"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/moment"
	"constat/report"
	"constat/report/plain"
)

// eight peers are enough for halves and thirds.
var eight = func() (ps []mrttest.Peer) {
	for i, a := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7", "192.0.2.8"} {
		ps = append(ps, mrttest.P(a, uint32(64501+i)))
	}
	return ps
}()

// told is what a summary says of findings, on one line.
func told(t *testing.T, f *finding.Findings, lang report.Lang) string {
	t.Helper()
	s, err := report.Summary(f, lang)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := plain.Write(&b, s, 0); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.String())), " ")
}

// lapsed plays what peers do with a prefix that they all have from the table of noon on.
func lapsed(t *testing.T, prefixes []string, play func(w *world, i int, p mrttest.Peer)) *finding.Findings {
	t.Helper()
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, own, eight, prefixes...)
	for i, p := range eight {
		play(w, i, p)
	}
	return w.examine("AS64496", 60, 3600)
}

// TestLossesAtDifferentTimes: that routes were gone from all is said only of a time in which
// all lacked them, and what flaps is told as what flaps.
func TestLossesAtDifferentTimes(t *testing.T) {
	const one = "10.0.0.0/24"
	only := []string{one}
	out := func(w *world, p mrttest.Peer, from, until float64, prefixes ...string) {
		w.withdraw(from, p, prefixes...)
		w.announce(until, own, p, prefixes...)
	}
	for name, c := range map[string]struct {
		f       *finding.Findings
		says    []string
		neither []string
	}{
		"in one piece": {lapsed(t, only, func(w *world, i int, p mrttest.Peer) { out(w, p, 600+float64(i), 1200+float64(i), one) }),
			[]string{"12:10:03 UTC, the only prefix of AS64496 was gone from all 8 networks that had carried it", "It returned at 12:20:03, after 10 minutes.", "12:10:03 to 12:20:03, median to median; at least 9 min 53 s, at most 10 min 07 s"},
			[]string{"was lost by", "came and went"}},
		"one half after the other": {lapsed(t, only, func(w *world, i int, p mrttest.Peer) {
			out(w, p, 600+600*float64(i%2), 1220+600*float64(i%2), one)
		}), []string{"12:10:00 UTC, the only prefix of AS64496 was lost by at least half of the peers that had carried it", "From 1 March 2020 at 12:20:00 UTC to 12:20:20, for 20 seconds, it was gone from all 8 networks that had carried it, at one collector",
			"More than half had it again at 12:30:20, after 20 minutes", "with all gone 20 s, with any gone 20 min 20 s", "A total loss, for 20 seconds, from 1 March 2020 at 12:20:00 UTC to 12:20:20"},
			[]string{"prefix of AS64496 was gone from all", "had a route", "A total loss:"}},
		"halves in turns": {lapsed(t, only, func(w *world, i int, p mrttest.Peer) {
			for k := range 30 {
				out(w, p, 600+20*float64(k)+10*float64(i%2), 610+20*float64(k)+10*float64(i%2), one)
			}
		}), []string{"At each moment of that, 4 of 8 peers were without it; no moment was found at which all were", "after 10 minutes", "with all gone 0 s"}, []string{"gone from all", "A total loss", "9 minutes"}},
		"a second in every 29": {lapsed(t, only, func(w *world, _ int, p mrttest.Peer) {
			for k := range 60 {
				out(w, p, 600+29*float64(k), 601+29*float64(k), one)
			}
		}), []string{"From 1 March 2020 at 12:10:00 UTC to 12:38:32, the only prefix of AS64496 came and went 60 times: it was gone for 1 minute in all, 3.5 % of that time", "in 60 losses from 12:10:00 to 12:38:32; with all gone 1 min, with any gone 1 min",
			"A total loss, 60 times and for 1 minute in all"}, []string{"gone from all", "It returned", "28 min"}},
		"a third after the other": {lapsed(t, only, func(w *world, i int, p mrttest.Peer) {
			out(w, p, 600+600*float64(i%3), 1230+600*float64(i%3), one)
		}), []string{"2 outages of AS64496 were measured, of 30 seconds each; the last was over at", "was lost by at least half", "after 30 seconds", "no moment was found", "The first peer’s loss was at 12:", "with any gone"},
			[]string{"gone from all", "minutes 30 seconds"}},
		"three of eight have it again": {lapsed(t, only, func(w *world, i int, p mrttest.Peer) {
			w.withdraw(600+float64(i), p, one)
			if i < 3 {
				w.announce(1200, own, p, one)
			}
		}), []string{"From 1 March 2020 at 12:10:07 UTC to 12:20:00, for 9 minutes 53 seconds, it was gone from all 8 networks that had carried it", "3 of the 8 peers that had lost it have had it again since 12:20:00; that is less than half, and the data end at 13:00:00"},
			[]string{"No return was seen", "prefix of AS64496 was gone from all"}},
		"a forged way back": {lapsed(t, only, func(w *world, _ int, p mrttest.Peer) {
			w.withdraw(600, p, one)
			w.on("rrc00", 800, func(f *mrttest.File, t moment.Time) { f.Announce(t, p, []uint32{p.AS, transit, 64666, own}, one) })
		}), []string{"It returned at 12:13:20", "All routes came back through AS64666, which was next to AS64496 neither right before the loss nor in the first paths known"}, nil},
		"the same way back": {lapsed(t, only, func(w *world, _ int, p mrttest.Peer) { out(w, p, 600, 800, one) }), nil, []string{"came back through"}},
		"a small prefix that flaps, a large one that is out": {lapsed(t, []string{"10.0.0.0/24", "10.8.0.0/22"}, func(w *world, i int, p mrttest.Peer) {
			for k := range 60 {
				out(w, p, 600+25*float64(k), 602+25*float64(k), "10.0.0.0/24")
			}
			out(w, p, 1200+float64(i), 1350+float64(i), "10.8.0.0/22")
		}), []string{"From 1 March 2020 at 12:20:03 UTC, both prefixes of AS64496 were lost, at least half of them at once", "after 2 minutes 31 seconds"}, []string{"24 minutes", "25 minutes"}},
	} {
		got := told(t, c.f, "en")
		for _, s := range c.says {
			if !strings.Contains(got, s) {
				t.Errorf("%s: lacks %q:\n%s", name, s, got)
			}
		}
		for _, s := range c.neither {
			if strings.Contains(got, s) {
				t.Errorf("%s: has %q:\n%s", name, s, got)
			}
		}
		for _, l := range []report.Lang{"fr", "de"} {
			if s := told(t, c.f, l); strings.ContainsAny(s, "{}") {
				t.Errorf("%s, %s: %s", name, l, s)
			}
		}
	}
}

// TestBackBehindAHole: what is told behind a hole bounds the duration, and is known.
func TestBackBehindAHole(t *testing.T) {
	const one = "10.0.0.0/24"
	w := newWorld(t)
	w.keeps("rrc00", 0, 3600)
	w.snapshot(1, own, eight, one)
	w.lacks("rrc00", 1200)
	for i, p := range eight {
		w.withdraw(600+float64(i), p, one)
		w.announce(1510+float64(i), own, p, one)
	}
	got := told(t, w.examine("AS64496", 60, 3600), "en")
	for _, s := range []string{"gone from all 8 networks", "Its return was not seen: at 12:20:00", "Behind that time, half of them told it again at 12:25:13: it was back then at the latest, after 15 minutes 10 seconds at the most. Where the data end, 8 of 8 are there again"} {
		if !strings.Contains(got, s) {
			t.Errorf("lacks %q:\n%s", s, got)
		}
	}
	if strings.Contains(got, "What came after is unknown") {
		t.Errorf("what came after is known:\n%s", got)
	}
}

// TestWhoWasStillWatching: gone from all is said of those that were watching.
func TestWhoWasStillWatching(t *testing.T) {
	const one = "10.0.0.0/24"
	got := told(t, lapsed(t, []string{one}, func(w *world, i int, p mrttest.Peer) {
		if i >= 3 {
			w.on("rrc00", 300, func(f *mrttest.File, t moment.Time) { f.State(t, p, 6, 1) })
			return
		}
		w.withdraw(600, p, one)
		w.announce(1200, own, p, one)
	}), "en")
	for _, s := range []string{"gone from all 3 networks that had carried it and of which it was known", "5 other peers had carried it before; by then it was not known any more whether they did"} {
		if !strings.Contains(got, s) {
			t.Errorf("lacks %q:\n%s", s, got)
		}
	}
}
