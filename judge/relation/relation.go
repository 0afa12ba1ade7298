// Package relation is the graph of a list of relations between networks: who is whose
// provider, and who are peers. Chokepoints and blocks ask it where routes may go.
//
// It promises that neighbours are sorted and stand once, whatever the list repeats, and
// that no network is its own neighbour. It is pure, and read-only once made. How routes
// go in it is for whoever asks.
package relation

import (
	"slices"

	"constat/routes/atlas"
)

// Link is one line of a list: A is a provider of B, or they are peers.
type Link = atlas.Link

// Graph has the networks of a list, rising, and of each by its place in ASes the places
// of its providers, peers and customers, rising.
type Graph struct {
	ASes           []uint32
	Up, Side, Down [][]int32
}

// New makes a graph of a list.
func New(links []Link) *Graph {
	g := &Graph{}
	for _, l := range links {
		g.ASes = append(g.ASes, l.A, l.B)
	}
	slices.Sort(g.ASes)
	g.ASes = slices.Clip(slices.Compact(g.ASes))
	n := len(g.ASes)
	g.Up, g.Side, g.Down = make([][]int32, n), make([][]int32, n), make([][]int32, n)
	for _, l := range links {
		a, b := g.At(l.A), g.At(l.B)
		switch {
		case a == b:
		case l.Peer:
			g.Side[a], g.Side[b] = append(g.Side[a], b), append(g.Side[b], a)
		default:
			g.Down[a], g.Up[b] = append(g.Down[a], b), append(g.Up[b], a)
		}
	}
	for i := range n {
		for _, s := range []*[]int32{&g.Up[i], &g.Side[i], &g.Down[i]} {
			slices.Sort(*s)
			*s = slices.Compact(*s)
		}
	}
	return g
}

// Contradictory counts the pairs of networks that a list has with two relations, such as
// each the provider of the other, and returns the first of them, the lower number first.
// A graph has both.
func Contradictory(links []Link) (pairs int, first [2]uint32) {
	told := map[[2]uint32]Link{}
	two := map[[2]uint32]bool{}
	for _, l := range links {
		k := [2]uint32{min(l.A, l.B), max(l.A, l.B)}
		if l.A == l.B {
			continue
		}
		if l.Peer {
			l.A, l.B = k[0], k[1]
		}
		if had, ok := told[k]; !ok {
			told[k] = l
		} else if had != l && !two[k] {
			two[k] = true
			if len(two) == 1 {
				first = k
			}
		}
	}
	return len(two), first
}

// At is the place of a network; −1 if the list does not have it.
func (g *Graph) At(as uint32) int32 {
	if i, ok := slices.BinarySearch(g.ASes, as); ok {
		return int32(i)
	}
	return -1
}

// Has reports whether the list has a network; a nil graph has none.
func (g *Graph) Has(as uint32) bool { return g != nil && g.At(as) >= 0 }
