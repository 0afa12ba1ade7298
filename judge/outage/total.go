package outage

import (
	"slices"
	"sort"
)

// total is an interval in which no carrier holds any prefix of the scope, but
// for stuck routes.
type total struct {
	Span
	stuck  []int32 // pairs that held on throughout
	routes Routes
	blind  bool // it was not seen to end because too few were watching
}

// pair is one carrier of one prefix of a scope. Of a large subject there are
// millions, so pairs and their changes are kept small.
type pair struct {
	prefix, carrier int32 // indices into Input.Prefixes and its Carriers
	n               int32 // prefixes of the scope that share the carriers, of which prefix is the first
}

// scopeSight is what is seen of a scope: every pair and every change.
type scopeSight struct {
	in      *Input
	pairs   []pair
	changes []pairChange // in order of time
	byPeer  map[int][]int32
	views   map[int]*peerView // of peers that were asked for
}

// pairChange is one step of one pair.
type pairChange struct {
	at       int64
	pair     int32
	from, to State
}

// carrier is a pair's peer and history.
func (s *scopeSight) carrier(k int32) *Carrier {
	p := s.pairs[k]
	return &s.in.Prefixes[p.prefix].Carriers[p.carrier]
}

func (f *finder) sight(of []int) *scopeSight {
	s := &scopeSight{in: &f.in, byPeer: map[int][]int32{}, views: map[int]*peerView{}}
	n, pairs := 0, 0
	groups := f.groups(of)
	for _, g := range groups {
		pairs += len(f.in.Prefixes[g.prefix].Carriers)
		for _, c := range f.in.Prefixes[g.prefix].Carriers {
			n += len(c.Steps)
		}
	}
	s.pairs, s.changes = make([]pair, 0, pairs), make([]pairChange, 0, n)
	for _, g := range groups {
		for i, c := range f.in.Prefixes[g.prefix].Carriers {
			k := int32(len(s.pairs))
			s.pairs = append(s.pairs, pair{int32(g.prefix), int32(i), int32(g.n)})
			s.byPeer[c.Peer] = append(s.byPeer[c.Peer], k)
			was := None
			for _, st := range c.Steps {
				if st.At < f.in.End {
					s.changes = append(s.changes, pairChange{st.At, k, was, st.State})
					was = st.State
				}
			}
		}
	}
	s.changes = byTime(s.changes, func(c *pairChange) int64 { return c.at })
	return s
}

// pairSet is a set of pairs that is cheap to change and to list.
type pairSet struct {
	list []int32
	at   []int32 // place in list, or −1
}

func newPairSet(n int) *pairSet {
	s := &pairSet{at: make([]int32, n)}
	for i := range s.at {
		s.at[i] = -1
	}
	return s
}

// put reports whether it was not there.
func (s *pairSet) put(k int32) bool {
	if s.at[k] >= 0 {
		return false
	}
	s.at[k] = int32(len(s.list))
	s.list = append(s.list, k)
	return true
}

// drop reports whether it was there.
func (s *pairSet) drop(k int32) bool {
	i := s.at[k]
	if i < 0 {
		return false
	}
	last := s.list[len(s.list)-1]
	s.list[i], s.at[last] = last, i
	s.list, s.at[k] = s.list[:len(s.list)-1], -1
	return true
}

// totals finds the intervals in which nothing holds but stuck routes. Those are
// the pairs that hold when nearly all is gone and are not seen to lose it while
// that lasts: at most one in zombiePart, of at least zombieFrom carriers.
func (f *finder) totals(s *scopeSight, of []int) []total {
	holding := newPairSet(len(s.pairs))
	held := 0                // routes of those pairs
	counted := map[int]int{} // routes by peer
	var carrierAS asCount
	n, carriers := 0, 0
	known := map[int32]int{}   // carriers of a prefix now
	unknown := map[int32]int{} // those of a prefix that were known once and are not now
	unseen := 0                // prefixes of which nothing is known but that they once stood: they may stand still
	isUnseen := func(p int32) int {
		if known[p] == 0 && unknown[p] > 0 {
			return 1
		}
		return 0
	}
	count := func(k int32, st State, d int) {
		p, peer := s.pairs[k], s.carrier(k).Peer
		d *= int(p.n)
		if st.blank() {
			unknown[p.prefix] += d
		}
		if !st.counted() {
			return
		}
		n += d
		known[p.prefix] += d
		was := counted[peer]
		counted[peer] += d
		if was == 0 || counted[peer] == 0 {
			one := d / int(p.n)
			carriers += one
			carrierAS.add(f.in.Peers[peer].AS, one)
		}
	}

	var out []total
	var open *dimTime
	for i := 0; i < len(s.changes); {
		t, first, seen := s.changes[i].at, i, false
		for ; i < len(s.changes) && s.changes[i].at == t; i++ {
			c := s.changes[i]
			p := s.pairs[c.pair].prefix
			unseen -= isUnseen(p)
			count(c.pair, c.from, -1)
			count(c.pair, c.to, 1)
			unseen += isUnseen(p)
			seen = seen || c.to.knownGone() || c.to == Missing
			if c.to.holds() && holding.put(c.pair) {
				held += int(s.pairs[c.pair].n)
			} else if !c.to.holds() && holding.drop(c.pair) {
				held -= int(s.pairs[c.pair].n)
			}
		}
		allowed := 0
		if carriers >= zombieFrom {
			allowed = n / zombiePart
		}
		ok := carriers >= 2 && len(carrierAS.n) >= 2 && unseen == 0
		if !ok || held > allowed {
			out = append(out, open.totals(s, first, t, !ok)...)
			open = nil
			continue
		}
		if open == nil && !seen {
			continue // those that held it look away, and nothing happened
		}
		if open == nil {
			open = &dimTime{first: i, stuck: map[int32]bool{}, held: slices.Clone(holding.list)}
			for _, k := range holding.list {
				open.stuck[k] = true
			}
		}
		for _, c := range s.changes[first:i] {
			if c.to.knownGone() {
				delete(open.stuck, c.pair)
			}
		}
		open.seconds = append(open.seconds, dimSecond{t, i, Routes{n, n - held, held}})
	}
	out = append(out, open.totals(s, len(s.changes), f.in.End, false)...)
	if k := len(out) - 1; k >= 0 && out[k].Until == f.in.End {
		out[k].Ended = false // what the end of the data cut was not seen to end
	}
	return f.standing(out, of)
}

// dimTime is an interval in which hardly anything of a scope holds.
type dimTime struct {
	first   int // the first change behind its first second
	held    []int32
	stuck   map[int32]bool // pairs that held at its start and were not seen to lose it since
	seconds []dimSecond
}

type dimSecond struct {
	at     int64
	next   int // the first change behind this second
	routes Routes
}

// totals cuts out of an interval that ends at second t the times at which only
// stuck routes hold. The last change in it is the one before last.
func (d *dimTime) totals(s *scopeSight, last int, t int64, blind bool) []total {
	if d == nil {
		return nil
	}
	var stuck []int32
	for k := range d.stuck {
		stuck = append(stuck, k)
	}
	slices.Sort(stuck)
	more := len(d.held) - len(stuck) // of those that hold, how many are not stuck
	var out []total
	running, seen := false, true // that something was lost in the second
	i := d.first
	for _, x := range d.seconds {
		for ; i < min(x.next, last); i++ {
			c := s.changes[i]
			seen = seen || c.to.knownGone() || c.to == Missing
			if d.stuck[c.pair] || c.from.holds() == c.to.holds() {
				continue
			}
			if c.to.holds() {
				more++
			} else {
				more--
			}
		}
		switch {
		case more == 0 && !running && seen:
			running = true
			out = append(out, total{Span: Span{From: x.at, Until: t, Ended: !blind}, stuck: stuck, routes: x.routes, blind: blind})
		case more > 0 && running:
			k := len(out) - 1
			out[k].Until, out[k].Ended, out[k].blind = x.at, true, false
			running = false
		}
		seen = false
	}
	return out
}

// standing drops totals in which a prefix of the scope may have been standing
// unseen: nothing was known of it, and the first that is known comes neither
// before the total nor with the return.
func (f *finder) standing(ts []total, of []int) []total {
	if len(ts) == 0 {
		return ts
	}
	var out []total
	groups := f.groups(of)
	for _, t := range ts {
		ok := true
		for _, g := range groups {
			p := g.prefix
			first, absent := int64(0), false
			known := false
			for _, c := range f.in.Prefixes[p].Carriers {
				for _, s := range c.Steps {
					if s.At >= f.in.End {
						break
					}
					if s.State == Absent && s.At <= t.From {
						absent = true
					}
					if s.State.counted() {
						if !known || s.At < first {
							first = s.At
						}
						known = true
						break
					}
				}
			}
			if !known || absent || first <= t.From {
				continue
			}
			if !t.Ended || first > t.Until+joinWave {
				ok = false
				break
			}
		}
		if ok {
			out = append(out, t)
		}
	}
	return out
}

// peerView is one peer's sight of a scope over time.
type peerView struct {
	steps []viewStep
}

// viewStep holds from At until the next.
type viewStep struct {
	at      int64
	held    int  // prefixes of the scope that it holds
	counted int  // prefixes it is a carrier of, and watching
	lost    bool // a prefix was lost at this second
}

// view is a peer's sight of a scope, but for stuck routes.
func (s *scopeSight) view(peer int, stuck map[int32]bool, end int64) *peerView {
	but := slices.ContainsFunc(s.byPeer[peer], func(k int32) bool { return stuck[k] })
	if v := s.views[peer]; v != nil && !but {
		return v
	}
	type change struct {
		at       int64
		n        int
		from, to State
		lost     bool // it is gone and was not when last known
	}
	var all []change
	for _, k := range s.byPeer[peer] {
		if stuck[k] {
			continue
		}
		was, knew := None, None
		for _, st := range s.carrier(k).Steps {
			if st.At < end {
				all = append(all, change{st.At, int(s.pairs[k].n), was, st.State, st.State.gone() && !knew.gone()})
				if was = st.State; !was.blank() && was != Without {
					knew = was
				}
			}
		}
	}
	all = byTime(all, func(c *change) int64 { return c.at })
	v := &peerView{}
	var now viewStep
	count := func(st State, d int) {
		if st.counted() {
			now.counted += d
		}
		if st.holds() {
			now.held += d
		}
	}
	for i := 0; i < len(all); {
		now.at, now.lost = all[i].at, false
		for ; i < len(all) && all[i].at == now.at; i++ {
			count(all[i].from, -all[i].n)
			count(all[i].to, all[i].n)
			now.lost = now.lost || all[i].lost
		}
		v.steps = append(v.steps, now)
	}
	if !but {
		s.views[peer] = v
	}
	return v
}

// at returns the step in force at second t; the zero step before the first.
func (v *peerView) at(t int64) viewStep {
	i := sort.Search(len(v.steps), func(i int) bool { return v.steps[i].at > t })
	if i == 0 {
		return viewStep{}
	}
	return v.steps[i-1]
}

// lastLoss returns the last second up to t at which the peer lost a prefix.
func (v *peerView) lastLoss(t int64) Moment {
	for i := len(v.steps) - 1; i >= 0; i-- {
		if v.steps[i].at <= t && v.steps[i].lost {
			return Moment{v.steps[i].at, true}
		}
	}
	return Moment{}
}

// firstReturn returns the first second at or after t at which the peer holds
// something, unless it stops watching before.
func (v *peerView) firstReturn(t, end int64) (Moment, Censor) {
	switch s := v.at(t); {
	case s.held > 0:
		return Moment{t, true}, Seen
	case s.counted == 0:
		return Moment{t, false}, Blind
	}
	for _, s := range v.steps {
		switch {
		case s.at <= t:
		case s.held > 0:
			return Moment{s.at, true}, Seen
		case s.counted == 0:
			return Moment{s.at, false}, Blind
		}
	}
	return Moment{end, false}, EndOfData
}
