package outage

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
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

// entries are the outages of a set of prefixes as they are gathered, before anything of them
// is measured: those of which enough is out, and those that are partial.
func (f *finder) entries(sc Scope, of []int) (out, partial []*entry) {
	gather := gatherWaves
	if sc == ScopePrefix {
		gather = gatherEach
	}
	out = gather(partsOf(f.out, of))
	// What is lost in part while the scope has an outage is that outage's.
	taken := make([]Span, len(out))
	for i, e := range out {
		from, until, how := e.end()
		if how == stillOut {
			until = never
		}
		taken[i] = Span{From: from - joinWave, Until: until}
	}
	parts := slices.DeleteFunc(partsOf(f.part, of), func(p part) bool {
		return slices.ContainsFunc(taken, func(s Span) bool { return s.From <= p.From && p.From < s.Until })
	})
	return out, gather(parts)
}

// scope forms the outages of a set of prefixes.
func (f *finder) scope(sc Scope, origin uint32, of []int) []Outage {
	like := Outage{Scope: sc, Origin: origin, Prefix: -1, Of: len(of)}
	if sc == ScopePrefix {
		like.Prefix = of[0]
	}
	entries, partial := f.entries(sc, of)
	var sight *scopeSight
	var all Size
	if len(entries) > 0 {
		sight, all = f.sight(of), SizeOf(f.in, of)
		for _, t := range f.totals(sight, of) {
			// A total belongs to the newest entry that is open at its start.
			for i := len(entries) - 1; i >= 0; i-- {
				e := entries[i]
				if _, until, _ := e.end(); e.parts[0].From <= t.From && until > t.From {
					e.totals = append(e.totals, t)
					break
				}
			}
		}
	}
	var out []Outage
	for _, e := range entries {
		if e.outside(f.in.Start) {
			continue
		}
		o := like
		f.measured(&o, e, of, all, sight)
		f.finish(&o, e)
		f.measure(&o, e)
		if o.Recovery.Median.Seen {
			o.Left = f.left(&o)
		}
		_, until, _ := e.end()
		o.Bare = f.bare(&o, o.From, until)
		out = append(out, o)
	}
	for _, e := range partial {
		if e.outside(f.in.Start) {
			continue
		}
		o := like
		o.Partial = true
		f.withoutTotal(&o, e.parts, window(e.parts))
		f.finish(&o, e)
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
	return out
}

// measured measures an entry by its total, unless what was lost outlasted that, or else by the time in
// which the most of it was out; or by what weighs far more than either.
func (f *finder) measured(o *Outage, e *entry, of []int, all Size, sight *scopeSight) {
	at, much := window(e.parts), weighsMore
	lost := slices.Sorted(maps.Keys(at.core))
	if len(e.totals) > 0 {
		if first := f.outAt(of, e.totals[0].From); !f.outlasts(e.totals, first) {
			o.byTotal, lost, much = true, first, weighsMoreThanTotal
		}
	}
	if o.Scope != ScopePrefix {
		if heavier, ok := f.heavier(e, lost, float64(much), all); ok {
			at, o.byTotal = heavier, false
		}
	}
	if o.byTotal {
		f.withTotal(o, e, of, sight)
		return
	}
	for _, t := range e.totals {
		o.Total = append(o.Total, t.Span)
	}
	f.withoutTotal(o, e.parts, at)
}

// outside says that an entry lies wholly before the examined interval.
func (e *entry) outside(start int64) bool {
	_, until, how := e.end()
	return until <= start && how != stillOut
}

// partsOf lists the spans of prefixes in order of time.
func partsOf(spans [][]span, of []int) []part {
	var parts []part
	for _, p := range of {
		for _, s := range spans[p] {
			parts = append(parts, part{p, s})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.From, b.From) })
	return parts
}

// gatherEach makes an entry of each part.
func gatherEach(parts []part) []*entry {
	out := make([]*entry, len(parts))
	for i := range parts {
		out[i] = &entry{parts: parts[i : i+1 : i+1]} // nobody joins it
	}
	return out
}

// gatherWaves gathers the outages of prefixes: a prefix joins the newest entry
// if the latest prefix went out at most joinWave before and fewer than half of
// the entry's prefixes are back; otherwise it opens a new one.
func gatherWaves(parts []part) []*entry {
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

// halfBack reports whether at least half of the entry's prefixes are no longer
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
