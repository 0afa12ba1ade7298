package examine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/judge/finding"
	"constat/moment"
)

// night is what is right to say of one folder of data/adversary, as far as it
// concerns what was lost, when and for how long.
type night struct {
	folder  string
	answer  string
	of      int     // prefixes of the subject
	lost    int     // of its headline outage
	minutes float64 // from median to median
	total   bool
	// stands are kinds of stand-ins that the first prefix has at every carrier.
	stands string
}

var nights = []night{
	{"access-router-5000", finding.AnswerOutage, 1, 1, 30, true, ""},
	{"aggregate-covers-200", finding.AnswerOutage, 1, 1, 30, true, finding.LostUnder},
	{"backup-fails-301", finding.AnswerOutage, 4, 4, 30, true, ""},
	{"collector-restart-at-cut-6000", finding.AnswerOutage, 2, 2, 30, true, ""},
	{"country-all-gateways-200", finding.AnswerOutage, 55, 55, 48, true, ""},
	{"country-staged-gateways-200", finding.AnswerOutage, 60, 60, 35, true, ""},
	{"curfew-8001", finding.AnswerOutage, 1, 1, 50, true, ""},
	{"deaggregate-200", finding.AnswerStayed, 5, 0, 0, false, finding.CoveredBy},
	{"emergency-prefix-300", finding.AnswerOutage, 2, 1, 49, false, ""},
	{"hijack-in-outage-200", finding.AnswerOutage, 2, 2, 50, true, finding.ReplacedBy},
	{"lab-adv-aggregate", finding.AnswerOutage, 2, 2, 42, true, finding.LostUnder},
	{"lab-adv-curfew", finding.AnswerOutage, 2, 2, 42, true, ""},
	{"lab-adv-migration2", finding.AnswerOutage, 2, 2, 42, true, ""},
	{"lab-adv-rov-partial", finding.AnswerOutage, 2, 2, 42, false, ""},
	{"migration-7000", finding.AnswerOutage, 5, 5, 30, true, ""},
	{"roa-1000", finding.AnswerOutage, 2, 2, 45, true, ""},
	{"roa-large-200", finding.AnswerPartial, 2, 2, 45, false, ""},
	{"skew-1000", finding.AnswerOutage, 2, 2, 30, true, ""},
	{"upstream-migration-6001", finding.AnswerOutage, 1, 1, 30, true, ""},
	{"upstreams-filter-300", finding.AnswerOutage, 4, 4, 40, true, ""},
	{"zombies-return-6001", finding.AnswerOutage, 2, 2, 60, false, ""},
}

// askCommand examines as a folder's command.txt says.
func askCommand(t *testing.T, dir string) *finding.Findings {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "command.txt"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(b))
	flags := map[string]string{}
	for i := 3; i+1 < len(words); i += 2 {
		flags[words[i]] = words[i+1]
	}
	subject := words[2]
	if strings.HasSuffix(subject, ".txt") {
		subject = filepath.Join(dir, subject)
	}
	atlas := ""
	if flags["--atlas"] != "" {
		atlas = filepath.Join(dir, flags["--atlas"])
	}
	return askReal(t, subject, flags["--from"], flags["--until"], atlas, filepath.Join(dir, flags["--source"]))
}

// within checks what holds of any findings: counts never exceed their whole.
func within(t *testing.T, f *finding.Findings) {
	t.Helper()
	for _, o := range f.Outages {
		w := o.Witnesses
		if w.Lost > w.Carried || w.ASes > w.Lost || len(o.Peers) != w.Lost {
			t.Errorf("%s %s: %d of the %d peers, in %d networks, lost it; %d are listed", o.Scope, o.Name, w.Lost, w.Carried, w.ASes, len(o.Peers))
		}
		if o.Lost.Prefixes > o.Lost.Touched || o.Lost.Touched > o.Lost.Of || o.Routes.Lost+o.Routes.Stuck > o.Routes.Of {
			t.Errorf("%s %s: lost %+v, routes %+v", o.Scope, o.Name, o.Lost, o.Routes)
		}
		if o.Partial && (len(o.Total) > 0 || 2*o.Routes.Lost > o.Routes.Of) {
			t.Errorf("%s %s is partial, and lost %+v", o.Scope, o.Name, o.Routes)
		}
	}
	for _, p := range f.Subject.Prefixes {
		for _, n := range []int{p.Covered, p.Replaced, p.Unknown, p.Standing} {
			if n > p.Carriers+p.Unknown {
				t.Errorf("%s: %+v", p.Prefix, p)
			}
		}
		if p.WatchedS > f.Watched.Of {
			t.Errorf("%s was watched for %d s of %d", p.Prefix, p.WatchedS, f.Watched.Of)
		}
		for _, s := range p.StandIns {
			if s.Kind != finding.PerhapsBy && s.Exhibit == "" || s.Until <= s.From || s.Peers == 0 {
				t.Errorf("%s rests on no record: %+v", p.Prefix, s)
			}
		}
	}
	if f.Watched.Seconds > f.Watched.Of {
		t.Errorf("watched %+v", f.Watched)
	}
}

// TestAdversary holds what is measured of the nights of data/adversary against
// what happened in them.
func TestAdversary(t *testing.T) {
	for _, n := range nights {
		t.Run(n.folder, func(t *testing.T) {
			dir := realdata.Path(t, "adversary/"+n.folder)
			f := askCommand(t, dir)
			within(t, f)
			same(t, "answer", f.Answer, n.answer)
			if len(f.Subject.Prefixes) != n.of {
				t.Errorf("%d prefixes, want %d", len(f.Subject.Prefixes), n.of)
			}
			if !f.Watched.Whole() {
				t.Errorf("watched %d of %d s", f.Watched.Seconds, f.Watched.Of)
			}
			if n.stands != "" {
				p := f.Subject.Prefixes[0]
				if !slices.ContainsFunc(p.StandIns, func(s finding.OtherRoute) bool { return s.Kind == n.stands && 10*s.Peers >= 9*p.Carriers }) {
					t.Errorf("%s: no %q at its %d carriers: %+v", p.Prefix, n.stands, p.Carriers, p.StandIns)
				}
			}
			if n.lost == 0 {
				if f.Head != nil {
					t.Errorf("an outage: %+v", f.Outages[*f.Head])
				}
				return
			}
			if f.Head == nil {
				t.Fatal("no outage")
			}
			o := f.Outages[*f.Head]
			if o.Scope != "subject" || o.Partial != (n.answer == finding.AnswerPartial) || o.Lost.Prefixes != n.lost || o.Lost.Of != n.of || len(o.Total) > 0 != n.total || len(o.Began) > 0 {
				t.Errorf("scope %s, partial %v, lost %+v, totals %d, began %v", o.Scope, o.Partial, o.Lost, len(o.Total), o.Began)
			}
			if o.DurationS == nil || float64(*o.DurationS) < n.minutes*60-60 || float64(*o.DurationS) > n.minutes*60+60 {
				t.Errorf("duration %v s, want %v min", o.DurationS, n.minutes)
			}
			begun(t, dir, n, f, o)
			for i := range f.Outages { // nor by any other name
				if len(f.Outages[i].Began) > 0 {
					t.Errorf("%s renumbered to %v", f.Outages[i].Name, f.Outages[i].Began)
				}
			}
		})
	}
}

// begun holds the onset against the second of the act, which truth.json tells.
// Of stages it tells the first.
func begun(t *testing.T, dir string, n night, f *finding.Findings, o finding.Outage) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if os.IsNotExist(err) { // of the laboratory: the scenario says when
		return
	}
	var truth struct{ T0 string }
	if err == nil {
		err = json.Unmarshal(b, &truth)
	}
	if err != nil {
		t.Fatal(err)
	}
	act := instant(t, truth.T0)
	first := o
	for _, x := range f.Outages {
		if x.Scope == "subject" && x.From < first.From {
			first = x
		}
	}
	if d := *first.Onset.Median - act; d < 0 || d > 150*moment.Second {
		t.Errorf("the median onset is %s, the act was at %s", first.Onset.Median, act)
	}
}

// TestStaged: three gateways fail 6.7 minutes apart; from 14:20:19 on all is
// out, but for 1.4 % of the routes, which are stuck.
func TestStaged(t *testing.T) {
	f := askCommand(t, realdata.Path(t, "adversary/country-staged-gateways-200"))
	o := f.Outages[*f.Head]
	if o.Trough != instant(t, "2016-03-10T14:20:19") || o.Routes.Stuck != 26 || o.Routes.Of != 1911 || o.Routes.Lost != 1885 || len(o.Witnesses.ZombieSuspects) == 0 {
		t.Errorf("trough %s, routes %+v, suspects %v", o.Trough, o.Routes, o.Witnesses.ZombieSuspects)
	}
}

// TestHijackInOutage: the link is cut for 50 minutes, and from 200 s on for ten
// minutes another origin announces the prefixes. When it stood in is said.
func TestHijackInOutage(t *testing.T) {
	f := askCommand(t, realdata.Path(t, "adversary/hijack-in-outage-200"))
	act := instant(t, "2016-03-10T14:00:54")
	for _, p := range f.Subject.Prefixes {
		s := p.StandIns[0]
		if s.Kind != finding.ReplacedBy || s.Origin != 4908 || s.Prefix != p.Prefix || s.Peers != p.Carriers {
			t.Errorf("%s: %+v", p.Prefix, s)
		}
		if from, until := s.From-act, s.Until-act; from < 200*moment.Second || from > 260*moment.Second || until < 800*moment.Second || until > 920*moment.Second {
			t.Errorf("%s was replaced from %s until %s", p.Prefix, s.From, s.Until)
		}
	}
}

// TestPartialShare: validating networks drop the prefix for 45 minutes: 24 of 54
// routes are gone.
func TestPartialShare(t *testing.T) {
	f := askCommand(t, realdata.Path(t, "adversary/roa-large-200"))
	o := f.Outages[*f.Head]
	if o.Routes.Lost != 24 || o.Routes.Of != 54 || o.Witnesses.Lost != 12 || o.Witnesses.Carried != 27 || o.Lost.V4 != 512 {
		t.Errorf("routes %+v, witnesses %+v, lost %+v", o.Routes, o.Witnesses, o.Lost)
	}
}

// publicFault examines one of the small inputs made for public reports.
func publicFault(t *testing.T, name string) *finding.Findings {
	t.Helper()
	f := askReal(t, "AS131279", "2014-12-22T16:02", "2014-12-22T16:24", "", realdata.Path(t, "public-faults/ex/"+name))
	within(t, f)
	return f
}

// TestPublicFaults: what was lost, and what was not, in inputs that public
// reports about other tools led to.
func TestPublicFaults(t *testing.T) {
	for _, name := range []string{"deagg", "preLate"} {
		f := publicFault(t, name)
		same(t, name, f.Answer, finding.AnswerStayed)
		if p := f.Subject.Prefixes[0]; p.Covered != 6 || len(p.StandIns) != 4 {
			t.Errorf("%s: %+v", name, p)
		}
		if ps := f.Verdict.Propositions; len(ps) != 1 || ps[0].StandIn != finding.StandInMore || fmt.Sprint(ps[0].Prefixes) != "[198.51.100.0/22]" {
			t.Errorf("%s: %+v", name, ps)
		}
	}
	f := publicFault(t, "e-missing")
	same(t, "e-missing", f.Answer, finding.AnswerStayed)
	if f.Watched.Whole() || f.Watched.Seconds != 180 || f.Watched.Of != 1320 {
		t.Errorf("e-missing: watched %+v", f.Watched)
	}
	for _, name := range []string{"two", "twolate"} {
		f := publicFault(t, name)
		same(t, name, f.Answer, finding.AnswerOutage)
		for _, o := range f.Outages {
			if len(o.Began) > 0 {
				t.Errorf("%s: renumbered to %v, which may have stood before", name, o.Began)
			}
		}
	}
}

// TestNotRenumbered: networks of which it was said that they began to announce
// other prefixes, on ten minutes of files without a snapshot.
func TestNotRenumbered(t *testing.T) {
	rrc04 := realdata.Path(t, "mrt/ris/rrc04")
	for _, as := range []string{"AS134812", "AS60982", "AS20473", "AS203217", "AS27288", "AS45271", "AS59588"} {
		f := askReal(t, as, "2022-02-09T10:35", "2022-02-09T10:45", "", rrc04)
		within(t, f)
		same(t, as, f.Answer, finding.AnswerOutage)
		for _, o := range f.Outages {
			if len(o.Began) > 0 {
				t.Errorf("%s renumbered to %v", as, o.Began)
			}
		}
		for _, p := range f.Verdict.Propositions {
			if p.Key == finding.PropRenumber {
				t.Errorf("%s: %+v", as, p)
			}
		}
	}
	f := askReal(t, "AS134812", "2022-02-09T10:35", "2022-02-09T10:45", "", rrc04)
	same(t, "AS134812", referenceRow(f, "subject", "AS134812"),
		"10:38:36/10:39:31/10:39:43 10:40:18/10:40:22/10:40:43 51 s, 1 of 5 prefixes, 256 addresses, 6 of 6 peers")
}

// TestWatchedTenMinutes: of the day asked about, ten minutes were watched.
func TestWatchedTenMinutes(t *testing.T) {
	f := askReal(t, "AS132215", "2022-02-09", "2022-02-10", "", realdata.Path(t, "mrt/ris/rrc04"))
	same(t, "answer", f.Answer, finding.AnswerStayed)
	if w := f.Watched; w.Whole() || w.Seconds < 500 || w.Seconds > 600 || w.Of != 86400 || len(w.Spans) == 0 ||
		w.Spans[0].From < instant(t, "2022-02-09T10:35") || *w.Spans[len(w.Spans)-1].Until > instant(t, "2022-02-09T10:45") {
		t.Errorf("watched %+v", w)
	}
}

// TestBeacons: AS12654 withdraws its beacons at 06:00 and announces them again at
// 08:00, by a published clock: two hours, of each and of all of them.
func TestBeacons(t *testing.T) {
	f := askReal(t, "AS12654", "2008-02-24T05:00", "2008-02-24T08:12:30", "", realdata.Path(t, "events/rv2-2008-02-24"))
	within(t, f)
	n := 0
	for _, o := range f.Outages {
		n++
		down, up := instant(t, "2008-02-24T06:00"), instant(t, "2008-02-24T08:00")
		if d := *o.Onset.Median - down; d < 0 || d > 300*moment.Second {
			t.Errorf("%s: the median onset is %s", o.Name, o.Onset.Median)
		}
		if d := *o.Recovery.Median - up; d < 0 || d > 120*moment.Second {
			t.Errorf("%s: the median return is %s", o.Name, o.Recovery.Median)
		}
		if *o.DurationS < 6900 || *o.DurationS > 7300 || len(o.Total) != 1 || o.Partial {
			t.Errorf("%s: %d s, total %v, partial %v", o.Name, *o.DurationS, o.Total, o.Partial)
		}
	}
	if n != 5 { // of AS12654 as subject and as origin, and of three prefixes
		t.Errorf("%d outages", n)
	}
}
