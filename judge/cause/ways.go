package cause

import "slices"

// ways keeps, of the prefixes that stayed across a network, by which networks beyond it
// they were seen. One of these that froze keeps showing what is gone, and must not
// exclude that the network was down.
//
// *Example: AS2001 dies. Four vantages behind AS1005, which is stuck, keep nine prefixes
// across AS2001, three of them seen by nobody else; at the 36 others all is gone. What stayed
// rests on AS1005 alone. If all vantages are behind AS1005, that AS2001 has no other
// neighbour says nothing against what they see.*
type ways struct {
	as    uint32
	least int
	stays int                 // prefixes that stayed
	rests map[uint32]int      // how many of them would not have without one network beyond
	via   map[uint32][]uint32 // of the prefix at hand: networks beyond, by that of the vantage
	every map[uint32][]uint32 // networks beyond that a vantage's routes across passed, by its network
}

func newWays(w *net, as uint32, least int) *ways {
	ws := &ways{as: as, least: least, rests: map[uint32]int{}, every: map[uint32][]uint32{}}
	for _, i := range w.lost {
		u := &w.units[i]
		ws.note(ws.every, w.in.Vantages[u.vantage].AS, u.path)
	}
	return ws
}

// beyond are the networks of a path between its vantage and the network.
func (ws *ways) beyond(p Path) (via Path, ok bool) {
	i := slices.Index(p, ws.as)
	if i < 1 {
		return nil, false
	}
	return p[1:i], true
}

// note keeps which networks all routes of a vantage's network across this one pass.
func (ws *ways) note(of map[uint32][]uint32, v uint32, p Path) {
	via, ok := ws.beyond(p)
	if !ok {
		return
	}
	had, seen := of[v]
	if !seen {
		of[v] = slices.Clone(via)
		return
	}
	of[v] = slices.DeleteFunc(had, func(x uint32) bool { return !slices.Contains(via, x) })
}

func (ws *ways) begin() { ws.via = map[uint32][]uint32{} }

// add notes a route across the network, as it was and as it is.
func (ws *ways) add(v uint32, s *Sight) {
	for _, p := range []Path{s.Baseline, s.Now} {
		ws.note(ws.every, v, p)
		if via, ok := ws.beyond(p); ok {
			ws.via[v] = append(ws.via[v], via...)
		}
	}
}

// survives notes that the prefix at hand stayed, at some of the networks of vantages that
// had it, and without which single network beyond it would not have.
func (ws *ways) survives(w *net, all, stay map[uint32]bool, least int) {
	ws.stays++
	n, k := map[uint32]int{}, map[uint32]int{}
	for v := range all {
		via := slices.Clone(ws.via[v])
		slices.Sort(via)
		for _, x := range slices.Compact(via) {
			n[x]++
			k[x] += b2i(stay[v])
		}
	}
	for x := range n {
		if rest, left := len(all)-n[x], len(stay)-k[x]; rest < least || 2*left <= rest || tail(rest, left, w.zombie) >= w.alpha {
			ws.rests[x]++
		}
	}
}

// restOnOne reports whether nothing would have stayed without one network beyond, and enough
// vantages had routes across that did not pass it.
func (ws *ways) restOnOne() bool {
	for x, n := range ws.rests {
		if n < ws.stays {
			continue
		}
		beside := 0
		for _, via := range ws.every {
			beside += b2i(!slices.Contains(via, x))
		}
		if beside >= ws.least {
			return true
		}
	}
	return false
}
