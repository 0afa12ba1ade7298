package atlas

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/internal/worded"
)

// A grouping file says to which region, or to which kind of network, prefixes
// and ASes belong; docs/formats/groups.md describes it. Delegations do not say
// where in a country something is used, so people must.
//
//	[region]
//	AS53113            Nordeste
//	186.251.128.0/21   Sul       # though AS53225 is not
//
//	[kind]
//	AS26599            mobile

// Groups is a grouping file: one or several groupings, in the file's order.
type Groups struct {
	Groupings []Grouping
}

// Grouping puts each route in one of its groups, or in none.
type Grouping struct {
	Name  string   // "region"
	Names []string // of its groups, in order of appearance
	asn   map[uint32]string
	block map[netip.Prefix]string
}

// Of returns the group of a route: that of the longest prefix of the grouping
// that holds it, else that of its origin, of several that of the lowest that has
// one. It is empty if none does.
func (g *Grouping) Of(p netip.Prefix, origins []uint32) string {
	for n := p.Bits(); n >= 0; n-- {
		if name, ok := g.block[netip.PrefixFrom(p.Addr(), n).Masked()]; ok {
			return name
		}
	}
	for _, o := range slices.Sorted(slices.Values(origins)) {
		if name, ok := g.asn[o]; ok {
			return name
		}
	}
	return ""
}

// maxGroupName bounds the name of a group or grouping, in characters; it must
// fit a row of a table.
const maxGroupName = 60

// ReadGroups reads and checks a grouping file.
func ReadGroups(path string) (raw []byte, g *Groups, err error) {
	if raw, err = readSubjectFile(path); err == nil {
		g, err = ParseGroups(raw)
	}
	if err != nil {
		return nil, nil, worded.Errorf("grouping file %s: %w", path, err)
	}
	return raw, g, nil
}

// ParseGroups reads a grouping file. An error names the line.
func ParseGroups(raw []byte) (*Groups, error) {
	if !utf8.Valid(raw) || strings.ContainsRune(string(raw), 0) {
		return nil, errors.New("not a text file (UTF-8): a grouping is a line [region] and lines such as AS53113 Nordeste")
	}
	g := &Groups{}
	lines := map[string]int{} // where a heading or an item was
	n := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(string(raw), "\ufeff"), "\n") {
		n++
		fail := func(format string, args ...any) error {
			return fmt.Errorf("line %d: %w", n, fmt.Errorf(format, args...))
		}
		body, _, _ := strings.Cut(line, "#")
		body = strings.Join(strings.Fields(body), " ")
		if body == "" {
			continue
		}
		if body[0] == '[' {
			name, ok := strings.CutSuffix(body[1:], "]")
			name = strings.TrimSpace(name)
			if err := groupName(name); !ok || err != nil {
				return nil, fail("%q is no heading such as [region]", clip(body))
			}
			if before, twice := lines["["+name]; twice {
				return nil, fail("[%s] is there twice; the other line is %d", name, before)
			}
			lines["["+name] = n
			g.Groupings = append(g.Groupings, Grouping{Name: name, asn: map[uint32]string{}, block: map[netip.Prefix]string{}})
			continue
		}
		if len(g.Groupings) == 0 {
			return nil, fail("no heading such as [region] before it")
		}
		into := &g.Groupings[len(g.Groupings)-1]
		word, name, _ := strings.Cut(body, " ")
		it, err := parseItem(word)
		switch {
		case errors.Is(err, errNoItem), err == nil && it.kind == KindCountry:
			return nil, fail("%q is neither an AS (AS131279) nor a prefix (175.45.176.0/22)", clip(word))
		case err != nil:
			return nil, fail("%w", err)
		}
		if err := groupName(name); err != nil {
			return nil, fail("%s: %w", word, err)
		}
		id := fmt.Sprint(into.Name, " ", it.asn, it.prefix)
		if before, twice := lines[id]; twice {
			return nil, fail("%s is in [%s] twice; the other line is %d", word, into.Name, before)
		}
		lines[id] = n
		if it.kind == KindAS {
			into.asn[it.asn] = name
		} else {
			into.block[it.prefix] = name
		}
		if !slices.Contains(into.Names, name) {
			into.Names = append(into.Names, name)
		}
	}
	if len(g.Groupings) == 0 {
		return nil, errors.New("no grouping in it: every line is empty or a comment")
	}
	for _, x := range g.Groupings {
		if len(x.Names) == 0 {
			return nil, worded.Errorf("line %d: [%s] has no lines", lines["["+x.Name], x.Name)
		}
	}
	return g, nil
}

// groupName checks the name of a group or grouping.
func groupName(name string) error {
	switch {
	case name == "":
		return errors.New("no group behind it")
	case utf8.RuneCountInString(name) > maxGroupName:
		return worded.Errorf("a group's name has at most %d characters", maxGroupName)
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("a group's name has a character that cannot be printed")
	}
	return nil
}
