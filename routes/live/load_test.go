package live

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/moment"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

func opened(t testing.TB, from, until moment.Time, specs ...string) *source.Set {
	t.Helper()
	set, err := source.Open(context.Background(), specs, moment.Interval{From: from, Until: until}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// each reads a file and calls f with its elements.
func each(b testing.TB, raw []byte, f func(*mrt.Elem)) {
	records(b, raw, func(w *mrt.Walker) {
		for w.Next() {
			f(w.Elem())
		}
	})
}

// records reads a file and calls f with a walker at each of its records.
func records(b testing.TB, raw []byte, f func(*mrt.Walker)) {
	rd := mrt.NewReader(bytes.NewReader(raw))
	var w mrt.Walker
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			b.Fatal(err)
		}
		w.Start(&rec)
		f(&w)
	}
}

// elements reads a stored file.
func elements(t testing.TB, name string, f func(*mrt.Elem)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d, err := decompress.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rd := mrt.NewReader(d)
	var w mrt.Walker
	for {
		rec, err := rd.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			continue
		}
		w.Record(rec)
		for w.Next() {
			f(w.Elem())
		}
	}
}

// TestRealTables: a real table, fed by the collector's feeder and by the oracle, is the
// same, and so is it after a checkpoint.
func TestRealTables(t *testing.T) {
	for _, rel := range []string{
		"mrt/routeviews/rib.20140523.0600.first-1MB.bz2",
		"mrt/bgpdump-suite/input/bview.20020722.2337.gz",
		"public-faults/bird2012-table6.mrt",
		"public-faults/gobgp310-tab.mrt",
	} {
		t.Run(filepath.Base(rel), func(t *testing.T) {
			name := realdata.Path(t, rel)
			s := New(Options{})
			c := s.Collector("x", nil)
			o := &slow{seen: seen{}, group: nobody}
			n := 0
			elements(t, name, func(e *mrt.Elem) {
				if n++; n > 120_000 || e.Kind != mrt.RIBEntry {
					return
				}
				c.Apply(e)
				w := o.peer(vantage.Peer{Collector: "x", Addr: e.PeerAddr, AS: e.PeerAS})
				text, origin := slowPath(e.Path(), e.PeerAS)
				o.see(e.Prefix, origin)
				w.entry(e.Prefix, e.PathID, text)
			})
			c.Close()
			if n == 0 || len(o.seen) == 0 {
				t.Fatal("nothing in it")
			}
			if len(o.seen) < 20_000 { // the oracle's covers are quadratic
				compare(t, s, o)
			} else {
				o.seen = nil
				comparePeers(t, s, o)
			}
			t.Logf("%d entries of %d peers, %d prefixes, %d nodes", n, s.View().NumPeers(), s.View().NumPrefixes(), s.View().NumNodes())
		})
	}
}

// TestLoad: at the end of AS22047's last outage of 27 February 2010 nobody holds its
// routes, and who was in a table transfer does not count.
func TestLoad(t *testing.T) {
	dir := realdata.Path(t, "mrt/ris/rrc15")
	from, _ := moment.ParseTime("2010-02-27T16:00:00Z")
	load := func(clock string) (*View, *vantage.Watch) {
		at, err := moment.ParseTime("2010-02-27T" + clock + "Z")
		if err != nil {
			t.Fatal(err)
		}
		s, w, err := Load(context.Background(), Loading{Set: opened(t, from, at+1, dir), Until: at})
		if err != nil {
			t.Fatal(err)
		}
		return s.View(), w
	}
	in, _ := load("16:14:20")
	c4, _ := in.OriginVisibility(22047)
	if c4.Held != 0 || c4.Carried < 98*3 {
		t.Errorf("in the outage %d of %d routes are held, want 0 of at least %d", c4.Held, c4.Carried, 98*3)
	}
	out, w := load("16:14:50")
	c4, _ = out.OriginVisibility(22047)
	if c4.Held < c4.Carried*9/10 || c4.Carried < 98*3 {
		t.Errorf("after it %d of %d routes are held", c4.Held, c4.Carried)
	}
	// Between the two files five minutes are missing: what was known before is not
	// known after.
	hole, _ := load("16:07:00")
	for id := range PeerID(hole.NumPeers()) {
		if p := hole.Peer(id); p.Watching {
			t.Errorf("%v is watching in the hole", p.Peer)
		}
	}
	if len(w.Collectors) != 1 || len(w.Collectors[0].Missing) == 0 {
		t.Errorf("the hole is not in the account: %+v", w.Collectors)
	}
}
