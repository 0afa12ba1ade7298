package rib

import (
	"cmp"
	"slices"
)

// What a table says against what was told. A route that a peer announced stands until it is
// withdrawn; if a complete table of the peer does not list it meanwhile, and no withdrawal
// follows, then one was missed, and since when nobody knows.

// Lack is a time in which a complete table of a peer speaks against a route that it holds by
// what it told: from the table on, until the peer speaks of the route again.
type Lack struct{ From, Until int64 }

// lackSlack is how long before the last record of a table a route must have stood: dumps run
// for minutes, and what comes while one is written may be left out.
const lackSlack = 900

// due is a table that is complete at a second.
type due struct {
	at     int64
	peers  [2][]int32 // of which it lists the IPv4 and IPv6 routes
	listed []uint64   // by prefix and peer: a bit for each route that it lists
}

// schedule lists the tables that may speak against anything: those that come after what
// was told first.
func (t *Table) schedule() {
	byTime := map[int64]*due{}
	for i := range t.Peers {
		p := &t.Peers[i]
		for family, ss := range [2][]int64{p.Snapshots4, p.Snapshots6} {
			for _, s := range ss {
				if s < p.Begin+lackSlack {
					continue
				}
				if byTime[s] == nil {
					byTime[s] = &due{at: s}
				}
				byTime[s].peers[family] = append(byTime[s].peers[family], int32(i))
			}
		}
	}
	for _, d := range byTime {
		t.dues = append(t.dues, *d)
	}
	slices.SortFunc(t.dues, func(a, b due) int { return cmp.Compare(a.at, b.at) })
}

func (t *Table) family(prefix int) int {
	if t.Prefixes[prefix].Addr().Is4() {
		return 0
	}
	return 1
}

// list notes that a table has a route, at second at.
func (t *Table) list(at int64, peer, prefix int) {
	if len(t.dues) == 0 {
		return
	}
	of, ok := firstIn(t.Peers[peer].snapshots(t.Prefixes[prefix]), at, 1<<62)
	i, is := slices.BinarySearchFunc(t.dues, of, func(d due, at int64) int { return cmp.Compare(d.at, at) })
	if !ok || !is {
		return
	}
	d := &t.dues[i]
	if d.listed == nil {
		d.listed = make([]uint64, (len(t.Prefixes)*len(t.Peers)+63)/64)
	}
	k := prefix*len(t.Peers) + peer
	d.listed[k/64] |= 1 << (k % 64)
}

// passed says that all that lies before second at was told: the tables before it are whole.
func (t *Table) passed(at int64) {
	for len(t.dues) > 0 && t.dues[0].at < at {
		d := t.dues[0]
		t.dues = t.dues[1:]
		for prefix, row := range t.at {
			for _, peer := range d.peers[t.family(prefix)] {
				if row == nil || row[peer].past == 0 {
					continue
				}
				k := prefix*len(t.Peers) + int(peer)
				if d.listed == nil || d.listed[k/64]&(1<<(k%64)) == 0 {
					t.lack(d.at, int(peer), prefix)
				}
			}
		}
	}
}

// lack notes that a table of second at has no route of a peer to a prefix, if the peer holds
// one.
func (t *Table) lack(at int64, peer, prefix int) {
	// The history is left where it is: a record may come that lies somewhat before the table.
	r, z := t.load(peer, prefix), t.Peers[peer].Resets
	off := int(r.next) < len(z) && z[r.next].From <= at // then nothing is known since
	is := !off && r.state() == RouteHeld && max(r.last(), r.heard, t.begin(r)) <= at-lackSlack
	t.store(r)
	if !is {
		return
	}
	k := [2]int32{int32(peer), int32(prefix)}
	if l := t.lacks[k]; len(l) > 0 && l[len(l)-1].Until == 0 {
		return
	}
	if t.lacks == nil {
		t.lacks = map[[2]int32][]Lack{}
	}
	t.lacks[k] = append(t.lacks[k], Lack{From: at})
}

// spoken ends the time in which tables speak against a route: the peer speaks of it again.
// What it withdraws it held, whatever the table says.
func (t *Table) spoken(at int64, peer, prefix int, withdrawn bool) {
	if len(t.lacks) == 0 {
		return
	}
	k := [2]int32{int32(peer), int32(prefix)}
	l := t.lacks[k]
	n := len(l) - 1
	switch {
	case n < 0 || l[n].Until != 0:
	case withdrawn:
		t.lacks[k] = l[:n]
	default:
		l[n].Until = at
	}
}

// Lacks are the times in which complete tables of a peer speak against a route that it holds,
// in order; one that does not end has no Until.
func (t *Table) Lacks(peer, prefix int) []Lack { return t.lacks[[2]int32{int32(peer), int32(prefix)}] }
