package live

import "slices"

// Some routers withdraw what they never announced. So a withdrawal that alone speaks of a
// prefix shows that the peer carried it, until it is said twice with nothing between: then
// it shows nothing. Of a peer that was seen to do so with emptyLeast prefixes, and with one
// in emptyPart of those that only its withdrawals speak of, no withdrawal alone shows
// anything. That is the rule of package rib, for what was told up to now.

const (
	emptyLeast = 2
	emptyPart  = 10
)

// alone are the prefixes of which nothing but withdrawals speaks in a peer's session.
type alone struct {
	at    map[PrefixID]lastSaid
	bits  map[uint32]*[blockLen / 64]uint64 // the same, by block
	once  int                               // of them withdrawn once
	empty int                               // prefixes that were withdrawn twice, ever in this session
	shown bool                              // those withdrawn once are in the set of carriers
}

// lastSaid is the second of a withdrawal, and whether it was the second.
type lastSaid struct {
	second int64
	twice  bool
}

// has reports whether nothing but withdrawals speaks of a prefix.
func (a *alone) has(q PrefixID) bool {
	_, ok := a.at[q]
	return ok
}

// told takes what a table tells of a block without what withdrawals speak of: they are
// nearer to the event.
func (a *alone) told(block uint32, places *[blockLen / 64]uint64) {
	if b := a.bits[block]; b != nil {
		for i, x := range b {
			places[i] &^= x
		}
	}
}

// announced says that a prefix was announced.
func (a *alone) announced(q PrefixID) {
	l, ok := a.at[q]
	if !ok {
		return
	}
	if !l.twice {
		a.once--
	}
	delete(a.at, q)
	a.bits[uint32(q)/blockLen][uint32(q)%blockLen/64] &^= 1 << (q & 63)
}

// withdrawn says that a prefix was withdrawn of which nothing else speaks, and reports
// whether it was taken to have been carried until now.
func (a *alone) withdrawn(q PrefixID, second int64) (doubted bool) {
	l, ok := a.at[q]
	switch {
	case !ok:
		a.add(q, lastSaid{second, false})
	case !l.twice && second > l.second:
		a.at[q] = lastSaid{second, true}
		a.once--
		a.empty++
		return true
	}
	return false
}

func (a *alone) add(q PrefixID, l lastSaid) {
	if a.at == nil {
		a.at, a.bits = map[PrefixID]lastSaid{}, map[uint32]*[blockLen / 64]uint64{}
	}
	a.at[q] = l
	if !l.twice {
		a.once++
	}
	k := uint32(q) / blockLen
	if a.bits[k] == nil {
		a.bits[k] = &[blockLen / 64]uint64{}
	}
	a.bits[k][uint32(q)%blockLen/64] |= 1 << (q & 63)
}

// believed reports whether the peer's withdrawals alone show that it carried something.
func (a *alone) believed() bool {
	return a.empty < emptyLeast || a.empty*emptyPart < a.empty+a.once
}

// sorted are the prefixes, rising.
func (a *alone) sorted() []PrefixID {
	out := make([]PrefixID, 0, len(a.at))
	for q := range a.at {
		out = append(out, q)
	}
	slices.Sort(out)
	return out
}

// show puts what withdrawals alone show of all peers into the set of carriers, or takes it
// out. Nobody feeds meanwhile.
func (s *State) show(yes bool) {
	for _, p := range s.peers {
		show := yes && p.alone.believed()
		if len(p.alone.at) == 0 || !show && !p.alone.shown {
			continue
		}
		for q, l := range p.alone.at {
			if !l.twice {
				s.carry(p, q, show)
			}
		}
		p.alone.shown = show
	}
}

// carry says that a peer carried a prefix, or did not.
func (s *State) carry(p *peer, q PrefixID, yes bool) {
	_, carried := s.matrix.sets(q)
	if has(carried, p.column) == yes {
		return
	}
	n := uint32(1)
	if yes {
		put(carried, p.column)
	} else {
		drop(carried, p.column)
		n = ^uint32(0)
	}
	e := s.prefixes.list.at(uint32(q))
	fam := v4
	if e.v6() {
		fam = v6
	}
	p.carried[fam] += n
	if p.groups != nil {
		p.groups[e.group].carried[fam] += n
	}
}
