package report

import (
	"fmt"
	"slices"
	"time"

	"constat/internal/locale"
	"constat/judge/finding"
)

// OnList words why something is on a subject's list, or was taken off it. A reason
// that is worded as none is comes back as it is.
func OnList(w *locale.Words, reason string) string {
	s, _ := onList(w, finding.NewOnList(reason), false)
	return s
}

// onList words a reason; lang is the language of what was not understood. Short
// leaves out country and list, which stand once above the tables.
func onList(w *locale.Words, o finding.OnList, short bool) (words, lang string) {
	switch {
	case o.Kind == finding.OnListOther:
		return o.Text, string(locale.Default)
	case o.Kind == finding.OnListDelegated:
		day := o.Date
		if t, err := time.Parse(time.DateOnly, day); err == nil && w.Lang != locale.Default {
			day = w.Format.Day(t)
		}
		key := "onlist.delegated"
		switch {
		case short && day == "":
			return through(w, o, o.Registry), ""
		case short:
			key = "onlist.short"
		case day == "":
			key = "onlist.delegated.undated"
		}
		words = w.T(key, "country", o.Country, "registry", o.Registry, "date", day, "list", listName(w, o))
	case o.Note != "":
		words = w.T("onlist."+o.Kind+".note", "note", o.Note)
	default:
		words = w.T("onlist." + o.Kind)
	}
	return through(w, o, words), ""
}

// listName words a list of delegations: the file and its day.
func listName(w *locale.Words, o finding.OnList) string {
	if o.ListDate == "" {
		return w.T("onlist.list.undated", "file", o.List)
	}
	day := o.ListDate
	t, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil:
		return o.ListName()
	case w.Lang != locale.Default:
		day = w.Format.Day(t)
	}
	return w.T("onlist.list", "file", o.List, "date", day)
}

// through says what brought a prefix onto the list.
func through(w *locale.Words, o finding.OnList, words string) string {
	switch {
	case o.By != 0:
		return w.T("onlist.by", "as", fmt.Sprintf("AS%d", o.By), "reason", words)
	case o.Within.IsValid():
		return w.T("onlist.within", "block", o.Within.String(), "reason", words)
	case o.Holds.IsValid():
		return w.T("onlist.holds", "block", o.Holds.String(), "reason", words)
	}
	return words
}

// mostLists is how many lists are named in one sentence: the registries are five.
const mostLists = 5

// delegations gives the country to which everything on the list was delegated and
// the lists that say so; "" if something is there for another reason.
func delegations(w *locale.Words, s *finding.Subject) (country string, lists []string) {
	of := map[string]finding.OnList{}
	add := func(o finding.OnList) bool {
		if o.Kind != finding.OnListDelegated || country != "" && o.Country != country {
			return false
		}
		country = o.Country
		if name := o.ListName(); !slices.Contains(lists, name) {
			lists = append(lists, name)
			of[name] = o
		}
		return len(lists) <= mostLists
	}
	for _, r := range s.Reasons {
		if !add(r.OnList) {
			return "", nil
		}
	}
	for _, p := range s.Prefixes {
		for _, r := range p.Reasons {
			if !add(r) {
				return "", nil
			}
		}
	}
	slices.Sort(lists)
	for i := range lists {
		lists[i] = listName(w, of[lists[i]])
	}
	return country, lists
}
