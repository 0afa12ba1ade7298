package proof

import (
	"fmt"
	"math"

	"constat/internal/locale"
)

// Likelihood is a degree of likelihood: a band of probabilities and its word
// (US Intelligence Community Directive 203, section D.6.e). It says how likely
// something is, never how good the evidence is: that is [Confidence], another
// type on purpose. Nothing in this package takes both.
type Likelihood uint8

const (
	AlmostNoChance Likelihood = iota // 1–5 %
	VeryUnlikely                     // 5–20 %
	Unlikely                         // 20–45 %
	RoughlyEven                      // 45–55 %
	Likely                           // 55–80 %
	VeryLikely                       // 80–95 %
	AlmostCertain                    // 95–99 %
)

var likelihoods = [...]struct {
	low, top float64
	name     string // of its words
}{
	AlmostNoChance: {.01, .05, "almost no chance"},
	VeryUnlikely:   {.05, .20, "very unlikely"},
	Unlikely:       {.20, .45, "unlikely"},
	RoughlyEven:    {.45, .55, "roughly even"},
	Likely:         {.55, .80, "likely"},
	VeryLikely:     {.80, .95, "very likely"},
	AlmostCertain:  {.95, .99, "almost certain"},
}

// LikelihoodOf gives the word for a probability. On a border between two bands
// it is the one nearer to even: the more modest. The scale ends at 1 and 99 %
// and has no word for more; what lies beyond gets the outermost word.
func LikelihoodOf(p float64) (Likelihood, error) {
	if math.IsNaN(p) || p < 0 || p > 1 {
		return 0, fmt.Errorf("probability %v: not between 0 and 1", p)
	}
	for l := AlmostNoChance; l < RoughlyEven; l++ {
		if p < likelihoods[l].top {
			return l, nil
		}
	}
	for l := AlmostCertain; l > RoughlyEven; l-- {
		if p > likelihoods[l].low {
			return l, nil
		}
	}
	return RoughlyEven, nil
}

// Band gives the probabilities that the word stands for.
func (l Likelihood) Band() (low, top float64) { return likelihoods[l].low, likelihoods[l].top }

// In gives the word.
func (l Likelihood) In(lang Lang) string {
	return locale.Must(lang).T("likelihood." + likelihoods[l].name)
}

func (l Likelihood) String() string { return l.In(locale.Default) }

// Confidence is how far the evidence behind a judgement can be relied on
// (ICD 203, section D.6.e): sources, their number, and how they agree.
type Confidence uint8

const (
	LowConfidence Confidence = iota
	ModerateConfidence
	HighConfidence
)

var confidences = [...]string{LowConfidence: "low", ModerateConfidence: "moderate", HighConfidence: "high"}

// In gives the words.
func (c Confidence) In(lang Lang) string {
	return locale.Must(lang).T("confidence." + confidences[c])
}

func (c Confidence) String() string { return c.In(locale.Default) }
