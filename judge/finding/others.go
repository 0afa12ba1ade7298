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

	// To whom the addresses were delegated; absent if no list says so.
	Delegated *Delegated `json:"delegated,omitempty"`
	// Aside says that the prefix is not judged as one of the subject's: it was another's
	// before, or nothing tells whose it was. Its end is no outage of the subject.
	Aside bool `json:"aside,omitempty"`
	// Stranger says that the network is no operator of the country: its routes to the
	// prefix count neither as the country's nor, where they end, as a loss of it.
	Stranger bool `json:"stranger,omitempty"`
}

// Delegated is what the registries' lists say of the addresses.
type Delegated struct {
	Block  netip.Prefix `json:"block"`  // as it was delegated
	Origin bool         `json:"origin"` // to the holder of the network that announced
	Holder bool         `json:"holder"` // to the holder of the network beside
	List   string       `json:"list"`   // the list with its date
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

	// The last table before the other's announcement that has it; absent if none has.
	Table *moment.Time `json:"table,omitempty"`
	// When the last who had it had let it go, if that was before; absent otherwise.
	Gone *moment.Time `json:"gone,omitempty"`
}

// Whether an announcement began.
const (
	OtherNew     = "new"     // most of those that speak of the prefix were known not to have it
	OtherWave    = "wave"    // within five minutes most peers were first seen to have it, and nothing was known before
	OtherUnknown = "unknown" // nothing says whether it began or stood
	OtherStood   = "stood"   // a table had it
)

// ArrivalSpread says that some had a prefix already, and others came to have it.
const ArrivalSpread = "spread"

// Whether a holder's announcement stood before another's.
const (
	HolderBefore   = "before"   // somebody had it, and a table shows it, or that the other was not there; or for an hour and more nothing of the other was seen
	HolderInferred = "inferred" // nobody spoke of it, and a peer through which it ran was watching
	HolderSeen     = "seen"     // it was seen before the other, and nothing says which of the two stood
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

// Arrival is a prefix of the subject that came into sight at two thirds of its carriers
// within five minutes, after these had told of other routes or tables had lacked it:
// until then it did not stay. Or that came otherwise, and did not stay until [Arrival.Half].
type Arrival struct {
	Prefix   netip.Prefix `json:"prefix"`
	Origin   uint32       `json:"origin"` // of most of the first announcements; 0: of no one network
	Began    string       `json:"began"`  // OtherNew, OtherWave or ArrivalSpread
	From     Moments      `json:"from"`   // when the first, the median and the last carrier were first seen to have it
	Peers    int          `json:"peers"`
	Networks int          `json:"networks"`        // their distinct ASes
	Table    *moment.Time `json:"table,omitempty"` // of OtherNew: the last table before that lacks it
	// Until then at least half of these are known not to have had it, and never to have had it
	// before; absent if it came to two thirds of them at once.
	Half *moment.Time `json:"half,omitempty"`
	// The most specific prefix that held it and stood before, in two networks, and who
	// announced it as most had it; absent if none was seen.
	Within  netip.Prefix `json:"within,omitzero"`
	Holder  uint32       `json:"holder,omitempty"`
	Exhibit string       `json:"exhibit"` // of the first record that announced it; empty: known without a record
	Offset  int64        `json:"offset"`
}
