package vantage

import (
	"net/netip"
	"slices"

	"constat/moment"
)

// leastSame is how many prefixes a peer must have announced and withdrawn for the
// same numbers at two collectors to be no chance, if no record names the
// collector's address.
const leastSame = 16

// MarkCopies marks the peers that are a copy of one at another collector: the same session,
// whose records were written into files of two names.
//
// A session is the same if peer and AS are, and the collector's address in it, and if this
// is no private one: two collectors cannot both be the end of one session. It does not
// matter how much of it each has, or at what times. Of two collectors whose files do not
// lie at one time it is not said, as a collector may have been given another name. If
// records name a private address, as many prefixes must have been announced and withdrawn
// and the same changes of state logged; if they name none, it takes 16 prefixes that were
// announced or withdrawn at the same first and last moment in the same number, with the
// same times of life. Neither is asked for where files of one collector were left out as
// those of the other (partly: the name of the copy, and of whose the files are). Peers of
// which nothing but the copy's tables speak are copies if any session of the two is.
//
// The copy is that of which files were left out; or else that which has fewer files; or
// fewer records of these sessions; or which comes later.
//
// Examples: the files of rrc80, unpacked and packed again, in a folder rrc99; the same
// with a second added to the time of each record, or with a file missing.
func (w *Watch) MarkCopies(partly map[[2]string]bool) {
	for i := range w.Collectors {
		for j := range i {
			markCopies(&w.Collectors[j], &w.Collectors[i], partly)
		}
	}
}

func markCopies(a, b *Collector, partly map[[2]string]bool) {
	of := map[Peer]*PeerWatch{}
	for i := range a.Peers {
		if p := &a.Peers[i]; p.CopyOf == "" {
			of[Peer{Addr: p.Peer, AS: p.AS}] = p
		}
	}
	beside := partly[[2]string{b.Name, a.Name}]
	turned := !beside && partly[[2]string{a.Name, b.Name}]
	share, met := beside || turned, meet(a, b)
	var same, tables [][2]*PeerWatch
	var more int64 // records that b has of these sessions and a has not
	for i := range b.Peers {
		p := &b.Peers[i]
		q := of[Peer{Addr: p.Peer, AS: p.AS}]
		if q == nil || p.CopyOf != "" {
			continue
		}
		switch {
		case sameSession(q, p, share, met):
			same = append(same, [2]*PeerWatch{q, p})
			more += p.Announced + p.Withdrawn - q.Announced - q.Withdrawn
		case onlyTables(q) || onlyTables(p):
			tables = append(tables, [2]*PeerWatch{q, p})
		}
	}
	if len(same) == 0 {
		return
	}
	if !share {
		turned = len(b.Files) > len(a.Files) || len(b.Files) == len(a.Files) && more > 0
	}
	copied, name := 1, a.Name
	if turned {
		copied, name = 0, b.Name
	}
	for _, s := range same {
		s[copied].CopyOf = name
	}
	for _, s := range tables {
		if onlyTables(s[copied]) {
			s[copied].CopyOf = name
		}
	}
}

// onlyTables reports whether no update speaks of a peer.
func onlyTables(p *PeerWatch) bool {
	return len(p.Local) == 0 && p.Announced+p.Withdrawn == 0
}

// sameSession reports whether what is known of a peer at two collectors is of one session.
// share says that they have files in common, met that they have files of one time.
func sameSession(p, q *PeerWatch, share, met bool) bool {
	alike := p.Announced == q.Announced && p.Withdrawn == q.Withdrawn &&
		slices.EqualFunc(p.States, q.States, func(a, b StateChange) bool { return a.Old == b.Old && a.New == b.New })
	named := false
	for _, l := range p.Local {
		if l.IsUnspecified() || !slices.Contains(q.Local, l) {
			continue
		}
		if named = true; met && public(l) {
			return true
		}
	}
	switch {
	case named:
		return share || alike
	case len(p.Local) > 0 && len(q.Local) > 0 && !slices.Equal(p.Local, q.Local):
		return false
	}
	return share || p.Announced+p.Withdrawn >= leastSame && sameFacts(p, q)
}

// shared is the space of addresses behind carriers' translators (RFC 6598 §7).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// public reports whether an address is one host's wherever it is named.
func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// meet reports whether two collectors have files of one time, or if that is not known.
func meet(a, b *Collector) bool {
	from, until, ok := a.hull()
	f, u, is := b.hull()
	lo, hi := max(from, f), min(until, u)
	return !ok || !is || lo < hi || lo == hi && (from == until || f == u)
}

// hull is the time from the first to the last of a collector's files.
func (c *Collector) hull() (from, until moment.Time, ok bool) {
	for _, f := range c.Files {
		start, end := f.Start, f.End
		if start == nil || end == nil {
			start, end = f.First, f.Last
		}
		if start == nil || end == nil {
			continue
		}
		if !ok {
			from, until, ok = *start, *end, true
		}
		from, until = min(from, *start), max(until, *end)
	}
	return from, until, ok
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
