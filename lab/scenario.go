package lab

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ASN is the number of an autonomous system.
type ASN uint32

func (a ASN) String() string { return "AS" + strconv.FormatUint(uint64(a), 10) }

// Scenario is a small Internet, what happens on it, and what is true about it.
// docs/formats/scenario.md describes the file it is read from.
type Scenario struct {
	Name  string
	Title string
	// Summary says what was played, in a sentence that findings quote; it
	// begins with a capital and ends without a stop.
	Summary, SummaryFR string
	Notes              []string // what else a reader of the recording must be told, a paragraph each

	Subject Subject
	// Act is the kind of act that is played, in a word ("curfew"); may be empty.
	Act   string
	Truth []Truth

	From, Until    time.Time
	FilesEvery     time.Duration // length of an updates file, in the scenario's time
	SnapshotsEvery time.Duration // 0: no snapshots
	Idle           time.Duration // a longer pause between two events is played shorter

	Routers    []Router
	Links      []Link
	Collectors []Collector

	Background *Background
	Script     []Event // in order of time; without the background's events

	Source []byte // the file as read
}

// Subject is what the scenario is about, in the words of a subject file.
type Subject struct {
	Name     string // "North Korea"
	Origins  []ASN
	Prefixes []netip.Prefix
}

// Truth is one thing that is true about a scenario: which break was played, or
// which measured value has to come out.
type Truth struct {
	What        string // a break ("adjacency", …) or "note"
	Members     []ASN
	From, Until time.Time // zero: throughout
	Text        string    // for "note"
}

// Router is one autonomous system: one router, one namespace.
type Router struct {
	AS        ASN
	Label     string
	Announces []netip.Prefix
	// Pace is how often the router gets to work while scripted events are
	// played; 0 is at once. It stands in for the timers (RFC 4271 §9.2.1.1)
	// that make real withdrawals take seconds: the router sleeps in between,
	// and what arrived meanwhile is handled, and passed on, in one go.
	Pace time.Duration
	// FRR says that the router is an FRR bgpd; otherwise it is a BIRD.
	FRR bool
	// Dampens says that it suppresses routes that flap (RFC 2439); an FRR's only.
	Dampens bool
	// RouteServer says that it serves an exchange: it passes everybody's routes
	// to everybody and leaves its own number out of them (RFC 7947).
	RouteServer bool
	// Blackhole is the community by which customers have it drop their traffic
	// (RFC 7999): what carries AS:Blackhole it keeps and passes to nobody.
	// 0: there is none.
	Blackhole int
}

// Relation is what the first AS of a link is to the second.
type Relation int

// The relations of the usual economy of the Internet (Gao 2001).
const (
	CustomerOf Relation = iota
	PeerOf
)

// Link is a cable and a BGP session between two routers.
type Link struct {
	A, B ASN
	Rel  Relation // A is … B
	Down bool     // configured, but the cable is not plugged in at the start
	// Hold is the session's hold time (RFC 4271 §10); 0: so long that it never
	// expires within an event.
	Hold time.Duration
	// Graceful says that both ends keep each other's routes when the session
	// ends without a notification, until it is back (RFC 4724 §4.2); BIRD only.
	Graceful bool
}

func (l Link) joins(a, b ASN) bool { return l.A == a && l.B == b || l.A == b && l.B == a }

// Collector is a route collector: it hears its peers out and says nothing.
type Collector struct {
	Name  string
	AS    ASN
	Addr  netip.Addr // its own address; its peers get the following ones
	Peers []ASN
	FRR   bool
	// AddPath says that its peers tell it all their paths (RFC 7911).
	AddPath bool
	// Partial are the peers that tell it their own and their customers' routes
	// only, as they would a peer.
	Partial []ASN
	// Skew is by how much its clock is ahead of the others'.
	Skew time.Duration
}

// Background is the other customers' weather: one change of one route at a
// time, so that every peer has something to say all night.
type Background struct {
	Every time.Duration
	Seed  uint64
	From  []ASN // routers whose networks change
}

// Event is what happens at one time.
type Event struct {
	At         time.Time
	Line       int // of the scenario file; 0 for the background's
	Do         []Step
	Settle     *Settle
	Background bool
}

// Step is one command, some time after its event began.
type Step struct {
	After time.Duration
	Cmd   Command
	Line  int
}

// Settle asks that an event be dated by what it did: the recording's clock is
// set so that the median over peers of the loss (or return) that the event
// caused falls on the given second.
type Settle struct {
	Loss bool // else the return
	On   time.Time
}

// Kind is a kind of neighbour, as seen from the router that has it.
type Kind int

// Neighbours by what they are to the router.
const (
	Anybody Kind = iota
	Customers
	Peers
	Providers
)

var kindNames = [...]string{"all", "customers", "peers", "providers"}

func (k Kind) String() string { return kindNames[k] }

// Whom names neighbours: one of them, a kind of them, or all.
type Whom struct {
	AS   ASN // 0: by kind
	Kind Kind
}

func (w Whom) String() string {
	if w.AS != 0 {
		return w.AS.String()
	}
	return w.Kind.String()
}

// What names routes: those of one origin, or those of the given prefixes.
type What struct {
	Origin   ASN
	Prefixes []netip.Prefix
}

func (w What) String() string {
	if w.Origin != 0 {
		return w.Origin.String()
	}
	return joinPrefixes(w.Prefixes)
}

func (w What) equal(v What) bool {
	return w.Origin == v.Origin && slices.Equal(w.Prefixes, v.Prefixes)
}

// Verb is what a command does.
type Verb int

// The commands of a script.
const (
	Announce Verb = iota // Who announces Prefixes
	Unannounce
	Refuse   // Who does not import What from Whom
	Accept   // undoes Refuse
	Withhold // Who does not export What to Whom
	Pass     // undoes Withhold
	Prepend  // Who adds itself N times to Prefixes (all of its own if none)
	Tag      // Who puts community Of:N on Prefixes
	Cut      // the cable between Who and Whom
	Mend
	Stop // the router Who (or collector Name) loses its process
	Start
	Freeze // it stands still: sessions stay up, routes get stuck
	Thaw
	Lose // N of a hundred packets on the cable between Who and Whom, either way
)

// Command is one thing that is done to the small Internet.
type Command struct {
	Verb     Verb
	Who      ASN
	Name     string // of a collector, in place of Who
	What     What
	Whom     Whom
	Prefixes []netip.Prefix
	N        int
	Of       ASN // set only if Verb is Tag: whose community it is
}

func joinPrefixes(ps []netip.Prefix) string {
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// String is the command as a scenario file spells it.
func (c Command) String() string {
	who := c.Name
	if who == "" {
		who = c.Who.String()
	}
	on := ""
	if len(c.Prefixes) > 0 {
		on = " " + joinPrefixes(c.Prefixes)
	}
	switch c.Verb {
	case Announce:
		return who + " announces" + on
	case Unannounce:
		return who + " stops announcing" + on
	case Refuse:
		return fmt.Sprintf("%s refuses %s from %s", who, c.What, c.Whom)
	case Accept:
		return fmt.Sprintf("%s accepts %s from %s", who, c.What, c.Whom)
	case Withhold:
		return fmt.Sprintf("%s withholds %s from %s", who, c.What, c.Whom)
	case Pass:
		return fmt.Sprintf("%s passes %s to %s", who, c.What, c.Whom)
	case Prepend:
		return fmt.Sprintf("%s prepends %d%s", who, c.N, on)
	case Tag:
		if c.Of != c.Who {
			return fmt.Sprintf("%s tags %d:%d%s", who, uint32(c.Of), c.N, on)
		}
		return fmt.Sprintf("%s tags %d%s", who, c.N, on)
	case Cut:
		return fmt.Sprintf("cut %s %s", who, c.Whom)
	case Mend:
		return fmt.Sprintf("mend %s %s", who, c.Whom)
	case Stop:
		return "stop " + who
	case Start:
		return "start " + who
	case Freeze:
		return "freeze " + who
	case Lose:
		return fmt.Sprintf("lose %d%% %s %s", c.N, who, c.Whom)
	default:
		return "thaw " + who
	}
}

// router returns the router of an AS.
func (s *Scenario) router(as ASN) (*Router, bool) {
	for i := range s.Routers {
		if s.Routers[i].AS == as {
			return &s.Routers[i], true
		}
	}
	return nil, false
}

func (s *Scenario) collector(name string) (*Collector, bool) {
	for i := range s.Collectors {
		if s.Collectors[i].Name == name {
			return &s.Collectors[i], true
		}
	}
	return nil, false
}

// link returns the index of the link between two routers, or -1.
func (s *Scenario) link(a, b ASN) int {
	return slices.IndexFunc(s.Links, func(l Link) bool { return l.joins(a, b) })
}

// kindOf says what other is to as, given the link between them.
func (l Link) kindOf(as ASN) Kind {
	switch {
	case l.Rel == PeerOf:
		return Peers
	case l.A == as: // as is the customer
		return Providers
	default:
		return Customers
	}
}

// events returns the script with the background's events and the snapshots'
// moments between its own, in order of time.
func (s *Scenario) events() []Event {
	all := slices.Clone(s.Script)
	all = append(all, s.weather()...)
	slices.SortStableFunc(all, func(a, b Event) int { return cmp.Compare(a.At.Unix(), b.At.Unix()) })
	return all
}

// snapshots returns the moments at which the collectors dump their tables.
func (s *Scenario) snapshots() []time.Time {
	if s.SnapshotsEvery == 0 {
		return nil
	}
	var ts []time.Time
	for t := s.From.Truncate(s.SnapshotsEvery); t.Before(s.Until); t = t.Add(s.SnapshotsEvery) {
		if !t.Before(s.From) {
			ts = append(ts, t)
		}
	}
	return ts
}

// usesFRR says whether any router or collector is an FRR.
func (s *Scenario) usesFRR() bool {
	return slices.ContainsFunc(s.Routers, func(r Router) bool { return r.FRR }) ||
		slices.ContainsFunc(s.Collectors, func(c Collector) bool { return c.FRR })
}

// usesLoss says whether the script has packets dropped.
func (s *Scenario) usesLoss() bool {
	return slices.ContainsFunc(s.Script, func(e Event) bool {
		return slices.ContainsFunc(e.Do, func(st Step) bool { return st.Cmd.Verb == Lose })
	})
}
