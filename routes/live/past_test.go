package live

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/mrt"
)

// told writes files of a collector, as `bgpdump -m` has them, and loads them.
func told(t *testing.T, until moment.Time, p *Past, files map[string]string) *View {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		to := filepath.Join(dir, "rrc00", name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, "$", "|IGP|192.0.2.1|0|0||NAG||")
		if err := os.WriteFile(to, []byte(strings.TrimLeft(text, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	from, end := moment.Unix(1419206400-86400, 0), moment.Unix(1419206400+86400, 0)
	s, _, err := Load(context.Background(), Loading{Set: opened(t, from, end, dir), Until: until, Past: p})
	if err != nil {
		t.Fatal(err)
	}
	return s.View()
}

func keepAll(netip.Prefix, []uint32) bool { return true }

// keep64500 follows prefixes with a path over AS64500, as a target's are.
func keep64500(_ netip.Prefix, path []uint32) bool { return slices.Contains(path, 64500) }

type heldSpell struct {
	prefix       string
	path         []uint32
	since, until int64
	older, blind bool
}

func wantSpells(t *testing.T, got []Spell, want ...heldSpell) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d spells, not %d: %+v", len(got), len(want), got)
	}
	for i, s := range got {
		w := want[i]
		until := int64(0)
		if s.Until != 0 {
			until = s.Until.Sec() - 1419206400
		}
		if s.Prefix.String() != w.prefix || !slices.Equal(s.Path, w.path) || s.Since.Sec()-1419206400 != w.since || until != w.until || s.Older != w.older || s.Blind != w.blind {
			t.Errorf("spell %d: %+v, not %+v", i, s, w)
		}
	}
}

// TestPast: what a peer held of chosen prefixes and for how long, in the order of time;
// what a later table does not have is not held.
func TestPast(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"bview.20141222.0000.txt": `
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500$
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|203.0.113.0/24|64541 64541 64510 64500$
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|10.0.0.0/8|64541 64510 64509$
`,
		"updates.20141222.0000.txt": `
BGP4MP|1419206401|A|192.0.2.1|64541|10.0.0.0/8|64541 64510 64509$
BGP4MP|1419206500|A|192.0.2.1|64541|198.51.100.0/24|64541 64511 64500$
BGP4MP|1419206510|W|192.0.2.1|64541|198.51.100.0/24
BGP4MP|1419206520|A|192.0.2.1|64541|198.51.100.0/24|64541 64512 {64500,64501}$
BGP4MP|1419206530|W|192.0.2.1|64541|192.0.2.0/24
BGP4MP|1419206540|A|192.0.2.1|64541|203.0.113.0/24|64541 64510 64599$
BGP4MP|1419206550|A|192.0.2.1|64541|203.0.113.0/24|64541 64510 64500$
`,
		"bview.20141222.0800.txt": `
TABLE_DUMP2|1419235200|B|192.0.2.1|64541|198.51.100.0/24|64541 64512 {64500,64501}$
`,
	}
	var hops []netip.Addr
	p := &Past{Keep: keep64500, Each: func(e *mrt.Elem) { hops = append(hops, e.NextHop()) }}
	v := told(t, 0, p, files)
	first := []heldSpell{
		{"198.51.100.0/24", []uint32{64541, 64510, 64500}, 0, 100, true, false},
		{"198.51.100.0/24", []uint32{64541, 64511, 64500}, 100, 110, false, false},
		{"198.51.100.0/24", []uint32{64541, 64512, 0, 64500, 64501, 0}, 120, 151, false, true},
	}
	all := append(slices.Clone(first),
		heldSpell{"198.51.100.0/24", []uint32{64541, 64512, 0, 64500, 64501, 0}, 28800, 0, true, false},
		heldSpell{"203.0.113.0/24", []uint32{64541, 64510, 64500}, 0, 140, true, false},
		heldSpell{"203.0.113.0/24", []uint32{64541, 64510, 64599}, 140, 150, false, false},
		heldSpell{"203.0.113.0/24", []uint32{64541, 64510, 64500}, 150, 151, false, true})
	wantSpells(t, p.Spells(v), all...)
	if len(hops) != 9 || hops[0].String() != "192.0.2.1" {
		t.Errorf("%d announcements and entries: %v", len(hops), hops)
	}
	if ps := p.Followed(v); len(ps) != 2 || ps[1].String() != "203.0.113.0/24" {
		t.Errorf("followed %v", ps)
	}
	if q, _ := v.Find(netip.MustParsePrefix("203.0.113.0/24")); q != NoPrefix {
		if n, _ := v.Visibility(q); n != 0 {
			t.Errorf("the table of eight o'clock lacks %v, and %d hold it", v.Prefix(q), n)
		}
	}

	// Only up to a moment.
	p = &Past{Keep: keep64500}
	v = told(t, moment.Unix(1419206505, 0), p, files)
	wantSpells(t, p.Spells(v), first[0], heldSpell{"198.51.100.0/24", []uint32{64541, 64511, 64500}, 100, 0, false, false},
		heldSpell{"203.0.113.0/24", []uint32{64541, 64510, 64500}, 0, 0, true, false})
}

// TestPastBlind: at a lost session and at a hole what was held ends, and that is no
// withdrawal; what was told in a table transfer counts from its end.
func TestPastBlind(t *testing.T) {
	t.Parallel()
	const table = `
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500$
TABLE_DUMP2|1419206400|B|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
`
	direct := []uint32{64541, 64510, 64500}
	other := []uint32{64549, 64510, 64500}
	p := &Past{Keep: keepAll}
	v := told(t, 0, p, map[string]string{"bview.20141222.0000.txt": table, "updates.20141222.0000.txt": `
BGP4MP|1419206401|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
BGP4MP|1419206500|STATE|192.0.2.1|64541|6|1
BGP4MP|1419206690|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
`})
	wantSpells(t, p.Spells(v), heldSpell{"198.51.100.0/24", direct, 0, 100, true, true}, heldSpell{"198.51.100.0/24", other, 0, 0, true, false})

	// It comes back: a transfer, and then it is watching.
	p = &Past{Keep: keepAll}
	v = told(t, 0, p, map[string]string{"bview.20141222.0000.txt": table, "updates.20141222.0000.txt": `
BGP4MP|1419206401|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
BGP4MP|1419206410|STATE|192.0.2.1|64541|6|1
BGP4MP|1419206420|STATE|192.0.2.1|64541|1|6
BGP4MP|1419206421|A|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500$
BGP4MP|1419206422|A|192.0.2.1|64541|198.51.100.0/24|64541 64511 64500$
BGP4MP|1419206690|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
`})
	got := p.Spells(v)
	if len(got) != 3 || !got[0].Blind || got[0].Until.Sec() != 1419206410 || !slices.Equal(got[1].Path, []uint32{64541, 64511, 64500}) ||
		got[1].Since.Sec() <= 1419206422 || got[1].Until != 0 || !got[1].Older {
		t.Errorf("%+v", got)
	}

	// A hole of the collector's: five minutes are not there.
	p = &Past{Keep: keepAll}
	v = told(t, 0, p, map[string]string{"bview.20141222.0000.txt": table,
		"updates.20141222.0000.txt": "BGP4MP|1419206401|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\nBGP4MP|1419206690|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\n",
		"updates.20141222.0005.txt": "BGP4MP|1419206701|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\nBGP4MP|1419206990|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\n",
		"updates.20141222.0015.txt": "BGP4MP|1419207301|A|192.0.2.9|64549|198.51.100.0/24|64549 64511 64500$\nBGP4MP|1419207590|A|192.0.2.9|64549|198.51.100.0/24|64549 64511 64500$\n"})
	wantSpells(t, p.Spells(v), heldSpell{"198.51.100.0/24", direct, 0, 600, true, true},
		heldSpell{"198.51.100.0/24", other, 0, 600, true, true},
		heldSpell{"198.51.100.0/24", []uint32{64549, 64511, 64500}, 901, 0, false, false})
}

// TestPastReal: on real updates with resets, a hole and an outage, whatever is open at
// the end is what the state holds, and spells of a route follow each other.
func TestPastReal(t *testing.T) {
	dir := realdata.Path(t, "mrt/ris/rrc15")
	from, _ := moment.ParseTime("2010-02-27T16:00:00Z")
	for _, clock := range []string{"16:04:40", "16:12:00", "16:14:50"} {
		at, err := moment.ParseTime("2010-02-27T" + clock + "Z")
		if err != nil {
			t.Fatal(err)
		}
		p := &Past{Keep: keepAll}
		s, _, err := Load(context.Background(), Loading{Set: opened(t, from, at+1, dir), Until: at, Past: p})
		if err != nil {
			t.Fatal(err)
		}
		v := s.View()
		type pair struct {
			peer   PeerID
			prefix netip.Prefix
		}
		open := map[pair]bool{}
		last := map[pair]Spell{}
		spells := p.Spells(v)
		for _, x := range spells {
			k := pair{x.Peer, x.Prefix}
			if y, ok := last[k]; ok && (y.Until == 0 || y.Until > x.Since) {
				t.Fatalf("%+v overlaps %+v", x, y)
			}
			last[k] = x
			if x.Until != 0 {
				continue
			}
			open[k] = true
			q, _ := v.Find(x.Prefix)
			r, ok := v.Route(x.Peer, q)
			if !ok || !v.Peer(x.Peer).Watching || !slices.Equal(v.AppendPath(nil, x.Peer, r), x.Path) {
				t.Fatalf("%+v is open, and the state has %v", x, v.AppendPath(nil, x.Peer, r))
			}
		}
		held := 0
		for id := range PeerID(v.NumPeers()) {
			if !v.Peer(id).Watching {
				continue
			}
			for q := range v.Row(id) {
				held++
				if !open[pair{id, v.Prefix(q)}] {
					t.Fatalf("%v holds %v, which is not open", v.Peer(id).Peer, v.Prefix(q))
				}
			}
		}
		if held == 0 && clock != "16:04:40" || len(spells) < 1000 {
			t.Errorf("%s: %d spells, %d held", clock, len(spells), held)
		}
		t.Logf("%s: %d spells, %d held at the end", clock, len(spells), held)
	}
}

// TestTablesAlone: where no updates reach, a later table begins anew: a route that it
// lacks is not held, and a peer that it lacks is not watching.
func TestTablesAlone(t *testing.T) {
	t.Parallel()
	const midnight = `
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|198.51.100.0/24|64541 64510 64500$
TABLE_DUMP2|1419206400|B|192.0.2.1|64541|203.0.113.0/24|64541 64510 64500$
TABLE_DUMP2|1419206400|B|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$
`
	const eight = `
TABLE_DUMP2|1419235200|B|192.0.2.1|64541|198.51.100.0/24|64541 64511 64500$
`
	const midday = `
BGP4MP|1419249601|A|192.0.2.1|64541|203.0.113.0/24|64541 64512 64500$
BGP4MP|1419249890|A|192.0.2.1|64541|203.0.113.0/24|64541 64512 64500$
`
	state := func(files map[string]string) map[string]string {
		v := told(t, 0, nil, files)
		out := map[string]string{}
		for id := range PeerID(v.NumPeers()) {
			if !v.Peer(id).Watching {
				continue
			}
			name := v.Peer(id).Addr.String()
			out[name] = ""
			for q, r := range v.Row(id) {
				var path []string
				for _, as := range v.AppendPath(nil, id, r) {
					path = append(path, "AS"+netip.AddrFrom4([4]byte{0, 0, byte(as >> 8), byte(as)}).String())
				}
				out[name] += v.Prefix(q).String() + " " + path[1] + ";"
			}
		}
		return out
	}
	as := func(n uint32) string { return "AS" + netip.AddrFrom4([4]byte{0, 0, byte(n >> 8), byte(n)}).String() }
	for _, c := range []struct {
		name  string
		files map[string]string
		want  map[string]string
	}{
		{"two tables", map[string]string{"bview.20141222.0000.txt": midnight, "bview.20141222.0800.txt": eight},
			map[string]string{"192.0.2.1": "198.51.100.0/24 " + as(64511) + ";"}},
		{"two tables, updates after the first", map[string]string{"bview.20141222.0000.txt": midnight, "bview.20141222.0800.txt": eight,
			"updates.20141222.0000.txt": "BGP4MP|1419206401|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\nBGP4MP|1419206690|A|192.0.2.9|64549|198.51.100.0/24|64549 64510 64500$\n"},
			map[string]string{"192.0.2.1": "198.51.100.0/24 " + as(64511) + ";"}},
		// Four hours between the table and the updates: what it had is not known, and
		// what is said afterwards is.
		{"updates long after", map[string]string{"bview.20141222.0800.txt": eight, "updates.20141222.1200.txt": midday},
			map[string]string{"192.0.2.1": "203.0.113.0/24 " + as(64512) + ";"}},
	} {
		got := state(c.files)
		if len(got) != len(c.want) || got["192.0.2.1"] != c.want["192.0.2.1"] {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
}
