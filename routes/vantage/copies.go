package vantage

import (
	"net/netip"
	"slices"
	"strings"

	"constat/moment"
)

// leastSame is how many prefixes a peer must have announced and withdrawn for the
// same numbers at two collectors to be no chance, if no record names the
// collector's address.
const leastSame = 16

// MarkCopies marks the peers that are a copy of one at another collector: the same session,
// whose records were written into files of two names, or in two forms.
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
// A session is the same in two forms, too, if 19 in 20 of what the one with less of it says in their common time
// stands in the other, in the same seconds, and if that is 16 prefixes: of a sample ([Sample]), of one peer or of all
// that may be the same. The two may then have no two public addresses of a collector. An answer of RIPEstat that names
// a collector is of that collector's sessions ([HostOf]).
//
// The copy is that of which files were left out; or else that which covers less time, if by more than a tenth;
// or the answer; or that which has fewer files; or fewer records of these sessions; or which comes later.
//
// Examples: the files of rrc80, unpacked and packed again, in a folder rrc99; the same
// with a second added to the time of each record, or with a file missing; what bgpdump -m prints of them.
func (w *Watch) MarkCopies(partly map[[2]string]bool) {
	for i := range w.Collectors {
		for j := range i {
			markCopies(&w.Collectors[j], &w.Collectors[i], partly)
		}
	}
}

// HostOf is the collector that an account of this name is of: an answer of RIPEstat about rrc00
// is of the name "ripestat-rrc00" or, of another time, "ripestat-2-rrc00".
func HostOf(name string) string {
	rest, is := strings.CutPrefix(name, "ripestat-")
	if !is {
		return name
	}
	if n, host, ok := strings.Cut(rest, "-"); ok && n != "" && strings.Trim(n, "0123456789") == "" {
		return host
	}
	return rest
}

// pair is a peer that may be in one session at two collectors.
type pair struct {
	at      [2]*PeerWatch
	of, met int // elements of a sample, and those that both have
}

func markCopies(a, b *Collector, partly map[[2]string]bool) {
	all := pairs(a, b)
	if len(all) == 0 {
		return
	}
	beside := partly[[2]string{b.Name, a.Name}]
	turned := !beside && partly[[2]string{a.Name, b.Name}]
	share, met := beside || turned, meet(a, b)
	host := met && HostOf(a.Name) == HostOf(b.Name) && a.answers() != b.answers()
	of, n := 0, 0 // of all peers
	for i := range all {
		p := &all[i]
		if met && !apart(a, b, p) {
			p.of, p.met = accord(p.at[0].Sample, p.at[1].Sample, common(a, b))
			of, n = of+p.of, n+p.met
		}
	}
	together := agree(of, n)
	var same, quiet []pair
	var more int64 // records that b has of these sessions and a has not
	for _, p := range all {
		x, y := p.at[0], p.at[1]
		switch {
		case host || sameSession(x, y, share, met) || agree(p.of, p.met) || together && p.of > 0 && alike(p.of, p.met):
			same = append(same, p)
			more += y.Announced + y.Withdrawn - x.Announced - x.Withdrawn
		case onlyTables(x) || onlyTables(y) || p.of == 0 && together && !apart(a, b, &p):
			quiet = append(quiet, p)
		}
	}
	if len(same) == 0 {
		return
	}
	if !share {
		turned = fuller(a, b, more)
	}
	copied, name := 1, a.Name
	if turned {
		copied, name = 0, b.Name
	}
	for _, s := range same {
		s.at[copied].CopyOf = name
	}
	for _, s := range quiet {
		if onlyTables(s.at[copied]) || together && s.of == 0 {
			s.at[copied].CopyOf = name
		}
	}
}

// pairs are the peers of two collectors that have one address and one AS, or of which one account
// does not know it.
func pairs(a, b *Collector) (out []pair) {
	of, at := map[Peer]*PeerWatch{}, map[netip.Addr][]*PeerWatch{}
	for i := range a.Peers {
		if p := &a.Peers[i]; p.CopyOf == "" {
			of[Peer{Addr: p.Peer, AS: p.AS}] = p
			at[p.Peer] = append(at[p.Peer], p)
		}
	}
	for i := range b.Peers {
		p := &b.Peers[i]
		if p.CopyOf != "" {
			continue
		}
		q := of[Peer{Addr: p.Peer, AS: p.AS}]
		if list := at[p.Peer]; q == nil && len(list) == 1 && (p.AS == 0 || list[0].AS == 0) {
			q = list[0]
		}
		if q != nil {
			out = append(out, pair{at: [2]*PeerWatch{q, p}})
		}
	}
	return out
}

// apart reports whether records name two addresses of collectors, so that it is two sessions.
// A router that tells of its sessions (BMP) names its own, or none that means anything to others.
func apart(a, b *Collector, p *pair) bool {
	x, y := p.at[0].Local, p.at[1].Local
	if len(x) == 0 || len(y) == 0 || slices.ContainsFunc(x, func(l netip.Addr) bool { return slices.Contains(y, l) }) {
		return false
	}
	return slices.ContainsFunc(x, public) && slices.ContainsFunc(y, public) || !a.told() && !b.told()
}

// told reports whether a router tells of its sessions in the collector's files, by BMP.
func (c *Collector) told() bool {
	return slices.ContainsFunc(c.Files, func(f File) bool { return strings.HasPrefix(f.Format, "BMP") })
}

// common is the time in which both collectors have records.
func common(a, b *Collector) moment.Interval {
	x, _ := a.records()
	y, _ := b.records()
	return moment.Interval{From: max(x.From, y.From), Until: min(x.Until, y.Until)}
}

// records is the time from the first to the last record of a collector's updates; all of what was asked, of answers.
func (c *Collector) records() (in moment.Interval, ok bool) {
	for i := range c.Files {
		f := &c.Files[i]
		if f.Kind == "rib" || f.First == nil {
			continue
		}
		from, until := f.First.Floor(), f.Last.Floor()+moment.Second
		if f.Asked != nil {
			from, until = f.Asked.From.Floor(), f.Asked.Until.Ceil()
		}
		if !ok {
			in, ok = moment.Interval{From: from, Until: until}, true
		}
		in.From, in.Until = min(in.From, from), max(in.Until, until)
	}
	return in, ok
}

// fuller reports whether of two accounts the second stays.
func fuller(a, b *Collector, more int64) bool {
	x, _ := a.records()
	y, _ := b.records()
	if m, n := x.Until-x.From, y.Until-y.From; a.form() != b.form() && 10*max(m-n, n-m) > max(m, n) {
		return n > m
	}
	if a.answers() != b.answers() {
		return a.answers()
	}
	return len(b.Files) > len(a.Files) || len(b.Files) == len(a.Files) && more > 0
}

// form is that of a collector's files; that of the first if there are several.
func (c *Collector) form() string {
	if len(c.Files) == 0 {
		return ""
	}
	return c.Files[0].Format
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
