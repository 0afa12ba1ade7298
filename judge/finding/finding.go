// Package finding holds the values of findings.json: what was asked, what was
// measured, who was watching, and what they amount to.
//
// It promises one stable encoding (format "constat-findings/3", described in
// docs/formats/findings.md): the same values give the same bytes. It computes
// nothing: assess fills these values, and report shows them.
package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"constat/internal/strictjson"
	"constat/judge/place"
	"constat/moment"
)

// Format names the version of the encoding.
const Format = "constat-findings/3"

// Formats that are still read: format 2, which has sentences as keys and is still
// written for cases that have it, and format 1, which is of the time before regions.
const (
	Format1 = "constat-findings/1"
	Format2 = "constat-findings/2"
)

// The answers to the question of an examination.
const (
	AnswerOutage         = "outage"          // at least one outage was measured
	AnswerPartial        = "partial"         // none, but routes were lost by fewer than half of those that carried them
	AnswerStayed         = "stayed"          // routes stayed while [Findings.Watched] says; this says nothing about traffic
	AnswerUndecided      = "undecided"       // of some time nobody knows whether they stayed, as [Findings.Below] says, and no loss was measured
	AnswerNoClaim        = "no-claim"        // fewer than two carriers of any prefix
	AnswerOthers         = "others"          // what the subject announced was others', or may have been: nothing is judged as its own
	AnswerNobodyWatching = "nobody-watching" // no peer was watching at any moment of the question
)

// Findings is the whole of findings.json.
type Findings struct {
	Format    string     `json:"format"`
	Question  Question   `json:"question"`
	Subject   Subject    `json:"subject"`
	Answer    string     `json:"answer"`
	Watch     Watch      `json:"watch"`
	Watched   Watched    `json:"watched"`
	Outages   []Outage   `json:"outages"`
	Folded    []Folded   `json:"folded,omitempty"` // losses of prefixes that are counted and not among the outages
	Head      *int       `json:"head"`             // the largest of the subject's outages, by address space and time; null without one
	Operators []Operator `json:"operators"`
	Learned   []Path     `json:"learned"` // paths as first learned inside the question, or before it
	Timeline  Timeline   `json:"timeline"`
	Strip     []Row      `json:"strip"`
	Notes     []Note     `json:"notes"`
	Cause     []Cause    `json:"cause"` // of each loss of an origin that was weighed
	How       []How      `json:"how"`   // how the subject went dark, of its largest outages
	Verdict   Verdict    `json:"verdict"`

	// What lies below the rules of an outage; see below.go. Absent if nothing does.
	Below *Below `json:"below,omitempty"`

	// Announcements of the same addresses by another network; see others.go. Absent
	// if none was seen, and from findings that were computed before it was looked for.
	// Of more than can be listed OthersOf says how many there are; else it is absent.
	Others   []OtherOrigin `json:"other_origins,omitempty"`
	OthersOf int           `json:"other_origins_of,omitempty"`

	// Prefixes of the subject that were not there when the data begin, in order of time;
	// see others.go. Absent if there are none. Of more than can be listed ArrivedOf says how many
	// there are; else it is absent.
	Arrived   []Arrival `json:"arrived,omitempty"`
	ArrivedOf int       `json:"arrived_of,omitempty"`

	// Of a subject of several operators, such as a country; see country.go.
	Space  *Space  `json:"space,omitempty"`
	Events []Event `json:"events,omitempty"` // in order of time
}

// Question is what was asked, with its times in canonical form.
type Question struct {
	Subject string      `json:"subject"`
	From    moment.Time `json:"from"`
	Until   moment.Time `json:"until"`
}

// Subject is the question's subject as resolved against atlas and sources.
type Subject struct {
	Name     string            `json:"name"`
	Kind     string            `json:"kind"` // "as", "prefix", "country", "file"
	Origins  []uint32          `json:"origins"`
	Prefixes []Prefix          `json:"prefixes"`
	Reasons  []Reason          `json:"reasons"`  // why each origin and each delegated block is on the list
	Networks map[string]string `json:"networks"` // names of the ASes that appear anywhere in the findings, by number
	NamesOf  string            `json:"names_of"` // where these names are from and of which date; empty when none are known
}

// Reason says why an origin or a block of addresses belongs to the subject.
type Reason struct {
	AS    uint32       `json:"as,omitempty"`   // of an origin
	Block netip.Prefix `json:"block,omitzero"` // of a block of addresses
	What  string       `json:"what,omitempty"` // of anything else, as it was written
	OnList
}

// NewReason takes apart what is on a subject's list ("AS131279" or
// "175.45.176.0/22") and the reason why.
func NewReason(what, reason string) Reason {
	r := Reason{What: what, OnList: NewOnList(reason)}
	if n, err := strconv.ParseUint(strings.TrimPrefix(what, "AS"), 10, 32); err == nil && n != 0 && what == asName(uint32(n)) {
		r.AS, r.What = uint32(n), ""
	} else if p, err := netip.ParsePrefix(what); err == nil && what == p.String() {
		r.Block, r.What = p, ""
	}
	return r
}

// Name names what the reason is of: "AS131279" or "175.45.176.0/22".
func (r Reason) Name() string {
	switch {
	case r.AS != 0:
		return asName(r.AS)
	case r.Block.IsValid():
		return r.Block.String()
	}
	return r.What
}

func asName(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

// Prefix is one prefix of the subject. Carriers are the peers that were
// watching and known to carry it at some time of the question. The other counts
// are peers at which it was at some time of the question: covered by a less
// specific or by more specifics of the subject; replaced by another origin's
// route or by its less specific, which did not stand before; unknown because
// another prefix was; or lost under another origin's less specific, which stood
// before, so that whether its addresses were still served is unknown.
type Prefix struct {
	Prefix   netip.Prefix `json:"prefix"`
	Reasons  []OnList     `json:"reasons"`
	Origins  []uint32     `json:"origins"` // origins seen announcing it
	Carriers int          `json:"carriers"`
	Covered  int          `json:"covered"`
	Replaced int          `json:"replaced"`
	Unknown  int          `json:"unknown"`
	Standing int          `json:"standing_cover"`
	WatchedS int64        `json:"watched_s"` // seconds of the question with carriers in two networks
	StandIns []OtherRoute `json:"stand_ins"`
}

// Kinds of a [OtherRoute].
const (
	CoveredBy  = "covered"
	ReplacedBy = "replaced"
	LostUnder  = "standing" // it was lost although this stood, and had before
	PerhapsBy  = "unknown"  // it may have stood in: whether the peer held it is unknown
	BeganWith  = "began"    // of an outage: announced instead of what was lost
)

// OtherRoute is a route by which a prefix was covered or replaced at Peers peers,
// under which it was lost although that stood before, or of which it is unknown
// whether the peers held it: from the first to the last of them, with a record
// that announced it.
type OtherRoute struct {
	Kind    string       `json:"kind"`
	Prefix  netip.Prefix `json:"prefix"`
	Origin  uint32       `json:"origin"` // 0: not certain
	Peers   int          `json:"peers"`
	From    moment.Time  `json:"from"`
	Until   moment.Time  `json:"until"`
	Exhibit string       `json:"exhibit"` // empty: known without a record
	Offset  int64        `json:"offset"`
}

// Watched says how much of the question somebody watched: the seconds in which
// at least half of the prefixes that ever had carriers in two networks had them,
// where a prefix and those inside it are one.
type Watched struct {
	Seconds int64  `json:"seconds"`
	Of      int64  `json:"of"`
	Spans   []Span `json:"spans"`
	// Absent is the seconds besides in which it is known that the routes were not there:
	// those who had them at other times watched, and had none.
	Absent int64 `json:"absent_seconds,omitempty"`
}

// Whole reports whether it is known of at least nine tenths of the question whether the
// routes were there.
func (w Watched) Whole() bool { return 10*(w.Seconds+w.Absent) >= 9*w.Of }

// Watch says who was looking, and who was not.
type Watch struct {
	Collectors    []string `json:"collectors"`
	Peers         int      `json:"peers"`
	FullFeedPeers *int     `json:"full_feed_peers"` // null: no snapshot, so unknown
	Files         int      `json:"files"`
	Records       int64    `json:"records"`
	Unreadable    int64    `json:"unreadable"`
	Blind         []Blind  `json:"blind"`
	Sources       []Source `json:"sources"`
	Unread        []Unread `json:"unread"` // what could not be read, by file, place and reason
}

// Source is one file that was read.
type Source struct {
	Name      string       `json:"name"` // base name, never a path of the machine
	Collector string       `json:"collector"`
	SHA256    string       `json:"sha256"`
	Size      int64        `json:"size"` // bytes as stored
	Kind      string       `json:"kind"` // "updates" or "rib"
	Records   int64        `json:"records"`
	First     *moment.Time `json:"first"` // time of the first and last record; null without records
	Last      *moment.Time `json:"last"`
}

// Unread counts damage of one kind in one file. Reason is a text for people, by the
// reader that met it.
type Unread struct {
	File      string `json:"file"`
	Collector string `json:"collector"`
	Count     int64  `json:"count"`
	Offset    int64  `json:"offset"` // of the first, in the uncompressed stream
	Reason    string `json:"reason"`
}

// Blind is an interval in which a collector (peer null) or one peer was not
// watching. Unknown is never down.
type Blind struct {
	Collector string      `json:"collector"`
	Peer      *netip.Addr `json:"peer"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Reason    string      `json:"reason"`
}

// Reasons of blindness.
const (
	MissingFile       = "missing-file"        // of which it is not known why
	FileNotGiven      = "file-not-given"      // the files that were given do not cover it
	FileNotCached     = "file-not-in-cache"   // with --offline
	FileNotArchived   = "file-not-in-archive" // the archive has none
	NotAsked          = "not-asked"           // an answer of RIPEstat was not asked of that time
	GapInFile         = "gap-in-file"         // the file does not reach its nominal end, or starts late
	TruncatedFile     = "truncated-file"      // it ends in the middle of its data
	UnreadableRecords = "unreadable-records"
	SessionDown       = "session-down"
	TableTransfer     = "table-transfer"
	Stale             = "stale"           // silent far beyond its own habit
	SilenceOfAll      = "silence-of-all"  // no record of any peer, far beyond the collector's rhythm
	SilentTogether    = "silent-together" // silent far beyond its habit, with half of the collector's peers
)

// Why the end of an outage or an event was not seen.
const (
	EndOfData = "end-of-data"
	BlindEnd  = "blind"
)

// Outage is an interval in which visibility was lost. See docs/definitions.md.
type Outage struct {
	Scope     string       `json:"scope"` // "subject", "origin" or "prefix"
	Name      string       `json:"name"`
	Partial   bool         `json:"partial"` // lost by carriers in two networks, at no moment by half of them
	From      moment.Time  `json:"from"`
	Until     *moment.Time `json:"until"`
	Onset     Moments      `json:"onset"`
	Recovery  *Moments     `json:"recovery"`
	Censored  *string      `json:"censored"` // null, EndOfData or BlindEnd
	DurationS *int64       `json:"duration_s"`
	Total     []Span       `json:"total"`
	Gone      *Lapses      `json:"gone,omitempty"` // how it went, if not in one piece
	Left      *Left        `json:"left,omitempty"` // what was not seen to come back, though the median peer's return was
	Bare      *Bare        `json:"bare,omitempty"` // if another origin's routes stood in: when none did
	Trough    moment.Time  `json:"trough"`         // the second at which it is measured
	Lost      Lost         `json:"lost"`
	Routes    Routes       `json:"routes"`
	Witnesses Witnesses    `json:"witnesses"`
	Began     []OtherRoute `json:"began"`           // of an origin: prefixes that it renumbered to
	Brief     bool         `json:"brief,omitempty"` // of many, one of the lesser: Peers and Paths are left out
	Peers     []Tick       `json:"peers"`
	Paths     *Paths       `json:"paths"` // only on outages of the whole subject
}

// Moments is an onset or a recovery: the first peer, the median peer (lower
// middle) and the last. What was not seen is null.
type Moments struct {
	First  *moment.Time `json:"first"`
	Median *moment.Time `json:"median"`
	Last   *moment.Time `json:"last"`
}

// Lapses is how an outage went that was not in one piece: its routes came and went, or
// peers lost them at different times, so that the medians over peers tell neither how
// long it lasted nor that anybody lacked anything together with others. Routes are
// pairs of a peer and a prefix that was lost. See docs/definitions.md.
type Lapses struct {
	From     moment.Time  `json:"from"`       // at least half of the prefixes lost are out
	Until    *moment.Time `json:"until"`      // not any more; null: not seen
	Losses   int          `json:"losses"`     // how often that began
	Seconds  int64        `json:"seconds"`    // how long it was so
	Together int64        `json:"together_s"` // how long nobody held any of them, but for stuck routes
	Any      *int64       `json:"any_s"`      // how long anybody lacked any of them; null: an end was not seen
	Fewest   int          `json:"fewest"`     // routes gone in those seconds, at the least
	Most     int          `json:"most"`       // at the most, the first time at MostAt, of Of known then
	Of       int          `json:"of"`
	MostAt   moment.Time  `json:"most_at"`
	BackBy   *moment.Time `json:"back_by"` // where the return of half was hidden: it was back then, at the latest
	Again    *Again       `json:"again"`   // where it was not seen: what came after
}

// Again counts routes gone at the trough that are held when the data end, and since
// when they all are.
type Again struct {
	Routes int         `json:"routes"`
	Of     int         `json:"of"`
	Since  moment.Time `json:"since"`
}

// Folded counts losses of one prefix and kind, where there are too many to be told one by one: the
// lesser of them, from the first to the last, with the routes of the largest.
type Folded struct {
	Scope     string      `json:"scope"`
	Name      string      `json:"name"`
	Partial   bool        `json:"partial"`
	Losses    int         `json:"losses"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Seconds   int64       `json:"seconds"` // of all of them
	ShortestS int64       `json:"shortest_s"`
	LongestS  int64       `json:"longest_s"`
	Open      int         `json:"open"` // not seen to end
	Routes    Routes      `json:"routes"`
}

// Left counts, of the routes gone at the trough, those that nobody held again: Gone where
// the data end, at Peers peers, and Unseen if it is not known there. See docs/definitions.md.
type Left struct {
	Routes int `json:"routes"` // gone at the trough
	Gone   int `json:"gone"`
	Peers  int `json:"peers"`
	Unseen int `json:"unseen"`
}

// Bare is the time of an outage in which neither the subject's routes nor others' stood, but
// for Stood of Routes: Seconds in Times pieces, from the first second to behind the last.
type Bare struct {
	From    moment.Time `json:"from"`
	Until   moment.Time `json:"until"`
	Seconds int64       `json:"seconds"`
	Times   int         `json:"times"`
	Stood   int         `json:"stood"`
	Routes  int         `json:"routes"`
}

// Span is an interval whose end may not have been seen.
type Span struct {
	From  moment.Time  `json:"from"`
	Until *moment.Time `json:"until"`
}

// Routes counts pairs of a carrier and a prefix at the trough, of the scope if
// it was lost in total, else of the prefixes lost.
type Routes struct {
	Lost  int `json:"lost"`
	Stuck int `json:"stuck"` // held on throughout a total
	Of    int `json:"of"`
}

// Lost sizes an outage: prefixes out of the scope's at the trough, those out at
// any time of it, and IPv4 addresses and IPv6 /48s that no other prefix of the
// subject gave a route, as unions, never added up. Of a partial loss the
// addresses are those of its prefixes.
type Lost struct {
	Prefixes int   `json:"prefixes"`
	Touched  int   `json:"touched"`
	Of       int   `json:"of"`
	V4       int64 `json:"v4_addresses"`
	V6       int64 `json:"v6_48s"`
}

// Witnesses counts who lost it: carriers, those that lost, and their distinct ASes.
type Witnesses struct {
	Carried int `json:"carried"`
	Lost    int `json:"lost"`
	ASes    int `json:"ases"`
	// Stopped are peers that had carried it before, and of which nothing was known any
	// more at its trough.
	Stopped int `json:"stopped,omitempty"`
	// Unlisted are those of Stopped whose complete table was without it by then, though no
	// withdrawal was recorded.
	Unlisted int `json:"unlisted,omitempty"`
	// Silent are further peers that were watching, tell as much as others of their collector and
	// had not spoken of what was lost by then, and of which no table tells: whether they had it is not known.
	Silent int `json:"silent,omitempty"`
	// PartialASes are those of ASes that were only seen through peers known to
	// tell a part of their routes: they do not establish an outage.
	PartialASes    int        `json:"partial_ases,omitempty"`
	ZombieSuspects []PeerName `json:"zombie_suspects"`
	// Renewed are further peers that held on, whose route was announced after the loss
	// began. It may be another way, or only what was tried on the way down. Late are those
	// of them that announced it after paths had stopped being explored.
	Renewed []PeerName `json:"renewed,omitempty"`
	Late    int        `json:"renewed_late,omitempty"`
}

// Untold is of how many peers it is not known whether they had lost it too.
func (w *Witnesses) Untold() int { return w.Stopped - w.Unlisted + w.Silent }

// Few reports whether those that lost it would be fewer than half if all of which it is not
// known had kept it: then it may have been a partial loss.
func (w *Witnesses) Few() bool { return w.Untold() > 0 && 2*w.Lost < w.Carried+w.Untold() }

// Tick is one peer's part in an outage: when it lost the last of the scope and
// when it first had some of it back.
type Tick struct {
	Collector string       `json:"collector"`
	Peer      netip.Addr   `json:"peer"`
	AS        uint32       `json:"as"`
	Lost      *moment.Time `json:"lost"`
	Back      *moment.Time `json:"back"`
}

// Paths is what the peers' AS paths were before the onset, at the trough, and
// after the recovery.
type Paths struct {
	Before []Path `json:"before"`
	Trough []Path `json:"trough"`
	After  []Path `json:"after"`
}

// Path is an AS path from the peer's AS to the origin, prepending removed, and
// how many peers and routes (peer × prefix) used it. An inferred path was not
// seen before the onset: it is the first after the recovery.
type Path struct {
	Path   []uint32 `json:"path"`
	Peers  int      `json:"peers"`
	Routes int      `json:"routes"`

	Inferred bool `json:"inferred"`
}

// Operator is one row of a country's table: an origin AS and what it lost.
type Operator struct {
	AS       uint32 `json:"as"`
	Prefixes int    `json:"prefixes"`
	Outages  int    `json:"outages"`
	Lost     Lost   `json:"lost"`      // of its largest outage
	LongestS *int64 `json:"longest_s"` // longest closed outage; null when none closed
	Open     bool   `json:"open"`      // an outage was not seen to end
	Partial  int    `json:"partial"`   // partial losses, which the other fields do not count
	// Of all its prefixes that the files say anything of.
	V4 int64 `json:"v4_addresses"`
	V6 int64 `json:"v6_48s"`
	// Of the largest outage, the medians of onset and recovery over its peers.
	// From is null without an outage, Until also if the return was not seen.
	From  *moment.Time `json:"from"`
	Until *moment.Time `json:"until"`
	// HandedOver counts prefixes to which a peer's route changed from the operator to
	// another of the subject; Country is where the operator is registered if that is not the
	// country that was asked about: it announced addresses of it.
	HandedOver int `json:"handed_over,omitempty"`
	// Undecided counts prefixes of which, at some time outside their outages, it is not known
	// whether they stayed, as a loss may have begun that nobody saw ([Findings.Below]).
	Undecided int    `json:"undecided,omitempty"`
	Country   string `json:"country,omitempty"`
}

// Timeline is the subject's visibility over time in routes: pairs of a carrier
// and a prefix it carries. Seen, gone and unknown always add up to Height.
type Timeline struct {
	Height int    `json:"height"`
	Exact  bool   `json:"exact"` // false: more steps than are kept; each step then holds the interval's least Seen
	Steps  []Step `json:"steps"`
}

// Step holds from At until the next step.
type Step struct {
	At      moment.Time `json:"at"`
	Seen    int         `json:"seen"`
	Gone    int         `json:"gone"`
	Unknown int         `json:"unknown"`
}

// Row is one carrier's strip: what it held over time.
type Row struct {
	Collector string     `json:"collector"`
	Peer      netip.Addr `json:"peer"`
	AS        uint32     `json:"as"`
	Routes    int        `json:"routes"` // prefixes it is a carrier of
	Exact     bool       `json:"exact"`
	Runs      []Run      `json:"runs"`
}

// Run is one state of a row from At until the next run: "seen" (all of it),
// "part" (Held of Routes, Unknown not known, the rest gone), "gone", "unknown".
type Run struct {
	At      moment.Time `json:"at"`
	State   string      `json:"state"`
	Held    int         `json:"held"`
	Unknown int         `json:"unknown,omitempty"` // of a part
}

// States of a run.
const (
	Seen    = "seen"
	Part    = "part"
	Gone    = "gone"
	Unknown = "unknown"
)

// Encode gives the bytes of findings.json in the format that the findings name:
// indented by one space, a line feed at the end, nothing escaped for HTML. Nil lists
// are written as []. Format 1 is read and not written.
func (f *Findings) Encode() ([]byte, error) {
	var b []byte
	var err error
	switch f.Format {
	case Format:
		b, err = strictjson.Indented(f)
	case Format2:
		b, err = f.encode2()
	default:
		err = fmt.Errorf("format %q is not written; %q and %q are", f.Format, Format, Format2)
	}
	if err != nil {
		return nil, fmt.Errorf("findings: %w", err)
	}
	return b, nil
}

// Decode reads what [Findings.Encode] wrote, and findings of format 1. Those of an
// older format have the values of today's, and name their format: what they have no
// word for is empty in them.
func Decode(b []byte) (*Findings, error) {
	var f Findings
	format := FormatOf(b)
	switch format {
	case Format:
	case Format1, Format2:
		var err error
		if b, err = fromOlder(b); err != nil {
			return nil, fmt.Errorf("findings: %w", err)
		}
	default:
		// What is no JSON at all is told as such.
		if err := json.Unmarshal(b, &f); err != nil {
			return nil, fmt.Errorf("findings: %w", err)
		}
		return nil, fmt.Errorf("findings: format %q is none of %q, %q and %q", format, Format, Format2, Format1)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("findings: %w", err)
	}
	if f.Format != format {
		return nil, fmt.Errorf("findings: they name two formats, %q and %q", format, f.Format)
	}
	for i := range f.Verdict.Propositions { // a list that is missing has nothing in it
		if p := &f.Verdict.Propositions[i]; p.Class == nil {
			p.Class = []place.Hypothesis{}
		}
	}
	return &f, nil
}

// FormatOf is the format that findings.json names, which stands at its beginning;
// empty if it names none.
func FormatOf(b []byte) string {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ""
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		var v any = new(json.RawMessage)
		var format string
		if t == "format" {
			v = &format
		}
		if err := d.Decode(v); err != nil {
			return ""
		}
		if t == "format" {
			return format
		}
	}
	return ""
}
