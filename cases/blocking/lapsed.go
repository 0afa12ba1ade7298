package blocking

import (
	"cmp"
	"net/netip"
	"slices"

	"constat/moment"
	"constat/routes/live"
)

// lapsed are the prefixes that nobody who was watching held at some time, though
// somebody did before and after. Two peers at least have to have taken them back: one
// alone, or a session that ended, says nothing of the others.
func lapsed(spells []live.Spell, of map[netip.Prefix]bool, mine func(*live.Spell) bool) map[netip.Prefix]bool {
	out := map[netip.Prefix]bool{}
	for len(spells) > 0 {
		n := 0
		for n < len(spells) && spells[n].Prefix == spells[0].Prefix {
			n++
		}
		if p := spells[0].Prefix; of[p] && gone(spells[:n], mine) {
			out[p] = true
		}
		spells = spells[n:]
	}
	return out
}

// gone reports whether a prefix was gone between two times when it was held.
func gone(spells []live.Spell, mine func(*live.Spell) bool) bool {
	type step struct {
		at   moment.Time
		peer live.PeerID
		is   int // 0 ended, 1 blind, 2 held: what ends comes before what begins
	}
	var steps []step
	for i := range spells {
		x := &spells[i]
		if !mine(x) {
			continue
		}
		steps = append(steps, step{x.Since, x.Peer, 2})
		if x.Until != 0 {
			is := 0
			if x.Blind {
				is = 1
			}
			steps = append(steps, step{x.Until, x.Peer, is})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.is, b.is)) })
	held, back, empty := map[live.PeerID]int{}, map[live.PeerID]bool{}, false // held: routes
	for i, s := range steps {
		if s.is == 2 {
			if empty {
				return true
			}
			held[s.peer]++
			delete(back, s.peer)
			continue
		}
		if held[s.peer]--; held[s.peer] > 0 {
			continue
		}
		delete(held, s.peer)
		if s.is == 0 {
			back[s.peer] = true
		}
		// At the end of a moment: a path that another one replaces is not taken back.
		if i+1 == len(steps) || steps[i+1].at != s.at {
			empty = len(held) == 0 && len(back) >= 2
		}
	}
	return false
}
