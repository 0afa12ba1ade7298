package mrt_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"

	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// read gives everything in a stream: a line for every element, and the damage.
func read(t testing.TB, data []byte, f *mrt.Filter) (elems []string, damage []*mrt.Damage, w *mrt.Walker) {
	t.Helper()
	w = new(mrt.Walker)
	w.SetFilter(f)
	r := mrt.NewReader(bytes.NewReader(data))
	note := func(err error) {
		var d *mrt.Damage
		if !errors.As(err, &d) {
			t.Fatalf("%v is no damage", err)
		}
		damage = append(damage, d)
	}
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return elems, damage, w
		}
		if err != nil {
			note(err)
			continue
		}
		w.Record(rec)
		for w.Next() {
			e := w.Elem()
			s := fmt.Sprintf("%v %v", e.Kind, e.PeerAddr)
			if e.Prefix.IsValid() {
				s += " " + e.Prefix.String()
			}
			if e.HasPathID {
				s += fmt.Sprintf(" id %d", e.PathID)
			}
			if as, ok := e.OriginAS(); ok {
				s += fmt.Sprintf(" by %d", as)
			}
			elems = append(elems, s)
		}
		if err := w.Err(); err != nil {
			note(err)
		}
	}
}

func wantElems(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// Complaints 5 and 6 of the field are about what the reader's callers do with
// withdrawals; the reader's part is to give every one of them, explicit ones in
// both their forms and those that RFC 7606 makes of malformed announcements.
func TestComplaint6EveryWithdrawalIsGiven(t *testing.T) {
	m := handMade()
	for name, want := range map[string][]string{
		"withdraw":    {"withdraw 192.0.2.1 175.45.176.0/24", "withdraw 192.0.2.1 175.45.177.0/24"},
		"withdraw v6": {"withdraw 192.0.2.1 2001:db8::/32", "withdraw 192.0.2.1 2001:db8:1::/48"},
		"bad origin":  {"withdraw 192.0.2.1 175.45.176.0/24", "withdraw 192.0.2.1 175.45.177.0/24"},
		"bad path":    {"withdraw 192.0.2.1 175.45.176.0/24", "withdraw 192.0.2.1 175.45.177.0/24"},
		"no origin":   {"withdraw 192.0.2.1 175.45.176.0/24", "withdraw 192.0.2.1 175.45.177.0/24"},
		"both": {"withdraw 192.0.2.1 198.51.100.0/24", "announce 192.0.2.1 175.45.176.0/24 by 131279",
			"announce 192.0.2.1 175.45.177.0/24 by 131279"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, _ := read(t, m[name], nil)
			wantElems(t, got, want...)
		})
	}
}

// Complaint 7: path identifiers in records that do not announce any are not
// printed as 250.0.0.0/208, nor as a handful of default routes.
func TestComplaint7AddPathInPlainRecords(t *testing.T) {
	for _, c := range []struct {
		name string
		nlri []byte
		want []string
	}{
		{"small identifiers", prefixes([]int{720, 721}, "175.45.176.0/24", "175.45.177.0/24"),
			[]string{"announce 192.0.2.1 175.45.176.0/24 id 720 by 131279", "announce 192.0.2.1 175.45.177.0/24 id 721 by 131279"}},
		{"identifier 1", prefixes([]int{1}, "175.45.176.0/24"), []string{"announce 192.0.2.1 175.45.176.0/24 id 1 by 131279"}},
		{"large identifiers", prefixes([]int{0x7fd0fa00}, "175.45.176.0/24"), []string{"announce 192.0.2.1 175.45.176.0/24 id 2144401920 by 131279"}},
		{"none", prefixes(nil, "0.0.0.0/0", "175.45.176.0/24"),
			[]string{"announce 192.0.2.1 0.0.0.0/0 by 131279", "announce 192.0.2.1 175.45.176.0/24 by 131279"}},
		{"neither makes sense", []byte{208, 250, 1, 2}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, damage, w := read(t, updateRecord(nil, plainAttrs(), c.nlri), nil)
			wantElems(t, got, c.want...)
			if c.want == nil && len(damage) != 1 {
				t.Errorf("damage %v, want one", damage)
			}
			if c.want != nil && (len(damage) != 0 || (w.GuessedAddPath() == 1) == (c.name == "none")) {
				t.Errorf("damage %v, %d lists guessed", damage, w.GuessedAddPath())
			}
		})
	}
}

// Complaint 7 in a real file: RouteViews' session with AS57695.
func TestComplaint7RouteViews(t *testing.T) {
	got, damage, w := read(t, unpack(t, realdata.Path(t, "mrt/routeviews/updates.20220119.1645.first-6s.et.mrt")), nil)
	if len(got) != 744 || len(damage) != 0 || w.GuessedAddPath() != 11 {
		t.Errorf("%d elements, %d lists guessed, damage %v; want 744, 11, none", len(got), w.GuessedAddPath(), damage)
	}
	for _, e := range got {
		if strings.Contains(e, " 0.0.0.0/0") {
			t.Errorf("%s: nobody announces this here", e)
		}
	}
}

// Complaint 8: truncation is never silent, and all that came before is kept.
func TestComplaint8TruncationIsSaid(t *testing.T) {
	one := updateRecord(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24"))
	whole := cat(one, one, one)
	for cut := 1; cut < len(one); cut++ {
		got, damage, _ := read(t, whole[:len(whole)-cut], nil)
		if len(got) != 2 {
			t.Fatalf("cut by %d: %d elements, want 2", cut, len(got))
		}
		if len(damage) != 1 || !errors.Is(damage[0], io.ErrUnexpectedEOF) || damage[0].Offset != int64(2*len(one)) || damage[0].Resumable {
			t.Fatalf("cut by %d: damage %+v, want one at %d", cut, damage, 2*len(one))
		}
	}
}

// Complaint 8, the other half: no crash and no mute hang on corrupt dumps.
// Whatever byte is changed, the records around it are read.
func TestComplaint8CorruptionStaysLocal(t *testing.T) {
	one := updateRecord(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24"))
	whole := bytes.Repeat(one, 9)
	middle := 4 * len(one)
	for i := range one {
		for _, bit := range []byte{0x01, 0x80, 0xff} {
			data := slices.Clone(whole)
			data[middle+i] ^= bit
			got, damage, _ := read(t, data, nil)
			if len(got) < 7 {
				t.Errorf("byte %d changed by %#x: %d elements, want at least 7 of 9; %v", i, bit, len(got), damage)
			}
			// A changed length must be noticed.
			if i >= 8 && i < 12 && len(damage) == 0 {
				t.Errorf("length byte %d changed by %#x: no damage said", i-8, bit)
			}
		}
	}
}

// Complaint 9: memory follows the bytes that are there, not those that length
// fields promise, and not the length of the file.
func TestComplaint9MemoryIsBounded(t *testing.T) {
	one := updateRecord(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24"))
	lie := cat(u32(when), u16(mrt.TypeTableDumpV2), u16(mrt.V2IPv4Unicast), u32(mrt.MaxRecord))
	index := cat(u32(when), u16(mrt.TypeTableDumpV2), u16(mrt.V2PeerIndexTable), u32(12), ip("192.0.2.1"), u16(65535), u16(65535), u32(0))
	path := updateRecord(nil, attr(0x40, 2, []byte{2, 255}, u32(1)), prefixes(nil, "175.45.176.0/24"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, data := range [][]byte{cat(one, lie), cat(one, index, one), cat(path, path), bytes.Repeat(cat(one, lie), 50)} {
		read(t, data, nil)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("%d MB allocated for a few kilobytes", got>>20)
	}
	// A gigabyte of updates that nobody asked about: a handful of allocations.
	f, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	endless := &repeat{b: bytes.Repeat(one, 1000), left: 100 << 20}
	runtime.ReadMemStats(&before)
	var w mrt.Walker
	w.SetFilter(f)
	r := mrt.NewReader(endless)
	for {
		rec, err := r.Next()
		if err != nil {
			break
		}
		w.Record(rec)
		for w.Next() {
			t.Fatal("an element that nobody asked about")
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 100 {
		t.Errorf("%d allocations for 100 MB, want at most 100", n)
	}
}

// repeat gives its bytes again and again.
type repeat struct {
	b    []byte
	at   int
	left int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b[r.at:])
	r.at = (r.at + n) % len(r.b)
	r.left -= n
	return n, nil
}

// Complaint 10: entries of a table whose peers nobody knows are said to be
// lost, not silently dropped.
func TestComplaint10NoPeerTable(t *testing.T) {
	got, damage, _ := read(t, handMade()["no index"], nil)
	if len(got) != 0 || len(damage) != 1 || !strings.Contains(damage[0].Reason, "peer index table") {
		t.Errorf("elements %v, damage %v; want none, and one that names the peer index table", got, damage)
	}
}

// Complaint 10, the other half: a window ends where it was said to end, and
// what is outside does not slip in.
func TestComplaint10TimeWindow(t *testing.T) {
	one := updateRecord(prefixes(nil, "175.45.176.0/24"), nil, nil)
	for _, c := range []struct {
		from, until moment.Time
		want        int
	}{
		{0, 0, 1},
		{moment.Unix(when, 0), moment.Unix(when+1, 0), 1},
		{moment.Unix(when-1, 0), moment.Unix(when, 0), 0},
		{moment.Unix(when, 1), 0, 0},
		{0, moment.Unix(when, 0), 0},
	} {
		f, err := mrt.NewFilter(mrt.FilterSpec{From: c.from, Until: c.until})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := read(t, one, f); len(got) != c.want {
			t.Errorf("from %v until %v: %d elements, want %d", c.from, c.until, len(got), c.want)
		}
	}
	if _, err := mrt.NewFilter(mrt.FilterSpec{From: 2, Until: 1}); err == nil {
		t.Error("a window that ends before it begins was taken")
	}
}

// The table of 11 January 2000: every record is four bytes longer than it says.
func TestShortLengths(t *testing.T) {
	data := unpack(t, realdata.Path(t, "mrt/ris/rrc00/2000.01/bview.20000111.0032.gz"))
	r := mrt.NewReader(bytes.NewReader(data))
	var w mrt.Walker
	peers := map[netip.Addr]int{}
	entries, records, short := 0, 0, 0
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		records++
		if rec.Short == 4 {
			short++
		}
		w.Record(rec)
		for w.Next() {
			entries++
			peers[w.Elem().PeerAddr]++
		}
		if err := w.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if entries != 452_018 || len(peers) != 7 || short != records {
		t.Errorf("%d entries of %d peers, %d of %d records short; want 452018 of 7, all", entries, len(peers), short, records)
	}
}

// A record whose length is 4 short among others, made by hand.
func TestShortLengthsByHand(t *testing.T) {
	body := cat(u32(0), oldEntry("192.0.2.0/24", 3333), oldEntry("198.51.100.0/24", 3549))
	rec := cat(u32(when), u16(mrt.TypeTableDump), u16(mrt.DumpIPv4), u32(len(body)-4), body)
	good := record(mrt.TypeTableDump, mrt.DumpIPv4, u32(0), oldEntry("203.0.113.0/24", 3333))
	got, damage, _ := read(t, cat(rec, rec, good, rec), nil)
	two := []string{"rib 192.0.2.1 192.0.2.0/24 by 80", "rib 192.0.2.1 198.51.100.0/24 by 80"}
	wantElems(t, got, slices.Concat(two, two, []string{"rib 192.0.2.1 203.0.113.0/24 by 80"}, two)...)
	if len(damage) != 0 {
		t.Errorf("damage %v", damage)
	}
}

// The files of 1999 and 2000 whose framing is damaged in places, and those
// where it is not.
func TestOldFiles(t *testing.T) {
	for _, c := range []struct {
		file    string
		elems   int
		damaged []int64 // where
	}{
		{"rrc00/1999.09/updates.19990903.1041.gz", 65315, nil},
		{"rrc00/1999.12/updates.19991214.1621.gz", 55516, nil},
		{"rrc00/2000.01/updates.20000102.2014.gz", 6359, nil},
		{"rrc00/2000.03/updates.20000325.0345.gz", 5685, []int64{188, 4554}},
		{"rrc01/2000.11/updates.20001104.0124.gz", 883, nil},
	} {
		got, damage, _ := read(t, unpack(t, realdata.Path(t, "mrt/ris/"+c.file)), nil)
		var at []int64
		for _, d := range damage {
			at = append(at, d.Offset)
		}
		if len(got) != c.elems || !slices.Equal(at, c.damaged) {
			t.Errorf("%s: %d elements, damage at %v; want %d, %v", c.file, len(got), at, c.elems, c.damaged)
		}
	}
}

// The RouteViews table cut off after 1 MB: 35 peers, all records before the
// cut, and the cut said.
func TestTruncatedTable(t *testing.T) {
	got, damage, w := read(t, unpack(t, realdata.Path(t, "mrt/routeviews/rib.20140523.0600.first-1MB.bz2")), nil)
	seen := map[string]bool{}
	for _, e := range got {
		seen[strings.Fields(e)[1]] = true
	}
	if index, ok := w.PeerIndex(); !ok || len(index.Peers) != 47 || len(seen) != 35 {
		t.Errorf("%d peers in the index, %d with entries; want 47 and 35", len(index.Peers), len(seen))
	}
	if len(got) != 270_005 || len(damage) != 1 || damage[0].Offset != 15_273_283 || !errors.Is(damage[0], io.ErrUnexpectedEOF) {
		t.Errorf("%d entries, damage %v; want 270005, and the end inside the record at 15273283", len(got), damage)
	}
}

// What is no MRT at all is said to be none, soon.
func TestNotMRT(t *testing.T) {
	for name, data := range map[string][]byte{
		"text":  bytes.Repeat([]byte("BGP4MP|1027377515|STATE|193.203.0.69|15737|3|2\n"), 1000),
		"zeros": make([]byte, 3<<20),
		"short": []byte("hi"),
	} {
		got, damage, _ := read(t, data, nil)
		if len(got) != 0 || len(damage) != 1 {
			t.Errorf("%s: %d elements, damage %v; want none and one", name, len(got), damage)
		}
	}
	if got, damage, _ := read(t, nil, nil); len(got) != 0 || damage != nil {
		t.Errorf("nothing: %v, %v", got, damage)
	}
}

// Kinds of records, and what is passed over on purpose.
func TestKinds(t *testing.T) {
	for name, want := range map[string]mrt.Kind{
		"announce": mrt.KindUpdate, "state": mrt.KindState, "open": mrt.KindOpen, "keepalive": mrt.KindKeepalive,
		"old keepalive": mrt.KindKeepalive, "geo peers": mrt.KindSkipped, "ospf": mrt.KindSkipped,
		"table dump": mrt.KindRIB, "bad marker": mrt.KindDamaged, "no index": mrt.KindDamaged,
	} {
		r := mrt.NewReader(bytes.NewReader(handMade()[name]))
		rec, err := r.Next()
		if err != nil {
			t.Fatal(name, err)
		}
		var w mrt.Walker
		if got, _ := w.Record(rec); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if want == mrt.KindSkipped && w.Skipped()[[2]uint16{rec.Type, rec.Subtype}] != 1 {
			t.Errorf("%s: not counted", name)
		}
	}
}

// Asking a withdrawal for its path must not hide that of the announcement that
// follows in the same message.
func TestAttributesAfterWithdrawal(t *testing.T) {
	r := mrt.NewReader(bytes.NewReader(handMade()["both"]))
	rec, _ := r.Next()
	var w mrt.Walker
	w.Record(rec)
	for w.Next() {
		e := w.Elem()
		n := e.Path().Len()
		_, has := e.OriginAS()
		if want := e.Kind == mrt.Announce; has != want || (n == 3) != want || e.Attrs().Has(bgp.AttrASPath) != want || (e.AttrBytes() != nil) != want {
			t.Errorf("%v %v: path %v, attributes %v", e.Kind, e.Prefix, e.Path(), e.Attrs().Raw())
		}
	}
}

// Junk between records is passed over, and said.
func TestReaderResync(t *testing.T) {
	one := updateRecord(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24"))
	junk := bytes.Repeat([]byte{0xde, 0xad}, 40)
	got, damage, _ := read(t, cat(one, one, junk, one, one, one), nil)
	if len(got) != 5 || len(damage) != 1 || damage[0].Offset != int64(2*len(one)) || damage[0].Length != int64(len(junk)) || !damage[0].Resumable {
		t.Errorf("%d elements, damage %+v; want 5 and %d bytes at %d", len(got), damage, len(junk), 2*len(one))
	}
}
