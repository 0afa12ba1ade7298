package live

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"hash/crc32"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/durable"
	"constat/routes/vantage"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

var update = flag.Bool("update", false, "write golden files anew")

func encoded(t testing.TB, s *State) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func groupsOf() Options { return Options{Groups: 5, Group: fifths} }

// TestCheckpoint: what is read is what was written, goes on like it, and is written to
// the same bytes.
func TestCheckpoint(t *testing.T) {
	for seed := range uint64(8) {
		s, o := play(t, random(seed, 20_000), false)
		b := encoded(t, s)
		back, err := Decode(bytes.NewReader(b), groupsOf())
		if err != nil {
			t.Fatal(err)
		}
		// The group of a prefix is asked for anew, with the origin that was told last.
		for q := range o.seen {
			id, _ := s.View().Find(q)
			o.seen[q] = o.group(q, s.prefixes.list.at(uint32(id)).origin.Load())
		}
		compare(t, back, o)
		if got, want := len(back.Ledger()), len(s.Ledger()); got != want {
			t.Fatalf("%d entries in the ledger, want %d", got, want)
		}
		if !bytes.Equal(encoded(t, back), b) {
			t.Fatal("written again it has other bytes")
		}
	}
}

// TestDamaged: of a checkpoint in which any byte is another, or which is cut short
// anywhere, nothing is read.
func TestDamaged(t *testing.T) {
	s, _ := play(t, random(3, 1500), false)
	b := encoded(t, s)
	for i := range b {
		x := bytes.Clone(b)
		x[i] ^= 1 << (i % 8)
		if _, err := Decode(bytes.NewReader(x), groupsOf()); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
		if _, err := Decode(bytes.NewReader(b[:i]), groupsOf()); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
	}
	if _, err := Decode(bytes.NewReader(append(bytes.Clone(b), 0)), groupsOf()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("a byte more: %v", err)
	}
}

// TestWriteFails: if the disk is full, the checkpoint that was there stays.
func TestWriteFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	s, _ := play(t, random(4, 1500), false)
	if err := s.Write(name); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	durable.Fail = func(step, _ string) error {
		if step == "flush" {
			return full
		}
		return nil
	}
	defer func() { durable.Fail = nil }()
	other, _ := play(t, random(5, 1500), false)
	if err := other.Write(name); !errors.Is(err, full) {
		t.Fatalf("%v, want %v", err, full)
	}
	back, err := Read(name, groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, back), encoded(t, s)) {
		t.Fatal("it is not the checkpoint that was there")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(name), ".tmp-*")); len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
}

// TestGolden: checkpoints of all formats are read for ever.
func TestGolden(t *testing.T) {
	const name = "testdata/state-2.checkpoint"
	s, o := play(t, random(6, 4000), false)
	if *update {
		if err := os.WriteFile(name, encoded(t, s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	back, err := Read(name, groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	first, err := Read("testdata/state-1.checkpoint", groupsOf())
	if err != nil {
		t.Fatal(err)
	}
	comparePeers(t, first, o) // who carried what it did not tell so well
	for q := range o.seen {
		id, _ := back.View().Find(q)
		o.seen[q] = o.group(q, back.prefixes.list.at(uint32(id)).origin.Load())
	}
	compare(t, back, o)
}

func FuzzDecode(f *testing.F) {
	s, _ := play(f, random(7, 800), false)
	f.Add(encoded(f, s))
	f.Add(encoded(f, New(Options{})))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Checksums would keep nearly all inputs from being looked at: they are made
		// to fit, frame by frame.
		s, err := Decode(bytes.NewReader(sealed(b)), groupsOf())
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrVersion) {
				t.Fatal(err)
			}
			return
		}
		again, err := Decode(bytes.NewReader(encoded(t, s)), groupsOf())
		if err != nil {
			t.Fatalf("what was read and written is not read: %v", err)
		}
		if !bytes.Equal(encoded(t, s), encoded(t, again)) {
			t.Fatal("read twice it is not the same")
		}
		v := s.View()
		for id := range PeerID(v.NumPeers()) {
			for q, r := range v.Row(id) {
				v.AppendPath(nil, id, r)
				v.Visibility(q)
			}
		}
	})
}

// sealed gives every frame of a checkpoint the checksum of its content.
func sealed(b []byte) []byte {
	b = bytes.Clone(b)
	sum := uint32(0)
	for i := len(magic); i+8 <= len(b); {
		n := int(binary.LittleEndian.Uint32(b[i:]))
		if n > len(b)-i-8 {
			break
		}
		sum = crc32.Update(sum, castagnoli, b[i+8:i+8+n])
		binary.LittleEndian.PutUint32(b[i+4:], sum)
		i += 8 + n
	}
	return b
}

// TestCompact: routes are what they were, no node is there for nobody, and what is fed
// after is right.
func TestCompact(t *testing.T) {
	gone := 0
	for seed := range uint64(8) {
		s, o := play(t, random(seed, 20_000), false)
		gone += s.Compact()
		compare(t, s, o)
		v := s.View()
		used := map[Node]bool{}
		for id := range PeerID(v.NumPeers()) {
			for q := range v.Row(id) {
				for _, r := range v.Routes(id, q) {
					for n := r.Node(); n != 0; n = v.Parent(n) {
						used[n] = true
					}
				}
			}
		}
		if len(used) != v.NumNodes() {
			t.Fatalf("%d nodes are used of %d", len(used), v.NumNodes())
		}
		f := s.Feeder()
		in := &script{random(seed+100, 4000)}
		for range 100 {
			k := in.n(len(s.peers))
			q, path := in.prefix(), in.path(s.peers[k].AS)
			r, origin := f.in.route(path, s.peers[k].AS, &s.peers[k].memo)
			f.hear(mrt.Announce, PeerID(k), q, origin, 0, r)
			text, _ := slowPath(path, s.peers[k].AS)
			o.see(q, origin)
			o.peers[k].announce(q, 0, text)
		}
		f.Close()
		compare(t, s, o)
	}
	if gone == 0 {
		t.Fatal("nothing was ever given back")
	}
}

// TestPaths: what a path is.
func TestPaths(t *testing.T) {
	seq := func(as ...uint32) []byte {
		b := []byte{2, byte(len(as))}
		for _, a := range as {
			b = binary.BigEndian.AppendUint32(b, a)
		}
		return b
	}
	set := func(kind byte, as ...uint32) []byte {
		b := seq(as...)
		b[0] = kind
		return b
	}
	cat := func(bs ...[]byte) (out []byte) {
		for _, b := range bs {
			out = append(out, b...)
		}
		return out
	}
	for name, c := range map[string]struct {
		raw    []byte
		want   []uint32 // as AppendPath has it
		own    bool
		origin uint32
	}{
		"plain":                 {seq(64500, 3356, 65001), []uint32{64500, 3356, 65001}, true, 65001},
		"prepended":             {seq(64500, 64500, 3356, 3356, 65001, 65001), []uint32{64500, 3356, 65001}, true, 65001},
		"of a route server":     {seq(3356, 65001), []uint32{3356, 65001}, false, 65001},
		"the peer's own":        {seq(64500), []uint32{64500}, false, 64500},
		"own, prepended":        {seq(64500, 64500), []uint32{64500}, false, 64500},
		"empty":                 {[]byte{}, []uint32{64500}, false, 64500},
		"the peer's own again":  {seq(64500, 3356, 64500, 65001), []uint32{64500, 65001}, true, 65001},
		"the peer's at the end": {seq(64500, 3356, 64500), []uint32{64500}, false, 64500},
		// AS65001 wards off AS3356, which carries nothing.
		"poisoned":                 {seq(64500, 64510, 65001, 3356, 65001), []uint32{64500, 64510, 65001}, true, 65001},
		"poisoned, prepended":      {seq(64500, 64510, 65001, 65001, 3356, 1299, 65001, 65001), []uint32{64500, 64510, 65001}, true, 65001},
		"poisoned with a set":      {cat(seq(64500, 64510, 65001), set(1, 3356, 1299), seq(65001)), []uint32{64500, 64510, 65001}, true, 65001},
		"by a network on the way":  {seq(64500, 64510, 64520, 3356, 64520, 65001), []uint32{64500, 64510, 64520, 65001}, true, 65001},
		"two loops in another":     {seq(64500, 1, 2, 3, 2, 1, 4, 1, 65001), []uint32{64500, 1, 65001}, true, 65001},
		"loops that overlap":       {seq(64500, 1, 2, 1, 3, 2), []uint32{64500, 1, 2}, true, 2},
		"of twenty hops":           {seq(64500, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19), []uint32{64500, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, true, 19},
		"of twenty, with a loop":   {seq(64500, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 2, 19), []uint32{64500, 1, 2, 19}, true, 19},
		"of a route server, again": {seq(3356, 64500, 3356, 65001), []uint32{3356, 65001}, false, 65001},
		"ends in a set":            {cat(seq(64500, 3356), set(1, 7, 5)), []uint32{64500, 3356, 0, 5, 7, 0}, true, 0},
		"a set in the middle":      {cat(seq(64500), set(1, 7, 5, 7), seq(65001)), []uint32{64500, 0, 5, 7, 0, 65001}, true, 65001},
		"a set of one":             {cat(seq(64500, 3356), set(1, 9, 9)), []uint32{64500, 3356, 9}, true, 9},
		"confederation":            {cat(set(3, 65100, 65101), seq(64500, 3356), set(4, 65102), seq(65001)), []uint32{64500, 3356, 65001}, true, 65001},
		"only a confederation":     {set(3, 65100), []uint32{64500}, false, 64500},
		"AS_TRANS":                 {seq(64500, 23456, 65001), []uint32{64500, 23456, 65001}, true, 65001},
		"the number 0":             {seq(64500, 0, 65001), nil, false, 0},
		"0 in a set":               {cat(seq(64500), set(1, 0, 5)), nil, false, 0},
		"cut short":                {seq(64500, 3356, 65001)[:9], nil, false, 0},
		"unknown segment":          {set(9, 64500), nil, false, 0},
		"an empty segment":         {cat(seq(64500), seq()), nil, false, 0},
	} {
		s := New(Options{})
		id := s.Peer(vantage.Peer{Collector: "x", Addr: netip.MustParseAddr("192.0.2.1"), AS: 64500})
		f := s.Feeder()
		r, origin := f.in.route(bgp.MakePath(c.raw, true), 64500, new(pathMemo))
		again, _ := f.in.route(bgp.MakePath(c.raw, true), 64500, new(pathMemo))
		v := s.View()
		if got := v.AppendPath(nil, id, r); !slices.Equal(got, c.want) || r.Own() != c.own || origin != c.origin || again != r {
			t.Errorf("%s: %v own %v origin %d, want %v %v %d; again %x and %x", name, got, r.Own(), origin, c.want, c.own, c.origin, r, again)
		}
		f.Close()
	}
}
