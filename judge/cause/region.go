package cause

import (
	"slices"

	"constat/judge/place"
)

// Region is what a verdict names: on the way to nearly every vantage that lost
// the routes, they were first no longer passed over a session inside it. It is
// the stretch from the origin to everything that its networks pass on: a session
// lies inside if its near end is one of them. Example: with the networks AS131279
// and AS4837, a refusal by AS1239 of what AS4837 passes to it lies inside, one by
// AS701 of what AS1239 passes to it does not.
type Region struct {
	// Networks pass the routes on inside it, the nearest to the origin first.
	Networks []uint32 `json:"networks"`
	// Sessions are those inside it on the last paths that were seen, sorted by
	// Near, then Far.
	Sessions []place.Session `json:"sessions"`
}

// Has reports whether a session lies in the region.
func (r *Region) Has(s place.Session) bool { return slices.Contains(r.Networks, s.Near) }

// Acts says how few acts outside a region would also explain what was seen, and
// whose they would be.
type Acts struct {
	By string `json:"by"` // "networks", "countries" or "rule"
	// AtLeast is the least number that was not ruled out: no explanation with
	// fewer was found, though all were tried. 0: nothing could be tried, since
	// it is not known who belongs together.
	AtLeast int `json:"at_least"`
	// Found is the number of the smallest explanation that was found; 0 if no
	// number of acts outside explains it.
	Found int      `json:"found"`
	Who   []uint32 `json:"who"`       // networks of that explanation
	In    []string `json:"countries"` // countries of that explanation, whose networks all act
}
