package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"constat/internal/plain"
	"constat/judge/block"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/paths"
	"constat/routes/rib"
	"constat/routes/source"
	"constat/routes/vantage"
)

// tried is how long a path must have been held not to count as tried only, while
// routes moved: five minutes.
const tried = 300 * moment.Second

// mostControls bounds the prefixes of others that are kept to know who was watching.
const mostControls = 400

// routesOf reads what is asked about a target: its own routes, those of others that
// hold its addresses, and controls. The files are read twice: who announces what of
// the target is known only after the first time.
func routesOf(ctx context.Context, s *streams, set *source.Set, sub *atlas.Subject, at []uint32, until moment.Time) (*block.Input, *paths.Read, error) {
	bar := newBar(s.err, "reading")
	defer bar.done()
	t := &target{sub: sub, prefixes: map[netip.Prefix]bool{}, origins: map[uint32]bool{}, gates: map[uint32]bool{}, behind: map[uint32]map[netip.Prefix]bool{}}
	first := paths.Want{Until: until, Keep: t.learn, Done: func(f string, n, of int) { bar.step(f, n, 2*of) }}
	if _, err := paths.Follow(ctx, set, first); err != nil {
		return nil, nil, err
	}
	if len(t.prefixes) == 0 {
		return nil, nil, fmt.Errorf("%s: %w in %d files; is the name right, and do the files hold tables or updates of that time?", sub.Name, paths.ErrNothing, len(set.Files))
	}
	t.prepare()
	applies := func(as uint32) bool { _, ok := slices.BinarySearch(at, as); return ok }
	read, err := paths.Follow(ctx, set, paths.Want{Until: until, Keep: t.keep, Hops: applies,
		Done: func(f string, n, of int) { bar.step(f, of+n, 2*of) }})
	if err != nil {
		return nil, nil, err
	}
	return t.input(read), read, nil
}

// target says which routes belong to what is asked about.
type target struct {
	sub *atlas.Subject

	mu       sync.Mutex
	prefixes map[netip.Prefix]bool            // of the target
	behind   map[uint32]map[netip.Prefix]bool // origins beyond an origin of the target
	origins  map[uint32]bool
	blocks   *block.Index // everything inside the target's addresses
	over     map[netip.Prefix]bool
	controls map[netip.Prefix]bool
	low      []control // the controls' candidates
	limit    uint64
	gates    map[uint32]bool // neighbours of the target's origins on its paths
}

type control struct {
	h uint64
	p netip.Prefix
}

// learn is asked in the first reading.
func (t *target) learn(_ vantage.Peer, p netip.Prefix, path []uint32) bool {
	if path == nil {
		return false
	}
	if len(t.sub.Matching(p, rib.Origins(path))) == 0 {
		t.candidate(p)
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.prefixes[p] = true
	if n := len(path); n > 1 && path[n-1] != 0 {
		t.gates[path[n-2]] = true
	}
	for _, o := range rib.Origins(path) {
		t.origins[o] = true
	}
	return false
}

// candidate keeps the prefixes whose digests are the lowest: the same ones at every
// peer and in every file, whatever the order of reading.
func (t *target) candidate(p netip.Prefix) {
	x := control{digest(p), p}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.limit != 0 && x.h > t.limit {
		return
	}
	t.low = append(t.low, x)
	if len(t.low) >= 16*mostControls {
		if t.low = lowest(t.low, mostControls); len(t.low) == mostControls {
			t.limit = t.low[mostControls-1].h
		}
	}
}

func digest(p netip.Prefix) uint64 {
	h := fnv.New64a()
	b := p.Addr().As16()
	_, _ = h.Write(append(b[:], byte(p.Bits())))
	return h.Sum64()
}

func lowest(all []control, n int) []control {
	slices.SortFunc(all, func(a, b control) int {
		return cmp.Or(cmp.Compare(a.h, b.h), a.p.Addr().Compare(b.p.Addr()), cmp.Compare(a.p.Bits(), b.p.Bits()))
	})
	all = slices.Compact(all)
	return all[:min(n, len(all))]
}

// prepare makes what the second reading asks.
func (t *target) prepare() {
	var ps []netip.Prefix
	t.over = map[netip.Prefix]bool{}
	for p := range t.prefixes {
		ps = append(ps, p)
		for n := range p.Bits() {
			t.over[netip.PrefixFrom(p.Addr(), n).Masked()] = true
		}
	}
	t.blocks = block.NewIndex(block.Within(ps))
	t.controls = map[netip.Prefix]bool{}
	for _, c := range lowest(t.low, mostControls) {
		t.controls[c.p] = true
	}
	t.low = nil
}

// other reports whether a prefix that is none of the target's own routes holds
// addresses of it; a default route is everybody's.
func (t *target) other(p netip.Prefix) bool {
	return p.Bits() > 0 && (t.over[p] || t.blocks.Has(p))
}

// keep is asked in the second reading.
func (t *target) keep(_ vantage.Peer, p netip.Prefix, path []uint32) bool {
	n := len(path)
	if n > 1 && path[n-1] != 0 && !t.origins[path[n-1]] {
		t.through(p, path)
	}
	if t.prefixes[p] || t.controls[p] || t.other(p) {
		return true
	}
	// One in 64 of those that run through a neighbour of the target.
	return n > 1 && digest(p)%64 == 0 && slices.ContainsFunc(path[:n-1], func(as uint32) bool { return t.gates[as] })
}

// through notes whoever is reached through an origin of the target.
func (t *target) through(p netip.Prefix, path []uint32) {
	n := len(path)
	if !slices.ContainsFunc(path[:n-1], func(as uint32) bool { return t.origins[as] }) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.behind[path[n-1]] == nil {
		t.behind[path[n-1]] = map[netip.Prefix]bool{}
	}
	t.behind[path[n-1]][p] = true
}

// input sorts the routes that were read.
func (t *target) input(read *paths.Read) *block.Input {
	in := &block.Input{Behind: map[uint32]int{}}
	for i, p := range read.Peers {
		in.Vantages = append(in.Vantages, block.Vantage{Name: p.String(), Collector: p.Collector, AS: p.AS, Whole: read.Whole[i]})
	}
	for o, ps := range t.behind {
		in.Behind[o] = len(ps)
	}
	in.Lapsed = lapsed(read.Held, t.prefixes)
	for i := range read.Held {
		h := &read.Held[i]
		r := block.Route{Vantage: h.Peer, Prefix: h.Prefix, Path: h.Path}
		if n := len(h.Path); n > 0 && h.Path[n-1] == 0 {
			r.Origins = rib.Origins(h.Path)
			r.Path = h.Path[:slices.Index(h.Path, 0)]
		}
		if h.Until != 0 {
			r.Past = block.Before
			if h.Until-h.Since < tried && !h.Table {
				r.Past = block.Explored
			}
		}
		mine := t.prefixes[h.Prefix] && len(t.sub.Matching(h.Prefix, rib.Origins(h.Path))) > 0
		switch {
		case mine:
			in.Routes = append(in.Routes, r)
		case r.Past != block.Now:
		case t.prefixes[h.Prefix] || t.other(h.Prefix):
			in.Others = append(in.Others, r)
		default:
			in.Controls = append(in.Controls, r)
		}
	}
	return in
}

// lapsed are prefixes that at some time nobody held, though somebody did before and
// does after. What is held is in order by prefix.
func lapsed(held []paths.Held, of map[netip.Prefix]bool) map[netip.Prefix]bool {
	out := map[netip.Prefix]bool{}
	for len(held) > 0 {
		n := 0
		for n < len(held) && held[n].Prefix == held[0].Prefix {
			n++
		}
		some := slices.Clone(held[:n])
		held = held[n:]
		if !of[some[0].Prefix] {
			continue
		}
		slices.SortFunc(some, func(a, b paths.Held) int { return cmp.Compare(a.Since, b.Since) })
		end := moment.Time(0)
		for i, h := range some {
			if i > 0 && end != 0 && h.Since > end {
				out[h.Prefix] = true
			}
			if i == 0 || end != 0 {
				if h.Until == 0 {
					end = 0
				} else if i == 0 || h.Until > end {
					end = h.Until
				}
			}
		}
	}
	return out
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
		plain.Fprintf(s.err, "constat: %s: not read: %d lines, the first: %s\n", l.Register, l.Unread, l.Damaged[0])
	}
	links := make([]block.Link, len(l.Links))
	for i, x := range l.Links {
		links[i] = block.Link{A: x.A, B: x.B, Peer: x.Peer}
	}
	return l, block.NewGraph(links), nil
}

// who asks the atlas who the networks on the paths are, and puts it into the input.
func who(a *atlas.Atlas, in *block.Input) error {
	all := map[uint32]bool{}
	for _, rs := range [][]block.Route{in.Routes, in.Others, in.Controls} {
		for i := range rs {
			for _, as := range rs[i].Path {
				all[as] = true
			}
			for _, as := range rs[i].Origins {
				all[as] = true
			}
		}
	}
	for _, v := range in.Vantages {
		all[v.AS] = true
	}
	actors, err := a.Actors(slices.Sorted(maps.Keys(all)))
	if err != nil {
		return err
	}
	in.Countries = actors.Countries
	if atlas.HasRegister(actors.Registers, atlas.RegisterRelations) {
		in.Large = map[uint32]bool{}
		for _, as := range actors.Large {
			in.Large[as] = true
		}
	}
	number := map[string]uint32{}
	in.Operator = map[uint32]uint32{}
	for _, as := range slices.Sorted(maps.Keys(actors.Organisations)) {
		org := actors.Organisations[as]
		if number[org] == 0 {
			number[org] = as
		}
		in.Operator[as] = number[org]
	}
	return nil
}

// networksOf are the networks registered in a country, of those on the routes and of
// the relations.
func networksOf(a *atlas.Atlas, country string, in *block.Input, l *atlas.RelationList) ([]uint32, error) {
	all := map[uint32]bool{}
	for i := range in.Routes {
		for _, as := range in.Routes[i].Path {
			all[as] = true
		}
	}
	if l != nil {
		for _, x := range l.Links {
			all[x.A], all[x.B] = true, true
		}
	}
	actors, err := a.Actors(slices.Sorted(maps.Keys(all)))
	if err != nil {
		return nil, err
	}
	var out []uint32
	for as, c := range actors.Countries {
		if c == country {
			out = append(out, as)
		}
	}
	slices.Sort(out)
	return out, nil
}

// roots are the addresses of the root name servers as of 2024, whose blocks nothing is
// written against, and former ones that still answer.
var roots = map[string]string{
	"a": "198.41.0.4 2001:503:ba3e::2:30", "b": "170.247.170.2 2801:1b8:10::b 199.9.14.201 2001:500:200::b", "c": "192.33.4.12 2001:500:2::c",
	"d": "199.7.91.13 2001:500:2d::d", "e": "192.203.230.10 2001:500:a8::e", "f": "192.5.5.241 2001:500:2f::f", "g": "192.112.36.4 2001:500:12::d0d",
	"h": "198.97.190.53 2001:500:1::53", "i": "192.36.148.17 2001:7fe::53", "j": "192.58.128.30 2001:503:c27::2:30", "k": "193.0.14.129 2001:7fd::1",
	"l": "199.7.83.42 2001:500:9f::42", "m": "202.12.27.33 2001:dc3::35",
}

// criticalOf is what must not be cut without being named: the root servers, which
// never are, and what a file lists, a line each: a prefix or an AS, and what it is.
func criticalOf(path string) ([]block.Critical, error) {
	var out []block.Critical
	for _, letter := range slices.Sorted(maps.Keys(roots)) {
		for _, a := range strings.Fields(roots[letter]) {
			addr := netip.MustParseAddr(a)
			out = append(out, block.Critical{Prefix: netip.PrefixFrom(addr, addr.BitLen()), Name: letter + ".root-servers.net", Never: true})
		}
	}
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
			return nil, fmt.Errorf("%s, line %d: %q is neither a prefix nor an AS", filepath.Base(path), n, what)
		}
		if c.Name == "" {
			return nil, fmt.Errorf("%s, line %d: %s has no name; a line is a prefix or an AS, and what it is", filepath.Base(path), n, what)
		}
		if c.AS == 0 && c.Prefix.Masked() != c.Prefix {
			return nil, fmt.Errorf("%s, line %d: %s has host bits; the block is %s", filepath.Base(path), n, what, c.Prefix.Masked())
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
