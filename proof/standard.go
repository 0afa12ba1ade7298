// Package proof holds standards of proof: thresholds declared, and hashed,
// before any source is read; and the words in which a conclusion may be put.
//
// It is pure and decides nothing by itself: cause asks it what a verdict
// demands. It promises that likelihood and confidence never share a word list.
package proof

// Level is how far a conclusion may go.
type Level uint8

const (
	NotEstablished Level = iota // the evidence does not reach the standard: an abstention
	Indicated                   // points one way, but rests on too little to be established
	Established
	Excluded
)

func (l Level) String() string {
	return [...]string{"not established", "indicated", "established", "excluded"}[l]
}

// Standard is one standard of proof.
type Standard struct {
	Name string `toml:"name" json:"name"`
	// FactWitnesses is the least number of distinct peer ASes that lost the
	// routes; PlaceWitnesses of distinct neighbours, on the vantages' side, of
	// the outermost member of a class.
	FactWitnesses  int `toml:"fact_witnesses" json:"fact_witnesses"`
	PlaceWitnesses int `toml:"place_witnesses" json:"place_witnesses"`
	// CarrierShare is the least share of carriers that lost the routes, for
	// a claim of total loss.
	CarrierShare float64 `toml:"carrier_share" json:"carrier_share"`
	Noise        Noise   `toml:"noise" json:"noise"`
	// NearControls is the least number of near controls that must survive to
	// exclude a break of everything that crosses.
	NearControls int         `toml:"near_controls" json:"near_controls"`
	Sensitivity  Sensitivity `toml:"sensitivity" json:"sensitivity"`
	// Timing allows evidence from how it went dark to bear on ordered or
	// spontaneous.
	Timing bool `toml:"timing" json:"timing"`
}

// Noise is what routing does without anybody breaking anything, as rates per
// route, and how unlikely a coincidence must be before it is none.
type Noise struct {
	Zombie float64 `toml:"zombie" json:"zombie"` // withdrawn routes that stay
	Churn  float64 `toml:"churn" json:"churn"`   // routes lost in the same minutes for reasons of their own
	Alpha  float64 `toml:"alpha" json:"alpha"`   // chance of a false contradiction that is accepted
}

// Sensitivity says what may be left out, one at a time, without changing the
// conclusion.
type Sensitivity struct {
	Vantage   bool `toml:"vantage" json:"vantage"`
	Collector bool `toml:"collector" json:"collector"`
	File      bool `toml:"file" json:"file"`
	Transit   bool `toml:"transit" json:"transit"`
}

// Clear is the default standard.
func Clear() Standard {
	return Standard{Name: "clear", FactWitnesses: 3, PlaceWitnesses: 3, CarrierShare: 0.9, NearControls: 3,
		Noise:       Noise{Zombie: 0.02, Churn: 0.01, Alpha: 0.001},
		Sensitivity: Sensitivity{Vantage: true, Collector: true, File: true, Transit: true}, Timing: true}
}
