package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/mrt"
)

// restamp adds seconds to the time of each record of a file, and with routes to the times
// at which the routes of a table came, by a way of its own: what the walker reads there is found in the bytes.
func restamp(b []byte, s uint32, routes bool) []byte {
	out := bytes.Clone(b)
	for r := out; len(r) >= 12; {
		n := 12 + int(binary.BigEndian.Uint32(r[8:]))
		if n > len(r) {
			break
		}
		binary.BigEndian.PutUint32(r, binary.BigEndian.Uint32(r)+s)
		kind, sub, body := binary.BigEndian.Uint16(r[4:]), binary.BigEndian.Uint16(r[6:]), r[12:n]
		move := func(at int) { binary.BigEndian.PutUint32(body[at:], binary.BigEndian.Uint32(body[at:])+s) }
		switch {
		case !routes:
		case kind == mrt.TypeTableDump && sub == 1:
			move(10)
		case kind == mrt.TypeTableDump:
			move(22)
		case kind == mrt.TypeTableDumpV2 && sub >= 2 && sub <= 4:
			at := 5 + (int(body[4])+7)/8
			count := binary.BigEndian.Uint16(body[at:])
			for at += 2; count > 0 && at+8 <= len(body); at += 8 + int(binary.BigEndian.Uint16(body[at+6:])) {
				move(at + 2)
				count--
			}
		}
		r = r[n:]
	}
	return out
}

// heard are the collectors that are left of tables, by the name of each; all begin within the same minute.
func heard(t *testing.T, tables map[string][]byte) (names, reasons string) {
	t.Helper()
	dir := t.TempDir()
	at := moment.Unix(1_700_000_100, 0)
	for name, b := range tables {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "bview."+at.Std().Format("20060102.1504")), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	set, err := Open(t.Context(), []string{dir}, moment.Interval{From: at, Until: at + moment.Unix(7200, 0)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	one := set.WithoutCopies(t.Context())
	var said []string
	for _, a := range one.Absent {
		said = append(said, a.Reason)
	}
	return strings.Join(one.Collectors(), " "), strings.Join(said, "; ")
}

// TestRestampedTables: a table whose times were moved is the table that it is a copy of;
// what another collector wrote never is, though the same routers feed it with the same routes.
func TestRestampedTables(t *testing.T) {
	at := moment.Unix(1_700_000_100, 0)
	peers := []mrttest.Peer{mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.2", 64502)}
	// since is when a collector heard of a route: each has moments of its own
	table := func(id byte, n int, since func(peer, i int) int64) []byte {
		f := (&mrttest.File{}).At(id)
		f.PeerIndex(at, peers...)
		for i := range n {
			prefix := fmt.Sprintf("198.51.%d.0/24", i)
			if i%3 == 2 {
				prefix = fmt.Sprintf("2001:db8:%d::/48", i)
			}
			var of []mrttest.Entry
			for p, x := range peers {
				of = append(of, mrttest.Entry{Peer: p, Path: []uint32{x.AS, 64510, 65002}, Since: at - moment.Unix(since(p, i), 0)})
			}
			f.RIB(at, prefix, of...)
		}
		return f.Bytes()
	}
	some := func(p, i int) int64 { return int64(86400*(p+1) - 37*i) }
	one := func(p, i int) int64 { // the session of one router came up a second later there
		if p == 1 && i == 7 {
			return some(p, i) - 1
		}
		return some(p, i)
	}
	unnamed := func(b []byte) []byte { // no number names the collector
		out := bytes.Clone(b)
		copy(out[12:16], []byte{10, 0, 0, 1})
		return out
	}
	full := table(80, 20, some)
	for _, c := range []struct {
		name   string
		second []byte
		first  []byte
		copied string // what is said of it; empty if both count
	}{
		{"header times", restamp(full, 7, false), full, "but for the times in it, it unpacks to what rrc80 bview."},
		{"header times and routes' times", restamp(full, 420, true), full, "but for the times in it, it unpacks to what rrc80 bview."},
		{"times of routes alone", table(80, 20, func(int, int) int64 { return 0 }), full, "but for the times in it"},
		{"no time moved", full, full, "its bytes are those of rrc80"},
		{"two hours later", restamp(full, 7200, true), full, ""},
		{"another collector's, of the same routers and routes", table(81, 20, some), full, ""},
		{"a route less", table(80, 19, some), full, ""},
		{"no number, moved", restamp(unnamed(full), 9, true), unnamed(full), "but for the times in it"},
		{"no number, header moved", restamp(unnamed(full), 9, false), unnamed(full), "but for the times in it"},
		{"no number, one route came at another moment", restamp(unnamed(table(80, 20, one)), 9, false), unnamed(full), ""},
		{"no number, few routes", restamp(unnamed(table(80, 7, some)), 9, true), unnamed(table(80, 7, some)), ""},
		{"few routes", restamp(table(80, 7, some), 9, true), table(80, 7, some), "but for the times in it"},
	} {
		names, said := heard(t, map[string][]byte{"rrc80": c.first, "rrc81": c.second})
		want := "rrc80 rrc81"
		if c.copied != "" {
			want = "rrc80"
		}
		if names != want || !strings.Contains(said, c.copied) || c.copied == "" && said != "" {
			t.Errorf("%s: %s are left, want %s: %q", c.name, names, want, said)
		}
	}
}

// TestRealTablesApart: of all real tables no two are one, and each is found again if its
// times are moved.
func TestRealTablesApart(t *testing.T) {
	root := realdata.Path(t, ".")
	var files []File
	for _, under := range []string{"mrt", "public-faults"} {
		if err := filepath.WalkDir(filepath.Join(root, under), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if _, kind, err := firstRecord(path); err == nil && kind == RIB {
				files = append(files, File{Name: filepath.Base(path), Path: path, Kind: RIB})
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	type sums struct {
		name string
		*tableSum
	}
	var all []sums
	for i := range files {
		if s := sumTable(t.Context(), &files[i]); s != nil {
			all = append(all, sums{files[i].Name, s})
		}
	}
	found := 0
	for i, a := range all {
		for _, b := range all[:i] {
			exact, is := a.same(b.tableSum)
			if is && !exact {
				t.Errorf("%s and %s are taken for one", a.name, b.name)
			}
		}
	}
	for i := range files {
		f := &files[i]
		b, err := os.ReadFile(f.Path)
		if err != nil || len(b) > 1<<20 || bytes.HasPrefix(b, []byte("\x1f\x8b")) || bytes.HasPrefix(b, []byte("BZh")) {
			continue
		}
		whole := sumTable(t.Context(), f)
		for _, routes := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "moved")
			if err := os.WriteFile(path, restamp(b, 60, routes), 0o644); err != nil {
				t.Fatal(err)
			}
			_, is := whole.same(sumTable(t.Context(), &File{Path: path}))
			if is {
				found++
			} else if !whole.relative || whole.entries >= leastEntries {
				t.Errorf("%s, moved by a minute (routes %v), is another table (%d routes)", f.Name, routes, whole.entries)
			}
		}
	}
	t.Logf("%d tables, %d copies found", len(all), found)
	if len(all) < 20 || found < 20 {
		t.Errorf("%d tables, %d copies found", len(all), found)
	}
}
