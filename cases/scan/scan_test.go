package scan

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/internal/mrttest"
	"constat/judge/finding"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/source"
)

const start = 1_700_000_100 // seconds; on the grid of five minutes

func at(s int) moment.Time { return moment.Unix(start+int64(s), 0) }

// peers are six, in six networks.
var peers = func() (out []mrttest.Peer) {
	for i := range 6 {
		out = append(out, mrttest.P(fmt.Sprintf("192.0.2.%d", i+1), uint32(64500+i)))
	}
	return out
}()

// scanned runs a scan over files of one collector, each named by its first second.
func scanned(t *testing.T, seconds int, files map[int]*mrttest.File) *Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "rrc99", "2023.11")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for s, f := range files {
		kind := "updates"
		if s < 0 {
			kind, s = "bview", 0
		}
		name := fmt.Sprintf("%s.%s", kind, at(s).Std().Format("20060102.1504"))
		if err := os.WriteFile(filepath.Join(dir, name), f.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	q := moment.Interval{From: at(0), Until: at(seconds)}
	set, err := source.Open(context.Background(), []string{filepath.Dir(dir)}, q, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), Request{Sources: set, From: q.From, Until: q.Until})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// subjects are what lost routes, in order.
func subjects(r *Result) []string {
	var out []string
	for i := range r.Losses {
		out = append(out, r.Losses[i].Subject())
	}
	return out
}

func want(t *testing.T, r *Result, names ...string) {
	t.Helper()
	if got := subjects(r); fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("lost routes: %v, want %v", got, names)
	}
}

// told has all peers announce prefixes at the start, so that it is known that they
// carry them, and something of the peers later, so that they are heard.
func told(f *mrttest.File, as uint32, prefixes ...string) {
	for _, p := range peers {
		f.Announce(at(1), p, []uint32{p.AS, 64999, as}, prefixes...)
	}
}

func heard(f *mrttest.File, seconds int) {
	for s := 0; s < seconds; s += 10 {
		for _, p := range peers {
			f.Keepalive(at(s), p)
		}
	}
}

func TestNothing(t *testing.T) {
	f := &mrttest.File{}
	told(f, 65001, "198.51.100.0/24")
	heard(f, 300)
	want(t, scanned(t, 300, map[int]*mrttest.File{0: f}))
}

var update = flag.Bool("update", false, "write golden files anew")

// TestGolden: the format is what it was.
func TestGolden(t *testing.T) {
	b, err := scanned(t, 300, map[int]*mrttest.File{0: ranked()}).Encode(func(s string) string { return "constat examine " + s })
	if err != nil {
		t.Fatal(err)
	}
	const name = "testdata/scan-1.json"
	if *update {
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, want) {
		t.Errorf("it is not %s:\n%s", name, b)
	}
}

// ranked are losses of different sizes.
func ranked() *mrttest.File {
	f := &mrttest.File{}
	told(f, 65001, "198.51.100.0/24")
	told(f, 65002, "203.0.112.0/23")
	told(f, 65003, "192.88.98.0/24")
	told(f, 65004, "192.31.196.0/24")
	told(f, 65005, "2001:db8::/32")
	told(f, 65006, "192.52.193.0/24")
	for i, p := range peers {
		f.Withdraw(at(100), p, "198.51.100.0/24", "203.0.112.0/23", "192.88.98.0/24")
		if i < 4 {
			f.Withdraw(at(100), p, "192.31.196.0/24")
		}
		if i == 0 { // one network's loss is nobody's outage
			f.Withdraw(at(100), p, "192.52.193.0/24")
		}
		f.Update(at(100), p, mrttest.Update{Withdraw: mrttest.Prefixes("2001:db8::/32")})
	}
	for _, p := range peers {
		f.Announce(at(140), p, []uint32{p.AS, 64999, 65003}, "192.88.98.0/24")
	}
	heard(f, 300)
	return f
}

// TestRank: more addresses, a longer time and more peers stand higher.
func TestRank(t *testing.T) {
	r := scanned(t, 300, map[int]*mrttest.File{0: ranked()})
	want(t, r, "AS65002", "AS65001", "AS65004", "AS65003", "AS65005")
	if o := r.Losses[2].Outages[0]; o.Peers != 4 || o.Watchers != 6 || o.Size.V4 != 256 || math.Abs(o.V4-256*200*4.0/6) > 1 {
		t.Errorf("AS65004: %+v", o)
	}
	if o := r.Losses[3].Outages[0]; !o.Ended || o.Duration != 40 {
		t.Errorf("AS65003: %+v", o)
	}
}

// TestBlindness: sessions that fall, a collector that restarts, and a missing file are
// no outages.
func TestBlindness(t *testing.T) {
	f, g := &mrttest.File{}, &mrttest.File{}
	told(f, 65001, "198.51.100.0/24", "203.0.113.0/24")
	for i, p := range peers { // all sessions fall, and some routes come back
		f.State(at(100+i), p, 6, 1)
		f.State(at(130+i), p, 1, 6)
		f.Announce(at(140+i), p, []uint32{p.AS, 64999, 65001}, "198.51.100.0/24")
	}
	heard(f, 300)
	// The file from 300 on is missing; behind it nobody speaks of 203.0.113.0/24.
	for _, p := range peers {
		g.Announce(at(601), p, []uint32{p.AS, 64999, 65001}, "198.51.100.0/24")
	}
	for s := 600; s < 900; s += 10 {
		for _, p := range peers {
			g.Keepalive(at(s), p)
		}
	}
	r := scanned(t, 900, map[int]*mrttest.File{0: f, 600: g})
	want(t, r)
	hole := false
	for _, b := range r.Ledger.Blind {
		hole = hole || b.Peer == nil && b.From == at(300) && b.Until == at(600)
	}
	if !hole {
		t.Errorf("the hole is not told: %+v", r.Ledger.Blind)
	}
}

// TestTable: a prefix that updates only withdraw is its origin's by the table, with the
// origin's other prefixes; and of a route that is covered nothing is lost.
func TestTable(t *testing.T) {
	table, f := &mrttest.File{}, &mrttest.File{}
	table.PeerIndex(at(0), peers...)
	for _, p := range []string{"198.51.100.0/24", "198.51.101.0/24", "203.0.112.0/23", "203.0.113.0/24"} {
		as := uint32(65001)
		if p[:3] == "203" {
			as = 65002
		}
		var es []mrttest.Entry
		for i, x := range peers {
			es = append(es, mrttest.Entry{Peer: i, Path: []uint32{x.AS, 64999, as}})
		}
		table.RIB(at(0), p, es...)
	}
	for _, p := range peers {
		f.Keepalive(at(0), p)
		f.Withdraw(at(100), p, "198.51.100.0/24", "203.0.113.0/24")
	}
	heard(f, 300)
	r := scanned(t, 300, map[int]*mrttest.File{-1: table, 0: f})
	want(t, r, "AS65001")
	if len(r.Losses) == 1 {
		if o := r.Losses[0].Outages[0]; o.Prefixes != 1 || o.Of != 2 || o.Peers != 6 {
			t.Errorf("%+v", o)
		}
	}
}

// TestUnknownOrigin: a prefix that nothing but withdrawals speak of is listed as itself.
func TestUnknownOrigin(t *testing.T) {
	f := &mrttest.File{}
	heard(f, 100)
	for _, p := range peers {
		f.Withdraw(at(100), p, "198.51.100.0/24")
	}
	heard(f, 300)
	want(t, scanned(t, 300, map[int]*mrttest.File{0: f}), "198.51.100.0/24")
}

// TestNobodysOrigin: a route that ends in AS23456 names no network, so that its prefix is
// what is looked into; the default route is nobody's addresses, and no loss.
func TestNobodysOrigin(t *testing.T) {
	f := &mrttest.File{}
	told(f, 23456, "198.51.100.0/24")
	told(f, 65001, "0.0.0.0/0", "203.0.113.0/24")
	told(f, 65002, "192.0.2.0/24")
	heard(f, 100)
	for _, p := range peers {
		f.Withdraw(at(100), p, "198.51.100.0/24", "0.0.0.0/0", "192.0.2.0/24")
	}
	heard(f, 300)
	r := scanned(t, 300, map[int]*mrttest.File{0: f})
	want(t, r, "198.51.100.0/24", "AS65002")
	for i := range r.Losses {
		if o := r.Losses[i].Outages[0]; o.Size.V4 != 256 || o.Of != 1 {
			t.Errorf("%s: %+v", r.Losses[i].Subject(), o)
		}
	}
}

// TestTakenOver: what another origin's routes took the place of did not go down. What was
// without a route for a time counts for that time alone.
func TestTakenOver(t *testing.T) {
	run := func(f func(*mrttest.File)) *Result {
		table, u := &mrttest.File{}, &mrttest.File{}
		table.PeerIndex(at(0), peers...)
		for _, p := range []string{"198.51.100.0/24", "203.0.113.0/24"} {
			var es []mrttest.Entry
			for i, x := range peers {
				es = append(es, mrttest.Entry{Peer: i, Path: []uint32{x.AS, 64999, 65001}})
			}
			table.RIB(at(0), p, es...)
		}
		heard(u, 90)
		f(u)
		heard(u, 300)
		return scanned(t, 300, map[int]*mrttest.File{-1: table, 0: u})
	}
	other := func(u *mrttest.File, s int, of []mrttest.Peer) {
		for _, p := range of {
			u.Announce(at(s), p, []uint32{p.AS, 64999, 65002}, "198.51.100.0/24")
		}
	}
	down := func(u *mrttest.File, s int) {
		for _, p := range peers {
			u.Withdraw(at(s), p, "198.51.100.0/24")
		}
	}
	// Withdrawn, and five seconds later another's.
	r := run(func(u *mrttest.File) { down(u, 100); other(u, 105, peers) })
	want(t, r)
	if len(r.Taken) != 1 || r.Taken[0].AS != 65001 || fmt.Sprint(r.Taken[0].By) != "[65002]" || len(r.Taken[0].Taken) != 1 {
		t.Fatalf("%+v", r.Taken)
	}
	if o := r.Taken[0].Taken[0]; math.Abs(o.Bare-5.0/200) > 1e-9 || o.Prefixes != 1 || o.Of != 2 {
		t.Errorf("%+v", o)
	}
	// Nothing was withdrawn but at two peers, long before: no route was missing at the others.
	r = run(func(u *mrttest.File) {
		u.Withdraw(at(95), peers[0], "198.51.100.0/24")
		u.Withdraw(at(95), peers[1], "198.51.100.0/24")
		other(u, 100, peers)
	})
	want(t, r)
	if len(r.Taken) != 1 {
		t.Errorf("%+v", r.Taken)
	}
	// Without a route for a hundred seconds, and then another's: it went down, for that time.
	r = run(func(u *mrttest.File) { down(u, 100); other(u, 200, peers) })
	want(t, r, "AS65001")
	if len(r.Taken) != 0 || math.Abs(r.Losses[0].Outages[0].Bare-.5) > 1e-9 || math.Abs(r.Losses[0].V4-256*200*.5) > 1e-6 {
		t.Errorf("%+v %+v", r.Taken, r.Losses[0])
	}
	// At two of six peers another's stands: it went down.
	r = run(func(u *mrttest.File) { down(u, 100); other(u, 105, peers[:2]) })
	want(t, r, "AS65001")
	var text bytes.Buffer
	r = run(func(u *mrttest.File) { down(u, 100); other(u, 105, peers) })
	for _, l := range []string{"en", "fr", "de"} {
		if err := r.Text(&text, Printing{Lang: locale.Lang(l), Top: 10, Examine: func(string) string { return "x" }}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(text.String(), "No outage: another network’s routes took the place of those of 1 network or prefix\n     AS65001\n     1 of 2 prefixes, 256 addresses; from 2023-11-14T22:16:40Z on, not back by 2023-11-14T22:20:00Z; their place was taken by AS65002\n") || strings.Contains(text.String(), "scan.") {
		t.Error(text.String())
	}
}

// TestWithinProviders: what a network began to announce within its provider's addresses, and lost, is
// lost; that of a stranger ended. The paths tell which is which, as in an examination.
func TestWithinProviders(t *testing.T) {
	table, u := &mrttest.File{}, &mrttest.File{}
	table.PeerIndex(at(0), peers...)
	var es []mrttest.Entry
	for i, x := range peers {
		es = append(es, mrttest.Entry{Peer: i, Path: []uint32{x.AS, 64999, 65010}})
	}
	table.RIB(at(0), "198.51.0.0/16", es...)
	heard(u, 50)
	for _, p := range peers {
		u.Announce(at(50), p, []uint32{p.AS, 64999, 65010, 65011}, "198.51.100.0/24") // behind AS65010
		u.Announce(at(51), p, []uint32{p.AS, 64999, 64998, 65012}, "198.51.101.0/24")
	}
	heard(u, 150)
	for _, p := range peers {
		u.Withdraw(at(150), p, "198.51.100.0/24", "198.51.101.0/24")
	}
	heard(u, 300)
	want(t, scanned(t, 300, map[int]*mrttest.File{-1: table, 0: u}), "AS65011")
}

// TestSetOnce: the members of a set lost its routes once; networks whose losses differ are
// losses of their own.
func TestSetOnce(t *testing.T) {
	loss := func(as uint32, from int, prefixes ...string) Loss {
		l := Loss{AS: as, Outages: []Outage{{From: at(from), Until: at(300), Peers: 6, Carried: 6, Prefixes: len(prefixes)}}}
		for _, p := range prefixes {
			l.lost = append(l.lost, netip.MustParsePrefix(p))
		}
		return l
	}
	got := joinSame([]Loss{loss(9, 100, "198.51.100.0/24"), loss(10, 101, "198.51.100.0/24"), loss(98, 100, "203.0.113.0/24"),
		loss(99, 100, "198.51.100.0/24"), loss(100, 100, "198.51.100.0/24", "203.0.113.0/24")})
	if len(got) != 4 || got[0].AS != 9 || fmt.Sprint(got[0].With) != "[99]" || got[1].AS != 10 || got[2].AS != 98 || got[3].AS != 100 {
		t.Errorf("%+v", got)
	}
}

// TestOriginPart: the end of a path says of the origin what the whole path says.
func TestOriginPart(t *testing.T) {
	for _, path := range [][]uint32{{0}, {1}, {1, 2}, {1, 2, 3}, {1, 0, 5, 6, 0}, {0, 5, 6, 0}, {1, 2, 3, 0, 7, 8, 9, 0}, {4200000000, 23456}} {
		end := originPart(path)
		if !slices.Equal(rib.Origins(end), rib.Origins(path)) || rib.PathUnread(end) != rib.PathUnread(path) || len(end) > len(path) {
			t.Errorf("%v: %v", path, end)
		}
	}
}

// TestUndecided: what two of six lose in the last seconds is no loss yet, and did not stay;
// what they have again after twenty seconds is neither.
func TestUndecided(t *testing.T) {
	f := &mrttest.File{}
	told(f, 65001, "198.51.100.0/24")
	told(f, 65002, "203.0.113.0/24")
	for _, p := range peers[:2] {
		f.Withdraw(at(100), p, "203.0.113.0/24")
	}
	for _, p := range peers[:2] {
		f.Announce(at(120), p, []uint32{p.AS, 64999, 65002}, "203.0.113.0/24")
	}
	for _, p := range peers[:2] {
		f.Withdraw(at(290), p, "198.51.100.0/24")
	}
	heard(f, 300)
	r := scanned(t, 300, map[int]*mrttest.File{0: f})
	want(t, r)
	if len(r.Undecided) != 1 || r.Undecided[0].Subject() != "AS65001" || len(r.Undecided[0].Unshown) != 1 {
		t.Fatalf("undecided: %+v", r.Undecided)
	}
	if u := r.Undecided[0].Unshown[0]; u.From != at(290) || u.Until != at(300) || u.Why != finding.UnshownOpen || u.Without != 2 || u.Watching != 6 {
		t.Errorf("undecided: %+v", u)
	}
	var b bytes.Buffer
	if err := r.Text(&b, Printing{Lang: locale.Lang("en"), Top: 20, Examine: func(s string) string { return "constat examine " + s }}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "2 of 6 peers lost them from") || !strings.Contains(b.String(), "constat examine AS65001") {
		t.Error(b.String())
	}
}
