package assess

import (
	"net/netip"
	"slices"
)

// tile says what a peer has of one more specific prefix.
type tile uint8

const (
	tileGone    tile = iota
	tileUnknown      // not known, and others carry it
	tileHeld         // from an origin of the subject
)

// tiles are the more specific prefixes of the subject inside one prefix, as a
// tree by address bits: a prefix is covered if it is held itself or both of its
// halves are covered. Example: 10.0.0.0/22 is covered by 10.0.0.0/23, 10.0.2.0/24
// and 10.0.3.0/24 together.
type tiles struct {
	leaves []int // prefixes of the table, in order
	nodes  []tileNode
}

type tileNode struct {
	half   [2]int // nodes; 0 if there is none: the root is nobody's half
	prefix int    // of the table; −1 if it is no prefix of the subject
}

// tilesOf returns the tree of the subject's prefix at a place of its list; nil
// if all more specifics together leave addresses of it uncovered.
func (e *evidence) tilesOf(at int) *tiles {
	p := e.Prefixes[at]
	t := &tiles{nodes: []tileNode{{prefix: -1}}}
	for _, q := range e.Prefixes[at+1:] { // sorted: what lies inside p follows it
		if !p.Contains(q.Addr()) {
			break
		}
		n := 0
		for bit := p.Bits(); bit < q.Bits(); bit++ {
			half := addrBit(q.Addr(), bit)
			if t.nodes[n].half[half] == 0 {
				t.nodes = append(t.nodes, tileNode{prefix: -1})
				t.nodes[n].half[half] = len(t.nodes) - 1
			}
			n = t.nodes[n].half[half]
		}
		t.nodes[n].prefix = e.Table.Index(q)
		t.leaves = append(t.leaves, e.Table.Index(q))
	}
	if _, all := t.cover(func(int) tile { return tileHeld }); all != tileHeld {
		return nil
	}
	return t
}

// addrBit is one bit of an address, counted from the left.
func addrBit(a netip.Addr, i int) int {
	b := a.AsSlice()
	return int(b[i/8]>>(7-i%8)) & 1
}

// cover tells whether the more specifics cover the whole prefix – for certain,
// perhaps, or not – and names those that do.
func (t *tiles) cover(has func(q int) tile) (by []int, all tile) {
	var walk func(n int) tile
	walk = func(n int) tile {
		x := t.nodes[n]
		own := tileGone
		if x.prefix >= 0 {
			if own = has(x.prefix); own == tileHeld {
				by = append(by, x.prefix)
				return own
			}
		}
		before := len(by)
		both := tileHeld
		for _, h := range x.half {
			if h == 0 {
				both = tileGone
				break
			}
			if both = min(both, walk(h)); both == tileGone {
				break
			}
		}
		switch {
		case both >= own:
			if both == tileGone {
				by = by[:before]
			}
			return both
		default:
			by = append(by[:before], x.prefix)
			return own
		}
	}
	all = walk(0)
	slices.Sort(by)
	return by, all
}
