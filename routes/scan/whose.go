package scan

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
	"constat/wire/bgp"
)

// peerKey is a peer of a collector by address and AS.
type peerKey struct {
	addr netip.Addr
	as   uint32
}

func (k peerKey) String() string { return fmt.Sprintf("%s AS%d", k.addr, k.as) }

func compareKeys(a, b peerKey) int {
	return cmp.Or(a.addr.Compare(b.addr), cmp.Compare(a.as, b.as))
}

func compareTables(a, b vantage.TableSize) int {
	return compareKeys(peerKey{a.Peer, a.AS}, peerKey{b.Peer, b.AS})
}

// isName reports whether an AS number in a record names an AS. AS_TRANS stands
// for any that two bytes cannot hold (RFC 6793 §2), 0 for none.
func isName(as uint32) bool { return as != 0 && as != bgp.ASTrans }

// logged is a change of state as it stands in a file: of the session of peer
// with the collector's own side self.
type logged struct {
	vantage.StateChange
	peer, self peerKey
}

// unknown reports whether the record has no address for a side of a session:
// none at all, or 0.0.0.0.
func unknown(a netip.Addr) bool { return !a.IsValid() || a.IsUnspecified() }

// whose tells which peers of a collector there are and what is whose, from all
// its files.
type whose struct {
	named map[netip.Addr][]uint32            // ASes that records name, by address
	lead  map[netip.Addr]uint32              // the AS that all paths begin with of records that name none; 0: none
	local map[netip.Addr]map[netip.Addr]bool // the collector's addresses in the sessions of an address
	spoke map[netip.Addr]bool                // addresses of which there are routes
	self  map[netip.Addr]bool                // all addresses of the collector
}

func newWhose(scans []*Scan) (*whose, error) {
	w := &whose{map[netip.Addr][]uint32{}, map[netip.Addr]uint32{}, map[netip.Addr]map[netip.Addr]bool{}, map[netip.Addr]bool{}, map[netip.Addr]bool{}}
	mixed := map[netip.Addr]bool{}
	changed := map[peerKey]bool{}
	for _, s := range scans {
		peers, changes, _, err := s.open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.File.Name, err)
		}
		for _, l := range changes {
			if isName(l.peer.as) {
				changed[l.peer] = true
			}
		}
		for k, p := range peers {
			w.spoke[k.addr] = true
			if isName(k.as) && !slices.Contains(w.named[k.addr], k.as) {
				w.named[k.addr] = append(w.named[k.addr], k.as)
			}
			if p.nameless && (p.lead != 0 || p.mixed) {
				if p.mixed || w.lead[k.addr] != 0 && w.lead[k.addr] != p.lead {
					mixed[k.addr] = true
				}
				w.lead[k.addr] = p.lead
			}
			if !unknown(p.local) {
				if w.local[k.addr] == nil {
					w.local[k.addr] = map[netip.Addr]bool{}
				}
				w.local[k.addr][p.local] = true
				w.self[p.local] = true
			}
		}
	}
	for a := range mixed {
		w.lead[a] = 0
	}
	// A change of state may name an AS that the messages do not.
	for k := range changed {
		if w.spoke[k.addr] && !slices.Contains(w.named[k.addr], k.as) {
			w.named[k.addr] = append(w.named[k.addr], k.as)
		}
	}
	return w, nil
}

// of returns the peer that a record's address and AS stand for. An AS that the
// record does not name is the only one that others name for the address, or the
// one that the paths begin with.
func (w *whose) of(k peerKey) peerKey {
	if isName(k.as) {
		return k
	}
	named, lead := w.named[k.addr], w.lead[k.addr]
	switch {
	case len(named) == 1:
		return peerKey{k.addr, named[0]}
	case len(named) == 0 || slices.Contains(named, lead):
		return peerKey{k.addr, lead}
	}
	return peerKey{k.addr, 0}
}

// change returns whose a change of state is, and how the record says so. The
// peer is invalid if the record names no address.
func (w *whose) change(l logged) (peerKey, string) {
	switch {
	case unknown(l.peer.addr):
		return peerKey{}, vantage.NamedByAS
	case w.spoke[l.peer.addr] || unknown(l.self.addr):
	case w.spoke[l.self.addr] && (w.local[l.self.addr] == nil || w.local[l.self.addr][l.peer.addr]),
		w.self[l.peer.addr] && !w.self[l.self.addr]:
		return w.of(l.self), vantage.NamedInReverse
	}
	return w.of(l.peer), ""
}

// lost finds whose sessions were lost of which a record says nothing but the AS,
// and notes it there. Of several sessions with that AS it is those that were
// logged to open again afterwards, or else those that were not heard again, or
// else, as nobody knows, all of them.
func lost(peers map[peerKey]*joined, byAS []logged) {
	for _, l := range byAS {
		// A change between other states is of a session that carried nothing.
		if l.Old != vantage.Established || l.New == vantage.Established || !isName(l.peer.as) {
			continue
		}
		var all []*joined
		for k, j := range peers {
			if k.as == l.peer.as && !j.downAt(l.At) {
				all = append(all, j)
			}
		}
		chosen := slices.DeleteFunc(slices.Clone(all), func(j *joined) bool { return !j.reopened(l.At) })
		if len(chosen) == 0 {
			chosen = slices.DeleteFunc(slices.Clone(all), func(j *joined) bool { return j.heardAfter(l.At) })
		}
		if len(chosen) == 0 {
			chosen = all
		}
		for _, j := range chosen {
			c := l.StateChange
			c.Named = vantage.NamedByAS
			j.States = append(j.States, c)
			j.sortStates()
		}
	}
}

func (j *joined) sortStates() {
	slices.SortStableFunc(j.States, func(a, b vantage.StateChange) int { return cmp.Compare(a.At, b.At) })
}

// downAt reports whether the session is logged to be down before a moment and
// the peer has not been heard since.
func (j *joined) downAt(at moment.Time) bool {
	var last *vantage.StateChange
	for i := range j.States {
		if j.States[i].At < at {
			last = &j.States[i]
		}
	}
	if last == nil || last.New == vantage.Established {
		return false
	}
	return !slices.ContainsFunc(j.bursts, func(b burst) bool { return b.last > last.At && b.from < at })
}

// reopened reports whether the next change of state that is logged at a moment
// or later is of a session that is not established.
func (j *joined) reopened(at moment.Time) bool {
	i := slices.IndexFunc(j.States, func(s vantage.StateChange) bool { return s.At >= at })
	return i >= 0 && j.States[i].Old != vantage.Established && j.States[i].Old != 0
}

func (j *joined) heardAfter(at moment.Time) bool {
	return slices.ContainsFunc(j.bursts, func(b burst) bool { return b.last > at })
}
