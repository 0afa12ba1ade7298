// Package place names places in the routing graph at which announcements may
// have stopped: a [Session], a [Break] with its [Kind], a [Hypothesis] of several
// breaks, and the [Place] that a reader takes several breaks for.
//
// It promises that the words and the JSON of a break are those of findings.json,
// statements and reports; that there is one rule for when two breaks are the same
// ([Break.Same]), when one lies within another ([Break.Within]) and over which
// sessions it stops routes ([Break.Over]); and that all of it is a function of
// the values: no files, no network, no clock.
//
// It does not weigh (package cause does), and it says nothing of who acted. The
// simulator in lab/sim has breaks of its own: it is the oracle of this code and
// must not share its faults.
package place

// Session is one hop of a route on its way from the origin outward: Near passes
// it to Far. On the AS path [v … Far Near … origin] the two stand side by side.
type Session struct {
	Near uint32 `json:"near"` // nearer the origin
	Far  uint32 `json:"far"`  // on the vantages' side
}
