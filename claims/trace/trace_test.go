package trace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/claims/indicator"
	"constat/internal/locale"
	"constat/internal/mrttest"
	"constat/internal/realdata"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

func parsed(t testing.TB, s string) moment.Time {
	t.Helper()
	at, err := moment.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// small is an atlas of a few lines: an origin table of two days, names, a list
// of owners, relations, and the lists of two registries.
func small(t testing.TB) *atlas.Atlas {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"origins-20140101.dat": "8.8.0.0/16\t64500\n9.9.9.0/24\t64502_64501\n2a00::/16\t64503\n",
		"origins-20150101.dat": "8.8.0.0/16\t64600\n",
		"asnames.txt":          "64500 EXAMPLE Ltd, NO\n64600 OTHER Ltd, SE\n64510 UP Ltd, DK\n",
		"owned.csv":            "asn,org_name,ownership_cc\n64500,Example,NO\n",
		"20140201.as-rel.txt":  "64510|64500|-1\n64511|64500|-1\n64500|64512|0\n64510|64501|-1\n",
		"delegated-apnic-20140630": "2|apnic|20140630|2|19830613|20140630|+1000\n" +
			"apnic|JP|ipv4|8.8.0.0|65536|20010101|allocated\napnic|AU|ipv4|9.9.9.0|256|20140620|assigned\n",
		"delegated-ripencc-20140630": "2|ripencc|20140630|2|19830613|20140630|+0200\n" +
			"ripencc|FR|ipv6|2a00::|16|20010101|allocated\nripencc|NO|asn|64500|1|20010101|allocated\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a, err := atlas.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func run(t testing.TB, text, at string, r Request) *Trace {
	t.Helper()
	ind, err := indicator.Read("list.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Indicators = ind
	if at != "" {
		m := parsed(t, at)
		r.At = &m
	}
	tr, err := Run(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := tr.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := back.Encode(); err != nil || !bytes.Equal(b, c) {
		t.Fatalf("not the same bytes again: %v", err)
	}
	return tr
}

func TestTables(t *testing.T) {
	tr := run(t, "ip,first_seen\n8.8.8.8,\n8.8.8.8,2015-06-01\n9.9.9.9,\n2a00::1,\n11.1.1.1,\n192.168.1.1,\n", "2014-06-10", Request{Atlas: small(t)})
	if len(tr.Facilities) != 6 {
		t.Fatalf("%d facilities", len(tr.Facilities))
	}
	line := func(f Facility) string {
		var as []string
		for _, n := range f.Origins {
			as = append(as, fmt.Sprintf("%d(%s)", n.AS, n.Name))
		}
		var up []string
		for _, n := range f.Upstream {
			up = append(up, fmt.Sprint(n.AS))
		}
		return fmt.Sprint(f.Address, " ", f.At.Std().Year(), " ", f.TimeOf, " ", f.Special, f.Codes(), " ", f.Prefix, as, " ", f.OriginDate, up, " ", f.Routed.State)
	}
	want := []string{
		"8.8.8.8 2014 asked [JP] 8.8.0.0/16[64500(EXAMPLE Ltd, NO)] 2014-01-01[64510 64511] unknown",
		"8.8.8.8 2015 seen [JP] 8.8.0.0/16[64600(OTHER Ltd, SE)] 2015-01-01[] unknown",
		// The delegation is dated ten days after the moment: it decides nothing.
		"9.9.9.9 2014 asked [] 9.9.9.0/24[64501() 64502()] 2014-01-01[64510] unknown",
		"11.1.1.1 2014 asked [] [] [] unknown",
		"192.168.1.1 2014 asked private[] [] [] unknown",
		"2a00::1 2014 asked [FR] 2a00::/16[64503()] 2014-01-01[] unknown",
	}
	for i, f := range tr.Facilities {
		if got := line(f); got != want[i] {
			t.Errorf("facility %d: %s\nwant       %s", i, got, want[i])
		}
	}
	o := tr.Facilities[0].Origins[0]
	if len(o.Owners) != 1 || o.Owners[0].Country != "NO" || len(o.Country) != 1 || o.Country[0].Country != "NO" || o.NameOf != "asnames.txt (undated)" {
		t.Errorf("%+v", o)
	}
	var groups []string
	for _, c := range tr.Countries {
		for _, o := range c.Operators {
			groups = append(groups, fmt.Sprint(c.Code, c.Addresses, " AS", o.AS, o.Facilities))
		}
	}
	if got := strings.Join(groups, "; "); got != "FR1 AS64503 [5]; JP1 AS64500 [0]; JP1 AS64600 [1]; 2 AS64501 [2]; 2 AS64502 [2]; 2 AS0 [3]" {
		t.Error(got)
	}
	if want := []string{"AFRINIC", "ARIN", "LACNIC"}; !slices.Equal(tr.Lists.Absent, want) {
		t.Errorf("absent %v", tr.Lists.Absent)
	}
	for _, lang := range locale.All() {
		var b strings.Builder
		if err := tr.Text(&b, lang); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{tr.Caution.In(lang), "8.8.8.8", "64500", "2014-06-20", "ARIN"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %q in\n%s", lang, want, &b)
			}
		}
		if strings.Contains(b.String(), "%!") {
			t.Errorf("%s: a broken format in\n%s", lang, &b)
		}
	}
}

// The order of lines and the repetition of them change nothing but counts.
func TestOrder(t *testing.T) {
	a := small(t)
	x := run(t, "ip\n8.8.8.8\n9.9.9.9\n", "2014-06-10", Request{Atlas: a})
	y := run(t, "ip\n9.9.9.9\n8.8.8.8\n8.8.8.8\n", "2014-06-10", Request{Atlas: a})
	if y.Indicators.Duplicates != 1 || len(y.Facilities) != 2 || len(y.Facilities[0].Named) != 2 {
		t.Errorf("%+v", y.Indicators)
	}
	for i := range x.Facilities {
		x.Facilities[i].Named, y.Facilities[i].Named = nil, nil
		if fmt.Sprint(x.Facilities[i]) != fmt.Sprint(y.Facilities[i]) {
			t.Errorf("%v\n%v", x.Facilities[i], y.Facilities[i])
		}
	}
}

func TestNoTime(t *testing.T) {
	ind, err := indicator.Read("l", []byte("8.8.8.8\n9.9.9.9\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), Request{Indicators: ind})
	var no *ErrNoTime
	if !errors.As(err, &no) || no.Count != 2 || no.Addr.String() != "8.8.8.8" {
		t.Errorf("%v", err)
	}
}

// TestNoCaution: a trace from which the caution was taken is refused.
func TestNoCaution(t *testing.T) {
	tr := run(t, "8.8.8.8\n", "2014-06-10", Request{})
	tr.Caution = locale.Text{"en": tr.Caution["en"]}
	b, err := tr.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(b); err == nil {
		t.Error("a trace without its caution was read")
	}
}

// files lays down routing data of a collector and gives the way to open it.
func files(t testing.TB, of map[string]*mrttest.File) func(context.Context, moment.Interval) (*source.Set, error) {
	dir := filepath.Join(t.TempDir(), "rrc00")
	for name, f := range of {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return func(ctx context.Context, q moment.Interval) (*source.Set, error) {
		return source.Open(ctx, []string{dir}, q, source.Options{})
	}
}

func TestRoutes(t *testing.T) {
	at := func(s string) moment.Time { return parsed(t, "2014-06-10T"+s) }
	one, two, three := mrttest.P("192.0.2.1", 64520), mrttest.P("192.0.2.2", 64521), mrttest.P("192.0.2.3", 64522)
	f := new(mrttest.File)
	f.Announce(at("12:00:10"), one, []uint32{64520, 64510, 64500}, "8.8.0.0/16")
	f.Announce(at("12:00:11"), two, []uint32{64521, 64511, 64500}, "8.8.0.0/16")
	f.Announce(at("12:00:12"), three, []uint32{64522, 64510, 64500}, "8.8.0.0/16")
	f.Announce(at("12:01:00"), one, []uint32{64520, 64999}, "8.8.8.0/24") // a more specific of somebody else
	f.Announce(at("12:01:00"), three, []uint32{64522, 7}, "0.0.0.0/0")    // covers nothing
	f.Withdraw(at("12:02:00"), one, "8.8.8.0/24")
	f.Withdraw(at("12:03:00"), one, "8.8.0.0/16")
	f.Withdraw(at("12:03:01"), two, "8.8.0.0/16")
	f.Withdraw(at("12:03:02"), three, "8.8.0.0/16")
	f.Keepalive(at("12:04:59"), one)
	open := files(t, map[string]*mrttest.File{"updates.20140610.1200.gz": f})
	text := "ip,first_seen\n"
	for _, s := range []string{"12:00:30", "12:01:30", "12:02:30", "12:03:01", "12:03:30"} {
		text += "8.8.8.8,2014-06-10T" + s + "\n"
	}
	text += "9.9.9.9,2014-06-10T12:03:30\n10.0.0.1,2014-06-10T12:03:30\n"
	tr := run(t, text, "", Request{Atlas: small(t), Sources: open})
	var got []string
	for _, f := range tr.Facilities {
		s := fmt.Sprint(f.At.Std().Format("04:05 "), f.Prefix, " ", f.Routed.State, f.Routed.Held, f.Routed.Absent, f.Routed.Silent)
		for _, n := range f.Origins {
			s += fmt.Sprint(" ", n.AS, "×", n.Peers)
		}
		s += " " + f.OriginOf + " <"
		for _, n := range f.Upstream {
			s += fmt.Sprint(" ", n.AS, "×", n.Peers)
		}
		got = append(got, s+" "+f.UpstreamOf)
	}
	want := []string{
		"00:30 8.8.0.0/16 routed3 0 0 64500×3 routes < 64510×2 64511×1 routes",
		"01:30 8.8.8.0/24 routed3 0 0 64999×1 routes < 64520×1 routes",
		"02:30 8.8.0.0/16 routed3 0 0 64500×3 routes < 64510×2 64511×1 routes",
		"03:01 8.8.0.0/16 routed1 2 0 64500×1 routes < 64510×1 routes",
		"03:30 8.8.0.0/16 not routed0 3 0 64500×0 origins-20140101.dat of 2014-01-01 < 64510×0 64511×0 20140201.as-rel.txt of 2014-02-01",
		// Nobody spoke of it and nobody's whole table is known: unknown is never down.
		"03:30 9.9.9.0/24 unknown0 0 3 64501×0 64502×0 origins-20140101.dat of 2014-01-01 < 64510×0 20140201.as-rel.txt of 2014-02-01",
		"03:30  unknown0 0 0  < ",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s\nwant %s", got[i], want[i])
		}
	}
	if len(tr.Routing.Sources) != 1 || tr.Routing.Sources[0].Collector != "rrc00" {
		t.Errorf("%+v", tr.Routing)
	}
}

// The seven addresses, as the registries' files of 2014 have them. The values
// were found by another program, which looked at every line of the files.
func TestSony(t *testing.T) {
	a, err := atlas.Open(realdata.Path(t, "registry"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(realdata.Path(t, "attack/sony_2014_c2_ips.csv"))
	if err != nil {
		t.Fatal(err)
	}
	tr := run(t, string(b), "2014-11-24", Request{Atlas: a})
	want := []string{
		"58.185.154.99 [SG] 58.185.128.0/17 AS3758 SINGNET",
		"88.53.215.64 [IT] 88.52.0.0/15 AS3269 ASN-IBSNAZ",
		"200.87.126.116 [BO] 200.87.112.0/20 AS6568 Ag",
		"203.131.222.102 [TH] 203.131.222.0/23 AS37992 THAMMASAT-BORDER-AS",
		"208.105.226.235 [] 208.105.128.0/17 AS11351 RR-NYSREGION-ASN-01",
		"212.31.102.100 [CY] 212.31.96.0/20 AS6866 CYTA-NETWORK",
		"217.96.33.164 [PL] 217.96.0.0/16 AS5617 TPNET",
	}
	if len(tr.Facilities) != len(want) {
		t.Fatalf("%d facilities", len(tr.Facilities))
	}
	for i, f := range tr.Facilities {
		name, _, _ := strings.Cut(f.Origins[0].Name, " ")
		if got := fmt.Sprintf("%s %v %s AS%d %s", f.Address, f.Codes(), f.Prefix, f.Origins[0].AS, name); got != want[i] {
			t.Errorf("%s\nwant %s", got, want[i])
		}
		if f.OriginOf != "ipasn_20140513.dat of 2014-05-13" || f.Origins[0].NameOf != "asnames.json (undated)" {
			t.Errorf("%s: origin of %q, name of %q", f.Address, f.OriginOf, f.Origins[0].NameOf)
		}
	}
	if !slices.Equal(tr.Facilities[1].Ports, []string{"8000", "8080"}) {
		t.Errorf("ports %v", tr.Facilities[1].Ports)
	}
	if !slices.Equal(tr.Lists.Absent, []string{"ARIN"}) {
		t.Errorf("absent %v", tr.Lists.Absent)
	}
	for lang, want := range map[proof.Lang]string{
		"en": "208.105.226.235: no country. Unknown: no list given has it, and no list of ARIN’s was given",
		"fr": "208.105.226.235\u00a0: aucun pays.",
	} {
		var out strings.Builder
		if err := tr.Text(&out, lang); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: no %q in\n%s", lang, want, &out)
		}
	}
}

// TestChile: an address of the network that left at 16:00:57 was routed before
// and after, had no route in between, and is unknown in the hole.
func TestChile(t *testing.T) {
	dir := realdata.Path(t, "mrt/ris/rrc15")
	text := "ip,first_seen\n"
	for _, s := range []string{"16:00:30", "16:01:05", "16:01:30", "16:07:00"} {
		text += "190.162.200.5,2010-02-27T" + s + "\n"
	}
	tr := run(t, text, "", Request{Sources: func(ctx context.Context, q moment.Interval) (*source.Set, error) {
		return source.Open(ctx, []string{dir}, q, source.Options{})
	}})
	for i, want := range []string{IsRouted, NotRouted, IsRouted, Unknown} {
		if got := tr.Facilities[i].Routed; got.State != want {
			t.Errorf("%s: %+v, want %s", tr.Facilities[i].At, got, want)
		}
	}
	f := tr.Facilities[2]
	if len(f.Origins) != 1 || f.Origins[0].AS != 22047 || len(f.Upstream) != 1 || f.Upstream[0].AS != 3549 {
		t.Errorf("%+v", f)
	}
	if tr.Routing.Missing != 1 {
		t.Errorf("%d files missing", tr.Routing.Missing)
	}
}

// TestLazarus: a bundle that names no address is read whole, and what it holds
// is counted.
func TestLazarus(t *testing.T) {
	b, err := os.ReadFile(realdata.Path(t, "attack/lazarus-group-subset-bundle.json"))
	if err != nil {
		t.Fatal(err)
	}
	ind, err := indicator.Read("lazarus.json", b)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range ind.Passed {
		n += p.Count
	}
	if ind.Form != indicator.FormSTIX || ind.Mentions != 0 || ind.Unread != 0 || n != 704 {
		t.Errorf("%+v", ind)
	}
}

func TestSpecial(t *testing.T) {
	for in, want := range map[string]string{
		"10.1.2.3": "private", "172.31.0.1": "private", "172.32.0.1": "", "192.168.0.1": "private", "127.0.0.1": "loopback", "100.64.0.1": "shared",
		"169.254.1.1": "link-local", "224.0.0.1": "multicast", "255.255.255.255": "reserved", "0.0.0.0": "this-network", "198.51.100.7": "documentation",
		"8.8.8.8": "", "::1": "loopback", "fd00::1": "private", "fe80::1": "link-local", "ff02::1": "multicast", "2001:db8::1": "documentation", "2a00::1": "",
	} {
		if a := netip.MustParseAddr(in); special(a) != want {
			t.Errorf("%s: %q, want %q", in, special(a), want)
		}
	}
	for _, s := range specials { // every kind has its words
		if !locale.Must(locale.Default).Has("trace.text.special." + s.key) {
			t.Errorf("no words for %q", s.key)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format":"constat-trace/1","facilities":[{"address":"1.1.1.1","at":"2014-01-01T00:00:00Z"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		tr, err := Decode(raw)
		if err != nil {
			return
		}
		var b strings.Builder
		if err := tr.Text(&b, "fr"); err != nil || !strings.Contains(b.String(), PlaceIsNotUser()["fr"]) {
			t.Fatal(err)
		}
	})
}
