package finding

import "constat/moment"

// Size counts prefixes, and their addresses as unions: IPv4 addresses and IPv6
// /48s, never added up.
type Size struct {
	Prefixes int   `json:"prefixes"`
	V4       int64 `json:"v4_addresses"`
	V6       int64 `json:"v6_48s"`
}

// Above orders sizes: by IPv4 addresses, then by IPv6 /48s, then by prefixes.
func (s Size) Above(t Size) bool {
	switch {
	case s.V4 != t.V4:
		return s.V4 > t.V4
	case s.V6 != t.V6:
		return s.V6 > t.V6
	}
	return s.Prefixes > t.Prefixes
}

// Space is the address space of a subject of several operators: what the shares
// of a country may be taken of.
type Space struct {
	// Delegated is what the registries' lists have for the country; Prefixes
	// counts its blocks. Null if the subject is no country.
	Delegated *Size            `json:"delegated"`
	Lists     []DelegationList `json:"lists"`
	Heard     Size             `json:"heard"`     // all prefixes of the subject of which the files say anything
	Operators int              `json:"operators"` // origin networks that announced them
}

// DelegationList is a registry's list of which something is on the subject.
type DelegationList struct {
	Registry string `json:"registry"` // as it writes its own name
	Date     string `json:"date"`     // YYYY-MM-DD; empty if the list does not say
}

// By what the base of an event is known.
const (
	BaseSnapshot = "snapshot" // announced when the event began, by a table snapshot before it and the changes since
	BaseHeard    = "heard"    // no snapshot: what these files say anything of, at whatever time
)

// Event is what happened to a subject of several operators at one time:
// outages of the whole subject that overlap, as stages of one event. See
// docs/definitions.md, "Countries". It does not say that they have one cause.
type Event struct {
	From     moment.Time  `json:"from"`  // the first prefix out
	Until    *moment.Time `json:"until"` // none is out any more; null: not seen
	Censored *string      `json:"censored"`
	Stages   []Stage      `json:"stages"` // in order of time
	Trough   Trough       `json:"trough"`
	Of       EventBase    `json:"of"`
	// Silent are operators of which nothing was announced when it began, and which Of does not count; absent if there
	// are none.
	Silent []uint32    `json:"silent,omitempty"`
	Total  []Span      `json:"total"` // no peer held any prefix of the whole subject
	Groups []GroupLoss `json:"groups,omitempty"`
	// Course is how much was out from each step until the next. Exact is false if
	// there were more steps than are kept; each then holds its interval's most.
	Course []EventStep `json:"course"`
	Exact  bool        `json:"exact"`
}

// EventStep holds from At until the next step.
type EventStep struct {
	At  moment.Time `json:"at"`
	Out Size        `json:"out"`
}

// Stage is one outage of the whole subject as a part of an event: prefixes
// that went out in the same minutes.
type Stage struct {
	From      moment.Time  `json:"from"`      // its first prefix out
	Latest    moment.Time  `json:"latest"`    // its latest prefix out
	Until     *moment.Time `json:"until"`     // none of them is out any more; null: not seen
	Lost      Size         `json:"lost"`      // of all prefixes that went out in it
	Operators []uint32     `json:"operators"` // whose prefixes these are, sorted
}

// Trough is the interval in which the most address space was out: most IPv4
// addresses, of such moments the one with most /48s, then with most prefixes,
// then the first.
type Trough struct {
	At    moment.Time `json:"at"`
	Until moment.Time `json:"until"` // when something came back or more prefixes changed
	Lost  Size        `json:"lost"`
	// Delegated is what of it lies within the delegations of the country; absent if
	// the subject is no country.
	Delegated *Size `json:"lost_delegated,omitempty"`
	// Out are the operators of which every announced prefix was out, Partly
	// those of which some were; both sorted.
	Out    []uint32 `json:"out"`
	Partly []uint32 `json:"partly"`
	// Unknown are those of whose prefixes nothing is known at that moment, with the size of
	// these: not two networks that carried one were watching. Absent if there are none.
	Unknown     []uint32 `json:"unknown,omitempty"`
	UnknownSize *Size    `json:"unknown_size,omitempty"`
	// Recovered is the moment from which on at least half of what was out at the
	// trough was back; null: not seen.
	Recovered *moment.Time `json:"recovered"`
}

// EventBase is what the shares of an event are of.
type EventBase struct {
	By        string       `json:"by"`       // BaseSnapshot or BaseHeard
	Snapshot  *moment.Time `json:"snapshot"` // when that snapshot was taken
	Operators int          `json:"operators"`
	Size
}

// GroupLoss is the part of an event that a group of a grouping file had: see
// docs/formats/groups.md.
type GroupLoss struct {
	Grouping  string       `json:"grouping"` // "region"
	Group     string       `json:"group"`    // "Nordeste"; empty: what the file has in no group
	Operators int          `json:"operators"`
	Of        Size         `json:"of"`
	Lost      Size         `json:"lost"` // at its own trough
	At        *moment.Time `json:"at"`   // of its own trough; null: nothing of it went out
}
