package mrt_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/internal/decompress"
	"constat/internal/realdata"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// asOracle puts an element into the oracle's words.
func asOracle(rec *mrt.Record, e *mrt.Elem) oracleElem {
	o := oracleElem{kind: e.Kind.String(), peer: e.PeerAddr.String(), as: uint64(e.PeerAS)}
	o.time = fmt.Sprint(e.Time.Sec())
	if rec.Type == mrt.TypeBGP4MPET && len(rec.Body()) >= 4 && bytes.Compare(rec.Body()[:4], []byte{0, 15, 66, 64}) < 0 {
		o.time = fmt.Sprintf("%d.%06d", e.Time.Sec(), e.Time.Micro())
	}
	switch e.Kind {
	case mrt.State:
		o.states = fmt.Sprint(e.OldState, e.NewState)
		return o
	case mrt.EndOfRIB:
		o.family = fmt.Sprintf("%d/%d", e.AFI, e.SAFI)
		return o
	}
	o.family = fmt.Sprintf("%d/%d", e.AFI, e.SAFI)
	o.prefix = e.Prefix.String()
	o.pathID = "-"
	if e.HasPathID {
		o.pathID = fmt.Sprint(e.PathID)
	}
	if e.Kind == mrt.Withdraw {
		return o
	}
	if e.Kind == mrt.RIBEntry {
		o.originated = fmt.Sprint(e.Originated.Sec())
	}
	lone := e.Path().String() // before the other attributes are parsed
	a := e.Attrs()
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if a.Has(bgp.AttrASPath) {
		say("path %s", a.Path())
		if lone != a.Path().String() {
			say("BUT ALONE path %s", lone)
		}
	}
	if a.Has(bgp.AttrOrigin) {
		say("origin %d", a.Origin)
	}
	hop := e.NextHop()
	switch {
	case hop.IsValid():
		say("hop %s", hop)
	case e.Kind == mrt.Announce && e.MP:
		say("hop none")
	default:
		say("hop ")
	}
	if a.Has(bgp.AttrMED) {
		say("a4 %d", a.MED)
	}
	if a.Has(bgp.AttrLocalPref) {
		say("a5 %d", a.LocalPref)
	}
	if a.Has(bgp.AttrOnlyToCustomer) {
		say("a35 %d", a.OnlyToCustomer)
	}
	if a.Atomic {
		say("atomic")
	}
	if a.Has(bgp.AttrAggregator) {
		say("agg %d %s", a.AggregatorAS, a.AggregatorAddr)
	}
	hex := func(code, n int, item func(int) string) {
		if n > 0 {
			var s strings.Builder
			for i := range n {
				s.WriteString(item(i))
			}
			say("a%d %s", code, s.String())
		}
	}
	hex(8, a.NumCommunities(), func(i int) string { return fmt.Sprintf("%08x", a.Community(i)) })
	hex(16, a.NumExtCommunities(), func(i int) string { c := a.ExtCommunity(i); return fmt.Sprintf("%x", c[:]) })
	hex(32, a.NumLarge(), func(i int) string { c := a.Large(i); return fmt.Sprintf("%08x%08x%08x", c[0], c[1], c[2]) })
	hex(10, a.NumClusters(), func(i int) string { c := a.Cluster(i).As4(); return fmt.Sprintf("%x", c[:]) })
	if a.Has(bgp.AttrOriginatorID) {
		c := a.OriginatorID.As4()
		say("a9 %x", c[:])
	}
	o.route = strings.Join(out, "; ")
	return o
}

// agree compares walker and oracle on one record.
func agree(t testing.TB, w *mrt.Walker, o *oracle, rec mrt.Record) (elems int) {
	t.Helper()
	want, wantOK := o.record(rec.Raw)
	kind, _ := w.Record(rec)
	for w.Next() {
		got := asOracle(&rec, w.Elem())
		if elems >= len(want) {
			t.Fatalf("record %s at %d (%x):\nelement %d too many: %v", mrt.TypeName(rec.Type, rec.Subtype), rec.Offset, rec.Raw, elems, got)
		}
		if got != want[elems] {
			t.Fatalf("record %s at %d (%x), element %d:\n got %v\nwant %v", mrt.TypeName(rec.Type, rec.Subtype), rec.Offset, rec.Raw, elems, got, want[elems])
		}
		elems++
	}
	if elems != len(want) {
		t.Fatalf("record %s at %d (%x), kind %v: %d elements, want %d (first missing %v); %v", mrt.TypeName(rec.Type, rec.Subtype), rec.Offset, rec.Raw, kind, elems, len(want), want[elems], w.Err())
	}
	if (w.Err() == nil) != wantOK {
		t.Fatalf("record %s at %d (%x), kind %v: damage %v, want damage %v", mrt.TypeName(rec.Type, rec.Subtype), rec.Offset, rec.Raw, kind, w.Err(), !wantOK)
	}
	return elems
}

// realFiles are all MRT files of the real data.
func realFiles(t testing.TB) []string {
	return realdata.Glob(t, "mrt/bgpdump-suite/input/*", "mrt/ris/*/*/*", "mrt/routeviews/*", "mrt/odd/*")
}

// faultFiles are inputs that reports about other tools led to.
func faultFiles(t testing.TB) []string {
	return realdata.Glob(t, "public-faults/*.mrt", "public-faults/*.mrt.gz", "public-faults/ex/*/*/*")
}

// unpack returns what a file holds; a truncated one gives what is there.
func unpack(t testing.TB, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	b, _ := io.ReadAll(d)
	return b
}

// TestOracle: the walker and the oracle see the same elements in every real
// file.
func TestOracle(t *testing.T) {
	for _, path := range slices.Concat(realFiles(t), faultFiles(t)) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data := unpack(t, path)
			r := mrt.NewReader(bytes.NewReader(data))
			var w mrt.Walker
			var o oracle
			// The oracle is slow: of the largest files it judges a part.
			const most = 60_000
			for elems := 0; elems < most; {
				rec, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					continue
				}
				elems += agree(t, &w, &o, rec)
			}
		})
	}
}
