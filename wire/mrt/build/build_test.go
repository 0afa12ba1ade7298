package build_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/moment"
	"os"

	"constat/wire/bgp"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
	"constat/wire/mrt/text"
)

// list is a source of events made by hand.
type list struct {
	events []build.Event
	err    error
}

func (l *list) Next(e *build.Event) error {
	if len(l.events) == 0 {
		if err := l.err; err != nil {
			l.err = nil
			return err
		}
		return io.EOF
	}
	*e = l.events[0]
	l.events = l.events[1:]
	return nil
}

// lines prints what the records say, and damage.
func lines(t *testing.T, r interface{ Next() (mrt.Record, error) }) string {
	t.Helper()
	var w mrt.Walker
	form := text.Line{Untold: text.Untold{NextHop: true}}
	var out []byte
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return string(out)
		}
		var d *mrt.Damage
		if errors.As(err, &d) {
			out = fmt.Appendf(out, "! %v\n", d)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.Record(rec)
		for w.Next() {
			out = form.Append(out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			out = fmt.Appendf(out, "! %v\n", err)
		}
	}
}

func TestRecords(t *testing.T) {
	at := moment.Unix(1419264907, 250000)
	peer, peer6 := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	long := make([]uint32, 600)
	for i := range long {
		long[i] = uint32(64500 + i)
	}
	seq := func(as ...uint32) []build.Segment { return []build.Segment{{Type: bgp.SegSequence, AS: as}} }
	p := netip.MustParsePrefix
	events := []build.Event{
		{Kind: build.Announce, Time: at, Peer: peer, AS: 64500, Prefix: p("10.0.0.0/8"), Route: build.Route{Path: seq(64500, 200000), HasPath: true, HasOrigin: true, NextHop: peer,
			HasMED: true, MED: 1 << 31, HasLocalPref: true, LocalPref: 7, Atomic: true, AggregatorAS: 64501, Aggregator: peer, Communities: []uint32{1<<16 | 2}, Ext: [][8]byte{{0, 2, 0, 1, 0, 0, 0, 3}}, Large: [][3]uint32{{1, 2, 3}}}},
		{Kind: build.Announce, Time: at, Peer: peer6, AS: 64501, Prefix: p("10.1.0.0/16"), Route: build.Route{Path: seq(64501), HasPath: true, NextHop: peer6}},
		{Kind: build.Announce, Time: at, Peer: peer, AS: 64500, Prefix: p("2001:db8::/32"), HasID: true, ID: 9, Route: build.Route{Path: []build.Segment{{Type: bgp.SegSequence, AS: long}, {Type: bgp.SegSet, AS: []uint32{1, 2}}}, HasPath: true}},
		{Kind: build.Withdraw, Time: at, Peer: peer, AS: 64500, Prefix: p("2001:db8::/32")},
		{Kind: build.Withdraw, Time: at, Peer: peer, AS: 64500, Prefix: p("10.0.0.0/8"), SAFI: bgp.SAFIMulticast},
		{Kind: build.State, Time: moment.Unix(1, 0), Peer: peer6, AS: 64501, Old: 6, New: 1},
		{Kind: build.Announce, Time: at, Peer: peer, AS: 64500, Prefix: p("0.0.0.0/0"), Route: build.Route{HasPath: true}},
		{Kind: build.Entry, Time: at, Peer: peer, AS: 64500, Prefix: p("10.0.0.0/8"), Originated: moment.Unix(5, 0), Route: build.Route{Path: seq(64500), HasPath: true}},
		{Kind: build.Entry, Time: at, Peer: peer6, AS: 64501, Prefix: p("10.0.0.0/8"), Route: build.Route{Path: seq(64501), HasPath: true, NextHop: peer6}},
		{Kind: build.Entry, Time: at, Peer: peer, AS: 64500, Prefix: p("2001:db8::/32"), HasID: true, ID: 4, Route: build.Route{Path: seq(64500), HasPath: true, NextHop: peer6}},
		{Kind: build.Withdraw, Time: -1, Peer: peer, Prefix: p("10.0.0.0/8")},
		{Kind: build.Withdraw, Time: at, Prefix: p("10.0.0.0/8")},
		{Kind: build.Withdraw, Time: at, Peer: peer},
		{Kind: build.Announce, Time: at, Peer: peer, Prefix: p("10.0.0.0/8"), Route: build.Route{Large: make([][3]uint32, 6000)}},
		{Kind: build.Withdraw, Time: at, Peer: peer, AS: 64500, Prefix: p("10.0.0.0/8"), Sent: true},
	}
	long64 := strings.Trim(fmt.Sprint(long), "[]")
	want := `2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 10.0.0.0/8 path 64500 200000 origin IGP next-hop 192.0.2.1 med 2147483648 local-pref 7 atomic aggregator AS64501 192.0.2.1 communities 1:2 extended rt:1:3 large 1:2:3
2014-12-22T16:15:07.250000Z announce 2001:db8::1 AS64501 10.1.0.0/16 path 64501 origin INCOMPLETE next-hop 2001:db8::1
2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 2001:db8::/32 path-id 9 path ` + long64 + ` {1,2} origin INCOMPLETE
2014-12-22T16:15:07.250000Z withdraw 192.0.2.1 AS64500 2001:db8::/32
2014-12-22T16:15:07.250000Z withdraw 192.0.2.1 AS64500 10.0.0.0/8 family ipv4-multicast
1970-01-01T00:00:01Z state 2001:db8::1 AS64501 Established to Idle
2014-12-22T16:15:07.250000Z announce 192.0.2.1 AS64500 0.0.0.0/0 path () origin INCOMPLETE
2014-12-22T16:15:07Z rib 192.0.2.1 AS64500 10.0.0.0/8 since 1970-01-01T00:00:05Z path 64500
2014-12-22T16:15:07Z rib 2001:db8::1 AS64501 10.0.0.0/8 path 64501 next-hop 2001:db8::1
2014-12-22T16:15:07Z rib 192.0.2.1 AS64500 2001:db8::/32 path-id 4 path 64500 next-hop 2001:db8::1
! offset 0: the time 1969-12-31T23:59:59.999999Z is none that a record has room for (1970 to 2106)
! offset 0: it names no peer
! offset 0: it names no prefix
! offset 0: its attributes have 72018 bytes, and no message has room for them
2014-12-22T16:15:07.250000Z withdraw 192.0.2.1 AS64500 10.0.0.0/8 sent-by-collector
! offset 3: broken
`
	broken := &mrt.Damage{Offset: 3, Reason: "broken"}
	if got := lines(t, build.NewRecords(&list{events, broken}, "")); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	// What is made is a stream that the reader of streams reads.
	var stream []byte
	r := build.NewRecords(&list{events: events}, "")
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		stream = append(stream, rec.Raw...)
	}
	var kept []string
	for l := range strings.SplitAfterSeq(want, "\n") {
		if !strings.HasPrefix(l, "!") {
			kept = append(kept, l)
		}
	}
	if got := lines(t, mrt.NewReader(bytes.NewReader(stream))); got != strings.Join(kept, "") {
		t.Errorf("as a stream\n%s", got)
	}
}

// again says with events of this package what a stream of MRT says.
type again struct {
	r *mrt.Reader
	w mrt.Walker
}

func (a *again) Next(e *build.Event) error {
	for {
		if a.w.Next() {
			if el := a.w.Elem(); el.Kind != mrt.EndOfRIB && !el.Malformed {
				break
			}
			continue // no events of this kind
		}
		rec, err := a.r.Next()
		if err != nil {
			return err
		}
		a.w.Record(rec)
	}
	el := a.w.Elem()
	e.Kind = map[mrt.ElemKind]build.Kind{mrt.Announce: build.Announce, mrt.Withdraw: build.Withdraw, mrt.RIBEntry: build.Entry, mrt.State: build.State}[el.Kind]
	e.Time, e.Peer, e.AS, e.Prefix, e.SAFI, e.HasID, e.ID = el.Time, el.PeerAddr, el.PeerAS, el.Prefix, el.SAFI, el.HasPathID, el.PathID
	e.Old, e.New, e.Originated = el.OldState, el.NewState, el.Originated
	at, t := el.Attrs(), &e.Route
	t.HasPath = at.Has(bgp.AttrASPath)
	for rest := at.Path(); ; {
		s, more, ok := rest.Cut()
		if !ok {
			break
		}
		rest = more
		seg := build.Segment{Type: s.Type}
		for i := range s.Len() {
			seg.AS = append(seg.AS, s.At(i))
		}
		t.Path = append(t.Path, seg)
	}
	t.HasOrigin, t.Origin, t.NextHop = at.Has(bgp.AttrOrigin), at.Origin, el.NextHop()
	t.HasMED, t.MED, t.HasLocalPref, t.LocalPref, t.Atomic = at.Has(bgp.AttrMED), at.MED, at.Has(bgp.AttrLocalPref), at.LocalPref, at.Atomic
	if at.Has(bgp.AttrAggregator) {
		t.AggregatorAS, t.Aggregator = at.AggregatorAS, at.AggregatorAddr
	}
	for i := range at.NumCommunities() {
		t.Communities = append(t.Communities, at.Community(i))
	}
	for i := range at.NumExtCommunities() {
		t.Ext = append(t.Ext, at.ExtCommunity(i))
	}
	for i := range at.NumLarge() {
		t.Large = append(t.Large, at.Large(i))
	}
	return nil
}

// TestAgain: real records said again element by element say the same.
func TestAgain(t *testing.T) {
	for _, p := range realdata.Glob(t, "mrt/ris/rrc04/2022.02/updates.20220209.1035.gz", "mrt/bgpdump-suite/input/bview.ipv*", "mrt/routeviews/updates*") {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		d, err := decompress.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(d)
		d.Close()
		if err != nil {
			t.Fatal(err)
		}
		want := lines(t, mrt.NewReader(bytes.NewReader(data)))
		got := lines(t, build.NewRecords(&again{r: mrt.NewReader(bytes.NewReader(data))}, ""))
		var kept []string
		for l := range strings.SplitAfterSeq(want, "\n") {
			if !strings.Contains(l, " end-of-rib ") && !strings.Contains(l, " announced-malformed") && !strings.HasPrefix(l, "!") {
				kept = append(kept, l)
			}
		}
		want = strings.Join(kept, "")
		if len(kept) < 10 {
			t.Fatalf("%s: %d lines", p, len(kept))
		}
		if got != want {
			a, b := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
			for i := range b {
				if i >= len(a) || a[i] != b[i] {
					t.Errorf("%s, line %d of %d and %d:\n%s%s", p, i, len(a), len(b), a[min(i, len(a)-1)], b[i])
					break
				}
			}
		}
	}
}
