package finding

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// OnList is a reason why something is on a subject's list, or was taken off it, as
// findings and subjects have it in English, taken apart so that it can be said in
// other languages. Example: "announced by AS6471, delegated to CL by LACNIC on
// 1996-04-25 (delegated-lacnic-latest of 2014-06-27)".
type OnList struct {
	Kind string // one of those below
	// Of a prefix that is on the list through something else: the origin that
	// announced it, the block that it lies within, or a block that it holds. 0 and
	// zero prefixes if it is there itself.
	By            uint32
	Within, Holds netip.Prefix
	// Of a delegation. Date is the day in ISO 8601, empty if the list names none.
	Country, Registry, Date, List string
	Note                          string // by hand: the comment, if there was one
}

// Kinds of reasons.
const (
	OnListAsked     = "asked"
	OnListDelegated = "delegated"
	OnListByHand    = "hand"
	OnListStruck    = "struck"
)

var (
	announcedBy = regexp.MustCompile(`^announced by AS(\d{1,10}), `)
	withinBlock = regexp.MustCompile(`^(within|holds) ([0-9a-f.:]+/\d{1,3}), `)
	delegatedTo = regexp.MustCompile(`^delegated to ([A-Z]{2}) by ([A-Z][A-Z ]*[A-Z])(?: on (\d{4}-\d\d-\d\d))? \((.+)\)$`)
	byHand      = regexp.MustCompile(`^(added|struck) by hand(?:: (.+))?$`)
)

// ParseOnList takes a reason apart. ok is false if it is worded as none is: the
// text then stands for itself.
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
		o.Kind, o.Country, o.Registry, o.Date, o.List = OnListDelegated, m[1], m[2], m[3], m[4]
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

// String gives the reason as findings have it; it is empty for a kind that is none.
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
		b.WriteString(" (" + o.List + ")")
	case OnListByHand, OnListStruck:
		b.WriteString(map[string]string{OnListByHand: "added", OnListStruck: "struck"}[o.Kind] + " by hand")
		if o.Note != "" {
			b.WriteString(": " + o.Note)
		}
	default:
		return ""
	}
	return b.String()
}
