package examine

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/mrt"
)

// recordsOf gives copies of the records of MRT bytes, without damage.
func recordsOf(t *testing.T, r io.Reader) (out []mrt.Record) {
	t.Helper()
	rd, rec := mrt.NewReader(r), mrt.Record{}
	for {
		switch err := rd.ReadRecord(&rec); {
		case err == io.EOF:
			return out
		case isDamage(err):
			continue
		case err != nil:
			t.Fatal(err)
		}
		c := rec
		c.Raw = slices.Clone(rec.Raw)
		out = append(out, c)
	}
}

func equalRecords(a, b *mrt.Record) bool {
	return a.Offset == b.Offset && a.Time == b.Time && a.Type == b.Type && a.Subtype == b.Subtype && a.Short == b.Short && bytes.Equal(a.Raw, b.Raw)
}

// packAll packs records and holds what comes back against them. It returns how many bytes
// they took.
func packAll(t *testing.T, s *spool, records []mrt.Record) (n int64) {
	t.Helper()
	before := s.at.Load()
	p := newPacked(s)
	sessions := map[string]int{} // by head, but for what differs in a session
	for i := range records {
		session := 0
		if n, from, _ := headOf(&records[i]); n > 0 && i%7 > 0 { // now and then none is known
			h := bytes.Clone(records[i].Raw[:n])
			clear(h[:4])
			clear(h[8:from])
			clear(h[n-bgpFromBody : n-1])
			if sessions[string(h)] == 0 {
				sessions[string(h)] = len(sessions) + 1
			}
			session = sessions[string(h)]
		}
		p.add(&records[i], session)
	}
	if p.done(); p.off {
		t.Fatal("there was room")
	}
	rd, rec := p.records(), mrt.Record{}
	for i := range records {
		if err := rd.ReadRecord(&rec); err != nil || !equalRecords(&rec, &records[i]) {
			t.Fatalf("record %d: %v, %+v is not %+v", i, err, rec, records[i])
		}
	}
	if err := rd.ReadRecord(&rec); err != io.EOF {
		t.Fatalf("behind the last one: %v, %+v", err, rec)
	}
	return s.at.Load() - before
}

func testSpool(t *testing.T) *spool {
	s, err := newSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// Records that are kept packed come back as they were, of every kind of file; and those
// of updates since BGP4MP is used take less than three quarters of their bytes.
func TestPacked(t *testing.T) {
	dir := realdata.Path(t, ".")
	s := testSpool(t)
	files := 0
	for _, pattern := range []string{"mrt/ris/*/*", "mrt/ris/*/*/*", "mrt/bgpdump-suite/input/*", "mrt/routeviews/*", "events/rv2-2008-02-24/updates.20080224.180*", "public-faults/*.mrt", "public-faults/*/*.mrt"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			if fi, err := os.Stat(name); err != nil || fi.IsDir() || fi.Size() > 4<<20 {
				continue
			}
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			d, err := decompress.NewReader(f)
			if err != nil {
				f.Close()
				continue
			}
			records, bytes := recordsOf(t, io.LimitReader(d, 8<<20)), int64(0)
			d.Close()
			f.Close()
			for _, r := range records {
				bytes += int64(len(r.Raw))
			}
			n := packAll(t, s, records)
			if files++; filepath.Base(name) > "updates.2001" && filepath.Base(name) < "updates.3" && len(records) > 1000 && 4*n > 3*bytes {
				t.Errorf("%s: %d bytes take %d", name, bytes, n)
			}
			if testing.Verbose() && len(records) > 10000 {
				t.Logf("%s: %d bytes take %.2f of them", name, bytes, float64(n)/float64(bytes))
			}
		}
	}
	if files < 20 {
		t.Errorf("only %d files were read", files)
	}
}

// What does not come out of a head as it was is kept as it is.
func TestPackedOdd(t *testing.T) {
	update := func(change func([]byte) []byte) mrt.Record {
		raw := make([]byte, 12+4+4+8+19+4)
		copy(raw[4:], []byte{0, 16, 0, 1, 0, 0, 0, byte(len(raw) - 12)})
		raw[19] = 1
		raw[44+1] = 23
		raw[46] = 2
		return mrt.Record{Type: 16, Subtype: 1, Raw: change(raw), Offset: 100}
	}
	as := func(r mrt.Record, f func(*mrt.Record)) mrt.Record { f(&r); return r }
	same := func(b []byte) []byte { return b }
	var records []mrt.Record
	for _, r := range []mrt.Record{
		update(same),
		update(func(b []byte) []byte { return b[:20] }),
		update(func(b []byte) []byte { return append(b, 1, 2, 3) }),
		update(func(b []byte) []byte { b[45]++; return b }),
		update(func(b []byte) []byte { b[11]++; return b }),
		update(func(b []byte) []byte { b[19] = 2; return b }),
		update(func(b []byte) []byte { b[19] = 7; return b }),
		as(update(same), func(r *mrt.Record) { r.Time = 5 }),
		as(update(same), func(r *mrt.Record) { r.Short = 4 }),
		as(update(same), func(r *mrt.Record) { r.Type = 17 }),
		as(update(same), func(r *mrt.Record) { r.Offset = 3 }),
		as(update(same), func(r *mrt.Record) { r.Raw = nil }),
	} {
		records = append(records, r, update(same))
	}
	packAll(t, testSpool(t), records)
}

// A file of which not all was kept is unpacked again.
func TestPackedRoom(t *testing.T) {
	s := testSpool(t)
	s.room.Store(shelfBuffer + 1000)
	rec := mrt.Record{Raw: make([]byte, 1000)}
	few, many := newPacked(s), newPacked(s)
	few.add(&rec, 0)
	few.done()
	for range 100 {
		many.add(&rec, 0)
	}
	many.done()
	if few.off || !many.off {
		t.Errorf("kept: %v and %v", !few.off, !many.off)
	}
	k := keeper{packed: many}
	if has, err := k.has(nil, nil, 1); has || err != nil || k.whole() {
		t.Errorf("%v %v", has, err)
	}
}

func FuzzPacked(f *testing.F) {
	f.Add(int64(3), int64(7_000_001), uint16(16), uint16(4), byte(0), []byte("\x00\x00\x00\x07\x00\x10\x00\x04"), []byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, offset, at int64, typ, sub uint16, short byte, raw, kept []byte) {
		s := testSpool(t)
		one := mrt.Record{Offset: offset & (1<<50 - 1), Time: moment.Time(at), Type: typ, Subtype: sub, Short: short, Raw: raw}
		two := one
		two.Offset++
		packAll(t, s, []mrt.Record{one, two, one})
		// Bytes that are none of its own are an error, at worst.
		h := shelf{s: s}
		if err := h.put(kept); err != nil {
			t.Fatal(err)
		}
		rd, rec := (&packed{s: s, chunks: h.parts}).records(), mrt.Record{}
		for range len(kept) + 1 {
			if rd.ReadRecord(&rec) != nil {
				return
			}
		}
		t.Error("it does not end")
	})
}
