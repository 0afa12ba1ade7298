package transit

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
)

// Answer is what is said of one or several subjects at a moment, and what it rests on; see
// docs/formats/chokepoints.md.
type Answer struct {
	Format   string      `json:"format"`
	At       moment.Time `json:"at"` // of the last record that was applied
	Sources  []Source    `json:"sources"`
	Missing  []Missing   `json:"missing"`
	Peers    int         `json:"peers"`    // that hold any route
	Networks int         `json:"networks"` // their networks
	Full     [2]int      `json:"full"`     // peers that send full tables, of IPv4 and of IPv6
	// Watching are the networks of which a peer was watching at that moment, rising, Blind
	// the peers that were not: nothing is known of what they held then.
	Watching []uint32   `json:"watching"`
	Blind    []Blind    `json:"not_watching"`
	Lists    []Register `json:"lists"`
	Absent   []string   `json:"absent"` // registries of which no list was given
	Who      []Network  `json:"who"`    // the networks named in the answer, by number

	Subjects []*Result `json:"subjects"`
	NotSeen  []string  `json:"not_seen"` // countries of which no peer holds a route
	Changes  []*Change `json:"changes"`  // since an earlier answer, if one was given
}

// Blind is a peer that was not watching.
type Blind struct {
	Collector string      `json:"collector"`
	Peer      string      `json:"peer"`
	AS        uint32      `json:"as"`
	Since     moment.Time `json:"since"`
	Reason    string      `json:"reason"` // a word of docs/formats/watch.md
	// Told says that what it told before is among the ways, and in no share.
	Told bool `json:"told"`
	// Again says that it is watching again since, and has told less than half of what it held
	// before: that it has no other route is not known.
	Again bool `json:"again,omitempty"`
}

// Checkpoint is the kind of a source that is a state that was kept
// (docs/formats/checkpoint.md): which files it was made from it does not say.
const Checkpoint = "checkpoint"

// Source is one file that was read.
type Source struct {
	Collector string `json:"collector"`
	File      string `json:"file"`
	SHA256    string `json:"sha256"`
	Kind      string `json:"kind"`
	Records   int64  `json:"records"`
	Truncated bool   `json:"truncated"`
	Unread    int64  `json:"unread"` // places that could not be read
}

// Missing is a time of which a collector's files are not there.
type Missing struct {
	Collector string      `json:"collector"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
}

// Register is a list that an answer rests on.
type Register struct {
	What   string `json:"what"`
	File   string `json:"file"`
	Date   string `json:"date"`
	SHA256 string `json:"sha256"` // empty for lists of which a part was looked at
	Unread int    `json:"unread"`
}

// Network says who a network is.
type Network struct {
	AS       uint32        `json:"as"`
	Name     string        `json:"name"`
	Country  string        `json:"country"`
	Operator string        `json:"operator"`
	State    []atlas.Owner `json:"state_owned"`
}

// Encode writes an answer, the same bytes for the same answer.
func (a *Answer) Encode() ([]byte, error) {
	b, err := strictjson.Indented(a)
	if err != nil {
		return nil, fmt.Errorf("chokepoints: %w", err)
	}
	return b, nil
}

// Decode reads an answer that was written before.
func Decode(b []byte) (*Answer, error) {
	var a Answer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, worded.Errorf("no answer of constat chokepoints --json: %w", err)
	}
	if a.Format != Format {
		return nil, worded.Errorf("no answer of constat chokepoints --json: its format is %q, not %q", a.Format, Format)
	}
	if slices.Contains(a.Subjects, nil) {
		return nil, errors.New("no answer of constat chokepoints --json: a subject of it is null")
	}
	return &a, nil
}

// Since adds what changed since an earlier answer, for each subject that both have. A later
// one is refused: of it, what is new now would be called gone.
func (a *Answer) Since(old *Answer) error {
	if old.At > a.At {
		return worded.Errorf("that answer is of %s, later than %s, which is asked about: compare the later one with the earlier", old.At, a.At)
	}
	for _, r := range a.Subjects {
		i := slices.IndexFunc(old.Subjects, func(o *Result) bool { return o.Subject == r.Subject })
		if i < 0 {
			continue
		}
		a.Changes = append(a.Changes, r.Since(old.Subjects[i], old.At.String(), old.Watching, a.Watching))
	}
	if len(a.Changes) == 0 {
		return worded.Errorf("the earlier answer, of %s, is about none of these subjects", old.At)
	}
	return nil
}
