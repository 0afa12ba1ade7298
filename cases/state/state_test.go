package state

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/live"
	"constat/routes/source"
)

const start = 1_700_000_100

var peers = []mrttest.Peer{mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.2", 64502), mrttest.P("192.0.2.3", 64503)}

// loaded is a state of a table and of updates behind it: 198.51.100.0/24 has two origins,
// 203.0.112.0/22 is held by two of three, 192.0.2.0/24 ends in a set, and one peer that has
// no table announces 2001:db8::/32 and takes 198.51.100.0/24 back.
func loaded(t *testing.T) *live.State {
	t.Helper()
	at := func(s int64) moment.Time { return moment.Unix(start+s, 0) }
	table, f := &mrttest.File{}, &mrttest.File{}
	table.PeerIndex(at(0), peers[:2]...)
	entry := func(i int, path ...uint32) mrttest.Entry { return mrttest.Entry{Peer: i, Path: path} }
	table.RIB(at(0), "192.88.99.0/24", entry(0, 64501), entry(1, 64502, 64501))
	table.RIB(at(0), "198.51.100.0/24", entry(0, 64501, 3356, 65001), entry(1, 64502, 1299, 65002))
	table.RIB(at(0), "203.0.112.0/22", entry(0, 64501, 3356, 65003))
	for _, p := range peers {
		f.Keepalive(at(1), p)
	}
	f.Announce(at(2), peers[2], []uint32{64503, 65003}, "203.0.112.0/22")
	f.Announce(at(2), peers[2], []uint32{64503, 3356, 65001}, "198.51.100.0/24")
	f.Withdraw(at(3), peers[2], "198.51.100.0/24")
	f.Update(at(4), peers[2], mrttest.Update{Announce: mrttest.Prefixes("2001:db8::/32"), Path: []uint32{64503, 3356}, Set: []uint32{7, 5}})
	for _, p := range peers {
		f.Keepalive(at(299), p)
	}
	dir := filepath.Join(t.TempDir(), "rrc99", "2023.11")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for kind, b := range map[string][]byte{"bview": table.Bytes(), "updates": f.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, kind+"."+at(0).Std().Format("20060102.1504")), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: at(290), Until: at(291)}, source.Options{Collector: "rrc99"})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := live.Load(context.Background(), live.Loading{Set: set, Until: at(291)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func lines(a *Answer) string {
	var out []string
	for _, r := range a.Rows {
		out = append(out, fmt.Sprint(r.Prefix, " ", r.Origins, " ", r.Held, "/", r.Known, " ", r.Through))
	}
	return strings.Join(out, "\n")
}

func TestFind(t *testing.T) {
	s := loaded(t)
	p := netip.MustParsePrefix
	all := "192.88.99.0/24 [64501] 2/2 [{64502 1}]\n" +
		"198.51.100.0/24 [65001 65002] 2/3 [{1299 1} {3356 1}]\n" +
		"203.0.112.0/22 [65003] 2/3 [{3356 1} {64503 1}]\n" +
		"2001:db8::/32 [5 7] 1/1 [{3356 1}]"
	row := func(i int) string { return strings.Split(all, "\n")[i] }
	for name, c := range map[string]struct {
		q    Query
		want string
	}{
		"all":               {Query{}, all},
		"a prefix":          {Query{Prefixes: []netip.Prefix{p("198.51.100.0/24")}}, row(1)},
		"within":            {Query{Prefixes: []netip.Prefix{p("198.0.0.0/8"), p("2001::/16")}}, row(1) + "\n" + row(3)},
		"covered":           {Query{Prefixes: []netip.Prefix{p("203.0.113.0/24")}}, row(2)},
		"nowhere":           {Query{Prefixes: []netip.Prefix{p("10.0.0.0/8")}}, ""},
		"an origin":         {Query{ASes: []uint32{65002}}, row(1)},
		"through":           {Query{Through: []uint32{3356}}, row(1) + "\n" + row(2) + "\n" + row(3)},
		"through a peer":    {Query{Through: []uint32{64503}}, row(2) + "\n" + row(3)},
		"both":              {Query{ASes: []uint32{65003}, Through: []uint32{1299}}, ""},
		"a member of a set": {Query{ASes: []uint32{7}}, row(3)},
	} {
		if got := lines(Find(s, nil, c.q)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	a := Find(s, nil, Query{})
	if a.Peers != 3 || a.Watching != 3 || a.Full4 != 1 || // the other has two of three
		a.Full6 != 0 || a.Known != 4 {
		t.Errorf("%+v", a)
	}
}

// TestPaths: a network that stands on a path twice is reached where it stands first; of a
// peer that sends several paths (RFC 7911) all count, the withdrawal of one leaves the
// others; and what updates take back before a snapshot is not held because it lists it.
func TestPaths(t *testing.T) {
	at := func(s int64) moment.Time { return moment.Unix(start+s, 0) }
	table, before, after := &mrttest.File{}, &mrttest.File{}, &mrttest.File{}
	table.PeerIndex(at(300), peers...)
	all := func(paths ...[]uint32) (out []mrttest.Entry) {
		for i, p := range peers {
			for id, path := range paths {
				e := mrttest.Entry{Peer: i, Path: append([]uint32{p.AS}, path...)}
				if len(paths) > 1 {
					e.AddPath, e.ID = true, uint32(id+1)
				}
				out = append(out, e)
			}
		}
		return out
	}
	table.RIB(at(300), "20.1.0.0/16", all([]uint32{3356, 1, 1299, 1})...)
	table.RIB(at(300), "20.2.0.0/16", all([]uint32{3356, 2}, []uint32{1299, 2})...)
	table.RIB(at(300), "20.3.0.0/16", all([]uint32{3356, 3}, []uint32{1299, 3})...)
	table.RIB(at(300), "20.4.0.0/16", all([]uint32{3356, 4})...)
	for _, p := range peers {
		before.Announce(at(1), p, []uint32{p.AS, 3356, 4}, "20.4.0.0/16")
		before.Withdraw(at(290), p, "20.4.0.0/16")
		after.Keepalive(at(301), p)
		after.Update(at(310), p, mrttest.Update{Withdraw: mrttest.Prefixes("20.3.0.0/16"), AddPath: true, ID: 2})
		after.Keepalive(at(599), p)
	}
	dir := filepath.Join(t.TempDir(), "rrc99")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	name := func(kind string, s int64) string { return kind + "." + at(s).Std().Format("20060102.1504") }
	for file, f := range map[string]*mrttest.File{name("bview", 300): table, name("updates", 0): before, name("updates", 300): after} {
		if err := os.WriteFile(filepath.Join(dir, file), f.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: at(590), Until: at(591)}, source.Options{Early: true})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := live.Load(context.Background(), live.Loading{Set: set, Until: at(591), Asked: at(590)})
	if err != nil {
		t.Fatal(err)
	}
	want := "20.1.0.0/16 [1] 3/3 [{3356 3}]\n20.2.0.0/16 [2] 3/3 [{1299 3} {3356 3}]\n20.3.0.0/16 [3] 3/3 [{3356 3}]"
	if got := lines(Find(s, nil, Query{})); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := lines(Find(s, nil, Query{Through: []uint32{1299}})); got != strings.Split(want, "\n")[1] {
		t.Errorf("through AS1299: %s", got)
	}
	if got := lines(Find(s, nil, Query{Prefixes: []netip.Prefix{netip.MustParsePrefix("20.4.0.0/16")}})); got != "20.4.0.0/16 [] 0/3 []" {
		t.Errorf("withdrawn before the snapshot: %s", got)
	}
}

var update = flag.Bool("update", false, "write golden files anew")

// TestGolden: the format is what it was.
func TestGolden(t *testing.T) {
	b, err := Find(loaded(t), nil, Query{}).Encode(Printing{Country: func(*Row) string { return "ZZ" }})
	if err != nil {
		t.Fatal(err)
	}
	const name = "testdata/state-of-1.json"
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

func TestPrint(t *testing.T) {
	a := Find(loaded(t), nil, Query{})
	for _, l := range locale.All() {
		var b bytes.Buffer
		if err := a.Text(&b, Printing{Lang: l, Top: 2}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "AS65003"); got != 0 || !strings.Contains(b.String(), "AS65001, AS65002") {
			t.Errorf("%s:\n%s", l, b.String())
		}
	}
	// A name with line ends and control characters breaks no line.
	var named bytes.Buffer
	if err := a.Text(&named, Printing{Lang: locale.Default, Top: 2, Name: func(uint32) string { return "A\r\nAS999 FAKE\x1b[2J\u202e" }}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(named.String(), "\r\x1b\u202e") || strings.Contains(named.String(), "\nAS999") || !strings.Contains(named.String(), "FAKE") {
		t.Errorf("%q", named.String())
	}
	var b bytes.Buffer
	if err := a.CSV(&b, Printing{}); err != nil {
		t.Fatal(err)
	}
	if want := "203.0.112.0/22,65003,2,3,3356:1 64503:1,\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nlacks %s", b.String(), want)
	}
}

// TestBehindHole: a file is missing between the table and the moment. What the peers held before and have not
// spoken of since is unknown, and that is said.
func TestBehindHole(t *testing.T) {
	at := func(s int64) moment.Time { return moment.Unix(start+s, 0) }
	table := &mrttest.File{}
	table.PeerIndex(at(0), peers[:2]...)
	entry := func(i int, path ...uint32) mrttest.Entry { return mrttest.Entry{Peer: i, Path: path} }
	table.RIB(at(0), "192.88.99.0/24", entry(0, 64501), entry(1, 64502, 64501))
	table.RIB(at(0), "203.0.112.0/22", entry(0, 64501, 3356, 65003), entry(1, 64502, 65003))
	files := map[string]*mrttest.File{"bview." + at(0).Std().Format("20060102.1504"): table}
	for _, slot := range []int64{0, 600} {
		f := &mrttest.File{}
		for _, sec := range []int64{1, 299} {
			for _, p := range peers[:2] {
				f.Announce(at(slot+sec), p, []uint32{p.AS, 65001}, "198.51.100.0/24")
			}
		}
		files["updates."+at(slot).Std().Format("20060102.1504")] = f
	}
	dir := filepath.Join(t.TempDir(), "rrc99", "2023.11")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		if err := os.WriteFile(filepath.Join(dir, name), f.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := source.Open(context.Background(), []string{dir}, moment.Interval{From: at(890), Until: at(891)}, source.Options{Collector: "rrc99"})
	if err != nil {
		t.Fatal(err)
	}
	s, w, err := live.Load(context.Background(), live.Loading{Set: set, Until: at(891)})
	if err != nil {
		t.Fatal(err)
	}
	a := Find(s, w, Query{})
	if len(a.Rows) != 1 || a.Unheld != 2 || len(a.Behind) != 1 || a.Behind[0].Peers != 2 || a.Behind[0].From != at(300) || a.Behind[0].Until != at(600) {
		t.Errorf("%d rows, %d held by nobody, behind %v", len(a.Rows), a.Unheld, a.Behind)
	}
	var text bytes.Buffer
	if err := a.Text(&text, Printing{Lang: locale.Default, Top: 50}); err != nil || !strings.Contains(text.String(), "what 2 peers held until then") {
		t.Errorf("%v\n%s", err, text.String())
	}
	if b, err := a.Encode(Printing{}); err != nil || !bytes.Contains(b, []byte(`"prefixes_unheld": 2`)) || !bytes.Contains(b, []byte(`"behind"`)) {
		t.Errorf("%v\n%s", err, b)
	}
}
