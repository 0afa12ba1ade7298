package report

import (
	"net/netip"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/judge/timing"
	"constat/moment"
)

// totalNight is a network of two prefixes at 40 peers: what it lost is told by the outages given, of which
// those of the whole network are weighed.
func totalNight(all ...finding.Outage) *finding.Findings {
	f := stayedNight(finding.AnswerOutage, nil)
	f.Outages = all
	f.Head, f.Watch.FullFeedPeers = new(0), new(40)
	for i := range f.Outages {
		o := &f.Outages[i]
		o.Witnesses = finding.Witnesses{Carried: 40, Lost: 40, ASes: 40}
		for k := range 40 {
			o.Peers = append(o.Peers, finding.Tick{Collector: "rrc00", AS: uint32(65000 + k), Lost: &o.From, Back: o.Until})
		}
		if o.Scope != "subject" {
			continue
		}
		at := len(f.Cause)
		f.Cause = append(f.Cause, finding.Cause{Outage: i, Origin: 64496})
		f.Verdict.Propositions = append(f.Verdict.Propositions, finding.Proposition{Key: finding.PropOutage, Level: proof.Established, Cause: &at})
		if len(o.Total) > 0 {
			f.Verdict.Propositions = append(f.Verdict.Propositions, finding.Proposition{Key: finding.PropTotal, Level: proof.Established, Cause: &at})
		}
	}
	return f
}

// lossOf is an outage in one piece; without an end if until is 0.
func lossOf(scope, name string, from, until moment.Time, lost int, total ...finding.Span) finding.Outage {
	o := finding.Outage{Scope: scope, Name: name, From: from, Trough: from, Onset: finding.Moments{First: &from, Median: &from, Last: &from}, Total: total,
		Lost: finding.Lost{Prefixes: lost, Touched: lost, Of: 2, V4: 1024 * int64(lost)}, Routes: finding.Routes{Lost: 40 * lost, Of: 40 * lost}}
	if until == 0 {
		o.Censored = new(finding.EndOfData)
		return o
	}
	o.Until, o.DurationS = &until, new(int64((until-from)/moment.Second))
	o.Recovery = &finding.Moments{First: &until, Median: &until, Last: &until}
	return o
}

func gapOf(from, until moment.Time) finding.Span {
	s := finding.Span{From: from}
	if until != 0 {
		s.Until = &until
	}
	return s
}

// TestTotalsAreOne: text and verdict tell the same total losses, and of prefixes that all peers lost it is not said that half of
// them did.
func TestTotalsAreOne(t *testing.T) {
	at := moment.Unix(1_457_613_000, 0) // 12:30
	for name, c := range map[string]struct {
		f             *finding.Findings
		text, verdict []string
		not           string
	}{
		// One prefix is gone for good, and the other, which came then, for 20 minutes later.
		"renumbered, and then all dark": {totalNight(
			lossOf("subject", "AS64496", at, 0, 1, gapOf(at, at+15*moment.Second)),
			lossOf("subject", "AS64496", at+30*minute, at+50*minute, 2, gapOf(at+30*minute, at+50*minute)),
			lossOf("prefix", "10.0.0.0/22", at, 0, 1, gapOf(at, 0)),
			lossOf("prefix", "10.0.4.0/22", at+30*minute, at+50*minute, 1, gapOf(at+30*minute, at+50*minute))),
			[]string{"1 of 2 prefixes of AS64496 was gone from all 40 networks", "2 times, for 20 minutes 15 seconds in all", "2 outages of AS64496 were measured"},
			[]string{"A total loss, 2 times and for 20 minutes 15 seconds in all"}, "all routes of AS64496 were gone"},
		// One prefix is out all along, and the other twice within that.
		"twice within a longer loss": {totalNight(
			lossOf("subject", "AS64496", at, at+60*minute, 1),
			lossOf("subject", "AS64496", at+10*minute, at+12*minute, 2, gapOf(at+10*minute, at+12*minute)),
			lossOf("subject", "AS64496", at+30*minute, at+33*minute, 2, gapOf(at+30*minute, at+33*minute)),
			lossOf("prefix", "10.0.0.0/22", at, at+60*minute, 1, gapOf(at, at+60*minute)),
			lossOf("prefix", "10.0.4.0/22", at+10*minute, at+12*minute, 1, gapOf(at+10*minute, at+12*minute)),
			lossOf("prefix", "10.0.4.0/22", at+30*minute, at+33*minute, 1, gapOf(at+30*minute, at+33*minute))),
			[]string{"1 of 2 prefixes of AS64496 was gone from all 40 networks", "2 times, for 5 minutes in all"},
			[]string{"A total loss, 2 times and for 5 minutes in all"}, "at least half of the peers"},
		// One prefix is out for an hour, and the other with it for ten seconds, as one outage.
		"all dark for seconds in a longer loss": {totalNight(
			lossOf("subject", "AS64496", at, at+60*minute, 1, gapOf(at+10*minute, at+10*minute+10*moment.Second)),
			lossOf("prefix", "10.0.0.0/22", at, at+60*minute, 1, gapOf(at, at+60*minute)),
			lossOf("prefix", "10.0.4.0/22", at+10*minute, at+10*minute+10*moment.Second, 1, gapOf(at+10*minute, at+10*minute+10*moment.Second))),
			[]string{"1 of 2 prefixes of AS64496 was gone from all 40 networks", "for 10 seconds, all prefixes of AS64496 were gone at once"},
			[]string{"A total loss, for 10 seconds"}, "at least half of the peers"},
		// Of a total in one piece the sentence on it is enough.
		"all dark, and a smaller one before": {totalNight(
			lossOf("subject", "AS64496", at, at+60*minute, 2, gapOf(at, at+60*minute)),
			lossOf("subject", "AS64496", at-20*minute, at-18*minute, 2, gapOf(at-20*minute, at-18*minute))),
			[]string{"gone from all 40 networks"},
			[]string{"A total loss: nobody who watched still had one of these routes"}, "times, for"},
	} {
		p, err := newPrinter(English, c.f)
		if err != nil {
			t.Fatal(err)
		}
		fs := gather(c.f)
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace
		said := ""
		for _, s := range answer(p, fs) {
			said += plain(p.text(s)) + "\n"
		}
		var lines []string
		for _, v := range verdicts(p, fs) {
			for _, l := range v.Lines {
				if s := plain(l.String()); strings.Contains(s, "total loss") {
					lines = append(lines, s)
				}
			}
		}
		for _, w := range c.text {
			if !strings.Contains(said, w) {
				t.Errorf("%s: no %q in\n%s", name, w, said)
			}
		}
		if len(lines) != len(c.verdict) || !strings.Contains(lines[0], c.verdict[0]) {
			t.Errorf("%s: verdict %q", name, lines)
		}
		if strings.Contains(said, c.not) {
			t.Errorf("%s: %q in\n%s", name, c.not, said)
		}
	}
}

// TestKeptOne: of peers that lost one of two prefixes and held the other by a route announced since it is not
// said that both were gone there.
func TestKeptOne(t *testing.T) {
	at := moment.Unix(1_457_613_000, 0)
	f := totalNight(lossOf("subject", "AS64496", at, at+30*minute, 2, gapOf(at, at+30*minute)))
	o := &f.Outages[0]
	for i := range o.Peers {
		o.Peers[i].Peer = netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
		if i < 3 {
			o.Witnesses.Renewed = append(o.Witnesses.Renewed, finding.PeerName{Collector: "rrc00", Peer: o.Peers[i].Peer})
		}
	}
	o.Routes.Stuck = 3
	p, err := newPrinter(English, f)
	if err != nil {
		t.Fatal(err)
	}
	c := gather(f)
	said := strings.ReplaceAll(p.text(outageProse(p, c)[0]), "\u00a0", " ")
	if !strings.Contains(said, "both prefixes of AS64496 were gone from 37 of the 40 peers that had carried them, in 37 networks") {
		t.Error(said)
	}
	if l := outageLine(p, o); !strings.Contains(l, "37 of 40") {
		t.Error(l)
	}
	o.Routes.Stuck, o.Lost.Prefixes, o.Lost.Of = 5, 60, 60
	if r := c.reach(o); !r.all {
		t.Errorf("five of 180 routes of three peers: %+v", r)
	}
	o.Witnesses.Renewed = nil
	if r := c.reach(o); !r.all {
		t.Errorf("without them: %+v", r)
	}
}

// TestMoreWentWithIt: what went out beside what is measured is told, in every language; and a prefix that was gone
// for longer than all were together.
func TestMoreWentWithIt(t *testing.T) {
	at := moment.Unix(1_457_613_000, 0)
	f := totalNight(lossOf("subject", "AS64496", at, at+50*minute, 1), lossOf("prefix", "10.0.0.0/20", at, at+50*minute, 1, gapOf(at, at+50*minute)))
	f.Outages[0].Lost.Of, f.Outages[0].Lost.Touched = 12, 11
	for lang, want := range map[Lang]string{"en": "In all, 11 of 12 prefixes were out at some time of it.", "fr": "En tout, 11 préfixes sur 12", "de": "Insgesamt waren 11 von 12 Präfixen"} {
		p, err := newPrinter(lang, f)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.ReplaceAll(p.text(outageProse(p, gather(f))[0]), "\u00a0", " "); !strings.Contains(said, want) {
			t.Errorf("%s: %s", lang, said)
		}
	}
	// All three are gone for ten minutes, and one of them for a hundred.
	f = totalNight(lossOf("subject", "AS64496", at, at+100*minute, 3, gapOf(at+2*minute, at+12*minute)), lossOf("prefix", "10.0.0.0/22", at, at+100*minute, 1, gapOf(at, at+100*minute)))
	o := &f.Outages[0]
	onset, back := at+2*minute, at+12*minute
	o.Onset, o.Recovery, o.DurationS = finding.Moments{First: &onset, Median: &onset, Last: &onset}, &finding.Moments{First: &back, Median: &back, Last: &back}, new(int64(600))
	p, err := newPrinter(English, f)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.ReplaceAll(p.text(outageProse(p, gather(f))[0]), "\u00a0", " "); !strings.Contains(said, "the loss of 10.0.0.0/22 alone was larger than that: from 10 March 2016 at 12:30:00 UTC, for 1 hour 40 minutes") {
		t.Error(said)
	}
}

// TestNotSteady: a loss that begins while an earlier one lasts is not said to have been steady before.
func TestNotSteady(t *testing.T) {
	at := func(m int) moment.Time { return ts("2014-12-22T12:00:00Z") + moment.Time(m)*60*moment.Second }
	for _, c := range []struct {
		until moment.Time
		want  string
	}{
		{at(20), "It was steady in the"},
		{at(40), "An earlier loss, which began at 12:10:00, went on when it began; beside that it was steady in the"},
		{0, "An earlier loss, which began at 12:10:00, went on when it began; beside that it was steady in the"},
	} {
		f := totalNight(lossOf("subject", "AS64496", at(10), c.until, 1), lossOf("subject", "AS64496", at(30), at(50), 2))
		f.Head = new(1)
		f.How = []finding.How{{Outage: 1, Account: timing.Account{Shape: timing.OneOrigin, Flapping: timing.Flapping{WatchedS: 1800}}}}
		page, _ := render(t, f, English)
		if !strings.Contains(page, c.want) {
			t.Errorf("until %s: %q is not on the page", c.until, c.want)
		}
	}
}
