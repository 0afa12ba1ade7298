// Package assess holds the rules by which evidence becomes findings: whose a route
// was and what stood in for it, who was watching, which losses are outages, where
// the routes stopped, what is a cut and what is none, and what may be concluded.
//
// It is pure: no files, no network, no clock, no chance. [Findings] is a function
// of its [Evidence], so that a rule can be tested with a few routes written down by
// hand. It promises that what nobody could see is unknown and never gone, that the
// same evidence gives the same findings in the same order, and that the evidence is
// not changed.
//
// It does not read (cases/examine does), and it leaves the measuring of outages to
// package outage, the weighing of places to package cause and the account of how a
// loss went to package timing. It words nothing: findings hold keys and values.
package assess

import (
	"net/netip"
	"slices"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/outage"
	"constat/judge/proof"
	"constat/routes/atlas"
	"constat/routes/rib"
	"constat/routes/vantage"
)

// Rules numbers the rules of this and the packages below it. It is raised with each
// change after which the same evidence gives other findings, and docs/rules.md says
// what changed. A case carries the number of those that made it, so that
// whoever gets other findings from it knows whether the program changed or the case.
const Rules = 4

// Evidence is everything that findings are a function of.
type Evidence struct {
	Question finding.Question
	Subject  *atlas.Subject
	Notes    []finding.Note // that findings begin with, such as that times were re-stamped
	Standard proof.Standard
	Declared finding.Standard // how Standard was declared: its name and the digest of its file
	// Rules are those that the case was made by ([Rules]); 0: older than their numbers. What
	// later ones brought in is not computed for an older case where that can be kept apart.
	Rules int

	// Prefixes are those of the subject, sorted. Origins are, of each, the origins
	// of the subject seen announcing it, sorted. Covers are the less specific
	// prefixes of them that anybody announced.
	Prefixes []netip.Prefix
	Origins  map[netip.Prefix][]uint32
	Covers   []netip.Prefix
	// Inside are prefixes within them that only other origins announced: they are
	// no part of the subject, and whoever announces them announces addresses of
	// it. Example: 10.0.0.0/22 is the subject's, and AS2 announces 10.0.1.0/24.
	Inside []netip.Prefix
	// Near are control prefixes whose paths cross networks that the subject's
	// cross, Far those whose paths avoid them. Both are needed only to weigh where
	// routes stopped.
	Near, Far []netip.Prefix

	// Table has the routes of all prefixes above, followed to the end of the
	// question. Watch is the account of who was watching, and Ledger what follows
	// from it for the question.
	Table  *rib.Table
	Watch  *vantage.Watch
	Ledger vantage.Ledger
	// Locate tells of a record that the table names ([rib.Table.RecordOf]) in which
	// exhibit it lies and where; the empty name of a record that it does not know.
	Locate func(record int64) (exhibit string, offset int64)

	// Operator joins networks of one operator under one number, Country tells where
	// networks are registered, and Large which of them a rule would be applied by;
	// see [cause.Input]. Groups puts prefixes into groups; nil if there are none.
	Operator map[uint32]uint32
	Country  map[uint32]string
	Large    map[uint32]bool
	Groups   *atlas.Groups
	// Customers are pairs of a provider and its customer, of the networks met.
	Customers map[[2]uint32]bool
	// Holdings say to the holders of which networks the addresses that several
	// announced were delegated.
	Holdings []atlas.Holding

	Networks map[string]string // names of networks, by number
	NamesOf  string            // where these names are from
}

// Findings computes what findings.json says.
func Findings(ev *Evidence) *finding.Findings { return prepare(ev).findings() }

// Input is what outages are found in: the histories of the subject's prefixes.
func Input(ev *Evidence) outage.Input {
	in, _ := prepare(ev).input()
	return in
}

// CauseInput gathers what is weighed about one outage of an [Input].
func CauseInput(ev *Evidence, in outage.Input, o outage.Outage) cause.Input {
	ci, _ := prepare(ev).causeInput(in, o)
	return ci
}

// evidence is [Evidence] with what the rules look up in it.
type evidence struct {
	*Evidence
	times      []int64 // memory of [evidence.withCovers]
	start, end int64   // of the question, in whole seconds
	cover      map[netip.Prefix]bool
	learned    map[uint32]bool // origins of the subject's prefixes within its blocks
	// See [evidence.feeds]. A prefix that a partial peer withdraws may only have moved to a
	// neighbour of whose routes it does not tell.
	full, partial map[vantage.Peer]bool
	would         *[2][]int                       // see [evidence.tellers]
	first         []int                           // see [evidence.alike]
	ticks         map[*outage.Tick][]finding.Tick // of outages that share them
	announced     []finding.OtherOrigin           // see [evidence.others]
	aside         map[netip.Prefix]bool           // prefixes that are not judged as the subject's
	only          uint32                          // if it is set, only this origin's routes are the subject's: see [evidence.ofOrigin]
	mixed         map[int]bool                    // prefixes of the table that several networks are seen to announce
	gave          map[netip.Prefix]bool           // whose routes of the subject gave way to another's ([evidence.gaveWay])
	unseen        map[int]bool                    // losses, of whose routes nobody is seen to have had them from the subject before
	seen          map[int]firstSeen               // of these; see [evidence.perhapsOurs]
	strangers     map[netip.Prefix][]uint32       // origins that are no operators of the country; see [evidence.isStranger]
}

func prepare(ev *Evidence) *evidence {
	own := *ev
	if ev.Table != nil {
		own.Table = ev.Table.Reader() // others may be judging by the same one
	}
	e := &evidence{Evidence: &own, start: ev.Question.From.Sec(), end: ev.Question.Until.SecUp(),
		cover: map[netip.Prefix]bool{}, learned: map[uint32]bool{}}
	for _, p := range ev.Covers {
		e.cover[p] = true
	}
	if e.Table != nil {
		e.withoutMembers()
		e.announced = e.decided(e.others())
		e.setAside()
	}
	for _, p := range e.Prefixes {
		if ev.Subject.MatchOtherOrigin(p) {
			for _, o := range e.Origins[p] {
				e.learned[o] = true
			}
		}
	}
	return e
}

// feeds are the peers that told their whole table, and those known to tell a part of it. They
// are looked up when they are first asked for, since a scan never does.
func (e *evidence) feeds() (full, partial map[vantage.Peer]bool) {
	if e.full == nil {
		e.full, e.partial = e.Watch.Feeds()
	}
	return e.full, e.partial
}

// outagePeers are the table's peers, in the same order.
func (e *evidence) outagePeers() []outage.Peer {
	ps := make([]outage.Peer, len(e.Table.Peers))
	for i, p := range e.Table.Peers {
		ps[i] = outage.Peer{Peer: p.Peer, AS: p.AS}
	}
	return ps
}

// pathOrigin is the origin of a path made by [rib.RoutePath]; 0 if it is not
// certain.
func pathOrigin(path []uint32) uint32 {
	if len(path) == 0 {
		return 0
	}
	return path[len(path)-1]
}

// orEmpty makes a nil list an empty one, which JSON writes as [].
func orEmpty[T any](s *[]T) {
	if *s == nil {
		*s = []T{}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// only lists what is in the first set alone.
func only(a, b map[uint32]bool) []uint32 {
	out := []uint32{}
	for x := range a {
		if !b[x] {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}
