package plays

import (
	"net/netip"
	"slices"
)

// What any complete reading of the files can know of a route at a second.
const (
	unseen  = iota // nothing
	told           // what the peer's last word or a table says
	lacking        // a complete table, or the whole table that the peer sent, is without it, and no withdrawal was recorded
)

// route is the account of one peer and one prefix, by second: who truly originated what the
// peer held (0: it held nothing), and what is known of it.
type route struct {
	truth []uint32
	know  []byte
	stale []bool // the records have it still, and it is gone
}

// account is all of a world, second by second.
type account struct {
	w        *World
	prefixes []netip.Prefix
	routes   map[netip.Prefix][]route          // by peer
	by       map[netip.Prefix]origins          // who ever announced it
	shown    map[netip.Prefix]map[uint32]int64 // who is seen to announce it, and since when
	near     map[netip.Prefix][]netip.Prefix   // others that hold it, or lie within it
}

func originOf(path []uint32) uint32 {
	if len(path) == 0 {
		return 0
	}
	return path[len(path)-1]
}

// follow walks each peer through the two hours.
func follow(w *World) *account {
	a := &account{w: w, routes: map[netip.Prefix][]route{}, near: map[netip.Prefix][]netip.Prefix{}, by: map[netip.Prefix]origins{}, shown: map[netip.Prefix]map[uint32]int64{}}
	all := map[netip.Prefix]bool{}
	for _, p := range w.Peers {
		for q := range p.base {
			all[q] = true
		}
		for _, c := range p.changes {
			all[c.prefix] = true
		}
	}
	for q := range all {
		if b := q.Addr().As4()[0]; b != 60 && b != 61 {
			a.prefixes = append(a.prefixes, q)
		}
	}
	slices.SortFunc(a.prefixes, byPrefix)
	for _, q := range a.prefixes {
		for _, x := range a.prefixes {
			if x != q && x.Overlaps(q) {
				a.near[q] = append(a.near[q], x)
			}
		}
		for range w.Peers {
			a.routes[q] = append(a.routes[q], route{make([]uint32, span), make([]byte, span), make([]bool, span)})
		}
	}
	for _, q := range a.prefixes {
		a.shown[q] = map[uint32]int64{}
	}
	for i, p := range w.Peers {
		a.peer(i, p)
	}
	for q, rs := range a.routes {
		a.by[q] = origins{}
		for _, r := range rs {
			for _, as := range r.truth {
				if as != 0 {
					a.by[q][as] = true
				}
			}
		}
	}
	return a
}

// walk is what is true and what is known of one peer, second after second.
type walk struct {
	a        *account
	i        int
	p        *Peer
	held     map[netip.Prefix]uint32
	know     map[netip.Prefix]byte
	muted    map[netip.Prefix]bool  // the last change was not recorded
	recorded map[netip.Prefix]bool  // the last recorded word has it held
	last     map[netip.Prefix]int64 // when the peer last spoke of it
	began    int64                  // since when it has been watching
}

func (a *account) peer(i int, p *Peer) {
	x := &walk{a: a, i: i, p: p, held: map[netip.Prefix]uint32{}, know: map[netip.Prefix]byte{}, muted: map[netip.Prefix]bool{},
		recorded: map[netip.Prefix]bool{}, last: map[netip.Prefix]int64{}, began: noon}
	for q, path := range p.base {
		x.held[q], x.recorded[q] = originOf(path), true
	}
	p.Watching = make([]bool, span)
	k := 0
	for t := int64(noon); t < noon+span; t++ {
		watching := !p.off(t) && !a.w.missing(p.Collector, t)
		p.Watching[t-noon] = watching
		if !watching {
			clear(x.know)
			x.began = t + 1
		}
		for _, b := range p.breaks {
			if t == b.until && watching {
				x.sent(t, b)
			}
		}
		for ; k < len(p.changes) && p.changes[k].at <= t; k++ {
			x.change(t, &p.changes[k], watching)
		}
		if watching && slices.Contains(a.w.tables, t) {
			x.table(t)
		}
		for _, q := range a.prefixes {
			r, s := &a.routes[q][i], t-noon
			r.truth[s], r.know[s] = x.held[q], x.know[q]
			r.stale[s] = x.know[q] == told && x.held[q] == 0 && x.muted[q]
		}
	}
}

// sent: the peer sends its whole table. What it does not send it has not, whatever it had said
// before; if nothing marks the table as whole, nobody can know that it was one.
func (x *walk) sent(t int64, b rest) {
	for _, q := range x.a.prefixes {
		switch {
		case x.held[q] != 0:
			x.know[q], x.last[q], x.recorded[q] = told, t, true
			x.show(q, t)
		case b.silent && !b.marked:
		case x.know[q] == unseen || x.recorded[q]:
			x.know[q] = lacking
		}
	}
}

func (x *walk) change(t int64, c *change, watching bool) {
	x.held[c.prefix], x.muted[c.prefix] = originOf(c.path), c.mute
	if !watching || c.mute {
		return
	}
	if c.path == nil && x.know[c.prefix] == unseen && x.a.routes[c.prefix] != nil {
		// What it withdraws it had, since it could be seen.
		for s := x.began; s < t; s++ {
			x.a.routes[c.prefix][x.i].know[s-noon] = told
		}
	}
	x.know[c.prefix], x.last[c.prefix], x.recorded[c.prefix] = told, t, c.path != nil
	x.show(c.prefix, t)
}

// show notes that records or a table name who announces what the peer holds.
func (x *walk) show(q netip.Prefix, t int64) {
	as, of := x.held[q], x.a.shown[q]
	if as == 0 || of == nil {
		return
	}
	if was, ok := of[as]; !ok || t < was {
		of[as] = t
	}
}

// table: a complete dump lists what the peer holds.
func (x *walk) table(t int64) {
	for _, q := range x.a.prefixes {
		x.show(q, t)
		switch {
		case x.know[q] == unseen && (x.held[q] != 0 || t == noon):
			x.know[q] = told
		case x.know[q] == unseen:
			x.know[q] = lacking
		case x.know[q] == told && x.held[q] == 0 && x.muted[q] && x.last[q] < t-quiet:
			x.know[q] = lacking
		}
	}
}

// What a prefix is at a peer, at a second.
const (
	no     = iota // never carried, or nothing known
	holds         // the subject's route, or others of it that stand in
	lost          // known to be gone
	lacks         // a table is without it
	usual         // gone back to another origin's route that the peer usually has
	hidden        // nothing is known of it
	stale         // gone, and no record says so
)

// origins are the networks of a subject; nil stands for whoever announces.
type origins map[uint32]bool

func (o origins) has(as uint32) bool { return as != 0 && (o == nil || o[as]) }

func of(as ...uint32) origins {
	o := origins{}
	for _, n := range as {
		o[n] = true
	}
	return o
}

// reach reports whether what a peer holds of a set of networks gives the prefix a route: the
// prefix itself, a less specific one, or more specific ones that together have all its addresses.
// The second result is false if that cannot be known.
func (a *account) reach(i int, q netip.Prefix, o origins, s int) (bool, bool) {
	r := &a.routes[q][i]
	if o.has(r.truth[s]) {
		return true, r.know[s] == told
	}
	known := r.know[s] != unseen
	var parts []netip.Prefix
	for _, x := range a.near[q] {
		y := &a.routes[x][i]
		switch {
		case !o.has(y.truth[s]):
			// Of what nobody has nobody need know whether this one has it.
			if y.know[s] == unseen && a.anybody(x, o, s) {
				known = false
			}
		case x.Bits() < q.Bits():
			return true, y.know[s] == told
		default:
			parts = append(parts, x)
		}
	}
	return len(parts) > 0 && filled(q, parts), known
}

// anybody reports whether any peer has a prefix of a set of networks at a second.
func (a *account) anybody(q netip.Prefix, o origins, s int) bool {
	if !a.ever(q, o) {
		return false
	}
	for i := range a.routes[q] {
		if o.has(a.routes[q][i].truth[s]) {
			return true
		}
	}
	return false
}

// filled reports whether prefixes within another have all its addresses.
func filled(q netip.Prefix, parts []netip.Prefix) bool {
	if slices.Contains(parts, q) {
		return true
	}
	if !slices.ContainsFunc(parts, func(x netip.Prefix) bool { return x.Bits() > q.Bits() && q.Contains(x.Addr()) }) {
		return false
	}
	low := netip.PrefixFrom(q.Addr(), q.Bits()+1)
	b := q.Addr().As4()
	b[q.Bits()/8] |= 1 << (7 - q.Bits()%8)
	return filled(low, parts) && filled(netip.PrefixFrom(netip.AddrFrom4(b), q.Bits()+1), parts)
}

// ever reports whether any peer has a prefix of a set of networks at any time.
func (a *account) ever(q netip.Prefix, o origins) bool {
	for as := range a.by[q] {
		if o.has(as) {
			return true
		}
	}
	return false
}

// line is what a prefix of a subject is at a peer, by second.
type line struct {
	state []byte
	truly []bool // whether it has a route of the subject, known or not
}

// lines reads one prefix of a subject at all peers, from a second on: what was before the last
// table ahead of a question is not read for it.
func (a *account) lines(q netip.Prefix, o origins, start int) []line {
	out := make([]line, len(a.w.Peers))
	for i := range out {
		out[i] = line{make([]byte, span), make([]bool, span)}
		carried := false
		r := &a.routes[q][i]
		base := originOf(a.w.Peers[i].base[q])
		for s := range span {
			has, known := a.reach(i, q, o, s)
			out[i].truly[s] = has
			// A peer at which only a less specific of the subject stands carries no route of
			// the prefix.
			carried = carried || s >= start && o.has(r.truth[s])
			var x byte = no
			switch {
			case !carried:
			case !known:
				x = hidden
			case has:
				x = holds
			case r.stale[s]:
				x = stale
			case r.know[s] == lacking:
				x = lacks
			case r.truth[s] != 0 && (base != 0 && !o.has(base) || a.w.several), s > 0 && out[i].state[s-1] == usual:
				// That the other's goes then is no loss of the subject's.
				x = usual
			default:
				x = lost
			}
			out[i].state[s] = x
		}
	}
	return out
}

// count counts the states of a prefix at a second, and the networks of those without it.
func (a *account) count(ls []line, s int) (n [7]int, networks int) {
	as := map[uint32]bool{}
	for i := range ls {
		x := ls[i].state[s]
		n[x]++
		if x == lost || x == lacks {
			as[a.w.Peers[i].AS] = true
		}
	}
	return n, len(as)
}

// subject gives the prefixes that a set of networks announced, but for those that are not theirs. Of a
// withdrawal alone, before a moment, nobody knows whose route it was.
func (a *account) subject(o origins, aside map[netip.Prefix]bool, until int64) []netip.Prefix {
	var out []netip.Prefix
	for _, q := range a.prefixes {
		shown := false
		for as, t := range a.shown[q] {
			shown = shown || o.has(as) && t < until
		}
		if shown && !aside[q] {
			out = append(out, q)
		}
	}
	return out
}
