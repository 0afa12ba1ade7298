package finding

import (
	"net/netip"

	"constat/judge/cause"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/judge/timing"
	"constat/moment"
)

// Verdict is what may be concluded under the declared standard.
type Verdict struct {
	Standard     Standard      `json:"standard"`
	Propositions []Proposition `json:"propositions"`
}

// Standard names the standard of proof by the digest of its file.
type Standard struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Proposition is one thing that might be said, and how far the evidence goes.
// Cause is the index of the loss it speaks of; null for the whole question. The
// fields after Class are there for the keys that they are named with.
type Proposition struct {
	Key   string             `json:"key"`
	Level proof.Level        `json:"level"`
	Cause *int               `json:"cause"`
	Class []place.Hypothesis `json:"class"`

	Origin uint32 `json:"origin,omitempty"` // of a loss: whose routes; 0 for several origins
	// PropOutage: the level is not higher since too few of the peers that lost the
	// routes are known to tell all of their routes. A peer that tells a part of them
	// withdraws a route also if it now has it from a neighbour of whose routes it does
	// not tell.
	FewFullFeeds bool `json:"few_full_feeds,omitempty"`
	// PropOutage: the level is not higher since of most of the prefixes nobody was seen to have a route
	// from the subject before the loss or soon after it. That routes were withdrawn is shown, and not whose they were.
	UnseenBefore bool `json:"unseen_before,omitempty"`
	// PropOutage: the level is not higher since of so many other peers it is not known whether
	// they had lost the routes; had they kept them, the loss would have been partial.
	Untold  int    `json:"untold,omitempty"`
	Network uint32 `json:"network,omitempty"` // PropNode
	// PropObserver of the whole question: how many carriers had their session reset,
	// of how many.
	Reset    int `json:"reset,omitempty"`
	Carriers int `json:"carriers,omitempty"`
	// PropReplaced of the whole question: what stood in for these prefixes.
	StandIn  string         `json:"stand_in,omitempty"`
	Prefixes []netip.Prefix `json:"prefixes,omitempty"`
	// PropOther: the key and the arguments that an older format has.
	Other []string `json:"other,omitempty"`
}

// Keys of propositions.
const (
	PropOutage   = "outage"     // the routes were lost
	PropTotal    = "total"      // … all of them, everywhere that watched
	PropPlace    = "place"      // the routes stopped inside the region of the cause
	PropNode     = "node"       // the network of Class was down for everything
	PropMember   = "member"     // which of the places in Class it was
	PropObserver = "observer"   // peers or collectors were reset: nothing was cut
	PropReplaced = "replaced"   // another route stood in: nothing was cut
	PropRenumber = "renumbered" // other prefixes were announced instead
	PropAuthor   = "author"     // who wanted it: never more than not established
	PropOther    = "other"      // of an older format, and of none of these forms
)

// What stood in for prefixes ([Proposition.StandIn]).
const (
	StandInLess   = "less-specific"
	StandInMore   = "more-specifics"
	StandInOrigin = "other-origin"
)

// Cause is what the routes say of where announcements stopped: of one origin,
// or of several that were lost together.
type Cause struct {
	Outage int         `json:"outage"` // index into outages
	Origin uint32      `json:"origin"` // 0 for several
	At     moment.Time `json:"at"`     // the moment at which states were read
	Level  proof.Level `json:"level"`  // of the claim that the routes stopped inside Region
	Rival  bool        `json:"rival"`  // what was seen is no cut; Class names what it is
	Total  bool        `json:"total"`
	// Region is where the routes stopped on the way to nearly every vantage that
	// lost them; Acts says how few acts elsewhere would explain the same.
	Region cause.Region `json:"region"`
	Acts   []cause.Acts `json:"acts"`
	// Class has the places inside the region where one act suffices: indicated
	// at most.
	Class []place.Hypothesis `json:"class"`

	Vantages  int `json:"vantages"` // live, with a baseline
	Lost      int `json:"lost"`
	Kept      int `json:"kept"`
	Moved     int `json:"moved"`
	Displaced int `json:"displaced"` // of the lost, those to which another origin's route came without a withdrawal
	Noise     int `json:"noise"`     // lost vantages that may have been lost to something else

	FactWitnesses  int  `json:"fact_witnesses"`
	PlaceWitnesses int  `json:"place_witnesses"`
	Leave          int  `json:"leave"`  // lost vantages whose last path goes on beyond the region
	Inside         int  `json:"inside"` // … lies wholly inside it
	Inferred       bool `json:"inferred"`
	Screened       bool `json:"screened"`

	Changed *Changed    `json:"changed"` // null if the paths had not changed before
	Beside  []BesideCut `json:"beside"`  // what stood in while the routes were gone

	// Whose routes stood at At where those lost had been, at most vantages first; absent if
	// nobody's.
	Takers []OtherRoute `json:"takers,omitempty"`

	Demands    []cause.Demand `json:"demands"`
	Reasons    []string       `json:"reasons"`
	Hypotheses []Hypothesis   `json:"hypotheses"`
	Settle     []cause.Settle `json:"settle"`
	Blind      []PeerName     `json:"blind"` // vantages that lost their far controls too
	Near       []Control      `json:"near"`
	Far        []Control      `json:"far"`
	Links      []Link         `json:"links"` // where the near controls ran beside the subject's routes

	// What was lost in the same minutes and is explained by no act at some of the places;
	// absent if nothing was.
	Elsewhere *Elsewhere `json:"elsewhere,omitempty"`
}

// Elsewhere counts routes of others over networks that the lost routes share, which were
// lost in the same minutes and never crossed the networks of At.
type Elsewhere struct {
	At       []uint32 `json:"at"`
	Prefixes int      `json:"prefixes"`
	Routes   int      `json:"routes"` // pairs of a vantage and a prefix
	Of       int      `json:"of"`     // such routes in all, at these vantages
	Vantages int      `json:"vantages"`
}

// Changed says that the last paths before the loss were not those of the day
// before: at how many vantages, since when (the median), and which networks are
// on the old ones alone and on the new ones alone.
type Changed struct {
	Vantages int         `json:"vantages"`
	Since    moment.Time `json:"since"`
	From     []uint32    `json:"from"`
	To       []uint32    `json:"to"`
}

// BesideCut is something that stood in while the routes were gone. It does not
// clear who cut them.
type BesideCut struct {
	Key      string   `json:"key"`
	Prefixes []string `json:"prefixes"`
}

// Keys of what stands beside a cut.
const (
	BesideReplaced = "replaced" // another origin announced the same prefixes, or more of them
	BesideBegan    = "began"    // the origin began to announce other prefixes
)

// Hypothesis is one place where one act would suffice, with what speaks against
// it.
type Hypothesis struct {
	place.Hypothesis
	Excluded        bool     `json:"excluded"` // of a network down for everything only
	By              string   `json:"by"`
	Crossing        int      `json:"crossing"`
	ControlsSurvive []string `json:"controls_survive"` // prefixes
	ControlsLost    []string `json:"controls_lost"`
}

// Link is a stretch that routes of near controls share with the subject's own
// routes: from A down to B, both on baselines of the subject. B is 0 where they
// leave these at A, and A is 0 where a vantage hears them from B. Routes are
// pairs of a vantage and a prefix.
type Link struct {
	A      uint32 `json:"a"`
	B      uint32 `json:"b"`
	Before int    `json:"before"` // routes that ran here before the onset
	Kept   int    `json:"kept"`   // of them, those that still did at the trough
}

// Control is a prefix of others that tells what else went, or stayed.
type Control struct {
	Prefix string `json:"prefix"`
	Origin uint32 `json:"origin"`
	Kept   int    `json:"kept"` // vantages that still held a route at the trough
	Gone   int    `json:"gone"`
}

// How is how the subject went dark in one outage; it bears on ordered or
// spontaneous, never on where.
type How struct {
	Outage int `json:"outage"` // index into outages
	timing.Account
}

// Doubt takes the level away from a place, since of most it is not known whether they lost the routes.
func (c *Cause) Doubt() {
	if c.Rival || c.Level == proof.NotEstablished {
		return
	}
	c.Level = proof.NotEstablished
	c.Reasons = append(c.Reasons, cause.ManyUntold)
}
