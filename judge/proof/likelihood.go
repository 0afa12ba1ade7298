package proof

import "constat/internal/locale"

// Likelihood is a degree of likelihood: a band of probabilities and its word
// (US Intelligence Community Directive 203, section D.6.e). It says how likely
// something is, never how good the evidence is: that is [Confidence], another
// type on purpose. Nothing in this package takes both.
type Likelihood uint8

// Degrees of likelihood (ICD 203).
const (
	AlmostNoChance Likelihood = iota // 1–5 %
	VeryUnlikely                     // 5–20 %
	Unlikely                         // 20–45 %
	RoughlyEven                      // 45–55 %
	Likely                           // 55–80 %
	VeryLikely                       // 80–95 %
	AlmostCertain                    // 95–99 %
)

var likelihoods = [...]string{
	AlmostNoChance: "almost no chance",
	VeryUnlikely:   "very unlikely",
	Unlikely:       "unlikely",
	RoughlyEven:    "roughly even",
	Likely:         "likely",
	VeryLikely:     "very likely",
	AlmostCertain:  "almost certain",
}

// In gives the word.
func (l Likelihood) In(lang Lang) string {
	return locale.Must(lang).T("likelihood." + likelihoods[l])
}

func (l Likelihood) String() string { return l.In(locale.Default) }

// Confidence is how far the evidence behind a judgement can be relied on
// (ICD 203, section D.6.e): sources, their number, and how they agree.
type Confidence uint8

// Degrees of confidence.
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
