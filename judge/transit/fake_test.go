package transit

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// told is a state as a list of what was told: the slow and obvious form, of which the
// oracles compute, and which tests hand to the package as a State.
type told struct {
	peers    []Peer
	prefixes []netip.Prefix
	paths    map[[2]int][]any   // of a peer and a prefix: from the peer to the origin, uint32 or []uint32
	more     map[[2]int][][]any // and other paths of the same peer

	nodes []tnode
}

type tnode struct {
	as, parent uint32
	set        []uint32
}

func newTold() *told {
	return &told{paths: map[[2]int][]any{}, more: map[[2]int][][]any{}, nodes: []tnode{{}}}
}

// peer adds a peer that sends full tables, of a collector.
func (s *told) peer(collector string, as uint32) int {
	s.peers = append(s.peers, Peer{Name: fmt.Sprintf("%s 192.0.2.%d", collector, len(s.peers)), AS: as, Full: [2]bool{true, true}})
	return len(s.peers) - 1
}

// route adds a route; a word in braces is a set.
func (s *told) route(peer int, prefix, path string) {
	p := netip.MustParsePrefix(prefix)
	i := slices.Index(s.prefixes, p)
	if i < 0 {
		i = len(s.prefixes)
		s.prefixes = append(s.prefixes, p)
	}
	var out []any
	for w := range strings.FieldsSeq(path) {
		if in, ok := strings.CutPrefix(w, "{"); ok {
			var set []uint32
			for m := range strings.SplitSeq(strings.TrimSuffix(in, "}"), ",") {
				set = append(set, asOf(m))
			}
			out = append(out, set)
		} else {
			out = append(out, asOf(w))
		}
	}
	k := [2]int{peer, i}
	if old := s.paths[k]; old != nil {
		s.more[k] = append(s.more[k], old)
	}
	s.paths[k] = out
}

// asOf reads an AS: a number, or a letter, A being 65.
func asOf(w string) uint32 {
	var n uint32
	if w[0] >= 'A' {
		return uint32(w[0])
	}
	fmt.Sscan(w, &n)
	return n
}

func (s *told) NumPeers() int                { return len(s.peers) }
func (s *told) Peer(i int) Peer              { return s.peers[i] }
func (s *told) NumPrefixes() int             { return len(s.prefixes) }
func (s *told) Prefix(i uint32) netip.Prefix { return s.prefixes[i] }
func (s *told) Node(n uint32) (as, parent uint32) {
	return s.nodes[n].as, s.nodes[n].parent
}
func (s *told) Members(n uint32) []uint32 { return s.nodes[n].set }

func (s *told) Origins(prefix uint32) []uint32 {
	var out []uint32
	for k, p := range s.paths {
		if k[1] == int(prefix) {
			switch o := p[len(p)-1].(type) {
			case uint32:
				out = append(out, o)
			case []uint32:
				out = append(out, o...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NumNodes makes all nodes.
func (s *told) NumNodes() int {
	if len(s.nodes) == 1 {
		for p := range s.peers {
			for i := range s.prefixes {
				s.Fill(p, []uint32{uint32(i)}, make([]Route, 1))
			}
		}
	}
	return len(s.nodes) - 1
}

// node finds or makes the node of a path.
func (s *told) node(path []any) uint32 {
	at := uint32(0)
	for _, hop := range slices.Backward(path) {
		n := tnode{parent: at}
		switch h := hop.(type) {
		case uint32:
			n.as = h
		case []uint32:
			n.set = h
		}
		i := slices.IndexFunc(s.nodes[1:], func(m tnode) bool {
			return m.as == n.as && m.parent == n.parent && slices.Equal(m.set, n.set)
		})
		if i < 0 {
			i = len(s.nodes) - 1
			s.nodes = append(s.nodes, n)
		}
		at = uint32(i + 1)
	}
	return at
}

func (s *told) Fill(peer int, prefixes []uint32, dst []Route) {
	for i, p := range prefixes {
		dst[i] = 0
		if rs := s.Routes(peer, p); len(rs) > 0 {
			if dst[i] = rs[0]; len(rs) > 1 {
				dst[i] = dst[i].WithOthers()
			}
		}
	}
}

func (s *told) Routes(peer int, prefix uint32) []Route {
	k := [2]int{peer, int(prefix)}
	if len(s.paths[k]) == 0 {
		return nil
	}
	var out []Route
	for _, path := range append([][]any{s.paths[k]}, s.more[k]...) {
		if len(path) > 1 && path[0] == any(s.peers[peer].AS) {
			out = append(out, MakeRoute(s.node(path[1:]), true))
		} else {
			out = append(out, MakeRoute(s.node(path), false))
		}
	}
	return out
}

// origin is the scope of one AS.
func (s *told) origin(as uint32) *Scope {
	sc := &Scope{Belongs: func(_, o uint32) bool { return o == as }, Inside: func(a uint32) bool { return a == as }}
	for i := range s.prefixes {
		sc.Prefixes = append(sc.Prefixes, uint32(i))
	}
	return sc
}
