package atlas

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"constat/internal/realdata"
)

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		t.Fatal(err)
	}
	b := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		w.Write(b)
		w.Close()
		b = z.Bytes()
	}
	if err := os.WriteFile(p, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

func lines(rs []Reason) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.What+" "+r.Reason)
	}
	return out
}

func prefixes(ss ...string) []netip.Prefix {
	out := []netip.Prefix{}
	for _, s := range ss {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

var cmpPrefix = cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })

func resolve(t testing.TB, a *Atlas, arg string) *Subject {
	t.Helper()
	s, err := a.Resolve(arg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openDir(t testing.TB, dir string) *Atlas {
	t.Helper()
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNorthKorea(t *testing.T) {
	a := openDir(t, realdata.Path(t, "registry/delegated-2014-06-30"))
	s := resolve(t, a, "kp")
	want := []string{
		"AS131279 delegated to KP by APNIC on 2009-12-21 (delegated-apnic-latest of 2014-06-30)",
		"175.45.176.0/22 delegated to KP by APNIC on 2009-12-21 (delegated-apnic-latest of 2014-06-30)",
	}
	if d := cmp.Diff(want, lines(s.Reasons)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(prefixes("175.45.176.0/22"), s.Blocks, cmpPrefix); d != "" || s.Name != "KP" || s.Kind != KindCountry {
		t.Errorf("%s %s %s", s.Name, s.Kind, d)
	}
	if d := cmp.Diff([]uint32{131279}, s.Origins); d != "" {
		t.Error(d)
	}
	if fmt.Sprint(s.Absent) != "[ARIN]" || s.Unread != 0 || len(s.Lists) != 4 {
		t.Errorf("absent %v, unread %v, lists %v", s.Absent, s.Damaged, s.Lists)
	}
	why := s.Why(netip.MustParsePrefix("175.45.178.0/24"), 131279)
	if len(why) != 2 || !strings.HasPrefix(why[0], "within 175.45.176.0/22, delegated to KP") || !strings.HasPrefix(why[1], "announced by AS131279, delegated") {
		t.Errorf("%q", why)
	}
}

// TestRealListsWhole: every line of the real lists is understood, and what is
// delegated adds up to what the registries' own summaries say.
func TestRealListsWhole(t *testing.T) {
	for _, path := range realdata.Glob(t, "registry/delegated-2014-06-30/*") {
		r, done, err := openPacked(path)
		if err != nil {
			t.Fatal(err)
		}
		d := damages{file: filepath.Base(path)}
		n := 0
		h, err := readDelegations(r, &d, func(delegation) error { n++; return nil })
		done()
		if err != nil || d.count != 0 || n < 4000 {
			t.Errorf("%s: %d records, %v, %v", path, n, err, d.named)
		}
		// The version line's own count includes or excludes what it likes; the
		// date is what matters.
		if !strings.HasPrefix(h.date, "2014-06-") {
			t.Errorf("%s: dated %q", path, h.date)
		}
	}
}

func TestRealNames(t *testing.T) {
	a := openDir(t, realdata.Path(t, "registry"))
	for asn, want := range map[uint32]string{131279: "STAR-KP", 4837: "CHINA169"} {
		if name, ok := a.Name(asn); !ok || !strings.Contains(name, want) {
			t.Errorf("AS%d is %q, %v", asn, name, ok)
		}
	}
	if a.NamesOf() != "asnames.json (undated)" {
		t.Errorf("names of %q", a.NamesOf())
	}
	if named, n := a.NamesDamage(); n != 0 {
		t.Error(named)
	}
	if len(a.Lists()) != 4 || len(a.Ignored()) != 0 {
		t.Errorf("lists %v, ignored %v", a.Lists(), a.Ignored())
	}
}

const apnic2014 = `#
# conditions of use
2|apnic|20140701|9|19830613|20140630|+1000
apnic|*|asn|*|2|summary
apnic|*|ipv4|*|3|summary
apnic|*|ipv6|*|1|summary
apnic|KP|asn|131279|3|20091221|allocated
apnic|JP|asn|173|1|20020801|allocated
apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated
apnic|KP|ipv4|175.45.180.0|768||assigned
apnic||ipv4|1.2.3.0|256|20140101|available|e1
apnic|KP|ipv6|2001:db8::|32|20140101|allocated
`

func TestDelegations(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "delegated-apnic-20140630.gz", apnic2014)
	s := resolve(t, openDir(t, dir), "KP")
	from := " (delegated-apnic-20140630 of 2014-06-30)"
	want := []string{
		"AS131279 delegated to KP by APNIC on 2009-12-21" + from,
		"AS131280 delegated to KP by APNIC on 2009-12-21" + from,
		"AS131281 delegated to KP by APNIC on 2009-12-21" + from,
		"175.45.176.0/22 delegated to KP by APNIC on 2009-12-21" + from,
		"175.45.180.0/23 delegated to KP by APNIC" + from, // 768 addresses, date unknown
		"175.45.182.0/24 delegated to KP by APNIC" + from,
		"2001:db8::/32 delegated to KP by APNIC on 2014-01-01" + from,
	}
	if d := cmp.Diff(want, lines(s.Reasons)); d != "" {
		t.Error(d)
	}
	if s.Unread != 0 {
		t.Error(s.Damaged)
	}
	if d := cmp.Diff(prefixes("175.45.176.0/22", "175.45.180.0/23", "175.45.182.0/24", "2001:db8::/32"), s.Blocks, cmpPrefix); d != "" {
		t.Error(d)
	}
	if len(s.Absent) != 4 {
		t.Error(s.Absent)
	}
}

func TestDamagedDelegations(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "delegated-apnic-20140630", strings.ReplaceAll(apnic2014, "apnic|JP|asn|173|1|", "apnic|JP|asn|x|1|")+
		"apnic|KP|ipv4|300.0.0.0|256|20140101|assigned\n"+
		"apnic|KP|ipv4|1.2.3.0|99999999999|20140101|assigned\n"+
		"apnic|KP|ipv4|255.255.255.0|512|20140101|assigned\n"+
		"apnic|KP|ipv6|2001:db8::1|32|20140101|assigned\n"+
		"apnic|KP|ipv6|2001:db8::|129|20140101|assigned\n"+
		"apnic|KP|asn|4294967295|2|20140101|assigned\n"+
		"apnic|KP|phone|1|2|20140101|assigned\n"+
		"apnic|KP|ipv4|1.2.3.0|0|20140101|assigned\n"+
		"apnic|KP|ipv4|1.2.3.0|256|20140101|lost\n"+
		"apnic|KP\n"+
		strings.Repeat("x", 10_000)+"\n"+
		"apnic|KP|ipv4|9.9.9.0|256|20140101|assigned\n")
	s := resolve(t, openDir(t, dir), "KP")
	if got := s.Blocks[0].String(); got != "9.9.9.0/24" {
		t.Errorf("reading did not go on after the damage: %v", s.Blocks)
	}
	if s.Unread < 12 || s.Damaged[0].Line != 8 || !strings.Contains(s.Damaged[0].String(), "delegated-apnic-20140630 line 8: no AS number") {
		t.Errorf("%d: %v", s.Unread, s.Damaged)
	}
}

// TestTruncatedDelegations: a file cut off gives what came before, and says so.
func TestTruncatedDelegations(t *testing.T) {
	dir := t.TempDir()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte(apnic2014))
	for i := range 20000 {
		fmt.Fprintf(w, "apnic|JP|asn|%d|1|20020801|allocated\n", 200000+i*7919%99991)
	}
	w.Close()
	write(t, dir, "delegated-apnic-20140630", z.String()[:z.Len()*2/3])
	s := resolve(t, openDir(t, dir), "KP")
	if len(s.Origins) != 3 || s.Unread == 0 || !strings.Contains(s.Damaged[0].Reason, "truncated") {
		t.Errorf("%v, %v", s.Origins, s.Damaged)
	}
}

func TestByDate(t *testing.T) {
	dir := t.TempDir()
	list := func(day, extra string) string {
		d := strings.ReplaceAll(day, "-", "")
		return "2.3|apnic|" + d + "|2|19830613|" + d + "|+1000\napnic|KP|asn|131279|1|20091221|allocated\n" + extra
	}
	write(t, dir, "2012/delegated-apnic-latest", list("2012-01-01", ""))
	write(t, dir, "2014/delegated-apnic-latest", list("2014-06-30", ""))
	write(t, dir, "2014/delegated-apnic-extended-latest", list("2014-06-30", "apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A91\n"))
	write(t, dir, "2016/delegated-apnic-latest", list("2016-01-01", "apnic|KP|ipv4|9.9.9.0|256|20150101|allocated\n"))
	a := openDir(t, dir)
	for day, want := range map[string]string{
		"2011-05-05": "delegated-apnic-latest of 2012-01-01", // nothing older: the oldest
		"2012-01-01": "delegated-apnic-latest of 2012-01-01",
		"2014-06-29": "delegated-apnic-latest of 2012-01-01",
		"2014-12-22": "delegated-apnic-extended-latest of 2014-06-30", // extended before plain
		"2030-01-01": "delegated-apnic-latest of 2016-01-01",
	} {
		d, _ := time.Parse(time.DateOnly, day)
		if l := a.At(d).Lists(); len(l) != 1 || l[0].String() != want {
			t.Errorf("%s: %v, want %s", day, l, want)
		}
	}
	if l := a.Lists(); l[0].Date != "2016-01-01" {
		t.Errorf("without a day: %v", l)
	}
	// What a newer list dates after the day is left off, and named.
	dir = t.TempDir()
	write(t, dir, "delegated-apnic-latest", list("2016-01-01", "apnic|KP|ipv4|9.9.9.0|256|20150101|allocated\n"))
	d, _ := time.Parse(time.DateOnly, "2014-12-22")
	s := resolve(t, openDir(t, dir).At(d), "KP")
	if len(s.Blocks) != 0 || len(s.LeftOff) != 1 || s.LeftOff[0].What != "9.9.9.0/24" {
		t.Errorf("%v, left off %v", s.Blocks, s.LeftOff)
	}
}

func TestResolveErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "delegated-apnic-20140630", apnic2014)
	write(t, dir, "empty.subject", "# nothing\n")
	write(t, dir, "binary.subject", "\x1f\x8b\x08\x00")
	write(t, dir, "struck.subject", "AS1\nAS2\n-AS1 # twice\n")
	a := openDir(t, dir)
	for arg, tc := range map[string]struct {
		a     *Atlas
		words string
		usage bool
	}{
		"":                                   {a, "none given", true},
		"AS0":                                {a, "originates nothing", true},
		"AS23456":                            {a, "names none", true},
		"AS4294967296":                       {a, "no AS number", true},
		"AS1x":                               {a, "no AS number", true},
		"XX":                                 {a, "no country code", true},
		"ZZ":                                 {a, "no country code", true},
		"UK":                                 {a, "GB", true},
		"EU":                                 {a, "no country", true},
		"AP":                                 {a, "no country", true},
		"175.45.176.1/22":                    {a, "175.45.176.0/22 is meant?", true},
		"175.45.176.1":                       {a, "such as 175.45.176.0/24", true},
		"2001:db8::1":                        {a, "such as 2001:db8::/48", true},
		"::ffff:1.2.3.0/120":                 {a, "write it as IPv4", true},
		"1.2.3.0/33":                         {a, "neither an AS", true},
		"nonsense":                           {a, "neither an AS", true},
		dir:                                  {a, "not a subject file", true},
		filepath.Join(dir, "gone.subject"):   {a, "neither an AS", true},
		filepath.Join(dir, "empty.subject"):  {a, "no subject in it", false},
		filepath.Join(dir, "binary.subject"): {a, "not a text file", false},
		filepath.Join(dir, "struck.subject"): {a, "line 3", false},
		"AQ":                                 {a, "nothing is delegated to AQ in delegated-apnic-20140630 of 2014-06-30; no list was given of AFRINIC, ARIN, LACNIC, RIPE NCC", false},
		"KP":                                 {nil, "no delegation file was given", false},
	} {
		_, err := tc.a.Resolve(arg)
		if err == nil || !strings.Contains(err.Error(), tc.words) || errors.Is(err, ErrNotASubject) != tc.usage {
			t.Errorf("%q: %v, want %q", arg, err, tc.words)
		}
	}
}

// TestSubjectsAsPeopleWriteThem: where a person asks, the number is enough, and
// several may be given.
func TestSubjectsAsPeopleWriteThem(t *testing.T) {
	var none *Atlas
	for arg, want := range map[string]string{
		"22047":                         "AS22047 as [22047] []",
		"AS 22047":                      "AS22047 as [22047] []",
		" as22047 ":                     "AS22047 as [22047] []",
		"AS22047,AS3549":                "AS22047, AS3549 file [3549 22047] []",
		"AS 22047, 3549":                "AS22047, AS3549 file [3549 22047] []",
		"AS22047 10.0.0.0/8 AS22047":    "AS22047, 10.0.0.0/8 file [22047] [10.0.0.0/8]",
		"2001:db8::/32,2001:db8:1::/48": "2001:db8::/32, 2001:db8:1::/48 file [] [2001:db8::/32]",
	} {
		s, err := none.Resolve(arg)
		if err != nil {
			t.Errorf("%q: %v", arg, err)
			continue
		}
		if got := fmt.Sprint(s.Name, " ", s.Kind, " ", s.Origins, " ", s.Blocks); got != want {
			t.Errorf("%q: %s, want %s", arg, got, want)
		}
	}
	for arg, want := range map[string]string{
		"AS1,AS0":      "\"AS0\": AS0 originates nothing",
		"AS1,nonsense": "\"nonsense\": neither an AS",
		"AS1,KP":       "no delegation file was given",
		"0":            "AS0 originates nothing",
		"99999999999":  "AS",
		",":            "neither an AS",
	} {
		if _, err := none.Resolve(arg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", arg, err, want)
		}
	}
}

func TestSimpleSubjects(t *testing.T) {
	var none *Atlas
	s := resolve(t, none, "as2.207")
	if s.Name != "AS131279" || s.Kind != KindAS || len(s.Blocks) != 0 || s.Reasons[0] != (Reason{"AS131279", "asked for"}) {
		t.Errorf("%+v", s)
	}
	p := netip.MustParsePrefix("9.9.9.0/24")
	if !s.Match(p, 131279) || s.Match(p, 1) || s.MatchOtherOrigin(p) {
		t.Error("an AS: its routes, and another origin's is none of it")
	}
	s = resolve(t, none, "175.45.176.0/22")
	if s.Kind != KindPrefix || !s.Match(netip.MustParsePrefix("175.45.178.0/24"), 1) || s.Match(netip.MustParsePrefix("175.45.176.0/21"), 1) ||
		!s.MatchOtherOrigin(netip.MustParsePrefix("175.45.176.0/22")) {
		t.Errorf("%+v", s)
	}
	if why := s.Why(netip.MustParsePrefix("175.45.176.0/22"), 4); fmt.Sprint(why) != "[asked for]" {
		t.Errorf("%q", why)
	}
	if _, ok := none.Name(1); ok || none.NamesOf() != "" || len(none.Lists()) != 0 || none.At(time.Now()) != nil {
		t.Error("nil knows something")
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "readme.txt", "nothing of ours\n")
	for arg, words := range map[string]string{
		dir:                          "no delegation file and no list of AS names in it (1 other files)",
		filepath.Join(dir, "absent"): "no such file",
	} {
		if _, err := Open(arg); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", arg, err)
		}
	}
	write(t, dir, "delegated-ripencc-20140101.gz.bad", "\x1f\x8b\x08\x00broken")
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "delegated-ripencc-20140101.gz.bad") {
		t.Errorf("a list that cannot be unpacked: %v", err)
	}
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "asnames-2014-12-22.txt", "# names\n1 LVLT-1 Level 3, US\n131279 STAR-KP Ryugyong-dong, KP\nAS7 XYZ\nthis is not one\n99999999999 TOO-BIG\n")
	write(t, dir, "asnames-20160101.txt.gz", "1 NEW-NAME, US\n")
	write(t, dir, "names.json", `{"1": "UNDATED, US", "131279": "É", "x": "bad", "2": 5}`)
	a := openDir(t, dir)
	if n, _ := a.Name(1); n != "NEW-NAME, US" || a.NamesOf() != "asnames-20160101.txt of 2016-01-01" {
		t.Errorf("newest: %q of %s", n, a.NamesOf())
	}
	b := a.At(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	if n, _ := b.Name(131279); n != "STAR-KP Ryugyong-dong, KP" || b.NamesOf() != "asnames-2014-12-22.txt of 2014-12-22" {
		t.Errorf("2015: %q of %s", n, b.NamesOf())
	}
	if n, _ := b.Name(7); n != "XYZ" {
		t.Errorf("AS7: %q", n)
	}
	if named, n := b.NamesDamage(); n != 2 || named[0].Line != 5 {
		t.Errorf("%v", named)
	}
	dir = t.TempDir()
	write(t, dir, "names.json", `{"1": "UNDATED, US", "131279": "É", "x": "bad", "2": 5, "3": "cut`)
	a = openDir(t, dir)
	if n, _ := a.Name(131279); n != "É" || a.NamesOf() != "names.json (undated)" {
		t.Errorf("%q of %s", n, a.NamesOf())
	}
	if named, n := a.NamesDamage(); n != 3 || !strings.Contains(named[2].Reason, "ends after byte") {
		t.Errorf("%v", named)
	}
}

// TestBlocksAgainstAddresses compares the arithmetic on prefixes with counting
// single addresses of a /24.
func TestBlocksAgainstAddresses(t *testing.T) {
	gen := rapid.Custom(func(t *rapid.T) netip.Prefix {
		bits := rapid.IntRange(24, 32).Draw(t, "bits")
		p, _ := netip.AddrFrom4([4]byte{10, 0, 0, rapid.Byte().Draw(t, "last")}).Prefix(bits)
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		add := rapid.SliceOfN(gen, 0, 8).Draw(t, "add")
		cut := rapid.SliceOfN(gen, 0, 5).Draw(t, "cut")
		blocks := aggregate(append([]netip.Prefix{}, add...))
		left := subtract(blocks, aggregate(append([]netip.Prefix{}, cut...)))
		in := func(ps []netip.Prefix, a netip.Addr) bool {
			for _, p := range ps {
				if p.Contains(a) {
					return true
				}
			}
			return false
		}
		for i := range 256 {
			a := netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})
			host := netip.PrefixFrom(a, 32)
			if got, want := within(blocks, host), in(add, a); got != want {
				t.Fatalf("%v in %v: %v", a, blocks, got)
			}
			if got, want := within(left, host), in(add, a) && !in(cut, a); got != want {
				t.Fatalf("%v in %v: %v", a, left, got)
			}
		}
		for i := 1; i < len(left); i++ {
			if comparePrefix(left[i-1], left[i]) >= 0 || left[i-1].Overlaps(left[i]) {
				t.Fatalf("not sorted and apart: %v", left)
			}
		}
		start := rapid.Uint32Range(0, 255).Draw(t, "start")
		n := rapid.Uint64Range(1, 256).Draw(t, "n")
		sum := uint64(0)
		for _, p := range rangeToCIDRs(10<<24|start, n) {
			sum += 1 << (32 - p.Bits())
		}
		if sum != n {
			t.Fatalf("%d addresses from %d: %d", n, start, sum)
		}
	})
	if got := rangeToCIDRs(0, 1<<32); len(got) != 1 || got[0].String() != "0.0.0.0/0" {
		t.Error(got)
	}
	if got := aggregate(prefixes("::/1", "8000::/1", "0.0.0.0/1", "128.0.0.0/1")); len(got) != 2 {
		t.Error(got)
	}
}

// TestSubjectFile is the golden test of the format described in
// docs/formats/subject.md: the example there, resolved.
func TestSubjectFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "delegated-apnic-20140630", apnic2014)
	s := resolve(t, openDir(t, dir), "testdata/north-korea.subject")
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\norigins %v\nblocks %v\n", s.Name, s.Kind, s.Origins, s.Blocks)
	for _, r := range s.Reasons {
		fmt.Fprintf(&b, "%s\t%s\n", r.What, r.Reason)
	}
	for _, r := range s.Strike.Reasons {
		fmt.Fprintf(&b, "-%s\t%s\n", r.What, r.Reason)
	}
	golden, err := os.ReadFile("testdata/north-korea.golden")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(golden), b.String()); d != "" {
		t.Error(d)
	}
	p := netip.MustParsePrefix
	for _, tc := range []struct {
		prefix string
		origin uint32
		match  bool
		other  bool
	}{
		{"175.45.176.0/24", 131279, true, true},
		{"175.45.176.0/24", 64500, true, true},    // addresses delegated to the country, whoever announces them
		{"175.45.178.0/24", 131279, false, false}, // struck
		{"175.45.178.0/25", 131279, false, false}, // within what is struck
		{"175.45.176.0/22", 131279, true, false},  // reaches beyond what is struck
		{"175.45.176.0/24", 131281, false, true},  // a struck origin
		{"210.52.109.0/24", 4837, true, true},     // added
		{"8.8.8.0/24", 4837, false, false},        // China Unicom is none of it
		{"77.94.35.0/24", 131279, true, false},    // only by its origin
		{"77.94.35.0/24", 64500, false, false},
		{"0.0.0.0/0", 131279, false, false}, // leads to all addresses and is nobody's
	} {
		if got := s.Match(p(tc.prefix), tc.origin); got != tc.match {
			t.Errorf("%s by AS%d: %v", tc.prefix, tc.origin, got)
		}
		if got := s.MatchOtherOrigin(p(tc.prefix)); got != tc.other {
			t.Errorf("%s by others: %v", tc.prefix, got)
		}
		if why := s.Why(p(tc.prefix), tc.origin); (len(why) > 0) != tc.match {
			t.Errorf("%s by AS%d: %q", tc.prefix, tc.origin, why)
		}
	}
	// Read back from a case it gives the same answers.
	enc, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Subject
	if err := json.Unmarshal(enc, &back); err != nil {
		t.Fatal(err)
	}
	for _, pre := range []string{"175.45.176.0/24", "175.45.178.0/24", "175.45.176.0/20", "210.52.109.0/24", "8.8.8.0/24"} {
		for _, origin := range []uint32{131279, 131281, 4837} {
			if d := cmp.Diff(s.Why(p(pre), origin), back.Why(p(pre), origin)); d != "" {
				t.Errorf("%s by AS%d: %s", pre, origin, d)
			}
		}
	}
	// The description holds the example word for word.
	doc, err := os.ReadFile("../../docs/formats/subject.md")
	if err != nil {
		t.Fatal(err)
	}
	example, _ := os.ReadFile("testdata/north-korea.subject")
	if !strings.Contains(string(doc), "```\n"+string(example)+"```") {
		t.Error("docs/formats/subject.md and testdata/north-korea.subject differ")
	}
}

func TestSubjectFileErrors(t *testing.T) {
	for text, words := range map[string]string{
		"":                      "no subject in it",
		"AS1 AS2":               "one thing a line",
		"AS1\n\nfoo":            "line 3",
		"-KP":                   "cannot be struck",
		"KP\nkp":                "there twice",
		"+AS1\n-AS1":            "added and struck; the other line is 1",
		"name: a\nname: b\nAS1": "a second name",
		"name:\nAS1":            "without a name",
		"+ # nothing":           "a sign with nothing",
		"XX":                    "no country code",
		"10.0.0.1/8":            "10.0.0.0/8 is meant?",
		"AS1\x00":               "not a text file",
		"\xff\xfe":              "not a text file",
		"other.subject":         "neither an AS",
	} {
		if _, err := parseSubjectFile([]byte(text)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v, want %q", text, err, words)
		}
	}
	sf, err := parseSubjectFile([]byte("\ufeffName : Windows file\r\n\tas131279\t#  a   reason # with another\r\n- 10.0.0.0/8\r\n"))
	if err != nil || sf.name != "Windows file" || len(sf.lines) != 2 || sf.lines[0].comment != "a reason # with another" || !sf.lines[1].off {
		t.Errorf("%+v, %v", sf, err)
	}
}
