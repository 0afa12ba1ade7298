package vantage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"

	"constat/moment"
)

// WatchFormat names the version of watch.json. Version 1 knew a peer by its
// address alone.
const (
	WatchFormat  = "constat-watch/2"
	watchFormat1 = "constat-watch/1"
)

// Watch says who was looking while the records were read: the part of the
// evidence that the exhibits cannot show, because it speaks of everything
// else that the files hold. It is written as watch.json (docs/formats/watch.md)
// and can be checked only against the archives.
type Watch struct {
	Format     string      `json:"format"`
	Collectors []Collector `json:"collectors"`

	byAddress bool // read from version 1: records are their peer's whatever AS they name
}

// Collector is one route collector: its files in order of time, the files
// that its cadence demands and that are not there, and its peers.
type Collector struct {
	Name     string            `json:"name"`
	CadenceS int64             `json:"cadence_s"` // of its update files; 0 if unknown
	Files    []File            `json:"files"`
	Missing  []moment.Interval `json:"missing"`
	// Why has the reason of each of Missing; empty in accounts that do not say.
	Why []string `json:"missing_why,omitempty"`
	// Silent are times in which no record came of any peer, though they came without a pause
	// before and behind: nobody was looking.
	Silent []moment.Interval `json:"silent,omitempty"`
	Peers  []PeerWatch       `json:"peers"`
}

// File is one file that was read.
type File struct {
	Name      string       `json:"name"` // base name
	SHA256    string       `json:"sha256"`
	Size      int64        `json:"size"`
	Kind      string       `json:"kind"`  // "updates" or "rib"
	Start     *moment.Time `json:"start"` // its slot in the cadence grid; null if none is known
	End       *moment.Time `json:"end"`
	First     *moment.Time `json:"first"` // time of its first and last record; null without records
	Last      *moment.Time `json:"last"`
	Records   int64        `json:"records"`
	Skipped   int64        `json:"skipped"` // records of a kind that says nothing here
	Truncated bool         `json:"truncated"`
	Backwards int64        `json:"backwards"` // records stamped earlier than the one before
	Unread    []Unread     `json:"unread"`
	Lost      []Lost       `json:"lost"`
	Tables    []TableSize  `json:"tables"` // of a snapshot: what each peer had in it
	// Format is what the file is if not MRT; its records were then made of what it
	// says.
	Format string `json:"format,omitempty"`
	// Asked and Scope are of an answer: the time that was asked for, which is what
	// it covers, and the prefixes or AS numbers. It speaks of nothing else.
	Asked *moment.Interval `json:"asked,omitempty"`
	Scope []string         `json:"scope,omitempty"`
}

// Unread counts damage of one kind in one file; Offset is that of the first.
type Unread struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
	Offset int64  `json:"offset"`
	// Attributes is true if nothing but attributes of a table's entries could not
	// be read: the table is whole, some of its paths are unknown.
	Attributes bool `json:"attributes,omitempty"`
}

// Lost is the time that damage may have hidden: between the last record read
// before it and the first read after it. With a peer only that peer's record
// was hit. With Framing an unknown number of records was passed over.
type Lost struct {
	From    moment.Time `json:"from"`
	Until   moment.Time `json:"until"`
	Peer    *netip.Addr `json:"peer"`
	AS      uint32      `json:"as,omitempty"` // with Peer
	Framing bool        `json:"framing,omitempty"`
}

// TableSize is the size of one peer's table in a snapshot, in prefixes.
type TableSize struct {
	Peer netip.Addr `json:"peer"`
	AS   uint32     `json:"as"`
	V4   int64      `json:"v4"`
	V6   int64      `json:"v6"`
}

// PeerWatch is one peer over all files of its collector.
type PeerWatch struct {
	Peer netip.Addr `json:"peer"`
	AS   uint32     `json:"as"` // 0 if not known
	// Guessed is true if the records name no AS: it is the one with which every
	// path begins that the peer announced.
	Guessed bool `json:"as_from_paths,omitempty"`
	// Also are other AS numbers under which records of this peer stand: 0, and
	// AS_TRANS (RFC 6793 §2).
	Also []uint32 `json:"as_also,omitempty"`
	// CopyOf is the collector at which the same session was heard with the same
	// records: then it is no second witness, and nothing is computed from this one.
	CopyOf string `json:"copy_of,omitempty"`
	// Local are the collector's addresses in the session, as far as records name them.
	Local []netip.Addr `json:"-"`
	// Sample is some of what the peer said, by which the same session is told in another form.
	Sample    []Sample      `json:"-"`
	First     moment.Time   `json:"first"`
	Last      moment.Time   `json:"last"`
	Announced int64         `json:"announced"`
	Withdrawn int64         `json:"withdrawn"`
	Alive     []Marks       `json:"alive"`
	States    []StateChange `json:"states"`
	Transfers []Transfer    `json:"transfers"`
	// Silent are times in which this peer said nothing, together with half of those that spoke, and
	// far beyond its habit.
	Silent []moment.Interval `json:"silent,omitempty"`
}

// Marks is a run of consecutive five-minute slots in each of which the peer
// was heard: the first slot's start and the last slot's end.
type Marks = moment.Interval

// MarkLength is the length of a slot of liveness, in seconds.
const MarkLength = 300

// StateChange is a session's change of state as the collector logged it (RFC
// 4271 §8.2.2: 1 Idle to 6 Established). Where a peer that was down
// is heard without a logged change, New is Established and Heard is true.
type StateChange struct {
	At  moment.Time `json:"at"`
	Old uint16      `json:"old"`
	New uint16      `json:"new"`
	// Heard is true if no change was logged, but the peer sent an update.
	Heard bool `json:"heard,omitempty"`
	// Named is how the record names the peer if not by its address: [NamedByAS],
	// [NamedInReverse].
	Named string `json:"named,omitempty"`
}

// Ways in which records of changes of state name a peer.
const (
	// NamedByAS: by its AS alone. BIRD writes the address 0.0.0.0 when a session
	// is lost, Zebra and FRR none.
	NamedByAS = "by AS"
	// NamedInReverse: peer and collector in each other's place, as OpenBGPD has it.
	NamedInReverse = "in reverse"
)

// Established is the only state in which a session carries routes.
const Established = 6

// Transfer is a table sent whole: news to nobody.
type Transfer struct {
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Announced int64       `json:"announced"`
	Distinct  int64       `json:"distinct"` // estimated distinct prefixes; 0 where too few to count
	EndOfRIB  bool        `json:"end_of_rib"`
	Opened    bool        `json:"opened"` // a session came up before it
	// Since is when the peer was last heard before, if no opening is logged, but what was sent
	// shows that there was one: an End-of-RIB, nearly all routes of the peer as they were, or the
	// collector's other sessions. The session was reset at some time between, and nobody knows when.
	Since *moment.Time `json:"since,omitempty"`
}

// ReadWatch reads watch.json of this version and of those before it, and checks
// it ([Watch.Check]).
func ReadWatch(b []byte) (*Watch, error) {
	var w Watch
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, err
	}
	switch w.Format {
	case WatchFormat:
	case watchFormat1:
		w.upgrade()
	default:
		return nil, fmt.Errorf("format %q is not %q", w.Format, WatchFormat)
	}
	return &w, w.Check()
}

// upgrade makes of a watch of version 1 one whose peers are known by their last
// AS as well.
func (w *Watch) upgrade() {
	w.byAddress = true
	for i := range w.Collectors {
		c := &w.Collectors[i]
		as := map[netip.Addr]uint32{}
		for _, p := range c.Peers {
			as[p.Peer] = p.AS
		}
		for j := range c.Files {
			f := &c.Files[j]
			for k := range f.Tables {
				f.Tables[k].AS = as[f.Tables[k].Peer]
			}
			for k := range f.Lost {
				if p := f.Lost[k].Peer; p != nil {
					f.Lost[k].AS = as[*p]
				}
			}
		}
	}
}

// UnmarshalJSON reads a peer of any version. In version 1 "as" is a list of the
// numbers that the records gave it, and since when; the last that is not 0 stands.
func (p *PeerWatch) UnmarshalJSON(b []byte) error {
	type plain PeerWatch // without this method
	v := struct {
		*plain
		AS json.RawMessage `json:"as"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if as := bytes.TrimSpace(v.AS); len(as) == 0 || as[0] != '[' {
		p.AS = 0
		if len(as) == 0 {
			return nil
		}
		return json.Unmarshal(as, &p.AS)
	}
	var since []struct {
		AS uint32 `json:"as"`
	}
	if err := json.Unmarshal(v.AS, &since); err != nil {
		return err
	}
	p.AS, p.Guessed, p.Also = 0, false, nil
	for _, s := range since {
		if s.AS != 0 {
			p.AS = s.AS
		}
	}
	for _, s := range since {
		if s.AS != p.AS && !slices.Contains(p.Also, s.AS) {
			p.Also = append(p.Also, s.AS)
		}
	}
	slices.Sort(p.Also)
	return nil
}

// Whole reports whether every entry of a snapshot was read: one that was not may
// be what the snapshot seems to lack.
func (f *File) Whole() bool {
	return !slices.ContainsFunc(f.Unread, func(u Unread) bool { return !u.Attributes })
}
