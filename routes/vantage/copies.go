package vantage

import (
	"net/netip"
	"slices"
)

// leastSame is how many prefixes a peer must have announced and withdrawn for the
// same numbers at two collectors to be no chance, if no record names the
// collector's address.
const leastSame = 16

// MarkCopies marks the peers that are a copy of one at a collector that comes before:
// the same session, whose records were written into files of two names.
//
// A session is the same if peer and AS are, and the collector's address in it, and how
// many prefixes were announced and withdrawn, and which changes of state were logged: both
// ends of a session are in its records, and whoever stamps these with other times has no
// second session. A peer that feeds two collectors has two, with two addresses of
// collectors. If no record names these, it takes 16 prefixes that were announced or
// withdrawn at the same first and last moment in the same number, with the same times of
// life. Peers of which nothing but tables speak are copies at two collectors of which one
// session is the same.
//
// Examples: the files of rrc80, unpacked and packed again, in a folder rrc99; the same
// with a second added to the time of each record.
func (w *Watch) MarkCopies() {
	for i := range w.Collectors {
		for j := range i {
			markCopies(&w.Collectors[j], &w.Collectors[i])
		}
	}
}

func markCopies(a, b *Collector) {
	of := map[Peer]*PeerWatch{}
	for i := range a.Peers {
		p := &a.Peers[i]
		of[Peer{Addr: p.Peer, AS: p.AS}] = p
	}
	var same []*PeerWatch
	sure := false
	for i := range b.Peers {
		p := &b.Peers[i]
		q := of[Peer{Addr: p.Peer, AS: p.AS}]
		if q == nil || p.CopyOf != "" {
			continue
		}
		n := p.Announced + p.Withdrawn
		session := sameSession(p, q)
		switch {
		case session && n > 0, n >= leastSame && sameFacts(p, q):
			sure = true
		case !session && !sameFacts(p, q) && (n > 0 || q.Announced+q.Withdrawn > 0 || !slices.Equal(p.Local, q.Local)):
			continue
		}
		same = append(same, p)
	}
	if !sure {
		return
	}
	for _, p := range same {
		p.CopyOf = a.Name
	}
}

// sameSession reports whether the records of two peers name one session, and tell as much
// of it, at whatever time.
func sameSession(p, q *PeerWatch) bool {
	return len(p.Local) > 0 && slices.Equal(p.Local, q.Local) && !slices.ContainsFunc(p.Local, netip.Addr.IsUnspecified) &&
		p.Announced == q.Announced && p.Withdrawn == q.Withdrawn &&
		slices.EqualFunc(p.States, q.States, func(a, b StateChange) bool { return a.Old == b.Old && a.New == b.New })
}

func sameFacts(p, q *PeerWatch) bool {
	return p.First == q.First && p.Last == q.Last && p.Announced == q.Announced && p.Withdrawn == q.Withdrawn &&
		slices.Equal(p.Local, q.Local) && slices.Equal(p.Alive, q.Alive) && slices.Equal(p.States, q.States)
}

// Originals returns the watch without the peers that are copies, and without the
// collectors that have no other, and the peers that it left out.
func (w *Watch) Originals() (*Watch, []Peer) {
	out := &Watch{Format: w.Format, byAddress: w.byAddress}
	var copies []Peer
	for _, c := range w.Collectors {
		var peers []PeerWatch
		for _, p := range c.Peers {
			if p.CopyOf == "" {
				peers = append(peers, p)
				continue
			}
			for _, as := range append([]uint32{p.AS}, p.Also...) {
				copies = append(copies, Peer{Collector: c.Name, Addr: p.Peer, AS: as})
			}
		}
		if len(peers) == 0 && len(c.Peers) > 0 {
			continue
		}
		if len(peers) < len(c.Peers) {
			c.Peers = peers
		}
		out.Collectors = append(out.Collectors, c)
	}
	if len(copies) == 0 {
		return w, nil
	}
	return out, copies
}

// CopiesOf lists which collectors have copies of which, as "rrc99 = rrc80".
func (w *Watch) CopiesOf() []string {
	var out []string
	for _, c := range w.Collectors {
		for _, p := range c.Peers {
			if s := c.Name + " = " + p.CopyOf; p.CopyOf != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
