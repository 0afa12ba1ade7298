package atlas

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"constat/internal/realdata"
)

func relationFile(t *testing.T, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOpenRelations(t *testing.T) {
	l, err := OpenRelations(relationFile(t, "20150201.as-rel.txt", "# source:topology|BGP|20150201|ripe|rrc00\n# inferred clique: 174 209\n174|64500|-1\n64501|64500|1\n174|209|0|bgp\n1|x|-1\n1|2|7\n1|2\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Link{{174, 64500, false}, {64500, 64501, false}, {174, 209, true}}
	if !slices.Equal(l.Links, want) || !slices.Equal(l.Core, []uint32{174, 209}) || l.Unread != 3 || len(l.Damaged) != 3 || l.Date != "2015-02-01" || len(l.SHA256) != 64 {
		t.Errorf("%+v", l)
	}
	for name, text := range map[string]string{"empty": "", "no relations": "a list\nof names\n", "names": "1 LVLT-1, US\n"} {
		if l, err := OpenRelations(relationFile(t, "x.txt", text)); err == nil || !strings.Contains(err.Error(), "no line such as") {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	if _, err := OpenRelations(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there was read")
	}
}

// TestRealRelationLists: the derived graph has each link in both directions, and a second
// provider of North Korea's network.
func TestRealRelationLists(t *testing.T) {
	of := func(file string, as uint32) (out []uint32, l *RelationList) {
		l, err := OpenRelations(realdata.Path(t, "relations/"+file))
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l.Links {
			if x.B == as && !x.Peer && !slices.Contains(out, x.A) {
				out = append(out, x.A)
			}
		}
		slices.Sort(out)
		return out, l
	}
	p, l := of("20150201.as-rel.txt.gz", 131279)
	if !slices.Equal(p, []uint32{4837}) || len(l.Links) != 97864+91973 || len(l.Core) != 17 || l.Unread != 0 {
		t.Errorf("%v, %d links, core %v, %d unread", p, len(l.Links), l.Core, l.Unread)
	}
	p, l = of("20150101.whole-internet-rel.txt.gz", 131279)
	if !slices.Equal(p, []uint32{4837, 22351}) || len(l.Links) != 73324+87212+73324 || l.Unread != 0 {
		t.Errorf("%v, %d links, %d unread", p, len(l.Links), l.Unread)
	}
}

// TestDelegated: one reading for all countries answers as Resolve does for each.
func TestDelegated(t *testing.T) {
	a, err := Open(realdata.Path(t, "registry/delegated-2014-06-30"))
	if err != nil {
		t.Fatal(err)
	}
	a = a.At(time.Date(2014, 5, 1, 0, 0, 0, 0, time.UTC))
	d, err := a.Delegated()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.Codes()); n < 150 {
		t.Fatalf("%d countries", n)
	}
	for _, cc := range []string{"KP", "CU", "EE", "ZA", "DE"} {
		sub, err := a.Resolve(cc)
		if err != nil {
			t.Fatal(err)
		}
		var other int
		for _, as := range sub.Origins {
			if d.AS(as) != cc {
				other++
			}
		}
		if other > 0 {
			t.Errorf("%s: %d of %d networks are of others", cc, other, len(sub.Origins))
		}
		for _, b := range sub.Blocks {
			inside := b
			if b.Addr().Is4() && b.Bits() < 32 {
				inside = netip.PrefixFrom(lastOf(b), 32)
			}
			for _, p := range []netip.Prefix{b, inside} {
				// A block may be joined of two that another country's lies between in no way.
				if got := d.Prefix(p); got != cc {
					t.Errorf("%s: %s is of %q", cc, p, got)
				}
			}
			up := netip.PrefixFrom(b.Addr(), b.Bits()-1).Masked()
			if want := within(sub.Blocks, up); (d.Prefix(up) == cc) != want {
				t.Errorf("%s: %s is within: %v", cc, up, !want)
			}
		}
	}
	if d.AS(4294967295) != "" || d.Prefix(netip.MustParsePrefix("0.0.0.0/0")) != "" || d.Prefix(netip.MustParsePrefix("192.0.2.0/24")) != "" {
		t.Error("something was found for nobody")
	}
	if _, err := (&Atlas{}).Delegated(); err != ErrNoLists {
		t.Error(err)
	}
}

func FuzzRelationList(f *testing.F) {
	f.Add([]byte("# inferred clique: 1 2 x\n1|2|-1\n2|3|0\n3|2|1\n"))
	f.Add([]byte("1|2|-1|bgp\n\x1f\x8b"))
	f.Add([]byte("4294967296|1|-1\n1.2|3|0\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(p, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		l, err := OpenRelations(p)
		if (err == nil) != (l != nil && len(l.Links) > 0) {
			t.Fatal(l, err)
		}
	})
}
