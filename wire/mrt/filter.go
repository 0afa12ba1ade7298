package mrt

import (
	"fmt"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/wire/bgp"
)

// Match says how a prefix must lie to those of a filter. Values combine.
type Match uint8

const (
	// MatchExact lets through the same prefix.
	MatchExact Match = 1 << iota
	// MatchMore lets through a more specific one, inside one of the filter's.
	MatchMore
	// MatchLess lets through a less specific one, which covers one of the filter's.
	MatchLess
	// MatchAny is all three.
	MatchAny = MatchExact | MatchMore | MatchLess
)

// Kinds is a set of kinds of elements.
type Kinds uint8

// Sets of kinds, to be joined.
const (
	Announcements Kinds = 1 << iota
	Withdrawals
	RIBEntries
	States
	EndOfRIBs
	AllKinds = Announcements | Withdrawals | RIBEntries | States | EndOfRIBs
)

// kindBit maps an ElemKind to its place in a set.
var kindBit = [...]Kinds{Announce: Announcements, Withdraw: Withdrawals, RIBEntry: RIBEntries, State: States, EndOfRIB: EndOfRIBs}

// FilterSpec says which elements are wanted. Conditions that are given must
// all hold; the values of one condition are alternatives. The zero FilterSpec
// lets everything through.
type FilterSpec struct {
	Prefixes []netip.Prefix
	Match    Match // how; 0 means MatchExact|MatchMore
	// Also are prefixes that are wanted too, as they are and whatever Match says.
	Also []netip.Prefix
	// Origins are ASes, one of which must have originated the route (see
	// [Elem.OriginAS]). A withdrawal does not say who did.
	Origins []uint32
	// Either makes a matching prefix or a matching origin suffice where both
	// are given.
	Either bool
	// PathHas are ASes, one of which must stand somewhere in the path.
	PathHas []uint32
	// Peers and PeerASes choose whose elements: one of these addresses or one
	// of these ASes.
	Peers    []netip.Addr
	PeerASes []uint32
	// From and Until bound the record's time: From <= time < Until. Zero means
	// unbounded.
	From, Until moment.Time
	Kinds       Kinds // 0 means AllKinds
	// Sessions lets state changes and End-of-RIB through although they have
	// neither prefix nor path to match. Without it they pass only a filter
	// that asks for neither.
	Sessions bool
}

// Filter is a compiled [FilterSpec]. It looks at raw bytes first, so that what
// it does not let through costs next to nothing. It is safe for use by several
// walkers at once.
type Filter struct {
	kinds    Kinds
	byPrefix bool
	byPeer   bool
	deep     bool // asks about the path
	either   bool
	sessions bool
	from     moment.Time
	until    moment.Time
	origins  asSet
	pathHas  asSet
	peerASes asSet
	peers    map[netip.Addr]struct{}
	prefixes prefixSet
	also     exactSet
}

// NewFilter compiles a specification.
func NewFilter(s FilterSpec) (*Filter, error) {
	f := &Filter{
		kinds: s.Kinds, from: s.From, until: s.Until, sessions: s.Sessions,
		byPrefix: len(s.Prefixes)+len(s.Also) > 0,
		byPeer:   len(s.Peers)+len(s.PeerASes) > 0,
		deep:     len(s.Origins)+len(s.PathHas) > 0,
		either:   s.Either && len(s.Origins) > 0 && len(s.Prefixes)+len(s.Also) > 0,
		origins:  makeASSet(s.Origins), pathHas: makeASSet(s.PathHas), peerASes: makeASSet(s.PeerASes),
	}
	if f.kinds == 0 {
		f.kinds = AllKinds
	}
	if f.until == 0 {
		f.until = moment.Time(1<<63 - 1)
	}
	if f.until <= f.from {
		return nil, fmt.Errorf("the end %v is not after the beginning %v", f.until, f.from)
	}
	if len(s.Peers) > 0 {
		f.peers = make(map[netip.Addr]struct{}, len(s.Peers))
		for _, a := range s.Peers {
			f.peers[a] = struct{}{}
		}
	}
	if s.Match == 0 {
		s.Match = MatchExact | MatchMore
	}
	if err := f.prefixes.build(s.Prefixes, s.Match); err != nil {
		return f, err
	}
	return f, f.also.build(s.Also)
}

// MatchPrefix reports whether the filter's prefixes let p through; true if it
// has none.
func (f *Filter) MatchPrefix(p netip.Prefix) bool {
	if !f.byPrefix {
		return true
	}
	if p.Addr().Is4() {
		a := p.Addr().As4()
		return f.prefix(a[:(p.Bits()+7)>>3], p.Bits(), 1)
	}
	a := p.Addr().As16()
	return f.prefix(a[:(p.Bits()+7)>>3], p.Bits(), 2)
}

// MatchList reports whether the filter's prefixes let any of a list through that can
// be read to its end, as those of [Walker.NextList] can; true if it has none.
func (f *Filter) MatchList(l bgp.NLRI) bool {
	return !f.byPrefix || f.anyOf(l.Bytes, l.AFI, l.AddPath)
}

// MatchPlain is [Filter.MatchList] for a list of IPv4 prefixes without path identifiers.
func (f *Filter) MatchPlain(list []byte) bool {
	if !f.byPrefix {
		return true
	}
	table, also := f.prefixes.v4.bits, f.also.bits
	if len(table) != hashSize/64 {
		table = nil
	}
	if len(also) != hashSize/64 {
		also = nil
	}
	for i := 0; i < len(list); {
		bits := int(list[i])
		raw := list[i+1 : i+1+(bits+7)>>3]
		i += 1 + len(raw)
		k := load4(raw, bits)
		if also != nil {
			if h := k.sum(); also[h>>6]>>(h&63)&1 != 0 {
				if _, ok := f.also.v4[k]; ok {
					return true
				}
			}
		}
		if table != nil {
			if h := k.hash(); (bits < hashBits4 || table[h>>6]>>(h&63)&1 != 0) && f.prefixes.v4.find(k, f.prefixes.match) {
				return true
			}
		}
	}
	return false
}

func (f *Filter) anyOf(b []byte, afi uint16, addPath bool) bool {
	return f.prefixes.matchesAny(b, afi, addPath) || f.also.matchesAny(b, afi, addPath)
}

// InTime reports whether a record of this time is wanted at all.
func (f *Filter) InTime(t moment.Time) bool { return t >= f.from && t < f.until }

func (f *Filter) kindsAndTime(k Kinds, t moment.Time) bool { return f.kinds&k != 0 && f.InTime(t) }

// head decides on an UPDATE before its message is looked at.
func (f *Filter) head(t moment.Time, addr netip.Addr, as uint32) bool {
	return f.kinds&(Announcements|Withdrawals|EndOfRIBs) != 0 && f.InTime(t) && (!f.byPeer || f.peer(addr, as))
}

func (f *Filter) peer(addr netip.Addr, as uint32) bool {
	if _, ok := f.peers[addr]; ok {
		return true
	}
	return f.peerASes.has(as)
}

// bare decides on an element that has neither prefix nor path.
func (f *Filter) bare(k ElemKind, t moment.Time, addr netip.Addr, as uint32) bool {
	return f.kindsAndTime(kindBit[k], t) && (f.sessions || !f.byPrefix && !f.deep) && (!f.byPeer || f.peer(addr, as))
}

// endOfRIB decides on an End-of-RIB whose head was let through.
func (f *Filter) endOfRIB() bool {
	return f.kinds&EndOfRIBs != 0 && (f.sessions || !f.byPrefix && !f.deep)
}

// prefixOrLater decides on a prefix as it stands in NLRI; where an origin
// would do instead, the decision is admit's.
func (f *Filter) prefixOrLater(raw []byte, bits int, afi uint16) bool {
	return f.either || f.prefix(raw, bits, afi)
}

func (f *Filter) prefix(raw []byte, bits int, afi uint16) bool {
	if afi == 1 {
		return f.prefixes.match4(raw, bits) || f.also.bits != nil && f.also.match4(raw, bits)
	}
	return f.prefixes.match6(raw, bits) || f.also.bits != nil && f.also.match6(raw, bits)
}

// admit decides on an element of an UPDATE whose prefix was let through as far
// as prefixes alone decide.
func (f *Filter) admit(e *Elem, raw []byte, bits int) bool {
	if f.kinds&kindBit[e.Kind] == 0 {
		return false
	}
	if !f.deep {
		return true
	}
	if e.Kind != Announce {
		// No path: only a prefix that suffices by itself lets it through.
		return f.either && len(f.pathHas) == 0 && f.prefix(raw, bits, e.AFI)
	}
	return f.admitPath(e)
}

// admitPath decides by the path, and by the prefix where either would do.
func (f *Filter) admitPath(e *Elem) bool {
	p := e.Path()
	if len(f.pathHas) > 0 {
		ok := false
		for _, as := range f.pathHas {
			if p.Has(as) {
				ok = true
				break
			}
		}
		if !ok {
			return false
		}
	}
	if len(f.origins) == 0 {
		return true
	}
	if f.either && f.MatchPrefix(e.Prefix) {
		return true
	}
	as, ok := p.Origin()
	return ok && f.origins.has(as)
}

// asSet is a sorted set of AS numbers.
type asSet []uint32

func makeASSet(as []uint32) asSet {
	s := slices.Clone(as)
	slices.Sort(s)
	return slices.Compact(s)
}

func (s asSet) has(as uint32) bool {
	if len(s) <= 8 {
		return slices.Contains(s, as)
	}
	_, ok := slices.BinarySearch(s, as)
	return ok
}
