package examine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/moment"
)

var three = []mrttest.Peer{pA, pB, pC}

// base is a world in which three peers carry a prefix of the subject from noon
// on, with files for the ten minutes that follow.
func base(t testing.TB, prefixes ...string) *world {
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range three {
		w.announce(1, own, p, prefixes...)
	}
	return w
}

// Complaint 5 of the field: no restoration, no duration. Both, for the subject,
// its origin and each prefix.
func TestOutage(t *testing.T) {
	w := base(t, "10.0.0.0/24", "10.0.2.0/23")
	w.dark(100, 200, own, three, "10.0.0.0/24", "10.0.2.0/23")
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", brief(f), `outage
subject AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 2/2 v4 768 witnesses 3/3
origin AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 2/2 v4 768 witnesses 3/3
prefix 10.0.0.0/24 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3
prefix 10.0.2.0/23 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 512 witnesses 3/3`)
	same(t, "blind", blinds(f), "")
}

// Complaint 3 of the field: withdrawals of IPv6 that never alert, for there are
// few peers that see them.
func TestIPv6Only(t *testing.T) {
	six := []mrttest.Peer{pD, mrttest.P("2001:db8:0:1::5", 64505)}
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range six {
		w.announce(1, own, p, "2001:db8:10::/44", "2001:db8:20::/48", "2001:db8:30:1::/64", "2001:db8:30:2::/64")
	}
	w.dark(100, 200, own, six, "2001:db8:10::/44", "2001:db8:20::/48", "2001:db8:30:1::/64", "2001:db8:30:2::/64")
	f := w.examine("AS64496", 0, 600)
	// A /44 is sixteen /48s, and two halves of one /48 are that one.
	same(t, "findings", subjects(f), `outage
subject AS64496 101-200 onset 100/100/101 recovery 200/200/201 duration 100 total 101-200 lost 4/4 v6 18 witnesses 2/2`)
}

// Complaint 6: no alert on complete withdrawal, implicit withdrawals ignored.
// An announcement by another origin takes the place of the one before. For an
// AS that is a loss to be explained; the addresses are still visible.
func TestTwoOrigins(t *testing.T) {
	build := func() *world {
		w := base(t, "10.0.0.0/24")
		for i, p := range three {
			w.announce(100+float64(i), other, p, "10.0.0.0/24")
			w.announce(200+float64(i), own, p, "10.0.0.0/24")
		}
		return w
	}
	f := build().examine("AS64496", 0, 600)
	same(t, "the AS", subjects(f), `outage
subject AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3`)
	if p := f.Subject.Prefixes[0]; p.Replaced != 3 || p.Carriers != 3 || p.Covered != 0 {
		t.Errorf("prefix %+v", p)
	}
	f = build().examine("10.0.0.0/24", 0, 600)
	same(t, "the prefix", brief(f), "stayed")
	if got := f.Subject.Prefixes[0].Origins; !slices.Equal(got, []uint32{own, other}) {
		t.Errorf("origins %v", got)
	}
}

// TestHijack: another origin announces a more specific. The subject's own route
// stands, so nothing is lost of it.
func TestHijack(t *testing.T) {
	build := func() *world {
		w := base(t, "10.0.0.0/23")
		for _, p := range three {
			w.announce(100, other, p, "10.0.0.0/24")
		}
		return w
	}
	same(t, "the AS", brief(build().examine("AS64496", 0, 600)), "stayed")
	f := build().examine("10.0.0.0/23", 0, 600)
	same(t, "the prefix", brief(f), "stayed")
	if len(f.Subject.Prefixes) != 2 {
		t.Errorf("what is announced inside the block belongs to it: %+v", f.Subject.Prefixes)
	}
}

// TestCovered: a more specific withdrawn under a standing less specific is not
// lost; under another origin's that stood before it is lost, and that this stood
// is said; and when the less specific goes too, it is lost.
func TestCovered(t *testing.T) {
	w := base(t, "10.0.0.0/23", "10.0.0.0/24")
	for i, p := range three {
		w.withdraw(100+float64(i), p, "10.0.0.0/24")
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "its own", brief(f), "stayed")
	if p := f.Subject.Prefixes[1]; p.Prefix.Bits() != 24 || p.Covered != 3 || p.Replaced != 0 {
		t.Errorf("prefix %+v", p)
	}

	w = base(t, "10.0.0.0/24")
	for i, p := range three {
		w.announce(1, other, p, "10.0.0.0/16")
		w.withdraw(100+float64(i), p, "10.0.0.0/24")
	}
	f = w.examine("AS64496", 0, 600)
	same(t, "another's", subjects(f), `outage
subject AS64496 101-- onset 100/101/102 censored end-of-data total 102-- lost 1/1 v4 256 witnesses 3/3`)
	if p := f.Subject.Prefixes[0]; p.Replaced != 0 || p.Standing != 3 || len(p.StandIns) != 1 || p.StandIns[0].Kind != finding.LostUnder ||
		p.StandIns[0].Prefix.String() != "10.0.0.0/16" || p.StandIns[0].Origin != other || p.StandIns[0].Peers != 3 || p.StandIns[0].Exhibit == "" {
		t.Errorf("prefix %+v", p)
	}

	w = base(t, "10.0.0.0/23", "10.0.0.0/24")
	for i, p := range three {
		w.withdraw(100+float64(i), p, "10.0.0.0/24")
		w.withdraw(300+float64(i), p, "10.0.0.0/23")
	}
	same(t, "both go", brief(w.examine("AS64496", 0, 600)), `outage
subject AS64496 301-- onset 300/301/302 censored end-of-data total 302-- lost 2/2 v4 512 witnesses 3/3
origin AS64496 301-- onset 300/301/302 censored end-of-data total 302-- lost 2/2 v4 512 witnesses 3/3
prefix 10.0.0.0/23 301-- onset 300/301/302 censored end-of-data total 302-- lost 1/1 v4 512 witnesses 3/3
prefix 10.0.0.0/24 301-- onset 300/301/302 censored end-of-data total 302-- lost 1/1 v4 256 witnesses 3/3`)
}

// TestCoverUnknown: a carrier that withdrew a prefix while it is unknown whether
// it holds the covering route that others carry is not counted, and nobody knows whether it stayed.
func TestCoverUnknown(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range three {
		w.announce(1, own, p, "10.0.0.0/24")
	}
	w.announce(2, own, pD, "10.0.0.0/16")
	for i, p := range three {
		w.withdraw(100+float64(i), p, "10.0.0.0/24")
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", brief(f), "undecided")
	if p := f.Subject.Prefixes[1]; p.Unknown != 3 {
		t.Errorf("prefix %+v", p)
	}
}

// TestDefaultRoute covers nothing, and is none of the subject's: whoever holds it holds
// the whole Internet.
func TestDefaultRoute(t *testing.T) {
	w := base(t, "10.0.0.0/24", "0.0.0.0/0")
	for i, p := range three {
		w.withdraw(100+float64(i), p, "10.0.0.0/24")
	}
	f := w.examine("AS64496", 0, 600)
	if !strings.Contains(brief(f), "prefix 10.0.0.0/24 101-- ") || len(f.Subject.Prefixes) != 1 || f.Subject.Prefixes[0].Covered != 0 || f.Outages[0].Lost.V4 != 256 {
		t.Errorf("findings %s, prefixes %+v", brief(f), f.Subject.Prefixes)
	}
}

func TestPeersOwnLoss(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	w.withdraw(100, pA, "10.0.0.0/24")
	w.on("rrc00", 110, func(f *mrttest.File, t moment.Time) { f.State(t, pB, 6, 1) })
	same(t, "one AS lost it, one session fell", brief(w.examine("AS64496", 0, 600)), "stayed")
}

// TestSessionReset: a table transfer is news to nobody, with or without a
// change of state.
func TestSessionReset(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	for i, p := range three {
		s := 100 + 30*float64(i)
		w.on("rrc00", s, func(f *mrttest.File, t moment.Time) { f.State(t, p, 6, 1) })
		w.on("rrc00", s+10, func(f *mrttest.File, t moment.Time) { f.State(t, p, 5, 6) })
		w.announce(s+12, own, p, "10.0.0.0/24")
		w.on("rrc00", s+14, func(f *mrttest.File, t moment.Time) { f.EndOfRIB(t, p, false) })
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", brief(f), "stayed")
	if got := blinds(f); !strings.Contains(got, "rrc00 100-110 session-down 192.0.2.1, rrc00 110-114 table-transfer 192.0.2.1") {
		t.Errorf("blind %s", got)
	}
}

// TestHole: between two files nobody was looking. Unknown is never down.
func TestHole(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	w.keeps("rrc00", 600, 1200)
	w.lacks("rrc00", 300)
	for i, p := range three { // withdrawn where nobody sees it, back where somebody does
		w.withdraw(400+float64(i), p, "10.0.0.0/24")
		w.announce(700+float64(i), own, p, "10.0.0.0/24")
	}
	f := w.examine("AS64496", 0, 1200)
	same(t, "findings", brief(f), "stayed")
	same(t, "blind", blinds(f), "rrc00 300-600 file-not-given")

	w = base(t, "10.0.0.0/24")
	w.keeps("rrc00", 600, 1200)
	w.lacks("rrc00", 300)
	for i, p := range three { // withdrawn in sight, back out of sight
		w.withdraw(200+float64(i), p, "10.0.0.0/24")
		w.announce(400+float64(i), own, p, "10.0.0.0/24")
		w.withdraw(800+float64(i), p, "10.0.0.0/24")
	}
	f = w.examine("AS64496", 0, 1200)
	// The later withdrawal speaks back to the hole's end and no further.
	same(t, "findings", subjects(f), `outage
subject AS64496 201-300 onset 200/201/202 censored blind total 202-- lost 1/1 v4 256 witnesses 3/3
subject AS64496 801-- onset 800/801/802 censored end-of-data total 802-- lost 1/1 v4 256 witnesses 3/3`)
}

// TestBaseline: data from before the question tell what was carried.
func TestBaseline(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", -600, 600)
	for _, p := range three {
		w.announce(-590, own, p, "10.0.0.0/24")
	}
	for i, p := range three {
		w.withdraw(-100+float64(i), p, "10.0.0.0/24")
		w.announce(100+float64(i), own, p, "10.0.0.0/24")
	}
	want := `outage
subject AS64496 -99-101 onset -100/-99/-98 recovery 100/101/102 duration 200 total -98-100 lost 1/1 v4 256 witnesses 3/3`
	same(t, "a question that begins in the middle", subjects(w.examine("AS64496", 0, 600)), want)
	f, _ := ask(t, asked{subject: "AS64496", from: 200, until: 600, specs: []string{w.dir}})
	same(t, "one that begins after", brief(f), "stayed")
}

// Complaint 10: an omitted end time silently mixes in live data. What is after
// the question's end is not looked at.
func TestUntilCuts(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	w.dark(100, 200, own, three, "10.0.0.0/24")
	dir := w.write()
	f, _ := ask(t, asked{subject: "AS64496", from: 0, until: 150, specs: []string{dir}})
	same(t, "findings", subjects(f), `outage
subject AS64496 101-- onset 100/101/102 censored end-of-data total 102-- lost 1/1 v4 256 witnesses 3/3`)
	f, _ = ask(t, asked{subject: "AS64496", from: 0, until: 100, specs: []string{dir}})
	same(t, "the second of the first loss is not in it", brief(f), "stayed")
	f, _ = ask(t, asked{subject: "AS64496", from: 0.25, until: 101.5, specs: []string{dir}})
	same(t, "a fraction of a second is", subjects(f), `outage
subject AS64496 101-- onset 100/100/101 censored end-of-data lost 1/1 v4 256 witnesses 2/3`)
}

// Complaint 10, too: silent failure without a peer table. Its routes are nobody's,
// and the findings say how many records could not be read, and where.
func TestNoPeerTable(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	w.events = append(w.events, event{"rrc00", at(0), func(f *mrttest.File, t moment.Time) {
		f.RIB(t, "10.0.0.0/24", mrttest.Entry{Path: []uint32{64501, own}}).RIB(t, "10.0.1.0/24", mrttest.Entry{Path: []uint32{64501, own}})
	}, true})
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", brief(f), "stayed")
	if f.Watch.Unreadable != 2 || len(f.Watch.Unread) == 0 || f.Watch.Unread[0].File != "bview.20200301.1200" {
		t.Errorf("unreadable %d: %+v", f.Watch.Unreadable, f.Watch.Unread)
	}
}

func TestAnswers(t *testing.T) {
	t.Run("nobody watching", func(t *testing.T) {
		w := base(t, "10.0.0.0/24")
		w.keeps("rrc00", 900, 1200)
		dir := w.write()
		f, _ := ask(t, asked{subject: "AS64496", from: 630, until: 870, specs: []string{dir}})
		same(t, "in a hole", brief(f), finding.AnswerNobodyWatching)
		same(t, "blind", blinds(f), "rrc00 630-870 file-not-given")
	})
	t.Run("all sessions down", func(t *testing.T) {
		w := newWorld(t)
		w.on("rrc00", 1, func(f *mrttest.File, t moment.Time) { f.State(t, pA, 6, 1) })
		for _, s := range []float64{0, 299} {
			w.on("rrc00", s, func(f *mrttest.File, t moment.Time) { f.State(t, beacon, 3, 1) })
		}
		f, _ := ask(t, asked{subject: "AS64496", from: 10, until: 200, specs: []string{w.write()}})
		same(t, "answer", f.Answer, finding.AnswerNobodyWatching)
	})
	t.Run("no claim", func(t *testing.T) {
		w := newWorld(t)
		w.keeps("rrc00", 0, 600)
		w.announce(1, own, pA, "10.0.0.0/24")
		w.withdraw(100, pA, "10.0.0.0/24")
		same(t, "one carrier", brief(w.examine("AS64496", 0, 600)), finding.AnswerNoClaim)
	})
	t.Run("never heard of", func(t *testing.T) {
		w := base(t, "10.0.0.0/24")
		same(t, "answer", brief(w.examine("AS64499", 0, 600)), finding.AnswerNoClaim)
		f, _ := ask(t, asked{subject: "203.0.113.0/24", from: 0, until: 600, specs: []string{w.dir}})
		same(t, "answer", brief(f), finding.AnswerNoClaim)
		if len(f.Subject.Prefixes) != 1 {
			t.Errorf("what was asked about is on the list: %+v", f.Subject.Prefixes)
		}
	})
	t.Run("stayed", func(t *testing.T) {
		same(t, "answer", brief(base(t, "10.0.0.0/24").examine("AS64496", 0, 600)), finding.AnswerStayed)
	})
}

// TestSnapshotsAgree: updates alone, updates after a snapshot, and updates
// around one say the same.
func TestSnapshotsAgree(t *testing.T) {
	updates := func() *world {
		w := newWorld(t)
		w.keeps("rrc00", -300, 900)
		w.dark(400, 500, own, three, "10.0.0.0/24", "10.0.1.0/24")
		return w
	}
	want := subjects(updates().examine("AS64496", 0, 900))
	if !strings.Contains(want, "total 402-500") {
		t.Fatalf("updates alone: %s", want)
	}
	for _, s := range []float64{0, 300} {
		w := updates()
		w.snapshot(s, own, three, "10.0.0.0/24", "10.0.1.0/24")
		f := w.examine("AS64496", 0, 900)
		same(t, "with a snapshot", subjects(f), want)
		if f.Watch.FullFeedPeers == nil || *f.Watch.FullFeedPeers != 3 {
			t.Errorf("full feeds %v", f.Watch.FullFeedPeers)
		}
	}
	// A snapshot inside the outage that still lists a route – dumps run for
	// minutes – does not undo what updates said.
	w := updates()
	w.snapshot(450, own, three, "10.0.0.0/24", "10.0.1.0/24")
	same(t, "with a snapshot that lags", subjects(w.examine("AS64496", 0, 900)), want)
}

// TestSnapshotsAlone: between two snapshots nobody was looking.
func TestSnapshotsAlone(t *testing.T) {
	w := newWorld(t)
	w.snapshot(0, own, three, "10.0.0.0/24")
	w.snapshot(300, other, three, "10.9.0.0/24") // 10.0.0.0/24 is gone from it
	w.snapshot(600, own, three, "10.0.0.0/24")
	f := w.examine("AS64496", 0, 700)
	if f.Answer == finding.AnswerOutage {
		t.Errorf("an outage out of snapshots: %s", brief(f))
	}
}

// TestSnapshotLacks: what a whole snapshot does not list was not carried; what
// one does not list of which something could not be read, may have been.
func TestSnapshotLacks(t *testing.T) {
	build := func(damaged bool) *world {
		w := newWorld(t)
		w.keeps("rrc00", 0, 600)
		w.snapshot(0, other, three, "10.9.0.0/24")
		if damaged {
			do := w.events[0].do
			w.events[0].do = func(f *mrttest.File, t moment.Time) {
				do(f, t)
				f.Record(t, 13, 2, []byte{0, 0, 0, 9, 24, 10, 0}) // a prefix cut short
			}
		}
		for i, p := range three {
			w.withdraw(100+float64(i), p, "10.0.0.0/24")
			w.announce(200+float64(i), own, p, "10.0.0.0/24")
		}
		return w
	}
	same(t, "whole", brief(build(false).examine("AS64496", 0, 600)), "stayed")
	f := build(true).examine("AS64496", 0, 600)
	same(t, "damaged", subjects(f), `outage
subject AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3`)
	if f.Watch.Unreadable != 1 {
		t.Errorf("unreadable %d", f.Watch.Unreadable)
	}
}

func TestCountryAndFile(t *testing.T) {
	dir := t.TempDir()
	list := `2|ripencc|20200301|4|19830613|20200229|+0000
ripencc|*|asn|*|1|summary
ripencc|*|ipv4|*|1|summary
ripencc|*|ipv6|*|1|summary
ripencc|VA|asn|64496|1|20100101|allocated
ripencc|VA|ipv4|10.0.0.0|512|20100101|allocated
ripencc|IT|ipv4|10.2.0.0|512|20100101|allocated
`
	if err := os.WriteFile(filepath.Join(dir, "delegated-ripencc-20200301"), []byte(list), 0o666); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range three {
		w.announce(1, own, p, "10.0.0.0/24", "10.5.0.0/24") // the second is delegated to nobody; its origin is
		w.announce(1, other, p, "10.0.1.0/24", "10.2.0.0/24")
	}
	w.dark(100, 200, own, three, "10.0.0.0/24", "10.5.0.0/24")
	w.dark(100, 220, other, three, "10.0.1.0/24", "10.2.0.0/24")
	f, _ := ask(t, asked{subject: "VA", from: 0, until: 600, specs: []string{w.write()}, atlas: dir})
	var got []string
	for _, p := range f.Subject.Prefixes {
		if len(p.Reasons) == 0 {
			t.Errorf("%s is on the list for no reason", p.Prefix)
		}
		got = append(got, p.Prefix.String())
	}
	same(t, "prefixes", strings.Join(got, " "), "10.0.0.0/24 10.0.1.0/24 10.5.0.0/24")
	same(t, "findings", brief(f), `outage
subject VA 101-221 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 3/3 v4 768 witnesses 3/3
origin AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 2/2 v4 512 witnesses 3/3
origin AS64497 101-221 onset 100/101/102 recovery 220/221/222 duration 120 total 102-220 lost 1/1 v4 256 witnesses 3/3
prefix 10.0.0.0/24 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3
prefix 10.0.1.0/24 101-221 onset 100/101/102 recovery 220/221/222 duration 120 total 102-220 lost 1/1 v4 256 witnesses 3/3
prefix 10.5.0.0/24 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3`)
	if len(f.Operators) != 2 || f.Operators[0].AS != own || f.Operators[0].Prefixes != 2 || f.Operators[1].LongestS == nil || *f.Operators[1].LongestS != 120 {
		t.Errorf("operators %+v", f.Operators)
	}

	file := filepath.Join(t.TempDir(), "vatican.txt")
	if err := os.WriteFile(file, []byte("name: Vatican\nVA\n-10.5.0.0/24 # not theirs\n-AS64497\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	f, _ = ask(t, asked{subject: file, from: 0, until: 600, specs: []string{w.dir}, atlas: dir})
	same(t, "with strikes", subjects(f), `outage
subject Vatican 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3`)
	same(t, "question", f.Question.Subject, "vatican.txt")
}

// TestTwoCollectors: a peer is (collector, address); the same address at two
// collectors is two peers, of one AS.
func TestTwoCollectors(t *testing.T) {
	w := newWorld(t)
	for _, c := range []string{"rrc00", "rrc01"} {
		w.keeps(c, 0, 600)
		w.on(c, 1, func(f *mrttest.File, t moment.Time) { f.Announce(t, pA, []uint32{pA.AS, own}, "10.0.0.0/24") })
		w.on(c, 100, func(f *mrttest.File, t moment.Time) { f.Withdraw(t, pA, "10.0.0.0/24") })
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "two routers of one AS", brief(f), "no-claim")
	if f.Subject.Prefixes[0].Carriers != 2 || len(f.Watch.Collectors) != 2 {
		t.Errorf("prefix %+v, collectors %v", f.Subject.Prefixes[0], f.Watch.Collectors)
	}

	// A hole at one collector does not blind the other.
	w = newWorld(t)
	w.keeps("rrc00", 0, 900)
	w.keeps("rrc01", 0, 900)
	w.lacks("rrc00", 300)
	for _, p := range three {
		w.announce(1, own, p, "10.0.0.0/24")
		w.on("rrc01", 1, func(f *mrttest.File, t moment.Time) { f.Announce(t, p, []uint32{p.AS, own}, "10.0.0.0/24") })
		w.on("rrc01", 400, func(f *mrttest.File, t moment.Time) { f.Withdraw(t, p, "10.0.0.0/24") })
		w.on("rrc01", 500, func(f *mrttest.File, t moment.Time) { f.Announce(t, p, []uint32{p.AS, own}, "10.0.0.0/24") })
	}
	same(t, "seen by the other", subjects(w.examine("AS64496", 0, 900)), `outage
subject AS64496 400-500 onset 400/400/400 recovery 500/500/500 duration 100 total 400-500 lost 1/1 v4 256 witnesses 3/3`)
}

// TestOddRecords: what must not disturb anything.
func TestOddRecords(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	w.dark(100, 200, own, three, "10.0.0.0/24")
	for _, s := range []float64{50, 150} { // multicast routes, and what the collector itself sends
		w.on("rrc00", s, func(f *mrttest.File, t moment.Time) {
			for _, p := range three {
				f.Update(t, p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{p.AS, own}, Multicast: true})
				f.Update(t, p, mrttest.Update{Withdraw: mrttest.Prefixes("10.0.0.0/24"), Local: true})
				f.Update(t, p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{p.AS, own}, Local: true})
			}
		})
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", subjects(f), `outage
subject AS64496 101-201 onset 100/101/102 recovery 200/201/202 duration 100 total 102-200 lost 1/1 v4 256 witnesses 3/3`)
}

// Complaint 7: ADD-PATH. A route is gone with its last path.
func TestAddPath(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	path := func(s float64, p mrttest.Peer, id uint32, gone bool) {
		w.on("rrc00", s, func(f *mrttest.File, t moment.Time) {
			u := mrttest.Update{AddPath: true, ID: id, Path: []uint32{p.AS, transit, own}}
			if q := mrttest.Prefixes("10.0.0.0/24"); gone {
				u.Withdraw = q
			} else {
				u.Announce = q
			}
			f.Update(t, p, u)
		})
	}
	for i, p := range three {
		path(1, p, 1, false)
		path(1, p, 2, false)
		path(100+float64(i), p, 2, true) // one of two
		path(200+float64(i), p, 1, true) // the other
		path(300+float64(i), p, 3, false)
	}
	same(t, "findings", subjects(w.examine("AS64496", 0, 600)), `outage
subject AS64496 201-301 onset 200/201/202 recovery 300/301/302 duration 100 total 202-300 lost 1/1 v4 256 witnesses 3/3`)
}

// TestOriginInASet: where the origin is a set, one of the subject's in it is
// enough to hold, and no set is an origin of its own.
func TestOriginInASet(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	for _, p := range three {
		w.on("rrc00", 100, func(f *mrttest.File, t moment.Time) {
			f.Update(t, p, mrttest.Update{Announce: mrttest.Prefixes("10.0.0.0/24"), Path: []uint32{p.AS, transit}, Set: []uint32{other, own}})
		})
	}
	f := w.examine("AS64496", 0, 600)
	same(t, "findings", brief(f), "stayed")
	if got := f.Subject.Prefixes[0].Origins; !slices.Equal(got, []uint32{own}) {
		t.Errorf("origins %v", got)
	}
}

// TestMicroseconds: state is judged at the end of each whole second.
func TestMicroseconds(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	for _, p := range three { // gone and back within the second: never gone
		w.withdraw(100.1, p, "10.0.0.0/24")
		w.announce(100.9, own, p, "10.0.0.0/24")
		w.withdraw(200.9, p, "10.0.0.0/24")
		w.announce(201.1, own, p, "10.0.0.0/24")
	}
	same(t, "findings", subjects(w.examine("AS64496", 0, 600)), `outage
subject AS64496 200-201 onset 200/200/200 recovery 201/201/201 duration 1 total 200-201 lost 1/1 v4 256 witnesses 3/3`)
}

// TestBackwards: records keep their stored order where time steps back.
func TestBackwards(t *testing.T) {
	w := base(t, "10.0.0.0/24")
	for _, p := range three {
		w.on("rrc00", 100, func(f *mrttest.File, at moment.Time) {
			f.Withdraw(at, p, "10.0.0.0/24")
			f.Announce(at-moment.Second, p, []uint32{p.AS, own}, "10.0.0.0/24")
		})
	}
	same(t, "findings", brief(w.examine("AS64496", 0, 600)), "stayed")
}

// TestMappedAddresses: a peer with an IPv4 address in IPv6 form is a peer like
// others.
func TestMappedAddresses(t *testing.T) {
	ps := []mrttest.Peer{mrttest.P("::ffff:192.0.2.1", 64501), mrttest.P("::ffff:192.0.2.2", 64502)}
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range ps {
		w.announce(1, own, p, "10.0.0.0/24")
	}
	w.dark(100, 200, own, ps, "10.0.0.0/24")
	same(t, "findings", subjects(w.examine("AS64496", 0, 600)), `outage
subject AS64496 101-200 onset 100/100/101 recovery 200/200/201 duration 100 total 101-200 lost 1/1 v4 256 witnesses 2/2`)
}

// TestPeerWithoutAS is nobody's witness, until a record tells its AS.
func TestPeerWithoutAS(t *testing.T) {
	unknown := mrttest.P("192.0.2.1", 0)
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range []mrttest.Peer{unknown, pB} {
		w.announce(1, own, p, "10.0.0.0/24")
		w.withdraw(100, p, "10.0.0.0/24")
	}
	same(t, "two carriers, one AS", brief(w.examine("AS64496", 0, 600)), "no-claim")
	w.on("rrc00", 200, func(f *mrttest.File, t moment.Time) { f.Keepalive(t, pA) }) // the same address, with its AS
	if f := w.examine("AS64496", 0, 600); f.Answer != "outage" {
		t.Errorf("its AS is known from a later record: %s", brief(f))
	}
}

// TestWithdrawnAtTheFirstSecond: what a peer withdraws it must have carried,
// also where sight begins with the withdrawal.
func TestWithdrawnAtTheFirstSecond(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", 0, 600)
	for _, p := range three {
		w.withdraw(0, p, "10.0.0.0/24")
		w.announce(60, own, p, "10.0.0.0/24")
	}
	same(t, "findings", subjects(w.examine("AS64496", 0, 600)), `outage
subject AS64496 0-60 onset 0/0/0 recovery 60/60/60 duration 60 total 0-60 lost 1/1 v4 256 witnesses 3/3`)
}
