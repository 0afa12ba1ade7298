package transit

import (
	"cmp"
	"slices"
)

// trim is the part of the peers that is left out at either end.
const trim = 0.1

// Hegemony is how much of a scope's address space crosses a network, over the peers.
type Hegemony struct {
	AS uint32 `json:"as"`
	// Hegemony is the mean over all peer networks that send full tables, after a tenth
	// was left out at both ends; those without a route to the subject count 0.
	Hegemony float64 `json:"hegemony"`
	// Sparse is the same over those alone that have a route to the subject.
	Sparse float64 `json:"sparse"`
	// Share is the mean over those, nothing left out.
	Share float64 `json:"share"`
	Peers int     `json:"peers"` // peer networks at which it appears
}

// trimmed is the mean of values and as many zeros as make them n, after the tenth at
// either end was left out. The values are sorted in place.
func trimmed(values []float64, n int) float64 {
	if n == 0 {
		return 0
	}
	slices.Sort(values)
	cut := int(trim * float64(n))
	zeros := n - len(values)
	sum := 0.0
	for i := max(cut-zeros, 0); i < len(values)-cut; i++ {
		sum += values[i]
	}
	return sum / float64(n-2*cut)
}

// scores collects the scores of one peer AS after the other.
type scores struct {
	l       *local
	acc     []float64 // weights of networks at the router at hand
	mark    []uint32  // of a network: the last path that it was seen on
	path    uint32
	touched []int32
	sum     []float64 // of scores over the routers of the peer AS
	group   []int32
	values  [][]float64 // of a network: its score at each peer AS where it has one
	peers   int         // peer ASes that have a route
	all     int         // peer ASes
}

func (s *scores) grow() {
	for n := len(s.l.ases); len(s.acc) < n; {
		s.acc, s.sum, s.mark, s.values = append(s.acc, 0), append(s.sum, 0), append(s.mark, 0), append(s.values, nil)
	}
}

// add adds weight to all networks of a node's path, and to a peer's own in front of it.
// A network that stands on it twice counts once.
func (s *scores) add(node int32, own uint32, weight float64) {
	s.path++
	if own != 0 {
		s.put(s.l.network(own), weight)
	}
	for i := node; i >= 0; i = s.l.nodes[i].parent {
		n := &s.l.nodes[i]
		if n.net >= 0 {
			s.put(n.net, weight)
			continue
		}
		set := s.l.sets[i]
		if n.parent < 0 {
			set = s.l.ownOf(set)
		}
		for _, m := range set {
			s.put(m, weight/float64(len(set)))
		}
	}
}

func (s *scores) put(net int32, weight float64) {
	s.grow()
	if s.mark[net] == s.path {
		return
	}
	s.mark[net] = s.path
	if s.acc[net] == 0 && weight != 0 {
		s.touched = append(s.touched, net)
	}
	s.acc[net] += weight
}

// router ends a router whose routes weigh total in all.
func (s *scores) router(total float64) {
	for _, n := range s.touched {
		if total > 0 {
			if s.sum[n] == 0 {
				s.group = append(s.group, n)
			}
			s.sum[n] += s.acc[n] / total
		}
		s.acc[n] = 0
	}
	s.touched = s.touched[:0]
}

// peer ends a peer AS of so many routers: its score is the mean over them, and a
// network that is absent at one of them counts 0 there.
func (s *scores) peer(routers int) {
	s.all++
	if len(s.group) > 0 {
		s.peers++
	}
	for _, n := range s.group {
		s.values[n] = append(s.values[n], s.sum[n]/float64(routers))
		s.sum[n] = 0
	}
	s.group = s.group[:0]
}

// result is the hegemony of all networks, the largest first: the formula as IHR's
// documents have it, which is not the one of its program (docs/design/chokepoints.md).
func (s *scores) result() []Hegemony {
	out := []Hegemony{}
	for n, v := range s.values {
		if len(v) == 0 {
			continue
		}
		sum := 0.0
		for _, x := range v {
			sum += x
		}
		h := Hegemony{AS: s.l.ases[n], Peers: len(v), Share: tidy(sum / float64(s.peers))}
		h.Hegemony, h.Sparse = tidy(trimmed(v, s.all)), tidy(trimmed(v, s.peers))
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hegemony) int {
		return cmp.Or(cmp.Compare(b.Hegemony, a.Hegemony), cmp.Compare(b.Share, a.Share), cmp.Compare(a.AS, b.AS))
	})
	return out
}
