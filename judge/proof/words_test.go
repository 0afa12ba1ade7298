package proof

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
)

// Languages whose words the tests of this package know.
const (
	English Lang = "en"
	French  Lang = "fr"
)

func TestLevelWords(t *testing.T) {
	for l, want := range map[Level][2]string{
		Established: {"established", "établi"}, Indicated: {"indicated", "indiqué"},
		NotEstablished: {"not established", "non établi"}, Excluded: {"excluded", "exclu"},
	} {
		if l.In(English) != want[0] || l.In(French) != want[1] || l.String() != want[0] {
			t.Errorf("level %d: %q, %q; want %q, %q", l, l.In(English), l.In(French), want[0], want[1])
		}
		b, err := json.Marshal(l)
		if err != nil || string(b) != `"`+strings.ReplaceAll(want[0], " ", "-")+`"` {
			t.Errorf("level %v is written %s, %v", l, b, err)
		}
		var back Level
		if err := json.Unmarshal(b, &back); err != nil || back != l {
			t.Errorf("level %v is read back as %v, %v", l, back, err)
		}
		spaced, err := json.Marshal(Spaced{l})
		if err != nil || string(spaced) != `"`+want[0]+`"` {
			t.Errorf("level %v is written %s with a space, %v", l, spaced, err)
		}
		var again Spaced
		if err := json.Unmarshal(spaced, &again); err != nil || again.Level != l {
			t.Errorf("level %v is read back as %v, %v", l, again, err)
		}
		for _, n := range Names() {
			s, _, _ := Load(n)
			if d := s.Demand(l); d[English] == "" || d[French] == "" || d[English] == d[French] {
				t.Errorf("%s says nothing about %v", n, l)
			}
		}
	}
	var l Level
	if err := l.UnmarshalText([]byte("proved")); err == nil {
		t.Error(`"proved" is read as a level`)
	}
	if _, err := Level(9).MarshalText(); err == nil || Level(9).String() != "level 9" {
		t.Error("a level that does not exist is written")
	}
}

func TestMixes(t *testing.T) {
	for s, want := range map[string]bool{
		"It is likely, with high confidence, that the origin stopped.":    true,
		"We are confident that this is Almost\nCertain.":                  true,
		"The cut was probably ordered (moderate confidence).":             true,
		"An ordered cut is very unlikely; confidence is low.":             true,
		"Un ordre est très probable, avec une confiance moyenne.":         true,
		"Un ordre est tre\u0300s probable : confiance faible.":            true, // decomposed accents
		"Vraisemblablement ordonnée, et nous avons confiance.":            true,
		"UN ORDRE EST QUASI-CERTAIN, CONFIANCE ÉLEVÉE.":                   true,
		"An ordered cut is likely.":                                       false,
		"Confidence in this judgement is high.":                           false,
		"The likelihood ratio is 3.1; confidence is low.":                 false, // a ratio is a number about evidence
		"It is likely: the 95 % confidence interval is 2.1 to 4.4.":       false, // a term of statistics
		"Probable, l’intervalle de confiance à 95 % va de 2,1 à 4,4.":     false,
		"The unlikelyhood of confidenceless words.":                       false, // parts of words are none
		"La confiance dans ce jugement est faible.":                       false,
		"North Korea left the Internet at 16:15:07, seen by nine peers.":  false,
		"The confidence interval is wide, and it is likely, confidently.": true,
	} {
		if got := Mixes(s); got != want {
			t.Errorf("Mixes(%q) = %v", s, got)
		}
	}
	for text, want := range map[string]int{
		"An ordered cut is likely. Confidence is low.":                                  0,
		"An ordered cut is likely (see fig. 3.1). Confidence is low.":                   0,
		"A cut at 16:15.07 is likely with confidence.":                                  1,
		"Un ordre est probable. La confiance est faible.":                               0,
		"Likely.\n\nConfidence low.":                                                    0,
		"Likely\nwith confidence.":                                                      1,
		"Quiet. Likely, with confidence. Quiet. Probable, avec confiance !":             2,
		"He said “it is likely.” “High confidence” was his word.":                       0,
		"The ratio is 3.1 e.g. likely, and confidence is low":                           1,
		"Est-ce probable ? « Confiance élevée », dit-il.":                               0,
		"Est-ce probable\u00a0? Confiance élevée.":                                      0,
		"The origin is excluded; it is likely that …confidence… is not what you think.": 1,
	} {
		if got := Mixed(text); len(got) != want {
			t.Errorf("Mixed(%q) = %q; want %d sentences", text, got, want)
		}
	}
}

// TestWordListsAreApart: no word of one scale is a word of the other, each own
// word is recognised, and putting any two together is caught.
func TestWordListsAreApart(t *testing.T) {
	for _, lang := range locale.All() {
		for l := AlmostNoChance; l <= AlmostCertain; l++ {
			if lw := Fold(l.In(lang)); !holds(lw, forms().likelihood) || holds(lw, forms().confidence) {
				t.Errorf("%q is not recognised as a likelihood and nothing else", l.In(lang))
			}
			for c := LowConfidence; c <= HighConfidence; c++ {
				if cw := Fold(c.In(lang)); !holds(cw, forms().confidence) || holds(cw, forms().likelihood) {
					t.Errorf("%q is not recognised as a confidence and nothing else", c.In(lang))
				}
				if !Mixes(l.In(lang) + ", " + c.In(lang)) {
					t.Errorf("%q with %q is not caught", l.In(lang), c.In(lang))
				}
			}
		}
	}
	for _, w := range slices.Concat(forms().likelihood, forms().confidence) {
		if Fold(w) != " "+w+" " {
			t.Errorf("%q is not folded, so it is never found", w)
		}
	}
}

func TestAdmiralty(t *testing.T) {
	r, c, err := ParseGrade("B2")
	if err != nil || r.In(English) != "usually reliable" || c.In(English) != "probably true" || r.String()+c.String() != "B2" {
		t.Errorf("B2 = %v%v %q %q, %v", r, c, r.In(English), c.In(English), err)
	}
	if r, c, err = ParseGrade("F6"); err != nil || r != ReliabilityUnknown || c != CredibilityUnknown || !strings.Contains(r.In(French), "fiabilité") {
		t.Errorf("F6 = %v%v, %v", r, c, err)
	}
	for _, s := range []string{"", "B", "2B", "G1", "A7", "A0", "b2", "B22"} {
		if r, c, err := ParseGrade(s); err == nil {
			t.Errorf("%q is read as %v%v", s, r, c)
		}
	}
	if Reliability(0).In(English) != ReliabilityUnknown.In(English) || Credibility(0).In(French) != CredibilityUnknown.In(French) {
		t.Error("no grade is worded as one")
	}
}
