package finding

import (
	"constat/cause"
	"constat/dark"
	"constat/observe"
	"constat/proof"
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
// Cause is the index of the loss it speaks of; null for the whole question.
type Proposition struct {
	Key   string             `json:"key"`
	Level proof.Level        `json:"level"`
	Cause *int               `json:"cause"`
	Class []cause.Hypothesis `json:"class"`
	Args  []string           `json:"args"`
}

// Keys of propositions.
const (
	PropOutage    = "outage"     // the routes were lost; args: origin, and FewFullFeeds where that is why it is not established
	PropTotal     = "total"      // … all of them, everywhere that watched
	PropPlace     = "place"      // the break lies in Class
	PropNode      = "node"       // the network of Class was down for everything
	PropElsewhere = "elsewhere"  // the break lies beyond Class, towards the vantages
	PropMember    = "member"     // which member of the class it was; indicated where vantages inside a network point to those in Class
	PropObserver  = "observer"   // peers or collectors were reset: nothing was cut
	PropReplaced  = "replaced"   // another route stood in: nothing was cut
	PropRenumber  = "renumbered" // other prefixes were announced instead
	PropAuthor    = "author"     // who wanted it: never more than not established
)

// FewFullFeeds says that too few of those that lost the routes are known to tell
// all of theirs: what others withdraw may be a reroute.
const FewFullFeeds = "few full feeds"

// Cause is what the routes say of where one origin's announcements stopped.
type Cause struct {
	Outage int          `json:"outage"` // index into outages
	Origin uint32       `json:"origin"`
	At     observe.Time `json:"at"` // the moment at which states were read
	Level  proof.Level  `json:"level"`
	Rival  bool         `json:"rival"` // what was seen is no cut
	Total  bool         `json:"total"`
	// Class is what the verdict names, Named all that is not excluded, Pairs
	// the pairs of breaks far apart that belong to the class.
	Class []cause.Hypothesis `json:"class"`
	// Region is the stretch of the routes that the verdict names; Class are the
	// places inside it where one act suffices. Acts are the fewest acts outside it
	// that would explain the same.
	Region  cause.Region `json:"region"`
	Acts    []cause.Acts `json:"acts"`
	Noise   int          `json:"noise"`   // lost vantages that may have been lost to something else
	Changed *Changed     `json:"changed"` // the paths had changed before the loss; null if not
	Beside  []StoodIn    `json:"beside"`  // what stood in beside the cut

	Named []cause.Hypothesis `json:"named"`
	// Points has the members of Class to which vantages inside a network point.
	Points  []cause.Hypothesis `json:"points"`
	Pairs   []cause.Hypothesis `json:"pairs"`
	PairsOf int                `json:"pairs_of"`     // how many there are; Pairs keeps the first
	Classes int                `json:"classes"`      // a priori
	Left    int                `json:"classes_left"` // not excluded
	// NamedClasses is how many are not even set aside.
	NamedClasses int `json:"classes_named"`

	Vantages int `json:"vantages"` // live, with a baseline
	Lost     int `json:"lost"`
	Kept     int `json:"kept"`
	Moved    int `json:"moved"`

	FactWitnesses  int  `json:"fact_witnesses"`
	PlaceWitnesses int  `json:"place_witnesses"`
	Inferred       bool `json:"inferred"`
	Screened       bool `json:"screened"`

	Demands    []cause.Demand `json:"demands"`
	Reasons    []string       `json:"reasons"`
	Hypotheses []Hypothesis   `json:"hypotheses"`
	Settle     []cause.Settle `json:"settle"`
	Blind      []string       `json:"blind"` // vantages that lost their far controls too
	Near       []Control      `json:"near"`
	Far        []Control      `json:"far"`
	Links      []Link         `json:"links"` // where the near controls ran beside the subject's routes
}

// Changed says that the last stable paths before a loss were not the usual ones.
type Changed struct {
	Vantages int          `json:"vantages"`
	Since    observe.Time `json:"since"`
	From     []uint32     `json:"from"` // networks of the usual paths alone
	To       []uint32     `json:"to"`   // networks of the last paths alone
}

// StoodIn is what was announced beside a cut, or stood before it.
type StoodIn struct {
	Key      string      `json:"key"`
	Prefixes []string    `json:"prefixes"`
	Level    proof.Level `json:"level"`
}

// Keys of what stood in.
const (
	StoodReplaced  = "replaced"       // another origin's route came with the loss
	StoodEmergency = "emergency"      // the origin announced other prefixes
	StoodStanding  = "standing cover" // another origin's less specific stood before the loss
)

// Hypothesis is one possible break with what speaks against it.
type Hypothesis struct {
	cause.Hypothesis
	Excluded        bool      `json:"excluded"`
	Aside           bool      `json:"aside"` // contradicted, but one network could have faked it
	By              string    `json:"by"`
	Crossing        int       `json:"crossing"`
	GoneOutside     []Witness `json:"gone_outside"`
	KeptAcross      []Witness `json:"kept_across"`
	FreshAcross     []Witness `json:"fresh_across"`
	ControlsSurvive []string  `json:"controls_survive"` // prefixes
	ControlsLost    []string  `json:"controls_lost"`
}

// Witness is a vantage and the record that it speaks by.
type Witness struct {
	Vantage string `json:"vantage"` // "collector address"
	AS      uint32 `json:"as"`
	Exhibit string `json:"exhibit"` // empty where no record says it
	Offset  int64  `json:"offset"`  // of the record in the exhibit
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
	dark.Account
}
