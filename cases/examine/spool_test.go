package examine

import (
	"context"
	"io"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"constat/cases/caselog"
	"constat/internal/decompress"
	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/scan"
	"constat/routes/source"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// What was kept while sources were read once must be what reading them again through
// a filter finds, in whatever order prefixes turn out to be the subject's.
func TestKeptIsWhatIsThere(t *testing.T) {
	prefixes := []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25", "10.1.3.0/24", "10.2.0.0/16", "10.2.5.0/24",
		"172.16.0.0/12", "172.16.4.0/24", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1:2::/64", "2001:db8:1:2:3::/80"}
	subjects := []string{"AS64496", "10.1.2.0/24", "10.0.0.0/8", "2001:db8:1:2::/64", "172.16.0.0/13"}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 8))
		w := newWorld(t)
		w.keeps("rrc00", 0, 1800)
		peers := []mrttest.Peer{pA, pB, pC}
		origin := func() uint32 {
			if r.IntN(6) == 0 {
				return own
			}
			return other + uint32(r.IntN(3))
		}
		some := func() []string {
			out := []string{prefixes[r.IntN(len(prefixes))]}
			if r.IntN(4) == 0 {
				out = append(out, prefixes[r.IntN(len(prefixes))])
			}
			return out
		}
		if r.IntN(2) == 0 {
			for _, q := range prefixes { // one dump, in the order of addresses
				if r.IntN(3) > 0 {
					o := origin()
					w.events = append(w.events, event{"rrc00", at(1), func(f *mrttest.File, t moment.Time) {
						if f.Len() == 0 {
							f.PeerIndex(t, peers...)
						}
						f.RIB(t, q, mrttest.Entry{Peer: 0, Path: []uint32{peers[0].AS, transit, o}}, mrttest.Entry{Peer: 1, Path: []uint32{peers[1].AS, o}})
					}, true})
				}
			}
		}
		for range r.IntN(60) {
			s, p := 2+r.Float64()*1790, peers[r.IntN(len(peers))]
			if r.IntN(3) == 0 {
				w.withdraw(s, p, some()...)
			} else {
				w.announce(s, origin(), p, some()...)
			}
		}
		q := asked{subject: subjects[r.IntN(len(subjects))], from: 0, until: 1500, specs: []string{w.write()}, workers: 1 + r.IntN(2)}
		_, dir := ask(t, q)
		// From the case alone the same comes out, though its scope was found before the
		// records of controls came to it.
		if _, err := Recompute(context.Background(), dir); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}

		// The slow way.
		a, err := atlas.Open("")
		if err != nil {
			t.Fatal(err)
		}
		s, err := a.At(at(0).Std()).Resolve(q.subject)
		if err != nil {
			t.Fatal(err)
		}
		set, err := source.Open(context.Background(), q.specs, moment.Interval{From: at(0), Until: at(1500)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		own, err := newFound(s)
		if err != nil {
			t.Fatal(err)
		}
		read := func(f *source.File, use func(scan.Records)) (sum string) {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			d, err := decompress.NewReader(in)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			use(f.Records(d))
			if sum, _, err = in.Sum(); err != nil {
				t.Fatal(err)
			}
			return sum
		}
		for i := range set.Files {
			l := own.local()
			read(&set.Files[i], func(rd scan.Records) {
				if err := walk(context.Background(), rd, func(w *mrt.Walker, _ *mrt.Record, _ mrt.Kind) error {
					for w.Next() {
						if e := w.Elem(); e.Kind == mrt.Announce || e.Kind == mrt.RIBEntry {
							l.route(e)
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			})
			if err := own.join(l); err != nil {
				t.Fatal(err)
			}
		}
		var c controls
		if err := readJSON(dir, ControlsName, ControlsFormat, &c, &c.Format); err != nil {
			t.Fatal(err)
		}
		want, err := newWanted(&Request{Subject: s, Until: at(1500)}, own.sorted(), &c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := caselog.Create(filepath.Join(t.TempDir(), "again"), false)
		if err != nil {
			t.Fatal(err)
		}
		for i := range set.Files {
			x := again.Exhibit(set.Files[i].Collector, set.Files[i].Name)
			sum := read(&set.Files[i], func(rd scan.Records) {
				if want == nil {
					return
				}
				if err := extract(context.Background(), rd, want, x, own); err != nil {
					t.Fatal(err)
				}
			})
			if err := x.Close(sum); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := again.Seal(); err != nil {
			t.Fatal(err)
		}
		if err := sameExhibits(dir, again.Dir()); err != nil {
			t.Errorf("seed %d, %s: %v", seed, q.subject, err)
		}
		again.Abort()
	}
}

// Prefixes survive being written as numbers, except for the tail of long ones.
func TestKeyOf(t *testing.T) {
	for in, want := range map[string]string{"0.0.0.0/0": "0.0.0.0/0", "255.255.255.255/32": "255.255.255.255/32", "10.1.2.0/24": "10.1.2.0/24",
		"::/0": "::/0", "2001:db8:1::/48": "2001:db8:1::/48", "2001:db8:1:2::/64": "2001:db8:1::/48", "ffff:ffff:ffff::/48": "ffff:ffff:ffff::/48"} {
		if got := prefixOf(keyOf(netip.MustParsePrefix(in))); got.Masked().String() != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestKeyOfRaw: a prefix as it stands in an UPDATE has the same number, whatever stands
// behind it.
func TestKeyOfRaw(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		afi, most := uint16(bgp.AFIv4), 32
		if r.IntN(2) == 0 {
			afi, most = bgp.AFIv6, 128
		}
		bits := 1 + r.IntN(most)
		raw := make([]byte, (bits+7)/8+r.IntN(12))
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		p := bgp.MakePrefix(raw[:(bits+7)/8], bits, afi)
		want := p
		if afi == bgp.AFIv6 && bits > 48 {
			want = netip.PrefixFrom(p.Addr(), 48).Masked()
		}
		if got := keyOfRaw(raw, byte(bits), afi); got != keyOf(want) {
			t.Fatalf("%s in %x: %x, not %x", p, raw, got, keyOf(want))
		}
	}
}

func TestNest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	draw := func() netip.Prefix {
		a := netip.AddrFrom4([4]byte{10, byte(r.IntN(3)), byte(r.IntN(3)), byte(r.IntN(256))})
		if r.IntN(2) == 0 {
			b := a.As4()
			a = netip.AddrFrom16([16]byte{0x20, 1, 0xd, byte(0xb8 + r.IntN(2)), b[1], b[2], b[3]})
		}
		p, _ := a.Prefix(r.IntN(33))
		return p
	}
	for range 200 {
		n := new(nest)
		var in []netip.Prefix
		for range r.IntN(5) {
			p := draw()
			in = append(in, p)
			n.add(p)
		}
		for range 50 {
			q := draw()
			if got, want := n.has(q), slices.ContainsFunc(in, q.Overlaps); got != want {
				t.Fatalf("%v in %v: got %v", q, in, got)
			}
		}
	}
}

// walk decodes every record of a source that can be framed; damage was counted when
// it was scanned.
func walk(ctx context.Context, rd scan.Records, do func(*mrt.Walker, *mrt.Record, mrt.Kind) error) error {
	var w mrt.Walker
	rec := new(mrt.Record)
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := rd.ReadRecord(rec)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if isDamage(err) {
				continue
			}
			return err
		}
		kind, _ := w.Start(rec)
		if err := do(&w, rec, kind); err != nil {
			return err
		}
	}
}
