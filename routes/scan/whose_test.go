package scan

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/routes/rib"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// states writes the changes of state of every peer of a collector: "192.0.2.1
// AS64500: 10 6-1 by AS".
func peerStates(c vantage.Collector) string {
	var out []string
	for _, p := range c.Peers {
		s := fmt.Sprintf("%s AS%d", p.Peer, p.AS)
		for _, x := range p.States {
			s += fmt.Sprintf(", %d %d-%d", x.At.Sec(), x.Old, x.New)
			if x.Heard {
				s += " heard"
			}
			if x.Named != "" {
				s += " " + x.Named
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func joinOf(t *testing.T, files ...*mrttest.File) vantage.Collector {
	t.Helper()
	var scans []*Scan
	for i, f := range files {
		scans = append(scans, scan(t, int64(i)*300, int64(i+1)*300, f))
	}
	c := mustJoin("rrc00", 300, nil, scans)
	slices.Reverse(scans)
	if a, b := encode(t, c), encode(t, mustJoin("rrc00", 300, nil, scans)); a != b {
		t.Errorf("the order of the files makes a difference:\n%s\n%s", a, b)
	}
	if err := watch(c).Check(); err != nil {
		t.Error(err)
	}
	return c
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// bareState is a change of state with the given parts of a head (RFC 6396
// §4.4.1, four-byte AS numbers).
func bareState(f *mrttest.File, at int64, peer, self uint32, between []byte, from, to uint16) *mrttest.File {
	b := binary.BigEndian.AppendUint32(nil, peer)
	b = binary.BigEndian.AppendUint32(b, self)
	b = append(b, between...)
	b = binary.BigEndian.AppendUint16(b, from)
	return f.Record(sec(at), 16, 5, binary.BigEndian.AppendUint16(b, to))
}

// bird is BIRD's log of a session that was lost: both addresses are 0.0.0.0.
func bird(f *mrttest.File, at int64, as uint32) *mrttest.File {
	return bareState(f, at, as, 64999, append([]byte{0, 0, 0, 1}, make([]byte, 8)...), 6, 1)
}

// TestLossNamedByAS: a session is lost of which only the AS is said.
func TestLossNamedByAS(t *testing.T) {
	p, q, r := mrttest.P("192.0.2.1", 64500), mrttest.P("192.0.2.2", 64500), mrttest.P("192.0.2.3", 64501)
	path := []uint32{64500, 64496}
	speak := func(f *mrttest.File, at int64, ps ...mrttest.Peer) *mrttest.File {
		for _, p := range ps {
			f.Announce(sec(at), p, path, "10.0.0.0/24")
		}
		return f
	}
	open := func(f *mrttest.File, at int64, p mrttest.Peer) *mrttest.File {
		return f.State(sec(at), p, 1, 4).State(sec(at), p, 4, 5).State(sec(at), p, 5, 6)
	}
	const reopens = ", 200 1-4, 200 4-5, 200 5-6"
	for _, c := range []struct {
		name string
		make func(*mrttest.File)
		want string
	}{
		{"the only session of that AS", func(f *mrttest.File) { bird(speak(f, 1, p, r), 50, 64500) },
			"192.0.2.1 AS64500, 50 6-1 by AS; 192.0.2.3 AS64501"},
		{"of two the one that opens again", func(f *mrttest.File) { speak(open(bird(speak(f, 1, p, q, r), 50, 64500), 200, q), 210, q) },
			"192.0.2.1 AS64500; 192.0.2.2 AS64500, 50 6-1 by AS" + reopens + "; 192.0.2.3 AS64501"},
		{"of two the one that is silent from then on", func(f *mrttest.File) { speak(bird(speak(f, 1, p, q, r), 50, 64500), 120, p) },
			"192.0.2.1 AS64500; 192.0.2.2 AS64500, 50 6-1 by AS; 192.0.2.3 AS64501"},
		{"of two nobody knows which", func(f *mrttest.File) { bird(speak(f, 1, p, q, r), 50, 64500) },
			"192.0.2.1 AS64500, 50 6-1 by AS; 192.0.2.2 AS64500, 50 6-1 by AS; 192.0.2.3 AS64501"},
		{"of two the one that was up", func(f *mrttest.File) { bird(speak(f, 1, p, q, r).State(sec(40), q, 6, 1), 50, 64500) },
			"192.0.2.1 AS64500, 50 6-1 by AS; 192.0.2.2 AS64500, 40 6-1; 192.0.2.3 AS64501"},
		{"both, one after the other", func(f *mrttest.File) { bird(bird(speak(f, 1, p, q, r), 50, 64500), 90, 64500) },
			"192.0.2.1 AS64500, 50 6-1 by AS; 192.0.2.2 AS64500, 50 6-1 by AS; 192.0.2.3 AS64501"},
		{"no address at all (FRR)", func(f *mrttest.File) { bareState(speak(f, 1, p, r), 50, 64500, 64999, nil, 6, 1) },
			"192.0.2.1 AS64500, 50 6-1 by AS; 192.0.2.3 AS64501"},
		{"of a session that was not up", func(f *mrttest.File) { bareState(speak(f, 1, p, r), 50, 64500, 64999, nil, 1, 8) },
			"192.0.2.1 AS64500; 192.0.2.3 AS64501"},
		{"of no AS", func(f *mrttest.File) { bareState(speak(f, 1, p, r), 50, 0, 64999, nil, 6, 1) },
			"192.0.2.1 AS64500; 192.0.2.3 AS64501"},
		{"of an AS that nobody has", func(f *mrttest.File) { bird(speak(f, 1, p, r), 50, 64502) },
			"192.0.2.1 AS64500; 192.0.2.3 AS64501"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := new(mrttest.File)
			c.make(f)
			if got := peerStates(joinOf(t, f)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	// The peer is blind from then on, and forgets what it held.
	w := watch(joinOf(t, bird(speak(new(mrttest.File), 1, p, r), 50, 64500)))
	if got := blind(w.Ledger(question(0, 51))); !strings.Contains(got, "192.0.2.1 50-51 session down") || strings.Contains(got, "192.0.2.3") {
		t.Errorf("ledger %q", got)
	}
}

// TestLossInReverse: OpenBGPD logs changes of state with peer and collector in
// each other's place.
func TestLossInReverse(t *testing.T) {
	p, q := mrttest.P("192.0.2.1", 64500), mrttest.P("192.0.2.2", 64501)
	path := []uint32{64500, 64496}
	self := []byte{0, 0, 0, 1, 192, 0, 2, 254, 192, 0, 2, 1} // interface, family, the collector, p
	reverse := func(f *mrttest.File, at int64, from, to uint16) *mrttest.File {
		return bareState(f, at, 64999, 64500, self, from, to)
	}
	const want = "192.0.2.1 AS64500, 10 5-6 in reverse, 50 6-1 in reverse; 192.0.2.2 AS64501"
	f := reverse(new(mrttest.File), 10, 5, 6).Announce(sec(11), p, path, "10.0.0.0/24").Announce(sec(11), q, path, "10.0.0.0/24")
	if got := peerStates(joinOf(t, reverse(f, 50, 6, 1))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// The session spoke in another file only.
	a := reverse(new(mrttest.File), 10, 5, 6)
	b := new(mrttest.File).Announce(sec(311), p, path, "10.0.0.0/24")
	if got := peerStates(joinOf(t, a, b)); got != "192.0.2.1 AS64500, 10 5-6 in reverse" {
		t.Errorf("got %s", got)
	}
	// It never spoke, and the collector is known by its other sessions.
	if got := peerStates(joinOf(t, reverse(new(mrttest.File).Announce(sec(11), q, path, "10.0.0.0/24"), 50, 3, 1))); got != "192.0.2.1 AS64500, 50 3-1 in reverse; 192.0.2.2 AS64501" {
		t.Errorf("got %s", got)
	}
	// Two collectors that feed each other: who speaks is the peer.
	both := new(mrttest.File).Announce(sec(11), p, path, "10.0.0.0/24").Announce(sec(12), mrttest.P("192.0.2.254", 64999), path, "10.0.0.0/24")
	if got := peerStates(joinOf(t, reverse(both, 50, 6, 1))); got != "192.0.2.1 AS64500; 192.0.2.254 AS64999, 50 6-1" {
		t.Errorf("got %s", got)
	}
}

// asOf writes who the peers are.
func asOf(c vantage.Collector) string {
	var out []string
	for _, p := range c.Peers {
		s := fmt.Sprintf("%s AS%d", p.Peer, p.AS)
		if p.Guessed {
			s += " from paths"
		}
		if len(p.Also) > 0 {
			s += fmt.Sprintf(" also %d", p.Also)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// TestWhosePeers: a peer is an address and an AS.
func TestWhosePeers(t *testing.T) {
	as := func(n uint32) mrttest.Peer { return mrttest.P("192.0.2.1", n) }
	say := func(f *mrttest.File, at int64, n uint32, path ...uint32) *mrttest.File {
		return f.Announce(sec(at), as(n), path, "10.0.0.0/24")
	}
	for _, c := range []struct {
		name string
		file *mrttest.File
		want string
	}{
		{"two sessions with one address", say(say(new(mrttest.File), 1, 64501, 64501, 1), 2, 64500, 64500, 1), "192.0.2.1 AS64500; 192.0.2.1 AS64501"},
		{"the AS is not said here and there", say(say(new(mrttest.File), 1, 0, 64500, 1), 2, 64500, 64500, 1), "192.0.2.1 AS64500 also [0]"},
		{"nor by AS_TRANS", say(say(new(mrttest.File), 1, 23456, 70000, 1), 2, 70000, 70000, 1), "192.0.2.1 AS70000 also [23456]"},
		{"it stands first in every path", say(say(new(mrttest.File), 1, 0, 64500, 1), 2, 0, 64500, 2), "192.0.2.1 AS64500 from paths also [0]"},
		{"paths begin with different ASes", say(say(new(mrttest.File), 1, 0, 64500, 1), 2, 0, 64501, 2), "192.0.2.1 AS0"},
		{"nothing tells", new(mrttest.File).Keepalive(sec(1), as(0)), "192.0.2.1 AS0"},
		{"two are known, and the paths begin with one of them", say(say(say(new(mrttest.File), 1, 64501, 64501, 1), 2, 64500, 64500, 1), 3, 0, 64501, 1),
			"192.0.2.1 AS64500; 192.0.2.1 AS64501 also [0]"},
		{"two are known, and it is neither", say(say(say(new(mrttest.File), 1, 64501, 64501, 1), 2, 64500, 64500, 1), 3, 0, 64502, 1),
			"192.0.2.1 AS0; 192.0.2.1 AS64500; 192.0.2.1 AS64501"},
		{"a change of state names it", say(new(mrttest.File).State(sec(0), as(64500), 5, 6), 1, 0, 64499, 1), "192.0.2.1 AS64500 also [0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := asOf(joinOf(t, c.file)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	// Across files, and in a snapshot.
	rib := new(mrttest.File).PeerIndex(sec(0), as(0)).RIB(sec(0), "10.0.0.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64500, 1}})
	c := joinOf(t, rib, say(new(mrttest.File), 301, 64500, 64500, 1))
	if got := asOf(c); got != "192.0.2.1 AS64500 also [0]" || c.Files[0].Tables[0].AS != 64500 {
		t.Errorf("%s, %+v", got, c.Files[0].Tables)
	}
}

// TestPeerIndex: each element finds its own peer, by address and AS.
func TestPeerIndex(t *testing.T) {
	as := func(n uint32) mrttest.Peer { return mrttest.P("192.0.2.1", n) }
	f := new(mrttest.File)
	for i, n := range []uint32{64501, 64500, 0} {
		f.Announce(sec(int64(i)), as(n), []uint32{max(n, 64500), 1}, "10.0.0.0/24")
	}
	w := watch(joinOf(t, f))
	peers, index := rib.TablePeers(w, w.Ledger(question(0, 300)))
	for n, want := range map[uint32]uint32{64500: 64500, 64501: 64501, 0: 64500} {
		i, ok := index.Of("rrc00", &mrt.Elem{PeerAddr: peerA, PeerAS: n})
		if !ok || peers[i].AS != want {
			t.Errorf("AS%d: %d %v, want the peer of AS%d", n, i, ok, want)
		}
	}
	if _, ok := index.Of("rrc00", &mrt.Elem{PeerAddr: peerA, PeerAS: 64502}); ok {
		t.Error("a peer that was never met")
	}
	if _, ok := index.Of("rrc01", &mrt.Elem{PeerAddr: peerA, PeerAS: 64500}); ok {
		t.Error("a peer of another collector")
	}
}

// TestChangeOfAS: a peer is given another AS. What it held under the old one is
// unknown once the new one speaks; two sessions that speak by turns are both up.
func TestChangeOfAS(t *testing.T) {
	as := func(n uint32) mrttest.Peer { return mrttest.P("192.0.2.1", n) }
	f := new(mrttest.File)
	for s := int64(0); s < 300; s += 10 {
		n := uint32(64500)
		if s >= 100 {
			n = 64501
		}
		f.Announce(sec(s), as(n), []uint32{n, 1}, "10.0.0.0/24")
	}
	l := watch(joinOf(t, f)).Ledger(question(0, 300))
	if got := fmt.Sprint(l.Resets(vantage.Peer{Collector: "rrc00", Addr: peerA, AS: 64500})); got != "[{100 300 [100]}]" {
		t.Errorf("the old one: %s", got)
	}
	if got := l.Resets(vantage.Peer{Collector: "rrc00", Addr: peerA, AS: 64501}); len(got) > 0 {
		t.Errorf("the new one: %v", got)
	}
	f.Announce(sec(299), as(64500), []uint32{64500, 1}, "10.0.0.0/24")
	if got := blind(watch(joinOf(t, f)).Ledger(question(0, 300))); got != "" {
		t.Errorf("two sessions: %s", got)
	}
}

// TestWatchOfVersion1: a watch that knew peers by address alone is read for ever.
func TestWatchOfVersion1(t *testing.T) {
	old := `{"format":"constat-watch/1","collectors":[{"name":"rrc00","cadence_s":300,"missing":[],
		"files":[{"name":"a","kind":"rib","first":"1970-01-01T00:00:00Z","last":"1970-01-01T00:00:01Z","unread":[],
			"lost":[{"from":"1970-01-01T00:00:00Z","until":"1970-01-01T00:00:01Z","peer":"192.0.2.1"}],
			"tables":[{"peer":"192.0.2.1","as":64500,"v4":5,"v6":0}]}],
		"peers":[{"peer":"192.0.2.1","as":[{"as":0,"from":"1970-01-01T00:00:00Z"},{"as":64500,"from":"1970-01-01T00:00:01Z"},{"as":64501,"from":"1970-01-01T00:00:02Z"}],
			"first":"1970-01-01T00:00:00Z","last":"1970-01-01T00:00:02Z","alive":[],"states":[],"transfers":[]}]}]}`
	w, err := vantage.ReadWatch([]byte(old))
	if err != nil {
		t.Fatal(err)
	}
	c := w.Collectors[0]
	if got := asOf(c); got != "192.0.2.1 AS64501 also [0 64500]" || c.Files[0].Tables[0].AS != 64501 || c.Files[0].Lost[0].AS != 64501 {
		t.Errorf("%s, %+v", got, c.Files[0])
	}
	peers, index := rib.TablePeers(w, w.Ledger(question(0, 300)))
	for _, n := range []uint32{0, 64500, 64501, 64502} {
		if i, ok := index.Of("rrc00", &mrt.Elem{PeerAddr: peerA, PeerAS: n}); !ok || i != 0 {
			t.Errorf("AS%d: %d, %v", n, i, ok)
		}
	}
	if len(peers) != 1 || len(peers[0].Snapshots4) != 1 {
		t.Errorf("%+v", peers)
	}
	for _, format := range []string{"constat-watch/3", ""} {
		if _, err := vantage.ReadWatch([]byte(strings.Replace(old, "constat-watch/1", format, 1))); err == nil {
			t.Errorf("format %q was taken", format)
		}
	}
	if _, err := vantage.ReadWatch([]byte(strings.Replace(old, `"peers":[`, `"peers":[{"peer":"192.0.2.1","as":[{"as":64501}]},`, 1))); err == nil {
		t.Error("a peer that is there twice was taken")
	}
}

// TestUnreadPaths: entries whose path cannot be read are counted, no time is
// lost by it, and what the table lists and lacks is known all the same.
func TestUnreadPaths(t *testing.T) {
	good := new(mrttest.File).PeerIndex(sec(0), mrttest.P("192.0.2.1", 64500)).RIB(sec(0), "10.0.0.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64500, 1}})
	b := slices.Clone(good.Bytes())
	path := []byte{0x40, 2, 10, 2, 2, 0, 0, 0xfb, 0xf4, 0, 0, 0, 1} // AS_PATH 64500 1
	i := strings.Index(string(b), string(path))
	if i < 0 {
		t.Fatal("no path")
	}
	b[i+3] = 9 // a segment of no known type
	c := joinOf(t, new(mrttest.File).Raw(b...))
	f := c.Files[0]
	if len(f.Unread) != 1 || f.Unread[0].Count != 1 || !f.Unread[0].Attributes || len(f.Lost) != 0 {
		t.Fatalf("unread %+v, lost %+v", f.Unread, f.Lost)
	}
	w := watch(c)
	if peers, _ := rib.TablePeers(w, w.Ledger(question(0, 300))); len(peers) != 1 || len(peers[0].Snapshots4) != 1 {
		t.Errorf("%+v", peers)
	}
}
