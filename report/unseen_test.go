package report

import (
	"net/netip"
	"testing"

	"constat/judge/finding"
)

// listOf are findings about a list, with one prefix of AS64500 that stayed.
func listOf(name string, reasons ...finding.Reason) *finding.Findings {
	f := &finding.Findings{Answer: finding.AnswerStayed}
	f.Subject = finding.Subject{Name: name, Kind: "file", Origins: []uint32{64500, 64501, 64502}, Reasons: reasons,
		Prefixes: []finding.Prefix{{Prefix: netip.MustParsePrefix("192.0.2.0/24"), Origins: []uint32{64500}, Carriers: 4}}}
	return f
}

func TestUnseen(t *testing.T) {
	as := func(n uint32, kind string) finding.Reason {
		return finding.Reason{AS: n, OnList: finding.OnList{Kind: kind}}
	}
	block := func(p string) finding.Reason {
		return finding.Reason{Block: netip.MustParsePrefix(p), OnList: finding.OnList{Kind: finding.OnListAsked}}
	}
	f := listOf("AS64500, AS64501, 192.0.2.0/23, 198.51.100.0/24", as(64500, finding.OnListAsked), as(64501, finding.OnListAsked),
		block("192.0.2.0/23"), block("198.51.100.0/24"))
	if got := SeenName(f); got != "AS64500, 192.0.2.0/23" {
		t.Errorf("seen of the list: %q", got)
	}
	page, sum := render(t, f, English)
	contains(t, "summary", sum, "The routes to", "of AS64500, 192.0.2.0/23", "Of AS64501, 198.51.100.0/24, nothing was seen in what was read.")
	contains(t, "page", text(parse(t, page)), "Were the routes of AS64500, AS64501, 192.0.2.0/23, 198.51.100.0/24 in the Internet’s routing")

	// What a network announced of another's was seen, although it is not judged as its own.
	f.Others = []finding.OtherOrigin{{Origin: 64501, Subject: true, Prefix: netip.MustParsePrefix("203.0.113.0/24")}}
	if got := unseen(f); len(got) != 1 || got[0] != "198.51.100.0/24" {
		t.Errorf("unseen %v", got)
	}
	// A country has many numbers that announce nothing; a list keeps its name.
	if got := unseen(listOf("KP", as(64501, finding.OnListDelegated))); got != nil {
		t.Errorf("of a country: %v", got)
	}
	file := listOf("the coast", as(64500, finding.OnListByHand), as(64501, finding.OnListByHand), as(64502, finding.OnListByHand))
	if got := SeenName(file); got != "the coast" {
		t.Errorf("a file: %q", got)
	}
	_, sum = render(t, file, "de")
	contains(t, "a file", sum, "von „the coast“", "Von AS64501, AS64502 war in dem, was gelesen wurde, nichts zu sehen.")
}
