package cause

import (
	"slices"

	"constat/judge/place"
	"constat/judge/proof"
)

// Elsewhere counts what was lost in the same minutes over networks that the lost routes
// share with routes of others, and never crossed the places where one act would
// explain the subject's losses.
//
// Example: ten transit networks lose everything for a minute, and with it the routes of
// AS396001 behind AS2001 and 60 prefixes of others that never crossed AS2001. An act at
// AS2001 explains the first and nothing of the rest.
type Elsewhere struct {
	Prefixes int // of others, lost so
	Routes   int // pairs of a vantage and a prefix, lost so
	Of       int // such routes in all
	Vantages int // at which at least half of them were lost
	// At are the networks with the places that do not explain them, sorted.
	At []uint32
}

// leastElsewhere is how many routes of others a vantage must have had for what became of
// them to say anything.
const leastElsewhere = 4

// elsewhere asks of each network with a place whether most of those that lost the
// subject's routes lost, in the same wave, at least half of the routes of others that they
// had over the same networks and not over this one.
func (w *net) elsewhere(places []place.Break) Elsewhere {
	type route struct {
		prefix int
		sight  *Sight
	}
	byVantage := map[int][]route{}
	for i := range w.in.Near {
		for j := range w.in.Near[i].Sights {
			if s := &w.in.Near[i].Sights[j]; s.State != Unseen && len(s.Baseline) > 2 {
				byVantage[s.Vantage] = append(byVantage[s.Vantage], route{i, s})
			}
		}
	}
	var out Elsewhere
	asked := map[uint32]bool{}
	for _, b := range places {
		if asked[b.A] {
			continue
		}
		asked[b.A] = true
		x := Elsewhere{}
		prefixes, seen := map[int]bool{}, map[int]bool{}
		for _, k := range w.lost {
			u := &w.units[k]
			if seen[u.vantage] {
				continue
			}
			seen[u.vantage] = true
			gone, of := 0, 0
			var went []int
			for _, r := range byVantage[u.vantage] {
				if !besides(r.sight.Baseline, u.path, b.A) {
					continue
				}
				of++
				if d := r.sight.Lost - u.lost; r.sight.State == Gone && r.sight.Lost != 0 && max(d, -d) <= oneWave {
					gone++
					went = append(went, r.prefix)
				}
			}
			if of < leastElsewhere || 2*gone < of {
				continue
			}
			x.Vantages++
			x.Routes, x.Of = x.Routes+gone, x.Of+of
			for _, p := range went {
				prefixes[p] = true
			}
		}
		if x.Vantages <= w.slack || 2*x.Vantages < len(seen) {
			continue
		}
		x.Prefixes = len(prefixes)
		x.At = append(out.At, b.A)
		if x.Routes < out.Routes {
			x.Prefixes, x.Routes, x.Of, x.Vantages = out.Prefixes, out.Routes, out.Of, out.Vantages
		}
		out = x
	}
	slices.Sort(out.At)
	return out
}

// besides reports whether a route of another's shares a network between its ends with a
// lost one, other than a network that it does not cross.
func besides(other, lost Path, at uint32) bool {
	if slices.Contains(other, at) {
		return false
	}
	return slices.ContainsFunc(other[1:len(other)-1], func(a uint32) bool {
		return len(lost) > 2 && slices.Contains(lost[1:len(lost)-1], a)
	})
}

// heed takes the places off the class that leave unexplained what was lost elsewhere. If
// none is left, no place is claimed.
func (r *Result) heed(places []place.Break) (left []place.Break) {
	for _, b := range places {
		if !slices.Contains(r.Elsewhere.At, b.A) {
			left = append(left, b)
		}
	}
	if len(r.Elsewhere.At) > 0 && len(left) == 0 {
		demand(r, DemandElsewhere, 1, 0, false, LostElsewhere)
		r.Level, r.Region = proof.NotEstablished, Region{}
	}
	return left
}
