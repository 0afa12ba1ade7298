package vantage

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"constat/moment"
)

func sec(s int64) moment.Time { return moment.Unix(s, 0) }

func ptr(s int64) *moment.Time {
	t := sec(s)
	return &t
}

// file is one of updates with a slot and a first and last record, in seconds.
func file(start, end, first, last int64) File {
	return File{Name: fmt.Sprintf("updates.%d", start), Kind: "updates", Start: ptr(start), End: ptr(end), First: ptr(first), Last: ptr(last)}
}

var (
	peerA = netip.MustParseAddr("192.0.2.1")
	peerB = netip.MustParseAddr("2001:db8::1")
)

// alive is a peer that is heard in every slot of an interval.
func alive(a netip.Addr, from, until int64) PeerWatch {
	return PeerWatch{Peer: a, AS: 64500, First: sec(from), Last: sec(until), Alive: []Marks{{From: sec(from), Until: sec(until)}}}
}

// blind writes a ledger's entries: "0-10 missing file", with the peer where
// there is one and "keeps" where what is known stands.
func blind(l Ledger) string {
	var out []string
	for _, b := range l.Blind {
		w := fmt.Sprintf("%d-%d %s", b.From.Sec(), b.Until.Sec(), b.Reason)
		if b.Peer != nil {
			w = b.Peer.String() + " " + w
		}
		if !b.Forget {
			w += " keeps"
		}
		out = append(out, w)
	}
	return strings.Join(out, ", ")
}

func watch(c Collector) *Watch {
	c.Name = "rrc00"
	return &Watch{Format: WatchFormat, Collectors: []Collector{c}}
}

func question(from, until int64) moment.Interval {
	return moment.Interval{From: sec(from), Until: sec(until)}
}

// TestHoles: "A file covers its first to its last record, each end moved
// outward to the cadence grid if within a tenth of the cadence; any gap that
// remains, and any expected file that is absent, is a hole, whole".
func TestHoles(t *testing.T) {
	truncated := file(0, 300, 1, 280)
	truncated.Truncated = true
	damaged := file(0, 300, 1, 299)
	damaged.Lost = []Lost{{From: sec(100), Until: sec(140), Framing: true}}
	noGrid := file(0, 0, 100, 199)
	noGrid.Start, noGrid.End = nil, nil
	empty := File{Kind: "updates", Start: ptr(300), End: ptr(600)}
	snapshot := File{Kind: "rib", First: ptr(0), Last: ptr(20)}
	cases := []struct {
		name string
		c    Collector
		q    moment.Interval
		want string
	}{
		{"whole", Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 299)}}, question(0, 300), ""},
		{"its ends within a tenth of the cadence", Collector{CadenceS: 300, Files: []File{file(0, 300, 30, 270)}}, question(0, 300), ""},
		{"its beginning further off", Collector{CadenceS: 300, Files: []File{file(0, 300, 31, 299)}}, question(0, 300), "0-31 gap in file"},
		{"its end further off", Collector{CadenceS: 300, Files: []File{file(0, 300, 1, 269)}}, question(0, 300), "269-300 gap in file"},
		{"of a truncated file the end is not moved", Collector{CadenceS: 300, Files: []File{truncated}}, question(0, 300), "280-300 truncated file"},
		{"a missing file", Collector{CadenceS: 300, Files: []File{file(0, 300, 1, 299), file(600, 900, 600, 899)},
			Missing: []moment.Interval{question(300, 600)}}, question(0, 900), "300-600 missing file"},
		{"a missing file is a hole whole, cut by the question only", Collector{CadenceS: 300, Files: []File{file(0, 300, 1, 299)},
			Missing: []moment.Interval{question(300, 900)}}, question(0, 700), "300-700 missing file"},
		{"a file without a record", Collector{CadenceS: 300, Files: []File{file(0, 300, 1, 299), empty}}, question(0, 600), "300-600 gap in file"},
		{"a question much longer than the data", Collector{CadenceS: 300, Files: []File{file(600, 900, 600, 899)}}, question(0, 2000),
			"0-600 missing file, 900-2000 missing file"},
		{"data from before the question are the baseline", Collector{CadenceS: 300, Files: []File{file(0, 300, 1, 299), file(300, 600, 301, 599)}},
			question(450, 600), ""},
		{"no files at all", Collector{CadenceS: 300}, question(0, 300), "0-300 missing file"},
		{"what broken framing swallowed is a hole", Collector{CadenceS: 300, Files: []File{damaged}}, question(0, 300), "100-140 unreadable records"},
		{"without a grid a tenth of the cadence on either side", Collector{CadenceS: 300, Files: []File{noGrid}}, question(0, 300),
			"0-70 missing file, 230-300 missing file"},
		{"without a cadence a tenth of the file", Collector{Files: []File{noGrid}}, question(50, 300), "50-90 missing file, 210-300 missing file"},
		{"a snapshot covers itself", Collector{CadenceS: 300, Files: []File{snapshot}}, question(0, 100), "21-100 missing file"},
		{"the next file begins late, and a fifth of the cadence is without a record",
			Collector{CadenceS: 900, Files: []File{file(0, 1020, 0, 840), file(1020, 1920, 1020, 1900)}}, question(0, 1920), ""},
		{"more than a fifth", Collector{CadenceS: 900, Files: []File{file(0, 1020, 0, 839), file(1020, 1920, 1020, 1900)}}, question(0, 1920), "839-1020 gap in file"},
		{"more than a tenth, and the next file is not late",
			Collector{CadenceS: 900, Files: []File{file(0, 900, 0, 800), file(900, 1800, 900, 1790)}}, question(0, 1800), "800-900 gap in file"},
		{"files that overlap", Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 330), file(300, 600, 290, 599)}}, question(0, 600), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := blind(watch(c.c).Ledger(c.q)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestHoleBeginsAfterTheLastSecondRead: the records of the second in which a
// file stops were read, so what they say stands until the next second.
func TestHoleBeginsAfterTheLastSecondRead(t *testing.T) {
	w := watch(Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 200), file(300, 600, 300, 599)}, Peers: []PeerWatch{alive(peerA, 0, 600)}})
	l := w.Ledger(question(0, 600))
	if got := fmt.Sprint(l.Resets(Peer{Collector: "rrc00", Addr: peerA, AS: 64500})); got != "[{201 300 [201]}]" {
		t.Errorf("resets %s", got)
	}
}

// TestHoleOfOneCollector does not blind the peers of another, also where they
// have the same address.
func TestHoleOfOneCollector(t *testing.T) {
	w := &Watch{Collectors: []Collector{
		{Name: "rrc00", CadenceS: 300, Files: []File{file(0, 300, 0, 299)}, Peers: []PeerWatch{alive(peerA, 0, 600)}},
		{Name: "rrc01", CadenceS: 300, Files: []File{file(0, 300, 0, 299), file(300, 600, 300, 599)}, Peers: []PeerWatch{alive(peerA, 0, 600)}},
	}}
	l := w.Ledger(question(0, 600))
	if got := l.Resets(Peer{Collector: "rrc00", Addr: peerA, AS: 64500}); len(got) != 1 {
		t.Errorf("rrc00: %v", got)
	}
	if got := l.Resets(Peer{Collector: "rrc01", Addr: peerA, AS: 64500}); len(got) != 0 {
		t.Errorf("rrc01: %v", got)
	}
}

func TestSessions(t *testing.T) {
	whole := []File{file(0, 300, 0, 299)}
	peer := func(ss ...StateChange) Collector {
		p := alive(peerA, 0, 300)
		p.States = ss
		return Collector{CadenceS: 300, Files: whole, Peers: []PeerWatch{p}}
	}
	for _, c := range []struct {
		name string
		c    Collector
		want string
	}{
		{"down and up", peer(StateChange{At: sec(50), Old: 6, New: 1}, StateChange{At: sec(90), Old: 5, New: 6}), "192.0.2.1 50-90 session down"},
		{"down for good", peer(StateChange{At: sec(50), Old: 6, New: 1}), "192.0.2.1 50-300 session down"},
		{"several steps up", peer(StateChange{At: sec(50), Old: 6, New: 1}, StateChange{At: sec(60), Old: 1, New: 3}, StateChange{At: sec(90), Old: 5, New: 6}),
			"192.0.2.1 50-90 session down"},
		{"first seen on the way up it was down before", peer(StateChange{At: sec(90), Old: 5, New: 6}), "192.0.2.1 0-90 session down"},
		{"down and up within a second it forgets all the same", peer(StateChange{At: sec(50), Old: 6, New: 1}, StateChange{At: sec(50), Old: 5, New: 6}),
			"192.0.2.1 50-51 session down"},
		{"an unknown state before tells nothing", peer(StateChange{At: sec(90), Old: 0, New: 6}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := blind(watch(c.c).Ledger(question(0, 300))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestLossInHole: if a session's loss was not logged, it was up as long as it was heard.
func TestLossInHole(t *testing.T) {
	files := []File{file(0, 300, 0, 299), file(300, 600, 300, 599), file(1200, 1500, 1200, 1499), file(1500, 1800, 1500, 1799)}
	up := []StateChange{{At: sec(1290), Old: 5, New: 6}}
	for _, c := range []struct {
		name   string
		files  []File
		alive  []Marks
		states []StateChange
		want   string
	}{
		{"the loss is in a hole", files, []Marks{{From: sec(0), Until: sec(600)}, {From: sec(1200), Until: sec(1800)}}, up,
			"600-1200 missing file, 192.0.2.1 600-1290 session down"},
		{"it was silent before the hole", files, []Marks{{From: sec(0), Until: sec(300)}, {From: sec(1200), Until: sec(1800)}}, up,
			"600-1200 missing file, 192.0.2.1 600-1290 session down"},
		{"it was not heard before", files, []Marks{{From: sec(1200), Until: sec(1800)}}, up,
			"600-1200 missing file, 192.0.2.1 0-1290 session down"},
		{"on the way up in steps", files, []Marks{{From: sec(0), Until: sec(600)}, {From: sec(1200), Until: sec(1800)}},
			[]StateChange{{At: sec(1260), Old: 1, New: 3}, {At: sec(1290), Old: 5, New: 6}}, "600-1200 missing file, 192.0.2.1 600-1290 session down"},
		{"no hole: up in the slot before at the latest", []File{file(0, 1800, 0, 1799)}, []Marks{{From: sec(0), Until: sec(1800)}}, up,
			"192.0.2.1 900-1290 session down"},
		{"no hole, and long silent", []File{file(0, 1800, 0, 1799)}, []Marks{{From: sec(0), Until: sec(600)}, {From: sec(1200), Until: sec(1800)}}, up,
			"192.0.2.1 300-1290 session down"},
	} {
		p := alive(peerA, 0, 1800)
		p.Alive, p.States = c.alive, c.states
		w := watch(Collector{CadenceS: 300, Files: c.files, Peers: []PeerWatch{p}})
		if got := blind(w.Ledger(question(0, 1800))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestOverlappingCauses: a hole inside a session loss inside a transfer is one
// reset; what is said before the last of them begins counts for nothing.
func TestOverlappingCauses(t *testing.T) {
	p := alive(peerA, 0, 900)
	p.States = []StateChange{{At: sec(200), Old: 6, New: 1}, {At: sec(310), Old: 5, New: 6}}
	p.Transfers = []Transfer{{From: sec(310), Until: sec(340), Opened: true}, {From: sec(600), Until: sec(620)}}
	w := watch(Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 240), file(300, 600, 300, 599), file(600, 900, 600, 899)}, Peers: []PeerWatch{p}})
	l := w.Ledger(question(0, 900))
	if got, want := blind(l), "240-300 gap in file, 192.0.2.1 200-310 session down, 192.0.2.1 310-340 table transfer, 192.0.2.1 600-620 table transfer"; got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
	if got, want := fmt.Sprint(l.Resets(Peer{Collector: "rrc00", Addr: peerA, AS: 64500})), "[{200 340 [200 241 310]} {600 620 [600]}]"; got != want {
		t.Errorf("resets %s, want %s", got, want)
	}
}

// TestTableOfOneMoment: a session that was reset without a word is one also if one moment has its whole table, in the second
// after which it is known to have been up.
func TestTableOfOneMoment(t *testing.T) {
	p, since := alive(peerA, 0, 300), sec(99)
	p.Transfers = []Transfer{{From: sec(100), Until: sec(100), EndOfRIB: true, Since: &since}}
	w := watch(Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 299)}, Peers: []PeerWatch{p}})
	if got, want := blind(w.Ledger(question(0, 300))), "192.0.2.1 100-101 table transfer"; got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
}

// TestStale: silent for over an hour, and for over twelve times as long as nine
// in ten of its silences last.
func TestStale(t *testing.T) {
	const day = 86400
	files := []File{{Kind: "updates", Start: ptr(0), End: ptr(day), First: ptr(0), Last: ptr(day - 1)}}
	chatty := PeerWatch{Peer: peerA, Alive: []Marks{{From: sec(0), Until: sec(3600)}, {From: sec(20000), Until: sec(day)}}}
	var quiet PeerWatch // heard once an hour
	quiet.Peer = peerB
	for h := int64(0); h < 24; h++ {
		quiet.Alive = append(quiet.Alive, Marks{From: sec(h * 3600), Until: sec(h*3600 + 300)})
	}
	short := PeerWatch{Peer: peerA, Alive: []Marks{{From: sec(0), Until: sec(3600)}, {From: sec(7200), Until: sec(day)}}}
	var broken PeerWatch // chatty once, then gone for good
	broken.Peer = peerA
	for h := int64(0); h < 20; h++ {
		broken.Alive = append(broken.Alive, Marks{From: sec(h * 600), Until: sec(h*600 + 300)})
	}
	back := broken // an hour and a half later it is heard again
	back.Alive = append(slices.Clone(broken.Alive), Marks{From: sec(17100), Until: sec(day)})
	for _, c := range []struct {
		name string
		p    PeerWatch
		want string
	}{
		{"eighteen times its habit", back, "192.0.2.1 11700-17100 stale keeps"},
		{"its only silence is its habit", chatty, ""},
		{"an hour is not beyond anything", short, ""},
		{"a peer that seldom speaks", quiet, ""},
		{"silent for good", broken, "192.0.2.1 11700-86400 stale keeps"},
		{"never silent before", PeerWatch{Peer: peerA, Alive: []Marks{{From: sec(0), Until: sec(3600)}}}, "192.0.2.1 3600-86400 stale keeps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := watch(Collector{CadenceS: day, Files: files, Peers: []PeerWatch{c.p}})
			if got := blind(w.Ledger(question(0, day))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	// A hole of the collector is no silence of the peer.
	w := watch(Collector{CadenceS: day, Files: []File{file(0, day, 0, 3599)}, Peers: []PeerWatch{alive(peerA, 0, 3600)}})
	if got := blind(w.Ledger(question(0, day))); strings.Contains(got, Stale) {
		t.Errorf("stale in a hole: %q", got)
	}
}

// TestUnreadableRecords: what one record's damage hid is unknown, and what is
// known otherwise stands.
func TestUnreadableRecords(t *testing.T) {
	f := file(0, 300, 0, 299)
	a := peerA
	f.Lost = []Lost{{From: sec(10), Until: sec(11), Peer: &a, AS: 64500}, {From: sec(20), Until: sec(21)}}
	w := watch(Collector{CadenceS: 300, Files: []File{f}, Peers: []PeerWatch{alive(peerA, 0, 300), alive(peerB, 0, 300)}})
	l := w.Ledger(question(0, 300))
	if got, want := blind(l), "20-21 unreadable records keeps, 192.0.2.1 10-11 unreadable records keeps"; got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
	veils := func(a netip.Addr) string {
		return fmt.Sprint(l.Pauses(Peer{Collector: "rrc00", Addr: a, AS: 64500}))
	}
	if got := veils(peerA); got != "[{10 11 []} {20 21 []}]" {
		t.Errorf("veils %s", got)
	}
	if got := veils(peerB); got != "[{20 21 []}]" {
		t.Errorf("veils %s", got)
	}
}

// TestFeeds: three quarters of the largest table of that family on that
// collector and day.
func TestFeeds(t *testing.T) {
	w := watch(Collector{Files: []File{{Kind: "rib", First: ptr(0), Last: ptr(10), Tables: []TableSize{
		{Peer: peerA, V4: 1000}, {Peer: netip.MustParseAddr("192.0.2.2"), V4: 750}, {Peer: netip.MustParseAddr("192.0.2.3"), V4: 749},
		{Peer: peerB, V6: 10}}}}})
	full, partial := w.Feeds()
	names := func(of map[Peer]bool) []string {
		var out []string
		for p := range of {
			out = append(out, p.Addr.String())
		}
		slices.Sort(out)
		return out
	}
	if got, want := names(full), []string{"192.0.2.1", "192.0.2.2", "2001:db8::1"}; !slices.Equal(got, want) {
		t.Errorf("full feeds %v, want %v", got, want)
	}
	if got, want := names(partial), []string{"192.0.2.3"}; !slices.Equal(got, want) {
		t.Errorf("partial feeds %v, want %v", got, want)
	}
	if full, partial := watch(Collector{Peers: []PeerWatch{alive(peerA, 0, 300)}}).Feeds(); len(full)+len(partial) > 0 {
		t.Error("without a snapshot or a whole transfer nobody is known to be a full feed")
	}
	w = watch(Collector{Peers: []PeerWatch{{Peer: peerA, Transfers: []Transfer{{Distinct: 1000, EndOfRIB: true}}},
		{Peer: peerB, Transfers: []Transfer{{Distinct: 5000}}}}})
	if full, partial := w.Feeds(); len(full) != 1 || len(partial) != 0 {
		t.Errorf("only a transfer that ended counts: %v", full)
	}
}

// TestFeedsOfOneAddress: a full feed and a partial one under one address are two.
func TestFeedsOfOneAddress(t *testing.T) {
	w := watch(Collector{Files: []File{{Kind: "rib", First: ptr(0), Last: ptr(10), Tables: []TableSize{
		{Peer: peerA, AS: 64500, V4: 1000}, {Peer: peerA, AS: 64501, V4: 10}}}}})
	full, partial := w.Feeds()
	if a, b := (Peer{Collector: "rrc00", Addr: peerA, AS: 64500}), (Peer{Collector: "rrc00", Addr: peerA, AS: 64501}); !full[a] || partial[a] || full[b] || !partial[b] {
		t.Errorf("full %v, partial %v", full, partial)
	}
}

// TestSilences: a silence of everybody is a hole of its own, in the files that cover it and beside those that
// do not; one of a peer with others is the peer's.
func TestSilences(t *testing.T) {
	p := alive(peerA, 0, 900)
	p.Silent = []moment.Interval{{From: sec(700), Until: sec(800)}}
	w := watch(Collector{CadenceS: 300, Files: []File{file(0, 300, 0, 299), file(300, 600, 300, 599), file(600, 900, 600, 899)},
		Silent: []moment.Interval{{From: sec(100), Until: sec(250)}, {From: sec(400), Until: sec(650)}},
		Peers:  []PeerWatch{p, alive(peerB, 0, 900)}})
	if got, want := blind(w.Ledger(question(0, 1000))), "100-250 silence of all, 400-650 silence of all, 900-1000 missing file, 192.0.2.1 700-800 silent together"; got != want {
		t.Errorf("ledger %q, want %q", got, want)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
	w.Collectors[0].Silent[1].From = sec(50)
	if w.Check() == nil {
		t.Error("silences out of order are believed")
	}
}
