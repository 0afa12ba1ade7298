// Package proof holds standards of proof – thresholds declared, and hashed,
// before any source is read – and the words in which a conclusion may be put:
// levels, likelihood (ICD 203), confidence, and the grades of the Admiralty
// code.
//
// It is pure: it reads the standards that ship with the program and bytes that
// it is handed, never a file of the machine. It promises that a standard with
// a missing, unknown or absurd threshold is refused with the key, the value
// and the allowed range; that the hash of a standard is the SHA-256 of its
// file's bytes; and that likelihood and confidence never share a word list. It
// decides nothing by itself: cause asks it what a verdict demands.
package proof

// Level is how far a conclusion may go.
type Level uint8

// Levels, from abstention up. Excluded is one of its own: the opposite is shown.
const (
	NotEstablished Level = iota // the evidence does not reach the standard: an abstention
	Indicated                   // points one way, but rests on too little to be established
	Established
	Excluded
)

// Standard is one standard of proof. See docs/standards.md for what each
// threshold means and where its value comes from.
type Standard struct {
	Name  string `toml:"name" json:"name"`
	Title Text   `toml:"title" json:"title"`
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
	NearControls int `toml:"near_controls" json:"near_controls"`
	// Collectors is the least number of collectors that cover the event, for
	// anything to be established. It is never below two.
	Collectors  int         `toml:"collectors" json:"collectors"`
	Sensitivity Sensitivity `toml:"sensitivity" json:"sensitivity"`
	// Acts says against how many acts elsewhere a place must stand.
	Acts Acts `toml:"acts" json:"acts,omitzero"`
	// Timing allows evidence from how it went dark to bear on ordered or
	// spontaneous.
	Timing bool `toml:"timing" json:"timing"`
	// Analysts says what evidence that people rate must meet. A standard may
	// leave it out, and then none is weighed under it.
	Analysts Analysts `toml:"analysts" json:"analysts,omitzero"`
	// Words says, for each level, what the standard demands for it. The level
	// words themselves are fixed: see [Level.In].
	Words Words `toml:"words" json:"words"`
}

// Noise is what routing does without anybody breaking anything, as rates per
// route, and how unlikely a coincidence must be before it is no longer taken for one.
type Noise struct {
	Zombie   float64 `toml:"zombie" json:"zombie"`       // withdrawn IPv4 routes that stay
	ZombieV6 float64 `toml:"zombie_v6" json:"zombie_v6"` // withdrawn IPv6 routes that stay
	Churn    float64 `toml:"churn" json:"churn"`         // routes lost in the same minutes for reasons of their own
	Stuck    float64 `toml:"stuck" json:"stuck"`         // transit ASes that keep withdrawn routes and pass them on, as a share of transit ASes
	Alpha    float64 `toml:"alpha" json:"alpha"`         // chance of a false contradiction that is accepted
}

// ZombieRate is the rate of the prefix's family.
func (n Noise) ZombieRate(v6 bool) float64 {
	if v6 {
		return n.ZombieV6
	}
	return n.Zombie
}

// Acts says what a place must stand against: every explanation by which more
// than a tenth of the losses came about outside it takes at least so many
// networks, and the networks of so many countries, acting in the same minutes.
type Acts struct {
	Networks  int  `toml:"networks" json:"networks"`   // operators; 2 to 4
	Countries int  `toml:"countries" json:"countries"` // 0: printed, not demanded
	Rule      bool `toml:"rule" json:"rule"`           // nor does a rule that all large networks apply explain it
}

// Sensitivity says what may be left out, one at a time, without changing the
// conclusion.
type Sensitivity struct {
	Vantage   bool `toml:"vantage" json:"vantage"`
	Collector bool `toml:"collector" json:"collector"`
	File      bool `toml:"file" json:"file"`
	Transit   bool `toml:"transit" json:"transit"`
}

// Words are the sentences of a standard about what each level demands.
type Words struct {
	Established    Text `toml:"established" json:"established"`
	Indicated      Text `toml:"indicated" json:"indicated"`
	NotEstablished Text `toml:"not_established" json:"not_established"`
	Excluded       Text `toml:"excluded" json:"excluded"`
}

// Demand is the standard's sentence about what a level demands.
func (s Standard) Demand(l Level) Text {
	switch l {
	case Established:
		return s.Words.Established
	case Indicated:
		return s.Words.Indicated
	case Excluded:
		return s.Words.Excluded
	}
	return s.Words.NotEstablished
}

// Default is the name of the standard that is used where none is declared.
const Default = "clear"

// Clear is the default standard.
func Clear() Standard {
	s, _, err := Load(Default)
	if err != nil {
		panic("proof: the standard that comes with the program is damaged: " + err.Error()) // a test loads it
	}
	return s
}
