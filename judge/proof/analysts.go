package proof

// Analysts is what evidence that people rate must meet: the section [analysts]
// of a standard.
type Analysts struct {
	// Items is the least number of items that count and tell hypotheses apart,
	// for each rater; Sources the least number of distinct sources of them.
	Items   int `toml:"items" json:"items"`
	Sources int `toml:"sources" json:"sources"`
	// Raters is the least number of raters. It is never below two.
	Raters int `toml:"raters" json:"raters"`
	// Margin is the least difference in points of inconsistency between the
	// hypothesis with the fewest and the next, for each rater.
	Margin int `toml:"margin" json:"margin"`
	// Grade is the least grade of an item that counts.
	Grade       Grade               `toml:"grade" json:"grade"`
	Sensitivity AnalystsSensitivity `toml:"sensitivity" json:"sensitivity"`
}

// AnalystsSensitivity says what may be left out, one at a time, without
// changing the conclusion.
type AnalystsSensitivity struct {
	Item   bool `toml:"item" json:"item"`
	Source bool `toml:"source" json:"source"` // all items of one source
}

// Declared reports whether the standard has the section.
func (a Analysts) Declared() bool { return a != Analysts{} }

// Grade is a pair of the Admiralty code, as written: "B2".
type Grade [2]byte

// Reliability is the source's part of the grade.
func (g Grade) Reliability() Reliability { return Reliability(g[0]) }

// Credibility is the information's part of the grade.
func (g Grade) Credibility() Credibility { return Credibility(g[1]) }

func (g Grade) String() string { return string(g[:]) }

// MarshalText writes the pair.
func (g Grade) MarshalText() ([]byte, error) { return g[:], nil }

// UnmarshalText reads a pair.
func (g *Grade) UnmarshalText(b []byte) error {
	r, c, err := ParseGrade(string(b))
	if err != nil {
		return err
	}
	*g = Grade{byte(r), byte(c)}
	return nil
}

// Reaches reports whether a grade is at least another in both parts. What nobody
// can judge (F, 6) reaches nothing but itself.
func (g Grade) Reaches(least Grade) bool { return g[0] <= least[0] && g[1] <= least[1] }

func (a *Analysts) check() error {
	for _, c := range []struct {
		key      string
		got      int
		low, top int
		why      string
	}{
		{"analysts.items", a.Items, 3, 1000, "a conclusion that one item flips is none"},
		{"analysts.raters", a.Raters, 2, 100, "what one person rates, one person can misjudge"},
		{"analysts.sources", a.Sources, 2, 1000, "what rests on one source is that source's word"},
		{"analysts.margin", a.Margin, 1, 100, "without a margin nothing is told apart"},
	} {
		if c.got < c.low || c.got > c.top {
			return refuse("%s = %d; allowed are %d to %d (%s)", c.key, c.got, c.low, c.top, c.why)
		}
	}
	if a.Sources > a.Items {
		return refuse("analysts.sources = %d with analysts.items = %d: an item has one source", a.Sources, a.Items)
	}
	if a.Grade[0] > 'D' || a.Grade[1] > '4' {
		return refuse("analysts.grade = %s; allowed are A to D and 1 to 4 (an unreliable source, an improbable item, and what nobody can judge decide nothing)", a.Grade)
	}
	if !a.Sensitivity.Item {
		return refuse("analysts.sensitivity.item = false; allowed is true (a conclusion that one item flips is none)")
	}
	return nil
}
