package atlas

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// askedFor is the reason of what a question names itself.
const askedFor = "asked for"

// wordsOf reads what was asked as networks, blocks and countries; nil if it is none of
// these, so that a subject file is meant.
func wordsOf(asked string) []item {
	asked = strings.TrimSpace(asked)
	if it, err := parseItem(asAsked(asked)); err == nil {
		return []item{it}
	}
	var out []item
	for _, w := range listed(asked) {
		it, err := parseItem(asAsked(w))
		if err != nil {
			return nil
		}
		out = append(out, it)
	}
	return out
}

// IsFile reports whether a word of a question means a subject file: it is neither an AS,
// a prefix, a country nor a list of them. Example: "./AS22047" does, "AS22047" does not.
func IsFile(asked string) bool { return wordsOf(asked) == nil }

// NeedsLists reports whether what a subject holds follows from lists of others – a
// country's delegations, a subject file – and not from the question alone.
func (s *Subject) NeedsLists(asked string) bool {
	return IsFile(asked) || slices.ContainsFunc(wordsOf(asked), func(it item) bool { return it.kind == KindCountry })
}

// Answers says why a subject, as a case has it, is not what was asked, as far as that
// shows without any list: an AS is its own origin, a prefix its own block, several of them
// their list, each named so; all origins and blocks have their reasons; and of a country
// each is one that was delegated to it. Whether it was is not looked up.
//
// Example: asked was AS3549, and the origins are AS22047's: the routes of the one would be
// told under the name of the other.
func (s *Subject) Answers(asked string) error {
	if err := s.follows(); err != nil {
		return err
	}
	words := wordsOf(asked)
	if words == nil {
		return s.answersFile(asked)
	}
	kind, names := KindFile, []string{}
	own, ccs := map[string]bool{}, map[string]bool{}
	for _, it := range words {
		name := it.name()
		if it.kind == KindCountry {
			ccs[it.cc] = true
		} else {
			own[name] = true
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		kind = words[0].kind
	}
	name := strings.Join(names, ", ")
	switch {
	case s.Name != name:
		return fmt.Errorf("asked was %s, and the subject is called %s", name, quoted(s.Name))
	case s.Kind != kind && s.Kind != KindFile: // a list may name one thing twice
		return fmt.Errorf("asked was %s, and the subject is of the kind %s", name, quoted(s.Kind))
	case len(s.Strike.Origins)+len(s.Strike.Blocks)+len(s.Strike.Reasons) > 0:
		return fmt.Errorf("asked was %s, and something was struck off it, as only a subject file does", name)
	case len(ccs) == 0 && len(s.Lists)+len(s.Absent)+len(s.LeftOff)+len(s.Damaged)+s.Unread > 0:
		return fmt.Errorf("asked was %s, which needs no lists, and lists are named", name)
	}
	for _, r := range s.Reasons {
		if r.Reason == askedFor {
			if !own[r.What] {
				return fmt.Errorf("asked was %s, and the subject has %s as asked for", name, r.What)
			}
			own[r.What] = false
		} else if !delegated(r.Reason, ccs) {
			return fmt.Errorf("asked was %s, and the subject has %s: %s", name, r.What, quoted(r.Reason))
		}
	}
	for _, n := range names {
		if own[n] {
			return fmt.Errorf("asked was %s, and the subject lacks %s", name, n)
		}
	}
	return nil
}

// answersFile is Answers of a subject file: what it may be called.
func (s *Subject) answersFile(asked string) error {
	if s.Kind != KindFile {
		return fmt.Errorf("asked was %s, a subject file, and the subject is of the kind %s", quoted(asked), quoted(s.Kind))
	}
	for _, it := range wordsOf(s.Name) {
		there := func(r Reason) bool { return r.What == it.name() }
		if it.kind == KindCountry {
			there = func(r Reason) bool { return delegated(r.Reason, map[string]bool{it.cc: true}) }
		}
		if !slices.ContainsFunc(s.Reasons, there) && !slices.ContainsFunc(s.Strike.Reasons, there) {
			return fmt.Errorf("the subject file is called %s, which is not on its list", quoted(s.Name))
		}
	}
	return nil
}

// follows says where origins, blocks and what was struck are not those of the reasons.
func (s *Subject) follows() error {
	b := newBuilder(s.Name, s.Kind)
	for _, r := range s.Reasons {
		switch it, err := parseItem(r.What); {
		case err == nil && it.kind == KindAS && it.name() == r.What:
			b.addAS(it.asn, r.Reason)
		case err == nil && it.kind == KindPrefix && it.name() == r.What:
			b.addBlock(it.prefix, r.Reason)
		default:
			if as, ok := delegatedAS(r.What); ok {
				b.addAS(as, r.Reason)
				continue
			}
			return fmt.Errorf("the subject has a reason for %s, which is neither an AS nor a prefix", quoted(r.What))
		}
	}
	for _, r := range s.Strike.Reasons {
		switch it, err := parseItem(r.What); {
		case err == nil && it.kind == KindAS:
			b.s.Strike.Origins = append(b.s.Strike.Origins, it.asn)
		case err == nil && it.kind == KindPrefix:
			b.s.Strike.Blocks = append(b.s.Strike.Blocks, it.prefix)
		default:
			return fmt.Errorf("%s was struck off the subject, and is neither an AS nor a prefix", quoted(r.What))
		}
	}
	is := b.done()
	switch {
	case !slices.Equal(is.Strike.Origins, s.Strike.Origins) || !slices.Equal(is.Strike.Blocks, s.Strike.Blocks):
		return errors.New("what was struck off the subject is not what its reasons say")
	case !slices.Equal(is.Origins, s.Origins):
		return fmt.Errorf("the subject's origins are %s, and its reasons give %s", listAS(s.Origins), listAS(is.Origins))
	case !slices.Equal(is.Blocks, s.Blocks):
		return fmt.Errorf("the subject's blocks are %s, and its reasons give %s", listed3(s.Blocks), listed3(is.Blocks))
	}
	return nil
}

// delegatedAS reads an AS number that a registry's list may have and no question: 0 and 23456.
func delegatedAS(what string) (uint32, bool) {
	digits, ok := strings.CutPrefix(what, "AS")
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), ok && err == nil && strconv.FormatUint(n, 10) == digits
}

// delegated reports whether a reason is a delegation to one of the countries.
func delegated(reason string, ccs map[string]bool) bool {
	rest, ok := strings.CutPrefix(reason, delegatedTo)
	cc, _, _ := strings.Cut(rest, " ")
	return ok && ccs[cc]
}

// name is the item as subjects are called.
func (it item) name() string {
	switch it.kind {
	case KindAS:
		return fmt.Sprintf("AS%d", it.asn)
	case KindPrefix:
		return it.prefix.String()
	}
	return it.cc
}

func quoted(s string) string { return fmt.Sprintf("%.80q", s) }

func listAS(as []uint32) string {
	var out []string
	for _, n := range as[:min(len(as), 3)] {
		out = append(out, fmt.Sprintf("AS%d", n))
	}
	return someOf(out, len(as))
}

func listed3(ps []netip.Prefix) string {
	var out []string
	for _, p := range ps[:min(len(ps), 3)] {
		out = append(out, p.String())
	}
	return someOf(out, len(ps))
}

func someOf(out []string, n int) string {
	switch {
	case n == 0:
		return "none"
	case n > len(out):
		return strings.Join(out, ", ") + fmt.Sprintf(" … (%d)", n)
	}
	return strings.Join(out, ", ")
}
