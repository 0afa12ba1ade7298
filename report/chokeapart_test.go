package report

import (
	"bytes"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/transit"
)

// oneEach is an answer about AS1, of which IPv4 crosses AS10 and IPv6 AS12, on the paths of
// one and two vantage networks; AS14 is next to it in these families.
func oneEach(direct ...string) *transit.Answer {
	all := 1.0
	cut := func(members ...string) transit.Cut {
		return transit.Cut{Lower: len(members), Upper: len(members), Sets: []transit.Set{{Members: members, Share: &all}}}
	}
	r := &transit.Result{Subject: "AS1", Kind: "as", Origins: []uint32{1}, Inside: []uint32{1}}
	r.Both = []transit.Joint{{By: transit.Networks, Abroad: true, Cut: cut("AS10", "AS12")}}
	for i, f := range []string{"ipv4", "ipv6"} {
		who := []string{"AS10", "AS12"}[i]
		x := transit.InFamily{Family: f, Prefixes: 1, Space: 256, Peers: i + 2, Vantages: i + 1, Voices: i + 1, Full: i + 2,
			Cuts: []transit.Observed{{By: transit.Networks, Abroad: true, Cut: cut(who), BestExact: true}}}
		for _, d := range direct {
			if d == f {
				x.Direct, x.OnlyDirect = []uint32{14}, 1
				x.Vantages++
				x.Voices++
			}
		}
		r.Families = append(r.Families, x)
		r.Could = append(r.Could, transit.Could{AS: []uint32{10, 12}[i], Observed: []string{f}, Vantages: i + 1, Direct: true, OneVantage: i == 0})
	}
	return &transit.Answer{Format: transit.Format, At: 1420070400, Peers: 3, Networks: 3, Subjects: []*transit.Result{r}}
}

// TestEachPathCrossesOne: of a set of several, of which each path crosses one and none all, "or"
// is said; and of those that are left out every sentence about every path has the exception.
func TestEachPathCrossesOne(t *testing.T) {
	text := func(a *transit.Answer, l locale.Lang) string {
		var b bytes.Buffer
		if err := writeChokepointsIn(&b, a, l, 0, false); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00a0", " ")), " ")
	}
	type word struct{ or, and, all, but, family string }
	for l, w := range map[locale.Lang]word{
		"en": {"crosses AS10 or AS12: all of them would have to refuse", "crosses AS10 and AS12", "every IPv4 path that was seen crosses it.", "every IPv4 path that was seen crosses it, but those", "IPv6: 1 vantage network"},
		"fr": {"passent par AS10 ou AS12 : il faudrait que tous refusent", "passent par AS10 et AS12", "tous les chemins IPv4 vus le traversent.", "tous les chemins IPv4 vus le traversent, sauf", "IPv6 : 1 réseau observateur"},
		"de": {"läuft durch AS10 oder AS12: alle davon müssten sich weigern", "läuft durch AS10 und AS12", "Jeder gesehene IPv4-Pfad führt hindurch.", "Jeder gesehene IPv4-Pfad führt hindurch, außer", "IPv6: 1 beobachtendes Netz"},
	} {
		got := text(oneEach(), l)
		if !strings.Contains(got, w.or) || strings.Contains(got, w.and) || !strings.Contains(got, w.all) || strings.Contains(got, w.but) {
			t.Errorf("%s, nobody left out:\n%s", l, got)
		}
		got = text(oneEach("ipv4", "ipv6"), l)
		if !strings.Contains(got, w.or) || strings.Contains(got, w.all) || !strings.Contains(got, w.but) || strings.Contains(got, w.family) {
			t.Errorf("%s, AS14 left out:\n%s", l, got)
		}
		got = text(oneEach("ipv6"), l)
		if !strings.Contains(got, w.all) || strings.Contains(got, w.but) || !strings.Contains(got, w.family) {
			t.Errorf("%s, AS14 left out of IPv6:\n%s", l, got)
		}
	}
	if got := text(oneEach("ipv6"), locale.Default); !strings.Contains(got, "This leaves out 1 vantage network") {
		t.Errorf("who is left out of IPv6 is not in the headline:\n%s", got)
	}
}
