package scan

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/moment"
	"constat/routes/source"
	"constat/wire/mrt"
)

func run(t *testing.T, folder, from, until string) *Result {
	t.Helper()
	dir := realdata.Path(t, folder)
	q := moment.Interval{}
	var err error
	if q.From, err = moment.ParseTime(from); err != nil {
		t.Fatal(err)
	}
	if q.Until, err = moment.ParseTime(until); err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(context.Background(), []string{dir}, q, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), Request{Sources: set, From: q.From, Until: q.Until})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRealOutages: the outages of the reference table (data/README.md) are among the
// first, with their prefixes, and are what an examination of them finds.
func TestRealOutages(t *testing.T) {
	for _, c := range []struct {
		folder, from, until string
		as                  uint32
		rank, prefixes      int
		outages             int
		total               bool
	}{
		{"mrt/ris/rrc15", "2010-02-27T16:00:00Z", "2010-02-27T16:15:00Z", 22047, 1, 98, 6, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 53113, 10, 6, 1, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 202583, 8, 8, 1, true},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 53225, 9, 12, 1, false},
	} {
		r := run(t, c.folder, c.from, c.until)
		i := slices.IndexFunc(r.Losses, func(l Loss) bool { return l.AS == c.as })
		if i < 0 || i >= c.rank {
			t.Errorf("AS%d has place %d of %d, want at most %d", c.as, i+1, len(r.Losses), c.rank)
			continue
		}
		l := r.Losses[i]
		o := l.Outages[l.Worst]
		if len(l.Outages) != c.outages || o.Prefixes != c.prefixes || o.Total != c.total {
			t.Errorf("AS%d: %d outages, the worst of %d prefixes, total %v; want %d, %d, %v", c.as, len(l.Outages), o.Prefixes, o.Total, c.outages, c.prefixes, c.total)
		}
		t.Logf("AS%d: place %d of %d", c.as, i+1, len(r.Losses))
		for k, l := range r.Losses[:i] { // nothing false above
			o := l.Outages[l.Worst]
			if o.Peers < 2 || o.Routes.Lost == 0 || 2*o.Routes.Lost < o.Routes.Of {
				t.Errorf("above AS%d, at %d, stands %s: %d of %d routes lost by %d peers", c.as, k+1, l.Subject(), o.Routes.Lost, o.Routes.Of, o.Peers)
			}
		}
	}
}

// said is one announcement or withdrawal, as the files have it.
type said struct {
	at       moment.Time
	peer     netip.Addr
	as       uint32
	prefix   netip.Prefix
	announce bool
}

// allSaid reads the files of a folder in the order of their names, with no rule of this
// program but how a record is read.
func allSaid(t *testing.T, folder string) (out []said) {
	t.Helper()
	var files []string
	if err := filepath.WalkDir(realdata.Path(t, folder), func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		rd, w := mrt.NewReader(d), mrt.Walker{}
		for {
			rec, err := rd.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				continue
			}
			for w.Start(&rec); w.Next(); {
				if e := w.Elem(); e.Kind == mrt.Announce || e.Kind == mrt.Withdraw {
					out = append(out, said{e.Time, e.PeerAddr, e.PeerAS, e.Prefix, e.Kind == mrt.Announce})
				}
			}
		}
		d.Close()
		f.Close()
	}
	return out
}

// TestNothingFalseAbove: every network that stands above the outages of the reference table
// lost its routes by the records alone: at some second as many of its lost prefixes' routes
// as hold at any peer were withdrawn and not announced again, by peers in two networks,
// and a total is a second at which no peer that ever spoke of them had announced any last.
func TestNothingFalseAbove(t *testing.T) {
	for _, c := range []struct {
		folder, from, until string
		last                uint32 // of those that are named, the one that stands last
	}{
		{"mrt/ris/rrc15", "2010-02-27T16:00:00Z", "2010-02-27T16:15:00Z", 22047},
		{"mrt/ris/rrc04", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", 53113},
	} {
		r := run(t, c.folder, c.from, c.until)
		all := allSaid(t, c.folder)
		for rank := range r.Losses {
			l := &r.Losses[rank]
			o := l.Outages[l.Worst]
			type route struct {
				peer   netip.Addr
				as     uint32
				prefix netip.Prefix
			}
			last := map[route]bool{}
			lost, none := false, false
			for i, s := range all {
				if s.at >= o.Until {
					break
				}
				if slices.Contains(l.lost, s.prefix) {
					last[route{s.peer, s.as, s.prefix}] = s.announce
				}
				if s.at < o.From || i+1 < len(all) && all[i+1].at.Sec() == s.at.Sec() {
					continue // at the end of each second
				}
				held, gone, networks := 0, 0, map[uint32]bool{}
				for k, announced := range last {
					if announced {
						held++
					} else {
						gone++
						networks[k.as] = true
					}
				}
				lost = lost || gone >= held && len(networks) >= 2
				none = none || held == 0 && len(networks) >= 2
			}
			if !lost || o.Total && !none {
				t.Errorf("place %d, %s: lost by the records: %v; total %v, by the records: %v", rank+1, l.Subject(), lost, o.Total, none)
			}
			if l.AS == c.last {
				t.Logf("%s: %d places are borne out by the records", c.folder, rank+1)
				break
			}
		}
	}
}

// TestGivenBack: AS17557 announces AS36561's 208.65.153.0/24 on the evening of 24 February 2008, and AS36561 takes it back. That is no
// loss of AS17557, and nobody took its place: no table was read, and that AS36561 had 208.65.152.0/22 before both is told by
// the paths on which it was told later.
func TestGivenBack(t *testing.T) {
	r := run(t, "events/rv2-2008-02-24", "2008-02-24T18:00:00Z", "2008-02-24T22:00:00Z")
	hijacked := netip.MustParsePrefix("208.65.153.0/24")
	for _, l := range r.Taken {
		if l.AS == 17557 || slices.Contains(l.By, 36561) {
			t.Errorf("%s is said to have been taken over by %v", l.Subject(), l.By)
		}
	}
	for _, l := range r.Losses {
		if l.AS == 17557 && (slices.Contains(l.lost, hijacked) || len(l.Outages) != 44 || l.Outages[0].Of != 277) {
			t.Errorf("AS17557 has %d outages, of %d prefixes; an examination finds 44, of 277 that are its own", len(l.Outages), l.Outages[0].Of)
		}
	}
	if len(r.Taken) != 5 { // of three others what gave way to another's is set aside: no table says who was first
		t.Errorf("%d networks were taken over, want 5", len(r.Taken))
	}
}
