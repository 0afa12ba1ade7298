// Package outage turns the history of who carried what into outages: of each
// prefix, of each origin AS and of the whole subject, to the second.
//
// It promises the definitions of docs/definitions.md and nothing else: it is
// pure – no files, no network, no clock, no randomness – and the order of its
// input lists does not change its result beyond the order of its output. It
// does not ask why a route went; that is the work of cause.
package outage

import (
	"net/netip"
	"slices"

	"constat/routes/vantage"
)

// State is what one peer's route to one prefix was at the end of a second.
type State uint8

// States of a route. The order counts: what is at least [Held] is known.
const (
	None     State = iota // nothing known yet
	Absent                // known not to be carried, and not known ever to have been
	Without               // known not to be carried, behind a time of which nothing is known, before which it had been lost: it is not lost again
	Unknown               // was known once; the peer was then not watching, or whose its route is is not told
	Missing               // held by what was told, but a complete table, or all that the peer sent anew, is without it, and no withdrawal was seen
	Hidden                // withdrawn, and it is not known whether the peer holds another route of the subject that has its addresses
	Held                  // carried, by an origin of the subject
	Lost                  // carried before, withdrawn since
	Covered               // withdrawn, but routes of the subject that the peer holds, less or more specific, have all its addresses
	Replaced              // withdrawn or taken over: another origin's route stands there, which did not stand before
)

func (s State) String() string {
	return [...]string{"none", "absent", "without", "unknown", "missing", "hidden", "held", "lost", "covered", "replaced"}[s]
}

// counted says that the state is that of a watching carrier.
func (s State) counted() bool { return s >= Held }

// blank says that it was known once, and is not now.
func (s State) blank() bool { return s == Unknown || s == Missing || s == Hidden }

// holds says that the prefix is not lost at this carrier.
func (s State) holds() bool { return s == Held || s == Covered }

// gone says that the prefix is lost at this carrier, explained or not.
func (s State) gone() bool { return s == Lost || s == Replaced }

// knownGone says that the peer is known to be without it, lost or not.
func (s State) knownGone() bool { return s.gone() || s == Absent || s == Without }

// Step is a state that begins at a second and lasts until the next step.
type Step struct {
	At    int64 // seconds since the epoch
	State State
}

// Carrier is one peer's history of one prefix: steps in rising order of time,
// no two alike in a row. Before the first step nothing is known.
type Carrier struct {
	Peer  int // index into Input.Peers
	Steps []Step
}

// Peer is a peer and the AS it was last known to be in; 0 if unknown.
type Peer struct {
	vantage.Peer
	AS uint32
}

// Prefix is one prefix of the subject with the histories of all peers that
// were ever known to carry it. Prefixes that share one list of carriers are judged
// once: the result is the same as that of lists of their own.
type Prefix struct {
	Prefix  netip.Prefix
	Origins []uint32 // the origins of the subject under which it was seen
	// Shared says that carriers' routes were of several of the origins, one after the other or
	// each at its own carriers: its states are those of no single origin, and it is in no
	// origin's scope. Examples: AS1's route is replaced by AS2's at 12:30, and AS2 stops at 13:00,
	// which is no loss of AS1's; AS1 and AS2 both announce it, each peer has the nearest, and
	// AS1 stops.
	Shared   bool
	Only     uint32 // if it is not shared, and was another's earlier: in whose scope alone it is; else 0
	Carriers []Carrier
}

// Input is what outages are found in. Histories reach from the first record
// used up to, not including, End; outages are those that touch [Start, End).
type Input struct {
	Start, End int64 // seconds since the epoch
	Name       string
	Peers      []Peer
	Prefixes   []Prefix
	Origins    []uint32 // origins that get a scope of their own
}

// Scope says what an outage is an outage of.
type Scope uint8

// Scopes of outages.
const (
	ScopeSubject Scope = iota
	ScopeOrigin
	ScopePrefix
)

func (s Scope) String() string { return [...]string{"subject", "origin", "prefix"}[s] }

// Censor says why the end of something was not seen.
type Censor uint8

// Ends and why they were not seen.
const (
	Seen      Censor = iota // it was
	EndOfData               // the data end before
	Blind                   // nobody, or not enough, was watching
)

// Span is an interval in seconds. With Ended false its end was not seen and
// Until is where sight of it ended.
type Span struct {
	From, Until int64
	Ended       bool
}

// Moment is a second that may not have been seen.
type Moment struct {
	At   int64
	Seen bool
}

// Moments are the first, the median (lower middle) and the last over peers.
type Moments struct{ First, Median, Last Moment }

// Tick is one peer's part in an outage.
type Tick struct {
	Peer int
	Lost Moment
	Back Moment
	why  Censor // why Back was not seen
}

// Routes counts pairs of a carrier and a prefix at one second.
type Routes struct {
	Of    int // known: watched, and carried now or before
	Lost  int // of these, those that are gone
	Stuck int // of these, those that held on throughout the total that began then
}

// Outage is an interval in which visibility of its scope was lost.
type Outage struct {
	Scope  Scope
	Origin uint32 // set only if Scope is ScopeOrigin
	Prefix int    // index into Input.Prefixes if Scope is ScopePrefix; -1 otherwise
	// Partial says that its prefixes were lost by carriers in several ASes, and
	// yet at no moment by half of them.
	Partial bool

	From     int64
	Until    Moment // not seen if it is still open when the data end
	Onset    Moments
	Recovery Moments // its First is not seen if nobody came back
	Censored Censor
	Duration int64 // seconds between the medians; -1 if a median was not seen
	Total    []Span

	Prefixes []int  // indices of the prefixes lost: what is out at the first total's start, else through the trough
	Touched  int    // prefixes that were out at any time of it, also briefly
	Of       int    // prefixes of the scope
	Carried  int    // carriers that were watching: of the scope at a total's start, else of Prefixes in the trough
	Routes   Routes // at [Outage.Trough]: of the scope if there is a total, else of Prefixes
	Ticks    []Tick
	ASes     int     // distinct ASes among the peers that lost it
	Zombies  []int   // peers with a route that held on throughout a total
	Stopped  int     // peers that had carried it before and of which nothing was known any more
	Unlisted int     // those of them whose complete table was without it
	Gone     *Gone   // how it went, if not in one piece; see [Gone]
	Left     NotBack // what was not seen to come back, if the return of the median peer was seen
	Bare     *Bare   // if others' routes stood in: when none did

	trough  int64
	byTotal bool // it is measured by its total
}

// Trough returns the second at which the outage is measured: the start of the
// first total; else the first at which the most of its routes were gone, within
// the time in which most of its prefixes were out. If others weigh more by addresses and time,
// or what was lost outlasted the total, it is within the time of those.
func (o *Outage) Trough() int64 { return o.trough }

// Thresholds of the definitions.
const (
	joinGap      = 30  // seconds: outages of a prefix closer than this are one
	joinWave     = 300 // seconds: prefixes going out within this belong together
	zombieFrom   = 20  // carriers from which a few routes may hold on …
	zombiePart   = 20  // … one in so many
	partialPart  = 20  // a partial loss is one of more than one carrier in so many …
	partialLeast = 60  // … for so many seconds
	pieceSlack   = 60  // seconds between the medians and the edges of the time in which all lack it, in one piece
	troughTenths = 9   // the trough: while so many tenths of the most that were out at once are out
)

// Find returns the outages of the input: first the subject's, then each
// origin's, then each prefix's, each in order of time, a partial one behind
// others that begin at the same second.
func Find(in Input) []Outage {
	out, _ := FindBelow(in)
	return out
}

// FindBelow returns what [Find] does, and what lies below the rules of an outage.
func FindBelow(in Input) ([]Outage, Below) {
	f := newFinder(in)
	out := f.subject()
	subject := len(out)
	byOrigin := f.byOrigin()
	for _, origin := range in.Origins {
		if of := byOrigin[origin]; len(of) != len(in.Prefixes) {
			out = append(out, f.scope(ScopeOrigin, origin, of)...)
			continue
		}
		for _, o := range out[:subject] { // the origin's prefixes are the subject's
			o.Scope, o.Origin, o.Prefixes = ScopeOrigin, origin, slices.Clone(o.Prefixes)
			out = append(out, o)
		}
	}
	each := make([][]Outage, len(in.Prefixes)) // of those that others share their carriers with
	for p, like := range f.like {
		if like == p {
			each[p] = f.scope(ScopePrefix, 0, []int{p})
		}
		for _, o := range each[like] {
			if like != p {
				o.Prefix, o.Prefixes = p, slices.Clone(o.Prefixes)
				for i := range o.Prefixes {
					o.Prefixes[i] = p
				}
			}
			out = append(out, o)
		}
	}
	return out, f.below
}

// First returns when the first of the outages that [Find] returns begins, at a fraction of
// its cost; false if there are none.
func First(in Input) (from int64, ok bool) {
	f := newFinder(in)
	see := func(sc Scope, of []int) {
		whole, partial := f.entries(sc, of)
		for _, e := range append(whole, partial...) {
			if begun := e.parts[0].From; !e.outside(in.Start) && (!ok || begun < from) {
				from, ok = begun, true
			}
		}
	}
	see(ScopeSubject, f.all())
	byOrigin := f.byOrigin()
	for _, o := range in.Origins {
		see(ScopeOrigin, byOrigin[o])
	}
	for p, like := range f.like {
		if like == p {
			see(ScopePrefix, []int{p})
		}
	}
	return from, ok
}

// FindSubject returns the outages of the whole subject alone, as [Find] has them first, and
// what lies below the rules.
func FindSubject(in Input) ([]Outage, Below) {
	f := newFinder(in)
	return f.subject(), f.below
}

func (f *finder) subject() []Outage { return f.scope(ScopeSubject, 0, f.all()) }

// all are the prefixes of the input.
func (f *finder) all() []int {
	all := make([]int, len(f.in.Prefixes))
	for i := range all {
		all[i] = i
	}
	return all
}

// byOrigin are the prefixes of each origin, in their order.
func (f *finder) byOrigin() map[uint32][]int {
	of := map[uint32][]int{}
	for i, p := range f.in.Prefixes {
		for k, o := range p.Origins {
			if !p.Shared && (p.Only == 0 || p.Only == o) && !slices.Contains(p.Origins[:k], o) {
				of[o] = append(of[o], i)
			}
		}
	}
	return of
}
