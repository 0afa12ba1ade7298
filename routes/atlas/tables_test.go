package atlas

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"constat/internal/realdata"
)

const (
	pyasn = `; IP-ASN32-DAT file
; Original file : data/rib.20140513.0600.bz2.skip
; Prefixes      : 5
0.0.0.0/0	64999
10.0.0.0/8	64500
10.1.0.0/16	64501
10.1.0.0/16	64502
2001:db8::/32	64503
10.1.0.0/15x	64501
`
	caida = "10.0.0.0\t8\t64500\n10.1.0.0\t16\t64502_64501,64504\n"
	rel   = "# source:topology|BGP|20150201|ripe|rrc00\n64510|64500|-1\n64511|64500|-1\n64500|64512|0\n64500|64514|0\n64513|64500\n"
	owned = "asn,conglomerate,org_name,ownership_cc,quote\n64500,X,\"Tele, Com\",NO,\"a\nb\"\n64500,X,\"Tele, Com\",NO,twice\n64501,Y,Z,\n"
	named = "64500 EXAMPLE Ltd, NO\n"
)

// folder writes files and opens the atlas of them.
func folder(t *testing.T, files map[string]string) *Atlas {
	t.Helper()
	dir := t.TempDir()
	for n, text := range files {
		if err := os.WriteFile(filepath.Join(dir, n), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func addrs(s ...string) []netip.Addr {
	var out []netip.Addr
	for _, x := range s {
		out = append(out, netip.MustParseAddr(x))
	}
	return out
}

func TestOrigins(t *testing.T) {
	a := folder(t, map[string]string{"table.dat": pyasn})
	if of, ok := a.OriginsOf(); !ok || of.String() != "table.dat of 2014-05-13" {
		t.Errorf("origins of %q, %v", of, ok)
	}
	o, err := a.Origins(addrs("10.1.2.3", "10.2.2.3", "2001:db8::1", "11.0.0.1", "10.1.2.3"))
	if err != nil {
		t.Fatal(err)
	}
	r := o.Routes(netip.MustParseAddr("10.1.2.3"))
	if len(r) != 2 || r[0].Prefix.String() != "10.1.0.0/16" || !slices.Equal(r[0].Origins, []uint32{64501, 64502}) || r[1].Origins[0] != 64500 {
		t.Errorf("%+v", r)
	}
	for addr, n := range map[string]int{"10.2.2.3": 1, "2001:db8::1": 1, "11.0.0.1": 0} {
		if r := o.Routes(netip.MustParseAddr(addr)); len(r) != n {
			t.Errorf("%s: %+v", addr, r)
		}
	}
	if o.Unread != 1 || o.Damaged[0].Line != 9 {
		t.Errorf("%d unread: %v", o.Unread, o.Damaged)
	}

	b := folder(t, map[string]string{"pfx2as-20150101.txt": caida})
	if of, _ := b.OriginsOf(); of.Date != "2015-01-01" {
		t.Errorf("%+v", of)
	}
	o, err = b.Origins(addrs("10.1.2.3"))
	if err != nil {
		t.Fatal(err)
	}
	if r := o.Routes(netip.MustParseAddr("10.1.2.3")); len(r) != 2 || !r[0].Set || !slices.Equal(r[0].Origins, []uint32{64501, 64502, 64504}) {
		t.Errorf("%+v", r)
	}
	// The address that was not asked about is not in the answer.
	if r := o.Routes(netip.MustParseAddr("10.1.2.4")); r != nil {
		t.Errorf("%+v", r)
	}
}

func TestTablesInUse(t *testing.T) {
	a := folder(t, map[string]string{"a-20140101.dat": caida, "b-20140601.dat": caida, "c.dat": caida, "20150101.as-rel.txt": rel})
	for day, want := range map[string]string{"2014-05-01": "2014-01-01", "2014-06-01": "2014-06-01", "2013-01-01": "2014-01-01", "2020-01-01": "2014-06-01"} {
		d, _ := time.Parse(time.DateOnly, day)
		if of, _ := a.At(d).OriginsOf(); of.Date != want {
			t.Errorf("on %s %v is in use, want %s", day, of, want)
		}
	}
	if of, _ := a.OriginsOf(); of.Date != "2014-06-01" {
		t.Errorf("the newest is %v", of)
	}
	if _, ok := a.StateOwnedOf(); ok {
		t.Error("a list of state-owned operators out of nothing")
	}
	if o, err := folder(t, map[string]string{"n.txt": named}).Origins(nil); o != nil || err != nil {
		t.Error(o, err)
	}
}

func TestRelationsAndOwners(t *testing.T) {
	a := folder(t, map[string]string{"20150201.as-rel.txt": rel, "owned.csv": owned})
	r, err := a.Relations([]uint32{64500, 64512})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Providers(64500), []uint32{64510, 64511}) || r.Providers(64512) != nil || r.Unread != 1 {
		t.Errorf("%+v", r)
	}
	s, err := a.StateOwned()
	if err != nil {
		t.Fatal(err)
	}
	if o := s.Owners(64500); len(o) != 1 || o[0] != (Owner{"NO", "Tele, Com"}) {
		t.Errorf("%+v", o)
	}
	if s.Owners(64501) != nil || s.Unread != 1 {
		t.Errorf("%+v", s)
	}
}

// A graph with relations of another kind is not taken for CAIDA's.
func TestDerivedGraph(t *testing.T) {
	a := folder(t, map[string]string{"20150101.graph.txt": "1|2|1\n3|4|-1\n", "n.txt": named})
	if of, ok := a.RelationsOf(); ok || len(a.Ignored()) != 1 {
		t.Errorf("%v, ignored %v", of, a.Ignored())
	}
}

func TestHolders(t *testing.T) {
	a := folder(t, map[string]string{"delegated-apnic-20140630": "2|apnic|20140630|4|19830613|20140630|+1000\n" +
		"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\napnic|JP|ipv4|10.0.0.0|768|20140615|assigned\n" +
		"apnic|KP|asn|131279|2|20091221|allocated\napnic|CN|ipv6|2001:db8::|32|20020801|allocated\n"})
	day, _ := time.Parse(time.DateOnly, "2014-06-01")
	h, err := a.At(day).Holders(addrs("175.45.177.1", "10.0.2.255", "10.0.3.0", "2001:db8::1"), []uint32{131280, 131281})
	if err != nil {
		t.Fatal(err)
	}
	get := func(s string) []Holder { return h.Addr(netip.MustParseAddr(s)) }
	if x := get("175.45.177.1"); len(x) != 1 || x[0].Country != "KP" || x[0].Since != "2009-12-21" || x[0].Registry != "APNIC" || x[0].Later {
		t.Errorf("%+v", x)
	}
	if x := get("10.0.2.255"); len(x) != 1 || !x[0].Later || len(x[0].Blocks) != 2 {
		t.Errorf("%+v", x)
	}
	if x := get("10.0.3.0"); x != nil {
		t.Errorf("%+v", x)
	}
	if x := get("2001:db8::1"); len(x) != 1 || x[0].Country != "CN" {
		t.Errorf("%+v", x)
	}
	if len(h.AS(131280)) != 1 || h.AS(131281) != nil {
		t.Errorf("%+v %+v", h.AS(131280), h.AS(131281))
	}
}

// TestHoldings: the same opaque-id makes one holder, in one registry and as of the day; a
// plain file knows none.
func TestHoldings(t *testing.T) {
	head := "2|%s|20160309|9|19830705|20160309|+0100\n"
	a := folder(t, map[string]string{
		"delegated-ripencc-extended-20160309": fmt.Sprintf(head, "ripencc") +
			"ripencc|UA|asn|396001|1|20050101|allocated|victim\nripencc|UA|ipv4|185.10.0.0|1024|20050101|allocated|victim\n" +
			"ripencc|DE|asn|2666|2|20050101|allocated|x\nripencc|UA|ipv6|2001:db8::|32|20050101|allocated|victim\n" +
			"ripencc|UA|ipv4|185.20.0.0|768|20050101|allocated|nobody\nripencc|UA|asn|64500|1|20170101|allocated|nobody\n",
		"delegated-apnic-20160309":           fmt.Sprintf(head, "apnic") + "apnic|JP|ipv4|10.0.0.0|1024|20050101|allocated\napnic|JP|asn|64510|1|20050101|allocated\n",
		"delegated-lacnic-extended-20160309": fmt.Sprintf(head, "lacnic") + "lacnic|BR|asn|64520|1|20050101|allocated|victim\n"})
	day, _ := time.Parse(time.DateOnly, "2016-03-10")
	for asked, want := range map[string]string{
		"185.10.0.0/24":   "[185.10.0.0/22 ripencc [396001]]",
		"185.10.0.0/21":   "[]", // no block has it whole
		"2001:db8:1::/48": "[2001:db8::/32 ripencc [396001]]",
		"185.20.2.0/24":   "[185.20.2.0/24 ripencc []]", // AS64500 came a year later
		"10.0.0.0/24":     "[]",
		"9.9.9.0/24":      "[]",
	} {
		got, err := a.At(day).Holdings([]netip.Prefix{netip.MustParsePrefix(asked)}, []uint32{2666, 2667, 396001, 64500, 64510, 64520})
		if err != nil {
			t.Fatal(err)
		}
		s := []string{}
		for _, h := range got {
			s = append(s, fmt.Sprint(h.Block, " ", h.Registry, " ", h.ASes))
		}
		if fmt.Sprint(s) != want {
			t.Errorf("%s: %v, want %s", asked, s, want)
		}
	}
	var none *Atlas
	if got, err := none.Holdings([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}, []uint32{1}); err != nil || len(got) > 0 {
		t.Errorf("nil knows %v, %v", got, err)
	}
}

// The table of May 2014 is read whole, and has what a second program, which
// tested every line against every address, found in it.
func TestRealOrigins(t *testing.T) {
	a, err := Open(realdata.Path(t, "registry"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"88.53.215.64": "88.52.0.0/15 3269", "217.96.33.164": "217.96.0.0/16 5617", "203.131.222.102": "203.131.222.0/23 37992",
		"58.185.154.99": "58.185.128.0/17 3758", "200.87.126.116": "200.87.112.0/20 6568", "208.105.226.235": "208.105.128.0/17 11351",
		"212.31.102.100": "212.31.96.0/20 6866", "175.45.178.1": "175.45.178.0/24 131279",
	}
	var asked []netip.Addr
	for s := range want {
		asked = append(asked, netip.MustParseAddr(s))
	}
	o, err := a.Origins(asked)
	if err != nil {
		t.Fatal(err)
	}
	if o.Of.String() != "ipasn_20140513.dat of 2014-05-13" || o.Unread != 0 {
		t.Errorf("%v, %d unread: %v", o.Of, o.Unread, o.Damaged)
	}
	for s, w := range want {
		r := o.Routes(netip.MustParseAddr(s))
		f := strings.Fields(w)
		if len(r) == 0 || r[0].Prefix.String() != f[0] || len(r[0].Origins) != 1 || f[1] != strconv.Itoa(int(r[0].Origins[0])) {
			t.Errorf("%s: %+v, want %s", s, r, w)
		}
	}
	s, err := a.StateOwned()
	if err != nil || s.Unread != 0 {
		t.Fatal(err, s.Damaged)
	}
	for as, cc := range map[uint32]string{131279: "KP", 4837: "CN"} {
		if o := s.Owners(as); len(o) == 0 || o[0].Country != cc {
			t.Errorf("AS%d: %+v", as, o)
		}
	}
}

func TestRealRelations(t *testing.T) {
	a, err := Open(realdata.Path(t, "relations"))
	if err != nil {
		t.Fatal(err)
	}
	if of, ok := a.RelationsOf(); !ok || of.Date != "2016-01-01" {
		t.Errorf("%v, %v", of, ok)
	}
	day, _ := time.Parse(time.DateOnly, "2014-12-22")
	r, err := a.At(day).Relations([]uint32{131279})
	if err != nil || r.Of.Date != "2015-02-01" || !slices.Equal(r.Providers(131279), []uint32{4837}) || r.Unread != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzOrigins(f *testing.F) {
	f.Add([]byte(pyasn))
	f.Add([]byte(caida))
	f.Add([]byte("1.0.0.0/24\t{1,2}\n::/0 7\n1.0.0.0 33 1\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := damages{file: "f"}
		readOrigins(bytes.NewReader(raw), &d, func(r OriginRoute) {
			if !r.Prefix.IsValid() || r.Prefix.Masked() != r.Prefix || r.Prefix.Bits() == 0 || len(r.Origins) == 0 || !slices.IsSorted(r.Origins) {
				t.Fatalf("%+v", r)
			}
			if !r.Prefix.Contains(r.Prefix.Addr()) {
				t.Fatalf("%+v", r)
			}
		})
		if len(d.named) > maxNamed || d.count < len(d.named) {
			t.Fatal(d)
		}
		looksLikeTable(raw)
	})
}

func FuzzRelations(f *testing.F) {
	f.Add([]byte(rel), []byte(owned))
	f.Fuzz(func(t *testing.T, raw, csv []byte) {
		d := damages{file: "f"}
		readRelations(bytes.NewReader(raw), &d, func(uint32, uint32) {})
		for as, os := range readOwned(bytes.NewReader(csv), &d) {
			for _, o := range os {
				if len(o.Country) != 2 {
					t.Fatal(as, o)
				}
			}
		}
		if len(d.named) > maxNamed || d.count < len(d.named) {
			t.Fatal(d)
		}
	})
}
