package block

import (
	"net/netip"
	"slices"
)

// Vantage is a peer of a collector.
type Vantage struct {
	Name      string // "rrc00 192.0.2.1"
	Collector string
	AS        uint32
	Whole     [2]bool // known to send a full table of IPv4 and of IPv6
	// Blind is why nothing is known of its routes at the moment, in a word of package
	// rib, and Since from when; empty if it is watching.
	Blind, Since string
	// Fell is why nothing was known of a vantage that is watching again, when that was last so,
	// and FellAt from when.
	Fell, FellAt string
}

// Lack is a prefix of the target's that a vantage is known not to hold now: it is
// watching, and took the route back in the session that it has.
type Lack struct {
	Vantage int
	Prefix  netip.Prefix
}

// Route is a vantage's route to a prefix. Path has the vantage's side first and the
// origin last, prepending removed; if it ends in a set, Origins has its members and
// the path ends before the set.
type Route struct {
	Vantage int
	Prefix  netip.Prefix
	Path    []uint32
	Origins []uint32
	Past    Past
	// GivenUp says of a route that is not held any more that the vantage, which says all
	// its ways (ADD-PATH, RFC 7911), took it back itself: it cannot go this way now.
	GivenUp bool
	// Blind says of such a route that it ended because nothing was known of the vantage any
	// more: nobody said that it was taken back.
	Blind bool
	// Back says of such a route that the vantage went back from it to the one that it holds
	// now, which it had held earlier still ([MarkBack]): a route that was only a stand-in.
	Back bool
	// Fresh says of a route that is held now that the vantage has it for less than five minutes, and came to it
	// from nothing or from another: routes may still be moving.
	Fresh bool
}

// MarkBack sets Back. Routes of one vantage and prefix must stand in the order in which
// they were held.
func MarkBack(rs []Route) {
	type of struct {
		vantage int
		prefix  netip.Prefix
	}
	now, seen := map[of]*Route{}, map[of]bool{}
	for i := range rs {
		if r := &rs[i]; r.Past == Now {
			now[of{r.Vantage, r.Prefix}] = r
		}
	}
	for i := range rs {
		r := &rs[i]
		k := of{r.Vantage, r.Prefix}
		x := now[k]
		if x == nil || r.Past != Before && r.Past != Explored {
			continue
		}
		if slices.Equal(r.whole(), x.whole()) {
			seen[k] = true
		} else {
			r.Back = seen[k]
		}
	}
}

// Past says that a route is not held any more, and how it was.
type Past uint8

// Kinds of routes by when they were held.
const (
	Now      Past = iota // held at the moment
	Before               // held earlier, for five minutes or longer
	Explored             // held for less: tried while the routes moved
	Also                 // held at the moment beside another route (ADD-PATH, RFC 7911)
)

// origins are the networks one of which originated the route.
func (r *Route) origins() []uint32 {
	if len(r.Origins) > 0 {
		return r.Origins
	}
	if len(r.Path) == 0 {
		return nil
	}
	return r.Path[len(r.Path)-1:]
}

// whole is the path with 0 for the set in which it ends, so that the network before the
// set is the origins' neighbour.
func (r *Route) whole() []uint32 {
	if len(r.Origins) == 0 {
		return r.Path
	}
	return append(slices.Clone(r.Path), 0)
}

// Critical is something that must not be cut without being named.
type Critical struct {
	Prefix netip.Prefix
	AS     uint32 // instead of a prefix
	Name   string
	Never  bool // refused, whatever is acknowledged
}

// Input is everything that is asked.
type Input struct {
	Target    string
	At        []uint32 // the networks that would apply the block, sorted
	Country   string   // set if At is everybody registered there
	Direction Direction
	// Match says which routes filters of prefixes would stop; empty: [MatchExact].
	Match string
	// ByOrigin are origins of the target's own whose every route would be stopped too,
	// rising; Beside has what they announce that is not the target's.
	ByOrigin []uint32
	Beside   map[uint32][]netip.Prefix
	// Named are networks of the target that the question names as such, rising: what one of them
	// announces within another's is the target's all the same.
	Named []uint32
	// Struck are addresses that no filter by address has.
	Struck []netip.Prefix

	Vantages []Vantage
	// Routes has the target's routes, those of the past too; of one vantage and prefix
	// the latest is the last of these. A vantage that is blind holds none now.
	Routes []Route
	Lacks  []Lack
	// Others has the routes of others whose prefixes hold addresses of the target's,
	// as they are now.
	Others []Route
	// Controls has routes of others, as they are now: by them an examiner knows who
	// was watching.
	Controls []Route
	// Behind counts, of other origins, the prefixes that are reached through an
	// origin of the target.
	Behind map[uint32]int
	// Shared counts, of other networks, the prefixes of the target whose routes end in
	// a set that names them too.
	Shared map[uint32]int

	Graph     *Graph // nil if no relations are given
	Relations string // the list that it was made of, with its date
	Old       bool   // that date is half a year or more from the moment
	// Lapsed are prefixes of the target that nobody held for a while, and somebody
	// before and after: the other ways that the relations leave were not used then.
	Lapsed    map[netip.Prefix]bool
	Countries map[uint32]string
	Operator  map[uint32]uint32
	Large     map[uint32]bool // networks with a hundred customers or more; nil if it is not known who they are
	Critical  []Critical
}

// Basis says on what the answer for one vantage and prefix rests.
type Basis uint8

// Bases, in the order of how firm they are, ways first. Shares are of simulated
// blocks whose relations were known in part (docs/block.md).
const (
	Untouched   Basis = iota // the path crosses no network that blocks
	SeenNow                  // a network on the way holds another path now
	SeenBefore               // another path was held earlier
	WasExplored              // another path was tried for a short time
	ByPolicy                 // the relations leave several ways; nobody was seen to use one
	SeenThin                 // a way was seen before, and nobody holds any of the target's routes over that neighbour now; or while routes moved
	ThinPolicy               // they leave few, so that one relation wrongly listed closes them
	IsApplier                // the vantage is in a network that blocks
	NoWay                    // no way was seen, and the relations leave none to nearly anybody
	ThinNoWay                // the same, but seen by few, or without relations
	Doubtful                 // the relations leave none, but others hold the routes: one relation that is not listed opens a way
	NotKnown                 // no other path was seen, and nothing says whether there is one
)

var basisNames = [...]string{"untouched", "seen-now", "seen-before", "explored", "policy", "seen-thin", "policy-thin", "applier", "no-way", "no-way-thin", "doubtful", "unknown"}

// Bases is how many there are.
const Bases = len(basisNames)

func (b Basis) String() string { return basisNames[b] }

// MarshalText gives the name.
func (b Basis) MarshalText() ([]byte, error) { return []byte(basisNames[b]), nil }

// Firm reports whether the answer holds in at least 95 of 100.
func (b Basis) Firm() bool { return b != SeenThin && b != ThinPolicy && b != ThinNoWay && !b.Open() }

// Open reports whether nothing is claimed: neither a loss nor a way.
func (b Basis) Open() bool { return b == Doubtful || b == NotKnown }

// Finds reports whether the vantage would have a route by another way.
func (b Basis) Finds() bool { return b >= SeenNow && b <= ThinPolicy }

// Loses reports whether the vantage would have no route.
func (b Basis) Loses() bool { return b >= IsApplier && b <= ThinNoWay }
