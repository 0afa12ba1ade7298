// Package blocking puts together what is asked about a block: from the state of
// everybody's routes at a moment and the past of the target's, the routes that the
// judge weighs, who was watching, and who the networks are.
//
// It promises that what it hands on is what [constat/routes/live] holds, as the state
// and the chokepoints of a moment do: a peer that is not watching has no route now, and
// what it held before is a way that was seen and no loss. It judges nothing and words
// nothing.
package blocking

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"constat/internal/worded"
	"constat/judge/block"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/rib"
	"constat/routes/source"
	"constat/routes/vantage"
	"constat/wire/mrt"
)

// ErrNotSeen is wrapped by the error for a target of which no route is in the files.
var ErrNotSeen = errors.New("no route of it was found")

// tried is how long a path must have been held not to count as tried only, while
// routes moved: five minutes.
const tried = 300 * moment.Second

// mostControls bounds the prefixes of others that are kept to know who was watching.
const mostControls = 400

// mostHops bounds the addresses that are kept of one network's sessions: a few thousand
// next hops are a whole exchange's.
const mostHops = 4096

// Question is what is asked about.
type Question struct {
	Set     *source.Set
	Subject *atlas.Subject
	Until   moment.Time // the moment; 0: the end of what the files have
	// ByOrigin asks for a block of whatever the target's own origins announce, too.
	ByOrigin bool
	Done     func(file string, done, of int)
	Copied   func([]source.Skipped) // as in [live.Loading]
}

// Read is what the files tell.
type Read struct {
	Input *block.Input // with routes and vantages
	At    moment.Time
	Watch *vantage.Watch
	// Unknown counts routes that are held whose paths could not be read.
	Unknown int
	// Watching is how many peers were.
	Watching int

	mu   sync.Mutex
	hops map[uint32]map[netip.Addr]bool
}

// Hops are the next hops and own addresses in the sessions of some networks with the
// collectors, sorted.
func (r *Read) Hops(of []uint32) []netip.Addr {
	var out []netip.Addr
	for _, as := range of {
		for a := range r.hops[as] {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, netip.Addr.Compare)
	return slices.Compact(out)
}

// Sources are the files that were read.
func (r *Read) Sources() []block.Source {
	out := []block.Source{}
	for _, c := range r.Watch.Collectors {
		for _, f := range c.Files {
			out = append(out, block.Source{Collector: c.Name, Name: f.Name, SHA256: f.SHA256})
		}
	}
	return out
}

// Routes reads what is asked about a target: its own routes, now and before, those of
// others that hold its addresses, and controls.
func Routes(ctx context.Context, q Question) (*Read, error) {
	r := &Read{hops: map[uint32]map[netip.Addr]bool{}}
	past := &live.Past{Keep: func(p netip.Prefix, path []uint32) bool { return len(q.Subject.Matching(p, rib.Origins(path))) > 0 }, Each: r.hop}
	state, watch, err := live.Load(ctx, live.Loading{Set: q.Set, Until: q.Until, Past: past, Done: q.Done, Copied: q.Copied})
	if err != nil {
		return nil, err
	}
	r.Watch = watch
	t := newTarget(q.Subject, state, past)
	r.At = t.view.At()
	if len(t.prefixes) == 0 {
		return nil, worded.Errorf("%s: %w in what was given (files: %d); is the name right, and do the files hold tables or updates of that time?", q.Subject.Name, ErrNotSeen, len(q.Set.Files))
	}
	r.Input = t.input()
	if q.ByOrigin {
		t.byOrigin(r.Input)
	}
	r.Unknown, r.Watching = t.unknown, t.watching
	return r, nil
}

// hop notes the addresses of a session.
func (r *Read) hop(e *mrt.Elem) {
	next := e.NextHop()
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.hops[e.PeerAS]
	if m == nil {
		m = map[netip.Addr]bool{}
		r.hops[e.PeerAS] = m
	}
	if len(m) >= mostHops {
		return
	}
	m[e.PeerAddr] = true
	if next.IsValid() {
		m[next] = true
	}
}

// target sorts the routes of a state by what they are to what is asked about.
type target struct {
	sub    *atlas.Subject
	view   *live.View
	ledger []vantage.Blind
	spells []live.Spell

	peers    []live.PeerID       // in the order of their names
	number   map[live.PeerID]int // their places
	prefixes map[netip.Prefix]bool
	origins  map[uint32]bool
	gates    map[uint32]bool // neighbours of the target's origins on its paths
	blocks   *block.Index    // everything inside the target's addresses
	over     map[netip.Prefix]bool
	unknown  int
	watching int
}

func newTarget(sub *atlas.Subject, s *live.State, past *live.Past) *target {
	t := &target{sub: sub, view: s.View(), ledger: s.Ledger(), number: map[live.PeerID]int{}, prefixes: map[netip.Prefix]bool{},
		origins: map[uint32]bool{}, gates: map[uint32]bool{}, over: map[netip.Prefix]bool{}}
	for i := range t.view.NumPeers() {
		t.peers = append(t.peers, live.PeerID(i))
	}
	slices.SortFunc(t.peers, func(a, b live.PeerID) int { return t.view.Peer(a).Peer.Compare(t.view.Peer(b).Peer) })
	for i, id := range t.peers {
		t.number[id] = i
		if t.view.Peer(id).Watching {
			t.watching++
		}
	}
	ps := past.Followed(t.view)
	for _, p := range ps {
		t.prefixes[p] = true
		for n := range p.Bits() {
			t.over[netip.PrefixFrom(p.Addr(), n).Masked()] = true
		}
	}
	t.blocks = block.NewIndex(block.Within(ps))
	t.spells = past.Spells(t.view)
	for _, x := range t.spells {
		os := rib.Origins(x.Path)
		if len(sub.Matching(x.Prefix, os)) == 0 {
			continue
		}
		if n := len(x.Path); n > 1 && x.Path[n-1] != 0 {
			t.gates[x.Path[n-2]] = true
		}
		for _, o := range sub.Matching(x.Prefix, os) {
			t.origins[o] = true
		}
	}
	return t
}

// route is a route as the judge takes it: a set in which a path ends is apart.
func (t *target) route(id live.PeerID, p netip.Prefix, path []uint32) block.Route {
	r := block.Route{Vantage: t.number[id], Prefix: p, Path: path}
	if n := len(path); n > 0 && path[n-1] == 0 {
		r.Origins = rib.Origins(path)
		r.Path = path[:slices.Index(path, 0)]
	}
	return r
}

// input puts the question together.
func (t *target) input() *block.Input {
	in := &block.Input{Behind: t.behind(), Struck: t.sub.Strike.Blocks, Lapsed: lapsed(t.spells, t.prefixes, t.mine)}
	for _, id := range t.peers {
		p := t.view.Peer(id)
		v := block.Vantage{Name: p.Peer.String(), Collector: p.Collector, AS: p.AS, Whole: [2]bool{p.Full4, p.Full6}}
		if !p.Watching {
			v.Blind, v.Since = t.why(p.Peer)
		}
		in.Vantages = append(in.Vantages, v)
	}
	in.Named = t.named()
	held := map[netip.Prefix]map[int]bool{}
	in.Shared = t.shared()
	for i := range t.spells {
		x := &t.spells[i]
		if x.Beside {
			continue // see also
		}
		if len(x.Path) == 0 && x.Until == 0 {
			t.unknown++
		}
		if !t.mine(x) {
			continue
		}
		r := t.route(x.Peer, x.Prefix, x.Path)
		if x.Until == 0 {
			if held[x.Prefix] == nil {
				held[x.Prefix] = map[int]bool{}
			}
			held[x.Prefix][r.Vantage] = true
			r.Fresh = t.fresh(x)
		} else if r.Past = block.Before; x.Until-x.Since < tried && !x.Older {
			r.Past = block.Explored
		}
		r.GivenUp, r.Blind = x.GivenUp, x.Blind
		t.fell(&in.Vantages[r.Vantage], x)
		in.Routes = append(in.Routes, r)
	}
	block.MarkBack(in.Routes)
	controls := t.controls()
	crossing := t.view.Crossing(sorted(t.gates)...)
	for _, q := range t.view.Sorted() {
		p := t.view.Prefix(q)
		mine, other := t.prefixes[p], t.other(p)
		switch {
		case mine || other:
			for _, id := range t.holders(q) {
				if r := t.now(id, q, p); len(r.Path) > 0 && !(mine && held[p][r.Vantage]) {
					in.Others = append(in.Others, r)
				}
			}
		case controls[p]:
			for _, id := range t.holders(q) {
				if r := t.now(id, q, p); len(r.Path) > 0 {
					in.Controls = append(in.Controls, r)
				}
			}
		case digest(p)%64 == 0: // one in 64 of those that run through a neighbour of the target
			for _, id := range t.holders(q) {
				if r, _ := t.view.Route(id, q); !t.crosses(id, r, crossing) {
					continue
				}
				if r := t.now(id, q, p); len(r.Path) > 0 && slices.ContainsFunc(r.Path[:len(r.Path)-1], func(as uint32) bool { return t.gates[as] }) {
					in.Controls = append(in.Controls, r)
				}
			}
		}
		if mine {
			in.Routes = append(in.Routes, t.also(q, p)...)
			for id := range t.view.Carriers(q) {
				if v := t.number[id]; !held[p][v] {
					in.Lacks = append(in.Lacks, block.Lack{Vantage: v, Prefix: p})
				}
			}
		}
	}
	slices.SortStableFunc(in.Lacks, func(a, b block.Lack) int {
		return cmp.Or(a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Prefix.Bits(), b.Prefix.Bits()), cmp.Compare(a.Vantage, b.Vantage))
	})
	return in
}

// fresh reports whether a route that is held has been for less than five minutes, as is known.
func (t *target) fresh(x *live.Spell) bool { return t.view.At()-x.Since < tried && !x.Older }

// named are the origins that the question names; two operators of a country are two.
func (t *target) named() []uint32 {
	if t.sub.Kind == atlas.KindCountry {
		return nil
	}
	named := maps.Clone(t.origins)
	maps.DeleteFunc(named, func(as uint32, _ bool) bool { return !t.sub.HasOrigin(as) })
	return sorted(named)
}

// mine reports whether a route was the target's own.
func (t *target) mine(x *live.Spell) bool {
	return len(t.sub.Matching(x.Prefix, rib.Origins(x.Path))) > 0
}

// shared counts the prefixes of the target whose routes end in a set that names others
// too.
func (t *target) shared() map[uint32]int {
	out := map[uint32]int{}
	type of struct {
		prefix netip.Prefix
		as     uint32
	}
	seen := map[of]bool{}
	for i := range t.spells {
		x := &t.spells[i]
		if os := rib.Origins(x.Path); x.Until == 0 && len(os) > 1 && t.mine(x) {
			for _, as := range os {
				if !t.sub.Match(x.Prefix, as) && !seen[of{x.Prefix, as}] {
					seen[of{x.Prefix, as}] = true
					out[as]++
				}
			}
		}
	}
	return out
}

// why says since when and why nothing is known of a peer.
func (t *target) why(p vantage.Peer) (reason, since string) {
	for i := range t.ledger {
		if b := &t.ledger[i]; b.Peer != nil && b.Collector == p.Collector && *b.Peer == p.Addr && b.AS == p.AS {
			reason, since = b.Reason, b.From.String()
		}
	}
	return reason, since
}

// fell says of a vantage that is watching again why and since when it was not.
func (t *target) fell(v *block.Vantage, x *live.Spell) {
	if x.Blind && v.Blind == "" && v.Fell == "" {
		v.Fell, v.FellAt = t.why(t.view.Peer(x.Peer).Peer)
	}
}

// holders are the peers that are watching and hold a prefix, in the order of their names.
func (t *target) holders(q live.PrefixID) []live.PeerID {
	out := slices.Collect(t.view.Holders(q))
	slices.SortFunc(out, func(a, b live.PeerID) int { return cmp.Compare(t.number[a], t.number[b]) })
	return out
}

// now is a peer's route to a prefix; without a path if that is not known.
func (t *target) now(id live.PeerID, q live.PrefixID, p netip.Prefix) block.Route {
	r, _ := t.view.Route(id, q)
	return t.route(id, p, t.view.AppendPath(nil, id, r))
}

// also are the routes of the target that peers hold beside the one announced last.
func (t *target) also(q live.PrefixID, p netip.Prefix) []block.Route {
	var out []block.Route
	for _, id := range t.holders(q) {
		rs := t.view.Routes(id, q)
		for _, r := range rs[:len(rs)-1] {
			path := t.view.AppendPath(nil, id, r)
			if len(path) == 0 || len(t.sub.Matching(p, rib.Origins(path))) == 0 {
				continue
			}
			x := t.route(id, p, path)
			x.Past = block.Also
			out = append(out, x)
		}
	}
	return out
}

// crosses reports whether a neighbour of the target stands on a route.
func (t *target) crosses(id live.PeerID, r live.Route, gates live.NodeSet) bool {
	return gates.Has(r.Node()) || r.Own() && t.gates[t.view.Peer(id).AS]
}

// other reports whether a prefix that is none of the target's own routes holds
// addresses of it. A default route does: packets follow it.
func (t *target) other(p netip.Prefix) bool {
	return t.over[p] || t.blocks.Has(p)
}

// behind counts the prefixes of whoever is reached through an origin of the target.
func (t *target) behind() map[uint32]int {
	out := map[uint32]int{}
	if len(t.origins) == 0 {
		return out
	}
	over := t.view.Crossing(sorted(t.origins)...)
	type of struct {
		prefix live.PrefixID
		origin uint32
	}
	seen := map[of]bool{}
	for _, id := range t.peers {
		p := t.view.Peer(id)
		if !p.Watching || t.origins[p.AS] {
			continue // what a network of the target reaches, it reaches, and not others through it
		}
		for q, r := range t.view.Row(id) {
			if r.Node() == 0 || !over.Has(r.Node()) {
				continue
			}
			os := t.originsAt(r.Node())
			if slices.ContainsFunc(os, func(as uint32) bool { return t.origins[as] }) {
				continue // its own
			}
			for _, as := range os {
				if !seen[of{q, as}] {
					seen[of{q, as}] = true
					out[as]++
				}
			}
		}
	}
	return out
}

// originsAt are the networks one of which originates a route: those of the set in which
// it ends, or one.
func (t *target) originsAt(n live.Node) []uint32 {
	o := t.view.Origin(n)
	if set := t.view.SetOf(o); set != nil {
		return set
	}
	return []uint32{t.view.AS(o)}
}

// byOrigin adds the origins that the target has of its own, such as AS22047 has of
// "AS22047", and what they announce that is not the target's. Whoever only announces a
// prefix of the target's is not one: with it a carrier would be cut that the target
// rents addresses from.
func (t *target) byOrigin(in *block.Input) {
	own := map[uint32]bool{}
	for as := range t.origins {
		own[as] = t.sub.HasOrigin(as)
	}
	in.Beside = map[uint32][]netip.Prefix{}
	for _, as := range sorted(own) {
		if own[as] {
			in.ByOrigin = append(in.ByOrigin, as)
		}
	}
	for _, q := range t.view.Sorted() {
		p := t.view.Prefix(q)
		for _, as := range t.view.Origins(q) {
			if own[as] && !t.sub.Match(p, as) {
				in.Beside[as] = append(in.Beside[as], p)
			}
		}
	}
}

// control is a prefix that may be a control.
type control struct {
	h uint64
	p netip.Prefix
}

// controls are the prefixes of others whose digests are the lowest: the same ones
// whatever the order of reading.
func (t *target) controls() map[netip.Prefix]bool {
	var low []control
	limit := uint64(0)
	for _, q := range t.view.Sorted() {
		p := t.view.Prefix(q)
		x := control{digest(p), p}
		if limit != 0 && x.h > limit || t.prefixes[p] {
			continue
		}
		if held, _ := t.view.Visibility(q); held == 0 {
			continue
		}
		if low = append(low, x); len(low) >= 16*mostControls {
			low = lowest(low)
			limit = low[len(low)-1].h
		}
	}
	out := map[netip.Prefix]bool{}
	for _, c := range lowest(low) {
		out[c.p] = true
	}
	return out
}

func lowest(all []control) []control {
	slices.SortFunc(all, func(a, b control) int {
		return cmp.Or(cmp.Compare(a.h, b.h), a.p.Addr().Compare(b.p.Addr()), cmp.Compare(a.p.Bits(), b.p.Bits()))
	})
	return all[:min(mostControls, len(all))]
}

func digest(p netip.Prefix) uint64 {
	h := fnv.New64a()
	b := p.Addr().As16()
	_, _ = h.Write(append(b[:], byte(p.Bits())))
	return h.Sum64()
}

func sorted(m map[uint32]bool) []uint32 {
	out := make([]uint32, 0, len(m))
	for as := range m {
		out = append(out, as)
	}
	slices.Sort(out)
	return out
}
