package finding

import "constat/moment"

// Below is what the rules of an outage and of a partial loss leave aside, of the time that
// was asked about (docs/definitions.md, "Below the rules"): losses of one network, of few
// peers or for less than a minute, and the times of which nobody knows whether the routes
// stayed. Where there is a partial loss the counts have it too; where there is an outage
// there is only what is unshown beside it, in doubt.
type Below struct {
	Losses   int          `json:"losses"`   // how often a peer was seen to lose a prefix
	Peers    int          `json:"peers"`    // that lacked one at any second
	Networks int          `json:"networks"` // of these
	Prefixes int          `json:"prefixes"` // that were lacking anywhere
	Most     int          `json:"most"`     // peers that lacked one prefix at once, by their share
	Of       int          `json:"of"`       // of so many that were watching
	MostAt   *moment.Time `json:"most_at"`
	Short    Short        `json:"short"`

	// Unshown are the times in which it is not known of some prefixes whether they stayed, in
	// order of time. At most [UnshownMost] are listed; UnshownOf says how many there are.
	Unshown   []Unshown `json:"unshown"`
	UnshownOf int       `json:"unshown_of"`
	// Doubt says that in one of these times a loss may have begun that nobody saw: then the
	// answer is not "stayed".
	Doubt bool `json:"doubt"`
}

// UnshownMost is how many times are listed.
const UnshownMost = 100

// Short counts losses in part of one prefix that were too short to be told as such.
type Short struct {
	Losses  int   `json:"losses"`
	Seconds int64 `json:"seconds"` // of all
	Longest int64 `json:"longest_s"`
}

// Why nobody knows whether a prefix stayed.
const (
	// UnshownLeft: of those of which it was known what they held at least half lacked it; of the
	// others that had carried it that is not known: they were not watching, or another route
	// may have stood in.
	UnshownLeft = "left"
	// UnshownOpen: it was lost in part for less than a minute when sight of it ended.
	UnshownOpen = "open"
	// UnshownUnlisted: complete tables of peers are without it, though no withdrawal was seen;
	// if these had lost it, that would be a loss.
	UnshownUnlisted = "unlisted"
	// UnshownPerhaps: more than half of those that had carried it withdrew it, or lost it, and it is not known of
	// enough of them whether another route of the subject had its addresses.
	UnshownPerhaps = "perhaps"
)

// Unshown is a time in which it is not known of some prefixes whether they stayed.
type Unshown struct {
	From     moment.Time `json:"from"`
	Until    moment.Time `json:"until"`
	Why      string      `json:"why"`
	Prefixes int         `json:"prefixes"` // the most at once
	// Of one of them, when the most lacked it by their share: so many Without it, out of
	// Watching; Away had carried it, and what they held then is not known.
	Without  int  `json:"without"`
	Watching int  `json:"watching"`
	Away     int  `json:"away"`
	Doubt    bool `json:"doubt"` // it was lost in this time, or shortly before
}
