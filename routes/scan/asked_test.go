package scan

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"constat/internal/mrttest"
	"constat/moment"
	"constat/routes/rib"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// TestAsked: an answer covers the time it was asked of, whatever it says; silence
// in it is nobody's, and its tables are no tables.
func TestAsked(t *testing.T) {
	at := func(s int64) moment.Time { return moment.Unix(1583064000+s, 0) }
	p := mrttest.P("192.0.2.1", 64501)
	scan := func(f *mrttest.File, asked moment.Interval, damage bool) *Scan {
		t.Helper()
		s, err := Read(context.Background(), Input{Name: "answer", Format: "RIPEstat bgp-updates", Asked: &asked, Scope: []string{"10.0.0.0/24"},
			Open:    func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Bytes())), nil },
			Records: func(r io.Reader) Records { return &withDamage{mrt.NewReader(r), damage} }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	day := moment.Interval{From: at(0), Until: at(86400)}
	// Five minutes of news, then nothing for hours: a peer of an archive would be
	// stale, and a file of an archive would end there.
	f := new(mrttest.File)
	for i := range int64(5) {
		f.Announce(at(600+60*i), p, []uint32{64501, 1}, "10.0.0.0/24")
	}
	s := scan(f, moment.Interval{From: at(0), Until: at(7 * 3600)}, false)
	w := &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{mustJoin("ripestat-rrc00", 0, nil, []*Scan{s})}}
	l := w.Ledger(day)
	if got := fmt.Sprintln(len(l.Blind), l.Blind[0].Reason, l.Blind[0].Peer, l.Blind[0].From == at(7*3600), l.Blind[0].Until == at(86400)); got != "1 not asked <nil> true true\n" {
		t.Errorf("%s: %+v", got, l.Blind)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
	// A table of what was asked: no size of a table, no full feed, nothing lacking.
	f = new(mrttest.File).PeerIndex(at(0), p).RIB(at(0), "10.0.0.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64501, 1}})
	s = scan(f, moment.Interval{From: at(0), Until: at(1)}, false)
	w = &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{mustJoin("ripestat-rrc00", 0, nil, []*Scan{s})}}
	full, partial := w.Feeds()
	peers, _ := rib.TablePeers(w, w.Ledger(day))
	if len(s.File.Tables) != 0 || len(full)+len(partial) != 0 || len(peers) != 1 || len(peers[0].Snapshots4) != 0 {
		t.Errorf("%+v, %v, %v, %+v", s.File.Tables, full, partial, peers)
	}
	// One thing that could not be read blinds a moment, and forgets nothing.
	f = new(mrttest.File).Announce(at(10), p, []uint32{64501, 1}, "10.0.0.0/24").Announce(at(20), p, []uint32{64501, 1}, "10.0.0.0/24")
	s = scan(f, moment.Interval{From: at(0), Until: at(86400)}, true)
	w = &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{mustJoin("ripestat-rrc00", 0, nil, []*Scan{s})}}
	l = w.Ledger(day)
	if len(l.Blind) != 1 || l.Blind[0].Forget || l.Blind[0].Reason != vantage.Unreadable || l.Blind[0].From != at(10) || l.Blind[0].Until != at(20) || len(s.File.Unread) != 1 {
		t.Errorf("%+v, %+v", l.Blind, s.File.Unread)
	}
}

// withDamage gives damage of one thing behind the first record, if asked to.
type withDamage struct {
	*mrt.Reader
	left bool
}

func (w *withDamage) ReadRecord(rec *mrt.Record) error {
	if w.left && w.Records() == 1 {
		w.left = false
		return &mrt.Damage{Reason: "odd", Line: -1, Resumable: true}
	}
	return w.Reader.ReadRecord(rec)
}
