package report

import (
	"regexp"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/cause"
	"constat/judge/finding"
)

// Languages whose words the tests of this package know.
const (
	English Lang = "en"
	French  Lang = "fr"
)

// TestCausesAreWorded: every value that cause can give has words.
func TestCausesAreWorded(t *testing.T) {
	words := locale.Must(locale.Default)
	for _, r := range []string{finding.MissingFile, finding.FileNotGiven, finding.FileNotCached, finding.FileNotArchived, finding.GapInFile, finding.TruncatedFile, finding.UnreadableRecords, finding.SessionDown, finding.TableTransfer, finding.Stale, finding.SilenceOfAll, finding.SilentTogether} {
		if !words.Has("reason." + r) {
			t.Errorf("blindness by %q has no words", r)
		}
	}
	for _, k := range []string{cause.FewFacts, cause.FewPlaces, cause.OneCollector, cause.InferredOnly, cause.NotScreened, cause.NoBaseline, cause.Fragile, cause.FewVantages, cause.NoSingleAct, cause.NothingGrows, cause.Scattered, cause.CountriesUnknown, cause.OneCountry, cause.RuleUnknown, cause.OneRule, cause.ResetOfPeers, cause.OtherRoutes, cause.OtherPrefixes} {
		if !words.Has("why." + k) {
			t.Errorf("the reason %q has no words", k)
		}
	}
	for _, k := range []string{finding.BesideReplaced, finding.BesideBegan} {
		if !words.Has("beside." + k) {
			t.Errorf("%q beside a cut has no words", k)
		}
	}
}

// TestNothingUnworded finds keys and verbs that reached a reader.
func TestNothingUnworded(t *testing.T) {
	left := regexp.MustCompile(`\[[a-z]+(\.[a-z0-9]+)+\]|\{[a-z]+\}|<nil>|%!`)
	for _, c := range cases {
		for _, l := range locale.All() {
			page, sum := render(t, c.make(), l)
			css := strings.Index(page, "</style>")
			if m := left.FindString(page[css:]); m != "" {
				t.Errorf("%s %s: the page says %q", c.name, l, m)
			}
			if m := left.FindString(sum); m != "" {
				t.Errorf("%s %s: the summary says %q", c.name, l, m)
			}
		}
	}
}

func TestWords(t *testing.T) {
	q := &finding.Findings{Question: finding.Question{From: ts("2014-12-21T00:00:00Z"), Until: ts("2014-12-24T00:00:00Z")}}
	en, err := newPrinter(English, q)
	if err != nil {
		t.Fatal(err)
	}
	fr, err := newPrinter(French, q)
	if err != nil {
		t.Fatal(err)
	}
	sp := strings.NewReplacer(nbsp, "~", nnbsp, "_")
	for _, x := range []struct{ got, want string }{
		{en.n(1234567), "1,234,567"},
		{fr.n(1234567), "1_234_567"},
		{en.percent(0.0171), "1.7~%"},
		{fr.percent(0.0171), "1,7_%"},
		{en.percent(0), "0~%"},
		{en.percent(1), "100~%"},
		{en.percent(0.00001), "<~0.1~%"},
		{fr.percent(0.99999), ">~99,9_%"},
		{en.brief(34267), "9~h~31~min"},
		{en.exact(34267), "9~h 31~min 07~s"},
		{en.exact(34260), "9~h 31~min"},
		{en.exact(3600), "1~h"},
		{en.exact(0), "0~s"},
		{en.exact(90061), "1~d 1~h 01~min 01~s"},
		{fr.exact(90000), "1~j 1~h"},
		{en.words(34267).String(), "9~hours 31~minutes"},
		{fr.words(3661).String(), "1~heure 1~minute"},
		{en.words(3605).String(), "1~hour"},
		{en.words(28).String(), "28~seconds"},
		{en.at(ts("2014-12-22T16:15:07Z")).Text, "22~December 2014 at 16:15:07 UTC"},
		{fr.at(ts("2014-12-22T16:15:07Z")).Text, "22~décembre 2014 à 16~h~15~min~07~s UTC"},
		{fr.bound(ts("2015-03-01T00:00:00Z")).Text, "1er~mars 2015 à 0~h UTC"},
		{fr.bound(ts("2015-03-01T09:05:00Z")).Text, "1er~mars 2015 à 9~h~05 UTC"},
		{en.days(ts("2014-12-22T16:15:07Z"), ts("2014-12-23T01:46:14Z")), "22–23~December 2014"},
		{en.days(ts("2014-11-30T16:15:07Z"), ts("2014-12-02T01:46:14Z")), "30~November~– 2~December 2014"},
		{en.stamp(ts("2014-12-22T16:15:07Z")), "22~Dec 16:15:07"},
		{clock(ts("2014-12-22T16:15:07.25Z")), "16:15:07.25"},
		{en.country("KP"), "North Korea"},
		{fr.country("KP"), "Corée du Nord"},
		{clip("a\u202eb\x1b[31mc", 40), "a b [31mc"},
	} {
		if got := sp.Replace(x.got); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}
