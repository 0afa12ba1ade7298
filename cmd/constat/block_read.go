package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/cases/blocking"
	"constat/internal/worded"
	"constat/judge/block"
	"constat/routes/atlas"
)

// routesOf reads what is asked about a target.
func routesOf(ctx context.Context, s *streams, q blocking.Question) (*blocking.Read, error) {
	bar := newBar(s, "reading")
	q.Done = bar.step
	var left notOfWatch
	q.Copied = left.add
	read, err := blocking.Routes(ctx, q)
	bar.done()
	left.tell(s)
	if errors.Is(err, blocking.ErrNotSeen) {
		return nil, &exitError{exitNobody, err}
	}
	if err != nil {
		return nil, err
	}
	for _, c := range read.Watch.Collectors {
		for _, f := range c.Files {
			for _, u := range f.Unread {
				s.note("%s %s: not read: %s; %d in all, the first at byte %d", c.Name, f.Name, u.Reason, u.Count, u.Offset)
			}
		}
	}
	if read.Watching == 0 {
		return nil, &exitError{exitNobody, worded.Errorf("at %s nobody was watching: %s", read.At, blindness(read))}
	}
	return read, nil
}

// blindness says why nobody was watching: the reasons of the peers, the commonest first.
func blindness(read *blocking.Read) string {
	count := map[string]int{}
	for _, v := range read.Input.Vantages {
		count[v.Blind]++
	}
	reasons := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	var out []string
	for _, r := range reasons {
		out = append(out, fmt.Sprintf("%s (%d)", r, count[r]))
	}
	return strings.Join(out, ", ") + "; do the files reach to that moment?"
}

// graphOf reads the relations: a file that is named, or that of the atlas.
func graphOf(s *streams, a *atlas.Atlas, named string) (*atlas.RelationList, *block.Graph, error) {
	var l *atlas.RelationList
	var err error
	if named != "" {
		l, err = atlas.OpenRelations(named)
	} else {
		l, err = a.RelationList()
	}
	if err != nil || l == nil {
		return nil, nil, err
	}
	if l.Unread > 0 {
		s.note("%s: not read: %d lines, the first: %s", l.Register, l.Unread, l.Damaged[0])
	}
	return l, block.NewGraph(l.Links), nil
}

// roots are the addresses of the root name servers as of 2024, whose blocks nothing is
// written against, and former ones that still answer. formerRoots are those they had
// before, and until when.
var roots = map[string]string{
	"a": "198.41.0.4 2001:503:ba3e::2:30", "b": "170.247.170.2 2801:1b8:10::b 199.9.14.201 2001:500:200::b", "c": "192.33.4.12 2001:500:2::c",
	"d": "199.7.91.13 2001:500:2d::d", "e": "192.203.230.10 2001:500:a8::e", "f": "192.5.5.241 2001:500:2f::f", "g": "192.112.36.4 2001:500:12::d0d",
	"h": "198.97.190.53 2001:500:1::53", "i": "192.36.148.17 2001:7fe::53", "j": "192.58.128.30 2001:503:c27::2:30", "k": "193.0.14.129 2001:7fd::1",
	"l": "199.7.83.42 2001:500:9f::42", "m": "202.12.27.33 2001:dc3::35",
}

var formerRoots = []struct {
	letter, addr string
	until        time.Time
}{
	{"b", "128.9.0.107", day(2004, 1, 29)}, {"b", "192.228.79.201", day(2017, 10, 24)}, {"b", "2001:478:65::53", day(2014, 6, 1)}, {"b", "2001:500:84::b", day(2017, 6, 1)},
	{"d", "128.8.10.90", day(2013, 1, 3)}, {"h", "128.63.2.53", day(2015, 12, 1)}, {"h", "2001:500:1::803f:235", day(2015, 12, 1)},
	{"j", "198.41.0.10", day(2002, 11, 5)}, {"l", "198.32.64.12", day(2007, 11, 1)}, {"l", "2001:500:3::42", day(2016, 3, 23)},
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// rootsOn are the root servers' addresses at a time. A former one is kept for a year
// beyond its change, as resolvers ask it for long.
func rootsOn(t time.Time) []block.Critical {
	var out []block.Critical
	add := func(letter, a, was string) {
		addr := netip.MustParseAddr(a)
		out = append(out, block.Critical{Prefix: netip.PrefixFrom(addr, addr.BitLen()), Name: letter + ".root-servers.net" + was, Never: true})
	}
	for _, letter := range slices.Sorted(maps.Keys(roots)) {
		for _, a := range strings.Fields(roots[letter]) {
			add(letter, a, "")
		}
	}
	for _, f := range formerRoots {
		if t.Before(f.until.AddDate(1, 0, 0)) {
			add(f.letter, f.addr, " (until "+f.until.Format("January 2006")+")")
		}
	}
	return out
}

// criticalOf is what must not be cut without being named: the root servers, which
// never are, and what a file lists, a line each: a prefix or an AS, and what it is.
func criticalOf(path string, at time.Time) ([]block.Critical, error) {
	out := rootsOn(at)
	if path == "" {
		return out, nil
	}
	b, err := readBounded(path, 16<<20)
	if err != nil {
		return nil, err
	}
	n := 0
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		n++
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		what, name, _ := strings.Cut(line, " ")
		c := block.Critical{Name: strings.TrimSpace(name)}
		if as, err := parseAS(what); err == nil {
			c.AS = as
		} else if c.Prefix, err = netip.ParsePrefix(what); err != nil {
			return nil, worded.Errorf("%s, line %d: %q is neither a prefix nor an AS", filepath.Base(path), n, what)
		}
		if c.Name == "" {
			return nil, worded.Errorf("%s, line %d: %s has no name; a line is a prefix or an AS, and what it is", filepath.Base(path), n, what)
		}
		if c.AS == 0 && c.Prefix.Masked() != c.Prefix {
			return nil, worded.Errorf("%s, line %d: %s has host bits; the block is %s", filepath.Base(path), n, what, c.Prefix.Masked())
		}
		out = append(out, c)
	}
	return out, nil
}

// parseAS reads AS4837 or 4837.
func parseAS(s string) (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(s), "AS"), 10, 32)
	if err != nil || n == 0 {
		return 0, errors.New("no AS number")
	}
	return uint32(n), nil
}
