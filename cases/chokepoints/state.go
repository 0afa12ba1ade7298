package chokepoints

import (
	"cmp"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"constat/judge/transit"
	"constat/routes/live"
	"constat/routes/vantage"
)

// state hands a live view to the judge as it is, without a copy, with an index of who
// originates what.
//
// A peer that was not watching at the moment asked about has its routes all the same:
// they are ways that were told, and their shares do not count ([transit.Peer.Full]).
type state struct {
	*live.View
	peers   []live.PeerID // that hold anything
	blind   []transit.Blind
	looking []uint32   // networks of which a peer is watching, rising
	telling []uint32   // of them, those of which one has told what it holds
	origins [][]uint32 // of a prefix
}

func newState(v *live.View, ledger []vantage.Blind) (*state, error) {
	s := &state{View: v}
	looks, tells := map[uint32]bool{}, map[uint32]bool{}
	for i := range v.NumPeers() {
		p := v.Peer(live.PeerID(i))
		if p.Held4+p.Held6 > 0 {
			s.peers = append(s.peers, live.PeerID(i))
		}
		if p.Watching {
			looks[p.AS] = true
		}
		if p.Watching && !p.Lacks {
			tells[p.AS] = true
		} else {
			s.blind = append(s.blind, blindness(p, ledger))
		}
	}
	s.looking, s.telling = slices.Sorted(maps.Keys(looks)), slices.Sorted(maps.Keys(tells))
	slices.SortFunc(s.blind, func(a, b transit.Blind) int {
		return cmp.Or(cmp.Compare(a.Collector, b.Collector), cmp.Compare(a.Peer, b.Peer), cmp.Compare(a.AS, b.AS))
	})
	// In the order of their names, so that the order of reading does not matter.
	slices.SortFunc(s.peers, func(a, b live.PeerID) int {
		x, y := v.Peer(a).Peer, v.Peer(b).Peer
		if c := strings.Compare(x.Collector, y.Collector); c != 0 {
			return c
		}
		if c := x.Addr.Compare(y.Addr); c != 0 {
			return c
		}
		return int(int64(x.AS) - int64(y.AS))
	})
	return s, s.index()
}

// blindness says since when and why a peer is not watching, or was not before it came back without
// its table.
func blindness(p live.PeerInfo, ledger []vantage.Blind) transit.Blind {
	out := transit.Blind{Collector: p.Collector, Peer: p.Addr.String(), AS: p.AS, Reason: vantage.MissingFile, Told: p.Held4+p.Held6 > 0, Again: p.Watching}
	for i := range ledger {
		if b := &ledger[i]; b.Of(p.Peer) && (live.Lasts(*b) || p.Watching && b.Forget) {
			out.Since, out.Reason = b.From, b.Reason
		}
	}
	return out
}

// index finds the origins of all prefixes, those of sets too.
func (s *state) index() error {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(s.peers)))
	parts := make([]originsOf, workers)
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			m := originsOf{first: make([]live.Node, s.View.NumPrefixes())}
			for i := w; i < len(s.peers); i += workers {
				for q, r := range s.Row(s.peers[i]) {
					if n := r.Node(); n != 0 {
						m.add(uint32(q), s.Origin(n))
					}
					if r.Others() {
						for _, o := range s.Routes(i, uint32(q)) {
							m.add(uint32(q), s.Origin(live.Node(o.Node())))
						}
					}
				}
			}
			parts[w] = m
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	s.origins = make([][]uint32, s.View.NumPrefixes())
	add := func(q uint32, n live.Node) {
		if set := s.SetOf(n); set != nil {
			s.origins[q] = append(s.origins[q], set...)
		} else if as := s.AS(n); as != 0 {
			s.origins[q] = append(s.origins[q], as)
		}
	}
	single := make([]uint32, len(s.origins)) // one store for the many prefixes of one origin
	for q := range s.origins {
		same := true
		var only live.Node
		for _, m := range parts {
			if n := m.first[q]; n != 0 {
				same = same && (only == 0 || n == only) && m.more[uint32(q)] == nil
				only = n
			}
		}
		if same && only != 0 && s.SetOf(only) == nil {
			single[q] = s.AS(only)
			s.origins[q] = single[q : q+1 : q+1]
			continue
		}
		for _, m := range parts {
			if m.first[q] != 0 {
				add(uint32(q), m.first[q])
			}
			for _, n := range m.more[uint32(q)] {
				add(uint32(q), n)
			}
		}
		slices.Sort(s.origins[q])
		s.origins[q] = slices.Compact(s.origins[q])
	}
	return nil
}

// originsOf are the origins of prefixes at some peers: nearly all have one.
type originsOf struct {
	first []live.Node
	more  map[uint32][]live.Node
}

func (m *originsOf) add(q uint32, n live.Node) {
	switch {
	case m.first[q] == n:
	case m.first[q] == 0:
		m.first[q] = n
	case !slices.Contains(m.more[q], n):
		if m.more == nil {
			m.more = map[uint32][]live.Node{}
		}
		m.more[q] = append(m.more[q], n)
	}
}

// NumPeers implements [transit.State].
func (s *state) NumPeers() int { return len(s.peers) }

// Peer implements [transit.State].
func (s *state) Peer(i int) transit.Peer {
	p := s.View.Peer(s.peers[i])
	return transit.Peer{Name: p.Collector + " " + p.Addr.String(), AS: p.AS, Full: [2]bool{p.Full4, p.Full6}}
}

// Prefix implements [transit.State].
func (s *state) Prefix(q uint32) netip.Prefix { return s.View.Prefix(live.PrefixID(q)) }

// Origins implements [transit.State].
func (s *state) Origins(q uint32) []uint32 { return s.origins[q] }

// Node implements [transit.State].
func (s *state) Node(n uint32) (as, parent uint32) {
	return s.AS(live.Node(n)), uint32(s.Parent(live.Node(n)))
}

// Members implements [transit.State].
func (s *state) Members(n uint32) []uint32 { return s.SetOf(live.Node(n)) }

// Fill implements [transit.State].
func (s *state) Fill(peer int, prefixes []uint32, dst []transit.Route) {
	id := s.peers[peer]
	var some [256]live.Route
	for len(prefixes) > 0 {
		n := min(len(prefixes), len(some))
		s.View.Fill(id, prefixes[:n], some[:n])
		for i, r := range some[:n] {
			dst[i] = 0
			if r.Node() != 0 {
				dst[i] = transit.MakeRoute(uint32(r.Node()), r.Own())
			}
			if r.Others() {
				dst[i] = several(s.Routes(peer, prefixes[i]))
			}
		}
		prefixes, dst = prefixes[n:], dst[n:]
	}
}

// several is the last of some routes, marked if there are others.
func several(rs []transit.Route) transit.Route {
	switch n := len(rs); n {
	case 0:
		return 0
	case 1:
		return rs[0]
	default:
		return rs[n-1].WithOthers()
	}
}

// Routes implements [transit.State].
func (s *state) Routes(peer int, prefix uint32) []transit.Route {
	var out []transit.Route
	for _, r := range s.Paths(s.peers[peer], live.PrefixID(prefix)) {
		if r.Node() != 0 {
			out = append(out, transit.MakeRoute(uint32(r.Node()), r.Own()))
		}
	}
	return out
}
