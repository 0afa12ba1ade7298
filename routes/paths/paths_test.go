package paths

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/moment"
	"constat/routes/source"
	"constat/routes/vantage"
)

// TestFollow: tables and updates of two collectors are followed in the order of time;
// what a later table does not have is not held.
func TestFollow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const tail = "|IGP|192.0.2.1|0|0||NAG||\n"
	write("rrc00/bview.20141222.0000.txt",
		"TABLE_DUMP2|1419206400|B|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500"+tail+
			"TABLE_DUMP2|1419206400|B|192.0.2.1|64541|203.0.113.0/24|64541 64541 64510 64500"+tail+
			"TABLE_DUMP2|1419206400|B|192.0.2.1|64541|10.0.0.0/8|64541 64510 64509"+tail)
	write("rrc00/updates.20141222.0000.txt",
		"BGP4MP|1419206500|A|192.0.2.1|64541|198.51.100.0/24|64541 64511 64500"+tail+
			"BGP4MP|1419206510|W|192.0.2.1|64541|198.51.100.0/24\n"+
			"BGP4MP|1419206520|A|192.0.2.1|64541|198.51.100.0/24|64541 64512 {64500,64501}"+tail+
			"BGP4MP|1419206530|W|192.0.2.1|64541|192.0.2.0/24\n")
	// Eight hours later the other prefix is in no table any more.
	write("rrc00/bview.20141222.0800.txt",
		"TABLE_DUMP2|1419235200|B|192.0.2.1|64541|198.51.100.0/24|64541 64512 {64500,64501}"+tail)
	set, err := source.Open(t.Context(), []string{dir}, moment.Interval{From: 0, Until: moment.Unix(1419300000, 0)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	keep := func(_ vantage.Peer, p netip.Prefix, path []uint32) bool {
		return path == nil || slices.Contains(path, 64500)
	}
	r, err := Follow(t.Context(), set, Want{Keep: keep, Hops: func(as uint32) bool { return as == 64541 }})
	if err != nil {
		t.Fatal(err)
	}
	type held struct {
		prefix       string
		path         []uint32
		since, until int64
		table        bool
	}
	want := []held{
		{"198.51.100.0/24", []uint32{64541, 64510, 64500}, 1419206400, 1419206500, true},
		{"198.51.100.0/24", []uint32{64541, 64511, 64500}, 1419206500, 1419206510, false},
		{"198.51.100.0/24", []uint32{64541, 64512, 0, 64500, 64501, 0}, 1419206520, 0, true},
		{"203.0.113.0/24", []uint32{64541, 64510, 64500}, 1419206400, 1419235200, true},
	}
	if len(r.Held) != len(want) {
		t.Fatalf("%+v", r.Held)
	}
	for i, h := range r.Held {
		w := want[i]
		until := int64(0)
		if h.Until != 0 {
			until = h.Until.Sec()
		}
		if h.Prefix.String() != w.prefix || !slices.Equal(h.Path, w.path) || h.Since.Sec() != w.since || until != w.until || h.Table != w.table {
			t.Errorf("%+v, not %+v", h, w)
		}
	}
	if len(r.Peers) != 1 || r.Peers[0].String() == "" || len(r.Files) != 3 || r.At.Sec() != 1419235200 || r.Unknown != 0 {
		t.Errorf("%+v", r)
	}
	if len(r.Hops) != 1 || r.Hops[0].String() != "192.0.2.1" {
		t.Errorf("hops %v", r.Hops)
	}
	// Only up to a moment.
	r, err = Follow(t.Context(), set, Want{Keep: keep, Until: moment.Unix(1419206505, 0)})
	if err != nil || len(r.Held) != 3 || r.Held[1].Until != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
