package vantage

import "constat/wire/mrt"

// PeerIndex finds the peer whose an element is.
type PeerIndex struct {
	at        map[Peer]int // by the AS that records name
	byAddress bool         // the AS is 0 throughout
}

// Index returns where each peer of the watch stands: the peers of the first
// collector in their order, then those of the second.
func (w *Watch) Index() *PeerIndex {
	x := &PeerIndex{at: map[Peer]int{}, byAddress: w.byAddress}
	n := 0
	for i := range w.Collectors {
		c := &w.Collectors[i]
		for j := range c.Peers {
			x.add(Peer{Collector: c.Name, Addr: c.Peers[j].Peer, AS: c.Peers[j].AS}, c.Peers[j].Also, n)
			n++
		}
	}
	return x
}

func (x *PeerIndex) add(p Peer, also []uint32, i int) {
	if x.byAddress {
		p.AS, also = 0, nil
	}
	x.at[p] = i
	for _, as := range also {
		p.AS = as
		x.at[p] = i
	}
}

// Of returns where the peer of an element stands in the list that the index
// belongs to.
func (x *PeerIndex) Of(collector string, e *mrt.Elem) (int, bool) {
	return x.Named(Peer{Collector: collector, Addr: e.PeerAddr, AS: e.PeerAS})
}

// Named is [PeerIndex.Of] for the peer whom a record names.
func (x *PeerIndex) Named(p Peer) (int, bool) {
	if x.byAddress {
		p.AS = 0
	}
	i, ok := x.at[p]
	return i, ok
}
