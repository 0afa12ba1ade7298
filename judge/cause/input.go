package cause

import "net/netip"

// State is what a vantage's route to a prefix had become at the trough.
type State uint8

// States of a route at a moment.
const (
	Unseen State = iota // not watching, or nothing is known: says nothing
	Gone                // had a baseline and holds no route
	Kept                // holds the baseline's path
	Moved               // holds another path
)

func (s State) String() string { return [...]string{"unseen", "gone", "kept", "moved"}[s] }

// Path is an AS path from the vantage's own AS to the origin, prepending
// removed.
type Path []uint32

// Hop is a path held for a moment between the baseline and the loss.
type Hop struct {
	At   int64 // seconds since the epoch
	Path Path
}

// Sight is one vantage's view of one prefix around the event.
type Sight struct {
	Vantage  int  // index into Input.Vantages
	Baseline Path // the last stable path before the loss; nil if none is known
	// Also holds other paths that may have been the last: held for a while
	// between the baseline and the loss, or in place when the first vantage lost
	// the routes.
	Also []Path
	// Usual is the path held longest before, if the baseline is another one
	// since Changed.
	Usual   Path
	Changed int64
	// Inferred says that no stable baseline was seen: the first route after the
	// recovery stands in, or one that was not held for long.
	Inferred bool
	// Displaced says that another origin's route took the place of the lost one
	// with no withdrawal before: it may have been preferred, not cut.
	Displaced bool
	State     State
	Now       Path  // set only if State is Kept or Moved
	Since     int64 // when Now was last announced, in seconds
	// Between holds the other paths held between the first losses and the trough, if
	// State is Kept or Moved; Broken says that for a time none was held.
	Between  []Path
	Broken   bool
	Lost     int64 // when it was last lost, if State is Gone; 0 if not seen
	Explored []Hop
}

// Prefix is one prefix as the vantages saw it.
type Prefix struct {
	Prefix netip.Prefix
	Origin uint32
	Sights []Sight
}

// Vantage is a peer of a collector that could be asked.
type Vantage struct {
	Name      string // "rrc00 192.0.2.1"
	Collector string
	AS        uint32
}

// Input is everything that is weighed about one loss. It does not say who did
// it, and it has no names of networks: those are the report's.
type Input struct {
	Vantages []Vantage
	// Subject holds the prefixes that were lost. Origin is their origin, 0 where
	// they have several.
	Subject []Prefix
	Origin  uint32
	// Operator joins networks of one operator: of siblings, the same number. A
	// network that is not in it is its own operator.
	Operator map[uint32]uint32
	// Country is where networks are registered. Those that are not in it are of
	// unknown country, and are taken to act as one.
	Country map[uint32]string
	// Large holds the networks that a rule would be applied by, those with a
	// hundred customers or more; nil if it is not known who they are.
	Large map[uint32]bool
	// Near holds prefixes of others whose baselines cross networks that the
	// subject's cross; Far holds prefixes that avoid them.
	Near, Far []Prefix

	Onset     int64 // median, in seconds
	Converged int64 // from here on a fresh announcement is news, not exploration
	Trough    int64 // the second at which states were read

	// Renumbered names prefixes of a comparable size that the origin began to
	// announce with the loss, known to have been absent before.
	Renumbered []netip.Prefix
	// Replaced says that another origin's routes came with the loss at most of
	// those that lost the routes, and stood there for as long as it lasted.
	Replaced bool
	// ObserverResets counts vantages whose own sessions or collectors were
	// reset within the onset, of those that lost the subject.
	ObserverResets int
}
