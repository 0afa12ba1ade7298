package outage

import (
	"cmp"
	"container/heap"
	"slices"
	"sort"
)

// entry is an outage of a scope in the making.
type entry struct {
	parts   []part
	latest  int64 // when its latest prefix went out
	totals  []total
	members map[int]int64 // its prefixes, and when each comes back
	ends    endHeap
	back    int // how many are
}

// total is an interval in which no carrier holds any prefix of the scope.
type total struct {
	Span
	zombies []int
	carried int
	blind   bool // it was not seen to end because too few were watching
}

// scope forms the outages of a set of prefixes.
func (f *finder) scope(sc Scope, origin uint32, of []int) []Outage {
	if len(of) == 0 {
		return nil
	}
	entries := f.entries(of)
	totals, view := f.totals(of)
	for _, t := range totals {
		// A total belongs to the newest entry that is open at its start.
		for i := len(entries) - 1; i >= 0; i-- {
			e := entries[i]
			if _, until, _ := e.end(); e.parts[0].From <= t.From && until > t.From {
				e.totals = append(e.totals, t)
				break
			}
		}
	}
	var out []Outage
	for _, e := range entries {
		from, until, how := e.end()
		if until <= f.in.Start && how != stillOut {
			continue
		}
		o := Outage{Scope: sc, Origin: origin, Prefix: -1, From: from, Of: len(of)}
		if len(e.totals) > 0 {
			f.withTotal(&o, e, of, view)
		} else {
			seen := map[int]bool{}
			for _, p := range e.parts {
				if !seen[p.prefix] {
					seen[p.prefix] = true
					o.Prefixes = append(o.Prefixes, p.prefix)
				}
			}
			slices.Sort(o.Prefixes)
			f.withoutTotal(&o, e.parts)
		}
		f.finish(&o, span{Span{from, until, how == returned}, until, how})
		out = append(out, o)
	}
	return out
}

// entries gathers the outages of prefixes: a prefix joins the newest entry if
// the latest prefix went out at most joinWave before and fewer than half of the
// entry's prefixes are back; otherwise it opens a new one.
func (f *finder) entries(of []int) []*entry {
	var parts []part
	for _, p := range of {
		for _, s := range f.out[p] {
			parts = append(parts, part{p, s})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.From, b.From) })
	var out []*entry
	for _, p := range parts {
		k := len(out) - 1
		if k < 0 || p.From-out[k].latest > joinWave || out[k].halfBack(p.From) {
			out = append(out, &entry{members: map[int]int64{}})
			k++
		}
		out[k].add(p)
	}
	return out
}

// never is the end of an outage that was not seen to end.
const never = int64(1) << 62

func (e *entry) add(p part) {
	until := p.until
	if p.ended == stillOut {
		until = never
	}
	e.parts = append(e.parts, p)
	e.latest = p.From
	if was, ok := e.members[p.prefix]; ok && was == isBack {
		e.back--
	}
	e.members[p.prefix] = until
	heap.Push(&e.ends, endAt{until, p.prefix})
}

// isBack stands for the end of an outage that is over.
const isBack = int64(-1) << 62

// endAt is when a prefix of an entry comes back.
type endAt struct {
	at     int64
	prefix int
}

type endHeap []endAt

func (h endHeap) Len() int           { return len(h) }
func (h endHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h endHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *endHeap) Push(x any)        { *h = append(*h, x.(endAt)) }
func (h *endHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}

// halfBack says whether at least half of the entry's prefixes are no longer
// out at second t. It is asked in rising order of time.
func (e *entry) halfBack(t int64) bool {
	for len(e.ends) > 0 && e.ends[0].at <= t {
		x := heap.Pop(&e.ends).(endAt)
		if e.members[x.prefix] == x.at { // it did not go out again
			e.members[x.prefix] = isBack
			e.back++
		}
	}
	return 2*e.back >= len(e.members)
}

// end gives the first prefix out, the moment none is, and how that came.
func (e *entry) end() (from, until int64, how ending) {
	from, how = e.parts[0].From, returned
	for _, p := range e.parts {
		if p.until > until {
			until, how = p.until, p.ended
		} else if p.until == until && p.ended != returned {
			how = p.ended
		}
	}
	return from, until, how
}

// peerView is one peer's sight of a scope over time.
type peerView struct {
	peer  int
	steps []viewStep
}

// viewStep holds from At until the next.
type viewStep struct {
	at      int64
	held    int  // prefixes of the scope that it holds
	counted int  // prefixes it is a carrier of, and watching
	lost    bool // a prefix was lost at this second
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

// scopeChange is one step of one pair of peer and prefix of a scope.
type scopeChange struct {
	at           int64
	peer, prefix int
	from, to     State
	lost         bool // the peer loses it here: it is gone and was not when last known
}

func (f *finder) scopeChanges(of []int) []scopeChange {
	n := 0
	for _, p := range of {
		for _, c := range f.in.Prefixes[p].Carriers {
			n += len(c.Steps)
		}
	}
	all := make([]scopeChange, 0, n)
	for _, p := range of {
		for _, c := range f.in.Prefixes[p].Carriers {
			was, knew := None, None
			for _, s := range c.Steps {
				if s.At < f.in.End {
					all = append(all, scopeChange{s.At, c.Peer, p, was, s.State, s.State.gone() && !knew.gone()})
					if was = s.State; was != Unknown {
						knew = was
					}
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b scopeChange) int { return cmp.Compare(a.at, b.at) })
	return all
}

// totals finds the intervals without any holder, and each peer's sight of the
// scope on the way.
func (f *finder) totals(of []int) ([]total, map[int]*peerView) {
	all := f.scopeChanges(of)
	views := map[int]*peerView{}
	held, counted := map[int]int{}, map[int]int{}
	var carrierAS asCount
	holders := map[int]bool{}
	carriers := 0
	known := map[int]int{}   // carriers of a prefix now
	clouded := map[int]int{} // pairs of a prefix that were known once and are not now
	hidden := 0              // prefixes with clouded pairs and no carrier: they may be standing
	veil := func(p int) int {
		if known[p] == 0 && clouded[p] > 0 {
			return 1
		}
		return 0
	}

	var out []total
	var few fewHolders
	for i := 0; i < len(all); {
		t := all[i].at
		touched := map[int]viewStep{}
		j := i
		for ; j < len(all) && all[j].at == t; j++ {
			c := all[j]
			s, ok := touched[c.peer]
			if !ok {
				s = viewStep{at: t}
			}
			hidden -= veil(c.prefix)
			if c.from.counted() {
				counted[c.peer]--
				known[c.prefix]--
				if counted[c.peer] == 0 {
					carriers--
					carrierAS.add(f.in.Peers[c.peer].AS, -1)
				}
			}
			if c.from.holds() {
				held[c.peer]--
			}
			if c.from == Unknown {
				clouded[c.prefix]--
			}
			if c.to.counted() {
				counted[c.peer]++
				known[c.prefix]++
				if counted[c.peer] == 1 {
					carriers++
					carrierAS.add(f.in.Peers[c.peer].AS, 1)
				}
			}
			if c.to.holds() {
				held[c.peer]++
			}
			if c.to == Unknown {
				clouded[c.prefix]++
			}
			hidden += veil(c.prefix)
			s.lost = s.lost || c.lost
			touched[c.peer] = s
			if held[c.peer] > 0 {
				holders[c.peer] = true
			} else {
				delete(holders, c.peer)
			}
		}
		i = j
		for p, s := range touched {
			s.held, s.counted = held[p], counted[p]
			v := views[p]
			if v == nil {
				v = &peerView{peer: p}
				views[p] = v
			}
			v.steps = append(v.steps, s)
		}
		ok := carriers >= 2 && len(carrierAS.n) >= 2 && hidden == 0
		out = few.step(t, ok, carriers, holders, out)
	}
	out = few.close(f.in.End, out)
	return f.standing(out, of), views
}

// fewHolders follows the intervals in which at most the allowed number of
// carriers hold anything, and cuts the totals out of them.
type fewHolders struct {
	open    bool
	steps   []fewStep // of the open interval
	always  map[int]bool
	carried int
}

type fewStep struct {
	at      int64
	holders []int
}

func (w *fewHolders) step(t int64, ok bool, carriers int, holders map[int]bool, out []total) []total {
	allowed := 0
	if carriers >= zombieFrom {
		allowed = carriers / zombiePart
	}
	few := ok && len(holders) <= allowed
	if !few {
		return w.end(t, !ok, out)
	}
	if !w.open {
		w.open, w.steps, w.carried = true, w.steps[:0], carriers
		w.always = map[int]bool{}
		for h := range holders {
			w.always[h] = true
		}
	}
	for h := range w.always {
		if !holders[h] {
			delete(w.always, h)
		}
	}
	hs := make([]int, 0, len(holders))
	for h := range holders {
		hs = append(hs, h)
	}
	w.steps = append(w.steps, fewStep{t, hs})
	return out
}

func (w *fewHolders) close(end int64, out []total) []total {
	n := len(out)
	out = w.end(end, false, out)
	// What the end of the data cut was not seen to end.
	if len(out) > n && out[len(out)-1].Until == end {
		out[len(out)-1].Ended = false
	}
	return out
}

// end closes the interval at t: a total is where only those hold who held
// throughout it.
func (w *fewHolders) end(t int64, blind bool, out []total) []total {
	if !w.open {
		return out
	}
	w.open = false
	zombies := make([]int, 0, len(w.always))
	for h := range w.always {
		zombies = append(zombies, h)
	}
	slices.Sort(zombies)
	for i := 0; i < len(w.steps); {
		if len(w.steps[i].holders) != len(zombies) {
			i++
			continue
		}
		j := i
		for j < len(w.steps) && len(w.steps[j].holders) == len(zombies) {
			j++
		}
		tt := total{Span: Span{From: w.steps[i].at, Until: t, Ended: true}, zombies: zombies, carried: w.carried}
		if j < len(w.steps) {
			tt.Until = w.steps[j].at
		} else if blind {
			tt.Ended, tt.blind = false, true
		}
		out = append(out, tt)
		i = j
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
	for _, t := range ts {
		ok := true
		for _, p := range of {
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
