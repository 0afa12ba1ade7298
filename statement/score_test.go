package statement

import (
	"os"
	"testing"
)

// TestGold prints what the reader makes of the tuned part and holds the goals.
func TestGold(t *testing.T) {
	all, err := Score(os.DirFS("testdata/gold"))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.HeldOut {
			continue // not looked at while the rules are made
		}
		for _, l := range a.Missed {
			t.Logf("%s missed %s", a.Name, l)
		}
		for _, l := range a.Wrong {
			t.Logf("%s wrong  %s", a.Name, l)
		}
		for _, l := range a.Kinds {
			t.Logf("%s kind   %s", a.Name, l)
		}
	}
	for _, held := range []bool{false} {
		for _, lang := range []string{"en", "fr", ""} {
			s := Sum(all, func(a *ArticleScore) bool { return a.HeldOut == held && (lang == "" || a.Lang == lang) })
			t.Logf("held-out %v %2s: P %.3f R %.3f  (%d/%d, %d/%d, words only %d)  assertion/denial P %.3f R %.3f  denial P %.3f R %.3f roles %v forms %v times %v", held, lang, s.Precision(), s.Recall(), s.Right, s.Proposed, s.Found, s.Gold, s.WordsOnly,
				s.KindPrecision(Assertion, Denial), s.KindRecall(Assertion, Denial), s.KindPrecision(Denial), s.KindRecall(Denial), s.Roles, s.Forms, s.Times)
		}
	}
}
