package examine

import (
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// checkMessage holds what a message says of a record against what the walker says: the same
// lists of the same peer by the same path, and nothing that could not be read. It returns
// whether it says anything.
func checkMessage(t *testing.T, m *message, rec *mrt.Record) bool {
	t.Helper()
	var p bgp.Plain
	if !m.isPlain || !p.Parse(m.body, m.as4) {
		return false
	}
	var w mrt.Walker
	kind, err := w.Start(rec)
	if kind != mrt.KindUpdate || err != nil || m.time != rec.Time {
		t.Fatalf("%x is plain, and the walker has %v, %v", rec.Raw, kind, err)
	}
	e := w.Elem()
	for {
		l, ok := w.NextList()
		if !ok {
			break
		}
		want := p.Withdrawn
		if e.Kind == mrt.Announce {
			want = p.Announced
			if path := p.AppendPath(nil); !slices.Equal(path, e.AppendPath(nil)) {
				t.Fatalf("%x has the path %v, and the walker %v", rec.Raw, path, e.AppendPath(nil))
			}
			p.Announced = nil
		} else {
			p.Withdrawn = nil
		}
		if string(l.Bytes) != string(want) || l.AFI != bgp.AFIv4 || l.SAFI != bgp.SAFIUnicast || l.AddPath || e.Local || e.PeerAddr != m.peer || e.PeerAS != m.as {
			t.Fatalf("%x: the walker has another list: %+v %x", rec.Raw, e, l.Bytes)
		}
	}
	if w.Err() != nil || len(p.Withdrawn)+len(p.Announced) > 0 {
		t.Fatalf("%x: %v; lists that the walker has not: %x %x", rec.Raw, w.Err(), p.Withdrawn, p.Announced)
	}
	return true
}

// Messages of real files are what the walker makes of them, packed and not; and what is passed
// over because no prefix is wanted has none that the walker lets through, for prefixes drawn
// from the file.
func TestMessages(t *testing.T) {
	dir := realdata.Path(t, ".")
	s := testSpool(t)
	plain, passed, found := 0, 0, 0
	for _, name := range []string{"events/rv2-2008-02-24/updates.20080224.1807.bz2", "mrt/ris/rrc04/2022.02/updates.20220209.1040.gz", "mrt/ris/rrc15/2010.02/updates.20100227.1600.gz",
		"mrt/bgpdump-suite/input/updates.20070211.0141.gz", "mrt/bgpdump-suite/input/bview.20020722.2337.gz", "mrt/ris/rrc00/1999.09/updates.19990903.1041.gz"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		records := recordsOf(t, io.LimitReader(d, 2<<20))
		d.Close()
		f.Close()
		p := newPacked(s)
		var all []netip.Prefix
		var w mrt.Walker
		for i := range records {
			p.add(&records[i], 0)
			w.Start(&records[i])
			for w.Next() {
				if e := w.Elem(); e.Prefix.IsValid() {
					all = append(all, e.Prefix)
				}
			}
		}
		p.done()
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 1))
			spec := mrt.FilterSpec{Prefixes: []netip.Prefix{all[r.IntN(len(all))]}, Match: mrt.MatchAny, Until: records[len(records)*9/10].Time, Kinds: mrt.Announcements | mrt.Withdrawals | mrt.RIBEntries}
			for range r.IntN(120) {
				spec.Also = append(spec.Also, all[r.IntN(len(all))])
			}
			want, err := mrt.NewFilter(spec)
			if err != nil {
				t.Fatal(err)
			}
			rd := p.records()
			var w mrt.Walker
			w.SetFilter(want)
			for i := range records {
				var m message
				m.of(&records[i])
				if err := rd.next(); err != nil {
					t.Fatalf("%s: record %d: %v", name, i, err)
				}
				if n := &rd.message; n.isPlain != m.isPlain || m.isPlain && (n.as4 != m.as4 || n.peer != m.peer || n.as != m.as || n.time != m.time || string(n.body) != string(m.body)) {
					t.Fatalf("%s: record %d: packed %+v, else %+v", name, i, n, m)
				}
				if seed == 0 && checkMessage(t, &m, &records[i]) {
					plain++
				}
				has := m.has(want)
				if !has {
					passed++
				}
				if w.Start(&records[i]); w.Next() {
					if found++; !has {
						t.Fatalf("%s: record %d has %v and was passed over", name, i, w.Elem().Prefix)
					}
				}
			}
			if err := rd.next(); err != io.EOF {
				t.Fatalf("%s: behind the last record: %v", name, err)
			}
		}
	}
	if plain < 30_000 || passed < 100_000 || found < 1000 {
		t.Errorf("%d records were plain, %d passed over, %d found", plain, passed, found)
	}
}

func FuzzMessage(f *testing.F) {
	raw := make([]byte, 12+4+4+8+19+4)
	copy(raw[4:], []byte{0, 16, 0, 1, 0, 0, 0, byte(len(raw) - 12)})
	raw[19] = 1
	for i := range 16 {
		raw[28+i] = 0xff
	}
	raw[45], raw[46] = 23, 2
	f.Add(uint16(16), uint16(1), byte(0), raw)
	f.Add(uint16(17), uint16(4), byte(0), append(slices.Clone(raw), 1, 2, 3))
	want, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/9")}, Match: mrt.MatchAny})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, typ, sub uint16, short byte, raw []byte) {
		if len(raw) < mrtBody { // no record is shorter than its header
			return
		}
		rec := mrt.Record{Type: typ, Subtype: sub, Short: short, Raw: raw}
		var m message
		m.of(&rec)
		checkMessage(t, &m, &rec)
		var w mrt.Walker
		w.SetFilter(want)
		if w.Start(&rec); w.Next() && w.Elem().Kind <= mrt.Withdraw && !m.has(want) {
			t.Fatalf("%x has %v and was passed over", raw, w.Elem().Prefix)
		}
	})
}
