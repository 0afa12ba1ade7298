package examine

import (
	"context"
	"io"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/routes/scan"
	"constat/wire/mrt"

	"os"
)

// What signs say need not be looked at holds nothing that is wanted: each real file is read
// through its signs and without, for prefixes drawn from it, packed and not.
func TestSigns(t *testing.T) {
	dir := realdata.Path(t, ".")
	s := testSpool(t)
	passed, found := 0, 0
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
		until := records[len(records)*9/10].Time
		p := newPacked(s)
		var all []netip.Prefix
		for i := range records {
			p.add(&records[i])
		}
		p.done()
		if err := walk(context.Background(), &recordList{of: records}, func(w *mrt.Walker, _ *mrt.Record, _ mrt.Kind) error {
			for w.Next() {
				if e := w.Elem(); e.Prefix.IsValid() {
					all = append(all, e.Prefix)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 1))
			c, own := new(controls), []netip.Prefix{all[r.IntN(len(all))]}
			for range r.IntN(60) {
				c.Far = append(c.Far, all[r.IntN(len(all))])
				c.Near = append(c.Near, nearControl{Prefix: all[r.IntN(len(all))]})
			}
			near, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: own, Match: mrt.MatchAny})
			if err != nil {
				t.Fatal(err)
			}
			spec := mrt.FilterSpec{Prefixes: own, Match: mrt.MatchAny, Until: until, Kinds: mrt.Announcements | mrt.Withdrawals | mrt.RIBEntries, Also: c.Far}
			for _, n := range c.Near {
				spec.Also = append(spec.Also, n.Prefix)
			}
			want, err := mrt.NewFilter(spec)
			if err != nil {
				t.Fatal(err)
			}
			of := &signs{kept: shelf{s: s}, near: near}
			if err := newSampler(trunk{}, func(netip.Prefix) bool { return true }).read(context.Background(), &recordList{of: records}, until, 0, of); err != nil {
				t.Fatal(err)
			}
			of.done()
			for _, rd := range []scan.Records{&recordList{of: records}, p.records()} {
				var rec mrt.Record
				var w mrt.Walker
				w.SetFilter(want)
				signs := of.reader(newWantedSigns(c))
				for i := range records {
					err := readSigned(rd, &rec, signs)
					if err != nil && err != errPassed || err == nil && !equalRecords(&rec, &records[i]) {
						t.Fatalf("%s: record %d: %v", name, i, err)
					}
					if err == errPassed {
						passed++
					}
					if w.Start(&records[i]); w.Next() {
						if found++; err == errPassed {
							t.Fatalf("%s: record %d has %v and was passed over", name, i, w.Elem().Prefix)
						}
					}
				}
				if err := readSigned(rd, &rec, signs); err != io.EOF {
					t.Fatalf("%s: behind the last record: %v", name, err)
				}
			}
		}
	}
	if passed < 100_000 || found < 1000 {
		t.Errorf("%d records were passed over, %d found", passed, found)
	}
}

// recordList reads records of a list.
type recordList struct {
	of []mrt.Record
	at int
}

func (l *recordList) ReadRecord(rec *mrt.Record) error {
	if l.at == len(l.of) {
		return io.EOF
	}
	*rec = l.of[l.at]
	l.at++
	return nil
}

// Without room for signs all is looked at.
func TestSignsRoom(t *testing.T) {
	s := testSpool(t)
	s.room.Store(10)
	of := &signs{kept: shelf{s: s}}
	for range 2 * shelfBuffer {
		of.begin()
	}
	of.done()
	if of.reader(new(wantedSigns)) != nil {
		t.Error("there was no room")
	}
	var none *signs
	if none.reader(new(wantedSigns)) != nil {
		t.Error("there are none")
	}
}
