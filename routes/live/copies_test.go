package live

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/source"
)

// TestCopies: what a collector saw, packed again or cut otherwise under another's name,
// adds no peer, not even one that is in the table alone. What differs does.
func TestCopies(t *testing.T) {
	at := moment.Unix(1_700_000_100, 0)
	peers := []mrttest.Peer{mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.2", 64502)}
	silent := mrttest.P("192.0.2.3", 64503)
	table := func(with ...mrttest.Peer) []byte {
		f := &mrttest.File{}
		f.PeerIndex(at, with...)
		for _, p := range []string{"198.51.100.0/24", "203.0.113.0/24"} {
			var of []mrttest.Entry
			for i, x := range with {
				of = append(of, mrttest.Entry{Peer: i, Path: []uint32{x.AS, 64510, 65002}})
			}
			f.RIB(at, p, of...)
		}
		return f.Bytes()
	}
	updates := func(from, to int, prefixes ...string) []byte {
		f := &mrttest.File{}
		for i := from; i < to; i++ {
			for _, p := range peers {
				f.Announce(at+moment.Unix(int64(i), 0), p, []uint32{p.AS, 64510, 65001}, prefixes...)
			}
		}
		return f.Bytes()
	}
	keepalive := new(mrttest.File).PeerIndex(at).Bytes()
	packed := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	later := func(b []byte) []byte {
		out := bytes.Clone(b)
		for r := out; len(r) >= 12; r = r[12+binary.BigEndian.Uint32(r[8:]):] {
			binary.BigEndian.PutUint32(r, binary.BigEndian.Uint32(r)+1)
		}
		return out
	}
	name := func(kind string, s int64) string {
		return kind + (at + moment.Unix(s, 0)).Std().Format(".20060102.1504")
	}
	all := append([]mrttest.Peer{silent}, peers...)
	first := map[string][]byte{name("bview", 0): table(all...), name("updates", 0): updates(10, 200, "10.0.0.0/24"), name("updates", 300): updates(310, 400, "10.0.1.0/24")}
	whole := append(updates(10, 200, "10.0.0.0/24"), updates(310, 400, "10.0.1.0/24")...)
	for _, c := range []struct {
		name   string
		second map[string][]byte
		peers  int
		said   string
	}{
		{"packed again", map[string][]byte{name("bview", 0) + ".gz": packed(first[name("bview", 0)]), name("updates", 0) + ".gz": packed(first[name("updates", 0)]), name("updates", 300) + ".gz": packed(first[name("updates", 300)])}, 3, "it unpacks to"},
		{"updates cut otherwise, with a silent peer", map[string][]byte{name("bview", 0) + ".gz": packed(append(table(all...), keepalive...)), name("updates", 0): whole}, 3, "3 of its peers are in the same sessions as those of rrc80"},
		{"more was said", map[string][]byte{name("bview", 0) + ".gz": packed(first[name("bview", 0)]), name("updates", 0): append(whole, updates(401, 402, "10.0.1.0/24")...)}, 3, "2 of its peers are in the same sessions as those of rrc80"},
		{"a table a second later, beside the same updates", map[string][]byte{name("bview", 0): later(table(all...)), name("updates", 0): first[name("updates", 0)], name("updates", 300): first[name("updates", 300)]}, 3, "but for the times in it, it unpacks to what rrc80 bview."},
		{"one file a second later, one missing", map[string][]byte{name("bview", 0): first[name("bview", 0)], name("updates", 300): later(first[name("updates", 300)])}, 3, "it unpacks to what rrc80 updates."},
		{"fewer records, a second later", map[string][]byte{name("bview", 0): first[name("bview", 0)], name("updates", 0): later(updates(10, 100, "10.0.0.0/24"))}, 3, "2 of its peers are in the same sessions as those of rrc80"},
		{"a table a second later, alone", map[string][]byte{name("bview", 0): later(table(all...))}, 3, "but for the times in it, it unpacks to what rrc80 bview."},
		{"a table without the updates, of fewer", map[string][]byte{name("bview", 0): table(silent)}, 4, ""},
	} {
		dir := t.TempDir()
		for collector, files := range map[string]map[string][]byte{"rrc80": first, "rrc81": c.second} {
			if err := os.MkdirAll(filepath.Join(dir, collector), 0o755); err != nil {
				t.Fatal(err)
			}
			for n, b := range files {
				if err := os.WriteFile(filepath.Join(dir, collector, n), b, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		set := opened(t, at, at+moment.Unix(600, 0), dir).WithoutCopies(t.Context())
		said := set.Absent
		s, w, err := Load(t.Context(), Loading{Set: set, Copied: func(l []source.Skipped) { said = append(said, l...) }})
		if err != nil {
			t.Fatal(c.name, err)
		}
		if n := s.View().NumPeers(); n != c.peers {
			t.Errorf("%s: %d peers, want %d", c.name, n, c.peers)
		}
		n := 0
		for _, x := range w.Collectors {
			n += len(x.Peers)
		}
		if n != c.peers {
			t.Errorf("%s: the account has %d peers, want %d", c.name, n, c.peers)
		}
		var reasons []string
		for _, x := range said {
			reasons = append(reasons, x.Reason)
		}
		if got := strings.Join(reasons, "; "); c.said == "" && got != "" || !strings.Contains(got, c.said) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
