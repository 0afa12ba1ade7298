package report

import (
	"bytes"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/transit"
)

// TestChokepointsUnseen: who was not watching, who looks and stands next to the subject,
// whose shares they are and what is only unseen is said, in each language.
func TestChokepointsUnseen(t *testing.T) {
	a := chokeAnswer(t)
	a.Peers = 3
	a.Blind = []transit.Blind{{Collector: "rrc89", Peer: "198.18.0.4", AS: 103, Reason: "session down"}, {Collector: "rrc89", Peer: "198.18.0.5", AS: 23456, Reason: "missing file", Told: true}}
	r := a.Subjects[0]
	f := &r.Families[0]
	f.Direct, f.OnlyDirect, f.Voices = []uint32{100}, 1, f.Vantages-1
	r.Graphs[0].Missing = 1
	a.Changes[0].Lost, a.Changes[0].Gone, a.Changes[0].Unseen = []uint32{103}, []uint32{7}, []uint32{20}
	text := func(l locale.Lang) string {
		var b bytes.Buffer
		if err := writeChokepointsIn(&b, a, l, 0, false); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "[choke.") {
			t.Errorf("%s lacks words:\n%s", l, b.String())
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	for l, want := range map[locale.Lang][]string{
		locale.Default: {"2 of 4 peers were not watching.", "This leaves out 1 vantage network that is connected with it itself.",
			"rrc89 198.18.0.4 AS103 since", "What 1 of them told before is among the ways, and in no share.",
			"1 vantage network is connected with it itself, no path that other vantage networks outside it show crosses it, and no list has it as a provider of one of the subject’s networks: AS100.", "Shares of IPv4 are of 8 of 9",
			"lacks 1 of its 2 origins", "gone: Before AS7", "not all who showed them are watching: Before AS20; Now not known"},
	} {
		got := text(l)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not said:\n%s", l, w, got)
			}
		}
	}
	for _, l := range locale.All() {
		if got := text(l); !strings.Contains(got, "AS103") || !strings.Contains(got, "AS100") || !strings.Contains(got, "AS20") {
			t.Errorf("%s:\n%s", l, got)
		}
	}
	// All are next to it.
	for i := range r.Families {
		r.Families[i].OnlyDirect = r.Families[i].Vantages
	}
	if got := text(locale.Default); !strings.Contains(got, "on no path that was seen does anybody stand between who could be asked") {
		t.Error(got)
	}
}
