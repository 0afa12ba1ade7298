package report

import (
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/finding"
)

// TestOnList: reasons are worded in every language, and what is understood of none
// stands as it is.
func TestOnList(t *testing.T) {
	const reason = "within 200.14.64.0/20, delegated to CL by LACNIC on 1994-11-01 (delegated-lacnic-latest of 2014-06-27)"
	for lang, want := range map[Lang]string{
		English: reason,
		French:  "dans 200.14.64.0/20, délégué à CL par LACNIC le 1er novembre 1994 (delegated-lacnic-latest du 27 juin 2014)",
		"de":    "in 200.14.64.0/20, CL zugeteilt von LACNIC am 1. November 1994 (delegated-lacnic-latest vom 27. Juni 2014)",
	} {
		w := locale.Must(lang)
		if got := strings.NewReplacer(nbsp, " ", nnbsp, " ").Replace(OnList(w, reason)); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
		for _, odd := range []string{"", "because", "delegated to Chile"} {
			if got := OnList(w, odd); got != odd {
				t.Errorf("%s: %q became %q", lang, odd, got)
			}
		}
		for _, r := range []string{"asked for", "added by hand", "struck by hand: x", "delegated to FR by RIPE NCC (delegated-ripencc-latest (undated))", "holds 10.0.0.0/8, asked for", "announced by AS1, asked for"} {
			if got := OnList(w, r); strings.Contains(got, "[") || lang == English && got != r || lang != English && got == r {
				t.Errorf("%s: %q: %q", lang, r, got)
			}
		}
	}
}

// TestListsOnce: the list of a country names the registries' files once, above the
// tables, and every row says no more than its own.
func TestListsOnce(t *testing.T) {
	f := night()
	const list = "delegated-apnic-latest of 2014-06-30"
	f.Subject.Kind = "country"
	f.Subject.Reasons = []finding.Reason{finding.NewReason("AS131279", "delegated to KP by APNIC on 2009-12-21 ("+list+")")}
	for i := range f.Subject.Prefixes {
		f.Subject.Prefixes[i].Reasons = []finding.OnList{finding.NewOnList("within 175.45.176.0/22, delegated to KP by APNIC on 2009-12-21 (" + list + ")"), finding.NewOnList("announced by AS131279, delegated to KP by APNIC on 2009-12-21 (" + list + ")")}
	}
	page, _ := render(t, f, English)
	if n := strings.Count(page, list); n != 1 {
		t.Errorf("the list is named %d times", n)
	}
	for _, want := range []string{"The list is " + list, "within 175.45.176.0/22, APNIC, 2009-12-21; announced by AS131279, APNIC, 2009-12-21"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	f.Subject.Prefixes[0].Reasons = append(f.Subject.Prefixes[0].Reasons, finding.NewOnList("added by hand: x"))
	if page, _ := render(t, f, English); strings.Contains(page, "The list is") || !strings.Contains(page, "added by hand: x") || strings.Count(page, list) < 3 {
		t.Error("a list with something by hand is not told in full")
	}
}
