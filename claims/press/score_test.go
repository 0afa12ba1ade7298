package press

import (
	"os"
	"testing"

	"constat/claims/statement"
)

// TestGold holds the goals on both parts of the gold set. With -v it lists
// what the tuned part gets wrong, and of the held-out part only the figures:
// whoever makes rules must not look at it.
func TestGold(t *testing.T) {
	all, err := Score(os.DirFS("testdata/gold"), ByRead)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, a := range all {
		n[a.Lang]++
		if a.HeldOut {
			continue
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
	if n["en"] < 20 || n["fr"] < 20 {
		t.Errorf("articles: %v; want 20 a language", n)
	}
	for _, held := range []bool{false, true} {
		s := Sum(all, func(a *ArticleScore) bool { return a.HeldOut == held })
		t.Logf("held out %v: P %.3f R %.3f  assertion/denial P %.3f R %.3f  roles %v forms %v times %v", held,
			s.Precision(), s.Recall(), s.KindPrecision(statement.Assertion, statement.Denial), s.KindRecall(statement.Assertion, statement.Denial), s.Role, s.Form, s.Time)
		if s.Precision() < .85 || s.Recall() < .85 {
			t.Errorf("held out %v: speaker and words: precision %.3f, recall %.3f; want 0.85 each", held, s.Precision(), s.Recall())
		}
		if p, r := s.KindPrecision(statement.Assertion, statement.Denial), s.KindRecall(statement.Assertion, statement.Denial); p < .9 || r < .9 {
			t.Errorf("held out %v: assertion or denial: precision %.3f, recall %.3f; want 0.9 each", held, p, r)
		}
	}
}
