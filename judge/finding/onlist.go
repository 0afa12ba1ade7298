package finding

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// OnList is a reason why something is on a subject's list, or was taken off it, taken
// apart so that it can be said in every language. A list of delegations is named by
// its file and its day. Example: "announced by AS6471, delegated to CL by LACNIC on
// 1996-04-25 (delegated-lacnic-latest of 2014-06-27)", as subjects have it, is
//
//	{"kind": "delegated", "announced_by": 6471, "country": "CL", "registry": "LACNIC",
//	 "date": "1996-04-25", "list": "delegated-lacnic-latest", "list_date": "2014-06-27"}
type OnList struct {
	Kind string `json:"kind"` // one of those below
	// Of a prefix that is on the list through something else: the origin that
	// announced it, the block that it lies within, or a block that it holds. 0 and
	// zero prefixes if it is there itself.
	By     uint32       `json:"announced_by,omitempty"`
	Within netip.Prefix `json:"within,omitzero"`
	Holds  netip.Prefix `json:"holds,omitzero"`
	// Of a delegation. Date is the day in ISO 8601, empty if the list names none;
	// ListDate is the day of the list, empty if it is undated.
	Country  string `json:"country,omitempty"`
	Registry string `json:"registry,omitempty"`
	Date     string `json:"date,omitempty"`
	List     string `json:"list,omitempty"`
	ListDate string `json:"list_date,omitempty"`

	Note string `json:"note,omitempty"` // by hand: the comment, if there was one
	Text string `json:"text,omitempty"` // of another kind: the reason as it was written
}

// Kinds of reasons.
const (
	OnListAsked     = "asked"
	OnListDelegated = "delegated"
	OnListByHand    = "hand"
	OnListStruck    = "struck"
	OnListOther     = "other" // worded as no reason of the program is: the text stands for itself
)

var (
	announcedBy = regexp.MustCompile(`^announced by AS(\d{1,10}), `)
	withinBlock = regexp.MustCompile(`^(within|holds) ([0-9a-f.:]+/\d{1,3}), `)
	delegatedTo = regexp.MustCompile(`^delegated to ([A-Z]{2}) by ([A-Z][A-Z ]*[A-Z])(?: on (\d{4}-\d\d-\d\d))? \((.+)\)$`)
	byHand      = regexp.MustCompile(`^(added|struck) by hand(?:: (.+))?$`)
)

// NewOnList takes a reason apart. One that is worded as none is becomes one of kind
// [OnListOther]: the text stands for itself.
func NewOnList(reason string) OnList {
	if o, ok := ParseOnList(reason); ok {
		return o
	}
	return OnList{Kind: OnListOther, Text: reason}
}

// ParseOnList takes a reason apart. ok is false if it is worded as none is.
func ParseOnList(reason string) (o OnList, ok bool) {
	s := reason
	if m := announcedBy.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseUint(m[1], 10, 32)
		if err != nil {
			return OnList{}, false
		}
		o.By, s = uint32(n), s[len(m[0]):]
	} else if m := withinBlock.FindStringSubmatch(s); m != nil {
		p, err := netip.ParsePrefix(m[2])
		if err != nil {
			return OnList{}, false
		}
		if s = s[len(m[0]):]; m[1] == "holds" {
			o.Holds = p
		} else {
			o.Within = p
		}
	}
	if m := delegatedTo.FindStringSubmatch(s); m != nil {
		o.Kind, o.Country, o.Registry, o.Date = OnListDelegated, m[1], m[2], m[3]
		o.List, o.ListDate = cutList(m[4])
		if _, err := time.Parse(time.DateOnly, o.Date); o.Date != "" && err != nil {
			return OnList{}, false
		}
	} else if m := byHand.FindStringSubmatch(s); m != nil {
		o.Kind, o.Note = map[string]string{"added": OnListByHand, "struck": OnListStruck}[m[1]], m[2]
	} else if s == "asked for" {
		o.Kind = OnListAsked
	}
	if o.Kind == "" || o.String() != reason { // "AS007", or a prefix in another spelling
		return OnList{}, false
	}
	return o, true
}

// cutList takes the name of a list of delegations apart: the file, and its day.
func cutList(name string) (file, day string) {
	if file, ok := strings.CutSuffix(name, undated); ok {
		return file, ""
	}
	if i := strings.LastIndex(name, listOf); i >= 0 {
		return name[:i], name[i+len(listOf):]
	}
	return name, ""
}

// How subjects name a list of delegations: "delegated-apnic-latest of 2014-06-30".
const (
	listOf  = " of "
	undated = " (undated)"
)

// ListName names the list of a delegation as subjects do.
func (o OnList) ListName() string {
	if o.ListDate == "" {
		return o.List + undated
	}
	return o.List + listOf + o.ListDate
}

// String gives the reason as subjects have it, and findings before format 3; it is
// empty for a kind that is none.
func (o OnList) String() string {
	var b strings.Builder
	if o.By != 0 {
		fmt.Fprintf(&b, "announced by AS%d, ", o.By)
	}
	if o.Within.IsValid() {
		fmt.Fprintf(&b, "within %s, ", o.Within)
	}
	if o.Holds.IsValid() {
		fmt.Fprintf(&b, "holds %s, ", o.Holds)
	}
	switch o.Kind {
	case OnListAsked:
		b.WriteString("asked for")
	case OnListDelegated:
		fmt.Fprintf(&b, "delegated to %s by %s", o.Country, o.Registry)
		if o.Date != "" {
			b.WriteString(" on " + o.Date)
		}
		b.WriteString(" (" + o.ListName() + ")")
	case OnListByHand, OnListStruck:
		b.WriteString(map[string]string{OnListByHand: "added", OnListStruck: "struck"}[o.Kind] + " by hand")
		if o.Note != "" {
			b.WriteString(": " + o.Note)
		}
	case OnListOther:
		return o.Text
	default:
		return ""
	}
	return b.String()
}
