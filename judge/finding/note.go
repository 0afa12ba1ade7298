package finding

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/moment"
)

// Note is something that the reader must be told, by its key; report words it in the
// reader's language. The fields after Key are there for the keys that they are named
// with.
type Note struct {
	Key       string           `json:"key"`
	Title     string           `json:"title,omitempty"`     // NoteReconstruction: of the recording
	Collector string           `json:"collector,omitempty"` // NoteOneCollector
	Lists     []DelegationList `json:"lists,omitempty"`     // NoteStaleLists
	Formats   []string         `json:"formats,omitempty"`   // NoteAnswers, NoteNotMRT: as in watch.json
	Files     []string         `json:"files,omitempty"`     // NoteOrder, NoteBegins; NoteCopies: "rrc99 = rrc80"
	Peers     []PeerName       `json:"peers,omitempty"`     // NoteASFromPaths (absent: too many to name), NoteASUnknown
	Defect    *Defect          `json:"defect,omitempty"`    // NoteDefectStates and the like
	Other     []string         `json:"other,omitempty"`     // NoteOther: the key and the arguments that an older format or a recording has
}

// Keys of notes.
const (
	NoteReconstruction = "reconstruction" // the records were re-stamped: their times are not those of the events
	NoteOneCollector   = "one-collector"  // everything rests on one
	NoteStaleLists     = "stale-lists"    // lists of delegations of another time than the question
	NoteNoSnapshot     = "no-snapshot"    // no table snapshot, so that full feeds are not known
	NoteAnswers        = "answers"        // some sources are answers to what was asked: who is silent in them is not known to be silent
	NoteNotMRT         = "not-mrt"        // some sources are not an archive's own records
	NoteOrder          = "order"          // files whose records are not in the order of time
	NoteBegins         = "begins"         // tables shortly before the question, of an archive, before which nothing was read
	NoteCopies         = "copies"         // collectors whose records, or some of them, are another's: they are counted once
	NoteASFromPaths    = "as-from-paths"  // peers whose AS no record names; it stands first in all their paths
	NoteASUnknown      = "as-unknown"     // peers whose AS is not known
	NoteInferred       = "inferred"       // some paths before an onset were inferred from those after the recovery
	NoteDefectStates   = "defect-states"  // a published fault of the archive: changes of state that never were
	NoteDefectFlood    = "defect-flood"   // … one peer flooded the collector
	NoteDefectStuck    = "defect-stuck"   // … the tables list routes of a peer that had been removed
	NoteOther          = "other"          // of an older format or a recording, and of none of these forms
)

// noteDefect is what the keys of published faults of archives begin with.
const noteDefect = "defect-"

// PeerName names a peer. AS is 0 if it is not known, or if it goes without saying:
// then the peer is the one of that name in the strip.
type PeerName struct {
	Collector string     `json:"collector"`
	Peer      netip.Addr `json:"peer,omitzero"`
	AS        uint32     `json:"as,omitempty"`
}

// Defect is a fault of an archive that those who keep it have published.
type Defect struct {
	Collector string      `json:"collector"`
	Peer      netip.Addr  `json:"peer,omitzero"` // absent: not one peer's
	AS        uint32      `json:"as,omitempty"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Source    string      `json:"source"`
}

// NewDefect gives the note of a fault; kind is the archive's list's: "states".
func NewDefect(kind string, d Defect) Note { return Note{Key: noteDefect + kind, Defect: &d} }

// NewNote gives the note that a recording, or a file of an older format, has by a key
// and its arguments. One of no known form keeps them as they are.
func NewNote(key string, args []string) Note {
	if id, ok := notesOf2[key]; ok {
		n := Note{Key: id}
		n.read(args)
		if k, a := n.older(); k == key && slices.Equal(a, args) {
			return n
		}
	}
	return Note{Key: NoteOther, Other: append([]string{key}, args...)}
}

// read takes the arguments of a note apart, as far as they are of its key's form.
func (n *Note) read(args []string) {
	one := ""
	if len(args) == 1 {
		one = args[0]
	}
	switch n.Key {
	case NoteReconstruction:
		n.Title = one
	case NoteOneCollector:
		n.Collector = one
	case NoteStaleLists:
		for _, a := range args {
			i := max(strings.LastIndexByte(a, ' '), 0)
			n.Lists = append(n.Lists, DelegationList{a[:i], strings.TrimPrefix(a[i:], " ")})
		}
	case NoteAnswers, NoteNotMRT:
		n.Formats = slices.Clone(args)
	case NoteOrder, NoteCopies:
		n.Files = slices.Clone(args)
	case NoteASFromPaths, NoteASUnknown:
		for _, a := range args {
			n.Peers = append(n.Peers, readPeerAS(a))
		}
	default:
		if strings.HasPrefix(n.Key, noteDefect) && len(args) == 2 {
			n.Defect = readDefect(args[0], args[1])
		}
	}
}

// readPeerAS reads "rrc00 192.0.2.1 AS64501", or the same without an AS.
func readPeerAS(s string) PeerName {
	if i := strings.LastIndex(s, " AS"); i >= 0 {
		if as, err := strconv.ParseUint(s[i+3:], 10, 32); err == nil {
			p := NewPeerName(s[:i])
			p.AS = uint32(as)
			return p
		}
	}
	return NewPeerName(s)
}

// NewPeerName reads "rrc00 192.0.2.1". A text of another form stands as a collector
// without a peer.
func NewPeerName(s string) PeerName {
	if i := strings.LastIndexByte(s, ' '); i >= 0 {
		if a, err := netip.ParseAddr(s[i+1:]); err == nil && a.String() == s[i+1:] {
			return PeerName{Collector: s[:i], Peer: a}
		}
	}
	return PeerName{Collector: s}
}

func (p PeerName) String() string {
	s := p.Collector
	if p.Peer.IsValid() {
		s += " " + p.Peer.String()
	}
	if p.AS != 0 {
		s += " " + asName(p.AS)
	}
	return s
}

const minute = "2006-01-02 15:04"

var defectWhere = regexp.MustCompile(`^(.*?)(?: ([0-9a-f.:]+) AS(\d{1,10}))?, (\d{4}-\d\d-\d\d \d\d:\d\d) – (\d{4}-\d\d-\d\d \d\d:\d\d) UTC$`)

// readDefect reads what [Defect.Where] wrote; nil if it did not.
func readDefect(where, source string) *Defect {
	m := defectWhere.FindStringSubmatch(where)
	if m == nil {
		return nil
	}
	d := &Defect{Collector: m[1], Source: source}
	d.Peer, _ = netip.ParseAddr(m[2])
	as, _ := strconv.ParseUint(m[3], 10, 32)
	d.AS = uint32(as)
	for i, t := range []*moment.Time{&d.From, &d.Until} {
		at, err := time.Parse(minute, m[4+i])
		if err != nil {
			return nil
		}
		*t = moment.Unix(at.Unix(), 0)
	}
	return d
}

// Where names the collector, the peer and the time, as in "rrc12, 2026-02-10 18:50 –
// 2026-02-10 21:45 UTC".
func (d Defect) Where() string {
	s := d.Collector
	if d.Peer.IsValid() {
		s += fmt.Sprintf(" %s AS%d", d.Peer, d.AS)
	}
	return s + ", " + d.From.Std().UTC().Format(minute) + " – " + d.Until.Std().UTC().Format(minute) + " UTC"
}

// Name is the key as people are told it if nothing words it.
func (n Note) Name() string {
	key, _ := n.older()
	return key
}

// Args are a note's particulars as texts: names that are the same in every language.
func (n Note) Args() []string {
	_, args := n.older()
	return args
}

// older gives the key and the arguments that formats 1 and 2 have; these are never
// nil.
func (n Note) older() (key string, args []string) {
	args = []string{}
	switch n.Key {
	case NoteReconstruction:
		args = append(args, n.Title)
	case NoteOneCollector:
		args = append(args, n.Collector)
	}
	if n.Key == NoteOther && len(n.Other) > 0 {
		return n.Other[0], append(args, n.Other[1:]...)
	}
	for _, l := range n.Lists {
		args = append(args, l.Registry+" "+l.Date)
	}
	args = append(append(args, n.Formats...), n.Files...)
	for _, p := range n.Peers {
		args = append(args, p.String())
	}
	if n.Defect != nil {
		args = append(args, n.Defect.Where(), n.Defect.Source)
	}
	args = append(args, n.Other...)
	return notesOf2.former(n.Key), args
}
