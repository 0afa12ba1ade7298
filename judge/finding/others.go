package finding

import (
	"net/netip"

	"constat/moment"
)

// OtherOrigin is one network announcing a prefix that another holds, or a part of
// one: another network one of the subject's, or the subject one of another's. It
// tells what was seen and nothing of what was meant: a hijack, a slip, a network
// that protects another from an attack and a network that moved look the same.
type OtherOrigin struct {
	Origin  uint32       `json:"origin"`
	Prefix  netip.Prefix `json:"prefix"`
	Subject bool         `json:"subject"` // the subject itself announced it
	Began   string       `json:"began"`
	// When the first, the median and the last of the peers that had it were first
	// seen to have it, and when they last had it; null where that was not seen.
	From       Moments `json:"from"`
	Until      Moments `json:"until"`
	Peers      int     `json:"peers"`
	Networks   int     `json:"networks"` // their distinct ASes
	Collectors int     `json:"collectors"`
	Holder     Holder  `json:"holder"`   // who announced it, or what holds it, beside
	Own        *Holder `json:"own"`      // a less specific that the network itself announced; null: none was seen
	Relation   string  `json:"relation"` // of the network to the holder; empty: none is known
	Country    string  `json:"country"`  // where the network was registered; empty: not known
	Exhibit    string  `json:"exhibit"`  // of a record that announced it; empty: known without a record
	Offset     int64   `json:"offset"`
}

// Holder is a network with the prefix that it announced.
type Holder struct {
	Origin  uint32       `json:"origin"`
	Prefix  netip.Prefix `json:"prefix"`
	Subject bool         `json:"subject"`
	Stood   string       `json:"stood"`
	Through uint32       `json:"through"` // if inferred: the network from which it follows; 0 otherwise
	First   moment.Time  `json:"first"`   // when it was first seen, in all that was read
	Peers   int          `json:"peers"`
	Country string       `json:"country"`
}

// Whether an announcement began.
const (
	OtherNew     = "new"     // most of those that speak of the prefix were known not to have it
	OtherWave    = "wave"    // within five minutes most peers were first seen to have it, and nothing was known before
	OtherUnknown = "unknown" // nothing says whether it began or stood
	OtherStood   = "stood"   // a table had it
)

// Whether a holder's announcement stood before another's.
const (
	HolderBefore   = "before"   // somebody had it
	HolderInferred = "inferred" // nobody spoke of it, and a peer through which it ran was watching
	HolderUnknown  = "unknown"  // it was first seen later, and nothing says whether it stood
	HolderGone     = "gone"     // somebody had had it, and nobody any more
	HolderLater    = "later"    // it began later
)

// How a network stands to the holder.
const (
	RelationSibling  = "sibling"  // of one organisation
	RelationCustomer = "customer" // its routes ran through the holder, or a list says so
	RelationProvider = "provider" // next to the holder on the holder's routes, or a list says so
)
